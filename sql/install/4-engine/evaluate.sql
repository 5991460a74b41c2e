-- Evaluation: a scorecard's tree with its scores.

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
			CROSS JOIN LATERAL kpi_internal.target_for(i.indicator, m.unit, place_of.grain, place_of.first_day) g
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
'Place of a unit among its siblings in force on the last day of a period, by what the scale is of. The actual goes by the direction of the indicator. Equals share the better place and the next is skipped. NULL where the unit has no value.';

CREATE FUNCTION kpi_internal.last_points(indicator text, unit text, grain text, before date, max_age integer, scale kpi.scale, zero_below numeric, floor numeric,
									   cap numeric)
	RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE COST 200
BEGIN ATOMIC
	SELECT p.points
	FROM kpi.indicator i
		JOIN kpi.measurement m ON m.indicator = i.indicator AND m.unit = last_points.unit AND m.grain = last_points.grain
			AND m.period_start < last_points.before
			AND m.period_start >= coalesce(kpi_internal.period_step(last_points.grain, last_points.before, -last_points.max_age), date '0001-01-01')
		CROSS JOIN LATERAL kpi_internal.target_for(i.indicator, m.unit, m.grain, m.period_start) g
		CROSS JOIN LATERAL (
			SELECT kpi_internal.limit_points(q.points, last_points.zero_below, last_points.floor, last_points.cap) AS points
			FROM (SELECT kpi_internal.points_by(
							 kpi_internal.argument_by(last_points.scale,
													  kpi_internal.attainment_by(i.attainment_method, v.actual, g.target, g.baseline, i.direction, i.zero_target),
													  v.actual, g.target, i.direction),
							 CASE WHEN kpi_internal.scale_form(last_points.scale) = 'rank'
								  THEN kpi_internal.place_of(i.indicator, m.unit, m.grain, m.period_start, kpi_internal.period_end(m.grain, m.period_start), last_points.scale) END,
							 last_points.scale) AS points
				  FROM (SELECT kpi_internal.usable(m.value) AS actual) v) q) p
	WHERE i.indicator = last_points.indicator AND p.points IS NOT NULL
	ORDER BY m.period_start DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION kpi_internal.last_points(text, text, text, date, integer, kpi.scale, numeric, numeric, numeric) IS
'Points of an indicator and unit in the last period that has any. It is at most max_age periods of the grain back from the one that begins on the day; by the scale (NULL takes 100 x attainment) and limits given. NULL where there is none.';

CREATE TYPE kpi_internal.cell AS (
	scorecard text,
	unit text,
	grain text,
	period_start date,
	rules date
);
COMMENT ON TYPE kpi_internal.cell IS 'What is asked of an evaluation: a scorecard for a unit and a period.';
--@ for column | says
--@ | scorecard | The scorecard.
--@ | unit | The unit.
--@ | grain | Length of the period.
--@ | period_start | Its first day.
--@ | rules | The day whose nodes are in force; NULL for the last one of the period.
COMMENT ON COLUMN kpi_internal.cell.@column@ IS '@says@';
--@ end

