-- Shifted beta-geometric and BG/BB: estimates against known maxima, answers
-- against quadrature of the defining integrals, and properties.
\set file lifetime/donations.csv
\ir data.sql

BEGIN;
\ir lib.sql
SELECT no_plan();

CREATE FUNCTION sbg(alpha float8, beta float8) RETURNS kpi.sbg_model LANGUAGE sql
	RETURN ROW(alpha, beta, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.sbg_model;
CREATE FUNCTION bgbb(alpha float8, beta float8, gamma float8, delta float8) RETURNS kpi.bgbb_model LANGUAGE sql
	RETURN ROW(alpha, beta, gamma, delta, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgbb_model;

-- the two subscriptions of the literature, a thousand customers each
CREATE TEMP TABLE subscription (kind text, periods integer, churned boolean, customers integer);
INSERT INTO subscription VALUES
	('regular', 1, true, 369), ('regular', 2, true, 163), ('regular', 3, true, 86), ('regular', 4, true, 56),
	('regular', 5, true, 37), ('regular', 6, true, 27), ('regular', 7, true, 21), ('regular', 7, false, 241),
	('high end', 1, true, 131), ('high end', 2, true, 126), ('high end', 3, true, 90), ('high end', 4, true, 60),
	('high end', 5, true, 42), ('high end', 6, true, 34), ('high end', 7, true, 26), ('high end', 7, false, 491);
CREATE TEMP TABLE fit AS
	SELECT kind, (kpi.clv_sbg_fit(periods, churned, customers)).* FROM subscription GROUP BY kind;

SELECT ok(status = 'converged' AND n_customers = 1000 AND n_patterns = 8, kind || ': converged') FROM fit;
SELECT ok(near(ARRAY[alpha, beta], golden, 1e-9), kind || ': the estimates')
FROM fit JOIN (VALUES ('regular', '{.70407729847, 1.1820430262}'::float8[]),
	('high end', '{.66808835111, 3.8060949641}')) v (kind, golden) USING (kind);
SELECT ok(near(se, golden, 1e-4), kind || ': the standard errors')
FROM fit JOIN (VALUES ('regular', '{.065599, .15248}'::float8[]), ('high end', '{.10373, .78553}')) v (kind, golden)
	USING (kind);
SELECT ok(abs(log_likelihood - golden) < 1e-8, kind || ': the maximum')
FROM fit JOIN (VALUES ('regular', -1680.26518846), ('high end', -1611.15814739)) v (kind, golden) USING (kind);
SELECT ok(cov[1][2] = cov[2][1] AND near(sqrt(cov[1][1]), se[1], 1e-15), kind || ': the covariance is symmetric')
FROM fit;

-- the likelihood of each customer: the formula, and those of the fit together
SELECT ok(near(kpi.clv_log_likelihood(sbg(2, 3), 2, true), ln(3 / 5.0 * 2 / 6), 1e-14)
	AND near(kpi.clv_log_likelihood(sbg(2, 3), 2, false), ln(3 / 5.0 * 4 / 6), 1e-14)
	AND kpi.clv_log_likelihood(sbg(2, 3), 0, false) = 0, 'the likelihood of one');
SELECT ok(near(sum(customers * kpi.clv_log_likelihood(sbg(alpha, beta), periods, churned)), log_likelihood, 1e-12),
	kind || ': likelihoods add up to that of the fit')
FROM subscription JOIN fit USING (kind) GROUP BY kind, log_likelihood;
SELECT is(kpi.clv_log_likelihood(sbg(NULL, NULL), 2, true), NULL, 'no parameters, no likelihood');
SELECT throws_ok($$SELECT kpi.clv_log_likelihood(sbg(2, 3), 0, true)$$, '22023', NULL,
	'churned before the first renewal');
SELECT throws_ok($$SELECT kpi.clv_log_likelihood(sbg(2, 3), -1, false)$$, '22023', NULL, 'periods below 0');

-- one customer a row, in any order and plan, gives the same bits
SELECT is(kpi.clv_sbg_fit(periods, churned ORDER BY hashint4(n * 7 + periods)),
	(SELECT kpi.clv_sbg_fit(periods, churned, customers) FROM subscription WHERE kind = 'regular'),
	'rows for weights') FROM subscription, generate_series(1, customers) n WHERE kind = 'regular';
-- weights that are no whole numbers: in any order, and as states that went through their text
CREATE AGGREGATE pairs(float8, boolean, float8) (SFUNC = kpi_internal.sbg_accum, STYPE = kpi_internal.pair_state);
CREATE AGGREGATE merge(kpi_internal.pair_state) (SFUNC = kpi_internal.pair_state_combine,
	STYPE = kpi_internal.pair_state);
CREATE TEMP TABLE contract AS SELECT n, 1 + n % 7 AS periods, n % 3 > 0 AS churned,
	(1 + n * 7919 % 13) / 10.0 AS customers FROM generate_series(1, 400) n;
SELECT is(count(DISTINCT model), 1::bigint, 'weights in any order') FROM (
	SELECT kpi.clv_sbg_fit(periods, churned, customers ORDER BY hashint4(n * 7 + sorting))::text AS model
	FROM contract, generate_series(1, 20) sorting GROUP BY sorting) f;
SELECT is(kpi_internal.sbg_final(merge(part::kpi_internal.pair_state))::text,
	(SELECT kpi.clv_sbg_fit(periods, churned, customers)::text
	FROM contract), 'weights in stored states')
FROM (SELECT pairs(periods, churned, customers)::text AS part FROM contract GROUP BY n % 5) p;

SELECT is_empty($$
	SELECT * FROM (VALUES
		(0.70407729847, 1.1820430262, 0, .1, 1.0, 3.69490842751305),
		(0.70407729847, 1.1820430262, 1, .1, 0.62670605408316831, 2.964399270264355),
		(0.70407729847, 1.1820430262, 4, .15, 0.33206791100869997, 4.2718477082999916),
		(0.70407729847, 1.1820430262, 20, .01, 0.12140322959588632, 40.435037577552375),
		(0.70407729847, 1.1820430262, 3, .0001, 0.38797395411414952, 90.655855331405298),
		(0.66808835111, 3.8060949641, 0, .1, 1.0, 5.9222534957883672),
		(0.66808835111, 3.8060949641, 1, .1, 0.8506792627743187, 5.4144788453672039),
		(0.66808835111, 3.8060949641, 4, .15, 0.60991913533234878, 5.0798150154940068),
		(0.66808835111, 3.8060949641, 20, .01, 0.28684333665078741, 44.156680100833871),
		(0.66808835111, 3.8060949641, 3, .0001, 0.6697889831061388, 164.46013725758853),
		(0.05, 0.02, 0, .1, 1.0, 3.5457152881939752),
		(0.05, 0.02, 1, .1, 0.28571428571428571, 2.8002868170133727),
		(0.05, 0.02, 4, .15, 0.26145559576926027, 7.2274468039463415),
		(0.05, 0.02, 20, .01, 0.24010182663151166, 93.503667996847385),
		(0.05, 0.02, 3, .0001, 0.26578433079855266, 6656.4589488085481),
		(30.0, 4.0, 0, .1, 1.0, 1.1233964122409406),
		(30.0, 4.0, 1, .1, 0.11764705882352941, 0.13573605346503465),
		(30.0, 4.0, 4, .15, 0.00052994170641229465, 0.23275635367634697),
		(30.0, 4.0, 20, .01, 8.751945472898034e-12, 0.78643382592405479),
		(30.0, 4.0, 3, .0001, 0.0028011204481792717, 0.20689137998075524),
		(1.0, 1.0, 0, .1, 1.0, 2.6376848000782076),
		(1.0, 1.0, 1, .1, 0.5, 1.8014532800860284),
		(1.0, 1.0, 4, .15, 0.2, 3.4364800846080466),
		(1.0, 1.0, 20, .01, 0.047619047619047619, 29.736269841752363),
		(1.0, 1.0, 3, .0001, 0.25, 22.141075182356714)
	) v (alpha, beta, n, d, survival, derl)
	WHERE NOT near(kpi.clv_sbg_survival(sbg(alpha, beta), n), survival, 1e-12)
		OR NOT near(kpi.clv_sbg_derl(sbg(alpha, beta), n, d), derl, 1e-11) $$,
	'survival and residual lifetime agree with quadrature');
SELECT is_empty($$
	SELECT alpha, beta, n FROM (VALUES (0.7, 1.2), (0.01, 5), (40, 0.3)) v (alpha, beta), generate_series(1, 200, 7) n
	WHERE NOT near(kpi.clv_sbg_survival(sbg(alpha, beta), n) / kpi.clv_sbg_survival(sbg(alpha, beta), n - 1),
		kpi.clv_sbg_retention(sbg(alpha, beta), n), 1e-11) $$,
	'retention is the ratio of survivals');
SELECT ok(near(kpi.clv_sbg_derl(sbg(3, 2), 0, 0), 2, 1e-14),
	'without discount the mean lifetime, alpha + beta - 1 over alpha - 1');
SELECT is(kpi.clv_sbg_derl(sbg(1, 2), 0, 0), NULL, 'which has no limit for alpha <= 1');
SELECT ok(near(kpi.clv_sbg_derl(sbg(3, 2), 0, 1e-9), 2, 1e-7), 'a tiny discount comes near it');
SELECT ok(bool_and(kpi.clv_sbg_derl(sbg(a, b), n, d) BETWEEN 0 AND 1 / d + 1), 'finite at the edges')
FROM unnest('{1e-6, 1e-3, 1, 1e4}'::float8[]) a, unnest('{1e-6, 1e-3, 1, 1e4}'::float8[]) b,
	unnest('{0, 1, 1000000}'::int[]) n, unnest('{1e-6, 0.01, 1, 10}'::float8[]) d;

-- simulated contracts give their parameters back, within three standard errors
SELECT ok(status = 'converged' AND abs(alpha - 0.8) < 3 * se[1] AND abs(beta - 2.5) < 3 * se[2],
	'expected numbers of 100,000 contracts')
FROM (SELECT (kpi.clv_sbg_fit(n, churned, w)).* FROM (
	SELECT n, true AS churned,
		round(1e5 * (kpi.clv_sbg_survival(sbg(0.8, 2.5), n - 1) - kpi.clv_sbg_survival(sbg(0.8, 2.5), n))) AS w
	FROM generate_series(1, 12) n
	UNION ALL SELECT 12, false, round(1e5 * kpi.clv_sbg_survival(sbg(0.8, 2.5), 12))) d) f;

-- data that cannot tell have a status
SELECT is((kpi.clv_sbg_fit(n, false)).status, 'insufficient_data', 'nobody left') FROM generate_series(0, 3) n;
SELECT is((kpi.clv_sbg_fit(1, true)).status, 'boundary', 'all left at once') FROM generate_series(1, 5);
SELECT is((kpi.clv_sbg_fit(n, true)).status, 'boundary', 'equal chances')
FROM (VALUES (1), (1), (1), (1), (2), (2), (3), (4)) v (n);
SELECT throws_ok('SELECT kpi.clv_sbg_fit(0, true)', '22023', NULL, 'leaving before the first renewal');

-- BG/BB: answers and likelihood
SELECT is_empty($$
	SELECT * FROM (VALUES
		(1.2035223516, .74971635817, .65671820844, 2.7834422326, 0, 0, 6, 5, .1, 0.11621816399521005,
			0.072863341051307241, 0.1147527156338938, -1.1675171029293271),
		(1.2035223516, .74971635817, .65671820844, 2.7834422326, 6, 6, 6, 5, .1, 1.0, 3.7525442218917472,
			5.9098942456555013, -2.1816734926944535),
		(1.2035223516, .74971635817, .65671820844, 2.7834422326, 2, 4, 6, 5, .1, 0.63374452545651851,
			1.0576035260050869, 1.6656232739534494, -5.1956195982194677),
		(1.2035223516, .74971635817, .65671820844, 2.7834422326, 1, 1, 6, 40, .01, 0.074655310385975205,
			0.41422484267296838, 0.60858340608312377, -2.2888275869937762),
		(1.2035223516, .74971635817, .65671820844, 2.7834422326, 5, 12, 30, 12, .02, 0.011403764638155923,
			0.023679659024309949, 0.069062157228501539, -12.9164643888393),
		(0.3, 2, 1, 1, 0, 0, 6, 5, .1, 0.10320858228363649, 0.01332686941919136, 0.018462677345059116,
			-0.13132293647759307),
		(0.3, 2, 1, 1, 6, 6, 6, 5, .1, 1.0, 2.7116374589266156, 3.756627750013315, -6.7159426704655907),
		(0.3, 2, 1, 1, 2, 4, 6, 5, .1, 0.56183457717266113, 0.55619537712978475, 0.77053773588964717,
			-6.5050565432638844),
		(0.3, 2, 1, 1, 1, 1, 6, 40, .01, 0.10444710025535597, 0.21129108477923696, 0.25666717276634828,
			-3.2931346041873323),
		(0.3, 2, 1, 1, 5, 12, 30, 12, .02, 0.014291485536150186, 0.023462985653284407, 0.05819232101347268,
			-14.354822929601408),
		(5, 40, 0.2, 0.1, 0, 0, 6, 5, .1, 0.13098165519921471, 0.059199769653102819, 0.1074386165132844,
			-0.14087726003352018),
		(5, 40, 0.2, 0.1, 6, 6, 6, 5, .1, 1.0, 0.99433384803956155, 1.8045653490157054, -12.739389898023955),
		(5, 40, 0.2, 0.1, 2, 4, 6, 5, .1, 0.89736816716513246, 0.56781679994169116, 1.0305014998574107,
			-6.2549409459327535),
		(5, 40, 0.2, 0.1, 1, 1, 6, 40, .01, 0.53981693530435152, 1.929739663789622, 3.9323368301848914,
			-3.7542746340080873),
		(5, 40, 0.2, 0.1, 5, 12, 30, 12, .02, 0.37016095505142677, 0.5699012310188485, 2.0951649744598386,
			-14.936765854496155),
		(.01, .02, 3, 50, 0, 0, 6, 5, .1, 0.69357560711339509, 0.0049471324889059726, 0.0075086542357332215,
			-0.39579846629063733),
		(.01, .02, 3, 50, 6, 6, 6, 5, .1, 1.0, 4.2868096792025535, 6.5064300840353356, -1.4774571878368987),
		(.01, .02, 3, 50, 2, 4, 6, 5, .1, 0.77789369782036345, 1.1152597818213096, 1.6927179741991031,
			-8.1104597810844748),
		(.01, .02, 3, 50, 1, 1, 6, 40, .01, 0.04890750069361606, 0.14959994790086082, 0.16130698180386079,
			-3.962469102791627),
		(.01, .02, 3, 50, 5, 12, 30, 12, .02, 0.016024027879479117, 0.025687543192718178, 0.052139166451555641,
			-15.581498975231215)
	) v (alpha, beta, gamma, delta, x, m, n, ahead, d, alive, purchases, dert, log_likelihood),
	LATERAL (SELECT bgbb(alpha, beta, gamma, delta) AS model) b
	WHERE NOT near(kpi.clv_p_alive(model, x, m, n), alive, 1e-12)
		OR NOT near(kpi.clv_expected_purchases(model, ahead, x, m, n), purchases, 1e-12)
		OR NOT near(kpi.clv_dert(model, d, x, m, n), dert, 1e-11)
		OR NOT near(kpi.clv_log_likelihood(model, x, m, n), log_likelihood, 1e-12) $$,
	'BG/BB agrees with quadrature');

CREATE TEMP TABLE parameters (alpha float8, beta float8, gamma float8, delta float8);
INSERT INTO parameters VALUES (1.2, .75, .66, 2.8), (1, 1, 1, 1), (.01, 5, .02, .03), (500, 20, 3, 1000),
	(.3, 9000, 1e-3, 8), (1e4, 1e-5, 1e-5, 1e4);
SELECT is_empty($$
	SELECT p FROM parameters p, LATERAL (SELECT bgbb(alpha, beta, gamma, delta) AS model) b
	WHERE abs((SELECT sum(kpi.clv_purchase_probability(model, n, 30)) FROM generate_series(0, 31) n) - 1) > 1e-11 $$,
	'probabilities of all numbers of purchases are 1 together');
SELECT is_empty($$
	SELECT p FROM parameters p, LATERAL (SELECT bgbb(alpha, beta, gamma, delta) AS model) b
	WHERE NOT near((SELECT sum(n * kpi.clv_purchase_probability(model, n, 30)) FROM generate_series(0, 30) n),
		kpi.clv_expected_purchases(model, 30), 1e-10) $$,
	'and their mean is the expected number');
SELECT is_empty($$
	SELECT p FROM parameters p, LATERAL (SELECT bgbb(alpha, beta, gamma, delta) AS model) b
	WHERE abs((SELECT sum(ways * exp(kpi.clv_log_likelihood(model, x, m, 12)))
		FROM generate_series(0, 12) m, generate_series(0, m) x,
			LATERAL (SELECT CASE WHEN x = 0 THEN CASE WHEN m = 0 THEN 1 ELSE 0 END
				ELSE factorial(m - 1) / factorial(x - 1) / factorial(m - x) END::float8 AS ways) w
		WHERE ways > 0) - 1) > 1e-11 $$,
	'all histories are 1 together');
SELECT is_empty($$
	SELECT p, x, m FROM parameters p, LATERAL (SELECT bgbb(alpha, beta, gamma, delta) AS model) b,
		(VALUES (0, 0), (1, 1), (3, 40), (40, 40), (2, 2)) c (x, m)
	WHERE NOT near(kpi.clv_dert(model, 0.2, x, m, 40),
		(SELECT sum((kpi.clv_expected_purchases(model, k, x, m, 40) -
		kpi.clv_expected_purchases(model, k - 1, x, m, 40)) / 1.2 ^ k) FROM generate_series(1, 200) k), 1e-9) $$,
	'dert is the sum of the discounted differences');
SELECT is_empty($$
	SELECT p, x, m FROM parameters p, LATERAL (SELECT bgbb(alpha, beta, gamma, delta) AS model) b,
		(VALUES (0, 0), (1, 1), (3, 4000), (10000, 10000), (9999, 10000), (1, 10000)) c (x, m)
	WHERE NOT kpi.clv_p_alive(model, x, m, 10000) BETWEEN 0 AND 1
		OR NOT kpi.clv_expected_purchases(model, 10000, x, m, 10000) BETWEEN 0 AND 10000
		OR NOT kpi.clv_dert(model, 1e-6, x, m, 10000) BETWEEN 0 AND 1e6
		OR kpi.clv_log_likelihood(model, x, m, 10000) > 0 $$,
	'ten thousand chances: always a number in its range');
SELECT is(kpi.clv_dert(bgbb(1, 1, 1, 1), 0, 1, 1, 2), NULL, 'no limit without discount and gamma <= 1');

SELECT is((kpi.clv_bgbb_fit(0, 0, n)).status, 'insufficient_data', 'nobody bought') FROM generate_series(0, 3) n;
SELECT ok((kpi.clv_bgbb_fit(x, m, n)).status IN ('boundary', 'converged'), 'three customers have a status')
FROM (VALUES (0, 0, 3), (1, 2, 3), (2, 3, 3)) v (x, m, n);
SELECT throws_ok('SELECT kpi.clv_bgbb_fit(3, 2, 5)', '22023', NULL, 'more purchases than chances');
SELECT throws_ok('SELECT kpi.clv_bgbb_fit(1, 1.5, 5)', '22023', NULL, 'half a chance');
SELECT throws_ok('SELECT kpi.clv_bgbb_fit(1, 1, 5.5)', '22023', NULL, 'half a chance at the end');

\if :present
CREATE TEMP TABLE donor (frequency integer, recency integer, chances integer, donors integer);
\copy donor FROM PROGRAM 'cat "$KPI_DATA/lifetime/donations.csv"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE given AS SELECT (kpi.clv_bgbb_fit(frequency, recency, chances, donors)).* FROM donor;
SELECT ok(near(ARRAY[alpha, beta, gamma, delta], '{1.2035223516, .74971635817, .65671820844, 2.7834422326}',
	1e-8), 'donations: the estimates') FROM given;
SELECT ok(near(se, '{.069391, .029448, .051010, .32082}', 1e-4), 'donations: the standard errors') FROM given;
SELECT ok(abs(log_likelihood + 33225.58127435) < 1e-7, 'donations: the maximum') FROM given;
SELECT is(status || ' ' || n_customers || ' ' || n_patterns, 'converged 11104 22', 'donations: the status') FROM given;
CREATE TEMP TABLE single AS SELECT row_number() OVER () AS n, frequency, recency, chances FROM donor,
	generate_series(1, donors);
SELECT is_empty($$
	SELECT * FROM (SELECT size, draw, (kpi.clv_bgbb_fit(frequency, recency, chances)).*
		FROM unnest('{20, 50, 100}'::int[]) size, generate_series(1, 30) draw,
			LATERAL (SELECT * FROM single WHERE hashint8extended(n, draw * 1000 + size) % (11104 / size) = 0) s
		GROUP BY size, draw) f
	WHERE status NOT IN ('converged', 'boundary', 'insufficient_data', 'dropout_not_identified') $$,
	'donations: 30 draws of 20, 50 and 100 donors have a status');
\else
SELECT skip_without(:'file', 5);
\endif

SELECT * FROM finish();
ROLLBACK;
