-- Nobody's search_path decides what a body means, and PUBLIC is granted what the
-- reference says and nothing else.
BEGIN;
SELECT no_plan();

-- What a body looks up on the search path: operators without OPERATOR(), the
-- words that stand for one, and functions, types and relations without a schema.
CREATE FUNCTION pg_temp.looked_up(body text) RETURNS TABLE (name text) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	plain text := regexp_replace(body, '''([^'']|'''')*''|--[^\n]*|/\*.*?\*/', ' '' ', 'g');
BEGIN
	plain := regexp_replace(plain, '\mOPERATOR\s*\(\s*pg_catalog\s*\.\s*[^)\s]+\s*\)', ' ', 'gi');
	-- what is neither an operator nor a call
	plain := regexp_replace(plain,
		':=|=>|\.\.|\(\s*\*\s*\)|\.\*|\mSELECT \*|%(ROW)?TYPE\M|\m(ERRCODE|MESSAGE|DETAIL|HINT)\s*=', ' ', 'gi');
	RETURN QUERY
	SELECT DISTINCT m[1] FROM regexp_matches(plain,
		'([-+*/<>=~!@#%^&|`?]+|\m(?:NOT\s+)?(?:I?LIKE|SIMILAR|BETWEEN|OVERLAPS)\M|\mDISTINCT\s+FROM\M|\mNULLIF\M)',
		'gi') AS m
	UNION
	-- IN of a loop or of a parameter is none
	SELECT DISTINCT 'IN' FROM regexp_matches(plain, '\mIN\s*\(', 'gi')
	UNION
	SELECT DISTINCT 'CASE ' || m[1] FROM regexp_matches(plain, '\mCASE\s+(?!WHEN\M)([^\s]+)', 'gi') AS m
	UNION
	SELECT DISTINCT m[1] || '()' FROM regexp_matches(plain, '(?<![.\w"])([a-z_]\w*)\s*\(', 'gi') AS m
	WHERE lower(m[1]) <> ALL ('{and,or,not,in,any,all,some,exists,row,array,cast,coalesce,greatest,least,values,
		if,elsif,when,then,else,return,select,from,where,on,using,over,filter,as,perform,into,set,by,with,lateral,rows}')
	UNION
	SELECT DISTINCT m[1] FROM regexp_matches(plain,
		'(?<!DISTINCT\s)\m(?:FROM|JOIN|UPDATE|INTO\s+STRICT|INSERT\s+INTO|DELETE\s+FROM|TABLE)\s+'
		'(?!kpi\.|pg_catalog\.|LATERAL\M|unnest\M|\(|DISTINCT\M)([a-z_]\w*)(?!\w*\s*\.)', 'gi') AS m
	WHERE NOT plain ~* format('\m%s\s+(AS\s+(NOT\s+)?(MATERIALIZED\s+)?\(|CONSTANT\M|record\M|kpi\.)', m[1])
	UNION
	SELECT DISTINCT m[1] FROM regexp_matches(plain, '::\s*(?!pg_catalog\.|kpi\.)([a-z_]\w*)', 'gi') AS m
	UNION
	SELECT DISTINCT m[1] FROM regexp_matches(plain, '\mAS\s+(text|regclass|date|name|regtype|jsonb?|daterange)\M',
		'gi') AS m;
END $$;
SELECT set_eq(format('SELECT * FROM pg_temp.looked_up(%L)', body), names, 'the check of bodies: ' || body) FROM (VALUES
	('SELECT kpi.f(a) OPERATOR(pg_catalog.+) 1 FROM kpi.t -- a + b', '{}'::text[]),
	('SELECT a + b', '{+}'), ('SELECT a OPERATOR(public.+) b', '{+,OPERATOR()}'),
	('SELECT pg_catalog.upper(''a = b'')', '{}'), ('SELECT upper(a)', '{upper()}'),
	('SELECT a IN (1, 2)', '{IN}'), ('FOR i IN 1 .. 2 LOOP x := kpi.f(a => 1); END LOOP', '{}'),
	('SELECT a IS DISTINCT FROM b', '{DISTINCT FROM}'),
	('SELECT CASE a WHEN 1 THEN 2 END', '{CASE a}'), ('SELECT a FROM t JOIN kpi.u ON true', '{t}'),
	('SELECT a::text', '{text}'),
	('SELECT CAST(a AS text)', '{text}'), ('SELECT a LIKE b', '{LIKE}'),
	('SELECT a NOT BETWEEN 1 AND 2', '{NOT BETWEEN}')) AS v(body, names);

SELECT is_empty($$
	SELECT format('%s looks up %s', p.oid::regprocedure, string_agg(n.name, ', '))
	FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_proc AS p ON p.oid = d.objid
		JOIN pg_language AS l ON l.oid = p.prolang
		CROSS JOIN LATERAL pg_temp.looked_up(p.prosrc) AS n
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
		AND l.lanname NOT IN ('c', 'internal') AND p.prosqlbody IS NULL
		AND NOT coalesce(p.proconfig, '{}') @> '{"search_path=pg_catalog, pg_temp"}'
	GROUP BY p.oid
$$, 'a body without SET search_path = pg_catalog, pg_temp qualifies every name and operator');

