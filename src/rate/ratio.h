/*-------------------------------------------------------------------------
 *
 * ratio.h
 *	  The states of rates: sums of a part and a whole.
 *
 * The float8 state is KpiRatioState; the numeric one is KpiExactState, whose
 * slots and numbers (counts of values) are PART and WHOLE.  Both carry the
 * parameters of an attainment in one byte, 0 where none were given.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_RATIO_H
#define KPI_RATIO_H

#include "kpi.h"

#include "base/check.h"
#include "base/exactsum.h"
#include "base/twosum.h"
#include "base/words.h"
#include "utils/float.h"

/* Flags of both states. */
#define KPI_RATIO_HAS_PART		0x01
#define KPI_RATIO_HAS_WHOLE		0x02
#define KPI_RATIO_HAS_INVALID	0x04
#define KPI_RATIO_HAS_BOTH		(KPI_RATIO_HAS_PART | KPI_RATIO_HAS_WHOLE)
#define KPI_RATIO_ALL_FLAGS		(KPI_RATIO_HAS_BOTH | KPI_RATIO_HAS_INVALID)

#define KPI_RATIO_PART 0
#define KPI_RATIO_WHOLE 1

/* The parameters of an attainment as one number. */
#define KPI_RATIO_DIRECTIONS 3
#define KPI_RATIO_POLICIES 9
#define KPI_RATIO_POLICY(direction, zero_target) \
	((uint8) ((zero_target) * KPI_RATIO_DIRECTIONS + (direction)))
#define KPI_RATIO_DIRECTION(policy) ((KpiDirection) ((policy) % KPI_RATIO_DIRECTIONS))
#define KPI_RATIO_ZERO_TARGET(policy) ((KpiZeroTarget) ((policy) / KPI_RATIO_DIRECTIONS))

typedef struct KpiRatioState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		policy;			/* KPI_RATIO_POLICY */
	uint8		flags;
	uint8		unused[5];
	KpiSum		sum[2];			/* PART and WHOLE */
} KpiRatioState;

extern void kpi_ratio_check_policy(bool same);

/* Take one value of a row into a float8 sum. */
static inline void
kpi_ratio_add_float8(KpiRatioState *state, int which, double value)
{
	if (unlikely(!kpi_is_number(value)))
	{
		state->flags |= KPI_RATIO_HAS_INVALID;
		return;
	}
	state->flags |= 1 << which;
	kpi_sum_add(&state->sum[which], value);
	if (unlikely(!kpi_is_number(state->sum[which].hi)))
		float_overflow_error();
}

/* Take one value of a row into a numeric sum. */
static pg_attribute_always_inline KpiExactState *
kpi_ratio_add_numeric(KpiExactState *state, int slot, Datum value)
{
	KpiExactState *added = kpi_exact_add(state, slot, value);

	if (unlikely(added == NULL))
	{
		state->flags |= KPI_RATIO_HAS_INVALID;
		return state;
	}
	added->flags |= 1 << slot;
	added->number[slot]++;
	return added;
}

/* Take the row of the second and third argument into a float8 state. */
static inline void
kpi_ratio_add_row(FunctionCallInfo fcinfo, KpiRatioState *state)
{
	if (!PG_ARGISNULL(1))
		kpi_ratio_add_float8(state, KPI_RATIO_PART, PG_GETARG_FLOAT8(1));
	if (!PG_ARGISNULL(2))
		kpi_ratio_add_float8(state, KPI_RATIO_WHOLE, PG_GETARG_FLOAT8(2));
}

/* The same into a numeric state. */
static pg_attribute_always_inline KpiExactState *
kpi_ratio_add_numeric_row(FunctionCallInfo fcinfo, KpiExactState *state)
{
	if (!PG_ARGISNULL(1))
		state = kpi_ratio_add_numeric(state, KPI_RATIO_PART, PG_GETARG_DATUM(1));
	if (!PG_ARGISNULL(2))
		state = kpi_ratio_add_numeric(state, KPI_RATIO_WHOLE, PG_GETARG_DATUM(2));
	return state;
}

#endif							/* KPI_RATIO_H */
