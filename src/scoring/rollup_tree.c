/*-------------------------------------------------------------------------
 *
 * rollup_tree.c
 *	  The tree of a scorecard, built from its rows and checked.
 *
 * Names are numbered through a hash table, the children of a node are put
 * next to each other and sorted by name, and the nodes are ordered so that
 * parents precede their children (Kahn, Topological Sorting of Large
 * Networks, CACM 5 (1962)); nodes that are left over lie on or below a cycle.
 * The order depends on the names alone, not on the order of the rows.  There
 * is no recursion, so any depth goes.
 *
 * Errors: a node with two rows under one parent, rows that disagree on what
 * the node says of itself, a root that is also a child, a parent without a
 * row, a cycle, and a node that has both children and a score.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/rollup.h"

#include "common/exact.h"
#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/varlena.h"

/* Nodes of a cycle that are named in its message. */
#define CYCLE_NAMES 12

/* A hash table from names to numbers of nodes; 0 is a free slot. */
typedef struct Names
{
	KpiRollupTree *tree;
	int32	   *slot;
	uint32		mask;
} Names;

/* Memory for large scorecards may exceed the limit of an ordinary value. */
static void *
allocate(Size count, Size size)
{
	return palloc_extended(Max(count, 1) * size, MCXT_ALLOC_HUGE);
}

/* Byte order of names. */
int
kpi_rollup_compare_names(const KpiRollupNode *a, const KpiRollupNode *b)
{
	int			order = memcmp(a->name, b->name, Min(a->length, b->length));

	return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

/* The slot of a name: its own, or the free one where it belongs. */
static int32 *
find_slot(Names *names, const char *name, uint32 length, uint32 hash)
{
	for (uint32 at = hash & names->mask;; at = (at + 1) & names->mask)
	{
		const KpiRollupNode *node = &names->tree->node[names->slot[at]];

		if (names->slot[at] == 0 ||
			(node->hash == hash && node->length == length &&
			 memcmp(node->name, name, length) == 0))
			return &names->slot[at];
	}
}

static const char *
name_of(const KpiRollupNode *node)
{
	return pnstrdup(node->name, node->length);
}

static void
fail_disagreement(const KpiRollupNode *node, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("rows of node \"%s\" disagree on its %s", name_of(node), what),
			 errhint("Give the same %s in all rows of a node, or NULL in all but one.", what)));
}

/* Take a value of a row over into its node, which may have it already. */
static bool
merge_amount(bool exact, bool known, KpiAmount *mine, KpiAmount given)
{
	if (!known)
		*mine = given;
	return exact ? kpi_numeric_cmp(mine->exact, given.exact) == 0 : mine->real == given.real;
}

static void
merge_score(bool exact, KpiRollupNode *node, const KpiRollupRow *row)
{
	const uint8 kinds = KPI_HAS_SCORE | KPI_HAS_INVALID_SCORE;

	if ((row->has & kinds) == 0)
		return;
	if ((node->has & kinds) != 0 && (node->has & kinds) != (row->has & kinds))
		fail_disagreement(node, "score");
	if (row->has & KPI_HAS_SCORE &&
		!merge_amount(exact, node->has & KPI_HAS_SCORE, &node->score, row->score))
		fail_disagreement(node, "score");
	node->has |= row->has & kinds;
}

/* Take what a row says of its node over into the node. */
static void
merge_row(bool exact, KpiRollupNode *node, const KpiRollupRow *row)
{
	merge_score(exact, node, row);
	if (row->has & KPI_HAS_MIN_COVERAGE)
	{
		if (!merge_amount(exact, node->has & KPI_HAS_MIN_COVERAGE,
						  &node->min_coverage, row->min_coverage))
			fail_disagreement(node, "min_coverage");
		node->has |= KPI_HAS_MIN_COVERAGE;
	}
	if (row->method >= 0)
	{
		if (node->method >= 0 && node->method != row->method)
			fail_disagreement(node, "method");
		node->method = row->method;
	}
	if (row->missing >= 0)
	{
		if (node->missing >= 0 && node->missing != row->missing)
			fail_disagreement(node, "missing policy");
		node->missing = row->missing;
	}
}

