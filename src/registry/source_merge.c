/*-------------------------------------------------------------------------
 *
 * source_merge.c
 *	  Merging the states of cells: over days, up the tree of units, over grains.
 *
 * Each step is a query over what the one before gave, which is far less than
 * the rows were: first the cells of a segment, then the units that have them,
 * then the periods that have the segment.  The expressions of the indicators
 * are computed with the last one.  A stock leaves of each segment only the last
 * (first) cell of what names a unit.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source_scan.h"

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"

/* Appends the counts of rows of a table, summed; a condition makes them others. */
static void
append_sums(KpiQuery *query, const KpiSource *source, const char *of, const char *name, const char *condition)
{
	for (int i = 0; i < source->counts; i++)
		appendStringInfo(&query->text, ",\n\tCAST(COALESCE(sum(%s%d\")%s, 0) AS bigint) AS \"kpi$%s%d\"",
						 of, i, condition, name, i);
}

/* Plans and runs a query of this file. */
static KpiTable *
run(KpiQuery *query)
{
	kpi_plan_query(query);
	return kpi_run_query(query);
}

/* The same over states of a place: those that grow are merged one group at a time if they do not fit in memory. */
static KpiTable *
run_bounded(KpiQuery *query, const KpiPlace *place, const KpiTable *states)
{
	query->sorted = !tuplestore_in_memory(states->rows) && kpi_growing_states(&place->states) > 0;
	return run(query);
}

/*
 * Appends a join to the parts of the tree in which a name is one of a unit, for
 * a stock whose rows may name it on days on which it is none as well.
 */
static void
append_named_parts(KpiQuery *query, const KpiDimension *dimension, const char *value, const char *cell)
{
	const KpiUnits *units = &dimension->units;

	appendStringInfo(&query->text,
					 "\n\tLEFT JOIN (SELECT DISTINCT * FROM unnest(%s, %s) AS u (value, part)) AS n"
					 "\n\tON n.value = CAST(%s AS text) COLLATE \"C\" AND n.part = (%s)[%s]",
					 kpi_parameter(query, TEXTARRAYOID, units->values),
					 kpi_parameter(query, INT4ARRAYOID, units->value_part), value,
					 kpi_parameter(query, INT4ARRAYOID, dimension->cell_part), cell);
}

/* The last (first) cell with rows of each segment and unit, of a stock; on days on which it is none a name is apart. */
KpiTable *
kpi_last_cells(const KpiScan *scan, const KpiPlace *place, const KpiDimension *dimension, const KpiTable *cells)
{
	bool		by_part = dimension->units.parts > 1;
	const char *cell;
	const char *segment;
	const char *value;
	KpiQuery	query;

	kpi_begin_query(&query);
	kpi_use_table(&query, "kpi$cell", cells);
	cell = kpi_cell_of(scan, &query);
	segment = psprintf("(%s)[%s]", kpi_parameter(&query, INT4ARRAYOID, place->segment), cell);
	value = kpi_unit_value_of(scan, &query, dimension);
	appendStringInfo(&query.text, "SELECT %s AS segment, %s AS value, %s(%s) AS cell\nFROM \"kpi$cell\" AS c",
					 segment, value, place->stock == KPI_LAST ? "max" : "min", kpi_time_of(scan, &query));
	if (by_part)
		append_named_parts(&query, dimension, value, cell);
	appendStringInfo(&query.text, "\nWHERE %s > 0 AND c.\"kpi$rows%d\" > 0 GROUP BY 1, 2%s",
					 segment, ((KpiMeasure *) linitial(place->measures))->count, by_part ? ", n.value IS NULL" : "");
	kpi_analyse_query(&query);
	return run(&query);
}

