/*-------------------------------------------------------------------------
 *
 * curve.h
 *	  What other scores use of curves: the limits of clamp.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_CURVE_H
#define KPI_CURVE_H

#include "kpi.h"

extern Datum kpi_clamp_float8(PG_FUNCTION_ARGS);
extern Datum kpi_clamp_numeric(PG_FUNCTION_ARGS);

#endif							/* KPI_CURVE_H */
