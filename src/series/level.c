/*-------------------------------------------------------------------------
 *
 * level.c
 *	  Where the level of numbers in a row changes.
 *
 * Many changes: of all ways to cut n numbers into levels of at least so many,
 * the one with the least
 *
 *	sum over levels (sum of squared distances from the mean / s2) + penalty * changes
 *
 * exactly, by PELT: the best cut of the first t numbers is made of best cuts of
 * fewer, and a place s is left out as a last cut once
 *
 *	best(s) + cost(s, t) >= best(t)
 *
 * It is left out for ends of t + least and more alone, for only there t itself
 * can take its place.  s2 is the variance of the noise, from the differences of
 * neighbours, which a change of level hardly touches.  The cost of every open
 * place is carried along as its mean and its squares (Welford), so that a large
 * offset costs no digits.
 *
 * One change: the place with the least sum of squares on both sides, F as that
 * of two means against one, the largest of all places; its probability without
 * a change is that of the largest Bessel process of one degree over the places
 * tried.
 *
 * How sure a place is: the distribution of the place where a Brownian motion
 * that drifts down on both sides, with another variance on each, is largest.
 *
 * Whether a line explains the numbers better: by Schwarz's criterion,
 * n ln(squares / n) + parameters ln n, with a mean for each level and a place
 * for each change.  Of positive numbers so does a line through their logarithms,
 * which is steady growth, against the levels of these.
 *
 * Sources: R. Killick, P. Fearnhead, I. A. Eckley, "Optimal detection of
 * changepoints with a linear computational cost", Journal of the American
 * Statistical Association 107, 2012; J. Bai, "Estimation of a change point in
 * multiple regression models", Review of Economics and Statistics 79, 1997,
 * appendix B; D. W. K. Andrews, "Tests for parameter instability and structural
 * change with unknown change point", Econometrica 61, 1993; A. Estrella, "Critical
 * values and p values of Bessel process distributions", Econometric Theory 19, 2003.
 *
 *-------------------------------------------------------------------------
 */
#include "series/level.h"

#include <math.h>

#include "base/twosum.h"
#include "math/order.h"
#include "math/straight.h"
#include "miscadmin.h"

/* From here on the tail of the normal distribution is its expansion to all digits. */
#define FAR_TAIL 25

/* A place that may be the last cut of some later end. */
typedef struct Place
{
	int			at;				/* numbers before it */
	int			closed_from;	/* no cut of ends from here on */
	double		best;			/* of the numbers before it */
	double		mean;			/* of those from it on */
	double		squares;
} Place;

/* The variance of the noise around levels; 0 where neighbours never differ. */
double
kpi_noise_variance(const double *value, int count)
{
	double	   *difference;
	double		deviation;

	if (count < 2)
		return 0;
	difference = palloc_extended((Size) count * sizeof(double), MCXT_ALLOC_HUGE);
	for (int i = 1; i < count; i++)
		difference[i - 1] = value[i] - value[i - 1];
	deviation = kpi_robust_deviation(difference, count - 1, 0, 0);
	pfree(difference);
	return deviation * deviation / 2;
}

/* Take another number in: mean and squares of count numbers. */
static inline void
add_to_level(double value, int count, double *mean, double *squares)
{
	double		distance = value - *mean;

	*mean += distance / count;
	*squares += distance * (value - *mean);
}

/* The level of some of the numbers. */
KpiLevel
kpi_level_of(const double *value, int first, int count)
{
	KpiLevel	level = {first, count, 0, 0};
	KpiSum		sum = {0};

	for (int i = first; i < first + count; i++)
		kpi_sum_add(&sum, value[i]);
	level.mean = count > 0 ? kpi_sum_value(sum) / count : 0;
	for (int i = first; i < first + count; i++)
		level.squares += (value[i] - level.mean) * (value[i] - level.mean);
	return level;
}

