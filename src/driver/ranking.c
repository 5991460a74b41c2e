/*-------------------------------------------------------------------------
 *
 * ranking.c
 *	  Which drivers an outcome goes with most: shares of R squared.
 *
 *	coefficient	of the regression of the outcome on all drivers, in units of their
 *				standard deviations
 *	share		up to ten drivers: the mean, over all orders in which they could be
 *				added to the regression, of what a driver adds to R squared (LMG);
 *				more: relative weights, sum over k of L[j][k]^2 b[k]^2, with L the
 *				root of the matrix of correlations of the drivers and L b their
 *				correlations with the outcome
 *
 * Shares are at least 0 and add up to R squared, also where drivers tell the same.
 * The periods are those that all series have.
 *
 * NULL rule: NULL where there are no more periods than series and one, or a series
 * is all the same; a coefficient also where drivers can be made of each other.
 *
 * Sources: R. H. Lindeman, P. F. Merenda and R. Z. Gold, Introduction to Bivariate
 * and Multivariate Analysis, 1980 (LMG); J. W. Johnson, Multivariate Behavioral
 * Research 35, 2000 (relative weights); Golub and Van Loan, section 8.5 (Jacobi).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "driver/correlation.h"
#include "funcapi.h"
#include "math/linear.h"
#include "miscadmin.h"

#define MAX_DRIVERS 100
#define MAX_ORDERED 10

/* What is left of a variance, of 1, below which a driver tells nothing more. */
#define SINGULAR 1e-10

#define JACOBI_SWEEPS 60

/* Correlations of drivers, and last of the outcome, and what they make. */
typedef struct Ranking
{
	int			drivers;
	int			n;				/* periods */
	double	   *correlation;
	double	   *coefficient;
	double	   *share;
	double		r_squared;
} Ranking;

/* The correlation of two of them; the outcome is number drivers. */
static double
correlation(const Ranking *ranking, int i, int j)
{
	return ranking->correlation[i * (ranking->drivers + 1) + j];
}

/*
 * R squared of the drivers of a set: the factor of their correlations, row by
 * row, without those that the ones before make up.
 */
static double
r_squared_of(const Ranking *ranking, const bool *in_set)
{
	double		factor[MAX_DRIVERS + 1][MAX_DRIVERS + 1];
	int			member[MAX_DRIVERS + 1];
	int			count = 0;

	for (int i = 0; i <= ranking->drivers; i++)
	{
		double	   *row = factor[count];
		double		left = 1;

		if (i < ranking->drivers && !in_set[i])
			continue;
		for (int k = 0; k < count; k++)
		{
			double		sum = correlation(ranking, i, member[k]);

			for (int m = 0; m < k; m++)
				sum -= row[m] * factor[k][m];
			row[k] = sum / factor[k][k];
			left -= row[k] * row[k];
		}
		if (i == ranking->drivers)
			return 1 - Max(left, 0);
		if (left > SINGULAR)
		{
			row[count] = sqrt(left);
			member[count++] = i;
		}
	}
	return 0;
}

/* R squared of every set of drivers, by its bits. */
static double *
r_squared_of_all(const Ranking *ranking)
{
	int			sets = 1 << ranking->drivers;
	double	   *r_squared = palloc(sets * sizeof(double));

	for (int set = 0; set < sets; set++)
	{
		bool		in_set[MAX_ORDERED];

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < ranking->drivers; i++)
			in_set[i] = (set >> i) & 1;
		r_squared[set] = r_squared_of(ranking, in_set);
	}
	return r_squared;
}

