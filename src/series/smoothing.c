/*-------------------------------------------------------------------------
 *
 * smoothing.c
 *	  Exponential smoothing by maximum likelihood.
 *
 * With level l, trend b, season s and the error e of the forecast one step ahead,
 *
 *	additive		x = l + phi b + s + e
 *	multiplicative	x = (l + phi b) s + e, and e / (x - e) has one variance
 *
 *	l = l + phi b + alpha e / s		(without a season or with summands, alpha e)
 *	b = phi b + beta e / s
 *	s = s + gamma e / (l + phi b)	(with summands, gamma e)
 *
 * The weights are between 0.0001 and 0.9999 with beta < alpha and gamma < 1 -
 * alpha, phi is between 0.8 and 0.98.  They and the level and trend of the
 * beginning make n log(sum e^2) least; of multiplicative ones n log(sum of
 * (e / (x - e))^2) + 2 sum log|x - e|.  The season of the beginning is that of the
 * classical decomposition, kept as it is.  Models are compared by the AICc, which
 * counts the states of the beginning and the variance among the parameters.
 *
 * R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, Forecasting with
 * Exponential Smoothing, 2008, chapters 2, 5 and 7; damped trends: E. S. Gardner
 * and E. McKenzie, "Forecasting trends in time series", Management Science 31,
 * 1985.
 *
 *-------------------------------------------------------------------------
 */
#include "series/smoothing.h"

#include <math.h>

#include "math/simplex.h"
#include "math/straight.h"
#include "miscadmin.h"
#include "series/season.h"
#include "utils/float.h"

#define GRID 4
#define EVALUATIONS 300
#define LEAST 0.0001

/* Where each parameter stands among those that are searched. */
enum
{
	ALPHA,
	BETA,						/* of alpha */
	GAMMA,						/* of 1 - alpha */
	PHI,
	LEVEL,
	TREND,
	PARAMETERS
};

/* What the search goes over. */
typedef struct Smoothing
{
	const KpiSmoothingForm *form;
	const double *value;
	int			count;
	int			season;
	const double *start;		/* season of the beginning; NULL for none */
	double	   *seasonal;		/* room for the season as it goes on */
	double		parameter[PARAMETERS];
	int			searched[PARAMETERS + 1];	/* which of them, then -1 */
	double	   *error;			/* where they are kept, or NULL */
	double		squares;
	double		unit;			/* what the criterion is without, so that it
								 * has none */
} Smoothing;

/* Models that are made of this. */
static const KpiSmoothingForm forms[] = {
	[KPI_MODEL_SIMPLE] = {false, false, false, false},
	[KPI_MODEL_HOLT] = {true, false, false, false},
	[KPI_MODEL_DAMPED] = {true, true, false, false},
	[KPI_MODEL_SEASONAL_ADDITIVE] = {false, false, true, false},
	[KPI_MODEL_SEASONAL_MULTIPLICATIVE] = {false, false, true, true},
	[KPI_MODEL_DAMPED_ADDITIVE] = {true, true, true, false},
	[KPI_MODEL_DAMPED_MULTIPLICATIVE] = {true, true, true, true}
};

/* What a model is made of; NULL for one that is no exponential smoothing. */
const KpiSmoothingForm *
kpi_smoothing_form(KpiModelKind kind)
{
	if (kind < KPI_MODEL_SIMPLE || kind > KPI_MODEL_DAMPED_MULTIPLICATIVE)
		return NULL;
	return &forms[kind];
}

/* One step: forecast, error, and the states after it; the share of the error where that counts. */
static inline double
step_states(const Smoothing *smoothing, const double *weight, double *level, double *trend, double *season,
			double value, double *ahead)
{
	const KpiSmoothingForm *form = smoothing->form;
	double		damped = weight[PHI] * *trend;
	double		base = *level + damped;
	double		error;
	double		plain;

	*ahead = !form->seasonal ? base : form->is_factor ? base * *season : base + *season;
	error = value - *ahead;
	plain = form->is_factor ? error / *season : error;
	*level = base + weight[ALPHA] * plain;
	*trend = damped + weight[BETA] * plain;
	if (form->seasonal)
		*season += weight[GAMMA] * (form->is_factor ? error / base : error);
	return error;
}

