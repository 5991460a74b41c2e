/*-------------------------------------------------------------------------
 *
 * combine_tree.c
 *	  The tree of units on a day, in the order in which it is combined.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/combine.h"

#include "miscadmin.h"

/* How many units are above one; the guards of kpi.unit_parent allow no cycle. */
static int
depth_of(KpiUnitTree *tree, int unit)
{
	check_stack_depth();
	if (tree->depth[unit] < 0)
		tree->depth[unit] = tree->parent[unit] < 0 ? 0 : depth_of(tree, tree->parent[unit]) + 1;
	return tree->depth[unit];
}

/* Sorts the units by depth, the deepest first. */
static void
sort_by_depth(KpiUnitTree *tree, int deepest)
{
	int		   *place = palloc0(sizeof(int) * (deepest + 2));

	for (int i = 0; i < tree->count; i++)
		place[deepest - tree->depth[i] + 1]++;
	for (int i = 1; i <= deepest; i++)
		place[i] += place[i - 1];
	for (int i = 0; i < tree->count; i++)
		tree->order[place[deepest - tree->depth[i]]++] = i;
	pfree(place);
}

/* Makes the tree that of a day. */
void
kpi_tree_build(KpiUnitTree *tree, DateADT day)
{
	int			deepest = 0;

	if (tree->is_built && tree->day == day)
		return;
	tree->is_built = true;
	tree->day = day;
	for (int i = 0; i < tree->count; i++)
		tree->parent[i] = tree->depth[i] = -1;
	for (int i = 0; i < tree->edges; i++)
	{
		const KpiEdge *edge = &tree->edge[i];

		if (edge->from <= day && day < edge->to)
			tree->parent[edge->unit] = edge->parent;
	}
	for (int i = 0; i < tree->count; i++)
		deepest = Max(deepest, depth_of(tree, i));
	sort_by_depth(tree, deepest);
}

/* Is a unit in force on any of the days? */
bool
kpi_in_force(const KpiUnitTree *tree, int unit, DateADT from, DateADT to)
{
	return tree->unit[unit].from < to && from < tree->unit[unit].to;
}
