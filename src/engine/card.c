/*-------------------------------------------------------------------------
 *
 * card.c
 *	  Scorecards and their trees on a day.
 *
 * A scorecard is read once with all versions of its nodes.  Its tree on a day
 * is made of those that are valid then, siblings by position and key, and kept:
 * many units and periods share it.  What is below a node that is not in force
 * is not in the tree.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/card.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "engine/query.h"
#include "lib/qunique.h"
#include "miscadmin.h"
#include "rollup/row.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

typedef struct KnownCard
{
	const KpiName *scorecard;
	uint32		status;
	KpiCard    *card;			/* NULL where there is none of that key */
} KnownCard;

#define SH_PREFIX cards
#define SH_ELEMENT_TYPE KnownCard
#define SH_KEY_TYPE const KpiName *
#define SH_KEY scorecard
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) &(key), sizeof(key))
#define SH_EQUAL(table, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct KpiCards
{
	MemoryContext context;
	KpiNames   *names;
	const KpiGrains *grains;
	TimestampTz known_at;
	cards_hash *known;
};

static KpiQuery card_query = {
	.arguments = 1,
	.type = {TEXTARRAYOID},
	.text = "SELECT s.scorecard, s.name, s.method, s.missing, s.min_coverage, s.zero_below, s.floor, s.cap,"
	" b.bounds, b.codes, b.statuses, b.coefficients"
	" FROM @kpi.scorecard AS s CROSS JOIN LATERAL ("
	" SELECT pg_catalog.array_agg(d.lower_bound ORDER BY d.lower_bound) FILTER (WHERE d.lower_bound IS NOT NULL) AS bounds,"
	" pg_catalog.array_agg(CAST(d.code AS text) ORDER BY d.lower_bound NULLS FIRST) AS codes,"
	" pg_catalog.array_agg(d.status ORDER BY d.lower_bound NULLS FIRST) AS statuses,"
	" pg_catalog.array_agg(d.coefficient ORDER BY d.lower_bound NULLS FIRST) AS coefficients"
	" FROM @kpi.band AS d WHERE d.band_set OPERATOR(pg_catalog.=) s.band_set) AS b"
	" WHERE s.scorecard OPERATOR(pg_catalog.=) ANY ($1)"
};

/* Looked up in indexes, whatever the planner thinks of how many cards are asked for: it would read all nodes. */
static KpiQuery node_query = {
	.arguments = 1,
	.type = {TEXTARRAYOID},
	.text = "SELECT n.scorecard, n.node, n.parent, n.indicator, n.shows, n.unit, COALESCE(n.perspective, i.perspective),"
	" n.name, pg_catalog.lower(n.valid), pg_catalog.upper(n.valid), n.position, n.weight, n.role_limit, n.min_coverage,"
	" n.zero_below, n.floor, n.cap, n.role, n.method, n.missing, n.max_age, n.carry, COALESCE(n.scale, i.scale),"
	" i.direction, i.attainment_method, i.zero_target, i.grain, i.due_after"
	" FROM pg_catalog.unnest($1) AS k (scorecard) CROSS JOIN LATERAL ("
	" SELECT * FROM @kpi.scorecard_node AS s WHERE s.scorecard OPERATOR(pg_catalog.=) k.scorecard OFFSET 0) AS n"
	" LEFT JOIN LATERAL (SELECT * FROM @kpi.indicator AS d"
	" WHERE d.indicator OPERATOR(pg_catalog.=) n.indicator OFFSET 0) AS i ON true"
};

