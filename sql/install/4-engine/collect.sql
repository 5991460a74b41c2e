-- Collecting: actuals measured over the sources and stored, run by run.

CREATE FUNCTION kpi_internal.windows_to_measure(indicators text[])
	RETURNS TABLE (indicator text, windows text[])
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT a.indicator, array_agg(a."window" ORDER BY a."window" COLLATE "C")
	FROM kpi_internal.windows_asked() AS a
	WHERE a.indicator = ANY (indicators)
	GROUP BY a.indicator;
END;
COMMENT ON FUNCTION kpi_internal.windows_to_measure(text[]) IS
'The windows in which indicators are measured, those that formulas read among them. '
'No rows for NULL, nor of those without windows.';

CREATE FUNCTION kpi_internal.is_by_instant(indicator kpi.indicator)
	RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN indicator.combine IN ('last', 'first') AND coalesce(indicator.last_by = 'instant', false);
COMMENT ON FUNCTION kpi_internal.is_by_instant(kpi.indicator) IS
'Whether the last (first) rows of a stock are those of an instant, not of a day.';

CREATE FUNCTION kpi_internal.measured_together(indicator kpi.indicator)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CAST(jsonb_build_array(
		indicator.source, indicator.time_column, indicator.time_zone, CAST(indicator.owner AS text),
		-- instants told apart are nearly as many as rows: too many for those that need days or months
		kpi_internal.is_by_instant(indicator)) AS text);
COMMENT ON FUNCTION kpi_internal.measured_together(kpi.indicator) IS
'What measured indicators have in common whose rows are read once for all of them. '
'That is source, time, zone and owner.';

CREATE FUNCTION kpi_internal.measured_alike(indicator kpi.indicator, windows text[])
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CAST(jsonb_build_array(
		indicator.unit_column, indicator.unit_columns, indicator.all_rows_to, indicator.grain, windows,
		indicator.combine = 'rows', indicator.combine_units = 'rows', indicator.combine = 'none',
		-- of a stock the last rows are those that its filter passes
		CASE WHEN indicator.combine IN ('last', 'first')
			 THEN jsonb_build_array(indicator.combine, indicator.last_by, indicator.filter) END) AS text);
COMMENT ON FUNCTION kpi_internal.measured_alike(kpi.indicator, text[]) IS
'What indicators measured together have in common whose states are merged together. That is units and periods.';

--@ for type | symbol
--@ | date | kpi_cell_of_day
--@ | timestamp | kpi_cell_of_instant
--@ | timestamptz | kpi_cell_of_instant
CREATE FUNCTION kpi_internal.cell_number("time" @type@, edges @type@[])
	RETURNS integer
	AS 'MODULE_PATHNAME', '@symbol@'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.cell_number(@type@, @type@[]) IS
'The number of the cell that a time lies in, from 1; each edge but the last begins one. NULL in none, and for NULL.';

--@ end
CREATE FUNCTION kpi_internal.group_number(before integer, name text, names text[])
	RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_group_number'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.group_number(integer, text, text[]) IS
'A number with the place of a name among others behind it. '
'before * (number of names + 1) + place, from 1; place 0 is for all other names and NULL. NULL for a NULL before.';

CREATE FUNCTION kpi_internal.group_name(number integer, names text[])
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_group_name'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.group_name(integer, text[]) IS
'The name whose place a number ends with, as kpi_internal.group_number() puts it there. NULL for place 0 and NULL.';

CREATE FUNCTION kpi_internal.measure_source(indicators text[], from_date date, to_date date)
	RETURNS TABLE (indicator text, grain text, period_start date, unit text, numerator numeric, denominator numeric,
				   row_count bigint, unassigned bigint, untimed bigint, days daterange)
	AS 'MODULE_PATHNAME', 'kpi_measure_source'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 100000 ROWS 1000;
COMMENT ON FUNCTION kpi_internal.measure_source(text[], date, date) IS
'Measures indicators of one kpi_internal.measured_together() over their source. '
'A row for every period whose rows were read for the days, and every unit with rows. A row of grain NULL says of '
'which days rows were read, how many, how many of them are of no known unit, and how many more have no time. No rows '
'for NULL.';

CREATE FUNCTION kpi_internal.measure_kept(indicators text[], from_date date, to_date date, reading bigint)
	RETURNS TABLE (indicator text, grain text, period_start date, unit text, numerator numeric, denominator numeric,
				   row_count bigint, unassigned bigint, untimed bigint, days daterange)
	AS 'MODULE_PATHNAME', 'kpi_measure_kept'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 10000 ROWS 1000;
COMMENT ON FUNCTION kpi_internal.measure_kept(text[], date, date, bigint) IS
'The same over the kept states of a reading, which is of just these indicators. No rows for NULL.';

