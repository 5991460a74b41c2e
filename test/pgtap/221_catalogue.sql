-- The catalogue: every number of the list of the sources, in both languages, and what adopting asks for.
-- That each template gives the right figures is tried in 210_department; here are the three that no table feeds.
\set ON_ERROR_STOP on
BEGIN;
\ir lib.sql
SELECT no_plan();
SET LOCAL client_min_messages = warning;

SELECT is_empty($$ SELECT n FROM generate_series(1, 54) AS n WHERE n::text NOT IN (SELECT number FROM kpi.catalogue())
	UNION ALL SELECT 0 WHERE NOT EXISTS (SELECT FROM kpi.catalogue() WHERE number = '3b') $$,
	'each of the 54 indicators has a template');
SELECT is_empty($$ SELECT template FROM kpi.catalogue() GROUP BY template HAVING count(*) > 1 $$,
	'each key stands once');
SELECT is_empty($$ SELECT template FROM kpi.catalogue() WHERE num_nulls(number, name, perspective, kind, direction,
		unit_of_measure, "grain", combine, combine_units, target_rule, scale, formula, inputs, rule, question) > 0
		OR formula = '' AND kind IN ('measured', 'derived') $$, 'and says everything');
SELECT is_empty($$ SELECT template, scale FROM kpi.catalogue() WHERE CAST(scale AS kpi.scale) IS NULL $$,
	'scales are scales');
SELECT is_empty($$ SELECT template FROM kpi.catalogue()
	WHERE perspective NOT IN (SELECT perspective FROM kpi.perspective) $$, 'perspectives are those that are shipped');
SELECT is_empty($$ SELECT input FROM kpi_internal.template_inputs()
	EXCEPT SELECT jsonb_object_keys(inputs) FROM kpi.catalogue() $$, 'no input is explained in vain');
SELECT is_empty($$ SELECT template FROM kpi.catalogue(), jsonb_each(inputs) AS i WHERE i.value = 'null' $$,
	'and none is unexplained');
SELECT results_eq($$ SELECT name, kind, unit_of_measure, combine, combine_units, target_rule, formula, inputs
	FROM kpi.catalogue() WHERE template IN ('churn_rate', 'advertising_cost') ORDER BY template $$, $$ VALUES
	('Advertising cost', 'measured', 'money', 'rows', 'rows', 'spread', 'sum({amount}) WHERE {is_advertising}',
		'{"amount": "the amount of money", "is_advertising": "whether it is for advertising"}'::jsonb),
	('Customer churn', 'measured', '%', 'compound_loss', 'ratio', 'compound', 'count(*) FILTER (WHERE {lost}) / count(*)',
		'{"lost": "whether the customer was lost"}') $$, 'what a row says');

-- in Chinese
SET LOCAL kpi.language = 'zh';
SELECT is_empty($$ SELECT z.template FROM kpi.catalogue() AS z, jsonb_each_text(z.inputs) AS i
	WHERE z.name !~ '[一-龥]' OR z.rule !~ '[一-龥]' OR z.question !~ '[一-龥]' OR i.value !~ '[一-龥]' $$,
	'every template and input has its words in Chinese');
SELECT is_empty($$ SELECT template, unit_of_measure FROM kpi.catalogue() WHERE unit_of_measure ~ '[a-z]' $$,
	'and so has every unit of measure');
SELECT results_eq($$ SELECT name, rule FROM kpi.catalogue() WHERE template = 'renewal_rate' $$,
	$$ VALUES ('客户续约率', '已续约合同 / 到期合同。') $$, 'for example');
RESET kpi.language;
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('en', 'template', 'sales', 'Turnover');
SELECT is((SELECT name FROM kpi.catalogue() WHERE template = 'sales'), 'Turnover', 'words of one''s own go before');

