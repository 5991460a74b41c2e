/*-------------------------------------------------------------------------
 *
 * straight.h
 *	  The straight line through values at equal steps.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_STRAIGHT_H
#define KPI_STRAIGHT_H

#include "kpi.h"

/* By least squares. */
typedef struct KpiStraight
{
	double		mean;
	double		slope;			/* per step; 0 for one value */
	double		before;			/* the line one step before the first value */
} KpiStraight;

extern KpiStraight kpi_straight_line(const double *value, int count);

#endif							/* KPI_STRAIGHT_H */
