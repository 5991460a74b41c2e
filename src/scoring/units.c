/*-------------------------------------------------------------------------
 *
 * units.c
 *	  Points for each unit of a distance: deduct and add.
 *
 *	points = base + rate n, n = distance / unit, counted as it is (linear),
 *	in whole units (full) or in begun ones (started)
 *
 * Numeric method: units are counted in exact decimals; linear points have
 * one division, and none where the unit is 1.  A distance between doubles
 * that is whole but for their rounding is whole: 1.1 - 0.8 in units of 0.1
 * is three, though the difference is a little more.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/units.h"

#include <float.h>
#include <math.h>

#include "base/exact.h"

/* By how much the distance of two doubles may be off by their rounding. */
Numeric
kpi_float8_slack(double a, double b)
{
	return kpi_float8_numeric(2 * DBL_EPSILON * fabs(a) + 2 * DBL_EPSILON * fabs(b));
}

/* The nearest whole count, if the distance is that but for a slack that is small. */
static bool
is_nearly_whole(Numeric distance, Numeric unit, Numeric slack, Numeric *count)
{
	Numeric		twice_slack = kpi_numeric_add(slack, slack);
	Numeric		rest;

	if (kpi_numeric_cmp(kpi_numeric_add(twice_slack, twice_slack), unit) >= 0)
		return false;
	*count = kpi_numeric_call2(numeric_div_trunc, kpi_numeric_add(distance, slack), unit);
	rest = kpi_numeric_sub(distance, kpi_numeric_mul(*count, unit));
	return kpi_numeric_cmp(kpi_numeric_abs(rest), slack) <= 0;
}

/* How many whole or begun units the distance has. */
static Numeric
count_units(const KpiUnits *units, Numeric distance, Numeric slack)
{
	Numeric		count;

	if (slack != NULL && is_nearly_whole(distance, units->unit, slack, &count))
		return count;
	count = kpi_numeric_call2(numeric_div_trunc, distance, units->unit);
	if (units->counting == KPI_COUNT_STARTED &&
		kpi_numeric_cmp(kpi_numeric_mul(count, units->unit), distance) < 0)
		count = kpi_numeric_add(count, int64_to_numeric(1));
	return count;
}

/* Points for a distance of at least 0; slack is NULL for exact decimals. */
Numeric
kpi_unit_points(const KpiUnits *units, Numeric distance, Numeric slack)
{
	Numeric		one = int64_to_numeric(1);
	Numeric		unit = units->unit;

	if (units->counting != KPI_COUNT_LINEAR)
	{
		distance = count_units(units, distance, slack);
		unit = one;
	}
	if (kpi_numeric_cmp(unit, one) == 0)
		return kpi_numeric_add(units->base, kpi_numeric_mul(units->rate, distance));
	return kpi_numeric_div(kpi_numeric_add(kpi_numeric_mul(units->base, unit),
										   kpi_numeric_mul(units->rate, distance)), unit);
}
