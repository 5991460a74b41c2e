/*-------------------------------------------------------------------------
 *
 * owner.h
 *	  Code of others, run with the rights of an owner and undone.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_OWNER_H
#define KPI_OWNER_H

#include "kpi.h"

/* With whose rights, in which zone and for how long others' code runs. */
typedef struct KpiOwner
{
	Oid			role;
	char	   *name;
	char	   *time_zone;
	int64		timeout;		/* milliseconds, 0 for any time */
} KpiOwner;

/* A value of type kpi.owner: a role, or the name of nobody. */
typedef struct KpiOwnerId
{
	Oid			role;
	NameData	name;			/* empty where there is a role */
} KpiOwnerId;

#define KPI_GETARG_OWNER(n) ((KpiOwnerId *) PG_GETARG_POINTER(n))

typedef void (*KpiWork) (void *argument);

extern void kpi_run_undone(char *indicator, KpiWork work, void *argument);
extern void kpi_become_owner(const KpiOwner *owner);
extern void kpi_enter_source(void);
extern void kpi_leave_source(void);
extern bool kpi_may_see_source(void);

/* owner_type.c */
extern char *kpi_owner_name(const KpiOwnerId *owner);
extern Oid	kpi_owner_role(const KpiOwnerId *owner);

/* session_lock.c */
typedef struct KpiSessionLocks KpiSessionLocks;

extern KpiSessionLocks *kpi_note_session_locks(void);
extern void kpi_restore_session_locks(KpiSessionLocks *before);

/* deadline.c */
typedef enum KpiEnd
{
	KPI_NOT_STOPPED,
	KPI_TOOK_TOO_LONG,
	KPI_CANCELLED
} KpiEnd;

extern void kpi_watch_begin(void);
extern void kpi_watch_deadline(int64 timeout);
extern KpiEnd kpi_watch_end(void);

/* source_error.c */
extern void kpi_forget_source_error(void);
pg_noreturn extern void kpi_raise_source_error(ErrorData *error, const char *indicator,
											   const KpiOwner *owner, bool may_see);

#endif							/* KPI_OWNER_H */
