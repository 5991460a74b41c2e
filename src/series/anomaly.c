/*-------------------------------------------------------------------------
 *
 * anomaly.c
 *	  anomalies(): the values of a series that are unlike the others.
 *
 *	remainder	of trend and season (season.c, robust, summands or factors):
 *				more than 3 interquartile ranges outside the quartiles; of
 *				factors in logarithms
 *	robust_z	0.6745 (x - median) / MAD beyond 3.5, of the values as they are
 *	hampel		the same of the 3 periods on either side, in standard deviations,
 *				1.4826 MAD, beyond 3
 *	tukey		more than 1.5 interquartile ranges outside the quartiles
 *
 * The threshold replaces these numbers.  Where a MAD or a range of quartiles is
 * 0, what the mean distance from the median would make of it takes its place
 * (1.2533 of it for a standard deviation); where that is 0 too, or just rounding,
 * nothing is an anomaly.  With a direction only those are reported that are bad.
 *
 * Sources: B. Iglewicz, D. C. Hoaglin, How to Detect and Handle Outliers, 1993;
 * J. W. Tukey, Exploratory Data Analysis, 1977; F. R. Hampel, "The influence
 * curve and its role in robust estimation", Journal of the American Statistical
 * Association 69, 1974; R. J. Hyndman, G. Athanasopoulos, Forecasting: Principles
 * and Practice, 3rd edition, 2021, section 13.9, for the remainder.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/words.h"
#include "math/order.h"
#include "miscadmin.h"
#include "series/rows.h"
#include "series/season.h"

#define HAMPEL_REACH 3

/* A spread below this share of the greatest value is rounding. */
#define ROUNDING 1e-13

/* The range of quartiles of a normal distribution, in standard deviations. */
#define QUARTILES 1.3489795003921634

/* By method. */
static const double usual_threshold[] = {3, 3.5, 3, 1.5};

/* The arguments after the series, and after the type of periods where that is given. */
enum
{
	METHOD,
	THRESHOLD,
	SEASONALITY,
	DIRECTION,
	ARGUMENTS
};

/* What is usual: below low and above high are anomalies, and how far is counted in spreads. */
typedef struct Usual
{
	double		low;
	double		high;
	double		expected;
	double		spread;			/* 0: nothing is unusual */
	double		from_low;		/* where the distance downwards begins */
	double		from_high;
} Usual;

/* Numbers that are there, at work; how many. */
static int
gather(const double *value, int from, int to, double *work)
{
	int			count = 0;

	for (int i = from; i < to; i++)
	{
		if (!isnan(value[i]))
			work[count++] = value[i];
	}
	return count;
}

/* What is usual around the median of numbers, which are moved. */
static Usual
around_median(double *number, int count, double threshold, double rounding)
{
	Usual		usual = {0};

	usual.expected = usual.from_low = usual.from_high = kpi_median(number, count);
	usual.spread = kpi_robust_deviation(number, count, usual.expected, rounding);
	if (!(usual.spread > rounding))
		usual.spread = 0;
	usual.low = usual.expected - threshold * usual.spread;
	usual.high = usual.expected + threshold * usual.spread;
	return usual;
}

/* What is usual outside the quartiles of numbers, which are moved. */
static Usual
around_quartiles(double *number, int count, double threshold, double rounding)
{
	Usual		usual = {0};

	usual.from_low = kpi_quantile(number, count, 0.25);
	usual.from_high = kpi_quantile(number, count, 0.75);
	usual.expected = kpi_median(number, count);
	usual.spread = usual.from_high - usual.from_low;
	if (!(usual.spread > rounding))
		usual.spread = QUARTILES * kpi_robust_deviation(number, count, usual.expected, rounding);
	if (!(usual.spread > rounding))
		usual.spread = 0;
	usual.low = usual.from_low - threshold * usual.spread;
	usual.high = usual.from_high + threshold * usual.spread;
	return usual;
}

/* How many spreads a value is beyond where that is counted from; 0 where it is usual. */
static double
score_of(double value, const Usual *usual)
{
	if (isnan(value) || usual->spread == 0 || (value >= usual->low && value <= usual->high))
		return 0;
	return (value - (value < usual->low ? usual->from_low : usual->from_high)) / usual->spread;
}

/* What is asked, and where the rows go. */
typedef struct Search
{
	FunctionCallInfo fcinfo;
	KpiRows		rows;
	KpiGrid		grid;
	KpiAnomalyMethod method;
	double		threshold;
	int			bad_side;		/* -1 low, 1 high, 0 both */
	double	   *work;			/* room for the numbers */
} Search;

/* The row of an anomaly, unless it is on the good side. */
static void
put_anomaly(const Search *search, int i, const Usual *usual, double score)
{
	KpiAnswer	answer = {0};

	if (score == 0 || score * search->bad_side < 0)
		return;
	kpi_answer_slot(&answer, &search->rows, &search->grid.step, i);
	kpi_answer_number(&answer, search->grid.value[i]);
	kpi_answer_number(&answer, usual->expected);
	kpi_answer_number(&answer, usual->low);
	kpi_answer_number(&answer, usual->high);
	kpi_answer_number(&answer, score);
	kpi_answer_text(&answer, score < 0 ? "low" : "high");
	kpi_answer_put(search->fcinfo, &answer);
}

