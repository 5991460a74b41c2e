-- Collecting by states: what is measured is what plain SQL gives over the rows
-- of the unit and the period, type and digits included, in every dimension.
BEGIN;
SELECT no_plan();

SET LOCAL client_min_messages = warning;

CREATE SCHEMA kpi_test;
CREATE TABLE kpi_test.sale (day date, at timestamptz, unit text, channel text, customer integer, amount integer,
	price numeric, weight float8);
SELECT setseed(0.25) \g /dev/null
INSERT INTO kpi_test.sale
SELECT d, d + time '12:00' AT TIME ZONE 'UTC',
	(ARRAY['north', 'south', 'team', NULL, 'ghost'])[1 + floor(random() * 5)::integer],
	(ARRAY['Web', 'shop', NULL])[1 + floor(random() * 3)::integer], floor(random() * 9)::integer,
	floor(random() * 100)::integer, round((random() * 100)::numeric, floor(random() * 5)::integer),
	floor(random() * 64)
FROM (SELECT date '2011-01-01' + floor(random() * 365)::integer AS d FROM generate_series(1, 500)) AS s;
INSERT INTO kpi_test.sale VALUES (NULL, NULL, 'north', 'Web', 1, 1, 1, 1);

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company'),
	kpi.define_unit('team', 'north', "from" => '2011-01-01'), kpi.define_unit('team', 'south', "from" => '2011-07-16');
SELECT kpi.define_dimension('channel', 'Channel');
SELECT kpi.define_unit('channels', dimension => 'channel'), kpi.define_unit('web', 'channels'),
	kpi.define_unit('shop', 'channels');

-- the units above a row, by hand
CREATE TABLE kpi_test.counts AS
SELECT s.ctid AS row, u.counted
FROM kpi_test.sale AS s CROSS JOIN LATERAL (
	SELECT 'company' UNION SELECT s.unit WHERE s.unit IN ('north', 'south', 'team')
	UNION SELECT CASE WHEN s.day < '2011-07-16' THEN 'north' ELSE 'south' END WHERE s.unit = 'team'
	UNION SELECT 'channels' UNION SELECT lower(s.channel) WHERE s.channel IS NOT NULL) AS u (counted)
WHERE s.day IS NOT NULL;

CREATE FUNCTION pg_temp.by_hand(expression text, filter text DEFAULT 'true')
	RETURNS TABLE (grain text, period_start date, unit text, value text, row_count bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT g.grain::text, kpi.period_start(g.grain, s.day), c.counted,
			CAST(CAST(CAST(%s AS text) AS numeric) AS text), count(*)
		FROM kpi_test.sale AS s JOIN kpi_test.counts AS c ON c.row = s.ctid
			CROSS JOIN (VALUES ('month'), ('quarter'), ('half'), ('year')) AS g (grain)
		WHERE %s GROUP BY 1, 2, 3$q$, expression, filter);
END $$;

