/*-------------------------------------------------------------------------
 *
 * canvas.c
 *	  A picture while it is drawn: shapes and texts of SVG.
 *
 *-------------------------------------------------------------------------
 */
#include "draw/canvas.h"

#include <math.h>

#include "base/check.h"
#include "base/form.h"
#include "draw/glyph.h"
#include "utils/builtins.h"
#include "utils/float.h"

/* No place of a picture is farther out than this. */
#define FARTHEST 100000.0

/* From one line of a text to the next. */
#define LINE_HEIGHT 15.0

/* Class and colour of each paint, in its order. */
static const struct
{
	const char *name;
	const char *colour;
}			paints[] =

{
	{"ink", "#1a222c"}, {"mut", "#525d6a"}, {"green", "#0a7048"}, {"amber", "#8f5300"}, {"red", "#ae1f2b"},
	{"bar", "#28486e"}, {"b3", "#bcc5cf"}, {"b2", "#d9dee5"}, {"b1", "#eceff3"}, {"pos", "#5b9bc9"}, {"neg", "#c65f2e"},
	{"fr", "#e79086"}, {"fa", "#f6d48f"}, {"fg", "#dff0e7"},
	{"h0", "#eef3f9"}, {"h1", "#d6e3f0"}, {"h2", "#b9d0e6"}, {"h3", "#94b8db"}, {"h4", "#6ca0ce"},
	{"fan2", "#dbe5f1"}, {"fan1", "#b7cbe3"}, {"grid", "#d9dee5"}, {"page", "#ffffff"}
};

static const char *const anchors[] = {"start", "middle", "end"};

/* Adds a place, with at most one decimal. */
void
kpi_put_place(StringInfo out, double place)
{
	double		held = isnan(place) ? 0 : Min(Max(place, -FARTHEST), FARTHEST);
	long		tenths = lround(held * 10);

	appendStringInfo(out, "%s%ld", tenths < 0 ? "-" : "", labs(tenths) / 10);
	if (tenths % 10 != 0)
		appendStringInfo(out, ".%ld", labs(tenths) % 10);
}

/* Adds an attribute that is a place or a length. */
static void
put_length(KpiCanvas *canvas, const char *name, double length)
{
	appendStringInfo(&canvas->svg, " %s=\"", name);
	kpi_put_place(&canvas->svg, length);
	appendStringInfoChar(&canvas->svg, '"');
}

/* Adds class and colour. */
static void
put_paint(KpiCanvas *canvas, KpiPaint paint)
{
	appendStringInfo(&canvas->svg, " class=\"%s\" color=\"%s\"", paints[paint].name, paints[paint].colour);
}

/* Adds what a line is drawn with. */
static void
put_pen(KpiCanvas *canvas, const KpiPen *pen)
{
	put_paint(canvas, pen->paint);
	appendStringInfoString(&canvas->svg, " fill=\"none\" stroke=\"currentColor\"");
	put_length(canvas, "stroke-width", pen->width);
	if (pen->dash)
		appendStringInfo(&canvas->svg, " stroke-dasharray=\"%s\"", pen->dash);
}

/* Adds the exact value that a shape stands for, unless it stands for none. */
static void
put_value(KpiCanvas *canvas, double value)
{
	if (!kpi_is_number(value))
		return;
	appendStringInfoString(&canvas->svg, " data-v=\"");
	kpi_append_double(&canvas->svg, value);
	appendStringInfoChar(&canvas->svg, '"');
}

/* Adds an element that holds a text, such as a title. */
static void
put_element(KpiCanvas *canvas, const char *name, const char *string)
{
	if (string == NULL || *string == '\0')
		return;
	appendStringInfo(&canvas->svg, "<%s>", name);
	kpi_put_text(&canvas->svg, string);
	appendStringInfo(&canvas->svg, "</%s>", name);
}

