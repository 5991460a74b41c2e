/*-------------------------------------------------------------------------
 *
 * missing.c
 *	  What goes up a scorecard tree in lists: missing nodes and lost grades.
 *
 * A node lists what is missing below it through children that count, be it as
 * a part, by points or as a veto: each missing node once, by name.  Lists are
 * kept as ranks among all missing nodes, and only where something is missing.
 *
 * Grades that a veto takes at a node with several ancestors on the way up
 * count once at each of them, however many paths lead there.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/missing.h"

#include "common/int.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* Whether a child hands what it misses on to its parent. */
static inline bool
passes_on(const KpiRollupLink *link)
{
	return link->part || kpi_rollup_is_special(link);
}

/* A node that is named where it is missing: no child that counts could be. */
static inline bool
is_missing(const KpiRollupNode *node)
{
	return !kpi_rollup_has_score(node) && node->children == 0;
}

/* Order of nodes by name. */
static int
compare_by_name(const void *a, const void *b, void *nodes)
{
	const KpiRollupNode *node = nodes;

	return kpi_rollup_compare_names(node[*(const int32 *) a].name, node[*(const int32 *) b].name);
}

/* Rank the missing nodes by name; gives each a list of itself and the count. */
static int32
rank_missing(KpiRollupTree *tree, int32 count)
{
	int32	   *rank = palloc_extended(sizeof(int32) * count, MCXT_ALLOC_HUGE);
	int32		missing = 0;

	tree->missing = palloc_extended(sizeof(int32) * count, MCXT_ALLOC_HUGE);
	for (int32 i = 1; i <= tree->count; i++)
	{
		if (tree->node[i].gap && is_missing(&tree->node[i]))
			tree->missing[missing++] = i;
	}
	qsort_interruptible(tree->missing, missing, sizeof(int32), compare_by_name, tree->node);
	for (int32 i = 0; i < missing; i++)
	{
		KpiRollupNode *node = &tree->node[tree->missing[i]];
		KpiRollupGaps *gaps = &tree->gaps[i + 1];

		rank[i] = i;
		node->gaps = i + 1;
		gaps->count = 1;
		gaps->rank = &rank[i];
		gaps->size = INTALIGN(VARSIZE_ANY_EXHDR(node->name) + VARHDRSZ);
	}
	return missing;
}

/* Order of integers. */
static int
compare_int32(const void *a, const void *b)
{
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;

	return (x > y) - (x < y);
}

/* Leave each rank once, and add up what their names take. */
static void
finish_list(const KpiRollupTree *tree, KpiRollupGaps *gaps, int32 count)
{
	int32	   *rank = gaps->rank;

	qsort(rank, count, sizeof(int32), compare_int32);
	for (int32 i = 0; i < count; i++)
	{
		if (i > 0 && rank[i] == rank[i - 1])
			continue;
		gaps->size += tree->gaps[rank[i] + 1].size;
		rank[gaps->count++] = rank[i];
	}
}

/* The error for lists of missing nodes that would not fit into one value. */
static void
fail_size(const KpiRollupTree *tree)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("missing nodes of a scorecard of %d nodes take more than %zu bytes",
					tree->count, (Size) MaxAllocSize),
			 errhint("Roll up parts of the scorecard, or fill in scores that are missing.")));
}

/* Put the lists of the children, and of the node itself, into a new one. */
static void
merge_lists(const KpiRollupTree *tree, KpiRollupNode *node, int32 list, int64 total)
{
	KpiRollupGaps *gaps = &tree->gaps[list];
	int32		count = 0;

	if (total > PG_INT32_MAX)
		fail_size(tree);
	gaps->rank = palloc_extended(sizeof(int32) * total, MCXT_ALLOC_HUGE);
	if (node->gaps != 0)
		gaps->rank[count++] = node->gaps - 1;
	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		const KpiRollupGaps *below = &tree->gaps[tree->node[tree->link[k].child].gaps];

		if (!passes_on(&tree->link[k]) || below->count == 0)
			continue;
		memcpy(gaps->rank + count, below->rank, sizeof(int32) * below->count);
		count += below->count;
	}
	finish_list(tree, gaps, count);
	node->gaps = list;
}

