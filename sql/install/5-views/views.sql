-- Views for people and reporting tools: plain types of fixed size, no NaN, no
-- infinity, key columns first, names in the reader's language.

CREATE VIEW kpi.v_scorecard WITH (security_invoker = true) AS
SELECT CAST(d.scorecard AS varchar(63)) AS scorecard,
	   CAST(d.unit AS varchar(63)) AS unit,
	   CAST(d.grain AS varchar(63)) AS period_grain,
	   d.period_start,
	   CAST(e.node AS varchar(63)) AS node,
	   CAST(d.scorecard || '/' || d.unit || '/' || kpi.period_label(d.grain, d.period_start) || '/' || e.node AS varchar(255)) AS score_key,
	   kpi.period_end(d.grain, d.period_start) - 1 AS period_end,
	   CAST(kpi.period_label(d.grain, d.period_start) AS varchar(63)) AS period_label,
	   CAST(coalesce(w.words ->> ('scorecard/' || d.scorecard), c.name) AS varchar(200)) AS scorecard_name,
	   CAST(coalesce(w.words ->> ('unit/' || u.unit), u.name) AS varchar(200)) AS unit_name,
	   CAST(kpi_internal.node_name(w.words, d.scorecard, e.node, e.name, e.indicator, i.name, e.perspective, v.name) AS varchar(200)) AS node_name,
	   CAST(e.parent AS varchar(63)) AS parent_node,
	   e.depth,
	   e.place,
	   CAST(e.perspective AS varchar(63)) AS perspective,
	   CAST(coalesce(w.words ->> ('perspective/' || e.perspective), v.name) AS varchar(200)) AS perspective_name,
	   CAST(e.indicator AS varchar(63)) AS indicator,
	   CAST(coalesce(w.words ->> ('indicator/' || e.indicator), i.name) AS varchar(200)) AS indicator_name,
	   CAST(coalesce(w.words ->> ('unit_of_measure/' || i.unit_of_measure), i.unit_of_measure) AS varchar(63)) AS unit_of_measure,
	   CAST(e.unit AS varchar(63)) AS measured_unit,
	   CAST(kpi_internal.shown_share(e.weight) AS numeric(18,6)) AS weight,
	   CAST(kpi_internal.shown_share(e.absolute_weight) AS numeric(18,6)) AS absolute_weight,
	   CAST(kpi_internal.shown_value(e.actual) AS numeric(24,6)) AS actual,
	   CAST(kpi_internal.shown_value(e.target) AS numeric(24,6)) AS target,
	   CAST(kpi_internal.shown_share(e.attainment) AS numeric(18,6)) AS attainment,
	   CAST(kpi_internal.shown_points(e.score) AS numeric(9,2)) AS score,
	   CAST(kpi_internal.shown_share(e.coverage) AS numeric(18,6)) AS coverage,
	   coalesce(cardinality(e.missing), 0) AS missing_count,
	   array_to_string(e.missing, ', ') AS missing_nodes,
	   CAST(CASE e.status WHEN -1 THEN 'red' WHEN 0 THEN 'amber' WHEN 1 THEN 'green' ELSE 'none' END AS varchar(8)) AS rag,
	   coalesce(e.status + 2, 0) AS rag_order,
	   CAST(coalesce(w.words ->> ('status/' || e.status_code), e.status_name) AS varchar(63)) AS rag_label,
	   CAST(r.reason AS varchar(32)) AS score_reason,
	   CAST(coalesce(w.words ->> ('reason/' || r.reason), kpi_internal.default_name(r.reason)) AS varchar(63)) AS score_reason_label,
	   CAST(kpi_internal.shown_value(e.previous_actual) AS numeric(24,6)) AS previous_actual,
	   CAST(kpi_internal.shown_points(e.previous_score) AS numeric(9,2)) AS previous_score,
	   CAST(kpi_internal.shown_points(e.change) AS numeric(9,2)) AS score_change,
	   CAST(kpi_internal.shown_share(e.change_rate) AS numeric(18,6)) AS change_rate,
	   e.trend,
	   CAST(coalesce(w.words ->> ('trend/' || t.code), kpi_internal.default_name(t.code)) AS varchar(63)) AS trend_label,
	   CAST(kpi_internal.shown_value(e.last_year_actual) AS numeric(24,6)) AS last_year_actual,
	   e.is_provisional
