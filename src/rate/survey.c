/*-------------------------------------------------------------------------
 *
 * survey.c
 *	  What respondents answer on a scale of whole numbers within 0 to 10.
 *
 *	nps			net promoter score: 100 (promoters - detractors) / answers, of 9
 *				and 10 and of 0 to 6
 *	nps_ci		its standard error is 100 sqrt((p + d - (p - d)^2) / n); the
 *				interval is adjusted Wald: three answers are added, 3/4 of them
 *				a promoter and 3/4 a detractor, so that it has a width when all
 *				agree
 *	csat		share of the top boxes, the best two of 1 to 5 unless told
 *	csat_ci		its Wilson interval
 *	ces			mean effort on 1 to 7, turned round where 7 is much effort
 *	mean_rating	mean on a scale, its interval by Student's t, and how many
 *				answers are on the scale and off it
 *
 * State: how often each answer was given, and how many were none of 0 to 10;
 * what of it counts is a matter of the question's scale, and so of the
 * accessor.  NULL rule: a NULL answer is none and is not counted; a number that
 * is not on the scale, NaN included, counts as off the scale and nowhere else;
 * NULL where no answer is on the scale.
 *
 * Sources: F. F. Reichheld, "The one number you need to grow", Harvard Business
 * Review, December 2003; B. Rocks, "Interval estimation for the Net Promoter
 * Score", The American Statistician 70(4), 2016; M. Dixon, K. Freeman and N.
 * Toman, "Stop trying to delight your customers", Harvard Business Review, July
 * 2010 (effort); P. W. Farris et al., Marketing Metrics, chapter 2 (top boxes).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/estimate.h"
#include "base/layout.h"
#include "base/state.h"
#include "base/words.h"
#include "common/int.h"
#include "math/quantile.h"
#include "math/wilson.h"

#define HIGHEST 10				/* of all scales; the lowest is 0 */
#define OFF_SCALE (HIGHEST + 1)
#define COUNTS (HIGHEST + 2)

#define LAST_DETRACTOR 6
#define FIRST_PROMOTER 9

typedef struct KpiAnswers
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[7];
	int64		count[COUNTS];	/* of 0 to 10, and of all else */
} KpiAnswers;

StaticAssertDecl(sizeof(KpiAnswers) == 104, "answers is declared with 104 bytes");

/* The scale of a question. */
typedef struct Scale
{
	int			low;
	int			high;
} Scale;

/* The columns of kpi.rating_result. */
typedef struct RatingRow
{
	double		mean;
	double		se;
	double		lower;
	double		upper;
	double		answers;
	double		off_scale;
} RatingRow;

/* The answers an accessor is asked about. */
static const KpiAnswers *
answers_argument(FunctionCallInfo fcinfo)
{
	return (const KpiAnswers *) PG_GETARG_POINTER(0);
}

/* a + b, or an error beyond bigint. */
static int64
add_counts(int64 a, int64 b)
{
	int64		sum;

	if (pg_add_s64_overflow(a, b, &sum))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of answers out of range")));
	return sum;
}

/* The transition: takes in an answer, or as many as a weight says. */
PG_FUNCTION_INFO_V1(kpi_answers_accum);
Datum
kpi_answers_accum(PG_FUNCTION_ARGS)
{
	KpiAnswers *state = kpi_writable_fixed(fcinfo, sizeof(KpiAnswers));
	double		answer;
	int64		weight = 1;
	int			place = OFF_SCALE;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 2 && PG_ARGISNULL(2)))
		PG_RETURN_POINTER(state);
	answer = PG_GETARG_FLOAT8(1);
	if (PG_NARGS() > 2)
		weight = kpi_check_count(PG_GETARG_FLOAT8(2), "weight");
	if (answer >= 0 && answer <= HIGHEST && rint(answer) == answer)
		place = (int) answer;
	state->count[place] = add_counts(state->count[place], weight);
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_answers_combine);
Datum
kpi_answers_combine(PG_FUNCTION_ARGS)
{
	KpiAnswers *state;
	const KpiAnswers *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiAnswers));
	other = (const KpiAnswers *) PG_GETARG_POINTER(1);
	for (int i = 0; i < COUNTS; i++)
		state->count[i] = add_counts(state->count[i], other->count[i]);
	PG_RETURN_POINTER(state);
}

