/*-------------------------------------------------------------------------
 *
 * grain.h
 *	  Grains: how long periods are, and where each of them begins and ends.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_GRAIN_H
#define KPI_GRAIN_H

#include "kpi.h"

#include "utils/date.h"
#include "utils/datetime.h"

/* The lengths that periods of a calendar have; the order of part_names. */
typedef enum KpiPart
{
	KPI_PART_DAY,
	KPI_PART_WEEK,
	KPI_PART_MONTH,				/* of months */
	KPI_PART_PERIOD,			/* of weeks */
	KPI_PART_QUARTER,
	KPI_PART_HALF,
	KPI_PART_YEAR
} KpiPart;

typedef enum KpiGrainKind
{
	KPI_GRAIN_DAYS,
	KPI_GRAIN_MONTHS,
	KPI_GRAIN_WEEKS,
	KPI_GRAIN_TO_DATE,			/* windows from here on */
	KPI_GRAIN_LAST
} KpiGrainKind;

/* A rule, read. */
typedef struct KpiGrainRule
{
	KpiGrainKind kind;
	KpiPart		part;

	/*
	 * months and weeks: the day on which a year begins, or that it begins
	 * near to
	 */
	int			month;
	int			day;
	bool		named_by_end;	/* its number is that of the year it ends in */

	/* months: how many; weeks: those of the three periods of a quarter */
	int			months;
	int			pattern[3];
	int			long_period;	/* that week 53 lengthens, from 0 */
	DateADT		first_day;		/* of some week */

	/* windows */
	const struct KpiGrainRule *base;	/* whose period they end with */
	const struct KpiGrainRule *within;	/* whose beginning they run from */
	int			last;			/* or how many periods they have */
} KpiGrainRule;

/* The years that labels can name. */
#define KPI_FIRST_YEAR 1
#define KPI_LAST_YEAR 9999

/* The first day of these years, and the one after them. */
#define KPI_FIRST_DAY (date2j(KPI_FIRST_YEAR, 1, 1) - POSTGRES_EPOCH_JDATE)
#define KPI_END_DAY (date2j(KPI_LAST_YEAR + 1, 1, 1) - POSTGRES_EPOCH_JDATE)

/* Whether the periods of a grain are windows, which overlap. */
static inline bool
kpi_is_window(const KpiGrainRule *grain)
{
	return grain->kind >= KPI_GRAIN_TO_DATE;
}

extern KpiGrainRule *kpi_read_grain(const char *rule);
extern bool kpi_grain_has(const KpiGrainRule *grain, DateADT day);
extern DateADT kpi_grain_start(const KpiGrainRule *grain, DateADT day);
extern DateADT kpi_grain_step(const KpiGrainRule *grain, DateADT day, int steps);
extern DateADT kpi_grain_first_day(const KpiGrainRule *grain, DateADT period_start);
extern DateADT kpi_grain_last_year(const KpiGrainRule *grain, DateADT period_start);
extern int	kpi_grain_number(const KpiGrainRule *grain, DateADT day, int *year);
extern DateADT kpi_grain_find(const KpiGrainRule *grain, int year, int number);
extern bool kpi_grain_tiles(const KpiGrainRule *finer, const KpiGrainRule *coarser);
extern char *kpi_day_text(DateADT day);

#endif							/* KPI_GRAIN_H */
