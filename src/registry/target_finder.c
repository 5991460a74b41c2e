/*-------------------------------------------------------------------------
 *
 * target_finder.c
 *	  What targets are made of, read of the registry: what indicators say, rows,
 *	  benchmarks, units above.
 *
 * What a call site has read it keeps, as long as what it may see does not
 * change: so one query reads the rows of an indicator and unit once, however
 * many of its periods are asked for.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/target_finder.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "registry/access.h"
#include "registry/known.h"
#include "registry/writer.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

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

/* What an indicator says about its targets; its rule is NULL where it has to be given. */
#define TERMS \
	"kpi_internal.target_rule(i), i.combine OPERATOR(pg_catalog.=) 'first', kpi_internal.target_grows(i), i.spread_by," \
	" p.shares, p.in_decimals, i.decimals, i.inherit_target, i.target_peer"
#define PROFILE \
	"LEFT JOIN @kpi.target_profile AS p ON p.target_profile OPERATOR(pg_catalog.=) i.target_profile"

/* The amounts of a target. */
#define AMOUNTS \
	"t.grain, pg_catalog.lower(t.period), pg_catalog.upper(t.period)," \
	" t.target, t.baseline, t.stretch, t.low, t.high, t.outer_low, t.outer_high"

/* A query over the registry; kind tells what is kept of it from the rest. */
typedef struct RegistryQuery
{
	char		kind;
	KpiQuery	of;
} RegistryQuery;

static RegistryQuery terms_query = {
	.kind = 'i',
	.of = {
		.arguments = 1,
		.type = {TEXTOID},
		.text = "SELECT " TERMS " FROM @kpi.indicator AS i " PROFILE " WHERE i.indicator OPERATOR(pg_catalog.=) $1"
	}
};

/* The same of many indicators; the first column says of which. */
static RegistryQuery all_terms_query = {
	.kind = 'i',
	.of = {
		.arguments = 1,
		.type = {TEXTARRAYOID},
		.text = "SELECT k.number, " TERMS
		" FROM pg_catalog.unnest($1) WITH ORDINALITY AS k (indicator, number)"
		" JOIN @kpi.indicator AS i ON i.indicator OPERATOR(pg_catalog.=) k.indicator " PROFILE
		" ORDER BY k.number"
	}
};

static RegistryQuery rows_query = {
	.kind = 't',
	.of = {
		.arguments = 2,
		.type = {TEXTOID, TEXTOID},
		.text = "SELECT " AMOUNTS
		" FROM @kpi.target AS t WHERE t.indicator OPERATOR(pg_catalog.=) $1 AND t.unit OPERATOR(pg_catalog.=) $2"
	}
};

/* The rows of many at once; the first column says of which. */
static RegistryQuery all_rows_query = {
	.kind = 't',
	.of = {
		.arguments = 2,
		.type = {TEXTARRAYOID, TEXTARRAYOID},
		.text = "SELECT k.number, " AMOUNTS
		" FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) WITH ORDINALITY AS k (indicator, unit, number)"
		" JOIN @kpi.target AS t ON t.indicator OPERATOR(pg_catalog.=) k.indicator AND t.unit OPERATOR(pg_catalog.=) k.unit"
		" ORDER BY k.number"
	}
};

static RegistryQuery benchmark_query = {
	.kind = 'b',
	.of = {
		.arguments = 2,
		.type = {TEXTOID, TEXTOID},
		.text = "SELECT b.grain, pg_catalog.lower(b.period), pg_catalog.upper(b.period), b.value"
		" FROM @kpi.benchmark AS b WHERE b.indicator OPERATOR(pg_catalog.=) $1 AND b.peer OPERATOR(pg_catalog.=) $2"
	}
};

static RegistryQuery above_query = {
	.kind = 'u',
	.of = {
		.arguments = 1,
		.type = {TEXTOID},
		.text = "SELECT p.parent, pg_catalog.lower(p.valid), pg_catalog.upper(p.valid)"
		" FROM @kpi.unit_parent AS p WHERE p.unit OPERATOR(pg_catalog.=) $1"
	}
};

/* The table of targets. */
static Oid
target_table(void)
{
	return get_relname_relid("target", get_namespace_oid("kpi", false));
}

/* Raises an error unless the caller may read targets at all. */
static void
require_target_reader(void)
{
	AclResult	result = pg_class_aclcheck(target_table(), GetUserId(), ACL_SELECT);

	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_TABLE, "target");
}

