/*-------------------------------------------------------------------------
 *
 * rollup.c
 *	  A scorecard rolled up: from the scores of the leaves to every node.
 *
 * Only children of positive weight count.  With weights w and scores s:
 *
 *	weighted	sum(w s) / sum(w) over the counted children
 *	average		sum(s) / count
 *	worst		min(s)
 *
 * Children without a score are left out (renormalize), count as 0 (zero), or
 * leave their parent without a score (null).
 *
 *	coverage		sum(w c) / sum(w) over all children of positive weight,
 *					where c is the coverage of the child, 0 if it has no score
 *	absolute_weight	product of w / sum(w) from the root down, summed over the
 *					paths where a node has several parents
 *
 * NULL rule: the score is NULL, with a reason, where nothing of positive
 * weight has a score, where coverage is below min_coverage, and where the
 * policy null meets a missing child.  NaN and infinite scores are missing.
 *
 * Numeric method: for numeric, sums and products are exact and one quotient a
 * node is rounded, half away from zero, to twenty decimals or as many as the
 * longest score below it; so equal children give exactly their score.  For
 * float8, sums and products carry their rounding errors, weights and scores
 * of extreme size are scaled by powers of two, and a mean is kept between the
 * least and the greatest of its scores.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/rollup.h"

#include <float.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/exact.h"
#include "miscadmin.h"
#include "scoring/rollup_mean.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

/* Nodes between two resets of the working memory. */
#define NODES_PER_RESET 256

/* What the evaluation works with. */
typedef struct Rollup
{
	KpiRollupTree *tree;
	bool		exact;
	KpiAmount	zero;
	KpiAmount	one;
	KpiAmount  *weight;			/* of the children at hand */
	KpiAmount  *value;
	MemoryContext result;
	MemoryContext working;
} Rollup;

static inline bool
has_score(const KpiRollupNode *node)
{
	return (node->has & KPI_HAS_SCORE) != 0;
}

/* Move an amount out of the working memory. */
static KpiAmount
keep(const Rollup *rollup, KpiAmount amount)
{
	if (rollup->exact && amount.exact != rollup->zero.exact && amount.exact != rollup->one.exact)
	{
		Numeric		copy = MemoryContextAlloc(rollup->result, VARSIZE(amount.exact));

		memcpy(copy, amount.exact, VARSIZE(amount.exact));
		amount.exact = copy;
	}
	return amount;
}

/* Weighted mean of the first count values at hand; plain without weights. */
static KpiAmount
mean(const Rollup *rollup, bool weighted, int32 count)
{
	const KpiAmount *weight = weighted ? rollup->weight : NULL;
	KpiAmount	result;

	if (rollup->exact)
		result.exact = kpi_mean_numeric(weight, rollup->value, count);
	else
		result.real = kpi_mean_float8(weight, rollup->value, count);
	return result;
}

static bool
is_less(const Rollup *rollup, KpiAmount a, KpiAmount b)
{
	return rollup->exact ? kpi_numeric_cmp(a.exact, b.exact) < 0 : a.real < b.real;
}

/* Coverage is 0 and 1 only where nothing, or everything, is there. */
static KpiAmount
between_0_and_1(const Rollup *rollup, KpiAmount coverage)
{
	if (!rollup->exact)
		coverage.real = Min(Max(coverage.real, DBL_MIN), 1 - DBL_EPSILON / 2);
	else if (!is_less(rollup, rollup->zero, coverage))
		coverage.exact = kpi_encode_numeric(1, KPI_MEAN_GROUPS, KPI_MEAN_SCALE);
	else if (!is_less(rollup, coverage, rollup->one))
		coverage.exact = kpi_numeric_sub(rollup->one.exact,
										 kpi_encode_numeric(1, KPI_MEAN_GROUPS, KPI_MEAN_SCALE));
	return coverage;
}

/* Coverage of a node of which some but not all is there. */
static KpiAmount
partial_coverage(const Rollup *rollup, const KpiRollupNode *node)
{
	int32		count = 0;

	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		const KpiRollupLink *link = &rollup->tree->link[k];
		const KpiRollupNode *child = &rollup->tree->node[link->child];

		if (!link->positive)
			continue;
		rollup->weight[count] = link->weight;
		rollup->value[count++] = has_score(child) ? child->coverage : rollup->zero;
	}
	return between_0_and_1(rollup, mean(rollup, true, count));
}

