-- Why a score differs from another: effects of nodes and causes that add up to the change.
--
-- Shapley's value averages what a part adds over all orders; two orders, one the
-- reverse of the other, keep what matters of it: effects add up exactly, and two
-- factors of a product share alike what they make together (L. S. Shapley, A Value
-- for n-Person Games, 1953; the half sum of both orders is that of two players).
--
-- One step replaces one thing of the earlier scorecard by that of the later one. A
-- node has up to five: its value, its target, its definition, the weights of what is
-- directly below it, and whether it is there at all; or only one, where it has a score
-- on one side alone. Every step is a whole tree, rolled up.

CREATE FUNCTION kpi_internal.mixed_points(actual numeric, of_target kpi_internal.node_input, of_definition kpi_internal.node_input)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi_internal.points_for(actual, (of_target).target, (of_target).baseline, (of_definition).attainment_method,
								   (of_definition).direction, (of_definition).zero_target, (of_definition).scale,
								   (of_definition).zero_below, (of_definition).floor, (of_definition).cap,
								   (of_target).low, (of_target).high, (of_target).outer_low, (of_target).outer_high);
COMMENT ON FUNCTION kpi_internal.mixed_points(numeric, kpi_internal.node_input, kpi_internal.node_input) IS
'The points that a value has against the target and by the rules of others. NULL where that is undefined.';

CREATE FUNCTION kpi_internal.same_definition(a kpi_internal.node_input, b kpi_internal.node_input)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN ((a).method, (a).missing, (a).min_coverage, coalesce((a).role, 'part'), (a).role_limit)
			IS NOT DISTINCT FROM ((b).method, (b).missing, (b).min_coverage, coalesce((b).role, 'part'), (b).role_limit)
		AND ((a).direction, (a).attainment_method, (a).zero_target, CAST((a).scale AS text), (a).zero_below, (a).floor, (a).cap)
			IS NOT DISTINCT FROM
			((b).direction, (b).attainment_method, (b).zero_target, CAST((b).scale AS text), (b).zero_below, (b).floor, (b).cap)
		AND ((a).indicator, (a).shows, (a).measured_unit) IS NOT DISTINCT FROM ((b).indicator, (b).shows, (b).measured_unit);
COMMENT ON FUNCTION kpi_internal.same_definition(kpi_internal.node_input, kpi_internal.node_input) IS
'Whether two nodes follow the same rules, weights, targets and values aside.';

CREATE TYPE kpi_internal.explained_pair AS (
	node text,
	place integer,
	before kpi_internal.node_input,
	after kpi_internal.node_input,
	kind text,
	moved boolean
);
COMMENT ON TYPE kpi_internal.explained_pair IS
'A node of two scorecards that are compared, and what can be replaced of it.';
--@ for column | says
--@ | node | Key of the node.
--@ | place | Place in the later tree, else in the earlier one.
--@ | before | What it was; NULL where it was not.
--@ | after | What it is; NULL where it is no more.
--@ | kind | What can be replaced of it: added, removed, turned, group, missing, whole or parts. turned: into a group or a leaf; missing: a score on one side, or carried ones; whole: nothing to tell apart.
--@ | moved | Whether it is below another node now.
COMMENT ON COLUMN kpi_internal.explained_pair.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.explained_pairs(before kpi_internal.node_input[], after kpi_internal.node_input[])
	RETURNS SETOF kpi_internal.explained_pair
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT coalesce(z.node, a.node), coalesce(z.place, a.place), a, z,
		   CASE WHEN a.node IS NULL THEN 'added'
				WHEN z.node IS NULL THEN 'removed'
				WHEN a.leaf <> z.leaf THEN 'turned'
				WHEN NOT a.leaf THEN 'group'
				WHEN (a.points IS NULL OR z.points IS NULL) AND (a.points, a.carried_points) IS DISTINCT FROM (z.points, z.carried_points)
				THEN 'missing'
				WHEN (a.indicator, a.shows, a.measured_unit) IS DISTINCT FROM (z.indicator, z.shows, z.measured_unit)
					 OR a.indicator IS NULL OR 'rank' IN (kpi_internal.scale_form(a.scale), kpi_internal.scale_form(z.scale)) THEN 'whole'
				ELSE 'parts' END,
		   coalesce(a.parent <> z.parent, false)
	FROM unnest(explained_pairs.before) AS a FULL JOIN unnest(explained_pairs.after) AS z ON z.node = a.node;
