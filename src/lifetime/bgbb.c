/*-------------------------------------------------------------------------
 *
 * bgbb.c
 *	  The beta-geometric/beta-Bernoulli model: purchases at whole chances.
 *
 * A living customer buys at each of n chances with probability p and leaves
 * before each with probability theta; between customers p has a beta
 * distribution with alpha and beta, theta one with gamma and delta.  A customer
 * that bought x times, the last time at chance m, has the likelihood
 *
 *	sum over i = m .. n - 1 of the terms
 *		B(alpha + x, beta + i - x) / B(alpha, beta)
 *		B(gamma + 1, delta + i) / B(gamma, delta)		left after chance i
 *	plus
 *		B(alpha + x, beta + n - x) / B(alpha, beta)
 *		B(gamma, delta + n) / B(gamma, delta)			still alive
 *
 * Numeric method: the first term in logarithms, all others from it by their
 * ratios, which are positive and below 1; the derivatives of their logarithms
 * by sums alike.  Purchases to come are sums of positive terms, so that no
 * parameter, gamma = 1 included, is a pole.
 *
 * State: kpi.customer_state with recency the last chance used and t the number
 * of chances.
 *
 * NULL rule: a fit leaves out rows with a NULL; answers are NULL where an
 * argument is NULL, NaN or infinite and of a model without parameters.
 *
 * Source: P. S. Fader, B. G. S. Hardie, J. Shang, "Customer-base analysis in a
 * discrete-time noncontractual setting", Marketing Science 29(6), 2010.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "math/special.h"
#include "lifetime/fit.h"
#include "lifetime/sbg.h"
#include "lifetime/triples.h"
#include "miscadmin.h"

#define KPI_MAX_CHANCES 1000000

/* A sum of terms that grow is scaled down where one is greater. */
#define LARGE_TERM 1e250

enum
{
	ALPHA,
	BETA,
	GAMMA,
	DELTA,
	PARAMETERS
};

/* A customer beside the four parameters. */
typedef struct Chances
{
	const double *model;
	double		frequency;
	double		recency;
	double		n;
} Chances;

/* A term of the likelihood and the derivatives of its logarithm. */
typedef struct Term
{
	double		value;
	double		slope[PARAMETERS];
} Term;

/* Chances are whole, and no more purchases than chances. */
static void
check_chances(const KpiTriple *customer)
{
	double		recency = customer->recency;
	double		n = customer->t;

	if (n != rint(n) || n > KPI_MAX_CHANCES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("t %g is not a whole number from 0 to %d", n, KPI_MAX_CHANCES),
				 errhint("The BG/BB model counts chances to buy, such as months or yearly campaigns.")));
	if (recency != rint(recency))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("recency %g is not a whole number", recency),
				 errhint("The BG/BB model takes the number of the last chance at which a customer bought.")));
	if (customer->frequency > recency)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("frequency %g is above recency %g", customer->frequency, recency),
				 errhint("A customer buys at most once at every chance, and last at recency.")));
}

/* B(alpha + x, beta + i - x) / B(alpha, beta) B(gamma + 1, delta + i) / B(gamma, delta) */
static double
first_term(const Chances *c, double i, double *slope)
{
	const double *m = c->model;
	double		by_bought = kpi_digamma_difference(m[ALPHA] + m[BETA], i);
	double		by_left = kpi_digamma_difference(m[GAMMA] + m[DELTA], i + 1);

	slope[ALPHA] = kpi_digamma_difference(m[ALPHA], c->frequency) - by_bought;
	slope[BETA] = kpi_digamma_difference(m[BETA], i - c->frequency) - by_bought;
	slope[GAMMA] = 1 / m[GAMMA] - by_left;
	slope[DELTA] = kpi_digamma_difference(m[DELTA], i) - by_left;
	return kpi_log_beta_ratio(m[BETA], m[ALPHA], c->frequency) +
		kpi_log_beta_ratio(m[ALPHA] + c->frequency, m[BETA], i - c->frequency) +
		kpi_log_beta_ratio(m[GAMMA], m[DELTA], i) + log(m[GAMMA] / (m[GAMMA] + m[DELTA] + i));
}

/* From the term of chance i to that of the next. */
static inline void
next_term(const Chances *c, double i, Term *term)
{
	const double *m = c->model;
	double		not_bought = m[BETA] + i - c->frequency;
	double		bought = m[ALPHA] + m[BETA] + i;
	double		stayed = m[DELTA] + i;
	double		left = m[GAMMA] + m[DELTA] + i + 1;

	term->value *= not_bought / bought * (stayed / left);
	term->slope[ALPHA] -= 1 / bought;
	term->slope[BETA] += 1 / not_bought - 1 / bought;
	term->slope[GAMMA] -= 1 / left;
	term->slope[DELTA] += 1 / stayed - 1 / left;
}

