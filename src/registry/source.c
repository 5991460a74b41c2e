/*-------------------------------------------------------------------------
 *
 * source.c
 *	  Measures indicators over their source, with the rights of its owner.
 *
 * The definition (source_load.c) and the units (source_place.c) are read with
 * the caller's rights, everything else with the owner's, in a subtransaction of
 * which only the rows remain (owner.c).  Indicators over one source are measured
 * together: the rows are read once into states (source_scan.c, source_state.c),
 * which are merged over units and periods (source_merge.c), for each place: those
 * that have the same periods and units.
 *
 * NULL rule: a period without rows gives no row.  NaN and infinity are passed
 * on as numeric ones.  float8 and float4 become the shortest decimal number
 * that reads back to the same value.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/grain.h"
#include "base/number.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "access/xact.h"
#include "registry/run.h"
#include "registry/source.h"
#include "registry/source_place.h"
#include "registry/source_sql.h"
#include "registry/trust.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/rangetypes.h"
#include "utils/snapmgr.h"

/* Columns of kpi_internal.measure_source. */
#define MEASURE_COLUMNS 10

/* Longest range. */
#define MAX_YEARS 1000
#define MAX_DAYS (MAX_YEARS * 366)

/* Says for which indicator the server met an error. */
static void
source_context(void *arg)
{
	KpiSource  *source = (KpiSource *) arg;

	errcontext("measuring indicator \"%s\" as role \"%s\"", source->indicator, source->owner.name);
}

/* Name the source in the context of errors from here on. */
static void
push_context(ErrorContextCallback *callback, KpiSource *source)
{
	callback->callback = source_context;
	callback->arg = source;
	callback->previous = error_context_stack;
	error_context_stack = callback;
}

/* Only those who may write measurements may have them measured. */
void
kpi_check_may_collect(void)
{
	Oid			schema = get_namespace_oid("kpi", false);

	if (pg_class_aclcheck(get_relname_relid("measurement", schema),
						  GetUserId(), ACL_INSERT) != ACLCHECK_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to measure indicators"),
				 errhint("This needs the privilege INSERT on kpi.measurement.")));
}

/* A range of days has days, an end, labels for them, and no more of them than MAX_DAYS. */
static void
check_range(DateADT from, DateADT to)
{
	if (DATE_NOT_FINITE(from) || DATE_NOT_FINITE(to) || from >= to)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("range from %s to %s has no days or no end", kpi_day_text(from), kpi_day_text(to)),
				 errhint("Write a first day and the day after the last one.")));
	if (from < KPI_FIRST_DAY || to > KPI_END_DAY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("range from %s to %s is not in the years 1 to 9999", kpi_day_text(from), kpi_day_text(to)),
				 errhint("Periods are those of the years 1 to 9999.")));
	if (to - from > MAX_DAYS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("range from %s to %s is longer than %d years", kpi_day_text(from), kpi_day_text(to), MAX_YEARS),
				 errhint("Every period of it is told apart: write the years that have rows.")));
}

/* What is measured, and where its rows go. */
typedef struct Measuring
{
	Datum	   *indicators;
	int			count;
	DateADT		from;
	DateADT		to;
	int64		reading;		/* whose kept states stand for the rows, or 0 */
	KpiTable   *kept;
	ReturnSetInfo *result;
	MemoryContext row;			/* of one row of it */
	KpiSource	source;
} Measuring;

/* Whether a unit gets all rows, whatever a column says of them. */
static bool
gets_all_rows(const KpiPlace *place, Datum unit)
{
	char	   *name = TextDatumGetCString(unit);
	ListCell   *cell;

	foreach(cell, place->all_rows_units)
	{
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	}
	return false;
}

/* Puts what was measured for a unit; of the rows of none how many there are. */
static void
put_row(Measuring *measuring, const KpiMeasured *measured)
{
	const KpiDimension *dimension = measured->dimension;
	Datum		values[MEASURE_COLUMNS] = {0};
	bool		nulls[MEASURE_COLUMNS] = {0};

	values[0] = CStringGetTextDatum(measured->measure->indicator);
	values[1] = measured->place->periods.grain[measured->grain - 1];
	values[2] = measured->period;
	nulls[3] = measured->unit == 0;
	if (!nulls[3])
		values[3] = dimension->units.names[measured->unit - 1];
	if (!nulls[3] && dimension->name != NULL && gets_all_rows(measured->place, values[3]))
		return;
	for (int i = KPI_NUMERATOR; i < KPI_EXPRESSIONS; i++)
	{
		nulls[3 + i] = nulls[3] || measured->isnull[i];
		if (!nulls[3 + i])
			values[3 + i] = NumericGetDatum(kpi_number_to_numeric(measured->value[i],
																  measured->measure->type[i]));
	}
	values[6] = Int64GetDatum(measured->rows);
	values[7] = Int64GetDatum(measured->unassigned);
	nulls[8] = nulls[9] = true;
	tuplestore_putvalues(measuring->result->setResult, measuring->result->setDesc, values, nulls);
}

