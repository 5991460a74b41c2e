-- Evaluation: targets brought to a period, and a scorecard's tree with its scores.

-- What the targets of a unit say about a period.  No row of kpi.target that
-- touches the period gives NULL and partial false.
CREATE FUNCTION kpi_internal.target_over(indicator text, unit text, time_rollup text, from_date date, to_date date)
	RETURNS TABLE (target numeric, baseline numeric, partial boolean)
	LANGUAGE sql STABLE PARALLEL SAFE COST 100 ROWS 1
BEGIN ATOMIC
	SELECT CASE WHEN s.covered
				THEN trim_scale(CASE target_over.time_rollup WHEN 'sum' THEN s.target_sum ELSE s.target_avg END) END,
		   CASE WHEN s.covered AND s.based
				THEN trim_scale(CASE target_over.time_rollup WHEN 'sum' THEN s.baseline_sum ELSE s.baseline_avg END) END,
		   coalesce(NOT s.covered, false)
	FROM (
		SELECT sum(t.until - t.before) = target_over.to_date - target_over.from_date AS covered,
			   count(t.baseline) = count(*) AS based,
			   -- what is due by the end of the days less what was due before them: parts of a partition cancel out
			   sum(CASE WHEN t.until = t.length THEN t.target ELSE round(t.target * t.until / t.length, 20) END
				   - round(t.target * t.before / t.length, 20)) AS target_sum,
			   sum(CASE WHEN t.until = t.length THEN t.baseline ELSE round(t.baseline * t.until / t.length, 20) END
				   - round(t.baseline * t.before / t.length, 20)) AS baseline_sum,
			   sum(t.target * (t.until - t.before)) / sum(t.until - t.before) AS target_avg,
			   sum(t.baseline * (t.until - t.before)) / sum(t.until - t.before) AS baseline_avg
		FROM (
			SELECT g.target, g.baseline,
				   upper(g.period) - lower(g.period) AS length,
				   greatest(target_over.from_date - lower(g.period), 0) AS before,
				   least(upper(g.period), target_over.to_date) - lower(g.period) AS until
			FROM kpi.target g
			WHERE g.indicator = target_over.indicator AND g.unit = target_over.unit
				-- says no more than the next line, but to the primary key
				AND g.period < daterange(target_over.to_date, NULL)
				AND lower(g.period) < target_over.to_date AND upper(g.period) > target_over.from_date
		) t
	) s;
END;
COMMENT ON FUNCTION kpi_internal.target_over(text, text, text, date, date) IS
'Target and baseline of an indicator and unit over the days from from_date to before to_date, and whether the targets cover only a part of them. time_rollup sum prorates by days, any other takes the average over the days. One row; target NULL unless every day is covered, baseline NULL unless every target has one.';

CREATE FUNCTION kpi.target_for(indicator text, unit text, period daterange)
	RETURNS numeric
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 200
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	rollup text := (SELECT i.time_rollup FROM kpi.indicator i WHERE i.indicator = target_for.indicator);
BEGIN
	IF rollup IS NULL THEN
		PERFORM kpi_internal.require_indicator(target_for.indicator);
	END IF;
	PERFORM kpi_internal.require_unit(target_for.unit);
	IF NOT isfinite(lower(target_for.period)) OR NOT isfinite(upper(target_for.period)) THEN
		RETURN NULL;
	END IF;
	RETURN (SELECT g.target
			FROM kpi_internal.target_over(target_for.indicator, target_for.unit, rollup,
								 lower(target_for.period), upper(target_for.period)) g);
END
$$;
COMMENT ON FUNCTION kpi.target_for(text, text, daterange) IS
'Target of an indicator and unit over any period: for time_rollup sum the parts of the targets by days, so that the parts of a partition add up exactly, else their average over the days. NULL for NULL, for an empty or open period and when the targets do not cover every day of it. Errors: unknown indicator or unit.';

