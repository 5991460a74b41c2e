/*-------------------------------------------------------------------------
 *
 * exactsum.c
 *	  Exact sums of numeric values as one flat, storable state.
 *
 * The outward forms have each slot's sum as one numeric with its scale; what
 * reads them rebuilds the sums, and with them the choice between window and tail.
 *
 *-------------------------------------------------------------------------
 */
#include "base/exactsum.h"

/* A new state with all sums empty, in the current memory context. */
KpiExactState *
kpi_exact_make(void)
{
	KpiExactState *state = palloc0(KPI_EXACT_STATE_SIZE);

	SET_VARSIZE(state, KPI_EXACT_STATE_SIZE);
	state->version = KPI_STATE_VERSION;
	return state;
}

/* The same with counts of the values that have the scale of a slot. */
KpiExactState *
kpi_exact_make_counted(void)
{
	Size		size = KPI_EXACT_STATE_SIZE + KPI_EXACT_SLOTS * sizeof(int64);
	KpiExactState *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->version = KPI_STATE_VERSION;
	state->excess = KPI_EXACT_COUNTED;
	return state;
}

/* Count a value with that scale, before it is added to its slot. */
void
kpi_exact_count(KpiExactState *state, int slot, int dscale)
{
	if (!(state->excess & KPI_EXACT_COUNTED) || dscale < state->dscale[slot])
		return;
	if (dscale > state->dscale[slot])
		KPI_EXACT_COUNTS(state)[slot] = 0;
	KPI_EXACT_COUNTS(state)[slot]++;
}

/*
 * The reverse, before a value is taken out; false where the scale of the slot
 * would no longer be known.
 */
bool
kpi_exact_uncount(KpiExactState *state, int slot, int dscale)
{
	if (!(state->excess & KPI_EXACT_COUNTED) || dscale > state->dscale[slot])
		return false;
	if (dscale == 0 || dscale < state->dscale[slot])
		return true;
	return --KPI_EXACT_COUNTS(state)[slot] > 0;
}

/* The size of a state without the numerics of its tail. */
static inline Size
fixed_size(const KpiExactState *state)
{
	return KPI_EXACT_STATE_SIZE +
		(state->excess & KPI_EXACT_COUNTED ? KPI_EXACT_SLOTS * sizeof(int64) : 0);
}

/* The numerics of the tail, NULL where a slot has none. */
static void
read_tail(const KpiExactState *state, Numeric *excess)
{
	const char *next = (const char *) state + fixed_size(state);

	for (int slot = 0; slot < KPI_EXACT_SLOTS; slot++)
	{
		excess[slot] = NULL;
		if (state->excess & (1 << slot))
		{
			excess[slot] = (Numeric) next;
			next += MAXALIGN(VARSIZE(next));
		}
	}
}

/*
 * Add a number to the tail.  The state is built anew in the current context:
 * inside an aggregate the executor takes the copy and frees the old one.
 */
KpiExactState *
kpi_exact_add_wide(KpiExactState *state, int slot, Numeric value)
{
	Numeric		excess[KPI_EXACT_SLOTS];
	KpiExactState *grown;
	Size		size = fixed_size(state);
	char	   *next;

	read_tail(state, excess);
	excess[slot] = excess[slot] == NULL ? value : kpi_numeric_add(excess[slot], value);
	for (int i = 0; i < KPI_EXACT_SLOTS; i++)
		size += excess[i] == NULL ? 0 : MAXALIGN(VARSIZE(excess[i]));

	grown = palloc0(size);
	memcpy(grown, state, fixed_size(state));
	SET_VARSIZE(grown, size);
	grown->excess |= 1 << slot;
	next = (char *) grown + fixed_size(grown);
	for (int i = 0; i < KPI_EXACT_SLOTS; i++)
	{
		if (excess[i] == NULL)
			continue;
		memcpy(next, excess[i], VARSIZE(excess[i]));
		next += MAXALIGN(VARSIZE(excess[i]));
	}
	return grown;
}

/* Add a value of the window, shown with dscale decimals, to a slot. */
static KpiExactState *
add_decimal(KpiExactState *state, int slot, int128 value, int dscale)
{
	if (slot < KPI_EXACT_SUMS && kpi_exact_add_decimal(state, slot, value, dscale))
		return state;
	kpi_exact_note_dscale(state, slot, dscale);
	return kpi_exact_add_wide(state, slot,
							  kpi_encode_numeric(value, KPI_EXACT_GROUPS, state->dscale[slot]));
}

