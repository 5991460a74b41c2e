-- Targets brought to a period and whole evaluations, recomputed in plain SQL
-- without any function of kpi.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

-- Targets over a period: the sum and average rules

INSERT INTO kpi.unit (unit, name) VALUES ('t', 'Targets');
INSERT INTO kpi.indicator (indicator, name, kind, combine) VALUES
	('t_sum', 'Sum', 'entered', 'sum'), ('t_avg', 'Average', 'entered', 'average'), ('t_last', 'Last', 'entered', 'last'),
	('t_leap', 'Leap', 'entered', 'sum'), ('t_share', 'Share', 'entered', 'sum');
INSERT INTO kpi.target (indicator, unit, period, target)
SELECT i, 't', p, t
FROM unnest(ARRAY['t_sum', 't_avg', 't_last']) i,
	(VALUES (daterange '[2017-05-01,2017-05-10]', 10), ('[2017-05-11,2017-05-20]', 20),
		('[2017-05-21,2017-05-25]', 30)) v (p, t);
INSERT INTO kpi.target (indicator, unit, period, target) VALUES
	('t_leap', 't', '[2024-01-01,2024-12-31]', 366),
	('t_leap', 't', '[2023-01-01,2023-12-31]', -999.37),
	('t_share', 't', '[2023-01-01,2025-01-01)', 1e-3),
	('t_share', 't', '[2025-01-01,2025-01-08)', 123456789012345678901234.5678901234);

SELECT is(kpi.target_for('t_sum', 't', '[2017-05-01,2017-05-10]'), 10::numeric, 'sum: one target');
SELECT is(kpi.target_for('t_sum', 't', '[2017-05-01,2017-05-20]'), 30::numeric, 'sum: two targets');
SELECT is(kpi.target_for('t_sum', 't', '[2017-05-01,2017-05-25]'), 60::numeric, 'sum: three targets');
SELECT is(kpi.target_for('t_sum', 't', '[2017-01-01,2017-05-31]'), NULL::numeric, 'sum: days without a target');
SELECT is(kpi.target_for('t_sum', 't', '[2017-05-01,2017-05-26]'), NULL::numeric, 'sum: one day without a target');
SELECT is(kpi.target_for('t_sum', 't', '[2017-05-06,2017-05-15]'), 15::numeric, 'sum: halves of two targets');
SELECT is(kpi.target_for('t_avg', 't', '[2017-05-06,2017-05-15]'), 15::numeric, 'avg: halves of two targets');
SELECT is(kpi.target_for('t_avg', 't', '[2017-05-06,2017-05-11]'), round((5 * 10 + 20) / 6.0::numeric(40, 20), 20),
	'avg: weighted by days');
SELECT is(kpi.target_for('t_last', 't', '[2017-05-06,2017-05-15]'), 20::numeric, 'last: the number of the last day');
SELECT is(kpi.target_for('t_avg', 't', '[2017-05-01,2017-05-26]'), NULL::numeric, 'avg: one day without a target');
SELECT is(kpi.target_for('t_leap', 't', '[2024-01-01,2024-03-31]'), 91::numeric, 'sum: 91 days of a leap year');
SELECT is(kpi.target_for('t_sum', 't', 'empty'), NULL::numeric, 'an empty period has no target');
SELECT is(kpi.target_for('t_sum', 't', '(,)'), NULL::numeric, 'an open period has no target');
SELECT is(kpi.target_for('t_sum', 't', '[2017-05-01,infinity)'), NULL::numeric, 'an infinite period has no target');
SELECT is(kpi.target_for('t_sum', 't', NULL), NULL::numeric, 'NULL period');
SELECT throws_ok($$SELECT kpi.target_for('t_summ', 't', '[2017-05-01,2017-05-10]')$$, '22023', NULL,
	'unknown indicator');
SELECT throws_ok($$SELECT kpi.target_for('t_sum', 'tt', '[2017-05-01,2017-05-10]')$$, '22023', NULL, 'unknown unit');

CREATE TEMP TABLE parts AS
SELECT c.step, i.indicator, extract(year FROM d.day) AS year,
	   kpi.target_for(i.indicator, 't', daterange(d.day::date, (d.day + c.step)::date)) AS part
FROM (VALUES (interval '1 month'), ('1 day'), ('3 months'), ('1 year')) c (step),
	(VALUES ('t_leap'), ('t_share')) i (indicator),
	generate_series(timestamp '2023-01-01', '2024-12-31', c.step) d (day);
SELECT is(sum(part), 366::numeric, format('leap year by %s', step)) FROM parts
WHERE indicator = 't_leap' AND year = 2024 GROUP BY step ORDER BY step;
SELECT is(sum(part), -999.37, format('normal year by %s', step)) FROM parts
WHERE indicator = 't_leap' AND year = 2023 GROUP BY step ORDER BY step;
SELECT is(sum(part), 0.001, format('two years by %s', step)) FROM parts
WHERE indicator = 't_share' GROUP BY step ORDER BY step;
SELECT is((SELECT count(*) FROM parts WHERE part IS NULL), 0::bigint, 'every part has a target');
SELECT is(sum(kpi.target_for('t_share', 't', daterange(d::date, d::date + 1))), 123456789012345678901234.5678901234,
	'a large target by days')
FROM generate_series(timestamp '2025-01-01', '2025-01-07', '1 day') d;
SELECT ok(bool_and(abs(part - 366 * days / 366.0) < 1e-12), 'a part is the share of its days')
FROM (SELECT part, row_number() OVER () AS month FROM parts WHERE indicator = 't_leap' AND year = 2024
	AND step = '1 month') p
	JOIN LATERAL (SELECT extract(day FROM make_date(2024, month::integer, 1) + interval '1 month' - interval '1 day')
		AS days) d ON true;

-- Whole evaluations

