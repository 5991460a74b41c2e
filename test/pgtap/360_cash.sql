-- Cash flows: published values, all roots against a dense search, properties.
\set ON_ERROR_STOP on
\set file cashflow/flows.csv
\ir data.sql
BEGIN;
\ir lib.sql
SELECT no_plan();

-- published: spreadsheets' documentation of NPV, IRR, XIRR, XNPV and MIRR; numpy-financial's of npv and irr
SELECT ok(near(got, want, tolerance), what) FROM (VALUES
	(kpi.npv_spreadsheet(0.1, '{-10000,3000,4200,6800}'::int[]), 1188.44, 1e-5, 'NPV of a spreadsheet'),
	(kpi.npv_spreadsheet(0.08, '{8000,9200,10000,12000,14500}'::int[]) - 40000, 1922.06, 1e-5, 'its second example'),
	(kpi.npv(0.08, '{-40000,5000,8000,12000,30000}'::int[]), 3065.2226681795255, 1e-12, 'npv of numpy-financial'),
	(kpi.irr('{-70000,12000,15000,18000,21000,26000}'::int[]), 0.0866309480365316, 1e-13, 'IRR'),
	(kpi.irr('{-70000,12000,15000,18000,21000}'::int[]), -0.02124484827, 1e-9, 'IRR after four years'),
	(kpi.irr('{-100,39,59,55,20}'::int[]), 0.28095, 1e-5, 'irr of numpy-financial'),
	(kpi.irr('{-1e308,1e308,1e308}'::float8[]), (sqrt(5::float8) - 1) / 2, 1e-14, 'amounts whose sum is beyond float8'),
	(kpi.irr('{-5,10.5,1,-8,1}'::numeric[]), 0.0886, 1e-3, 'irr with several roots'),
	(kpi.xirr('{-10000,2750,4250,3250,2750}'::int[], '{2008-01-01,2008-03-01,2008-10-30,2009-02-15,2009-04-01}'),
		0.373362535, 1e-8,
		'XIRR'),
	(kpi.xnpv(0.09, '{-10000,2750,4250,3250,2750}'::int[], '{2008-01-01,2008-03-01,2008-10-30,2009-02-15,2009-04-01}'),
		2086.647602, 1e-9, 'XNPV'),
	(kpi.mirr('{-120000,39000,30000,21000,37000,46000}'::int[], 0.1, 0.12), 0.126094, 1e-5, 'MIRR'),
	(kpi.mirr('{-120000,39000,30000,21000}'::int[], 0.1, 0.12), -0.048044655, 1e-8, 'MIRR after three years'),
	(kpi.payback_period('{-1000,300,400,500,200}'::int[]), 2.6, 1e-15, 'payback within the third period'),
	(kpi.payback_period('{-100,110,-50,60}'::int[]), 2 + 40 / 60.0, 1e-15, 'payback after it dipped back'),
	(kpi.payback_period('{-100,60,60}'::int[], 0.1), 1 + (100 - 60 / 1.1) / (60 / 1.21), 1e-14, 'discounted payback')
) AS v (got, want, tolerance, what);
SELECT results_eq($$ SELECT kpi.irr_root_count(v::float8[]), round(kpi.irr(v::float8[])::numeric, 12)
	FROM (VALUES ('{-100,230,-132}'), ('{-100,0,0}'), ('{1,-3,3}'),
	('{100,-200,100}'), ('{-1,6,-11,6}'), ('{0,0}')) AS v (v) $$,
	'VALUES (2, 0.1), (0, NULL), (0, NULL), (1, 0), (3, 0), (0, NULL)',
	'two roots, none, none that is real, one where the worth touches 0, three, and nothing at all');

-- 400 random sets of flows with many changes of sign: every root that a dense search of signs finds
CREATE TEMP TABLE flow AS
SELECT g, i, date '2020-01-01' + floor(uniform(i, g) * 3000)::int AS day, i * (1 + g % 3) AS period,
	round((uniform(i, g + 1000) - 0.5)::numeric * 100 * (g % 5 + 1), g % 3)::float8 AS amount
FROM generate_series(1, 400) AS g, generate_series(1, 2 + g % 11) AS i;
CREATE TEMP TABLE asked AS SELECT g, kpi.cash_flows(amount, day) AS f, kpi.xirr(amount, day) AS xirr,
	kpi.irr(amount, period) AS irr,
	kpi.cash_flows(amount, period) AS p FROM flow GROUP BY g;
