/*-------------------------------------------------------------------------
 *
 * funnel.c
 *	  Window funnels: how many of its steps an entity takes, one after the other
 *	  and in time.
 *
 *	window_funnel		the level, by a window and a mode
 *	window_funnel_times	when each step of it was taken
 *	funnel_events		the rows of an entity as a value, of which
 *		funnel_level	and
 *		funnel_times	answer with limits, gaps and exclusions, too
 *		funnel_path		gives the steps in order of time, for attribution
 *		sequence_match, sequence_count	look for patterns, see sequence.c
 *
 * What a level is stands in funnel_chain.c.  The definition is that of
 * ClickHouse's windowFunnel in its default mode, by sets of rows instead of an
 * algorithm, so that equal times and the order of rows make no difference.
 *
 * State: times with the conditions that a row meets, 16 bytes each in a bag
 * (base/bag.h); rows that meet none are not kept.  Windows are of days of 24
 * hours; where times are whole numbers they are one, too.
 *
 * NULL rule: a row without a time is left out; a NULL condition is not met.
 * NULL for no rows, 0 where no row is step 1.
 *
 * Sources: ClickHouse documentation, parametric aggregate functions,
 * windowFunnel.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/funnel.h"

#include <math.h>

#include "base/check.h"
#include "base/layout.h"
#include "base/list.h"
#include "base/state.h"
#include "catalog/pg_type.h"
#include "common/int.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/float.h"
#include "utils/timestamp.h"

/* with the header these fill a chunk of 256 bytes, and each doubling the next one */
#define INITIAL_ROWS 14
#define MAX_ROWS ((int) ((MaxAllocSize - offsetof(KpiFunnelEvents, rows)) / sizeof(KpiFunnelRows)))
#define NO_WINDOW (-1)
#define MAX_PATH 1000000

pg_noreturn static void too_many_rows(void);

/* The order of rows: by time, then by steps. */
static inline int
compare_rows(const KpiFunnelRows *a, const KpiFunnelRows *b)
{
	if (a->ts != b->ts)
		return a->ts < b->ts ? -1 : 1;
	return (KPI_FUNNEL_STEPS(a) > KPI_FUNNEL_STEPS(b)) - (KPI_FUNNEL_STEPS(a) < KPI_FUNNEL_STEPS(b));
}

/* Count the rows of another one, its equal; more than 2^30 are as good as that. */
static inline void
add_repeats(KpiFunnelRows *a, const KpiFunnelRows *b)
{
	int64		repeats = Min(KPI_FUNNEL_REPEATS(a) + KPI_FUNNEL_REPEATS(b), INT64CONST(1) << 30);

	a->bits = repeats * KPI_FUNNEL_ONE_ROW + KPI_FUNNEL_STEPS(a);
}

#define BAG_PREFIX rows
#define BAG_STATE KpiFunnelEvents
#define BAG_ENTRY KpiFunnelRows
#define BAG_ENTRIES rows
#define BAG_COMPARE(a, b, width) compare_rows(a, b)
#define BAG_MERGE(a, b) add_repeats(a, b)
#define BAG_MAX(state) MAX_ROWS
#define BAG_FULL(state) too_many_rows()
#include "base/bag.h"

/* The error of a state that cannot grow any more. */
static void
too_many_rows(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than %d rows of one entity in a funnel", MAX_ROWS),
			 errhint("Group by entity, such as the customer, and leave out rows that are no step.")));
}

/* An interval as microseconds; it has no months and is not negative. */
int64
kpi_funnel_length(const Interval *interval, const char *name)
{
	int64		days;
	int64		result;

	if (interval->month != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has months, whose length differs", name),
				 errhint("Write it in days of 24 hours, such as 30 days.")));
	if (pg_mul_s64_overflow(interval->day, USECS_PER_DAY, &days) ||
		pg_add_s64_overflow(days, interval->time, &result) || result < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is negative or too long", name),
				 errhint("Pass an interval of at least 0.")));
	return result;
}

