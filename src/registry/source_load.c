/*-------------------------------------------------------------------------
 *
 * source_load.c
 *	  The definitions of indicators that are measured together, read from the
 *	  registry with the caller's rights.
 *
 * What they have in common is that of the source; where their rows count is a
 * place, which those share that have the same periods and units.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "registry/source.h"
#include "registry/source_place.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* A row of definitions that were read. */
typedef struct Row
{
	HeapTuple	tuple;
	TupleDesc	tupdesc;
} Row;

/* A column of a definition. */
static Datum
registry_datum(const Row *row, int column, bool *isnull)
{
	return SPI_getbinval(row->tuple, row->tupdesc, column, isnull);
}

/* The same as text; NULL for NULL. */
static char *
registry_text(const Row *row, int column)
{
	return SPI_getvalue(row->tuple, row->tupdesc, column);
}

/* The role that owns the indicator. */
static Oid
find_owner(const KpiSource *source, const KpiOwnerId *owner)
{
	Oid			role = kpi_owner_role(owner);

	if (!OidIsValid(role))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("owner \"%s\" of indicator \"%s\" does not exist",
						source->owner.name, source->indicator),
				 errhint("Create the role, or give the indicator an owner whose rights its source is to be read with.")));
	return role;
}

/* Columns of a definition, from 1. */
typedef enum Definition
{
	IS_SOURCE = 1,
	IS_TIME_COLUMN,
	IS_UNIT_COLUMN,
	IS_FILTER,
	IS_NUMERATOR,
	IS_DENOMINATOR,
	IS_GRAIN,
	IS_OWNER,
	IS_KIND,
	IS_TIME_ZONE,
	IS_TIMEOUT,
	IS_WINDOWS,
	IS_ALL_ROWS_TO,
	IS_OVER_TIME,
	IS_UP_TREE,
	IS_STOCK,
	IS_BY_INSTANT,
	IS_DIMENSIONS,
	IS_TOGETHER,
	IS_ALIKE
} Definition;

/* Reads the rows of indicators, in their order; the windows are also those that formulas read. */
static SPITupleTable *
read_definitions(const Datum *indicators, int count)
{
	static SPIPlanPtr plan;
	Oid			type = TEXTARRAYOID;
	Datum		value = PointerGetDatum(construct_array((Datum *) indicators, count, TEXTOID, -1, false, TYPALIGN_INT));

	kpi_keep_plan(&plan,
				  "WITH asked AS MATERIALIZED (SELECT * FROM kpi_internal.windows_to_measure($1))"
				  " SELECT i.source, i.time_column, i.unit_column, i.filter, i.numerator, i.denominator,"
				  " i.grain, i.owner, i.kind, i.time_zone,"
				  " CAST(ceil(extract(epoch FROM i.timeout) * 1000) AS bigint), a.windows, i.all_rows_to,"
				  " CAST(i.combine AS text) = 'rows', CAST(i.combine_units AS text) = 'rows',"
				  " CAST(i.combine AS text), kpi_internal.is_by_instant(i),"
				  " (SELECT array_agg(d.part ORDER BY e.place, d.place) FROM jsonb_each_text(i.unit_columns)"
				  " WITH ORDINALITY AS e (dimension, expression, place)"
				  " CROSS JOIN LATERAL (VALUES (1, e.dimension), (2, e.expression)) AS d (place, part)),"
				  " kpi_internal.measured_together(i), kpi_internal.measured_alike(i, a.windows)"
				  " FROM unnest($1) WITH ORDINALITY AS w (indicator, place)"
				  " LEFT JOIN kpi.indicator AS i ON i.indicator = w.indicator"
				  " LEFT JOIN asked AS a ON a.indicator = w.indicator ORDER BY w.place",
				  1, &type);
	if (SPI_execute_plan(plan, &value, NULL, true, 0) != SPI_OK_SELECT || SPI_processed != (uint64) count)
		elog(ERROR, "registry could not be read");
	return SPI_tuptable;
}

/* Fails unless the row is that of a measured indicator. */
static void
require_measured(const Row *row, char *indicator)
{
	Oid			type = TEXTOID;
	Datum		value = CStringGetTextDatum(indicator);
	const char *kind = registry_text(row, IS_KIND);

	if (kind == NULL)
	{
		SPI_execute_with_args("SELECT kpi_internal.require_indicator($1)", 1, &type, &value, NULL, true, 0);
		elog(ERROR, "indicator \"%s\" could not be read", indicator);
	}
	if (strcmp(kind, "measured") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("indicator \"%s\" is of kind %s and has no source to measure", indicator, kind),
				 strcmp(kind, "derived") == 0 ?
				 errhint("It is computed from the indicators that its formula reads; measure these.") :
				 errhint("Define it with source and numerator, or give its values with kpi.%s().",
						 strcmp(kind, "rated") == 0 ? "rate" : "enter")));
}

/* A column that is an array of text; 0 for NULL. */
static Datum
registry_array(const Row *row, int column)
{
	bool		isnull;
	Datum		value = registry_datum(row, column, &isnull);

	return isnull ? (Datum) 0 : PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
}

/* A column that is true or false. */
static bool
registry_bool(const Row *row, int column)
{
	bool		isnull;

	return DatumGetBool(registry_datum(row, column, &isnull));
}

/* Adds a dimension. */
static void
add_dimension(KpiPlace *place, char *name, char *expression)
{
	KpiDimension *dimension = palloc0(sizeof(KpiDimension));

	dimension->name = name;
	dimension->expression = expression;
	place->dimensions = lappend(place->dimensions, dimension);
}

