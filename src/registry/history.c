/*-------------------------------------------------------------------------
 *
 * history.c
 *	  kpi_internal.keep_history: what the rows of a table were, and when.
 *
 * kpi_internal.TABLE_history has every version that a row of kpi.TABLE had
 * since..until, the one in force with no end.  Times are those of the begin of
 * the writing transaction, as of now(); where another one that began later has
 * written the row before, its time is taken, so that the versions of a row
 * never overlap and never run backwards.  A version that ends in the
 * transaction that made it leaves nothing behind.
 *
 * Who may write the table need not be able to write its history, which is done
 * with the rights of the owner.  A restore, which fires no trigger, loads both
 * as they were.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/writer.h"

#include "base/check.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"

/* The statement: 1 the table, 2 rows that are no more, 3 rows that are, 4 what tells versions of a row. */
#define KEEP \
	"WITH removed AS MATERIALIZED (%2$s), added AS MATERIALIZED (%3$s)," \
	" gone AS (DELETE FROM kpi_internal.%1$s_history AS h USING removed AS r" \
	" WHERE %4$s AND h.until = 'infinity' AND h.since >= now() RETURNING h.version, h.since)," \
	" ended AS (UPDATE kpi_internal.%1$s_history AS h SET until = now(), ended_by = $1 FROM removed AS r" \
	" WHERE %4$s AND h.until = 'infinity' AND h.since < now())" \
	" INSERT INTO kpi_internal.%1$s_history (version, since, until, set_by)" \
	" SELECT CAST(ROW (r.*) AS kpi.%1$s), greatest(now()," \
	" (SELECT max(h.until) FROM kpi_internal.%1$s_history AS h WHERE %4$s AND h.until < 'infinity')," \
	" (SELECT max(h.since) FROM gone AS h WHERE %4$s)), 'infinity', $1 FROM added AS r"

#define EMPTIED \
	"UPDATE kpi_internal.%s_history SET until = greatest(now(), since), ended_by = $1 WHERE until = 'infinity'"

/* The statement that keeps what a trigger has seen. */
static char *
keeping(const TriggerData *trigger, const char *table)
{
	const char *condition = trigger->tg_trigger->tgargs[0];

	if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
		return psprintf(EMPTIED, table);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		return psprintf(KEEP, table, "SELECT * FROM changed WHERE false", "SELECT * FROM changed", condition);
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		return psprintf(KEEP, table, "SELECT * FROM former", "SELECT * FROM former WHERE false", condition);
	return psprintf(KEEP, table, "SELECT * FROM former EXCEPT ALL SELECT * FROM changed",
					"SELECT * FROM changed EXCEPT ALL SELECT * FROM former", condition);
}

/* keep_history(): trigger; the versions of rows go to the history of their table. */
PG_FUNCTION_INFO_V1(kpi_keep_history);
Datum
kpi_keep_history(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = kpi_check_trigger(fcinfo);
	char	   *statement;
	Oid			type = NAMEOID;
	NameData	user;
	Datum		value = NameGetDatum(&user);
	KpiCaller	caller;

	if (kpi_wrote_nothing(trigger))
		return PointerGetDatum(NULL);
	statement = keeping(trigger, RelationGetRelationName(trigger->tg_relation));
	namestrcpy(&user, GetUserNameFromId(GetUserId(), false));
	caller = kpi_become_writer(trigger->tg_relation->rd_rel->relowner);
	SPI_connect();
	if (SPI_register_trigger_data(trigger) < 0)
		elog(ERROR, "rows of a statement are not to be had");
	if (SPI_execute_with_args(statement, 1, &type, &value, NULL, false, 0) < 0)
		elog(ERROR, "history could not be kept");
	SPI_finish();
	kpi_end_writer(&caller);
	return PointerGetDatum(NULL);
}
