/*-------------------------------------------------------------------------
 *
 * rows.h
 *	  Rows of a result whose first column is a period, in the type that the
 *	  caller asked for.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROWS_H
#define KPI_ROWS_H

#include "kpi.h"

#include "base/answer.h"
#include "series/grid.h"

/* How the periods of the rows are given. */
typedef struct KpiRows
{
	KpiPeriodKind kind;
	Oid			type;
} KpiRows;

extern Datum kpi_no_rows(FunctionCallInfo fcinfo);
extern KpiRows kpi_start_rows(FunctionCallInfo fcinfo, KpiPeriodKind kind);
extern void kpi_answer_period(KpiAnswer *answer, const KpiRows *rows, int64 period);
extern void kpi_answer_slot(KpiAnswer *answer, const KpiRows *rows, const KpiStep *step, int64 slot);

#endif							/* KPI_ROWS_H */
