/*-------------------------------------------------------------------------
 *
 * bgnbd.c
 *	  Answers of the BG/NBD and MBG/NBD models.
 *
 * Given its history a customer is alive with the probability 1 / (1 + exp(z)),
 * z as in bgnbd_fit.c.  If it is, its rate of purchases has the gamma
 * distribution (s, alpha+T), s = r+x, and the chance p to leave after a
 * purchase has the beta distribution (a, b+x+m).  So the purchases until
 * future_t are the mean over p of
 *
 *	(1 - (1 + p tau)^-s) / p,	tau = future_t / (alpha + T)
 *
 * times that probability.  A new customer has x = 0, T = 0.
 *
 * Numeric method: with z = tau / (1 + tau) the mean is
 *
 *	(a+c+x-1) g - (1-z)^(a-1) (a+c-1-r) S,	c = b+m
 *	g = (1 - (1-z)^(a-1)) / (a-1)
 *	S = sum of (a)_k (a+c-r)_k / (a+c+x)_k z^(k+1) / (k+1)!
 *
 * the closed form after Euler's transformation with its pole at a = 1 taken
 * out.  Where the sum is long, or both parts are much greater than their
 * difference, the mean over p is taken by quadrature instead.
 *
 * NULL rule: NULL for a model without parameters and for a customer with NaN
 * or infinite values; values no customer can have are errors.
 *
 * Sources: see bgnbd_fit.c; P. S. Fader, B. G. S. Hardie, K. L. Lee,
 * "Computing P(alive) using the BG/NBD model", 2008.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/bgnbd.h"

#include <float.h>

#include "base/check.h"
#include "math/special.h"
#include "base/twosum.h"
#include "lifetime/discounted.h"
#include "lifetime/fit.h"
#include "lifetime/triples.h"

/* Longer sums than this take more time than quadrature. */
#define MAX_TERMS 1000

/* Digits that may cancel, as a factor. */
#define MAX_CANCELLATION 1000

/* A lesser share of what is left of a difference has too few digits. */
#define MIN_DIFFERENCE 0.01

/* Where log(x) is lower, 1 + x is 1 with digits to spare. */
#define LOG_NOTHING (-40.0)

/* The probability that a customer is alive; 1 for BG/NBD without a repeat. */
static double
alive(const double *parameter, bool modified, const KpiTriple *customer)
{
	double		n = customer->frequency + (modified ? 0 : -1);
	double		gap = customer->t - customer->recency;
	double		z;

	if (n < 0)
		return 1;
	z = log(parameter[KPI_BGNBD_A]) - log(parameter[KPI_BGNBD_B] + n) +
		(parameter[KPI_BGNBD_R] + customer->frequency) *
		log1p(gap / (parameter[KPI_BGNBD_ALPHA] + customer->recency));
	return kpi_logistic(-z);
}

/* a + b + n - r, rounded once. */
static double
exact_sum(double a, double b, double n, double r)
{
	KpiSum		sum = {a, 0};

	kpi_sum_add(&sum, b);
	kpi_sum_add(&sum, n);
	kpi_sum_add(&sum, -r);
	return kpi_sum_value(sum);
}

/* What the model makes of a customer. */
void
kpi_bgnbd_customer(const double *parameter, bool modified,
				   const KpiTriple *triple, KpiBgnbdCustomer *customer)
{
	customer->alive = alive(parameter, modified, triple);
	customer->shape = parameter[KPI_BGNBD_R] + triple->frequency;
	customer->rate = parameter[KPI_BGNBD_ALPHA] + triple->t;
	customer->a = parameter[KPI_BGNBD_A];
	customer->b = parameter[KPI_BGNBD_B] + (triple->frequency + (modified ? 1 : 0));
	customer->total = exact_sum(customer->a, parameter[KPI_BGNBD_B],
								triple->frequency + (modified ? 0 : -1), 0);
	customer->rest = exact_sum(customer->a, parameter[KPI_BGNBD_B],
							   modified ? 0 : -1, parameter[KPI_BGNBD_R]);
}

/* A time ahead, for the mean over p: logarithms in units of the customer's rate. */
typedef struct Horizon
{
	double		shape;
	double		log_from;
	double		log_to;
	double		log_length;		/* values are in units of the root of this */
} Horizon;