/* Columns of node_query. */
enum
{
	NODE_SCORECARD = 1,
	NODE_KEY,
	NODE_PARENT,
	NODE_INDICATOR,
	NODE_SHOWS,
	NODE_UNIT,
	NODE_PERSPECTIVE,
	NODE_NAME,
	NODE_FROM,
	NODE_TO,
	NODE_POSITION,
	NODE_WEIGHT,
	NODE_ROLE_LIMIT,
	NODE_MIN_COVERAGE,
	NODE_ZERO_BELOW,
	NODE_FLOOR,
	NODE_CAP,
	NODE_ROLE,
	NODE_METHOD,
	NODE_MISSING,
	NODE_MAX_AGE,
	NODE_CARRY,
	NODE_SCALE,
	NODE_DIRECTION,
	NODE_ATTAINMENT_METHOD,
	NODE_ZERO_TARGET,
	NODE_OWN_GRAIN,
	NODE_DUE_AFTER
};

/* Scorecards that are read when they are asked for, and kept as long as the memory context. */
KpiCards *
kpi_cards(MemoryContext context, KpiNames *names, const KpiGrains *grains, TimestampTz known_at)
{
	KpiCards   *cards = MemoryContextAllocZero(context, sizeof(KpiCards));

	cards->context = context;
	cards->names = names;
	cards->grains = grains;
	cards->known_at = known_at;
	cards->known = cards_create(context, 8, NULL);
	return cards;
}

/* A name in a column, or NULL. */
static const KpiName *
name_column(KpiCards *cards, uint64 row, int column)
{
	bool		isnull;
	Datum		value = kpi_query_datum(row, column, &isnull);

	return isnull ? NULL : kpi_name_of(cards->names, value);
}

/* The place of a word in a column; KPI_ROLLUP_DEFAULT for NULL. */
static int
word_column(uint64 row, int column, const KpiWords *words)
{
	bool		isnull;
	Datum		value = kpi_query_datum(row, column, &isnull);

	return isnull ? KPI_ROLLUP_DEFAULT : kpi_check_word(words, DatumGetTextPP(value));
}

/* What a node says itself, else what its card says. */
static int8
own_or(int8 own, int8 of_card)
{
	if (own == KPI_ROLLUP_DEFAULT)
		return of_card;
	return own;
}

/* An integer in a column that has one. */
static int32
integer_column(uint64 row, int column)
{
	bool		isnull;

	return DatumGetInt32(kpi_query_datum(row, column, &isnull));
}

/* Limits of points in three columns. */
static KpiPointLimits
limits_columns(uint64 row, int column)
{
	KpiPointLimits limits = {kpi_query_numeric(row, column), kpi_query_numeric(row, column + 1), kpi_query_numeric(row, column + 2)};

	return limits;
}

/* A scale in a column, or NULL. */
static const KpiScale *
scale_column(uint64 row, int column)
{
	bool		isnull;
	Datum		value = kpi_query_datum(row, column, &isnull);

	return isnull ? NULL : kpi_scale_value(PointerGetDatum(PG_DETOAST_DATUM_COPY(value)));
}

/* The elements of an array in a column. */
static Datum *
array_column(uint64 row, int column, Oid type, bool **nulls, int *count)
{
	bool		isnull;
	Datum		value = kpi_query_datum(row, column, &isnull);
	Datum	   *element = NULL;

	*count = 0;
	if (!isnull)
		deconstruct_array(DatumGetArrayTypePCopy(value), type, type == INT4OID ? (int) sizeof(int32) : -1,
						  type == INT4OID, TYPALIGN_INT, &element, nulls, count);
	return element;
}

/* The bands in the last columns of card_query. */
static void
read_bands(uint64 row, KpiCardBands *bands)
{
	bool	   *nulls;
	int			bounds;
	Datum	   *bound = array_column(row, 9, NUMERICOID, &nulls, &bounds);
	Datum	   *code = array_column(row, 10, TEXTOID, &nulls, &bands->count);
	Datum	   *status = array_column(row, 11, INT4OID, &nulls, &bands->count);
	Datum	   *coefficient = array_column(row, 12, NUMERICOID, &nulls, &bands->count);

	bands->bound = palloc(sizeof(Numeric) * Max(bounds, 1));
	bands->code = palloc(sizeof(text *) * Max(bands->count, 1));
	bands->status = palloc(sizeof(int32) * Max(bands->count, 1));
	bands->coefficient = palloc(sizeof(Numeric) * Max(bands->count, 1));
	for (int i = 0; i < bounds; i++)
		bands->bound[i] = DatumGetNumeric(bound[i]);
	for (int i = 0; i < bands->count; i++)
	{
		bands->code[i] = DatumGetTextP(code[i]);
		bands->status[i] = DatumGetInt32(status[i]);
		bands->coefficient[i] = nulls[i] ? NULL : DatumGetNumeric(coefficient[i]);
	}
}

