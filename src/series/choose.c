/*-------------------------------------------------------------------------
 *
 * choose.c
 *	  Models that forecast a series: the plain ones, Theta, and which to take.
 *
 *	naive			the last value
 *	seasonal_naive	the value of the last season
 *	drift			the last value, and on with the mean step
 *	mean			the mean of all values
 *	theta			simple smoothing of the values without their season, and on with
 *					half the slope of the line through them; the season is put on
 *					again where it is significant at 90 %
 *
 * auto takes, of simple, damped, and where there is a season of the additive and
 * (of values above 0) multiplicative ones with and without a damped trend, the one
 * with the least AICc; of the seasonal ones alone where the season is strong.  That
 * is 1 - variance of the remainder / variance of season and remainder, each by its
 * degrees of freedom, of at least 0.64: the AICc of few years counts each month as a
 * parameter, and would leave out the plainest season.
 *
 * The MASE of a model is the mean absolute error of its forecasts one step ahead,
 * divided by that of the seasonal naive forecast of the same values.  A model
 * that was fitted and has the larger mean squared error of the two gives way to
 * the seasonal naive one, and says so.
 *
 * R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 4.3 and
 * chapter 5; X. Wang, K. Smith and R. Hyndman, "Characteristic-based clustering for
 * time series data", Data Mining and Knowledge Discovery 13, 2006 (strength; the bound
 * is that of nsdiffs of the R package forecast); R. J. Hyndman and A. B. Koehler, "Another look at measures of forecast accuracy",
 * International Journal of Forecasting 22, 2006; V. Assimakopoulos and K.
 * Nikolopoulos, "The theta model", International Journal of Forecasting 16, 2000, in
 * the form of R. J. Hyndman and B. Billah, International Journal of Forecasting
 * 19, 2003.
 *
 *-------------------------------------------------------------------------
 */
#include "series/choose.h"

#include <math.h>

#include "base/words.h"
#include "math/order.h"
#include "math/straight.h"
#include "series/holt_winters.h"
#include "series/season.h"
#include "series/smoothing.h"
#include "utils/float.h"

/* The two-sided bound of 90 %. */
#define SEASON_BOUND 1.6448536269514722

/* From here on a season is strong. */
#define STRONG 0.64

/* Errors below this share of the greatest value are rounding. */
#define ROUNDING 1e-12

/* Fewer values than these are smoothed without a trend or a season. */
#define FEW 5

/* The sum of the squared errors, from the first that there is. */
static double
squared_errors(const KpiModel *model, int *errors)
{
	double		squares = 0;

	*errors = 0;
	for (int i = 0; i < model->count; i++)
	{
		if (isnan(model->error[i]))
			continue;
		squares += model->error[i] * model->error[i];
		++*errors;
	}
	return squares;
}

/* The variance of the errors of a model with so many parameters. */
static void
set_variance(KpiModel *model, int parameters)
{
	int			errors;
	double		squares = squared_errors(model, &errors);

	if (errors <= parameters)
		return;
	model->freedom = errors - parameters;
	model->variance = squares / model->freedom;
}

/* naive, seasonal_naive and drift: so many steps back, and on with some slope. */
static void
fit_earlier(KpiModel *model, const double *value, int back, double slope)
{
	for (int i = back; i < model->count; i++)
		model->error[i] = value[i] - value[i - back] - slope;
	model->level = value[model->count - 1];
	if (model->kind == KPI_MODEL_DRIFT)
		model->trend = slope;
	set_variance(model, model->kind == KPI_MODEL_DRIFT ? 1 : 0);
}

/* mean: errors around the mean of all values. */
static void
fit_mean(KpiModel *model, const double *value)
{
	model->level = kpi_straight_line(value, model->count).mean;
	for (int i = 0; i < model->count; i++)
		model->error[i] = value[i] - model->level;
	set_variance(model, 1);
}

