-- Evaluation: a scorecard's tree with its scores. The work is done in C, src/engine; its
-- seams are functions here, so that each can be looked at.

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
	place integer,
	path text,
	depth integer,
	leaf boolean,
	perspective text,
	indicator text,
	shows text,
	unit text,
	weight numeric,
	method text,
	missing text
);
COMMENT ON TYPE kpi_internal.placed_node IS
'A node in force on a day, in its place in the tree, with what it takes from its scorecard.';
--@ for column | says
--@ | scorecard | The scorecard.
--@ | rules | The day.
--@ | node | Key of the node; of the top one the key of the scorecard.
--@ | parent | Key of the node above.
--@ | place | Place in the tree read from top to bottom.
--@ | path | Keys from the scorecard down to it.
--@ | depth | Levels below the scorecard.
--@ | leaf | Whether its score is its own: nothing is below it, or its method is self.
--@ | perspective | Its own, else of its indicator, else of the node above.
--@ | indicator | Indicator it shows.
--@ | shows | Scorecard it shows.
--@ | unit | Unit of its own.
--@ | weight | Weight among its siblings.
--@ | method | Its method, else that of the scorecard.
--@ | missing | Its missing policy, else that of the scorecard.
COMMENT ON COLUMN kpi_internal.placed_node.@column@ IS '@says@';
--@ end

-- The seam between the tree, which few days share, and the values of many units and periods.
CREATE FUNCTION kpi_internal.nodes_in_force(scorecard text, rules date)
	RETURNS SETOF kpi_internal.placed_node
	AS 'MODULE_PATHNAME', 'kpi_nodes_in_force'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 20
	SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION kpi_internal.nodes_in_force(text, date) IS
'The tree of a scorecard on a day. Every node in force below the scorecard, siblings by position and key. '
'No rows for NULL and for an unknown scorecard.';

CREATE TYPE kpi_internal.node_input AS (
	scorecard text,
	unit text,
	grain text,
	period_start date,
	asked boolean,
	node text,
	place integer,
	indicator text,
	measured_unit text,
	actual numeric,
	target numeric,
	attainment numeric,
	points numeric,
	carried_points numeric,
	coverage numeric,
	marks integer,
	reason text,
	parent text,
	name text,
	path text,
	leaf boolean,
	perspective text,
	shows text,
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
	baseline numeric,
	low numeric,
	high numeric,
	outer_low numeric,
	outer_high numeric
);
COMMENT ON TYPE kpi_internal.node_input IS 'A node with what its score is made of: its place, its numbers and its rules.';
--@ for column | says
--@ | scorecard | The scorecard.
--@ | unit | The unit evaluated for.
--@ | grain | Length of the period.
--@ | period_start | Its first day.
--@ | asked | Whether it was asked for, else it is a period before or what a node shows.
--@ | node | Key of the node.
--@ | place | Place in the tree.
--@ | indicator | Indicator it shows.
--@ | measured_unit | Unit measured.
--@ | actual | Its value, if usable.
--@ | target | Its target.
--@ | attainment | How far the one reaches the other.
--@ | points | Its own score; NULL of a group.
--@ | carried_points | Its last score, where the policy of the node above is carry.
--@ | coverage | Coverage of what it shows, where that is another scorecard.
--@ | marks | 1 provisional, 2 carried.
--@ | reason | Why a leaf has no score.
--@ | parent | Key of the node above.
--@ | name | Its name as defined.
--@ | path | Keys from the scorecard down to it.
--@ | leaf | Whether its score is its own.
--@ | perspective | Perspective it is shown under.
--@ | shows | Scorecard it shows.
--@ | weight | Weight among its siblings.
--@ | role | What it is to the node above.
--@ | role_limit | The limit of its role.
--@ | method | Its method, else that of the scorecard.
--@ | missing | Its missing policy, else that of the scorecard.
--@ | min_coverage | Its least coverage, else that of the scorecard.
--@ | direction | Which way is better.
--@ | attainment_method | How its attainment is found.
--@ | zero_target | What a target of 0 means.
--@ | scale | Its scale, else that of the indicator.
--@ | zero_below | Its own limit or that of the scorecard.
--@ | floor | Its own limit or that of the scorecard.
--@ | cap | Its own limit or that of the scorecard.
--@ | baseline | The baseline of its target, where attainment is progress.
--@ | low | Lower limit of its target, where attainment is range or span.
--@ | high | Upper limit of its target, where attainment is range or span.
--@ | outer_low | Outer lower limit of its target, where attainment is range.
--@ | outer_high | Outer upper limit of its target, where attainment is range.
COMMENT ON COLUMN kpi_internal.node_input.@column@ IS '@says@';
--@ end

