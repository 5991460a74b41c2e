/*-------------------------------------------------------------------------
 *
 * correlation.c
 *	  Correlations of two lists of numbers, and what chance makes of them.
 *
 *	pearson		sum of (x - mean x)(y - mean y) over the root of both sums of squares
 *	spearman	the same of ranks, equal values with the mean of theirs
 *	kendall		tau-b = (concordant - discordant) / sqrt((n0 - n1)(n0 - n2)), n0 all
 *				pairs, n1 and n2 those equal in x and in y
 *	p			two-sided: Student's t with n - 2 degrees of freedom, t = r sqrt((n
 *				- 2) / (1 - r^2)); of kendall the normal one, with the variance of
 *				ties
 *	interval	of atanh r, with the variance 1 / (n - 3); 1.06 / (n - 3) of
 *				spearman and 0.437 / (n - 4) of kendall
 *	q			the least share of false findings at which a finding is one
 *				(Benjamini and Hochberg)
 *
 * NULL rule: not defined for fewer than three pairs, and where x or y is all the
 * same.
 *
 * Numeric method: means first, then sums around them; Kendall's pairs by sorting,
 * in n log n steps.
 *
 * Sources: W. R. Knight, J. of the American Statistical Association 61, 1966
 * (sorting); M. G. Kendall, Rank Correlation Methods, 1970 (variance);
 * E. C. Fieller, H. O. Hartley and E. S. Pearson, Biometrika 44, 1957 (intervals);
 * Y. Benjamini and Y. Hochberg, J. of the Royal Statistical Society B 57, 1995.
 *
 *-------------------------------------------------------------------------
 */
#include "driver/correlation.h"

#include "base/check.h"
#include "math/quantile.h"
#include "math/special.h"
#include "miscadmin.h"

/* A value with its place. */
typedef struct Placed
{
	double		value;
	int			place;
} Placed;

#define ST_SORT sort_placed
#define ST_ELEMENT_TYPE Placed
#define ST_COMPARE(a, b) (((a)->value > (b)->value) - ((a)->value < (b)->value))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Two values of a pair. */
typedef struct Pair
{
	double		x;
	double		y;
} Pair;

#define ST_SORT sort_pairs
#define ST_ELEMENT_TYPE Pair
#define ST_COMPARE(a, b) \
	((a)->x != (b)->x ? ((a)->x > (b)->x) - ((a)->x < (b)->x) : ((a)->y > (b)->y) - ((a)->y < (b)->y))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* What equal values take away: of t equal ones the sums of these. */
typedef struct Ties
{
	double		pairs;			/* t (t - 1) / 2 */
	double		triples;		/* t (t - 1) (t - 2) */
	double		variance;		/* t (t - 1) (2 t + 5) */
} Ties;

/* The values of two lists where both have one, in room for twice as many. */
KpiMatched
kpi_match(const double *x, const double *y, int count, double *room)
{
	KpiMatched	matched = {0, room, room + count};

	for (int i = 0; i < count; i++)
	{
		if (isnan(x[i]) || isnan(y[i]))
			continue;
		matched.x[matched.n] = x[i];
		matched.y[matched.n] = y[i];
		matched.n++;
	}
	return matched;
}

/* The mean, without overflow. */
static double
mean_of(const double *value, int n)
{
	double		mean = 0;

	for (int i = 0; i < n; i++)
		mean += value[i];
	mean /= n;
	if (kpi_is_number(mean))
		return mean;
	mean = 0;
	for (int i = 0; i < n; i++)
		mean += value[i] / n;
	return mean;
}

