/*-------------------------------------------------------------------------
 *
 * judge.c
 *	  Judging a value: attainment, points, reason and trend of an indicator,
 *	  each rule once.
 *
 *	argument	what a scale turns into points: the attainment, the actual or the
 *				gap s (A - T), positive where it is good; -abs(A - T) where the
 *				target is to be hit.  Without a scale it is the attainment
 *	points		of the scale; of the place for a rank scale; 100 x attainment
 *				without a scale; then 0 below zero_below, and held between floor
 *				and cap
 *	merit		what siblings are ranked by: the argument as the scale rounds it.
 *				An actual goes by the direction of the indicator, within a range
 *				by its attainment
 *	trend		1 where things improve: higher and lower go by the actuals,
 *				direction target by the attainments
 *
 * NULL rule: what is made of something that is missing is missing.  A value
 * that is NaN, infinite, or of a magnitude of 1e1000 or more is no actual.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/judge.h"

#include "base/check.h"
#include "base/exact.h"
#include "scoring/limits.h"
#include "utils/builtins.h"

/* Digits of a numeric in base 10000 before the point: 1e1000 has 251 of them. */
#define TOO_MANY_GROUPS 250

/* Call a function whose arguments and result may be NULL. */
static Numeric
call(PGFunction function, Numeric a, Numeric b, Numeric c)
{
	LOCAL_FCINFO(fcinfo, 3);
	const Numeric argument[] = {a, b, c};
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, NULL, 3, InvalidOid, NULL, NULL);
	for (int i = 0; i < 3; i++)
	{
		fcinfo->args[i].value = NumericGetDatum(argument[i]);
		fcinfo->args[i].isnull = argument[i] == NULL;
	}
	result = function(fcinfo);
	return fcinfo->isnull ? NULL : DatumGetNumeric(result);
}

/* Whether scores can be made of a value: finite, and of a magnitude below 1e1000. */
bool
kpi_is_usable(Numeric value)
{
	const char *stored = VARDATA(value);
	uint16		header;
	int16		weight;

	memcpy(&header, stored, sizeof(header));
	if (KPI_NUMERIC_HEADER_KIND(header) == KPI_NUMERIC_KIND_SPECIAL)
		return false;
	/* the short form has a weight of 63 at most */
	if (KPI_NUMERIC_HEADER_KIND(header) == KPI_NUMERIC_KIND_SHORT)
		return true;
	memcpy(&weight, stored + sizeof(header), sizeof(weight));
	return weight < TOO_MANY_GROUPS;
}

/* 1 where the target is met, else 0. */
static Numeric
binary_attainment(KpiDirection direction, Numeric actual, Numeric target)
{
	int			order;

	return kpi_compare_numbers(NumericGetDatum(actual), NumericGetDatum(target), &order) ?
		int64_to_numeric(kpi_is_met(direction, order)) : NULL;
}

/* Attainment by the method of an indicator; NULL where it has a reason to have none. */
Numeric
kpi_judge_attainment(const KpiTerms *terms, Numeric actual, const KpiAim *aim)
{
	const KpiLimits *limits = &aim->limits;

	if (kpi_attainment_reason(terms->method, terms->zero_target, actual, aim) != NULL)
		return NULL;
	switch (terms->method)
	{
		case KPI_ATTAINMENT_RATIO:
			return kpi_attainment_exact(NumericGetDatum(actual), NumericGetDatum(aim->target),
										terms->direction, terms->zero_target);
		case KPI_ATTAINMENT_INVERSE:
			return call(kpi_attainment_inverse_numeric, actual, aim->target, NULL);
		case KPI_ATTAINMENT_PROGRESS:
			return call(kpi_progress_numeric, actual, aim->target, aim->baseline);
		case KPI_ATTAINMENT_SPAN:
			return terms->direction == KPI_LOWER ? call(kpi_progress_numeric, actual, limits->low, limits->high) :
				call(kpi_progress_numeric, actual, limits->high, limits->low);
		case KPI_ATTAINMENT_RANGE:
			return kpi_within_limits(actual, limits, int64_to_numeric(1));
		case KPI_ATTAINMENT_BINARY:
			return binary_attainment(terms->direction, actual, aim->target);
	}
	return NULL;
}

/* How far the actual is beyond the target; positive is good. */
static Numeric
gap_of(const KpiTerms *terms, Numeric actual, Numeric target)
{
	Numeric		distance;

	if (actual == NULL || target == NULL)
		return NULL;
	if (terms->direction == KPI_LOWER)
		return kpi_numeric_sub(target, actual);
	distance = kpi_numeric_sub(actual, target);
	return terms->direction == KPI_HIGHER ? distance :
		kpi_numeric_sub(int64_to_numeric(0), kpi_numeric_abs(distance));
}