/* From the term of the last chance to that of a customer still alive. */
static inline void
alive_term(const Chances *c, Term *term)
{
	double		gamma = c->model[GAMMA];
	double		stayed = gamma + c->model[DELTA] + c->n;

	term->value *= stayed / gamma;
	term->slope[GAMMA] += 1 / stayed - 1 / gamma;
	term->slope[DELTA] += 1 / stayed;
}

/* Add a term to a sum of such, with its derivatives. */
static inline void
add_term(const Term *term, Term *sum)
{
	sum->value += term->value;
	for (int k = 0; k < PARAMETERS; k++)
		sum->slope[k] += term->value * term->slope[k];
}

/* The log-likelihood of a customer, its derivatives, and the share alive. */
static double
log_likelihood(const Chances *c, double *slope, double *alive)
{
	double		log_first = first_term(c, c->recency, slope);
	Term		term = {1, {0}};
	Term		sum = {0, {0}};

	for (double i = c->recency; i < c->n; i++)
	{
		add_term(&term, &sum);
		next_term(c, i, &term);
	}
	alive_term(c, &term);
	add_term(&term, &sum);
	for (int k = 0; k < PARAMETERS; k++)
		slope[k] += sum.slope[k] / sum.value;
	*alive = term.value / sum.value;
	return log_first + log(sum.value);
}

/* The negative log-likelihood at the logarithms of the parameters. */
static double
objective(const double *x, double *gradient, void *data)
{
	const KpiCustomers *customers = data;
	double		model[PARAMETERS];
	double		sum = 0;

	for (int k = 0; k < PARAMETERS; k++)
	{
		model[k] = exp(x[k]);
		gradient[k] = 0;
	}
	for (int i = 0; i < customers->count; i++)
	{
		const KpiTriple *customer = &customers->triple[i];
		Chances		chances = {model, customer->frequency, customer->recency, customer->t};
		double		slope[PARAMETERS];
		double		alive;

		CHECK_FOR_INTERRUPTS();
		sum += customer->weight * log_likelihood(&chances, slope, &alive);
		for (int k = 0; k < PARAMETERS; k++)
			gradient[k] -= customer->weight * model[k] * slope[k];
	}
	return -sum;
}

/* clv_bgbb_fit(frequency, recency, t [, weight [, penalty]]): the model. */
PG_FUNCTION_INFO_V1(kpi_bgbb_fit);
Datum
kpi_bgbb_fit(PG_FUNCTION_ARGS)
{
	KpiCustomers customers;
	KpiFitProblem problem;
	KpiFit		fit;
	bool		any_repeat = false;

	kpi_read_customers((const KpiCustomerState *) PG_GETARG_VARLENA_P(0), &customers);
	for (int i = 0; i < customers.count; i++)
	{
		check_chances(&customers.triple[i]);
		any_repeat = any_repeat || customers.triple[i].frequency > 0;
	}
	memset(&problem, 0, sizeof(problem));
	problem.objective = objective;
	problem.data = &customers;
	problem.n = PARAMETERS;
	problem.weight = customers.weight;
	problem.patterns = customers.count;
	kpi_fit_penalize(&problem, customers.penalty);
	for (int k = 0; k < PARAMETERS; k++)
		problem.unit[k] = 1;
	if (any_repeat)
		kpi_fit(&problem, &fit);
	else
		kpi_fit_insufficient(problem.n, problem.weight, problem.patterns, &fit);
	kpi_fit_judge_chance(&fit, GAMMA, DELTA);
	return kpi_fit_datum(fcinfo, &fit);
}

/* The customer of three arguments from first on; false where the answer is NULL. */
static bool
read_customer(FunctionCallInfo fcinfo, int first, Chances *c)
{
	KpiTriple	customer;

	if (!kpi_customer_arguments(fcinfo, first, &customer))
		return false;
	check_chances(&customer);
	c->model = kpi_model_argument(fcinfo, 0, 0, PARAMETERS);
	c->frequency = customer.frequency;
	c->recency = customer.recency;
	c->n = customer.t;
	return c->model != NULL;
}

/* A whole number of chances. */
static double
chances_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	double		chances = PG_GETARG_FLOAT8(argument);

	if (!(chances >= 0 && chances <= KPI_MAX_CHANCES && chances == rint(chances)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %g is not a whole number from 0 to %d", name, chances, KPI_MAX_CHANCES),
				 errhint("The BG/BB model counts chances to buy, such as months or yearly campaigns.")));
	return chances;
}

/* P(alive) at chance n. */
static double
share_alive(const Chances *c)
{
	double		slope[PARAMETERS];
	double		alive;

	log_likelihood(c, slope, &alive);
	return alive;
}

/* The expected number of the next chances, up to ahead, that find one alive. */
static double
chances_alive(const Chances *c, double ahead)
{
	double		delta = c->model[DELTA] + c->n;
	double		term = 1;
	double		sum = 0;

	for (double j = 0; j < ahead; j++)
	{
		term *= (delta + j) / (c->model[GAMMA] + delta + j);
		sum += term;
	}
	return sum;
}

