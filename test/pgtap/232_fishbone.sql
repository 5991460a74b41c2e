-- A scorecard as a fishbone: contributions by numbers worked out by hand that add up, lags that were put in, the open
-- action, and a diagram in which a name is a name.
\set ON_ERROR_STOP on
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
\ir lib.sql

\o /dev/null
SELECT kpi.define_unit('firm');
SELECT kpi.define_indicator(i, name => n, combine => 'average')
FROM (VALUES ('churn', 'A "churn" <b>'), ('calls', 'Calls'),
	('skill', 'Skill'), ('gone', 'Gone'), ('best', 'Best')) AS v (i, n);
SELECT kpi.define_scorecard('card', name => 'Card');
SELECT kpi.define_node('card', 'customer', weight => 50), kpi.define_node('card', 'service', 'customer', weight => 3),
	kpi.define_node('card', 'churn', 'customer', 'churn', weight => 1),
	kpi.define_node('card', 'calls', 'service', 'calls', weight => 1),
	kpi.define_node('card', 'gone', 'service', 'gone', weight => 1),
	kpi.define_node('card', 'skill', indicator => 'skill', weight => 30),
	kpi.define_node('card', 'best', indicator => 'best', weight => 20);
SELECT kpi.set_target(i, 'firm', '2011', 100) FROM unnest('{churn,calls,skill,gone,best}'::text[]) AS i;
SELECT kpi.enter(i, 'firm', '2011-12', v)
FROM (VALUES ('churn', 60), ('calls', 80), ('skill', 90), ('best', 110)) AS v (i, v);
SELECT kpi.define_action('train', 'firm', indicator => 'skill', due => '2012-03-01', begins => '2012-01-01'),
	kpi.define_action('coach', 'firm', indicator => 'skill', due => '2012-02-01', begins => '2012-01-01'),
	kpi.define_action('over', 'firm', indicator => 'skill', due => '2012-01-15',
		begins => '2012-01-01', state => 'dropped');
\o
CREATE TEMP VIEW bones AS SELECT * FROM kpi.fishbone_rows('card', 'firm', '2011-12');

-- gone has no value: its half goes to calls. churn 1/8 x 40, calls 3/8 x 20, skill 0.3 x 10, best 0.2 x -10
SELECT results_eq('SELECT part, node, bone_name, indicator, round(lost, 6) FROM bones', $$ VALUES
	('effect', 'card', NULL, NULL, 13.5), ('bone', 'customer', 'Customer', NULL, 12.5),
	('sub_bone', 'service', 'Customer', NULL, 7.5), ('cause', 'calls', 'Customer', 'calls', 7.5),
	('cause', 'gone', 'Customer', 'gone', NULL), ('cause', 'churn', 'Customer', 'churn', 5),
	('cause', 'skill', 'Skill', 'skill', 3), ('cause', 'best', 'Best', 'best', -2) $$, 'what each costs');
SELECT is((SELECT round(100 - score - lost, 12) FROM bones WHERE part = 'effect'), 0.0,
	'which is what the score lacks');
SELECT is(round(sum(contribution), 15), 1.0, 'contributions of causes add up to 1') FROM bones WHERE part = 'cause';
SELECT is((SELECT round(contribution, 6) FROM bones WHERE node = 'calls'), round(7.5 / 13.5, 6),
	'as shares of all that is lost');
SELECT is((SELECT sum(importance) FROM bones WHERE part = 'cause'), 1.0, 'and so does the importance');
SELECT results_eq('SELECT node, action, action_due FROM bones WHERE action IS NOT NULL',
	$$ VALUES ('skill', 'coach', date '2012-02-01') $$, 'the open action that is due first');
SELECT is_empty('SELECT FROM bones WHERE lag IS NOT NULL', 'of one period nothing leads');
SELECT kpi.enter(i, 'firm', '2011-11', 100) FROM unnest('{churn,calls,skill,gone,best}'::text[]) AS i;
SELECT is_empty($$ SELECT FROM kpi.fishbone_rows('card', 'firm', '2011-11') WHERE contribution IS NOT NULL $$,
	'where nothing is lost nothing has a share of it');
SELECT throws_ok($$ SELECT kpi.fishbone_rows('cart', 'firm', '2011-12') $$, '22023',
	'scorecard "cart" does not exist');

-- what goes up and down in calls does so in the rest two months later
\o /dev/null
SELECT kpi.set_target(i, 'firm', '2010', 100) FROM unnest('{churn,calls,skill,gone,best}'::text[]) AS i;
SELECT kpi.enter(i, 'firm', CAST(m AS date), 'month', 60 + (CASE i WHEN 'calls' THEN w[n + 2] ELSE w[n] END))
FROM (SELECT ARRAY[3, 31, 7, 22, 1, 38, 19, 4, 27, 12, 35, 8, 16, 30, 2, 25, 9, 33, 14, 6, 28, 20, 5, 36] AS w) AS x,
	generate_series(timestamp '2010-01-01', '2011-10-01', '1 month') WITH ORDINALITY AS g (m, n),
	unnest('{churn,calls,skill,gone,best}'::text[]) AS i;
SELECT kpi.refresh_results();
\o
SELECT is((SELECT lag FROM kpi.fishbone_rows('card', 'firm', '2011-10') WHERE node = 'calls'), 2,
	'the lag that was put in');
SELECT cmp_ok(correlation, '>', 0.9::float8, 'and moves with it')
FROM kpi.fishbone_rows('card', 'firm', '2011-10') WHERE node = 'calls';

SELECT is(kpi.fishbone_mermaid('card', 'firm', '2011-12'), $mermaid$flowchart LR
    n1["Card 86.5"]
    n2["Customer 12.5"] --> n1
    n3["Service 7.5"] --> n2
    n4["Calls 7.5"] --> n3
    n5["Gone"] --> n3
    n6["A #quot;churn#quot; #lt;b#gt; 5.0"] --> n2
    n7["Skill 3.0"] --> n1
    n8["Best -2.0"] --> n1$mermaid$, 'a diagram');

SELECT * FROM finish();
ROLLBACK;
