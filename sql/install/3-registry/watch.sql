-- Watched sources: which days were written, noted by triggers.

CREATE TABLE kpi_internal.watched (
	source text PRIMARY KEY,
	since timestamptz NOT NULL DEFAULT pg_catalog.statement_timestamp()
);

CREATE TABLE kpi_internal.watched_part (
	source text NOT NULL REFERENCES kpi_internal.watched ON DELETE CASCADE,
	relation oid NOT NULL,
	looks text NOT NULL,
	bound_column text,
	bound_days datemultirange,
	PRIMARY KEY (source, relation)
);

-- no key and no index: it is only ever appended to, and read whole
CREATE TABLE kpi_internal.change_log (
	relation oid NOT NULL,
	time_column text,
	days datemultirange
);

COMMENT ON TABLE kpi_internal.watched IS
'A table whose changes triggers report.';
COMMENT ON COLUMN kpi_internal.watched.source IS 'Its name, quoted, as indicators have it.';
COMMENT ON COLUMN kpi_internal.watched.since IS 'When it was first watched.';
COMMENT ON TABLE kpi_internal.watched_part IS
'A table that has rows of a watched one. It is itself, its partitions and children, and all above it.';
COMMENT ON COLUMN kpi_internal.watched_part.source IS 'The watched table.';
COMMENT ON COLUMN kpi_internal.watched_part.relation IS 'The part.';
COMMENT ON COLUMN kpi_internal.watched_part.looks IS
'File, columns and triggers as they were when changes were last taken in. '
'Where that is another now, rows may have come without a trigger.';
COMMENT ON COLUMN kpi_internal.watched_part.bound_column IS
'The column by whose ranges it is a partition; NULL where that is no time.';
COMMENT ON COLUMN kpi_internal.watched_part.bound_days IS
'The days that it may have, of UTC for a timestamp with time zone.';
COMMENT ON TABLE kpi_internal.change_log IS
'What was written to watched tables and is not taken in yet: a row a statement and time column.';
COMMENT ON COLUMN kpi_internal.change_log.relation IS 'The table that was written.';
COMMENT ON COLUMN kpi_internal.change_log.time_column IS
'The column that can say when; NULL where all rows are dirty.';
COMMENT ON COLUMN kpi_internal.change_log.days IS
'The days that the rows had in it, before and after, of UTC for a timestamp with time zone.';

-- What was noted and kept is of this database: restored rows are read anew.
SELECT pg_catalog.pg_extension_config_dump('kpi_internal.watched', '');

CREATE FUNCTION kpi_internal.note_change()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_note_change'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.note_change() IS
'Trigger: tells in kpi_internal.change_log which days the rows are of that a statement wrote.';

CREATE FUNCTION kpi_internal.forget_noted()
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_forget_noted'
	LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi_internal.forget_noted() IS
'Lets note_change() note again what it has noted in this transaction. Called before its rows are taken in.';

CREATE FUNCTION kpi_internal.parts_below(relation regclass)
	RETURNS SETOF oid
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH RECURSIVE below (part) AS (
		SELECT CAST(relation AS oid)
		UNION
		SELECT i.inhrelid FROM below AS b JOIN pg_inherits AS i ON i.inhparent = b.part
	)
	SELECT b.part FROM below AS b WHERE b.part IS NOT NULL
$$;
COMMENT ON FUNCTION kpi_internal.parts_below(regclass) IS
'A table, its partitions and the tables that inherit from it, at any depth. Nothing for NULL.';

CREATE FUNCTION kpi_internal.parts_above(relation regclass)
	RETURNS SETOF oid
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH RECURSIVE above (part) AS (
		SELECT i.inhparent FROM pg_inherits AS i WHERE i.inhrelid = relation
		UNION
		SELECT i.inhparent FROM above AS a JOIN pg_inherits AS i ON i.inhrelid = a.part
	)
	SELECT a.part FROM above AS a
$$;
COMMENT ON FUNCTION kpi_internal.parts_above(regclass) IS
'The tables that a table is a partition of or inherits from, at any height. Nothing for NULL.';