END;
COMMENT ON FUNCTION kpi_internal.explained_pairs(kpi_internal.node_input[], kpi_internal.node_input[]) IS
'The nodes of a scorecard at two times, side by side.';

CREATE TYPE kpi_internal.explained_part AS (
	node text,
	child text,
	before_numerator numeric,
	before_denominator numeric,
	after_numerator numeric,
	after_denominator numeric
);
COMMENT ON TYPE kpi_internal.explained_part IS
'What a unit directly below another has of the value of a node, at two times.';
--@ for column | says
--@ | node | Key of the node.
--@ | child | The unit; unassigned for what no such unit has.
--@ | before_numerator | Its numerator before, or its value where it has none.
--@ | before_denominator | Its denominator before.
--@ | after_numerator | The numerator after, or the value.
--@ | after_denominator | The denominator after.
COMMENT ON COLUMN kpi_internal.explained_part.@column@ IS '@says@';
--@ end

-- not of an indicator whose values add up in another way, as a median or a stock
CREATE FUNCTION kpi_internal.has_rest(indicator kpi.indicator)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE indicator.combine_units
				WHEN 'sum' THEN true
				WHEN 'ratio' THEN true
				WHEN 'rows' THEN kpi_internal.adds_up(indicator.numerator)
					AND (indicator.denominator IS NULL OR kpi_internal.adds_up(indicator.denominator))
				ELSE false END;
COMMENT ON FUNCTION kpi_internal.has_rest(kpi.indicator) IS
'Whether what a unit has and none below it is a part of its value like theirs. '
'Numerators and denominators of an indicator, or its values, are sums then.';

-- Children of whom nothing is known on both sides have no part. What does not add
-- up, and has no rest, is of the unit itself.
CREATE FUNCTION kpi_internal.explained_parts(pairs kpi_internal.explained_pair[], unit text, grain text, before date, after date,
											 before_known timestamptz, after_known timestamptz)
	RETURNS SETOF kpi_internal.explained_part
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH side (is_after, period_start, known_at) AS (
		VALUES (false, explained_parts.before, before_known), (true, explained_parts.after, after_known)
	), child AS MATERIALIZED (
		SELECT p.unit FROM kpi.unit_parent AS p
		WHERE after_known = 'infinity' AND p.parent = explained_parts.unit
			AND p.valid @> kpi_internal.period_end(explained_parts.grain, explained_parts.after) - 1
		UNION ALL
		SELECT p.unit FROM kpi_internal.unit_parent_at(after_known) AS p
		WHERE after_known <> 'infinity' AND p.parent = explained_parts.unit
			AND p.valid @> kpi_internal.period_end(explained_parts.grain, explained_parts.after) - 1
	), found AS (
		SELECT p.node, s.is_after, m.*
		FROM unnest(pairs) AS p CROSS JOIN side AS s
			CROSS JOIN LATERAL (
				SELECT t.indicator, t.unit, t.numerator, t.denominator, t.value FROM kpi.measurement AS t
				WHERE s.known_at = 'infinity' AND t.indicator = (p.after).indicator AND t.grain = explained_parts.grain
					AND t.period_start = s.period_start
				UNION ALL
				SELECT t.indicator, t.unit, t.numerator, t.denominator, t.value FROM kpi_internal.measurement_at(s.known_at) AS t
				WHERE s.known_at <> 'infinity' AND t.indicator = (p.after).indicator AND t.grain = explained_parts.grain
					AND t.period_start = s.period_start) AS m
		WHERE p.kind = 'parts' AND (p.after).measured_unit = explained_parts.unit
			AND (m.unit = explained_parts.unit OR m.unit IN (SELECT c.unit FROM child AS c))
			AND kpi_internal.usable(m.value) IS NOT NULL
	), number AS (
		SELECT f.node, CAST(f.indicator AS text) AS indicator, CAST(f.unit AS text) AS unit, f.unit = explained_parts.unit AS whole,
			   sum(coalesce(f.numerator, f.value)) FILTER (WHERE NOT f.is_after) AS a, sum(f.denominator) FILTER (WHERE NOT f.is_after) AS a_under,
			   sum(coalesce(f.numerator, f.value)) FILTER (WHERE f.is_after) AS z, sum(f.denominator) FILTER (WHERE f.is_after) AS z_under
		FROM found AS f
		GROUP BY f.node, f.indicator, f.unit
	), rest AS (
		SELECT n.node, n.indicator, count(*) FILTER (WHERE NOT n.whole) AS children,
			   sum(CASE WHEN n.whole THEN n.a ELSE - n.a END) AS a, sum(CASE WHEN n.whole THEN n.a_under ELSE - n.a_under END) AS a_under,
			   sum(CASE WHEN n.whole THEN n.z ELSE - n.z END) AS z, sum(CASE WHEN n.whole THEN n.z_under ELSE - n.z_under END) AS z_under
		FROM number AS n
		GROUP BY n.node, n.indicator
		HAVING bool_or(n.whole)
	), told AS (
		SELECT r.*, (coalesce(r.a, 0), coalesce(r.a_under, 0), coalesce(r.z, 0), coalesce(r.z_under, 0)) <> (0, 0, 0, 0) AS has_rest
		FROM rest AS r LEFT JOIN kpi.indicator AS i ON i.indicator = r.indicator
		WHERE r.children > 0 AND ((coalesce(r.a, 0), coalesce(r.a_under, 0), coalesce(r.z, 0), coalesce(r.z_under, 0)) = (0, 0, 0, 0)
								  OR kpi_internal.has_rest(i))
	)
	SELECT n.node, n.unit, coalesce(n.a, 0), n.a_under, coalesce(n.z, 0), n.z_under
	FROM number AS n JOIN told AS t ON t.node = n.node
	WHERE NOT n.whole
	UNION ALL
	SELECT t.node, 'unassigned', coalesce(t.a, 0), t.a_under, coalesce(t.z, 0), t.z_under
	FROM told AS t
	WHERE t.has_rest;
