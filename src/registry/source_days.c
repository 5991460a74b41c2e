/*-------------------------------------------------------------------------
 *
 * source_days.c
 *	  Reading some days of a watched source, into packages that are kept.
 *
 * Of a watched source only the days that were written are read again, in order
 * of their time, so that a package has cells of one day.  Rows without a time
 * are those of the day infinity.
 *
 * The values of an indicator can rest on kept states only where the rows decide
 * alone: an expression that asks the clock or another table is measured from
 * the rows whenever it is asked for.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source.h"

#include "access/xact.h"
#include "base/grain.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "registry/run.h"
#include "registry/source_place.h"
#include "registry/trust.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

/* Columns of kpi_internal.read_days. */
#define PACKAGE_COLUMNS 3

/* A package of that many bytes is full. */
#define PACKAGE_SIZE (32 * 1024)

/* The reading of some days of a source. */
typedef struct DaysReading
{
	Datum	   *indicators;
	int			count;
	KpiDays		days;
	ReturnSetInfo *result;
	KpiPacking *packings;

	/* the package that is filled */
	StringInfoData package;
	DateADT		day;
	int			part;
} DaysReading;

/* Puts the package that was filled. */
static void
put_package(DaysReading *reading)
{
	Datum		values[PACKAGE_COLUMNS];
	bool		nulls[PACKAGE_COLUMNS] = {0};
	bytea	   *bytes;

	if (reading->package.len == 0)
		return;
	bytes = palloc(VARHDRSZ + reading->package.len);
	SET_VARSIZE(bytes, VARHDRSZ + reading->package.len);
	memcpy(VARDATA(bytes), reading->package.data, reading->package.len);
	values[0] = DateADTGetDatum(reading->day);
	values[1] = Int32GetDatum(reading->part++);
	values[2] = PointerGetDatum(bytes);
	tuplestore_putvalues(reading->result->setResult, reading->result->setDesc, values, nulls);
	pfree(bytes);
	resetStringInfo(&reading->package);
}

/* The day of a cell. */
static DateADT
day_of_cell(const TupleTableSlot *slot)
{
	if (slot->tts_isnull[0])
		return DATEVAL_NOEND;
	if (TupleDescAttr(slot->tts_tupleDescriptor, 0)->atttypid == DATEOID)
		return DatumGetDateADT(slot->tts_values[0]);
	if (TupleDescAttr(slot->tts_tupleDescriptor, 0)->atttypid == TIMESTAMPOID)
		return DatumGetDateADT(DirectFunctionCall1(timestamp_date, slot->tts_values[0]));
	return DatumGetDateADT(DirectFunctionCall1(timestamptz_date, slot->tts_values[0]));
}

/* Packs the cells, which are in order of their time. */
static void
pack_cells(DaysReading *reading, const KpiTable *cells)
{
	MemoryContext cell = AllocSetContextCreate(CurrentMemoryContext, "kpi packed cell", ALLOCSET_SMALL_SIZES);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(cells->tupdesc, &TTSOpsMinimalTuple);

	initStringInfo(&reading->package);
	reading->packings = kpi_find_packings(cells->tupdesc);
	while (tuplestore_gettupleslot(cells->rows, true, false, slot))
	{
		MemoryContext before = MemoryContextSwitchTo(cell);
		DateADT		day;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(cell);
		slot_getallattrs(slot);
		day = day_of_cell(slot);
		if (day != reading->day || reading->package.len >= PACKAGE_SIZE)
			put_package(reading);
		if (day != reading->day)
			reading->part = 1;
		reading->day = day;
		kpi_pack_cell(&reading->package, reading->packings, slot);
		MemoryContextSwitchTo(before);
	}
	put_package(reading);
	ExecDropSingleTupleTableSlot(slot);
}

/* Analyses the query over the rows of some days, in order of their time. */
static void
analyse_days(KpiScan *scan, KpiQuery *query, KpiSource *source, const KpiDays *days)
{
	kpi_load_no_place(source);
	kpi_begin_scan(scan, source);
	kpi_tell_days_apart(scan);
	scan->days = days;
	kpi_write_scan(scan, query);
	appendStringInfoString(&query->text, "\nORDER BY 1");
	kpi_enter_source();
	kpi_analyse_query(query);
	kpi_leave_source();
	kpi_check_trust_in_query(source, query->query);
}

/* Reads the days as the owner. */
static void
read_as_owner(void *argument)
{
	DaysReading *reading = (DaysReading *) argument;
	KpiSource	source;
	KpiScan		scan;
	KpiQuery	query;

	SPI_connect();
	kpi_load_sources(&source, reading->indicators, reading->count);
	kpi_become_owner(&source.owner);
	kpi_prepare_measures(&source);
	analyse_days(&scan, &query, &source, &reading->days);
	kpi_split_scan(&scan, &query);
	kpi_enter_source();
	kpi_plan_scan(&scan, &query);
	/* the rows after the log of changes, and after the source was locked */
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	kpi_report_progress(psprintf("reading %d stretches of days of %s", reading->days.count, source.source));
	pack_cells(reading, kpi_run_query(&query));
	PopActiveSnapshot();
	kpi_leave_source();
	SPI_finish();
}

