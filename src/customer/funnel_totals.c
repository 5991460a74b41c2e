/*-------------------------------------------------------------------------
 *
 * funnel_totals.c
 *	  How many entities reach each step of a funnel, and how soon.
 *
 * A row is an entity: the times of its steps, as window_funnel_times gives them,
 * or its level, or as many entities of a level as a weight says.
 * With times the window is told, and the time up to which rows are known:
 * entities whose window is not over then are immature. They are counted apart,
 * whatever they have reached, for those that need longer would be missing among
 * them.  Times that are numbers have a unit that nobody tells, so they count
 * without the time from the step before.
 *
 *	step_rate		reached / reached the step before, with its Wilson interval
 *	overall_rate	reached / reached the first step
 *	median_time		from the step before, the mean of the two in the middle;
 *					of those whose times are known
 *	funnel_quantile the same for another share than one half
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

/* The times in argument 1, which have 8 bytes each; how many. */
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

/* Whether the window of an entity is over at as_of, where times are numbers. */
static bool
is_over(FunctionCallInfo fcinfo, const int64 *time)
{
	double		entered;
	double		window = (double) kpi_funnel_length_of(PG_GETARG_DATUM(2), "window", true);
	double		as_of = PG_GETARG_FLOAT8(3);

	if (isnan(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of is NaN"),
				 errhint("Pass the time up to which rows are known, infinity to take all.")));
	memcpy(&entered, time, sizeof(double));
	return entered + window <= as_of;
}

/* Whether the window of an entity is over at as_of. */
static bool
is_mature(FunctionCallInfo fcinfo, const int64 *time, bool numbers)
{
	int64		end;

	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is null", PG_ARGISNULL(2) ? "window" : "as_of"),
				 errhint("Pass the window of the funnel and the time up to which rows are known.")));
	if (numbers)
		return is_over(fcinfo, time);
	return !pg_add_s64_overflow(time[0], kpi_funnel_length(PG_GETARG_INTERVAL_P(2), "window"), &end) &&
		end <= PG_GETARG_TIMESTAMP(3);
}

/* The time from the step before to a step after the first, which is counted from 0. */
static int64
time_before(const int64 *time, int step)
{
	int64		gap;

	if (time[step] < time[step - 1])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the time of step %d is before that of step %d", step + 1, step),
				 errhint("Pass what window_funnel_times() or funnel_times() gives.")));
	if (pg_sub_s64_overflow(time[step], time[step - 1], &gap))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("interval out of range")));
	return gap;
}

/* Take the entity of the times in argument 1 into the state in argument 0. */
static Datum
take_times(FunctionCallInfo fcinfo, bool numbers)
{
	KpiFunnelTotals *state = writable_state(fcinfo);
	const int64 *time;
	int			count;

	if (PG_ARGISNULL(1))
		PG_RETURN_POINTER(state);
	count = read_times(fcinfo, &time);
	if (count > 0 && !is_mature(fcinfo, time, numbers))
	{
		state->immature++;
		PG_RETURN_POINTER(state);
	}
	for (int i = 0; i < count; i++)
	{
		Reached		reached = {i + 1, 0, 1};

		if (i > 0)
			reached.gap = numbers ? UNKNOWN : time_before(time, i);
		state = reached_put(state, &reached);
	}
	PG_RETURN_POINTER(state);
}

/* Transition of funnel_totals(times, window, as_of). */
PG_FUNCTION_INFO_V1(kpi_funnel_totals_accum);
Datum
kpi_funnel_totals_accum(PG_FUNCTION_ARGS)
{
	return take_times(fcinfo, false);
}

/* Transition of funnel_totals(times, window, as_of) over float8. */
PG_FUNCTION_INFO_V1(kpi_funnel_totals_accum_float8);
Datum
kpi_funnel_totals_accum_float8(PG_FUNCTION_ARGS)
{
	return take_times(fcinfo, true);
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
	PG_RETURN_POINTER(reached_packed((const KpiFunnelTotals *) PG_GETARG_VARLENA_P(0)));
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

/* The entities of a step: how many, and where those begin whose times are known. */
typedef struct Step
{
	int64		unknown;
	int64		known;
	const Reached *timed;
} Step;

/* The entities of one step from a place on, which moves behind them. */
static Step
read_step(const KpiFunnelTotals *totals, int step, int *at)
{
	Step		found = {0, 0, NULL};

	/* what is not known comes first */
	if (*at < totals->count && totals->reached[*at].step == step && totals->reached[*at].gap == UNKNOWN)
		found.unknown = totals->reached[(*at)++].entities;
	found.timed = &totals->reached[*at];
	for (; *at < totals->count && totals->reached[*at].step == step; (*at)++)
		found.known += totals->reached[*at].entities;
	return found;
}

/* The time that a share of those at a step took at most, as days and the rest; between two it is on the line. */
static Interval
time_of_share(const Step *step, double share)
{
	double		place = (double) (step->known - 1) * share;
	int64		low = Min((int64) place, step->known - 1);
	int64		a = time_at(step->timed, low);
	int64		b = time_at(step->timed, Min(low + 1, step->known - 1));
	int64		time = a + (int64) rint((double) (b - a) * (place - (double) low));
	Interval	interval = {time % USECS_PER_DAY, (int32) (time / USECS_PER_DAY), 0};

	return interval;
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
		Step		found = read_step(totals, step, &at);
		double		reached = (double) (found.unknown + found.known);
		bool		has_median = step > 1 && found.known > 0;
		Interval	median;

		if (step == 1)
			first = reached;
		if (has_median)
			median = time_of_share(&found, 0.5);
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

/* funnel_quantile(totals, step, p): the time from the step before that a share of entities took at most */
PG_FUNCTION_INFO_V1(kpi_funnel_quantile);
Datum
kpi_funnel_quantile(PG_FUNCTION_ARGS)
{
	const KpiFunnelTotals *totals = reached_ordered((const KpiFunnelTotals *) PG_GETARG_VARLENA_P(0));
	int			step = kpi_check_whole(PG_GETARG_FLOAT8(1), "step");
	double		p = PG_GETARG_FLOAT8(2);
	Interval   *time = palloc(sizeof(Interval));
	Step		found = {0, 0, NULL};
	int			at = 0;

	if (step < 2 || step > KPI_MAX_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("step %d is not between 2 and %d", step, KPI_MAX_STEPS),
				 errhint("The first step has none before it.")));
	if (!(p >= 0 && p <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("p %s is not between 0 and 1", float8out_internal(p)),
				 errhint("Write 0.9 for the time that 90 percent took at most.")));
	for (int i = 1; i <= step; i++)
		found = read_step(totals, i, &at);
	if (found.known == 0)
		PG_RETURN_NULL();
	*time = time_of_share(&found, p);
	PG_RETURN_INTERVAL_P(time);
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
