/*-------------------------------------------------------------------------
 *
 * combine.h
 *	  Values that are made of other values: what is combined, and by what rule.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_COMBINE_H
#define KPI_COMBINE_H

#include "kpi.h"

#include "base/grain_table.h"
#include "base/words.h"
#include "utils/numeric.h"

/* Decimals that a product is kept with at most. */
#define KPI_PRODUCT_DECIMALS 50

/* The value of a unit in a period; numbers are NULL where there are none, and finite. */
typedef struct KpiValue
{
	Numeric		numerator;
	Numeric		denominator;
	Numeric		value;
	bool		provisional;
	bool		has_rows;
	bool		has_parts;
	KpiOrigin	origin;
	int64		row_count;		/* where it has rows */
	int			parts;			/* where it has parts */
	int			parts_expected;
	int			at;				/* of a stock: the own period it is of */
	char	   *note;			/* or NULL */
} KpiValue;

/* Parts that are made one, so far. */
typedef struct KpiMix
{
	KpiCombine	rule;
	int			parts;
	int			expected;
	bool		provisional;
	bool		overflow;
	bool		no_numerator;	/* a part lacks one */
	bool		no_denominator;
	Numeric		numerator;		/* sums */
	Numeric		denominator;
	Numeric		by_denominator; /* of values times denominators */
	Numeric		by_share;		/* of values times shares, such as days */
	int64		share;
	Numeric		total;			/* sum, least, greatest or product of values */
	int			at;				/* of stocks: the latest, or earliest */
} KpiMix;

/* A unit below another one, on some days. */
typedef struct KpiEdge
{
	int			unit;
	int			parent;
	DateADT		from;
	DateADT		to;				/* the day after */
} KpiEdge;

/* A unit, and the days on which it is in force. */
typedef struct KpiUnit
{
	char	   *name;
	DateADT		from;
	DateADT		to;				/* the day after */
} KpiUnit;

/* The units by number, and the tree of some day. */
typedef struct KpiUnitTree
{
	int			count;
	KpiUnit    *unit;
	int			edges;
	KpiEdge    *edge;

	bool		is_built;
	DateADT		day;			/* of what follows */
	int		   *parent;			/* -1 for none */
	int		   *depth;
	int		   *order;			/* the lower before those above */
} KpiUnitTree;

/* A period; the arrays have an entry a unit, NULL for none. */
typedef struct KpiCombinePeriod
{
	const KpiGrainRow *grain;
	DateADT		start;
	DateADT		from;			/* its days */
	DateADT		to;
	bool		is_own;			/* of the own grain */
	bool		is_wanted;		/* not only read */
	bool		is_open;		/* not over yet */
	bool		is_begun;
	KpiValue  **base;			/* from rows or a formula */
	KpiValue  **given;			/* entered or rated */
	KpiValue  **value;			/* the result */
} KpiCombinePeriod;

/* All that one indicator is combined from. */
typedef struct KpiCombining
{
	KpiCombine	over_time;
	KpiCombine	over_units;
	int			window_min;		/* 0: every part of a rolling window */
	bool		inherit;
	KpiUnitTree units;
	int			count;
	int			own;			/* how many, in front, are of the own grain */
	KpiCombinePeriod *period;
	KpiMix	   *mix;			/* one a unit */
} KpiCombining;

/* Is the rule that of a stock? */
static inline bool
kpi_is_stock(KpiCombine rule)
{
	return rule == KPI_COMBINE_LAST || rule == KPI_COMBINE_FIRST;
}

/* Does the rule make values of others, rather than take them as they are given? */
static inline bool
kpi_makes(KpiCombine rule)
{
	return rule != KPI_COMBINE_ROWS && rule != KPI_COMBINE_FORMULA && rule != KPI_COMBINE_NONE;
}

/* combine_rule.c */
extern void kpi_mix_start(KpiMix *mix, KpiCombine rule);
extern bool kpi_mix_has(KpiCombine rule, const KpiValue *part);
extern void kpi_mix_add(KpiMix *mix, const KpiValue *part, int share);
extern KpiValue *kpi_mix_finish(const KpiMix *mix);

/* combine_tree.c */
extern void kpi_tree_build(KpiUnitTree *tree, DateADT day);
extern bool kpi_in_force(const KpiUnitTree *tree, int unit, DateADT from, DateADT to);

/* combine_value.c */
extern void kpi_combine_all(KpiCombining *combining);

#endif							/* KPI_COMBINE_H */
