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

CREATE TYPE kpi_internal.explained_node AS (
	node text,
	parent text,
	name text,
	path text,
	place integer,
	leaf boolean,
	perspective text,
	indicator text,
	shows text,
	measured_unit text,
	weight numeric,
	role text,
	role_limit numeric,
	method text,
	missing text,
	min_coverage numeric,
	direction text,
	attainment_method text,
	zero_target text,
	scale kpi.scale,
	zero_below numeric,
	floor numeric,
	cap numeric,
	actual numeric,
	target numeric,
	baseline numeric,
	points numeric,
	carried_points numeric,
	coverage numeric,
	carried boolean
);
COMMENT ON TYPE kpi_internal.explained_node IS
'A node of one of the two scorecards that are compared: its place, its rules and its numbers.';
--@ for column | says
--@ | node | Key of the node.
--@ | parent | Key of the node above.
--@ | name | Its name as defined.
--@ | path | Keys from the scorecard down to it.
--@ | place | Place in the tree.
--@ | leaf | Whether its score is its own.
--@ | perspective | Perspective it is shown under.
--@ | indicator | Indicator it shows.
--@ | shows | Scorecard it shows.
--@ | measured_unit | Unit measured.
--@ | weight | Weight among its siblings.
--@ | role | What it is to the node above.
--@ | role_limit | The limit of its role.
--@ | method | Its method.
--@ | missing | Its missing policy.
--@ | min_coverage | Its least coverage.
--@ | direction | Which way is better.
--@ | attainment_method | How its attainment is found.
--@ | zero_target | What a target of 0 means.
--@ | scale | Its scale.
--@ | zero_below | Its own limit or that of the scorecard.
--@ | floor | Its own limit or that of the scorecard.
--@ | cap | Its own limit or that of the scorecard.
--@ | actual | Its value, if usable.
--@ | target | Its target.
--@ | baseline | The baseline of its target.
--@ | points | Score of a leaf; NULL of a group.
--@ | carried_points | Its last score, where the policy of the node above is carry and it has none.
--@ | coverage | Coverage of a leaf.
--@ | carried | Whether its value is that of an earlier period.
COMMENT ON COLUMN kpi_internal.explained_node.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.explained_nodes(scorecard text, unit text, grain text, period_start date)
	RETURNS SETOF kpi_internal.explained_node
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT n.node, n.parent, coalesce(l.name, c.name), n.path, n.place, n.leaf, n.perspective, n.indicator, n.shows, e.measured_unit,
		   n.weight, CAST(l.role AS text), l.role_limit, n.method, n.missing, coalesce(l.min_coverage, c.min_coverage),
		   CAST(i.direction AS text), CAST(i.attainment_method AS text), CAST(i.zero_target AS text), coalesce(l.scale, i.scale),
		   coalesce(l.zero_below, x.zero_below), coalesce(l.floor, x.floor), coalesce(l.cap, x.cap),
		   e.actual, e.target, g.baseline, e.points, e.carried_points, e.coverage, e.marks & 2 > 0
	FROM (SELECT kpi_internal.period_end(explained_nodes.grain, explained_nodes.period_start) - 1 AS rules) AS p
		JOIN kpi.scorecard AS c ON c.scorecard = explained_nodes.scorecard
		CROSS JOIN LATERAL kpi_internal.nodes_in_force(c.scorecard, p.rules) AS n
		JOIN kpi_internal.node_inputs(ARRAY[CAST(ROW(explained_nodes.scorecard, explained_nodes.unit, explained_nodes.grain,
													 explained_nodes.period_start, NULL) AS kpi_internal.cell)]) AS e
			ON e.asked AND e.node = n.node
		LEFT JOIN kpi.scorecard_node AS l ON l.scorecard = n.scorecard AND l.node = n.node AND l.valid @> p.rules
		LEFT JOIN kpi.scorecard AS x ON x.scorecard = n.scorecard AND n.indicator IS NOT NULL
		LEFT JOIN kpi.indicator AS i ON i.indicator = n.indicator
		LEFT JOIN LATERAL kpi_internal.target_for(n.indicator, e.measured_unit, explained_nodes.grain, explained_nodes.period_start) AS g
			ON i.attainment_method = 'progress';
END;
COMMENT ON FUNCTION kpi_internal.explained_nodes(text, text, text, date) IS
'The nodes of a scorecard in force at the end of a period, with what their scores are made of.';

