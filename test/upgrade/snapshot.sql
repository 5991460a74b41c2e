-- What an installation consists of: every row of every catalogue that describes
-- an object of the extension, the comments, privileges and dependencies of these
-- objects, and the rows of its tables. Names stand in place of numbers, which
-- differ from one installation to the next; what has no meaning is left out.

SET search_path = pg_catalog;
CREATE SCHEMA upgrade;

CREATE FUNCTION upgrade.names_of(catalogue oid, objects oid[]) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT array_agg(pg_describe_object($1, o, 0) ORDER BY n) FROM unnest($2) WITH ORDINALITY AS u (o, n)
$$;

-- privileges in an order of their own, the default ones where none are told
CREATE FUNCTION upgrade.sorted(privileges aclitem[], kind "char", owner oid) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(a::text, ' ' ORDER BY a::text COLLATE "C")
	FROM unnest(coalesce($1, CASE WHEN $2 IS NOT NULL THEN acldefault($2, $3) END)) AS a
$$;

-- Members of the extension, what belongs to them, and its schema; not the tables
-- for long values and the triggers of foreign keys, whose names are numbers.
CREATE VIEW upgrade.object AS
WITH RECURSIVE o (classid, objid) AS (
	SELECT 'pg_extension'::regclass::oid, oid FROM pg_extension WHERE extname = 'kpi'
	UNION
	SELECT d.classid, d.objid FROM pg_depend AS d JOIN o ON d.refclassid = o.classid AND d.refobjid = o.objid
	WHERE CASE WHEN o.classid = 'pg_extension'::regclass THEN d.deptype = 'e'
		ELSE d.deptype IN ('a', 'i', 'P', 'S') END
), named AS (
	SELECT *, pg_describe_object(classid, objid, 0) AS name
	FROM (SELECT * FROM o UNION SELECT 'pg_namespace'::regclass, oid FROM pg_namespace WHERE nspname = 'kpi') AS o
)
SELECT * FROM named WHERE name !~ 'pg_toast|RI_ConstraintTrigger_';

-- catalogues whose rows are part of an object of another one
CREATE TABLE upgrade.part (catalogue regclass, of regclass, object name, key text, place text);
INSERT INTO upgrade.part VALUES
	('pg_aggregate', 'pg_proc', 'aggfnoid', NULL, NULL),
	('pg_attribute', 'pg_class', 'attrelid', 'attname', 'CASE WHEN NOT attisdropped AND attnum > 0 THEN attnum END'),
	('pg_enum', 'pg_type', 'enumtypid', 'enumlabel', 'enumsortorder'),
	('pg_index', 'pg_class', 'indexrelid', NULL, NULL),
	('pg_inherits', 'pg_class', 'inhrelid', 'inhparent::regclass', 'inhseqno'),
	('pg_partitioned_table', 'pg_class', 'partrelid', NULL, NULL),
	('pg_range', 'pg_type', 'rngtypid', NULL, NULL),
	('pg_sequence', 'pg_class', 'seqrelid', NULL, NULL);

-- what tells of columns that hold an expression, and the kind and owner of privileges
CREATE TABLE upgrade.told (catalogue regclass, definition text, kind text, owner name);
INSERT INTO upgrade.told VALUES
	('pg_attrdef', 'pg_get_expr(adbin, adrelid)', NULL, NULL),
	('pg_attribute', NULL, 'NULL', 'attrelid'),
	('pg_class', 'pg_get_expr(relpartbound, c.oid)', $$CASE relkind WHEN 'S' THEN 's' ELSE 'r' END$$, 'relowner'),
	('pg_constraint', 'pg_get_constraintdef(c.oid)', NULL, NULL),
	('pg_index', 'pg_get_indexdef(indexrelid)', NULL, NULL),
	('pg_namespace', NULL, $$'n'$$, 'nspowner'),
	('pg_partitioned_table', 'pg_get_partkeydef(partrelid)', NULL, NULL),
	('pg_policy', $$concat_ws(' check ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))$$, NULL,
		NULL),
	('pg_proc', $$CASE WHEN prokind <> 'a' THEN pg_get_functiondef(c.oid) END$$, $$'f'$$, 'proowner'),
	('pg_rewrite', 'pg_get_ruledef(c.oid)', NULL, NULL),
	('pg_statistic_ext', 'pg_get_statisticsobjdef(c.oid)', NULL, NULL),
	('pg_trigger', 'pg_get_triggerdef(c.oid)', NULL, NULL),
	('pg_type', NULL, $$'T'$$, 'typowner');

-- Columns that tell of storage, of former columns, of the order of work, or of
-- what is told in another way.
CREATE FUNCTION upgrade.left_out(catalogue regclass) RETURNS text[] LANGUAGE sql AS $$
	SELECT '{oid,extversion,extconfig,extcondition,relfilenode,relpages,reltuples,relallvisible,relallfrozen,
		relfrozenxid,relminmxid,reltoastrelid,relnatts,relhasindex,relhasrules,relhastriggers,
		relhassubclass,attnum,attmissingval,atthasmissing,attcacheoff,enumsortorder,inhseqno,indcheckxmin}'::text[]
		|| ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = $1 AND atttypid = 'pg_node_tree'::regtype)
		|| ARRAY(SELECT unnest(fkcols[2:]) FROM pg_get_catalog_foreign_keys() WHERE fktable = $1)
