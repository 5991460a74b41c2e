-- Combining: what is made of other values.
--
-- What is measured, derived, entered and rated comes together here: for each
-- indicator kpi_internal.base_values() gathers what is given, the C function
-- kpi_internal.combined() makes all values of it, by the rules of combine and
-- combine_units, and kpi_internal.combine_indicator() writes what differs.

CREATE FUNCTION kpi_internal.stands_as_measured(indicator kpi.indicator)
	RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN indicator.kind = 'measured' AND indicator.combine = 'rows' AND indicator.combine_units = 'rows';
COMMENT ON FUNCTION kpi_internal.stands_as_measured(kpi.indicator) IS
'Whether what is measured is the value, so that the collector writes it to kpi.measurement itself.';

CREATE FUNCTION kpi_internal.combine_periods(indicator text, wanted daterange)
	RETURNS TABLE (grain text, period_start date, days daterange, is_own boolean, is_wanted boolean,
				   is_open boolean, is_begun boolean)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 50
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH terms AS (
		SELECT i.* FROM kpi.indicator AS i WHERE i.indicator = combine_periods.indicator
	), used AS (
		SELECT g.grain, g.grain = i.grain AS is_own
		FROM terms AS i CROSS JOIN kpi.grain AS g
		WHERE kpi_internal.tiles(i.grain, g.grain) AND (g.window_of IS NULL OR g.grain IN (
			SELECT w."window" FROM kpi_internal.windows_asked() AS w WHERE w.indicator = i.indicator))
	), touched AS (
		SELECT u.grain, u.is_own, s.period_start, kpi_internal.period_days(u.grain, s.period_start) AS days
		FROM used AS u CROSS JOIN kpi_internal.periods_touching(u.grain, wanted) AS s (period_start)
	), read (grain, period_start, days, is_own) AS (
		SELECT i.grain, s.period_start, kpi_internal.period_days(i.grain, s.period_start), true
		FROM terms AS i
			-- by its ends: an aggregate of ranges cannot be cancelled while it sorts them
			CROSS JOIN (SELECT daterange(min(lower(t.days)), max(upper(t.days))) AS days FROM touched AS t HAVING count(*) > 0) AS whole
			CROSS JOIN kpi_internal.periods_touching(i.grain, whole.days) AS s (period_start)
		UNION ALL
		SELECT t.grain, t.period_start, t.days, false FROM touched AS t WHERE NOT t.is_own
	)
	SELECT r.grain, r.period_start, r.days, r.is_own, r.days && wanted,
		   statement_timestamp() < kpi_internal.settled_at(r.grain, r.period_start, i.time_zone, i.settle_after),
		   statement_timestamp() >= CAST(r.period_start AS timestamp) AT TIME ZONE i.time_zone
	FROM read AS r CROSS JOIN terms AS i
$$;
COMMENT ON FUNCTION kpi_internal.combine_periods(text, daterange) IS
'The periods of an indicator that touch the days. '
'Of its own grain, of those made of it and of its windows; and the own periods they are made of.';

CREATE FUNCTION kpi_internal.counted_units(indicator text)
	RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH terms AS (
		SELECT i.* FROM kpi.indicator AS i WHERE i.indicator = counted_units.indicator
	), counted (dimension) AS (
		SELECT 'organisation' FROM terms AS i WHERE i.unit_column IS NOT NULL
		UNION ALL
		SELECT jsonb_object_keys(i.unit_columns) FROM terms AS i
	), lone (unit) AS (
		SELECT CAST(min(u.unit) AS text) FROM kpi.unit AS u
		WHERE u.dimension = 'organisation' AND NOT EXISTS (SELECT FROM kpi.unit_parent AS p WHERE p.unit = u.unit)
		HAVING count(*) = 1
	)
	SELECT CAST(u.unit AS text) FROM kpi.unit AS u JOIN counted AS c ON c.dimension = u.dimension
	UNION
	SELECT unnest(i.all_rows_to) FROM terms AS i
	UNION
	SELECT l.unit FROM lone AS l CROSS JOIN terms AS i
	WHERE i.unit_column IS NULL AND i.all_rows_to IS NULL
$$;
COMMENT ON FUNCTION kpi_internal.counted_units(text) IS
'The units that rows of a measured indicator can count for. '
'All of a dimension that it has an expression for, and those that get all rows.';