/*
 * Runs a query; its rows are there until SPI_finish.  The target of a unit may
 * come from one above that the caller may not see, so it is read as the owner:
 * whether the caller may see the unit itself is asked of what is found.
 */
static void
run_query(KpiTargetFinder *finder, RegistryQuery *query, Datum first, Datum second)
{
	Datum		values[2] = {first, second};
	bool		as_owner = !kpi_may_for_all(KPI_MAY_READ);
	KpiCaller	caller;

	SPI_connect();
	if (as_owner)
		caller = kpi_become_writer(kpi_owner_of_table(target_table()));
	kpi_run_known(&query->of, values, finder->known_at);
	if (as_owner)
		kpi_end_writer(&caller);
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
keep(KpiTargetFinder *finder, RegistryQuery *query, const char *first, const char *second)
{
	char	   *name = kept_name(query, first, second);
	bool		found;
	Kept	   *kept;
	MemoryContext old;
	void	   *value = NULL;

	if ((kept = kept_lookup(finder->kept, name)) != NULL)
		return kept->value;
	run_query(finder, query, CStringGetTextDatum(first), second ? CStringGetTextDatum(second) : (Datum) 0);
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
keep_terms(KpiTargetFinder *finder, const char *const *indicator, int count)
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
	run_query(finder, &all_terms_query, name_array(asked, n), (Datum) 0);
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
keep_rows(KpiTargetFinder *finder, const char *const *indicator, const char *const *unit, int count)
{
	MemoryContext old;
	int			row = 0;
	bool		found;

	run_query(finder, &all_rows_query, name_array(indicator, count), name_array(unit, count));
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
start_finder(KpiTargetFinder *finder, const Sight *sight)
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

/* A finder of what was known at a time, which keeps what it reads as long as the memory context lasts. */
KpiTargetFinder *
kpi_target_finder(MemoryContext context, TimestampTz known_at)
{
	KpiTargetFinder *finder = MemoryContextAllocZero(context, sizeof(KpiTargetFinder));
	Sight		sight = current_sight();


	finder->known_at = known_at;
	finder->context = AllocSetContextCreate(context, "kpi targets", ALLOCSET_DEFAULT_SIZES);
	start_finder(finder, &sight);
	return finder;
}

/* The finder of a call site; takes fn_extra of the function for its own. */
KpiTargetFinder *
kpi_call_finder(FmgrInfo *flinfo)
{
	KpiTargetFinder *finder = flinfo->fn_extra;
	Sight		sight = current_sight();

	if (finder != NULL && memcmp(&finder->sight, &sight, sizeof(Sight)) == 0 &&
		MemoryContextMemAllocated(finder->context, true) < (Size) work_mem * 1024)
		return finder;
	if (finder == NULL)
	{
		require_target_reader();
		finder = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(KpiTargetFinder));
		finder->known_at = KPI_KNOWN_NOW;
		finder->context = AllocSetContextCreate(flinfo->fn_mcxt, "kpi targets", ALLOCSET_DEFAULT_SIZES);
		flinfo->fn_extra = finder;
	}
	start_finder(finder, &sight);
	return finder;
}

/* What an indicator says about its targets; NULL for one that is not there. */
const KpiTargetTerms *
kpi_target_terms(KpiTargetFinder *finder, const char *indicator)
{
	return keep(finder, &terms_query, indicator, NULL);
}

/* The rows of an indicator and unit. */
const KpiTargetRows *
kpi_target_rows(KpiTargetFinder *finder, const char *indicator, const char *unit)
{
	return keep(finder, &rows_query, indicator, unit);
}

/* The benchmarks of an indicator and peer, as such rows. */
const KpiTargetRows *
kpi_target_benchmarks(KpiTargetFinder *finder, const char *indicator, const char *peer)
{
	return keep(finder, &benchmark_query, indicator, peer);
}

/* The unit above on a day, or NULL. */
const char *
kpi_unit_above(KpiTargetFinder *finder, const char *unit, DateADT day)
{
	const AllAbove *all = keep(finder, &above_query, unit, NULL);

	for (int i = 0; i < all->count; i++)
	{
		if (all->above[i].from <= day && all->above[i].to > day)
			return all->above[i].unit;
	}
	return NULL;
}
