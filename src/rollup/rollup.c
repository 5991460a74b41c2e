/*-------------------------------------------------------------------------
 *
 * rollup.c
 *	  A scorecard rolled up: from the scores of the leaves to every node.
 *
 * The rows become a tree (tree.c), the tree is evaluated bottom-up
 * (score.c), and every node is written once, in tree order.
 *
 * Only children of positive weight count.  Children without a score are left
 * out (renormalize), count as 0 (zero) or 100 (target) or with the score they
 * had last (carry), or leave their parent without a score (null).
 *
 * NULL rule: the score is NULL, with a reason, where nothing of positive
 * weight has a score, where coverage is below min_coverage, and where the
 * policy null meets a missing child.  NaN and infinite scores are missing.
 *
 * Numeric method: for numeric, sums and products are exact and one quotient a
 * node is rounded, half away from zero, to twenty decimals or as many as the
 * longest score below it; so equal children give exactly their score.  For
 * float8, sums and products carry their rounding errors, weights and scores
 * of extreme size are scaled by powers of two, and a mean is kept between the
 * least and the greatest of its scores.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/htup_details.h"
#include "base/exact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "rollup/missing.h"
#include "rollup/score.h"
#include "rollup/share.h"
#include "rollup/tell.h"
#include "rollup/tree.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

/* Rows between two resets of the working memory. */
#define ROWS_PER_RESET 256

/* Bytes that a row of the result usually takes at most. */
#define USUAL_ROW 144

/* The columns of kpi.node_score. */
enum
{
	COLUMN_NODE,
	COLUMN_PARENT,
	COLUMN_DEPTH,
	COLUMN_ROLE,
	COLUMN_WEIGHT,
	COLUMN_ABSOLUTE_WEIGHT,
	COLUMN_SCORE,
	COLUMN_COVERAGE,
	COLUMN_CARRIED,
	COLUMN_CHILDREN,
	COLUMN_PRESENT,
	COLUMN_MISSING,
	COLUMN_MISSING_NODES,
	COLUMN_VETOES,
	COLUMN_GRADES_DOWN,
	COLUMN_COEFFICIENT_ZERO,
	COLUMN_REASON,
	COLUMNS
};

/* Where the output is at: a node under the parent it is first met under. */
typedef struct Place
{
	int32		parent;
	int32		link;
} Place;

/* The resulting array while it is written. */
typedef struct Output
{
	KpiRollupTree *tree;
	bool		exact;			/* amounts are written as numeric */
	TupleDesc	desc;
	HeapTupleHeader model;
	char	   *array;
	Size		used;
	Size		size;
	Datum		role[8];
	Datum		reason[KPI_REASON_LOW_COVERAGE + 1];
	MemoryContext working;
} Output;

/* An amount of the tree, whose zero has no sign; a float8 one as numeric with its shortest digits. */
static Datum
amount_datum(const Output *output, KpiAmount amount)
{
	if (output->tree->exact)
		return NumericGetDatum(amount.exact);
	if (!output->exact)
		return Float8GetDatum(amount.real + 0.0);
	return NumericGetDatum(kpi_float8_numeric(amount.real));
}

/* The columns that every row has. */
static void
fill_always(const Output *output, const KpiRollupNode *node, Datum *values)
{
	values[COLUMN_NODE] = PointerGetDatum(node->name);
	values[COLUMN_DEPTH] = Int32GetDatum(node->depth);
	values[COLUMN_COVERAGE] = amount_datum(output, node->coverage);
	values[COLUMN_CARRIED] = BoolGetDatum(node->is_carried);
	values[COLUMN_CHILDREN] = Int32GetDatum(node->children);
	values[COLUMN_PRESENT] = Int32GetDatum(node->present);
	values[COLUMN_MISSING] = Int32GetDatum(node->children - node->present);
	values[COLUMN_GRADES_DOWN] = Int32GetDatum(node->grades);
	values[COLUMN_COEFFICIENT_ZERO] = BoolGetDatum(node->coefficient);
}

