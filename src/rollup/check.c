/*-------------------------------------------------------------------------
 *
 * check.c
 *	  What a scorecard tree must not be, and the errors that say so.
 *
 * Refused: a parent without a row, a cycle, a root that is also a child or
 * has a role, points outside the method that adds them, a veto on a node that
 * stands by itself, and a score on a node that gets it from its children.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/check.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/varlena.h"

/* Nodes of a cycle that are named in its message. */
#define CYCLE_NAMES 12

/* Longest name that is compared for nearness. */
#define NEAR_LENGTH 255

/* The node whose name is nearest to the given one, if any is; ties by name. */
static const KpiRollupNode *
nearest_node(const KpiRollupTree *tree, const text *name)
{
	Size		length = VARSIZE_ANY_EXHDR(name);
	int			limit = Max(2, length / 3);
	const KpiRollupNode *nearest = NULL;

	if (length > NEAR_LENGTH)
		return NULL;
	for (int32 i = 1; i <= tree->count; i++)
	{
		const KpiRollupNode *node = &tree->node[i];
		int			distance;

		CHECK_FOR_INTERRUPTS();
		if (VARSIZE_ANY_EXHDR(node->name) > NEAR_LENGTH)
			continue;
		distance = varstr_levenshtein_less_equal(VARDATA_ANY(name), (int) length,
												 VARDATA_ANY(node->name),
												 (int) VARSIZE_ANY_EXHDR(node->name),
												 1, 1, 1, limit, true);
		if (distance < limit || (distance == limit && nearest == NULL) ||
			(distance == limit && kpi_rollup_compare_names(node->name, nearest->name) < 0))
		{
			nearest = node;
			limit = distance;
		}
	}
	return nearest;
}

/* The error for a parent that has no row. */
void
kpi_rollup_fail_parent(const KpiRollupTree *tree, const KpiRollupRow *row)
{
	const KpiRollupNode *nearest = nearest_node(tree, row->parent);

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("node \"%s\" names parent \"%s\", which has no row",
					text_to_cstring(row->node), text_to_cstring(row->parent)),
			 nearest != NULL ? errhint("Perhaps you mean \"%s\".", kpi_rollup_name(nearest)) :
			 errhint("Add a row for the parent, with NULL as its parent.")));
}

/* For every node left over, the parent left over that is first by name. */
static int32 *
parents_left(const KpiRollupTree *tree, const int32 *waiting)
{
	int32	   *parent = palloc_extended(sizeof(int32) * (tree->count + 1),
										 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (int32 i = 1; i <= tree->count; i++)
	{
		const KpiRollupNode *node = &tree->node[i];

		if (waiting[i] == 0)
			continue;
		for (int32 k = node->first; k < node->first + node->links; k++)
		{
			int32	   *known = &parent[tree->link[k].child];

			if (*known == 0 ||
				kpi_rollup_compare_names(node->name, tree->node[*known].name) < 0)
				*known = i;
		}
	}
	return parent;
}

/* The first name on a cycle: from the first one left over upward. */
static int32
find_cycle(const KpiRollupTree *tree, const int32 *waiting, const int32 *parent)
{
	bool	   *passed = palloc0(tree->count + 1);
	int32		start = 0;

	for (int32 i = 1; i <= tree->count; i++)
	{
		if (waiting[i] != 0 &&
			(start == 0 ||
			 kpi_rollup_compare_names(tree->node[i].name, tree->node[start].name) < 0))
			start = i;
	}
	while (!passed[start])
	{
		passed[start] = true;
		start = parent[start];
	}
	/* on the cycle now: begin with its first name */
	for (int32 at = parent[start]; passed[at]; at = parent[at])
	{
		passed[at] = false;
		if (kpi_rollup_compare_names(tree->node[at].name, tree->node[start].name) < 0)
			start = at;
	}
	return start;
}

/* The error for nodes that wait for each other: names a cycle among them. */
void
kpi_rollup_fail_cycle(const KpiRollupTree *tree, const int32 *waiting)
{
	int32	   *parent = parents_left(tree, waiting);
	int32		start = find_cycle(tree, waiting, parent);
	int32		at = start;
	int			named = 0;
	StringInfoData path;

	initStringInfo(&path);
	do
	{
		if (named++ < CYCLE_NAMES)
			appendStringInfo(&path, "%s -> ", kpi_rollup_name(&tree->node[at]));
		at = parent[at];
	} while (at != start);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("scorecard has a cycle: %s%s%s", path.data,
					named > CYCLE_NAMES ? "... -> " : "", kpi_rollup_name(&tree->node[start])),
			 errhint("A node cannot lie above itself; give one of these nodes another parent.")));
}

/* A root stands under no parent, and is nothing to one. */
static void
check_root(const KpiRollupTree *tree, const KpiRollupLink *link)
{
	const KpiRollupNode *root = &tree->node[link->child];

	if (root->parents > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("node \"%s\" has a row as a root and a row under a parent",
						kpi_rollup_name(root)),
				 errhint("Leave out the row that has NULL as the parent.")));
	if (link->role > KPI_ROLE_PART)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("root \"%s\" has role \"%s\"", kpi_rollup_name(root),
						kpi_role_words.word[link->role]),
				 errhint("A role says what a node is to its parent; give a root NULL.")));
}

/* Points need a sum to go to, and a veto a score to act on. */
static void
check_special(const KpiRollupTree *tree, const KpiRollupNode *node)
{
	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		const KpiRollupLink *link = &tree->link[k];
		bool		points = kpi_rollup_is_points(link);

		if (!kpi_rollup_is_special(link) ||
			(points ? node->method == KPI_ROLLUP_POINTS : node->method != KPI_ROLLUP_SELF))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("node \"%s\" is a %s of \"%s\", which has method \"%s\"",
						kpi_rollup_name(&tree->node[link->child]),
						kpi_role_words.word[link->role], kpi_rollup_name(node),
						kpi_rollup_method_words.word[Max(node->method, 0)]),
				 points ? errhint("Give the parent the method \"points\".") :
				 errhint("Give the parent a method by which its children count.")));
	}
}

/* Only leaves, and nodes that stand by themselves, have scores of their own. */
static void
check_score(const KpiRollupNode *node)
{
	if (node->method != KPI_ROLLUP_SELF && node->has & (KPI_HAS_SCORE | KPI_HAS_INVALID_SCORE))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("node \"%s\" has children and a score of its own", kpi_rollup_name(node)),
				 errhint("Give the score to a leaf below it and NULL to the node, or the method \"self\".")));
}

/* Refuse what the rows of a node cannot say together. */
void
kpi_rollup_check_tree(const KpiRollupTree *tree)
{
	const KpiRollupNode *top = &tree->node[0];

	for (int32 k = top->first; k < top->first + top->links; k++)
		check_root(tree, &tree->link[k]);
	for (int32 i = 1; i <= tree->count; i++)
	{
		const KpiRollupNode *node = &tree->node[tree->order[i]];

		if (node->links > 0)
			check_score(node);
		if (node->special)
			check_special(tree, node);
	}
}
