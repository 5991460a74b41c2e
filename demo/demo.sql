-- What "make demo" shows: two years of a made-up marketing department, collected,
-- scored and read in the month in which several things go wrong at once.
\set ON_ERROR_STOP 1
\pset tuples_only on
\pset format unaligned
\pset pager off
SET client_min_messages = warning;

SELECT kpi.load_demo();
CALL kpi.collect('2024-01', '2025-12');
SELECT format('Collected in one call: %s values of %s indicators for %s units and %s channels; %s.',
			  kpi.format_value(count(*) FILTER (WHERE i.kind = 'measured'), '', 0),
			  count(DISTINCT i.indicator) FILTER (WHERE i.kind = 'measured'),
			  count(DISTINCT u.unit) FILTER (WHERE u.dimension = 'organisation'),
			  count(DISTINCT u.unit) FILTER (WHERE u.dimension = 'acme_channel' AND u.unit <> 'acme_channels'),
			  CASE max(r.failed) WHEN 0 THEN 'none failed' ELSE max(r.failed) || ' failed' END)
	   || format(E'\nFormulas made %s more, of %s indicators. All for months, quarters, half-years and years of 2024 and 2025.',
				 kpi.format_value(count(*) FILTER (WHERE i.kind = 'derived'), '', 0),
				 count(DISTINCT i.indicator) FILTER (WHERE i.kind = 'derived'))
FROM kpi.measurement m JOIN kpi.indicator i ON i.indicator = m.indicator JOIN kpi.unit u ON u.unit = m.unit CROSS JOIN kpi.run r
WHERE i.kind IN ('measured', 'derived');

\echo
SELECT * FROM kpi.scorecard_text('acme_marketing', unit => 'acme', period => '2025-10');

\echo
\echo 'By region:'
SELECT format('  %s %s  %s %s  %s  %s', kpi_internal.pad_text(u.name, 9), kpi.bullet_text(e.score, 20, 100),
			  kpi.format_value(e.score, '', 1), kpi_internal.pad_text(kpi_internal.arrow_text(round(e.score_change, 1)) || ' ' || kpi_internal.signed_text(e.score_change, 1), 7),
			  kpi_internal.pad_text(kpi_internal.status_text(nullif(e.rag_order, 0) - 2, e.rag_label), 8), w.words)
FROM kpi.unit u
	CROSS JOIN kpi.evaluate('acme_marketing', u.unit, '2025-10') e
	CROSS JOIN LATERAL (
		SELECT 'costs most: ' || string_agg(format('%s (-%s)', l.name, round(l.lost, 1)), ', ' ORDER BY l.lost DESC) AS words
		FROM (SELECT n.node_name AS name, n.absolute_weight * (100 - n.score) AS lost
			  FROM kpi.evaluate('acme_marketing', u.unit, '2025-10') n
			  WHERE n.indicator IS NOT NULL AND n.score < 100
			  ORDER BY 2 DESC
			  LIMIT 2) l) w
	JOIN kpi.unit_parent a ON a.unit = u.unit AND a.parent = 'acme' AND e.depth = 0
ORDER BY u.position;

\echo
\echo 'By channel, a dimension beside the regions. Marketing ROI is a formula, acme_margin / acme_spend - 1:'
SELECT format('  %s %s  %s spent, %s; in the half-year 2025-H1 %s, in the year to date %s',
			  kpi_internal.pad_text(u.name, 12), kpi.bullet_text(m.value, 20, t.target),
			  kpi_internal.pad_text(kpi.format_value(s.value, 'EUR', 0), 10, 'right'),
			  kpi_internal.pad_text('ROI ' || kpi.format_value(m.value, '%', 0), 9, 'right'),
			  kpi_internal.pad_text(kpi.format_value(h.value, '%', 0), 5, 'right'),
			  kpi_internal.pad_text(kpi.format_value(y.value, '%', 0), 5, 'right'))
FROM kpi.unit u
	JOIN kpi.measurement m ON m.unit = u.unit
	JOIN kpi.measurement h ON h.unit = u.unit AND h.indicator = m.indicator
	JOIN kpi.measurement y ON y.unit = u.unit AND y.indicator = m.indicator
	JOIN kpi.measurement s ON s.unit = u.unit
	CROSS JOIN kpi.target_for('acme_marketing_roi', 'acme', '2025-10') t (target)
