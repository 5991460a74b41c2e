-- The demo: what it holds, the story in it, and that loading and dropping it
-- leaves everything else as it was.
-- share: 6
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;

-- every object and every row of the registry, as one line each
CREATE FUNCTION pg_temp.registry() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	t regclass;
BEGIN
	FOR t IN SELECT c.oid FROM pg_class c WHERE c.relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
		AND c.relkind = 'r' LOOP
		RETURN QUERY EXECUTE format('SELECT %L || r::text FROM %s r', t::text, t);
	END LOOP;
END
$$;
CREATE FUNCTION pg_temp.catalogue() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT 'relation ' || c.oid || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname !~ '^pg_(toast|temp)'
	UNION ALL SELECT 'function ' || oid || proname FROM pg_proc
	UNION ALL SELECT 'type ' || oid || typname FROM pg_type WHERE typnamespace <> pg_my_temp_schema()
	UNION ALL SELECT 'constraint ' || oid || conname FROM pg_constraint
	UNION ALL SELECT 'schema ' || oid || nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
$$;

-- the user's own rows, of every table, beside which the demo is loaded
SELECT kpi.define_unit('hq', name => 'Own unit');
SELECT kpi.define_indicator('mine', kind => 'entered', combine => 'average', perspective => 'learning');
SELECT kpi.set_target('mine', 'hq', '2025', 5);
SELECT kpi.define_scorecard('own');
SELECT kpi.set_weight('own', 'mine', weight => 1);
SELECT kpi.enter('mine', 'hq', '2025-10', 4);
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('zh', 'indicator', 'acme_churn', 'own word'),
	('de', 'indicator', 'acme_revenue', 'Umsatz');
INSERT INTO kpi.run (from_date, to_date, started, indicators) VALUES ('2025-01-01', '2025-02-01', '2025-02-01', 0);

SELECT kpi.refresh_results();
CREATE TEMP TABLE registry_before AS SELECT * FROM pg_temp.registry() line;
CREATE TEMP TABLE story (what text PRIMARY KEY, line text);
CREATE TEMP TABLE catalogue_before (line text);
INSERT INTO catalogue_before SELECT pg_temp.catalogue();

-- without a demo, or where it does not fit
SELECT is(kpi.drop_demo(), 'No demo is loaded.', 'dropping without a demo is harmless');
SAVEPOINT taken;
SELECT kpi.define_indicator('acme_revenue', kind => 'entered');
SELECT throws_ok('SELECT kpi.load_demo()', '42710', 'indicator "acme_revenue" exists already and is not the demo''s',
	'a key that is taken is named');
SELECT ok(to_regnamespace('kpi_demo') IS NULL, 'and nothing was made');
ROLLBACK TO taken;
SELECT kpi.define_unit('eastland');
SELECT throws_ok('SELECT kpi.load_demo()', '42710', 'unit "eastland" exists already and is not the demo''s',
	'a unit too');
ROLLBACK TO taken;
SELECT kpi.define_dimension('acme_channel');
SELECT throws_ok('SELECT kpi.load_demo()', '42710', 'dimension "acme_channel" exists already and is not the demo''s',
	'a dimension too');
ROLLBACK TO taken;
SELECT kpi.define_scorecard('acme_marketing');
SELECT throws_ok('SELECT kpi.load_demo()', '42710', 'scorecard "acme_marketing" exists already and is not the demo''s',
	'a scorecard too');
ROLLBACK TO taken;
CREATE SCHEMA kpi_demo;
SELECT throws_ok('SELECT kpi.load_demo()', '42P06', 'schema "kpi_demo" already exists', 'a schema of that name too');
SELECT throws_ok('SELECT kpi.drop_demo()', '55000', 'schema "kpi_demo" was not made by kpi.load_demo()',
	'which is not dropped either');
ROLLBACK TO taken;

SELECT matches(kpi.load_demo(), '^Two years of a marketing department .* 17 indicators', 'loaded');
SELECT throws_ok('SELECT kpi.load_demo()', '42P06', 'schema "kpi_demo" already exists', 'not twice');
SELECT is(n, wanted::bigint, 'rows of ' || t)
FROM (SELECT (SELECT count(*) FROM kpi_demo.customer), 3630, 'customer'
	UNION ALL SELECT (SELECT count(*) FROM kpi_demo.orders), 18157, 'orders'
	UNION ALL SELECT (SELECT count(*) FROM kpi_demo.order_line), 32619, 'order_line'
	UNION ALL SELECT (SELECT count(*) FROM kpi_demo.campaign), 480, 'campaign'
	UNION ALL SELECT (SELECT count(*) FROM kpi_demo.complaint), 894, 'complaint'
	UNION ALL SELECT (SELECT count(*) FROM kpi_demo.survey_answer), 5513, 'survey_answer'
	UNION ALL SELECT (SELECT count(*) FROM kpi_demo.training), 576, 'training'
	UNION ALL SELECT (SELECT count(*) FROM kpi_demo.market), 96, 'market'
	UNION ALL SELECT (SELECT count(*) FROM kpi_demo.budget), 96, 'budget'
	UNION ALL SELECT (SELECT count(*) FROM kpi_demo.plan), 288, 'plan') x(n, wanted, t);
