/*-------------------------------------------------------------------------
 *
 * align.h
 *	  Several series on common periods.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ALIGN_H
#define KPI_ALIGN_H

#include "kpi.h"

#include <math.h>

#include "utils/array.h"

/* The key of a series. */
typedef char *KpiKey;

/* Series by their keys, each with a value for every period; NaN is none. */
typedef struct KpiAligned
{
	int			count;			/* series */
	KpiKey	   *key;
	int			periods;
	int			season;			/* periods of a natural cycle; 1 for none */
	double	   *value;			/* series after series */
	bool	   *complete;		/* whether a series has no gap */
} KpiAligned;

/* The values of a series. */
static inline double *
kpi_aligned_values(const KpiAligned *aligned, int series)
{
	return aligned->value + (Size) series * aligned->periods;
}

extern KpiAligned kpi_align(Datum *series, int count, bool regular);
extern KpiAligned kpi_align_two(Datum a, Datum b);
extern KpiAligned kpi_align_arrays(ArrayType *keys, ArrayType *series, bool regular);
extern Datum *kpi_series_elements(ArrayType *array, const char *name, int *count);
extern KpiKey *kpi_key_elements(ArrayType *array, int series);
extern int	kpi_keep_common(KpiAligned *aligned);
extern void kpi_note_gaps(KpiAligned *aligned);

#endif							/* KPI_ALIGN_H */
