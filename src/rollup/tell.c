/*-------------------------------------------------------------------------
 *
 * tell.c
 *	  How lists of nodes and reasons are worded.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/tell.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

/* Names as an array. */
static Datum
name_array(Datum *name, int32 count)
{
	return PointerGetDatum(construct_array(name, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The names of what is missing below a node that misses something, as an array. */
Datum
kpi_rollup_missing_names(const KpiRollupTree *tree, const KpiRollupNode *node)
{
	const KpiRollupGaps *gaps = &tree->gaps[node->gaps];
	Datum	   *name = palloc_extended(sizeof(Datum) * gaps->count, MCXT_ALLOC_HUGE);

	for (int32 i = 0; i < gaps->count; i++)
		name[i] = PointerGetDatum(tree->node[tree->missing[gaps->rank[i]]].name);
	return name_array(name, gaps->count);
}

/* The names of the vetoes that are triggered at a node as an array. */
Datum
kpi_rollup_veto_names(const KpiRollupTree *tree, const KpiRollupNode *node)
{
	Datum	   *name = palloc_extended(sizeof(Datum) * node->vetoes, MCXT_ALLOC_HUGE);
	int32		count = 0;

	for (int32 k = node->first; k < node->first + node->links; k++)
	{
		if (kpi_rollup_is_triggered(tree, &tree->link[k]))
			name[count++] = PointerGetDatum(tree->node[tree->link[k].child].name);
	}
	return name_array(name, count);
}

/* The word for why a node has no score. */
const char *
kpi_rollup_reason_word(KpiRollupReason reason)
{
	static const char *const word[] = {NULL, "no_score", "invalid", "no_weight", "no_data", "missing_child", "low_coverage"};

	return word[reason];
}