SELECT is(sum(l.quantity * l.price), 3852809.17, 'turnover of all orders') FROM kpi_demo.order_line l;
SELECT is(count(*), 0::bigint, 'nobody orders before joining or after the month of leaving')
FROM kpi_demo.orders o JOIN kpi_demo.customer c USING (customer)
WHERE o.ordered_on < c.joined OR date_trunc('month', o.ordered_on) > date_trunc('month', c.left_on);
SELECT is(count(*), 0::bigint, 'nobody leaves before joining') FROM kpi_demo.customer WHERE left_on <= joined;
SELECT results_eq($$ SELECT i.kind::text, count(*) FROM kpi.indicator i
	JOIN kpi_demo.registered r ON r.topic = 'indicator' AND r.code = i.indicator GROUP BY 1 ORDER BY 1 $$,
	$$ VALUES ('derived', 2::bigint), ('entered', 1), ('measured', 18), ('rated', 1) $$, 'indicators of each kind');
SELECT is(count(*), 17::bigint, 'those that count on the scorecard') FROM kpi.scorecard_node n
WHERE n.scorecard = 'acme_marketing' AND n.indicator IS NOT NULL;
SELECT is(array_agg(DISTINCT i.perspective::text ORDER BY i.perspective::text),
	'{customer,financial,learning,process}', 'on four perspectives')
FROM kpi.indicator i WHERE i.source LIKE 'kpi_demo.%';
SELECT is(sum(n.weight), 1.00, 'weights below ' || coalesce(n.parent, n.scorecard) || ' add up')
FROM kpi.scorecard_node n WHERE n.scorecard = 'acme_marketing' GROUP BY n.scorecard, n.parent;
SELECT is(t.target, s.target, 'the company''s plan is the sum of the regions: ' || t.indicator)
FROM (SELECT indicator, sum(target) AS target FROM kpi.target WHERE unit = 'acme' GROUP BY indicator) t
	JOIN (SELECT indicator, sum(target) AS target FROM kpi.target
		WHERE unit IN ('northland', 'southland', 'eastland', 'westland')
		GROUP BY indicator) s USING (indicator)
WHERE t.indicator IN ('acme_revenue', 'acme_new_customers', 'acme_complaints');

CALL kpi.collect('2024-01', '2025-12', commit_each => false);

-- what was collected is what plain SQL says
SELECT is(r.failed, 0, 'every indicator was collected') FROM kpi.run r WHERE r.indicators > 0;
SELECT results_eq($$ SELECT period_start, value FROM kpi.measurement WHERE indicator = 'acme_revenue' AND unit = 'acme'
	AND grain = 'month' ORDER BY 1 $$,
	$$ SELECT date_trunc('month', o.ordered_on)::date, sum(l.quantity * l.price) FROM kpi_demo.orders o
		JOIN kpi_demo.order_line l USING (order_no)
	   WHERE o.ordered_on >= '2024-01-01' GROUP BY 1 ORDER BY 1 $$, 'revenue by month');
SELECT results_eq($$ SELECT unit::text, period_start, numerator, denominator FROM kpi.measurement
	WHERE indicator = 'acme_churn' AND unit <> 'acme' AND grain = 'month' ORDER BY 1, 2 $$,
	$$ SELECT c.region, m::date, count(*) FILTER (WHERE c.left_on < m + interval '1 month')::numeric, count(*)::numeric
	   FROM kpi_demo.customer c, generate_series(timestamp '2024-01-01', '2025-12-01', '1 month') m
	   WHERE c.joined < m AND (c.left_on IS NULL OR c.left_on >= m) GROUP BY 1, 2 ORDER BY 1, 2 $$,
		'churn by region and month');
