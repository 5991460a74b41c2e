/*-------------------------------------------------------------------------
 *
 * formula_compute.c
 *	  Computing a formula over and over.
 *
 * A computation that fails, as that of a division by zero, has no answer: the
 * subtransaction that it is in is rolled back, and the next one goes on.  What
 * is computed is immutable, so there is nothing else to undo.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/formula_compute.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "registry/mistake.h"

/* Makes a formula ready to be computed. */
KpiComputation *
kpi_start_computation(const KpiFormula *formula)
{
	KpiComputation *computation = palloc0(sizeof(KpiComputation));
	int			count = list_length(formula->inputs);
	MemoryContext old;

	computation->estate = CreateExecutorState();
	computation->context = CreateExprContext(computation->estate);
	computation->inputs = makeParamList(count);
	for (int i = 0; i < count; i++)
		computation->inputs->params[i] = (ParamExternData)
	{
		.ptype = NUMERICOID,.isnull = true
	};
	computation->context->ecxt_param_list_info = computation->inputs;
	old = MemoryContextSwitchTo(computation->estate->es_query_cxt);
	computation->expression[KPI_RESULT_VALUE] = ExecInitExprWithParams(formula->value, computation->inputs);
	if (formula->numerator != NULL)
	{
		computation->expression[KPI_RESULT_NUMERATOR] = ExecInitExprWithParams(formula->numerator, computation->inputs);
		computation->expression[KPI_RESULT_DENOMINATOR] = ExecInitExprWithParams(formula->denominator, computation->inputs);
	}
	MemoryContextSwitchTo(old);
	return computation;
}

/* Begins the subtransaction in which values are computed. */
static void
enter(KpiComputation *computation)
{
	computation->outer_context = CurrentMemoryContext;
	computation->outer_owner = CurrentResourceOwner;
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(computation->outer_context);
	computation->entered = true;
}

/* Ends it, before anything else is done than computing. */
void
kpi_leave_computation(KpiComputation *computation)
{
	if (!computation->entered)
		return;
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(computation->outer_context);
	CurrentResourceOwner = computation->outer_owner;
	computation->entered = false;
}

/* Computes one expression; NULL for what is no finite number. */
static Datum
compute_one(KpiComputation *computation, KpiResult which, bool *isnull)
{
	ExprState  *expression = computation->expression[which];
	Datum		value = (Datum) 0;

	*isnull = true;
	if (expression != NULL)
		value = ExecEvalExprSwitchContext(expression, computation->context, isnull);
	if (!*isnull && (numeric_is_nan(DatumGetNumeric(value)) || numeric_is_inf(DatumGetNumeric(value))))
		*isnull = true;
	return value;
}

/*
 * Computes all of them, in the order of KpiResult, to be used before the next
 * time.  Where one has no answer it is NULL, and the error is returned: a
 * quotient by 0 has its two sides still.
 */
ErrorData *
kpi_compute(KpiComputation *computation, Datum *values, bool *nulls)
{
	ErrorData  *volatile error = NULL;

	ResetExprContext(computation->context);
	memset(nulls, true, sizeof(bool) * KPI_RESULTS);
	if (!computation->entered)
		enter(computation);
	PG_TRY();
	{
		for (int i = KPI_RESULTS - 1; i >= 0; i--)
			values[i] = compute_one(computation, (KpiResult) i, &nulls[i]);
	}
	PG_CATCH();
	{
		/* a cancel, or memory that ran out, is no answer of arithmetic */
		if (!kpi_is_mistake(geterrcode()))
			PG_RE_THROW();
		MemoryContextSwitchTo(computation->context->ecxt_per_tuple_memory);
		error = CopyErrorData();
		FlushErrorState();
		kpi_leave_computation(computation);
	}
	PG_END_TRY();
	return error;
}

/* Forgets what was made for it. */
void
kpi_end_computation(KpiComputation *computation)
{
	kpi_leave_computation(computation);
	FreeExecutorState(computation->estate);
	pfree(computation);
}
