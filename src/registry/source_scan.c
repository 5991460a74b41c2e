/*-------------------------------------------------------------------------
 *
 * source_scan.c
 *	  Reading the rows of a source: once, into states of the finest cells.
 *
 * One plain GROUP BY, which the server runs in parallel and hands down to
 * partitions and other servers: by the time, and by what names the unit in
 * each dimension (source_key.c).  It asks for the states that all the indicators over the
 * source need, each once, and for the number of rows that each filter passes.
 * A filter that all have in common is a condition on the rows, so that an index
 * can serve it; else it goes to each aggregate.
 *
 * The condition compares the bare time column, so that an index on it can be
 * used.  Rows without a time are read too, to be counted.  Where nearly all rows
 * of a table pass the condition and none can fail, it is left out: it takes
 * longer than to put the others aside.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source_scan.h"

#include "base/grain.h"
#include "registry/source_place.h"

#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"

/* Bytes that a row may add to a state that grows, with room to spare. */
#define GROWN_BY_ROW 16

/* Appends the condition that a row is of some days. */
static void
append_stretch(KpiQuery *query, const KpiSource *source, DateADT from, DateADT to)
{
	Oid			type = source->time_type;

	appendStringInfo(&query->text, "%s >= %s AND %s < %s", source->time_reference,
					 kpi_parameter(query, type, kpi_day_as(type, from)), source->time_reference,
					 kpi_parameter(query, type, kpi_day_as(type, to)));
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
		append_stretch(query, source, days->from[i], days->to[i]);
	}
}

/* Appends that, or that a row is of no period: without a time, or of no year that periods have. */
static void
append_no_period(KpiQuery *query, const KpiSource *source)
{
	Oid			type = source->time_type;

	appendStringInfo(&query->text, " OR %s IS NULL OR %s < %s OR %s >= %s", source->time_reference,
					 source->time_reference, kpi_parameter(query, type, kpi_day_as(type, KPI_FIRST_DAY)),
					 source->time_reference, kpi_parameter(query, type, kpi_day_as(type, KPI_END_DAY)));
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

/* Prepares to read a source. */
void
kpi_begin_scan(KpiScan *scan, KpiSource *source)
{
	memset(scan, 0, sizeof(KpiScan));
	scan->source = source;
	kpi_cut_cells(&scan->cells, source);
	number_filters(source);
	kpi_choose_keys(scan);
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

/* How many values stand in columns of their own. */
static int
count_columns(const KpiSource *source)
{
	int			count = 0;
	ListCell   *cell;

	foreach(cell, source->values)
		count += ((KpiValue *) lfirst(cell))->below == 0;
	return count;
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
	appendStringInfo(&query->text, "SELECT %s AS \"kpi$cell\"", kpi_group_of_row(scan, query));
	foreach(cell, source->values)
	{
		if (((KpiValue *) lfirst(cell))->below == 0)
			appendStringInfo(&query->text, ",\n\t%s AS \"kpi$value%d\"", ((KpiValue *) lfirst(cell))->sql,
							 foreach_current_index(cell) + 1);
	}
	append_counts(source, query);
	foreach(cell, source->measures)
		kpi_append_expressions(query, lfirst(cell));
	appendStringInfo(&query->text, "\nFROM %s", source->relation);
	kpi_append_condition(query, source, scan->days == NULL ? &whole : scan->days, source->own_filter ? NULL :
						 ((KpiMeasure *) linitial(source->measures))->expression[KPI_FILTER], true);
	appendStringInfoString(&query->text, "\nGROUP BY 1");
	for (int i = 2; i <= count_columns(source) + 1; i++)
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
	return 1 + count_columns(source) + source->counts + 1;
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

/*
 * Whether rows of other periods may be read and put aside: nothing of them can
 * fail, and the days are the only condition.
 */
static bool
may_read_all(const KpiScan *scan)
{
	const KpiSource *source = scan->source;
	ListCell   *cell;

	if (scan->key != KPI_KEY_CELL || !scan->here || source->own_filter ||
		((KpiMeasure *) linitial(source->measures))->expression[KPI_FILTER] != NULL)
		return false;
	foreach(cell, source->values)
	{
		if (!((KpiValue *) lfirst(cell))->is_column)
			return false;
	}
	return kpi_take_any_row(&scan->states);
}

/* Plans the query; states that grow with the rows stay in memory together only where that has room for them. */
void
kpi_plan_scan(const KpiScan *scan, KpiQuery *query)
{
	int			growing = kpi_growing_states(&scan->states);

	kpi_plan_query(query);
	if (may_read_all(scan))
		kpi_plan_without_condition(query);
	if (kpi_rows_grouped(query) * growing * GROWN_BY_ROW > work_mem * hash_mem_multiplier * 1024.0)
	{
		query->sorted = true;
		kpi_plan_query(query);
	}
}