/* The purchases of a customer that leaves with the probability p after each. */
static double
purchases_of_chance(double p, double log_p, void *data)
{
	const Horizon *horizon = data;
	double		shape = horizon->shape;
	double		before = kpi_softplus(log_p + horizon->log_from);

	/* p is next to nothing: shape * length, which may be beyond float8 */
	if (log_p + horizon->log_to + log1p(shape) < LOG_NOTHING)
		return shape * exp(horizon->log_length / 2);
	return -expm1(-shape * kpi_softplus(log_p + horizon->log_length - before)) *
		exp(-shape * before - log_p - horizon->log_length / 2);
}

/* The mean over p by quadrature, of a customer that is alive. */
static double
purchases_by_mean(const KpiBgnbdCustomer *customer, double from, double to)
{
	double		log_rate = log(customer->rate);

	/* cppcheck-suppress invalidFunctionArg; from now on is -infinity */
	Horizon		horizon = {customer->shape, log(from) - log_rate, log(to) - log_rate,
	log(to - from) - log_rate};
	double		log_scale = horizon.log_to + Max(log(customer->shape), 0);

	return exp(horizon.log_length / 2) *
		kpi_beta_mean(customer->a, customer->b, Max(log_scale, 0), purchases_of_chance, &horizon);
}

/* Purchases until future_t, times the probability to be alive. */
double
kpi_bgnbd_purchases(const KpiBgnbdCustomer *customer, double future_t)
{
	double		a = customer->a;
	double		tau = future_t / customer->rate;
	double		z = tau < 1 ? tau / (1 + tau) : 1 / (1 + 1 / tau);
	double		log_rest = tau <= DBL_MAX ? -log1p(tau) : log(customer->rate) - log(future_t);
	double		free = customer->rest + 1;	/* a + c - r */
	double		all = a + customer->b;	/* a + c + x */
	double		term = z;
	double		sum = z;
	double		most = z;
	double		first;
	double		second;
	double		mean;
	int			k = 0;

	if (tau == 0)
		return 0;
	while (fabs(term) > DBL_EPSILON / 8 * fabs(sum) && ++k < MAX_TERMS)
	{
		term *= (a + (k - 1)) * (free + (k - 1)) / ((all + (k - 1)) * (k + 1)) * z;
		sum += term;
		most += fabs(term);
	}
	first = customer->total * (a == 1 ? -log_rest : -expm1((a - 1) * log_rest) / (a - 1));
	second = exp((a - 1) * log_rest) * customer->rest;
	mean = first - second * sum;
	if (k >= MAX_TERMS ||
		!(mean > 0 && fabs(first) + fabs(second) * most < MAX_CANCELLATION * mean))
		mean = purchases_by_mean(customer, 0, future_t);
	return customer->alive * mean;
}

/* Purchases between two times to come, times the probability to be alive. */
double
kpi_bgnbd_purchases_between(const void *customer, double from, double to)
{
	const KpiBgnbdCustomer *bgnbd = customer;
	double		until = kpi_bgnbd_purchases(bgnbd, to);
	double		between;

	if (from == 0)
		return until;
	between = until - kpi_bgnbd_purchases(bgnbd, from);
	if (between > MIN_DIFFERENCE * until)
		return between;
	return bgnbd->alive * purchases_by_mean(bgnbd, from, to);
}

/*
 * The log-likelihood of a customer, see bgnbd_fit.c; gradient, unless NULL, takes
 * its derivatives by the logarithms of the parameters.
 */
