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
 * R. J. Hyndman et al., Forecasting with Exponential Smoothing, 2008, tables 6.1
 * and 6.2 and section 6.4; Forecasting: Principles and Practice, 5.5.
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
			mean[i] = value[model->count - model->season + i % model->season];
			deviation[i] = sqrt(v * (i / model->season + 1));
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
			double		c = model->alpha + or_zero(model->beta) * steps[i];

			if (model->seasonal != NULL && i % model->season == 0)
				c += model->gamma;
			sum += c * c;
		}
		deviation[i] = sqrt(model->variance * sum);
	}
}

/* Smoothing with a season that is a factor. */
static void
project_multiplicative(const KpiModel *model, int horizon, double *mean, double *deviation)
{
	double	   *steps = damped_steps(model, horizon);
	double	   *theta = palloc(sizeof(double) * horizon);
	double		v = model->variance;

	for (int i = 0; i < horizon; i++)
	{
		double		plain = model->level + or_zero(model->trend) * steps[i + 1];
		double		season = season_at(model, i, 1);

		CHECK_FOR_INTERRUPTS();
		theta[i] = plain * plain;
		for (int j = 1; j <= i; j++)
		{
			double		c = model->alpha + or_zero(model->beta) * steps[j];

			theta[i] += v * c * c * theta[i - j];
		}
		mean[i] = plain * season;
		deviation[i] = fabs(season) * sqrt(Max(theta[i] * (1 + v) *
											   pow(1 + model->gamma * model->gamma * v, i / model->season) -
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
