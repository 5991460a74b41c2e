/*-------------------------------------------------------------------------
 *
 * straight.c
 *	  The straight line through values at equal steps.
 *
 *-------------------------------------------------------------------------
 */
#include "math/straight.h"

/* The line that has the least squares. */
KpiStraight
kpi_straight_line(const double *value, int count)
{
	KpiStraight line = {0, 0, 0};
	double		squares = 0;

	for (int i = 0; i < count; i++)
		line.mean += (value[i] - line.mean) / (i + 1);
	for (int i = 0; i < count; i++)
	{
		double		x = i - (count - 1) / 2.0;

		line.slope += x * (value[i] - line.mean);
		squares += x * x;
	}
	if (squares > 0)
		line.slope /= squares;
	line.before = line.mean - line.slope * (count + 1) / 2.0;
	return line;
}
