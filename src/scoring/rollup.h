/*-------------------------------------------------------------------------
 *
 * rollup.h
 *	  The state of the scorecard rollup and the tree that is built from it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_H
#define KPI_ROLLUP_H

#include "kpi.h"

#include "utils/memutils.h"
#include "utils/numeric.h"

/* A state may not be larger; the result must still fit an array. */
#define KPI_ROLLUP_MAX_SIZE (MaxAllocSize / 2)

/* How the scores of the children make the score of their parent. */
typedef enum KpiRollupMethod
{
	KPI_ROLLUP_WEIGHTED,
	KPI_ROLLUP_AVERAGE,
	KPI_ROLLUP_WORST
} KpiRollupMethod;

/* A method or missing policy that the row leaves to the default. */
#define KPI_ROLLUP_DEFAULT (-1)

/* A weight, score or coverage; the state says which of the two it is. */
typedef union KpiAmount
{
	double		real;
	Numeric		exact;
} KpiAmount;

/*
 * The transition state: this header, then the packed rows, then spare
 * capacity up to the size of the varlena.
 */
typedef struct KpiRollup
{
	int32		vl_len_;
	uint8		version;
	uint8		exact;			/* amounts are numeric, else float8 */
	uint16		unused;
	uint32		count;			/* rows */
	uint32		used;			/* bytes of the rows */
} KpiRollup;

/*
 * A packed row: this header, then those of weight, score and min_coverage
 * that are there, then the names of the node and its parent.
 */
typedef struct KpiRollupEntry
{
	uint32		size;			/* a multiple of 8 */
	uint8		has;			/* KPI_HAS_... */
	int8		method;
	int8		missing;
	uint8		unused;
	uint32		node_length;
	uint32		parent_length;
} KpiRollupEntry;

#define KPI_HAS_PARENT			0x01
#define KPI_HAS_WEIGHT			0x02
#define KPI_HAS_SCORE			0x04
#define KPI_HAS_MIN_COVERAGE	0x08
#define KPI_HAS_INVALID_SCORE	0x10	/* NaN or infinite */
#define KPI_HAS_ALL				0x1F

#define KPI_ROLLUP_FIRST(state) \
	((KpiRollupEntry *) ((char *) (state) + sizeof(KpiRollup)))
#define KPI_ROLLUP_NEXT(entry) \
	((KpiRollupEntry *) ((char *) (entry) + (entry)->size))

/* A row, unpacked; names and numerics point into the state. */
typedef struct KpiRollupRow
{
	const char *node;
	const char *parent;
	uint32		node_length;
	uint32		parent_length;
	uint8		has;
	int8		method;
	int8		missing;
	KpiAmount	weight;
	KpiAmount	score;
	KpiAmount	min_coverage;
} KpiRollupRow;

/* A node with what its rows say and what is found out about it. */
typedef struct KpiRollupNode
{
	const char *name;
	uint32		length;
	uint32		hash;
	uint8		has;			/* of the rows; then: has a score */
	int8		method;
	int8		missing;
	bool		full;			/* nothing of positive weight is missing */
	bool		counted;		/* has an absolute weight */
	bool		shown;			/* is in the output */
	int32		parents;
	int32		first;			/* of its links */
	int32		links;
	int32		depth;
	int32		children;
	int32		present;
	int32		rank;			/* among the missing, by name */
	int32		absent;			/* missing nodes below */
	int32	   *absent_rank;	/* which, ascending */
	Size		absent_size;	/* bytes of their names */
	KpiAmount	score;
	KpiAmount	min_coverage;
	KpiAmount	coverage;
	KpiAmount	absolute;
	const char *reason;
} KpiRollupNode;

/* A child under a parent. */
typedef struct KpiRollupLink
{
	int32		child;
	bool		weighted;		/* else informational */
	bool		positive;
	KpiAmount	weight;
} KpiRollupLink;

/*
 * Nodes are numbered from 1; node 0 stands above the roots.  The links of a
 * node are next to each other, its children by name in byte order.
 */
typedef struct KpiRollupTree
{
	bool		exact;
	int32		count;			/* nodes, without node 0 */
	KpiRollupNode *node;
	KpiRollupLink *link;
	int32	   *order;			/* 0 to count: parents before children */
} KpiRollupTree;

extern void kpi_rollup_unpack(const KpiRollup *state, const KpiRollupEntry *entry,
							  KpiRollupRow *row);
extern KpiRollupTree *kpi_rollup_tree(const KpiRollup *state);
extern int	kpi_rollup_compare_names(const KpiRollupNode *a, const KpiRollupNode *b);

#endif							/* KPI_ROLLUP_H */
