/*-------------------------------------------------------------------------
 *
 * change_tree.c
 *	  What each node of a tree of sums did to the change of the nodes above it.
 *
 *	before, after	as given, or the sum over the children where it is NULL
 *	change			after - before
 *	share_of_parent	change / change of the parent
 *	share_of_root	change / change of the root
 *	unexplained		change less those of the children, of nodes that have any
 *
 * NULL rule: a leaf without a value has none, and its parent neither unless that
 * is given; shares are NULL where the change that they are of is 0.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/list.h"
#include "base/matrix.h"
#include "funcapi.h"
#include "miscadmin.h"

/* Nodes are given by their place; -1 is none. */
typedef struct TreeNode
{
	char	   *name;
	int			parent;
	int			first_child;
	int			next_sibling;
	int			depth;
	double		before;			/* NaN where it is not known */
	double		after;
} TreeNode;

typedef struct Tree
{
	int			count;
	TreeNode   *node;
	int		   *by_name;		/* places in the order of names */
} Tree;

/* The order of places by name. */
static int
compare_names(const void *a, const void *b, void *tree)
{
	const TreeNode *node = ((Tree *) tree)->node;

	return strcmp(node[*(const int *) a].name, node[*(const int *) b].name);
}

/* The place of a name; -1 where there is no such node. */
static int
find_node(const Tree *tree, const char *name)
{
	int			low = 0;
	int			high = tree->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (strcmp(tree->node[tree->by_name[middle]].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < tree->count && strcmp(tree->node[tree->by_name[low]].name, name) == 0)
		return tree->by_name[low];
	return -1;
}

/* The names in order, each once. */
static void
sort_names(Tree *tree)
{
	tree->by_name = palloc(tree->count * sizeof(int));
	for (int i = 0; i < tree->count; i++)
		tree->by_name[i] = i;
	qsort_arg(tree->by_name, tree->count, sizeof(int), compare_names, tree);
	for (int i = 1; i < tree->count; i++)
	{
		if (strcmp(tree->node[tree->by_name[i - 1]].name, tree->node[tree->by_name[i]].name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("node \"%s\" stands twice", tree->node[tree->by_name[i]].name),
					 errhint("Every node has one row; add up its values before.")));
	}
}

/* Hang the nodes below their parents, in the order in which they are given. */
static void
link_nodes(Tree *tree, const KpiList *parents)
{
	for (int i = tree->count - 1; i >= 0; i--)
	{
		TreeNode   *node = &tree->node[i];

		node->parent = -1;
		if (parents->is_null[i])
			continue;
		node->parent = find_node(tree, TextDatumGetCString(parents->element[i]));
		if (node->parent < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("parent \"%s\" of node \"%s\" is no node", TextDatumGetCString(parents->element[i]), node->name),
					 errhint("Every parent has a row of its own; its values may be NULL.")));
		node->next_sibling = tree->node[node->parent].first_child;
		tree->node[node->parent].first_child = i;
	}
}

/* How deep a node stands, which is known of its parents once they were asked. */
static int
find_depth(Tree *tree, int place)
{
	int			steps = 0;
	int			at = place;

	while (at >= 0 && tree->node[at].depth < 0)
	{
		at = tree->node[at].parent;
		if (++steps > tree->count)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("node \"%s\" stands below itself", tree->node[place].name),
					 errhint("Parents make a tree, whose roots have a NULL parent.")));
	}
	steps += at < 0 ? -1 : tree->node[at].depth;
	for (at = place; at >= 0 && tree->node[at].depth < 0; at = tree->node[at].parent)
		tree->node[at].depth = steps--;
	return tree->node[place].depth;
}

/* The node that follows in tree order; -1 after the last one below root. */
static int
next_node(const Tree *tree, int at)
{
	if (tree->node[at].first_child >= 0)
		return tree->node[at].first_child;
	while (at >= 0 && tree->node[at].next_sibling < 0)
		at = tree->node[at].parent;
	return at < 0 ? -1 : tree->node[at].next_sibling;
}

