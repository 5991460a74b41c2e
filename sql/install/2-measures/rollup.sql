-- Scorecard rollup: every node of a tree gets its score from the leaves below it.

CREATE TYPE kpi.node_score AS (
	node text,
	parent text,
	depth integer,
	role text,
	weight numeric,
	absolute_weight numeric,
	score numeric,
	coverage numeric,
	stale boolean,
	children integer,
	present integer,
	missing integer,
	missing_nodes text[],
	vetoes text[],
	grades_down integer,
	coefficient_zero boolean,
	reason text
);

CREATE TYPE kpi.node_score_float8 AS (
	node text,
	parent text,
	depth integer,
	role text,
	weight float8,
	absolute_weight float8,
	score float8,
	coverage float8,
	stale boolean,
	children integer,
	present integer,
	missing integer,
	missing_nodes text[],
	vetoes text[],
	grades_down integer,
	coefficient_zero boolean,
	reason text
);

CREATE TYPE kpi.rollup_state;

CREATE FUNCTION kpi.rollup_state_in(cstring) RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_state_out(kpi.rollup_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_rollup_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_state_recv(internal) RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_state_send(kpi.rollup_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_rollup_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE kpi.rollup_state (
	INPUT = kpi.rollup_state_in,
	OUTPUT = kpi.rollup_state_out,
	RECEIVE = kpi.rollup_state_recv,
	SEND = kpi.rollup_state_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);

-- not STRICT: only a NULL node is an error, and the state begins as NULL

CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric, carried numeric)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_accum(state kpi.rollup_state, node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8, carried float8)
	RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION kpi.rollup_combine(kpi.rollup_state, kpi.rollup_state) RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_compacted(kpi.rollup_state) RETURNS kpi.rollup_state
	AS 'MODULE_PATHNAME', 'kpi_rollup_compacted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_nodes_numeric(kpi.rollup_state) RETURNS kpi.node_score[]
	AS 'MODULE_PATHNAME', 'kpi_rollup_nodes_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
CREATE FUNCTION kpi.rollup_nodes_float8(kpi.rollup_state) RETURNS kpi.node_score_float8[]
	AS 'MODULE_PATHNAME', 'kpi_rollup_nodes_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
CREATE FUNCTION kpi.scorecard_nodes(rows kpi.rollup_state) RETURNS kpi.node_score[]
	AS 'MODULE_PATHNAME', 'kpi_scorecard_nodes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric, carried numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_numeric,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.scorecard_rollup(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8, carried float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_nodes_float8,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);

CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric, role text, role_limit numeric, carried numeric) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup_rows(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8, role text, role_limit float8, carried float8) (
	SFUNC = kpi.rollup_accum, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);
CREATE AGGREGATE kpi.rollup(rows kpi.rollup_state) (
	SFUNC = kpi.rollup_combine, STYPE = kpi.rollup_state, SSPACE = 2048,
	FINALFUNC = kpi.rollup_compacted,
	COMBINEFUNC = kpi.rollup_combine, PARALLEL = SAFE
);

-- not STRICT: a NULL argument is one of the row, not of the call

CREATE FUNCTION kpi.rollup_score(node text, parent text, weight numeric, score numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight numeric, score numeric, method text)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight numeric, score numeric, method text, missing text)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight numeric, score numeric, method text, missing text, min_coverage numeric)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight float8, score float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight float8, score float8, method text)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight float8, score float8, method text, missing text)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION kpi.rollup_score(node text, parent text, weight float8, score float8, method text, missing text, min_coverage float8)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_rollup_score_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;

