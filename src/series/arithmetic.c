/*-------------------------------------------------------------------------
 *
 * arithmetic.c
 *	  Sums, differences, products and quotients of series, period by period.
 *
 * The result has the periods that both series have.  It has a gap where one of
 * them has one, for a divisor of 0, and for what is beyond float8.  A number
 * stands for a series with that value in each period.
 *
 *-------------------------------------------------------------------------
 */
#include "series/series.h"

#include <math.h>

#include "base/check.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"

/* What is done with two values. */
typedef double (*Operation) (double a, double b);

/* a + b */
static double
plus(double a, double b)
{
	return a + b;
}

/* a - b */
static double
minus(double a, double b)
{
	return a - b;
}

/* a * b */
static double
times(double a, double b)
{
	return a * b;
}

/* a / b; none for a divisor of 0 */
static double
divided(double a, double b)
{
	return b == 0 ? get_float8_nan() : a / b;
}

/* Add a point to a series that has room for it; NaN for what is no number. */
static void
add_point(KpiSeries *series, int64 period, double value)
{
	KpiPoint   *point = &series->point[series->count++];

	point->period = period;
	point->value = kpi_is_number(value) ? value + 0.0 : get_float8_nan();
	series->sorted = series->count;
}

/* A series of so many points at most, as long as it has become; NULL for one without points. */
static Datum
finish(FunctionCallInfo fcinfo, KpiSeries *series)
{
	if (series->count == 0)
		PG_RETURN_NULL();
	SET_VARSIZE(series, offsetof(KpiSeries, point) + sizeof(KpiPoint) * series->count);
	PG_RETURN_POINTER(series);
}

/* Series have periods of the same type. */
static void
check_kinds(const KpiPoints *a, const KpiPoints *b)
{
	if (a->kind != b->kind)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a series by %s does not go with one by %s",
						kpi_period_kind_name(a->kind), kpi_period_kind_name(b->kind)),
				 errhint("Make both of periods of one type.")));
}

/* Two series, period by period. */
static Datum
combine_series(FunctionCallInfo fcinfo, Operation operation)
{
	KpiPoints	a = kpi_points_argument(fcinfo, 0);
	KpiPoints	b = kpi_points_argument(fcinfo, 1);
	KpiSeries  *result;

	check_kinds(&a, &b);
	result = kpi_new_series(a.kind, Min(a.count, b.count));
	for (int i = 0, k = 0; i < a.count && k < b.count;)
	{
		CHECK_FOR_INTERRUPTS();
		if (a.point[i].period < b.point[k].period)
			i++;
		else if (a.point[i].period > b.point[k].period)
			k++;
		else
		{
			add_point(result, a.point[i].period, operation(a.point[i].value, b.point[k].value));
			i++;
			k++;
		}
	}
	return finish(fcinfo, result);
}

/* A series and a number, which stands in that place of the two. */
static Datum
combine_number(FunctionCallInfo fcinfo, Operation operation, int number)
{
	KpiPoints	points = kpi_points_argument(fcinfo, 1 - number);
	double		other = PG_GETARG_FLOAT8(number);
	KpiSeries  *result = kpi_new_series(points.kind, points.count);

	for (int i = 0; i < points.count; i++)
	{
		double		value = points.point[i].value;

		add_point(result, points.point[i].period, number == 0 ? operation(other, value) : operation(value, other));
	}
	return finish(fcinfo, result);
}

/* The operator of two series, of a series and a number, and the other way round. */
#define OPERATOR(name, operation) \
PG_FUNCTION_INFO_V1(kpi_series_##name); \
Datum \
kpi_series_##name(PG_FUNCTION_ARGS) \
{ \
	return combine_series(fcinfo, operation); \
} \
PG_FUNCTION_INFO_V1(kpi_series_##name##_number); \
Datum \
kpi_series_##name##_number(PG_FUNCTION_ARGS) \
{ \
	return combine_number(fcinfo, operation, 1); \
} \
PG_FUNCTION_INFO_V1(kpi_number_##name##_series); \
Datum \
kpi_number_##name##_series(PG_FUNCTION_ARGS) \
{ \
	return combine_number(fcinfo, operation, 0); \
}

OPERATOR(plus, plus)
OPERATOR(minus, minus)
OPERATOR(times, times)
OPERATOR(divided, divided)
