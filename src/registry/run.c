/*-------------------------------------------------------------------------
 *
 * run.c
 *	  Is a collection still at work, and at what?
 *
 * A run keeps which process collects and since when it is there, as numbers of
 * processes are used again, and when the statement that it serves began.  The
 * process tells everybody which statement it is at, by the time it began; a
 * run that did not finish and whose statement is no longer the one has died.
 * pg_stat_activity shows these times to few; of them only the answer is shown.
 *
 * What a collection is at it tells in the same place, at once and whatever
 * becomes of its transaction: instead of its statement pg_stat_activity shows a
 * text that begins with "kpi: ".  No more than such a text is shown of others.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "registry/run.h"
#include "tcop/tcopprot.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* How each text begins that says what a collection is at. */
#define PROGRESS "kpi: "

/* The step that a statement is at, and when that began. */
static char step[256];
static TimestampTz step_of;

/* Tells everybody at what stage of its step a collection is; whatever else measures or combines tells nothing. */
void
kpi_report_progress(const char *stage)
{
	if (step_of == GetCurrentStatementStartTimestamp())
		pgstat_report_activity(STATE_RUNNING, psprintf(PROGRESS "%s: %s", step, stage));
}

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
 * report_step(step): what the statement is at from now on; NULL for its end,
 * after which its text is shown again.
 */
PG_FUNCTION_INFO_V1(kpi_report_step);
Datum
kpi_report_step(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
	{
		step_of = 0;
		pgstat_report_activity(STATE_RUNNING, debug_query_string);
		PG_RETURN_VOID();
	}
	text_to_cstring_buffer(PG_GETARG_TEXT_PP(0), step, sizeof(step));
	step_of = GetCurrentStatementStartTimestamp();
	pgstat_report_activity(STATE_RUNNING, psprintf(PROGRESS "%s", step));
	PG_RETURN_VOID();
}

/* report_stage(stage): at what stage of its step a collection is. */
PG_FUNCTION_INFO_V1(kpi_report_stage);
Datum
kpi_report_stage(PG_FUNCTION_ARGS)
{
	kpi_report_progress(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}

/* Whether a process, if it is there, serves the statement that began then. */
static bool
serves(const PgBackendStatus *backend, TimestampTz backend_start, TimestampTz statement_start)
{
	return backend != NULL && backend->st_proc_start_timestamp == backend_start &&
		backend->st_activity_start_timestamp == statement_start &&
		(backend->st_state == STATE_RUNNING || backend->st_state == STATE_FASTPATH);
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
	PG_RETURN_BOOL(backend->st_state == STATE_DISABLED ||
				   serves(backend, PG_GETARG_TIMESTAMPTZ(1), PG_GETARG_TIMESTAMPTZ(2)));
}

/*
 * progress_of(backend, backend_start, statement_start): what the statement
 * that began then is at; NULL where it is not there or does not tell.
 */
PG_FUNCTION_INFO_V1(kpi_progress_of);
Datum
kpi_progress_of(PG_FUNCTION_ARGS)
{
	PgBackendStatus *backend = find_backend(PG_GETARG_INT32(0));
	char	   *activity;

	if (!serves(backend, PG_GETARG_TIMESTAMPTZ(1), PG_GETARG_TIMESTAMPTZ(2)))
		PG_RETURN_NULL();
	activity = pgstat_clip_activity(backend->st_activity_raw);
	if (strncmp(activity, PROGRESS, strlen(PROGRESS)) != 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(activity + strlen(PROGRESS)));
}
