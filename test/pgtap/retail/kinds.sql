-- Indicators of all kinds over the same shop, in fiscal years, weeks and the year
-- to date, by two more dimensions; and the same figures from the raw lines, by
-- plain SQL that uses nothing of kpi.

SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end');
SELECT kpi.define_calendar('retail', pattern => '4-4-5', first_day => '2010-11-29');

SELECT kpi.define_dimension('buyer'), kpi.define_dimension('size');
SELECT kpi.define_unit('all_buyers', dimension => 'buyer'), kpi.define_unit('all_sizes', dimension => 'size');
SELECT kpi.define_unit(u, parent => 'all_buyers') FROM unnest('{guest,account}'::text[]) AS u;
SELECT kpi.define_unit(u, parent => 'all_sizes') FROM unnest('{small,middle,large}'::text[]) AS u;

SELECT kpi.define_indicator(i.indicator, source => 'shop.order', time_column => 'invoiced_at',
	unit_column => 'country_group', grain => i.grain, filter => 'NOT cancelled',
	unit_columns => '{"buyer": "CASE WHEN customer IS NULL THEN ''guest'' ELSE ''account'' END",
		"size": "CASE WHEN amount < 200 THEN ''small'' WHEN amount < 1000 THEN ''middle'' ELSE ''large'' END"}',
	numerator => i.numerator, windows => i.windows)
FROM (VALUES ('sold', 'month', 'sum(amount)', '{month_ytd,month_r3}'::text[]),
	('orders', 'month', 'count(*)', '{month_ytd}'), ('buyers', 'month', 'count(DISTINCT customer)', '{month_ytd}'),
	('week_orders', 'week', 'count(*)', NULL), ('retail_sold', 'retail_week', 'sum(amount)', NULL))
	AS i (indicator, grain, numerator, windows);
-- a stock: who has bought in the last 90 days, at the end of a month
SELECT kpi.define_indicator('accounts', source => 'shop.customer_month', time_column => 'month',
	unit_column => 'country_group', numerator => 'count(*) FILTER (WHERE is_active)', combine => 'last');
-- typed: visits of each country group, and a survey of some of its customers
SELECT kpi.define_indicator('visits', kind => 'entered', combine => 'sum', combine_units => 'sum',
		windows => '{month_ytd}'),
	kpi.define_indicator('survey', kind => 'entered', combine => 'ratio', combine_units => 'ratio');
-- judged: by three, of whom one counts twice
SELECT kpi.define_indicator('service', kind => 'rated', rating_scale => 'good:100, fair:60, poor:20');
SELECT kpi.set_rater('service', 'r' || r, weight => 1 + (r = 1)::integer) FROM generate_series(1, 3) AS r;
-- formulas
SELECT kpi.define_indicator('spending', formula => 'sold / buyers', windows => '{month_ytd}'),
	kpi.define_indicator('sold_growth', formula => 'sold / previous(sold) - 1'),
	kpi.define_indicator('share_of_whole', formula => 'sold / root(sold)'),
	kpi.define_indicator('conversion', formula => 'orders / visits', windows => '{month_ytd}'),
	kpi.define_indicator('smoothed', formula => 'rolling(sold, 3) / 3');

CREATE TABLE recount.typed AS
SELECT u.unit, p.first, 400 + u.place * 131 + extract(month FROM p.first)::integer * 17 % 97 * 3 AS visits,
	20 + u.place * 7 + extract(month FROM p.first)::integer % 5 AS asked,
	11 + u.place * 3 + extract(month FROM p.first)::integer % 7 AS happy
FROM unnest(ARRAY['uk', 'germany', 'france', 'benelux', 'atlantic', 'rest']) WITH ORDINALITY AS u (unit, place)
	CROSS JOIN recount.period AS p WHERE p.grain = 'month';
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT 'visits', unit, 'month', first, visits FROM recount.typed;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, numerator, denominator)
SELECT 'survey', unit, 'month', first, happy, asked FROM recount.typed;
CREATE TABLE recount.judged AS
SELECT t.unit, t.first, r, 1 + (r = 1)::integer AS weight,
	(ARRAY['good', 'fair', 'poor'])[1 + (t.visits + r) % 3] AS word
FROM recount.typed AS t CROSS JOIN generate_series(1, 3) AS r WHERE (t.visits + 2 * r) % 5 > 0;
INSERT INTO kpi.rating (indicator, unit, grain, period_start, rater, word)
SELECT 'service', unit, 'month', first, 'r' || r, word FROM recount.judged;

CALL kpi.collect('2010-12', '2011-12-09',
	'{sold,orders,buyers,week_orders,retail_sold,accounts}', commit_each => false);

