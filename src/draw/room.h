/*-------------------------------------------------------------------------
 *
 * room.h
 *	  Where there is room for a label beside a point of a curve.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DRAW_ROOM_H
#define KPI_DRAW_ROOM_H

#include "kpi.h"

#include "draw/canvas.h"
#include "draw/timeline.h"

typedef struct KpiBox
{
	double		left;
	double		top;
	double		right;
	double		bottom;
} KpiBox;

#define KPI_MAX_HEIGHTS 4

/* A curve over periods, what stands beside it, and the limits of both. */
typedef struct KpiRoom
{
	const KpiTimeline *line;
	const double *y;			/* of the curve */
	KpiBox		limits;
	int			heights;
	double		height[KPI_MAX_HEIGHTS];	/* of level lines through all of
											 * it */
	int			count;
	int			size;
	KpiBox	   *taken;
} KpiRoom;

extern void kpi_open_room(KpiRoom *room, const KpiTimeline *line, const double *y, KpiBox limits);
extern bool kpi_draw_beside(KpiCanvas *canvas, KpiRoom *room, double x, double y, const KpiType *type, const char *string);
extern bool kpi_is_free(const KpiRoom *room, const KpiBox *box);
extern void kpi_avoid(KpiRoom *room, double height);
extern void kpi_take(KpiRoom *room, const KpiBox *box);

#endif							/* KPI_DRAW_ROOM_H */
