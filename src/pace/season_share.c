/*-------------------------------------------------------------------------
 *
 * season_share.c
 *	  What share of a season each of its periods has.
 *
 *	mean		the mean of the shares that a period had in the whole seasons of the
 *				series whose sum is above 0
 *	stl			season and level of the last season by loess (series/season.c), or
 *				the season alone where it is a factor
 *	forecast	the shares of the forecast of the next season
 *	equal		the same for all
 *
 * A season begins in January, of days with a season of 7 on Monday, else with the first
 * period of the series; or with another place of it.  Gaps are filled as for a
 * forecast.  What cannot be had gives way to what can, and the note says so: stl of
 * less than two seasons to mean, and everything to equal where there is less than a
 * season, the sum is not above 0, or a share is below 0.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/check.h"
#include "base/words.h"
#include "series/choose.h"
#include "series/forecast.h"
#include "series/project.h"
#include "series/season.h"

#define DAYS_OF_WEEK 7
/* 2000-01-01, day 0, was a Saturday. */
#define DAYS_SINCE_MONDAY 5

enum
{
	ARG_SERIES, ARG_METHOD, ARG_FIRST, ARG_SEASONALITY
};

/* The shares of a season's periods, from the first on. */
typedef struct SeasonShares
{
	const KpiKnown *known;
	int			first;			/* place of the season that they begin with */
	KpiShareMethod method;
	int			seasons;		/* that they are made of */
	double	   *share;
	const char *note;
} SeasonShares;

/* The place in the season, from 0, of a slot counted from the first value. */
static int
place_of(const SeasonShares *shares, int i)
{
	const KpiStep *step = &shares->known->step;
	int64		season = shares->known->season;
	int64		slot = (int64) shares->known->first + i;
	int64		place = slot;

	if (step->unit == KPI_STEP_MONTHS)
		place = kpi_slot_month(step, 0) / step->size + slot;
	else if (step->unit == KPI_STEP_DAYS && step->size == 1 && season == DAYS_OF_WEEK)
		place = step->first + slot + DAYS_SINCE_MONDAY;
	place = (place - shares->first) % season;
	return (int) (place < 0 ? place + season : place);
}

/* The same share for all. */
static void
share_evenly(SeasonShares *shares, const char *note)
{
	shares->method = KPI_SHARES_EQUAL;
	shares->note = note;
	shares->seasons = 0;
	for (int i = 0; i < shares->known->season; i++)
		shares->share[i] = 1.0 / shares->known->season;
}

/* Add the shares of a season that begins at a value; one whose sum is not above 0 has none. */
static void
add_season(SeasonShares *shares, int begin)
{
	const KpiKnown *known = shares->known;
	double		sum = 0;

	for (int i = begin; i < begin + known->season; i++)
		sum += known->value[i];
	if (!(sum > 0) || isinf(sum))
		return;
	for (int i = begin; i < begin + known->season; i++)
		shares->share[place_of(shares, i)] += known->value[i] / sum;
	shares->seasons++;
}

/* mean: of the whole seasons or, where there is none, of the last values of as many. */
static void
share_by_mean(SeasonShares *shares)
{
	const KpiKnown *known = shares->known;
	bool		whole = false;

	for (int i = 0; i + known->season <= known->count; i++)
	{
		if (place_of(shares, i) != 0)
			continue;
		add_season(shares, i);
		whole = true;
	}
	if (whole)
		return;
	add_season(shares, known->count - known->season);
	shares->note = psprintf("there is no whole season: the last %d periods stand for one", known->season);
}

/* stl: the season of the last values. */
static void
share_by_stl(SeasonShares *shares)
{
	const KpiKnown *known = shares->known;
	KpiDecomposing how = {.season = known->season,.robust = true};
	KpiParts	parts = kpi_decompose_better(known->value, known->count, &how);
	int			begin = known->count - known->season;
	double		level = 0;

	for (int i = begin; i < known->count; i++)
		level += parts.trend[i] / known->season;
	for (int i = begin; i < known->count; i++)
		shares->share[place_of(shares, i)] = parts.seasonal[i] + (parts.multiplicative ? 0 : level);
	shares->seasons = known->count / known->season;
}

