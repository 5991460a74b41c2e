/*-------------------------------------------------------------------------
 *
 * score.c
 *	  The evaluation of a scorecard tree: scores, coverage, absolute weights.
 *
 * Scores go up, children before their parents; absolute weights go down.
 * First the values that count at a node are gathered: scores of parts of
 * positive weight, what the missing policy puts in the place of a missing
 * one, and under the method points those of bonus and deduction.  Then the
 * method makes a score of them (method.c), and vetoes act on it last:
 * zero, then the lowest cap, which never raises.
 *
 *	coverage		sum(w c) / sum(w) over all parts, where c is the coverage
 *					of the child, 0 if it has no score
 *	absolute_weight	product of w / sum(w) from the root down, summed over the
 *					paths where a node has several parents
 *
 * Values that were carried or assumed raise no coverage.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/score.h"

#include <float.h>

#include "common/int.h"
#include "miscadmin.h"
#include "rollup/mean.h"
#include "rollup/method.h"
#include "rollup/missing.h"
#include "rollup/share.h"
#include "utils/memutils.h"

/* Nodes between two resets of the working memory. */
#define NODES_PER_RESET 256

/* What the evaluation works with. */
typedef struct Evaluation
{
	KpiRollupTree *tree;
	bool		exact;
	KpiAmount	zero;
	KpiAmount	one;
	KpiAmount	hundred;
	KpiRollupValues values;		/* of the children at hand */
	KpiAmount  *weight;			/* for the coverage */
	KpiAmount  *coverage;
	bool		carried;		/* a carried score is among the values */
	MemoryContext result;
	MemoryContext working;
} Evaluation;

/* Move an amount out of the working memory. */
static KpiAmount
keep(const Evaluation *evaluation, KpiAmount amount)
{
	if (evaluation->exact && amount.exact != evaluation->zero.exact &&
		amount.exact != evaluation->one.exact)
	{
		Numeric		copy = MemoryContextAlloc(evaluation->result, VARSIZE(amount.exact));

		memcpy(copy, amount.exact, VARSIZE(amount.exact));
		amount.exact = copy;
	}
	return amount;
}

/* Whether a is less than b. */
static bool
is_less(const Evaluation *evaluation, KpiAmount a, KpiAmount b)
{
	return kpi_amount_less(evaluation->exact, a, b);
}

/* An amount of a row, as a score. */
static KpiAmount
trimmed(const Evaluation *evaluation, KpiAmount amount)
{
	if (evaluation->exact)
		amount.exact = kpi_trim_numeric(amount.exact);
	return amount;
}

/* Coverage is 0 and 1 only where nothing, or everything, is there. */
static KpiAmount
between_0_and_1(const Evaluation *evaluation, KpiAmount coverage)
{
	if (!evaluation->exact)
		coverage.real = Min(Max(coverage.real, DBL_MIN), 1 - DBL_EPSILON / 2);
	else if (!is_less(evaluation, evaluation->zero, coverage))
		coverage.exact = kpi_encode_numeric(1, KPI_MEAN_GROUPS, KPI_MEAN_SCALE);
	else if (!is_less(evaluation, coverage, evaluation->one))
		coverage.exact = kpi_numeric_sub(evaluation->one.exact,
										 kpi_encode_numeric(1, KPI_MEAN_GROUPS, KPI_MEAN_SCALE));
	return coverage;
}

/* Coverage of a node of which some but not all is there. */
static KpiAmount
partial_coverage(const Evaluation *evaluation, const KpiRollupNode *node)
{
	int32		count = 0;
	KpiAmount	coverage;

	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		const KpiRollupLink *link = &evaluation->tree->link[k];
		const KpiRollupNode *child = &evaluation->tree->node[link->child];

		if (!link->part)
			continue;
		evaluation->weight[count] = link->weight;
		evaluation->coverage[count++] =
			kpi_rollup_has_score(child) ? child->coverage : evaluation->zero;
	}
	if (evaluation->exact)
		coverage.exact = kpi_mean_numeric(evaluation->weight, evaluation->coverage, count);
	else
		coverage.real = kpi_mean_float8(evaluation->weight, evaluation->coverage, count);
	return between_0_and_1(evaluation, coverage);
}

