/*-------------------------------------------------------------------------
 *
 * sbg.c
 *	  The shifted beta-geometric model: how long contracts are renewed.
 *
 * At the end of every period a customer leaves with a probability of its own;
 * between customers these have a beta distribution with alpha and beta:
 *
 *	survival	S(t) = prod (beta + j) / (alpha + beta + j), j = 0 .. t - 1
 *	leaving		P(t) = S(t - 1) alpha / (alpha + beta + t - 1)
 *	retention	S(t) / S(t - 1) = (beta + t - 1) / (alpha + beta + t - 1)
 *
 * The discounted expected residual lifetime counts the payments to come of a
 * customer that has made n of them, just before it decides on the next one,
 * which is not discounted; with z = 1 / (1 + discount_rate) it is
 *
 *	n = 0	F(1, beta; alpha + beta; z), the customer still to be won, whose
 *			first payment is certain
 *	n > 0	retention(n) F(1, beta + n; alpha + beta + n; z)
 *
 * where F is Gauss's function, taken as a continued fraction; for z near 1 as
 * the mean of 1 / (1 - z (1 - p)) over the chance p to leave, by quadrature.
 *
 * State: kpi_internal.pair_state of periods and whether the customer left.
 *
 * NULL rule: a fit leaves out rows with a NULL; answers are NULL where an
 * argument is, of a model without parameters, and where the residual lifetime
 * has no limit (no discount and alpha <= 1).
 *
 * Sources: P. S. Fader, B. G. S. Hardie, "How to project customer retention",
 * Journal of Interactive Marketing 21(1), 2007; "Customer-base valuation in a
 * contractual setting", Marketing Science 29(1), 2010.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/sbg.h"

#include <float.h>
#include <math.h>

#include "base/check.h"
#include "math/special.h"
#include "lifetime/fit.h"
#include "lifetime/pairs.h"
#include "lifetime/triples.h"
#include "miscadmin.h"

#define KPI_MAX_FRACTION 10000000

/* Below this discount the continued fraction takes longer than quadrature. */
#define SMALL_DISCOUNT 1e-4

enum
{
	ALPHA,
	BETA,
	PARAMETERS
};

typedef struct Contracts
{
	int			count;
	const KpiPair *pair;
} Contracts;

/* The periods of a customer in argument 1: whole, and one at least where it left. */
static int
contract_argument(FunctionCallInfo fcinfo, bool churned)
{
	int			periods = kpi_check_whole(PG_GETARG_FLOAT8(1), "periods");

	if (periods < 0 || (churned && periods == 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods %d of a customer that %s is below %d", periods,
						churned ? "churned" : "stayed", churned ? 1 : 0),
				 errhint("Periods counts the renewals a customer was asked for, the one it declined included.")));
	return periods;
}

/* The transition of the fit, from periods, churned and weight. */
PG_FUNCTION_INFO_V1(kpi_sbg_accum);
Datum
kpi_sbg_accum(PG_FUNCTION_ARGS)
{
	int			periods;
	bool		churned;
	double		weight = 1;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || (PG_NARGS() > 3 && PG_ARGISNULL(3)))
		return kpi_pair_skip(fcinfo);
	if (PG_NARGS() > 3)
		weight = kpi_check_customers(PG_GETARG_FLOAT8(3));
	churned = PG_GETARG_BOOL(2);
	periods = contract_argument(fcinfo, churned);
	if (weight == 0)
		return kpi_pair_skip(fcinfo);
	return kpi_pair_accum(fcinfo, periods, churned, weight);
}

/* log S(t), and its derivatives by alpha and beta. */
static double
log_survival(double alpha, double beta, double t, double *slope)
{
	double		by_sum = kpi_digamma_difference(alpha + beta, t);

	slope[ALPHA] = -by_sum;
	slope[BETA] = kpi_digamma_difference(beta, t) - by_sum;
	return kpi_log_beta_ratio(alpha, beta, t);
}