/* One row of the result. */
static void
fill_row(const Output *output, Place place, Datum *values, bool *nulls)
{
	const KpiRollupTree *tree = output->tree;
	const KpiRollupLink *link = &tree->link[place.link];
	const KpiRollupNode *node = &tree->node[link->child];

	fill_always(output, node, values);
	memset(nulls, false, COLUMNS);
	nulls[COLUMN_PARENT] = place.parent == 0;
	if (place.parent != 0)
		values[COLUMN_PARENT] = PointerGetDatum(tree->node[place.parent].name);
	nulls[COLUMN_ROLE] = link->role < 0;
	if (link->role >= 0)
		values[COLUMN_ROLE] = output->role[link->role];
	nulls[COLUMN_WEIGHT] = !link->weighted;
	if (link->weighted)
		values[COLUMN_WEIGHT] = amount_datum(output, link->weight);
	nulls[COLUMN_ABSOLUTE_WEIGHT] = !node->counted;
	if (node->counted)
		values[COLUMN_ABSOLUTE_WEIGHT] =
			amount_datum(output, kpi_share_value(tree->exact, node->absolute));
	nulls[COLUMN_SCORE] = !kpi_rollup_has_score(node);
	if (kpi_rollup_has_score(node))
		values[COLUMN_SCORE] = amount_datum(output, node->score);
	nulls[COLUMN_MISSING_NODES] = node->gaps == 0;
	if (node->gaps != 0)
		values[COLUMN_MISSING_NODES] = kpi_rollup_missing_names(tree, node);
	nulls[COLUMN_VETOES] = node->vetoes == 0;
	if (node->vetoes > 0)
		values[COLUMN_VETOES] = kpi_rollup_veto_names(tree, node);
	nulls[COLUMN_REASON] = node->reason == KPI_REASON_NONE;
	if (node->reason != KPI_REASON_NONE)
		values[COLUMN_REASON] = output->reason[node->reason];
}

/* Room for a tuple at the end of the array. */
static char *
make_room(Output *output, Size length)
{
	char	   *at;

	if (output->used + length > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("rolled-up scorecard takes more than %zu bytes", (Size) MaxAllocSize),
				 errhint("Roll up parts of the scorecard.")));
	if (output->used + length > output->size)
	{
		output->size = Min(2 * (output->used + length), MaxAllocSize);
		output->array = repalloc(output->array, output->size);
	}
	at = output->array + output->used;
	output->used += length;
	return at;
}

/*
 * Form the tuple of a row in its place in the array, under the header that the
 * server makes for the row type; every row has a NULL.
 */
static void
write_row(Output *output, Datum *values, bool *nulls)
{
	Size		header = output->model->t_hoff;
	Size		data = heap_compute_data_size(output->desc, values, nulls);
	Size		length = MAXALIGN(header + data);
	HeapTupleHeader tuple = (HeapTupleHeader) make_room(output, length);

	memset(tuple, 0, length);
	memcpy(tuple, output->model, SizeofHeapTupleHeader);
	HeapTupleHeaderSetDatumLength(tuple, header + data);
	heap_fill_tuple(output->desc, values, nulls, (char *) tuple + header, data,
					&tuple->t_infomask, tuple->t_bits);
}

/* Put the children of a node on the stack, the first one on top. */
static int32
push_links(const KpiRollupTree *tree, int32 parent, Place *stack, int32 height)
{
	const KpiRollupNode *node = &tree->node[parent];

	for (int32 k = node->first + node->links - 1; k >= node->first; k--)
	{
		KPI_PREFETCH(&tree->node[tree->link[k].child]);
		stack[height].parent = parent;
		stack[height++].link = k;
	}
	return height;
}

