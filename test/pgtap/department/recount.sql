-- The same figures by plain SQL over the tables, which uses nothing of kpi.

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

SELECT recount.rows('sales', 'firm.sale', 'sold_on', '{month,quarter,half,year,month_ytd,month_r12}',
	'sum(quantity * price)');
SELECT recount.rows('sales', 'firm.sale', 'sold_on', '{month,quarter,half,year,month_ytd,month_r12}',
	'sum(quantity * price)',
	joined => :channels);
SELECT recount.rows('sales_volume', 'firm.sale', 'sold_on', :months, 'sum(quantity)');
SELECT recount.rows('cost_of_sales', 'firm.sale', 'sold_on', :months, 'sum(quantity * cost)');
SELECT recount.rows('cost_of_sales', 'firm.sale', 'sold_on', :months, 'sum(quantity * cost)', joined => :channels);
SELECT recount.rows('profit', 'firm.sale', 'sold_on', :months, 'sum(quantity * (price - cost))');
SELECT recount.rows('profit', 'firm.sale', 'sold_on', :months, 'sum(quantity * (price - cost))', joined => :channels);
SELECT recount.rows('marketing_cost', 'firm.spend', 'spent_on', :months, 'sum(amount)');
SELECT recount.rows('marketing_cost', 'firm.spend', 'spent_on', :months, 'sum(amount)', joined => :channels);
SELECT recount.rows(c || '_cost', 'firm.spend', 'spent_on', :months, 'sum(amount)', format('category = %L', c))
FROM unnest('{advertising,promotion,research}'::text[]) AS c;
SELECT recount.rows('new_business_share', 'firm.sale_of_new', 'sold_on', :months,
	'sum(amount) FILTER (WHERE is_new) / nullif(sum(amount), 0)');
SELECT recount.rows('new_customers', '(SELECT region, min(sold_on) AS day FROM firm.sale GROUP BY customer, region)',
	'day', :months, 'count(*)');
SELECT recount.rows('repeat_rate', 'firm.customer_quarter', 'quarter', :quarters,
	'1.0 * count(*) FILTER (WHERE orders > 1) / count(*)');
SELECT recount.rows('renewal', 'firm.contract', 'ends_on', :months, '1.0 * count(*) FILTER (WHERE renewed) / '
	'count(*)');
SELECT recount.rows('renewal_value', 'firm.contract', 'ends_on', :months,
	'sum(value) FILTER (WHERE renewed) / sum(value)');
SELECT recount.rows('callback_satisfaction', 'firm.callback', 'called_on', :months,
	'1.0 * count(*) FILTER (WHERE satisfied) / count(*)');
SELECT recount.rows('satisfaction', 'firm.survey', 'asked_on', :quarters,
	'1.0 * count(*) FILTER (WHERE satisfied) / count(*)');
SELECT recount.rows('complaint_timeliness', 'firm.complaint', 'opened', :months,
	'1.0 * count(*) FILTER (WHERE closed - opened <= interval ''48 hours'') / count(*)');
SELECT recount.rows('complaints', 'firm.complaint', 'opened', :months, 'count(*)');
SELECT recount.rows('handling_hours', 'firm.complaint', 'opened', :months,
	'sum(extract(epoch FROM closed - opened)) / 3600 / count(*)');
SELECT recount.rows('loyalty', 'firm.survey', 'asked_on', :quarters, '1.0 * sum(loyalty) / count(*)');
SELECT recount.rows('awareness', 'firm.survey', 'asked_on', :quarters, '1.0 * count(*) FILTER (WHERE aware) / '
	'count(*)');
SELECT recount.rows('favour', 'firm.survey', 'asked_on', :quarters,
	'1.0 * count(*) FILTER (WHERE aware AND favourable) / nullif(count(*) FILTER (WHERE aware), 0)');
SELECT recount.rows('word_of_mouth', 'firm.survey', 'asked_on', :quarters,
	'100.0 * sum(CASE WHEN recommends >= 9 THEN 1 WHEN recommends <= 6 THEN -1 ELSE 0 END) / count(*)');
SELECT recount.rows('market_sales', 'firm.market', 'quarter', :quarters, 'sum(sales)',
	joined => '(VALUES (''firm''), (''north''), (''south''), (''east'')) u (unit) ON true');
SELECT recount.rows('segment_sales', 'firm.market', 'quarter', :quarters, 'sum(segment_sales)', joined => :whole);
SELECT recount.rows('new_product_sales', 'firm.sale', 'sold_on', :months, 'sum(quantity * price)',
	'product = ''new_line''');
SELECT recount.rows('largest_rival', 'firm.rival_sale', 'day', :quarters,
	'greatest(sum(amount) FILTER (WHERE rival = ''apex''), sum(amount) FILTER (WHERE rival = ''birch''), '
		'sum(amount) FILTER (WHERE rival = ''crown''))', joined => :whole);
SELECT recount.rows('buyers', 'firm.sale', 'sold_on', :months, 'count(DISTINCT customer)');
SELECT recount.rows('visits', 'firm.visit', 'came_at', '{week}', 'count(*)');
SELECT recount.rows('visits', 'firm.visit', 'came_at', '{week}', 'count(*)', joined => :channels);
SELECT recount.rows('page_views', 'firm.visit', 'came_at', :months, 'sum(pages)');
SELECT recount.rows('visitors', 'firm.visit', 'came_at', '{week}', 'count(DISTINCT visitor)');
SELECT recount.rows('dwell_time', 'firm.visit', 'came_at', '{week}', '1.0 * sum(seconds) / count(*)');
SELECT recount.rows('conversion', 'firm.visit', 'came_at', :months, '1.0 * count(*) FILTER (WHERE ordered) / '
	'count(*)');
