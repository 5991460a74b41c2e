/*-------------------------------------------------------------------------
 *
 * answer.c
 *	  Rows of answers, column by column.
 *
 *-------------------------------------------------------------------------
 */
#include "base/answer.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"

/* The row, of the type that the function returns. */
Datum
kpi_answer_row(FunctionCallInfo fcinfo, const KpiAnswer *answer)
{
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	Assert(answer->count == desc->natts);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), (Datum *) answer->value, (bool *) answer->isnull));
}

/* One more row of a function that returns a set. */
void
kpi_answer_put(FunctionCallInfo fcinfo, const KpiAnswer *answer)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	Assert(answer->count == result->setDesc->natts);
	tuplestore_putvalues(result->setResult, result->setDesc, (Datum *) answer->value, (bool *) answer->isnull);
}

/* Numbers as an array of float8; an element that is no finite number is NULL. */
Datum
kpi_number_array(const double *number, int count)
{
	Datum	   *element = palloc(count * sizeof(Datum));
	bool	   *isnull = palloc(count * sizeof(bool));
	int			lower = 1;

	for (int i = 0; i < count; i++)
	{
		isnull[i] = !kpi_is_number(number[i]);
		element[i] = Float8GetDatum(number[i] + 0.0);
	}
	return PointerGetDatum(construct_md_array(element, isnull, 1, &count, &lower, FLOAT8OID,
											  sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
