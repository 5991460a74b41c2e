/*-------------------------------------------------------------------------
 *
 * outlook.h
 *	  What the next periods of a series make, and how probably a target is reached.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_OUTLOOK_H
#define KPI_OUTLOOK_H

#include "kpi.h"

#include "base/words.h"
#include "series/forecast.h"
#include "series/model.h"

/* The distribution of what is there in the end. */
typedef struct KpiOutlook
{
	const KpiModel *model;		/* NULL where nothing is forecast */
	double		expected;		/* NaN where it is not known */
	double		deviation;		/* NaN where it is not known, 0 where nothing
								 * is open */
	const char *note;			/* what to know of it, or NULL */
} KpiOutlook;

extern KpiOutlook kpi_look_ahead(const KpiKnown *known, KpiModelKind kind, KpiTotal total, double to_date, int periods);
extern double kpi_outlook_bound(const KpiOutlook *outlook, double confidence);
extern double kpi_reach_probability(const KpiOutlook *outlook, double target, bool lower);

#endif							/* KPI_OUTLOOK_H */