/* Score of a node that has one, by its method. */
static KpiAmount
node_score(const Rollup *rollup, const KpiRollupNode *node)
{
	KpiAmount	worst = rollup->zero;
	int32		count = 0;

	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		const KpiRollupLink *link = &rollup->tree->link[k];
		const KpiRollupNode *child = &rollup->tree->node[link->child];

		if (!link->positive || (!has_score(child) && node->missing != KPI_MISSING_ZERO))
			continue;
		rollup->weight[count] = link->weight;
		rollup->value[count] = has_score(child) ? child->score : rollup->zero;
		if (count == 0 || is_less(rollup, rollup->value[count], worst))
			worst = rollup->value[count];
		count++;
	}
	if (node->method == KPI_ROLLUP_WORST)
		return worst;
	return mean(rollup, node->method != KPI_ROLLUP_AVERAGE, count);
}

static void
evaluate_leaf(const Rollup *rollup, KpiRollupNode *node)
{
	node->full = has_score(node);
	node->coverage = node->full ? rollup->one : rollup->zero;
	if (node->has & KPI_HAS_INVALID_SCORE)
		node->reason = "invalid";
	else if (!node->full)
		node->reason = "no_score";
	else if (rollup->exact)
	{
		node->score.exact = kpi_trim_numeric(node->score.exact);
		node->score = keep(rollup, node->score);
	}
}

/* Count the children of positive weight and those with a score. */
static void
count_children(const Rollup *rollup, KpiRollupNode *node)
{
	node->full = true;
	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		const KpiRollupLink *link = &rollup->tree->link[k];
		const KpiRollupNode *child = &rollup->tree->node[link->child];

		if (!link->positive)
			continue;
		node->children++;
		node->present += has_score(child);
		node->full &= child->full;
	}
	node->full &= node->children > 0;
}

/* Why an inner node has no score; NULL if it has one.  Sets the coverage. */
static const char *
find_reason(const Rollup *rollup, KpiRollupNode *node)
{
	node->coverage = node->full ? rollup->one : rollup->zero;
	if (node->children == 0)
		return "no_weight";
	if (node->present == 0)
		return "no_data";
	if (!node->full)
		node->coverage = keep(rollup, partial_coverage(rollup, node));
	if (node->missing == KPI_MISSING_NULL && node->present < node->children)
		return "missing_child";
	if (node->has & KPI_HAS_MIN_COVERAGE && is_less(rollup, node->coverage, node->min_coverage))
		return "low_coverage";
	return NULL;
}

static void
evaluate_inner(const Rollup *rollup, KpiRollupNode *node)
{
	count_children(rollup, node);
	node->reason = find_reason(rollup, node);
	if (node->reason == NULL)
	{
		node->score = keep(rollup, node_score(rollup, node));
		node->has |= KPI_HAS_SCORE;
	}
}

/* Scores and coverages, children before their parents. */
static void
evaluate_nodes(Rollup *rollup)
{
	KpiRollupTree *tree = rollup->tree;
	MemoryContext old = MemoryContextSwitchTo(rollup->working);

	for (int32 i = tree->count; i > 0; i--)
	{
		KpiRollupNode *node = &tree->node[tree->order[i]];

		CHECK_FOR_INTERRUPTS();
		if (node->links == 0)
			evaluate_leaf(rollup, node);
		else
			evaluate_inner(rollup, node);
		if (i % NODES_PER_RESET == 0)
			MemoryContextReset(rollup->working);
	}
	MemoryContextReset(rollup->working);
	MemoryContextSwitchTo(old);
}

/* Add to a child the part of its parent's absolute weight that it carries. */
static void
add_share(const Rollup *rollup, KpiRollupNode *child, KpiAmount share)
{
	KpiAmount	total = share;

	if (child->counted && rollup->exact)
		total.exact = kpi_numeric_add(child->absolute.exact, share.exact);
	else if (child->counted)
		total.real = child->absolute.real + share.real;
	child->absolute = keep(rollup, total);
	child->counted = true;
}

/* Hand the absolute weight of a node down to its children. */
static void
share_weight(const Rollup *rollup, const KpiRollupNode *node)
{
	const KpiRollupLink *link = &rollup->tree->link[node->first];
	KpiShares	shares;

	kpi_shares_start(&shares, rollup->exact, node->absolute, link, node->links);
	for (int32 k = 0; k < node->links; k++)
	{
		KpiRollupNode *child = &rollup->tree->node[link[k].child];

		if (link[k].positive)
			add_share(rollup, child, kpi_share(&shares, link[k].weight));
		else if (link[k].weighted)
			add_share(rollup, child, rollup->zero);
	}
}

