-- The departments of the demo: market support and customer development of a made-up company over two years,
-- of the templates of kpi.catalogue().
--
-- Their tables follow from the numbers of their rows, so that every load gives the same.  They stand in the
-- schema of the demo, and kpi_demo.registered says which rows of the registry are theirs.

CREATE FUNCTION kpi_internal.demo_firm_sales()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CREATE TABLE kpi_demo.firm_sale AS
	SELECT date '2010-01-01' + i * 730 / 6001 AS sold_on, i * 37 % 397 AS customer,
		CASE i * 37 % 397 % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' ELSE 'east' END AS region,
		(ARRAY['search', 'social', 'mail', 'shop'])[1 + i * 7 % 4] AS channel,
		(ARRAY['basic', 'plus', 'pro', 'new_line'])[1 + i * 11 % 23 % 4] AS product,
		1 + i % 5 AS quantity, CAST(12.5 + i * 13 % 101 * 0.75 AS numeric(10,2)) AS price,
		CAST(7 + i * 13 % 101 * 0.4 AS numeric(10,2)) AS cost
	FROM generate_series(1, 6000) AS i
	-- some come in the course of the two years, and some stay away
	WHERE (i * 37 % 397 % 17 > 0 OR i < 2500 + i * 37 % 397 * 8) AND i > (i * 37 % 397 - 250) * 40;
	CREATE INDEX ON kpi_demo.firm_sale (customer, sold_on);

	CREATE VIEW kpi_demo.firm_sale_of_new AS
	SELECT s.sold_on, s.region, s.quantity * s.price AS amount,
		s.sold_on < (SELECT min(f.sold_on) FROM kpi_demo.firm_sale f WHERE f.customer = s.customer) + 90 AS is_new
	FROM kpi_demo.firm_sale s;

	CREATE TABLE kpi_demo.firm_spend AS
	SELECT date '2010-01-03' + i * 728 / 901 AS spent_on,
		(ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
		(ARRAY['search', 'social', 'mail', 'shop'])[1 + i * 5 % 4] AS channel,
		(ARRAY['advertising', 'promotion', 'research'])[1 + i * 7 % 11 % 3] AS category,
		CAST(35 + i * 17 % 71 * 1.15 AS numeric(10,2)) AS amount
	FROM generate_series(1, 900) AS i;

	CREATE TABLE kpi_demo.firm_budget AS
	SELECT CAST(m AS date) AS month, r.region, 900 + m.n * 5 + r.n * 10 AS budget
	FROM generate_series(timestamp '2010-01-01', '2011-12-01', interval '1 month') WITH ORDINALITY AS m (m, n)
		CROSS JOIN unnest(ARRAY['north', 'south', 'east']) WITH ORDINALITY AS r (region, n);
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_sales() IS 'Part of kpi.load_department(): what was sold and spent, and what was planned.';

CREATE FUNCTION kpi_internal.demo_firm_customers()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- a customer has been won on the day of the first sale
	CREATE VIEW kpi_demo.firm_customer AS
	SELECT customer, min(region) AS region, min(sold_on) AS won_on FROM kpi_demo.firm_sale GROUP BY customer;

	-- who had bought in the six months before a month began, and whether they have in those before its end
	CREATE VIEW kpi_demo.firm_customer_month AS
	SELECT m.month, c.customer, c.region,
		EXISTS (SELECT FROM kpi_demo.firm_sale s WHERE s.customer = c.customer
			AND s.sold_on >= m.month - interval '5 months' AND s.sold_on < m.month + interval '1 month') AS stayed
	FROM (SELECT CAST(m AS date) AS month FROM generate_series(timestamp '2010-07-01', '2011-12-01', interval '1 month') AS m) m
		JOIN kpi_demo.firm_customer c ON EXISTS (SELECT FROM kpi_demo.firm_sale s WHERE s.customer = c.customer
			AND s.sold_on >= m.month - interval '6 months' AND s.sold_on < m.month);

	-- the number of customers at the end of each month, as the list of them says
	CREATE TABLE kpi_demo.firm_customer_list AS
	SELECT CAST(m.month + interval '1 month' AS date) - 1 AS day, c.region, count(*) AS customers
	FROM (SELECT CAST(m AS date) AS month FROM generate_series(timestamp '2010-01-01', '2011-12-01', interval '1 month') AS m) m
		JOIN kpi_demo.firm_customer c ON EXISTS (SELECT FROM kpi_demo.firm_sale s WHERE s.customer = c.customer
			AND s.sold_on > m.month - interval '6 months' AND s.sold_on < m.month + interval '1 month')
	GROUP BY m.month, c.region;

	CREATE TABLE kpi_demo.firm_contract AS
	SELECT date '2010-02-01' + i * 690 / 401 AS ends_on, (ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
		CAST(400 + i * 19 % 83 * 10 AS numeric(10,2)) AS value, i * 7 % 10 < 8 AS renewed
	FROM generate_series(1, 400) AS i;

	-- at the end of each year, how long each has been a customer, and whether it is over
	CREATE TABLE kpi_demo.firm_tenure AS
	SELECT y.day, s.region, s.customer, max(s.sold_on) - min(s.sold_on) AS days, max(s.sold_on) < y.day - 60 AS lost
	FROM (VALUES (date '2010-12-31'), ('2011-12-31')) y (day)
		JOIN kpi_demo.firm_sale s ON s.sold_on <= y.day
	GROUP BY y.day, s.region, s.customer;
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_customers() IS 'Part of kpi.load_department(): customers and contracts.';

CREATE FUNCTION kpi_internal.demo_firm_service()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CREATE TABLE kpi_demo.firm_complaint AS
	SELECT o.opened, o.region, o.opened + (1 + i * 5 % 60) * interval '1 hour' AS closed,
		o.opened + interval '48 hours' AS due
	FROM (SELECT i, timestamp '2010-01-01 08:00' + i * 17397 / 501 * interval '1 hour' AS opened,
			(ARRAY['north', 'south', 'east'])[1 + i * 2 % 3] AS region FROM generate_series(1, 500) AS i) o;

	CREATE TABLE kpi_demo.firm_callback AS
	SELECT date '2010-01-05' + i * 720 / 601 AS called_on, (ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
		i * 3 % 11 < 9 AS satisfied
	FROM generate_series(1, 600) AS i;

	CREATE TABLE kpi_demo.firm_survey AS
	SELECT CAST(q.quarter + interval '1 month' AS date) + CAST(i % 20 AS integer) AS asked_on,
		(ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
		i * 7 % 9 < 6 AS aware, i * 7 % 9 < 4 AS favourable, i * 5 % 7 < 5 AS satisfied, i * 3 % 11 AS recommends,
		1 + i * 2 % 5 AS loyalty
	FROM generate_series(timestamp '2010-01-01', '2011-10-01', interval '3 months') WITH ORDINALITY AS q (quarter, n)
		CROSS JOIN LATERAL generate_series(n * 10, n * 10 + 119) AS i;
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_service() IS 'Part of kpi.load_department(): complaints and surveys.';

CREATE FUNCTION kpi_internal.demo_firm_market()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CREATE TABLE kpi_demo.firm_visit AS
	SELECT v.*, row_number() OVER (PARTITION BY v.visitor ORDER BY v.came_at) = 1 AS is_new
	FROM (SELECT timestamp '2010-01-01 00:30' + i * 17500 / 5001 * interval '1 hour' AS came_at,
		(ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
		(ARRAY['search', 'social', 'mail', 'shop'])[1 + i * 3 % 4] AS channel,
		i * 29 % 811 AS visitor, 1 + i * 7 % 9 AS pages, 5 + i * 31 % 400 AS seconds, i * 11 % 20 = 0 AS ordered
		FROM generate_series(1, 5000) AS i) v;

	CREATE TABLE kpi_demo.firm_contact AS
	SELECT date '2010-01-10' + i * 700 / 1501 AS contacted_on, (ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
		i * 3 % 8 < 3 AS responded, i * 3 % 8 < 2 AS took_part, i * 3 % 8 < 1 AND i % 5 < 3 AS bought
	FROM generate_series(1, 1500) AS i;

	-- the market is known as a whole, by quarter, its segment and the rivals by their rows
	CREATE TABLE kpi_demo.firm_market AS
	SELECT CAST(q AS date) AS quarter, 380000 + n * 7000 AS sales, 90000 + n * 1500 AS segment_sales,
		4000 + n * 25 AS population
	FROM generate_series(timestamp '2010-01-01', '2011-10-01', interval '3 months') WITH ORDINALITY AS q (q, n);

	CREATE TABLE kpi_demo.firm_rival_sale AS
	SELECT CAST(q AS date) + 5 + k % 80 AS day, (ARRAY['apex', 'birch', 'crown'])[1 + k % 3] AS rival,
		CAST(25 * (900 + n * 20 + k * 31 % 500) AS numeric(10,2)) AS amount
	FROM generate_series(timestamp '2010-01-01', '2011-10-01', interval '3 months') WITH ORDINALITY AS q (q, n)
		CROSS JOIN generate_series(1, 9) AS k;

	CREATE TABLE kpi_demo.firm_mention AS
	SELECT date '2010-01-02' + i * 727 / 801 AS day, (ARRAY['north', 'south', 'east'])[1 + i % 3] AS region,
		i * 7 % 10 < 5 AS positive, i * 7 % 10 > 7 AS negative
	FROM generate_series(1, 800) AS i;
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_market() IS 'Part of kpi.load_department(): the market, the site and campaigns.';

CREATE FUNCTION kpi_internal.demo_firm_people()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CREATE TABLE kpi_demo.firm_milestone AS
	SELECT date '2010-01-20' + i * 705 / 121 AS due_on, date '2010-01-20' + i * 705 / 121 + i * 5 % 7 - 4 AS done_on
	FROM generate_series(1, 120) AS i;

	CREATE TABLE kpi_demo.firm_staff AS
	SELECT CAST(h AS date) AS half, (ARRAY['north', 'south', 'east'])[1 + p % 3] AS region, p AS person,
		(p + n) % 4 > 0 AS trained, CAST(4 + (p * 3 + n) % 17 AS numeric) AS hours, (p + 2 * n) % 6 = 0 AS left_us
	FROM generate_series(timestamp '2010-01-01', '2011-07-01', interval '6 months') WITH ORDINALITY AS h (h, n)
		CROSS JOIN generate_series(1, 30) AS p;

	CREATE TABLE kpi_demo.firm_social AS
	SELECT CAST(m AS date) + 27 AS day, 2000 + n * 55 AS followers, 300 + n * 13 % 90 AS interactions,
		40 + n * 7 % 30 AS spread
	FROM generate_series(timestamp '2010-01-01', '2011-12-01', interval '1 month') WITH ORDINALITY AS m (m, n);
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_people() IS 'Part of kpi.load_department(): projects, people and social media.';

-- what is measured over which table; what stands under inputs has no column of that name, and goes before the
-- indicator of that name
CREATE FUNCTION kpi_internal.demo_firm_indicators()
	RETURNS TABLE (template text, source text, time_column text, unit_column text, inputs jsonb, "grain" text, by_channel boolean, place integer)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 80
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT v.template, 'kpi_demo.firm_' || v.source, v.time_column, v.unit_column, v.inputs::jsonb, v."grain", v.by_channel, row_number() OVER ()
	FROM (VALUES
	('sales', 'sale', 'sold_on', 'region', '{"amount": "quantity * price"}', NULL, true),
	('sales_volume', 'sale', 'sold_on', 'region', NULL, NULL, false),
	('cost_of_sales', 'sale', 'sold_on', 'region', '{"cost": "quantity * cost"}', NULL, true),
	('new_product_sales', 'sale', 'sold_on', 'region', '{"amount": "quantity * price", "is_new_product": "product = ''new_line''"}', NULL, false),
	('buyers', 'sale', 'sold_on', 'region', NULL, NULL, false),
	('repeat_rate', 'sale', 'sold_on', 'region', NULL, NULL, false),
	('new_business_share', 'sale_of_new', 'sold_on', 'region', NULL, NULL, false),
	('marketing_cost', 'spend', 'spent_on', 'region', NULL, NULL, true),
	('advertising_cost', 'spend', 'spent_on', 'region', '{"is_advertising": "category = ''advertising''"}', NULL, false),
	('promotion_cost', 'spend', 'spent_on', 'region', '{"is_promotion": "category = ''promotion''"}', NULL, false),
	('research_cost', 'spend', 'spent_on', 'region', '{"is_research": "category = ''research''"}', NULL, false),
	('cost_concentration', 'spend', 'spent_on', 'region', NULL, NULL, false),
	('marketing_budget', 'budget', 'month', 'region', NULL, NULL, false),
	('customers', 'customer_list', 'day', 'region', NULL, NULL, false),
	('new_customers', 'customer', 'won_on', 'region', NULL, NULL, false),
	('churn_rate', 'customer_month', 'month', 'region', '{"lost": "NOT stayed"}', NULL, false),
	('tenure', 'tenure', 'day', 'region', NULL, NULL, false),
	('renewal_rate', 'contract', 'ends_on', 'region', NULL, NULL, false),
	('renewal_value_rate', 'contract', 'ends_on', 'region', NULL, NULL, false),
	('complaints', 'complaint', 'opened', 'region', NULL, NULL, false),
	('complaint_timeliness', 'complaint', 'opened', 'region', NULL, NULL, false),
	('handling_hours', 'complaint', 'opened', 'region', NULL, NULL, false),
	('callback_satisfaction', 'callback', 'called_on', 'region', NULL, NULL, false),
	('satisfaction', 'survey', 'asked_on', 'region', NULL, NULL, false),
	('satisfaction_rating', 'survey', 'asked_on', 'region', '{"rating": "1 + recommends * 4 / 10"}', NULL, false),
	('loyalty', 'survey', 'asked_on', 'region', NULL, 'quarter', false),
	('awareness', 'survey', 'asked_on', 'region', NULL, 'quarter', false),
	('favour', 'survey', 'asked_on', 'region', NULL, 'quarter', false),
	('word_of_mouth', 'survey', 'asked_on', 'region', NULL, 'quarter', false),
	('net_sentiment', 'mention', 'day', 'region', NULL, NULL, false),
	('visits', 'visit', 'came_at', 'region', NULL, NULL, true),
	('page_views', 'visit', 'came_at', 'region', NULL, NULL, false),
	('visitors', 'visit', 'came_at', 'region', NULL, NULL, false),
	('new_visitor_ratio', 'visit', 'came_at', 'region', NULL, NULL, false),
	('dwell_time', 'visit', 'came_at', 'region', NULL, NULL, false),
	('conversion_rate', 'visit', 'came_at', 'region', NULL, NULL, true),
	('response_rate', 'contact', 'contacted_on', 'region', NULL, NULL, false),
	('engagement', 'contact', 'contacted_on', 'region', NULL, NULL, false),
	('step_conversion', 'contact', 'contacted_on', 'region', '{"step": "responded", "next_step": "took_part"}', NULL, false),
	('sales_conversion', 'contact', 'contacted_on', 'region', NULL, NULL, false),
	('market_sales', 'market', 'quarter', NULL, '{"market_sales": "sales"}', NULL, false),
	('segment_sales', 'market', 'quarter', NULL, NULL, NULL, false),
	('largest_rival', 'rival_sale', 'day', NULL, NULL, NULL, false),
	('followers', 'social', 'day', NULL, NULL, NULL, false),
	('interactions', 'social', 'day', NULL, NULL, NULL, false),
	('topic_spread', 'social', 'day', NULL, NULL, NULL, false),
	('milestones_in_time', 'milestone', 'due_on', NULL, '{"done": "done_on", "due": "due_on"}', NULL, false),
	('trained_share', 'staff', 'half', 'region', NULL, NULL, false),
	('training_hours', 'staff', 'half', 'region', NULL, NULL, false),
	('population', NULL, NULL, NULL, NULL, 'quarter', false),
	('collaboration', NULL, NULL, NULL, NULL, NULL, false),
	('morale', NULL, NULL, NULL, NULL, NULL, false),
	('customer_quality', NULL, NULL, NULL, NULL, NULL, false),
	('profit', NULL, NULL, NULL, NULL, NULL, false),
	('retention_rate', NULL, NULL, NULL, NULL, NULL, false),
	('new_customer_share', NULL, NULL, NULL, NULL, NULL, false),
	('customer_growth', NULL, NULL, NULL, NULL, NULL, false),
	('acquisition_growth', NULL, NULL, NULL, NULL, NULL, false),
	('acquisition_cost', NULL, NULL, NULL, NULL, NULL, false),
	('lifetime_value', NULL, NULL, NULL, '{"discount": "0.03"}', NULL, false),
	('market_share', NULL, NULL, NULL, NULL, NULL, false),
	('share_change', NULL, NULL, NULL, NULL, NULL, false),
	('new_product_share', NULL, NULL, NULL, NULL, NULL, false),
	('relative_share', NULL, NULL, NULL, NULL, NULL, false),
	('share_gap', NULL, NULL, NULL, NULL, NULL, false),
	('penetration', NULL, NULL, NULL, NULL, NULL, false),
	('brand_influence', NULL, NULL, NULL, NULL, NULL, false),
	('social_influence', NULL, NULL, NULL, '{"full_followers": "10000", "full_interactions": "1000"}', NULL, false),
	('sales_growth', NULL, NULL, NULL, NULL, NULL, false),
	('sales_growth_previous', NULL, NULL, NULL, NULL, NULL, false),
	('segment_growth', NULL, NULL, NULL, NULL, NULL, false),
	('budget_attainment', NULL, NULL, NULL, NULL, NULL, false),
	('cost_benefit', NULL, NULL, NULL, NULL, NULL, false),
	('marketing_roi', NULL, NULL, NULL, NULL, NULL, false),
	('gain_per_cost', NULL, NULL, NULL, NULL, NULL, false),
	('channel_roi', NULL, NULL, NULL, NULL, NULL, false),
	('advertising_share', NULL, NULL, NULL, NULL, NULL, false),
	('resource_efficiency', NULL, NULL, NULL, NULL, NULL, false),
	('innovation_share', NULL, NULL, NULL, NULL, NULL, false)
	) AS v (template, source, time_column, unit_column, inputs, "grain", by_channel)
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_indicators() IS
'Part of kpi.load_department(): which templates are adopted over which tables, in that order.';

-- the scorecards, with weights in per cent; targets are those of a quarter of 2011 for the whole firm, of which each
-- region has a third where they add up
CREATE FUNCTION kpi_internal.demo_firm_nodes()
	RETURNS TABLE (scorecard text, parent text, template text, weight numeric, target numeric)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 35
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
	('market_support', NULL, 'financial', 30, NULL), ('market_support', NULL, 'customer', 45, NULL), ('market_support', NULL, 'process', 25, NULL),
	('market_support', 'financial', 'marketing_cost', 10, 8500), ('market_support', 'financial', 'cost_benefit', 20, 11),
	('market_support', 'financial', 'marketing_roi', 10, 4), ('market_support', 'financial', 'sales_growth', 10, 0.2),
	('market_support', 'customer', 'market_share', 30, 0.23), ('market_support', 'customer', 'new_product_share', 10, 0.22),
	('market_support', 'customer', 'relative_share', 10, 1.1), ('market_support', 'customer', 'awareness', 15, 0.7),
	('market_support', 'customer', 'favour', 15, 0.7), ('market_support', 'customer', 'satisfaction', 20, 0.75),
	('market_support', 'process', 'complaint_timeliness', 20, 0.9), ('market_support', 'process', 'handling_hours', 10, 24),
	('market_support', 'process', 'milestones_in_time', 20, 0.8),
	('customer_development', NULL, 'financial', 30, NULL), ('customer_development', NULL, 'customer', 60, NULL),
	('customer_development', NULL, 'process', 10, NULL),
	('customer_development', 'financial', 'sales', 20, 96000), ('customer_development', 'financial', 'profit', 10, 45000),
	('customer_development', 'financial', 'new_business_share', 10, 0.06), ('customer_development', 'financial', 'acquisition_cost', 10, 450),
	('customer_development', 'financial', 'lifetime_value', 10, 2000), ('customer_development', 'customer', 'customers', 10, 350),
	('customer_development', 'customer', 'new_customers', 10, 18), ('customer_development', 'customer', 'customer_growth', 10, 0.05),
	('customer_development', 'customer', 'churn_rate', 15, 0.02), ('customer_development', 'customer', 'retention_rate', 10, 0.98),
	('customer_development', 'customer', 'renewal_rate', 15, 0.85), ('customer_development', 'customer', 'repeat_rate', 10, 0.88),
	('customer_development', 'customer', 'callback_satisfaction', 10, 0.85), ('customer_development', 'customer', 'customer_quality', 10, 75),
	('customer_development', 'process', 'conversion_rate', 1, 0.05)
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_nodes() IS
'Part of kpi.load_department(): the nodes of both scorecards, with weights and targets.';

CREATE FUNCTION kpi_internal.demo_firm_keys(department text)
	RETURNS TABLE (topic text, code text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 90
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT 'indicator', 'firm_' || i.template FROM kpi_internal.demo_firm_indicators() i
	UNION ALL
	SELECT 'unit', u FROM unnest(ARRAY['firm', 'firm_north', 'firm_south', 'firm_east', 'firm_channels', 'firm_search', 'firm_social', 'firm_mail',
		'firm_shop']) u
	UNION ALL
	SELECT 'dimension', 'firm_channel'
	UNION ALL
	SELECT 'scorecard', department
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_keys(text) IS
'Part of kpi.load_department(): every key of the registry that it takes.';

CREATE FUNCTION kpi_internal.demo_firm_units()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM kpi.define_unit('firm', name => 'Whole firm');
	PERFORM kpi.define_unit('firm_' || r, parent => 'firm', name => initcap(r), source_value => r) FROM unnest(ARRAY['north', 'south', 'east']) r;
	PERFORM kpi.define_dimension('firm_channel', name => 'Channel');
	PERFORM kpi.define_unit('firm_channels', dimension => 'firm_channel', name => 'All channels');
	PERFORM kpi.define_unit('firm_' || c, parent => 'firm_channels', name => initcap(c), source_value => c)
	FROM unnest(ARRAY['search', 'social', 'mail', 'shop']) c;
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_units() IS 'Part of kpi.load_department(): regions and channels.';

CREATE FUNCTION kpi_internal.demo_firm_adopt()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	i record;
BEGIN
	FOR i IN SELECT f.*, t.definition FROM kpi_internal.demo_firm_indicators() f JOIN kpi_internal.templates() t ON t.template = f.template
		ORDER BY f.place LOOP
		PERFORM kpi.adopt(i.template, 'firm_' || i.template, source => i.source, time_column => i.time_column, unit_column => i.unit_column,
			inputs => (SELECT coalesce(jsonb_object_agg(n, 'firm_' || n), '{}') FROM unnest(kpi_internal.inputs_of(i.definition)) n WHERE i.definition ? 'formula')
				|| coalesce(i.inputs, '{}'),
			unit_columns => CASE WHEN i.by_channel THEN '{"firm_channel": "channel"}'::jsonb END, "grain" => i."grain",
			windows => CASE i.template WHEN 'sales' THEN '{month_ytd,month_r12}'::text[] END,
			unit_of_measure => CASE i.definition ->> 'unit_of_measure' WHEN 'money' THEN 'GBP' END,
			data_source => 'sample data of kpi.load_department()');
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_adopt() IS 'Part of kpi.load_department(): the indicators, each of its template.';

-- who judges, and how; what is known of no table
CREATE FUNCTION kpi_internal.demo_firm_typed()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM kpi.enter('firm_population', 'firm', m.quarter, 'quarter', m.population) FROM kpi_demo.firm_market m ORDER BY m.quarter;
	PERFORM kpi.set_rater('firm_' || r.indicator, r.rater, weight => r.weight)
	FROM (VALUES ('collaboration', 'head', 2), ('collaboration', 'sales', 1), ('collaboration', 'service', 1),
			('customer_quality', 'sales', 1), ('customer_quality', 'service', 1), ('customer_quality', 'finance', 1),
			('morale', 'person_1', 1), ('morale', 'person_2', 1), ('morale', 'person_3', 1), ('morale', 'person_4', 1),
			('morale', 'person_5', 1)) r (indicator, rater, weight);
	PERFORM kpi.rate('firm_' || j.indicator, 'firm', j.period, j.judgement, rater => j.rater)
	FROM (VALUES ('collaboration', '2011-H1', 'head', '80'), ('collaboration', '2011-H1', 'sales', '70'),
			('collaboration', '2011-H1', 'service', '95'), ('collaboration', '2011-H2', 'head', '85'),
			('collaboration', '2011-H2', 'sales', '90'), ('morale', '2011-H2', 'person_1', '60'), ('morale', '2011-H2', 'person_2', '72'),
			('morale', '2011-H2', 'person_3', '90'), ('morale', '2011-H2', 'person_4', '71'), ('morale', '2011-H2', 'person_5', '80'),
			('customer_quality', '2011-Q3', 'sales', 'high'), ('customer_quality', '2011-Q3', 'service', 'middle'),
			('customer_quality', '2011-Q3', 'finance', 'middle')) j (indicator, period, rater, judgement);
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_typed() IS 'Part of kpi.load_department(): what is entered and judged by hand.';

CREATE FUNCTION kpi_internal.demo_firm_scorecard(department text)
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM kpi.define_scorecard(department, name => kpi_internal.default_name(department), "grain" => 'quarter');
	PERFORM kpi.set_weight(department, n.template, weight => n.weight)
	FROM kpi_internal.demo_firm_nodes() n WHERE n.scorecard = department AND n.parent IS NULL;
	PERFORM kpi.set_weight(department, 'firm_' || n.template, parent => n.parent, weight => n.weight)
	FROM kpi_internal.demo_firm_nodes() n WHERE n.scorecard = department AND n.parent IS NOT NULL;
	INSERT INTO kpi.target (indicator, unit, grain, period, target, note)
	SELECT i.indicator, u.unit, 'quarter', kpi.period('2011'),
		CASE WHEN u.unit <> 'firm' AND (i.target_rule IN ('spread', 'end') OR n.template = 'market_share') THEN round(n.target / 3, 3)
			ELSE n.target END, 'agreed in December'
	FROM kpi_internal.demo_firm_nodes() n
		JOIN kpi.indicator i ON i.indicator = 'firm_' || n.template
		CROSS JOIN unnest(ARRAY['firm', 'firm_north', 'firm_south', 'firm_east']) u (unit)
	WHERE n.scorecard = department;
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_scorecard(text) IS 'Part of kpi.load_department(): a scorecard with its weights and targets.';

-- The names in Chinese, where the database can hold them; those of the indicators come with their templates.
CREATE FUNCTION kpi_internal.demo_firm_translations(department text)
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF getdatabaseencoding() = 'UTF8' THEN
		INSERT INTO kpi.translation (language, topic, code, name)
		SELECT 'zh', k.topic, k.code, unistr(w.name)
		FROM kpi_internal.demo_firm_keys(department) k
			JOIN (VALUES ('market_support', E'\\5E02\\573A\\652F\\6301\\90E8'), ('customer_development', E'\\5BA2\\6237\\53D1\\5C55\\90E8'),
				('firm', E'\\5168\\516C\\53F8'), ('firm_north', E'\\5317\\533A'), ('firm_south', E'\\5357\\533A'), ('firm_east', E'\\4E1C\\533A'),
				('firm_channel', E'\\6E20\\9053'), ('firm_channels', E'\\5168\\90E8\\6E20\\9053'), ('firm_search', E'\\641C\\7D22'),
				('firm_social', E'\\793E\\4EA4'), ('firm_mail', E'\\90AE\\4EF6'), ('firm_shop', E'\\95E8\\5E97')) w (code, name) ON w.code = k.code
		ON CONFLICT DO NOTHING;
		INSERT INTO kpi_demo.registered (topic, code)
		SELECT 'translation', k.topic || '/' || k.code FROM kpi_internal.demo_firm_keys(department) k
		WHERE EXISTS (SELECT FROM kpi.translation t WHERE t.language = 'zh' AND t.topic = k.topic AND t.code = k.code)
		ON CONFLICT DO NOTHING;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm_translations(text) IS 'Part of kpi.load_department(): names in Chinese.';

CREATE FUNCTION kpi_internal.demo_firm()
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM kpi_internal.demo_firm_sales();
	PERFORM kpi_internal.demo_firm_customers();
	PERFORM kpi_internal.demo_firm_service();
	PERFORM kpi_internal.demo_firm_market();
	PERFORM kpi_internal.demo_firm_people();
	ANALYZE kpi_demo.firm_sale, kpi_demo.firm_spend, kpi_demo.firm_visit;
	PERFORM kpi_internal.demo_firm_units();
	PERFORM kpi_internal.demo_firm_adopt();
	PERFORM kpi_internal.demo_firm_typed();
END
$$;
COMMENT ON FUNCTION kpi_internal.demo_firm() IS 'Part of kpi.load_department(): the firm, its tables and its indicators.';

CREATE FUNCTION kpi.load_department(department text)
	RETURNS text
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	first CONSTANT boolean := to_regclass('kpi_demo.firm_sale') IS NULL;
	measured CONSTANT text[] := ARRAY(SELECT 'firm_' || i.template FROM kpi_internal.demo_firm_indicators() i WHERE i.source IS NOT NULL);
BEGIN
	PERFORM kpi_internal.require_value('department', department);
	PERFORM kpi_internal.require_word('department', department, 'market_support', 'customer_development');
	PERFORM kpi_internal.demo_schema();
	IF EXISTS (SELECT FROM kpi_demo.registered r WHERE r.topic = 'scorecard' AND r.code = department) THEN
		PERFORM kpi_internal.fail('42710', format('department "%s" is loaded already', department), 'kpi.drop_demo() removes it.');
	END IF;
	PERFORM kpi_internal.require_free_keys(jsonb_agg(jsonb_build_object('topic', k.topic, 'code', k.code)))
	FROM kpi_internal.demo_firm_keys(department) k WHERE NOT EXISTS (SELECT FROM kpi_demo.registered r WHERE r.topic = k.topic AND r.code = k.code);
	INSERT INTO kpi_demo.registered (topic, code) SELECT k.topic, k.code FROM kpi_internal.demo_firm_keys(department) k ON CONFLICT DO NOTHING;
	IF first THEN
		PERFORM kpi_internal.demo_firm();
	END IF;
	PERFORM kpi_internal.demo_firm_scorecard(department);
	PERFORM kpi_internal.demo_firm_translations(department);
	IF first THEN
		CALL kpi.collect('2010-01', '2011-12', measured, commit_each => false);
	ELSE
		PERFORM kpi.refresh_results();
	END IF;
	RETURN format('Scorecard "%s" of unit "firm": two years of a firm with 3 regions in schema kpi_demo, %s indicators, of which it shows %s.',
		department, (SELECT count(*) FROM kpi_internal.demo_firm_indicators()),
		(SELECT count(*) FROM kpi_internal.demo_firm_nodes() n WHERE n.scorecard = department AND n.parent IS NOT NULL));
END
$$;
COMMENT ON FUNCTION kpi.load_department(text) IS
'Makes a department of a made-up firm, as an example: market_support or customer_development. '
'Two years of tables in schema kpi_demo, indicators adopted from kpi.catalogue() with keys that begin with firm_, and '
'a scorecard of that name with weights and targets, collected and evaluated. Both departments share the firm; '
'kpi.drop_demo() removes them. Gives a sentence on what was made. Errors, and makes nothing, when it is loaded '
'already or a key it needs is taken.';
