-- Alternatives in order: TOPSIS, grey relational grade, coupling and coordination, place among peers.
\pset null '(null)'
SET extra_float_digits = 0;

-- C.-L. Hwang and K. Yoon, 1981: four fighter aircraft
CREATE TEMP TABLE fighter (name text, x float8[]);
INSERT INTO fighter VALUES ('A1', '{2.0, 1500, 20000, 5.5, 5, 9}'), ('A2', '{2.5, 2700, 18000, 6.5, 3, 5}'),
	('A3', '{1.8, 2000, 21000, 4.5, 7, 7}'), ('A4', '{2.2, 1800, 20000, 5.0, 5, 5}');
SELECT name, round(kpi.topsis(x, '{higher, higher, higher, lower, higher, higher}',
	'{.2, .1, .1, .1, .2, .3}') OVER ()::numeric, 4)
	AS closeness FROM fighter ORDER BY name;
-- by definition, in plain SQL, both methods
WITH v AS (SELECT name, k, v, CASE WHEN k = 4 THEN -v ELSE v END AS o, ('{.2, .1, .1, .1, .2, .3}'::float8[])[k] AS w
	FROM fighter, unnest(x) WITH ORDINALITY AS u (v, k)),
r AS (SELECT name, k, w * o / sqrt(sum(v * v) OVER p) AS vector, w * (o - min(o) OVER p) / (max(o) OVER p - min(o)
	OVER p) AS minmax
	FROM v WINDOW p AS (PARTITION BY k)),
d AS (SELECT name, k, vector - min(vector) OVER p AS vw, max(vector) OVER p - vector AS vb,
		minmax - min(minmax) OVER p AS mw, max(minmax) OVER p - minmax AS mb FROM r WINDOW p AS (PARTITION BY k)),
t AS (SELECT name, sqrt(sum(vw * vw)) / (sqrt(sum(vw * vw)) + sqrt(sum(vb * vb))) AS vector,
		sqrt(sum(mw * mw)) / (sqrt(sum(mw * mw)) + sqrt(sum(mb * mb))) AS minmax FROM d GROUP BY name),
g AS (SELECT name, sum(w * (0.5 / (1 - (minmax / w) + 0.5))) AS grey FROM r JOIN v USING (name, k) GROUP BY name)
SELECT max(abs(t.vector - f.vector)) < 1e-12 AS vector, max(abs(t.minmax - f.minmax)) < 1e-12 AS minmax,
	max(abs(g.grey - f.grey)) < 1e-12 AS grey
FROM t JOIN g USING (name) JOIN (SELECT name,
	kpi.topsis(x, '{higher, higher, higher, lower, higher, higher}', '{2, 1, 1, 1, 2, 3}') OVER () AS vector,
	kpi.topsis(x, '{higher, higher, higher, lower, higher, higher}', '{2, 1, 1, 1, 2, 3}', 'minmax') OVER () AS minmax,
	kpi.grey_relational(x, '{higher, higher, higher, lower, higher, higher}', '{2, 1, 1, 1, 2, 3}') OVER () AS grey
	FROM fighter) AS f USING (name);
-- all equal, a zero column, a missing value, one row; partitions
SELECT what, x, kpi.topsis(x) OVER w AS topsis, kpi.topsis(x, method => 'minmax') OVER w AS minmax,
	kpi.grey_relational(x) OVER w AS grey
FROM (VALUES ('equal', '{2, 3}'::float8[]), ('equal', '{2, 3}'), ('zero', '{0, 1}'), ('zero', '{0, 4}'), ('one',
	'{1, 2}'),
	('missing', '{1, 2}'), ('missing', '{NULL, 9}'), ('missing', NULL), ('missing', '{Infinity, 3}'), ('missing',
	'{3, 4}'),
	('none', NULL)) AS v (what, x)
WINDOW w AS (PARTITION BY what) ORDER BY what, x;
SELECT kpi.topsis(x, NULL, NULL, NULL) OVER () FROM fighter WHERE name = 'A1';
-- errors
SELECT kpi.topsis(x, '{higher}') OVER () FROM fighter;
SELECT kpi.topsis(x, weights => '{1, 2}') OVER () FROM fighter;
SELECT kpi.topsis(x, weights => '{0, 0, 0, 0, 0, 0}') OVER () FROM fighter;
SELECT kpi.topsis(x, weights => '{0, 0, 0, 0, 0, -1}') OVER () FROM fighter;
SELECT kpi.topsis(x, method => 'linear') OVER () FROM fighter;
SELECT kpi.topsis(x, method => CASE name WHEN 'A1' THEN 'minmax' ELSE 'vector' END) OVER () FROM fighter;
SELECT kpi.topsis(x) OVER () FROM (VALUES ('{1}'::float8[]), ('{1, 2}')) AS v (x);
SELECT kpi.grey_relational(x, rho => 0) OVER () FROM fighter;

-- grey grades of series: Deng's formula, by hand: deltas 0 1 2 and 2 1 0, rho 0.5: (1 + 1/2 + 1/3) / 3
SELECT kpi.grey_grades('{1, 2, 3}', '{{1, 1, 1}, {3, 3, 3}, {1, 2, 3}}') AS grades;
SELECT kpi.grey_grades('{2, 4, 6}', '{{10, 20, 30}, {3, 2, 1}}', scaling => 'initial') AS initial,
	kpi.grey_grades('{2, 4, 6}', '{10, 20, 30}', scaling => 'mean') AS mean;