/* The correlation of values with those so many before, as time series have it. */
static double
autocorrelation(const double *value, int count, double mean, int lag)
{
	double		both = 0;
	double		squares = 0;

	for (int i = 0; i < count; i++)
	{
		squares += (value[i] - mean) * (value[i] - mean);
		if (i >= lag)
			both += (value[i] - mean) * (value[i - lag] - mean);
	}
	return squares > 0 ? both / squares : 0;
}

/* Whether the season is significant at 90 %: the correlation with the last one, by Bartlett's formula. */
static bool
is_seasonal(const double *value, int count, int season)
{
	double		mean = kpi_straight_line(value, count).mean;
	double		squares = 0;

	if (season < 2 || count <= 2 * season || !kpi_are_positive(value, count))
		return false;
	for (int lag = 1; lag < season; lag++)
	{
		double		r = autocorrelation(value, count, mean, lag);

		squares += r * r;
	}
	return fabs(autocorrelation(value, count, mean, season)) > SEASON_BOUND * sqrt((1 + 2 * squares) / count);
}

/* How far the drift of Theta has come after so many values. */
static double
theta_drift(const KpiModel *model, int values)
{
	return model->trend * (1 - pow(1 - model->alpha, values)) / model->alpha;
}

/* theta: smooth the values without their season. */
static void
fit_theta(KpiModel *model, const double *value)
{
	KpiModel   *simple = kpi_new_model(KPI_MODEL_SIMPLE, 1, model->count);
	double	   *plain = palloc(sizeof(double) * model->count);
	KpiParts	parts = {0};

	memcpy(plain, value, sizeof(double) * model->count);
	if (is_seasonal(value, model->count, model->season))
	{
		KpiDecomposing how = {.season = model->season,.classical = true};

		parts = kpi_decompose_factors(value, model->count, &how);
		model->seasonal = palloc(sizeof(double) * model->season);
		for (int i = 0; i < model->season; i++)
			model->seasonal[i] = parts.seasonal[(model->count + i) % model->season];
		for (int i = 0; i < model->count; i++)
			plain[i] /= parts.seasonal[i];
	}
	kpi_fit_smoothing(simple, plain);
	model->alpha = simple->alpha;
	model->level = simple->level;
	model->variance = simple->variance;
	model->freedom = simple->freedom;
	model->trend = kpi_straight_line(plain, model->count).slope / 2;
	for (int i = 0; i < model->count; i++)
		model->error[i] = (simple->error[i] - theta_drift(model, i)) *
			(parts.seasonal != NULL ? parts.seasonal[i] : 1);
}

/* The error of a model that does not go with values of 0 and below. */
static void
check_positive(const KpiModel *model, const double *value)
{
	for (int i = 0; i < model->count; i++)
	{
		if (value[i] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("value %s does not go with forecast model \"%s\"", float8out_internal(value[i]),
							kpi_model_words.word[model->kind]),
					 errhint("A season that is a factor needs values above 0; use an additive model.")));
	}
}

/* Whether the season of a model is a factor. */
static bool
is_multiplicative(KpiModelKind kind)
{
	return kind == KPI_MODEL_SEASONAL_MULTIPLICATIVE || kind == KPI_MODEL_DAMPED_MULTIPLICATIVE ||
		kind == KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE;
}

/* Fit a model that goes with the values. */
void
kpi_fit_model(KpiModel *model, const double *value)
{
	int			count = model->count;

	if (is_multiplicative(model->kind))
		check_positive(model, value);
	switch (model->kind)
	{
		case KPI_MODEL_NAIVE:
			fit_earlier(model, value, 1, 0);
			break;
		case KPI_MODEL_SEASONAL_NAIVE:
			fit_earlier(model, value, model->season, 0);
			break;
		case KPI_MODEL_DRIFT:
			fit_earlier(model, value, 1, count > 1 ? (value[count - 1] - value[0]) / (count - 1) : 0);
			break;
		case KPI_MODEL_MEAN:
			fit_mean(model, value);
			break;
		case KPI_MODEL_THETA:
			fit_theta(model, value);
			break;
		case KPI_MODEL_HOLT_WINTERS_ADDITIVE:
		case KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE:
			kpi_fit_holt_winters(model, value);
			break;
		default:
			kpi_fit_smoothing(model, value);
	}
}

