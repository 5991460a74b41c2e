-- A version that never was: what is there now, made older by one statement of each
-- kind, with the statements of an upgrade that undo it and what is said of an
-- upgrade that forgets them. The first object that will do is taken.
CREATE TABLE upgrade.made_up (older text, upgrade text, about text, object text, said text);

-- functions that nothing uses, each for one purpose
CREATE TEMP VIEW lone AS
SELECT p.oid, p.oid::regprocedure AS signature, provolatile, procost,
	row_number() OVER (ORDER BY p.oid::regprocedure::text COLLATE "C") AS n
FROM pg_proc AS p JOIN pg_language AS l ON l.oid = prolang
WHERE pronamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND prokind = 'f' AND lanname = 'plpgsql'
	AND proconfig IS NOT NULL AND obj_description(p.oid, 'pg_proc') IS NOT NULL
  AND NOT EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_proc'::regclass AND refobjid = p.oid);

-- columns at the end of a table that nothing uses but their comment
CREATE TEMP VIEW last_column AS
SELECT c.oid::regclass AS tab, attname AS col, col_description(c.oid, attnum) AS said,
	concat_ws(' ', format_type(atttypid, atttypmod),
	CASE WHEN attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(adbin, adrelid)) AS definition
FROM pg_class AS c JOIN pg_attribute AS a ON attrelid = c.oid LEFT JOIN pg_attrdef ON adrelid = c.oid
	AND adnum = attnum
WHERE relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND relkind = 'r' AND NOT attisdropped
	AND attnum = relnatts AND col_description(c.oid, attnum) IS NOT NULL
  AND NOT EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_class'::regclass AND refobjid = c.oid
	AND refobjsubid = attnum AND classid <> 'pg_attrdef'::regclass)
  AND NOT EXISTS (SELECT FROM upgrade.fresh WHERE name LIKE 'row of ' || c.oid::regclass || ':%')
ORDER BY 1 LIMIT 1;

CREATE TEMP VIEW checked AS
SELECT conrelid::regclass AS tab, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE contype = 'c' AND obj_description(oid, 'pg_constraint') IS NULL
	AND connamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND conrelid <> 0 ORDER BY 1, 2 LIMIT 1;

CREATE TEMP VIEW triggered AS
SELECT tgrelid::regclass AS tab, tgname AS name, pg_get_triggerdef(t.oid) AS definition,
	obj_description(t.oid, 'pg_trigger') AS said
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid WHERE NOT tgisinternal AND tgenabled = 'O'
	AND relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) ORDER BY 1, 2 LIMIT 1;

CREATE TEMP VIEW seen AS
SELECT oid::regclass AS view, row_number() OVER (ORDER BY relname) AS n FROM pg_class
WHERE relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND relkind = 'v'
	AND reloptions IS NOT NULL;

INSERT INTO upgrade.made_up
SELECT format('DROP FUNCTION %s', signature), format('%s; COMMENT ON FUNCTION %s IS %L', pg_get_functiondef(oid),
	signature, obj_description(oid, 'pg_proc')),
	signature::text, 'function ' || signature, 'is missing' FROM lone WHERE n = 1
UNION ALL SELECT format('COMMENT ON FUNCTION %s IS NULL', signature),
	format('COMMENT ON FUNCTION %s IS %L', signature, obj_description(oid, 'pg_proc')),
	signature::text, 'comment on function ' || signature, 'is missing' FROM lone WHERE n = 2
UNION ALL SELECT format('ALTER FUNCTION %s COST 7 %s', signature,
	CASE provolatile WHEN 'v' THEN 'STABLE' ELSE 'VOLATILE' END),
	format('ALTER FUNCTION %s COST %s %s', signature, procost,
		CASE provolatile WHEN 'v' THEN 'VOLATILE' WHEN 's' THEN 'STABLE' ELSE 'IMMUTABLE' END),
	signature::text, 'function ' || signature, 'provolatile is' FROM lone WHERE n = 3
UNION ALL SELECT format('ALTER FUNCTION %s RESET ALL', signature),
	format('ALTER FUNCTION %s SET search_path = pg_catalog, pg_temp', signature),
	signature::text, 'function ' || signature, 'proconfig is' FROM lone WHERE n = 4