CREATE FUNCTION kpi_internal.has_triggers(relation oid)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	-- after (no 2) statements (no 1): 4 insert, 8 delete, 16 update, 32 truncate
	SELECT coalesce(bit_or(t.tgtype & 60) = 60 AND bool_and(t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgtype & 3 = 0), false)
	FROM pg_trigger AS t
	WHERE t.tgrelid = relation AND t.tgfoid = CAST('kpi_internal.note_change()' AS regprocedure)
$$;
COMMENT ON FUNCTION kpi_internal.has_triggers(oid) IS
'Whether a table has all the triggers of kpi.watch(), and each fires whoever writes.';

CREATE FUNCTION kpi_internal.unseen_reason(relation oid)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN c.relkind = 'v' THEN format('%s is a view', c.name)
		WHEN c.relkind = 'm' THEN format('%s is a materialized view', c.name)
		WHEN c.relkind = 'f' THEN format('%s is a foreign table', c.name)
		WHEN c.relpersistence <> 'p' THEN format('%s is unlogged, and is emptied after a crash', c.name)
		WHEN EXISTS (SELECT FROM pg_subscription_rel AS s WHERE s.srrelid = c.oid)
			THEN format('%s is written by a subscription', c.name)
		END
	FROM (SELECT p.oid, p.relkind, p.relpersistence, CAST(CAST(p.oid AS regclass) AS text) AS name
		  FROM pg_class AS p WHERE p.oid = relation) AS c
$$;
COMMENT ON FUNCTION kpi_internal.unseen_reason(oid) IS
'Why no trigger of a statement sees all that changes a table; NULL where it does.';

CREATE FUNCTION kpi_internal.partition_bound(relation oid, OUT bound_column text, OUT bound_days datemultirange)
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET TimeZone = 'UTC'
	SET DateStyle = 'ISO'
AS $$
DECLARE
	bound CONSTANT text[] := regexp_match((SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_class AS c WHERE c.oid = relation),
		'^FOR VALUES FROM [(](MINVALUE|''([^'']+)'')[)] TO [(](MAXVALUE|''([^'']+)'')[)]$');
BEGIN
	IF bound IS NULL THEN
		RETURN;
	END IF;
	SELECT a.attname INTO bound_column
	FROM pg_inherits AS i JOIN pg_partitioned_table AS p ON p.partrelid = i.inhparent
		JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
	WHERE i.inhrelid = relation AND p.partnatts = 1
		AND a.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype);
	IF bound_column IS NOT NULL THEN
		-- a bound within a day has it too
		bound_days := datemultirange(daterange(
			CAST(CAST(bound[2] AS timestamptz) AS date),
			CAST(CAST(bound[4] AS timestamptz) - interval '1 microsecond' AS date) + 1));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.partition_bound(oid) IS
'The days that a partition by ranges of one time column may have. NULL for other partitions and tables.';

CREATE FUNCTION kpi_internal.parts_now(relation regclass)
	RETURNS TABLE (part oid, looks text, is_seen boolean, bound_column text, bound_days datemultirange)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.oid,
		   concat_ws(' ', c.relfilenode,
			   -- what was changed and changed back was written anew
			   (SELECT string_agg(concat_ws(':', t.oid, t.xmin, t.tgenabled), ',' ORDER BY t.oid) FROM pg_trigger AS t
				WHERE t.tgrelid = c.oid AND t.tgfoid = CAST('kpi_internal.note_change()' AS regprocedure)),
			   (SELECT string_agg(concat_ws(':', a.attnum, a.atttypid, a.attname), ',' ORDER BY a.attnum) FROM pg_attribute AS a
				WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)),
		   kpi_internal.has_triggers(c.oid) AND kpi_internal.unseen_reason(c.oid) IS NULL,
		   b.bound_column, b.bound_days
	FROM (SELECT p FROM kpi_internal.parts_below(relation) AS p UNION SELECT p FROM kpi_internal.parts_above(relation) AS p) AS found (part)
		JOIN pg_class AS c ON c.oid = found.part
		CROSS JOIN LATERAL kpi_internal.partition_bound(c.oid) AS b
$$;
COMMENT ON FUNCTION kpi_internal.parts_now(regclass) IS
'The tables whose triggers tell of the rows of a table. '
'These are itself, all below and all above it, as they are now.';

CREATE FUNCTION kpi_internal.drop_triggers(relation oid)
	RETURNS void
	LANGUAGE plpgsql STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	name text;