CREATE TYPE kpi_internal.placed_node AS (
	scorecard text,
	rules date,
	node text,
	parent text,
	name text,
	place integer,
	path text,
	depth integer,
	leaf boolean,
	perspective text,
	indicator text,
	shows text,
	unit text,
	weight numeric,
	role text,
	role_limit numeric,
	method text,
	missing text,
	min_coverage numeric,
	carried_above boolean,
	max_age integer,
	carry boolean,
	scale kpi.scale,
	zero_below numeric,
	floor numeric,
	cap numeric
);
COMMENT ON TYPE kpi_internal.placed_node IS 'A node in force on a day, in its place in the tree, with what it takes from its scorecard.';
--@ for column | says
--@ | scorecard | The scorecard.
--@ | rules | The day.
--@ | node | Key of the node; of the top one the key of the scorecard.
--@ | parent | Key of the node above.
--@ | name | Its name as defined.
--@ | place | Place in the tree read from top to bottom.
--@ | path | Keys from the scorecard down to it.
--@ | depth | Levels below the scorecard.
--@ | leaf | Whether its score is its own: nothing is below it, or its method is self.
--@ | perspective | Its own, else of its indicator, else of the node above.
--@ | indicator | Indicator it shows.
--@ | shows | Scorecard it shows.
--@ | unit | Unit of its own.
--@ | weight | Weight among its siblings.
--@ | role | What it is to the node above.
--@ | role_limit | The limit of its role.
--@ | method | Its method, else that of the scorecard.
--@ | missing | Its missing policy, else that of the scorecard.
--@ | min_coverage | Its least coverage, else that of the scorecard.
--@ | carried_above | Whether the policy of the node above is carry.
--@ | max_age | Periods for which its last score is carried.
--@ | carry | Whether it shows the latest value of a longer own grain.
--@ | scale | Its scale, else that of its indicator.
--@ | zero_below | Its own limit, else that of the scorecard for an indicator.
--@ | floor | Its own limit, else that of the scorecard for an indicator.
--@ | cap | Its own limit, else that of the scorecard for an indicator.
COMMENT ON COLUMN kpi_internal.placed_node.@column@ IS '@says@';
--@ end

-- The seam between the tree, which few days share, and the values of many units and periods.
CREATE FUNCTION kpi_internal.nodes_in_force(scorecards text[], days date[])
	RETURNS SETOF kpi_internal.placed_node
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH RECURSIVE tree AS (
		SELECT CAST(c.scorecard AS text) AS scorecard, r.day AS rules, CAST(c.scorecard AS text) AS node, CAST(NULL AS text) AS parent, c.name,
			   CAST(c.scorecard AS text) AS path, 0 AS depth, CAST(NULL AS text) AS perspective, CAST(NULL AS text) AS indicator,
			   CAST(NULL AS text) AS shows, CAST(NULL AS text) AS unit, CAST(NULL AS numeric) AS weight, CAST(NULL AS text) AS role,
			   CAST(NULL AS numeric) AS role_limit, CAST(c.method AS text) AS method, CAST(c.missing AS text) AS missing, c.min_coverage,
			   false AS carried_above, CAST(NULL AS integer) AS max_age, false AS carry, CAST(NULL AS kpi.scale) AS scale,
			   CAST(NULL AS numeric) AS zero_below, CAST(NULL AS numeric) AS floor, CAST(NULL AS numeric) AS cap,
			   CAST(ARRAY[] AS text[]) COLLATE "C" AS rank,
			   CAST(c.method AS text) AS card_method, CAST(c.missing AS text) AS card_missing, c.min_coverage AS card_min_coverage,
			   c.zero_below AS card_zero_below, c.floor AS card_floor, c.cap AS card_cap
		FROM unnest(scorecards, days) r (scorecard, day)
			JOIN kpi.scorecard c ON c.scorecard = r.scorecard
		UNION ALL
		SELECT t.scorecard, t.rules, n.node, t.node, n.name, t.path || '/' || n.node, t.depth + 1,
			   coalesce(n.perspective, i.perspective, t.perspective), n.indicator, n.shows, n.unit, n.weight, n.role, n.role_limit,
			   coalesce(n.method, t.card_method), coalesce(n.missing, t.card_missing), coalesce(n.min_coverage, t.card_min_coverage),
			   t.missing = 'carry', n.max_age, n.carry, coalesce(n.scale, i.scale),
			   coalesce(n.zero_below, CASE WHEN n.indicator IS NOT NULL THEN t.card_zero_below END),
			   coalesce(n.floor, CASE WHEN n.indicator IS NOT NULL THEN t.card_floor END),
			   coalesce(n.cap, CASE WHEN n.indicator IS NOT NULL THEN t.card_cap END),
			   -- order of siblings: position, then key
			   (t.rank || lpad(CAST(n.position + 2147483648 AS text), 10, '0')) || CAST(n.node AS text),
			   t.card_method, t.card_missing, t.card_min_coverage, t.card_zero_below, t.card_floor, t.card_cap
		FROM tree t
			JOIN kpi.scorecard_node n ON n.scorecard = t.scorecard AND coalesce(n.parent, n.scorecard) = t.node AND n.valid @> t.rules
			LEFT JOIN kpi.indicator i ON i.indicator = n.indicator
	)
	SELECT t.scorecard, t.rules, t.node, t.parent, t.name, CAST(row_number() OVER tree_order AS integer), t.path, t.depth,
		   t.method = 'self' AND t.depth > 0 OR coalesce(lead(t.depth) OVER tree_order, 0) <= t.depth,
		   t.perspective, t.indicator, t.shows, t.unit, t.weight, t.role, t.role_limit, t.method, t.missing, t.min_coverage, t.carried_above,
		   t.max_age, t.carry, t.scale, t.zero_below, t.floor, t.cap
	FROM tree t
	WINDOW tree_order AS (PARTITION BY t.scorecard, t.rules ORDER BY t.rank);
