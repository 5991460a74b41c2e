SET DateStyle = 'ISO';
SET extra_float_digits = 0;
\pset null '-'
-- how fast, and how fast it has to be
SELECT kpi.run_rate(450, 5, 12) AS year, kpi.run_rate(450.0, 5) AS month, kpi.run_rate(450, 0.4::float8) AS by_share,
	kpi.run_rate(450, 0, 12) AS nothing_yet, kpi.run_rate('NaN'::numeric, 5, 12) AS no_number;
SELECT kpi.required_run_rate(1200, 450, 7) AS each, kpi.required_run_rate(1200.0, 1250, 7) AS reached,
	kpi.required_run_rate(1200, 450, 0) AS over, kpi.required_run_rate(NULL, 450, 7) AS nothing;
SELECT kpi.pace(450, 1200, 0.375) AS on_pace, kpi.pace(450::float8, 1200, 0.4) AS behind,
	kpi.pace(450, 1200, 0.4, 'lower') AS thrifty, kpi.pace(450, 1200, 0) AS nothing_due,
	kpi.pace(-50, -100, 0.4) AS loss, kpi.pace(-30, -100, 0.4) AS less_loss, kpi.pace(0, 1200, 0.4, 'lower') AS unspent;
SELECT kpi.elapsed_share('{1,2,3,4}', 2) AS two, kpi.elapsed_share('{1,2,3,4}', 2.5) AS half,
	kpi.elapsed_share('{0,0}', 1),
	kpi.elapsed_share(ARRAY[0.1,0.2], 2) AS all_of_it, kpi.elapsed_share(NULL, 2);
SELECT kpi.run_rate(450, -1, 12);
SELECT kpi.run_rate(450::numeric, 5, 'Infinity');
SELECT kpi.run_rate(450::float8, 5, 'NaN');
SELECT kpi.required_run_rate(1200.0, 450, -0.5);
SELECT kpi.pace(450.0, 1200, 1.5);
SELECT kpi.pace(450::float8, 1200, -0.1);
SELECT kpi.pace(450, 1200, 0.5, 'target');
SELECT kpi.pace(450, 1200, 0.5, 'upward');
SELECT kpi.elapsed_share('{1,2}', 3);
SELECT kpi.elapsed_share('{1,-2}', 1);
SELECT kpi.elapsed_share('{1,NULL}', 1);

-- phasing; the votes are a published example of largest remainders (Hare quota): 5, 2, 1, 1, 1 and 0 seats
SELECT part, target FROM kpi.target_phasing(10, '{47000,16000,15800,12000,6100,3100}', decimals => 0);
SELECT * FROM kpi.target_phasing(1000, parts => 3);
SELECT sum(target), count(*) FROM kpi.target_phasing(1000);
SELECT target FROM kpi.target_phasing(-100.005, '{1,1,2}');
SELECT target FROM kpi.target_phasing(0.1::float8 + 0.2, parts => 2, decimals => 1);
SELECT count(*) FROM kpi.target_phasing('NaN'::numeric);
SELECT count(*) FROM kpi.target_phasing('Infinity'::float8);
SELECT count(*) FROM kpi.target_phasing(NULL::numeric);
SELECT count(*) FROM kpi.target_phasing(1000, decimals => NULL);
SELECT kpi.target_phasing(1000, '{0,0}');
SELECT kpi.target_phasing(1000, '{1,-1}');
SELECT kpi.target_phasing(1000, '{}');
SELECT kpi.target_phasing(1000, '{1,2}', 3);
SELECT kpi.target_phasing(1000, parts => 0);
SELECT kpi.target_phasing(1000, parts => 2.5);
SELECT kpi.target_phasing(1000, decimals => 19);
SELECT count(*) FROM kpi.target_phasing(1000, array_fill(1, ARRAY[10001]));

-- shares of a season
CREATE TEMP TABLE quarter AS
SELECT kpi.series((date '2021-01-01' + i * interval '3 months')::date, v) AS s
FROM unnest('{10,20,30,40,11,22,33,44}'::float8[]) WITH ORDINALITY AS u (v, k), LATERAL (VALUES (k - 1)) AS p (i);
SELECT m.* FROM quarter, kpi.seasonal_shares(s) AS m;
SELECT m.* FROM quarter, kpi.seasonal_shares(s, first => 2) AS m;
SELECT m.* FROM quarter, kpi.seasonal_shares(s, 'equal') AS m;
SELECT method, m.method_used, ARRAY(SELECT round(x::numeric, 3) FROM unnest(m.shares) AS x) AS shares,
	m.seasons, m.note
