-- Collecting from watched sources: what was noted of changes is taken in, only
-- dirty days are read again, and the states of days are kept.

CREATE TABLE kpi_internal.reading (
	reading bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	source text NOT NULL REFERENCES kpi_internal.watched ON DELETE CASCADE,
	time_column text NOT NULL,
	time_zone text NOT NULL,
	definition text NOT NULL,
	places numeric,
	dirty datemultirange NOT NULL DEFAULT '{(,)}'
);
CREATE INDEX reading_source_idx ON kpi_internal.reading (source);

CREATE TABLE kpi_internal.reading_member (
	indicator kpi.key PRIMARY KEY REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	reading bigint NOT NULL REFERENCES kpi_internal.reading ON DELETE CASCADE,
	due datemultirange NOT NULL DEFAULT '{(,)}',
	uncombined datemultirange NOT NULL DEFAULT '{}'
);
CREATE INDEX reading_member_reading_idx ON kpi_internal.reading_member (reading);

CREATE TABLE kpi_internal.kept (
	reading bigint NOT NULL REFERENCES kpi_internal.reading ON DELETE CASCADE,
	day date NOT NULL,
	part integer NOT NULL,
	cells bytea NOT NULL,
	PRIMARY KEY (reading, day, part)
);
-- compressing takes longer than merging
ALTER TABLE kpi_internal.kept ALTER COLUMN cells SET STORAGE EXTERNAL;

COMMENT ON TABLE kpi_internal.reading IS
'Indicators over a watched source whose states of days are kept together.';
COMMENT ON COLUMN kpi_internal.reading.reading IS 'Number.';
COMMENT ON COLUMN kpi_internal.reading.source IS 'The watched source.';
COMMENT ON COLUMN kpi_internal.reading.time_column IS 'The column that says which day a row is of.';
COMMENT ON COLUMN kpi_internal.reading.time_zone IS 'The zone of those days.';
COMMENT ON COLUMN kpi_internal.reading.definition IS
'What the states were made by: where it is another now they are of no use.';
COMMENT ON COLUMN kpi_internal.reading.places IS
'Units, trees and grains that the states were merged by. Where they are others now, all is merged again.';
COMMENT ON COLUMN kpi_internal.reading.dirty IS 'The days whose states have to be read again.';
COMMENT ON SEQUENCE kpi_internal.reading_reading_seq IS 'Numbers of readings.';
COMMENT ON TABLE kpi_internal.reading_member IS
'An indicator of a reading.';
COMMENT ON COLUMN kpi_internal.reading_member.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi_internal.reading_member.reading IS 'The reading.';
COMMENT ON COLUMN kpi_internal.reading_member.due IS 'The days that have changed since its values were stored.';
COMMENT ON COLUMN kpi_internal.reading_member.uncombined IS
'The days whose values were stored, but not combined yet: a collection that died left them.';
COMMENT ON TABLE kpi_internal.kept IS
'The states of a day. It holds sums and sets of the rows of the owner, so it is granted to those who collect alone.';
COMMENT ON COLUMN kpi_internal.kept.reading IS 'The reading.';
COMMENT ON COLUMN kpi_internal.kept.day IS 'The day in the zone of the reading; infinity for rows without a time.';
COMMENT ON COLUMN kpi_internal.kept.part IS 'Number of the package, from 1.';
COMMENT ON COLUMN kpi_internal.kept.cells IS
'Cells of the day, each with what names its units, its numbers of rows and its states.';

CREATE FUNCTION kpi_internal.read_days(indicators text[], days datemultirange)
	RETURNS TABLE (day date, part integer, cells bytea)
	AS 'MODULE_PATHNAME', 'kpi_read_days'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 100000 ROWS 1000;
COMMENT ON FUNCTION kpi_internal.read_days(text[], datemultirange) IS
'The states of indicators that are measured together, of days as their rows are now. '
'Those of the rows without a time are of the day infinity. No rows for NULL; more than 32 stretches of days are an '
'error.';