-- of windows that roll those that have enough of their periods
CREATE FUNCTION kpi_internal.measured(indicators text[], from_date date, to_date date, reading bigint DEFAULT NULL)
	RETURNS TABLE (indicator text, grain text, period_start date, unit text, numerator numeric, denominator numeric,
				   row_count bigint, unassigned bigint, untimed bigint, days daterange)
	LANGUAGE sql VOLATILE PARALLEL UNSAFE ROWS 1000
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH m AS MATERIALIZED (
		SELECT * FROM kpi_internal.measure_source(CASE WHEN reading IS NULL THEN indicators END, from_date, to_date)
		UNION ALL
		SELECT * FROM kpi_internal.measure_kept(kpi_internal.members_of(reading), from_date, to_date, reading) AS k
		WHERE k.indicator = ANY (indicators)
	), rolling AS MATERIALIZED (
		SELECT g.grain, g.window_of FROM kpi.grain AS g WHERE g.window_of IS NOT NULL AND g.rule LIKE 'last %'
	), enough AS MATERIALIZED (
		SELECT w.indicator, w.grain, w.period_start, w.unit
		FROM m AS w JOIN rolling AS r ON r.grain = w.grain
			JOIN kpi.indicator AS i ON i.indicator = w.indicator
			CROSS JOIN LATERAL (SELECT kpi_internal.period_days(w.grain, w.period_start)) AS d (days)
			JOIN m AS p ON p.indicator = w.indicator AND p.unit = w.unit AND p.grain = r.window_of AND p.period_start <@ d.days
		WHERE p.numerator IS NOT NULL AND (i.denominator IS NULL OR p.denominator <> 0)
		GROUP BY 1, 2, 3, 4, i.window_min, r.window_of, d.days
		HAVING count(*) >= coalesce(i.window_min, (SELECT count(*) FROM kpi_internal.periods_in(r.window_of, d.days)))
	)
	SELECT m.*
	FROM m
	WHERE m.grain IS NULL OR m.grain NOT IN (SELECT r.grain FROM rolling AS r)
		OR EXISTS (SELECT FROM enough AS e WHERE e.indicator = m.indicator AND e.grain = m.grain
				   AND e.period_start = m.period_start AND e.unit = m.unit)
$$;
COMMENT ON FUNCTION kpi_internal.measured(text[], date, date, bigint) IS
'What is measured over the rows, or over the kept states of a reading that has the indicators. '
'Rolling windows that lack periods are left out: of each of its periods, or of window_min of them, there is a value. '
'No rows for NULL.';

CREATE FUNCTION kpi.measure(indicator text, from_date date, to_date date)
	RETURNS TABLE (grain text, period_start date, unit text, numerator numeric, denominator numeric,
				   row_count bigint, unassigned bigint)
	LANGUAGE sql VOLATILE STRICT PARALLEL UNSAFE ROWS 1000
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT m.grain, m.period_start, m.unit, m.numerator, m.denominator, m.row_count, m.unassigned
	FROM kpi_internal.measured(ARRAY[measure.indicator], measure.from_date, measure.to_date) AS m
	WHERE kpi_internal.period_days(m.grain, m.period_start) && daterange(measure.from_date, measure.to_date)
$$;
COMMENT ON FUNCTION kpi.measure(text, date, date) IS
'Measures an indicator over its source, with the rights of its owner and without writing anything. '
'A row for every grain from its own upward, every period that overlaps from_date (inclusive) to to_date (exclusive), '
'whole, and every unit with rows, of all dimensions. unassigned counts the rows of no known unit; they count for the '
'root of their dimension where it is the only one; where the organisation has several they make a row of unit NULL. '
'What combines over time or units by another rule than rows has its own grain or the rows of each unit alone. No '
'rows for a NULL argument and for a period without rows. Needs INSERT on kpi.measurement; an unknown indicator, one '
'without a source, an empty range, no unit, and what the source raises are errors.';

CREATE FUNCTION kpi_internal.check_source(indicator text)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_check_source'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION kpi_internal.check_source(text) IS
'Plans the query of a measured indicator as its owner, without running it. '
'An error names the part of the definition that is wrong. Needs membership in the owner or INSERT on '
'kpi.measurement. Nothing happens for NULL.';

