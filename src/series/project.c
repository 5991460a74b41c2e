/*-------------------------------------------------------------------------
 *
 * project.c
 *	  Forecasts of a model, and how far they may be wrong.
 *
 * With the variance v of the errors one step ahead, that of h steps ahead is
 *
 *	naive			v h
 *	seasonal_naive	v times the seasons begun
 *	drift			v h (1 + h / (n - 1))
 *	mean			v (1 + 1 / n)
 *	theta			v (1 + (h - 1) alpha^2), times the square of the season
 *	smoothing, additive		v (1 + sum of c_j^2, j < h)
 *	smoothing, multiplicative	s^2 (theta_h (1 + v) (1 + gamma^2 v)^k - m_h^2)
 *
 * where c_j = alpha + beta (phi + ... + phi^j), and gamma more at whole seasons of
 * additive ones; m_h is the forecast without its season s, theta_h = m_h^2 + v
 * sum of c_j^2 theta_(h-j), and k are the whole seasons before.  Of Holt and Winters
 * they are those of R, see holt_winters.c.
 *
 * The errors of several steps go together: that of a step moves all later ones, by
 * c_j of it.  So the total of the next k steps has the variance
 *
 *	v sum over the steps i of (s_i + c_1 s_(i+1) + ... + c_(k-i) s_k)^2
 *
 * where s are the seasons of factors, 1 without; of multiplicative smoothing each
 * step times theta_i, which is exact within a season.  A drift adds v / (n - 1) times
 * the square of 1 + ... + k, a mean v k^2 / n, for they are estimates.
 *
 * R. J. Hyndman et al., Forecasting with Exponential Smoothing, 2008, tables 6.1
 * and 6.2 and section 6.4; Forecasting: Principles and Practice, 5.5; of totals R. D. Snyder, A.
 * B. Koehler, R. J. Hyndman and J. K. Ord, "Exponential smoothing models: Means and
 * variances for lead-time demand", European Journal of Operational Research 158, 2004.
 *
 *-------------------------------------------------------------------------
 */
#include "series/project.h"

#include <math.h>

#include "miscadmin.h"
#include "series/smoothing.h"
#include "utils/float.h"

/* A weight, 0 where the model has none. */
static inline double
or_zero(double weight)
{
	return isnan(weight) ? 0 : weight;
}

/* The season of the step, counted from 0; of a model without one, what changes nothing. */
static inline double
season_at(const KpiModel *model, int step, double nothing)
{
	return model->seasonal == NULL ? nothing : model->seasonal[step % model->season];
}

/* phi + ... + phi^steps, for each number of steps: how far a damped trend goes. */
static double *
damped_steps(const KpiModel *model, int horizon)
{
	double	   *sum = palloc(sizeof(double) * (horizon + 1));
	double		phi = isnan(model->phi) ? 1 : model->phi;
	double		power = 1;

	sum[0] = 0;
	for (int i = 1; i <= horizon; i++)
	{
		power *= phi;
		sum[i] = sum[i - 1] + power;
	}
	return sum;
}

/* What an error of smoothing does to the level so many steps later. */
static inline double
level_effect(const KpiModel *model, const double *steps, int later)
{
	return model->alpha + or_zero(model->beta) * steps[later];
}

/* And to the forecast, without the season that it is a share of. */
static inline double
smoothing_effect(const KpiModel *model, const double *steps, int later)
{
	double		effect = level_effect(model, steps, later);

	return model->seasonal != NULL && later % model->season == 0 ? effect + model->gamma : effect;
}

/* The plain models. */
static void
project_plain(const KpiModel *model, const double *value, int horizon, double *mean, double *deviation)
{
	double		n = model->count;
	double		v = model->variance;

	for (int i = 0; i < horizon; i++)
	{
		double		h = i + 1;

		mean[i] = model->level + h * or_zero(model->trend);
		if (model->kind == KPI_MODEL_SEASONAL_NAIVE)
		{
			int			seasons = i / model->season;

			mean[i] = value[model->count - model->season + i % model->season];
			deviation[i] = sqrt(v * (seasons + 1));
		}
		else if (model->kind == KPI_MODEL_MEAN)
			deviation[i] = sqrt(v * (1 + 1 / n));
		else if (model->kind == KPI_MODEL_DRIFT)
			deviation[i] = sqrt(v * h * (1 + h / (n - 1)));
		else
			deviation[i] = sqrt(v * h);
	}
}