/* The correlation of Pearson; NaN where it is not defined. */
double
kpi_pearson(const double *x, const double *y, int n)
{
	double		mean_x;
	double		mean_y;
	double		xx = 0;
	double		yy = 0;
	double		xy = 0;

	if (n < 3)
		return NAN;
	mean_x = mean_of(x, n);
	mean_y = mean_of(y, n);
	for (int i = 0; i < n; i++)
	{
		double		dx = x[i] - mean_x;
		double		dy = y[i] - mean_y;

		xx += dx * dx;
		yy += dy * dy;
		xy += dx * dy;
	}
	if (!(xx > 0 && yy > 0))
		return NAN;
	return Min(1, Max(-1, xy / sqrt(xx) / sqrt(yy)));
}

/* The ranks of values, from 1; equal ones have the mean of theirs. */
void
kpi_rank(const double *value, int n, double *rank)
{
	Placed	   *placed = palloc(Max(n, 1) * sizeof(Placed));
	int			next;

	for (int i = 0; i < n; i++)
		placed[i] = (Placed)
	{
		value[i], i
	};
	sort_placed(placed, n);
	for (int i = 0; i < n; i = next)
	{
		for (next = i + 1; next < n && placed[next].value == placed[i].value; next++)
			;
		for (int k = i; k < next; k++)
			rank[placed[k].place] = (i + 1 + next) / 2.0;
	}
	pfree(placed);
}

/* Add t equal values to the ties. */
static void
add_tie(Ties *ties, double t)
{
	ties->pairs += t * (t - 1) / 2;
	ties->triples += t * (t - 1) * (t - 2);
	ties->variance += t * (t - 1) * (2 * t + 5);
}

/* The ties of values in order. */
static Ties
count_ties(const double *value, int n)
{
	Ties		ties = {0};
	int			next;

	for (int i = 0; i < n; i = next)
	{
		for (next = i + 1; next < n && value[next] == value[i]; next++)
			;
		add_tie(&ties, next - i);
	}
	return ties;
}

/* Sort values by merging; how many pairs of them were in the wrong order. */
static double
sort_and_count(double *value, double *room, int n)
{
	double		swaps = 0;
	int			half = n / 2;
	int			left = 0;
	int			right = half;

	if (n < 2)
		return 0;
	CHECK_FOR_INTERRUPTS();
	swaps = sort_and_count(value, room, half) + sort_and_count(value + half, room, n - half);
	for (int i = 0; i < n; i++)
	{
		if (right == n || (left < half && value[left] <= value[right]))
			room[i] = value[left++];
		else
		{
			room[i] = value[right++];
			swaps += half - left;
		}
	}
	memcpy(value, room, n * sizeof(double));
	return swaps;
}

/* The pairs that are equal in both values, of pairs in order. */
static double
count_equal(const Pair *pair, int n)
{
	double		equal = 0;
	int			next;

	for (int i = 0; i < n; i = next)
	{
		for (next = i + 1; next < n && pair[next].x == pair[i].x && pair[next].y == pair[i].y; next++)
			;
		equal += (next - i) * (next - i - 1.0) / 2;
	}
	return equal;
}

/* The variance of concordant less discordant pairs, by chance. */
static double
kendall_variance(double n, const Ties *x, const Ties *y)
{
	return (n * (n - 1) * (2 * n + 5) - x->variance - y->variance) / 18 +
		2 * x->pairs * y->pairs / (n * (n - 1)) +
		x->triples * y->triples / (9 * n * (n - 1) * (n - 2));
}