SELECT kpi.define_unit('all'), kpi.define_unit('north', 'all');
INSERT INTO kpi.indicator (indicator, name, kind, direction, combine, attainment_method, zero_target, scale,
	perspective) VALUES
	('sales', 'Sales', 'entered', 'higher', 'sum', 'ratio', 'null', NULL, 'financial'),
	('margin', 'Margin', 'entered', 'higher', 'average', 'ratio', 'null',
		'linear(0:0, 0.8:60, 1:100, 1.2:120)', 'financial'),
	('churn', 'Churn', 'entered', 'lower', 'ratio', 'ratio', 'null', NULL, 'customer'),
	('cost', 'Cost', 'entered', 'lower', 'sum', 'inverse', 'null', NULL, 'process'),
	('launch', 'Launch', 'entered', 'higher', 'last', 'progress', 'null', NULL, 'learning'),
	('stock', 'Stock', 'entered', 'target', 'average', 'ratio', 'null', NULL, 'process'),
	('claims', 'Claims', 'entered', 'lower', 'sum', 'ratio', 'null', NULL, 'customer'),
	('harm', 'Harm', 'entered', 'lower', 'sum', 'ratio', 'met', NULL, 'process'),
	('result', 'Result', 'entered', 'higher', 'sum', 'ratio', 'null', NULL, 'financial');
INSERT INTO kpi.target (indicator, unit, period, target, baseline)
SELECT i, u, daterange(make_date(y, 1, 1), make_date(y + 1, 1, 1)), t + y - 2010, b
FROM (VALUES ('sales', 1200, NULL), ('margin', 30.5, NULL), ('churn', 0.05, NULL), ('cost', 800, NULL),
	('launch', 50, 10),
			 ('stock', 40, NULL), ('result', -120, NULL)) v (i, t, b),
	unnest(ARRAY['all', 'north']) u, generate_series(2009, 2011) y
UNION ALL
SELECT i, u, '[2009-01-01,2012-01-01)', 0, NULL
FROM unnest(ARRAY['claims', 'harm']) i, unnest(ARRAY['all', 'north']) u;
-- one year in which the targets of margin change in the middle of a month, and a hole
UPDATE kpi.target SET period = '[2011-01-01,2011-05-12)', reason = 'changed' WHERE indicator = 'margin' AND unit =
	'all'
	AND lower(period) = '2011-01-01';
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('margin', 'all', '[2011-05-12,2011-11-20)', 33);

CREATE TEMP TABLE period AS
SELECT grain, s::date AS first_day, (s + step)::date AS next_day, (s - step)::date AS before_day,
	   to_char(s, CASE grain WHEN 'month' THEN 'YYYY-MM' WHEN 'quarter' THEN 'YYYY-"Q"Q' ELSE 'YYYY' END) AS label
FROM (VALUES ('month', interval '1 month'), ('quarter', '3 months'), ('year', '1 year')) c (grain, step),
	generate_series(timestamp '2010-01-01', '2011-12-31', step) s;

INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT i, u, grain, first_day,
	   CASE i WHEN 'sales' THEN (80 + k % 47) * span
			  WHEN 'margin' THEN 20 + k % 23
			  WHEN 'churn' THEN 0.03 + (k % 7) / 100.0
			  WHEN 'cost' THEN (k % 9 - 1) * 20 * span
			  WHEN 'launch' THEN k % 67
			  WHEN 'stock' THEN 25 + k % 31
			  WHEN 'claims' THEN k % 3
			  WHEN 'harm' THEN k % 2
			  ELSE (k % 40 - 25) * span END
FROM period
	CROSS JOIN LATERAL (SELECT round((next_day - first_day) / 30.4) AS span) s
	CROSS JOIN unnest(ARRAY['sales', 'margin', 'churn', 'cost', 'launch', 'stock', 'claims', 'harm', 'result'])
		WITH ORDINALITY i (i, number)
	CROSS JOIN unnest(ARRAY['all', 'north']) u
	CROSS JOIN LATERAL (SELECT (first_day - date '2009-01-01') * 7 + i.number * 13 + CASE u WHEN 'all' THEN 0
		ELSE 5 END + span AS k) k
WHERE k % 6 <> 0;
UPDATE kpi.measurement SET value = 'NaN' WHERE indicator = 'sales' AND unit = 'all' AND grain = 'month'
	AND period_start = '2010-09-01';
UPDATE kpi.measurement SET value = 'Infinity' WHERE indicator = 'result' AND unit = 'all' AND grain = 'month'
	AND period_start = '2011-03-01';
UPDATE kpi.measurement SET value = NULL WHERE indicator = 'churn' AND unit = 'north' AND grain = 'year'
	AND period_start = '2011-01-01';

