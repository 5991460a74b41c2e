-- Collecting against the SQL of the same numbers: two years of days, twelve
-- regions under one root, numerics of money.

CREATE SCHEMA collected;
SET search_path = bench;
SELECT setseed(0.5) \g /dev/null
CREATE TABLE collected.sale AS
SELECT date '2024-01-01' + (random() * 730)::integer AS day, 'region' || floor(random() * 12)::integer AS region,
	   (random() * 10000)::numeric(12,2) AS actual, (random() * 10000 + 1)::numeric(12,2) AS target,
	   floor(random() * 100000)::integer AS customer
FROM generate_series(1, 2000000) AS i;
VACUUM (FREEZE, ANALYZE) collected.sale;
SELECT kpi.define_unit('company') \g /dev/null
SELECT kpi.define_unit('region' || i, 'company') FROM generate_series(0, 11) AS i \g /dev/null
SELECT kpi.define_indicator('ten' || n, source => 'collected.sale', time_column => 'day', unit_column => 'region',
							numerator => numerator, denominator => denominator)
FROM (VALUES (1, 'sum(actual)', NULL), (2, 'sum(target)', NULL), (3, 'count(*)', NULL), (4, 'avg(actual)', NULL),
	  (5, 'sum(actual) - sum(target)', NULL), (6, 'sum(actual)', 'count(*)'), (7, 'max(customer)', NULL),
	  (8, 'count(*) FILTER (WHERE customer < 1000)', 'count(*)'), (9, 'kpi.ratio_agg(actual, target)', NULL))
	  AS v (n, numerator, denominator) \g /dev/null
SELECT kpi.define_indicator('ten', source => 'collected.sale', time_column => 'day', unit_column => 'region',
							numerator => 'sum(actual)', denominator => 'sum(target)') \g /dev/null
SET client_min_messages = warning;

CALL compare('collect, months to years of 12 regions and their root',
	$$CALL kpi.collect('2024', '2025', '{ten}', commit_each => false)$$,
	$$SELECT count(*) FROM (
		SELECT sum(actual) / nullif(sum(target), 0) FROM collected.sale
		WHERE day >= '2024-01-01' AND day < '2026-01-01'
		GROUP BY GROUPING SETS ((region, date_trunc('month', day)), (region, date_trunc('quarter', day)),
			(region, date_trunc('year', day)), (date_trunc('month', day)), (date_trunc('quarter', day)),
			(date_trunc('year', day)))) AS s$$, 0.20, 0.14);
CALL compare('collect, ten indicators of one source',
	$$CALL kpi.collect('2024', '2025', commit_each => false)$$,
	$$CALL kpi.collect('2024', '2025', '{ten}', commit_each => false)$$, 2.0, 1.6);
SELECT kpi.define_dimension('size'), kpi.define_unit('any', dimension => 'size'), kpi.define_unit('s', 'any'),
	kpi.define_unit('l', 'any') \g /dev/null
SELECT kpi.define_indicator('other' || n, source => 'collected.sale', time_column => 'day', unit_column => 'region',
							numerator => 'sum(actual)', denominator => 'count(*)', grain => grain, windows => windows::text[],
							combine => combine, unit_columns => columns::jsonb)
FROM (VALUES (1, 'quarter', NULL, 'rows', NULL), (2, 'month', '{month_ytd}', 'rows', NULL),
	  (3, 'month', NULL, 'ratio', NULL), (4, 'month', NULL, 'last', NULL),
	  (5, 'month', NULL, 'rows', '{"size": "CASE WHEN actual < 100 THEN ''s'' ELSE ''l'' END"}'))
	  AS v (n, grain, windows, combine, columns) \g /dev/null
CALL compare('collect, indicators of five grains, windows, rules and dimensions of one source / one of them',
	$$CALL kpi.collect('2024', '2025', '{ten,other1,other2,other3,other4,other5}', commit_each => false)$$,
	$$CALL kpi.collect('2024', '2025', '{ten}', commit_each => false)$$, 4.0, 3.0);
SELECT kpi.define_indicator('customers', source => 'collected.sale', time_column => 'day', unit_column => 'region',
							numerator => 'count(DISTINCT customer)') \g /dev/null
CALL compare('collect distinct customers / plain SQL, each grain its own GROUP BY',
	$$CALL kpi.collect('2024', '2025', '{customers}', commit_each => false)$$,
	$$SELECT (SELECT count(*) FROM (SELECT count(DISTINCT customer) FROM collected.sale GROUP BY region,
		date_trunc('month', day)) AS s)
		+ (SELECT count(*) FROM (SELECT count(DISTINCT customer) FROM collected.sale GROUP BY region,
			date_trunc('quarter', day)) AS s)
		+ (SELECT count(*) FROM (SELECT count(DISTINCT customer) FROM collected.sale GROUP BY region,
			date_trunc('year', day)) AS s)
		+ (SELECT count(*) FROM (SELECT count(DISTINCT customer) FROM collected.sale GROUP BY date_trunc('month', day)) AS s)
		+ (SELECT count(*) FROM (SELECT count(DISTINCT customer) FROM collected.sale
			GROUP BY date_trunc('quarter', day)) AS s)
		+ (SELECT count(*) FROM (SELECT count(DISTINCT customer) FROM collected.sale
			GROUP BY date_trunc('year', day)) AS s)$$, 1.05, 0.5);

-- two workers and no leader: the time on the clock, where there are processors for them
SET parallel_leader_participation = off;
CALL compare('collect with two workers / none, by the clock',
	$$SET LOCAL max_parallel_workers_per_gather = 2; CALL kpi.collect('2024', '2025', '{ten}', commit_each => false)$$,
	$$SET LOCAL max_parallel_workers_per_gather = 0; CALL kpi.collect('2024', '2025', '{ten}', commit_each => false)$$,
	0.65, 0.55, clock => true, limited => :processors > 1);

-- memory beyond that of reading the rows; of two million different values the set of a year takes 8 MB, a few times
UPDATE collected.sale SET customer = (random() * 1000000000)::integer;
VACUUM (FULL, ANALYZE) collected.sale;
\connect
SET search_path = bench;
SET client_min_messages = warning;
SET work_mem = '4MB';
CALL peak('collect, memory beyond that of reading the rows, work_mem 4 MB',
	$$CALL kpi.collect('2024', '2025', '{ten,customers}', commit_each => false)$$,
	'SELECT count(target) FROM collected.sale', 100663296, 67108864);
RESET work_mem;
DROP SCHEMA collected CASCADE;

SELECT kpi.define_scorecard('wide') \g /dev/null
CALL within('insert 5,000 nodes in one statement',
	$$INSERT INTO kpi.scorecard_node (scorecard, node, parent, name, weight)
	SELECT 'wide', 'n' || i, CASE WHEN i > 0 THEN 'n' || (i - 1) / 10 END, 'Node ' || i, 1
	FROM generate_series(0, 4999) AS i$$,
	$$DELETE FROM kpi.scorecard_node WHERE scorecard = 'wide'$$, 500);
