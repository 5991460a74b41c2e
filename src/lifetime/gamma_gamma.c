/*-------------------------------------------------------------------------
 *
 * gamma_gamma.c
 *	  The Gamma-Gamma model: what customers spend on the average purchase.
 *
 * The money of a purchase has a gamma distribution with shape p and a rate that
 * differs between customers, by a gamma distribution with shape q and rate v;
 * it does not depend on how often a customer buys.  A customer whose x repeat
 * purchases cost z on the average has the log-likelihood
 *
 *	log gamma(p x + q) - log gamma(p x) - log gamma(q)
 *		- p x log(1 + v / (x z)) - q log(1 + x z / v) - log(z)
 *
 * and is expected to spend p (v + x z) / (p x + q - 1) on a purchase; a new
 * customer p v / (q - 1), which has no limit where q <= 1.
 *
 * State: kpi_internal.pair_state of frequency and monetary_value.
 *
 * NULL rule: a fit leaves out rows with a NULL and customers without a repeat
 * purchase; an expected value is NULL where its argument is NULL, NaN or
 * infinite, where it has no limit, and of a model without parameters.  The
 * monetary_value of a customer without a repeat purchase is not looked at.
 *
 * Source: P. S. Fader, B. G. S. Hardie, "The Gamma-Gamma model of monetary
 * value", 2013.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "math/special.h"
#include "lifetime/discounted.h"
#include "lifetime/fit.h"
#include "lifetime/pairs.h"
#include "lifetime/triples.h"

/* Below this share v / money of the logarithm needs all its digits. */
#define SMALL_SHARE 1e-3

enum
{
	P,
	Q,
	V,
	PARAMETERS
};

typedef struct Spending
{
	int			count;
	const KpiPair *pair;
	double	   *log_money;		/* log(x z) of each pair */
	double		log_value;		/* sum of log(z) */
} Spending;

/* Frequency is a whole number. */
static void
check_frequency(double frequency)
{
	if (!(frequency >= 0 && frequency == rint(frequency) && kpi_is_number(frequency)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("frequency %g is not a whole number of at least 0", frequency),
				 errhint("Frequency counts the purchases after the first one.")));
}

/* Money of purchases is above 0. */
static double
check_money(double money)
{
	if (!(money > 0 && kpi_is_number(money)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("monetary_value %g is not a finite number above 0", money),
				 errhint("The Gamma-Gamma model knows positive average values only; leave such customers out with FILTER.")));
	return money;
}

/* The transition of the fit, from frequency, monetary_value and weight. */
PG_FUNCTION_INFO_V1(kpi_gamma_gamma_accum);
Datum
kpi_gamma_gamma_accum(PG_FUNCTION_ARGS)
{
	double		frequency;
	double		money;
	double		weight = 1;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 3 && PG_ARGISNULL(3)))
		return kpi_pair_skip(fcinfo);
	frequency = PG_GETARG_FLOAT8(1);
	if (PG_NARGS() > 3)
		weight = kpi_check_customers(PG_GETARG_FLOAT8(3));
	check_frequency(frequency);
	if (frequency == 0 || PG_ARGISNULL(2) || weight == 0)
		return kpi_pair_skip(fcinfo);
	money = check_money(PG_GETARG_FLOAT8(2));
	return kpi_pair_accum(fcinfo, frequency, money, weight);
}

/* log(money / (money + v)), where log is the faster function if it is exact enough. */
static inline double
log_share(double money, double v, double log_money)
{
	if (v < SMALL_SHARE * money)
		return -log1p(v / money);
	return log_money - log(money + v);
}

/* The negative log-likelihood at the logarithms of p, q and v. */
static double
objective(const double *x, double *gradient, void *data)
{
	const Spending *spending = data;
	double		p = exp(x[0]);
	double		q = exp(x[1]);
	double		v = exp(x[2]);
	double		frequency = 0;
	double		log_ratio = 0;
	double		by_p = 0;
	double		by_q = 0;
	double		sum = -spending->log_value;
	double		slope[3] = {0, 0, 0};

	for (int i = 0; i < spending->count; i++)
	{
		const KpiPair *pair = &spending->pair[i];
		double		money = pair->first * pair->second;
		double		log_known = log_share(money, v, spending->log_money[i]);
		double		log_prior = log_known + (x[2] - spending->log_money[i]);

		if (pair->first != frequency)
		{
			frequency = pair->first;
			log_ratio = kpi_log_gamma_ratio(p * frequency, q) - kpi_log_gamma(q);
			by_p = kpi_digamma_difference(p * frequency, q);
			by_q = kpi_digamma_difference(q, p * frequency);
		}
		sum += pair->weight * (log_ratio + p * frequency * log_known + q * log_prior);
		slope[0] += pair->weight * frequency * (by_p + log_known);
		slope[1] += pair->weight * (by_q + log_prior);
		slope[2] += pair->weight * frequency * (q * pair->second - p * v) / (money + v);
	}
	gradient[0] = -p * slope[0];
	gradient[1] = -q * slope[1];
	gradient[2] = -slope[2];
	return -sum;
}

