-- What would be if something were otherwise, and what a score needs: kpi.what_if() and
-- kpi.needed_for(). Nothing is stored; the code that evaluates does it.

CREATE FUNCTION kpi_internal.formula_follows(cell kpi_internal.cell, formula text, indicator text, known jsonb)
	RETURNS TABLE (is_computed boolean, value numeric)
	LANGUAGE plpgsql STABLE ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	place record;
	period integer;
	inputs numeric[];
BEGIN
	SELECT p.* INTO place
	FROM (SELECT array_agg(i.indicator ORDER BY i.ordinality) AS inputs,
		array_agg(i.function ORDER BY i.ordinality) AS functions,
				 array_agg(i.n ORDER BY i.ordinality) AS counts
		  FROM kpi_internal.formula_inputs(formula) WITH ORDINALITY AS i) AS r
		CROSS JOIN LATERAL kpi_internal.formula_places(formula_follows.indicator,
			kpi_internal.period_days(cell.grain, cell.period_start),
													   r.inputs, r.functions, r.counts) AS p;
	SELECT o.n INTO period FROM unnest(place.grains, place.starts) WITH ORDINALITY AS o (grain, period_start, n)
	WHERE o.grain = cell.grain AND o.period_start = cell.period_start;
	SELECT array_agg(CASE WHEN i.function = 'value' AND known ? i.indicator THEN CAST(known ->> i.indicator AS numeric)
		ELSE v.value END
					 ORDER BY i.place) INTO inputs
	FROM kpi_internal.formula_inputs(formula) WITH ORDINALITY AS i (indicator, function, n, place)
		LEFT JOIN kpi_internal.formula_values(formula_follows.indicator, place.ordinals, place.places, place.read_inputs,
			place.read_functions,
											  place.read_grains, place.read_starts, place.last_days) AS v
			ON v.unit = cell.unit AND v.ordinal = period AND v.place = i.place;
	is_computed := period IS NOT NULL AND EXISTS (
		SELECT FROM kpi.indicator AS i
		WHERE i.indicator = formula_follows.indicator
			AND (i.combine_units = 'formula' OR NOT EXISTS (
				SELECT FROM kpi.unit_parent AS b
				WHERE b.parent = cell.unit AND b.valid @> kpi_internal.period_end(cell.grain, cell.period_start) - 1)));
	value := CASE WHEN is_computed THEN kpi_internal.formula_value(formula, inputs) END;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION kpi_internal.formula_follows(kpi_internal.cell, text, text, jsonb) IS
'What a derived indicator would be for the unit and period of a cell with other values of its inputs. '
'known: those values by indicator; it reads the others as they are. Not computed where it is no formula of that '
'unit or period, but combined.';