/* Follow the values with these parameters; the criterion, and the states at the end. */
static double
follow(Smoothing *smoothing, const double *parameter, double *level, double *trend)
{
	double		weight[PARAMETERS];
	double		none = 0;
	double		logs = 0;
	int			place = 0;

	memcpy(weight, parameter, sizeof(weight));
	weight[BETA] = parameter[BETA] * parameter[ALPHA];
	weight[GAMMA] = parameter[GAMMA] * (1 - parameter[ALPHA]);
	*level = parameter[LEVEL];
	*trend = parameter[TREND];
	if (smoothing->start != NULL)
		memcpy(smoothing->seasonal, smoothing->start, sizeof(double) * smoothing->season);
	smoothing->squares = 0;
	for (int i = 0; i < smoothing->count; i++)
	{
		double		ahead;
		double		error = step_states(smoothing, weight, level, trend,
										smoothing->start != NULL ? &smoothing->seasonal[place] : &none,
										smoothing->value[i], &ahead);

		if (smoothing->error != NULL)
			smoothing->error[i] = error;
		if (smoothing->form->is_factor)
		{
			if (ahead <= 0)
				return INFINITY;
			logs += log(ahead);
			error /= ahead;
		}
		smoothing->squares += error * error;
		place = place + 1 == smoothing->season ? 0 : place + 1;
	}
	/* what leaves nothing is the best there is */
	if (smoothing->squares == 0)
		return -INFINITY;
	return smoothing->count * log(smoothing->squares) + 2 * logs - smoothing->unit;
}

/* follow() as the search wants it: x are the parameters that are searched. */
static double
criterion(const double *x, void *data)
{
	Smoothing  *smoothing = data;
	double		parameter[PARAMETERS];
	double		level;
	double		trend;

	memcpy(parameter, smoothing->parameter, sizeof(parameter));
	for (int i = 0; smoothing->searched[i] >= 0; i++)
		parameter[smoothing->searched[i]] = x[i];
	return follow(smoothing, parameter, &level, &trend);
}

/* The season of the beginning, and the values without it. */
static const double *
start_season(Smoothing *smoothing, double *plain)
{
	KpiDecomposing how = {.season = smoothing->season,.classical = true};
	KpiParts	parts;

	memcpy(plain, smoothing->value, sizeof(double) * smoothing->count);
	if (!smoothing->form->seasonal)
		return NULL;
	parts = smoothing->form->is_factor ? kpi_decompose_factors(smoothing->value, smoothing->count, &how)
		: kpi_decompose(smoothing->value, smoothing->count, &how);
	for (int i = 0; i < smoothing->count; i++)
		plain[i] = smoothing->form->is_factor ? plain[i] / parts.seasonal[i] : plain[i] - parts.seasonal[i];
	return parts.seasonal;
}

/* Level and trend of the beginning: the line through the first values, or their mean. */
static void
start_line(Smoothing *smoothing, const double *plain)
{
	KpiStraight line = kpi_straight_line(plain, Min(Max(10, 2 * smoothing->season), smoothing->count));

	smoothing->parameter[TREND] = smoothing->form->trend ? line.slope : 0;
	smoothing->parameter[LEVEL] = smoothing->form->trend ? line.before : line.mean;
}

/* The range of the values. */
static double
range_of(const double *value, int count)
{
	double		low = value[0];
	double		high = value[0];

	for (int i = 1; i < count; i++)
	{
		low = Min(low, value[i]);
		high = Max(high, value[i]);
	}
	return high - low;
}

