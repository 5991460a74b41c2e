/*-------------------------------------------------------------------------
 *
 * attribution_weights.c
 *	  How the touches before one conversion share it, and paths made of rows.
 *
 *	first, last		1 to one touch
 *	last_non_direct	1 to the last touch that is not direct; to the last one where
 *					all are
 *	linear			1 / n to each
 *	position		0.4 to the first and the last, 0.2 among those between
 *	time_decay		2^(- age / half_life) to each, divided by their sum
 *
 * A path has the touches of a time before its end, in order; touches of the same
 * channel that follow each other within a gap are one.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/list.h"
#include "base/words.h"
#include "catalog/pg_collation_d.h"
#include "catalog/pg_type.h"
#include "customer/attribution.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define MAX_TOUCHES 10000

/* Arguments of attribution_weights. */
enum
{
	ARG_MODEL, ARG_TOUCHES, ARG_AGES, ARG_HALF_LIFE, ARG_DIRECT
};

/* An interval as microseconds; months are 30 days. */
static double
length_of(const Interval *interval)
{
	return ((double) interval->month * DAYS_PER_MONTH + interval->day) * USECS_PER_DAY + (double) interval->time;
}

/* The elements of an argument that has one for each touch. */
static KpiList
list_argument(FunctionCallInfo fcinfo, int n, const char *name, int touches)
{
	KpiList		list;

	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the model needs %s", name),
				 errhint("Pass an array with one element for each touch.")));
	list = kpi_list(PG_GETARG_ARRAYTYPE_P(n), name);
	kpi_check_no_nulls(&list, name);
	if (list.count != touches)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements for %d touches", name, list.count, touches),
				 errhint("Pass an array with one element for each touch.")));
	return list;
}

/* The last touch that is not direct. */
static int
last_non_direct(FunctionCallInfo fcinfo, int touches)
{
	KpiList		direct = list_argument(fcinfo, ARG_DIRECT, "direct", touches);

	for (int i = touches - 1; i >= 0; i--)
	{
		if (!DatumGetBool(direct.element[i]))
			return i;
	}
	return touches - 1;
}

/* Weights that halve with age. */
static void
decay(FunctionCallInfo fcinfo, int touches, double *weight)
{
	KpiList		ages = list_argument(fcinfo, ARG_AGES, "ages", touches);
	double		half_life = PG_ARGISNULL(ARG_HALF_LIFE) ? 0 : length_of(PG_GETARG_INTERVAL_P(ARG_HALF_LIFE));
	double		youngest = INFINITY;
	double		sum = 0;

	if (!(half_life > 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("half_life is not above 0"),
				 errhint("Pass the time after which a touch counts half, such as 7 days.")));
	for (int i = 0; i < touches; i++)
		youngest = Min(youngest, length_of(DatumGetIntervalP(ages.element[i])));
	/* from the youngest on, so that very old ones still share */
	for (int i = 0; i < touches; i++)
		sum += weight[i] = exp2((youngest - length_of(DatumGetIntervalP(ages.element[i]))) / half_life);
	for (int i = 0; i < touches; i++)
		weight[i] /= sum;
}

/* The weights of a model. */
static void
weigh(FunctionCallInfo fcinfo, KpiAttributionModel model, int touches, double *weight)
{
	switch (model)
	{
		case KPI_ATTRIBUTION_FIRST:
			weight[0] = 1;
			break;
		case KPI_ATTRIBUTION_LAST:
			weight[touches - 1] = 1;
			break;
		case KPI_ATTRIBUTION_LAST_NON_DIRECT:
			weight[last_non_direct(fcinfo, touches)] = 1;
			break;
		case KPI_ATTRIBUTION_LINEAR:
			for (int i = 0; i < touches; i++)
				weight[i] = 1.0 / touches;
			break;
		case KPI_ATTRIBUTION_POSITION:
			for (int i = 0; i < touches; i++)
				weight[i] = kpi_position_part(i, touches);
			break;
		case KPI_ATTRIBUTION_TIME_DECAY:
			decay(fcinfo, touches, weight);
			break;
	}
}

