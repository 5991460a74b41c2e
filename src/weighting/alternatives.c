/*-------------------------------------------------------------------------
 *
 * alternatives.c
 *	  Rows of a partition as alternatives: their values, which way is better and
 *	  how much each column weighs.
 *
 * A row with a value that is NULL, NaN or infinite is not compared with others.
 *
 *-------------------------------------------------------------------------
 */
#include "weighting/alternatives.h"

#include "base/check.h"
#include "weighting/direction.h"

/* Whether all values of a row are finite numbers. */
static bool
is_complete(const double *value, int columns)
{
	for (int i = 0; i < columns; i++)
	{
		if (!kpi_is_number(value[i]))
			return false;
	}
	return true;
}

/* Keep the complete rows of a matrix; all the others have no answer. */
static void
keep_complete(KpiAlternatives *alternatives, KpiPartition *partition)
{
	KpiMatrix  *matrix = &alternatives->matrix;
	int			count = 0;

	for (int i = 0; i < matrix->rows; i++)
	{
		partition->kept[i] = NAN;
		if (!is_complete(kpi_matrix_row(matrix, i), matrix->columns))
			continue;
		memmove(kpi_matrix_row(matrix, count), kpi_matrix_row(matrix, i), matrix->columns * sizeof(double));
		alternatives->place[count++] = i;
	}
	matrix->rows = matrix->columns == 0 ? 0 : count;
}

/* Weights that sum to 1; equal ones where the argument is NULL. */
static double *
read_weights(NullableDatum argument, int columns)
{
	double	   *weight;
	double		sum = 0;

	if (argument.isnull)
	{
		weight = palloc(columns * sizeof(double));
		for (int i = 0; i < columns; i++)
			weight[i] = 1.0 / columns;
		return weight;
	}
	weight = kpi_vector(DatumGetArrayTypeP(argument.value), "weights", columns);
	for (int i = 0; i < columns; i++)
		sum += kpi_check_weight(weight[i]);
	if (sum == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("all weights are 0"),
				 errhint("At least one column counts.")));
	for (int i = 0; i < columns; i++)
		weight[i] /= sum;
	return weight;
}

/* The alternatives of a partition: values, directions and weights are the first three arguments. */
KpiAlternatives
kpi_alternatives(FunctionCallInfo fcinfo, KpiPartition *partition)
{
	KpiAlternatives alternatives = {
		.matrix = kpi_partition_rows(PG_WINDOW_OBJECT(), KPI_ALTERNATIVE_VALUES, "values", partition->rows),
		.place = MemoryContextAllocHuge(CurrentMemoryContext, partition->rows * sizeof(int))
	};
	NullableDatum directions = kpi_partition_parameter(fcinfo, KPI_ALTERNATIVE_DIRECTIONS, "directions", partition->rows);
	NullableDatum weights = kpi_partition_parameter(fcinfo, KPI_ALTERNATIVE_WEIGHTS, "weights", partition->rows);

	keep_complete(&alternatives, partition);
	if (alternatives.matrix.rows == 0)
		return alternatives;
	alternatives.lower = kpi_directions(directions, alternatives.matrix.columns);
	alternatives.weight = read_weights(weights, alternatives.matrix.columns);
	return alternatives;
}

/* Each column from its worst value, 0, to its best one, 1; one of equal values is 1. */
void
kpi_scale_columns(KpiAlternatives *alternatives)
{
	KpiMatrix  *matrix = &alternatives->matrix;

	for (int j = 0; j < matrix->columns; j++)
	{
		KpiExtent	extent = kpi_extent(matrix, j);

		for (int i = 0; i < matrix->rows; i++)
		{
			double	   *value = &kpi_matrix_row(matrix, i)[j];

			*value = extent.least == extent.greatest ? 1 : kpi_from_worst(&extent, alternatives->lower[j], *value);
		}
	}
}

/* What is kept for the current row; NULL where it was not compared. */
Datum
kpi_alternative_answer(FunctionCallInfo fcinfo, const KpiPartition *partition)
{
	double		answer = partition->kept[WinGetCurrentPosition(PG_WINDOW_OBJECT())];

	if (isnan(answer))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(answer);
}
