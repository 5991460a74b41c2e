/*-------------------------------------------------------------------------
 *
 * pareto_answer.c
 *	  What the Pareto/NBD model says of a customer, as SQL functions.
 *
 * NULL rule: STRICT, but for the monetary_value of clv_discounted; NULL too
 * where the model has no parameters, because its fit had not enough data, where
 * an argument of the customer is NaN or infinite and where the answer is beyond
 * float8.  What no customer can have, and a wrong horizon, are errors.
 *
 * The formulas and their sources stand in pareto.c.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "lifetime/discounted.h"
#include "lifetime/fit.h"
#include "lifetime/pareto.h"
#include "lifetime/triples.h"

/* A number of purchases is not negative. */
static int
check_purchases(int n)
{
	if (n < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n %d is not at least 0", n),
				 errhint("The number of purchases counts those after the first one.")));
	return n;
}

/* The model, always the first argument; false where it has no parameters. */
static bool
model_argument(FunctionCallInfo fcinfo, KpiPareto *model)
{
	const double *parameter = kpi_model_argument(fcinfo, 0, 0, KPI_PARETO_PARAMETERS);

	if (parameter == NULL)
		return false;
	*model = kpi_pareto_model(parameter);
	return true;
}

/* The model and the customer it is asked about; false where the answer is NULL. */
static bool
customer_argument(FunctionCallInfo fcinfo, int first, KpiParetoCustomer *customer)
{
	KpiPareto	model;
	KpiTriple	triple;

	if (!kpi_customer_arguments(fcinfo, first, &triple) || !model_argument(fcinfo, &model))
		return false;
	kpi_pareto_customer(&model, triple.frequency, triple.recency, triple.t, customer);
	return true;
}

/* clv_log_likelihood(model, frequency, recency, t) */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_log_likelihood);
Datum
kpi_clv_pareto_nbd_log_likelihood(PG_FUNCTION_ARGS)
{
	KpiPareto	model;
	KpiTriple	customer;

	if (!kpi_customer_arguments(fcinfo, 1, &customer) || !model_argument(fcinfo, &model))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(kpi_pareto_log_likelihood(&model, customer.frequency, customer.recency,
											   customer.t, NULL));
}

/* clv_p_alive(model, frequency, recency, t) */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_p_alive);
Datum
kpi_clv_pareto_nbd_p_alive(PG_FUNCTION_ARGS)
{
	KpiPareto	model;
	KpiTriple	customer;

	if (!kpi_customer_arguments(fcinfo, 1, &customer) || !model_argument(fcinfo, &model))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(kpi_pareto_p_alive(&model, customer.frequency, customer.recency,
										customer.t));
}

/* clv_expected_purchases(model, future_t, frequency, recency, t) */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_expected_purchases);
Datum
kpi_clv_pareto_nbd_expected_purchases(PG_FUNCTION_ARGS)
{
	double		future_t = kpi_check_future(PG_GETARG_FLOAT8(1));
	KpiParetoCustomer customer;

	if (!customer_argument(fcinfo, 2, &customer))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, kpi_pareto_purchases(&customer, future_t));
}

/* clv_expected_purchases(model, future_t): of a new customer, after the first one */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_new_purchases);
Datum
kpi_clv_pareto_nbd_new_purchases(PG_FUNCTION_ARGS)
{
	double		future_t = kpi_check_future(PG_GETARG_FLOAT8(1));
	KpiPareto	model;
	KpiParetoCustomer customer;

	if (!model_argument(fcinfo, &model))
		PG_RETURN_NULL();
	kpi_pareto_customer(&model, 0, 0, 0, &customer);
	return kpi_float8_or_null(fcinfo, kpi_pareto_purchases(&customer, future_t));
}

/* clv_purchase_probability(model, n, future_t): of a new customer, after the first one */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_purchase_probability);
Datum
kpi_clv_pareto_nbd_purchase_probability(PG_FUNCTION_ARGS)
{
	int			n = check_purchases(kpi_check_whole(PG_GETARG_FLOAT8(1), "n"));
	double		future_t = kpi_check_future(PG_GETARG_FLOAT8(2));
	KpiPareto	model;

	if (!model_argument(fcinfo, &model))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(fmin(kpi_pareto_probability(&model, n, future_t), 1));
}

/* clv_discounted(model, periods, period_length, discount_rate, frequency, recency, t) */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_discounted_purchases);
Datum
kpi_clv_pareto_nbd_discounted_purchases(PG_FUNCTION_ARGS)
{
	KpiParetoCustomer customer;

	if (!customer_argument(fcinfo, 4, &customer))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, kpi_discounted_purchases(kpi_pareto_purchases_between, &customer,
															   PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2),
															   PG_GETARG_FLOAT8(3)));
}

/*
 * clv_discounted(model, gg_model, periods, period_length,
 * discount_rate, frequency, recency, t, monetary_value); the last may be NULL
 * where there was no repeat purchase.
 */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_discounted);
Datum
kpi_clv_pareto_nbd_discounted(PG_FUNCTION_ARGS)
{
	KpiParetoCustomer customer;
	double		purchases;
	double		value;

	for (int i = 0; i < 8; i++)
	{
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	}
	if (!customer_argument(fcinfo, 5, &customer))
		PG_RETURN_NULL();
	purchases = kpi_discounted_purchases(kpi_pareto_purchases_between, &customer, PG_GETARG_FLOAT8(2),
										 PG_GETARG_FLOAT8(3), PG_GETARG_FLOAT8(4));
	if (!kpi_average_value(fcinfo, 1, 1, 8, PG_GETARG_FLOAT8(5), &value))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, purchases * value);
}
