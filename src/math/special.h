/*-------------------------------------------------------------------------
 *
 * special.h
 *	  Special functions and quadrature that the statistics need.
 *
 * Arguments of the gamma family are positive.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SPECIAL_H
#define KPI_SPECIAL_H

#include "kpi.h"

#include <math.h>

/* Gauss-Legendre quadrature on [-1, 1], exact for polynomials of degree 39. */
#define KPI_LEGENDRE_POINTS 20

extern const double kpi_legendre_node[KPI_LEGENDRE_POINTS];
extern const double kpi_legendre_weight[KPI_LEGENDRE_POINTS];

/* A function of p, with its logarithm, which is there where p is too small for a double. */
typedef double (*KpiBetaFunction) (double p, double log_p, void *data);

extern double kpi_log_gamma(double x);
extern double kpi_log_gamma_ratio(double x, double n);
extern double kpi_digamma_difference(double x, double n);
extern double kpi_log_beta_ratio(double a, double b, double n);
extern double kpi_negative_binomial(double r, double n, double log_ratio);
extern double kpi_negative_binomial_tail(double r, double n, double log_ratio);
extern double kpi_beta_mean(double a, double b, double log_scale,
							KpiBetaFunction function, void *data);

/* log(1 + exp(z)) */
static inline double
kpi_softplus(double z)
{
	return Max(z, 0) + log1p(exp(-fabs(z)));
}

/* 1 / (1 + exp(-z)) */
static inline double
kpi_logistic(double z)
{
	double		e = exp(-fabs(z));

	return (z >= 0 ? 1 : e) / (1 + e);
}

#endif							/* KPI_SPECIAL_H */