CREATE FUNCTION kpi_internal.unkept_reason(indicator text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_unkept_reason'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION kpi_internal.unkept_reason(text) IS
'What lets the values of an indicator change though no row of its source is written. '
'That is the clock, other tables or row security; NULL where nothing does, and for NULL.';

CREATE FUNCTION kpi_internal.local_days(days datemultirange, time_zone text)
	RETURNS datemultirange
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(range_agg(daterange(
			CAST((CAST(lower(r) AS timestamp) AT TIME ZONE 'UTC') AT TIME ZONE time_zone AS date),
			CAST((CAST(upper(r) AS timestamp) AT TIME ZONE 'UTC') AT TIME ZONE time_zone - interval '1 microsecond' AS date) + 1)), '{}')
	FROM unnest(days * datemultirange(daterange('0001-01-01', '10000-01-01'))) AS r
$$;
COMMENT ON FUNCTION kpi_internal.local_days(datemultirange, text) IS
'The days of a zone that days of UTC lie in, of the years that periods have. None for NULL.';

CREATE FUNCTION kpi_internal.has_zone(source text, time_column text)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	-- a domain may be over one that has
	SELECT coalesce((SELECT a.atttypid <> ALL ('{date,timestamp}'::regtype[]) FROM pg_attribute AS a
					 WHERE a.attrelid = to_regclass(source) AND a.attname = time_column), true)
$$;
COMMENT ON FUNCTION kpi_internal.has_zone(text, text) IS
'Whether the day of a value of a column depends on the zone.';

CREATE FUNCTION kpi_internal.mend_parts()
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	part record;
BEGIN
	FOR part IN
		SELECT DISTINCT ON (p.part) p.part, w.source, pg_has_role(c.relowner, 'USAGE') AND kpi_internal.unseen_reason(p.part) IS NULL AS may
		FROM kpi_internal.watched AS w CROSS JOIN LATERAL kpi_internal.parts_now(to_regclass(w.source)) AS p
			JOIN pg_class AS c ON c.oid = p.part
		WHERE NOT p.is_seen
		ORDER BY p.part
	LOOP
		IF part.may THEN
			PERFORM kpi_internal.make_triggers(part.part);
		ELSE
			RAISE WARNING USING
				MESSAGE = format('kpi: nothing tells of changes of %s, so all of source %s is read', CAST(part.part AS regclass), part.source),
				HINT = format('The owner of the table can mend that: SELECT kpi.watch(%L);', part.source);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.mend_parts() IS
'Gives the parts of watched sources that lack triggers theirs where the caller may. Warns of the others.';

-- One statement, so that what is removed is what was read; the readings that it
-- marks are locked by those who collect from them.
CREATE FUNCTION kpi_internal.take_changes()
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM kpi_internal.watched) AND NOT EXISTS (SELECT FROM kpi_internal.change_log) THEN
		RETURN;
	END IF;
	PERFORM kpi_internal.lock_key('kpi_internal.watched', '');
	PERFORM kpi_internal.mend_parts();
	PERFORM kpi_internal.forget_noted();
	WITH part AS MATERIALIZED (
		SELECT w.source, p.*
		FROM kpi_internal.watched AS w CROSS JOIN LATERAL kpi_internal.parts_now(to_regclass(w.source)) AS p
	), gone AS (
		DELETE FROM kpi_internal.change_log RETURNING relation, time_column, days
	), old_part AS (
		DELETE FROM kpi_internal.watched_part AS k
		WHERE NOT EXISTS (SELECT FROM part AS p WHERE p.source = k.source AND p.part = k.relation)
		RETURNING k.source, k.bound_column, k.bound_days
	), new_part AS (
		INSERT INTO kpi_internal.watched_part AS k (source, relation, looks, bound_column, bound_days)
		SELECT p.source, p.part, p.looks, p.bound_column, p.bound_days FROM part AS p
		ON CONFLICT ON CONSTRAINT watched_part_pkey DO UPDATE
		SET looks = excluded.looks, bound_column = excluded.bound_column, bound_days = excluded.bound_days
		WHERE (k.looks, k.bound_column, k.bound_days) IS DISTINCT FROM (excluded.looks, excluded.bound_column, excluded.bound_days)
		RETURNING 1
	), change AS MATERIALIZED (
		-- of the rows of a part, noted by its triggers; days NULL is all
		SELECT k.source, g.time_column, g.days, false AS others
		FROM gone AS g JOIN kpi_internal.watched_part AS k ON k.relation = g.relation
		UNION ALL
		-- detached, attached: known by their bounds; others is whether that is all for another time column
		SELECT o.source, o.bound_column, o.bound_days, true FROM old_part AS o
		UNION ALL
		SELECT p.source, p.bound_column, CASE WHEN p.is_seen THEN p.bound_days END, true FROM part AS p
		WHERE NOT EXISTS (SELECT FROM kpi_internal.watched_part AS k WHERE k.source = p.source AND k.relation = p.part)
		UNION ALL
		SELECT p.source, NULL, NULL, true
		FROM part AS p JOIN kpi_internal.watched_part AS k ON k.source = p.source AND k.relation = p.part
		WHERE NOT p.is_seen OR (k.looks, k.bound_column, k.bound_days) IS DISTINCT FROM (p.looks, p.bound_column, p.bound_days)
	), marked AS MATERIALIZED (
		SELECT r.reading,
			   range_agg(CASE WHEN c.days IS NULL OR c.time_column <> r.time_column THEN '{(,)}'
							  WHEN kpi_internal.has_zone(r.source, r.time_column) THEN kpi_internal.local_days(c.days, r.time_zone)
							  ELSE c.days END) AS days
		FROM kpi_internal.reading AS r JOIN change AS c ON c.source = r.source
		WHERE c.others OR c.days IS NULL OR c.time_column = r.time_column
		GROUP BY r.reading
	), dirtied AS (
		UPDATE kpi_internal.reading AS r SET dirty = r.dirty + m.days FROM marked AS m WHERE m.reading = r.reading
		RETURNING r.reading, m.days
	)
	UPDATE kpi_internal.reading_member AS m SET due = m.due + d.days FROM dirtied AS d WHERE d.reading = m.reading;
