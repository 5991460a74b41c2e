/*-------------------------------------------------------------------------
 *
 * source_plain.c
 *	  Measuring what has no states that merge: medians, distinct counts of
 *	  texts, aggregates inside a subselect.
 *
 * A plain GROUP BY for each grain and dimension, over the rows that the scan
 * has counted.  The tree is that of the row's day; a row is joined to all the
 * units that have it.  The period is looked up by the row's cell; where periods
 * overlap, as windows do, it is joined.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source_scan.h"

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* The periods of a grain, by segment. */
typedef struct GrainPeriods
{
	Datum	   *period;			/* date */
	Datum	   *segment;		/* int4 */
	int			count;
	bool		overlap;		/* a segment lies in several */
} GrainPeriods;

/* Those of one grain, by number. */
static void
find_periods(const KpiPeriods *periods, int grain, GrainPeriods *found)
{
	bool	   *seen = palloc0(sizeof(bool) * (periods->segments + 1));

	found->period = palloc(sizeof(Datum) * Max(periods->counted, 1));
	found->segment = palloc(sizeof(Datum) * Max(periods->counted, 1));
	found->count = 0;
	found->overlap = false;
	for (int i = 0; i < periods->counted; i++)
	{
		int			segment = DatumGetInt32(periods->counted_segment[i]);

		if (DatumGetInt32(periods->counted_grain[i]) != grain)
			continue;
		found->overlap = found->overlap || seen[segment];
		seen[segment] = true;
		found->period[found->count] = periods->counted_period[i];
		found->segment[found->count++] = periods->counted_segment[i];
	}
}

/* The period of each segment as an array, NULL where it has none. */
static Datum
by_segment(const GrainPeriods *found, int segments)
{
	Datum	   *period = palloc0(sizeof(Datum) * segments);
	bool	   *isnull = palloc(sizeof(bool) * segments);
	int			lower = 1;

	memset(isnull, true, segments);
	for (int i = 0; i < found->count; i++)
	{
		int			place = DatumGetInt32(found->segment[i]) - 1;

		period[place] = found->period[i];
		isnull[place] = false;
	}
	return PointerGetDatum(construct_md_array(period, isnull, 1, &segments, &lower, DATEOID,
											  sizeof(DateADT), true, TYPALIGN_INT));
}

/* What names the unit of a row of the source. */
static const char *
value_of_row(const KpiDimension *dimension)
{
	if (dimension->name == NULL)
		return "CAST('' AS text)";
	return dimension->value == NULL ? "CAST(NULL AS text)" : dimension->value;
}

/* Appends the joins to units, to periods that overlap, and to the last cells of a stock. */
static void
append_joins(KpiQuery *query, const KpiScan *scan, const KpiPlace *place, const KpiDimension *dimension,
			 const GrainPeriods *found, const char *segment, const char *part)
{
	const KpiUnits *units = &dimension->units;

	appendStringInfo(&query->text,
					 "\n\tLEFT JOIN unnest(%s, %s, %s) AS \"kpi$units\" (\"kpi$value\", \"kpi$unit\", \"kpi$part\")"
					 "\n\tON \"kpi$value\" = CAST(%s AS text) COLLATE \"C\" AND \"kpi$part\" = %s",
					 kpi_parameter(query, TEXTARRAYOID, units->values),
					 kpi_parameter(query, INT4ARRAYOID, units->ancestors),
					 kpi_parameter(query, INT4ARRAYOID, units->value_part), value_of_row(dimension), part);
	if (found->overlap)
		appendStringInfo(&query->text,
						 "\n\tJOIN unnest(%s, %s) AS \"kpi$periods\" (\"kpi$segment\", \"kpi$period\")"
						 " ON \"kpi$segment\" = %s",
						 kpi_array_parameter(query, INT4OID, found->segment, found->count),
						 kpi_array_parameter(query, DATEOID, found->period, found->count), segment);
	if (place->stock != KPI_NO_STOCK)
		appendStringInfo(&query->text,
						 "\n\tJOIN \"kpi$last\" AS \"kpi$stock\" (\"kpi$last_segment\", \"kpi$last_value\", \"kpi$last_cell\")"
						 "\n\tON \"kpi$last_segment\" = %s AND \"kpi$last_cell\" = %s"
						 " AND \"kpi$last_value\" IS NOT DISTINCT FROM %s",
						 segment, kpi_time_of_row(scan, query), value_of_row(dimension));
}

