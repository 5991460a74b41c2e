/*-------------------------------------------------------------------------
 *
 * simplex.c
 *	  Minimizing a function of a few numbers within bounds, without gradients.
 *
 * The simplex of J. A. Nelder and R. Mead, "A simplex method for function
 * minimization", The Computer Journal 7, 1965, whose points are put back on the
 * bounds where they lie outside.  It takes the same way each time.  A simplex
 * that has become flat on a bound is set up anew around its best point, and the
 * search ends when that brings nothing more.
 *
 *-------------------------------------------------------------------------
 */
#include "math/simplex.h"

#include <math.h>

/* Differences of the function that are none. */
#define TOLERANCE 1e-9

/* A point of the simplex. */
typedef struct Vertex
{
	double		x[KPI_MAX_SIMPLEX];
	double		value;
} Vertex;

/* A search on its way. */
typedef struct Search
{
	const KpiBox *box;
	int			left;			/* evaluations */
	Vertex		vertex[KPI_MAX_SIMPLEX + 1];
} Search;

/* The function at x. */
static inline double
value_at(const KpiBox *box, const double *x)
{
	double		value = box->function(x, box->data);

	return isnan(value) ? INFINITY : value;
}

/* The best of a grid of that many points in each direction, none of them on a bound. */
double
kpi_try_grid(const KpiBox *box, int points, double *x)
{
	double		best = INFINITY;
	int			tries = 1;

	for (int i = 0; i < box->n; i++)
		tries *= points;
	for (int k = 0; k < tries; k++)
	{
		double		at[KPI_MAX_SIMPLEX];
		double		value;
		int			rest = k;

		for (int i = 0; i < box->n; i++, rest /= points)
			at[i] = box->low[i] + (box->high[i] - box->low[i]) * (rest % points + 0.5) / points;
		value = value_at(box, at);
		if (k == 0 || value < best)
		{
			best = value;
			memcpy(x, at, sizeof(double) * box->n);
		}
	}
	return best;
}

/* The point that lies so far beyond the center as seen from a vertex, on the bounds at most. */
static void
go(Search *search, const double *center, const Vertex *from, double factor, Vertex *to)
{
	const KpiBox *box = search->box;

	for (int i = 0; i < box->n; i++)
	{
		double		x = center[i] + factor * (center[i] - from->x[i]);

		to->x[i] = Min(Max(x, box->low[i]), box->high[i]);
	}
	to->value = value_at(box, to->x);
	search->left--;
}

/* Put the vertices in order, the best first. */
static void
sort_vertices(Search *search)
{
	for (int i = 1; i <= search->box->n; i++)
	{
		Vertex		vertex = search->vertex[i];
		int			k = i;

		for (; k > 0 && search->vertex[k - 1].value > vertex.value; k--)
			search->vertex[k] = search->vertex[k - 1];
		search->vertex[k] = vertex;
	}
}

/* A simplex around a point, with these steps away from it, inwards where a bound is near. */
static void
set_up(Search *search, const double *x, const double *step, double scale)
{
	const KpiBox *box = search->box;

	for (int k = 0; k <= box->n; k++)
	{
		Vertex	   *vertex = &search->vertex[k];

		memcpy(vertex->x, x, sizeof(double) * box->n);
		if (k > 0)
		{
			double		moved = x[k - 1] + scale * step[k - 1];

			if (moved > box->high[k - 1])
				moved = x[k - 1] - scale * step[k - 1];
			vertex->x[k - 1] = Max(moved, box->low[k - 1]);
		}
		vertex->value = value_at(box, vertex->x);
		search->left--;
	}
	sort_vertices(search);
}

/* The middle of all vertices but the worst. */
static void
find_center(const Search *search, double *center)
{
	int			n = search->box->n;

	for (int i = 0; i < n; i++)
	{
		center[i] = 0;
		for (int k = 0; k < n; k++)
			center[i] += search->vertex[k].x[i] / n;
	}
}

/* Draw all vertices half way to the best one. */
static void
shrink(Search *search)
{
	for (int k = 1; k <= search->box->n; k++)
	{
		Vertex		vertex = search->vertex[k];

		go(search, search->vertex[0].x, &vertex, -0.5, &search->vertex[k]);
	}
}

/* One step of the simplex. */
static void
step_simplex(Search *search)
{
	int			n = search->box->n;
	Vertex	   *worst = &search->vertex[n];
	double		center[KPI_MAX_SIMPLEX];
	Vertex		reflected;
	Vertex		other;

	find_center(search, center);
	go(search, center, worst, 1, &reflected);
	if (reflected.value < search->vertex[0].value)
	{
		go(search, center, worst, 2, &other);
		*worst = other.value < reflected.value ? other : reflected;
	}
	else if (reflected.value < search->vertex[n - 1].value)
		*worst = reflected;
	else
	{
		go(search, center, worst, reflected.value < worst->value ? 0.5 : -0.5, &other);
		if (other.value < Min(reflected.value, worst->value))
			*worst = other;
		else
			shrink(search);
	}
	sort_vertices(search);
}

/* Whether two values are as good as the same. */
static bool
is_same(double a, double b)
{
	return a == b || fabs(a - b) <= TOLERANCE * (fabs(a) + fabs(b));
}

/* Go down from x, with these first steps, for so many evaluations at most; the value at x then. */
double
kpi_descend(const KpiBox *box, double *x, const double *step, int evaluations)
{
	Search		search = {.box = box,.left = evaluations};
	double		scale = 1;
	double		before;

	set_up(&search, x, step, scale);
	do
	{
		before = search.vertex[0].value;
		while (search.left > 0 && !is_same(search.vertex[0].value, search.vertex[box->n].value))
			step_simplex(&search);
		memcpy(x, search.vertex[0].x, sizeof(double) * box->n);
		if (search.left <= box->n)
			break;
		scale /= 4;
		set_up(&search, x, step, scale);
	}
	while (!is_same(before, search.vertex[0].value) || scale > 1.0 / 16);
	memcpy(x, search.vertex[0].x, sizeof(double) * box->n);
	return search.vertex[0].value;
}
