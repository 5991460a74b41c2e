-- Both departments, said from the reference alone. A number behind the key is that of
-- the list of indicators of the sources.

SELECT kpi.define_unit('firm', name => 'Whole firm');
SELECT kpi.define_unit(u, parent => 'firm') FROM unnest('{north,south,east}'::text[]) AS u;
SELECT kpi.define_dimension('channel');
SELECT kpi.define_unit('all_channels', dimension => 'channel');
SELECT kpi.define_unit('by_' || u, parent => 'all_channels', source_value => u)
FROM unnest('{search,social,mail,shop}'::text[]) AS u;

-- money: 29, 32, 35, 34, 33, 15
SELECT kpi.define_indicator('sales', perspective => 'financial', unit_of_measure => 'GBP', source => 'firm.sale',
	time_column => 'sold_on', unit_column => 'region', unit_columns => '{"channel": "channel"}',
	numerator => 'sum(quantity * price)', windows => '{month_ytd,month_r12}');
SELECT kpi.define_indicator('sales_volume', perspective => 'financial', source => 'firm.sale',
	time_column => 'sold_on', unit_column => 'region', numerator => 'sum(quantity)');
SELECT kpi.define_indicator('cost_of_sales', perspective => 'financial', direction => 'lower', source => 'firm.sale',
	time_column => 'sold_on', unit_column => 'region', unit_columns => '{"channel": "channel"}',
	numerator => 'sum(quantity * cost)');
SELECT kpi.define_indicator('profit', perspective => 'financial', formula => 'sales - cost_of_sales');
SELECT kpi.define_indicator('marketing_cost', perspective => 'financial', direction => 'lower', source => 'firm.spend',
	time_column => 'spent_on', unit_column => 'region', unit_columns => '{"channel": "channel"}',
	numerator => 'sum(amount)');
SELECT kpi.define_indicator(category || '_cost', perspective => 'financial', direction => 'lower',
	source => 'firm.spend', time_column => 'spent_on', unit_column => 'region', numerator => 'sum(amount)',
	filter => format('category = %L', category))
FROM unnest('{advertising,promotion,research}'::text[]) AS category;
SELECT kpi.define_indicator('advertising_share', perspective => 'financial', direction => 'target',
	formula => 'advertising_cost / marketing_cost');
SELECT kpi.define_indicator('cost_benefit', perspective => 'financial', formula => 'sales / marketing_cost');
SELECT kpi.define_indicator('marketing_roi', perspective => 'financial',
	formula => '(profit - marketing_cost) / marketing_cost');
SELECT kpi.define_indicator('channel_roi', perspective => 'process',
	formula => 'kpi.roi(sales - cost_of_sales, marketing_cost)');
SELECT kpi.define_indicator('new_business_share', perspective => 'financial', source => 'firm.sale_of_new',
	time_column => 'sold_on', unit_column => 'region', numerator => 'sum(amount) FILTER (WHERE is_new)',
	denominator => 'sum(amount)');
SELECT kpi.define_indicator('sales_growth', perspective => 'financial', formula => 'sales / last_year(sales) - 1');
SELECT kpi.define_indicator('sales_growth_before', perspective => 'financial',
	formula => '(sales - previous(sales)) / abs(previous(sales))');
SELECT kpi.define_indicator('sales_to_date', perspective => 'financial', formula => 'ytd(sales)');

-- customers: 10, 11, 12 both ways, 13, 4, 5, 9, 6, 15, 16
SELECT kpi.define_indicator('customers', perspective => 'customer', source => 'firm.customer_list',
	time_column => 'day', unit_column => 'region', numerator => 'sum(customers)', combine => 'last');
SELECT kpi.define_indicator('new_customers', perspective => 'customer', source => 'firm.customer',
	time_column => 'won_on', unit_column => 'region', numerator => 'count(*)', empty => 'zero');
SELECT kpi.define_indicator('new_per_customer', perspective => 'customer', formula => 'new_customers / customers');
SELECT kpi.define_indicator('customer_growth', perspective => 'customer',
	formula => '(customers - previous(customers)) / previous(customers)');
SELECT kpi.define_indicator('acquisition_growth', perspective => 'customer',
	formula => '(new_customers - previous(new_customers)) / previous(new_customers)');
SELECT kpi.define_indicator('churn', perspective => 'customer', direction => 'lower', source => 'firm.customer_month',
	time_column => 'month', unit_column => 'region', numerator => 'count(*) FILTER (WHERE NOT stayed)',
	denominator => 'count(*)', combine => 'compound_loss', combine_units => 'ratio');
