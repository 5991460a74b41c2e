/*-------------------------------------------------------------------------
 *
 * irr.c
 *	  What cash flows are worth and what they return.
 *
 * With the amounts v at the times t from the first flow on, in periods or years,
 *
 *	npv			sum of v / (1 + rate)^t: the first flow is not discounted
 *	npv_spreadsheet	npv / (1 + rate): a spreadsheet's NPV discounts the first
 *				flow by one period
 *	xnpv		npv of dated flows, t = days / 365
 *	irr, xirr	the rate with npv = 0; of several the one nearest to 0, of two
 *				as near the positive one
 *	irr_root_count	how many rates in (-1, 10^18] have npv = 0, as far as float8
 *				tells them from -1
 *	mirr		(what is received, reinvested up to the end / what is paid,
 *				financed from the start on)^(1 / T) - 1
 *	payback_period	the time from which on the sum of the flows stays at 0 or
 *				above, linear between flows
 *
 * With 1 + rate = exp(-y), npv is a sum of exponentials, of which all roots are
 * found (math/root.h).  irr is NULL only where there is none.
 *
 * NULL rule: NULL without flows, where an amount is NaN or infinite, and for a
 * rate of -1; a rate below -1 is an error.
 *
 * Sources: R. A. Brealey, S. C. Myers and F. Allen, Principles of Corporate
 * Finance, chapters 2 and 5; spreadsheets' documentation of NPV, XNPV, IRR, XIRR
 * and MIRR; S. A. Y. Lin, "The modified internal rate of return and investment
 * criterion", The Engineering Economist 21, 1976.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/scalar.h"
#include "base/twosum.h"
#include "cash/flows.h"
#include "math/order.h"
#include "math/root.h"
#include "utils/float.h"

#define LARGEST_RATE 1e18

/* -log(1 + rate) of the least rate that float8 tells from -1. */
#define LEAST_RATE_LOG (53 * M_LN2)

/* Amounts below 2 to this power can be summed with factors and without overflow. */
#define LARGEST_EXPONENT 960

/* Where the flows of a function are. */
typedef enum Form
{
	OF_STATE,
	OF_AMOUNTS,
	OF_AMOUNTS_AND_DAYS
} Form;

/* The flows in argument n, with those of days behind it. */
static KpiFlows
flows_argument(FunctionCallInfo fcinfo, int n, Form form)
{
	if (form == OF_STATE)
		return kpi_flows_of_state(PG_GETARG_DATUM(n));
	return kpi_flows_of_arrays(fcinfo, n, form == OF_AMOUNTS ? 0 : n + 1);
}

/* A rate in an argument: NaN for -1, at which nothing is worth anything. */
static double
rate_argument(FunctionCallInfo fcinfo, int n, const char *name)
{
	double		rate = PG_GETARG_FLOAT8(n);

	if (!kpi_is_number(rate) || rate < -1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not a finite number of at least -1", name, float8out_internal(rate)),
				 errhint("Write 0.1 for 10 percent a period.")));
	return rate == -1 ? NAN : rate;
}

/* The worth of flows at a rate; NaN where it is not known. */
static double
present_value(const KpiFlows *flows, double rate)
{
	KpiSum		sum = {0, 0};

	if (!flows->valid || flows->count == 0)
		return NAN;
	for (int i = 0; i < flows->count; i++)
		kpi_sum_add(&sum, flows->amount[i] * exp(-log1p(rate) * flows->time[i]));
	return kpi_sum_value(sum);
}

/* npv(rate, flows), periods before the first flow. */
static Datum
npv(FunctionCallInfo fcinfo, Form form, double before)
{
	KpiFlows	flows = flows_argument(fcinfo, 1, form);
	double		rate = rate_argument(fcinfo, 0, "rate");

	return kpi_float8_or_null(fcinfo, present_value(&flows, rate) * exp(-log1p(rate) * before));
}

/* By how many powers of two amounts are too large for sums of them; their rates are those of smaller ones. */
static int
surplus_of(const KpiFlows *flows)
{
	int			exponent = 0;

	if (flows->valid)
		frexp(kpi_magnitude(flows->amount, flows->count), &exponent);
	return Max(exponent - LARGEST_EXPONENT, 0);
}

/* The flows that are not 0, as exponentials. */
static KpiExponentials
exponentials(KpiFlows *flows)
{
	KpiExponentials sum = {0, flows->amount, flows->time};
	int			surplus = surplus_of(flows);

	for (int i = 0; flows->valid && i < flows->count; i++)
	{
		if (flows->amount[i] == 0)
			continue;
		flows->time[sum.count] = flows->time[i];
		flows->amount[sum.count++] = ldexp(flows->amount[i], -surplus);
	}
	return sum;
}

/* Beyond this the last flow outweighs all others, so there is no root, or the rate would round to -1. */
static double
highest_root(const KpiExponentials *sum)
{
	int			last = sum->count - 1;
	double		others = 0;

	for (int i = 0; i < last; i++)
		others = Max(others, log(fabs(sum->value[i])));
	/* of the others each is at most as large as the largest */
	others += log(last) - log(fabs(sum->value[last]));
	return Min(Max(others, 0) / (sum->time[last] - sum->time[last - 1]) + 1, LEAST_RATE_LOG);
}

