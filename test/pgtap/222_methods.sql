-- Every row of the table of doc/methods.md: what it names is there, and so are its page and its test, which uses it.
\set ON_ERROR_STOP on
\set rows `grep -E '^\| [A-Z]' doc/methods.md`
\set tests `grep -oE 'kpi\.[a-z_]+' $(grep -E '^\| [A-Z]' doc/methods.md | sed 's/.* | .\([0-9a-z_]*\). |$/test\/*\/\1.sql/' | sort -u) | sort -u`
\set pages `ls doc`
BEGIN;
SELECT no_plan();

CREATE TEMP TABLE step AS
SELECT n, cell[1] AS step, cell[2] AS named, substring(cell[3] FROM '\(([a-z_]+\.md)\)') AS page,
	trim('`' FROM cell[4]) AS test
FROM regexp_split_to_table(:'rows', E'\n') WITH ORDINALITY AS l (line, n),
	LATERAL (SELECT regexp_split_to_array(trim('| ' FROM line), ' \| ') AS cell) AS c;
CREATE TEMP TABLE used AS
SELECT (regexp_match(line, '/([0-9a-z_]+)\.sql:kpi\.(\w+)'))[1] AS test, (regexp_match(line, ':kpi\.(\w+)'))[1] AS name
FROM regexp_split_to_table(:'tests', E'\n') AS t (line);
CREATE TEMP TABLE named AS
SELECT s.step, s.test, m[1] AS name FROM step AS s, regexp_matches(s.named, '`kpi\.(\w+)', 'g') AS m;

SELECT cmp_ok(count(*), '=', 28::bigint, 'each of the 28 steps has a row') FROM step;
SELECT is_empty($$ SELECT step FROM step WHERE step NOT IN (SELECT n.step FROM named AS n) $$, 'that names something');
SELECT is_empty($$ SELECT name FROM named
	WHERE name NOT IN (SELECT proname FROM pg_proc WHERE pronamespace = 'kpi'::regnamespace)
		AND name NOT IN (SELECT relname FROM pg_class WHERE relnamespace = 'kpi'::regnamespace) $$, 'that is there');
SELECT is_empty(format($$
	SELECT page FROM step WHERE page IS NULL OR page <> ALL (string_to_array(%L, E'\n')) $$, :'pages'),
	'each has a page');
SELECT is_empty($$ SELECT step, test FROM step
	WHERE NOT EXISTS (SELECT FROM named AS n JOIN used AS u ON u.test = n.test AND u.name = n.name
					  WHERE n.step = step.step) $$,
	'and a test that uses something of it');

SELECT * FROM finish();
ROLLBACK;
