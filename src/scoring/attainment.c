/*-------------------------------------------------------------------------
 *
 * attainment.c
 *	  How far an actual reaches its target, as a fraction: 1 is 100 %.
 *
 * With actual A, target T, baseline B, and s = 1 where higher is better and
 * -1 where lower is better:
 *
 *	ratio		1 + s (A - T) / abs(T).  One formula for all signs of T: it is
 *				A / T for a positive target and higher, 2 - A / T for a
 *				positive target and lower, and rises with the performance for
 *				a negative target too.
 *	ratio, direction target
 *				1 - abs(A - T) / abs(T): 1 at the target, falling on both
 *				sides of it.
 *	inverse		T / A, lower is better.
 *	progress	(A - B) / (T - B); the direction lies in the order of B and T.
 *
 * The first is computed with one division: A / T where s and T have the same
 * sign, else (2T - A) / T, which is the same number with fewer roundings.
 *
 * NULL rule: NULL where an argument is NULL, where an argument is NaN or
 * infinite, where the result is beyond float8, and where the formula is
 * undefined: target 0 (unless zero_target says otherwise), inverse of an
 * actual that is not positive or of a negative target, progress over a span
 * of 0 that is not met.  Nothing is capped and nothing is rounded but the
 * quotient itself.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <float.h>
#include <math.h>

#include "common/check.h"
#include "common/exact.h"
#include "utils/builtins.h"

static const KpiWords method_words = {"attainment method", 3, {"ratio", "inverse", "progress"}};

typedef enum AttainmentMethod
{
	METHOD_RATIO,
	METHOD_INVERSE,
	METHOD_PROGRESS
} AttainmentMethod;

/* What a ratio to a zero target gives: 1 met, 0 missed, -1 undefined. */
static int
zero_target_attainment(KpiZeroTarget policy, KpiDirection direction, int actual_sign)
{
	if (policy == KPI_ZERO_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target is 0, so the attainment ratio is undefined"),
				 errhint("Use zero_target \"met\" to ask only whether the target is met, or \"null\".")));
	if (policy == KPI_ZERO_NULL)
		return -1;
	if (direction == KPI_TARGET)
		return actual_sign == 0;
	return direction == KPI_HIGHER ? actual_sign >= 0 : actual_sign <= 0;
}

