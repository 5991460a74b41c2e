/*-------------------------------------------------------------------------
 *
 * cell.c
 *	  The cell that a time lies in: kpi_internal.cell_number().
 *
 * What width_bucket(time, edges) gives of times between the first and the last
 * edge, at the price of an addition: the edges are taken apart once a query, and
 * a day finds its number in a list of all days.  That list has a place for every
 * day of the cells, if they are not too many; instants are searched for by
 * halves.
 *
 * NULL rule: strict, and NULL for times in no cell.
 *
 *-------------------------------------------------------------------------
 */
#include "base/once.h"

#include "catalog/pg_type.h"
#include "utils/date.h"
#include "utils/timestamp.h"

/* Days that are listed at most. */
#define LISTED_DAYS 400000

/* The edges of cells, taken apart: the first instants, and at last the end. */
typedef struct CellEdges
{
	int			count;
	int64	   *edge;
	int64		days;			/* how many are listed, from the first edge on */
	int32	   *number;			/* of the cell of each */
} CellEdges;

/* The number of the cell of a time, from 1; 0 where it is in none. */
static int32
find_cell(const CellEdges *cells, int64 time)
{
	int			low = 0;
	int			high = cells->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (time < cells->edge[middle])
			high = middle;
		else
			low = middle + 1;
	}
	return low < cells->count ? low : 0;
}

/* Lists the days of the cells. */
static void
list_days(CellEdges *cells)
{
	int64		days = cells->count > 0 ? cells->edge[cells->count - 1] - cells->edge[0] : 0;

	if (days <= 0 || days > LISTED_DAYS)
		return;
	cells->days = days;
	cells->number = palloc(sizeof(int32) * days);
	for (int i = 0; i < days; i++)
		cells->number[i] = find_cell(cells, cells->edge[0] + i);
}

/* Takes an array of days or instants apart. */
static void *
take_apart(ArrayType *array)
{
	bool		is_day = ARR_ELEMTYPE(array) == DATEOID;
	CellEdges  *cells = palloc0(sizeof(CellEdges));
	int			length = is_day ? (int) sizeof(DateADT) : (int) sizeof(Timestamp);
	Datum	   *values;

	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("edges of cells must not be NULL"),
				 errhint("Leave out those that are not known.")));
	deconstruct_array(array, ARR_ELEMTYPE(array), length, is_day || FLOAT8PASSBYVAL,
					  is_day ? TYPALIGN_INT : TYPALIGN_DOUBLE, &values, NULL, &cells->count);
	cells->edge = palloc(sizeof(int64) * Max(cells->count, 1));
	for (int i = 0; i < cells->count; i++)
		cells->edge[i] = is_day ? DatumGetDateADT(values[i]) : DatumGetTimestamp(values[i]);
	if (is_day)
		list_days(cells);
	return cells;
}

/* cell_number(date, date[]): the number of the cell of a day, from 1; NULL where it is in none. */
PG_FUNCTION_INFO_V1(kpi_cell_of_day);
Datum
kpi_cell_of_day(PG_FUNCTION_ARGS)
{
	int64		day = PG_GETARG_DATEADT(0);
	CellEdges  *cells = kpi_make_once(fcinfo, 1, take_apart);
	int32		number = 0;

	if (cells->days == 0)
		number = find_cell(cells, day);
	else if (day >= cells->edge[0] && day - cells->edge[0] < cells->days)
		number = cells->number[day - cells->edge[0]];
	if (number == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(number);
}

/* cell_number(timestamp, timestamp[]) and its twin with zone: the same. */
PG_FUNCTION_INFO_V1(kpi_cell_of_instant);
Datum
kpi_cell_of_instant(PG_FUNCTION_ARGS)
{
	int32		number = find_cell(kpi_make_once(fcinfo, 1, take_apart), PG_GETARG_TIMESTAMP(0));

	if (number == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(number);
}
