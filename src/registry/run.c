/*-------------------------------------------------------------------------
 *
 * run.c
 *	  Is a collection still at work?
 *
 * A run keeps which process collects and since when it is there, as numbers of
 * processes are used again, and when the statement that it serves began.  The
 * process tells everybody which statement it is at, by the time it began; a
 * run that did not finish and whose statement is no longer the one has died.
 * pg_stat_activity shows these times to few; of them only the answer is shown.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "miscadmin.h"
#include "utils/backend_status.h"
#include "utils/timestamp.h"

/* The entry of a process among those of the server, or NULL. */
static PgBackendStatus *
find_backend(int process)
{
	for (int i = 1; i <= pgstat_fetch_stat_numbackends(); i++)
	{
		LocalPgBackendStatus *local = kpi_local_backend(i);

		if (local != NULL && local->backendStatus.st_procpid == process)
			return &local->backendStatus;
	}
	return NULL;
}

/* backend_start(): when the process of this session began. */
PG_FUNCTION_INFO_V1(kpi_backend_start);
Datum
kpi_backend_start(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(MyStartTimestamp);
}

/*
 * is_running(backend, backend_start, statement_start): does the process that
 * began then still serve the statement that began then?
 */
PG_FUNCTION_INFO_V1(kpi_is_running);
Datum
kpi_is_running(PG_FUNCTION_ARGS)
{
	PgBackendStatus *backend = find_backend(PG_GETARG_INT32(0));

	if (backend == NULL || backend->st_proc_start_timestamp != PG_GETARG_TIMESTAMPTZ(1))
		PG_RETURN_BOOL(false);
	if (backend->st_state == STATE_DISABLED)
		PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(backend->st_activity_start_timestamp == PG_GETARG_TIMESTAMPTZ(2) &&
				   (backend->st_state == STATE_RUNNING || backend->st_state == STATE_FASTPATH));
}