/* A float8 result, or NULL where it is beyond float8; zero has no sign. */
static Datum
float8_or_null(FunctionCallInfo fcinfo, double result)
{
	if (!kpi_is_number(result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result + 0.0);
}

/* attainment(actual, target, direction, zero_target): NULL at target 0. */
PG_FUNCTION_INFO_V1(kpi_attainment_float8);
Datum
kpi_attainment_float8(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	double		target = PG_GETARG_FLOAT8(1);
	KpiDirection direction = kpi_check_word(&kpi_direction_words, PG_GETARG_TEXT_PP(2));
	KpiZeroTarget policy = kpi_check_word(&kpi_zero_target_words, PG_GETARG_TEXT_PP(3));
	int			met;

	if (!kpi_is_number(actual) || !kpi_is_number(target))
		PG_RETURN_NULL();
	if (target == 0)
	{
		met = zero_target_attainment(policy, direction, (actual > 0) - (actual < 0));
		if (met < 0)
			PG_RETURN_NULL();
		PG_RETURN_FLOAT8(met);
	}
	/* a quarter of both is the same ratio, without overflow on the way */
	if (fabs(actual) > DBL_MAX / 4 || fabs(target) > DBL_MAX / 4)
	{
		actual /= 4;
		target /= 4;
	}
	if (direction == KPI_TARGET)
		return float8_or_null(fcinfo, (fabs(target) - fabs(actual - target)) / fabs(target));
	if ((direction == KPI_HIGHER) == (target > 0))
		return float8_or_null(fcinfo, actual / target);
	return float8_or_null(fcinfo, (2 * target - actual) / target);
}

/* The ratio in 128 bits; false leaves it to the server's numeric. */
static bool
quick_ratio(Datum actual, Datum target, KpiDirection direction, Numeric *result)
{
	KpiDecimal	a;
	KpiDecimal	t;

	if (!kpi_decode_operand(actual, &a) || !kpi_decode_operand(target, &t) || t.value == 0)
		return false;
	if (direction == KPI_TARGET)
	{
		KpiDecimal	distance = kpi_decimal_sub(a, t);

		if (distance.value < 0)
			distance.value = -distance.value;
		if (t.value < 0)
			t.value = -t.value;
		a = kpi_decimal_sub(t, distance);
	}
	else if ((direction == KPI_HIGHER) != (t.value > 0))
	{
		KpiDecimal	twice = {2 * t.value, t.dscale};

		a = kpi_decimal_sub(twice, a);
	}
	return kpi_decimal_div(&a, &t, KPI_QUOTIENT_GROUPS, result);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_attainment_numeric);
Datum
kpi_attainment_numeric(PG_FUNCTION_ARGS)
{
	KpiDirection direction = kpi_check_word(&kpi_direction_words, PG_GETARG_TEXT_PP(2));
	KpiZeroTarget policy = kpi_check_word(&kpi_zero_target_words, PG_GETARG_TEXT_PP(3));
	Numeric		actual;
	Numeric		target;
	Numeric		result;
	int			target_sign;
	int			met;

	if (quick_ratio(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), direction, &result))
		PG_RETURN_NUMERIC(result);
	actual = PG_GETARG_NUMERIC(0);
	target = PG_GETARG_NUMERIC(1);
	if (!kpi_is_numeric_number(actual) || !kpi_is_numeric_number(target))
		PG_RETURN_NULL();
	target_sign = kpi_numeric_sign(target);
	if (target_sign == 0)
	{
		met = zero_target_attainment(policy, direction, kpi_numeric_sign(actual));
		if (met < 0)
			PG_RETURN_NULL();
		PG_RETURN_NUMERIC(int64_to_numeric(met));
	}
	if (direction == KPI_TARGET)
	{
		Numeric		distance = kpi_numeric_abs(kpi_numeric_sub(actual, target));

		target = kpi_numeric_abs(target);
		actual = kpi_numeric_sub(target, distance);
	}
	else if ((direction == KPI_HIGHER) != (target_sign > 0))
		actual = kpi_numeric_sub(kpi_numeric_add(target, target), actual);
	PG_RETURN_NUMERIC(kpi_numeric_div(actual, target));
}

/* attainment_inverse(actual, target): target / actual, lower is better. */
PG_FUNCTION_INFO_V1(kpi_attainment_inverse_float8);
Datum
kpi_attainment_inverse_float8(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	double		target = PG_GETARG_FLOAT8(1);

	if (!kpi_is_number(actual) || !kpi_is_number(target) || actual <= 0 || target < 0)
		PG_RETURN_NULL();
	return float8_or_null(fcinfo, target / actual);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_attainment_inverse_numeric);
Datum
kpi_attainment_inverse_numeric(PG_FUNCTION_ARGS)
{
	KpiDecimal	a;
	KpiDecimal	t;
	Numeric		actual;
	Numeric		target;
	Numeric		result;

	if (kpi_decode_operand(PG_GETARG_DATUM(0), &a) &&
		kpi_decode_operand(PG_GETARG_DATUM(1), &t) && a.value > 0 && t.value >= 0 &&
		kpi_decimal_div(&t, &a, KPI_QUOTIENT_GROUPS, &result))
		PG_RETURN_NUMERIC(result);
	actual = PG_GETARG_NUMERIC(0);
	target = PG_GETARG_NUMERIC(1);
	if (!kpi_is_numeric_number(actual) || !kpi_is_numeric_number(target) ||
		kpi_numeric_sign(actual) <= 0 || kpi_numeric_sign(target) < 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_div(target, actual));
}

/* progress(actual, target, baseline): share of the way from the baseline. */
PG_FUNCTION_INFO_V1(kpi_progress_float8);
Datum
kpi_progress_float8(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	double		target = PG_GETARG_FLOAT8(1);
	double		baseline = PG_GETARG_FLOAT8(2);

	if (!kpi_is_number(actual) || !kpi_is_number(target) || !kpi_is_number(baseline))
		PG_RETURN_NULL();
	if (target == baseline)
	{
		if (actual != target)
			PG_RETURN_NULL();
		PG_RETURN_FLOAT8(1);
	}
	/* half of both is the same ratio, without overflow on the way */
	return float8_or_null(fcinfo, kpi_is_number(actual - baseline) && kpi_is_number(target - baseline) ?
						  (actual - baseline) / (target - baseline) :
						  (actual / 2 - baseline / 2) / (target / 2 - baseline / 2));
}