END;
COMMENT ON FUNCTION kpi_internal.explained_parts(kpi_internal.explained_pair[], text, text, date, date, timestamptz, timestamptz) IS
'What the units directly below a unit have of the values of nodes, in two periods. Each is as known at a time, '
'the tree as at the later. '
'What none of them has is a part of its own, unassigned. Only where numerators and denominators, or values where '
'there are none, add up to those of the unit in both.';

CREATE FUNCTION kpi_internal.known_for_parts(cell kpi_internal.cell, known_at timestamptz)
	RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(max(f.finalized_at), known_for_parts.known_at) FROM kpi.finalization AS f
	WHERE f.scorecard = cell.scorecard AND f.unit = cell.unit AND f.period_grain = cell.grain AND f.period_start = cell.period_start
		AND f.finalized_at <= known_for_parts.known_at
		AND (f.reopened_at IS NULL OR f.reopened_at > known_for_parts.known_at);
END;
COMMENT ON FUNCTION kpi_internal.known_for_parts(kpi_internal.cell, timestamptz) IS
'The time by which the values of units below one are to be taken. '
'That of the unit is as known at a time; where it was final then, when it was made final.';

CREATE FUNCTION kpi_internal.explained_steps(pairs kpi_internal.explained_pair[], parts kpi_internal.explained_part[])
	RETURNS TABLE (step bigint, cause text, node text, child text, nodes text[], slight boolean)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 50
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH RECURSIVE pair AS (
		SELECT p.*,
			   -- what is replaced as a whole has the first cause that there is
			   CASE WHEN p.kind <> 'whole' OR p.moved THEN NULL WHEN p.other_subject THEN 'definition' WHEN p.other_value THEN 'value'
					WHEN p.other_rules THEN 'definition' WHEN p.other_target THEN 'target' WHEN p.other_points THEN 'value' END AS whole_cause
		FROM (
			SELECT p.node, p.place, p.before AS a, p.after AS z, p.kind, p.moved,
				   p.kind IN ('added', 'removed', 'turned') OR p.moved AS structural,
				   CASE p.kind WHEN 'removed' THEN (p.before).parent ELSE (p.after).parent END AS parent,
				   (p.before).actual IS DISTINCT FROM (p.after).actual AS other_value,
				   ((p.before).target, (p.before).baseline, (p.before).low, (p.before).high, (p.before).outer_low, (p.before).outer_high)
					IS DISTINCT FROM
					((p.after).target, (p.after).baseline, (p.after).low, (p.after).high, (p.after).outer_low, (p.after).outer_high) AS other_target,
				   (round((p.before).target, 18), round((p.before).baseline, 18), round((p.before).low, 18), round((p.before).high, 18),
					round((p.before).outer_low, 18), round((p.before).outer_high, 18))
					IS NOT DISTINCT FROM
					(round((p.after).target, 18), round((p.after).baseline, 18), round((p.after).low, 18), round((p.after).high, 18),
					round((p.after).outer_low, 18), round((p.after).outer_high, 18)) AS about_same_target,
				   NOT kpi_internal.same_definition(p.before, p.after) AS other_rules,
				   ((p.before).indicator, (p.before).shows, (p.before).measured_unit)
					IS DISTINCT FROM ((p.after).indicator, (p.after).shows, (p.after).measured_unit) AS other_subject,
				   ((p.before).points, (p.before).coverage) IS DISTINCT FROM ((p.after).points, (p.after).coverage) AS other_points
			FROM unnest(pairs) AS p) AS p
	), below AS (
		-- what is added or removed goes with what is added or removed above it
		SELECT p.node, p.node AS top, p.place
		FROM pair AS p
		WHERE p.structural AND NOT EXISTS (SELECT FROM pair AS u WHERE u.node = p.parent AND u.structural)
		UNION ALL
		SELECT p.node, b.top, b.place FROM below AS b JOIN pair AS p ON p.parent = b.node AND p.structural
	), change (position, cause, node, child, nodes, slight) AS (
		SELECT 1, 'value', p.node, c.child, ARRAY[p.node], false
		FROM pair AS p
			LEFT JOIN unnest(parts) AS c
				ON c.node = p.node
		WHERE p.kind = 'parts' AND p.other_value
				AND (c.child IS NULL OR (c.before_numerator, c.before_denominator) IS DISTINCT FROM (c.after_numerator, c.after_denominator))
			OR p.whole_cause = 'value'
		UNION ALL
		-- shares of a year differ in their last digits, which nobody has changed
		SELECT 2, 'target', p.node, NULL, ARRAY[p.node], p.about_same_target
		FROM pair AS p
		WHERE p.kind = 'parts' AND p.other_target OR p.whole_cause = 'target'
		UNION ALL
		SELECT 3, 'definition', p.node, NULL, ARRAY[p.node], false
		FROM pair AS p
		WHERE p.kind IN ('parts', 'group') AND p.other_rules OR p.whole_cause = 'definition'
		UNION ALL
		SELECT 4, 'weight', p.parent, NULL, array_agg(p.node), false
		FROM pair AS p
		WHERE NOT p.structural AND p.parent IS NOT NULL
		GROUP BY p.parent
		HAVING bool_or((p.a).weight IS DISTINCT FROM (p.z).weight)
		UNION ALL
		-- where something has moved the structure is replaced at once: in between it could be no tree
		SELECT 5, 'structure', (array_agg(b.top ORDER BY b.place))[1], NULL, array_agg(b.node), false
		FROM below AS b
		GROUP BY CASE WHEN (SELECT bool_or(p.moved) FROM pair AS p) THEN '' ELSE b.top END
		UNION ALL
		SELECT 6, 'missing', p.node, NULL, ARRAY[p.node], false FROM pair AS p WHERE p.kind = 'missing' AND NOT p.moved
	)
	SELECT row_number() OVER (ORDER BY c.position, p.place, c.child COLLATE "C"), c.cause, c.node, c.child, c.nodes, c.slight
	FROM change AS c JOIN pair AS p ON p.node = c.node;