FROM (
		SELECT n.scorecard, m.unit, m.grain, m.period_start
		FROM kpi.scorecard k
			JOIN kpi.scorecard_node n ON n.scorecard = k.scorecard
			JOIN kpi.measurement m ON m.indicator = n.indicator
				AND n.valid @> kpi.period_end(m.grain, m.period_start) - 1
			-- a unit that row-level security hides is not evaluated
			JOIN kpi.unit o ON o.unit = m.unit
		WHERE kpi_internal.tiles(k.grain, m.grain)
		GROUP BY n.scorecard, m.unit, m.grain, m.period_start
	) d
	CROSS JOIN LATERAL (
		WITH e AS MATERIALIZED (
			SELECT x.* FROM kpi.evaluate(d.scorecard, d.unit, kpi.period_label(d.grain, d.period_start)) x
		), open AS MATERIALIZED (
			SELECT e.path
			FROM e
				JOIN kpi.measurement m ON m.indicator = e.indicator AND m.unit = e.unit
					AND m.grain = d.grain AND m.period_start = d.period_start AND m.provisional
		)
		SELECT e.*,
			   CAST(EXISTS (SELECT 1 FROM open o WHERE o.path = e.path OR starts_with(o.path, e.path || '/')) AS integer) AS is_provisional
		FROM e
	) e
	CROSS JOIN LATERAL (
		SELECT coalesce(e.reason,
						CASE WHEN kpi_internal.too_large(e.actual, e.target, e.attainment, e.score) THEN 'invalid' END) AS reason
	) r
	CROSS JOIN LATERAL (
		SELECT CASE e.trend WHEN 1 THEN 'improving' WHEN 0 THEN 'unchanged' WHEN -1 THEN 'worsening' END AS code
	) t
	JOIN kpi.scorecard c ON c.scorecard = d.scorecard
	JOIN kpi.unit u ON u.unit = d.unit
	LEFT JOIN kpi.indicator i ON i.indicator = e.indicator
	LEFT JOIN kpi.perspective v ON v.perspective = e.perspective
	CROSS JOIN kpi_internal.translations() w (words);

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
		SELECT kpi.period_end(m.grain, m.period_start) AS next_start,
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
	CROSS JOIN LATERAL kpi_internal.target_over(m.indicator, m.unit, i.time_rollup, m.period_start, p.next_start) g
	CROSS JOIN LATERAL (
		SELECT kpi_internal.attainment_by(i.attainment_method, a.actual, g.target, g.baseline, i.direction, i.zero_target) AS attainment
	) s
	CROSS JOIN LATERAL (
		SELECT CASE WHEN kpi_internal.too_large(a.actual, g.target, s.attainment, NULL) THEN 'invalid'
					ELSE kpi_internal.reason_for(m.value, m.note, g.target, g.partial, g.baseline, i.attainment_method, i.zero_target)
			   END AS reason
	) r
	CROSS JOIN LATERAL (
		SELECT kpi_internal.trend_of(i.direction, a.actual, b.previous, s.attainment,
			(SELECT kpi_internal.attainment_by(i.attainment_method, b.previous, h.target, h.baseline, i.direction, i.zero_target)
			 FROM kpi_internal.target_over(m.indicator, m.unit, i.time_rollup, p.before_start, m.period_start) h)) AS trend
	) t
	CROSS JOIN LATERAL (
		SELECT CASE t.trend WHEN 1 THEN 'improving' WHEN 0 THEN 'unchanged' WHEN -1 THEN 'worsening' END AS code
	) c
	CROSS JOIN kpi_internal.translations() w (words)
WHERE m.period_start >= date '0001-01-01' AND m.period_start <= date '9999-12-31';