/* The log-likelihood of a customer, and its derivatives by alpha and beta. */
static double
log_likelihood(double alpha, double beta, double periods, bool churned, double *slope)
{
	double		renewed = periods - (churned ? 1 : 0);
	double		value = log_survival(alpha, beta, renewed, slope);
	double		all = alpha + beta + renewed;

	if (!churned)
		return value;
	slope[ALPHA] += (beta + renewed) / (alpha * all);
	slope[BETA] -= 1 / all;
	return value + log(alpha / all);
}

/* The negative log-likelihood at the logarithms of alpha and beta. */
static double
objective(const double *x, double *gradient, void *data)
{
	const Contracts *contracts = data;
	double		alpha = exp(x[ALPHA]);
	double		beta = exp(x[BETA]);
	double		sum = 0;
	double		slopes[PARAMETERS] = {0, 0};

	for (int i = 0; i < contracts->count; i++)
	{
		const KpiPair *pair = &contracts->pair[i];
		double		slope[PARAMETERS];
		double		value = log_likelihood(alpha, beta, pair->first, pair->second != 0, slope);

		sum += pair->weight * value;
		slopes[ALPHA] += pair->weight * slope[ALPHA];
		slopes[BETA] += pair->weight * slope[BETA];
	}
	gradient[ALPHA] = -alpha * slopes[ALPHA];
	gradient[BETA] = -beta * slopes[BETA];
	return -sum;
}

/* clv_sbg_fit(periods, churned [, weight]): the model. */
PG_FUNCTION_INFO_V1(kpi_sbg_fit);
Datum
kpi_sbg_fit(PG_FUNCTION_ARGS)
{
	const KpiPairState *state = (const KpiPairState *) PG_GETARG_VARLENA_P(0);
	Contracts	contracts;
	KpiFitProblem problem;
	KpiFit		fit;
	bool		any_left = false;

	memset(&problem, 0, sizeof(problem));
	contracts.pair = kpi_read_pairs(state, &contracts.count, &problem.weight);
	for (int i = 0; i < contracts.count; i++)
		any_left = any_left || contracts.pair[i].second != 0;
	problem.objective = objective;
	problem.data = &contracts;
	problem.n = PARAMETERS;
	problem.patterns = contracts.count;
	problem.unit[ALPHA] = problem.unit[BETA] = 1;
	if (any_left)
		kpi_fit(&problem, &fit);
	else
		kpi_fit_insufficient(problem.n, problem.weight, problem.patterns, &fit);
	return kpi_fit_datum(fcinfo, &fit);
}

/*
 * Gauss's function F(1, b; c; z) for c > b > 0 and z from 0 to below 1: its
 * continued fraction 1 / (1 - e1 z / (1 - e2 z / ...)), by Lentz's method.
 */
static double
gauss_fraction(double b, double c, double z)
{
	double		value = 1;
	double		numerator = 1;
	double		denominator = 0;

	for (int k = 1; k <= KPI_MAX_FRACTION; k++)
	{
		int			n = k / 2;
		double		e;
		double		factor;

		if (k == 1)
			e = b / c;
		else if (k % 2 == 1)
			e = (b + n) * (c - 1 + n) / ((c + 2.0 * n - 1) * (c + 2.0 * n));
		else
			e = n * (c - b + n - 1) / ((c + 2.0 * n - 2) * (c + 2.0 * n - 1));
		denominator = 1 / (1 - e * z * denominator);
		numerator = 1 - e * z / numerator;
		factor = numerator * denominator;
		value *= factor;
		if (fabs(factor - 1) <= DBL_EPSILON)
			break;
		if (k % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return 1 / value;
}

/* The payments of a customer that leaves with the chance p, in units of 1 / sqrt(discount_rate). */
static double
payments_of_chance(double p, double log_p, void *data)
{
	double		discount_rate = *(double *) data;

	return (1 + discount_rate) / (sqrt(discount_rate) + p / sqrt(discount_rate));
}

/*
 * The sum of prod (b + j) / (a + b + j) z^k over k from 0 on, with
 * z = 1 / (1 + discount_rate); false without a limit.
 */
bool
kpi_discounted_sum(double a, double b, double discount_rate, double *sum)
{
	if (discount_rate == 0 && a <= 1)
		return false;
	if (discount_rate == 0)
		*sum = (a + b - 1) / (a - 1);
	else if (discount_rate >= SMALL_DISCOUNT)
		*sum = gauss_fraction(b, a + b, 1 / (1 + discount_rate));
	else
		*sum = kpi_beta_mean(a, b, -log(discount_rate), payments_of_chance, &discount_rate) /
			sqrt(discount_rate);
	return true;
}

/* A discount rate per period is a parameter: a wrong one is an error. */
double
kpi_check_discount(double discount_rate)
{
	if (!(discount_rate >= 0 && kpi_is_number(discount_rate)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("discount_rate %g is not a finite number of at least 0", discount_rate),
				 errhint("The rate is a fraction per period: write 0.1 for 10 percent.")));
	return discount_rate;
}

/* The periods in argument 1 of an answer, at least so many. */
static int
periods_argument(FunctionCallInfo fcinfo, int lowest)
{
	int			periods = kpi_check_whole(PG_GETARG_FLOAT8(1), "periods");

	if (periods < lowest)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods %d is below %d", periods, lowest),
				 errhint("Periods counts the renewals a customer was asked for.")));
	return periods;
}