/* A step by its number in argument n, as a bit; 0 is none. */
static uint32
number_as_step(FunctionCallInfo fcinfo, int n)
{
	double		number = PG_GETARG_FLOAT8(n);

	if (!(number >= 0 && number <= KPI_MAX_STEPS && (int) number == number))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("step %s is not a whole number from 0 to %d", float8out_internal(number), KPI_MAX_STEPS),
				 errhint("Steps are numbered from 1 on; a row of no step has 0 or NULL.")));
	return number == 0 ? 0 : (uint32) 1 << ((int) number - 1);
}

/* The conditions in an array that are met, as bits; how many there are. */
static uint32
conditions_as_steps(ArrayType *array, int *count)
{
	const bits8 *nulls = ARR_HASNULL(array) ? ARR_NULLBITMAP(array) : NULL;
	Size		overhead = ARR_HASNULL(array) ? (Size) array->dataoffset : ARR_OVERHEAD_NONULLS(ARR_NDIM(array));
	const bool *value = (const bool *) array + overhead;
	uint32		steps = 0;

	*count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (*count < 1 || *count > KPI_MAX_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a funnel of %d steps", *count),
				 errhint("Pass one condition a step, from 1 to %d.", KPI_MAX_STEPS)));
	for (int i = 0; i < *count; i++)
	{
		if (nulls != NULL && !(nulls[i / 8] >> (i % 8) & 1))
			continue;
		steps |= (uint32) *value++ << i;
	}
	return steps;
}

/* What a call says beside its row. */
typedef struct Header
{
	int64		window;
	KpiFunnelMode mode;
	int			steps;
} Header;

/* The state in argument 0, which a call with this header goes on with. */
static KpiFunnelEvents *
writable_state(FunctionCallInfo fcinfo, const Header *header)
{
	KpiFunnelEvents *state = kpi_writable_varlena(fcinfo);

	if (state == NULL)
	{
		KpiFunnelEvents empty = {
			.version = KPI_STATE_VERSION,.mode = header->mode,.steps = header->steps,.window = header->window
		};

		return rows_copy(&empty, INITIAL_ROWS);
	}
	if (unlikely(state->window != header->window || state->mode != header->mode || state->steps != header->steps))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("window, mode or number of steps differ between the rows of one group"),
				 errhint("Pass the same ones for all rows of a group.")));
	return state;
}

/* Take a row at argument n, followed by its steps. */
static inline Datum
take_row(FunctionCallInfo fcinfo, Header *header, int n, bool numbered)
{
	KpiFunnelRows row;
	KpiFunnelEvents *state;
	uint32		steps = 0;

	if (PG_ARGISNULL(n) || TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMP(n)))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	if (!PG_ARGISNULL(n + 1))
		steps = numbered ? number_as_step(fcinfo, n + 1) :
			conditions_as_steps(PG_GETARG_ARRAYTYPE_P(n + 1), &header->steps);
	state = writable_state(fcinfo, header);
	if (steps == 0)
		PG_RETURN_POINTER(state);
	row.ts = PG_GETARG_TIMESTAMP(n);
	row.bits = KPI_FUNNEL_ONE_ROW + steps;
	if (state->count > 0 && compare_rows(&state->rows[state->count - 1], &row) == 0)
		add_repeats(&state->rows[state->count - 1], &row);
	else
	{
		state = rows_reserve(state, 1);
		rows_append(state, &row);
	}
	PG_RETURN_POINTER(state);
}

/* A length of time where times are whole numbers: one that is not negative. */
static int64
check_number(double length, const char *name)
{
	/* 2^63 itself is beyond a bigint */
	if (!(length >= 0 && length < -(double) PG_INT64_MIN && rint(length) == length))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not a whole number of at least 0", name, float8out_internal(length)),
				 errhint("Pass it in the unit of the times.")));
	return (int64) length;
}

/* A length of time by the type of its times: a number or an interval. */
int64
kpi_funnel_length_of(Datum length, const char *name, bool numbers)
{
	return numbers ? check_number(DatumGetFloat8(length), name) :
		kpi_funnel_length(DatumGetIntervalP(length), name);
}

/* The window in argument 1. */
static int64
window_argument(FunctionCallInfo fcinfo, bool numbers)
{
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("window is null"),
				 errhint("Pass the time in which the steps are to be taken, such as 7 days.")));
	return kpi_funnel_length_of(PG_GETARG_DATUM(1), "window", numbers);
}

