/*-------------------------------------------------------------------------
 *
 * canvas.h
 *	  A picture while it is drawn: shapes and texts of SVG.
 *
 * Every shape has its colour by an attribute, which any program shows, and by a
 * class, by which a page gives it another one: in the dark, on paper.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DRAW_CANVAS_H
#define KPI_DRAW_CANVAS_H

#include "kpi.h"

#include "lib/stringinfo.h"

typedef enum KpiPaint
{
	KPI_INK,
	KPI_MUTED,
	KPI_GREEN,
	KPI_AMBER,
	KPI_RED,
	KPI_BAR,
	KPI_BAND_BAD,
	KPI_BAND_FAIR,
	KPI_BAND_GOOD,
	KPI_GAIN,
	KPI_LOSS,
	KPI_CELL_BAD,
	KPI_CELL_FAIR,
	KPI_CELL_GOOD,
	KPI_HEAT_0,
	KPI_HEAT_1,
	KPI_HEAT_2,
	KPI_HEAT_3,
	KPI_HEAT_4,
	KPI_FAN_OUTER,
	KPI_FAN_INNER,
	KPI_GRID,
	KPI_PAGE
} KpiPaint;

typedef enum KpiAnchor
{
	KPI_START,
	KPI_MIDDLE,
	KPI_END
} KpiAnchor;

/* How a text is written. */
typedef struct KpiType
{
	double		size;
	bool		bold;
	KpiPaint	paint;
	KpiAnchor	anchor;
} KpiType;

/* How a line is drawn. */
typedef struct KpiPen
{
	KpiPaint	paint;
	double		width;
	const char *dash;			/* lengths of dash and gap; NULL for a solid
								 * line */
} KpiPen;

/* A status, as results have it, and none. */
#define KPI_STATUS_NONE 2

typedef struct KpiCanvas
{
	StringInfoData svg;
	double		width;
	double		height;
} KpiCanvas;

extern void kpi_open_canvas(KpiCanvas *canvas, double width, double height, const char *title, const char *finding);
extern text *kpi_close_canvas(KpiCanvas *canvas);
extern void kpi_draw_box(KpiCanvas *canvas, double x, double y, double width, double height, KpiPaint paint, double value);
extern void kpi_draw_frame(KpiCanvas *canvas, double x, double y, double width, double height, double round, const KpiPen *pen,
						   double value);
extern void kpi_draw_line(KpiCanvas *canvas, double x1, double y1, double x2, double y2, const KpiPen *pen);
extern void kpi_draw_dot(KpiCanvas *canvas, double x, double y, double radius, KpiPaint paint, double value);
extern void kpi_draw_ring(KpiCanvas *canvas, double x, double y, double radius, KpiPaint paint, double value);
extern void kpi_draw_polygon(KpiCanvas *canvas, const double *x, const double *y, int count, KpiPaint paint);
extern void kpi_draw_triangle(KpiCanvas *canvas, double x1, double y1, double x2, double y2, double x3, double y3, KpiPaint paint);
extern void kpi_draw_curve(KpiCanvas *canvas, const double *x, const double *y, const double *value, int count, const KpiPen *pen);
extern void kpi_draw_path(KpiCanvas *canvas, const char *path, const KpiPen *pen);
extern void kpi_draw_status(KpiCanvas *canvas, double x, double y, int status, double size);
extern void kpi_draw_sign(KpiCanvas *canvas, double x, double y, int status, double size, KpiPaint paint);
extern void kpi_draw_text(KpiCanvas *canvas, double x, double y, const KpiType *type, const char *string);
extern void kpi_draw_fitted(KpiCanvas *canvas, double x, double y, const KpiType *type, const char *string, double width);
extern void kpi_draw_lines(KpiCanvas *canvas, double x, double y, const KpiType *type, const char *string, double width);
extern void kpi_put_place(StringInfo out, double place);

#endif							/* KPI_DRAW_CANVAS_H */
