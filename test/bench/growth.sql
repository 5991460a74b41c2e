-- Customers over time: 5 million events of 200 thousand users over 47 weeks, as
-- they happened and user by user, against the best SQL that is known for each
-- question: nested windows for funnels, bitmaps for cohorts and growth.

SET search_path = bench;
SELECT bool_or(wanted('growth: ' || name)) AS any_wanted
FROM unnest(ARRAY['funnel in order of time', 'funnel in order of users', 'retention against counting',
	'retention by groups against keys', 'retention against bitmaps',
	'growth accounting against windows', 'growth accounting against bitmaps', 'repeat rate', 'survival', 'attribution',
	'xirr'])
	AS name \gset
\if :any_wanted

CREATE TABLE once.event AS
SELECT (200000 * ((hashint8extended(i, 1) & 1048575) / 1048576.0) ^ 1.5)::integer AS user_id,
	timestamp '2024-01-01' + i * interval '5.68 s' AS ts,
	CASE WHEN k < 60 THEN 1 WHEN k < 85 THEN 2 WHEN k < 95 THEN 3 ELSE 4 END::smallint AS step,
	(hashint8extended(i, 3) & 7)::smallint AS channel
FROM generate_series(1, 5000000) AS i, LATERAL (SELECT (hashint8extended(i, 2) & 1023) * 100 / 1024 AS k) AS x;
CREATE TABLE once.by_user AS SELECT * FROM once.event ORDER BY user_id, ts;
VACUUM (FREEZE, ANALYZE) once.event, once.by_user;
VACUUM (FREEZE) once.event, once.by_user;

CREATE FUNCTION bench.funnel(source text) RETURNS text LANGUAGE sql RETURN format($$
	SELECT count(*), sum(level) FROM (SELECT user_id,
		max(CASE WHEN t4 IS NOT NULL THEN 4 WHEN t3 IS NOT NULL THEN 3 WHEN t2 IS NOT NULL
		THEN 2 WHEN t1 IS NOT NULL THEN 1 ELSE 0 END) AS level FROM (
		SELECT *, CASE WHEN step = 4 THEN (SELECT m WHERE m >= ts - interval '7 days') END AS t4 FROM (
			SELECT *, max(t3) OVER (PARTITION BY user_id ORDER BY ts) AS m FROM (
				SELECT *, CASE WHEN step = 3 THEN (SELECT m2 WHERE m2 >= ts - interval '7 days') END AS t3 FROM (
					SELECT *, max(t2) OVER (PARTITION BY user_id ORDER BY ts) AS m2 FROM (
						SELECT *, CASE WHEN step = 2 THEN (SELECT m1 WHERE m1 >= ts - interval '7 days') END AS t2 FROM (
							SELECT *, max(t1) OVER (PARTITION BY user_id ORDER BY ts) AS m1 FROM (
								SELECT user_id, ts, step, CASE WHEN step = 1 THEN ts END AS t1 FROM %s) AS a) AS b) AS c) AS d) AS e) AS f)
		AS g GROUP BY user_id) AS h
$$, source);
-- the rows of each put together first, as the reference has it
CALL compare('growth: funnel in order of time',
	$$SELECT count(*), sum(level) FROM (SELECT kpi.window_funnel('7 days', ts, step) AS level
		FROM (SELECT user_id, ts, step FROM once.event ORDER BY user_id) AS e GROUP BY user_id) AS s$$,
	bench.funnel('once.event'), 0.42, 0.36);
CALL compare('growth: funnel in order of users',
	$$SELECT count(*), sum(level) FROM (SELECT kpi.window_funnel('7 days', ts, step) AS level FROM once.by_user
		GROUP BY user_id) AS s$$,
	bench.funnel('once.by_user'), 0.22, 0.18);

-- each side numbers weeks and months by what it has
SELECT $$SELECT count(*), sum(kept) FROM (SELECT kpi.first_period(b) AS cohort, kpi.cohort_retention(b,
			kpi.period_number(timestamp '2024-11-18', '7 days'), 47) AS r
		FROM (SELECT kpi.period_bitmap(ts, '7 days') AS b FROM once.event GROUP BY user_id) AS u
			GROUP BY 1) AS c,
		kpi.retention_table(r)$$ AS retention_by_groups,
	$$SELECT count(*), sum(kept) FROM (SELECT kpi.first_period(b) AS cohort, kpi.cohort_retention(b,
			kpi.period_number(timestamp '2024-11-18', '7 days'), 47) AS r
		FROM kpi.period_bitmaps((SELECT kpi.key_periods(user_id, ts, '7 days') FROM once.event)) AS b
			GROUP BY 1) AS c,
		kpi.retention_table(r)$$ AS retention \gset
CALL compare('growth: retention against counting',
	:'retention',
	$$SELECT count(*), sum(kept) FROM (SELECT cohort, week - cohort AS age, count(DISTINCT user_id) AS kept
		FROM (SELECT user_id,
		(ts::date - date '2024-01-01') / 7 AS week FROM once.event) AS e
			JOIN (SELECT user_id, min((ts::date - date '2024-01-01') / 7)
		AS cohort FROM once.event GROUP BY user_id) AS f USING (user_id) GROUP BY 1, 2) AS c$$, 0.35, 0.25);
CALL compare('growth: retention by groups against keys', :'retention_by_groups', :'retention');
CALL compare('growth: retention against bitmaps',
	:'retention',
	$$SELECT count(*), sum(kept) FROM (SELECT first, age, count(*) AS kept
		FROM (SELECT min((ts::date - date '2024-01-01') / 7) AS first,
		bit_or(1::bigint << ((ts::date - date '2024-01-01') / 7)) AS bits FROM once.event GROUP BY user_id) AS u,
		generate_series(0, 46) AS age WHERE first + age <= 46 AND bits >> (first + age) & 1 = 1
			GROUP BY 1, 2) AS c$$, 0.70, 0.50);
