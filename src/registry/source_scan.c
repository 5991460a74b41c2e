/*-------------------------------------------------------------------------
 *
 * source_scan.c
 *	  Reading the rows of a source: once, into states of the finest cells.
 *
 * One plain GROUP BY, which the server runs in parallel and hands down to
 * partitions and other servers: by the time, and by what names the unit in
 * each dimension.  It asks for the states that all the indicators over the
 * source need, each once, and for the number of rows that each filter passes.
 * A filter that all have in common is a condition on the rows, so that an index
 * can serve it; else it goes to each aggregate.
 *
 * The time is told apart by the number of its cell, found by its place among
 * the first instants of the cells (cell.c): no calendar arithmetic for a row, and
 * few groups, which stay in the caches of the processor.  What may lie on other
 * servers is asked with what each server knows, and by the date itself where that
 * gives few groups, for a table may be partitioned by it.  The days of a
 * timestamptz are those of the session's zone, which is the indicator's.  The
 * condition compares the bare column, so that an index on it can be used.  Rows
 * without a time are read too, to be counted.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source_scan.h"

#include "base/grain.h"
#include "registry/source_place.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

/* More cells of days and units than that, and days are not told apart that need not be. */
#define MANY_CELLS 1000000

/* Bytes that a row may add to a state that grows, with room to spare. */
#define GROWN_BY_ROW 16

/* A day as a value of the type of the time column. */
static Datum
day_as(Oid type, Datum day)
{
	if (type == TIMESTAMPOID)
		return DirectFunctionCall1(date_timestamp, day);
	if (type == TIMESTAMPTZOID)
		return DirectFunctionCall1(date_timestamptz, day);
	return day;
}

/* The first instants of the cells as a parameter, for times of a type. */
static char *
cell_starts(const KpiScan *scan, KpiQuery *query, Oid type)
{
	Datum	   *starts = palloc(sizeof(Datum) * scan->cells.count);

	for (int i = 0; i < scan->cells.count; i++)
		starts[i] = day_as(type, scan->cells.start[i]);
	return kpi_array_parameter(query, type, starts, scan->cells.count);
}

/* The time of a row, without the domain it may have. */
static char *
row_time(const KpiSource *source)
{
	return psprintf("CAST(%s AS %s)", source->time_reference, format_type_be(source->time_type));
}

/* Whether the rows lie in a table of this server, as far as is known. */
static bool
is_here(const KpiSource *source)
{
	char		kind = get_rel_relkind(source->relation_id);

	return kind == RELKIND_RELATION || kind == RELKIND_MATVIEW;
}

/* The number of the cell of a row of the source. */
char *
kpi_cell_of_row(const KpiScan *scan, KpiQuery *query)
{
	if (scan->key == KPI_KEY_ALL)
		return pstrdup("CAST(1 AS integer)");
	return psprintf("%s(%s, %s)", is_here(scan->source) ? "kpi_internal.cell_number" : "width_bucket",
					row_time(scan->source), cell_starts(scan, query, scan->source->time_type));
}

/* What the rows are told apart by. */
char *
kpi_key_of_row(const KpiScan *scan, KpiQuery *query)
{
	if (scan->key == KPI_KEY_DAY)
		return psprintf("CAST(%s AS date)", row_time(scan->source));
	return scan->key == KPI_KEY_TIME ? row_time(scan->source) : kpi_cell_of_row(scan, query);
}

/* The number of the cell of a row of the table of cells, which is called c. */
char *
kpi_cell_of(const KpiScan *scan, KpiQuery *query)
{
	if (scan->key == KPI_KEY_TIME || scan->key == KPI_KEY_DAY)
		return psprintf("kpi_internal.cell_number(c.\"kpi$cell\", %s)",
						cell_starts(scan, query, scan->key == KPI_KEY_DAY ? DATEOID : scan->source->time_type));
	return pstrdup("c.\"kpi$cell\"");
}

/* Appends the condition that a row is of some days. */
static void
append_stretch(KpiQuery *query, const KpiSource *source, Datum from, Datum to)
{
	Oid			type = source->time_type;

	appendStringInfo(&query->text, "%s >= %s AND %s < %s", source->time_reference,
					 kpi_parameter(query, type, day_as(type, from)), source->time_reference,
					 kpi_parameter(query, type, day_as(type, to)));
}

/* Appends the condition that a row is of the days that are read. */
static void
append_days(KpiQuery *query, const KpiSource *source, const KpiDays *days)
{
	if (days->count == 0)
		appendStringInfoString(&query->text, "false");
	for (int i = 0; i < days->count; i++)
	{
		appendStringInfoString(&query->text, i == 0 ? "" : " OR ");
		append_stretch(query, source, DateADTGetDatum(days->from[i]), DateADTGetDatum(days->to[i]));
	}
}