/* A leaf has its own score, with all of its coverage unless given, or a reason why it has none. */
static void
evaluate_leaf(const Evaluation *evaluation, KpiRollupNode *node)
{
	node->full = kpi_rollup_has_score(node);
	node->empty = node->gap = !node->full;
	if (node->full && node->partly)
	{
		node->full = !is_less(evaluation, node->coverage, evaluation->one);
		node->empty = !is_less(evaluation, evaluation->zero, node->coverage);
	}
	else
		node->coverage = node->full ? evaluation->one : evaluation->zero;
	if (node->has & KPI_HAS_INVALID_SCORE)
		node->reason = KPI_REASON_INVALID;
	else if (!kpi_rollup_has_score(node))
		node->reason = KPI_REASON_NO_SCORE;
	else if (evaluation->exact)
		node->score = keep(evaluation, trimmed(evaluation, node->score));
}

/* Take a value among those that count at the node at hand. */
static inline void
add_value(KpiRollupValues *values, KpiAmount weight, KpiAmount value, bool priority)
{
	values->weight[values->count] = weight;
	values->value[values->count] = value;
	values->priority[values->count++] = priority;
}

/* Count a child with its carried score, if the policy and the child allow. */
static bool
carry(Evaluation *evaluation, KpiRollupNode *node, KpiRollupNode *child, KpiAmount *value)
{
	if (node->missing != KPI_ROLLUP_CARRY || (child->has & KPI_HAS_CARRIED) == 0)
		return false;
	*value = trimmed(evaluation, child->carried);
	node->is_carried = child->is_carried = true;
	return true;
}

/* What a part without a score counts with; false if it does not count. */
static bool
substitute(Evaluation *evaluation, KpiRollupNode *node, KpiRollupNode *child, KpiAmount *value)
{
	bool		carried;

	switch (node->missing)
	{
		case KPI_ROLLUP_ZERO:
			*value = evaluation->zero;
			return true;
		case KPI_ROLLUP_TARGET:
			*value = evaluation->hundred;
			return true;
		case KPI_ROLLUP_CARRY:
			carried = carry(evaluation, node, child, value);
			evaluation->carried |= carried;
			return carried;
		default:
			return false;
	}
}

/* Take the score of a part, or what stands for a missing one. */
static void
gather_part(Evaluation *evaluation, KpiRollupNode *node, const KpiRollupLink *link,
			KpiRollupNode *child)
{
	KpiAmount	value;

	node->children++;
	node->full &= child->full;
	if (kpi_rollup_has_score(child))
	{
		node->present++;
		node->empty &= child->empty;
		node->is_carried |= child->is_carried;
		value = child->score;
	}
	else if (!substitute(evaluation, node, child, &value))
		return;
	add_value(&evaluation->values, link->weight, value, link->role == KPI_ROLE_PRIORITY);
}

/* Points of a bonus or deduction: at least 0, at most its limit. */
static void
gather_points(Evaluation *evaluation, KpiRollupNode *node, const KpiRollupLink *link,
			  KpiRollupNode *child)
{
	KpiAmount	points;

	if (kpi_rollup_has_score(child))
	{
		node->is_carried |= child->is_carried;
		points = child->score;
	}
	else if (!carry(evaluation, node, child, &points))
		return;
	if (is_less(evaluation, points, evaluation->zero))
		points = evaluation->zero;
	if (link->limited && is_less(evaluation, link->limit, points))
		points = link->limit;
	if (link->role == KPI_ROLE_DEDUCTION && evaluation->exact)
		points.exact = kpi_numeric_sub(evaluation->zero.exact, points.exact);
	else if (link->role == KPI_ROLE_DEDUCTION)
		points.real = -points.real;
	add_value(&evaluation->values, evaluation->one, points, false);
}

/* Add grades that vetoes take; beyond integer is an error. */
static void
add_grades(KpiRollupNode *node, int32 grades)
{
	if (pg_add_s32_overflow(node->grades, grades, &node->grades))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("vetoes below node \"%s\" take more than %d grades",
						kpi_rollup_name(node), PG_INT32_MAX)));
}