FROM quarter, unnest('{stl,forecast}'::text[]) AS method, kpi.seasonal_shares(s, method) AS m;
-- a week begins on Monday: 2024-01-03 is a Wednesday
SELECT m.* FROM (SELECT kpi.series(date '2024-01-03' + i, CASE i WHEN 0 THEN 4 WHEN 5 THEN 6 ELSE 0 END) AS s
	FROM generate_series(0, 13) AS i) AS x, kpi.seasonal_shares(s) AS m;
-- what cannot be had
SELECT name, ARRAY(SELECT round(x::numeric, 4) FROM unnest(m.shares) AS x) AS shares, m.method_used, m.seasons, m.n,
	m.n_missing, m.note
FROM (
	SELECT 'one' AS name, kpi.series(1, 5) AS s
	UNION ALL SELECT 'short', kpi.series(i, 5) FROM generate_series(1, 3) AS i
	UNION ALL SELECT 'no whole one', kpi.series(date '2021-06-01' + i * 92, 5 + i) FROM generate_series(0, 1) AS i
	UNION ALL SELECT 'gap', kpi.series(i, CASE WHEN i <> 6 THEN i END) FROM generate_series(1, 8) AS i
	UNION ALL SELECT 'sum of zero', kpi.series(i, CASE i % 2 WHEN 0 THEN 5 ELSE -5 END) FROM generate_series(1, 8) AS i
	UNION ALL SELECT 'below zero', kpi.series(i, CASE i % 4 WHEN 0 THEN 50 ELSE -5 END) FROM generate_series(1, 8) AS i
	UNION ALL SELECT 'nothing', kpi.series(i, NULL) FROM generate_series(1, 8) AS i
) AS x, kpi.seasonal_shares(s, seasonality => CASE WHEN name IN ('one', 'no whole one') THEN NULL ELSE 4 END) AS m;
SELECT m.method_used, m.note FROM (SELECT kpi.series(i, i) AS s FROM generate_series(1, 7) AS i) AS x,
	kpi.seasonal_shares(s, 'stl', seasonality => 4) AS m;
SELECT m.shares, m.note FROM (SELECT kpi.series((date '2021-04-01' + i * interval '3 months')::date, 1 + i) AS s
	FROM generate_series(0, 4) AS i) AS x, kpi.seasonal_shares(s) AS m;
SELECT kpi.seasonal_shares(NULL), kpi.seasonal_shares(s, NULL), kpi.seasonal_shares(s, first => NULL) FROM quarter;
SELECT kpi.seasonal_shares(s, 'median') FROM quarter;
SELECT kpi.seasonal_shares(s, first => 5) FROM quarter;
SELECT kpi.seasonal_shares(s, seasonality => 0) FROM quarter;

-- whether it will be reached
CREATE TEMP TABLE month AS
SELECT kpi.series((date '2022-01-01' + i * interval '1 month')::date, 100 + i * 7919 % 13) AS s
FROM generate_series(0, 30) AS i;
SELECT round(o.expected::numeric, 3) AS expected, round(o.deviation::numeric, 3) AS deviation,
	round(o.low::numeric, 3) AS low, round(o.high::numeric, 3) AS high, round(o.gap::numeric, 3) AS gap,
	round(o.probability::numeric, 6) AS probability, o.model, round(o.mase::numeric, 3) AS mase, o.n,
	o.n_missing, o.note
FROM month, (VALUES (1300, 750, 5, 'sum'), (1300, 750, 0, 'sum'), (1300, NULL, 5, 'sum'),
		(110, NULL, 5, 'last')) AS v (t, d, r, c),
	kpi.attainment_forecast(s, t, d, r, combine => c, model => 'mean') AS o;
