-- Methods, roles, vetoes and carried scores of a scorecard in the registry.
BEGIN;
\ir lib.sql
SET LOCAL client_min_messages = warning;
SELECT no_plan();

INSERT INTO kpi.unit (unit, name) VALUES ('shop', 'Shop');
INSERT INTO kpi.indicator (indicator, name, kind, combine)
SELECT i, i, 'entered', 'average' FROM unnest('{sales,margin,growth,idea,delay,accident,fraud,audit}'::text[]) AS i;
INSERT INTO kpi.target (indicator, unit, period, target)
SELECT indicator, 'shop', '[2011-01-01,2013-01-01)', 100 FROM kpi.indicator;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value) VALUES
	('sales', 'shop', 'month', '2011-05-01', 105), ('margin', 'shop', 'month', '2011-05-01', 90),
	('growth', 'shop', 'month', '2011-05-01', 130),
	('idea', 'shop', 'month', '2011-05-01', 8), ('delay', 'shop', 'month', '2011-05-01', 2),
	('accident', 'shop', 'month', '2011-05-01', 100),
	('sales', 'shop', 'month', '2011-06-01', 80), ('margin', 'shop', 'month', '2011-06-01', 90),
	('growth', 'shop', 'month', '2011-06-01', 100),
	('accident', 'shop', 'month', '2011-06-01', 99), ('audit', 'shop', 'month', '2011-06-01', 10);

-- an appraisal by points: weights are fractions here, scores points
DO $$
BEGIN
	PERFORM kpi.define_scorecard('card', method => 'points');
	PERFORM kpi.set_weight('card', 'sales', weight => 0.4, cap => 120);
	PERFORM kpi.set_weight('card', 'margin', weight => 0.35, cap => 120);
	PERFORM kpi.set_weight('card', 'growth', weight => 0.25, cap => 120);
	PERFORM kpi.set_weight('card', 'idea', role => 'bonus', role_limit => 3);
	PERFORM kpi.set_weight('card', 'delay', role => 'deduction');
	PERFORM kpi.set_weight('card', 'accident', role => 'veto_cap', role_limit => 60, scale => 'step(0:0, 1:100)');
	PERFORM kpi.set_weight('card', 'fraud', role => 'veto_zero', scale => 'step(0:0, 1:100)');
END
$$;
SELECT results_eq($$SELECT node, role, round(absolute_weight, 2), score, coverage, missing_nodes, vetoes, score_reason
	FROM kpi.evaluate('card', 'shop', '2011-05')$$,
	$$VALUES ('card', NULL, 1::numeric, 104.5, 1::numeric, '{fraud}'::text[], NULL::text[], NULL),
		('sales', NULL, 0.4, 105, 1, NULL, NULL, NULL), ('margin', NULL, 0.35, 90, 1, NULL, NULL, NULL),
		('growth', NULL, 0.25, 120, 1, NULL, NULL, NULL),
		('idea', 'bonus', NULL, 8, 1, NULL, NULL, NULL), ('delay', 'deduction', NULL, 2, 1, NULL, NULL, NULL),
		('accident', 'veto_cap', NULL, 100, 1, NULL, NULL, NULL),
		('fraud', 'veto_zero', NULL, NULL, 0, '{fraud}', NULL, 'no_actual')$$,
	'42 + 31.5 + 30 + 3 - 2 points, no veto');
SELECT results_eq($$SELECT score, missing_nodes, vetoes, score_reason, previous_score, rag_order
	FROM kpi.evaluate('card', 'shop', '2011-06') WHERE depth = 0$$,
	$$VALUES (60::numeric, '{delay,fraud,idea}'::text[], '{accident}'::text[], 'veto', 104.5, 1)$$,
	'an accident caps the score at 60');
SELECT results_eq($$SELECT grades_down, coefficient_zero, carried FROM kpi.evaluate('card', 'shop', '2011-06')
	WHERE depth = 0$$, $$VALUES (0, false, false)$$, 'and does no more');
DO $$
BEGIN
	PERFORM kpi.set_weight('card', 'accident', role => 'veto_grade', role_limit => 2);
	PERFORM kpi.set_weight('card', 'fraud', indicator => 'audit', role => 'veto_coefficient');
