/*-------------------------------------------------------------------------
 *
 * only_expression.h
 *	  Texts of definitions that have to be one expression.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ONLY_EXPRESSION_H
#define KPI_ONLY_EXPRESSION_H

#include "kpi.h"

#include "nodes/parsenodes.h"

extern Node *kpi_only_expression(List *statements);

#endif							/* KPI_ONLY_EXPRESSION_H */
