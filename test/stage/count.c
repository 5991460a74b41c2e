/*
 * count.c
 *	  Counts the calls of the functions of the schema kpi, aggregates' own ones
 *	  included, and keeps errors out of the log that are no internal ones.
 *	  For tests alone; no part of the extension.
 *
 * Loaded into the sessions to be watched, which add to counts in one file.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "catalog/namespace.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/errcodes.h"
#include "utils/lsyscache.h"

PG_MODULE_MAGIC;

#define PLACES 4096

typedef struct Count
{
	Oid			function;
	int64		begun;
	int64		ended;
} Count;

static Count *counts;

extern void _PG_init(void);

static void
map_counts(void)
{
	char	   *name = psprintf("%s/calls_counted", DataDir);
	int			file = open(name, O_RDWR | O_CREAT, 0600);

	if (file < 0 || ftruncate(file, PLACES * sizeof(Count)) != 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not open \"%s\": %m", name)));
	counts = mmap(NULL, PLACES * sizeof(Count), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (counts == MAP_FAILED)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not map \"%s\": %m", name)));
	close(file);
}

static Count *
find_count(Oid function)
{
	int			place = function % PLACES;

	while (counts[place].function != function && OidIsValid(counts[place].function))
		place = (place + 1) % PLACES;
	counts[place].function = function;
	return &counts[place];
}

static bool
is_watched(Oid function)
{
	Oid			place = get_func_namespace(function);

	return place == get_namespace_oid("kpi", true) || place == get_namespace_oid("kpi_internal", true);
}

static void
count_call(FmgrHookEventType event, FmgrInfo *function, Datum *unused)
{
	if (event == FHET_START)
		find_count(function->fn_oid)->begun++;
	else if (event == FHET_END)
		find_count(function->fn_oid)->ended++;
}

static void
drop_plain_errors(ErrorData *error)
{
	if (error->elevel < FATAL && ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_TO_CATEGORY(ERRCODE_INTERNAL_ERROR))
		error->output_to_server = false;
}

void
_PG_init(void)
{
	map_counts();
	needs_fmgr_hook = is_watched;
	fmgr_hook = count_call;
	emit_log_hook = drop_plain_errors;
}

/* calls(function, ended) -> how often it was called, or came back without an error */
PG_FUNCTION_INFO_V1(harness_calls);
Datum
harness_calls(PG_FUNCTION_ARGS)
{
	Count	   *count = find_count(PG_GETARG_OID(0));

	PG_RETURN_INT64(PG_GETARG_BOOL(1) ? count->ended : count->begun);
}