double
kpi_bgnbd_log_likelihood(const double *parameter, bool modified, double frequency,
						 double recency, double t, double *gradient)
{
	double		r = parameter[KPI_BGNBD_R];
	double		alpha = parameter[KPI_BGNBD_ALPHA];
	double		a = parameter[KPI_BGNBD_A];
	double		b = parameter[KPI_BGNBD_B];
	double		n = frequency + (modified ? 1 : 0);
	double		log_t = log1p(t / alpha);
	double		since = log1p((t - recency) / (alpha + recency));
	double		log_odds = -INFINITY;

	if (n > 0)
		log_odds = log(a / (b + (n - 1))) + (r + frequency) * since;
	if (gradient != NULL)
	{
		double		left = kpi_logistic(log_odds);
		double		both = kpi_digamma_difference(a + b, n);

		gradient[KPI_BGNBD_R] = r * (kpi_digamma_difference(r, frequency) - log_t + left * since);
		gradient[KPI_BGNBD_ALPHA] = (r * t - frequency * alpha) / (alpha + t) -
			left * (r + frequency) * alpha * (t - recency) / ((alpha + t) * (alpha + recency));
		gradient[KPI_BGNBD_A] = left - a * both;
		gradient[KPI_BGNBD_B] = b * (kpi_digamma_difference(b, n) - both) -
			(n == 0 ? 0 : left * b / (b + (n - 1)));
	}
	return kpi_log_gamma_ratio(r, frequency) - r * log_t -
		(frequency == 0 ? 0 : frequency * log(alpha + t)) +
		kpi_log_beta_ratio(a, b, n) + kpi_softplus(log_odds);
}

/* clv_log_likelihood of either model */
static Datum
log_likelihood(FunctionCallInfo fcinfo, bool modified)
{
	const double *parameter = kpi_model_argument(fcinfo, 0, 0, KPI_BGNBD_PARAMETERS);
	KpiTriple	triple;

	if (!kpi_customer_arguments(fcinfo, 1, &triple) || parameter == NULL)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, kpi_bgnbd_log_likelihood(parameter, modified, triple.frequency,
															   triple.recency, triple.t, NULL));
}

/* clv_log_likelihood(model, frequency, recency, t) of BG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_log_likelihood);
Datum
kpi_clv_bgnbd_log_likelihood(PG_FUNCTION_ARGS)
{
	return log_likelihood(fcinfo, false);
}

/* The same of MBG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_mbgnbd_log_likelihood);
Datum
kpi_clv_mbgnbd_log_likelihood(PG_FUNCTION_ARGS)
{
	return log_likelihood(fcinfo, true);
}

/* clv_p_alive of either model */
static Datum
p_alive(FunctionCallInfo fcinfo, bool modified)
{
	const double *parameter = kpi_model_argument(fcinfo, 0, 0, KPI_BGNBD_PARAMETERS);
	KpiTriple	triple;

	if (!kpi_customer_arguments(fcinfo, 1, &triple) || parameter == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(alive(parameter, modified, &triple));
}

/* clv_p_alive(model, frequency, recency, t) of BG/NBD; 1 without a repeat. */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_p_alive);
Datum
kpi_clv_bgnbd_p_alive(PG_FUNCTION_ARGS)
{
	return p_alive(fcinfo, false);
}

/* The same of MBG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_mbgnbd_p_alive);
Datum
kpi_clv_mbgnbd_p_alive(PG_FUNCTION_ARGS)
{
	return p_alive(fcinfo, true);
}

/* clv_expected_purchases of either model */
static Datum
expected_purchases(FunctionCallInfo fcinfo, bool modified)
{
	const double *parameter = kpi_model_argument(fcinfo, 0, 0, KPI_BGNBD_PARAMETERS);
	double		future_t = kpi_check_future(PG_GETARG_FLOAT8(1));
	KpiTriple	triple = {.weight = 1};
	KpiBgnbdCustomer customer;

	if (PG_NARGS() > 2 && !kpi_customer_arguments(fcinfo, 2, &triple))
		PG_RETURN_NULL();
	if (parameter == NULL)
		PG_RETURN_NULL();
	kpi_bgnbd_customer(parameter, modified, &triple, &customer);
	return kpi_float8_or_null(fcinfo, kpi_bgnbd_purchases(&customer, future_t));
}

/*
 * clv_expected_purchases(model, future_t [, frequency, recency, t]) of
 * BG/NBD; of a new customer where none is given.
 */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_expected_purchases);
Datum
kpi_clv_bgnbd_expected_purchases(PG_FUNCTION_ARGS)
{
	return expected_purchases(fcinfo, false);
}

