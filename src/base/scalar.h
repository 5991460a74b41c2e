/*-------------------------------------------------------------------------
 *
 * scalar.h
 *	  What the scalar functions of scoring share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SCALAR_H
#define KPI_SCALAR_H

#include "kpi.h"

#include "base/check.h"
#include "utils/fmgrprotos.h"

/* A float8 result, or NULL where it is beyond float8; zero has no sign. */
static inline Datum
kpi_float8_or_null(FunctionCallInfo fcinfo, double result)
{
	if (!kpi_is_number(result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result + 0.0);
}

/* (x - from) / (to - from), from and to not equal. */
static inline double
kpi_share_of_way(double x, double to, double from)
{
	if (kpi_is_number(x - from) && kpi_is_number(to - from))
		return (x - from) / (to - from);
	/* half of both is the same ratio, without overflow on the way */
	return (x / 2 - from / 2) / (to / 2 - from / 2);
}

/* A numeric as text, for messages. */
static inline char *
kpi_numeric_text(Numeric value)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value)));
}

#endif							/* KPI_SCALAR_H */
