/*-------------------------------------------------------------------------
 *
 * owner.c
 *	  Runs what the owner of an indicator has written, and undoes all of it.
 *
 * A source, and every function, operator, cast or policy beneath it, is code
 * of its owner, run by somebody who has more rights.  As the server does to
 * refresh a materialised view, the user becomes the owner in a
 * security-restricted operation; on top of that the transaction is read-only.
 *
 * Neither of these ends what such code leaves behind.  A portal that a trusted
 * language has pinned (spi_query of PL/Perl) outlives them, and a COMMIT of a
 * procedure runs the rest of it, as the user of that moment and read-write.
 * So resolving names, planning (which folds immutable functions) and executing
 * happen in a subtransaction that is always rolled back: portals, settings,
 * locks of the transaction, notifications, large objects and whatever is
 * written end with it, and the user, the restriction and the read-only flag
 * are those of before.  What a subtransaction does not know of is a
 * session-level advisory lock: those are made what they were (session_lock.c).
 *
 * Every setting that changes the meaning of text, numbers or time has the same
 * value whoever runs the code; the time zone is the indicator's.
 *
 * What the work gives has to lie in memory of the caller before it returns.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/owner.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

/* A run of others' code, and the one within which it is run, if any. */
typedef struct Running
{
	struct Running *outer;
	MemoryContext memory;		/* of the caller, which outlives the run */
	char	   *indicator;
	KpiOwner	owner;			/* from kpi_become_owner on; no time zone */
	bool		may_see;		/* may the caller read what the source says? */
	bool		in_source;		/* is an error one of the owner's code? */
} Running;

static Running *running = NULL;

/* A setting that changes what a query means, and what it is for all. */
typedef struct FixedSetting
{
	const char *name;
	const char *value;
} FixedSetting;

static const FixedSetting fixed_settings[] = {
	{"array_nulls", "on"},
	{"backslash_quote", "safe_encoding"},
	{"bytea_output", "hex"},
	{"DateStyle", "ISO, MDY"},
	{"default_text_search_config", "pg_catalog.simple"},
	{"extra_float_digits", "1"},
	{"gin_fuzzy_search_limit", "0"},
	{"IntervalStyle", "postgres"},
	{"kpi.language", ""},
	{"lc_messages", "C"},
	{"lc_monetary", "C"},
	{"lc_numeric", "C"},
	{"lc_time", "C"},
	{"quote_all_identifiers", "off"},
	{"row_security", "on"},
	{"standard_conforming_strings", "on"},
	{"synchronize_seqscans", "off"},
	{"timezone_abbreviations", "Default"},
	{"transform_null_equals", "off"},
	{"xmlbinary", "base64"},
	{"xmloption", "content"}
};

/* A setting for the rest of the subtransaction. */
static void
set_for_now(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_SUSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

/* Settings that must not be the caller's. */
static void
fix_settings(void)
{
	kpi_restrict_search_path();
	for (size_t i = 0; i < lengthof(fixed_settings); i++)
		set_for_now(fixed_settings[i].name, fixed_settings[i].value);
}

/* The error just caught, in memory that outlives the subtransaction. */
static ErrorData *
take_error(MemoryContext context)
{
	ErrorData  *error;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	FlushErrorState();
	return error;
}

/* A cancel that the server was asked for, whatever others' code made of it. */
pg_noreturn static void
raise_cancel(ErrorData *error)
{
	if (error != NULL && error->sqlerrcode == ERRCODE_QUERY_CANCELED)
		ReThrowError(error);
	/* it may be pending still */
	CHECK_FOR_INTERRUPTS();
	ereport(ERROR,
			(errcode(ERRCODE_QUERY_CANCELED),
			 errmsg("canceling statement due to user request")));
}

/* Raises what ended the run, if it was not the end of the work; the deadline is that of the outermost. */
static void
raise_end(const Running *here, KpiEnd end, ErrorData *error)
{
	if (end == KPI_CANCELLED)
		raise_cancel(error);
	if (end == KPI_TOOK_TOO_LONG && here->outer != NULL)
		raise_end(here->outer, end, error);
	if (end == KPI_TOOK_TOO_LONG)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("measuring indicator \"%s\" took longer than its timeout of %.10g s",
						here->indicator, here->owner.timeout / 1000.0),
				 errhint("Give the source an index on its time column, or the indicator a longer timeout.")));
	if (error == NULL)
		return;
	if (here->in_source)
		kpi_raise_source_error(error, here->indicator, &here->owner, here->may_see);
	ReThrowError(error);
}

/*
 * Calls work with fixed settings and undoes all that it does; what ended it
 * early is raised afterwards.  The user is still the caller, until work calls
 * kpi_become_owner.
 */
void
kpi_run_undone(char *indicator, KpiWork work, void *argument)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner resources = CurrentResourceOwner;
	KpiSessionLocks *locks = kpi_note_session_locks();
	ErrorData  *volatile error = NULL;
	Running		here = {.outer = running,.memory = context,.indicator = indicator};
	KpiEnd		end;

	kpi_forget_source_error();
	BeginInternalSubTransaction(NULL);
	running = &here;
	kpi_watch_begin();
	PG_TRY();
	{
		fix_settings();
		work(argument);
	}
	PG_CATCH();
	{
		error = take_error(context);
	}
	PG_END_TRY();
	end = kpi_watch_end();
	running = here.outer;
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = resources;
	kpi_restore_session_locks(locks);
	raise_end(&here, end, error);
}

/*
 * From here to the end of kpi_run_undone the user is the owner, restricted as
 * an owner of a materialised view is, and nothing can be written.
 */
void
kpi_become_owner(const KpiOwner *owner)
{
	Oid			user_id;
	int			security;

	GetUserIdAndSecContext(&user_id, &security);
	set_for_now("TimeZone", owner->time_zone);
	running->may_see = kpi_may_act_as(user_id, owner->role);
	running->owner = *owner;
	running->owner.name = MemoryContextStrdup(running->memory, owner->name);
	running->owner.time_zone = NULL;
	kpi_watch_deadline(owner->timeout);
	SetUserIdAndSecContext(owner->role, security | SECURITY_RESTRICTED_OPERATION);
	XactReadOnly = true;
}

/* What fails from here on is the owner's code. */
void
kpi_enter_source(void)
{
	running->in_source = true;
}

/* What fails from here on is ours again. */
void
kpi_leave_source(void)
{
	running->in_source = false;
}

/* May the caller read what the owner's code says, which may be of its rows? */
bool
kpi_may_see_source(void)
{
	return running->may_see;
}