/* Kendall's tau-b. */
static KpiCorrelation
kendall(const KpiMatched *matched)
{
	int			n = matched->n;
	Pair	   *pair = palloc(Max(n, 1) * sizeof(Pair));
	double	   *x = palloc(Max(3 * n, 1) * sizeof(double));
	double	   *y = x + n;
	double		all = n * (n - 1.0) / 2;
	double		equal;
	double		score;
	Ties		x_ties;
	Ties		y_ties;
	KpiCorrelation result = {n, NAN, NAN, NAN};

	for (int i = 0; i < n; i++)
		pair[i] = (Pair)
	{
		matched->x[i], matched->y[i]
	};
	sort_pairs(pair, n);
	for (int i = 0; i < n; i++)
	{
		x[i] = pair[i].x;
		y[i] = pair[i].y;
	}
	equal = count_equal(pair, n);
	x_ties = count_ties(x, n);
	score = -2 * sort_and_count(y, y + n, n);
	y_ties = count_ties(y, n);
	score += all - x_ties.pairs - y_ties.pairs + equal;
	if (n >= 3 && all > x_ties.pairs && all > y_ties.pairs)
	{
		result.r = score / sqrt(all - x_ties.pairs) / sqrt(all - y_ties.pairs);
		result.r = Min(1, Max(-1, result.r));
		result.p = kpi_normal_tails(score / sqrt(kendall_variance(n, &x_ties, &y_ties)));
	}
	pfree(pair);
	pfree(x);
	return result;
}

/* How likely chance makes a correlation as large, to either side. */
double
kpi_correlation_p(double r, double freedom)
{
	if (isnan(r) || freedom < 1)
		return NAN;
	if (r == 0)
		return 1;
	if (fabs(r) >= 1)
		return 0;
	/* an incomplete beta function of 1 - r^2 */
	return kpi_negative_binomial_tail(0.5, freedom / 2, log1p(-r * r) - 2 * log(fabs(r)));
}

/* How likely chance makes a quotient of variances as large. */
double
kpi_f_tail(double f, double freedom1, double freedom2)
{
	if (isnan(f))
		return NAN;
	if (f <= 0)
		return 1;
	return kpi_negative_binomial_tail(freedom1 / 2, freedom2 / 2, log(freedom2 / freedom1 / f));
}

/* The correlation of values that belong together. */
KpiCorrelation
kpi_correlate(KpiCorrelationMethod method, const KpiMatched *matched)
{
	KpiCorrelation result = {matched->n, NAN, NAN, NAN};

	if (method == KPI_KENDALL)
		return kendall(matched);
	if (method == KPI_SPEARMAN)
	{
		kpi_rank(matched->x, matched->n, matched->x);
		kpi_rank(matched->y, matched->n, matched->y);
	}
	result.r = kpi_pearson(matched->x, matched->y, matched->n);
	result.p = kpi_correlation_p(result.r, matched->n - 2);
	return result;
}

/* The order of correlations by p, those without one last. */
static int
compare_p(const void *a, const void *b)
{
	double		x = (*(KpiCorrelation *const *) a)->p;
	double		y = (*(KpiCorrelation *const *) b)->p;

	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x > y) - (x < y);
}

/* Set the q of many correlations. */
void
kpi_adjust(KpiCorrelation *correlation, int count)
{
	KpiCorrelation **order = palloc(Max(count, 1) * sizeof(KpiCorrelation *));
	int			tested = 0;
	double		least = 1;

	for (int i = 0; i < count; i++)
	{
		order[i] = &correlation[i];
		correlation[i].q = NAN;
		tested += !isnan(correlation[i].p);
	}
	qsort(order, count, sizeof(KpiCorrelation *), compare_p);
	for (int i = tested - 1; i >= 0; i--)
	{
		least = Min(least, order[i]->p * tested / (i + 1));
		order[i]->q = least;
	}
	pfree(order);
}

/* The interval of a correlation, by the bound of the normal distribution; NaN for too few pairs. */
void
kpi_correlation_interval(KpiCorrelationMethod method, const KpiCorrelation *correlation,
						 double bound, double *low, double *high)
{
	double		variance = 1.0 / (correlation->n - 3);
	double		half;

	if (method == KPI_SPEARMAN)
		variance *= 1.06;
	else if (method == KPI_KENDALL)
		variance = 0.437 / (correlation->n - 4);
	*low = *high = NAN;
	if (isnan(correlation->r) || !kpi_is_number(variance) || variance < 0)
		return;
	half = bound * sqrt(variance);
	*low = tanh(atanh(correlation->r) - half);
	*high = tanh(atanh(correlation->r) + half);
}
