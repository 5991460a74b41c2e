/*-------------------------------------------------------------------------
 *
 * kendall.c
 *	  Whether numbers rise or fall, and how fast: pairs of them in groups.
 *
 * The test of Mann and Kendall, over all pairs i < j of a group:
 *
 *	S		sum of sign(x[j] - x[i])
 *	var S	(n (n - 1) (2 n + 5) - sum over equal ones t (t - 1) (2 t + 5)) / 18
 *	z		(S - sign(S)) / sqrt(var S), p by the normal distribution, two-sided
 *	tau-b	S / sqrt(pairs * pairs whose numbers differ)
 *
 * S and var S of a season are the sums over its places; a place with less than
 * 3 numbers gives nothing.  Pairs that fall are counted while the numbers are
 * sorted by merging, n log n.
 *
 * The slope of Theil and Sen is the median of (x[j] - x[i]) / (t[j] - t[i]), its
 * bounds the slopes at the ranks (pairs -+ q sqrt(var S)) / 2, rounded, the upper
 * one plus 1, q the bound of the normal distribution; a bound beyond the ranks
 * is not known.  Up to MAX_SLOPES are looked at one by one; of more, the slope
 * at a rank is found by halving, for how many are at most b are the pairs with
 * x[j] - b t[j] <= x[i] - b t[i], which again is counted by merging.
 *
 * Sources: H. B. Mann, "Nonparametric tests against trend", Econometrica 13,
 * 1945; M. G. Kendall, Rank Correlation Methods, 1955; R. M. Hirsch, J. R.
 * Slack, R. A. Smith, "Techniques of trend analysis for monthly water quality
 * data", Water Resources Research 18, 1982; H. Theil, "A rank-invariant method
 * of linear and polynomial regression analysis", 1950; P. K. Sen, "Estimates of
 * the regression coefficient based on Kendall's tau", Journal of the American
 * Statistical Association 63, 1968.
 *
 *-------------------------------------------------------------------------
 */
#include "series/kendall.h"

#include <math.h>

#include "math/order.h"
#include "math/quantile.h"
#include "miscadmin.h"

/* Below this test statistic nothing can be significant. */
#define LEAST_NUMBERS 4
#define LEAST_OF_PLACE 3

/* Slopes that are kept at once: 8 MB. */
#define MAX_SLOPES 1048576

/* Runs of up to so many numbers are sorted by insertion. */
#define SHORT_RUN 12

/* Pairs over all groups, to find the slope at a rank. */
typedef struct Slopes
{
	const KpiGroups *numbers;
	int64		pairs;
	double	   *slope;			/* all of them, or NULL */
	double	   *rest;			/* else what halving needs */
	double	   *work;
} Slopes;

/* Room for so many doubles. */
static double *
doubles(int64 count)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, Max(count, 1) * sizeof(double));
}

/* The numbers that are there, by group; the time of a number is its place. */
KpiGroups
kpi_group_numbers(const double *value, int count, int groups)
{
	KpiGroups	numbers = {.groups = groups};

	numbers.first = palloc((groups + 1) * sizeof(int));
	numbers.time = doubles(count);
	numbers.value = doubles(count);
	for (int group = 0; group < groups; group++)
	{
		numbers.first[group] = numbers.count;
		for (int i = group; i < count; i += groups)
		{
			if (isnan(value[i]))
				continue;
			numbers.time[numbers.count] = i;
			numbers.value[numbers.count++] = value[i];
		}
	}
	numbers.first[groups] = numbers.count;
	numbers.missing = count - numbers.count;
	return numbers;
}

/* Sort a short run; how many pairs fall, or are equal where these count too. */
static int64
sort_run(double *value, int count, bool equals)
{
	int64		pairs = 0;

	for (int i = 1; i < count; i++)
	{
		double		moved = value[i];
		int			j = i;

		for (; j > 0 && value[j - 1] > moved; j--)
			value[j] = value[j - 1];
		value[j] = moved;
		pairs += i - j;
		for (int k = j - 1; equals && k >= 0 && value[k] == moved; k--)
			pairs++;
	}
	return pairs;
}

