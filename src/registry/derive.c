/*-------------------------------------------------------------------------
 *
 * derive.c
 *	  The values of a derived indicator, from the measurements of its inputs.
 *
 * The inputs of all units and periods come sorted, so that those of one value
 * stand together; each value is then computed in turn.
 *
 * A value is there where it is not NULL, or where an input that is read of that
 * very unit and period has a row, if that is of NULL.  It is looked for where any
 * input has a row, of what is read or of the unit and period itself: then
 * coalesce(previous(x), 7) is 7 in the first period of x.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/formula_compute.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* Rows of the inputs that are fetched at once. */
#define BATCH 10000

#define DERIVED_COLUMNS 10

/* Columns of formula_places, from 1: of the periods, then of the places that are read for them. */
typedef enum PlaceColumn
{
	PLACE_GRAINS = 1,
	PLACE_STARTS,
	PLACE_RUNNING,
	PLACE_BEGUN,
	PLACE_ORDINALS,
	PLACE_COLUMNS = 11
} PlaceColumn;

/* Columns of formula_values, from 1. */
typedef enum ValueColumn
{
	VALUE_UNIT = 1,
	VALUE_ORDINAL,
	VALUE_PLACE,
	VALUE_VALUE,
	VALUE_PROVISIONAL,
	VALUE_PARTS,
	VALUE_PARTS_EXPECTED
} ValueColumn;

/* The periods that may have a value; a column of each of them. */
typedef struct Periods
{
	int			count;
	Datum	   *grain;
	Datum	   *start;
	Datum	   *running;		/* is it not over? */
	Datum	   *begun;
} Periods;

/* The value that is being put together. */
typedef struct Cell
{
	bool		any;			/* is there one? */
	int			period;			/* from 0 */
	Datum		unit;
	bool		own;			/* is there a row of that unit and period? */
	bool		provisional;
	int64		parts;			/* -1 for none */
	int64		expected;
} Cell;

/* A derived indicator, and where its values go. */
typedef struct Deriving
{
	KpiFormula *formula;
	KpiComputation *computation;
	ReturnSetInfo *result;
	MemoryContext context;		/* of what one value is made of */
	Periods		periods;
	Cell		cell;
} Deriving;

/* Why there is no value: what is missing, or that arithmetic has no answer. */
static char *
note_of(const Deriving *deriving)
{
	StringInfoData note;
	ListCell   *cell;

	initStringInfo(&note);
	foreach(cell, deriving->formula->inputs)
	{
		KpiInput   *input = lfirst(cell);

		if (!deriving->computation->inputs->params[foreach_current_index(cell)].isnull)
			continue;
		appendStringInfoString(&note, note.len ? ", " : "missing: ");
		if (input->function == KPI_INPUT_VALUE)
			appendStringInfoString(&note, input->indicator);
		else if (input->function == KPI_INPUT_ROLLING)
			appendStringInfo(&note, "rolling(%s, %d)", input->indicator, input->periods);
		else
			appendStringInfo(&note, "%s(%s)", kpi_formula_functions[input->function], input->indicator);
	}
	return note.len ? note.data : "no answer";
}

/* Computes the value that has been put together, and puts it out if it is there. */
static void
put_cell(Deriving *deriving)
{
	Cell	   *cell = &deriving->cell;
	Datum		values[DERIVED_COLUMNS];
	bool		nulls[DERIVED_COLUMNS] = {0};

	(void) kpi_compute(deriving->computation, &values[3], &nulls[3]);
	if (!cell->own && (nulls[3] || !DatumGetBool(deriving->periods.begun[cell->period])))
		return;
	values[0] = cell->unit;
	values[1] = deriving->periods.grain[cell->period];
	values[2] = deriving->periods.start[cell->period];
	/* one side alone is of no use */
	nulls[4] = nulls[5] = nulls[4] || nulls[5];
	nulls[6] = nulls[7] = cell->parts < 0;
	values[6] = Int32GetDatum((int32) cell->parts);
	values[7] = Int32GetDatum((int32) cell->expected);
	values[8] = BoolGetDatum(cell->provisional);
	nulls[9] = !nulls[3];
	values[9] = nulls[9] ? (Datum) 0 : CStringGetTextDatum(note_of(deriving));
	tuplestore_putvalues(deriving->result->setResult, deriving->result->setDesc, values, nulls);
}

/* A column of a row of the inputs that is not NULL. */
static Datum
column(HeapTuple tuple, TupleDesc tupdesc, ValueColumn place)
{
	bool		isnull;
	Datum		value = SPI_getbinval(tuple, tupdesc, place, &isnull);

	if (isnull)
		elog(ERROR, "column %d of the inputs of a formula is null", place);
	return value;
}

