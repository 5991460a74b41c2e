/*-------------------------------------------------------------------------
 *
 * matrix.h
 *	  Tables of doubles: read from arrays, row after row.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_MATRIX_H
#define KPI_MATRIX_H

#include "kpi.h"

#include <math.h>

#include "utils/array.h"

/* A missing value is NaN. */
typedef struct KpiMatrix
{
	int			rows;
	int			columns;
	double	   *value;
} KpiMatrix;

/* A row of a matrix. */
static inline double *
kpi_matrix_row(const KpiMatrix *matrix, int row)
{
	return matrix->value + (Size) row * matrix->columns;
}

extern KpiMatrix kpi_new_matrix(int rows, int columns);
extern KpiMatrix kpi_matrix(ArrayType *array, const char *name, bool null_allowed);
extern void kpi_check_values(const KpiMatrix *values, const char *name, int count, const char *called);
extern double *kpi_vector(ArrayType *array, const char *name, int count);

#endif							/* KPI_MATRIX_H */