CREATE FUNCTION pg_temp.signs(g int, dated boolean) RETURNS TABLE (n bigint, nearest float8) LANGUAGE sql AS $$
	SELECT count(*), min(abs(exp(-y) - 1)) FROM (SELECT y, sign(v) AS s, lag(sign(v)) OVER (ORDER BY y) AS before FROM (
		SELECT y / 100.0 AS y, sum(amount * exp(y / 100.0 * CASE WHEN dated THEN (day - first) / 365.0
			ELSE period - start END)) AS v
		FROM generate_series(-400, 400) AS y, (SELECT *, min(day) OVER () AS first, min(period) OVER () AS start FROM flow
			WHERE flow.g = signs.g) AS f GROUP BY y) AS a) AS b WHERE s <> before
$$;
SELECT is_empty($$
	SELECT g, dated FROM asked, unnest('{false,true}'::boolean[]) AS dated, pg_temp.signs(g, dated) AS w
	WHERE g % 10 = 0 AND NOT (kpi.irr_root_count(CASE WHEN dated THEN f ELSE p END) >= n
		AND (n = 0 OR abs(CASE WHEN dated THEN xirr ELSE irr END) <= nearest + 0.05 * (1 + nearest)))
$$, 'no root that a dense search finds is missing, and none nearer to 0');
SELECT is_empty($$
	SELECT g FROM asked, LATERAL (SELECT sum(abs(amount) * (1 + xirr) ^ (-(day - first) / 365.0)) AS size
		FROM (SELECT *, min(day) OVER ()
		AS first FROM flow WHERE flow.g = asked.g) AS x WHERE 1 + xirr > 0) AS s
	WHERE abs(kpi.xnpv(xirr, f)) > 1e-11 * size * (1 + abs(ln(greatest(1 + xirr, 1e-300))) * 10)
		OR (xirr IS NULL) <> (kpi.irr_root_count(f) = 0)
$$, 'at the rate the flows are worth nothing, and NULL is no root');
SELECT is_empty($$
	SELECT g FROM asked, LATERAL (SELECT kpi.xnpv(0.07, f) AS have,
		sum(amount * 1.07 ^ (-(day - first) / 365.0)) AS want, sum(abs(amount))
		AS size FROM (SELECT *, min(day) OVER () AS first FROM flow WHERE flow.g = asked.g) AS x) AS s
	WHERE abs(have - want) > 1e-12 * size OR abs(kpi.npv_spreadsheet(0.07, p) * 1.07 - kpi.npv(0.07, p)) > 1e-12 * size
$$, 'the worth of flows as plain SQL has it');
SELECT is_empty($$
	SELECT g FROM asked, LATERAL (SELECT array_agg(amount ORDER BY md5(i::text)) AS a, array_agg(day
		ORDER BY md5(i::text)) AS d FROM flow
		WHERE flow.g = asked.g) AS x
	WHERE NOT alike(kpi.xirr(a, d), xirr, 1e-9, 1) OR kpi.irr_root_count(a, d) <> kpi.irr_root_count(f)
$$, 'arrays in any order are the same as rows');
SELECT is_empty($$
	SELECT g FROM asked JOIN (SELECT g, kpi.rollup(part) AS m FROM (SELECT g, kpi.cash_flows(amount, day) AS part
		FROM flow GROUP BY g, i % 3)
		AS x GROUP BY g) AS y USING (g)
	WHERE NOT alike(kpi.irr(m), xirr, 1e-9, 1) OR f::text::kpi.cash_flows_state::text <> f::text
$$, 'stored parts merge to the whole, and the text reads back');
-- many periods: a mortgage, and one with costs at its end
SELECT ok(near(kpi.irr(array_prepend(1e5::float8, array_fill(-599.55, ARRAY[360])::float8[])), 0.005, 1e-5),
	'a loan of 30 years at 6 %');
SELECT is(kpi.irr_root_count(array_fill(-1e4, ARRAY[1])::float8[] || array_fill(90,
	ARRAY[600])::float8[] || array_fill(-5e4, ARRAY[1])::float8[]),
	2, 'and with what it costs in the end two roots');

