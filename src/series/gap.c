/*-------------------------------------------------------------------------
 *
 * gap.c
 *	  Closing gaps among numbers, NaN each.
 *
 *-------------------------------------------------------------------------
 */
#include "series/gap.h"

#include <math.h>

/* Fill gaps between two values on the line between them. */
static void
fill_linear(double *value, int count)
{
	int			last = -1;

	for (int i = 0; i < count; i++)
	{
		if (isnan(value[i]))
			continue;
		for (int gap = last + 1; last >= 0 && gap < i; gap++)
		{
			double		share = (double) (gap - last) / (i - last);

			value[gap] = value[last] * (1 - share) + value[i] * share;
		}
		last = i;
	}
}

/* Fill gaps with the value that stands before them, going in steps of 1 or -1. */
static void
fill_from(double *value, int count, int first, int step)
{
	for (int i = first + step; i >= 0 && i < count; i += step)
	{
		if (isnan(value[i]))
			value[i] = value[i - step];
	}
}

/* Close gaps by a method that knows of no season; what it has nothing to go by for stays one. */
void
kpi_fill_plain(double *value, int count, KpiFill method)
{
	if (method == KPI_FILL_PREVIOUS)
		fill_from(value, count, 0, 1);
	else if (method == KPI_FILL_NEXT)
		fill_from(value, count, count - 1, -1);
	else if (method == KPI_FILL_LINEAR)
		fill_linear(value, count);
	else
	{
		for (int i = 0; i < count; i++)
			value[i] = isnan(value[i]) ? 0 : value[i];
	}
}