/* Absolute weights, parents before their children. */
static void
weigh_nodes(Rollup *rollup)
{
	KpiRollupTree *tree = rollup->tree;
	const KpiRollupNode *top = &tree->node[0];
	MemoryContext old = MemoryContextSwitchTo(rollup->working);

	for (int32 k = top->first; k < top->first + top->links; k++)
		add_share(rollup, &tree->node[tree->link[k].child], rollup->one);
	for (int32 i = 1; i <= tree->count; i++)
	{
		const KpiRollupNode *node = &tree->node[tree->order[i]];

		CHECK_FOR_INTERRUPTS();
		if (node->counted && node->links > 0)
			share_weight(rollup, node);
		if (i % NODES_PER_RESET == 0)
			MemoryContextReset(rollup->working);
	}
	MemoryContextReset(rollup->working);
	MemoryContextSwitchTo(old);
}

/* A node that is named where it is missing: no counted child could be. */
static inline bool
is_absent(const KpiRollupNode *node)
{
	return !has_score(node) && node->children == 0;
}

static int
compare_by_name(const void *a, const void *b, void *nodes)
{
	const KpiRollupNode *node = nodes;

	return kpi_rollup_compare_names(&node[*(const int32 *) a], &node[*(const int32 *) b]);
}

/* The missing nodes by name, each with its rank among them. */
static int32 *
rank_absent(KpiRollupTree *tree)
{
	int32	   *absent = palloc_extended(sizeof(int32) * (tree->count + 1), MCXT_ALLOC_HUGE);
	int32		count = 0;

	for (int32 i = 1; i <= tree->count; i++)
	{
		if (is_absent(&tree->node[i]))
			absent[count++] = i;
	}
	qsort_interruptible(absent, count, sizeof(int32), compare_by_name, tree->node);
	for (int32 i = 0; i < count; i++)
		tree->node[absent[i]].rank = i;
	return absent;
}

static int
compare_int32(const void *a, const void *b)
{
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;

	return (x > y) - (x < y);
}

/* The union of what is missing below the children, into a new list. */
static void
merge_absent(const KpiRollupTree *tree, const int32 *absent, KpiRollupNode *node, int32 total)
{
	int32	   *rank = palloc_extended(sizeof(int32) * total, MCXT_ALLOC_HUGE);
	int32		count = 0;

	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		const KpiRollupNode *child = &tree->node[tree->link[k].child];

		if (!tree->link[k].positive || child->absent == 0)
			continue;
		memcpy(rank + count, child->absent_rank, sizeof(int32) * child->absent);
		count += child->absent;
	}
	qsort(rank, count, sizeof(int32), compare_int32);
	node->absent_rank = rank;
	for (int32 i = 0; i < count; i++)
	{
		if (i > 0 && rank[i] == rank[i - 1])
			continue;
		node->absent_size += tree->node[absent[rank[i]]].length + sizeof(int32);
		rank[node->absent++] = rank[i];
	}
}

/* What is missing below a node; the only list below is shared, not copied. */
static void
list_absent(const KpiRollupTree *tree, const int32 *absent, KpiRollupNode *node)
{
	const KpiRollupNode *only = NULL;
	int64		total = 0;
	int			lists = 0;

	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		const KpiRollupNode *child = &tree->node[tree->link[k].child];

		if (!tree->link[k].positive || child->absent == 0)
			continue;
		only = child;
		total += child->absent;
		lists++;
	}
	if (lists == 1)
	{
		node->absent = only->absent;
		node->absent_rank = only->absent_rank;
		node->absent_size = only->absent_size;
	}
	else if (lists > 1 && total <= PG_INT32_MAX)
		merge_absent(tree, absent, node, (int32) total);
	else if (lists > 1)
		node->absent_size = MaxAllocSize;
}

