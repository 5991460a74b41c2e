-- What there are results for: short lists for the filters of reports.

-- with the rights of its owner: periods are no secret, and one step of the index finds the next
CREATE FUNCTION kpi_internal.result_periods()
	RETURNS TABLE (period_grain varchar(63), period_start date, period_end date, period_label varchar(63))
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 100
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH RECURSIVE seen AS (
		(SELECT r.period_grain, r.period_start, r.period_end, r.period_label
		 FROM kpi.result AS r ORDER BY r.period_start, r.period_grain LIMIT 1)
		UNION ALL
		SELECT n.*
		FROM seen AS s
			CROSS JOIN LATERAL (
				SELECT r.period_grain, r.period_start, r.period_end, r.period_label
				FROM kpi.result AS r
				WHERE (r.period_start, r.period_grain) > (s.period_start, s.period_grain)
				ORDER BY r.period_start, r.period_grain LIMIT 1) AS n
	)
	SELECT s.period_grain, s.period_start, s.period_end, s.period_label FROM seen AS s
$$;
COMMENT ON FUNCTION kpi_internal.result_periods() IS
'The periods for which anything was evaluated, in the time that their number takes.';

CREATE VIEW kpi.v_period WITH (security_invoker = true) AS
SELECT CAST(p.period_grain AS varchar(63)) AS period_grain,
	   p.period_start,
	   CAST(p.period_label AS varchar(63)) AS period_label,
	   p.period_end,
	   CAST(p.period_start = max(p.period_start) OVER (PARTITION BY p.period_grain) AS integer) AS is_newest
FROM kpi_internal.result_periods() AS p;
COMMENT ON VIEW kpi.v_period IS
'One row per grain and period for which scorecards were evaluated. '
'Key: period_grain, period_start. For filters: small, whatever kpi.v_scorecard has.';

CREATE VIEW kpi.v_unit WITH (security_invoker = true) AS
SELECT CAST(u.unit AS varchar(63)) AS unit,
	   CAST(kpi.term('unit', u.unit, u.name) AS varchar(200)) AS unit_name,
	   CAST(u.dimension AS varchar(63)) AS dimension,
	   u.position AS unit_position
FROM kpi.unit AS u
WHERE EXISTS (SELECT FROM kpi.scorecard AS k
			  WHERE EXISTS (SELECT FROM kpi.result AS r WHERE r.scorecard = k.scorecard AND r.unit = u.unit AND r.depth = 0));
COMMENT ON VIEW kpi.v_unit IS
'One row per unit for which scorecards were evaluated, of those that the reader may see. '
'Key: unit. For filters: small, whatever kpi.v_scorecard has.';
