/*-------------------------------------------------------------------------
 *
 * weighted_score.c
 *	  The weighted mean of scores, and how much of the weight had a score.
 *
 *	score		sum(w s) / sum(w) over the rows that have a score
 *	coverage	sum(w) over the rows that have a score / sum(w) over all rows
 *
 * missing says what rows without a score do: renormalize leaves them out,
 * zero counts them as 0, null leaves no score if there is any, target counts
 * them as 100, for forecasts.  min_coverage leaves no score where the coverage
 * is below it.
 *
 * A row with NULL weight is informational and not counted.  Weight 0 counts
 * for nothing.  A NaN or infinite score is a missing one; a negative, NaN or
 * infinite weight is an error.
 *
 * NULL rule: the score is NULL where the coverage is 0, below min_coverage,
 * or short of 1 under missing "null"; score and coverage are NULL where no row
 * has a positive weight.
 *
 * State: float8 sums are compensated and products split exactly, in 64 bytes,
 * so that equal scores give that score under any weights; numeric sums are
 * exact, in KpiExactState with the slots below.  Over a moving frame numeric
 * rows are taken out again, exactly; where a row leaves that alone had the
 * most decimals, the frame is summed anew, so that frames show what groups do.
 * float8 rows are not taken out: that would not be exact.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "base/exactsum.h"
#include "base/layout.h"
#include "base/scalar.h"
#include "base/state.h"
#include "base/twosum.h"
#include "base/words.h"
#include "utils/builtins.h"
#include "utils/float.h"

/* Flags of both states. */
#define HAS_MIN_COVERAGE 0x01

/* Sums of both states. */
#define POINTS 0				/* weight * score of the rows with a score */
#define PRESENT 1				/* weight of the rows with a score */
#define ABSENT 2				/* weight of the rows without */

/* Numbers of the numeric state. */
#define ROWS 0					/* rows with a weight */
#define MIN_COVERAGE 1			/* in units of 10^-16 */

/* Score that the policy target gives a row without one. */
#define TARGET_SCORE 100

#define COVERAGE_UNIT INT64CONST(10000000000000000)

typedef struct KpiWeightedState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		policy;			/* KpiMissing */
	uint8		flags;
	uint8		unused[5];
	double		min_coverage;
	KpiSum		sum[3];			/* POINTS, PRESENT, ABSENT */
} KpiWeightedState;

StaticAssertDecl(sizeof(KpiWeightedState) == 64, "weighted_state is declared with 64 bytes");

/* The missing policy of a row; renormalize where none is given. */
static KpiMissing
missing_argument(FunctionCallInfo fcinfo)
{
	if (PG_NARGS() <= 3 || PG_ARGISNULL(3))
		return KPI_RENORMALIZE;
	return kpi_check_word(&kpi_missing_words, PG_GETARG_TEXT_PP(3));
}

/* Parameters belong to the group, not to its rows. */
static void
check_same_parameters(bool same)
{
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("missing and min_coverage differ between the rows of one group"),
				 errhint("Pass the same missing and min_coverage for all rows that are scored together.")));
}

/* The parameters of a row: set by the first one, the same ever after. */
static void
take_parameters(FunctionCallInfo fcinfo, KpiWeightedState *state)
{
	KpiMissing	policy = missing_argument(fcinfo);
	bool		has_minimum = PG_NARGS() > 4 && !PG_ARGISNULL(4);
	double		minimum = has_minimum ? kpi_check_coverage(PG_GETARG_FLOAT8(4)) : 0;
	uint8		flags = has_minimum ? HAS_MIN_COVERAGE : 0;

	if (PG_ARGISNULL(0))
	{
		state->policy = policy;
		state->flags = flags;
		state->min_coverage = minimum;
	}
	else
		check_same_parameters(state->policy == policy && state->flags == flags &&
							  state->min_coverage == minimum);
}

