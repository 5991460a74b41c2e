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
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_EXACTSUM_H
#define KPI_EXACTSUM_H

#include "kpi.h"

#include "common/exact.h"
#include "common/form.h"

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
	int64		number[2];		/* of the aggregate: counts of rows and the like */
	int128		sum[KPI_EXACT_SUMS];
	/* numerics of the slots with excess, each MAXALIGNed */
	char		tail[FLEXIBLE_ARRAY_MEMBER];
} KpiExactState;

#define KPI_EXACT_STATE_SIZE offsetof(KpiExactState, tail)

/* A numeric as stored, decoded once: the factor of a product. */
typedef struct KpiFactor
{
	Datum		stored;
	KpiDecoded	decoded;
	KpiDecimal	decimal;		/* with KPI_FACTOR_GROUPS, if KPI_DECODED */
} KpiFactor;

/* Half of the window, so that a product fills it. */
#define KPI_FACTOR_GROUPS (KPI_EXACT_GROUPS / 2)

extern KpiExactState *kpi_exact_make(void);
extern KpiExactState *kpi_exact_writable(FunctionCallInfo fcinfo, int argument);
extern KpiExactState *kpi_exact_add_wide(KpiExactState *state, int slot, Numeric value);
extern bool kpi_exact_add(KpiExactState **state, int slot, Datum value);
extern void kpi_read_factor(Datum value, KpiFactor *factor);
extern void kpi_exact_add_factor(KpiExactState **state, int slot, const KpiFactor *a);
extern void kpi_exact_add_product(KpiExactState **state, int slot,
								  const KpiFactor *a, const KpiFactor *b);
extern KpiExactState *kpi_exact_add_state(KpiExactState *state, const KpiExactState *other);
extern Numeric kpi_exact_value(const KpiExactState *state, int slot);
extern void kpi_exact_append(StringInfo out, const KpiExactState *state, int slots);
extern KpiExactState *kpi_exact_read(KpiForm *form, int slots);
extern void kpi_exact_send(StringInfo out, const KpiExactState *state, int slots);
extern KpiExactState *kpi_exact_receive(StringInfo in, const char *type, int slots);

static inline void
kpi_exact_note_dscale(KpiExactState *state, int slot, int dscale)
{
	if (dscale > state->dscale[slot])
		state->dscale[slot] = (uint16) dscale;
}

#endif							/* KPI_EXACTSUM_H */
