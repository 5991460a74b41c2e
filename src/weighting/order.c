/*-------------------------------------------------------------------------
 *
 * order.c
 *	  Weights of an order of importance, of points, and of two sets of weights.
 *
 *	rank_weights	centroid	w[i] = (1 / n) sum of 1 / k for k from i to n
 *					sum			w[i] = 2 (n + 1 - i) / (n (n + 1))
 *					reciprocal	w[i] = (1 / i) / sum of 1 / k
 *					of rank i among n; equal ranks share the weights of their
 *					places
 *	point_weights	w[i] = points[i] / sum of points
 *	combine_weights	additive		lambda s + (1 - lambda) o
 *					multiplicative	s o
 *					geometric		s^lambda o^(1 - lambda)
 *					each made to sum 1, before and after
 *
 * NULL rule: NULL where an argument is NULL, and where all points are 0 or a
 * product leaves no weight above 0.
 *
 * Sources: F. H. Barron and B. E. Barrett, Management Science 42, 1996 (rank
 * order centroid); W. G. Stillwell, D. A. Seaver and W. Edwards, Organizational
 * Behavior and Human Performance 28, 1981 (rank sum and reciprocal).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/check.h"
#include "base/list.h"
#include "base/words.h"

/* A list of numbers of at least 0, which are called name. */
static double *
read_weights(ArrayType *array, const char *name, int *count)
{
	KpiList		list = kpi_number_list(array, name);
	double	   *weight = palloc(list.count * sizeof(double));

	for (int i = 0; i < list.count; i++)
		weight[i] = kpi_check_weight(kpi_list_float8(&list, i, name));
	*count = list.count;
	return weight;
}

/* Make weights sum to 1; false where none is above 0. */
static bool
normalize(double *weight, int count)
{
	double		greatest = 0;
	double		sum = 0;

	for (int i = 0; i < count; i++)
		greatest = Max(greatest, weight[i]);
	if (greatest == 0)
		return false;
	for (int i = 0; i < count; i++)
		sum += weight[i] /= greatest;
	for (int i = 0; i < count; i++)
		weight[i] /= sum;
	return true;
}

/* The weight of a place among n, by the method; sums need not be 1. */
static double
weight_of_place(KpiRankMethod method, int place, int n)
{
	double		sum = 0;

	if (method == KPI_RANK_SUM)
		return n + 1 - place;
	if (method == KPI_RANK_RECIPROCAL)
		return 1.0 / place;
	for (int k = n; k >= place; k--)
		sum += 1.0 / k;
	return sum;
}

/* The weight of a rank: the mean of those of the places that equal ranks take. */
static double
weight_of_rank(KpiRankMethod method, const double *rank, int n, int i)
{
	int			before = 0;
	int			equal = 0;
	double		sum = 0;

	for (int k = 0; k < n; k++)
	{
		before += rank[k] < rank[i];
		equal += rank[k] == rank[i];
	}
	for (int place = before + 1; place <= before + equal; place++)
		sum += weight_of_place(method, place, n);
	return sum / equal;
}

/* rank_weights(ranks, method): 1 is the most important. */
PG_FUNCTION_INFO_V1(kpi_rank_weights);
Datum
kpi_rank_weights(PG_FUNCTION_ARGS)
{
	KpiList		list = kpi_number_list(PG_GETARG_ARRAYTYPE_P(0), "ranks");
	KpiRankMethod method = kpi_check_word(&kpi_rank_method_words, PG_GETARG_TEXT_PP(1));
	double	   *rank = palloc(list.count * sizeof(double));
	double	   *weight = palloc(list.count * sizeof(double));

	if (list.count > 1000)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d ranks are more than 1000", list.count)));
	for (int i = 0; i < list.count; i++)
	{
		rank[i] = kpi_list_float8(&list, i, "ranks");
		if (rank[i] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("rank %g is not above 0", rank[i]),
					 errhint("Rank 1 is the most important; equal ranks share their places.")));
	}
	for (int i = 0; i < list.count; i++)
		weight[i] = weight_of_rank(method, rank, list.count, i);
	normalize(weight, list.count);
	PG_RETURN_DATUM(kpi_number_array(weight, list.count));
}

/* point_weights(points): points on any scale, such as 0 to 100. */
PG_FUNCTION_INFO_V1(kpi_point_weights);
Datum
kpi_point_weights(PG_FUNCTION_ARGS)
{
	int			count;
	double	   *weight = read_weights(PG_GETARG_ARRAYTYPE_P(0), "points", &count);

	if (!normalize(weight, count))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(kpi_number_array(weight, count));
}

/* One weight of two. */
static double
combine(KpiCombineWeights method, double lambda, double subjective, double objective)
{
	if (method == KPI_WEIGHTS_MULTIPLICATIVE)
		return subjective * objective;
	if (method == KPI_WEIGHTS_GEOMETRIC)
		return pow(subjective, lambda) * pow(objective, 1 - lambda);
	return lambda * subjective + (1 - lambda) * objective;
}

/* The share of the subjective weights, from 0 to 1. */
static double
check_lambda(double lambda)
{
	if (!(lambda >= 0 && lambda <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lambda %g is not between 0 and 1", lambda),
				 errhint("It is the share of the subjective weights: 0.5 counts both alike.")));
	return lambda;
}

/* combine_weights(subjective, objective, lambda, method) */
PG_FUNCTION_INFO_V1(kpi_combine_weights);
Datum
kpi_combine_weights(PG_FUNCTION_ARGS)
{
	int			count;
	int			objective_count;
	double	   *subjective = read_weights(PG_GETARG_ARRAYTYPE_P(0), "subjective", &count);
	double	   *objective = read_weights(PG_GETARG_ARRAYTYPE_P(1), "objective", &objective_count);
	double		lambda = check_lambda(PG_GETARG_FLOAT8(2));
	KpiCombineWeights method = kpi_check_word(&kpi_combine_weights_words, PG_GETARG_TEXT_PP(3));

	if (count != objective_count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("subjective has %d elements but objective has %d", count, objective_count),
				 errhint("Pass the weights of the same criteria, in the same order.")));
	if (!normalize(subjective, count) || !normalize(objective, count))
		PG_RETURN_NULL();
	for (int i = 0; i < count; i++)
		subjective[i] = combine(method, lambda, subjective[i], objective[i]);
	if (!normalize(subjective, count))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(kpi_number_array(subjective, count));
}