/* The same of MBG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_mbgnbd_expected_purchases);
Datum
kpi_clv_mbgnbd_expected_purchases(PG_FUNCTION_ARGS)
{
	return expected_purchases(fcinfo, true);
}

/* The probability that a new customer buys n times until future_t. */
static double
purchase_probability(const double *parameter, bool modified, double n, double future_t)
{
	double		r = parameter[KPI_BGNBD_R];
	double		a = parameter[KPI_BGNBD_A];
	double		b = parameter[KPI_BGNBD_B];
	double		log_ratio = log(future_t) - log(parameter[KPI_BGNBD_ALPHA]);
	double		chances = n + (modified ? 1 : 0);
	double		stays = exp(kpi_log_beta_ratio(a, b, chances));
	double		probability = stays * kpi_negative_binomial(r, n, log_ratio);

	if (chances > 0)
		probability += stays * a / (b + (chances - 1)) * kpi_negative_binomial_tail(r, n, log_ratio);
	return probability;
}

/* clv_purchase_probability of either model */
static Datum
probability(FunctionCallInfo fcinfo, bool modified)
{
	const double *parameter = kpi_model_argument(fcinfo, 0, 0, KPI_BGNBD_PARAMETERS);
	int			n = kpi_check_whole(PG_GETARG_FLOAT8(1), "n");
	double		future_t = kpi_check_future(PG_GETARG_FLOAT8(2));

	if (n < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of purchases %d is negative", n),
				 errhint("Give the number of repeat purchases, from 0 on.")));
	if (parameter == NULL)
		PG_RETURN_NULL();
	if (future_t == 0)
		PG_RETURN_FLOAT8(n == 0);
	PG_RETURN_FLOAT8(fmin(purchase_probability(parameter, modified, n, future_t), 1));
}

/*
 * clv_purchase_probability(model, n, future_t) of BG/NBD: that a new customer
 * buys exactly n times more.
 */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_purchase_probability);
Datum
kpi_clv_bgnbd_purchase_probability(PG_FUNCTION_ARGS)
{
	return probability(fcinfo, false);
}

/* The same of MBG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_mbgnbd_purchase_probability);
Datum
kpi_clv_mbgnbd_purchase_probability(PG_FUNCTION_ARGS)
{
	return probability(fcinfo, true);
}

/* Discounted purchases from the argument first on, NULL where one is. */
static Datum
discounted(FunctionCallInfo fcinfo, bool modified, int first, double value)
{
	const double *parameter = kpi_model_argument(fcinfo, 0, 0, KPI_BGNBD_PARAMETERS);
	KpiTriple	triple;
	KpiBgnbdCustomer customer;
	double		purchases;

	if (!kpi_customer_arguments(fcinfo, first + 3, &triple) || parameter == NULL)
		PG_RETURN_NULL();
	kpi_bgnbd_customer(parameter, modified, &triple, &customer);
	purchases = kpi_discounted_purchases(kpi_bgnbd_purchases_between, &customer,
										 PG_GETARG_FLOAT8(first), PG_GETARG_FLOAT8(first + 1),
										 PG_GETARG_FLOAT8(first + 2));
	return kpi_float8_or_null(fcinfo, value * purchases);
}

/* The same times the average value, the last argument. */
static Datum
discounted_value(FunctionCallInfo fcinfo, bool modified)
{
	double		value;

	for (int i = 0; i < 8; i++)
	{
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	}
	if (!kpi_average_value(fcinfo, 1, 1, 8, PG_GETARG_FLOAT8(5), &value))
		PG_RETURN_NULL();
	return discounted(fcinfo, modified, 2, value);
}

/*
 * clv_discounted(model, periods, period_length, discount_rate, frequency,
 * recency, t) of BG/NBD: future purchases, discounted.
 */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_discounted_purchases);
Datum
kpi_clv_bgnbd_discounted_purchases(PG_FUNCTION_ARGS)
{
	return discounted(fcinfo, false, 1, 1);
}

/* The same of MBG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_mbgnbd_discounted_purchases);
Datum
kpi_clv_mbgnbd_discounted_purchases(PG_FUNCTION_ARGS)
{
	return discounted(fcinfo, true, 1, 1);
}

/*
 * clv_discounted(model, gg_model, periods, period_length, discount_rate,
 * frequency, recency, t, monetary_value) of BG/NBD: the discounted value.
 */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_discounted);
Datum
kpi_clv_bgnbd_discounted(PG_FUNCTION_ARGS)
{
	return discounted_value(fcinfo, false);
}

/* The same of MBG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_mbgnbd_discounted);
Datum
kpi_clv_mbgnbd_discounted(PG_FUNCTION_ARGS)
{
	return discounted_value(fcinfo, true);
}
