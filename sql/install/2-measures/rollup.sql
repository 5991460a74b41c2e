-- Scorecard rollup: every node of a tree gets its score from the leaves below it.

--@ for type | num | exact
--@ | node_score | numeric | exact
--@ | node_score_float8 | float8 | double precision
CREATE TYPE kpi.@type@ AS (
	node text,
	parent text,
	depth integer,
	role text,
	weight @num@,
	absolute_weight @num@,
	score @num@,
	coverage @num@,
	carried boolean,
	children integer,
	present integer,
	missing integer,
	missing_nodes text[],
	vetoes text[],
	grades_down integer,
	coefficient_zero boolean,
	reason text
);
COMMENT ON TYPE kpi.@type@ IS
'A node of a rolled-up scorecard, as kpi.scorecard_rollup gives it; @exact@.';
--@ for column | says
--@ | node | Name of the node.
--@ | parent | Its parent; NULL for a root. With several parents the one it is first met under in tree order.
--@ | depth | Steps from the nearest root, which has 0.
--@ | role | What it is to that parent, as given; NULL is an ordinary part.
--@ | weight | Weight under that parent, as given; NULL is informational.
--@ | absolute_weight | Share in the root, summed over all paths to it. The product of weight / sum of the positive weights of the siblings from the root down; NULL for nodes that are informational, bonus, deduction or veto, or stand under a node of method self, and below them.
--@ | score | Score, rolled up for nodes with children; NULL where there is none, see reason.
--@ | coverage | Share of the weight below that has a score, 0 to 1. 1 exactly when nothing of positive weight is missing. Carried and assumed scores do not raise it.
--@ | carried | Whether a carried score counts for it or below it.
--@ | children | Children of positive weight.
--@ | present | Those of them that have a score.
--@ | missing | Those of them that have none.
--@ | missing_nodes | Names of the nodes that have no score and would count, in byte order. Of nodes below, or of the node itself, that would count all the way, as part, bonus, deduction or veto; NULL when nothing is missing.
--@ | vetoes | Names of the triggered vetoes among its children, in byte order; NULL when there is none.
--@ | grades_down | Grades that vetoes take, at the node and below.
--@ | coefficient_zero | Whether a veto sets the coefficient to zero, at the node or below.
--@ | reason | Why there is no score, as a word; NULL where there is one. no_score, invalid (NaN or infinity), no_weight, no_data, missing_child, low_coverage.
COMMENT ON COLUMN kpi.@type@.@column@ IS
'@says@';
--@ end

--@ end
--@ state | kpi | rollup_state | VARIABLE | extended | Rows of a scorecard, of which the nodes are rolled up. Made by rollup_rows(); can be stored and merged with rollup(). Equal rows give equal forms.

--@ function | kpi_internal.rollup_combine(kpi.rollup_state, kpi.rollup_state) | kpi.rollup_state | kpi_rollup_combine |  | One state with the rows of both. Mixing numeric and float8 rows is an error.
--@ | kpi_internal.rollup_compacted(kpi.rollup_state) | kpi.rollup_state | kpi_rollup_compacted | STRICT | The state without spare room for more rows, as it is best stored.
CREATE AGGREGATE kpi.rollup(rows kpi.rollup_state) (
	SFUNC = kpi_internal.rollup_combine, STYPE = kpi.rollup_state, SSPACE = 2048,
		FINALFUNC = kpi_internal.rollup_compacted,
	COMBINEFUNC = kpi_internal.rollup_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.rollup_state) IS
'Stored rows of a scorecard merged into one state. NULL for no rows; mixing numeric and float8 rows is an error.';
--@ function | kpi.scorecard_rollup(rows kpi.rollup_state) | kpi.node_score[] | kpi_scorecard_nodes | STRICT COST 1000 | Every node of stored rows of either kind, rolled up, in tree order. float8 amounts are given as numeric with their shortest digits. NULL for NULL; a malformed tree is an error.

--@ for num | type | exact
--@ | numeric | node_score | exact
--@ | float8 | node_score_float8 | double precision

--@ function | kpi_internal.rollup_nodes_@num@(kpi.rollup_state) | kpi.@type@[] | kpi_rollup_nodes_@num@ | STRICT COST 1000 | Final function of scorecard_rollup() over @num@: every node, rolled up, in tree order.

-- not STRICT: only a NULL node is an error, and the state begins as NULL
--@ grow args | says
--@ | node text, parent text, weight @num@, score @num@ | parent NULL is a root; weight on any scale, NULL informational; score of leaves only
--@ | , method text | ; method: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self
--@ | , missing text | ; missing: renormalize (default), zero, null, carry, target
--@ | , min_coverage @num@ | ; min_coverage: 0 to 1, no score below it
--@ | , role text | ; role: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient
--@ | , role_limit @num@ | ; role_limit: most points of a bonus or deduction, score under a veto_cap, grades of a veto_grade
--@ | , carried @num@ | ; carried: last known score, used by missing carry
--@ function | kpi_internal.rollup_accum(state kpi.rollup_state, @args@) | kpi.rollup_state | kpi_rollup_accum_@num@ |  | Transition of scorecard_rollup() and rollup_rows() over @num@: takes in a row.
CREATE AGGREGATE kpi.scorecard_rollup(@args@) (
	SFUNC = kpi_internal.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
		FINALFUNC = kpi_internal.rollup_nodes_@num@,
	COMBINEFUNC = kpi_internal.rollup_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.scorecard_rollup(@args@) IS
'Scores of a whole scorecard tree, one element a node, in tree order; @exact@. '
'NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error. @says@.';
CREATE AGGREGATE kpi.rollup_rows(@args@) (
	SFUNC = kpi_internal.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048, FINALFUNC = kpi_internal.rollup_compacted,
	COMBINEFUNC = kpi_internal.rollup_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup_rows(@args@) IS
'The @num@ rows of a scorecard as a value to store, to merge and to roll up. '
'kpi.rollup() merges it, kpi.scorecard_rollup() rolls it up. Arguments as for scorecard_rollup(). NULL without rows; '
'a wrong parameter is an error.';
--@ end

-- not STRICT: a NULL argument is one of the row, not of the call
--@ grow args
--@ | node text, parent text, weight @num@, score @num@
--@ | , method text
--@ | , missing text
--@ | , min_coverage @num@
CREATE FUNCTION kpi.rollup_score(@args@) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_@num@' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.rollup_score(@args@) IS
'Rolled-up score of the node of every row of a scorecard; @exact@. '
'The scorecard is the whole partition, whatever the frame. Arguments as for scorecard_rollup(). NULL where the node '
'has no score; a malformed tree or a wrong parameter is an error.';
--@ end
--@ end