CREATE VIEW kpi.v_data_quality WITH (security_invoker = true) AS
SELECT CAST(concat_ws('/', f.finding, f.scorecard, f.node, f.indicator, f.unit, l.label) AS varchar(320)) AS finding_key,
	   CAST(f.severity AS varchar(8)) AS severity,
	   CASE f.severity WHEN 'error' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END AS severity_order,
	   CAST(f.finding AS varchar(32)) AS finding,
	   CAST(coalesce(w.words ->> ('reason/' || f.finding), kpi_internal.default_name(f.finding)) AS varchar(63)) AS finding_label,
	   CAST(f.scorecard AS varchar(63)) AS scorecard,
	   CAST(a.scorecard AS varchar(200)) AS scorecard_name,
	   CAST(f.node AS varchar(63)) AS node,
	   CAST(a.node AS varchar(200)) AS node_name,
	   CAST(f.indicator AS varchar(63)) AS indicator,
	   CAST(a.indicator AS varchar(200)) AS indicator_name,
	   CAST(f.unit AS varchar(63)) AS unit,
	   CAST(a.unit AS varchar(200)) AS unit_name,
	   CAST(f.grain AS varchar(63)) AS period_grain,
	   f.period_start,
	   kpi.period_end(f.grain, f.period_start) - 1 AS period_end,
	   CAST(l.label AS varchar(63)) AS period_label,
	   kpi_internal.fill_text(w.words ->> ('finding/' || f.template),
		   jsonb_build_object('scorecard', a.scorecard, 'node', a.node, 'indicator', a.indicator, 'unit', a.unit, 'period', l.label) || f.parts
	   ) AS finding_text