/*
 * The dimensions that are measured: those that have an expression, the
 * organisation by its only root, and the units that get all rows.
 */
static void
load_dimensions(KpiPlace *place, const Row *row)
{
	Datum		named = registry_array(row, IS_DIMENSIONS);
	Datum	   *parts;
	int			count = 0;

	place->all_rows_to = registry_array(row, IS_ALL_ROWS_TO);
	if (DatumGetPointer(place->all_rows_to) != NULL)
		deconstruct_array(DatumGetArrayTypeP(place->all_rows_to), TEXTOID, -1, false, TYPALIGN_INT,
						  &parts, NULL, &count);
	for (int i = 0; i < count; i++)
		place->all_rows_units = lappend(place->all_rows_units, TextDatumGetCString(parts[i]));
	count = 0;
	if (registry_text(row, IS_UNIT_COLUMN) != NULL || DatumGetPointer(place->all_rows_to) == NULL)
		add_dimension(place, KPI_ORGANISATION, registry_text(row, IS_UNIT_COLUMN));
	if (DatumGetPointer(named) != NULL)
		deconstruct_array(DatumGetArrayTypeP(named), TEXTOID, -1, false, TYPALIGN_INT, &parts, NULL, &count);
	for (int i = 0; i < count; i += 2)
		add_dimension(place, TextDatumGetCString(parts[i]), TextDatumGetCString(parts[i + 1]));
	if (DatumGetPointer(place->all_rows_to) != NULL)
		add_dimension(place, NULL, NULL);
}

/* Which rows make a stock, and whether values make longer periods at all. */
static void
load_stock(KpiPlace *place, const Row *row)
{
	const char *combine = registry_text(row, IS_STOCK);

	place->stock = strcmp(combine, "last") == 0 ? KPI_LAST :
		strcmp(combine, "first") == 0 ? KPI_FIRST : KPI_NO_STOCK;
	place->own_alone = strcmp(combine, "none") == 0;
}

/* Where the rows of an indicator count. */
static KpiPlace *
load_place(const Row *row)
{
	KpiPlace   *place = palloc0(sizeof(KpiPlace));

	place->alike = registry_text(row, IS_ALIKE);
	place->grain = registry_text(row, IS_GRAIN);
	place->windows = registry_array(row, IS_WINDOWS);
	place->over_time = registry_bool(row, IS_OVER_TIME);
	place->up_tree = registry_bool(row, IS_UP_TREE);
	load_stock(place, row);
	load_dimensions(place, row);
	return place;
}

/* The place of an indicator, which others may have too. */
static KpiPlace *
find_place(KpiSource *source, const Row *row)
{
	const char *alike = registry_text(row, IS_ALIKE);
	KpiPlace   *place;
	ListCell   *cell;

	foreach(cell, source->places)
	{
		if (strcmp(((KpiPlace *) lfirst(cell))->alike, alike) == 0)
			return lfirst(cell);
	}
	place = load_place(row);
	source->places = lappend(source->places, place);
	return place;
}

/* What the first indicator says of the source that it shares with the others. */
static void
load_source(KpiSource *source, char *indicator, const Row *row)
{
	KpiOwnerId *owner;
	bool		isnull;

	source->indicator = indicator;
	source->source = registry_text(row, IS_SOURCE);
	source->time_column = registry_text(row, IS_TIME_COLUMN);
	source->by_instant = registry_bool(row, IS_BY_INSTANT);
	source->now = GetCurrentTimestamp();
	owner = (KpiOwnerId *) DatumGetPointer(registry_datum(row, IS_OWNER, &isnull));
	source->owner.name = kpi_owner_name(owner);
	source->owner.time_zone = registry_text(row, IS_TIME_ZONE);
	source->owner.role = find_owner(source, owner);
}

/* Adds an indicator; the time that all may take is the shortest of theirs. */
static void
add_measure(KpiSource *source, char *indicator, const Row *row)
{
	KpiMeasure *measure = palloc0(sizeof(KpiMeasure));
	KpiPlace   *place = find_place(source, row);
	bool		isnull;
	int64		timeout = DatumGetInt64(registry_datum(row, IS_TIMEOUT, &isnull));

	measure->indicator = indicator;
	for (int i = 0; i < KPI_EXPRESSIONS; i++)
		measure->expression[i] = registry_text(row, IS_FILTER + i);
	source->measures = lappend(source->measures, measure);
	place->measures = lappend(place->measures, measure);
	if (!isnull && (source->owner.timeout == 0 || timeout < source->owner.timeout))
		source->owner.timeout = timeout;
}

/* Reads the definitions of indicators that are measured together, with the caller's rights. */
void
kpi_load_sources(KpiSource *source, Datum *indicators, int count)
{
	SPITupleTable *rows = read_definitions(indicators, count);
	char	   *together = NULL;

	memset(source, 0, sizeof(KpiSource));
	for (int i = 0; i < count; i++)
	{
		char	   *indicator = TextDatumGetCString(indicators[i]);
		Row			row = {rows->vals[i], rows->tupdesc};

		require_measured(&row, indicator);
		if (i == 0)
		{
			together = registry_text(&row, IS_TOGETHER);
			load_source(source, indicator, &row);
		}
		else if (strcmp(together, registry_text(&row, IS_TOGETHER)) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("indicators \"%s\" and \"%s\" are not measured together", source->indicator, indicator),
					 errhint("Measure each on its own.")));
		add_measure(source, indicator, &row);
	}
}
