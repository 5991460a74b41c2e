/*-------------------------------------------------------------------------
 *
 * fail.c
 *	  Errors raised by the SQL parts of kpi.
 *
 * PL/pgSQL adds to every error the lines and statements that led to it; of a
 * function that somebody calls by hand these hide the message and its hint.
 * This raises an error that says what was wrong, and no more.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "utils/builtins.h"

/* A text argument, or NULL. */
static char *
argument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* fail(sqlstate, message, hint, detail): never returns; hint and detail may be NULL. */
PG_FUNCTION_INFO_V1(kpi_fail);
Datum
kpi_fail(PG_FUNCTION_ARGS)
{
	char	   *state = argument(fcinfo, 0);
	char	   *message = argument(fcinfo, 1);
	char	   *hint = argument(fcinfo, 2);
	char	   *detail = argument(fcinfo, 3);

	if (state == NULL || strlen(state) != 5 ||
		strspn(state, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid SQLSTATE \"%s\"", state ? state : "NULL"),
				 errhint("Five digits or capital letters make a SQLSTATE.")));

	/* whoever catches the error restores this, as after any other one */
	error_context_stack = NULL;
	ereport(ERROR,
			(errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
			 errmsg_internal("%s", message ? message : "unknown error"),
			 detail ? errdetail_internal("%s", detail) : 0,
			 hint ? errhint("%s", hint) : 0));
	PG_RETURN_VOID();
}