SELECT kpi.attainment_probability(s, 750, 750, 0) AS reached, kpi.attainment_probability(s, 751, 750, 0) AS missed,
	kpi.attainment_probability(s, 751, 750, 0, 'lower') AS kept, kpi.attainment_probability(NULL, 751, 750, 0) AS nothing,
	kpi.attainment_probability(s, 'NaN', 750, 1) AS no_target,
	kpi.attainment_probability(s, 1300, 'Infinity', 1) AS no_actual
FROM month;
SELECT name, o.* FROM (
	SELECT 'one' AS name, kpi.series(1, 5) AS s
	UNION ALL SELECT 'equal', kpi.series(i, 5) FROM generate_series(1, 9) AS i
	UNION ALL SELECT 'nothing', kpi.series(i, NULL) FROM generate_series(1, 9) AS i
) AS x, kpi.attainment_forecast(s, 20, 10, 2) AS o;
SELECT kpi.attainment_probability(s, 1300, 750, -1) FROM month;
SELECT kpi.attainment_probability(s, 1300, 750, 0.5) FROM month;
SELECT kpi.attainment_probability(s, 1300, 750, 5, 'target') FROM month;
SELECT kpi.attainment_probability(s, 1300, 750, 5, combine => 'average') FROM month;
SELECT kpi.attainment_probability(s, 1300, 750, 5, model => 'arima') FROM month;
SELECT kpi.attainment_forecast(s, 1300, 750, 5, confidence => 1) FROM month;

-- status
SELECT p, kpi.target_status(p) AS status, kpi.target_status(p, previous => 'at_risk') AS after_at_risk,
	kpi.target_status(p, previous => 'off_track') AS after_off_track
FROM unnest('{0,0.49,0.5,0.54,0.55,0.79,0.8,0.84,0.85,1}'::float8[]) AS p;
SELECT pace, kpi.target_status(NULL, pace), kpi.target_status('NaN', pace, limits => '{1,1}', pace_limits => '{1.1,1}')
FROM unnest('{0.89,0.9,0.99,1,1.1,NaN,NULL}'::float8[]) AS pace;
SELECT kpi.target_status(0.5, margin => NULL), kpi.target_status(0.5, limits => NULL), kpi.target_status(NULL);
SELECT kpi.target_status(1.5);
SELECT kpi.target_status(0.5, previous => 'green');
SELECT kpi.target_status(0.5, limits => '{0.5,0.8}');
SELECT kpi.target_status(0.5, limits => '{0.5}');
SELECT kpi.target_status(0.5, margin => -1);

-- what it might be
SELECT basis, round(target::numeric, 3) AS target, round(weight::numeric, 3) AS weight,
	round(probability::numeric, 4) AS probability, n, note
FROM month, kpi.suggest_target(s, '{1260,1290,1320,1400,NULL,NaN,Infinity}', periods => 12, model => 'mean');
SELECT history, direction, round(target::numeric, 3) AS target, n, note
FROM month, unnest('{quantile,growth,spread,best}'::text[]) AS history, unnest('{higher,lower}'::text[]) AS direction,
	kpi.suggest_target(s, direction => direction, history => history, growth => 0.1, model => 'naive')
WHERE basis = 'history';
SELECT basis, target, weight, probability, n, note
FROM (SELECT kpi.series(i, 10 * i) AS s FROM generate_series(1, 3) AS i) AS x,
	kpi.suggest_target(s, '{10,20}', model => 'naive');
SELECT basis, target, weight, probability, n, note
FROM (SELECT kpi.series(i, NULL) AS s FROM generate_series(1, 3) AS i) AS x, kpi.suggest_target(s, '{10,20,40}');
SELECT basis, target, weight, note
FROM month, kpi.suggest_target(s, '{100,200,300}', speed => 0.5, weights => '{0,1,0}', model => 'naive');
SELECT count(*) FROM month, kpi.suggest_target(s, history => NULL);
SELECT kpi.suggest_target(s, direction => 'target') FROM month;
SELECT kpi.suggest_target(s, periods => 0) FROM month;
SELECT kpi.suggest_target(s, history => 'median') FROM month;
SELECT kpi.suggest_target(s, quantile => 2) FROM month;
SELECT kpi.suggest_target(s, growth => 'NaN') FROM month;
SELECT kpi.suggest_target(s, weights => '{1,2}') FROM month;
SELECT kpi.suggest_target(s, weights => '{1,2,-3}') FROM month;
