-- A year of a real shop, as the shop would keep it: countries with their group,
-- customers, invoices (cancelled ones too) and invoice lines, and what its data
-- team would put on top of them for indicators that compare periods.

CREATE SCHEMA recount;
CREATE TABLE recount.raw (
	invoice text,
	stock_code text,
	description text,
	quantity integer,
	sold_at timestamp,
	price numeric,
	customer numeric,
	country text
);
\copy recount.raw FROM PROGRAM 'gzip -dc "$KPI_DATA/retail/online_retail.csv.gz"' WITH (FORMAT csv, HEADER)
ANALYZE recount.raw;

CREATE SCHEMA shop;

-- 'Unspecified' belongs to no group; 'European Community' to one that is no unit.
CREATE TABLE shop.country (country text PRIMARY KEY, country_group text);
INSERT INTO shop.country
SELECT country,
	CASE
		WHEN country = 'United Kingdom' THEN 'uk'
		WHEN country = 'Germany' THEN 'germany'
		WHEN country = 'France' THEN 'france'
		WHEN country IN ('Netherlands', 'Belgium') THEN 'benelux'
		WHEN country IN ('Iceland', 'Canada') THEN 'atlantic'
		WHEN country = 'European Community' THEN 'institutions'
		WHEN country <> 'Unspecified' THEN 'rest'
	END
FROM recount.raw
GROUP BY country;

CREATE TABLE shop.invoice (
	invoice text PRIMARY KEY,
	invoiced_at timestamp NOT NULL,
	customer integer,
	country text NOT NULL REFERENCES shop.country,
	cancelled boolean NOT NULL
);
INSERT INTO shop.invoice
SELECT invoice, min(sold_at), min(customer)::integer, min(country), invoice LIKE 'C%'
FROM recount.raw
GROUP BY invoice;

CREATE TABLE shop.invoice_line (
	invoice text NOT NULL,
	stock_code text NOT NULL,
	quantity integer NOT NULL,
	unit_price numeric NOT NULL
);
INSERT INTO shop.invoice_line
SELECT invoice, stock_code, quantity, price FROM recount.raw;

CREATE TABLE shop.customer (
	customer integer PRIMARY KEY,
	country text NOT NULL REFERENCES shop.country,
	first_bought timestamp
);
INSERT INTO shop.customer
SELECT DISTINCT ON (customer) customer, country,
	min(invoiced_at) FILTER (WHERE NOT cancelled) OVER (PARTITION BY customer)
FROM shop.invoice
WHERE customer IS NOT NULL
ORDER BY customer, invoiced_at, invoice;

ANALYZE shop.country, shop.invoice, shop.invoice_line, shop.customer;

CREATE VIEW shop.sale AS
SELECT l.invoice, i.invoiced_at, i.customer, c.country_group, i.cancelled,
	l.stock_code, l.quantity, l.unit_price
FROM shop.invoice_line l
	JOIN shop.invoice i USING (invoice)
	JOIN shop.country c USING (country);

CREATE MATERIALIZED VIEW shop."order" AS
SELECT i.invoice, i.invoiced_at, i.customer, c.country_group, i.cancelled,
	i.country <> 'United Kingdom' AS international,
	sum(l.quantity) AS items, sum(l.quantity * l.unit_price) AS amount
FROM shop.invoice i
	JOIN shop.invoice_line l USING (invoice)
	JOIN shop.country c USING (country)
GROUP BY i.invoice, c.country_group;

CREATE VIEW shop.customer_home AS
SELECT u.customer, c.country_group, u.first_bought
FROM shop.customer u JOIN shop.country c USING (country);

-- One row a customer and month from the first purchase on.
CREATE MATERIALIZED VIEW shop.customer_month AS
WITH bought AS (
	SELECT DISTINCT customer, invoiced_at::date AS day
	FROM shop.invoice
	WHERE NOT cancelled AND customer IS NOT NULL
)
SELECT h.customer, h.country_group, m.month::date AS month,
	bool_or(b.day >= m.month) AS bought,
	bool_or(b.day >= m.month - interval '1 month' AND b.day < m.month) AS bought_last_month,
	h.first_bought < m.month AS bought_before,
	bool_or(b.day >= m.month - interval '90 days' AND b.day < m.month) AS was_active,
	bool_or(b.day >= m.month + interval '1 month -90 days') AS is_active
FROM shop.customer_home h
	CROSS JOIN generate_series(timestamp '2010-12-01', '2011-12-01', '1 month') m (month)
	JOIN bought b ON b.customer = h.customer AND b.day < m.month + interval '1 month'
GROUP BY h.customer, h.country_group, h.first_bought, m.month;

-- One row a group and month, also where nothing was sold.
CREATE MATERIALIZED VIEW shop.group_month AS
SELECT g.country_group, m.month::date AS month,
	coalesce(sum(o.amount), 0) AS revenue,
	lag(coalesce(sum(o.amount), 0)) OVER (PARTITION BY g.country_group ORDER BY m.month) AS revenue_before
FROM (SELECT DISTINCT country_group FROM shop.country) g
	CROSS JOIN generate_series(timestamp '2010-12-01', '2011-12-01', '1 month') m (month)
	LEFT JOIN shop."order" o ON o.country_group IS NOT DISTINCT FROM g.country_group
		AND o.invoiced_at >= m.month AND o.invoiced_at < m.month + interval '1 month'
GROUP BY g.country_group, m.month;

CREATE MATERIALIZED VIEW shop.product_month AS
SELECT s.country_group, date_trunc('month', s.invoiced_at)::date AS month, s.stock_code,
	sum(s.quantity) AS items
FROM shop.sale s
WHERE NOT s.cancelled
GROUP BY 1, 2, 3;

ANALYZE shop."order", shop.customer_month, shop.group_month, shop.product_month;
