-- The same figures by plain SQL over the tables, which uses nothing of kpi.

CREATE SCHEMA recount;

CREATE TABLE recount.period AS
SELECT 'month' AS grain, CAST(m AS date) AS first, CAST(m + interval '1 month' AS date) AS next
FROM generate_series(date '2010-01-01', '2011-12-01', interval '1 month') AS m
UNION ALL
SELECT 'quarter', CAST(m AS date), CAST(m + interval '3 months' AS date)
FROM generate_series(date '2010-01-01', '2011-10-01', interval '3 months') AS m
UNION ALL
SELECT 'half', CAST(m AS date), CAST(m + interval '6 months' AS date)
FROM generate_series(date '2010-01-01', '2011-07-01', interval '6 months') AS m
UNION ALL
SELECT 'year', CAST(m AS date), CAST(m + interval '1 year' AS date)
FROM generate_series(date '2010-01-01', '2011-01-01', interval '1 year') AS m
UNION ALL
SELECT 'week', CAST(m AS date), CAST(m AS date) + 7
FROM generate_series(date '2009-12-28', '2011-12-26', interval '7 days') AS m;

CREATE TABLE recount.span AS
SELECT grain, first, first AS starts, next FROM recount.period
UNION ALL
SELECT 'month_ytd', first, CAST(date_trunc('year', first) AS date), next FROM recount.period WHERE grain = 'month'
UNION ALL
SELECT 'month_r12', first, CAST(next - interval '1 year' AS date), next FROM recount.period
WHERE grain = 'month' AND first >= date '2010-12-01';

CREATE TABLE recount.member (unit text, region text);
INSERT INTO recount.member VALUES ('firm', 'north'), ('firm', 'south'), ('firm', 'east'), ('north', 'north'),
	('south', 'south'), ('east', 'east');
CREATE TABLE recount.by_channel (unit text, channel text);
INSERT INTO recount.by_channel VALUES ('all_channels', 'search'), ('all_channels', 'social'), ('all_channels', 'mail'),
	('all_channels', 'shop'), ('by_search', 'search'), ('by_social', 'social'), ('by_mail', 'mail'), ('by_shop', 'shop');

-- what is stored, by the names of the tables
CREATE VIEW recount.stored AS
SELECT CAST(substr(m.indicator, 6) AS text) AS indicator,
	CASE WHEN m.unit = 'firm' THEN 'firm' WHEN m.unit = 'firm_channels' THEN 'all_channels'
		WHEN m.unit IN ('firm_search', 'firm_social', 'firm_mail', 'firm_shop') THEN 'by_' || substr(m.unit, 6)
		ELSE substr(m.unit, 6) END AS unit, CAST(m.grain AS text) AS grain, m.period_start, m.value
FROM kpi.measurement m;

CREATE TABLE recount.actual (indicator text, unit text, grain text, first date, value numeric);

-- from rows, each period and unit by itself
CREATE FUNCTION recount.rows(indicator text, source text, day text, grains text, expression text,
	filter text DEFAULT 'true',
							 joined text DEFAULT 'recount.member u ON u.region = s.region') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format(
		'INSERT INTO recount.actual SELECT %1$L, u.unit, p.grain, p.first, %2$s
		 FROM recount.span p JOIN %3$s s ON s.%4$s >= p.starts AND s.%4$s < p.next JOIN %5$s
		 WHERE p.grain = ANY (%6$L) AND (%7$s) GROUP BY u.unit, p.grain, p.first',
		indicator, expression, source, day, joined, grains, filter);
END $$;

\set months '''{month,quarter,half,year}'''
\set quarters '''{quarter,half,year}'''
\set halves '''{half,year}'''
\set whole '''(SELECT ''''firm'''' AS unit) u ON true'''
\set channels '''recount.by_channel u ON u.channel = s.channel'''

SELECT recount.rows('sales', 'kpi_demo.firm_sale', 'sold_on', '{month,quarter,half,year,month_ytd,month_r12}',
	'sum(quantity * price)');
SELECT recount.rows('sales', 'kpi_demo.firm_sale', 'sold_on', '{month,quarter,half,year,month_ytd,month_r12}',
	'sum(quantity * price)',
	joined => :channels);
