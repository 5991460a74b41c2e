/*-------------------------------------------------------------------------
 *
 * funnel_totals.c
 *	  How many entities reach each step of a funnel, and how soon.
 *
 * A row is an entity: the times of its steps, as window_funnel_times gives them,
 * or its level, or as many entities of a level as a weight says.
 * With a window and the time up to which rows are known, entities whose window
 * is not over then are immature: they are counted apart, whatever they have
 * reached, for those that need longer would be missing among them.
 *
 *	step_rate		reached / reached the step before, with its Wilson interval
 *	overall_rate	reached / reached the first step
 *	median_time		from the step before, the mean of the two in the middle;
 *					of those whose times are known
 *
 * State: a bag (base/bag.h) of steps and times from the step before, each with
 * the number of entities.
 *
 * NULL rule: a NULL or empty array, or level, is an entity that did not enter; a
 * NULL weight is none.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/layout.h"
#include "base/state.h"
#include "catalog/pg_type.h"
#include "common/int.h"
#include "customer/entities.h"
#include "customer/funnel.h"
#include "funcapi.h"
#include "math/quantile.h"
#include "math/wilson.h"
#include "utils/array.h"
#include "utils/timestamp.h"

typedef struct Reached
{
	int64		step;			/* from 1 on */
	int64		gap;			/* from the step before, 0 for the first; or
								 * UNKNOWN */
	int64		entities;
} Reached;

typedef struct KpiFunnelTotals
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[3];
	int32		count;
	int32		sorted;
	int64		immature;
	Reached		reached[FLEXIBLE_ARRAY_MEMBER];
} KpiFunnelTotals;

#define UNKNOWN PG_INT64_MIN
#define INITIAL_REACHED 16
#define MAX_REACHED ((int) ((MaxAllocSize - offsetof(KpiFunnelTotals, reached)) / sizeof(Reached)))

pg_noreturn static void too_many_times(void);

/* The order of what was reached: by step, then by time. */
static inline int
compare_reached(const Reached *a, const Reached *b)
{
	if (a->step != b->step)
		return a->step < b->step ? -1 : 1;
	return (a->gap > b->gap) - (a->gap < b->gap);
}

#define BAG_PREFIX reached
#define BAG_STATE KpiFunnelTotals
#define BAG_ENTRY Reached
#define BAG_ENTRIES reached
#define BAG_COMPARE(a, b, width) compare_reached(a, b)
#define BAG_MERGE(a, b) kpi_add_entities(&(a)->entities, (b)->entities)
#define BAG_MAX(state) MAX_REACHED
#define BAG_FULL(state) too_many_times()
#define BAG_INSERT 48
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_times(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than %d different times between steps", MAX_REACHED),
			 errhint("Truncate the times, to minutes for example.")));
}

/* The state in argument 0, to be written; a new one for NULL. */
static KpiFunnelTotals *
writable_state(FunctionCallInfo fcinfo)
{
	static const KpiFunnelTotals empty = {.version = KPI_STATE_VERSION};
	KpiFunnelTotals *state = kpi_writable_varlena(fcinfo);

	return state != NULL ? state : reached_copy(&empty, INITIAL_REACHED);
}

/* The times in argument 1; how many. */
static int
read_times(FunctionCallInfo fcinfo, const int64 **time)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	int			count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (ARR_NDIM(array) > 1 || count > KPI_MAX_STEPS || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the times of steps are no list of at most %d times", KPI_MAX_STEPS),
				 errhint("Pass what window_funnel_times() or funnel_times() gives.")));
	*time = (const int64 *) ((char *) array + ARR_OVERHEAD_NONULLS(ARR_NDIM(array)));
	return count;
}

/* Whether the window of an entity is over at as_of; yes where neither is given. */
static bool
is_mature(FunctionCallInfo fcinfo, int64 entered)
{
	int64		end;

	if (PG_NARGS() == 2)
		return true;
	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is null", PG_ARGISNULL(2) ? "window" : "as_of"),
				 errhint("Pass the window of the funnel and the time up to which rows are known.")));
	return !pg_add_s64_overflow(entered, kpi_funnel_length(PG_GETARG_INTERVAL_P(2), "window"), &end) &&
		end <= PG_GETARG_TIMESTAMP(3);
}

