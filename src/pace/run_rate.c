/*-------------------------------------------------------------------------
 *
 * run_rate.c
 *	  How fast a target is neared, and how fast it has to be.
 *
 *	run_rate			to_date / elapsed * total: what comes of a whole at the rate so
 *						far; without a total, the rate itself
 *	required_run_rate	(target - to_date) / remaining
 *	pace				to_date / (target elapsed), where elapsed is the share of the
 *						target that is due by now.  Of a target below 0 it is 2 - that,
 *						so that more is better there too; where lower is better
 *						(target elapsed) / to_date
 *	elapsed_share		the first shares of a season, of one that has begun a part,
 *						over all of them
 *
 * Elapsed, remaining and total are numbers of periods or shares of a season, which
 * need not be alike.
 *
 * NULL rule: NULL where an argument is NULL, an amount is NaN or infinite, a divisor
 * is 0, and for the pace where lower is better and what is due or what there is is
 * not above 0.  Numbers of periods that are not finite or below 0 are errors.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/check.h"
#include "base/exact.h"
#include "base/scalar.h"
#include "base/words.h"
#include "pace/shares.h"
#include "utils/builtins.h"
#include "utils/float.h"

pg_noreturn static void bad_periods(const char *name, const char *value);
pg_noreturn static void bad_share(const char *value);

/* The error of a number of periods that is none. */
static void
bad_periods(const char *name, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s %s is not a finite number of at least 0", name, value),
			 errhint("Count the periods, or add up the shares of the season that they have.")));
}

/* The error of a share that is none. */
static void
bad_share(const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("elapsed %s is not between 0 and 1", value),
			 errhint("It is the share of the target that is due by now: 0.5 for half of it; elapsed_share() adds it up.")));
}

/* An argument that is a number of periods. */
static double
periods_float8(FunctionCallInfo fcinfo, int argument, const char *name)
{
	double		periods = PG_GETARG_FLOAT8(argument);

	if (!kpi_is_number(periods) || periods < 0)
		bad_periods(name, float8out_internal(periods));
	return periods;
}

/* The same, exact. */
static Numeric
periods_numeric(FunctionCallInfo fcinfo, int argument, const char *name)
{
	Numeric		periods = PG_GETARG_NUMERIC(argument);

	if (!kpi_is_numeric_number(periods) || kpi_numeric_sign(periods) < 0)
		bad_periods(name, kpi_numeric_text(periods));
	return periods;
}

/* run_rate(to_date, elapsed, total): NULL where nothing has elapsed. */
PG_FUNCTION_INFO_V1(kpi_run_rate_float8);
Datum
kpi_run_rate_float8(PG_FUNCTION_ARGS)
{
	double		elapsed = periods_float8(fcinfo, 1, "elapsed");
	double		total = periods_float8(fcinfo, 2, "total");

	if (elapsed == 0)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, PG_GETARG_FLOAT8(0) / elapsed * total);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_run_rate_numeric);
Datum
kpi_run_rate_numeric(PG_FUNCTION_ARGS)
{
	Numeric		to_date = PG_GETARG_NUMERIC(0);
	Numeric		elapsed = periods_numeric(fcinfo, 1, "elapsed");
	Numeric		total = periods_numeric(fcinfo, 2, "total");

	if (kpi_numeric_sign(elapsed) == 0 || !kpi_is_numeric_number(to_date))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_div(kpi_numeric_mul(to_date, total), elapsed));
}

/* required_run_rate(target, to_date, remaining): NULL where nothing remains. */
PG_FUNCTION_INFO_V1(kpi_required_run_rate_float8);
Datum
kpi_required_run_rate_float8(PG_FUNCTION_ARGS)
{
	double		remaining = periods_float8(fcinfo, 2, "remaining");

	if (remaining == 0)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, (PG_GETARG_FLOAT8(0) - PG_GETARG_FLOAT8(1)) / remaining);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_required_run_rate_numeric);
Datum
kpi_required_run_rate_numeric(PG_FUNCTION_ARGS)
{
	Numeric		target = PG_GETARG_NUMERIC(0);
	Numeric		to_date = PG_GETARG_NUMERIC(1);
	Numeric		remaining = periods_numeric(fcinfo, 2, "remaining");

	if (kpi_numeric_sign(remaining) == 0 || !kpi_is_numeric_number(target) || !kpi_is_numeric_number(to_date))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_div(kpi_numeric_sub(target, to_date), remaining));
}

/* pace(to_date, target, elapsed, direction): 1 where what is due is there. */
PG_FUNCTION_INFO_V1(kpi_pace_float8);
Datum
kpi_pace_float8(PG_FUNCTION_ARGS)
{
	double		to_date = PG_GETARG_FLOAT8(0);
	double		elapsed = PG_GETARG_FLOAT8(2);
	double		due = PG_GETARG_FLOAT8(1) * elapsed;
	bool		lower = kpi_is_lower(PG_GETARG_TEXT_PP(3));

	if (!(elapsed >= 0 && elapsed <= 1))
		bad_share(float8out_internal(elapsed));
	if (!kpi_is_number(to_date) || !kpi_is_number(due) || due == 0 || (lower && !(due > 0 && to_date > 0)))
		PG_RETURN_NULL();
	if (lower)
		return kpi_float8_or_null(fcinfo, due / to_date);
	return kpi_float8_or_null(fcinfo, due > 0 ? to_date / due : 2 - to_date / due);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_pace_numeric);
Datum
kpi_pace_numeric(PG_FUNCTION_ARGS)
{
	Numeric		to_date = PG_GETARG_NUMERIC(0);
	Numeric		target = PG_GETARG_NUMERIC(1);
	Numeric		elapsed = PG_GETARG_NUMERIC(2);
	Numeric		due;
	Numeric		pace;
	bool		lower = kpi_is_lower(PG_GETARG_TEXT_PP(3));

	if (!kpi_is_numeric_number(elapsed) || kpi_numeric_sign(elapsed) < 0 ||
		kpi_numeric_cmp(elapsed, int64_to_numeric(1)) > 0)
		bad_share(kpi_numeric_text(elapsed));
	if (!kpi_is_numeric_number(to_date) || !kpi_is_numeric_number(target))
		PG_RETURN_NULL();
	due = kpi_numeric_mul(target, elapsed);
	if (kpi_numeric_sign(due) == 0 || (lower && (kpi_numeric_sign(due) < 0 || kpi_numeric_sign(to_date) <= 0)))
		PG_RETURN_NULL();
	if (lower)
		PG_RETURN_NUMERIC(kpi_numeric_div(due, to_date));
	pace = kpi_numeric_div(to_date, due);
	if (kpi_numeric_sign(due) < 0)
		pace = kpi_numeric_sub(int64_to_numeric(2), pace);
	PG_RETURN_NUMERIC(pace);
}

/* elapsed_share(shares, elapsed): NULL where all shares are 0. */
PG_FUNCTION_INFO_V1(kpi_elapsed_share);
Datum
kpi_elapsed_share(PG_FUNCTION_ARGS)
{
	KpiShares	shares = kpi_shares_argument(fcinfo, 0);
	double		elapsed = PG_GETARG_FLOAT8(1);
	double		past = 0;

	if (!(elapsed >= 0 && elapsed <= shares.count))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("elapsed %s is not between 0 and %d", float8out_internal(elapsed), shares.count),
				 errhint("It is the number of periods that have passed, 5.5 in the midst of the sixth.")));
	for (int i = 0; i < shares.count; i++)
		past += shares.share[i] * Max(Min(elapsed - i, 1), 0);
	return kpi_float8_or_null(fcinfo, past / shares.sum);
}