CREATE FUNCTION kpi_internal.keep_source_error(run bigint, indicator text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_keep_source_error'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi_internal.keep_source_error(bigint, text) IS
'Stores in kpi.run_error what the server said when the source failed just now. '
'It is for members of the owner of the indicator to read. Gives false where the last failure was none of it. Needs '
'INSERT on kpi.run_step. NULL for NULL.';

CREATE FUNCTION kpi_internal.may_commit()
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_may_commit'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi_internal.may_commit() IS
'Called by a procedure: true if that procedure can end the transaction. '
'That is false inside a transaction block, a function or an exception block.';

CREATE FUNCTION kpi_internal.require_collector()
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missing CONSTANT text := (
		SELECT string_agg(format('%s on %s', privilege, relation), ', ' ORDER BY CAST(relation AS text), place)
		FROM kpi_internal.privileges_of('collect') AS needed,
			 unnest(string_to_array(privileges, ', ')) WITH ORDINALITY AS p (privilege, place)
		WHERE (privileges <> 'SELECT' OR relation = ANY ('{kpi.indicator,kpi.unit,kpi.unit_parent,kpi.grain,kpi.entry,kpi.rating,kpi.rater}'::regclass[]))
			AND NOT has_table_privilege(relation, privilege));
BEGIN
	IF missing IS NULL AND NOT kpi_internal.reads_all() THEN
		RAISE EXCEPTION USING
			ERRCODE = '42501',
			MESSAGE = 'permission denied to collect measurements',
			DETAIL = 'Row-level security hides units, without which totals would be wrong.',
			HINT = 'Ask the owner of the extension for kpi.grant_collector().';
	END IF;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = '42501',
			MESSAGE = 'permission denied to collect measurements',
			DETAIL = format('Missing: %s.', missing),
			HINT = 'Ask the owner of the extension for kpi.grant_collector().';
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_collector() IS
'Raises an error unless the current user has the privileges on tables that collecting needs. '
'It names those that are missing.';

CREATE FUNCTION kpi_internal.collect_list(indicators text[])
	RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	unfit record;
BEGIN
	PERFORM kpi_internal.require_indicator(given) FROM unnest(indicators) AS given;
	SELECT i.indicator, CASE WHEN i.state = 'retired' THEN i.state ELSE i.kind END AS why INTO unfit
	FROM kpi.indicator AS i
	WHERE i.indicator = ANY (indicators) AND (i.kind NOT IN ('measured', 'derived') OR i.state = 'retired')
	ORDER BY i.indicator COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = '22023',
			MESSAGE = format('indicator "%s" is %s and cannot be collected', unfit.indicator, unfit.why),
			HINT = 'Only measured indicators that are not retired have a source to collect from, and derived ones through what their formulas read.';
	END IF;
	RETURN coalesce(
		(WITH RECURSIVE reads AS MATERIALIZED (
			SELECT r.reader, r.input FROM kpi_internal.formula_reads() AS r WHERE indicators IS NOT NULL
		 ), needed (indicator) AS (
			SELECT given FROM unnest(indicators) AS given
			UNION
			SELECT r.input FROM needed AS n JOIN reads AS r ON r.reader = n.indicator
		 )
		 SELECT array_agg(i.indicator::text ORDER BY i.indicator COLLATE "C")
		 FROM kpi.indicator AS i
		 WHERE i.kind = 'measured' AND (i.indicator = ANY (indicators) OR i.state = 'approved'
			AND (indicators IS NULL OR i.indicator IN (SELECT n.indicator FROM needed AS n)))),
		'{}');
END
$$;
COMMENT ON FUNCTION kpi_internal.collect_list(text[]) IS
'The measured indicators to collect, in the order of their keys. '
'Those among the given ones, drafts too, and those approved that the formulas of derived ones among them read; for '
'NULL all that are approved. An unknown one and one that cannot be collected are errors.';

CREATE FUNCTION kpi_internal.collect_groups(indicators text[], OUT members text[], OUT sizes integer[])
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH one AS (
		SELECT CAST(i.indicator AS text) COLLATE "C" AS indicator,
			   concat(k.reading, kpi_internal.measured_together(i)) AS key
		FROM kpi.indicator AS i LEFT JOIN kpi_internal.kept_of(indicators) AS k ON k.indicator = i.indicator
		WHERE i.indicator = ANY (indicators)
	), grouped AS (
		SELECT o.indicator, min(o.indicator) OVER w AS first, count(*) OVER w AS size
		FROM one AS o WINDOW w AS (PARTITION BY o.key)
	)
	SELECT coalesce(array_agg(g.indicator ORDER BY g.first, g.indicator), '{}'),
		   coalesce(array_agg(CAST(g.size AS integer) ORDER BY g.first) FILTER (WHERE g.indicator = g.first), '{}')
	FROM grouped AS g
$$;
COMMENT ON FUNCTION kpi_internal.collect_groups(text[]) IS
'Measured indicators in groups whose rows are read together, and how many are in each.';

CREATE FUNCTION kpi_internal.collect_start(from_period text, to_period text, indicators text[], units text[],
										   OUT run bigint, OUT members text[])
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	from_date date;
	to_date date;
BEGIN
	PERFORM kpi_internal.require_collector();
	IF to_period IS NOT NULL THEN
		PERFORM kpi_internal.require_value('from_period', from_period);
	END IF;
	from_date := lower(kpi.period(from_period));
	to_date := upper(kpi.period(coalesce(to_period, from_period)));
	IF to_date <= from_date THEN
		RAISE EXCEPTION USING
			ERRCODE = '22023',
			MESSAGE = format('period "%s" ends before "%s" begins', to_period, from_period),
			HINT = 'Write the earlier period first.';
	END IF;
	PERFORM kpi_internal.require_unit(given) FROM unnest(units) AS given;
	IF NOT EXISTS (SELECT FROM kpi.unit) THEN
		RAISE EXCEPTION USING
			ERRCODE = '22023',
			MESSAGE = 'no unit is defined, so there is nobody to measure',
			HINT = 'Define who is measured first: SELECT kpi.define_unit(''company'');';
	END IF;
	members := CASE WHEN from_date IS NULL THEN kpi_internal.require_changes(indicators)
					ELSE kpi_internal.collect_list(indicators) END;
	INSERT INTO kpi.run AS r (from_date, to_date, started, backend, backend_start, indicators)
	VALUES (from_date, to_date, statement_timestamp(), pg_backend_pid(), kpi_internal.backend_start(), cardinality(members))
	RETURNING r.run INTO run;
END
$$;
COMMENT ON FUNCTION kpi_internal.collect_start(text, text, text[], text[]) IS
'Checks what kpi.collect was called with and opens a run in kpi.run. Returns its number and what is to be collected.';

CREATE FUNCTION kpi_internal.collect_finish(run bigint)
	RETURNS void
	LANGUAGE plpgsql STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE kpi.run AS r
	SET finished = clock_timestamp(),
		failed = (SELECT count(*) FROM kpi.run_step AS s WHERE s.run = r.run AND s.state = 'failed')
	WHERE r.run = collect_finish.run;
END
$$;
COMMENT ON FUNCTION kpi_internal.collect_finish(bigint) IS
'Closes a run in kpi.run. Nothing happens for NULL.';

-- Measured values go to kpi.measurement where they are the units' values, else to kpi_internal.own_value.
CREATE FUNCTION kpi_internal.store_measurements(indicators text[], from_date date, to_date date, units text[],
												reading bigint DEFAULT NULL)
	RETURNS TABLE (indicator text, measurements integer, changed integer, source_rows bigint, unassigned_rows bigint,
				   untimed_rows bigint, kept integer, time_zone text, days daterange)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	collected CONSTANT timestamptz := clock_timestamp();
	beyond CONSTANT numeric[] := CAST('{NaN,Infinity,-Infinity}' AS numeric[]);
BEGIN
	PERFORM kpi_internal.require_indicator(given) FROM unnest(indicators) AS given;
	-- one statement, as their definitions may change meanwhile
	RETURN QUERY
	WITH definition AS MATERIALIZED (
		SELECT CAST(i.indicator AS text) AS indicator, i.denominator, i.time_zone, i.settle_after,
			   i.time_column IS NULL AS snapshot,
			   kpi_internal.stands_as_measured(i) AS direct
		FROM kpi.indicator AS i WHERE i.indicator = ANY (indicators)
	), measured AS MATERIALIZED (
		SELECT m.*, coalesce(m.numerator = ANY (beyond) OR m.denominator = ANY (beyond), false) AS invalid
		FROM kpi_internal.measured(indicators, from_date, to_date, reading) AS m
	), read AS MATERIALIZED (
		SELECT d.*, m.days, m.row_count, m.unassigned, m.untimed
		FROM definition AS d JOIN measured AS m ON m.indicator = d.indicator AND m.grain IS NULL
	), wanted AS MATERIALIZED (
		SELECT m.indicator, m.grain, m.period_start, m.unit, m.numerator, m.denominator,
			   CASE WHEN m.invalid THEN NULL
					WHEN d.denominator IS NULL THEN m.numerator
					ELSE m.numerator / nullif(m.denominator, 0) END AS value,
			   m.row_count,
			   -- the clock says whether a period was over, not the range that was asked for
			   collected < kpi_internal.settled_at(m.grain, m.period_start, d.time_zone, d.settle_after) AS provisional,
			   CASE WHEN m.invalid THEN 'invalid' END AS note
		FROM measured AS m JOIN definition AS d ON d.indicator = m.indicator
		WHERE m.unit IS NOT NULL AND (units IS NULL OR m.unit = ANY (units))
	), stored AS MATERIALIZED (
		SELECT r.indicator, CAST(t.grain AS text) AS grain, t.period_start, CAST(t.unit AS text) AS unit, t.ctid AS place,
			   t.numerator, t.denominator, t.value, t.row_count, t.provisional, t.note,
			   t.origin = 'rows' AS from_rows, t.origin = 'entered' OR t.collected_at IS NULL AS entered,
			   t.origin = 'inherited' AS inherited
		FROM read AS r JOIN kpi.measurement AS t ON t.indicator = r.indicator
		WHERE r.direct AND kpi_internal.is_read(t.grain, t.period_start, r.days, r.snapshot)
			AND (units IS NULL OR t.unit = ANY (units))
		UNION ALL
		SELECT r.indicator, t.grain, t.period_start, t.unit, t.ctid,
			   t.numerator, t.denominator, t.value, t.row_count, t.provisional, t.note, NOT t.corrected, false, false
		FROM read AS r JOIN kpi_internal.own_value AS t ON t.indicator = r.indicator
		WHERE NOT r.direct AND kpi_internal.is_read(t.grain, t.period_start, r.days, r.snapshot)
			AND (units IS NULL OR t.unit = ANY (units))
	), compared AS MATERIALIZED (
		-- a full join, which is never a nested loop, however little is known of both sides
		SELECT d.direct, j.*
		FROM (SELECT w.*, s.indicator AS old_indicator, s.place, w.unit IS NOT NULL AS is_wanted,
					 coalesce(s.from_rows, false) AS from_rows,
					 coalesce(s.entered, false) AS entered,
					 -- without a value of its own it keeps that of the unit above
					 coalesce(s.inherited AND w.value IS NULL, false) AS inherited,
					 coalesce(s.from_rows, false) AND
					 (s.numerator, s.denominator, s.value, s.row_count, s.provisional, s.note)
						 IS NOT DISTINCT FROM (w.numerator, w.denominator, w.value, w.row_count, w.provisional, w.note) AS is_same
			  FROM wanted AS w FULL JOIN stored AS s
				  ON s.indicator = w.indicator AND s.unit = w.unit AND s.grain = w.grain AND s.period_start = w.period_start) AS j
			JOIN definition AS d ON d.indicator = coalesce(j.indicator, j.old_indicator)
	), gone AS (
		DELETE FROM kpi.measurement AS t
		WHERE t.ctid = ANY (ARRAY(SELECT c.place FROM compared AS c
								  WHERE c.direct AND NOT c.is_wanted AND c.from_rows AND NOT c.entered))
		RETURNING CAST(t.indicator AS text) AS indicator
	), gone_own AS (
		DELETE FROM kpi_internal.own_value AS t
		WHERE t.ctid = ANY (ARRAY(SELECT c.place FROM compared AS c WHERE NOT c.direct AND NOT c.is_wanted))
		RETURNING CAST(t.indicator AS text) AS indicator
	), written AS (
		INSERT INTO kpi.measurement AS t (indicator, unit, grain, period_start, numerator, denominator, value,
										  row_count, provisional, note, collected_at, origin)
		SELECT c.indicator, c.unit, c.grain, c.period_start, c.numerator, c.denominator, c.value,
			   c.row_count, c.provisional, c.note, collected, 'rows'
		FROM compared AS c
		WHERE c.direct AND c.is_wanted AND NOT c.entered AND NOT c.inherited AND NOT c.is_same
		-- entered by hand in the meantime
		ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE
		SET numerator = excluded.numerator, denominator = excluded.denominator, value = excluded.value,
			row_count = excluded.row_count, provisional = excluded.provisional, note = excluded.note,
			collected_at = excluded.collected_at, parts = NULL, parts_expected = NULL, origin = excluded.origin
		WHERE t.origin <> 'entered' AND t.collected_at IS NOT NULL
		RETURNING CAST(t.indicator AS text) AS indicator
	), written_own AS (
		INSERT INTO kpi_internal.own_value AS t (indicator, unit, grain, period_start, numerator, denominator, value,
												 row_count, provisional, note, collected_at)
		SELECT c.indicator, c.unit, c.grain, c.period_start, c.numerator, c.denominator, c.value,
			   c.row_count, c.provisional, c.note, collected
		FROM compared AS c
		WHERE NOT c.direct AND c.is_wanted AND NOT c.is_same
		ON CONFLICT ON CONSTRAINT own_value_pkey DO UPDATE
		SET numerator = excluded.numerator, denominator = excluded.denominator, value = excluded.value,
			row_count = excluded.row_count, provisional = excluded.provisional, note = excluded.note,
			collected_at = excluded.collected_at, corrected = false
		RETURNING CAST(t.indicator AS text) AS indicator
	), behind AS (
		-- what was entered stands before it
		INSERT INTO kpi_internal.own_value AS t (indicator, unit, grain, period_start, numerator, denominator, value,
												 row_count, provisional, note, collected_at, corrected)
		SELECT c.indicator, c.unit, c.grain, c.period_start, c.numerator, c.denominator, c.value,
			   c.row_count, c.provisional, c.note, collected, true
		FROM compared AS c
		WHERE c.direct AND c.is_wanted AND c.entered
		ON CONFLICT ON CONSTRAINT own_value_pkey DO UPDATE
		SET numerator = excluded.numerator, denominator = excluded.denominator, value = excluded.value,
			row_count = excluded.row_count, provisional = excluded.provisional, note = excluded.note,
			collected_at = excluded.collected_at, corrected = true
		WHERE (t.numerator, t.denominator, t.value, t.row_count, t.provisional, t.note, t.corrected) IS DISTINCT FROM
			(excluded.numerator, excluded.denominator, excluded.value, excluded.row_count, excluded.provisional,
			 excluded.note, true)
	), gone_behind AS (
		DELETE FROM kpi_internal.own_value AS t USING read AS r
		WHERE r.direct AND t.indicator = r.indicator AND kpi_internal.is_read(t.grain, t.period_start, r.days, r.snapshot)
			AND (units IS NULL OR t.unit = ANY (units))
			AND NOT EXISTS (SELECT FROM compared AS c
							WHERE c.direct AND c.is_wanted AND c.entered AND c.indicator = t.indicator AND c.unit = t.unit
								AND c.grain = t.grain AND c.period_start = t.period_start)
	), change AS (
		SELECT c.indicator FROM gone AS c UNION ALL SELECT c.indicator FROM gone_own AS c
		UNION ALL SELECT c.indicator FROM written AS c UNION ALL SELECT c.indicator FROM written_own AS c
	)
	SELECT d.indicator,
		   CAST((SELECT count(*) FROM compared AS c WHERE c.indicator = d.indicator AND NOT c.entered) AS integer),
		   CAST((SELECT count(*) FROM change AS c WHERE c.indicator = d.indicator) AS integer),
		   coalesce(r.row_count, 0), coalesce(r.unassigned, 0), coalesce(r.untimed, 0),
		   CAST((SELECT count(*) FROM compared AS c WHERE c.indicator = d.indicator AND c.entered) AS integer),
		   d.time_zone, r.days
	FROM definition AS d LEFT JOIN read AS r ON r.indicator = d.indicator
	ORDER BY d.indicator COLLATE "C";
	-- what was measured by other rules than those of today
	DELETE FROM kpi_internal.own_value AS v USING kpi.indicator AS i
	WHERE v.indicator = i.indicator AND i.indicator = ANY (indicators)
		AND v.corrected <> kpi_internal.stands_as_measured(i);
	PERFORM kpi_internal.settle_snapshots(indicators, collected);
END
$$;
COMMENT ON FUNCTION kpi_internal.store_measurements(text[], date, date, text[], bigint) IS
'Measures indicators of one kpi_internal.measured_together() and makes their rows the same. '
'They are measured over the rows of their source, or over the kept states of a reading. For the given units or all '
'(NULL), it changes what differs, removes what the source no longer has, and keeps what was entered by hand. Says '
'for each what there is and what has changed.';

CREATE FUNCTION kpi_internal.is_read(grain text, period_start date, days daterange, snapshot boolean)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN snapshot THEN kpi_internal.period_days(grain, period_start) @> days
				ELSE kpi_internal.period_days(grain, period_start) <@ days END;
COMMENT ON FUNCTION kpi_internal.is_read(text, date, daterange, boolean) IS
'Whether all rows of a period lie in the days that were read. '
'A snapshot is of every period that has its day. NULL for NULL.';

CREATE FUNCTION kpi_internal.settle_snapshots(indicators text[], now timestamptz)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM kpi.indicator AS i
				   WHERE i.indicator = ANY (settle_snapshots.indicators) AND i.time_column IS NULL) THEN
		RETURN;
	END IF;
	UPDATE kpi.measurement AS m SET provisional = false
	FROM kpi.indicator AS i
	WHERE i.indicator = m.indicator AND i.indicator = ANY (settle_snapshots.indicators) AND i.time_column IS NULL
		AND m.origin = 'rows' AND m.provisional
		AND kpi_internal.settled_at(m.grain, m.period_start, i.time_zone) <= settle_snapshots.now;
	UPDATE kpi_internal.own_value AS v SET provisional = false
	FROM kpi.indicator AS i
	WHERE i.indicator = v.indicator AND i.indicator = ANY (settle_snapshots.indicators) AND i.time_column IS NULL
		AND v.provisional AND kpi_internal.settled_at(v.grain, v.period_start, i.time_zone) <= settle_snapshots.now;