WHERE u.dimension = 'acme_channel' AND m.indicator = 'acme_marketing_roi' AND s.indicator = 'acme_spend'
	AND m.grain = 'month' AND s.grain = 'month' AND h.grain = 'half' AND y.grain = 'month_ytd'
	AND m.period_start = '2025-10-01' AND s.period_start = '2025-10-01' AND h.period_start = '2025-01-01'
	AND y.period_start = '2025-10-01'
ORDER BY u.unit <> 'acme_channels', m.value DESC;
\echo
\echo 'Revenue so far:'
SELECT format('  %s %s  %s of %s, %s attained, %s on the year before', kpi_internal.pad_text(v.period_label, 12),
			  kpi.bullet_text(v.attainment, 20),
			  kpi_internal.pad_text(kpi.format_value(v.actual, 'EUR', 0), 13, 'right'),
			  kpi_internal.pad_text(kpi.format_value(v.target, 'EUR', 0), 13, 'right'),
			  kpi.format_value(v.attainment, '%', 1),
			  kpi_internal.signed_text(100 * kpi.change_rate(v.actual, v.last_year_actual), 1) || ' %')
FROM kpi.v_indicator v
WHERE v.indicator = 'acme_revenue' AND v.unit = 'acme'
	AND v.period_label IN ('2025-10', '2025-Q3', '2025-H1', '2025-10 ytd')
ORDER BY array_position(ARRAY['month', 'quarter', 'half', 'month_ytd'], v.period_grain::text);

\echo
\echo 'Why:'
SELECT format('  Customer churn: the east lost %s of its customers in the month, the other regions %s; in %s the east lost %s.',
			  kpi.format_value(e.value, '%', 1), kpi.format_value(o.value, '%', 1), kpi.period_label('month', b.period_start),
			  kpi.format_value(b.value, '%', 1))
FROM kpi.measurement e
	JOIN kpi.measurement b USING (indicator, unit, grain)
	CROSS JOIN LATERAL (
		SELECT sum(m.numerator) / sum(m.denominator) AS value
		FROM kpi.measurement m
		WHERE m.indicator = 'acme_churn' AND m.grain = 'month' AND m.period_start = e.period_start
			AND m.unit IN ('northland', 'southland', 'westland')) o
WHERE e.indicator = 'acme_churn' AND e.unit = 'eastland' AND e.grain = 'month'
	AND e.period_start = '2025-10-01' AND b.period_start = '2025-01-01';
SELECT format('  Display ads: %s spent brought %s of margin; in %s it was %s for %s.',
			  kpi.format_value(n.spend, 'EUR', 0), kpi.format_value(n.margin, 'EUR', 0), kpi.period_label('month', b.month),
			  kpi.format_value(b.margin, 'EUR', 0), kpi.format_value(b.spend, 'EUR', 0))
FROM (SELECT month, sum(spend) AS spend, sum(margin) AS margin FROM kpi_demo.channel_month WHERE channel = 'display' GROUP BY month) n
	CROSS JOIN (SELECT month, sum(spend) AS spend, sum(margin) AS margin FROM kpi_demo.channel_month WHERE channel = 'display' GROUP BY month) b
WHERE n.month = '2025-10-01' AND b.month = '2025-01-01';
SELECT format('  Training: %s a head instead of %s, and below the target in each of the last %s months.',
			  kpi.format_value(v.actual, 'h', 1), kpi.format_value(v.target, 'h', 1),
			  (SELECT count(*) FROM kpi.v_indicator p
			   WHERE p.indicator = v.indicator AND p.unit = v.unit AND p.period_grain = 'month'
				   AND p.period_start <= v.period_start
				   AND p.period_start > (SELECT max(g.period_start) FROM kpi.v_indicator g
										 WHERE g.indicator = v.indicator AND g.unit = v.unit AND g.period_grain = 'month'
											 AND g.period_start < v.period_start AND g.attainment >= 1)))
FROM kpi.v_indicator v
WHERE v.indicator = 'acme_training_hours' AND v.unit = 'acme' AND v.period_grain = 'month' AND v.period_start = '2025-10-01';
SELECT format('  Satisfaction, promoter score: %s survey answers in 2025-10 after %s in 2025-09. They are left out, not counted as 0.',
			  CASE count(*) FILTER (WHERE answered_on >= '2025-10-01') WHEN 0 THEN 'no' ELSE 'some' END, count(*) FILTER (WHERE answered_on < '2025-10-01'))
FROM kpi_demo.survey_answer
WHERE answered_on >= '2025-09-01' AND answered_on < '2025-11-01';
SELECT format('  Counted by hand: %s press mentions in 2025-10, %s in the year so far.',
			  kpi.format_value(sum(value) FILTER (WHERE grain = 'month' AND period_start = '2025-10-01'), '', 0),
			  kpi.format_value(sum(value) FILTER (WHERE grain = 'year'), '', 0))
