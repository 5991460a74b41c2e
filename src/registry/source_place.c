/*-------------------------------------------------------------------------
 *
 * source_place.c
 *	  Where the rows of a source count: periods, and units by the day.
 *
 * Periods: those of every grain that the own grain of the indicator makes
 * exactly, and of the windows it is asked for.  The range is widened to whole
 * periods of all of them, and cut into segments, the periods of the own grain;
 * where values combine over time these alone are measured.  Of each
 * period that lies within it is said which segments it has.  A snapshot has one
 * segment: today, in the periods that it lies in, if they were asked for.
 *
 * Units: a row counts for its unit and for all above it on the row's own day.
 * The days are cut where the tree of a dimension changes; in each part a pair
 * says for the name that sources use which unit has the row.  A unit that is
 * not in force has none of them, nor passes any on to a unit that is.  Rows of
 * no known unit go to the root of their day where it is the only one.
 *
 * Cells: the days cut by both, the finest that has to be told apart.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "registry/source_place.h"
#include "registry/source_query.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

/*
 * Plans a query over the registry once a session, for any values: planning takes
 * longer than reading.  SPI is connected.
 */
SPIPlanPtr
kpi_keep_plan(SPIPlanPtr *plan, const char *query, int count, Oid *types)
{
	SPIPlanPtr	made;

	if (*plan != NULL)
		return *plan;
	made = SPI_prepare_cursor(query, count, types, CURSOR_OPT_GENERIC_PLAN);
	if (made == NULL || SPI_keepplan(made) != 0)
		elog(ERROR, "query over the registry could not be planned");
	*plan = made;
	return made;
}

/* Reads one row of the registry with the caller's rights; a Datum of 0 is NULL where the type is an array. */
static void
read_row(SPIPlanPtr *plan, const char *query, int count, Oid *types, Datum *values)
{
	char		nulls[9] = "        ";

	for (int i = 0; i < count; i++)
		nulls[i] = DatumGetPointer(values[i]) == NULL && types[i] == TEXTARRAYOID ? 'n' : ' ';
	if (SPI_execute_plan(kpi_keep_plan(plan, query, count, types), values, nulls, true, 0) != SPI_OK_SELECT ||
		SPI_processed != 1)
		elog(ERROR, "registry could not be read");
}

/* A column of that row; NULL is a Datum of 0. */
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

/* Takes the columns of read_row into the periods. */
static void
take_periods(KpiPeriods *periods)
{
	Datum	   *end;

	periods->grains = elements(1, TEXTOID, &periods->grain);
	periods->segments = elements(2, DATEOID, &periods->start);
	periods->counted = elements(3, INT4OID, &periods->counted_grain);
	elements(4, DATEOID, &periods->counted_period);
	elements(5, INT4OID, &periods->counted_segment);
	if (periods->segments == 0 || elements(6, DATEOID, &end) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("range has no period that a label can name"),
				 errhint("Write days of the years 1 to 9999.")));
	periods->end = DatumGetDateADT(end[0]);
}

#define GRAINS_MEASURED \
	"WITH g AS MATERIALIZED" \
	" (SELECT g.grain::text AS grain, g.window_of::text AS base, g.position AS days," \
	" row_number() OVER (ORDER BY g.position, g.grain)::integer AS number FROM kpi.grain AS g" \
	" WHERE g.grain = $1 OR NOT $7 AND CASE WHEN g.window_of IS NULL THEN kpi_internal.tiles($1, g.grain) ELSE g.grain = ANY ($5) END),"

/* where values combine over time, those of the own grain alone are measured, in all that the others are made of */
#define PERIODS_FOUND \
	", kept AS (SELECT c.* FROM counted AS c JOIN g ON g.number = c.grain WHERE $4 OR g.grain = $1)" \
	" SELECT (SELECT array_agg(g.grain ORDER BY g.number) FROM g)," \
	" (SELECT array_agg(s.first_day ORDER BY s.number) FROM segment AS s)," \
	" (SELECT array_agg(c.grain ORDER BY c.grain, c.period, c.segment) FROM kept AS c)," \
	" (SELECT array_agg(c.period ORDER BY c.grain, c.period, c.segment) FROM kept AS c)," \
	" (SELECT array_agg(c.segment ORDER BY c.grain, c.period, c.segment) FROM kept AS c)," \
	" (SELECT ARRAY[span.end_day] FROM span)"

