/*-------------------------------------------------------------------------
 *
 * window.c
 *	  kpi.rollup_score: the rolled-up score of every row of a partition.
 *
 * The first row of a partition reads all its rows, whatever the frame, rolls
 * them up and keeps one answer a row; the others only look theirs up.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/scalar.h"
#include "miscadmin.h"
#include "rollup/score.h"
#include "rollup/tree.h"
#include "utils/memutils.h"
#include "windowapi.h"

/* node, parent, weight, score, method, missing, min_coverage, role, role_limit, carried */
#define MAX_ARGUMENTS 10

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
	return kpi_float8_or_null(fcinfo, row->score.real);
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
