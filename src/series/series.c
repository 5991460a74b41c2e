/*-------------------------------------------------------------------------
 *
 * series.c
 *	  Values over time, collected: kpi.series.
 *
 * Periods are dates, timestamps with or without time zone, or integers.  A row
 * without a value keeps its period as a gap.  Several values of one period are
 * an error, or make their sum, average, min or max: the rule is part of the
 * state.  The state keeps them all, so that it merges without a difference, and
 * they are combined when it is read: a sum does not depend on their order, an average
 * is that sum divided by their number.
 *
 * State: a list of periods with their values, 16 bytes each, see base/bag.h.
 *
 * Text form: version, kind of period, rule, number of points, then for every
 * point period and value, in their order; - is a gap.  Binary form: the same
 * fields.
 *
 * NULL rule: a row whose period is NULL or infinite is left out.  A value that is
 * NaN or infinite is an error.
 *
 *-------------------------------------------------------------------------
 */
#include "series/series.h"

#include <math.h>

#include "base/check.h"
#include "base/layout.h"
#include "base/parts.h"
#include "base/state.h"
#include "base/words.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/timestamp.h"

#define FIRST_ROOM 16
/* 2^53 - 1: beyond it a float8 may stand for another number */
#define MAX_WHOLE 9007199254740991.0

/* The order of points: by period, a gap before a value, then by value. */
static inline int
compare_points(const KpiPoint *a, const KpiPoint *b)
{
	if (a->period != b->period)
		return a->period < b->period ? -1 : 1;
	if (isnan(a->value) || isnan(b->value))
		return isnan(b->value) - isnan(a->value);
	return (a->value > b->value) - (a->value < b->value);
}

pg_noreturn static void too_many_points(void);

#define BAG_PREFIX points
#define BAG_STATE KpiSeries
#define BAG_ENTRY KpiPoint
#define BAG_ENTRIES point
#define BAG_COMPARE(a, b, width) compare_points(a, b)
#define BAG_REPEATS
#define BAG_MAX(state) KPI_MAX_POINTS
#define BAG_FULL(state) too_many_points()
#include "base/bag.h"

/* The error of a series that cannot grow any more. */
static void
too_many_points(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than %d rows in a series", KPI_MAX_POINTS),
			 errhint("Aggregate the rows by period first.")));
}

/* What a kind of period is called in SQL. */
const char *
kpi_period_kind_name(KpiPeriodKind kind)
{
	static const char *const name[] = {"date", "timestamp", "timestamptz", "bigint"};

	return name[kind];
}

/* A period as text, for messages. */
char *
kpi_show_period(KpiPeriodKind kind, int64 period)
{
	switch (kind)
	{
		case KPI_PERIOD_DATE:
			return DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum((DateADT) period)));
		case KPI_PERIOD_TIMESTAMP:
			return DatumGetCString(DirectFunctionCall1(timestamp_out, TimestampGetDatum(period)));
		case KPI_PERIOD_TIMESTAMPTZ:
			return DatumGetCString(DirectFunctionCall1(timestamptz_out, TimestampTzGetDatum(period)));
		case KPI_PERIOD_INTEGER:
			break;
	}
	return psprintf(INT64_FORMAT, period);
}

/* Whether a period of that kind is one that the server can have, and finite. */
static bool
is_period(KpiPeriodKind kind, int64 period)
{
	switch (kind)
	{
		case KPI_PERIOD_DATE:
			return period == (DateADT) period && !DATE_NOT_FINITE((DateADT) period) &&
				IS_VALID_DATE((DateADT) period);
		case KPI_PERIOD_TIMESTAMP:
		case KPI_PERIOD_TIMESTAMPTZ:
			return !TIMESTAMP_NOT_FINITE(period) && IS_VALID_TIMESTAMP(period);
		case KPI_PERIOD_INTEGER:
			break;
	}
	return true;
}

/* Whether an aggregate could produce what was read; points need not be in order. */
static bool
accept_series(void *value)
{
	KpiSeries  *series = value;

	if (series->kind > KPI_PERIOD_INTEGER || series->duplicates > KPI_DUPLICATES_MAX || series->count == 0)
		return false;
	for (int i = 0; i < series->count; i++)
	{
		if (!is_period(series->kind, series->point[i].period))
			return false;
	}
	points_tidy(series);
	return true;
}

/* The series as it is written. */
static const void *
ordered_series(Datum datum)
{
	return points_ordered((const KpiSeries *) PG_DETOAST_DATUM(datum));
}

static const KpiLayout layout = {
	.type = "kpi.series",
	.size = offsetof(KpiSeries, point),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiSeries, version),
		KPI_FIELD(BYTE, KpiSeries, kind),
		KPI_FIELD(BYTE, KpiSeries, duplicates)
	},
	.accept = accept_series,
	.count = offsetof(KpiSeries, count),
	.entry_size = sizeof(KpiPoint),
	.entry = {
		KPI_FIELD(INT64, KpiPoint, period),
		KPI_FIELD(GAP, KpiPoint, value)
	},
	.ordered = ordered_series
};

