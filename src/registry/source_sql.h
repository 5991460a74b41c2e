/*-------------------------------------------------------------------------
 *
 * source_sql.h
 *	  The query of a measured indicator, made and checked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SOURCE_SQL_H
#define KPI_SOURCE_SQL_H

#include "registry/query.h"

extern void kpi_resolve_source(KpiSource *source);
extern void kpi_check_expression(const KpiSource *source, KpiExpression which);
extern void kpi_build_source_query(const KpiSource *source, const KpiPeriods *periods,
								   const KpiUnits *units, KpiSourceQuery *query);
extern void kpi_check_number_columns(const KpiSource *source, TupleDesc tupdesc);
extern void kpi_check_source_plan(const KpiSource *source);

#endif							/* KPI_SOURCE_SQL_H */