FROM (
		-- what the last collection of each indicator met that is still collected
		SELECT q.severity, q.finding, q.finding AS template, CAST(NULL AS text) AS scorecard, CAST(NULL AS text) AS node,
			   CAST(s.indicator AS text) AS indicator, CAST(NULL AS text) AS unit, CAST(NULL AS text) AS grain,
			   CAST(NULL AS date) AS period_start,
			   jsonb_build_object('error', s.error, 'hint', ' ' || s.hint, 'count', s.unassigned_rows) AS parts
		FROM (SELECT DISTINCT ON (x.indicator) x.* FROM kpi.run_step x ORDER BY x.indicator, x.run DESC) s
			JOIN kpi.indicator d ON d.indicator = s.indicator AND d.kind = 'measured' AND d.state <> 'retired'
			CROSS JOIN LATERAL (
				VALUES ('error', 'collection_failed', s.state = 'failed'), ('warning', 'unassigned_rows', s.unassigned_rows > 0)
			) q (severity, finding, applies)
		WHERE q.applies
		UNION ALL
		SELECT 'warning', 'never_collected', 'never_collected', NULL, NULL, d.indicator, NULL, NULL, NULL, jsonb_build_object('source', d.source)
		FROM kpi.indicator d
		WHERE d.kind = 'measured' AND d.state <> 'retired'
			AND NOT EXISTS (SELECT FROM kpi.run_step s WHERE s.indicator = d.indicator)
			AND NOT EXISTS (SELECT FROM kpi.measurement m WHERE m.indicator = d.indicator)
		UNION ALL
		-- owners that cannot be acted for, or should not
		SELECT 'error', q.finding, q.finding, NULL, NULL, d.indicator, NULL, NULL, NULL,
			   jsonb_build_object('owner', d.owner, 'part', q.part)
		FROM kpi.indicator d
			CROSS JOIN LATERAL (
				VALUES ('owner_missing', CAST(NULL AS text), NOT kpi_internal.owner_exists(d.owner)),
					   ('owner_superuser', kpi_internal.untrusted_part(d.owner, d.source), true)
			) q (finding, part, applies)
		WHERE d.kind = 'measured' AND d.state <> 'retired' AND q.applies AND (q.part IS NOT NULL OR q.finding = 'owner_missing')
		UNION ALL
		SELECT 'warning', 'collection_died', 'collection_died', NULL, NULL, NULL, NULL, NULL, NULL,
			   jsonb_build_object('who', r.who, 'run', r.run)
		FROM (SELECT x.* FROM kpi.run x ORDER BY x.run DESC LIMIT 1) r
		WHERE kpi.run_state(CAST(ROW (r.*) AS kpi.run)) = 'died'
		UNION ALL
		-- what the measurements of indicators in use say of themselves
		SELECT q.severity, q.finding, q.finding, NULL, NULL, m.indicator, m.unit, m.grain, m.period_start, '{}'
		FROM kpi.measurement m
			JOIN kpi.indicator d ON d.indicator = m.indicator AND d.state <> 'retired'
			CROSS JOIN LATERAL (
				VALUES ('error', 'invalid', m.value IN ('NaN', 'Infinity', '-Infinity') OR m.value IS NULL AND m.note = 'invalid'),
					   ('info', 'provisional', m.provisional)
			) q (severity, finding, applies)
		WHERE q.applies
		UNION ALL
		SELECT 'warning', 'gap', CASE WHEN x.first_missing = x.last_missing THEN 'gap' ELSE 'gaps' END, NULL, NULL,
			   g.indicator, g.unit, g.grain, x.first_missing, jsonb_build_object('last', kpi.period_label(g.grain, x.last_missing))
		FROM (
				SELECT m.indicator, m.unit, m.grain, m.period_start,
					   lead(m.period_start) OVER (PARTITION BY m.indicator, m.unit, m.grain ORDER BY m.period_start) AS next_start
				FROM kpi.measurement m
					JOIN kpi.indicator d ON d.indicator = m.indicator AND d.state <> 'retired'
			) g
			CROSS JOIN LATERAL (
				SELECT kpi.period_end(g.grain, g.period_start) AS first_missing,
					   kpi.period_before(g.grain, g.next_start) AS last_missing
			) x
		WHERE g.next_start > x.first_missing
		UNION ALL
		-- what the newest evaluation of each scorecard and unit lacks
		SELECT CASE WHEN e.indicator IS NULL THEN 'error' WHEN e.weight IS NULL THEN 'info' ELSE 'warning' END, e.reason,
			   CASE e.reason WHEN 'low_coverage' THEN 'low_coverage' ELSE 'no_score' END || CASE e.depth WHEN 0 THEN '_of_card' ELSE '' END, l.scorecard, e.node, e.indicator, l.unit,
			   l.grain, l.period_start,
			   jsonb_build_object('share', kpi.format_value(e.coverage, '%', 0),
								  'reason', kpi_internal.lower_first(kpi.term('reason', e.reason, kpi_internal.default_name(e.reason))))
		FROM (
				SELECT k.scorecard, m.unit, m.grain, max(m.period_start) AS period_start
				FROM kpi.scorecard k
					JOIN kpi.scorecard_node n ON n.scorecard = k.scorecard
					JOIN kpi.measurement m ON m.indicator = n.indicator AND m.grain = k.grain
						AND n.valid @> kpi.period_end(m.grain, m.period_start) - 1
					JOIN kpi.unit o ON o.unit = m.unit
				GROUP BY k.scorecard, m.unit, m.grain
			) l
			CROSS JOIN LATERAL kpi.evaluate(l.scorecard, l.unit, kpi.period_label(l.grain, l.period_start)) e
		-- a group without data follows from its leaves
		WHERE e.score IS NULL AND (e.reason <> 'no_data' OR e.depth = 0 OR e.indicator IS NOT NULL)
		UNION ALL
		-- the rules in force from now on
		SELECT 'warning', 'weight_sum', CASE WHEN n.parent IS NULL THEN 'weight_sum_of_card' ELSE 'weight_sum' END, n.scorecard, coalesce(n.parent, n.scorecard), NULL, NULL, NULL, NULL,
			   jsonb_build_object('sum', trim_scale(sum(n.weight)))
		FROM kpi.scorecard_node n
			JOIN kpi.scorecard k ON k.scorecard = n.scorecard
			LEFT JOIN kpi.scorecard_node a ON a.scorecard = n.scorecard AND a.node = n.parent AND upper_inf(a.valid)
		WHERE upper_inf(n.valid) AND coalesce(a.method, k.method) = 'weighted' AND coalesce(n.role, 'part') IN ('part', 'priority')
		GROUP BY n.scorecard, n.parent
		HAVING sum(n.weight) NOT IN (1, 100)
		UNION ALL
		SELECT 'info', 'without_weight', 'without_weight', n.scorecard, n.node, n.indicator, NULL, NULL, NULL, '{}'
		FROM kpi.scorecard_node n
		WHERE upper_inf(n.valid) AND n.weight IS NULL AND coalesce(n.role, 'part') IN ('part', 'priority')
	) f
	CROSS JOIN kpi_internal.translations() w (words)
	CROSS JOIN LATERAL (SELECT kpi.period_label(f.grain, f.period_start) AS label) l
	LEFT JOIN kpi.indicator i ON i.indicator = f.indicator
	LEFT JOIN kpi.unit u ON u.unit = f.unit
	LEFT JOIN kpi.scorecard k ON k.scorecard = f.scorecard
	LEFT JOIN LATERAL (
		SELECT n.name, n.indicator, ni.name AS indicator_name, n.perspective, np.name AS perspective_name
		FROM kpi.scorecard_node n
			LEFT JOIN kpi.indicator ni ON ni.indicator = n.indicator
			LEFT JOIN kpi.perspective np ON np.perspective = n.perspective
		WHERE n.scorecard = f.scorecard AND n.node = f.node
		ORDER BY n.valid DESC
		LIMIT 1
	) n ON true
	CROSS JOIN LATERAL (
		SELECT coalesce(w.words ->> ('scorecard/' || f.scorecard), k.name) AS scorecard,
			   kpi_internal.node_name(w.words, f.scorecard, f.node, coalesce(n.name, k.name), n.indicator, n.indicator_name,
									  n.perspective, n.perspective_name) AS node,
			   coalesce(w.words ->> ('indicator/' || f.indicator), i.name) AS indicator,
			   coalesce(w.words ->> ('unit/' || f.unit), u.name) AS unit
	) a;