/* Transition of the float8 aggregates. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_accum);
Datum
kpi_weighted_state_accum(PG_FUNCTION_ARGS)
{
	KpiWeightedState *state = kpi_writable_fixed(fcinfo, sizeof(KpiWeightedState));
	double		weight;
	double		score;

	if (PG_NARGS() > 3)
		take_parameters(fcinfo, state);
	if (PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	weight = kpi_check_weight(PG_GETARG_FLOAT8(2));
	score = PG_ARGISNULL(1) ? get_float8_nan() : PG_GETARG_FLOAT8(1);
	if (likely(kpi_is_number(score)))
	{
		kpi_sum_add_product(&state->sum[POINTS], score, weight);
		kpi_sum_add(&state->sum[PRESENT], weight);
		if (unlikely(!kpi_is_number(state->sum[POINTS].hi) ||
					 !kpi_is_number(state->sum[PRESENT].hi)))
			float_overflow_error();
	}
	else
	{
		kpi_sum_add(&state->sum[ABSENT], weight);
		if (!kpi_is_number(state->sum[ABSENT].hi))
			float_overflow_error();
	}
	PG_RETURN_POINTER(state);
}

/* Combine two float8 states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_combine);
Datum
kpi_weighted_state_combine(PG_FUNCTION_ARGS)
{
	KpiWeightedState *state;
	const KpiWeightedState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	other = (const KpiWeightedState *) PG_GETARG_POINTER(1);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiWeightedState));
	check_same_parameters(state->policy == other->policy && state->flags == other->flags &&
						  state->min_coverage == other->min_coverage);
	for (int i = POINTS; i <= ABSENT; i++)
	{
		kpi_sum_add_sum(&state->sum[i], &other->sum[i]);
		if (!kpi_is_number(state->sum[i].hi))
			float_overflow_error();
	}
	PG_RETURN_POINTER(state);
}

/* Present weight / total weight; false where no weight is positive. */
static bool
float8_coverage(const KpiWeightedState *state, double *coverage)
{
	KpiSum		total = state->sum[PRESENT];

	kpi_sum_add_sum(&total, &state->sum[ABSENT]);
	if (kpi_sum_value(total) <= 0)
		return false;
	*coverage = kpi_sum_quotient(state->sum[PRESENT], total);
	return true;
}

/* weighted_score(weighted_state): the score by the rules above. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_score);
Datum
kpi_weighted_state_score(PG_FUNCTION_ARGS)
{
	const KpiWeightedState *state = (const KpiWeightedState *) PG_GETARG_POINTER(0);
	KpiSum		points = state->sum[POINTS];
	KpiSum		weight = state->sum[PRESENT];
	double		coverage;

	if (!float8_coverage(state, &coverage) || kpi_sum_value(weight) <= 0)
		PG_RETURN_NULL();
	if ((state->flags & HAS_MIN_COVERAGE) && coverage < state->min_coverage)
		PG_RETURN_NULL();
	if (state->policy == KPI_MISSING_NULL && kpi_sum_value(state->sum[ABSENT]) > 0)
		PG_RETURN_NULL();
	if (state->policy == KPI_MISSING_ZERO || state->policy == KPI_MISSING_TARGET)
		kpi_sum_add_sum(&weight, &state->sum[ABSENT]);
	if (state->policy == KPI_MISSING_TARGET)
	{
		kpi_sum_add_product(&points, state->sum[ABSENT].hi, TARGET_SCORE);
		points.lo += state->sum[ABSENT].lo * TARGET_SCORE;
	}
	return kpi_float8_or_null(fcinfo, kpi_sum_quotient(points, weight));
}

/* weighted_coverage(weighted_state): present weight / total weight. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_coverage);
Datum
kpi_weighted_state_coverage(PG_FUNCTION_ARGS)
{
	double		coverage;

	if (!float8_coverage((const KpiWeightedState *) PG_GETARG_POINTER(0), &coverage))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(coverage);
}

/* Whether an aggregate could have these parameters and sums. */
static bool
accept_float8(void *value)
{
	const KpiWeightedState *state = value;

	if (kpi_sum_value(state->sum[PRESENT]) < 0 || kpi_sum_value(state->sum[ABSENT]) < 0 ||
		(state->flags == 0 && state->min_coverage != 0))
		return false;
	return state->policy < kpi_missing_words.count && state->flags <= HAS_MIN_COVERAGE &&
		state->min_coverage >= 0 && state->min_coverage <= 1;
}

static const KpiLayout float8_layout = {
	.type = "kpi.weighted_state",
	.size = sizeof(KpiWeightedState),
	.field = {
		KPI_FIELD(VERSION, KpiWeightedState, version),
		KPI_FIELD(BYTE, KpiWeightedState, policy),
		KPI_FIELD(BYTE, KpiWeightedState, flags),
		KPI_FIELD(DOUBLE, KpiWeightedState, min_coverage),
		KPI_FIELD(DOUBLE, KpiWeightedState, sum)
	},
	.accept = accept_float8
};

KPI_STATE_FORMS(kpi_weighted_state, float8_layout)

/* A minimum coverage in units of 10^-16, so that it compares exactly. */
static int64
coverage_units(Numeric minimum)
{
	Numeric		unit = int64_to_numeric(COVERAGE_UNIT);

	if (!kpi_is_numeric_number(minimum))
		kpi_check_coverage(get_float8_nan());
	kpi_check_coverage(kpi_numeric_to_double(minimum));
	return DatumGetInt64(DirectFunctionCall1(numeric_int8,
											 NumericGetDatum(kpi_numeric_mul(minimum, unit))));
}