INSERT INTO kpi.scorecard (scorecard, name, missing, min_coverage) VALUES ('card', 'Card', 'renormalize', 0.5);
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, unit, name, weight, method, missing, min_coverage,
	floor, cap, position, valid) VALUES
	('card', 'b', NULL, NULL, NULL, 'B', 3, NULL, NULL, NULL, NULL, NULL, 20, '(,)'),
	('card', 'a', NULL, NULL, NULL, 'A', 2, NULL, 'zero', 0, NULL, NULL, 30, '(,)'),
	('card', 'c', NULL, NULL, NULL, 'C', 1.5, NULL, 'null', NULL, NULL, NULL, 10, '(,2011-07-01)'),
	('card', 'c', NULL, NULL, NULL, 'C', 4, 'average', 'null', 0.9, NULL, NULL, 10, '[2011-07-01,)'),
	('card', 'd', 'b', NULL, NULL, 'D', 1, 'worst', NULL, 0.8, NULL, NULL, 10, '(,)'),
	('card', 'direct', NULL, 'sales', 'north', 'Sales of the north', 1, NULL, NULL, NULL, 0, 110, 20, '(,)'),
	('card', 'sales', 'b', 'sales', NULL, 'Sales', 2, NULL, NULL, NULL, NULL, NULL, 10, '(,2011-03-15)'),
	('card', 'sales', 'b', 'sales', NULL, 'Sales', 5, NULL, NULL, NULL, NULL, 105, 40, '[2011-03-15,)'),
	('card', 'margin', 'b', 'margin', NULL, 'Margin', 0.7, NULL, NULL, NULL, NULL, NULL, 30, '(,)'),
	('card', 'claims', 'b', 'claims', NULL, 'Claims', NULL, NULL, NULL, NULL, NULL, NULL, 30, '(,)'),
	('card', 'result', 'd', 'result', NULL, 'Result', 1, NULL, NULL, NULL, NULL, NULL, 1, '(,)'),
	('card', 'cost', 'd', 'cost', NULL, 'Cost', 1, NULL, NULL, NULL, NULL, 120, 2, '(,)'),
	('card', 'churn', 'a', 'churn', NULL, 'Churn', 1, NULL, NULL, NULL, NULL, NULL, 2, '(,)'),
	('card', 'harm', 'a', 'harm', NULL, 'Harm', 1, NULL, NULL, NULL, NULL, NULL, 3, '(,)'),
	('card', 'idle', 'a', 'stock', NULL, 'Idle', 0, NULL, NULL, NULL, NULL, NULL, 1, '(,)'),
	('card', 'launch', 'c', 'launch', NULL, 'Launch', 1, NULL, NULL, NULL, 0, NULL, 1, '(,)'),
	('card', 'stock', 'c', 'stock', NULL, 'Stock', 1, NULL, NULL, NULL, NULL, NULL, 1, '[2010-06-01,)');

-- leaves: every rule written out
CREATE TEMP TABLE node AS
SELECT p.grain, p.first_day, p.before_day, p.label, u.unit AS asked, n.node,
	coalesce(n.parent, 'card') AS parent, n.weight,
	   coalesce(n.method, 'weighted') AS method, coalesce(n.missing, 'renormalize') AS missing,
	   coalesce(n.min_coverage, 0.5) AS min_coverage, n.floor, n.cap, n.indicator, coalesce(n.unit, u.unit) AS unit,
	   i.direction, i.attainment_method, i.zero_target, a.actual, a.found, t.target, t.days, t.all_days, b.baseline,
	   NULL::numeric AS attainment, NULL::numeric AS score, NULL::numeric AS coverage
FROM period p
	CROSS JOIN (VALUES ('all'), ('north')) u (unit)
	JOIN kpi.scorecard_node n ON n.scorecard = 'card' AND n.valid @> p.next_day - 1
	LEFT JOIN kpi.indicator i ON i.indicator = n.indicator
	LEFT JOIN LATERAL (
		SELECT nullif(nullif(nullif(m.value, 'NaN'), 'Infinity'), '-Infinity') AS actual, m.value IS NOT NULL AS found
		FROM kpi.measurement m
		WHERE m.indicator = n.indicator AND m.unit = coalesce(n.unit, u.unit) AND m.grain = p.grain
			AND m.period_start = p.first_day) a ON true
	LEFT JOIN LATERAL (
		-- day by day, so unlike the library
		SELECT CASE WHEN count(g.target) < count(*) THEN NULL
					WHEN i.combine = 'sum' THEN sum(g.target / (upper(g.period) - lower(g.period)))
					ELSE avg(g.target) END AS target,
			   count(g.target) AS days, count(*) AS all_days
		FROM generate_series(p.first_day, p.next_day - 1, interval '1 day') d
			LEFT JOIN kpi.target g ON g.indicator = n.indicator AND g.unit = coalesce(n.unit, u.unit)
				AND g.period @> d::date) t ON n.indicator IS NOT NULL
	LEFT JOIN LATERAL (SELECT 10::numeric AS baseline WHERE n.indicator = 'launch') b ON true;
UPDATE node SET attainment =
	CASE attainment_method
		WHEN 'progress' THEN (actual - baseline) / (target - baseline)
		WHEN 'inverse' THEN CASE WHEN actual > 0 AND target >= 0 THEN target / actual END
		ELSE CASE WHEN target = 0
			THEN CASE WHEN zero_target = 'met' AND actual IS NOT NULL THEN (actual <= 0)::integer END
				  WHEN direction = 'higher' THEN 1 + (actual - target) / abs(target)
				  WHEN direction = 'lower' THEN 1 - (actual - target) / abs(target)
				  ELSE 1 - abs(actual - target) / abs(target) END
	END
WHERE indicator IS NOT NULL;
UPDATE node SET score =
	CASE WHEN indicator = 'margin'
		 THEN CASE WHEN attainment < 0 THEN 0 WHEN attainment < 0.8 THEN attainment * 75 WHEN attainment < 1
			THEN 60 + (attainment - 0.8) * 200
				   WHEN attainment < 1.2 THEN 100 * attainment WHEN attainment >= 1.2 THEN 120 END
		 ELSE least(greatest(100 * attainment, floor), cap) END
WHERE attainment IS NOT NULL;
UPDATE node SET coverage = (score IS NOT NULL)::integer WHERE indicator IS NOT NULL;
INSERT INTO node (grain, first_day, before_day, label, asked, node, method, missing, min_coverage)
SELECT DISTINCT grain, first_day, before_day, label, asked, 'card', 'weighted', 'renormalize', 0.5 FROM node;

