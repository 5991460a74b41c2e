/*-------------------------------------------------------------------------
 *
 * season.c
 *	  Numbers in a row as trend, season and remainder.
 *
 * By loess (STL).  The season is smoothed over the numbers of the same place in
 * each cycle, by levels, without what of it is a trend; the trend is smoothed over what is
 * left without the season; that in turn, twice.  Robust ones do it once in each
 * of 16 rounds, in which numbers weigh the less the farther they were from the
 * parts of the round before: (1 - (r / 6 median r)^2)^2.  Every point is
 * smoothed, none is put between others.  Windows, all odd:
 *
 *	season	as given, or so wide that each place has its mean
 *	trend	1.5 m / (1 - 1.5 / window of the season), for m numbers of a season
 *	rest	m
 *
 * Without a season the trend alone is smoothed, over a third of the numbers, 301 at
 * most.
 *
 * Classical: the trend is the average of the m numbers around, the two outermost
 * ones of an even m by half; the season the mean of what is left for each place,
 * less the mean of these.
 *
 * Factors are the powers of the parts of the logarithms, or classical parts by
 * division.  Which is better is asked of the median distance of the remainder
 * from 0: that of logarithms times the geometric mean, which the change of scale
 * asks for (Box and Cox), against that of the numbers.
 *
 * A gap is filled between its neighbours, and then twice by trend and season.
 *
 * Sources: R. B. Cleveland, W. S. Cleveland, J. E. McRae, I. Terpenning, "STL: a
 * seasonal-trend decomposition procedure based on loess", Journal of Official
 * Statistics 6, 1990; M. Kendall, A. Stuart, The Advanced Theory of Statistics,
 * volume 3, 1983; G. E. P. Box, D. R. Cox, "An analysis of transformations",
 * Journal of the Royal Statistical Society B 26, 1964.
 *
 *-------------------------------------------------------------------------
 */
#include "series/season.h"

#include <math.h>

#include "math/order.h"
#include "miscadmin.h"
#include "series/gap.h"

#define ROUNDS 15				/* with weights, of robust parts */
#define FILLINGS 2

/* Without a season no trend is smoothed over more numbers. */
#define MAX_TREND_WINDOW 301

/* Distances of this share of the greatest number are rounding, which no weight is made of. */
#define ROUNDING 1e-12

/* A smoother: how many numbers it looks at, and whether it fits a line to them or a level. */
typedef struct Loess
{
	int			window;
	bool		line;
	const double *weight;		/* NULL: all the same */
} Loess;

/* What STL works in. */
typedef struct Stl
{
	int			count;
	int			season;
	int			season_window;
	int			trend_window;
	bool		fixed;			/* the season has a level for each place */
	const double *value;
	double	   *trend;
	double	   *seasonal;
	double	   *weight;
	bool		weighted;
	double	   *longer;			/* of count and two seasons */
	double	   *average;
	double	   *rest;
	double	   *place;			/* numbers of a place, and their smooth */
	double	   *place_weight;
	double	   *place_smooth;
} Stl;

/*
 * The periods of a season in an argument, of which there are two; for NULL what
 * is natural, or 1 where there are less than two of it.
 */
int
kpi_whole_season_argument(FunctionCallInfo fcinfo, int argument, const KpiGrid *grid)
{
	int			season = kpi_season_argument(fcinfo, argument, grid->count / 2 < grid->season ? 1 : grid->season);

	if (season > 1 && grid->count / 2 < season)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d periods are less than two seasons of %d", grid->count, season),
				 errhint("Pass NULL to take a season where there are two, or 1 for none.")));
	return season;
}

/* An array of so many doubles, zeros. */
static double *
doubles(int count)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, Max(count, 1) * sizeof(double),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* The next odd number from x on. */
static int
next_odd(double x)
{
	int			rounded = (int) rint(x);

	return rounded % 2 == 0 ? rounded + 1 : rounded;
}

/* The cube of the cube: the weight of a number at a share of the way to the edge. */
static inline double
tricube(double share)
{
	double		rest = 1 - share * share * share;

	return rest * rest * rest;
}

/* The weights of the numbers first .. last around a place; their sum. */
static double
weigh(const Loess *loess, int count, double at, int first, int last, double *weight)
{
	double		reach = Max(at - first, last - at);
	double		sum = 0;

	if (loess->window > count)
	{
		/* a whole number, as published */
		int			wider = (loess->window - count) / 2;

		reach += wider;
	}
	for (int i = first; i <= last; i++)
	{
		double		distance = fabs(i - at);

		weight[i] = distance > 0.999 * reach ? 0 : distance <= 0.001 * reach ? 1 : tricube(distance / reach);
		if (loess->weight != NULL)
			weight[i] *= loess->weight[i];
		sum += weight[i];
	}
	return sum;
}

