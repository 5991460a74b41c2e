/*-------------------------------------------------------------------------
 *
 * mean.c
 *	  Means of scores, numeric and float8.
 *
 * numeric: numerator and denominator are exact, the quotient is rounded once,
 * half away from zero.  Weights and scores of usual size are computed in
 * 128-bit integers; where these would overflow, the server's own numeric
 * arithmetic gives the same result.
 *
 * float8: sums of products with their rounding errors (twosum.h), weights and
 * values of extreme size scaled by powers of two, and the result kept between
 * the least and the greatest value.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/mean.h"

#include "base/exact.h"
#include "base/twosum.h"

/* Float8 magnitudes with room for products and their errors on both sides. */
#define SAFE_EXPONENT 300

/* 10 to the power of an exponent. */
Numeric
kpi_power_of_ten(int exponent)
{
	char		form[16];

	snprintf(form, sizeof(form), "1e%d", exponent);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(form),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

/* part / whole rounded half away from zero; whole is positive. */
static Numeric
rounded_quotient(Numeric part, Numeric whole, int scale)
{
	Numeric		two = int64_to_numeric(2);
	Numeric		units = kpi_numeric_mul(kpi_numeric_abs(part), kpi_power_of_ten(scale));
	Numeric		quotient = kpi_numeric_call2(numeric_div_trunc,
											 kpi_numeric_add(kpi_numeric_mul(two, units), whole),
											 kpi_numeric_mul(two, whole));

	quotient = kpi_numeric_mul(quotient, kpi_power_of_ten(-scale));
	return kpi_numeric_sign(part) < 0 ? kpi_numeric_sub(int64_to_numeric(0), quotient) : quotient;
}

/* The value without zeros at the end of its decimals. */
Numeric
kpi_trim_numeric(Numeric value)
{
	return DatumGetNumeric(DirectFunctionCall1(numeric_trim_scale, NumericGetDatum(value)));
}

/* Decimals that a value is displayed with. */
int
kpi_numeric_scale(Numeric value)
{
	return DatumGetInt32(DirectFunctionCall1(numeric_scale, NumericGetDatum(value)));
}

/* The mean by the server's arithmetic: any size. */
static Numeric
wide_mean(const KpiAmount *weight, const KpiAmount *value, int32 count)
{
	Numeric		part = int64_to_numeric(0);
	Numeric		whole = weight ? part : int64_to_numeric(count);
	int			scale = KPI_MEAN_SCALE;

	for (int32 i = 0; i < count; i++)
	{
		scale = Max(scale, kpi_numeric_scale(value[i].exact));
		if (weight == NULL)
			part = kpi_numeric_add(part, value[i].exact);
		else
		{
			part = kpi_numeric_add(part, kpi_numeric_mul(weight[i].exact, value[i].exact));
			whole = kpi_numeric_add(whole, weight[i].exact);
		}
	}
	return rounded_quotient(part, whole, scale);
}

/*
 * Decimals that weights need, in groups of four; false where a weight lies
 * outside the window.
 */
static bool
weight_groups(const KpiAmount *weight, int32 count, int *groups)
{
	KpiDecimal	decimal;

	*groups = 0;
	for (int32 i = 0; i < count; i++)
	{
		while (kpi_decode_numeric(NumericGetDatum(weight[i].exact), *groups,
								  &decimal) != KPI_DECODED)
		{
			if (++*groups > KPI_EXACT_GROUPS)
				return false;
		}
	}
	return true;
}

/*
 * Sums of weight * value and of weight in integers; false on overflow.  A
 * value inside the window has no more decimals than the result.
 */
static bool
narrow_sums(const KpiAmount *weight, const KpiAmount *value, int32 count,
			int128 *part, int128 *whole)
{
	KpiDecimal	w = {.value = 1};
	KpiDecimal	v;
	int128		product;
	int			groups = 0;

	if (weight != NULL && !weight_groups(weight, count, &groups))
		return false;
	*part = *whole = 0;
	for (int32 i = 0; i < count; i++)
	{
		if (weight != NULL &&
			kpi_decode_numeric(NumericGetDatum(weight[i].exact), groups, &w) != KPI_DECODED)
			return false;
		if (kpi_decode_numeric(NumericGetDatum(value[i].exact), KPI_MEAN_GROUPS, &v) != KPI_DECODED ||
			__builtin_mul_overflow(w.value, v.value, &product) ||
			__builtin_add_overflow(*part, product, part) ||
			__builtin_add_overflow(*whole, w.value, whole))
			return false;
	}
	return true;
}

/*
 * sum(weight * value) / sum(weight), rounded to 20 decimals or as many as the
 * longest value has; the plain mean without weights.
 */
Numeric
kpi_mean_numeric(const KpiAmount *weight, const KpiAmount *value, int32 count)
{
	int128		part;
	int128		whole;
	int128		quotient;
	int128		rest;

	if (!narrow_sums(weight, value, count, &part, &whole))
		return kpi_trim_numeric(wide_mean(weight, value, count));
	Assert(whole > 0);
	quotient = part / whole;
	rest = part % whole;
	/* no doubling, which could overflow */
	if (rest < 0 ? -rest >= whole + rest : rest >= whole - rest)
		quotient += part < 0 ? -1 : 1;
	return kpi_trim_numeric(kpi_encode_numeric(quotient, KPI_MEAN_GROUPS, KPI_MEAN_SCALE));
}

/* The power of two that brings a magnitude of extreme size near 1, else 1. */
double
kpi_safe_scale(double magnitude)
{
	int			exponent;

	if (magnitude == 0)
		return 1;
	frexp(magnitude, &exponent);
	if (abs(exponent) <= SAFE_EXPONENT)
		return 1;
	return ldexp(1, -Min(Max(exponent, -1000), 1000));
}

/* The same mean in float8. */
double
kpi_mean_float8(const KpiAmount *weight, const KpiAmount *value, int32 count)
{
	double		least = value[0].real;
	double		greatest = least;
	double		heaviest = 0;
	double		weight_scale;
	double		value_scale;
	double		result;
	KpiSum		part = {0, 0};
	KpiSum		whole = {0, 0};

	for (int32 i = 0; i < count; i++)
	{
		least = Min(least, value[i].real);
		greatest = Max(greatest, value[i].real);
		heaviest = Max(heaviest, weight ? weight[i].real : 1);
	}
	weight_scale = kpi_safe_scale(heaviest);
	value_scale = kpi_safe_scale(Max(fabs(least), fabs(greatest)));
	for (int32 i = 0; i < count; i++)
	{
		double		scaled = weight ? weight[i].real * weight_scale : 1;

		kpi_sum_add_product(&part, scaled, value[i].real * value_scale);
		kpi_sum_add(&whole, scaled);
	}
	result = kpi_sum_quotient(part, whole) / value_scale;
	return Min(Max(result, least), greatest);
}