END
$$;
COMMENT ON FUNCTION kpi_internal.take_changes() IS
'Takes in what was reported of watched sources. The days that were written become dirty in each reading of the source, '
'all of them where rows may have come without a trigger, and the rows of the log that were read are removed.';

CREATE FUNCTION kpi_internal.reading_definition(indicators text[])
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
	RETURN (
		SELECT concat_ws(' ', (SELECT e.extversion FROM pg_extension AS e WHERE e.extname = 'kpi'),
						 jsonb_agg(jsonb_build_array(i.indicator, kpi_internal.measured_together(i),
													 kpi_internal.measured_alike(i, w.windows),
													 i.filter, i.numerator, i.denominator)
								   ORDER BY i.indicator COLLATE "C"))
		FROM kpi.indicator AS i LEFT JOIN kpi_internal.windows_to_measure(indicators) AS w ON w.indicator = i.indicator
		WHERE i.indicator = ANY (indicators));
END
$$;
COMMENT ON FUNCTION kpi_internal.reading_definition(text[]) IS
'What decides which states are kept for indicators.';

CREATE FUNCTION kpi_internal.places_now()
	RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	-- the order of rows does not matter
	SELECT (SELECT coalesce(sum(hashtextextended(concat_ws(' ', u.unit, u.dimension, u.source_value, u.valid), 1)), 0) FROM kpi.unit AS u)
		 + (SELECT coalesce(sum(hashtextextended(concat_ws(' ', p.unit, p.parent, p.valid), 2)), 0) FROM kpi.unit_parent AS p)
		 + (SELECT coalesce(sum(hashtextextended(CAST(g AS text), 3)), 0) FROM kpi.grain AS g)
$$;
COMMENT ON FUNCTION kpi_internal.places_now() IS
'A number for the units, their trees and the grains: another one once they have changed.';

CREATE FUNCTION kpi_internal.members_of(reading bigint)
	RETURNS text[]
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (SELECT array_agg(CAST(m.indicator AS text) ORDER BY m.indicator COLLATE "C")
			FROM kpi_internal.reading_member AS m WHERE m.reading = members_of.reading);
END
$$;
COMMENT ON FUNCTION kpi_internal.members_of(bigint) IS
'The indicators of a reading, in the order of their keys. NULL for NULL.';

CREATE FUNCTION kpi_internal.may_be_kept(indicator text)
	RETURNS boolean
	LANGUAGE plpgsql STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN kpi_internal.unkept_reason(indicator) IS NULL;
EXCEPTION WHEN OTHERS THEN
	-- what is wrong with it is reported when it is collected
	RETURN true;
END
$$;
COMMENT ON FUNCTION kpi_internal.may_be_kept(text) IS
'Whether the values of an indicator rest on its rows alone, as far as is known. NULL for NULL.';

