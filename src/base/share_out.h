/*-------------------------------------------------------------------------
 *
 * share_out.h
 *	  A total shared out by weights.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SHARE_OUT_H
#define KPI_SHARE_OUT_H

#include "kpi.h"

#include "utils/numeric.h"

#define KPI_MAX_SHARE_DECIMALS 18

extern void kpi_share_out(Numeric total, Numeric *weight, int count, int decimals, Numeric *part);

#endif							/* KPI_SHARE_OUT_H */
