/*-------------------------------------------------------------------------
 *
 * method.c
 *	  The methods by which a node gets its score from its children.
 *
 * Over the children that count, with weights w and scores s:
 *
 *	weighted	sum(w s) / sum(w)
 *	average		sum(s) / count
 *	worst, best	min(s), max(s)
 *	sum			sum(s)
 *	points		sum(w s), with bonus and deduction among the values
 *	majority	the most frequent s, of equally frequent ones the least
 *	priority	the least s of the priority children; where that is 1 and all
 *				scores are -1, 0 or 1, the majority of the others
 *	geometric	exp(sum(w ln(s)) / sum(w)); 0 where any s <= 0
 *
 * Numeric method: means as in mean.c.  Sums are exact for numeric and
 * carry their rounding errors for float8; points are rounded, half away from
 * zero, to as many decimals as means.  A geometric mean is computed with more
 * decimals than it keeps (long double for float8) and lies between the least
 * and the greatest of its scores.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/method.h"

#include <math.h>

#include "base/twosum.h"
#include "rollup/mean.h"
#include "utils/float.h"

/* Decimals of logarithms beyond those of the result. */
#define GUARD_DIGITS 10

/* The mean of the values, weighted or plain where weight is NULL. */
static KpiAmount
mean(const KpiRollupValues *values, const KpiAmount *weight)
{
	KpiAmount	result;

	if (values->exact)
		result.exact = kpi_mean_numeric(weight, values->value, values->count);
	else
		result.real = kpi_mean_float8(weight, values->value, values->count);
	return result;
}

/* The least value, or the greatest. */
static KpiAmount
extreme(const KpiRollupValues *values, bool greatest)
{
	KpiAmount	found = values->value[0];

	for (int32 i = 1; i < values->count; i++)
	{
		if (greatest ? kpi_amount_less(values->exact, found, values->value[i]) :
			kpi_amount_less(values->exact, values->value[i], found))
			found = values->value[i];
	}
	return found;
}

/* Decimals of a numeric result: twenty, or as many as the longest value has. */
static int
result_scale(const KpiRollupValues *values)
{
	int			scale = KPI_MEAN_SCALE;

	for (int32 i = 0; i < values->count; i++)
		scale = Max(scale, kpi_numeric_scale(values->value[i].exact));
	return scale;
}

/* A numeric rounded half away from zero to that many decimals. */
static Numeric
rounded(Numeric value, int scale)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_round, NumericGetDatum(value),
											   Int32GetDatum(scale)));
}

/* The sum of numeric values, or of their products with the weights. */
static Numeric
total_numeric(const KpiRollupValues *values, bool weighted)
{
	Numeric		total = int64_to_numeric(0);

	for (int32 i = 0; i < values->count; i++)
	{
		Numeric		value = values->value[i].exact;

		if (weighted)
			value = kpi_numeric_mul(values->weight[i].exact, value);
		total = kpi_numeric_add(total, value);
	}
	return kpi_trim_numeric(rounded(total, result_scale(values)));
}

/* The same of float8 values; a sum beyond float8 is an error. */
static double
total_float8(const KpiRollupValues *values, bool weighted)
{
	KpiSum		total = {0, 0};
	double		result;

	for (int32 i = 0; i < values->count; i++)
		kpi_sum_add_product(&total, weighted ? values->weight[i].real : 1, values->value[i].real);
	result = kpi_sum_value(total);
	if (!kpi_is_number(result))
		float_overflow_error();
	return result;
}

/* The sum of the values, or of their products with the weights. */
static KpiAmount
total(const KpiRollupValues *values, bool weighted)
{
	KpiAmount	result;

	if (values->exact)
		result.exact = total_numeric(values, weighted);
	else
		result.real = total_float8(values, weighted);
	return result;
}

/* Order of amounts for sorting. */
static int
compare_amounts(const void *a, const void *b, void *exact)
{
	const KpiAmount *x = a;
	const KpiAmount *y = b;

	if (*(const bool *) exact)
		return kpi_numeric_cmp(x->exact, y->exact);
	return (x->real > y->real) - (x->real < y->real);
}

/* The most frequent of the values, which are left sorted. */
static KpiAmount
most_frequent(bool exact, KpiAmount *value, int32 count)
{
	KpiAmount	found = value[0];
	int32		most = 0;
	int32		start = 0;

	qsort_arg(value, count, sizeof(KpiAmount), compare_amounts, &exact);
	for (int32 i = 1; i <= count; i++)
	{
		if (i < count && compare_amounts(&value[i], &value[start], &exact) == 0)
			continue;
		if (i - start > most)
		{
			most = i - start;
			found = value[start];
		}
		start = i;
	}
	if (!exact)
		found.real += 0.0;		/* no negative zero */
	return found;
}