CREATE FUNCTION kpi_internal.kept_of(indicators text[])
	RETURNS TABLE (indicator text, reading bigint)
	LANGUAGE plpgsql ROWS 10
	SET search_path = pg_catalog, pg_temp
	SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH asked AS MATERIALIZED (
		SELECT CAST(i.indicator AS text) AS indicator, m.reading
		FROM kpi.indicator AS i JOIN kpi_internal.watched AS w ON w.source = i.source
			LEFT JOIN kpi_internal.reading_member AS m ON m.indicator = i.indicator
		WHERE i.indicator = ANY (indicators) AND i.time_column IS NOT NULL
	), valid AS MATERIALIZED (
		SELECT r.reading FROM kpi_internal.reading AS r
		WHERE r.reading IN (SELECT a.reading FROM asked AS a)
			AND r.definition = kpi_internal.reading_definition(kpi_internal.members_of(r.reading))
	)
	SELECT a.indicator, coalesce(v.reading, 0)
	FROM asked AS a LEFT JOIN valid AS v ON v.reading = a.reading
	WHERE v.reading IS NOT NULL OR kpi_internal.may_be_kept(a.indicator);
END
$$;
COMMENT ON FUNCTION kpi_internal.kept_of(text[]) IS
'Those of the indicators whose states are kept, with the reading that keeps them. '
'0 where there will be one. Left out are those whose source is not watched, or whose values do not rest on its rows '
'alone. No rows for NULL.';

CREATE FUNCTION kpi_internal.kept_by(indicator text)
	RETURNS bigint
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT k.reading FROM kpi_internal.kept_of(ARRAY[kept_by.indicator]) AS k
$$;
COMMENT ON FUNCTION kpi_internal.kept_by(text) IS
'The reading that keeps the states of an indicator, as kpi_internal.kept_of() gives it. '
'NULL where its source is not watched, or its values do not rest on its rows alone.';

CREATE FUNCTION kpi_internal.changes_list(indicators text[], OUT members text[], OUT others text[])
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(array_agg(n.indicator ORDER BY n.place) FILTER (WHERE k.indicator IS NOT NULL), '{}'),
		   coalesce(array_agg(n.indicator ORDER BY n.place) FILTER (WHERE k.indicator IS NULL), '{}')
	FROM unnest(indicators) WITH ORDINALITY AS n (indicator, place)
		LEFT JOIN kpi_internal.kept_of(indicators) AS k ON k.indicator = n.indicator
$$;
COMMENT ON FUNCTION kpi_internal.changes_list(text[]) IS
'Indicators whose changes are reported, and the others among those given.';

CREATE FUNCTION kpi_internal.require_changes(indicators text[])
	RETURNS text[]
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	told CONSTANT record := kpi_internal.changes_list(kpi_internal.collect_list(indicators));
BEGIN
	IF cardinality(told.members) = 0 OR indicators IS NOT NULL AND cardinality(told.others) > 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = '22023',
			MESSAGE = coalesce(format('nothing tells which periods of indicator "%s" have changed', told.others[1]), 'there is no measured indicator to collect'),
			DETAIL = kpi_internal.untold_reason(told.others[1]),
			HINT = 'Name the periods, as in CALL kpi.collect(''2011-11'', ''2011-12''), or watch the source: SELECT kpi.watch(''schema.table'').';
	ELSIF cardinality(told.others) > 0 THEN
		RAISE NOTICE USING
			MESSAGE = format('kpi: passed over, as nothing tells which of their periods have changed: %s', array_to_string(told.others, ', ')),
			HINT = 'Name the periods for them, or watch their sources.';
	END IF;
	RETURN told.members;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_changes(text[]) IS
'The indicators among those given whose changes are reported. '
'Without any, and for a given one that is none, an error; others are passed over with a NOTICE.';

CREATE FUNCTION kpi_internal.untold_reason(indicator text)
	RETURNS text
	LANGUAGE plpgsql STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	definition kpi.indicator;
BEGIN
	SELECT * INTO definition FROM kpi.indicator AS i WHERE i.indicator = untold_reason.indicator;
	IF definition.time_column IS NULL THEN
		RETURN 'Its source is a snapshot, which counts for the periods that have today.';
	ELSIF NOT EXISTS (SELECT FROM kpi_internal.watched AS w WHERE w.source = definition.source) THEN
		RETURN format('Its source %s is not watched.', definition.source);
	END IF;
	RETURN format('Its values do not rest on the rows of %s alone: it has %s.', definition.source, kpi_internal.unkept_reason(indicator));