/* The best last cut for the numbers up to an end; carries the open places on to it. */
static Place *
best_place(Place *place, int places, double value, int end, double scale, double penalty, int least, double *best)
{
	Place	   *found = NULL;

	*best = INFINITY;
	for (Place *open = place; open < place + places; open++)
	{
		int			count = end - open->at;
		double		cost;

		add_to_level(value, count, &open->mean, &open->squares);
		cost = open->best + open->squares * scale + penalty;
		if (count >= least && cost < *best)
		{
			*best = cost;
			found = open;
		}
	}
	return found;
}

/* Forget the places that no later end can be cut at; how many are left. */
static int
close_places(Place *place, int places, int end, double scale, double best, int least)
{
	int			kept = 0;

	for (int i = 0; i < places; i++)
	{
		Place	   *open = &place[i];

		if (open->best + open->squares * scale >= best)
			open->closed_from = Min(open->closed_from, end + least);
		if (open->closed_from > end + 1)
			place[kept++] = *open;
	}
	return kept;
}

/* The levels between the cuts, from the last one back. */
static int
levels_of(const double *value, int count, const int *cut, KpiLevel *level)
{
	int			levels = 0;
	int			end;

	for (end = count; end > 0; end = cut[end])
		levels++;
	end = count;
	for (int i = levels - 1; i >= 0; i--)
	{
		level[i] = kpi_level_of(value, cut[end], end - cut[end]);
		end = cut[end];
	}
	return levels;
}

/*
 * The levels that cost the least, none of less than so many numbers; how many
 * there are.  Room is needed for count levels.
 */
