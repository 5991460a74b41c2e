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
	reason text
);
COMMENT ON TYPE kpi_internal.node_input IS 'A node with what its score is made of.';
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
COMMENT ON COLUMN kpi_internal.node_input.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.node_inputs(cells kpi_internal.cell[])
	RETURNS SETOF kpi_internal.node_input
	AS 'MODULE_PATHNAME', 'kpi_node_inputs'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 ROWS 40
	SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION kpi_internal.node_inputs(kpi_internal.cell[]) IS
'Every node of the scorecards, units and periods that are asked, with what its score is made of. '
'The periods before are with them, and the scorecards that nodes show, each once. No rows for NULL.';

CREATE FUNCTION kpi_internal.evaluated(cells kpi_internal.cell[])
	RETURNS SETOF kpi_internal.result
	AS 'MODULE_PATHNAME', 'kpi_evaluated'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION kpi_internal.evaluated(kpi_internal.cell[]) IS
'The evaluation of any number of scorecards, units and periods: a row for each node of each. '
'Names are not checked: what does not exist has no rows. No rows for NULL.';

CREATE FUNCTION kpi_internal.evaluated_for_reader(cells kpi_internal.cell[])
	RETURNS SETOF kpi_internal.result
	AS 'MODULE_PATHNAME', 'kpi_evaluated_for_reader'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 ROWS 30;
COMMENT ON FUNCTION kpi_internal.evaluated_for_reader(kpi_internal.cell[]) IS
'The same as the current role may see it. Evaluated of all that there is, with the rights of the owner of the '
'tables; the rows of the units that the role may see. A node of another unit keeps its score and hides actual, '
'target and what is made of them: reason hidden. Needs SELECT on kpi.measurement, kpi.target and kpi.scorecard_node. '
'No rows for NULL.';
