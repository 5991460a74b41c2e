/*-------------------------------------------------------------------------
 *
 * rule.h
 *	  Rules that tell a signal from noise on a control chart.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_RULE_H
#define KPI_RULE_H

#include "kpi.h"

#include "utils/array.h"

/* Where a point stands among those of its phase that are not on the center; all 0 of one that is, and of a gap. */
typedef struct KpiRun
{
	int			length;			/* points in a row on this side */
	int			crossings;		/* of the center so far */
	int			points;			/* of the phase */
	int			left;			/* of the phase after this one */
} KpiRun;

/*
 * Numbers on a chart: how they are plotted, how many sigmas from the center, or
 * on which side of it, and where they begin anew.
 */
typedef struct KpiPlotted
{
	int			count;
	const double *value;		/* NaN for a gap */
	const double *distance;		/* NaN where it is not known */
	const int  *phase;
	const KpiRun *run;
} KpiPlotted;

/* A set of rules, a bit for each. */
typedef uint32 KpiRules;

/* What a rule says of a point. */
typedef struct KpiSignal
{
	KpiRules	hit;
	bool		low;			/* a rule was hit on the low side */
	bool		high;
	bool		other;			/* or one that has no side */
} KpiSignal;

#define KPI_WESTERN_ELECTRIC ((KpiRules) 0x00F)
#define KPI_ANHOEJ ((KpiRules) 0x3000)
#define KPI_BEYOND_LIMITS ((KpiRules) 0x4000)

/* Those that ask for the side of a point alone, or for the one before. */
#define KPI_RUN_RULES ((KpiRules) 0x30E8)

extern KpiRules kpi_read_rules(ArrayType *names);
extern const KpiRun *kpi_runs(const double *distance, const int *phase, int count);
extern KpiSignal kpi_signal(const KpiPlotted *plotted, KpiRules rules, int i);
extern ArrayType *kpi_rule_names(KpiRules hit);

#endif							/* KPI_RULE_H */
