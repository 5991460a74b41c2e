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
 *	range		1 between two limits, falling evenly to 0 at the outer ones.
 *	span		(A - low) / (high - low), mirrored for lower: the progress from
 *				one end of the span to the other.
 *	binary		1 where the target is met, else 0; equality counts as met.
 *
 * The first is computed with one division: A / T where s and T have the same
 * sign, else (2T - A) / T, which is the same number with fewer roundings.
 *
 * NULL rule: NULL where an argument is NULL, where an argument is NaN or
 * infinite, where the result is beyond float8, and where the formula is
 * undefined: target 0 (unless zero_target says otherwise), inverse of an
 * actual that is not positive or of a negative target, progress over a span
 * of 0 that is not met.  Limits that are out of order are an error.  Nothing is
 * capped and nothing is rounded but the quotient itself.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <float.h>
#include <math.h>

#include "base/check.h"
#include "base/exact.h"
#include "base/line.h"
#include "base/number.h"
#include "base/scalar.h"
#include "catalog/pg_type.h"
#include "rate/attainment.h"
#include "utils/builtins.h"
#include "utils/float.h"

/* What a ratio to a zero target gives: 1 met, 0 missed, -1 undefined. */
int
kpi_zero_target_attainment(KpiZeroTarget policy, KpiDirection direction, int actual_sign)
{
	if (policy == KPI_ZERO_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target is 0, so the attainment ratio is undefined"),
				 errhint("Use zero_target \"met\" to ask only whether the target is met, or \"null\".")));
	if (policy == KPI_ZERO_NULL)
		return -1;
	return kpi_is_met(direction, actual_sign);
}

/* A sum times a power of two or -1, which is exact. */
static inline KpiSum
sum_scaled(KpiSum sum, double factor)
{
	sum.hi *= factor;
	sum.lo *= factor;
	return sum;
}

/* A sum without its sign. */
static inline KpiSum
sum_abs(KpiSum sum)
{
	return kpi_sum_value(sum) < 0 ? sum_scaled(sum, -1) : sum;
}

/*
 * Turn an actual and a target that is not 0 into the numerator and the
 * denominator of their ratio.
 */
void
kpi_attainment_quotient(KpiDirection direction, KpiSum *actual, KpiSum *target)
{
	/* a quarter of both is the same ratio, without overflow on the way */
	if (fabs(actual->hi) > DBL_MAX / 4 || fabs(target->hi) > DBL_MAX / 4)
	{
		*actual = sum_scaled(*actual, 0.25);
		*target = sum_scaled(*target, 0.25);
	}
	if (direction == KPI_TARGET)
	{
		KpiSum		distance = sum_abs(kpi_sum_difference(*actual, *target));

		*target = sum_abs(*target);
		*actual = kpi_sum_difference(*target, distance);
	}
	else if ((direction == KPI_HIGHER) != (kpi_sum_value(*target) > 0))
		*actual = kpi_sum_difference(sum_scaled(*target, 2), *actual);
}

