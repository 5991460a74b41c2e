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

#include "base/check.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "registry/writer.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

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

/* has_marks(): whether anything has changed since results were refreshed; a query asks once. */
PG_FUNCTION_INFO_V1(kpi_has_marks);
Datum
kpi_has_marks(PG_FUNCTION_ARGS)
{
	static SPIPlanPtr plan = NULL;
	static const bool known[] = {false, true};

	if (fcinfo->flinfo->fn_extra == NULL)
	{
		ask_as_owner(&plan, "SELECT FROM kpi_internal.mark LIMIT 1");
		fcinfo->flinfo->fn_extra = unconstify(bool *, &known[SPI_processed > 0 ? 1 : 0]);
		SPI_finish();
	}
	PG_RETURN_BOOL(fcinfo->flinfo->fn_extra == &known[1]);
}

/* Gives the rows of a query as the rows of a function. */
static void
put_rows(ReturnSetInfo *result)
{
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
}

/* stale_now(): the scorecards, units and periods whose results are stale. */
PG_FUNCTION_INFO_V1(kpi_stale_now);
Datum
kpi_stale_now(PG_FUNCTION_ARGS)
{
	static SPIPlanPtr plan = NULL;

	InitMaterializedSRF(fcinfo, 0);
	ask_as_owner(&plan, "SELECT s.* FROM kpi_internal.stale_results(ARRAY(SELECT m.mark FROM kpi_internal.mark AS m)) AS s");
	put_rows((ReturnSetInfo *) fcinfo->resultinfo);
	SPI_finish();
	PG_RETURN_NULL();
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
