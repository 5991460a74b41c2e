/*-------------------------------------------------------------------------
 *
 * row.h
 *	  A row of a scorecard: read from arguments, checked, packed, unpacked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_ROW_H
#define KPI_ROLLUP_ROW_H

#include "kpi.h"

#include "base/words.h"
#include "rollup/amount.h"

/* A method, policy or role that the row leaves to the default. */
#define KPI_ROLLUP_DEFAULT (-1)

/* What a row has. */
#define KPI_HAS_PARENT			0x01
#define KPI_HAS_WEIGHT			0x02
#define KPI_HAS_SCORE			0x04
#define KPI_HAS_MIN_COVERAGE	0x08
#define KPI_HAS_INVALID_SCORE	0x10	/* NaN or infinite */
#define KPI_HAS_ROLE_LIMIT		0x20
#define KPI_HAS_CARRIED			0x40
#define KPI_HAS_ALL				0x7F

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

extern void kpi_rollup_read(const NullableDatum *argument, int count, bool exact,
							KpiRollupRow *row);
extern void kpi_rollup_check(bool exact, const KpiRollupRow *row);
extern Size kpi_rollup_size(bool exact, const KpiRollupRow *row);
extern void kpi_rollup_pack(KpiRollupEntry *entry, bool exact, const KpiRollupRow *row);
extern void kpi_rollup_unpack(bool exact, const KpiRollupEntry *entry, KpiRollupRow *row);

/* Byte order of names. */
static inline int
kpi_rollup_compare_names(const text *a, const text *b)
{
	Size		a_length = VARSIZE_ANY_EXHDR(a);
	Size		b_length = VARSIZE_ANY_EXHDR(b);
	int			order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(a_length, b_length));

	return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

#endif							/* KPI_ROLLUP_ROW_H */