/* Transition of funnel_totals(times, window, as_of). */
PG_FUNCTION_INFO_V1(kpi_funnel_totals_accum);
Datum
kpi_funnel_totals_accum(PG_FUNCTION_ARGS)
{
	KpiFunnelTotals *state = writable_state(fcinfo);
	const int64 *time;
	int			count;

	if (PG_ARGISNULL(1))
		PG_RETURN_POINTER(state);
	count = read_times(fcinfo, &time);
	if (count > 0 && !is_mature(fcinfo, time[0]))
	{
		state->immature++;
		PG_RETURN_POINTER(state);
	}
	for (int i = 0; i < count; i++)
	{
		Reached		reached = {i + 1, 0, 1};

		if (i > 0 && pg_sub_s64_overflow(time[i], time[i - 1], &reached.gap))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("interval out of range")));
		state = reached_put(state, &reached);
	}
	PG_RETURN_POINTER(state);
}

/* The level in argument 1. */
static int
level_argument(FunctionCallInfo fcinfo)
{
	int			level = kpi_check_whole(PG_GETARG_FLOAT8(1), "level");

	if (level < 0 || level > KPI_MAX_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("level %d is not between 0 and %d", level, KPI_MAX_STEPS),
				 errhint("Pass what window_funnel() or funnel_level() gives.")));
	return level;
}

/* Transition of funnel_totals(level, weight). */
PG_FUNCTION_INFO_V1(kpi_funnel_totals_accum_level);
Datum
kpi_funnel_totals_accum_level(PG_FUNCTION_ARGS)
{
	KpiFunnelTotals *state = writable_state(fcinfo);
	int64		weight = 1;
	int			level;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 2 && PG_ARGISNULL(2)))
		PG_RETURN_POINTER(state);
	if (PG_NARGS() > 2)
		weight = kpi_check_count(PG_GETARG_FLOAT8(2), "weight");
	level = level_argument(fcinfo);
	for (int step = 1; step <= level && weight > 0; step++)
	{
		Reached		reached = {step, step == 1 ? 0 : UNKNOWN, weight};

		state = reached_put(state, &reached);
	}
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_funnel_totals_combine);
Datum
kpi_funnel_totals_combine(PG_FUNCTION_ARGS)
{
	KpiFunnelTotals *state;
	const KpiFunnelTotals *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = writable_state(fcinfo);
	other = (const KpiFunnelTotals *) PG_GETARG_VARLENA_P(1);
	kpi_add_entities(&state->immature, other->immature);
	PG_RETURN_POINTER(reached_absorb(state, other));
}

/* Final function of funnel_totals: in order, without spare room. */
PG_FUNCTION_INFO_V1(kpi_funnel_totals_done);
Datum
kpi_funnel_totals_done(PG_FUNCTION_ARGS)
{
	const KpiFunnelTotals *state = (const KpiFunnelTotals *) PG_GETARG_VARLENA_P(0);
	KpiFunnelTotals *copy = reached_copy(state, state->count);

	reached_tidy(copy);
	SET_VARSIZE(copy, offsetof(KpiFunnelTotals, reached) + sizeof(Reached) * copy->count);
	PG_RETURN_POINTER(copy);
}

/* The time of the entity with a number, counted from 0, among those of a step. */
static int64
time_at(const Reached *reached, int64 number)
{
	for (; number >= reached->entities; reached++)
		number -= reached->entities;
	return reached->gap;
}

/* A row of the table: a step and who reached it. */
static void
put_row(ReturnSetInfo *result, int step, double reached, double before, double first,
		const Interval *median, double immature, double z)
{
	KpiEstimate rate = {NAN, NAN, NAN, NAN};
	Datum		value[8];
	bool		isnull[8] = {false};

	if (before > 0)
		rate = kpi_wilson(reached, before, z);
	value[0] = Int32GetDatum(step);
	value[1] = Float8GetDatum(reached);
	value[2] = Float8GetDatum(rate.estimate);
	value[3] = Float8GetDatum(rate.lower);
	value[4] = Float8GetDatum(rate.upper);
	value[5] = Float8GetDatum(reached / first);
	value[6] = IntervalPGetDatum(median);
	value[7] = Float8GetDatum(immature);
	isnull[2] = isnull[3] = isnull[4] = !(before > 0);
	isnull[5] = !(first > 0);
	isnull[6] = median == NULL;
	tuplestore_putvalues(result->setResult, result->setDesc, value, isnull);
}