/* The list of an inner node; the only list below is shared, not copied. */
static bool
list_missing(const KpiRollupTree *tree, KpiRollupNode *node, int32 list)
{
	int64		total = node->gaps != 0;
	int			lists = node->gaps != 0;
	int32		only = node->gaps;

	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		int32		below = tree->node[tree->link[k].child].gaps;

		if (!passes_on(&tree->link[k]) || below == 0)
			continue;
		only = below;
		total += tree->gaps[below].count;
		lists++;
	}
	if (lists > 1)
		merge_lists(tree, node, list, total);
	else
		node->gaps = only;
	return lists > 1;
}

/* For every node the missing nodes that it misses. */
void
kpi_rollup_find_missing(KpiRollupTree *tree)
{
	int32		count = 1;
	int32		lists;
	Size		size = 0;

	for (int32 i = 1; i <= tree->count; i++)
		count += tree->node[i].gap;
	/* for every missing node one, for every node above one; list 0 is empty */
	tree->gaps = palloc_extended(sizeof(KpiRollupGaps) * 2 * count,
								 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (count == 1)
		return;
	lists = rank_missing(tree, count) + 1;
	for (int32 i = tree->count; i > 0; i--)
	{
		KpiRollupNode *node = &tree->node[tree->order[i]];

		CHECK_FOR_INTERRUPTS();
		if (!node->gap)
			continue;
		if (node->links > 0 && node->method != KPI_ROLLUP_SELF)
			lists += list_missing(tree, node, lists);
		size += tree->gaps[node->gaps].size;
		if (size >= MaxAllocSize)
			fail_size(tree);
	}
}

/* The parents of every node, next to each other from first[node] on. */
static int32 *
find_ancestry(const KpiRollupTree *tree, int32 *first)
{
	int32	   *parent = palloc_extended(sizeof(int32) * Max(tree->rows, 1), MCXT_ALLOC_HUGE);

	first[0] = first[1] = 0;
	for (int32 i = 1; i <= tree->count; i++)
		first[i + 1] = first[i] + tree->node[i].parents;
	for (int32 i = tree->count; i >= 0; i--)
	{
		const KpiRollupNode *node = &tree->node[i];

		for (int32 k = node->first; k < node->first + node->links; k++)
		{
			const KpiRollupLink *link = &tree->link[k];
			bool		passes = link->part || kpi_rollup_is_points(link);

			/* filled from the end, so that first[] stays where it was */
			parent[first[link->child] + --tree->node[link->child].parents] = passes ? i : 0;
		}
	}
	for (int32 i = 1; i <= tree->count; i++)
		tree->node[i].parents = first[i + 1] - first[i];
	return parent;
}

/* Add the grades that vetoes take at a node to all nodes above, once each. */
static void
pass_grades(KpiRollupTree *tree, int32 from, const int32 *first, const int32 *parent,
			int32 *passed, int32 *stack, int64 *total)
{
	int32		height = 0;

	stack[height++] = from;
	passed[from] = from;
	while (height > 0)
	{
		int32		at = stack[--height];

		CHECK_FOR_INTERRUPTS();
		total[at] += tree->node[from].grades;
		for (int32 k = first[at]; k < first[at + 1]; k++)
		{
			if (parent[k] == 0 || passed[parent[k]] == from)
				continue;
			passed[parent[k]] = from;
			stack[height++] = parent[k];
		}
	}
}

/* In a scorecard with shared nodes, pass the grades of every node up. */
void
kpi_rollup_pass_grades(KpiRollupTree *tree)
{
	Size		count = tree->count + 2;
	int32	   *first = palloc_extended(sizeof(int32) * count, MCXT_ALLOC_HUGE);
	int32	   *parent;
	int32	   *passed = palloc_extended(sizeof(int32) * count, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	int32	   *stack = palloc_extended(sizeof(int32) * count, MCXT_ALLOC_HUGE);
	int64	   *total = palloc_extended(sizeof(int64) * count, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	parent = find_ancestry(tree, first);
	for (int32 i = 1; i <= tree->count; i++)
	{
		if (tree->node[i].grades > 0)
			pass_grades(tree, i, first, parent, passed, stack, total);
	}
	for (int32 i = 1; i <= tree->count; i++)
		tree->node[i].grades = (int32) Min(total[i], PG_INT32_MAX);
}

/* Let marks go up: a node has those of all nodes below it. */
void
kpi_rollup_pass_marks(KpiRollupTree *tree)
{
	for (int32 i = tree->count; i > 0; i--)
	{
		KpiRollupNode *node = &tree->node[tree->order[i]];

		for (int32 k = node->first; k < node->first + node->links; k++)
			node->marks |= tree->node[tree->link[k].child].marks;
	}
}
