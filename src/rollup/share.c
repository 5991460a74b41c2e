/*-------------------------------------------------------------------------
 *
 * share.c
 *	  Shares of an absolute weight, numeric and float8.
 *
 * A child of positive weight gets weight / sum of such weights of what its
 * parent has.
 *
 * numeric: rounded half up to forty decimals while it is handed down, and to
 * twenty where it is shown.  float8: weights of extreme size are scaled by a
 * power of two, their sum carries its rounding errors.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/share.h"

#include "base/exact.h"
#include "base/twosum.h"
#include "rollup/mean.h"

/* Decimals of an absolute weight while it is handed down. */
#define SHARE_SCALE 40

/* kpi_shares_start of float8 weights. */
static void
start_float8(KpiShares *shares, KpiAmount whole, const KpiRollupLink *link, int32 links)
{
	double		heaviest = 0;
	KpiSum		total = {0, 0};

	for (int32 i = 0; i < links; i++)
	{
		if (link[i].part)
			heaviest = Max(heaviest, link[i].weight.real);
	}
	shares->scale = kpi_safe_scale(heaviest);
	for (int32 i = 0; i < links; i++)
	{
		if (link[i].part)
			kpi_sum_add(&total, link[i].weight.real * shares->scale);
	}
	shares->total.real = kpi_sum_value(total);
	shares->whole = whole;
}

/* kpi_shares_start of numeric weights. */
static void
start_numeric(KpiShares *shares, KpiAmount whole, const KpiRollupLink *link, int32 links)
{
	Numeric		two = int64_to_numeric(2);
	Numeric		total = int64_to_numeric(0);

	for (int32 i = 0; i < links; i++)
	{
		if (link[i].part)
			total = kpi_numeric_add(total, link[i].weight.exact);
	}
	shares->total.exact = total;
	shares->twice_total = kpi_numeric_mul(two, total);
	shares->whole.exact = kpi_numeric_mul(kpi_numeric_mul(two, whole.exact),
										  kpi_power_of_ten(SHARE_SCALE));
	shares->unit = kpi_power_of_ten(-SHARE_SCALE);
}

/* Begin to share an absolute weight among links of positive weight. */
void
kpi_shares_start(KpiShares *shares, bool exact, KpiAmount whole,
				 const KpiRollupLink *link, int32 links)
{
	shares->exact = exact;
	if (exact)
		start_numeric(shares, whole, link, links);
	else
		start_float8(shares, whole, link, links);
}

/* What a weight gets of the whole, for numeric rounded half up. */
KpiAmount
kpi_share(const KpiShares *shares, KpiAmount weight)
{
	KpiAmount	share;

	if (!shares->exact)
		share.real = shares->whole.real * (weight.real * shares->scale / shares->total.real);
	else
	{
		Numeric		part = kpi_numeric_mul(shares->whole.exact, weight.exact);

		part = kpi_numeric_call2(numeric_div_trunc,
								 kpi_numeric_add(part, shares->total.exact), shares->twice_total);
		share.exact = kpi_numeric_mul(part, shares->unit);
	}
	return share;
}

/* An absolute weight as it is shown. */
KpiAmount
kpi_share_value(bool exact, KpiAmount share)
{
	if (exact)
		share.exact =
			kpi_trim_numeric(DatumGetNumeric(DirectFunctionCall2(numeric_round,
																 NumericGetDatum(share.exact),
																 Int32GetDatum(KPI_MEAN_SCALE))));
	return share;
}
