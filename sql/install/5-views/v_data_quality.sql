-- Findings about the data and the definitions, in plain sentences.

-- with the rights of its owner: what is newest depends on no reader
CREATE FUNCTION kpi_internal.newest_periods()
	RETURNS TABLE ("grain" text, newest date)
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CAST(m.grain AS text), max(m.period_start) FROM kpi.measurement AS m GROUP BY m.grain
$$;
COMMENT ON FUNCTION kpi_internal.newest_periods() IS
'Of each grain the newest period in which anything was measured.';

-- with the rights of its owner: what is outdated depends on no reader
CREATE FUNCTION kpi_internal.outdated_values()
	RETURNS TABLE (indicator text, "grain" text, period_start date)
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH edit AS MATERIALIZED (
		-- the days on which a unit came below a parent, or left it
		SELECT e.unit, e.parent, e.at, e.ended + e.begun - e.ended * e.begun AS days
		FROM (SELECT (h.version).unit, (h.version).parent, x.at,
					 coalesce(range_agg((h.version).valid) FILTER (WHERE x.begins), '{}') AS begun,
					 coalesce(range_agg((h.version).valid) FILTER (WHERE NOT x.begins), '{}') AS ended
			  FROM kpi_internal.unit_parent_history AS h CROSS JOIN LATERAL (VALUES (h.since, true), (h.until, false)) AS x (at, begins)
			  WHERE x.at < 'infinity'
			  GROUP BY (h.version).unit, (h.version).parent, x.at) AS e
	), renamed AS MATERIALIZED (
		SELECT e.at, e.unit AS old_unit, e.parent AS old_parent, b.unit, b.parent
		FROM edit AS e
			JOIN edit AS b ON b.at = e.at AND b.days = e.days AND (b.unit = e.unit OR b.parent = e.parent)
		WHERE (SELECT count(*) FROM kpi.unit AS u WHERE u.unit IN (e.unit, e.parent)) < 2
			AND (SELECT count(*) FROM kpi.unit AS u WHERE u.unit IN (b.unit, b.parent)) = 2
	), step AS MATERIALIZED (
		SELECT s.indicator, i.grain, s.started, s.days, s.units
		FROM kpi.run_step AS s JOIN kpi.run AS r ON r.run = s.run JOIN kpi.indicator AS i ON i.indicator = s.indicator
		WHERE s.state = 'collected' AND r.from_date IS NOT NULL AND i.kind = 'measured' AND i.state <> 'retired'
			AND i.unit_column IS NOT NULL AND i.time_column IS NOT NULL
	), change (indicator, unit, days, at) AS (
		SELECT NULL, e.parent, e.days, e.at FROM edit AS e
		WHERE NOT EXISTS (SELECT FROM renamed AS r
						  WHERE r.at = e.at AND ((r.unit, r.parent) = (e.unit, e.parent) OR (r.old_unit, r.old_parent) = (e.unit, e.parent)))
		UNION ALL
		-- a unit that is in force on other days
		SELECT NULL, (b.version).unit, datemultirange((e.version).valid) + datemultirange((b.version).valid)
			   - datemultirange((e.version).valid * (b.version).valid), b.since
		FROM kpi_internal.unit_history AS e
			JOIN kpi_internal.unit_history AS b ON (b.version).unit = (e.version).unit AND b.since = e.until
		WHERE (b.version).valid <> (e.version).valid
		UNION ALL
		-- above or below one that was collected without it, and changed
		SELECT s.indicator, CASE WHEN m.unit = p.unit THEN p.parent ELSE p.unit END,
			   datemultirange(kpi_internal.period_days(m.grain, m.period_start)), s.started
		FROM step AS s
			JOIN kpi.unit_parent AS p ON p.valid && s.days AND (p.unit = ANY (s.units)) <> (p.parent = ANY (s.units))
			JOIN kpi.measurement AS m ON m.indicator = s.indicator AND m.grain = s.grain AND m.collected_at >= s.started
				AND m.unit = CASE WHEN p.unit = ANY (s.units) THEN p.unit ELSE p.parent END
		WHERE s.units IS NOT NULL
	), latest AS (
		SELECT c.indicator, c.unit, c.days, max(c.at) AS at FROM change AS c GROUP BY c.indicator, c.unit, c.days
	), old AS (
		SELECT m.indicator, m.grain, m.period_start, max(c.at) AS at
		FROM latest AS c
			JOIN kpi.measurement AS m ON m.unit = c.unit AND m.collected_at < c.at AND m.indicator = coalesce(c.indicator, m.indicator)
		WHERE kpi_internal.period_days(m.grain, m.period_start) && c.days
		GROUP BY m.indicator, m.grain, m.period_start
	)
	SELECT CAST(o.indicator AS text), CAST(o.grain AS text), min(o.period_start)
	FROM old AS o
	WHERE (o.indicator, o.grain) IN (SELECT s.indicator, s.grain FROM step AS s)
		AND NOT EXISTS (SELECT FROM step AS s
						WHERE s.indicator = o.indicator AND s.units IS NULL AND s.started > o.at
							AND s.days @> kpi_internal.period_days(o.grain, o.period_start))
	GROUP BY o.indicator, o.grain
