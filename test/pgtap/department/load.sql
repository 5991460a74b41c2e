-- The tables of a made-up company over two years, as its departments keep them: all
-- of them follow from the numbers of their rows, so that every machine has the same.

CREATE SCHEMA firm;
CREATE SCHEMA recount;

CREATE TABLE firm.sale AS
SELECT date '2010-01-01' + i * 730 / 6001 AS sold_on, i * 37 % 397 AS customer,
	CASE i * 37 % 397 % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' ELSE 'east' END AS region,
	(ARRAY['search', 'social', 'mail', 'shop'])[1 + i * 7 % 4] AS channel,
	(ARRAY['basic', 'plus', 'pro', 'new_line'])[1 + i * 11 % 23 % 4] AS product,
	1 + i % 5 AS quantity, CAST(12.5 + i * 13 % 101 * 0.75 AS numeric(10,2)) AS price,
	CAST(7 + i * 13 % 101 * 0.4 AS numeric(10,2)) AS cost
FROM generate_series(1, 6000) AS i
WHERE i * 37 % 397 % 17 > 0 OR i < 3500 OR i % 9 = 0;
CREATE INDEX ON firm.sale (customer, sold_on);

CREATE VIEW firm.sale_of_new AS
SELECT s.sold_on, s.region, s.quantity * s.price AS amount,
	s.sold_on < (SELECT min(f.sold_on) FROM firm.sale f WHERE f.customer = s.customer) + 90 AS is_new
FROM firm.sale s;