CREATE FUNCTION kpi_internal.formulas_that_follow(indicators text[])
	RETURNS TABLE (indicator text, formula text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	WITH RECURSIVE reads AS MATERIALIZED (
		SELECT DISTINCT r.reader, r.input FROM kpi_internal.formula_reads() AS r WHERE r.function = 'value'
	), follows (indicator, steps) AS (
		SELECT r.reader, 1 FROM reads AS r WHERE r.input = ANY (indicators)
		UNION
		SELECT r.reader, f.steps + 1 FROM follows AS f JOIN reads AS r ON r.input = f.indicator
	)
	-- one that another needs has fewer steps on its longest way
	SELECT f.indicator, i.formula
	FROM (SELECT x.indicator, max(x.steps) AS steps FROM follows AS x GROUP BY x.indicator) AS f
		JOIN kpi.indicator AS i ON i.indicator = f.indicator
	WHERE f.indicator <> ALL (indicators)
	ORDER BY f.steps, f.indicator COLLATE "C";
END;
COMMENT ON FUNCTION kpi_internal.formulas_that_follow(text[]) IS
'The derived indicators that read others of the same unit and period, be it through further ones. '
'Each after what it needs, and none of those given.';

CREATE FUNCTION kpi_internal.supposed_actuals(cell kpi_internal.cell, suppositions kpi_internal.supposition[])
	RETURNS TABLE (unit text, actuals jsonb)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
	SELECT a.unit, jsonb_object_agg(a.indicator, a.value)
	FROM (SELECT coalesce(s.unit, i.measured_unit, supposed_actuals.cell.unit) AS unit,
				 CASE WHEN i.node IS NULL THEN s.node ELSE i.indicator END AS indicator, s.value
		  FROM unnest(suppositions) AS s
			LEFT JOIN kpi_internal.node_inputs(ARRAY[cell], 'infinity', true) AS i ON i.asked AND s.unit IS NULL
				AND i.node = s.node
		  WHERE s.what = 'actual') AS a
	WHERE a.indicator IS NOT NULL
	GROUP BY a.unit;
END;
COMMENT ON FUNCTION kpi_internal.supposed_actuals(kpi_internal.cell, kpi_internal.supposition[]) IS
'The actuals that are supposed, of each unit by indicator.';

CREATE FUNCTION kpi_internal.with_formulas(cell kpi_internal.cell, suppositions kpi_internal.supposition[])
	RETURNS kpi_internal.supposition[]
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	every kpi_internal.supposition[] := suppositions;
	supposed record;
	follower record;
	follows record;
BEGIN
	FOR supposed IN SELECT * FROM kpi_internal.supposed_actuals(cell, suppositions) LOOP
		cell.unit := supposed.unit;
		FOR follower IN
			SELECT * FROM kpi_internal.formulas_that_follow(ARRAY(SELECT jsonb_object_keys(supposed.actuals)))
		LOOP
			SELECT * INTO follows
			FROM kpi_internal.formula_follows(cell, follower.formula, follower.indicator, supposed.actuals);
			CONTINUE WHEN NOT follows.is_computed;
			supposed.actuals := supposed.actuals || jsonb_build_object(follower.indicator, follows.value);
			every := every ||
				CAST(ROW (follower.indicator, 'actual', follows.value, supposed.unit) AS kpi_internal.supposition);
		END LOOP;
	END LOOP;
	RETURN every;
END
$$;
COMMENT ON FUNCTION kpi_internal.with_formulas(kpi_internal.cell, kpi_internal.supposition[]) IS
'What is supposed, and with it what formulas would give then for the same unit and period. '
'A derived indicator that is itself supposed does not follow; nor do units above and other periods.';

CREATE FUNCTION kpi_internal.probed_nodes(cell kpi_internal.cell, suppositions kpi_internal.supposition[])
	RETURNS TABLE (node text, measured_unit text, ranked boolean)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	WITH input AS MATERIALIZED (
		SELECT i.* FROM kpi_internal.node_inputs(ARRAY[cell], 'infinity', true) AS i
			WHERE i.period_start = probed_nodes.cell.period_start
	), probed AS (
		SELECT s.node, coalesce(s.unit, i.measured_unit) AS measured_unit, coalesce(i.indicator, s.node) AS indicator, s.what
		FROM unnest(suppositions) AS s LEFT JOIN input AS i ON i.asked AND s.unit IS NULL AND i.node = s.node
	)
	SELECT p.node, p.measured_unit,
		   p.what <> 'weight' AND EXISTS (SELECT FROM input AS i
										  WHERE i.indicator = p.indicator AND kpi_internal.scale_form(i.scale) = 'rank')
	FROM probed AS p;
END;
COMMENT ON FUNCTION kpi_internal.probed_nodes(kpi_internal.cell, kpi_internal.supposition[]) IS
'The nodes of which something is supposed, with the unit whose target or place that could find out.';

CREATE FUNCTION kpi_internal.supposed_rows(cell kpi_internal.cell, suppositions kpi_internal.supposition[])
	RETURNS SETOF kpi_internal.result
	LANGUAGE sql STABLE ROWS 30
BEGIN ATOMIC
	SELECT e.* FROM kpi_internal.evaluated_if(ARRAY[cell], kpi_internal.with_formulas(cell, suppositions)) AS e;
END;
COMMENT ON FUNCTION kpi_internal.supposed_rows(kpi_internal.cell, kpi_internal.supposition[]) IS
'A scorecard as it would be, formulas included.';

CREATE FUNCTION kpi_internal.supposed_for_reader(cell kpi_internal.cell, suppositions kpi_internal.supposition[])
	RETURNS SETOF kpi_internal.result
	AS 'MODULE_PATHNAME', 'kpi_supposed_for_reader'
	LANGUAGE C STABLE STRICT COST 10000 ROWS 30;
COMMENT ON FUNCTION kpi_internal.supposed_for_reader(kpi_internal.cell, kpi_internal.supposition[]) IS
'The same as the current role may see it. What is supposed of a unit that it may not see, or of a node that ranks '
'units unless it may see them all, is an error: the score would tell what is hidden.';

CREATE TYPE kpi_internal.needed_row AS (
	place integer,
	node text,
	measured_unit text,
	ranked boolean,
	actual numeric,
	target numeric,
	points numeric,
	needed_actual numeric,
	needed_points numeric,
	reached_score numeric,
	reason text,
	name text,
	path text,
	indicator text,
	perspective text
);
COMMENT ON TYPE kpi_internal.needed_row IS 'What a score needs of a node, with what the node is.';
--@ for column | says
--@ | place | Place in the tree.
--@ | node | Key of the node.
--@ | measured_unit | Unit measured.
--@ | ranked | Whether units are ranked by it.
--@ | actual | Its actual.
--@ | target | Its target.
--@ | points | Its points.
--@ | needed_actual | The actual that is needed.
--@ | needed_points | The points it has with that.
--@ | reached_score | The score that is reached.
--@ | reason | Why there is none.
--@ | name | Name of the node as defined.
--@ | path | Keys from the scorecard down to the node.
--@ | indicator | Indicator it shows.
--@ | perspective | Perspective it is shown under.
COMMENT ON COLUMN kpi_internal.needed_row.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.needed_rows(cell kpi_internal.cell, goal numeric)
	RETURNS SETOF kpi_internal.needed_row
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT i.place, i.node, i.measured_unit, coalesce(kpi_internal.scale_form(i.scale) = 'rank', false), i.actual,
		i.target, i.points,
		   n.value, n.points, n.score, n.reason, i.name, i.path, i.indicator, i.perspective
	FROM kpi_internal.node_inputs(ARRAY[cell], 'infinity', true) AS i
		JOIN kpi.indicator AS d ON d.indicator = i.indicator
		CROSS JOIN LATERAL kpi_internal.needed_value(ARRAY[cell], i.node, goal,
													 -- of % a fraction is shown in hundredths
													 d.decimals + CASE d.unit_of_measure WHEN '%' THEN 2 ELSE 0 END) AS n
	WHERE i.asked AND i.leaf;
END;
COMMENT ON FUNCTION kpi_internal.needed_rows(kpi_internal.cell, numeric) IS
'Of each leaf that shows an indicator the actual with which the scorecard just reaches a score. All else is as it is.';

CREATE FUNCTION kpi_internal.needed_for_reader(cell kpi_internal.cell, goal numeric)
	RETURNS SETOF kpi_internal.needed_row
	AS 'MODULE_PATHNAME', 'kpi_needed_for_reader'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100000 ROWS 20;
COMMENT ON FUNCTION kpi_internal.needed_for_reader(kpi_internal.cell, numeric) IS
'The same as the current role may see it. Of a unit that it may not see, and of a node that ranks units unless it '
'may see them all, there are no numbers: reason hidden.';

-- Asking for it

CREATE TYPE kpi.supposed AS (
	node text,
	node_name text,
	parent_node text,
	path text,
	depth integer,
	actual_before numeric,
	actual_after numeric,
	target_before numeric,
	target_after numeric,
	weight_before numeric,
	weight_after numeric,
	score_before numeric,
	score_after numeric,
	score_change numeric,
	rag_before varchar(8),
	rag_after varchar(8),
	score_reason text,
	score_reason_label text
);
COMMENT ON TYPE kpi.supposed IS 'A node as it is and as it would be, as kpi.what_if() gives it.';

CREATE FUNCTION kpi_internal.check_supposed(node text, what text, value jsonb)
	RETURNS numeric
	LANGUAGE plpgsql IMMUTABLE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_word('change', what, VARIADIC kpi_internal.word_list('supposable'));
	IF jsonb_typeof(value) NOT IN ('number', 'null') THEN
		PERFORM kpi_internal.fail('22023', format('%s of "%s" is %s, which is no number', what, node, value),
								 'Write a number, or null for what would be missing.');
	END IF;
	PERFORM kpi_internal.require_amount(format('%s of "%s"', what, node), CAST(value ->> 0 AS numeric));
	IF what = 'weight' AND CAST(value ->> 0 AS numeric) < 0 THEN
		PERFORM kpi_internal.fail('22023', format('weight %s of "%s" is not a finite number of at least 0', value, node),
								 'Weights may be on any scale; null shows a row without counting it.');
	END IF;
	RETURN CAST(value ->> 0 AS numeric);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_supposed(text, text, jsonb) IS
'The number that something of a node is supposed to be; NULL for null. Errors: any other word, text, a weight below '
'0.';

CREATE FUNCTION kpi_internal.check_changed(scorecard text, day date, node text, changes jsonb)
	RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	placed kpi_internal.placed_node;
BEGIN
	IF jsonb_typeof(changes) <> 'object' THEN
		PERFORM kpi_internal.fail('22023', format('the changes of "%s" are no object', node),
								 'Write {"revenue": {"actual": 1200, "weight": 0.4}}.');
	END IF;
	SELECT * INTO placed FROM kpi_internal.nodes_in_force(check_changed.scorecard, day) AS n
		WHERE n.node = check_changed.node;
	IF NOT FOUND AND NOT EXISTS (SELECT FROM kpi.indicator AS i WHERE i.indicator = check_changed.node) THEN
		PERFORM kpi_internal.fail_unknown('node', node,
			ARRAY(SELECT n.node FROM kpi_internal.nodes_in_force(check_changed.scorecard, day) AS n WHERE n.depth > 0
				ORDER BY n.place),
			'nodes', 'Define nodes with kpi.define_node() or kpi.set_weight().',
				format(' in scorecard "%s" on %s', scorecard, day));
	ELSIF changes ? 'weight' AND coalesce(placed.depth, 0) = 0 THEN
		PERFORM kpi_internal.fail('22023', format('"%s" has no weight in scorecard "%s" on %s', node, scorecard, day),
								 'A weight is that of a node; an indicator without one has an actual and a target.');
	ELSIF placed.node IS NOT NULL AND placed.indicator IS NULL AND changes - 'weight' <> '{}' THEN
		PERFORM kpi_internal.fail('22023', format('node "%s" shows no indicator', node),
								 'Suppose another weight of it, or values of what is below it.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_changed(text, date, text, jsonb) IS
'Raises an error for changes of what is neither a node nor an indicator, and of what a node has not.';

CREATE FUNCTION kpi_internal.read_changes(scorecard text, day date, changes jsonb)
	RETURNS kpi_internal.supposition[]
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value('changes', CAST(changes AS text));
	IF jsonb_typeof(changes) <> 'object' THEN
		PERFORM kpi_internal.fail('22023', 'changes is no object', 'Write {"revenue": {"actual": 1200, "weight": 0.4}}.');
	END IF;
	PERFORM kpi_internal.check_changed(scorecard, day, c.key, c.value) FROM jsonb_each(changes) AS c;
	RETURN ARRAY(
		SELECT CAST(ROW (c.key, w.key, kpi_internal.check_supposed(c.key, w.key, w.value), NULL) AS kpi_internal.supposition)
		FROM jsonb_each(changes) AS c CROSS JOIN LATERAL jsonb_each(c.value) AS w);
END
$$;
COMMENT ON FUNCTION kpi_internal.read_changes(text, date, jsonb) IS
'What is supposed of a scorecard, from {"node": {"actual": 1, "target": 2, "weight": 3}}. Anything else is an error.';

-- in this order no position tells the two apart, so that parameters without a type find their function
CREATE FUNCTION kpi.what_if(scorecard text, unit text, day date, grain text, changes jsonb)
	RETURNS SETOF kpi.supposed
	LANGUAGE plpgsql STABLE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
	cell kpi_internal.cell;
	suppositions kpi_internal.supposition[];
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(day, grain);
	PERFORM kpi_internal.read_card(scorecard, unit, p.grain, kpi.period_label(p.grain, p.period_start));
	PERFORM kpi_internal.require_reader(unit, p.grain, p.period_start);
	cell := ROW (scorecard, unit, p.grain, p.period_start, NULL);
	suppositions := kpi_internal.read_changes(scorecard, upper(p.days) - 1, changes);
	RETURN QUERY
	SELECT z.node, kpi_internal.node_name(what_if.scorecard, z.node, z.name, z.indicator, i.name, z.perspective, v.name),
		z.parent, z.path, z.depth,
		   a.actual, z.actual, a.target, z.target, a.weight, z.weight, a.score, z.score, kpi.change(z.score, a.score),
		   CAST(kpi_internal.rag(a.status) AS varchar(8)), CAST(kpi_internal.rag(z.status) AS varchar(8)), z.reason,
		   kpi.term('reason', z.reason, kpi_internal.default_name(z.reason))
	FROM kpi_internal.supposed_for_reader(cell, CAST('{}' AS kpi_internal.supposition[])) AS a
		JOIN kpi_internal.supposed_for_reader(cell, suppositions) AS z ON z.node = a.node
		LEFT JOIN kpi.indicator AS i ON i.indicator = z.indicator
		LEFT JOIN kpi.perspective AS v ON v.perspective = z.perspective
	ORDER BY z.place;
END
$$;
COMMENT ON FUNCTION kpi.what_if(text, text, date, text, jsonb) IS
'What a scorecard would be if actuals, targets or weights were others. '
'The same for the period of a grain that contains the day.';

CREATE FUNCTION kpi.what_if(scorecard text, unit text, period text, changes jsonb)
	RETURNS SETOF kpi.supposed
	LANGUAGE plpgsql STABLE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(period);
	RETURN QUERY SELECT * FROM kpi.what_if(scorecard, unit, p.period_start, p.grain, changes);
END
$$;
COMMENT ON FUNCTION kpi.what_if(text, text, text, jsonb) IS
'What a scorecard would be if actuals, targets or weights were others. One row per node, before and after. '
'changes: {"node": {"actual": 1200, "target": 1000, "weight": 0.4}}; a value or target may also be of an indicator '
'that no node has for its key, and null stands for none. Nothing is stored. Other nodes that show the same indicator '
'and unit, ranks, and formulas of the same unit and period follow; units above and other periods do not. Of a final '
'period both are what would be now. Errors: an unknown node or word, what is no number, a weight below 0, a unit that '
'the reader may not see, or a node that shows one.';

CREATE TYPE kpi.needed AS (
	node text,
	node_name text,
	path text,
	indicator text,
	unit_of_measure text,
	measured_unit text,
	actual numeric,
	target numeric,
	score numeric,
	needed_actual numeric,
	needed_change numeric,
	needed_score numeric,
	reached_score numeric,
	needed_reason text,
	needed_reason_label text
);
COMMENT ON TYPE kpi.needed IS 'What a score needs of one node, as kpi.needed_for() gives it.';

CREATE FUNCTION kpi_internal.read_goal(scorecard text, score text)
	RETURNS numeric
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	card CONSTANT kpi.scorecard := (SELECT s FROM kpi.scorecard AS s WHERE s.scorecard = read_goal.scorecard);
	goal kpi.band;
BEGIN
	PERFORM kpi_internal.require_value('score', score);
	SELECT * INTO goal FROM kpi.band AS b WHERE b.band_set = card.band_set AND b.code = score;
	IF FOUND THEN
		RETURN coalesce(goal.lower_bound, '-Infinity');
	ELSIF score ~ '^[-+0-9.]' THEN
		RETURN kpi_internal.number(score);
	END IF;
	PERFORM kpi_internal.fail_unknown('band', score,
		ARRAY(SELECT CAST(b.code AS text) FROM kpi.band AS b WHERE b.band_set = card.band_set
			ORDER BY b.lower_bound DESC NULLS LAST),
		'bands', 'Write points.', format(' in band set "%s" of scorecard "%s"', card.band_set, scorecard));
END
$$;
COMMENT ON FUNCTION kpi_internal.read_goal(text, text) IS
'The points of a goal: a number, or the least of a band of the scorecard. Anything else is an error.';

CREATE FUNCTION kpi.needed_for(scorecard text, unit text, day date, grain text, score text)
	RETURNS SETOF kpi.needed
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000 ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
	goal numeric;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(day, grain);
	PERFORM kpi_internal.read_card(scorecard, unit, p.grain, kpi.period_label(p.grain, p.period_start));
	PERFORM kpi_internal.require_reader(unit, p.grain, p.period_start);
	goal := kpi_internal.read_goal(scorecard, score);
	RETURN QUERY
	SELECT n.node, kpi_internal.node_name(needed_for.scorecard, n.node, n.name, n.indicator, i.name, n.perspective,
		v.name), n.path, n.indicator,
		   kpi.term('unit_of_measure', i.unit_of_measure, i.unit_of_measure), n.measured_unit, n.actual, n.target, n.points,
		   n.needed_actual, kpi.change(n.needed_actual, n.actual), n.needed_points, n.reached_score,
		   n.reason, kpi.term('reason', n.reason, kpi_internal.default_name(n.reason))
	FROM kpi_internal.needed_for_reader(CAST(ROW (scorecard, unit, p.grain, p.period_start, NULL) AS kpi_internal.cell),
		goal) AS n
		LEFT JOIN kpi.indicator AS i ON i.indicator = n.indicator
		LEFT JOIN kpi.perspective AS v ON v.perspective = n.perspective
	ORDER BY n.place;
END
$$;
COMMENT ON FUNCTION kpi.needed_for(text, text, date, text, text) IS
'What value of one indicator makes a scorecard reach a score. The same for the period of a grain that contains the '
'day.';

CREATE FUNCTION kpi.needed_for(scorecard text, unit text, period text, score text)
	RETURNS SETOF kpi.needed
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000 ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(period);
	RETURN QUERY SELECT * FROM kpi.needed_for(scorecard, unit, p.period_start, p.grain, score);
END
$$;
COMMENT ON FUNCTION kpi.needed_for(text, text, text, text) IS
'What value of one indicator makes a scorecard just reach a score. One row per leaf, all else as it is. '
'score: points, or a band of the scorecard. The value is in the decimals of the indicator; one step of the last one '
'less does not reach the score. Where it is reached already, needed_actual says how far the value may fall. Scales, '
'caps, roles and ranks count as in kpi.evaluate(). NULL, with a reason, where no value reaches it (out_of_reach), or '
'any does (reached). Errors: an unknown scorecard, unit or band, another period, a unit that the reader may not see.';

--@ for type | as_text
--@ | numeric | CAST(score AS text)
--@ | float8 | CAST(kpi_internal.shortest(score) AS text)
CREATE FUNCTION kpi.needed_for(scorecard text, unit text, day date, grain text, score @type@)
	RETURNS SETOF kpi.needed
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 20
BEGIN ATOMIC
	SELECT * FROM kpi.needed_for(scorecard, unit, day, grain, @as_text@);
END;
COMMENT ON FUNCTION kpi.needed_for(text, text, date, text, @type@) IS
'The same for the period of a grain that contains the day, with points of type @type@.';

CREATE FUNCTION kpi.needed_for(scorecard text, unit text, period text, score @type@)
	RETURNS SETOF kpi.needed
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 20
BEGIN ATOMIC
	SELECT * FROM kpi.needed_for(scorecard, unit, period, @as_text@);
END;
COMMENT ON FUNCTION kpi.needed_for(text, text, text, @type@) IS
'The same with points of type @type@.';
--@ end
