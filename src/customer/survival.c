/*-------------------------------------------------------------------------
 *
 * survival.c
 *	  Durations with censoring, collected: kpi.survival.
 *
 * A row is a subject: how long it was seen, and whether that ended with the
 * event (a customer left) or not (still there: censored).  With entry, a
 * subject is at risk only after it, which is what data asks for whose history
 * starts in mid-life.
 *
 * At a time t with d events among n at risk (Kaplan and Meier)
 *
 *	S(t) = product of (1 - d / n)		over the times up to t
 *	H(t) = sum of d / n					(Nelson and Aalen)
 *	Var S(t) = S(t)^2 sum of d / (n (n - d))	(Greenwood)
 *
 * At equal times events come before censorings, and those before entries.
 *
 * State: a bag (base/bag.h) of times, what happened and for how much weight;
 * equal ones are one, so a table that was counted already gives the same state
 * as its rows do, and any order of rows the same bits.
 *
 * NULL rule: rows with a NULL duration, event or weight are left out, and those
 * with a weight of 0; a NULL entry is none.  A duration that is negative, NaN or infinite is an error,
 * and so is an entry that is not before it.
 *
 * Sources: E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete
 * observations", Journal of the American Statistical Association 53, 1958; M.
 * Greenwood, "The natural duration of cancer", 1926; J. P. Klein and M. L.
 * Moeschberger, Survival Analysis, 2nd edition, 2003, chapters 4 and 7.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/survival.h"

#include <float.h>

#include "base/check.h"
#include "base/layout.h"
#include "base/state.h"
#include "utils/float.h"
#include "utils/timestamp.h"

#define INITIAL_DURATIONS 20
#define MAX_DURATIONS ((int) ((MaxAllocSize - offsetof(KpiSurvival, duration)) / sizeof(KpiDuration)))

/* Of a row, so that no sum of rows, nor of stored sums, overflows. */
#define LARGEST_WEIGHT 1e100
#define LARGEST_SUM 1e200

pg_noreturn static void too_many_durations(void);

/* The order of what happens. */
static inline int
compare_durations(const KpiDuration *a, const KpiDuration *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return (a->what > b->what) - (a->what < b->what);
}

#define BAG_PREFIX durations
#define BAG_STATE KpiSurvival
#define BAG_ENTRY KpiDuration
#define BAG_ENTRIES duration
#define BAG_COMPARE(a, b, width) compare_durations(a, b)
#define BAG_WEIGHT(a, width) (a)->weight
#define BAG_MAX(state) MAX_DURATIONS
#define BAG_FULL(state) too_many_durations()
#define BAG_INSERT 48
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_durations(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than %d different durations in one group", MAX_DURATIONS),
			 errhint("Round the durations, to days for example.")));
}

/* The state in argument 0, to be written; a new one for NULL. */
static KpiSurvival *
writable_state(FunctionCallInfo fcinfo)
{
	static const KpiSurvival empty = {.version = KPI_STATE_VERSION};
	KpiSurvival *state = kpi_writable_varlena(fcinfo);

	return state != NULL ? state : durations_copy(&empty, INITIAL_DURATIONS);
}

/* A duration, or the entry before it, is a finite number of at least 0. */
static double
check_age(double age, const char *name, const char *hint)
{
	if (!kpi_is_number(age) || age < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not a finite number of at least 0", name, float8out_internal(age)),
				 errhint("%s", hint)));
	return age + 0.0;
}

/* A duration as interval, in days. */
static double
days_of(const Interval *interval)
{
	int64		days = (int64) interval->month * DAYS_PER_MONTH + interval->day;

	return (double) days + (double) interval->time / USECS_PER_DAY;
}

/* The durations of a row: as numbers, or as intervals. */
typedef double (*ReadDuration) (FunctionCallInfo fcinfo, int n);

/* A duration as float8. */
static double
float8_duration(FunctionCallInfo fcinfo, int n)
{
	return PG_GETARG_FLOAT8(n);
}

/* A duration as interval. */
static double
interval_duration(FunctionCallInfo fcinfo, int n)
{
	return days_of(PG_GETARG_INTERVAL_P(n));
}

/* Take the entry of a subject, argument 4; it is before the end. */
static KpiSurvival *
take_entry(FunctionCallInfo fcinfo, ReadDuration read, KpiSurvival *state, double end, double weight)
{
	KpiDuration entered = {0, KPI_ENTERED, weight};

	entered.time = check_age(read(fcinfo, 4), "entry", "Pass NULL for a subject that was observed from the beginning.");
	if (entered.time >= end)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("entry %s is not before the end at %s", float8out_internal(entered.time),
						float8out_internal(end)),
				 errhint("A subject is at risk after its entry; leave out those that were never seen with FILTER.")));
	return durations_put(state, &entered);
}

/* A weight, so small that no sum of them overflows. */
static double
check_weight(double weight)
{
	if (kpi_check_weight(weight) > LARGEST_WEIGHT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight %s is above %g", float8out_internal(weight), LARGEST_WEIGHT),
				 errhint("Weights may be on any scale: divide all of them.")));
	return weight;
}

/* The transition of survival(duration, event, weight, entry). */
static inline Datum
take_subject(FunctionCallInfo fcinfo, ReadDuration read)
{
	KpiSurvival *state = writable_state(fcinfo);
	KpiDuration end = {0, KPI_CENSORED, 1};

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || (PG_NARGS() > 3 && PG_ARGISNULL(3)))
		PG_RETURN_POINTER(state);
	end.time = check_age(read(fcinfo, 1), "duration", "Leave out what ended before it began, with FILTER.");
	if (PG_GETARG_BOOL(2))
		end.what = KPI_EVENT;
	if (PG_NARGS() > 3)
		end.weight = check_weight(PG_GETARG_FLOAT8(3));
	if (end.weight == 0)
		PG_RETURN_POINTER(state);
	if (PG_NARGS() > 4 && !PG_ARGISNULL(4))
		state = take_entry(fcinfo, read, state, end.time, end.weight);
	PG_RETURN_POINTER(durations_put(state, &end));
}