-- groups from the bottom up: d, then a, b, c, then the root
CREATE FUNCTION pg_temp.roll(VARIADIC groups text[]) RETURNS void LANGUAGE sql AS $$
	UPDATE node g SET
		coverage = q.coverage,
		score = CASE WHEN q.present = 0 OR q.coverage < g.min_coverage OR g.missing = 'null'
			AND q.present < q.total THEN NULL
					 WHEN g.method = 'worst' THEN least(q.worst,
						CASE WHEN g.missing = 'zero' AND q.present < q.total THEN 0 END)
					 WHEN g.method = 'average' THEN q.plain / CASE g.missing WHEN 'zero' THEN q.total
						ELSE q.present END
					 ELSE q.points / CASE g.missing WHEN 'zero' THEN q.weight ELSE q.weight_present END END
	FROM (SELECT c.label, c.asked, c.parent, count(*) AS total, count(c.score) AS present, sum(c.weight) AS weight,
				 sum(c.weight) FILTER (WHERE c.score IS NOT NULL) AS weight_present, min(c.score) AS worst,
				 sum(c.score) AS plain,
				 sum(c.weight * c.score) AS points,
				 coalesce(sum(c.weight * c.coverage) FILTER (WHERE c.score IS NOT NULL), 0) / sum(c.weight) AS coverage
		  FROM node c WHERE c.weight > 0 AND c.parent = ANY (groups) GROUP BY c.label, c.asked, c.parent) q
	WHERE g.label = q.label AND g.asked = q.asked AND g.node = q.parent
$$;
SELECT pg_temp.roll('d');
SELECT pg_temp.roll('a', 'b', 'c');
SELECT pg_temp.roll('card');

CREATE TEMP TABLE got AS
SELECT p.label, u.unit AS asked, e.*
FROM (SELECT DISTINCT label FROM period) p
	CROSS JOIN (VALUES ('all'), ('north')) u (unit)
	CROSS JOIN LATERAL kpi.evaluate('card', u.unit, p.label) e;

CREATE TEMP TABLE both_ AS
SELECT g.*, n.parent AS x_parent, n.indicator AS x_indicator, n.unit AS x_unit, n.weight AS x_weight,
	n.actual AS x_actual, n.target AS x_target,
	   n.attainment AS x_attainment, n.score AS x_score, n.coverage AS x_coverage, n.direction, n.found,
	   n.days, n.all_days,
	   b.actual AS x_previous_actual, b.score AS x_previous_score, b.attainment AS x_previous_attainment,
	   y.actual AS x_last_year,
	   n.label IS NULL AS too_many, g.label IS NULL AS too_few
FROM got g
	FULL JOIN node n ON n.label = g.label AND n.asked = g.asked AND n.node = g.node
	LEFT JOIN node b ON b.grain = n.grain AND b.first_day = n.before_day AND b.asked = n.asked AND b.node = n.node
	LEFT JOIN LATERAL (SELECT nullif(nullif(nullif(m.value, 'NaN'), 'Infinity'), '-Infinity') AS actual
					   FROM kpi.measurement m
					   WHERE m.indicator = n.indicator AND m.unit = n.unit AND m.grain = n.grain
						AND m.period_start = n.first_day - interval '1 year') y ON true;
CREATE FUNCTION pg_temp.differ(a numeric, b numeric) RETURNS boolean LANGUAGE sql AS
	'SELECT (a IS NULL) <> (b IS NULL) OR abs(a - b) > 1e-12 * greatest(1, abs(b))';

SELECT cmp_ok((SELECT count(*) FROM both_ WHERE x_score IS NOT NULL), '>', 600::bigint, 'many scores are compared');
SELECT cmp_ok((SELECT count(*) FROM both_ WHERE x_score IS NULL), '>', 200::bigint, 'and many that are missing');
SELECT is_empty('SELECT label, asked, node FROM both_ WHERE too_many OR too_few', 'the nodes in force, no others');
SELECT is_empty($$SELECT label, asked, node FROM both_
	WHERE (parent_node, indicator, measured_unit, weight) IS DISTINCT FROM
	(x_parent, x_indicator::text, coalesce(x_unit, asked), x_weight)$$, 'parent, indicator, unit and weight');
SELECT is_empty('SELECT label, asked, node, actual, x_actual FROM both_ WHERE actual IS DISTINCT FROM x_actual',
	'actuals');
SELECT is_empty('SELECT label, asked, node, target, x_target FROM both_ WHERE pg_temp.differ(target, x_target)',
	'targets');
SELECT is_empty('SELECT label, asked, node, attainment, x_attainment FROM both_ WHERE pg_temp.differ(attainment,
	x_attainment)', 'attainments');
SELECT is_empty('SELECT label, asked, node, score, x_score FROM both_ WHERE pg_temp.differ(score, x_score)', 'scores');
SELECT is_empty('SELECT label, asked, node, coverage, x_coverage FROM both_ WHERE pg_temp.differ(coverage,
	x_coverage)', 'coverages');
SELECT is_empty($$SELECT label, asked, node, score, rag FROM both_
	WHERE (rag_order, rag::text, rag_label) IS DISTINCT FROM
	(CASE WHEN x_score >= 90 THEN 3 WHEN x_score >= 70 THEN 2 WHEN x_score < 70 THEN 1 ELSE 0 END,
	 CASE WHEN x_score >= 90 THEN 'green' WHEN x_score >= 70 THEN 'amber' WHEN x_score < 70 THEN 'red' ELSE 'none' END,
	 CASE WHEN x_score >= 90 THEN 'Green' WHEN x_score >= 70 THEN 'Amber' WHEN x_score < 70 THEN 'Red'
		ELSE 'No data' END)$$, 'statuses');
SELECT is_empty('SELECT label, asked, node, score_reason FROM both_
	WHERE (score_reason IS NULL) <> (score IS NOT NULL)',
	'a reason exactly where there is no score');
SELECT is_empty($$SELECT label, asked, node, score_reason FROM both_
	WHERE x_indicator IS NOT NULL AND score_reason IS DISTINCT FROM
	CASE WHEN x_score IS NOT NULL THEN NULL WHEN found AND x_actual IS NULL THEN 'invalid' WHEN x_actual IS NULL
		THEN 'no_actual'
		 WHEN days = 0 THEN 'no_target' WHEN days < all_days THEN 'partial_target'
		 WHEN x_indicator = 'cost' THEN 'sign' ELSE 'zero_target' END$$, 'reasons of leaves');