/* Begins another value with a row of its inputs. */
static void
start_cell(Deriving *deriving, HeapTuple tuple, TupleDesc tupdesc)
{
	Cell	   *cell = &deriving->cell;
	MemoryContext old;

	MemoryContextReset(deriving->context);
	old = MemoryContextSwitchTo(deriving->context);
	cell->unit = PointerGetDatum(DatumGetTextPCopy(column(tuple, tupdesc, VALUE_UNIT)));
	MemoryContextSwitchTo(old);
	cell->any = true;
	cell->period = DatumGetInt32(column(tuple, tupdesc, VALUE_ORDINAL)) - 1;
	cell->own = false;
	cell->provisional = DatumGetBool(deriving->periods.running[cell->period]);
	cell->parts = -1;
	for (int i = 0; i < deriving->computation->inputs->numParams; i++)
		deriving->computation->inputs->params[i].isnull = true;
}

/* Is a row one of the value that is being put together? */
static bool
is_of_cell(const Cell *cell, HeapTuple tuple, TupleDesc tupdesc)
{
	text	   *unit = DatumGetTextPP(column(tuple, tupdesc, VALUE_UNIT));
	text	   *known = DatumGetTextPP(cell->unit);

	return cell->period == DatumGetInt32(column(tuple, tupdesc, VALUE_ORDINAL)) - 1 &&
		VARSIZE_ANY_EXHDR(unit) == VARSIZE_ANY_EXHDR(known) &&
		memcmp(VARDATA_ANY(unit), VARDATA_ANY(known), VARSIZE_ANY_EXHDR(unit)) == 0;
}

/* Adds an input, by its place from 0, to the value that is being put together. */
static void
add_to_cell(Deriving *deriving, int place, HeapTuple tuple, TupleDesc tupdesc)
{
	Cell	   *cell = &deriving->cell;
	ParamExternData *input = &deriving->computation->inputs->params[place];
	KpiInput   *read = list_nth(deriving->formula->inputs, place);
	bool		isnull;
	Datum		value = SPI_getbinval(tuple, tupdesc, VALUE_VALUE, &input->isnull);
	Datum		parts = SPI_getbinval(tuple, tupdesc, VALUE_PARTS, &isnull);
	MemoryContext old = MemoryContextSwitchTo(deriving->context);

	if (!input->isnull)
		input->value = NumericGetDatum(DatumGetNumericCopy(value));
	MemoryContextSwitchTo(old);
	cell->own = cell->own || read->function == KPI_INPUT_VALUE;
	cell->provisional = cell->provisional || DatumGetBool(column(tuple, tupdesc, VALUE_PROVISIONAL));
	if (isnull)
		return;
	cell->expected = (cell->parts < 0 ? 0 : cell->expected) +
		DatumGetInt32(column(tuple, tupdesc, VALUE_PARTS_EXPECTED));
	cell->parts = Max(cell->parts, 0) + DatumGetInt32(parts);
}

/* Derives from the rows of a batch; the last value may go on in the next one. */
static void
derive_batch(Deriving *deriving)
{
	SPITupleTable *table = SPI_tuptable;

	for (uint64 i = 0; i < table->numvals; i++)
	{
		HeapTuple	tuple = table->vals[i];
		int			place = DatumGetInt32(column(tuple, table->tupdesc, VALUE_PLACE)) - 1;

		CHECK_FOR_INTERRUPTS();
		if (!deriving->cell.any || !is_of_cell(&deriving->cell, tuple, table->tupdesc))
		{
			if (deriving->cell.any)
				put_cell(deriving);
			start_cell(deriving, tuple, table->tupdesc);
		}
		if (place >= 0)
			add_to_cell(deriving, place, tuple, table->tupdesc);
	}
	/* what comes next is run outside of it */
	kpi_leave_computation(deriving->computation);
	SPI_freetuptable(table);
}

/* An array of texts or of numbers, one for each input. */
static Datum
input_array(const KpiFormula *formula, Oid type, Datum (*element) (const KpiInput *))
{
	int			count = list_length(formula->inputs);
	Datum	   *values = palloc(sizeof(Datum) * count);

	for (int i = 0; i < count; i++)
		values[i] = element(list_nth(formula->inputs, i));
	return PointerGetDatum(construct_array(values, count, type, type == TEXTOID ? -1 : (int) sizeof(int32),
										   type != TEXTOID, TYPALIGN_INT));
}

/* The indicator that an input reads. */
static Datum
input_indicator(const KpiInput *input)
{
	return CStringGetTextDatum(input->indicator);
}

/* How an input reads it. */
static Datum
input_function(const KpiInput *input)
{
	return CStringGetTextDatum(kpi_formula_functions[input->function]);
}

/* Of how many periods. */
static Datum
input_periods(const KpiInput *input)
{
	return Int32GetDatum(input->periods);
}

