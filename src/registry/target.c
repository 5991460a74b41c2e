/*-------------------------------------------------------------------------
 *
 * target.c
 *	  kpi_internal.target_for and its kin: the targets of periods.
 *
 * A target comes from the rows of the unit (steps 1 to 4, target_rows.c);
 * under hold and where the indicator inherits targets, from those of the
 * nearest unit above that has one (5); from the benchmark of the peer that the
 * indicator names (6).  The target of a window is combined from those of the
 * periods it consists of.
 *
 * What a call site has read of the registry it keeps, as long as what it may
 * see does not change: so one query reads the rows of an indicator and unit
 * once, however many of its periods are asked for.
 *
 * NULL rule: NULL for NULL.  No target is NULL with a reason: no_target where
 * no row has any of the days, no_target_rule where rows have and nothing says
 * how to bring them to the period, else partial_target.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/target.h"

#include "access/htup_details.h"
#include "base/check.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#define STEP_INHERITED 5
#define STEP_BENCHMARK 6

/* Columns of what the functions return: the amounts, then these. */
#define COLUMN_STEP KPI_AMOUNTS
#define COLUMN_REASON (KPI_AMOUNTS + 1)
#define FOUND_COLUMNS (KPI_AMOUNTS + 2)

/* Something read of the registry, by a name made of its kind and keys. */
typedef struct Kept
{
	char	   *name;
	uint32		status;
	void	   *value;
} Kept;

#define SH_PREFIX kept
#define SH_ELEMENT_TYPE Kept
#define SH_KEY_TYPE char *
#define SH_KEY name
#define SH_HASH_KEY(table, key) hash_bytes((unsigned char *) (key), strlen(key))
#define SH_EQUAL(table, a, b) (strcmp(a, b) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* What may be seen: it changes with each command of ours and each end of another's transaction. */
typedef struct Sight
{
	TransactionId xmin;
	TransactionId xmax;
	uint32		xcnt;
	int32		subxcnt;
	CommandId	curcid;
} Sight;

/* What a call site has read so far. */
typedef struct KpiTargetFinder
{
	MemoryContext context;
	MemoryContext scratch;
	Sight		sight;
	const KpiGrains *grains;
	kept_hash  *kept;
	TupleDesc	row;			/* what the function returns, once known */
} Finder;

/* A unit above another one, on some days. */
typedef struct Above
{
	char	   *unit;
	DateADT		from;
	DateADT		to;
} Above;

typedef struct AllAbove
{
	int			count;
	Above	   *above;
} AllAbove;

/* A query over the registry, planned once a session. */
typedef struct RegistryQuery
{
	char		kind;			/* tells what is kept of it from the rest */
	const char *text;
	int			arguments;
	bool		of_many;		/* the arguments are arrays */
	SPIPlanPtr	plan;
} RegistryQuery;

static RegistryQuery terms_query = {
	.kind = 'i',
	.arguments = 1,
	.text = "SELECT target_rule, from_start, growth, spread_by, shares, in_decimals, decimals, inherit_target, target_peer"
	" FROM kpi_internal.target_terms($1)"
};

/* The same of many indicators; the first column says of which. */
static RegistryQuery all_terms_query = {
	.kind = 'i',
	.arguments = 1,
	.of_many = true,
	.text = "SELECT k.number, t.target_rule, t.from_start, t.growth, t.spread_by, t.shares, t.in_decimals, t.decimals,"
	" t.inherit_target, t.target_peer"
	" FROM pg_catalog.unnest($1) WITH ORDINALITY AS k (indicator, number)"
	" CROSS JOIN LATERAL kpi_internal.target_terms(k.indicator) AS t"
	" ORDER BY k.number"
};

static RegistryQuery rows_query = {
	.kind = 't',
	.arguments = 2,
	.text = "SELECT t.grain, pg_catalog.lower(t.period), pg_catalog.upper(t.period),"
	" t.target, t.baseline, t.stretch, t.low, t.high, t.outer_low, t.outer_high"
	" FROM kpi.target AS t WHERE t.indicator OPERATOR(pg_catalog.=) $1 AND t.unit OPERATOR(pg_catalog.=) $2"
};

