-- The answers of the lifetime models far from everyday horizons: ten digits for
-- any future_t, discount and period, an error, or NULL where float8 ends.  The
-- values wanted are those of the defining integrals with 28 digits and more.
BEGIN;
SELECT no_plan();

CREATE FUNCTION near(x float8, y float8) RETURNS boolean LANGUAGE sql
	RETURN coalesce(abs(x - y) <= 1e-10 * abs(y), false);
CREATE FUNCTION bgnbd(float8, float8, float8, float8) RETURNS kpi.bgnbd_model LANGUAGE sql
	RETURN ROW($1, $2, $3, $4, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgnbd_model;
CREATE FUNCTION mbgnbd(float8, float8, float8, float8) RETURNS kpi.mbgnbd_model LANGUAGE sql
	RETURN ROW($1, $2, $3, $4, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.mbgnbd_model;
CREATE FUNCTION pareto(float8, float8, float8, float8) RETURNS kpi.pareto_nbd_model LANGUAGE sql
	RETURN ROW($1, $2, $3, $4, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.pareto_nbd_model;
CREATE TEMP TABLE model AS
	SELECT bgnbd(0.24, 4.41, 0.79, 2.43) AS bg, mbgnbd(0.24, 4.41, 0.79, 2.43) AS mbg,
		pareto(0.55, 10.58, 0.61, 11.67) AS pareto;

-- purchases until future_t, of a customer and of a new one
CREATE TEMP TABLE expected (future_t float8, bg float8, mbg float8, pareto float8, new_bg float8, new_mbg float8,
	new_pareto float8);
INSERT INTO expected VALUES
	('1e-300', 6.2703065165471401e-302, 6.4362507182543626e-302, 6.9433732155984427e-302, 5.4421768707482989e-302,
		4.1069844086703002e-302, 5.1984877126654068e-302),
	('0.001', 6.2702746510741319e-5, 6.4362219886060497e-5, 6.9433399548637033e-5, 5.4419891700950974e-5,
		4.1068763236319267e-5, 5.1983518544098379e-5),
	('52', 2.6412742210375834, 2.7712431796618684, 2.9719485064544361, 1.4341216249415084, 1.2014202818263771,
		1.4592644753987079),
	('1e10', 1197.985435705343, 1379.8104150940966, 17808.601413962911, 434.95011149297738, 433.95995254618779,
		4737.8692569401597),
	('1e50', 307126883311.18552, 353987754898.80188, 7.0942446473851421e+19, 111899074449.24211, 111899074448.24211,
		1.8867989980788799e+19),
	('1e213', 5.2157628012553412e+45, 6.011574578560627e+45, 2.635761810337642e+83, 1.900318929177199e+45,
		1.900318929177199e+45, 7.0101229801155575e+82),
	('1e300', 9.7122048201021857e+63, 1.1194075693827162e+64, 2.2433971364195309e+117, 3.5385594335777917e+63,
		3.5385594335777917e+63, 5.9665823208529685e+116),
	('1.7e308', 5.1965140534225741e+65, 5.9893888911454064e+65, 3.6373177380165064e+120, 1.8933058111993719e+65,
		1.8933058111993719e+65, 9.6738804550723581e+119);
SELECT ok(near(kpi.clv_expected_purchases(m.bg, future_t, 4, 48, 52), e.bg)
	AND near(kpi.clv_expected_purchases(m.mbg, future_t, 4, 48, 52), e.mbg)
	AND near(kpi.clv_expected_purchases(m.pareto, future_t, 4, 48, 52), e.pareto)
	AND near(kpi.clv_expected_purchases(m.bg, future_t), new_bg)
	AND near(kpi.clv_expected_purchases(m.mbg, future_t), new_mbg)
	AND near(kpi.clv_expected_purchases(m.pareto, future_t), new_pareto), 'purchases until ' || future_t)
FROM expected e, model m;
SELECT ok(near(kpi.clv_discounted(m.bg, 1, future_t, 0, 4, 48, 52), e.bg)
	AND near(kpi.clv_discounted(m.mbg, 1, future_t, 0, 4, 48, 52), e.mbg)
	AND near(kpi.clv_discounted(m.pareto, 1, future_t, 0, 4, 48, 52), e.pareto), 'one long period of ' || future_t)
FROM expected e, model m;
SELECT ok(near((kpi.clv_expected_purchases_interval(m.bg, future_t, 4, 48, 52, 0.95)).estimate, e.bg)
	AND near((kpi.clv_expected_purchases_interval(m.mbg, future_t, 4, 48, 52, 0.95)).estimate, e.mbg)
	AND near((kpi.clv_expected_purchases_interval(m.pareto, future_t, 4, 48, 52, 0.95)).estimate, e.pareto),
	'the estimate of an interval until ' || future_t)
FROM expected e, model m GROUP BY e, m, future_t, e.bg, e.mbg, e.pareto;

-- the same of other parameters; NULL where float8 ends, in an interval too
CREATE TEMP TABLE parameter (p1 float8, p2 float8, p3 float8, p4 float8, future_t float8, bg float8, new_mbg float8,
	pareto float8);
INSERT INTO parameter VALUES
	(1e-06, 4.0, 1e-06, 10000.0, '1e-300', 7.1428589276109657e-302, 2.4999999997499999e-307, 7.1428589252682326e-302),
	(1e-06, 4.0, 1e-06, 10000.0, '1e30', 7.1424564557920505e+28, 2.4998577446656818e+23, 7.1424384944986327e+28),
	(1e-06, 4.0, 1e-06, 10000.0, '1e300', 7.1380173850997933e+298, 2.4983040711756378e+293, 7.1379994349694048e+298),
	(1e-06, 4.0, 1e-06, 10000.0, '1.7e308', 1.2134399589734493e+307, 4.2470364333361521e+301, 1.2134369075091131e+307),
	(0.3, 0.001, 1.0, 2.0, '1e-300', 6.4493009124887349e-302, 1.9999999999999999e-298, 7.5468782573926136e-302),
	(0.3, 0.001, 1.0, 2.0, '1e30', 303.04053624616706, 143.11999902442038, 265.25637229677738),
	(0.3, 0.001, 1.0, 2.0, '1e300', 3212.3276533845448, 1386.5159492397945, 2798.8709950424692),
	(0.3, 0.001, 1.0, 2.0, '1.7e308', 3301.0118719594755, 1424.4185672298236, 2876.1035348164155),
	(40.0, 3.0, 3.5, 0.01, '1e-300', 2.4068619322384551e-302, 3.7986704653371321e-302, 2.1177297944617609e-301),
	(40.0, 3.0, 3.5, 0.01, '1e30', 0.078343355894361714, 0.0040000000000000001, 4.4057250643982473),
	(40.0, 3.0, 3.5, 0.01, '1.7e308', 0.078343355894361714, 0.0040000000000000001, 4.4057250643982473),
	(2.0, 5.0, 0.999999, 0.001, '1e-300', 6.9452332968774246e-302, 3.9960079880199682e-304, 9.527672827407703e-302),
	(2.0, 5.0, 0.999999, 0.001, '1e30', 172.87402830239558, 0.068468816170436002, 322.67774298151718),
	(2.0, 5.0, 0.999999, 0.001, '1.7e308', 1864.7432663870373, 0.70936723840919965, 3497.9888505504274);
SELECT ok(near(kpi.clv_expected_purchases(bgnbd(p1, p2, p3, p4), future_t, 4, 48, 52), bg)
	AND near(kpi.clv_expected_purchases(mbgnbd(p1, p2, p3, p4), future_t), new_mbg)
	AND near(kpi.clv_expected_purchases(pareto(p1, p2, p3, p4), future_t, 4, 48, 52), pareto),
	format('purchases until %s with %s, %s, %s, %s', future_t, p1, p2, p3, p4))
FROM parameter;
SELECT ok(kpi.clv_expected_purchases(m, 1.7e308) IS NULL AND kpi.clv_expected_purchases(p, 1.7e308) IS NULL
	AND kpi.clv_expected_purchases(p, 1.7e308, 4, 48, 52) IS NULL
	AND kpi.clv_discounted(p, 1, 1.7e308, 0, 4, 48, 52) IS NULL
	AND kpi.clv_discounted(p, ROW(6.25, 3.74, 15.45, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.gamma_gamma_model,
		1, 1.7e308, 0, 4, 48, 52, 30) IS NULL
	AND kpi.clv_dert(p, 1e-308, 4, 48, 52) IS NULL
	AND kpi.clv_expected_purchases_interval(p, 1.7e308, 4, 48, 52, 0.95) IS NULL, 'NULL where float8 ends')
FROM (SELECT mbgnbd(100, 1e-3, 1e-9, 1) AS m, pareto(100, 1, 1e-9, 1) AS p) q GROUP BY m, p;
SELECT ok(near((i).estimate, kpi.clv_expected_purchases(p, 1e308, 1, 48, 52)),
	'a customer beyond float8 is left out of an interval')
FROM (SELECT p, kpi.clv_expected_purchases_interval(p, 1e308, x, 48, 52, 0.95) AS i
	FROM (SELECT pareto(0.01, 1, 1e-9, 1) AS p) q, unnest('{1, 40000}'::int[]) x GROUP BY p) s;
SELECT throws_ok($$SELECT kpi.clv_discounted(bg, 12, 1e308, 0, 4, 48, 52) FROM model$$, '22003', NULL,
	'periods that end beyond float8');
SELECT throws_ok($$SELECT kpi.clv_expected_purchases(bg, 'Infinity') FROM model$$, '22023', NULL,
	'an infinite horizon');

-- the probability of n purchases
CREATE TEMP TABLE chance (n integer, future_t float8, bg float8, mbg float8, pareto float8);
INSERT INTO chance VALUES
	(0, '1e-300', 1.0, 1.0, 1.0),
	(0, '52', 0.54242512474819073, 0.65468728358326195, 0.57639649961534165),
	(0, '1e5', 0.09008669721964804, 0.31332629634898905, 0.51273537623150759),
	(0, '1e300', 1.4277930428956594e-72, 0.24534161490683229, 0.51272306702120036),
	(1, '1e-300', 5.4421768707482989e-302, 4.1069844086703002e-302, 5.1984877126654068e-302),
	(1, '52', 0.20282471769133503, 0.13825275422895923, 0.16013322269256582),
	(1, '1e5', 0.23955520315732099, 0.14180918191949526, 0.13406652642851539),
	(1, '1e300', 0.24534161490683229, 0.1412749109534603, 0.13405975744678688),
	(7, '1e-300', 0, 0, 0),
	(7, '52', 0.010384554393844283, 0.0091622998103813908, 0.01283685673663103),
	(7, '1e5', 0.02824129084787571, 0.023470031588575041, 0.013241263126707016),
	(7, '1e300', 0.031344524138125722, 0.025854631945635991, 0.013238149106548608),
	(3000, '1e-300', 0, 0, 0),
	(3000, '52', 1.0000752617538393e-112, 9.9981107688364748e-113, 1.1390009802277e-244),
	(3000, '1e5', 4.7789067170745453e-7, 4.776610594274822e-7, 1.0631385787512245e-6),
	(3000, '1e300', 9.1950425279642893e-7, 9.1895620349850683e-7, 9.3935711112546049e-7);
SELECT ok(near(kpi.clv_purchase_probability(m.bg, n, future_t), c.bg)
	AND near(kpi.clv_purchase_probability(m.mbg, n, future_t), c.mbg)
	AND near(kpi.clv_purchase_probability(m.pareto, n, future_t), c.pareto),
	format('the probability of %s purchases until %s', n, future_t))
FROM chance c, model m;
-- many purchases of many chances, whose terms go beyond float8 on the way
SELECT ok(near(kpi.clv_purchase_probability(ROW(p[1], p[2], p[3], p[4], NULL, NULL, NULL, NULL, NULL, NULL,
	NULL)::kpi.bgbb_model, n, chances), wanted),
	format('BG/BB: %s purchases at %s chances', n, chances))
FROM (VALUES
	('{1e4, 1e4, 1e-6, 1}'::float8[], 2000, 4000, 0.011515625990822077),
	('{1e4, 1e4, 1e-6, 1}', 2000, 3500, 7.0140396186771336e-16),
	('{50, 50, 0.01, 100}', 1500, 3000, 0.002524717010623889)) v (p, n, chances, wanted);

-- All buy at a rate near 1e6 and leave at one near 1e6, so that half of them leave before they buy; what is negligible
-- lies far from where it is cut at first.  Logarithms of 1e11 leave so many digits.
SELECT ok(abs(kpi.clv_log_likelihood(pareto(1e12, 1e6, 1e6, 1), 0, 0, 1e5) - ln(0.5)) < 1e-4,
	'Pareto/NBD: customers that are alike, over a time that is long for them');

-- a discount that is next to none
CREATE TEMP TABLE residual (rate float8, bg float8, mbg float8, pareto float8);
INSERT INTO residual VALUES
	('1e-300', 8.8922664285194766e+63, 1.0249032566168414e+64, 1.991809775751243e+117),
	('1e-100', 8.8922664285196221e+21, 1.0249032566168582e+22, 1.9918097757512307e+39),
	('1e-20', 140908.21656928139, 162406.7792110615, 125674689.34626641),
	('1e-6', 137.11644794088942, 157.07848443842774, 424.45222360630552),
	('0.01', 3.8624022327012514, 4.1217139427436187, 4.4728069990934844),
	('1e5', 6.2703058792327162e-7, 6.4362501436574064e-7, 6.9433725503783092e-7);
SELECT ok(near(kpi.clv_dert(m.bg, rate, 4, 48, 52), r.bg) AND near(kpi.clv_dert(m.mbg, rate, 4, 48, 52), r.mbg)
	AND near(kpi.clv_dert(m.pareto, rate, 4, 48, 52), r.pareto), 'residual purchases at a discount of ' || rate)
FROM residual r, model m;
SELECT ok(near(kpi.clv_sbg_derl(ROW(0.668, 3.806, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.sbg_model, 0, rate),
	wanted), 'sBG: payments at a discount of ' || rate)
FROM (VALUES ('1e-300'::float8, 2.5415345906548698e+100), ('1e-30', 58223193810.753772),
	('1e-12', 61520.826817415851), ('0.00009', 130.27952057606478),
	('0.00011', 121.2175997162603), ('0.2', 3.9759821399049823)) v (rate, wanted);

-- a discount below 0 makes much of what little comes late
SELECT ok(near(kpi.clv_discounted(bgnbd(p1, p2, p3, p4), 12, period_length, rate, 4, 48, 52), bg)
	AND near(kpi.clv_discounted(mbgnbd(p1, p2, p3, p4), 12, period_length, rate, 4, 48, 52), mbg)
	AND near(kpi.clv_discounted(pareto(p1, p2, p3, p4), 12, period_length, rate, 4, 48, 52), pareto),
	format('12 periods of %s at a discount of %s', period_length, rate))
FROM (VALUES
	(0.24::float8, 4.41::float8, 0.79::float8, 2.43::float8, 4.3::float8, -0.02::float8, 2.976358653223919,
		3.1249237578561127, 3.0868908379252556),
	(0.24, 4.41, 0.79, 2.43, 4.3, -0.9, 204736410440.5235, 218431698465.37825, 201632099964.72358),
	(2.5, 1.0, 40.0, 3.0, 1000, -0.9, 0.97471090244392877, 1.1461280742639801, 0.058936896933710583),
	(0.5, 5.0, 0.8, 3.0, 1e290, -0.5, 3.0020473569840302e+61, 3.4214398930778933e+61, 2.32841440704154e+61)
) v (p1, p2, p3, p4, period_length, rate, bg, mbg, pareto);

SELECT * FROM finish();
ROLLBACK;
