/*-------------------------------------------------------------------------
 *
 * suppose.h
 *	  What is supposed to be otherwise in an evaluation.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_SUPPOSE_H
#define KPI_ENGINE_SUPPOSE_H

#include "kpi.h"

#include "engine/cell.h"

/* What of a node, as kpi_supposable_words has it: the amounts of its target stand first, as in registry/target.h. */
enum
{
	KPI_SUPPOSE_ACTUAL = KPI_AMOUNTS,
	KPI_SUPPOSE_WEIGHT,
	KPI_SUPPOSABLE
};

/* One thing of a node. */
typedef struct KpiSupposition
{
	const KpiName *node;
	int			what;
	Numeric		value;			/* NULL: it would have none */
	const KpiName *unit;		/* where the node is an indicator; else NULL */
} KpiSupposition;

/* The same of an indicator, a unit and a period, whichever node shows it. */
typedef struct KpiSupposed
{
	KpiLineKey	line;
	DateADT		start;
	bool		has[KPI_SUPPOSABLE];
	KpiAmounts	amounts;
	KpiValue	value;
} KpiSupposed;

typedef struct KpiSuppositions
{
	int			count;
	KpiSupposition *item;
	int			lines;
	KpiSupposed *line;			/* room for one of each item */
} KpiSuppositions;

extern KpiSuppositions *kpi_suppositions(int count);
extern KpiSuppositions *kpi_read_suppositions(KpiEvaluation *evaluation, Datum suppositions);
extern void kpi_suppose_weights(const KpiSuppositions *suppositions, KpiCell *cell);
extern void kpi_suppose_line(KpiSuppositions *suppositions, const KpiSupposition *item, const KpiLineKey *line, DateADT start);
extern const KpiSupposed *kpi_supposed(const KpiSuppositions *suppositions, const KpiLineKey *line, DateADT start);

#endif							/* KPI_ENGINE_SUPPOSE_H */
