/*-------------------------------------------------------------------------
 *
 * axis.h
 *	  From values to places, and the labels beside them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DRAW_AXIS_H
#define KPI_DRAW_AXIS_H

#include "kpi.h"

#include "draw/canvas.h"
#include "draw/figure.h"

/* Values from low to high lie at places from begin to end. */
typedef struct KpiAxis
{
	double		low;
	double		high;
	double		begin;
	double		end;
} KpiAxis;

/* A label beside a picture, and the line that leads to it. */
typedef struct KpiLabel
{
	const char *string;
	KpiPaint	paint;
	bool		bold;
	double		place;			/* where it belongs */
	double		y;				/* where there is room for it */
} KpiLabel;

#define KPI_MAX_LABELS 8
#define KPI_LABEL_HEIGHT 15.0

typedef struct KpiLabels
{
	int			count;
	KpiLabel	label[KPI_MAX_LABELS];
} KpiLabels;

extern void kpi_begin_axis(KpiAxis *axis);
extern void kpi_see(KpiAxis *axis, double value);
extern void kpi_see_all(KpiAxis *axis, const double *value, int count);
extern void kpi_end_axis(KpiAxis *axis, double margin);
extern double kpi_place(const KpiAxis *axis, double value);
extern int	kpi_ticks(const KpiAxis *axis, int most, double tick[], int *decimals, bool percent);
extern double kpi_tick_width(const KpiAxis *axis, int most, const KpiFigure *figure);
extern void kpi_draw_ticks(KpiCanvas *canvas, const KpiAxis *axis, int most, const KpiFigure *figure, double left, double right);
extern void kpi_add_label(KpiLabels *labels, const char *string, KpiPaint paint, bool bold, double place);
extern double kpi_labels_width(const KpiLabels *labels, double most);
extern void kpi_draw_labels(KpiCanvas *canvas, KpiLabels *labels, double x, double width, double top, double bottom);

#define KPI_MAX_TICKS 12

#endif							/* KPI_DRAW_AXIS_H */
