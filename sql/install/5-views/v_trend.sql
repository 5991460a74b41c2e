-- Scores and values beside those of earlier periods.

CREATE VIEW kpi.v_trend WITH (security_invoker = true) AS
SELECT s.scorecard,
	   s.unit,
	   s.period_grain,
	   s.period_start,
	   s.node,
	   s.score_key,
	   s.period_end,
	   s.period_label,
	   s.scorecard_name,
	   s.unit_name,
	   s.node_name,
	   s.parent_node,
	   s.depth,
	   s.place,
	   s.perspective,
	   s.perspective_name,
	   s.indicator,
	   s.indicator_name,
	   s.unit_of_measure,
	   s.actual,
	   s.target,
	   s.previous_actual,
	   CAST(kpi_internal.shown_value(kpi.change(s.actual, s.previous_actual)) AS numeric(24,6)) AS actual_change,
	   s.change_rate,
	   s.last_year_actual,
	   CAST(kpi_internal.shown_share(kpi.change_rate(s.actual, s.last_year_actual)) AS numeric(18,6)) AS year_change_rate,
	   s.score,
	   s.previous_score,
	   s.score_change,
	   y.score AS last_year_score,
	   CAST(kpi_internal.shown_points(kpi.change(s.score, y.score)) AS numeric(9,2)) AS score_year_change,
	   CAST(avg(s.score) OVER (series ROWS 2 PRECEDING) AS numeric(9,2)) AS score_mean_3,
	   CAST(avg(s.score) OVER (series ROWS 11 PRECEDING) AS numeric(9,2)) AS score_mean_12,
	   CAST(min(s.score) OVER (series ROWS 11 PRECEDING) AS numeric(9,2)) AS score_lowest_12,
	   CAST(max(s.score) OVER (series ROWS 11 PRECEDING) AS numeric(9,2)) AS score_highest_12,
	   s.rag,
	   s.rag_order,
	   s.rag_label,
	   s.trend,
	   s.trend_label
FROM kpi.v_scorecard AS s
	LEFT JOIN kpi.v_scorecard AS y ON y.scorecard = s.scorecard AND y.unit = s.unit AND y.period_grain = s.period_grain
		AND y.period_start = kpi.period_last_year(s.period_grain, s.period_start) AND y.node = s.node
WINDOW series AS (PARTITION BY s.scorecard, s.unit, s.period_grain, s.node ORDER BY s.period_start);
COMMENT ON VIEW kpi.v_trend IS
'One row per scorecard, unit, period and node of the tree, with what it was in earlier periods. '
'Key: scorecard, unit, period_grain, period_start, node. Means, lows and highs are of the last 3 or 12 periods that '
'were evaluated, this one included.';
