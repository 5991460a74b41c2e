-- What the shop measures, for whom, and how much each counts.

SELECT kpi.define_unit('company', name => 'Whole company');
SELECT kpi.define_unit('uk', parent => 'company', name => 'United Kingdom');
SELECT kpi.define_unit('international', parent => 'company');
SELECT kpi.define_unit(u, parent => 'international')
FROM unnest(ARRAY['germany', 'france', 'benelux', 'atlantic', 'rest']) u;

SELECT kpi.define_indicator('revenue', perspective => 'financial', unit_of_measure => 'GBP',
	source => 'shop.sale', time_column => 'invoiced_at', unit_column => 'country_group',
	numerator => 'sum(quantity * unit_price)');
SELECT kpi.define_indicator('revenue_growth', perspective => 'financial',
	source => 'shop.group_month', time_column => 'month', unit_column => 'country_group',
	numerator => 'sum(revenue - revenue_before)', denominator => 'sum(revenue_before)',
	scale => 'linear(-2:0, 0:60, 1:100, 3:120)');
SELECT kpi.define_indicator('average_order_value', perspective => 'financial', unit_of_measure => 'GBP',
	source => 'shop.order', time_column => 'invoiced_at', unit_column => 'country_group',
	numerator => 'sum(amount)', denominator => 'count(*)', filter => 'NOT cancelled');
SELECT kpi.define_indicator('median_order_value', perspective => 'financial', unit_of_measure => 'GBP',
	source => 'shop.order', time_column => 'invoiced_at', unit_column => 'country_group',
	numerator => 'percentile_cont(0.5) WITHIN GROUP (ORDER BY amount::float8)', filter => 'NOT cancelled');
SELECT kpi.define_indicator('international_share', perspective => 'financial',
	source => 'shop.order', time_column => 'invoiced_at', unit_column => 'country_group',
	numerator => 'sum(CASE WHEN international THEN amount ELSE 0 END)', denominator => 'sum(amount)');
SELECT kpi.define_indicator('active_customers', perspective => 'customer',
	source => 'shop.order', time_column => 'invoiced_at', unit_column => 'country_group',
	numerator => 'count(DISTINCT customer)', filter => 'NOT cancelled');
SELECT kpi.define_indicator('new_customers', perspective => 'customer',
	source => 'shop.customer_home', time_column => 'first_bought', unit_column => 'country_group',
	numerator => 'count(*)');
SELECT kpi.define_indicator('repeat_rate', perspective => 'customer',
	source => 'shop.customer_month', time_column => 'month', unit_column => 'country_group',
	numerator => 'count(*) FILTER (WHERE bought AND bought_before)',
	denominator => 'count(*) FILTER (WHERE bought)');
SELECT kpi.define_indicator('retention', perspective => 'customer', attainment_method => 'progress',
	source => 'shop.customer_month', time_column => 'month', unit_column => 'country_group',
	numerator => 'count(*) FILTER (WHERE bought AND bought_last_month)',
	denominator => 'count(*) FILTER (WHERE bought_last_month)');
SELECT kpi.define_indicator('churn', perspective => 'customer', direction => 'lower', zero_target => 'met',
	source => 'shop.customer_month', time_column => 'month', unit_column => 'country_group',
	numerator => 'count(*) FILTER (WHERE was_active AND NOT is_active)',
	denominator => 'count(*) FILTER (WHERE was_active)');
SELECT kpi.define_indicator('cancellation_rate', perspective => 'process', direction => 'lower',
	source => 'shop.order', time_column => 'invoiced_at', unit_column => 'country_group',
	numerator => 'count(*) FILTER (WHERE cancelled)', denominator => 'count(*)');
SELECT kpi.define_indicator('returned_share', perspective => 'process', direction => 'lower',
	attainment_method => 'inverse',
	source => 'shop.order', time_column => 'invoiced_at', unit_column => 'country_group',
	numerator => '-coalesce(sum(amount) FILTER (WHERE cancelled), 0)',
	denominator => 'sum(amount) FILTER (WHERE NOT cancelled)');
SELECT kpi.define_indicator('items_per_order', perspective => 'process', direction => 'target',
	source => 'shop.order', time_column => 'invoiced_at', unit_column => 'country_group',
	numerator => 'sum(items)', denominator => 'count(*)', filter => 'NOT cancelled');
SELECT kpi.define_indicator('product_range', perspective => 'learning',
	source => 'shop.product_month', time_column => 'month', unit_column => 'country_group',
	numerator => 'count(DISTINCT stock_code)', filter => 'items > 0');
SELECT kpi.define_indicator('known_customer_share', perspective => 'learning',
	source => 'shop.sale', time_column => 'invoiced_at', unit_column => 'country_group',
	numerator => 'count(customer)', denominator => 'count(*)');

SELECT kpi.define_scorecard('shop', name => 'The shop', min_coverage => 0.4);
SELECT kpi.set_weight('shop', 'financial', weight => 0.4);
SELECT kpi.set_weight('shop', 'customer', weight => 0.3, min_coverage => 0.7);
SELECT kpi.set_weight('shop', 'process', weight => 0.2, missing => 'zero');
SELECT kpi.set_weight('shop', 'learning', weight => 0.1, method => 'average', missing => 'null');

SELECT kpi.set_weight('shop', 'revenue', parent => 'financial', weight => 40, floor => 0, cap => 120);
SELECT kpi.set_weight('shop', 'revenue_growth', parent => 'financial', weight => 20);
SELECT kpi.set_weight('shop', 'average_order_value', parent => 'financial', weight => 20,
	scale => 'linear(0.5:0, 0.8:60, 1:100, 1.2:120)');
SELECT kpi.set_weight('shop', 'median_order_value', parent => 'financial');
SELECT kpi.set_weight('shop', 'international_share', parent => 'financial', weight => 20, unit => 'company');
SELECT kpi.set_weight('shop', 'active_customers', parent => 'customer', weight => 0.3, cap => 130);
SELECT kpi.set_weight('shop', 'new_customers', parent => 'customer', weight => 0.2,
	scale => 'step(0:0, 0.6:60, 0.9:90, 1:100)');
SELECT kpi.define_node('shop', 'loyalty', parent => 'customer', weight => 0.4, method => 'worst');
SELECT kpi.define_node('shop', 'satisfaction', parent => 'customer', weight => 0.1, name => 'Satisfaction survey');
SELECT kpi.set_weight('shop', 'repeat_rate', parent => 'loyalty', weight => 1);
SELECT kpi.set_weight('shop', 'retention', parent => 'loyalty', weight => 1, floor => 0, cap => 150);
SELECT kpi.set_weight('shop', 'churn', parent => 'loyalty', weight => 2, floor => -50);
SELECT kpi.set_weight('shop', 'cancellation_rate', parent => 'process', weight => 3, floor => 0, cap => 120);
SELECT kpi.set_weight('shop', 'returned_share', parent => 'process', weight => 2, cap => 120);
SELECT kpi.set_weight('shop', 'items_per_order', parent => 'process', weight => 1, floor => 0);
SELECT kpi.define_node('shop', 'audit', parent => 'process', weight => 0);
SELECT kpi.set_weight('shop', 'product_range', parent => 'learning', weight => 3);
SELECT kpi.set_weight('shop', 'known_customer_share', parent => 'learning', weight => 1);

-- From July on revenue counts more, and growth less.
SELECT kpi.set_weight('shop', 'revenue', parent => 'financial', weight => 50, floor => 0, cap => 120,
	"from" => '2011-07-01');
SELECT kpi.set_weight('shop', 'revenue_growth', parent => 'financial', weight => 10, "from" => '2011-07-01');
