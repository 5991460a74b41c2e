-- The contract of the views: what reporting tools may rely on.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL TimeZone = 'UTC';
SELECT no_plan();

-- The catalogue

CREATE TEMP VIEW viewed AS
SELECT c.oid, c.relname AS view_name, c.reloptions, a.attname AS column_name, a.attnum,
	format_type(a.atttypid, a.atttypmod) AS type,
	   t.typtype, t.typcategory, col_description(c.oid, a.attnum) AS comment
FROM pg_class c
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND c.relkind IN ('v', 'm');

SELECT bag_has('SELECT DISTINCT view_name::text FROM viewed',
	$$VALUES ('v_scorecard'), ('v_indicator'), ('v_data_quality')$$, 'the views are there');
SELECT is_empty($$SELECT view_name FROM viewed WHERE NOT coalesce('security_invoker=true' = ANY (reloptions),
	false)$$, 'every view reads with the rights of its user');
SELECT is_empty($$SELECT view_name, column_name, type FROM viewed
	WHERE typtype <> 'b' OR typcategory IN ('A', 'E', 'R', 'C', 'T', 'P')$$,
	'no domain, enum, range, composite, interval or array');
SELECT is_empty($$SELECT view_name, column_name, type FROM viewed WHERE type !~
	'^(character varying\(\d+\)|text|date|integer|bigint|double '
		'precision|boolean|numeric\((18,6|9,2|24,6)\)|timestamp with time zone)$'$$,
	'only plain types, every number and code of a fixed size');
SELECT is_empty($$SELECT view_name, column_name FROM viewed WHERE type = 'timestamp with time zone'
	AND column_name <> ALL ('{evaluated_at,finalized_at,restated_at,started_at,finished_at,raised_at,cleared_at}')$$,
	'no time zone but in the times at which something was done');
SELECT is_empty($$SELECT view_name, column_name FROM viewed
	WHERE type = 'text' AND column_name !~ '_(text|nodes|path)$|^(path|vetoes)$'$$,
	'text without a limit only for sentences and lists');
SELECT is_empty($$SELECT view_name, column_name FROM viewed WHERE column_name !~ '^[a-z][a-z0-9_]*$'
	OR column_name IN ('name', 'code', 'key', 'value', 'time', 'date', 'user', 'order')$$,
	'names in lower snake case that need no quotes');
SELECT is_empty($$SELECT column_name FROM viewed GROUP BY column_name
	HAVING count(DISTINCT type) > 1 OR count(DISTINCT comment) > 1$$, 'one name, one meaning');
-- what functions give, and results are kept in
CREATE TEMP VIEW given AS
SELECT c.relname AS given_by, a.attname AS column_name, col_description(c.oid, a.attnum) AS comment
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.oid = ANY ('{kpi.evaluated,kpi.explained,kpi.result}'::regclass[]);
SELECT is_empty($$SELECT g.given_by, g.column_name FROM given g WHERE g.comment IS NULL
	OR g.comment <> ANY (SELECT v.comment FROM viewed v WHERE v.column_name = g.column_name)$$,
	'functions mean the same by a name as views do');
SELECT bag_eq($$SELECT column_name FROM given WHERE given_by = 'evaluated'$$,
	$$SELECT column_name FROM viewed WHERE view_name = 'v_scorecard' AND column_name <> 'is_stale'$$,
	'kpi.evaluate gives the columns of the scorecard, by the same names');
SELECT is_empty($$SELECT column_name FROM (SELECT column_name FROM given UNION SELECT column_name FROM viewed) s
	WHERE column_name IN ('status', 'status_code', 'missing', 'reason', 'parent', 'change', 'previous', 'last_year',
		'grain', 'cycle', 'org_unit', 'org', 'curve', 'stale', 'provisional')$$,
	'and no second name for one thing');
SELECT is_empty('SELECT view_name, column_name FROM viewed WHERE comment IS NULL', 'every column has a comment');
SELECT is_empty($$SELECT DISTINCT view_name FROM viewed WHERE coalesce(obj_description(oid, 'pg_class'), '')
	!~ '^One row per [^.;]*[.] Key: [a-z_]+(, [a-z_]+)*\. '$$, 'every view tells its grain and key first');

CREATE TEMP VIEW key AS
SELECT v.view_name, v.oid, k.column_name, k.number
FROM (SELECT DISTINCT view_name, oid,
	string_to_array(substring(obj_description(oid, 'pg_class') FROM ' Key: ([a-z_, ]+)\. '), ', ') AS names
	FROM viewed) v
	CROSS JOIN LATERAL unnest(v.names) WITH ORDINALITY k (column_name, number);