SELECT results_eq($$ SELECT period_start, round(value, 12) FROM kpi.measurement
	WHERE indicator = 'acme_roi_display' AND unit = 'acme' AND grain = 'month' ORDER BY 1 $$,
	$$ SELECT s.month, round(g.margin / s.spend - 1, 12)
	   FROM (SELECT month, sum(spend) AS spend FROM kpi_demo.campaign WHERE channel = 'display' GROUP BY 1) s
	   JOIN (SELECT date_trunc('month', o.ordered_on)::date AS month, sum(l.quantity * (l.price - l.cost)) AS margin
			 FROM kpi_demo.orders o JOIN kpi_demo.order_line l USING (order_no) WHERE o.channel = 'display'
			 GROUP BY 1) g USING (month)
	   ORDER BY 1 $$, 'return of the display channel by month');

-- a formula, over regions and over channels, for a month, a half-year and the year to date
CREATE TEMP VIEW paid AS
	SELECT c.region, c.channel, c.month, c.spend, coalesce(g.margin, 0) AS margin
	FROM kpi_demo.campaign c
		LEFT JOIN (SELECT u.region, o.channel, date_trunc('month', o.ordered_on)::date AS month,
				sum(l.quantity * (l.price - l.cost)) AS margin
			FROM kpi_demo.orders o JOIN kpi_demo.customer u USING (customer) JOIN kpi_demo.order_line l USING (order_no)
			GROUP BY 1, 2, 3) g USING (region, channel, month);
SELECT results_eq(format($$ SELECT unit::text, round(value, 12) FROM kpi.measurement
	WHERE indicator = 'acme_marketing_roi' AND grain = %L AND period_start = %L ORDER BY unit COLLATE "C" $$, p.grain,
		p.start),
	format($$ SELECT unit, round(sum(margin) / sum(spend) - 1, 12)
		FROM paid CROSS JOIN LATERAL (VALUES (region), ('acme_' || channel), ('acme'), ('acme_channels')) u (unit)
		WHERE month >= %L AND month < %L GROUP BY unit ORDER BY unit COLLATE "C" $$, p.since, p.until),
	'return of each region and channel: ' || p.label)
FROM (VALUES ('month', date '2025-10-01', date '2025-10-01', date '2025-11-01', '2025-10'),
	('half', '2025-01-01', '2025-01-01', '2025-07-01', '2025-H1'),
	('month_ytd', '2025-10-01', '2025-01-01', '2025-11-01', '2025-10 ytd')) p (grain, start, since, until, label);
SELECT is(p.period_label, p.label, 'the label of ' || p.label)
FROM (SELECT i.period_label::text, w.label FROM kpi.v_indicator i
	JOIN (VALUES ('half', date '2025-01-01', '2025-H1'), ('month_ytd', '2025-10-01', '2025-10 ytd')) w (grain, start,
		label)
		ON i.period_grain = w.grain AND i.period_start = w.start
	WHERE i.indicator = 'acme_marketing_roi' AND i.unit = 'acme_display') p;
SELECT results_eq($$ SELECT unit::text, value FROM kpi.measurement
	WHERE indicator = 'acme_revenue' AND grain = 'month_ytd' AND period_start = '2025-10-01' AND unit LIKE 'acme%'
	ORDER BY unit COLLATE "C" $$,
	$$ SELECT unit, sum(quantity * price) FROM kpi_demo.sale
		CROSS JOIN LATERAL (VALUES ('acme_' || channel), ('acme'), ('acme_channels')) u (unit)
		WHERE ordered_on >= '2025-01-01' AND ordered_on < '2025-11-01' GROUP BY unit ORDER BY unit COLLATE "C" $$,
	'revenue of the year to date');
SELECT is(attainment, round(actual / (SELECT sum(target) FROM kpi.target WHERE indicator = 'acme_revenue'
	AND unit = 'acme'
	AND period <@ daterange('2025-01-01', '2025-11-01')), 6), 'attained of the targets of its months')
FROM kpi.v_indicator WHERE indicator = 'acme_revenue' AND unit = 'acme' AND period_label = '2025-10 ytd';
SELECT is_empty($$ SELECT FROM kpi.v_scorecard v JOIN kpi.unit u USING (unit) WHERE u.dimension <> 'organisation' $$,
	'the scorecard is for regions alone');
SELECT is_empty($$ SELECT * FROM kpi.v_data_quality v WHERE severity = 'error' $$, 'no finding is an error');

-- the story
SELECT ok(min(value) > 1, 'display ads return more than twice their cost all through 2024')
FROM kpi.measurement WHERE indicator = 'acme_roi_display' AND unit = 'acme' AND grain = 'month'
	AND period_start < '2025-01-01';