/* A row of card_query. */
static KpiCard *
read_card(KpiCards *cards, uint64 row)
{
	KpiCard    *card = palloc0(sizeof(KpiCard));

	card->scorecard = name_column(cards, row, 1);
	card->name = kpi_query_text(row, 2);
	card->method = (int8) word_column(row, 3, &kpi_rollup_method_words);
	card->missing = (int8) word_column(row, 4, &kpi_rollup_missing_words);
	card->min_coverage = kpi_query_numeric(row, 5);
	card->limits = limits_columns(row, 6);
	read_bands(row, &card->bands);
	return card;
}

/* What a node takes from its indicator. */
static void
read_indicator(KpiCards *cards, uint64 row, KpiCardNode *node)
{
	const KpiName *grain = name_column(cards, row, NODE_OWN_GRAIN);
	bool		isnull;
	Datum		due_after = kpi_query_datum(row, NODE_DUE_AFTER, &isnull);

	node->terms.direction = word_column(row, NODE_DIRECTION, &kpi_direction_words);
	node->terms.method = word_column(row, NODE_ATTAINMENT_METHOD, &kpi_attainment_method_words);
	node->terms.zero_target = word_column(row, NODE_ZERO_TARGET, &kpi_zero_target_words);
	node->own_grain = kpi_search_grain(cards->grains, grain->string, strlen(grain->string));
	if (!isnull)
	{
		node->due_after = palloc(sizeof(Interval));
		*node->due_after = *DatumGetIntervalP(due_after);
	}
}

/* A row of node_query. */
static void
read_node(KpiCards *cards, uint64 row, KpiCardNode *node)
{
	node->node = name_column(cards, row, NODE_KEY);
	node->parent = name_column(cards, row, NODE_PARENT);
	if (node->parent == name_column(cards, row, NODE_SCORECARD))
		node->parent = NULL;
	node->indicator = name_column(cards, row, NODE_INDICATOR);
	node->shows = name_column(cards, row, NODE_SHOWS);
	node->unit = name_column(cards, row, NODE_UNIT);
	node->perspective = name_column(cards, row, NODE_PERSPECTIVE);
	node->name = kpi_query_text(row, NODE_NAME);
	node->from = kpi_query_date(row, NODE_FROM, DATEVAL_NOBEGIN);
	node->to = kpi_query_date(row, NODE_TO, DATEVAL_NOEND);
	node->position = integer_column(row, NODE_POSITION);
	node->weight = kpi_query_numeric(row, NODE_WEIGHT);
	node->role_limit = kpi_query_numeric(row, NODE_ROLE_LIMIT);
	node->min_coverage = kpi_query_numeric(row, NODE_MIN_COVERAGE);
	node->limits = limits_columns(row, NODE_ZERO_BELOW);
	node->role = (int8) word_column(row, NODE_ROLE, &kpi_role_words);
	node->method = (int8) word_column(row, NODE_METHOD, &kpi_rollup_method_words);
	node->missing = (int8) word_column(row, NODE_MISSING, &kpi_rollup_missing_words);
	node->max_age = integer_column(row, NODE_MAX_AGE);
	node->carry = kpi_query_boolean(row, NODE_CARRY);
	node->scale = scale_column(row, NODE_SCALE);
	if (node->indicator != NULL)
		read_indicator(cards, row, node);
}