/* Writes the query of one measure, grain and dimension. */
static void
write_query(KpiQuery *query, const KpiScan *scan, const KpiPlace *place, const KpiMeasure *measure,
			const KpiDimension *dimension, const GrainPeriods *found)
{
	DateADT		first = DatumGetDateADT(place->periods.start[0]);
	DateADT		end = place->periods.end;
	KpiDays		days = {.count = 1,.from = &first,.to = &end};
	const char *cell = kpi_cell_of_row(scan, query);
	const char *segment = psprintf("(%s)[%s]", kpi_parameter(query, INT4ARRAYOID, place->segment), cell);
	const char *part = psprintf("(%s)[%s]", kpi_parameter(query, INT4ARRAYOID, dimension->cell_part), cell);
	const char *period = "\"kpi$period\"";

	if (!found->overlap)
		period = psprintf("(%s)[%s]", kpi_parameter(query, DATEARRAYOID,
													by_segment(found, place->periods.segments)), segment);
	appendStringInfo(&query->text, "SELECT %s, COALESCE(\"kpi$unit\", (%s)[%s]), count(*),"
					 " count(*) FILTER (WHERE \"kpi$unit\" IS NULL)", period,
					 kpi_parameter(query, INT4ARRAYOID, dimension->units.roots), part);
	kpi_append_expressions(query, measure);
	appendStringInfo(&query->text, "\nFROM %s", scan->source->relation);
	append_joins(query, scan, place, dimension, found, segment, part);
	kpi_append_condition(query, scan->source, &days, measure->expression[KPI_FILTER], false);
	appendStringInfoString(&query->text, "\nGROUP BY 1, 2");
}

/* Emits what a row says. */
static void
emit_row(const KpiPlace *place, const KpiMeasure *measure, const KpiDimension *dimension, int grain,
		 TupleTableSlot *slot, KpiEmit emit, void *argument)
{
	const Datum *value = slot->tts_values;
	const bool *isnull = slot->tts_isnull;
	int			next = 4;
	bool		known = dimension->value == NULL && !isnull[1];
	KpiMeasured measured = {.place = place,.measure = measure,.dimension = dimension,.grain = grain,.period = value[0],
		.unit = isnull[1] ? 0 : DatumGetInt32(value[1]),.rows = DatumGetInt64(value[2]),
		.unassigned = known ? 0 : DatumGetInt64(value[3])
	};

	for (int i = KPI_NUMERATOR; i < KPI_EXPRESSIONS; i++)
	{
		measured.isnull[i] = measure->expression[i] == NULL || isnull[next];
		if (measure->expression[i] != NULL)
			measured.value[i] = value[next++];
	}
	/* a segment of no period that was read whole */
	if (!isnull[0])
		emit(argument, &measured);
}

/* Measures one grain. */
static void
measure_grain(const KpiScan *scan, const KpiPlace *place, const KpiMeasure *measure, const KpiDimension *dimension,
			  int grain, const KpiTable *last, KpiEmit emit, void *argument)
{
	GrainPeriods found;
	KpiQuery	query;
	KpiTable   *table;
	TupleTableSlot *slot;

	find_periods(&place->periods, grain, &found);
	if (found.count == 0)
		return;
	kpi_begin_query(&query);
	if (last != NULL)
		kpi_use_table(&query, "kpi$last", last);
	write_query(&query, scan, place, measure, dimension, &found);
	kpi_analyse_query(&query);
	kpi_plan_query(&query);
	table = kpi_run_query(&query);
	slot = MakeSingleTupleTableSlot(table->tupdesc, &TTSOpsMinimalTuple);
	while (tuplestore_gettupleslot(table->rows, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		emit_row(place, measure, dimension, grain, slot, emit, argument);
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_end(table->rows);
}

/* Emits what a measure that does not merge gives in a dimension. */
void
kpi_measure_plainly(const KpiScan *scan, const KpiPlace *place, const KpiMeasure *measure,
					const KpiDimension *dimension, const KpiTable *cells, KpiEmit emit, void *argument)
{
	KpiTable   *last = NULL;

	if (place->stock != KPI_NO_STOCK)
		last = kpi_last_cells(scan, place, dimension, cells);
	for (int grain = 1; grain <= place->periods.grains; grain++)
		measure_grain(scan, place, measure, dimension, grain, last, emit, argument);
	if (last != NULL)
		tuplestore_end(last->rows);
}