/* How many answers are from low to high. */
static int64
count_of(const KpiAnswers *answers, int low, int high)
{
	int64		sum = 0;

	for (int i = low; i <= high; i++)
		sum = add_counts(sum, answers->count[i]);
	return sum;
}

/* The scale of arguments n and n + 1. */
static Scale
scale_argument(FunctionCallInfo fcinfo, int n)
{
	Scale		scale;

	scale.low = kpi_check_whole(PG_GETARG_FLOAT8(n), "low");
	scale.high = kpi_check_whole(PG_GETARG_FLOAT8(n + 1), "high");
	if (scale.low < 0 || scale.high > HIGHEST || scale.low >= scale.high)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scale from %d to %d is not within 0 to %d", scale.low, scale.high, HIGHEST),
				 errhint("Longer scales are counted by the caller, see satisfaction_share_agg().")));
	return scale;
}

/* The scale from 1 to the argument n, or to high where it is not given. */
static Scale
scale_from_one(FunctionCallInfo fcinfo, int n, int high)
{
	Scale		scale = {1, high};

	if (PG_NARGS() > n)
		scale.high = kpi_check_whole(PG_GETARG_FLOAT8(n), "scale_max");
	if (scale.high < 2 || scale.high > HIGHEST)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scale_max %d is not between 2 and %d", scale.high, HIGHEST),
				 errhint("Longer scales are counted by the caller, see satisfaction_share_agg().")));
	return scale;
}

/* Promoters and detractors among the answers. */
typedef struct Promotion
{
	double		promoters;
	double		detractors;
	double		answers;
} Promotion;

/* Count them. */
static Promotion
promotion(const KpiAnswers *answers)
{
	Promotion	result;

	result.promoters = (double) count_of(answers, FIRST_PROMOTER, HIGHEST);
	result.detractors = (double) count_of(answers, 0, LAST_DETRACTOR);
	result.answers = (double) count_of(answers, 0, HIGHEST);
	return result;
}

/* nps(answers): -100 to 100. */
PG_FUNCTION_INFO_V1(kpi_nps);
Datum
kpi_nps(PG_FUNCTION_ARGS)
{
	Promotion	p = promotion(answers_argument(fcinfo));

	if (p.answers == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(100 * (p.promoters - p.detractors) / p.answers);
}

/* The standard error of the share of promoters less that of detractors. */
static double
net_error(double promoters, double detractors, double answers)
{
	double		net = (promoters - detractors) / answers;

	return sqrt(Max((promoters + detractors) / answers - net * net, 0) / answers);
}

/* nps_ci(answers, confidence): no end lies beyond what an NPS can be. */
PG_FUNCTION_INFO_V1(kpi_nps_ci);
Datum
kpi_nps_ci(PG_FUNCTION_ARGS)
{
	Promotion	p = promotion(answers_argument(fcinfo));
	double		z = kpi_normal_bound(kpi_check_confidence(PG_GETARG_FLOAT8(1)));
	double		net;
	double		half;
	KpiEstimate result;

	if (p.answers == 0)
		PG_RETURN_NULL();
	result.estimate = 100 * (p.promoters - p.detractors) / p.answers;
	result.se = 100 * net_error(p.promoters, p.detractors, p.answers);
	net = (p.promoters - p.detractors) / (p.answers + 3);
	half = z * net_error(p.promoters + 0.75, p.detractors + 0.75, p.answers + 3);
	result.lower = 100 * Max(net - half, -1);
	result.upper = 100 * Min(net + half, 1);
	return kpi_estimate_datum(fcinfo, &result);
}

/* How many answers there are on the scale, and how many in its top boxes. */
static double
top_boxes(FunctionCallInfo fcinfo, int n, double *all)
{
	const KpiAnswers *answers = answers_argument(fcinfo);
	Scale		scale = scale_from_one(fcinfo, n, 5);
	int			boxes = 2;

	if (PG_NARGS() > n + 1)
		boxes = kpi_check_whole(PG_GETARG_FLOAT8(n + 1), "boxes");
	if (boxes < 1 || boxes >= scale.high)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("boxes %d is not between 1 and %d", boxes, scale.high - 1),
				 errhint("The top boxes are the best answers, such as 4 and 5 of 1 to 5.")));
	*all = (double) count_of(answers, scale.low, scale.high);
	return (double) count_of(answers, scale.high - boxes + 1, scale.high);
}