$$;

-- The query of what one catalogue says of our objects: name and columns.
CREATE FUNCTION upgrade.query_of(catalogue regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	p upgrade.part;
	t upgrade.told;
	without text[] := upgrade.left_out($1);
	pairs text[];
BEGIN
	SELECT x.* INTO p FROM upgrade.part AS x WHERE x.catalogue = $1;
	SELECT x.* INTO t FROM upgrade.told AS x WHERE x.catalogue = $1;
	SELECT array_agg(CASE
		-- a stamp that the server puts there
		WHEN a.attname = 'attoptions'
			THEN $x$'attoptions', ARRAY(SELECT o FROM unnest(attoptions) AS o WHERE o NOT LIKE 'pg\_attver=%')$x$
		WHEN a.atttypid = 'aclitem[]'::regtype AND t.owner IS NOT NULL
			THEN format('%L, upgrade.sorted(c.%I, (%s)::"char", c.%I)', a.attname, a.attname, t.kind, t.owner)
		WHEN k.is_array THEN format('%L, upgrade.names_of(%s, c.%I::oid[])', a.attname, k.pktable::oid, a.attname)
		WHEN k.pktable IS NOT NULL THEN format('%L, pg_describe_object(%s, c.%I, 0)', a.attname,
			k.pktable::oid, a.attname)
		ELSE format('%L, c.%I', a.attname, a.attname) END)
	INTO pairs
	FROM pg_attribute AS a LEFT JOIN pg_get_catalog_foreign_keys() AS k ON k.fktable = $1
		AND k.fkcols = ARRAY[a.attname::text]
	WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attname = ANY (without);
	IF t.definition IS NOT NULL THEN
		pairs := pairs || format('%L, %s', 'definition', t.definition);
	END IF;
	IF p.place IS NOT NULL THEN
		pairs := pairs || format('%L, count(%s) OVER (PARTITION BY c.%I ORDER BY %s)', 'place', p.place,
			p.object, p.place);
	END IF;
	RETURN format('SELECT concat_ws('' '', %s, name), jsonb_build_object(%s) FROM upgrade.known
		JOIN %s AS c ON c.%I = objid AND classid = %s %s',
		CASE WHEN p.catalogue IS NOT NULL THEN concat_ws(', ', quote_literal(substr($1::text, 4)), p.key, '''of''')
			ELSE 'NULL' END,
		array_to_string(pairs, ', '), $1, coalesce(p.object, 'oid'), coalesce(p.of, $1)::oid,
		CASE WHEN p.place IS NOT NULL THEN format('WHERE %s IS NOT NULL', p.place) END);
END $$;

-- The rows of a table of ours that come with it; the time of their making differs.
CREATE FUNCTION upgrade.rows_of(tab regclass) RETURNS TABLE (name text, facts jsonb) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT format(%L, %L, r), r FROM (SELECT to_jsonb(t) - %L::text[] AS r
		FROM %s AS t) AS r', 'row of %s: %s', tab,
		ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = tab AND atttypid = 'timestamptz'::regtype), tab);
END $$;

-- the objects that are there now
CREATE TABLE upgrade.known (classid oid, objid oid, name text);