SELECT bag_hasnt($$SELECT DISTINCT coalesce(score_reason, '') FROM both_$$, $$VALUES ('no_score')$$,
	'leaves tell their own reason');
SELECT bag_has('SELECT DISTINCT score_reason FROM both_',
	$$VALUES ('invalid'), ('no_actual'), ('partial_target'), ('sign'), ('zero_target'), ('low_coverage'),
		('missing_child'), ('no_data')$$, 'every reason occurs');
SELECT is_empty('SELECT label, asked, node, previous_actual, x_previous_actual FROM both_
	WHERE previous_actual IS DISTINCT FROM x_previous_actual', 'previous actuals');
SELECT is_empty('SELECT label, asked, node, previous_score, x_previous_score FROM both_
	WHERE pg_temp.differ(previous_score, x_previous_score)', 'previous scores');
SELECT is_empty('SELECT label, asked, node FROM both_ WHERE score_change IS DISTINCT FROM score - previous_score',
	'changes');
SELECT is_empty('SELECT label, asked, node FROM both_ WHERE pg_temp.differ(change_rate,
	CASE WHEN previous_actual = 0 THEN CASE WHEN actual = 0 THEN 0 END ELSE (actual - previous_actual) /
	abs(previous_actual) END)', 'rates of change');
SELECT is_empty($$SELECT label, asked, node, trend FROM both_ WHERE trend IS DISTINCT FROM
	CASE WHEN x_indicator IS NULL THEN sign(score - previous_score)
		 WHEN direction = 'higher' THEN sign(actual - previous_actual)
		 WHEN direction = 'lower' THEN -sign(actual - previous_actual)
		 ELSE sign(x_attainment - x_previous_attainment) END::integer$$, 'trends');
SELECT is_empty('SELECT label, asked, node FROM both_ WHERE last_year_actual IS DISTINCT FROM x_last_year',
	'actuals of the year before');
SELECT cmp_ok((SELECT count(last_year_actual) FROM both_), '>', 100::bigint, 'many of them');
SELECT is_empty($$SELECT label, asked FROM got WHERE node <> 'card' GROUP BY label, asked, parent_node
	HAVING parent_node = 'card' AND abs(sum(absolute_weight) - 1) > 1e-12$$,
		'absolute weights below the root sum to 1');
SELECT is_empty($$SELECT g.label, g.node FROM got g JOIN got p ON p.label = g.label AND p.asked = g.asked
	AND p.node = g.parent_node
	WHERE pg_temp.differ(g.absolute_weight, p.absolute_weight * g.weight / (SELECT sum(s.weight) FROM got s
		WHERE s.label = g.label AND s.asked = g.asked AND s.parent_node = g.parent_node))$$,
			'absolute weights are products');

-- Order, paths, names and perspectives

SELECT results_eq($$SELECT place, path, depth FROM got WHERE label = '2010-07' AND asked = 'all' ORDER BY place$$,
	$$VALUES (1, 'card', 0), (2, 'card/c', 1), (3, 'card/c/launch', 2), (4, 'card/c/stock', 2), (5, 'card/b', 1),
		(6, 'card/b/d', 2),
		(7, 'card/b/d/result', 3), (8, 'card/b/d/cost', 3), (9, 'card/b/sales', 2), (10, 'card/b/claims', 2),
		(11, 'card/b/margin', 2),
		(12, 'card/direct', 1), (13, 'card/a', 1), (14, 'card/a/idle', 2), (15, 'card/a/churn', 2),
		(16, 'card/a/harm', 2)$$,
	'tree order: position, then node');
SELECT results_eq($$SELECT node FROM got WHERE label = '2011-12' AND asked = 'all' AND parent_node = 'b'
	ORDER BY place$$,
	$$VALUES ('d'), ('claims'), ('margin'), ('sales')$$, 'the order follows the version in force');
SELECT results_eq($$SELECT node, node_name, perspective FROM got WHERE label = '2010-07' AND asked = 'all'
	AND node IN ('card', 'b', 'direct', 'cost') ORDER BY node$$,
	$$VALUES ('b', 'B', NULL), ('card', 'Card', NULL), ('cost', 'Cost', 'process'),
		('direct', 'Sales of the north', 'financial')$$, 'names and perspectives');
UPDATE kpi.scorecard_node SET perspective = 'learning' WHERE scorecard = 'card' AND node = 'd';
INSERT INTO kpi.indicator (indicator, name, kind) VALUES ('plain', 'Plain', 'entered');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name)
	VALUES ('card', 'plain', 'd', 'plain', 'Plain');
SELECT is((SELECT perspective FROM kpi.evaluate('card', 'all', '2010-07') WHERE node = 'plain'), 'learning',
	'the perspective of the node above at last');
SELECT is((SELECT missing_nodes FROM got WHERE label = '2010-07' AND asked = 'all' AND node = 'card'),
	(SELECT array_agg(node::text ORDER BY node::text COLLATE "C") FROM node WHERE label = '2010-07' AND asked = 'all'
		AND indicator IS NOT NULL AND score IS NULL AND weight > 0),
	'missing names the leaves of positive weight');

-- The rules in force at a day

SELECT is((SELECT weight FROM kpi.evaluate('card', 'all', '2011-03') WHERE node = 'sales'), 5::numeric,
	'by default the last day decides');
SELECT is((SELECT weight FROM kpi.evaluate('card', 'all', '2011-03', as_of => '2011-03-14') WHERE node = 'sales'),
	2::numeric, 'as_of the day before the change');
SELECT is((SELECT weight FROM kpi.evaluate('card', 'all', '2011-03', as_of => '2011-03-15') WHERE node = 'sales'),
	5::numeric, 'as_of the day of the change');
SELECT is((SELECT weight FROM kpi.evaluate('card', 'all', '2010-01', as_of => '2020-01-01') WHERE node = 'c'),
	4::numeric, 'as_of in the future');
SELECT is((SELECT previous_score FROM kpi.evaluate('card', 'all', '2011-04', as_of => '2010-01-01') WHERE node = 'b'),
	(SELECT score FROM kpi.evaluate('card', 'all', '2011-03') WHERE node = 'b'),
	'the period before keeps its own rules');
SELECT is((SELECT count(*) FROM kpi.evaluate('card', 'all', '2010-05') WHERE node = 'stock'), 0::bigint,
	'a node that is not yet in force');
SELECT is((SELECT (actual IS NOT NULL, previous_actual) FROM kpi.evaluate('card', 'all', '2010-Q2')
	WHERE node = 'stock'), ROW(true, NULL::numeric), 'and has no previous value then');

-- Missing policies and coverage, worked by hand: scores 80, 50 and none, weights 2, 1 and 1

INSERT INTO kpi.indicator (indicator, name, kind, combine) SELECT 'p' || i, 'P' || i, 'entered', 'average'
FROM generate_series(1, 4) i;
INSERT INTO kpi.target (indicator, unit, period, target) SELECT 'p' || i, 'all', '[2010-01-01,2011-01-01)', 100
FROM generate_series(1, 4) i;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('p1', 'all', 'month', '2010-01-01', 80), ('p2', 'all', 'month', '2010-01-01', 50);
INSERT INTO kpi.scorecard (scorecard, name) VALUES ('policy', 'Policy');
INSERT INTO kpi.scorecard_node (scorecard, node, indicator, name, weight) VALUES
	('policy', 'p1', 'p1', 'P1', 2), ('policy', 'p2', 'p2', 'P2', 1), ('policy', 'p3', 'p3', 'P3', 1);
PREPARE root AS SELECT score, coverage, missing_nodes, score_reason FROM kpi.evaluate('policy', 'all', '2010-01')
	WHERE depth = 0;
SELECT results_eq('root', $$VALUES (70::numeric, 0.75::numeric, '{p3}'::text[], NULL::text)$$, 'renormalize');
UPDATE kpi.scorecard SET missing = 'zero' WHERE scorecard = 'policy';
SELECT results_eq('root', $$VALUES (52.5, 0.75, '{p3}'::text[], NULL::text)$$, 'zero');
UPDATE kpi.scorecard SET missing = 'null' WHERE scorecard = 'policy';
SELECT results_eq('root', $$VALUES (NULL::numeric, 0.75, '{p3}'::text[], 'missing_child')$$, 'null');
UPDATE kpi.scorecard SET missing = 'renormalize', min_coverage = 0.75 WHERE scorecard = 'policy';
SELECT results_eq('root', $$VALUES (70::numeric, 0.75, '{p3}'::text[], NULL::text)$$, 'coverage just enough');
UPDATE kpi.scorecard SET min_coverage = 0.7501 WHERE scorecard = 'policy';
SELECT results_eq('root', $$VALUES (NULL::numeric, 0.75, '{p3}'::text[], 'low_coverage')$$, 'coverage too low');
UPDATE kpi.scorecard SET min_coverage = NULL, method = 'worst' WHERE scorecard = 'policy';
SELECT results_eq('root', $$VALUES (50::numeric, 0.75, '{p3}'::text[], NULL::text)$$, 'worst');
UPDATE kpi.scorecard SET method = 'average' WHERE scorecard = 'policy';
SELECT results_eq('root', $$VALUES (65::numeric, 0.75, '{p3}'::text[], NULL::text)$$, 'average');
UPDATE kpi.scorecard SET method = 'weighted' WHERE scorecard = 'policy';
UPDATE kpi.scorecard_node SET weight = NULL WHERE scorecard = 'policy';
SELECT results_eq('SELECT score, score_reason FROM kpi.evaluate(''policy'', ''all'', ''2010-01'') WHERE depth = 0',
	$$VALUES (NULL::numeric, 'no_weight')$$, 'no weights');
UPDATE kpi.scorecard_node SET weight = 12.5 WHERE scorecard = 'policy';
DELETE FROM kpi.measurement WHERE indicator IN ('p1', 'p2');
SELECT results_eq('SELECT score, coverage, score_reason FROM kpi.evaluate(''policy'', ''all'', ''2010-01'')
	WHERE depth = 0', $$VALUES (NULL::numeric, 0::numeric, 'no_data')$$, 'no data');
SELECT results_eq('SELECT DISTINCT score_reason, rag_order, rag::text
	FROM kpi.evaluate(''policy'', ''all'', ''2010-01'')
	WHERE depth = 1', $$VALUES ('no_actual', 0, 'none')$$, 'leaves without data');
INSERT INTO kpi.scorecard (scorecard, name) VALUES ('bare', 'Bare');
SELECT results_eq('SELECT node, score, score_reason FROM kpi.evaluate(''bare'', ''all'', ''2010-01'')',
	$$VALUES ('bare', NULL::numeric, 'no_data')$$, 'a scorecard without nodes');
INSERT INTO kpi.scorecard_node (scorecard, node, name, weight) VALUES ('bare', 'empty', 'Empty', 1);
SELECT results_eq('SELECT node, score, score_reason FROM kpi.evaluate(''bare'', ''all'', ''2010-01'')',
	$$VALUES ('bare', NULL::numeric, 'no_data'), ('empty', NULL, 'no_data')$$,
	'a node with neither indicator nor children');

-- A score exactly at the limit of a band has the better status, whatever would be shown

INSERT INTO kpi.scorecard (scorecard, name) VALUES ('limit', 'Limit');
INSERT INTO kpi.scorecard_node (scorecard, node, indicator, name, weight) VALUES ('limit', 'p4', 'p4', 'P4', 1);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT 'p4', 'all', 'month', make_date(2010, n::integer, 1), v
FROM unnest(ARRAY[90, 89.999999999999, 70, 69.9999999999999999, 0, -5, 1000000]) WITH ORDINALITY q (v, n);
SELECT results_eq($$SELECT e.grade, e.rag_order FROM generate_series(1, 7) n,
	kpi.evaluate('limit', 'all', '2010-0' || n) e WHERE e.depth = 0 ORDER BY n$$,
	$$VALUES ('green', 3), ('amber', 2), ('amber', 2), ('red', 1), ('red', 1), ('red', 1), ('green', 3)$$,
	'statuses at the limits');
INSERT INTO kpi.band_set (band_set, name) VALUES ('own', 'Own');
INSERT INTO kpi.band (band_set, code, lower_bound, name, status,
	colour) VALUES ('own', 'poor', NULL, 'Poor', -1, 'red'),
	('own', 'fair', 60, 'Fair', 0, 'grey'), ('own', 'fine', 80, 'Fine', 1, 'blue');
UPDATE kpi.scorecard SET band_set = 'own' WHERE scorecard = 'limit';
SELECT results_eq($$SELECT e.grade, e.rag_order, e.score_reason FROM generate_series(1, 5) n,
	kpi.evaluate('limit', 'all', '2010-0' || n) e WHERE e.depth = 0 ORDER BY n$$,
	$$VALUES ('fine', 3, NULL::text), ('fine', 3, NULL), ('fair', 2, NULL), ('fair', 2, NULL), ('poor', 1, NULL)$$,
	'bands of one''s own: every score has one');

-- Baselines

INSERT INTO kpi.indicator (indicator, name, kind, combine, attainment_method)
	VALUES ('base', 'Base', 'entered', 'sum', 'progress');
INSERT INTO kpi.target (indicator, unit, period, target, baseline) VALUES
	('base', 'all', '[2010-01-01,2010-01-11)', 20, 10), ('base', 'all', '[2010-01-11,2010-02-01)', 42, 21),
	('base', 'all', '[2010-02-01,2010-02-11)', 20, 10), ('base', 'all', '[2010-02-11,2010-03-01)', 36, NULL),
	('base', 'all', '[2010-03-01,2010-04-01)', 7, 7);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT 'base', 'all', 'month', make_date(2010, m, 1), 46.5 FROM generate_series(1, 4) m;
INSERT INTO kpi.scorecard_node (scorecard, node, indicator, name, weight) VALUES ('bare', 'base', 'base', 'Base', 1);
SELECT results_eq($$SELECT e.target, e.attainment, e.score_reason FROM generate_series(1, 4) n,
	kpi.evaluate('bare', 'all', '2010-0' || n) e WHERE e.node = 'base' ORDER BY n$$,
	$$VALUES (62::numeric, 0.5, NULL), (56, NULL, 'no_baseline'), (7, NULL, 'zero_span'), (NULL, NULL, 'no_target')$$,
	'baselines follow the rule of targets');

-- Groups take the rules of the scorecard that they do not have themselves

INSERT INTO kpi.scorecard (scorecard, name, method, missing) VALUES ('rules', 'Rules', 'worst', 'zero');
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name, weight) VALUES
	('rules', 'group', NULL, NULL, 'Group', 1), ('rules', 'here', 'group', 'p4', 'Here', 3),
	('rules', 'not_here', 'group', 'p1', 'Not here', 1);
SELECT results_eq($$SELECT node, score, coverage FROM kpi.evaluate('rules', 'all', '2010-01') WHERE depth < 2$$,
	$$VALUES ('rules', 0::numeric, 0.75), ('group', 0, 0.75)$$, 'method and missing policy of the scorecard');
UPDATE kpi.scorecard_node SET method = 'weighted' WHERE scorecard = 'rules' AND node = 'group';
SELECT is((SELECT score FROM kpi.evaluate('rules', 'all', '2010-01') WHERE node = 'group'), 67.5, 'its own method');
UPDATE kpi.scorecard_node SET missing = 'renormalize' WHERE scorecard = 'rules' AND node = 'group';
SELECT is((SELECT score FROM kpi.evaluate('rules', 'all', '2010-01') WHERE node = 'group'), 90::numeric,
	'its own missing policy');

-- What is compared with the past is the same indicator of the same unit

UPDATE kpi.scorecard_node SET valid = '(,2010-02-01)', unit = 'north' WHERE scorecard = 'rules' AND node = 'here';
INSERT INTO kpi.scorecard_node (scorecard, node, parent, indicator, name, weight, valid) VALUES ('rules', 'here',
	'group', 'p4', 'Here', 3, '[2010-02-01,)');
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('p4', 'north', 'month', '2010-01-01', 10);
INSERT INTO kpi.target (indicator, unit, period, target) VALUES ('p4', 'north', '[2010-01-01,2011-01-01)', 100);
SELECT results_eq($$SELECT actual, previous_actual, previous_score, change_rate, trend
	FROM kpi.evaluate('rules', 'all', '2010-02') WHERE node = 'here'$$,
	$$VALUES (89.999999999999, NULL::numeric, 10::numeric, NULL::numeric, NULL::integer)$$,
	'not the value of another unit');

-- So is the year before, with the node in force then

INSERT INTO kpi.indicator (indicator, name, kind, combine)
	VALUES ('old', 'Old', 'entered', 'average'), ('new', 'New', 'entered', 'average');
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT i, u, 'month', d, v
FROM (VALUES ('old', 9), ('new', 90)) x (i, v), unnest(ARRAY['all', 'north']) u,
	unnest('{2013-03-01,2014-02-01,2014-03-01,2015-03-01}'::date[]) d;
INSERT INTO kpi.scorecard (scorecard, name) VALUES ('year', 'Year');
INSERT INTO kpi.scorecard_node (scorecard, node, indicator, unit, name, weight, valid) VALUES
	('year', 'other', 'old', NULL, 'Other', 1, '(,2014-03-01)'),
	('year', 'other', 'new', NULL, 'Other', 1, '[2014-03-01,)'),
	('year', 'moved', 'old', 'north', 'Moved', 1, '(,2014-03-31)'),
	('year', 'moved', 'old', NULL, 'Moved', 1, '[2014-03-31,)'),
	('year', 'same', 'old', 'north', 'Same', 1, '(,2014-03-31)'),
	('year', 'same', 'old', 'north', 'Same', 2, '[2014-03-31,)'),
	('year', 'late', 'old', NULL, 'Late', 1, '[2014-03-31,)');
SELECT results_eq($$SELECT node, actual, previous_actual, last_year_actual FROM kpi.evaluate('year', 'all', '2014-03')
	WHERE depth = 1 ORDER BY node$$,
	$$VALUES ('late', 9::numeric, NULL::numeric, 9::numeric), ('moved', 9, NULL, NULL), ('other', 90, NULL, NULL),
		('same', 9, 9, 9)$$,
	'last year of another indicator or unit is not compared');
SELECT results_eq($$SELECT node, last_year_actual FROM kpi.evaluate('year', 'all', '2015-03') WHERE depth = 1
	ORDER BY node$$,
	$$VALUES ('late', 9::numeric), ('moved', 9), ('other', 90), ('same', 9)$$, 'one year later it is');

-- Nothing shorter than the grain of the scorecard

UPDATE kpi.scorecard SET grain = 'quarter' WHERE scorecard = 'year';
SELECT throws_ok($$SELECT * FROM kpi.evaluate('year', 'all', '2014-03')$$, '22023',
	'scorecard "year" cannot be evaluated for "2014-03", a period of grain "month"',
	'a month of a quarterly scorecard');
SELECT is((SELECT count(*) FROM kpi.evaluate('year', 'all', '2014-Q1')), 5::bigint, 'its quarter');

-- An absurd value does not keep the others from being evaluated

INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value) VALUES ('p1', 'all', 'month', '2010-12-01',
	('1' || repeat('0', 131071))::numeric), ('p4', 'all', 'month', '2010-12-01', 90);
SELECT results_eq($$SELECT node, actual, score, score_reason FROM kpi.evaluate('rules', 'all', '2010-12')
	WHERE depth = 2$$,
	$$VALUES ('here', 90::numeric, 90::numeric, NULL::text), ('not_here', NULL, NULL, 'invalid')$$,
	'a value that no number can be made of');

-- Errors

SELECT throws_ok($$SELECT * FROM kpi.evaluate('cart', 'all', '2010-01')$$, '22023', 'scorecard "cart" does not exist',
	'unknown scorecard');
SELECT throws_ok($$SELECT * FROM kpi.evaluate('card', 'south', '2010-01')$$, '22023', 'unit "south" does not exist',
	'unknown unit');
SELECT throws_ok($$SELECT * FROM kpi.evaluate('card', 'all', '2010-13')$$, '22023',
	'period "2010-13" is not understood', 'a period that is none');
SELECT throws_ok($$SELECT * FROM kpi.evaluate('card', 'all', '2010-W10')$$, '22023',
	'scorecard "card" cannot be evaluated for "2010-W10", a period of grain "week"',
	'a period that the grain of the card does not make');
SELECT throws_ok($$SELECT * FROM kpi.evaluate(NULL, 'all', '2010-01')$$, '22004', NULL, 'no scorecard');
SELECT throws_ok($$SELECT * FROM kpi.evaluate('card', NULL, '2010-01')$$, '22004', NULL, 'no unit');
SELECT throws_ok($$SELECT * FROM kpi.evaluate('card', 'all', NULL)$$, '22004', 'period must not be null', 'no period');

-- Judging: what is not a number is no value

SELECT is(kpi_internal.usable(x), NULL, format('%s is not usable', left(x::text, 9)))
FROM unnest('{NaN,Infinity,-Infinity,1e1000,-1e1000}'::numeric[] || NULL::numeric) AS x;
SELECT is(kpi_internal.usable(x), x, 'a finite number is')
FROM unnest('{0,-0.001,1e999}'::numeric[] || (1e1000::numeric - 1e-20)) AS x;
SELECT is(kpi_internal.attainment_by(NULL, 1, 1, 1, 'higher', 'null', NULL, NULL, NULL, NULL), NULL,
	'no method, no attainment');
SELECT is(kpi_internal.attainment_by('progress', 5, 9, NULL, 'higher', 'null', NULL, NULL, NULL, NULL), NULL,
	'no progress without a baseline');
SELECT is(kpi_internal.attainment_by('inverse', 5, 4, NULL, 'lower', 'null', NULL, NULL, NULL, NULL), 0.8,
	'inverse needs none');
SELECT is(kpi_internal.reason_for(5, 'invalid', 4, NULL, NULL, 'ratio', 'null', NULL, NULL, NULL, NULL), NULL,
	'a note beside a usable value');
SELECT is(kpi_internal.reason_for(NULL, 'invalid', 4, NULL, NULL, 'ratio', 'null', NULL, NULL, NULL, NULL), 'invalid',
	'and without one');
SELECT is(kpi_internal.reason_for(NULL, NULL, NULL, 'partial_target', NULL, 'ratio', 'null', NULL, NULL, NULL, NULL),
	'no_actual', 'that there is no value comes before the target');
SELECT is(kpi_internal.reason_for(5, NULL, NULL, 'partial_target', NULL, 'ratio', 'null', NULL, NULL, NULL, NULL),
	'partial_target', 'which is told then');
SELECT is(kpi_internal.trend_of(direction, x, 1, x, 1), NULL, format('no trend %s of %s', direction, x))
FROM unnest('{NaN,Infinity,-Infinity}'::numeric[]) AS x, unnest('{higher,lower,target}'::text[]) AS direction;

-- It reads with the rights of the caller

CREATE ROLE kpi_evaluate_reader;
SET LOCAL ROLE kpi_evaluate_reader;
SELECT throws_ok($$SELECT * FROM kpi.evaluate('card', 'all', '2010-01')$$, '42501', NULL,
	'no rights on the tables, no evaluation');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