/* The same; rows of no unit are reported of the organisation alone. */
static void
put_measured(void *argument, const KpiMeasured *measured)
{
	Measuring  *measuring = (Measuring *) argument;
	const char *dimension = measured->dimension->name;
	MemoryContext before;

	if (measured->unit == 0 && (dimension == NULL || strcmp(dimension, KPI_ORGANISATION) != 0))
		return;
	MemoryContextReset(measuring->row);
	before = MemoryContextSwitchTo(measuring->row);
	put_row(measuring, measured);
	MemoryContextSwitchTo(before);
}

/* The days whose rows were read. */
static Datum
days_read(const KpiPeriods *periods)
{
	TypeCacheEntry *type = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	lower.val = periods->start[0];
	lower.inclusive = true;
	lower.lower = true;
	upper.val = DateADTGetDatum(periods->end);
	return RangeTypePGetDatum(kpi_make_range(type, &lower, &upper));
}

/* Puts the rows that were read for an indicator: a row without a period. */
static void
put_counts(Measuring *measuring, const KpiPlace *place, const KpiMeasure *measure, const KpiCounts *counts)
{
	Datum		values[MEASURE_COLUMNS] = {0};
	bool		nulls[MEASURE_COLUMNS] = {false, true, true, true, true, true};

	values[0] = CStringGetTextDatum(measure->indicator);
	values[6] = Int64GetDatum(counts->rows);
	values[7] = Int64GetDatum(counts->unassigned);
	values[8] = Int64GetDatum(counts->untimed);
	values[9] = days_read(&place->periods);
	tuplestore_putvalues(measuring->result->setResult, measuring->result->setDesc, values, nulls);
}

/* Measures the indicators of a place from cells, and what has no states from the rows. */
static void
measure_place(Measuring *measuring, const KpiScan *scan, const KpiPlace *place, const KpiTable *cells)
{
	KpiCounts  *counts = kpi_count_rows(scan, place, cells);
	ListCell   *dimension;
	ListCell   *cell;

	foreach(dimension, place->dimensions)
	{
		const char *name = ((KpiDimension *) lfirst(dimension))->name;

		kpi_report_progress(psprintf("merging %s by %s, grain %s and longer", scan->source->source,
									 name == NULL ? "units that get all rows" : name, place->grain));
		kpi_merge_states(scan, place, lfirst(dimension), cells, counts, put_measured, measuring);
		foreach(cell, place->measures)
		{
			KpiMeasure *measure = lfirst(cell);

			if (!measure->merges)
				kpi_measure_plainly(scan, place, measure, lfirst(dimension), cells, put_measured, measuring);
		}
	}
	foreach(cell, place->measures)
	{
		KpiMeasure *measure = lfirst(cell);

		put_counts(measuring, place, measure, &counts[measure->count]);
	}
}

/* Measures all indicators of a source. */
static void
measure_cells(Measuring *measuring, const KpiScan *scan, const KpiTable *cells)
{
	ListCell   *cell;

	foreach(cell, scan->source->places)
	{
		const KpiPlace *place = lfirst(cell);

		if (place->periods.counted > 0)
			measure_place(measuring, scan, place, cells);
	}
}

/* Whether there are periods at all. */
static bool
has_periods(const KpiSource *source)
{
	ListCell   *cell;

	foreach(cell, source->places)
	{
		if (((KpiPlace *) lfirst(cell))->periods.counted > 0)
			return true;
	}
	return false;
}

/* Runs the query over the rows as the owner, and all that is made of it. */
static void
run_scan(Measuring *measuring)
{
	KpiScan		scan;
	KpiQuery	query;

	kpi_begin_scan(&scan, &measuring->source);
	if (measuring->kept != NULL)
		kpi_tell_days_apart(&scan);
	kpi_write_scan(&scan, &query);
	kpi_enter_source();
	kpi_analyse_query(&query);
	kpi_leave_source();
	kpi_check_trust_in_query(&measuring->source, query.query);
	kpi_split_scan(&scan, &query);
	kpi_enter_source();
	kpi_plan_scan(&scan, &query);

	/*
	 * Not as a part of the caller's statement: that may have begun before the
	 * source was locked, and of a table rewritten in between it sees no rows.
	 */
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	kpi_report_progress(psprintf("reading %s for %d indicators", measuring->source.source,
								 list_length(measuring->source.measures)));
	measure_cells(measuring, &scan, measuring->kept == NULL ? kpi_run_query(&query) :
				  kpi_unpack_cells(&query, measuring->kept));
	PopActiveSnapshot();
	kpi_leave_source();
}

