/*-------------------------------------------------------------------------
 *
 * writer.h
 *	  Reading and writing for a caller who may not.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_WRITER_H
#define KPI_WRITER_H

#include "kpi.h"

/* Who the caller is, to go back to. */
typedef struct KpiCaller
{
	Oid			user_id;
	int			security;
	int			nest_level;
} KpiCaller;

extern Oid	kpi_owner_of_table(Oid table_id);
extern KpiCaller kpi_become_writer(Oid owner);
extern void kpi_end_writer(const KpiCaller *caller);

#endif							/* KPI_WRITER_H */