KPI_STATE_FORMS(kpi_series, layout)

/* A series with room for so many points, none of which it has yet. */
KpiSeries *
kpi_new_series(KpiPeriodKind kind, int count)
{
	KpiSeries	empty = {.version = KPI_STATE_VERSION,.kind = (uint8) kind};

	return points_copy(&empty, count);
}

/* All rows of a series have periods of one kind and one rule for duplicates. */
static void
check_same(const KpiSeries *series, uint8 kind, uint8 duplicates)
{
	if (unlikely(series->kind != kind))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods of type %s differ from periods of type %s before",
						kpi_period_kind_name(kind), kpi_period_kind_name(series->kind)),
				 errhint("The periods of a series have one type; cast those of one of them.")));
	if (unlikely(series->duplicates != duplicates))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rule for duplicates \"%s\" differs from \"%s\" before",
						kpi_duplicates_words.word[duplicates], kpi_duplicates_words.word[series->duplicates]),
				 errhint("The rule is one word for all rows of a series.")));
}

/* The value argument: NaN for NULL, which is a gap. */
static inline double
value_argument(FunctionCallInfo fcinfo, KpiPeriodKind kind, int64 period)
{
	double		value;

	if (PG_ARGISNULL(2))
		return get_float8_nan();
	value = PG_GETARG_FLOAT8(2);
	if (unlikely(!kpi_is_number(value)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value %s of period %s is not a finite number",
						float8out_internal(value), kpi_show_period(kind, period)),
				 errhint("Write NULL for a period without a value.")));
	/* + 0 makes minus zero plain zero */
	return value + 0.0;
}

/* The rule for duplicates: an argument, or an error where there is none. */
static inline KpiDuplicates
duplicates_argument(FunctionCallInfo fcinfo)
{
	if (PG_NARGS() < 4)
		return KPI_DUPLICATES_ERROR;
	if (PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("rule for duplicates is NULL"),
				 errhint("Use %s.", kpi_enumerate(&kpi_duplicates_words))));
	return (KpiDuplicates) kpi_word_argument(fcinfo, 3, &kpi_duplicates_words);
}

/* Transition of series(): takes in a period of that kind with its value. */
static pg_attribute_always_inline Datum
accumulate(FunctionCallInfo fcinfo, KpiPeriodKind kind, int64 period)
{
	KpiDuplicates duplicates = duplicates_argument(fcinfo);
	KpiSeries  *series = kpi_writable_varlena(fcinfo);
	KpiPoint	point;

	if (series == NULL)
	{
		series = kpi_new_series(kind, FIRST_ROOM);
		series->duplicates = (uint8) duplicates;
	}
	check_same(series, (uint8) kind, (uint8) duplicates);
	point.period = period;
	point.value = value_argument(fcinfo, kind, period);
	series = points_reserve(series, 1);
	points_append(series, &point);
	PG_RETURN_POINTER(series);
}

/* series(period date, value [, duplicates]): transition. */
PG_FUNCTION_INFO_V1(kpi_series_date);
Datum
kpi_series_date(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1) || DATE_NOT_FINITE(PG_GETARG_DATEADT(1)))
		return kpi_leave_state(fcinfo);
	return accumulate(fcinfo, KPI_PERIOD_DATE, PG_GETARG_DATEADT(1));
}

/* series(period timestamp, value [, duplicates]): transition. */
PG_FUNCTION_INFO_V1(kpi_series_timestamp);
Datum
kpi_series_timestamp(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1) || TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMP(1)))
		return kpi_leave_state(fcinfo);
	return accumulate(fcinfo, KPI_PERIOD_TIMESTAMP, PG_GETARG_TIMESTAMP(1));
}

/* series(period timestamptz, value [, duplicates]): transition. */
PG_FUNCTION_INFO_V1(kpi_series_timestamptz);
Datum
kpi_series_timestamptz(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1) || TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(1)))
		return kpi_leave_state(fcinfo);
	return accumulate(fcinfo, KPI_PERIOD_TIMESTAMPTZ, PG_GETARG_TIMESTAMPTZ(1));
}

/* A period that is a number: a whole one that a float8 holds exactly. */
static int64
whole_period(double period)
{
	if (!(rint(period) == period && fabs(period) <= MAX_WHOLE))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("period %s is not a whole number of at most %.0f", float8out_internal(period), MAX_WHOLE),
				 errhint("Number the periods in a row, such as 2024 and 2025, or use dates.")));
	return (int64) period;
}

/* series(period float8, value [, duplicates]): transition. */
PG_FUNCTION_INFO_V1(kpi_series_float8);
Datum
kpi_series_float8(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return kpi_leave_state(fcinfo);
	return accumulate(fcinfo, KPI_PERIOD_INTEGER, whole_period(PG_GETARG_FLOAT8(1)));
}

