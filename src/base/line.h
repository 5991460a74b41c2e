/*-------------------------------------------------------------------------
 *
 * line.h
 *	  Straight lines between two points, and between the limits of a range.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_LINE_H
#define KPI_LINE_H

#include "kpi.h"

#include "utils/numeric.h"

/* Limits of a range: all of them outer_low <= low <= high <= outer_high. */
typedef struct KpiLimits
{
	Numeric		low;
	Numeric		high;
	Numeric		outer_low;
	Numeric		outer_high;
} KpiLimits;

extern Numeric kpi_line(Numeric x, Numeric x0, Numeric y0, Numeric x1, Numeric y1);
extern double kpi_line_float8(double x, Numeric x0, Numeric y0, Numeric x1, Numeric y1);
extern bool kpi_limits_in_order(const KpiLimits *limits);
extern Numeric kpi_within_limits(Numeric x, const KpiLimits *limits, Numeric full);

#endif							/* KPI_LINE_H */
