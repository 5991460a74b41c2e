-- Small cases that once went wrong, with their neighbours: other grains, signs, rules, words.
BEGIN;
\ir lib.sql
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

-- what a second call leaves out stays as it was
CREATE FUNCTION pg_temp.defined() RETURNS TABLE (line text) LANGUAGE sql STABLE AS $$
	SELECT p::text FROM kpi.perspective AS p UNION ALL SELECT d::text FROM kpi.dimension AS d
	UNION ALL SELECT c::text FROM kpi.calendar AS c UNION ALL SELECT g::text FROM kpi.grain AS g
	UNION ALL SELECT t::text FROM kpi.target_profile AS t UNION ALL SELECT u::text FROM kpi.unit AS u
	UNION ALL SELECT i::text FROM kpi.indicator AS i UNION ALL SELECT c::text FROM kpi.scorecard AS c
	UNION ALL SELECT n::text FROM kpi.scorecard_node AS n UNION ALL SELECT r::text FROM kpi.rater AS r
$$;
SELECT kpi.define_perspective('growth', name => 'Wachstum', "position" => 15),
	kpi.define_dimension('shop', name => 'Laden', "position" => 25),
	kpi.define_calendar('fy', starts => '04-01', label_by => 'end', name => 'Fiscal'),
	kpi.define_calendar('retail', pattern => '4-5-4', first_day => '2011-01-31', week_53 => '3', name => 'Retail'),
	kpi.define_window('month', 'r6', last => 6, name => 'Six'),
	kpi.define_window('month', 'htd', within => 'half', name => 'Half so far'),
	kpi.define_target_profile('season', shares => '{1,2,3,4,5,6,7,8,9,10,11,12}'::int[], in_decimals => true,
		name => 'S'),
	kpi.define_unit('site', parent => 'u', name => 'Site', "position" => 7, source_value => 's1', responsible => 'ann',
		valid => '[2020-01-01,)');
SELECT kpi.define_indicator('full', name => 'Full', description => 'd', rule => 'r', unit_of_measure => 'GBP',
	perspective => 'growth', combine => 'sum', target_rule => 'spread', windows => '{month_ytd}', four_eyes => true,
	due_after => '5 days', spread_by => 'profile', target_profile => 'season', decimals => 3, kind => 'entered'),
	kpi.define_indicator('judged', kind => 'rated', rating_method => 'trimmed', rating_trim => 0.2,
		rating_scale => 'good:80, bad:20', rating_missing => 'zero');
SELECT kpi.set_rater('judged', 'ann', 2.5, unit => 'u', valid => '[2024-01-01,)');
SELECT kpi.define_scorecard('rich', name => 'Rich', method => 'points', missing => 'zero', min_coverage => 0.5,
	zero_below => 1, floor => 0, cap => 120, weight_sum => 1, weight_tolerance => 0.01);
SELECT kpi.define_node('rich', 'full', indicator => 'full', weight => 0.5, role => 'bonus', role_limit => 5,
	name => 'N', max_age => 3, floor => 0, cap => 50, scale => 'linear(0:0, 1:100)', "position" => 3);
CREATE TEMP TABLE defined AS SELECT * FROM pg_temp.defined();
SELECT kpi.define_perspective('growth'), kpi.define_dimension('shop'), kpi.define_calendar('fy'),
	kpi.define_calendar('retail'), kpi.define_window('month', 'r6'), kpi.define_window('month', 'htd'),
	kpi.define_window('month', 'ytd'), kpi.define_target_profile('season'), kpi.define_unit('site'),
	kpi.define_indicator('full'), kpi.define_indicator('judged'), kpi.define_scorecard('rich'),
	kpi.define_node('rich', 'full'), kpi.set_weight('rich', 'full'),
	kpi.set_rater('judged', 'ann', unit => 'u', valid => '[2024-01-01,)');
SELECT bag_eq('SELECT * FROM pg_temp.defined()', 'SELECT * FROM defined', 'nothing changes by naming a thing again');
SELECT kpi.define_perspective('growth', "position" => 16), kpi.define_window('month', 'r6', name => 'Half a year');
SELECT is((SELECT name FROM kpi.perspective WHERE perspective = 'growth'), 'Wachstum', 'a new place keeps the name');
SELECT is((SELECT concat_ws('|', rule, position, name) FROM kpi.grain WHERE grain = 'month_r6'),
	'last 6 of month|180|Half a year', 'and a new name the periods');

-- what cannot be measured says why, in words, and what helps instead
SELECT is(told(format('SELECT kpi.measure(''total'', %L, %L)', from_date, to_date)),
	format('22023 | range from %s to %s is not in the years 1 to 9999 | Periods are those of the years 1 to 9999.',
		from_date, to_date), 'no label names a day of ' || from_date)
