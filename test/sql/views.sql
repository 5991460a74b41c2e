-- What reporting tools see

SET datestyle = 'ISO, YMD';

SELECT kpi.define_unit('all', name => 'Whole company'), kpi.define_unit('north', 'all');
INSERT INTO kpi.indicator (indicator, name, kind, direction, combine, perspective, unit_of_measure) VALUES
	('sales', 'Sales', 'entered', 'higher', 'sum', 'financial', 'GBP'),
	('wait', 'Waiting time', 'entered', 'lower', 'average', 'customer', 'days');
INSERT INTO kpi.target (indicator, unit, period, target) VALUES
	('sales', 'all', '[2011-10-01,2011-12-01)', 6100), ('wait', 'all', '[2011-01-01,2012-01-01)', 4),
	('wait', 'north', '[2011-01-01,2012-01-01)', 0);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value, provisional) VALUES
	('sales', 'all', 'month', '2011-08-01', 2000, false), ('sales', 'all', 'month', '2011-10-01', 3000, false),
	('sales', 'all', 'month', '2011-11-01', 2700, true), ('sales', 'north', 'month', '2011-11-01', 'NaN', false),
	('wait', 'all', 'month', '2011-10-01', 5, false), ('wait', 'all', 'month', '2011-11-01', 4, false),
	('wait', 'north', 'month', '2011-11-01', 3, false);
INSERT INTO kpi.scorecard (scorecard, name) VALUES ('card', 'Card');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name, weight, perspective, position) VALUES
	('card', 'financial', NULL, NULL, 'Financial', 60, 'financial', 10),
	('card', 'sales', 'financial', 'sales', 'Sales', 100, NULL, 10),
	('card', 'customer', NULL, NULL, 'Customer', 50, 'customer', 20),
	('card', 'wait', 'customer', 'wait', 'Waiting time', 100, NULL, 10);

SELECT kpi.refresh_results();
\d kpi.v_scorecard
\d kpi.v_indicator
\d kpi.v_data_quality

SELECT score_key, node_name, depth, weight, actual, unit_of_measure, target, attainment, score, coverage,
	rag, score_reason
FROM kpi.v_scorecard WHERE scorecard = 'card' AND period_label = '2011-11' ORDER BY unit, place;
SELECT node, previous_actual, previous_score, score_change, change_rate, trend, trend_label, is_provisional
FROM kpi.v_scorecard WHERE scorecard = 'card' AND unit = 'all' AND period_label = '2011-11' ORDER BY place;
SELECT indicator_key, period_end, actual, target, attainment, attainment_reason, attainment_reason_label,
	actual_change, trend_label
FROM kpi.v_indicator ORDER BY indicator, unit, period_start;
SELECT finding_key, severity, finding_label FROM kpi.v_data_quality ORDER BY severity_order DESC,
	finding_key COLLATE "C";
SELECT finding_text FROM kpi.v_data_quality ORDER BY severity_order DESC, finding_key COLLATE "C";

-- the reader's language
SET kpi.language = 'zh';
SELECT node_name, unit_of_measure, rag, rag_label, trend_label, score_reason_label
FROM kpi.v_scorecard WHERE scorecard = 'card' AND period_label = '2011-11' ORDER BY unit, place;
SELECT DISTINCT CAST(finding AS text) COLLATE "C" AS finding, finding_label FROM kpi.v_data_quality ORDER BY finding;
INSERT INTO kpi.translation (language, topic, code, name) VALUES
	('fr', 'status', 'green', 'Vert'), ('fr', 'indicator', 'sales', 'Ventes'),
	('fr', 'unit', 'all', 'Toute l''entreprise');
SET kpi.language = 'fr';
SELECT unit_name, node_name, rag_label, trend_label
FROM kpi.v_scorecard WHERE scorecard = 'card' AND unit = 'all' AND period_label = '2011-11' ORDER BY place;
SELECT kpi.term('indicator', 'sales', 'Sales'), kpi.term('reason', 'no_target', '?'),
	kpi.term('indicator', 'wait', 'Waiting time');
RESET kpi.language;

DELETE FROM kpi.translation WHERE NOT shipped;
DELETE FROM kpi.scorecard;
DELETE FROM kpi.target;
DELETE FROM kpi.indicator;
DELETE FROM kpi.unit;
SELECT kpi.refresh_results();
SELECT count(*) FROM kpi.result;
