-- Defining the registry by calls, and the help for what is wrong.
SET datestyle = 'ISO, YMD';
BEGIN;
\set ON_ERROR_ROLLBACK on

-- the nearest word
SELECT word, kpi_internal.nearest(word, ARRAY['revenue', 'churn', NULL, 'new_customers', 'nps', 'NPS',
	'Größe']) AS nearest
FROM unnest(ARRAY['revenu', 'revenue', 'REVENUE', 'chrun', 'new_custommer', 'newcustomers', 'nsp', 'n', 'x', '',
	'profit', 'grösse']) AS word;
SELECT kpi_internal.nearest('ab', '{abc,abd}') AS first, kpi_internal.nearest('ab', '{}') AS none,
	kpi_internal.nearest(NULL, '{a}') AS null_word,
	   kpi_internal.nearest('a', NULL) AS null_list, kpi_internal.nearest('ab', '{xy}') AS far,
	   kpi_internal.nearest('a', '{b}') AS short,
	   kpi_internal.nearest(repeat('a', 300), ARRAY[repeat('a', 300)]) AS long;

-- nothing is there yet
SELECT kpi_internal.require_indicator('revenue');
SELECT kpi_internal.require_unit('north');
SELECT kpi_internal.require_scorecard('marketing');
SELECT kpi_internal.require_perspective('finance');
SELECT kpi_internal.require_perspective('custmer');
SELECT kpi_internal.require_band_set('grades');
SELECT kpi_internal.require_indicator(NULL);

-- perspectives
SELECT kpi.define_perspective('planet');
SELECT kpi.define_perspective('people', name => 'Our people', "position" => 45);
SELECT kpi.define_perspective('planet');
SELECT kpi.define_perspective('process');
SELECT kpi.define_perspective('process', name => 'Process');
SELECT * FROM kpi.perspective ORDER BY position;

-- units
SELECT kpi.define_unit('company', name => 'Whole company');
SELECT kpi.define_unit('north', parent => 'company');
SELECT kpi.define_unit('south', parent => 'company');
SELECT kpi.define_unit('north_east', parent => 'north');
SELECT kpi.define_unit('north', parent => 'company');
SELECT kpi.define_unit('east', parent => 'compny');
SELECT kpi.define_unit('company', parent => 'north_east');
SELECT kpi.define_unit('north', parent => 'north');
SELECT kpi.define_unit('a/b');
SELECT kpi.define_unit(NULL);
SELECT unit, parent, name, position FROM kpi.unit LEFT JOIN kpi.unit_parent USING (unit) ORDER BY unit;

-- indicators
CREATE SCHEMA shop;
CREATE TABLE shop.order_line (ordered_at timestamptz, region text, customer integer, quantity integer, price numeric);
CREATE TABLE shop.customer_month (customer integer, month date, region text, was_active boolean, is_active boolean);
CREATE TABLE shop."Visits" ("Day" date, "when" timestamp, who text);
CREATE TEMP TABLE passing (day date);
CREATE INDEX order_line_index ON shop.order_line (ordered_at);
SELECT kpi.define_indicator('revenue', name => 'Revenue', perspective => 'financial',
	   source => 'shop.order_line', time_column => 'ordered_at', unit_column => 'region',
	   numerator => 'sum(quantity * price)', unit_of_measure => 'GBP');
SELECT kpi.define_indicator('churn', name => 'Customer churn', perspective => 'customer', direction => 'lower',
	   source => 'shop.customer_month', time_column => 'month', unit_column => 'region',
	   numerator => 'count(*) FILTER (WHERE was_active AND NOT is_active)',
	   denominator => 'count(*) FILTER (WHERE was_active)');
SELECT kpi.define_indicator('orders', source => 'shop.order_line', time_column => 'ordered_at',
	numerator => 'count(*)');
SELECT kpi.define_indicator('buyers', source => 'shop.order_line', time_column => 'ordered_at',
	numerator => 'count( distinct customer)');
SELECT kpi.define_indicator('staff_rating');
SET search_path = shop;
SELECT kpi.define_indicator('visits', source => '"Visits"', time_column => 'Day', numerator => 'count(*)');
RESET search_path;
SELECT indicator, name, kind, source, combine, decimals, direction, grain, version, owner = current_user AS mine
FROM kpi.indicator ORDER BY indicator;

