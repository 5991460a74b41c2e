/*-------------------------------------------------------------------------
 *
 * topsis.c
 *	  Order of alternatives by their distance from the best and the worst (TOPSIS).
 *
 *	r[i][j]		x[i][j] / sqrt(sum over i of x[i][j]^2) (vector), or from the
 *				worst value, 0, to the best one, 1 (minmax)
 *	v[i][j]		w[j] r[i][j], weights of sum 1
 *	d+, d-		distance of v[i] from the best and from the worst value of every
 *				column
 *	topsis		d- / (d+ + d-), from 0 to 1; 0.5 where all are equal
 *
 * NULL rule: NULL where a value is NULL, NaN or infinite; such rows are not
 * compared with others.  A column of zeros, or of equal values, does not count.
 *
 * Source: C.-L. Hwang and K. Yoon, Multiple Attribute Decision Making, 1981.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/words.h"
#include "weighting/alternatives.h"
#include "weighting/direction.h"

#define ARG_METHOD KPI_ALTERNATIVE_ARGUMENTS

/* Divide each column by its length, without overflow on the way. */
static void
divide_by_length(KpiMatrix *matrix)
{
	for (int j = 0; j < matrix->columns; j++)
	{
		KpiExtent	extent = kpi_extent(matrix, j);
		double		greatest = Max(fabs(extent.least), fabs(extent.greatest));
		double		squares = 0;

		if (greatest == 0)
			continue;
		for (int i = 0; i < matrix->rows; i++)
		{
			kpi_matrix_row(matrix, i)[j] /= greatest;
			squares += kpi_matrix_row(matrix, i)[j] * kpi_matrix_row(matrix, i)[j];
		}
		for (int i = 0; i < matrix->rows; i++)
			kpi_matrix_row(matrix, i)[j] /= sqrt(squares);
	}
}

/* The distance of each row from the best and from the worst of every column. */
static void
rank_rows(KpiAlternatives *alternatives, KpiPartition *partition)
{
	const KpiMatrix *matrix = &alternatives->matrix;
	KpiExtent  *extent = palloc(matrix->columns * sizeof(KpiExtent));

	for (int j = 0; j < matrix->columns; j++)
		extent[j] = kpi_extent(matrix, j);
	for (int i = 0; i < matrix->rows; i++)
	{
		double		to_best = 0;
		double		to_worst = 0;

		for (int j = 0; j < matrix->columns; j++)
		{
			double		value = kpi_matrix_row(matrix, i)[j];
			double		above = alternatives->weight[j] * (value - extent[j].least);
			double		below = alternatives->weight[j] * (extent[j].greatest - value);

			to_best += alternatives->lower[j] ? above * above : below * below;
			to_worst += alternatives->lower[j] ? below * below : above * above;
		}
		to_best = sqrt(to_best);
		to_worst = sqrt(to_worst);
		partition->kept[alternatives->place[i]] = to_best + to_worst == 0 ? 0.5 : to_worst / (to_best + to_worst);
	}
}

/* Compare the rows of a partition, once. */
static void
compare(FunctionCallInfo fcinfo, KpiPartition *partition)
{
	KpiAlternatives alternatives = kpi_alternatives(fcinfo, partition);
	NullableDatum method = kpi_partition_parameter(fcinfo, ARG_METHOD, "method", partition->rows);

	partition->ready = true;
	if (alternatives.matrix.rows == 0 || method.isnull)
		return;
	if (kpi_check_word(&kpi_topsis_method_words, DatumGetTextPP(method.value)) == KPI_TOPSIS_MINMAX)
	{
		kpi_scale_columns(&alternatives);
		/* the best is now the greatest */
		memset(alternatives.lower, false, alternatives.matrix.columns * sizeof(bool));
	}
	else
		divide_by_length(&alternatives.matrix);
	rank_rows(&alternatives, partition);
}

/* topsis(values, directions, weights, method) OVER (...) */
PG_FUNCTION_INFO_V1(kpi_topsis);
Datum
kpi_topsis(PG_FUNCTION_ARGS)
{
	KpiPartition *partition = kpi_partition(PG_WINDOW_OBJECT(), 1);

	if (!partition->ready)
		compare(fcinfo, partition);
	return kpi_alternative_answer(fcinfo, partition);
}