CREATE FUNCTION kpi_internal.empty_values(indicator text, wanted daterange)
	RETURNS TABLE (unit text, grain text, period_start date, provisional boolean)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH asked (days, started, units) AS (
		SELECT coalesce(s.days, daterange(r.from_date, r.to_date)), r.started, s.units
		FROM kpi.run AS r JOIN kpi.run_step AS s ON s.run = r.run
		WHERE s.indicator = empty_values.indicator AND s.state = 'collected'
	), begun AS (
		SELECT p.grain, p.period_start, p.days, a.units,
			   max(a.started) < kpi_internal.settled_at(p.grain, p.period_start, i.time_zone, i.settle_after) AS provisional
		FROM kpi.indicator AS i
			CROSS JOIN kpi_internal.combine_periods(i.indicator, wanted) AS p
			JOIN asked AS a ON a.days && p.days
		WHERE i.indicator = empty_values.indicator AND i.empty = 'zero'
			AND a.started >= CAST(p.period_start AS timestamp) AT TIME ZONE i.time_zone
			AND (p.is_own OR i.combine = 'rows')
		GROUP BY p.grain, p.period_start, p.days, a.units, i.time_zone, i.settle_after
	)
	SELECT c.unit, b.grain, b.period_start, bool_and(b.provisional)
	FROM begun AS b
		CROSS JOIN kpi_internal.counted_units(empty_values.indicator) AS c (unit)
		JOIN kpi.unit AS u ON u.unit = c.unit AND u.valid && b.days
	WHERE b.units IS NULL OR c.unit = ANY (b.units)
	GROUP BY c.unit, b.grain, b.period_start
$$;
COMMENT ON FUNCTION kpi_internal.empty_values(text, daterange) IS
'The units and periods for which no rows mean 0: begun, collected, the unit in force on any day. '
'Those with rows are among them. No rows unless the indicator says so.';

