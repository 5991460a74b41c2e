/*-------------------------------------------------------------------------
 *
 * holt_winters.c
 *	  The method of Holt and Winters.
 *
 * Level, trend and season are smoothed, each with a weight of its own:
 *
 *	level	alpha (x - season) + (1 - alpha) (level + trend)
 *	trend	beta (level - level before) + (1 - beta) trend
 *	season	gamma (x - level) + (1 - gamma) season
 *
 * and with x / season and x / level where the season is a factor.  They begin
 * with the parts of the first two seasons: the season of their classical
 * decomposition, and the straight line through its trend.  The weights are
 * given, or those between 0 and 1 that make the sum of the squared errors of the
 * forecasts one step ahead least.
 *
 * The variance of a forecast is that of the errors, times a sum over the steps.
 *
 * P. R. Winters, "Forecasting sales by exponentially weighted moving averages",
 * Management Science 6, 1960; C. C. Holt 1957, reprinted in International Journal
 * of Forecasting 20, 2004.  Start and errors are those of HoltWinters of R, and so
 * are the variances of additive ones.  Those of multiplicative ones are of C.
 * Chatfield and M. Yar, "Prediction intervals for multiplicative Holt-Winters",
 * International Journal of Forecasting 7, 1991; R has less than the variance of the
 * errors one step ahead there.
 *
 *-------------------------------------------------------------------------
 */
#include "series/holt_winters.h"

#include <math.h>

#include "math/simplex.h"
#include "math/straight.h"
#include "miscadmin.h"
#include "utils/float.h"

#define WEIGHTS 3
#define GRID 4
#define EVALUATIONS 200

/* What the smoothing begins with, and what it goes over. */
typedef struct Smoothing
{
	const double *value;
	int			count;
	int			season;
	bool		is_factor;
	double		level;
	double		trend;
	const double *start;		/* of the season, one season */
	double	   *seasonal;		/* room for the season as it goes on */
} Smoothing;

/* The trend of a classical decomposition around a slot in the first two seasons. */
static double
centred_mean(const double *value, int season, int slot)
{
	int			half = season / 2;
	double		sum = 0;

	for (int i = slot - half; i <= slot + half; i++)
		sum += (season % 2 == 0 && (i == slot - half || i == slot + half) ? 0.5 : 1) * value[i];
	return sum / season;
}

/* The line through the trend of the first two seasons; its first value stands at 1. */
static void
start_line(Smoothing *smoothing)
{
	int			season = smoothing->season;
	int			first = season / 2;
	int			count = 2 * (season - first);
	double	   *trend = palloc(sizeof(double) * count);
	KpiStraight line;

	for (int i = 0; i < count; i++)
		trend[i] = centred_mean(smoothing->value, season, first + i);
	line = kpi_straight_line(trend, count);
	smoothing->trend = line.slope;
	smoothing->level = line.before;
}

/* The season of the first two, by place in the season: the mean of what the trend leaves. */
static void
start_season(Smoothing *smoothing, double *figure)
{
	int			season = smoothing->season;
	int			first = season / 2;
	double		mean = 0;

	for (int place = 0; place < season; place++)
	{
		int			seen = 0;

		figure[place] = 0;
		for (int i = place; i < 2 * season - first; i += season)
		{
			double		trend;

			if (i < first)
				continue;
			trend = centred_mean(smoothing->value, season, i);
			figure[place] += smoothing->is_factor ? smoothing->value[i] / trend : smoothing->value[i] - trend;
			seen++;
		}
		figure[place] /= seen;
		mean += figure[place] / season;
	}
	for (int place = 0; place < season; place++)
		figure[place] = smoothing->is_factor ? figure[place] / mean : figure[place] - mean;
}

/* Begin with the first two seasons. */
static Smoothing
start(const KpiModel *model, const double *value)
{
	Smoothing	smoothing = {.value = value,.count = model->count,.season = model->season};
	double	   *figure = palloc(sizeof(double) * model->season);

	smoothing.is_factor = model->kind == KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE;
	smoothing.seasonal = palloc(sizeof(double) * model->season);
	start_line(&smoothing);
	start_season(&smoothing, figure);
	smoothing.start = figure;
	return smoothing;
}