SELECT recount.rows('sales_volume', 'kpi_demo.firm_sale', 'sold_on', :months, 'sum(quantity)');
SELECT recount.rows('cost_of_sales', 'kpi_demo.firm_sale', 'sold_on', :months, 'sum(quantity * cost)');
SELECT recount.rows('cost_of_sales', 'kpi_demo.firm_sale', 'sold_on', :months,
	'sum(quantity * cost)', joined => :channels);
SELECT recount.rows('profit', 'kpi_demo.firm_sale', 'sold_on', :months, 'sum(quantity * (price - cost))');
SELECT recount.rows('profit', 'kpi_demo.firm_sale', 'sold_on', :months,
	'sum(quantity * (price - cost))', joined => :channels);
SELECT recount.rows('marketing_cost', 'kpi_demo.firm_spend', 'spent_on', :months, 'sum(amount)');
SELECT recount.rows('marketing_cost', 'kpi_demo.firm_spend', 'spent_on', :months, 'sum(amount)', joined => :channels);
SELECT recount.rows(c || '_cost', 'kpi_demo.firm_spend', 'spent_on', :months,
	'sum(amount)', format('category = %L', c))
FROM unnest('{advertising,promotion,research}'::text[]) AS c;
SELECT recount.rows('new_business_share', 'kpi_demo.firm_sale_of_new', 'sold_on', :months,
	'sum(amount) FILTER (WHERE is_new) / nullif(sum(amount), 0)');
SELECT recount.rows('new_customers',
	'(SELECT region, min(sold_on) AS day FROM kpi_demo.firm_sale GROUP BY customer, region)',
	'day', :months, 'count(*)');
INSERT INTO recount.actual
SELECT 'repeat_rate', b.unit, b.grain, b.first, 1.0 * count(*) FILTER (WHERE b.orders > 1) / count(*)
FROM (SELECT u.unit, p.grain, p.first, s.customer, count(*) AS orders
	  FROM recount.period p
		JOIN kpi_demo.firm_sale s ON s.sold_on >= p.first AND s.sold_on < p.next
		JOIN recount.member u ON u.region = s.region
	  WHERE p.grain = ANY (:quarters) GROUP BY u.unit, p.grain, p.first, s.customer) b
GROUP BY b.unit, b.grain, b.first;
SELECT recount.rows('renewal_rate', 'kpi_demo.firm_contract', 'ends_on', :months,
	'1.0 * count(*) FILTER (WHERE renewed) / '
	'count(*)');
SELECT recount.rows('renewal_value_rate', 'kpi_demo.firm_contract', 'ends_on', :months,
	'sum(value) FILTER (WHERE renewed) / sum(value)');
SELECT recount.rows('callback_satisfaction', 'kpi_demo.firm_callback', 'called_on', :months,
	'1.0 * count(*) FILTER (WHERE satisfied) / count(*)');
SELECT recount.rows('satisfaction', 'kpi_demo.firm_survey', 'asked_on', :quarters,
	'1.0 * count(*) FILTER (WHERE satisfied) / count(*)');
SELECT recount.rows('complaint_timeliness', 'kpi_demo.firm_complaint', 'opened', :months,
	'1.0 * count(*) FILTER (WHERE closed - opened <= interval ''48 hours'') / count(*)');
SELECT recount.rows('complaints', 'kpi_demo.firm_complaint', 'opened', :months, 'count(*)');
SELECT recount.rows('handling_hours', 'kpi_demo.firm_complaint', 'opened', :months,
	'sum(extract(epoch FROM closed - opened)) / 3600 / count(*)');
SELECT recount.rows('loyalty', 'kpi_demo.firm_survey', 'asked_on', :quarters, '1.0 * sum(loyalty) / count(*)');
SELECT recount.rows('awareness', 'kpi_demo.firm_survey', 'asked_on', :quarters,
	'1.0 * count(*) FILTER (WHERE aware) / '
	'count(*)');
SELECT recount.rows('favour', 'kpi_demo.firm_survey', 'asked_on', :quarters,
	'1.0 * count(*) FILTER (WHERE aware AND favourable) / nullif(count(*) FILTER (WHERE aware), 0)');
