-- The same figures once more, from the raw lines and in plain SQL: nothing here
-- knows of kpi, nor of the tables and views the shop made of the lines.

CREATE TABLE recount.period AS
SELECT c.grain, p.first::date AS first, (p.first + c.step)::date AS next,
	(p.first - c.step)::date AS before, (p.first - interval '1 year')::date AS year_ago,
	to_char(p.first, c.label) || CASE c.grain WHEN 'half' THEN (1 + extract(month FROM p.first)::integer / 7)::text
		ELSE '' END AS label
FROM (VALUES ('month', interval '1 month', timestamp '2010-12-01', 'YYYY-MM'),
		('quarter', interval '3 months', timestamp '2010-10-01', 'YYYY"-Q"Q'),
		('half', interval '6 months', timestamp '2010-07-01', 'YYYY"-H"'),
		('year', interval '1 year', timestamp '2010-01-01', 'YYYY')) c (grain, step, origin, label)
	CROSS JOIN generate_series(c.origin, timestamp '2011-12-01', c.step) p (first);

CREATE TABLE recount.member AS
SELECT DISTINCT unit, country
FROM (SELECT DISTINCT country FROM recount.raw) r
	CROSS JOIN (VALUES ('company'), ('uk'), ('international'), ('germany'), ('france'), ('benelux'), ('atlantic'),
		('rest')) u (unit)
WHERE CASE unit
		WHEN 'company' THEN true
		WHEN 'uk' THEN country = 'United Kingdom'
		WHEN 'international' THEN country NOT IN ('United Kingdom', 'Unspecified', 'European Community')
		WHEN 'germany' THEN country = 'Germany'
		WHEN 'france' THEN country = 'France'
		WHEN 'benelux' THEN country IN ('Belgium', 'Netherlands')
		WHEN 'atlantic' THEN country IN ('Canada', 'Iceland')
		ELSE country NOT IN ('United Kingdom', 'Germany', 'France', 'Belgium', 'Netherlands', 'Canada', 'Iceland',
			'Unspecified', 'European Community')
	END;

CREATE TABLE recount.invoice AS
SELECT invoice, country, left(invoice, 1) = 'C' AS cancelled, min(sold_at) AS at, max(customer) AS customer,
	count(*) AS lines, count(customer) AS known_lines, sum(quantity) AS items, sum(quantity * price) AS amount
FROM recount.raw
GROUP BY invoice, country;

CREATE TABLE recount.buyer AS
SELECT customer, (array_agg(country ORDER BY at, invoice))[1] AS country,
	min(at) FILTER (WHERE NOT cancelled) AS first_bought
FROM recount.invoice
WHERE customer IS NOT NULL
GROUP BY customer;

-- The last purchase before and up to the end of a month says all about activity.
CREATE TABLE recount.buyer_month AS
SELECT b.customer, b.country, p.first, p.next,
	max(i.at) FILTER (WHERE i.at < p.first) AS last_before, max(i.at) AS last
FROM recount.period p
	JOIN recount.invoice i ON i.at < p.next AND NOT i.cancelled
	JOIN recount.buyer b USING (customer)
WHERE p.grain = 'month'
GROUP BY b.customer, b.country, p.first, p.next;

CREATE TABLE recount.actual (
	indicator text,
	unit text,
	grain text,
	first date,
	numerator numeric,
	denominator numeric,
	value numeric,
	row_count bigint,
	PRIMARY KEY (indicator, unit, grain, first)
);

