/*-------------------------------------------------------------------------
 *
 * mark.c
 *	  Marks: what changes marks the results that rest on it.
 *
 * A mark is a row that says what has changed; which results that touches is
 * found out when they are read or refreshed.  It is written by whoever changes
 * something, with the rights of the owner of the table that is changed, and
 * read with those of the owner of kpi.result: whether a result is stale does not
 * depend on who asks.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "base/check.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "registry/writer.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* The statement of a trigger, planned once a session. */
typedef struct Marker
{
	Oid			trigger_id;
	SPIPlanPtr	plan;
} Marker;

/* The marker of a trigger, perhaps a new one. */
static Marker *
find_marker(Oid trigger_id)
{
	static HTAB *markers = NULL;
	bool		found;
	Marker	   *marker;

	if (markers == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(Oid),.entrysize = sizeof(Marker)};

		markers = hash_create("kpi markers", 64, &control, HASH_ELEM | HASH_BLOBS);
	}
	marker = hash_search(markers, &trigger_id, HASH_ENTER, &found);
	if (!found)
		marker->plan = NULL;
	return marker;
}

/* mark_results(query): trigger; the query gives the marks of the rows that have changed. */
PG_FUNCTION_INFO_V1(kpi_mark_results);
Datum
kpi_mark_results(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = kpi_check_trigger(fcinfo);
	Marker	   *marker = find_marker(trigger->tg_trigger->tgoid);
	KpiCaller	caller;

	if (kpi_wrote_nothing(trigger))
		return PointerGetDatum(NULL);
	SPI_connect();
	if (SPI_register_trigger_data(trigger) < 0)
		elog(ERROR, "rows of a trigger cannot be read");
	caller = kpi_become_writer(RelationGetForm(trigger->tg_relation)->relowner);
	if (marker->plan == NULL)
	{
		char	   *statement = psprintf("INSERT INTO kpi_internal.mark (scorecard, indicator, unit, grain, days) %s",
										 trigger->tg_trigger->tgargs[0]);

		marker->plan = SPI_prepare(statement, 0, NULL);
		if (marker->plan == NULL || SPI_keepplan(marker->plan) != 0)
			elog(ERROR, "marks cannot be planned: %s", statement);
	}
	if (SPI_execute_plan(marker->plan, NULL, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "marks cannot be written");
	kpi_end_writer(&caller);
	SPI_finish();
	return PointerGetDatum(NULL);
}

/* The owner of kpi.result. */
static Oid
result_owner(void)
{
	Oid			relation_id = get_relname_relid("result", get_namespace_oid("kpi", false));
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation_id));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "table kpi.result does not exist");
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/* Runs a query as the owner of kpi.result; its rows are there until SPI_finish. */
static void
ask_as_owner(SPIPlanPtr *plan, const char *query)
{
	KpiCaller	caller;

	SPI_connect();
	caller = kpi_become_writer(result_owner());
	if (*plan == NULL)
	{
		*plan = SPI_prepare(query, 0, NULL);
		if (*plan == NULL || SPI_keepplan(*plan) != 0)
			elog(ERROR, "query over marks cannot be planned: %s", query);
	}
	if (SPI_execute_plan(*plan, NULL, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "query over marks failed: %s", query);
	kpi_end_writer(&caller);
}

/* Whether anything has changed since results were refreshed. */
static bool
has_marks(void)
{
	Relation	marks = table_open(get_relname_relid("mark", get_namespace_oid("kpi_internal", false)), AccessShareLock);
	TableScanDesc scan = table_beginscan(marks, GetActiveSnapshot(), 0, NULL);
	bool		found = heap_getnext(scan, ForwardScanDirection) != NULL;

	table_endscan(scan);
	table_close(marks, AccessShareLock);
	return found;
}

/* has_marks(): the same for SQL; a query asks once. */
PG_FUNCTION_INFO_V1(kpi_has_marks);
Datum
kpi_has_marks(PG_FUNCTION_ARGS)
{
	static const bool known[] = {false, true};

	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = unconstify(bool *, &known[has_marks() ? 1 : 0]);
	PG_RETURN_BOOL(fcinfo->flinfo->fn_extra == &known[1]);
}

/* A scorecard, unit and period whose results are stale. */
typedef struct StaleCell
{
	const char *key;
	uint32		status;
} StaleCell;

#define SH_PREFIX stale
#define SH_ELEMENT_TYPE StaleCell
#include "base/string_table.h"

/* The key of a cell; lengths tell where its parts end. */
static char *
cell_key(const char *scorecard, const char *unit, const char *grain, DateADT period_start)
{
	return psprintf("%zu/%s/%zu/%s/%s/%d", strlen(scorecard), scorecard, strlen(unit), unit, grain, period_start);
}

/* The cells that are stale: none where nothing has changed since the last refresh. */
static stale_hash *
stale_cells(MemoryContext context)
{
	static SPIPlanPtr plan = NULL;
	static stale_hash none =
	{
		0
	};
	stale_hash *cells;

	if (!has_marks())
		return &none;
	cells = stale_create(context, 64, NULL);
	ask_as_owner(&plan, "SELECT s.scorecard, s.unit, s.period_grain, s.period_start"
				 " FROM kpi_internal.stale_results(ARRAY(SELECT m.mark FROM kpi_internal.mark AS m)) AS s");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		TupleDesc	columns = SPI_tuptable->tupdesc;
		bool		found;
		Datum		period_start = SPI_getbinval(row, columns, 4, &found);
		char	   *key = cell_key(SPI_getvalue(row, columns, 1), SPI_getvalue(row, columns, 2), SPI_getvalue(row, columns, 3),
								   DatumGetDateADT(period_start));

		stale_insert(cells, MemoryContextStrdup(context, key), &found);
	}
	SPI_finish();
	return cells;
}

/* is_stale(scorecard, unit, grain, period_start): 1 for stale results, else 0; a query asks once which are. */
PG_FUNCTION_INFO_V1(kpi_is_stale);
Datum
kpi_is_stale(PG_FUNCTION_ARGS)
{
	stale_hash *cells = fcinfo->flinfo->fn_extra;
	char	   *key;
	bool		stale;

	if (cells == NULL)
		cells = fcinfo->flinfo->fn_extra = stale_cells(fcinfo->flinfo->fn_mcxt);
	if (cells->members == 0)
		PG_RETURN_INT32(0);
	key = cell_key(text_to_cstring(PG_GETARG_TEXT_PP(0)), text_to_cstring(PG_GETARG_TEXT_PP(1)),
				   text_to_cstring(PG_GETARG_TEXT_PP(2)), PG_GETARG_DATEADT(3));
	stale = stale_lookup(cells, key) != NULL;
	PG_RETURN_INT32(stale ? 1 : 0);
}

/* pending_results(): how many results a refresh would evaluate. */
PG_FUNCTION_INFO_V1(kpi_pending_results);
Datum
kpi_pending_results(PG_FUNCTION_ARGS)
{
	static SPIPlanPtr plan = NULL;
	bool		isnull;
	int32		count;

	ask_as_owner(&plan, "SELECT pg_catalog.cardinality(kpi_internal.refresh_together(ARRAY(SELECT m.mark FROM kpi_internal.mark AS m)))");
	count = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	SPI_finish();
	PG_RETURN_INT32(count);
}
