-- Measures as numerators of indicators: of every grain and unit what plain SQL gives over its rows.
-- share: 5
BEGIN;
\ir lib.sql
SELECT no_plan();
SET LOCAL client_min_messages = warning;

CREATE SCHEMA kpi_test;
CREATE TABLE kpi_test.event AS
SELECT date '2011-01-01' + floor(uniform(i, 1) * 365)::int AS day, i AS id,
	(ARRAY['north', 'south', NULL])[1 + i % 3] AS unit,
	floor(uniform(i, 2) * 60)::int AS customer, (ARRAY['ours', 'theirs', 'third'])[1 + floor(uniform(i,
		3) * 3)::int] AS brand,
	floor(uniform(i, 4) * 100)::int AS amount, round((uniform(i, 5) * 100)::numeric, i % 4) AS price,
	uniform(i, 6) < 0.4 AS flag, floor(uniform(i, 7) * 5)::int AS step,
	-- what was made of the rows of an entity before
	(SELECT kpi.period_bitmap(k) FROM generate_series(1, 20) AS k WHERE k = 1 OR uniform(i, 10 + k) < 0.3) AS active,
	(ARRAY['2011-01-01', '2011-01-01 05:00', '2011-01-02'::timestamp])[:1 + i % 3] AS times,
	(ARRAY['mail', 'search', 'social', 'mail'])[1 + i % 2:2 + i % 3] AS path
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
CREATE TEMP TABLE tried AS
SELECT DISTINCT expression FROM regexp_split_to_table($$
kpi.attainment_agg(price, amount)
kpi.attainment(kpi.attainment_sums(price, amount, 'lower'))
kpi.attained_share(price, amount)
kpi.attained_share(kpi.share_sums(price, amount))
kpi.weighted_score(price, step)
kpi.weighted_score(kpi.weighted_sums(price, step))
kpi.weighted_coverage(price, step)
kpi.repeat_rate(customer)
kpi.repeat_rate(kpi.key_totals(brand), 20)
kpi.relative_share(kpi.key_totals(brand, amount), 'ours')
kpi.share_gap(kpi.key_totals(brand, amount, step), 'ours')
(kpi.key_summary(kpi.key_totals(customer))).rows_per_key
kpi.new_keys(kpi.first_seen(customer, day::timestamp), timestamp '2011-03-01', timestamp '2011-09-01')
kpi.survival_at(kpi.survival(amount, flag), 30)
kpi.median_survival(kpi.survival(amount, flag))
kpi.survival_quantile(kpi.survival(amount, flag, step), 0.2)
(kpi.mean_survival(kpi.survival(amount, flag, 1, CASE WHEN amount > 0 THEN amount * 0.4 END), 50)).estimate
(kpi.survival_ci(kpi.survival(amount, flag), 40)).lower
(SELECT max(t.at_risk) FROM kpi.survival_table(kpi.survival(amount, flag)) AS t)
(kpi.logrank(ARRAY[kpi.survival(amount, flag) FILTER (WHERE step < 2), kpi.survival(amount, flag)])).p_value
kpi.nrr(price, amount::numeric)
kpi.grr(price, amount::numeric)
kpi.revenue_churn(price, amount::numeric)
kpi.revenue_quick_ratio(price, amount::numeric, step)
kpi.customer_churn(amount > 30, flag)
kpi.customer_retention(amount > 30, flag, step)
kpi.renewal_rate(flag, price)
kpi.nps(amount % 11)
(kpi.nps_ci(kpi.answers(amount % 11, step))).lower
kpi.csat(amount % 6)
(kpi.csat_ci(kpi.answers(amount % 6))).upper
kpi.ces(amount % 8)
(kpi.mean_rating(kpi.answers(amount % 11))).mean
kpi.hhi(price)
kpi.hhi_normalized(price, step)
kpi.effective_number(kpi.concentration(price))
kpi.gini(amount)
kpi.top_share(kpi.distribution(amount, step), 0.2)
(kpi.price_volume_mix(amount, price, step::numeric, price * 2)).mix
(kpi.price_volume_mix(kpi.price_volume_mix_sums(amount, price, step::numeric, price * 2))).price
kpi.irr(amount - 40, customer)
kpi.xirr(amount - 40, day)
kpi.npv(0.05, kpi.cash_flows(amount - 40, customer))
kpi.npv_spreadsheet(0.05, kpi.cash_flows(amount - 40, customer))
kpi.xnpv(0.05, kpi.cash_flows(amount - 40, day))
kpi.mirr(kpi.cash_flows(amount - 40, day), 0.1, 0.05)
kpi.payback_period(kpi.cash_flows(amount - 40, day))
kpi.irr_root_count(kpi.cash_flows(amount - 40, day))
kpi.timely_rate(day, day + 3, day + amount % 7, date '2012-02-01')
(kpi.case_counts(kpi.timeliness(day, day + 3, day + amount % 7, date '2012-02-01', step))).late
(kpi.timely_ci(kpi.timeliness(day, day + 3, day + amount % 7, date '2012-02-01'))).upper
(kpi.rate_prior(least(amount, step), amount)).mean
kpi.window_funnel('9 days', day, step)
cardinality(kpi.window_funnel_times('9 days', day, step = 1, flag, step = 2))
kpi.funnel_level(kpi.funnel_events(day::timestamp, step), '9 days', gaps => '{1 day,NULL,NULL}')
cardinality(kpi.funnel_times(kpi.funnel_events(day, step), '9 days', excluded => '{2}'))
cardinality(kpi.funnel_path(day, step))
kpi.sequence_match(kpi.funnel_events(day, step), '(?1)(?2)(?3)(?4)')::int
kpi.sequence_count(kpi.funnel_events(day, step), '(?1).*(?2)')
extract(epoch FROM kpi.funnel_quantile(kpi.funnel_totals(times, '1 day', 'infinity'), 2, 0.3))
(SELECT step_rate FROM kpi.funnel_table(kpi.funnel_totals(cardinality(times), step)) AS t WHERE t.step = 2)
kpi.first_period(kpi.period_bitmap(day, '7 days'))
(SELECT sum(kpi.first_period(b)) FROM kpi.period_bitmaps(kpi.key_periods(customer, id)) AS b)
kpi.first_period(kpi.rollup(active))
kpi.retention_at(kpi.cohort_retention(active, 18, 12), 3)
kpi.retention_at(kpi.bracket_retention(active, 18, '{0,1,3,9}'::int[], step), 3)
(SELECT kept FROM kpi.retention_table(kpi.cohort_retention(active, 18, 12, 'on_or_after')) AS t WHERE t.age = 5)
(SELECT churned FROM kpi.growth_table(kpi.growth_accounting(active, 18)) AS t WHERE t.period = 6)
(SELECT max(t.conversions) FROM kpi.attribution_table(kpi.attribution_paths(path, flag::int, amount, step)) AS t)
kpi.forecast_bias(amount, price)
kpi.forecast_bias(kpi.accuracy(amount, price))
kpi.mae(amount, price)
kpi.mae(kpi.accuracy(amount, price))
kpi.rmse(amount, price)
kpi.rmse(kpi.accuracy(amount, price))
kpi.mape(amount, price)
kpi.mape(kpi.accuracy(amount, price))
kpi.wape(amount, price)
kpi.wape(kpi.accuracy(amount, price))
kpi.smape(amount, price)
kpi.smape(kpi.accuracy(amount, price))
kpi.mase(amount, price, step)
kpi.mase(kpi.accuracy(amount, price, step))
kpi.rmsse(amount, price, step)
kpi.rmsse(kpi.accuracy(amount, price, step))
kpi.theil_u2(amount, price, step)
kpi.theil_u2(kpi.theil_errors(amount, price, step))
kpi.interval_coverage(amount, price - 9, price + 9)
kpi.interval_coverage(kpi.interval_accuracy(amount, price - 9, price + 9))
kpi.winkler_score(amount, price - 9, price + 9, 0.8)
kpi.winkler_score(kpi.interval_accuracy(amount, price - 9, price + 9, 0.8))
kpi.pinball_loss(amount, price, 0.2)
(kpi.mann_kendall(kpi.series(day, amount, 'sum'))).s
(SELECT weights[1] FROM kpi.entropy_weights(kpi.criteria(ARRAY[amount + 1, price, step + 1]::float8[])))
(kpi.group_ahp(kpi.judgements(1, 2, 1 + step))).weights[1]
(SELECT max(t.r) FROM kpi.pairs(kpi.corr_matrix(brand, id, amount)) AS t)
$$, E'\n') AS expression WHERE expression <> '';
-- every rate, over rows and of their sums
INSERT INTO tried
SELECT format(CASE prokind WHEN 'a' THEN 'kpi.%s(price, amount)' ELSE 'kpi.%s(kpi.ratio_sums(price, amount))' END,
	proname)
