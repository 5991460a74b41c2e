/*-------------------------------------------------------------------------
 *
 * attainment_agg.c
 *	  Attainment over rows: of the sums, and as the share of rows that meet
 *	  their target.
 *
 *	attainment_agg	the attainment of sum(actual) against sum(target), by the
 *					formula of attainment.c; never the mean of the rows'
 *					attainments
 *	attained_share	rows that meet their target / rows that have both; equality
 *					counts as met
 *
 * NULL rule: attainment_agg leaves NULLs out, each for itself, and is NULL
 * where actual or target is missing altogether, where a value is NaN or
 * infinite, and where the attainment of the sums is.  attained_share leaves
 * out rows in which one of both is NULL, NaN or infinite, and is NULL where no
 * row is left.
 *
 * Parameters belong to the group: direction and zero_target may not differ
 * between its rows, and a stored state keeps them.
 *
 * State: attainment_agg has the states of the rates (ratio.h), so it shares
 * its transition with them; attained_share counts, in 24 bytes.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/layout.h"
#include "base/scalar.h"
#include "base/state.h"
#include "common/int.h"
#include "rate/attainment.h"
#include "rate/ratio.h"

typedef struct KpiShareState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		direction;		/* KpiDirection */
	uint8		unused[6];
	int64		met;			/* rows that meet their target */
	int64		rows;			/* rows that have actual and target */
} KpiShareState;

StaticAssertDecl(sizeof(KpiShareState) == 24, "share_state is declared with 24 bytes");

/* The direction of a row; higher where none is given. */
static KpiDirection
direction_argument(FunctionCallInfo fcinfo)
{
	if (PG_NARGS() <= 3 || PG_ARGISNULL(3))
		return KPI_HIGHER;
	return kpi_check_word(&kpi_direction_words, PG_GETARG_TEXT_PP(3));
}

/* The parameters of a row of attainment_agg. */
static uint8
policy_argument(FunctionCallInfo fcinfo)
{
	KpiZeroTarget zero_target = KPI_ZERO_NULL;

	if (PG_NARGS() > 4 && !PG_ARGISNULL(4))
		zero_target = kpi_check_word(&kpi_zero_target_words, PG_GETARG_TEXT_PP(4));
	return KPI_RATIO_POLICY(direction_argument(fcinfo), zero_target);
}

/* Transition of the float8 aggregates with parameters. */
PG_FUNCTION_INFO_V1(kpi_attainment_state_accum);
Datum
kpi_attainment_state_accum(PG_FUNCTION_ARGS)
{
	KpiRatioState *state = kpi_writable_fixed(fcinfo, sizeof(KpiRatioState));
	uint8		policy = policy_argument(fcinfo);

	if (PG_ARGISNULL(0))
		state->policy = policy;
	kpi_ratio_check_policy(state->policy == policy);
	kpi_ratio_add_row(fcinfo, state);
	PG_RETURN_POINTER(state);
}

/* Transition of the numeric aggregates with parameters. */
PG_FUNCTION_INFO_V1(kpi_attainment_state_numeric_accum);
Datum
kpi_attainment_state_numeric_accum(PG_FUNCTION_ARGS)
{
	KpiExactState *state = kpi_exact_writable(fcinfo);
	uint8		policy = policy_argument(fcinfo);

	if (PG_ARGISNULL(0))
		state->policy = policy;
	kpi_ratio_check_policy(state->policy == policy);
	PG_RETURN_POINTER(kpi_ratio_add_numeric_row(fcinfo, state));
}

/* attainment(ratio_state): of the sums, with the parameters they were made with. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_attainment);
Datum
kpi_ratio_state_attainment(PG_FUNCTION_ARGS)
{
	const KpiRatioState *state = (const KpiRatioState *) PG_GETARG_POINTER(0);
	KpiDirection direction = KPI_RATIO_DIRECTION(state->policy);
	KpiSum		actual = state->sum[KPI_RATIO_PART];
	KpiSum		target = state->sum[KPI_RATIO_WHOLE];
	double		value = kpi_sum_value(actual);
	int			met;

	if (state->flags != KPI_RATIO_HAS_BOTH)
		PG_RETURN_NULL();
	if (kpi_sum_value(target) == 0)
	{
		met = kpi_zero_target_attainment(KPI_RATIO_ZERO_TARGET(state->policy), direction,
										 (value > 0) - (value < 0));
		if (met < 0)
			PG_RETURN_NULL();
		PG_RETURN_FLOAT8(met);
	}
	kpi_attainment_quotient(direction, &actual, &target);
	return kpi_float8_or_null(fcinfo, kpi_sum_quotient(actual, target));
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_attainment);
Datum
kpi_ratio_state_numeric_attainment(PG_FUNCTION_ARGS)
{
	const KpiExactState *state = (const KpiExactState *) PG_GETARG_VARLENA_P(0);
	Numeric		result;

	if (state->flags != KPI_RATIO_HAS_BOTH)
		PG_RETURN_NULL();
	result = kpi_attainment_exact(NumericGetDatum(kpi_exact_value(state, KPI_RATIO_PART)),
								  NumericGetDatum(kpi_exact_value(state, KPI_RATIO_WHOLE)),
								  KPI_RATIO_DIRECTION(state->policy),
								  KPI_RATIO_ZERO_TARGET(state->policy));
	if (result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(result);
}

/* Directions belong to the group, not to its rows. */
static void
check_same_direction(bool same)
{
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("direction differs between the rows of one group"),
				 errhint("Pass the same direction for all rows that are counted together.")));
}

