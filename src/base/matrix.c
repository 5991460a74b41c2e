/*-------------------------------------------------------------------------
 *
 * matrix.c
 *	  Tables of doubles: read from arrays, row after row.
 *
 *-------------------------------------------------------------------------
 */
#include "base/matrix.h"

#include "base/list.h"
#include "utils/memutils.h"

/* Room for so many rows and columns. */
KpiMatrix
kpi_new_matrix(int rows, int columns)
{
	KpiMatrix	matrix = {rows, columns, NULL};
	Size		size = mul_size(mul_size(rows, columns), sizeof(double));

	if (!AllocHugeSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d rows of %d values are too many", rows, columns),
				 errhint("Take parts of them one at a time.")));
	matrix.value = MemoryContextAllocHuge(CurrentMemoryContext, Max(size, 1));
	return matrix;
}

/*
 * An array of one dimension, which is one row, or of two; a NULL element is NaN
 * where it is allowed, else an error, and so is anything that is no finite number.
 */
KpiMatrix
kpi_matrix(ArrayType *array, const char *name, bool null_allowed)
{
	int			dimensions = ARR_NDIM(array);
	KpiList		list;
	KpiMatrix	matrix;

	if (dimensions != 1 && dimensions != 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 dimensions == 0 ? errmsg("%s is an empty array", name) :
				 errmsg("%s has %d dimensions", name, dimensions),
				 errhint("Pass an array of one or two dimensions with at least one element.")));
	list = kpi_number_elements(array, name);
	matrix = kpi_new_matrix(dimensions == 1 ? 1 : ARR_DIMS(array)[0], ARR_DIMS(array)[dimensions - 1]);
	for (int i = 0; i < list.count; i++)
		matrix.value[i] = null_allowed && list.is_null[i] ? NAN : kpi_list_float8(&list, i, name);
	return matrix;
}

/* A list has one number for each of count things, which are called so. */
void
kpi_check_values(const KpiMatrix *values, const char *name, int count, const char *called)
{
	if (values->rows != 1 || values->columns != count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements, not %d", name, values->rows * values->columns, count),
				 errhint("Pass an array of one dimension with an element for each %s.", called)));
}

/* A list of so many finite numbers. */
double *
kpi_vector(ArrayType *array, const char *name, int count)
{
	KpiMatrix	matrix = kpi_matrix(array, name, false);

	kpi_check_values(&matrix, name, count, "value");
	return matrix.value;
}