UNION ALL SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', signature),
	format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', signature),
	signature::text, 'function ' || signature, 'proacl is' FROM lone WHERE n = 5
UNION ALL SELECT 'CREATE FUNCTION kpi.made_up() RETURNS integer LANGUAGE sql RETURN 1', 'DROP FUNCTION kpi.made_up()',
	'kpi.made_up()', 'function kpi.made_up()', 'is not there in a fresh installation'
UNION ALL SELECT format('ALTER TABLE %s DROP COLUMN %I', tab, col),
	format('ALTER TABLE %s ADD COLUMN %I %s; COMMENT ON COLUMN %1$s.%2$I IS %4$L', tab, col, definition, said),
	tab::text, 'attribute ' || col || ' of table ' || tab, 'is missing' FROM last_column
UNION ALL SELECT format('ALTER TABLE %s DROP CONSTRAINT %s', tab, name),
	format('ALTER TABLE %s ADD CONSTRAINT %s %s', tab, name, definition),
	tab::text, format('constraint %s on table %s', name, tab), 'is missing' FROM checked
UNION ALL SELECT format('DROP TRIGGER %I ON %s', name, tab), format('%s; COMMENT ON TRIGGER %I ON %s IS %L',
	definition, name, tab, said), tab::text, format('trigger %s on table %s', name, tab), 'is missing' FROM triggered
UNION ALL SELECT format('ALTER VIEW %s RESET (security_invoker)', view),
	format('ALTER VIEW %s SET (security_invoker = true)', view), view::text, 'view ' || view, 'reloptions is'
FROM seen WHERE n = 1
UNION ALL SELECT format('GRANT SELECT ON %s TO PUBLIC', view), format('REVOKE SELECT ON %s FROM PUBLIC', view),
	view::text, 'view ' || view, 'relacl is' FROM seen WHERE n = 2
UNION ALL SELECT format('ALTER EXTENSION kpi DROP VIEW %s', view), format('ALTER EXTENSION kpi ADD VIEW %s', view),
	view::text, format('view %s depends on extension kpi', view), 'is missing' FROM seen WHERE n = 3
UNION ALL SELECT 'REVOKE USAGE ON SCHEMA kpi FROM PUBLIC', 'GRANT USAGE ON SCHEMA kpi TO PUBLIC', 'schema kpi',
	'schema kpi', 'nspacl is'
UNION ALL (SELECT format('SELECT pg_catalog.pg_extension_config_dump(%L, %L)', tab, 'WHERE false'),
	format('SELECT pg_catalog.pg_extension_config_dump(%L, %L)', tab, condition),
	tab, 'dump of ' || tab, 'rows is' FROM pg_extension, unnest(extconfig::regclass[]::text[], extcondition) AS t
		(tab, condition) WHERE extname = 'kpi' ORDER BY tab LIMIT 1)
UNION ALL (SELECT format(unguarded, format('DELETE FROM kpi.translation AS t WHERE to_jsonb(t) = %L', facts)),
	format(unguarded, format('INSERT INTO kpi.translation SELECT * FROM jsonb_populate_record(NULL::kpi.translation,
		%L)', facts)),
	name, name, 'is missing' FROM upgrade.fresh,
	(VALUES ('ALTER TABLE kpi.translation DISABLE TRIGGER USER; %s; ALTER TABLE kpi.translation ENABLE TRIGGER USER;
		ALTER TABLE kpi.translation ENABLE ALWAYS TRIGGER forget_words'))
		AS x (unguarded) WHERE name LIKE 'row of kpi.translation:%' ORDER BY name COLLATE "C" LIMIT 1);

-- what a restore of the older version's dump would meet
INSERT INTO upgrade.made_up
SELECT format('ALTER TABLE %s ADD COLUMN made_up integer', substr(name, 9)),
	format('ALTER TABLE %s DROP COLUMN made_up', substr(name, 9)),
	substr(name, 9), 'attribute made_up of table ' || substr(name, 9), 'is not there in a fresh installation'
FROM upgrade.fresh WHERE name LIKE 'dump of %' AND name NOT LIKE '%\_seq' ORDER BY name COLLATE "C" DESC LIMIT 1;

DO $$
BEGIN
	IF (SELECT count(*) FROM upgrade.made_up) < 16 THEN
		RAISE EXCEPTION 'some kinds of changes find no object to be made to';
	END IF;
END $$;
