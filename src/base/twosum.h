/*-------------------------------------------------------------------------
 *
 * twosum.h
 *	  Sums and quotients of doubles in twice the working precision.
 *
 * A sum is kept as hi + lo, where lo collects the rounding errors that
 * two-sum finds exactly; products are split exactly too, so that a weighted
 * mean of equal values is that value.  Needs plain IEEE arithmetic: no
 * contraction, no fast-math.
 *
 * Knuth, The Art of Computer Programming vol. 2, 4.2.2 (two-sum);
 * Dekker, A Floating-Point Technique for Extending the Available Precision,
 * Numerische Mathematik 18 (1971) (split and product).
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_TWOSUM_H
#define KPI_TWOSUM_H

#include "kpi.h"

#include <math.h>

typedef struct KpiSum
{
	double		hi;
	double		lo;
} KpiSum;

/* Beyond this a factor cannot be split without overflow. */
#define KPI_SPLIT_MAX 6.69692879491417e+299

/* Add a value; finite unless the sum itself overflows. */
static inline void
kpi_sum_add(KpiSum *sum, double value)
{
	double		total = sum->hi + value;
	double		part = total - sum->hi;

	sum->lo += (sum->hi - (total - part)) + (value - part);
	sum->hi = total;
}

/* The rounding error of product = a * b; 0 where it cannot be had. */
static inline double
kpi_product_error(double a, double b, double product)
{
	double		c;
	double		a_hi,
				a_lo,
				b_hi,
				b_lo;

	if (fabs(a) > KPI_SPLIT_MAX || fabs(b) > KPI_SPLIT_MAX || !isfinite(product))
		return 0;
	c = 134217729.0 * a;
	a_hi = c - (c - a);
	a_lo = a - a_hi;
	c = 134217729.0 * b;
	b_hi = c - (c - b);
	b_lo = b - b_hi;
	return ((a_hi * b_hi - product) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo;
}

/* Add a product with its rounding error. */
static inline void
kpi_sum_add_product(KpiSum *sum, double a, double b)
{
	double		product = a * b;

	kpi_sum_add(sum, product);
	sum->lo += kpi_product_error(a, b, product);
}

/* Add another sum. */
static inline void
kpi_sum_add_sum(KpiSum *sum, const KpiSum *other)
{
	kpi_sum_add(sum, other->hi);
	sum->lo += other->lo;
}

/* Add a value to a double; false, and nothing added, where that would round. */
static inline bool
kpi_add_exactly(double *sum, double value)
{
	KpiSum		both = {*sum, 0};

	kpi_sum_add(&both, value);
	if (both.lo != 0)
		return false;
	*sum = both.hi;
	return true;
}

/* a - b in twice the precision. */
static inline KpiSum
kpi_sum_difference(KpiSum a, KpiSum b)
{
	kpi_sum_add(&a, -b.hi);
	a.lo -= b.lo;
	return a;
}

/* a * b in twice the precision. */
static inline KpiSum
kpi_sum_product(KpiSum a, KpiSum b)
{
	KpiSum		result = {0, 0};

	kpi_sum_add_product(&result, a.hi, b.hi);
	result.lo += a.hi * b.lo + a.lo * b.hi;
	return result;
}

/* The sum as one double. */
static inline double
kpi_sum_value(KpiSum sum)
{
	return sum.hi + sum.lo;
}

/* num / den, rounded once but for the rarest ties; den is not zero. */
static inline double
kpi_sum_quotient(KpiSum num, KpiSum den)
{
	double		den_hi = kpi_sum_value(den);
	double		den_lo = den.lo - (den_hi - den.hi);
	double		num_hi = kpi_sum_value(num);
	double		num_lo = num.lo - (num_hi - num.hi);
	double		quotient = num_hi / den_hi;
	double		product = quotient * den_hi;
	double		rest;

	if (!isfinite(quotient) || !isfinite(product))
		return quotient;
	rest = (num_hi - product) - kpi_product_error(quotient, den_hi, product);
	return quotient + (rest + num_lo - quotient * den_lo) / den_hi;
}

#endif							/* KPI_TWOSUM_H */