/* attainment(actual, target, direction, zero_target): NULL at target 0. */
PG_FUNCTION_INFO_V1(kpi_attainment_float8);
Datum
kpi_attainment_float8(PG_FUNCTION_ARGS)
{
	KpiSum		actual = {PG_GETARG_FLOAT8(0), 0};
	KpiSum		target = {PG_GETARG_FLOAT8(1), 0};
	KpiDirection direction = kpi_word_argument(fcinfo, 2, &kpi_direction_words);
	KpiZeroTarget policy = kpi_word_argument(fcinfo, 3, &kpi_zero_target_words);
	int			met;

	if (!kpi_is_number(actual.hi) || !kpi_is_number(target.hi))
		PG_RETURN_NULL();
	if (target.hi == 0)
	{
		met = kpi_zero_target_attainment(policy, direction, (actual.hi > 0) - (actual.hi < 0));
		if (met < 0)
			PG_RETURN_NULL();
		PG_RETURN_FLOAT8(met);
	}
	kpi_attainment_quotient(direction, &actual, &target);
	return kpi_float8_or_null(fcinfo, kpi_sum_value(actual) / target.hi);
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

/* The attainment of numerics, as stored; NULL where it is undefined. */
Numeric
kpi_attainment_exact(Datum actual_datum, Datum target_datum,
					 KpiDirection direction, KpiZeroTarget policy)
{
	Numeric		actual;
	Numeric		target;
	Numeric		result;
	int			target_sign;
	int			met;

	if (quick_ratio(actual_datum, target_datum, direction, &result))
		return result;
	actual = DatumGetNumeric(actual_datum);
	target = DatumGetNumeric(target_datum);
	if (!kpi_is_numeric_number(actual) || !kpi_is_numeric_number(target))
		return NULL;
	target_sign = kpi_numeric_sign(target);
	if (target_sign == 0)
	{
		met = kpi_zero_target_attainment(policy, direction, kpi_numeric_sign(actual));
		return met < 0 ? NULL : int64_to_numeric(met);
	}
	if (direction == KPI_TARGET)
	{
		Numeric		distance = kpi_numeric_abs(kpi_numeric_sub(actual, target));

		target = kpi_numeric_abs(target);
		actual = kpi_numeric_sub(target, distance);
	}
	else if ((direction == KPI_HIGHER) != (target_sign > 0))
		actual = kpi_numeric_sub(kpi_numeric_add(target, target), actual);
	return kpi_numeric_div(actual, target);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_attainment_numeric);
Datum
kpi_attainment_numeric(PG_FUNCTION_ARGS)
{
	KpiDirection direction = kpi_word_argument(fcinfo, 2, &kpi_direction_words);
	KpiZeroTarget policy = kpi_word_argument(fcinfo, 3, &kpi_zero_target_words);
	Numeric		result = kpi_attainment_exact(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1),
											  direction, policy);

	if (result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(result);
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
	return kpi_float8_or_null(fcinfo, target / actual);
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
	return kpi_float8_or_null(fcinfo, kpi_share_of_way(actual, target, baseline));
}

/* (x - from) / (to - from) in 128 bits; false leaves it to the server. */
static bool
quick_share_of_way(Datum x, Datum to, Datum from, Numeric *result)
{
	KpiDecimal	a;
	KpiDecimal	t;
	KpiDecimal	b;

	if (!kpi_decode_operand(x, &a) || !kpi_decode_operand(to, &t) ||
		!kpi_decode_operand(from, &b) || t.value == b.value)
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

	if (quick_share_of_way(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), PG_GETARG_DATUM(2), &result))
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

/* The error for limits that are not finite and in order. */
static void
bad_limits(const char *low, const char *high, const char *outer_low, const char *outer_high)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("limits %s, %s, %s, %s are not finite numbers in order", outer_low, low, high, outer_high),
			 errdetail("These are outer_low, low, high and outer_high."),
			 errhint("Give outer_low <= low <= high <= outer_high; an outer limit that equals the inner one is a sharp edge.")));
}

/*
 * attainment_range(actual, low, high, outer_low, outer_high): 1 inside, 0
 * outside; the limits low and high themselves earn 1.
 */