/* The mode in argument 2. */
static KpiFunnelMode
mode_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("mode is null"),
				 errhint("Use %s.", kpi_enumerate(&kpi_funnel_mode_words))));
	return kpi_word_argument(fcinfo, 2, &kpi_funnel_mode_words);
}

/* Transition of window_funnel(window, ts, steps). */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum);
Datum
kpi_window_funnel_accum(PG_FUNCTION_ARGS)
{
	Header		header = {window_argument(fcinfo, false), KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 2, false);
}

/* Transition of window_funnel(window, ts, step). */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_step);
Datum
kpi_window_funnel_accum_step(PG_FUNCTION_ARGS)
{
	Header		header = {window_argument(fcinfo, false), KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 2, true);
}

/* Transition of window_funnel(window, mode, ts, steps). */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_mode);
Datum
kpi_window_funnel_accum_mode(PG_FUNCTION_ARGS)
{
	Header		header = {window_argument(fcinfo, false), mode_argument(fcinfo), 0};

	return take_row(fcinfo, &header, 3, false);
}

/* Transition of window_funnel(window, mode, ts, step). */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_mode_step);
Datum
kpi_window_funnel_accum_mode_step(PG_FUNCTION_ARGS)
{
	Header		header = {window_argument(fcinfo, false), mode_argument(fcinfo), 0};

	return take_row(fcinfo, &header, 3, true);
}

/* Transition of window_funnel(window, ts, steps) over bigint. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_number);
Datum
kpi_window_funnel_accum_number(PG_FUNCTION_ARGS)
{
	Header		header = {window_argument(fcinfo, true), KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 2, false);
}

/* Transition of window_funnel(window, ts, step) over bigint. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_number_step);
Datum
kpi_window_funnel_accum_number_step(PG_FUNCTION_ARGS)
{
	Header		header = {window_argument(fcinfo, true), KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 2, true);
}

/* Transition of window_funnel(window, mode, ts, steps) over bigint. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_number_mode);
Datum
kpi_window_funnel_accum_number_mode(PG_FUNCTION_ARGS)
{
	Header		header = {window_argument(fcinfo, true), mode_argument(fcinfo), 0};

	return take_row(fcinfo, &header, 3, false);
}

/* Transition of window_funnel(window, mode, ts, step) over bigint. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_number_mode_step);
Datum
kpi_window_funnel_accum_number_mode_step(PG_FUNCTION_ARGS)
{
	Header		header = {window_argument(fcinfo, true), mode_argument(fcinfo), 0};

	return take_row(fcinfo, &header, 3, true);
}

/* Transition of funnel_events(ts, steps). */
PG_FUNCTION_INFO_V1(kpi_funnel_events_accum);
Datum
kpi_funnel_events_accum(PG_FUNCTION_ARGS)
{
	Header		header = {NO_WINDOW, KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 1, false);
}

/* Transition of funnel_events(ts, step). */
PG_FUNCTION_INFO_V1(kpi_funnel_events_accum_step);
Datum
kpi_funnel_events_accum_step(PG_FUNCTION_ARGS)
{
	Header		header = {NO_WINDOW, KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 1, true);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_funnel_events_combine);
Datum
kpi_funnel_events_combine(PG_FUNCTION_ARGS)
{
	const KpiFunnelEvents *other;
	Header		header;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	other = (const KpiFunnelEvents *) PG_GETARG_VARLENA_P(1);
	header.window = other->window;
	header.mode = other->mode;
	header.steps = other->steps;
	PG_RETURN_POINTER(rows_absorb(writable_state(fcinfo, &header), other));
}

/* Final function of funnel_events: the rows in order, without spare room. */
PG_FUNCTION_INFO_V1(kpi_funnel_events_done);
Datum
kpi_funnel_events_done(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(rows_packed((const KpiFunnelEvents *) PG_GETARG_VARLENA_P(0)));
}

/* How many steps a state has: as many as conditions, or the greatest number. */
static int
count_steps(const KpiFunnelEvents *state)
{
	uint32		steps = 0;

	if (state->steps > 0)
		return state->steps;
	for (int i = 0; i < state->count; i++)
		steps |= KPI_FUNNEL_STEPS(&state->rows[i]);
	return steps == 0 ? 1 : pg_leftmost_one_pos32(steps) + 1;
}

