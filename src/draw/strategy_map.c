/*-------------------------------------------------------------------------
 *
 * strategy_map.c
 *	  kpi.strategy_map: objectives in lanes, and which helps which.
 *
 * Lanes come in the order in which their names come first, effects above and
 * causes below.  In a lane objectives are ordered by the mean place of what they
 * are linked with, in four sweeps; equal ones keep their order.  A link over
 * more than one lane runs through the nearest gap of each lane between.  Where
 * there is too little room the same is a list.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/given.h"
#include "draw/glyph.h"

/* The arguments, in their order. */
enum
{
	NODES,
	LANES,
	NAMES,
	SCORES,
	STATUSES,
	CAUSES,
	EFFECTS,
	WIDTH,
	TITLE,
	FINDING
};

#define NODE_HEIGHT 62.0
#define LANE_HEIGHT 104.0
#define LANE_GAP 6.0
#define LANE_NAME 110.0
#define PORT 22.0
#define MOST_NODES 5
#define MOST_LINKS 40
#define LEAST_WIDTH 560.0
#define SWEEPS 4
#define LINE 22.0

/* A node: what it says, and where it stands. */
typedef struct Objective
{
	const char *name;
	double		score;
	int			status;
	int			lane;
	int			place;			/* in its lane */
	double		order;			/* by which it is placed */
	double		x;				/* of its left side */
	int			above;			/* links at its top, and at its bottom */
	int			below;
	int			used;			/* of the ports that are given out */
} Objective;

/* That one node helps another, both by their number; ends are places in the width. */
typedef struct Link
{
	int			cause;
	int			effect;
	double		begin;			/* port at the top of the cause */
	double		end;			/* port at the bottom of the effect */
	double		toward;			/* place of the other end */
} Link;

/* All that is drawn, and the measures that depend on the width. */
typedef struct Map
{
	int			nodes;
	Objective  *node;
	int			lanes;
	const char **lane;
	int		   *lane_size;
	int			links;
	Link	   *link;
	double		node_width;
	double		pitch;
	double		left;			/* of the first node */
} Map;

/* Reads the nodes, and numbers their lanes. */
static void
read_nodes(FunctionCallInfo fcinfo, Map *map)
{
	int			count;
	char	  **lane = kpi_given_texts(fcinfo, LANES, &count);
	char	  **name = kpi_given_texts(fcinfo, NAMES, &map->nodes);
	double	   *score;
	double	   *status;
	int		   *place;

	kpi_require_same_count(map->nodes, "names", count, "lanes");
	score = kpi_given_numbers(fcinfo, SCORES, &count);
	kpi_require_same_count(map->nodes, "names", count, "scores");
	status = kpi_given_numbers(fcinfo, STATUSES, &count);
	kpi_require_same_count(map->nodes, "names", count, "statuses");
	place = kpi_number_keys(lane, map->nodes, &map->lanes);
	map->node = palloc0(sizeof(Objective) * Max(map->nodes, 1));
	map->lane = palloc(sizeof(char *) * Max(map->lanes, 1));
	map->lane_size = palloc0(sizeof(int) * Max(map->lanes, 1));
	for (int i = 0; i < map->nodes; i++)
	{
		map->node[i].name = name[i];
		map->node[i].score = score[i];
		map->node[i].status = kpi_status_of(status[i]);
		map->node[i].lane = place[i];
		map->node[i].place = map->lane_size[place[i]]++;
		map->lane[place[i]] = lane[i];
	}
}

/* The error for a link of a node that is not there. */
static void
bad_link(const char *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a link names \"%s\", which is not among nodes", key),
			 errhint("Pass the key of every objective in nodes.")));
}

/* Reads the links: both ends are keys of nodes. */
static void
read_links(FunctionCallInfo fcinfo, Map *map)
{
	int			nodes;
	int			count;
	int			distinct;
	char	  **node = kpi_given_texts(fcinfo, NODES, &nodes);
	char	  **cause = kpi_given_texts(fcinfo, CAUSES, &map->links);
	char	  **effect = kpi_given_texts(fcinfo, EFFECTS, &count);
	char	  **key;
	int		   *place;

	kpi_require_same_count(map->nodes, "names", nodes, "nodes");
	kpi_require_same_count(map->links, "causes", count, "effects");
	key = palloc(sizeof(char *) * (nodes + 2 * map->links + 1));
	memcpy(key, node, sizeof(char *) * nodes);
	memcpy(key + nodes, cause, sizeof(char *) * map->links);
	memcpy(key + nodes + map->links, effect, sizeof(char *) * map->links);
	place = kpi_number_keys(key, nodes + 2 * map->links, &distinct);
	map->link = palloc(sizeof(Link) * Max(map->links, 1));
	for (int i = nodes; i < nodes + 2 * map->links; i++)
	{
		if (place[i] >= nodes)
			bad_link(key[i]);
	}
	for (int i = 0; i < map->links; i++)
	{
		map->link[i].cause = place[nodes + i];
		map->link[i].effect = place[nodes + map->links + i];
	}
}

