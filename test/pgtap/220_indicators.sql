-- Every row of the table of doc/indicators.md: the call over its table gives what stands there.
\set ON_ERROR_STOP on
\set tables `sed -n '/^...sql$/,/^...$/p' doc/indicators.md | grep -vE '^...(sql)?$'`
\set rows `grep -E '^\| [0-9]+b? \|' doc/indicators.md`
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
:tables

CREATE TEMP TABLE written AS
SELECT n, cell[1] AS number, cell[2] AS indicator, trim('`' FROM cell[3]) AS source,
	 trim('`' FROM cell[4]) AS call, cell[5] AS here
FROM regexp_split_to_table(:'rows', E'\n') WITH ORDINALITY AS l (line, n),
	LATERAL (SELECT regexp_split_to_array(trim('| ' FROM line), ' \| ') AS cell) AS c;
CREATE FUNCTION pg_temp.answer(call text, source text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('SELECT (%s)::text FROM %I', call, source) INTO STRICT result;
	RETURN result;
END $$;
SELECT is(pg_temp.answer(call, source), here, format('%s %s', number, indicator)) FROM written ORDER BY n;
SELECT is_empty($$ SELECT n FROM generate_series(1, 54) AS n WHERE n::text NOT IN (SELECT number FROM written) $$,
	'each of the 54 indicators has a row');

SELECT * FROM finish();
ROLLBACK;