END
$$;
COMMENT ON FUNCTION kpi_internal.untold_reason(text) IS
'Why the changes of an indicator are not reported, as a sentence. NULL for NULL.';

-- Made under the lock under which changes are taken in: none is lost to a reading that nobody sees yet.
CREATE FUNCTION kpi_internal.make_reading(indicators text[])
	RETURNS bigint
	LANGUAGE plpgsql STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	result bigint;
BEGIN
	PERFORM kpi_internal.lock_key('kpi_internal.watched', '');
	DELETE FROM kpi_internal.reading AS r USING kpi_internal.reading_member AS m
	WHERE m.reading = r.reading AND m.indicator = ANY (indicators);
	INSERT INTO kpi_internal.reading (source, time_column, time_zone, definition)
	SELECT i.source, i.time_column, i.time_zone, kpi_internal.reading_definition(indicators)
	FROM kpi.indicator AS i WHERE i.indicator = indicators[1]
	RETURNING reading INTO result;
	INSERT INTO kpi_internal.reading_member (indicator, reading) SELECT i, result FROM unnest(indicators) AS i;
	RETURN result;
END
$$;
COMMENT ON FUNCTION kpi_internal.make_reading(text[]) IS
'Begins to keep the states of indicators that are measured together. '
'What was kept of any of them goes. Returns the number of the reading; NULL for NULL.';

CREATE FUNCTION kpi_internal.open_reading(indicators text[], kept_by bigint, by_itself boolean)
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	now CONSTANT numeric := kpi_internal.places_now();
	result bigint := nullif(kept_by, 0);
	opened kpi_internal.reading;
BEGIN
	IF result IS NULL OR NOT indicators <@ kpi_internal.members_of(result)
		OR by_itself AND kpi_internal.members_of(result) <> indicators THEN
		result := kpi_internal.make_reading(indicators);
	END IF;
	-- nobody marks it meanwhile
	SELECT * INTO opened FROM kpi_internal.reading AS r WHERE r.reading = result FOR UPDATE;
	IF NOT FOUND THEN
		result := kpi_internal.make_reading(indicators);
	END IF;
	IF opened.places IS DISTINCT FROM now THEN
		UPDATE kpi_internal.reading AS r SET places = now WHERE r.reading = result;
		UPDATE kpi_internal.reading_member AS m SET due = '{(,)}' WHERE m.reading = result;
	END IF;
	RETURN result;
END
$$;
COMMENT ON FUNCTION kpi_internal.open_reading(text[], bigint, boolean) IS
'The reading that keeps the states of indicators measured together, locked until the transaction ends. '
'It is the one that kpi_internal.kept_by() gives for the first of them. '
'It is begun where there is none, or where it has others and it is to be alone. Where units or grains are others '
'than before, all values are due.';

CREATE FUNCTION kpi_internal.join_days(days datemultirange, most integer)
	RETURNS datemultirange
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH stretch AS (
		SELECT r, lower(r) - lag(upper(r)) OVER (ORDER BY r) AS gap FROM unnest(days) AS r
	), parted AS (
		SELECT s.r, s.gap IS NULL OR row_number() OVER (ORDER BY s.gap DESC NULLS FIRST, s.r) <= most AS begins FROM stretch AS s
	), numbered AS (
		SELECT p.r, count(*) FILTER (WHERE p.begins) OVER (ORDER BY p.r) AS number FROM parted AS p
	)
	SELECT coalesce(range_agg(j.r), '{}')
	FROM (SELECT daterange(CASE WHEN NOT bool_or(lower_inf(n.r)) THEN min(lower(n.r)) END,
						   CASE WHEN NOT bool_or(upper_inf(n.r)) THEN max(upper(n.r)) END) AS r
		  FROM numbered AS n GROUP BY n.number) AS j
$$;
COMMENT ON FUNCTION kpi_internal.join_days(datemultirange, integer) IS
'Days, and those of the smallest gaps between them, in so many stretches at most. None for NULL.';

CREATE FUNCTION kpi_internal.refresh_reading(reading bigint)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days CONSTANT datemultirange := (SELECT kpi_internal.join_days(r.dirty, 32) FROM kpi_internal.reading AS r
									 WHERE r.reading = refresh_reading.reading);