/* Versions of one key together. */
static int
compare_keys(const void *a, const void *b)
{
	uintptr_t	left = (uintptr_t) ((const KpiCardNode *) a)->node;
	uintptr_t	right = (uintptr_t) ((const KpiCardNode *) b)->node;

	return (left > right) - (left < right);
}

/* The nodes of the scorecards that have just been read. */
static void
read_nodes(KpiCards *cards, Datum *keys)
{
	uint64		rows;

	kpi_query_start(&node_query, keys, cards->known_at);
	rows = SPI_processed;
	for (uint64 row = 0; row < rows; row++)
		kpi_card(cards, name_column(cards, row, NODE_SCORECARD))->count++;
	for (uint64 row = 0; row < rows; row++)
	{
		KpiCard    *card = kpi_card(cards, name_column(cards, row, NODE_SCORECARD));

		if (card->node == NULL)
		{
			card->node = palloc0(sizeof(KpiCardNode) * card->count);
			card->count = 0;
		}
		read_node(cards, row, &card->node[card->count++]);
	}
	SPI_finish();
}

/* Order of days. */
static int
compare_days(const void *a, const void *b)
{
	DateADT		left = *(const DateADT *) a;
	DateADT		right = *(const DateADT *) b;

	return (left > right) - (left < right);
}

/* Order the nodes of a card by key, and find the days on which its tree changes. */
static void
order_nodes(KpiCard *card)
{
	if (card->count > 0)
		qsort(card->node, card->count, sizeof(KpiCardNode), compare_keys);
	card->edge = palloc(sizeof(DateADT) * (2 * card->count + 1));
	for (int i = 0; i < card->count; i++)
	{
		if (card->node[i].from != DATEVAL_NOBEGIN)
			card->edge[card->edges++] = card->node[i].from;
		if (card->node[i].to != DATEVAL_NOEND)
			card->edge[card->edges++] = card->node[i].to;
	}
	qsort(card->edge, card->edges, sizeof(DateADT), compare_days);
	card->edges = (int) qunique(card->edge, card->edges, sizeof(DateADT), compare_days);
	card->tree = palloc0(sizeof(KpiCardTree *) * (card->edges + 1));
}

/* Read those of the scorecards that are not known yet. */
void
kpi_cards_read(KpiCards *cards, const KpiName *const *scorecard, int count)
{
	MemoryContext old = MemoryContextSwitchTo(cards->context);
	Datum	   *key = palloc(sizeof(Datum) * Max(count, 1));
	int			keys = 0;
	Datum		argument;
	bool		found;

	for (int i = 0; i < count; i++)
	{
		KnownCard  *known = cards_insert(cards->known, scorecard[i], &found);

		if (found)
			continue;
		known->card = NULL;
		key[keys++] = PointerGetDatum(scorecard[i]->text);
	}
	if (keys > 0)
	{
		argument = kpi_text_array(key, keys);
		kpi_query_start(&card_query, &argument, cards->known_at);
		for (uint64 row = 0; row < SPI_processed; row++)
		{
			KpiCard    *card = read_card(cards, row);

			cards_lookup(cards->known, card->scorecard)->card = card;
		}
		SPI_finish();
		read_nodes(cards, &argument);
		for (int i = 0; i < count; i++)
		{
			KpiCard    *card = kpi_card(cards, scorecard[i]);

			if (card != NULL && card->tree == NULL)
				order_nodes(card);
		}
	}
	MemoryContextSwitchTo(old);
}

/* A scorecard that was read; NULL where there is none of that key. */
KpiCard *
kpi_card(KpiCards *cards, const KpiName *scorecard)
{
	KnownCard  *known = cards_lookup(cards->known, scorecard);

	return known ? known->card : NULL;
}