/* csat(answers, scale_max, boxes): the share of the top boxes. */
PG_FUNCTION_INFO_V1(kpi_csat);
Datum
kpi_csat(PG_FUNCTION_ARGS)
{
	double		all;
	double		top = top_boxes(fcinfo, 1, &all);

	if (all == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(top / all);
}

/* csat_ci(answers, confidence, scale_max, boxes): with its Wilson interval. */
PG_FUNCTION_INFO_V1(kpi_csat_ci);
Datum
kpi_csat_ci(PG_FUNCTION_ARGS)
{
	double		z = kpi_normal_bound(kpi_check_confidence(PG_GETARG_FLOAT8(1)));
	double		all;
	double		top = top_boxes(fcinfo, 2, &all);
	KpiEstimate result;

	if (all == 0)
		PG_RETURN_NULL();
	result = kpi_wilson(top, all, z);
	return kpi_estimate_datum(fcinfo, &result);
}

/* The mean of the answers on a scale; NaN where there are none. */
static double
mean_of(const KpiAnswers *answers, Scale scale, double *all)
{
	double		sum = 0;

	for (int i = scale.low; i <= scale.high; i++)
		sum += (double) answers->count[i] * i;
	*all = (double) count_of(answers, scale.low, scale.high);
	return *all > 0 ? sum / *all : NAN;
}

/* ces(answers, scale_max, direction): the more, the less effort. */
PG_FUNCTION_INFO_V1(kpi_ces);
Datum
kpi_ces(PG_FUNCTION_ARGS)
{
	Scale		scale = scale_from_one(fcinfo, 1, 7);
	KpiDirection direction = KPI_HIGHER;
	double		all;
	double		mean = mean_of(answers_argument(fcinfo), scale, &all);

	if (PG_NARGS() > 2)
		direction = kpi_word_argument(fcinfo, 2, &kpi_direction_words);
	if (direction == KPI_TARGET)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("direction \"target\" is not one of effort"),
				 errhint("Use \"higher\" where the highest answer is the least effort, \"lower\" where it is the most.")));
	if (all == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(direction == KPI_LOWER ? scale.low + scale.high - mean : mean);
}

/* The standard error of a mean of at least two answers; NaN of one. */
static double
mean_error(const KpiAnswers *answers, Scale scale, double mean, double all)
{
	double		sum = 0;

	for (int i = scale.low; i <= scale.high; i++)
		sum += (double) answers->count[i] * (i - mean) * (i - mean);
	return all > 1 ? sqrt(sum / (all - 1) / all) : NAN;
}

/* mean_rating(answers, low, high, confidence): no end of its interval lies beyond the scale. */
PG_FUNCTION_INFO_V1(kpi_mean_rating);
Datum
kpi_mean_rating(PG_FUNCTION_ARGS)
{
	const KpiAnswers *answers = answers_argument(fcinfo);
	Scale		scale = scale_argument(fcinfo, 1);
	double		confidence = kpi_check_confidence(PG_GETARG_FLOAT8(3));
	RatingRow	row = {NAN, NAN, NAN, NAN, 0, 0};

	row.mean = mean_of(answers, scale, &row.answers);
	row.off_scale = (double) count_of(answers, 0, OFF_SCALE) - row.answers;
	row.se = mean_error(answers, scale, row.mean, row.answers);
	if (row.answers > 1)
	{
		double		half = kpi_student_bound(confidence, row.answers - 1) * row.se;

		row.lower = Max(row.mean - half, scale.low);
		row.upper = Min(row.mean + half, scale.high);
	}
	return kpi_number_row(fcinfo, &row.mean, sizeof(row) / sizeof(double));
}

static const KpiLayout layout = {
	.type = "kpi.answers",
	.size = sizeof(KpiAnswers),
	.field = {
		KPI_FIELD(VERSION, KpiAnswers, version),
		KPI_FIELD(COUNT, KpiAnswers, count)
	}
};

KPI_STATE_FORMS(kpi_answers, layout)
