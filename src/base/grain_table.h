/*-------------------------------------------------------------------------
 *
 * grain_table.h
 *	  The rows of kpi.grain, and the labels of periods.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_GRAIN_TABLE_H
#define KPI_GRAIN_TABLE_H

#include "kpi.h"

#include "base/grain.h"

/* Columns of kpi.grain, from 1. */
typedef enum KpiGrainColumn
{
	KPI_GRAIN_NAME = 1,
	KPI_GRAIN_CALENDAR,
	KPI_GRAIN_RULE,
	KPI_GRAIN_POSITION,
	KPI_GRAIN_WINDOW_OF
} KpiGrainColumn;

/* A row of kpi.grain. */
typedef struct KpiGrainRow
{
	char	   *grain;
	char	   *calendar;		/* or NULL */
	char	   *window_of;		/* or NULL */
	const char *suffix;			/* of a window: how its labels end */
	const struct KpiGrainRow *base; /* of a window: the row of window_of */
	const KpiGrainRule *rule;
	int			position;
} KpiGrainRow;

/* All of them, from short to long. */
typedef struct KpiGrains
{
	int			count;
	KpiGrainRow *row;
} KpiGrains;

/* A period as it was asked for. */
typedef struct KpiPeriod
{
	const KpiGrainRow *grain;
	DateADT		start;
} KpiPeriod;

extern const KpiGrains *kpi_grain_rows(void);
extern const KpiGrains *kpi_pin_grains(MemoryContext context);
extern const KpiGrainRow *kpi_search_grain(const KpiGrains *grains, const char *name, size_t length);
extern const KpiGrainRow *kpi_find_grain(const char *name, size_t length);
extern const KpiGrainRow *kpi_grain_argument(const text *name);
extern KpiPeriod kpi_read_label(const char *label);
extern char *kpi_period_text(const KpiGrainRow *grain, DateADT start);

#endif							/* KPI_GRAIN_TABLE_H */
