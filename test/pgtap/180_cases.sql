-- Small cases that once went wrong, with their neighbours: other grains, signs, rules, words.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
CREATE SCHEMA s;
SELECT kpi.define_unit('u', name => 'The unit');

-- a running period is provisional on every day of it, one that is over never, however little of it was asked for
CREATE TABLE s.now AS SELECT current_date - g AS d, 1 AS a FROM generate_series(0, 800) AS g;
SELECT kpi.define_indicator('run', source => 's.now', time_column => 'd', numerator => 'sum(a)',
	windows => '{month_ytd}');
SELECT to_char(current_date, 'YYYY-MM') AS this_month, to_char(current_date - 730, 'YYYY-MM') AS month_before \gset
CALL kpi.collect(:'month_before', :'month_before', '{run}', commit_each => false);
CALL kpi.collect(:'this_month', :'this_month', '{run}', commit_each => false);
SELECT is_empty($$ SELECT period_label FROM kpi.v_indicator
	WHERE is_provisional <> CAST(period_end >= current_date AS integer) $$, 'provisional is what is not over');
SELECT is(count(DISTINCT is_provisional), 2::bigint, 'and there is both') FROM kpi.v_indicator;

-- months, quarters and the rest come of the same rows, also where those of another month have changed meanwhile
CREATE TABLE s.late (d date, a int);
INSERT INTO s.late SELECT '2020-01-01'::date + g * 3, g % 17 FROM generate_series(0, 200) AS g;
SELECT kpi.define_indicator(key, source => 's.late', time_column => 'd', numerator => numerator, combine => rule)
FROM (VALUES ('total', 'sum(a)', 'rows'), ('different', 'count(DISTINCT a)', 'rows'),
	('at_end', 'sum(a)', 'last'),
	('middle', 'percentile_cont(0.5) WITHIN GROUP (ORDER BY a)', 'rows')) AS v (key, numerator, rule);
CALL kpi.collect('2020', '2021', '{total,different,at_end,middle}', commit_each => false);
INSERT INTO s.late VALUES ('2020-01-20', 100), ('2020-03-31', 50);
DELETE FROM s.late WHERE d BETWEEN '2020-05-01' AND '2020-05-10';
CALL kpi.collect('2020-02', '2020-02', '{total,different,at_end,middle}', commit_each => false);
CREATE TEMP TABLE seen AS SELECT indicator, grain, period_start, value FROM kpi.measurement
	WHERE indicator IN ('total', 'different', 'at_end', 'middle') AND period_start < '2021-01-01';
CALL kpi.collect('2020', '2021', '{total,different,at_end,middle}', commit_each => false);
SELECT bag_eq('SELECT * FROM seen', $$ SELECT indicator, grain, period_start, value FROM kpi.measurement
	WHERE indicator IN ('total', 'different', 'at_end', 'middle') AND period_start < '2021-01-01' $$,
	'a month collected alone leaves no quarter of other rows than its months');
SELECT results_eq($$ SELECT grain::text, value FROM kpi.measurement
	WHERE indicator = 'total' AND period_start = '2020-01-01' ORDER BY 1 $$,
	$$ SELECT g, (SELECT sum(a)::numeric FROM s.late WHERE d <@ kpi.period(date '2020-01-01', g))
	FROM unnest('{half,month,quarter,year}'::text[]) AS g $$, 'all as plain SQL has it');

-- what is shared out: sums and counts of rows, scaled, added, coalesced, rounded; nothing else
SELECT kpi.define_indicator('n' || n, source => 's.late', time_column => 'd', numerator => numerator)
FROM (VALUES (1, 'coalesce(sum(a), 0)'), (2, 'round(sum(a), 2)'), (3, '1.19 * sum(a)'), (4, 'sum(a) - count(*)'),
	(5, 'sum(a) / 1000'), (6, 'sum(a)::numeric(12,2)'), (7, '-sum(a)'), (8, 'sum(a) FILTER (WHERE a > 1)'),
	(11, 'avg(a)'), (12, 'max(a)'), (13, 'sum(a) / count(*)'), (14, 'count(DISTINCT a)'), (15, 'sum(a) * count(*)'),
	(16, 'sum(a) + 5'), (17, 'greatest(sum(a), 0)'), (18, 'abs(sum(a))'), (19, 'sqrt(sum(a))')) AS v (n, numerator);
