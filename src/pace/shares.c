/*-------------------------------------------------------------------------
 *
 * shares.c
 *	  Shares of a whole, on any scale.
 *
 *-------------------------------------------------------------------------
 */
#include "pace/shares.h"

#include "base/check.h"
#include "base/list.h"
#include "utils/float.h"

/* So many shares that are all alike. */
KpiShares
kpi_even_shares(int count)
{
	KpiShares	shares = {.count = count,.sum = count};

	shares.share = palloc(sizeof(double) * count);
	for (int i = 0; i < count; i++)
		shares.share[i] = 1;
	return shares;
}

/* The shares argument. */
KpiShares
kpi_shares_argument(FunctionCallInfo fcinfo, int argument)
{
	KpiList		list = kpi_number_list(PG_GETARG_ARRAYTYPE_P(argument), "shares");
	KpiShares	shares = {.count = list.count};

	kpi_check_no_nulls(&list, "shares");
	if (list.count > KPI_MAX_SHARES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("shares has %d elements, more than %d", list.count, KPI_MAX_SHARES)));
	shares.share = palloc(sizeof(double) * list.count);
	for (int i = 0; i < list.count; i++)
	{
		double		share = kpi_list_float8(&list, i, "shares");

		if (!kpi_is_number(share) || share < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("share %s is not a finite number of at least 0", float8out_internal(share)),
					 errhint("Shares may be on any scale, such as what the parts were worth before.")));
		shares.share[i] = share;
		shares.sum += share;
	}
	return shares;
}
