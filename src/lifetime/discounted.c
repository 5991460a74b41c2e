/*-------------------------------------------------------------------------
 *
 * discounted.c
 *	  Future purchases of a customer, discounted period by period.
 *
 * The purchases expected in period k, those until its end less those until its
 * start, count 1 / (1 + rate)^k:
 *
 *	sum((E(k) - E(k-1)) v^k) = v^n E(n) + (1 - v) sum(v^k E(k), k < n)
 *
 * where v = 1 / (1 + rate); the right side has no differences to cancel, unless
 * the rate is negative: then the purchases of each period are taken by themselves.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/discounted.h"

#include <math.h>

#include "base/check.h"
#include "lifetime/fit.h"
#include "miscadmin.h"

#define KPI_MAX_DISCOUNTED_PERIODS 100000

/* The time to look ahead is a parameter: a wrong one is an error. */
double
kpi_check_future(double future_t)
{
	if (!(future_t >= 0 && kpi_is_number(future_t)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("future_t %g is not a finite number of at least 0", future_t),
				 errhint("Give the time to look ahead in the unit of recency and t.")));
	return future_t;
}

/* The number of periods, where all parameters are right. */
static int
check_periods(double given, double period_length, double discount_rate)
{
	int			periods = kpi_check_whole(given, "periods");

	if (periods < 0 || periods > KPI_MAX_DISCOUNTED_PERIODS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods %d is not between 0 and %d", periods, KPI_MAX_DISCOUNTED_PERIODS),
				 errhint("For a horizon without end use clv_dert.")));
	if (!(period_length > 0 && kpi_is_number(period_length)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("period_length %g is not a finite number above 0", period_length),
				 errhint("Give the length of a period in the unit of recency and t.")));
	if (!kpi_is_number(periods * period_length))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%d periods of length %g are out of range", periods, period_length),
				 errhint("Give the length of a period in the unit of recency and t.")));
	if (!(discount_rate > -1 && kpi_is_number(discount_rate)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("discount_rate %g is not a finite number above -1", discount_rate),
				 errhint("The rate is a fraction per period: write 0.01 for 1 percent.")));
	return periods;
}

/* The sum over the periods, each for itself. */
static double
sum_periods(KpiPurchases purchases, const void *customer,
			int periods, double period_length, double v)
{
	double		power = 1;
	double		sum = 0;

	for (int k = 1; k <= periods; k++)
	{
		CHECK_FOR_INTERRUPTS();
		power *= v;
		sum += power * purchases(customer, (k - 1) * period_length, k * period_length);
	}
	return sum;
}

/* Purchases of the next periods, those of period k divided by (1 + rate)^k. */
double
kpi_discounted_purchases(KpiPurchases purchases, const void *customer,
						 double given_periods, double period_length, double discount_rate)
{
	int			periods = check_periods(given_periods, period_length, discount_rate);
	double		v = 1 / (1 + discount_rate);
	double		power = 1;
	double		sum = 0;

	if (periods == 0)
		return 0;
	if (discount_rate < 0)
		return sum_periods(purchases, customer, periods, period_length, v);
	for (int k = 1; k < periods && discount_rate != 0; k++)
	{
		CHECK_FOR_INTERRUPTS();
		power *= v;
		sum += power * purchases(customer, 0, k * period_length);
	}
	if (discount_rate != 0)
		power *= v;
	return power * purchases(customer, 0, periods * period_length) + discount_rate * v * sum;
}

/*
 * The expected average value of a purchase, of a Gamma-Gamma model argument
 * and the customer's monetary value, which does not matter for frequency 0;
 * false where there is none.
 */
bool
kpi_average_value(FunctionCallInfo fcinfo, int model, int slot, int argument,
				  double frequency, double *value)
{
	const double *parameter = kpi_model_argument(fcinfo, model, slot, 3);
	double		monetary_value = 0;

	if (parameter == NULL || (frequency > 0 && PG_ARGISNULL(argument)))
		return false;
	if (frequency > 0)
		monetary_value = PG_GETARG_FLOAT8(argument);
	if (!kpi_is_number(monetary_value))
		return false;
	if (frequency > 0 && monetary_value <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("monetary_value %g is not above 0", monetary_value),
				 errhint("The Gamma-Gamma model knows positive average values only; leave such customers out.")));
	/* without this there is no mean */
	if (!(parameter[0] * frequency + parameter[1] > 1))
		return false;
	*value = kpi_gamma_gamma_mean(parameter[0], parameter[1], parameter[2],
								  frequency, monetary_value);
	return true;
}