SELECT recount.rows('word_of_mouth', 'kpi_demo.firm_survey', 'asked_on', :quarters,
	'100.0 * sum(CASE WHEN recommends >= 9 THEN 1 WHEN recommends <= 6 THEN -1 ELSE 0 END) / count(*)');
SELECT recount.rows('market_sales', 'kpi_demo.firm_market', 'quarter', :quarters, 'sum(sales)',
	joined => '(VALUES (''firm''), (''north''), (''south''), (''east'')) u (unit) ON true');
SELECT recount.rows('segment_sales', 'kpi_demo.firm_market', 'quarter', :quarters,
	'sum(segment_sales)', joined => :whole);
SELECT recount.rows('new_product_sales', 'kpi_demo.firm_sale', 'sold_on', :months, 'sum(quantity * price)',
	'product = ''new_line''');
SELECT recount.rows('largest_rival', 'kpi_demo.firm_rival_sale', 'day', :quarters,
	'greatest(sum(amount) FILTER (WHERE rival = ''apex''), sum(amount) FILTER (WHERE rival = ''birch''), '
		'sum(amount) FILTER (WHERE rival = ''crown''))', joined => :whole);
SELECT recount.rows('buyers', 'kpi_demo.firm_sale', 'sold_on', :months, 'count(DISTINCT customer)');
SELECT recount.rows('visits', 'kpi_demo.firm_visit', 'came_at', '{week}', 'count(*)');
SELECT recount.rows('visits', 'kpi_demo.firm_visit', 'came_at', '{week}', 'count(*)', joined => :channels);
SELECT recount.rows('page_views', 'kpi_demo.firm_visit', 'came_at', :months, 'sum(pages)');
SELECT recount.rows('visitors', 'kpi_demo.firm_visit', 'came_at', '{week}', 'count(DISTINCT visitor)');
SELECT recount.rows('dwell_time', 'kpi_demo.firm_visit', 'came_at', '{week}', '1.0 * sum(seconds) / count(*)');
SELECT recount.rows('conversion_rate', 'kpi_demo.firm_visit', 'came_at', :months,
	'1.0 * count(*) FILTER (WHERE ordered) / '
	'count(*)');
SELECT recount.rows('conversion_rate', 'kpi_demo.firm_visit', 'came_at', :months,
	'1.0 * count(*) FILTER (WHERE ordered) / count(*)',
	joined => :channels);
SELECT recount.rows('response_rate', 'kpi_demo.firm_contact', 'contacted_on', :months,
	'1.0 * count(*) FILTER (WHERE responded) / count(*)');
SELECT recount.rows('engagement', 'kpi_demo.firm_contact', 'contacted_on', :months,
	'1.0 * count(*) FILTER (WHERE took_part) / count(*)');
SELECT recount.rows('sales_conversion', 'kpi_demo.firm_contact', 'contacted_on', :months,
	'1.0 * count(*) FILTER (WHERE bought) / nullif(count(*) FILTER (WHERE took_part), 0)');
SELECT recount.rows('interactions', 'kpi_demo.firm_social', 'day', :months, 'sum(interactions)', joined => :whole);
SELECT recount.rows('milestones_in_time', 'kpi_demo.firm_milestone', 'due_on', :months,
	'1.0 * count(*) FILTER (WHERE done_on <= due_on) / count(*)', joined => :whole);
SELECT recount.rows('trained_share', 'kpi_demo.firm_staff', 'half', :halves,
	'1.0 * count(*) FILTER (WHERE trained) / count(*)');
SELECT recount.rows('training_hours', 'kpi_demo.firm_staff', 'half', :halves, 'sum(hours) / count(*)');
SELECT recount.rows('satisfaction_rating', 'kpi_demo.firm_survey', 'asked_on', :quarters,
	'1.0 * sum(1 + recommends * 4 / 10) / count(*)');
SELECT recount.rows('net_sentiment', 'kpi_demo.firm_mention', 'day', :months,
	'1.0 * sum(CASE WHEN positive THEN 1 WHEN negative THEN -1 ELSE 0 END) / count(*)');
