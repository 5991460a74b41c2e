/*-------------------------------------------------------------------------
 *
 * rollup.h
 *	  The state of the scorecard rollup, its tree, and what is found out there.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_H
#define KPI_ROLLUP_H

#include "kpi.h"

#include "base/check.h"
#include "base/words.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#define KPI_ROLLUP_TYPE "kpi.rollup_state"

/* Ask for memory that will be read soon. */
#ifdef __GNUC__
#define KPI_PREFETCH(address) __builtin_prefetch(address)
#else
#define KPI_PREFETCH(address) ((void) 0)
#endif

/* A state may not be larger; the result must still fit an array. */
#define KPI_ROLLUP_MAX_SIZE (MaxAllocSize / 2)

/* Why a node has no score. */
typedef enum KpiRollupReason
{
	KPI_REASON_NONE,
	KPI_REASON_NO_SCORE,
	KPI_REASON_INVALID,
	KPI_REASON_NO_WEIGHT,
	KPI_REASON_NO_DATA,
	KPI_REASON_MISSING_CHILD,
	KPI_REASON_LOW_COVERAGE
} KpiRollupReason;

/* A method, policy or role that the row leaves to the default. */
#define KPI_ROLLUP_DEFAULT (-1)

/* Grades that one veto may take. */
#define KPI_ROLLUP_MAX_GRADES 1000

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
 * A packed row: this header, then those of weight, score, min_coverage,
 * role_limit and carried that are there, then the names of the node and its
 * parent as texts with a header of their own.
 */
typedef struct KpiRollupEntry
{
	uint32		size;			/* a multiple of 8 */
	uint8		has;			/* KPI_HAS_... */
	int8		method;
	int8		missing;
	int8		role;
} KpiRollupEntry;

#define KPI_HAS_PARENT			0x01
#define KPI_HAS_WEIGHT			0x02
#define KPI_HAS_SCORE			0x04
#define KPI_HAS_MIN_COVERAGE	0x08
#define KPI_HAS_INVALID_SCORE	0x10	/* NaN or infinite */
#define KPI_HAS_ROLE_LIMIT		0x20
#define KPI_HAS_CARRIED			0x40
#define KPI_HAS_ALL				0x7F

#define KPI_ROLLUP_FIRST(state) \
	((KpiRollupEntry *) ((char *) (state) + sizeof(KpiRollup)))
#define KPI_ROLLUP_NEXT(entry) \
	((KpiRollupEntry *) ((char *) (entry) + (entry)->size))

/* A row, unpacked; names and numerics point into the state. */
typedef struct KpiRollupRow
{
	const text *node;
	const text *parent;
	uint8		has;
	int8		method;
	int8		missing;
	int8		role;
	KpiAmount	weight;
	KpiAmount	score;
	KpiAmount	min_coverage;
	KpiAmount	role_limit;
	KpiAmount	carried;
} KpiRollupRow;

/* A node with what its rows say and what is found out about it. */
typedef struct KpiRollupNode
{
	const text *name;
	int32		parents;
	int32		first;			/* of its links */
	int32		links;
	int32		depth;
	int32		children;		/* that count */
	int32		present;		/* those of them with a score */
	int32		gaps;			/* its list of missing nodes; 0 if none */
	int32		vetoes;			/* triggered among its children */
	int32		grades;			/* to go down, here and below */
	uint8		has;			/* of the rows; then: has a score */
	int8		method;
	int8		missing;
	uint8		reason;			/* KpiRollupReason */
	bool		special;		/* a child is no part: bonus, deduction, veto */
	bool		full;			/* nothing that counts is missing */
	bool		empty;			/* nothing that counts is there */
	bool		gap;			/* something is listed as missing */
	bool		stale;			/* a carried score counts, here or below */
	bool		coefficient;	/* is zero, here or below */
	bool		counted;		/* has an absolute weight */
	bool		shown;			/* is in the output */
	KpiAmount	score;
	KpiAmount	min_coverage;
	KpiAmount	carried;
	KpiAmount	coverage;
	KpiAmount	absolute;
} KpiRollupNode;

