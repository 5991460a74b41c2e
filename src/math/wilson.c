/*-------------------------------------------------------------------------
 *
 * wilson.c
 *	  The Wilson score interval of a share of counts.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference", Journal of the American Statistical Association 22,
 * 1927.
 *
 *-------------------------------------------------------------------------
 */
#include "math/wilson.h"

#include <math.h>

/* The lower end of the interval of x of n, for x of at most n / 2. */
static double
lower_end(double x, double n, double z, double upper)
{
	return x / n * (x / ((n + z * z) * upper));
}

/* The upper end of it. */
static double
upper_end(double x, double n, double z)
{
	return (x + z * z / 2 + z * sqrt(x / n * (n - x) + z * z / 4)) / (n + z * z);
}

/* The share of x of n, and its Wilson interval for the bound z. */
KpiEstimate
kpi_wilson(double x, double n, double z)
{
	KpiEstimate result;
	double		rest = n - x;

	result.estimate = x / n;
	result.se = sqrt(x / n * (rest / n) / n);
	if (x <= rest)
	{
		result.upper = upper_end(x, n, z);
		result.lower = lower_end(x, n, z, result.upper);
	}
	else
	{
		double		rest_upper = upper_end(rest, n, z);

		result.lower = 1 - rest_upper;
		result.upper = 1 - lower_end(rest, n, z, rest_upper);
	}
	return result;
}
