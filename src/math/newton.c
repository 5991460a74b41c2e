/*-------------------------------------------------------------------------
 *
 * newton.c
 *	  Minimizing a smooth function of a few parameters by Newton's method.
 *
 * The hessian is taken as central differences of the gradient.  Where it is
 * not positive definite its diagonal is raised until it is (Levenberg); a step
 * is no longer than MAX_STEP in any parameter, which for logarithms is a
 * factor, and is halved until the function falls.  No step is random, so equal
 * input gives equal bits.
 *
 * Near the minimum differences of the function drown in rounding before those
 * of the gradient do; there a step also counts if the gradient shrinks.
 *
 * J. Nocedal, S. J. Wright, Numerical Optimization, 2nd edition, chapter 3.
 *
 *-------------------------------------------------------------------------
 */
#include "math/newton.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"

#define MAX_ITERATIONS 200
#define MAX_HALVINGS 20
#define MAX_STEP 1.5
/* balances rounding in the gradient against the third derivative */
#define DIFFERENCE 3e-5
/* a pivot of the hessian with unit diagonal that passes as positive */
#define MIN_PIVOT 1e-8
/* share of the predicted fall that a step must bring */
#define SUFFICIENT 1e-4
/* relative rounding of the function */
#define NOISE 1e-13

typedef double Matrix[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS];

typedef struct Search
{
	KpiObjective objective;
	void	   *data;
	int			n;
	double		gradient[KPI_MAX_PARAMETERS];	/* at the minimum so far */
	KpiMinimum *minimum;
} Search;

/* The objective and its gradient at x; infinite where a part of the gradient is. */
static double
evaluate(Search *search, const double *x, double *gradient)
{
	double		value;

	CHECK_FOR_INTERRUPTS();
	search->minimum->evaluations++;
	value = search->objective(x, gradient, search->data);
	for (int i = 0; i < search->n; i++)
	{
		if (!isfinite(gradient[i]))
			return INFINITY;
	}
	return value;
}

/* The largest magnitude in a vector. */
double
kpi_largest(int n, const double *vector)
{
	double		max = 0;

	for (int i = 0; i < n; i++)
		max = Max(max, fabs(vector[i]));
	return max;
}

/* The lower triangle L with L L' = a; false where a pivot is too small. */
static bool
factor(int n, Matrix a, Matrix lower, double min_pivot)
{
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j <= i; j++)
		{
			double		sum = a[i][j];

			for (int k = 0; k < j; k++)
				sum -= lower[i][k] * lower[j][k];
			if (i != j)
				lower[i][j] = sum / lower[j][j];
			else if (sum > min_pivot && isfinite(sum))
				lower[i][i] = sqrt(sum);
			else
				return false;
		}
	}
	return true;
}

/* x = a^-1 b, where L L' = a. */
static void
solve(int n, Matrix lower, const double *b, double *x)
{
	for (int i = 0; i < n; i++)
	{
		x[i] = b[i];
		for (int k = 0; k < i; k++)
			x[i] -= lower[i][k] * x[k];
		x[i] /= lower[i][i];
	}
	for (int i = n - 1; i >= 0; i--)
	{
		for (int k = i + 1; k < n; k++)
			x[i] -= lower[k][i] * x[k];
		x[i] /= lower[i][i];
	}
}

/* a with its rows and columns divided so that the diagonal is 1. */
static bool
unit_diagonal(int n, Matrix a, Matrix unit, double *root)
{
	for (int i = 0; i < n; i++)
	{
		if (!(a[i][i] > 0) || !isfinite(a[i][i]))
			return false;
		root[i] = sqrt(a[i][i]);
	}
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
			unit[i][j] = a[i][j] / (root[i] * root[j]);
	}
	return true;
}

/*
 * The inverse of a symmetric matrix; false unless it is positive definite
 * beyond rounding, whatever the units of its rows.
 */
bool
kpi_invert_symmetric(int n, double a[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS],
					 double inverse[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS])
{
	Matrix		unit;
	Matrix		lower;
	double		root[KPI_MAX_PARAMETERS];
	double		column[KPI_MAX_PARAMETERS];
	double		one[KPI_MAX_PARAMETERS];

	if (!unit_diagonal(n, a, unit, root) || !factor(n, unit, lower, MIN_PIVOT))
		return false;
	for (int j = 0; j < n; j++)
	{
		for (int i = 0; i < n; i++)
			one[i] = i == j;
		solve(n, lower, one, column);
		for (int i = j; i < n; i++)
			inverse[i][j] = inverse[j][i] = column[i] / (root[i] * root[j]);
	}
	return true;
}