SELECT kpi.define_indicator('retention', perspective => 'customer', formula => '1 - churn');
SELECT kpi.define_indicator('repeat_rate', perspective => 'customer', source => 'firm.customer_quarter',
	time_column => 'quarter', unit_column => 'region', grain => 'quarter',
	numerator => 'count(*) FILTER (WHERE orders >= 2)', denominator => 'count(*)');
SELECT kpi.define_indicator('renewal', perspective => 'customer', source => 'firm.contract', time_column => 'ends_on',
	unit_column => 'region', numerator => 'count(*) FILTER (WHERE renewed)', denominator => 'count(*)');
SELECT kpi.define_indicator('renewal_value', perspective => 'customer', source => 'firm.contract',
	time_column => 'ends_on', unit_column => 'region', numerator => 'sum(value) FILTER (WHERE renewed)',
	denominator => 'sum(value)');
SELECT kpi.define_indicator('acquisition_cost', perspective => 'financial', direction => 'lower',
	formula => 'marketing_cost / new_customers');
SELECT kpi.define_indicator('lifetime_value', perspective => 'financial', grain => 'quarter',
	formula => 'kpi.clv_simple(profit / customers, repeat_rate, 0.03)');

-- what customers say: 1, 2, 3, 3b, 8, 24, 25, 26, 27
SELECT kpi.define_indicator('satisfaction', perspective => 'customer', source => 'firm.survey',
	time_column => 'asked_on',
	unit_column => 'region', grain => 'quarter', numerator => 'count(*) FILTER (WHERE satisfied)',
	denominator => 'count(*)');
SELECT kpi.define_indicator('callback_satisfaction', perspective => 'customer', source => 'firm.callback',
	time_column => 'called_on', unit_column => 'region', numerator => 'count(*) FILTER (WHERE satisfied)',
	denominator => 'count(*)');
SELECT kpi.define_indicator('complaint_timeliness', perspective => 'customer', source => 'firm.complaint',
	time_column => 'opened', unit_column => 'region', numerator => 'count(*) FILTER (WHERE closed <= due)',
	denominator => 'count(*)');
SELECT kpi.define_indicator('complaints', perspective => 'process', direction => 'lower', source => 'firm.complaint',
	time_column => 'opened', unit_column => 'region', numerator => 'count(*)', empty => 'zero');
SELECT kpi.define_indicator('handling_hours', perspective => 'process', direction => 'lower',
	source => 'firm.complaint',
	time_column => 'opened', unit_column => 'region', numerator => 'sum(extract(epoch FROM closed - opened)) / 3600',
	denominator => 'count(*)');
SELECT kpi.define_indicator('loyalty', perspective => 'customer', source => 'firm.survey', time_column => 'asked_on',
	unit_column => 'region', grain => 'quarter', numerator => 'sum(loyalty)', denominator => 'count(*)');
SELECT kpi.define_indicator('awareness', perspective => 'customer', source => 'firm.survey', time_column => 'asked_on',
	unit_column => 'region', grain => 'quarter', numerator => 'count(*) FILTER (WHERE aware)',
	denominator => 'count(*)');
SELECT kpi.define_indicator('favour', perspective => 'customer', source => 'firm.survey', time_column => 'asked_on',
	unit_column => 'region', grain => 'quarter', numerator => 'count(*) FILTER (WHERE aware AND favourable)',
	denominator => 'count(*) FILTER (WHERE aware)');
SELECT kpi.define_indicator('word_of_mouth', perspective => 'customer', source => 'firm.survey',
	time_column => 'asked_on', unit_column => 'region', grain => 'quarter', numerator =>
	'100 * (count(*) FILTER (WHERE recommends >= 9) - count(*) FILTER (WHERE recommends <= 6))',
	denominator => 'count(*)');
SELECT kpi.define_indicator('brand_influence', perspective => 'customer',
	formula => '100 * (0.4 * awareness + 0.3 * favour) + 0.3 * (word_of_mouth + 100) / 2');

-- market: 19, 20, 21, 22, 23
SELECT kpi.define_indicator('market_sales', perspective => 'customer', source => 'firm.market',
	time_column => 'quarter',
	grain => 'quarter', numerator => 'sum(sales)', inherit => true);
SELECT kpi.define_indicator('market_share', perspective => 'customer', formula => 'sales / market_sales');
SELECT kpi.define_indicator('share_change', perspective => 'customer',
	formula => '100 * (market_share - previous(market_share))');
SELECT kpi.define_indicator('segment_sales', perspective => 'customer', source => 'firm.market',
	time_column => 'quarter', grain => 'quarter', numerator => 'sum(segment_sales)');
SELECT kpi.define_indicator('new_product_sales', perspective => 'customer', source => 'firm.sale',
	time_column => 'sold_on', unit_column => 'region', numerator => 'sum(quantity * price)',
	filter => 'product = ''new_line''');