COMMENT ON VIEW kpi.v_scorecard IS
'One row per scorecard, unit, period and node of the tree; key: scorecard, unit, period_grain, period_start, node. Every month, quarter or year, from the grain of the scorecard upward, in which one of its indicators was measured for the unit. A filter on scorecard, unit, period_grain, period_start or period_label limits what is evaluated.';
COMMENT ON COLUMN kpi.v_scorecard.scorecard IS 'Key of the scorecard.';
COMMENT ON COLUMN kpi.v_scorecard.unit IS 'Key of the unit.';
COMMENT ON COLUMN kpi.v_scorecard.period_grain IS 'Length of the period: month, quarter or year.';
COMMENT ON COLUMN kpi.v_scorecard.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.v_scorecard.node IS 'Key of the node within the scorecard; of the top one the key of the scorecard.';
COMMENT ON COLUMN kpi.v_scorecard.score_key IS 'The key as one text: scorecard/unit/period/node.';
COMMENT ON COLUMN kpi.v_scorecard.period_end IS 'Last day of the period.';
COMMENT ON COLUMN kpi.v_scorecard.period_label IS 'The period as people write it: 2011-11, 2011-Q4 or 2011.';
COMMENT ON COLUMN kpi.v_scorecard.scorecard_name IS 'Name of the scorecard in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.unit_name IS 'Name of the unit in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.node_name IS 'Name of the node in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.parent_node IS 'Key of the node above; NULL for the scorecard itself.';
COMMENT ON COLUMN kpi.v_scorecard.depth IS 'Levels below the scorecard, which has 0.';
COMMENT ON COLUMN kpi.v_scorecard.place IS 'Place in the tree read from top to bottom; the scorecard itself is 1.';
COMMENT ON COLUMN kpi.v_scorecard.perspective IS 'Key of the perspective; NULL for none.';
COMMENT ON COLUMN kpi.v_scorecard.perspective_name IS 'Name of the perspective in the reader''s language; NULL for none.';
COMMENT ON COLUMN kpi.v_scorecard.indicator IS 'Key of the indicator; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_scorecard.indicator_name IS 'Name of the indicator in the reader''s language; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_scorecard.unit_of_measure IS 'Unit of actual and target in the reader''s language; % means that they are fractions; empty for a plain number.';
COMMENT ON COLUMN kpi.v_scorecard.measured_unit IS 'Key of the unit whose values the node shows, where it has one of its own, else unit.';
COMMENT ON COLUMN kpi.v_scorecard.weight IS 'Weight among the siblings, on their scale; NULL is shown and never counted.';
COMMENT ON COLUMN kpi.v_scorecard.absolute_weight IS 'Share of the whole scorecard, a fraction.';
COMMENT ON COLUMN kpi.v_scorecard.actual IS 'Measured value in the unit of measure; NULL when not measured or not a finite number.';
COMMENT ON COLUMN kpi.v_scorecard.target IS 'Target of the period in the unit of measure; NULL unless the targets cover it whole.';
COMMENT ON COLUMN kpi.v_scorecard.attainment IS 'How far the actual reaches the target, a fraction: 1 is reached; NULL when undefined.';
COMMENT ON COLUMN kpi.v_scorecard.score IS 'Points, 100 by custom for a target met; NULL when undefined, see score_reason.';
COMMENT ON COLUMN kpi.v_scorecard.coverage IS 'Share of the weight below that has a score, a fraction.';
COMMENT ON COLUMN kpi.v_scorecard.missing_count IS 'How many nodes of positive weight below have no score.';
COMMENT ON COLUMN kpi.v_scorecard.missing_nodes IS 'Their keys, with commas between; NULL when none is missing.';
COMMENT ON COLUMN kpi.v_scorecard.rag IS 'Status for colouring: red, amber, green, or none without a score.';
COMMENT ON COLUMN kpi.v_scorecard.rag_order IS 'Status for sorting: 1 red, 2 amber, 3 green, 0 none.';
COMMENT ON COLUMN kpi.v_scorecard.rag_label IS 'Name of the band the score falls in, in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.score_reason IS 'Why there is no score: no_actual, no_target, partial_target, no_baseline, zero_target, zero_span, sign, invalid, no_data, no_weight, missing_child or low_coverage; also invalid where a value is too large to show. NULL otherwise.';
COMMENT ON COLUMN kpi.v_scorecard.score_reason_label IS 'The reason in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.previous_actual IS 'Actual of the period before in the unit of measure.';
COMMENT ON COLUMN kpi.v_scorecard.previous_score IS 'Score of the period before, in points.';
COMMENT ON COLUMN kpi.v_scorecard.score_change IS 'Score less previous score, in points.';
COMMENT ON COLUMN kpi.v_scorecard.change_rate IS 'Relative change of the actual against the period before, a fraction; NULL from zero.';
COMMENT ON COLUMN kpi.v_scorecard.trend IS '1 improving, 0 unchanged, -1 worsening against the period before; NULL when one of the two is missing.';
COMMENT ON COLUMN kpi.v_scorecard.trend_label IS 'The trend in the reader''s language.';
COMMENT ON COLUMN kpi.v_scorecard.last_year_actual IS 'Actual of the same period one year earlier in the unit of measure.';
COMMENT ON COLUMN kpi.v_scorecard.is_provisional IS '1 when the period was not over when it was collected, for a node when that holds for any value below it; else 0.';

