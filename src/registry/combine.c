/*-------------------------------------------------------------------------
 *
 * combine.c
 *	  kpi_internal.combined: all values of an indicator for some days, made of
 *	  what was measured, derived, entered and rated.
 *
 * Reads, through functions in SQL, the periods that touch the days, those of
 * the own grain that they are made of, the units with their trees, and what is
 * given; combine_value.c does the rest.  A row comes back for each value of a
 * period that touches the days.
 *
 * NULL rule: no rows for NULL, and for an indicator that is not defined.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/combine.h"

#include "base/check.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* Rows that are fetched at once. */
#define BATCH 1000

/* Columns of kpi_internal.combined and of kpi_internal.base_values, from 1. */
typedef enum ValueColumn
{
	COLUMN_UNIT = 1,
	COLUMN_GRAIN,
	COLUMN_PERIOD_START,
	COLUMN_NUMERATOR,
	COLUMN_DENOMINATOR,
	COLUMN_VALUE,
	COLUMN_ROW_COUNT,
	COLUMN_PROVISIONAL,
	COLUMN_NOTE,
	COLUMN_PARTS,
	COLUMN_PARTS_EXPECTED,
	COLUMN_ORIGIN
} ValueColumn;

#define VALUE_COLUMNS COLUMN_ORIGIN

/* A unit by its key. */
typedef struct UnitNumber
{
	char	   *name;
	uint32		status;
	int			number;
} UnitNumber;

#define SH_PREFIX unit_numbers
#define SH_ELEMENT_TYPE UnitNumber
#define SH_KEY_TYPE char *
#define SH_KEY name
#define SH_HASH_KEY(table, key) hash_bytes((unsigned char *) (key), strlen(key))
#define SH_EQUAL(table, a, b) (strcmp(a, b) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* What is read of the registry while SPI is connected. */
typedef struct Reading
{
	KpiCombining combining;
	MemoryContext context;		/* of all that is kept */
	const KpiGrains *grains;
	unit_numbers_hash *numbers;
	Datum		arguments[2];	/* indicator, days */
} Reading;

/* A column of a row that was read, or NULL. */
static Datum
column_of(HeapTuple row, int column, bool *isnull)
{
	return SPI_getbinval(row, SPI_tuptable->tupdesc, column, isnull);
}