/* Keys of nodes are told apart. */
static void
check_keys(FunctionCallInfo fcinfo)
{
	int			count;
	int			distinct;
	char	  **node = kpi_given_texts(fcinfo, NODES, &count);

	kpi_number_keys(node, count, &distinct);
	if (distinct < count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("nodes has the same key twice"),
				 errhint("Pass a key of its own for every objective.")));
}

/* Where a node is in the width, as a part of it. */
static double
part_of(const Map *map, int node)
{
	return (map->node[node].place + 0.5) / map->lane_size[map->node[node].lane];
}

/* Orders nodes by lane, then by what they are linked with. */
static int
compare_nodes(const void *a, const void *b)
{
	const Objective *one = *(Objective *const *) a;
	const Objective *other = *(Objective *const *) b;

	if (one->lane != other->lane)
		return one->lane - other->lane;
	if (one->order != other->order)
		return one->order < other->order ? -1 : 1;
	return one->place - other->place;
}

/* Orders the nodes of each lane by the mean place of their neighbours. */
static void
sweep(Map *map)
{
	double	   *sum = palloc0(sizeof(double) * Max(map->nodes, 1));
	int		   *count = palloc0(sizeof(int) * Max(map->nodes, 1));
	Objective **sorted = palloc(sizeof(Objective *) * Max(map->nodes, 1));

	for (int i = 0; i < map->links; i++)
	{
		const Link *link = &map->link[i];

		sum[link->cause] += part_of(map, link->effect);
		sum[link->effect] += part_of(map, link->cause);
		count[link->cause]++;
		count[link->effect]++;
	}
	for (int i = 0; i < map->nodes; i++)
	{
		map->node[i].order = count[i] > 0 ? sum[i] / count[i] : part_of(map, i);
		sorted[i] = &map->node[i];
	}
	qsort(sorted, map->nodes, sizeof(Objective *), compare_nodes);
	for (int i = 0; i < map->nodes; i++)
		sorted[i]->place = i > 0 && sorted[i - 1]->lane == sorted[i]->lane ? sorted[i - 1]->place + 1 : 0;
}

/* The top of a lane. */
static double
lane_top(int lane)
{
	return lane * (LANE_HEIGHT + LANE_GAP);
}

/* The top of a node. */
static double
node_top(const Objective *node)
{
	return lane_top(node->lane) + (LANE_HEIGHT - NODE_HEIGHT) / 2;
}

/* Gives every node its place, and counts what meets its top and bottom. */
static void
place_nodes(Map *map, double width)
{
	int			most = 1;

	for (int i = 0; i < map->lanes; i++)
		most = Max(most, map->lane_size[i]);
	map->left = LANE_NAME;
	map->pitch = (width - LANE_NAME - 4) / most;
	map->node_width = Min(map->pitch - 26, 184);
	for (int i = 0; i < map->nodes; i++)
	{
		Objective  *node = &map->node[i];
		double		pitch = (width - LANE_NAME - 4) / map->lane_size[node->lane];

		node->x = LANE_NAME + (node->place + 0.5) * pitch - map->node_width / 2;
	}
	for (int i = 0; i < map->links; i++)
	{
		map->node[map->link[i].cause].above++;
		map->node[map->link[i].effect].below++;
	}
}

/* Orders links by where they come from or go to. */
static int
compare_links(const void *a, const void *b)
{
	const Link *one = *(Link *const *) a;
	const Link *other = *(Link *const *) b;

	if (one->toward != other->toward)
		return one->toward < other->toward ? -1 : 1;
	return one < other ? -1 : one > other;
}

/* The next free port of so many in the width of a node. */
static double
port(const Map *map, Objective *node, int count)
{
	double		distance = Min(PORT, (map->node_width - 16) / Max(count, 1));

	return node->x + map->node_width / 2 + (node->used++ - (count - 1) / 2.0) * distance;
}

