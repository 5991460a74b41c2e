-- Measured values as reporting tools see them.

CREATE VIEW kpi.v_indicator WITH (security_invoker = true) AS
SELECT CAST(m.indicator AS varchar(63)) AS indicator,
	   CAST(m.unit AS varchar(63)) AS unit,
	   CAST(m.grain AS varchar(63)) AS period_grain,
	   m.period_start,
	   CAST(m.indicator || '/' || m.unit || '/' || kpi.period_label(m.grain, m.period_start) AS varchar(255)) AS indicator_key,
	   p.next_start - 1 AS period_end,
	   CAST(kpi.period_label(m.grain, m.period_start) AS varchar(63)) AS period_label,
	   CAST(coalesce(w.words ->> ('indicator/' || i.indicator), i.name) AS varchar(200)) AS indicator_name,
	   CAST(coalesce(w.words ->> ('unit/' || u.unit), u.name) AS varchar(200)) AS unit_name,
	   CAST(i.perspective AS varchar(63)) AS perspective,
	   CAST(coalesce(w.words ->> ('perspective/' || i.perspective), v.name) AS varchar(200)) AS perspective_name,
	   CAST(coalesce(w.words ->> ('unit_of_measure/' || i.unit_of_measure), i.unit_of_measure) AS varchar(63)) AS unit_of_measure,
	   CAST(i.direction AS varchar(8)) AS direction,
	   i.decimals,
	   CAST(kpi_internal.shown_value(a.actual) AS numeric(24,6)) AS actual,
	   CAST(kpi_internal.shown_value(g.target) AS numeric(24,6)) AS target,
	   CAST(kpi_internal.shown_value(g.low) AS numeric(24,6)) AS target_low,
	   CAST(kpi_internal.shown_value(g.high) AS numeric(24,6)) AS target_high,
	   CAST(kpi_internal.shown_value(g.stretch) AS numeric(24,6)) AS target_stretch,
	   CAST(kpi_internal.shown_share(s.attainment) AS numeric(18,6)) AS attainment,
	   CAST(r.reason AS varchar(32)) AS attainment_reason,
	   CAST(coalesce(w.words ->> ('reason/' || r.reason), kpi_internal.default_name(r.reason)) AS varchar(63)) AS attainment_reason_label,
	   CAST(kpi_internal.shown_value(b.previous) AS numeric(24,6)) AS previous_actual,
	   CAST(kpi_internal.shown_value(kpi.change(a.actual, b.previous)) AS numeric(24,6)) AS actual_change,
	   CAST(kpi_internal.shown_share(kpi.change_rate(a.actual, b.previous)) AS numeric(18,6)) AS change_rate,
	   t.trend,
	   CAST(coalesce(w.words ->> ('trend/' || c.code), kpi_internal.default_name(c.code)) AS varchar(63)) AS trend_label,
	   CAST(kpi_internal.shown_value(b.last_year) AS numeric(24,6)) AS last_year_actual,
	   CAST(m.provisional AS integer) AS is_provisional
FROM kpi.measurement m
	JOIN kpi.indicator i ON i.indicator = m.indicator
	JOIN kpi.unit u ON u.unit = m.unit
	LEFT JOIN kpi.perspective v ON v.perspective = i.perspective
	CROSS JOIN LATERAL (
		SELECT kpi_internal.period_end(m.grain, m.period_start) AS next_start,
			   kpi.period_before(m.grain, m.period_start) AS before_start,
			   kpi.period_last_year(m.grain, m.period_start) AS year_start
	) p
	LEFT JOIN kpi.measurement mp ON mp.indicator = m.indicator AND mp.unit = m.unit AND mp.grain = m.grain
		AND mp.period_start = p.before_start
	LEFT JOIN kpi.measurement my ON my.indicator = m.indicator AND my.unit = m.unit AND my.grain = m.grain
		AND my.period_start = p.year_start
	CROSS JOIN LATERAL (
		SELECT kpi_internal.usable(m.value) AS actual
	) a
	CROSS JOIN LATERAL (
		SELECT kpi_internal.usable(mp.value) AS previous, kpi_internal.usable(my.value) AS last_year
	) b
	CROSS JOIN LATERAL kpi_internal.target_for(m.indicator, m.unit, m.grain, m.period_start) g
	CROSS JOIN LATERAL (
		SELECT kpi_internal.attainment_by(i.attainment_method, a.actual, g.target, g.baseline, i.direction, i.zero_target,
										  g.low, g.high, g.outer_low, g.outer_high) AS attainment
	) s
	CROSS JOIN LATERAL (
		SELECT CASE WHEN kpi_internal.too_large(a.actual, g.target, s.attainment, NULL) THEN 'invalid'
					ELSE kpi_internal.reason_for(m.value, m.note, g.target, g.reason, g.baseline, i.attainment_method, i.zero_target,
													  g.low, g.high, g.outer_low, g.outer_high)
			   END AS reason
	) r
	CROSS JOIN LATERAL (
		SELECT kpi_internal.trend_of(i.direction, a.actual, b.previous, s.attainment,
			(SELECT kpi_internal.attainment_by(i.attainment_method, b.previous, h.target, h.baseline, i.direction, i.zero_target,
											   h.low, h.high, h.outer_low, h.outer_high)
			 FROM kpi_internal.target_for(m.indicator, m.unit, m.grain, p.before_start) h)) AS trend
	) t
	CROSS JOIN LATERAL (
		SELECT CASE t.trend WHEN 1 THEN 'improving' WHEN 0 THEN 'unchanged' WHEN -1 THEN 'worsening' END AS code
	) c
	CROSS JOIN kpi_internal.translations() w (words)
WHERE m.period_start >= date '0001-01-01' AND m.period_start <= date '9999-12-31';
COMMENT ON VIEW kpi.v_indicator IS
'One row per indicator, unit and period that was measured. '
'Key: indicator, unit, period_grain, period_start. Actual, target and attainment, and the change against the period '
'before.';
