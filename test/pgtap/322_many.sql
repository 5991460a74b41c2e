-- Fits of many customers: a part is fitted first, and the Pareto/NBD likelihood
-- of times that hardly repeat is taken from a grid.
-- share: 10
BEGIN;
\ir lib.sql
SELECT no_plan();
SET LOCAL jit = off;

CREATE FUNCTION pareto(r float8, alpha float8, s float8, beta float8) RETURNS kpi.pareto_nbd_model LANGUAGE sql
	RETURN ROW(r, alpha, s, beta, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.pareto_nbd_model;

-- many customers at any time: a part is fitted first, and the grid serves them
CREATE TABLE many AS
SELECT id, frequency, CASE WHEN frequency > 0 THEN life * u ^ (1.0 / frequency) ELSE 0 END AS recency, t
FROM (SELECT id, t, life, u, floor(life * rate * v) AS frequency
	  FROM (SELECT id, t, least(t, -ln(w[1]) / -ln(w[2]) * 60) AS life, -ln(w[3]) / 15 AS rate,
		-ln(w[4]) AS v, w[5] AS u
			FROM (SELECT id, w, 30 + w[6] * 300 AS t
				  FROM (SELECT id, (SELECT array_agg(((hashint8extended(id, i) & 1073741823) + 0.5) / 1073741824
					ORDER BY i)::float8[] FROM generate_series(1, 6) i) AS w
						FROM generate_series(1, 70000) id) n) n) n) n;
CREATE TABLE many_fit AS SELECT kpi.clv_pareto_nbd_fit(frequency, recency, t) AS m FROM many;
SELECT is((m).status, 'converged', 'many customers: the fit converges') FROM many_fit;
SELECT ok((m).iterations < 40, 'many customers: in few steps') FROM many_fit;
SELECT ok(near((m).log_likelihood, (SELECT sum(kpi.clv_log_likelihood(m, frequency, recency, t)) FROM many), 1e-12),
	'many customers: the likelihood is the sum of theirs') FROM many_fit;
SELECT is_empty($$
	SELECT i, d FROM many_fit, generate_series(1, 4) i, unnest('{-0.003,0.003}'::float8[]) d,
		LATERAL (SELECT sum(kpi.clv_log_likelihood(pareto((m).r * CASE i WHEN 1 THEN 1 + d ELSE 1 END,
			(m).alpha * CASE i WHEN 2 THEN 1 + d ELSE 1 END,
			(m).s * CASE i WHEN 3 THEN 1 + d ELSE 1 END, (m).beta * CASE i WHEN 4 THEN 1 + d ELSE 1 END), frequency,
			recency, t)) AS beside FROM many WHERE true) s
	WHERE beside >= (m).log_likelihood $$, 'many customers: all around the likelihood is lower');
SELECT is((SELECT kpi.clv_pareto_nbd_fit(frequency, recency, t ORDER BY -id)::text FROM many), m::text,
	'many customers: the same bits in another order') FROM many_fit;
SELECT is((SELECT kpi.clv_pareto_nbd_fit(kpi.rollup(c))::text
	FROM (SELECT kpi.clv_customers(frequency, recency, t) AS c FROM many GROUP BY id % 3) s), m::text,
	'many customers: the same bits from stored parts') FROM many_fit;
SELECT ok((g).status = 'converged' AND (g).log_likelihood < 0
	AND g::text = (SELECT kpi.clv_bgnbd_fit(frequency, recency, t ORDER BY -id)::text FROM many),
	'many customers: BG/NBD, too') FROM (SELECT kpi.clv_bgnbd_fit(frequency, recency, t) AS g FROM many) q;
-- whole days are tabulated, any other times are not
SELECT ok(near((d).r, (m).r, 1e-8) AND near((d).alpha, (m).alpha, 1e-8) AND near((d).a, (m).a, 1e-8)
	AND near((d).b, (m).b, 1e-8)
		AND near((d).log_likelihood, (m).log_likelihood, 1e-8) AND (d).n_patterns < 65000 AND (m).n_patterns > 66000,
		'many customers: BG/NBD of whole days and of times beside them')
FROM (SELECT kpi.clv_bgnbd_fit(frequency, ceil(recency), ceil(t)) AS d,
			 kpi.clv_bgnbd_fit(frequency, CASE WHEN frequency > 0 THEN ceil(recency) + id * 1e-15 * 2 ^ 10 ELSE 0 END,
				ceil(t) + id * 1e-14 * 2 ^ 10) AS m FROM many) q;
DROP TABLE many, many_fit;

SELECT * FROM finish();
ROLLBACK;
