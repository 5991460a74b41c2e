-- Why revenue changed: price, volume, mix, new and lost items.

--@ state | kpi | price_volume_mix_state | 128 | plain | Sums of prices and quantities (float8, compensated). Made by price_volume_mix_sums(); can be stored and merged with rollup().
--@ | kpi | price_volume_mix_state_numeric | VARIABLE | extended | Sums of prices and quantities (numeric, exact). Made by price_volume_mix_sums(); can be stored and merged with rollup().
--@ merge | price_volume_mix_state | price_volume_mix_state_combine | 128 | Two states of price_volume_mix() over float8 as one. | One state of several stored ones, as if their items had been taken together. NULL for no rows.
--@ | price_volume_mix_state_numeric | price_volume_mix_state_numeric_combine | 400 | Two states of price_volume_mix() over numeric as one. | One state of several stored ones, as if their items had been taken together. NULL for no rows.

--@ for num | state | type | space | exact
--@ | numeric | price_volume_mix_state_numeric | price_volume_mix_numeric | 400 | , exact
--@ | float8 | price_volume_mix_state | price_volume_mix_float8 | 128 |
CREATE TYPE kpi.@type@ AS (
	price @num@,
	volume @num@,
	mix @num@,
	new_items @num@,
	lost_items @num@,
	total @num@,
	left_out bigint
);
COMMENT ON TYPE kpi.@type@ IS 'Parts of a change of revenue, as kpi.price_volume_mix() gives them.';
COMMENT ON COLUMN kpi.@type@.price IS 'What new prices make of the new quantities.';
COMMENT ON COLUMN kpi.@type@.volume IS 'What the change of the whole quantity makes at the old average price.';
COMMENT ON COLUMN kpi.@type@.mix IS 'What the shift between dear and cheap items makes at old prices.';
COMMENT ON COLUMN kpi.@type@.new_items IS 'Revenue of items that were not sold before.';
COMMENT ON COLUMN kpi.@type@.lost_items IS 'Revenue of items that are no longer sold, with a minus.';
COMMENT ON COLUMN kpi.@type@.total IS 'The whole change: the sum of the five.';
COMMENT ON COLUMN kpi.@type@.left_out IS 'Items with a quantity and no price, which are in no part.';

-- not STRICT: a NULL quantity is 0
CREATE FUNCTION kpi_internal.@state@_accum(kpi.@state@, @num@, @num@, @num@, @num@) RETURNS kpi.@state@
	AS 'MODULE_PATHNAME', 'kpi_@state@_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@state@_accum(kpi.@state@, @num@, @num@, @num@, @num@) IS
'Transition of price_volume_mix() over @num@: takes an item.';
CREATE AGGREGATE kpi.price_volume_mix_sums(q0 @num@, p0 @num@, q1 @num@, p1 @num@) (
	SFUNC = kpi_internal.@state@_accum, STYPE = kpi.@state@, SSPACE = @space@,
	COMBINEFUNC = kpi_internal.@state@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.price_volume_mix_sums(@num@, @num@, @num@, @num@) IS
'Sums of items as a value to store, of which price_volume_mix() gives the parts. rollup() merges several. NULL for '
'no rows.';

CREATE FUNCTION kpi.price_volume_mix(state kpi.@state@) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_@state@_parts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.price_volume_mix(kpi.@state@) IS
'Parts of a change of revenue by stored sums@exact@: price, volume, mix, new and lost items. NULL where a number '
'that matters was NaN or infinite; volume and mix where the quantity before is 0.';
CREATE AGGREGATE kpi.price_volume_mix(q0 @num@, p0 @num@, q1 @num@, p1 @num@) (
	SFUNC = kpi_internal.@state@_accum, STYPE = kpi.@state@, SSPACE = @space@,
	FINALFUNC = kpi.price_volume_mix, COMBINEFUNC = kpi_internal.@state@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.price_volume_mix(@num@, @num@, @num@, @num@) IS
'Parts of the change of sum(p * q) from before to after@exact@; they add up to it. One row an item: quantity and '
'price before, quantity and price after. A NULL quantity is 0; an item with a quantity and no price is left out and '
'counted. NULL where a number that matters is NaN or infinite; volume and mix where the quantity before is 0; NULL '
'for no rows.';
--@ end
