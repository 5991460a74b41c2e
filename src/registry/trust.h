/*-------------------------------------------------------------------------
 *
 * trust.h
 *	  What a superuser may let run with their rights.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_TRUST_H
#define KPI_TRUST_H

#include "registry/query.h"

#include "nodes/parsenodes.h"

extern void kpi_check_trust_in_relation(const KpiSource *source);
extern void kpi_check_trust_in_query(const KpiSource *source, const Query *query);

#endif							/* KPI_TRUST_H */
