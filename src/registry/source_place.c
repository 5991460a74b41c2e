/*-------------------------------------------------------------------------
 *
 * source_place.c
 *	  Where the rows of a source count: periods, and units by the day.
 *
 * Periods: those of every grain that the own grain of the indicator makes
 * exactly.  The range asked for is widened to whole periods of all of them,
 * and cut into segments, the periods of the own grain; of each segment every
 * grain has the first day of the period it lies in.
 *
 * Units: a row counts for its unit and for all above it on the row's own day.
 * The days are cut where the tree of units changes; in each part a pair says
 * for the name that sources use which unit has the row.  A unit that is not in
 * force has none of them, nor passes any on to a unit that is.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "registry/source_place.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* Reads one row of the registry for a grain and a range, with the caller's rights. */
static void
read_row(const char *query, const char *text, DateADT from, DateADT to)
{
	Oid			types[] = {TEXTOID, DATEOID, DATEOID};
	Datum		values[] = {CStringGetTextDatum(text), DateADTGetDatum(from), DateADTGetDatum(to)};

	if (SPI_execute_with_args(query, 3, types, values, NULL, true, 0) != SPI_OK_SELECT ||
		SPI_processed != 1)
		elog(ERROR, "registry could not be read");
}

/* A column of that row; NULL is told by a Datum of 0. */
static Datum
column(int place)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, place, &isnull);

	return isnull ? (Datum) 0 : value;
}

/* The elements of an array column, which has no NULLs; how many. */
static int
elements(int place, Oid type, Datum **values)
{
	Datum		array = column(place);
	int			count;

	*values = NULL;
	if (DatumGetPointer(array) == NULL)
		return 0;
	deconstruct_array(DatumGetArrayTypeP(array), type, type == TEXTOID ? -1 : (int) sizeof(int32),
					  type != TEXTOID, TYPALIGN_INT, values, NULL, &count);
	return count;
}

/* The periods that a range of days touches, of all grains that the own one makes. */
void
kpi_load_periods(KpiPeriods *periods, const char *grain, DateADT from, DateADT to)
{
	Datum	   *end;

	read_row("WITH g AS MATERIALIZED"
			 " (SELECT g.grain::text AS grain, g.position FROM kpi.grain AS g"
			 " WHERE g.window_of IS NULL AND kpi_internal.tiles($1, g.grain)),"
			 " span AS (SELECT min(kpi.period_start(g.grain, $2)) AS first_day,"
			 " max(kpi.period_end(g.grain, kpi.period_start(g.grain, $3 - 1))) AS end_day FROM g),"
			 " segment (first_day) AS MATERIALIZED"
			 " (SELECT s FROM span, kpi_internal.periods_in($1, daterange(span.first_day, span.end_day)) AS s)"
			 " SELECT (SELECT array_agg(g.grain ORDER BY g.position, g.grain) FROM g),"
			 " (SELECT array_agg(kpi.period_start(g.grain, $2) ORDER BY g.position, g.grain) FROM g),"
			 " (SELECT array_agg(s.first_day ORDER BY s.first_day) FROM segment AS s),"
			 " (SELECT array_agg(kpi.period_start(g.grain, s.first_day) ORDER BY g.position, g.grain, s.first_day)"
			 " FROM g, segment AS s),"
			 " (SELECT ARRAY[span.end_day] FROM span)", grain, from, to);
	periods->grains = elements(1, TEXTOID, &periods->grain);
	elements(2, DATEOID, &periods->first);
	periods->segments = elements(3, DATEOID, &periods->start);
	elements(4, DATEOID, &periods->period);
	elements(5, DATEOID, &end);
	Assert(end != NULL);
	periods->end = DatumGetDateADT(end[0]);
}

/* The units of the organisation, by the tree of each day of the periods. */
void
kpi_load_units(KpiUnits *units, const KpiPeriods *periods, DateADT to)
{
	read_row("WITH RECURSIVE numbered AS MATERIALIZED"
			 " (SELECT u.unit::text AS unit, coalesce(u.source_value, u.unit) AS source_value, u.valid,"
			 " row_number() OVER (ORDER BY u.position, u.unit)::integer AS number FROM kpi.unit AS u"
			 " WHERE u.dimension = $1),"
			 " part AS MATERIALIZED"
			 " (SELECT lower(d) AS first_day, row_number() OVER (ORDER BY d)::integer AS part"
			 " FROM kpi_internal.tree_days($1, daterange($2, $3)) AS d),"
			 " pair (part, first_day, source_value, ancestor) AS"
			 " (SELECT p.part, p.first_day, n.source_value, n.unit FROM part AS p JOIN numbered AS n ON n.valid @> p.first_day"
			 " UNION ALL"
			 " SELECT pair.part, pair.first_day, pair.source_value, up.parent::text"
			 " FROM pair JOIN kpi.unit_parent AS up ON up.unit = pair.ancestor AND up.valid @> pair.first_day),"
			 " held AS (SELECT pair.part, pair.source_value, n.number FROM pair"
			 " JOIN numbered AS n ON n.unit = pair.ancestor AND n.valid @> pair.first_day)"
			 " SELECT (SELECT array_agg(unit ORDER BY number) FROM numbered),"
			 " (SELECT array_agg(first_day ORDER BY part) FROM part),"
			 " array_agg(h.source_value), array_agg(h.part), array_agg(h.number) FROM held AS h",
			 KPI_ORGANISATION, DatumGetDateADT(periods->start[0]), periods->end);
	if (elements(1, TEXTOID, &units->names) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no unit is defined, so there is nobody to measure"),
				 errhint("Define who is measured first: SELECT kpi.define_unit('company');")));
	units->parts = elements(2, DATEOID, &units->part_start);
	units->values = column(3);
	units->value_part = column(4);
	units->ancestors = column(5);
	read_row("SELECT array_agg(n.number ORDER BY n.number)"
			 " FROM (SELECT u.unit::text AS unit, row_number() OVER (ORDER BY u.position, u.unit)::integer AS number"
			 " FROM kpi.unit AS u WHERE u.dimension = $1) AS n"
			 " WHERE $2 < $3 AND n.unit IN (SELECT kpi_internal.roots($1, $3 - 1))",
			 KPI_ORGANISATION, to - 1, to);
	units->nroots = elements(1, INT4OID, &units->roots);
}

/* What a query that is only planned needs: one period, no unit. */
void
kpi_no_place(KpiPeriods *periods, KpiUnits *units)
{
	memset(periods, 0, sizeof(KpiPeriods));
	memset(units, 0, sizeof(KpiUnits));
	periods->grains = periods->segments = 1;
	periods->start = periods->first = periods->period = palloc(sizeof(Datum));
	periods->start[0] = DateADTGetDatum(0);
	periods->end = 1;
}