static void
start_node(KpiRollupNode *node, const char *name, uint32 length, uint32 hash)
{
	memset(node, 0, sizeof(*node));
	node->name = name;
	node->length = length;
	node->hash = hash;
	node->method = KPI_ROLLUP_DEFAULT;
	node->missing = KPI_ROLLUP_DEFAULT;
	node->depth = PG_INT32_MAX;
}

/* Number the nodes; child[i] is the node of row i. */
static void
number_nodes(const KpiRollup *state, Names *names, int32 *child)
{
	KpiRollupTree *tree = names->tree;
	const KpiRollupEntry *entry = KPI_ROLLUP_FIRST(state);
	KpiRollupRow row;

	start_node(&tree->node[0], "", 0, 0);
	for (uint32 i = 0; i < state->count; i++, entry = KPI_ROLLUP_NEXT(entry))
	{
		uint32		hash;
		int32	   *slot;

		CHECK_FOR_INTERRUPTS();
		kpi_rollup_unpack(state, entry, &row);
		hash = hash_bytes((const unsigned char *) row.node, row.node_length);
		slot = find_slot(names, row.node, row.node_length, hash);
		if (*slot == 0)
		{
			*slot = ++tree->count;
			start_node(&tree->node[*slot], row.node, row.node_length, hash);
		}
		child[i] = *slot;
		merge_row(tree->exact, &tree->node[*slot], &row);
	}
}

/* The name nearest to the given one, if any is near; ties by name. */
static const KpiRollupNode *
nearest_node(const KpiRollupTree *tree, const char *name, uint32 length)
{
	int			limit = Max(2, length / 3);
	const KpiRollupNode *nearest = NULL;

	if (length > 255)
		return NULL;
	for (int32 i = 1; i <= tree->count; i++)
	{
		const KpiRollupNode *node = &tree->node[i];
		int			distance;

		CHECK_FOR_INTERRUPTS();
		if (node->length > 255)
			continue;
		distance = varstr_levenshtein_less_equal(name, length, node->name, node->length,
												 1, 1, 1, limit, true);
		if (distance < limit || (distance == limit && nearest == NULL) ||
			(distance == limit && kpi_rollup_compare_names(node, nearest) < 0))
		{
			nearest = node;
			limit = distance;
		}
	}
	return nearest;
}

static void
fail_unknown_parent(const KpiRollupTree *tree, const KpiRollupRow *row)
{
	const KpiRollupNode *nearest = nearest_node(tree, row->parent, row->parent_length);

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("node \"%s\" names parent \"%s\", which has no row",
					pnstrdup(row->node, row->node_length),
					pnstrdup(row->parent, row->parent_length)),
			 nearest != NULL ? errhint("Perhaps you mean \"%s\".", name_of(nearest)) :
			 errhint("Add a row for the parent, with NULL as its parent.")));
}

/* Find the parent of every row, and count the links of every node. */
static void
find_parents(const KpiRollup *state, Names *names, const int32 *child, int32 *parent)
{
	KpiRollupTree *tree = names->tree;
	const KpiRollupEntry *entry = KPI_ROLLUP_FIRST(state);
	KpiRollupRow row;

	for (uint32 i = 0; i < state->count; i++, entry = KPI_ROLLUP_NEXT(entry))
	{
		CHECK_FOR_INTERRUPTS();
		parent[i] = 0;
		if (entry->has & KPI_HAS_PARENT)
		{
			kpi_rollup_unpack(state, entry, &row);
			parent[i] = *find_slot(names, row.parent, row.parent_length,
								   hash_bytes((const unsigned char *) row.parent,
											  row.parent_length));
			if (parent[i] == 0)
				fail_unknown_parent(tree, &row);
		}
		tree->node[parent[i]].links++;
		tree->node[child[i]].parents++;
	}
}

