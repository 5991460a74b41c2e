/*-------------------------------------------------------------------------
 *
 * direction.h
 *	  Which way is better, column by column; values on a scale from worst to best.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DIRECTION_H
#define KPI_DIRECTION_H

#include "kpi.h"

#include "base/matrix.h"

/* The least and the greatest value of a column. */
typedef struct KpiExtent
{
	double		least;
	double		greatest;
} KpiExtent;

/* Where a value is between the worst one, 0, and the best one, 1; both differ. */
static inline double
kpi_from_worst(const KpiExtent *extent, bool lower, double value)
{
	double		width = extent->greatest / 2 - extent->least / 2;

	return (lower ? extent->greatest / 2 - value / 2 : value / 2 - extent->least / 2) / width;
}

extern bool *kpi_directions(NullableDatum argument, int columns);
extern KpiExtent kpi_extent(const KpiMatrix *matrix, int column);

#endif							/* KPI_DIRECTION_H */