PG_FUNCTION_INFO_V1(kpi_attainment_range_float8);
Datum
kpi_attainment_range_float8(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	double		low = PG_GETARG_FLOAT8(1);
	double		high = PG_GETARG_FLOAT8(2);
	double		outer_low = PG_GETARG_FLOAT8(3);
	double		outer_high = PG_GETARG_FLOAT8(4);

	if (!(kpi_is_number(outer_low) && kpi_is_number(outer_high) &&
		  outer_low <= low && low <= high && high <= outer_high))
		bad_limits(float8out_internal(low), float8out_internal(high),
				   float8out_internal(outer_low), float8out_internal(outer_high));
	if (!kpi_is_number(actual))
		PG_RETURN_NULL();
	if (actual >= low && actual <= high)
		PG_RETURN_FLOAT8(1);
	if (actual <= outer_low || actual >= outer_high)
		PG_RETURN_FLOAT8(0);
	PG_RETURN_FLOAT8(actual < low ? kpi_share_of_way(actual, low, outer_low) :
					 kpi_share_of_way(actual, high, outer_high));
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_attainment_range_numeric);
Datum
kpi_attainment_range_numeric(PG_FUNCTION_ARGS)
{
	Numeric		actual = PG_GETARG_NUMERIC(0);
	KpiLimits	limits = {
		PG_GETARG_NUMERIC(1), PG_GETARG_NUMERIC(2), PG_GETARG_NUMERIC(3), PG_GETARG_NUMERIC(4)
	};

	if (!kpi_limits_in_order(&limits))
		bad_limits(kpi_numeric_text(limits.low), kpi_numeric_text(limits.high),
				   kpi_numeric_text(limits.outer_low), kpi_numeric_text(limits.outer_high));
	if (!kpi_is_numeric_number(actual))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_within_limits(actual, &limits, int64_to_numeric(1)));
}

/* The sign of a - b for numerics, as stored; false where one is NaN or infinite. */
bool
kpi_compare_numbers(Datum a, Datum b, int *order)
{
	KpiDecimal	x;
	KpiDecimal	y;

	if (kpi_decode_operand(a, &x) && kpi_decode_operand(b, &y))
	{
		*order = (x.value > y.value) - (x.value < y.value);
		return true;
	}
	if (!kpi_is_numeric_number(DatumGetNumeric(a)) || !kpi_is_numeric_number(DatumGetNumeric(b)))
		return false;
	*order = kpi_numeric_cmp(DatumGetNumeric(a), DatumGetNumeric(b));
	return true;
}

/* attainment_binary(actual, target, direction): 1 if met, else 0. */
PG_FUNCTION_INFO_V1(kpi_attainment_binary_float8);
Datum
kpi_attainment_binary_float8(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	double		target = PG_GETARG_FLOAT8(1);
	KpiDirection direction = kpi_word_argument(fcinfo, 2, &kpi_direction_words);

	if (!kpi_is_number(actual) || !kpi_is_number(target))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(kpi_is_met(direction, (actual > target) - (actual < target)));
}

/* The same for numeric. */
PG_FUNCTION_INFO_V1(kpi_attainment_binary_numeric);
Datum
kpi_attainment_binary_numeric(PG_FUNCTION_ARGS)
{
	KpiDirection direction = kpi_word_argument(fcinfo, 2, &kpi_direction_words);
	int			order;

	if (!kpi_compare_numbers(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), &order))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(int64_to_numeric(kpi_is_met(direction, order)));
}

/* Why there is no share of the way between two points; NULL where there is one. */
static const char *
zero_span_reason(Numeric actual, Numeric to, Numeric from)
{
	return kpi_numeric_cmp(to, from) == 0 && kpi_numeric_cmp(actual, to) != 0 ? "zero_span" : NULL;
}

/* Why the method gives NULL for numbers that are all there; NULL if it does not. */
static const char *
undefined_reason(KpiAttainmentMethod method, KpiZeroTarget policy,
				 Numeric actual, const KpiAim *aim)
{
	switch (method)
	{
		case KPI_ATTAINMENT_RATIO:
			return policy == KPI_ZERO_NULL && kpi_numeric_sign(aim->target) == 0 ? "zero_target" : NULL;
		case KPI_ATTAINMENT_INVERSE:
			return kpi_numeric_sign(actual) <= 0 || kpi_numeric_sign(aim->target) < 0 ? "sign" : NULL;
		case KPI_ATTAINMENT_PROGRESS:
			return zero_span_reason(actual, aim->target, aim->baseline);
		case KPI_ATTAINMENT_SPAN:
			return kpi_numeric_cmp(aim->limits.low, aim->limits.high) > 0 ? "invalid" :
				zero_span_reason(actual, aim->limits.low, aim->limits.high);
		case KPI_ATTAINMENT_RANGE:
		case KPI_ATTAINMENT_BINARY:
			break;
	}
	return NULL;
}