/* Theta. */
static void
project_theta(const KpiModel *model, int horizon, double *mean, double *deviation)
{
	double		begun = (1 - pow(1 - model->alpha, model->count)) / model->alpha;

	for (int i = 0; i < horizon; i++)
	{
		double		season = season_at(model, i, 1);

		mean[i] = (model->level + model->trend * (i + begun)) * season;
		deviation[i] = sqrt(model->variance * (1 + i * model->alpha * model->alpha)) * season;
	}
}

/* Smoothing with a season that is added, or without one. */
static void
project_additive(const KpiModel *model, int horizon, double *mean, double *deviation)
{
	double	   *steps = damped_steps(model, horizon);
	double		sum = 1;

	for (int i = 0; i < horizon; i++)
	{
		mean[i] = model->level + or_zero(model->trend) * steps[i + 1] + season_at(model, i, 0);
		if (i > 0)
		{
			double		c = smoothing_effect(model, steps, i);

			sum += c * c;
		}
		deviation[i] = sqrt(model->variance * sum);
	}
}

/* Of smoothing with a season that is a factor, the mean square of each step without its season and error. */
static double *
mean_squares(const KpiModel *model, const double *steps, int horizon)
{
	double	   *theta = palloc(sizeof(double) * horizon);

	for (int i = 0; i < horizon; i++)
	{
		double		plain = model->level + or_zero(model->trend) * steps[i + 1];

		CHECK_FOR_INTERRUPTS();
		theta[i] = plain * plain;
		for (int j = 1; j <= i; j++)
		{
			double		c = level_effect(model, steps, j);

			theta[i] += model->variance * c * c * theta[i - j];
		}
	}
	return theta;
}

/* Smoothing with a season that is a factor. */
static void
project_multiplicative(const KpiModel *model, int horizon, double *mean, double *deviation)
{
	double	   *steps = damped_steps(model, horizon);
	double	   *theta = mean_squares(model, steps, horizon);
	double		v = model->variance;

	for (int i = 0; i < horizon; i++)
	{
		double		plain = model->level + or_zero(model->trend) * steps[i + 1];
		double		season = season_at(model, i, 1);
		int			seasons = i / model->season;

		mean[i] = plain * season;
		deviation[i] = fabs(season) * sqrt(Max(theta[i] * (1 + v) *
											   pow(1 + model->gamma * model->gamma * v, seasons) -
											   plain * plain, 0));
	}
}

/* What an error does to the forecast of Holt and Winters so many steps later. */
static double
lasting(const KpiModel *model, int steps)
{
	double		lasts = model->alpha * (1 + steps * model->beta);

	return steps % model->season == 0 ? lasts + model->gamma * (1 - model->alpha) : lasts;
}

/* The method of Holt and Winters. */
static void
project_holt_winters(const KpiModel *model, int horizon, double *mean, double *deviation)
{
	bool		is_factor = model->kind == KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE;

	for (int i = 0; i < horizon; i++)
	{
		double		plain = model->level + (i + 1) * model->trend;
		double		season = season_at(model, i, 0);
		double		sum = 1;

		CHECK_FOR_INTERRUPTS();
		for (int j = 1; j <= i; j++)
		{
			double		lasts = lasting(model, j);

			if (is_factor)
				lasts *= season / season_at(model, i - j, 0);
			sum += lasts * lasts;
		}
		mean[i] = is_factor ? plain * season : plain + season;
		deviation[i] = sqrt(model->variance * sum);
	}
}

