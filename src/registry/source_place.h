/*-------------------------------------------------------------------------
 *
 * source_place.h
 *	  Where the rows of a source count: periods, and units by the day.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SOURCE_PLACE_H
#define KPI_SOURCE_PLACE_H

#include "registry/query.h"

#include "executor/spi.h"

extern SPIPlanPtr kpi_keep_plan(SPIPlanPtr *plan, const char *query, int count, Oid *types);
extern void kpi_load_place(KpiPlace *place, const KpiSource *source, DateADT from, DateADT to);
extern DateADT kpi_first_day(const KpiSource *source);
extern DateADT kpi_end_day(const KpiSource *source);
extern void kpi_load_no_place(KpiSource *source);
extern void kpi_cut_cells(KpiCells *cells, KpiSource *source);

#endif							/* KPI_SOURCE_PLACE_H */