SELECT kpi.define_indicator('new_product_share', perspective => 'customer',
	formula => 'new_product_sales / segment_sales');
SELECT kpi.define_indicator('largest_rival', perspective => 'customer', source => 'firm.rival_sale',
	time_column => 'day', grain => 'quarter', numerator => '(SELECT max(s) FROM (SELECT sum(a) AS s '
		'FROM unnest(array_agg(rival), array_agg(amount)) AS u (r, a) GROUP BY r) AS x)');
SELECT kpi.define_indicator('relative_share', perspective => 'customer', formula => 'sales / largest_rival');
SELECT kpi.define_indicator('buyers', perspective => 'customer', source => 'firm.sale', time_column => 'sold_on',
	unit_column => 'region', numerator => 'count(DISTINCT customer)');
SELECT kpi.define_indicator('population', perspective => 'customer', kind => 'entered', grain => 'quarter',
	combine => 'last');
SELECT kpi.define_indicator('penetration', perspective => 'customer', formula => 'buyers / population');

-- steps: 17, 18, 44, 45, 46, 41, 42, 43, 28
SELECT kpi.define_indicator('visits', perspective => 'process', source => 'firm.visit', time_column => 'came_at',
	unit_column => 'region', unit_columns => '{"channel": "channel"}', numerator => 'count(*)', grain => 'week');
SELECT kpi.define_indicator('page_views', perspective => 'process', source => 'firm.visit', time_column => 'came_at',
	unit_column => 'region', numerator => 'sum(pages)');
SELECT kpi.define_indicator('visitors', perspective => 'process', source => 'firm.visit', time_column => 'came_at',
	unit_column => 'region', numerator => 'count(DISTINCT visitor)', grain => 'week');
SELECT kpi.define_indicator('dwell_time', perspective => 'process', source => 'firm.visit', time_column => 'came_at',
	unit_column => 'region', numerator => 'sum(seconds)', denominator => 'count(*)', grain => 'week');
SELECT kpi.define_indicator('conversion', perspective => 'process', source => 'firm.visit', time_column => 'came_at',
	unit_column => 'region', unit_columns => '{"channel": "channel"}',
	numerator => 'count(*) FILTER (WHERE ordered)', denominator => 'count(*)');
SELECT kpi.define_indicator('response', perspective => 'process', source => 'firm.contact',
	time_column => 'contacted_on',
	unit_column => 'region', numerator => 'count(*) FILTER (WHERE responded)', denominator => 'count(*)');
SELECT kpi.define_indicator('engagement', perspective => 'customer', source => 'firm.contact',
	time_column => 'contacted_on', unit_column => 'region', numerator => 'count(*) FILTER (WHERE took_part)',
	denominator => 'count(*)');
SELECT kpi.define_indicator('sales_conversion', perspective => 'process', source => 'firm.contact',
	time_column => 'contacted_on', unit_column => 'region', numerator => 'count(*) FILTER (WHERE bought)',
	denominator => 'count(*) FILTER (WHERE took_part)');
SELECT kpi.define_indicator('followers', perspective => 'customer', source => 'firm.social', time_column => 'day',
	numerator => 'sum(followers)', combine => 'last');
SELECT kpi.define_indicator('interactions', perspective => 'customer', source => 'firm.social', time_column => 'day',
	numerator => 'sum(interactions)');
SELECT kpi.define_indicator('social_influence', perspective => 'customer',
	formula => '0.5 * followers / 100 + 0.5 * interactions / 10');

-- people and projects: 47, 48, 49, 50, 51, 14
SELECT kpi.define_indicator('resource_efficiency', perspective => 'process',
	formula => 'sales / (marketing_cost + cost_of_sales)');
SELECT kpi.define_indicator('milestones_in_time', perspective => 'process', source => 'firm.milestone',
	time_column => 'due_on', numerator => 'count(*) FILTER (WHERE done_on <= due_on)', denominator => 'count(*)');
SELECT kpi.define_indicator('trained', perspective => 'learning', source => 'firm.staff', time_column => 'half',
	unit_column => 'region', grain => 'half', numerator => 'count(*) FILTER (WHERE trained)',
	denominator => 'count(*)');
SELECT kpi.define_indicator('training_hours', perspective => 'learning', source => 'firm.staff', time_column => 'half',
	unit_column => 'region', grain => 'half', numerator => 'sum(hours)', denominator => 'count(*)');
SELECT kpi.define_indicator('collaboration', perspective => 'process', kind => 'rated', grain => 'half');
SELECT kpi.define_indicator('morale', perspective => 'learning', kind => 'rated', grain => 'half',
	rating_method => 'median');
SELECT kpi.define_indicator('customer_quality', perspective => 'customer', kind => 'rated', grain => 'quarter',
	rating_scale => 'high:100, middle:60, low:20');