SELECT recount.rows('step_conversion', 'kpi_demo.firm_contact', 'contacted_on', :months,
	'1.0 * count(*) FILTER (WHERE responded AND took_part) / nullif(count(*) FILTER (WHERE responded), 0)');
SELECT recount.rows('cost_concentration', 'kpi_demo.firm_spend', 'spent_on', :months,
	'sum(amount * amount) / (sum(amount) * sum(amount))');
SELECT recount.rows('new_visitor_ratio', 'kpi_demo.firm_visit', 'came_at', '{week}',
	'1.0 * count(DISTINCT visitor) FILTER (WHERE is_new) / '
		'nullif(count(DISTINCT visitor) FILTER (WHERE NOT is_new), 0)');
SELECT recount.rows('marketing_budget', 'kpi_demo.firm_budget', 'month', :months, 'sum(budget)');
SELECT recount.rows('topic_spread', 'kpi_demo.firm_social', 'day', :months, 'sum(spread)', joined => :whole);

-- mean time to the loss: what is below the curve of who is left, which falls by the share that is lost at each age
INSERT INTO recount.actual
WITH age AS (
	SELECT u.unit, t.day, t.days, count(*) FILTER (WHERE t.lost) AS lost,
		sum(count(*)) OVER (PARTITION BY u.unit, t.day ORDER BY t.days DESC) AS at_risk
	FROM kpi_demo.firm_tenure t JOIN recount.member u ON u.region = t.region GROUP BY u.unit, t.day, t.days
), curve AS (
	SELECT unit, day, days, days - lag(days, 1, 0) OVER w AS width, lost = at_risk AS is_end,
		exp(coalesce(sum(ln(1 - lost / nullif(at_risk, lost))) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))
			AS is_left
	FROM age WINDOW w AS (PARTITION BY unit, day ORDER BY days)
)
SELECT 'tenure', unit, 'year', CAST(date_trunc('year', day) AS date), sum(width * is_left)
FROM curve GROUP BY unit, day;

-- no new customer is a number, 0, and so is no complaint
INSERT INTO recount.actual
SELECT i.indicator, u.unit, p.grain, p.first, 0
FROM unnest('{new_customers,complaints}'::text[]) AS i (indicator)
	CROSS JOIN (SELECT DISTINCT unit FROM recount.member) u
	CROSS JOIN recount.period p
WHERE p.grain = ANY (:months)
	AND NOT EXISTS (SELECT FROM recount.actual a
		WHERE (a.indicator, a.unit, a.grain, a.first) = (i.indicator, u.unit, p.grain, p.first));

-- stocks: what stands at the end of the last month that has a number
INSERT INTO recount.actual
SELECT 'customers', u.unit, p.grain, p.first, sum(s.customers)
FROM recount.period p
	JOIN kpi_demo.firm_customer_list s ON s.day >= p.first AND s.day < p.next
		AND s.day = (SELECT max(l.day) FROM kpi_demo.firm_customer_list l WHERE l.region = s.region AND l.day >= p.first
			AND l.day < p.next)
	JOIN recount.member u ON u.region = s.region
WHERE p.grain = ANY (:months)
GROUP BY u.unit, p.grain, p.first;
INSERT INTO recount.actual
SELECT 'followers', 'firm', p.grain, p.first, (array_agg(s.followers ORDER BY s.day DESC))[1]
FROM recount.period p JOIN kpi_demo.firm_social s ON s.day >= p.first AND s.day < p.next
WHERE p.grain = ANY (:months)
GROUP BY p.grain, p.first;
INSERT INTO recount.actual
SELECT 'population', 'firm', p.grain, p.first, (array_agg(s.population ORDER BY s.quarter DESC))[1]
FROM recount.period p JOIN kpi_demo.firm_market s ON s.quarter >= p.first AND s.quarter < p.next
WHERE p.grain = ANY (:quarters)
GROUP BY p.grain, p.first;

