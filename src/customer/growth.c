/*-------------------------------------------------------------------------
 *
 * growth.c
 *	  Growth accounting: who is new, stayed, came back and left in each period.
 *
 * Of an entity and a period t
 *
 *	new			active in t, and never before
 *	retained	active in t and in t - 1
 *	resurrected	active in t, not in t - 1, but before
 *	churned		active in t - 1, not in t
 *
 *	active(t) = new + retained + resurrected
 *	active(t - 1) = retained + churned
 *	quick_ratio = (new + resurrected) / churned
 *
 * What is not over yet has no churned, which would be overstated.  In the first
 * period all are new, for what was before is not known: it is left-censored.
 *
 * State: the four counts for each period from the first with activity to the
 * last complete one, or the one after the last with activity.
 *
 * A row counts as so many entities as its weight says.  NULL rule: a NULL bitmap
 * or weight is left out.
 *
 * Source: J. Hsu, "Growth accounting", Social Capital, 2015.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "base/layout.h"
#include "base/state.h"
#include "customer/bitmap.h"
#include "customer/entities.h"
#include "funcapi.h"

#define MAX_PERIODS 1000000

typedef struct Movement
{
	int64		fresh;			/* new */
	int64		retained;
	int64		resurrected;
	int64		churned;
} Movement;

typedef struct KpiGrowth
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[3];
	int32		count;			/* periods */
	int32		unused_too;
	int64		last_complete;
	int64		first;			/* period */
	Movement	period[FLEXIBLE_ARRAY_MEMBER];
} KpiGrowth;

/* A state of periods without entities. */
static KpiGrowth *
make_state(int64 last_complete, int64 first, int64 last)
{
	int64		periods = last - first + 1;
	Size		size;
	KpiGrowth  *state;

	if (periods > MAX_PERIODS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d periods", MAX_PERIODS),
				 errhint("Number longer periods, and check last_complete.")));
	size = offsetof(KpiGrowth, period) + periods * sizeof(Movement);
	state = palloc0(size);
	SET_VARSIZE(state, size);
	state->version = KPI_STATE_VERSION;
	state->count = (int32) periods;
	state->last_complete = last_complete;
	state->first = first;
	return state;
}

/* The state with room from one period to another: itself, or a larger copy. */
static KpiGrowth *
reserve(KpiGrowth *state, int64 first, int64 last)
{
	KpiGrowth  *larger;

	if (likely(first >= state->first && last < state->first + state->count))
		return state;
	larger = make_state(state->last_complete, Min(first, state->first), Max(last, state->first + state->count - 1));
	memcpy(&larger->period[state->first - larger->first], state->period, sizeof(Movement) * state->count);
	return larger;
}

/* States with another last complete period make none together. */
static void
check_same(bool same)
{
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("last_complete differs between the rows of one group"),
				 errhint("Pass the same one for all rows of a group.")));
}

/* Count as many entities in each period that they are active in, and in those that follow. */
static void
count_entities(KpiGrowth *state, const KpiBitmap *bitmap, int64 weight)
{
	int64		before = PG_INT64_MIN;	/* the last period with activity */

	for (int i = 0; i < bitmap->count; i++)
	{
		for (uint64 word = bitmap->word[i]; word != 0; word &= word - 1)
		{
			int64		t = bitmap->first + (int64) i * KPI_WORD_BITS + pg_rightmost_one_pos64(word);
			Movement   *movement = &state->period[t - state->first];

			if (before == PG_INT64_MIN)
				kpi_add_entities(&movement->fresh, weight);
			else if (before == t - 1)
				kpi_add_entities(&movement->retained, weight);
			else
			{
				kpi_add_entities(&movement->resurrected, weight);
				kpi_add_entities(&state->period[before + 1 - state->first].churned, weight);
			}
			before = t;
		}
	}
	kpi_add_entities(&state->period[before + 1 - state->first].churned, weight);
}

