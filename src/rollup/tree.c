/*-------------------------------------------------------------------------
 *
 * tree.c
 *	  The tree of a scorecard, built from its rows.
 *
 * Names are numbered through a hash table, the children of a node are put
 * next to each other and sorted by name, and the nodes are ordered so that
 * parents precede their children (Kahn, Topological Sorting of Large
 * Networks, CACM 5 (1962)); nodes that are left over lie on or below a cycle.
 * The order depends on the names alone, not on the order of the rows.  There
 * is no recursion, so any depth goes.
 *
 * Errors: a node with two rows under one parent, rows that disagree on what
 * the node says of itself, a parent without a row, a cycle, and what
 * check.c refuses.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/tree.h"

#include "base/exact.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "port/pg_bswap.h"
#include "rollup/check.h"

/* Rows whose places in the hash table are looked up together. */
#define ROWS_AT_ONCE 16

/* A place in the hash table from names to nodes; node 0 is a free one. */
typedef struct Slot
{
	uint32		hash;
	int32		node;
} Slot;

typedef struct Names
{
	KpiRollupTree *tree;
	Slot	   *slot;
	uint32		mask;
} Names;

/* Memory for large scorecards may exceed the limit of an ordinary value. */
static void *
allocate(Size count, Size size)
{
	return palloc_extended(Max(count, 1) * size, MCXT_ALLOC_HUGE);
}

/* Whether two names are equal, byte by byte. */
static inline bool
same_name(const text *a, const text *b)
{
	Size		length = VARSIZE_ANY_EXHDR(a);

	return length == VARSIZE_ANY_EXHDR(b) && memcmp(VARDATA_ANY(a), VARDATA_ANY(b), length) == 0;
}

/* The hash value of a name. */
static inline uint32
hash_name(const text *name)
{
	return hash_bytes((const unsigned char *) VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

/* The slot of a name: its own, or the free one where it belongs. */
static Slot *
find_slot(Names *names, const text *name, uint32 hash)
{
	for (uint32 at = hash & names->mask;; at = (at + 1) & names->mask)
	{
		Slot	   *slot = &names->slot[at];

		if (slot->node == 0 ||
			(slot->hash == hash && same_name(names->tree->node[slot->node].name, name)))
			return slot;
	}
}

/* The error for rows that say different things about their node. */
static void
fail_disagreement(const KpiRollupNode *node, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("rows of node \"%s\" disagree on its %s", kpi_rollup_name(node), what),
			 errhint("Give the same %s in all rows of a node, or NULL in all but one.", what)));
}

/* Take an amount of a row over into its node, which may have it already. */
static void
merge_amount(bool exact, KpiRollupNode *node, uint8 bit, KpiAmount *mine, KpiAmount given,
			 const char *what)
{
	if ((node->has & bit) == 0)
		*mine = given;
	else if (exact ? kpi_numeric_cmp(mine->exact, given.exact) != 0 : mine->real != given.real)
		fail_disagreement(node, what);
	node->has |= bit;
}

/* Take a word of a row over into its node, which may have it already. */
static inline void
merge_word(const KpiRollupNode *node, int8 *mine, int8 given, const char *what)
{
	if (given < 0)
		return;
	if (*mine >= 0 && *mine != given)
		fail_disagreement(node, what);
	*mine = given;
}

/* Take what a row says of its node over into the node. */
static void
merge_row(bool exact, KpiRollupNode *node, const KpiRollupRow *row)
{
	const uint8 kinds = KPI_HAS_SCORE | KPI_HAS_INVALID_SCORE;

	if ((node->has & kinds) != 0 && (row->has & kinds) != 0 &&
		(node->has & kinds) != (row->has & kinds))
		fail_disagreement(node, "score");
	if (row->has & KPI_HAS_SCORE)
		merge_amount(exact, node, KPI_HAS_SCORE, &node->score, row->score, "score");
	node->has |= row->has & KPI_HAS_INVALID_SCORE;
	if (row->has & KPI_HAS_MIN_COVERAGE)
		merge_amount(exact, node, KPI_HAS_MIN_COVERAGE, &node->min_coverage, row->min_coverage,
					 "min_coverage");
	if (row->has & KPI_HAS_CARRIED)
		merge_amount(exact, node, KPI_HAS_CARRIED, &node->carried, row->carried, "carried score");
	merge_word(node, &node->method, row->method, "method");
	merge_word(node, &node->missing, row->missing, "missing policy");
}

/* A node of which only the name is known. */
static void
start_node(KpiRollupNode *node, const text *name)
{
	memset(node, 0, sizeof(*node));
	node->name = name;
	node->method = KPI_ROLLUP_DEFAULT;
	node->missing = KPI_ROLLUP_DEFAULT;
	node->depth = PG_INT32_MAX;
}

/* The number of a node, which is new if its name is. */
static int32
number_node(Names *names, const text *name, uint32 hash)
{
	Slot	   *slot = find_slot(names, name, hash);

	if (slot->node == 0)
	{
		slot->hash = hash;
		slot->node = ++names->tree->count;
		start_node(&names->tree->node[slot->node], name);
	}
	return slot->node;
}

/*
 * Number the nodes: tree->row[i] is the node of row i.  The slots of a few rows
 * are asked for at once, since most of them are not in the cache.
 */
