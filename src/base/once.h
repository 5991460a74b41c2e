/*-------------------------------------------------------------------------
 *
 * once.h
 *	  What a function makes of an array that is the same in all its calls.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ONCE_H
#define KPI_ONCE_H

#include "kpi.h"

#include "utils/array.h"

/* What is made of the array, which stays as long as that does. */
typedef void *(*KpiMake) (ArrayType *array);

extern void *kpi_make_once(FunctionCallInfo fcinfo, int argument, KpiMake make);

#endif							/* KPI_ONCE_H */