COMMENT ON VIEW kpi.v_indicator IS
'One row per indicator, unit and period that was measured; key: indicator, unit, period_grain, period_start. Actual, target and attainment, and the change against the period before.';
COMMENT ON COLUMN kpi.v_indicator.indicator IS 'Key of the indicator; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_indicator.unit IS 'Key of the unit.';
COMMENT ON COLUMN kpi.v_indicator.period_grain IS 'Length of the period: month, quarter or year.';
COMMENT ON COLUMN kpi.v_indicator.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.v_indicator.indicator_key IS 'The key as one text: indicator/unit/period.';
COMMENT ON COLUMN kpi.v_indicator.period_end IS 'Last day of the period.';
COMMENT ON COLUMN kpi.v_indicator.period_label IS 'The period as people write it: 2011-11, 2011-Q4 or 2011.';
COMMENT ON COLUMN kpi.v_indicator.indicator_name IS 'Name of the indicator in the reader''s language; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_indicator.unit_name IS 'Name of the unit in the reader''s language.';
COMMENT ON COLUMN kpi.v_indicator.perspective IS 'Key of the perspective; NULL for none.';
COMMENT ON COLUMN kpi.v_indicator.perspective_name IS 'Name of the perspective in the reader''s language; NULL for none.';
COMMENT ON COLUMN kpi.v_indicator.unit_of_measure IS 'Unit of actual and target in the reader''s language; % means that they are fractions; empty for a plain number.';
COMMENT ON COLUMN kpi.v_indicator.direction IS 'Which way is better: higher, lower, or target (the closer the better).';
COMMENT ON COLUMN kpi.v_indicator.decimals IS 'Decimals the values are shown with.';
COMMENT ON COLUMN kpi.v_indicator.actual IS 'Measured value in the unit of measure; NULL when not measured or not a finite number.';
COMMENT ON COLUMN kpi.v_indicator.target IS 'Target of the period in the unit of measure; NULL unless the targets cover it whole.';
COMMENT ON COLUMN kpi.v_indicator.attainment IS 'How far the actual reaches the target, a fraction: 1 is reached; NULL when undefined.';
COMMENT ON COLUMN kpi.v_indicator.attainment_reason IS 'Why there is no attainment: no_actual, no_target, partial_target, no_baseline, zero_target, zero_span, sign or invalid; also invalid where a value is too large to show. NULL otherwise.';
COMMENT ON COLUMN kpi.v_indicator.attainment_reason_label IS 'The reason in the reader''s language.';
COMMENT ON COLUMN kpi.v_indicator.previous_actual IS 'Actual of the period before in the unit of measure.';
COMMENT ON COLUMN kpi.v_indicator.actual_change IS 'Actual less previous actual, in the unit of measure.';
COMMENT ON COLUMN kpi.v_indicator.change_rate IS 'Relative change of the actual against the period before, a fraction; NULL from zero.';
COMMENT ON COLUMN kpi.v_indicator.trend IS '1 improving, 0 unchanged, -1 worsening against the period before; NULL when one of the two is missing.';
COMMENT ON COLUMN kpi.v_indicator.trend_label IS 'The trend in the reader''s language.';
COMMENT ON COLUMN kpi.v_indicator.last_year_actual IS 'Actual of the same period one year earlier in the unit of measure.';
COMMENT ON COLUMN kpi.v_indicator.is_provisional IS '1 when the period was not over when it was collected, for a node when that holds for any value below it; else 0.';