/* What a triggered veto does besides changing the score. */
static void
gather_veto(const Evaluation *evaluation, KpiRollupNode *node, const KpiRollupLink *link,
			const KpiRollupNode *child)
{
	node->is_carried |= kpi_rollup_has_score(child) && child->is_carried;
	if (!kpi_rollup_is_triggered(evaluation->tree, link))
		return;
	node->vetoes++;
	if (link->role == KPI_ROLE_VETO_COEFFICIENT)
		node->coefficient = true;
	else if (link->role == KPI_ROLE_VETO_GRADE && !link->limited)
		add_grades(node, 1);
	else if (link->role == KPI_ROLE_VETO_GRADE)
		add_grades(node, evaluation->exact ?
				   DatumGetInt32(DirectFunctionCall1(numeric_int4,
													 NumericGetDatum(link->limit.exact))) :
				   (int32) link->limit.real);
}

/* Gather what counts at a node; says what is there, missing and carried. */
static void
gather(Evaluation *evaluation, KpiRollupNode *node)
{
	KpiRollupTree *tree = evaluation->tree;

	evaluation->values.count = 0;
	evaluation->carried = false;
	node->full = node->empty = true;
	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		const KpiRollupLink *link = &tree->link[k];
		KpiRollupNode *child = &tree->node[link->child];

		if (link->part)
			gather_part(evaluation, node, link, child);
		else if (kpi_rollup_is_points(link))
			gather_points(evaluation, node, link, child);
		else if (kpi_rollup_is_veto(link))
			gather_veto(evaluation, node, link, child);
		else
			continue;
		node->gap |= child->gap;
		if (kpi_rollup_is_veto(link))
			continue;
		node->coefficient |= child->coefficient;
		if (!tree->shared && child->grades > 0)
			add_grades(node, child->grades);
	}
	node->full &= node->children > 0;
	node->gap |= node->children == 0;
}

/* Why an inner node has no score, if it has none.  Sets the coverage. */
static KpiRollupReason
find_reason(const Evaluation *evaluation, KpiRollupNode *node)
{
	node->coverage = node->full ? evaluation->one : evaluation->zero;
	if (node->children == 0)
		return KPI_REASON_NO_WEIGHT;
	if (node->present == 0 && !evaluation->carried)
		return KPI_REASON_NO_DATA;
	if (!node->full && !node->empty)
		node->coverage = keep(evaluation, partial_coverage(evaluation, node));
	if (node->missing == KPI_ROLLUP_NULL && node->present < node->children)
		return KPI_REASON_MISSING_CHILD;
	if (node->has & KPI_HAS_MIN_COVERAGE &&
		is_less(evaluation, node->coverage, node->min_coverage))
		return KPI_REASON_LOW_COVERAGE;
	return KPI_REASON_NONE;
}

/* The score after the vetoes that change it. */
static KpiAmount
after_vetoes(const Evaluation *evaluation, const KpiRollupNode *node, KpiAmount score)
{
	const KpiRollupLink *link = &evaluation->tree->link[node->first];

	for (int32 k = 0; k < node->links; k++)
	{
		if (link[k].role == KPI_ROLE_VETO_ZERO &&
			kpi_rollup_is_triggered(evaluation->tree, &link[k]))
			score = evaluation->zero;
	}
	for (int32 k = 0; k < node->links; k++)
	{
		if (link[k].role == KPI_ROLE_VETO_CAP && is_less(evaluation, link[k].limit, score) &&
			kpi_rollup_is_triggered(evaluation->tree, &link[k]))
			score = trimmed(evaluation, link[k].limit);
	}
	return score;
}

/* The score of an inner node, or the reason why it has none. */
static void
evaluate_inner(Evaluation *evaluation, KpiRollupNode *node)
{
	KpiAmount	score;

	gather(evaluation, node);
	node->reason = find_reason(evaluation, node);
	if (node->reason != KPI_REASON_NONE)
	{
		node->is_carried = false;
		return;
	}
	score = kpi_rollup_score(&evaluation->values, node->method);
	if (node->vetoes > 0)
		score = after_vetoes(evaluation, node, score);
	node->score = keep(evaluation, score);
	node->has |= KPI_HAS_SCORE;
}

/* Scores and coverages, children before their parents. */
static void
evaluate_nodes(Evaluation *evaluation)
{
	KpiRollupTree *tree = evaluation->tree;
	MemoryContext old = MemoryContextSwitchTo(evaluation->working);

	for (int32 i = tree->count; i > 0; i--)
	{
		KpiRollupNode *node = &tree->node[tree->order[i]];

		CHECK_FOR_INTERRUPTS();
		if (node->links == 0 || node->method == KPI_ROLLUP_SELF)
			evaluate_leaf(evaluation, node);
		else
			evaluate_inner(evaluation, node);
		if (i % NODES_PER_RESET == 0)
			MemoryContextReset(evaluation->working);
	}
	MemoryContextReset(evaluation->working);
	MemoryContextSwitchTo(old);
}

