/*-------------------------------------------------------------------------
 *
 * formula_compute.h
 *	  Computing a formula over and over.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_FORMULA_COMPUTE_H
#define KPI_FORMULA_COMPUTE_H

#include "registry/formula.h"

#include "nodes/execnodes.h"
#include "nodes/params.h"
#include "utils/resowner.h"

/* What is computed. */
typedef enum KpiResult
{
	KPI_RESULT_VALUE,
	KPI_RESULT_NUMERATOR,		/* these only of a formula that is one
								 * quotient */
	KPI_RESULT_DENOMINATOR
} KpiResult;

#define KPI_RESULTS 3

typedef struct KpiComputation
{
	ParamListInfo inputs;		/* to be set before each time */
	EState	   *estate;
	ExprContext *context;
	ExprState  *expression[KPI_RESULTS];	/* or NULL */

	/* the subtransaction, and what is outside of it */
	bool		entered;
	MemoryContext outer_context;
	ResourceOwner outer_owner;
} KpiComputation;

extern KpiComputation *kpi_start_computation(const KpiFormula *formula);
extern ErrorData *kpi_compute(KpiComputation *computation, Datum *values, bool *nulls);
extern void kpi_leave_computation(KpiComputation *computation);
extern void kpi_end_computation(KpiComputation *computation);

#endif							/* KPI_FORMULA_COMPUTE_H */