SELECT ok(max(value) < 0, 'and less than their cost from October 2025 on')
FROM kpi.measurement WHERE indicator = 'acme_roi_display' AND unit = 'acme' AND grain = 'month'
	AND period_start >= '2025-10-01';
SELECT is((SELECT unit::text FROM kpi.measurement WHERE indicator = 'acme_churn' AND unit <> 'acme' AND grain = 'month'
	AND period_start = m
		   ORDER BY value DESC LIMIT 1), 'eastland', 'the east loses most in ' || to_char(m, 'YYYY-MM'))
FROM generate_series(timestamp '2025-06-01', '2025-12-01', '1 month') m;
SELECT is(count(*), 0::bigint, 'no survey in 2025-10, no measurement') FROM kpi.measurement
WHERE indicator IN ('acme_satisfaction', 'acme_nps') AND grain = 'month' AND period_start = '2025-10-01';
SELECT is(count(*), CASE WHEN indicator IN ('acme_satisfaction', 'acme_nps') THEN 185 ELSE 190 END::bigint,
	'nothing else is missing: ' || indicator)
FROM kpi.measurement JOIN kpi.indicator USING (indicator) JOIN kpi.unit u USING (unit)
WHERE kind IN ('measured', 'derived') AND u.dimension = 'organisation' AND measurement.grain <> 'month_ytd'
GROUP BY indicator;
SELECT unnest(ARRAY[
	is((SELECT array_agg(m ORDER BY m) FROM unnest(e.missing_nodes) m), '{acme_nps,acme_satisfaction}',
		'the scorecard misses the survey'),
	is(round(e.coverage, 3), 0.895, 'and says how much that is'), is(e.rag, 'amber', 'amber'),
	ok(e.score_change < -5, 'down by more than 5 points')])
FROM kpi.evaluate('acme_marketing', 'acme', '2025-10') e WHERE e.depth = 0;
SELECT is(e.rag, 'red', 'the east is red') FROM kpi.evaluate('acme_marketing', 'eastland', '2025-10') e
WHERE e.depth = 0;
SELECT is(array_agg(indicator ORDER BY lost DESC), '{acme_churn,acme_roi_display,acme_training_hours}',
	'the three that cost most')
FROM (SELECT indicator, absolute_weight * (100 - score) AS lost FROM kpi.evaluate('acme_marketing', 'acme', '2025-10')
	  WHERE indicator IS NOT NULL AND score < 100 ORDER BY 2 DESC LIMIT 3) w;
SELECT ok((SELECT score FROM kpi.evaluate('acme_marketing', 'acme', '2025-10') WHERE depth = 0) <
	(SELECT min(e.score) FROM generate_series(timestamp '2024-01-01', '2025-09-01', '1 month') m,
		kpi.evaluate('acme_marketing', 'acme', to_char(m, 'YYYY-MM')) e WHERE e.depth = 0),
		'no month before was as bad');

-- the report says the same as the evaluation
SELECT unnest(ARRAY[is(count(*), 27::bigint, 'lines of the report'),
	ok(max(kpi_internal.text_width(l)) <= 110, 'not wider than asked for')])
FROM kpi.scorecard_text('acme_marketing', 'acme', '2025-10') l;
SELECT is(position(kpi_internal.status_text(-1, 'Red') IN (array_agg(l))[1]) > 0, true,
	'the heading tells the status') FROM kpi.scorecard_text('acme_marketing', 'eastland', '2025-10') l;
SELECT is(count(DISTINCT strpos(l, kpi_internal.glyph(9474, '|'))), 1::bigint, 'all marks stand in one column')
FROM kpi.scorecard_text('acme_marketing', 'acme', '2025-09') l WHERE l ~ kpi_internal.glyph(9474, '|');
SET LOCAL kpi.language = 'zh';
SELECT unnest(ARRAY[is(count(DISTINCT kpi_internal.text_width(split_part(l, kpi_internal.glyph(9474, '|'), 1))),
	1::bigint, 'also behind wide characters'),
	ok(max(kpi_internal.text_width(l)) <= 110, 'and not wider than asked for')])
FROM kpi.scorecard_text('acme_marketing', 'acme', '2025-09') l WHERE l ~ kpi_internal.glyph(9474, '|');
RESET kpi.language;

-- what leans on the demo stops its removal, whole
SAVEPOINT leaning;
SELECT kpi.set_weight('own', 'acme_churn', weight => 1);
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', 'node "acme_churn" of scorecard "own" depends on the demo',
	'a scorecard of one''s own');
