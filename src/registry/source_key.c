/*-------------------------------------------------------------------------
 *
 * source_key.c
 *	  What the rows of a source are told apart by: the time, and what names
 *	  the unit in each dimension.
 *
 * Rows that lie on this server are grouped by one integer: the number of the
 * cell of their time, found by its place among the edges of the cells (cell.c),
 * and behind it the places of the names of their units among all that are known
 * (group.c).  No calendar arithmetic for a row, no text that is hashed and
 * compared, and few groups, which stay in the caches of the processor.  All names
 * that are not known are one, for their rows count alike: but for stocks, of which
 * each name has its own last rows, and for states that are kept, for a name may be
 * known later.  There the names are columns of their own, as are those that are
 * integers anyway.
 *
 * What may lie on other servers is asked with what each server knows, and by
 * the date itself where that gives few groups, for a table may be partitioned by
 * it.  The days of a timestamptz are those of the session's zone, which is the
 * indicator's.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source_scan.h"

#include "base/grain.h"

#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

/* More cells of days and units than that, and days are not told apart that need not be. */
#define MANY_CELLS 1000000

/* Whether the rows of a relation lie in tables of this server, as far as is known. */
static bool
is_here(Oid relation)
{
	ListCell   *cell;

	if (get_rel_relkind(relation) == RELKIND_VIEW)
		return false;
	foreach(cell, find_all_inheritors(relation, NoLock, NULL))
	{
		if (get_rel_relkind(lfirst_oid(cell)) == RELKIND_FOREIGN_TABLE)
			return false;
	}
	return true;
}

/* A day as a value of the type of the time column. */
Datum
kpi_day_as(Oid type, DateADT day)
{
	if (type == TIMESTAMPOID)
		return DirectFunctionCall1(date_timestamp, DateADTGetDatum(day));
	if (type == TIMESTAMPTZOID)
		return DirectFunctionCall1(date_timestamptz, DateADTGetDatum(day));
	return DateADTGetDatum(day);
}

/* The edges of the cells as a parameter, for times of a type. */
static char *
cell_edges(const KpiScan *scan, KpiQuery *query, Oid type)
{
	const KpiCells *cells = &scan->cells;
	Datum	   *edges = palloc(sizeof(Datum) * (cells->count + 1));

	for (int i = 0; i < cells->count; i++)
		edges[i] = kpi_day_as(type, DatumGetDateADT(cells->start[i]));
	edges[cells->count] = kpi_day_as(type, cells->end);
	return kpi_array_parameter(query, type, edges, cells->count + 1);
}

/* The time of a row, without the domain it may have. */
static char *
row_time(const KpiSource *source)
{
	return psprintf("CAST(%s AS %s)", source->time_reference, format_type_be(source->time_type));
}

/* The number of the cell of a row of the source. */
char *
kpi_cell_of_row(const KpiScan *scan, KpiQuery *query)
{
	if (scan->key == KPI_KEY_ALL)
		return pstrdup("CAST(1 AS integer)");
	return psprintf("%s(%s, %s)", scan->here ? "kpi_internal.cell_number" : "width_bucket",
					row_time(scan->source), cell_edges(scan, query, scan->source->time_type));
}

/* How the time of a row is told apart. */
char *
kpi_time_of_row(const KpiScan *scan, KpiQuery *query)
{
	if (scan->key == KPI_KEY_DAY)
		return psprintf("CAST(%s AS date)", row_time(scan->source));
	return scan->key == KPI_KEY_TIME ? row_time(scan->source) : kpi_cell_of_row(scan, query);
}

/* The same, NULL for rows of no period, and 0 for those of other periods. */
static char *
time_of_period(const KpiScan *scan, KpiQuery *query)
{
	char	   *time = kpi_time_of_row(scan, query);
	Oid			type = scan->source->time_type;
	bool		numbered = scan->key == KPI_KEY_CELL && scan->here;
	char	   *in_period;

	if (scan->key == KPI_KEY_ALL)
		return time;
	in_period = psprintf("CASE WHEN %s >= %s AND %s < %s THEN %s END", scan->source->time_reference,
						 kpi_parameter(query, type, kpi_day_as(type, KPI_FIRST_DAY)), scan->source->time_reference,
						 kpi_parameter(query, type, kpi_day_as(type, KPI_END_DAY)), numbered ? "0" : time);
	return numbered ? psprintf("COALESCE(%s, %s)", time, in_period) : in_period;
}

/* What the rows are grouped by first: the time, and behind it the names that are numbered. */
char *
kpi_group_of_row(const KpiScan *scan, KpiQuery *query)
{
	char	   *group = time_of_period(scan, query);
	ListCell   *cell;

	foreach(cell, scan->source->values)
	{
		KpiValue   *value = lfirst(cell);

		if (value->below > 0)
			group = psprintf("kpi_internal.group_number(%s, %s, %s)", group, value->sql,
							 kpi_array_parameter(query, TEXTOID, value->names, value->count));
	}
	return group;
}

/* The number of the cell of a row of the table of cells, which is called c. */
char *
kpi_cell_of(const KpiScan *scan, KpiQuery *query)
{
	if (scan->key == KPI_KEY_TIME || scan->key == KPI_KEY_DAY)
		return psprintf("kpi_internal.cell_number(c.\"kpi$cell\", %s)",
						cell_edges(scan, query, scan->key == KPI_KEY_DAY ? DATEOID : scan->source->time_type));
	return psprintf("c.\"kpi$cell\" / %d", scan->groups);
}

/* The time of a row of that table, as rows of the source are told apart by it. */
char *
kpi_time_of(const KpiScan *scan, KpiQuery *query)
{
	return scan->key == KPI_KEY_TIME || scan->key == KPI_KEY_DAY ? pstrdup("c.\"kpi$cell\"") : kpi_cell_of(scan, query);
}

