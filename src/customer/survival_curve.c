/*-------------------------------------------------------------------------
 *
 * survival_curve.c
 *	  What is asked of a survival curve: shares, quantiles, means, intervals.
 *
 * With S and Greenwood's sum G of survival.c, z of the confidence and s =
 * sqrt(G), the interval of S(t) is
 *
 *	log-log		S^exp(-+ z s / log S)
 *	log			S exp(-+ z s), up to 1
 *	plain		S -+ z S s, between 0 and 1
 *
 * A quantile p is the first time with S <= 1 - p, up to 1e-12, which sums of
 * rounding need; NULL where the curve does not come down so far.  As a midpoint
 * it is, where S stands at 1 - p for a while, the middle of that while, which
 * ends with the next event.
 *
 * The restricted mean is the area under S up to a horizon (the last time unless
 * told; S stays as it is after it), with the variance
 *
 *	sum of A(t)^2 d / (n (n - d))	over the events up to the horizon,
 *
 * A(t) the area from t to the horizon.  A normal interval is made of it.
 *
 * Sources: Klein and Moeschberger, chapter 4; the restricted mean: J. O. Irwin,
 * "The standard error of an estimate of expectation of life", Journal of
 * Hygiene 47, 1949.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/survival.h"

#include <math.h>

#include "base/check.h"
#include "base/estimate.h"
#include "base/words.h"
#include "funcapi.h"
#include "math/quantile.h"
#include "utils/float.h"

#define TOLERANCE 1e-12

/* The interval of a step. */
static KpiEstimate
interval_of(const KpiStep *step, double z, KpiConfType type)
{
	double		s = sqrt(step->variance);
	double		share = step->survival;
	KpiEstimate result = {share, share * s, NAN, NAN};

	if (step->variance == 0)
		result.lower = result.upper = share;
	else if (share <= 0)
		result.se = NAN;
	else if (type == KPI_CONF_LOG_LOG)
	{
		result.lower = pow(share, exp(-z * s / log(share)));
		result.upper = pow(share, exp(z * s / log(share)));
	}
	else if (type == KPI_CONF_LOG)
	{
		result.lower = share * exp(-z * s);
		result.upper = Min(share * exp(z * s), 1);
	}
	else
	{
		result.lower = Max(share - z * result.se, 0);
		result.upper = Min(share + z * result.se, 1);
	}
	return result;
}

/* The last step up to a time, which argument 1 is; where nothing has happened the start. */
static KpiStep
step_at(FunctionCallInfo fcinfo)
{
	double		time = PG_GETARG_FLOAT8(1);
	KpiWalk		walk;
	KpiStep		step;

	if (isnan(time))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time NaN is none"),
				 errhint("Pass the time that is asked for, in the unit of the durations.")));
	kpi_walk_start(&walk, kpi_survival_argument(PG_GETARG_DATUM(0)));
	do
		step = walk.step;
	while (kpi_walk_next(&walk) && walk.step.time <= time);
	return step;
}

/* Whether there are no subjects in argument 0, so that nothing is known of any time. */
static bool
is_empty(FunctionCallInfo fcinfo)
{
	return ((const KpiSurvival *) PG_GETARG_VARLENA_P(0))->count == 0;
}

/* survival_at(survival, t): the share that lives longer. */
PG_FUNCTION_INFO_V1(kpi_survival_at);
Datum
kpi_survival_at(PG_FUNCTION_ARGS)
{
	if (is_empty(fcinfo))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(step_at(fcinfo).survival);
}

/* survival_ci(survival, t, confidence, conf_type) */
PG_FUNCTION_INFO_V1(kpi_survival_ci);
Datum
kpi_survival_ci(PG_FUNCTION_ARGS)
{
	double		z = kpi_normal_bound(kpi_check_confidence(PG_GETARG_FLOAT8(2)));
	KpiConfType type = kpi_word_argument(fcinfo, 3, &kpi_conf_type_words);
	KpiStep		step;
	KpiEstimate result;

	if (is_empty(fcinfo))
		PG_RETURN_NULL();
	step = step_at(fcinfo);
	result = interval_of(&step, z, type);
	return kpi_estimate_datum(fcinfo, &result);
}

/* The middle of the time for which a share is left, from the step of a walk on; its beginning if that does not end. */
static double
middle_of_share(KpiWalk *walk, double share)
{
	double		from = walk->step.time;

	if (walk->step.survival < share - TOLERANCE)
		return from;
	while (kpi_walk_next(walk))
	{
		if (walk->step.survival < share - TOLERANCE)
			return from + (walk->step.time - from) / 2;
	}
	return from;
}

/* The first time with so few left, or the middle of the time with exactly so few. */
static Datum
time_of_share(FunctionCallInfo fcinfo, double p, bool midpoint)
{
	KpiWalk		walk;

	if (!(p >= 0 && p <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("quantile %s is not between 0 and 1", float8out_internal(p)),
				 errhint("Write 0.5 for the time at which half are left.")));
	if (p == 0)
		PG_RETURN_FLOAT8(0);
	kpi_walk_start(&walk, kpi_survival_argument(PG_GETARG_DATUM(0)));
	while (kpi_walk_next(&walk))
	{
		if (walk.step.survival <= 1 - p + TOLERANCE)
			PG_RETURN_FLOAT8(midpoint ? middle_of_share(&walk, 1 - p) : walk.step.time);
	}
	PG_RETURN_NULL();
}

