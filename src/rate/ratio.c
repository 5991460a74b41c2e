/*-------------------------------------------------------------------------
 *
 * ratio.c
 *	  Rates of a part in a whole, for one row and for the sums over rows.
 *
 *	quotient	part / whole: ratio, and by other names the rates of
 *				sql/install/2-measures/ratio.sql
 *	return		(part - whole) / whole: roi, budget_variance_rate
 *
 * Over rows both are taken of the sums, sum(part) and sum(whole), never as the
 * mean of the rows' ratios.  Part and whole are summed apart, so a NULL in one
 * of them leaves only that one out, as in sum(part) / nullif(sum(whole), 0).
 *
 * NULL rule: NULL where the part or the whole is missing altogether, where the
 * whole is 0, where any value is NaN or infinite, and for a quotient beyond
 * float8.  A float8 sum that overflows is an error, as in sum(float8).
 *
 * State: float8 sums are compensated, in 40 bytes; numeric sums are exact; see
 * ratio.h.  States with the parameters of an attainment keep them, and only
 * states with the same ones make one.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/exact.h"
#include "base/layout.h"
#include "base/scalar.h"
#include "base/state.h"
#include "rate/ratio.h"

#define PART KPI_RATIO_PART
#define WHOLE KPI_RATIO_WHOLE

StaticAssertDecl(sizeof(KpiRatioState) == 40, "ratio_state is declared with 40 bytes");

/* (part - whole) / whole or part / whole of two doubles, NULL by rule. */
static Datum
float8_rate(FunctionCallInfo fcinfo, double part, double whole, bool less_one)
{
	if (!kpi_is_number(part) || !kpi_is_number(whole) || whole == 0)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, less_one ? (part - whole) / whole : part / whole);
}

/* The same of two numerics. */
static Datum
numeric_rate(FunctionCallInfo fcinfo, Numeric part, Numeric whole, bool less_one)
{
	if (!kpi_is_numeric_number(part) || !kpi_is_numeric_number(whole) ||
		kpi_numeric_sign(whole) == 0)
		PG_RETURN_NULL();
	if (less_one)
		part = kpi_numeric_sub(part, whole);
	PG_RETURN_NUMERIC(kpi_numeric_div(part, whole));
}

/* ratio(part, whole) and its named twins: NULL where the whole is 0. */
PG_FUNCTION_INFO_V1(kpi_ratio_float8);
Datum
kpi_ratio_float8(PG_FUNCTION_ARGS)
{
	return float8_rate(fcinfo, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), false);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_ratio_numeric);
Datum
kpi_ratio_numeric(PG_FUNCTION_ARGS)
{
	return numeric_rate(fcinfo, PG_GETARG_NUMERIC(0), PG_GETARG_NUMERIC(1), false);
}

/* roi(gain, cost): (gain - cost) / cost, NULL where the cost is 0. */
PG_FUNCTION_INFO_V1(kpi_roi_float8);
Datum
kpi_roi_float8(PG_FUNCTION_ARGS)
{
	return float8_rate(fcinfo, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), true);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_roi_numeric);
Datum
kpi_roi_numeric(PG_FUNCTION_ARGS)
{
	return numeric_rate(fcinfo, PG_GETARG_NUMERIC(0), PG_GETARG_NUMERIC(1), true);
}

/* Parameters belong to the group, not to its rows. */
void
kpi_ratio_check_policy(bool same)
{
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("direction and zero_target differ between the rows of one group"),
				 errhint("Pass the same direction and zero_target for all rows that are summed together.")));
}

/* Transition of the float8 aggregates. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_accum);
Datum
kpi_ratio_state_accum(PG_FUNCTION_ARGS)
{
	KpiRatioState *state = kpi_writable_fixed(fcinfo, sizeof(KpiRatioState));

	kpi_ratio_add_row(fcinfo, state);
	PG_RETURN_POINTER(state);
}

/* Combine two float8 states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_combine);
Datum
kpi_ratio_state_combine(PG_FUNCTION_ARGS)
{
	KpiRatioState *state;
	const KpiRatioState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiRatioState));
	other = (const KpiRatioState *) PG_GETARG_POINTER(1);
	kpi_ratio_check_policy(state->policy == other->policy);
	state->flags |= other->flags;
	for (int i = PART; i <= WHOLE; i++)
	{
		kpi_sum_add_sum(&state->sum[i], &other->sum[i]);
		if (!kpi_is_number(state->sum[i].hi))
			float_overflow_error();
	}
	PG_RETURN_POINTER(state);
}

/* The rate of a float8 state. */
static Datum
float8_state_rate(FunctionCallInfo fcinfo, bool less_one)
{
	const KpiRatioState *state = (const KpiRatioState *) PG_GETARG_POINTER(0);
	KpiSum		part = state->sum[PART];
	KpiSum		whole = state->sum[WHOLE];

	if (state->flags != KPI_RATIO_HAS_BOTH || kpi_sum_value(whole) == 0)
		PG_RETURN_NULL();
	if (less_one)
	{
		kpi_sum_add(&part, -whole.hi);
		part.lo -= whole.lo;
	}
	return kpi_float8_or_null(fcinfo, kpi_sum_quotient(part, whole));
}

