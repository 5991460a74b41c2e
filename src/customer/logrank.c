/*-------------------------------------------------------------------------
 *
 * logrank.c
 *	  Whether groups differ in their survival: the log-rank test.
 *
 * At each time with d events among n at risk, group j with n_j of these expects
 * e_j = d n_j / n.  Of the differences between what happened and what was
 * expected, summed over the times,
 *
 *	z_j = sum of (d_j - e_j)
 *	V_jl = sum of d (n - d) / (n - 1) n_j / n (1 if j = l, else 0, - n_l / n)
 *
 * chi_square = z' V^-1 z over all groups but one, with one degree of freedom
 * for each of these that was ever at risk; p is the probability of a greater one.
 *
 * Sources: N. Mantel, "Evaluation of survival data and two new rank order
 * statistics", Cancer Chemotherapy Reports 50, 1966; R. Peto and J. Peto,
 * "Asymptotically efficient rank invariant test procedures", Journal of the
 * Royal Statistical Society A 135, 1972; Klein and Moeschberger, chapter 7.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/estimate.h"
#include "base/list.h"
#include "customer/survival.h"
#include "math/special.h"
#include "miscadmin.h"

#define MAX_GROUPS 100

/* Groups that are walked together, and what has been summed. */
typedef struct Groups
{
	int			count;
	KpiWalk    *walk;
	bool	   *alive;			/* the walk stands at a step */
	double	   *at_risk;		/* of each group at a time */
	double	   *difference;		/* z */
	double	   *covariance;		/* V, rows of count */
} Groups;

/* The survival values of an array, their walks at the first step. */
static Groups
start_groups(ArrayType *array)
{
	KpiList		list = kpi_list(array, "groups");
	Groups		groups = {.count = list.count};

	kpi_check_no_nulls(&list, "groups");
	if (list.count > MAX_GROUPS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d groups are more than %d", list.count, MAX_GROUPS),
				 errhint("Compare fewer groups at a time.")));
	groups.walk = palloc0(list.count * sizeof(KpiWalk));
	groups.alive = palloc0(list.count * sizeof(bool));
	groups.at_risk = palloc0(list.count * sizeof(double));
	groups.difference = palloc0(list.count * sizeof(double));
	groups.covariance = palloc0((Size) list.count * list.count * sizeof(double));
	for (int i = 0; i < list.count; i++)
	{
		kpi_walk_start(&groups.walk[i], kpi_survival_argument(list.element[i]));
		groups.alive[i] = kpi_walk_next(&groups.walk[i]);
	}
	return groups;
}

/* The earliest time at which a walk stands; false where all have ended. */
static bool
next_time(const Groups *groups, double *time)
{
	bool		found = false;

	for (int i = 0; i < groups->count; i++)
	{
		if (groups->alive[i] && (!found || groups->walk[i].step.time < *time))
		{
			*time = groups->walk[i].step.time;
			found = true;
		}
	}
	return found;
}

/* Those at risk at a time: of the next step, but for entries in between. */
static double
at_risk_at(const KpiWalk *walk, bool alive, double time)
{
	double		at_risk;

	if (!alive)
		return 0;
	if (walk->step.time == time)
		return walk->step.at_risk;
	/* entries from this time on are not there yet */
	at_risk = walk->step.at_risk;
	for (int i = walk->next - 1; i >= 0 && walk->state->duration[i].time >= time; i--)
	{
		const KpiDuration *at = &walk->state->duration[i];

		if (at->what == KPI_ENTERED && at->time < walk->step.time)
			at_risk -= at->weight;
	}
	return at_risk;
}

/* Take what happens at a time, events in all groups, into the sums. */
static void
take_time(Groups *groups, double time)
{
	double		n = 0;
	double		d = 0;
	double		scale;

	for (int i = 0; i < groups->count; i++)
	{
		groups->at_risk[i] = at_risk_at(&groups->walk[i], groups->alive[i], time);
		n += groups->at_risk[i];
		if (groups->alive[i] && groups->walk[i].step.time == time)
			d += groups->walk[i].step.events;
	}
	if (d == 0)
		return;
	scale = n > 1 ? d * (n - d) / (n - 1) : 0;
	for (int i = 0; i < groups->count; i++)
	{
		double		share = groups->at_risk[i] / n;

		if (groups->alive[i] && groups->walk[i].step.time == time)
			groups->difference[i] += groups->walk[i].step.events;
		groups->difference[i] -= d * share;
		for (int j = 0; j < groups->count; j++)
			groups->covariance[i * groups->count + j] +=
				scale * share * ((i == j) - groups->at_risk[j] / n);
	}
}

/*
 * z' V^-1 z by elimination, of a group less than there are; a pivot of 0 belongs
 * to a group without risk or to the last one. degrees is how many had one.
 */
static double
quadratic_form(Groups *groups, int *degrees)
{
	int			k = groups->count;
	double		result = 0;
	double		largest = 0;

	*degrees = 0;
	for (int i = 0; i < k; i++)
		largest = Max(largest, groups->covariance[i * k + i]);
	for (int i = 0; i < k - 1; i++)
	{
		double		pivot = groups->covariance[i * k + i];

		if (pivot <= largest * 1e-10)
			continue;
		(*degrees)++;
		result += groups->difference[i] * groups->difference[i] / pivot;
		for (int j = i + 1; j < k; j++)
		{
			double		factor = groups->covariance[j * k + i] / pivot;

			groups->difference[j] -= factor * groups->difference[i];
			for (int l = i + 1; l < k; l++)
				groups->covariance[j * k + l] -= factor * groups->covariance[i * k + l];
		}
	}
	return result;
}

/* The probability of a greater chi-square: Q(degrees / 2, x / 2) by its recurrence. */
static double
chi_square_tail(double x, int degrees)
{
	double		half = x / 2;
	double		order = degrees % 2 == 0 ? 1 : 0.5;
	double		tail = degrees % 2 == 0 ? exp(-half) : erfc(sqrt(half));

	for (; order < degrees / 2.0; order++)
		tail += half > 0 ? exp(order * log(half) - half - kpi_log_gamma(order + 1)) : 0;
	return Min(tail, 1);
}

/* logrank(groups): chi_square, degrees and p_value. */
PG_FUNCTION_INFO_V1(kpi_logrank);
Datum
kpi_logrank(PG_FUNCTION_ARGS)
{
	Groups		groups = start_groups(PG_GETARG_ARRAYTYPE_P(0));
	double		time = 0;
	int			degrees;
	double		column[3];

	while (next_time(&groups, &time))
	{
		take_time(&groups, time);
		for (int i = 0; i < groups.count; i++)
		{
			if (groups.alive[i] && groups.walk[i].step.time == time)
				groups.alive[i] = kpi_walk_next(&groups.walk[i]);
		}
	}
	column[0] = quadratic_form(&groups, &degrees);
	column[1] = degrees;
	if (degrees == 0)
		PG_RETURN_NULL();
	column[2] = chi_square_tail(column[0], degrees);
	return kpi_number_row(fcinfo, column, lengthof(column));
}