/* Add to a count; beyond bigint is an error, as in count(*). */
static void
add_count(int64 *count, int64 more)
{
	if (pg_add_s64_overflow(*count, more, count))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("bigint out of range")));
}

/* Count a row that has both, from the sign of actual - target. */
static Datum
count_row(FunctionCallInfo fcinfo, bool has_both, int order)
{
	KpiShareState *state = kpi_writable_fixed(fcinfo, sizeof(KpiShareState));
	KpiDirection direction = direction_argument(fcinfo);

	if (PG_ARGISNULL(0))
		state->direction = direction;
	check_same_direction(state->direction == direction);
	if (has_both)
	{
		add_count(&state->rows, 1);
		state->met += kpi_is_met(direction, order);
	}
	PG_RETURN_POINTER(state);
}

/* Transition of attained_share over float8. */
PG_FUNCTION_INFO_V1(kpi_share_state_accum_float8);
Datum
kpi_share_state_accum_float8(PG_FUNCTION_ARGS)
{
	double		actual;
	double		target;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return count_row(fcinfo, false, 0);
	actual = PG_GETARG_FLOAT8(1);
	target = PG_GETARG_FLOAT8(2);
	return count_row(fcinfo, kpi_is_number(actual) && kpi_is_number(target),
					 (actual > target) - (actual < target));
}

/* Transition of attained_share over numeric. */
PG_FUNCTION_INFO_V1(kpi_share_state_accum_numeric);
Datum
kpi_share_state_accum_numeric(PG_FUNCTION_ARGS)
{
	int			order = 0;
	bool		has_both = !PG_ARGISNULL(1) && !PG_ARGISNULL(2) &&
	kpi_compare_numbers(PG_GETARG_DATUM(1), PG_GETARG_DATUM(2), &order);

	return count_row(fcinfo, has_both, order);
}

/* Combine two share states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_share_state_combine);
Datum
kpi_share_state_combine(PG_FUNCTION_ARGS)
{
	KpiShareState *state;
	const KpiShareState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiShareState));
	other = (const KpiShareState *) PG_GETARG_POINTER(1);
	check_same_direction(state->direction == other->direction);
	add_count(&state->rows, other->rows);
	add_count(&state->met, other->met);
	PG_RETURN_POINTER(state);
}

/* attained_share(share_state): rows that meet their target / rows, exact. */
PG_FUNCTION_INFO_V1(kpi_share_state_share_numeric);
Datum
kpi_share_state_share_numeric(PG_FUNCTION_ARGS)
{
	const KpiShareState *state = (const KpiShareState *) PG_GETARG_POINTER(0);

	if (state->rows == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_div(int64_to_numeric(state->met), int64_to_numeric(state->rows)));
}

/* attained_share_float8(share_state): the same as float8. */
PG_FUNCTION_INFO_V1(kpi_share_state_share_float8);
Datum
kpi_share_state_share_float8(PG_FUNCTION_ARGS)
{
	const KpiShareState *state = (const KpiShareState *) PG_GETARG_POINTER(0);

	if (state->rows == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) state->met / (double) state->rows);
}

/* Whether an aggregate could have counted so. */
static bool
accept_share(void *value)
{
	const KpiShareState *state = value;

	return state->direction < kpi_direction_words.count && state->met <= state->rows;
}

static const KpiLayout share_layout = {
	.type = "kpi.share_state",
	.size = sizeof(KpiShareState),
	.field = {
		KPI_FIELD(VERSION, KpiShareState, version),
		KPI_FIELD(BYTE, KpiShareState, direction),
		KPI_FIELD(COUNT, KpiShareState, met),
		KPI_FIELD(COUNT, KpiShareState, rows)
	},
	.accept = accept_share
};

KPI_STATE_FORMS(kpi_share_state, share_layout)