--@ for name | type | rows | says
--@ | node_inputs | node_input | 40 | Every node of the scorecards, units and periods that are asked, with what its score is made of. The periods before are with them, and the scorecards that nodes show, each once.
--@ | evaluated | result | 30 | The evaluation of any number of scorecards, units and periods: a row for each node of each. Names are not checked: what does not exist has no rows.
CREATE FUNCTION kpi_internal.@name@(cells kpi_internal.cell[], known_at timestamptz DEFAULT 'infinity', anew boolean DEFAULT false)
	RETURNS SETOF kpi_internal.@type@
	AS 'MODULE_PATHNAME', 'kpi_@name@'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 ROWS @rows@
	SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION kpi_internal.@name@(kpi_internal.cell[], timestamptz, boolean) IS
'@says@ '
'known_at: by what was known at that time, infinity is now; anew: also where it is final. No rows for NULL.';
--@ end

CREATE FUNCTION kpi_internal.evaluated_for_reader(cells kpi_internal.cell[], known_at timestamptz DEFAULT 'infinity')
	RETURNS SETOF kpi_internal.result
	AS 'MODULE_PATHNAME', 'kpi_evaluated_for_reader'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 ROWS 30;
COMMENT ON FUNCTION kpi_internal.evaluated_for_reader(kpi_internal.cell[], timestamptz) IS
'The same as the current role may see it. Evaluated of all that there is, with the rights of the owner of the '
'tables; the rows of the units that the role may see. A node of another unit keeps its score and hides actual, '
'target and what is made of them: reason hidden. Needs SELECT on kpi.measurement, kpi.target and kpi.scorecard_node. '
'No rows for NULL.';

-- What would be, if something were otherwise

CREATE TYPE kpi_internal.supposition AS (
	node text,
	what text,
	value numeric,
	unit text
);
COMMENT ON TYPE kpi_internal.supposition IS 'What is supposed to be otherwise of a node.';
--@ for column | says
--@ | node | Key of the node, or of an indicator that no node has for its key.
--@ | what | actual, weight, target, baseline, stretch, low, high, outer_low or outer_high.
--@ | value | What it would be; NULL for none.
--@ | unit | The unit, where node is an indicator whatever the nodes are called; else NULL.
COMMENT ON COLUMN kpi_internal.supposition.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.evaluated_if(cells kpi_internal.cell[], suppositions kpi_internal.supposition[])
	RETURNS SETOF kpi_internal.result
	AS 'MODULE_PATHNAME', 'kpi_evaluated_if'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 ROWS 30;
COMMENT ON FUNCTION kpi_internal.evaluated_if(kpi_internal.cell[], kpi_internal.supposition[]) IS
'What kpi_internal.evaluated() would give now, anew, if things were otherwise. '
'Weights are those of the scorecards asked for; actuals and targets are of the indicator, unit and period that the '
'node shows, wherever else that counts. No rows for NULL.';

CREATE FUNCTION kpi_internal.needed_value(cells kpi_internal.cell[], node text, goal numeric, decimals integer,
										  OUT value numeric, OUT points numeric, OUT score numeric, OUT reason text)
	AS 'MODULE_PATHNAME', 'kpi_needed_value'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION kpi_internal.needed_value(kpi_internal.cell[], text, numeric, integer) IS
'The actual of a node with which the first of the scorecards just reaches a score. '
'In so many decimals; with it the points of the node and the score. One step of the last decimal less does not reach it. NULL, with the '
'reason reached or out_of_reach, where any value does, or none; all NULL for a node that is no leaf with an indicator, '
'and for NULL.';
