/*-------------------------------------------------------------------------
 *
 * points.c
 *	  Points by the rules of appraisal schemes.
 *
 *	add_deduct		base + up n above the target, base - down n below it, with
 *					n = abs(actual - target) / unit counted as it is (linear),
 *					in whole units (full) or in begun ones (started); then
 *					floor and cap
 *	efficacy		weight (c[i] + (actual - s[i]) / (s[i+1] - s[i]) (c[i+1] - c[i]))
 *					between the standards s[i] and s[i+1]; 0 short of the
 *					first, weight c[n] from the last on
 *	rank_points		the points of a rank, 0 beyond the list
 *	zero_below		0 below a limit, else the value
 *
 * NULL rule: NULL where an argument is NULL (but for floor, cap and limit,
 * where NULL is none), where actual, target or value is NaN or infinite, and
 * where the result is beyond float8.  Parameters that are NaN, infinite, out
 * of order or out of range are errors.
 *
 * Numeric method: exact with one division at the end for numeric; units are
 * counted exactly too.  A float8 count that is a whole number but for the
 * rounding of its operands is that number: 0.3 is three units of 0.1.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <float.h>
#include <math.h>

#include "base/check.h"
#include "base/exact.h"
#include "base/list.h"
#include "base/scalar.h"
#include "base/words.h"
#include "scoring/scale.h"
#include "utils/float.h"

/* Arguments of add_deduct. */
enum
{
	ARG_ACTUAL, ARG_TARGET, ARG_BASE, ARG_ABOVE, ARG_BELOW, ARG_UNIT, ARG_COUNTING,
	ARG_FLOOR, ARG_CAP
};

static const char *const parameter_name[] = {
	NULL, NULL, "base", "per_unit_above", "per_unit_below", "unit"
};

/* Whether an argument other than floor and cap is NULL. */
static bool
lacks_argument(FunctionCallInfo fcinfo)
{
	for (int i = ARG_ACTUAL; i <= ARG_COUNTING; i++)
	{
		if (PG_ARGISNULL(i))
			return true;
	}
	return false;
}

static void
bad_parameter(const char *name, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s %s is not a finite number", name, value),
			 errhint("Give points as a number; a negative rate turns the rule round.")));
}

static void
bad_unit(const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unit %s is not a finite number above 0", value),
			 errhint("The unit is the step of the indicator that earns or costs the points, such as 0.5 or 1000.")));
}

/* Hold points between floor and cap, as clamp does. */
static Datum
hold(FunctionCallInfo fcinfo, PGFunction clamp, Datum points)
{
	LOCAL_FCINFO(call, 3);
	Datum		result;

	InitFunctionCallInfoData(*call, NULL, 3, InvalidOid, NULL, NULL);
	call->args[0].value = points;
	call->args[0].isnull = false;
	call->args[1] = fcinfo->args[ARG_FLOOR];
	call->args[2] = fcinfo->args[ARG_CAP];
	result = clamp(call);
	fcinfo->isnull = call->isnull;
	return result;
}

/* How many units lie between actual and target. */
static double
count_float8(double actual, double target, double unit, KpiCounting counting)
{
	double		count = fabs(actual - target) / unit;
	double		whole = rint(count);
	double		rounding = 2 * DBL_EPSILON * ((fabs(actual) + fabs(target)) / unit);

	if (counting == KPI_COUNT_LINEAR)
		return count;
	if (fabs(count - whole) <= rounding)
		return whole;
	return counting == KPI_COUNT_FULL ? floor(count) : ceil(count);
}

/*
 * add_deduct(actual, target, base, per_unit_above, per_unit_below, unit,
 * counting, floor, cap): a negative rate serves where lower is better.
 */