CREATE FUNCTION kpi_internal.mixed_points(actual numeric, of_target kpi_internal.explained_node, of_definition kpi_internal.explained_node)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi_internal.points_for(actual, (of_target).target, (of_target).baseline, (of_definition).attainment_method,
								   (of_definition).direction, (of_definition).zero_target, (of_definition).scale,
								   (of_definition).zero_below, (of_definition).floor, (of_definition).cap);
COMMENT ON FUNCTION kpi_internal.mixed_points(numeric, kpi_internal.explained_node, kpi_internal.explained_node) IS
'The points that a value has against the target and by the rules of others. NULL where that is undefined.';

CREATE FUNCTION kpi_internal.same_definition(a kpi_internal.explained_node, b kpi_internal.explained_node)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN ((a).method, (a).missing, (a).min_coverage, coalesce((a).role, 'part'), (a).role_limit)
			IS NOT DISTINCT FROM ((b).method, (b).missing, (b).min_coverage, coalesce((b).role, 'part'), (b).role_limit)
		AND ((a).direction, (a).attainment_method, (a).zero_target, CAST((a).scale AS text), (a).zero_below, (a).floor, (a).cap)
			IS NOT DISTINCT FROM
			((b).direction, (b).attainment_method, (b).zero_target, CAST((b).scale AS text), (b).zero_below, (b).floor, (b).cap)
		AND ((a).indicator, (a).shows, (a).measured_unit) IS NOT DISTINCT FROM ((b).indicator, (b).shows, (b).measured_unit);
COMMENT ON FUNCTION kpi_internal.same_definition(kpi_internal.explained_node, kpi_internal.explained_node) IS
'Whether two nodes follow the same rules, weights, targets and values aside.';

