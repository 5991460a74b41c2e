-- What sqlsmith finds: a role that may do little, rows to call functions with,
-- and no other functions than ours and some plain ones.

CREATE FUNCTION harness.calls(function oid, ended boolean) RETURNS bigint AS :'module', 'harness_calls'
	LANGUAGE C STRICT;

CREATE ROLE smith LOGIN;
REVOKE TEMPORARY ON DATABASE harness FROM PUBLIC;
CREATE SCHEMA smith;
GRANT USAGE ON SCHEMA smith TO smith;
ALTER ROLE smith SET search_path = smith, pg_catalog;
ALTER ROLE smith SET session_preload_libraries = :'module';
ALTER ROLE smith SET temp_file_limit = '200MB';
ALTER ROLE smith SET work_mem = '8MB';
ALTER ROLE smith SET log_error_verbosity = verbose;
ALTER ROLE smith SET jit = off;

-- found before the catalogue's own, as sqlsmith does not say which it means
CREATE VIEW smith.pg_proc AS
SELECT p.* FROM pg_catalog.pg_proc AS p
WHERE harness.ours(p.pronamespace) AND NOT p.proargtypes::oid[] && '{internal,cstring}'::regtype[]::oid[]
   OR p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN ('abs', 'round', 'lower', 'length', 'count', 'max',
	'random', 'now', 'float8', 'numeric', 'int4', 'text', 'array_append');
GRANT SELECT ON smith.pg_proc TO smith;

-- a column for each type that our functions take or give, with what breaks things
DO $$
DECLARE
	t record;
	columns text;
BEGIN
	SELECT string_agg(format('%s AS c%s',
		harness.choice(ARRAY(SELECT format('(%s)::%s', c, type) FROM harness.candidates(type::oid) AS c
		WHERE length(c) < 20000 AND c !~ 'repeat|ARRAY\[50000'), 'i'), n), ', ')
	INTO columns
	FROM (SELECT type, row_number() OVER (ORDER BY type::text) AS n FROM (
		SELECT DISTINCT u.t::regtype AS type FROM pg_catalog.pg_proc AS p,
			unnest(p.proargtypes::oid[] || p.prorettype) AS u(t)
		WHERE harness.ours(p.pronamespace) AND u.t NOT IN (SELECT oid FROM pg_type WHERE typtype = 'p')) AS x) AS y;
	EXECUTE format('CREATE TABLE smith.hostile AS SELECT %s FROM generate_series(0, 19) AS i', columns);
END $$;
CREATE TABLE smith.plain AS
SELECT i, i * 1.5 AS amount, i / 4.0::float8 AS share, 'k' || i % 3 AS name, date '2025-01-01' + i AS day,
	now() - i * interval '1 day' AS moment, i % 2 = 0 AS odd
FROM generate_series(1, 12) AS i;
GRANT SELECT ON smith.hostile, smith.plain TO smith;