/* Turn weights that sum to 1 into those of a line at a place. */
static void
weigh_line(int count, double at, int first, int last, double *weight)
{
	double		center = 0;
	double		spread = 0;

	for (int i = first; i <= last; i++)
		center += weight[i] * i;
	for (int i = first; i <= last; i++)
		spread += weight[i] * (i - center) * (i - center);
	if (sqrt(spread) <= 0.001 * (count - 1))
		return;
	for (int i = first; i <= last; i++)
		weight[i] *= 1 + (at - center) / spread * (i - center);
}

/* The smooth at a place; the otherwise one where no number has a weight. */
static double
smooth_at(const Loess *loess, const double *value, int count, double at, int first, int last,
		  double *weight, double otherwise)
{
	double		sum = weigh(loess, count, at, first, last, weight);
	double		smooth = 0;

	if (sum <= 0)
		return otherwise;
	for (int i = first; i <= last; i++)
		weight[i] /= sum;
	if (loess->line)
		weigh_line(count, at, first, last, weight);
	for (int i = first; i <= last; i++)
		smooth += weight[i] * value[i];
	return smooth;
}

/* Smooth all numbers. */
static void
smooth(const Loess *loess, const double *value, int count, double *result)
{
	double	   *weight = doubles(count);
	int			width = Min(loess->window, count);

	for (int i = 0; i < count; i++)
	{
		int			first = Min(Max(i - (width - 1) / 2, 0), count - width);

		CHECK_FOR_INTERRUPTS();
		result[i] = smooth_at(loess, value, count, i, first, first + width - 1, weight, value[i]);
	}
	pfree(weight);
}

/* The averages of so many neighbours; how many there are. */
static int
move_average(const double *value, int count, int width, double *result)
{
	double		sum = 0;

	for (int i = 0; i < width; i++)
		sum += value[i];
	result[0] = sum / width;
	for (int i = width; i < count; i++)
	{
		sum += value[i] - value[i - width];
		result[i - width + 1] = sum / width;
	}
	return count - width + 1;
}

/* Smooth the numbers of one place of the season, and one cycle on either side. */
static void
smooth_place(Stl *stl, const double *value, int place)
{
	Loess		loess = {stl->season_window, false, stl->weighted ? stl->place_weight : NULL};
	int			count = (stl->count - place - 1) / stl->season + 1;
	int			width = Min(stl->season_window, count);
	double	   *weight = doubles(count);
	double	   *result = stl->place_smooth;

	for (int i = 0; i < count; i++)
	{
		stl->place[i] = value[i * stl->season + place];
		stl->place_weight[i] = stl->weight[i * stl->season + place];
	}
	smooth(&loess, stl->place, count, result + 1);
	result[0] = smooth_at(&loess, stl->place, count, -1, 0, width - 1, weight, result[1]);
	result[count + 1] = smooth_at(&loess, stl->place, count, count, count - width, count - 1, weight, result[count]);
	for (int i = 0; i < count + 2; i++)
		stl->longer[i * stl->season + place] = result[i];
	pfree(weight);
}

/* One round: the season without its trend, then the trend without the season. */
static void
take_apart(Stl *stl)
{
	Loess		rest = {next_odd(stl->season), true, NULL};
	Loess		trend = {stl->trend_window, true, stl->weighted ? stl->weight : NULL};
	int			count;

	for (int i = 0; i < stl->count; i++)
		stl->rest[i] = stl->value[i] - stl->trend[i];
	for (int place = 0; place < stl->season; place++)
		smooth_place(stl, stl->rest, place);
	count = move_average(stl->longer, stl->count + 2 * stl->season, stl->season, stl->average);
	count = move_average(stl->average, count, stl->season, stl->rest);
	move_average(stl->rest, count, 3, stl->average);
	smooth(&rest, stl->average, stl->count, stl->rest);
	for (int i = 0; i < stl->count; i++)
	{
		stl->seasonal[i] = stl->longer[stl->season + i] - stl->rest[i];
		stl->average[i] = stl->value[i] - stl->seasonal[i];
	}
	smooth(&trend, stl->average, stl->count, stl->trend);
}