BEGIN
	FOR name IN
		SELECT t.tgname FROM pg_trigger AS t
		WHERE t.tgrelid = relation AND t.tgfoid = CAST('kpi_internal.note_change()' AS regprocedure)
		ORDER BY t.tgname
	LOOP
		EXECUTE format('DROP TRIGGER %I ON %s', name, CAST(relation AS regclass));
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.drop_triggers(oid) IS
'Removes the triggers of kpi.watch() from one table, with the rights of the caller. Nothing happens for NULL.';

CREATE FUNCTION kpi_internal.make_triggers(relation oid)
	RETURNS void
	LANGUAGE plpgsql STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	watched CONSTANT regclass := CAST(relation AS regclass);
BEGIN
	IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = relation) THEN
		RETURN;
	END IF;
	PERFORM kpi_internal.drop_triggers(relation);
	EXECUTE format('CREATE TRIGGER kpi_watch_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS kpi_new
		FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.note_change()', watched);
	EXECUTE format('CREATE TRIGGER kpi_watch_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS kpi_old NEW TABLE AS kpi_new
		FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.note_change()', watched);
	EXECUTE format('CREATE TRIGGER kpi_watch_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS kpi_old
		FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.note_change()', watched);
	EXECUTE format('CREATE TRIGGER kpi_watch_truncate AFTER TRUNCATE ON %s
		FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.note_change()', watched);
	-- the rows of whoever loads them as a replica are noted too
	EXECUTE format('ALTER TABLE ONLY %s ENABLE ALWAYS TRIGGER kpi_watch_insert, ENABLE ALWAYS TRIGGER kpi_watch_update,
		ENABLE ALWAYS TRIGGER kpi_watch_delete, ENABLE ALWAYS TRIGGER kpi_watch_truncate', watched);
END
$$;
COMMENT ON FUNCTION kpi_internal.make_triggers(oid) IS
'Gives one table the triggers of kpi.watch(), with the rights of the caller. '
'Nothing happens for NULL, or where the table is there no more.';

-- Those who may not write our tables have made the triggers, which is all that is believed.
CREATE FUNCTION kpi_internal.keep_watched(relation regclass)
	RETURNS void
	LANGUAGE plpgsql STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	SET quote_all_identifiers = off
AS $$
DECLARE
	name CONSTANT text := kpi_internal.source_name(CAST(relation AS text), relation);
BEGIN
	IF NOT (SELECT bool_and(p.is_seen) FROM kpi_internal.parts_now(relation) AS p) THEN
		PERFORM kpi_internal.fail('55000', format('table %s has not all the triggers that watch it', name),
			format('Let kpi.watch() make them: SELECT kpi.watch(%L).', name));
	END IF;
	INSERT INTO kpi_internal.watched (source) VALUES (name) ON CONFLICT DO NOTHING;
	-- parts that are new are taken in as dirty
END
$$;
COMMENT ON FUNCTION kpi_internal.keep_watched(regclass) IS
'Takes a table that has the triggers of kpi.watch(), with all parts, into those that are watched. '
'Nothing happens for NULL.';

CREATE FUNCTION kpi_internal.drop_watched(source text)
	RETURNS boolean
	LANGUAGE plpgsql STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	relation CONSTANT regclass := to_regclass(source);
BEGIN
	IF EXISTS (SELECT FROM pg_trigger AS t
			   WHERE t.tgrelid = relation AND t.tgfoid = CAST('kpi_internal.note_change()' AS regprocedure)) THEN
		PERFORM kpi_internal.fail('55000', format('table %s has still triggers that watch it', source),
			format('Let kpi.unwatch() remove them: SELECT kpi.unwatch(%L).', source));
	END IF;
	DELETE FROM kpi_internal.watched AS w WHERE w.source = drop_watched.source;
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION kpi_internal.drop_watched(text) IS
'Takes a table that has none of the triggers any more, or is gone, out of those that are watched. '
'Says whether it was one. NULL for NULL.';

CREATE FUNCTION kpi_internal.is_watched_with(relation oid, source text)
	RETURNS boolean
	LANGUAGE sql STABLE STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT EXISTS (SELECT FROM kpi_internal.watched AS w CROSS JOIN kpi_internal.parts_now(to_regclass(w.source)) AS p
				   WHERE w.source <> is_watched_with.source AND p.part = relation)
$$;
COMMENT ON FUNCTION kpi_internal.is_watched_with(oid, text) IS
'Whether a table has rows of a watched one other than that. NULL for NULL.';

CREATE FUNCTION kpi_internal.watch_relation(relation regclass)
	RETURNS void
	LANGUAGE plpgsql STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	part record;
BEGIN
	FOR part IN
		SELECT p.part, p.is_seen, kpi_internal.unseen_reason(p.part) AS reason FROM kpi_internal.parts_now(relation) AS p ORDER BY p.part
	LOOP
		IF part.reason IS NOT NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = '0A000',
				MESSAGE = format('source "%s" cannot be watched: %s', relation, part.reason),
				DETAIL = 'No trigger sees what changes there.',
				HINT = 'Name the periods that may have changed: CALL kpi.collect(''2011-11'', ''2011-12''). Of a view, watch and measure the table beneath it.';
		END IF;
		IF NOT part.is_seen THEN
			PERFORM kpi_internal.make_triggers(part.part);
		END IF;
	END LOOP;
	PERFORM kpi_internal.keep_watched(relation);
END
$$;
COMMENT ON FUNCTION kpi_internal.watch_relation(regclass) IS
'Makes what lacks of the triggers that watch a table, and keeps it as watched. Nothing happens for NULL.';

CREATE FUNCTION kpi_internal.unwatch_relation(relation regclass, source text)
	RETURNS boolean
	LANGUAGE plpgsql STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.drop_triggers(p) FROM kpi_internal.parts_below(relation) AS p;
	PERFORM kpi_internal.drop_triggers(p) FROM kpi_internal.parts_above(relation) AS p
	WHERE NOT kpi_internal.is_watched_with(p, source);
	RETURN kpi_internal.drop_watched(source);
END
$$;
COMMENT ON FUNCTION kpi_internal.unwatch_relation(regclass, text) IS
'Removes the triggers that watch a table, and what is kept of it. Says whether it was watched. NULL for NULL.';

-- no SET: the source is looked up as the caller would
CREATE FUNCTION kpi.watch(source text)
	RETURNS text
	LANGUAGE plpgsql
AS $$
DECLARE
	relation CONSTANT pg_catalog.regclass := kpi_internal.resolve_source(source);
	name text;
BEGIN
	PERFORM kpi_internal.require_value('source', source);
	name := kpi_internal.source_name(source, relation);
	IF kpi_internal.time_columns(name) OPERATOR(pg_catalog.=) '' THEN
		PERFORM kpi_internal.fail('22023',
			pg_catalog.format('source "%s" has no column that can say when', source),
			'Changes are reported by day: give it a column of type date, timestamp or timestamp with time zone.');
	END IF;
	PERFORM kpi_internal.watch_relation(relation);
	RETURN name;
END
$$;
COMMENT ON FUNCTION kpi.watch(text) IS
'Watches a table, so that collecting reads only the days that were written since. '
'Makes triggers on it, its partitions and all above and below it; they tell which days the rows are of that a '
'statement inserts, updates, deletes or copies, and of TRUNCATE. The owner of the table calls it, again after it got '
'a partition that a collector who is not the owner has to read. Returns the name of the table; one that is watched '
'stays so. Errors: no such table, one without a column of a time type, a view, foreign, unlogged or subscribed '
'table, or such a partition.';

CREATE FUNCTION kpi.unwatch(source text)
	RETURNS boolean
	LANGUAGE plpgsql
AS $$
DECLARE
	relation CONSTANT pg_catalog.regclass := kpi_internal.resolve_source(source);
BEGIN
	PERFORM kpi_internal.require_value('source', source);
	IF relation IS NULL THEN
		RETURN kpi_internal.drop_watched(source);
	END IF;
	RETURN kpi_internal.unwatch_relation(relation, kpi_internal.source_name(source, relation));
END
$$;
COMMENT ON FUNCTION kpi.unwatch(text) IS
'Watches a table no longer: removes the triggers of kpi.watch() and what was kept of its rows. '
'Its measurements stay. The owner of the table calls it. Returns whether it was watched; false, too, for a table '
'that is gone and was not.';