/* The rows of many at once; the first column says of which. */
static RegistryQuery all_rows_query = {
	.kind = 't',
	.arguments = 2,
	.of_many = true,
	.text = "SELECT k.number, t.grain, pg_catalog.lower(t.period), pg_catalog.upper(t.period),"
	" t.target, t.baseline, t.stretch, t.low, t.high, t.outer_low, t.outer_high"
	" FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) WITH ORDINALITY AS k (indicator, unit, number)"
	" JOIN kpi.target AS t ON t.indicator OPERATOR(pg_catalog.=) k.indicator AND t.unit OPERATOR(pg_catalog.=) k.unit"
	" ORDER BY k.number"
};

static RegistryQuery benchmark_query = {
	.kind = 'b',
	.arguments = 2,
	.text = "SELECT b.grain, pg_catalog.lower(b.period), pg_catalog.upper(b.period), b.value"
	" FROM kpi.benchmark AS b WHERE b.indicator OPERATOR(pg_catalog.=) $1 AND b.peer OPERATOR(pg_catalog.=) $2"
};

static RegistryQuery above_query = {
	.kind = 'u',
	.arguments = 1,
	.text = "SELECT p.parent, pg_catalog.lower(p.valid), pg_catalog.upper(p.valid)"
	" FROM kpi.unit_parent AS p WHERE p.unit OPERATOR(pg_catalog.=) $1"
};

/* Runs a query; its rows are there until SPI_finish. */
static void
run_query(RegistryQuery *query, Datum first, Datum second)
{
	Oid			type = query->of_many ? TEXTARRAYOID : TEXTOID;
	Oid			types[2] = {type, type};
	Datum		values[2] = {first, second};

	SPI_connect();
	if (query->plan == NULL)
	{
		query->plan = SPI_prepare(query->text, query->arguments, types);
		if (query->plan == NULL || SPI_keepplan(query->plan) != 0)
			elog(ERROR, "query over targets cannot be planned");
	}
	if (SPI_execute_plan(query->plan, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "query over targets failed");
}

/* A column of a row of the query, copied to the current memory context. */
static char *
text_column(int row, int column)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* A numeric of a row that was read; NULL for NULL. */
static Numeric
numeric_column(int row, int column)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);

	return isnull ? NULL : DatumGetNumericCopy(value);
}

/* A boolean of a row that was read; false for NULL. */
static bool
boolean_column(int row, int column)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);

	return !isnull && DatumGetBool(value);
}

/* The bound of a range, where it has one. */
static DateADT
bound_column(int row, int column, DateADT open)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);

	return isnull ? open : DatumGetDateADT(value);
}

/* The shares of a profile. */
static void
read_shares(KpiTargetTerms *terms, int row, int column)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);
	Datum	   *share;
	int			count;

	if (isnull)
		return;
	deconstruct_array(DatumGetArrayTypeP(value), NUMERICOID, -1, false, TYPALIGN_INT,
					  &share, NULL, &count);
	if (count != MONTHS_PER_YEAR)
		elog(ERROR, "profile has %d shares", count);
	for (int i = 0; i < count; i++)
		terms->share[i] = DatumGetNumericCopy(share[i]);
}

/* What an indicator says in a row of the query, from a column on. */
static KpiTargetTerms *
read_terms(int row, int column)
{
	KpiTargetTerms *terms = palloc0(sizeof(KpiTargetTerms));
	char	   *rule = text_column(row, column);
	bool		isnull;

	terms->has_rule = rule != NULL;

	/*
	 * of a rule that is not known only rows of the very grain count, as they
	 * stand
	 */
	terms->rule = rule ? (KpiTargetRule) kpi_check_word(&kpi_target_rule_words, cstring_to_text(rule)) : KPI_TARGET_HOLD;
	terms->first = boolean_column(row, column + 1);
	terms->growth = boolean_column(row, column + 2);
	terms->spread_by = (KpiSpreadBy) kpi_check_word(&kpi_spread_by_words, cstring_to_text(text_column(row, column + 3)));
	read_shares(terms, row, column + 4);
	terms->in_decimals = boolean_column(row, column + 5);
	terms->decimals = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column + 6, &isnull));
	terms->inherit = boolean_column(row, column + 7);
	terms->peer = text_column(row, column + 8);
	return terms;
}

