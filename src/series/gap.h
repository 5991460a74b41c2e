/*-------------------------------------------------------------------------
 *
 * gap.h
 *	  Closing gaps among numbers, NaN each.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_GAP_H
#define KPI_GAP_H

#include "kpi.h"

#include "base/words.h"

extern void kpi_fill_plain(double *value, int count, KpiFill method);

#endif							/* KPI_GAP_H */