/* The parameters of a row: set by the first one, the same ever after. */
static void
take_numeric_parameters(FunctionCallInfo fcinfo, KpiExactState *state)
{
	KpiMissing	policy = missing_argument(fcinfo);
	bool		has_minimum = PG_NARGS() > 4 && !PG_ARGISNULL(4);
	int64		minimum = has_minimum ? coverage_units(PG_GETARG_NUMERIC(4)) : 0;
	uint8		flags = has_minimum ? HAS_MIN_COVERAGE : 0;

	if (PG_ARGISNULL(0))
	{
		state->policy = policy;
		state->flags = flags;
		state->number[MIN_COVERAGE] = minimum;
	}
	else
		check_same_parameters(state->policy == policy && state->flags == flags &&
							  state->number[MIN_COVERAGE] == minimum);
}

/* A row of the numeric aggregates. */
typedef struct KpiWeightedRow
{
	KpiFactor	weight;
	KpiFactor	score;			/* KPI_NOT_A_NUMBER if missing */
} KpiWeightedRow;

/* Read a row that has a weight; the weight is not checked. */
static inline void
read_row(FunctionCallInfo fcinfo, KpiWeightedRow *row)
{
	row->score.decoded = KPI_NOT_A_NUMBER;
	kpi_read_factor(PG_GETARG_DATUM(2), &row->weight);
	if (!PG_ARGISNULL(1))
		kpi_read_factor(PG_GETARG_DATUM(1), &row->score);
}

/* Add a row to the sums. */
static inline KpiExactState *
add_row(KpiExactState *state, const KpiWeightedRow *row)
{
	if (unlikely(row->score.decoded == KPI_NOT_A_NUMBER))
		return kpi_exact_add_factor(state, ABSENT, &row->weight);
	state = kpi_exact_add_product(state, POINTS, &row->score, &row->weight);
	return kpi_exact_add_factor(state, PRESENT, &row->weight);
}

/* Decimals that the product of a row is shown with. */
static inline int
product_dscale(const KpiWeightedRow *row)
{
	return Min(row->score.dscale + row->weight.dscale,
			   KPI_NUMERIC_LONG_DSCALE_MASK);
}