/* ratio(ratio_state): sum(part) / sum(whole). */
PG_FUNCTION_INFO_V1(kpi_ratio_state_ratio);
Datum
kpi_ratio_state_ratio(PG_FUNCTION_ARGS)
{
	return float8_state_rate(fcinfo, false);
}

/* roi(ratio_state): (sum(gain) - sum(cost)) / sum(cost). */
PG_FUNCTION_INFO_V1(kpi_ratio_state_roi);
Datum
kpi_ratio_state_roi(PG_FUNCTION_ARGS)
{
	return float8_state_rate(fcinfo, true);
}

/* Whether an aggregate could have these flags with these sums. */
static bool
accept_float8(void *value)
{
	const KpiRatioState *state = value;

	for (int i = PART; i <= WHOLE; i++)
	{
		if (!(state->flags & (1 << i)) && (state->sum[i].hi != 0 || state->sum[i].lo != 0))
			return false;
	}
	return (state->flags & ~KPI_RATIO_ALL_FLAGS) == 0 && state->policy < KPI_RATIO_POLICIES;
}

static const KpiLayout float8_layout = {
	.type = "kpi.ratio_state",
	.size = sizeof(KpiRatioState),
	.field = {
		KPI_FIELD(VERSION, KpiRatioState, version),
		KPI_FIELD(BYTE, KpiRatioState, policy),
		KPI_FIELD(BYTE, KpiRatioState, flags),
		KPI_FIELD(DOUBLE, KpiRatioState, sum)
	},
	.accept = accept_float8
};

KPI_STATE_FORMS(kpi_ratio_state, float8_layout)

/* Transition of the numeric aggregates. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_accum);
Datum
kpi_ratio_state_numeric_accum(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(kpi_ratio_add_numeric_row(fcinfo, kpi_exact_writable(fcinfo)));
}

/* Combine two numeric states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_combine);
Datum
kpi_ratio_state_numeric_combine(PG_FUNCTION_ARGS)
{
	KpiExactState *state;
	KpiExactState room;
	const KpiExactState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_exact_writable(fcinfo);
	other = kpi_exact_given(PG_GETARG_DATUM(1), &room);
	kpi_ratio_check_policy(state->policy == other->policy);
	state->flags |= other->flags;
	for (int i = PART; i <= WHOLE; i++)
		state->number[i] += other->number[i];
	PG_RETURN_POINTER(kpi_exact_add_state(state, other));
}

/* The rate of a numeric state. */
static Datum
numeric_state_rate(FunctionCallInfo fcinfo, bool less_one)
{
	const KpiExactState *state = (const KpiExactState *) PG_GETARG_VARLENA_P(0);

	if (state->flags != KPI_RATIO_HAS_BOTH)
		PG_RETURN_NULL();
	return numeric_rate(fcinfo, kpi_exact_value(state, PART),
						kpi_exact_value(state, WHOLE), less_one);
}

/* ratio(ratio_state_numeric): sum(part) / sum(whole), exact. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_ratio);
Datum
kpi_ratio_state_numeric_ratio(PG_FUNCTION_ARGS)
{
	return numeric_state_rate(fcinfo, false);
}

/* roi(ratio_state_numeric): (sum(gain) - sum(cost)) / sum(cost), exact. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_roi);
Datum
kpi_ratio_state_numeric_roi(PG_FUNCTION_ARGS)
{
	return numeric_state_rate(fcinfo, true);
}

/* Whether an aggregate could have these flags and counts with these sums. */
static bool
accept_numeric(void *value)
{
	const KpiExactState *state = value;

	for (int i = PART; i <= WHOLE; i++)
	{
		if (((state->flags >> i) & 1) != (state->number[i] > 0))
			return false;
		if (state->number[i] == 0 && kpi_numeric_sign(kpi_exact_value(state, i)) != 0)
			return false;
	}
	return (state->flags & ~KPI_RATIO_ALL_FLAGS) == 0 && state->policy < KPI_RATIO_POLICIES;
}

static const KpiLayout numeric_layout = {
	.type = "kpi.ratio_state_numeric",
	.size = KPI_EXACT_STATE_SIZE,
	.varlena = true,
	.field = {
		KPI_EXACT_FIELDS,
		KPI_FIELD_SUMS(2)
	},
	.accept = accept_numeric
};

KPI_STATE_FORMS(kpi_ratio_state_numeric, numeric_layout)
