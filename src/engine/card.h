/*-------------------------------------------------------------------------
 *
 * card.h
 *	  Scorecards and their trees on a day.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_CARD_H
#define KPI_ENGINE_CARD_H

#include "kpi.h"

#include "base/grain_table.h"
#include "engine/judge.h"
#include "engine/name.h"
#include "utils/timestamp.h"

/* A version of a node, as it was defined, with what it takes from its indicator. */
typedef struct KpiCardNode
{
	const KpiName *node;
	const KpiName *parent;		/* NULL at the top, as the others where there
								 * is none */
	const KpiName *indicator;
	const KpiName *shows;
	const KpiName *unit;
	const KpiName *perspective; /* else of the indicator */
	text	   *name;
	DateADT		from;
	DateADT		to;				/* the day after */
	int32		position;
	Numeric		weight;			/* NULL where it has none, as the others */
	Numeric		role_limit;
	Numeric		min_coverage;
	KpiPointLimits limits;
	int8		role;			/* KPI_ROLLUP_DEFAULT for none, as the next
								 * two */
	int8		method;
	int8		missing;
	int32		max_age;
	bool		carry;
	const KpiScale *scale;		/* else of the indicator, or NULL */
	KpiTerms	terms;
	const KpiGrainRow *own_grain;
	Interval   *due_after;		/* or NULL */
} KpiCardNode;

/* A node in force, in its place in the tree, with what it takes from its scorecard. */
typedef struct KpiPlacedNode
{
	const KpiCardNode *node;	/* NULL for the scorecard itself */
	int			above;			/* place of the node above, from 0; -1 for
								 * none */
	int			depth;
	bool		leaf;			/* nothing is below it, or its method is self */
	bool		carried_above;	/* the policy of the node above is carry */
	const KpiName *key;
	text	   *name;
	text	   *path;
	const KpiName *perspective;
	int8		method;
	int8		missing;
	Numeric		min_coverage;
	KpiPointLimits limits;
} KpiPlacedNode;

/* A place in the tree before that has the same key; the last one asked for is kept. */
typedef struct KpiMatch
{
	uint64		other;			/* its number */
	int		   *place;			/* -1 where it has none */
} KpiMatch;

/* The nodes in force on some days, from top to bottom. */
typedef struct KpiCardTree
{
	const struct KpiCard *card;
	uint64		number;			/* no other tree has it, be it in the same
								 * memory later */
	int			count;
	KpiPlacedNode *node;
	KpiMatch	match;
} KpiCardTree;

/* Bands from the bottom up; the lowest has no bound. */
typedef struct KpiCardBands
{
	int			count;
	Numeric    *bound;			/* of the second, the third, ... */
	text	  **code;
	int32	   *status;
	Numeric    *coefficient;	/* or NULL */
} KpiCardBands;

/* A scorecard with all versions of its nodes, those of one key together. */
typedef struct KpiCard
{
	const KpiName *scorecard;
	text	   *name;
	int8		method;
	int8		missing;
	Numeric		min_coverage;
	KpiPointLimits limits;
	KpiCardBands bands;
	int			count;
	KpiCardNode *node;
	int			edges;
	DateADT    *edge;			/* days from which other nodes are in force,
								 * in order */
	KpiCardTree **tree;			/* before the first, from the first, ...; made
								 * when asked for */
} KpiCard;

typedef struct KpiCards KpiCards;

extern KpiCards *kpi_cards(MemoryContext context, KpiNames *names, const KpiGrains *grains, TimestampTz known_at);
extern void kpi_cards_read(KpiCards *cards, const KpiName *const *scorecard, int count);
extern KpiCard *kpi_card(KpiCards *cards, const KpiName *scorecard);
extern KpiCardTree *kpi_card_tree(KpiCards *cards, KpiCard *card, DateADT day);
extern uint64 kpi_tree_number(void);
extern const KpiCardNode *kpi_card_node(const KpiCard *card, const KpiName *node, DateADT day);
extern int	kpi_match_place(KpiCards *cards, KpiCardTree *tree, int place, const KpiCardTree *other);

#endif							/* KPI_ENGINE_CARD_H */