/* The sum of the squared errors; keeps the last states, and each error where there is room for them. */
static pg_attribute_always_inline double
smooth(const Smoothing *smoothing, const double *weight, bool is_factor, double *states, double *error)
{
	double		level = smoothing->level;
	double		trend = smoothing->trend;
	double		squares = 0;
	int			place = 0;

	memcpy(smoothing->seasonal, smoothing->start, sizeof(double) * smoothing->season);
	for (int i = smoothing->season; i < smoothing->count; i++)
	{
		double		x = smoothing->value[i];
		double		season = smoothing->seasonal[place];
		double		ahead = level + trend;
		double		missed = x - (is_factor ? ahead * season : ahead + season);
		double		before = level;

		squares += missed * missed;
		if (error != NULL)
			error[i] = missed;
		level = weight[0] * (is_factor ? x / season : x - season) + (1 - weight[0]) * ahead;
		trend = weight[1] * (level - before) + (1 - weight[1]) * trend;
		smoothing->seasonal[place] = weight[2] * (is_factor ? x / level : x - level) + (1 - weight[2]) * season;
		place = place + 1 == smoothing->season ? 0 : place + 1;
	}
	states[0] = level;
	states[1] = trend;
	return squares;
}

/* smooth() as the search wants it. */
static double
sum_of_squares(const double *weight, void *data)
{
	const Smoothing *smoothing = data;
	double		states[2];

	if (smoothing->is_factor)
		return smooth(smoothing, weight, true, states, NULL);
	return smooth(smoothing, weight, false, states, NULL);
}

/* The season of the next steps, which begins where the values end. */
static double *
next_season(const Smoothing *smoothing)
{
	double	   *next = palloc(sizeof(double) * smoothing->season);

	for (int i = 0; i < smoothing->season; i++)
		next[i] = smoothing->seasonal[(smoothing->count + i) % smoothing->season];
	return next;
}

/* The variance of the errors around their mean, as R has it. */
static double
error_variance(const double *error, int first, int count)
{
	double		mean = 0;
	double		squares = 0;
	int			n = count - first;

	for (int i = first; i < count; i++)
		mean += error[i] / n;
	for (int i = first; i < count; i++)
		squares += (error[i] - mean) * (error[i] - mean);
	return n > 1 ? squares / (n - 1) : get_float8_nan();
}

/* Follow the values with the weights of the model from some start. */
static void
follow(KpiModel *model, const Smoothing *smoothing)
{
	double		weight[WEIGHTS] = {model->alpha, model->beta, model->gamma};
	double		states[2];

	smooth(smoothing, weight, smoothing->is_factor, states, model->error);
	model->level = states[0];
	model->trend = states[1];
	model->seasonal = next_season(smoothing);
	model->variance = error_variance(model->error, model->season, model->count);
	model->freedom = model->count - model->season - 1;
}

/* Follow the values, two seasons of them at least, with the weights of the model. */
void
kpi_run_holt_winters(KpiModel *model, const double *value)
{
	Smoothing	smoothing = start(model, value);

	follow(model, &smoothing);
}

/* The same with the best weights; false where no weights are any good. */
bool
kpi_fit_holt_winters(KpiModel *model, const double *value)
{
	Smoothing	smoothing = start(model, value);
	KpiBox		box = {.n = WEIGHTS,.high = {1, 1, 1},.function = sum_of_squares,.data = &smoothing};
	static const double step[WEIGHTS] = {0.1, 0.1, 0.1};
	double		weight[WEIGHTS];

	CHECK_FOR_INTERRUPTS();
	kpi_try_grid(&box, GRID, weight);
	if (isinf(kpi_descend(&box, weight, step, EVALUATIONS)))
		return false;
	model->alpha = weight[0];
	model->beta = weight[1];
	model->gamma = weight[2];
	follow(model, &smoothing);
	return true;
}