static void
number_nodes(const KpiRollup *state, Names *names)
{
	KpiRollupTree *tree = names->tree;
	const KpiRollupEntry *entry = KPI_ROLLUP_FIRST(state);
	KpiRollupRow row[ROWS_AT_ONCE];
	uint32		hash[ROWS_AT_ONCE];
	int			count;

	start_node(&tree->node[0], NULL);
	for (uint32 first = 0; first < state->count; first += count)
	{
		CHECK_FOR_INTERRUPTS();
		count = Min(state->count - first, ROWS_AT_ONCE);
		for (int i = 0; i < count; i++, entry = KPI_ROLLUP_NEXT(entry))
		{
			kpi_rollup_unpack(state->exact, entry, &row[i]);
			hash[i] = hash_name(row[i].node);
			KPI_PREFETCH(&names->slot[hash[i] & names->mask]);
		}
		for (int i = 0; i < count; i++)
		{
			int32		node = number_node(names, row[i].node, hash[i]);

			tree->row[first + i] = node;
			merge_row(tree->exact, &tree->node[node], &row[i]);
		}
	}
}

/* Find the parent of every row, and count the links of every node. */
static void
find_parents(const KpiRollup *state, Names *names, int32 *parent)
{
	KpiRollupTree *tree = names->tree;
	const KpiRollupEntry *entry = KPI_ROLLUP_FIRST(state);
	const text *last = NULL;
	int32		known = 0;
	KpiRollupRow row;

	for (uint32 i = 0; i < state->count; i++, entry = KPI_ROLLUP_NEXT(entry))
	{
		KpiRollupNode *child = &tree->node[tree->row[i]];

		CHECK_FOR_INTERRUPTS();
		parent[i] = 0;
		if (entry->has & KPI_HAS_PARENT)
		{
			kpi_rollup_unpack(state->exact, entry, &row);
			/* siblings often come one after the other */
			if (last == NULL || !same_name(last, row.parent))
				known = find_slot(names, row.parent, hash_name(row.parent))->node;
			if (known == 0)
				kpi_rollup_fail_parent(tree, &row);
			last = row.parent;
			parent[i] = known;
		}
		tree->node[parent[i]].links++;
		tree->shared |= ++child->parents > 1;
	}
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

/* The first eight bytes of a name as a number that sorts as they do. */
static uint64
name_prefix(const text *name)
{
	uint64		prefix = 0;

	memcpy(&prefix, VARDATA_ANY(name), Min(VARSIZE_ANY_EXHDR(name), sizeof(prefix)));
	return pg_ntoh64(prefix);
}

/* What a row says of the child under its parent. */
static void
fill_link(const KpiRollupTree *tree, const KpiRollupRow *row, KpiRollupNode *above,
		  KpiRollupLink *link)
{
	link->prefix = name_prefix(row->node);
	link->role = row->role;
	link->weighted = (row->has & KPI_HAS_WEIGHT) != 0;
	link->limited = (row->has & KPI_HAS_ROLE_LIMIT) != 0;
	link->part = link->weighted && row->role < KPI_ROLE_BONUS &&
		above->method != KPI_ROLLUP_SELF && is_positive(tree->exact, row->weight);
	if (link->weighted)
		link->weight = row->weight;
	if (link->limited)
		link->limit = row->role_limit;
	above->special |= kpi_rollup_is_special(link);
}

/* Put the children of every node next to each other. */
static void
place_links(const KpiRollup *state, KpiRollupTree *tree, const int32 *parent)
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
		kpi_rollup_unpack(state->exact, entry, &row);
		link->child = tree->row[i];
		fill_link(tree, &row, above, link);
	}
}

/* Order of links by the names of their children. */
static int
compare_links(const void *a, const void *b, void *nodes)
{
	const KpiRollupLink *x = a;
	const KpiRollupLink *y = b;
	const KpiRollupNode *node = nodes;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return kpi_rollup_compare_names(node[x->child].name, node[y->child].name);
}

/* The error for a node with two rows under one parent. */
static void
fail_twice(const KpiRollupTree *tree, const KpiRollupNode *parent, const KpiRollupNode *child)
{
	const char *hint = "A node has one row for each of its parents, or one row as a root.";

	if (parent == tree->node)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("node \"%s\" has two rows as a root", kpi_rollup_name(child)),
				 errhint("%s", hint)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("node \"%s\" has two rows under parent \"%s\"",
					kpi_rollup_name(child), kpi_rollup_name(parent)),
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
		kpi_rollup_fail_cycle(tree, waiting);
	pfree(waiting);
}

/* Build the tree of the rows; its names point into the state. */
KpiRollupTree *
kpi_rollup_tree(const KpiRollup *state)
{
	KpiRollupTree *tree = palloc0(sizeof(KpiRollupTree));
	int32	   *parent = allocate(state->count, sizeof(int32));
	uint32		slots = pg_nextpower2_32(Max(state->count + state->count / 2, 8));
	Names		names = {tree, allocate(slots, sizeof(Slot)), slots - 1};

	tree->exact = state->exact;
	tree->rows = (int32) state->count;
	tree->node = allocate(state->count + 1, sizeof(KpiRollupNode));
	tree->link = allocate(state->count, sizeof(KpiRollupLink));
	tree->row = allocate(state->count, sizeof(int32));
	memset(names.slot, 0, slots * sizeof(Slot));
	number_nodes(state, &names);
	find_parents(state, &names, parent);
	pfree(names.slot);
	place_links(state, tree, parent);
	pfree(parent);
	sort_links(tree);
	order_nodes(tree);
	kpi_rollup_check_tree(tree);
	return tree;
}
