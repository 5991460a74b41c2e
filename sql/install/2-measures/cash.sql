-- Cash flows: what they are worth and what they return.

--@ state | kpi | cash_flows_state | VARIABLE | extended | Cash flows by period or by date. Made by cash_flows(); can be stored and merged with rollup().

CREATE FUNCTION kpi_internal.cash_flows_combine(kpi.cash_flows_state, kpi.cash_flows_state) RETURNS kpi.cash_flows_state
	AS 'MODULE_PATHNAME', 'kpi_cash_flows_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.cash_flows_combine(kpi.cash_flows_state, kpi.cash_flows_state) IS
'Combine two states of cash flows; NULL only if both are NULL. Flows by period and by date are an error.';
CREATE FUNCTION kpi_internal.cash_flows_done(kpi.cash_flows_state) RETURNS kpi.cash_flows_state
	AS 'MODULE_PATHNAME', 'kpi_cash_flows_done' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.cash_flows_done(kpi.cash_flows_state) IS
'Final function of cash_flows(): the flows in order, without spare room.';
CREATE AGGREGATE kpi.rollup(kpi.cash_flows_state) (
	SFUNC = kpi_internal.cash_flows_combine, STYPE = kpi.cash_flows_state, SSPACE = 512,
	FINALFUNC = kpi_internal.cash_flows_done, COMBINEFUNC = kpi_internal.cash_flows_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.cash_flows_state) IS
'One value of several stored ones, as if their flows had been taken together. NULL for no rows.';

--@ for name | argument | type | symbol | returns | says
--@ | npv | rate float8, | float8, | npv | float8 | Net present value, the first flow not discounted
--@ | npv_spreadsheet | rate float8, | float8, | npv_spreadsheet | float8 | Net present value as spreadsheets have it, the first flow discounted by one period
--@ | irr | | | irr | float8 | Internal rate of return: the rate nearest to 0 at which the flows are worth nothing
--@ | irr_root_count | | | irr_root_count | integer | How many rates there are at which the flows are worth nothing

--@ for flows | given | form | rule
--@ | flows kpi.cash_flows_state | kpi.cash_flows_state | state | NULL without flows, and where one is NaN or infinite.
--@ | amounts anycompatiblearray | anycompatiblearray | amounts | Amounts are a period apart. NULL without them; NaN and infinity are errors.
CREATE FUNCTION kpi.@name@(@argument@ @flows@) RETURNS @returns@
	AS 'MODULE_PATHNAME', 'kpi_@symbol@_@form@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kpi.@name@(@type@ @given@) IS
'@says@. '
'@rule@';
--@ end
--@ end

--@ for name | argument | type | symbol | returns | says
--@ | xnpv | rate float8, | float8, | npv | float8 | Net present value of dated flows, as of the first one, in years of 365 days
--@ | xirr | | | irr | float8 | Yearly internal rate of return of dated flows: the one nearest to 0, in years of 365 days
--@ | irr_root_count | | | irr_root_count | integer | How many yearly rates there are at which dated flows are worth nothing
CREATE FUNCTION kpi.@name@(@argument@ amounts anycompatiblearray, days date[]) RETURNS @returns@
	AS 'MODULE_PATHNAME', 'kpi_@symbol@_dated' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kpi.@name@(@type@ anycompatiblearray, date[]) IS
'@says@. '
'In any order of the dates. NULL without flows; NaN and infinity are errors.';
--@ end
CREATE FUNCTION kpi.xnpv(rate float8, flows kpi.cash_flows_state) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_npv_state' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kpi.xnpv(float8, kpi.cash_flows_state) IS
'Net present value of stored dated flows, as of the first one, in years of 365 days. NULL without flows, and where '
'one '
'is NaN or infinite.';

--@ for flows | given | form | rule
--@ | flows kpi.cash_flows_state | kpi.cash_flows_state | state | NULL without flows, and where one is NaN or infinite.
--@ | amounts anycompatiblearray | anycompatiblearray | amounts | Amounts are a period apart. NULL without them; NaN and infinity are errors.
CREATE FUNCTION kpi.mirr(@flows@, finance_rate float8, reinvest_rate float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_mirr_@form@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kpi.mirr(@given@, float8, float8) IS
'Modified internal rate of return: what is received reinvested, what is paid financed. '
'NULL where nothing is received or nothing paid. @rule@';
CREATE FUNCTION kpi.payback_period(@flows@, rate float8 DEFAULT 0) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_payback_period_@form@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kpi.payback_period(@given@, float8) IS
'Time from which on the sum of the flows stays at 0 or above, linear between flows. '
'rate: flows are discounted by it first. NULL where it never does. @rule@';
--@ end

--@ for time | argument | one | of | says
--@ | period | period float8 | irr | float8 | Periods are whole numbers, counted from the first flow on.
--@ | date | day date | xirr | date | Times are in years of 365 days, counted from the first flow on.
-- not STRICT: a row with a NULL is left out, but the first one makes the state
CREATE FUNCTION kpi_internal.cash_flows_accum(kpi.cash_flows_state, float8, @of@) RETURNS kpi.cash_flows_state
	AS 'MODULE_PATHNAME', 'kpi_cash_flows_accum_@time@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.cash_flows_accum(kpi.cash_flows_state, float8, @of@) IS
'Transition of cash_flows() over a @time@: takes a flow.';
CREATE AGGREGATE kpi.cash_flows(amount float8, @argument@) (
	SFUNC = kpi_internal.cash_flows_accum, STYPE = kpi.cash_flows_state, SSPACE = 512,
	FINALFUNC = kpi_internal.cash_flows_done, COMBINEFUNC = kpi_internal.cash_flows_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.cash_flows(float8, @of@) IS
'Cash flows as a value to store and to ask, in any order. @says@ Rows with a NULL are left out; NULL for no rows.';
CREATE AGGREGATE kpi.@one@(amount float8, @argument@) (
	SFUNC = kpi_internal.cash_flows_accum, STYPE = kpi.cash_flows_state, SSPACE = 512,
	FINALFUNC = kpi.irr, COMBINEFUNC = kpi_internal.cash_flows_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.@one@(float8, @of@) IS
'Internal rate of return of flows in any order: the rate nearest to 0 at which they are worth nothing. @says@ '
'NULL where there is none, and where an amount is NaN or infinite; irr_root_count() says how many there are.';
--@ end
