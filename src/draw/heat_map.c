/*-------------------------------------------------------------------------
 *
 * heat_map.c
 *	  kpi.heat_map: a number for each row and column, with the shape and shade of
 *	  its status, or in shades of one colour.
 *
 * One cell a row of the arguments.  Rows and columns come in the order in which
 * their names come first; where there is no room for all columns, the last ones
 * are shown of what has a status, and the first ones else.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/given.h"
#include "draw/glyph.h"

enum
{
	ROWS,
	COLUMNS,
	VALUES,
	STATUSES,
	LIMITS,
	UNIT,
	DECIMALS,
	WIDTH,
	TITLE,
	FINDING
};

#define CELL 28.0
#define GAP 2.0
#define TOP 22.0
#define LEAST_CELL 28.0
#define MOST_CELL 90.0
#define SHADES 5

typedef struct HeatMap
{
	int			count;			/* of cells */
	char	  **row;
	char	  **column;
	double	   *value;
	double	   *status;
	bool		has_status;
	int			limits;
	double	   *limit;			/* where bands begin */
	KpiFigure	figure;
	int		   *row_place;
	int		   *column_place;
	int			rows;
	int			columns;
	int			first_column;	/* of those that are shown */
	int			shown_columns;
	double		least;
	double		greatest;
	double		name_width;
	double		cell_width;
} HeatMap;

/* Reads the arguments. */
static void
read_map(FunctionCallInfo fcinfo, HeatMap *map)
{
	int			count;

	map->row = kpi_given_texts(fcinfo, ROWS, &map->count);
	map->column = kpi_given_texts(fcinfo, COLUMNS, &count);
	kpi_require_same_count(map->count, "rows", count, "columns");
	map->value = kpi_given_numbers(fcinfo, VALUES, &count);
	kpi_require_same_count(map->count, "rows", count, "values");
	map->has_status = !PG_ARGISNULL(STATUSES);
	map->status = kpi_given_numbers(fcinfo, STATUSES, &count);
	if (map->has_status)
		kpi_require_same_count(map->count, "rows", count, "statuses");
	map->limit = kpi_given_numbers(fcinfo, LIMITS, &map->limits);
	map->figure = kpi_given_figure(fcinfo, UNIT, DECIMALS);
	map->row_place = kpi_number_keys(map->row, map->count, &map->rows);
	map->column_place = kpi_number_keys(map->column, map->count, &map->columns);
}

/* How many limits a number reaches. */
static int
band_of(const HeatMap *map, double value)
{
	int			band = 0;

	for (int i = 0; i < map->limits; i++)
		band += !isnan(map->limit[i]) && value >= map->limit[i];
	return band;
}

/* A number of a cell, with one decimal more where rounding would bring it across a limit. */
static char *
figure_of(const HeatMap *map, double value)
{
	KpiFigure	figure = map->figure;
	double		unit = pow(10, figure.decimals);

	if (band_of(map, round(value * unit) / unit) != band_of(map, value))
		figure.decimals++;
	return kpi_figure_float8(value, &figure);
}

/* The sizes of names and figures; the least and the greatest value. */
static double
measure_texts(HeatMap *map)
{
	double		figure_width = 0;

	map->name_width = 0;
	map->least = INFINITY;
	map->greatest = -INFINITY;
	for (int i = 0; i < map->count; i++)
	{
		map->name_width = Max(map->name_width, kpi_text_size(map->row[i], 12, false) + 8);
		if (isnan(map->value[i]))
			continue;
		figure_width = Max(figure_width, kpi_text_size(figure_of(map, map->value[i]), 12, false));
		map->least = Min(map->least, map->value[i]);
		map->greatest = Max(map->greatest, map->value[i]);
	}
	return figure_width;
}

/* The size of cells, and which columns there is room for. */
static void
measure_map(HeatMap *map, double width)
{
	double		least = Max(measure_texts(map) + GAP + (map->has_status ? 17 : 5), LEAST_CELL);

	map->name_width = Min(map->name_width, width * 0.42);
	map->shown_columns = (int) Min(map->columns, Max((width - map->name_width) / least, 1));
	map->first_column = map->has_status ? map->columns - map->shown_columns : 0;
	map->cell_width = Min((width - map->name_width) / Max(map->shown_columns, 1), Max(MOST_CELL, least));
}