/* Appends that, or that a row is of no period: without a time, or of no year that periods have. */
static void
append_no_period(KpiQuery *query, const KpiSource *source)
{
	Oid			type = source->time_type;

	appendStringInfo(&query->text, " OR %s IS NULL OR %s < %s OR %s >= %s", source->time_reference,
					 source->time_reference, kpi_parameter(query, type, day_as(type, DateADTGetDatum(KPI_FIRST_DAY))),
					 source->time_reference, kpi_parameter(query, type, day_as(type, DateADTGetDatum(KPI_END_DAY))));
}

/* Appends the condition on the rows that are read. */
void
kpi_append_condition(KpiQuery *query, const KpiSource *source, const KpiDays *days, const char *filter, bool untimed)
{
	const char *word = "WHERE";

	if (source->time_reference != NULL)
	{
		appendStringInfoString(&query->text, "\nWHERE (");
		append_days(query, source, days);
		if (untimed)
			append_no_period(query, source);
		appendStringInfoChar(&query->text, ')');
		word = " AND";
	}
	if (filter != NULL)
		appendStringInfo(&query->text, "\n%s (%s\n)", word, filter);
}

/* Whether two texts are the same, or both missing. */
static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Numbers the filters of the measures, each different one once. */
static void
number_filters(KpiSource *source)
{
	ListCell   *cell;

	source->counts = 0;
	foreach(cell, source->measures)
	{
		KpiMeasure *measure = lfirst(cell);
		ListCell   *before;

		measure->count = -1;
		foreach(before, source->measures)
		{
			KpiMeasure *other = lfirst(before);

			if (other == measure)
				break;
			if (same_text(other->expression[KPI_FILTER], measure->expression[KPI_FILTER]))
				measure->count = other->count;
		}
		if (measure->count < 0)
			measure->count = source->counts++;
	}
	source->own_filter = source->counts > 1;
}

/* How many different values name units, at most as far as is known. */
static double
count_values(const KpiSource *source)
{
	double		count = 1;
	bool	   *seen = palloc0(sizeof(bool) * (list_length(source->values) + 1));
	ListCell   *place;
	ListCell   *cell;

	foreach(place, source->places)
	{
		foreach(cell, ((KpiPlace *) lfirst(place))->dimensions)
		{
			KpiDimension *dimension = lfirst(cell);

			if (!seen[dimension->key] && dimension->key > 0)
				count *= dimension->units.count + 1;
			seen[dimension->key] = true;
		}
	}
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
	/* stocks need the days anyway */
	if (cells->count == days)
		return KPI_KEY_TIME;
	return !is_here(source) && days * count_values(source) <= MANY_CELLS ? KPI_KEY_TIME : KPI_KEY_CELL;
}

/* Prepares to read a source. */
void
kpi_begin_scan(KpiScan *scan, KpiSource *source)
{
	memset(scan, 0, sizeof(KpiScan));
	scan->source = source;
	kpi_cut_cells(&scan->cells, source);
	number_filters(source);
	scan->key = choose_key(scan);
}

/* Lets the cells be of days, which can be kept: of stocks by the instant of instants. */
void
kpi_tell_days_apart(KpiScan *scan)
{
	scan->key = scan->source->by_instant ? KPI_KEY_TIME : KPI_KEY_DAY;
}

/* Appends how many rows each filter passes. */
static void
append_counts(const KpiSource *source, KpiQuery *query)
{
	int			count = 0;
	ListCell   *cell;

	foreach(cell, source->measures)
	{
		KpiMeasure *measure = lfirst(cell);

		if (measure->count < count)
			continue;
		appendStringInfoString(&query->text, ",\n\tcount(*)");
		if (source->own_filter && measure->expression[KPI_FILTER] != NULL)
			appendStringInfo(&query->text, " FILTER (WHERE (%s\n))", measure->expression[KPI_FILTER]);
		appendStringInfo(&query->text, " AS \"kpi$rows%d\"", count++);
	}
}

/* Appends the expressions of a measure as columns. */
void
kpi_append_expressions(KpiQuery *query, const KpiMeasure *measure)
{
	for (int i = KPI_NUMERATOR; i < KPI_EXPRESSIONS; i++)
	{
		/* COALESCE keeps the type and refuses functions that return sets */
		if (measure->expression[i] != NULL)
			appendStringInfo(&query->text, ",\n\tCOALESCE((%s\n))", measure->expression[i]);
	}
}

/* What the rows are told apart by, NULL for those of no period. */
static char *
key_of_period(const KpiScan *scan, KpiQuery *query)
{
	char	   *key = kpi_key_of_row(scan, query);
	Oid			type = scan->source->time_type;

	if (scan->key == KPI_KEY_ALL)
		return key;
	return psprintf("CASE WHEN %s >= %s AND %s < %s THEN %s END", scan->source->time_reference,
					kpi_parameter(query, type, day_as(type, DateADTGetDatum(KPI_FIRST_DAY))),
					scan->source->time_reference,
					kpi_parameter(query, type, day_as(type, DateADTGetDatum(KPI_END_DAY))), key);
}

