-- Rows by key in one call: against GROUP BY in GROUP BY, over keys of every type.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- 40 groups of up to 2,000 rows, few and many keys
CREATE TEMP TABLE sale AS
SELECT g, i, CASE WHEN i % 41 <> 0 THEN (floor(uniform(i, g) ^ 3 * g * 40) - 20)::bigint END AS customer,
	CASE WHEN i % 37 <> 0 THEN floor(uniform(i, 77) * 1000) / 8 END AS amount,
	timestamp '2024-01-01' + floor(uniform(i, 99) * 525600) * interval '1 minute' AS ts, 1 + i % 4 AS w
FROM generate_series(1, 40) AS g, generate_series(1, g * 50) AS i;
CREATE TEMP VIEW keyed AS SELECT *, md5(customer::text)::uuid AS id, 'customer ' || customer AS name FROM sale;
CREATE TEMP TABLE want AS
SELECT g, count(*) AS keys, sum(n) AS rows, count(*) FILTER (WHERE n >= 2) / count(*)::float8 AS repeat2,
	count(*) FILTER (WHERE n >= 5) / count(*)::float8 AS repeat5, max(n) AS most, max(total) AS largest,
	sum(total) AS total
FROM (SELECT g, customer, count(*) AS n, coalesce(sum(amount), 0) AS total FROM sale WHERE customer IS NOT NULL
	GROUP BY g, customer) AS c GROUP BY g;
SELECT is_empty(format($$
	SELECT g FROM want JOIN (SELECT g, kpi.repeat_rate(%1$I) AS repeat2,
		kpi.repeat_rate(kpi.key_totals(%1$I), 5) AS five,
		kpi.key_summary(kpi.key_totals(%1$I, amount), 5) AS s FROM pg_temp.keyed GROUP BY g) AS h USING (g)
	WHERE want.repeat2 <> h.repeat2 OR repeat5 <> five OR (s).keys <> keys OR (s).rows <> want.rows
		OR (s).repeating <> round((repeat5 * keys)::numeric)
		OR (s).repeat_rate <> repeat5 OR NOT near((s).rows_per_key, (want.rows / keys)::float8, 1e-15)
			OR (s).most_rows <> most
		OR (s).largest_total <> largest OR (s).total <> want.total
$$, key), 'repeat rate and summary over keys: ' || key) FROM unnest('{customer,id,name}'::text[]) AS key;
SELECT is_empty($$
	SELECT g FROM (SELECT g, kpi.key_totals(customer, amount, w)::text AS a,
		(SELECT kpi.key_totals(customer, amount * (k = 1)::int) FROM sale AS s, generate_series(1, w) AS k
		 WHERE s.g = o.g)::text AS b FROM sale AS o WHERE g < 9 GROUP BY g) AS x WHERE a <> b
$$, 'a weight is so many rows of the key');
SELECT is_empty(format($$
	SELECT g, own FROM (SELECT g, own, kpi.relative_share(kpi.key_totals(%1$I, amount), own) AS share,
		sum(amount) FILTER (WHERE %1$I = own::%2$s) AS mine,
		(SELECT max(total) FROM (SELECT coalesce(sum(amount), 0) AS total FROM pg_temp.keyed AS o
			WHERE o.g = k.g AND o.%1$I <> own::%2$s GROUP BY o.%1$I) AS t) AS rival
		FROM pg_temp.keyed AS k, (SELECT DISTINCT %1$I::text AS own FROM pg_temp.keyed WHERE g = 1 AND i < 9
			AND customer IS NOT NULL) AS own WHERE g %% 6 = 1 GROUP BY g, own) AS s
	WHERE share IS DISTINCT FROM coalesce(mine, 0) / nullif(rival, 0)
$$, key, type), 'share relative to the largest rival, keys of ' || type)
FROM (VALUES ('customer', 'bigint'), ('id', 'uuid'), ('name', 'text')) AS v (key, type);
SELECT is_empty($$
	SELECT g, m FROM (SELECT g, kpi.first_seen(customer, ts) AS s, kpi.first_seen(name, ts AT TIME ZONE 'UTC') AS z
		FROM pg_temp.keyed GROUP BY g) AS a,
		generate_series(timestamp '2024-01-01', '2024-12-01', '1 month') AS m,
		LATERAL (SELECT count(*) AS n FROM (SELECT min(ts) AS first FROM sale WHERE sale.g = a.g AND customer IS NOT NULL
			GROUP BY customer) AS f WHERE first >= m AND first < m + interval '1 month') AS w
	WHERE kpi.new_keys(s, m, m + interval '1 month') <> n
		OR kpi.new_keys(z, m AT TIME ZONE 'UTC', (m + interval '1 month') AT TIME ZONE 'UTC') <> n
$$, 'new keys by month, of times with and without a zone');

-- one value whatever the order, the parts and the way there
SELECT is_empty($$
	SELECT g FROM (SELECT g, kpi.key_totals(name, amount) AS whole, kpi.first_seen(id, ts) AS first,
		kpi.key_totals(name, amount ORDER BY ts DESC) AS turned FROM pg_temp.keyed GROUP BY g) AS a
	JOIN (SELECT g, kpi.rollup(t) AS merged, kpi.rollup(f) AS earliest FROM (SELECT g, kpi.key_totals(name, amount) AS t,
		kpi.first_seen(id, ts) AS f FROM pg_temp.keyed GROUP BY g, i % 7) AS p GROUP BY g) AS m USING (g)
	WHERE whole::text <> turned::text OR whole::text <> merged::text OR first::text <> earliest::text
		OR whole::text::kpi.key_totals_state::text <> whole::text OR first::text::kpi.first_seen_state::text <> first::text
$$, 'order and parts change nothing; text forms read back');
SELECT is_empty($$
	SELECT i FROM (SELECT i, kpi.repeat_rate(customer) OVER (ORDER BY i) AS r FROM sale WHERE g = 3) AS m
	WHERE r IS DISTINCT FROM (SELECT kpi.repeat_rate(customer) FROM sale WHERE g = 3 AND sale.i <= m.i)
$$, 'over growing frames');

