/*-------------------------------------------------------------------------
 *
 * fill.h
 *	  Closing the gaps of a series.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_FILL_H
#define KPI_FILL_H

#include "kpi.h"

#include "base/words.h"

extern void kpi_fill_gaps(double *value, int count, KpiFill method, int season);

#endif							/* KPI_FILL_H */