/* Shares by the mean over all orders. */
static void
share_by_orders(Ranking *ranking)
{
	int			k = ranking->drivers;
	double	   *r_squared = r_squared_of_all(ranking);
	double		weight[MAX_ORDERED];

	/* 1 / (k C(k - 1, s)) of the sets with s drivers */
	weight[0] = 1.0 / k;
	for (int s = 0; s + 1 < k; s++)
		weight[s + 1] = weight[s] * (s + 1) / (k - 1 - s);
	for (int set = 0; set < 1 << k; set++)
	{
		for (int i = 0; i < k; i++)
		{
			if (!((set >> i) & 1))
				ranking->share[i] += weight[__builtin_popcount(set)] * Max(0, r_squared[set | 1 << i] - r_squared[set]);
		}
	}
	ranking->r_squared = r_squared[(1 << k) - 1];
}

/* Turn rows and columns i and j of a symmetric matrix so that their element is 0. */
static void
turn(double *matrix, double *vectors, int n, int i, int j)
{
	double		theta = (matrix[j * n + j] - matrix[i * n + i]) / (2 * matrix[i * n + j]);
	double		t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
	double		c = 1 / sqrt(t * t + 1);
	double		s = t * c;

	for (int k = 0; k < n; k++)
	{
		double		x = matrix[k * n + i];
		double		y = matrix[k * n + j];

		matrix[k * n + i] = c * x - s * y;
		matrix[k * n + j] = s * x + c * y;
	}
	for (int k = 0; k < n; k++)
	{
		double		x = matrix[i * n + k];
		double		y = matrix[j * n + k];

		matrix[i * n + k] = c * x - s * y;
		matrix[j * n + k] = s * x + c * y;
		x = vectors[k * n + i];
		y = vectors[k * n + j];
		vectors[k * n + i] = c * x - s * y;
		vectors[k * n + j] = s * x + c * y;
	}
}

/* The eigenvalues of a symmetric matrix on its diagonal, and its eigenvectors as columns. */
static void
diagonalize(double *matrix, double *vectors, int n)
{
	for (int i = 0; i < n * n; i++)
		vectors[i] = i % (n + 1) == 0;
	for (int sweep = 0; sweep < JACOBI_SWEEPS; sweep++)
	{
		bool		turned = false;

		for (int i = 0; i < n; i++)
		{
			CHECK_FOR_INTERRUPTS();
			for (int j = i + 1; j < n; j++)
			{
				if (fabs(matrix[i * n + j]) < 1e-16)
					continue;
				turn(matrix, vectors, n, i, j);
				turned = true;
			}
		}
		if (!turned)
			return;
	}
}

/* Shares by relative weights. */
static void
share_by_weights(Ranking *ranking)
{
	int			k = ranking->drivers;
	double	   *matrix = palloc(sizeof(double) * k * k);
	double	   *vector = palloc(sizeof(double) * k * k);
	double	   *weight = palloc0(sizeof(double) * k);

	for (int i = 0; i < k * k; i++)
		matrix[i] = correlation(ranking, i / k, i % k);
	diagonalize(matrix, vector, k);
	for (int e = 0; e < k; e++)
	{
		double		value = matrix[e * k + e];
		double		projected = 0;

		for (int i = 0; i < k; i++)
			projected += vector[i * k + e] * correlation(ranking, i, k);
		/* directions without variance tell nothing */
		for (int i = 0; i < k && value > SINGULAR; i++)
			weight[i] += vector[i * k + e] * projected / sqrt(value);
	}
	for (int j = 0; j < k; j++)
	{
		for (int m = 0; m < k; m++)
		{
			double		root = 0;

			for (int e = 0; e < k; e++)
				root += vector[j * k + e] * vector[m * k + e] * sqrt(Max(matrix[e * k + e], 0));
			ranking->share[j] += root * root * weight[m] * weight[m];
		}
		ranking->r_squared += ranking->share[j];
	}
}

