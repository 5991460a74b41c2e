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

/* Numbers on a chart: how they are plotted, how many sigmas from the center, and where they begin anew. */
typedef struct KpiPlotted
{
	int			count;
	const double *value;		/* NaN for a gap */
	const double *distance;		/* NaN where there are no limits */
	const int  *phase;
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
#define KPI_BEYOND_LIMITS ((KpiRules) 0x1000)

extern KpiRules kpi_read_rules(ArrayType *names);
extern KpiSignal kpi_signal(const KpiPlotted *plotted, KpiRules rules, int i);
extern ArrayType *kpi_rule_names(KpiRules hit);

#endif							/* KPI_RULE_H */
