/*-------------------------------------------------------------------------
 *
 * state.c
 *	  States of aggregates as arguments: which may be written to, and the NULL
 *	  rules.
 *
 *-------------------------------------------------------------------------
 */
#include "base/state.h"

/* A state of fixed size that is no aggregate's: a copy, or a new one for NULL. */
void *
kpi_copy_fixed(FunctionCallInfo fcinfo, Size size)
{
	uint8	   *state = palloc0(size);

	if (PG_ARGISNULL(0))
		*state = KPI_STATE_VERSION;
	else
		memcpy(state, PG_GETARG_POINTER(0), size);
	return state;
}

/* What a transition gives for a row that is left out: the state in argument 0 as it is, or NULL. */
Datum
kpi_leave_state(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/* What two states of which one is NULL combine to: the other; NULL for two NULLs. */
Datum
kpi_combine_nulls(FunctionCallInfo fcinfo)
{
	int			other = PG_ARGISNULL(0) ? 1 : 0;

	if (PG_ARGISNULL(other))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(other));
}
