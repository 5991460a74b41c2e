/*-------------------------------------------------------------------------
 *
 * partition.h
 *	  Window functions that read their whole partition before they answer.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_PARTITION_H
#define KPI_PARTITION_H

#include "kpi.h"

#include "base/matrix.h"
#include "windowapi.h"

/* What is kept for a partition: rows and numbers that its first row makes. */
typedef struct KpiPartition
{
	bool		ready;
	int			rows;
	double	   *kept;
} KpiPartition;

extern KpiPartition *kpi_partition(WindowObject window, int numbers);
extern void kpi_partition_column(WindowObject window, int argument, const KpiMatrix *matrix, int column);
extern KpiMatrix kpi_partition_rows(WindowObject window, int argument, const char *name, int rows);
extern NullableDatum kpi_partition_parameter(FunctionCallInfo fcinfo, int argument, const char *name, int rows);

#endif							/* KPI_PARTITION_H */
