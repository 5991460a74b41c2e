/*-------------------------------------------------------------------------
 *
 * model.h
 *	  What the lifetime value models share: customers as triples, the fit and
 *	  how it is answered.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_MODEL_H
#define KPI_MODEL_H

#include "kpi.h"

#include "base/scalar.h"
#include "math/newton.h"

/* Customers with the same history: what a model needs to know of them. */
typedef struct KpiTriple
{
	double		t;				/* age at the end of the observation */
	double		recency;		/* age at the last purchase */
	double		frequency;		/* repeat purchases, a whole number */
	double		weight;			/* how many customers */
} KpiTriple;

/*
 * The customers of a group, equal triples merged, in the order of t, recency
 * and frequency.
 */
typedef struct KpiCustomers
{
	int			count;
	KpiTriple  *triple;
	double		weight;			/* sum of the weights */
	double		max_t;
	double		max_frequency;
	double		penalty;		/* as given to the aggregate, else 0 */
} KpiCustomers;

/* What a customer spends on the average purchase, by the Gamma-Gamma model. */
static inline double
kpi_gamma_gamma_mean(double p, double q, double v, double frequency, double monetary_value)
{
	return p * (v + frequency * monetary_value) / (p * frequency + q - 1);
}

#endif							/* KPI_MODEL_H */
