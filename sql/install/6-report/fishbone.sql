-- A scorecard as a fishbone: what its score hangs on, and what is done about it.

CREATE FUNCTION kpi_internal.strongest_lead(cause kpi.series, effect kpi.series)
	RETURNS kpi.lag_correlation
	LANGUAGE sql STABLE PARALLEL SAFE
	-- at lag 0 a part moves with its whole by itself
	RETURN (SELECT l FROM kpi.lead_lag(cause, effect) AS l WHERE l.lag > 0 AND l.r IS NOT NULL ORDER BY abs(l.r) DESC, l.lag LIMIT 1);
COMMENT ON FUNCTION kpi_internal.strongest_lead(kpi.series, kpi.series) IS
'The strongest correlation of a series with a later effect. NULL for too few periods.';

CREATE FUNCTION kpi_internal.scores_of(scorecard text, unit text, "grain" text, period_start date)
	RETURNS TABLE (node text, scores kpi.series)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CAST(r.node AS text), kpi.series(r.period_start, CAST(r.score AS float8))
	FROM kpi.v_scorecard AS r
	WHERE r.scorecard = scores_of.scorecard AND r.unit = scores_of.unit AND r.period_grain = scores_of.grain
		AND r.period_start <= scores_of.period_start
	GROUP BY r.node
$$;
COMMENT ON FUNCTION kpi_internal.scores_of(text, text, text, date) IS
'The stored scores of the nodes of a scorecard up to a period, a series each.';

CREATE TYPE kpi.fishbone_row AS (
	part text,
	node text,
	parent_node text,
	name text,
	bone_name text,
	indicator text,
	importance numeric,
	score numeric,
	status integer,
	lost numeric,
	contribution numeric,
	lag integer,
	correlation float8,
	action text,
	action_due date
);
COMMENT ON TYPE kpi.fishbone_row IS 'A row of kpi.fishbone_rows(): the effect, a bone or a cause.';
COMMENT ON COLUMN kpi.fishbone_row.part IS 'effect, bone, sub_bone or cause.';
COMMENT ON COLUMN kpi.fishbone_row.node IS 'Key of the node.';
COMMENT ON COLUMN kpi.fishbone_row.parent_node IS 'Key of the node that it leads to.';
COMMENT ON COLUMN kpi.fishbone_row.name IS 'Its name, in the reader''s language.';
COMMENT ON COLUMN kpi.fishbone_row.bone_name IS 'Name of the bone that it is part of.';
COMMENT ON COLUMN kpi.fishbone_row.indicator IS 'The indicator that is the evidence.';
COMMENT ON COLUMN kpi.fishbone_row.importance IS 'Its share of the whole.';
COMMENT ON COLUMN kpi.fishbone_row.score IS 'Its score.';
COMMENT ON COLUMN kpi.fishbone_row.status IS '-1 for red, 0 for amber, 1 for green; NULL for none.';
COMMENT ON COLUMN kpi.fishbone_row.lost IS 'Points that are missing to 100.';
COMMENT ON COLUMN kpi.fishbone_row.contribution IS 'Their share of all points lost; those of causes add up.';
COMMENT ON COLUMN kpi.fishbone_row.lag IS 'Periods after which the whole follows its score most.';
COMMENT ON COLUMN kpi.fishbone_row.correlation IS 'How strongly it does; NULL of less than 8 periods.';
COMMENT ON COLUMN kpi.fishbone_row.action IS 'Key of the open action that is due first.';
COMMENT ON COLUMN kpi.fishbone_row.action_due IS 'When that is due.';