$$;
COMMENT ON FUNCTION kpi_internal.outdated_values() IS
'Of each indicator the first period with a value that was collected before the units changed. '
'Or before those above or below the unit were collected without it. That is until it is collected anew for all units.';

CREATE VIEW kpi.v_data_quality WITH (security_invoker = true) AS
WITH never_collected AS (
	SELECT d.indicator, d.source
	FROM kpi.indicator d
	WHERE d.kind = 'measured' AND d.state = 'approved'
		AND NOT EXISTS (SELECT FROM kpi.run_step s WHERE s.indicator = d.indicator)
		AND NOT EXISTS (SELECT FROM kpi.measurement m WHERE m.indicator = d.indicator)
)
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
	   kpi_internal.period_end(f.grain, f.period_start) - 1 AS period_end,
	   CAST(l.label AS varchar(63)) AS period_label,
	   kpi_internal.fill_text(w.words ->> ('finding/' || f.template),
		   jsonb_build_object('scorecard', a.scorecard, 'node', a.node, 'indicator', a.indicator, 'unit', a.unit, 'period', l.label) || f.parts
	   ) AS finding_text
FROM (
		-- what the last collection of each indicator met that is still collected
		SELECT q.severity, q.finding, q.finding AS template, CAST(NULL AS text) AS scorecard, CAST(NULL AS text) AS node,
			   CAST(s.indicator AS text) AS indicator, CAST(NULL AS text) AS unit, CAST(NULL AS text) AS grain,
			   CAST(NULL AS date) AS period_start,
			   jsonb_build_object('error', s.error, 'hint', ' ' || s.hint, 'count', q.met) AS parts
		FROM (SELECT DISTINCT ON (x.indicator) x.* FROM kpi.run_step x ORDER BY x.indicator, x.run DESC) s
			JOIN kpi.indicator d ON d.indicator = s.indicator AND d.kind = 'measured' AND d.state <> 'retired'
			CROSS JOIN LATERAL (
				VALUES ('error', 'collection_failed', CASE WHEN s.state = 'failed' THEN 1 END),
					   ('warning', 'unassigned_rows', s.unassigned_rows), ('warning', 'untimed_rows', s.untimed_rows)
			) q (severity, finding, met)
		WHERE q.met > 0
		UNION ALL
		SELECT 'warning', 'never_collected', 'never_collected', NULL, NULL, d.indicator, NULL, NULL, NULL, jsonb_build_object('source', d.source)
		FROM never_collected d
		UNION ALL
		SELECT 'warning', 'outdated', 'outdated', NULL, NULL, o.indicator, NULL, o.grain, o.period_start, '{}'
		FROM kpi_internal.outdated_values() o
		UNION ALL
		SELECT DISTINCT 'warning', 'draft', CASE WHEN d.version > 1 THEN 'changed_draft' ELSE 'draft' END, CAST(n.scorecard AS text), CAST(n.node AS text),
			   CAST(d.indicator AS text), CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS date), jsonb_build_object('who', d.set_by)
		FROM kpi.indicator d
			JOIN kpi.scorecard_node n ON n.indicator = d.indicator AND n.valid @> current_date
		WHERE d.state = 'draft'
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
		WHERE kpi_internal.run_state(CAST(ROW (r.*) AS kpi.run)) = 'died'
		UNION ALL
		-- what the measurements of indicators in use say of themselves
		SELECT 'error', 'invalid', 'invalid', NULL, NULL, m.indicator, m.unit, m.grain, m.period_start, '{}'
		FROM kpi.measurement m
			JOIN kpi.indicator d ON d.indicator = m.indicator AND d.state <> 'retired'
		WHERE m.value IN ('NaN', 'Infinity', '-Infinity') OR m.value IS NULL AND m.note = 'invalid'
		UNION ALL
		SELECT 'info', 'provisional', 'provisional', NULL, NULL, m.indicator, m.unit, m.grain, m.period_start, '{}'
		FROM kpi.measurement m
			JOIN kpi.indicator d ON d.indicator = m.indicator AND d.state <> 'retired'
		WHERE m.provisional
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
				SELECT kpi_internal.period_end(g.grain, g.period_start) AS first_missing,
					   kpi.period_before(g.grain, g.next_start) AS last_missing
			) x
		WHERE g.next_start > x.first_missing
		UNION ALL
		-- combined of less than there should be, in a period that is over
		SELECT 'info', 'missing_parts', 'missing_parts', NULL, NULL, m.indicator, m.unit, m.grain, m.period_start,
			   jsonb_build_object('parts', m.parts, 'expected', m.parts_expected)
		FROM kpi.measurement m
			JOIN kpi.indicator d ON d.indicator = m.indicator AND d.state <> 'retired'
		WHERE m.origin = 'combined' AND m.parts < m.parts_expected AND NOT m.provisional
		UNION ALL
		-- formulas that had a value, or never have one, and lack an input
		SELECT 'warning', 'missing_input', 'missing_input', NULL, NULL, m.indicator, m.unit, m.grain, m.period_start,
			   jsonb_build_object('inputs', substr(m.note, length('missing: ') + 1))
		FROM (SELECT x.*, count(x.value) OVER earlier AS values_before, count(x.value) OVER alike AS values_ever,
					 x.period_start = max(x.period_start) OVER alike AS newest
			  FROM kpi.measurement x
				  JOIN kpi.indicator d ON d.indicator = x.indicator AND d.grain = x.grain AND d.kind = 'derived' AND d.state <> 'retired'
			  WINDOW alike AS (PARTITION BY x.indicator, x.unit), earlier AS (PARTITION BY x.indicator, x.unit ORDER BY x.period_start)) m
		WHERE m.value IS NULL AND m.note LIKE 'missing: %' AND (m.values_before > 0 OR m.values_ever = 0 AND m.newest)
		UNION ALL
		-- what is missing in the newest period that has begun; of what was never collected that is said already
		SELECT 'warning', 'no_value', 'no_value', NULL, NULL, d.indicator, v.unit, v.grain, v.period_start, '{}'
		FROM kpi.indicator d CROSS JOIN LATERAL kpi_internal.missing_values(d.indicator, newest => true) v
		WHERE kpi_internal.may_read(v.unit, v.grain, v.period_start)
			AND d.indicator NOT IN (SELECT n.indicator FROM never_collected n)
		UNION ALL
		-- what was entered for a part of what comes from rows, which does not follow it
		SELECT 'warning', 'corrected_part', 'corrected_part', NULL, NULL, e.indicator, e.unit, e.grain, e.period_start,
			   jsonb_build_object('count', count(*))
		FROM kpi.entry e
			JOIN kpi.indicator d ON d.indicator = e.indicator AND d.kind = 'measured' AND d.state <> 'retired'
			CROSS JOIN LATERAL kpi_internal.ancestors(e.unit, kpi_internal.period_end(e.grain, e.period_start) - 1) a
			JOIN kpi.measurement m ON m.indicator = e.indicator AND m.unit = a.unit AND m.origin = 'rows'
				AND kpi_internal.period_days(m.grain, m.period_start) @> kpi_internal.period_days(e.grain, e.period_start)
		WHERE e.approved_by IS NOT NULL OR NOT d.four_eyes
		GROUP BY e.indicator, e.unit, e.grain, e.period_start
		UNION ALL
		-- what the newest results of each scorecard and unit lack
		-- a unit that has delivered nothing has rows, too
		SELECT CASE WHEN e.score_reason = 'no_data' THEN 'warning' WHEN e.indicator IS NULL THEN 'error' WHEN e.weight IS NULL THEN 'info'
					ELSE 'warning' END, e.score_reason,
			   CASE e.score_reason WHEN 'low_coverage' THEN 'low_coverage' ELSE 'no_score' END || CASE e.depth WHEN 0 THEN '_of_card' ELSE '' END,
			   e.scorecard, e.node, e.indicator, e.unit, e.period_grain, e.period_start,
			   jsonb_build_object('share', kpi.format_value(e.coverage, '%', 0),
								  'reason', kpi_internal.lower_first(kpi.term('reason', e.score_reason, kpi_internal.default_name(e.score_reason))))
		FROM (
				SELECT r.scorecard, r.unit, r.period_grain, max(r.period_start) AS period_start
				FROM kpi.result r
					JOIN kpi.scorecard k ON k.scorecard = r.scorecard AND k.grain = r.period_grain
				WHERE r.depth = 0
				GROUP BY r.scorecard, r.unit, r.period_grain
			) l
			JOIN kpi.result e ON e.scorecard = l.scorecard AND e.unit = l.unit AND e.period_grain = l.period_grain AND e.period_start = l.period_start
		-- a group without data follows from its leaves
		WHERE e.score IS NULL AND (e.score_reason <> 'no_data' OR e.depth = 0 OR e.indicator IS NOT NULL)
		UNION ALL
		SELECT 'info', 'stale', 'stale', NULL, NULL, NULL, NULL, NULL, NULL, jsonb_build_object('count', t.results)
		FROM (SELECT kpi_internal.pending_results() AS results WHERE kpi_internal.has_marks()) t
		WHERE t.results > 0
		UNION ALL
		-- the rules in force from now on
		SELECT 'warning', 'weight_sum', 'weight_sum' || CASE WHEN k.weight_sum IS NULL THEN '' ELSE '_wanted' END || CASE w.node WHEN w.scorecard THEN '_of_card' ELSE '' END,
			   w.scorecard, w.node, NULL, NULL, NULL, NULL, jsonb_build_object('sum', trim_scale(w.weight_sum), 'wanted', w.expected)
		FROM kpi_internal.weight_sums() w
			JOIN kpi.scorecard k ON k.scorecard = w.scorecard
		WHERE w.end_day IS NULL AND abs(w.weight_sum - w.expected) > w.tolerance
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
	CROSS JOIN LATERAL (
		SELECT coalesce(w.words ->> ('scorecard/' || f.scorecard), k.name) AS scorecard,
			   kpi_internal.newest_node_name(f.scorecard, f.node) AS node,
			   coalesce(w.words ->> ('indicator/' || f.indicator), i.name) AS indicator,
			   coalesce(w.words ->> ('unit/' || f.unit), u.name) AS unit
	) a;
COMMENT ON VIEW kpi.v_data_quality IS
'One row per finding about the data or the definitions. '
'Key: finding_key. Reasons without a score are those of the newest results of each scorecard and unit.';
