-- Why something changed: published cases, definitions, parts that add up, errors.
\pset null '(null)'
SET extra_float_digits = 0;

-- B. W. Ang, 2005: two sectors, energy = activity by structure by intensity; 50 to 96:
-- 32.4 38.3 -24.7, by factors 1.583 1.721 0.705
SELECT factor, round(contribution::numeric, 3) AS contribution, round(multiplier::numeric, 4) AS multiplier
FROM kpi.lmdi('{{50, 0.2, 3}, {50, 0.8, 0.5}}', '{{80, 0.5, 2}, {80, 0.5, 0.4}}');
-- revenue = visits by conversion by basket: +397,761 -347,979 +301,818 and +398,200 -348,800 +302,200
SELECT l.factor, round(l.contribution::numeric) AS lmdi, round(s.contribution::numeric) AS shapley,
	round(l.share::numeric, 4) AS share, round(l.multiplier::numeric, 4) AS multiplier
FROM kpi.lmdi('{1000000, 0.05, 80}', '{1100000, 0.046, 86}') AS l
JOIN kpi.shapley('{1000000, 0.05, 80}', '{1100000, 0.046, 86}') AS s USING (factor);

-- on random input, parts add up to the change itself and multipliers to the ratio; order of factors does not matter
CREATE TEMP TABLE drawn AS
SELECT i, array_agg((hashint4extended(i * 100 + k, 1) & 65535) / 1000.0 + 0.001 ORDER BY k) AS a,
	array_agg((hashint4extended(i * 100 + k, 2) & 65535) / 7000.0 + 0.001 ORDER BY k) AS b
FROM generate_series(1, 1000) AS i, generate_series(1, 1 + i % 6) AS k GROUP BY i;
CREATE FUNCTION pg_temp.product(x numeric[]) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	f numeric;
	p numeric := 1;
BEGIN
	FOREACH f IN ARRAY x LOOP
		p := p * f;
	END LOOP;
	RETURN p;
END $$;
SELECT way, bool_and(total = pg_temp.product(b) - pg_temp.product(a)) AS adds_up,
	bool_and(abs(ratio / (pg_temp.product(b) / pg_temp.product(a)) - 1) < 1e-9) AS multiplies_up
FROM drawn, LATERAL (SELECT 'lmdi' AS way, sum(contribution) AS total, exp(sum(ln(multiplier))) AS ratio
	FROM kpi.lmdi(a, b)
	UNION ALL SELECT 'shapley', sum(contribution), exp(sum(ln(multiplier))) FROM kpi.shapley(a, b)) AS s GROUP BY way
	ORDER BY way;
-- lmdi by its formula
SELECT bool_and(abs(contribution - (v1 - v0) / ln(v1 / v0) * ln(b[factor] / a[factor])) <= 1e-9 * abs(v1 - v0))
	AS formula
FROM drawn, LATERAL (SELECT pg_temp.product(a) AS v0, pg_temp.product(b) AS v1) AS v, kpi.lmdi(a, b);
-- shapley by all orders of three and four factors, of any sign
WITH RECURSIVE case_of AS (
	SELECT i, cardinality(a) AS n, a, CASE WHEN i % 2 = 0 THEN ARRAY[-b[1]] || b[2:] ELSE b END AS b
	FROM drawn WHERE cardinality(a) IN (3, 4) AND i < 100
), orders AS (
	SELECT i, n, a, b, '{}'::integer[] AS done, a AS at, NULL::integer AS moved, NULL::numeric AS effect FROM case_of
	UNION ALL
	SELECT i, n, a, b, done || k, x.at_next, k, pg_temp.product(x.at_next) - pg_temp.product(at)
	FROM orders, generate_series(1, n) AS k,
		LATERAL (SELECT array_agg(CASE j WHEN k THEN b[j] ELSE at[j] END ORDER BY j) AS at_next FROM generate_series(1, n)
		AS j) AS x
	WHERE k <> ALL (done)
), mean AS (
	SELECT i, moved AS factor, sum(effect * f.rest) / max(f.every) AS contribution
	FROM orders, LATERAL (SELECT factorial(n - cardinality(done))::float8 AS rest, factorial(n)::float8 AS every) AS f
	WHERE moved IS NOT NULL GROUP BY i, moved
)
SELECT count(*) > 100 AS many, bool_and(abs(s.contribution - m.contribution) <= 1e-9 * (1 + abs(m.contribution)))
	AS all_orders