/* The same where there is no season. */
static void
take_trend(Stl *stl)
{
	Loess		trend = {stl->trend_window, true, stl->weighted ? stl->weight : NULL};

	smooth(&trend, stl->value, stl->count, stl->trend);
}

/* The weights of the numbers by their distance from the parts. */
static void
weigh_numbers(Stl *stl)
{
	double	   *distance = stl->rest;
	double		far;

	for (int i = 0; i < stl->count; i++)
		distance[i] = fabs(stl->value[i] - stl->trend[i] - stl->seasonal[i]);
	far = Max(6 * kpi_median(distance, stl->count), ROUNDING * kpi_magnitude(stl->value, stl->count));
	for (int i = 0; i < stl->count; i++)
	{
		double		r = fabs(stl->value[i] - stl->trend[i] - stl->seasonal[i]);
		double		share = r / far;

		stl->weight[i] = r <= 0.001 * far ? 1 : r <= 0.999 * far ? (1 - share * share) * (1 - share * share) : 0;
	}
	stl->weighted = true;
}

/* Give every place of the season the mean of its numbers. */
static void
average_places(Stl *stl)
{
	for (int place = 0; place < stl->season; place++)
	{
		double		sum = 0;
		int			count = 0;

		for (int i = place; i < stl->count; i += stl->season, count++)
			sum += stl->seasonal[i];
		for (int i = place; i < stl->count; i += stl->season)
			stl->seasonal[i] = sum / count;
	}
}

/* Memory and windows for so many numbers. */
static Stl
begin_stl(const double *value, int count, const KpiDecomposing *how)
{
	int			longer = count + 2 * how->season;
	Stl			stl = {.count = count,.season = how->season,.value = value};

	stl.fixed = how->window == 0;
	stl.season_window = stl.fixed ? 10 * count + 1 : how->window;
	stl.trend_window = how->season == 1 ? next_odd(Min(Max(7, count / 3), MAX_TREND_WINDOW))
		: next_odd(ceil(1.5 * how->season / (1 - 1.5 / stl.season_window)));
	stl.trend = doubles(count);
	stl.seasonal = doubles(count);
	stl.weight = doubles(count);
	for (int i = 0; i < count; i++)
		stl.weight[i] = 1;
	stl.longer = doubles(longer);
	stl.average = doubles(longer);
	stl.rest = doubles(longer);
	stl.place = doubles(count);
	stl.place_weight = doubles(count);
	stl.place_smooth = doubles(count + 2);
	return stl;
}

/* The parts by loess. */
static void
decompose_loess(const double *value, int count, const KpiDecomposing *how, KpiParts *parts)
{
	Stl			stl = begin_stl(value, count, how);
	int			rounds = how->robust ? 1 + ROUNDS : how->season == 1 ? 1 : 2;

	for (int round = 0; round < rounds; round++)
	{
		if (how->robust && round > 0)
			weigh_numbers(&stl);
		if (how->season == 1)
			take_trend(&stl);
		else
			take_apart(&stl);
	}
	if (stl.fixed)
		average_places(&stl);
	parts->trend = stl.trend;
	parts->seasonal = stl.seasonal;
	parts->weight = stl.weight;
}

/* The centered average of a season around each number; NaN near the ends. */
static void
center_average(const double *value, int count, int season, double *trend)
{
	int			reach = season / 2;

	for (int i = 0; i < count; i++)
	{
		double		sum = 0;

		trend[i] = NAN;
		if (i < reach || i >= count - reach)
			continue;
		for (int j = i - reach; j <= i + reach; j++)
			sum += season % 2 == 0 && (j == i - reach || j == i + reach) ? value[j] / 2 : value[j];
		trend[i] = sum / season;
	}
}

/* The mean of each place of the season of what the trend leaves; their mean is no part of it. */
static void
average_season(const double *value, int count, const KpiDecomposing *how, KpiParts *parts)
{
	double	   *figure = doubles(how->season);
	double		mean = 0;

	for (int place = 0; place < how->season; place++)
	{
		double		sum = 0;
		int			numbers = 0;

		for (int i = place; i < count; i += how->season)
		{
			if (isnan(parts->trend[i]))
				continue;
			sum += parts->multiplicative ? value[i] / parts->trend[i] : value[i] - parts->trend[i];
			numbers++;
		}
		figure[place] = sum / numbers;
		mean += figure[place] / how->season;
	}
	for (int i = 0; i < count; i++)
		parts->seasonal[i] = parts->multiplicative ? figure[i % how->season] / mean : figure[i % how->season] - mean;
}

