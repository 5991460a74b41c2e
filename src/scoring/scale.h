/*-------------------------------------------------------------------------
 *
 * scale.h
 *	  What other scores use of scales: the limits of clamp.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SCALE_H
#define KPI_SCALE_H

#include "kpi.h"

extern Datum kpi_clamp_float8(PG_FUNCTION_ARGS);
extern Datum kpi_clamp_numeric(PG_FUNCTION_ARGS);

#endif							/* KPI_SCALE_H */