/* Begins a picture: its size, and what it says to those who do not see it. */
void
kpi_open_canvas(KpiCanvas *canvas, double width, double height, const char *title, const char *finding)
{
	canvas->width = width;
	canvas->height = height;
	initStringInfo(&canvas->svg);
	appendStringInfoString(&canvas->svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
	put_length(canvas, "width", width);
	put_length(canvas, "height", height);
	appendStringInfoString(&canvas->svg, " viewBox=\"0 0 ");
	kpi_put_place(&canvas->svg, width);
	appendStringInfoChar(&canvas->svg, ' ');
	kpi_put_place(&canvas->svg, height);
	appendStringInfoString(&canvas->svg, "\" fill=\"currentColor\" font-family=\"system-ui,sans-serif\">");
	put_element(canvas, "title", title);
	put_element(canvas, "desc", finding);
}

/* The picture as a text. */
text *
kpi_close_canvas(KpiCanvas *canvas)
{
	appendStringInfoString(&canvas->svg, "</svg>");
	return cstring_to_text_with_len(canvas->svg.data, canvas->svg.len);
}

/* Adds the place and size of a rectangle. */
static void
put_rectangle(KpiCanvas *canvas, double x, double y, double width, double height)
{
	appendStringInfoString(&canvas->svg, "<rect");
	put_length(canvas, "x", x);
	put_length(canvas, "y", y);
	put_length(canvas, "width", Max(width, 0));
	put_length(canvas, "height", Max(height, 0));
}

/* A filled rectangle. */
void
kpi_draw_box(KpiCanvas *canvas, double x, double y, double width, double height, KpiPaint paint, double value)
{
	put_rectangle(canvas, x, y, width, height);
	put_paint(canvas, paint);
	put_value(canvas, value);
	appendStringInfoString(&canvas->svg, "/>");
}

/* The outline of a rectangle. */
void
kpi_draw_frame(KpiCanvas *canvas, double x, double y, double width, double height, double round, const KpiPen *pen, double value)
{
	put_rectangle(canvas, x, y, width, height);
	if (round > 0)
		put_length(canvas, "rx", round);
	put_pen(canvas, pen);
	put_value(canvas, value);
	appendStringInfoString(&canvas->svg, "/>");
}

/* A straight line. */
void
kpi_draw_line(KpiCanvas *canvas, double x1, double y1, double x2, double y2, const KpiPen *pen)
{
	appendStringInfoString(&canvas->svg, "<line");
	put_length(canvas, "x1", x1);
	put_length(canvas, "y1", y1);
	put_length(canvas, "x2", x2);
	put_length(canvas, "y2", y2);
	put_pen(canvas, pen);
	appendStringInfoString(&canvas->svg, "/>");
}

/* Adds the place and size of a circle. */
static void
put_circle(KpiCanvas *canvas, double x, double y, double radius)
{
	appendStringInfoString(&canvas->svg, "<circle");
	put_length(canvas, "cx", x);
	put_length(canvas, "cy", y);
	put_length(canvas, "r", radius);
}

/* A filled circle. */
void
kpi_draw_dot(KpiCanvas *canvas, double x, double y, double radius, KpiPaint paint, double value)
{
	put_circle(canvas, x, y, radius);
	put_paint(canvas, paint);
	put_value(canvas, value);
	appendStringInfoString(&canvas->svg, "/>");
}

/* A circle that is empty. */
void
kpi_draw_ring(KpiCanvas *canvas, double x, double y, double radius, KpiPaint paint, double value)
{
	const KpiPen pen = {paint, 1.5, NULL};

	put_circle(canvas, x, y, radius);
	put_pen(canvas, &pen);
	put_value(canvas, value);
	appendStringInfoString(&canvas->svg, "/>");
}

/* Adds two places of a path or polygon. */
static void
put_point(StringInfo out, double x, double y)
{
	kpi_put_place(out, x);
	appendStringInfoChar(out, ' ');
	kpi_put_place(out, y);
}

/* A filled polygon. */
void
kpi_draw_polygon(KpiCanvas *canvas, const double *x, const double *y, int count, KpiPaint paint)
{
	appendStringInfoString(&canvas->svg, "<polygon points=\"");
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoChar(&canvas->svg, ' ');
		put_point(&canvas->svg, x[i], y[i]);
	}
	appendStringInfoChar(&canvas->svg, '"');
	put_paint(canvas, paint);
	appendStringInfoString(&canvas->svg, "/>");
}

/* A filled triangle. */
void
kpi_draw_triangle(KpiCanvas *canvas, double x1, double y1, double x2, double y2, double x3, double y3, KpiPaint paint)
{
	const double x[] = {x1, x2, x3};
	const double y[] = {y1, y2, y3};

	kpi_draw_polygon(canvas, x, y, 3, paint);
}

/* A path that was written by its commands. */
void
kpi_draw_path(KpiCanvas *canvas, const char *path, const KpiPen *pen)
{
	appendStringInfo(&canvas->svg, "<path d=\"%s\"", path);
	put_pen(canvas, pen);
	appendStringInfoString(&canvas->svg, "/>");
}

/* Adds all values of a curve, nothing for what is missing. */
static void
put_values(KpiCanvas *canvas, const double *value, int count)
{
	appendStringInfoString(&canvas->svg, " data-v=\"");
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoChar(&canvas->svg, ' ');
		if (kpi_is_number(value[i]))
			kpi_append_double(&canvas->svg, value[i]);
		else
			appendStringInfoChar(&canvas->svg, '-');
	}
	appendStringInfoChar(&canvas->svg, '"');
}