END
$$;
SELECT results_eq($$SELECT score, vetoes, grades_down, coefficient_zero, score_reason
	FROM kpi.evaluate('card', 'shop', '2011-06') WHERE depth = 0$$,
	$$VALUES (88.5::numeric, '{accident,fraud}'::text[], 2, true, 'veto')$$, 'other vetoes leave the score');
SELECT is((SELECT role_limit FROM kpi.scorecard_node WHERE node = 'accident'), 2::numeric,
	'a new role takes a new limit');
SELECT results_eq($$SELECT kpi.set_weight('card', 'accident', role_limit => 3),
	kpi.set_weight('card', 'fraud', role => 'part')$$, $$VALUES ('accident', 'fraud')$$, 'roles can be changed');
SELECT results_eq($$SELECT node::text, role::text, role_limit FROM kpi.scorecard_node
	WHERE node IN ('accident', 'fraud')
	ORDER BY node$$,
	$$VALUES ('accident', 'veto_grade', 3::numeric), ('fraud', 'part', NULL)$$, 'role and limit as set');
SELECT kpi.refresh_results();
SELECT is_empty($$SELECT * FROM kpi.v_data_quality WHERE scorecard = 'card' AND finding IN ('veto', 'without_weight')
	AND node <> 'fraud'$$, 'neither vetoes nor bonuses are faults of the data');
SELECT is((SELECT score_reason_label FROM kpi.v_scorecard WHERE scorecard = 'card' AND node = 'card'
	AND period_label = '2011-06'), 'Veto', 'the views say it in words');

-- carried scores
DO $$
BEGIN
	PERFORM kpi.define_scorecard('last');
	PERFORM kpi.define_node('last', 'group', weight => 1, missing => 'carry');
	PERFORM kpi.set_weight('last', 'sales', parent => 'group', weight => 1,
		scale => 'linear(0:0, 1:100, 2:300)', cap => 108);
	PERFORM kpi.set_weight('last', 'idea', parent => 'group', weight => 1, max_age => 3);
	PERFORM kpi.set_weight('last', 'margin', weight => 1);
END
$$;
PREPARE last AS SELECT p, node, round(score, 2), coverage, carried, score_reason
FROM unnest('{2011-06,2011-07,2011-08,2011-09}'::text[]) AS p, kpi.evaluate('last', 'shop', p)
WHERE node IN ('last', 'group', 'sales', 'idea');
SELECT results_eq('last', $$VALUES
	('2011-06', 'last', 67::numeric, 0.75, true, 'carried'), ('2011-06', 'group', 44, 0.5, true, 'carried'),
	('2011-06', 'sales', 80, 1, false, NULL), ('2011-06', 'idea', NULL, 0, true, 'no_actual'),
	('2011-07', 'last', 44, 0, true, 'carried'), ('2011-07', 'group', 44, 0, true, 'carried'),
	('2011-07', 'sales', NULL, 0, true, 'no_actual'), ('2011-07', 'idea', NULL, 0, true, 'no_actual'),
	('2011-08', 'last', 8, 0, true, 'carried'), ('2011-08', 'group', 8, 0, true, 'carried'),
	('2011-08', 'sales', NULL, 0, false, 'no_actual'), ('2011-08', 'idea', NULL, 0, true, 'no_actual'),
	('2011-09', 'last', NULL, 0, false, 'no_data'), ('2011-09', 'group', NULL, 0, false, 'no_data'),
	('2011-09', 'sales', NULL, 0, false, 'no_actual'), ('2011-09', 'idea', NULL, 0, false, 'no_actual')$$,
	'scores are carried for max_age periods, each through its own scale');
SELECT results_eq($$SELECT period_start, points, carried_points FROM kpi_internal.node_inputs(ARRAY(
		SELECT ROW('last', 'shop', 'month', d, NULL)::kpi_internal.cell
		FROM unnest('{2011-06-01,2011-08-01,2011-09-01}'::date[]) d))
	WHERE node = 'sales' AND asked ORDER BY 1$$,
	$$VALUES ('2011-06-01'::date, 80::numeric, NULL::numeric), ('2011-08-01', NULL, NULL), ('2011-09-01', NULL, NULL)$$,
	'what is carried is of the period before at the most');
SELECT is(kpi.set_weight('last', 'idea', weight => 1, max_age => 0), 'idea', 'nothing is carried at age 0');
SELECT is((SELECT score FROM kpi.evaluate('last', 'shop', '2011-08') WHERE node = 'group'), NULL, 'so nothing counts');

