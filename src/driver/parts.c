/*-------------------------------------------------------------------------
 *
 * parts.c
 *	  Parts of a change, which add up to it.
 *
 * Parts are computed as doubles and answered as decimals; the largest one takes
 * what rounding leaves, so that their sum is the whole itself, in any order.
 *
 *-------------------------------------------------------------------------
 */
#include "driver/parts.h"

#include <math.h>

#include "base/exact.h"

/* The place of the part that is greatest, whatever its sign; NaN is none. */
int
kpi_largest_part(const double *part, int count)
{
	int			place = 0;

	for (int i = 1; i < count; i++)
	{
		if (isnan(part[place]) || fabs(part[i]) > fabs(part[place]))
			place = i;
	}
	return place;
}

/* The parts as decimals that add up to the whole, of which they miss but the rounding. */
Numeric *
kpi_settle(const double *part, int count, Numeric whole)
{
	Numeric    *exact = palloc(count * sizeof(Numeric));
	int			place = kpi_largest_part(part, count);

	exact[place] = whole;
	for (int i = 0; i < count; i++)
	{
		if (i == place)
			continue;
		exact[i] = kpi_float8_numeric(part[i]);
		exact[place] = kpi_numeric_sub(exact[place], exact[i]);
	}
	return exact;
}
