/*-------------------------------------------------------------------------
 *
 * concentration.c
 *	  How concentrated a market, a customer base or a range of products is.
 *
 * With the values x of n members, such as their sales:
 *
 *	hhi					sum(x^2) / sum(x)^2, the sum of the squared shares: 1
 *						with a single member, 1 / n with n equal ones
 *						(Herfindahl-Hirschman index; in points of a per cent
 *						it is 10000 times that)
 *	hhi_normalized		(hhi - 1 / n) / (1 - 1 / n), 0 with equal members
 *	effective_number	1 / hhi, how many equal members would be as
 *						concentrated
 *
 * A member of value 0 counts in n.  A row is one member, or as many with the same
 * value as its weight says, for tables that were counted.
 *
 * NULL rule: NULL values are left out; NULL without values, where their sum is
 * 0, where a value is NaN or infinite or a float8 square is out of range, and
 * hhi_normalized of a single member.  A NULL weight leaves the row out.  A
 * negative value is an error: a share cannot be negative; so is a weight that is
 * no count.
 *
 * State: the number of members, the sum and the sum of squares; compensated
 * for float8, exact for numeric.  One division.
 *
 * A. O. Hirschman, The Paternity of an Index, American Economic Review 54
 * (1964); M. A. Adelman, Comment on the "H" Concentration Measure as a
 * Numbers-Equivalent, Review of Economics and Statistics 51 (1969).
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
#include "common/int.h"
#include "utils/float.h"

#define HAS_INVALID 0x01

/* Sums of the numeric state, and its number. */
#define TOTAL 0
#define SQUARES 1
#define MEMBERS 0

typedef struct KpiConcentrationState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		flags;
	uint8		unused[6];
	int64		members;
	KpiSum		total;
	KpiSum		squares;
} KpiConcentrationState;

StaticAssertDecl(sizeof(KpiConcentrationState) == 48, "concentration_state is declared with 48 bytes");

/* What is below 0 has no share. */
pg_noreturn static void
bad_value(const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value %s is negative, so it has no share", value),
			 errhint("Sum the rows of a member first, or leave out what is below 0 with FILTER.")));
}

/* One member more, or as many as another state has. */
static void
add_members(int64 *members, int64 more)
{
	if (pg_add_s64_overflow(*members, more, members))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of members out of range")));
}

/* How many members a row is, by argument 2 where it is given; 0 where it is left out. */
static int64
members_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(1))
		return 0;
	if (PG_NARGS() <= 2)
		return 1;
	return PG_ARGISNULL(2) ? 0 : kpi_check_count(PG_GETARG_FLOAT8(2), "weight");
}

/* Add members of a value to the float8 sums. */
static void
add_values(KpiConcentrationState *state, double value, int64 members)
{
	add_members(&state->members, members);
	if (members == 1)
	{
		kpi_sum_add(&state->total, value);
		kpi_sum_add_product(&state->squares, value, value);
	}
	else
	{
		KpiSum		one = {value, 0};
		KpiSum		many = {(double) members, 0};
		KpiSum		squares = kpi_sum_product(kpi_sum_product(one, one), many);

		kpi_sum_add_product(&state->total, value, (double) members);
		kpi_sum_add_sum(&state->squares, &squares);
	}
	if (!kpi_is_number(state->squares.hi))
		float_overflow_error();
}

/* Transition of concentration(float8, weight). */
PG_FUNCTION_INFO_V1(kpi_concentration_state_accum);
Datum
kpi_concentration_state_accum(PG_FUNCTION_ARGS)
{
	KpiConcentrationState *state = kpi_writable_fixed(fcinfo, sizeof(KpiConcentrationState));
	int64		members = members_argument(fcinfo);
	double		value;

	if (members == 0)
		PG_RETURN_POINTER(state);
	value = PG_GETARG_FLOAT8(1);
	if (value < 0)
		bad_value(float8out_internal(value));
	if (kpi_is_number(value * value))
		add_values(state, value, members);
	else
		state->flags |= HAS_INVALID;
	PG_RETURN_POINTER(state);
}

/* Combine two float8 states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_concentration_state_combine);
Datum
kpi_concentration_state_combine(PG_FUNCTION_ARGS)
{
	KpiConcentrationState *state;
	const KpiConcentrationState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiConcentrationState));
	other = (const KpiConcentrationState *) PG_GETARG_POINTER(1);
	state->flags |= other->flags;
	add_members(&state->members, other->members);
	kpi_sum_add_sum(&state->total, &other->total);
	kpi_sum_add_sum(&state->squares, &other->squares);
	if (!kpi_is_number(kpi_sum_value(state->squares)) || !kpi_is_number(kpi_sum_value(state->total)))
		float_overflow_error();
	PG_RETURN_POINTER(state);
}

/* The state of an accessor; false where there is no answer. */
static bool
read_state(const KpiConcentrationState *state, KpiSum *squares, KpiSum *squared_total)
{
	KpiSum		total = state->total;

	if (state->flags & HAS_INVALID || kpi_sum_value(total) == 0)
		return false;
	*squares = state->squares;
	*squared_total = kpi_sum_product(total, total);
	return kpi_is_number(squared_total->hi) && squares->hi > 0;
}