static int
compare_links(const void *a, const void *b, void *nodes)
{
	const KpiRollupNode *node = nodes;

	return kpi_rollup_compare_names(&node[((const KpiRollupLink *) a)->child],
									&node[((const KpiRollupLink *) b)->child]);
}

/* Weights are never negative here, so this asks for any digit. */
static bool
is_positive(bool exact, KpiAmount weight)
{
	KpiDecimal	decimal;

	if (!exact)
		return weight.real > 0;
	return kpi_decode_numeric(NumericGetDatum(weight.exact), KPI_EXACT_GROUPS,
							  &decimal) == KPI_WIDE || decimal.value != 0;
}

/* Put the children of every node next to each other. */
static void
place_links(const KpiRollup *state, KpiRollupTree *tree, const int32 *child, const int32 *parent)
{
	const KpiRollupEntry *entry = KPI_ROLLUP_FIRST(state);
	KpiRollupRow row;
	int32		first = 0;

	for (int32 i = 0; i <= tree->count; i++)
	{
		tree->node[i].first = first;
		first += tree->node[i].links;
		tree->node[i].links = 0;
	}
	for (uint32 i = 0; i < state->count; i++, entry = KPI_ROLLUP_NEXT(entry))
	{
		KpiRollupNode *above = &tree->node[parent[i]];
		KpiRollupLink *link = &tree->link[above->first + above->links++];

		CHECK_FOR_INTERRUPTS();
		kpi_rollup_unpack(state, entry, &row);
		link->child = child[i];
		link->weighted = (row.has & KPI_HAS_WEIGHT) != 0;
		link->positive = link->weighted && is_positive(tree->exact, row.weight);
		if (link->weighted)
			link->weight = row.weight;
	}
}

static void
fail_twice(const KpiRollupTree *tree, const KpiRollupNode *parent, const KpiRollupNode *child)
{
	const char *hint = "A node has one row for each of its parents, or one row as a root.";

	if (parent == tree->node)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("node \"%s\" has two rows as a root", name_of(child)),
				 errhint("%s", hint)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("node \"%s\" has two rows under parent \"%s\"", name_of(child), name_of(parent)),
			 errhint("%s", hint)));
}

/* Sort the children of every node by name; none may be there twice. */
static void
sort_links(KpiRollupTree *tree)
{
	for (int32 i = 0; i <= tree->count; i++)
	{
		const KpiRollupNode *node = &tree->node[i];
		KpiRollupLink *link = &tree->link[node->first];

		CHECK_FOR_INTERRUPTS();
		if (node->links < 2)
			continue;
		qsort_arg(link, node->links, sizeof(KpiRollupLink), compare_links, tree->node);
		for (int32 k = 1; k < node->links; k++)
		{
			if (link[k].child == link[k - 1].child)
				fail_twice(tree, node, &tree->node[link[k].child]);
		}
	}
}

/* A root stands under no parent. */
static void
check_roots(const KpiRollupTree *tree)
{
	const KpiRollupNode *top = &tree->node[0];

	for (int32 k = 0; k < top->links; k++)
	{
		const KpiRollupNode *root = &tree->node[tree->link[top->first + k].child];

		if (root->parents > 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("node \"%s\" has a row as a root and a row under a parent",
							name_of(root)),
					 errhint("Leave out the row that has NULL as the parent.")));
	}
}

/* For every node left over, the parent left over that is first by name. */
static int32 *
parents_left(const KpiRollupTree *tree, const int32 *waiting)
{
	int32	   *parent = allocate(tree->count + 1, sizeof(int32));

	memset(parent, 0, sizeof(int32) * (tree->count + 1));
	for (int32 i = 1; i <= tree->count; i++)
	{
		const KpiRollupNode *node = &tree->node[i];

		if (waiting[i] == 0)
			continue;
		for (int32 k = node->first; k < node->first + node->links; k++)
		{
			int32	   *known = &parent[tree->link[k].child];

			if (*known == 0 || kpi_rollup_compare_names(node, &tree->node[*known]) < 0)
				*known = i;
		}
	}
	return parent;
}

