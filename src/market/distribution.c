/*-------------------------------------------------------------------------
 *
 * distribution.c
 *	  How unevenly values are spread over members: kpi.distribution_state.
 *
 * With the values x of the members in rising order, each standing for w of
 * them, W the sum of the weights before it and n the sum of all:
 *
 *	gini		sum(w x (2 W + w - n)) / (n sum(w x)), which is
 *				2 sum(i x[i]) / (n sum(x)) - (n + 1) / n for weights of 1: 0 for
 *				equal values, (n - 1) / n for one member with all;
 *				corrected: that times n / (n - 1), so that the latter is 1
 *	top_share	the share of the sum that the largest members hold: those that
 *				make the given share of n, a part of a member in proportion (the
 *				Lorenz curve from its other end)
 *
 * NULL rule: rows without a value or a weight are left out; NULL without
 * values, where they sum to 0, where one is NaN or infinite, and the corrected
 * coefficient of a single member.  A negative value is an error, as it has no
 * share; so is a negative weight.
 *
 * State: the different values with the sums of their weights, a bag.  With
 * whole weights the same bits come of any order of the rows.
 *
 * C. Gini, Variabilita e mutabilita, 1912; M. O. Lorenz, Methods of Measuring
 * the Concentration of Wealth, Publications of the American Statistical
 * Association 9 (1905); A. Deltas, The Small-Sample Bias of the Gini
 * Coefficient, Review of Economics and Statistics 85 (2003).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "base/layout.h"
#include "base/scalar.h"
#include "base/twosum.h"
#include "utils/float.h"

#define HAS_INVALID 0x01

/* Members of the same value. */
typedef struct Level
{
	double		value;
	KpiSum		weight;
} Level;

typedef struct KpiDistributionState
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		flags;
	uint8		unused[2];
	int32		count;
	int32		sorted;
	Level		entry[FLEXIBLE_ARRAY_MEMBER];
} KpiDistributionState;

#define BAG_PREFIX levels
#define BAG_STATE KpiDistributionState
#define BAG_ENTRY Level
#define BAG_COMPARE(a, b) (((a)->value > (b)->value) - ((a)->value < (b)->value))
#define BAG_MERGE(a, b) kpi_sum_add_sum(&(a)->weight, &(b)->weight)
#define BAG_NOUN "values"
#include "base/bag.h"

/* What is below 0 has no share. */
pg_noreturn static void
bad_value(double value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value %s is negative, so it has no share", float8out_internal(value)),
			 errhint("Sum the rows of a member first, or leave out what is below 0 with FILTER.")));
}

/* How many members a row stands for. */
static double
checked_weight(double weight)
{
	if (!kpi_is_number(weight) || weight < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight %s is not a finite number of at least 0", float8out_internal(weight)),
				 errhint("The weight says how many members a row stands for; a row with a NULL weight is left out.")));
	return weight;
}

/* distribution_state_accum(state, value, weight): a weight of 0 is no member. */
PG_FUNCTION_INFO_V1(kpi_distribution_state_accum);
Datum
kpi_distribution_state_accum(PG_FUNCTION_ARGS)
{
	KpiDistributionState *state = levels_writable(fcinfo);
	Level		level = {0, {1, 0}};

	if (PG_ARGISNULL(1) || (PG_NARGS() > 2 && PG_ARGISNULL(2)))
		PG_RETURN_POINTER(state);
	level.value = PG_GETARG_FLOAT8(1) + 0.0;
	if (PG_NARGS() > 2)
		level.weight.hi = checked_weight(PG_GETARG_FLOAT8(2));
	if (level.value < 0)
		bad_value(level.value);
	if (!kpi_is_number(level.value))
		state->flags |= HAS_INVALID;
	else if (level.weight.hi > 0)
		state = levels_add(state, &level);
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_distribution_state_combine);
Datum
kpi_distribution_state_combine(PG_FUNCTION_ARGS)
{
	KpiDistributionState *state;
	const KpiDistributionState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = levels_writable(fcinfo);
	other = levels_ordered(PG_GETARG_DATUM(1));
	state->flags |= other->flags;
	PG_RETURN_POINTER(levels_merge(state, other));
}

/* distribution_state_final(state): as it is stored, in order. */
PG_FUNCTION_INFO_V1(kpi_distribution_state_final);
Datum
kpi_distribution_state_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(levels_ordered(PG_GETARG_DATUM(0)));
}

/* What the answers are made of. */
typedef struct Totals
{
	KpiSum		members;		/* n */
	KpiSum		sum;			/* of w x */
} Totals;