/* Progress in 128 bits; false leaves it to the server's numeric. */
static bool
quick_progress(Datum actual, Datum target, Datum baseline, Numeric *result)
{
	KpiDecimal	a;
	KpiDecimal	t;
	KpiDecimal	b;

	if (!kpi_decode_operand(actual, &a) || !kpi_decode_operand(target, &t) ||
		!kpi_decode_operand(baseline, &b) || t.value == b.value)
		return false;
	a = kpi_decimal_sub(a, b);
	t = kpi_decimal_sub(t, b);
	return kpi_decimal_div(&a, &t, KPI_QUOTIENT_GROUPS, result);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_progress_numeric);
Datum
kpi_progress_numeric(PG_FUNCTION_ARGS)
{
	Numeric		actual;
	Numeric		target;
	Numeric		baseline;
	Numeric		result;

	if (quick_progress(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), PG_GETARG_DATUM(2), &result))
		PG_RETURN_NUMERIC(result);
	actual = PG_GETARG_NUMERIC(0);
	target = PG_GETARG_NUMERIC(1);
	baseline = PG_GETARG_NUMERIC(2);
	if (!kpi_is_numeric_number(actual) || !kpi_is_numeric_number(target) ||
		!kpi_is_numeric_number(baseline))
		PG_RETURN_NULL();
	if (kpi_numeric_cmp(target, baseline) == 0)
	{
		if (kpi_numeric_cmp(actual, target) != 0)
			PG_RETURN_NULL();
		PG_RETURN_NUMERIC(int64_to_numeric(1));
	}
	PG_RETURN_NUMERIC(kpi_numeric_div(kpi_numeric_sub(actual, baseline),
									  kpi_numeric_sub(target, baseline)));
}

/* Why the method gives NULL for numbers that are all there; NULL if it does not. */
static const char *
undefined_reason(AttainmentMethod method, KpiZeroTarget policy,
				 Numeric actual, Numeric target, Numeric baseline)
{
	switch (method)
	{
		case METHOD_RATIO:
			return policy == KPI_ZERO_NULL && kpi_numeric_sign(target) == 0 ? "zero_target" : NULL;
		case METHOD_INVERSE:
			return kpi_numeric_sign(actual) <= 0 || kpi_numeric_sign(target) < 0 ? "sign" : NULL;
		case METHOD_PROGRESS:
			return kpi_numeric_cmp(target, baseline) == 0 &&
				kpi_numeric_cmp(actual, target) != 0 ? "zero_span" : NULL;
	}
	return NULL;
}

/*
 * attainment_reason(actual, target, method, zero_target, baseline): why there
 * is no attainment, in one word; NULL where there is one.
 */
PG_FUNCTION_INFO_V1(kpi_attainment_reason);
Datum
kpi_attainment_reason(PG_FUNCTION_ARGS)
{
	AttainmentMethod method;
	KpiZeroTarget policy;
	const char *reason = NULL;

	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	method = kpi_check_word(&method_words, PG_GETARG_TEXT_PP(2));
	policy = kpi_check_word(&kpi_zero_target_words, PG_GETARG_TEXT_PP(3));

	if (PG_ARGISNULL(0))
		reason = "no_actual";
	else if (PG_ARGISNULL(1))
		reason = "no_target";
	else if (method == METHOD_PROGRESS && PG_ARGISNULL(4))
		reason = "no_baseline";
	else if (!kpi_is_numeric_number(PG_GETARG_NUMERIC(0)) ||
			 !kpi_is_numeric_number(PG_GETARG_NUMERIC(1)) ||
			 (method == METHOD_PROGRESS && !kpi_is_numeric_number(PG_GETARG_NUMERIC(4))))
		reason = "invalid";
	else
		reason = undefined_reason(method, policy, PG_GETARG_NUMERIC(0), PG_GETARG_NUMERIC(1),
								  PG_ARGISNULL(4) ? NULL : PG_GETARG_NUMERIC(4));
	if (reason == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(reason));
}