/* Report a cycle: from the first name left over upward until one recurs. */
static void
fail_cycle(const KpiRollupTree *tree, const int32 *waiting)
{
	int32	   *parent = parents_left(tree, waiting);
	bool	   *passed = palloc0(tree->count + 1);
	int32		start = 0;
	int32		at;
	int			named = 0;
	StringInfoData path;

	for (int32 i = 1; i <= tree->count; i++)
	{
		if (waiting[i] != 0 &&
			(start == 0 || kpi_rollup_compare_names(&tree->node[i], &tree->node[start]) < 0))
			start = i;
	}
	while (!passed[start])
	{
		passed[start] = true;
		start = parent[start];
	}
	/* on the cycle now: begin with its first name */
	for (at = parent[start]; passed[at]; at = parent[at])
	{
		passed[at] = false;
		if (kpi_rollup_compare_names(&tree->node[at], &tree->node[start]) < 0)
			start = at;
	}

	initStringInfo(&path);
	at = start;
	do
	{
		if (named++ < CYCLE_NAMES)
			appendStringInfo(&path, "%s -> ", name_of(&tree->node[at]));
		at = parent[at];
	} while (at != start);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("scorecard has a cycle: %s%s%s", path.data,
					named > CYCLE_NAMES ? "... -> " : "", name_of(&tree->node[start])),
			 errhint("A node cannot lie above itself; give one of these nodes another parent.")));
}

/* Order the nodes, parents before children, and find their depths. */
static void
order_nodes(KpiRollupTree *tree)
{
	int32	   *waiting = allocate(tree->count + 1, sizeof(int32));
	int32		done = 0;
	int32		known = 1;

	for (int32 i = 0; i <= tree->count; i++)
		waiting[i] = tree->node[i].parents;
	tree->order = allocate(tree->count + 1, sizeof(int32));
	tree->order[0] = 0;
	tree->node[0].depth = -1;
	while (done < known)
	{
		const KpiRollupNode *node = &tree->node[tree->order[done++]];

		CHECK_FOR_INTERRUPTS();
		for (int32 k = node->first; k < node->first + node->links; k++)
		{
			int32		child = tree->link[k].child;

			tree->node[child].depth = Min(tree->node[child].depth, node->depth + 1);
			if (--waiting[child] == 0)
				tree->order[known++] = child;
		}
	}
	if (known <= tree->count)
		fail_cycle(tree, waiting);
	pfree(waiting);
}

/* Only leaves have scores of their own. */
static void
check_scores(const KpiRollupTree *tree)
{
	for (int32 i = 1; i <= tree->count; i++)
	{
		const KpiRollupNode *node = &tree->node[tree->order[i]];

		if (node->links > 0 && node->has & (KPI_HAS_SCORE | KPI_HAS_INVALID_SCORE))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("node \"%s\" has children and a score of its own", name_of(node)),
					 errhint("Give the score to a leaf below it, and NULL as the score of the node.")));
	}
}

/* Build the tree of the rows; its names point into the state. */
KpiRollupTree *
kpi_rollup_tree(const KpiRollup *state)
{
	KpiRollupTree *tree = palloc0(sizeof(KpiRollupTree));
	int32	   *child = allocate(state->count, sizeof(int32));
	int32	   *parent = allocate(state->count, sizeof(int32));
	uint32		slots = pg_nextpower2_32(Max(2 * state->count, 8));
	Names		names = {tree, allocate(slots, sizeof(int32)), slots - 1};

	tree->exact = state->exact;
	tree->node = allocate(state->count + 1, sizeof(KpiRollupNode));
	tree->link = allocate(state->count, sizeof(KpiRollupLink));
	memset(names.slot, 0, slots * sizeof(int32));
	number_nodes(state, &names, child);
	find_parents(state, &names, child, parent);
	pfree(names.slot);
	place_links(state, tree, child, parent);
	pfree(child);
	pfree(parent);
	sort_links(tree);
	check_roots(tree);
	order_nodes(tree);
	check_scores(tree);
	return tree;
}
