/*-------------------------------------------------------------------------
 *
 * limits.c
 *	  Limits of points.
 *
 *	clamp		x held between two bounds
 *	zero_below	0 below a limit, else the value
 *
 * NULL rule: NULL where x is NULL, NaN or infinite; a NULL bound or limit is
 * none.  Bounds and limits that are NaN, out of order or leave no value are
 * errors.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/limits.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/scalar.h"
#include "utils/float.h"

/* The error of clamp. */
pg_noreturn static void
bad_bounds(const char *low, const char *high)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("clamp bounds %s and %s leave no value between them", low, high),
			 errhint("The lower bound comes first; a NULL bound does not limit.")));
}

/* clamp(x, low, high): NULL for NaN and infinity; a NULL bound does not limit. */
PG_FUNCTION_INFO_V1(kpi_clamp_float8);
Datum
kpi_clamp_float8(PG_FUNCTION_ARGS)
{
	double		x;
	double		low = PG_ARGISNULL(1) ? -get_float8_infinity() : PG_GETARG_FLOAT8(1);
	double		high = PG_ARGISNULL(2) ? get_float8_infinity() : PG_GETARG_FLOAT8(2);

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	x = PG_GETARG_FLOAT8(0);
	if (!(low <= high) || low == get_float8_infinity() || high == -get_float8_infinity())
		bad_bounds(PG_ARGISNULL(1) ? "NULL" : float8out_internal(low),
				   PG_ARGISNULL(2) ? "NULL" : float8out_internal(high));
	if (!kpi_is_number(x))
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, x < low ? low : x > high ? high : x);
}

/* Whether a bound, if there is one, is NaN or infinite on the wrong side. */
static bool
bad_numeric_bound(Numeric bound, int wrong_sign)
{
	return bound != NULL &&
		(numeric_is_nan(bound) ||
		 (numeric_is_inf(bound) && kpi_numeric_sign(bound) == wrong_sign));
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_clamp_numeric);
Datum
kpi_clamp_numeric(PG_FUNCTION_ARGS)
{
	Numeric		x;
	Numeric		low = PG_ARGISNULL(1) ? NULL : PG_GETARG_NUMERIC(1);
	Numeric		high = PG_ARGISNULL(2) ? NULL : PG_GETARG_NUMERIC(2);

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	x = PG_GETARG_NUMERIC(0);
	if (bad_numeric_bound(low, 1) || bad_numeric_bound(high, -1) ||
		(low != NULL && high != NULL && kpi_numeric_cmp(low, high) > 0))
		bad_bounds(low == NULL ? "NULL" : kpi_numeric_text(low),
				   high == NULL ? "NULL" : kpi_numeric_text(high));
	if (!kpi_is_numeric_number(x))
		PG_RETURN_NULL();
	if (low != NULL && kpi_numeric_cmp(x, low) < 0)
		PG_RETURN_NUMERIC(low);
	if (high != NULL && kpi_numeric_cmp(x, high) > 0)
		PG_RETURN_NUMERIC(high);
	PG_RETURN_NUMERIC(x);
}

/* The error of zero_below. */
pg_noreturn static void
bad_limit(const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("limit %s is not a finite number", value),
			 errhint("NULL stands for no limit.")));
}

/* zero_below(value, limit): a value at the limit stays. */
PG_FUNCTION_INFO_V1(kpi_zero_below_float8);
Datum
kpi_zero_below_float8(PG_FUNCTION_ARGS)
{
	double		value;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	value = PG_GETARG_FLOAT8(0);
	if (!PG_ARGISNULL(1))
	{
		double		limit = PG_GETARG_FLOAT8(1);

		if (!kpi_is_number(limit))
			bad_limit(float8out_internal(limit));
		if (kpi_is_number(value) && value < limit)
			PG_RETURN_FLOAT8(0);
	}
	return kpi_float8_or_null(fcinfo, value);
}

/* The same for numeric. */
PG_FUNCTION_INFO_V1(kpi_zero_below_numeric);
Datum
kpi_zero_below_numeric(PG_FUNCTION_ARGS)
{
	Numeric		value;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	value = PG_GETARG_NUMERIC(0);
	if (!PG_ARGISNULL(1))
	{
		Numeric		limit = PG_GETARG_NUMERIC(1);

		if (!kpi_is_numeric_number(limit))
			bad_limit(kpi_numeric_text(limit));
		if (kpi_is_numeric_number(value) && kpi_numeric_cmp(value, limit) < 0)
			PG_RETURN_NUMERIC(int64_to_numeric(0));
	}
	if (!kpi_is_numeric_number(value))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(value);
}