/* The version of a node that is valid on a day, or NULL. */
const KpiCardNode *
kpi_card_node(const KpiCard *card, const KpiName *node, DateADT day)
{
	const KpiCardNode wanted = {.node = node};
	const KpiCardNode *found = card->count == 0 ? NULL :
	bsearch(&wanted, card->node, card->count, sizeof(KpiCardNode), compare_keys);

	if (found == NULL)
		return NULL;
	while (found > card->node && found[-1].node == node)
		found--;
	for (; found < card->node + card->count && found->node == node; found++)
	{
		if (found->from <= day && day < found->to)
			return found;
	}
	return NULL;
}

/* Siblings together, by position and then key in byte order. */
static int
compare_siblings(const void *a, const void *b)
{
	const KpiCardNode *left = *(const KpiCardNode *const *) a;
	const KpiCardNode *right = *(const KpiCardNode *const *) b;
	uintptr_t	left_parent = (uintptr_t) left->parent;
	uintptr_t	right_parent = (uintptr_t) right->parent;

	if (left_parent != right_parent)
		return left_parent > right_parent ? 1 : -1;
	if (left->position != right->position)
		return left->position > right->position ? 1 : -1;
	return strcmp(left->node->string, right->node->string);
}

/* The nodes of a card in force on a day, siblings together. */
static const KpiCardNode **
nodes_on(const KpiCard *card, DateADT day, int *count)
{
	const KpiCardNode **node = palloc(sizeof(KpiCardNode *) * (card->count + 1));

	*count = 0;
	for (int i = 0; i < card->count; i++)
	{
		if (card->node[i].from <= day && day < card->node[i].to)
			node[(*count)++] = &card->node[i];
	}
	qsort(node, *count, sizeof(KpiCardNode *), compare_siblings);
	return node;
}

/* Where the children of a node begin; count where it has none. */
static int
first_child(const KpiCardNode *const *node, int count, const KpiName *parent)
{
	int			low = 0;
	int			high = count;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if ((uintptr_t) node[middle]->parent < (uintptr_t) parent)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && node[low]->parent == parent ? low : count;
}

/* The scorecard itself, at the top of its tree. */
static void
place_top(const KpiCard *card, KpiPlacedNode *top)
{
	memset(top, 0, sizeof(KpiPlacedNode));
	top->above = -1;
	top->key = card->scorecard;
	top->name = card->name;
	top->path = card->scorecard->text;
	top->method = card->method;
	top->missing = card->missing;
	top->min_coverage = card->min_coverage;
}

/* A node below another, with what it takes from its scorecard. */
static void
place_node(const KpiCard *card, const KpiCardNode *node, KpiCardTree *tree, int above)
{
	const KpiPlacedNode *parent = &tree->node[above];
	KpiPlacedNode *placed = &tree->node[tree->count++];

	memset(placed, 0, sizeof(KpiPlacedNode));
	placed->node = node;
	placed->above = above;
	placed->depth = parent->depth + 1;
	placed->carried_above = parent->missing == KPI_ROLLUP_CARRY;
	placed->key = node->node;
	placed->name = node->name;
	placed->path = cstring_to_text(psprintf("%s/%s", text_to_cstring(parent->path), node->node->string));
	placed->perspective = node->perspective ? node->perspective : parent->perspective;
	placed->method = own_or(node->method, card->method);
	placed->missing = own_or(node->missing, card->missing);
	placed->min_coverage = node->min_coverage ? node->min_coverage : card->min_coverage;
	placed->limits = node->limits;
	if (node->indicator != NULL)
	{
		if (placed->limits.zero_below == NULL)
			placed->limits.zero_below = card->limits.zero_below;
		if (placed->limits.floor == NULL)
			placed->limits.floor = card->limits.floor;
		if (placed->limits.cap == NULL)
			placed->limits.cap = card->limits.cap;
	}
}