BEGIN
	IF isempty(days) THEN
		RETURN;
	END IF;
	DELETE FROM kpi_internal.kept AS k
	WHERE k.reading = refresh_reading.reading AND (days @> k.day OR k.day = 'infinity');
	INSERT INTO kpi_internal.kept (reading, day, part, cells)
	SELECT refresh_reading.reading, d.day, d.part, d.cells
	FROM kpi_internal.read_days(kpi_internal.members_of(refresh_reading.reading), days) AS d;
	UPDATE kpi_internal.reading AS r SET dirty = '{}' WHERE r.reading = refresh_reading.reading;
END
$$;
COMMENT ON FUNCTION kpi_internal.refresh_reading(bigint) IS
'Reads the states of the days of a reading that are dirty, with the rows as they are now. Nothing happens for NULL.';

CREATE FUNCTION kpi_internal.due_stretches(reading bigint, indicators text[])
	RETURNS SETOF daterange
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	WITH stored AS NOT MATERIALIZED (
		SELECT m.indicator, m.grain, m.period_start, m.provisional FROM kpi.measurement AS m
		WHERE m.indicator = ANY (indicators) AND m.origin = 'rows'
		UNION ALL
		SELECT v.indicator, v.grain, v.period_start, v.provisional FROM kpi_internal.own_value AS v
		WHERE v.indicator = ANY (indicators)
	), due AS MATERIALIZED (
		SELECT r FROM kpi_internal.reading_member AS m CROSS JOIN unnest(m.due * datemultirange(daterange('0001-01-01', '10000-01-01'))) AS r
		WHERE m.indicator = ANY (indicators)
	), day AS (
		SELECT d.r FROM due AS d WHERE upper(d.r) - lower(d.r) <= 1000
		UNION ALL
		-- of many days those on which there is something, or was when values were stored
		SELECT daterange(k.day, k.day + 1) FROM kpi_internal.kept AS k
		WHERE k.reading = due_stretches.reading AND EXISTS (SELECT FROM due AS d WHERE upper(d.r) - lower(d.r) > 1000 AND d.r @> k.day)
		UNION ALL
		SELECT daterange(s.period_start, s.period_start + 1)
		FROM (SELECT DISTINCT s.grain, s.period_start FROM stored AS s
			  WHERE EXISTS (SELECT FROM due AS d WHERE upper(d.r) - lower(d.r) > 1000)) AS s
		WHERE EXISTS (SELECT FROM due AS d WHERE upper(d.r) - lower(d.r) > 1000 AND d.r && kpi_internal.period_days(s.grain, s.period_start))
		UNION ALL
		-- over by now, so no longer provisional
		SELECT daterange(s.period_start, s.period_start + 1)
		FROM (SELECT DISTINCT s.indicator, s.grain, s.period_start FROM stored AS s WHERE s.provisional) AS s
			JOIN kpi.indicator AS i ON i.indicator = s.indicator
		WHERE clock_timestamp() >= kpi_internal.settled_at(s.grain, s.period_start, i.time_zone, i.settle_after)
	), stretch AS (
		SELECT d.r, lower(d.r) - max(upper(d.r)) OVER (ORDER BY lower(d.r), upper(d.r) ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gap
		FROM day AS d
	), numbered AS (
		-- periods are a year long at most, most often
		SELECT s.r, count(*) FILTER (WHERE s.gap > 366) OVER (ORDER BY lower(s.r), upper(s.r)) AS number FROM stretch AS s
	)
	SELECT daterange(min(lower(n.r)), max(upper(n.r))) FROM numbered AS n GROUP BY n.number ORDER BY 1;
END
$$;
COMMENT ON FUNCTION kpi_internal.due_stretches(bigint, text[]) IS
'The days of which values of indicators are due, in stretches that are more than a year apart.';

CREATE FUNCTION kpi_internal.store_stretch(reading bigint, indicators text[], days daterange, units text[])
	RETURNS TABLE (indicator text, measurements integer, changed integer, source_rows bigint, unassigned_rows bigint,
				   untimed_rows bigint, kept integer, time_zone text, days_read daterange)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY SELECT * FROM kpi_internal.store_measurements(indicators, lower(days), upper(days), units, reading);
	UPDATE kpi_internal.reading_member AS m
	SET due = CASE WHEN units IS NULL THEN m.due - datemultirange(days) ELSE m.due END, uncombined = m.uncombined + datemultirange(days)
	WHERE m.indicator = ANY (indicators);
END
$$;
COMMENT ON FUNCTION kpi_internal.store_stretch(bigint, text[], daterange, text[]) IS
'Stores what kept states give for a stretch of days. It is no longer due where all units are stored.';

CREATE FUNCTION kpi_internal.store_kept(indicators text[], from_date date, to_date date, units text[], kept_by bigint,
										by_itself boolean)
	RETURNS TABLE (indicator text, measurements integer, changed integer, source_rows bigint, unassigned_rows bigint,
				   untimed_rows bigint, kept integer, time_zone text, days daterange)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	reading CONSTANT bigint := kpi_internal.open_reading(indicators, kept_by, by_itself);
	stretches daterange[];
BEGIN
	PERFORM kpi_internal.refresh_reading(reading);
	stretches := CASE WHEN from_date IS NULL THEN ARRAY(SELECT kpi_internal.due_stretches(reading, indicators))
					  ELSE ARRAY[daterange(from_date, to_date)] END;
	RETURN QUERY
	WITH stored AS MATERIALIZED (
		SELECT s.* FROM unnest(stretches) AS d (days) CROSS JOIN LATERAL kpi_internal.store_stretch(reading, indicators, d.days, units) AS s
	)
	SELECT CAST(i.indicator AS text), CAST(coalesce(sum(s.measurements), 0) AS integer), CAST(coalesce(sum(s.changed), 0) AS integer),
		   CAST(coalesce(sum(s.source_rows), 0) AS bigint), CAST(coalesce(sum(s.unassigned_rows), 0) AS bigint),
		   coalesce(max(s.untimed_rows), 0), CAST(coalesce(sum(s.kept), 0) AS integer), i.time_zone,
		   range_merge(range_agg(s.days_read))
	FROM kpi.indicator AS i LEFT JOIN stored AS s ON s.indicator = i.indicator
	WHERE i.indicator = ANY (indicators)
	GROUP BY i.indicator, i.time_zone
	ORDER BY i.indicator COLLATE "C";
	IF from_date IS NULL AND units IS NULL THEN
		UPDATE kpi_internal.reading_member AS m SET due = '{}' WHERE m.indicator = ANY (indicators);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.store_kept(text[], date, date, text[], bigint, boolean) IS
'Does what kpi_internal.store_measurements() does, for indicators over a watched source. '
'Only dirty days are read, and the values come of kept states. Without days those of all that is due.';

CREATE FUNCTION kpi_internal.combine_collected(indicators text[], days daterange)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	all_days CONSTANT daterange := (
		SELECT range_merge(range_agg(d.days)) FROM (
			SELECT datemultirange(combine_collected.days)
			UNION ALL
			SELECT m.uncombined FROM kpi_internal.reading_member AS m
			WHERE indicators IS NULL OR m.indicator = ANY (indicators)) AS d (days));
BEGIN
	IF NOT isempty(all_days) THEN
		PERFORM kpi_internal.combine_values(indicators, all_days);
		UPDATE kpi_internal.reading_member AS m SET uncombined = '{}'
		WHERE (indicators IS NULL OR m.indicator = ANY (indicators)) AND m.uncombined <> '{}';
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.combine_collected(text[], daterange) IS
'Combines what was collected (NULL: with all there is), and what a collection that died has left. '
'Nothing happens where there is neither.';

CREATE FUNCTION kpi_internal.store_actuals(indicators text[], from_date date, to_date date, units text[], by_itself boolean)
	RETURNS TABLE (indicator text, measurements integer, changed integer, source_rows bigint, unassigned_rows bigint,
				   untimed_rows bigint, kept integer, time_zone text, days daterange)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	reading CONSTANT bigint := kpi_internal.kept_by(indicators[1]);
BEGIN
	IF reading IS NULL THEN
		RETURN QUERY SELECT * FROM kpi_internal.store_measurements(indicators, from_date, to_date, units);
	ELSE
		RETURN QUERY SELECT * FROM kpi_internal.store_kept(indicators, from_date, to_date, units, reading, by_itself);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.store_actuals(text[], date, date, text[], boolean) IS
'Measures and stores: from kept states where the source is watched, else from its rows.';