END
$$;
COMMENT ON FUNCTION kpi_internal.settle_snapshots(text[], timestamptz) IS
'What a snapshot gave for periods that are over now is no longer provisional. It cannot be collected again.';

CREATE FUNCTION kpi_internal.collect_together(run bigint, indicators text[], units text[], place integer, by_itself boolean,
											  OUT messages text[], OUT details text[], OUT days daterange)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	started CONSTANT timestamptz := clock_timestamp();
	together CONSTANT text[] := ARRAY(SELECT DISTINCT i COLLATE "C" FROM unnest(indicators) AS i ORDER BY 1);
	half CONSTANT integer := cardinality(together) / 2;
	opened kpi.run;
	stored record;
	part record;
	code text;
	message text;
	detail text;
	hint text;
	from_source boolean;
BEGIN
	SELECT * INTO STRICT opened FROM kpi.run AS r WHERE r.run = collect_together.run;
	messages := '{}';
	details := '{}';
	BEGIN
		-- the statement after it sees what another collector has stored
		PERFORM kpi_internal.lock_key('kpi.measurement', i) FROM unnest(together) AS i;
		FOR stored IN
			SELECT s.*, place - 1 + row_number() OVER (ORDER BY s.indicator COLLATE "C") AS place
			FROM kpi_internal.store_actuals(together, opened.from_date, opened.to_date, units, by_itself) AS s
			ORDER BY s.indicator COLLATE "C"
		LOOP
			INSERT INTO kpi.run_step (run, indicator, started, finished, state, measurements, changed,
									  source_rows, unassigned_rows, untimed_rows, kept, time_zone, days, units)
			VALUES (collect_together.run, stored.indicator, started, clock_timestamp(), 'collected',
					stored.measurements, stored.changed, stored.source_rows, stored.unassigned_rows,
					stored.untimed_rows, stored.kept, stored.time_zone, stored.days, collect_together.units);
			messages := messages || format('kpi: %s: %s measurements, %s changed (%s of %s)', stored.indicator,
										   stored.measurements, stored.changed, stored.place, opened.indicators);
			details := details || concat_ws(' ',
				CASE WHEN stored.unassigned_rows > 0 THEN format('Rows of no known unit: %s.', stored.unassigned_rows) END,
				CASE WHEN stored.untimed_rows > 0 THEN format('Rows without a time: %s.', stored.untimed_rows) END,
				CASE WHEN stored.kept > 0 THEN format('Entered by hand and kept: %s.', stored.kept) END);
			days := range_merge(coalesce(days, stored.days), coalesce(stored.days, days));
		END LOOP;
		RETURN;
	-- a cancel is in neither: it ends the collection
	EXCEPTION WHEN OTHERS OR assert_failure THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
			detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	END;
	messages := '{}';
	details := '{}';
	days := NULL;
	IF half > 0 THEN
		-- one of them fails: by halves, down to that one
		FOR n IN 0 .. 1 LOOP
			SELECT * INTO STRICT part
			FROM kpi_internal.collect_together(run, CASE n WHEN 0 THEN together[: half] ELSE together[half + 1 :] END,
											   units, place + n * half, true);
			messages := messages || part.messages;
			details := details || part.details;
			days := range_merge(coalesce(days, part.days), coalesce(part.days, days));
		END LOOP;
		RETURN;
	END IF;
	BEGIN
		from_source := kpi_internal.keep_source_error(run, together[1]);
		INSERT INTO kpi.run_step (run, indicator, started, finished, state, time_zone, sqlstate, error, hint)
		SELECT collect_together.run, together[1], started, clock_timestamp(), 'failed',
			(SELECT i.time_zone FROM kpi.indicator AS i WHERE i.indicator = together[1]), code,
			-- what the server said of a source is in kpi.run_error, for members of its owner
			CASE WHEN from_source THEN message ELSE concat_ws('. ', message, nullif(detail, '')) END,
			CASE WHEN from_source THEN 'Members of the owner of the indicator see in kpi.run_error what the server said.'
				 ELSE nullif(hint, '') END;
		messages := ARRAY[format('kpi: %s failed: %s (%s of %s)', together[1], message, place, opened.indicators)];
		details := ARRAY[detail];
	EXCEPTION WHEN foreign_key_violation THEN
		-- it takes its measurements and steps with it
		messages := ARRAY[format('kpi: %s is no longer defined (%s of %s)', together[1], place, opened.indicators)];
		details := ARRAY[''];
	END;