/* hhi(concentration_state). */
PG_FUNCTION_INFO_V1(kpi_concentration_state_hhi);
Datum
kpi_concentration_state_hhi(PG_FUNCTION_ARGS)
{
	const KpiConcentrationState *state = (const KpiConcentrationState *) PG_GETARG_POINTER(0);
	KpiSum		squares;
	KpiSum		squared_total;

	if (!read_state(state, &squares, &squared_total))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, kpi_sum_quotient(squares, squared_total));
}

/* effective_number(concentration_state). */
PG_FUNCTION_INFO_V1(kpi_concentration_state_effective);
Datum
kpi_concentration_state_effective(PG_FUNCTION_ARGS)
{
	const KpiConcentrationState *state = (const KpiConcentrationState *) PG_GETARG_POINTER(0);
	KpiSum		squares;
	KpiSum		squared_total;

	if (!read_state(state, &squares, &squared_total))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, kpi_sum_quotient(squared_total, squares));
}

/* hhi_normalized(concentration_state): (n squares - total^2) / ((n - 1) total^2). */
PG_FUNCTION_INFO_V1(kpi_concentration_state_normalized);
Datum
kpi_concentration_state_normalized(PG_FUNCTION_ARGS)
{
	const KpiConcentrationState *state = (const KpiConcentrationState *) PG_GETARG_POINTER(0);
	KpiSum		members = {(double) state->members, 0};
	KpiSum		others = {(double) (state->members - 1), 0};
	KpiSum		squares;
	KpiSum		squared_total;
	KpiSum		excess;

	if (state->members < 2 || !read_state(state, &squares, &squared_total))
		PG_RETURN_NULL();
	excess = kpi_sum_difference(kpi_sum_product(members, squares), squared_total);
	/* equal members have no excess but for the last bits of its two terms */
	return kpi_float8_or_null(fcinfo, Max(kpi_sum_quotient(excess, kpi_sum_product(others, squared_total)), 0));
}

/* Whether an aggregate could have these sums. */
static bool
accept_float8(void *value)
{
	const KpiConcentrationState *state = value;

	if (state->flags & ~HAS_INVALID)
		return false;
	if (state->members == 0)
		return state->total.hi == 0 && state->total.lo == 0 &&
			state->squares.hi == 0 && state->squares.lo == 0;
	return kpi_sum_value(state->total) >= 0 && kpi_sum_value(state->squares) >= 0;
}

static const KpiLayout float8_layout = {
	.type = "kpi.concentration_state",
	.size = sizeof(KpiConcentrationState),
	.field = {
		KPI_FIELD(VERSION, KpiConcentrationState, version),
		KPI_FIELD(BYTE, KpiConcentrationState, flags),
		KPI_FIELD(COUNT, KpiConcentrationState, members),
		KPI_FIELD(DOUBLE, KpiConcentrationState, total),
		KPI_FIELD(DOUBLE, KpiConcentrationState, squares)
	},
	.accept = accept_float8
};

KPI_STATE_FORMS(kpi_concentration_state, float8_layout)

/* Add members of a value to the exact sums. */
static KpiExactState *
add_numeric_values(KpiExactState *state, Numeric value, const KpiFactor *factor, int64 members)
{
	Numeric		count;
	KpiFactor	many;
	KpiFactor	all;

	add_members(&state->number[MEMBERS], members);
	if (members == 1)
	{
		state = kpi_exact_add_factor(state, TOTAL, factor);
		return kpi_exact_add_product(state, SQUARES, factor, factor);
	}
	count = int64_to_numeric(members);
	kpi_read_factor(NumericGetDatum(count), &many);
	kpi_read_factor(NumericGetDatum(kpi_numeric_mul(value, count)), &all);
	state = kpi_exact_add_product(state, TOTAL, factor, &many);
	return kpi_exact_add_product(state, SQUARES, factor, &all);
}