PG_FUNCTION_INFO_V1(kpi_add_deduct_float8);
Datum
kpi_add_deduct_float8(PG_FUNCTION_ARGS)
{
	double		number[ARG_UNIT + 1];
	KpiCounting counting;
	double		count;
	double		points;

	if (lacks_argument(fcinfo))
		PG_RETURN_NULL();
	counting = kpi_check_word(&kpi_counting_words, PG_GETARG_TEXT_PP(ARG_COUNTING));
	for (int i = ARG_ACTUAL; i <= ARG_UNIT; i++)
	{
		number[i] = PG_GETARG_FLOAT8(i);
		if (i == ARG_UNIT && !(kpi_is_number(number[i]) && number[i] > 0))
			bad_unit(float8out_internal(number[i]));
		else if (i >= ARG_BASE && !kpi_is_number(number[i]))
			bad_parameter(parameter_name[i], float8out_internal(number[i]));
	}
	if (!kpi_is_number(number[ARG_ACTUAL]) || !kpi_is_number(number[ARG_TARGET]))
		PG_RETURN_NULL();
	count = count_float8(number[ARG_ACTUAL], number[ARG_TARGET], number[ARG_UNIT], counting);
	if (number[ARG_ACTUAL] > number[ARG_TARGET])
		points = number[ARG_BASE] + number[ARG_ABOVE] * count;
	else
		points = number[ARG_BASE] - number[ARG_BELOW] * count;
	return hold(fcinfo, kpi_clamp_float8, Float8GetDatum(points + 0.0));
}

/* The units between actual and target, whole ones. */
static Numeric
count_numeric(Numeric distance, Numeric unit, KpiCounting counting)
{
	Numeric		count = kpi_numeric_call2(numeric_div_trunc, distance, unit);

	if (counting == KPI_COUNT_STARTED &&
		kpi_numeric_cmp(kpi_numeric_mul(count, unit), distance) < 0)
		count = kpi_numeric_add(count, int64_to_numeric(1));
	return count;
}

/* base + rate * distance / unit, with a division only if there must be one. */
static Numeric
exact_points(Numeric base, Numeric rate, Numeric distance, Numeric unit, KpiCounting counting)
{
	Numeric		one = int64_to_numeric(1);

	if (counting != KPI_COUNT_LINEAR)
	{
		distance = count_numeric(distance, unit, counting);
		unit = one;
	}
	if (kpi_numeric_cmp(unit, one) == 0)
		return kpi_numeric_add(base, kpi_numeric_mul(rate, distance));
	return kpi_numeric_div(kpi_numeric_add(kpi_numeric_mul(base, unit),
										   kpi_numeric_mul(rate, distance)), unit);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_add_deduct_numeric);
Datum
kpi_add_deduct_numeric(PG_FUNCTION_ARGS)
{
	Numeric		number[ARG_UNIT + 1];
	KpiCounting counting;
	Numeric		distance;
	Numeric		rate;

	if (lacks_argument(fcinfo))
		PG_RETURN_NULL();
	counting = kpi_check_word(&kpi_counting_words, PG_GETARG_TEXT_PP(ARG_COUNTING));
	for (int i = ARG_ACTUAL; i <= ARG_UNIT; i++)
	{
		number[i] = PG_GETARG_NUMERIC(i);
		if (i == ARG_UNIT && !(kpi_is_numeric_number(number[i]) && kpi_numeric_sign(number[i]) > 0))
			bad_unit(kpi_numeric_text(number[i]));
		else if (i >= ARG_BASE && !kpi_is_numeric_number(number[i]))
			bad_parameter(parameter_name[i], kpi_numeric_text(number[i]));
	}
	if (!kpi_is_numeric_number(number[ARG_ACTUAL]) || !kpi_is_numeric_number(number[ARG_TARGET]))
		PG_RETURN_NULL();
	distance = kpi_numeric_sub(number[ARG_ACTUAL], number[ARG_TARGET]);
	rate = number[ARG_ABOVE];
	if (kpi_numeric_sign(distance) <= 0)
	{
		distance = kpi_numeric_abs(distance);
		rate = kpi_numeric_sub(int64_to_numeric(0), number[ARG_BELOW]);
	}
	return hold(fcinfo, kpi_clamp_numeric,
				NumericGetDatum(exact_points(number[ARG_BASE], rate, distance,
											 number[ARG_UNIT], counting)));
}