END
$$;
COMMENT ON FUNCTION kpi_internal.collect_together(bigint, text[], text[], integer, boolean) IS
'One step of kpi.collect: stores the measurements of indicators measured together. '
'And a row of kpi.run_step for each. Where one fails they are collected by halves, and of that one nothing is '
'stored but the error. Returns what to tell of each, and the days whose rows were read.';

CREATE FUNCTION kpi_internal.tell(message text, detail text)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF detail <> '' THEN
		RAISE NOTICE USING MESSAGE = message, DETAIL = detail;
	ELSE
		RAISE NOTICE USING MESSAGE = message;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.tell(text, text) IS
'A NOTICE, with a detail unless that is empty or NULL.';

CREATE FUNCTION kpi_internal.collect_refresh()
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	message text;
BEGIN
	IF kpi_internal.may_refresh() THEN
		PERFORM kpi.refresh_results();
	END IF;
-- what was collected stays; a cancel is in neither
EXCEPTION WHEN OTHERS OR assert_failure THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT;
	RAISE WARNING USING
		MESSAGE = format('kpi: results could not be refreshed: %s', message),
		HINT = 'They stay stale until kpi.refresh_results() succeeds.';
END
$$;
COMMENT ON FUNCTION kpi_internal.collect_refresh() IS
'Refreshes results at the end of a collection, where the collector may. '
'What goes wrong is a WARNING, and results stay stale.';