/* forecast: the next values. */
static void
share_by_forecast(SeasonShares *shares)
{
	const KpiKnown *known = shares->known;
	KpiModel   *model = kpi_choose_model(known->value, known->count, KPI_MODEL_AUTO, known->season);
	double	   *mean = palloc(sizeof(double) * known->season);
	double	   *deviation = palloc(sizeof(double) * known->season);

	kpi_project(model, known->value, known->season, mean, deviation);
	for (int i = 0; i < known->season; i++)
		shares->share[place_of(shares, known->count + i)] = mean[i];
	shares->seasons = known->count / known->season;
	shares->note = model->note;
}

/* Let the shares sum to 1, or be even where they cannot. */
static void
normalize(SeasonShares *shares)
{
	double		sum = 0;
	double		least = 0;

	for (int i = 0; i < shares->known->season; i++)
	{
		sum += shares->share[i];
		least = Min(least, shares->share[i]);
	}
	if (!(sum > 0) || isinf(sum))
		share_evenly(shares, "no season has a sum above 0: even shares");
	else if (least < 0)
		share_evenly(shares, "a share is below 0: even shares");
	else
	{
		for (int i = 0; i < shares->known->season; i++)
			shares->share[i] /= sum;
	}
}

/* Find the shares by the method, or by what stands in for it. */
static void
find_shares(SeasonShares *shares)
{
	const KpiKnown *known = shares->known;

	if (shares->method == KPI_SHARES_EQUAL)
	{
		share_evenly(shares, NULL);
		return;
	}
	if (known->count < known->season || known->season == 1)
	{
		share_evenly(shares, known->season == 1 ? "the series has no season" :
					 "there is less than a season: even shares");
		return;
	}
	if (shares->method == KPI_SHARES_FORECAST)
		share_by_forecast(shares);
	else if (shares->method == KPI_SHARES_STL && known->count >= 2 * known->season)
		share_by_stl(shares);
	else
	{
		bool		instead = shares->method == KPI_SHARES_STL;

		shares->method = KPI_SHARES_MEAN;
		share_by_mean(shares);
		if (instead && shares->note == NULL)
			shares->note = "there are fewer than 2 seasons: mean shares";
	}
	normalize(shares);
}

/* seasonal_shares(series, method, first, seasonality): shares that sum to 1, and how they were found. */
PG_FUNCTION_INFO_V1(kpi_seasonal_shares);
Datum
kpi_seasonal_shares(PG_FUNCTION_ARGS)
{
	KpiAnswer	answer = {0};
	KpiKnown	known;
	SeasonShares shares = {.known = &known};

	if (PG_ARGISNULL(ARG_SERIES) || PG_ARGISNULL(ARG_METHOD) || PG_ARGISNULL(ARG_FIRST))
		PG_RETURN_NULL();
	shares.method = (KpiShareMethod) kpi_word_argument(fcinfo, ARG_METHOD, &kpi_share_method_words);
	known = kpi_known_argument(fcinfo, ARG_SERIES, ARG_SEASONALITY);
	shares.first = kpi_check_between(PG_GETARG_FLOAT8(ARG_FIRST), "first", 1, known.season,
									 "It is the place in the season that the shares begin with, such as 4 for April.") - 1;
	shares.share = palloc0(sizeof(double) * known.season);
	find_shares(&shares);
	kpi_answer_numbers(&answer, shares.share, known.season);
	kpi_answer_text(&answer, kpi_share_method_words.word[shares.method]);
	kpi_answer_integer(&answer, shares.seasons);
	kpi_answer_integer(&answer, known.count - known.filled);
	kpi_answer_integer(&answer, known.filled);
	kpi_answer_text(&answer, kpi_known_note(&known, shares.note));
	return kpi_answer_row(fcinfo, &answer);
}