/* Places all nodes below the top: each before its children, these before its next sibling. */
static void
place_nodes(const KpiCard *card, const KpiCardNode *const *node, int count, KpiCardTree *tree)
{
	int		   *next = palloc(sizeof(int) * (count + 1));	/* child of each place
															 * to come next */
	int			at = 0;

	next[0] = first_child(node, count, NULL);
	while (at >= 0)
	{
		const KpiName *parent = at == 0 ? NULL : tree->node[at].key;

		CHECK_FOR_INTERRUPTS();
		if (next[at] < count && node[next[at]]->parent == parent)
		{
			place_node(card, node[next[at]++], tree, at);
			at = tree->count - 1;
			next[at] = first_child(node, count, tree->node[at].key);
		}
		else
			at = tree->node[at].above;
	}
	for (int i = 0; i < tree->count; i++)
		tree->node[i].leaf = (i > 0 && tree->node[i].method == KPI_ROLLUP_SELF) ||
			i + 1 == tree->count || tree->node[i + 1].depth <= tree->node[i].depth;
	pfree(next);
}

/* The number of a new tree, from 1. */
uint64
kpi_tree_number(void)
{
	static uint64 last = 0;

	return ++last;
}

/* The tree of a card on a day, made anew. */
static KpiCardTree *
make_tree(const KpiCard *card, DateADT day)
{
	KpiCardTree *tree = palloc0(sizeof(KpiCardTree));
	int			count;
	const KpiCardNode **node = nodes_on(card, day, &count);

	tree->card = card;
	tree->number = kpi_tree_number();
	tree->node = palloc(sizeof(KpiPlacedNode) * (count + 1));
	tree->count = 1;
	place_top(card, &tree->node[0]);
	place_nodes(card, node, count, tree);
	pfree(node);
	return tree;
}

/* The tree of a card on a day. */
KpiCardTree *
kpi_card_tree(KpiCards *cards, KpiCard *card, DateADT day)
{
	MemoryContext old;
	int			low = 0;
	int			high = card->edges;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (card->edge[middle] <= day)
			low = middle + 1;
		else
			high = middle;
	}
	if (card->tree[low] == NULL)
	{
		old = MemoryContextSwitchTo(cards->context);
		card->tree[low] = make_tree(card, day);
		MemoryContextSwitchTo(old);
	}
	return card->tree[low];
}

/* A key and its place. */
typedef struct KeyPlace
{
	const KpiName *key;
	int			place;
} KeyPlace;

/* Order of keys, any that is the same everywhere. */
static int
compare_key_places(const void *a, const void *b)
{
	uintptr_t	left = (uintptr_t) ((const KeyPlace *) a)->key;
	uintptr_t	right = (uintptr_t) ((const KeyPlace *) b)->key;

	return (left > right) - (left < right);
}

/* The keys of a tree in order. */
static KeyPlace *
sorted_keys(const KpiCardTree *tree)
{
	KeyPlace   *key = palloc(sizeof(KeyPlace) * tree->count);

	for (int i = 0; i < tree->count; i++)
	{
		key[i].key = tree->node[i].key;
		key[i].place = i;
	}
	qsort(key, tree->count, sizeof(KeyPlace), compare_key_places);
	return key;
}

/* Find for each node of a tree the one of the same key in another. */
static void
match_trees(KpiCardTree *tree, const KpiCardTree *other)
{
	KeyPlace   *here = sorted_keys(tree);
	KeyPlace   *there = sorted_keys(other);
	int			k = 0;

	for (int i = 0; i < tree->count; i++)
	{
		while (k < other->count && compare_key_places(&there[k], &here[i]) < 0)
			k++;
		tree->match.place[here[i].place] = k < other->count && there[k].key == here[i].key ? there[k].place : -1;
	}
	tree->match.other = other->number;
	pfree(here);
	pfree(there);
}

/* The place in another tree of the node of the same key; -1 where it has none. */
int
kpi_match_place(KpiCards *cards, KpiCardTree *tree, int place, const KpiCardTree *other)
{
	if (tree == other)
		return place;
	if (tree->match.place == NULL)
		tree->match.place = MemoryContextAlloc(cards->context, sizeof(int) * tree->count);
	if (tree->match.other != other->number)
		match_trees(tree, other);
	return tree->match.place[place];
}