/* Write the rows in tree order. */
static void
write_tree(Output *output)
{
	KpiRollupTree *tree = output->tree;
	Place	   *stack = palloc_extended(sizeof(Place) * tree->rows, MCXT_ALLOC_HUGE);
	int32		height = push_links(tree, 0, stack, 0);
	int32		count = 0;
	MemoryContext old = MemoryContextSwitchTo(output->working);
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];

	while (height > 0)
	{
		Place		place = stack[--height];
		int32		child = tree->link[place.link].child;

		CHECK_FOR_INTERRUPTS();
		if (tree->node[child].shown)
			continue;
		tree->node[child].shown = true;
		fill_row(output, place, values, nulls);
		write_row(output, values, nulls);
		height = push_links(tree, child, stack, height);
		if (++count % ROWS_PER_RESET == 0)
			MemoryContextReset(output->working);
	}
	MemoryContextSwitchTo(old);
	pfree(stack);
}

/* Begin the array of rows, with what every row needs. */
static void
start_output(Output *output, KpiRollupTree *tree, TupleDesc desc)
{
	Datum		values[COLUMNS] = {0};
	bool		nulls[COLUMNS];

	Assert(desc->natts == COLUMNS);
	memset(nulls, true, sizeof(nulls));
	output->model = heap_form_tuple(desc, values, nulls)->t_data;
	output->tree = tree;
	output->desc = desc;
	output->used = ARR_OVERHEAD_NONULLS(1);
	output->size = Min(output->used + (Size) tree->count * USUAL_ROW, MaxAllocSize);
	output->array = palloc(output->size);
	for (int i = 0; i < kpi_role_words.count; i++)
		output->role[i] = CStringGetTextDatum(kpi_role_words.word[i]);
	for (int i = KPI_REASON_NO_SCORE; i <= KPI_REASON_LOW_COVERAGE; i++)
		output->reason[i] = CStringGetTextDatum(kpi_rollup_reason_word(i));
	output->working = AllocSetContextCreate(CurrentMemoryContext, "kpi rollup",
											ALLOCSET_DEFAULT_SIZES);
}

/* Make what was written an array. */
static Datum
finish_output(Output *output)
{
	ArrayType  *array = (ArrayType *) output->array;

	SET_VARSIZE(array, output->used);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = output->desc->tdtypeid;
	ARR_DIMS(array)[0] = output->tree->count;
	ARR_LBOUND(array)[0] = 1;
	MemoryContextDelete(output->working);
	return PointerGetDatum(array);
}

/* Roll up the rows of a state, as an array of the function's row type. */
static Datum
roll_up(FunctionCallInfo fcinfo, const KpiRollup *state, bool exact)
{
	Oid			row_type = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
	KpiRollupTree *tree = kpi_rollup_tree(state);
	TupleDesc	desc = lookup_rowtype_tupdesc(row_type, -1);
	Output		output = {.exact = exact};
	Datum		result;

	kpi_rollup_evaluate(tree, true);
	kpi_rollup_find_missing(tree);
	start_output(&output, tree, desc);
	write_tree(&output);
	result = finish_output(&output);
	ReleaseTupleDesc(desc);
	return result;
}

/* The same, where the state must hold rows of that kind. */
static Datum
roll_up_kind(FunctionCallInfo fcinfo, bool exact)
{
	const KpiRollup *state = (KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));

	if (state->exact != exact)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rollup state holds %s rows, not %s rows",
						state->exact ? "numeric" : "float8", exact ? "numeric" : "float8")));
	return roll_up(fcinfo, state, exact);
}

/* rollup_nodes(state): every node of the scorecard, in tree order; numeric. */
PG_FUNCTION_INFO_V1(kpi_rollup_nodes_numeric);
Datum
kpi_rollup_nodes_numeric(PG_FUNCTION_ARGS)
{
	return roll_up_kind(fcinfo, true);
}

/* The same for float8 rows. */
PG_FUNCTION_INFO_V1(kpi_rollup_nodes_float8);
Datum
kpi_rollup_nodes_float8(PG_FUNCTION_ARGS)
{
	return roll_up_kind(fcinfo, false);
}

/* scorecard_rollup(state): the same for rows of either kind, as numeric. */
PG_FUNCTION_INFO_V1(kpi_scorecard_nodes);
Datum
kpi_scorecard_nodes(PG_FUNCTION_ARGS)
{
	return roll_up(fcinfo, (KpiRollup *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0)), true);
}