FROM kpi.measurement
WHERE indicator = 'acme_press' AND unit = 'acme' AND period_start >= '2025-01-01';
SELECT format('  Teamwork, judged by %s of %s departments: %s after %s in 2025-09. %s has still to judge.',
			  m.parts, m.parts_expected, kpi.format_value(m.value, '', 1), kpi.format_value(b.value, '', 1),
			  (SELECT string_agg(initcap(d.rater), ', ' ORDER BY d.rater) FROM kpi.v_due d
			   WHERE d.indicator = 'acme_teamwork' AND d.unit = 'acme' AND d.period_label = '2025-10'))
FROM kpi.measurement m
	JOIN kpi.measurement b USING (indicator, unit, grain)
WHERE m.indicator = 'acme_teamwork' AND m.unit = 'acme' AND m.grain = 'month'
	AND m.period_start = '2025-10-01' AND b.period_start = '2025-09-01';

\echo
SELECT format('What that did to the score, %s in September and %s in October, in points:', kpi.format_value(e.previous_score, '', 1),
			  kpi.format_value(e.score, '', 1))
FROM kpi.evaluate('acme_marketing', 'acme', '2025-10') e
WHERE e.depth = 0;
WITH effect AS (
	SELECT e.*, row_number() OVER (ORDER BY abs(e.effect) DESC, e.path) AS place FROM kpi.explain('acme_marketing', 'acme', '2025-10') e
), line (place, name, effect, cause) AS (
	SELECT place, node_name, effect, lower(cause_label) FROM effect WHERE place <= 4
	UNION ALL
	SELECT 5, format('%s others', count(*)), sum(effect), 'together' FROM effect WHERE place > 4
	UNION ALL
	SELECT 6, 'All', sum(effect), '' FROM effect
)
SELECT rtrim(format('  %s %s  %s', kpi_internal.pad_text(l.name, 22), kpi_internal.pad_text(kpi_internal.signed_text(l.effect, 1), 5, 'right'), l.cause))
FROM line l
ORDER BY l.place;

\echo
\echo 'To do for October:'
SELECT format('  %s %s, by %s: %s', d.task_label, lower(d.indicator_name), d.due_on,
			  string_agg(coalesce(initcap(d.rater), d.unit_name), ', ' ORDER BY d.unit_name, d.rater))
FROM kpi.v_due d
WHERE d.period_label = '2025-10'
GROUP BY d.task, d.task_label, d.indicator_name, d.due_on
ORDER BY d.task, d.indicator_name;

\echo
\echo 'Month end: October is made final, and reported. In November 7.4 of 10 comes in for satisfaction.'
\echo 'What was reported stays; beside it stands what it would be now, and why:'
SELECT kpi.finalize('acme_marketing', 'acme', '2025-10', note => 'reported') \g /dev/null
SELECT kpi.enter('acme_satisfaction', 'acme', '2025-10', 7.4, reason => 'asked in November') \g /dev/null
SELECT kpi.refresh_results() \g /dev/null
SELECT format('  %s reported %s, would be %s now: %s', kpi_internal.pad_text(v.node_name, 22),
			  kpi_internal.pad_text(coalesce(kpi.format_value(v.final_score, '', 1), 'none'), 4, 'right'),
			  kpi.format_value(v.restated_score, '', 1), CASE v.cause WHEN 'missing' THEN 'what was missing is there' ELSE lower(v.cause_label) END)
FROM kpi.v_restatement v
WHERE v.scorecard = 'acme_marketing'
ORDER BY v.place;

-- the same as a page, for the whole company and each region
\getenv report REPORT
\if :{?report}
\o :report
SELECT kpi.report_html('acme_marketing', '{acme,eastland,northland,southland,westland}'::text[], '2025-10');
\o
\endif

\echo
\echo 'Next:'
\echo '  SELECT * FROM kpi.scorecard_text(\'acme_marketing\', \'acme\', \'2025-H1\');'
\echo '  SELECT * FROM kpi.scorecard_text(\'acme_marketing\', \'eastland\', \'2025-Q4\');'
\echo '  SELECT period_label, actual, target, trend_label FROM kpi.v_indicator'
\echo '  WHERE  indicator = \'acme_churn\' AND unit = \'eastland\' AND period_grain = \'quarter\' ORDER BY period_start;'
\echo '  SELECT finding_text FROM kpi.v_data_quality;'