/* The rates at which flows are worth nothing, falling; how many. */
static int
find_rates(KpiFlows *flows, double **rate)
{
	KpiExponentials sum = exponentials(flows);
	int			roots;

	if (sum.count < 2)
		return 0;
	*rate = palloc(sizeof(double) * sum.count);
	roots = kpi_exponential_roots(&sum, -log1p(LARGEST_RATE), highest_root(&sum), *rate);
	for (int i = 0; i < roots; i++)
		(*rate)[i] = expm1(-(*rate)[i]);
	return roots;
}

/* The rate nearest to 0; NULL where there is none. */
static Datum
irr(FunctionCallInfo fcinfo, Form form)
{
	KpiFlows	flows = flows_argument(fcinfo, 0, form);
	double	   *rate = NULL;
	int			roots = find_rates(&flows, &rate);
	double		nearest = NAN;

	for (int i = 0; i < roots; i++)
	{
		if (!(fabs(nearest) <= fabs(rate[i])))
			nearest = rate[i];
	}
	return kpi_float8_or_null(fcinfo, nearest);
}

/* How many there are; NULL where an amount is not known. */
static Datum
irr_root_count(FunctionCallInfo fcinfo, Form form)
{
	KpiFlows	flows = flows_argument(fcinfo, 0, form);
	double	   *rate = NULL;

	if (!flows.valid)
		PG_RETURN_NULL();
	PG_RETURN_INT32(find_rates(&flows, &rate));
}

/* mirr(flows, finance_rate, reinvest_rate) */
static Datum
mirr(FunctionCallInfo fcinfo, Form form)
{
	KpiFlows	flows = flows_argument(fcinfo, 0, form);
	double		finance = rate_argument(fcinfo, 1, "finance_rate");
	double		reinvest = rate_argument(fcinfo, 2, "reinvest_rate");
	double		end = flows.count > 0 ? flows.time[flows.count - 1] : 0;
	KpiSum		paid = {0, 0};
	KpiSum		received = {0, 0};

	if (!flows.valid || end == 0)
		PG_RETURN_NULL();
	for (int i = 0; i < flows.count; i++)
	{
		if (flows.amount[i] < 0)
			kpi_sum_add(&paid, -flows.amount[i] * exp(-log1p(finance) * flows.time[i]));
		else
			kpi_sum_add(&received, flows.amount[i] * exp(log1p(reinvest) * (end - flows.time[i])));
	}
	if (!(kpi_sum_value(paid) > 0 && kpi_sum_value(received) > 0))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, expm1((log(kpi_sum_value(received)) - log(kpi_sum_value(paid))) / end));
}

/* payback_period(flows, rate): the time of the last crossing of 0. */
static Datum
payback_period(FunctionCallInfo fcinfo, Form form)
{
	KpiFlows	flows = flows_argument(fcinfo, 0, form);
	double		rate = rate_argument(fcinfo, 1, "rate");
	KpiSum		sum = {0, 0};
	double		crossed = 0;

	if (!flows.valid || flows.count == 0 || !kpi_is_number(rate))
		PG_RETURN_NULL();
	for (int i = 0; i < flows.count; i++)
	{
		double		before = kpi_sum_value(sum);
		double		amount = flows.amount[i] * exp(-log1p(rate) * flows.time[i]);

		kpi_sum_add(&sum, amount);
		if (i > 0 && before < 0 && kpi_sum_value(sum) >= 0)
			crossed = flows.time[i - 1] + -before / amount * (flows.time[i] - flows.time[i - 1]);
	}
	if (!(kpi_sum_value(sum) >= 0))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(crossed);
}

/* The SQL functions of each form. */
#define CASH_FUNCTION(name, call) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	return call; \
}

CASH_FUNCTION(kpi_npv_state, npv(fcinfo, OF_STATE, 0))
CASH_FUNCTION(kpi_npv_amounts, npv(fcinfo, OF_AMOUNTS, 0))
CASH_FUNCTION(kpi_npv_dated, npv(fcinfo, OF_AMOUNTS_AND_DAYS, 0))
CASH_FUNCTION(kpi_npv_spreadsheet_state, npv(fcinfo, OF_STATE, 1))
CASH_FUNCTION(kpi_npv_spreadsheet_amounts, npv(fcinfo, OF_AMOUNTS, 1))
CASH_FUNCTION(kpi_irr_state, irr(fcinfo, OF_STATE))
CASH_FUNCTION(kpi_irr_amounts, irr(fcinfo, OF_AMOUNTS))
CASH_FUNCTION(kpi_irr_dated, irr(fcinfo, OF_AMOUNTS_AND_DAYS))
CASH_FUNCTION(kpi_irr_root_count_state, irr_root_count(fcinfo, OF_STATE))
CASH_FUNCTION(kpi_irr_root_count_amounts, irr_root_count(fcinfo, OF_AMOUNTS))
CASH_FUNCTION(kpi_irr_root_count_dated, irr_root_count(fcinfo, OF_AMOUNTS_AND_DAYS))
CASH_FUNCTION(kpi_mirr_state, mirr(fcinfo, OF_STATE))
CASH_FUNCTION(kpi_mirr_amounts, mirr(fcinfo, OF_AMOUNTS))
CASH_FUNCTION(kpi_payback_period_state, payback_period(fcinfo, OF_STATE))
CASH_FUNCTION(kpi_payback_period_amounts, payback_period(fcinfo, OF_AMOUNTS))
