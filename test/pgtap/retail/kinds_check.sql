-- One test an indicator; a failure shows the worst of the figures that differ.
SELECT is_empty(
	format($$SELECT coalesce(k.unit, m.unit),
			coalesce(k.grain, m.grain), coalesce(k.key, m.period_start), m.value, k.value
		FROM (SELECT * FROM recount.kind WHERE indicator = %1$L) AS k
			FULL JOIN (SELECT * FROM kpi.measurement WHERE indicator = %1$L AND value IS NOT NULL) AS m
				ON (m.unit, m.grain, m.period_start) = (k.unit, k.grain, k.key)
		WHERE NOT near(m.value, k.value, 1e-12) LIMIT 10$$, indicator),
	format('%s of kind %s: %s figures in %s grains', indicator, kind, count(*), count(DISTINCT k.grain)))
FROM recount.kind AS k JOIN kpi.indicator AS i USING (indicator)
GROUP BY indicator, kind
ORDER BY indicator;

SELECT set_eq($$SELECT DISTINCT i.kind::text FROM recount.kind JOIN kpi.indicator AS i USING (indicator)$$,
	'{measured,derived,rated,entered}'::text[], 'of all kinds');
SELECT set_eq($$SELECT DISTINCT grain FROM recount.kind$$,
	'{week,month,quarter,half,year,month_ytd,month_r3,fy_quarter,fy_half,
	fy_year,	retail_week,retail_period,retail_quarter,retail_half,retail_year}'::text[],
	'weekly, monthly, quarterly, half-yearly, yearly, to date, rolling, fiscal and retail');
SELECT set_eq($$SELECT DISTINCT u.dimension::text FROM recount.kind JOIN kpi.unit AS u USING (unit)$$,
	'{organisation,buyer,size}'::text[], 'of regions, and by two more dimensions');
