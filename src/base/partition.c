/*-------------------------------------------------------------------------
 *
 * partition.c
 *	  Window functions that read their whole partition before they answer.
 *
 * The first row of a partition reads all its rows, whatever the frame, and keeps
 * numbers for each; the others only look theirs up.  Rows are read to and fro,
 * for going back to the first of them costs as much as reading them.
 *
 *-------------------------------------------------------------------------
 */
#include "base/partition.h"

#include "base/check.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* What is kept for the partition, with so many numbers for each row. */
KpiPartition *
kpi_partition(WindowObject window, int numbers)
{
	KpiPartition *partition = WinGetPartitionLocalMemory(window, sizeof(KpiPartition));
	int64		rows;

	if (partition->kept != NULL)
		return partition;
	rows = WinGetPartitionRowCount(window);
	if (rows > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg(INT64_FORMAT " rows are too many to be compared at once", rows),
				 errhint("Compare parts of them, with PARTITION BY.")));
	partition->rows = (int) rows;
	partition->kept = MemoryContextAllocHuge(GetMemoryChunkContext(partition), (Size) rows * numbers * sizeof(double));
	return partition;
}

/* An argument of all rows as a column of a matrix; NaN where it is NULL. */
void
kpi_partition_column(WindowObject window, int argument, const KpiMatrix *matrix, int column)
{
	for (int i = 0; i < matrix->rows; i++)
	{
		int			row = argument % 2 == 0 ? i : matrix->rows - 1 - i;
		bool		isnull;
		bool		outside;
		Datum		value = WinGetFuncArgInPartition(window, argument, row, WINDOW_SEEK_HEAD, false, &isnull, &outside);

		CHECK_FOR_INTERRUPTS();
		kpi_matrix_row(matrix, row)[column] = isnull ? NAN : DatumGetFloat8(value);
	}
}

/* The numbers of an array, of as many elements as the rows have, into a row. */
static void
read_row(Datum datum, const char *name, const KpiMatrix *matrix, int row)
{
	ArrayType  *array = DatumGetArrayTypeP(datum);
	Datum	   *element;
	bool	   *isnull;
	int			count;

	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &element, &isnull, &count);
	if (ARR_NDIM(array) != 1 || count != matrix->columns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 ARR_NDIM(array) != 1 ? errmsg("%s has %d dimensions", name, ARR_NDIM(array)) :
				 errmsg("%s has %d elements after rows of %d", name, count, matrix->columns),
				 errhint("Pass an array with the same columns in every row; NULL for a value that is missing.")));
	for (int i = 0; i < count; i++)
		kpi_matrix_row(matrix, row)[i] = isnull[i] ? NAN : DatumGetFloat8(element[i]);
	pfree(element);
	pfree(isnull);
	if ((Pointer) array != DatumGetPointer(datum))
		pfree(array);
}

/* The array argument of a row; NULL for NULL. */
static NullableDatum
fetch_array(WindowObject window, int argument, int row)
{
	NullableDatum fetched;
	bool		outside;

	CHECK_FOR_INTERRUPTS();
	fetched.value = WinGetFuncArgInPartition(window, argument, row, WINDOW_SEEK_HEAD, false, &fetched.isnull, &outside);
	return fetched;
}

/* How many elements the array argument has in the first row that has one; 0 for none. */
static int
count_columns(WindowObject window, int argument, int rows)
{
	for (int i = 0; i < rows; i++)
	{
		NullableDatum fetched = fetch_array(window, argument, i);

		if (!fetched.isnull)
		{
			ArrayType  *array = DatumGetArrayTypeP(fetched.value);

			return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
		}
	}
	return 0;
}

/* An array argument of all rows as a matrix; a row of NULL is all NaN. */
KpiMatrix
kpi_partition_rows(WindowObject window, int argument, const char *name, int rows)
{
	KpiMatrix	matrix = kpi_new_matrix(rows, count_columns(window, argument, rows));

	for (int i = 0; i < rows; i++)
	{
		NullableDatum fetched = fetch_array(window, argument, i);

		if (!fetched.isnull)
			read_row(fetched.value, name, &matrix, i);
		else
		{
			for (int k = 0; k < matrix.columns; k++)
				kpi_matrix_row(&matrix, i)[k] = NAN;
		}
	}
	return matrix;
}

/* A parameter, which all rows of a partition have in common. */
NullableDatum
kpi_partition_parameter(FunctionCallInfo fcinfo, int argument, const char *name, int rows)
{
	WindowObject window = PG_WINDOW_OBJECT();
	NullableDatum first = fetch_array(window, argument, 0);
	int16		length;
	bool		by_value;

	get_typlenbyval(get_fn_expr_argtype(fcinfo->flinfo, argument), &length, &by_value);
	if (!first.isnull)
		first.value = datumCopy(first.value, by_value, length);
	if (get_fn_expr_arg_stable(fcinfo->flinfo, argument))
		return first;
	for (int i = rows - 1; i > 0; i--)
	{
		NullableDatum fetched = fetch_array(window, argument, i);

		if (fetched.isnull != first.isnull ||
			(!first.isnull && !datum_image_eq(first.value, fetched.value, by_value, length)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s differs between the rows of a partition", name),
					 errhint("Rows are compared by one rule: pass the same %s for all of them, or use PARTITION BY.", name)));
	}
	return first;
}
