/*-------------------------------------------------------------------------
 *
 * direction.c
 *	  Which way is better, column by column; values on a scale from worst to best.
 *
 *-------------------------------------------------------------------------
 */
#include "weighting/direction.h"

#include "base/list.h"
#include "base/words.h"
#include "utils/builtins.h"

static const char *const directions_name = "directions";

/* Whether lower is better, for each column; higher is where the argument is NULL. */
bool *
kpi_directions(NullableDatum argument, int columns)
{
	bool	   *lower = palloc0(Max(columns, 1) * sizeof(bool));
	KpiList		list;

	if (argument.isnull)
		return lower;
	list = kpi_list(DatumGetArrayTypeP(argument.value), directions_name);
	kpi_check_no_nulls(&list, directions_name);
	if (list.count != columns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("directions has %d elements for %d columns", list.count, columns),
				 errhint("Pass \"higher\" or \"lower\" for each column.")));
	for (int i = 0; i < columns; i++)
		lower[i] = kpi_is_lower(DatumGetTextPP(list.element[i]));
	return lower;
}

/* The least and the greatest value of a column of at least one row. */
KpiExtent
kpi_extent(const KpiMatrix *matrix, int column)
{
	KpiExtent	extent = {matrix->value[column], matrix->value[column]};

	for (int i = 1; i < matrix->rows; i++)
	{
		double		value = kpi_matrix_row(matrix, i)[column];

		extent.least = Min(extent.least, value);
		extent.greatest = Max(extent.greatest, value);
	}
	return extent;
}