/* Take the logarithms that no parameter changes; the mean money. */
static double
prepare(Spending *spending, double weight)
{
	double		money = 0;

	spending->log_money = palloc_extended(Max(spending->count, 1) * sizeof(double),
										  MCXT_ALLOC_HUGE);
	for (int i = 0; i < spending->count; i++)
	{
		const KpiPair *pair = &spending->pair[i];

		spending->log_money[i] = log(pair->first * pair->second);
		spending->log_value += pair->weight * log(pair->second);
		money += pair->weight / weight * pair->second;
	}
	return money;
}

/* clv_gamma_gamma_fit(frequency, monetary_value [, weight]): the model. */
PG_FUNCTION_INFO_V1(kpi_gamma_gamma_fit);
Datum
kpi_gamma_gamma_fit(PG_FUNCTION_ARGS)
{
	const KpiPairState *state = (const KpiPairState *) PG_GETARG_VARLENA_P(0);
	Spending	spending = {0};
	KpiFitProblem problem;
	KpiFit		fit;
	double		money;

	memset(&problem, 0, sizeof(problem));
	spending.pair = kpi_read_pairs(state, &spending.count, &problem.weight);
	money = prepare(&spending, problem.weight);
	problem.objective = objective;
	problem.data = &spending;
	problem.n = PARAMETERS;
	problem.patterns = spending.count;
	problem.unit[P] = problem.unit[Q] = 1;
	problem.unit[V] = money;
	problem.start[P] = problem.start[Q] = log(3);
	problem.start[V] = log(money);
	if (spending.count == 0 || !kpi_is_number(money))
		kpi_fit_insufficient(problem.n, problem.weight, problem.patterns, &fit);
	else
		kpi_fit(&problem, &fit);
	/* the mean money of a customer has no limit: the edge of what can be used */
	if (fit.status == KPI_CONVERGED && fit.parameter[Q] <= 1)
		fit.status = KPI_BOUNDARY;
	return kpi_fit_datum(fcinfo, &fit);
}

/*
 * clv_log_likelihood(model, frequency, monetary_value): 0 for a frequency of 0,
 * which says nothing of money.
 */
PG_FUNCTION_INFO_V1(kpi_gamma_gamma_log_likelihood);
Datum
kpi_gamma_gamma_log_likelihood(PG_FUNCTION_ARGS)
{
	const double *model = PG_ARGISNULL(0) ? NULL : kpi_model_argument(fcinfo, 0, 0, PARAMETERS);
	double		frequency = PG_ARGISNULL(1) ? NAN : PG_GETARG_FLOAT8(1);
	double		money = PG_ARGISNULL(2) ? NAN : PG_GETARG_FLOAT8(2);
	double		shape;
	double		log_ratio;

	if (model == NULL || !kpi_is_number(frequency))
		PG_RETURN_NULL();
	check_frequency(frequency);
	if (frequency == 0)
		PG_RETURN_FLOAT8(0);
	if (!kpi_is_number(money))
		PG_RETURN_NULL();
	check_money(money);
	shape = model[P] * frequency;
	/* of v and x z, the shares of their sum */
	log_ratio = log(model[V]) - log(frequency) - log(money);
	return kpi_float8_or_null(fcinfo, kpi_log_gamma_ratio(shape, model[Q]) - kpi_log_gamma(model[Q]) -
							  shape * kpi_softplus(log_ratio) - model[Q] * kpi_softplus(-log_ratio) -
							  log(money));
}

/* clv_expected_average_value(model, frequency, monetary_value) */
PG_FUNCTION_INFO_V1(kpi_clv_expected_average_value);
Datum
kpi_clv_expected_average_value(PG_FUNCTION_ARGS)
{
	double		frequency;
	double		value;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	frequency = PG_GETARG_FLOAT8(1);
	if (!kpi_is_number(frequency))
		PG_RETURN_NULL();
	check_frequency(frequency);
	if (!kpi_average_value(fcinfo, 0, 0, 2, frequency, &value))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, value);
}
