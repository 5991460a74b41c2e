/*-------------------------------------------------------------------------
 *
 * grid.h
 *	  A series on the grid of its step: a slot for each period from the first to
 *	  the last, NaN where it has no value.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_GRID_H
#define KPI_GRID_H

#include "kpi.h"

#include "series/series.h"

/* What a step is counted in. */
typedef enum KpiStepUnit
{
	KPI_STEP_MONTHS,
	KPI_STEP_DAYS,				/* of the calendar, whatever their hours */
	KPI_STEP_PLAIN				/* microseconds, or what an integer counts */
} KpiStepUnit;

/* From period to period. */
typedef struct KpiStep
{
	KpiPeriodKind kind;
	KpiStepUnit unit;
	int64		size;			/* 0 where there is but one period */
	int64		first;			/* of the first period, in units */
	int64		rest;			/* in the unit: time of day, and of months the
								 * day */
	bool		at_end;			/* of months: the last day instead */
} KpiStep;

#define KPI_MAX_SLOTS 1000000

/* A series slot by slot. */
typedef struct KpiGrid
{
	KpiStep		step;
	int			season;			/* steps of a natural cycle; 1 for none */
	int			count;
	int			missing;		/* slots without a value */
	double	   *value;
} KpiGrid;

extern KpiStep kpi_find_step(const KpiPoints *points);
extern int	kpi_natural_season(const KpiStep *step);
extern int64 kpi_step_units(const KpiStep *step, int64 period);
extern bool kpi_step_period(const KpiStep *step, int64 slot, int64 *period);
extern int64 kpi_slot_month(const KpiStep *step, int64 slot);
extern int64 kpi_slot_last_year(const KpiStep *step, int64 slot);
extern int	kpi_season_argument(FunctionCallInfo fcinfo, int argument, int natural);
extern KpiGrid kpi_grid(const KpiPoints *points);
extern KpiGrid kpi_grid_argument(FunctionCallInfo fcinfo, int argument);
extern KpiSeries *kpi_grid_series(const KpiGrid *grid);

#endif							/* KPI_GRID_H */