/* survival_quantile(survival, p, midpoint): when a share p has had the event. */
PG_FUNCTION_INFO_V1(kpi_survival_quantile);
Datum
kpi_survival_quantile(PG_FUNCTION_ARGS)
{
	return time_of_share(fcinfo, PG_GETARG_FLOAT8(1), PG_GETARG_BOOL(2));
}

/* median_survival(survival, midpoint): when half have had it. */
PG_FUNCTION_INFO_V1(kpi_median_survival);
Datum
kpi_median_survival(PG_FUNCTION_ARGS)
{
	return time_of_share(fcinfo, 0.5, PG_GETARG_BOOL(1));
}

/* The horizon in argument 1; the last time where it is NULL. */
static double
horizon_argument(FunctionCallInfo fcinfo, const KpiSurvival *state)
{
	double		horizon;

	if (PG_ARGISNULL(1))
		return state->count > 0 ? state->duration[state->count - 1].time : 0;
	horizon = PG_GETARG_FLOAT8(1);
	if (!kpi_is_number(horizon) || horizon < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("horizon %s is not a finite number of at least 0", float8out_internal(horizon)),
				 errhint("Without a horizon the mean goes up to the last time seen.")));
	return horizon;
}

/* The area under the curve up to the horizon. */
static KpiSum
area(const KpiSurvival *state, double horizon)
{
	KpiSum		sum = {0, 0};
	double		from = 0;
	double		height = 1;
	KpiWalk		walk;

	kpi_walk_start(&walk, state);
	while (kpi_walk_next(&walk) && walk.step.time < horizon)
	{
		kpi_sum_add_product(&sum, height, walk.step.time - from);
		from = walk.step.time;
		height = walk.step.survival;
	}
	kpi_sum_add_product(&sum, height, horizon - from);
	return sum;
}

/* The variance of that area. */
static double
area_variance(const KpiSurvival *state, double horizon, KpiSum left)
{
	double		variance = 0;
	double		before = 0;		/* Greenwood's sum */
	double		from = 0;
	double		height = 1;
	KpiWalk		walk;

	kpi_walk_start(&walk, state);
	while (kpi_walk_next(&walk) && walk.step.time < horizon)
	{
		kpi_sum_add_product(&left, -height, walk.step.time - from);
		from = walk.step.time;
		height = walk.step.survival;
		if (height > 0)
			variance += kpi_sum_value(left) * kpi_sum_value(left) * (walk.step.variance - before);
		before = walk.step.variance;
	}
	return variance;
}

/* mean_survival(survival, horizon, confidence): the restricted mean. */
PG_FUNCTION_INFO_V1(kpi_mean_survival);
Datum
kpi_mean_survival(PG_FUNCTION_ARGS)
{
	const KpiSurvival *state;
	double		horizon;
	double		z;
	KpiSum		mean;
	KpiEstimate result;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	z = kpi_normal_bound(kpi_check_confidence(PG_GETARG_FLOAT8(2)));
	state = kpi_survival_argument(PG_GETARG_DATUM(0));
	horizon = horizon_argument(fcinfo, state);
	if (state->count == 0)
		PG_RETURN_NULL();
	mean = area(state, horizon);
	result.estimate = kpi_sum_value(mean);
	result.se = sqrt(area_variance(state, horizon, mean));
	result.lower = Max(result.estimate - z * result.se, 0);
	result.upper = Min(result.estimate + z * result.se, horizon);
	return kpi_estimate_datum(fcinfo, &result);
}

/* survival_table(survival, confidence, conf_type): a row for each time. */
PG_FUNCTION_INFO_V1(kpi_survival_table);
Datum
kpi_survival_table(PG_FUNCTION_ARGS)
{
	double		z = kpi_normal_bound(kpi_check_confidence(PG_GETARG_FLOAT8(1)));
	KpiConfType type = kpi_word_argument(fcinfo, 2, &kpi_conf_type_words);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	KpiWalk		walk;

	InitMaterializedSRF(fcinfo, 0);
	kpi_walk_start(&walk, kpi_survival_argument(PG_GETARG_DATUM(0)));
	while (kpi_walk_next(&walk))
	{
		KpiEstimate share = interval_of(&walk.step, z, type);
		double		column[] = {
			walk.step.time, walk.step.at_risk, walk.step.events, walk.step.censored,
			share.estimate, share.se, share.lower, share.upper, walk.step.events / walk.step.at_risk, walk.step.hazard
		};
		Datum		value[lengthof(column)];
		bool		isnull[lengthof(column)];

		for (int i = 0; i < (int) lengthof(column); i++)
		{
			value[i] = Float8GetDatum(column[i]);
			isnull[i] = !kpi_is_number(column[i]);
		}
		tuplestore_putvalues(result->setResult, result->setDesc, value, isnull);
	}
	PG_RETURN_NULL();
}