/* Some rows of the query; a column is the grain, those from the third after it on are amounts. */
static KpiTargetRows *
read_rows(const KpiGrains *grains, int first, int count, int column)
{
	KpiTargetRows *rows = palloc(sizeof(KpiTargetRows));
	KpiTargetRow *row = palloc0(sizeof(KpiTargetRow) * Max(count, 1));

	for (int i = 0; i < count; i++)
	{
		char	   *grain = text_column(first + i, column);

		row[i].grain = grain ? kpi_search_grain(grains, grain, strlen(grain)) : NULL;
		if (grain != NULL && row[i].grain == NULL)
			elog(ERROR, "target of a grain \"%s\" that does not exist", grain);
		row[i].from = bound_column(first + i, column + 1, DATEVAL_NOBEGIN);
		row[i].to = bound_column(first + i, column + 2, DATEVAL_NOEND);
		for (int k = 0; column + 3 + k <= SPI_tuptable->tupdesc->natts; k++)
			row[i].amounts.amount[k] = numeric_column(first + i, column + 3 + k);
	}
	kpi_group_rows(row, count, rows);
	return rows;
}

/* The units above the one of the query. */
static AllAbove *
read_above(void)
{
	AllAbove   *all = palloc(sizeof(AllAbove));

	all->count = (int) SPI_processed;
	all->above = palloc(sizeof(Above) * Max(all->count, 1));
	for (int i = 0; i < all->count; i++)
	{
		all->above[i].unit = text_column(i, 1);
		all->above[i].from = bound_column(i, 2, DATEVAL_NOBEGIN);
		all->above[i].to = bound_column(i, 3, DATEVAL_NOEND);
	}
	return all;
}

/* The name under which something is kept: its kind and one or two keys. */
static char *
kept_name(const RegistryQuery *query, const char *first, const char *second)
{
	return psprintf("%c/%s/%s", query->kind, first, second ? second : "");
}

/* What is kept under a kind and one or two keys; read by the query if it is new. */
static void *
keep(Finder *finder, RegistryQuery *query, const char *first, const char *second)
{
	char	   *name = kept_name(query, first, second);
	bool		found;
	Kept	   *kept;
	MemoryContext old;
	void	   *value = NULL;

	if ((kept = kept_lookup(finder->kept, name)) != NULL)
		return kept->value;
	run_query(query, CStringGetTextDatum(first), second ? CStringGetTextDatum(second) : (Datum) 0);
	old = MemoryContextSwitchTo(finder->context);
	if (query == &terms_query)
		value = SPI_processed == 1 ? read_terms(0, 1) : NULL;
	else if (query == &above_query)
		value = read_above();
	else
		value = read_rows(finder->grains, 0, (int) SPI_processed, 1);
	kept = kept_insert(finder->kept, pstrdup(name), &found);
	kept->value = value;
	MemoryContextSwitchTo(old);
	SPI_finish();
	return value;
}

/* Names as an argument. */
static Datum
name_array(const char *const *name, int count)
{
	Datum	   *names = palloc(sizeof(Datum) * Max(count, 1));

	for (int i = 0; i < count; i++)
		names[i] = CStringGetTextDatum(name[i]);
	return PointerGetDatum(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* How many rows of the query that begin with one are of the same, of that number. */
static int
rows_of(int first, int64 number)
{
	int			row = first;
	bool		isnull;

	while (row < (int) SPI_processed &&
		   DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1, &isnull)) == number)
		row++;
	return row - first;
}

