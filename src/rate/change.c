/*-------------------------------------------------------------------------
 *
 * change.c
 *	  Change against a base, in units and relative to the base.
 *
 *	change			current - base
 *	change_rate		(current - base) / abs(base), which has the sign of the
 *					change whatever the sign of the base; 0 against 0 is 0.
 *	cagr			(last / first)^(1 / periods) - 1, the compound rate of
 *					growth a period.
 *
 * NULL rule: NULL where an argument is NULL, where one is NaN or infinite (but
 * periods, where that is an error), where the result is beyond float8, for
 * the rate of a change from zero, and for cagr where first is not positive or
 * last is negative.  A float8 zero has no sign.
 *
 * Numeric method of cagr: exp(ln(last / first) / periods) - 1 with as many
 * decimals inside as twenty correct ones need; float8 with log1p and expm1,
 * so that small growth keeps its digits.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/exact.h"
#include "base/scalar.h"
#include "utils/builtins.h"
#include "utils/float.h"

/* Decimals of a numeric cagr, and of the work for them. */
#define CAGR_SCALE 20
#define CAGR_WORK_SCALE 30

/* Above this exp() leaves the range of float8. */
#define CAGR_MAX_LOG 709

/* change(current, base): the difference. */
PG_FUNCTION_INFO_V1(kpi_change_float8);
Datum
kpi_change_float8(PG_FUNCTION_ARGS)
{
	return kpi_float8_or_null(fcinfo, PG_GETARG_FLOAT8(0) - PG_GETARG_FLOAT8(1));
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_change_numeric);
Datum
kpi_change_numeric(PG_FUNCTION_ARGS)
{
	Numeric		current = PG_GETARG_NUMERIC(0);
	Numeric		base = PG_GETARG_NUMERIC(1);

	if (!kpi_is_numeric_number(current) || !kpi_is_numeric_number(base))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_sub(current, base));
}

/* change_rate(current, base): NULL where the base is 0 and the current is not. */
PG_FUNCTION_INFO_V1(kpi_change_rate_float8);
Datum
kpi_change_rate_float8(PG_FUNCTION_ARGS)
{
	double		current = PG_GETARG_FLOAT8(0);
	double		base = PG_GETARG_FLOAT8(1);
	double		result;

	if (current == 0 && base == 0)
		PG_RETURN_FLOAT8(0);
	if (!kpi_is_number(current) || !kpi_is_number(base))
		PG_RETURN_NULL();
	/* half of both is the same rate, without overflow on the way */
	if (kpi_is_number(current - base))
		result = (current - base) / fabs(base);
	else
		result = (current / 2 - base / 2) / fabs(base / 2);
	return kpi_float8_or_null(fcinfo, result);
}

/* The rate in 128 bits; false leaves it to the server's numeric. */
static bool
quick_rate(Datum current, Datum base, Numeric *result)
{
	KpiDecimal	c;
	KpiDecimal	b;

	if (!kpi_decode_operand(current, &c) || !kpi_decode_operand(base, &b) || b.value == 0)
		return false;
	c = kpi_decimal_sub(c, b);
	if (b.value < 0)
		b.value = -b.value;
	return kpi_decimal_div(&c, &b, KPI_QUOTIENT_GROUPS, result);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_change_rate_numeric);
Datum
kpi_change_rate_numeric(PG_FUNCTION_ARGS)
{
	Numeric		current;
	Numeric		base;
	Numeric		result;

	if (quick_rate(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), &result))
		PG_RETURN_NUMERIC(result);
	current = PG_GETARG_NUMERIC(0);
	base = PG_GETARG_NUMERIC(1);
	if (!kpi_is_numeric_number(current) || !kpi_is_numeric_number(base))
		PG_RETURN_NULL();
	if (kpi_numeric_sign(base) == 0)
	{
		if (kpi_numeric_sign(current) != 0)
			PG_RETURN_NULL();
		PG_RETURN_NUMERIC(int64_to_numeric(0));
	}
	PG_RETURN_NUMERIC(kpi_numeric_div(kpi_numeric_sub(current, base),
									  kpi_numeric_abs(base)));
}

/* The error for a number of periods that is not positive and finite. */
static void
bad_periods(const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("periods %s is not a finite number above 0", value),
			 errhint("Count the periods between the first and the last value: 2011 to 2014 is 3.")));
}