/* Merge two sorted runs; how many pairs across them fall, or are equal where these count too. */
static int64
merge_runs(double *value, int middle, int count, double *work, bool equals)
{
	int64		pairs = 0;
	int			left = 0;
	int			right = middle;

	memcpy(work, value, middle * sizeof(double));
	for (int to = 0; left < middle && right < count; to++)
	{
		if (equals ? work[left] < value[right] : work[left] <= value[right])
			value[to] = work[left++];
		else
		{
			pairs += middle - left;
			value[to] = value[right++];
		}
	}
	memcpy(value + left + right - middle, work + left, (middle - left) * sizeof(double));
	return pairs;
}

/* Sort numbers; how many pairs of them fall, or are equal where these count too. */
static int64
sort_and_count(double *value, int count, double *work, bool equals)
{
	int			middle = count / 2;
	int64		pairs;

	if (count <= SHORT_RUN)
		return sort_run(value, count, equals);
	CHECK_FOR_INTERRUPTS();
	pairs = sort_and_count(value, middle, work, equals);
	pairs += sort_and_count(value + middle, count - middle, work, equals);
	return pairs + merge_runs(value, middle, count, work, equals);
}

/* Pairs of so many numbers. */
static inline int64
pairs_of(int64 count)
{
	return count * (count - 1) / 2;
}

/* Add a group's S and its variance, and its pairs. */
static void
test_group(double *value, int64 count, double *work, KpiTrendTest *test, double *pairs, double *different)
{
	int64		falling = sort_and_count(value, (int) count, work, false);
	int64		equal = 0;
	double		ties = 0;

	for (int64 i = 0, same; i < count; i += same)
	{
		for (same = 1; i + same < count && value[i + same] == value[i]; same++)
			;
		equal += pairs_of(same);
		ties += (double) same * (same - 1) * (2 * same + 5);
	}
	test->s += (double) (pairs_of(count) - equal - 2 * falling);
	test->variance += ((double) count * (count - 1) * (2 * count + 5) - ties) / 18;
	*pairs += pairs_of(count);
	*different += pairs_of(count) - equal;
}

/* The test over all groups. */
KpiTrendTest
kpi_trend_test(const KpiGroups *numbers)
{
	KpiTrendTest test = {0};
	double	   *value = doubles(numbers->count);
	double	   *work = doubles(numbers->count);
	double		pairs = 0;
	double		different = 0;

	memcpy(value, numbers->value, numbers->count * sizeof(double));
	for (int group = 0; group < numbers->groups; group++)
	{
		int			first = numbers->first[group];
		int			count = numbers->first[group + 1] - first;

		if (count >= LEAST_OF_PLACE || numbers->groups == 1)
			test_group(value + first, count, work, &test, &pairs, &different);
	}
	pfree(value);
	pfree(work);
	test.tau = different > 0 ? test.s / sqrt(pairs * different) : NAN;
	test.z = test.variance > 0 ? (test.s - (test.s > 0) + (test.s < 0)) / sqrt(test.variance) : 0;
	test.p_value = numbers->count < LEAST_NUMBERS || pairs == 0 ? NAN : kpi_normal_tails(test.z);
	return test;
}

/* All slopes, one after the other. */
static void
list_slopes(const KpiGroups *numbers, double *slope)
{
	int64		next = 0;

	for (int group = 0; group < numbers->groups; group++)
	{
		for (int i = numbers->first[group]; i < numbers->first[group + 1]; i++)
		{
			CHECK_FOR_INTERRUPTS();
			for (int j = i + 1; j < numbers->first[group + 1]; j++)
				slope[next++] = (numbers->value[j] - numbers->value[i]) / (numbers->time[j] - numbers->time[i]);
		}
	}
}

/* Slopes of numbers, kept where they are not too many. */
static Slopes
begin_slopes(const KpiGroups *numbers)
{
	Slopes		slopes = {.numbers = numbers};

	for (int group = 0; group < numbers->groups; group++)
		slopes.pairs += pairs_of(numbers->first[group + 1] - numbers->first[group]);
	if (slopes.pairs <= MAX_SLOPES)
	{
		slopes.slope = doubles(slopes.pairs);
		list_slopes(numbers, slopes.slope);
		return slopes;
	}
	slopes.rest = doubles(numbers->count);
	slopes.work = doubles(numbers->count);
	return slopes;
}

