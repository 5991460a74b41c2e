/*-------------------------------------------------------------------------
 *
 * source.c
 *	  Measures an indicator over its source, with the rights of its owner.
 *
 * The definition and the units are read with the caller's rights, everything
 * else with the owner's, in a subtransaction of which only the rows remain
 * (owner.c).
 *
 * NULL rule: a period without rows gives no row.  NaN and infinity are passed
 * on as numeric ones.  float8 and float4 become the shortest decimal number
 * that reads back to the same value.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/number.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "registry/source_place.h"
#include "registry/source_sql.h"
#include "registry/trust.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

/* Columns of kpi.measure. */
#define MEASURE_COLUMNS 7

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

/* Runs a query of ours over the registry that gives exactly one row. */
static bool
read_registry(const char *query, const char *argument)
{
	Oid			type = TEXTOID;
	Datum		value = argument ? CStringGetTextDatum(argument) : (Datum) 0;

	if (SPI_execute_with_args(query, argument ? 1 : 0, &type, &value, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "registry could not be read");
	return SPI_processed == 1;
}

/* A column of the row that was read, as text; NULL for NULL. */
static char *
registry_text(int column)
{
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column);
}

/* A column of the row that was read. */
static Datum
registry_datum(int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, isnull);
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

/* Reads the definition of a measured indicator with the caller's rights. */
static void
load_source(KpiSource *source, char *indicator)
{
	KpiOwnerId *owner;
	Datum		timeout;
	bool		isnull;

	memset(source, 0, sizeof(KpiSource));
	source->indicator = indicator;
	if (!read_registry("SELECT source, time_column, unit_column, filter, numerator, denominator,"
					   " grain, owner, kind, time_zone,"
					   " CAST(ceil(extract(epoch FROM timeout) * 1000) AS bigint)"
					   " FROM kpi.indicator WHERE indicator = $1", indicator))
	{
		read_registry("SELECT kpi_internal.require_indicator($1)", indicator);
		elog(ERROR, "indicator \"%s\" could not be read", indicator);
	}
	if (strcmp(registry_text(9), "measured") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("indicator \"%s\" is of kind %s and has no source to measure",
						indicator, registry_text(9)),
				 errhint("Define it with source, time_column and numerator, or write its values into kpi.measurement.")));
	source->source = registry_text(1);
	source->time_column = registry_text(2);
	if (source->time_column == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("indicator \"%s\" has no time_column", indicator),
				 errhint("Name the column that says when.")));
	source->unit_column = registry_text(3);
	source->expression[KPI_FILTER] = registry_text(4);
	source->expression[KPI_NUMERATOR] = registry_text(5);
	source->expression[KPI_DENOMINATOR] = registry_text(6);
	source->grain = registry_text(7);
	owner = (KpiOwnerId *) DatumGetPointer(registry_datum(8, &isnull));
	source->owner.name = kpi_owner_name(owner);
	source->owner.time_zone = registry_text(10);
	timeout = registry_datum(11, &isnull);
	source->owner.timeout = isnull ? 0 : DatumGetInt64(timeout);
	source->owner.role = find_owner(source, owner);
}

/* Only those who may write measurements may have them measured. */
static void
check_may_collect(void)
{
	Oid			schema = get_namespace_oid("kpi", false);

	if (pg_class_aclcheck(get_relname_relid("measurement", schema),
						  GetUserId(), ACL_INSERT) != ACLCHECK_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to measure indicators"),
				 errhint("This needs the privilege INSERT on kpi.measurement.")));
}

/* A range of days has days, an end, and no more of them than MAX_DAYS. */
static void
check_range(DateADT from, DateADT to)
{
	if (DATE_NOT_FINITE(from) || DATE_NOT_FINITE(to) || from >= to)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("range from %s to %s has no days or no end",
						DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(from))),
						DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(to)))),
				 errhint("Write a first day and the day after the last one.")));
	if (to - from > MAX_DAYS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("range from %s to %s is longer than %d years",
						DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(from))),
						DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(to))),
						MAX_YEARS),
				 errhint("Every period of it is told apart: write the years that have rows.")));
}

/* The grain of a row of the query, by number: the one whose period is there. */
static int
row_grain(HeapTuple tuple, TupleDesc tupdesc, const KpiPeriods *periods, DateADT *period_start)
{
	for (int grain = 0; grain < periods->grains; grain++)
	{
		bool		isnull;
		Datum		day = SPI_getbinval(tuple, tupdesc, KPI_COLUMN_PERIOD + grain, &isnull);

		if (!isnull)
		{
			*period_start = DatumGetDateADT(day);
			return grain;
		}
	}
	elog(ERROR, "row of a source has no period");
}

/* A column of measure from a column of the query. */
static void
copy_number(HeapTuple tuple, TupleDesc tupdesc, int column, Datum *value, bool *isnull)
{
	*value = SPI_getbinval(tuple, tupdesc, column, isnull);
	if (!*isnull)
		*value = NumericGetDatum(kpi_number_to_numeric(*value,
													   getBaseType(SPI_gettypeid(tupdesc, column))));
}

