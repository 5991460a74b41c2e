/*-------------------------------------------------------------------------
 *
 * status.c
 *	  Whether a target will be reached: on track, at risk or off track.
 *
 * By the probability of reaching it or, where that is not known, by the pace: on
 * track from the first limit on, at risk from the second on, else off track.  A
 * status better than the one before is reached only by a margin beyond its limit,
 * so that it does not go to and fro around one.
 *
 * NULL rule: NULL where probability and pace are NULL or NaN, and where limits or
 * the margin are NULL.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "base/list.h"
#include "base/words.h"
#include "utils/builtins.h"
#include "utils/float.h"

#define LIMITS 2

/* 0.85 is 0.8 and 0.05, though not in binary. */
#define ROUNDING 1e-12

enum
{
	ARG_PROBABILITY, ARG_PACE, ARG_PREVIOUS, ARG_LIMITS, ARG_PACE_LIMITS, ARG_MARGIN
};

/* The limits of on track and at risk, in that order. */
static void
limits_argument(FunctionCallInfo fcinfo, int argument, const char *name, double *limit)
{
	KpiList		list = kpi_number_list(PG_GETARG_ARRAYTYPE_P(argument), name);

	kpi_check_no_nulls(&list, name);
	if (list.count != LIMITS)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements", name, list.count),
				 errhint("Write where on track begins and where at risk begins, such as {0.8,0.5}.")));
	for (int i = 0; i < LIMITS; i++)
		limit[i] = kpi_list_float8(&list, i, name);
	if (!(kpi_is_number(limit[0]) && kpi_is_number(limit[1]) && limit[0] >= limit[1]))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s {%s,%s} do not fall", name, float8out_internal(limit[0]), float8out_internal(limit[1])),
				 errhint("Write where on track begins and where at risk begins, such as {0.8,0.5}.")));
}

/* The margin argument. */
static double
margin_argument(FunctionCallInfo fcinfo)
{
	double		margin = PG_GETARG_FLOAT8(ARG_MARGIN);

	if (!kpi_is_number(margin) || margin < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("margin %s is not a finite number of at least 0", float8out_internal(margin)),
				 errhint("It is how far beyond a limit a status gets better again.")));
	return margin;
}

/* The status of a value. */
static KpiTargetStatus
status_of(double value, const double *limit, KpiTargetStatus previous, double margin)
{
	for (int i = 0; i < LIMITS; i++)
	{
		if (value >= limit[i] + (i < (int) previous ? margin - ROUNDING : 0))
			return (KpiTargetStatus) i;
	}
	return KPI_OFF_TRACK;
}

/* The probability argument, if it is one. */
static bool
probability_argument(FunctionCallInfo fcinfo, double *probability)
{
	if (PG_ARGISNULL(ARG_PROBABILITY))
		return false;
	*probability = PG_GETARG_FLOAT8(ARG_PROBABILITY);
	if (*probability < 0 || *probability > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probability %s is not between 0 and 1", float8out_internal(*probability)),
				 errhint("Pass what attainment_probability() gives.")));
	return kpi_is_number(*probability);
}

/* target_status(probability, pace, previous, limits, pace_limits, margin): a word. */
PG_FUNCTION_INFO_V1(kpi_target_status);
Datum
kpi_target_status(PG_FUNCTION_ARGS)
{
	KpiTargetStatus previous = KPI_ON_TRACK;
	double		limit[LIMITS];
	double		pace_limit[LIMITS];
	double		margin;
	double		value;
	bool		by_probability = probability_argument(fcinfo, &value);

	if (PG_ARGISNULL(ARG_LIMITS) || PG_ARGISNULL(ARG_PACE_LIMITS) || PG_ARGISNULL(ARG_MARGIN))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(ARG_PREVIOUS))
		previous = (KpiTargetStatus) kpi_word_argument(fcinfo, ARG_PREVIOUS, &kpi_target_status_words);
	limits_argument(fcinfo, ARG_LIMITS, "limits", limit);
	limits_argument(fcinfo, ARG_PACE_LIMITS, "pace_limits", pace_limit);
	margin = margin_argument(fcinfo);
	if (!by_probability)
	{
		if (PG_ARGISNULL(ARG_PACE) || !kpi_is_number(value = PG_GETARG_FLOAT8(ARG_PACE)))
			PG_RETURN_NULL();
	}
	PG_RETURN_TEXT_P(cstring_to_text(kpi_target_status_words.word[status_of(value, by_probability ? limit : pace_limit,
																			previous, margin)]));
}