-- The places of siblings on the last day of the period: best first, equals share
-- the better place, and who has no value has no place.
CREATE FUNCTION kpi_internal.place_of(indicator text, unit text, grain text, first_day date, end_day date, scale kpi.scale)
	RETURNS bigint
	LANGUAGE sql STABLE PARALLEL SAFE COST 1000
BEGIN ATOMIC
	SELECT r.place
	FROM (
		SELECT m.unit, rank() OVER (ORDER BY kpi_internal.scale_rounded(x.merit, place_of.scale) DESC) AS place
		FROM kpi.indicator i
			JOIN kpi.unit u ON u.unit = place_of.unit
			JOIN kpi.unit s ON s.dimension = u.dimension AND (s.unit = u.unit OR s.valid @> place_of.end_day - 1)
				AND kpi_internal.parent_of(s.unit, place_of.end_day - 1) IS NOT DISTINCT FROM kpi_internal.parent_of(u.unit, place_of.end_day - 1)
			JOIN kpi.measurement m ON m.indicator = i.indicator AND m.unit = s.unit AND m.grain = place_of.grain
				AND m.period_start = place_of.first_day
			CROSS JOIN LATERAL kpi_internal.target_over(i.indicator, m.unit, i.time_rollup, place_of.first_day, place_of.end_day) g
			CROSS JOIN LATERAL (
				SELECT kpi_internal.argument_by(place_of.scale, kpi_internal.attainment_by(i.attainment_method, v.actual, g.target, g.baseline,
																						   i.direction, i.zero_target),
												v.actual, g.target, i.direction) AS x,
					   v.actual
				FROM (SELECT kpi_internal.usable(m.value) AS actual) v) a
			CROSS JOIN LATERAL (
				SELECT CASE WHEN kpi_internal.scale_needs_target(place_of.scale) OR i.direction = 'higher' THEN a.x
							WHEN i.direction = 'lower' THEN - a.x
							ELSE kpi_internal.gap_by(a.actual, g.target, i.direction) END AS merit) x
		WHERE i.indicator = place_of.indicator AND x.merit IS NOT NULL
	) r
	WHERE r.unit = place_of.unit;
END;
COMMENT ON FUNCTION kpi_internal.place_of(text, text, text, date, date, kpi.scale) IS
'Place of a unit among its siblings in force on the last day of a period, by what the scale is of: the actual goes by the direction of the indicator. Equals share the better place and the next is skipped. NULL where the unit has no value.';

CREATE FUNCTION kpi_internal.last_points(indicator text, unit text, grain text, before date, max_age integer, scale kpi.scale, floor numeric, cap numeric)
	RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE COST 200
BEGIN ATOMIC
	SELECT p.points
	FROM kpi.indicator i
		JOIN kpi.measurement m ON m.indicator = i.indicator AND m.unit = last_points.unit AND m.grain = last_points.grain
			AND m.period_start < last_points.before
			AND m.period_start >= coalesce(kpi_internal.period_step(last_points.grain, last_points.before, -last_points.max_age), date '0001-01-01')
		CROSS JOIN LATERAL kpi_internal.target_over(i.indicator, m.unit, i.time_rollup, m.period_start,
										   kpi.period_end(m.grain, m.period_start)) g
		CROSS JOIN LATERAL (
			SELECT kpi_internal.points_by(
					   kpi_internal.argument_by(last_points.scale,
												kpi_internal.attainment_by(i.attainment_method, v.actual, g.target, g.baseline, i.direction, i.zero_target),
												v.actual, g.target, i.direction),
					   CASE WHEN kpi_internal.scale_form(last_points.scale) = 'rank'
							THEN kpi_internal.place_of(i.indicator, m.unit, m.grain, m.period_start, kpi.period_end(m.grain, m.period_start), last_points.scale) END,
					   last_points.scale, last_points.floor, last_points.cap) AS points
			FROM (SELECT kpi_internal.usable(m.value) AS actual) v) p
	WHERE i.indicator = last_points.indicator AND p.points IS NOT NULL
	ORDER BY m.period_start DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION kpi_internal.last_points(text, text, text, date, integer, kpi.scale, numeric, numeric) IS
