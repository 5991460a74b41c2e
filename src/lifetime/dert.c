/*-------------------------------------------------------------------------
 *
 * dert.c
 *	  Discounted expected residual transactions: all purchases to come, each
 *	  counted with exp(-rate * time).
 *
 * Pareto/NBD: the expected rate of purchases u units of time after t is that
 * at t times (1 + u / (beta + t))^-s, so that the discounted sum is an
 * exponential integral of order s.
 *
 * BG/NBD and MBG/NBD: a customer that leaves after a purchase with the
 * probability p is expected to buy at the rate
 * shape / rate (1 + p u / rate)^-(shape + 1); discounted, an exponential
 * integral of order shape + 1.  Its mean over p, which has a beta
 * distribution, is taken by quadrature.
 *
 * Without discount the sum is rational in the parameters, or has no limit.
 *
 * NULL rule: STRICT; NULL too where the model has no parameters, an argument
 * of the customer is NaN or infinite, or the sum has no limit or is beyond float8.
 *
 * Sources: P. S. Fader, B. G. S. Hardie, K. L. Lee, "RFM and CLV: using
 * iso-value curves for customer base analysis", Journal of Marketing Research
 * 42(4), 2005, for the Pareto/NBD; for the others the definition.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "math/special.h"
#include "lifetime/bgnbd.h"
#include "lifetime/fit.h"
#include "lifetime/pareto.h"
#include "lifetime/triples.h"

/* Where z is so large against the order, its exponential integral is 1 / z. */
#define LOG_LARGE_Z 41.5

/* The rate is a parameter: a wrong one is an error. */
static double
check_rate(double rate)
{
	if (!(rate >= 0 && kpi_is_number(rate)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("continuous_discount_rate %g is not a finite number of at least 0", rate),
				 errhint("The rate is a fraction per unit of time: ln(1.15) / 52 for 15 percent a year and weeks.")));
	return rate;
}

/* The discounted purchases of a Pareto/NBD customer; false without a limit. */
static bool
pareto_dert(const KpiParetoCustomer *customer, double rate, double *dert)
{
	if (rate == 0 && customer->shape <= 1)
		return false;
	*dert = customer->scale *
		(rate == 0 ? 1 / (customer->shape - 1) :
		 kpi_lasting(customer->shape, log(rate) + log(customer->rate)));
	return true;
}

/* A discount, for the mean over p; values are in units of 1 / sqrt(rate). */
typedef struct Discount
{
	double		shape;
	double		log_rate;		/* in units of the customer's rate */
} Discount;

/* The purchases of a customer that leaves with probability p after each. */
static double
dert_given_p(double p, double log_p, void *data)
{
	const Discount *discount = data;
	double		log_z = discount->log_rate - log_p;

	/* p is next to nothing: shape / rate, which may be beyond float8 */
	if (log_z - log1p(discount->shape) > LOG_LARGE_Z)
		return discount->shape * exp(-discount->log_rate / 2);
	return discount->shape * exp(discount->log_rate / 2 - log_p) *
		kpi_lasting(discount->shape + 1, log_z);
}

/* The same for BG/NBD and MBG/NBD customers. */
static bool
bgnbd_dert(const KpiBgnbdCustomer *customer, double rate, double *dert)
{
	Discount	discount = {customer->shape, log(rate) + log(customer->rate)};

	if (rate == 0 && customer->a <= 1)
		return false;
	if (rate == 0)
		*dert = customer->total / (customer->a - 1);
	else
		*dert = exp(-discount.log_rate / 2) *
			kpi_beta_mean(customer->a, customer->b, log1p(discount.shape) - discount.log_rate,
						  dert_given_p, &discount);
	*dert *= customer->alive;
	return true;
}

/* clv_dert(model, continuous_discount_rate, frequency, recency, t) */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_dert);
Datum
kpi_clv_pareto_nbd_dert(PG_FUNCTION_ARGS)
{
	const double *parameter = kpi_model_argument(fcinfo, 0, 0, KPI_PARETO_PARAMETERS);
	double		rate = check_rate(PG_GETARG_FLOAT8(1));
	KpiTriple	triple;
	KpiPareto	model;
	KpiParetoCustomer customer;
	double		dert;

	if (!kpi_customer_arguments(fcinfo, 2, &triple) || parameter == NULL)
		PG_RETURN_NULL();
	model = kpi_pareto_model(parameter);
	kpi_pareto_customer(&model, triple.frequency, triple.recency, triple.t, &customer);
	if (!pareto_dert(&customer, rate, &dert))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, dert);
}

/* clv_dert of BG/NBD or MBG/NBD */
static Datum
answer_bgnbd(FunctionCallInfo fcinfo, bool modified)
{
	const double *parameter = kpi_model_argument(fcinfo, 0, 0, KPI_BGNBD_PARAMETERS);
	double		rate = check_rate(PG_GETARG_FLOAT8(1));
	KpiTriple	triple;
	KpiBgnbdCustomer customer;
	double		dert;

	if (!kpi_customer_arguments(fcinfo, 2, &triple) || parameter == NULL)
		PG_RETURN_NULL();
	kpi_bgnbd_customer(parameter, modified, &triple, &customer);
	if (!bgnbd_dert(&customer, rate, &dert))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, dert);
}

/* The same for BG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_dert);
Datum
kpi_clv_bgnbd_dert(PG_FUNCTION_ARGS)
{
	return answer_bgnbd(fcinfo, false);
}

/* The same for MBG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_mbgnbd_dert);
Datum
kpi_clv_mbgnbd_dert(PG_FUNCTION_ARGS)
{
	return answer_bgnbd(fcinfo, true);
}