/* The points of two series as one; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_series_combine);
Datum
kpi_series_combine(PG_FUNCTION_ARGS)
{
	KpiSeries  *series;
	const KpiSeries *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	series = kpi_writable_varlena(fcinfo);
	other = (const KpiSeries *) PG_GETARG_VARLENA_P(1);
	check_same(series, other->kind, other->duplicates);
	PG_RETURN_POINTER(points_absorb(series, other));
}

/* The exact sum of values, rounded once, whatever their order. */
static double
exact_sum(const KpiPoint *point, int count)
{
	double	   *above = palloc(sizeof(double) * count);
	double	   *below = palloc(sizeof(double) * count);
	int			aboves = 0;
	int			belows = 0;
	KpiSum		sum = {0, 0};

	for (int i = 0; i < count; i++)
	{
		if (point[i].value >= 0)
			aboves = kpi_parts_add(above, aboves, point[i].value);
		else
			belows = kpi_parts_add(below, belows, -point[i].value);
	}
	aboves = kpi_parts_compress(above, aboves);
	belows = kpi_parts_compress(below, belows);
	if (belows == 0)
		return kpi_parts_round(above, aboves);
	if (aboves == 0)
		return -kpi_parts_round(below, belows);
	/* from the largest on, of both */
	for (int i = 1; i <= Max(aboves, belows); i++)
	{
		if (i <= aboves)
			kpi_sum_add(&sum, above[aboves - i]);
		if (i <= belows)
			kpi_sum_add(&sum, -below[belows - i]);
	}
	return kpi_sum_value(sum);
}

pg_noreturn static void duplicate_period(KpiPeriodKind kind, const KpiPoint *point);

/* The error of two values where one is allowed. */
static void
duplicate_period(KpiPeriodKind kind, const KpiPoint *point)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("period %s has several values, %s and %s among them", kpi_show_period(kind, point->period),
					float8out_internal(point[0].value), float8out_internal(point[1].value)),
			 errhint("Aggregate the rows by period first, or say what to make of them: series(period, value, 'sum'), "
					 "'average', 'min' or 'max'.")));
}

/* What the values of one period make, in their order. */
static double
combine_values(const KpiSeries *series, const KpiPoint *point, int count)
{
	switch ((KpiDuplicates) series->duplicates)
	{
		case KPI_DUPLICATES_ERROR:
			duplicate_period(series->kind, point);
		case KPI_DUPLICATES_SUM:
			return exact_sum(point, count);
		case KPI_DUPLICATES_AVERAGE:
			return exact_sum(point, count) / count;
		case KPI_DUPLICATES_MIN:
			return point[0].value;
		case KPI_DUPLICATES_MAX:
			break;
	}
	return point[count - 1].value;
}

/* How many points from the first on have its period. */
static int
same_period(const KpiPoint *point, int count)
{
	int			same = 1;

	while (same < count && point[same].period == point->period)
		same++;
	return same;
}

/* The one point that points of a period make; gaps are before the values. */
static KpiPoint
one_point(const KpiSeries *series, const KpiPoint *point, int count)
{
	KpiPoint	one = {point->period, 0};

	while (count > 1 && isnan(point->value))
	{
		point++;
		count--;
	}
	one.value = count > 1 ? combine_values(series, point, count) : point->value;
	if (isinf(one.value))
		float_overflow_error();
	return one;
}

/* Whether each period stands once, and how many have no value. */
static bool
periods_differ(const KpiSeries *series, int *missing)
{
	*missing = 0;
	for (int i = 0; i < series->count; i++)
	{
		if (i > 0 && series->point[i].period == series->point[i - 1].period)
			return false;
		*missing += isnan(series->point[i].value);
	}
	return true;
}

/* The points of a series in order, one a period; the series stays as it is. */
KpiPoints
kpi_series_points(const KpiSeries *series)
{
	KpiPoints	points = {.kind = series->kind};
	KpiPoint   *point;

	series = points_ordered(series);
	points.point = series->point;
	points.count = series->count;
	if (periods_differ(series, &points.missing))
		return points;
	point = palloc(sizeof(KpiPoint) * series->count);
	points.point = point;
	points.count = points.missing = 0;
	for (int i = 0; i < series->count;)
	{
		int			same = same_period(&series->point[i], series->count - i);

		CHECK_FOR_INTERRUPTS();
		point[points.count] = one_point(series, &series->point[i], same);
		points.missing += isnan(point[points.count++].value);
		i += same;
	}
	return points;
}

/* The points of the series that is an argument. */
KpiPoints
kpi_points_argument(FunctionCallInfo fcinfo, int argument)
{
	return kpi_series_points((const KpiSeries *) PG_GETARG_VARLENA_P(argument));
}

/* series_done(series): in order, without spare room, duplicates checked. */
PG_FUNCTION_INFO_V1(kpi_series_done);
Datum
kpi_series_done(PG_FUNCTION_ARGS)
{
	KpiSeries  *series = (KpiSeries *) PG_GETARG_VARLENA_P(0);

	series = points_copy(series, series->count);
	points_tidy(series);
	if (series->duplicates == KPI_DUPLICATES_ERROR)
		(void) kpi_series_points(series);
	PG_RETURN_POINTER(series);
}