/* Decimals a numeric is displayed with. */
static int
display_scale(Numeric value)
{
	return DatumGetInt32(DirectFunctionCall1(numeric_scale, NumericGetDatum(value)));
}

/* kpi_exact_add for values of any form. */
KpiExactState *
kpi_exact_add_any(KpiExactState *state, int slot, Datum value)
{
	KpiDecimal	decimal;
	Numeric		wide;

	switch (kpi_decode_numeric(value, KPI_EXACT_GROUPS, &decimal))
	{
		case KPI_DECODED:
			return add_decimal(state, slot, decimal.value, decimal.dscale);
		case KPI_WIDE:
			wide = DatumGetNumeric(value);
			kpi_exact_note_dscale(state, slot, display_scale(wide));
			return kpi_exact_add_wide(state, slot, wide);
		case KPI_NOT_A_NUMBER:
			break;
	}
	return NULL;
}

/* kpi_read_factor for values of any form. */
KpiFactor
kpi_read_any_factor(Datum value)
{
	KpiFactor	factor = {.stored = value};
	KpiDecimal	decimal = {0};

	factor.decoded = kpi_decode_any_numeric(value, KPI_FACTOR_GROUPS, &decimal);
	factor.dscale = decimal.dscale;
	factor.value = (int64) decimal.value;
	if (factor.decoded == KPI_DECODED && factor.value != decimal.value)
		factor.decoded = KPI_WIDE;
	return factor;
}

/* kpi_exact_add_factor for factors of any form. */
KpiExactState *
kpi_exact_add_any_factor(KpiExactState *state, int slot, KpiFactor a)
{
	if (a.decoded == KPI_DECODED)
		return add_decimal(state, slot, (int128) a.value * KPI_FACTOR_UNIT, a.dscale);
	return kpi_exact_add_any(state, slot, a.stored);
}

/* kpi_exact_add_product for factors of any form. */
KpiExactState *
kpi_exact_add_any_product(KpiExactState *state, int slot, KpiFactor a, KpiFactor b)
{
	Numeric		wide;

	if (a.decoded == KPI_DECODED && b.decoded == KPI_DECODED)
		return add_decimal(state, slot, (int128) a.value * b.value, a.dscale + b.dscale);
	wide = kpi_numeric_mul(DatumGetNumeric(a.stored), DatumGetNumeric(b.stored));
	kpi_exact_note_dscale(state, slot, display_scale(wide));
	return kpi_exact_add_wide(state, slot, wide);
}

/* Add the sums and scales of another state; the numbers are the caller's. */
KpiExactState *
kpi_exact_add_state(KpiExactState *state, const KpiExactState *other)
{
	Numeric		excess[KPI_EXACT_SLOTS];

	read_tail(other, excess);
	for (int slot = 0; slot < KPI_EXACT_SLOTS; slot++)
	{
		if ((state->excess & KPI_EXACT_COUNTED) && other->dscale[slot] > state->dscale[slot])
			KPI_EXACT_COUNTS(state)[slot] = 0;
		kpi_exact_note_dscale(state, slot, other->dscale[slot]);
		if (slot < KPI_EXACT_SUMS)
			state = add_decimal(state, slot, other->sum[slot], other->dscale[slot]);
		if (excess[slot] != NULL)
			state = kpi_exact_add_wide(state, slot, excess[slot]);
	}
	return state;
}

/* The sum of a slot, with the scale that sum(numeric) would give. */
Numeric
kpi_exact_value(const KpiExactState *state, int slot)
{
	Numeric		excess[KPI_EXACT_SLOTS];
	Numeric		value;

	Assert(slot < KPI_EXACT_SLOTS);
	read_tail(state, excess);
	value = kpi_encode_numeric(slot < KPI_EXACT_SUMS ? state->sum[slot] : 0,
							   KPI_EXACT_GROUPS, state->dscale[slot]);
	return excess[slot] == NULL ? value : kpi_numeric_add(value, excess[slot]);
}

/* Put a sum that was read into its empty slot. */
KpiExactState *
kpi_exact_restore(KpiExactState *state, int slot, Numeric value)
{
	kpi_exact_note_dscale(state, slot, display_scale(value));
	if (slot >= KPI_EXACT_SUMS && kpi_numeric_sign(value) == 0)
		return state;
	return kpi_exact_add_any(state, slot, NumericGetDatum(value));
}
