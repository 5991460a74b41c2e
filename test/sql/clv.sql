-- the two conventions, without and with an end
SELECT kpi.clv_simple(100.0, 0.8, 0.1) AS now, kpi.clv_simple(100.0, 0.8, 0.1, timing => 'renewal') AS renewal;
SELECT n, kpi.clv_simple(100.0, 0.8, 0.1, n) AS now, kpi.clv_simple(100.0, 0.8, 0.1, n, 'renewal') AS renewal
FROM unnest('{0, 1, 2, 3, 10, 100000}'::int[]) n;
SELECT n, round(kpi.clv_simple(100::float8, 0.8, 0.1, n)::numeric, 10) AS now,
	round(kpi.clv_simple(100::float8, 0.8, 0.1, n, 'renewal')::numeric, 10) AS renewal
FROM unnest('{0, 1, 2, 3, 10, 100000}'::int[]) n;

-- no retention, full retention, no discount, growing margins
SELECT kpi.clv_simple(100.0, 0, 0.1) AS now, kpi.clv_simple(100.0, 0, 0.1, 5) AS five,
	kpi.clv_simple(100.0, 0, 0.1, timing => 'renewal') AS renewal,
	kpi.clv_simple(100.0, 0, 0.1, 5, 'renewal') AS five_renewals;
SELECT kpi.clv_simple(100::float8, 0, 0.1) AS now, kpi.clv_simple(100::float8, 0, 0.1, 5) AS five,
	kpi.clv_simple(100::float8, 0, 0.1, timing => 'renewal') AS renewal,
	kpi.clv_simple(100::float8, 0, 0.1, 5, 'renewal') AS five_renewals;
SELECT kpi.clv_simple(100.0, 1, 0, 100000) AS exact, kpi.clv_simple(100::float8, 1, 0, 100000) AS float;
SELECT kpi.clv_simple(1.0, 1, -0.5, 10) AS exact, kpi.clv_simple(1.0, 1, -0.5, 10, 'renewal') AS exact_renewal;
SELECT kpi.clv_simple(-100.0, 0.5, 0) AS loss, kpi.clv_simple(0.0, 0.5, 0) AS nothing;

-- a sum without a limit
SELECT kpi.clv_simple(100.0, 1, 0) AS level, kpi.clv_simple(100.0, 0.9, -0.2) AS growing,
	kpi.clv_simple(100::float8, 1, 0) AS level8, kpi.clv_simple(100::float8, 0.9, -0.2) AS growing8;

-- NULL, NaN and infinity; a result beyond float8
SELECT kpi.clv_simple(NULL::numeric, 0.8, 0.1) AS margin, kpi.clv_simple(100.0, NULL, 0.1) AS retention,
	kpi.clv_simple(100.0, 0.8, NULL) AS discount, kpi.clv_simple(100.0, 0.8, 0.1, 3, NULL) AS timing,
	kpi.clv_simple('NaN'::numeric, 0.8, 0.1) AS nan, kpi.clv_simple('Infinity'::numeric, 0.8, 0.1) AS infinite;
SELECT kpi.clv_simple(NULL::float8, 0.8, 0.1) AS margin, kpi.clv_simple(100::float8, NULL, 0.1) AS retention,
	kpi.clv_simple(100::float8, 0.8, NULL) AS discount, kpi.clv_simple(100::float8, 0.8, 0.1, 3, NULL) AS timing,
	kpi.clv_simple('NaN'::float8, 0.8, 0.1) AS nan, kpi.clv_simple('Infinity'::float8, 0.8, 0.1) AS infinite;
SELECT kpi.clv_simple(1e308::float8, 0.9, 0.05) AS beyond, kpi.clv_simple(1::float8, 1, -0.5, 100000) AS beyond_finite;

-- wrong parameters
SELECT kpi.clv_simple(100.0, 80, 0.1);
SELECT kpi.clv_simple(100.0, -0.1, 0.1);
SELECT kpi.clv_simple(100.0, 'NaN', 0.1);
SELECT kpi.clv_simple(100.0, 0.8, -1);
SELECT kpi.clv_simple(100.0, 0.8, 'NaN');
SELECT kpi.clv_simple(100.0, 0.8, 'Infinity');
SELECT kpi.clv_simple(100::float8, 80, 0.1);
SELECT kpi.clv_simple(100::float8, -0.1, 0.1);
SELECT kpi.clv_simple(100::float8, 'NaN', 0.1);
SELECT kpi.clv_simple(100::float8, 0.8, -1);
SELECT kpi.clv_simple(100::float8, 0.8, 'NaN');
SELECT kpi.clv_simple(100::float8, 0.8, '-Infinity');
SELECT kpi.clv_simple(100.0, 0.8, 0.1, -1);
SELECT kpi.clv_simple(100::float8, 0.8, 0.1, 100001);
SELECT kpi.clv_simple(100.0, 0.8, 0.1, 3, 'later');