-- No SET, as it commits; so everything is qualified.
CREATE PROCEDURE kpi.collect(from_period text DEFAULT NULL, to_period text DEFAULT NULL, indicators text[] DEFAULT NULL,
							 units text[] DEFAULT NULL, commit_each boolean DEFAULT true)
	LANGUAGE plpgsql
AS $$
DECLARE
	opened record;
	todo record;
	step record;
	place integer := 1;
	days pg_catalog.daterange;
BEGIN
	-- a day and a grain without types
	IF to_period IS NOT NULL AND EXISTS (SELECT FROM kpi.grain AS g WHERE CAST(g.grain AS pg_catalog.text) OPERATOR(pg_catalog.=) to_period) THEN
		CALL kpi.collect(kpi.period_start(from_period), to_period, indicators, units, commit_each);
		RETURN;
	END IF;
	IF commit_each IS NOT false AND NOT kpi_internal.may_commit() THEN
		RAISE EXCEPTION USING
			ERRCODE = '25001',
			MESSAGE = 'kpi.collect cannot commit after each source inside a transaction block or function',
			HINT = 'Pass commit_each => false to collect within the transaction.';
	END IF;
	opened := kpi_internal.collect_start(from_period, to_period, indicators, units);
	days := CASE WHEN from_period IS NOT NULL THEN
		pg_catalog.daterange(pg_catalog.lower(kpi.period(from_period)), pg_catalog.upper(kpi.period(coalesce(to_period, from_period)))) END;
	SELECT * INTO todo FROM kpi_internal.collect_groups(opened.members);
	IF pg_catalog.cardinality(todo.members) OPERATOR(pg_catalog.=) 0 THEN
		RAISE NOTICE 'kpi: there is no measured indicator to collect';
	END IF;
	IF commit_each IS NOT false THEN
		COMMIT;
	ELSE
		-- in one order, whatever is measured together, with all that is made of it at the end
		PERFORM kpi_internal.lock_combined(
			CASE WHEN indicators IS NOT NULL THEN opened.members OPERATOR(pg_catalog.||) indicators END);
	END IF;
	-- before any rows are read
	PERFORM kpi_internal.take_changes();
	IF commit_each IS NOT false THEN
		COMMIT;
	END IF;
	FOR n IN 1 .. pg_catalog.cardinality(todo.sizes) LOOP
		PERFORM kpi_internal.report_step(pg_catalog.format('run %s: %s to %s of %s indicators', opened.run, place,
			place OPERATOR(pg_catalog.+) todo.sizes[n] OPERATOR(pg_catalog.-) 1, pg_catalog.cardinality(todo.members)));
		SELECT * INTO step
		FROM kpi_internal.collect_together(
			opened.run, todo.members[place : place OPERATOR(pg_catalog.+) todo.sizes[n] OPERATOR(pg_catalog.-) 1], units, place, false);
		IF commit_each IS NOT false THEN
			COMMIT;
		END IF;
		FOR i IN 1 .. pg_catalog.cardinality(step.messages) LOOP
			PERFORM kpi_internal.tell(step.messages[i], step.details[i]);
		END LOOP;
		place := place OPERATOR(pg_catalog.+) todo.sizes[n];
		days := pg_catalog.range_merge(coalesce(days, step.days), coalesce(step.days, days));
	END LOOP;
	PERFORM kpi_internal.report_step(pg_catalog.format('run %s', opened.run));
	-- with all that is made of them; without a list all else too, such as what follows a changed tree
	PERFORM kpi_internal.combine_collected(
		CASE WHEN indicators IS NOT NULL THEN todo.members OPERATOR(pg_catalog.||) indicators END,
		days);
	PERFORM kpi_internal.report_step(pg_catalog.format('run %s: refreshing results', opened.run));
	PERFORM kpi_internal.collect_refresh();
	PERFORM kpi_internal.report_step(NULL);
	PERFORM kpi_internal.collect_finish(opened.run);