-- which expressions are sums over rows
SELECT e, kpi_internal.adds_up(e)
FROM unnest(ARRAY['sum(x)', ' SUM (x) * 100', 'count(*)', 'sum(x) / sum(y)', 'sum(x / 2)',
	'sum(x) FILTER (WHERE (a / b) > (1))',
				  'sum(x) - sum(y)', 'coalesce(sum(x), 0)', 'round(sum(x), 2)', '1.19 * sum(x)', 'sum(x)::numeric / 1000',
	'-sum(x) + 0', 'sum(x) * (1 + 0.19) -- with tax', 'coalesce(sum(x), sum(y), 0) - count(*)', 'pg_catalog.sum(x)',
	'round(sum(x) / 2) + round(count(y))', 'sum(x) + 5', 'coalesce(sum(x), 1)', '1000 / sum(x)', 'sum(x) * sum(y)',
	'sum(x) * max(y)', 'sum(x) % 7', 'abs(sum(x))', 'sum(DISTINCT x)', 's.sum(x)', 'nullif(sum(x), 0)',
	'CASE WHEN true THEN sum(x) END', 'count(DISTINCT x)', 'avg(x)', 'max(x)', 'summary(x)', '5', '1; SELECT sum(x)',
	'sum(x)) + (sum(y)', 'sum(', 'U&''\\+', '', NULL]) AS e;

-- the same call twice changes nothing; what is left out stays, what is reset gets its default
SELECT kpi.define_indicator('revenue', name => 'Revenue', perspective => 'financial',
	   source => 'shop.order_line', time_column => 'ordered_at', unit_column => 'region',
	   numerator => 'sum(quantity * price)', unit_of_measure => 'GBP');
SELECT version FROM kpi.indicator WHERE indicator = 'revenue';
SELECT kpi.define_indicator('revenue', source => 'shop.order_line', time_column => 'ordered_at',
	numerator => 'sum(quantity * price)',
	   unit_column => 'region', scale => 'linear(0:0, 1:100)');
SELECT name, perspective, unit_of_measure, scale, version FROM kpi.indicator WHERE indicator = 'revenue';
SELECT kpi.define_indicator('revenue', decimals => 0);
SELECT kpi.define_indicator('revenue', reset => '{scale,decimals,filter}');
SELECT kind, source, direction, scale, decimals, version FROM kpi.indicator WHERE indicator = 'revenue';
-- how targets are brought to periods is read off the rule of combining and the expressions
SELECT kpi.define_indicator('revenue', numerator => 'max(price)');
SELECT kpi.define_indicator('visits', combine => 'last');
SELECT kpi.define_indicator('visits', numerator => 'max("Day") - min("Day")');
SELECT indicator, combine, combine_units, last_by, kpi_internal.target_rule(i) FROM kpi.indicator AS i
WHERE indicator IN ('revenue', 'visits') ORDER BY 1;
SELECT kpi.define_indicator('revenue', numerator => 'sum(quantity * price)');
-- a change of the kind takes along what only the former one knows
SELECT kpi.define_indicator('visits', empty => 'zero');
SELECT kpi.define_indicator('visits', kind => 'entered');
SELECT kind, source, time_column, numerator, combine, empty FROM kpi.indicator WHERE indicator = 'visits';
SELECT kpi.define_indicator('visits', source => 'shop."Visits"', time_column => 'Day', numerator => 'count(*)');
SELECT kind, source, combine FROM kpi.indicator WHERE indicator = 'visits';
SELECT kpi.define_indicator('visits', kind => 'entered', filter => 'true');
SELECT kpi.define_indicator('visits', reset => '{sorce}');
SELECT kpi.define_indicator('visits', reset => '{version}');

-- what is wrong with an indicator
SELECT kpi.define_indicator('x', perspective => 'finacial');
SELECT kpi.define_indicator('x', direction => 'up');
SELECT kpi.define_indicator('x', kind => 'guessed');
SELECT kpi.define_indicator('x', grain => 'fortnight');
SELECT kpi.define_indicator('x', grain => 'month_ytd');
SELECT kpi.define_indicator('x', combine => 'total');
SELECT kpi.define_indicator('x', attainment_method => 'inverse');
SELECT kpi.define_indicator('x', attainment_method => 'reverse');
SELECT kpi.define_indicator('x', zero_target => 'error');
SELECT kpi.define_indicator('x', state => 'new');
SELECT kpi.define_indicator('x', decimals => 7);
SELECT kpi.define_indicator('x', kind => 'measured');
SELECT kpi.define_indicator('x', numerator => 'sum(price)');
SELECT kpi.define_indicator('x', source => 'shop.order_line');
-- a snapshot
SELECT kpi.define_indicator('snapshot', source => 'shop."Visits"', numerator => 'count(*)');
DELETE FROM kpi.indicator WHERE indicator = 'snapshot';
SELECT kpi.define_indicator('x', source => 'shop.order_line', time_column => 'ordered_at');
SELECT kpi.define_indicator('x', source => 'shop.order_line', time_column => 'ordered_at', numerator => 'sum(price)',
	combine => 'ratio');
