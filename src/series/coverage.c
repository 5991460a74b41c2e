/*-------------------------------------------------------------------------
 *
 * coverage.c
 *	  How well intervals and quantiles were forecast: kpi.coverage_state.
 *
 *	interval_coverage	share of rows with low <= actual <= high
 *	winkler_score		mean of high - low + 2 / (1 - level) times what the actual
 *						is beyond them
 *	pinball_loss		mean of level e for e = actual - forecast of at least 0,
 *						and of (level - 1) e below
 *
 * The score of an interval is 2 / (1 - level) times the losses of its ends as
 * quantiles at (1 - level) / 2 and (1 + level) / 2, summed.
 *
 * State: counts of rows, and of what they lose a compensated sum, see
 * base/twosum.h.
 *
 * NULL rule: a row with a NULL, NaN or infinite value or bound is left out, of the
 * score and the loss one without a level, too.  The result is NULL where no row is
 * left.
 *
 * R. L. Winkler, "A decision-theoretic approach to interval estimation", Journal
 * of the American Statistical Association 67, 1972; T. Gneiting and A. E. Raftery,
 * "Strictly proper scoring rules, prediction, and estimation", Journal of the
 * American Statistical Association 102, 2007.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/layout.h"
#include "base/scalar.h"
#include "base/state.h"
#include "base/twosum.h"
#include "utils/float.h"

typedef struct KpiCoverageState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[7];
	int64		rows;
	int64		covered;
	int64		scored;			/* of them, those with a level */
	KpiSum		loss;
} KpiCoverageState;

/* Whether an aggregate could produce what was read. */
static bool
accept_coverage(void *value)
{
	const KpiCoverageState *state = value;

	return kpi_sum_value(state->loss) >= 0 && state->covered <= state->rows && state->scored <= state->rows;
}

static const KpiLayout layout = {
	.type = "kpi.coverage_state",
	.size = sizeof(KpiCoverageState),
	.field = {
		KPI_FIELD(VERSION, KpiCoverageState, version),
		KPI_FIELD(COUNT, KpiCoverageState, rows),
		KPI_FIELD(COUNT, KpiCoverageState, covered),
		KPI_FIELD(COUNT, KpiCoverageState, scored),
		KPI_FIELD(DOUBLE, KpiCoverageState, loss)
	},
	.accept = accept_coverage
};

KPI_STATE_FORMS(kpi_coverage_state, layout)

/* Take in a row that has a level, and what it loses; a sum beyond float8 is an error. */
static void
add_loss(KpiCoverageState *state, double loss)
{
	state->scored++;
	kpi_sum_add(&state->loss, loss);
	if (unlikely(!kpi_is_number(state->loss.hi)))
		float_overflow_error();
}

/* The probability in an argument. */
static double
level_argument(FunctionCallInfo fcinfo, int argument)
{
	double		level = PG_GETARG_FLOAT8(argument);

	if (!(level > 0 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("level %s is not between 0 and 1", float8out_internal(level)),
				 errhint("Write 0.95 for 95 percent.")));
	return level;
}

/* Whether an argument has a number. */
static inline bool
has_number(FunctionCallInfo fcinfo, int argument)
{
	return !PG_ARGISNULL(argument) && kpi_is_number(PG_GETARG_FLOAT8(argument));
}

/* What an actual is beyond an interval; 0 within it. */
static inline double
beyond(double actual, double low, double high)
{
	return actual < low ? low - actual : actual > high ? actual - high : 0;
}

/* coverage_accum(state, actual, low, high [, level]): transition of the measures of intervals. */
PG_FUNCTION_INFO_V1(kpi_coverage_accum);
Datum
kpi_coverage_accum(PG_FUNCTION_ARGS)
{
	KpiCoverageState *state = kpi_writable_fixed(fcinfo, sizeof(KpiCoverageState));
	double		low;
	double		high;
	double		missed;

	if (!has_number(fcinfo, 1) || !has_number(fcinfo, 2) || !has_number(fcinfo, 3))
		PG_RETURN_POINTER(state);
	low = PG_GETARG_FLOAT8(2);
	high = PG_GETARG_FLOAT8(3);
	if (low > high)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("low %s is above high %s", float8out_internal(low), float8out_internal(high)),
				 errhint("Pass the lower bound of the interval first.")));
	missed = beyond(PG_GETARG_FLOAT8(1), low, high);
	state->rows++;
	state->covered += missed == 0;
	if (PG_NARGS() > 4 && !PG_ARGISNULL(4))
		add_loss(state, high - low + 2 / (1 - level_argument(fcinfo, 4)) * missed);
	PG_RETURN_POINTER(state);
}

/* pinball_accum(state, actual, forecast, level): transition of pinball_loss(). */
PG_FUNCTION_INFO_V1(kpi_pinball_accum);
Datum
kpi_pinball_accum(PG_FUNCTION_ARGS)
{
	KpiCoverageState *state = kpi_writable_fixed(fcinfo, sizeof(KpiCoverageState));
	double		error;
	double		level;

	if (!has_number(fcinfo, 1) || !has_number(fcinfo, 2) || PG_ARGISNULL(3))
		PG_RETURN_POINTER(state);
	error = PG_GETARG_FLOAT8(1) - PG_GETARG_FLOAT8(2);
	level = level_argument(fcinfo, 3);
	state->rows++;
	state->covered += error <= 0;
	add_loss(state, error >= 0 ? level * error : (level - 1) * error);
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_coverage_combine);
Datum
kpi_coverage_combine(PG_FUNCTION_ARGS)
{
	KpiCoverageState *state;
	const KpiCoverageState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiCoverageState));
	other = (const KpiCoverageState *) PG_GETARG_POINTER(1);
	state->rows += other->rows;
	state->covered += other->covered;
	state->scored += other->scored;
	kpi_sum_add_sum(&state->loss, &other->loss);
	if (!kpi_is_number(state->loss.hi))
		float_overflow_error();
	PG_RETURN_POINTER(state);
}

/* interval_coverage(state): the share of rows that the intervals hold. */
PG_FUNCTION_INFO_V1(kpi_coverage_share);
Datum
kpi_coverage_share(PG_FUNCTION_ARGS)
{
	const KpiCoverageState *state = (const KpiCoverageState *) PG_GETARG_POINTER(0);

	if (state->rows == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) state->covered / (double) state->rows);
}

/* winkler_score(state), and the loss of quantiles: the mean of what the rows lose. */
PG_FUNCTION_INFO_V1(kpi_coverage_loss);
Datum
kpi_coverage_loss(PG_FUNCTION_ARGS)
{
	const KpiCoverageState *state = (const KpiCoverageState *) PG_GETARG_POINTER(0);

	if (state->scored == 0)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, kpi_sum_value(state->loss) / (double) state->scored);
}