'Points of an indicator and unit in the last period that has any, at most max_age periods of the grain back from the one that begins on the day; by the scale (NULL takes 100 x attainment), floor and cap given. NULL where there is none.';

CREATE TYPE kpi.evaluated AS (
	place integer,
	path text,
	depth integer,
	node text,
	parent text,
	name text,
	perspective text,
	indicator text,
	unit text,
	weight numeric,
	role text,
	absolute_weight numeric,
	actual numeric,
	target numeric,
	attainment numeric,
	score numeric,
	coverage numeric,
	missing text[],
	stale boolean,
	vetoes text[],
	grades_down integer,
	coefficient_zero boolean,
	status integer,
	status_code text,
	status_name text,
	reason text,
	previous_actual numeric,
	previous_score numeric,
	change numeric,
	change_rate numeric,
	trend integer,
	last_year_actual numeric
);
COMMENT ON TYPE kpi.evaluated IS 'One node of an evaluated scorecard; key: node.';
COMMENT ON COLUMN kpi.evaluated.place IS 'Place in the tree read from top to bottom; the scorecard itself is 1.';
COMMENT ON COLUMN kpi.evaluated.path IS 'Keys from the scorecard down to the node, with slashes.';
COMMENT ON COLUMN kpi.evaluated.depth IS 'Levels below the scorecard, which has 0.';
COMMENT ON COLUMN kpi.evaluated.node IS 'Key of the node; of the first row the key of the scorecard.';
COMMENT ON COLUMN kpi.evaluated.parent IS 'Key of the node above; NULL for the scorecard itself.';
COMMENT ON COLUMN kpi.evaluated.name IS 'Name of the node as it was defined.';
COMMENT ON COLUMN kpi.evaluated.perspective IS 'Perspective of the node, else of its indicator, else of the node above.';
COMMENT ON COLUMN kpi.evaluated.indicator IS 'Indicator whose actual and target the row shows; NULL for a node without one.';
COMMENT ON COLUMN kpi.evaluated.unit IS 'Unit measured: that of the node, else the one asked for.';
COMMENT ON COLUMN kpi.evaluated.weight IS 'Weight among the siblings, on their scale; NULL is shown and never counted.';
COMMENT ON COLUMN kpi.evaluated.role IS 'What it is to the node above, as defined; NULL is an ordinary part.';
COMMENT ON COLUMN kpi.evaluated.absolute_weight IS 'Share of the whole scorecard, a fraction.';
COMMENT ON COLUMN kpi.evaluated.actual IS 'Measured value of the period; NULL when not measured, not a finite number, or 1e1000 and beyond.';
COMMENT ON COLUMN kpi.evaluated.target IS 'Target of the period; NULL unless the targets cover it whole.';
COMMENT ON COLUMN kpi.evaluated.attainment IS 'How far the actual reaches the target, a fraction; NULL when undefined.';
COMMENT ON COLUMN kpi.evaluated.score IS 'Points, unrounded: of a leaf by its scale, 100 x attainment without one, else of the nodes below.';
COMMENT ON COLUMN kpi.evaluated.coverage IS 'Share of the weight below that has a score, a fraction.';
COMMENT ON COLUMN kpi.evaluated.missing IS 'Nodes of positive weight below, or the node itself, without a score; NULL when nothing is missing.';
COMMENT ON COLUMN kpi.evaluated.stale IS 'Whether a score of an earlier period counts for it or below it.';
COMMENT ON COLUMN kpi.evaluated.vetoes IS 'Triggered vetoes directly below; NULL for none.';
COMMENT ON COLUMN kpi.evaluated.grades_down IS 'Grades that vetoes take, here and below.';
COMMENT ON COLUMN kpi.evaluated.coefficient_zero IS 'Whether a veto sets the coefficient for pay to zero, here or below.';
COMMENT ON COLUMN kpi.evaluated.status IS 'Status of the band: -1, 0 or 1; NULL without a score.';
COMMENT ON COLUMN kpi.evaluated.status_code IS 'Code of the band; none without a score.';
COMMENT ON COLUMN kpi.evaluated.status_name IS 'Name of the band; No data without a score.';
COMMENT ON COLUMN kpi.evaluated.reason IS 'Why there is no score; where there is one, veto or stale for what is to be known of it, else NULL.';
COMMENT ON COLUMN kpi.evaluated.previous_actual IS 'Actual of the period before, for the same indicator and unit.';
COMMENT ON COLUMN kpi.evaluated.previous_score IS 'Score of the period before, by the nodes valid at its end.';
COMMENT ON COLUMN kpi.evaluated.change IS 'Score less previous score, in points.';
COMMENT ON COLUMN kpi.evaluated.change_rate IS 'Relative change of the actual, a fraction; NULL from zero.';
COMMENT ON COLUMN kpi.evaluated.trend IS '1 improving, 0 unchanged, -1 worsening against the period before; NULL when one of the two is missing.';
COMMENT ON COLUMN kpi.evaluated.last_year_actual IS 'Actual of the same period one year earlier; NULL where the node showed another indicator or unit then.';