SELECT kpi.define_indicator('x', source => 'order_line', time_column => 'ordered_at', numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'shop.orderline', time_column => 'ordered_at', numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'shop.visits', time_column => 'Day', numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'nothing.like_it_at_all', time_column => 'day', numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'a b', time_column => 'day', numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'a.b.c.d', time_column => 'day', numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'passing', time_column => 'day', numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'shop.order_line_index', time_column => 'ordered_at',
	numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'shop.customer_month', time_column => 'mnth', numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'shop.customer_month', time_column => 'month', unit_column => 'regoin',
	numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'shop.customer_month', time_column => 'region', numerator => 'count(*)');
SELECT kpi.define_indicator('x', source => 'shop.order_line', time_column => 'ordered_at',
	numerator => 'sum(quantty)');
SELECT kpi.define_indicator('revenue', source => 'shop.order_line', time_column => 'ordered_at',
	numerator => 'sum(quantty)');
-- a window looks over what else is measured
SELECT kpi.define_indicator('x', source => 'shop.order_line', time_column => 'ordered_at',
	numerator => 'sum(sum(price)) OVER ()');
SELECT kpi.define_indicator('x', source => 'shop.order_line', time_column => 'ordered_at', numerator => 'sum(price)',
	denominator => 'lag(sum(price)) OVER (ORDER BY 1)');
SELECT kpi.define_indicator('a/b');
SELECT kpi.define_indicator(NULL);
SELECT count(*) AS indicators, max(version) FILTER (WHERE indicator = 'revenue') AS version FROM kpi.indicator;

-- targets
SELECT kpi.define_indicator('revenue', attainment_method => 'progress');
SELECT kpi.set_target('revenue', unit => 'north', period => '2011-11', target => 120000);
SELECT kpi.set_target('revenue', unit => 'north', period => '2011-Q1', target => 1000, baseline => 10.5,
	stretch => 1100, basis => 'history', note => 'first');
SELECT kpi.set_target('churn', unit => 'company', period => '2011', target => 0.05);
SELECT kpi.set_target('churn', unit => 'company', period => '[2012-01-01,2012-06-30]', target => 0.04);
SELECT kpi.set_target('churn', unit => 'company', period => '2011', target => 0.06, note => 'again');
SELECT kpi.set_target('churn', unit => 'company', period => '2011', target => 0.06, note => 'again',
	reason => 'board');
SELECT kpi.set_target('churn', unit => 'company', period => '2011', note => 'noted');
SELECT kpi.set_target('churn', unit => 'company', period => '2011', target => 0.06);
SELECT kpi.set_target('churn', unit => 'company', day => '2011-11-05', grain => 'month', target => 0.055);
SELECT kpi.set_target('churn', unit => 'company', period => '2013', target => 0.05, grain => 'quarter');
SELECT kpi.set_target('churn', unit => 'company', period => '[2014-01-01,)', target => 0.04);
SELECT indicator, unit, grain, period, target, baseline, stretch, basis, note, reason, set_by = current_user AS mine,
	set_at = now() AS now
