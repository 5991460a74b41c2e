/*-------------------------------------------------------------------------
 *
 * fit.h
 *	  From a likelihood to a model, and from a model to its parameters.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_FIT_H
#define KPI_FIT_H

#include "kpi.h"

#include "lifetime/model.h"

/*
 * What is to be fitted.  The objective gives the negative log-likelihood of
 * all customers, and its gradient, at x: the logarithm of a positive parameter
 * or a free parameter as it is.
 */
typedef struct KpiFitProblem
{
	KpiObjective objective;
	void	   *data;
	int			n;
	double		start[KPI_MAX_PARAMETERS];	/* as x */
	double		unit[KPI_MAX_PARAMETERS];	/* of a parameter, for its range
											 * and the penalty: 1, or a time */
	bool		is_free[KPI_MAX_PARAMETERS];
	double		weight;			/* customers */
	int			patterns;		/* different ones */
	double		penalty[KPI_MAX_PARAMETERS];	/* 0 for none */
	int			patience;		/* evaluations after which a search ends where
								 * it is; 0 for any number */
	/* a part of the customers, fitted first where they are many; else NULL */
	const struct KpiFitProblem *sample;
} KpiFitProblem;

typedef struct KpiFit
{
	int			n;
	double		parameter[KPI_MAX_PARAMETERS];	/* unless the data were
												 * insufficient */
	double		covariance[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS];
	bool		has_covariance;
	double		log_likelihood; /* without the penalty */
	double		weight;
	int			patterns;
	int			iterations;
	KpiFitStatus status;
} KpiFit;

/* Parameters of a model argument, kept from call to call in fn_extra. */
typedef struct KpiModel
{
	Size		size;			/* of the datum they were read from */
	Size		room;
	char	   *bytes;
	bool		fitted;			/* false: the parameters are NULL */
	double		parameter[KPI_MAX_PARAMETERS];
} KpiModel;

/* Model arguments of one function at most. */
#define KPI_MODEL_SLOTS 2

/* As the status column says it, in the order of KpiFitStatus. */
extern const char *const kpi_fit_status_words[];

extern void kpi_fit_penalize(KpiFitProblem *problem, double penalty);
extern int	kpi_sample_step(int customers);
extern bool kpi_sample_customers(const KpiCustomers *customers, KpiCustomers *sample);
extern void kpi_fit_sample_first(KpiFitProblem *problem, KpiFitProblem *sample);
extern void kpi_fit(const KpiFitProblem *problem, KpiFit *fit);
extern void kpi_fit_judge_chance(KpiFit *fit, int a, int b);
extern void kpi_fit_judge_rate(KpiFit *fit, int shape, int scale, double max_t);
extern void kpi_fit_insufficient(int n, double weight, int patterns, KpiFit *fit);
extern Datum kpi_fit_datum(FunctionCallInfo fcinfo, const KpiFit *fit);
extern const double *kpi_model_argument(FunctionCallInfo fcinfo, int argument, int slot, int n);

#endif							/* KPI_FIT_H */