-- The query evaluates the period (phase 0) and the one before (phase 1) at once.
CREATE FUNCTION kpi.evaluate(scorecard text, unit text, period text, as_of date DEFAULT NULL)
	RETURNS SETOF kpi.evaluated
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	asked_grain text;
	asked_start date;
	asked_end date;
	card kpi.scorecard;
BEGIN
	SELECT c.* INTO card FROM kpi.scorecard c WHERE c.scorecard = evaluate.scorecard;
	IF NOT FOUND THEN
		PERFORM kpi_internal.require_scorecard(evaluate.scorecard);
	END IF;
	PERFORM kpi_internal.require_unit(evaluate.unit);
	SELECT p.grain, p.period_start, kpi.period_end(p.grain, p.period_start) INTO asked_grain, asked_start, asked_end
	FROM kpi_internal.read_period(evaluate.period) p;
	IF NOT kpi_internal.tiles(card.grain, asked_grain) THEN
		PERFORM kpi_internal.fail('22023', format('scorecard "%s" cannot be evaluated for "%s", a period of grain "%s"', card.scorecard, evaluate.period, asked_grain),
						 format('Its grain is "%s": write a period that such periods make exactly.', card.grain));
	END IF;

	RETURN QUERY
	WITH RECURSIVE phase (phase, first_day, end_day, rules) AS (
		VALUES (0, asked_start, asked_end, coalesce(evaluate.as_of, asked_end - 1)),
			   (1, kpi.period_before(asked_grain, asked_start), asked_start, asked_start - 1)
	), version AS (
		SELECT p.phase, p.first_day, p.end_day, n.node, coalesce(n.parent, n.scorecard) AS above, n.name,
			   coalesce(n.perspective, i.perspective) AS perspective, i.indicator, coalesce(n.unit, evaluate.unit) AS unit,
			   i.direction, i.time_rollup, i.attainment_method, i.zero_target, coalesce(n.scale, i.scale) AS scale,
			   n.floor, n.cap, n.weight, n.role, n.role_limit, n.max_age, coalesce(n.method, card.method) AS method,
			   coalesce(n.missing, card.missing) AS missing, coalesce(n.min_coverage, card.min_coverage) AS min_coverage,
			   row_number() OVER (PARTITION BY p.phase, n.parent ORDER BY n.position, CAST(n.node AS text) COLLATE "C") AS sibling
		FROM phase p
			JOIN kpi.scorecard_node n ON n.scorecard = evaluate.scorecard AND n.valid @> p.rules
			LEFT JOIN kpi.indicator i ON i.indicator = n.indicator
	), tree AS (
		SELECT p.phase, p.first_day, p.end_day, card.scorecard AS node, CAST(NULL AS kpi.key) AS parent, card.name,
			   CAST(NULL AS kpi.key) AS perspective, CAST(NULL AS kpi.key) AS indicator, evaluate.unit AS unit,
			   CAST(NULL AS text) AS direction, CAST(NULL AS text) AS time_rollup, CAST(NULL AS text) AS attainment_method,
			   CAST(NULL AS text) AS zero_target, CAST(NULL AS kpi.scale) AS scale,
			   CAST(NULL AS numeric) AS floor, CAST(NULL AS numeric) AS cap, CAST(NULL AS numeric) AS weight,
			   CAST(NULL AS text) AS role, CAST(NULL AS numeric) AS role_limit, CAST(NULL AS integer) AS max_age,
			   card.method, card.missing, card.min_coverage, false AS carried_above,
			   0 AS depth, CAST(card.scorecard AS text) AS path, CAST(ARRAY[] AS bigint[]) AS rank
		FROM phase p
		UNION ALL
		SELECT v.phase, v.first_day, v.end_day, v.node, v.above, v.name,
			   coalesce(v.perspective, t.perspective), v.indicator, v.unit,
			   v.direction, v.time_rollup, v.attainment_method, v.zero_target, v.scale,
			   v.floor, v.cap, v.weight, v.role, v.role_limit, v.max_age,
			   v.method, v.missing, v.min_coverage, t.missing = 'carry',
			   t.depth + 1, t.path || '/' || v.node, t.rank || v.sibling
		FROM tree t
			JOIN version v ON v.phase = t.phase AND v.above = t.node
	), valued AS (
		SELECT t.*, t.method = 'self' OR (t.phase, t.node) NOT IN (SELECT b.phase, b.parent FROM tree b WHERE b.parent IS NOT NULL) AS leaf,
			   kpi_internal.usable(m.value) AS actual, m.value, m.note, g.target, g.baseline, g.partial
		FROM tree t
			LEFT JOIN kpi.measurement m ON m.indicator = t.indicator AND m.unit = t.unit
				AND m.grain = asked_grain AND m.period_start = t.first_day
			LEFT JOIN LATERAL kpi_internal.target_over(t.indicator, t.unit, t.time_rollup, t.first_day, t.end_day) g
				ON t.indicator IS NOT NULL
	), attained AS (
		SELECT v.*, kpi_internal.attainment_by(v.attainment_method, v.actual, v.target, v.baseline, v.direction, v.zero_target) AS attainment
		FROM valued v
	), scored AS (
		SELECT a.*,
			   CASE WHEN a.leaf
					THEN kpi_internal.points_by(
							 kpi_internal.argument_by(a.scale, a.attainment, a.actual, a.target, a.direction),
							 CASE WHEN kpi_internal.scale_form(a.scale) = 'rank'
								  THEN kpi_internal.place_of(a.indicator, a.unit, asked_grain, a.first_day, a.end_day, a.scale) END,
							 a.scale, a.floor, a.cap) END AS points
		FROM attained a
	), rolled AS (
		SELECT q.phase, r.*
		FROM (SELECT s.phase,
					 kpi.scorecard_rollup(s.node, s.parent, s.weight, s.points, s.method, s.missing, s.min_coverage, s.role, s.role_limit,
						 CASE WHEN s.carried_above AND s.leaf AND s.points IS NULL AND s.indicator IS NOT NULL
							  THEN kpi_internal.last_points(s.indicator, s.unit, asked_grain, s.first_day, s.max_age, s.scale, s.floor, s.cap) END) AS nodes
			  FROM scored s
			  GROUP BY s.phase) q
			CROSS JOIN LATERAL unnest(q.nodes) r
	), told AS (
		SELECT s.phase, s.first_day, s.rank, s.path, s.depth, s.node, s.parent, s.name, s.perspective, s.indicator, s.unit,
			   s.direction, s.leaf, s.weight, s.role, s.actual, s.target, s.attainment,
			   r.absolute_weight, r.score, r.coverage, r.missing_nodes, r.carried AS stale, r.vetoes, r.grades_down, r.coefficient_zero,
			   CASE WHEN r.vetoes IS NOT NULL AND r.score IS NOT NULL THEN 'veto'
					WHEN r.score IS NOT NULL THEN CASE WHEN r.carried THEN 'stale' END
					WHEN NOT s.leaf THEN r.reason
					WHEN s.indicator IS NULL THEN 'no_data'
					ELSE kpi_internal.reason_for(s.value, s.note, s.target, s.partial, s.baseline, s.attainment_method, s.zero_target)
			   END AS reason,
			   -- the row of the same node in the period before, if there is one
			   lead(r.score) OVER before AS previous_score,
			   lead(s.actual) OVER before AS previous_actual,
			   lead(s.attainment) OVER before AS previous_attainment,
			   lead(s.indicator) OVER before = s.indicator AND lead(s.unit) OVER before = s.unit AS comparable
		FROM scored s
			JOIN rolled r ON r.phase = s.phase AND r.node = s.node
		WINDOW before AS (PARTITION BY s.node ORDER BY s.phase)
	)
	SELECT CAST(row_number() OVER (ORDER BY n.rank) AS integer), n.path, n.depth, CAST(n.node AS text), CAST(n.parent AS text),
		   n.name, CAST(n.perspective AS text), CAST(n.indicator AS text), CAST(n.unit AS text),
		   n.weight, n.role, n.absolute_weight, n.actual, n.target, n.attainment, n.score, n.coverage, n.missing_nodes,
		   n.stale, n.vetoes, n.grades_down, n.coefficient_zero,
		   b.status, CAST(coalesce(b.code, 'none') AS text), coalesce(b.name, 'No data'), n.reason,
		   p.actual, n.previous_score, kpi.change(n.score, n.previous_score), kpi.change_rate(n.actual, p.actual),
		   CASE WHEN n.leaf THEN kpi_internal.trend_of(n.direction, n.actual, p.actual, n.attainment, p.attainment)
				ELSE kpi_internal.trend_of('higher', n.score, n.previous_score, NULL, NULL) END,
		   CASE WHEN l.node IS NULL OR l.indicator = n.indicator AND coalesce(l.unit, evaluate.unit) = n.unit
				THEN kpi_internal.usable(y.value) END
	FROM told n
		CROSS JOIN LATERAL (
			SELECT CASE WHEN n.comparable THEN n.previous_actual END AS actual,
				   CASE WHEN n.comparable THEN n.previous_attainment END AS attainment) p
		LEFT JOIN kpi.measurement y ON y.indicator = n.indicator AND y.unit = n.unit AND y.grain = asked_grain
			AND y.period_start = kpi.period_last_year(asked_grain, n.first_day)
		LEFT JOIN kpi.scorecard_node l ON l.scorecard = card.scorecard AND l.node = n.node
			AND l.valid @> kpi.period_end(asked_grain, kpi.period_last_year(asked_grain, n.first_day)) - 1
		LEFT JOIN LATERAL kpi_internal.band_for(card.band_set, n.score) b ON true
	WHERE n.phase = 0
	ORDER BY n.rank;
END
$$;
COMMENT ON FUNCTION kpi.evaluate(text, text, text, date) IS
'Evaluates a scorecard for a unit and a period (2011-11, 2011-Q4, 2011): one row per node in tree order, first the scorecard itself. as_of chooses the nodes in force, by default those of the last day of the period. What is undefined is NULL with a reason. Errors: NULL or unknown scorecard or unit, a period that is no month, quarter or year.';