/* Keep what indicators say, which of them are not known yet; read at once. */
static void
keep_terms(Finder *finder, const char *const *indicator, int count)
{
	const char **asked = palloc(sizeof(char *) * Max(count, 1));
	MemoryContext old;
	int			n = 0;
	int			row = 0;
	bool		found;

	for (int i = 0; i < count; i++)
	{
		if (kept_lookup(finder->kept, kept_name(&all_terms_query, indicator[i], NULL)) != NULL)
			continue;
		kept_insert(finder->kept, MemoryContextStrdup(finder->context, kept_name(&all_terms_query, indicator[i], NULL)),
					&found)->value = NULL;
		asked[n++] = indicator[i];
	}
	if (n == 0)
		return;
	run_query(&all_terms_query, name_array(asked, n), (Datum) 0);
	old = MemoryContextSwitchTo(finder->context);
	for (int i = 0; i < n; i++)
	{
		if (rows_of(row, i + 1) == 1)
			kept_lookup(finder->kept, kept_name(&all_terms_query, asked[i], NULL))->value = read_terms(row++, 2);
	}
	MemoryContextSwitchTo(old);
	SPI_finish();
}

/* Keep the rows of indicators, each with a unit; read at once. */
static void
keep_rows(Finder *finder, const char *const *indicator, const char *const *unit, int count)
{
	MemoryContext old;
	int			row = 0;
	bool		found;

	run_query(&all_rows_query, name_array(indicator, count), name_array(unit, count));
	old = MemoryContextSwitchTo(finder->context);
	for (int i = 0; i < count; i++)
	{
		int			rows = rows_of(row, i + 1);

		kept_insert(finder->kept, kept_name(&all_rows_query, indicator[i], unit[i]), &found)->value =
			read_rows(finder->grains, row, rows, 2);
		row += rows;
	}
	MemoryContextSwitchTo(old);
	SPI_finish();
}

/* Read at once what the targets of indicators, each with a unit, are made of as a rule. */
void
kpi_read_targets(KpiTargetFinder *finder, const char *const *indicator, const char *const *unit, int count)
{
	keep_terms(finder, indicator, count);
	keep_rows(finder, indicator, unit, count);
}

/* What may be seen now. */
static Sight
current_sight(void)
{
	Snapshot	snapshot = GetActiveSnapshot();
	Sight		sight;

	memset(&sight, 0, sizeof(Sight));
	sight.xmin = snapshot->xmin;
	sight.xmax = snapshot->xmax;
	sight.xcnt = snapshot->xcnt;
	sight.subxcnt = snapshot->subxcnt;
	sight.curcid = snapshot->curcid;
	return sight;
}

/* Begins anew with what may be seen now. */
static void
start_finder(Finder *finder, const Sight *sight)
{
	MemoryContext old;

	MemoryContextReset(finder->context);
	old = MemoryContextSwitchTo(finder->context);
	finder->scratch = AllocSetContextCreate(finder->context, "kpi target", ALLOCSET_DEFAULT_SIZES);
	finder->sight = *sight;
	finder->grains = kpi_pin_grains(finder->context);
	finder->kept = kept_create(finder->context, 64, NULL);
	MemoryContextSwitchTo(old);
}

/* A finder that keeps what it reads as long as the memory context lasts. */
KpiTargetFinder *
kpi_target_finder(MemoryContext context)
{
	Finder	   *finder = MemoryContextAllocZero(context, sizeof(Finder));
	Sight		sight = current_sight();

	finder->context = AllocSetContextCreate(context, "kpi targets", ALLOCSET_DEFAULT_SIZES);
	start_finder(finder, &sight);
	return finder;
}

