-- A scorecard of three levels, evaluated

INSERT INTO kpi.unit (unit, name) VALUES ('shop', 'Shop');
INSERT INTO kpi.indicator (indicator, name, kind, direction, combine, perspective, unit_of_measure) VALUES
	('revenue', 'Revenue', 'entered', 'higher', 'sum', 'financial', 'GBP'),
	('roi', 'Marketing ROI', 'entered', 'higher', 'average', 'financial', ''),
	('churn', 'Customer churn', 'entered', 'lower', 'average', 'customer', '%'),
	('satisfaction', 'Satisfaction', 'entered', 'higher', 'average', 'customer', 'points');
INSERT INTO kpi.target (indicator, unit, period, target) VALUES
	('revenue', 'shop', '[2011-01-01,2012-01-01)', 365000),
	('roi', 'shop', '[2011-01-01,2012-01-01)', 3),
	('churn', 'shop', '[2011-01-01,2012-01-01)', 0.05),
	('satisfaction', 'shop', '[2011-11-05,2012-01-01)', 80);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value) VALUES
	('revenue', 'shop', 'month', '2010-11-01', 25500),
	('revenue', 'shop', 'month', '2011-10-01', 31000),
	('revenue', 'shop', 'month', '2011-11-01', 28500),
	('revenue', 'shop', 'quarter', '2011-10-01', 92000),
	('roi', 'shop', 'month', '2011-10-01', 2.1),
	('roi', 'shop', 'month', '2011-11-01', 2.4),
	('churn', 'shop', 'month', '2011-10-01', 0.059),
	('churn', 'shop', 'month', '2011-11-01', 0.05),
	('satisfaction', 'shop', 'month', '2011-11-01', 78);
INSERT INTO kpi.scorecard (scorecard, name) VALUES ('marketing', 'Marketing');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name, weight, perspective, scale, cap,
	position) VALUES
	('marketing', 'financial', NULL, NULL, 'Financial', 0.4, 'financial', NULL, NULL, 10),
	('marketing', 'revenue', 'financial', 'revenue', 'Revenue', 0.6, NULL, NULL, 120, 10),
	('marketing', 'roi', 'financial', 'roi', 'Marketing ROI', 0.4, NULL, NULL, NULL, 20),
	('marketing', 'customer', NULL, NULL, 'Customer', 0.6, 'customer', NULL, NULL, 20),
	('marketing', 'churn', 'customer', 'churn', 'Customer churn', 0.5, NULL, 'linear(0.5:0, 0.8:60, 1:100)', NULL, 10),
	('marketing', 'satisfaction', 'customer', 'satisfaction', 'Satisfaction', 0.5, NULL, NULL, NULL, 20);

SELECT place, path, depth, node_name, perspective, measured_unit
	FROM kpi.evaluate('marketing', unit => 'shop', period => '2011-11');
SELECT node, weight, round(absolute_weight, 6) AS absolute_weight, actual, target, round(attainment, 6) AS attainment,
	   round(score, 2) AS score, coverage, missing_nodes, rag, rag_order, rag_label, grade, score_reason
FROM kpi.evaluate('marketing', 'shop', '2011-11');
SELECT node, previous_actual, round(previous_score, 2) AS previous_score, round(score_change, 2) AS score_change,
	   round(change_rate, 6) AS change_rate, trend, last_year_actual
FROM kpi.evaluate('marketing', 'shop', '2011-11');

-- longer periods have measurements of their own
SELECT node, actual, target, round(score, 2) AS score, score_reason FROM kpi.evaluate('marketing', 'shop', '2011-Q4');
SELECT node, actual, target, score, score_reason FROM kpi.evaluate('marketing', 'shop', '2011');

-- the rules of a day
UPDATE kpi.scorecard_node SET valid = '[2011-11-16,)' WHERE node = 'satisfaction';
SELECT count(*) FROM kpi.evaluate('marketing', 'shop', '2011-11');
SELECT count(*) FROM kpi.evaluate('marketing', 'shop', '2011-11', as_of => '2011-11-15');

-- targets
SELECT kpi.target_for('revenue', 'shop', '[2011-11-01,2011-12-01)') AS month,
	   kpi.target_for('revenue', 'shop', '[2011-11-05,2011-11-06)') AS day,
	   kpi.target_for('churn', 'shop', '[2011-11-01,2011-12-01)') AS average,
	   kpi.target_for('satisfaction', 'shop', '[2011-11-01,2011-12-01)') AS part;
SELECT round(part, 6) AS part, sum(part) OVER () AS whole
FROM (SELECT kpi.target_for('revenue', 'shop', daterange(d, d + 73)) AS part
	  FROM generate_series(0, 4) n, LATERAL (SELECT date '2011-01-01' + 73 * n AS d) s) p;

-- errors help
SELECT * FROM kpi.evaluate('marketting', 'shop', '2011-11');
SELECT * FROM kpi.evaluate('marketing', 'shopp', '2011-11');
SELECT * FROM kpi.evaluate('marketing', 'shop', '2011-13');
SELECT * FROM kpi.evaluate('marketing', 'shop', '2011-W45');
SELECT * FROM kpi.evaluate('marketing', 'shop', NULL);
SELECT * FROM kpi.evaluate(NULL, 'shop', '2011-11');
SELECT kpi.target_for('revenu', 'shop', '[2011-11-01,2011-12-01)');
SELECT kpi.target_for('revenue', 'shops', '[2011-11-01,2011-12-01)');

DELETE FROM kpi.scorecard;
DELETE FROM kpi.target;
DELETE FROM kpi.indicator;
DELETE FROM kpi.unit;
