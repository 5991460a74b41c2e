/*-------------------------------------------------------------------------
 *
 * target_for.c
 *	  kpi_internal.target_for and its kin: targets as SQL asks for them.
 *
 * NULL rule: NULL for NULL.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/target_finder.h"

#include "access/htup_details.h"
#include "base/check.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "registry/access.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* Columns of what the functions return: the amounts, then these. */
#define COLUMN_STEP KPI_AMOUNTS
#define COLUMN_REASON (KPI_AMOUNTS + 1)
#define FOUND_COLUMNS (KPI_AMOUNTS + 2)

/* The answer as columns. */
static void
found_columns(const KpiFoundTarget *found, Datum *values, bool *nulls)
{
	for (int i = 0; i < KPI_AMOUNTS; i++)
	{
		Numeric		amount = found->step != 0 ? found->amounts.amount[i] : NULL;

		nulls[i] = amount == NULL;
		if (!nulls[i])
			values[i] = DirectFunctionCall1(numeric_trim_scale, NumericGetDatum(amount));
	}
	nulls[COLUMN_STEP] = found->step == 0;
	values[COLUMN_STEP] = Int32GetDatum(found->step);
	nulls[COLUMN_REASON] = found->reason == NULL;
	if (!nulls[COLUMN_REASON])
		values[COLUMN_REASON] = CStringGetTextDatum(found->reason);
}

/* The answer as a row of the type that the function returns. */
static Datum
found_row(FunctionCallInfo fcinfo, KpiTargetFinder *finder, const KpiFoundTarget *found)
{
	Datum		values[FOUND_COLUMNS];
	bool		nulls[FOUND_COLUMNS];

	if (finder->row == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (get_call_result_type(fcinfo, NULL, &finder->row) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "a target is not returned as a row");
		finder->row = BlessTupleDesc(finder->row);
		MemoryContextSwitchTo(old);
	}
	found_columns(found, values, nulls);
	return HeapTupleGetDatum(heap_form_tuple(finder->row, values, nulls));
}

/* The grain of that name among those of the finder. */
static const KpiGrainRow *
finder_grain(const KpiTargetFinder *finder, const text *name)
{
	const KpiGrainRow *grain = kpi_search_grain(finder->grains, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	/* raises the error */
	return grain ? grain : kpi_grain_argument(name);
}

/* target_for(indicator, unit, grain, period_start) */
PG_FUNCTION_INFO_V1(kpi_target_for);
Datum
kpi_target_for(PG_FUNCTION_ARGS)
{
	KpiTargetFinder *finder = kpi_call_finder(fcinfo->flinfo);
	MemoryContext old = MemoryContextSwitchTo(finder->scratch);
	KpiFoundTarget found;
	Datum		row;

	kpi_find_target(finder, text_to_cstring(PG_GETARG_TEXT_PP(0)), text_to_cstring(PG_GETARG_TEXT_PP(1)),
					finder_grain(finder, PG_GETARG_TEXT_PP(2)), PG_GETARG_DATEADT(3), &found);
	MemoryContextSwitchTo(old);
	row = found_row(fcinfo, finder, &found);
	MemoryContextReset(finder->scratch);
	return row;
}

/* target_from_parts(indicator, unit, grain, period_start): what shorter rows make, whatever the period's own row. */
PG_FUNCTION_INFO_V1(kpi_target_from_parts);
Datum
kpi_target_from_parts(PG_FUNCTION_ARGS)
{
	KpiTargetFinder *finder = kpi_call_finder(fcinfo->flinfo);
	char	   *indicator = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const KpiTargetTerms *terms = kpi_target_terms(finder, indicator);
	const KpiGrainRow *grain = finder_grain(finder, PG_GETARG_TEXT_PP(2));
	KpiTargetDays days = {grain->rule, PG_GETARG_DATEADT(3), 0, grain->position};
	KpiFoundTarget found = {.step = 2};

	if (terms == NULL || grain->base != NULL || !kpi_grain_has(grain->rule, days.from) ||
		!kpi_may_in_period(KPI_MAY_READ, PG_GETARG_TEXT_PP(1), PG_GETARG_TEXT_PP(2), days.from))
		PG_RETURN_NULL();
	days.from = kpi_grain_start(grain->rule, days.from);
	days.to = kpi_grain_step(grain->rule, days.from, 1);
	if (!kpi_rows_parts(kpi_target_rows(finder, indicator, text_to_cstring(PG_GETARG_TEXT_PP(1))), terms, &days,
						&found.amounts))
		PG_RETURN_NULL();
	return found_row(fcinfo, finder, &found);
}

/* The bounds of a range of days; those of an open side are infinite.  False for an empty one. */
static bool
range_bounds(RangeType *range, DateADT *from, DateADT *to)
{
	RangeBound	lower,
				upper;
	bool		empty;

	range_deserialize(lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO), range, &lower, &upper, &empty);
	*from = lower.infinite ? DATEVAL_NOBEGIN : DatumGetDateADT(lower.val);
	*to = upper.infinite ? DATEVAL_NOEND : DatumGetDateADT(upper.val);
	return !empty;
}

/* Days of the years that labels can name; false for any others. */
static bool
named_days(RangeType *range, DateADT *from, DateADT *to)
{
	return range_bounds(range, from, to) && *from >= date2j(KPI_FIRST_YEAR, 1, 1) - POSTGRES_EPOCH_JDATE &&
		*to <= date2j(KPI_LAST_YEAR + 1, 1, 1) - POSTGRES_EPOCH_JDATE;
}