/* Transition over durations of float8. */
PG_FUNCTION_INFO_V1(kpi_survival_accum_float8);
Datum
kpi_survival_accum_float8(PG_FUNCTION_ARGS)
{
	return take_subject(fcinfo, float8_duration);
}

/* Transition over durations of interval, in days. */
PG_FUNCTION_INFO_V1(kpi_survival_accum_interval);
Datum
kpi_survival_accum_interval(PG_FUNCTION_ARGS)
{
	return take_subject(fcinfo, interval_duration);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_survival_combine);
Datum
kpi_survival_combine(PG_FUNCTION_ARGS)
{
	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	PG_RETURN_POINTER(durations_absorb(writable_state(fcinfo),
									   (const KpiSurvival *) PG_GETARG_VARLENA_P(1)));
}

/* The weights of all durations together. */
static double
weight_of(const KpiSurvival *state)
{
	KpiSum		sum = {0, 0};

	for (int i = 0; i < state->count; i++)
		kpi_sum_add(&sum, state->duration[i].weight);
	return kpi_sum_value(sum);
}

/* Final function: the state in order, without spare room. */
PG_FUNCTION_INFO_V1(kpi_survival_done);
Datum
kpi_survival_done(PG_FUNCTION_ARGS)
{
	KpiSurvival *copy = durations_packed((const KpiSurvival *) PG_GETARG_VARLENA_P(0));

	if (weight_of(copy) > LARGEST_SUM)
		float_overflow_error();
	PG_RETURN_POINTER(copy);
}

/* The state of an accessor, in order. */
const KpiSurvival *
kpi_survival_argument(Datum datum)
{
	return durations_ordered((const KpiSurvival *) PG_DETOAST_DATUM(datum));
}

/* Begin a walk at the start of time, with those at risk who need no entry. */
void
kpi_walk_start(KpiWalk *walk, const KpiSurvival *state)
{
	memset(walk, 0, sizeof(KpiWalk));
	walk->state = state;
	walk->step.survival = 1;
	for (int i = 0; i < state->count; i++)
	{
		const KpiDuration *at = &state->duration[i];

		kpi_sum_add(&walk->at_risk, at->what == KPI_ENTERED ? -at->weight : at->weight);
	}
}

/* What happened so at the time of a step, from the next entry on. */
static double
take_weights(KpiWalk *walk, KpiHappening what)
{
	const KpiSurvival *state = walk->state;
	KpiSum		sum = {0, 0};

	for (; walk->next < state->count && state->duration[walk->next].time == walk->step.time &&
		 state->duration[walk->next].what == what; walk->next++)
		kpi_sum_add(&sum, state->duration[walk->next].weight);
	return kpi_sum_value(sum);
}

/* Go to the next time with events or censorings; false where there is none. */
bool
kpi_walk_next(KpiWalk *walk)
{
	KpiStep    *step = &walk->step;

	CHECK_FOR_INTERRUPTS();
	while (walk->next < walk->state->count)
	{
		step->time = walk->state->duration[walk->next].time;
		step->at_risk = kpi_sum_value(walk->at_risk);
		step->events = take_weights(walk, KPI_EVENT);
		step->censored = take_weights(walk, KPI_CENSORED);
		kpi_sum_add(&walk->at_risk, -step->events);
		kpi_sum_add(&walk->at_risk, -step->censored);
		kpi_sum_add(&walk->at_risk, take_weights(walk, KPI_ENTERED));
		if (step->events == 0 && step->censored == 0)
			continue;
		if (step->events > 0)
		{
			/* sums of weights round: nobody is left where all have had it */
			double		left = Max(step->at_risk - step->events, 0);

			if (left <= step->at_risk * DBL_EPSILON)
				left = 0;
			step->survival *= left / step->at_risk;
			step->hazard += step->events / step->at_risk;
			step->variance += step->events / step->at_risk / left;
		}
		return true;
	}
	return false;
}

/* Whether an aggregate could produce the state. */
static bool
accept_state(void *value)
{
	KpiSurvival *state = value;
	KpiSum		at_risk = {0, 0};

	for (int i = 0; i < state->count; i++)
	{
		const KpiDuration *at = &state->duration[i];

		if (at->time < 0 || at->what < KPI_EVENT || at->what > KPI_ENTERED || !(at->weight > 0) ||
			(i > 0 && compare_durations(at - 1, at) > 0))
			return false;
		kpi_sum_add(&at_risk, at->what == KPI_ENTERED ? -at->weight : at->weight);
	}
	if (!(kpi_sum_value(at_risk) >= 0 && kpi_sum_value(at_risk) <= LARGEST_SUM))
		return false;
	durations_tidy(state);
	return true;
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return kpi_survival_argument(datum);
}

static const KpiLayout layout = {
	.type = "kpi.survival",
	.size = offsetof(KpiSurvival, duration),
	.varlena = true,
	.field = {KPI_FIELD(VERSION, KpiSurvival, version)},
	.accept = accept_state,
	.count = offsetof(KpiSurvival, count),
	.entry_size = sizeof(KpiDuration),
	.entry = {
		KPI_FIELD(PLAIN, KpiDuration, time),
		KPI_FIELD(INT64, KpiDuration, what),
		KPI_FIELD(DOUBLE, KpiDuration, weight)
	},
	.ordered = ordered_state
};

KPI_STATE_FORMS(kpi_survival, layout)
