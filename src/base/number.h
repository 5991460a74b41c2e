/*-------------------------------------------------------------------------
 *
 * number.h
 *	  Numbers of any type, as the two types that are computed with.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_NUMBER_H
#define KPI_NUMBER_H

#include "kpi.h"

#include "utils/numeric.h"

extern bool kpi_is_number_type(Oid type);
extern Numeric kpi_number_to_numeric(Datum value, Oid type);
extern double kpi_number_to_float8(Datum value, Oid type);

#endif							/* KPI_NUMBER_H */