-- losses of the months, one after the other
INSERT INTO recount.actual
WITH monthly AS (
	SELECT u.unit, s.month, 1.0 * count(*) FILTER (WHERE NOT s.stayed) / count(*) AS lost
	FROM kpi_demo.firm_customer_month s JOIN recount.member u ON u.region = s.region GROUP BY u.unit, s.month
), compounded (unit, grain, first, next, month, kept) AS (
	SELECT DISTINCT m.unit, p.grain, p.first, p.next, p.first, 1.0 FROM monthly m CROSS JOIN recount.period p
	WHERE p.grain = ANY (:months)
)
SELECT 'churn_rate', c.unit, c.grain, c.first, 1 - r.kept
FROM compounded c
	CROSS JOIN LATERAL (
		WITH RECURSIVE step (month, kept, parts) AS (
			SELECT c.month, c.kept, 0
			UNION ALL
			SELECT CAST(s.month + interval '1 month' AS date), s.kept * (1 - coalesce(m.lost, 0)),
				s.parts + CASE WHEN m.lost IS NULL THEN 0 ELSE 1 END
			FROM step s LEFT JOIN monthly m ON m.unit = c.unit AND m.month = s.month
			WHERE s.month < c.next)
		SELECT s.kept, s.parts FROM step s WHERE s.month >= c.next) r
WHERE r.parts > 0;