WITH total AS (
	SELECT m.unit, p.grain, p.first,
		count(*) AS invoices,
		count(*) FILTER (WHERE cancelled) AS cancellations,
		count(*) FILTER (WHERE NOT cancelled) AS orders,
		sum(lines) AS lines,
		sum(known_lines) AS known_lines,
		sum(amount) AS amount,
		coalesce(sum(amount) FILTER (WHERE country <> 'United Kingdom'), 0) AS amount_abroad,
		sum(amount) FILTER (WHERE NOT cancelled) AS amount_ordered,
		coalesce(sum(amount) FILTER (WHERE cancelled), 0) AS amount_returned,
		sum(items) FILTER (WHERE NOT cancelled) AS items,
		count(DISTINCT customer) FILTER (WHERE NOT cancelled) AS customers,
		array_agg(amount ORDER BY amount) FILTER (WHERE NOT cancelled) AS sizes
	FROM recount.invoice i
		JOIN recount.member m USING (country)
		JOIN recount.period p ON i.at >= p.first AND i.at < p.next
	GROUP BY m.unit, p.grain, p.first
)
INSERT INTO recount.actual (indicator, unit, grain, first, numerator, denominator, row_count)
SELECT v.indicator, unit, grain, first, v.numerator, v.denominator, v.row_count
FROM total CROSS JOIN LATERAL (VALUES
		('revenue', amount, NULL::numeric, lines),
		('average_order_value', amount_ordered, orders, orders),
		('median_order_value', (sizes[(orders + 1) / 2] + sizes[orders / 2 + 1]) / 2, NULL, orders),
		('international_share', amount_abroad, amount, invoices),
		('active_customers', customers, NULL, orders),
		('cancellation_rate', cancellations, invoices, invoices),
		('returned_share', -amount_returned, amount_ordered, invoices),
		('items_per_order', items, orders, orders),
		('known_customer_share', known_lines, lines, lines)
	) v (indicator, numerator, denominator, row_count)
WHERE v.row_count > 0;

-- Growth: every group and month is one row of the shop's data, also an empty one.
WITH monthly AS (
	SELECT m.unit, p.first, lag(coalesce(a.numerator, 0)) OVER w AS before, coalesce(a.numerator, 0) AS amount,
		CASE m.unit WHEN 'company' THEN 8 WHEN 'international' THEN 5 ELSE 1 END AS groups
	FROM (SELECT DISTINCT unit FROM recount.member) m
		CROSS JOIN recount.period p
		LEFT JOIN recount.actual a
			ON (a.indicator, a.unit, a.grain, a.first) = ('revenue', m.unit, 'month', p.first)
	WHERE p.grain = 'month'
	WINDOW w AS (PARTITION BY m.unit ORDER BY p.first)
)
INSERT INTO recount.actual (indicator, unit, grain, first, numerator, denominator, row_count)
SELECT 'revenue_growth', m.unit, p.grain, p.first, sum(m.amount - m.before), sum(m.before), sum(m.groups)
FROM monthly m JOIN recount.period p ON m.first >= p.first AND m.first < p.next
GROUP BY m.unit, p.grain, p.first;

INSERT INTO recount.actual (indicator, unit, grain, first, numerator, row_count)
SELECT 'new_customers', m.unit, p.grain, p.first, count(*), count(*)
FROM recount.buyer b
	JOIN recount.member m USING (country)
	JOIN recount.period p ON b.first_bought >= p.first AND b.first_bought < p.next
GROUP BY m.unit, p.grain, p.first;

WITH flag AS (
	SELECT country, first, last_before IS NOT NULL AS known, last >= first AS bought,
		coalesce(last_before >= first - interval '1 month', false) AS bought_last_month,
		coalesce(last_before >= first - 90, false) AS active, last < next - 90 AS gone
	FROM recount.buyer_month
), total AS (
	SELECT m.unit, p.grain, p.first, count(*) AS n,
		sum(bought::integer) AS bought, sum((bought AND known)::integer) AS repeated,
		sum(bought_last_month::integer) AS bought_last_month,
		sum((bought AND bought_last_month)::integer) AS retained,
		sum(active::integer) AS active, sum((active AND gone)::integer) AS churned
	FROM flag f
		JOIN recount.member m USING (country)
		JOIN recount.period p ON f.first >= p.first AND f.first < p.next
	GROUP BY m.unit, p.grain, p.first
)
INSERT INTO recount.actual (indicator, unit, grain, first, numerator, denominator, row_count)
SELECT v.indicator, unit, grain, first, v.numerator, v.denominator, n
FROM total CROSS JOIN LATERAL (VALUES
		('repeat_rate', repeated, bought),
		('retention', retained, bought_last_month),
		('churn', churned, active)
	) v (indicator, numerator, denominator);

