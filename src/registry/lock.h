/*-------------------------------------------------------------------------
 *
 * lock.h
 *	  Locks that only those who may write can take.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_LOCK_H
#define KPI_LOCK_H

#include "kpi.h"

extern bool kpi_take_lock(Oid table_id, const text *key);

#endif							/* KPI_LOCK_H */