/* Absolute and squared errors of a model and of the seasonal naive one, for the same values. */
typedef struct Loss
{
	double		absolute;
	double		naive_absolute;
	double		squares;
	double		naive_squares;
} Loss;

/* The losses, over the values that both forecast. */
static Loss
find_loss(const KpiModel *model, const double *value)
{
	Loss		loss = {0};

	for (int i = model->season; i < model->count; i++)
	{
		double		naive = value[i] - value[i - model->season];

		if (isnan(model->error[i]))
			continue;
		loss.absolute += fabs(model->error[i]);
		loss.naive_absolute += fabs(naive);
		loss.squares += model->error[i] * model->error[i];
		loss.naive_squares += naive * naive;
	}
	return loss;
}

/* Set the MASE of a fitted model; NaN where the seasonal naive forecast has no errors. */
void
kpi_measure_model(KpiModel *model, const double *value)
{
	Loss		loss = find_loss(model, value);

	if (loss.naive_absolute > 0)
		model->mase = loss.absolute / loss.naive_absolute;
}

/* A plain model of the values. */
static KpiModel *
plain_model(KpiModelKind kind, const double *value, int count, int season, const char *note)
{
	KpiModel   *model = kpi_new_model(kind, season, count);

	kpi_fit_model(model, value);
	kpi_measure_model(model, value);
	model->note = note;
	return model;
}

/* Whether the seasonal naive forecast has smaller squares by more than rounding, or the model has none. */
static bool
is_worse(const KpiModel *model, const Loss *loss, const double *value)
{
	double		rounding = ROUNDING * kpi_magnitude(value, model->count);

	return !(loss->squares <= loss->naive_squares + model->count * rounding * rounding) || isnan(model->level);
}

/* The model, or the seasonal naive one where that has smaller errors. */
static KpiModel *
guard(KpiModel *model, const double *value)
{
	Loss		loss = find_loss(model, value);
	bool		fitted = model->kind >= KPI_MODEL_SIMPLE;
	KpiModelKind kind = model->season > 1 ? KPI_MODEL_SEASONAL_NAIVE : KPI_MODEL_NAIVE;
	const char *note;

	kpi_measure_model(model, value);
	if (!fitted || !is_worse(model, &loss, value))
		return model;
	note = isnan(model->mase) ? psprintf("%s loses to %s", kpi_model_words.word[model->kind], kpi_model_words.word[kind])
		: psprintf("%s loses to %s: its MASE is %.3f", kpi_model_words.word[model->kind],
				   kpi_model_words.word[kind], model->mase);
	return plain_model(kind, value, model->count, model->season, note);
}

/* The model of that kind without a season. */
static KpiModelKind
without_season(KpiModelKind kind)
{
	switch (kind)
	{
		case KPI_MODEL_SEASONAL_NAIVE:
			return KPI_MODEL_NAIVE;
		case KPI_MODEL_SEASONAL_ADDITIVE:
		case KPI_MODEL_SEASONAL_MULTIPLICATIVE:
			return KPI_MODEL_SIMPLE;
		case KPI_MODEL_DAMPED_ADDITIVE:
		case KPI_MODEL_DAMPED_MULTIPLICATIVE:
			return KPI_MODEL_DAMPED;
		case KPI_MODEL_HOLT_WINTERS_ADDITIVE:
		case KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE:
			return KPI_MODEL_HOLT;
		default:
			return kind;
	}
}

/* Whether the season is strong: what it takes off the variance around the trend. */
static bool
is_strong(const double *value, int count, int season)
{
	KpiDecomposing how = {.season = season};
	KpiParts	parts;
	double		around = 0;
	double		left = 0;
	int			freedom = count - season - 2;

	if (season < 2 || freedom < 1)
		return false;
	parts = kpi_decompose(value, count, &how);
	for (int i = 0; i < count; i++)
	{
		double		both = parts.seasonal[i] + parts.remainder[i];

		around += both * both;
		left += parts.remainder[i] * parts.remainder[i];
	}
	return left / freedom <= (1 - STRONG) * around / (count - 3);
}