/* The bounds of the search, and its first steps. */
static KpiBox
set_bounds(Smoothing *smoothing, bool with_start, double *step)
{
	const KpiSmoothingForm *form = smoothing->form;
	double		range = range_of(smoothing->value, smoothing->count);
	const double low[PARAMETERS] = {LEAST, LEAST, LEAST, 0.8, smoothing->parameter[LEVEL] - range, -range};
	const double high[PARAMETERS] = {1 - LEAST, 1 - LEAST, 1 - LEAST, 0.98, smoothing->parameter[LEVEL] + range, range};
	const double steps[PARAMETERS] = {0.1, 0.1, 0.1, 0.05, range / 20, range / (20 * smoothing->count)};
	const bool	has[PARAMETERS] = {true, form->trend, form->seasonal, form->damped, with_start,
	with_start && form->trend};
	KpiBox		box = {.function = criterion,.data = smoothing};

	for (int i = 0; i < PARAMETERS; i++)
	{
		if (!has[i])
			continue;
		box.low[box.n] = low[i];
		box.high[box.n] = high[i];
		step[box.n] = steps[i];
		smoothing->searched[box.n++] = i;
	}
	smoothing->searched[box.n] = -1;
	return box;
}

/* Search the parameters, those of the beginning too in the second round; the criterion. */
static double
search(Smoothing *smoothing)
{
	double		step[PARAMETERS];
	double		x[PARAMETERS];
	double		least;
	KpiBox		box = set_bounds(smoothing, false, step);

	kpi_try_grid(&box, GRID, x);
	kpi_descend(&box, x, step, EVALUATIONS);
	for (int i = 0; i < box.n; i++)
		smoothing->parameter[smoothing->searched[i]] = x[i];
	box = set_bounds(smoothing, true, step);
	for (int i = 0; i < box.n; i++)
		x[i] = smoothing->parameter[smoothing->searched[i]];
	least = kpi_descend(&box, x, step, 2 * EVALUATIONS);
	for (int i = 0; i < box.n; i++)
		smoothing->parameter[smoothing->searched[i]] = x[i];
	return least;
}

/* Parameters of a model, the states of its beginning and the variance among them. */
static int
count_parameters(const KpiModel *model, const KpiSmoothingForm *form)
{
	return 3 + (form->trend ? 2 : 0) + form->damped + (form->seasonal ? model->season : 0);
}

/* What the search has found, as the model. */
static void
take_over(KpiModel *model, Smoothing *smoothing, double least)
{
	const double *parameter = smoothing->parameter;
	int			parameters = count_parameters(model, smoothing->form);
	int			free = model->count - parameters - 1;

	smoothing->error = model->error;
	follow(smoothing, parameter, &model->level, &model->trend);
	model->alpha = parameter[ALPHA];
	if (smoothing->form->trend)
		model->beta = parameter[BETA] * parameter[ALPHA];
	if (smoothing->form->seasonal)
		model->gamma = parameter[GAMMA] * (1 - parameter[ALPHA]);
	if (smoothing->form->damped)
		model->phi = parameter[PHI];
	if (smoothing->form->seasonal)
	{
		model->seasonal = palloc(sizeof(double) * model->season);
		for (int i = 0; i < model->season; i++)
			model->seasonal[i] = smoothing->seasonal[(model->count + i) % model->season];
	}
	model->freedom = Max(model->count - parameters + 1, 1);
	model->variance = smoothing->squares / model->freedom;
	model->aicc = free > 0 ? least + smoothing->unit + 2 * parameters + 2.0 * parameters * (parameters + 1) / free : INFINITY;
}

/* Fit a model of this kind; false where it does not go with the values. */
bool
kpi_fit_smoothing(KpiModel *model, const double *value)
{
	Smoothing	smoothing = {.form = kpi_smoothing_form(model->kind),.value = value,.count = model->count};
	double	   *plain = palloc(sizeof(double) * model->count);
	double		least;

	CHECK_FOR_INTERRUPTS();
	Assert(smoothing.form != NULL);
	smoothing.season = smoothing.form->seasonal ? model->season : 1;
	smoothing.parameter[PHI] = 1;
	smoothing.unit = 2 * model->count * log(range_of(value, model->count));
	smoothing.seasonal = palloc(sizeof(double) * smoothing.season);
	smoothing.start = start_season(&smoothing, plain);
	start_line(&smoothing, plain);
	least = search(&smoothing);
	if (isnan(least) || least == INFINITY)
		return false;
	take_over(model, &smoothing, least);
	return true;
}
