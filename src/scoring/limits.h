/*-------------------------------------------------------------------------
 *
 * limits.h
 *	  Limits of points.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_LIMITS_H
#define KPI_LIMITS_H

#include "kpi.h"

extern Datum kpi_clamp_float8(PG_FUNCTION_ARGS);
extern Datum kpi_clamp_numeric(PG_FUNCTION_ARGS);
extern Datum kpi_zero_below_numeric(PG_FUNCTION_ARGS);

#endif							/* KPI_LIMITS_H */