static const char *const standards_name = "standards";
static const char *const coefficients_name = "coefficients";

/* Lists of efficacy that have the right shape. */
static void
check_efficacy_lists(FunctionCallInfo fcinfo, KpiList *standards, KpiList *coefficients)
{
	*standards = kpi_list(PG_GETARG_ARRAYTYPE_P(1), standards_name);
	*coefficients = kpi_list(PG_GETARG_ARRAYTYPE_P(2), coefficients_name);
	kpi_check_same_length(standards, standards_name, coefficients, coefficients_name);
	if (standards->count < 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("standards has only one element"),
				 errhint("Give at least two standards, from the lowest to the best; their order says which way is better.")));
}

/* The order of a standard against the one before it: the same throughout. */
static void
check_standard(int order, int first_order, int i, const char *value)
{
	if (order == 0 || order != first_order)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("standard %d, %s, is out of order", i + 1, value),
				 errhint("List the standards from the lowest to the best: rising where higher is better, falling where lower is.")));
}

/* A coefficient: at least 0, and not below the one before it. */
static void
check_coefficient(bool good, int i, const char *value)
{
	if (!good)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("coefficient %d, %s, is out of order", i + 1, value),
				 errhint("Coefficients begin at 0 or above and do not fall, such as 0.2, 0.4, 0.6, 0.8, 1.")));
}

/*
 * efficacy(actual, standards, coefficients, weight): the score of the standard
 * reached plus the part of the step to the next.
 */
PG_FUNCTION_INFO_V1(kpi_efficacy_float8);
Datum
kpi_efficacy_float8(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	double		weight = kpi_check_weight(PG_GETARG_FLOAT8(3));
	KpiList		standards;
	KpiList		coefficients;
	double		side;
	double		standard = 0;
	double		coefficient = 0;
	double		result = 0;

	check_efficacy_lists(fcinfo, &standards, &coefficients);
	side = kpi_list_float8(&standards, 1, standards_name) >
		kpi_list_float8(&standards, 0, standards_name) ? 1 : -1;
	for (int i = 0; i < standards.count; i++)
	{
		double		s = kpi_list_float8(&standards, i, standards_name) * side;
		double		c = kpi_list_float8(&coefficients, i, coefficients_name);

		check_standard(i == 0 || s > standard, true, i, float8out_internal(s * side));
		check_coefficient(c >= coefficient, i, float8out_internal(c));
		if (actual * side >= s)
			result = c;
		else if (i > 0 && actual * side > standard)
			result = Min(c, coefficient + (c - coefficient) *
						 kpi_share_of_way(actual * side, s, standard));
		standard = s;
		coefficient = c;
	}
	if (!kpi_is_number(actual))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, weight * result);
}

/* The coefficient between two standards, times the weight, with one division. */
static Numeric
exact_step(Numeric actual, Numeric weight, Numeric s0, Numeric s1, Numeric c0, Numeric c1)
{
	Numeric		run = kpi_numeric_sub(s1, s0);
	Numeric		rise = kpi_numeric_mul(kpi_numeric_sub(actual, s0), kpi_numeric_sub(c1, c0));

	return kpi_numeric_div(kpi_numeric_mul(weight,
										   kpi_numeric_add(kpi_numeric_mul(c0, run), rise)), run);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_efficacy_numeric);
