/*-------------------------------------------------------------------------
 *
 * period.c
 *	  The functions of SQL over periods: of a rule, of a grain of kpi.grain,
 *	  of a label.
 *
 * NULL rule: NULL for NULL, and for a day or a period that no label can name
 * (infinite, or outside of the years 1 to 9999).  A grain or label that does
 * not exist is an error.
 *
 *-------------------------------------------------------------------------
 */
#include "base/grain_table.h"

#include "access/htup_details.h"
#include "base/check.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/typcache.h"

/* More days than the years of labels have. */
#define MAX_STEPS 4000000

/* The rule that an argument gives, read once for a call site. */
typedef struct CachedRule
{
	KpiGrainRule *grain;
	int			length;
	char		rule[FLEXIBLE_ARRAY_MEMBER];
} CachedRule;

/* The rule of an argument; takes fn_extra of the function for its own. */
static const KpiGrainRule *
rule_argument(FunctionCallInfo fcinfo, int argument)
{
	text	   *rule = PG_GETARG_TEXT_PP(argument);
	int			length = VARSIZE_ANY_EXHDR(rule);
	CachedRule *cached = fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (cached != NULL && cached->length == length && memcmp(cached->rule, VARDATA_ANY(rule), length) == 0)
		return cached->grain;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	cached = palloc(offsetof(CachedRule, rule) + length);
	cached->grain = kpi_read_grain(text_to_cstring(rule));
	cached->length = length;
	memcpy(cached->rule, VARDATA_ANY(rule), length);
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = cached;
	return cached->grain;
}

/* A first day as a result; NULL where no label can name the period. */
static Datum
start_or_null(FunctionCallInfo fcinfo, const KpiGrainRule *grain, DateADT start)
{
	if (!kpi_grain_has(grain, start))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(start);
}

/* rule_start(rule, day): first day of the period that has a day. */
PG_FUNCTION_INFO_V1(kpi_rule_start);
Datum
kpi_rule_start(PG_FUNCTION_ARGS)
{
	const KpiGrainRule *grain = rule_argument(fcinfo, 0);
	DateADT		day = PG_GETARG_DATEADT(1);

	if (!kpi_grain_has(grain, day))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(kpi_grain_start(grain, day));
}

/* rule_end(rule, day): the day after the period that has a day. */
PG_FUNCTION_INFO_V1(kpi_rule_end);
Datum
kpi_rule_end(PG_FUNCTION_ARGS)
{
	const KpiGrainRule *grain = rule_argument(fcinfo, 0);
	DateADT		day = PG_GETARG_DATEADT(1);

	if (!kpi_grain_has(grain, day))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(kpi_grain_step(grain, day, 1));
}

/* period_start(grain, day) */
PG_FUNCTION_INFO_V1(kpi_period_start);
Datum
kpi_period_start(PG_FUNCTION_ARGS)
{
	const KpiGrainRule *grain = kpi_grain_argument(PG_GETARG_TEXT_PP(0))->rule;
	DateADT		day = PG_GETARG_DATEADT(1);

	if (!kpi_grain_has(grain, day))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(kpi_grain_start(grain, day));
}

/* period_end(grain, period_start): the day after the last one. */
PG_FUNCTION_INFO_V1(kpi_period_end);
Datum
kpi_period_end(PG_FUNCTION_ARGS)
{
	const KpiGrainRule *grain = kpi_grain_argument(PG_GETARG_TEXT_PP(0))->rule;
	DateADT		day = PG_GETARG_DATEADT(1);

	if (!kpi_grain_has(grain, day))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(kpi_grain_step(grain, day, 1));
}

/* period_step(grain, period_start, steps) */
PG_FUNCTION_INFO_V1(kpi_period_step);
Datum
kpi_period_step(PG_FUNCTION_ARGS)
{
	const KpiGrainRule *grain = kpi_grain_argument(PG_GETARG_TEXT_PP(0))->rule;
	DateADT		day = PG_GETARG_DATEADT(1);
	int32		steps = PG_GETARG_INT32(2);

	/* further than all years reach */
	if (!kpi_grain_has(grain, day) || steps > MAX_STEPS || steps < -MAX_STEPS)
		PG_RETURN_NULL();
	return start_or_null(fcinfo, grain, kpi_grain_step(grain, day, steps));
}