/* The same bounds for all values. */
static void
judge_values(const Search *search)
{
	const KpiGrid *grid = &search->grid;
	double		rounding = ROUNDING * kpi_magnitude(grid->value, grid->count);
	int			count = gather(grid->value, 0, grid->count, search->work);
	Usual		usual = search->method == KPI_ANOMALY_TUKEY
	? around_quartiles(search->work, count, search->threshold, rounding)
	: around_median(search->work, count, search->threshold, rounding);

	for (int i = 0; i < grid->count; i++)
		put_anomaly(search, i, &usual, score_of(grid->value[i], &usual));
}

/* Bounds of the periods around each value. */
static void
judge_neighbours(const Search *search)
{
	const KpiGrid *grid = &search->grid;
	double		rounding = ROUNDING * kpi_magnitude(grid->value, grid->count);

	for (int i = 0; i < grid->count; i++)
	{
		int			count = gather(grid->value, Max(i - HAMPEL_REACH, 0), Min(i + HAMPEL_REACH + 1, grid->count),
								   search->work);
		Usual		usual = around_median(search->work, count, search->threshold, rounding);

		CHECK_FOR_INTERRUPTS();
		put_anomaly(search, i, &usual, score_of(grid->value[i], &usual));
	}
}

/* The bounds of remainders, put on what trend and season make. */
static Usual
with_parts(const Usual *usual, const KpiParts *parts, int i)
{
	Usual		moved = *usual;

	if (parts->multiplicative)
	{
		moved.expected = parts->trend[i] * parts->seasonal[i];
		moved.low = moved.expected * exp(usual->low);
		moved.high = moved.expected * exp(usual->high);
		return moved;
	}
	moved.expected = parts->trend[i] + parts->seasonal[i];
	moved.low = moved.expected + usual->low;
	moved.high = moved.expected + usual->high;
	return moved;
}

/* The same bounds for all remainders. */
static void
judge_remainders(const Search *search, int season)
{
	const KpiGrid *grid = &search->grid;
	KpiDecomposing how = {.season = season,.robust = true};
	KpiParts	parts = kpi_decompose_better(grid->value, grid->count, &how);
	double		rounding = ROUNDING * (parts.multiplicative ? 1 : kpi_magnitude(grid->value, grid->count));
	int			count;
	Usual		usual;

	for (int i = 0; parts.multiplicative && i < grid->count; i++)
		parts.remainder[i] = log(parts.remainder[i]);
	count = gather(parts.remainder, 0, grid->count, search->work);
	usual = around_quartiles(search->work, count, search->threshold, rounding);
	for (int i = 0; i < grid->count; i++)
	{
		Usual		here = with_parts(&usual, &parts, i);

		put_anomaly(search, i, &here, score_of(parts.remainder[i], &usual));
	}
}

/* The threshold in an argument, or what is usual. */
static double
threshold_argument(FunctionCallInfo fcinfo, int argument, KpiAnomalyMethod method)
{
	if (PG_ARGISNULL(argument))
		return usual_threshold[method];
	return kpi_check_above_zero(PG_GETARG_FLOAT8(argument), "threshold",
								psprintf("Method \"%s\" usually has %g.", kpi_anomaly_method_words.word[method],
										 usual_threshold[method]));
}

/* The periods of the season in an argument, which the other methods do not have. */
static int
remainder_season(FunctionCallInfo fcinfo, int argument, const Search *search)
{
	if (search->method == KPI_ANOMALY_REMAINDER)
		return kpi_whole_season_argument(fcinfo, argument, &search->grid);
	if (!PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"%s\" has no seasonality", kpi_anomaly_method_words.word[search->method]),
				 errhint("Method \"remainder\" knows of seasons.")));
	return 1;
}

/* anomalies(series [, period_type], method, threshold, seasonality, direction): a row for each. */
PG_FUNCTION_INFO_V1(kpi_anomalies);
Datum
kpi_anomalies(PG_FUNCTION_ARGS)
{
	int			first = PG_NARGS() - ARGUMENTS;
	Search		search = {.fcinfo = fcinfo};
	int			season;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(first + METHOD))
		return kpi_no_rows(fcinfo);
	search.method = kpi_word_argument(fcinfo, first + METHOD, &kpi_anomaly_method_words);
	search.threshold = threshold_argument(fcinfo, first + THRESHOLD, search.method);
	search.bad_side = kpi_bad_side_argument(fcinfo, first + DIRECTION);
	search.grid = kpi_grid_argument(fcinfo, 0);
	season = remainder_season(fcinfo, first + SEASONALITY, &search);
	search.rows = kpi_start_rows(fcinfo, search.grid.step.kind);
	if (search.grid.missing == search.grid.count)
		PG_RETURN_NULL();
	search.work = palloc_extended((Size) search.grid.count * sizeof(double), MCXT_ALLOC_HUGE);
	if (search.method == KPI_ANOMALY_REMAINDER)
		judge_remainders(&search, season);
	else if (search.method == KPI_ANOMALY_HAMPEL)
		judge_neighbours(&search);
	else
		judge_values(&search);
	PG_RETURN_NULL();
}
