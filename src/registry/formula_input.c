/*-------------------------------------------------------------------------
 *
 * formula_input.c
 *	  What formulas read, for SQL.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/formula_compute.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "registry/mistake.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* formula_inputs(formula): a row for each indicator and way in which it is read. */
PG_FUNCTION_INFO_V1(kpi_formula_inputs);
Datum
kpi_formula_inputs(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	KpiFormula *formula = kpi_read_formula(NULL, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, formula->inputs)
	{
		KpiInput   *input = lfirst(cell);
		Datum		values[3];
		bool		nulls[3] = {false, false, input->function != KPI_INPUT_ROLLING};

		values[0] = CStringGetTextDatum(input->indicator);
		values[1] = CStringGetTextDatum(kpi_formula_functions[input->function]);
		values[2] = Int32GetDatum(input->periods);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * Refuses a formula that fails whatever its inputs are, such as one with a word
 * that a function does not take.
 */
static void
try_formula(KpiFormula *formula)
{
	static const int tenths[] = {10, 1000, -10, 5};
	KpiComputation *computation = kpi_start_computation(formula);
	ErrorData  *error = NULL;

	for (size_t i = 0; i < lengthof(tenths) && (i == 0 || error != NULL); i++)
	{
		Datum		values[KPI_RESULTS];
		bool		nulls[KPI_RESULTS];

		for (int k = 0; k < computation->inputs->numParams; k++)
		{
			computation->inputs->params[k].value = NumericGetDatum(int64_div_fast_to_numeric(tenths[i], 1));
			computation->inputs->params[k].isnull = false;
		}
		error = kpi_compute(computation, values, nulls);
	}
	if (error != NULL && error->sqlerrcode == ERRCODE_INVALID_PARAMETER_VALUE)
		kpi_refuse_formula(formula, -1, "has no answer, whatever the inputs are",
						   psprintf("The server says: %s%s", error->message, kpi_full_stop(error->message)),
						   error->hint);
	kpi_end_computation(computation);
}

/* plan_formula(indicator, formula): an error unless it can be computed. */
PG_FUNCTION_INFO_V1(kpi_plan_formula);
Datum
kpi_plan_formula(PG_FUNCTION_ARGS)
{
	try_formula(kpi_compile_formula(text_to_cstring(PG_GETARG_TEXT_PP(0)),
									text_to_cstring(PG_GETARG_TEXT_PP(1))));
	PG_RETURN_VOID();
}

/* Sets what a computation reads from an array; what it lacks is NULL. */
static void
set_inputs(KpiComputation *computation, ArrayType *array)
{
	Datum	   *values;
	bool	   *nulls;
	int			count;

	deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
	for (int i = 0; i < Min(count, computation->inputs->numParams); i++)
	{
		computation->inputs->params[i].value = values[i];
		computation->inputs->params[i].isnull = nulls[i];
	}
}

/*
 * formula_value(formula, inputs): what it gives for these inputs, in the order
 * of formula_inputs(); NULL where it has no answer.
 */
PG_FUNCTION_INFO_V1(kpi_formula_value);
Datum
kpi_formula_value(PG_FUNCTION_ARGS)
{
	KpiComputation *computation = kpi_start_computation(kpi_compile_formula(NULL, text_to_cstring(PG_GETARG_TEXT_PP(0))));
	Datum		values[KPI_RESULTS];
	bool		nulls[KPI_RESULTS];
	Datum		result = (Datum) 0;

	set_inputs(computation, PG_GETARG_ARRAYTYPE_P(1));
	(void) kpi_compute(computation, values, nulls);
	if (!nulls[KPI_RESULT_VALUE])
		result = NumericGetDatum(DatumGetNumericCopy(values[KPI_RESULT_VALUE]));
	kpi_end_computation(computation);
	if (nulls[KPI_RESULT_VALUE])
		PG_RETURN_NULL();
	return result;
}

/* is_quotient(formula): has it a numerator and a denominator, as one quotient? */
PG_FUNCTION_INFO_V1(kpi_is_quotient);
Datum
kpi_is_quotient(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(kpi_read_formula(NULL, text_to_cstring(PG_GETARG_TEXT_PP(0)))->is_quotient);
}

/* rename_in_formula(formula, old, new): the formula with another name for an indicator. */
PG_FUNCTION_INFO_V1(kpi_rename_in_formula);
Datum
kpi_rename_in_formula(PG_FUNCTION_ARGS)
{
	KpiFormula *formula = kpi_read_formula(NULL, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	const char *old = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const char *new = quote_identifier(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	StringInfoData text;
	int			done = 0;
	ListCell   *cell;

	initStringInfo(&text);
	foreach(cell, formula->places)
	{
		KpiNamePlace *place = lfirst(cell);

		if (strcmp(place->indicator, old) != 0)
			continue;
		appendBinaryStringInfo(&text, formula->text +done, place->start - done);
		appendStringInfoString(&text, new);
		done = place->start + place->length;
	}
	appendStringInfoString(&text, formula->text +done);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(text.data, text.len));
}
