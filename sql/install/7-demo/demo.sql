-- Demo: two years of a marketing department, made up by arithmetic alone, so
-- that every load gives the same rows.
--
-- The story in it: the display channel stops paying in the second year, the
-- east loses customers from the spring of that year on, and in October 2025
-- nobody ran the customer survey.
--
-- The functions here are called once in a while, by people; the tables are the
-- user's own, in a schema of their own, and kpi_demo.registered says which rows
-- of the registry belong to the demo.

-- The manifest in the schema is trusted only as far as the caller made it.
CREATE FUNCTION kpi_internal.require_demo_owner()
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	owner CONSTANT name := (SELECT pg_get_userbyid(n.nspowner) FROM pg_namespace n WHERE n.nspname = 'kpi_demo');
BEGIN
	IF owner <> current_user THEN
		RAISE EXCEPTION USING errcode = 'insufficient_privilege', message = format('schema "kpi_demo" belongs to "%s"', owner),
			hint = 'Call kpi.drop_demo() in that role.';
	ELSIF owner IS NOT NULL AND to_regclass('kpi_demo.registered') IS NULL THEN
		RAISE EXCEPTION USING errcode = 'object_not_in_prerequisite_state',
			message = 'schema "kpi_demo" was not made by kpi.load_demo()', hint = 'Drop or rename the schema yourself.';
	END IF;
END
$$;

-- both the demo and the departments stand in it
CREATE FUNCTION kpi_internal.demo_schema()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM kpi_internal.require_demo_owner();
	IF to_regnamespace('kpi_demo') IS NULL THEN
		CREATE SCHEMA kpi_demo;
		COMMENT ON SCHEMA kpi_demo IS 'Sample data of kpi.load_demo() and kpi.load_department(); kpi.drop_demo() removes it.';
		CREATE TABLE kpi_demo.registered (
			topic text NOT NULL,
			code text NOT NULL,
			PRIMARY KEY (topic, code));
	END IF;
END
$$;

CREATE FUNCTION kpi_internal.require_free_keys(keys jsonb)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	taken text;
BEGIN
	SELECT k.topic || ' "' || k.code || '"' INTO taken
	FROM jsonb_to_recordset(keys) AS k (topic text, code text)
	WHERE EXISTS (SELECT FROM kpi.indicator i WHERE k.topic = 'indicator' AND i.indicator = k.code)
		OR EXISTS (SELECT FROM kpi.unit u WHERE k.topic = 'unit' AND u.unit = k.code)
		OR EXISTS (SELECT FROM kpi.dimension d WHERE k.topic = 'dimension' AND d.dimension = k.code)
		OR EXISTS (SELECT FROM kpi.scorecard s WHERE k.topic = 'scorecard' AND s.scorecard = k.code)
	LIMIT 1;
	IF taken IS NOT NULL THEN
		RAISE EXCEPTION USING errcode = 'duplicate_object', message = format('%s exists already and is not the demo''s', taken),
			detail = 'Nothing was loaded.', hint = 'Load the demo into a database of its own.';
	END IF;
END
$$;

-- what a marketing department would have
CREATE FUNCTION kpi_internal.demo_tables()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CREATE TABLE kpi_demo.customer (
		customer integer PRIMARY KEY,
		name text NOT NULL,
		region text NOT NULL,
		channel text NOT NULL,
		joined date NOT NULL,
		left_on date);
	CREATE TABLE kpi_demo.orders (
		order_no integer PRIMARY KEY,
		customer integer NOT NULL REFERENCES kpi_demo.customer,
		ordered_on date NOT NULL,
		channel text NOT NULL);
	CREATE TABLE kpi_demo.order_line (
		order_no integer NOT NULL REFERENCES kpi_demo.orders,
		line integer NOT NULL,
		product text NOT NULL,
		quantity integer NOT NULL,
		price numeric(10,2) NOT NULL,
		cost numeric(10,2) NOT NULL,
		PRIMARY KEY (order_no, line));
	CREATE TABLE kpi_demo.campaign (
		campaign text PRIMARY KEY,
		region text NOT NULL,
		channel text NOT NULL,
		month date NOT NULL,
		planned_end date NOT NULL,
		finished_on date NOT NULL,
		spend numeric(10,2) NOT NULL,
		visits integer NOT NULL,
		leads integer NOT NULL);
	CREATE TABLE kpi_demo.complaint (
		complaint integer PRIMARY KEY,
		customer integer NOT NULL REFERENCES kpi_demo.customer,
		region text NOT NULL,
		opened_on date NOT NULL,
		due_on date NOT NULL,
		closed_on date NOT NULL);
	CREATE TABLE kpi_demo.survey_answer (
		customer integer NOT NULL REFERENCES kpi_demo.customer,
		region text NOT NULL,
		answered_on date NOT NULL,
		rating integer NOT NULL CHECK (rating BETWEEN 0 AND 10),
		PRIMARY KEY (customer, answered_on));
	CREATE TABLE kpi_demo.market (
		month date NOT NULL,
		region text NOT NULL,
		sales numeric(12,2) NOT NULL,
		PRIMARY KEY (month, region));
	CREATE TABLE kpi_demo.budget (
		month date NOT NULL,
		region text NOT NULL,
		amount numeric(10,2) NOT NULL,
		PRIMARY KEY (month, region));
	CREATE TABLE kpi_demo.training (
		month date NOT NULL,
		employee text NOT NULL,
		region text NOT NULL,
		hours numeric(4,1) NOT NULL,
		PRIMARY KEY (month, employee));
	CREATE TABLE kpi_demo.plan (
		month date NOT NULL,
		region text NOT NULL,
		measure text NOT NULL,
		value numeric NOT NULL,
		PRIMARY KEY (month, region, measure));
	PERFORM kpi_internal.demo_views();
END
$$;