/* How many slopes are at most that steep. */
static int64
slopes_up_to(const Slopes *slopes, double bound)
{
	const KpiGroups *numbers = slopes->numbers;
	int64		pairs = 0;

	for (int group = 0; group < numbers->groups; group++)
	{
		int			first = numbers->first[group];
		int			count = numbers->first[group + 1] - first;

		for (int i = first; i < first + count; i++)
			slopes->rest[i] = numbers->value[i] - numbers->value[first] -
				bound * (numbers->time[i] - numbers->time[first]);
		pairs += sort_and_count(slopes->rest + first, count, slopes->work, true);
	}
	return pairs;
}

/* The least and the greatest slope, which neighbours have. */
static void
slope_range(const KpiGroups *numbers, double *low, double *high)
{
	*low = INFINITY;
	*high = -INFINITY;
	for (int group = 0; group < numbers->groups; group++)
	{
		for (int i = numbers->first[group] + 1; i < numbers->first[group + 1]; i++)
		{
			double		slope = (numbers->value[i] - numbers->value[i - 1]) / (numbers->time[i] - numbers->time[i - 1]);

			*low = Min(*low, slope);
			*high = Max(*high, slope);
		}
	}
}

/* The slope at a rank, from 1, by halving. */
static double
find_slope(const Slopes *slopes, int64 rank)
{
	double		low;
	double		high;

	slope_range(slopes->numbers, &low, &high);
	if (slopes_up_to(slopes, low) >= rank)
		return low;
	for (;;)
	{
		double		middle = low / 2 + high / 2;

		CHECK_FOR_INTERRUPTS();
		if (middle <= low || middle >= high)
			return high;
		if (slopes_up_to(slopes, middle) >= rank)
			high = middle;
		else
			low = middle;
	}
}

/*
 * The slope at a rank, from 1; NaN beyond them.  Of those that are kept, it is
 * known to stand among some.
 */
static double
slope_at(const Slopes *slopes, double rank, int64 from, int64 to)
{
	if (!(rank >= 1 && rank <= slopes->pairs))
		return NAN;
	if (slopes->slope != NULL)
		return kpi_select(slopes->slope + from, to - from, (int64) rank - 1 - from);
	return find_slope(slopes, (int64) rank);
}

/* The median of all of them; those that are kept are parted by it. */
static double
median_slope(const Slopes *slopes)
{
	double		below;
	double		above;

	if (slopes->slope != NULL)
		return kpi_median(slopes->slope, slopes->pairs);
	below = find_slope(slopes, (slopes->pairs + 1) / 2);
	above = find_slope(slopes, slopes->pairs / 2 + 1);
	return below + (above - below) / 2;
}

/* The median of some numbers, which stay as they are. */
static double
median_of(const double *value, int count)
{
	double	   *copy = doubles(count);
	double		median;

	memcpy(copy, value, count * sizeof(double));
	median = kpi_median(copy, count);
	pfree(copy);
	return median;
}

/* The slope of all groups, for a variance of S; NaN without a pair. */
KpiSlope
kpi_median_slope(const KpiGroups *numbers, double variance, double confidence)
{
	Slopes		slopes = begin_slopes(numbers);
	double		reach = kpi_normal_bound(confidence) * sqrt(variance);
	int64		middle = (slopes.pairs + 1) / 2;
	double		low = rint((slopes.pairs - reach) / 2);
	double		high = rint((slopes.pairs + reach) / 2) + 1;
	KpiSlope	slope;

	slope.slope = median_slope(&slopes);
	/* the median parts those that are kept */
	slope.low = slope_at(&slopes, Min(low, middle), 0, middle);
	slope.high = high > middle ? slope_at(&slopes, high, middle, slopes.pairs) : slope_at(&slopes, high, 0, middle);
	slope.intercept = median_of(numbers->value, numbers->count) -
		slope.slope * median_of(numbers->time, numbers->count);
	return slope;
}
