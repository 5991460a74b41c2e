-- Rates and weighted scores against plain SQL: exact where numeric, order- and
-- plan-free, through every form a state has.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- rows of varied sign, scale and size; header forms short and long; NULLs;
-- values on both sides of the window of the exact sums
CREATE TABLE sample AS
SELECT i, i % 17 AS g,
	   CASE WHEN i % 11 = 0 THEN NULL ELSE
	   (CASE WHEN i % 3 = 0 THEN -1 ELSE 1 END)
	   * ((hashint4(i)::bigint + 2147483648) % 1000003)::numeric
	   / (10::numeric ^ (i % 7)) * (CASE i % 29 WHEN 0 THEN 1e15 WHEN 1 THEN 1e-14 WHEN 2 THEN 1e25 ELSE 1 END) END
		AS a,
	   CASE WHEN i % 13 = 0 THEN NULL ELSE
	   round(((hashint4(i + 7)::bigint + 2147483648) % 999983)::numeric / (10::numeric ^ (i % 5)), i % 5) END AS b
  FROM generate_series(1, 20000) i;
INSERT INTO sample
SELECT 100000 + n, n % 17, x, abs(x) FROM
	(VALUES (1, 0::numeric), (2, 0.0000000000000001), (3, 0.00000000000000001), (4, 99999999999999999999),
			(5, 100000000000000000000), (6, 9999999999999999999999999999999999999999),
			(7, 12345678.12345678), (8, 0.123456789), (9, -92233720368.54775808), (10, 92233720368.54775807),
			(11, repeat('9', 3000)::numeric), (12, ('0.' || repeat('3', 3000))::numeric)) v(n, x);
ALTER TABLE sample ADD af float8, ADD bf float8;
UPDATE sample SET af = a, bf = b WHERE abs(coalesce(a, 0)) < 1e300 AND b < 1e300;
ANALYZE sample;

SELECT is_empty($$
	SELECT g, kpi.ratio_agg(a, b)::text, (sum(a) / nullif(sum(b), 0))::text FROM sample GROUP BY g
	HAVING kpi.ratio_agg(a, b)::text IS DISTINCT FROM (sum(a) / nullif(sum(b), 0))::text $$,
	'numeric ratio_agg is sum / sum to the last digit and the last zero');
SELECT is_empty($$
	SELECT g FROM sample GROUP BY g
	HAVING kpi.roi_agg(a, b)::text IS DISTINCT FROM ((sum(a) - sum(b)) / nullif(sum(b), 0))::text $$,
	'numeric roi_agg is (sum - sum) / sum to the last digit');
SELECT is_empty($$
	SELECT g FROM sample GROUP BY g
	HAVING kpi.weighted_score(a, b)::text IS DISTINCT FROM
		(sum(a * b) / nullif(sum(b) FILTER (WHERE a IS NOT NULL), 0))::text $$,
	'numeric weighted_score is sum(w s) / sum(w) to the last digit');
SELECT is_empty($$
	SELECT g FROM sample GROUP BY g
	HAVING kpi.weighted_coverage(a, b)::text IS DISTINCT FROM
		(sum(b) FILTER (WHERE a IS NOT NULL) / nullif(sum(b), 0))::text $$,
	'numeric weighted_coverage is present weight / weight');
SELECT is(kpi.ratio_agg(a, b)::text, (sum(a) / sum(b))::text, 'over all rows, wide values included') FROM sample;

-- whatever the storage: compressed, toasted, short and long headers
CREATE TABLE stored (a numeric, b numeric);
ALTER TABLE stored ALTER a SET STORAGE external;
INSERT INTO stored SELECT a, b FROM sample;
INSERT INTO stored SELECT repeat('7', 20000)::numeric, 3;
SELECT is(kpi.ratio_agg(a, b)::text, (sum(a) / sum(b))::text, 'toasted and compressed values') FROM stored;

-- the float8 twins
SELECT is_empty($$
	SELECT g FROM sample WHERE abs(a) < 1e9 AND b < 1e9 GROUP BY g
	HAVING NOT alike(kpi.roi_agg(af, bf), (sum(a) - sum(b)) / nullif(sum(b), 0), 1e-12) $$,
	'float8 roi_agg agrees with exact arithmetic');
SELECT is_empty($$
	SELECT g FROM sample WHERE abs(a) < 1e9 AND b < 1e9 GROUP BY g
	HAVING NOT alike(kpi.weighted_score(af, bf),
		sum(a * b) / nullif(sum(b) FILTER (WHERE a IS NOT NULL), 0), 1e-12) $$,
	'float8 weighted_score agrees with exact arithmetic');

