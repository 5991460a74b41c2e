/*-------------------------------------------------------------------------
 *
 * ahp.c
 *	  Weights of pairwise judgements: the analytic hierarchy process.
 *
 *	weights			the principal eigenvector of the judgements, sum 1; or the
 *					row means of their logarithms, taken back
 *	lambda_max		its eigenvalue, n where the judgements agree
 *	ci, cr			(lambda_max - n) / (n - 1), and that by the same of random
 *					judgements, RI
 *	gci				2 / ((n - 1)(n - 2)) sum over i < j of the squared logarithms
 *					of a[i][j] w[j] / w[i], w the row means
 *
 * A missing judgement is filled in by the weights themselves: Harker's matrix has
 * 0 there and 1 plus the number of missing ones on the diagonal.  The row means
 * become the least squares fit of w[i] / w[j] to the logarithms.  RI shrinks by
 * the share of judgements that could be missing.
 *
 * Numeric method: in units of the row means, which leaves eigenvalues as they are
 * and values near 1, the matrix is squared again and again, which never fails on
 * positive judgements that hang together, and two plain steps end it.
 *
 * Sources: T. L. Saaty, The Analytic Hierarchy Process, 1980 (eigenvector, RI up
 * to 15); J. A. Alonso and M. T. Lamata, Int. J. Uncertainty, Fuzziness and
 * Knowledge-Based Systems 14, 2006 (RI beyond); P. T. Harker, Mathematical
 * Modelling 9, 1987 (missing judgements); S. Bozoki, J. Fulop and L. Ronyai,
 * Mathematical and Computer Modelling 52, 2010 (least squares);
 * K. Agoston and L. Csato, Omega 108, 2022 (RI of missing judgements); J. Aguaron
 * and J. M. Moreno-Jimenez, European J. of Operational Research 147, 2003 (GCI).
 *
 *-------------------------------------------------------------------------
 */
#include "weighting/ahp.h"

#include "math/linear.h"
#include "miscadmin.h"

/* Squared this often, the second eigenvector has no digit left. */
#define SQUARINGS 40

/* Logarithms that differ less are equal: judgements come with rounded reciprocals. */
#define FITS 1e-6

#define SCALE_END 9.0

/* No judgement yet. */
KpiJudgements
kpi_new_judgements(int n)
{
	KpiJudgements judgements = {n, palloc(sizeof(double) * n * n)};

	for (int i = 0; i < n * n; i++)
		judgements.ln[i] = i % (n + 1) == 0 ? 0 : NAN;
	return judgements;
}

/* Set a judgement, and its reciprocal. */
void
kpi_set_judgement(KpiJudgements *judgements, int i, int j, double ln)
{
	judgements->ln[i * judgements->n + j] = ln;
	judgements->ln[j * judgements->n + i] = -ln;
}

/* Mark all elements that judgements connect with one of them. */
static void
connect(const KpiJudgements *judgements, int from, bool *reached)
{
	reached[from] = true;
	for (int i = 0; i < judgements->n; i++)
	{
		if (!reached[i] && !isnan(kpi_judgement(judgements, from, i)))
			connect(judgements, i, reached);
	}
}

/* The error of elements that no chain of judgements compares. */
static void
check_connected(const KpiJudgements *judgements)
{
	bool		reached[KPI_MAX_ELEMENTS] = {false};

	connect(judgements, 0, reached);
	for (int i = 1; i < judgements->n; i++)
	{
		if (!reached[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("no judgements compare element 1 with element %d, not even through others", i + 1),
					 errhint("Judge at least as many pairs as connect all elements.")));
	}
}

/* The judgements as Harker's matrix, in units of weights. */
static double *
harker_matrix(const KpiJudgements *judgements, const double *unit)
{
	int			n = judgements->n;
	double	   *matrix = palloc0(sizeof(double) * n * n);

	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
		{
			double		ln = kpi_judgement(judgements, i, j);

			if (isnan(ln))
				matrix[i * n + i]++;
			else
				matrix[i * n + j] += exp(ln - log(unit[i]) + log(unit[j]));
		}
	}
	return matrix;
}

/* Make the greatest element of a positive matrix 1. */
static void
scale(double *matrix, int n)
{
	double		greatest = 0;

	for (int i = 0; i < n * n; i++)
		greatest = Max(greatest, matrix[i]);
	for (int i = 0; i < n * n; i++)
		matrix[i] /= greatest;
}

/* Square a matrix, with its greatest element made 1. */
static void
square(double *matrix, double *work, int n)
{
	CHECK_FOR_INTERRUPTS();
	memset(work, 0, sizeof(double) * n * n);
	for (int i = 0; i < n; i++)
	{
		for (int k = 0; k < n; k++)
		{
			for (int j = 0; j < n; j++)
				work[i * n + j] += matrix[i * n + k] * matrix[k * n + j];
		}
	}
	memcpy(matrix, work, sizeof(double) * n * n);
	scale(matrix, n);
}

/* Make positive numbers sum to 1; their sum before. */
static double
normalize(double *weight, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += weight[i];
	for (int i = 0; i < n; i++)
		weight[i] /= sum;
	return sum;
}

/* The product of a matrix and weights, made to sum 1; the sum before. */
static double
step(const double *matrix, double *weight, int n)
{
	double		product[KPI_MAX_ELEMENTS] = {0};

	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
			product[i] += matrix[i * n + j] * weight[j];
	}
	memcpy(weight, product, n * sizeof(double));
	return normalize(weight, n);
}

