/*-------------------------------------------------------------------------
 *
 * accuracy.c
 *	  How far forecasts were from what came: kpi.accuracy_state.
 *
 * With the error e = actual - forecast,
 *
 *	forecast_bias	mean of e
 *	mae				mean of |e|
 *	rmse			square root of the mean of e^2
 *	mape			mean of |e / actual|, of rows whose actual is not 0
 *	wape			sum of |e| / sum of |actual|
 *	smape			mean of 2 |e| / (|actual| + |forecast|); 0 where both are 0
 *	mase			mean of |e| / scale
 *	rmsse			square root of the mean of (e / scale)^2
 *
 * scale is the mean absolute error of the seasonal naive forecast of the values
 * before, which may differ from row to row; rows whose scale is NULL or 0 are left
 * out of mase and rmsse.
 *
 * State: counts of rows, and compensated sums, see base/twosum.h.
 *
 * NULL rule: a row with a NULL, NaN or infinite actual or forecast is left out.  The
 * result is NULL where no row is left, or the divisor is 0.
 *
 * R. J. Hyndman and A. B. Koehler, "Another look at measures of forecast accuracy",
 * International Journal of Forecasting 22, 2006; S. Makridakis, E. Spiliotis and V.
 * Assimakopoulos, "The M4 competition", International Journal of Forecasting 36, 2020.
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

/* What is summed up. */
typedef enum Sums
{
	ERROR_SUM,
	ABSOLUTE_SUM,
	SQUARE_SUM,
	ACTUAL_SUM,
	SHARE_SUM,
	SYMMETRIC_SUM,
	SCALED_SUM,
	SCALED_SQUARE_SUM,
	SUMS
} Sums;

typedef struct KpiAccuracyState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[7];
	int64		rows;
	int64		shares;			/* of them, those whose actual is not 0 */
	int64		scaled;			/* of them, those with a scale */
	KpiSum		sum[SUMS];
} KpiAccuracyState;

/* Whether an aggregate could produce what was read. */
static bool
accept_accuracy(void *value)
{
	const KpiAccuracyState *state = value;

	for (int i = 0; i < SUMS; i++)
	{
		if (i != ERROR_SUM && kpi_sum_value(state->sum[i]) < 0)
			return false;
	}
	return state->shares <= state->rows && state->scaled <= state->rows;
}

static const KpiLayout layout = {
	.type = "kpi.accuracy_state",
	.size = sizeof(KpiAccuracyState),
	.field = {
		KPI_FIELD(VERSION, KpiAccuracyState, version),
		KPI_FIELD(COUNT, KpiAccuracyState, rows),
		KPI_FIELD(COUNT, KpiAccuracyState, shares),
		KPI_FIELD(COUNT, KpiAccuracyState, scaled),
		KPI_FIELD(DOUBLE, KpiAccuracyState, sum)
	},
	.accept = accept_accuracy
};

KPI_STATE_FORMS(kpi_accuracy_state, layout)

/* Add to a sum; one beyond float8 is an error. */
static inline void
add(KpiAccuracyState *state, Sums which, double value)
{
	kpi_sum_add(&state->sum[which], value);
	if (unlikely(!kpi_is_number(state->sum[which].hi)))
		float_overflow_error();
}

/* Take in what came and what was forecast. */
static void
add_row(KpiAccuracyState *state, double actual, double forecast)
{
	double		error = actual - forecast;
	double		both = fabs(actual) + fabs(forecast);

	state->rows++;
	add(state, ERROR_SUM, error);
	add(state, ABSOLUTE_SUM, fabs(error));
	add(state, SQUARE_SUM, error * error);
	add(state, ACTUAL_SUM, fabs(actual));
	if (both > 0)
		add(state, SYMMETRIC_SUM, 2 * fabs(error) / both);
	if (actual != 0)
	{
		state->shares++;
		add(state, SHARE_SUM, fabs(error / actual));
	}
}