/* target_for(indicator, unit, days): of any days, from the curves of longer rows. */
PG_FUNCTION_INFO_V1(kpi_target_for_days);
Datum
kpi_target_for_days(PG_FUNCTION_ARGS)
{
	KpiTargetFinder *finder = kpi_call_finder(fcinfo->flinfo);
	MemoryContext old = MemoryContextSwitchTo(finder->scratch);
	char	   *indicator = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const KpiTargetTerms *terms = kpi_target_terms(finder, indicator);
	char	   *unit = text_to_cstring(PG_GETARG_TEXT_PP(1));
	KpiTargetDays days = {NULL, 0, 0, 0};
	bool		named;
	KpiFoundTarget found;
	Datum		row;

	memset(&found, 0, sizeof(KpiFoundTarget));
	found.reason = "no_target";
	named = named_days(PG_GETARG_RANGE_P(2), &days.from, &days.to);
	if (named && !kpi_may_on_days(KPI_MAY_READ, unit, days.from, days.to))
		found.reason = "hidden";
	else if (named && terms != NULL)
		kpi_find_days(finder, terms, indicator, unit, &days, &found);
	MemoryContextSwitchTo(old);
	row = found_row(fcinfo, finder, &found);
	MemoryContextReset(finder->scratch);
	return row;
}

/* The days of a row and some of them; false where they are none of its, or its rule cannot tell their part. */
static bool
part_bounds(const KpiTargetTerms *terms, RangeType *whole, RangeType *days, KpiTargetRow *row, DateADT *from, DateADT *to)
{
	bool		by_days = terms->rule == KPI_TARGET_SPREAD || terms->rule == KPI_TARGET_COMPOUND;

	if (!(by_days ? named_days : range_bounds) (whole, &row->from, &row->to))
		return false;
	return range_bounds(days, from, to) && *from >= row->from && *to <= row->to;
}

/* target_within(indicator, amount, whole, days): the part of an amount of a row without a grain. */
PG_FUNCTION_INFO_V1(kpi_target_within);
Datum
kpi_target_within(PG_FUNCTION_ARGS)
{
	KpiTargetFinder *finder = kpi_call_finder(fcinfo->flinfo);
	const KpiTargetTerms *terms = kpi_target_terms(finder, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	Numeric		amount = PG_GETARG_NUMERIC(1);
	KpiTargetRow row;
	KpiAmounts	part;
	DateADT		from,
				to;

	memset(&row, 0, sizeof(KpiTargetRow));
	row.amounts.amount[KPI_AMOUNT_TARGET] = amount;
	if (terms == NULL || !terms->has_rule || !kpi_is_numeric_number(amount) ||
		!part_bounds(terms, PG_GETARG_RANGE_P(2), PG_GETARG_RANGE_P(3), &row, &from, &to))
		PG_RETURN_NULL();
	kpi_bring_down(terms, &row, row.from, row.to, from, to, &part);
	if (part.amount[KPI_AMOUNT_TARGET] == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(DirectFunctionCall1(numeric_trim_scale, NumericGetDatum(part.amount[KPI_AMOUNT_TARGET])));
}

/* The elements of an array argument; all arguments have as many. */
static Datum *
array_argument(FunctionCallInfo fcinfo, int argument, Oid type, bool **nulls, int *count)
{
	Datum	   *elements;
	int			length = *count;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), type, type == DATEOID ? (int) sizeof(DateADT) : -1,
					  type == DATEOID, TYPALIGN_INT, &elements, nulls, count);
	if (argument > 0 && *count != length)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("arrays of %d and %d elements do not belong together", length, *count),
				 errhint("Pass an indicator, a unit, a grain and a day for each target.")));
	return elements;
}

/* targets_for(indicators, units, grains, period_starts): a row for each place, in order. */
PG_FUNCTION_INFO_V1(kpi_targets_for);
Datum
kpi_targets_for(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const Oid	types[] = {TEXTOID, TEXTOID, TEXTOID, DATEOID};
	Datum	   *argument[4];
	bool	   *missing[4];
	int			count = 0;
	KpiTargetFinder *finder;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < 4; i++)
		argument[i] = array_argument(fcinfo, i, types[i], &missing[i], &count);
	for (int n = 0; n < count; n++)
	{
		Datum		values[FOUND_COLUMNS + 1];
		bool		nulls[FOUND_COLUMNS + 1];
		MemoryContext old;
		KpiFoundTarget found;

		CHECK_FOR_INTERRUPTS();
		finder = kpi_call_finder(fcinfo->flinfo);
		old = MemoryContextSwitchTo(finder->scratch);
		memset(&found, 0, sizeof(KpiFoundTarget));
		if (!missing[0][n] && !missing[1][n] && !missing[2][n] && !missing[3][n])
			kpi_find_target(finder, TextDatumGetCString(argument[0][n]), TextDatumGetCString(argument[1][n]),
							finder_grain(finder, DatumGetTextPP(argument[2][n])), DatumGetDateADT(argument[3][n]), &found);
		values[0] = Int32GetDatum(n + 1);
		nulls[0] = false;
		found_columns(&found, values + 1, nulls + 1);
		MemoryContextSwitchTo(old);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		MemoryContextReset(finder->scratch);
	}
	PG_RETURN_NULL();
}