/* The rule of window_funnel. */
static KpiFunnelRule
stored_rule(const KpiFunnelEvents *state)
{
	KpiFunnelRule rule;

	memset(&rule, 0, sizeof(rule));
	rule.mode = state->mode;
	rule.steps = count_steps(state);
	rule.window = state->window;
	rule.plain = true;
	for (int i = 0; i < rule.steps; i++)
		rule.limit[i] = PG_INT64_MAX;
	return rule;
}

/* The events in argument 0, in order. */
const KpiFunnelEvents *
kpi_funnel_events_argument(FunctionCallInfo fcinfo)
{
	return rows_ordered((const KpiFunnelEvents *) PG_GETARG_VARLENA_P(0));
}

/* Final function of window_funnel. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_level);
Datum
kpi_window_funnel_level(PG_FUNCTION_ARGS)
{
	const KpiFunnelEvents *events = kpi_funnel_events_argument(fcinfo);
	KpiFunnelRule rule = stored_rule(events);

	PG_RETURN_INT32(kpi_funnel_level(events, &rule));
}

/* The times of the steps as an array of timestamp, timestamptz or bigint, which are alike. */
static Datum
times_array(const KpiFunnelEvents *events, const KpiFunnelRule *rule, Oid type)
{
	int64		time[KPI_MAX_STEPS];
	Datum		element[KPI_MAX_STEPS];
	int			level = kpi_funnel_times(events, rule, time);

	for (int i = 0; i < level; i++)
		element[i] = Int64GetDatum(time[i]);
	if (level == 0)
		return PointerGetDatum(construct_empty_array(type));
	return PointerGetDatum(construct_array(element, level, type, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Final function of window_funnel_times. */
static Datum
window_times(FunctionCallInfo fcinfo, Oid type)
{
	const KpiFunnelEvents *events = kpi_funnel_events_argument(fcinfo);
	KpiFunnelRule rule = stored_rule(events);

	return times_array(events, &rule, type);
}

/* The same over timestamp. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_times_timestamp);
Datum
kpi_window_funnel_times_timestamp(PG_FUNCTION_ARGS)
{
	return window_times(fcinfo, TIMESTAMPOID);
}

/* The same over timestamptz. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_times_timestamptz);
Datum
kpi_window_funnel_times_timestamptz(PG_FUNCTION_ARGS)
{
	return window_times(fcinfo, TIMESTAMPTZOID);
}

/* The same over bigint. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_times_bigint);
Datum
kpi_window_funnel_times_bigint(PG_FUNCTION_ARGS)
{
	return window_times(fcinfo, INT8OID);
}

/* Arguments of funnel_level and funnel_times. */
enum
{
	ARG_WINDOW = 1, ARG_MODE, ARG_LIMITS, ARG_GAPS, ARG_EXCLUDED
};

/* The times between steps in an argument, those after the first; there may be more steps than an entity has. */
static void
read_lengths(FunctionCallInfo fcinfo, int n, const char *name, int steps, int most_steps, bool numbers, int64 *length)
{
	KpiList		list = kpi_list(PG_GETARG_ARRAYTYPE_P(n), name);

	if (list.count < steps - 1 || list.count > most_steps - 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements for %d steps", name, list.count, steps),
				 errhint("Pass one for each step after the first, NULL where there is none.")));
	for (int i = 0; i < list.count; i++)
	{
		if (!list.is_null[i])
			length[i + 1] = kpi_funnel_length_of(list.element[i], name, numbers);
	}
}

/* The conditions that exclude, in an argument. */
static uint32
read_excluded(FunctionCallInfo fcinfo, int conditions)
{
	KpiList		list = kpi_number_list(PG_GETARG_ARRAYTYPE_P(ARG_EXCLUDED), "excluded");
	uint32		excluded = 0;

	kpi_check_no_nulls(&list, "excluded");
	for (int i = 0; i < list.count; i++)
	{
		double		number = kpi_list_float8(&list, i, "excluded");

		if (!(number >= 1 && number <= conditions && rint(number) == number))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("excluded %s is none of the conditions 1 to %d", float8out_internal(number), conditions),
					 errhint("Pass the numbers of conditions whose rows must not lie between two steps.")));
		excluded |= (uint32) 1 << ((int) number - 1);
	}
	return excluded;
}