/* period_before(grain, period_start) */
PG_FUNCTION_INFO_V1(kpi_period_before);
Datum
kpi_period_before(PG_FUNCTION_ARGS)
{
	const KpiGrainRule *grain = kpi_grain_argument(PG_GETARG_TEXT_PP(0))->rule;
	DateADT		day = PG_GETARG_DATEADT(1);

	if (!kpi_grain_has(grain, day))
		PG_RETURN_NULL();
	return start_or_null(fcinfo, grain, kpi_grain_step(grain, day, -1));
}

/* period_last_year(grain, period_start) */
PG_FUNCTION_INFO_V1(kpi_period_last_year);
Datum
kpi_period_last_year(PG_FUNCTION_ARGS)
{
	const KpiGrainRule *grain = kpi_grain_argument(PG_GETARG_TEXT_PP(0))->rule;
	DateADT		day = PG_GETARG_DATEADT(1);

	if (!kpi_grain_has(grain, day))
		PG_RETURN_NULL();
	return start_or_null(fcinfo, grain, kpi_grain_last_year(grain, kpi_grain_start(grain, day)));
}

/* period_label(grain, period_start) */
PG_FUNCTION_INFO_V1(kpi_period_label);
Datum
kpi_period_label(PG_FUNCTION_ARGS)
{
	const KpiGrainRow *grain = kpi_grain_argument(PG_GETARG_TEXT_PP(0));
	DateADT		day = PG_GETARG_DATEADT(1);

	if (!kpi_grain_has(grain->rule, day))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(kpi_period_text(grain, kpi_grain_start(grain->rule, day))));
}

/* A half-open range of days. */
static Datum
make_days(TypeCacheEntry *type, DateADT from, DateADT to)
{
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	lower.val = DateADTGetDatum(from);
	lower.inclusive = lower.lower = true;
	upper.val = DateADTGetDatum(to);
	return RangeTypePGetDatum(kpi_make_range(type, &lower, &upper));
}

/* The days of a period; of a window from its beginning. */
static Datum
period_days(TypeCacheEntry *type, const KpiGrainRule *grain, DateADT start)
{
	return make_days(type, kpi_grain_first_day(grain, start), kpi_grain_step(grain, start, 1));
}

/* period_days(grain, period_start) */
PG_FUNCTION_INFO_V1(kpi_period_days);
Datum
kpi_period_days(PG_FUNCTION_ARGS)
{
	const KpiGrainRule *grain = kpi_grain_argument(PG_GETARG_TEXT_PP(0))->rule;
	DateADT		day = PG_GETARG_DATEADT(1);

	if (!kpi_grain_has(grain, day))
		PG_RETURN_NULL();
	return period_days(range_get_typcache(fcinfo, DATERANGEOID), grain, kpi_grain_start(grain, day));
}