/* Why the method misses a number to compare with; NULL where it has all it needs. */
static const char *
missing_aim_reason(KpiAttainmentMethod method, const KpiAim *aim)
{
	const KpiLimits *limits = &aim->limits;

	if (method == KPI_ATTAINMENT_PROGRESS && aim->target != NULL && aim->baseline == NULL)
		return "no_baseline";
	if (method != KPI_ATTAINMENT_SPAN && method != KPI_ATTAINMENT_RANGE)
		return aim->target != NULL ? NULL : "no_target";
	if (limits->low != NULL && limits->high != NULL &&
		(method == KPI_ATTAINMENT_SPAN || (limits->outer_low != NULL && limits->outer_high != NULL)))
		return NULL;
	return aim->target || limits->low || limits->high || limits->outer_low || limits->outer_high ? "no_limits" : "no_target";
}

/* Whether the numbers that the method compares with, which are there, are finite. */
static bool
is_finite_aim(KpiAttainmentMethod method, const KpiAim *aim)
{
	if (method == KPI_ATTAINMENT_RANGE)
		return kpi_limits_in_order(&aim->limits);
	if (method == KPI_ATTAINMENT_SPAN)
		return kpi_is_numeric_number(aim->limits.low) && kpi_is_numeric_number(aim->limits.high);
	return kpi_is_numeric_number(aim->target) &&
		(method != KPI_ATTAINMENT_PROGRESS || kpi_is_numeric_number(aim->baseline));
}

/* Why there is no attainment of numbers, of which some may be missing; NULL where there is one. */
const char *
kpi_attainment_reason(KpiAttainmentMethod method, KpiZeroTarget policy,
					  Numeric actual, const KpiAim *aim)
{
	const char *reason = actual == NULL ? "no_actual" : missing_aim_reason(method, aim);

	if (reason != NULL)
		return reason;
	if (!kpi_is_numeric_number(actual) || !is_finite_aim(method, aim))
		return "invalid";
	return undefined_reason(method, policy, actual, aim);
}

/* An argument of a type of numbers, NULL where it is. */
static Numeric
number_argument(FunctionCallInfo fcinfo, int n, Oid type)
{
	return PG_ARGISNULL(n) ? NULL : kpi_number_to_numeric(PG_GETARG_DATUM(n), type);
}

/* The reason of attainment_reason for arguments of a type of numbers. */
static Datum
attainment_reason(FunctionCallInfo fcinfo, Oid type)
{
	KpiAttainmentMethod method;
	KpiZeroTarget policy;
	Numeric		actual = number_argument(fcinfo, 0, type);
	const KpiAim aim = {
		number_argument(fcinfo, 1, type), number_argument(fcinfo, 4, type),
		{
			number_argument(fcinfo, 5, type), number_argument(fcinfo, 6, type),
			number_argument(fcinfo, 7, type), number_argument(fcinfo, 8, type)
		}
	};
	const char *reason;

	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	method = kpi_word_argument(fcinfo, 2, &kpi_attainment_method_words);
	policy = kpi_word_argument(fcinfo, 3, &kpi_zero_target_words);
	reason = kpi_attainment_reason(method, policy, actual, &aim);
	if (reason == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(reason));
}

/*
 * attainment_reason(actual, target, method, zero_target, baseline, low, high,
 * outer_low, outer_high): why there is no attainment, in one word; NULL where
 * there is one.
 */
PG_FUNCTION_INFO_V1(kpi_attainment_reason_numeric);
Datum
kpi_attainment_reason_numeric(PG_FUNCTION_ARGS)
{
	return attainment_reason(fcinfo, NUMERICOID);
}

/* The same for float8. */
PG_FUNCTION_INFO_V1(kpi_attainment_reason_float8);
Datum
kpi_attainment_reason_float8(PG_FUNCTION_ARGS)
{
	return attainment_reason(fcinfo, FLOAT8OID);
}