/* The states of what names a unit, by segment and part of the tree. */
static KpiTable *
merge_days(const KpiScan *scan, const KpiPlace *place, const KpiDimension *dimension, const KpiTable *cells)
{
	const char *cell;
	const char *segment;
	KpiQuery	query;

	kpi_begin_query(&query);
	kpi_use_table(&query, "kpi$cell", cells);
	cell = kpi_cell_of(scan, &query);
	segment = psprintf("(%s)[%s]", kpi_parameter(&query, INT4ARRAYOID, place->segment), cell);
	appendStringInfo(&query.text, "SELECT %s AS segment, (%s)[%s] AS part, CAST(%s AS text) COLLATE \"C\" AS value", segment,
					 kpi_parameter(&query, INT4ARRAYOID, dimension->cell_part), cell,
					 kpi_unit_value_of(scan, &query, dimension));
	append_sums(&query, scan->source, "c.\"kpi$rows", "rows", "");
	appendStringInfoString(&query.text, "\nFROM \"kpi$cell\" AS c");
	if (place->stock != KPI_NO_STOCK)
	{
		kpi_use_table(&query, "kpi$last", kpi_last_cells(scan, place, dimension, cells));
		appendStringInfo(&query.text, "\n\tJOIN \"kpi$last\" AS l ON l.segment = %s AND l.cell = %s"
						 " AND l.value IS NOT DISTINCT FROM %s", segment, kpi_time_of(scan, &query),
						 kpi_unit_value_of(scan, &query, dimension));
	}
	appendStringInfo(&query.text, "\nWHERE %s > 0 GROUP BY 1, 2, 3", segment);
	kpi_analyse_query(&query);
	kpi_append_states_of_cells(&query, &place->states, kpi_first_state_of_cells(scan->source));
	return run_bounded(&query, place, cells);
}

/* The states of units, each with those below it. */
static KpiTable *
merge_units(const KpiScan *scan, const KpiPlace *place, const KpiDimension *dimension, const KpiTable *days)
{
	const KpiUnits *units = &dimension->units;
	const char *unit;
	KpiQuery	query;

	kpi_begin_query(&query);
	kpi_use_table(&query, "kpi$day", days);
	unit = psprintf("COALESCE(u.unit, (%s)[s.part])", kpi_parameter(&query, INT4ARRAYOID, units->roots));
	appendStringInfo(&query.text, "SELECT s.segment, %s AS unit", unit);
	append_sums(&query, scan->source, "s.\"kpi$rows", "rows", "");
	append_sums(&query, scan->source, "s.\"kpi$rows", "unassigned",
				psprintf(" FILTER (WHERE %s IS NULL)", dimension->value == NULL ? unit : "u.unit"));
	appendStringInfo(&query.text, "\nFROM \"kpi$day\" AS s LEFT JOIN unnest(%s, %s, %s) AS u (value, unit, part)"
					 "\n\tON u.value = s.value COLLATE \"C\" AND u.part = s.part GROUP BY 1, 2",
					 kpi_parameter(&query, TEXTARRAYOID, units->values),
					 kpi_parameter(&query, INT4ARRAYOID, units->ancestors),
					 kpi_parameter(&query, INT4ARRAYOID, units->value_part));
	kpi_analyse_query(&query);
	/* behind segment, part, value and the counts */
	kpi_append_merged_states(&query, &place->states, 3 + scan->source->counts + 1);
	return run_bounded(&query, place, days);
}

/* The results of all periods and units: columns for each measure that merges, in order. */
static KpiTable *
merge_periods(const KpiScan *scan, const KpiPlace *place, const KpiTable *units)
{
	const KpiSource *source = scan->source;
	const KpiPeriods *periods = &place->periods;

	/* behind segment, unit and the counts of both kinds */
	int			first = 2 + 2 * source->counts + 1;
	KpiQuery	query;
	ListCell   *cell;

	kpi_begin_query(&query);
	kpi_use_table(&query, "kpi$unit", units);
	appendStringInfoString(&query.text, "SELECT p.grain, p.period, s.unit");
	append_sums(&query, source, "s.\"kpi$rows", "rows", "");
	append_sums(&query, source, "s.\"kpi$unassigned", "unassigned", "");
	appendStringInfo(&query.text, "\nFROM \"kpi$unit\" AS s JOIN unnest(%s, %s, %s) AS p (grain, period, segment)"
					 "\n\tON p.segment = s.segment GROUP BY 1, 2, 3",
					 kpi_array_parameter(&query, INT4OID, periods->counted_grain, periods->counted),
					 kpi_array_parameter(&query, DATEOID, periods->counted_period, periods->counted),
					 kpi_array_parameter(&query, INT4OID, periods->counted_segment, periods->counted));
	kpi_analyse_query(&query);
	foreach(cell, place->measures)
	{
		KpiMeasure *measure = lfirst(cell);

		for (int i = KPI_NUMERATOR; i < KPI_EXPRESSIONS && measure->merges; i++)
		{
			if (measure->result[i] != NULL)
				kpi_append_column(&query, kpi_result_of_states(&place->states, measure->result[i], first));
		}
	}
	return run_bounded(&query, place, units);
}

