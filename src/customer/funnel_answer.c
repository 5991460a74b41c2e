/*-------------------------------------------------------------------------
 *
 * funnel_answer.c
 *	  What the rows of an entity answer: the level and the times of its steps, by
 *	  the window of an aggregate or by arguments, and its path.
 *
 * What a level is stands in funnel_chain.c.  The definition is that of
 * ClickHouse's windowFunnel in its default mode, by sets of rows instead of an
 * algorithm, so that equal times and the order of rows make no difference.
 *
 * NULL rule: NULL for no rows, 0 where no row is step 1.
 *
 * Sources: ClickHouse documentation, parametric aggregate functions,
 * windowFunnel.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/funnel.h"

#include <math.h>

#include "base/list.h"
#include "catalog/pg_type.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/float.h"

#define MAX_PATH 1000000

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

	rule.window = kpi_funnel_window_argument(fcinfo, numbers);
	rule.mode = kpi_funnel_mode_argument(fcinfo);
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
