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

typedef void (*KpiWork) (void *argument);

extern void kpi_run_undone(KpiWork work, void *argument);
extern void kpi_become_owner(Oid owner_id);

/* session_lock.c */
typedef struct KpiSessionLocks KpiSessionLocks;

extern KpiSessionLocks *kpi_note_session_locks(void);
extern void kpi_restore_session_locks(KpiSessionLocks *before);

#endif							/* KPI_OWNER_H */
