/*-------------------------------------------------------------------------
 *
 * window.c
 *	  kpi.rollup_score: the rolled-up score of every row of a partition, and
 *	  kpi_internal.rollup_node: all that is found out about its node.
 *
 * The first row of a partition reads all its rows, whatever the frame, rolls
 * them up and keeps one answer a row; the others only look theirs up.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "rollup/missing.h"
#include "rollup/score.h"
#include "rollup/share.h"
#include "rollup/tell.h"
#include "rollup/tree.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "windowapi.h"

/* node, parent, weight, score, method, missing, min_coverage, role, role_limit, carried */
#define MAX_ARGUMENTS 10

/* What rollup_node takes besides: the coverage of a leaf, and marks that go up. */
enum
{
	ARGUMENT_COVERAGE = MAX_ARGUMENTS,
	ARGUMENT_MARKS
};

/* The columns of kpi_internal.rolled_node. */
enum
{
	COLUMN_SCORE,
	COLUMN_COVERAGE,
	COLUMN_ABSOLUTE_WEIGHT,
	COLUMN_MISSING_NODES,
	COLUMN_CARRIED,
	COLUMN_VETOES,
	COLUMN_GRADES_DOWN,
	COLUMN_COEFFICIENT_ZERO,
	COLUMN_REASON,
	COLUMN_MARKS,
	COLUMNS
};

/* The score of a row. */
typedef struct RowScore
{
	bool		there;
	KpiAmount	score;
} RowScore;

/* What is kept for a partition. */
typedef struct Partition
{
	bool		ready;
	RowScore	row[FLEXIBLE_ARRAY_MEMBER];
} Partition;

/*
 * An argument of a row, copied: the next one is fetched into the same place.
 */
static NullableDatum
fetch_argument(WindowObject window, int64 row, int place, bool exact)
{
	bool		is_text = place < 2 || place == 4 || place == 5 || place == 7;
	NullableDatum argument;
	bool		outside;

	argument.value = WinGetFuncArgInPartition(window, place, (int) row, WINDOW_SEEK_HEAD, false,
											  &argument.isnull, &outside);
	if (!argument.isnull && (is_text || exact))
		argument.value = PointerGetDatum(PG_DETOAST_DATUM_COPY(argument.value));
	return argument;
}

/* All rows of the partition as a state. */
static KpiRollup *
collect_rows(WindowObject window, int64 rows, int count, bool exact)
{
	KpiRollup  *state = kpi_rollup_new(exact);
	MemoryContext fetched = AllocSetContextCreate(CurrentMemoryContext, "kpi rollup row",
												  ALLOCSET_SMALL_SIZES);
	NullableDatum argument[MAX_ARGUMENTS];
	KpiRollupRow row;

	for (int64 i = 0; i < rows; i++)
	{
		KpiRollup  *before = state;
		MemoryContext old = MemoryContextSwitchTo(fetched);

		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < count; k++)
			argument[k] = fetch_argument(window, i, k, exact);
		kpi_rollup_read(argument, count, exact, &row);
		MemoryContextSwitchTo(old);
		state = kpi_rollup_append(state, &row, true);
		if (state != before)
			pfree(before);
		MemoryContextReset(fetched);
	}
	return state;
}

/* Roll the partition up, once. */
static void
roll_up(WindowObject window, Partition *partition, int64 rows, int count, bool exact)
{
	MemoryContext kept = GetMemoryChunkContext(partition);
	MemoryContext working = AllocSetContextCreate(CurrentMemoryContext, "kpi rollup window",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(working);
	KpiRollupTree *tree = kpi_rollup_tree(collect_rows(window, rows, count, exact));

	kpi_rollup_evaluate(tree, false);
	for (int64 i = 0; i < rows; i++)
	{
		const KpiRollupNode *node = &tree->node[tree->row[i]];
		RowScore   *row = &partition->row[i];

		row->there = kpi_rollup_has_score(node);
		row->score = node->score;
		if (row->there && exact)
		{
			row->score.exact = MemoryContextAlloc(kept, VARSIZE(node->score.exact));
			memcpy(row->score.exact, node->score.exact, VARSIZE(node->score.exact));
		}
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(working);
	partition->ready = true;
}

/* What is kept for a partition, of so many bytes. */
static void *
partition_memory(WindowObject window, int64 rows, Size size)
{
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("scorecard of " INT64_FORMAT " rows is too large", rows),
				 errhint("Roll up one scorecard at a time, with PARTITION BY.")));
	return WinGetPartitionLocalMemory(window, size);
}

/* The score of the current row of a partition; NULL if its node has none. */
static Datum
row_score(FunctionCallInfo fcinfo, bool exact)
{
	WindowObject window = PG_WINDOW_OBJECT();
	int64		rows = WinGetPartitionRowCount(window);
	Partition  *partition =
	partition_memory(window, rows, offsetof(Partition, row) + rows * sizeof(RowScore));
	RowScore   *row;

	if (!partition->ready)
		roll_up(window, partition, rows, PG_NARGS(), exact);
	row = &partition->row[WinGetCurrentPosition(window)];
	if (!row->there)
		PG_RETURN_NULL();
	if (exact)
		PG_RETURN_NUMERIC(row->score.exact);
	PG_RETURN_FLOAT8(row->score.real);
}