/* A text of a row, copied to the current memory context; NULL for NULL. */
static char *
text_of(HeapTuple row, int column)
{
	bool		isnull;
	Datum		value = column_of(row, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* A finite number of a row, copied; NULL for any other. */
static Numeric
number_of(HeapTuple row, int column)
{
	bool		isnull;
	Datum		value = column_of(row, column, &isnull);
	Numeric		number = isnull ? NULL : DatumGetNumericCopy(value);

	return number != NULL && kpi_is_numeric_number(number) ? number : NULL;
}

/* A boolean of a row; false for NULL. */
static bool
boolean_of(HeapTuple row, int column)
{
	bool		isnull;
	Datum		value = column_of(row, column, &isnull);

	return !isnull && DatumGetBool(value);
}

/* An integer of a row; otherwise for NULL. */
static int
integer_of(HeapTuple row, int column, int otherwise)
{
	bool		isnull;
	Datum		value = column_of(row, column, &isnull);

	return isnull ? otherwise : DatumGetInt32(value);
}

/* A date of a row, or open for NULL: the bound of a range. */
static DateADT
day_of(HeapTuple row, int column, DateADT open)
{
	bool		isnull;
	Datum		value = column_of(row, column, &isnull);

	return isnull ? open : DatumGetDateADT(value);
}

/* A word of a row, by its place in the list. */
static int
word_of(HeapTuple row, int column, const KpiWords *words)
{
	bool		isnull;
	Datum		value = column_of(row, column, &isnull);

	if (isnull)
		elog(ERROR, "%s is null", words->parameter);
	return kpi_check_word(words, DatumGetTextPP(value));
}

/* The number of a unit, or -1. */
static int
unit_number(const Reading *reading, HeapTuple row, int column)
{
	char	   *name = text_of(row, column);
	const UnitNumber *found = unit_numbers_lookup(reading->numbers, name);

	pfree(name);
	return found == NULL ? -1 : found->number;
}

/* What the indicator says. */
static void
read_terms(Reading *reading, HeapTuple row)
{
	reading->combining.over_time = (KpiCombine) word_of(row, 1, &kpi_combine_words);
	reading->combining.over_units = (KpiCombine) word_of(row, 2, &kpi_combine_words);
	reading->combining.window_min = integer_of(row, 3, 0);
	reading->combining.inherit = boolean_of(row, 4);
}

/* Room for one element more, which begins as zeros; the room is doubled when it is full. */
static void *
add_room(void *array, int count, Size size)
{
	/* full where count is a power of two */
	if (count == 0)
		array = palloc(size);
	else if ((count & (count - 1)) == 0)
		array = repalloc_huge(array, size * count * 2);
	memset((char *) array + size * count, 0, size);
	return array;
}

/* A unit. */
static void
read_unit(Reading *reading, HeapTuple row)
{
	KpiUnitTree *units = &reading->combining.units;
	KpiUnit    *unit;
	bool		found;

	units->unit = add_room(units->unit, units->count, sizeof(KpiUnit));
	unit = &units->unit[units->count];
	unit->name = text_of(row, 1);
	unit->from = day_of(row, 2, DATEVAL_NOBEGIN);
	unit->to = day_of(row, 3, DATEVAL_NOEND);
	unit_numbers_insert(reading->numbers, unit->name, &found)->number = units->count++;
}

/* A unit below another. */
static void
read_edge(Reading *reading, HeapTuple row)
{
	KpiUnitTree *units = &reading->combining.units;
	KpiEdge		edge;

	edge.unit = unit_number(reading, row, 1);
	edge.parent = unit_number(reading, row, 2);
	edge.from = day_of(row, 3, DATEVAL_NOBEGIN);
	edge.to = day_of(row, 4, DATEVAL_NOEND);
	if (edge.unit < 0 || edge.parent < 0)
		return;
	units->edge = add_room(units->edge, units->edges, sizeof(KpiEdge));
	units->edge[units->edges++] = edge;
}

/* The grain of a row. */
static const KpiGrainRow *
grain_of(const Reading *reading, HeapTuple row, int column)
{
	char	   *name = text_of(row, column);
	const KpiGrainRow *grain = kpi_search_grain(reading->grains, name, strlen(name));

	if (grain == NULL)
		elog(ERROR, "grain \"%s\" does not exist", name);
	pfree(name);
	return grain;
}

/* A period. */
static void
read_period(Reading *reading, HeapTuple row)
{
	KpiCombining *combining = &reading->combining;
	Size		size = sizeof(KpiValue *) * Max(combining->units.count, 1);
	KpiCombinePeriod *period;

	combining->period = add_room(combining->period, combining->count, sizeof(KpiCombinePeriod));
	period = &combining->period[combining->count++];
	period->grain = grain_of(reading, row, 1);
	period->start = day_of(row, 2, 0);
	period->from = day_of(row, 3, 0);
	period->to = day_of(row, 4, 0);
	period->is_own = boolean_of(row, 5);
	period->is_wanted = boolean_of(row, 6);
	period->is_open = boolean_of(row, 7);
	period->is_begun = boolean_of(row, 8);
	period->base = palloc0(size);
	period->given = palloc0(size);
	period->value = palloc0(size);
	combining->own += period->is_own;
}

/* Those of the own grain first, then by grain and day. */
static int
compare_periods(const void *a, const void *b, void *unused)
{
	const KpiCombinePeriod *left = a;
	const KpiCombinePeriod *right = b;

	if (left->is_own != right->is_own)
		return left->is_own ? -1 : 1;
	if (left->grain != right->grain)
		return left->grain < right->grain ? -1 : 1;
	return left->start < right->start ? -1 : left->start > right->start;
}

/* The period of a row, or NULL where it is none that is read. */
static KpiCombinePeriod *
period_of(const Reading *reading, HeapTuple row)
{
	const KpiCombining *combining = &reading->combining;
	KpiCombinePeriod key = {0};

	if (combining->count == 0)
		return NULL;
	key.grain = grain_of(reading, row, COLUMN_GRAIN);
	key.start = day_of(row, COLUMN_PERIOD_START, 0);
	key.is_own = combining->own > 0 && key.grain == combining->period[0].grain;
	return bsearch_arg(&key, combining->period, combining->count, sizeof(KpiCombinePeriod), compare_periods, NULL);
}

/* The value of a row. */
static KpiValue *
value_of(HeapTuple row)
{
	KpiValue   *value = palloc0(sizeof(KpiValue));
	bool		isnull;
	Datum		count = column_of(row, COLUMN_ROW_COUNT, &isnull);

	value->has_rows = !isnull;
	value->row_count = isnull ? 0 : DatumGetInt64(count);
	value->numerator = number_of(row, COLUMN_NUMERATOR);
	value->denominator = number_of(row, COLUMN_DENOMINATOR);
	value->value = number_of(row, COLUMN_VALUE);
	value->provisional = boolean_of(row, COLUMN_PROVISIONAL);
	value->note = text_of(row, COLUMN_NOTE);
	value->parts = integer_of(row, COLUMN_PARTS, -1);
	value->parts_expected = integer_of(row, COLUMN_PARTS_EXPECTED, -1);
	value->has_parts = value->parts >= 0;
	value->origin = (KpiOrigin) word_of(row, COLUMN_ORIGIN, &kpi_origin_words);
	return value;
}

/* Does what is there already stand before the value? */
static bool
stands_before(const KpiValue *there, const KpiValue *value)
{
	return there != NULL && (there->origin == KPI_ORIGIN_ENTERED || value->origin == KPI_ORIGIN_EMPTY);
}

/* A value from rows, of a formula, entered or rated. */
static void
read_value(Reading *reading, HeapTuple row)
{
	KpiCombinePeriod *period = period_of(reading, row);
	int			unit = unit_number(reading, row, COLUMN_UNIT);
	KpiValue   *value;
	KpiValue  **place;

	if (period == NULL || unit < 0)
		return;
	value = value_of(row);
	place = value->origin == KPI_ORIGIN_ENTERED || value->origin == KPI_ORIGIN_RATED ?
		&period->given[unit] : &period->base[unit];
	if (!stands_before(*place, value))
		*place = value;
}

/* Reads the rows of a query over the indicator and the days. */
static void
read_rows(Reading *reading, const char *query, void (*read_row) (Reading *reading, HeapTuple row))
{
	Oid			types[2] = {TEXTOID, DATERANGEOID};
	Portal		portal = SPI_cursor_open_with_args(NULL, query, 2, types, reading->arguments, NULL, true, 0);

	for (;;)
	{
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(portal, true, BATCH);
		if (SPI_processed == 0)
			break;
		old = MemoryContextSwitchTo(reading->context);
		for (uint64 i = 0; i < SPI_processed; i++)
			read_row(reading, SPI_tuptable->vals[i]);
		MemoryContextSwitchTo(old);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
}

/* The units with their trees. */
static void
read_units(Reading *reading)
{
	KpiUnitTree *units = &reading->combining.units;
	MemoryContext old;
	int			count;

	reading->numbers = unit_numbers_create(reading->context, 256, NULL);
	read_rows(reading, "SELECT u.unit, pg_catalog.lower(u.valid), pg_catalog.upper(u.valid)"
			  " FROM kpi.unit AS u ORDER BY u.unit COLLATE \"C\"", read_unit);
	read_rows(reading, "SELECT p.unit, p.parent, pg_catalog.lower(p.valid), pg_catalog.upper(p.valid)"
			  " FROM kpi.unit_parent AS p", read_edge);
	old = MemoryContextSwitchTo(reading->context);
	count = Max(units->count, 1);
	units->parent = palloc(sizeof(int) * count);
	units->depth = palloc(sizeof(int) * count);
	units->order = palloc(sizeof(int) * count);
	reading->combining.mix = palloc(sizeof(KpiMix) * count);
	MemoryContextSwitchTo(old);
}

/* The periods, in order. */
static void
read_periods(Reading *reading)
{
	KpiCombining *combining = &reading->combining;

	read_rows(reading, "SELECT p.grain, p.period_start, pg_catalog.lower(p.days), pg_catalog.upper(p.days),"
			  " p.is_own, p.is_wanted, p.is_open, p.is_begun"
			  " FROM kpi_internal.combine_periods($1, $2) AS p", read_period);
	if (combining->count > 0)
		qsort_interruptible(combining->period, combining->count, sizeof(KpiCombinePeriod), compare_periods, NULL);
}

/* The days of all periods that are read, where values are made of those of the own grain. */
static void
widen_days(Reading *reading)
{
	const KpiCombining *combining = &reading->combining;
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	if (combining->own == 0 || !kpi_makes(combining->over_time))
		return;
	lower.val = DateADTGetDatum(combining->period[0].from);
	lower.inclusive = true;
	lower.lower = true;
	upper.val = DateADTGetDatum(combining->period[combining->own - 1].to);
	reading->arguments[1] = RangeTypePGetDatum(kpi_make_range(lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO),
															  &lower, &upper));
}

/* All that the indicator is combined from. */
static void
read_all(Reading *reading)
{
	read_rows(reading, "SELECT i.combine, i.combine_units, i.window_min, i.inherit"
			  " FROM kpi.indicator AS i WHERE i.indicator OPERATOR(pg_catalog.=) $1", read_terms);
	read_units(reading);
	read_periods(reading);
	widen_days(reading);
	read_rows(reading, "SELECT b.unit, b.grain, b.period_start, b.numerator, b.denominator, b.value, b.row_count,"
			  " b.provisional, b.note, b.parts, b.parts_expected, b.origin"
			  " FROM kpi_internal.base_values($1, $2) AS b", read_value);
}

/* A number of the result. */
static void
put_number(Datum *values, bool *nulls, int column, Numeric number)
{
	values[column - 1] = NumericGetDatum(number);
	nulls[column - 1] = number == NULL;
}

/* A row of the result. */
static void
put_value(ReturnSetInfo *result, const KpiCombinePeriod *period, const char *unit, const KpiValue *value)
{
	Datum		values[VALUE_COLUMNS] = {0};
	bool		nulls[VALUE_COLUMNS] = {0};

	values[COLUMN_UNIT - 1] = CStringGetTextDatum(unit);
	values[COLUMN_GRAIN - 1] = CStringGetTextDatum(period->grain->grain);
	values[COLUMN_PERIOD_START - 1] = DateADTGetDatum(period->start);
	put_number(values, nulls, COLUMN_NUMERATOR, value->numerator);
	put_number(values, nulls, COLUMN_DENOMINATOR, value->denominator);
	put_number(values, nulls, COLUMN_VALUE, value->value);
	values[COLUMN_ROW_COUNT - 1] = Int64GetDatum(value->row_count);
	nulls[COLUMN_ROW_COUNT - 1] = !value->has_rows;
	values[COLUMN_PROVISIONAL - 1] = BoolGetDatum(value->provisional);
	nulls[COLUMN_NOTE - 1] = value->note == NULL;
	if (value->note != NULL)
		values[COLUMN_NOTE - 1] = CStringGetTextDatum(value->note);
	values[COLUMN_PARTS - 1] = Int32GetDatum(value->parts);
	values[COLUMN_PARTS_EXPECTED - 1] = Int32GetDatum(value->parts_expected);
	nulls[COLUMN_PARTS - 1] = nulls[COLUMN_PARTS_EXPECTED - 1] = !value->has_parts;
	values[COLUMN_ORIGIN - 1] = CStringGetTextDatum(kpi_origin_words.word[value->origin]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* The values of the periods that were asked for. */
static void
put_values(const KpiCombining *combining, ReturnSetInfo *result)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "kpi combined row", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);

	for (int i = 0; i < combining->count; i++)
	{
		const KpiCombinePeriod *period = &combining->period[i];

		CHECK_FOR_INTERRUPTS();
		for (int unit = 0; period->is_wanted && unit < combining->units.count; unit++)
		{
			if (period->value[unit] != NULL)
				put_value(result, period, combining->units.unit[unit].name, period->value[unit]);
		}
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
}

/* combined(indicator, days): the values of an indicator in every period that touches the days. */
PG_FUNCTION_INFO_V1(kpi_combined);
Datum
kpi_combined(PG_FUNCTION_ARGS)
{
	Reading		reading = {0};
	MemoryContext old;

	InitMaterializedSRF(fcinfo, 0);
	reading.arguments[0] = PG_GETARG_DATUM(0);
	reading.arguments[1] = PG_GETARG_DATUM(1);
	reading.context = AllocSetContextCreate(CurrentMemoryContext, "kpi combine", ALLOCSET_DEFAULT_SIZES);
	reading.grains = kpi_pin_grains(reading.context);
	SPI_connect();
	read_all(&reading);
	SPI_finish();
	old = MemoryContextSwitchTo(reading.context);
	kpi_combine_all(&reading.combining);
	put_values(&reading.combining, (ReturnSetInfo *) fcinfo->resultinfo);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(reading.context);
	PG_RETURN_NULL();
}