/* For every node the missing nodes that it misses; returns those by name. */
static int32 *
find_absent(KpiRollupTree *tree)
{
	int32	   *absent = rank_absent(tree);
	Size		size = 0;

	for (int32 i = tree->count; i > 0; i--)
	{
		KpiRollupNode *node = &tree->node[tree->order[i]];

		CHECK_FOR_INTERRUPTS();
		if (is_absent(node))
		{
			node->absent = 1;
			node->absent_rank = &node->rank;
			node->absent_size = node->length + sizeof(int32);
		}
		else if (!node->full)
			list_absent(tree, absent, node);
		size += node->absent_size;
		if (size >= MaxAllocSize)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("missing nodes of a scorecard of %d nodes take more than %zu bytes",
							tree->count, (Size) MaxAllocSize),
					 errhint("Roll up parts of the scorecard, or fill in scores that are missing.")));
	}
	return absent;
}

static Datum
amount_datum(bool exact, KpiAmount amount)
{
	return exact ? NumericGetDatum(amount.exact) : Float8GetDatum(amount.real);
}

static Datum
name_datum(const KpiRollupNode *node)
{
	return PointerGetDatum(cstring_to_text_with_len(node->name, node->length));
}

static Datum
absent_datum(const KpiRollupTree *tree, const int32 *absent, const KpiRollupNode *node)
{
	Datum	   *name = palloc_extended(sizeof(Datum) * node->absent, MCXT_ALLOC_HUGE);

	for (int32 i = 0; i < node->absent; i++)
		name[i] = name_datum(&tree->node[absent[node->absent_rank[i]]]);
	return PointerGetDatum(construct_array(name, node->absent, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Where the output is at: a node under the parent it is first met under. */
typedef struct Place
{
	int32		parent;
	int32		link;
} Place;

/* The resulting array while it is written. */
typedef struct Output
{
	TupleDesc	desc;
	char	   *array;
	Size		used;
	Size		size;
} Output;

/* Bytes that a row of the result usually takes at most. */
#define USUAL_ROW 160

static void
start_output(Output *output, TupleDesc desc, int32 count)
{
	output->desc = desc;
	output->used = ARR_OVERHEAD_NONULLS(1);
	output->size = Min(output->used + (Size) count * USUAL_ROW, MaxAllocSize);
	output->array = palloc(output->size);
}

static void
write_tuple(Output *output, HeapTuple tuple)
{
	Size		length = MAXALIGN(tuple->t_len);
	char	   *at;

	if (output->used + length > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("rolled-up scorecard takes more than %zu bytes", (Size) MaxAllocSize),
				 errhint("Roll up parts of the scorecard.")));
	if (output->used + length > output->size)
	{
		output->size = Min(2 * (output->used + length), MaxAllocSize);
		output->array = repalloc(output->array, output->size);
	}
	at = output->array + output->used;
	memcpy(at, tuple->t_data, tuple->t_len);
	memset(at + tuple->t_len, 0, length - tuple->t_len);
	output->used += length;
}

/* Make what was written an array of count rows. */
static void
finish_output(Output *output, int32 count)
{
	ArrayType  *array = (ArrayType *) output->array;

	SET_VARSIZE(array, output->used);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = output->desc->tdtypeid;
	ARR_DIMS(array)[0] = count;
	ARR_LBOUND(array)[0] = 1;
}

/* One row of the result, in the order of kpi.node_score. */
static HeapTuple
node_row(const Rollup *rollup, TupleDesc desc, const int32 *absent, Place place)
{
	const KpiRollupTree *tree = rollup->tree;
	const KpiRollupLink *link = &tree->link[place.link];
	const KpiRollupNode *node = &tree->node[link->child];
	Datum		values[12];
	bool		nulls[12] = {false};

	values[0] = name_datum(node);
	nulls[1] = place.parent == 0;
	if (!nulls[1])
		values[1] = name_datum(&tree->node[place.parent]);
	values[2] = Int32GetDatum(node->depth);
	nulls[3] = !link->weighted;
	if (!nulls[3])
		values[3] = amount_datum(rollup->exact, link->weight);
	nulls[4] = !node->counted;
	if (!nulls[4])
		values[4] = amount_datum(rollup->exact, kpi_share_value(rollup->exact, node->absolute));
	nulls[5] = !has_score(node);
	if (!nulls[5])
		values[5] = amount_datum(rollup->exact, node->score);
	values[6] = amount_datum(rollup->exact, node->coverage);
	values[7] = Int32GetDatum(node->children);
	values[8] = Int32GetDatum(node->present);
	values[9] = Int32GetDatum(node->children - node->present);
	nulls[10] = node->absent == 0;
	if (!nulls[10])
		values[10] = absent_datum(tree, absent, node);
	nulls[11] = node->reason == NULL;
	if (!nulls[11])
		values[11] = PointerGetDatum(cstring_to_text(node->reason));

	return heap_form_tuple(desc, values, nulls);
}

/* Put the children of a node on the stack, the first one on top. */
static int32
push_links(const KpiRollupTree *tree, int32 parent, Place *stack, int32 height)
{
	const KpiRollupNode *node = &tree->node[parent];

	for (int32 k = node->first + node->links - 1; k >= node->first; k--)
	{
		stack[height].parent = parent;
		stack[height++].link = k;
	}
	return height;
}

/* Write the rows in tree order. */
static void
write_tree(const Rollup *rollup, const int32 *absent, Output *output)
{
	KpiRollupTree *tree = rollup->tree;
	Place	   *stack;
	int32		links = 0;
	int32		height;
	int32		count = 0;
	MemoryContext old;

	for (int32 i = 0; i <= tree->count; i++)
		links += tree->node[i].links;
	stack = palloc_extended(sizeof(Place) * links, MCXT_ALLOC_HUGE);
	height = push_links(tree, 0, stack, 0);
	old = MemoryContextSwitchTo(rollup->working);
	while (height > 0)
	{
		Place		place = stack[--height];
		int32		child = tree->link[place.link].child;

		CHECK_FOR_INTERRUPTS();
		if (tree->node[child].shown)
			continue;
		tree->node[child].shown = true;
		write_tuple(output, node_row(rollup, output->desc, absent, place));
		height = push_links(tree, child, stack, height);
		if (++count % NODES_PER_RESET == 0)
			MemoryContextReset(rollup->working);
	}
	MemoryContextSwitchTo(old);
}

/* Room for the children of the node that has the most. */
static void
make_room(Rollup *rollup)
{
	int32		most = 0;

	for (int32 i = 1; i <= rollup->tree->count; i++)
		most = Max(most, rollup->tree->node[i].links);
	rollup->weight = palloc_extended(sizeof(KpiAmount) * (most + 1), MCXT_ALLOC_HUGE);
	rollup->value = palloc_extended(sizeof(KpiAmount) * (most + 1), MCXT_ALLOC_HUGE);
}

static void
start_rollup(Rollup *rollup, const KpiRollup *state)
{
	rollup->tree = kpi_rollup_tree(state);
	rollup->exact = state->exact;
	rollup->result = CurrentMemoryContext;
	rollup->working = AllocSetContextCreate(CurrentMemoryContext, "kpi rollup",
											ALLOCSET_DEFAULT_SIZES);
	if (rollup->exact)
	{
		rollup->zero.exact = int64_to_numeric(0);
		rollup->one.exact = int64_to_numeric(1);
	}
	else
	{
		rollup->zero.real = 0;
		rollup->one.real = 1;
	}
	make_room(rollup);
}

/* Evaluate the rows of a state, as an array of the result's row type. */
static Datum
evaluate(FunctionCallInfo fcinfo, bool exact)
{
	const KpiRollup *state = (KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	Oid			row_type = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
	TupleDesc	desc;
	Rollup		rollup;
	Output		output;
	int32	   *absent;

	if (state->exact != exact)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rollup state holds %s rows, not %s rows",
						state->exact ? "numeric" : "float8", exact ? "numeric" : "float8")));
	start_rollup(&rollup, state);
	evaluate_nodes(&rollup);
	weigh_nodes(&rollup);
	absent = find_absent(rollup.tree);

	desc = lookup_rowtype_tupdesc(row_type, -1);
	start_output(&output, desc, rollup.tree->count);
	write_tree(&rollup, absent, &output);
	MemoryContextDelete(rollup.working);
	finish_output(&output, rollup.tree->count);
	ReleaseTupleDesc(desc);
	PG_RETURN_POINTER(output.array);
}

/* rollup_nodes(state): every node of the scorecard, in tree order; numeric. */
PG_FUNCTION_INFO_V1(kpi_rollup_nodes_numeric);
Datum
kpi_rollup_nodes_numeric(PG_FUNCTION_ARGS)
{
	return evaluate(fcinfo, true);
}

/* The same for float8 rows. */
PG_FUNCTION_INFO_V1(kpi_rollup_nodes_float8);
Datum
kpi_rollup_nodes_float8(PG_FUNCTION_ARGS)
{
	return evaluate(fcinfo, false);
}