FROM case_of, kpi.shapley(a, b) AS s JOIN mean AS m USING (factor) WHERE m.i = case_of.i;
-- zero, no change, equal factors, a whole of 0, sixty factors
SELECT * FROM kpi.lmdi('{2, 0}', '{2, 5}');
SELECT * FROM kpi.lmdi('{2, 5, 3}', '{2, 0, 4}');
SELECT * FROM kpi.lmdi('{0, 3}', '{5, 0}');
SELECT * FROM kpi.lmdi('{2, 3}', '{3, 2}');
SELECT * FROM kpi.shapley('{2, 0}', '{2, 5}');
SELECT * FROM kpi.shapley('{-2, 3}', '{2, 3}');
SELECT count(*), abs(max(contribution) / min(contribution) - 1) < 1e-9 AS alike, sum(share) AS share
FROM kpi.shapley(array_fill(1::float8, '{60}'), array_fill(1.01::float8, '{60}'));
SELECT count(*) FROM kpi.lmdi(NULL, '{1}');
-- errors
SELECT * FROM kpi.lmdi('{-2, 3}', '{2, 3}');
SELECT * FROM kpi.lmdi('{1, 2}', '{1, 2, 3}');
SELECT * FROM kpi.lmdi('{1, NULL}', '{1, 2}');
SELECT * FROM kpi.shapley('{1, NaN}', '{1, 2}');
SELECT count(*) FROM kpi.shapley(array_fill(1::float8, '{101}'), array_fill(1::float8, '{101}'));

-- rates and mix: conversions of three channels, of which one is new and one is gone
CREATE TEMP TABLE channel (channel text, orders0 float8, visits0 float8, orders1 float8, visits1 float8);
INSERT INTO channel VALUES ('search', 300, 6000, 280, 7000), ('mail', 100, 1000, 330, 3000), ('social', NULL, NULL,
	20, 2000),
	('paper', 50, 3000, 0, 0);
SELECT channel, round((m).rate::numeric, 6) AS rate, round((m).mix::numeric, 6) AS mix, round((m).total::numeric, 6)
	AS total
FROM (SELECT channel, kpi.mix_rate(orders0, visits0, orders1, visits1) OVER () AS m FROM channel) AS s
	ORDER BY channel;
-- by its formula, and the sum
SELECT bool_and(abs((m).rate - rate) < 1e-15) AS rate, bool_and(abs((m).mix - mix) < 1e-15) AS mix,
	sum((m).total) = round(630::numeric / 12000 - 450::numeric / 10000, 20) AS adds_up
FROM (SELECT kpi.mix_rate(orders0, visits0, orders1, visits1) OVER () AS m, (rate1 - rate0) * (w0 + w1) / 2 AS rate,
		(w1 - w0) * ((rate0 + rate1) / 2 - (r0 + r1) / 2) AS mix, r0, r1
	FROM (SELECT *, coalesce(orders0 / visits0, orders1 / visits1) AS rate0,
			coalesce(orders1 / nullif(visits1, 0), orders0 / visits0) AS rate1, coalesce(visits0, 0) / sum(visits0) OVER ()
			AS w0,
			visits1 / sum(visits1) OVER () AS w1, sum(orders0) OVER () / sum(visits0) OVER () AS r0,
			sum(orders1) OVER () / sum(visits1) OVER () AS r1 FROM channel) AS c) AS s;
-- random segments add up
SELECT bool_and(near) AS adds_up FROM (
	SELECT g, sum((m).total) = round(sum(p1) / sum(q1) - sum(p0) / sum(q0), 20) AS near
	FROM (SELECT *, kpi.mix_rate(p0, q0, p1, q1) OVER (PARTITION BY g) AS m
		FROM (SELECT i % 50 AS g, (hashint4(i) & 1023)::numeric AS p0, (hashint4(i + 5000) & 8191) + 1 AS q0,
		(hashint4(i + 9000) & 1023)::numeric AS p1,
				(hashint4(i + 7000) & 8191) + 1 AS q1 FROM generate_series(1, 1000) AS i) AS r) AS s GROUP BY g) AS t;
-- what makes no sense is left out; nothing before
SELECT w1, kpi.mix_rate(p0, w0, p1, w1) OVER () FROM (VALUES (1::float8, 2::float8, 1::float8, 4::float8), (1, 2, 1,
	0), (1, 2, 1, -1),
	(1, 'NaN', 1, 1), (1, NULL, 1, 2)) AS v (p0, w0, p1, w1);
SELECT kpi.mix_rate(NULL, NULL, 1, 2) OVER ();