/* The elements of an array column of the row that was read, copied; NULL has none. */
static int
elements(PlaceColumn place, Oid type, Datum **values)
{
	int16		length;
	bool		by_value;
	char		align;
	bool		isnull;
	int			count;
	Datum		array = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, place, &isnull);

	if (isnull)
		return 0;
	get_typlenbyvalalign(type, &length, &by_value, &align);
	deconstruct_array(DatumGetArrayTypePCopy(array), type, length, by_value, align, values, NULL, &count);
	return count;
}

/* Finds the periods, and opens the rows of what is read for them, by period and unit. */
static Portal
open_inputs(Deriving *deriving, Datum indicator, Datum days)
{
	Oid			place_types[] = {TEXTOID, DATERANGEOID, TEXTARRAYOID, TEXTARRAYOID, INT4ARRAYOID};
	Oid			value_types[] = {TEXTOID, INT4ARRAYOID, INT4ARRAYOID, TEXTARRAYOID, TEXTARRAYOID,
	TEXTARRAYOID, DATEARRAYOID, DATEARRAYOID};
	Datum		values[lengthof(value_types)];
	char		nulls[lengthof(value_types)];

	values[0] = indicator;
	values[1] = days;
	values[2] = input_array(deriving->formula, TEXTOID, input_indicator);
	values[3] = input_array(deriving->formula, TEXTOID, input_function);
	values[4] = input_array(deriving->formula, INT4OID, input_periods);
	if (SPI_execute_with_args("SELECT * FROM kpi_internal.formula_places($1, $2, $3, $4, $5)",
							  lengthof(place_types), place_types, values, NULL, true, 0) != SPI_OK_SELECT ||
		SPI_processed != 1)
		elog(ERROR, "places of a formula could not be found");
	deriving->periods.count = elements(PLACE_GRAINS, TEXTOID, &deriving->periods.grain);
	(void) elements(PLACE_STARTS, DATEOID, &deriving->periods.start);
	(void) elements(PLACE_RUNNING, BOOLOID, &deriving->periods.running);
	(void) elements(PLACE_BEGUN, BOOLOID, &deriving->periods.begun);
	nulls[0] = ' ';
	for (int i = PLACE_ORDINALS; i <= PLACE_COLUMNS; i++)
	{
		bool		isnull;
		int			argument = i - PLACE_ORDINALS + 1;

		values[argument] = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i, &isnull);
		nulls[argument] = isnull ? 'n' : ' ';
	}
	return SPI_cursor_open_with_args(NULL,
									 "SELECT unit, ordinal, place, value, provisional, parts, parts_expected"
									 " FROM kpi_internal.formula_values($1, $2, $3, $4, $5, $6, $7, $8)"
									 " ORDER BY ordinal, unit COLLATE \"C\"",
									 lengthof(value_types), value_types, values, nulls, true, 0);
}

/* The formula of a derived indicator, with the caller's rights. */
static char *
load_formula(Datum indicator)
{
	Oid			type = TEXTOID;
	char	   *formula;

	if (SPI_execute_with_args("SELECT formula FROM kpi.indicator WHERE indicator = $1 AND kind = 'derived'",
							  1, &type, &indicator, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "registry could not be read");
	if (SPI_processed == 1)
	{
		formula = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
		if (formula != NULL)
			return formula;
	}
	(void) SPI_execute_with_args("SELECT kpi_internal.require_indicator($1)", 1, &type, &indicator, NULL, true, 0);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("indicator \"%s\" has no formula", TextDatumGetCString(indicator)),
			 errhint("Only derived indicators are computed from others.")));
}

/* Derives all values of the days. */
static void
derive(Deriving *deriving, Datum indicator, Datum days)
{
	Portal		portal;

	deriving->formula = kpi_compile_formula(TextDatumGetCString(indicator), load_formula(indicator));
	deriving->computation = kpi_start_computation(deriving->formula);
	deriving->context = AllocSetContextCreate(CurrentMemoryContext, "derived value", ALLOCSET_SMALL_SIZES);
	portal = open_inputs(deriving, indicator, days);
	for (;;)
	{
		SPI_cursor_fetch(portal, true, BATCH);
		if (SPI_processed == 0)
			break;
		derive_batch(deriving);
	}
	SPI_cursor_close(portal);
	if (deriving->cell.any)
		put_cell(deriving);
	kpi_end_computation(deriving->computation);
}

/*
 * derive(indicator, days): the values of a derived indicator for every unit and
 * every period that touches the days.
 */
PG_FUNCTION_INFO_V1(kpi_derive);
Datum
kpi_derive(PG_FUNCTION_ARGS)
{
	Deriving	deriving = {0};

	InitMaterializedSRF(fcinfo, 0);
	deriving.result = (ReturnSetInfo *) fcinfo->resultinfo;
	SPI_connect();
	derive(&deriving, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
	SPI_finish();
	return (Datum) 0;
}