-- The groups of the shop: the lowest units, and every other country by itself.
WITH sold AS (
	SELECT country, date_trunc('month', sold_at) AS month, stock_code, sum(quantity) AS items
	FROM recount.raw
	WHERE invoice NOT LIKE 'C%'
	GROUP BY 1, 2, 3
), grouped AS (
	SELECT coalesce(m.unit, s.country) AS country_group, month, stock_code, min(s.country) AS country
	FROM sold s
		LEFT JOIN recount.member m ON m.country = s.country AND m.unit NOT IN ('company', 'international')
	GROUP BY 1, 2, 3
	HAVING sum(items) > 0
)
INSERT INTO recount.actual (indicator, unit, grain, first, numerator, row_count)
SELECT 'product_range', m.unit, p.grain, p.first, count(DISTINCT stock_code), count(*)
FROM grouped g
	JOIN recount.member m USING (country)
	JOIN recount.period p ON g.month >= p.first AND g.month < p.next
GROUP BY m.unit, p.grain, p.first;

UPDATE recount.actual
SET value = CASE
		WHEN indicator IN ('revenue', 'median_order_value', 'active_customers', 'new_customers', 'product_range')
			THEN numerator
		ELSE numerator / nullif(denominator, 0)
	END;
ANALYZE recount.actual;

CREATE TABLE recount.goal (indicator text, unit text, first date, next date, target numeric, baseline numeric);

INSERT INTO recount.goal
SELECT a.indicator, a.unit, p.first, p.next, a.value * f.factor
FROM recount.actual a
	JOIN recount.period p ON p.grain = a.grain AND p.before = a.first
	JOIN (VALUES ('month', 'revenue', 1.05), ('month', 'active_customers', 1.05),
		('month', 'median_order_value', 1.02),
		('month', 'product_range', 1), ('month', 'cancellation_rate', 0.95), ('month', 'returned_share', 1),
		('month', 'churn', 0.95), ('quarter', 'new_customers', 0.9), ('quarter', 'repeat_rate', 1.1))
		f (grain, indicator, factor) ON (f.grain, f.indicator) = (a.grain, a.indicator)
WHERE a.value IS NOT NULL;

INSERT INTO recount.goal
SELECT a.indicator, a.unit, p.first, p.next, a.value
FROM recount.actual a JOIN recount.period p ON p.grain = a.grain AND p.before = a.first
WHERE a.indicator = 'international_share' AND a.unit = 'company' AND a.grain = 'month';

INSERT INTO recount.goal
SELECT a.indicator, a.unit, p.first, p.next, sum(a.value) / 3
FROM recount.actual a
	JOIN recount.period p ON p.grain = a.grain AND a.first BETWEEN p.first - interval '3 months' AND p.before
WHERE a.indicator IN ('average_order_value', 'items_per_order') AND a.grain = 'month'
GROUP BY a.indicator, a.unit, p.first, p.next
HAVING count(a.value) = 3;

INSERT INTO recount.goal
SELECT v.indicator, u.unit, v.first, v.next, v.target, v.baseline
FROM (SELECT DISTINCT unit FROM recount.member) u
	CROSS JOIN (VALUES ('revenue_growth', date '2011-01-01', date '2011-07-01', 0.03, NULL),
		('revenue_growth', '2011-07-01', '2012-01-01', 0.05, NULL),
		('retention', '2011-01-01', '2012-01-01', 0.45, 0.2),
		('known_customer_share', '2011-01-01', '2012-01-01', 0.8, NULL)) v (indicator, first, next, target, baseline);
ANALYZE recount.goal;
