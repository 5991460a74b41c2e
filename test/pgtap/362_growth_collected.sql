-- Measures of growth as numerators of indicators: of every grain and unit what plain SQL gives over its rows.
BEGIN;
\ir lib.sql
SELECT no_plan();
SET LOCAL client_min_messages = warning;

CREATE SCHEMA kpi_test;
CREATE TABLE kpi_test.event AS
SELECT date '2011-01-01' + floor(uniform(i, 1) * 365)::int AS day, (ARRAY['north', 'south', NULL])[1 + i % 3] AS unit,
	floor(uniform(i, 2) * 60)::int AS customer, (ARRAY['ours', 'theirs', 'third'])[1 + floor(uniform(i,
		3) * 3)::int] AS brand,
	floor(uniform(i, 4) * 100)::int AS amount, round((uniform(i, 5) * 100)::numeric, i % 4) AS price,
	uniform(i, 6) < 0.4 AS flag
FROM generate_series(1, 600) AS i;
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south',
	'company') \g /dev/null

CREATE FUNCTION pg_temp.differ(expression text) RETURNS TABLE (grain text, period_start date, unit text, have text,
	want text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kpi.define_indicator('x', source => 'kpi_test.event', time_column => 'day', unit_column => 'unit',
		numerator => expression);
	RETURN QUERY EXECUTE format($q$
		SELECT grain, period_start, unit, m.numerator::text, w.numerator::text
		FROM (SELECT grain::text, period_start, unit::text, numerator::numeric
			FROM kpi.measure('x', '2011-01-01', '2012-01-01')
			WHERE row_count > 0) AS m
		FULL JOIN (SELECT g.grain, kpi.period_start(g.grain, day) AS period_start, u.unit, (%s)::numeric AS numerator
			FROM kpi_test.event AS e CROSS JOIN (VALUES ('month'), ('quarter'), ('half'), ('year')) AS g (grain)
				JOIN (VALUES ('company'), ('north'), ('south')) AS u (unit) ON u.unit IN (e.unit, 'company')
			GROUP BY 1, 2, 3) AS w USING (grain, period_start, unit)
		WHERE NOT alike(m.numerator, w.numerator, 1e-12, 1)$q$, expression);
END $$;
SELECT is_empty(format('SELECT * FROM pg_temp.differ(%L)', expression), expression) FROM unnest(ARRAY[
	'kpi.repeat_rate(customer)', 'kpi.repeat_rate(kpi.key_totals(brand), 20)',
	'kpi.relative_share(kpi.key_totals(brand, amount), ''ours'')',
		'(kpi.key_summary(kpi.key_totals(customer))).rows_per_key',
	'kpi.new_keys(kpi.first_seen(customer, day::timestamp), timestamp ''2011-03-01'', timestamp ''2011-09-01'')',
	'kpi.median_survival(kpi.survival(amount, flag))', '(kpi.mean_survival(kpi.survival(amount, flag), 50)).estimate',
	'kpi.nrr(price, amount::numeric)', 'kpi.grr(price, amount::numeric)', 'kpi.revenue_churn(price, amount::numeric)',
	'kpi.customer_churn(amount > 30, flag)', 'kpi.renewal_rate(flag, price)', 'kpi.nps(amount % 11)',
		'kpi.csat(amount % 6)',
	'(kpi.mean_rating(kpi.answers(amount % 11))).mean', 'kpi.hhi(price)', 'kpi.gini(amount)',
		'kpi.irr(amount - 40, customer)',
	'kpi.npv(0.05, kpi.cash_flows(amount - 40, customer))',
		'kpi.timely_rate(day, day + 3, day + amount % 7, date ''2012-02-01'')',
	'kpi.irr_root_count(kpi.cash_flows(amount - 40, day))']) AS expression;

SELECT * FROM finish();
ROLLBACK;
