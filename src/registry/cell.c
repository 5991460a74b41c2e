/*-------------------------------------------------------------------------
 *
 * cell.c
 *	  The cell that a time lies in: kpi_internal.cell_number().
 *
 * What width_bucket(time, starts) gives of finite times, at the price of an addition: the first
 * instants of the cells are taken apart once a query, and a day finds its
 * number in a list of all days.  That list has a place for every day from the
 * first cell to the last, if they are not too many; instants are searched for
 * by halves.
 *
 * NULL rule: strict, and NULL for infinite times, which are of no day.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "utils/array.h"
#include "utils/date.h"
#include "utils/timestamp.h"

/* Days that are listed at most. */
#define LISTED_DAYS 400000

/* The first instants of cells, taken apart. */
typedef struct CellStarts
{
	int			count;
	int64	   *start;
	int			days;			/* how many are listed, from the first start
								 * on */
	int32	   *number;			/* of the cell of each */
} CellStarts;

/* The number of the last cell that begins no later; 0 where none does. */
static int32
search_cell(const CellStarts *cells, int64 time)
{
	int			low = 0;
	int			high = cells->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (time < cells->start[middle])
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Lists the days from the first cell to the last. */
static void
list_days(CellStarts *cells)
{
	int64		first = cells->count > 0 ? cells->start[0] : 0;
	int64		days = cells->count > 0 ? cells->start[cells->count - 1] - first + 1 : 0;

	if (days <= 0 || days > LISTED_DAYS)
		return;
	cells->days = (int) days;
	cells->number = palloc(sizeof(int32) * days);
	for (int i = 0; i < days; i++)
		cells->number[i] = search_cell(cells, first + i);
}

/* Takes an array of days or instants apart. */
static CellStarts *
take_apart(ArrayType *array, bool is_day)
{
	CellStarts *cells = palloc0(sizeof(CellStarts));
	int			length = is_day ? (int) sizeof(DateADT) : (int) sizeof(Timestamp);
	Datum	   *values;

	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("first instants of cells must not be NULL"),
				 errhint("Leave out those that are not known.")));
	deconstruct_array(array, ARR_ELEMTYPE(array), length, is_day || FLOAT8PASSBYVAL,
					  is_day ? TYPALIGN_INT : TYPALIGN_DOUBLE, &values, NULL, &cells->count);
	cells->start = palloc(sizeof(int64) * Max(cells->count, 1));
	for (int i = 0; i < cells->count; i++)
		cells->start[i] = is_day ? DatumGetDateADT(values[i]) : DatumGetTimestamp(values[i]);
	if (is_day)
		list_days(cells);
	return cells;
}

/* The cells of a call: taken apart once where they are the same in all calls. */
static CellStarts *
cells_of_call(FunctionCallInfo fcinfo, bool is_day)
{
	FmgrInfo   *function = fcinfo->flinfo;
	MemoryContext before;

	if (!get_fn_expr_arg_stable(function, 1))
		return take_apart(PG_GETARG_ARRAYTYPE_P(1), is_day);
	if (function->fn_extra == NULL)
	{
		before = MemoryContextSwitchTo(function->fn_mcxt);
		function->fn_extra = take_apart(PG_GETARG_ARRAYTYPE_P(1), is_day);
		MemoryContextSwitchTo(before);
	}
	return function->fn_extra;
}

/* cell_number(date, date[]): the number of the last cell that begins no later, from 1; 0 before the first. */
PG_FUNCTION_INFO_V1(kpi_cell_of_day);
Datum
kpi_cell_of_day(PG_FUNCTION_ARGS)
{
	int64		day = PG_GETARG_DATEADT(0);
	CellStarts *cells = cells_of_call(fcinfo, true);

	if (DATE_NOT_FINITE(day))
		PG_RETURN_NULL();
	if (cells->days > 0 && day >= cells->start[0] && day - cells->start[0] < cells->days)
		PG_RETURN_INT32(cells->number[day - cells->start[0]]);
	PG_RETURN_INT32(search_cell(cells, day));
}

/* cell_number(timestamp, timestamp[]) and its twin with zone: the same. */
PG_FUNCTION_INFO_V1(kpi_cell_of_instant);
Datum
kpi_cell_of_instant(PG_FUNCTION_ARGS)
{
	Timestamp	time = PG_GETARG_TIMESTAMP(0);

	if (TIMESTAMP_NOT_FINITE(time))
		PG_RETURN_NULL();
	PG_RETURN_INT32(search_cell(cells_of_call(fcinfo, false), time));
}
