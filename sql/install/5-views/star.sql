-- The star: facts by keys, and dimensions with what there is to say of each key.

--@@ The day whose tree is shown: today, or of a unit whose days have ended or not begun the nearest of them.
CREATE FUNCTION kpi_internal.shown_day(valid daterange)
	RETURNS date
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN least(greatest(current_date, lower(valid)), upper(valid) - 1);
COMMENT ON FUNCTION kpi_internal.shown_day(daterange) IS
'Today, or of days that are over or have not begun the nearest one. Today for NULL.';

CREATE FUNCTION kpi_internal.unit_path(unit text, day date)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH RECURSIVE above (unit, levels) AS (
		SELECT unit_path.unit, 0
		UNION ALL
		SELECT CAST(p.parent AS text), a.levels + 1
		FROM above AS a JOIN kpi.unit_parent AS p ON p.unit = a.unit AND p.valid @> unit_path.day
	)
	SELECT string_agg(a.unit, '/' ORDER BY a.levels DESC) FROM above AS a;
END;
COMMENT ON FUNCTION kpi_internal.unit_path(text, date) IS
'Keys of the units from the root down to a unit on a day, with slashes.';

CREATE VIEW kpi.dim_unit WITH (security_invoker = true) AS
SELECT CAST(u.unit AS varchar(63)) AS unit,
	   CAST(kpi.term('unit', u.unit, u.name) AS varchar(200)) AS unit_name,
	   CAST(u.dimension AS varchar(63)) AS dimension,
	   CAST(kpi.term('dimension', u.dimension, d.name) AS varchar(200)) AS dimension_name,
	   CAST(a.unit AS varchar(63)) AS parent_unit,
	   CAST(kpi.term('unit', a.unit, a.name) AS varchar(200)) AS parent_unit_name,
	   p.unit_path AS unit_path,
	   length(p.unit_path) - length(replace(p.unit_path, '/', '')) AS unit_depth,
	   u.position AS unit_position,
	   CAST(u.responsible AS varchar(200)) AS unit_responsible,
	   CASE WHEN isfinite(lower(u.valid)) THEN lower(u.valid) END AS valid_from,
	   CASE WHEN isfinite(upper(u.valid)) THEN upper(u.valid) - 1 END AS valid_to
FROM kpi.unit AS u
	JOIN kpi.dimension AS d ON d.dimension = u.dimension
	CROSS JOIN LATERAL (SELECT kpi_internal.shown_day(u.valid) AS day OFFSET 0) AS t
	CROSS JOIN LATERAL (SELECT kpi_internal.unit_path(u.unit, t.day) AS unit_path OFFSET 0) AS p
	LEFT JOIN kpi.unit AS a ON a.unit = kpi_internal.parent_of(u.unit, t.day);
COMMENT ON VIEW kpi.dim_unit IS
'One row per unit. Key: unit. Its place in the tree is that of today, or of a unit whose days are over that of its last day.';

CREATE VIEW kpi.dim_perspective WITH (security_invoker = true) AS
SELECT CAST(v.perspective AS varchar(63)) AS perspective,
	   CAST(kpi.term('perspective', v.perspective, v.name) AS varchar(200)) AS perspective_name,
	   v.position AS perspective_position
FROM kpi.perspective AS v;
COMMENT ON VIEW kpi.dim_perspective IS
'One row per perspective. Key: perspective. Sort by perspective_position.';

CREATE VIEW kpi.dim_indicator WITH (security_invoker = true) AS
SELECT CAST(i.indicator AS varchar(63)) AS indicator,
	   CAST(kpi.term('indicator', i.indicator, i.name) AS varchar(200)) AS indicator_name,
	   CAST(i.perspective AS varchar(63)) AS perspective,
	   CAST(kpi.term('perspective', i.perspective, v.name) AS varchar(200)) AS perspective_name,
	   CAST(kpi.term('unit_of_measure', i.unit_of_measure, i.unit_of_measure) AS varchar(63)) AS unit_of_measure,
	   CAST(i.direction AS varchar(8)) AS direction,
	   i.decimals,
	   CAST(i.kind AS varchar(8)) AS kind,
	   CAST(i.grain AS varchar(63)) AS own_grain,
	   CAST(i.responsible AS varchar(200)) AS responsible,
	   i.description AS description_text,
	   i.rule AS rule_text,
	   CAST(i.data_source AS varchar(200)) AS data_source,
	   CAST(i.state AS varchar(8)) AS indicator_state,
	   i.version AS definition_version
FROM kpi.indicator AS i
	LEFT JOIN kpi.perspective AS v ON v.perspective = i.perspective;
COMMENT ON VIEW kpi.dim_indicator IS
'One row per indicator. Key: indicator. What it means, where its values come from, and who answers for it.';