/* The finder of a call site; takes fn_extra of the function for its own. */
static Finder *
call_finder(FmgrInfo *flinfo)
{
	Finder	   *finder = flinfo->fn_extra;
	Sight		sight = current_sight();

	if (finder != NULL && memcmp(&finder->sight, &sight, sizeof(Sight)) == 0 &&
		MemoryContextMemAllocated(finder->context, true) < (Size) work_mem * 1024)
		return finder;
	if (finder == NULL)
	{
		finder = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(Finder));
		finder->context = AllocSetContextCreate(flinfo->fn_mcxt, "kpi targets", ALLOCSET_DEFAULT_SIZES);
		flinfo->fn_extra = finder;
	}
	start_finder(finder, &sight);
	return finder;
}

/* The unit above on a day, or NULL. */
static const char *
unit_above(Finder *finder, const char *unit, DateADT day)
{
	const AllAbove *all = keep(finder, &above_query, unit, NULL);

	for (int i = 0; i < all->count; i++)
	{
		if (all->above[i].from <= day && all->above[i].to > day)
			return all->above[i].unit;
	}
	return NULL;
}

/* Step 5: the target of the nearest unit above that has one, on the last of the days. */
static bool
find_above(Finder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
		   const KpiTargetDays *days, KpiAmounts *amounts)
{
	const char *above = unit;

	if (!terms->inherit || !terms->has_rule || terms->rule != KPI_TARGET_HOLD)
		return false;
	while ((above = unit_above(finder, above, days->to - 1)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		if (kpi_rows_find(keep(finder, &rows_query, indicator, above), terms, days, amounts) != 0)
			return true;
	}
	return false;
}

/* The step that has the target of some days, or 0. */
static int
find_step(Finder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
		  const KpiTargetDays *days, KpiAmounts *amounts)
{
	int			step = kpi_rows_find(keep(finder, &rows_query, indicator, unit), terms, days, amounts);

	if (step != 0)
		return step;
	if (find_above(finder, terms, indicator, unit, days, amounts))
		return STEP_INHERITED;
	if (terms->peer != NULL &&
		kpi_rows_find(keep(finder, &benchmark_query, indicator, terms->peer), terms, days, amounts) != 0)
		return STEP_BENCHMARK;
	return 0;
}

/* Why some days have no target. */
static const char *
reason_of(Finder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
		  DateADT from, DateADT to)
{
	if (!kpi_rows_touch(keep(finder, &rows_query, indicator, unit), from, to))
		return "no_target";
	return terms->has_rule ? "partial_target" : "no_target_rule";
}

/* The target of days that are no window. */
static void
find_days(Finder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
		  const KpiTargetDays *days, KpiFoundTarget *found)
{
	found->step = find_step(finder, terms, indicator, unit, days, &found->amounts);
	found->reason = found->step != 0 ? NULL :
		reason_of(finder, terms, indicator, unit, days->from, days->to);
}

/* The target of a window: of the periods that it consists of, all needed; of an end the last, or the first. */
static void
find_window(Finder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
			const KpiGrainRow *window, DateADT start, KpiFoundTarget *found)
{
	const KpiGrainRow *base = window->base;
	KpiTargetDays days = {base->rule, 0, 0, base->position};
	DateADT		first = kpi_grain_first_day(window->rule, start);
	DateADT		end = kpi_grain_step(base->rule, start, 1);
	int			step = 0;
	KpiParts	parts;

	if (terms->has_rule && terms->rule == KPI_TARGET_END)
	{
		if (terms->first)
			end = kpi_grain_step(base->rule, first, 1);
		else
			first = start;
	}
	kpi_parts_start(&parts, terms);
	for (days.from = first; days.from < end; days.from = days.to)
	{
		CHECK_FOR_INTERRUPTS();
		days.to = kpi_grain_step(base->rule, days.from, 1);
		found->step = terms->has_rule ? find_step(finder, terms, indicator, unit, &days, &found->amounts) : 0;
		if (found->step == 0)
		{
			found->reason = reason_of(finder, terms, indicator, unit, first, end);
			return;
		}
		step = Max(step, found->step);
		kpi_parts_add(&parts, &found->amounts, days.to - days.from);
	}
	kpi_parts_finish(&parts, &found->amounts);
	found->step = step;
}

/* The target of the period of a grain that has a day, partly in the current memory context. */
void
kpi_find_target(KpiTargetFinder *finder, const char *indicator, const char *unit,
				const KpiGrainRow *grain, DateADT day, KpiFoundTarget *found)
{
	const KpiTargetTerms *terms = keep(finder, &terms_query, indicator, NULL);
	KpiTargetDays days;

	memset(found, 0, sizeof(KpiFoundTarget));
	found->reason = "no_target";
	if (terms == NULL || !kpi_grain_has(grain->rule, day))
		return;
	found->reason = NULL;
	days.grain = grain->rule;
	days.from = kpi_grain_start(grain->rule, day);
	days.to = kpi_grain_step(grain->rule, day, 1);
	days.position = grain->position;
	if (grain->base != NULL)
		find_window(finder, terms, indicator, unit, grain, days.from, found);
	else
		find_days(finder, terms, indicator, unit, &days, found);
}

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
found_row(FunctionCallInfo fcinfo, Finder *finder, const KpiFoundTarget *found)
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
finder_grain(const Finder *finder, const text *name)
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
	Finder	   *finder = call_finder(fcinfo->flinfo);
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
	Finder	   *finder = call_finder(fcinfo->flinfo);
	char	   *indicator = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const KpiTargetTerms *terms = keep(finder, &terms_query, indicator, NULL);
	const KpiGrainRow *grain = finder_grain(finder, PG_GETARG_TEXT_PP(2));
	KpiTargetDays days = {grain->rule, PG_GETARG_DATEADT(3), 0, grain->position};
	KpiAmounts	amounts;

	if (terms == NULL || grain->base != NULL || !kpi_grain_has(grain->rule, days.from))
		PG_RETURN_NULL();
	days.from = kpi_grain_start(grain->rule, days.from);
	days.to = kpi_grain_step(grain->rule, days.from, 1);
	if (!kpi_rows_parts(keep(finder, &rows_query, indicator, text_to_cstring(PG_GETARG_TEXT_PP(1))), terms, &days, &amounts) ||
		amounts.amount[0] == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(DirectFunctionCall1(numeric_trim_scale, NumericGetDatum(amounts.amount[0])));
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
	Finder	   *finder = call_finder(fcinfo->flinfo);
	MemoryContext old = MemoryContextSwitchTo(finder->scratch);
	char	   *indicator = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const KpiTargetTerms *terms = keep(finder, &terms_query, indicator, NULL);
	KpiTargetDays days = {NULL, 0, 0, 0};
	KpiFoundTarget found;
	Datum		row;

	memset(&found, 0, sizeof(KpiFoundTarget));
	found.reason = "no_target";
	if (named_days(PG_GETARG_RANGE_P(2), &days.from, &days.to) && terms != NULL)
		find_days(finder, terms, indicator, text_to_cstring(PG_GETARG_TEXT_PP(1)), &days, &found);
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
	Finder	   *finder = call_finder(fcinfo->flinfo);
	const KpiTargetTerms *terms = keep(finder, &terms_query, text_to_cstring(PG_GETARG_TEXT_PP(0)), NULL);
	Numeric		amount = PG_GETARG_NUMERIC(1);
	KpiTargetRow row;
	KpiAmounts	part;
	DateADT		from,
				to;

	memset(&row, 0, sizeof(KpiTargetRow));
	row.amounts.amount[0] = amount;
	if (terms == NULL || !terms->has_rule || !kpi_is_numeric_number(amount) ||
		!part_bounds(terms, PG_GETARG_RANGE_P(2), PG_GETARG_RANGE_P(3), &row, &from, &to))
		PG_RETURN_NULL();
	kpi_bring_down(terms, &row, row.from, row.to, from, to, &part);
	if (part.amount[0] == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(DirectFunctionCall1(numeric_trim_scale, NumericGetDatum(part.amount[0])));
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
	Finder	   *finder;

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
		finder = call_finder(fcinfo->flinfo);
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
