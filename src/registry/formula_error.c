/*-------------------------------------------------------------------------
 *
 * formula_error.c
 *	  What is wrong with a formula, and where.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/formula.h"

#include "mb/pg_wchar.h"
#include "registry/mistake.h"

/* The longest text that a message has whole, in bytes. */
#define MAX_SHOWN 200

/* What a message calls the formula. */
static char *
title(const KpiFormula *formula)
{
	int			length = (int) strlen(formula->text);
	int			shown = pg_mbcliplen(formula->text, length, MAX_SHOWN);
	const char *end = shown < length ? "..." : "";

	if (formula->indicator == NULL)
		return psprintf("formula \"%.*s%s\"", shown, formula->text, end);
	return psprintf("formula \"%.*s%s\" of indicator \"%s\"", shown, formula->text, end, formula->indicator);
}

/* Where a place in bytes is, in words, characters counted from 1; nothing where it is not known. */
static char *
place(const KpiFormula *formula, int location)
{
	return location < 0 ? "" :
		psprintf(" at character %d", pg_mbstrlen_with_len(formula->text, location) + 1);
}

/* Raises an error: what the formula is or has and must not, why, and what to write. */
void
kpi_refuse_formula(KpiFormula *formula, int location, const char *what, const char *detail,
				   const char *hint)
{
	formula->refused = true;
	/* whoever catches the error restores this, as after any other one */
	error_context_stack = NULL;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s %s%s", title(formula), what, place(formula, location)),
			 detail ? errdetail("%s", detail) : 0,
			 hint ? errhint("%s", hint) : 0));
}

/* What to write where the server says what is wrong. */
static const char *
hint_for(const ErrorData *error)
{
	if (error->sqlerrcode == ERRCODE_UNDEFINED_FUNCTION)
		return "Compute with numbers; what a condition is worth is said by CASE WHEN sales > 100 THEN 1 ELSE 0 END.";
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_DATA_EXCEPTION)
		return "That part has no answer, whatever the inputs are.";
	return "Write an expression over indicators, such as cost / new_customers or revenue / previous(revenue) - 1; quote keys that are not plain words: \"on-time\".";
}

/*
 * Inside PG_CATCH: raises the server's error again as one of the formula.  Our
 * own, and those that are no mistake of the formula, pass unchanged.
 */
void
kpi_raise_formula_error(KpiFormula *formula, MemoryContext context)
{
	ErrorData  *error;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	if (formula->refused || !kpi_is_mistake(error->sqlerrcode))
		PG_RE_THROW();
	FlushErrorState();
	error_context_stack = NULL;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s cannot be computed", title(formula)),
			 errdetail("The server says%s: %s%s",
					   error->cursorpos > 0 ? psprintf(" at character %d", error->cursorpos) : "",
					   error->message, kpi_full_stop(error->message)),
			 errhint("%s", hint_for(error))));
}