-- the tables as indicators like to see them
CREATE FUNCTION kpi_internal.demo_views()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CREATE VIEW kpi_demo.sale AS
		SELECT o.ordered_on, c.region, o.channel, o.customer, o.order_no, l.product,
			l.quantity, l.price, l.cost
		FROM kpi_demo.orders o
			JOIN kpi_demo.customer c USING (customer)
			JOIN kpi_demo.order_line l USING (order_no);
	CREATE VIEW kpi_demo.purchase AS
		SELECT o.ordered_on, c.region, o.customer, o.order_no,
			o.ordered_on - lag(o.ordered_on) OVER (PARTITION BY o.customer ORDER BY o.ordered_on, o.order_no) AS days_since_last
		FROM kpi_demo.orders o
			JOIN kpi_demo.customer c USING (customer);
	CREATE VIEW kpi_demo.customer_month AS
		SELECT m.month::date AS month, c.region, c.customer,
			c.joined < m.month AND coalesce(c.left_on >= m.month, true) AS at_start,
			c.joined < m.month + interval '1 month' AND coalesce(c.left_on >= m.month + interval '1 month', true) AS at_end,
			c.joined < m.month - interval '1 year' AND coalesce(c.left_on >= m.month - interval '1 year', true) AS a_year_ago
		FROM generate_series(timestamp '2024-01-01', timestamp '2025-12-01', interval '1 month') m(month)
			CROSS JOIN kpi_demo.customer c;
	CREATE VIEW kpi_demo.channel_month AS
		WITH sold AS (
			SELECT date_trunc('month', s.ordered_on::timestamp)::date AS month, s.region, s.channel,
				count(DISTINCT s.order_no) AS orders, sum(s.quantity * (s.price - s.cost)) AS margin
			FROM kpi_demo.sale s
			GROUP BY 1, 2, 3),
		won AS (
			SELECT date_trunc('month', c.joined::timestamp)::date AS month, c.region, c.channel, count(*) AS new_customers
			FROM kpi_demo.customer c
			GROUP BY 1, 2, 3)
		SELECT c.month, c.region, c.channel, c.spend, c.visits, c.leads, coalesce(s.orders, 0) AS orders,
			coalesce(s.margin, 0) AS margin, coalesce(w.new_customers, 0) AS new_customers
		FROM kpi_demo.campaign c
			LEFT JOIN sold s USING (month, region, channel)
			LEFT JOIN won w USING (month, region, channel);
	CREATE VIEW kpi_demo.region_month AS
		SELECT b.month, b.region, b.amount AS budget, m.sales AS market_sales,
			(SELECT sum(c.spend) FROM kpi_demo.campaign c WHERE c.month = b.month AND c.region = b.region) AS spend,
			s.revenue
		FROM kpi_demo.budget b
			JOIN kpi_demo.market m USING (month, region)
			LEFT JOIN (
				SELECT date_trunc('month', ordered_on::timestamp)::date AS month, region, sum(quantity * price) AS revenue
				FROM kpi_demo.sale
				GROUP BY 1, 2) s USING (month, region);
END
$$;