SELECT is_empty($$
	SELECT format('%s has %s', p.oid::regprocedure, p.proconfig)
	FROM pg_proc AS p WHERE p.pronamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
		AND p.proconfig <> '{"search_path=pg_catalog, pg_temp"}'
		AND EXISTS (SELECT FROM unnest(p.proconfig) AS c
			WHERE c LIKE 'search_path=%' AND c <> 'search_path=pg_catalog, pg_temp')
$$, 'no body runs under another search_path');

-- standard_conforming_strings is the caller's
SELECT is_empty($$
	SELECT p.oid::regprocedure || ': ' || m[1]
	FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_proc AS p ON p.oid = d.objid
		JOIN pg_language AS l ON l.oid = p.prolang
		CROSS JOIN LATERAL regexp_matches(regexp_replace(p.prosrc, 'E''[^'']*''(\s*\n\s*''[^'']*'')*', '', 'g'),
			'(.*\\.*)', 'gn') AS m
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass
		AND l.lanname NOT IN ('c', 'internal') AND p.prosqlbody IS NULL
$$, 'no body has a backslash but in an E string');

-- what was bound when the extension was created: to pg_catalog and to ourselves
SELECT is_empty($$
	WITH RECURSIVE member (classid, objid) AS (
		SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
			AND e.extname = 'kpi'
		WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
		UNION
		SELECT d.classid, d.objid FROM member AS m
		JOIN pg_depend AS d ON (d.refclassid, d.refobjid) = (m.classid, m.objid) AND d.deptype IN ('i', 'a')
	)
	SELECT pg_describe_object(d.classid, d.objid, d.objsubid) || ' uses '
		|| pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
	FROM pg_depend AS d
	WHERE (d.classid, d.objid) IN (SELECT classid, objid FROM member)
		AND (d.refclassid, d.refobjid) NOT IN (SELECT classid, objid FROM member)
		AND d.refclassid <> ALL ('{pg_extension,pg_language}'::regclass[])
		AND NOT (d.refclassid = 'pg_namespace'::regclass AND d.refobjid IN ('kpi'::regnamespace,
			'kpi_internal'::regnamespace, 'pg_toast'::regnamespace))
		-- the operator classes of btree_gist, which constraints are made of
		AND (d.refclassid, d.refobjid) NOT IN (SELECT b.classid, b.objid FROM pg_depend AS b
			JOIN pg_extension AS e ON e.oid = b.refobjid AND e.extname = 'btree_gist')
$$, 'no view, constraint or body is bound to an object of somebody else');

SELECT is_empty($$
	SELECT c.oid::regclass || ' is a view without security_invoker'
	FROM pg_class AS c WHERE c.relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND c.relkind = 'v'
		AND NOT coalesce(c.reloptions, '{}') @> '{security_invoker=true}'
$$, 'every view reads with the rights of its reader');

\ir ../stage/grants.sql
SELECT is_empty($$ SELECT what || ': ' || detail FROM public.grant_verdict WHERE verdict <> 'ok' $$,
	'PUBLIC is granted what the reference says and nothing else');
SELECT cmp_ok((SELECT count(*) FROM public.grant_verdict), '>', 500::bigint, 'object by object');

-- What \df kpi. shows is what a user may want; what only we call is in kpi_internal.
-- 150 for scorecards, as many as were there before, and 88 for measures of surveys, services, markets,
-- customers and cash flows, and 95 for series, forecasts, charts, drivers, weights and the pace of targets, and
-- 35 for the catalogue, strategies, actions and causes, pictures and pages
SELECT cmp_ok(count(DISTINCT proname), '<=', 370::bigint, 'schema kpi shows at most 370 names')
FROM pg_proc WHERE pronamespace = 'kpi'::regnamespace;
SELECT is_empty($$
	SELECT p.oid::regprocedure FROM pg_proc AS p
	WHERE p.pronamespace = 'kpi'::regnamespace AND (
		p.prorettype = 'trigger'::regtype OR p.oid IN (
			SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout]) FROM pg_type)
		OR p.oid IN (SELECT unnest(ARRAY[aggtransfn, aggcombinefn, aggmtransfn, aggminvtransfn, aggserialfn,
			aggdeserialfn]) FROM pg_aggregate)
		OR p.oid IN (SELECT oprcode FROM pg_operator) OR p.oid IN (SELECT amproc FROM pg_amproc))
$$, 'no trigger, form of a type, step of an aggregate, operator or support function among them');

-- what triggers call says so to whoever calls it in another way
SELECT throws_ok(format('SELECT %s', p.oid::regprocedure), '39P01',
	format('function "%s" was not called as a trigger', p.proname), p.proname || ' is for triggers')
FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
WHERE p.pronamespace = 'kpi_internal'::regnamespace AND p.prorettype = 'trigger'::regtype AND l.lanname = 'c';

SELECT * FROM finish();
ROLLBACK;