SELECT $$SELECT count(*), sum(churned) FROM kpi.growth_table((SELECT kpi.growth_accounting(b,
			kpi.period_number(timestamp '2024-11-01', '1 month'))
		FROM kpi.period_bitmaps((SELECT kpi.key_periods(user_id, ts, '1 month') FROM once.event)) AS b))$$
	AS accounting \gset
CALL compare('growth: growth accounting against windows',
	:'accounting',
	$$SELECT count(*), sum(churned) FROM (SELECT month, count(*) FILTER (WHERE before IS NULL) AS new,
		count(*) FILTER (WHERE before = month - 1) AS retained, count(*) FILTER (WHERE before < month - 1) AS resurrected,
		count(*) FILTER (WHERE after IS DISTINCT FROM month + 1) AS churned FROM (SELECT month, lag(month) OVER w AS before,
		lead(month) OVER w AS after FROM (SELECT DISTINCT user_id, extract(month FROM ts)::integer AS month
			FROM once.event) AS m
		WINDOW w AS (PARTITION BY user_id ORDER BY month)) AS l GROUP BY month) AS g$$, 0.65, 0.50);
CALL compare('growth: growth accounting against bitmaps',
	:'accounting',
	$$SELECT count(*), sum(churned) FROM (SELECT m, count(*) FILTER (WHERE bits >> m & 1 = 1
		AND bits & ((1 << m) - 1) = 0) AS new,
		count(*) FILTER (WHERE bits >> m & 1 = 1 AND bits >> (m - 1) & 1 = 1) AS retained,
		count(*) FILTER (WHERE bits >> m & 1 = 1 AND bits >> (m - 1) & 1 = 0 AND bits & ((1 << m) - 1) <> 0) AS resurrected,
		count(*) FILTER (WHERE bits >> m & 1 = 0 AND bits >> (m - 1) & 1 = 1) AS churned
		FROM (SELECT bit_or(1 << extract(month FROM ts)::integer) AS bits FROM once.event GROUP BY user_id) AS u,
		generate_series(1, 11) AS m GROUP BY m) AS g$$, 0.90, 0.70);
CALL compare('growth: repeat rate', 'SELECT kpi.repeat_rate(user_id) FROM once.event',
	'SELECT avg((n > 1)::integer) FROM (SELECT count(*) AS n FROM once.event GROUP BY user_id) AS u', 0.60, 0.40);

CREATE TABLE once.stay AS
SELECT (hashint8extended(i, 5) & 1073741823) / 1000.0::float8 AS duration, hashint8(i) % 5 < 3 AS ended
FROM generate_series(1, 5000000) AS i;
VACUUM (FREEZE, ANALYZE) once.stay;
CALL compare('growth: survival',
	'SELECT kpi.median_survival(s), (kpi.survival_ci(s, 500000)).se FROM 
		(SELECT kpi.survival(duration, ended) AS s FROM once.stay) AS x',
	$$SELECT min(duration) FILTER (WHERE survival <= 0.5), max(variance) FILTER (WHERE duration <= 500000)
		FROM (SELECT duration,
		exp(sum(ln(1 - d / n)) FILTER (WHERE d < n) OVER w) AS survival, sum(d / n / nullif(n - d, 0)) OVER w AS variance
			FROM (
			SELECT duration, d, sum(c) OVER (ORDER BY duration DESC) AS n
				FROM (SELECT duration, count(*) FILTER (WHERE ended)::float8 AS d,
				count(*)::float8 AS c FROM once.stay GROUP BY duration) AS a) AS b
					WHERE d > 0 WINDOW w AS (ORDER BY duration)) AS c$$, 0.30, 0.22);

CALL compare('growth: attribution',
	$$SELECT count(*) FROM kpi.attribution_table((SELECT kpi.attribution_paths(path, converted)
		FROM (SELECT kpi.funnel_path(ts, channel + 1) AS path, max((step = 4)::integer) AS converted
		FROM (SELECT * FROM once.event ORDER BY user_id) AS e GROUP BY user_id) AS p))$$,
	$$SELECT count(*), sum(n) FROM (SELECT channel, next, count(*) AS n
		FROM (SELECT channel, coalesce((lead(channel) OVER w)::text, CASE
		WHEN max((step = 4)::integer) OVER (PARTITION BY user_id) = 1 THEN 'converted' ELSE 'lost' END) AS next
			FROM once.event
		WINDOW w AS (PARTITION BY user_id ORDER BY ts)) AS e GROUP BY 1, 2) AS c$$, 0.45, 0.30);

CREATE TABLE once.flow AS
SELECT i / 25 AS project, date '2020-01-01' + (i % 25) * 31 AS day,
	CASE WHEN i % 25 = 0 THEN -1000 ELSE 30 + (hashint8(i) & 63) END::float8
	AS amount FROM generate_series(0, 2499999) AS i;
VACUUM (FREEZE, ANALYZE) once.flow;
CALL compare('growth: xirr',
	'SELECT count(r) FROM (SELECT kpi.xirr(amount, day) AS r FROM once.flow GROUP BY project) AS s',
	'SELECT count(r) FROM (SELECT array_agg(amount ORDER BY day) AS r FROM once.flow GROUP BY project) AS s', 2.0, 1.5);
DROP TABLE once.event, once.by_user, once.stay, once.flow;
DROP FUNCTION bench.funnel;
\endif
