/*-------------------------------------------------------------------------
 *
 * carry.h
 *	  Which periods of a longer grain a node carries.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_CARRY_H
#define KPI_ENGINE_CARRY_H

#include "kpi.h"

#include "engine/cell.h"

extern bool kpi_carries_value(const KpiCell *cell, const KpiCardNode *node);
extern DateADT kpi_carried_since(const KpiCell *cell, const KpiCardNode *node);

#endif							/* KPI_ENGINE_CARRY_H */