FROM kpi.target ORDER BY indicator, unit, period, grain;
SELECT kpi.set_target('churn', unit => 'company', period => '2013-Q2', target => 0.05);
SELECT kpi.set_target('churn', unit => 'company', period => '2011', target => 0.06, grain => 'week');
SELECT kpi.set_target('churn', unit => 'company', period => '2011-11 ytd', target => 0.06);
SELECT kpi.set_target('churn', unit => 'company', period => '2011', target => 0.06, grain => 'mnth');
SELECT kpi.set_target('churn', unit => 'company', period => '2015', target => 1e200);
SELECT kpi.set_target('churn', unit => 'company', period => '2015', low => 3, high => 2);
SELECT kpi.set_target('churn', unit => 'company', period => '2015', reset => '{unit}');
SELECT kpi.set_target('revenu', unit => 'north', period => '2011-12', target => 1);
SELECT kpi.set_target('revenue', unit => 'nort', period => '2011-12', target => 1);
SELECT kpi.set_target('revenue', unit => 'north', period => '2011-13', target => 1);
SELECT kpi.set_target('revenue', unit => 'north', period => '[2011-12-01,)', target => 1);
SELECT kpi.set_target('revenue', unit => 'north', period => '[2011-12-01,infinity)', target => 1);
SELECT kpi.set_target('revenue', unit => 'north', period => '(,2011-12-01)', target => 1);
SELECT kpi.set_target('revenue', unit => 'north', period => 'empty', target => 1);
SELECT kpi.set_target('revenue', unit => 'north', period => '[2011-12-01,2011-11-01)', target => 1);
SELECT kpi.set_target('revenue', unit => 'north', period => '[soon,later)', target => 1);
SELECT kpi.set_target('revenue', unit => 'north', period => NULL, target => 1);
SELECT kpi.set_target('revenue', unit => 'north', period => '2011-12', target => NULL);
SELECT kpi.set_target('revenue', unit => 'north', period => '2011-12', target => 'NaN');
SELECT kpi.set_target('revenue', unit => 'north', period => '2011-12', target => 1, stretch => 'Infinity');
SELECT kpi.set_target('revenue', unit => 'north', period => '2011-12', target => 1, basis => 'luck');

-- a target that replaces parts of others
SELECT kpi.set_target('revenue', unit => 'north', period => '2011-11', target => 500, reason => 'half');
SELECT kpi.set_target('revenue', unit => 'north', period => '2012', target => 70, grain => 'month');
SELECT kpi.set_target('revenue', unit => 'north', period => '2012-02', target => 500, replace => true);
SELECT kpi.set_target('revenue', unit => 'north', period => '2012-02', target => 500, replace => true,
	reason => 'late');
SELECT kpi.set_target('revenue', unit => 'north', period => '[2013-01-01,2013-01-11)', target => 100, stretch => 200);
SELECT kpi.set_target('revenue', unit => 'north', period => '[2013-01-03,2013-01-06)', target => 7, replace => true,
	reason => 'late');
SELECT kpi.set_target('churn', unit => 'company', period => '[2012-04-01,2012-09-01)', target => 0.03,
	replace => true, reason => 'late');
SELECT indicator, unit, grain, period, round(target, 6) AS target, round(baseline, 6) AS baseline,
	round(stretch, 6) AS stretch, basis, note
FROM kpi.target ORDER BY indicator, unit, period, grain;
SELECT kpi.set_target('revenue', unit => 'north', period => '2012', target => 1, grain => 'month', replace => true,
	reason => 'all');
SELECT grain, period, target FROM kpi.target WHERE indicator = 'revenue' ORDER BY period;

-- scorecards
SELECT kpi.define_scorecard('marketing', name => 'Marketing department');
SELECT kpi.define_scorecard('sales', grain => 'quarter', method => 'worst', missing => 'null', min_coverage => 0.8);
SELECT kpi.define_scorecard('sales', grain => 'quarter', method => 'worst', missing => 'null', min_coverage => 0.8);
SELECT * FROM kpi.scorecard ORDER BY scorecard;
SELECT kpi.define_scorecard('x', grain => 'mnth');
SELECT kpi.define_scorecard('x', method => 'mean');
SELECT kpi.define_scorecard('x', method => 'self');
SELECT kpi.define_scorecard('x', missing => 'skip');
SELECT kpi.define_scorecard('x', min_coverage => 80);
SELECT kpi.define_scorecard('x', min_coverage => 'NaN');
SELECT kpi.define_scorecard('x', band_set => 'standart');
SELECT kpi.define_scorecard('/');

-- weights
SELECT kpi.set_weight('marketing', 'financial', weight => 0.4);
SELECT kpi.set_weight('marketing', 'customer', weight => 0.6);
SELECT kpi.set_weight('marketing', 'revenue', parent => 'financial', weight => 1);
SELECT kpi.set_weight('marketing', 'churn', parent => 'customer', weight => 1,
	scale => 'linear(0.5:0, 0.8:60, 1:100, 1.2:120)', cap => 120);
SELECT kpi.set_weight('marketing', 'rating', parent => 'customer', indicator => 'staff_rating', unit => 'north',
	name => 'How we do');
SELECT kpi.set_weight('marketing', 'growth', parent => 'financial', method => 'worst', weight => 2);
SELECT kpi.define_node('marketing', 'growth', parent => 'financial', method => 'worst', weight => 2);
SELECT kpi.set_weight('marketing', 'orders', parent => 'growth', weight => 1);
SELECT node, parent, indicator, unit, perspective, name, weight, method, scale, cap, position, valid
FROM kpi.scorecard_node ORDER BY node, valid;

