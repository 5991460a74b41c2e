/*-------------------------------------------------------------------------
 *
 * order.c
 *	  Order statistics of doubles.
 *
 * None of the numbers is NaN but where that is said, and all functions but
 * kpi_magnitude() move them.  What is at a rank is found by partitions (C. A. R.
 * Hoare, "Algorithm 65: find", Communications of the ACM 4(7), 1961) around the
 * median of three, without branches that depend on a number; where these do not
 * get on, the rest is sorted.
 *
 *-------------------------------------------------------------------------
 */
#include "math/order.h"

#include <math.h>

#include "miscadmin.h"

/* So many partitions are not enough only where the numbers lie badly. */
#define MAX_ROUNDS 100

#define ST_SORT kpi_sort_doubles
#define ST_ELEMENT_TYPE double
#define ST_COMPARE(a, b) ((*(a) > *(b)) - (*(a) < *(b)))
#define ST_SCOPE extern
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* The median of three numbers. */
static inline double
middle_of(double a, double b, double c)
{
	return Max(Min(a, b), Min(Max(a, b), c));
}

/*
 * Put numbers below the pivot, or with equals those up to it, first; where the
 * others begin.  No branch depends on a number, which nobody could predict.
 */
static pg_attribute_always_inline int64
partition(double *value, int64 low, int64 high, double pivot, bool equals)
{
	int64		next = low;

	for (int64 i = low; i <= high; i++)
	{
		double		moved = value[i];

		value[i] = value[next];
		value[next] = moved;
		next += equals ? moved <= pivot : moved < pivot;
	}
	return next;
}

/* The number that would be at a rank, from 0, if all were in order; lesser ones then stand before it. */
double
kpi_select(double *value, int64 count, int64 rank)
{
	int64		low = 0;
	int64		high = count - 1;

	for (int round = 0; low < high; round++)
	{
		double		pivot = middle_of(value[low], value[low + (high - low) / 2], value[high]);
		int64		others;

		CHECK_FOR_INTERRUPTS();
		if (round > MAX_ROUNDS)
		{
			kpi_sort_doubles(value + low, (size_t) (high - low + 1));
			break;
		}
		others = partition(value, low, high, pivot, false);
		if (rank < others)
			high = others - 1;
		else if (others > low)
			low = others;
		else
		{
			/* the pivot is the least of them, maybe many times */
			low = partition(value, low, high, pivot, true);
			if (rank < low)
				break;
		}
	}
	return value[rank];
}

/* The quantile between the ranks next to it, as percentile_cont() has it; NaN of nothing. */
double
kpi_quantile(double *value, int64 count, double share)
{
	double		place = share * (double) (count - 1);
	int64		rank = (int64) floor(place);
	double		below;
	double		above;

	if (count == 0)
		return NAN;
	below = kpi_select(value, count, rank);
	if (place == (double) rank)
		return below;
	above = value[rank + 1];
	for (int64 i = rank + 2; i < count; i++)
		above = Min(above, value[i]);
	return below + (place - (double) rank) * (above - below);
}

/* The median; NaN of nothing. */
double
kpi_median(double *value, int64 count)
{
	return kpi_quantile(value, count, 0.5);
}

/*
 * How far numbers are from a center, as a standard deviation that a few far ones
 * do not change: by the median of the distances or, where that is no more than
 * rounding, their mean.
 */
double
kpi_robust_deviation(double *value, int64 count, double center, double rounding)
{
	double		sum = 0;
	double		median;

	for (int64 i = 0; i < count; i++)
	{
		value[i] = fabs(value[i] - center);
		sum += value[i];
	}
	median = kpi_median(value, count);
	if (median > rounding || count == 0)
		return KPI_MAD_SCALE * median;
	return KPI_MEAN_DEVIATION_SCALE * sum / (double) count;
}

/* The greatest of numbers without their signs; 0 of none.  NaN stands for none, and nothing is moved. */
double
kpi_magnitude(const double *value, int64 count)
{
	double		greatest = 0;

	for (int64 i = 0; i < count; i++)
	{
		if (fabs(value[i]) > greatest)
			greatest = fabs(value[i]);
	}
	return greatest;
}
