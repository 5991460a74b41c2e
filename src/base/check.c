/*-------------------------------------------------------------------------
 *
 * check.c
 *	  Argument checks and their messages.
 *
 * A wrong parameter is an error that says the value and what to write
 * instead; an undefined result is not an error and is never raised here.
 *
 *-------------------------------------------------------------------------
 */
#include "base/check.h"

#include "base/exact.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"

const KpiWords kpi_direction_words = {"direction", 3, {"higher", "lower", "target"}};
const KpiWords kpi_zero_target_words = {"zero_target policy", 3, {"null", "met", "error"}};
const KpiWords kpi_missing_words = {"missing policy", 4, {"renormalize", "zero", "null", "target"}};

/* The words of a parameter as a person lists them: a, b or c. */
char *
kpi_word_list(const KpiWords *words)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < words->count; i++)
		appendStringInfo(&list, "%s\"%s\"",
						 i == 0 ? "" : i == words->count - 1 ? " or " : ", ",
						 words->word[i]);
	return list.data;
}

/* The place of the given word in its list; anything else is an error. */
int
kpi_check_word(const KpiWords *words, const text *given)
{
	size_t		length = VARSIZE_ANY_EXHDR(given);
	const char *data = VARDATA_ANY(given);

	for (int i = 0; i < words->count; i++)
	{
		if (strlen(words->word[i]) == length &&
			memcmp(words->word[i], data, length) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized %s \"%s\"", words->parameter, text_to_cstring(given)),
			 errhint("Use %s.", kpi_word_list(words))));
}

/* Whether an argument of a plain function call is a constant of the query. */
static bool
is_constant(const FmgrInfo *flinfo, int argument)
{
	const FuncExpr *call = (const FuncExpr *) flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) && argument < list_length(call->args) &&
		IsA(list_nth(call->args, argument), Const);
}

/* kpi_word_argument where it has not been read yet, or may change. */
int
kpi_first_word_argument(FunctionCallInfo fcinfo, int argument, const KpiWords *words)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	int			place = kpi_check_word(words, PG_GETARG_TEXT_PP(argument));

	if (is_constant(flinfo, argument))
	{
		if (flinfo->fn_extra == NULL)
		{
			flinfo->fn_extra = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(KpiKnownWords));
			memset(flinfo->fn_extra, -1, sizeof(KpiKnownWords));
		}
		((KpiKnownWords *) flinfo->fn_extra)->place[argument] = (int8) place;
	}
	return place;
}

/* The error of kpi_check_weight. */
void
kpi_bad_weight(double weight)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("weight %g is not a finite number of at least 0", weight),
			 errhint("Weights may be on any scale; a NULL weight shows a row without counting it.")));
}

/* A weight is a finite number, not negative; the scale is free. */
void
kpi_check_numeric_weight(Numeric weight)
{
	if (!kpi_is_numeric_number(weight) || kpi_numeric_sign(weight) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight %s is not a finite number of at least 0",
						DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(weight)))),
				 errhint("Weights may be on any scale; a NULL weight shows a row without counting it.")));
}

/* A minimum coverage is a share of the weight, from 0 to 1. */
double
kpi_check_coverage(double coverage)
{
	if (!(coverage >= 0 && coverage <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("min_coverage %g is not between 0 and 1", coverage),
				 errhint("Coverage is a share of the weight: write 0.8 for 80 percent.")));
	return coverage;
}
