/*-------------------------------------------------------------------------
 *
 * linear.h
 *	  Systems of linear equations with a symmetric, positive definite matrix.
 *
 * Matrices are square and stored row after row.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_LINEAR_H
#define KPI_LINEAR_H

#include "kpi.h"

extern bool kpi_factor(double *a, int n, double tolerance);
extern void kpi_solve(const double *factor, int n, double *b);
extern void kpi_invert(const double *factor, int n, double *inverse);

#endif							/* KPI_LINEAR_H */