-- The periods: grain, day that is its key, days.
CREATE TABLE recount.span AS
SELECT grain, first AS key, first AS since, next AS until, 'month' AS of FROM recount.period
UNION ALL
SELECT 'fy_quarter', first, first, next, 'month' FROM recount.period WHERE grain = 'quarter'
UNION ALL
SELECT g.grain, d::date, d::date, (d + g.step)::date, 'month'
FROM (VALUES ('fy_half', interval '6 months', timestamp '2010-10-01'),
		('fy_year', '1 year', '2010-04-01')) AS g (grain, step, origin)
	CROSS JOIN generate_series(g.origin, '2011-12-01', g.step) AS d
UNION ALL
SELECT 'month_ytd', first, date_trunc('year', first)::date, next, 'month' FROM recount.period WHERE grain = 'month'
UNION ALL
SELECT 'month_r3', first, (first - interval '2 months')::date, next, 'month' FROM recount.period WHERE grain = 'month'
UNION ALL
SELECT 'week', d::date, d::date, d::date + 7, 'week'
FROM generate_series(timestamp '2010-11-29', '2011-12-05', '7 days') AS d
UNION ALL
-- the same weeks make retail years of 52 from 29 November 2010, in quarters of 4, 4 and 5; the next year has begun
SELECT r.grain, date '2010-11-29' + 7 * r.week, date '2010-11-29' + 7 * r.week,
	date '2010-11-29' + 7 * (r.week + r.weeks), 'week'
FROM (SELECT 'retail_week' AS grain, w AS week, 1 AS weeks FROM generate_series(0, 53) AS w
	UNION ALL SELECT 'retail_period', 52 * y + 13 * q + p, CASE p WHEN 8 THEN 5 ELSE 4 END
		FROM generate_series(0, 1) AS y, generate_series(0, 3) AS q, unnest('{0,4,8}'::integer[]) AS p
	UNION ALL SELECT 'retail_quarter', 13 * q, 13 FROM generate_series(0, 7) AS q
	UNION ALL SELECT 'retail_half', 26 * h, 26 FROM generate_series(0, 3) AS h
	UNION ALL SELECT 'retail_year', 52 * y, 52 FROM generate_series(0, 1) AS y) AS r;

-- The orders with every unit that they count for.
CREATE TABLE recount.unit_order AS
SELECT m.unit, i.at::date AS day, i.customer, i.amount
FROM recount.invoice AS i JOIN recount.member AS m USING (country)
WHERE NOT i.cancelled
UNION ALL
SELECT u.unit, i.at::date, i.customer, i.amount
FROM recount.invoice AS i
	CROSS JOIN LATERAL (VALUES ('all_buyers'), ('all_sizes'),
		(CASE WHEN i.customer IS NULL THEN 'guest' ELSE 'account' END),
		(CASE WHEN i.amount < 200 THEN 'small' WHEN i.amount < 1000 THEN 'middle' ELSE 'large' END)) AS u (unit)
WHERE NOT i.cancelled;
ANALYZE recount.unit_order, recount.span;

CREATE TABLE recount.kind (indicator text, unit text, grain text, key date, value numeric);
CREATE TABLE recount.unit_day AS
SELECT unit, day, date_trunc('month', day)::date AS month, sum(amount) AS amount, count(*) AS orders
FROM recount.unit_order GROUP BY 1, 2;
CREATE TABLE recount.unit_buyer AS
SELECT DISTINCT unit, date_trunc('month', day)::date AS month, customer
FROM recount.unit_order WHERE customer IS NOT NULL;
ANALYZE recount.unit_day, recount.unit_buyer;
CREATE TABLE recount.sum_of AS
SELECT u.*, CASE WHEN u.of = 'month' AND u.grain <> 'month_r3' THEN coalesce(b.buyers, 0) END AS buyers
FROM (SELECT u.unit, s.grain, s.key, s.since, s.until, s.of, sum(u.amount) AS sold, sum(u.orders) AS orders,
		count(DISTINCT u.month) AS months
	FROM recount.unit_day AS u JOIN recount.span AS s ON u.day >= s.since AND u.day < s.until
	GROUP BY 1, 2, 3, 4, 5, 6) AS u
	LEFT JOIN (SELECT d.unit, d.grain, d.key, count(*) AS buyers
		FROM (SELECT DISTINCT c.unit, s.grain, s.key, c.customer
			FROM recount.unit_buyer AS c JOIN recount.span AS s ON c.month >= s.since AND c.month < s.until
			WHERE s.of = 'month' AND s.grain <> 'month_r3') AS d
		GROUP BY 1, 2, 3) AS b ON b.unit = u.unit AND b.grain = u.grain AND b.key = u.key;
