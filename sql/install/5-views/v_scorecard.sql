-- Scorecards as people and reporting tools see them: with names and words in the
-- reader's language.

--@@ The columns of a result, for a function as they are and for views of fixed size.
--@ template scorecard_columns | source | code_ | _code | name_ | _name | value_ | _value | share_ | _share | points_ | _points | list_ | _list
SELECT @code_@r.scorecard @_code@ AS scorecard,
	   @code_@r.unit @_code@ AS unit,
	   @code_@r.grain @_code@ AS period_grain,
	   r.period_start,
	   @code_@r.node @_code@ AS node,
	   CAST(r.scorecard || '/' || r.unit || '/' || kpi.period_label(r.grain, r.period_start) || '/' || r.node AS varchar(255)) AS score_key,
	   kpi_internal.period_end(r.grain, r.period_start) - 1 AS period_end,
	   @code_@kpi.period_label(r.grain, r.period_start) @_code@ AS period_label,
	   @name_@coalesce(w.words ->> ('scorecard/' || r.scorecard), c.name) @_name@ AS scorecard_name,
	   @name_@coalesce(w.words ->> ('unit/' || r.unit), u.name) @_name@ AS unit_name,
	   @name_@kpi_internal.node_name(w.words, r.scorecard, r.node, r.name, r.indicator, i.name, r.perspective, v.name) @_name@ AS node_name,
	   @code_@r.parent @_code@ AS parent_node,
	   r.path,
	   r.depth,
	   r.place,
	   @code_@r.perspective @_code@ AS perspective,
	   @name_@coalesce(w.words ->> ('perspective/' || r.perspective), v.name) @_name@ AS perspective_name,
	   @code_@r.indicator @_code@ AS indicator,
	   @name_@coalesce(w.words ->> ('indicator/' || r.indicator), i.name) @_name@ AS indicator_name,
	   @name_@i.responsible @_name@ AS responsible,
	   @code_@coalesce(w.words ->> ('unit_of_measure/' || i.unit_of_measure), i.unit_of_measure) @_code@ AS unit_of_measure,
	   @code_@r.measured_unit @_code@ AS measured_unit,
	   @share_@r.weight @_share@ AS weight,
	   @share_@r.absolute_weight @_share@ AS absolute_weight,
	   @code_@r.role @_code@ AS role,
	   @value_@r.actual @_value@ AS actual,
	   @value_@r.target @_value@ AS target,
	   @share_@r.attainment @_share@ AS attainment,
	   @points_@r.score @_points@ AS score,
	   @share_@r.coverage @_share@ AS coverage,
	   coalesce(cardinality(r.missing_nodes), 0) AS missing_count,
	   @list_@r.missing_nodes @_list@ AS missing_nodes,
	   r.carried,
	   @list_@r.vetoes @_list@ AS vetoes,
	   CAST(CASE r.status WHEN -1 THEN 'red' WHEN 0 THEN 'amber' WHEN 1 THEN 'green' ELSE 'none' END AS varchar(8)) AS rag,
	   coalesce(r.status + 2, 0) AS rag_order,
	   @code_@coalesce(w.words ->> ('status/' || coalesce(r.band, 'none')), b.name) @_code@ AS rag_label,
	   @code_@r.grade @_code@ AS grade,
	   @share_@r.coefficient @_share@ AS coefficient,
	   r.grades_down,
	   r.coefficient_zero,
	   @code_@q.reason @_code@ AS score_reason,
	   @code_@coalesce(w.words ->> ('reason/' || q.reason), kpi_internal.default_name(q.reason)) @_code@ AS score_reason_label,
	   @value_@r.previous_actual @_value@ AS previous_actual,
	   @points_@r.previous_score @_points@ AS previous_score,
	   @points_@kpi.change(r.score, r.previous_score) @_points@ AS score_change,
	   @share_@kpi.change_rate(r.actual, r.previous_actual) @_share@ AS change_rate,
	   r.trend,
	   @code_@coalesce(w.words ->> ('trend/' || t.code), kpi_internal.default_name(t.code)) @_code@ AS trend_label,
	   @value_@r.last_year_actual @_value@ AS last_year_actual,
	   CAST(r.provisional AS integer) AS is_provisional,
	   r.evaluated_at