FROM pg_proc WHERE pronamespace = 'kpi'::regnamespace AND proname NOT LIKE 'attainment%'
	AND (prokind = 'a' AND proname ~ '_agg$' AND oidvectortypes(proargtypes) = 'numeric, numeric'
		OR oidvectortypes(proargtypes) = 'kpi.ratio_state_numeric' AND prokind = 'f');
SELECT is_empty(format('SELECT * FROM pg_temp.differ(%L)', expression), expression)
FROM (SELECT expression FROM tried ORDER BY 1) AS o;
-- but for models of customers, trees of scores and counts of words; what is asked of series, weights and
-- correlations is no measure
SELECT is_empty($$
	SELECT DISTINCT proname FROM pg_proc AS p
	WHERE pronamespace = 'kpi'::regnamespace AND (prokind = 'a' OR EXISTS (SELECT FROM pg_aggregate AS a
		WHERE a.aggtranstype = ANY (p.proargtypes) AND a.aggtranstype::regtype::text LIKE 'kpi.%'
			AND a.aggtranstype::regtype::text !~ '^kpi\.(series|judgement_state|criteria_state|corr_matrix)$'))
	AND proname !~ '^(clv_|rfm|scorecard_rollup|rollup_rows|status_counts)'
	AND NOT EXISTS (SELECT FROM tried WHERE expression ~ format('\mkpi\.%s\(', proname))
$$, 'every aggregate and what asks for its state is in a numerator');

SELECT * FROM finish();
ROLLBACK;
