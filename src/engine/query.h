/*-------------------------------------------------------------------------
 *
 * query.h
 *	  What an evaluation reads.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_QUERY_H
#define KPI_ENGINE_QUERY_H

#include "kpi.h"

#include "registry/known.h"
#include "utils/date.h"
#include "utils/numeric.h"

extern void kpi_query_start(KpiQuery *query, const Datum *argument, TimestampTz known_at);
extern Datum kpi_query_datum(uint64 row, int column, bool *isnull);
extern text *kpi_query_text(uint64 row, int column);
extern Numeric kpi_query_numeric(uint64 row, int column);
extern DateADT kpi_query_date(uint64 row, int column, DateADT open);
extern bool kpi_query_boolean(uint64 row, int column);
extern Datum kpi_text_array(Datum *written, int count);
extern Datum kpi_date_array(const DateADT *day, int count);

#endif							/* KPI_ENGINE_QUERY_H */
