/*-------------------------------------------------------------------------
 *
 * points.h
 *	  What points by rank share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_POINTS_H
#define KPI_POINTS_H

#include "kpi.h"

extern void kpi_check_rank(int64 rank);

#endif							/* KPI_POINTS_H */