ROLLBACK TO leaning;
SELECT kpi.define_unit('shop', parent => 'eastland');
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', 'unit "shop" depends on the demo', 'a unit of one''s own');
ROLLBACK TO leaning;
SELECT kpi.set_target('mine', 'eastland', '2025', 5);
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', 'a target of indicator "mine" depends on the demo',
	'a target of one''s own');
ROLLBACK TO leaning;
SELECT kpi.enter('mine', 'eastland', '2025-10', 4);
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', 'an entry of indicator "mine" depends on the demo',
	'an entry of one''s own');
ROLLBACK TO leaning;
SELECT kpi.define_indicator('own_growth', formula => 'acme_revenue / previous(acme_revenue) - 1');
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', 'indicator "own_growth" depends on the demo',
	'a formula of one''s own');
ROLLBACK TO leaning;
SELECT kpi.define_unit('own_channel', dimension => 'acme_channel');
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', 'unit "own_channel" depends on the demo',
	'a root beside its channels');
ROLLBACK TO leaning;
SELECT kpi.define_scorecard('own_channels', dimension => 'acme_channel');
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', 'scorecard "own_channels" depends on the demo',
	'a scorecard of channels');
ROLLBACK TO leaning;
CREATE TABLE own_sale (day date, channel text);
SELECT kpi.define_indicator('own_sales', source => 'own_sale', time_column => 'day', numerator => 'count(*)',
	unit_columns => '{"acme_channel": "channel"}');
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', 'indicator "own_sales" depends on the demo',
	'an indicator by channel');
ROLLBACK TO leaning;
CREATE VIEW big_order AS SELECT * FROM kpi_demo.sale WHERE quantity > 2;
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', NULL, 'a view of one''s own');
SELECT is(count(*), 18::bigint, 'and the registry is whole') FROM kpi.indicator i WHERE i.source LIKE 'kpi_demo.%';
ROLLBACK TO leaning;
SELECT kpi.define_unit('mine'), kpi.define_scorecard('my card'), kpi.set_weight('my card', 'mine', weight => 1),
	kpi.enter('mine', 'mine', '2025-10', 1);
SELECT kpi.finalize('my card', NULL, '2025-10');
SELECT throws_ok('SELECT kpi.drop_demo()', '2BP01', 'a final result of scorecard "my card" depends on the demo',
	'what is final of its units');
ROLLBACK TO leaning;
CREATE ROLE kpi_demo_other;
SET LOCAL ROLE kpi_demo_other;
SELECT throws_ok('SELECT kpi.drop_demo()', '42501', NULL, 'another role''s demo');
ROLLBACK TO leaning;

DROP VIEW paid;

-- changed, but still the demo's own
SELECT kpi.set_target('acme_revenue', 'eastland', '2026', 1);
SELECT kpi.enter('acme_revenue', 'eastland', '2026-01', 4, reason => 'to try it');
CREATE TEMP TABLE first_load AS SELECT md5(string_agg(l::text, ',' ORDER BY order_no, line)) AS sum
FROM kpi_demo.order_line l;
INSERT INTO story SELECT 'answers', md5(string_agg(s::text, ',' ORDER BY customer, answered_on))
FROM kpi_demo.survey_answer s;

SELECT kpi.finalize('acme_marketing', NULL, '2025-10');
SELECT kpi.set_target('acme_revenue', 'acme', '2025-10', 1, reason => 'to try it');
SELECT kpi.refresh_results();
SELECT isnt_empty('SELECT FROM kpi.restated', 'and made final');

SELECT is(kpi.drop_demo(), 'The demo is gone.', 'dropped');
SELECT is_empty('SELECT finalization FROM kpi.finalization UNION ALL SELECT finalization FROM kpi_internal.final_node
	UNION ALL SELECT finalization FROM kpi.restated', 'with what was final');
SELECT is_empty('SELECT FROM kpi.v_scorecard WHERE scorecard LIKE ''acme%''', 'and all results');
SELECT set_eq('SELECT pg_temp.registry()', 'SELECT line FROM registry_before', 'the registry is as it was');
SELECT set_eq('SELECT pg_temp.catalogue()', 'SELECT line FROM catalogue_before', 'the catalogue is as it was');

SELECT ok(kpi.load_demo() IS NOT NULL, 'loaded again');
SELECT is(md5(string_agg(l::text, ',' ORDER BY order_no, line)), (SELECT sum FROM first_load), 'with the same orders')
FROM kpi_demo.order_line l;
SELECT is(md5(string_agg(s::text, ',' ORDER BY customer, answered_on)),
	(SELECT line FROM story WHERE what = 'answers'), 'and the same answers')
FROM kpi_demo.survey_answer s;

SELECT * FROM finish();
ROLLBACK;