Datum
kpi_efficacy_numeric(PG_FUNCTION_ARGS)
{
	Numeric		actual = PG_GETARG_NUMERIC(0);
	Numeric		weight = PG_GETARG_NUMERIC(3);
	KpiList		standards;
	KpiList		coefficients;
	int			side;
	Numeric		s0 = NULL;
	Numeric		c0 = int64_to_numeric(0);
	Numeric		result = c0;

	kpi_check_numeric_weight(weight);
	check_efficacy_lists(fcinfo, &standards, &coefficients);
	side = kpi_numeric_cmp(kpi_list_numeric(&standards, 1, standards_name),
						   kpi_list_numeric(&standards, 0, standards_name));
	for (int i = 0; i < standards.count; i++)
	{
		Numeric		s = kpi_list_numeric(&standards, i, standards_name);
		Numeric		c = kpi_list_numeric(&coefficients, i, coefficients_name);

		if (i > 0)
			check_standard(kpi_numeric_cmp(s, s0), side, i, kpi_numeric_text(s));
		check_coefficient(kpi_numeric_cmp(c, c0) >= 0, i, kpi_numeric_text(c));
		if (kpi_numeric_cmp(actual, s) * side >= 0)
			result = kpi_numeric_mul(weight, c);
		else if (i > 0 && kpi_is_numeric_number(actual) && kpi_numeric_cmp(actual, s0) * side > 0)
			result = exact_step(actual, weight, s0, s, c0, c);
		s0 = s;
		c0 = c;
	}
	if (!kpi_is_numeric_number(actual))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(result);
}

/* The list of rank_points, and whether the rank is on it. */
static bool
find_rank(FunctionCallInfo fcinfo, KpiList *points)
{
	int32		rank = PG_GETARG_INT32(0);

	if (rank < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rank %d is below 1", rank),
				 errhint("Ranks count from 1, as rank() gives them.")));
	*points = kpi_list(PG_GETARG_ARRAYTYPE_P(1), "points");
	kpi_check_no_nulls(points, "points");
	return rank <= points->count;
}

/* rank_points(rank, points): 0 beyond the list. */
PG_FUNCTION_INFO_V1(kpi_rank_points_float8);
Datum
kpi_rank_points_float8(PG_FUNCTION_ARGS)
{
	KpiList		points;

	if (!find_rank(fcinfo, &points))
		PG_RETURN_FLOAT8(0);
	PG_RETURN_FLOAT8(kpi_list_float8(&points, PG_GETARG_INT32(0) - 1, "points"));
}

/* The same for numeric. */
PG_FUNCTION_INFO_V1(kpi_rank_points_numeric);
Datum
kpi_rank_points_numeric(PG_FUNCTION_ARGS)
{
	KpiList		points;

	if (!find_rank(fcinfo, &points))
		PG_RETURN_NUMERIC(int64_to_numeric(0));
	PG_RETURN_NUMERIC(kpi_list_numeric(&points, PG_GETARG_INT32(0) - 1, "points"));
}

static void
bad_limit(const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("limit %s is not a finite number", value),
			 errhint("A NULL limit is no limit.")));
}

/* zero_below(value, limit): a value at the limit stays. */
PG_FUNCTION_INFO_V1(kpi_zero_below_float8);
Datum
kpi_zero_below_float8(PG_FUNCTION_ARGS)
{
	double		value;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	value = PG_GETARG_FLOAT8(0);
	if (!PG_ARGISNULL(1))
	{
		double		limit = PG_GETARG_FLOAT8(1);

		if (!kpi_is_number(limit))
			bad_limit(float8out_internal(limit));
		if (kpi_is_number(value) && value < limit)
			PG_RETURN_FLOAT8(0);
	}
	return kpi_float8_or_null(fcinfo, value);
}

/* The same for numeric. */
PG_FUNCTION_INFO_V1(kpi_zero_below_numeric);
Datum
kpi_zero_below_numeric(PG_FUNCTION_ARGS)
{
	Numeric		value;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	value = PG_GETARG_NUMERIC(0);
	if (!PG_ARGISNULL(1))
	{
		Numeric		limit = PG_GETARG_NUMERIC(1);

		if (!kpi_is_numeric_number(limit))
			bad_limit(kpi_numeric_text(limit));
		if (kpi_is_numeric_number(value) && kpi_numeric_cmp(value, limit) < 0)
			PG_RETURN_NUMERIC(int64_to_numeric(0));
	}
	if (!kpi_is_numeric_number(value))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(value);
}