-- trees of sums
SELECT * FROM kpi.change_tree('{all, north, south, n1, n2, other}', '{NULL, all, all, north, north, NULL}',
	'{NULL, NULL, 50, 30, 20, 7}', '{120, NULL, 45, 42, 25, 7}');
SELECT * FROM kpi.change_tree('{b, a}', '{a, NULL}', '{1, NULL}', '{NULL, NULL}');
SELECT count(*), max(depth), max(share_of_root) AS share, sum(unexplained) AS unexplained
FROM kpi.change_tree((SELECT array_agg('n' || i ORDER BY i) FROM generate_series(1, 2000) AS i),
	(SELECT array_agg(CASE WHEN i > 1 THEN 'n' || i / 2 END ORDER BY i) FROM generate_series(1, 2000) AS i),
	(SELECT array_agg(CASE WHEN i > 1000 THEN i END ORDER BY i) FROM generate_series(1, 2000) AS i),
	(SELECT array_agg(CASE WHEN i > 1000 THEN i + 1 END ORDER BY i) FROM generate_series(1, 2000) AS i));
SELECT kpi.change_tree('{a, a}', '{NULL, NULL}', '{1, 2}', '{1, 2}');
SELECT kpi.change_tree('{a, b}', '{NULL, c}', '{1, 2}', '{1, 2}');
SELECT kpi.change_tree('{a, b, c}', '{NULL, c, b}', '{1, 2, 3}', '{1, 2, 3}');
SELECT kpi.change_tree('{a, b}', '{NULL, a}', '{1, 2}', '{1}');
SELECT kpi.change_tree('{a, NULL}', '{NULL, a}', '{1, 2}', '{1, 2}');

-- R. Bhagwan et al., 2014: revenue of 100 came to 50; by data centre X explains 94 %, and the devices surprise
CREATE TEMP TABLE revenue (dimension text, element text, forecast float8, actual float8);
INSERT INTO revenue VALUES ('data centre', 'X', 94, 47), ('data centre', 'Y', 6, 3),
	('advertiser', 'A1', 50, 24), ('advertiser', 'A2', 20, 21), ('advertiser', 'A3', 20, 4), ('advertiser', 'A4', 10, 1),
	('device', 'PC', 50, 49), ('device', 'mobile', 25, 1), ('device', 'tablet', 25, 0);
SELECT dimension, element, round(power::numeric, 2) AS power, round(surprise::numeric, 4) AS surprise, chosen, rank
FROM (SELECT array_agg(dimension) AS d, array_agg(element) AS e, array_agg(forecast) AS f, array_agg(actual) AS a
	FROM revenue) AS r,
	kpi.adtributor(d, e, f, a);
-- surprise and power by their formulas; powers add up to 1
SELECT bool_and(abs(power - (r.actual - r.forecast) / (50 - 100)) < 1e-15) AS power,
	bool_and(abs(surprise - (p * ln(2 * p / (p + q)) + CASE q WHEN 0 THEN 0
	ELSE q * ln(2 * q / (p + q)) END) / 2) < 1e-15) AS surprise
FROM (SELECT array_agg(dimension) AS d, array_agg(element) AS e, array_agg(forecast) AS f, array_agg(actual) AS a
	FROM revenue) AS r0,
	kpi.adtributor(d, e, f, a) AS r, LATERAL (SELECT r.forecast / 100 AS p, r.actual / 50 AS q) AS s;
-- new and gone; as forecast; nothing expected
SELECT * FROM kpi.adtributor('{d, d, d}', '{new, gone, old}', '{NULL, 30, 70}', '{20, NULL, 70}');
SELECT * FROM kpi.adtributor('{d, d}', '{a, b}', '{1, 2}', '{2, 1}');
SELECT * FROM kpi.adtributor('{d, d}', '{a, b}', '{0, 0}', '{2, 1}');
SELECT kpi.adtributor('{d, d}', '{a, a}', '{1, 2}', '{2, 1}');
SELECT kpi.adtributor('{d, e}', '{a, b}', '{1, 2}', '{2, 1}');
-- forecasts of dimensions may differ, as each element may have one of its own
SELECT dimension, power, rank FROM kpi.adtributor('{d, e}', '{a, b}', '{1, 1.1}', '{2, 2}');
SELECT kpi.adtributor('{d}', '{a}', '{-1}', '{2}');
SELECT kpi.adtributor('{d}', '{a}', '{1}', '{2}', 1.5);
SELECT kpi.adtributor('{d}', '{a}', '{1, 2}', '{2}');
