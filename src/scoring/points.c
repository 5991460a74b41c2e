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
 *
 * NULL rule: NULL where an argument is NULL (but for floor and cap, where
 * NULL is none), where actual or target is NaN or infinite, and where the
 * result is beyond float8.  Parameters that are NaN, infinite, out of order or
 * out of range are errors.
 *
 * Numeric method: exact with one division at the end; units are counted as
 * units.c says.  Doubles are taken as their shortest decimals, and only the
 * result is rounded.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/points.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/line.h"
#include "base/list.h"
#include "base/scalar.h"
#include "base/words.h"
#include "scoring/limits.h"
#include "scoring/units.h"
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

/* The error for a parameter that is NaN or infinite. */
static void
bad_parameter(const char *name, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s %s is not a finite number", name, value),
			 errhint("Give points as a number; a negative rate turns the rule round.")));
}

/* The error for a unit that is not positive and finite. */
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

/* The finite numbers that are parameters; actual and target are data. */
static void
check_parameters(const Numeric *number)
{
	for (int i = ARG_BASE; i < ARG_UNIT; i++)
	{
		if (!kpi_is_numeric_number(number[i]))
			bad_parameter(parameter_name[i], kpi_numeric_text(number[i]));
	}
	if (!kpi_is_numeric_number(number[ARG_UNIT]) || kpi_numeric_sign(number[ARG_UNIT]) <= 0)
		bad_unit(kpi_numeric_text(number[ARG_UNIT]));
}

/* Points for the distance of actual and target; slack as in kpi_unit_points. */
static Numeric
add_deduct(const Numeric *number, KpiCounting counting, Numeric slack)
{
	Numeric		distance = kpi_numeric_sub(number[ARG_ACTUAL], number[ARG_TARGET]);
	KpiUnits	units = {number[ARG_BASE], number[ARG_ABOVE], number[ARG_UNIT], counting};

	if (kpi_numeric_sign(distance) <= 0)
	{
		distance = kpi_numeric_abs(distance);
		units.rate = kpi_numeric_sub(int64_to_numeric(0), number[ARG_BELOW]);
	}
	return kpi_unit_points(&units, distance, slack);
}

/*
 * add_deduct(actual, target, base, per_unit_above, per_unit_below, unit,
 * counting, floor, cap): a negative rate serves where lower is better.
 */
PG_FUNCTION_INFO_V1(kpi_add_deduct_float8);
Datum
kpi_add_deduct_float8(PG_FUNCTION_ARGS)
{
	Numeric		number[ARG_UNIT + 1];
	Numeric		points;
	Numeric		slack;
	KpiCounting counting;

	if (lacks_argument(fcinfo))
		PG_RETURN_NULL();
	counting = kpi_check_word(&kpi_counting_words, PG_GETARG_TEXT_PP(ARG_COUNTING));
	for (int i = ARG_ACTUAL; i <= ARG_UNIT; i++)
		number[i] = kpi_float8_numeric(PG_GETARG_FLOAT8(i));
	check_parameters(number);
	if (!kpi_is_numeric_number(number[ARG_ACTUAL]) || !kpi_is_numeric_number(number[ARG_TARGET]))
		PG_RETURN_NULL();
	slack = kpi_float8_slack(PG_GETARG_FLOAT8(ARG_ACTUAL), PG_GETARG_FLOAT8(ARG_TARGET));
	points = add_deduct(number, counting, slack);
	return hold(fcinfo, kpi_clamp_float8,
				Float8GetDatum(kpi_numeric_nearest_double(points) + 0.0));
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_add_deduct_numeric);
Datum
kpi_add_deduct_numeric(PG_FUNCTION_ARGS)
{
	Numeric		number[ARG_UNIT + 1];
	KpiCounting counting;

	if (lacks_argument(fcinfo))
		PG_RETURN_NULL();
	counting = kpi_check_word(&kpi_counting_words, PG_GETARG_TEXT_PP(ARG_COUNTING));
	for (int i = ARG_ACTUAL; i <= ARG_UNIT; i++)
		number[i] = PG_GETARG_NUMERIC(i);
	check_parameters(number);
	if (!kpi_is_numeric_number(number[ARG_ACTUAL]) || !kpi_is_numeric_number(number[ARG_TARGET]))
		PG_RETURN_NULL();
	return hold(fcinfo, kpi_clamp_numeric, NumericGetDatum(add_deduct(number, counting, NULL)));
}

static const char *const standards_name = "standards";
static const char *const coefficients_name = "coefficients";