CREATE FUNCTION upgrade.snapshot() RETURNS TABLE (name text, facts jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	c regclass;
BEGIN
	DELETE FROM upgrade.known;
	INSERT INTO upgrade.known SELECT * FROM upgrade.object;
	ANALYZE upgrade.known;
	FOR c IN SELECT DISTINCT classid FROM upgrade.known UNION SELECT catalogue FROM upgrade.part LOOP
		RETURN QUERY EXECUTE upgrade.query_of(c);
	END LOOP;
	RETURN QUERY SELECT 'comment on ' || pg_describe_object(classoid, objoid, objsubid),
		jsonb_build_object('text', description)
		FROM upgrade.known JOIN pg_description ON classid = classoid AND objid = objoid;
	RETURN QUERY SELECT 'privileges to begin with of ' || pg_describe_object(classoid, objoid, objsubid),
		jsonb_build_object('list', told)
		FROM upgrade.known JOIN pg_init_privs ON classid = classoid AND objid = objoid,
			upgrade.sorted(initprivs, NULL, NULL) AS told,
			(SELECT extowner FROM pg_extension WHERE extname = 'kpi') AS x
		WHERE objsubid > 0 OR told <> upgrade.sorted(NULL, CASE classoid WHEN 'pg_proc'::regclass THEN 'f'
			WHEN 'pg_type'::regclass THEN 'T' WHEN 'pg_namespace'::regclass THEN 'n'
			ELSE (SELECT CASE relkind WHEN 'S' THEN 's' ELSE 'r' END FROM pg_class WHERE oid = objoid) END::"char",
				extowner);
	RETURN QUERY SELECT pg_describe_object(d.classid, d.objid, d.objsubid) || ' depends on ' || r.name,
		jsonb_build_object('kinds', string_agg(DISTINCT deptype::text, ''))
		FROM upgrade.known AS k JOIN pg_depend AS d ON d.classid = k.classid AND d.objid = k.objid,
			pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) AS r (name)
		WHERE r.name !~ 'pg_toast|RI_ConstraintTrigger_' GROUP BY 1;
	RETURN QUERY SELECT 'dump of ' || t.name, jsonb_build_object('rows', condition)
		FROM pg_extension, unnest(extconfig::regclass[]::text[], extcondition) AS t (name, condition)
		WHERE extname = 'kpi';
	RETURN QUERY SELECT r.* FROM upgrade.known JOIN pg_class AS t ON classid = 'pg_class'::regclass AND objid = t.oid
		AND relkind = 'r', upgrade.rows_of(t.oid) AS r;
END $$;

-- A value, long ones from shortly before where they part.
CREATE FUNCTION upgrade.shown(value text, other text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	n integer := 0;
BEGIN
	WHILE length(value) > 120 AND n < length(value) AND substr(value, n + 1, 50) = substr(other, n + 1, 50) LOOP
		n := n + 50;
	END LOOP;
	RETURN CASE WHEN n > 0 THEN '...' ELSE '' END || substr(value, n + 1, 120) || CASE WHEN length(value) > n + 120
		THEN '...' ELSE '' END;
END $$;

-- What is another thing now than in the fresh installation.
CREATE TABLE upgrade.fresh (name text, facts jsonb);
CREATE FUNCTION upgrade.differences() RETURNS TABLE (name text, said text) LANGUAGE sql AS $$
	SELECT coalesce(f.name, u.name),
		CASE WHEN u.name IS NULL THEN 'is missing' WHEN f.name IS NULL THEN 'is not there in a fresh installation'
			ELSE (SELECT string_agg(format('%s is %s instead of %s', key,
				upgrade.shown(coalesce(u.facts ->> key, 'NULL'), f.facts ->> key),
					upgrade.shown(coalesce(f.facts ->> key, 'NULL'), u.facts ->> key)), '; ')
				  FROM jsonb_object_keys(f.facts) AS key WHERE f.facts -> key <> u.facts -> key) END
	FROM upgrade.fresh AS f FULL JOIN upgrade.snapshot() AS u ON u.name = f.name
	WHERE f.facts IS DISTINCT FROM u.facts ORDER BY 1
$$;

-- What a dump of the former version would miss where the fresh one is installed:
-- columns that went away, and columns that no row of the dump has a value for.
CREATE TABLE upgrade.former (name text, facts jsonb);
CREATE FUNCTION upgrade.lost_columns() RETURNS TABLE (name text, said text) LANGUAGE sql AS $$
	SELECT coalesce(a.name, b.name),
		CASE WHEN b.name IS NULL THEN 'is in dumps of the former version and has no place to go'
		ELSE 'is NOT NULL, and dumps of the former version have no value for it' END
	FROM (SELECT a.* FROM upgrade.former AS a
		JOIN upgrade.former AS d ON d.name = 'dump of ' || substring(a.name from '^attribute .* of table (.*)')) AS a
	FULL JOIN (SELECT b.* FROM upgrade.fresh AS b JOIN upgrade.former AS d
		ON d.name = 'dump of ' || substring(b.name from '^attribute .* of table (.*)')) AS b ON b.name = a.name
	WHERE b.name IS NULL OR a.name IS NULL AND b.facts @> '{"attnotnull": true, "atthasdef": false, "attidentity": ""}'
$$;