/* The periods whose rows are read for a range of days. */
static void
load_periods(KpiPlace *place, const KpiSource *source, DateADT from, DateADT to)
{
	static SPIPlanPtr plan_of_today;
	static SPIPlanPtr plan_of_days;
	Oid			types[] = {TEXTOID, DATEOID, DATEOID, BOOLOID, TEXTARRAYOID, TEXTOID, BOOLOID, TIMESTAMPTZOID};
	Datum		values[] = {CStringGetTextDatum(place->grain), DateADTGetDatum(from), DateADTGetDatum(to),
		BoolGetDatum(place->over_time), place->windows, CStringGetTextDatum(source->owner.time_zone),
		BoolGetDatum(place->own_alone), TimestampTzGetDatum(source->now)
	};

	if (source->time_column == NULL)
		read_row(&plan_of_today, GRAINS_MEASURED
				 " span AS (SELECT n.today, n.today + 1 AS end_day"
				 " FROM (SELECT CAST($8 AT TIME ZONE $6 AS date)) AS n (today)),"
				 " segment AS MATERIALIZED (SELECT span.today AS first_day, 1 AS number FROM span),"
				 " counted AS MATERIALIZED"
				 " (SELECT g.number AS grain, kpi.period_start(g.grain, span.today) AS period, 1 AS segment FROM g, span"
				 " WHERE kpi_internal.period_days(g.grain, span.today) && daterange($2, $3))"
				 PERIODS_FOUND, 8, types, values);
	else
		read_row(&plan_of_days, GRAINS_MEASURED
		/* a window may end long after the day that it has */
				 " span AS MATERIALIZED"
				 " (SELECT min(least(lower(kpi_internal.period_days(g.grain, $2)), o.first_day)) AS first_day,"
				 " max(greatest(upper(kpi_internal.period_days(g.grain, $3 - 1)), o.end_day)) AS end_day"
				 " FROM g LEFT JOIN LATERAL (SELECT min(lower(w.days)), max(upper(w.days))"
				 " FROM kpi_internal.periods_in(g.base, daterange($2 - 31, $3 + g.days + 31)) AS p,"
				 " LATERAL (SELECT kpi_internal.period_days(g.grain, p)) AS w (days)"
				 " WHERE w.days && daterange($2, $3)) AS o (first_day, end_day) ON g.base IS NOT NULL),"
				 " segment AS MATERIALIZED"
				 " (SELECT p.first_day, row_number() OVER (ORDER BY p.first_day)::integer AS number"
				 " FROM span, kpi_internal.periods_in($1, daterange(span.first_day, span.end_day)) AS p (first_day)),"
				 " counted AS MATERIALIZED"
				 " (SELECT g.number AS grain, kpi.period_start(g.grain, s.first_day) AS period, s.number AS segment"
				 " FROM g, segment AS s, span WHERE g.base IS NULL"
				 " AND kpi_internal.period_days(g.grain, s.first_day) <@ daterange(span.first_day, span.end_day)"
				 " UNION ALL SELECT g.number, p, s.number"
				 " FROM g, span, LATERAL kpi_internal.periods_in(g.base, daterange(span.first_day, span.end_day)) AS p,"
				 " LATERAL (SELECT kpi_internal.period_days(g.grain, p) OFFSET 0) AS w (days),"
				 " LATERAL kpi_internal.periods_touching($1, w.days) AS t (first_day) JOIN segment AS s USING (first_day)"
				 " WHERE w.days <@ daterange(span.first_day, span.end_day) AND w.days @> t.first_day)"
				 PERIODS_FOUND, 8, types, values);
	take_periods(&place->periods);
}

/* Takes the columns of read_row into the units of a dimension. */
static void
take_units(KpiUnits *units)
{
	units->count = elements(1, TEXTOID, &units->names);
	units->parts = elements(2, DATEOID, &units->part_start);
	units->roots = column(3);
	units->values = column(4);
	units->value_part = column(5);
	units->ancestors = column(6);
}

#define UNITS_FOUND \
	" (SELECT coalesce(array_agg(h.source_value ORDER BY h.part, h.source_value, h.number), '{}') FROM held AS h)," \
	" (SELECT coalesce(array_agg(h.part ORDER BY h.part, h.source_value, h.number), '{}') FROM held AS h)," \
	" (SELECT coalesce(array_agg(h.number ORDER BY h.part, h.source_value, h.number), '{}') FROM held AS h)"