/* The rule that the arguments of an accessor give. */
static KpiFunnelRule
rule_argument(FunctionCallInfo fcinfo, const KpiFunnelEvents *events, bool numbers)
{
	KpiFunnelRule rule = stored_rule(events);
	int			found = rule.steps;

	/* of steps that are told by number an entity need not have the last ones */
	int			conditions = events->steps == 0 ? KPI_MAX_STEPS : found;
	int			most_steps;

	rule.window = window_argument(fcinfo, numbers);
	rule.mode = mode_argument(fcinfo);
	rule.steps = 0;
	if (!PG_ARGISNULL(ARG_EXCLUDED))
		rule.excluded = read_excluded(fcinfo, conditions);
	for (int i = 0; i < conditions && (i < found || rule.steps == 0); i++)
	{
		if (!(rule.excluded >> i & 1))
			rule.place[rule.steps++] = i;
	}
	if (rule.steps == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("all %d conditions are excluded", conditions),
				 errhint("A funnel has one step at least.")));
	most_steps = conditions - pg_popcount32(rule.excluded);
	if (!PG_ARGISNULL(ARG_LIMITS))
		read_lengths(fcinfo, ARG_LIMITS, "limits", rule.steps, most_steps, numbers, rule.limit);
	if (!PG_ARGISNULL(ARG_GAPS))
		read_lengths(fcinfo, ARG_GAPS, "gaps", rule.steps, most_steps, numbers, rule.gap);
	rule.plain = PG_ARGISNULL(ARG_LIMITS) && PG_ARGISNULL(ARG_GAPS) && rule.excluded == 0;
	return rule;
}

/* The level of the events in argument 0. */
static Datum
level_of(FunctionCallInfo fcinfo, bool numbers)
{
	const KpiFunnelEvents *events;
	KpiFunnelRule rule;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	events = kpi_funnel_events_argument(fcinfo);
	rule = rule_argument(fcinfo, events, numbers);
	PG_RETURN_INT32(kpi_funnel_level(events, &rule));
}

/* funnel_level(events, window, mode, limits, gaps, excluded) */
PG_FUNCTION_INFO_V1(kpi_funnel_level_of);
Datum
kpi_funnel_level_of(PG_FUNCTION_ARGS)
{
	return level_of(fcinfo, false);
}

/* The same of bigint. */
PG_FUNCTION_INFO_V1(kpi_funnel_level_of_number);
Datum
kpi_funnel_level_of_number(PG_FUNCTION_ARGS)
{
	return level_of(fcinfo, true);
}

/* The times of the steps that the events in argument 0 reach. */
static Datum
times_of(FunctionCallInfo fcinfo, Oid type)
{
	const KpiFunnelEvents *events;
	KpiFunnelRule rule;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	events = kpi_funnel_events_argument(fcinfo);
	rule = rule_argument(fcinfo, events, type == INT8OID);
	return times_array(events, &rule, type);
}

/* funnel_times(events, ...) of timestamp */
PG_FUNCTION_INFO_V1(kpi_funnel_times_timestamp);
Datum
kpi_funnel_times_timestamp(PG_FUNCTION_ARGS)
{
	return times_of(fcinfo, TIMESTAMPOID);
}

/* funnel_times(events, ...) of timestamptz */
PG_FUNCTION_INFO_V1(kpi_funnel_times_timestamptz);
Datum
kpi_funnel_times_timestamptz(PG_FUNCTION_ARGS)
{
	return times_of(fcinfo, TIMESTAMPTZOID);
}

/* funnel_times(events, ...) of bigint */
PG_FUNCTION_INFO_V1(kpi_funnel_times_bigint);
Datum
kpi_funnel_times_bigint(PG_FUNCTION_ARGS)
{
	return times_of(fcinfo, INT8OID);
}

/* How many steps the path of rows has. */
static int
count_path(const KpiFunnelEvents *events)
{
	int64		count = 0;

	for (int i = 0; i < events->count; i++)
	{
		count += KPI_FUNNEL_REPEATS(&events->rows[i]) * pg_popcount32(KPI_FUNNEL_STEPS(&events->rows[i]));
		if (count > MAX_PATH)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("more than %d steps in one path", MAX_PATH),
					 errhint("Leave out rows that are no touch.")));
	}
	return (int) count;
}

