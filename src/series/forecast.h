/*-------------------------------------------------------------------------
 *
 * forecast.h
 *	  A series made ready to be forecast.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_FORECAST_H
#define KPI_FORECAST_H

#include "kpi.h"

#include "series/grid.h"
#include "series/model.h"

#define KPI_MAX_HORIZON 10000

/* The values from the first to the last one that there is, gaps between them filled. */
typedef struct KpiKnown
{
	KpiStep		step;
	int			season;
	int			first;			/* slot of the first value */
	int			count;			/* 0: there is none */
	int			filled;			/* gaps */
	double	   *value;
	bool	   *is_gap;
} KpiKnown;

extern KpiKnown kpi_known_argument(FunctionCallInfo fcinfo, int argument, int season_argument);
extern const char *kpi_known_note(const KpiKnown *known, const char *note);
extern int	kpi_horizon_argument(FunctionCallInfo fcinfo, int argument);
extern KpiModelKind kpi_model_word_argument(FunctionCallInfo fcinfo, int argument);

#endif							/* KPI_FORECAST_H */
