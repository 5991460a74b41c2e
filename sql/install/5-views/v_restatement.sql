-- What is final, and would be something else now.

CREATE VIEW kpi.v_restatement WITH (security_invoker = true) AS
SELECT CAST(f.scorecard AS varchar(63)) AS scorecard,
	   CAST(f.unit AS varchar(63)) AS unit,
	   CAST(f.period_grain AS varchar(63)) AS period_grain,
	   f.period_start,
	   CAST(s.node AS varchar(63)) AS node,
	   kpi_internal.period_end(f.period_grain, f.period_start) - 1 AS period_end,
	   CAST(kpi.period_label(f.period_grain, f.period_start) AS varchar(63)) AS period_label,
	   CAST(kpi.term('scorecard', f.scorecard, k.name) AS varchar(200)) AS scorecard_name,
	   CAST(kpi.term('unit', f.unit, u.name) AS varchar(200)) AS unit_name,
	   CAST(kpi_internal.newest_node_name(f.scorecard, s.node) AS varchar(200)) AS node_name,
	   s.place,
	   CASE WHEN n.score_key IS NULL THEN v.actual ELSE n.actual END AS final_actual,
	   CAST(kpi_internal.shown_value(CASE WHEN i.node IS NULL THEN s.actual ELSE i.actual END) AS numeric(24,6)) AS restated_actual,
	   CASE WHEN n.score_key IS NULL THEN v.target ELSE n.target END AS final_target,
	   CAST(kpi_internal.shown_value(CASE WHEN i.node IS NULL THEN s.target ELSE i.target END) AS numeric(24,6)) AS restated_target,
	   CAST(v.score AS numeric(9,2)) AS final_score,
	   CAST(kpi_internal.shown_points(s.score) AS numeric(9,2)) AS restated_score,
	   CAST(CAST(kpi_internal.shown_points(s.score) AS numeric(9,2)) - CAST(v.score AS numeric(9,2)) AS numeric(9,2)) AS score_difference,
	   CAST(s.cause AS varchar(200)) AS cause,
	   CAST((SELECT string_agg(kpi.term('cause', c.code, kpi_internal.default_name(c.code)), ', ' ORDER BY c.place)
			 FROM string_to_table(s.cause, ', ') WITH ORDINALITY AS c (code, place)) AS varchar(200)) AS cause_label,
	   CAST(f.finalized_by AS varchar(63)) AS finalized_by,
	   f.finalized_at,
	   s.restated_at
FROM kpi.restated AS s
	JOIN kpi.finalization AS f ON f.finalization = s.finalization AND f.reopened_at IS NULL
	JOIN kpi.scorecard AS k ON k.scorecard = f.scorecard
	JOIN kpi.unit AS u ON u.unit = f.unit
	LEFT JOIN kpi.result AS v ON v.scorecard = f.scorecard AND v.unit = f.unit AND v.period_grain = f.period_grain
		AND v.period_start = f.period_start AND v.node = s.node
	LEFT JOIN kpi.restated_inside AS i ON i.finalization = s.finalization AND i.node = s.node
	LEFT JOIN kpi.result_inside AS n ON n.score_key = CASE WHEN v.measured_unit <> v.unit THEN v.score_key END;
COMMENT ON VIEW kpi.v_restatement IS
'One row per node of a final scorecard that would be something else now, with the cause. '
'Key: scorecard, unit, period_grain, period_start, node. Found out by a refresh. cause: value, target, definition, '
'weight, structure or missing, of the node or below it, with commas. Actual and target of another unit that the reader may '
'not see are NULL.';