CREATE FUNCTION pg_temp.measured(expression text, filter text DEFAULT NULL, time_column text DEFAULT 'day')
	RETURNS TABLE (grain text, period_start date, unit text, value text, row_count bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kpi.define_indicator('x', source => 'kpi_test.sale', time_column => time_column, unit_column => 'unit',
		unit_columns => '{"channel": "lower(channel)"}', numerator => expression, filter => filter, time_zone => 'UTC',
		reset => CASE WHEN filter IS NULL THEN '{filter}'::text[] END);
	RETURN QUERY SELECT m.grain, m.period_start, m.unit, m.numerator::text, m.row_count
		FROM kpi.measure('x', '2011-01-01', '2012-01-01') AS m;
END $$;

SELECT set_eq(format('SELECT * FROM pg_temp.measured(%L)', e), format('SELECT * FROM pg_temp.by_hand(%L)', e),
	format('%s is that of the rows', e))
FROM unnest(ARRAY['count(*)', 'count(unit)', 'sum(amount)', 'sum(amount) / count(*)', 'sum(price)', 'avg(price)',
	'avg(amount)', 'avg(amount::smallint)', 'avg(amount::bigint)', 'sum(amount::bigint)', 'sum(weight)', 'avg(weight)',
	'avg(weight::real)', 'min(price) + max(price)', 'sum(amount) - min(amount)',
	'coalesce(sum(price) FILTER (WHERE amount > 95), 0)',
	'sum(price) / nullif(sum(amount), 0)', 'count(DISTINCT customer)', 'count(DISTINCT unit)',
	'count(DISTINCT customer) FILTER (WHERE amount > 60)', 'count(DISTINCT customer::smallint) + count(DISTINCT '
		'-customer::bigint)',
	'count(DISTINCT md5(amount::text)::uuid)', 'count(DISTINCT amount::information_schema.cardinal_number)',
	'count(DISTINCT nullif(customer, 3))', 'count(DISTINCT price)',
	'percentile_disc(0.5) WITHIN GROUP (ORDER BY amount)', 'stddev_samp(price)', 'max(length(unit))',
	'CASE WHEN bool_and(amount > 3) THEN 1 ELSE 0 END', 'sum(price * amount)', '(SELECT count(*)) + (SELECT 7)',
	'kpi.ratio_agg(price, amount)', 'sum(amount) FILTER (WHERE channel IS NULL)']) AS e;
SELECT set_eq(format('SELECT * FROM pg_temp.measured(%L, %L)', e, 'amount > 20'),
	format('SELECT * FROM pg_temp.by_hand(%L, %L)', e, 'amount > 20'), format('%s of rows that pass a filter', e))
FROM unnest(ARRAY['avg(price)', 'count(DISTINCT customer)']) AS e;

-- sets of distinct values
SELECT is(kpi_internal.distinct_sets(v)::text, '1 1 3 -5 0 7', 'a set has each integer once, in order')
FROM unnest('{7,-5,0,7,NULL}'::bigint[]) AS v;
SELECT is(kpi_internal.distinct_set_count(s) || ': ' || s::text::kpi_internal.distinct_set, '2: ' || s,
	'uuids are counted, and a set reads as it is written')
FROM (SELECT kpi_internal.distinct_sets(v) AS s FROM unnest(ARRAY['ffffffff-0000-0000-0000-000000000001',
	'00000000-0000-0000-0000-000000000001', 'ffffffff-0000-0000-0000-000000000001']::uuid[]) AS v) AS u;
SELECT is(kpi_internal.distinct_set_count(kpi_internal.distinct_sets(s)), 1500::bigint, 'sets merge')
FROM (SELECT kpi_internal.distinct_sets(i * 7919::bigint % 1500) AS s FROM generate_series(1, 20000) AS i
	GROUP BY i % 37) AS u;
SELECT is(kpi_internal.distinct_set_count(NULL), 0::bigint, 'no set has no values');
SELECT ok(kpi_internal.distinct_sets(NULL::bigint) IS NULL, 'nor does one of NULLs exist');
SELECT throws_ok(format('SELECT %L::kpi_internal.distinct_set', t), '22P02', NULL, 'no set: ' || t)
FROM unnest('{1 1 2 5 5,1 1 2 5 4,1 3 1 1 2 3,1 0 0,1 1 0,1 1 1 1 1}'::text[]) AS t;
SELECT throws_ok($$ SELECT kpi_internal.distinct_set_accum('1 1 1 5', md5('')::uuid) $$, '22023', NULL,
	'an integer is no uuid');
SELECT set_eq(format('SELECT * FROM pg_temp.measured(%L, NULL, %L)', e, 'at'),
	format('SELECT * FROM pg_temp.by_hand(%L)', e), format('%s by instants', e))
FROM unnest(ARRAY['avg(price)', 'count(DISTINCT customer)']) AS e;

-- several at once, each with a filter of its own
SELECT kpi.define_indicator('a', source => 'kpi_test.sale', time_column => 'day', unit_column => 'unit',
	numerator => 'sum(price)', filter => 'amount > 50', time_zone => 'UTC'),
	kpi.define_indicator('b', source => 'kpi_test.sale', time_column => 'day', unit_column => 'unit',
	numerator => 'sum(price)', denominator => 'sum(amount)', time_zone => 'UTC'),
	kpi.define_indicator('c', source => 'kpi_test.sale', time_column => 'day', unit_column => 'unit',
	numerator => 'sum(1 / (amount - 50))', time_zone => 'UTC');
INSERT INTO kpi_test.sale VALUES ('2011-05-05', NULL, 'north', NULL, 1, 50, 7, 1);
INSERT INTO kpi_test.counts SELECT s.ctid, u FROM kpi_test.sale AS s, unnest('{company,north}'::text[]) AS u
WHERE s.price = 7 AND s.day = '2011-05-05' AND s.amount = 50;
CALL kpi.collect('2011', indicators => '{a,b,c}', commit_each => false);
SELECT results_eq($$ SELECT indicator::text, state::text, untimed_rows FROM kpi.run_step ORDER BY 1 $$,
	$$ VALUES ('a', 'collected', 0::bigint), ('b', 'collected', 1), ('c', 'failed', 0) $$,
	'one that fails does so alone; rows without a time are counted');
SELECT results_eq($$ SELECT indicator::text, severity::text, finding_text FROM kpi.v_data_quality
	WHERE finding = 'untimed_rows' $$, $$ VALUES ('b', 'warning',
	'Rows of the source of B without a time, or with one of no year from 1 to 9999: 1. '
		'They count in no period.') $$,
	'and a finding says so');
-- infinite times and slips in the year are of no period, whatever the type of the column and whichever way its rows
-- are told apart
CREATE TABLE kpi_test.endless AS
SELECT d AS day, CAST(d AS timestamp) AS local, CAST(d AS timestamptz) AS at, 1 AS amount
FROM unnest('{2011-03-01,NULL,infinity,-infinity,20111-03-01,0001-12-31 BC}'::date[]) AS d;
SELECT kpi.define_indicator(concat_ws('_', 'endless', c, b), source => 'kpi_test.endless', time_column => c,
	time_zone => 'UTC', combine => b, last_by => l, numerator => e)
FROM unnest('{day,local,at}'::text[]) AS c
	CROSS JOIN (VALUES ('rows', NULL, 'sum(amount)'), ('last', 'day', 'sum(amount)'), ('first', 'instant', 'sum(amount)'),
		('max', NULL, 'string_agg(amount::text, '''')::int')) AS w (b, l, e);
SELECT array_agg(indicator::text) AS endless FROM kpi.indicator WHERE indicator LIKE 'endless%' \gset
CALL kpi.collect('2011-01', '2011-03', :'endless', commit_each => false);
SELECT results_eq($$ SELECT DISTINCT state::text, source_rows, untimed_rows FROM kpi.run_step
	WHERE indicator LIKE 'endless%' $$, $$ VALUES ('collected', 1::bigint, 5::bigint) $$,
	'rows with such times are counted with those without one');
SELECT set_eq($$ SELECT grain::text, period_start, unit::text, numerator::text, row_count FROM kpi.measurement
	WHERE indicator = 'a' $$, $$ SELECT * FROM pg_temp.by_hand('sum(price)', 'amount > 50')
	WHERE unit NOT IN ('channels', 'web', 'shop') $$, 'with its own filter');
SELECT set_eq($$ SELECT grain::text, period_start, unit::text, numerator::text, row_count FROM kpi.measurement
	WHERE indicator = 'b' $$, $$ SELECT * FROM pg_temp.by_hand('sum(price)')
	WHERE unit NOT IN ('channels', 'web', 'shop') $$, 'and without one');

SELECT set_eq($$ SELECT indicator, grain, period_start, unit, numerator, denominator, row_count
	FROM kpi_internal.measured('{a,b}', '2011-01-01', '2012-01-01') WHERE grain IS NOT NULL $$,
	$$ SELECT i, m.* FROM unnest('{a,b}'::text[]) AS i
		CROSS JOIN LATERAL (SELECT grain, period_start, unit, numerator, denominator, row_count
			FROM kpi.measure(i, '2011-01-01', '2012-01-01')) AS m $$, 'together as each by itself');

SELECT kpi.define_indicator('ten' || n, source => 'kpi_test.sale', time_column => 'day', unit_column => 'unit',
	numerator => numerator, denominator => denominator)
FROM (VALUES (0, 'sum(price)', 'sum(weight)'), (1, 'sum(price)', NULL), (2, 'sum(amount)', NULL),
	(3, 'count(*)', NULL), (4, 'avg(price)', NULL), (5, 'sum(price) - sum(amount)', NULL), (6, 'sum(price)', 'count(*)'),
	(7, 'max(customer)', NULL), (8, 'count(*) FILTER (WHERE customer < 3)', 'count(*)'),
	(9, 'kpi.ratio_agg(price, amount)', NULL)) AS v (n, numerator, denominator);
SELECT is((SELECT sizes FROM kpi_internal.collect_groups(
	'{ten0,ten1,ten2,ten3,ten4,ten5,ten6,ten7,ten8,ten9}')), '{10}',
	'indicators of one source are one group');
SELECT set_eq($$ SELECT indicator, grain, period_start, unit, numerator, denominator, row_count
	FROM kpi_internal.measured(ARRAY(SELECT 'ten' || n FROM generate_series(0, 9) AS n), '2011-01-01', '2012-01-01')
	WHERE grain IS NOT NULL $$,
	$$ SELECT i, m.* FROM (SELECT 'ten' || n FROM generate_series(0, 9) AS n) AS t (i)
		CROSS JOIN LATERAL (SELECT grain, period_start, unit, numerator, denominator, row_count
			FROM kpi.measure(i, '2011-01-01', '2012-01-01')) AS m $$, 'ten together as each by itself');

-- a stock: the last day of each unit
CREATE TABLE kpi_test.store (day date, unit text, amount integer);
INSERT INTO kpi_test.store VALUES ('2011-03-15', 'north', 100), ('2011-03-31', 'north', 60),
	('2011-03-31', 'north', 62),	('2011-03-20', 'south', 40), ('2011-02-01', 'south', 5);
SELECT kpi.define_indicator('stock', source => 'kpi_test.store', time_column => 'day', unit_column => 'unit',
	numerator => n, combine => 'last') FROM unnest('{sum(amount)}'::text[]) AS n;
SELECT set_eq($$ SELECT grain, period_start, unit, numerator, row_count
	FROM kpi.measure('stock', '2011-01-01', '2011-04-01') $$,
	$$ VALUES ('month', date '2011-03-01', 'north', 122::numeric, 2::bigint), ('month', '2011-03-01', 'south', 40, 1),
		('month', '2011-02-01', 'south', 5, 1) $$, 'rows of the last day of each unit, for it alone');
CALL kpi.collect('2011-Q1', indicators => '{stock}', commit_each => false);
SELECT is((SELECT value FROM kpi.measurement WHERE indicator = 'stock' AND unit = 'company' AND grain = 'quarter'),
	162::numeric, 'then the sum of the units');
SELECT kpi.define_indicator('stock', numerator => 'percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)');
SELECT set_eq($$ SELECT unit, numerator FROM kpi.measure('stock', '2011-03-01', '2011-04-01') $$,
	$$ VALUES ('north', 61::numeric), ('south', 40) $$, 'also of what does not merge');
-- a unit that ends, with rows that name it still: these are the root's, and hide none of its own
SELECT kpi.define_unit('south', valid => '(,2011-03-25)');
INSERT INTO kpi_test.store VALUES ('2011-03-28', 'south', 7);
SELECT set_eq($$ SELECT unit, numerator FROM kpi.measure('stock', '2011-03-01', '2011-04-01') $$,
	$$ VALUES ('north', 61::numeric), ('south', 40), ('company', 7) $$, 'each name apart where it is no unit');
SELECT kpi.define_indicator('stock', numerator => 'sum(amount)');
SELECT set_eq($$ SELECT unit, numerator, row_count, unassigned
	FROM kpi.measure('stock', '2011-03-01', '2011-04-01') $$,
	$$ VALUES ('north', 122::numeric, 2::bigint, 0::bigint), ('south', 40, 1, 0), ('company', 7, 1, 1) $$,
	'of what merges too');
DELETE FROM kpi_test.store WHERE day = '2011-03-28';
SELECT kpi.define_unit('south', reset => '{valid}');

-- windows from rows
SELECT kpi.define_indicator('wide', source => 'kpi_test.store', time_column => 'day', unit_column => 'unit',
	numerator => n, windows => '{month_r3,month_ytd}', window_min => 2) FROM unnest('{sum(amount)}'::text[]) AS n;
SELECT set_eq($$ SELECT grain, period_start, unit, numerator FROM kpi.measure('wide', '2011-03-01', '2011-04-01')
	WHERE grain IN ('month_r3', 'month_ytd') AND unit = 'south' AND period_start < '2011-05-01' $$,
	$$ VALUES ('month_r3', date '2011-03-01', 'south', 45::numeric), ('month_r3', '2011-04-01', 'south', 45),
		('month_ytd', '2011-03-01', 'south', 45), ('month_ytd', '2011-04-01', 'south', 45) $$,
	'to date and rolling, where two months have a value');

-- a snapshot, and units that get all rows
SELECT kpi.define_indicator('now', source => 'kpi_test.store', numerator => 'sum(amount)',
	all_rows_to => '{web,north}');
SELECT is_empty($$ SELECT * FROM kpi.measure('now', '2011-01-01', '2012-01-01') $$, 'never for a period that is over');
SELECT results_eq($$ SELECT DISTINCT unit, numerator
	FROM kpi.measure('now', current_date, current_date + 1) ORDER BY 1 $$,
	$$ VALUES ('north', 267::numeric), ('web', 267) $$, 'for those that run, and the units that get all rows');

-- a table of which nearly all rows are asked for: those of other years and of none are put aside and counted
CREATE TABLE kpi_test.nearly AS
SELECT date '2011-01-01' + i % 365 AS day, (ARRAY['north', 'south', 'ghost'])[1 + i % 3] AS unit, i AS amount,
	i / 4.0 AS price FROM generate_series(1, 2000) AS i;
INSERT INTO kpi_test.nearly VALUES ('2010-12-31', 'north', 1, 1), ('2012-01-01', 'ghost', 1, 1), (NULL, 'north', 1, 1),
	('infinity', 'north', 1, 1), ('0044-03-15 BC', NULL, 1, 1), ('10000-01-01', 'south', 1, 1);
ANALYZE kpi_test.nearly;
SELECT kpi.define_indicator('nearly', source => 'kpi_test.nearly', time_column => 'day', unit_column => 'unit',
	numerator => 'sum(price) + sum(amount)', denominator => 'count(*)');
SELECT set_eq($$ SELECT unit, numerator, denominator FROM kpi.measure('nearly', '2011-01-01', '2012-01-01')
	WHERE grain = 'year' AND unit IN ('north', 'south') $$,
	$$ SELECT unit, sum(price) + sum(amount), count(*)::numeric FROM kpi_test.nearly
	WHERE day >= '2011-01-01' AND day < '2012-01-01' AND unit <> 'ghost' GROUP BY 1 $$,
	'of a year that has nearly all rows');
SELECT results_eq($$ SELECT row_count, untimed, days
	FROM kpi_internal.measure_source('{nearly}', '2011-01-01', '2012-01-01') WHERE grain IS NULL $$,
	$$ VALUES (2000::bigint, 4::bigint, daterange('2011-01-01', '2012-01-01')) $$, 'and counts what is of no period');
SELECT set_eq($$ SELECT unit, numerator, denominator FROM kpi.measure('nearly', '2012-01-01', '2013-01-01')
	WHERE grain = 'year' AND unit IN ('north', 'south') $$,
	$$ SELECT unit, sum(price) + sum(amount), count(*)::numeric FROM kpi_test.nearly
	WHERE day >= '2012-01-01' AND day < '2013-01-01' AND unit <> 'ghost' GROUP BY 1 $$, 'of a year that has few');

-- what rows are grouped by
SELECT results_eq($$ SELECT kpi_internal.cell_number(day, '{2011-01-01,2011-02-01,2011-03-01}')
	FROM unnest('{2010-12-31,2011-01-01,2011-01-31,2011-02-01,2011-02-28,2011-03-01,infinity,-infinity,
		NULL}'::date[]) AS day $$,
	'VALUES (NULL), (1), (1), (2), (2), (NULL), (NULL), (NULL), (NULL::integer)', 'the cell of a day, NULL outside');
SELECT results_eq($$ SELECT kpi_internal.cell_number(t, '{2011-01-01,2011-02-01 06:00,2011-03-01}')
	FROM unnest('{2010-12-31 23:59:59.999999,2011-01-01,2011-02-01 05:59,2011-02-01 06:00,2011-03-01,
		infinity}'::timestamp[]) AS t $$,
	'VALUES (NULL), (1), (1), (2), (NULL), (NULL::integer)', 'of an instant');
SELECT is(kpi_internal.cell_number(date '2011-01-01', edges), NULL, 'no cell without two edges: ' || edges::text)
FROM (VALUES ('{}'::date[]), ('{2011-01-01}')) AS v (edges);
SELECT results_eq($$ SELECT kpi_internal.group_number(7, name, '{a,bb,"",bb}'), kpi_internal.group_name(
		kpi_internal.group_number(7, name, '{a,bb,"",bb}'), '{a,bb,"",bb}')
	FROM unnest('{a,bb,"",c,A,b,NULL}'::text[]) AS name $$,
	$$ VALUES (36, 'a'), (37, 'bb'), (38, ''), (35, NULL), (35, NULL), (35, NULL), (35, NULL) $$,
	'the place of a name behind a number, and back; 0 for those that are not known');
SELECT is(kpi_internal.group_number(NULL, 'a', '{a}'), NULL, 'no number before, none after it');
SELECT throws_ok($$ SELECT kpi_internal.group_number(2147483647, 'a', '{a}') $$, '22003', NULL,
	'no number beyond an integer');
SELECT throws_ok($$ SELECT kpi_internal.group_number(1, 'a', '{a,NULL}') $$, '22004', NULL, 'no name that is NULL');
SELECT bag_eq($$ SELECT n, kpi_internal.group_number(n, name, names)
	FROM (VALUES (1, 'a', '{a,b}'::text[]), (1, 'b', '{b}'), (1, 'b', NULL)) AS v (n, name, names) $$,
	'VALUES (1, 4), (1, 3), (1, NULL::integer)', 'among other names in each row');

SELECT * FROM finish();
ROLLBACK;