/* What measure and check_source have in common; expressions and names are good after it. */
static void
prepare_source(KpiSource *source)
{
	kpi_resolve_source(source);
	kpi_check_trust_in_relation(source);
	kpi_check_expressions(source);
}

/* The same for what is measured; the types of its expressions are known after it. */
void
kpi_prepare_measures(KpiSource *source)
{
	ListCell   *cell;

	prepare_source(source);
	kpi_resolve_units(source);
	foreach(cell, source->measures)
		kpi_check_measure(source, lfirst(cell));
}

/* Measures as the owner; the rows go to memory of the caller. */
static void
measure_as_owner(void *argument)
{
	Measuring  *measuring = (Measuring *) argument;
	KpiSource  *source = &measuring->source;
	ErrorContextCallback callback;
	ListCell   *cell;

	SPI_connect();
	measuring->row = AllocSetContextCreate(CurrentMemoryContext, "kpi measured row", ALLOCSET_SMALL_SIZES);
	kpi_load_sources(source, measuring->indicators, measuring->count);
	foreach(cell, source->places)
		kpi_load_place(lfirst(cell), source, measuring->from, measuring->to);
	if (measuring->reading != 0)
		measuring->kept = kpi_read_kept(measuring->reading, source);
	push_context(&callback, source);
	kpi_become_owner(&source->owner);
	kpi_prepare_measures(source);
	if (has_periods(source))
		run_scan(measuring);
	error_context_stack = callback.previous;
	SPI_finish();
}

/* Measures what was asked for. */
static void
measure(FunctionCallInfo fcinfo, Measuring *measuring)
{
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT,
					  &measuring->indicators, NULL, &measuring->count);
	kpi_check_may_collect();
	check_range(measuring->from, measuring->to);
	InitMaterializedSRF(fcinfo, 0);
	measuring->result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (measuring->count > 0)
		kpi_run_undone(TextDatumGetCString(measuring->indicators[0]), measure_as_owner, measuring);
}

/*
 * measure_source(indicators, from_date, to_date): one row for every indicator,
 * grain, period and unit with rows in the source, of all periods whose rows
 * were read.  A row of unit NULL counts those that belong to no unit where
 * there is no only root; one of grain NULL counts what was read.
 */
PG_FUNCTION_INFO_V1(kpi_measure_source);
Datum
kpi_measure_source(PG_FUNCTION_ARGS)
{
	Measuring	measuring = {.from = PG_GETARG_DATEADT(1),.to = PG_GETARG_DATEADT(2)};

	measure(fcinfo, &measuring);
	PG_RETURN_NULL();
}

/*
 * measure_kept(indicators, from_date, to_date, reading): the same over the kept
 * states of a reading, which is of just these indicators.
 */
PG_FUNCTION_INFO_V1(kpi_measure_kept);
Datum
kpi_measure_kept(PG_FUNCTION_ARGS)
{
	Measuring	measuring = {.from = PG_GETARG_DATEADT(1),.to = PG_GETARG_DATEADT(2),
		.reading = PG_GETARG_INT64(3)
	};

	measure(fcinfo, &measuring);
	PG_RETURN_NULL();
}

/* Plans as the owner; for members of the owner and for those who may measure. */
static void
check_as_owner(void *argument)
{
	Datum		indicator = CStringGetTextDatum((char *) argument);
	KpiSource	source;

	SPI_connect();
	kpi_load_sources(&source, &indicator, 1);
	if (!kpi_may_act_as(GetUserId(), source.owner.role))
		kpi_check_may_collect();
	kpi_become_owner(&source.owner);
	prepare_source(&source);
	kpi_check_source_plan(&source);
	SPI_finish();
}

/*
 * check_source(indicator): plans the query as the owner without running it;
 * an error says which part of the definition is wrong.
 */
PG_FUNCTION_INFO_V1(kpi_check_source);
Datum
kpi_check_source(PG_FUNCTION_ARGS)
{
	char	   *indicator = text_to_cstring(PG_GETARG_TEXT_PP(0));

	kpi_run_undone(indicator, check_as_owner, indicator);
	PG_RETURN_VOID();
}

/* may_commit(): can the procedure that calls this end its transaction? */
PG_FUNCTION_INFO_V1(kpi_may_commit);
Datum
kpi_may_commit(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(SPI_inside_nonatomic_context());
}
