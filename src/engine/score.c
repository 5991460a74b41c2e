/*-------------------------------------------------------------------------
 *
 * score.c
 *	  The scores of nodes, rolled up by the rules of kpi.scorecard_rollup().
 *
 *-------------------------------------------------------------------------
 */
#include "engine/score.h"

#include "rollup/missing.h"
#include "rollup/score.h"
#include "rollup/share.h"
#include "rollup/tell.h"
#include "rollup/tree.h"
#include "utils/datum.h"
#include "utils/memutils.h"

/* An amount, where there is one. */
static void
set_amount(KpiRollupRow *row, uint8 bit, KpiAmount *amount, Numeric value)
{
	if (value == NULL)
		return;
	row->has |= bit;
	amount->exact = value;
}

/* A node of a cell as a row of a scorecard. */
static void
make_row(const KpiCell *cell, int place, KpiRollupRow *row)
{
	const KpiPlacedNode *placed = &cell->tree->node[place];
	const KpiNodeInput *input = &cell->input[place];

	memset(row, 0, sizeof(KpiRollupRow));
	row->node = placed->key->text;
	row->method = placed->method;
	row->missing = placed->missing;
	row->role = KPI_ROLLUP_DEFAULT;
	set_amount(row, KPI_HAS_MIN_COVERAGE, &row->min_coverage, placed->min_coverage);
	set_amount(row, KPI_HAS_SCORE, &row->score, input->points);
	set_amount(row, KPI_HAS_CARRIED, &row->carried, input->carried);
	if (placed->node == NULL)
		return;
	row->has |= KPI_HAS_PARENT;
	row->parent = cell->tree->node[placed->above].key->text;
	row->role = placed->node->role;
	set_amount(row, KPI_HAS_WEIGHT, &row->weight, placed->node->weight);
	set_amount(row, KPI_HAS_ROLE_LIMIT, &row->role_limit, placed->node->role_limit);
	kpi_rollup_check(true, row);
}

/* All nodes of a cell as a scorecard. */
static KpiRollupTree *
make_scorecard(const KpiCell *cell)
{
	KpiRollup  *state = kpi_rollup_new(true);
	KpiRollupTree *tree;

	for (int i = 0; i < cell->tree->count; i++)
	{
		KpiRollupRow row;

		make_row(cell, i, &row);
		state = kpi_rollup_append(state, &row, true);
	}
	tree = kpi_rollup_tree(state);
	for (int i = 0; i < cell->tree->count; i++)
	{
		KpiRollupNode *node = &tree->node[tree->row[i]];

		node->partly = cell->input[i].coverage != NULL;
		if (node->partly)
			node->coverage.exact = cell->input[i].coverage;

		/*
		 * what is provisional makes all above it so, what is carried the
		 * scores that it counts in
		 */
		node->marks = cell->input[i].marks & KPI_MARK_PROVISIONAL;
		node->is_carried = (cell->input[i].marks & KPI_MARK_CARRIED) != 0;
	}
	return tree;
}

/* A number that outlives the rollup. */
static Numeric
keep_number(Numeric value)
{
	return DatumGetNumeric(datumCopy(NumericGetDatum(value), false, -1));
}

/* What was found out about a node; a leaf says by itself why it has no score. */
static void
take_score(const KpiRollupTree *tree, const KpiRollupNode *node, const KpiNodeInput *input, bool leaf, KpiNodeScore *score)
{
	score->score = kpi_rollup_has_score(node) ? keep_number(node->score.exact) : NULL;
	score->coverage = keep_number(node->coverage.exact);
	if (node->counted)
		score->absolute_weight = keep_number(kpi_share_value(true, node->absolute).exact);
	if (node->gaps != 0)
		score->missing_nodes = kpi_rollup_missing_names(tree, node);
	if (node->vetoes > 0)
		score->vetoes = kpi_rollup_veto_names(tree, node);
	score->grades_down = node->grades;
	score->coefficient_zero = node->coefficient;
	score->carried = node->is_carried;
	score->provisional = (node->marks & KPI_MARK_PROVISIONAL) != 0;
	if (score->score == NULL)
		score->reason = leaf ? input->reason : kpi_rollup_reason_word(node->reason);
}

/* Score all nodes of a cell, whose inputs have been made. */
void
kpi_score_cell(KpiCell *cell)
{
	MemoryContext kept = CurrentMemoryContext;
	MemoryContext working = AllocSetContextCreate(kept, "kpi rollup", ALLOCSET_DEFAULT_SIZES);
	KpiRollupTree *tree;

	cell->score = palloc0(sizeof(KpiNodeScore) * cell->tree->count);
	MemoryContextSwitchTo(working);
	tree = make_scorecard(cell);
	kpi_rollup_evaluate(tree, true);
	kpi_rollup_find_missing(tree);
	kpi_rollup_pass_marks(tree);
	MemoryContextSwitchTo(kept);
	for (int i = 0; i < cell->tree->count; i++)
		take_score(tree, &tree->node[tree->row[i]], &cell->input[i], cell->tree->node[i].leaf, &cell->score[i]);
	MemoryContextDelete(working);
}
