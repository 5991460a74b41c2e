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

extern void kpi_load_periods(KpiPeriods *periods, const char *grain, DateADT from, DateADT to);
extern void kpi_load_units(KpiUnits *units, const KpiPeriods *periods, DateADT to);
extern void kpi_no_place(KpiPeriods *periods, KpiUnits *units);

#endif							/* KPI_SOURCE_PLACE_H */
