-- Collecting: actuals measured over the sources and stored, run by run.

CREATE FUNCTION kpi.measure(indicator text, from_date date, to_date date)
	RETURNS TABLE (grain text, period_start date, unit text, numerator numeric, denominator numeric,
				   row_count bigint, unassigned bigint)
	AS 'MODULE_PATHNAME', 'kpi_measure'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION kpi.measure(text, date, date) IS
'Measures an indicator over its source, with the rights of its owner and without writing anything. A row for every grain from its own upward, every period that overlaps from_date (inclusive) to to_date (exclusive), whole, and every unit with rows. unassigned counts the rows of no known unit; they count for the only root unit, or make a row of unit NULL where there are several. No rows for a NULL argument and for a period without rows. Needs INSERT on kpi.measurement; an unknown indicator, one without a source, an empty range, no unit, and what the source raises are errors.';

CREATE FUNCTION kpi.check_source(indicator text)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_check_source'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION kpi.check_source(text) IS
'Plans the query of a measured indicator as its owner, without running it. An error names the part of the definition that is wrong. Needs membership in the owner or INSERT on kpi.measurement. Nothing happens for NULL.';

CREATE FUNCTION kpi_internal.keep_source_error(run bigint, indicator text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_keep_source_error'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi_internal.keep_source_error(bigint, text) IS
'Stores in kpi.run_error what the server said when the source failed just now. It is for members of the owner of the indicator to read. Gives false where the last failure was none of it. Needs INSERT on kpi.run_step. NULL for NULL.';

CREATE FUNCTION kpi_internal.may_commit()
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_may_commit'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi_internal.may_commit() IS
'Called by a procedure: true if that procedure can end the transaction. That is false inside a transaction block, a function or an exception block.';

CREATE FUNCTION kpi_internal.require_collector()
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missing CONSTANT text := (
		SELECT string_agg(format('%s on %s', privilege, relation), ', ' ORDER BY relation, place)
		FROM (VALUES ('kpi.indicator', ARRAY['SELECT']), ('kpi.unit', ARRAY['SELECT']), ('kpi.unit_parent', ARRAY['SELECT']),
					 ('kpi.grain', ARRAY['SELECT']),
					 ('kpi.measurement', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
					 ('kpi.run', ARRAY['SELECT', 'INSERT', 'UPDATE']),
					 ('kpi.run_step', ARRAY['SELECT', 'INSERT'])) AS needed (relation, privileges),
			 unnest(privileges) WITH ORDINALITY AS p (privilege, place)
		WHERE NOT has_table_privilege(relation, privilege));
BEGIN
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = '42501',
			MESSAGE = 'permission denied to collect measurements',
			DETAIL = format('Missing: %s.', missing),
			HINT = 'Ask the owner of these tables to grant them to you.';
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_collector() IS
'Raises an error unless the current user has the privileges on tables that collecting needs. It names those that are missing.';

CREATE FUNCTION kpi_internal.collect_list(indicators text[])
	RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	unfit record;
BEGIN
	PERFORM kpi_internal.require_indicator(given) FROM unnest(indicators) AS given;
	SELECT i.indicator, CASE WHEN i.kind = 'measured' THEN 'retired' ELSE i.kind END AS why INTO unfit
	FROM kpi.indicator AS i
	WHERE i.indicator = ANY (indicators) AND (i.kind <> 'measured' OR i.state = 'retired')
	ORDER BY i.indicator COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = '22023',
			MESSAGE = format('indicator "%s" is %s and cannot be collected', unfit.indicator, unfit.why),
			HINT = 'Only measured indicators that are not retired have a source to collect from.';
	END IF;
	RETURN coalesce(
		(SELECT array_agg(i.indicator::text ORDER BY i.indicator COLLATE "C")
		 FROM kpi.indicator AS i
		 WHERE i.kind = 'measured' AND (indicators IS NULL AND i.state = 'approved' OR i.indicator = ANY (indicators))),
		'{}');
END
$$;
COMMENT ON FUNCTION kpi_internal.collect_list(text[]) IS
'The measured indicators among the given ones, drafts too, in the order of their keys. For NULL all that are approved. An unknown one and one that cannot be collected are errors.';

CREATE FUNCTION kpi_internal.collect_start(from_period text, to_period text, indicators text[], units text[])
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	from_date date;
	to_date date;
	result bigint;
BEGIN
	PERFORM kpi_internal.require_collector();
	PERFORM kpi_internal.require_value('from_period', from_period);
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
	INSERT INTO kpi.run (from_date, to_date, started, backend, backend_start, indicators)
	VALUES (from_date, to_date, statement_timestamp(), pg_backend_pid(), kpi_internal.backend_start(),
			cardinality(kpi_internal.collect_list(indicators)))
	RETURNING run INTO result;
	RETURN result;
END
$$;
COMMENT ON FUNCTION kpi_internal.collect_start(text, text, text[], text[]) IS
'Checks what kpi.collect was called with and opens a run in kpi.run; returns its number.';

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

CREATE FUNCTION kpi_internal.store_measurements(indicator text, from_date date, to_date date, units text[],
									   OUT measurements integer, OUT changed integer, OUT source_rows bigint,
									   OUT unassigned_rows bigint, OUT kept integer, OUT time_zone text)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	collected CONSTANT timestamptz := clock_timestamp();
	beyond CONSTANT numeric[] := CAST('{NaN,Infinity,-Infinity}' AS numeric[]);
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	-- one statement, as its definition may change meanwhile
	WITH definition AS MATERIALIZED (
		SELECT i.grain, i.denominator, i.time_zone,
			   -- every root has the rows of a source without units
			   CASE WHEN i.unit_column IS NULL
					THEN (SELECT min(r.unit) FROM kpi_internal.roots('organisation', to_date - 1) AS r (unit)) END AS counted_once
		FROM kpi.indicator AS i WHERE i.indicator = store_measurements.indicator
	), measured AS MATERIALIZED (
		SELECT m.*, coalesce(m.numerator = ANY (beyond) OR m.denominator = ANY (beyond), false) AS invalid
		FROM kpi.measure(store_measurements.indicator, from_date, to_date) AS m
	), wanted AS MATERIALIZED (
		SELECT m.grain, m.period_start, m.unit, m.numerator, m.denominator,
			   CASE WHEN m.invalid THEN NULL
					WHEN d.denominator IS NULL THEN m.numerator
					ELSE m.numerator / nullif(m.denominator, 0) END AS value,
			   m.row_count,
			   -- the clock says whether a period was over, not the range that was asked for
			   collected < kpi_internal.settled_at(m.grain, m.period_start, d.time_zone) AS provisional,
			   CASE WHEN m.invalid THEN 'invalid' END AS note,
			   old.indicator IS NOT NULL AND (old.collected_at IS NULL OR old.origin = 'entered') AS entered
		FROM measured AS m
		CROSS JOIN definition AS d
		LEFT JOIN kpi.measurement AS old
			ON old.indicator = store_measurements.indicator AND old.unit = m.unit
			AND old.grain = m.grain AND old.period_start = m.period_start
		WHERE m.unit IS NOT NULL AND (units IS NULL OR m.unit = ANY (units))
	), gone AS (
		DELETE FROM kpi.measurement AS t
		WHERE t.indicator = store_measurements.indicator AND t.collected_at IS NOT NULL AND t.origin <> 'entered'
		AND t.period_start < to_date AND t.period_start >= kpi.period_start(t.grain, from_date)
		AND (units IS NULL OR t.unit = ANY (units))
		AND NOT EXISTS (SELECT FROM wanted AS w
						WHERE w.unit = t.unit AND w.grain = t.grain AND w.period_start = t.period_start)
		RETURNING 1
	), written AS (
		INSERT INTO kpi.measurement AS t (indicator, unit, grain, period_start, numerator, denominator, value,
										  row_count, provisional, note, collected_at, origin)
		SELECT store_measurements.indicator, w.unit, w.grain, w.period_start, w.numerator, w.denominator, w.value,
			   w.row_count, w.provisional, w.note, collected, 'rows'
		FROM wanted AS w
		WHERE NOT EXISTS (SELECT FROM kpi.measurement AS same
						  WHERE same.indicator = store_measurements.indicator AND same.unit = w.unit
						  AND same.grain = w.grain AND same.period_start = w.period_start
						  AND (same.collected_at IS NULL OR same.origin = 'entered' OR
							   (same.numerator, same.denominator, same.value, same.row_count, same.provisional, same.note)
							   IS NOT DISTINCT FROM
							   (w.numerator, w.denominator, w.value, w.row_count, w.provisional, w.note)))
		-- entered by hand in the meantime
		ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE
		SET numerator = excluded.numerator, denominator = excluded.denominator, value = excluded.value,
			row_count = excluded.row_count, provisional = excluded.provisional, note = excluded.note,
			collected_at = excluded.collected_at
		WHERE t.collected_at IS NOT NULL AND t.origin <> 'entered'
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM wanted AS w WHERE NOT w.entered),
		   (SELECT count(*) FROM gone) + (SELECT count(*) FROM written),
		   coalesce(sum(m.row_count) FILTER (WHERE kpi_internal.parent_of(m.unit, to_date - 1) IS NULL AND m.unit = coalesce(d.counted_once, m.unit)
											 OR m.unit IS NULL), 0),
		   coalesce(sum(m.unassigned), 0),
		   (SELECT count(*) FROM wanted AS w WHERE w.entered),
		   (SELECT d.time_zone FROM definition AS d)
	INTO STRICT measurements, changed, source_rows, unassigned_rows, kept, time_zone
	FROM measured AS m JOIN definition AS d ON d.grain = m.grain;
END
$$;
COMMENT ON FUNCTION kpi_internal.store_measurements(text, date, date, text[]) IS
'Measures one indicator and makes its rows in kpi.measurement the same. For the given units, or all (NULL), it changes what differs, removes what the source no longer has, and keeps what was entered by hand. Counts the rows of the source once, by the grain of the indicator.';

CREATE FUNCTION kpi_internal.collect_indicator(run bigint, indicator text, units text[], place integer,
											   OUT message text, OUT detail text)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	started CONSTANT timestamptz := clock_timestamp();
	opened kpi.run;
	stored record;
	code text;
	hint text;
	from_source boolean;
BEGIN
	SELECT * INTO STRICT opened FROM kpi.run AS r WHERE r.run = collect_indicator.run;
	BEGIN
		-- the statement after it sees what another collector has stored
		PERFORM kpi_internal.lock_key('kpi.measurement', indicator);
		SELECT * INTO STRICT stored
		FROM kpi_internal.store_measurements(indicator, opened.from_date, opened.to_date, units);
		INSERT INTO kpi.run_step (run, indicator, started, finished, state, measurements, changed,
								  source_rows, unassigned_rows, kept, time_zone)
		VALUES (collect_indicator.run, collect_indicator.indicator, started, clock_timestamp(), 'collected',
				stored.measurements, stored.changed, stored.source_rows, stored.unassigned_rows, stored.kept,
				stored.time_zone);
		message := format('kpi: %s: %s measurements, %s changed (%s of %s)', indicator, stored.measurements,
						  stored.changed, place, opened.indicators);
		detail := concat_ws(' ',
			CASE WHEN stored.unassigned_rows > 0 THEN format('Rows of no known unit: %s.', stored.unassigned_rows) END,
			CASE WHEN stored.kept > 0 THEN format('Entered by hand and kept: %s.', stored.kept) END);
	-- a cancel is in neither: it ends the collection
	EXCEPTION WHEN OTHERS OR assert_failure THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
			detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		BEGIN
			from_source := kpi_internal.keep_source_error(run, indicator);
			INSERT INTO kpi.run_step (run, indicator, started, finished, state, time_zone, sqlstate, error, hint)
			SELECT collect_indicator.run, collect_indicator.indicator, started, clock_timestamp(), 'failed',
				(SELECT i.time_zone FROM kpi.indicator AS i WHERE i.indicator = collect_indicator.indicator), code,
				-- what the server said of a source is in kpi.run_error, for members of its owner
				CASE WHEN from_source THEN message ELSE concat_ws('. ', message, nullif(detail, '')) END,
				CASE WHEN from_source THEN 'Members of the owner of the indicator see in kpi.run_error what the server said.'
					 ELSE nullif(hint, '') END;
			message := format('kpi: %s failed: %s (%s of %s)', indicator, message, place, opened.indicators);
		EXCEPTION WHEN foreign_key_violation THEN
			-- it takes its measurements and steps with it
			message := format('kpi: %s is no longer defined (%s of %s)', indicator, place, opened.indicators);
			detail := '';
		END;
	END;
END
$$;
COMMENT ON FUNCTION kpi_internal.collect_indicator(bigint, text, text[], integer) IS
'One step of kpi.collect: stores the measurements of one indicator and a row of kpi.run_step. Or nothing of it but the error. Returns what to report of it.';

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

-- No SET, as it commits; so everything is qualified.
CREATE PROCEDURE kpi.collect(from_period text, to_period text DEFAULT NULL, indicators text[] DEFAULT NULL,
							 units text[] DEFAULT NULL, commit_each boolean DEFAULT true)
	LANGUAGE plpgsql
AS $$
DECLARE
	run bigint;
	todo pg_catalog.text[];
	step record;
BEGIN
	IF commit_each IS NOT false AND NOT kpi_internal.may_commit() THEN
		RAISE EXCEPTION USING
			ERRCODE = '25001',
			MESSAGE = 'kpi.collect cannot commit after each indicator inside a transaction block or function',
			HINT = 'Pass commit_each => false to collect within the transaction.';
	END IF;
	run := kpi_internal.collect_start(from_period, to_period, indicators, units);
	todo := kpi_internal.collect_list(indicators);
	IF pg_catalog.cardinality(todo) OPERATOR(pg_catalog.=) 0 THEN
		RAISE NOTICE 'kpi: there is no measured indicator to collect';
	END IF;
	IF commit_each IS NOT false THEN
		COMMIT;
	END IF;
	FOR place IN 1 .. pg_catalog.cardinality(todo) LOOP
		SELECT * INTO step FROM kpi_internal.collect_indicator(run, todo[place], units, place);
		IF commit_each IS NOT false THEN
			COMMIT;
		END IF;
		PERFORM kpi_internal.tell(step.message, step.detail);
	END LOOP;
	PERFORM kpi_internal.collect_finish(run);
END
$$;
COMMENT ON PROCEDURE kpi.collect(text, text, text[], text[], boolean) IS
'Measures the indicators over every period that overlaps from_period to to_period. Both are labels such as 2011-11; to_period is from_period unless given. The results are stored in kpi.measurement: of all measured indicators that are not retired, or those given; for all units, or those given. A second call changes nothing. An indicator that fails is logged in kpi.run_step with its error and the others go on. Commits after each indicator unless commit_each is false, which a transaction block and a function need. Unknown words are errors before anything is written.';

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
'The same for the period of a grain that contains the day.';