END;
COMMENT ON FUNCTION kpi_internal.nodes_in_force(text[], date[]) IS
'The trees of scorecards on days, which stand at the same place in two arrays. Every node in force below the scorecard, siblings by position and key.';

CREATE TYPE kpi_internal.shown_card AS (
	scorecard text,
	unit text,
	grain text,
	period_start date,
	rules date,
	score numeric,
	coverage numeric,
	marks integer,
	reason text
);
COMMENT ON TYPE kpi_internal.shown_card IS 'What a node shows of another scorecard.';
--@ for column | says
--@ | scorecard | The other scorecard.
--@ | unit | The unit.
--@ | grain | Length of the period.
--@ | period_start | Its first day.
--@ | rules | The day whose nodes are in force.
--@ | score | Its score.
--@ | coverage | Its coverage.
--@ | marks | 1 provisional, 2 carried.
--@ | reason | Why it has no score.
COMMENT ON COLUMN kpi_internal.shown_card.@column@ IS '@says@';
--@ end

CREATE TYPE kpi_internal.node_input AS (
	cell bigint,
	line bigint,
	asked boolean,
	scorecard text,
	unit text,
	grain text,
	period_start date,
	before date,
	node text,
	parent text,
	name text,
	place integer,
	path text,
	depth integer,
	leaf boolean,
	perspective text,
	indicator text,
	measured_unit text,
	weight numeric,
	role text,
	role_limit numeric,
	method text,
	missing text,
	min_coverage numeric,
	direction text,
	actual numeric,
	target numeric,
	attainment numeric,
	points numeric,
	carried_points numeric,
	coverage numeric,
	marks integer,
	reason text
);
COMMENT ON TYPE kpi_internal.node_input IS 'A node with what its score is made of.';
--@ for column | says
--@ | cell | Number of the scorecard, unit and period.
--@ | line | Number of the scorecard, unit and grain, whose periods are compared.
--@ | asked | Whether it was asked for, or is a period before.
--@ | scorecard | The scorecard.
--@ | unit | The unit evaluated for.
--@ | grain | Length of the period.
--@ | period_start | Its first day.
--@ | before | First day of the period before.
--@ | node | Key of the node.
--@ | parent | Key of the node above.
--@ | name | Its name as defined.
--@ | place | Place in the tree.
--@ | path | Keys from the scorecard down to it.
--@ | depth | Levels below the scorecard.
--@ | leaf | Whether its score is its own.
--@ | perspective | Perspective it is shown under.
--@ | indicator | Indicator it shows.
--@ | measured_unit | Unit measured.
--@ | weight | Weight among its siblings.
--@ | role | What it is to the node above.
--@ | role_limit | The limit of its role.
--@ | method | Its method.
--@ | missing | Its missing policy.
--@ | min_coverage | Its least coverage.
--@ | direction | Which way is better.
--@ | actual | Its value, if usable.
--@ | target | Its target.
--@ | attainment | How far the one reaches the other.
--@ | points | Its own score; NULL of a group.
--@ | carried_points | Its last score, where the policy of the node above is carry.
--@ | coverage | Coverage of what it shows, where that is another scorecard.
--@ | marks | 1 provisional, 2 carried.
--@ | reason | Why a leaf has no score.
COMMENT ON COLUMN kpi_internal.node_input.@column@ IS '@says@';
--@ end