/* Transition of growth_accounting(active, last_complete, weight). */
PG_FUNCTION_INFO_V1(kpi_growth_accounting_accum);
Datum
kpi_growth_accounting_accum(PG_FUNCTION_ARGS)
{
	KpiGrowth  *state = kpi_writable_varlena(fcinfo);
	const KpiBitmap *bitmap;
	int64		last_complete;
	int64		first;
	int64		last;
	int64		weight = 1;

	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("last_complete is null"),
				 errhint("Pass the last period that is over.")));
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
		weight = kpi_check_count(PG_GETARG_FLOAT8(3), "weight");
	if (PG_ARGISNULL(1) || (PG_NARGS() > 3 && PG_ARGISNULL(3)) || weight == 0)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	last_complete = kpi_check_whole(PG_GETARG_FLOAT8(2), "last_complete");
	bitmap = (const KpiBitmap *) PG_GETARG_VARLENA_P(1);
	first = bitmap->first;
	/* and the period in which it churns */
	last = Max(kpi_last_active(bitmap) + 1, last_complete);
	if (state == NULL)
		state = make_state(last_complete, first, last);
	check_same(state->last_complete == last_complete);
	state = reserve(state, first, last);
	count_entities(state, bitmap, weight);
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_growth_accounting_combine);
Datum
kpi_growth_accounting_combine(PG_FUNCTION_ARGS)
{
	KpiGrowth  *state;
	const KpiGrowth *other;
	Movement   *to;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_varlena(fcinfo);
	other = (const KpiGrowth *) PG_GETARG_VARLENA_P(1);
	check_same(state->last_complete == other->last_complete);
	state = reserve(state, other->first, other->first + other->count - 1);
	to = &state->period[other->first - state->first];
	for (int i = 0; i < other->count; i++)
	{
		kpi_add_entities(&to[i].fresh, other->period[i].fresh);
		kpi_add_entities(&to[i].retained, other->period[i].retained);
		kpi_add_entities(&to[i].resurrected, other->period[i].resurrected);
		kpi_add_entities(&to[i].churned, other->period[i].churned);
	}
	PG_RETURN_POINTER(state);
}

/* growth_table(state): a row a period. */
PG_FUNCTION_INFO_V1(kpi_growth_table);
Datum
kpi_growth_table(PG_FUNCTION_ARGS)
{
	const KpiGrowth *state = (const KpiGrowth *) PG_GETARG_VARLENA_P(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < state->count; i++)
	{
		const Movement *movement = &state->period[i];
		bool		complete = state->first + i <= state->last_complete;
		bool		isnull[8] = {false, false, false, false, false, !complete || i == 0,
		!complete || movement->churned == 0, false};
		Datum		value[8];

		/* what follows the last one with activity */
		if (!complete && i == state->count - 1)
			break;
		value[0] = Int64GetDatum(state->first + i);
		value[1] = Int64GetDatum(movement->fresh + movement->retained + movement->resurrected);
		value[2] = Int64GetDatum(movement->fresh);
		value[3] = Int64GetDatum(movement->retained);
		value[4] = Int64GetDatum(movement->resurrected);
		value[5] = Int64GetDatum(movement->churned);
		value[6] = Float8GetDatum(isnull[6] ? 0 : (double) (movement->fresh + movement->resurrected) /
								  (double) movement->churned);
		value[7] = BoolGetDatum(i == 0);
		tuplestore_putvalues(result->setResult, result->setDesc, value, isnull);
	}
	PG_RETURN_NULL();
}

/* Whether an aggregate could produce the state: who was active stayed or left. */
static bool
accept_state(void *value)
{
	const KpiGrowth *state = value;
	int64		active = 0;

	if (state->count < 1 || state->count > MAX_PERIODS || !kpi_fits_int32(state->last_complete) ||
		!kpi_fits_int32(state->first))
		return false;
	for (int i = 0; i < state->count; i++)
	{
		const Movement *movement = &state->period[i];

		if (Max(Max(movement->fresh, movement->retained), movement->resurrected) > KPI_MAX_ENTITIES ||
			movement->retained > active || movement->churned != active - movement->retained)
			return false;
		active = movement->fresh + movement->retained + movement->resurrected;
	}
	return state->period[0].fresh > 0 && active == 0;
}

static const KpiLayout layout = {
	.type = "kpi.growth_state",
	.size = offsetof(KpiGrowth, period),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiGrowth, version),
		KPI_FIELD(INT64, KpiGrowth, last_complete),
		KPI_FIELD(INT64, KpiGrowth, first)
	},
	.accept = accept_state,
	.count = offsetof(KpiGrowth, count),
	.entry_size = sizeof(Movement),
	.entry = {
		KPI_FIELD(COUNT, Movement, fresh),
		KPI_FIELD(COUNT, Movement, retained),
		KPI_FIELD(COUNT, Movement, resurrected),
		KPI_FIELD(COUNT, Movement, churned)
	}
};

KPI_STATE_FORMS(kpi_growth_state, layout)
