-- Parallel plans give what plans of one process give: to the bit for all that counts, sums of floats to 1e-12.
BEGIN;
\ir lib.sql
SELECT no_plan();
CREATE TABLE parallel_row AS
SELECT i, i % 3 AS g, floor(uniform(i, 1) * 900)::int AS customer, floor(uniform(i, 2) * 400)::float8 / 4 AS amount,
	timestamp '2025-01-01' + floor(uniform(i, 3) * 500000) * interval '1 minute' AS ts, uniform(i, 4) < 0.4 AS flag
FROM generate_series(1, 20000) AS i;
ANALYZE parallel_row;
CREATE TABLE parallel_habit AS SELECT customer, kpi.period_bitmap(kpi.period_number(ts, '1 month') - 24300) AS active,
	kpi.window_funnel_times('7 days', ts, i % 5) AS times FROM parallel_row GROUP BY customer;
ALTER TABLE parallel_row SET (parallel_workers = 4);
ALTER TABLE parallel_habit SET (parallel_workers = 4);
ANALYZE parallel_habit;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL work_mem = '64MB';

CREATE FUNCTION pg_temp.in_plan(workers int, query text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	result text[];
BEGIN
	PERFORM set_config('max_parallel_workers_per_gather', workers::text, true);
	IF workers > 0 AND plan_of(query) NOT LIKE '%Partial%' THEN
		RAISE EXCEPTION 'not parallel: %', plan_of(query);
	END IF;
	EXECUTE format('SELECT array_agg(v::text ORDER BY g) FROM (%s) AS q (g, v)', query) INTO result;
	RETURN result;
END $$;
SELECT is(pg_temp.in_plan(4, q), pg_temp.in_plan(0, q), call)
FROM unnest(ARRAY['kpi.survival(amount, flag)', 'kpi.survival(amount, flag, i % 4, NULL)', 'kpi.key_totals(customer)',
	'kpi.key_totals(customer::text)', 'kpi.first_seen(customer, ts)', 'kpi.key_periods(customer, ts, ''7 days'')',
	'kpi.funnel_events(ts, flag, NOT flag, i % 2 = 0)',
	'kpi.window_funnel(''7 days'', ts, flag, amount > 50)', 'kpi.window_funnel_times(''7 days'', ts, i % 4)',
	'kpi.period_bitmap(customer)', 'kpi.answers(customer % 11)', 'kpi.distribution(amount)',
	'kpi.customer_churn(flag, i % 2 = 0)', 'kpi.repeat_rate(customer)', 'kpi.period_bitmap(ts, ''7 days'')',
	'kpi.window_funnel_times(40, customer::bigint, i % 4)', 'kpi.nrr(amount::numeric, amount::numeric * 2 / 3, i % 3)',
	'kpi.sequence_count(kpi.funnel_events(ts, i % 4), ''(?1).*(?t<86400)(?2)'')']) AS call,
	LATERAL (SELECT format('SELECT g, %s FROM parallel_row GROUP BY g', call) AS q) AS x;
SELECT is(pg_temp.in_plan(4, q), pg_temp.in_plan(0, q), call)
FROM unnest(ARRAY['kpi.cohort_retention(active, 18, 12)', 'kpi.cohort_retention(active, 18, 12, ''on_or_after'')',
	'kpi.growth_accounting(active, 18)', 'kpi.growth_accounting(active, 18, 3)',
	'kpi.funnel_totals(times, ''7 days'', ''2025-10-01'')', 'kpi.rollup(active)']) AS call,
	LATERAL (SELECT format('SELECT 1, %s FROM parallel_habit', call) AS q) AS x;
SELECT ok(near(pg_temp.in_plan(4, q)::float8[], pg_temp.in_plan(0, q)::float8[], 1e-12), call)
FROM unnest(ARRAY['kpi.nrr(amount, amount * amount / 60)', 'kpi.hhi(amount)',
	'kpi.npv(0.05, kpi.cash_flows(amount / 3, customer % 30))',
	'kpi.relative_share(kpi.key_totals(customer % 9, amount / 3), 1)']) AS call,
	LATERAL (SELECT format('SELECT g, %s FROM parallel_row GROUP BY g', call) AS q) AS x;
SELECT * FROM finish();
ROLLBACK;