CREATE TABLE firm.spend AS
SELECT date '2010-01-03' + i * 728 / 901 AS spent_on,
	(ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
	(ARRAY['search', 'social', 'mail', 'shop'])[1 + i * 5 % 4] AS channel,
	(ARRAY['advertising', 'promotion', 'research'])[1 + i * 7 % 11 % 3] AS category,
	CAST(35 + i * 17 % 71 * 1.15 AS numeric(10,2)) AS amount
FROM generate_series(1, 900) AS i;

-- a customer has been won on the day of the first sale
CREATE VIEW firm.customer AS
SELECT customer, min(region) AS region, min(sold_on) AS won_on FROM firm.sale GROUP BY customer;

-- who bought in the three months before a month began, and whether again in it
CREATE VIEW firm.customer_month AS
SELECT m.month, c.customer, c.region,
	EXISTS (SELECT FROM firm.sale s WHERE s.customer = c.customer
		AND s.sold_on >= m.month AND s.sold_on < m.month + interval '1 month') AS stayed
FROM (SELECT CAST(m AS date) AS month FROM generate_series(date '2010-04-01', '2011-12-01', interval '1 month') AS m) m
	JOIN firm.customer c ON EXISTS (SELECT FROM firm.sale s WHERE s.customer = c.customer
		AND s.sold_on >= m.month - interval '3 months' AND s.sold_on < m.month);

-- the number of customers at the end of each month, as the list of them says
CREATE TABLE firm.customer_list AS
SELECT CAST(m.month + interval '1 month' AS date) - 1 AS day, c.region, count(*) AS customers
FROM (SELECT CAST(m AS date) AS month FROM generate_series(date '2010-01-01', '2011-12-01', interval '1 month') AS m) m
	JOIN firm.customer c ON EXISTS (SELECT FROM firm.sale s WHERE s.customer = c.customer
		AND s.sold_on > m.month - interval '6 months' AND s.sold_on < m.month + interval '1 month')
GROUP BY m.month, c.region;

-- orders of a customer in a quarter: a rate of who bought twice needs both levels
CREATE VIEW firm.customer_quarter AS
SELECT CAST(date_trunc('quarter', sold_on) AS date) AS quarter, region, customer, count(*) AS orders
FROM firm.sale GROUP BY 1, 2, 3;

CREATE TABLE firm.contract AS
SELECT date '2010-02-01' + i * 690 / 401 AS ends_on, (ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
	CAST(400 + i * 19 % 83 * 10 AS numeric(10,2)) AS value, i * 7 % 10 < 8 AS renewed
FROM generate_series(1, 400) AS i;

CREATE TABLE firm.complaint AS
SELECT o.opened, o.region, o.opened + (1 + i * 5 % 60) * interval '1 hour' AS closed,
	o.opened + interval '48 hours' AS due
FROM (SELECT i, timestamp '2010-01-01 08:00' + i * 17397 / 501 * interval '1 hour' AS opened,
		(ARRAY['north', 'south', 'east'])[1 + i * 2 % 3] AS region FROM generate_series(1, 500) AS i) o;

CREATE TABLE firm.callback AS
SELECT date '2010-01-05' + i * 720 / 601 AS called_on, (ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
	i * 3 % 11 < 9 AS satisfied
FROM generate_series(1, 600) AS i;

CREATE TABLE firm.survey AS
SELECT CAST(q.quarter + interval '1 month' AS date) + CAST(i % 20 AS integer) AS asked_on,
	(ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
	i * 7 % 9 < 6 AS aware, i * 7 % 9 < 4 AS favourable, i * 5 % 7 < 5 AS satisfied, i * 3 % 11 AS recommends,
	1 + i * 2 % 5 AS loyalty
FROM generate_series(date '2010-01-01', '2011-10-01', interval '3 months') WITH ORDINALITY AS q (quarter, n)
	CROSS JOIN LATERAL generate_series(n * 10, n * 10 + 119) AS i;

CREATE TABLE firm.visit AS
SELECT timestamp '2010-01-01 00:30' + i * 17500 / 5001 * interval '1 hour' AS came_at,
	(ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
	(ARRAY['search', 'social', 'mail', 'shop'])[1 + i * 3 % 4] AS channel,
	i * 29 % 811 AS visitor, 1 + i * 7 % 9 AS pages, 5 + i * 31 % 400 AS seconds, i * 11 % 20 = 0 AS ordered
FROM generate_series(1, 5000) AS i;

CREATE TABLE firm.contact AS
SELECT date '2010-01-10' + i * 700 / 1501 AS contacted_on, (ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
	i * 3 % 8 < 3 AS responded, i * 3 % 8 < 2 AS took_part, i * 3 % 8 < 1 AND i % 5 < 3 AS bought
FROM generate_series(1, 1500) AS i;

-- the market is known as a whole, by quarter, its segment and the rivals by their rows
CREATE TABLE firm.market AS
SELECT CAST(q AS date) AS quarter, 41000 + n * 700 AS sales, 9000 + n * 150 AS segment_sales,
	4000 + n * 25 AS population
FROM generate_series(date '2010-01-01', '2011-10-01', interval '3 months') WITH ORDINALITY AS q (q, n);

CREATE TABLE firm.rival_sale AS
SELECT CAST(q AS date) + 5 + k % 80 AS day, (ARRAY['apex', 'birch', 'crown'])[1 + k % 3] AS rival,
	CAST(900 + n * 20 + k * 31 % 500 AS numeric(10,2)) AS amount
FROM generate_series(date '2010-01-01', '2011-10-01', interval '3 months') WITH ORDINALITY AS q (q, n)
	CROSS JOIN generate_series(1, 9) AS k;

CREATE TABLE firm.milestone AS
SELECT date '2010-01-20' + i * 705 / 121 AS due_on, date '2010-01-20' + i * 705 / 121 + i * 5 % 7 - 4 AS done_on
FROM generate_series(1, 120) AS i;

CREATE TABLE firm.staff AS
SELECT CAST(h AS date) AS half, (ARRAY['north', 'south', 'east'])[1 + p % 3] AS region, p AS person,
	(p + n) % 4 > 0 AS trained, CAST(4 + (p * 3 + n) % 17 AS numeric) AS hours, (p + 2 * n) % 6 = 0 AS left_us
FROM generate_series(date '2010-01-01', '2011-07-01', interval '6 months') WITH ORDINALITY AS h (h, n)
	CROSS JOIN generate_series(1, 30) AS p;

CREATE TABLE firm.social AS
SELECT CAST(m AS date) + 27 AS day, 2000 + n * 55 AS followers, 300 + n * 13 % 90 AS interactions,
	40 + n * 7 % 30 AS spread
FROM generate_series(date '2010-01-01', '2011-12-01', interval '1 month') WITH ORDINALITY AS m (m, n);