CREATE TYPE kpi_internal.explained_pair AS (
	node text,
	place integer,
	before kpi_internal.explained_node,
	after kpi_internal.explained_node,
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

CREATE FUNCTION kpi_internal.explained_pairs(scorecard text, unit text, grain text, before date, after date)
	RETURNS SETOF kpi_internal.explained_pair
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
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
					 OR a.indicator IS NULL OR a.carried OR z.carried
					 OR 'rank' IN (kpi_internal.scale_form(a.scale), kpi_internal.scale_form(z.scale)) THEN 'whole'
				ELSE 'parts' END,
		   coalesce(a.parent <> z.parent, false)
	FROM kpi_internal.explained_nodes(scorecard, unit, grain, before) AS a
		FULL JOIN kpi_internal.explained_nodes(scorecard, unit, grain, after) AS z ON z.node = a.node;
END;
COMMENT ON FUNCTION kpi_internal.explained_pairs(text, text, text, date, date) IS
'The nodes of a scorecard and unit in two periods, side by side.';

-- Children of whom something is known on neither side have no part. Sums and counts
-- over all rows of the children are told apart; what does not add up is of the unit itself.
CREATE FUNCTION kpi_internal.explained_parts(pairs kpi_internal.explained_pair[], unit text, grain text, before date, after date)
	RETURNS TABLE (node text, child text, before_numerator numeric, before_denominator numeric, after_numerator numeric,
				   after_denominator numeric)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH number AS (
		SELECT p.node, m.unit, m.unit = explained_parts.unit AS whole,
			   sum(coalesce(m.numerator, m.value)) FILTER (WHERE m.period_start = explained_parts.before) AS a,
			   sum(m.denominator) FILTER (WHERE m.period_start = explained_parts.before) AS a_under,
			   sum(coalesce(m.numerator, m.value)) FILTER (WHERE m.period_start = explained_parts.after) AS z,
			   sum(m.denominator) FILTER (WHERE m.period_start = explained_parts.after) AS z_under
		FROM unnest(pairs) AS p
			JOIN kpi.measurement AS m ON m.indicator = (p.after).indicator AND m.grain = explained_parts.grain AND m.period_start IN (explained_parts.before, explained_parts.after)
		WHERE p.kind = 'parts' AND (p.after).measured_unit = explained_parts.unit
			AND (m.unit = explained_parts.unit OR kpi_internal.parent_of(m.unit, kpi_internal.period_end(explained_parts.grain, explained_parts.after) - 1) = explained_parts.unit)
			AND kpi_internal.usable(m.value) IS NOT NULL
		GROUP BY p.node, m.unit
	), checked AS (
		SELECT n.*, (sum(n.a) FILTER (WHERE NOT n.whole) OVER w, sum(n.a_under) FILTER (WHERE NOT n.whole) OVER w,
					 sum(n.z) FILTER (WHERE NOT n.whole) OVER w, sum(n.z_under) FILTER (WHERE NOT n.whole) OVER w)
			   IS NOT DISTINCT FROM
			   (sum(n.a) FILTER (WHERE n.whole) OVER w, sum(n.a_under) FILTER (WHERE n.whole) OVER w,
				sum(n.z) FILTER (WHERE n.whole) OVER w, sum(n.z_under) FILTER (WHERE n.whole) OVER w) AS adds_up
		FROM number AS n
		WINDOW w AS (PARTITION BY n.node)
	)
	SELECT c.node, CAST(c.unit AS text), coalesce(c.a, 0), c.a_under, coalesce(c.z, 0), c.z_under
	FROM checked AS c
	WHERE c.adds_up AND NOT c.whole;
END;
COMMENT ON FUNCTION kpi_internal.explained_parts(kpi_internal.explained_pair[], text, text, date, date) IS
'What the units directly below a unit have of the values of nodes, in two periods. '
'Only where their numerators and denominators, or their values where there are none, add up to those of the unit in '
'both.';

CREATE FUNCTION kpi_internal.explained_steps(pairs kpi_internal.explained_pair[], unit text, grain text, before date, after date, by_unit boolean)
	RETURNS TABLE (step bigint, cause text, node text, child text, nodes text[])
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 50
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH RECURSIVE pair AS (
		SELECT p.node, p.place, p.before AS a, p.after AS z, p.kind, p.moved,
			   p.kind IN ('added', 'removed', 'turned') OR p.moved AS structural,
			   CASE p.kind WHEN 'removed' THEN (p.before).parent ELSE (p.after).parent END AS parent,
			   (p.before).actual IS DISTINCT FROM (p.after).actual AS other_value,
			   ((p.before).target, (p.before).baseline) IS DISTINCT FROM ((p.after).target, (p.after).baseline) AS other_target,
			   NOT kpi_internal.same_definition(p.before, p.after) AS other_rules,
			   ((p.before).indicator, (p.before).shows, (p.before).measured_unit)
				IS DISTINCT FROM ((p.after).indicator, (p.after).shows, (p.after).measured_unit) AS other_subject,
			   ((p.before).points, (p.before).coverage) IS DISTINCT FROM ((p.after).points, (p.after).coverage) AS other_points
		FROM unnest(pairs) AS p
	), below AS (
		-- what is added or removed goes with what is added or removed above it
		SELECT p.node, p.node AS top, p.place
		FROM pair AS p
		WHERE p.structural AND NOT EXISTS (SELECT FROM pair AS u WHERE u.node = p.parent AND u.structural)
		UNION ALL
		SELECT p.node, b.top, b.place FROM below AS b JOIN pair AS p ON p.parent = b.node AND p.structural
	), change (position, cause, node, child, nodes) AS (
		SELECT 1, 'value', p.node, c.child, ARRAY[p.node]
		FROM pair AS p
			LEFT JOIN kpi_internal.explained_parts(CASE WHEN by_unit THEN pairs ELSE '{}' END, unit, grain, before, after) AS c
				ON c.node = p.node
		WHERE p.kind = 'parts' AND p.other_value
				AND (c.child IS NULL OR (c.before_numerator, c.before_denominator) IS DISTINCT FROM (c.after_numerator, c.after_denominator))
			OR p.kind = 'whole' AND NOT p.moved AND NOT p.other_subject AND (p.other_points OR p.other_rules)
		UNION ALL
		SELECT 2, 'target', p.node, NULL, ARRAY[p.node] FROM pair AS p WHERE p.kind = 'parts' AND p.other_target
		UNION ALL
		SELECT 3, 'definition', p.node, NULL, ARRAY[p.node]
		FROM pair AS p
		WHERE p.kind IN ('parts', 'group') AND p.other_rules OR p.kind = 'whole' AND NOT p.moved AND p.other_subject
		UNION ALL
		SELECT 4, 'weight', p.parent, NULL, array_agg(p.node)
		FROM pair AS p
		WHERE NOT p.structural AND p.parent IS NOT NULL
		GROUP BY p.parent
		HAVING bool_or((p.a).weight IS DISTINCT FROM (p.z).weight)
		UNION ALL
		-- where something has moved the structure is replaced at once: in between it could be no tree
		SELECT 5, 'structure', (array_agg(b.top ORDER BY b.place))[1], NULL, array_agg(b.node)
		FROM below AS b
		GROUP BY CASE WHEN (SELECT bool_or(p.moved) FROM pair AS p) THEN '' ELSE b.top END
		UNION ALL
		SELECT 6, 'missing', p.node, NULL, ARRAY[p.node] FROM pair AS p WHERE p.kind = 'missing' AND NOT p.moved
	)
	SELECT row_number() OVER (ORDER BY c.position, p.place, c.child COLLATE "C"), c.cause, c.node, c.child, c.nodes
	FROM change AS c JOIN pair AS p ON p.node = c.node;
END;
COMMENT ON FUNCTION kpi_internal.explained_steps(kpi_internal.explained_pair[], text, text, date, date, boolean) IS
'What is replaced one after the other to make one scorecard of the other. '
'Causes come in their order, nodes in that of the tree, with by_unit the values of children one by one; nodes: whom '
'the step is about.';

CREATE FUNCTION kpi_internal.explained(pairs kpi_internal.explained_pair[], unit text, grain text, before date, after date, by_unit boolean,
									   score_before numeric, score_after numeric)
	RETURNS TABLE (step bigint, cause text, node text, child text, effect numeric)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 50
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH steps AS MATERIALIZED (
		SELECT * FROM kpi_internal.explained_steps(pairs, unit, grain, before, after, by_unit)
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
		FROM kpi_internal.explained_parts(CASE WHEN by_unit THEN pairs ELSE '{}' END, unit, grain, before, after) AS c
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
	), rolled AS (
		SELECT s.reverse, s.done,
			   (kpi.scorecard_rollup(s.node, s.parent, s.weight, s.points, (s.d).method, (s.d).missing, (s.d).min_coverage, (s.d).role,
									 (s.d).role_limit, s.carried_points))[1] AS top
		FROM scored AS s
		GROUP BY s.reverse, s.done
	), top AS (
		-- both ends are what was evaluated
		SELECT r.reverse, r.done, r.score, count(r.score) OVER (PARTITION BY r.reverse ORDER BY r.done) AS known
		FROM (SELECT x.reverse, x.done, CASE x.done WHEN 0 THEN score_before WHEN (SELECT count(*) FROM steps) THEN score_after
													ELSE (x.top).score END AS score
			  FROM rolled AS x) AS r
	), held AS (
		-- a tree without a score in between changes nothing yet
		SELECT t.reverse, t.done, first_value(t.score) OVER (PARTITION BY t.reverse, t.known ORDER BY t.done) AS score FROM top AS t
	), moved AS (
		SELECT CASE WHEN h.reverse THEN (SELECT count(*) FROM steps) + 1 - h.done ELSE h.done END AS step,
			   h.score - lag(h.score) OVER (PARTITION BY h.reverse ORDER BY h.done) AS change, h.done
		FROM held AS h
		WHERE score_before IS NOT NULL AND score_after IS NOT NULL
	)
	SELECT s.step, s.cause, s.node, s.child, (SELECT trim_scale(sum(m.change) * 0.5) FROM moved AS m WHERE m.step = s.step AND m.done > 0)
	FROM steps AS s
	ORDER BY s.step;
END;
COMMENT ON FUNCTION kpi_internal.explained(kpi_internal.explained_pair[], text, text, date, date, boolean, numeric, numeric) IS
'The effects on the score of a scorecard of all that differs between two periods. '
'Each step is taken in its order and in the reverse one, and has the mean of both changes; they add up to the change '
'of the score.';

CREATE TYPE kpi.explained AS (
	node text,
	node_name text,
	path text,
	cause text,
	cause_label text,
	child_unit text,
	value_before numeric,
	value_after numeric,
	effect numeric
);
COMMENT ON TYPE kpi.explained IS 'A part of the change of a score, as kpi.explain() gives it.';
CREATE FUNCTION kpi.explain(scorecard text, unit text, day date, grain text, against date DEFAULT NULL, by text DEFAULT 'node')
	RETURNS SETOF kpi.explained
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	now record;
	earlier record;
	pairs kpi_internal.explained_pair[];
	score_before numeric;
	score_after numeric;
BEGIN
	PERFORM kpi_internal.require_value('by', by);
	PERFORM kpi_internal.require_word('by', by, 'node', 'unit');
	SELECT * INTO now FROM kpi_internal.read_period(day, grain);
	PERFORM kpi_internal.read_card(scorecard, unit, now.grain, kpi.period_label(now.grain, now.period_start));
	SELECT * INTO earlier FROM kpi_internal.read_period(coalesce(against, kpi.period_before(now.grain, now.period_start)), now.grain);
	pairs := ARRAY(SELECT p FROM kpi_internal.explained_pairs(scorecard, unit, now.grain, earlier.period_start, now.period_start) AS p);
	SELECT max(e.score) FILTER (WHERE e.period_start = earlier.period_start), max(e.score) FILTER (WHERE e.period_start = now.period_start)
	INTO score_before, score_after
	FROM unnest(ARRAY[earlier.period_start, now.period_start]) AS p (first_day)
		CROSS JOIN LATERAL kpi_internal.evaluated(ARRAY[CAST(ROW(scorecard, unit, now.grain, p.first_day, NULL) AS kpi_internal.cell)]) AS e
	WHERE e.depth = 0;
	RETURN QUERY
	SELECT e.node, kpi_internal.node_name(scorecard, e.node, n.name, n.indicator, i.name, n.perspective, v.name), n.path, e.cause,
		   kpi.term('cause', e.cause, kpi_internal.default_name(e.cause)), e.child,
		   CASE WHEN e.child IS NOT NULL THEN a.value
				ELSE CASE e.cause WHEN 'value' THEN (p.before).actual WHEN 'target' THEN (p.before).target WHEN 'missing' THEN (p.before).points END END,
		   CASE WHEN e.child IS NOT NULL THEN z.value
				ELSE CASE e.cause WHEN 'value' THEN (p.after).actual WHEN 'target' THEN (p.after).target WHEN 'missing' THEN (p.after).points END END,
		   e.effect
	FROM kpi_internal.explained(pairs, unit, now.grain, earlier.period_start, now.period_start, by = 'unit',
								score_before, score_after) AS e
		JOIN unnest(pairs) AS p ON p.node = e.node
		CROSS JOIN LATERAL (SELECT (CASE WHEN p.kind = 'removed' THEN p.before ELSE p.after END).*) AS n
		LEFT JOIN kpi.measurement AS a ON a.indicator = n.indicator AND a.unit = e.child AND a.grain = now.grain
			AND a.period_start = earlier.period_start
		LEFT JOIN kpi.measurement AS z ON z.indicator = n.indicator AND z.unit = e.child AND z.grain = now.grain
			AND z.period_start = now.period_start
		LEFT JOIN kpi.indicator AS i ON i.indicator = n.indicator
		LEFT JOIN kpi.perspective AS v ON v.perspective = n.perspective
	ORDER BY e.step;
END
$$;
COMMENT ON FUNCTION kpi.explain(text, text, date, text, date, text) IS
'Why the score of a scorecard has changed, against the period before or that of an earlier day. '
'The same for the period of a grain that contains the day.';

CREATE FUNCTION kpi.explain(scorecard text, unit text, period text, against text DEFAULT NULL, by text DEFAULT 'node')
	RETURNS SETOF kpi.explained
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	now record;
	earlier record;
	against_day date;
BEGIN
	SELECT * INTO now FROM kpi_internal.read_period(period);
	IF against IS NOT NULL THEN
		SELECT * INTO earlier FROM kpi_internal.read_period(against);
		against_day := earlier.period_start;
		IF earlier.grain <> now.grain THEN
			PERFORM kpi_internal.fail('22023', format('period "%s" is of grain "%s", "%s" of grain "%s"', against, earlier.grain, period, now.grain),
									 'Only periods of one grain are compared.');
		END IF;
	END IF;
	RETURN QUERY SELECT * FROM kpi.explain(scorecard, unit, now.period_start, now.grain, against_day, by);
END
$$;
COMMENT ON FUNCTION kpi.explain(text, text, text, text, text) IS
'Why the score of a scorecard has changed: effects of nodes and causes in points. '
'They add up to the change. against: an earlier period of the same grain, the one before unless told. Causes are '
'value, target, definition, weight, structure and missing data; each is replaced in this order and in the reverse '
'one, and its effect is the mean of both. by: node, or unit, which tells values apart by the units directly below. '
'No rows where nothing differs; an unknown word and a period of another grain are errors.';
