/*-------------------------------------------------------------------------
 *
 * linear.c
 *	  Systems of linear equations with a symmetric, positive definite matrix.
 *
 * By the factors of Cholesky: A = L L', L lower triangular.  G. H. Golub and
 * C. F. Van Loan, Matrix Computations, 4th edition, 2013, section 4.2.
 *
 *-------------------------------------------------------------------------
 */
#include "math/linear.h"

#include <math.h>

#include "miscadmin.h"

/*
 * Put the factor L in place of the lower triangle of a; false where what is left
 * of a diagonal element is not above the tolerance times that element.
 */
bool
kpi_factor(double *a, int n, double tolerance)
{
	for (int j = 0; j < n; j++)
	{
		double	   *row = a + (Size) j * n;
		double		pivot = row[j];

		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < j; k++)
			pivot -= row[k] * row[k];
		if (!(pivot > tolerance * row[j]))
			return false;
		row[j] = sqrt(pivot);
		for (int i = j + 1; i < n; i++)
		{
			double	   *below = a + (Size) i * n;
			double		sum = below[j];

			for (int k = 0; k < j; k++)
				sum -= below[k] * row[k];
			below[j] = sum / row[j];
		}
	}
	return true;
}

/* Put the x of A x = b in place of b. */
void
kpi_solve(const double *factor, int n, double *b)
{
	for (int i = 0; i < n; i++)
	{
		for (int k = 0; k < i; k++)
			b[i] -= factor[(Size) i * n + k] * b[k];
		b[i] /= factor[(Size) i * n + i];
	}
	for (int i = n - 1; i >= 0; i--)
	{
		for (int k = i + 1; k < n; k++)
			b[i] -= factor[(Size) k * n + i] * b[k];
		b[i] /= factor[(Size) i * n + i];
	}
}

/* The inverse of A. */
void
kpi_invert(const double *factor, int n, double *inverse)
{
	for (int i = 0; i < n; i++)
	{
		double	   *row = inverse + (Size) i * n;

		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < n; k++)
			row[k] = k == i;
		kpi_solve(factor, n, row);
	}
}