SELECT recount.rows('conversion', 'firm.visit', 'came_at', :months, '1.0 * count(*) FILTER (WHERE ordered) / count(*)',
	joined => :channels);
SELECT recount.rows('response', 'firm.contact', 'contacted_on', :months,
	'1.0 * count(*) FILTER (WHERE responded) / count(*)');
SELECT recount.rows('engagement', 'firm.contact', 'contacted_on', :months,
	'1.0 * count(*) FILTER (WHERE took_part) / count(*)');
SELECT recount.rows('sales_conversion', 'firm.contact', 'contacted_on', :months,
	'1.0 * count(*) FILTER (WHERE bought) / nullif(count(*) FILTER (WHERE took_part), 0)');
SELECT recount.rows('interactions', 'firm.social', 'day', :months, 'sum(interactions)', joined => :whole);
SELECT recount.rows('milestones_in_time', 'firm.milestone', 'due_on', :months,
	'1.0 * count(*) FILTER (WHERE done_on <= due_on) / count(*)', joined => :whole);
SELECT recount.rows('trained', 'firm.staff', 'half', :halves, '1.0 * count(*) FILTER (WHERE trained) / count(*)');
SELECT recount.rows('training_hours', 'firm.staff', 'half', :halves, 'sum(hours) / count(*)');

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
	JOIN firm.customer_list s ON s.day >= p.first AND s.day < p.next
		AND s.day = (SELECT max(l.day) FROM firm.customer_list l WHERE l.region = s.region AND l.day >= p.first
			AND l.day < p.next)
	JOIN recount.member u ON u.region = s.region
WHERE p.grain = ANY (:months)
GROUP BY u.unit, p.grain, p.first;
INSERT INTO recount.actual
SELECT 'followers', 'firm', p.grain, p.first, (array_agg(s.followers ORDER BY s.day DESC))[1]
FROM recount.period p JOIN firm.social s ON s.day >= p.first AND s.day < p.next
WHERE p.grain = ANY (:months)
GROUP BY p.grain, p.first;
INSERT INTO recount.actual
SELECT 'population', 'firm', p.grain, p.first, (array_agg(s.population ORDER BY s.quarter DESC))[1]
FROM recount.period p JOIN firm.market s ON s.quarter >= p.first AND s.quarter < p.next
WHERE p.grain = ANY (:quarters)
GROUP BY p.grain, p.first;

-- losses of the months, one after the other
INSERT INTO recount.actual
WITH monthly AS (
	SELECT u.unit, s.month, 1.0 * count(*) FILTER (WHERE NOT s.stayed) / count(*) AS lost
	FROM firm.customer_month s JOIN recount.member u ON u.region = s.region GROUP BY u.unit, s.month
), compounded (unit, grain, first, next, month, kept) AS (
	SELECT DISTINCT m.unit, p.grain, p.first, p.next, p.first, 1.0 FROM monthly m CROSS JOIN recount.period p
	WHERE p.grain = ANY (:months)
)
SELECT 'churn', c.unit, c.grain, c.first, 1 - r.kept
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
SELECT recount.before('sales_growth_before', 'sales', '(x.value - y.value) / nullif(abs(y.value), 0)');
-- of a quarter, half-year or year to its end
INSERT INTO recount.actual
SELECT 'sales_to_date', a.unit, p.grain, p.first, a.value
FROM recount.actual a JOIN recount.period p ON p.grain = ANY (:months) AND p.next = a.first + interval '1 month'
WHERE a.indicator = 'sales' AND a.grain = 'month_ytd';
SELECT recount.both('new_per_customer', 'new_customers', 'customers', 'x.value / nullif(y.value, 0)', :months);
SELECT recount.before('customer_growth', 'customers', '(x.value - y.value) / nullif(y.value, 0)');
INSERT INTO recount.actual
SELECT 'retention', unit, grain, first, 1 - value FROM recount.actual WHERE indicator = 'churn';
SELECT recount.both('acquisition_cost', 'marketing_cost', 'new_customers', 'x.value / nullif(y.value, 0)', :months);
INSERT INTO recount.actual
SELECT 'lifetime_value', r.unit, r.grain, r.first,
	p.value / nullif(c.value, 0) * (1 + 0.03) / (1 + 0.03 - r.value)
FROM recount.actual r
	JOIN recount.actual p ON p.indicator = 'profit' AND (p.unit, p.grain, p.first) = (r.unit, r.grain, r.first)
	JOIN recount.actual c ON c.indicator = 'customers' AND (c.unit, c.grain, c.first) = (r.unit, r.grain, r.first)
WHERE r.indicator = 'repeat_rate';
INSERT INTO recount.actual
SELECT 'brand_influence', a.unit, a.grain, a.first, 40 * a.value + 30 * f.value + 0.15 * (w.value + 100)
FROM recount.actual a
	JOIN recount.actual f ON f.indicator = 'favour' AND (f.unit, f.grain, f.first) = (a.unit, a.grain, a.first)
	JOIN recount.actual w ON w.indicator = 'word_of_mouth' AND (w.unit, w.grain, w.first) = (a.unit, a.grain, a.first)
WHERE a.indicator = 'awareness';
SELECT recount.both('market_share', 'sales', 'market_sales', 'x.value / nullif(y.value, 0)', :quarters);
SELECT recount.before('share_change', 'market_share', '100 * (x.value - y.value)');
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