-- adopting
CREATE SCHEMA shop;
CREATE TABLE shop.customer (month date, region text, "Lost" boolean, stayed boolean);
CREATE TABLE shop.spend (day date, amount numeric, is_advertising boolean, brand text);
SELECT is(told(query), wanted, query) FROM (VALUES
	('SELECT kpi.adopt(NULL)', '22004 | template must not be null'),
	($$SELECT kpi.adopt('churn')$$, '22023 | template "churn" does not exist in kpi.catalogue() | Known templates: '
		'churn_rate, satisfaction, satisfaction_rating, callback_satisfaction, complaint_timeliness, complaints, '
		'handling_hours, retention_rate, renewal_rate, renewal_value_rate and 72 more.'),
	($$SELECT kpi.adopt('churn_rat')$$,
		'22023 | template "churn_rat" does not exist in kpi.catalogue() | Perhaps you mean "churn_rate".'),
	($$SELECT kpi.adopt('churn_rate', 'a/b', source => 'shop.customer')$$, NULL),
	($$SELECT kpi.adopt('churn_rate')$$, '22004 | template "churn_rate" needs a source | Name the table or view that has '
		'its rows: source => ''shop.sale''.'),
	($$SELECT kpi.adopt('churn_rate', source => 'shop.custmer', time_column => 'month')$$,
		'22023 | source "shop.custmer" does not exist | Perhaps you mean "shop.customer".'),
	($$SELECT kpi.adopt('churn_rate', source => 'shop.customer')$$, '22004 | template "churn_rate" needs a time column | '
		'Name the column of shop.customer that says when: time_column => ''...''.'),
	($$SELECT kpi.adopt('churn_rate', source => 'shop.customer', time_column => 'month')$$,
		'22004 | template "churn_rate" needs "lost" | "lost" is whether the customer was lost. | '
		'Name a column or an expression of the source: inputs => ''{"lost": "..."}''.'),
	($$SELECT kpi.adopt('churn_rate', source => 'shop.customer', time_column => 'month', inputs => '{"lots": "x"}')$$,
		'22023 | input "lots" does not exist in template "churn_rate" | Perhaps you mean "lost".'),
	($$SELECT kpi.adopt('morale', inputs => '{"lots": "x"}')$$,
		'22023 | input "lots" does not exist in template "morale" | It has none.'),
	($$SELECT kpi.adopt('marketing_cost', source => 'shop.spend', time_column => 'day')$$, '22004 | template '
		'"marketing_cost" needs a unit of measure | It is an amount of money: name the currency, such as '
		'unit_of_measure => ''EUR''.'),
	($$SELECT kpi.adopt('retention_rate')$$, '22004 | template "retention_rate" needs "churn_rate" | "churn_rate" is '
		'Customer churn. | Adopt or define it, or name another indicator or a number: inputs => '
		'''{"churn_rate": "..."}''.'),
	($$SELECT kpi.adopt('churn_rate', source => 'shop.customer', time_column => 'month', inputs => '{"lost": "staid"}')$$,
		NULL)) AS q (query, wanted)
WHERE wanted IS NOT NULL;
SELECT is(told($$SELECT kpi.adopt('churn_rate', source => 'shop.customer', inputs => '["lost"]')$$),
	'22023 | inputs ["lost"] is not an object | Write what stands for each input: ''{"lost": "NOT stayed"}''.',
	'inputs of another form');
SELECT matches(told($$SELECT kpi.adopt('churn_rate', source => 'shop.customer', time_column => 'month',
	inputs => '{"lost": "staid"}')$$), '^22023 .*staid', 'an expression that the source cannot have is refused as ever');
SELECT matches(told($$SELECT kpi.adopt('churn_rate', 'a/b', source => 'shop.customer')$$), '^22023 .*a/b',
	'and so is a key that is none');

SELECT is(kpi.adopt('churn_rate', source => 'shop.customer', time_column => 'month', unit_column => 'region',
	inputs => '{"lost": "NOT stayed"}'), 'churn_rate', 'an expression');
SELECT is(kpi.adopt('churn_rate', 'lost ones', source => 'shop.customer', time_column => 'month',
	inputs => '{"lost": "\"Lost\""}', filter => 'stayed', name => 'Lost'), 'lost ones', 'a column, a name and a filter');
SELECT is(kpi.adopt('retention_rate', inputs => '{"churn_rate": "lost ones"}'), 'retention_rate', 'another indicator');
SELECT is(kpi.adopt('advertising_cost', 'ads', source => 'shop.spend', time_column => 'day', unit_of_measure => 'EUR',
	filter => 'brand = ''ours'' OR brand IS NULL'), 'ads', 'columns of those names, and two filters');
SELECT results_eq($$ SELECT indicator::text, name, numerator, filter, formula, unit_of_measure, combine::text,
	scale::text FROM kpi.indicator ORDER BY indicator COLLATE "C" $$, $$ VALUES
	('ads', 'Advertising cost', 'sum(amount)', '(is_advertising) AND (brand = ''ours'' OR brand IS NULL)', NULL, 'EUR',
		'rows', 'linear(0:0, 0.8:60, 1:100, 1.2:120)'),
	('churn_rate', 'Customer churn', 'count(*) FILTER (WHERE (NOT stayed))', NULL, NULL, '%', 'compound_loss',
		'linear(0:0, 0.8:60, 1:100, 1.1:110)'),
	('lost ones', 'Lost', 'count(*) FILTER (WHERE ("Lost"))', 'stayed', NULL, '%', 'compound_loss',
		'linear(0:0, 0.8:60, 1:100, 1.1:110)'),
	('retention_rate', 'Customer retention', NULL, NULL, '1 - "lost ones"', '%', 'formula',
		'linear(0:0, 0.8:60, 1:100, 1.2:120)') $$, 'what is defined');
SELECT kpi.adopt('churn_rate', source => 'shop.customer', time_column => 'month', unit_column => 'region',
	inputs => '{"lost": "NOT stayed"}');
SELECT is((SELECT version FROM kpi.indicator WHERE indicator = 'churn_rate'), 1, 'the same again changes nothing');
SELECT results_eq($$ SELECT language, code, name FROM kpi.translation WHERE topic = 'indicator' ORDER BY code $$,
	$$ VALUES ('zh', 'ads', '广告费用'), ('zh', 'churn_rate', '客户流失率'), ('zh', 'retention_rate', '客户保留率') $$,
	'names come in every language, but not beside one of one''s own');
SET LOCAL kpi.language = 'zh';
SELECT kpi.adopt('morale', name => '士气');
SELECT is((SELECT rule FROM kpi.indicator WHERE indicator = 'morale'), '员工评分的中位数。',
	'a rule comes in the language of who adopts');
RESET kpi.language;

-- what no table feeds: results, the match of indicators and strategy, and appraisals
SELECT kpi.define_unit('firm'), kpi.define_indicator('a', kind => 'entered', combine => 'average'),
	kpi.define_indicator('b', kind => 'entered', combine => 'average'), 
	kpi.define_scorecard('card', "grain" => 'quarter');
SELECT kpi.set_weight('card', i, weight => 1), kpi.set_target(i, 'firm', '2011', 10),
	kpi.enter(i, 'firm', '2011-01', CASE i WHEN 'a' THEN 12 ELSE 9 END) FROM unnest('{a,b}'::text[]) AS i;
SELECT kpi.refresh_results();
SELECT kpi.adopt('kpi_attainment', source => 'kpi.v_scorecard', time_column => 'period_start', unit_column => 'unit',
	filter => 'period_grain = ''quarter''');
CALL kpi.collect('2011-Q1', NULL, '{kpi_attainment}', commit_each => false);
SELECT results_eq($$ SELECT value FROM kpi.measurement WHERE indicator = 'kpi_attainment' AND unit = 'firm'
	AND grain = 'quarter' $$, 'VALUES (0.5)', 'one of two targets is reached');
SELECT kpi.adopt('strategy_match'), kpi.adopt('appraisal_score');
SELECT kpi.enter('strategy_match', 'firm', '2011-Q1', 0.73);
SELECT kpi.set_rater('appraisal_score', 'head', weight => 2), kpi.set_rater('appraisal_score', 'peer');
SELECT kpi.rate('appraisal_score', 'firm', '2011-H1', 90, rater => 'head'),
	kpi.rate('appraisal_score', 'firm', '2011-H1', 75, rater => 'peer');
SELECT results_eq($$ SELECT indicator::text, round(value, 9) FROM kpi.measurement
	WHERE indicator IN ('strategy_match', 'appraisal_score') AND grain IN ('quarter', 'half') ORDER BY 1 $$,
	$$ VALUES ('appraisal_score', 85), ('strategy_match', 0.73) $$, 'entered and judged');

SELECT * FROM finish();
ROLLBACK;