/* The totals of a state in order; false where there is no answer. */
static bool
sum_up(const KpiDistributionState *state, Totals *totals)
{
	memset(totals, 0, sizeof(Totals));
	if (state->flags & HAS_INVALID)
		return false;
	for (int32 i = 0; i < state->count; i++)
	{
		const Level *level = &state->entry[i];
		KpiSum		value = {level->value, 0};
		KpiSum		product = kpi_sum_product(level->weight, value);

		CHECK_FOR_INTERRUPTS();
		kpi_sum_add_sum(&totals->members, &level->weight);
		kpi_sum_add_sum(&totals->sum, &product);
	}
	return kpi_is_number(totals->sum.hi) && kpi_is_number(totals->members.hi) &&
		kpi_sum_value(totals->sum) > 0;
}

/* The coefficient of a state with totals. */
static double
gini(const KpiDistributionState *state, const Totals *totals)
{
	KpiSum		before = {0, 0};
	KpiSum		spread = {0, 0};

	for (int32 i = 0; i < state->count; i++)
	{
		const Level *level = &state->entry[i];
		KpiSum		value = {level->value, 0};
		KpiSum		place = before; /* W, then 2 W + w - n */
		KpiSum		product;

		CHECK_FOR_INTERRUPTS();
		kpi_sum_add_sum(&before, &level->weight);
		kpi_sum_add_sum(&place, &before);
		place = kpi_sum_difference(place, totals->members);
		product = kpi_sum_product(kpi_sum_product(level->weight, value), place);
		kpi_sum_add_sum(&spread, &product);
	}
	return kpi_sum_quotient(spread, kpi_sum_product(totals->members, totals->sum));
}

/* gini_of(state, corrected), and the final function of gini. */
PG_FUNCTION_INFO_V1(kpi_distribution_state_gini);
Datum
kpi_distribution_state_gini(PG_FUNCTION_ARGS)
{
	const KpiDistributionState *state = levels_ordered(PG_GETARG_DATUM(0));
	bool		corrected = PG_NARGS() > 1 && PG_GETARG_BOOL(1);
	double		members;
	double		result;
	Totals		totals;

	if (!sum_up(state, &totals))
		PG_RETURN_NULL();
	members = kpi_sum_value(totals.members);
	if (corrected && members <= 1)
		PG_RETURN_NULL();
	/* no rounding leads below that of equal values */
	result = Max(gini(state, &totals), 0);
	return kpi_float8_or_null(fcinfo, corrected ? result * members / (members - 1) : result);
}

/* top_share(state, share): what the largest share of the members holds. */
PG_FUNCTION_INFO_V1(kpi_distribution_state_top_share);
Datum
kpi_distribution_state_top_share(PG_FUNCTION_ARGS)
{
	const KpiDistributionState *state = levels_ordered(PG_GETARG_DATUM(0));
	double		share = PG_GETARG_FLOAT8(1);
	KpiSum		held = {0, 0};
	double		left;
	Totals		totals;

	if (!(share >= 0 && share <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("share %s is not between 0 and 1", float8out_internal(share)),
				 errhint("Write 0.2 for the largest 20 percent of the members.")));
	if (!sum_up(state, &totals))
		PG_RETURN_NULL();
	left = share * kpi_sum_value(totals.members);
	for (int32 i = state->count - 1; i >= 0 && left > 0; i--)
	{
		double		weight = Min(kpi_sum_value(state->entry[i].weight), left);

		CHECK_FOR_INTERRUPTS();
		kpi_sum_add_product(&held, state->entry[i].value, weight);
		left -= weight;
	}
	return kpi_float8_or_null(fcinfo, Min(kpi_sum_quotient(held, totals.sum), 1));
}

/* Whether an aggregate could have this state. */
static bool
accept_state(void *value)
{
	KpiDistributionState *state = value;

	for (int32 i = 0; i < state->count; i++)
	{
		if (state->entry[i].value < 0 || !(kpi_sum_value(state->entry[i].weight) > 0))
			return false;
	}
	return (state->flags & ~HAS_INVALID) == 0 && levels_is_ordered(state);
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return levels_ordered(datum);
}

static const KpiLayout layout = {
	.type = "kpi.distribution_state",
	.size = offsetof(KpiDistributionState, entry),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiDistributionState, version),
		KPI_FIELD(BYTE, KpiDistributionState, flags)
	},
	.accept = accept_state,
	.count = offsetof(KpiDistributionState, count),
	.entry_size = sizeof(Level),
	.entry = {
		KPI_FIELD(PLAIN, Level, value),
		KPI_FIELD(DOUBLE, Level, weight)
	},
	.ordered = ordered_state
};

KPI_STATE_FORMS(kpi_distribution_state, layout)