SELECT is_empty('SELECT DISTINCT view_name FROM viewed EXCEPT SELECT view_name FROM key', 'every view has a key');
SELECT is_empty($$SELECT k.view_name, k.column_name FROM key k LEFT JOIN viewed v ON v.view_name = k.view_name
	AND v.column_name = k.column_name
	WHERE v.attnum IS DISTINCT FROM k.number$$, 'the key columns come first');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p
	WHERE p.pronamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
	AND p.proname IN ('term', 'translations', 'language', 'within', 'evaluate', 'target_for')
	AND (obj_description(p.oid, 'pg_proc') IS NULL OR p.proparallel <> 's' OR p.provolatile = 'v')$$,
	'the functions beneath are commented, parallel safe and not volatile');

-- Data with everything that must not leave a view

SELECT kpi.define_unit('all', name => 'Whole company'), kpi.define_unit('north', 'all'),
	kpi.define_unit('south', 'all');
INSERT INTO kpi.indicator (indicator, name, kind, direction, combine, unit_of_measure, perspective) VALUES
	('sales', 'Sales', 'entered', 'higher', 'sum', 'GBP', 'financial'),
	('wait', 'Waiting time', 'entered', 'lower', 'average', 'days', 'customer'),
	('near', 'Nearness', 'entered', 'target', 'average', '', NULL),
	('odd', 'Odd', 'entered', 'higher', 'average', '', NULL);
INSERT INTO kpi.target (indicator, unit, period, target)
SELECT i, u, '[2010-01-01,2012-01-01)', t FROM (VALUES ('sales', 7300), ('wait', 18), ('near', 50)) v (i, t),
	unnest(ARRAY['all', 'north', 'south']) u;
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('odd', 'all', '[2010-01-01,2011-06-01)', 1e-9),
	('odd', 'all', '[2011-06-01,2012-01-01)', 1e30);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT i, u, c.grain, d::date, 8 + extract(month FROM d) + length(u) * extract(year FROM d) / 1000
FROM unnest(ARRAY['sales', 'wait', 'near']) i, unnest(ARRAY['all', 'north', 'south']) u,
	(VALUES ('month', interval '1 month'), ('quarter', '3 months'), ('year', '1 year')) c (grain, step),
	generate_series(timestamp '2010-01-01', '2011-12-31', c.step) d;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value, note) VALUES
	('odd', 'all', 'month', '2010-01-01', 'NaN', NULL), ('odd', 'all', 'month', '2010-02-01', 'Infinity', NULL),
	('odd', 'all', 'month', '2010-03-01', '-Infinity', NULL), ('odd', 'all', 'month', '2010-04-01', NULL, 'invalid'),
	('odd', 'all', 'month', '2010-05-01', 1e18, NULL),
	('odd', 'all', 'month', '2010-06-01', -999999999999999999.4, NULL),
	('odd', 'all', 'month', '2010-07-01', 999999999999999998.9999999, NULL),
	('odd', 'all', 'month', '2010-08-01', 1e100, NULL),
	('odd', 'all', 'month', '2010-09-01', 1, NULL), ('odd', 'all', 'month', '2011-07-01', 1, NULL),
	('odd', 'all', 'month', '0999-01-01', 1, NULL);
INSERT INTO kpi.scorecard (scorecard, name, grain) VALUES ('card', 'Card', 'month'), ('slow', 'Slow', 'quarter');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name, weight, perspective) VALUES
	('card', 'financial', NULL, NULL, 'Financial', 0.5, 'financial'),
	('card', 'sales', 'financial', 'sales', 'Sales', 1, NULL),
	('card', 'customer', NULL, NULL, 'Customers first', 0.5, 'customer'),
	('card', 'wait', 'customer', 'wait', 'Waiting time', 0.5, NULL),
	('card', 'odd', 'customer', 'odd', 'Odd', 0.25, NULL),
	('card', 'near', 'customer', 'near', 'Nearness', 0.25, NULL),
	('slow', 'sales', NULL, 'sales', 'Sales', 100, NULL);
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, unit, name, weight) VALUES ('slow', 'elsewhere',
	NULL, 'wait', 'south', 'Waiting in the south', 0);

SELECT cmp_ok(kpi.refresh_results(), '>', 500::bigint, 'results are stored');
SELECT lives_ok(format('CREATE TEMP TABLE rows_of_%s AS SELECT * FROM kpi.%1$I', view_name),
	format('%s can be read', view_name))
