/*-------------------------------------------------------------------------
 *
 * bgnbd.h
 *	  The BG/NBD and MBG/NBD models: a customer as the formulas need it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_BGNBD_H
#define KPI_BGNBD_H

#include "kpi.h"

#include "lifetime/model.h"

/* Parameters of both models, in the order of the model's columns. */
typedef enum KpiBgnbdParameter
{
	KPI_BGNBD_R,
	KPI_BGNBD_ALPHA,
	KPI_BGNBD_A,
	KPI_BGNBD_B,
	KPI_BGNBD_PARAMETERS
} KpiBgnbdParameter;

/*
 * A customer under a model: the rate of purchases has the gamma distribution
 * (shape, rate) and, if it is alive, the chance to leave after a purchase has
 * the beta distribution (a, b).
 */
typedef struct KpiBgnbdCustomer
{
	double		alive;			/* probability */
	double		shape;
	double		rate;
	double		a;
	double		b;
	double		total;			/* a + b - 1 */
	double		rest;			/* total less the shape */
} KpiBgnbdCustomer;

extern void kpi_bgnbd_customer(const double *parameter, bool modified,
							   const KpiTriple *triple, KpiBgnbdCustomer *customer);
extern double kpi_bgnbd_log_likelihood(const double *parameter, bool modified, double frequency,
									   double recency, double t, double *gradient);
extern double kpi_bgnbd_purchases(const KpiBgnbdCustomer *customer, double future_t);
extern double kpi_bgnbd_purchases_between(const void *customer, double from, double to);

#endif							/* KPI_BGNBD_H */
