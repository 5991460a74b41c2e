/*-------------------------------------------------------------------------
 *
 * source_state.h
 *	  Aggregate expressions as states of rows, merged, and what is made of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SOURCE_STATE_H
#define KPI_SOURCE_STATE_H

#include "registry/source_query.h"

#include "nodes/primnodes.h"

extern Node *kpi_split_expression(KpiStates *states, Node *expression);
extern void kpi_append_row_states(KpiQuery *query, const KpiStates *states);
extern bool kpi_take_any_row(const KpiStates *states);
extern int	kpi_growing_states(const KpiStates *states);
extern void kpi_unite_states(KpiStates *all, KpiStates *states);
extern void kpi_append_states_of_cells(KpiQuery *query, const KpiStates *states, int first);
extern void kpi_append_merged_states(KpiQuery *query, const KpiStates *states, int first);
extern Expr *kpi_result_of_states(const KpiStates *states, Node *result, int first);

#endif							/* KPI_SOURCE_STATE_H */
