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
 * Here are the rows of an entity and how they come together; what they answer is
 * in funnel_answer.c, and what a level is in funnel_chain.c.
 *
 * State: times with the conditions that a row meets, 16 bytes each in a bag
 * (base/bag.h); rows that meet none are not kept.  Windows are of days of 24
 * hours; where times are whole numbers they are one, too.
 *
 * NULL rule: a row without a time is left out; a NULL condition is not met.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/funnel.h"

#include <math.h>

#include "base/layout.h"
#include "base/state.h"
#include "common/int.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/timestamp.h"

/* with the header these fill a chunk of 256 bytes, and each doubling the next one */
#define INITIAL_ROWS 14
#define MAX_ROWS ((int) ((MaxAllocSize - offsetof(KpiFunnelEvents, rows)) / sizeof(KpiFunnelRows)))
#define NO_WINDOW (-1)

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

/* Take a row of the time in argument n, followed by its steps. */
static inline Datum
take_row_at(FunctionCallInfo fcinfo, Header *header, int n, bool numbered, Timestamp ts)
{
	KpiFunnelRows row;
	KpiFunnelEvents *state;
	uint32		steps = 0;

	if (PG_ARGISNULL(n) || TIMESTAMP_NOT_FINITE(ts))
		return kpi_leave_state(fcinfo);
	if (!PG_ARGISNULL(n + 1))
		steps = numbered ? number_as_step(fcinfo, n + 1) :
			conditions_as_steps(PG_GETARG_ARRAYTYPE_P(n + 1), &header->steps);
	state = writable_state(fcinfo, header);
	if (steps == 0)
		PG_RETURN_POINTER(state);
	row.ts = ts;
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

/* The same of a row whose time is a timestamp or a number. */
static inline Datum
take_row(FunctionCallInfo fcinfo, Header *header, int n, bool numbered)
{
	return take_row_at(fcinfo, header, n, numbered, PG_GETARG_TIMESTAMP(n));
}

/* The same of a row whose time is a date: its midnight, in no time zone, so that all days are as long. */
static inline Datum
take_day(FunctionCallInfo fcinfo, Header *header, int n, bool numbered)
{
	return take_row_at(fcinfo, header, n, numbered,
					   PG_ARGISNULL(n) ? 0 : date2timestamp_opt_overflow(PG_GETARG_DATEADT(n), NULL));
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
int64
kpi_funnel_window_argument(FunctionCallInfo fcinfo, bool numbers)
{
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("window is null"),
				 errhint("Pass the time in which the steps are to be taken, such as 7 days.")));
	return kpi_funnel_length_of(PG_GETARG_DATUM(1), "window", numbers);
}

/* The mode in argument 2. */
KpiFunnelMode
kpi_funnel_mode_argument(FunctionCallInfo fcinfo)
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
	Header		header = {kpi_funnel_window_argument(fcinfo, false), KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 2, false);
}

/* Transition of window_funnel(window, ts, step). */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_step);
Datum
kpi_window_funnel_accum_step(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, false), KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 2, true);
}

/* Transition of window_funnel(window, mode, ts, steps). */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_mode);
Datum
kpi_window_funnel_accum_mode(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, false), kpi_funnel_mode_argument(fcinfo), 0};

	return take_row(fcinfo, &header, 3, false);
}

/* Transition of window_funnel(window, mode, ts, step). */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_mode_step);
Datum
kpi_window_funnel_accum_mode_step(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, false), kpi_funnel_mode_argument(fcinfo), 0};

	return take_row(fcinfo, &header, 3, true);
}

/* Transition of window_funnel(window, ts, steps) over dates. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_date);
Datum
kpi_window_funnel_accum_date(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, false), KPI_FUNNEL_DEFAULT, 0};

	return take_day(fcinfo, &header, 2, false);
}

/* Transition of window_funnel(window, ts, step) over dates. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_date_step);
Datum
kpi_window_funnel_accum_date_step(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, false), KPI_FUNNEL_DEFAULT, 0};

	return take_day(fcinfo, &header, 2, true);
}

/* Transition of window_funnel(window, mode, ts, steps) over dates. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_date_mode);
Datum
kpi_window_funnel_accum_date_mode(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, false), kpi_funnel_mode_argument(fcinfo), 0};

	return take_day(fcinfo, &header, 3, false);
}

/* Transition of window_funnel(window, mode, ts, step) over dates. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_date_mode_step);
Datum
kpi_window_funnel_accum_date_mode_step(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, false), kpi_funnel_mode_argument(fcinfo), 0};

	return take_day(fcinfo, &header, 3, true);
}

/* Transition of window_funnel(window, ts, steps) over bigint. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_number);
Datum
kpi_window_funnel_accum_number(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, true), KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 2, false);
}

/* Transition of window_funnel(window, ts, step) over bigint. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_number_step);
Datum
kpi_window_funnel_accum_number_step(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, true), KPI_FUNNEL_DEFAULT, 0};

	return take_row(fcinfo, &header, 2, true);
}

/* Transition of window_funnel(window, mode, ts, steps) over bigint. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_number_mode);
Datum
kpi_window_funnel_accum_number_mode(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, true), kpi_funnel_mode_argument(fcinfo), 0};

	return take_row(fcinfo, &header, 3, false);
}

/* Transition of window_funnel(window, mode, ts, step) over bigint. */
PG_FUNCTION_INFO_V1(kpi_window_funnel_accum_number_mode_step);
Datum
kpi_window_funnel_accum_number_mode_step(PG_FUNCTION_ARGS)
{
	Header		header = {kpi_funnel_window_argument(fcinfo, true), kpi_funnel_mode_argument(fcinfo), 0};

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

/* Transition of funnel_events(ts, steps) over dates. */
PG_FUNCTION_INFO_V1(kpi_funnel_events_accum_date);
Datum
kpi_funnel_events_accum_date(PG_FUNCTION_ARGS)
{
	Header		header = {NO_WINDOW, KPI_FUNNEL_DEFAULT, 0};

	return take_day(fcinfo, &header, 1, false);
}

/* Transition of funnel_events(ts, step) over dates. */
PG_FUNCTION_INFO_V1(kpi_funnel_events_accum_date_step);
Datum
kpi_funnel_events_accum_date_step(PG_FUNCTION_ARGS)
{
	Header		header = {NO_WINDOW, KPI_FUNNEL_DEFAULT, 0};

	return take_day(fcinfo, &header, 1, true);
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

/* The events in argument 0, in order. */
const KpiFunnelEvents *
kpi_funnel_events_argument(FunctionCallInfo fcinfo)
{
	return rows_ordered((const KpiFunnelEvents *) PG_GETARG_VARLENA_P(0));
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
