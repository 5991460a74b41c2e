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
 * What the work gives has to lie in memory of the caller before it returns.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/owner.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

/* A setting for the rest of the subtransaction. */
static void
set_for_now(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

/* Settings that must not be the caller's. */
static void
fix_settings(void)
{
	kpi_restrict_search_path();
	/* else the caller chooses where a string of the owner's ends */
	set_for_now("standard_conforming_strings", "on");
	/* a batch job, like others that maintain what is derived from the rows */
	if (maintenance_work_mem > work_mem)
		set_for_now("work_mem", psprintf("%dkB", maintenance_work_mem));
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

/*
 * Calls work with fixed settings and undoes all that it does; an error of its
 * is raised again afterwards.  The user is still the caller, until work calls
 * kpi_become_owner.
 */
void
kpi_run_undone(KpiWork work, void *argument)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner resources = CurrentResourceOwner;
	KpiSessionLocks *locks = kpi_note_session_locks();
	ErrorData  *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
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
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = resources;
	kpi_restore_session_locks(locks);
	if (error != NULL)
		ReThrowError(error);
}

/*
 * From here to the end of kpi_run_undone the user is the owner, restricted as
 * an owner of a materialised view is, and nothing can be written.
 */
void
kpi_become_owner(Oid owner_id)
{
	Oid			user_id;
	int			security;

	GetUserIdAndSecContext(&user_id, &security);
	SetUserIdAndSecContext(owner_id, security | SECURITY_RESTRICTED_OPERATION);
	XactReadOnly = true;
}
