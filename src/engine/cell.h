/*-------------------------------------------------------------------------
 *
 * cell.h
 *	  What is evaluated: scorecards for units and periods, and their nodes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_CELL_H
#define KPI_ENGINE_CELL_H

#include "kpi.h"

#include "engine/card.h"
#include "engine/rank.h"
#include "engine/value.h"
#include "registry/target.h"

/* Marks that pass up to all nodes above. */
#define KPI_MARK_PROVISIONAL 1
#define KPI_MARK_CARRIED 2

/* What the score of a node is made of. */
typedef struct KpiNodeInput
{
	const KpiName *unit;		/* measured; NULL for the scorecard itself */
	KpiCase		of;
	Numeric		points;			/* its own score; NULL of a group */
	Numeric		carried;		/* its last score, where the policy above is
								 * carry */
	Numeric		coverage;		/* of the scorecard that it shows */
	int			marks;
	const char *reason;			/* why a leaf has no score */
} KpiNodeInput;

/* The score of a node, and what is found out with it. */
typedef struct KpiNodeScore
{
	Numeric		score;			/* or NULL */
	Numeric		coverage;
	Numeric		absolute_weight;	/* or NULL */
	Datum		missing_nodes;	/* text[], or 0 */
	Datum		vetoes;			/* the same */
	int			grades_down;
	bool		coefficient_zero;
	bool		carried;
	bool		provisional;
	const char *reason;			/* why a group has no score */
} KpiNodeScore;

/* Whether a final row goes before what is evaluated. */
typedef enum KpiAnew
{
	KPI_ANEW_NOT,				/* it does */
	KPI_ANEW_ITSELF,			/* only of what the scorecard shows */
	KPI_ANEW_ALL				/* never: other rules are asked for */
} KpiAnew;

/* What names a cell. */
typedef struct KpiCellKey
{
	KpiCard    *card;
	const KpiName *unit;
	const KpiGrainRow *grain;
	DateADT		start;
	DateADT		rules;			/* the day whose nodes are in force */
	int64		anew;			/* a KpiAnew: 64 bits, so that all can be
								 * hashed */
} KpiCellKey;

/* A scorecard for a unit and a period. */
typedef struct KpiCell
{
	KpiCellKey	key;
	bool		asked;			/* else it is shown by one, or the period
								 * before */
	DateADT		end;			/* the day after the period */
	struct KpiCell *before;		/* of the period before; NULL where it is not
								 * compared */
	const struct KpiFinal *final;	/* what was made final, or NULL */
	KpiCardTree *tree;
	KpiNodeInput *input;		/* for each node of the tree, once it is made */
	KpiNodeScore *score;		/* the same */
} KpiCell;

/* An evaluation: what is kept from batch to batch, and what is of one. */
typedef struct KpiEvaluation
{
	MemoryContext context;
	TimestampTz known_at;
	bool		anew;			/* cells asked for, also where they are final */
	const KpiGrains *grains;
	KpiNames   *names;
	KpiCards   *cards;
	KpiSiblings *siblings;
	struct KpiSuppositions *supposed;	/* or NULL */

	MemoryContext batch;
	struct KpiCellTable *cells;
	struct KpiFinals *finals;
	KpiValues  *values;
	KpiTargetFinder *targets;
	KpiPlaces  *places;
} KpiEvaluation;

extern KpiEvaluation *kpi_evaluation(MemoryContext context, TimestampTz known_at, bool anew);
extern int	kpi_read_cells(KpiEvaluation *evaluation, Datum cells, KpiCellKey **key);
extern KpiCell **kpi_start_batch(KpiEvaluation *evaluation, const KpiCellKey *key, int count, int *cells);
extern KpiCell *kpi_shown_cell(KpiEvaluation *evaluation, const KpiCell *cell, const KpiCardNode *node);
extern bool kpi_is_ranked(const KpiPlacedNode *placed);
extern int	kpi_batch_size(const KpiCellKey *key, int count);

#endif							/* KPI_ENGINE_CELL_H */
