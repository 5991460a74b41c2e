/*-------------------------------------------------------------------------
 *
 * correlations.c
 *	  Which of many series move together: correlations of all pairs, plain and
 *	  partial.
 *
 *	correlations, pairs		of every pair over the periods that both have, see
 *							correlation.c
 *	partial_correlations	-p[i][j] / sqrt(p[i][i] p[j][j]) of the inverse p of the
 *							matrix of correlations over the periods that all have:
 *							what is left of a relation when the other series are
 *							held; p with n - k degrees of freedom of k series
 *
 * A matrix that is singular but for rounding is shrunk: its correlations are
 * multiplied by 0.99, and shrunk says so.
 *
 * NULL rule: r is NULL for fewer periods than min_overlap, where one of the two is
 * all the same, and, partial, where there are no more periods than series and one.
 *
 * Source of partial ones: J. Whittaker, Graphical Models in Applied Multivariate
 * Statistics, 1990, chapter 5.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "base/words.h"
#include "driver/correlation.h"
#include "driver/keyed.h"
#include "funcapi.h"
#include "math/linear.h"
#include "math/quantile.h"
#include "miscadmin.h"

/* What is left of a variance may not be less. */
#define SINGULAR 1e-10
#define SHRINKAGE 0.01

#define LEAST_OVERLAP 3

/* Pairs of so many series. */
static int
count_pairs(int series)
{
	return series * (series - 1) / 2;
}

/* The periods that two series need in common. */
static int
check_overlap(double overlap)
{
	int			periods = kpi_check_whole(overlap, "min_overlap");

	if (periods < LEAST_OVERLAP)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("min_overlap %d is below %d", periods, LEAST_OVERLAP),
				 errhint("Fewer periods always look related.")));
	return periods;
}

/* The ranks of the series that have no gap, in place of their values. */
static void
rank_complete(KpiAligned *aligned)
{
	for (int i = 0; i < aligned->count; i++)
	{
		if (aligned->complete[i])
			kpi_rank(kpi_aligned_values(aligned, i), aligned->periods, kpi_aligned_values(aligned, i));
	}
}

/* The correlation of two series. */
static KpiCorrelation
correlate_pair(KpiCorrelationMethod method, const KpiAligned *aligned, int i, int j, double *room)
{
	double	   *x = kpi_aligned_values(aligned, i);
	double	   *y = kpi_aligned_values(aligned, j);
	KpiMatched	matched;

	CHECK_FOR_INTERRUPTS();
	if (!aligned->complete[i] || !aligned->complete[j])
	{
		matched = kpi_match(x, y, aligned->periods, room);
		return kpi_correlate(method, &matched);
	}
	matched = (KpiMatched)
	{
		aligned->periods, x, y
	};
	/* they have been ranked */
	return kpi_correlate(method == KPI_SPEARMAN ? KPI_PEARSON : method, &matched);
}

/* The correlations of all pairs, in the order of the series. */
static KpiCorrelation *
correlate_all(KpiCorrelationMethod method, KpiAligned *aligned, int min_overlap)
{
	KpiCorrelation *result = palloc(Max(count_pairs(aligned->count), 1) * sizeof(KpiCorrelation));
	double	   *room = palloc(Max(2 * aligned->periods, 1) * sizeof(double));
	int			pair = 0;

	if (method == KPI_SPEARMAN)
		rank_complete(aligned);
	for (int i = 0; i < aligned->count; i++)
	{
		for (int j = i + 1; j < aligned->count; j++)
		{
			result[pair] = correlate_pair(method, aligned, i, j, room);
			if (result[pair].n < min_overlap)
				result[pair].r = result[pair].p = NAN;
			pair++;
		}
	}
	kpi_adjust(result, pair);
	return result;
}

/* The rows of all pairs; method, min_overlap and confidence are arguments from one on. */
static Datum
answer_pairs(FunctionCallInfo fcinfo, KpiAligned *aligned, int argument)
{
	KpiCorrelationMethod method = kpi_check_word(&kpi_correlation_method_words, PG_GETARG_TEXT_PP(argument));
	int			min_overlap = check_overlap(PG_GETARG_FLOAT8(argument + 1));
	double		bound = kpi_normal_bound(kpi_check_confidence(PG_GETARG_FLOAT8(argument + 2)));
	KpiCorrelation *result = correlate_all(method, aligned, min_overlap);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < aligned->count; i++)
	{
		for (int j = i + 1; j < aligned->count; j++, result++)
		{
			KpiAnswer	answer = {0};
			double		low;
			double		high;

			kpi_correlation_interval(method, result, bound, &low, &high);
			kpi_answer_text(&answer, aligned->key[i]);
			kpi_answer_text(&answer, aligned->key[j]);
			kpi_answer_integer(&answer, result->n);
			kpi_answer_number(&answer, result->r);
			kpi_answer_number(&answer, low);
			kpi_answer_number(&answer, high);
			kpi_answer_number(&answer, result->p);
			kpi_answer_number(&answer, result->q);
			kpi_answer_put(fcinfo, &answer);
		}
	}
	PG_RETURN_NULL();
}

