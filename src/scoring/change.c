/*-------------------------------------------------------------------------
 *
 * change.c
 *	  Change against a base, in units and relative to the base.
 *
 *	change			current - base
 *	change_rate		(current - base) / abs(base), which has the sign of the
 *					change whatever the sign of the base; 0 against 0 is 0.
 *
 * NULL rule: NULL where an argument is NULL, NaN or infinite, where the result
 * is beyond float8, and for the rate of a change from zero.  A float8 zero has
 * no sign.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "common/check.h"
#include "common/exact.h"

/* change(current, base): the difference. */
PG_FUNCTION_INFO_V1(kpi_change_float8);
Datum
kpi_change_float8(PG_FUNCTION_ARGS)
{
	double		result = PG_GETARG_FLOAT8(0) - PG_GETARG_FLOAT8(1);

	if (!kpi_is_number(result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result + 0.0);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_change_numeric);
Datum
kpi_change_numeric(PG_FUNCTION_ARGS)
{
	Numeric		current = PG_GETARG_NUMERIC(0);
	Numeric		base = PG_GETARG_NUMERIC(1);

	if (!kpi_is_numeric_number(current) || !kpi_is_numeric_number(base))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_sub(current, base));
}

/* change_rate(current, base): NULL where the base is 0 and the current is not. */
PG_FUNCTION_INFO_V1(kpi_change_rate_float8);
Datum
kpi_change_rate_float8(PG_FUNCTION_ARGS)
{
	double		current = PG_GETARG_FLOAT8(0);
	double		base = PG_GETARG_FLOAT8(1);
	double		result;

	if (current == 0 && base == 0)
		PG_RETURN_FLOAT8(0);
	if (!kpi_is_number(current) || !kpi_is_number(base))
		PG_RETURN_NULL();
	/* half of both is the same rate, without overflow on the way */
	if (kpi_is_number(current - base))
		result = (current - base) / fabs(base);
	else
		result = (current / 2 - base / 2) / fabs(base / 2);
	if (!kpi_is_number(result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result + 0.0);
}

/* The rate in 128 bits; false leaves it to the server's numeric. */
static bool
quick_rate(Datum current, Datum base, Numeric *result)
{
	KpiDecimal	c;
	KpiDecimal	b;

	if (!kpi_decode_operand(current, &c) || !kpi_decode_operand(base, &b) || b.value == 0)
		return false;
	c = kpi_decimal_sub(c, b);
	if (b.value < 0)
		b.value = -b.value;
	return kpi_decimal_div(&c, &b, KPI_QUOTIENT_GROUPS, result);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_change_rate_numeric);
Datum
kpi_change_rate_numeric(PG_FUNCTION_ARGS)
{
	Numeric		current;
	Numeric		base;
	Numeric		result;

	if (quick_rate(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), &result))
		PG_RETURN_NUMERIC(result);
	current = PG_GETARG_NUMERIC(0);
	base = PG_GETARG_NUMERIC(1);
	if (!kpi_is_numeric_number(current) || !kpi_is_numeric_number(base))
		PG_RETURN_NULL();
	if (kpi_numeric_sign(base) == 0)
	{
		if (kpi_numeric_sign(current) != 0)
			PG_RETURN_NULL();
		PG_RETURN_NUMERIC(int64_to_numeric(0));
	}
	PG_RETURN_NUMERIC(kpi_numeric_div(kpi_numeric_sub(current, base),
									  kpi_numeric_abs(base)));
}