/* The hessian at x, symmetric; false where the function is not defined. */
static bool
difference_gradient(Search *search, const double *x, Matrix hessian)
{
	int			n = search->n;
	double		at[KPI_MAX_PARAMETERS];
	double		above[KPI_MAX_PARAMETERS];
	double		below[KPI_MAX_PARAMETERS];

	memcpy(at, x, n * sizeof(double));
	for (int i = 0; i < n; i++)
	{
		volatile double high = x[i] + DIFFERENCE;
		volatile double low = x[i] - DIFFERENCE;

		at[i] = high;
		if (!isfinite(evaluate(search, at, above)))
			return false;
		at[i] = low;
		if (!isfinite(evaluate(search, at, below)))
			return false;
		at[i] = x[i];
		for (int j = 0; j < n; j++)
			hessian[i][j] = (above[j] - below[j]) / (high - low);
	}
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < i; j++)
			hessian[i][j] = hessian[j][i] = (hessian[i][j] + hessian[j][i]) / 2;
	}
	return true;
}

/* A direction in which the function falls, not too long; false if numbers end before it is found. */
static bool
find_step(Search *search, double *step)
{
	int			n = search->n;
	Matrix		raised;
	Matrix		lower;
	double		most = 0;
	double		shift = 0;
	double		length;

	Assert(n > 0);
	memcpy(raised, search->minimum->hessian, sizeof(Matrix));
	for (int i = 0; i < n; i++)
		most = Max(most, fabs(raised[i][i]));
	/* a share of the smallest numbers is nothing and raises nothing */
	if (most < DBL_MIN / DBL_EPSILON)
		most = 1;
	while (!factor(n, raised, lower, most * DBL_EPSILON))
	{
		shift = shift == 0 ? most * 1e-6 : shift * 4;
		if (!isfinite(most + shift))
			return false;
		for (int i = 0; i < n; i++)
			raised[i][i] = search->minimum->hessian[i][i] + shift;
	}
	solve(n, lower, search->gradient, step);
	length = kpi_largest(n, step);
	for (int i = 0; i < n; i++)
		step[i] *= length > MAX_STEP ? -MAX_STEP / length : -1;
	return true;
}

/* Go along the step as far as the function falls; false if it does not. */
static bool
take_step(Search *search, const double *step, int halvings)
{
	KpiMinimum *minimum = search->minimum;
	int			n = search->n;
	double		slope = 0;
	double		x[KPI_MAX_PARAMETERS];
	double		gradient[KPI_MAX_PARAMETERS];
	double		noise = NOISE * fabs(minimum->value);

	for (int i = 0; i < n; i++)
		slope += step[i] * search->gradient[i];
	for (double part = 1; part >= ldexp(1, -halvings); part /= 2)
	{
		double		value;

		for (int i = 0; i < n; i++)
			x[i] = minimum->x[i] + part * step[i];
		value = evaluate(search, x, gradient);
		if (value <= minimum->value + SUFFICIENT * part * slope ||
			(value <= minimum->value + noise &&
			 kpi_largest(n, gradient) < 0.9 * kpi_largest(n, search->gradient)))
		{
			memcpy(minimum->x, x, n * sizeof(double));
			memcpy(search->gradient, gradient, n * sizeof(double));
			minimum->value = value;
			return true;
		}
	}
	return false;
}

/*
 * The minimum that is found from start.  It is stationary if no component of
 * the gradient is above the tolerance; the hessian is the one at the minimum.
 */
void
kpi_minimize(KpiObjective objective, void *data, int n, const double *start,
			 double tolerance, KpiMinimum *minimum)
{
	/* cppcheck-suppress ctuuninitvar; the minimum is what we fill */
	Search		search = {objective, data, n, {0}, minimum};
	double		step[KPI_MAX_PARAMETERS];
	Matrix		inverse;
	bool		known;

	Assert(n > 0 && n <= KPI_MAX_PARAMETERS);
	memset(minimum, 0, sizeof(KpiMinimum));
	minimum->n = n;
	memcpy(minimum->x, start, n * sizeof(double));
	minimum->value = evaluate(&search, start, search.gradient);
	known = isfinite(minimum->value) && difference_gradient(&search, start, minimum->hessian);

	while (known && minimum->iterations < MAX_ITERATIONS)
	{
		/* the step after the gradient is small doubles the digits */
		minimum->stationary = kpi_largest(n, search.gradient) <= tolerance;
		if (!find_step(&search, step) ||
			!take_step(&search, step, minimum->stationary ? 0 : MAX_HALVINGS))
			break;
		minimum->iterations++;
		if (minimum->stationary)
			break;
		known = difference_gradient(&search, minimum->x, minimum->hessian);
	}
	minimum->stationary = kpi_largest(n, search.gradient) <= tolerance && isfinite(minimum->value);
	minimum->positive_definite = known && kpi_invert_symmetric(n, minimum->hessian, inverse);
}
