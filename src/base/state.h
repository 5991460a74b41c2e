/*-------------------------------------------------------------------------
 *
 * state.h
 *	  States of aggregates as arguments: which may be written to, and the NULL
 *	  rules.
 *
 * A transition or combine function may be called by anybody, so it writes into
 * its first argument only where it is called for an aggregate, whose value that
 * is; else into a copy.  A NULL state is one without rows: a transition begins
 * a new one, and two states combined are NULL only if both are NULL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_STATE_H
#define KPI_STATE_H

#include "kpi.h"

extern void *kpi_copy_fixed(FunctionCallInfo fcinfo, Size size);
extern Datum kpi_leave_state(FunctionCallInfo fcinfo);
extern Datum kpi_combine_nulls(FunctionCallInfo fcinfo);

/*
 * The state of fixed size in argument 0, to be written; a new one for NULL,
 * zeros after its version, which is its first byte.
 */
static pg_attribute_always_inline void *
kpi_writable_fixed(FunctionCallInfo fcinfo, Size size)
{
	if (likely(!PG_ARGISNULL(0) && kpi_is_aggregate(fcinfo)))
		return PG_GETARG_POINTER(0);
	return kpi_copy_fixed(fcinfo, size);
}

/* The varlena in argument 0, to be written; NULL for NULL. */
static pg_attribute_always_inline void *
kpi_writable_varlena(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		return NULL;
	if (likely(kpi_is_aggregate(fcinfo) && !VARATT_IS_EXTENDED(PG_GETARG_POINTER(0))))
		return PG_GETARG_POINTER(0);
	return PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
}

/* Whether a combine function answers with kpi_combine_nulls. */
static inline bool
kpi_combines_null(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(0) || PG_ARGISNULL(1);
}

#endif							/* KPI_STATE_H */
