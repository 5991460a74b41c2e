/*-------------------------------------------------------------------------
 *
 * source_sql.h
 *	  The names and expressions of a definition, resolved and checked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SOURCE_SQL_H
#define KPI_SOURCE_SQL_H

#include "registry/query.h"

extern void kpi_resolve_source(KpiSource *source);
extern void kpi_check_expressions(KpiSource *source);
extern void kpi_resolve_units(KpiSource *source);
extern void kpi_check_measure(const KpiSource *source, KpiMeasure *measure);
extern void kpi_check_source_plan(KpiSource *source);

#endif							/* KPI_SOURCE_SQL_H */