/* The majority, with or without the priority children. */
static KpiAmount
majority(const KpiRollupValues *values, bool all)
{
	KpiAmount  *copy = palloc_extended(sizeof(KpiAmount) * values->count, MCXT_ALLOC_HUGE);
	KpiAmount	result;
	int32		count = 0;

	for (int32 i = 0; i < values->count; i++)
	{
		if (all || !values->priority[i])
			copy[count++] = values->value[i];
	}
	result = most_frequent(values->exact, copy, count);
	pfree(copy);
	return result;
}

/* Whether all values are -1, 0 or 1. */
static bool
are_statuses(const KpiRollupValues *values)
{
	for (int32 i = 0; i < values->count; i++)
	{
		if (!kpi_amount_is(values->exact, values->value[i], 1) &&
			!kpi_amount_is(values->exact, values->value[i], 0) &&
			!kpi_amount_is(values->exact, values->value[i], -1))
			return false;
	}
	return true;
}

/* The priority children decide, the others only where those are all green. */
static KpiAmount
priority(const KpiRollupValues *values)
{
	KpiAmount	decisive = values->value[0];
	int32		count = 0;

	for (int32 i = 0; i < values->count; i++)
	{
		if (!values->priority[i])
			continue;
		if (count++ == 0 || kpi_amount_less(values->exact, values->value[i], decisive))
			decisive = values->value[i];
	}
	if (count == 0)
		return majority(values, true);
	if (count < values->count && kpi_amount_is(values->exact, decisive, 1) &&
		are_statuses(values))
		return majority(values, false);
	return decisive;
}

/* Digits before the decimal point. */
static int
whole_digits(Numeric value)
{
	return (int) strcspn(DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value))), ".");
}

/* exp(sum(w ln(s)) / sum(w)) of numeric values, all above 0. */
static Numeric
geometric_numeric(const KpiRollupValues *values, Numeric greatest)
{
	int			scale = result_scale(values);
	int			guarded = scale + whole_digits(greatest) + GUARD_DIGITS;
	Numeric		part = int64_to_numeric(0);
	Numeric		whole = part;

	for (int32 i = 0; i < values->count; i++)
	{
		Numeric		value = rounded(values->value[i].exact, guarded);

		value = DatumGetNumeric(DirectFunctionCall1(numeric_ln, NumericGetDatum(value)));
		part = kpi_numeric_add(part, kpi_numeric_mul(values->weight[i].exact, value));
		whole = kpi_numeric_add(whole, values->weight[i].exact);
	}
	part = rounded(kpi_numeric_div(part, whole), guarded);
	part = DatumGetNumeric(DirectFunctionCall1(numeric_exp, NumericGetDatum(part)));
	return kpi_trim_numeric(rounded(part, scale));
}

/* The same of float8 values, in long double. */
static double
geometric_float8(const KpiRollupValues *values)
{
	double		heaviest = 0;
	long double part = 0;
	long double whole = 0;

	for (int32 i = 0; i < values->count; i++)
		heaviest = Max(heaviest, values->weight[i].real);
	for (int32 i = 0; i < values->count; i++)
	{
		long double weight = (long double) values->weight[i].real / heaviest;

		part += weight * logl(values->value[i].real);
		whole += weight;
	}
	return (double) expl(part / whole);
}

/* The weighted geometric mean; 0 where a score is not positive. */
static KpiAmount
geometric(const KpiRollupValues *values)
{
	KpiAmount	zero = kpi_amount_of(values->exact, 0);
	KpiAmount	least = extreme(values, false);
	KpiAmount	greatest = extreme(values, true);
	KpiAmount	result;

	if (!kpi_amount_less(values->exact, zero, least))
		return zero;
	if (!kpi_amount_less(values->exact, least, greatest))
		return least;
	if (values->exact)
		result.exact = geometric_numeric(values, greatest.exact);
	else
		result.real = geometric_float8(values);
	if (kpi_amount_less(values->exact, result, least))
		return least;
	return kpi_amount_less(values->exact, greatest, result) ? greatest : result;
}

/* The score of a node by its method; there is at least one value. */
KpiAmount
kpi_rollup_score(const KpiRollupValues *values, KpiRollupMethod method)
{
	switch (method)
	{
		case KPI_ROLLUP_AVERAGE:
			return mean(values, NULL);
		case KPI_ROLLUP_WORST:
			return extreme(values, false);
		case KPI_ROLLUP_BEST:
			return extreme(values, true);
		case KPI_ROLLUP_SUM:
			return total(values, false);
		case KPI_ROLLUP_POINTS:
			return total(values, true);
		case KPI_ROLLUP_MAJORITY:
			return majority(values, true);
		case KPI_ROLLUP_PRIORITY:
			return priority(values);
		case KPI_ROLLUP_GEOMETRIC:
			return geometric(values);
		default:
			return mean(values, values->weight);
	}
}
