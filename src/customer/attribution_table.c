/*-------------------------------------------------------------------------
 *
 * attribution_table.c
 *	  What each channel did for conversions, by a model.
 *
 * first, last, linear, position and shapley are sums of attribution.c.  markov:
 * with the shares Q of what follows a channel as probabilities, N = (I - Q)^-1
 * how often channels are visited, x = N b the probability to convert from each,
 * s the probabilities of the first channel,
 *
 *	P = s x				of conversion
 *	h[c] = (s N)[c] / N[c][c]	to come to a channel at all
 *	removal_effect = h[c] x[c] / P	the share of conversions that would be lost
 *				if all that comes to the channel were lost there
 *
 * and a channel is given the conversions by its share of all removal effects.
 * That is exact: nothing is simulated.
 *
 * Source: E. Anderl, I. Becker, F. von Wangenheim and J. H. Schumann, "Mapping
 * the customer journey", International Journal of Research in Marketing 33, 2016.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/attribution.h"

#include <math.h>

#include "base/check.h"
#include "base/words.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

/* The words of attribution_table's models, in the order of KpiCreditRule, then markov. */
#define MARKOV KPI_CREDIT_RULES

/* The inverse of a matrix of n rows, by elimination with pivots; false where there is none. */
static bool
invert(double *matrix, double *inverse, int n)
{
	for (int i = 0; i < n * n; i++)
		inverse[i] = i / n == i % n;
	for (int c = 0; c < n; c++)
	{
		int			pivot = c;

		CHECK_FOR_INTERRUPTS();
		for (int i = c + 1; i < n; i++)
		{
			if (fabs(matrix[i * n + c]) > fabs(matrix[pivot * n + c]))
				pivot = i;
		}
		if (matrix[pivot * n + c] == 0)
			return false;
		for (int j = 0; j < n; j++)
		{
			double		held = matrix[c * n + j];

			matrix[c * n + j] = matrix[pivot * n + j];
			matrix[pivot * n + j] = held;
			held = inverse[c * n + j];
			inverse[c * n + j] = inverse[pivot * n + j];
			inverse[pivot * n + j] = held;
		}
		for (int i = 0; i < n; i++)
		{
			double		factor = matrix[i * n + c] / matrix[c * n + c];

			if (i == c || factor == 0)
				continue;
			for (int j = 0; j < n; j++)
			{
				matrix[i * n + j] -= factor * matrix[c * n + j];
				inverse[i * n + j] -= factor * inverse[c * n + j];
			}
		}
	}
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
			inverse[i * n + j] /= matrix[i * n + i];
	}
	return true;
}

/* The removal effects of the channels; false where nothing converts. */
static bool
removal_effects(const KpiChannels *channels, double *effect)
{
	int			n = channels->count;
	int			width = KPI_AFTER(n);
	double	   *share = palloc0(sizeof(double) * (n + 1) * width);
	double	   *matrix = palloc(sizeof(double) * n * n);
	double	   *visits = palloc(sizeof(double) * n * n);
	double		converted = 0;

	for (int i = 0; i <= n; i++)
	{
		double		all = 0;

		for (int j = 0; j < width; j++)
			all += channels->follows[i * width + j];
		for (int j = 0; j < width; j++)
			share[i * width + j] = all > 0 ? channels->follows[i * width + j] / all : 0;
	}
	for (int i = 0; i < n * n; i++)
		matrix[i] = (i / n == i % n) - share[i / n * width + i % n];
	if (!invert(matrix, visits, n))
		return false;
	for (int c = 0; c < n; c++)
	{
		double		come = 0;
		double		convert = 0;

		for (int i = 0; i < n; i++)
		{
			come += share[n * width + i] * visits[i * n + c];
			convert += visits[c * n + i] * share[i * width + KPI_CONVERTED(n)];
		}
		effect[c] = come / visits[c * n + c] * convert;
		converted += share[n * width + c] * convert;
	}
	for (int c = 0; c < n; c++)
		effect[c] /= converted;
	return converted > 0;
}

/* A row of the table. */
static void
put_row(ReturnSetInfo *result, const char *name, double conversions, double value, double all, double effect)
{
	Datum		column[5];
	bool		isnull[5] = {false, false, false, !(all > 0), isnan(effect)};

	column[0] = CStringGetTextDatum(name);
	column[1] = Float8GetDatum(conversions);
	column[2] = Float8GetDatum(value);
	column[3] = Float8GetDatum(conversions / all);
	column[4] = Float8GetDatum(effect);
	tuplestore_putvalues(result->setResult, result->setDesc, column, isnull);
}

/* attribution_table(state, model): a row a channel. */
PG_FUNCTION_INFO_V1(kpi_attribution_table);
Datum
kpi_attribution_table(PG_FUNCTION_ARGS)
{
	KpiAttribution *state = kpi_attribution_ordered(PG_GETARG_DATUM(0));
	int			model = kpi_word_argument(fcinfo, 1, &kpi_credit_words);
	KpiChannels channels = kpi_channels(state);
	double		conversions = kpi_sum_value(state->total.conversions);
	double		value = kpi_sum_value(state->total.value);
	double	   *effect = palloc0(sizeof(double) * Max(channels.count, 1));
	double		effects = 0;

	InitMaterializedSRF(fcinfo, 0);
	if (model == MARKOV && (channels.count == 0 || !removal_effects(&channels, effect)))
		PG_RETURN_NULL();
	for (int i = 0; i < channels.count; i++)
		effects += effect[i];
	for (int i = 0; i < channels.count; i++)
	{
		const KpiCredit *credit = &channels.credit[i * KPI_CREDIT_RULES + model];

		if (model == MARKOV)
			put_row((ReturnSetInfo *) fcinfo->resultinfo, channels.name[i], conversions * effect[i] / effects,
					value * effect[i] / effects, conversions, effect[i]);
		else
			put_row((ReturnSetInfo *) fcinfo->resultinfo, channels.name[i], kpi_sum_value(credit->conversions),
					kpi_sum_value(credit->value), conversions, NAN);
	}
	PG_RETURN_NULL();
}