/* clv_log_likelihood(model, periods, churned) */
PG_FUNCTION_INFO_V1(kpi_sbg_log_likelihood);
Datum
kpi_sbg_log_likelihood(PG_FUNCTION_ARGS)
{
	const double *model = kpi_model_argument(fcinfo, 0, 0, PARAMETERS);
	bool		churned = PG_GETARG_BOOL(2);
	int			periods = contract_argument(fcinfo, churned);
	double		slope[PARAMETERS];

	if (model == NULL)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, log_likelihood(model[ALPHA], model[BETA], periods, churned, slope));
}

/* clv_sbg_survival(model, periods): the share still there after so many renewals. */
PG_FUNCTION_INFO_V1(kpi_clv_sbg_survival);
Datum
kpi_clv_sbg_survival(PG_FUNCTION_ARGS)
{
	const double *model = kpi_model_argument(fcinfo, 0, 0, PARAMETERS);
	int			periods = periods_argument(fcinfo, 0);
	double		slope[PARAMETERS];

	if (model == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(exp(log_survival(model[ALPHA], model[BETA], periods, slope)));
}

/* clv_sbg_retention(model, periods): the share of those asked that renews. */
PG_FUNCTION_INFO_V1(kpi_clv_sbg_retention);
Datum
kpi_clv_sbg_retention(PG_FUNCTION_ARGS)
{
	const double *model = kpi_model_argument(fcinfo, 0, 0, PARAMETERS);
	int			periods = periods_argument(fcinfo, 1);

	if (model == NULL)
		PG_RETURN_NULL();

	/*
	 * the whole number first: added to a small beta, 1 could not be taken off
	 * again
	 */
	PG_RETURN_FLOAT8((model[BETA] + (periods - 1)) / (model[ALPHA] + model[BETA] + (periods - 1)));
}

/* clv_sbg_derl(model, periods, discount_rate): payments to come, discounted. */
PG_FUNCTION_INFO_V1(kpi_clv_sbg_derl);
Datum
kpi_clv_sbg_derl(PG_FUNCTION_ARGS)
{
	const double *model = kpi_model_argument(fcinfo, 0, 0, PARAMETERS);
	int			paid = periods_argument(fcinfo, 0);
	double		discount_rate = kpi_check_discount(PG_GETARG_FLOAT8(2));
	double		sum;
	double		next = 1;

	if (model == NULL)
		PG_RETURN_NULL();
	if (paid > 0)
		next = (model[BETA] + (paid - 1)) / (model[ALPHA] + model[BETA] + (paid - 1));
	if (!kpi_discounted_sum(model[ALPHA], model[BETA] + paid, discount_rate, &sum))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, next * sum);
}
