-- What is done quicker than the server does it gives what the server gives:
-- quotients in 64 and 128 bits, sums over decoded digits, and words that are
-- read once a query.
BEGIN;
SELECT plan(6);
SET LOCAL extra_float_digits = 1;
SELECT setseed(0.25);

CREATE TEMPORARY TABLE pair AS
SELECT round((10 ^ (random() * 22 - 8) * (random() - 0.3))::numeric, (random() * 11)::integer) AS a,
	   round((10 ^ (random() * 21 - 8) * (random() + 0.001))::numeric, (random() * 11)::integer) AS t
FROM generate_series(1, 100000);
INSERT INTO pair SELECT i / 100.0, j / (ARRAY[1, 10, 1000, 3, 7])[1 + j % 5]::numeric
FROM generate_series(-60, 60) AS i, generate_series(1, 200) AS j;

SELECT is(count(*), 0::bigint, 'attainment of a positive target, to the last digit')
FROM pair WHERE t > 0 AND kpi.attainment(a, t)::text IS DISTINCT FROM (a / t)::text;
SELECT is(count(*), 0::bigint, 'attainment where lower is better, to the last digit')
FROM pair WHERE t > 0 AND kpi.attainment(a, t, 'lower')::text IS DISTINCT FROM ((t + t - a) / t)::text;
SELECT is(count(*), 0::bigint, 'attainment of a negative target, to the last digit')
FROM pair WHERE t > 0 AND kpi.attainment(a, -t, 'lower')::text IS DISTINCT FROM (a / -t)::text;
SELECT is(kpi.ratio_agg(a, t)::text, (sum(a) / sum(t))::text, 'sums over decoded digits') FROM pair;

SELECT is(array_agg(kpi.attainment(50::numeric, 100, direction) ORDER BY n), ARRAY[0.5, 1.5, 0.5, 1.5],
		  'words from a column are read for every row')
FROM (VALUES (1, 'higher'), (2, 'lower'), (3, 'target'), (4, 'lower')) AS v (n, direction);
CREATE FUNCTION pg_temp.by_variable() RETURNS numeric[] LANGUAGE plpgsql
AS $$
DECLARE
	word text;
	result numeric[];
BEGIN
	FOREACH word IN ARRAY ARRAY['higher', 'lower', 'target', 'lower'] LOOP
		result := result || kpi.attainment(50::numeric, 100, word);
	END LOOP;
	RETURN result;
END $$;
SELECT is(pg_temp.by_variable(), ARRAY[0.5, 1.5, 0.5, 1.5], 'words from a variable are read at every call');

SELECT * FROM finish();
ROLLBACK;
