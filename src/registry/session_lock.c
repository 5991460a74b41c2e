/*-------------------------------------------------------------------------
 *
 * session_lock.c
 *	  Makes the session-level advisory locks what they were.
 *
 * pg_advisory_lock holds until the session ends and pg_advisory_unlock lets go
 * at once, whatever becomes of the transaction.  So code of others could leave
 * locks behind, or let go of the caller's.  What the session holds is noted
 * before such code runs and restored afterwards.
 *
 * Every lock that the session has is taken once more, for the transaction.
 * It is granted at once, it keeps the lock while others' code lets go of it,
 * and it shows the server's own count of what the session holds of it.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/owner.h"

#include "miscadmin.h"
#include "storage/lock.h"

/* One advisory lock in one mode. */
typedef struct HeldLock
{
	LOCKTAG		tag;
	LOCKMODE	mode;
	int64		times;			/* how often the session holds it */
} HeldLock;

struct KpiSessionLocks
{
	int			count;
	HeldLock	lock[FLEXIBLE_ARRAY_MEMBER];
};

/* Takes a lock that we have once more, for the transaction; counts those of the session. */
static int64
hold(const LOCKTAG *tag, LOCKMODE mode)
{
	LOCALLOCK  *local;

	(void) kpi_lock_acquire(tag, mode, &local);
	for (int i = 0; i < local->numLockOwners; i++)
	{
		if (local->lockOwners[i].owner == NULL)
			return local->lockOwners[i].nLocks;
	}
	return 0;
}

/* Does this backend hold the lock, and is it an advisory one? */
static bool
is_ours(const LockInstanceData *instance)
{
	return instance->pid == MyProcPid &&
		instance->locktag.locktag_lockmethodid == USER_LOCKMETHOD;
}

/* The advisory locks of this backend; each is held for the transaction too. */
static KpiSessionLocks *
list_locks(void)
{
	LockData   *all = GetLockStatusData();
	KpiSessionLocks *ours = palloc(offsetof(KpiSessionLocks, lock) +
								   sizeof(HeldLock) * all->nelements * MAX_LOCKMODES);

	ours->count = 0;
	for (int i = 0; i < all->nelements; i++)
	{
		const LockInstanceData *instance = &all->locks[i];

		for (LOCKMODE mode = 1; is_ours(instance) && mode < MAX_LOCKMODES; mode++)
		{
			HeldLock   *held = &ours->lock[ours->count];

			if ((instance->holdMask & LOCKBIT_ON(mode)) == 0)
				continue;
			held->tag = instance->locktag;
			held->mode = mode;
			held->times = hold(&held->tag, mode);
			ours->count++;
		}
	}
	return ours;
}

/* How often a lock was held. */
static int64
times_held(const KpiSessionLocks *locks, const HeldLock *wanted)
{
	for (int i = 0; i < locks->count; i++)
	{
		const HeldLock *held = &locks->lock[i];

		if (held->mode == wanted->mode && memcmp(&held->tag, &wanted->tag, sizeof(LOCKTAG)) == 0)
			return held->times;
	}
	return 0;
}

/* Lets go of the locks that list_locks took. */
static void
let_go(KpiSessionLocks *locks)
{
	for (int i = 0; i < locks->count; i++)
		(void) LockRelease(&locks->lock[i].tag, locks->lock[i].mode, false);
	pfree(locks);
}

/* What the session holds now, to be given to kpi_restore_session_locks. */
KpiSessionLocks *
kpi_note_session_locks(void)
{
	return list_locks();
}

/* The session holds again what it held when that was noted, and nothing else. */
void
kpi_restore_session_locks(KpiSessionLocks *before)
{
	KpiSessionLocks *now = list_locks();

	for (int i = 0; i < now->count; i++)
	{
		HeldLock   *held = &now->lock[i];
		int64		wanted = times_held(before, held);

		for (; held->times > wanted; held->times--)
			(void) LockRelease(&held->tag, held->mode, true);
		for (; held->times < wanted; held->times++)
			(void) LockAcquire(&held->tag, held->mode, true, false);
	}
	let_go(now);
	let_go(before);
}