-- with the rights of its owner: which days there are depends on no reader
CREATE FUNCTION kpi_internal.data_years()
	RETURNS daterange
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT daterange(CAST(date_trunc('year', CAST(min(e.first_day) AS timestamp)) AS date),
					 CAST(date_trunc('year', CAST(max(e.last_day) AS timestamp)) + interval '1 year' AS date))
	FROM kpi.grain AS g
		CROSS JOIN LATERAL (
			SELECT min(m.period_start) AS first_day, kpi_internal.period_end(g.grain, max(m.period_start)) - 1 AS last_day
			FROM kpi.measurement AS m
			WHERE m.grain = g.grain AND m.period_start >= date '0001-01-01' AND m.period_start <= date '9998-12-31') AS e
$$;
COMMENT ON FUNCTION kpi_internal.data_years() IS
'The days of all years in which there are values. NULL where there are none.';

CREATE VIEW kpi.dim_period WITH (security_invoker = true) AS
SELECT CAST(g.grain AS varchar(63)) AS period_grain,
	   p.period_start,
	   CAST(kpi.period_label(g.grain, p.period_start) AS varchar(63)) AS period_label,
	   e.next_start - 1 AS period_end,
	   CAST(extract(year FROM e.next_start - 1) AS integer) AS period_year,
	   CAST(extract(quarter FROM e.next_start - 1) AS integer) AS period_quarter,
	   CAST(extract(month FROM e.next_start - 1) AS integer) AS period_month,
	   CAST(kpi.period_label(g.grain, kpi.period_before(g.grain, p.period_start)) AS varchar(63)) AS previous_label,
	   CAST(kpi.period_label(g.grain, kpi.period_last_year(g.grain, p.period_start)) AS varchar(63)) AS last_year_label,
	   CAST(p.period_start <= current_date AND current_date < e.next_start AS integer) AS is_current
FROM kpi.grain AS g
	CROSS JOIN LATERAL kpi_internal.periods_touching(g.grain, kpi_internal.data_years()) AS p (period_start)
	CROSS JOIN LATERAL (SELECT kpi_internal.period_end(g.grain, p.period_start) AS next_start) AS e;
COMMENT ON VIEW kpi.dim_period IS
'One row per grain and period, without gaps, of all years in which there are values. '
'Key: period_grain, period_start. period_label alone is a key, too. A calendar table is where period_grain is day.';

CREATE VIEW kpi.fact_measurement WITH (security_invoker = true) AS
SELECT CAST(m.indicator AS varchar(63)) AS indicator,
	   CAST(m.unit AS varchar(63)) AS unit,
	   CAST(m.grain AS varchar(63)) AS period_grain,
	   m.period_start,
	   CAST(m.indicator || '/' || m.unit || '/' || l.label AS varchar(255)) AS indicator_key,
	   CAST(l.label AS varchar(63)) AS period_label,
	   CAST(kpi_internal.shown_value(m.value) AS numeric(24,6)) AS actual,
	   CAST(CASE WHEN m.note = 'invalid' OR m.value IS NOT NULL AND kpi_internal.shown_value(m.value) IS NULL THEN 'invalid'
				 WHEN m.value IS NULL THEN 'no_actual' END AS varchar(32)) AS actual_reason,
	   CAST(kpi_internal.shown_value(m.numerator) AS numeric(24,6)) AS actual_numerator,
	   CAST(kpi_internal.shown_value(m.denominator) AS numeric(24,6)) AS actual_denominator,
	   m.row_count AS source_rows,
	   m.parts,
	   m.parts_expected,
	   CAST(m.origin AS varchar(9)) AS origin,
	   CAST(m.provisional AS integer) AS is_provisional
FROM kpi.measurement AS m
	CROSS JOIN LATERAL (SELECT kpi.period_label(m.grain, m.period_start) AS label) AS l
WHERE m.period_start >= date '0001-01-01' AND m.period_start <= date '9999-12-31';
COMMENT ON VIEW kpi.fact_measurement IS
'One row per indicator, unit and period that was measured, entered or rated. '
'Key: indicator, unit, period_grain, period_start. Names are in the dimensions: join by indicator, unit, and '
'period_label or period_grain and period_start.';

CREATE VIEW kpi.fact_score WITH (security_invoker = true) AS
SELECT s.scorecard, s.unit, s.period_grain, s.period_start, s.node, s.score_key, s.period_label, s.parent_node, s.depth, s.place,
	   s.indicator, s.perspective, s.measured_unit, s.weight, s.absolute_weight, s.role, s.actual, s.target, s.target_low,
	   s.target_high, s.attainment, s.score, s.coverage, s.missing_count, s.rag, s.rag_order, s.grade, s.coefficient, s.score_reason, s.previous_actual, s.previous_score,
	   s.score_change, s.change_rate, s.trend, s.last_year_actual, s.is_provisional, s.is_stale, s.is_final
FROM kpi.v_scorecard AS s;
COMMENT ON VIEW kpi.fact_score IS
'One row per scorecard, unit, period and node of the tree, by keys alone. '
'Key: scorecard, unit, period_grain, period_start, node. The rows of kpi.v_scorecard; names are in the dimensions.';
