/*-------------------------------------------------------------------------
 *
 * theil.c
 *	  Forecasts against none: kpi.theil_state, and Theil's U2.
 *
 * With the actual of the period before, which is the forecast of whoever makes
 * none,
 *
 *	theil_u2	sqrt(sum of ((actual - forecast) / before)^2 /
 *				sum of ((actual - before) / before)^2)
 *
 * below 1 where forecasts are better than that.
 *
 * State: the count of rows, and two compensated sums, see base/twosum.h.
 *
 * NULL rule: a row with a NULL, NaN or infinite value is left out, and one whose
 * value before is 0.  The result is NULL where no row is left or nothing changed.
 *
 * H. Theil, Applied Economic Forecasting, 1966.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/layout.h"
#include "base/scalar.h"
#include "base/state.h"
#include "base/twosum.h"
#include "utils/float.h"

typedef struct KpiTheilState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[7];
	int64		rows;
	KpiSum		errors;			/* squares of shares of the value before */
	KpiSum		changes;
} KpiTheilState;

/* Whether an aggregate could produce what was read. */
static bool
accept_theil(void *value)
{
	const KpiTheilState *state = value;

	return kpi_sum_value(state->errors) >= 0 && kpi_sum_value(state->changes) >= 0;
}

static const KpiLayout layout = {
	.type = "kpi.theil_state",
	.size = sizeof(KpiTheilState),
	.field = {
		KPI_FIELD(VERSION, KpiTheilState, version),
		KPI_FIELD(COUNT, KpiTheilState, rows),
		KPI_FIELD(DOUBLE, KpiTheilState, errors),
		KPI_FIELD(DOUBLE, KpiTheilState, changes)
	},
	.accept = accept_theil
};

KPI_STATE_FORMS(kpi_theil_state, layout)

/* A sum beyond float8 is an error. */
static inline void
check_sums(const KpiTheilState *state)
{
	if (unlikely(!kpi_is_number(state->errors.hi) || !kpi_is_number(state->changes.hi)))
		float_overflow_error();
}

/* theil_accum(state, actual, forecast, before): transition of Theil's U2. */
PG_FUNCTION_INFO_V1(kpi_theil_accum);
Datum
kpi_theil_accum(PG_FUNCTION_ARGS)
{
	KpiTheilState *state = kpi_writable_fixed(fcinfo, sizeof(KpiTheilState));
	double		before;
	double		error;
	double		change;

	for (int i = 1; i <= 3; i++)
	{
		if (PG_ARGISNULL(i) || !kpi_is_number(PG_GETARG_FLOAT8(i)))
			PG_RETURN_POINTER(state);
	}
	before = PG_GETARG_FLOAT8(3);
	if (before == 0)
		PG_RETURN_POINTER(state);
	error = (PG_GETARG_FLOAT8(1) - PG_GETARG_FLOAT8(2)) / before;
	change = (PG_GETARG_FLOAT8(1) - before) / before;
	state->rows++;
	kpi_sum_add(&state->errors, error * error);
	kpi_sum_add(&state->changes, change * change);
	check_sums(state);
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_theil_combine);
Datum
kpi_theil_combine(PG_FUNCTION_ARGS)
{
	KpiTheilState *state;
	const KpiTheilState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiTheilState));
	other = (const KpiTheilState *) PG_GETARG_POINTER(1);
	state->rows += other->rows;
	kpi_sum_add_sum(&state->errors, &other->errors);
	kpi_sum_add_sum(&state->changes, &other->changes);
	check_sums(state);
	PG_RETURN_POINTER(state);
}

/* theil_u2(state): the errors in units of the changes. */
PG_FUNCTION_INFO_V1(kpi_theil_u2);
Datum
kpi_theil_u2(PG_FUNCTION_ARGS)
{
	const KpiTheilState *state = (const KpiTheilState *) PG_GETARG_POINTER(0);

	if (kpi_sum_value(state->changes) == 0)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, sqrt(kpi_sum_quotient(state->errors, state->changes)));
}