CREATE FUNCTION kpi_internal.base_values(indicator text, wanted daterange)
	RETURNS TABLE (unit text, grain text, period_start date, numerator numeric, denominator numeric, value numeric,
				   row_count bigint, provisional boolean, note text, parts integer, parts_expected integer, origin text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	i CONSTANT kpi.indicator := (SELECT CAST(ROW (x.*) AS kpi.indicator) FROM kpi.indicator AS x
								 WHERE x.indicator = base_values.indicator);
BEGIN
	-- loaded by hand, and not by an entry
	RETURN QUERY
		SELECT CAST(m.unit AS text), CAST(m.grain AS text), m.period_start, m.numerator, m.denominator, m.value, m.row_count,
			   m.provisional, m.note, m.parts, m.parts_expected, 'entered'
		FROM kpi.measurement AS m
		WHERE m.indicator = i.indicator AND m.collected_at IS NULL AND kpi_internal.period_days(m.grain, m.period_start) && wanted
		UNION ALL
		SELECT CAST(e.unit AS text), CAST(e.grain AS text), e.period_start, e.numerator, e.denominator, e.value, NULL,
			   statement_timestamp() < kpi_internal.settled_at(e.grain, e.period_start, i.time_zone, i.settle_after),
			   NULL, NULL, NULL, 'entered'
		FROM kpi.entry AS e
		WHERE e.indicator = i.indicator AND kpi_internal.period_days(e.grain, e.period_start) && wanted
			AND num_nonnulls(e.numerator, e.denominator, e.value) > 0 AND (e.approved_at IS NOT NULL OR NOT i.four_eyes);
	IF i.kind = 'rated' THEN
		RETURN QUERY
			SELECT r.unit, r.grain, r.period_start, NULL::numeric, r.denominator, r.value, NULL::bigint,
				   statement_timestamp() < kpi_internal.settled_at(r.grain, r.period_start, i.time_zone, i.settle_after),
				   NULL, r.raters, r.raters_expected, 'rated'
			FROM kpi_internal.rated_values(i.indicator, wanted) AS r;
	ELSIF i.kind = 'derived' THEN
		RETURN QUERY
			SELECT d.unit, d.grain, d.period_start, d.numerator, d.denominator, d.value, NULL::bigint, d.provisional, d.note,
				   d.parts, d.parts_expected, 'formula'
			FROM kpi_internal.derive(i.indicator, wanted) AS d;
	ELSIF i.kind = 'measured' THEN
		RETURN QUERY
			SELECT CAST(o.unit AS text), CAST(o.grain AS text), o.period_start, o.numerator, o.denominator, o.value, o.row_count,
				   o.provisional, o.note, NULL::integer, NULL::integer, 'rows'
			FROM kpi_internal.own_value AS o
			WHERE o.indicator = i.indicator AND o.corrected = kpi_internal.stands_as_measured(i)
				AND kpi_internal.period_days(o.grain, o.period_start) && wanted
			UNION ALL
			SELECT CAST(m.unit AS text), CAST(m.grain AS text), m.period_start, m.numerator, m.denominator, m.value, m.row_count,
				   m.provisional, m.note, NULL, NULL, 'rows'
			FROM kpi.measurement AS m
			WHERE m.indicator = i.indicator AND m.origin = 'rows' AND m.collected_at IS NOT NULL
				AND kpi_internal.stands_as_measured(i) AND (i.inherit OR i.empty = 'zero')
				AND kpi_internal.period_days(m.grain, m.period_start) && wanted
			UNION ALL
			SELECT e.unit, e.grain, e.period_start, 0, NULL, 0, 0, e.provisional, NULL, NULL, NULL, 'empty'
			FROM kpi_internal.empty_values(i.indicator, wanted) AS e;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.base_values(text, daterange) IS
'What an indicator is combined from in the periods that touch the days. '
'What was entered, rated or loaded for the very unit, what its own rows or the formula give it, and 0 where no rows '
'mean that.';

-- of the types of kpi.measurement, whose checks what is made here needs not pass again
CREATE FUNCTION kpi_internal.combined(indicator text, days daterange)
	RETURNS TABLE (unit kpi.key, grain kpi.key, period_start date, numerator numeric, denominator numeric, value numeric,
				   row_count bigint, provisional boolean, note text, parts integer, parts_expected integer,
				   origin kpi_internal.origin)
	AS 'MODULE_PATHNAME', 'kpi_combined'
	LANGUAGE C STABLE STRICT COST 10000 ROWS 10000;
COMMENT ON FUNCTION kpi_internal.combined(text, daterange) IS
'All values of an indicator in the periods that touch the days. '
'They go by the rules of combine and combine_units. No rows for NULL.';

-- One indicator

CREATE FUNCTION kpi_internal.combine_indicator(indicator text, days daterange, OUT measurements bigint, OUT changed bigint)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	written_at CONSTANT timestamptz := clock_timestamp();
	-- days of the longest period or window, and some for those that are longer than most
	longest CONSTANT integer := (SELECT max(g.position) * 11 / 10 + 40 FROM kpi.grain AS g);
	kept_origin CONSTANT text := (SELECT 'rows' FROM kpi.indicator AS i WHERE i.indicator = combine_indicator.indicator
								  AND kpi_internal.stands_as_measured(CAST(ROW (i.*) AS kpi.indicator)));
BEGIN
	-- a full join, which is never a nested loop, however little is known of both sides
	WITH compared AS MATERIALIZED (
		SELECT w.*, t.ctid AS old_row, w.unit IS NOT NULL AS is_wanted,
			   t.indicator IS NOT NULL AND t.collected_at IS NULL AS is_loaded,
			   (t.numerator, t.denominator, t.value, t.row_count, t.provisional, t.note, t.parts, t.parts_expected,
				t.origin)
					IS NOT DISTINCT FROM (w.numerator, w.denominator, w.value, w.row_count, w.provisional, w.note, w.parts,
										  w.parts_expected, w.origin) AS is_same
		FROM (SELECT c.* FROM kpi_internal.combined(combine_indicator.indicator, days) AS c
			  -- these the collector writes
			  WHERE c.origin IS DISTINCT FROM kept_origin) AS w
			FULL JOIN (SELECT m.*, m.ctid FROM kpi.measurement AS m
					   WHERE m.indicator = combine_indicator.indicator AND m.period_start > lower(days) - longest
						   AND m.period_start < upper(days) + longest AND kpi_internal.period_days(m.grain, m.period_start) && days) AS t
				ON t.unit = w.unit AND t.grain = w.grain AND t.period_start = w.period_start
	), saved AS (
		-- what is measured, until the entry that stands before it is withdrawn
		INSERT INTO kpi_internal.own_value AS v (indicator, unit, grain, period_start, numerator, denominator, value,
												 row_count, provisional, note, collected_at, corrected)
		SELECT t.indicator, t.unit, t.grain, t.period_start, t.numerator, t.denominator, t.value,
			   t.row_count, t.provisional, t.note, t.collected_at, true
		FROM kpi.measurement AS t
		WHERE t.ctid = ANY (ARRAY(SELECT c.old_row FROM compared AS c
								  WHERE c.is_wanted AND NOT c.is_loaded AND c.origin = 'entered'))
			AND t.origin = kept_origin
		ON CONFLICT ON CONSTRAINT own_value_pkey DO UPDATE
		SET numerator = excluded.numerator, denominator = excluded.denominator, value = excluded.value,
			row_count = excluded.row_count, provisional = excluded.provisional, note = excluded.note,
			collected_at = excluded.collected_at, corrected = true
	), back AS (
		DELETE FROM kpi_internal.own_value AS v
		USING kpi.measurement AS t
		WHERE t.ctid = ANY (ARRAY(SELECT c.old_row FROM compared AS c WHERE NOT c.is_wanted AND NOT c.is_loaded))
			AND t.origin = 'entered' AND kept_origin IS NOT NULL
			AND v.indicator = t.indicator AND v.unit = t.unit AND v.grain = t.grain AND v.period_start = t.period_start
			AND v.corrected
		RETURNING v.*, t.ctid AS old_row
	), restored AS (
		UPDATE kpi.measurement AS t
		SET numerator = b.numerator, denominator = b.denominator, value = b.value, row_count = b.row_count,
			provisional = b.provisional, note = b.note, collected_at = b.collected_at, parts = NULL,
			parts_expected = NULL, origin = kept_origin
		FROM back AS b
		WHERE t.ctid = b.old_row
		RETURNING 1
	), gone AS (
		DELETE FROM kpi.measurement AS t
		WHERE t.ctid = ANY (ARRAY(SELECT c.old_row FROM compared AS c WHERE NOT c.is_wanted AND NOT c.is_loaded
								  EXCEPT ALL SELECT b.old_row FROM back AS b))
			AND t.origin IS DISTINCT FROM kept_origin
		RETURNING 1
	), written AS (
		INSERT INTO kpi.measurement AS t (indicator, unit, grain, period_start, numerator, denominator, value, row_count,
										  provisional, note, collected_at, parts, parts_expected, origin)
		SELECT (SELECT i.indicator FROM kpi.indicator AS i WHERE i.indicator = combine_indicator.indicator), c.unit, c.grain, c.period_start, c.numerator, c.denominator, c.value, c.row_count,
			   c.provisional, c.note, written_at, c.parts, c.parts_expected, c.origin
		FROM compared AS c
		WHERE c.is_wanted AND NOT c.is_loaded AND NOT c.is_same
		ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE
		SET numerator = excluded.numerator, denominator = excluded.denominator, value = excluded.value,
			row_count = excluded.row_count, provisional = excluded.provisional, note = excluded.note,
			collected_at = excluded.collected_at, parts = excluded.parts, parts_expected = excluded.parts_expected,
			origin = excluded.origin
		WHERE t.collected_at IS NOT NULL
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM compared AS c WHERE c.is_wanted),
		   (SELECT count(*) FROM gone) + (SELECT count(*) FROM written) + (SELECT count(*) FROM restored)
	INTO STRICT measurements, changed;
END
$$;
COMMENT ON FUNCTION kpi_internal.combine_indicator(text, daterange) IS
'Makes the measurements of one indicator in the periods that touch the days what its parts give. '
'What the collector writes and what was loaded by hand stays. Counts what there is and what has changed.';

CREATE FUNCTION kpi_internal.is_combined(indicator text, days daterange)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT NOT kpi_internal.stands_as_measured(CAST(ROW (i.*) AS kpi.indicator)) OR i.inherit OR i.empty = 'zero'
		OR EXISTS (SELECT FROM kpi.entry AS e
				   WHERE e.indicator = i.indicator AND kpi_internal.period_days(e.grain, e.period_start) && days)
		OR EXISTS (SELECT FROM kpi.measurement AS m WHERE m.indicator = i.indicator AND m.origin <> 'rows')
	FROM kpi.indicator AS i
	WHERE i.indicator = is_combined.indicator;
END;
COMMENT ON FUNCTION kpi_internal.is_combined(text, daterange) IS
'Whether an indicator may have values in the days that its rows do not give. NULL for one that is not defined.';

-- What depends on what

CREATE FUNCTION kpi_internal.combine_order(indicators text[], changed_days daterange)
	RETURNS TABLE (indicator text, days daterange, level integer)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH RECURSIVE reads AS MATERIALIZED (
		SELECT r.reader, r.input, r.function, r.n
		FROM kpi_internal.formula_reads() AS r JOIN kpi.indicator AS i ON i.indicator = r.reader
		WHERE i.state <> 'retired'
	), reached (indicator, days, level) AS (
		SELECT CAST(i.indicator AS text), changed_days, 0
		FROM kpi.indicator AS i
		WHERE i.state <> 'retired' AND (indicators IS NULL OR i.indicator = ANY (indicators))
		UNION
		SELECT r.reader, kpi_internal.reach(r.reader, r.function, r.n, t.days), t.level + 1
		FROM reached AS t JOIN reads AS r ON r.input = t.indicator
	)
	SELECT t.indicator, range_merge(range_agg(t.days)), max(t.level)
	FROM reached AS t
	GROUP BY t.indicator;
END
$$;
COMMENT ON FUNCTION kpi_internal.combine_order(text[], daterange) IS
'The indicators (NULL: all) and those that depend on them, each with the days in which it may change. '
'With them a level above those of its inputs. Those that are retired are left out.';

CREATE FUNCTION kpi_internal.known_days()
	RETURNS daterange
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- some more at the end, for the longest periods and windows
	SELECT daterange(min(k.day), max(k.day) + (SELECT max(g.position) * 2 FROM kpi.grain AS g))
	FROM (SELECT m.period_start FROM kpi.measurement AS m
		  UNION ALL SELECT o.period_start FROM kpi_internal.own_value AS o
		  UNION ALL SELECT e.period_start FROM kpi.entry AS e
		  UNION ALL SELECT r.period_start FROM kpi.rating AS r
		  UNION ALL SELECT d.day FROM kpi.run AS r CROSS JOIN LATERAL (VALUES (r.from_date), (r.to_date)) AS d (day)) AS k (day);
END;
COMMENT ON FUNCTION kpi_internal.known_days() IS
'The days in whose periods anything is known, whatever it is of. '
'Beyond them there is nothing to combine. Unbounded where nothing is known.';

CREATE FUNCTION kpi_internal.lock_combined(indicators text[])
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	any_days CONSTANT daterange := CAST('[2000-01-01,2000-01-02)' AS daterange);
BEGIN
	PERFORM kpi_internal.lock_key('kpi.measurement', o.indicator)
	FROM (SELECT c.indicator FROM kpi_internal.combine_order(indicators, any_days) AS c
		  ORDER BY c.indicator COLLATE "C") AS o;
END
$$;
COMMENT ON FUNCTION kpi_internal.lock_combined(text[]) IS
'Waits for others at work on the values of the indicators (NULL: all) and of what depends on them. '
'In one order, so that two sessions do not wait for each other; statements after it see what they have stored.';

CREATE FUNCTION kpi_internal.combine_values(indicators text[], days daterange,
											OUT measurements bigint, OUT changed bigint)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	many CONSTANT integer := 3653;
	todo record;
	done record;
BEGIN
	measurements := 0;
	changed := 0;
	IF (CASE WHEN isfinite(lower(days)) AND isfinite(upper(days)) THEN upper(days) - lower(days) > many ELSE true END) THEN
		days := days * kpi_internal.known_days();
	END IF;
	IF isempty(days) OR lower_inf(days) OR upper_inf(days) OR days IS NULL THEN
		RETURN;
	END IF;
	PERFORM kpi_internal.lock_combined(indicators);
	FOR todo IN
		SELECT o.indicator, part.days
		FROM (SELECT c.* FROM kpi_internal.combine_order(indicators, days) AS c
			  WHERE kpi_internal.is_combined(c.indicator, c.days)) AS o
			CROSS JOIN kpi_internal.periods_touching('year', o.days) AS y (start)
			CROSS JOIN LATERAL (SELECT o.days * kpi_internal.period_days('year', y.start)) AS part (days)
		ORDER BY o.level, o.indicator COLLATE "C", part.days
	LOOP
		PERFORM kpi_internal.report_stage(format('combining %s, %s', todo.indicator, todo.days));
		done := kpi_internal.combine_indicator(todo.indicator, todo.days);
		measurements := measurements + done.measurements;
		changed := changed + done.changed;
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.combine_values(text[], daterange) IS
'Makes kpi.measurement true for the indicators (NULL: all) and what depends on them. '
'In every period that touches the days or follows from one that does. Writes what differs, and counts what there is '
'and what has changed; days without an end are those in which anything is known. Nothing happens for NULL days.';