-- scalar twins equal the formula
SELECT is_empty($$
	SELECT i FROM sample WHERE kpi.roi(a, b)::text IS DISTINCT FROM ((a - b) / nullif(b, 0))::text
		OR kpi.ratio(a, b)::text IS DISTINCT FROM (a / nullif(b, 0))::text $$,
	'numeric scalars are the formula to the last digit');

-- one pass = any split, any order, merged from text, from binary, from a table
CREATE TABLE part AS
	SELECT g, i % 5 AS p, kpi.ratio_sums(a, b) AS r, kpi.weighted_sums(a, b, 'zero', 0.1) AS w,
		   kpi.ratio_sums(af, bf) AS rf, kpi.weighted_sums(af, bf, 'zero', 0.1) AS wf
	  FROM sample GROUP BY g, i % 5;
CREATE TABLE whole AS
	SELECT g, kpi.ratio_agg(a, b) AS r, kpi.weighted_score(a, b, 'zero', 0.1) AS w,
		   kpi.ratio_agg(af, bf) AS rf, kpi.weighted_score(af, bf, 'zero', 0.1) AS wf
	  FROM sample GROUP BY g;
CREATE FUNCTION differing(part regclass) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM whole w JOIN (
		SELECT g, kpi.ratio(kpi.rollup(r)) AS r, kpi.weighted_score(kpi.rollup(w)) AS w,
			   kpi.ratio(kpi.rollup(rf)) AS rf, kpi.weighted_score(kpi.rollup(wf)) AS wf
		  FROM %s GROUP BY g) p USING (g)
		WHERE w.r::text IS DISTINCT FROM p.r::text OR w.w::text IS DISTINCT FROM p.w::text
		   OR abs(w.rf - p.rf) > 1e-15 * abs(w.rf) OR abs(w.wf - p.wf) > 1e-15 * abs(w.wf)', part) INTO n;
	RETURN n;
END $$;
SELECT is(differing('part'), 0::bigint, 'states stored in a table and merged equal one pass');
CREATE TABLE part_text AS
	SELECT g, r::text::kpi.ratio_state_numeric AS r, w::text::kpi.weighted_state_numeric AS w,
		   rf::text::kpi.ratio_state AS rf, wf::text::kpi.weighted_state AS wf FROM part;
SELECT is(differing('part_text'), 0::bigint, 'states read back from their text form');
SELECT is_empty('SELECT g, p, r::text, w::text, rf::text, wf::text FROM part
	EXCEPT ALL SELECT g, p, r::text::kpi.ratio_state_numeric::text, w::text::kpi.weighted_state_numeric::text,
		rf::text::kpi.ratio_state::text, wf::text::kpi.weighted_state::text FROM part',
	'the text form is stable');
CREATE TABLE text_form AS SELECT rf::text AS rf, wf::text AS wf FROM part;
SET LOCAL extra_float_digits = -5;
SELECT is_empty('SELECT rf, wf FROM text_form EXCEPT ALL SELECT rf::text, wf::text FROM part',
	'and does not lose digits under any extra_float_digits');
RESET extra_float_digits;
CREATE TABLE part_binary (LIKE part);
DO $$
DECLARE file text := current_setting('data_directory') || '/kpi_ratio_states';
BEGIN
	EXECUTE format('COPY part TO %L (FORMAT binary)', file);
	EXECUTE format('COPY part_binary FROM %L (FORMAT binary)', file);
END $$;
SELECT is_empty('SELECT g, p, r::text, w::text, rf::text, wf::text FROM part
	EXCEPT ALL SELECT g, p, r::text, w::text, rf::text, wf::text FROM part_binary',
	'the binary form loses nothing');

CREATE TABLE shuffled AS SELECT * FROM sample ORDER BY hashint4(i);
SELECT is_empty($$
	SELECT w.g FROM whole w JOIN (SELECT g, kpi.ratio_agg(a, b) AS r, kpi.ratio_agg(af, bf) AS rf,
			kpi.weighted_score(af, bf, 'zero', 0.1) AS wf FROM shuffled GROUP BY g) s USING (g)
	 WHERE w.r::text IS DISTINCT FROM s.r::text OR abs(w.rf - s.rf) > 1e-15 * abs(w.rf)
		OR abs(w.wf - s.wf) > 1e-15 * abs(w.wf) $$,
	'the order of the rows changes nothing');

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_leader_participation = off;
SELECT matches(plan_of('SELECT kpi.roi_agg(a, b), kpi.weighted_score(a, b), kpi.roi_agg(af, bf) FROM sample'),
	'Partial', 'aggregation is partial in a parallel plan');
