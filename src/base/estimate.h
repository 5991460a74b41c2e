/*-------------------------------------------------------------------------
 *
 * estimate.h
 *	  An estimate and how sure it is: kpi.confidence_interval.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ESTIMATE_H
#define KPI_ESTIMATE_H

#include "kpi.h"

/* NaN is what is not known. */
typedef struct KpiEstimate
{
	double		estimate;
	double		se;
	double		lower;
	double		upper;
} KpiEstimate;

extern Datum kpi_estimate_datum(FunctionCallInfo fcinfo, const KpiEstimate *estimate);
extern Datum kpi_number_row(FunctionCallInfo fcinfo, const double *number, int count);

#endif							/* KPI_ESTIMATE_H */
