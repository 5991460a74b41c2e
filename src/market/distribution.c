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
 * State: the different values with the sums of their weights, a bag.  A state
 * in any order gives the same bits.
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
#include "base/state.h"
#include "base/twosum.h"
#include "utils/float.h"

#define HAS_INVALID 0x01

#define INITIAL_LEVELS 20
#define MAX_LEVELS ((int) ((MaxAllocSize - offsetof(KpiDistributionState, level)) / sizeof(Level)))

/* Members of the same value. */
typedef struct Level
{
	double		value;
	double		weight;
} Level;

typedef struct KpiDistributionState
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		flags;
	uint8		unused[2];
	int32		count;
	int32		sorted;
	Level		level[FLEXIBLE_ARRAY_MEMBER];
} KpiDistributionState;

pg_noreturn static void too_many_levels(void);

#define BAG_PREFIX levels
#define BAG_STATE KpiDistributionState
#define BAG_ENTRY Level
#define BAG_ENTRIES level
#define BAG_COMPARE(a, b, width) (((a)->value > (b)->value) - ((a)->value < (b)->value))
#define BAG_WEIGHT(a, width) (a)->weight
#define BAG_MAX(state) MAX_LEVELS
#define BAG_FULL(state) too_many_levels()
#define BAG_INSERT 48
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_levels(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than %d different values in one distribution", MAX_LEVELS),
			 errhint("Round the values, or take a sample of the members.")));
}

/* The state in argument 0, to be written; a new one for NULL. */
static KpiDistributionState *
writable_state(FunctionCallInfo fcinfo)
{
	static const KpiDistributionState empty = {.version = KPI_STATE_VERSION};
	KpiDistributionState *state = kpi_writable_varlena(fcinfo);

	return state != NULL ? state : levels_copy(&empty, INITIAL_LEVELS);
}

/* The state in argument 0, to be read: in order, a value once, its weight rounded once. */
static const KpiDistributionState *
read_levels(FunctionCallInfo fcinfo)
{
	KpiDistributionState *copy = levels_packed((const KpiDistributionState *) PG_GETARG_VARLENA_P(0));

	copy->count = levels_round_weights(copy->level, copy->count, 1);
	return copy;
}

/* What is below 0 has no share. */
pg_noreturn static void
bad_value(double value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value %s is negative, so it has no share", float8out_internal(value)),
			 errhint("Sum the rows of a member first, or leave out what is below 0 with FILTER.")));
}

/* distribution_state_accum(state, value, weight): a weight of 0 is no member. */
PG_FUNCTION_INFO_V1(kpi_distribution_state_accum);
Datum
kpi_distribution_state_accum(PG_FUNCTION_ARGS)
{
	KpiDistributionState *state = writable_state(fcinfo);
	Level		level = {0, 1};

	if (PG_ARGISNULL(1) || (PG_NARGS() > 2 && PG_ARGISNULL(2)))
		PG_RETURN_POINTER(state);
	level.value = PG_GETARG_FLOAT8(1) + 0.0;
	if (PG_NARGS() > 2)
		level.weight = kpi_check_weight(PG_GETARG_FLOAT8(2));
	if (level.value < 0)
		bad_value(level.value);
	if (!kpi_is_number(level.value))
		state->flags |= HAS_INVALID;
	else if (level.weight > 0)
		state = levels_put(state, &level);
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
	state = writable_state(fcinfo);
	other = (const KpiDistributionState *) PG_GETARG_VARLENA_P(1);
	state->flags |= other->flags;
	PG_RETURN_POINTER(levels_absorb(state, other));
}

/* distribution_state_final(state): as it is stored, in order. */
PG_FUNCTION_INFO_V1(kpi_distribution_state_final);
Datum
kpi_distribution_state_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(levels_packed((const KpiDistributionState *) PG_GETARG_VARLENA_P(0)));
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
		const Level *level = &state->level[i];

		CHECK_FOR_INTERRUPTS();
		kpi_sum_add(&totals->members, level->weight);
		kpi_sum_add_product(&totals->sum, level->weight, level->value);
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
		const Level *level = &state->level[i];
		KpiSum		held = {0, 0};
		KpiSum		place = before; /* W, then 2 W + w - n */
		KpiSum		product;

		CHECK_FOR_INTERRUPTS();
		kpi_sum_add(&before, level->weight);
		kpi_sum_add_sum(&place, &before);
		place = kpi_sum_difference(place, totals->members);
		kpi_sum_add_product(&held, level->weight, level->value);
		product = kpi_sum_product(held, place);
		kpi_sum_add_sum(&spread, &product);
	}
	return kpi_sum_quotient(spread, kpi_sum_product(totals->members, totals->sum));
}

/* gini(state, corrected), and the final function of gini. */
PG_FUNCTION_INFO_V1(kpi_distribution_state_gini);
Datum
kpi_distribution_state_gini(PG_FUNCTION_ARGS)
{
	const KpiDistributionState *state = read_levels(fcinfo);
	bool		corrected = PG_NARGS() > 1 && PG_GETARG_BOOL(1);
	double		members;
	double		result;
	Totals		totals;

	if (!sum_up(state, &totals))
		PG_RETURN_NULL();
	members = kpi_sum_value(totals.members);
	if (corrected && members <= 1)
		PG_RETURN_NULL();
	/* no rounding leads below that of equal values; NaN is beyond float8 */
	result = gini(state, &totals);
	if (result < 0)
		result = 0;
	return kpi_float8_or_null(fcinfo, corrected ? result * members / (members - 1) : result);
}

/* top_share(state, share): what the largest share of the members holds. */
PG_FUNCTION_INFO_V1(kpi_distribution_state_top_share);
Datum
kpi_distribution_state_top_share(PG_FUNCTION_ARGS)
{
	const KpiDistributionState *state = read_levels(fcinfo);
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
		double		weight = Min(state->level[i].weight, left);

		CHECK_FOR_INTERRUPTS();
		kpi_sum_add_product(&held, state->level[i].value, weight);
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
		if (state->level[i].value < 0 || !(state->level[i].weight > 0) ||
			(i > 0 && state->level[i - 1].value > state->level[i].value))
			return false;
	}
	levels_tidy(state);
	return (state->flags & ~HAS_INVALID) == 0;
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return levels_ordered((const KpiDistributionState *) PG_DETOAST_DATUM(datum));
}

static const KpiLayout layout = {
	.type = "kpi.distribution_state",
	.size = offsetof(KpiDistributionState, level),
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