/* Half of the sum of two times, as days and the rest. */
static Interval
middle_time(int64 a, int64 b)
{
	int64		middle = a + (b - a) / 2;
	Interval	interval = {middle % USECS_PER_DAY, (int32) (middle / USECS_PER_DAY), 0};

	return interval;
}

/* The entities of one step from a place on, which moves behind them; the median of their times. */
static int64
read_step(const KpiFunnelTotals *totals, int step, int *at, Interval *median, bool *has_median)
{
	const Reached *timed;
	int64		entities = 0;
	int64		unknown = 0;

	/* what is not known comes first */
	if (*at < totals->count && totals->reached[*at].step == step && totals->reached[*at].gap == UNKNOWN)
		unknown = totals->reached[(*at)++].entities;
	timed = &totals->reached[*at];
	for (; *at < totals->count && totals->reached[*at].step == step; (*at)++)
		entities += totals->reached[*at].entities;
	*has_median = step > 1 && entities > 0;
	if (*has_median)
		*median = middle_time(time_at(timed, (entities - 1) / 2), time_at(timed, entities / 2));
	return unknown + entities;
}

/* The rows of the table; steps that nobody reached as well. */
static void
put_rows(ReturnSetInfo *result, const KpiFunnelTotals *totals, int steps, double z)
{
	double		before = 0;
	double		first = 0;
	int			at = 0;

	for (int step = 1; step <= steps; step++)
	{
		Interval	median = {0, 0, 0};
		bool		has_median;
		double		reached = (double) read_step(totals, step, &at, &median, &has_median);

		if (step == 1)
			first = reached;
		put_row(result, step, reached, before, first, has_median ? &median : NULL, (double) totals->immature, z);
		before = reached;
	}
}

/* funnel_table(totals, steps, confidence) */
PG_FUNCTION_INFO_V1(kpi_funnel_table);
Datum
kpi_funnel_table(PG_FUNCTION_ARGS)
{
	const KpiFunnelTotals *totals;
	int			steps;
	double		z;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	totals = reached_ordered((const KpiFunnelTotals *) PG_GETARG_VARLENA_P(0));
	steps = totals->count > 0 ? (int) totals->reached[totals->count - 1].step : 1;
	if (!PG_ARGISNULL(1))
		steps = kpi_check_whole(PG_GETARG_FLOAT8(1), "steps");
	if (steps < 1 || steps > KPI_MAX_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("steps %d is not between 1 and %d", steps, KPI_MAX_STEPS),
				 errhint("Pass the number of steps of the funnel.")));
	z = kpi_normal_bound(kpi_check_confidence(PG_GETARG_FLOAT8(2)));
	put_rows((ReturnSetInfo *) fcinfo->resultinfo, totals, steps, z);
	PG_RETURN_NULL();
}

/* Whether an aggregate could produce the state: no step is reached by more than the one before. */
static bool
accept_state(void *value)
{
	KpiFunnelTotals *state = value;
	int64		before = PG_INT64_MAX;
	int64		entities = 0;
	int64		step = 1;

	if (state->immature > KPI_MAX_ENTITIES)
		return false;
	for (int i = 0; i < state->count; i++)
	{
		const Reached *reached = &state->reached[i];

		if (reached->step == step + 1)
		{
			before = entities;
			entities = 0;
			step++;
		}
		if (reached->step != step || step > KPI_MAX_STEPS || reached->entities < 1 ||
			reached->entities > KPI_MAX_ENTITIES || reached->entities > before - entities ||
			(step == 1 && reached->gap != 0) || (i > 0 && compare_reached(reached - 1, reached) >= 0))
			return false;
		entities += reached->entities;
	}
	state->sorted = state->count;
	return true;
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return reached_ordered((const KpiFunnelTotals *) PG_DETOAST_DATUM(datum));
}

static const KpiLayout layout = {
	.type = "kpi.funnel_totals_state",
	.size = offsetof(KpiFunnelTotals, reached),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiFunnelTotals, version),
		KPI_FIELD(COUNT, KpiFunnelTotals, immature)
	},
	.accept = accept_state,
	.count = offsetof(KpiFunnelTotals, count),
	.entry_size = sizeof(Reached),
	.entry = {
		KPI_FIELD(INT64, Reached, step),
		KPI_FIELD(INT64, Reached, gap),
		KPI_FIELD(COUNT, Reached, entities)
	},
	.ordered = ordered_state
};

KPI_STATE_FORMS(kpi_funnel_totals_state, layout)