/* period(label): its days. */
PG_FUNCTION_INFO_V1(kpi_period);
Datum
kpi_period(PG_FUNCTION_ARGS)
{
	KpiPeriod	period = kpi_read_label(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	return period_days(range_get_typcache(fcinfo, DATERANGEOID), period.grain->rule, period.start);
}

/* period_grain(label) */
PG_FUNCTION_INFO_V1(kpi_period_grain);
Datum
kpi_period_grain(PG_FUNCTION_ARGS)
{
	KpiPeriod	period = kpi_read_label(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	PG_RETURN_TEXT_P(cstring_to_text(period.grain->grain));
}

/* period_start(label) */
PG_FUNCTION_INFO_V1(kpi_label_start);
Datum
kpi_label_start(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATEADT(kpi_read_label(text_to_cstring(PG_GETARG_TEXT_PP(0))).start);
}

/* The label of another period of the same grain, or NULL. */
static Datum
label_or_null(FunctionCallInfo fcinfo, const KpiGrainRow *grain, DateADT start)
{
	if (!kpi_grain_has(grain->rule, start))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(kpi_period_text(grain, start)));
}

/* period_before(label): the label of the period before. */
PG_FUNCTION_INFO_V1(kpi_label_before);
Datum
kpi_label_before(PG_FUNCTION_ARGS)
{
	KpiPeriod	period = kpi_read_label(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	return label_or_null(fcinfo, period.grain, kpi_grain_step(period.grain->rule, period.start, -1));
}

/* period_last_year(label): the label of the period a year earlier. */
PG_FUNCTION_INFO_V1(kpi_label_last_year);
Datum
kpi_label_last_year(PG_FUNCTION_ARGS)
{
	KpiPeriod	period = kpi_read_label(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	return label_or_null(fcinfo, period.grain, kpi_grain_last_year(period.grain->rule, period.start));
}

/* tiles(finer, coarser): do the periods of the one make those of the other exactly? */
PG_FUNCTION_INFO_V1(kpi_tiles);
Datum
kpi_tiles(PG_FUNCTION_ARGS)
{
	const KpiGrainRow *finer = kpi_grain_argument(PG_GETARG_TEXT_PP(0));
	const KpiGrainRule *rule = finer->rule;
	const KpiGrainRow *coarser = kpi_grain_argument(PG_GETARG_TEXT_PP(1));

	PG_RETURN_BOOL(kpi_grain_tiles(rule, coarser->rule));
}

/* The finite bounds of a range of days as [from, to); an open side ends with the years. */
static void
bounds_of(TypeCacheEntry *type, RangeType *range, DateADT *from, DateADT *to)
{
	RangeBound	lower,
				upper;
	bool		empty;
	DateADT		first = date2j(KPI_FIRST_YEAR, 1, 1) - POSTGRES_EPOCH_JDATE;
	DateADT		end = date2j(KPI_LAST_YEAR + 2, 1, 1) - POSTGRES_EPOCH_JDATE;

	range_deserialize(type, range, &lower, &upper, &empty);
	*from = lower.infinite ? first : Max(first, DatumGetDateADT(lower.val));
	*to = upper.infinite ? end : Min(end, DatumGetDateADT(upper.val));
	if (empty)
		*to = *from;
}

/* The first days of the periods of a grain that lie in the days, wholly or partly. */
static void
put_periods(FunctionCallInfo fcinfo, bool wholly)
{
	const KpiGrainRule *grain = kpi_grain_argument(PG_GETARG_TEXT_PP(0))->rule;
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	DateADT		from,
				to,
				end;

	bounds_of(range_get_typcache(fcinfo, DATERANGEOID), PG_GETARG_RANGE_P(1), &from, &to);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (DateADT start = kpi_grain_start(grain, from); (wholly ? start : kpi_grain_first_day(grain, start)) < to; start = end)
	{
		Datum		value = DateADTGetDatum(start);
		bool		isnull = false;

		CHECK_FOR_INTERRUPTS();
		end = kpi_grain_step(grain, start, 1);
		if (kpi_grain_has(grain, start) &&
			(!wholly || (end <= to && kpi_grain_first_day(grain, start) >= from)))
			tuplestore_putvalues(result->setResult, result->setDesc, &value, &isnull);
	}
}

/* periods_in(grain, days): first days of the periods wholly within. */
PG_FUNCTION_INFO_V1(kpi_periods_in);
Datum
kpi_periods_in(PG_FUNCTION_ARGS)
{
	put_periods(fcinfo, true);
	PG_RETURN_NULL();
}

/* periods_touching(grain, days): first days of the periods that share a day with them. */
PG_FUNCTION_INFO_V1(kpi_periods_touching);
Datum
kpi_periods_touching(PG_FUNCTION_ARGS)
{
	put_periods(fcinfo, false);
	PG_RETURN_NULL();
}

/* The row (grain, period_start, days) of a period. */
static Datum
period_row(FunctionCallInfo fcinfo, const KpiGrainRow *grain, DateADT start)
{
	TupleDesc	tupdesc;
	Datum		values[3];
	bool		nulls[3] = {0};

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "read_period does not return a row");
	values[0] = CStringGetTextDatum(grain->grain);
	values[1] = DateADTGetDatum(start);
	values[2] = period_days(lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO), grain->rule, start);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}

/* An argument that must not be NULL. */
static void
check_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
}

/* The error of a day that is in no period of the grain. */
pg_noreturn static void
bad_day(const KpiGrainRow *grain, DateADT day)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("day %s is in no period of grain \"%s\"", kpi_day_text(day), grain->grain),
			 errhint("Periods are those of the years %d to %d.", KPI_FIRST_YEAR, KPI_LAST_YEAR)));
}

