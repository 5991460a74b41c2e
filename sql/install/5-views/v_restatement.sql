-- What is final, and would be something else now.

CREATE VIEW kpi.v_restatement WITH (security_invoker = true) AS
SELECT CAST(f.scorecard AS varchar(63)) AS scorecard,
	   CAST(f.unit AS varchar(63)) AS unit,
	   CAST(f.period_grain AS varchar(63)) AS period_grain,
	   f.period_start,
	   CAST(s.node AS varchar(63)) AS node,
	   CAST(kpi.period_label(f.period_grain, f.period_start) AS varchar(63)) AS period_label,
	   s.place,
	   v.actual AS final_actual,
	   CAST(CASE WHEN o.open THEN kpi_internal.shown_value(s.actual) END AS numeric(24,6)) AS restated_actual,
	   v.target AS final_target,
	   CAST(CASE WHEN o.open THEN kpi_internal.shown_value(s.target) END AS numeric(24,6)) AS restated_target,
	   v.score AS final_score,
	   CAST(kpi_internal.shown_points(s.score) AS numeric(9,2)) AS restated_score,
	   CAST(CAST(kpi_internal.shown_points(s.score) AS numeric(9,2)) - v.score AS numeric(9,2)) AS score_difference,
	   CAST(s.cause AS varchar(200)) AS cause,
	   CAST(f.finalized_by AS varchar(63)) AS finalized_by,
	   f.finalized_at,
	   s.restated_at
FROM kpi_internal.restated AS s
	JOIN kpi.finalization AS f ON f.finalization = s.finalization AND f.reopened_at IS NULL
	LEFT JOIN kpi.result AS v ON v.scorecard = f.scorecard AND v.unit = f.unit AND v.period_grain = f.period_grain
		AND v.period_start = f.period_start AND v.node = s.node
	CROSS JOIN LATERAL (SELECT s.measured_unit IS NULL OR kpi_internal.may_read(s.measured_unit, s.grain, s.period_start) AS open) AS o;
COMMENT ON VIEW kpi.v_restatement IS
'One row per node of a final scorecard that would be something else now, with the cause. '
'Key: scorecard, unit, period_grain, period_start, node. Found out by a refresh. cause: value, target, definition, '
'weight, structure or missing, of the node or below it, with commas.';
