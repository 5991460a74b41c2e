-- Churn, retention and renewal by identity: one row a customer or a contract.

--@ for name | formula | means | of
--@ | nrr | sum(current) / sum(previous) | Net revenue retention: revenue now of the customers with revenue before, for each unit of it | the customers with revenue before
--@ | grr | sum(least(current, previous)) / sum(previous) | Gross revenue retention: revenue kept of that before, growth not counted | the customers with revenue before
--@ | revenue_churn | sum(previous - least(current, previous)) / sum(previous) | Gross revenue churn: share of the revenue before that was lost | the customers with revenue before
--@ | revenue_quick_ratio | sum(gains) / sum(losses) | Revenue won by new, regained and growing customers for each unit lost by the others | all customers

--@ for num | sums | exact
--@ | numeric | ratio_state_numeric | , exact
--@ | float8 | ratio_state |
--@ for weight | type | says
--@ | | |
--@ | , weight @num@ | , @num@ | , each row weight customers
-- not STRICT: a customer without a row before or now has no revenue there
CREATE FUNCTION kpi_internal.@name@_accum(kpi.@sums@, @num@, @num@@type@) RETURNS kpi.@sums@
	AS 'MODULE_PATHNAME', 'kpi_@name@_accum_@num@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@name@_accum(kpi.@sums@, @num@, @num@@type@) IS
'Transition of @name@() over @num@: takes a customer.';
CREATE AGGREGATE kpi.@name@(previous @num@, current @num@@weight@) (
	SFUNC = kpi_internal.@name@_accum, STYPE = kpi.@sums@, SSPACE = 64,
	FINALFUNC = kpi.ratio, COMBINEFUNC = kpi_internal.@sums@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.@name@(@num@, @num@@type@) IS
'@means@. '
'@formula@ over @of@@exact@, one row a customer@says@. NULL and what is below 0 count as 0; NULL where the '
'denominator is 0, and where a value is NaN or infinite.';
--@ end
--@ end
--@ end

--@ for name | formula | means
--@ | customer_churn | lost / opening | Share of the customers active before that are no more
--@ | customer_retention | kept / opening | Share of the customers active before that still are
--@ for weight | type | says
--@ | | |
--@ | , weight float8 | , float8 | , each row weight customers
CREATE FUNCTION kpi_internal.@name@_accum(kpi.ratio_state, boolean, boolean@type@) RETURNS kpi.ratio_state
	AS 'MODULE_PATHNAME', 'kpi_@name@_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@name@_accum(kpi.ratio_state, boolean, boolean@type@) IS
'Transition of @name@(): takes a customer.';
CREATE AGGREGATE kpi.@name@(was_active boolean, is_active boolean@weight@) (
	SFUNC = kpi_internal.@name@_accum, STYPE = kpi.ratio_state, SSPACE = 64,
	FINALFUNC = kpi.ratio, COMBINEFUNC = kpi_internal.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.@name@(boolean, boolean@type@) IS
'@means@. @formula@ by identity, one row a customer@says@; new customers are on neither side. NULL is not active. '
'NULL where nobody was active before.';
--@ end
--@ end

--@ for types | value | sums | symbol | says
--@ | | | ratio_state | float8 | By count
--@ | , numeric | , value numeric | ratio_state_numeric | numeric | By value, exact
--@ | , float8 | , value float8 | ratio_state | float8 | By value
CREATE FUNCTION kpi_internal.renewal_rate_accum(kpi.@sums@, boolean@types@) RETURNS kpi.@sums@
	AS 'MODULE_PATHNAME', 'kpi_renewal_rate_accum_@symbol@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.renewal_rate_accum(kpi.@sums@, boolean@types@) IS
'Transition of renewal_rate(): takes a contract that was due.';
CREATE AGGREGATE kpi.renewal_rate(renewed boolean@value@) (
	SFUNC = kpi_internal.renewal_rate_accum, STYPE = kpi.@sums@, SSPACE = 64,
	FINALFUNC = kpi.ratio, COMBINEFUNC = kpi_internal.@sums@_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.renewal_rate(boolean@types@) IS
'Share of the contracts due that were renewed. @says@: renewed / due, one row a contract. Rows with a NULL are left '
'out; '
'NULL where nothing was due.';
--@ end

CREATE FUNCTION kpi.revenue_movement(previous float8, current float8, seen_before boolean DEFAULT false) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_revenue_movement' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.revenue_movement(float8, float8, boolean) IS
'What the revenue of a customer did: new, resurrected, expansion, retained, contraction or churned. '
'seen_before says whether one without revenue before had some earlier still. NULL and what is below 0 count as 0; '
'NULL where there is none at all, and for NaN and infinity.';