/* The period of an argument that is a label. */
static KpiPeriod
label_argument(FunctionCallInfo fcinfo)
{
	check_argument(fcinfo, 0, "period");
	return kpi_read_label(text_to_cstring(PG_GETARG_TEXT_PP(0)));
}

/* The period of the arguments day and grain. */
static KpiPeriod
day_argument(FunctionCallInfo fcinfo)
{
	KpiPeriod	period;
	DateADT		day = PG_GETARG_DATEADT(0);

	check_argument(fcinfo, 0, "day");
	check_argument(fcinfo, 1, "grain");
	period.grain = kpi_grain_argument(PG_GETARG_TEXT_PP(1));
	if (!kpi_grain_has(period.grain->rule, day))
		bad_day(period.grain, day);
	period.start = kpi_grain_start(period.grain->rule, day);
	return period;
}

/* Reads a period; an error comes, as from kpi_fail, without the functions of ours that led to it. */
static Datum
asked_period(FunctionCallInfo fcinfo, KpiPeriod (*read) (FunctionCallInfo))
{
	ErrorContextCallback *context = error_context_stack;
	KpiPeriod	period;

	error_context_stack = NULL;
	period = read(fcinfo);
	error_context_stack = context;
	return period_row(fcinfo, period.grain, period.start);
}

/* read_period(period): grain, first day and days of a label. */
PG_FUNCTION_INFO_V1(kpi_read_period_label);
Datum
kpi_read_period_label(PG_FUNCTION_ARGS)
{
	return asked_period(fcinfo, label_argument);
}

/* read_period(day, grain): the same of the period of a grain that has a day. */
PG_FUNCTION_INFO_V1(kpi_read_period_day);
Datum
kpi_read_period_day(PG_FUNCTION_ARGS)
{
	return asked_period(fcinfo, day_argument);
}

/* require_grain(grain): an error unless it exists. */
PG_FUNCTION_INFO_V1(kpi_require_grain);
Datum
kpi_require_grain(PG_FUNCTION_ARGS)
{
	ErrorContextCallback *context = error_context_stack;

	error_context_stack = NULL;
	check_argument(fcinfo, 0, "grain");
	(void) kpi_grain_argument(PG_GETARG_TEXT_PP(0));
	error_context_stack = context;
	PG_RETURN_VOID();
}

/* The grain and the day of a row that a trigger was called for; false where one is NULL. */
static bool
trigger_period(TriggerData *trigger, HeapTuple row, char **grain, DateADT *start)
{
	TupleDesc	tupdesc = RelationGetDescr(trigger->tg_relation);
	int			grain_column = SPI_fnumber(tupdesc, "grain");
	int			start_column = SPI_fnumber(tupdesc, "period_start");
	bool		no_grain,
				no_start;
	Datum		value;

	if (grain_column < 0 || start_column < 0)
		elog(ERROR, "table \"%s\" has no periods", RelationGetRelationName(trigger->tg_relation));
	value = heap_getattr(row, grain_column, tupdesc, &no_grain);
	*start = DatumGetDateADT(heap_getattr(row, start_column, tupdesc, &no_start));
	if (no_grain || no_start)
		return false;
	*grain = TextDatumGetCString(value);
	return true;
}

/* guard_period(): trigger; the grain of a row exists and its day is the first one of a period. */
PG_FUNCTION_INFO_V1(kpi_guard_period);
Datum
kpi_guard_period(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = kpi_check_trigger(fcinfo);
	const KpiGrainRow *grain;
	HeapTuple	row;
	char	   *name;
	DateADT		start;

	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	if (!trigger_period(trigger, row, &name, &start))
		return PointerGetDatum(row);
	grain = kpi_find_grain(name, strlen(name));
	if (!kpi_grain_has(grain->rule, start))
		bad_day(grain, start);
	if (kpi_grain_start(grain->rule, start) != start)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("period_start %s is not the first day of a period of grain \"%s\"",
						kpi_day_text(start), name),
				 errhint("It lies in the one that begins on %s.", kpi_day_text(kpi_grain_start(grain->rule, start)))));
	return PointerGetDatum(row);
}
