-- Why something changed: factors of a product, rates and mix, trees of sums, elements of dimensions.

CREATE TYPE kpi.factor_part AS (
	factor integer,
	contribution numeric,
	share float8,
	multiplier float8
);
COMMENT ON TYPE kpi.factor_part IS 'What a factor did to the change of a product, or of a sum of products.';
--@ for column | says
--@ | factor | Number of the factor, from 1.
--@ | contribution | Its part of the change; the parts add up to it exactly.
--@ | share | That over the change; NULL where nothing changed.
--@ | multiplier | Its part of after / before; their product is that. NULL where one of the two is not above 0.
COMMENT ON COLUMN kpi.factor_part.@column@ IS '@says@';
--@ end

--@ for name | says | errors
--@ | lmdi | by logarithms (LMDI-I). A factor of 0 is taken as 1e-20 of its other value | Factors below 0 and
--@ | shapley | by Shapley''s value. That is the mean over all orders in which the factors could change; they may have any sign | Arrays with a NULL and
CREATE FUNCTION kpi.@name@(before anycompatiblearray, after anycompatiblearray) RETURNS SETOF kpi.factor_part
	AS 'MODULE_PATHNAME', 'kpi_@name@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 5;
COMMENT ON FUNCTION kpi.@name@(anycompatiblearray, anycompatiblearray) IS
'What each factor of a product did to its change, @says@. Arrays of two dimensions have a row for each product of a '
'sum. No rows for NULL. @errors@ arrays of other shapes are errors.';
--@ end

CREATE TYPE kpi.mix_rate_part AS (
	rate numeric,
	mix numeric,
	total numeric
);
COMMENT ON TYPE kpi.mix_rate_part IS 'What a segment did to the change of a ratio of sums.';
--@ for column | says
--@ | rate | By its own rate, at the mean of its shares.
--@ | mix | By its share, at its rate less that of all.
--@ | total | Both; over all segments they add up to the change exactly.
COMMENT ON COLUMN kpi.mix_rate_part.@column@ IS '@says@';
--@ end

-- not STRICT: a segment may be new or gone
CREATE FUNCTION kpi.mix_rate(part_before float8, whole_before float8, part_after float8, whole_after float8)
	RETURNS kpi.mix_rate_part
	AS 'MODULE_PATHNAME', 'kpi_mix_rate' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.mix_rate(float8, float8, float8, float8) IS
'Window function: what a segment did to the change of a ratio of sums, by rate and by mix. '
'A part and a whole that are NULL or 0 are no segment: new or gone. NULL where a whole is below 0, or 0 with a part, '
'or a value is NaN or infinite, and where there is no segment before or after.';

CREATE TYPE kpi.change_node AS (
	node text,
	parent text,
	depth integer,
	before float8,
	after float8,
	change float8,
	share_of_parent float8,
	share_of_root float8,
	unexplained float8
);
COMMENT ON TYPE kpi.change_node IS 'What a node of a tree of sums did to the change of those above it.';
--@ for column | says
--@ | node | Name of the node.
--@ | parent | Its parent; NULL for a root.
--@ | depth | Steps from the root, which has 0.
--@ | before | Value before, given or the sum over its children.
--@ | after | Value after, given or the sum over its children.
--@ | change | after - before.
--@ | share_of_parent | Share in the change of its parent; NULL for a root and where that is 0.
--@ | share_of_root | Share in the change of its root; NULL where that is 0.
--@ | unexplained | Change less those of the children; NULL for a leaf.
COMMENT ON COLUMN kpi.change_node.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi.change_tree(nodes text[], parents text[], before float8[], after float8[])
	RETURNS SETOF kpi.change_node
	AS 'MODULE_PATHNAME', 'kpi_change_tree' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 20;
COMMENT ON FUNCTION kpi.change_tree(text[], text[], float8[], float8[]) IS
'What each node of a tree of sums did to the change of the nodes above it, in tree order. '
'A NULL parent is a root; a NULL value is the sum over the children. No rows for NULL; a node twice, an unknown '
'parent, a circle and arrays of other lengths are errors.';

CREATE TYPE kpi.root_cause AS (
	dimension text,
	element text,
	forecast float8,
	actual float8,
	power float8,
	surprise float8,
	chosen boolean,
	rank integer
);
COMMENT ON TYPE kpi.root_cause IS 'How an element of a dimension explains that a total is not as forecast.';
--@ for column | says
--@ | dimension | Name of the dimension.
--@ | element | Name of the element.
--@ | forecast | What was expected of it.
--@ | actual | What it came to.
--@ | power | Share of the difference that it explains; in a dimension they add up to 1. NULL where there is none.
--@ | surprise | How much its share has changed; 0 where it has not.
--@ | chosen | Whether it is one of those that explain the difference.
--@ | rank | Rank of its dimension, 1 for the most surprising. NULL where it does not explain enough.
COMMENT ON COLUMN kpi.root_cause.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi.adtributor(dimensions text[], elements text[], forecast float8[], actual float8[],
							   min_power float8 DEFAULT 0.67, min_element_power float8 DEFAULT 0.1)
	RETURNS SETOF kpi.root_cause
	AS 'MODULE_PATHNAME', 'kpi_adtributor' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 200 ROWS 50;
COMMENT ON FUNCTION kpi.adtributor(text[], text[], float8[], float8[], float8, float8) IS
'Which elements of which dimension explain why a total is not as forecast, the most surprising first. '
'min_power: what the chosen elements of a dimension must explain together; min_element_power: what each of them must. '
'A NULL value is 0. No rows for NULL; negative values, an element twice and dimensions of other actual totals are '
'errors.';
