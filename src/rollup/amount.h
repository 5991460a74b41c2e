/*-------------------------------------------------------------------------
 *
 * amount.h
 *	  A weight, score or coverage, float8 or numeric, and what is asked of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_AMOUNT_H
#define KPI_ROLLUP_AMOUNT_H

#include "kpi.h"

#include "base/check.h"
#include "base/exact.h"

/* The state, the tree or the caller says which of the two it is. */
typedef union KpiAmount
{
	double		real;
	Numeric		exact;
} KpiAmount;

/* Whether an amount is neither NaN nor infinite. */
static inline bool
kpi_amount_is_finite(bool exact, KpiAmount amount)
{
	return exact ? kpi_is_numeric_number(amount.exact) : kpi_is_number(amount.real);
}

/* Whether a is less than b. */
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

/* Whether an amount is a number of the code. */
static inline bool
kpi_amount_is(bool exact, KpiAmount amount, int number)
{
	if (exact)
		return kpi_numeric_cmp(amount.exact, int64_to_numeric(number)) == 0;
	return amount.real == number;
}

#endif							/* KPI_ROLLUP_AMOUNT_H */
