/*-------------------------------------------------------------------------
 *
 * once.c
 *	  What a function makes of an array that is the same in all its calls.
 *
 * A query that calls a function for each of its rows with the same array takes
 * it apart once, and keeps what is made of it as long as the call site.  It is
 * the same where it is a constant or a parameter of the query; otherwise it is
 * taken apart in every call.
 *
 *-------------------------------------------------------------------------
 */
#include "base/once.h"

/* What an array argument is made into: kept at the call site where it is the same in all calls. */
void *
kpi_make_once(FunctionCallInfo fcinfo, int argument, KpiMake make)
{
	FmgrInfo   *function = fcinfo->flinfo;
	MemoryContext before;

	if (likely(function->fn_extra != NULL))
		return function->fn_extra;
	if (!get_fn_expr_arg_stable(function, argument))
		return make(PG_GETARG_ARRAYTYPE_P_COPY(argument));
	before = MemoryContextSwitchTo(function->fn_mcxt);
	function->fn_extra = make(PG_GETARG_ARRAYTYPE_P_COPY(argument));
	MemoryContextSwitchTo(before);
	return function->fn_extra;
}
