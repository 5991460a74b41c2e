-- Stored results: what changes touch is stale, a refresh mends it, and what it
-- leaves is what an evaluation of everything gives.
-- share: 3
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL TimeZone = 'UTC';
SELECT no_plan();

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');
SELECT kpi.define_indicator('sales', combine => 'sum', windows => '{month_ytd}'),
	kpi.define_indicator('cost', direction => 'lower', combine => 'sum'),
	kpi.define_indicator('survey', kind => 'entered', grain => 'year', combine => 'none'),
	kpi.define_indicator('margin', kind => 'derived', formula => 'sales - cost');
SELECT kpi.define_scorecard('card'), kpi.define_scorecard('ranks'), kpi.define_scorecard('outer');
SELECT kpi.define_node('card', 'sales', weight => 50), kpi.define_node('card', 'cost', weight => 30),
	kpi.define_node('card', 'survey', weight => 20, carry => true, scale => 'given');
SELECT kpi.define_node('ranks', 'sales', weight => 1, scale => 'rank(100, 80, 60) of actual');
SELECT kpi.define_node('outer', 'margin', weight => 1, scale => 'given'),
	kpi.define_node('outer', 'inner', shows => 'card', weight => 1);
SELECT kpi.set_target(i, u, '2011', 1200) FROM unnest('{sales,cost}'::text[]) AS i,
	unnest('{north,south}'::text[]) AS u;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT i, u, 'month', make_date(y, m, 1), 50 + 7 * m + length(i || u)
FROM unnest('{sales,cost}'::text[]) AS i, unnest('{north,south}'::text[]) AS u, generate_series(2010, 2011) AS y,
	generate_series(1, 12) AS m;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
	VALUES ('survey', 'north', 'year', '2010-01-01', 70);

-- The rows of a table that the other has not, or other ones
CREATE FUNCTION pg_temp.differences() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT coalesce(s.score_key, l.score_key)
	FROM (SELECT v.score_key, to_jsonb(v) - 'evaluated_at' - 'is_stale' AS line FROM kpi.v_scorecard AS v) AS s
		FULL JOIN (SELECT v.score_key, to_jsonb(v) - 'evaluated_at' - 'is_stale' AS line
				   FROM kpi.v_scorecard_live AS v) AS l USING (score_key)
	WHERE s.line IS DISTINCT FROM l.line
$$;
CREATE FUNCTION pg_temp.stale() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT DISTINCT concat_ws(' ', v.scorecard, v.unit, v.period_label) FROM kpi.v_scorecard AS v WHERE v.is_stale = 1
$$;

SELECT is((SELECT count(*) FROM kpi.v_scorecard), 0::bigint, 'nothing is evaluated before the first refresh');
SELECT matches((SELECT finding_text FROM kpi.v_data_quality WHERE finding = 'stale'), '^[0-9]+ results are older',
	'which is found');
SELECT cmp_ok(kpi.refresh_results(), '>', 0::bigint, 'the first one');
SELECT is_empty('SELECT pg_temp.differences()', 'gives what an evaluation gives');
SELECT is_empty('SELECT pg_temp.stale()', 'nothing is stale');
SELECT is(kpi.refresh_results(), 0::bigint, 'and a second one has nothing to do');
SELECT is_empty($$SELECT * FROM kpi.v_data_quality WHERE finding = 'stale'$$, 'nor is there a finding');

-- E271
SELECT kpi.set_target('sales', 'north', '2011-03', 130, reason => 'agreed anew');
SELECT set_has('SELECT pg_temp.stale()', $$VALUES ('card north 2011-03'), ('card north 2011-04'),
	('card north 2011-Q1'), ('outer north 2011-03')$$, 'what a target touches, the month after and a card that shows it');
SELECT is_empty($$SELECT * FROM pg_temp.stale() AS s 
	WHERE s ~ '^(card|outer) (south|north (2010|2011-0[25]$))'$$,
	'and no other unit or month');
SELECT cmp_ok(kpi.refresh_results(), '>', 0::bigint, 'refreshed');
SELECT is_empty('SELECT pg_temp.differences()', 'as an evaluation');

-- E272, E274, E275, E278
SELECT kpi.enter('sales', 'south', '2011-02', 40, reason => 'a mistake');
SELECT set_has('SELECT pg_temp.stale()', $$VALUES ('card south 2011-02'), ('card south 2011-03'),
	('card south 2011-09 ytd'), ('ranks north 2011-02'), ('outer south 2011-02')$$,
	'a value touches the month after, windows, ranks of siblings, and cards that show the formula');
SELECT cmp_ok(kpi.refresh_results(), '>', 0::bigint, 'refreshed');
SELECT is_empty('SELECT pg_temp.differences()', 'as an evaluation');

-- E277
SELECT kpi.enter('survey', 'north', '2010', 30, reason => 'counted anew');
SELECT set_has('SELECT pg_temp.stale()', $$VALUES ('card north 2011-06')$$, 'and a carried survey what carries it');
SELECT cmp_ok(kpi.refresh_results(), '>', 0::bigint, 'refreshed');
SELECT is_empty('SELECT pg_temp.differences()', 'as an evaluation');

-- A row for every unit in force, of every period in which anything was measured, and of no other
SELECT kpi.define_unit('west', 'company', valid => '[2011-06-01,)');
SELECT kpi.refresh_results();
SELECT is_empty('SELECT pg_temp.differences()', 'a new unit');
SELECT is((SELECT min(period_start) FROM kpi.v_scorecard WHERE unit = 'west' AND period_grain = 'month'),
	'2011-06-01'::date,
	'has results from its first month on');
SELECT results_eq($$ SELECT score, score_reason FROM kpi.v_scorecard
	WHERE score_key = 'card/west/2011-08/card' $$, $$ VALUES (NULL::numeric, 'no_data'::varchar) $$, 'without a score');
SELECT kpi.define_unit('west', valid => '[2011-06-01,2011-09-01)');
SELECT kpi.refresh_results();
SELECT is_empty('SELECT pg_temp.differences()', 'a unit that ends');
SELECT is((SELECT max(period_start) FROM kpi.v_scorecard WHERE unit = 'west' AND period_grain = 'month'),
	'2011-08-01'::date,
	'has results up to its last month');
SELECT kpi.enter('sales', 'north', '2012-03', 40);
SELECT kpi.refresh_results();
SELECT set_eq($$ SELECT unit::text FROM kpi.v_scorecard WHERE scorecard = 'card' AND period_label = '2012-03' $$,
	'{company,north,south}'::text[], 'a value of one unit gives all of them a row');
SELECT is_empty('SELECT pg_temp.differences()', 'as an evaluation');
SELECT kpi.withdraw('sales', 'north', '2012-03');
SELECT kpi.refresh_results();
SELECT is_empty($$ SELECT FROM kpi.v_scorecard WHERE period_label = '2012-03' $$,
	'and takes it back with the last value');
SELECT is_empty('SELECT pg_temp.differences()', 'as an evaluation');

SELECT * FROM finish();
ROLLBACK;
