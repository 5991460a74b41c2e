/*-------------------------------------------------------------------------
 *
 * exactsum.h
 *	  Exact sums of numeric values as one flat, storable state.
 *
 * Two 128-bit sums in units of 10^-16 stand in the state itself; what does
 * not fit them (more decimals, greater numbers, an overflow) is kept in the
 * tail as a numeric, one for each slot that needs it.  The sum of a slot is
 * both together, so it is exact whatever the order of the rows.  A third slot,
 * for what is rarely there, lives in the tail alone.
 *
 * The largest number of decimals shown is kept for each slot, so that sums
 * and quotients have the scale that the server's own sum() and / would give.
 * A state for moving frames also counts, in front of the tail, the values that
 * have it, so that a value can be taken out again as long as others do.  The
 * counts are never too high; they are not part of the text and binary forms.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_EXACTSUM_H
#define KPI_EXACTSUM_H

#include "kpi.h"

#include "base/exact.h"
#include "base/state.h"
#include "common/int.h"

#define KPI_EXACT_SUMS 2
#define KPI_EXACT_SLOTS 3

typedef struct KpiExactState
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		policy;			/* parameter word of the aggregate, if any */
	uint8		excess;			/* bit i: the tail has a numeric of slot i */
	uint8		flags;			/* of the aggregate */
	uint16		dscale[KPI_EXACT_SLOTS];
	uint16		unused;
	int64		number[2];		/* of the aggregate, such as counts */
	int128		sum[KPI_EXACT_SUMS];
	/* counts, if any, then numerics of the slots with excess, MAXALIGNed */
	char		tail[FLEXIBLE_ARRAY_MEMBER];
} KpiExactState;

#define KPI_EXACT_STATE_SIZE offsetof(KpiExactState, tail)

/* The fields of its layout in front of the sums. */
#define KPI_EXACT_FIELDS \
	KPI_FIELD(VERSION, KpiExactState, version), \
	KPI_FIELD(BYTE, KpiExactState, policy), \
	KPI_FIELD(BYTE, KpiExactState, flags), \
	KPI_FIELD(COUNT, KpiExactState, number)

/* In excess: the tail begins with an int64 a slot, the values of its scale. */
#define KPI_EXACT_COUNTED 0x80
#define KPI_EXACT_COUNTS(state) ((int64 *) (state)->tail)

/* A numeric as stored, decoded once: the factor of a product. */
typedef struct KpiFactor
{
	Datum		stored;
	KpiDecoded	decoded;
	int			dscale;			/* unless KPI_NOT_A_NUMBER */
	int64		value;			/* with KPI_FACTOR_GROUPS, if KPI_DECODED */
} KpiFactor;

/* Half of the window, so that a product fills it. */
#define KPI_FACTOR_GROUPS (KPI_EXACT_GROUPS / 2)

/* One unit of a factor in units of the window. */
#define KPI_FACTOR_UNIT INT64CONST(100000000)

extern KpiExactState *kpi_exact_make(void);
extern KpiExactState *kpi_exact_make_counted(void);
extern void kpi_exact_count(KpiExactState *state, int slot, int dscale);
extern bool kpi_exact_uncount(KpiExactState *state, int slot, int dscale);
extern KpiExactState *kpi_exact_add_wide(KpiExactState *state, int slot, Numeric value);
extern KpiExactState *kpi_exact_add_any(KpiExactState *state, int slot, Datum value);
extern KpiFactor kpi_read_any_factor(Datum value);
extern KpiExactState *kpi_exact_add_any_factor(KpiExactState *state, int slot, KpiFactor a);
extern KpiExactState *kpi_exact_add_any_product(KpiExactState *state, int slot,
												KpiFactor a, KpiFactor b);
extern KpiExactState *kpi_exact_add_state(KpiExactState *state, const KpiExactState *other);
extern Numeric kpi_exact_value(const KpiExactState *state, int slot);
extern KpiExactState *kpi_exact_restore(KpiExactState *state, int slot, Numeric value);