CREATE FUNCTION kpi.fishbone_rows(scorecard text, unit text, period text)
	RETURNS SETOF kpi.fishbone_row
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH RECURSIVE e AS MATERIALIZED (
		SELECT v.* FROM kpi.evaluate(scorecard, unit, period) AS v
	), loss AS MATERIALIZED (
		SELECT l.node, l.is_leaf, l.lost
		FROM (SELECT array_agg(CAST(ROW(e.node, e.parent_node, e.role, e.weight, e.score, e.carried) AS kpi_internal.weighed_node)) AS nodes,
					 max(e.period_end) AS day FROM e) AS a
			CROSS JOIN LATERAL kpi_internal.lost_points(fishbone_rows.scorecard, a.day, a.nodes) AS l
	), below (node, leaf) AS (
		SELECT l.node, l.node FROM loss AS l WHERE l.is_leaf
		UNION ALL
		SELECT e.parent_node, b.leaf FROM below AS b JOIN e ON e.node = b.node WHERE e.parent_node IS NOT NULL
	), total AS (
		SELECT b.node, sum(l.lost) AS lost FROM below AS b JOIN loss AS l ON l.node = b.leaf GROUP BY b.node
	), bone (node, name) AS (
		SELECT e.node, e.node_name FROM e WHERE e.depth = 1
		UNION ALL
		SELECT e.node, b.name FROM bone AS b JOIN e ON e.parent_node = b.node
	), history AS MATERIALIZED (
		SELECT s.* FROM (SELECT x.period_grain, x.period_start FROM e AS x WHERE x.depth = 0) AS x
			CROSS JOIN LATERAL kpi_internal.scores_of(fishbone_rows.scorecard, fishbone_rows.unit, x.period_grain, x.period_start) AS s
	)
	SELECT CASE WHEN e.depth = 0 THEN 'effect' WHEN l.is_leaf THEN 'cause' WHEN e.depth = 1 THEN 'bone' ELSE 'sub_bone' END,
		   e.node, e.parent_node, e.node_name, b.name, e.indicator, e.absolute_weight, e.score, nullif(e.rag_order, 0) - 2,
		   t.lost, t.lost / nullif((SELECT w.lost FROM total AS w JOIN e AS r ON r.node = w.node AND r.depth = 0), 0),
		   c.lag, c.r, a.action, a.due
	FROM e JOIN loss AS l ON l.node = e.node
		LEFT JOIN total AS t ON t.node = e.node
		LEFT JOIN bone AS b ON b.node = e.node
		LEFT JOIN LATERAL (
			SELECT k.lag, k.r FROM history AS h JOIN history AS r ON r.node = fishbone_rows.scorecard
				CROSS JOIN LATERAL kpi_internal.strongest_lead(h.scores, r.scores) AS k WHERE h.node = e.node) AS c ON e.depth > 0
		LEFT JOIN LATERAL (
			SELECT CAST(o.action AS text) AS action, o.due FROM kpi.action AS o
			WHERE o.indicator = e.indicator AND o.unit = coalesce(e.measured_unit, e.unit) AND o.state NOT IN ('done', 'dropped')
			ORDER BY o.due, o.action COLLATE "C" LIMIT 1) AS a ON true
	ORDER BY e.place
$$;
COMMENT ON FUNCTION kpi.fishbone_rows(text, text, text) IS
'A scorecard as a fishbone: the effect, its bones, and their causes with what they cost. '
'indicator is the evidence; importance the share of the whole; lost the points that are missing to 100, and contribution their share of all '
'that is lost, which add up over causes; lag and correlation the strongest one of its scores with later ones of the whole, of 8 periods at least; '
'action the open one that is due first. Errors as in kpi.evaluate().';
--@ dated | fishbone_rows | scorecard text, unit text | scorecard, unit | | | text, text, date, text | SETOF kpi.fishbone_row | STABLE PARALLEL SAFE COST 100000 ROWS 30 | A scorecard as a fishbone: the effect, its bones, and their causes with what they cost.

CREATE FUNCTION kpi_internal.mermaid_label(name text, value numeric)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN '"' || replace(replace(replace(replace(replace(translate(name, E'\n\r\t', '   '), '#', '#35;'), '"', '#quot;'), '`', '#96;'),
								  '<', '#lt;'), '>', '#gt;') || coalesce(' ' || kpi.format_value(value, '', 1), '') || '"';
COMMENT ON FUNCTION kpi_internal.mermaid_label(text, numeric) IS
'A name with a figure as a label of a Mermaid diagram: no markup, whatever is in it.';

CREATE FUNCTION kpi.fishbone_mermaid(scorecard text, unit text, period text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH f AS (
		SELECT row_number() OVER () AS n, r.* FROM kpi.fishbone_rows(scorecard, unit, period) AS r
	)
	SELECT E'flowchart LR\n' || string_agg(format('    n%s[%s]', f.n, kpi_internal.mermaid_label(f.name, CASE f.part WHEN 'effect' THEN f.score ELSE f.lost END))
					  || coalesce(' --> n' || p.n, ''), E'\n' ORDER BY f.n)
	FROM f LEFT JOIN f AS p ON p.node = f.parent_node
$$;
COMMENT ON FUNCTION kpi.fishbone_mermaid(text, text, text) IS
'A scorecard as a fishbone in the language of Mermaid. '
'Arrows lead from causes to the effect; figures are points lost, of the effect its score. Errors as in kpi.evaluate().';
--@ dated | fishbone_mermaid | scorecard text, unit text | scorecard, unit | | | text, text, date, text | text | STABLE PARALLEL SAFE COST 100000 | A scorecard as a fishbone in the language of Mermaid.
