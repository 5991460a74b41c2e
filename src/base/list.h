/*-------------------------------------------------------------------------
 *
 * list.h
 *	  Lists of parameters: arrays that were checked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_LIST_H
#define KPI_LIST_H

#include "kpi.h"

#include "utils/array.h"
#include "utils/numeric.h"

/* The elements of a list; a NULL element is a NULL pointer or not allowed. */
typedef struct KpiList
{
	int			count;
	Oid			type;			/* of the elements */
	Datum	   *element;
	bool	   *is_null;
} KpiList;

extern KpiList kpi_number_elements(ArrayType *array, const char *name);
extern KpiList kpi_list(ArrayType *array, const char *name);
extern KpiList kpi_number_list(ArrayType *array, const char *name);
extern void kpi_check_no_nulls(const KpiList *list, const char *name);
extern void kpi_check_same_length(const KpiList *a, const char *a_name,
								  const KpiList *b, const char *b_name);
extern double kpi_list_float8(const KpiList *list, int i, const char *name);
extern Numeric kpi_list_numeric(const KpiList *list, int i, const char *name);

#endif							/* KPI_LIST_H */
