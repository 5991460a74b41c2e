/*-------------------------------------------------------------------------
 *
 * retention.c
 *	  Retention of cohorts by the periods in which entities were active.
 *
 * With s the period in which an entity began, its first one unless told, a cell
 * asks for activity in [s + from, s + to):
 *
 *	on				to = from + 1
 *	on_or_after		without an end; up to the last complete period
 *	brackets		from one bound to the next
 *
 * An entity is eligible for a cell if that is over: s + to - 1, or s + from where
 * it has no end, is at most the last complete period.  Cells of which no entity
 * is eligible are NULL.  Over several cohorts rates are those of the sums.
 *
 *	rate = kept / eligible, with its Wilson interval
 *
 * A row counts as so many entities as its weight says, which is for tables of
 * counted entities.
 *
 * NULL rule: a NULL bitmap is left out; with a start it is an entity that never
 * came back.  A NULL start or weight is left out.
 *
 * State: the cells with their counts.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/layout.h"
#include "base/list.h"
#include "base/state.h"
#include "base/words.h"
#include "customer/bitmap.h"
#include "customer/entities.h"
#include "funcapi.h"
#include "math/quantile.h"
#include "math/wilson.h"

#define MAX_CELLS 10000
#define NO_END PG_INT64_MAX

typedef struct Cell
{
	int64		from;
	int64		to;				/* NO_END for none */
	int64		eligible;
	int64		kept;
} Cell;

typedef struct KpiRetention
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[3];
	int32		count;			/* cells */
	int32		unused_too;
	int64		last_complete;
	Cell		cell[FLEXIBLE_ARRAY_MEMBER];
} KpiRetention;

/* Arguments of the transitions. */
enum
{
	ARG_ACTIVE = 1, ARG_LAST_COMPLETE, ARG_CELLS, ARG_MODE, ARG_START, ARG_WEIGHT,
	ARG_BRACKET_WEIGHT = ARG_CELLS + 1
};

/* A state without counts, its cells to be filled in. */
static KpiRetention *
make_state(int cells, int64 last_complete)
{
	Size		size = offsetof(KpiRetention, cell) + cells * sizeof(Cell);
	KpiRetention *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->version = KPI_STATE_VERSION;
	state->count = cells;
	state->last_complete = last_complete;
	return state;
}

/* An argument that must not be NULL. */
static void
require(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is null", name),
				 errhint("Pass the same value for all rows of a group.")));
}

/* The last complete period of a call. */
static int64
last_complete_argument(FunctionCallInfo fcinfo)
{
	require(fcinfo, ARG_LAST_COMPLETE, "last_complete");
	return kpi_check_whole(PG_GETARG_FLOAT8(ARG_LAST_COMPLETE), "last_complete");
}

/* How many cells a call asks for. */
static int
cells_argument(FunctionCallInfo fcinfo)
{
	int			cells;

	require(fcinfo, ARG_CELLS, "periods");
	cells = kpi_check_whole(PG_GETARG_FLOAT8(ARG_CELLS), "periods");
	if (cells < 1 || cells > MAX_CELLS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods %d is not between 1 and %d", cells, MAX_CELLS),
				 errhint("Pass how many periods are asked for, the first one counted.")));
	return cells;
}

/* The mode of a call; on unless told. */
static KpiRetentionMode
mode_argument(FunctionCallInfo fcinfo)
{
	if (PG_NARGS() <= ARG_MODE)
		return KPI_RETENTION_ON;
	require(fcinfo, ARG_MODE, "mode");
	return kpi_word_argument(fcinfo, ARG_MODE, &kpi_retention_mode_words);
}

/* The state of the first row, for a number of periods. */
static KpiRetention *
start_periods(FunctionCallInfo fcinfo, int cells, KpiRetentionMode mode)
{
	KpiRetention *state = make_state(cells, last_complete_argument(fcinfo));

	for (int i = 0; i < cells; i++)
	{
		state->cell[i].from = i;
		state->cell[i].to = mode == KPI_RETENTION_ON ? i + 1 : NO_END;
	}
	return state;
}

