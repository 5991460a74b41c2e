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
 * is not known.  Up to MAX_SLOPES are looked at one by one, of which only those
 * are kept that a sample says the ranks are among; of more, the slope at a rank
 * is found by halving, for how many are at most b are the pairs with
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

/* Of so many slopes and more a sample of one in STRIDE says which to keep. */
#define MANY_SLOPES 2000
#define STRIDE 17

/* The sample holds the ranks but once in a thousand times: standard deviations of a rank in it. */
#define SAMPLE_MARGIN 3.3

/* Runs of up to so many numbers are sorted by insertion. */
#define SHORT_RUN 12

/* Pairs over all groups, to find the slope at a rank. */
typedef struct Slopes
{
	const KpiGroups *numbers;
	int64		pairs;
	double	   *slope;			/* those that are kept, or NULL */
	int64		kept;
	int64		below;			/* lesser ones than those */
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

/* What so many equal numbers take from the variance of S, and all of them give it, times 18. */
static inline double
ties_of(double count)
{
	return count * (count - 1) * (2 * count + 5);
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
		ties += ties_of((double) same);
	}
	test->s += (double) (pairs_of(count) - equal - 2 * falling);
	test->variance += (ties_of((double) count) - ties) / 18;
	*pairs += (double) pairs_of(count);
	*different += (double) (pairs_of(count) - equal);
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

/* The slope between two numbers. */
static inline double
slope_between(const KpiGroups *numbers, int i, int j)
{
	return (numbers->value[j] - numbers->value[i]) / (numbers->time[j] - numbers->time[i]);
}

/* One slope in STRIDE; how many there are. */
static int64
list_sample(const KpiGroups *numbers, double *slope)
{
	int64		next = 0;
	int			skipped = STRIDE / 2;

	for (int group = 0; group < numbers->groups; group++)
	{
		int			end = numbers->first[group + 1];

		for (int i = numbers->first[group]; i < end; i++)
		{
			int			j = i + 1 + skipped;

			for (; j < end; j += STRIDE)
				slope[next++] = slope_between(numbers, i, j);
			skipped = j - end;
		}
	}
	return next;
}

/* Keep the slopes between two bounds, and count those below.  No branch depends on one. */
static void
list_slopes(Slopes *slopes, double low, double high)
{
	const KpiGroups *numbers = slopes->numbers;
	int64		kept = 0;
	int64		below = 0;

	for (int group = 0; group < numbers->groups; group++)
	{
		for (int i = numbers->first[group]; i < numbers->first[group + 1]; i++)
		{
			CHECK_FOR_INTERRUPTS();
			for (int j = i + 1; j < numbers->first[group + 1]; j++)
			{
				double		slope = slope_between(numbers, i, j);

				slopes->slope[kept] = slope;
				below += slope < low;
				kept += (slope >= low) & (slope <= high);
			}
		}
	}
	slopes->kept = kept;
	slopes->below = below;
}

/* Keep those that a sample says the slopes from a rank to another are among; false where it is wrong. */
static bool
keep_some(Slopes *slopes, int64 from, int64 to)
{
	int64		count = list_sample(slopes->numbers, slopes->slope);
	double		share = (double) count / (double) slopes->pairs;
	double		margin = SAMPLE_MARGIN * sqrt((double) count) / 2;
	int64		first = (int64) floor((double) (from - 1) * share - margin);
	int64		last = (int64) ceil((double) (to - 1) * share + margin);
	double		low = -INFINITY;
	double		high = INFINITY;

	if (last < count)
		high = kpi_select(slopes->slope, count, last);
	if (first >= 0)
		low = kpi_select(slopes->slope, last < count ? last : count, first);
	list_slopes(slopes, low, high);
	return slopes->below < from && slopes->below + slopes->kept >= to;
}

/* Slopes of numbers, of which those at ranks between two are asked; kept where they are not too many. */
static Slopes
begin_slopes(const KpiGroups *numbers, int64 pairs, int64 from, int64 to)
{
	Slopes		slopes = {.numbers = numbers,.pairs = pairs};

	if (pairs <= MAX_SLOPES)
	{
		slopes.slope = doubles(pairs + 1);
		if (pairs < MANY_SLOPES || !keep_some(&slopes, from, to))
			list_slopes(&slopes, -INFINITY, INFINITY);
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
			double		slope = slope_between(numbers, i - 1, i);

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
 * The slope at a rank; NaN where the rank is.  Of those that are kept, it is known
 * to stand from a rank to another, which others have been parted by.
 */
static double
slope_at(const Slopes *slopes, int64 rank, int64 from, int64 to)
{
	int64		first = Max(from - 1 - slopes->below, 0);
	int64		end = Min(to - slopes->below, slopes->kept);

	if (slopes->slope == NULL)
		return find_slope(slopes, rank);
	return kpi_select(slopes->slope + first, end - first, rank - 1 - slopes->below - first);
}

/* The slope at a rank that there may be none of: NaN then. */
static double
bound_at(const Slopes *slopes, double rank, int64 from, int64 to)
{
	return rank >= 1 && rank <= (double) slopes->pairs ? slope_at(slopes, (int64) rank, from, to) : NAN;
}

/* The median of all of them; those that are kept are parted by it. */
static double
median_slope(const Slopes *slopes)
{
	int64		middle = (slopes->pairs + 1) / 2;
	double		below = slope_at(slopes, middle, 1, slopes->pairs);

	if (slopes->pairs % 2 == 1)
		return below;
	return below + (slope_at(slopes, middle + 1, middle + 1, slopes->pairs) - below) / 2;
}

/* Pairs over all groups. */
static int64
count_pairs(const KpiGroups *numbers)
{
	int64		pairs = 0;

	for (int group = 0; group < numbers->groups; group++)
		pairs += pairs_of(numbers->first[group + 1] - numbers->first[group]);
	return pairs;
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
	int64		pairs = count_pairs(numbers);
	double		reach = kpi_normal_bound(confidence) * sqrt(variance);
	int64		middle = (pairs + 1) / 2;
	double		low = Min(rint((pairs - reach) / 2), middle);
	double		high = Max(rint((pairs + reach) / 2) + 1, middle);
	Slopes		slopes = begin_slopes(numbers, pairs, (int64) Max(low, 1), (int64) Min(Max(high, middle + 1), pairs));
	KpiSlope	slope;

	slope.slope = pairs > 0 ? median_slope(&slopes) : NAN;
	/* the median parts those that are kept */
	slope.low = bound_at(&slopes, low, 1, middle);
	slope.high = bound_at(&slopes, high, middle, pairs);
	slope.intercept = median_of(numbers->value, numbers->count) -
		slope.slope * median_of(numbers->time, numbers->count);
	return slope;
}