/* What names the unit in a row of that table, of the type of the source. */
char *
kpi_unit_value_of(const KpiScan *scan, KpiQuery *query, const KpiDimension *dimension)
{
	const KpiValue *value;

	if (dimension->name == NULL)
		return pstrdup("CAST('' AS text)");
	if (dimension->value == NULL)
		return pstrdup("CAST(NULL AS text)");
	value = list_nth(scan->source->values, dimension->key - 1);
	if (value->below == 0)
		return psprintf("c.\"kpi$value%d\"", dimension->key);
	return psprintf("kpi_internal.group_name(c.\"kpi$cell\" / %d, %s)", value->below,
					kpi_array_parameter(query, TEXTOID, value->names, value->count));
}

/* How many different values name units, at most as far as is known. */
static double
count_values(const KpiSource *source)
{
	double		count = 1;
	ListCell   *cell;

	foreach(cell, source->values)
		count *= ((KpiValue *) lfirst(cell))->count + 1;
	return count;
}

/* How the time is told apart. */
static KpiTimeKey
choose_key(const KpiScan *scan)
{
	const KpiSource *source = scan->source;
	const KpiCells *cells = &scan->cells;
	double		days = cells->end - DatumGetDateADT(cells->start[0]);

	if (source->time_reference == NULL)
		return KPI_KEY_ALL;
	if (source->time_type != DATEOID)
		return source->by_instant ? KPI_KEY_TIME : KPI_KEY_CELL;
	if (scan->here)
		return KPI_KEY_CELL;
	/* stocks need the days anyway */
	return cells->count == days || days * count_values(source) <= MANY_CELLS ? KPI_KEY_TIME : KPI_KEY_CELL;
}

/* Order of texts by their bytes. */
static int
compare_names(const void *a, const void *b)
{
	const text *x = DatumGetTextPP(*(const Datum *) a);
	const text *y = DatumGetTextPP(*(const Datum *) b);
	int			x_length = VARSIZE_ANY_EXHDR(x);
	int			y_length = VARSIZE_ANY_EXHDR(y);
	int			order = memcmp(VARDATA_ANY(x), VARDATA_ANY(y), Min(x_length, y_length));

	return order != 0 ? order : (x_length > y_length) - (x_length < y_length);
}

/* Adds the names of the units of a dimension of a place to those that a value may have. */
static void
add_names(KpiValue *value, const KpiPlace *place, const KpiDimension *dimension)
{
	Datum	   *names;
	int			count;

	value->of_stock = value->of_stock || place->stock != KPI_NO_STOCK;
	deconstruct_array(DatumGetArrayTypeP(dimension->units.values), TEXTOID, -1, false, TYPALIGN_INT, &names, NULL, &count);
	value->names = value->names == NULL ? palloc(sizeof(Datum) * Max(count, 1)) :
		repalloc(value->names, sizeof(Datum) * Max(value->count + count, 1));
	memcpy(value->names + value->count, names, sizeof(Datum) * count);
	value->count += count;
}

/* Leaves each name once. */
static void
leave_each_once(KpiValue *value)
{
	int			kept = 0;

	qsort(value->names, value->count, sizeof(Datum), compare_names);
	for (int i = 0; i < value->count; i++)
	{
		if (kept == 0 || compare_names(&value->names[kept - 1], &value->names[i]) != 0)
			value->names[kept++] = value->names[i];
	}
	value->count = kept;
}

/* Finds the names of units that each value may have, in the places of all. */
static void
find_names(KpiSource *source)
{
	ListCell   *place;
	ListCell   *cell;

	foreach(cell, source->values)
		((KpiValue *) lfirst(cell))->count = 0;
	foreach(place, source->places)
	{
		foreach(cell, ((KpiPlace *) lfirst(place))->dimensions)
		{
			KpiDimension *dimension = lfirst(cell);

			if (dimension->key > 0)
				add_names(list_nth(source->values, dimension->key - 1), lfirst(place), dimension);
		}
	}
	foreach(cell, source->values)
		leave_each_once(lfirst(cell));
}

/* Lets names stand in columns of their own. */
static void
number_no_names(KpiScan *scan)
{
	ListCell   *cell;

	scan->groups = 1;
	foreach(cell, scan->source->values)
		((KpiValue *) lfirst(cell))->below = 0;
}

/* Numbers the names that are texts, as long as an integer has room for their groups. */
static void
number_names(KpiScan *scan)
{
	const List *values = scan->source->values;
	int			numbered = 0;

	for (int i = list_length(values) - 1; i >= 0 && numbered < KPI_MAX_NAMES; i--)
	{
		KpiValue   *value = list_nth(values, i);
		int64		groups = (int64) scan->groups * (value->count + 1);

		if (!value->is_text || value->of_stock || groups * (scan->cells.count + 1) > PG_INT32_MAX)
			continue;
		value->below = scan->groups;
		scan->groups = (int) groups;
		numbered++;
	}
}

/* Chooses what rows are told apart by; the cells are cut. */
void
kpi_choose_keys(KpiScan *scan)
{
	KpiSource  *source = scan->source;

	scan->here = is_here(source->relation_id);
	find_names(source);
	scan->key = choose_key(scan);
	number_no_names(scan);
	if (scan->here && scan->key != KPI_KEY_TIME)
		number_names(scan);
}

/* Lets the cells be of days, which can be kept: of stocks by the instant of instants. */
void
kpi_tell_days_apart(KpiScan *scan)
{
	scan->key = scan->source->by_instant ? KPI_KEY_TIME : KPI_KEY_DAY;
	number_no_names(scan);
}