/* The units of a dimension, by the tree of each day. */
static void
load_dimension(KpiDimension *dimension, const KpiPlace *place)
{
	static SPIPlanPtr plan;
	Oid			types[] = {TEXTOID, DATEOID, DATEOID, BOOLOID};
	Datum		values[] = {CStringGetTextDatum(dimension->name), place->periods.start[0],
	DateADTGetDatum(place->periods.end), BoolGetDatum(place->up_tree)};

	read_row(&plan, "WITH RECURSIVE numbered AS MATERIALIZED"
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
			 " FROM pair JOIN kpi.unit_parent AS up ON up.unit = pair.ancestor AND up.valid @> pair.first_day AND $4),"
			 " held AS MATERIALIZED (SELECT pair.part, pair.source_value, n.number FROM pair"
			 " JOIN numbered AS n ON n.unit = pair.ancestor AND n.valid @> pair.first_day),"
			 " root AS (SELECT p.part, (SELECT CASE WHEN count(*) = 1 THEN min(n.number) END"
			 " FROM kpi_internal.roots($1, p.first_day) AS r JOIN numbered AS n ON n.unit = r) AS number FROM part AS p)"
			 " SELECT (SELECT array_agg(n.unit ORDER BY n.number) FROM numbered AS n),"
			 " (SELECT array_agg(p.first_day ORDER BY p.part) FROM part AS p),"
			 " (SELECT array_agg(r.number ORDER BY r.part) FROM root AS r),"
			 UNITS_FOUND, 4, types, values);
	take_units(&dimension->units);
}

/* The units that get all rows, on the days on which they are in force. */
static void
load_all_rows(KpiDimension *dimension, const KpiPlace *place)
{
	static SPIPlanPtr plan;
	Oid			types[] = {TEXTARRAYOID, DATEOID, DATEOID};
	Datum		values[] = {place->all_rows_to, place->periods.start[0], DateADTGetDatum(place->periods.end)};

	read_row(&plan, "WITH numbered AS MATERIALIZED"
			 " (SELECT u.unit::text AS unit, u.valid, row_number() OVER (ORDER BY u.position, u.unit)::integer AS number"
			 " FROM kpi.unit AS u WHERE u.unit = ANY ($1)),"
			 " part AS MATERIALIZED"
			 " (SELECT c.day AS first_day, row_number() OVER (ORDER BY c.day)::integer AS part"
			 " FROM (SELECT $2 UNION SELECT edge.day FROM numbered AS n"
			 " CROSS JOIN LATERAL (VALUES (lower(n.valid)), (upper(n.valid))) AS edge (day)"
			 " WHERE edge.day > $2 AND edge.day < $3) AS c (day)),"
			 " held AS MATERIALIZED (SELECT p.part, CAST('' AS text) AS source_value, n.number"
			 " FROM part AS p JOIN numbered AS n ON n.valid @> p.first_day)"
			 " SELECT (SELECT array_agg(n.unit ORDER BY n.number) FROM numbered AS n),"
			 " (SELECT array_agg(p.first_day ORDER BY p.part) FROM part AS p),"
			 " (SELECT array_agg(CAST(NULL AS integer)) FROM part),"
			 UNITS_FOUND, 3, types, values);
	take_units(&dimension->units);
}

/* The periods of a range of days, and the units of every dimension that is measured. */
void
kpi_load_place(KpiPlace *place, const KpiSource *source, DateADT from, DateADT to)
{
	int			units = 0;
	ListCell   *cell;

	load_periods(place, source, from, to);
	foreach(cell, place->dimensions)
	{
		KpiDimension *dimension = lfirst(cell);

		if (dimension->name == NULL)
			load_all_rows(dimension, place);
		else
			load_dimension(dimension, place);
		units += dimension->units.count;
	}
	if (units == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no unit is defined, so there is nobody to measure"),
				 errhint("Define who is measured first: SELECT kpi.define_unit('company');")));
}

/* One period, no unit. */
static void
load_nothing(KpiPlace *place)
{
	KpiPeriods *periods = &place->periods;
	ListCell   *cell;

	memset(periods, 0, sizeof(KpiPeriods));
	periods->segments = 1;
	periods->start = palloc0(sizeof(Datum));
	periods->end = 1;
	foreach(cell, place->dimensions)
	{
		KpiUnits   *units = &((KpiDimension *) lfirst(cell))->units;

		units->parts = 1;
		units->part_start = periods->start;
		units->values = kpi_make_array(TEXTOID, NULL, 0);
		units->roots = units->value_part = units->ancestors = kpi_make_array(INT4OID, NULL, 0);
	}
}

/* What a query that is only planned needs: places that have nothing. */
void
kpi_load_no_place(KpiSource *source)
{
	ListCell   *cell;

	foreach(cell, source->places)
		load_nothing(lfirst(cell));
}

/* The first day of all periods. */
DateADT
kpi_first_day(const KpiSource *source)
{
	DateADT		first = DATEVAL_NOEND;
	ListCell   *cell;

	foreach(cell, source->places)
		first = Min(first, DatumGetDateADT(((KpiPlace *) lfirst(cell))->periods.start[0]));
	return first;
}

