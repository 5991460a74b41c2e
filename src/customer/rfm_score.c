/*-------------------------------------------------------------------------
 *
 * rfm_score.c
 *	  The place of a customer by recency, frequency and money: 555 the best.
 *
 * Of each of the three values the digit is
 *
 *	1 + floor(groups * w / n)
 *
 * with n the customers of the partition and w those of them that are worse.
 * So equal customers have equal digits whatever the order of the rows, and
 * without equal ones every digit has as many customers, give or take one.
 *
 * NULL rule: a customer with a value that is NULL, NaN or infinite has no
 * score and is not counted.
 *
 * The values are sorted once for a partition; a row then needs three searches.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "windowapi.h"

#define DIMENSIONS	3
#define GROUPS		3			/* place of the argument, where there is one */
#define MAX_GROUPS	9			/* one digit */

typedef struct Partition
{
	bool		ready;
	int64		count;
	double	   *sorted[DIMENSIONS];
} Partition;

/* The greater the better; NaN for a value that does not count. */
static inline double
read_value(int dimension, Datum datum, bool isnull)
{
	double		value = isnull ? NAN : DatumGetFloat8(datum);

	if (!kpi_is_number(value))
		return NAN;
	return dimension == 0 ? -value : value;
}

/*
 * One value of all rows.  The rows are read to and fro, for going back to the
 * first of them costs as much as reading them.
 */
static void
read_column(WindowObject window, int dimension, int64 rows, double *value)
{
	for (int64 i = 0; i < rows; i++)
	{
		int64		row = dimension % 2 == 0 ? i : rows - 1 - i;
		bool		isnull;
		bool		isout;
		Datum		datum = WinGetFuncArgInPartition(window, dimension, (int) row, WINDOW_SEEK_HEAD, false, &isnull, &isout);

		CHECK_FOR_INTERRUPTS();
		value[row] = read_value(dimension, datum, isnull);
	}
}

/* The values of the current row; false where it does not count. */
static bool
read_current(WindowObject window, double value[DIMENSIONS])
{
	bool		counts = true;

	for (int k = 0; k < DIMENSIONS; k++)
	{
		bool		isnull;
		Datum		datum = WinGetFuncArgCurrent(window, k, &isnull);

		value[k] = read_value(k, datum, isnull);
		counts = counts && !isnan(value[k]);
	}
	return counts;
}

/* The order of doubles, for qsort. */
static int
compare_doubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* Gather and sort the values of the partition, once. */
static void
sort_values(WindowObject window, Partition *partition)
{
	MemoryContext kept = GetMemoryChunkContext(partition);
	int64		rows = WinGetPartitionRowCount(window);

	if (rows > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg(INT64_FORMAT " customers are too many to be scored at once", rows),
				 errhint("Score parts of them, with PARTITION BY.")));
	for (int k = 0; k < DIMENSIONS; k++)
	{
		partition->sorted[k] = MemoryContextAllocHuge(kept, (Size) rows * sizeof(double));
		read_column(window, k, rows, partition->sorted[k]);
	}
	for (int64 i = 0; i < rows; i++)
	{
		if (isnan(partition->sorted[0][i]) || isnan(partition->sorted[1][i]) || isnan(partition->sorted[2][i]))
			continue;
		for (int k = 0; k < DIMENSIONS; k++)
			partition->sorted[k][partition->count] = partition->sorted[k][i];
		partition->count++;
	}
	for (int k = 0; k < DIMENSIONS; k++)
		qsort(partition->sorted[k], (size_t) partition->count, sizeof(double), compare_doubles);
	partition->ready = true;
}

/* How many of the sorted values are less. */
static int64
count_worse(const double *sorted, int64 count, double value)
{
	int64		low = 0;
	int64		high = count;

	while (low < high)
	{
		int64		middle = (low + high) / 2;

		if (sorted[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The groups that the row asks for; false for NULL. */
static bool
read_groups(FunctionCallInfo fcinfo, WindowObject window, int *groups)
{
	Datum		given;
	bool		isnull;

	*groups = 5;
	if (PG_NARGS() <= GROUPS)
		return true;
	given = WinGetFuncArgCurrent(window, GROUPS, &isnull);
	if (isnull)
		return false;
	*groups = kpi_check_whole(DatumGetFloat8(given), "number of groups");
	if (*groups < 2 || *groups > MAX_GROUPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of groups %d is not between 2 and %d", *groups, MAX_GROUPS),
				 errhint("Each of the three values has a digit of its own; 5 is the custom.")));
	return true;
}

/* rfm_score(since_last, frequency, monetary_value [, groups]) OVER (...) */
PG_FUNCTION_INFO_V1(kpi_rfm_score);
Datum
kpi_rfm_score(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Partition  *partition = WinGetPartitionLocalMemory(window, sizeof(Partition));
	double		value[DIMENSIONS];
	int			groups;
	int			score = 0;

	if (!partition->ready)
		sort_values(window, partition);
	if (!read_groups(fcinfo, window, &groups) ||
		!read_current(window, value))
		PG_RETURN_NULL();
	for (int k = 0; k < DIMENSIONS; k++)
		score = score * 10 + 1 +
			(int) (groups * count_worse(partition->sorted[k], partition->count, value[k]) / partition->count);
	PG_RETURN_INT32(score);
}
