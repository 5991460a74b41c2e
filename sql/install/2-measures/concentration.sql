-- Concentration of a market: Herfindahl-Hirschman index, normalised, and the
-- effective number of members.

--@ state | kpi | concentration_state | 48 | plain | Members, sum and sum of squares (float8, compensated). Made by concentration(); can be stored and merged with rollup().
--@ | kpi | concentration_state_numeric | VARIABLE | extended | Members, sum and sum of squares (numeric, exact). Made by concentration(); can be stored and merged with rollup().
--@ merge | concentration_state | concentration_state_combine | 64 | Two states of concentration() over float8 as one. | One state of several stored ones, as if their members had been taken together. NULL for no rows.
--@ | concentration_state_numeric | concentration_state_numeric_combine | 64 | Two states of concentration() over numeric as one. | One state of several stored ones, as if their members had been taken together. NULL for no rows.

--@ for num | state | exact
--@ | numeric | concentration_state_numeric | , exact
--@ | float8 | concentration_state |

--@ for weight | type | says
--@ | | | One row a member
--@ | , weight float8 | , float8 | A row is as many members as weight says
-- not STRICT: the first row may be NULL
CREATE FUNCTION kpi_internal.@state@_accum(kpi.@state@, @num@@type@) RETURNS kpi.@state@
	AS 'MODULE_PATHNAME', 'kpi_@state@_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@state@_accum(kpi.@state@, @num@@type@) IS
'Transition of concentration() over @num@: takes the members of a row.';
CREATE AGGREGATE kpi.concentration(value @num@@weight@) (
	SFUNC = kpi_internal.@state@_accum, STYPE = kpi.@state@, SSPACE = 64,
	COMBINEFUNC = kpi_internal.@state@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.concentration(@num@@type@) IS
'Members and their values as a value to store, of which hhi() and others are taken. @says@; rollup() '
'merges several. NULLs are left out, NULL for no rows; a negative value is an error.';
--@ end

--@ for name | c | means | undefined
--@ | hhi | hhi | Herfindahl-Hirschman index: the sum of the squared shares, from 1 / n to 1 |
--@ | hhi_normalized | normalized | Herfindahl-Hirschman index between 0 for equal members and 1 for a single one with all | , for a single member
--@ | effective_number | effective | How many members of equal size would be as concentrated: 1 / hhi |
CREATE FUNCTION kpi.@name@(state kpi.@state@) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_@state@_@c@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.@name@(kpi.@state@) IS
'@means@@exact@. Of a stored concentration. NULL where the values sum to 0@undefined@, and where one was NaN or '
'infinite.';
--@ for weight | type | says
--@ | | | One row a member
--@ | , weight float8 | , float8 | A row is as many members as weight says
CREATE AGGREGATE kpi.@name@(value @num@@weight@) (
	SFUNC = kpi_internal.@state@_accum, STYPE = kpi.@state@, SSPACE = 64,
	FINALFUNC = kpi.@name@, COMBINEFUNC = kpi_internal.@state@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.@name@(@num@@type@) IS
'@means@@exact@. @says@; NULLs are left out. NULL where the values sum to 0@undefined@, and where one is '
'NaN or infinite; a negative value is an error.';
--@ end
--@ end
--@ end
