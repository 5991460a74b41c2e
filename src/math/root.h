/*-------------------------------------------------------------------------
 *
 * root.h
 *	  All real roots of a sum of exponentials.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROOT_H
#define KPI_ROOT_H

#include "kpi.h"

/* value[0] exp(time[0] y) + ...; times rise and no value is 0. */
typedef struct KpiExponentials
{
	int			count;
	const double *value;
	const double *time;
} KpiExponentials;

extern int	kpi_exponential_roots(const KpiExponentials *sum, double low, double high, double *root);

#endif							/* KPI_ROOT_H */
