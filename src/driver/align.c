/*-------------------------------------------------------------------------
 *
 * align.c
 *	  Several series on common periods.
 *
 * The periods are those of all series together: just these, or, where they must
 * follow each other regularly, all on the grid of their step.
 *
 *-------------------------------------------------------------------------
 */
#include "driver/align.h"

#include "base/list.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "series/grid.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define MAX_SERIES 2000

/* The order of periods, for qsort. */
static int
compare_periods(const void *a, const void *b)
{
	int64		x = ((const KpiPoint *) a)->period;
	int64		y = ((const KpiPoint *) b)->period;

	return (x > y) - (x < y);
}

/* The error of series whose periods cannot be compared. */
static void
check_kinds(const KpiPoints *points, int count)
{
	for (int i = 1; i < count; i++)
	{
		if (points[i].kind != points[0].kind)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("series %d has periods of type %s, but series 1 has %s", i + 1,
							kpi_period_kind_name(points[i].kind), kpi_period_kind_name(points[0].kind)),
					 errhint("Make all series of periods of one type.")));
	}
}

/* All periods of the series, each once and in order. */
static KpiPoints
unite(const KpiPoints *points, int count)
{
	KpiPoints	all = {.kind = points[0].kind};
	KpiPoint   *point;
	Size		size = 0;
	int			kept = 0;

	for (int i = 0; i < count; i++)
		size += points[i].count;
	point = MemoryContextAllocHuge(CurrentMemoryContext, Max(size, 1) * sizeof(KpiPoint));
	size = 0;
	for (int i = 0; i < count; i++)
	{
		memcpy(point + size, points[i].point, points[i].count * sizeof(KpiPoint));
		size += points[i].count;
	}
	qsort(point, size, sizeof(KpiPoint), compare_periods);
	for (Size i = 0; i < size; i++)
	{
		if (i == 0 || point[i].period != point[kept - 1].period)
			point[kept++] = point[i];
	}
	all.count = kept;
	all.point = point;
	return all;
}

/* The place of a period among those of all series. */
static int
find_period(const KpiPoints *all, const KpiStep *step, int64 period)
{
	int			low = 0;
	int			high = all->count - 1;

	if (step != NULL)
		return step->size == 0 ? 0 : (int) ((kpi_step_units(step, period) - step->first) / step->size);
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (all->point[middle].period < period)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Note which series have no gap. */
void
kpi_note_gaps(KpiAligned *aligned)
{
	for (int i = 0; i < aligned->count; i++)
	{
		const double *value = kpi_aligned_values(aligned, i);

		aligned->complete[i] = true;
		for (int t = 0; t < aligned->periods && aligned->complete[i]; t++)
			aligned->complete[i] = !isnan(value[t]);
	}
}

/* Put the values of a series where their periods are. */
static void
place_values(KpiAligned *aligned, int series, const KpiPoints *points, const KpiPoints *all, const KpiStep *step)
{
	double	   *value = kpi_aligned_values(aligned, series);

	CHECK_FOR_INTERRUPTS();
	for (int t = 0; t < aligned->periods; t++)
		value[t] = NAN;
	for (int i = 0; i < points->count; i++)
		value[find_period(all, step, points->point[i].period)] = points->point[i].value;
}

/* Series on common periods. */
KpiAligned
kpi_align(Datum *series, int count, bool regular)
{
	KpiAligned	aligned = {.count = count,.season = 1};
	KpiPoints  *points = palloc(Max(count, 1) * sizeof(KpiPoints));
	KpiPoints	all;
	KpiGrid		grid;

	for (int i = 0; i < count; i++)
		points[i] = kpi_series_points((const KpiSeries *) PG_DETOAST_DATUM(series[i]));
	check_kinds(points, count);
	aligned.complete = palloc0(Max(count, 1) * sizeof(bool));
	if (count == 0)
		return aligned;
	all = unite(points, count);
	aligned.periods = all.count;
	if (regular && all.count > 0)
	{
		grid = kpi_grid(&all);
		aligned.periods = grid.count;
		aligned.season = grid.season;
	}
	aligned.value = MemoryContextAllocHuge(CurrentMemoryContext,
										   mul_size(mul_size(count, Max(aligned.periods, 1)), sizeof(double)));
	for (int i = 0; i < count; i++)
		place_values(&aligned, i, &points[i], &all, regular && all.count > 0 ? &grid.step : NULL);
	kpi_note_gaps(&aligned);
	return aligned;
}

/* Two series on the grid of their step. */
KpiAligned
kpi_align_two(Datum a, Datum b)
{
	Datum		both[2] = {a, b};

	return kpi_align(both, 2, true);
}

/* The series of an array, none of which is NULL. */
Datum *
kpi_series_elements(ArrayType *array, const char *name, int *count)
{
	KpiList		list = kpi_list(array, name);

	if (list.count > MAX_SERIES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d series are more than %d", list.count, MAX_SERIES)));
	kpi_check_no_nulls(&list, name);
	*count = list.count;
	return list.element;
}

/* The keys of so many series. */
KpiKey *
kpi_key_elements(ArrayType *array, int series)
{
	KpiList		list = kpi_list(array, "keys");
	KpiKey	   *key = palloc(list.count * sizeof(KpiKey));

	kpi_check_no_nulls(&list, "keys");
	if (list.count != series)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("keys has %d elements for %d series", list.count, series),
				 errhint("Pass one key for each series: array_agg() both over the same rows.")));
	for (int i = 0; i < series; i++)
		key[i] = TextDatumGetCString(list.element[i]);
	return key;
}

/* The series of an array by their keys. */
KpiAligned
kpi_align_arrays(ArrayType *keys, ArrayType *series, bool regular)
{
	int			count;
	Datum	   *element = kpi_series_elements(series, "series", &count);
	KpiKey	   *key = kpi_key_elements(keys, count);
	KpiAligned	aligned = kpi_align(element, count, regular);

	aligned.key = key;
	return aligned;
}

/* Keep the periods that all series have; how many there are. */
int
kpi_keep_common(KpiAligned *aligned)
{
	int			kept = 0;

	for (int t = 0; t < aligned->periods; t++)
	{
		bool		common = true;

		for (int i = 0; i < aligned->count && common; i++)
			common = !isnan(kpi_aligned_values(aligned, i)[t]);
		for (int i = 0; i < aligned->count && common; i++)
			kpi_aligned_values(aligned, i)[kept] = kpi_aligned_values(aligned, i)[t];
		kept += common;
	}
	/* values stay where they are, each series from its place on */
	for (int i = 1; i < aligned->count; i++)
		memmove(aligned->value + (Size) i * kept, kpi_aligned_values(aligned, i), kept * sizeof(double));
	aligned->periods = kept;
	return kept;
}