/* A line through points, broken where a place is missing; value: what the points stand for, or NULL. */
void
kpi_draw_curve(KpiCanvas *canvas, const double *x, const double *y, const double *value, int count, const KpiPen *pen)
{
	bool		connected = false;

	appendStringInfoString(&canvas->svg, "<path d=\"");
	for (int i = 0; i < count; i++)
	{
		if (isnan(y[i]))
		{
			connected = false;
			continue;
		}
		appendStringInfoChar(&canvas->svg, connected ? 'L' : 'M');
		put_point(&canvas->svg, x[i], y[i]);
		connected = true;
	}
	appendStringInfoString(&canvas->svg, "\" stroke-linejoin=\"round\"");
	put_pen(canvas, pen);
	if (value)
		put_values(canvas, value, count);
	appendStringInfoString(&canvas->svg, "/>");
	/* a point without neighbours would not be seen */
	for (int i = 0; i < count; i++)
	{
		if (!isnan(y[i]) && (i == 0 || isnan(y[i - 1])) && (i == count - 1 || isnan(y[i + 1])))
			kpi_draw_dot(canvas, x[i], y[i], pen->width, pen->paint, NAN);
	}
}

/* The sign of a status, of a shape of its own, around a place. */
void
kpi_draw_sign(KpiCanvas *canvas, double x, double y, int status, double size, KpiPaint paint)
{
	double		r = size / 2;

	if (status == 1)
		kpi_draw_dot(canvas, x, y, r, paint, NAN);
	else if (status == -1)
		kpi_draw_box(canvas, x - r * 0.92, y - r * 0.92, r * 1.84, r * 1.84, paint, NAN);
	else if (status == 0)
		kpi_draw_triangle(canvas, x - r * 1.1, y + r * 0.9, x, y - r, x + r * 1.1, y + r * 0.9, paint);
	else
		kpi_draw_ring(canvas, x, y, r * 0.85, paint, NAN);
}

/* The same in the colour of the status. */
void
kpi_draw_status(KpiCanvas *canvas, double x, double y, int status, double size)
{
	kpi_draw_sign(canvas, x, y, status, size,
				  status == 1 ? KPI_GREEN : status == 0 ? KPI_AMBER : status == -1 ? KPI_RED : KPI_MUTED);
}

/* A text; whole: what it is short for, or NULL. */
static void
draw_string(KpiCanvas *canvas, double x, double y, const KpiType *type, const char *string, const char *whole)
{
	if (*string == '\0')
		return;
	appendStringInfoString(&canvas->svg, "<text");
	put_length(canvas, "x", x);
	put_length(canvas, "y", y);
	put_paint(canvas, type->paint);
	put_length(canvas, "font-size", type->size);
	if (type->bold)
		appendStringInfoString(&canvas->svg, " font-weight=\"600\"");
	if (type->anchor != KPI_START)
		appendStringInfo(&canvas->svg, " text-anchor=\"%s\"", anchors[type->anchor]);
	appendStringInfoString(&canvas->svg, kpi_runs_left(string) ? " style=\"unicode-bidi:isolate\">" : ">");
	put_element(canvas, "title", whole);
	kpi_put_text(&canvas->svg, string);
	appendStringInfoString(&canvas->svg, "</text>");
}

/* A text as it is. */
void
kpi_draw_text(KpiCanvas *canvas, double x, double y, const KpiType *type, const char *string)
{
	draw_string(canvas, x, y, type, string, NULL);
}

/* A text that is cut to a width; the whole of it is a title. */
void
kpi_draw_fitted(KpiCanvas *canvas, double x, double y, const KpiType *type, const char *string, double width)
{
	char	   *cut = kpi_cut_text(string, type->size, type->bold, width);

	draw_string(canvas, x, y, type, cut, strcmp(cut, string) == 0 ? NULL : string);
}

/* A text in one line or two around a height; what has no room in two is cut, and the whole of it is a title. */
void
kpi_draw_lines(KpiCanvas *canvas, double x, double y, const KpiType *type, const char *string, double width)
{
	char	   *line[2];
	int			lines = kpi_break_text(string, type->size, type->bold, width, line);

	for (int i = 0; i < lines; i++)
	{
		char	   *cut = kpi_cut_text(line[i], type->size, type->bold, width);

		draw_string(canvas, x, y + (i - (lines - 1) / 2.0) * LINE_HEIGHT, type, cut, strcmp(cut, line[i]) == 0 ? NULL : string);
	}
}