FROM @source@
	JOIN kpi.scorecard c ON c.scorecard = r.scorecard
	JOIN kpi.unit u ON u.unit = r.unit
	LEFT JOIN kpi.indicator i ON i.indicator = r.indicator
	LEFT JOIN kpi.perspective v ON v.perspective = r.perspective
	LEFT JOIN kpi.band b ON b.band_set = c.band_set AND b.code = r.band
	CROSS JOIN LATERAL (
		SELECT CASE r.trend WHEN 1 THEN 'improving' WHEN 0 THEN 'unchanged' WHEN -1 THEN 'worsening' END AS code
	) t
	CROSS JOIN LATERAL (
		SELECT coalesce(r.reason, CASE WHEN kpi_internal.too_large(r.actual, r.target, r.attainment, r.score) THEN 'invalid' END) AS reason
	) q
	CROSS JOIN kpi_internal.translations() w (words)
--@ end

CREATE TYPE kpi.evaluated AS (
	scorecard text,
	unit text,
	period_grain text,
	period_start date,
	node text,
	score_key varchar(255),
	period_end date,
	period_label text,
	scorecard_name text,
	unit_name text,
	node_name text,
	parent_node text,
	path text,
	depth integer,
	place integer,
	perspective text,
	perspective_name text,
	indicator text,
	indicator_name text,
	responsible text,
	unit_of_measure text,
	measured_unit text,
	weight numeric,
	absolute_weight numeric,
	role text,
	actual numeric,
	target numeric,
	attainment numeric,
	score numeric,
	coverage numeric,
	missing_count integer,
	missing_nodes text[],
	carried boolean,
	vetoes text[],
	rag varchar(8),
	rag_order integer,
	rag_label text,
	grade text,
	coefficient numeric,
	grades_down integer,
	coefficient_zero boolean,
	score_reason text,
	score_reason_label text,
	previous_actual numeric,
	previous_score numeric,
	score_change numeric,
	change_rate numeric,
	trend integer,
	trend_label text,
	last_year_actual numeric,
	is_provisional integer,
	evaluated_at timestamptz
);
COMMENT ON TYPE kpi.evaluated IS 'One node of an evaluated scorecard, in the columns of kpi.v_scorecard.';

