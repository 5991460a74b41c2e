/*-------------------------------------------------------------------------
 *
 * parts.h
 *	  Exact sums of numbers above 0 as parts that do not overlap.
 *
 * A sum is kept as doubles of which each, with all of its 53 bits, lies below
 * the last bit of the next one that is its part; so it is exact whatever the
 * order, and rounded once when it is read.  Every sum has one and only one
 * form with the fewest parts: the leading 53 bits, those that follow, and so
 * on; kpi_parts_compress makes it, and equal sums are stored alike.
 *
 * There are never more parts than numbers that were added.  A sum beyond the
 * range of doubles is an error, which does not depend on the order either.
 *
 * After J. R. Shewchuk, "Adaptive precision floating-point arithmetic and fast
 * robust geometric predicates", Discrete & Computational Geometry 18, 1997,
 * with the leading part cut off instead of rounded, so that none is negative.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_PARTS_H
#define KPI_PARTS_H

#include "kpi.h"

#include <math.h>

#include "base/twosum.h"
#include "utils/float.h"

/* The leading 53 bits of a + b, and the rest; both at least 0, neither rounded. */
static inline double
kpi_parts_split(double a, double b, double *rest)
{
	KpiSum		sum = {a, 0};

	kpi_sum_add(&sum, b);
	if (unlikely(isinf(sum.hi)))
		float_overflow_error();
	if (sum.lo < 0)
	{
		double		below = nextafter(sum.hi, 0);

		sum.lo += sum.hi - below;
		sum.hi = below;
	}
	*rest = sum.lo;
	return sum.hi;
}

/* Add a number to parts, the smallest first; how many there are then. */
static inline int
kpi_parts_add(double *part, int parts, double value)
{
	int			kept = 0;

	for (int i = 0; i < parts; i++)
	{
		double		rest;

		value = kpi_parts_split(value, part[i], &rest);
		if (rest != 0)
			part[kept++] = rest;
	}
	part[kept++] = value;
	return kept;
}

/* The fewest parts, the smallest first; how many. */
static inline int
kpi_parts_compress(double *part, int parts)
{
	int			to = Max(parts - 1, 0);
	double		rest;

	for (int i = parts - 2; i >= 0; i--)
	{
		part[to] = kpi_parts_split(part[to], part[i], &rest);
		if (rest != 0)
			part[--to] = rest;
	}
	memmove(part, part + to, (parts - to) * sizeof(double));
	return parts - to;
}

/* Compressed parts as one number, rounded once. */
static inline double
kpi_parts_round(const double *part, int parts)
{
	/* cppcheck-suppress uninitvar; there is one part at least */
	double		high = part[parts - 1];
	double		low = parts > 1 ? part[parts - 2] : 0;
	double		up = high + 2 * low;

	/* half of the last bit, a tie that further parts decide */
	if (parts > 2 && up - high == 2 * low)
		return up;
	return high + low;
}

#endif							/* KPI_PARTS_H */