/* An array for so many numbers of steps. */
static ArrayType *
make_path(int count)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + sizeof(int32) * count;
	ArrayType  *path = palloc0(size);

	SET_VARSIZE(path, size);
	path->ndim = 1;
	path->elemtype = INT4OID;
	ARR_DIMS(path)[0] = count;
	ARR_LBOUND(path)[0] = 1;
	return path;
}

/*
 * funnel_path(events): the numbers of the steps in order of time, several of a
 * row one after the other, rows alike as often as there are.
 */
PG_FUNCTION_INFO_V1(kpi_funnel_path);
Datum
kpi_funnel_path(PG_FUNCTION_ARGS)
{
	const KpiFunnelEvents *events = kpi_funnel_events_argument(fcinfo);
	int			count = count_path(events);
	ArrayType  *path = count == 0 ? construct_empty_array(INT4OID) : make_path(count);
	int32	   *to = (int32 *) ((char *) path + ARR_OVERHEAD_NONULLS(1));

	for (int i = 0; i < events->count; i++)
	{
		for (int64 repeats = KPI_FUNNEL_REPEATS(&events->rows[i]); repeats > 0; repeats--)
		{
			for (uint32 steps = KPI_FUNNEL_STEPS(&events->rows[i]); steps != 0; steps &= steps - 1)
				*to++ = pg_rightmost_one_pos32(steps) + 1;
		}
	}
	PG_RETURN_POINTER(path);
}

/* Whether an aggregate could produce the state. */
static bool
accept_state(void *value)
{
	KpiFunnelEvents *state = value;
	uint32		allowed;

	if (state->mode >= kpi_funnel_mode_words.count || state->steps > KPI_MAX_STEPS || state->window < NO_WINDOW)
		return false;
	allowed = state->steps == 0 ? PG_UINT32_MAX : (UINT64CONST(1) << state->steps) - 1;
	for (int i = 0; i < state->count; i++)
	{
		const KpiFunnelRows *rows = &state->rows[i];

		if (KPI_FUNNEL_STEPS(rows) == 0 || (KPI_FUNNEL_STEPS(rows) & ~allowed) || KPI_FUNNEL_REPEATS(rows) < 1 ||
			KPI_FUNNEL_REPEATS(rows) > INT64CONST(1) << 30 || TIMESTAMP_NOT_FINITE(rows->ts) ||
			(i > 0 && compare_rows(rows - 1, rows) >= 0))
			return false;
	}
	state->sorted = state->count;
	return true;
}

/* The state as it is written. */
static const void *
ordered_state(Datum datum)
{
	return rows_ordered((const KpiFunnelEvents *) PG_DETOAST_DATUM(datum));
}

#define FUNNEL_LAYOUT(name) { \
	.type = (name), \
	.size = offsetof(KpiFunnelEvents, rows), \
	.varlena = true, \
	.field = { \
		KPI_FIELD(VERSION, KpiFunnelEvents, version), \
		KPI_FIELD(BYTE, KpiFunnelEvents, mode), \
		KPI_FIELD(BYTE, KpiFunnelEvents, steps), \
		KPI_FIELD(INT64, KpiFunnelEvents, window) \
	}, \
	.accept = accept_state, \
	.count = offsetof(KpiFunnelEvents, count), \
	.entry_size = sizeof(KpiFunnelRows), \
	.entry = { \
		KPI_FIELD(INT64, KpiFunnelRows, ts), \
		KPI_FIELD(INT64, KpiFunnelRows, bits) \
	}, \
	.ordered = ordered_state \
}

static const KpiLayout timestamptz_layout = FUNNEL_LAYOUT("kpi.funnel_events");

KPI_STATE_FORMS(kpi_funnel_events, timestamptz_layout)

static const KpiLayout timestamp_layout = FUNNEL_LAYOUT("kpi.funnel_events_timestamp");

KPI_STATE_FORMS(kpi_funnel_events_timestamp, timestamp_layout)

static const KpiLayout bigint_layout = FUNNEL_LAYOUT("kpi.funnel_events_bigint");

KPI_STATE_FORMS(kpi_funnel_events_bigint, bigint_layout)
