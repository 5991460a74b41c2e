-- Change against a base, in units and relative to the base.

--@ for num | exact | digits | beyond
--@ | numeric | , exact | , with 20 correct decimals |
--@ | float8 | | | , also where the result is beyond float8

--@ function | kpi.change(current @num@, base @num@) | @num@ | kpi_change_@num@ | STRICT | Change in units@exact@: current - base. Of percentages it is the change in points. NULL for NULL, NaN or infinity@beyond@.
--@ | kpi.change_rate(current @num@, base @num@) | @num@ | kpi_change_rate_@num@ | STRICT | Relative change as a fraction@exact@: (current - base) / abs(base); 0 against 0 is 0. NULL for NULL, NaN, infinity or a change from zero@beyond@.
--@ | kpi.cagr(first @num@, last @num@, periods @num@) | @num@ | kpi_cagr_@num@ | STRICT | Compound growth rate a period@digits@: (last / first)^(1 / periods) - 1. NULL for NULL, NaN, infinity, a first that is not positive, a negative last or a result beyond float8; periods must be a finite number above 0.
--@ end
