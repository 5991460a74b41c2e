/*-------------------------------------------------------------------------
 *
 * node.h
 *	  The nodes of a scorecard's tree, and what is found out about them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_NODE_H
#define KPI_ROLLUP_NODE_H

#include "kpi.h"

#include "rollup/row.h"
#include "utils/builtins.h"

/* Ask for memory that will be read soon. */
#ifdef __GNUC__
#define KPI_PREFETCH(address) __builtin_prefetch(address)
#else
#define KPI_PREFETCH(address) ((void) 0)
#endif

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
	bool		is_carried;		/* a carried score counts, here or below */
	bool		coefficient;	/* is zero, here or below */
	bool		counted;		/* has an absolute weight */
	bool		shown;			/* is in the output */
	bool		partly;			/* a leaf whose coverage was given */
	int32		marks;			/* of its rows, then of those below, too */
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

/* Whether a node has a score, its own or of its children. */
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

/* A bonus or a deduction. */
static inline bool
kpi_rollup_is_points(const KpiRollupLink *link)
{
	return link->role == KPI_ROLE_BONUS || link->role == KPI_ROLE_DEDUCTION;
}

/* A veto of any kind. */
static inline bool
kpi_rollup_is_veto(const KpiRollupLink *link)
{
	return link->role >= KPI_ROLE_VETO_ZERO;
}

/* Is the child of a link a veto that is triggered?  Not without data. */
static inline bool
kpi_rollup_is_triggered(const KpiRollupTree *tree, const KpiRollupLink *link)
{
	const KpiRollupNode *child = &tree->node[link->child];

	if (!kpi_rollup_is_veto(link) || !kpi_rollup_has_score(child))
		return false;
	return tree->exact ? kpi_numeric_sign(child->score.exact) <= 0 : child->score.real <= 0;
}

/* The name of a node for a message. */
static inline char *
kpi_rollup_name(const KpiRollupNode *node)
{
	return text_to_cstring(node->name);
}

#endif							/* KPI_ROLLUP_NODE_H */