/* Coefficients of the regression on all drivers; NaN where there are none. */
static void
find_coefficients(Ranking *ranking)
{
	int			k = ranking->drivers;
	double	   *matrix = palloc(sizeof(double) * k * k);

	for (int i = 0; i < k * k; i++)
		matrix[i] = correlation(ranking, i / k, i % k);
	for (int i = 0; i < k; i++)
		ranking->coefficient[i] = correlation(ranking, i, k);
	if (kpi_factor(matrix, k, SINGULAR))
		kpi_solve(matrix, k, ranking->coefficient);
	else
	{
		for (int i = 0; i < k; i++)
			ranking->coefficient[i] = NAN;
	}
}

/* The correlations of aligned series, the outcome first, over the periods that all have. */
static Ranking
correlate(KpiAligned *aligned)
{
	int			k = aligned->count - 1;
	Ranking		ranking = {
		.drivers = k,.n = kpi_keep_common(aligned),
		.correlation = palloc(sizeof(double) * (k + 1) * (k + 1)),
		.coefficient = palloc(k * sizeof(double)),.share = palloc0(k * sizeof(double))
	};

	for (int i = 0; i <= k; i++)
	{
		for (int j = 0; j <= k; j++)
			ranking.correlation[i * (k + 1) + j] = i == j ? 1 :
				kpi_pearson(kpi_aligned_values(aligned, (i + 1) % (k + 1)),
							kpi_aligned_values(aligned, (j + 1) % (k + 1)), ranking.n);
	}
	return ranking;
}

/* Whether all of the correlations are defined, over enough periods. */
static bool
is_defined(const Ranking *ranking)
{
	for (int i = 0; i < (ranking->drivers + 1) * (ranking->drivers + 1); i++)
	{
		if (isnan(ranking->correlation[i]))
			return false;
	}
	return ranking->n > ranking->drivers + 2;
}

/* The place of a driver by its share. */
static int
rank_of(const Ranking *ranking, int driver)
{
	int			rank = 1;

	for (int i = 0; i < ranking->drivers; i++)
		rank += ranking->share[i] > ranking->share[driver];
	return rank;
}

/* The outcome and the drivers of the arguments. */
static KpiAligned
read_series(FunctionCallInfo fcinfo, KpiKey **key)
{
	int			count;
	Datum	   *driver = kpi_series_elements(PG_GETARG_ARRAYTYPE_P(2), "series", &count);
	Datum	   *all = palloc((count + 1) * sizeof(Datum));

	if (count > MAX_DRIVERS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d drivers are more than %d", count, MAX_DRIVERS)));
	*key = kpi_key_elements(PG_GETARG_ARRAYTYPE_P(1), count);
	all[0] = PG_GETARG_DATUM(0);
	memcpy(all + 1, driver, count * sizeof(Datum));
	return kpi_align(all, count + 1, false);
}

/* driver_ranking(outcome, keys, series): a row a driver. */
PG_FUNCTION_INFO_V1(kpi_driver_ranking);
Datum
kpi_driver_ranking(PG_FUNCTION_ARGS)
{
	KpiKey	   *key;
	KpiAligned	aligned = read_series(fcinfo, &key);
	Ranking		ranking = correlate(&aligned);
	bool		defined = is_defined(&ranking);

	if (defined)
	{
		find_coefficients(&ranking);
		if (ranking.drivers <= MAX_ORDERED)
			share_by_orders(&ranking);
		else
			share_by_weights(&ranking);
	}
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < ranking.drivers; i++)
	{
		KpiAnswer	answer = {0};

		kpi_answer_text(&answer, key[i]);
		kpi_answer_integer(&answer, ranking.n);
		kpi_answer_number(&answer, correlation(&ranking, i, ranking.drivers));
		kpi_answer_number(&answer, defined ? ranking.coefficient[i] : NAN);
		kpi_answer_number(&answer, defined ? ranking.share[i] : NAN);
		kpi_answer_add(&answer, Int32GetDatum(rank_of(&ranking, i)), !defined);
		kpi_answer_number(&answer, defined ? ranking.r_squared : NAN);
		kpi_answer_put(fcinfo, &answer);
	}
	PG_RETURN_NULL();
}