/* Emits what a row says of each measure. */
static void
emit_row(const KpiScan *scan, const KpiPlace *place, const KpiDimension *dimension, TupleTableSlot *slot,
		 KpiEmit emit, void *argument)
{
	const Datum *value = slot->tts_values;
	const bool *isnull = slot->tts_isnull;
	int			next = 3 + 2 * scan->source->counts;
	ListCell   *cell;

	foreach(cell, place->measures)
	{
		KpiMeasured measured = {.place = place,.measure = lfirst(cell),.dimension = dimension,
			.grain = DatumGetInt32(value[0]),.period = value[1],
			.unit = isnull[2] ? 0 : DatumGetInt32(value[2])
		};

		if (!measured.measure->merges)
			continue;
		for (int i = KPI_NUMERATOR; i < KPI_EXPRESSIONS; i++)
		{
			measured.isnull[i] = measured.measure->result[i] == NULL || isnull[next];
			if (measured.measure->result[i] != NULL)
				measured.value[i] = value[next++];
		}
		measured.rows = DatumGetInt64(value[3 + measured.measure->count]);
		measured.unassigned = DatumGetInt64(value[3 + scan->source->counts + measured.measure->count]);
		if (measured.rows > 0)
			emit(argument, &measured);
	}
}

/* The numbers of a table of one row. */
static void
read_numbers(const KpiTable *table, int64 *numbers)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(table->tupdesc, &TTSOpsMinimalTuple);

	if (tuplestore_gettupleslot(table->rows, true, false, slot))
	{
		slot_getallattrs(slot);
		for (int i = 0; i < table->tupdesc->natts; i++)
			numbers[i] = DatumGetInt64(slot->tts_values[i]);
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* Rows that each filter passes: in the periods of a place, and without a time. */
KpiCounts *
kpi_count_rows(const KpiScan *scan, const KpiPlace *place, const KpiTable *cells)
{
	int			count = scan->source->counts;
	const char *segment;
	int64	   *numbers = palloc0(sizeof(int64) * (2 * count + 1));
	KpiCounts  *counts = palloc0(sizeof(KpiCounts) * count);
	KpiQuery	query;

	kpi_begin_query(&query);
	kpi_use_table(&query, "kpi$cell", cells);
	appendStringInfoString(&query.text, "SELECT CAST(count(*) AS bigint)");
	segment = psprintf("(%s)[%s]", kpi_parameter(&query, INT4ARRAYOID, place->segment), kpi_cell_of(scan, &query));
	append_sums(&query, scan->source, "c.\"kpi$rows", "rows", psprintf(" FILTER (WHERE %s > 0)", segment));
	append_sums(&query, scan->source, "c.\"kpi$rows", "untimed", " FILTER (WHERE c.\"kpi$cell\" IS NULL)");
	appendStringInfoString(&query.text, "\nFROM \"kpi$cell\" AS c");
	kpi_analyse_query(&query);
	read_numbers(run(&query), numbers);
	for (int i = 0; i < count; i++)
	{
		counts[i].rows = numbers[1 + i];
		counts[i].untimed = numbers[1 + count + i];
	}
	return counts;
}

/* Rows of no known unit. */
static void
count_unassigned(const KpiScan *scan, const KpiTable *units, KpiCounts *counts)
{
	int64	   *numbers = palloc0(sizeof(int64) * (scan->source->counts + 1));
	KpiQuery	query;

	kpi_begin_query(&query);
	kpi_use_table(&query, "kpi$unit", units);
	appendStringInfoString(&query.text, "SELECT CAST(count(*) AS bigint)");
	append_sums(&query, scan->source, "s.\"kpi$unassigned", "unassigned", "");
	appendStringInfoString(&query.text, "\nFROM \"kpi$unit\" AS s");
	kpi_analyse_query(&query);
	read_numbers(run(&query), numbers);
	for (int i = 0; i < scan->source->counts; i++)
		counts[i].unassigned = numbers[1 + i];
}

/* Emits what the measures that merge give in a dimension; counts rows of no unit of the organisation. */
void
kpi_merge_states(const KpiScan *scan, const KpiPlace *place, const KpiDimension *dimension, const KpiTable *cells,
				 KpiCounts *counts, KpiEmit emit, void *argument)
{
	KpiTable   *days = merge_days(scan, place, dimension, cells);
	KpiTable   *units = merge_units(scan, place, dimension, days);
	KpiTable   *periods = merge_periods(scan, place, units);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(periods->tupdesc, &TTSOpsMinimalTuple);

	if (dimension->name != NULL && strcmp(dimension->name, KPI_ORGANISATION) == 0)
		count_unassigned(scan, units, counts);
	while (tuplestore_gettupleslot(periods->rows, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		emit_row(scan, place, dimension, slot, emit, argument);
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_end(days->rows);
	tuplestore_end(units->rows);
	tuplestore_end(periods->rows);
}