SELECT kpi.set_target(indicator, 'u', '2024', 1200) FROM kpi.indicator WHERE indicator ~ '^n\d+$';
SELECT is(kpi.target_for(indicator, 'u', '2024-02'), CASE WHEN substr(indicator, 2)::int < 10 THEN 100.0 ELSE 1200 END,
	'a month of 1200 a year of ' || numerator)
FROM kpi.indicator WHERE indicator ~ '^n\d+$';

-- own sales of teams in a market that is known for their region alone
SELECT kpi.define_unit('region', parent => 'u'), kpi.define_unit('team', parent => 'region'),
	kpi.define_unit('crew', parent => 'region');
CREATE TABLE s.own (d date, u text, a numeric);
CREATE TABLE s.market AS TABLE s.own;
INSERT INTO s.own VALUES ('2024-01-10', 'team', 10), ('2024-01-11', 'crew', 30);
INSERT INTO s.market VALUES ('2024-01-10', 'region', 100);
SELECT kpi.define_indicator(key, source => 's.' || key, time_column => 'd', unit_column => 'u', numerator => 'sum(a)')
FROM unnest('{own,market}'::text[]) AS key;
SELECT kpi.define_indicator('share', formula => 'own / market');
CALL kpi.collect('2024-01', '2024-01', '{own,market}', commit_each => false);
CREATE FUNCTION pg_temp.shares() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(unit || ' ' || coalesce(round(value, 2)::text, note), ', ' ORDER BY unit)
	FROM kpi.measurement WHERE indicator = 'share' AND grain = 'month'
$$;
SELECT is(pg_temp.shares(), 'crew missing: market, region 0.40, team missing: market, u 0.40',
	'a team whose market nobody knows has no share, and the reason');
SELECT kpi.define_indicator('market', inherit => true);
CALL kpi.collect('2024-01', '2024-01', '{own,market}', commit_each => false);
SELECT is(pg_temp.shares(), 'crew 0.30, region 0.40, team 0.10, u 0.40', 'or that in its region''s, where asked');

-- points lost are those by the weight in force, and add up to what is missing of 100
SELECT kpi.define_indicator(key, name => name, kind => 'entered', combine => 'average', target_rule => 'hold')
FROM (VALUES ('churn', 'Churn'), ('mood', 'Mood'), ('fame', 'Fame'), ('sales', 'Sales')) AS v (key, name);
SELECT kpi.set_target(key, 'u', '2024', 100) FROM unnest('{churn,mood,fame,sales}'::text[]) AS key;
SELECT kpi.enter('churn', 'u', '2024-01', 40), kpi.enter('sales', 'u', '2024-01', 99.96);
SELECT kpi.define_scorecard('card');
SELECT kpi.define_node('card', 'customers', weight => 0.6),
	kpi.define_node('card', 'sales', indicator => 'sales', weight => 0.4);
SELECT kpi.define_node('card', key, parent => 'customers', indicator => key, weight => weight)
FROM (VALUES ('churn', 0.25), ('mood', 0.5), ('fame', 0.25)) AS v (key, weight);
CREATE TEMP TABLE card AS SELECT line FROM kpi.scorecard_text('card', 'u', '2024-01') AS line;
SELECT is((SELECT trim(line) FROM card WHERE line LIKE '%Worst:%'), 'Worst: Churn (-36.0 points)',
	'Worst: as much as it costs, and nothing that rounds to -0.0');
SELECT matches((SELECT line FROM card LIMIT 1), 'Score 64\.0', 'of a score of 64.0');
SELECT matches((SELECT string_agg(line, '|') FROM card), 'Missing: Mood \(weight 30\.0 %\), Fame \(weight 15\.0 %\)',
	'beside what is missing');

SELECT * FROM finish();
ROLLBACK;
