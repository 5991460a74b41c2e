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

#include <math.h>

#include "base/exact.h"
#include "commands/trigger.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

#define KPI_MAX_COUNT 9007199254740992.0	/* 2^53 */

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

/* The confidence of an interval is a probability, neither 0 nor 1. */
double
kpi_check_confidence(double confidence)
{
	if (!(confidence > 0 && confidence < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("confidence %g is not between 0 and 1", confidence),
				 errhint("Write 0.95 for 95 percent.")));
	return confidence;
}

/*
 * A count, a rank or a number of periods.  It is declared as float8, which
 * every type of number becomes by itself, and must be whole.
 */
int32
kpi_check_whole(double value, const char *name)
{
	if (!(rint(value) == value && fabs(value) <= PG_INT32_MAX))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not a whole number of at most %d", name,
						float8out_internal(value), PG_INT32_MAX),
				 errhint("Round it, or pass an integer.")));
	return (int32) value;
}

/* A whole number between two bounds; hint says what it is. */
int32
kpi_check_between(double value, const char *name, int32 low, int32 high, const char *hint)
{
	int32		number = kpi_check_whole(value, name);

	if (number < low || number > high)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %d is not between %d and %d", name, number, low, high),
				 errhint("%s", hint)));
	return number;
}

/* A finite number above 0; hint says what it is. */
double
kpi_check_above_zero(double value, const char *name, const char *hint)
{
	if (!(kpi_is_number(value) && value > 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %g is not a number above 0", name, value),
				 errhint("%s", hint)));
	return value;
}

/* whole(parameter, value): kpi_check_whole for functions that are written in SQL. */
PG_FUNCTION_INFO_V1(kpi_whole);
Datum
kpi_whole(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(kpi_check_whole(PG_GETARG_FLOAT8(1),
									text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

/* no_key(text): the error of a text that cannot be a key. */
PG_FUNCTION_INFO_V1(kpi_no_key);
Datum
kpi_no_key(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"%s\" cannot be a key", text_to_cstring(PG_GETARG_TEXT_PP(0))),
			 errhint("A key has 1 to 63 characters, no slash and no line break, and does not begin with a space or a dot.")));
	PG_RETURN_BOOL(false);
}

/* What a trigger function is called with; owners of the function can call it in other ways. */
TriggerData *
kpi_check_trigger(FunctionCallInfo fcinfo)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called as a trigger", get_func_name(fcinfo->flinfo->fn_oid)),
				 errhint("Triggers of the extension call it when rows of its tables change.")));
	return (TriggerData *) fcinfo->context;
}

/* Whether the statement of a trigger, which sees all rows that it wrote, wrote none. */
bool
kpi_wrote_nothing(const TriggerData *trigger)
{
	return !TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event) &&
		(trigger->tg_oldtable == NULL || tuplestore_tuple_count(trigger->tg_oldtable) == 0) &&
		(trigger->tg_newtable == NULL || tuplestore_tuple_count(trigger->tg_newtable) == 0);
}

/* A number of things, up to where a float8 tells them one by one. */
int64
kpi_check_count(double value, const char *name)
{
	if (!(rint(value) == value && value >= 0 && value <= KPI_MAX_COUNT))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not a count", name, float8out_internal(value)),
				 errhint("Pass a whole number from 0 to %.0f.", KPI_MAX_COUNT)));
	return (int64) value;
}