/* The mean of p given x purchases at n chances. */
static double
buys(const Chances *c)
{
	return (c->model[ALPHA] + c->frequency) / (c->model[ALPHA] + c->model[BETA] + c->n);
}

/* clv_log_likelihood(bgbb_model, frequency, recency, t) */
PG_FUNCTION_INFO_V1(kpi_bgbb_log_likelihood);
Datum
kpi_bgbb_log_likelihood(PG_FUNCTION_ARGS)
{
	double		slope[PARAMETERS];
	double		alive;
	Chances		c;

	if (!read_customer(fcinfo, 1, &c))
		PG_RETURN_NULL();
	/* rounding must not make it more than certain, here and below */
	PG_RETURN_FLOAT8(fmin(log_likelihood(&c, slope, &alive), 0));
}

/* clv_p_alive(bgbb_model, frequency, recency, t): alive at the last chance. */
PG_FUNCTION_INFO_V1(kpi_bgbb_p_alive);
Datum
kpi_bgbb_p_alive(PG_FUNCTION_ARGS)
{
	Chances		c;

	if (!read_customer(fcinfo, 1, &c))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(share_alive(&c));
}

/* clv_expected_purchases(bgbb_model, future_t, frequency, recency, t) */
PG_FUNCTION_INFO_V1(kpi_bgbb_expected_purchases);
Datum
kpi_bgbb_expected_purchases(PG_FUNCTION_ARGS)
{
	Chances		c;
	double		ahead;

	if (!kpi_is_number(PG_GETARG_FLOAT8(1)))
		PG_RETURN_NULL();
	ahead = chances_argument(fcinfo, 1, "future_t");
	if (!read_customer(fcinfo, 2, &c))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(share_alive(&c) * buys(&c) * chances_alive(&c, ahead));
}

/* clv_expected_purchases(bgbb_model, future_t): of a new customer. */
PG_FUNCTION_INFO_V1(kpi_bgbb_expected_purchases_new);
Datum
kpi_bgbb_expected_purchases_new(PG_FUNCTION_ARGS)
{
	Chances		c = {NULL, 0, 0, 0};
	double		ahead;

	if (!kpi_is_number(PG_GETARG_FLOAT8(1)))
		PG_RETURN_NULL();
	ahead = chances_argument(fcinfo, 1, "future_t");
	c.model = kpi_model_argument(fcinfo, 0, 0, PARAMETERS);
	if (c.model == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(buys(&c) * chances_alive(&c, ahead));
}

/* clv_purchase_probability(bgbb_model, n, future_t): n purchases of a new customer. */
PG_FUNCTION_INFO_V1(kpi_bgbb_purchase_probability);
Datum
kpi_bgbb_purchase_probability(PG_FUNCTION_ARGS)
{
	int			purchases = kpi_check_whole(PG_GETARG_FLOAT8(1), "n");
	double		slope[PARAMETERS];
	double		log_first;
	Term		term = {1, {0}};
	double		sum = 0;
	Chances		c;

	if (purchases < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n %d is below 0", purchases),
				 errhint("n is a number of purchases.")));
	if (!kpi_is_number(PG_GETARG_FLOAT8(2)))
		PG_RETURN_NULL();
	c.frequency = c.recency = purchases;
	c.n = chances_argument(fcinfo, 2, "future_t");
	c.model = kpi_model_argument(fcinfo, 0, 0, PARAMETERS);
	if (c.model == NULL)
		PG_RETURN_NULL();
	if (purchases > c.n)
		PG_RETURN_FLOAT8(0);

	/* the terms above, times the ways to choose the chances used */
	log_first = first_term(&c, purchases, slope);
	for (double i = purchases; i < c.n; i++)
	{
		sum += term.value;
		next_term(&c, i, &term);
		term.value *= (i + 1) / (i + 1 - purchases);
		if (term.value > LARGE_TERM)
		{
			term.value /= LARGE_TERM;
			sum /= LARGE_TERM;
			log_first += log(LARGE_TERM);
		}
	}
	alive_term(&c, &term);
	PG_RETURN_FLOAT8(exp(fmin(log_first + log(sum + term.value), 0)));
}

/* clv_dert(bgbb_model, discount_rate, frequency, recency, t): purchases to come. */
PG_FUNCTION_INFO_V1(kpi_bgbb_dert);
Datum
kpi_bgbb_dert(PG_FUNCTION_ARGS)
{
	Chances		c;
	double		discount_rate;
	double		delta;
	double		left;
	double		sum;

	if (!kpi_is_number(PG_GETARG_FLOAT8(1)))
		PG_RETURN_NULL();
	discount_rate = kpi_check_discount(PG_GETARG_FLOAT8(1));
	if (!read_customer(fcinfo, 2, &c))
		PG_RETURN_NULL();
	delta = c.model[DELTA] + c.n;
	left = c.model[GAMMA] + delta;
	if (!kpi_discounted_sum(c.model[GAMMA], delta + 1, discount_rate, &sum))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, share_alive(&c) * buys(&c) * (delta / left) * sum / (1 + discount_rate));
}
