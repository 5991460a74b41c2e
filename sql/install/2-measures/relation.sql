-- What moves together: correlations, leads and lags, Granger's test, shares of drivers.

--@@ A type of rows, whose columns are described below it.
--@ template relation | type | columns | says
CREATE TYPE kpi.@type@ AS (@columns@);
COMMENT ON TYPE kpi.@type@ IS '@says@';
--@ end

--@ relation | correlation | a text, b text, n integer, r float8, low float8, high float8, p float8, q float8 | How two series move together.
--@ | partial_correlation | a text, b text, n integer, r float8, p float8, q float8, shrunk boolean | How two series move together when the others are held.
--@ | lag_correlation | lag integer, n integer, r float8, p float8 | How a series moves with another one so many periods later.
--@ | lead_of | a text, b text, lag integer, n integer, r float8, p float8, q float8 | At which lag two series move together most.
--@ | granger_test | direction text, "order" integer, n integer, f float8, freedom float8, p float8 | Whether the past of a series tells more of another than its own past.
--@ | driver_share | key text, n integer, r float8, coefficient float8, share float8, rank integer, r_squared float8 | How much of an outcome a driver goes with.

--@ for type | column | says
--@ | correlation | a | Key of the one series.
--@ | correlation | b | Key of the other.
--@ | correlation | n | Periods that both have.
--@ | correlation | r | Correlation, -1 to 1; NULL for too few periods and where one is all the same.
--@ | correlation | low | Lower end of its interval.
--@ | correlation | high | Upper end of its interval.
--@ | correlation | p | How likely chance alone makes one as large, to either side.
--@ | correlation | q | The share of false findings among all pairs at which this one counts as found.
--@ | partial_correlation | a | Key of the one series.
--@ | partial_correlation | b | Key of the other.
--@ | partial_correlation | n | Periods that all series have.
--@ | partial_correlation | r | Partial correlation; NULL where the periods are too few or a series is all the same.
--@ | partial_correlation | p | How likely chance alone makes one as large, to either side.
--@ | partial_correlation | q | The share of false findings among all pairs at which this one counts as found.
--@ | partial_correlation | shrunk | Whether series that can be made of each other were told apart by shrinking.
--@ | lag_correlation | lag | Periods by which b is later; above 0, a leads.
--@ | lag_correlation | n | Periods that both have.
--@ | lag_correlation | r | Correlation; NULL for fewer than eight periods and where one is all the same.
--@ | lag_correlation | p | How likely chance alone makes one as large at this lag, to either side.
--@ | lead_of | a | Key of the one series.
--@ | lead_of | b | Key of the other.
--@ | lead_of | lag | Periods by which b is later; above 0, a leads.
--@ | lead_of | n | Periods that both have.
--@ | lead_of | r | The largest correlation of all lags.
--@ | lead_of | p | How likely chance alone makes one as large at any of the lags.
--@ | lead_of | q | The share of false findings among all pairs at which this one counts as found.
--@ | granger_test | direction | a precedes b, or b precedes a.
--@ | granger_test | "order" | How many periods back the past goes; NULL where the periods are too few.
--@ | granger_test | n | Periods with a past.
--@ | granger_test | f | F of what the past of the other adds; NULL where the periods are too few.
--@ | granger_test | freedom | Its degrees of freedom below; above they are order.
--@ | granger_test | p | How likely chance alone makes it as large.
--@ | driver_share | key | Key of the driver.
--@ | driver_share | n | Periods that all series have.
--@ | driver_share | r | Correlation with the outcome.
--@ | driver_share | coefficient | Of the regression on all drivers, in standard deviations.
--@ | driver_share | share | Its share of R squared; all of them add up to that.
--@ | driver_share | rank | 1 for the greatest share.
--@ | driver_share | r_squared | Share of the variance of the outcome that all drivers explain.
COMMENT ON COLUMN kpi.@type@.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi.correlations(keys text[], series kpi.series[], method text DEFAULT 'pearson',
								 min_overlap float8 DEFAULT 8, confidence float8 DEFAULT 0.95)
	RETURNS SETOF kpi.correlation
	AS 'MODULE_PATHNAME', 'kpi_correlations' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 500;
COMMENT ON FUNCTION kpi.correlations(text[], kpi.series[], text, float8, float8) IS
'Correlations of all pairs of series over the periods that both have, with interval, p and q. '
'method: pearson, spearman, kendall; min_overlap: periods that a pair needs, at least 3. No rows for NULL; other '
'words and numbers, and series with periods of two types, are errors.';

--@ state | kpi | corr_matrix | VARIABLE | extended | Values of many indicators over time, collected to be correlated. Made by corr_matrix(), asked with pairs(), merged with rollup().

--@ function | kpi_internal.corr_matrix_combine(kpi.corr_matrix, kpi.corr_matrix) | kpi.corr_matrix | kpi_corr_matrix_combine |  | Combine two states; NULL only if both are NULL. Periods of two types are an error.
--@ | kpi_internal.corr_matrix_done(kpi.corr_matrix) | kpi.corr_matrix | kpi_corr_matrix_done | STRICT | The state with keys and points in order and without spare room.
CREATE AGGREGATE kpi.rollup(kpi.corr_matrix) (
	SFUNC = kpi_internal.corr_matrix_combine, STYPE = kpi.corr_matrix, SSPACE = 65536,
	FINALFUNC = kpi_internal.corr_matrix_done, COMBINEFUNC = kpi_internal.corr_matrix_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.corr_matrix) IS
'One state of several stored ones, as if their rows had been taken together. '
'NULL for no rows; periods of two types are an error.';

