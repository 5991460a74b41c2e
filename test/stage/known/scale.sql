-- Scales of every form, and of up to a thousand points.
INSERT INTO harness.form
SELECT 'kpi.scale'::regtype, 'scale', row_number() OVER (), form
FROM unnest(ARRAY['linear(0:0, 0.8:60, 1:100)', 'step(0:0, 0.6:60, 1:100)',
	'linear(-1e10:-5.5, 0:0, 0.125:1e3, 1e15:120)', 'step(1:1)',
	'efficacy(1:4, 5:8, 8:12, 11:16, 15:20) of actual', 'efficacy(10:10, 15:8, 20:6) of gap',
	'deduct(100 from 0.95, 2 per 0.01 started) of attainment min 0', 'deduct(10 from 2 up, 1.5 per 1)',
	'add(0 from 100000, 5 per 10000 full) max 20', 'add(-1e300 from -1e308 down, 1e300 per 1e-300)',
	'range(90..110 full, 70..130 zero) round -1', 'range(0..0 full, 0..0 zero)',
	'binary(100)', 'binary(-5) of gap round 20', 'rank(100, 80, 60) of actual max 90',
	'given', 'given of gap round 2 min -5 max 5.50']) AS form
UNION ALL
SELECT 'kpi.scale'::regtype, 'scale', 99, 'linear(' || string_agg(x || ':' || x * 2, ', ' ORDER BY x) || ')'
FROM generate_series(1, 1000) AS x
UNION ALL
SELECT 'kpi.scale'::regtype, 'scale', 98, 'rank(' || string_agg((1000 - x)::text, ', ' ORDER BY x) || ')'
FROM generate_series(1, 1000) AS x;
INSERT INTO harness.form
SELECT 'kpi.scale'::regtype, 'scales', g, CASE g % 2 WHEN 0 THEN 'linear' ELSE 'step' END || '(' ||
	string_agg(format('%s:%s', i - g / 2.0, harness.h(i, g, 1) % 12000 / (10 ^ (g % 5))::integer), ', ' ORDER BY i)
	|| ')'
FROM generate_series(1, 24) AS g, generate_series(1, 1 + g * g / 40) AS i GROUP BY g;