SELECT kpi.grey_grades('{1, 2}', '{1, 2, 3}');
SELECT kpi.grey_grades('{0, 2}', '{1, 2}', scaling => 'initial');
SELECT kpi.grey_grades('{1, NULL}', '{1, 2}');
SELECT kpi.grey_grades('{1, 2}', '{1, 2}', scaling => 'log');

-- coupling and coordination: alike, far apart, not developed
SELECT u, (c).* FROM (SELECT u, kpi.coupling_coordination(u) AS c
	FROM (VALUES ('{0.8, 0.8}'::float8[]), ('{0.9, 0.1}'), ('{0, 1}'), ('{0, 0}'), ('{1, 1, 1}'), ('{0.36}'),
		('{0.16, 0.16}')) AS v (u))
	AS s;
SELECT (kpi.coupling_coordination('{0.9, 0.4}', '{3, 1}')).development, kpi.coupling_coordination('{0.9, 0.4}',
	'{0, 0}') AS no_weight,
	kpi.coupling_coordination(NULL) AS "null";
SELECT abs(coupling - 3 * power(0.5 * 0.6 * 0.9, 1 / 3.0::float8) / 2.0) < 1e-15 AS coupling,
	abs(coordination - sqrt(coupling * 2.0 / 3)) < 1e-15 AS coordination, level, label
FROM kpi.coupling_coordination('{0.5, 0.6, 0.9}');
SELECT kpi.coupling_coordination('{80, 60}');
SELECT kpi.coupling_coordination('{0.5, NULL}');
SELECT kpi.coupling_coordination('{0.5, 0.5}', '{1}');
SELECT kpi.coupling_coordination('{0.5, 0.5}', '{1, -1}');

-- peers: against the server's own functions
CREATE TEMP TABLE peer AS SELECT i, (i * 37 % 29)::float8 AS v FROM generate_series(1, 30) AS i;
INSERT INTO peer VALUES (31, NULL), (32, 'NaN');
SELECT bool_and(n = 30) AS n, bool_and((p).rank = r) AS rank, bool_and(abs((p).percent_rank - pr) < 1e-12)
	AS percent_rank,
	bool_and(abs((p).cume_dist - cd) < 1e-12) AS cume_dist, bool_and(abs((p).mean - s.mean) < 1e-12) AS mean,
	bool_and(abs((p).deviation - sd) < 1e-12) AS deviation, bool_and((p).median = s.median) AS median,
	bool_and((p).best = s.best) AS best, bool_and(abs((p).z - (v - s.mean) / sd) < 1e-12) AS z,
	bool_and((p).gap_to_best = v - s.best AND (p).gap_to_median = v - s.median) AS gaps,
	bool_and((p).quartile = CASE WHEN v >= q[3] THEN 1 WHEN v >= q[2] THEN 2 WHEN v >= q[1] THEN 3 ELSE 4 END)
	AS quartile,
	bool_and(abs((p).robust_z - 0.6745 * (v - s.median) / mad) < 1e-12) AS robust_z
FROM (SELECT v, (kpi.peer_position(v) OVER ()).n, kpi.peer_position(v) OVER () AS p FROM peer) AS p
	JOIN (SELECT v AS w, rank() OVER (ORDER BY v DESC) AS r, percent_rank() OVER (ORDER BY v) AS pr,
	cume_dist() OVER (ORDER BY v) AS cd
		FROM peer WHERE i <= 30) AS w ON w = v,
	(SELECT avg(v) AS mean, stddev_samp(v) AS sd, percentile_cont(0.5) WITHIN GROUP (ORDER BY v) AS median, max(v)
	AS best,
		percentile_cont('{0.25, 0.5, 0.75}'::float8[]) WITHIN GROUP (ORDER BY v) AS q FROM peer WHERE i <= 30) AS s,
	LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(v - s.median)) AS mad FROM peer WHERE i <= 30) AS m;
-- lower is better: the sign and the order turn round
SELECT v, (p).* FROM (SELECT v, kpi.peer_position(v, 'lower') OVER () AS p
	FROM unnest('{4, 6, 6, 14, NULL}'::float8[]) AS v) AS s
ORDER BY v;
-- too few peers; all equal; a mean of 0
SELECT v, kpi.peer_position(v, min_peers => 4) OVER () FROM unnest('{1, 2, 3}'::float8[]) AS v;
SELECT v, kpi.peer_position(v) OVER () FROM unnest('{2, 2, 2, 2}'::float8[]) AS v LIMIT 1;
SELECT v, kpi.peer_position(v) OVER () FROM unnest('{-1, 0, 0, 0, 1}'::float8[]) AS v;
SELECT kpi.peer_position(v, min_peers => 2) OVER () FROM unnest('{1, 2, 3}'::float8[]) AS v;
SELECT kpi.peer_position(v, 'target') OVER () FROM unnest('{1, 2, 3}'::float8[]) AS v;
SELECT kpi.peer_position(v, CASE WHEN v > 1 THEN 'lower' ELSE 'higher' END) OVER ()
	FROM unnest('{1, 2, 3}'::float8[]) AS v;
