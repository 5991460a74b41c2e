/*-------------------------------------------------------------------------
 *
 * suppose.c
 *	  What is supposed to be otherwise in an evaluation, and stored nowhere.
 *
 * A weight is that of a node of the scorecard asked for.  An actual or an amount
 * of a target is named by a node, too, and is of the indicator, unit and period
 * that the node shows: every other node that shows these, be it of a scorecard
 * inside, and the ranks of siblings go by it.  What no node has for its key is an
 * indicator, of the unit and period asked for, or of another unit that is named.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/suppose.h"

#include "catalog/pg_type.h"
#include "engine/final.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* The columns of kpi_internal.supposition. */
enum
{
	SUPPOSITION_NODE,
	SUPPOSITION_WHAT,
	SUPPOSITION_VALUE,
	SUPPOSITION_UNIT,
	SUPPOSITION_COLUMNS
};

/* Room for suppositions, of which none is there yet. */
KpiSuppositions *
kpi_suppositions(int count)
{
	KpiSuppositions *suppositions = palloc0(sizeof(KpiSuppositions));

	suppositions->item = palloc0(sizeof(KpiSupposition) * Max(count, 1));
	suppositions->line = palloc0(sizeof(KpiSupposed) * Max(count, 1));
	return suppositions;
}

/* An array of kpi_internal.supposition; rows without a node or a word are left out. */
KpiSuppositions *
kpi_read_suppositions(KpiEvaluation *evaluation, Datum suppositions)
{
	ArrayType  *array = DatumGetArrayTypeP(suppositions);
	Datum	   *element;
	bool	   *nulls;
	int			elements;
	KpiSuppositions *read;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &element, &nulls, &elements);
	read = kpi_suppositions(elements);
	for (int i = 0; i < elements; i++)
	{
		Datum		column[SUPPOSITION_COLUMNS];
		bool		isnull[SUPPOSITION_COLUMNS];
		KpiSupposition *item = &read->item[read->count];

		if (nulls[i])
			continue;
		kpi_row_columns(element[i], SUPPOSITION_COLUMNS, column, isnull);
		if (isnull[SUPPOSITION_NODE] || isnull[SUPPOSITION_WHAT])
			continue;
		item->node = kpi_name_of(evaluation->names, column[SUPPOSITION_NODE]);
		item->what = kpi_check_word(&kpi_supposable_words, DatumGetTextPP(column[SUPPOSITION_WHAT]));
		item->value = isnull[SUPPOSITION_VALUE] ? NULL : DatumGetNumeric(column[SUPPOSITION_VALUE]);
		item->unit = isnull[SUPPOSITION_UNIT] ? NULL : kpi_name_of(evaluation->names, column[SUPPOSITION_UNIT]);
		read->count++;
	}
	return read;
}

/* The tree of a cell with nodes of its own, which others do not share. */
static KpiCardTree *
own_tree(const KpiCardTree *tree)
{
	KpiCardTree *own = palloc0(sizeof(KpiCardTree));

	own->card = tree->card;
	own->number = kpi_tree_number();
	own->count = tree->count;
	own->node = palloc(sizeof(KpiPlacedNode) * tree->count);
	memcpy(own->node, tree->node, sizeof(KpiPlacedNode) * tree->count);
	return own;
}

/* Give a node of a cell's own tree another weight. */
static void
set_weight(KpiCardTree *tree, const KpiSupposition *item)
{
	for (int i = 0; i < tree->count; i++)
	{
		KpiCardNode *node;

		if (tree->node[i].key != item->node || tree->node[i].node == NULL)
			continue;
		node = palloc(sizeof(KpiCardNode));
		*node = *tree->node[i].node;
		node->weight = item->value;
		tree->node[i].node = node;
	}
}

/* The nodes of a cell have the weights that are supposed. */
void
kpi_suppose_weights(const KpiSuppositions *suppositions, KpiCell *cell)
{
	bool		own = false;

	for (int i = 0; i < suppositions->count; i++)
	{
		const KpiSupposition *item = &suppositions->item[i];

		if (item->what != KPI_SUPPOSE_WEIGHT)
			continue;
		if (!own)
			cell->tree = own_tree(cell->tree);
		own = true;
		set_weight(cell->tree, item);
	}
}

/* What is supposed of a period, or NULL. */
static KpiSupposed *
find_line(const KpiSuppositions *suppositions, const KpiLineKey *line, DateADT start)
{
	for (int i = 0; i < suppositions->lines; i++)
	{
		KpiSupposed *supposed = &suppositions->line[i];

		if (supposed->start == start && memcmp(&supposed->line, line, sizeof(KpiLineKey)) == 0)
			return supposed;
	}
	return NULL;
}

/* Suppose an actual or an amount of a target of a period. */
void
kpi_suppose_line(KpiSuppositions *suppositions, const KpiSupposition *item, const KpiLineKey *line, DateADT start)
{
	KpiSupposed *supposed = find_line(suppositions, line, start);

	if (supposed == NULL)
	{
		supposed = &suppositions->line[suppositions->lines++];
		memset(supposed, 0, sizeof(KpiSupposed));
		supposed->line = *line;
		supposed->start = supposed->value.start = start;
	}
	supposed->has[item->what] = true;
	if (item->what == KPI_SUPPOSE_ACTUAL)
		supposed->value.value = supposed->value.actual = item->value;
	else
		supposed->amounts.amount[item->what] = item->value;
}

/* What is supposed of an indicator and unit in a period; NULL for nothing. */
const KpiSupposed *
kpi_supposed(const KpiSuppositions *suppositions, const KpiLineKey *line, DateADT start)
{
	return suppositions == NULL ? NULL : find_line(suppositions, line, start);
}