/* The day after the last one of all periods. */
DateADT
kpi_end_day(const KpiSource *source)
{
	DateADT		end = DATEVAL_NOBEGIN;
	ListCell   *cell;

	foreach(cell, source->places)
		end = Max(end, ((KpiPlace *) lfirst(cell))->periods.end);
	return end;
}

/* Order of days. */
static int
compare_days(const void *a, const void *b)
{
	DateADT		x = DatumGetDateADT(*(const Datum *) a);
	DateADT		y = DatumGetDateADT(*(const Datum *) b);

	return (x > y) - (x < y);
}

/* Of each cell the number of the last of some days that begins no later, 0 from an end on: an int4[]. */
static Datum
number_cells(const KpiCells *cells, const Datum *days, int count, DateADT end)
{
	Datum	   *numbers = palloc(sizeof(Datum) * cells->count);
	int			number = 0;

	for (int i = 0; i < cells->count; i++)
	{
		while (number < count && compare_days(&days[number], &cells->start[i]) <= 0)
			number++;
		numbers[i] = Int32GetDatum(DatumGetDateADT(cells->start[i]) < end ? number : 0);
	}
	return kpi_make_array(INT4OID, numbers, cells->count);
}

/* Every day from one on. */
static void
cut_days(KpiCells *cells, DateADT first)
{
	cells->count = cells->end - first;
	cells->start = palloc(sizeof(Datum) * cells->count);
	for (int i = 0; i < cells->count; i++)
		cells->start[i] = DateADTGetDatum(first + i);
}

/* Appends days to cells, for which there is room. */
static void
append_days(KpiCells *cells, const Datum *days, int count)
{
	memcpy(cells->start + cells->count, days, sizeof(Datum) * count);
	cells->count += count;
}

/* How many days begin something in a place, with the one after its last. */
static int
count_parts(const KpiPlace *place)
{
	int			count = place->periods.segments + 1;
	ListCell   *cell;

	foreach(cell, place->dimensions)
		count += ((KpiDimension *) lfirst(cell))->units.parts;
	return count;
}

/* Appends those days. */
static void
append_parts(KpiCells *cells, const KpiPlace *place)
{
	Datum		end = DateADTGetDatum(place->periods.end);
	ListCell   *cell;

	append_days(cells, place->periods.start, place->periods.segments);
	if (place->periods.end < cells->end)
		append_days(cells, &end, 1);
	foreach(cell, place->dimensions)
	{
		KpiUnits   *units = &((KpiDimension *) lfirst(cell))->units;

		append_days(cells, units->part_start, units->parts);
	}
}

/* The days on which a segment or a part of a tree begins. */
static void
cut_parts(KpiCells *cells, const KpiSource *source)
{
	int			count = 0;
	int			kept = 0;
	ListCell   *cell;

	foreach(cell, source->places)
		count += count_parts(lfirst(cell));
	cells->start = palloc(sizeof(Datum) * count);
	cells->count = 0;
	foreach(cell, source->places)
		append_parts(cells, lfirst(cell));
	qsort(cells->start, cells->count, sizeof(Datum), compare_days);
	for (int i = 0; i < cells->count; i++)
	{
		if (kept == 0 || compare_days(&cells->start[kept - 1], &cells->start[i]) != 0)
			cells->start[kept++] = cells->start[i];
	}
	cells->count = kept;
}

/* Numbers segments and parts of trees of a place by cell. */
static void
number_place(const KpiCells *cells, KpiPlace *place)
{
	DateADT		end = place->periods.end;
	ListCell   *cell;

	place->segment = number_cells(cells, place->periods.start, place->periods.segments, end);
	foreach(cell, place->dimensions)
	{
		KpiDimension *dimension = lfirst(cell);

		dimension->cell_part = number_cells(cells, dimension->units.part_start, dimension->units.parts, end);
	}
}

/* Whether a place of the source has stocks. */
static bool
has_stocks(const KpiSource *source)
{
	ListCell   *cell;

	foreach(cell, source->places)
	{
		if (((KpiPlace *) lfirst(cell))->stock != KPI_NO_STOCK)
			return true;
	}
	return false;
}

/* Cuts the days of all places: where there are stocks each, as the last one of a unit counts. */
void
kpi_cut_cells(KpiCells *cells, KpiSource *source)
{
	ListCell   *cell;

	cells->end = kpi_end_day(source);
	if (has_stocks(source))
		cut_days(cells, kpi_first_day(source));
	else
		cut_parts(cells, source);
	foreach(cell, source->places)
		number_place(cells, lfirst(cell));
}