/* cagr(first, last, periods): NULL where first is not positive. */
PG_FUNCTION_INFO_V1(kpi_cagr_float8);
Datum
kpi_cagr_float8(PG_FUNCTION_ARGS)
{
	double		first = PG_GETARG_FLOAT8(0);
	double		last = PG_GETARG_FLOAT8(1);
	double		periods = PG_GETARG_FLOAT8(2);
	double		ratio = last / first;
	double		growth;

	if (!kpi_is_number(periods) || periods <= 0)
		bad_periods(float8out_internal(periods));
	if (!kpi_is_number(first) || !kpi_is_number(last) || first <= 0 || last < 0)
		PG_RETURN_NULL();
	if (last == 0)
		PG_RETURN_FLOAT8(-1);
	if (periods == 1 && kpi_is_number(last - first))
		return kpi_float8_or_null(fcinfo, (last - first) / first);
	if (ratio > 0.5 && ratio < 2)
		growth = log1p((last - first) / first);
	else if (isnormal(ratio))
		growth = log(ratio);
	else
		growth = log(last) - log(first);
	return kpi_float8_or_null(fcinfo, expm1(growth / periods));
}

/* ln(last / first) / periods with at least so many decimals. */
static Numeric
log_growth(Numeric first, Numeric last, Numeric periods, int scale)
{
	Numeric		number[2] = {first, last};

	for (int i = 0; i < 2; i++)
	{
		/* more decimals of the argument are more of the logarithm */
		if (DatumGetInt32(DirectFunctionCall1(numeric_scale, NumericGetDatum(number[i]))) < scale)
			number[i] = DatumGetNumeric(DirectFunctionCall2(numeric_round,
															NumericGetDatum(number[i]),
															Int32GetDatum(scale)));
		number[i] = DatumGetNumeric(DirectFunctionCall1(numeric_ln, NumericGetDatum(number[i])));
	}
	return kpi_numeric_div(kpi_numeric_sub(number[1], number[0]), periods);
}

/* Decimals that are lost in dividing by a number below 1. */
static int
lost_decimals(Numeric periods)
{
	double		value = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
														   NumericGetDatum(periods)));

	return value >= 1 ? 0 : (int) Min(-log10(value), NUMERIC_MAX_DISPLAY_SCALE) + 1;
}

/* The rate of growth; NULL where it is beyond float8. */
static Numeric
exact_cagr(Numeric first, Numeric last, Numeric periods)
{
	Numeric		one = int64_to_numeric(1);
	int			scale = CAGR_WORK_SCALE + lost_decimals(periods);
	Numeric		growth = log_growth(first, last, periods, scale);

	if (kpi_numeric_cmp(growth, int64_to_numeric(CAGR_MAX_LOG)) > 0)
		return NULL;
	/* digits before the point need as many decimals more */
	if (kpi_numeric_cmp(growth, one) > 0)
	{
		scale += (int) (kpi_numeric_to_double(growth) / M_LN10) + 1;
		growth = log_growth(first, last, periods, scale);
	}
	growth = DatumGetNumeric(DirectFunctionCall1(numeric_exp, NumericGetDatum(growth)));
	return DatumGetNumeric(DirectFunctionCall2(numeric_round,
											   NumericGetDatum(kpi_numeric_sub(growth, one)),
											   Int32GetDatum(CAGR_SCALE)));
}

/* The same with twenty correct decimals. */
PG_FUNCTION_INFO_V1(kpi_cagr_numeric);
Datum
kpi_cagr_numeric(PG_FUNCTION_ARGS)
{
	Numeric		first = PG_GETARG_NUMERIC(0);
	Numeric		last = PG_GETARG_NUMERIC(1);
	Numeric		periods = PG_GETARG_NUMERIC(2);
	Numeric		result;

	if (!kpi_is_numeric_number(periods) || kpi_numeric_sign(periods) <= 0)
		bad_periods(kpi_numeric_text(periods));
	if (!kpi_is_numeric_number(first) || !kpi_is_numeric_number(last) ||
		kpi_numeric_sign(first) <= 0 || kpi_numeric_sign(last) < 0)
		PG_RETURN_NULL();
	if (kpi_numeric_sign(last) == 0)
		PG_RETURN_NUMERIC(int64_to_numeric(-1));
	if (kpi_numeric_cmp(first, last) == 0)
		PG_RETURN_NUMERIC(int64_to_numeric(0));
	result = exact_cagr(first, last, periods);
	if (result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(result);
}