/* Writes the query over the rows, which still has the expressions as they are. */
void
kpi_write_scan(KpiScan *scan, KpiQuery *query)
{
	KpiSource  *source = scan->source;
	DateADT		first = DatumGetDateADT(scan->cells.start[0]);
	KpiDays		whole = {.count = 1,.from = &first,.to = &scan->cells.end};
	ListCell   *cell;

	kpi_begin_query(query);
	appendStringInfo(&query->text, "SELECT %s AS \"kpi$cell\"", key_of_period(scan, query));
	foreach(cell, source->values)
		appendStringInfo(&query->text, ",\n\t%s AS \"kpi$value%d\"", (char *) lfirst(cell),
						 foreach_current_index(cell) + 1);
	append_counts(source, query);
	foreach(cell, source->measures)
		kpi_append_expressions(query, lfirst(cell));
	appendStringInfo(&query->text, "\nFROM %s", source->relation);
	kpi_append_condition(query, source, scan->days == NULL ? &whole : scan->days, source->own_filter ? NULL :
						 ((KpiMeasure *) linitial(source->measures))->expression[KPI_FILTER], true);
	appendStringInfoString(&query->text, "\nGROUP BY 1");
	for (int i = 2; i <= list_length(source->values) + 1; i++)
		appendStringInfo(&query->text, ", %d", i);
}

/* Gives every aggregate of an expression one more condition on its rows. */
static Node *
add_filter(Node *node, void *filter)
{
	Aggref	   *aggregate;

	if (node == NULL || filter == NULL)
		return node;
	if (!IsA(node, Aggref))
		return expression_tree_mutator(node, add_filter, filter);
	aggregate = copyObject((Aggref *) node);
	aggregate->aggfilter = aggregate->aggfilter == NULL ? copyObject((Expr *) filter) :
		makeBoolExpr(AND_EXPR, list_make2(copyObject(filter), aggregate->aggfilter), -1);
	return (Node *) aggregate;
}

/* Splits the expressions of a measure, which are the next columns of the query. */
static ListCell *
split_measure(KpiPlace *place, KpiMeasure *measure, List *columns, ListCell *next, Node *filter)
{
	KpiStates	states = {.states = list_copy(place->states.states)};

	measure->merges = true;
	for (int i = KPI_NUMERATOR; i < KPI_EXPRESSIONS; i++)
	{
		if (measure->expression[i] == NULL)
			continue;
		measure->result[i] = kpi_split_expression(&states,
												  add_filter((Node *) lfirst_node(TargetEntry, next)->expr, filter));
		measure->merges = measure->merges && measure->result[i] != NULL;
		next = lnext(columns, next);
	}
	if (measure->merges)
		place->states = states;
	return next;
}

/* The first column of states in the table of cells; before it time, values and counts. */
int
kpi_first_state_of_cells(const KpiSource *source)
{
	return 1 + list_length(source->values) + source->counts + 1;
}

/* The place of a measure. */
static KpiPlace *
place_of(const KpiSource *source, KpiMeasure *measure)
{
	ListCell   *cell;

	foreach(cell, source->places)
	{
		if (list_member_ptr(((KpiPlace *) lfirst(cell))->measures, measure))
			return lfirst(cell);
	}
	elog(ERROR, "indicator \"%s\" has no place", measure->indicator);
}

/* Exchanges the expressions of the analysed query for the states that they need. */
void
kpi_split_scan(KpiScan *scan, KpiQuery *query)
{
	KpiSource  *source = scan->source;
	List	   *columns = query->query->targetList;
	int			kept = kpi_first_state_of_cells(source) - 1;
	ListCell   *next = list_nth_cell(columns, kept);
	ListCell   *cell;

	foreach(cell, source->measures)
	{
		KpiMeasure *measure = lfirst(cell);
		TargetEntry *count = list_nth(columns, kept - source->counts + measure->count);

		next = split_measure(place_of(source, measure), measure, columns, next,
							 source->own_filter ? (Node *) castNode(Aggref, count->expr)->aggfilter : NULL);
	}
	foreach(cell, source->places)
		kpi_unite_states(&scan->states, &((KpiPlace *) lfirst(cell))->states);
	query->query->targetList = list_truncate(list_copy(columns), kept);
	kpi_append_row_states(query, &scan->states);
}

/* Plans the query; states that grow with the rows stay in memory together only where that has room for them. */
void
kpi_plan_scan(const KpiScan *scan, KpiQuery *query)
{
	int			growing = kpi_growing_states(&scan->states);

	kpi_plan_query(query);
	if (kpi_rows_grouped(query) * growing * GROWN_BY_ROW > work_mem * hash_mem_multiplier * 1024.0)
	{
		query->sorted = true;
		kpi_plan_query(query);
	}
}