-- not STRICT: a period without a value stays as a gap
--@ for period
--@ | date
--@ | timestamp
--@ | timestamptz
--@ | float8
--@ function | kpi_internal.corr_matrix_accum(kpi.corr_matrix, key text, period @period@, value float8) | kpi.corr_matrix | kpi_corr_matrix_@period@ |  | Transition of corr_matrix() over @period@: takes in a value.
CREATE AGGREGATE kpi.corr_matrix(key text, period @period@, value float8) (
	SFUNC = kpi_internal.corr_matrix_accum, STYPE = kpi.corr_matrix, SSPACE = 65536,
	FINALFUNC = kpi_internal.corr_matrix_done, COMBINEFUNC = kpi_internal.corr_matrix_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.corr_matrix(key text, period @period@, value float8) IS
'Values of many indicators over periods of type @period@, as a value to ask with pairs(). '
'Rows come in any order. A NULL value is a gap, a row with a NULL key or a NULL or infinite period is left out; NULL '
'for no rows. NaN and infinity are errors, and so are, when they are asked for, several values of a key and period.';
--@ end

CREATE FUNCTION kpi.pairs(matrix kpi.corr_matrix, method text DEFAULT 'pearson', min_overlap float8 DEFAULT 8,
						  confidence float8 DEFAULT 0.95)
	RETURNS SETOF kpi.correlation
	AS 'MODULE_PATHNAME', 'kpi_pairs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 500;
COMMENT ON FUNCTION kpi.pairs(kpi.corr_matrix, text, float8, float8) IS
'Correlations of all pairs of collected indicators, with interval, p and q; keys in byte order. '
'Arguments as for correlations(). No rows for NULL; several values of a key and period are an error.';

--@ for name | says
--@ | spearman | Spearman's rank correlation of two series
--@ | kendall | Kendall's tau-b of two series
CREATE FUNCTION kpi.@name@(a kpi.series, b kpi.series) RETURNS float8
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
	RETURN (SELECT c.r FROM kpi.correlations('{a,b}', ARRAY[a, b], '@name@', min_overlap => 3) AS c);
COMMENT ON FUNCTION kpi.@name@(kpi.series, kpi.series) IS
$$@says@, over the periods that both have.
NULL for NULL, for fewer than three periods, and where a series is all the same. correlations() tells how sure it is.$$;
--@ end

CREATE FUNCTION kpi.partial_correlations(keys text[], series kpi.series[]) RETURNS SETOF kpi.partial_correlation
	AS 'MODULE_PATHNAME', 'kpi_partial_correlations' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 500;
COMMENT ON FUNCTION kpi.partial_correlations(text[], kpi.series[]) IS
'Correlations of all pairs of series when all the others are held, with p and q. '
'Over the periods that all series have. No rows for NULL; series with periods of two types are an error.';

-- not STRICT: no max_lag is the usual one
CREATE FUNCTION kpi.lead_lag(a kpi.series, b kpi.series, max_lag float8 DEFAULT NULL, prewhiten text DEFAULT 'diff')
	RETURNS SETOF kpi.lag_correlation
	AS 'MODULE_PATHNAME', 'kpi_lead_lag' LANGUAGE C STABLE PARALLEL SAFE COST 1000 ROWS 25;
COMMENT ON FUNCTION kpi.lead_lag(kpi.series, kpi.series, float8, text) IS
'Correlations of two series at every lag; above 0, a leads b by so many periods. '
'max_lag: 12 to both sides, or a quarter of the periods, by default; prewhiten: diff (differences without season), ar '
'(and without an autoregression of a), none. No rows where a series or prewhiten is NULL.';
CREATE FUNCTION kpi.lead_lags(keys text[], series kpi.series[], max_lag float8 DEFAULT NULL,
							  prewhiten text DEFAULT 'diff')
	RETURNS SETOF kpi.lead_of
	AS 'MODULE_PATHNAME', 'kpi_lead_lags' LANGUAGE C STABLE PARALLEL SAFE COST 100000 ROWS 500;
COMMENT ON FUNCTION kpi.lead_lags(text[], kpi.series[], float8, text) IS
'The lag at which each pair of series moves together most, with p over all lags, and q. '
'Arguments as for lead_lag(); ar takes the autoregression of the first series from all. No rows where keys, series or '
'prewhiten is NULL.';

-- not STRICT: no order is the one that the series choose
CREATE FUNCTION kpi.granger(a kpi.series, b kpi.series, "order" float8 DEFAULT NULL, differenced boolean DEFAULT true)
	RETURNS SETOF kpi.granger_test
	AS 'MODULE_PATHNAME', 'kpi_granger' LANGUAGE C STABLE PARALLEL SAFE COST 1000 ROWS 2;
COMMENT ON FUNCTION kpi.granger(kpi.series, kpi.series, float8, boolean) IS
'Whether the past of a series tells more of another than its own past does, both ways. '
'order: periods back, 1 to 24, by default the best of up to 4; differenced: of changes from period to period. What '
'precedes need not cause. No rows where a series or differenced is NULL.';

CREATE FUNCTION kpi.driver_ranking(outcome kpi.series, keys text[], series kpi.series[]) RETURNS SETOF kpi.driver_share
	AS 'MODULE_PATHNAME', 'kpi_driver_ranking' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 10;
COMMENT ON FUNCTION kpi.driver_ranking(kpi.series, text[], kpi.series[]) IS
'Shares of drivers in the R squared of an outcome, with coefficients; they add up to it. '
'By all orders of up to ten drivers, by relative weights of more, at most 100. Over the periods that all series have. '
'No rows for NULL; series with periods of two types are an error.';
