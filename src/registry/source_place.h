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

extern void kpi_load_periods(KpiPeriods *periods, const KpiSource *source, DateADT from, DateADT to);
extern void kpi_load_units(KpiSource *source, const KpiPeriods *periods);
extern void kpi_no_place(KpiSource *source, KpiPeriods *periods);
extern void kpi_cut_cells(KpiCells *cells, KpiSource *source, const KpiPeriods *periods);

#endif							/* KPI_SOURCE_PLACE_H */