/* Lists of efficacy that have the right shape. */
static void
check_efficacy_lists(FunctionCallInfo fcinfo, KpiList *standards, KpiList *coefficients)
{
	*standards = kpi_number_list(PG_GETARG_ARRAYTYPE_P(1), standards_name);
	*coefficients = kpi_number_list(PG_GETARG_ARRAYTYPE_P(2), coefficients_name);
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

/* Standards from the lowest to the best, and the share of the weight each earns. */
typedef struct Standards
{
	int			count;
	int			side;			/* 1 where they rise, -1 where they fall */
	Numeric    *standard;
	Numeric    *coefficient;
} Standards;

/* The lists of efficacy, checked. */
static Standards
read_standards(FunctionCallInfo fcinfo)
{
	KpiList		standards;
	KpiList		coefficients;
	Standards	result;

	check_efficacy_lists(fcinfo, &standards, &coefficients);
	result.count = standards.count;
	result.side = 1;
	result.standard = palloc(standards.count * sizeof(Numeric));
	result.coefficient = palloc(standards.count * sizeof(Numeric));
	for (int i = 0; i < standards.count; i++)
	{
		Numeric		s = kpi_list_numeric(&standards, i, standards_name);
		Numeric		c = kpi_list_numeric(&coefficients, i, coefficients_name);
		int			order = i == 0 ? 1 : kpi_numeric_cmp(s, result.standard[i - 1]);

		if (i == 1)
			result.side = order;
		check_standard(order, result.side, i, kpi_numeric_text(s));
		check_coefficient(kpi_numeric_cmp(c, i == 0 ? int64_to_numeric(0) : result.coefficient[i - 1]) >= 0,
						  i, kpi_numeric_text(c));
		result.standard[i] = s;
		result.coefficient[i] = c;
	}
	return result;
}

/* The score of the standard that a finite actual reaches plus the part of the step to the next. */
static Numeric
score_standards(const Standards *standards, Numeric actual, Numeric weight)
{
	int			i = standards->count - 1;
	int			order;
	Numeric		points;

	while (i >= 0 && kpi_numeric_cmp(actual, standards->standard[i]) * standards->side < 0)
		i--;
	if (i < 0)
		return int64_to_numeric(0);
	order = kpi_numeric_cmp(actual, standards->standard[i]);
	points = kpi_numeric_mul(weight, standards->coefficient[i]);
	if (order == 0 || i == standards->count - 1)
		return points;
	return kpi_line(actual, standards->standard[i], points, standards->standard[i + 1],
					kpi_numeric_mul(weight, standards->coefficient[i + 1]));
}

/* efficacy(actual, standards, coefficients, weight). */
PG_FUNCTION_INFO_V1(kpi_efficacy_float8);
Datum
kpi_efficacy_float8(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	double		weight = kpi_check_weight(PG_GETARG_FLOAT8(3));
	Standards	standards = read_standards(fcinfo);

	if (!kpi_is_number(actual))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, kpi_numeric_nearest_double(score_standards(&standards,
																				 kpi_float8_numeric(actual),
																				 kpi_float8_numeric(weight))));
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_efficacy_numeric);
Datum
kpi_efficacy_numeric(PG_FUNCTION_ARGS)
{
	Numeric		actual = PG_GETARG_NUMERIC(0);
	Numeric		weight = PG_GETARG_NUMERIC(3);
	Standards	standards;

	kpi_check_numeric_weight(weight);
	standards = read_standards(fcinfo);
	if (!kpi_is_numeric_number(actual))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(score_standards(&standards, actual, weight));
}

/* Ranks count from 1. */
void
kpi_check_rank(int64 rank)
{
	if (rank < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rank " INT64_FORMAT " is below 1", rank),
				 errhint("Ranks count from 1, as rank() gives them.")));
}

/* rank_points(rank, points): 0 beyond the list. */
PG_FUNCTION_INFO_V1(kpi_rank_points);
Datum
kpi_rank_points(PG_FUNCTION_ARGS)
{
	int32		rank = kpi_check_whole(PG_GETARG_FLOAT8(0), "rank");
	KpiList		points = kpi_number_list(PG_GETARG_ARRAYTYPE_P(1), "points");

	kpi_check_rank(rank);
	kpi_check_no_nulls(&points, "points");
	if (rank > points.count)
		PG_RETURN_NUMERIC(int64_to_numeric(0));
	PG_RETURN_NUMERIC(kpi_list_numeric(&points, rank - 1, "points"));
}