COMMENT ON TYPE kpi.node_score IS
'A node of a rolled-up scorecard, as kpi.scorecard_rollup gives it; exact.';
COMMENT ON COLUMN kpi.node_score.node IS
'Name of the node.';
COMMENT ON COLUMN kpi.node_score.parent IS
'Its parent; NULL for a root. With several parents the one it is first met under in tree order.';
COMMENT ON COLUMN kpi.node_score.depth IS
'Steps from the nearest root, which has 0.';
COMMENT ON COLUMN kpi.node_score.role IS
'What it is to that parent, as given; NULL is an ordinary part.';
COMMENT ON COLUMN kpi.node_score.weight IS
'Weight under that parent, as given; NULL is informational.';
COMMENT ON COLUMN kpi.node_score.absolute_weight IS
'Share in the root: the product of weight / sum of the positive weights of the siblings from the root down, summed over all paths; NULL for nodes that are informational, bonus, deduction or veto, or stand under a node of method self, and below them.';
COMMENT ON COLUMN kpi.node_score.score IS
'Score, rolled up for nodes with children; NULL where there is none, see reason.';
COMMENT ON COLUMN kpi.node_score.coverage IS
'Share of the weight below that has a score, 0 to 1; 1 exactly when nothing of positive weight is missing. Carried and assumed scores do not raise it.';
COMMENT ON COLUMN kpi.node_score.stale IS
'Whether a carried score counts for it or below it.';
COMMENT ON COLUMN kpi.node_score.children IS
'Children of positive weight.';
COMMENT ON COLUMN kpi.node_score.present IS
'Those of them that have a score.';
COMMENT ON COLUMN kpi.node_score.missing IS
'Those of them that have none.';
COMMENT ON COLUMN kpi.node_score.missing_nodes IS
'Names of the nodes below, or the node itself, that have no score and would count all the way, as part, bonus, deduction or veto, in byte order; NULL when nothing is missing.';
COMMENT ON COLUMN kpi.node_score.vetoes IS
'Names of the triggered vetoes among its children, in byte order; NULL when there is none.';
COMMENT ON COLUMN kpi.node_score.grades_down IS
'Grades that vetoes take, at the node and below.';
COMMENT ON COLUMN kpi.node_score.coefficient_zero IS
'Whether a veto sets the coefficient to zero, at the node or below.';
COMMENT ON COLUMN kpi.node_score.reason IS
'Why there is no score: no_score, invalid (NaN or infinity), no_weight, no_data, missing_child, low_coverage; NULL where there is one.';
COMMENT ON TYPE kpi.node_score_float8 IS
'A node of a rolled-up scorecard, as kpi.scorecard_rollup gives it; double precision.';
COMMENT ON COLUMN kpi.node_score_float8.node IS
'Name of the node.';
COMMENT ON COLUMN kpi.node_score_float8.parent IS
'Its parent; NULL for a root. With several parents the one it is first met under in tree order.';
COMMENT ON COLUMN kpi.node_score_float8.depth IS
'Steps from the nearest root, which has 0.';
COMMENT ON COLUMN kpi.node_score_float8.role IS
'What it is to that parent, as given; NULL is an ordinary part.';
COMMENT ON COLUMN kpi.node_score_float8.weight IS
'Weight under that parent, as given; NULL is informational.';
COMMENT ON COLUMN kpi.node_score_float8.absolute_weight IS
'Share in the root: the product of weight / sum of the positive weights of the siblings from the root down, summed over all paths; NULL for nodes that are informational, bonus, deduction or veto, or stand under a node of method self, and below them.';
COMMENT ON COLUMN kpi.node_score_float8.score IS
'Score, rolled up for nodes with children; NULL where there is none, see reason.';
COMMENT ON COLUMN kpi.node_score_float8.coverage IS
'Share of the weight below that has a score, 0 to 1; 1 exactly when nothing of positive weight is missing. Carried and assumed scores do not raise it.';
COMMENT ON COLUMN kpi.node_score_float8.stale IS
'Whether a carried score counts for it or below it.';
COMMENT ON COLUMN kpi.node_score_float8.children IS
'Children of positive weight.';
COMMENT ON COLUMN kpi.node_score_float8.present IS
'Those of them that have a score.';
COMMENT ON COLUMN kpi.node_score_float8.missing IS
'Those of them that have none.';
COMMENT ON COLUMN kpi.node_score_float8.missing_nodes IS
'Names of the nodes below, or the node itself, that have no score and would count all the way, as part, bonus, deduction or veto, in byte order; NULL when nothing is missing.';
COMMENT ON COLUMN kpi.node_score_float8.vetoes IS
'Names of the triggered vetoes among its children, in byte order; NULL when there is none.';
COMMENT ON COLUMN kpi.node_score_float8.grades_down IS
'Grades that vetoes take, at the node and below.';
COMMENT ON COLUMN kpi.node_score_float8.coefficient_zero IS
'Whether a veto sets the coefficient to zero, at the node or below.';
COMMENT ON COLUMN kpi.node_score_float8.reason IS
'Why there is no score: no_score, invalid (NaN or infinity), no_weight, no_data, missing_child, low_coverage; NULL where there is one.';
COMMENT ON TYPE kpi.rollup_state IS
'Rows of a scorecard, collected by kpi.rollup_rows() and kpi.scorecard_rollup(); can be stored and merged with kpi.rollup(). Its text and binary forms are exact; equal rows give equal forms.';
COMMENT ON FUNCTION kpi.rollup_state_in(cstring) IS
'Reads the text form of a rollup state; anything else is an error.';
COMMENT ON FUNCTION kpi.rollup_state_out(kpi.rollup_state) IS
'Text form of a rollup state, its rows sorted.';
COMMENT ON FUNCTION kpi.rollup_state_recv(internal) IS
'Reads the binary form of a rollup state; anything else is an error.';
COMMENT ON FUNCTION kpi.rollup_state_send(kpi.rollup_state) IS
'Binary form of a rollup state, its rows sorted.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text, numeric) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a min_coverage outside 0 to 1 is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text, numeric, text) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a min_coverage outside 0 to 1 is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text, numeric, text, numeric) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word, a min_coverage outside 0 to 1 or a role_limit that its role does not take is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, numeric, numeric, text, text, numeric, text, numeric, numeric) IS
'The state with one more numeric row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word, a min_coverage outside 0 to 1 or a role_limit that its role does not take is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a row of the other kind is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text, float8) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a min_coverage outside 0 to 1 is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text, float8, text) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word or a min_coverage outside 0 to 1 is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text, float8, text, float8) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word, a min_coverage outside 0 to 1 or a role_limit that its role does not take is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_accum(kpi.rollup_state, text, text, float8, float8, text, text, float8, text, float8, float8) IS
'The state with one more float8 row; a NULL state is an empty one. A NULL node, a negative, NaN or infinite weight, an unknown word, a min_coverage outside 0 to 1 or a role_limit that its role does not take is an error; other NULLs are allowed.';
COMMENT ON FUNCTION kpi.rollup_combine(kpi.rollup_state, kpi.rollup_state) IS
'One state with the rows of both; NULL is a state without rows. Mixing numeric and float8 rows is an error.';
COMMENT ON FUNCTION kpi.rollup_compacted(kpi.rollup_state) IS
'The state without spare room for more rows, as it is best stored. NULL for NULL.';
COMMENT ON FUNCTION kpi.rollup_nodes_numeric(kpi.rollup_state) IS
'Every node of a state of numeric rows, rolled up, in tree order. NULL for NULL; a state of float8 rows or a malformed tree is an error.';
COMMENT ON FUNCTION kpi.rollup_nodes_float8(kpi.rollup_state) IS
'Every node of a state of float8 rows, rolled up, in tree order. NULL for NULL; a state of numeric rows or a malformed tree is an error.';
COMMENT ON FUNCTION kpi.scorecard_nodes(kpi.rollup_state) IS
'Every node of stored rows of either kind, rolled up, in tree order; float8 amounts are given as numeric with their shortest digits. NULL for NULL; a malformed tree is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text, numeric) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text, numeric, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text, numeric, text, numeric) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, numeric, numeric, text, text, numeric, text, numeric, numeric) IS
'Scores of a whole scorecard tree, one row a node, in tree order; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes; carried: last known score, used by missing carry. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text, float8) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text, float8, text) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text, float8, text, float8) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.scorecard_rollup(text, text, float8, float8, text, text, float8, text, float8, float8) IS
'Scores of a whole scorecard tree, one row a node, in tree order; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes; carried: last known score, used by missing carry. NULL without rows; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text, numeric) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text, numeric, text) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text, numeric, text, numeric) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, numeric, numeric, text, text, numeric, text, numeric, numeric) IS
'The numeric rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes; carried: last known score, used by missing carry. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text, float8) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text, float8, text) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text, float8, text, float8) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup_rows(text, text, float8, float8, text, text, float8, text, float8, float8) IS
'The float8 rows of a scorecard as a value to be stored, merged with kpi.rollup() and rolled up with kpi.scorecard_nodes(). parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. role under the parent: part (default), priority, bonus, deduction, veto_zero, veto_cap, veto_grade, veto_coefficient; role_limit: most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes; carried: last known score, used by missing carry. NULL without rows; a wrong parameter is an error.';
COMMENT ON AGGREGATE kpi.rollup(kpi.rollup_state) IS
'Stored rows of a scorecard merged into one state; NULLs are left out, NULL where there is nothing else. Mixing numeric and float8 rows is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, numeric, numeric) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, numeric, numeric, text) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, numeric, numeric, text, text) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, numeric, numeric, text, text, numeric) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; exact. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, float8, float8) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, float8, float8, text) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, float8, float8, text, text) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
COMMENT ON FUNCTION kpi.rollup_score(text, text, float8, float8, text, text, float8) IS
'Rolled-up score of the node of every row of a scorecard, which is the whole partition whatever the frame; double precision. parent NULL is a root; weight on any scale, NULL informational; score of leaves only. method of a node for its children: weighted (default), average, worst, best, sum, majority, priority, geometric, points, self; missing: renormalize (default), zero, null, carry, target; min_coverage: 0 to 1, no score below it. NULL where the node has no score; a cycle, an unknown parent, a repeated row or a wrong parameter is an error.';