/* attribution_weights(model, touches, ages, half_life, direct) */
PG_FUNCTION_INFO_V1(kpi_attribution_weights);
Datum
kpi_attribution_weights(PG_FUNCTION_ARGS)
{
	KpiAttributionModel model;
	int			touches;
	double	   *weight;
	Datum	   *element;

	if (PG_ARGISNULL(ARG_MODEL) || PG_ARGISNULL(ARG_TOUCHES))
		PG_RETURN_NULL();
	model = kpi_word_argument(fcinfo, ARG_MODEL, &kpi_attribution_model_words);
	touches = kpi_check_whole(PG_GETARG_FLOAT8(ARG_TOUCHES), "touches");
	if (touches < 0 || touches > MAX_TOUCHES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("touches %d is not between 0 and %d", touches, MAX_TOUCHES),
				 errhint("Pass how many touches the path has, such as cardinality(path).")));
	/* a conversion without a touch has nobody to share it */
	if (touches == 0)
		PG_RETURN_POINTER(construct_empty_array(FLOAT8OID));
	weight = palloc0(sizeof(double) * touches);
	element = palloc(sizeof(Datum) * touches);
	weigh(fcinfo, model, touches, weight);
	for (int i = 0; i < touches; i++)
		element[i] = Float8GetDatum(weight[i]);
	PG_RETURN_POINTER(construct_array(element, touches, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* A touch of a path. */
typedef struct Touch
{
	int64		ts;
	int			place;			/* in the arrays */
} Touch;

/* The order of touches; at equal times that of the arrays. */
static int
compare_touches(const void *a, const void *b)
{
	const Touch *x = a;
	const Touch *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return x->place - y->place;
}

/* An array as a list; an empty one where both are. */
static KpiList
list_unless(bool is_empty, ArrayType *array, const char *name)
{
	KpiList		empty = {0};

	return is_empty ? empty : kpi_list(array, name);
}

/* attribution_path(channels, times, until, lookback, session_gap) */
PG_FUNCTION_INFO_V1(kpi_attribution_path);
Datum
kpi_attribution_path(PG_FUNCTION_ARGS)
{
	bool		is_empty = ARR_NDIM(PG_GETARG_ARRAYTYPE_P(0)) == 0 && ARR_NDIM(PG_GETARG_ARRAYTYPE_P(1)) == 0;
	KpiList		channel = list_unless(is_empty, PG_GETARG_ARRAYTYPE_P(0), "channels");
	KpiList		time = list_unless(is_empty, PG_GETARG_ARRAYTYPE_P(1), "times");
	int64		until = PG_GETARG_TIMESTAMP(2);
	double		lookback = length_of(PG_GETARG_INTERVAL_P(3));
	double		gap = length_of(PG_GETARG_INTERVAL_P(4));
	Touch	   *touch = palloc(sizeof(Touch) * channel.count);
	Datum	   *path = palloc(sizeof(Datum) * channel.count);
	int			touches = 0;
	int			kept = 0;

	kpi_check_same_length(&channel, "channels", &time, "times");
	if (lookback < 0 || gap < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is negative", lookback < 0 ? "lookback" : "session_gap"),
				 errhint("Pass an interval of at least 0.")));
	for (int i = 0; i < channel.count; i++)
	{
		int64		ts = time.is_null[i] ? 0 : DatumGetTimestamp(time.element[i]);

		if (channel.is_null[i] || time.is_null[i] || ts > until || (double) until - (double) ts > lookback)
			continue;
		touch[touches].ts = ts;
		touch[touches++].place = i;
	}
	qsort(touch, touches, sizeof(Touch), compare_touches);
	for (int i = 0; i < touches; i++)
	{
		if (i > 0 && (double) touch[i].ts - (double) touch[i - 1].ts <= gap &&
			DatumGetBool(DirectFunctionCall2Coll(texteq, C_COLLATION_OID, channel.element[touch[i].place],
												 channel.element[touch[i - 1].place])))
			continue;
		path[kept++] = channel.element[touch[i].place];
	}
	if (kept == 0)
		PG_RETURN_POINTER(construct_empty_array(TEXTOID));
	PG_RETURN_POINTER(construct_array(path, kept, TEXTOID, -1, false, TYPALIGN_INT));
}
