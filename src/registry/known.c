/*-------------------------------------------------------------------------
 *
 * known.c
 *	  Queries over the registry as it is, or as it was at a time.
 *
 * A query is written once.  Its tables stand in it as @kpi.NAME: that is the
 * table, or what its history has of the time, kpi_internal.NAME_at(), so that
 * what was known then is found by the rules of what is known now.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/known.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"

#define MARK "@kpi."

/* The text of a query over what was known at the time of a parameter; over what there is where that is 0. */
static char *
known_text(const char *text, int parameter)
{
	StringInfoData known;
	const char *mark;

	initStringInfo(&known);
	for (; (mark = strstr(text, MARK)) != NULL; text = mark)
	{
		const char *name = mark + strlen(MARK);
		int			length = (int) strspn(name, "abcdefghijklmnopqrstuvwxyz_");

		appendBinaryStringInfo(&known, text, (int) (mark - text));
		if (parameter == 0)
			appendStringInfo(&known, "kpi.%.*s", length, name);
		else
			appendStringInfo(&known, "kpi_internal.%.*s_at($%d)", length, name, parameter);
		mark = name + length;
	}
	appendStringInfoString(&known, text);
	return known.data;
}

/* Plan a query for the session. */
static SPIPlanPtr
plan_query(const KpiQuery *query, bool past)
{
	Oid			type[KPI_MAX_QUERY_ARGUMENTS + 1];
	SPIPlanPtr	plan;

	memcpy(type, query->type, sizeof(query->type));
	type[query->arguments] = TIMESTAMPTZOID;
	/* one plan for any number of keys: it looks each up in an index */
	plan = SPI_prepare_cursor(known_text(query->text, past ? query->arguments + 1 : 0), query->arguments + (past ? 1 : 0), type,
							  CURSOR_OPT_GENERIC_PLAN);
	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "query over the registry cannot be planned: %s", query->text);
	return plan;
}

/* Run a query over what was known at a time; its rows are there until SPI_finish.  SPI is connected. */
void
kpi_run_known(KpiQuery *query, const Datum *argument, TimestampTz known_at)
{
	bool		past = known_at != KPI_KNOWN_NOW;
	Datum		value[KPI_MAX_QUERY_ARGUMENTS + 1];

	memcpy(value, argument, sizeof(Datum) * query->arguments);
	value[query->arguments] = TimestampTzGetDatum(known_at);
	if (query->plan[past] == NULL)
		query->plan[past] = plan_query(query, past);
	if (SPI_execute_plan(query->plan[past], value, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "query over the registry failed: %s", query->text);
}