-- two years of business; months count from 0 = January 2023, the year
-- before the first one that is measured
CREATE FUNCTION kpi_internal.demo_rows()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- a number from 0 to sides - 1 that looks like chance and never changes
	CREATE FUNCTION kpi_demo.dice(a integer, b integer, sides integer)
		RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
		AS 'DECLARE x bigint := ((a::bigint + 7) * 73856093 # (b::bigint + 3) * 19349663) & 2147483647;
			BEGIN
				x := ((x # (x >> 13)) * 1274126177) & 2147483647;
				x := ((x # (x >> 16)) * 1103515245) & 2147483647;
				RETURN (x # (x >> 11)) % sides;
			END';

	CREATE TABLE kpi_demo.region AS
		SELECT * FROM (VALUES ('northland', 1, 0.33), ('southland', 2, 0.26), ('eastland', 3, 0.23), ('westland', 4, 0.18)) r(region, r, share);
	CREATE TABLE kpi_demo.month AS
		SELECT m, (timestamp '2023-01-01' + m * interval '1 month')::date AS month,
			(ARRAY[92, 90, 98, 100, 101, 99, 93, 92, 102, 106, 115, 124])[m % 12 + 1] AS season,
			-- how far the display channel has decayed, and the east
			greatest(m - 24, 0) AS late, greatest(m - 27, 0) AS east
		FROM generate_series(0, 35) m;
	CREATE TABLE kpi_demo.channel AS
		SELECT * FROM (VALUES ('search', 1, 30, 4700, 4800), ('email', 2, 20, 1900, 3200), ('social', 3, 18, 3700, 4000),
			('partner', 4, 14, 2700, 2000), ('display', 5, 18, 3500, 3300)) c(channel, c, share, spend, visits);
	PERFORM kpi_internal.demo_customers();
	PERFORM kpi_internal.demo_orders();
	PERFORM kpi_internal.demo_campaigns();
	PERFORM kpi_internal.demo_service();
	DROP TABLE kpi_demo.region, kpi_demo.month, kpi_demo.channel;
	DROP FUNCTION kpi_demo.dice;
END
$$;

CREATE FUNCTION kpi_internal.demo_customers()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi_demo.customer (customer, name, region, channel, joined)
	SELECT row_number() OVER w, 'Customer ' || to_char(row_number() OVER w, 'FM0000'), n.region, n.channel, n.joined
	FROM (
		-- those of the years before, then those who come month by month
		SELECT r.region, r.r, 0 AS c, 'direct' AS channel, i,
			date '2021-01-01' + kpi_demo.dice(i, r.r, 730) AS joined
		FROM kpi_demo.region r, generate_series(1, (1400 * r.share)::integer) i
		UNION ALL
		SELECT r.region, r.r, c.c, c.channel, i, m.month + kpi_demo.dice(i + m.m * 100, r.r * 10 + c.c, 28)
		FROM kpi_demo.region r, kpi_demo.channel c, kpi_demo.month m,
			LATERAL generate_series(1, (r.share * c.share * 0.50 * m.season / 100
				* CASE WHEN c.channel = 'display' THEN 1 - m.late * 0.07 ELSE 1 + m.m * 0.004 END
				* CASE WHEN r.region = 'eastland' THEN 1 - m.east * 0.035 ELSE 1 END
				+ kpi_demo.dice(m.m, r.r * 10 + c.c, 100) / 100.0)::integer) i) n
	WINDOW w AS (ORDER BY n.joined, n.r, n.c, n.i);

	-- the first month after joining in which the dice say so
	UPDATE kpi_demo.customer c
	SET left_on = l.left_on
	FROM (
		SELECT DISTINCT ON (c.customer) c.customer, m.month + kpi_demo.dice(c.customer, m.m, 28) AS left_on
		FROM kpi_demo.customer c
			JOIN kpi_demo.month m ON m.month > c.joined
		WHERE kpi_demo.dice(c.customer, 1000 + m.m, 10000) <
			CASE WHEN c.region = 'eastland' THEN 150 + least(m.east, 6) * 75 ELSE 150 END
		ORDER BY c.customer, m.m) l
	WHERE l.customer = c.customer;
END
$$;

CREATE FUNCTION kpi_internal.demo_orders()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi_demo.orders (order_no, customer, ordered_on, channel)
	SELECT row_number() OVER (ORDER BY o.ordered_on, o.customer, o.slot), o.customer, o.ordered_on, coalesce(c.channel, 'direct')
	FROM (
		SELECT c.customer, m.m, m.late, s.slot, m.month + kpi_demo.dice(c.customer, m.m * 10 + s.slot, 28) AS ordered_on,
			kpi_demo.dice(c.customer, 7000 + m.m * 10 + s.slot, 118) AS luck
		FROM kpi_demo.customer c
			JOIN kpi_demo.month m ON m.m >= 9 AND c.joined < m.month + interval '1 month' AND (c.left_on >= m.month) IS NOT false
			CROSS JOIN (VALUES (1, 24), (2, 6)) s(slot, chance)
		WHERE kpi_demo.dice(c.customer, 3000 + m.m * 10 + s.slot, 10000) < s.chance * m.season
			AND c.joined <= m.month + kpi_demo.dice(c.customer, m.m * 10 + s.slot, 28)) o
		LEFT JOIN (
			SELECT channel, sum(share) OVER (ORDER BY c) - share AS low, sum(share) OVER (ORDER BY c) AS high
			FROM kpi_demo.channel) c
			ON o.luck >= c.low
				AND o.luck < CASE WHEN c.channel = 'display' THEN c.high - least(o.late, 10) * 1.4 ELSE c.high END;

	INSERT INTO kpi_demo.order_line (order_no, line, product, quantity, price, cost)
	SELECT l.order_no, l.line, 'product ' || to_char(l.p + 1, 'FM00'), 1 + kpi_demo.dice(l.order_no, l.line + 50, 3), l.price,
		round(l.price * (0.50 + (l.p % 5) * 0.02), 2)
	FROM (
		SELECT o.order_no, i AS line, p, round((14 + p * 3.7) * CASE WHEN o.ordered_on < date '2025-01-01' THEN 1 ELSE 1.03 END, 2) AS price
		FROM kpi_demo.orders o,
			LATERAL generate_series(1, 1 + kpi_demo.dice(o.order_no, 1, 10) / 5 + kpi_demo.dice(o.order_no, 2, 10) / 7) i,
			LATERAL (SELECT kpi_demo.dice(o.order_no, i + 20, 25) AS p) p) l;
END
$$;

CREATE FUNCTION kpi_internal.demo_campaigns()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi_demo.campaign (campaign, region, channel, month, planned_end, finished_on, spend, visits, leads)
	SELECT c.channel || ' ' || r.region || ' ' || to_char(m.month, 'YYYY-MM'), r.region, c.channel, m.month, m.month + 24,
		m.month + 22 + CASE WHEN kpi_demo.dice(m.m, k.k + 40, 100) < 17 + m.late / 3 THEN 4 ELSE 0 END,
		round(c.spend * r.share * m.season / 100 * (0.94 + kpi_demo.dice(m.m, k.k, 13) / 100.0)
			* CASE WHEN c.channel = 'display' THEN 1 + m.late * 0.04 ELSE 1 + m.m * 0.003 END, 2),
		v.visits, round(v.visits * (0.07 + kpi_demo.dice(m.m, k.k + 60, 30) / 1000.0))
	FROM kpi_demo.region r CROSS JOIN kpi_demo.channel c CROSS JOIN kpi_demo.month m,
		LATERAL (SELECT r.r * 1000 + c.c * 100 AS k) k,
		LATERAL (SELECT round(c.visits * r.share * m.season / 100 * (0.92 + kpi_demo.dice(m.m, k.k + 80, 17) / 100.0)
			* CASE WHEN c.channel = 'display' THEN 1 + m.late * 0.02 ELSE 1 + m.m * 0.002 END) AS visits) v
	WHERE m.m >= 12;

	INSERT INTO kpi_demo.budget (month, region, amount)
	SELECT m.month, r.region, round(17000 * r.share * m.season / 100 * CASE WHEN m.m < 24 THEN 1 ELSE 1.06 END, -1)
	FROM kpi_demo.region r CROSS JOIN kpi_demo.month m
	WHERE m.m >= 12;

	INSERT INTO kpi_demo.plan (month, region, measure, value)
	SELECT m.month, r.region, p.measure,
		greatest(p.step, round(p.amount * r.share * m.season / 100 * (1 + (m.m - 12) * p.growth) / p.step) * p.step)
	FROM kpi_demo.region r CROSS JOIN kpi_demo.month m
		CROSS JOIN (VALUES ('revenue', 118000, 0.015, 500), ('new_customers', 64, 0, 1), ('complaints', 33, 0.012, 1))
			p(measure, amount, growth, step)
	WHERE m.m >= 12;

	INSERT INTO kpi_demo.market (month, region, sales)
	SELECT m.month, r.region, round(1270000 * r.share * m.season / 100 * (1 + (m.m - 12) * 0.006)
		* (0.97 + kpi_demo.dice(m.m, r.r + 300, 7) / 100.0), -2)
	FROM kpi_demo.region r CROSS JOIN kpi_demo.month m
	WHERE m.m >= 12;
END
$$;

CREATE FUNCTION kpi_internal.demo_service()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi_demo.complaint (complaint, customer, region, opened_on, due_on, closed_on)
	SELECT row_number() OVER (ORDER BY o.order_no), o.customer, c.region, o.ordered_on + 2, o.ordered_on + 7,
		o.ordered_on + 3 + kpi_demo.dice(o.order_no, 501, 4)
			+ CASE WHEN kpi_demo.dice(o.order_no, 502, 100) < CASE WHEN c.region = 'eastland' THEN 10 + m.east * 3 ELSE 9 END THEN 6 ELSE 0 END
	FROM kpi_demo.orders o
		JOIN kpi_demo.customer c USING (customer)
		JOIN kpi_demo.month m ON m.month = date_trunc('month', o.ordered_on::timestamp)::date
	WHERE kpi_demo.dice(o.order_no, 500, 1000) < CASE WHEN c.region = 'eastland' THEN 52 + m.east * 8 ELSE 50 END
		AND o.ordered_on >= date '2024-01-01';

	INSERT INTO kpi_demo.survey_answer (customer, region, answered_on, rating)
	SELECT c.customer, c.region, m.month + 9 + kpi_demo.dice(c.customer, m.m + 600, 12),
		(ARRAY[3, 5, 6, 7, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10])[1 + greatest(0, kpi_demo.dice(c.customer, m.m + 650, 15)
			- CASE WHEN c.region = 'eastland' THEN m.east / 2 ELSE 0 END)]
	FROM kpi_demo.customer c
		JOIN kpi_demo.month m ON m.m >= 12 AND c.joined < m.month AND (c.left_on >= m.month + interval '1 month') IS NOT false
	WHERE m.month <> date '2025-10-01'
		AND kpi_demo.dice(c.customer, m.m + 700, 100) < 11;

	INSERT INTO kpi_demo.training (month, employee, region, hours)
	SELECT m.month, r.region || ' ' || e, r.region,
		kpi_demo.dice(m.m, r.r * 10 + e, 13) * CASE WHEN m.m >= 30 THEN 0.5 ELSE 0.7 END
	FROM kpi_demo.region r CROSS JOIN kpi_demo.month m CROSS JOIN generate_series(1, 6) e
	WHERE m.m >= 12;
END
$$;

-- who is measured, what is measured, and what counts how much
CREATE FUNCTION kpi_internal.demo_indicators()
	RETURNS TABLE (indicator text, name text, perspective text, direction text, unit_of_measure text, decimals integer,
				   source text, time_column text, description text, expression text, denominator text, filter text, scale text,
				   weight numeric, target_2024 numeric, target_2025 numeric, chinese text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
	('acme_revenue', 'Revenue', 'financial', 'higher', 'EUR', 0, 'kpi_demo.sale', 'ordered_on',
	 'What was ordered, at sales prices.',
	 'sum(quantity * price)', NULL, NULL, NULL, 0.35, NULL::numeric, NULL::numeric, '9500 552e 989d'),
	('acme_market_share', 'Market share', 'financial', 'higher', '%', 1, 'kpi_demo.region_month', 'month',
	 'Revenue as a share of what the whole market of the region sells.',
	 'sum(revenue)', 'sum(market_sales)', NULL, NULL, 0.20, 0.095, 0.110, '5e02 573a 4efd 989d'),
	('acme_spend', 'Marketing spend', 'financial', 'lower', 'EUR', 0, 'kpi_demo.channel_month', 'month',
	 'What paid channels cost.',
	 'sum(spend)', NULL, NULL, NULL, NULL, NULL, NULL, '8425 9500 8d39 7528'),
	('acme_margin', 'Margin of paid channels', 'financial', 'higher', 'EUR', 0, 'kpi_demo.channel_month', 'month',
	 'Margin of the orders that paid channels brought.',
	 'sum(margin)', NULL, NULL, NULL, NULL, NULL, NULL, '4ed8 8d39 6e20 9053 6bdb 5229'),
	('acme_won', 'Customers won', 'customer', 'higher', '', 0, 'kpi_demo.channel_month', 'month',
	 'Customers that paid channels won.',
	 'sum(new_customers)', NULL, NULL, NULL, NULL, NULL, NULL, '4ed8 8d39 6e20 9053 65b0 5ba2 6237 6570'),
	('acme_marketing_roi', 'Marketing ROI', 'financial', 'higher', '%', 0, NULL, NULL,
	 'Margin of the orders that paid channels brought, less their spend, per spend.',
	 'acme_margin / acme_spend - 1', NULL, NULL, NULL, 0.30, 1.80, 2.10, '8425 9500 6295 8d44 56de 62a5 7387'),
	('acme_budget_used', 'Marketing budget used', 'financial', 'target', '%', 1, 'kpi_demo.region_month', 'month',
	 'Spend as a share of the budget; too little is as bad as too much.',
	 'sum(spend)', 'sum(budget)', NULL, 'linear(0.8:0, 0.95:80, 1:100)', 0.15, 1, 1, '8425 9500 9884 7b97 6267 884c 7387'),
	('acme_churn', 'Customer churn', 'customer', 'lower', '%', 1, 'kpi_demo.customer_month', 'month',
	 'Share of the customers of the first day of a month who leave in it; over longer periods the mean month.',
	 'count(*) FILTER (WHERE at_start AND NOT at_end)', 'count(*) FILTER (WHERE at_start)', NULL,
	 'linear(0:0, 0.8:60, 1:100, 1.2:110)', 0.25, 0.018, 0.020, '5ba2 6237 6d41 5931 7387'),
	('acme_retention', 'Kept for a year', 'customer', 'higher', '%', 1, 'kpi_demo.customer_month', 'month',
	 'Share of the customers of a year ago who are still customers.',
	 'count(*) FILTER (WHERE a_year_ago AND at_end)', 'count(*) FILTER (WHERE a_year_ago)', NULL,
	 'linear(0.8:0, 0.95:70, 1:100, 1.05:110)', 0.15, 0.82, 0.83, '5ba2 6237 4fdd 7559 7387'),
	('acme_satisfaction', 'Satisfaction', 'customer', 'higher', 'of 10', 2, 'kpi_demo.survey_answer', 'answered_on',
	 'Mean rating of the customers asked, from 0 to 10.',
	 'avg(rating)', NULL, NULL, NULL, 0.20, 7.80, 8.00, '5ba2 6237 6ee1 610f 5ea6'),
	('acme_nps', 'Net promoter score', 'customer', 'higher', 'pt', 0, 'kpi_demo.survey_answer', 'answered_on',
	 'Percentage of ratings 9 and 10 less that of ratings 0 to 6.',
	 '100 * (count(*) FILTER (WHERE rating >= 9) - count(*) FILTER (WHERE rating <= 6))', 'count(*)', NULL, NULL,
	 0.10, 25, 30, '51c0 63a8 8350 503c'),
	('acme_new_customers', 'New customers', 'customer', 'higher', '', 0, 'kpi_demo.customer', 'joined',
	 'Customers who joined.',
	 'count(*)', NULL, NULL, NULL, 0.15, NULL, NULL, '65b0 5ba2 6237 6570'),
	('acme_repeat_rate', 'Repeat rate', 'customer', 'higher', '%', 1, 'kpi_demo.purchase', 'ordered_on',
	 'Share of the buyers who had bought in the 90 days before.',
	 'count(DISTINCT customer) FILTER (WHERE days_since_last <= 90)', 'count(DISTINCT customer)', NULL, NULL,
	 0.15, 0.55, 0.55, '590d 8d2d 7387'),
	('acme_conversion', 'Orders per visit', 'process', 'higher', '%', 2, 'kpi_demo.channel_month', 'month',
	 'Orders that paid channels brought, per visit.',
	 'sum(orders)', 'sum(visits)', NULL, NULL, 0.25, 0.030, 0.031, '8f6c 5316 7387'),
	('acme_cac', 'Cost per new customer', 'process', 'lower', 'EUR', 0, NULL, NULL,
	 'Spend per customer that paid channels won.',
	 'acme_spend / acme_won', NULL, NULL, NULL, 0.25, 275, 280, '83b7 5ba2 6210 672c'),
	('acme_roi_display', 'ROI of display ads', 'process', 'higher', '%', 0, 'kpi_demo.channel_month', 'month',
	 'Return of the display channel alone.',
	 'sum(margin) - sum(spend)', 'sum(spend)', 'channel = ''display''', NULL,
	 0.20, 1.50, 1.50, '5c55 793a 5e7f 544a 6295 8d44 56de 62a5 7387'),
	('acme_complaints_in_time', 'Complaints in time', 'process', 'higher', '%', 1, 'kpi_demo.complaint', 'due_on',
	 'Share of the complaints due that were closed by then.',
	 'count(*) FILTER (WHERE closed_on <= due_on)', 'count(*)', NULL,
	 'linear(0.6:0, 0.9:80, 1:100)', 0.20, 0.90, 0.92, '6295 8bc9 5904 7406 53ca 65f6 7387'),
	('acme_complaints', 'Complaints', 'process', 'lower', '', 0, 'kpi_demo.complaint', 'opened_on',
	 'Complaints opened.',
	 'count(*)', NULL, NULL, NULL, 0.10, NULL, NULL, '6295 8bc9 6570 91cf'),
	('acme_training_hours', 'Training per head', 'learning', 'higher', 'h', 1, 'kpi_demo.training', 'month',
	 'Hours of training per employee and month.',
	 'sum(hours)', 'count(*)', NULL, NULL, 0.60, 4, 4, '4eba 5747 57f9 8bad 65f6 957f'),
	('acme_campaigns_on_time', 'Campaigns on time', 'learning', 'higher', '%', 0, 'kpi_demo.campaign', 'month',
	 'Share of the campaigns that ended when planned.',
	 'count(*) FILTER (WHERE finished_on <= planned_end)', 'count(*)', NULL, NULL,
	 0.40, 0.80, 0.80, '6d3b 52a8 6309 65f6 5b8c 6210 7387')
$$;

CREATE FUNCTION kpi_internal.demo_channels()
	RETURNS TABLE (channel text, name text, chinese text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES ('search', 'Search', '641c 7d22 5f15 64ce'), ('email', 'Email', '90ae 4ef6'), ('social', 'Social media', '793e 4ea4 5a92 4f53'),
		('partner', 'Partners', '5408 4f5c 4f19 4f34'), ('display', 'Display ads', '5c55 793a 5e7f 544a'), ('direct', 'Direct', '76f4 63a5 8bbf 95ee')
$$;

CREATE FUNCTION kpi_internal.demo_keys()
	RETURNS TABLE (topic text, code text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 40
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT 'indicator', i.indicator FROM kpi_internal.demo_indicators() i
	UNION ALL
	SELECT 'indicator', i FROM unnest(ARRAY['acme_press', 'acme_teamwork']) i
	UNION ALL
	SELECT 'unit', u FROM unnest(ARRAY['acme', 'northland', 'southland', 'eastland', 'westland', 'acme_channels']) u
	UNION ALL
	SELECT 'unit', 'acme_' || c.channel FROM kpi_internal.demo_channels() c
	UNION ALL
	SELECT 'dimension', 'acme_channel'
	UNION ALL
	SELECT 'scorecard', 'acme_marketing'
$$;

CREATE FUNCTION kpi_internal.demo_registry()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	i record;
	places CONSTANT text[] := ARRAY['northland', 'southland', 'eastland', 'westland'];
BEGIN
	INSERT INTO kpi_demo.registered (topic, code) SELECT k.topic, k.code FROM kpi_internal.demo_keys() k;
	PERFORM kpi.define_unit('acme', name => 'Whole company');
	PERFORM kpi.define_unit(places[n], parent => 'acme', "position" => n * 10) FROM generate_series(1, 4) n;
	PERFORM kpi.define_dimension('acme_channel', name => 'Channel');
	PERFORM kpi.define_unit('acme_channels', dimension => 'acme_channel', name => 'All channels');
	PERFORM kpi.define_unit('acme_' || c.channel, parent => 'acme_channels', name => c.name, source_value => c.channel)
	FROM kpi_internal.demo_channels() c;
	PERFORM kpi.define_scorecard('acme_marketing', name => 'Marketing department');
	PERFORM kpi.set_weight('acme_marketing', p.node, weight => p.weight)
	FROM (VALUES ('financial', 0.35), ('customer', 0.35), ('process', 0.20), ('learning', 0.10)) p(node, weight);
	FOR i IN SELECT * FROM kpi_internal.demo_indicators() LOOP
		PERFORM kpi.define_indicator(i.indicator, name => i.name, description => i.description, perspective => i.perspective, direction => i.direction,
			unit_of_measure => i.unit_of_measure, decimals => i.decimals, source => i.source, time_column => i.time_column,
			unit_column => CASE WHEN i.source IS NOT NULL THEN 'region' END,
			unit_columns => CASE WHEN i.source IN ('kpi_demo.sale', 'kpi_demo.channel_month') AND i.filter IS NULL
								 THEN '{"acme_channel": "channel"}'::jsonb END,
			numerator => CASE WHEN i.source IS NOT NULL THEN i.expression END, denominator => i.denominator, filter => i.filter,
			formula => CASE WHEN i.source IS NULL THEN i.expression END, target_rule => CASE WHEN i.source IS NULL THEN 'hold' END,
			windows => CASE WHEN i.indicator IN ('acme_revenue', 'acme_spend', 'acme_margin', 'acme_marketing_roi') THEN '{month_ytd}'::text[] END,
			scale => i.scale::kpi.scale, data_source => 'sample data of kpi.load_demo()');
		IF i.weight IS NOT NULL THEN
			PERFORM kpi.set_weight('acme_marketing', i.indicator, parent => i.perspective, weight => i.weight, floor => 0, cap => 110);
		END IF;
	END LOOP;
END
$$;

-- What was agreed: by the month where amounts add up, by the year elsewhere.
CREATE FUNCTION kpi_internal.demo_targets()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	INSERT INTO kpi.target (indicator, unit, grain, period, target)
	SELECT 'acme_' || p.measure, coalesce(p.region, 'acme'), 'month', daterange(p.month, (p.month + interval '1 month')::date), sum(p.value)
	FROM kpi_demo.plan p
	GROUP BY GROUPING SETS ((p.measure, p.region, p.month), (p.measure, p.month));
	INSERT INTO kpi.target (indicator, unit, grain, period, target)
	SELECT i.indicator, u.code, 'year', kpi.period(t.year), t.target
	FROM kpi_internal.demo_indicators() i
		CROSS JOIN unnest(ARRAY['acme', 'northland', 'southland', 'eastland', 'westland']) u (code)
		CROSS JOIN LATERAL (VALUES ('2024', i.target_2024), ('2025', i.target_2025)) t(year, target)
	WHERE t.target IS NOT NULL;
END
$$;

-- What no table has: counted by hand, and judged by the heads of departments.
CREATE FUNCTION kpi_internal.demo_typed()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM kpi.define_indicator('acme_press', name => 'Press mentions', description => 'Articles that name the company, counted by hand.',
		perspective => 'customer', combine => 'sum', decimals => 0, data_source => 'sample data of kpi.load_demo()');
	INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
	SELECT 'acme_press', 'acme', 'month', make_date(2025, m.month::integer, 1), m.mentions
	FROM unnest(ARRAY[14, 11, 17, 15, 12, 9, 8, 10, 16, 21]) WITH ORDINALITY m (mentions, month);
	PERFORM kpi.define_indicator('acme_teamwork', name => 'Teamwork', description => 'How other departments judge working with marketing.',
		perspective => 'learning', kind => 'rated', rating_scale => 'excellent:100, good:80, fair:60, poor:30', decimals => 1,
		data_source => 'sample data of kpi.load_demo()');
	PERFORM kpi.set_rater('acme_teamwork', r.rater, r.weight)
	FROM (VALUES ('sales', 2), ('service', 1), ('finance', 1)) r (rater, weight);
	INSERT INTO kpi.rating (indicator, unit, grain, period_start, rater, word)
	SELECT 'acme_teamwork', 'acme', 'month', make_date(2025, m.month::integer, 1), r.rater, r.words[m.month]
	FROM (VALUES ('sales', '{good,good,good,excellent,good,good,fair,fair,fair,poor}'::text[]),
				 ('service', '{excellent,good,excellent,good,good,good,good,fair,good,fair}'),
				 ('finance', '{fair,fair,good,good,fair,fair,fair,good,fair,NULL}')) r (rater, words),
		generate_series(1, 10) m (month)
	WHERE r.words[m.month] IS NOT NULL;
END
$$;

-- The names in Chinese, where the database can hold them.
CREATE FUNCTION kpi_internal.demo_translations()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF getdatabaseencoding() <> 'UTF8' THEN
		RETURN;
	END IF;
	WITH made AS (
		INSERT INTO kpi.translation (language, topic, code, name)
		SELECT 'zh', w.topic, w.code,
			(SELECT string_agg(chr(('x' || lpad(c, 8, '0'))::bit(32)::integer), '' ORDER BY n)
			 FROM regexp_split_to_table(w.points, ' ') WITH ORDINALITY s(c, n))
		FROM (SELECT 'indicator' AS topic, i.indicator AS code, i.chinese AS points FROM kpi_internal.demo_indicators() i
			UNION ALL SELECT 'unit', 'acme_' || c.channel, c.chinese FROM kpi_internal.demo_channels() c
			UNION ALL VALUES ('indicator', 'acme_press', '5a92 4f53 63d0 53ca 6570'), ('indicator', 'acme_teamwork', '56e2 961f 534f 4f5c'),
				('scorecard', 'acme_marketing', '5e02 573a 90e8'), ('unit', 'acme', '5168 516c 53f8'),
				('unit', 'northland', '5317 533a'), ('unit', 'southland', '5357 533a'),
				('unit', 'eastland', '4e1c 533a'), ('unit', 'westland', '897f 533a'), ('unit', 'acme_channels', '5168 90e8 6e20 9053'),
				('dimension', 'acme_channel', '6e20 9053')) w
		ON CONFLICT DO NOTHING
		RETURNING topic, code)
	INSERT INTO kpi_demo.registered (topic, code) SELECT 'translation', m.topic || '/' || m.code FROM made m;
END
$$;

CREATE FUNCTION kpi.load_demo()
	RETURNS text
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF to_regnamespace('kpi_demo') IS NOT NULL
		AND (to_regclass('kpi_demo.firm_sale') IS NULL OR to_regclass('kpi_demo.customer') IS NOT NULL) THEN
		RAISE EXCEPTION USING errcode = 'duplicate_schema', message = 'schema "kpi_demo" already exists',
			hint = 'Call kpi.drop_demo() first to load the demo anew.';
	END IF;
	PERFORM kpi_internal.require_free_keys(jsonb_agg(jsonb_build_object('topic', k.topic, 'code', k.code))) FROM kpi_internal.demo_keys() k;
	PERFORM kpi_internal.demo_schema();
	PERFORM kpi_internal.demo_tables();
	PERFORM kpi_internal.demo_rows();
	PERFORM kpi_internal.demo_registry();
	PERFORM kpi_internal.demo_targets();
	PERFORM kpi_internal.demo_typed();
	PERFORM kpi_internal.demo_translations();
	ANALYZE kpi_demo.customer, kpi_demo.orders, kpi_demo.order_line, kpi_demo.campaign, kpi_demo.complaint,
		kpi_demo.survey_answer, kpi_demo.training;
	RETURN format('Two years of a marketing department in schema kpi_demo: %s customers, %s orders, 4 regions; '
		'%s indicators on scorecard "acme_marketing".',
		(SELECT count(*) FROM kpi_demo.customer), (SELECT count(*) FROM kpi_demo.orders),
		(SELECT count(*) FROM kpi_internal.demo_indicators() i WHERE i.weight IS NOT NULL));
END
$$;

-- Whatever of the user's own leans on the demo's keys, as text.
CREATE FUNCTION kpi_internal.demo_dependent()
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (
		WITH demo AS (SELECT r.topic, r.code FROM kpi_demo.registered r)
		SELECT format('node "%s" of scorecard "%s"', n.node, n.scorecard) AS what
		FROM kpi.scorecard_node n
		WHERE ('scorecard', n.scorecard) NOT IN (SELECT * FROM demo)
			AND (('indicator', n.indicator) IN (SELECT * FROM demo) OR ('unit', n.unit) IN (SELECT * FROM demo))
		UNION ALL
		SELECT format('indicator "%s"', d.reader)
		FROM kpi_internal.formula_reads() d
		WHERE ('indicator', d.reader) NOT IN (SELECT * FROM demo) AND ('indicator', d.input) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('indicator "%s"', i.indicator)
		FROM kpi.indicator i
		WHERE ('indicator', i.indicator) NOT IN (SELECT * FROM demo) AND i.unit_columns ?| ARRAY['acme_channel', 'firm_channel']
		UNION ALL
		SELECT format('scorecard "%s"', s.scorecard)
		FROM kpi.scorecard s
		WHERE ('scorecard', s.scorecard) NOT IN (SELECT * FROM demo) AND ('dimension', s.dimension) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('unit "%s"', u.unit)
		FROM kpi.unit u
		WHERE ('unit', u.unit) NOT IN (SELECT * FROM demo) AND ('dimension', u.dimension) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('unit "%s"', p.unit)
		FROM kpi.unit_parent p
		WHERE ('unit', p.unit) NOT IN (SELECT * FROM demo) AND ('unit', p.parent) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('a target of indicator "%s"', t.indicator)
		FROM kpi.target t
		WHERE ('indicator', t.indicator) NOT IN (SELECT * FROM demo) AND ('unit', t.unit) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('an entry of indicator "%s"', e.indicator)
		FROM kpi.entry e
		WHERE ('indicator', e.indicator) NOT IN (SELECT * FROM demo) AND ('unit', e.unit) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('a judgement for indicator "%s"', j.indicator)
		FROM kpi.rating j
		WHERE ('indicator', j.indicator) NOT IN (SELECT * FROM demo) AND ('unit', j.unit) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('action "%s"', a.action)
		FROM kpi.action a
		WHERE ('unit', a.unit) IN (SELECT * FROM demo) OR ('indicator', a.indicator) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('risk "%s"', r.risk)
		FROM kpi.risk r
		WHERE ('unit', r.unit) IN (SELECT * FROM demo) OR ('indicator', r.indicator) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('remark %s', m.remark)
		FROM kpi.remark m
		WHERE ('unit', m.unit) IN (SELECT * FROM demo) OR ('indicator', m.indicator) IN (SELECT * FROM demo)
			OR ('scorecard', m.scorecard) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('objective "%s"', o.objective)
		FROM kpi.objective o
		WHERE ('indicator', o.outcome) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('objective "%s"', l.objective)
		FROM kpi.objective_indicator l
		WHERE ('indicator', l.indicator) IN (SELECT * FROM demo)
		UNION ALL
		SELECT format('a final result of scorecard "%s"', f.scorecard)
		FROM kpi.finalization f
		WHERE ('scorecard', f.scorecard) NOT IN (SELECT * FROM demo) AND ('unit', f.unit) IN (SELECT * FROM demo)
			AND f.reopened_at IS NULL
		LIMIT 1);
END
$$;

-- The runs that collected nothing but the demo go with it.
CREATE FUNCTION kpi_internal.demo_forget()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	DELETE FROM kpi.run r
	WHERE EXISTS (SELECT FROM kpi.run_step s WHERE s.run = r.run)
		AND NOT EXISTS (SELECT FROM kpi.run_step s WHERE s.run = r.run
			AND ('indicator', s.indicator) NOT IN (SELECT d.topic, d.code FROM kpi_demo.registered d));
	WITH final AS (
		DELETE FROM kpi.finalization f USING kpi_demo.registered d WHERE d.topic = 'scorecard' AND d.code = f.scorecard
		RETURNING f.finalization
	), node AS (
		DELETE FROM kpi_internal.final_node n USING final f WHERE f.finalization = n.finalization
	)
	DELETE FROM kpi.restated t USING final f WHERE f.finalization = t.finalization;
	DELETE FROM kpi.scorecard s USING kpi_demo.registered d WHERE d.topic = 'scorecard' AND d.code = s.scorecard;
	DELETE FROM kpi.target t USING kpi_demo.registered d WHERE d.topic = 'indicator' AND d.code = t.indicator;
	DELETE FROM kpi.entry e USING kpi_demo.registered d WHERE d.topic = 'indicator' AND d.code = e.indicator;
	DELETE FROM kpi.rating j USING kpi_demo.registered d WHERE d.topic = 'indicator' AND d.code = j.indicator;
	DELETE FROM kpi.indicator i USING kpi_demo.registered d WHERE d.topic = 'indicator' AND d.code = i.indicator;
	DELETE FROM kpi.unit u USING kpi_demo.registered d WHERE d.topic = 'unit' AND d.code = u.unit;
	DELETE FROM kpi.dimension n USING kpi_demo.registered d WHERE d.topic = 'dimension' AND d.code = n.dimension;
	DELETE FROM kpi.translation t USING kpi_demo.registered d
	WHERE d.topic = 'translation' AND d.code = t.topic || '/' || t.code AND t.language = 'zh' AND NOT t.shipped;
END
$$;

CREATE FUNCTION kpi.drop_demo()
	RETURNS text
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	dependent text;
BEGIN
	IF to_regnamespace('kpi_demo') IS NULL THEN
		RETURN 'No demo is loaded.';
	END IF;
	PERFORM kpi_internal.require_demo_owner();
	dependent := kpi_internal.demo_dependent();
	IF dependent IS NOT NULL THEN
		RAISE EXCEPTION USING errcode = 'dependent_objects_still_exist', message = format('%s depends on the demo', dependent),
			detail = 'Nothing was removed.', hint = 'Remove what leans on the demo first.';
	END IF;
	PERFORM kpi_internal.demo_forget();
	-- nothing cascades: what others put into the schema or built on it stops the removal
	IF to_regclass('kpi_demo.customer') IS NOT NULL THEN
		DROP VIEW kpi_demo.region_month, kpi_demo.channel_month, kpi_demo.customer_month, kpi_demo.purchase, kpi_demo.sale;
		DROP TABLE kpi_demo.plan, kpi_demo.training, kpi_demo.budget, kpi_demo.market,
			kpi_demo.survey_answer, kpi_demo.complaint, kpi_demo.campaign, kpi_demo.order_line, kpi_demo.orders, kpi_demo.customer;
	END IF;
	IF to_regclass('kpi_demo.firm_sale') IS NOT NULL THEN
		DROP VIEW kpi_demo.firm_sale_of_new, kpi_demo.firm_customer_month, kpi_demo.firm_customer;
		DROP TABLE kpi_demo.firm_sale, kpi_demo.firm_spend, kpi_demo.firm_budget, kpi_demo.firm_customer_list, kpi_demo.firm_contract,
			kpi_demo.firm_tenure, kpi_demo.firm_complaint, kpi_demo.firm_callback, kpi_demo.firm_survey, kpi_demo.firm_visit,
			kpi_demo.firm_contact, kpi_demo.firm_market, kpi_demo.firm_rival_sale, kpi_demo.firm_mention, kpi_demo.firm_milestone,
			kpi_demo.firm_staff, kpi_demo.firm_social;
	END IF;
	DROP TABLE kpi_demo.registered;
	DROP SCHEMA kpi_demo;
	PERFORM kpi_internal.collect_refresh();
	RETURN 'The demo is gone.';
END
$$;

COMMENT ON FUNCTION kpi.load_demo() IS
'Makes sample data of a marketing department in a new schema kpi_demo, and registers it. '
'It has 2024 and 2025 in four regions, with units, indicators, targets and the scorecard "acme_marketing"; the same '
'rows at every load. Gives a sentence on what was made. Errors, and makes nothing, when the schema exists or a key '
'it needs is taken.';
COMMENT ON FUNCTION kpi.drop_demo() IS
'Removes what kpi.load_demo() and kpi.load_department() made. Schema kpi_demo and exactly its rows of the registry, with their targets and '
'measurements. Gives a sentence; harmless without a demo. Errors, and removes nothing, when the schema is another '
'role''s or something of the user''s own depends on it.';
COMMENT ON FUNCTION kpi_internal.require_demo_owner() IS
'Raises an error unless schema kpi_demo is the current role''s and was made by us; without it none.';
COMMENT ON FUNCTION kpi_internal.demo_schema() IS
'Part of kpi.load_demo() and kpi.load_department(): the schema and its manifest, if need be.';
COMMENT ON FUNCTION kpi_internal.require_free_keys(jsonb) IS
'Raises an error for a key that is to be the demo''s and exists already. keys are objects of topic and code.';
COMMENT ON FUNCTION kpi_internal.demo_tables() IS 'Part of kpi.load_demo(): the schema and its tables.';
COMMENT ON FUNCTION kpi_internal.demo_views() IS 'Part of kpi.load_demo(): the views that indicators read.';
COMMENT ON FUNCTION kpi_internal.demo_rows() IS 'Part of kpi.load_demo(): all rows of the tables.';
COMMENT ON FUNCTION kpi_internal.demo_customers() IS 'Part of kpi.load_demo(): customers, when they came and left.';
COMMENT ON FUNCTION kpi_internal.demo_orders() IS 'Part of kpi.load_demo(): orders and their lines.';
COMMENT ON FUNCTION kpi_internal.demo_campaigns() IS 'Part of kpi.load_demo(): campaigns, budget, plan and market.';
COMMENT ON FUNCTION kpi_internal.demo_service() IS 'Part of kpi.load_demo(): complaints, survey answers and training.';
COMMENT ON FUNCTION kpi_internal.demo_indicators() IS
'Part of kpi.load_demo(): the indicators. The expression is a formula where there is no source. '
'With weights, yearly targets and Chinese names as code points.';
COMMENT ON FUNCTION kpi_internal.demo_channels() IS
'Part of kpi.load_demo(): the units of the dimension of channels. With Chinese names as code points.';
COMMENT ON FUNCTION kpi_internal.demo_keys() IS 'Part of kpi.load_demo(): every key of the registry that it takes.';
COMMENT ON FUNCTION kpi_internal.demo_registry() IS 'Part of kpi.load_demo(): units, indicators and the scorecard.';
COMMENT ON FUNCTION kpi_internal.demo_targets() IS 'Part of kpi.load_demo(): targets.';
COMMENT ON FUNCTION kpi_internal.demo_typed() IS 'Part of kpi.load_demo(): what is entered and judged by hand.';
COMMENT ON FUNCTION kpi_internal.demo_translations() IS 'Part of kpi.load_demo(): names in Chinese.';
COMMENT ON FUNCTION kpi_internal.demo_dependent() IS
'Part of kpi.drop_demo(): something of the user''s own that depends on the demo, in words. NULL for nothing.';
COMMENT ON FUNCTION kpi_internal.demo_forget() IS 'Part of kpi.drop_demo(): removes the registry''s rows.';
