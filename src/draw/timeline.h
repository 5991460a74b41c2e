/*-------------------------------------------------------------------------
 *
 * timeline.h
 *	  The axis of periods under a picture.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DRAW_TIMELINE_H
#define KPI_DRAW_TIMELINE_H

#include "kpi.h"

#include "draw/canvas.h"

/* Periods, one a place, at even distances between left and right. */
typedef struct KpiTimeline
{
	int			count;
	int		   *day;			/* first day of each, as a number of a date */
	double		left;
	double		right;
	double	   *x;				/* middle of each */
} KpiTimeline;

extern void kpi_given_timeline(FunctionCallInfo fcinfo, int argument, KpiTimeline *line);
extern void kpi_place_timeline(KpiTimeline *line, double left, double right);
extern double kpi_timeline_step(const KpiTimeline *line);
extern void kpi_draw_timeline(KpiCanvas *canvas, const KpiTimeline *line, double y);

#define KPI_TIMELINE_HEIGHT 34.0

#endif							/* KPI_DRAW_TIMELINE_H */