/* Puts one row of the query; every root has it where there is no unit column. */
static void
put_row(ReturnSetInfo *result, const KpiSource *source, const KpiUnits *units,
		HeapTuple tuple, TupleDesc tupdesc, Datum grain, DateADT period_start)
{
	Datum		values[MEASURE_COLUMNS];
	bool		nulls[MEASURE_COLUMNS] = {0};
	Datum		unit = SPI_getbinval(tuple, tupdesc, KPI_COLUMN_UNIT, &nulls[2]);
	Datum	   *numbers = source->unit_column ? &unit : units->roots;
	int			count = source->unit_column ? 1 : units->nroots;

	values[0] = grain;
	values[1] = DateADTGetDatum(period_start);
	copy_number(tuple, tupdesc, KPI_COLUMN_NUMERATOR, &values[3], &nulls[3]);
	copy_number(tuple, tupdesc, KPI_COLUMN_DENOMINATOR, &values[4], &nulls[4]);
	values[5] = SPI_getbinval(tuple, tupdesc, KPI_COLUMN_ROWS, &nulls[5]);
	values[6] = SPI_getbinval(tuple, tupdesc, KPI_COLUMN_UNASSIGNED, &nulls[6]);
	if (source->unit_column == NULL)
		nulls[2] = false;
	else if (nulls[2])
		nulls[3] = nulls[4] = true;
	for (int i = 0; i < count; i++)
	{
		if (!nulls[2])
			values[2] = units->names[DatumGetInt32(numbers[i]) - 1];
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

/* Runs the query as the owner and puts the rows of periods in the range. */
static void
run_query(ReturnSetInfo *result, const KpiSource *source, const KpiPeriods *periods,
		  const KpiUnits *units, DateADT to)
{
	KpiSourceQuery query;
	SPITupleTable *table;

	kpi_build_source_query(source, periods, units, &query);
	kpi_check_trust_in_query(source, &query);

	/*
	 * Not as a part of the caller's statement: that may have begun before the
	 * source was locked, and of a table rewritten in between it sees no rows.
	 */
	kpi_enter_source();
	if (SPI_execute_with_args(query.text, query.nargs, query.types, query.values,
							  query.nulls, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "query of indicator \"%s\" is no SELECT", source->indicator);
	kpi_leave_source();
	table = SPI_tuptable;
	kpi_check_number_columns(source, table->tupdesc);
	for (uint64 i = 0; i < table->numvals; i++)
	{
		DateADT		period_start;
		int			grain = row_grain(table->vals[i], table->tupdesc, periods, &period_start);

		CHECK_FOR_INTERRUPTS();
		if (period_start < to && period_start >= DatumGetDateADT(periods->first[grain]))
			put_row(result, source, units, table->vals[i], table->tupdesc,
					periods->grain[grain], period_start);
	}
}

/* What measure and check_source have in common; expressions and names are good after it. */
static void
prepare_source(KpiSource *source)
{
	kpi_resolve_source(source);
	kpi_check_trust_in_relation(source);
	for (int i = 0; i < KPI_EXPRESSIONS; i++)
		kpi_check_expression(source, (KpiExpression) i);
}

/* What is measured, and where its rows go. */
typedef struct Measuring
{
	char	   *indicator;
	DateADT		from;
	DateADT		to;
	ReturnSetInfo *result;
} Measuring;

/* Measures as the owner; the rows go to memory of the caller. */
static void
measure_as_owner(void *argument)
{
	Measuring  *measuring = (Measuring *) argument;
	ErrorContextCallback callback;
	KpiSource	source;
	KpiPeriods	periods;
	KpiUnits	units;

	SPI_connect();
	load_source(&source, measuring->indicator);
	kpi_load_periods(&periods, source.grain, measuring->from, measuring->to);
	kpi_load_units(&units, &periods, measuring->to);
	push_context(&callback, &source);
	kpi_become_owner(&source.owner);
	prepare_source(&source);
	run_query(measuring->result, &source, &periods, &units, measuring->to);
	error_context_stack = callback.previous;
	SPI_finish();
}

/*
 * measure(indicator, from_date, to_date): one row for every grain, period and
 * unit with rows in the source.  A row of unit NULL counts those that belong
 * to no unit where there are several roots.
 */
PG_FUNCTION_INFO_V1(kpi_measure);
Datum
kpi_measure(PG_FUNCTION_ARGS)
{
	Measuring	measuring;

	measuring.indicator = text_to_cstring(PG_GETARG_TEXT_PP(0));
	measuring.from = PG_GETARG_DATEADT(1);
	measuring.to = PG_GETARG_DATEADT(2);
	check_may_collect();
	check_range(measuring.from, measuring.to);
	InitMaterializedSRF(fcinfo, 0);
	measuring.result = (ReturnSetInfo *) fcinfo->resultinfo;
	kpi_run_undone(measuring.indicator, measure_as_owner, &measuring);
	PG_RETURN_NULL();
}

/* Plans as the owner; for members of the owner and for those who may measure. */
static void
check_as_owner(void *argument)
{
	KpiSource	source;

	SPI_connect();
	load_source(&source, (char *) argument);
	if (!kpi_may_act_as(GetUserId(), source.owner.role))
		check_may_collect();
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
