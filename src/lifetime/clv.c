/*-------------------------------------------------------------------------
 *
 * clv.c
 *	  Customer lifetime value of a constant margin and retention rate.
 *
 * A customer brings the margin m in every period it stays, stays with the
 * probability r (retention_rate), and money of the next period is worth
 * 1 / (1 + d) of money now (discount_rate).  With q = r / (1 + d):
 *
 *	now			the first margin comes at once:
 *				m (1 + q + ... + q^(n-1)); without end m (1 + d) / (1 + d - r)
 *	renewal		the first margin comes with the first renewal:
 *				m (q + q^2 + ... + q^n); without end m r / (1 + d - r)
 *
 * NULL rule: NULL where margin, rate or timing is NULL, where the margin is
 * NaN or infinite, where the endless sum has no limit (1 + d - r <= 0) and
 * where a float8 result is beyond float8.  NULL periods means without end.
 *
 * Numeric method: numeric takes q to 40 decimals, adds n terms by doubling,
 * S(2k) = S(k) + q^k S(k) and S(k+1) = 1 + q S(k), at 40 decimals, and rounds
 * the result to 20; endless sums are one division.  float8 takes
 * (q^n - 1) / (q - 1) as expm1(n log1p(q - 1)) / (q - 1) with q - 1 computed
 * without cancellation, which stays accurate for q near 1.
 *
 * Sources: P. D. Berger and N. I. Nasr, "Customer lifetime value: marketing
 * models and applications", Journal of Interactive Marketing 12(1), 1998, the
 * finite sums; S. Gupta and D. R. Lehmann, "Customers as assets", Journal of
 * Interactive Marketing 17(1), 2003, the endless ones.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/exact.h"
#include "base/scalar.h"
#include "base/words.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#define KPI_MAX_CLV_PERIODS 100000
#define SUM_DECIMALS 40
#define RESULT_DECIMALS 20

/* The error of a rate out of its range. */
static void
bad_rate(const char *parameter, Datum numeric, const char *rule)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s %s is not %s", parameter,
					DatumGetCString(DirectFunctionCall1(numeric_out, numeric)), rule),
			 errhint("A rate is a fraction: write 0.8 for 80 percent.")));
}

/* The rates of the numeric function; NaN sorts above every number. */
static void
check_numeric_rates(Numeric retention, Numeric discount)
{
	Numeric		one = int64_to_numeric(1);

	if (kpi_numeric_sign(retention) < 0 || kpi_numeric_cmp(retention, one) > 0)
		bad_rate("retention_rate", NumericGetDatum(retention), "between 0 and 1");
	if (!kpi_is_numeric_number(discount) ||
		kpi_numeric_sign(kpi_numeric_add(one, discount)) <= 0)
		bad_rate("discount_rate", NumericGetDatum(discount), "a finite number above -1");
}

/* The same for float8. */
static void
check_float8_rates(double retention, double discount)
{
	if (!(retention >= 0 && retention <= 1))
		bad_rate("retention_rate",
				 DirectFunctionCall1(float8_numeric, Float8GetDatum(retention)),
				 "between 0 and 1");
	if (!kpi_is_number(discount) || discount <= -1)
		bad_rate("discount_rate",
				 DirectFunctionCall1(float8_numeric, Float8GetDatum(discount)),
				 "a finite number above -1");
}

/* Whether an argument that must be there is NULL. */
static bool
lacks_argument(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(4);
}

/* The number of periods, -1 for without end. */
static int
periods_argument(FunctionCallInfo fcinfo)
{
	int			periods;

	if (PG_ARGISNULL(3))
		return -1;
	periods = kpi_check_whole(PG_GETARG_FLOAT8(3), "periods");
	if (periods < 0 || periods > KPI_MAX_CLV_PERIODS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods %d is not between 0 and %d", periods, KPI_MAX_CLV_PERIODS),
				 errhint("Leave periods NULL for a sum without end.")));
	return periods;
}

/* 1 + q + ... + q^(periods - 1) for float8. */
static double
sum_of_powers_float8(double retention, double discount, int periods)
{
	double		excess = (retention - 1 - discount) / (1 + discount);

	if (periods <= 1 || excess == 0)
		return periods;
	return expm1(periods * log1p(excess)) / excess;
}

