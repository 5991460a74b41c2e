/*-------------------------------------------------------------------------
 *
 * compound.c
 *	  Rates of more than two figures.
 *
 *	cac_payback			cac / (arpa gross_margin): periods until a customer has
 *						earned what it cost to win; NULL also where a customer
 *						earns nothing
 *	ltv_cac				arpa gross_margin / (churn_rate cac): value over the
 *						lifetime 1 / churn_rate per unit of acquisition cost
 *	share_change		own / market - base_own / base_market
 *	word_of_mouth_index	(positive - negative) / rated
 *
 * NULL rule: NULL where a figure is NULL, NaN or infinite, a denominator is 0,
 * or the result is beyond float8.
 *
 * Numeric method: exact but for one division at the end.
 *
 * Sources: D. Skok, "SaaS Metrics 2.0", for Entrepreneurs, 2013 (months to
 * recover CAC, LTV:CAC); P. W. Farris, N. T. Bendle, P. E. Pfeifer and D. J.
 * Reibstein, Marketing Metrics, 3rd edition, 2016, chapter 2 (market share in
 * points).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/scalar.h"

#define MAX_FIGURES 4

/* The arguments as numbers; false where one is NaN or infinite. */
static bool
read_float8(FunctionCallInfo fcinfo, double *figure)
{
	for (int i = 0; i < PG_NARGS(); i++)
	{
		figure[i] = PG_GETARG_FLOAT8(i);
		if (!kpi_is_number(figure[i]))
			return false;
	}
	return true;
}

/* The same for numeric. */
static bool
read_numeric(FunctionCallInfo fcinfo, Numeric *figure)
{
	for (int i = 0; i < PG_NARGS(); i++)
	{
		figure[i] = PG_GETARG_NUMERIC(i);
		if (!kpi_is_numeric_number(figure[i]))
			return false;
	}
	return true;
}

/* a / b, NULL where b is 0. */
static Datum
quotient(FunctionCallInfo fcinfo, Numeric a, Numeric b)
{
	if (kpi_numeric_sign(b) == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_div(a, b));
}

/* cac_payback(cac, arpa, gross_margin) */
PG_FUNCTION_INFO_V1(kpi_cac_payback_float8);
Datum
kpi_cac_payback_float8(PG_FUNCTION_ARGS)
{
	double		figure[MAX_FIGURES] = {0};

	if (!read_float8(fcinfo, figure) || figure[1] == 0 || figure[2] == 0 ||
		(figure[1] < 0) != (figure[2] < 0))
		PG_RETURN_NULL();
	/* one by one, for the product may be beyond float8 */
	return kpi_float8_or_null(fcinfo, figure[0] / figure[1] / figure[2]);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_cac_payback_numeric);
Datum
kpi_cac_payback_numeric(PG_FUNCTION_ARGS)
{
	Numeric		figure[MAX_FIGURES] = {NULL};
	Numeric		earned;

	if (!read_numeric(fcinfo, figure))
		PG_RETURN_NULL();
	earned = kpi_numeric_mul(figure[1], figure[2]);
	if (kpi_numeric_sign(earned) < 0)
		PG_RETURN_NULL();
	return quotient(fcinfo, figure[0], earned);
}

/* ltv_cac(arpa, gross_margin, churn_rate, cac) */
PG_FUNCTION_INFO_V1(kpi_ltv_cac_float8);
Datum
kpi_ltv_cac_float8(PG_FUNCTION_ARGS)
{
	double		figure[MAX_FIGURES] = {0};

	if (!read_float8(fcinfo, figure) || figure[2] == 0 || figure[3] == 0)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, figure[0] / figure[3] * (figure[1] / figure[2]));
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_ltv_cac_numeric);
Datum
kpi_ltv_cac_numeric(PG_FUNCTION_ARGS)
{
	Numeric		figure[MAX_FIGURES] = {NULL};

	if (!read_numeric(fcinfo, figure))
		PG_RETURN_NULL();
	return quotient(fcinfo, kpi_numeric_mul(figure[0], figure[1]),
					kpi_numeric_mul(figure[2], figure[3]));
}

/* share_change(own, market, base_own, base_market) */
PG_FUNCTION_INFO_V1(kpi_share_change_float8);
Datum
kpi_share_change_float8(PG_FUNCTION_ARGS)
{
	double		figure[MAX_FIGURES] = {0};

	if (!read_float8(fcinfo, figure) || figure[1] == 0 || figure[3] == 0)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, figure[0] / figure[1] - figure[2] / figure[3]);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_share_change_numeric);
Datum
kpi_share_change_numeric(PG_FUNCTION_ARGS)
{
	Numeric		figure[MAX_FIGURES] = {NULL};

	if (!read_numeric(fcinfo, figure))
		PG_RETURN_NULL();
	return quotient(fcinfo, kpi_numeric_sub(kpi_numeric_mul(figure[0], figure[3]),
											kpi_numeric_mul(figure[2], figure[1])),
					kpi_numeric_mul(figure[1], figure[3]));
}

/* word_of_mouth_index(positive, negative, rated) */
PG_FUNCTION_INFO_V1(kpi_word_of_mouth_index_float8);
Datum
kpi_word_of_mouth_index_float8(PG_FUNCTION_ARGS)
{
	double		figure[MAX_FIGURES] = {0};

	if (!read_float8(fcinfo, figure) || figure[2] == 0)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, (figure[0] - figure[1]) / figure[2]);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_word_of_mouth_index_numeric);
Datum
kpi_word_of_mouth_index_numeric(PG_FUNCTION_ARGS)
{
	Numeric		figure[MAX_FIGURES] = {NULL};

	if (!read_numeric(fcinfo, figure))
		PG_RETURN_NULL();
	return quotient(fcinfo, kpi_numeric_sub(figure[0], figure[1]), figure[2]);
}