/* A child under a parent. */
typedef struct KpiRollupLink
{
	uint64		prefix;			/* first bytes of the name, for sorting */
	int32		child;
	int8		role;			/* as given */
	bool		weighted;		/* else informational */
	bool		part;			/* of positive weight: it counts */
	bool		limited;
	KpiAmount	weight;
	KpiAmount	limit;
} KpiRollupLink;

/* Nodes that are missing below a node, by their ranks among all that are. */
typedef struct KpiRollupGaps
{
	int32		count;
	int32	   *rank;			/* ascending */
	Size		size;			/* bytes of their names */
} KpiRollupGaps;

/*
 * Nodes are numbered from 1; node 0 stands above the roots.  The links of a
 * node are next to each other, its children by name in byte order.
 */
typedef struct KpiRollupTree
{
	bool		exact;
	bool		shared;			/* a node has several parents */
	int32		count;			/* nodes, without node 0 */
	int32		rows;
	KpiRollupNode *node;
	KpiRollupLink *link;
	int32	   *row;			/* node of each row */
	int32	   *order;			/* 0 to count: parents before children */
	int32	   *missing;		/* nodes by rank */
	KpiRollupGaps *gaps;
} KpiRollupTree;

static inline bool
kpi_rollup_has_score(const KpiRollupNode *node)
{
	return (node->has & KPI_HAS_SCORE) != 0;
}

/* A child that is no part of the score but acts on it. */
static inline bool
kpi_rollup_is_special(const KpiRollupLink *link)
{
	return link->role >= KPI_ROLE_BONUS;
}

static inline bool
kpi_rollup_is_points(const KpiRollupLink *link)
{
	return link->role == KPI_ROLE_BONUS || link->role == KPI_ROLE_DEDUCTION;
}

static inline bool
kpi_rollup_is_veto(const KpiRollupLink *link)
{
	return link->role >= KPI_ROLE_VETO_ZERO;
}

/* row.c */
extern void kpi_rollup_read(const NullableDatum *argument, int count, bool exact,
							KpiRollupRow *row);
extern void kpi_rollup_check(bool exact, const KpiRollupRow *row);
extern Size kpi_rollup_size(bool exact, const KpiRollupRow *row);
extern void kpi_rollup_pack(KpiRollupEntry *entry, bool exact, const KpiRollupRow *row);
extern void kpi_rollup_unpack(const KpiRollup *state, const KpiRollupEntry *entry,
							  KpiRollupRow *row);
extern bool kpi_rollup_is_finite(bool exact, KpiAmount amount);

/* state.c */
extern KpiRollup *kpi_rollup_new(bool exact);
extern KpiRollup *kpi_rollup_append(KpiRollup *state, const KpiRollupRow *row, bool writable);
extern KpiRollup *kpi_rollup_compact(KpiRollup *state);

/* tree.c */
extern KpiRollupTree *kpi_rollup_tree(const KpiRollup *state);
extern int	kpi_rollup_compare_names(const text *a, const text *b);
extern char *kpi_rollup_name(const KpiRollupNode *node);

/* check.c */
extern void kpi_rollup_check_tree(const KpiRollupTree *tree);
pg_noreturn extern void kpi_rollup_fail_parent(const KpiRollupTree *tree,
											   const KpiRollupRow *row);
pg_noreturn extern void kpi_rollup_fail_cycle(const KpiRollupTree *tree, const int32 *waiting);

/* score.c */
extern void kpi_rollup_evaluate(KpiRollupTree *tree, bool weights);
extern bool kpi_rollup_is_triggered(const KpiRollupTree *tree, const KpiRollupLink *link);

/* missing.c */
extern void kpi_rollup_find_missing(KpiRollupTree *tree);
extern void kpi_rollup_pass_grades(KpiRollupTree *tree);

#endif							/* KPI_ROLLUP_H */
