/*-------------------------------------------------------------------------
 *
 * whiten.c
 *	  Series without what makes any two of them look related over time.
 *
 *	diff	differences from period to period, less the mean of those of the same
 *			place in the season where there are two seasons at least
 *	ar		that, and an autoregression fitted to the first series is taken from
 *			all of them: what is left of the first one is noise
 *
 * The autoregression is fitted by the equations of Yule and Walker, its order by
 * Akaike's criterion; a gap counts as a value at the mean.
 *
 * Sources: G. E. P. Box and G. M. Jenkins, Time Series Analysis, 1970, chapter 11
 * (prewhitening); J. Durbin, Revue de l'Institut International de Statistique 28,
 * 1960 (recursion).
 *
 *-------------------------------------------------------------------------
 */
#include "driver/whiten.h"

/* Differences from period to period, which are one less. */
void
kpi_difference(KpiAligned *aligned)
{
	int			periods = Max(aligned->periods - 1, 0);

	for (int i = 0; i < aligned->count; i++)
	{
		const double *value = kpi_aligned_values(aligned, i);
		double	   *to = aligned->value + (Size) i * periods;

		/* to is before value, and stays so */
		for (int t = 0; t < periods; t++)
			to[t] = value[t + 1] - value[t];
	}
	aligned->periods = periods;
	kpi_note_gaps(aligned);
}

/* Take the mean of its place in the season from every value. */
static void
take_season(double *value, int count, int season)
{
	for (int place = 0; place < season; place++)
	{
		double		sum = 0;
		int			n = 0;

		for (int t = place; t < count; t += season)
		{
			if (isnan(value[t]))
				continue;
			sum += value[t];
			n++;
		}
		for (int t = place; t < count; t += season)
			value[t] -= sum / n;
	}
}

/* The covariance of a series with mean 0 and itself so many periods later. */
static double
covariance(const double *value, int count, int lag)
{
	double		sum = 0;

	for (int t = lag; t < count; t++)
	{
		if (!isnan(value[t]) && !isnan(value[t - lag]))
			sum += value[t] * value[t - lag];
	}
	return sum / count;
}

/* One more coefficient, by Durbin's recursion; the variance that is left. */
static double
extend(const double *covariances, double *coefficient, int order, double variance)
{
	double		before[KPI_MAX_AUTOREGRESSION];
	double		last = covariances[order];

	for (int k = 1; k < order; k++)
		last -= coefficient[k - 1] * covariances[order - k];
	last /= variance;
	memcpy(before, coefficient, (order - 1) * sizeof(double));
	for (int k = 1; k < order; k++)
		coefficient[k - 1] = before[k - 1] - last * before[order - k - 1];
	coefficient[order - 1] = last;
	return variance * (1 - last * last);
}

/* Fit an autoregression to a series with mean 0; its order. */
int
kpi_fit_autoregression(const double *value, int count, double *coefficient)
{
	double		covariances[KPI_MAX_AUTOREGRESSION + 1] = {0};
	double		fitted[KPI_MAX_AUTOREGRESSION];
	int			most = Min(KPI_MAX_AUTOREGRESSION, count / 5);
	double		variance;
	double		least;
	int			order = 0;

	for (int k = 0; k <= most; k++)
		covariances[k] = covariance(value, count, k);
	variance = covariances[0];
	if (!(variance > 0))
		return 0;
	least = count * log(variance);
	for (int k = 1; k <= most; k++)
	{
		double		criterion;

		variance = extend(covariances, fitted, k, variance);
		if (!(variance > 0))
			break;
		criterion = count * log(variance) + 2 * k;
		if (criterion < least)
		{
			least = criterion;
			order = k;
			memcpy(coefficient, fitted, k * sizeof(double));
		}
	}
	return order;
}

/* What an autoregression leaves of a series; NaN where it has no values before. */
void
kpi_filter(double *value, int count, const double *coefficient, int order)
{
	for (int t = count - 1; t >= 0; t--)
	{
		for (int k = 1; k <= order; k++)
			value[t] -= t >= k ? coefficient[k - 1] * value[t - k] : NAN;
	}
}

/* Take from series what is asked for. */
void
kpi_whiten(KpiAligned *aligned, KpiPrewhiten how)
{
	double		coefficient[KPI_MAX_AUTOREGRESSION];
	int			order;

	if (how == KPI_PREWHITEN_NONE)
		return;
	kpi_difference(aligned);
	for (int i = 0; i < aligned->count; i++)
	{
		bool		seasonal = aligned->season > 1 && aligned->periods >= 2 * aligned->season;

		take_season(kpi_aligned_values(aligned, i), aligned->periods, seasonal ? aligned->season : 1);
	}
	if (how == KPI_PREWHITEN_AR && aligned->count > 0)
	{
		order = kpi_fit_autoregression(aligned->value, aligned->periods, coefficient);
		for (int i = 0; i < aligned->count; i++)
			kpi_filter(kpi_aligned_values(aligned, i), aligned->periods, coefficient, order);
	}
	kpi_note_gaps(aligned);
}