/* The principal eigenvector, with sum 1; its eigenvalue. */
static double
eigenvector(const double *matrix, double *weight, int n)
{
	double	   *power = palloc(sizeof(double) * n * n);
	double	   *work = palloc(sizeof(double) * n * n);

	memcpy(power, matrix, sizeof(double) * n * n);
	scale(power, n);
	for (int i = 0; i < SQUARINGS; i++)
		square(power, work, n);
	for (int i = 0; i < n; i++)
		weight[i] = 1;
	step(power, weight, n);
	step(matrix, weight, n);
	pfree(work);
	pfree(power);
	return step(matrix, weight, n);
}

/*
 * The row means: the least squares fit of logarithms, which hang together, with
 * the first one held at 0; then as weights of sum 1.
 */
static void
row_means(const KpiJudgements *judgements, double *weight)
{
	int			n = judgements->n;
	int			free = n - 1;
	double	   *laplace = palloc0(sizeof(double) * Max(free * free, 1));
	double		greatest = 0;

	memset(weight, 0, n * sizeof(double));
	for (int i = 1; i < n; i++)
	{
		for (int j = 0; j < n; j++)
		{
			double		ln = kpi_judgement(judgements, i, j);

			if (j == i || isnan(ln))
				continue;
			weight[i] += ln;
			laplace[(i - 1) * free + i - 1]++;
			if (j > 0)
				laplace[(i - 1) * free + j - 1] = -1;
		}
	}
	if (!kpi_factor(laplace, free, 0))
		elog(ERROR, "judgements do not connect all elements");
	kpi_solve(laplace, free, weight + 1);
	for (int i = 0; i < n; i++)
		greatest = Max(greatest, weight[i]);
	for (int i = 0; i < n; i++)
		weight[i] = exp(weight[i] - greatest);
	normalize(weight, n);
	pfree(laplace);
}

/* By how much a judgement misses what weights say, as a logarithm. */
static double
misfit(const KpiJudgements *judgements, const double *weight, int i, int j)
{
	return kpi_judgement(judgements, i, j) - log(weight[i] / weight[j]);
}

/* Count judgements, and find the one that weights fit worst. */
static void
judge_pairs(const KpiJudgements *judgements, KpiAhp *ahp)
{
	double		worst = FITS;

	for (int i = 0; i < judgements->n; i++)
	{
		for (int j = i + 1; j < judgements->n; j++)
		{
			double		ln = kpi_judgement(judgements, i, j);

			ahp->missing += isnan(ln);
			ahp->outside_scale += fabs(ln) > log(SCALE_END) + FITS;
			if (fabs(misfit(judgements, ahp->weight, i, j)) > worst)
			{
				worst = fabs(misfit(judgements, ahp->weight, i, j));
				ahp->pair[0] = i;
				ahp->pair[1] = j;
			}
		}
	}
}

/* Find the three elements whose judgements contradict each other most. */
static void
judge_triples(const KpiJudgements *judgements, KpiAhp *ahp)
{
	double		worst = FITS;

	for (int i = 0; i < judgements->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = i + 1; j < judgements->n; j++)
		{
			for (int k = j + 1; k < judgements->n; k++)
			{
				double		circle = fabs(kpi_judgement(judgements, i, j) + kpi_judgement(judgements, j, k) +
										  kpi_judgement(judgements, k, i));

				if (circle > worst)
				{
					worst = circle;
					ahp->triple[0] = i;
					ahp->triple[1] = j;
					ahp->triple[2] = k;
				}
			}
		}
	}
}

/* The mean consistency index of random judgements. */
static double
random_index(int n, int missing)
{
	static const double saaty[] = {
		0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59
	};
	double		complete = n < (int) lengthof(saaty) ? saaty[n] : (1.7699 * n - 4.3513) / (n - 1);

	return missing == 0 ? complete : complete * (1 - 2.0 * missing / ((n - 1) * (n - 2)));
}

/* The geometric consistency index, of all judgements that there are. */
static double
geometric_index(const KpiJudgements *judgements)
{
	int			n = judgements->n;
	double		weight[KPI_MAX_ELEMENTS];
	double		sum = 0;

	if (n < 3)
		return NAN;
	row_means(judgements, weight);
	for (int i = 0; i < n; i++)
	{
		for (int j = i + 1; j < n; j++)
		{
			double		missed = misfit(judgements, weight, i, j);

			if (!isnan(missed))
				sum += missed * missed;
		}
	}
	return 2 * sum / ((n - 1.0) * (n - 2.0));
}

/* The indexes of consistency; an index below 0 is rounding. */
static void
judge_all(const KpiJudgements *judgements, KpiAhp *ahp)
{
	int			n = judgements->n;
	double		random = random_index(n, ahp->missing);

	ahp->ci = n < 2 ? 0 : Max(0, (ahp->lambda_max - n) / (n - 1));
	/* so few judgements cannot contradict each other */
	ahp->cr = random > FITS ? ahp->ci / random : 0;
	ahp->gci = geometric_index(judgements);
}

/* Weights of judgements, and how well these agree. */
KpiAhp
kpi_ahp(const KpiJudgements *judgements, bool geometric)
{
	int			n = judgements->n;
	double		mean[KPI_MAX_ELEMENTS];
	double	   *matrix;
	KpiAhp		ahp = {.pair = {-1, -1},.triple = {-1, -1, -1}};

	check_connected(judgements);
	row_means(judgements, mean);
	matrix = harker_matrix(judgements, mean);
	ahp.weight = palloc(n * sizeof(double));
	ahp.lambda_max = eigenvector(matrix, ahp.weight, n);
	for (int i = 0; i < n; i++)
		ahp.weight[i] = geometric ? mean[i] : ahp.weight[i] * mean[i];
	normalize(ahp.weight, n);
	judge_pairs(judgements, &ahp);
	judge_triples(judgements, &ahp);
	judge_all(judgements, &ahp);
	pfree(matrix);
	return ahp;
}