-- A period and the one before are evaluated at once, each once however often it is asked for.
CREATE FUNCTION kpi_internal.node_inputs(cells kpi_internal.cell[], shown kpi_internal.shown_card[])
	RETURNS SETOF kpi_internal.node_input
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 40
BEGIN ATOMIC
	WITH asked AS MATERIALIZED (
		SELECT DISTINCT c.scorecard, c.unit, c.grain, c.period_start, coalesce(c.rules, kpi_internal.period_end(c.grain, c.period_start) - 1) AS rules,
			   kpi.period_before(c.grain, c.period_start) AS before
		FROM unnest(cells) c
	), cell AS MATERIALIZED (
		SELECT row_number() OVER () AS cell, dense_rank() OVER (ORDER BY x.scorecard, x.unit, x.grain) AS line, x.*,
			   kpi.period_before(x.grain, x.period_start) AS before, kpi_internal.period_end(x.grain, x.period_start) AS end_day,
			   lower(kpi_internal.period_days(x.grain, x.period_start)) AS first_day
		FROM (SELECT u.scorecard, u.unit, u.grain, u.period_start, u.rules, bool_or(u.asked) AS asked
			  FROM (SELECT a.scorecard, a.unit, a.grain, a.period_start, a.rules, true AS asked
					FROM asked a
					UNION ALL
					SELECT a.scorecard, a.unit, a.grain, a.before, kpi_internal.period_end(a.grain, a.before) - 1, false
					FROM asked a
					WHERE a.before IS NOT NULL) u
			  GROUP BY u.scorecard, u.unit, u.grain, u.period_start, u.rules) x
	), node AS MATERIALIZED (
		SELECT n.*, i.direction, i.attainment_method, i.zero_target, CAST(i.grain AS text) AS own_grain
		FROM (SELECT array_agg(r.scorecard) AS scorecards, array_agg(r.rules) AS days
			  FROM (SELECT DISTINCT c.scorecard, c.rules FROM cell c) r) r
			CROSS JOIN LATERAL kpi_internal.nodes_in_force(r.scorecards, r.days) n
			LEFT JOIN kpi.indicator i ON i.indicator = n.indicator
	), valued AS (
		SELECT c.cell, c.line, c.asked, c.scorecard, c.unit, c.grain, c.period_start, c.before, c.end_day,
			   n.node, n.parent, n.name, n.place, n.path, n.depth, n.leaf, n.perspective, n.indicator, n.shows,
			   coalesce(n.unit, c.unit) AS measured_unit, n.weight, n.role, n.role_limit, n.method, n.missing, n.min_coverage, n.carried_above,
			   n.max_age, n.scale, n.zero_below, n.floor, n.cap, n.direction, n.attainment_method, n.zero_target,
			   CASE WHEN k.grain IS NULL THEN m.value ELSE k.value END AS value,
			   CASE WHEN k.grain IS NULL THEN m.note ELSE k.note END AS note,
			   coalesce(CASE WHEN k.grain IS NULL THEN m.provisional ELSE k.provisional END, false) AS provisional,
			   coalesce(k.end_day < c.end_day, false) AS carried,
			   coalesce(k.grain, c.grain) AS value_grain, coalesce(k.period_start, c.period_start) AS value_start,
			   coalesce(k.end_day, c.end_day) AS value_end, g.target, g.baseline, g.reason AS target_reason,
			   s.score AS shown_score, s.coverage AS shown_coverage, s.marks AS shown_marks, s.reason AS shown_reason
		FROM cell c
			JOIN node n ON n.scorecard = c.scorecard AND n.rules = c.rules
			LEFT JOIN kpi.measurement m ON m.indicator = n.indicator AND m.unit = coalesce(n.unit, c.unit) AND m.grain = c.grain
				AND m.period_start = c.period_start
			LEFT JOIN LATERAL (
				-- the latest value of a longer own grain, until the next is due
				SELECT l.grain, l.period_start, l.value, l.note, l.provisional, l.end_day
				FROM (SELECT CAST(x.grain AS text) AS grain, x.period_start, x.value, x.note, x.provisional,
							 kpi_internal.period_end(x.grain, x.period_start) AS end_day
					  FROM kpi.measurement x
					  WHERE n.carry AND NOT kpi_internal.tiles(n.own_grain, c.grain)
						AND x.indicator = n.indicator AND x.unit = coalesce(n.unit, c.unit) AND x.grain = n.own_grain
						AND x.period_start < c.end_day AND kpi_internal.period_end(x.grain, x.period_start) <= c.end_day
						AND kpi_internal.usable(x.value) IS NOT NULL
					  ORDER BY x.period_start DESC
					  LIMIT 1) l
				WHERE c.end_day < kpi_internal.period_end(l.grain, l.end_day)
			) k ON true
			LEFT JOIN LATERAL kpi_internal.target_for(n.indicator, coalesce(n.unit, c.unit), coalesce(k.grain, c.grain),
														 coalesce(k.period_start, c.period_start)) g
				ON n.indicator IS NOT NULL
			LEFT JOIN unnest(shown) s ON n.shows IS NOT NULL AND s.scorecard = n.shows AND s.unit = coalesce(n.unit, c.unit)
				AND s.grain = c.grain AND s.period_start = c.period_start AND s.rules = c.rules
		-- each OFFSET 0 keeps what was computed from being written out again in the next step
		OFFSET 0
	), used AS (
		SELECT v.*, kpi_internal.usable(v.value) AS actual FROM valued v OFFSET 0
	), attained AS (
		SELECT u.*, kpi_internal.attainment_by(u.attainment_method, u.actual, u.target, u.baseline, u.direction, u.zero_target) AS attainment
		FROM used u
		OFFSET 0
	), argued AS (
		SELECT a.*, kpi_internal.argument_by(a.scale, a.attainment, a.actual, a.target, a.direction) AS argument,
			   CASE WHEN a.leaf AND kpi_internal.scale_form(a.scale) = 'rank'
					THEN kpi_internal.place_of(a.indicator, a.measured_unit, a.value_grain, a.value_start, a.value_end, a.scale) END AS rank
		FROM attained a
		OFFSET 0
	), pointed AS (
		SELECT a.*,
			   CASE WHEN a.shows IS NOT NULL THEN a.shown_score
					WHEN a.leaf THEN kpi_internal.points_by(a.argument, a.rank, a.scale) END AS raw_points
		FROM argued a
		OFFSET 0
	), scored AS (
		SELECT p.*, kpi_internal.limit_points(p.raw_points, p.zero_below, p.floor, p.cap) AS points
		FROM pointed p
		OFFSET 0
	)
	SELECT s.cell, s.line, s.asked, s.scorecard, s.unit, s.grain, s.period_start, s.before, s.node, s.parent, s.name, s.place, s.path, s.depth,
		   s.leaf, s.perspective, s.indicator, s.measured_unit, s.weight, s.role, s.role_limit, s.method, s.missing, s.min_coverage,
		   CAST(s.direction AS text), s.actual, s.target, s.attainment, s.points,
		   CASE WHEN s.carried_above AND s.leaf AND s.points IS NULL AND s.indicator IS NOT NULL
				THEN kpi_internal.last_points(s.indicator, s.measured_unit, s.grain, s.period_start, s.max_age, s.scale,
											  s.zero_below, s.floor, s.cap) END,
		   s.shown_coverage,
		   CAST(s.provisional AS integer) | CASE WHEN s.carried THEN 2 ELSE 0 END | coalesce(s.shown_marks, 0),
		   CASE WHEN s.points IS NOT NULL OR NOT s.leaf THEN NULL
				WHEN s.shows IS NOT NULL THEN coalesce(s.shown_reason, 'no_data')
				WHEN s.indicator IS NULL THEN 'no_data'
				ELSE kpi_internal.reason_for(s.value, s.note, s.target, s.target_reason, s.baseline, s.attainment_method, s.zero_target) END
	FROM scored s;