/* Take the row of the arguments into a numeric state. */
static Datum
accum_row(FunctionCallInfo fcinfo, KpiExactState *state)
{
	KpiWeightedRow row;

	if (PG_NARGS() > 3)
		take_numeric_parameters(fcinfo, state);
	if (PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	read_row(fcinfo, &row);
	if (unlikely(row.weight.decoded != KPI_DECODED || row.weight.value < 0))
		kpi_check_numeric_weight(DatumGetNumeric(row.weight.stored));
	state->number[ROWS]++;
	if (unlikely(state->excess & KPI_EXACT_COUNTED))
	{
		if (row.score.decoded != KPI_NOT_A_NUMBER)
		{
			kpi_exact_count(state, POINTS, product_dscale(&row));
			kpi_exact_count(state, PRESENT, row.weight.dscale);
		}
		else
			kpi_exact_count(state, ABSENT, row.weight.dscale);
	}
	PG_RETURN_POINTER(add_row(state, &row));
}

/* Transition of the numeric aggregates. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_numeric_accum);
Datum
kpi_weighted_state_numeric_accum(PG_FUNCTION_ARGS)
{
	return accum_row(fcinfo, kpi_exact_writable(fcinfo));
}

/* The same over moving frames: the state counts, so that rows can leave. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_numeric_enter);
Datum
kpi_weighted_state_numeric_enter(PG_FUNCTION_ARGS)
{
	return accum_row(fcinfo, PG_ARGISNULL(0) ? kpi_exact_make_counted() :
					 kpi_exact_writable(fcinfo));
}

/* Take a row out of the counts; false where the sums must be made anew. */
static bool
uncount_row(KpiExactState *state, const KpiWeightedRow *row)
{
	if (row->score.decoded == KPI_NOT_A_NUMBER)
		return kpi_exact_uncount(state, ABSENT, row->weight.dscale);
	return kpi_exact_uncount(state, POINTS, product_dscale(row)) &&
		kpi_exact_uncount(state, PRESENT, row->weight.dscale);
}

/* The reverse: a row leaves; NULL where the frame must be summed anew. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_numeric_leave);
Datum
kpi_weighted_state_numeric_leave(PG_FUNCTION_ARGS)
{
	KpiExactState *state;
	KpiWeightedRow row;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = kpi_exact_writable(fcinfo);
	if (PG_NARGS() > 3)
		take_numeric_parameters(fcinfo, state);
	if (PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	read_row(fcinfo, &row);
	if (row.weight.decoded == KPI_NOT_A_NUMBER || state->number[ROWS] == 0 ||
		!uncount_row(state, &row))
		PG_RETURN_NULL();
	state->number[ROWS]--;
	row.weight.value = -row.weight.value;
	if (row.weight.decoded != KPI_DECODED || row.score.decoded == KPI_WIDE)
		row.weight.stored = DirectFunctionCall1(numeric_uminus, row.weight.stored);
	PG_RETURN_POINTER(add_row(state, &row));
}

/* Combine two numeric states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_numeric_combine);
Datum
kpi_weighted_state_numeric_combine(PG_FUNCTION_ARGS)
{
	KpiExactState *state;
	KpiExactState room;
	const KpiExactState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_exact_writable(fcinfo);
	other = kpi_exact_given(PG_GETARG_DATUM(1), &room);
	check_same_parameters(state->policy == other->policy && state->flags == other->flags &&
						  state->number[MIN_COVERAGE] == other->number[MIN_COVERAGE]);
	state->number[ROWS] += other->number[ROWS];
	PG_RETURN_POINTER(kpi_exact_add_state(state, other));
}

/* Is the coverage below the minimum?  Without a division, so exactly. */
static bool
is_thin(const KpiExactState *state, Numeric present, Numeric total)
{
	Numeric		minimum;

	if (!(state->flags & HAS_MIN_COVERAGE))
		return false;
	minimum = kpi_encode_numeric(state->number[MIN_COVERAGE], KPI_EXACT_GROUPS, KPI_EXACT_SCALE);
	return kpi_numeric_cmp(present, kpi_numeric_mul(minimum, total)) < 0;
}

/* weighted_score(weighted_state_numeric): the score by the rules above. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_numeric_score);
Datum
kpi_weighted_state_numeric_score(PG_FUNCTION_ARGS)
{
	const KpiExactState *state = (const KpiExactState *) PG_GETARG_VARLENA_P(0);
	Numeric		present = kpi_exact_value(state, PRESENT);
	Numeric		absent = kpi_exact_value(state, ABSENT);
	Numeric		total = kpi_numeric_add(present, absent);
	Numeric		points;

	if (kpi_numeric_sign(present) == 0 || is_thin(state, present, total))
		PG_RETURN_NULL();
	if (state->policy == KPI_MISSING_NULL && kpi_numeric_sign(absent) > 0)
		PG_RETURN_NULL();
	points = kpi_exact_value(state, POINTS);
	if (state->policy == KPI_MISSING_TARGET)
		points = kpi_numeric_add(points, kpi_numeric_mul(absent, int64_to_numeric(TARGET_SCORE)));
	PG_RETURN_NUMERIC(kpi_numeric_div(points, state->policy == KPI_MISSING_ZERO ||
									  state->policy == KPI_MISSING_TARGET ? total : present));
}

/* weighted_coverage(weighted_state_numeric): present weight / total weight. */
PG_FUNCTION_INFO_V1(kpi_weighted_state_numeric_coverage);
Datum
kpi_weighted_state_numeric_coverage(PG_FUNCTION_ARGS)
{
	const KpiExactState *state = (const KpiExactState *) PG_GETARG_VARLENA_P(0);
	Numeric		present = kpi_exact_value(state, PRESENT);
	Numeric		total = kpi_numeric_add(present, kpi_exact_value(state, ABSENT));

	if (kpi_numeric_sign(total) == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_div(present, total));
}

/* The same for numeric. */
static bool
accept_numeric(void *value)
{
	const KpiExactState *state = value;

	for (int i = POINTS; i <= ABSENT; i++)
	{
		int			sign = kpi_numeric_sign(kpi_exact_value(state, i));

		if ((i != POINTS && sign < 0) || (state->number[ROWS] == 0 && sign != 0))
			return false;
	}
	if (state->flags == 0 && state->number[MIN_COVERAGE] != 0)
		return false;
	return state->policy < kpi_missing_words.count && state->flags <= HAS_MIN_COVERAGE &&
		state->number[MIN_COVERAGE] <= COVERAGE_UNIT;
}

static const KpiLayout numeric_layout = {
	.type = "kpi.weighted_state_numeric",
	.size = KPI_EXACT_STATE_SIZE,
	.varlena = true,
	.field = {
		KPI_EXACT_FIELDS,
		KPI_FIELD_SUMS(KPI_EXACT_SLOTS)
	},
	.accept = accept_numeric
};

KPI_STATE_FORMS(kpi_weighted_state_numeric, numeric_layout)