COMMENT ON VIEW kpi.v_data_quality IS
'One row per finding about the data or the definitions; key: finding_key. Reasons without a score are those of the newest period of each scorecard and unit.';
COMMENT ON COLUMN kpi.v_data_quality.finding_key IS 'The key: finding, scorecard, node, indicator, unit and period, those that apply, with slashes between.';
COMMENT ON COLUMN kpi.v_data_quality.severity IS 'error, warning or info.';
COMMENT ON COLUMN kpi.v_data_quality.severity_order IS 'Severity for sorting: 3 error, 2 warning, 1 info.';
COMMENT ON COLUMN kpi.v_data_quality.finding IS 'Code of the finding: collection_failed, collection_died, unassigned_rows, never_collected, owner_missing, owner_superuser, invalid, provisional, gap, weight_sum, without_weight, or the reason without a score. A gap of several periods is one finding, of its first.';
COMMENT ON COLUMN kpi.v_data_quality.finding_label IS 'The finding in the reader''s language.';
COMMENT ON COLUMN kpi.v_data_quality.scorecard IS 'Key of the scorecard.';
COMMENT ON COLUMN kpi.v_data_quality.scorecard_name IS 'Name of the scorecard in the reader''s language.';
COMMENT ON COLUMN kpi.v_data_quality.node_name IS 'Name of the node in the reader''s language.';
COMMENT ON COLUMN kpi.v_data_quality.unit_name IS 'Name of the unit in the reader''s language.';
COMMENT ON COLUMN kpi.v_data_quality.node IS 'Key of the node within the scorecard; of the top one the key of the scorecard.';
COMMENT ON COLUMN kpi.v_data_quality.indicator IS 'Key of the indicator; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_data_quality.indicator_name IS 'Name of the indicator in the reader''s language; NULL where the row is about none.';
COMMENT ON COLUMN kpi.v_data_quality.unit IS 'Key of the unit.';
COMMENT ON COLUMN kpi.v_data_quality.period_grain IS 'Length of the period: month, quarter or year.';
COMMENT ON COLUMN kpi.v_data_quality.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.v_data_quality.period_end IS 'Last day of the period.';
COMMENT ON COLUMN kpi.v_data_quality.period_label IS 'The period as people write it: 2011-11, 2011-Q4 or 2011.';
COMMENT ON COLUMN kpi.v_data_quality.finding_text IS 'The finding in a plain sentence, in the reader''s language.';
