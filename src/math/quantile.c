/*-------------------------------------------------------------------------
 *
 * quantile.c
 *	  Bounds of distributions.
 *
 * A bound is what a number of the distribution exceeds, to either side, with
 * the probability 1 - confidence.  It is found by halving: slow, but right to
 * the last digits of erfc and of the incomplete beta function.  Many degrees
 * of freedom have the expansion of Student's t around the normal bound, whose
 * next term is below 1e-16 there.
 *
 * Source of the expansion: M. Abramowitz and I. A. Stegun, Handbook of
 * Mathematical Functions, 1964, 26.7.5.
 *
 *-------------------------------------------------------------------------
 */
#include "math/quantile.h"

#include <math.h>

#include "math/special.h"

#define HALVINGS 200

/* From here on the expansion is right to all digits. */
#define MANY_DEGREES 1e5

/* What either tail beyond a bound has together, of one distribution. */
typedef double (*Tails) (double bound, double freedom);

/* The same of the normal distribution, which has no degrees of freedom. */
static double
normal_tails(double z, double freedom)
{
	return kpi_normal_tails(z);
}

/*
 * The probability that a number of Student's t with so many degrees of freedom is
 * beyond t to either side: an incomplete beta function of freedom / (freedom + t^2).
 */
double
kpi_student_tails(double t, double freedom)
{
	return t == 0 ? 1 : kpi_negative_binomial_tail(0.5, freedom / 2, log(freedom / t / t));
}

/* The bound whose tails have 1 - confidence. */
static double
find_bound(Tails tails, double confidence, double freedom)
{
	double		low = 0;
	double		high = 1;

	while (tails(high, freedom) > 1 - confidence)
		high *= 2;
	for (int i = 0; i < HALVINGS; i++)
	{
		double		middle = (low + high) / 2;

		if (middle <= low || middle >= high)
			break;
		if (tails(middle, freedom) > 1 - confidence)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The probability that a standard normal number is beyond z to either side. */
double
kpi_normal_tails(double z)
{
	return erfc(fabs(z) * M_SQRT1_2);
}

/* The bound of the standard normal distribution; that of the last call is kept, which most are like. */
double
kpi_normal_bound(double confidence)
{
	static double last_confidence = NAN;
	static double last_bound;

	if (confidence != last_confidence)
	{
		last_bound = find_bound(normal_tails, confidence, 0);
		last_confidence = confidence;
	}
	return last_bound;
}

/* The bound of Student's t with so many degrees of freedom, at least 1. */
double
kpi_student_bound(double confidence, double freedom)
{
	double		z;
	double		s;

	if (freedom < MANY_DEGREES)
		return find_bound(kpi_student_tails, confidence, freedom);
	z = kpi_normal_bound(confidence);
	s = z * z;
	return z + z * ((s + 1) / 4 + ((5 * s + 16) * s + 3) / 96 / freedom +
					(((3 * s + 19) * s + 17) * s - 15) / 384 / freedom / freedom) / freedom;
}