/* The state of the first row, for brackets between bounds. */
static KpiRetention *
start_brackets(FunctionCallInfo fcinfo)
{
	KpiList		list;
	KpiRetention *state;

	require(fcinfo, ARG_CELLS, "brackets");
	list = kpi_number_list(PG_GETARG_ARRAYTYPE_P(ARG_CELLS), "brackets");
	kpi_check_no_nulls(&list, "brackets");
	if (list.count < 2 || list.count > MAX_CELLS)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d bounds make no brackets", list.count),
				 errhint("Pass at least two, such as {0,1,3,7} for [0,1), [1,3) and [3,7).")));
	state = make_state(list.count - 1, last_complete_argument(fcinfo));
	for (int i = 0; i < state->count; i++)
	{
		state->cell[i].from = kpi_check_whole(kpi_list_float8(&list, i, "brackets"), "bound");
		state->cell[i].to = kpi_check_whole(kpi_list_float8(&list, i + 1, "brackets"), "bound");
		if (state->cell[i].from < 0 || state->cell[i].to <= state->cell[i].from)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("bounds of brackets do not rise from 0 on"),
					 errhint("Pass rising bounds, such as {0,1,3,7}.")));
	}
	return state;
}

/* States of other cells or another last complete period make none together. */
static void
check_same(bool same)
{
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods, mode or last_complete differ between the rows of one group"),
				 errhint("Pass the same ones for all rows of a group.")));
}

/* Count as many entities as a weight says that began in a period. */
static void
count_entities(KpiRetention *state, const KpiBitmap *bitmap, int64 start, int64 weight)
{
	int64		last = bitmap == NULL ? PG_INT64_MIN : kpi_last_period(bitmap, start, state->last_complete);

	for (int i = 0; i < state->count; i++)
	{
		Cell	   *cell = &state->cell[i];
		int64		from = start + cell->from;
		int64		to = cell->to == NO_END ? state->last_complete : start + cell->to - 1;

		if (from > state->last_complete || to > state->last_complete)
			continue;
		kpi_add_entities(&cell->eligible, weight);
		if (bitmap != NULL && last >= from &&
			(cell->to == NO_END || (from == to ? kpi_is_active(bitmap, from) : kpi_last_period(bitmap, from, to) >= from)))
			kpi_add_entities(&cell->kept, weight);
	}
}

/* Take the entities of a row into a state: one, or as many as the argument with their number says. */
static Datum
take_entities(FunctionCallInfo fcinfo, KpiRetention *state, int weight_argument)
{
	const KpiBitmap *bitmap = NULL;
	int64		weight = 1;

	if (PG_NARGS() > weight_argument)
	{
		if (PG_ARGISNULL(weight_argument))
			PG_RETURN_POINTER(state);
		weight = kpi_check_count(PG_GETARG_FLOAT8(weight_argument), "weight");
	}
	if (!PG_ARGISNULL(ARG_ACTIVE))
		bitmap = (const KpiBitmap *) PG_GETARG_VARLENA_P(ARG_ACTIVE);
	if (PG_NARGS() > ARG_START)
	{
		if (!PG_ARGISNULL(ARG_START))
			count_entities(state, bitmap, kpi_check_whole(PG_GETARG_FLOAT8(ARG_START), "start"), weight);
	}
	else if (bitmap != NULL)
		count_entities(state, bitmap, bitmap->first, weight);
	PG_RETURN_POINTER(state);
}

/* Transition of cohort_retention(active, last_complete, periods, mode, start, weight). */
PG_FUNCTION_INFO_V1(kpi_cohort_retention_accum);
Datum
kpi_cohort_retention_accum(PG_FUNCTION_ARGS)
{
	KpiRetention *state = kpi_writable_varlena(fcinfo);
	int			cells = cells_argument(fcinfo);
	KpiRetentionMode mode = mode_argument(fcinfo);

	if (state == NULL)
		state = start_periods(fcinfo, cells, mode);
	check_same(state->count == cells && state->last_complete == last_complete_argument(fcinfo) &&
			   (state->cell[0].to == NO_END) == (mode == KPI_RETENTION_ON_OR_AFTER));
	return take_entities(fcinfo, state, ARG_WEIGHT);
}

/* Transition of bracket_retention(active, last_complete, brackets, weight). */
PG_FUNCTION_INFO_V1(kpi_cohort_retention_accum_brackets);
Datum
kpi_cohort_retention_accum_brackets(PG_FUNCTION_ARGS)
{
	KpiRetention *state = kpi_writable_varlena(fcinfo);

	if (state == NULL)
		state = start_brackets(fcinfo);
	check_same(state->last_complete == last_complete_argument(fcinfo));
	return take_entities(fcinfo, state, ARG_BRACKET_WEIGHT);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_cohort_retention_combine);
