/*-------------------------------------------------------------------------
 *
 * ahp.h
 *	  Pairwise judgements, from which the analytic hierarchy process makes weights.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_AHP_H
#define KPI_AHP_H

#include "kpi.h"

#include <math.h>

#define KPI_MAX_ELEMENTS 100

/* Logarithms of the judgements, row after row; NaN where one is missing. */
typedef struct KpiJudgements
{
	int			n;
	double	   *ln;
} KpiJudgements;

/* The logarithm of a judgement. */
static inline double
kpi_judgement(const KpiJudgements *judgements, int i, int j)
{
	return judgements->ln[i * judgements->n + j];
}

/* What judgements say, and how well they agree with each other. */
typedef struct KpiAhp
{
	double	   *weight;
	double		lambda_max;
	double		ci;
	double		cr;				/* NaN where chance has no index */
	double		gci;			/* NaN for fewer than three elements */
	int			missing;
	int			outside_scale;
	int			pair[2];		/* that fits worst; -1 where all fit */
	int			triple[3];		/* that fits worst; -1 where all fit */
} KpiAhp;

extern void kpi_set_judgement(KpiJudgements *judgements, int i, int j, double ln);
extern KpiJudgements kpi_new_judgements(int n);
extern KpiAhp kpi_ahp(const KpiJudgements *judgements, bool geometric);

#endif							/* KPI_AHP_H */
