SELECT is_empty(
	$$SELECT indicator, sqlstate, error FROM kpi.run_step WHERE state <> 'collected'$$,
	'every indicator was collected');

SELECT results_eq(
	$$SELECT s.indicator::text, s.source_rows, s.unassigned_rows FROM kpi.run_step s ORDER BY 1$$,
	$$SELECT indicator, sum(row_count) FILTER (WHERE unit = 'company')::bigint,
			sum(CASE WHEN unit = 'company' THEN row_count WHEN unit IN ('uk', 'international') THEN -row_count
				ELSE 0 END)::bigint
		FROM recount.actual WHERE grain = 'month' GROUP BY indicator ORDER BY 1$$,
	'rows read, and those of no unit, which only the company has');

SELECT results_eq(
	$$SELECT unassigned_rows FROM kpi.run_step WHERE indicator = 'revenue'$$,
	$$SELECT count(*) FROM recount.raw WHERE country IN ('Unspecified', 'European Community')$$,
	'lines of no country and of a group that is no unit are unassigned');

SELECT set_eq(
	$$SELECT indicator::text, unit::text, lower(period), upper(period) FROM kpi.target$$,
	$$SELECT indicator, unit, first, next FROM recount.goal$$,
	'the targets are those of the months before');

SELECT is(
	(SELECT array_agg(node ORDER BY place) FROM recount.evaluated
		WHERE asked = 'rest' AND grain = 'month' AND first = '2011-05-01'),
	ARRAY['shop', 'financial', 'revenue', 'revenue_growth', 'average_order_value', 'median_order_value',
		'international_share', 'customer', 'active_customers', 'new_customers', 'loyalty', 'repeat_rate', 'retention',
		'churn', 'satisfaction', 'process', 'cancellation_rate', 'returned_share', 'items_per_order', 'audit',
		'learning', 'product_range', 'known_customer_share'],
	'nodes come in tree order, in the order they were set');

