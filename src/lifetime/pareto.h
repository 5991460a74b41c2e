/*-------------------------------------------------------------------------
 *
 * pareto.h
 *	  The Pareto/NBD model: likelihood and predictions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_PARETO_H
#define KPI_PARETO_H

#include "kpi.h"

/* Purchases: gamma with r and alpha; lifetimes: gamma with s and beta. */
typedef struct KpiPareto
{
	double		r;
	double		alpha;
	double		s;
	double		beta;
} KpiPareto;

/* Places of the derivatives by the parameters. */
enum
{
	KPI_PARETO_R,
	KPI_PARETO_ALPHA,
	KPI_PARETO_S,
	KPI_PARETO_BETA,
	KPI_PARETO_PARAMETERS
};

/*
 * A customer under a model: in the time future_t it is expected to buy
 * scale * ((1 + future_t / rate)^(1 - shape) - 1) / (1 - shape) times.
 */
typedef struct KpiParetoCustomer
{
	double		scale;
	double		shape;			/* of the rate to leave */
	double		rate;			/* its scale, grown by the age */
} KpiParetoCustomer;

extern double kpi_pareto_log_likelihood(const KpiPareto *model, double frequency,
										double recency, double t, double *gradient);
extern double kpi_pareto_log_kernel(const KpiPareto *model, double frequency,
									double recency, double t, double *gradient);
extern double kpi_pareto_p_alive(const KpiPareto *model, double frequency,
								 double recency, double t);
extern void kpi_pareto_customer(const KpiPareto *model, double frequency, double recency,
								double t, KpiParetoCustomer *customer);
extern double kpi_pareto_purchases(const KpiParetoCustomer *customer, double future_t);
extern double kpi_pareto_purchases_between(const void *customer, double from, double to);
extern double kpi_lasting(double order, double log_z);
extern double kpi_pareto_probability(const KpiPareto *model, double n, double future_t);

/* A model from its parameters in their order. */
static inline KpiPareto
kpi_pareto_model(const double *parameter)
{
	KpiPareto	model;

	model.r = parameter[KPI_PARETO_R];
	model.alpha = parameter[KPI_PARETO_ALPHA];
	model.s = parameter[KPI_PARETO_S];
	model.beta = parameter[KPI_PARETO_BETA];
	return model;
}

/*
 * How steeply the density of having left falls at most, up to the time last: its
 * logarithm against that of the time and the lesser one of alpha and beta.
 */
static inline double
kpi_pareto_fall(const KpiPareto *model, double frequency, double last)
{
	double		purchases = model->r + frequency;
	double		leaving = model->s + 1;

	if (model->alpha < model->beta)
		return purchases + leaving * (model->alpha + last) / (model->beta + last);
	return leaving + purchases * (model->beta + last) / (model->alpha + last);
}

#endif							/* KPI_PARETO_H */