-- what is left out stays, all but the weight; the scorecard stands for the top
SELECT kpi.set_weight('marketing', 'churn', weight => 0.5);
SELECT kpi.set_weight('marketing', 'rating', parent => 'marketing', weight => 0);
SELECT node, parent, indicator, name, weight, scale, cap, position, valid FROM kpi.scorecard_node
WHERE node IN ('churn', 'rating') ORDER BY node;

-- what is reset goes back to what a new node has
SELECT kpi.define_node('marketing', 'churn', reset => '{cap,scale,weight}');
SELECT kpi.define_node('marketing', 'rating', name => 'Rating', reset => '{unit}');
SELECT node, parent, indicator, unit, name, weight, scale, cap, position, valid FROM kpi.scorecard_node
WHERE node IN ('churn', 'rating') ORDER BY node;
SELECT kpi.define_node('marketing', 'churn', weight => 0.5, scale => 'linear(0.5:0, 0.8:60, 1:100, 1.2:120)',
	cap => 120);

-- another weight from a day on
SELECT kpi.set_weight('marketing', 'churn', weight => 0.7, "from" => '2012-01-01');
SELECT kpi.set_weight('marketing', 'churn', weight => 0.7, "from" => '2012-01-01');
SELECT kpi.set_weight('marketing', 'churn', weight => 0.8, "from" => '2012-01-01');
SELECT kpi.set_weight('marketing', 'churn', weight => 0.6, "from" => '2011-07-01');
SELECT kpi.set_weight('marketing', 'churn', weight => 0.9);
SELECT kpi.set_weight('marketing', 'buyers', parent => 'customer', weight => 1, "from" => '2012-01-01');
SELECT kpi.set_weight('marketing', 'buyers', weight => 2, "from" => '2011-01-01');
SELECT node, parent, weight, cap, valid FROM kpi.scorecard_node WHERE node IN ('churn', 'buyers') ORDER BY node, valid;
UPDATE kpi.scorecard_node SET valid = '[2012-01-01,2013-01-01)' WHERE node = 'buyers' AND lower(valid) = '2012-01-01';
SELECT kpi.set_weight('marketing', 'buyers', weight => 3);

-- what is wrong with a weight
SELECT kpi.set_weight('marketing', 'churn', weight => -1);
SELECT kpi.set_weight('marketing', 'churn', weight => 'NaN');
SELECT kpi.set_weight('marketing', 'churn', weight => 'Infinity');
SELECT kpi.set_weight('markting', 'churn', weight => 1);
SELECT kpi.set_weight('marketing', 'marketing', weight => 1);
SELECT kpi.set_weight('marketing', 'x/y', weight => 1);
SELECT kpi.set_weight('marketing', 'revnue', weight => 1);
SELECT kpi.define_node('marketing', 'other', name => '');
SELECT kpi.define_node('marketing', 'churn', reset => '{capp}');
SELECT kpi.set_weight('marketing', NULL, weight => 1);
SELECT kpi.set_weight('marketing', 'churn', weight => 1, parent => 'custmer');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, parent => 'churn');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, parent => 'revenue');
SELECT kpi.set_weight('marketing', 'financial', weight => 1, parent => 'growth');
SELECT kpi.set_weight('marketing', 'growth', weight => 1, indicator => 'buyers');
SELECT kpi.define_node('marketing', 'late', weight => 1, "from" => '2012-01-01');
SELECT kpi.set_weight('marketing', 'visits', weight => 1, parent => 'late');
SELECT kpi.set_weight('marketing', 'visits', weight => 1, parent => 'late', "from" => '2012-02-01');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, indicator => 'chrun');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, unit => 'west');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, perspective => 'customers');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, method => 'mean');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, missing => 'ignore');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, role => 'veto');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, role => 'bonus');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, role_limit => 5);
SELECT kpi.set_weight('marketing', 'churn', weight => 1, max_age => 1001);
SELECT kpi.set_weight('marketing', 'churn', weight => 1, min_coverage => -0.1);
SELECT kpi.set_weight('marketing', 'churn', weight => 1, floor => 150);
SELECT kpi.set_weight('marketing', 'churn', weight => 1, floor => '-Infinity');
SELECT kpi.set_weight('marketing', 'churn', weight => 1, "from" => 'infinity');
SELECT kpi.set_weight('sales', 'churn', weight => 1, parent => 'customer');
ROLLBACK;