/* rollup_score(node, parent, weight, score, ...) OVER (...): numeric. */
PG_FUNCTION_INFO_V1(kpi_rollup_score_numeric);
Datum
kpi_rollup_score_numeric(PG_FUNCTION_ARGS)
{
	return row_score(fcinfo, true);
}

/* The same for float8. */
PG_FUNCTION_INFO_V1(kpi_rollup_score_float8);
Datum
kpi_rollup_score_float8(PG_FUNCTION_ARGS)
{
	return row_score(fcinfo, false);
}

/* What rollup_node keeps for a partition: a row of the result for each row. */
typedef struct NodePartition
{
	bool		ready;
	Datum		row[FLEXIBLE_ARRAY_MEMBER];
} NodePartition;

/* Take the coverage of leaves and the marks over into the nodes of the rows. */
static void
take_marks(WindowObject window, int64 rows, KpiRollupTree *tree)
{
	for (int64 i = 0; i < rows; i++)
	{
		KpiRollupNode *node = &tree->node[tree->row[i]];
		NullableDatum coverage = fetch_argument(window, i, ARGUMENT_COVERAGE, true);
		NullableDatum marks = fetch_argument(window, i, ARGUMENT_MARKS, false);

		if (!coverage.isnull)
		{
			node->partly = true;
			node->coverage.exact = DatumGetNumeric(coverage.value);
		}
		if (!marks.isnull)
			node->marks |= DatumGetInt32(marks.value);
	}
}

/* Let marks go up: a node has those of all nodes below it. */
static void
pass_marks(KpiRollupTree *tree)
{
	for (int32 i = tree->count; i > 0; i--)
	{
		KpiRollupNode *node = &tree->node[tree->order[i]];

		for (int32 k = node->first; k < node->first + node->links; k++)
			node->marks |= tree->node[tree->link[k].child].marks;
	}
}

/* What was found out about a node, as a row. */
static Datum
node_row(const KpiRollupTree *tree, const KpiRollupNode *node, TupleDesc desc)
{
	Datum		values[COLUMNS] = {0};
	bool		nulls[COLUMNS] = {false};

	nulls[COLUMN_SCORE] = !kpi_rollup_has_score(node);
	if (kpi_rollup_has_score(node))
		values[COLUMN_SCORE] = NumericGetDatum(node->score.exact);
	values[COLUMN_COVERAGE] = NumericGetDatum(node->coverage.exact);
	nulls[COLUMN_ABSOLUTE_WEIGHT] = !node->counted;
	if (node->counted)
		values[COLUMN_ABSOLUTE_WEIGHT] = NumericGetDatum(kpi_share_value(true, node->absolute).exact);
	nulls[COLUMN_MISSING_NODES] = node->gaps == 0;
	if (node->gaps != 0)
		values[COLUMN_MISSING_NODES] = kpi_rollup_missing_names(tree, node);
	values[COLUMN_CARRIED] = BoolGetDatum(node->is_carried);
	nulls[COLUMN_VETOES] = node->vetoes == 0;
	if (node->vetoes > 0)
		values[COLUMN_VETOES] = kpi_rollup_veto_names(tree, node);
	values[COLUMN_GRADES_DOWN] = Int32GetDatum(node->grades);
	values[COLUMN_COEFFICIENT_ZERO] = BoolGetDatum(node->coefficient);
	nulls[COLUMN_REASON] = node->reason == KPI_REASON_NONE;
	if (node->reason != KPI_REASON_NONE)
		values[COLUMN_REASON] = CStringGetTextDatum(kpi_rollup_reason_word(node->reason));
	values[COLUMN_MARKS] = Int32GetDatum(node->marks);
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

/* Roll a partition of rollup_node up, once. */
static void
roll_up_nodes(WindowObject window, NodePartition *partition, int64 rows, TupleDesc desc)
{
	MemoryContext kept = GetMemoryChunkContext(partition);
	MemoryContext working = AllocSetContextCreate(CurrentMemoryContext, "kpi rollup window",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(working);
	KpiRollupTree *tree = kpi_rollup_tree(collect_rows(window, rows, MAX_ARGUMENTS, true));

	take_marks(window, rows, tree);
	kpi_rollup_evaluate(tree, true);
	kpi_rollup_find_missing(tree);
	pass_marks(tree);
	for (int64 i = 0; i < rows; i++)
	{
		Datum		row = node_row(tree, &tree->node[tree->row[i]], desc);

		MemoryContextSwitchTo(kept);
		partition->row[i] = datumCopy(row, false, -1);
		MemoryContextSwitchTo(working);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(working);
	partition->ready = true;
}

/*
 * rollup_node(node, parent, weight, score, ..., coverage, marks) OVER (...):
 * what a scorecard's rollup finds out about the node of the row.
 */
PG_FUNCTION_INFO_V1(kpi_rollup_node);
Datum
kpi_rollup_node(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	int64		rows = WinGetPartitionRowCount(window);
	NodePartition *partition =
	partition_memory(window, rows, offsetof(NodePartition, row) + rows * sizeof(Datum));

	if (!partition->ready)
	{
		TupleDesc	desc;

		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "rollup_node returns no row type");
		roll_up_nodes(window, partition, rows, BlessTupleDesc(desc));
	}
	PG_RETURN_DATUM(partition->row[WinGetCurrentPosition(window)]);
}