/* correlations(keys, series, method, min_overlap, confidence) */
PG_FUNCTION_INFO_V1(kpi_correlations);
Datum
kpi_correlations(PG_FUNCTION_ARGS)
{
	KpiAligned	aligned = kpi_align_arrays(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1), false);

	return answer_pairs(fcinfo, &aligned, 2);
}

/* pairs(matrix, method, min_overlap, confidence): the same of what was collected. */
PG_FUNCTION_INFO_V1(kpi_pairs);
Datum
kpi_pairs(PG_FUNCTION_ARGS)
{
	KpiAligned	aligned = kpi_align_keyed((const KpiKeyed *) PG_GETARG_VARLENA_P(0));

	return answer_pairs(fcinfo, &aligned, 1);
}

/* The matrix of correlations, times so much off the diagonal; false where one is not defined. */
static bool
fill_matrix(const KpiAligned *aligned, double times, double *matrix)
{
	int			k = aligned->count;

	for (int i = 0; i < k; i++)
	{
		matrix[i * k + i] = 1;
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < i; j++)
		{
			double		r = kpi_pearson(kpi_aligned_values(aligned, i), kpi_aligned_values(aligned, j), aligned->periods);

			if (isnan(r))
				return false;
			matrix[i * k + j] = matrix[j * k + i] = times * r;
		}
	}
	return true;
}

/* The inverse of the matrix of correlations; NULL where there is none. */
static double *
invert_matrix(const KpiAligned *aligned, bool *shrunk)
{
	int			k = aligned->count;
	double	   *matrix = palloc(sizeof(double) * k * k);
	double	   *inverse = palloc(sizeof(double) * k * k);

	*shrunk = false;
	if (aligned->periods <= k + 1 || !fill_matrix(aligned, 1, matrix))
		return NULL;
	if (!kpi_factor(matrix, k, SINGULAR))
	{
		*shrunk = true;
		fill_matrix(aligned, 1 - SHRINKAGE, matrix);
		if (!kpi_factor(matrix, k, SINGULAR))
			return NULL;
	}
	kpi_invert(matrix, k, inverse);
	return inverse;
}

/* partial_correlations(keys, series): of each pair, with all the others held. */
PG_FUNCTION_INFO_V1(kpi_partial_correlations);
Datum
kpi_partial_correlations(PG_FUNCTION_ARGS)
{
	KpiAligned	aligned = kpi_align_arrays(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1), false);
	int			k = aligned.count;
	KpiCorrelation *result = palloc(Max(count_pairs(k), 1) * sizeof(KpiCorrelation));
	KpiCorrelation *at = result;
	bool		shrunk;
	double	   *inverse;

	kpi_keep_common(&aligned);
	inverse = invert_matrix(&aligned, &shrunk);
	for (int i = 0; i < k; i++)
	{
		for (int j = i + 1; j < k; j++, at++)
		{
			at->n = aligned.periods;
			at->r = inverse == NULL ? NAN :
				-inverse[i * k + j] / sqrt(inverse[i * k + i]) / sqrt(inverse[j * k + j]);
			at->p = kpi_correlation_p(at->r, aligned.periods - k);
		}
	}
	kpi_adjust(result, count_pairs(k));
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < k; i++)
	{
		for (int j = i + 1; j < k; j++, result++)
		{
			KpiAnswer	answer = {0};

			kpi_answer_text(&answer, aligned.key[i]);
			kpi_answer_text(&answer, aligned.key[j]);
			kpi_answer_integer(&answer, result->n);
			kpi_answer_number(&answer, result->r);
			kpi_answer_number(&answer, result->p);
			kpi_answer_number(&answer, result->q);
			kpi_answer_add(&answer, BoolGetDatum(shrunk), false);
			kpi_answer_put(fcinfo, &answer);
		}
	}
	PG_RETURN_NULL();
}
