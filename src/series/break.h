/*-------------------------------------------------------------------------
 *
 * break.h
 *	  Tests for a single change of level that no limits of places need.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_BREAK_H
#define KPI_BREAK_H

#include "kpi.h"

extern int	kpi_find_cusum_break(const double *value, int count, double *p_value);
extern int	kpi_find_rank_break(const double *value, int count, double *p_value);

#endif							/* KPI_BREAK_H */