-- other methods, and a node that stands by itself
DO $$
BEGIN
	PERFORM kpi.define_scorecard('ways', method => 'best', missing => 'target');
	PERFORM kpi.define_node('ways', 'sum', weight => 1, method => 'sum');
	PERFORM kpi.set_weight('ways', 'sales', parent => 'sum', weight => 1);
	PERFORM kpi.set_weight('ways', 'idea', parent => 'sum', weight => 1);
END
$$;
INSERT INTO kpi.scorecard_node (scorecard, node, indicator, name, weight, method)
	VALUES ('ways', 'margin', 'margin', 'Margin', 1, 'self');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name, weight) VALUES ('ways', 'growth', 'margin',
	'growth', 'Growth', 1);
SELECT results_eq($$SELECT node, score, coverage, score_reason FROM kpi.evaluate('ways', 'shop', '2011-06')
	ORDER BY node$$,
	$$VALUES ('growth', 100::numeric, 1::numeric, NULL), ('idea', NULL, 0, 'no_actual'), ('margin', 90, 1, NULL),
		('sales', 80, 1, NULL), ('sum', 180, 0.5, NULL), ('ways', 180, 0.75, NULL)$$,
	'best, sum, self and the target for what is missing');
SELECT results_eq($$SELECT node, score, score_reason FROM kpi.evaluate('ways', 'shop', '2011-07')
	WHERE node = 'margin'$$,
	$$VALUES ('margin', NULL::numeric, 'no_actual')$$, 'self without a value');

-- errors
SELECT is(told(query), told, query) FROM (VALUES
	($$SELECT kpi.set_weight('card', 'idea', role => 'veto')$$,
	 '22023 | unrecognized role "veto" | Use "part", "priority", "bonus", "deduction", "veto_zero", "veto_cap", '
		'"veto_grade" or "veto_coefficient".'),
	($$SELECT kpi.set_weight('card', 'idea', role => 'veto_cap')$$,
		'22023 | role_limit of a veto_cap is null | Give the score that the veto leaves at most.'),
	($$SELECT kpi.set_weight('card', 'idea', role_limit => -1)$$,
	 '22023 | role_limit -1 is not valid for role "bonus" | A bonus or deduction takes its most points, '
		'a veto_cap a score, '
		'a veto_grade a number of grades from 1 to 1000.'),
	($$SELECT kpi.set_weight('card', 'sales', weight => 1, role_limit => 1)$$,
	 '22023 | role_limit 1 is not valid for role "part" | A bonus or deduction takes its most points, '
		'a veto_cap a score, '
		'a veto_grade a number of grades from 1 to 1000.'),
	($$SELECT kpi.set_weight('card', 'idea', max_age => -1)$$,
		'22023 | max_age -1 is not between 0 and 1000 | It is the number of periods for which a score is carried; '
		'0 carries none.'),
	($$SELECT kpi.set_weight('last', 'sales', weight => 1, role => 'bonus')$$,
	 '22023 | node "sales" is a bonus of "group", which has method "weighted" | Give the parent the method "points".'),
	($$SELECT kpi.define_scorecard('card', method => 'sum')$$,
	 '22023 | node "delay" is a deduction of "card", which has method "sum" | Give the parent the method "points".'),
	($$SELECT kpi.define_scorecard('card', method => 'self')$$,
	 '22023 | unrecognized method "self" | Use "weighted", "average", "worst", "best", "sum", "majority", '
		'"priority", "geometric" or "points".'),
	($$INSERT INTO kpi.scorecard_node (scorecard, node, name, role) VALUES ('card', 'x', 'X', 'veto_cap')$$,
	 '23514 | role "veto_cap" and role_limit NULL are not valid for kpi.scorecard_node | A limit goes with its role. | '
		'Write the points of a veto_cap, at least 0 of a bonus or deduction, the grades of a veto_grade, '
		'and none for other roles.'),
	($$INSERT INTO kpi.scorecard_node (scorecard, node, name, role, role_limit)
		VALUES ('card', 'x', 'X', 'bonus', 'NaN')$$,
	 '23514 | role "bonus" and role_limit "NaN" are not valid for kpi.scorecard_node | A limit goes with its role. | '
		'Write the points of a veto_cap, at least 0 of a bonus or deduction, the grades of a veto_grade, '
		'and none for other roles.'))
		AS v(query, told);

SELECT * FROM finish();
ROLLBACK;