/* The model of auto that has the least AICc; NULL where there are too few values for any. */
static KpiModel *
best_model(const double *value, int count, int season)
{
	static const KpiModelKind tried[] = {
		KPI_MODEL_SIMPLE, KPI_MODEL_DAMPED, KPI_MODEL_SEASONAL_ADDITIVE, KPI_MODEL_DAMPED_ADDITIVE,
		KPI_MODEL_SEASONAL_MULTIPLICATIVE, KPI_MODEL_DAMPED_MULTIPLICATIVE
	};
	bool		positive = kpi_are_positive(value, count);
	bool		strong = is_strong(value, count, season);
	KpiModel   *best = NULL;

	for (int i = 0; i < (int) lengthof(tried); i++)
	{
		KpiModel   *model;
		bool		seasonal = without_season(tried[i]) != tried[i];

		if ((seasonal && season < 2) || (strong && !seasonal) || (is_multiplicative(tried[i]) && !positive) ||
			(count < FEW && tried[i] != KPI_MODEL_SIMPLE))
			continue;
		model = kpi_new_model(tried[i], season, count);
		if (kpi_fit_smoothing(model, value) && (best == NULL || model->aicc < best->aicc))
			best = model;
	}
	return best;
}

/* What so few values make of the kind: with a trend or a season a model would go through all of them. */
static const char *
check_count(KpiModelKind *kind, int count)
{
	if (count >= FEW || *kind <= KPI_MODEL_SIMPLE)
		return NULL;
	*kind = KPI_MODEL_SIMPLE;
	return psprintf("there are fewer than %d values", FEW);
}

/* Two notes as one; NULL for none. */
static const char *
join_notes(const char *first, const char *second)
{
	if (first == NULL || second == NULL)
		return first != NULL ? first : second;
	return psprintf("%s; %s", first, second);
}

/* Whether all values are equal. */
static bool
are_equal(const double *value, int count)
{
	for (int i = 1; i < count; i++)
	{
		if (value[i] != value[0])
			return false;
	}
	return true;
}

/* What a season that the values do not fill makes of the kind, and the note about it. */
static const char *
check_season(KpiModelKind *kind, int *season, int count)
{
	bool		wanted = without_season(*kind) != *kind;
	int			seasons = *kind == KPI_MODEL_SEASONAL_NAIVE ? 1 : 2;

	if (*season > 1 && count >= seasons * *season)
		return NULL;
	if (*season < 2)
	{
		*kind = without_season(*kind);
		return wanted ? "the series has no season" : NULL;
	}
	*season = 1;
	*kind = without_season(*kind);
	return wanted || *kind == KPI_MODEL_AUTO ? psprintf("there are fewer than %d seasons", seasons) : NULL;
}

/* The model of that kind, fitted to values without gaps, or the one that stands in for it. */
KpiModel *
kpi_choose_model(const double *value, int count, KpiModelKind kind, int season)
{
	const char *few = check_count(&kind, count);
	const char *note = join_notes(few, check_season(&kind, &season, count));
	KpiModel   *model;

	if (count == 1)
		return plain_model(KPI_MODEL_NAIVE, value, count, 1, "there is one value");
	if (are_equal(value, count))
		return plain_model(KPI_MODEL_NAIVE, value, count, 1, "all values are equal");
	if (kind == KPI_MODEL_AUTO)
		model = best_model(value, count, season);
	else
	{
		model = kpi_new_model(kind, season, count);
		kpi_fit_model(model, value);
	}
	if (model == NULL)
		model = kpi_new_model(KPI_MODEL_SIMPLE, season, count);
	model = guard(model, value);
	model->note = join_notes(note, model->note);
	return model;
}