/* clv_simple(margin, retention_rate, discount_rate, periods, timing) */
PG_FUNCTION_INFO_V1(kpi_clv_simple_float8);
Datum
kpi_clv_simple_float8(PG_FUNCTION_ARGS)
{
	double		margin;
	double		retention;
	double		discount;
	double		result;
	int			periods;
	KpiTiming	timing;

	if (lacks_argument(fcinfo))
		PG_RETURN_NULL();
	margin = PG_GETARG_FLOAT8(0);
	retention = PG_GETARG_FLOAT8(1);
	discount = PG_GETARG_FLOAT8(2);
	periods = periods_argument(fcinfo);
	timing = kpi_check_word(&kpi_timing_words, PG_GETARG_TEXT_PP(4));
	check_float8_rates(retention, discount);

	if (periods >= 0)
	{
		result = margin * sum_of_powers_float8(retention, discount, periods);
		if (timing == KPI_TIMING_RENEWAL)
			result *= retention / (1 + discount);
	}
	else
	{
		double		loss = (1 - retention) + discount;

		if (loss <= 0)
			PG_RETURN_NULL();
		result = margin * ((timing == KPI_TIMING_NOW ? 1 + discount : retention) / loss);
	}
	return kpi_float8_or_null(fcinfo, result);
}

/* round(value, decimals) */
static Numeric
round_numeric(Numeric value, int decimals)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_round,
											   NumericGetDatum(value),
											   Int32GetDatum(decimals)));
}

/* retention / growth to SUM_DECIMALS decimals. */
static Numeric
numeric_quotient(Numeric retention, Numeric growth)
{
	/* division gives at least the decimals of its operands */
	Numeric		zero = round_numeric(int64_to_numeric(0), SUM_DECIMALS);

	return round_numeric(kpi_numeric_div(kpi_numeric_add(retention, zero), growth),
						 SUM_DECIMALS);
}

/* 1 + q + ... + q^(periods - 1), doubling from the highest bit of periods. */
static Numeric
sum_of_powers_numeric(Numeric q, int periods)
{
	Numeric		one = int64_to_numeric(1);
	Numeric		sum = int64_to_numeric(0);
	Numeric		power = one;

	for (int bit = 1 << 30; bit > 0; bit >>= 1)
	{
		CHECK_FOR_INTERRUPTS();
		if (bit > periods)
			continue;
		sum = round_numeric(kpi_numeric_add(sum, kpi_numeric_mul(power, sum)), SUM_DECIMALS);
		if (periods & bit)
			sum = round_numeric(kpi_numeric_add(one, kpi_numeric_mul(q, sum)), SUM_DECIMALS);
		/* q^k is of use only while there is a bit to come */
		if (bit > 1)
		{
			power = round_numeric(kpi_numeric_mul(power, power), SUM_DECIMALS);
			if (periods & bit)
				power = round_numeric(kpi_numeric_mul(q, power), SUM_DECIMALS);
		}
	}
	return sum;
}

/* The same, to 20 decimals. */
PG_FUNCTION_INFO_V1(kpi_clv_simple_numeric);
Datum
kpi_clv_simple_numeric(PG_FUNCTION_ARGS)
{
	Numeric		margin;
	Numeric		retention;
	Numeric		discount;
	Numeric		growth;
	int			periods;
	KpiTiming	timing;

	if (lacks_argument(fcinfo))
		PG_RETURN_NULL();
	margin = PG_GETARG_NUMERIC(0);
	retention = PG_GETARG_NUMERIC(1);
	discount = PG_GETARG_NUMERIC(2);
	periods = periods_argument(fcinfo);
	timing = kpi_check_word(&kpi_timing_words, PG_GETARG_TEXT_PP(4));
	check_numeric_rates(retention, discount);
	if (!kpi_is_numeric_number(margin))
		PG_RETURN_NULL();

	growth = kpi_numeric_add(int64_to_numeric(1), discount);
	if (periods >= 0)
	{
		Numeric		q = numeric_quotient(retention, growth);
		Numeric		sum = sum_of_powers_numeric(q, periods);

		if (timing == KPI_TIMING_RENEWAL)
			sum = kpi_numeric_mul(q, sum);
		PG_RETURN_NUMERIC(round_numeric(kpi_numeric_mul(margin, sum), RESULT_DECIMALS));
	}
	else
	{
		Numeric		loss = kpi_numeric_sub(growth, retention);

		if (kpi_numeric_sign(loss) <= 0)
			PG_RETURN_NULL();
		PG_RETURN_NUMERIC(kpi_numeric_div(kpi_numeric_mul(margin,
														  timing == KPI_TIMING_NOW ? growth : retention),
										  loss));
	}
}
