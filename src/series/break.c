/*-------------------------------------------------------------------------
 *
 * break.c
 *	  Tests for a single change of level, by sums that wander off.
 *
 * cusum	largest |sum of the first t distances from the mean| / (s sqrt(n)), s^2
 *			their squares / (n - 1); without a change that is the largest distance
 *			of a Brownian bridge from 0, p = 2 sum over k of (-1)^(k + 1) exp(-2 k^2 x^2)
 * pettitt	the same of ranks, equal numbers having their mean rank:
 *			K = largest |2 sum of the first t ranks - t (n + 1)|,
 *			p = 2 exp(-6 K^2 / (n^3 + n^2)), at most 1
 *
 * The change is at the first place where the sum is largest.  Ranks are those of
 * Mann and Whitney's test of the numbers before against those after, which a few
 * wild ones hardly touch.
 *
 * Sources: W. Ploberger and W. Kraemer, "The CUSUM test with OLS residuals",
 * Econometrica 60, 1992; A. N. Pettitt, "A non-parametric approach to the
 * change-point problem", Applied Statistics 28, 1979.
 *
 *-------------------------------------------------------------------------
 */
#include "series/break.h"

#include <math.h>

#include "miscadmin.h"
#include "series/level.h"

/* A number and where it stands. */
typedef struct Placed
{
	double		value;
	int			at;
} Placed;

#define ST_SORT sort_placed
#define ST_ELEMENT_TYPE Placed
#define ST_COMPARE(a, b) (((a)->value > (b)->value) - ((a)->value < (b)->value))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Where the sum of distances is largest, and how large; 0 where there is none. */
static int
find_largest(const double *distance, int count, double *largest)
{
	double		sum = 0;
	int			found = 0;

	*largest = 0;
	for (int i = 0; i + 1 < count; i++)
	{
		sum += distance[i];
		if (fabs(sum) > *largest)
		{
			*largest = fabs(sum);
			found = i + 1;
		}
	}
	return found;
}

/* The probability that a Brownian bridge is that far from 0 somewhere. */
static double
bridge_tail(double distance)
{
	double		p = 0;
	double		term = 1;

	/* the sum is 1 to all digits, and converges slowly */
	if (distance < 0.2)
		return 1;
	for (int k = 1; fabs(term) > 1e-17 * p; k++)
	{
		term = 2 * exp(-2.0 * k * k * distance * distance) * (k % 2 == 1 ? 1 : -1);
		p += term;
	}
	return Min(p, 1);
}

/* The numbers before the change that sums of distances from the mean tell; 0 for none. */
int
kpi_find_cusum_break(const double *value, int count, double *p_value)
{
	KpiLevel	all = kpi_level_of(value, 0, count);
	double	   *distance = palloc_extended((Size) Max(count, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	double		largest;
	int			found;

	for (int i = 0; i < count; i++)
		distance[i] = value[i] - all.mean;
	found = find_largest(distance, count, &largest);
	pfree(distance);
	*p_value = found > 0 && all.squares > 0 ? bridge_tail(largest / sqrt(all.squares / (count - 1) * count)) : 1;
	return found;
}

/* The ranks of numbers, less their mean, twice; equal ones have the same. */
static double *
rank_distances(const double *value, int count)
{
	Placed	   *placed = palloc_extended((Size) Max(count, 1) * sizeof(Placed), MCXT_ALLOC_HUGE);
	double	   *distance = palloc_extended((Size) Max(count, 1) * sizeof(double), MCXT_ALLOC_HUGE);

	for (int i = 0; i < count; i++)
		placed[i] = (Placed)
	{
		value[i], i
	};
	sort_placed(placed, count);
	for (int i = 0, next; i < count; i = next)
	{
		for (next = i + 1; next < count && placed[next].value == placed[i].value; next++)
			;
		/* ranks from i + 1 to next, whose mean is half their sum */
		for (int j = i; j < next; j++)
			distance[placed[j].at] = (double) (i + 1) + next - (count + 1.0);
	}
	pfree(placed);
	return distance;
}

/* The numbers before the change that their ranks tell; 0 for none. */
int
kpi_find_rank_break(const double *value, int count, double *p_value)
{
	double	   *distance = rank_distances(value, count);
	double		size = count;
	double		largest;
	int			found = find_largest(distance, count, &largest);

	pfree(distance);
	*p_value = Min(1, 2 * exp(-6 * largest * largest / (size * size * (size + 1))));
	return found;
}