CREATE FUNCTION kpi_internal.read_card(scorecard text, unit text, grain text, period text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	card kpi.scorecard;
	dimension text;
BEGIN
	SELECT * INTO card FROM kpi.scorecard AS s WHERE s.scorecard = read_card.scorecard;
	IF NOT FOUND THEN
		PERFORM kpi_internal.require_scorecard(scorecard);
	END IF;
	SELECT u.dimension INTO dimension FROM kpi.unit AS u WHERE u.unit = read_card.unit;
	IF NOT FOUND THEN
		PERFORM kpi_internal.require_unit(unit);
	ELSIF dimension <> card.dimension THEN
		PERFORM kpi_internal.fail('22023',
			format('unit "%s" is of dimension "%s", scorecard "%s" of dimension "%s"', unit, dimension, scorecard, card.dimension),
			format('Ask for a unit of dimension "%s".', card.dimension));
	ELSIF NOT kpi_internal.tiles(card.grain, grain) THEN
		PERFORM kpi_internal.fail('22023', format('scorecard "%s" cannot be evaluated for "%s", a period of grain "%s"', scorecard, period, grain),
						 format('Its grain is "%s": write a period that such periods make exactly.', card.grain));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.read_card(text, text, text, text) IS
'Raises an error unless the scorecard and the unit exist and go together. '
'Periods of the scorecard''s grain make the period, of that grain and label, exactly.';

CREATE FUNCTION kpi_internal.named(cells kpi_internal.cell[])
	RETURNS SETOF kpi.evaluated
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
--@ scorecard_columns | kpi_internal.evaluated_for_reader(cells) r | | | | | | | | | | | |
	ORDER BY r.scorecard COLLATE "C", r.unit COLLATE "C", r.grain COLLATE "C", r.period_start, r.place;
END
$$;
COMMENT ON FUNCTION kpi_internal.named(kpi_internal.cell[]) IS
'An evaluation in the columns of kpi.evaluated. With names and words in the reader''s language, in tree order.';

CREATE FUNCTION kpi.evaluate(scorecard text, unit text, day date, grain text, as_of date DEFAULT NULL)
	RETURNS SETOF kpi.evaluated
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(day, grain);
	PERFORM kpi_internal.read_card(scorecard, unit, p.grain, kpi.period_label(p.grain, p.period_start));
	RETURN QUERY SELECT * FROM kpi_internal.named(ARRAY[CAST(ROW(scorecard, unit, p.grain, p.period_start, as_of) AS kpi_internal.cell)]);
END
$$;
COMMENT ON FUNCTION kpi.evaluate(text, text, date, text, date) IS
'Evaluates a scorecard for a unit and the period of a grain that contains a day. As the other evaluate.';

-- the fourth argument is a text in both, so that parameters without a type find their function
CREATE FUNCTION kpi.evaluate(scorecard text, unit text, period text, grain text DEFAULT NULL, as_of date DEFAULT NULL)
	RETURNS SETOF kpi.evaluated
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(period);
	RETURN QUERY SELECT * FROM kpi.evaluate(scorecard, unit, p.period_start, coalesce(evaluate.grain, p.grain), as_of);
END
$$;
COMMENT ON FUNCTION kpi.evaluate(text, text, text, text, date) IS
'Evaluates a scorecard for a unit and a period: one row per node in tree order. '
'The first row is the scorecard itself; the columns are those of kpi.v_scorecard, unrounded. period: a label '
'(2011-11, 2011-Q4, 2011) of the scorecard''s grain, or of one that such periods make; with a grain, the period of '
'it in which that one begins. as_of chooses the nodes in force, by default those of the last day of the period. What '
'is undefined is NULL with a reason. Errors: NULL or unknown scorecard or unit, a unit of another dimension, another '
'period.';

CREATE FUNCTION kpi_internal.live_results()
	RETURNS SETOF kpi_internal.result
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
	-- a unit that row-level security hides is not evaluated
	SELECT d.scorecard, d.unit, d.grain, d.period_start, e.node, e.place, e.path, e.depth, e.parent, e.name, 
		   e.perspective, e.indicator, e.measured_unit, e.weight, e.role, e.absolute_weight, e.actual, e.target, e.attainment, e.score, 
		   e.coverage, e.missing_nodes, e.carried, e.vetoes, e.grades_down, e.coefficient_zero, e.status, e.band, e.grade, e.coefficient, 
		   e.reason, e.previous_actual, e.previous_score, e.trend, e.last_year_actual, e.provisional, e.evaluated_at
	FROM (SELECT DISTINCT n.scorecard, m.unit, m.grain, m.period_start
		  FROM kpi.scorecard_node n
			JOIN kpi.scorecard k ON k.scorecard = n.scorecard
			JOIN kpi.measurement m ON m.indicator = n.indicator AND n.valid @> kpi_internal.period_end(m.grain, m.period_start) - 1
			JOIN kpi.unit o ON o.unit = m.unit AND o.dimension = k.dimension
		  WHERE kpi_internal.tiles(k.grain, m.grain)) d
		CROSS JOIN LATERAL kpi_internal.evaluated_for_reader(ARRAY[CAST(ROW(d.scorecard, d.unit, d.grain, d.period_start, NULL) AS kpi_internal.cell)]) e;
END;
COMMENT ON FUNCTION kpi_internal.live_results() IS
'Every scorecard, evaluated for every unit of its dimension and every period with a value. '
'The period is of its grain or one that such periods make, in which one of its indicators was measured. A condition '
'on scorecard, unit, grain or period limits what is evaluated.';

CREATE VIEW kpi.v_scorecard WITH (security_invoker = true) AS
--@ scorecard_columns | kpi_internal.live_results() r | CAST( | AS varchar(63)) | CAST( | AS varchar(200)) | CAST(kpi_internal.shown_value( | ) AS numeric(24,6)) | CAST(kpi_internal.shown_share( | ) AS numeric(18,6)) | CAST(kpi_internal.shown_points( | ) AS numeric(9,2)) | array_to_string( | , ', ')
;
COMMENT ON VIEW kpi.v_scorecard IS
'One row per scorecard, unit, period and node of the tree. '
'Key: scorecard, unit, period_grain, period_start, node. Every month, quarter or year, from the grain of the '
'scorecard upward, in which one of its indicators was measured for the unit. A filter on scorecard, unit, '
'period_grain, period_start or period_label limits what is evaluated.';
