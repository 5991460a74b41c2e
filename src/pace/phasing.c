/*-------------------------------------------------------------------------
 *
 * phasing.c
 *	  A target shared out over the parts of its period.
 *
 * By shares on any scale or, without any, evenly.  Each part is rounded towards
 * zero and the rest goes to the largest remainders (base/share_out.c), so that the
 * parts add up to the target exactly.  A share and a float8 target count by the digits
 * they are written with.
 *
 * NULL rule: no rows where the target is NULL, NaN or infinite, or decimals is NULL.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "base/check.h"
#include "base/exact.h"
#include "base/share_out.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pace/shares.h"

#define MONTHS 12

enum
{
	ARG_TOTAL, ARG_SHARES, ARG_PARTS, ARG_DECIMALS
};

/* The shares that the arguments ask for: those given, or so many even ones, 12 by default. */
static KpiShares
read_shares(FunctionCallInfo fcinfo)
{
	KpiShares	shares;
	int			parts = MONTHS;

	if (!PG_ARGISNULL(ARG_PARTS))
		parts = kpi_check_between(PG_GETARG_FLOAT8(ARG_PARTS), "parts", 1, KPI_MAX_SHARES,
								  "It is the number of parts that the target is shared out over.");
	if (PG_ARGISNULL(ARG_SHARES))
		return kpi_even_shares(parts);
	shares = kpi_shares_argument(fcinfo, ARG_SHARES);
	if (!PG_ARGISNULL(ARG_PARTS) && parts != shares.count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("shares has %d elements for %d parts", shares.count, parts),
				 errhint("Leave parts out: each share is one.")));
	return shares;
}

/* The rows of a target that is shared out. */
static void
put_parts(FunctionCallInfo fcinfo, Numeric total, const KpiShares *shares, int decimals)
{
	Numeric    *part = palloc(sizeof(Numeric) * shares->count);
	Numeric    *weight = palloc(sizeof(Numeric) * shares->count);
	Numeric		reached = int64_to_numeric(0);
	double		past = 0;

	for (int i = 0; i < shares->count; i++)
		weight[i] = kpi_float8_numeric(shares->share[i]);
	kpi_share_out(total, weight, shares->count, decimals, part);
	for (int i = 0; i < shares->count; i++)
	{
		KpiAnswer	answer = {0};

		CHECK_FOR_INTERRUPTS();
		reached = kpi_numeric_add(reached, part[i]);
		past += shares->share[i];
		kpi_answer_integer(&answer, i + 1);
		kpi_answer_number(&answer, shares->share[i] / shares->sum);
		kpi_answer_add(&answer, NumericGetDatum(part[i]), false);
		kpi_answer_add(&answer, NumericGetDatum(reached), false);
		kpi_answer_number(&answer, past / shares->sum);
		kpi_answer_put(fcinfo, &answer);
	}
}

/* The rows of a total, none where it is no number. */
static Datum
phase(FunctionCallInfo fcinfo, Numeric total)
{
	KpiShares	shares;
	int			decimals;

	if (PG_ARGISNULL(ARG_DECIMALS) || total == NULL)
		PG_RETURN_NULL();
	decimals = kpi_check_between(PG_GETARG_FLOAT8(ARG_DECIMALS), "decimals", 0, KPI_MAX_SHARE_DECIMALS,
								 "It is how many decimals the parts have.");
	shares = read_shares(fcinfo);
	if (kpi_is_numeric_number(total))
		put_parts(fcinfo, total, &shares, decimals);
	PG_RETURN_NULL();
}

/* target_phasing(total, shares, parts, decimals): a row for each part. */
PG_FUNCTION_INFO_V1(kpi_target_phasing_numeric);
Datum
kpi_target_phasing_numeric(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	return phase(fcinfo, PG_ARGISNULL(ARG_TOTAL) ? NULL : PG_GETARG_NUMERIC(ARG_TOTAL));
}

/* The same of a float8 target. */
PG_FUNCTION_INFO_V1(kpi_target_phasing_float8);
Datum
kpi_target_phasing_float8(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(ARG_TOTAL) || !kpi_is_number(PG_GETARG_FLOAT8(ARG_TOTAL)))
		PG_RETURN_NULL();
	return phase(fcinfo, kpi_float8_numeric(PG_GETARG_FLOAT8(ARG_TOTAL)));
}