/* What the scale turns into points. */
Numeric
kpi_judge_argument(const KpiTerms *terms, const KpiScale *scale, const KpiCase *of)
{
	if (scale == NULL || scale->of == KPI_OF_ATTAINMENT)
		return of->attainment;
	return scale->of == KPI_OF_ACTUAL ? of->actual : gap_of(terms, of->actual, of->aim.target);
}

/* What siblings are ranked by on a rank scale, the greatest first. */
Numeric
kpi_judge_merit(const KpiTerms *terms, const KpiScale *scale, const KpiCase *of)
{
	Numeric		merit = kpi_judge_argument(terms, scale, of);

	if (scale->of == KPI_OF_ACTUAL && terms->method == KPI_ATTAINMENT_RANGE)
		return of->attainment == NULL ? NULL : kpi_scale_round(scale, of->attainment);
	if (merit != NULL && scale->of == KPI_OF_ACTUAL && terms->direction != KPI_HIGHER)
		merit = terms->direction == KPI_LOWER ? kpi_numeric_sub(int64_to_numeric(0), merit) :
			gap_of(terms, of->actual, of->aim.target);
	return merit == NULL ? NULL : kpi_scale_round(scale, merit);
}

/* Points by a scale, of its argument, or of the place where it ranks; 0 is no place. */
Numeric
kpi_judge_points(Numeric argument, int64 place, const KpiScale *scale)
{
	if (scale != NULL && scale->form == KPI_SCALE_RANK)
		return place == 0 ? NULL : kpi_rank_points_of(scale, place);
	if (argument == NULL)
		return NULL;
	return scale != NULL ? kpi_scale_points(scale, argument) :
		kpi_numeric_mul(int64_to_numeric(100), argument);
}

/* Points within the limits of a node. */
Numeric
kpi_judge_limits(Numeric points, const KpiPointLimits *limits)
{
	if (points != NULL && limits->zero_below != NULL)
		points = call(kpi_zero_below_numeric, points, limits->zero_below, NULL);
	if (points != NULL && (limits->floor != NULL || limits->cap != NULL))
		points = call(kpi_clamp_numeric, points, limits->floor, limits->cap);
	return points;
}

/* Why a value has no attainment, or no gap where the scale is of it; NULL where it has one. */
const char *
kpi_judge_reason(const KpiTerms *terms, const KpiScale *scale, const KpiCase *of)
{
	const char *reason;

	if (of->actual == NULL && (of->value != NULL || of->invalid))
		return "invalid";
	if (of->value != NULL && of->target_reason != NULL && strcmp(of->target_reason, "no_target") != 0)
		return of->target_reason;
	reason = kpi_attainment_reason(terms->method, terms->zero_target, of->value, &of->aim);
	return reason == NULL && scale != NULL && scale->of == KPI_OF_GAP && of->aim.target == NULL ? "no_target" : reason;
}

/* 1 where things improve, -1 where they worsen, 0 where they stay, KPI_NO_TREND where one is missing. */
int
kpi_judge_trend(KpiDirection direction, Numeric actual, Numeric previous_actual,
				Numeric attainment, Numeric previous_attainment)
{
	Numeric		now = direction == KPI_TARGET ? attainment : actual;
	Numeric		before = direction == KPI_TARGET ? previous_attainment : previous_actual;
	int			order;

	if (now == NULL || before == NULL || !kpi_is_numeric_number(now) || !kpi_is_numeric_number(before))
		return KPI_NO_TREND;
	order = kpi_numeric_cmp(now, before);
	order = (order > 0) - (order < 0);
	return direction == KPI_LOWER ? -order : order;
}

/* An argument, NULL where it is. */
static Numeric
numeric_argument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : PG_GETARG_NUMERIC(n);
}

/* The limits of a target in four arguments. */
static KpiLimits
limits_arguments(FunctionCallInfo fcinfo, int first)
{
	KpiLimits	limits = {
		numeric_argument(fcinfo, first), numeric_argument(fcinfo, first + 1),
		numeric_argument(fcinfo, first + 2), numeric_argument(fcinfo, first + 3)
	};

	return limits;
}

