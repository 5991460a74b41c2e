/*-------------------------------------------------------------------------
 *
 * carry.c
 *	  Which periods of a longer grain a node carries.
 *
 * A node that carries shows the latest value of an indicator whose own grain is
 * longer than the period and not made of such periods: its period has ended no
 * later than the scorecard's, which ends before the next value is due.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/carry.h"

#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

/* Whether a node takes the latest value of a longer own grain. */
bool
kpi_carries_value(const KpiCell *cell, const KpiCardNode *node)
{
	return node->carry && !kpi_grain_tiles(node->own_grain->rule, cell->key.grain->rule);
}

/* Whether a period ends before the next value after one that ended on a day is due. */
static bool
is_before_due(const KpiCardNode *node, DateADT value_end, DateADT end)
{
	DateADT		next = kpi_grain_step(node->own_grain->rule, value_end, 1);

	if (node->due_after == NULL)
		return end < next;
	return DatumGetTimestamp(DirectFunctionCall1(date_timestamp, DateADTGetDatum(end))) <
		DatumGetTimestamp(DirectFunctionCall2(date_pl_interval, DateADTGetDatum(next), IntervalPGetDatum(node->due_after)));
}

/* The first day of the earliest period whose value a node still carries; its latest one where there is none. */
DateADT
kpi_carried_since(const KpiCell *cell, const KpiCardNode *node)
{
	const KpiGrainRule *rule = node->own_grain->rule;
	DateADT		since = kpi_grain_start(rule, cell->end - 1);

	/* a period begins where the one before it ends */
	while (is_before_due(node, since, cell->end))
	{
		DateADT		before = kpi_grain_step(rule, since, -1);

		if (!kpi_grain_has(rule, before))
			break;
		since = before;
	}
	return since;
}