SELECT is(got, NULL, what) FROM (VALUES (kpi.npv(-1, '{1,2}'::int[]), 'a rate of -1'),
	((SELECT kpi.irr(v, 1) FROM unnest('{1,NaN,-3}'::float8[]) AS v), 'NaN'),
	((SELECT kpi.xirr(v, '2020-01-01') FROM unnest('{-100,110}'::float8[]) AS v), 'one day'),
		(kpi.irr('{NULL}'::float8[]), 'no flow'),
	(kpi.payback_period('{-100,10}'::int[]), 'never paid back'), (kpi.mirr('{100,10}'::int[], 0.1, 0.1), 'nothing paid'),
	((SELECT kpi.irr(v, 1) FROM unnest('{}'::float8[]) AS v), 'no rows'), (kpi.irr('{}'::int[]), 'no amounts'),
	(kpi.xirr('{}'::numeric[], '{}'), 'no dated amounts'), (kpi.npv(0.1, '{}'::float8[]), 'nothing to discount'),
	(kpi.payback_period('{}'::float8[]), 'nothing to pay back'),
	(kpi.mirr('{}'::float8[], 0.1, 0.1), 'no amounts to finance')) AS v (got, what);
SELECT is(kpi.payback_period('{0,5}'::int[]), 0::float8, 'never in debt: paid back from the start');
SELECT is((SELECT kpi.irr(v, t) FROM (VALUES (-100, 3), (NULL, 4), (110, 4), (5, NULL)) AS v (v, t)),
	kpi.irr('{-100,110}'::int[]),
	'rows with a NULL are left out, and time begins with the first flow');
SELECT throws_ok($$ SELECT kpi.cash_flows(1e308, 1) FROM generate_series(1, 2) $$, '22003', NULL,
	'a sum of one time that is beyond float8');
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES ('kpi.npv(-2, ''{1}''::int[])', '22023'),
	('kpi.npv(''NaN'', ''{1}''::int[])', '22023'),
	('kpi.irr(1, 1.5)', '22023'), ('kpi.xirr(''{1,2}''::int[], ''{2020-01-01}'')', '2202E'),
		('kpi.irr(''{1,NaN}''::float8[])', '22023'),
	('kpi.rollup(f) FROM (SELECT kpi.cash_flows(1, 1) AS f UNION ALL
		SELECT kpi.cash_flows(1, date ''2020-01-01'')) AS x', '42804'),
	('''1 0 2 5 1 0 5 1 0''::kpi.cash_flows_state', '22P02'), ('''1 8 0''::kpi.cash_flows_state', '22P02'),
	('''1 0 1 -9223372036854775808 1 0''::kpi.cash_flows_state', '22P02')) AS v (call,
		state);

\if :present
CREATE TEMP TABLE known (name text, day date, amount float8);
\copy known FROM PROGRAM 'cat "$KPI_DATA/cashflow/flows.csv"' WITH (FORMAT csv, HEADER)
SELECT is(count(*), 70::bigint, '70 named cases') FROM (SELECT FROM known GROUP BY name) AS k;
CREATE TEMP TABLE answer AS SELECT name, kpi.xirr(amount, day) AS r, kpi.irr_root_count(kpi.cash_flows(amount,
	day)) AS n FROM known GROUP BY name;
SELECT results_eq('SELECT count(*) FILTER (WHERE r IS NULL), count(*) FILTER (WHERE n > 1), 
	bool_and((r IS NULL) = (n = 0)) FROM answer',
	'VALUES (13::bigint, 29::bigint, true)', '57 of them have a root, 29 have several');
SELECT is_empty($$
	SELECT name FROM answer, LATERAL (SELECT sum(amount * exp(-ln(1 + r) * t)) AS worth,
		sum(abs(amount) * exp(-ln(1 + r) * t)) AS size,
		max(t) AS longest FROM (SELECT *, (day - min(day) OVER ()) / 365.0::float8 AS t FROM known AS k
			WHERE k.name = answer.name) AS x) AS w
	WHERE r > -1 AND abs(worth) > 1e-13 * size * (10 + longest / (1 + r))
$$, 'at each rate the flows are worth nothing');
\else
SELECT skip_without(:'file', 3);
\endif

SELECT * FROM finish();
ROLLBACK;