FROM (VALUES ('20111-01-01', '20111-02-01'), ('0044-03-01 BC', '0001-01-01'), ('9999-12-01', '10000-01-02'))
	AS v (from_date, to_date);
SELECT is_empty($$ SELECT kpi.measure('total', '9999-12-01', '10000-01-01') $$, 'the last day of the years is one');
SELECT alike(told($$ SELECT kpi.measure('mood', '2024-01-01', '2024-02-01') $$), '%kpi.enter()%',
	'values of what is entered are entered');
SELECT alike(told($$ SELECT kpi.measure('judged', '2024-01-01', '2024-02-01') $$), '%kpi.rate()%',
	'of what is rated, rated');
SELECT alike(told($$ SELECT kpi.measure('share', '2024-01-01', '2024-02-01') $$), '%its formula reads%',
	'and of a formula computed');

-- what was never collected is reported once, and what failed ends by retiring, also where the source is gone
CREATE TABLE s.gone (d date, u text);
INSERT INTO s.gone VALUES (NULL, 'u'), ('2024-01-10', 'nobody');
SELECT kpi.define_indicator('lost', source => 's.gone', time_column => 'd', unit_column => 'u',
	numerator => 'count(*)');
CREATE FUNCTION pg_temp.findings() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(DISTINCT finding, ' ' ORDER BY finding) FROM kpi.v_data_quality WHERE indicator = 'lost'
$$;
SELECT is(pg_temp.findings(), 'never_collected', 'of what was never collected no single value is missed');
CALL kpi.collect('2024-01', '2024-01', '{lost}', commit_each => false);
SELECT alike(pg_temp.findings(), '%unassigned_rows%untimed_rows%', 'a collection tells what it met');
DROP TABLE s.gone;
SELECT throws_ok($$ SELECT kpi.define_indicator('lost', decimals => 0) $$, '42P01',
	'source "s.gone" of indicator "lost" does not exist', 'what is collected needs its source');
SELECT kpi.define_indicator('lost', state => 'retired', name => 'Lost');
SELECT is(pg_temp.findings(), NULL, 'what is retired does not, and has no findings');
SELECT throws_ok($$ SELECT kpi.define_indicator('lost', state => 'draft') $$, '42P01',
	'source "s.gone" of indicator "lost" does not exist', 'it comes back with its source alone');

-- benchmarks are typed like targets
SELECT kpi.set_benchmark('fame', 'them', '2024-01', 4);
DELETE FROM kpi.target WHERE indicator = 'fame';
DELETE FROM kpi.scorecard_node WHERE indicator = 'fame';
SELECT is(told($$ DELETE FROM kpi.indicator WHERE indicator = 'fame' $$), '23503 | indicator "fame" has '
	'benchmarks | Retire it instead: kpi.define_indicator(''fame'', state => ''retired'').', 'and are kept like them');

-- shares that are none, as text from a driver has them
SELECT kpi.set_target('own', 'region', '2024', 100);
SELECT is(told(format('SELECT kpi.cascade_target(%L, %L, %L, shares => %L)', 'own', 'region', '2024',
	shares)), error, 'shares ' || shares)
FROM (VALUES ('[1, 2]', '22023 | shares [1, 2] are not an object | Give each unit directly below its share: '
		'''{"north": 0.5, "south": 0.5}''.'),
	('{"crew": "much", "team": 1}', '22P02 | "much" is not a number | Write digits, such as 1200 or 0.05. '
		'A day that comes with a grain needs its type: date ''2011-11-01''.'),
	('{"crew": 1, "teem": 1}', '22023 | unit "teem" does not exist among those directly below | '
		'Perhaps you mean "team".')) AS v (shares, error);

-- a language tag of several parts understands each of its beginnings
INSERT INTO kpi.translation (topic, code, language, name) VALUES ('status', 'green', 'zh-Hans', 'hans'),
	('status', 'amber', 'zh-Hans-CN', 'cn');
CREATE FUNCTION pg_temp.words(language text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('kpi.language', language, true);
	RETURN concat_ws(' ', kpi.term('status', 'red', '-'), kpi.term('status', 'green', '-'),
		kpi.term('status', 'amber', '-'));
END $$;
SELECT is(pg_temp.words(tag), words, 'the words of ' || tag)
FROM (VALUES ('zh', '红色 绿色 黄色'), ('ZH_hans', '红色 hans 黄色'), ('zh-Hans-CN', '红色 hans cn'),
	('zh_HANS_cn.UTF-8@x', '红色 hans cn'), ('zh-Hant-CN', '红色 绿色 黄色')) AS v (tag, words);

SELECT * FROM finish();
ROLLBACK;
