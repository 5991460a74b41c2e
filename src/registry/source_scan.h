/*-------------------------------------------------------------------------
 *
 * source_scan.h
 *	  Reading the rows of a source, and merging what they give.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SOURCE_SCAN_H
#define KPI_SOURCE_SCAN_H

#include "registry/source_state.h"

#include "executor/tuptable.h"

/* How the rows of a source are told apart by time. */
typedef enum KpiTimeKey
{
	KPI_KEY_ALL,				/* not at all: a snapshot */
	KPI_KEY_CELL,				/* by the number of the cell */
	KPI_KEY_DAY,				/* by the day */
	KPI_KEY_TIME				/* by the time itself */
} KpiTimeKey;

/* Stretches of days, each from a day up to but not including another one. */
typedef struct KpiDays
{
	int			count;
	DateADT    *from;
	DateADT    *to;
} KpiDays;

/* One reading of a source. */
typedef struct KpiScan
{
	KpiSource  *source;
	KpiCells	cells;
	KpiTimeKey	key;
	bool		here;			/* the rows lie on this server */
	int			groups;			/* how many numbers of groups each cell has */
	const KpiDays *days;		/* whose rows are read; NULL for those of the
								 * cells */
	KpiStates	states;
} KpiScan;

/* A row of what was measured. */
typedef struct KpiMeasured
{
	const KpiPlace *place;
	const KpiMeasure *measure;
	const KpiDimension *dimension;
	int			grain;			/* number, from 1 */
	Datum		period;
	int			unit;			/* number, from 1; 0 for none */
	Datum		value[KPI_EXPRESSIONS];
	bool		isnull[KPI_EXPRESSIONS];
	int64		rows;
	int64		unassigned;
} KpiMeasured;

/* Rows of one indicator in all that was read. */
typedef struct KpiCounts
{
	int64		rows;
	int64		unassigned;		/* of no known unit of the organisation */
	int64		untimed;
} KpiCounts;

typedef void (*KpiEmit) (void *argument, const KpiMeasured *measured);

extern void kpi_begin_scan(KpiScan *scan, KpiSource *source);
extern void kpi_write_scan(KpiScan *scan, KpiQuery *query);
extern void kpi_split_scan(KpiScan *scan, KpiQuery *query);
extern void kpi_plan_scan(const KpiScan *scan, KpiQuery *query);
extern int	kpi_first_state_of_cells(const KpiSource *source);
extern void kpi_append_condition(KpiQuery *query, const KpiSource *source, const KpiDays *days, const char *filter,
								 bool untimed);
extern void kpi_append_expressions(KpiQuery *query, const KpiMeasure *measure);

/* source_key.c */
extern void kpi_choose_keys(KpiScan *scan);
extern void kpi_tell_days_apart(KpiScan *scan);
extern Datum kpi_day_as(Oid type, DateADT day);
extern char *kpi_cell_of_row(const KpiScan *scan, KpiQuery *query);
extern char *kpi_time_of_row(const KpiScan *scan, KpiQuery *query);
extern char *kpi_group_of_row(const KpiScan *scan, KpiQuery *query);
extern char *kpi_cell_of(const KpiScan *scan, KpiQuery *query);
extern char *kpi_time_of(const KpiScan *scan, KpiQuery *query);
extern char *kpi_unit_value_of(const KpiScan *scan, KpiQuery *query, const KpiDimension *dimension);

/* source_merge.c */
extern KpiCounts *kpi_count_rows(const KpiScan *scan, const KpiPlace *place, const KpiTable *cells);
extern KpiTable *kpi_last_cells(const KpiScan *scan, const KpiPlace *place, const KpiDimension *dimension,
								const KpiTable *cells);
extern void kpi_merge_states(const KpiScan *scan, const KpiPlace *place, const KpiDimension *dimension,
							 const KpiTable *cells, KpiCounts *counts, KpiEmit emit, void *argument);

/* source_kept.c */
typedef struct KpiPacking KpiPacking;

extern KpiPacking *kpi_find_packings(TupleDesc tupdesc);
extern void kpi_pack_cell(StringInfo package, KpiPacking *packings, const TupleTableSlot *slot);
extern KpiTable *kpi_read_kept(int64 reading, const KpiSource *source);
extern KpiTable *kpi_unpack_cells(KpiQuery *query, const KpiTable *kept);

/* source_plain.c */
extern void kpi_measure_plainly(const KpiScan *scan, const KpiPlace *place, const KpiMeasure *measure,
								const KpiDimension *dimension, const KpiTable *cells, KpiEmit emit, void *argument);

#endif							/* KPI_SOURCE_SCAN_H */