END
$$;
COMMENT ON FUNCTION kpi_internal.explained_steps(kpi_internal.explained_pair[], kpi_internal.explained_part[]) IS
'What is replaced one after the other to make one scorecard of the other. '
'Causes come in their order, nodes in that of the tree, values that have parts part by part; nodes: whom '
'the step is about. slight: a target that differs in its last digits alone.';

CREATE FUNCTION kpi_internal.explained(pairs kpi_internal.explained_pair[], parts kpi_internal.explained_part[],
									   score_before numeric, score_after numeric)
	RETURNS TABLE (step bigint, cause text, node text, child text, effect numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 50
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH steps AS MATERIALIZED (
		-- last digits go with whatever else there is
		SELECT row_number() OVER (ORDER BY d.step) AS step, d.cause, d.node, d.child, d.nodes, d.slight
		FROM (SELECT s.*, bool_and(s.slight) OVER () AS all_slight FROM kpi_internal.explained_steps(pairs, parts) AS s) AS d
		WHERE d.all_slight OR NOT d.slight
	), about AS MATERIALIZED (
		SELECT s.step, s.cause, s.child, u.node FROM steps AS s CROSS JOIN LATERAL unnest(s.nodes) AS u (node)
	), flip AS MATERIALIZED (
		-- the step that replaces each thing of a node; what has none is the same on both sides
		SELECT p.node, p.before AS a, p.after AS z, p.kind, w.*,
			   coalesce(w.alone, w.first_value) AS value_from, coalesce(w.alone, w.last_value) AS value_to,
			   coalesce(w.alone, w.target) AS target_step, coalesce(w.alone, w.definition) AS definition_step,
			   coalesce(w.structure, w.weight) AS weight_step
		FROM unnest(pairs) AS p
			CROSS JOIN LATERAL (
				SELECT min(t.step) FILTER (WHERE t.cause = 'value') AS first_value, max(t.step) FILTER (WHERE t.cause = 'value') AS last_value,
					   min(t.step) FILTER (WHERE t.cause = 'target') AS target, min(t.step) FILTER (WHERE t.cause = 'definition') AS definition,
					   min(t.step) FILTER (WHERE t.cause = 'weight') AS weight, min(t.step) FILTER (WHERE t.cause = 'structure') AS structure,
					   min(t.step) FILTER (WHERE p.kind NOT IN ('parts', 'group') AND t.cause <> 'weight') AS alone
				FROM about AS t WHERE t.node = p.node
			) AS w
	), part AS MATERIALIZED (
		SELECT c.*, t.step
		FROM unnest(parts) AS c
			LEFT JOIN about AS t ON t.node = c.node AND t.child = c.child
	), tree AS (
		-- done: the steps from one to the other that are done; once more from the last to the first
		SELECT r.reverse, d.done,
			   CASE WHEN r.reverse THEN (SELECT count(*) FROM steps) - d.done ELSE 0 END AS low,
			   CASE WHEN r.reverse THEN (SELECT count(*) FROM steps) + 1 ELSE d.done + 1 END AS high
		FROM (VALUES (false), (true)) AS r (reverse)
			CROSS JOIN generate_series(0, (SELECT count(*) FROM steps)) AS d (done)
	), mixed AS (
		-- a step is done where it is above low and below high
		SELECT t.reverse, t.done, f.node, f.a, f.z, f.kind, f.value_from, f.value_to,
			   f.structure > t.low AND f.structure < t.high AS rebuilt,
			   f.weight_step > t.low AND f.weight_step < t.high AS reweighted,
			   f.definition_step > t.low AND f.definition_step < t.high AS redefined,
			   f.target_step > t.low AND f.target_step < t.high AS retargeted,
			   f.value_from > t.low AND f.value_to < t.high AS revalued,
			   f.value_to > t.low AND f.value_from < t.high AND NOT (f.value_from > t.low AND f.value_to < t.high) AS half_valued,
			   t.low, t.high
		FROM tree AS t CROSS JOIN flip AS f
		WHERE f.kind NOT IN ('added', 'removed') OR (f.kind = 'added') = (f.structure > t.low AND f.structure < t.high)
	), rule AS (
		SELECT m.*, CASE WHEN m.kind = 'added' OR m.redefined THEN m.z ELSE m.a END AS d,
			   CASE WHEN m.kind = 'added' OR m.retargeted THEN m.z ELSE m.a END AS t,
			   CASE WHEN m.kind = 'added' OR m.revalued THEN m.z ELSE m.a END AS v
		FROM mixed AS m
		OFFSET 0
	), scored AS (
		SELECT r.reverse, r.done, r.node, r.d,
			   CASE WHEN r.kind = 'added' OR r.rebuilt THEN (r.z).parent ELSE (r.a).parent END AS parent,
			   CASE WHEN r.kind = 'added' OR r.reweighted THEN (r.z).weight ELSE (r.a).weight END AS weight,
			   CASE WHEN r.kind <> 'parts' THEN (r.v).points
					-- all of one side: the points of that side; what is undefined in between changes nothing yet
					WHEN r.half_valued THEN coalesce(kpi_internal.mixed_points((
						SELECT CASE WHEN bool_or(x.under IS NOT NULL) THEN sum(x.over) / nullif(sum(x.under), 0) ELSE sum(x.over) END
						FROM (SELECT CASE WHEN c.step > r.low AND c.step < r.high THEN c.after_numerator ELSE c.before_numerator END AS over,
									 CASE WHEN c.step > r.low AND c.step < r.high THEN c.after_denominator
										  ELSE c.before_denominator END AS under
							  FROM part AS c WHERE c.node = r.node) AS x), r.t, r.d), (r.a).points)
					WHEN r.revalued IS NOT FALSE AND r.retargeted IS NOT FALSE AND r.redefined IS NOT FALSE THEN (r.z).points
					WHEN r.revalued IS NOT TRUE AND r.retargeted IS NOT TRUE AND r.redefined IS NOT TRUE THEN (r.a).points
					ELSE coalesce(kpi_internal.mixed_points((r.v).actual, r.t, r.d), (r.a).points) END AS points,
			   (r.v).coverage AS coverage, (r.v).carried_points AS carried_points
		FROM rule AS r
		OFFSET 0
	), broken AS (
		-- a bonus or deduction below what has no points yet, or no more, is no tree
		SELECT s.reverse, s.done
		FROM scored AS s JOIN scored AS u ON u.reverse = s.reverse AND u.done = s.done AND u.node = s.parent
		WHERE (s.d).role IN ('bonus', 'deduction') AND (u.d).method <> 'points'
	), rolled AS (
		SELECT s.reverse, s.done,
			   (kpi.scorecard_rollup(s.node, s.parent, s.weight, s.points, (s.d).method, (s.d).missing, (s.d).min_coverage, (s.d).role,
									 (s.d).role_limit, s.carried_points))[1] AS top
		FROM scored AS s
		WHERE (s.reverse, s.done) NOT IN (SELECT b.reverse, b.done FROM broken AS b)
		GROUP BY s.reverse, s.done
	), top AS (
		-- both ends are what was evaluated
		SELECT r.reverse, r.done, r.score, count(r.score) OVER (PARTITION BY r.reverse ORDER BY r.done) AS known
		FROM (SELECT t.reverse, t.done, CASE t.done WHEN 0 THEN score_before WHEN (SELECT count(*) FROM steps) THEN score_after
													ELSE (x.top).score END AS score
			  FROM tree AS t LEFT JOIN rolled AS x ON x.reverse = t.reverse AND x.done = t.done) AS r
	), held AS (
		-- no tree, or one without a score, in between changes nothing yet
		SELECT t.reverse, t.done, first_value(t.score) OVER (PARTITION BY t.reverse, t.known ORDER BY t.done) AS score FROM top AS t
	), moved AS MATERIALIZED (
		-- once, not for each step
		SELECT CASE WHEN h.reverse THEN (SELECT count(*) FROM steps) + 1 - h.done ELSE h.done END AS step,
			   h.score - lag(h.score) OVER (PARTITION BY h.reverse ORDER BY h.done) AS change, h.done
		FROM held AS h
		WHERE score_before IS NOT NULL AND score_after IS NOT NULL
	)
	SELECT s.step, s.cause, s.node, s.child, e.effect
	FROM steps AS s
		CROSS JOIN LATERAL (SELECT trim_scale(sum(m.change) * 0.5) FROM moved AS m WHERE m.step = s.step AND m.done > 0) AS e (effect)
	WHERE NOT s.slight OR e.effect <> 0
	ORDER BY s.step;
END
$$;
COMMENT ON FUNCTION kpi_internal.explained(kpi_internal.explained_pair[], kpi_internal.explained_part[], numeric, numeric) IS
'The effects on the score of a scorecard of all that differs between two periods. '
'Each step is taken in its order and in the reverse one, and has the mean of both changes; they add up to the change '
'of the score.';