/* The shade of a cell: by its status, or one of steps of one width from the least value to the greatest. */
static KpiPaint
paint_of(const HeatMap *map, int i)
{
	int			status = map->has_status ? kpi_status_of(map->status[i]) : KPI_STATUS_NONE;
	double		part = map->greatest > map->least ? (map->value[i] - map->least) / (map->greatest - map->least) : 0.5;

	if (status != KPI_STATUS_NONE)
		return status == 1 ? KPI_CELL_GOOD : status == 0 ? KPI_CELL_FAIR : KPI_CELL_BAD;
	if (map->has_status)
		return KPI_BAND_GOOD;
	return KPI_HEAT_0 + (int) Min(Max(part * SHADES, 0), SHADES - 1);
}

/* A cell: its shade, its sign, and its number if there is room for it. */
static void
draw_cell(KpiCanvas *canvas, const HeatMap *map, int i)
{
	static const KpiType type = {12, false, KPI_INK, KPI_MIDDLE};
	double		x = map->name_width + (map->column_place[i] - map->first_column) * map->cell_width;
	double		y = TOP + map->row_place[i] * (CELL + GAP);
	char	   *figure;
	double		size;

	if (map->column_place[i] < map->first_column || map->column_place[i] >= map->first_column + map->shown_columns ||
		isnan(map->value[i]))
		return;
	figure = figure_of(map, map->value[i]);
	size = kpi_text_size(figure, 12, false);
	kpi_draw_box(canvas, x, y, map->cell_width - GAP, CELL, paint_of(map, i), map->value[i]);
	x += (map->cell_width - GAP) / 2;
	if (map->has_status && size + 16 <= map->cell_width)
		kpi_draw_sign(canvas, x - size / 2, y + CELL / 2, kpi_status_of(map->status[i]), 7, KPI_INK);
	kpi_draw_fitted(canvas, map->has_status ? x + 6 : x, y + CELL / 2 + 4, &type, figure, map->cell_width - GAP);
}

/* The names of rows, each once. */
static void
draw_row_names(KpiCanvas *canvas, const HeatMap *map)
{
	static const KpiType type = {12, false, KPI_INK, KPI_START};
	int			next = 0;

	for (int i = 0; i < map->count; i++)
	{
		if (map->row_place[i] != next)
			continue;
		kpi_draw_fitted(canvas, 0, TOP + next * (CELL + GAP) + CELL / 2 + 4, &type, map->row[i], map->name_width - 8);
		next++;
	}
}

/* The names of the columns that are shown, each once. */
static void
draw_column_names(KpiCanvas *canvas, const HeatMap *map)
{
	static const KpiType type = {11, false, KPI_MUTED, KPI_MIDDLE};
	int			next = 0;

	for (int i = 0; i < map->count; i++)
	{
		if (map->column_place[i] != next)
			continue;
		if (next >= map->first_column && next < map->first_column + map->shown_columns)
			kpi_draw_fitted(canvas, map->name_width + (next - map->first_column + 0.5) * map->cell_width - GAP / 2, TOP - 8, &type,
							map->column[i], map->cell_width - 4);
		next++;
	}
}

/* heat_map(rows, columns, values, statuses, limits, unit, decimals, width, title, finding) */
PG_FUNCTION_INFO_V1(kpi_heat_map);
Datum
kpi_heat_map(PG_FUNCTION_ARGS)
{
	HeatMap		map;
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 200, 2000);
	KpiCanvas	canvas;

	read_map(fcinfo, &map);
	measure_map(&map, width);
	kpi_open_canvas(&canvas, width, TOP + Max(map.rows, 1) * (CELL + GAP), kpi_given_text(fcinfo, TITLE),
					kpi_given_text(fcinfo, FINDING));
	draw_column_names(&canvas, &map);
	draw_row_names(&canvas, &map);
	for (int i = 0; i < map.count; i++)
		draw_cell(&canvas, &map, i);
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