/* usable(value): the value, where scores can be made of it. */
PG_FUNCTION_INFO_V1(kpi_usable);
Datum
kpi_usable(PG_FUNCTION_ARGS)
{
	if (!kpi_is_usable(PG_GETARG_NUMERIC(0)))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/* Whether the words of an indicator are there, and what they mean. */
static bool
terms_arguments(FunctionCallInfo fcinfo, int method, int direction, int zero_target, KpiTerms *terms)
{
	if (PG_ARGISNULL(method) || PG_ARGISNULL(direction) || PG_ARGISNULL(zero_target))
		return false;
	terms->method = kpi_word_argument(fcinfo, method, &kpi_attainment_method_words);
	terms->direction = kpi_word_argument(fcinfo, direction, &kpi_direction_words);
	terms->zero_target = kpi_word_argument(fcinfo, zero_target, &kpi_zero_target_words);
	return true;
}

/* attainment_by(method, actual, target, baseline, direction, zero_target, low, high, outer_low, outer_high) */
PG_FUNCTION_INFO_V1(kpi_attainment_by);
Datum
kpi_attainment_by(PG_FUNCTION_ARGS)
{
	KpiTerms	terms;
	KpiAim		aim = {numeric_argument(fcinfo, 2), numeric_argument(fcinfo, 3), limits_arguments(fcinfo, 6)};
	Numeric		result = NULL;

	if (terms_arguments(fcinfo, 0, 4, 5, &terms))
		result = kpi_judge_attainment(&terms, numeric_argument(fcinfo, 1), &aim);
	if (result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(result);
}

/*
 * points_for(actual, target, baseline, method, direction, zero_target, scale, zero_below, floor, cap,
 * low, high, outer_low, outer_high)
 */
PG_FUNCTION_INFO_V1(kpi_points_for);
Datum
kpi_points_for(PG_FUNCTION_ARGS)
{
	KpiTerms	terms;
	const KpiScale *scale = PG_ARGISNULL(6) ? NULL : kpi_scale_value(PG_GETARG_DATUM(6));
	KpiPointLimits limits = {numeric_argument(fcinfo, 7), numeric_argument(fcinfo, 8), numeric_argument(fcinfo, 9)};
	KpiCase		of = {0};
	Numeric		points;

	if (!terms_arguments(fcinfo, 3, 4, 5, &terms))
		PG_RETURN_NULL();
	of.actual = numeric_argument(fcinfo, 0);
	of.aim.target = numeric_argument(fcinfo, 1);
	of.aim.baseline = numeric_argument(fcinfo, 2);
	of.aim.limits = limits_arguments(fcinfo, 10);
	if (of.actual != NULL && !kpi_is_usable(of.actual))
		of.actual = NULL;
	of.attainment = kpi_judge_attainment(&terms, of.actual, &of.aim);
	points = kpi_judge_limits(kpi_judge_points(kpi_judge_argument(&terms, scale, &of), 0, scale), &limits);
	if (points == NULL)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(points);
}

/* reason_for(value, note, target, target_reason, baseline, method, zero_target, low, high, outer_low, outer_high) */
PG_FUNCTION_INFO_V1(kpi_reason_for);
Datum
kpi_reason_for(PG_FUNCTION_ARGS)
{
	KpiTerms	terms = {.direction = KPI_HIGHER};
	KpiCase		of = {0};
	const char *reason;

	if (PG_ARGISNULL(5) || PG_ARGISNULL(6))
		PG_RETURN_NULL();
	terms.method = kpi_word_argument(fcinfo, 5, &kpi_attainment_method_words);
	terms.zero_target = kpi_word_argument(fcinfo, 6, &kpi_zero_target_words);
	of.value = numeric_argument(fcinfo, 0);
	of.actual = of.value != NULL && kpi_is_usable(of.value) ? of.value : NULL;
	of.invalid = !PG_ARGISNULL(1) && strcmp(text_to_cstring(PG_GETARG_TEXT_PP(1)), KPI_INVALID_NOTE) == 0;
	of.aim.target = numeric_argument(fcinfo, 2);
	of.aim.limits = limits_arguments(fcinfo, 7);
	of.target_reason = PG_ARGISNULL(3) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(3));
	of.aim.baseline = numeric_argument(fcinfo, 4);
	reason = kpi_judge_reason(&terms, NULL, &of);
	if (reason == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(reason));
}

/* trend_of(direction, actual, previous_actual, attainment, previous_attainment) */
PG_FUNCTION_INFO_V1(kpi_trend_of);
Datum
kpi_trend_of(PG_FUNCTION_ARGS)
{
	int			trend;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	trend = kpi_judge_trend(kpi_word_argument(fcinfo, 0, &kpi_direction_words), numeric_argument(fcinfo, 1),
							numeric_argument(fcinfo, 2), numeric_argument(fcinfo, 3), numeric_argument(fcinfo, 4));
	if (trend == KPI_NO_TREND)
		PG_RETURN_NULL();
	PG_RETURN_INT32(trend);
}