/* A bound of days that can be told apart by labels. */
static DateADT
bound_of(const RangeBound *bound)
{
	if (bound->infinite)
		return bound->lower ? KPI_FIRST_DAY : KPI_END_DAY;
	return Min(Max(DatumGetDateADT(bound->val), KPI_FIRST_DAY), KPI_END_DAY);
}

/* Takes the stretches of a datemultirange apart. */
static void
take_days(KpiDays *days, MultirangeType *given)
{
	TypeCacheEntry *type = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	RangeType **ranges;

	multirange_deserialize(type, given, &days->count, &ranges);
	if (days->count > KPI_MAX_STRETCHES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d stretches of days are more than the %d that are read at once",
						days->count, KPI_MAX_STRETCHES),
				 errhint("Join those that are near to each other.")));
	days->from = palloc(sizeof(DateADT) * Max(days->count, 1));
	days->to = palloc(sizeof(DateADT) * Max(days->count, 1));
	for (int i = 0; i < days->count; i++)
	{
		RangeBound	lower;
		RangeBound	upper;
		bool		empty;

		range_deserialize(type, ranges[i], &lower, &upper, &empty);
		days->from[i] = bound_of(&lower);
		days->to[i] = bound_of(&upper);
	}
}

/*
 * read_days(indicators, days): the packed states of those days, as they are in
 * the source now, and of the rows without a time.
 */
PG_FUNCTION_INFO_V1(kpi_read_days);
Datum
kpi_read_days(PG_FUNCTION_ARGS)
{
	DaysReading reading = {.day = DATEVAL_NOBEGIN};

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT,
					  &reading.indicators, NULL, &reading.count);
	take_days(&reading.days, PG_GETARG_MULTIRANGE_P(1));
	kpi_check_may_collect();
	InitMaterializedSRF(fcinfo, 0);
	reading.result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (reading.count > 0)
		kpi_run_undone(TextDatumGetCString(reading.indicators[0]), read_as_owner, &reading);
	PG_RETURN_NULL();
}

/* Whether a type is of a time or a length of it. */
static bool
is_of_time(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID || type == TIMEOID ||
		type == TIMETZOID || type == INTERVALOID;
}

/*
 * Whether a function may give something else another time.  Those of pg_catalog
 * that are stable since they go by settings, which we fix, may not: they take a
 * time.  age(timestamptz) alone goes by the clock.
 */
static bool
is_changing(Oid function, void *context)
{
	char		volatility = func_volatile(function);
	Oid		   *arguments;
	int			count;
	bool		takes_time = false;

	if (volatility == PROVOLATILE_IMMUTABLE)
		return false;
	if (volatility == PROVOLATILE_VOLATILE || function >= FirstGenbkiObjectId)
		return true;
	(void) get_func_signature(function, &arguments, &count);
	for (int i = 0; i < count; i++)
		takes_time = takes_time || is_of_time(arguments[i]);
	return !takes_time || (count == 1 && strcmp(get_func_name(function), "age") == 0);
}

/* Finds what does not rest on the rows alone. */
static bool
rests_on_more(Node *node, void *reason)
{
	const char **found = reason;

	if (node == NULL)
		return false;
	if (IsA(node, SubLink))
		*found = "a subselect";
	else if (IsA(node, SQLValueFunction) || IsA(node, NextValueExpr) ||
			 (!IsA(node, CoerceViaIO) && check_functions_in_node(node, is_changing, NULL)))
		*found = "a function whose result is not decided by the row alone";
	if (*found != NULL)
		return true;
	return expression_tree_walker(node, rests_on_more, reason);
}

/* An indicator, and why its states cannot be kept. */
typedef struct Keeping
{
	Datum		indicator;
	const char *reason;
} Keeping;

/* Finds as the owner whether the states of an indicator can be kept. */
static void
examine_as_owner(void *argument)
{
	Keeping    *keeping = (Keeping *) argument;
	KpiDays		none = {0};
	KpiSource	source;
	KpiScan		scan;
	KpiQuery	query;

	SPI_connect();
	kpi_load_sources(&source, &keeping->indicator, 1);
	kpi_become_owner(&source.owner);
	kpi_prepare_measures(&source);
	if (source.time_column == NULL)
		keeping->reason = "no time column";
	else if (check_enable_rls(source.relation_id, InvalidOid, true) == RLS_ENABLED)
		keeping->reason = "row security";
	else
	{
		analyse_days(&scan, &query, &source, &none);
		if (!rests_on_more((Node *) query.query->targetList, &keeping->reason))
			(void) rests_on_more((Node *) query.query->jointree, &keeping->reason);
	}
	SPI_finish();
}

/*
 * unkept_reason(indicator): what there is about an indicator over a watched
 * source that lets its values change without a row written; NULL if nothing.
 */
PG_FUNCTION_INFO_V1(kpi_unkept_reason);
Datum
kpi_unkept_reason(PG_FUNCTION_ARGS)
{
	Keeping		keeping = {.indicator = PG_GETARG_DATUM(0)};

	kpi_check_may_collect();
	kpi_run_undone(TextDatumGetCString(keeping.indicator), examine_as_owner, &keeping);
	if (keeping.reason == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(keeping.reason));
}