INSERT INTO recount.kind
SELECT v.indicator, s.unit, s.grain, s.key, v.value
FROM recount.sum_of AS s CROSS JOIN LATERAL (VALUES
	('sold', s.sold, s.of = 'month' AND (s.grain <> 'month_r3' OR s.months = 3)),
	('orders', s.orders, s.of = 'month' AND s.grain <> 'month_r3'),
	('buyers', s.buyers, s.of = 'month' AND s.grain <> 'month_r3'),
	('spending', s.sold / nullif(s.buyers, 0), s.of = 'month' AND s.grain <> 'month_r3'),
	('week_orders', s.orders, s.of = 'week'), ('retail_sold', s.sold, s.of = 'week')) AS v (indicator, value, there)
WHERE v.there AND v.value IS NOT NULL;
INSERT INTO recount.kind
SELECT 'sold_growth', s.unit, s.grain, s.key, s.sold / b.sold - 1
FROM recount.sum_of AS s
	JOIN recount.sum_of AS b ON b.unit = s.unit AND b.grain = s.grain AND b.until = s.since AND b.sold <> 0
WHERE s.of = 'month' AND s.grain NOT LIKE 'month\_%';
INSERT INTO recount.kind
SELECT 'share_of_whole', s.unit, s.grain, s.key, s.sold / w.sold
FROM recount.sum_of AS s JOIN recount.sum_of AS w ON w.grain = s.grain AND w.key = s.key AND w.unit = CASE
	WHEN s.unit IN ('all_buyers', 'guest', 'account') THEN 'all_buyers'
	WHEN s.unit IN ('all_sizes', 'small', 'middle', 'large') THEN 'all_sizes' ELSE 'company' END
WHERE s.of = 'month' AND s.grain NOT LIKE 'month\_%';
INSERT INTO recount.kind
SELECT 'smoothed', unit, 'month', key, sold / 3 FROM recount.sum_of WHERE grain = 'month_r3' AND months = 3;

-- typed and judged, and what is made of them
INSERT INTO recount.kind
SELECT v.indicator, m.unit, s.grain, s.key, v.value
FROM recount.span AS s
	JOIN (SELECT DISTINCT t.unit AS leaf, a.unit FROM recount.typed AS t CROSS JOIN LATERAL (VALUES (t.unit), ('company'),
		(CASE WHEN t.unit <> 'uk' THEN 'international' END)) AS a (unit) WHERE a.unit IS NOT NULL) AS m ON true
	JOIN recount.typed AS t ON t.unit = m.leaf AND t.first >= s.since AND t.first < s.until
	CROSS JOIN LATERAL (VALUES ('visits', t.visits::numeric), ('asked', t.asked), ('happy', t.happy),
		('points', (SELECT sum(j.weight * CASE j.word WHEN 'good' THEN 100 WHEN 'fair' THEN 60 ELSE 20 END)
			FROM recount.judged AS j WHERE (j.unit, j.first) = (t.unit, t.first))),
		('raters', (SELECT sum(j.weight) FROM recount.judged AS j WHERE (j.unit, j.first) = (t.unit, t.first))))
		AS v (indicator, value)
WHERE s.of = 'month' AND s.grain <> 'month_r3';
CREATE TABLE recount.made AS
SELECT unit, grain, key, sum(value) FILTER (WHERE indicator = 'visits') AS visits,
	sum(value) FILTER (WHERE indicator = 'happy') / sum(value) FILTER (WHERE indicator = 'asked') AS survey,
	sum(value) FILTER (WHERE indicator = 'points') / sum(value) FILTER (WHERE indicator = 'raters') AS service
FROM recount.kind WHERE indicator IN ('visits', 'asked', 'happy', 'points', 'raters') GROUP BY 1, 2, 3;
DELETE FROM recount.kind WHERE indicator IN ('visits', 'asked', 'happy', 'points', 'raters');
INSERT INTO recount.kind
SELECT v.indicator, m.unit, m.grain, m.key, v.value
FROM recount.made AS m
	LEFT JOIN recount.sum_of AS s ON s.unit = m.unit AND s.grain = m.grain AND s.key = m.key
	CROSS JOIN LATERAL (VALUES ('visits', m.visits, true), ('survey', m.survey, m.grain <> 'month_ytd'),
		('service', m.service, m.grain <> 'month_ytd'),
		('conversion', s.orders / m.visits, true)) AS v (indicator, value, there)
WHERE v.there AND v.value IS NOT NULL;

-- a stock is that of the last month, of each unit the sum of what is below it and its own
INSERT INTO recount.kind
SELECT 'accounts', m.unit, s.grain, s.key, count(*) FILTER (WHERE b.last >= b.next - 90)
FROM recount.span AS s
	JOIN recount.buyer_month AS b ON b.first = (SELECT max(x.first) FROM recount.buyer_month AS x
		WHERE x.first >= s.since AND x.first < s.until)
	JOIN recount.member AS m USING (country)
WHERE s.of = 'month' AND s.grain NOT LIKE 'month\_%'
GROUP BY 2, 3, 4;