END;
COMMENT ON FUNCTION kpi_internal.node_inputs(kpi_internal.cell[], kpi_internal.shown_card[]) IS
'Every node of the scorecards, units and periods that are asked, with what its score is made of. The periods before are with them. shown: what nodes show of other scorecards.';

CREATE FUNCTION kpi_internal.evaluated(cells kpi_internal.cell[])
	RETURNS SETOF kpi_internal.result
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	inner_cells kpi_internal.cell[];
	shown kpi_internal.shown_card[];
BEGIN
	-- scorecards that are shown come first; that they show no other in a cycle is seen to where nodes are written
	IF EXISTS (SELECT FROM kpi.scorecard_node n WHERE n.shows IS NOT NULL) THEN
		inner_cells := ARRAY(
			SELECT DISTINCT CAST(ROW(n.shows, coalesce(n.unit, c.unit), c.grain, c.period_start, c.rules) AS kpi_internal.cell)
			FROM (SELECT x.scorecard, x.unit, x.grain, x.period_start, coalesce(x.rules, kpi_internal.period_end(x.grain, x.period_start) - 1) AS rules
				  FROM unnest(cells) x
				  UNION
				  SELECT x.scorecard, x.unit, x.grain, b.before, kpi_internal.period_end(x.grain, b.before) - 1
				  FROM unnest(cells) x CROSS JOIN LATERAL (SELECT kpi.period_before(x.grain, x.period_start) AS before) b
				  WHERE b.before IS NOT NULL) c
				JOIN kpi.scorecard_node n ON n.scorecard = c.scorecard AND n.shows IS NOT NULL AND n.valid @> c.rules);
		IF inner_cells <> '{}' THEN
			shown := ARRAY(
				SELECT CAST(ROW(e.scorecard, e.unit, e.grain, e.period_start, x.rules, e.score, e.coverage,
								CAST(e.provisional AS integer) | CASE WHEN e.carried THEN 2 ELSE 0 END, e.reason) AS kpi_internal.shown_card)
				FROM (SELECT DISTINCT (c).rules FROM unnest(inner_cells) c) x
					CROSS JOIN LATERAL kpi_internal.evaluated(ARRAY(SELECT c FROM unnest(inner_cells) c WHERE (c).rules = x.rules)) e
				WHERE e.depth = 0);
		END IF;
	END IF;

	RETURN QUERY
	WITH card AS MATERIALIZED (
		SELECT CAST(s.scorecard AS text) AS scorecard, b.bounds, b.codes, b.statuses, b.coefficients
		FROM (SELECT DISTINCT c.scorecard FROM unnest(cells) c) c
			JOIN kpi.scorecard s ON s.scorecard = c.scorecard
			CROSS JOIN LATERAL kpi_internal.bands(s.band_set) b
	), rolled AS (
		SELECT i.*, kpi_internal.rollup_node(i.node, i.parent, i.weight, i.points, i.method, i.missing, i.min_coverage, i.role, i.role_limit,
											 i.carried_points, i.coverage, i.marks) OVER (PARTITION BY i.cell) AS rolled
		FROM kpi_internal.node_inputs(cells, shown) i
	), opened AS (
		SELECT r.cell, r.line, r.asked, r.scorecard, r.unit, r.grain, r.period_start, r.before, r.node, r.parent, r.name, r.place, r.path, r.depth,
			   r.leaf, r.perspective, r.indicator, r.measured_unit, r.weight, r.role, r.direction, r.actual, r.target, r.attainment, r.reason,
			   (r.rolled).score, (r.rolled).coverage, (r.rolled).absolute_weight, (r.rolled).missing_nodes, (r.rolled).vetoes,
			   (r.rolled).grades_down, (r.rolled).coefficient_zero, (r.rolled).reason AS rolled_reason,
			   (r.rolled).carried OR (r.rolled).marks & 2 > 0 AS carried, (r.rolled).marks & 1 > 0 AS provisional
		FROM rolled r
		OFFSET 0
	), compared AS (
		SELECT o.*, lag(o.period_start) OVER line AS compared_start, lag(o.score) OVER line AS compared_score,
			   lag(o.actual) OVER line AS compared_actual, lag(o.attainment) OVER line AS compared_attainment,
			   lag(o.indicator) OVER line = o.indicator AND lag(o.measured_unit) OVER line = o.measured_unit AS comparable
		FROM opened o
		WINDOW line AS (PARTITION BY o.line, o.node COLLATE "C" ORDER BY o.period_start, o.asked DESC)
	), told AS (
		SELECT c.*, p.score AS previous_score, CASE WHEN p.there AND c.comparable THEN c.compared_actual END AS previous_actual,
			   CASE WHEN p.there AND c.comparable THEN c.compared_attainment END AS previous_attainment,
			   1 + width_bucket(c.score, k.bounds) AS band,
			   CASE WHEN c.score IS NOT NULL THEN greatest(1 + width_bucket(c.score, k.bounds) - c.grades_down, 1) END AS grade, k.codes, k.statuses, k.coefficients
		FROM compared c
			JOIN card k ON k.scorecard = c.scorecard
			CROSS JOIN LATERAL (
				SELECT c.compared_start = c.before AS there, CASE WHEN c.compared_start = c.before THEN c.compared_score END AS score) p
		WHERE c.asked
		OFFSET 0
	)
	SELECT t.scorecard, t.unit, t.grain, t.period_start, t.node, t.place, t.path, t.depth, t.parent, t.name, t.perspective, t.indicator,
		   t.measured_unit, t.weight, t.role, t.absolute_weight, t.actual, t.target, t.attainment, t.score, t.coverage, t.missing_nodes,
		   t.carried, t.vetoes, t.grades_down, t.coefficient_zero, t.statuses[t.band], t.codes[t.band], t.codes[t.grade],
		   CASE WHEN t.coefficient_zero AND t.score IS NOT NULL THEN 0 ELSE t.coefficients[t.grade] END,
		   CASE WHEN t.score IS NULL THEN CASE WHEN t.leaf THEN t.reason ELSE t.rolled_reason END
				WHEN t.vetoes IS NOT NULL THEN 'veto'
				WHEN t.carried THEN 'carried' END,
		   t.previous_actual, t.previous_score,
		   CASE WHEN t.leaf THEN kpi_internal.trend_of(t.direction, t.actual, t.previous_actual, t.attainment, t.previous_attainment)
				ELSE kpi_internal.trend_of('higher', t.score, t.previous_score, NULL, NULL) END,
		   CASE WHEN l.node IS NULL OR l.indicator = t.indicator AND coalesce(l.unit, t.unit) = t.measured_unit
				THEN kpi_internal.usable(y.value) END,
		   t.provisional, statement_timestamp()
	FROM told t
		LEFT JOIN kpi.measurement y ON y.indicator = t.indicator AND y.unit = t.measured_unit AND y.grain = t.grain
			AND y.period_start = kpi.period_last_year(t.grain, t.period_start)
		LEFT JOIN kpi.scorecard_node l ON l.scorecard = t.scorecard AND l.node = t.node
			AND l.valid @> kpi_internal.period_end(t.grain, kpi.period_last_year(t.grain, t.period_start)) - 1;
END
$$;
COMMENT ON FUNCTION kpi_internal.evaluated(kpi_internal.cell[]) IS
'The evaluation of any number of scorecards, units and periods: a row for each node of each. Names are not checked: what does not exist has no rows.';