int
kpi_find_levels(const double *value, int count, double variance, double penalty, int least, KpiLevel *level)
{
	Place	   *place;
	int		   *cut;
	int			places = 1;

	if (count / 2 < least || !(variance > 0) || isinf(variance))
	{
		level[0] = kpi_level_of(value, 0, count);
		return 1;
	}
	place = palloc_extended((Size) (count + 1) * sizeof(Place), MCXT_ALLOC_HUGE);
	/* no cut where no cost is known, of values at the end of float8 */
	cut = palloc_extended((Size) (count + 1) * sizeof(int), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	place[0] = (Place)
	{
		.closed_from = PG_INT32_MAX,.best = -penalty
	};
	for (int end = 1; end <= count; end++)
	{
		double		best;
		const Place *last = best_place(place, places, value[end - 1], end, 1 / variance, penalty, least, &best);

		CHECK_FOR_INTERRUPTS();
		if (last == NULL)
			continue;
		cut[end] = last->at;
		places = close_places(place, places, end, 1 / variance, best, least);
		place[places++] = (Place)
		{
			.at = end,.closed_from = PG_INT32_MAX,.best = best
		};
	}
	count = levels_of(value, count, cut, level);
	pfree(place);
	pfree(cut);
	return count;
}

/*
 * The place of a single change, as the numbers before it, with the largest F of
 * all places that leave a share of the numbers on either side; 0 where there are too few.
 */
int
kpi_find_one_break(const double *value, int count, double trim, double *largest_f)
{
	int			least = Max(2, (int) floor(trim * count));
	double	   *before;
	double		mean = 0;
	double		squares = 0;
	double		total;
	double		smallest = INFINITY;
	int			found = 0;

	*largest_f = NAN;
	if (count < 2 * least)
		return 0;
	before = palloc_extended((Size) count * sizeof(double), MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
	{
		add_to_level(value[i], i + 1, &mean, &squares);
		before[i] = squares;
	}
	total = squares;
	mean = squares = 0;
	for (int i = count - 1; i >= least; i--)
	{
		add_to_level(value[i], count - i, &mean, &squares);
		if (count - i >= least && before[i - 1] + squares <= smallest)
		{
			smallest = before[i - 1] + squares;
			found = i;
		}
	}
	pfree(before);
	*largest_f = total > smallest ? (total - smallest) / (smallest / (count - 2)) : 0;
	return found;
}

/* The probability that the largest F is that large without a change. */
double
kpi_one_break_p(double f, double trim)
{
	double		range = 2 * log((1 - trim) / trim);

	if (!(f > 1))
		return 1;
	if (isinf(f))
		return 0;
	return Min(1, sqrt(f / (2 * M_PI)) * exp(-f / 2) * ((1 - 1 / f) * range + 2 / f));
}

/* exp(b^2 / 2) times the normal tail beyond b, for b of at least 0. */
static double
scaled_tail(double b)
{
	double		square = b * b;

	if (b < FAR_TAIL)
		return exp(square / 2) * erfc(b * M_SQRT1_2) / 2;
	return (1 - (1 - (3 - 15 / square) / square) / square) / (b * sqrt(2 * M_PI));
}

/*
 * The probability that the place is more than x before the one found, where the
 * variance after it is ratio times the one before.
 */
static double
place_tail(double x, double ratio)
{
	double		near = exp(-x / 8);
	double		sum = ratio + 1;

	return near * (-sqrt(x / (2 * M_PI)) -
				   ratio * (ratio + 2) / sum * scaled_tail((0.5 + 1 / ratio) * sqrt(x)) +
				   (x / 2 - 2 + (ratio + 2) * (ratio + 2) / sum) * scaled_tail(sqrt(x) / 2));
}

/* The distance that is exceeded with a probability; NaN where even 0 is not so often. */
static double
place_bound(double ratio, double probability)
{
	double		low = 0;
	double		high = 1;

	if (!(place_tail(0, ratio) >= probability))
		return NAN;
	while (place_tail(high, ratio) > probability)
		high *= 2;
	for (int i = 0; i < 200 && low < high; i++)
	{
		double		middle = (low + high) / 2;

		if (middle <= low || middle >= high)
			break;
		if (place_tail(middle, ratio) > probability)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Between how many numbers a change lies with a confidence. */
KpiBreak
kpi_break_interval(const KpiLevel *before, const KpiLevel *after, double confidence)
{
	double		step = after->mean - before->mean;
	double		first = before->squares / before->count / (step * step);
	double		second = after->squares / after->count / (step * step);
	double		tail = (1 - confidence) / 2;
	int			at = after->first;
	KpiBreak	place = {NAN, NAN};

	/* without noise there is nothing to be unsure of */
	if (first == 0 && second == 0)
		return (KpiBreak)
	{
		at, at
	};
	if (first == 0 || second == 0)
		return place;
	place.low = at - ceil(second * place_bound(first / second, tail));
	place.high = at + ceil(first * place_bound(second / first, tail));
	return place;
}

/* The squares around the line through numbers by least squares. */
static double
line_squares(const double *value, int count)
{
	KpiStraight line = kpi_straight_line(value, count);
	double		squares = 0;

	for (int i = 0; i < count; i++)
	{
		double		rest = value[i] - line.before - line.slope * (i + 1);

		squares += rest * rest;
	}
	return squares;
}

/* The same of numbers as they are. */
static bool
is_line(const double *value, int count, const KpiLevel *level, int levels)
{
	double		line = line_squares(value, count);
	double		steps = 0;

	for (int i = 0; i < levels; i++)
		steps += kpi_level_of(value, level[i].first, level[i].count).squares;
	return count * log(line / steps) + (2 - (2.0 * levels - 1)) * log(count) < 0;
}

/* Whether a straight line, or steady growth, explains numbers better than their levels do. */
bool
kpi_line_explains(const double *value, int count, const KpiLevel *level, int levels)
{
	double	   *logarithm;
	bool		grows;

	if (is_line(value, count, level, levels))
		return true;
	logarithm = palloc_extended((Size) count * sizeof(double), MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
		logarithm[i] = value[i] > 0 ? log(value[i]) : NAN;
	/* one that is not positive makes all of it NaN, which is no growth */
	grows = is_line(logarithm, count, level, levels);
	pfree(logarithm);
	return grows;
}
