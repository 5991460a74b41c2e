/*-------------------------------------------------------------------------
 *
 * method.h
 *	  From the scores of the children to the score of their parent.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_METHOD_H
#define KPI_ROLLUP_METHOD_H

#include "rollup/rollup.h"

#include "base/exact.h"

/* The values that count at a node, by the names of the children. */
typedef struct KpiRollupValues
{
	bool		exact;
	int32		count;
	KpiAmount  *weight;
	KpiAmount  *value;
	bool	   *priority;
} KpiRollupValues;

extern KpiAmount kpi_rollup_score(const KpiRollupValues *values, KpiRollupMethod method);

static inline bool
kpi_amount_less(bool exact, KpiAmount a, KpiAmount b)
{
	return exact ? kpi_numeric_cmp(a.exact, b.exact) < 0 : a.real < b.real;
}

/* A number of the code as an amount; numeric ones are palloc'd. */
static inline KpiAmount
kpi_amount_of(bool exact, int number)
{
	KpiAmount	amount;

	if (exact)
		amount.exact = int64_to_numeric(number);
	else
		amount.real = number;
	return amount;
}

static inline bool
kpi_amount_is(bool exact, KpiAmount amount, int number)
{
	if (exact)
		return kpi_numeric_cmp(amount.exact, int64_to_numeric(number)) == 0;
	return amount.real == number;
}

#endif							/* KPI_ROLLUP_METHOD_H */
