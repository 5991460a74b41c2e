-- Targets, from what was measured in the months before.

SELECT kpi.set_target(m.indicator, m.unit, to_char(m.period_start + interval '1 month', 'YYYY-MM'),
	m.value * f.factor, basis => 'history')
FROM kpi.measurement m
	JOIN (VALUES ('revenue', 1.05), ('active_customers', 1.05), ('median_order_value', 1.02),
		('product_range', 1), ('cancellation_rate', 0.95), ('returned_share', 1), ('churn', 0.95))
		f (indicator, factor) ON f.indicator = m.indicator
WHERE m.grain = 'month' AND m.value IS NOT NULL AND m.period_start < '2011-12-01';

SELECT kpi.set_target('international_share', 'company', to_char(period_start + interval '1 month', 'YYYY-MM'), value)
FROM kpi.measurement
WHERE indicator = 'international_share' AND unit = 'company' AND grain = 'month' AND period_start < '2011-12-01';

SELECT kpi.set_target(a.indicator, a.unit, to_char(a.period_start + interval '3 months', 'YYYY-MM'),
	(a.value + b.value + c.value) / 3, basis => 'history', note => 'average of the three months before')
FROM kpi.measurement a
	JOIN kpi.measurement b ON (b.indicator, b.unit, b.grain, b.period_start)
		= (a.indicator, a.unit, a.grain, a.period_start + interval '1 month')
	JOIN kpi.measurement c ON (c.indicator, c.unit, c.grain, c.period_start)
		= (a.indicator, a.unit, a.grain, a.period_start + interval '2 months')
WHERE a.indicator IN ('average_order_value', 'items_per_order') AND a.grain = 'month'
	AND a.period_start < '2011-10-01' AND a.value + b.value + c.value IS NOT NULL;

SELECT kpi.set_target(m.indicator, m.unit, to_char(m.period_start + interval '3 months', 'YYYY"-Q"Q'),
	m.value * f.factor)
FROM kpi.measurement m
	JOIN (VALUES ('new_customers', 0.9), ('repeat_rate', 1.1)) f (indicator, factor) ON f.indicator = m.indicator
WHERE m.grain = 'quarter' AND m.value IS NOT NULL AND m.period_start < '2011-10-01';

SELECT kpi.set_target('revenue_growth', unit, '2011-H1', 0.03),
	kpi.set_target('revenue_growth', unit, '2011-H2', 0.05),
	kpi.set_target('retention', unit, '2011', 0.45, baseline => 0.2, stretch => 0.6),
	kpi.set_target('known_customer_share', unit, '2011', 0.8)
FROM kpi.unit;

ANALYZE kpi.measurement, kpi.target;
