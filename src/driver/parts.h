/*-------------------------------------------------------------------------
 *
 * parts.h
 *	  Parts of a change, which add up to it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DRIVER_PARTS_H
#define KPI_DRIVER_PARTS_H

#include "kpi.h"

#include "utils/numeric.h"

extern int	kpi_largest_part(const double *part, int count);
extern Numeric *kpi_settle(const double *part, int count, Numeric whole);

#endif							/* KPI_DRIVER_PARTS_H */