SELECT is(kpi.ratio_agg(a, b)::text, (SELECT (sum(a) / sum(b))::text FROM sample), 'a parallel plan gives the same')
FROM sample;
SELECT is(kpi.weighted_score(a, b, 'zero', 0.1)::text,
		  (SELECT (sum(a * b) / sum(b))::text FROM sample), 'a parallel plan of the weighted score too') FROM sample;

RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
RESET parallel_leader_participation;

-- as window aggregates they give what GROUP BY gives
SELECT is_empty($$
	SELECT DISTINCT g, r FROM (SELECT g, kpi.ratio_agg(a, b) OVER (PARTITION BY g)::text AS r FROM sample) w
	EXCEPT SELECT g, r::text FROM whole $$, 'window use equals GROUP BY');
SELECT is_empty($$
	SELECT i FROM (SELECT i, kpi.ratio_agg(a, b) OVER w AS r, sum(a) OVER w / nullif(sum(b) OVER w, 0) AS s
		FROM sample WHERE i <= 500 WINDOW w AS (ORDER BY i ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING)) x
	WHERE r IS DISTINCT FROM s $$, 'moving frames equal plain sums');

-- invariants of the weighted score, over 10,000 generated groups
CREATE TABLE grouped AS
	SELECT i / 5 AS g, i % 5 AS n, ((hashint4(i)::bigint + 2147483648) % 12000)::numeric / 100 AS s,
		   ((hashint4(i + 99)::bigint + 2147483648) % 1000 + 1)::numeric / 10 AS w
	  FROM generate_series(0, 49999) i;
SELECT is_empty($$ SELECT g FROM grouped GROUP BY g
	HAVING kpi.weighted_score(s, w) NOT BETWEEN min(s) AND max(s)
		OR kpi.weighted_score(s::float8, w::float8) NOT BETWEEN min(s)::float8 AND max(s)::float8 $$,
	'lowest score <= weighted score <= highest');
SELECT is_empty($$ SELECT g FROM grouped GROUP BY g
	HAVING round(kpi.weighted_score(s, w), 15) <> round(kpi.weighted_score(s, w * 0.0037), 15)
		OR abs(kpi.weighted_score(s::float8, w::float8) / kpi.weighted_score(s::float8, w::float8 * 37) - 1)
			> 1e-15 $$,
	'scaling all weights changes nothing');
SELECT is_empty($$ SELECT g FROM (SELECT g, w, min(s) OVER (PARTITION BY g) AS m FROM grouped) x GROUP BY g, m
	HAVING kpi.weighted_score(m, w) <> m OR kpi.weighted_score(m::float8, w::float8) <> m::float8 $$,
	'equal scores give exactly that score under any weights');
SELECT is_empty($$
	SELECT x.g FROM (
		SELECT g, kpi.weighted_score(s, w) AS score FROM (
			SELECT g, s, w FROM grouped WHERE n > 0
			UNION ALL SELECT g, s, w / 2 FROM grouped WHERE n = 0
			UNION ALL SELECT g, s, w / 2 FROM grouped WHERE n = 0) y
		GROUP BY g) x
	JOIN (SELECT g, kpi.weighted_score(s, w) AS score FROM grouped GROUP BY g) y USING (g)
	WHERE round(x.score, 12) <> round(y.score, 12) $$,
	'splitting a child in two of equal score changes nothing');

-- errors carry the SQLSTATE of a wrong parameter
SELECT throws_ok('SELECT kpi.weighted_score(1.0, -1.0)', '22023', NULL, 'negative weight');
SELECT throws_ok('SELECT kpi.weighted_score(1, ''NaN''::float8)', '22023', NULL, 'NaN weight');
SELECT throws_ok('SELECT kpi.weighted_score(1.0, 1.0, ''no'')', '22023', NULL, 'unknown policy');
SELECT throws_ok('SELECT kpi.weighted_score(1.0, 1.0, ''zero'', -0.1)', '22023', NULL, 'minimum coverage below 0');
SELECT throws_ok('SELECT kpi.ratio_agg(1e308::float8, 1) FROM generate_series(1, 2)', '22003', NULL, 'overflow');
SELECT throws_ok('SELECT ''x''::kpi.weighted_state_numeric', '22P02', NULL, 'malformed state');
SELECT throws_ok('SELECT ''9 0''::kpi.ratio_state_numeric', '22P03', NULL, 'state of a later version');

SELECT finish();
ROLLBACK;