END
$$;
COMMENT ON PROCEDURE kpi.collect(text, text, text[], text[], boolean) IS
'Measures the indicators over every period that overlaps from_period to to_period, and stores it. '
'Periods are labels such as 2011-11; to_period is from_period unless given. All other periods whose rows that reads '
'are measured too; the results go to kpi.measurement. Of all measured indicators that are approved, or those given, '
'and what derived ones among them read; for all units, or those given. At the end all that is made of them is '
'combined, and without a list all there is. Rows that several indicators are measured over are read once for all of '
'them. A second call changes nothing. An indicator that fails is logged in kpi.run_step with its error and the '
'others go on. Commits after each source unless commit_each is false, which a transaction block and a function need. '
'Unknown words are errors before anything is written.';

CREATE PROCEDURE kpi.collect(day date, grain text, indicators text[] DEFAULT NULL, units text[] DEFAULT NULL,
							 commit_each boolean DEFAULT true)
	LANGUAGE plpgsql
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(day, grain);
	CALL kpi.collect(kpi.period_label(p.grain, p.period_start), NULL, indicators, units, commit_each);
END
$$;
COMMENT ON PROCEDURE kpi.collect(date, text, text[], text[], boolean) IS
'The same for the period of a grain that contains the day. Day and grain need no types.';

