/*-------------------------------------------------------------------------
 *
 * share_out.c
 *	  A total shared out by weights, in so many decimals.
 *
 * Each part is rounded towards zero.  What is left over goes, in units of the
 * last decimal, to the largest remainders, of equal ones to the earlier parts;
 * a rest smaller than a unit goes to the part after them in that order.  So
 * the parts add up to the total exactly.
 *
 *-------------------------------------------------------------------------
 */
#include "base/share_out.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/list.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"

/* What rounding has taken from a part, times all weights. */
typedef struct Remainder
{
	Numeric		size;
	int			part;
} Remainder;

/* Rounds all parts towards zero, and tells what is left over. */
static Numeric
cut_off(Numeric total, Numeric *weight, int count, int decimals, Numeric *part, Remainder *rest)
{
	Numeric		units = int64_to_numeric((int64) kpi_power_of_10[decimals]);
	Numeric		unit = int64_div_fast_to_numeric(1, decimals);
	Numeric		all = int64_to_numeric(0);
	Numeric		left = total;

	for (int i = 0; i < count; i++)
		all = kpi_numeric_add(all, weight[i]);
	if (kpi_numeric_sign(all) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("all weights are 0"),
				 errhint("Nothing can be shared out by them.")));
	for (int i = 0; i < count; i++)
	{
		Numeric		exact = kpi_numeric_mul(total, weight[i]);

		CHECK_FOR_INTERRUPTS();
		part[i] = kpi_numeric_call2(numeric_div_trunc, kpi_numeric_mul(exact, units), all);
		part[i] = kpi_numeric_mul(part[i], unit);
		rest[i].size = kpi_numeric_abs(kpi_numeric_sub(exact, kpi_numeric_mul(part[i], all)));
		rest[i].part = i;
		left = kpi_numeric_sub(left, part[i]);
	}
	return left;
}

/* The largest first, of equal ones that of the earlier part. */
static int
compare_remainders(const void *a, const void *b)
{
	const Remainder *x = a;
	const Remainder *y = b;
	int			order = kpi_numeric_cmp(y->size, x->size);

	return order != 0 ? order : x->part - y->part;
}

/* Shares a finite total out by weights of at least 0, not all 0. */
void
kpi_share_out(Numeric total, Numeric *weight, int count, int decimals, Numeric *part)
{
	Remainder  *rest = palloc(sizeof(Remainder) * count);
	Numeric		left = cut_off(total, weight, count, decimals, part, rest);
	Numeric		unit = int64_div_fast_to_numeric(kpi_numeric_sign(total), decimals);

	qsort(rest, count, sizeof(Remainder), compare_remainders);
	for (int i = 0; i < count && kpi_numeric_sign(left) != 0; i++)
	{
		bool		last = i == count - 1 || kpi_numeric_cmp(kpi_numeric_abs(left), kpi_numeric_abs(unit)) < 0;
		Numeric		add = last ? left : unit;

		part[rest[i].part] = kpi_numeric_add(part[rest[i].part], add);
		left = kpi_numeric_sub(left, add);
	}
}

/* share_out(total, weights, decimals): the parts of a total; NULL where it is NaN or infinite. */
PG_FUNCTION_INFO_V1(kpi_share_out_array);
Datum
kpi_share_out_array(PG_FUNCTION_ARGS)
{
	Numeric		total = PG_GETARG_NUMERIC(0);
	KpiList		weights = kpi_list(PG_GETARG_ARRAYTYPE_P(1), "weights");
	int32		decimals = PG_GETARG_INT32(2);
	Numeric    *part = palloc(sizeof(Numeric) * weights.count);
	Numeric    *weight = palloc(sizeof(Numeric) * weights.count);

	kpi_check_no_nulls(&weights, "weights");
	if (decimals < 0 || decimals > KPI_MAX_SHARE_DECIMALS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("decimals %d is not between 0 and %d", decimals, KPI_MAX_SHARE_DECIMALS)));
	for (int i = 0; i < weights.count; i++)
	{
		weight[i] = DatumGetNumeric(weights.element[i]);
		kpi_check_numeric_weight(weight[i]);
	}
	if (!kpi_is_numeric_number(total))
		PG_RETURN_NULL();
	kpi_share_out(total, weight, weights.count, decimals, part);
	PG_RETURN_ARRAYTYPE_P(construct_array((Datum *) part, weights.count, NUMERICOID, -1, false, TYPALIGN_INT));
}