/* Transition of concentration(numeric, weight). */
PG_FUNCTION_INFO_V1(kpi_concentration_state_numeric_accum);
Datum
kpi_concentration_state_numeric_accum(PG_FUNCTION_ARGS)
{
	KpiExactState *state = kpi_exact_writable(fcinfo);
	int64		members = members_argument(fcinfo);
	KpiFactor	factor;

	if (members == 0)
		PG_RETURN_POINTER(state);
	kpi_read_factor(PG_GETARG_DATUM(1), &factor);
	if (factor.decoded == KPI_NOT_A_NUMBER)
	{
		if (kpi_numeric_sign(PG_GETARG_NUMERIC(1)) < 0)
			bad_value(kpi_numeric_text(PG_GETARG_NUMERIC(1)));
		state->flags |= HAS_INVALID;
		PG_RETURN_POINTER(state);
	}
	if (factor.decoded == KPI_DECODED ? factor.value < 0 : kpi_numeric_sign(PG_GETARG_NUMERIC(1)) < 0)
		bad_value(kpi_numeric_text(PG_GETARG_NUMERIC(1)));
	PG_RETURN_POINTER(add_numeric_values(state, PG_GETARG_NUMERIC(1), &factor, members));
}

/* Combine two numeric states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_concentration_state_numeric_combine);
Datum
kpi_concentration_state_numeric_combine(PG_FUNCTION_ARGS)
{
	KpiExactState *state;
	KpiExactState room;
	const KpiExactState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_exact_writable(fcinfo);
	other = kpi_exact_given(PG_GETARG_DATUM(1), &room);
	state->flags |= other->flags;
	add_members(&state->number[MEMBERS], other->number[MEMBERS]);
	PG_RETURN_POINTER(kpi_exact_add_state(state, other));
}

/* The state of an accessor; false where there is no answer. */
static bool
read_numeric_state(const KpiExactState *state, Numeric *squares, Numeric *squared_total)
{
	Numeric		total = kpi_exact_value(state, TOTAL);

	if (state->flags & HAS_INVALID || kpi_numeric_sign(total) == 0)
		return false;
	*squares = kpi_exact_value(state, SQUARES);
	*squared_total = kpi_numeric_mul(total, total);
	return true;
}

/* hhi(concentration_state_numeric). */
PG_FUNCTION_INFO_V1(kpi_concentration_state_numeric_hhi);
Datum
kpi_concentration_state_numeric_hhi(PG_FUNCTION_ARGS)
{
	Numeric		squares;
	Numeric		squared_total;

	if (!read_numeric_state((const KpiExactState *) PG_GETARG_VARLENA_P(0), &squares, &squared_total))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_div(squares, squared_total));
}

/* effective_number(concentration_state_numeric). */
PG_FUNCTION_INFO_V1(kpi_concentration_state_numeric_effective);
Datum
kpi_concentration_state_numeric_effective(PG_FUNCTION_ARGS)
{
	Numeric		squares;
	Numeric		squared_total;

	if (!read_numeric_state((const KpiExactState *) PG_GETARG_VARLENA_P(0), &squares, &squared_total))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_div(squared_total, squares));
}

/* hhi_normalized(concentration_state_numeric). */
PG_FUNCTION_INFO_V1(kpi_concentration_state_numeric_normalized);
Datum
kpi_concentration_state_numeric_normalized(PG_FUNCTION_ARGS)
{
	const KpiExactState *state = (const KpiExactState *) PG_GETARG_VARLENA_P(0);
	int64		members = state->number[MEMBERS];
	Numeric		squares;
	Numeric		squared_total;
	Numeric		excess;

	if (members < 2 || !read_numeric_state(state, &squares, &squared_total))
		PG_RETURN_NULL();
	excess = kpi_numeric_sub(kpi_numeric_mul(int64_to_numeric(members), squares), squared_total);
	PG_RETURN_NUMERIC(kpi_numeric_div(excess,
									  kpi_numeric_mul(int64_to_numeric(members - 1), squared_total)));
}

/* Whether an aggregate could have these sums. */
static bool
accept_numeric(void *value)
{
	const KpiExactState *state = value;

	if (state->flags & ~HAS_INVALID || state->policy != 0 || state->number[1] != 0)
		return false;
	for (int i = TOTAL; i <= SQUARES; i++)
	{
		int			sign = kpi_numeric_sign(kpi_exact_value(state, i));

		if (sign < 0 || (sign > 0 && state->number[MEMBERS] == 0))
			return false;
	}
	/* one is positive where the other is */
	return kpi_numeric_sign(kpi_exact_value(state, TOTAL)) == kpi_numeric_sign(kpi_exact_value(state, SQUARES));
}

static const KpiLayout numeric_layout = {
	.type = "kpi.concentration_state_numeric",
	.size = KPI_EXACT_STATE_SIZE,
	.varlena = true,
	.field = {
		KPI_EXACT_FIELDS,
		KPI_FIELD_SUMS(2)
	},
	.accept = accept_numeric
};

KPI_STATE_FORMS(kpi_concentration_state_numeric, numeric_layout)