/* Take in an error in units of the scale; there is none for a scale of 0. */
static void
add_scaled(KpiAccuracyState *state, double error, double scale)
{
	if (!(scale >= 0 && kpi_is_number(scale)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scale %s is not a finite number of at least 0", float8out_internal(scale)),
				 errhint("It is the mean absolute error of the seasonal naive forecast, as backtest() gives it.")));
	if (scale == 0)
		return;
	state->scaled++;
	add(state, SCALED_SUM, fabs(error) / scale);
	add(state, SCALED_SQUARE_SUM, error / scale * (error / scale));
}

/* accuracy_accum(state, actual, forecast [, scale]): transition of all measures. */
PG_FUNCTION_INFO_V1(kpi_accuracy_accum);
Datum
kpi_accuracy_accum(PG_FUNCTION_ARGS)
{
	KpiAccuracyState *state = kpi_writable_fixed(fcinfo, sizeof(KpiAccuracyState));

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !kpi_is_number(PG_GETARG_FLOAT8(1)) ||
		!kpi_is_number(PG_GETARG_FLOAT8(2)))
		PG_RETURN_POINTER(state);
	add_row(state, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
		add_scaled(state, PG_GETARG_FLOAT8(1) - PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3));
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_accuracy_combine);
Datum
kpi_accuracy_combine(PG_FUNCTION_ARGS)
{
	KpiAccuracyState *state;
	const KpiAccuracyState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiAccuracyState));
	other = (const KpiAccuracyState *) PG_GETARG_POINTER(1);
	state->rows += other->rows;
	state->shares += other->shares;
	state->scaled += other->scaled;
	for (int i = 0; i < SUMS; i++)
	{
		kpi_sum_add_sum(&state->sum[i], &other->sum[i]);
		if (!kpi_is_number(state->sum[i].hi))
			float_overflow_error();
	}
	PG_RETURN_POINTER(state);
}

/* A sum divided by a number of rows; NULL for none. */
static Datum
mean_of(FunctionCallInfo fcinfo, Sums which, int64 rows, bool rooted)
{
	const KpiAccuracyState *state = (const KpiAccuracyState *) PG_GETARG_POINTER(0);
	double		mean;

	if (rows == 0)
		PG_RETURN_NULL();
	mean = kpi_sum_value(state->sum[which]) / (double) rows;
	return kpi_float8_or_null(fcinfo, rooted ? sqrt(mean) : mean);
}

/* The measure of a state that is the mean of a sum, or its root. */
#define MEASURE(name, which, rows, rooted) \
PG_FUNCTION_INFO_V1(kpi_accuracy_##name); \
Datum \
kpi_accuracy_##name(PG_FUNCTION_ARGS) \
{ \
	return mean_of(fcinfo, which, ((const KpiAccuracyState *) PG_GETARG_POINTER(0))->rows, rooted); \
}

MEASURE(forecast_bias, ERROR_SUM, rows, false)
MEASURE(mae, ABSOLUTE_SUM, rows, false)
MEASURE(rmse, SQUARE_SUM, rows, true)
MEASURE(mape, SHARE_SUM, shares, false)
MEASURE(smape, SYMMETRIC_SUM, rows, false)
MEASURE(mase, SCALED_SUM, scaled, false)
MEASURE(rmsse, SCALED_SQUARE_SUM, scaled, true)

/* wape(state): the absolute errors in shares of the actuals. */
PG_FUNCTION_INFO_V1(kpi_accuracy_wape);
Datum
kpi_accuracy_wape(PG_FUNCTION_ARGS)
{
	const KpiAccuracyState *state = (const KpiAccuracyState *) PG_GETARG_POINTER(0);

	if (kpi_sum_value(state->sum[ACTUAL_SUM]) == 0)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, kpi_sum_quotient(state->sum[ABSOLUTE_SUM], state->sum[ACTUAL_SUM]));
}