FROM (SELECT DISTINCT view_name FROM viewed) v ORDER BY view_name;
CREATE FUNCTION pg_temp.bad_rows(view_name text, condition text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM pg_temp.rows_of_%s WHERE %s', view_name, condition) INTO found;
	RETURN found;
END $$;
SELECT is(pg_temp.bad_rows(view_name, string_agg(format(
		CASE type WHEN 'date' THEN 'NOT isfinite(%I)' ELSE $c$%I IN ('NaN', 'Infinity', '-Infinity')$c$ END,
			column_name), ' OR ')), 0::bigint,
	format('no NaN and no infinity leaves %s', view_name))
FROM viewed WHERE type ~ '^(numeric|double|date)' GROUP BY view_name ORDER BY view_name;
SELECT is(pg_temp.bad_rows(view_name, string_agg(format('%I IS NULL', column_name), ' OR ')), 0::bigint,
	format('the key of %s is never NULL', view_name))
FROM key GROUP BY view_name ORDER BY view_name;
SELECT is(pg_temp.bad_rows(view_name,
	format('(%s) IN (SELECT %1$s FROM pg_temp.rows_of_%s GROUP BY %1$s HAVING count(*) > 1)',
		string_agg(quote_ident(column_name), ', '), view_name)), 0::bigint,
		format('the key of %s is unique', view_name))
FROM key GROUP BY view_name ORDER BY view_name;
SELECT is((SELECT count(DISTINCT score_key) FROM rows_of_v_scorecard), (SELECT count(*) FROM rows_of_v_scorecard),
	'score_key is unique');
SELECT is((SELECT count(DISTINCT indicator_key) FROM rows_of_v_indicator), (SELECT count(*) FROM rows_of_v_indicator),
	'indicator_key is unique');
SELECT is_empty($$SELECT score_key FROM rows_of_v_scorecard WHERE (score IS NULL) <> (score_reason IS NOT NULL)
	AND score_reason IS DISTINCT FROM 'invalid'$$,
	'a reason where there is no score');
SELECT is_empty($$SELECT indicator_key FROM rows_of_v_indicator
	WHERE (attainment IS NULL) <> (attainment_reason IS NOT NULL) AND attainment_reason IS DISTINCT FROM 'invalid'$$,
	'a reason where there is no attainment');
SELECT results_eq($$SELECT period_label, actual, target, attainment, attainment_reason FROM rows_of_v_indicator
	WHERE indicator = 'odd' ORDER BY period_start$$,
	$$VALUES ('0999-01'::varchar, 1::numeric, NULL::numeric, NULL::numeric, 'no_target'::varchar),
		('2010-01', NULL, 0, NULL, 'invalid'), ('2010-02', NULL, 0, NULL, 'invalid'),
		('2010-03', NULL, 0, NULL, 'invalid'), ('2010-04', NULL, 0, NULL, 'invalid'),
		('2010-05', NULL, 0, NULL, 'invalid'), ('2010-06', NULL, 0, NULL, 'invalid'),
		('2010-07', 999999999999999999, 0, NULL, 'invalid'), ('2010-08', NULL, 0, NULL, 'invalid'),
		('2010-09', 1, 0, 1000000000, NULL), ('2011-07', 1, NULL, 0, 'invalid')$$,
	'numbers that fit no column are NULL with a reason');
SELECT results_eq($$SELECT period_label, actual, score, score_reason FROM rows_of_v_scorecard
	WHERE node = 'odd' AND unit = 'all' AND period_start >= '2010-04-01' AND period_start <= '2010-09-01'
	AND period_grain = 'month' ORDER BY period_start$$,
	$$VALUES ('2010-04'::varchar, NULL::numeric, NULL::numeric, 'invalid'::varchar),
		('2010-05', NULL, NULL, 'invalid'), ('2010-06', NULL, NULL, 'invalid'),
		('2010-07', 999999999999999999, NULL, 'invalid'), ('2010-08', NULL, NULL, 'invalid'),
		('2010-09', 1, NULL, 'invalid')$$,
	'also in the scorecard');

-- What the rows say

SELECT bag_eq($$SELECT DISTINCT scorecard, unit, period_grain, period_start FROM rows_of_v_scorecard$$,
	$$SELECT DISTINCT s::varchar, u.unit::varchar, grain::varchar, period_start FROM kpi.measurement, kpi.unit AS u,
		unnest(ARRAY['card', 'slow']) s
	  WHERE (s = 'card' OR grain <> 'month' AND indicator IN ('sales', 'wait')) AND period_start BETWEEN '0001-01-01'
		AND '9999-12-31'$$,
	'every period from the grain of the scorecard upward in which it was measured, for every unit');
SELECT is_empty($$SELECT v.score_key FROM rows_of_v_scorecard v FULL JOIN
		(SELECT e.* FROM (SELECT DISTINCT scorecard, unit, period_label FROM rows_of_v_scorecard) d
			CROSS JOIN LATERAL kpi.evaluate(d.scorecard, d.unit, d.period_label) e) e
		ON v.score_key = e.score_key
	WHERE v.node IS DISTINCT FROM e.node OR (v.place, v.depth, v.parent_node, v.perspective, v.indicator,
		v.measured_unit, v.trend, v.role, v.carried, v.rag, v.rag_order, v.grade, v.grades_down, v.missing_count)
			IS DISTINCT FROM (e.place, e.depth, e.parent_node, e.perspective, e.indicator, e.measured_unit,
				e.trend, e.role,
				e.carried, e.rag, e.rag_order, e.grade, e.grades_down, e.missing_count)
		OR v.actual <> round(e.actual, 6) OR v.target <> round(e.target, 6) OR v.attainment <> round(e.attainment, 6)
		OR v.score <> round(e.score, 2)
		OR v.coverage <> round(e.coverage, 6) OR v.previous_score <> round(e.previous_score, 2)
		OR v.score_change <> round(e.score_change, 2)
		OR v.missing_nodes IS DISTINCT FROM array_to_string(e.missing_nodes, ', ')
		OR v.previous_actual <> round(e.previous_actual, 6) OR v.last_year_actual <> round(e.last_year_actual, 6)
		OR v.change_rate <> round(e.change_rate, 6)$$,
	'the scorecard says what kpi.evaluate says');
SELECT is_empty($$SELECT period_label FROM rows_of_v_scorecard
	WHERE period_label <> kpi.period_label(period_grain, period_start)
	OR period_start <> lower(kpi.period(period_label)) OR period_end <> upper(kpi.period(period_label)) - 1
	OR period_grain <> kpi.period_grain(period_label)$$,
	'the period in all its columns');
SELECT is_empty($$SELECT i.indicator_key FROM rows_of_v_indicator i
	JOIN rows_of_v_scorecard s USING (indicator, period_grain, period_start)
	WHERE s.measured_unit = i.unit AND (i.actual, i.target, i.attainment, i.previous_actual, i.change_rate,
		i.trend, i.last_year_actual, i.unit_of_measure)
		IS DISTINCT FROM (s.actual, s.target, s.attainment, s.previous_actual, s.change_rate, s.trend,
			s.last_year_actual, s.unit_of_measure)$$,
	'both views agree');
SELECT is((SELECT score_key FROM rows_of_v_scorecard WHERE node = 'sales' AND unit = 'north'
	AND period_label = '2011-Q4' AND scorecard = 'card'), 'card/north/2011-Q4/sales', 'score_key');
SELECT results_eq($$SELECT DISTINCT rag, rag_order, rag_label FROM rows_of_v_scorecard ORDER BY rag_order$$,
	$$VALUES ('none'::varchar, 0, 'No data'::varchar), ('red', 1, 'Red'), ('amber', 2, 'Amber'),
		('green', 3, 'Green')$$, 'statuses to colour, to sort and to read');
SELECT is((SELECT DISTINCT measured_unit FROM rows_of_v_scorecard
	WHERE node = 'elsewhere' AND unit = 'north'), 'south', 'a node with a unit of its own');
UPDATE kpi.measurement SET provisional = true WHERE indicator = 'wait' AND unit = 'north' AND grain = 'month'
	AND period_start = '2011-12-01';
SELECT results_eq($$SELECT DISTINCT scorecard, unit, period_label FROM kpi.v_scorecard WHERE is_stale = 1$$,
	$$VALUES ('card'::varchar, 'north'::varchar, '2011-12'::varchar)$$, 'what rests on it is stale');
SELECT is(kpi.refresh_results(), 3::bigint, 'and is mended, no row too many');
SELECT is_empty($$SELECT score_key FROM kpi.v_scorecard WHERE is_stale = 1$$, 'nothing is stale then');
SELECT results_eq($$SELECT node FROM kpi.v_scorecard WHERE scorecard = 'card' AND period_label = '2011-12'
	AND is_provisional = 1 ORDER BY place$$,
	$$VALUES ('card'::varchar), ('customer'), ('wait')$$, 'provisional is told up to the root');
SELECT is((SELECT indicator_key FROM kpi.v_indicator WHERE is_provisional = 1), 'wait/north/2011-12',
	'and in the list of indicators');
UPDATE kpi.indicator SET name = repeat('long ', 100), unit_of_measure = repeat('x', 100) WHERE indicator = 'sales';
UPDATE kpi.scorecard_node SET weight = 1e30 WHERE node = 'near';
SELECT lives_ok($$SELECT * FROM kpi.v_scorecard WHERE period_label = '2011-12'$$,
	'long names and absurd weights do not break it');
UPDATE kpi.indicator SET name = 'Sales', unit_of_measure = 'GBP' WHERE indicator = 'sales';
UPDATE kpi.scorecard_node SET weight = 0.25 WHERE node = 'near';

-- Both views tell one trend, for every method and direction

INSERT INTO kpi.indicator (indicator, name, kind, direction, combine, attainment_method)
SELECT 'trend_' || d || '_' || m, m, 'entered', d, 'average', m
FROM unnest(ARRAY['higher', 'lower', 'target']) d, unnest(ARRAY['ratio', 'inverse', 'progress']) m
WHERE m <> 'inverse' OR d = 'lower';
INSERT INTO kpi.target (indicator, unit, period, target, baseline)
SELECT indicator, 'all', p, t, CASE attainment_method WHEN 'progress' THEN b END
FROM kpi.indicator, (VALUES (daterange '[2012-01-01,2012-04-01)', 100, 40),
	('[2012-04-01,2012-06-01)', 55, 130)) v (p, t, b)
WHERE indicator LIKE 'trend!_%' ESCAPE '!';
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT indicator, 'all', 'month', make_date(2012, n::integer, 1), v
FROM kpi.indicator, unnest(ARRAY[50, 60, 60, 57, 110]) WITH ORDINALITY q (v, n)
WHERE indicator LIKE 'trend!_%' ESCAPE '!';
INSERT INTO kpi.scorecard (scorecard, name) VALUES ('trends', 'Trends');
INSERT INTO kpi.scorecard_node (scorecard, node, indicator, name, weight)
SELECT 'trends', indicator, indicator, name, 1 FROM kpi.indicator WHERE indicator LIKE 'trend!_%' ESCAPE '!';

-- by hand: higher and lower go by the actual; target by the attainment, here against another target from April on
CREATE TEMP TABLE trend_expected AS
SELECT 'trend_' || d || '_' || m AS indicator, '2012-0' || n AS period_label, t
FROM (VALUES ('higher', 'ratio', '{1,0,-1,1}'::integer[]), ('higher', 'progress', '{1,0,-1,1}'),
	('lower', 'ratio', '{-1,0,1,-1}'),
			 ('lower', 'inverse', '{-1,0,1,-1}'), ('lower', 'progress', '{-1,0,1,-1}'),
			 ('target', 'ratio', '{1,0,1,-1}'), ('target', 'progress', '{1,0,1,-1}')) v (d, m, trends),
	unnest(trends) WITH ORDINALITY u (t, i), LATERAL (SELECT i + 1 AS n) x;
SELECT bag_eq($$SELECT indicator::text, period_label::text, trend FROM kpi.v_indicator
	WHERE indicator LIKE 'trend!_%' ESCAPE '!' AND trend IS NOT NULL$$,
	'SELECT * FROM trend_expected', 'the list of indicators tells the trend of every method and direction');
SELECT kpi.refresh_results();
SELECT bag_eq($$SELECT indicator::text, period_label::text, trend FROM kpi.v_scorecard
	WHERE scorecard = 'trends' AND depth = 1 AND trend IS NOT NULL$$,
	'SELECT * FROM trend_expected', 'so does the scorecard');
DELETE FROM kpi.scorecard WHERE scorecard = 'trends';
DELETE FROM kpi.target WHERE indicator LIKE 'trend!_%' ESCAPE '!';
DELETE FROM kpi.indicator WHERE indicator LIKE 'trend!_%' ESCAPE '!';

SELECT kpi.refresh_results();

-- Filters reach what is evaluated

SET LOCAL track_functions = 'all';
CREATE FUNCTION pg_temp.evaluations(condition text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	evaluate CONSTANT oid := 'kpi_internal.evaluated(kpi_internal.cell[], timestamptz, boolean)'::regprocedure;
	before CONSTANT bigint := coalesce(pg_stat_get_xact_function_calls(evaluate), 0);
BEGIN
	EXECUTE 'SELECT count(v.score_key) FROM kpi.v_scorecard_live v WHERE ' || condition;
	RETURN pg_stat_get_xact_function_calls(evaluate) - before;
END $$;
SELECT is(pg_temp.evaluations($$scorecard = 'card' AND unit = 'north' AND period_label = '2011-11'$$), 1::bigint,
	'one scorecard, unit and period');
SELECT is(pg_temp.evaluations($$scorecard = 'card' AND period_label = '2011-11'$$), 3::bigint,
	'one period of three units');
SELECT is(pg_temp.evaluations($$unit = 'north' AND period_grain = 'year'$$), 4::bigint,
	'years of two scorecards');
SELECT is(pg_temp.evaluations($$scorecard = 'card' AND unit = 'south' AND period_grain = 'month'
	AND period_start BETWEEN '2011-01-01' AND '2011-06-30'$$), 6::bigint, 'a range of months');

-- The reader's language

SET LOCAL kpi.language = 'zh';
SELECT results_eq($$SELECT node_name, perspective_name, rag_label, trend_label FROM kpi.v_scorecard
	WHERE scorecard = 'card' AND unit = 'all' AND period_label = '2010-09'
	AND node IN ('financial', 'customer', 'odd') ORDER BY place$$,
	$$VALUES ('Customers first'::varchar, '客户'::varchar, '绿色'::varchar, '下滑'::varchar), ('Odd', '客户', '绿色', '下滑'),
		('财务', '财务', '红色', '改善')$$,
	'Chinese is shipped; a name of one''s own stays');
SELECT is((SELECT unit_of_measure FROM kpi.v_indicator WHERE indicator = 'wait' AND unit = 'all'
	AND period_label = '2010-09'), '天', 'units of measure');
SELECT is((SELECT attainment_reason_label FROM kpi.v_indicator WHERE indicator = 'odd' AND period_label = '2010-01'),
	'数值无效', 'reasons');
SELECT is((SELECT DISTINCT rag FROM kpi.v_scorecard WHERE period_label = '2010-09' AND unit = 'all'
	AND node = 'financial'), 'red', 'codes never change');
INSERT INTO kpi.translation (language, topic, code, name) VALUES
	('de', 'scorecard', 'card', 'Karte'), ('de', 'unit', 'all', 'Gesamt'), ('de', 'indicator', 'sales', 'Umsatz'),
	('de', 'node', 'wait', 'Warten'),
	('de', 'node', 'card/wait', 'Wartezeit'), ('de', 'perspective', 'financial', 'Finanzen'),
	('de', 'status', 'red', 'Rot'), ('de-at', 'status', 'red', 'Rot!'),
	('zh', 'status', 'red', '红灯'), ('en', 'trend', 'improving', 'Better');
SET LOCAL kpi.language = 'de';
SELECT results_eq($$SELECT DISTINCT scorecard_name, unit_name FROM kpi.v_scorecard
	WHERE scorecard = 'card' AND unit = 'all' AND period_label = '2010-09'$$,
	$$VALUES ('Karte'::varchar, 'Gesamt'::varchar)$$, 'a language that a user added: scorecard and unit');
SELECT results_eq($$SELECT node_name FROM kpi.v_scorecard WHERE scorecard = 'card' AND unit = 'all'
	AND period_label = '2010-09' AND node IN ('card', 'financial', 'sales', 'wait') ORDER BY node$$,
	$$VALUES ('Karte'::varchar), ('Finanzen'), ('Umsatz'), ('Wartezeit')$$,
	'nodes by their own word, else that of the indicator or perspective they are named after');
SELECT is((SELECT indicator_name FROM kpi.v_indicator WHERE indicator = 'sales' AND unit = 'all'
	AND period_label = '2010-09'), 'Umsatz', 'indicators');
SELECT results_eq($$SELECT kpi.term('status', 'red', 'x'), kpi.term('trend', 'improving', 'x'),
	kpi.term('indicator', 'wait', 'x'), kpi.term(NULL, NULL, 'x')$$,
	$$VALUES ('Rot', 'Better', 'x', 'x')$$, 'words: the language, English at last, the fallback');
SELECT results_eq($$SELECT rag_label, trend_label FROM kpi.v_scorecard WHERE scorecard = 'card' AND unit = 'all'
	AND period_label = '2010-09' AND node = 'sales'$$,
	$$VALUES ('Rot'::varchar, 'Better'::varchar)$$, 'also in the view');
SET LOCAL kpi.language = 'de-at';
SELECT results_eq($$SELECT kpi.term('status', 'red', 'x'), kpi.term('indicator', 'sales', 'x')$$,
	$$VALUES ('Rot!', 'Umsatz')$$, 'a regional language goes before its base');
SET LOCAL kpi.language = 'zh';
SELECT is(kpi.term('status', 'red', 'x'), '红灯', 'one''s own word goes before the shipped one');
SELECT is_empty($$SELECT topic, code FROM (SELECT DISTINCT topic, code FROM kpi.translation) t
	WHERE kpi.term(topic, code, NULL) IS DISTINCT FROM (SELECT w.words FROM kpi_internal.translations() w) ->> (topic
		|| '/' || code)$$,
	'single words and all words agree in ' || l)
FROM unnest(ARRAY['de', 'de-at', 'fr', '', 'en', 'zh']) l, set_config('kpi.language', l, true) s WHERE s = l;
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('pt-BR', 'status', 'red', 'Vermelho'),
	('ZH-TW', 'status', 'red', '紅燈');
SELECT results_eq($$SELECT tag, kpi_internal.language(), kpi.term('status', 'red', 'x')
	FROM unnest(ARRAY['ZH', 'zh_CN', 'zh_TW.UTF-8', 'zh-tw', 'pt_BR', 'PT-br', 'de_AT@euro', 'C', 'POSIX']) tag,
		set_config('kpi.language', tag, true)$$,
	$$VALUES ('ZH', 'zh', '红灯'), ('zh_CN', 'zh-cn', '红灯'), ('zh_TW.UTF-8', 'zh-tw', '紅燈'), ('zh-tw', 'zh-tw', '紅燈'),
		('pt_BR', 'pt-br', 'Vermelho'), ('PT-br', 'pt-br', 'Vermelho'), ('de_AT@euro', 'de-at', 'Rot!'),
		('C', 'c', 'x'), ('POSIX', 'posix', 'x')$$,
	'tags of languages as people and systems write them');
SET LOCAL kpi.language = '';
SELECT is(kpi_internal.language(), 'en', 'English unless set');

-- Findings

INSERT INTO kpi.indicator (indicator, name, kind, source, time_column, numerator) VALUES
	('never', 'Never', 'measured', 'x.y', 'z', 'count(*)'), ('broken', 'Broken', 'measured', 'x.y', 'z', 'count(*)'),
	('mended', 'Mended', 'measured', 'x.y', 'z', 'count(*)');
INSERT INTO kpi.run (run, from_date, to_date, started, indicators)
	VALUES (1, '2011-01-01', '2011-02-01', '2011-02-01', 2), (2, '2011-02-01', '2011-03-01', '2011-03-01', 2);
INSERT INTO kpi.run_step (run, indicator, started, finished, state, unassigned_rows, error, hint) VALUES
	(1, 'broken', '2011-02-01', '2011-02-01', 'collected', 0, NULL, NULL),
	(2, 'broken', '2011-02-01', '2011-02-01', 'failed', 0, 'relation "x.y" does not exist', NULL),
	(1, 'mended', '2011-02-01', '2011-02-01', 'failed', 0, 'no', 'Yes.'),
	(2, 'mended', '2011-02-01', '2011-02-01', 'collected', 17, NULL, NULL);
DELETE FROM kpi.measurement WHERE indicator = 'sales' AND unit = 'south' AND grain = 'quarter'
	AND period_start IN ('2010-07-01', '2010-10-01');
DELETE FROM kpi.measurement WHERE indicator = 'wait' AND unit = 'south' AND grain = 'month'
	AND period_start = '2011-12-01';
UPDATE kpi.scorecard SET min_coverage = 0.9 WHERE scorecard = 'card';
UPDATE kpi.scorecard_node SET weight = 0.4 WHERE node = 'financial';
INSERT INTO kpi.scorecard_node (scorecard, node, indicator, name) VALUES ('slow', 'lost', 'sales', 'Lost');
SELECT is((SELECT finding_text ~ '^[0-9]+ results are older' FROM kpi.v_data_quality WHERE finding = 'stale'), true,
	'results that are stale are found');
SELECT kpi.refresh_results();
SELECT results_eq($$SELECT severity, finding_key FROM kpi.v_data_quality WHERE unit IS DISTINCT FROM 'all'
	AND unit IS DISTINCT FROM 'north' ORDER BY finding_key COLLATE "C"$$,
	$$VALUES ('warning'::varchar, 'collection_died'::varchar), ('error', 'collection_failed/broken'),
		('warning', 'gap/sales/south/2010-Q3'),
		('error', 'low_coverage/card/card/south/2011-12'), ('error', 'low_coverage/card/customer/south/2011-12'),
		('warning', 'never_collected/never'), ('warning', 'no_actual/card/odd/odd/south/2011-12'),
		('warning', 'no_actual/card/wait/wait/south/2011-12'), ('warning', 'no_value/wait/south/2011-12'),
		('warning', 'unassigned_rows/mended'), ('warning', 'weight_sum/card/card'),
		('info', 'without_weight/slow/lost/sales')$$,
	'findings of the south and of the definitions');
SAVEPOINT retired;
UPDATE kpi.indicator SET state = 'retired' WHERE indicator IN ('broken', 'mended', 'never', 'odd', 'wait', 'sales');
SELECT is_empty($$SELECT finding_key FROM kpi.v_data_quality WHERE indicator IS NOT NULL AND scorecard IS NULL$$,
	'a retired indicator has no findings of its own');
ROLLBACK TO retired;
SELECT bag_has('SELECT finding_key::text FROM kpi.v_data_quality', $$VALUES ('invalid/odd/all/2010-01'),
	('invalid/odd/all/2010-03'), ('invalid/odd/all/2010-04'), ('provisional/wait/north/2011-12')$$,
	'values that are none, and provisional ones');
SELECT is((SELECT finding_text FROM kpi.v_data_quality WHERE finding = 'collection_failed'),
	'The last collection of Broken failed: relation "x.y" does not exist.', 'a failure with its error');
SELECT is((SELECT finding_text FROM kpi.v_data_quality WHERE finding = 'weight_sum'),
	'The weights of Card sum to 0.9, neither 1 nor 100.', 'weights with their sum');
SAVEPOINT wanted;
UPDATE kpi.scorecard SET weight_sum = 2 WHERE scorecard = 'card';
SELECT is((SELECT finding_text FROM kpi.v_data_quality WHERE finding_key = 'weight_sum/card/card'),
	'The weights of Card sum to 0.9, not to 2.', 'and with the sum that is wanted');
ROLLBACK TO wanted;
SELECT is((SELECT finding_text FROM kpi.v_data_quality WHERE finding = 'gap' AND unit = 'south'),
	'Sales for South has no measurement from 2010-Q3 to 2010-Q4, though the periods around them have one.',
	'a gap with its periods');
SELECT is((SELECT count(*) - count(DISTINCT finding_key) FROM kpi.v_data_quality), 0::bigint,
	'the key of the findings is unique');
SELECT is_empty($$SELECT v.finding FROM kpi.v_data_quality v WHERE v.finding_label = '' OR v.finding_text IS NULL
	OR v.severity NOT IN ('error', 'warning', 'info')$$, 'every finding has words and a severity');
SELECT is(kpi_internal.fill_text('{a}, {b}{c} and {d}.', '{"a": "one {b}", "b": "two", "d": 3}'),
	'one {b}, two and 3.',
	'parts of a sentence are taken as they are');
SELECT is(kpi_internal.fill_text(NULL, '{}'), NULL, 'no template, no sentence');
SELECT results_eq($$SELECT scorecard_name, node_name, indicator_name, unit_name FROM kpi.v_data_quality
	WHERE finding_key IN ('low_coverage/card/customer/south/2011-12', 'gap/sales/south/2010-Q3',
						  'no_actual/card/wait/wait/south/2011-12')
	ORDER BY finding_key$$,
	$$VALUES (NULL::varchar, NULL::varchar, 'Sales'::varchar, 'South'::varchar),
		('Card', 'Customers first', NULL, 'South'),
		('Card', 'Waiting time', 'Waiting time', 'South')$$, 'findings carry names');
INSERT INTO kpi.translation (language, topic, code, name) VALUES
	('zh', 'indicator', 'sales', '销售'), ('zh', 'unit', 'south', '南区');
SET LOCAL kpi.language = 'zh';
SELECT is((SELECT finding_text FROM kpi.v_data_quality WHERE finding = 'gap' AND unit = 'south'),
	'南区从 2010-Q3 到 2010-Q4 没有销售的数据，而前后期间都有。', 'a gap in Chinese, with the names of the language');
SELECT is_empty($$SELECT t.topic, t.code FROM kpi.translation t WHERE t.language = 'en' AND t.shipped
	AND NOT EXISTS (SELECT FROM kpi.translation z
					WHERE z.language = 'zh' AND z.shipped AND (z.topic, z.code) = (t.topic, t.code))$$,
	'whatever has an English word has a Chinese one');
SELECT is_empty($$SELECT DISTINCT v.column_name FROM viewed v WHERE v.column_name NOT IN (SELECT z.code
	FROM kpi.translation z WHERE z.language = 'zh' AND z.topic = 'heading')$$, 'and every column a Chinese heading');
SELECT is_empty($$SELECT t.code FROM kpi.translation t JOIN kpi.translation z USING (topic, code)
	WHERE t.topic = 'finding' AND t.language = 'en' AND z.language = 'zh'
		AND ARRAY(SELECT unnest(regexp_matches(t.name, '\{\w+\}', 'g')) ORDER BY 1)
			<> ARRAY(SELECT unnest(regexp_matches(z.name, '\{\w+\}', 'g')) ORDER BY 1)$$,
			'sentences have the same parts in both');
SELECT is_empty($$SELECT DISTINCT finding FROM kpi.v_data_quality
	WHERE finding_label = kpi_internal.default_name(finding)$$, 'every finding has a Chinese word');
SET LOCAL kpi.language = 'en';

-- Row-level security holds through the views

CREATE ROLE kpi_views_north;
CREATE ROLE kpi_views_stranger;
SELECT kpi.grant_viewer('kpi_views_north', '{north}');
GRANT SELECT ON kpi.v_scorecard, kpi.v_indicator, kpi.v_data_quality TO kpi_views_stranger;
SET LOCAL ROLE kpi_views_north;
SELECT results_eq('SELECT DISTINCT unit FROM kpi.v_scorecard', $$VALUES ('north'::varchar)$$,
	'the scorecard shows the units that are granted');
SELECT is_empty($$SELECT score_key FROM kpi.v_scorecard WHERE node = 'elsewhere' AND actual IS NOT NULL$$,
	'also beneath the evaluation');
SELECT results_eq('SELECT DISTINCT unit FROM kpi.v_indicator', $$VALUES ('north'::varchar)$$,
	'so does the list of indicators');
SELECT results_eq('SELECT DISTINCT unit FROM kpi.v_data_quality WHERE unit IS NOT NULL',
	$$VALUES ('north'::varchar)$$, 'and the list of findings');
RESET ROLE;
ALTER TABLE kpi.unit ENABLE ROW LEVEL SECURITY;
CREATE POLICY south ON kpi.unit TO kpi_views_north USING (unit = 'south');
SET LOCAL ROLE kpi_views_north;
SELECT is_empty('SELECT score_key FROM kpi.v_scorecard_live', 'a unit that is hidden is not evaluated');
SELECT lives_ok('SELECT * FROM kpi.v_data_quality', 'and does not break the findings');
RESET ROLE;
SET LOCAL ROLE kpi_views_stranger;
SELECT throws_ok('SELECT * FROM kpi.v_scorecard', '42501', NULL, 'a right on a view alone shows nothing: v_scorecard');
SELECT throws_ok('SELECT * FROM kpi.v_indicator', '42501', NULL, 'a right on a view alone shows nothing: v_indicator');
SELECT throws_ok('SELECT * FROM kpi.v_data_quality', '42501', NULL,
	'a right on a view alone shows nothing: v_data_quality');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
