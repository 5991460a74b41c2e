/*-------------------------------------------------------------------------
 *
 * rows.h
 *	  Rows of numbers, collected, with a weight each.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROWS_H
#define KPI_ROWS_H

#include "kpi.h"

#include "base/layout.h"
#include "base/matrix.h"

/* Values of a row at most, its weight among them. */
#define KPI_MAX_ROW_WIDTH 1025

typedef struct KpiRows
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	int64		columns;		/* values of a row; 0 while there is none */
	int64		missing;		/* rows that were left out */
	int32		count;
	int32		sorted;			/* that many are in order, equal ones merged */

	/*
	 * rows, their weight last, and, while an aggregate fills it, room for
	 * more
	 */
	double		value[FLEXIBLE_ARRAY_MEMBER];
} KpiRows;

/* Rows that are read: each different one once, with its weight. */
typedef struct KpiReadRows
{
	KpiMatrix	matrix;
	double	   *weight;
	double		n;				/* sum of the weights */
	int64		missing;
} KpiReadRows;

extern KpiRows *kpi_rows_begin(FunctionCallInfo fcinfo, int columns);
extern KpiRows *kpi_rows_add(KpiRows *state, const double *row, double weight);
extern Datum kpi_rows_merge(FunctionCallInfo fcinfo);
extern KpiReadRows kpi_rows_read(const KpiRows *state);
extern bool kpi_rows_accept(KpiRows *state);
extern int	kpi_rows_width(const void *state);
extern const void *kpi_rows_ordered(Datum state);

/* What the forms of states of rows have in common. */
#define KPI_ROWS_LAYOUT \
	.size = offsetof(KpiRows, value), \
	.varlena = true, \
	.field = { \
		KPI_FIELD(VERSION, KpiRows, version), \
		KPI_FIELD(COUNT, KpiRows, columns), \
		KPI_FIELD(COUNT, KpiRows, missing) \
	}, \
	.count = offsetof(KpiRows, count), \
	.entry_size = sizeof(double), \
	.entry = {{KPI_FIELD_PLAIN, 0, sizeof(double), 0}}, \
	.width = kpi_rows_width, \
	.ordered = kpi_rows_ordered

#endif							/* KPI_ROWS_H */