Datum
kpi_cohort_retention_combine(PG_FUNCTION_ARGS)
{
	KpiRetention *state;
	const KpiRetention *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_varlena(fcinfo);
	other = (const KpiRetention *) PG_GETARG_VARLENA_P(1);
	check_same(state->count == other->count && state->last_complete == other->last_complete);
	for (int i = 0; i < state->count; i++)
	{
		check_same(state->cell[i].from == other->cell[i].from && state->cell[i].to == other->cell[i].to);
		kpi_add_entities(&state->cell[i].eligible, other->cell[i].eligible);
		kpi_add_entities(&state->cell[i].kept, other->cell[i].kept);
	}
	PG_RETURN_POINTER(state);
}

/* retention_at(state, age): of the cell that begins so many periods after the start. */
PG_FUNCTION_INFO_V1(kpi_retention_state_rate);
Datum
kpi_retention_state_rate(PG_FUNCTION_ARGS)
{
	const KpiRetention *state = (const KpiRetention *) PG_GETARG_VARLENA_P(0);
	int			age = kpi_check_whole(PG_GETARG_FLOAT8(1), "age");

	for (int i = 0; i < state->count; i++)
	{
		if (state->cell[i].from == age && state->cell[i].eligible > 0)
			PG_RETURN_FLOAT8((double) state->cell[i].kept / (double) state->cell[i].eligible);
	}
	PG_RETURN_NULL();
}

/* retention_table(state, confidence): a row a cell. */
PG_FUNCTION_INFO_V1(kpi_retention_table);
Datum
kpi_retention_table(PG_FUNCTION_ARGS)
{
	const KpiRetention *state = (const KpiRetention *) PG_GETARG_VARLENA_P(0);
	double		z = kpi_normal_bound(kpi_check_confidence(PG_GETARG_FLOAT8(1)));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < state->count; i++)
	{
		const Cell *cell = &state->cell[i];
		bool		known = cell->eligible > 0;
		KpiEstimate rate = {0, 0, 0, 0};
		bool		isnull[7] = {false, cell->to == NO_END, false, !known, !known, !known, !known};
		Datum		value[7];

		if (known)
			rate = kpi_wilson((double) cell->kept, (double) cell->eligible, z);
		value[0] = Int64GetDatum(cell->from);
		value[1] = Int64GetDatum(cell->to);
		value[2] = Int64GetDatum(cell->eligible);
		value[3] = Int64GetDatum(cell->kept);
		value[4] = Float8GetDatum(rate.estimate);
		value[5] = Float8GetDatum(rate.lower);
		value[6] = Float8GetDatum(rate.upper);
		tuplestore_putvalues(result->setResult, result->setDesc, value, isnull);
	}
	PG_RETURN_NULL();
}

/* Whether an aggregate could produce the state: cells from 0 on, none kept that is not eligible. */
static bool
accept_state(void *value)
{
	const KpiRetention *state = value;

	if (state->count < 1 || state->count > MAX_CELLS || !kpi_fits_int32(state->last_complete))
		return false;
	for (int i = 0; i < state->count; i++)
	{
		const Cell *cell = &state->cell[i];

		if (cell->from < 0 || cell->from > PG_INT32_MAX || cell->to <= cell->from ||
			(cell->to > PG_INT32_MAX && cell->to != NO_END) || cell->kept > cell->eligible ||
			cell->eligible > KPI_MAX_ENTITIES ||
			(i > 0 && cell->from <= state->cell[i - 1].from))
			return false;
	}
	return true;
}

static const KpiLayout layout = {
	.type = "kpi.retention_state",
	.size = offsetof(KpiRetention, cell),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiRetention, version),
		KPI_FIELD(INT64, KpiRetention, last_complete)
	},
	.accept = accept_state,
	.count = offsetof(KpiRetention, count),
	.entry_size = sizeof(Cell),
	.entry = {
		KPI_FIELD(INT64, Cell, from),
		KPI_FIELD(INT64, Cell, to),
		KPI_FIELD(COUNT, Cell, eligible),
		KPI_FIELD(COUNT, Cell, kept)
	}
};

KPI_STATE_FORMS(kpi_retention_state, layout)
