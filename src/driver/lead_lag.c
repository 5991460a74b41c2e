/*-------------------------------------------------------------------------
 *
 * lead_lag.c
 *	  Which series follows which, and how many periods later.
 *
 *	r(lag)		correlation of a at t and b at t + lag: for a lag above 0 a leads b
 *	lead_lag	that of two series for every lag from -max_lag to max_lag
 *	lead_lags	of every pair of many series the lag with the largest correlation,
 *				the nearest one where several are; p is that of the best of all lags,
 *				1 - (1 - p)^(2 max_lag + 1)
 *
 * Series are whitened before, see whiten.c, since whatever trends or has a season
 * correlates with everything that does; max_lag is 12, or a quarter of the
 * periods where that is less.
 *
 * NULL rule: r is NULL for fewer than eight periods in common, and where one of the
 * two is all the same.
 *
 * Numeric method: of two series without a gap the sums of a lag are differences
 * of running sums, of values of mean 0 and variance 1.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "driver/correlation.h"
#include "driver/whiten.h"
#include "funcapi.h"
#include "miscadmin.h"

#define LEAST_OVERLAP 8
#define USUAL_MAX_LAG 12

/* Nothing is left of a variance that is less than this, of 1. */
#define NO_VARIANCE 1e-12

/* Series in units of their deviation, with running sums of them and of their squares. */
typedef struct Running
{
	double	   *value;
	double	   *sum;
	double	   *square;
} Running;

/* What all pairs have in common. */
typedef struct Lags
{
	KpiAligned	aligned;
	int			max_lag;
	Running    *running;		/* of the series without a gap */
	double	   *room;
} Lags;

/* Bring a series to mean 0 and variance 1; false where it is all the same. */
static bool
standardize(const double *from, int n, double *to)
{
	double		mean = 0;
	double		variance = 0;

	for (int t = 0; t < n; t++)
		mean += (from[t] - mean) / (t + 1);
	for (int t = 0; t < n; t++)
		variance += (from[t] - mean) * (from[t] - mean) / n;
	for (int t = 0; t < n; t++)
		to[t] = (from[t] - mean) / sqrt(variance);
	return variance > 0;
}

/* The running sums of a series without a gap; none where it is all the same. */
static Running
run(const double *value, int n)
{
	Running		running = {.value = palloc((n + 1) * sizeof(double))};

	if (!standardize(value, n, running.value))
	{
		running.value = NULL;
		return running;
	}
	running.sum = palloc((n + 1) * sizeof(double));
	running.square = palloc((n + 1) * sizeof(double));
	running.sum[0] = running.square[0] = 0;
	for (int t = 0; t < n; t++)
	{
		running.sum[t + 1] = running.sum[t] + running.value[t];
		running.square[t + 1] = running.square[t] + running.value[t] * running.value[t];
	}
	return running;
}

/* The sum of products, in four parts that the processor adds side by side. */
static double
sum_of_products(const double *x, const double *y, int n)
{
	double		sum[4] = {0};
	int			t = 0;

	for (; t + 4 <= n; t += 4)
	{
		for (int k = 0; k < 4; k++)
			sum[k] += x[t + k] * y[t + k];
	}
	for (; t < n; t++)
		sum[0] += x[t] * y[t];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* The correlation of two series without gaps from these periods on. */
static double
correlate_running(const Running *x, const Running *y, int x_from, int y_from, int n)
{
	double		sum_x = x->sum[x_from + n] - x->sum[x_from];
	double		sum_y = y->sum[y_from + n] - y->sum[y_from];
	double		xx = x->square[x_from + n] - x->square[x_from] - sum_x * sum_x / n;
	double		yy = y->square[y_from + n] - y->square[y_from] - sum_y * sum_y / n;
	double		xy = sum_of_products(x->value + x_from, y->value + y_from, n) - sum_x * sum_y / n;

	if (!(xx > NO_VARIANCE * n && yy > NO_VARIANCE * n))
		return NAN;
	return Min(1, Max(-1, xy / sqrt(xx * yy)));
}

/* The correlation of series i and of series j, lag periods later. */
static KpiCorrelation
correlate_lag(const Lags *lags, int i, int j, int lag)
{
	int			from = Max(-lag, 0);
	int			later = Max(lag, 0);
	KpiCorrelation result = {lags->aligned.periods - abs(lag), NAN, NAN, NAN};

	if (lags->aligned.complete[i] && lags->aligned.complete[j])
	{
		if (result.n >= LEAST_OVERLAP && lags->running[i].value != NULL && lags->running[j].value != NULL)
			result.r = correlate_running(&lags->running[i], &lags->running[j], from, later, result.n);
	}
	else
	{
		KpiMatched	matched = kpi_match(kpi_aligned_values(&lags->aligned, i) + from,
										kpi_aligned_values(&lags->aligned, j) + later, Max(result.n, 0), lags->room);

		result.n = matched.n;
		if (matched.n >= LEAST_OVERLAP)
			result.r = kpi_pearson(matched.x, matched.y, matched.n);
	}
	return result;
}

/* The largest lag: as given, or as many as there are periods for. */
static int
read_max_lag(FunctionCallInfo fcinfo, int argument, int periods)
{
	int			max_lag = Min(USUAL_MAX_LAG, periods / 4);

	if (PG_ARGISNULL(argument))
		return max_lag;
	max_lag = kpi_check_whole(PG_GETARG_FLOAT8(argument), "max_lag");
	if (max_lag < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_lag %d is below 0", max_lag),
				 errhint("Lags to both sides are tried: 12 is from 12 periods before to 12 after.")));
	return Min(max_lag, Max(periods - 1, 0));
}

