/*-------------------------------------------------------------------------
 *
 * numeric_sum.c
 *	  Sums and means of numeric as states that merge and store.
 *
 * sum(numeric) and avg(numeric) of the server keep their state in memory that
 * only the server knows.  This one gives the same sum and mean, to the digit
 * and with the same decimals, of rows or of states of parts of the rows, in
 * any order: kpi.collect measures with it what the server's own would give.
 *
 * State: an exact sum (base/exactsum.h) in slot 0 and how many values it has;
 * NaN and the infinities are flags, of which the sum is made as by the server:
 * NaN for NaN and for infinities of both signs.
 *
 * NULL rule: NULL values are left out; NULL where there is no other.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/exactsum.h"
#include "base/layout.h"
#include "base/state.h"

/* What was met beside numbers. */
#define HAS_NAN 0x01
#define HAS_INFINITY 0x02
#define HAS_MINUS_INFINITY 0x04
#define ALL_FLAGS 0x07

/* Notes NaN or an infinity. */
static void
note_special(KpiExactState *state, Numeric value)
{
	if (numeric_is_nan(value))
		state->flags |= HAS_NAN;
	else
		state->flags |= kpi_numeric_sign(value) > 0 ? HAS_INFINITY : HAS_MINUS_INFINITY;
}

/* Transition of numeric_sums(numeric). */
PG_FUNCTION_INFO_V1(kpi_numeric_sum_accum);
Datum
kpi_numeric_sum_accum(PG_FUNCTION_ARGS)
{
	KpiExactState *state;
	KpiExactState *added;

	if (PG_ARGISNULL(1))
		return kpi_leave_state(fcinfo);
	state = kpi_exact_writable(fcinfo);
	added = kpi_exact_add(state, 0, PG_GETARG_DATUM(1));
	if (unlikely(added == NULL))
	{
		note_special(state, PG_GETARG_NUMERIC(1));
		added = state;
	}
	added->number[0]++;
	PG_RETURN_POINTER(added);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_numeric_sum_combine);
Datum
kpi_numeric_sum_combine(PG_FUNCTION_ARGS)
{
	KpiExactState *state;
	KpiExactState room;
	const KpiExactState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_exact_writable(fcinfo);
	other = kpi_exact_given(PG_GETARG_DATUM(1), &room);
	state->flags |= other->flags;
	state->number[0] += other->number[0];
	PG_RETURN_POINTER(kpi_exact_add_state(state, other));
}

/* What NaN and the infinities make of the sum; NULL where there are none. */
static const char *
special_sum(const KpiExactState *state)
{
	switch (state->flags)
	{
		case 0:
			return NULL;
		case HAS_INFINITY:
			return "Infinity";
		case HAS_MINUS_INFINITY:
			return "-Infinity";
	}
	return "NaN";
}

/* The sum of a state. */
static Numeric
sum_of(const KpiExactState *state)
{
	const char *special = special_sum(state);

	if (special == NULL)
		return kpi_exact_value(state, 0);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(special),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/* numeric_sum_total(state): as sum(numeric). */
PG_FUNCTION_INFO_V1(kpi_numeric_sum_total);
Datum
kpi_numeric_sum_total(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(sum_of((const KpiExactState *) PG_GETARG_VARLENA_P(0)));
}

/* numeric_sum_mean(state): as avg(numeric). */
PG_FUNCTION_INFO_V1(kpi_numeric_sum_mean);
Datum
kpi_numeric_sum_mean(PG_FUNCTION_ARGS)
{
	const KpiExactState *state = (const KpiExactState *) PG_GETARG_VARLENA_P(0);

	PG_RETURN_NUMERIC(kpi_numeric_div(sum_of(state), int64_to_numeric(state->number[0])));
}

/* Whether an aggregate could have given the state: of one value at least, and of a number unless flags say other. */
static bool
accept_sum(void *value)
{
	const KpiExactState *state = value;

	return state->policy == 0 && (state->flags & ~ALL_FLAGS) == 0 &&
		state->number[0] > 0 && state->number[1] == 0;
}

static const KpiLayout sum_layout = {
	.type = "kpi_internal.numeric_sum",
	.size = KPI_EXACT_STATE_SIZE,
	.varlena = true,
	.field = {
		KPI_EXACT_FIELDS,
		KPI_FIELD_SUMS(1)
	},
	.accept = accept_sum
};

KPI_STATE_FORMS(kpi_numeric_sum, sum_layout)