SELECT is(got, NULL, what) FROM (VALUES ((SELECT kpi.repeat_rate(customer) FROM sale WHERE false), 'no rows'),
	((SELECT kpi.repeat_rate(NULL::uuid)), 'no key'),
	((SELECT kpi.relative_share(kpi.key_totals(1, 5), 1)), 'no rival'),
	((SELECT kpi.share_gap(kpi.key_totals(1, 5), 1)), 'no rival to be ahead of'),
	((SELECT kpi.share_gap(kpi.key_totals(k, 0), 1) FROM generate_series(1, 2) AS k), 'nothing to have a share of'),
	((SELECT kpi.relative_share(kpi.key_totals(k, 0), '1') FROM generate_series(1, 2) AS k), 'rivals without sales'),
	((SELECT (kpi.key_summary(kpi.key_totals(1))).total), 'no amounts')) AS v (got, what);
SELECT ok(kpi.key_totals(k::numeric)::text = kpi.key_totals(k::float8)::text
	AND kpi.key_totals(k::smallint)::text = kpi.key_totals(k::bigint)::text
	AND kpi.key_totals(k::text)::text = kpi.key_totals(k::char(9))::text, 'keys of like types are alike')
	FROM generate_series(1, 30) AS k;
SELECT is_empty($$
	SELECT bad, at FROM unnest('{NaN,Infinity,-Infinity}'::float8[]) AS bad, generate_series(1, 4) AS at,
		LATERAL (SELECT kpi.key_totals(k, CASE WHEN k = at THEN bad ELSE k END) AS t FROM generate_series(1, 4) AS k) AS x
	WHERE kpi.relative_share(t, 1) IS NOT NULL OR kpi.share_gap(t, 1) IS NOT NULL
$$, 'a sum that is no number leaves no share, whosever it is');
SELECT is(kpi.share_gap(t, own), gap, 'lead of ' || own) FROM (SELECT kpi.key_totals(b, v) AS t
	FROM (VALUES ('a', 30.0), ('b', 50), ('c', 20)) AS m (b, v)) AS x,
	(VALUES ('a', -0.2::float8), ('b', 0.2), ('d', -0.5)) AS w (own, gap);
SET LOCAL TimeZone = 'Asia/Shanghai';
SELECT results_eq($$ SELECT kpi.new_keys(a, '2025-01-01', '2025-01-02'), kpi.new_keys(b, '2025-01-01', '2025-01-02'),
		kpi.new_keys(b, timestamp '2025-01-01', timestamp '2025-01-02')
	FROM (SELECT kpi.first_seen(h, timestamp '2025-01-01' + h * interval '1 hour') AS a,
		kpi.first_seen(h, timestamptz '2025-01-01 00:00+00' + h * interval '1 hour') AS b
		FROM generate_series(-12, 30) AS h) AS x $$, 'VALUES (24::bigint, 24::bigint, 24::bigint)',
	'a span of the other kind of time is one of the session''s time zone');
SELECT is(kpi.relative_share(kpi.key_totals(k, k), 7), 0::float8, 'a key without rows has nothing')
	FROM generate_series(1, 3) AS k;
SELECT is((kpi.key_summary(kpi.key_totals('k', a ORDER BY a * way))).rows, 4::float8, 'infinite amounts in any order')
	FROM unnest('{-Infinity,1,2,Infinity}'::float8[]) AS a, unnest('{-1,1}'::int[]) AS way
	GROUP BY way;
SELECT throws_ok('SELECT kpi.key_totals(1, 1e291)', '22003', 'amount 1e+291 is out of range', 'no amount overflows');
SELECT throws_ok('SELECT ' || call, state, NULL, call) FROM (VALUES
	('kpi.repeat_rate(kpi.key_totals(1), 0)', '22023'), ('kpi.repeat_rate(kpi.key_totals(1), 1.5)', '22023'),
	('kpi.relative_share(kpi.key_totals(1), 1)', '22023'), ('kpi.relative_share(kpi.key_totals(1, 1), 1.5)', '22P02'),
	('kpi.relative_share(kpi.key_totals(1, 1), ''NaN''::float8)', '22P02'),
	('kpi.key_totals(1, 1, -1)', '22023'),
	('kpi.relative_share(kpi.key_totals(md5(''a'')::uuid, 1), 1)', '42804'), ('kpi.key_totals(now())', '42804'),
	('kpi.rollup(t) FROM (SELECT kpi.key_totals(1) AS t UNION ALL SELECT kpi.key_totals(''1''::text)) AS x', '42804'),
	('''1 1 1 2 5 1 5 1''::kpi.key_totals_state', '22P02'), ('''1 1 1 1 5 0''::kpi.key_totals_state', '22P02'),
	('''1 4 1 1 5 1''::kpi.key_totals_state', '22P02'), ('''1 1 3 1 5 1''::kpi.key_totals_state', '22P02')) AS v (call,
		state);

SELECT * FROM finish();
ROLLBACK;