/* The parts by moving averages. */
static void
decompose_classical(const double *value, int count, const KpiDecomposing *how, KpiParts *parts)
{
	parts->trend = doubles(count);
	parts->seasonal = doubles(count);
	parts->weight = doubles(count);
	for (int i = 0; i < count; i++)
		parts->weight[i] = 1;
	center_average(value, count, how->season, parts->trend);
	average_season(value, count, how, parts);
}

/* Numbers without gaps: on the line between their neighbours, or as the nearest one. */
static double *
fill_all(const double *value, int count)
{
	double	   *filled = doubles(count);

	memcpy(filled, value, count * sizeof(double));
	kpi_fill_plain(filled, count, KPI_FILL_LINEAR);
	kpi_fill_plain(filled, count, KPI_FILL_PREVIOUS);
	kpi_fill_plain(filled, count, KPI_FILL_NEXT);
	return filled;
}

/* Whether a number is missing. */
static bool
has_gaps(const double *value, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (isnan(value[i]))
			return true;
	}
	return false;
}

/* What trend and season make. */
static inline double
together(const KpiParts *parts, int i)
{
	return kpi_with_season(parts, parts->trend[i], i);
}

/* Take numbers apart, gaps filled again and again by what the parts make. */
static KpiParts
decompose_filled(const double *value, int count, const KpiDecomposing *how, bool multiplicative)
{
	KpiParts	parts = {.multiplicative = multiplicative};
	double	   *filled = fill_all(value, count);
	int			fillings = has_gaps(value, count) ? FILLINGS : 0;

	for (int round = 0; round <= fillings; round++)
	{
		for (int i = 0; round > 0 && i < count; i++)
		{
			if (isnan(value[i]) && !isnan(together(&parts, i)))
				filled[i] = together(&parts, i);
		}
		if (how->classical)
			decompose_classical(filled, count, how, &parts);
		else
			decompose_loess(filled, count, how, &parts);
	}
	parts.remainder = doubles(count);
	for (int i = 0; i < count; i++)
		parts.remainder[i] = multiplicative ? value[i] / together(&parts, i) : value[i] - together(&parts, i);
	return parts;
}

/* The parts as summands; there is a number at least. */
KpiParts
kpi_decompose(const double *value, int count, const KpiDecomposing *how)
{
	return decompose_filled(value, count, how, false);
}

/* The parts as factors; all numbers are positive. */
KpiParts
kpi_decompose_factors(const double *value, int count, const KpiDecomposing *how)
{
	double	   *logarithm;
	KpiParts	parts;

	if (how->classical)
		return decompose_filled(value, count, how, true);
	logarithm = doubles(count);
	for (int i = 0; i < count; i++)
		logarithm[i] = log(value[i]);
	parts = decompose_filled(logarithm, count, how, false);
	parts.multiplicative = true;
	for (int i = 0; i < count; i++)
	{
		parts.trend[i] = exp(parts.trend[i]);
		parts.seasonal[i] = exp(parts.seasonal[i]);
		parts.remainder[i] = value[i] / together(&parts, i);
	}
	return parts;
}

/* Whether all numbers that are there are positive. */
bool
kpi_are_positive(const double *value, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (value[i] <= 0)
			return false;
	}
	return true;
}

/* The median distance of the remainder from nothing. */
static double
median_remainder(const KpiParts *parts, int count)
{
	double	   *distance = doubles(count);
	int			numbers = 0;

	for (int i = 0; i < count; i++)
	{
		if (!isnan(parts->remainder[i]))
			distance[numbers++] = fabs(parts->multiplicative ? log(parts->remainder[i]) : parts->remainder[i]);
	}
	return kpi_median(distance, numbers);
}

/* The geometric mean of the numbers that are there. */
static double
geometric_mean(const double *value, int count)
{
	double		sum = 0;
	int			numbers = 0;

	for (int i = 0; i < count; i++)
	{
		if (isnan(value[i]))
			continue;
		sum += log(value[i]);
		numbers++;
	}
	return exp(sum / numbers);
}

/* The parts as summands, or as factors where these leave less. */
KpiParts
kpi_decompose_better(const double *value, int count, const KpiDecomposing *how)
{
	KpiParts	summands = kpi_decompose(value, count, how);
	KpiParts	factors;

	if (!kpi_are_positive(value, count))
		return summands;
	factors = kpi_decompose_factors(value, count, how);
	return median_remainder(&factors, count) * geometric_mean(value, count) < median_remainder(&summands, count)
		? factors : summands;
}
