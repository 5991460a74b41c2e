/*-------------------------------------------------------------------------
 *
 * estimate.c
 *	  An estimate and how sure it is: kpi.confidence_interval.
 *
 *-------------------------------------------------------------------------
 */
#include "base/estimate.h"

#include "access/htup_details.h"
#include "base/check.h"
#include "funcapi.h"

#define MAX_COLUMNS 8

/* A row of float8 columns of the function's type; what is no finite number is NULL. */
Datum
kpi_number_row(FunctionCallInfo fcinfo, const double *number, int count)
{
	TupleDesc	desc;
	Datum		value[MAX_COLUMNS];
	bool		isnull[MAX_COLUMNS];

	Assert(count <= MAX_COLUMNS);
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	for (int i = 0; i < count; i++)
	{
		/* zero has no sign */
		value[i] = Float8GetDatum(number[i] + 0.0);
		isnull[i] = !kpi_is_number(number[i]);
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), value, isnull)));
}

/* The row of an estimate. */
Datum
kpi_estimate_datum(FunctionCallInfo fcinfo, const KpiEstimate *estimate)
{
	double		number[] = {estimate->estimate, estimate->se, estimate->lower, estimate->upper};

	return kpi_number_row(fcinfo, number, lengthof(number));
}