-- One test a kind of figure; a failure shows the worst of those that differ.
SELECT is_empty(
	format('SELECT unit, grain, first, item, got, wanted FROM recount.differing
		WHERE source = %L AND figure = %L ORDER BY error DESC LIMIT 10', source, figure),
	format('%s %s: %s compared', source, figure, count(*)))
FROM (SELECT source, figure, item FROM recount.number UNION ALL SELECT 'evaluate', figure, item FROM recount.word) f
GROUP BY source, figure
ORDER BY source DESC, figure;

SELECT diag(format('%s figures compared, %s of them numbers that are there on both sides',
	(SELECT count(*) FROM recount.number) + (SELECT count(*) FROM recount.word),
	(SELECT count(*) FROM recount.number WHERE got IS NOT NULL AND wanted IS NOT NULL)));

-- What is awkward in the data is there, so that the figures above have met it.
SELECT is_empty(
	$$SELECT * FROM recount.evaluated
		WHERE grain = 'month' AND first = '2010-12-01'
			AND (coalesce(target, attainment, score) IS NOT NULL OR previous_actual IS NOT NULL
				OR rag <> 'none'
				OR coverage <> 0 OR score_reason IS NULL)$$,
	'the first month has no target, so no attainment, no score and no status, never 0');

SELECT results_eq(
	$$SELECT DISTINCT score_reason FROM recount.evaluated
		WHERE grain = 'month' AND first = '2010-12-01' AND node IN ('revenue', 'active_customers',
			'known_customer_share')
			AND asked <> 'atlantic'$$,
	ARRAY['no_target'],
	'the reason is that there is no target');

SELECT results_eq(
	$$SELECT DISTINCT actual, score, score_reason FROM recount.evaluated
		WHERE asked = 'atlantic' AND node = 'cancellation_rate' AND grain = 'month'
			AND actual IS NOT NULL AND target IS NOT NULL$$,
	$$VALUES (0::numeric, NULL::numeric, 'zero_target')$$,
	'a group that never cancels has a rate of 0, and no attainment of a target of 0');

SELECT is_empty(
	$$SELECT a.first, e.actual FROM recount.evaluated e
		RIGHT JOIN (SELECT first FROM recount.period WHERE grain = 'month' EXCEPT
			SELECT date_trunc('month', sold_at)::date FROM recount.raw WHERE country IN ('Canada', 'Iceland')) a
			ON a.first = e.first AND e.grain = 'month' AND e.asked = 'atlantic' AND e.node = 'revenue'
		WHERE e.actual IS NOT NULL OR e.score_reason IS DISTINCT FROM 'no_actual'$$,
	'a month in which a group sold nothing is not measured, and not 0');

SELECT is((SELECT count(*) FROM kpi.measurement WHERE provisional), 0::bigint,
	'nothing is provisional: all of it was over long ago');

SELECT results_eq(
	$$SELECT sum(CASE unit WHEN 'company' THEN value ELSE -value END) FROM kpi.measurement
		WHERE indicator = 'revenue' AND grain = 'year' AND period_start = '2011-01-01'
			AND unit IN ('company', 'uk', 'international')$$,
	$$SELECT sum(quantity * price) FROM recount.raw
		WHERE country IN ('Unspecified', 'European Community') AND sold_at >= '2011-01-01'$$,
	'the company has revenue that is in no unit below it');

SELECT ok(
	(SELECT count(*) FROM kpi.measurement q
		JOIN (SELECT unit, date_trunc('quarter', period_start)::date AS quarter, sum(value) AS total
			FROM kpi.measurement WHERE indicator = 'active_customers' AND grain = 'month' GROUP BY 1, 2) m
			ON m.unit = q.unit AND m.quarter = q.period_start
		WHERE q.indicator = 'active_customers' AND q.grain = 'quarter' AND q.value < m.total) >= 30,
	'the customers of a quarter are counted anew, not added up');

SELECT is_empty(
	$$SELECT unit, period, target FROM kpi.target t
		WHERE indicator = 'new_customers'
			AND target <> (SELECT sum(kpi.target_for('new_customers', t.unit, daterange(p.first, p.next)))
				FROM recount.period p WHERE p.grain = 'month' AND t.period @> p.first)$$,
	'the targets of the months of a quarter add up to its target exactly');

SELECT set_has(
	$$SELECT DISTINCT score_reason FROM recount.evaluated$$,
	$$VALUES ('no_actual'), ('no_target'), ('partial_target'), ('zero_target'), ('sign'), ('no_data'),
		('missing_child'),
		('low_coverage')$$,
	'the figures have met these reasons');

SELECT is(
	(SELECT array_agg(weight ORDER BY first) FROM recount.evaluated
		WHERE asked = 'uk' AND node = 'revenue' AND grain = 'month' AND first IN ('2011-06-01', '2011-07-01')),
	ARRAY[40, 50]::numeric[],
	'each month is weighed by the weights of its time');

SELECT results_eq(
	$$SELECT node, weight FROM kpi.evaluate('shop', 'uk', '2011-08', as_of => '2011-06-30')
		WHERE node IN ('revenue', 'revenue_growth') ORDER BY node$$,
	$$VALUES ('revenue', 40::numeric), ('revenue_growth', 20)$$,
	'or by those of another day, when told so');

-- The views show the same figures, rounded to the decimals of their columns.
SELECT is_empty(
	$$SELECT x.unit, x.label, x.node, v.figure, v.got, v.wanted
		FROM recount.expected x
			FULL JOIN (SELECT * FROM kpi.v_scorecard WHERE scorecard = 'shop') s
				ON (s.unit, s.period_grain, s.period_start, s.node) = (x.unit, x.grain, x.first, x.node)
			CROSS JOIN LATERAL (VALUES
				('actual', s.actual, x.actual, 6), ('target', s.target, x.target, 6),
				('attainment', s.attainment, x.attainment, 6), ('score', s.score, x.score, 2),
				('coverage', s.coverage, x.coverage, 6), ('absolute_weight', s.absolute_weight, x.absolute_weight, 6),
				('previous_score', s.previous_score, x.previous_score, 2),
				('score_change', s.score_change, x.change, 2),
				('rag', CASE s.rag WHEN 'red' THEN -1 WHEN 'amber' THEN 0 WHEN 'green' THEN 1 END, x.status, 6)
			) v (figure, got, wanted, decimals)
		WHERE x.label IS DISTINCT FROM s.period_label OR x.reason IS DISTINCT FROM s.score_reason
			OR (v.got IS NULL) <> (v.wanted IS NULL)
			OR abs(v.got - v.wanted) > 0.5 * 10.0 ^ -v.decimals + 1e-12 * abs(v.wanted)
			-- a score that rounds to a band's limit keeps the status of what it was
			OR v.figure = 'rag' AND v.got <> v.wanted
		LIMIT 10$$,
	format('kpi.v_scorecard: %s compared', 11 * (SELECT count(*) FROM recount.expected)));

SELECT is_empty(
	$$SELECT i.unit, i.period_label, i.indicator, v.figure, v.got, v.wanted
		FROM recount.expected x
			FULL JOIN kpi.v_indicator i
				ON (i.unit, i.period_grain, i.period_start, i.indicator)
					= (x.measured, x.grain, x.first, x.indicator)
			CROSS JOIN LATERAL (VALUES
				('actual', i.actual, x.actual), ('target', i.target, x.target),
				('attainment', i.attainment, x.attainment),
				('previous_actual', i.previous_actual, x.previous_actual),
				('last_year_actual', i.last_year_actual, x.last_year_actual)
			) v (figure, got, wanted)
		WHERE (i.indicator IS NOT NULL OR x.actual IS NOT NULL)
			AND (i.indicator IS DISTINCT FROM 'international_share' OR i.unit = 'company')
			AND (i.attainment_reason IS DISTINCT FROM x.reason OR (v.got IS NULL) <> (v.wanted IS NULL)
				OR abs(v.got - v.wanted) > 0.5e-6 + 1e-12 * abs(v.wanted))
		LIMIT 10$$,
	format('kpi.v_indicator: %s compared', 6 * (SELECT count(*) FROM recount.actual
		WHERE indicator <> 'international_share' OR unit = 'company')));

SELECT set_eq(
	$$SELECT indicator::text, unit::text, period_grain::text, period_start FROM kpi.v_data_quality
		WHERE finding = 'gap'$$,
	$$SELECT indicator, unit, grain, first FROM (
		SELECT r.indicator, r.unit, r.grain, p.first, a.first IS NULL AS missing,
				lag(a.first IS NULL) OVER (PARTITION BY r.indicator, r.unit, p.grain
					ORDER BY p.first) AS missing_before
		FROM (SELECT indicator, unit, grain, min(first) AS oldest, max(first) AS newest FROM recount.actual
			GROUP BY 1, 2, 3) r
			JOIN recount.period p ON p.grain = r.grain AND p.first BETWEEN r.oldest AND r.newest
			LEFT JOIN recount.actual a ON (a.indicator, a.unit, a.grain, a.first)
				= (r.indicator, r.unit, p.grain, p.first)) x
		WHERE missing AND NOT missing_before$$,
	'kpi.v_data_quality names every gap between other periods, at its first one');

SELECT results_eq(
	$$SELECT finding::text, count(*) FROM kpi.v_data_quality
		WHERE finding IN ('provisional', 'unassigned_rows') GROUP BY 1 ORDER BY 1$$,
	$$VALUES ('unassigned_rows', 15::bigint)$$,
	'and what has rows of no unit; nothing is provisional');

-- A second collection finds nothing to change.
CREATE TABLE recount.before AS SELECT * FROM kpi.measurement;
CALL kpi.collect('2011-Q2', '2011-10', ARRAY['average_order_value', 'churn', 'median_order_value', 'new_customers'],
	commit_each => false);
SELECT set_eq(
	'SELECT * FROM kpi.measurement', 'SELECT * FROM recount.before',
	'collected again, all measurements are as they were');
SELECT results_eq(
	$$SELECT sum(changed), count(*) FROM kpi.run_step WHERE run = (SELECT max(run) FROM kpi.run)$$,
	$$VALUES (0::bigint, 4::bigint)$$,
	'and none is counted as changed');