/* The state in argument 0, to be written; a new one for NULL. */
static pg_attribute_always_inline KpiExactState *
kpi_exact_writable(FunctionCallInfo fcinfo)
{
	KpiExactState *state = kpi_writable_varlena(fcinfo);

	return likely(state != NULL) ? state : kpi_exact_make();
}

/*
 * A state that is only read.  Tables hold short ones, which are not aligned;
 * they are copied into room, which costs less than a new value.
 */
static inline const KpiExactState *
kpi_exact_given(Datum datum, KpiExactState *room)
{
	const char *stored = DatumGetPointer(datum);
	const Size	size = KPI_EXACT_STATE_SIZE - VARHDRSZ;

	if (!VARATT_IS_SHORT(stored) || VARSIZE_SHORT(stored) != VARHDRSZ_SHORT + size)
		return (const KpiExactState *) PG_DETOAST_DATUM(datum);
	memcpy((char *) room + VARHDRSZ, VARDATA_SHORT(stored), size);
	return room;
}

/* Keep the largest number of decimals of a slot. */
static inline void
kpi_exact_note_dscale(KpiExactState *state, int slot, int dscale)
{
	if (unlikely(dscale > state->dscale[slot]))
		state->dscale[slot] = (uint16) dscale;
}

/* Add to a sum of the window; false, and nothing added, where it would overflow. */
static pg_attribute_always_inline bool
kpi_exact_add_decimal(KpiExactState *state, int slot, int128 value, int dscale)
{
	int128		total;

	if (unlikely(__builtin_add_overflow(state->sum[slot], value, &total)))
		return false;
	state->sum[slot] = total;
	kpi_exact_note_dscale(state, slot, dscale);
	return true;
}

/*
 * Add a numeric, as stored, to a slot; NULL, and nothing added, for NaN and the
 * infinities.
 */
static pg_attribute_always_inline KpiExactState *
kpi_exact_add(KpiExactState *state, int slot, Datum value)
{
	int64		digits;
	int64		unit;
	int			dscale;

	if (likely(slot < KPI_EXACT_SUMS &&
			   kpi_read_short_numeric(value, KPI_EXACT_GROUPS, &digits, &unit, &dscale) &&
			   kpi_exact_add_decimal(state, slot, (int128) digits * unit, dscale)))
		return state;
	return kpi_exact_add_any(state, slot, value);
}

/* Decode a numeric, as stored, as the factor of a product. */
static pg_attribute_always_inline void
kpi_read_factor(Datum value, KpiFactor *factor)
{
	int64		digits;
	int64		unit;

	factor->stored = value;
	factor->decoded = KPI_DECODED;
	if (unlikely(!kpi_read_short_numeric(value, KPI_FACTOR_GROUPS, &digits, &unit, &factor->dscale) ||
				 pg_mul_s64_overflow(digits, unit, &factor->value)))
		*factor = kpi_read_any_factor(value);
}

/* Add a factor that is a number to a slot. */
static pg_attribute_always_inline KpiExactState *
kpi_exact_add_factor(KpiExactState *state, int slot, const KpiFactor *a)
{
	if (likely(slot < KPI_EXACT_SUMS && a->decoded == KPI_DECODED &&
			   kpi_exact_add_decimal(state, slot, (int128) a->value * KPI_FACTOR_UNIT, a->dscale)))
		return state;
	return kpi_exact_add_any_factor(state, slot, *a);
}

/* Add the product of two factors that are numbers to a slot. */
static pg_attribute_always_inline KpiExactState *
kpi_exact_add_product(KpiExactState *state, int slot, const KpiFactor *a, const KpiFactor *b)
{
	if (likely(slot < KPI_EXACT_SUMS && a->decoded == KPI_DECODED && b->decoded == KPI_DECODED &&
			   kpi_exact_add_decimal(state, slot, (int128) a->value * b->value,
									 a->dscale + b->dscale)))
		return state;
	return kpi_exact_add_any_product(state, slot, *a, *b);
}

#endif							/* KPI_EXACTSUM_H */