CREATE FUNCTION kpi_internal.shell_word(word text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '''' OPERATOR(pg_catalog.||) replace(replace(word, '''', E'\'\\\'\''), '%', E'\\%') OPERATOR(pg_catalog.||) '''';
COMMENT ON FUNCTION kpi_internal.shell_word(text) IS
'A text as one word of a line of cron, in quotes. NULL for NULL.';

CREATE FUNCTION kpi.schedule(cron text, indicators text[] DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	command CONSTANT text := CASE WHEN indicators IS NULL THEN 'CALL kpi.collect()'
								  ELSE format('CALL kpi.collect(indicators => %L)', indicators) END;
	job bigint;
BEGIN
	PERFORM kpi_internal.require_value('cron', cron);
	PERFORM kpi_internal.collect_list(indicators);
	IF cron !~ '^[^[:space:]]+( +[^[:space:]]+){4}$' AND cron !~ '^@[a-z]+$' THEN
		PERFORM kpi_internal.fail('22023', format('cron "%s" is no time of cron', cron),
			'Write minute, hour, day of the month, month and day of the week: 5 2 * * * is five past two each night.');
	END IF;
	IF NOT EXISTS (SELECT FROM pg_extension AS e WHERE e.extname = 'pg_cron') THEN
		-- in a table of cron a percent sign ends the line
		PERFORM kpi_internal.fail('0A000', format('pg_cron is not installed in database "%s"', current_database()),
			format('Give the cron of the system this line: %s psql -X -d %s -c %s', cron,
				   kpi_internal.shell_word(current_database()), kpi_internal.shell_word(command)));
	END IF;
	EXECUTE 'SELECT cron.schedule($1, $2, $3)' INTO job USING 'kpi.collect', cron, command;
	RETURN job;
END
$$;
COMMENT ON FUNCTION kpi.schedule(text, text[]) IS
'Lets pg_cron collect what has changed in watched tables, at the times that cron says. Of all measured indicators that are approved, or those given. The job is called kpi.collect; a second call changes it. Returns its number. Without pg_cron in this database an error, with the line for the cron of the system as its hint; a NULL or wrong time and an unknown indicator are errors.';