/* Sums over the children, from the deepest nodes up, where a value is not given. */
static void
add_up(Tree *tree)
{
	int		   *order = palloc(tree->count * sizeof(int));
	int			count = 0;

	for (int i = 0; i < tree->count; i++)
	{
		for (int at = tree->node[i].parent < 0 ? i : -1; at >= 0; at = next_node(tree, at))
			order[count++] = at;
	}
	while (--count >= 0)
	{
		TreeNode   *node = &tree->node[order[count]];
		double		before = 0;
		double		after = 0;

		CHECK_FOR_INTERRUPTS();
		for (int child = node->first_child; child >= 0; child = tree->node[child].next_sibling)
		{
			before += tree->node[child].before;
			after += tree->node[child].after;
		}
		if (node->first_child >= 0 && isnan(node->before))
			node->before = before;
		if (node->first_child >= 0 && isnan(node->after))
			node->after = after;
	}
	pfree(order);
}

/* The tree of the arguments. */
static Tree
read_tree(FunctionCallInfo fcinfo)
{
	KpiList		names = kpi_list(PG_GETARG_ARRAYTYPE_P(0), "nodes");
	KpiList		parents = kpi_list(PG_GETARG_ARRAYTYPE_P(1), "parents");
	KpiMatrix	before = kpi_matrix(PG_GETARG_ARRAYTYPE_P(2), "before", true);
	KpiMatrix	after = kpi_matrix(PG_GETARG_ARRAYTYPE_P(3), "after", true);
	Tree		tree = {.count = names.count,.node = palloc(names.count * sizeof(TreeNode))};

	kpi_check_no_nulls(&names, "nodes");
	kpi_check_same_length(&names, "nodes", &parents, "parents");
	kpi_check_values(&before, "before", names.count, "node");
	kpi_check_values(&after, "after", names.count, "node");
	for (int i = 0; i < tree.count; i++)
		tree.node[i] = (TreeNode)
	{
		TextDatumGetCString(names.element[i]), -1, -1, -1, -1, before.value[i], after.value[i]
	};
	sort_names(&tree);
	link_nodes(&tree, &parents);
	for (int i = 0; i < tree.count; i++)
		find_depth(&tree, i);
	add_up(&tree);
	return tree;
}

/* By how much a node changed. */
static double
change_of(const TreeNode *node)
{
	return node->after - node->before;
}

/* A share; not defined of a whole that is 0. */
static double
share(double part, double whole)
{
	return whole == 0 ? NAN : part / whole;
}

/* What the children leave unexplained; not defined of leaves. */
static double
unexplained(const Tree *tree, const TreeNode *node)
{
	double		rest = change_of(node);

	for (int child = node->first_child; child >= 0; child = tree->node[child].next_sibling)
		rest -= change_of(&tree->node[child]);
	return node->first_child < 0 ? NAN : rest;
}

/* The row of a node below a root. */
static void
put_node(FunctionCallInfo fcinfo, const Tree *tree, int place, int root)
{
	const TreeNode *node = &tree->node[place];
	const TreeNode *parent = node->parent < 0 ? NULL : &tree->node[node->parent];
	KpiAnswer	answer = {0};

	kpi_answer_text(&answer, node->name);
	kpi_answer_text(&answer, parent != NULL ? parent->name : NULL);
	kpi_answer_integer(&answer, node->depth);
	kpi_answer_number(&answer, node->before);
	kpi_answer_number(&answer, node->after);
	kpi_answer_number(&answer, change_of(node));
	kpi_answer_number(&answer, parent != NULL ? share(change_of(node), change_of(parent)) : NAN);
	kpi_answer_number(&answer, share(change_of(node), change_of(&tree->node[root])));
	kpi_answer_number(&answer, unexplained(tree, node));
	kpi_answer_put(fcinfo, &answer);
}

/* change_tree(nodes, parents, before, after): one row a node, in tree order. */
PG_FUNCTION_INFO_V1(kpi_change_tree);
Datum
kpi_change_tree(PG_FUNCTION_ARGS)
{
	Tree		tree = read_tree(fcinfo);

	InitMaterializedSRF(fcinfo, 0);
	for (int root = 0; root < tree.count; root++)
	{
		for (int at = tree.node[root].parent < 0 ? root : -1; at >= 0; at = next_node(&tree, at))
			put_node(fcinfo, &tree, at, root);
	}
	PG_RETURN_NULL();
}