/* The forecasts of the next steps, and the square roots of their variances; NaN for none. */
void
kpi_project(const KpiModel *model, const double *value, int horizon, double *mean, double *deviation)
{
	const KpiSmoothingForm *form = kpi_smoothing_form(model->kind);

	if (form != NULL && form->is_factor)
		project_multiplicative(model, horizon, mean, deviation);
	else if (form != NULL)
		project_additive(model, horizon, mean, deviation);
	else if (model->kind == KPI_MODEL_THETA)
		project_theta(model, horizon, mean, deviation);
	else if (model->kind >= KPI_MODEL_HOLT_WINTERS_ADDITIVE)
		project_holt_winters(model, horizon, mean, deviation);
	else
		project_plain(model, value, horizon, mean, deviation);
}

/* Whether the seasons of a model are factors. */
static bool
has_factors(const KpiModel *model)
{
	const KpiSmoothingForm *form = kpi_smoothing_form(model->kind);

	return (form != NULL && form->is_factor) || model->kind == KPI_MODEL_THETA ||
		model->kind == KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE;
}

/* What an error does to the forecast so many steps later, from 1 on, without seasons that are factors. */
static double
error_effect(const KpiModel *model, const double *steps, int later)
{
	switch (model->kind)
	{
		case KPI_MODEL_NAIVE:
		case KPI_MODEL_DRIFT:
			return 1;
		case KPI_MODEL_SEASONAL_NAIVE:
			return later % model->season == 0;
		case KPI_MODEL_MEAN:
			return 0;
		case KPI_MODEL_THETA:
			return model->alpha;
		case KPI_MODEL_HOLT_WINTERS_ADDITIVE:
		case KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE:
			return lasting(model, later);
		default:
			return smoothing_effect(model, steps, later);
	}
}

/* The deviation of the error of each step itself, without seasons that are factors. */
static double *
error_deviations(const KpiModel *model, const double *steps, int horizon)
{
	const KpiSmoothingForm *form = kpi_smoothing_form(model->kind);
	double	   *deviation = palloc(sizeof(double) * horizon);
	double	   *theta = form != NULL && form->is_factor ? mean_squares(model, steps, horizon) : NULL;

	for (int i = 0; i < horizon; i++)
	{
		deviation[i] = sqrt(model->variance);
		if (theta != NULL)
			deviation[i] *= sqrt(theta[i]);
		else if (model->kind == KPI_MODEL_HOLT_WINTERS_MULTIPLICATIVE)
			deviation[i] /= season_at(model, i, 1);
	}
	return deviation;
}

/* What the total varies by since a drift and a mean are estimates. */
static double
estimate_variance(const KpiModel *model, double horizon)
{
	double		steps = horizon * (horizon + 1) / 2;

	if (model->kind == KPI_MODEL_DRIFT)
		return model->variance * steps * steps / (model->count - 1);
	if (model->kind == KPI_MODEL_MEAN)
		return model->variance * horizon * horizon / model->count;
	return 0;
}

/* The forecast of the next steps together, and the square root of its variance; NaN for none. */
void
kpi_project_total(const KpiModel *model, const double *value, int horizon, double *mean, double *deviation)
{
	double	   *step_mean = palloc(sizeof(double) * horizon);
	double	   *step_deviation = palloc(sizeof(double) * horizon);
	double	   *steps = damped_steps(model, horizon);
	double	   *effect = palloc(sizeof(double) * horizon);
	double	   *own = error_deviations(model, steps, horizon);
	bool		factors = has_factors(model);
	double		variance = estimate_variance(model, horizon);

	kpi_project(model, value, horizon, step_mean, step_deviation);
	*mean = 0;
	for (int i = 0; i < horizon; i++)
	{
		*mean += step_mean[i];
		effect[i] = i == 0 ? 1 : error_effect(model, steps, i);
	}
	for (int i = 0; i < horizon; i++)
	{
		double		moved = 0;

		CHECK_FOR_INTERRUPTS();
		for (int j = i; j < horizon; j++)
			moved += effect[j - i] * (factors ? season_at(model, j, 1) : 1);
		variance += own[i] * own[i] * moved * moved;
	}
	*deviation = sqrt(variance);
}