/* Gives out the ports at the tops of causes, or at the bottoms of effects, so that links of a node do not cross there. */
static void
give_ports(Map *map, bool at_effects)
{
	Link	  **sorted = palloc(sizeof(Link *) * Max(map->links, 1));

	for (int i = 0; i < map->links; i++)
	{
		sorted[i] = &map->link[i];
		sorted[i]->toward = map->node[at_effects ? sorted[i]->cause : sorted[i]->effect].x;
	}
	qsort(sorted, map->links, sizeof(Link *), compare_links);
	for (int i = 0; i < map->nodes; i++)
		map->node[i].used = 0;
	for (int i = 0; i < map->links; i++)
	{
		Objective  *node = &map->node[at_effects ? sorted[i]->effect : sorted[i]->cause];

		if (at_effects)
			sorted[i]->end = port(map, node, node->below);
		else
			sorted[i]->begin = port(map, node, node->above);
	}
}

/* The middle of the gap between nodes of a lane that is nearest to a place. */
static double
nearest_gap(const Map *map, int lane, double x, double width)
{
	double		pitch = (width - LANE_NAME - 4) / map->lane_size[lane];
	double		gap = round((x - LANE_NAME) / pitch);

	gap = Min(Max(gap, 0), map->lane_size[lane]);
	return Min(Max(LANE_NAME + gap * pitch, LANE_NAME + 3), width - 6);
}

/* Adds a bend of a path from where it is to another place. */
static void
bend(StringInfo path, double x1, double y1, double x2, double y2)
{
	double		middle = (y1 + y2) / 2;
	const double place[] = {x1, middle, x2, middle, x2, y2};

	appendStringInfoChar(path, 'C');
	for (int i = 0; i < (int) lengthof(place); i++)
	{
		kpi_put_place(path, place[i]);
		appendStringInfoChar(path, ' ');
	}
}

/* A link from its cause to its effect. */
static void
draw_link(KpiCanvas *canvas, const Map *map, const Link *link)
{
	static const KpiPen pen = {KPI_MUTED, 1.2, NULL};
	Objective  *cause = &map->node[link->cause];
	Objective  *effect = &map->node[link->effect];
	double		x = link->begin;
	double		end = link->end;
	double		y = node_top(cause);
	double		end_y = node_top(effect) + NODE_HEIGHT + 8;
	StringInfoData path;

	initStringInfo(&path);
	appendStringInfoChar(&path, 'M');
	kpi_put_place(&path, x);
	appendStringInfoChar(&path, ' ');
	kpi_put_place(&path, y);
	for (int lane = cause->lane - 1; lane > effect->lane; lane--)
	{
		double		gap = nearest_gap(map, lane, x + (end - x) / 2, canvas->width);

		bend(&path, x, y, gap, lane_top(lane) + LANE_HEIGHT - 8);
		appendStringInfoChar(&path, 'V');
		kpi_put_place(&path, lane_top(lane) + 8);
		x = gap;
		y = lane_top(lane) + 8;
	}
	bend(&path, x, y, end, end_y);
	kpi_draw_path(canvas, path.data, &pen);
	kpi_draw_triangle(canvas, end - 4, end_y, end, end_y - 8, end + 4, end_y, KPI_MUTED);
}

/* A node: its name in at most two lines, its status and its score. */
static void
draw_node(KpiCanvas *canvas, const Map *map, const Objective *node)
{
	static const KpiPen pen = {KPI_MUTED, 1, NULL};
	static const KpiType name = {12, true, KPI_INK, KPI_START};
	static const KpiType score = {11, false, KPI_MUTED, KPI_START};
	static const KpiFigure figure = {"", 1, false};
	double		top = node_top(node);

	kpi_draw_box(canvas, node->x, top, map->node_width, NODE_HEIGHT, KPI_PAGE, NAN);
	kpi_draw_frame(canvas, node->x, top, map->node_width, NODE_HEIGHT, 3, &pen, node->score);
	kpi_draw_lines(canvas, node->x + 10, top + 25, &name, node->name, map->node_width - 20);
	kpi_draw_status(canvas, node->x + 14, top + 48, node->status, 8);
	kpi_draw_text(canvas, node->x + 24, top + 52, &score,
				  isnan(node->score) ? kpi_drawn_word("status", "none") : kpi_figure_float8(node->score, &figure));
}