/* Whiten series and prepare their sums; max_lag and prewhiten are arguments from one on. */
static Lags
prepare(FunctionCallInfo fcinfo, KpiAligned aligned, int argument)
{
	Lags		lags = {.aligned = aligned,.max_lag = read_max_lag(fcinfo, argument, aligned.periods)};

	kpi_whiten(&lags.aligned, kpi_check_word(&kpi_prewhiten_words, PG_GETARG_TEXT_PP(argument + 1)));
	lags.room = palloc(Max(2 * lags.aligned.periods, 1) * sizeof(double));
	lags.running = palloc0(lags.aligned.count * sizeof(Running));
	for (int i = 0; i < lags.aligned.count; i++)
	{
		if (lags.aligned.complete[i])
			lags.running[i] = run(kpi_aligned_values(&lags.aligned, i), lags.aligned.periods);
	}
	return lags;
}

/* lead_lag(a, b, max_lag, prewhiten): a row a lag. */
PG_FUNCTION_INFO_V1(kpi_lead_lag);
Datum
kpi_lead_lag(PG_FUNCTION_ARGS)
{
	Lags		lags;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	lags = prepare(fcinfo, kpi_align_two(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)), 2);
	for (int lag = -lags.max_lag; lag <= lags.max_lag; lag++)
	{
		KpiCorrelation result = correlate_lag(&lags, 0, 1, lag);
		KpiAnswer	answer = {0};

		kpi_answer_integer(&answer, lag);
		kpi_answer_integer(&answer, Max(result.n, 0));
		kpi_answer_number(&answer, result.r);
		kpi_answer_number(&answer, kpi_correlation_p(result.r, result.n - 2));
		kpi_answer_put(fcinfo, &answer);
	}
	PG_RETURN_NULL();
}

/* The best lag of a pair, and its correlation with the p of the best of all. */
static KpiCorrelation
find_best(const Lags *lags, int i, int j, int *best)
{
	KpiCorrelation result = {0, NAN, NAN, NAN};

	*best = 0;
	CHECK_FOR_INTERRUPTS();
	for (int distance = 0; distance <= lags->max_lag; distance++)
	{
		for (int sign = 1; sign >= (distance == 0 ? 1 : -1); sign -= 2)
		{
			KpiCorrelation found = correlate_lag(lags, i, j, sign * distance);

			if (distance == 0 || (!isnan(found.r) && (isnan(result.r) || fabs(found.r) > fabs(result.r))))
			{
				result = found;
				*best = sign * distance;
			}
		}
	}
	result.p = kpi_correlation_p(result.r, result.n - 2);
	result.p = -expm1((2 * lags->max_lag + 1) * log1p(-result.p));
	return result;
}

/* lead_lags(keys, series, max_lag, prewhiten): a row a pair. */
PG_FUNCTION_INFO_V1(kpi_lead_lags);
Datum
kpi_lead_lags(PG_FUNCTION_ARGS)
{
	Lags		lags;
	KpiCorrelation *result;
	int		   *best;
	int			count;
	int			pair = 0;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	lags = prepare(fcinfo, kpi_align_arrays(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1), true), 2);
	count = lags.aligned.count;
	result = palloc(Max(count * (count - 1) / 2, 1) * sizeof(KpiCorrelation));
	best = palloc(Max(count * (count - 1) / 2, 1) * sizeof(int));
	for (int i = 0; i < count; i++)
	{
		for (int j = i + 1; j < count; j++, pair++)
			result[pair] = find_best(&lags, i, j, &best[pair]);
	}
	kpi_adjust(result, pair);
	pair = 0;
	for (int i = 0; i < count; i++)
	{
		for (int j = i + 1; j < count; j++, pair++)
		{
			KpiAnswer	answer = {0};

			kpi_answer_text(&answer, lags.aligned.key[i]);
			kpi_answer_text(&answer, lags.aligned.key[j]);
			kpi_answer_integer(&answer, best[pair]);
			kpi_answer_integer(&answer, Max(result[pair].n, 0));
			kpi_answer_number(&answer, result[pair].r);
			kpi_answer_number(&answer, result[pair].p);
			kpi_answer_number(&answer, result[pair].q);
			kpi_answer_put(fcinfo, &answer);
		}
	}
	PG_RETURN_NULL();
}