-- what is made of others: a number of each side, then the formula
CREATE FUNCTION recount.both(indicator text, x text, y text, expression text, grains text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format(
		'INSERT INTO recount.actual SELECT %L, x.unit, x.grain, x.first, %s
		 FROM recount.actual x JOIN recount.actual y ON (y.unit, y.grain, y.first) = (x.unit, x.grain, x.first)
		 WHERE x.indicator = %L AND y.indicator = %L AND x.grain = ANY (%L)', indicator, expression, x, y, grains);
END $$;
CREATE FUNCTION recount.before(indicator text, x text, expression text, step interval DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format(
		'INSERT INTO recount.actual SELECT %L, x.unit, x.grain, x.first, %s
		 FROM recount.actual x JOIN recount.period p ON (p.grain, p.first) = (x.grain, x.first)
			JOIN recount.actual y ON (y.indicator, y.unit, y.grain) = (x.indicator, x.unit, x.grain)
				AND y.first = CAST(p.first - coalesce(CAST(%L AS interval), age(p.next, p.first)) AS date)
		 WHERE x.indicator = %L', indicator, expression, step, x);
END $$;

SELECT recount.both('advertising_share', 'advertising_cost', 'marketing_cost', 'x.value / nullif(y.value, 0)',
	:months);
SELECT recount.both('cost_benefit', 'sales', 'marketing_cost', 'x.value / nullif(y.value, 0)', :months);
SELECT recount.both('marketing_roi', 'profit', 'marketing_cost', '(x.value - y.value) / nullif(y.value, 0)', :months);
SELECT recount.both('channel_roi', 'profit', 'marketing_cost', '(x.value - y.value) / nullif(y.value, 0)', :months);
SELECT recount.before('sales_growth', 'sales', 'x.value / nullif(y.value, 0) - 1', '1 year');
SELECT recount.before('sales_growth_previous', 'sales', '(x.value - y.value) / nullif(abs(y.value), 0)');
-- of a quarter, half-year or year to its end
INSERT INTO recount.actual
SELECT 'sales_to_date', a.unit, p.grain, p.first, a.value
FROM recount.actual a JOIN recount.period p ON p.grain = ANY (:months) AND p.next = a.first + interval '1 month'
WHERE a.indicator = 'sales' AND a.grain = 'month_ytd';
SELECT recount.both('new_customer_share', 'new_customers', 'customers', 'x.value / nullif(y.value, 0)', :months);
SELECT recount.before('customer_growth', 'customers', '(x.value - y.value) / nullif(y.value, 0)');
SELECT recount.both('budget_attainment', 'marketing_cost', 'marketing_budget', 'x.value / y.value', :months);
SELECT recount.both('gain_per_cost', 'profit', 'marketing_cost', 'x.value / nullif(y.value, 0)', :months);
SELECT recount.both('innovation_share', 'new_product_sales', 'sales', 'x.value / nullif(y.value, 0)', :months);
INSERT INTO recount.actual
SELECT 'retention_rate', unit, grain, first, 1 - value FROM recount.actual WHERE indicator = 'churn_rate';
SELECT recount.both('acquisition_cost', 'marketing_cost', 'new_customers', 'x.value / nullif(y.value, 0)', :months);
INSERT INTO recount.actual
SELECT 'lifetime_value', r.unit, r.grain, r.first,
	p.value / nullif(c.value, 0) * (1 + 0.03) / (1 + 0.03 - r.value)
FROM recount.actual r
	JOIN recount.actual p ON p.indicator = 'profit' AND (p.unit, p.grain, p.first) = (r.unit, r.grain, r.first)
	JOIN recount.actual c ON c.indicator = 'customers' AND (c.unit, c.grain, c.first) = (r.unit, r.grain, r.first)
WHERE r.indicator = 'retention_rate';
INSERT INTO recount.actual
SELECT 'brand_influence', a.unit, a.grain, a.first, 40 * a.value + 30 * f.value + 0.15 * (w.value + 100)
FROM recount.actual a
	JOIN recount.actual f ON f.indicator = 'favour' AND (f.unit, f.grain, f.first) = (a.unit, a.grain, a.first)
	JOIN recount.actual w ON w.indicator = 'word_of_mouth' AND (w.unit, w.grain, w.first) = (a.unit, a.grain, a.first)
WHERE a.indicator = 'awareness';
SELECT recount.both('market_share', 'sales', 'market_sales', 'x.value / nullif(y.value, 0)', :quarters);
SELECT recount.before('share_change', 'market_share', '100 * (x.value - y.value)');
SELECT recount.before('segment_growth', 'segment_sales', '(x.value - y.value) / y.value', '1 year');
INSERT INTO recount.actual
SELECT 'share_gap', s.unit, s.grain, s.first, 100 * (s.value - r.value) / m.value
FROM recount.actual s
	JOIN recount.actual r ON r.indicator = 'largest_rival' AND (r.unit, r.grain, r.first) = (s.unit, s.grain, s.first)
	JOIN recount.actual m ON m.indicator = 'market_sales' AND (m.unit, m.grain, m.first) = (s.unit, s.grain, s.first)
WHERE s.indicator = 'sales';
SELECT recount.both('new_product_share', 'new_product_sales', 'segment_sales', 'x.value / y.value', :quarters);
SELECT recount.both('relative_share', 'sales', 'largest_rival', 'x.value / y.value', :quarters);
SELECT recount.both('penetration', 'buyers', 'population', 'x.value / y.value', :quarters);
SELECT recount.both('social_influence', 'followers', 'interactions', '0.005 * x.value + 0.05 * y.value', :months);
INSERT INTO recount.actual
SELECT 'resource_efficiency', s.unit, s.grain, s.first, s.value / nullif(m.value + c.value, 0)
FROM recount.actual s
	JOIN recount.actual m ON m.indicator = 'marketing_cost' AND (m.unit, m.grain, m.first) = (s.unit, s.grain, s.first)
	JOIN recount.actual c ON c.indicator = 'cost_of_sales' AND (c.unit, c.grain, c.first) = (s.unit, s.grain, s.first)
WHERE s.indicator = 'sales';

SELECT recount.before('acquisition_growth', 'new_customers', '(x.value - y.value) / nullif(y.value, 0)');

-- judgements: a weighted mean, a median by weight, words; longer periods by the weights that counted
INSERT INTO recount.actual VALUES
	('collaboration', 'firm', 'half', '2011-01-01', (80 * 2 + 70 + 95) / 4.0),
		('collaboration', 'firm', 'half', '2011-07-01', (85 * 2 + 90) / 3.0),
	('collaboration', 'firm', 'year', '2011-01-01', (80 * 2 + 70 + 95 + 85 * 2 + 90) / 7.0),
	('morale', 'firm', 'half', '2011-07-01', 72), ('morale', 'firm', 'year', '2011-01-01', 72),
	('customer_quality', 'firm', 'quarter', '2011-07-01', (100 + 60 + 60) / 3.0),
	('customer_quality', 'firm', 'half', '2011-07-01', (100 + 60 + 60) / 3.0),
	('customer_quality', 'firm', 'year', '2011-01-01', (100 + 60 + 60) / 3.0);
