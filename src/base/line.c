/*-------------------------------------------------------------------------
 *
 * line.c
 *	  Straight lines between two points, and between the limits of a range.
 *
 *	line		y0 + (y1 - y0) (x - x0) / (x1 - x0), x0 and x1 not equal
 *	range		full between two limits, straight to 0 at the outer ones,
 *				0 from there on
 *
 * Numeric method: (y0 (x1 - x0) + (y1 - y0) (x - x0)) / (x1 - x0) with exact
 * products and one division, in 128 bits where they suffice.  A double x is
 * its shortest decimal, and only the result is rounded to double: so all
 * digits are right however far apart the points are.
 *
 *-------------------------------------------------------------------------
 */
#include "base/line.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/twosum.h"

/* One unit of decoded x times one of y, against one of x. */
#define LINE_UNIT 100000000
#define LINE_GROUPS (2 * KPI_QUOTIENT_GROUPS)

/* Decimals of a decoded number. */
#define DECIMALS (4 * KPI_QUOTIENT_GROUPS)

/* A double of more bits than this could round up to what is no 128-bit integer. */
#define MAX_SUM_BITS 126

/* The first point and the way to the second, decoded. */
typedef struct Line
{
	KpiDecimal	x0;
	KpiDecimal	y0;
	KpiDecimal	run;
	KpiDecimal	rise;
} Line;

/* Decode two points; false leaves them to the server's numeric. */
static bool
decode_line(Numeric x0, Numeric y0, Numeric x1, Numeric y1, Line *line)
{
	if (!kpi_decode_operand(NumericGetDatum(x0), &line->x0) ||
		!kpi_decode_operand(NumericGetDatum(y0), &line->y0) ||
		!kpi_decode_operand(NumericGetDatum(x1), &line->run) ||
		!kpi_decode_operand(NumericGetDatum(y1), &line->rise))
		return false;
	line->run = kpi_decimal_sub(line->run, line->x0);
	line->rise = kpi_decimal_sub(line->rise, line->y0);
	return true;
}

/* a b + c d, if 128 bits hold it. */
static bool
sum_of_products(int128 a, int128 b, int128 c, int128 d, int128 *result)
{
	int128		product;

	return !__builtin_mul_overflow(a, b, &product) &&
		!__builtin_mul_overflow(c, d, result) &&
		!__builtin_add_overflow(product, *result, result);
}

/* The line in 128 bits; false leaves it to the server's numeric. */
static bool
quick_line(Numeric x, const Line *line, Numeric *result)
{
	KpiDecimal	place;
	KpiDecimal	sum;
	KpiDecimal	run = line->run;

	if (!kpi_decode_operand(NumericGetDatum(x), &place))
		return false;
	place = kpi_decimal_sub(place, line->x0);
	if (!sum_of_products(line->y0.value, run.value, line->rise.value, place.value, &sum.value) ||
		__builtin_mul_overflow(run.value, (int128) LINE_UNIT, &run.value))
		return false;
	sum.dscale = Max(line->y0.dscale + run.dscale, line->rise.dscale + place.dscale);
	return kpi_decimal_div(&sum, &run, LINE_GROUPS, result);
}

/* y at x on the line through (x0, y0) and (x1, y1), with one division. */
Numeric
kpi_line(Numeric x, Numeric x0, Numeric y0, Numeric x1, Numeric y1)
{
	Line		line;
	Numeric		run;
	Numeric		rise;
	Numeric		result;

	if (decode_line(x0, y0, x1, y1, &line) && quick_line(x, &line, &result))
		return result;
	run = kpi_numeric_sub(x1, x0);
	rise = kpi_numeric_mul(kpi_numeric_sub(y1, y0), kpi_numeric_sub(x, x0));
	return kpi_numeric_div(kpi_numeric_add(kpi_numeric_mul(y0, run), rise), run);
}

/* An integer as a sum of two doubles, to 106 bits; false if it is too long. */
static bool
sum_of_int128(int128 value, KpiSum *sum)
{
	if ((value < 0 ? -(uint128) value : (uint128) value) >> MAX_SUM_BITS != 0)
		return false;
	sum->hi = (double) value;
	sum->lo = (double) (value - (int128) sum->hi);
	return true;
}

/* The line at a double in 128 bits, all numbers with as many decimals as x. */
static bool
quick_line_float8(double x, const Line *line, double *result)
{
	KpiDigits	place = kpi_shortest_digits(x);
	int			scale = Max(place.scale, DECIMALS);
	int128		unit;
	int128		way;
	int128		start;
	int128		run;
	int128		sum;
	KpiSum		numerator;
	KpiSum		denominator;

	if (scale > KPI_MAX_POWER_OF_10 || scale - place.scale > KPI_MAX_POWER_OF_10)
		return false;
	unit = kpi_power_of_10[scale - DECIMALS];
	way = (int128) place.digits * kpi_power_of_10[scale - place.scale];
	if (__builtin_mul_overflow(line->x0.value, unit, &start) ||
		__builtin_mul_overflow(line->run.value, unit, &run) ||
		__builtin_sub_overflow(way, start, &way) ||
		!sum_of_products(line->y0.value, run, line->rise.value, way, &sum) ||
		__builtin_mul_overflow(run, (int128) LINE_UNIT, &run) ||
		!sum_of_int128(sum, &numerator) || !sum_of_int128(run, &denominator))
		return false;
	*result = kpi_sum_quotient(numerator, denominator);
	return true;
}

/* The same at a double, which is taken as its shortest decimal. */
double
kpi_line_float8(double x, Numeric x0, Numeric y0, Numeric x1, Numeric y1)
{
	Line		line;
	double		result;

	if (!decode_line(x0, y0, x1, y1, &line) || !quick_line_float8(x, &line, &result))
		result = kpi_numeric_nearest_double(kpi_line(kpi_float8_numeric(x), x0, y0, x1, y1));
	return result;
}

/* Whether limits are finite and in order. */
bool
kpi_limits_in_order(const KpiLimits *limits)
{
	/* NaN sorts above all numbers, so the ends tell about what is between */
	return kpi_is_numeric_number(limits->outer_low) &&
		kpi_is_numeric_number(limits->outer_high) &&
		kpi_numeric_cmp(limits->outer_low, limits->low) <= 0 &&
		kpi_numeric_cmp(limits->low, limits->high) <= 0 &&
		kpi_numeric_cmp(limits->high, limits->outer_high) <= 0;
}

/* What a finite x earns among limits; low and high themselves earn full. */
Numeric
kpi_within_limits(Numeric x, const KpiLimits *limits, Numeric full)
{
	Numeric		none = int64_to_numeric(0);
	bool		below = kpi_numeric_cmp(x, limits->low) < 0;

	if (!below && kpi_numeric_cmp(x, limits->high) <= 0)
		return full;
	if (kpi_numeric_cmp(x, limits->outer_low) <= 0 || kpi_numeric_cmp(x, limits->outer_high) >= 0)
		return none;
	return below ? kpi_line(x, limits->outer_low, none, limits->low, full) :
		kpi_line(x, limits->outer_high, none, limits->high, full);
}
