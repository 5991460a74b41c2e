/*-------------------------------------------------------------------------
 *
 * source.h
 *	  What measuring a source and reading its days have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SOURCE_H
#define KPI_SOURCE_H

#include "registry/source_scan.h"

extern void kpi_check_may_collect(void);
extern void kpi_prepare_measures(KpiSource *source);

/* source_load.c */
extern void kpi_load_sources(KpiSource *source, Datum *indicators, int count);

#endif							/* KPI_SOURCE_H */