/* Add to a child the part of its parent's absolute weight that it carries. */
static void
add_share(const Evaluation *evaluation, KpiRollupNode *child, KpiAmount share)
{
	KpiAmount	total = share;

	if (child->counted && evaluation->exact)
		total.exact = kpi_numeric_add(child->absolute.exact, share.exact);
	else if (child->counted)
		total.real = child->absolute.real + share.real;
	child->absolute = keep(evaluation, total);
	child->counted = true;
}

/* Hand the absolute weight of a node down to its children. */
static void
share_weight(const Evaluation *evaluation, const KpiRollupNode *node)
{
	const KpiRollupLink *link = &evaluation->tree->link[node->first];
	KpiShares	shares;

	kpi_shares_start(&shares, evaluation->exact, node->absolute, link, node->links);
	for (int32 k = 0; k < node->links; k++)
	{
		KpiRollupNode *child = &evaluation->tree->node[link[k].child];

		if (link[k].part)
			add_share(evaluation, child, kpi_share(&shares, link[k].weight));
		else if (link[k].weighted && !kpi_rollup_is_special(&link[k]))
			add_share(evaluation, child, evaluation->zero);
	}
}

/* Absolute weights, parents before their children. */
static void
weigh_nodes(const Evaluation *evaluation)
{
	KpiRollupTree *tree = evaluation->tree;
	const KpiRollupNode *top = &tree->node[0];
	MemoryContext old = MemoryContextSwitchTo(evaluation->working);

	for (int32 k = top->first; k < top->first + top->links; k++)
		add_share(evaluation, &tree->node[tree->link[k].child], evaluation->one);
	for (int32 i = 1; i <= tree->count; i++)
	{
		const KpiRollupNode *node = &tree->node[tree->order[i]];

		CHECK_FOR_INTERRUPTS();
		if (node->counted && node->links > 0 && node->method != KPI_ROLLUP_SELF)
			share_weight(evaluation, node);
		if (i % NODES_PER_RESET == 0)
			MemoryContextReset(evaluation->working);
	}
	MemoryContextReset(evaluation->working);
	MemoryContextSwitchTo(old);
}

/* Room for the children of the node that has the most. */
static void
make_room(Evaluation *evaluation)
{
	KpiRollupValues *values = &evaluation->values;
	int32		most = 1;

	for (int32 i = 1; i <= evaluation->tree->count; i++)
		most = Max(most, evaluation->tree->node[i].links);
	values->exact = evaluation->exact;
	values->weight = palloc_extended(sizeof(KpiAmount) * most, MCXT_ALLOC_HUGE);
	values->value = palloc_extended(sizeof(KpiAmount) * most, MCXT_ALLOC_HUGE);
	values->priority = palloc_extended(sizeof(bool) * most, MCXT_ALLOC_HUGE);
	evaluation->weight = palloc_extended(sizeof(KpiAmount) * most, MCXT_ALLOC_HUGE);
	evaluation->coverage = palloc_extended(sizeof(KpiAmount) * most, MCXT_ALLOC_HUGE);
}

/* Find out scores, coverages and absolute weights of a tree. */
void
kpi_rollup_evaluate(KpiRollupTree *tree, bool weights)
{
	Evaluation	evaluation = {.tree = tree,.exact = tree->exact};

	evaluation.result = CurrentMemoryContext;
	evaluation.working = AllocSetContextCreate(CurrentMemoryContext, "kpi rollup",
											   ALLOCSET_DEFAULT_SIZES);
	evaluation.zero = kpi_amount_of(tree->exact, 0);
	evaluation.one = kpi_amount_of(tree->exact, 1);
	evaluation.hundred = kpi_amount_of(tree->exact, 100);
	make_room(&evaluation);
	evaluate_nodes(&evaluation);
	if (tree->shared)
		kpi_rollup_pass_grades(tree);
	if (weights)
		weigh_nodes(&evaluation);
	MemoryContextDelete(evaluation.working);
}