/* The whole map. */
static void
draw_map(KpiCanvas *canvas, Map *map)
{
	static const KpiType type = {12, true, KPI_INK, KPI_START};

	for (int i = 0; i < map->lanes; i++)
	{
		kpi_draw_box(canvas, 0, lane_top(i), canvas->width, LANE_HEIGHT, KPI_BAND_GOOD, NAN);
		kpi_draw_lines(canvas, 10, lane_top(i) + LANE_HEIGHT / 2 + 4, &type, map->lane[i], LANE_NAME - 18);
	}
	give_ports(map, false);
	give_ports(map, true);
	for (int i = 0; i < map->links; i++)
		draw_link(canvas, map, &map->link[i]);
	for (int i = 0; i < map->nodes; i++)
		draw_node(canvas, map, &map->node[i]);
}

/* A line of the list. */
static void
draw_list_objective(KpiCanvas *canvas, const Objective *node, double y)
{
	static const KpiType name = {12, false, KPI_INK, KPI_START};
	static const KpiType score = {12, false, KPI_INK, KPI_END};
	static const KpiFigure figure = {"", 1, false};
	double		right = Min(canvas->width, 420);

	kpi_draw_status(canvas, 21, y - 4, node->status, 8);
	kpi_draw_fitted(canvas, 30, y, &name, node->name, right - 90);
	kpi_draw_text(canvas, right, y, &score, isnan(node->score) ? KPI_DASH : kpi_figure_float8(node->score, &figure));
}

/* The links of each node, by its cause: where those of a node begin in the order of causes. */
static int *
links_by_cause(const Map *map, int **order)
{
	int		   *begin = palloc0(sizeof(int) * (map->nodes + 2));

	*order = palloc(sizeof(int) * Max(map->links, 1));
	for (int i = 0; i < map->links; i++)
		begin[map->link[i].cause + 2]++;
	for (int i = 2; i <= map->nodes + 1; i++)
		begin[i] += begin[i - 1];
	for (int i = 0; i < map->links; i++)
		(*order)[begin[map->link[i].cause + 1]++] = i;
	return begin;
}

/* The same as a list: lanes, their nodes, and under each what it helps. */
static void
draw_list(KpiCanvas *canvas, const Map *map)
{
	static const KpiType lane_type = {12, true, KPI_INK, KPI_START};
	static const KpiType link_type = {12, false, KPI_MUTED, KPI_START};
	int		   *order;
	int		   *begin = links_by_cause(map, &order);
	double		y = 16;
	int			lane = -1;

	for (int i = 0; i < map->nodes; i++)
	{
		if (map->node[i].lane != lane)
		{
			lane = map->node[i].lane;
			kpi_draw_fitted(canvas, 0, y, &lane_type, map->lane[lane], canvas->width);
			y += LINE;
		}
		draw_list_objective(canvas, &map->node[i], y);
		y += LINE;
		for (int j = begin[i]; j < begin[i + 1]; j++, y += LINE)
			kpi_draw_fitted(canvas, 30, y, &link_type,
							psprintf("\xe2\x86\x92 %s", map->node[map->link[order[j]].effect].name), canvas->width - 30);
	}
}

/* How many lines the list has: one more wherever another lane begins. */
static int
list_lines(const Map *map)
{
	int			count = map->nodes + map->links;

	for (int i = 0; i < map->nodes; i++)
		count += i == 0 || map->node[i].lane != map->node[i - 1].lane;
	return Max(count, 1);
}

/* Whether there is room for lanes and links. */
static bool
is_drawn(const Map *map, double width)
{
	for (int i = 0; i < map->lanes; i++)
	{
		if (map->lane_size[i] > MOST_NODES)
			return false;
	}
	return width >= LEAST_WIDTH && map->links <= MOST_LINKS && map->lanes > 0;
}

/* strategy_map(nodes, lanes, names, scores, statuses, causes, effects, width, title, finding) */
PG_FUNCTION_INFO_V1(kpi_strategy_map);
Datum
kpi_strategy_map(PG_FUNCTION_ARGS)
{
	Map			map;
	double		width = kpi_given_size(fcinfo, WIDTH, "width", 200, 2000);
	bool		drawn;
	KpiCanvas	canvas;

	check_keys(fcinfo);
	read_nodes(fcinfo, &map);
	read_links(fcinfo, &map);
	drawn = is_drawn(&map, width);
	for (int i = 0; drawn && i < SWEEPS; i++)
		sweep(&map);
	place_nodes(&map, width);
	kpi_open_canvas(&canvas, width, drawn ? lane_top(map.lanes) - LANE_GAP : list_lines(&map) * LINE + 2,
					kpi_given_text(fcinfo, TITLE), kpi_given_text(fcinfo, FINDING));
	if (drawn)
		draw_map(&canvas, &map);
	else
		draw_list(&canvas, &map);
	PG_RETURN_TEXT_P(kpi_close_canvas(&canvas));
}
