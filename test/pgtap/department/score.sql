-- The scorecards of both departments: weights in per cent, targets of the quarter and of the half-year.

SELECT kpi.define_scorecard('market_support', name => 'Market support', grain => 'quarter');
SELECT kpi.set_weight('market_support', g.node, weight => g.weight)
FROM (VALUES ('financial', 30), ('customer', 45), ('process', 25)) g (node, weight);
SELECT kpi.set_weight('market_support', g.node, parent => g.parent, weight => g.weight)
FROM (VALUES
	('marketing_cost', 'financial', 10), ('cost_benefit', 'financial', 20), ('marketing_roi', 'financial', 10),
	('sales_growth', 'financial', 10), ('market_share', 'customer', 30), ('new_product_share', 'customer', 10),
	('relative_share', 'customer', 10), ('awareness', 'customer', 15), ('favour', 'customer', 15),
	('satisfaction', 'customer', 20), ('complaint_timeliness', 'process', 20), ('handling_hours', 'process', 10),
	('milestones_in_time', 'process', 20)) g (node, parent, weight);

SELECT kpi.define_scorecard('customer_development', name => 'Customer development', grain => 'quarter');
SELECT kpi.set_weight('customer_development', g.node, weight => g.weight)
FROM (VALUES ('financial', 30), ('customer', 60), ('process', 10)) g (node, weight);
SELECT kpi.set_weight('customer_development', g.node, parent => g.parent, weight => g.weight)
FROM (VALUES
	('sales', 'financial', 20), ('profit', 'financial', 10), ('new_business_share', 'financial', 10),
	('acquisition_cost', 'financial', 10), ('lifetime_value', 'financial', 10), ('customers', 'customer', 10),
	('new_customers', 'customer', 10), ('customer_growth', 'customer', 10), ('churn', 'customer', 15),
	('retention', 'customer', 10), ('renewal', 'customer', 15), ('repeat_rate', 'customer', 10),
	('callback_satisfaction', 'customer', 10), ('customer_quality', 'customer', 10),
		('conversion', 'process', 1)) g (node, parent, weight);

-- a target of the quarter for each indicator shown, above or below what was reached
CREATE TABLE recount.goal AS
SELECT n.indicator, u.unit, date '2011-07-01' AS first,
	round(a.value * (0.8 + 0.05 * (row_number() OVER (ORDER BY n.indicator, u.unit) % 9)), 4) AS target
FROM (SELECT DISTINCT CAST(indicator AS text) AS indicator FROM kpi.scorecard_node WHERE indicator IS NOT NULL) n
	CROSS JOIN (VALUES ('firm'), ('north')) u (unit)
	JOIN recount.actual a ON a.indicator = n.indicator AND a.unit = u.unit AND a.grain = 'quarter'
		AND a.first = '2011-07-01'
		AND a.value > 0.001;
-- how the target of a quarter hangs together with those of its months is asked of a formula
SELECT kpi.define_indicator(i.indicator, target_rule => 'hold') FROM kpi.indicator i WHERE i.kind = 'derived';
SELECT kpi.set_target(indicator, unit, '2011-Q3', target, grain => 'quarter', note => 'agreed in June')
	FROM recount.goal;

-- attainment by direction, 100 points for the whole; a node's score is the mean of its
-- parts by weight, those without a score left out
CREATE TABLE recount.leaf AS
SELECT CAST(n.scorecard AS text) AS scorecard, u.unit, CAST(n.parent AS text) AS parent, CAST(n.node AS text) AS node,
	n.weight, a.value AS actual, g.target,
	CASE i.direction WHEN 'higher' THEN a.value / g.target WHEN 'lower' THEN 2 - a.value / g.target END AS attainment
FROM kpi.scorecard_node n
	JOIN kpi.indicator i ON i.indicator = n.indicator
	CROSS JOIN (VALUES ('firm'), ('north')) u (unit)
	LEFT JOIN recount.actual a ON a.indicator = n.indicator AND a.unit = u.unit AND a.grain = 'quarter'
		AND a.first = '2011-07-01'
	LEFT JOIN recount.goal g ON g.indicator = n.indicator AND g.unit = u.unit;
CREATE TABLE recount.scored AS
WITH grouped AS (
	SELECT l.scorecard, l.unit, l.parent AS node,
		sum(100 * l.attainment * l.weight) FILTER (WHERE l.attainment IS NOT NULL)
			/ sum(l.weight) FILTER (WHERE l.attainment IS NOT NULL) AS score
	FROM recount.leaf l GROUP BY l.scorecard, l.unit, l.parent
), whole AS (
	SELECT g.scorecard, g.unit, g.scorecard AS node, sum(g.score * n.weight) / sum(n.weight) AS score
	FROM grouped g JOIN kpi.scorecard_node n ON n.scorecard = g.scorecard AND n.node = g.node
	WHERE g.score IS NOT NULL
	GROUP BY g.scorecard, g.unit
)
SELECT scorecard, unit, node, 100 * attainment AS score FROM recount.leaf
UNION ALL SELECT * FROM grouped
UNION ALL SELECT * FROM whole;
