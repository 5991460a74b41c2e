-- Points by the rules of appraisal schemes.

--@ for num | exact | beyond
--@ | numeric | , exact |
--@ | float8 | | , also where the result is beyond float8

-- not STRICT: a NULL floor or cap is none
CREATE FUNCTION kpi.add_deduct(actual @num@, target @num@, base @num@, per_unit_above @num@, per_unit_below @num@,
							   unit @num@ DEFAULT 1, counting text DEFAULT 'linear',
							   floor @num@ DEFAULT NULL, cap @num@ DEFAULT NULL) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_add_deduct_@num@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.add_deduct(@num@, @num@, @num@, @num@, @num@, @num@, text, @num@, @num@) IS
'Points@exact@: base plus per_unit_above or minus per_unit_below for each unit above or below target. '
'Rates are negative where lower is better. counting: linear (parts count), full (whole units only), started (begun '
'units too). floor and cap: NULL for none. NULL for any other NULL and for NaN or infinity of actual or '
'target@beyond@.';

--@ function | kpi.efficacy(actual @num@, standards anycompatiblearray, coefficients anycompatiblearray, weight @num@) | @num@ | kpi_efficacy_@num@ | STRICT | Efficacy score@exact@: weight times the coefficient of the standard reached and part of the next. 0 short of the first standard, no more than the last coefficient. standards: from the lowest to the best, rising or falling; coefficients: as many. NULL for NULL, NaN or infinity of actual@beyond@; wrong lists and a negative weight are errors.
--@ end

--@ function | kpi.rank_points(rank float8, points anycompatiblearray) | numeric | kpi_rank_points | STRICT | Points of a rank, exact: the first element for rank 1, 0 beyond the list. NULL for NULL; a rank that is not whole or below 1, a NULL element and a list that is empty or has several dimensions are errors.
