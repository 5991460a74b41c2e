/*-------------------------------------------------------------------------
 *
 * grade.c
 *	  Grades: bands over a value, and grades shared out by rank.
 *
 *	grade				of a value, the code of the last band whose lower bound
 *						is reached; bands are half-open, the last one
 *						unbounded, and the first one too where its bound is
 *						NULL; of a position, the grade it gets in a forced
 *						distribution
 *	forced_distribution n people shared out by shares: each gets the whole part
 *						of n share, the rest goes to the largest remainders,
 *						the earlier share first where they are equal
 *
 * NULL rule: NULL where an argument is NULL, and the grade also where the value
 * is NaN, infinite or below the first bound.
 *
 * Numeric method: the largest remainder is found in exact arithmetic; shares
 * that miss 1 by less than 10^-9 are taken in proportion to their sum.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "base/check.h"
#include "base/exact.h"
#include "base/list.h"
#include "base/scalar.h"
#include "utils/float.h"

/* By how much shares may miss 1. */
#define SHARES_TOLERANCE 1e-9

static const char *const bounds_name = "lower_bounds";
static const char *const codes_name = "codes";
static const char *const shares_name = "shares";

/* The lists of a grade by bands, of the right shape. */
static void
check_bands(FunctionCallInfo fcinfo, KpiList *bounds, KpiList *codes)
{
	*bounds = kpi_number_list(PG_GETARG_ARRAYTYPE_P(1), bounds_name);
	*codes = kpi_list(PG_GETARG_ARRAYTYPE_P(2), codes_name);
	kpi_check_same_length(bounds, bounds_name, codes, codes_name);
	kpi_check_no_nulls(codes, codes_name);
}

/* Bounds rise from band to band. */
static void
check_bound(bool rises, int i, const char *value)
{
	if (!rises)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lower bound %d, %s, does not lie above the one before it", i + 1, value),
				 errhint("List the bands from the lowest up; only the first bound may be NULL, for a band without one.")));
}

/* The code of a band, or NULL below all of them. */
static Datum
band_code(FunctionCallInfo fcinfo, const KpiList *codes, int band)
{
	if (band < 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(codes->element[band]);
}

/* grade(value, lower_bounds, codes): a value on a bound is in the upper band. */
PG_FUNCTION_INFO_V1(kpi_grade_by_bands_float8);
Datum
kpi_grade_by_bands_float8(PG_FUNCTION_ARGS)
{
	double		value = PG_GETARG_FLOAT8(0);
	KpiList		bounds;
	KpiList		codes;
	double		before = 0;
	int			band = -1;

	check_bands(fcinfo, &bounds, &codes);
	for (int i = 0; i < bounds.count; i++)
	{
		double		bound;

		if (i == 0 && bounds.is_null[0])
		{
			band = 0;
			continue;
		}
		bound = kpi_list_float8(&bounds, i, bounds_name);
		check_bound(i == 0 || bounds.is_null[i - 1] || bound > before, i,
					float8out_internal(bound));
		if (value >= bound)
			band = i;
		before = bound;
	}
	if (!kpi_is_number(value))
		PG_RETURN_NULL();
	return band_code(fcinfo, &codes, band);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_grade_by_bands_numeric);
Datum
kpi_grade_by_bands_numeric(PG_FUNCTION_ARGS)
{
	Numeric		value = PG_GETARG_NUMERIC(0);
	KpiList		bounds;
	KpiList		codes;
	Numeric		before = NULL;
	int			band = -1;

	check_bands(fcinfo, &bounds, &codes);
	for (int i = 0; i < bounds.count; i++)
	{
		Numeric		bound;

		if (i == 0 && bounds.is_null[0])
		{
			band = 0;
			continue;
		}
		bound = kpi_list_numeric(&bounds, i, bounds_name);
		check_bound(before == NULL || kpi_numeric_cmp(bound, before) > 0, i,
					kpi_numeric_text(bound));
		if (kpi_numeric_cmp(value, bound) >= 0)
			band = i;
		before = bound;
	}
	if (!kpi_is_numeric_number(value))
		PG_RETURN_NULL();
	return band_code(fcinfo, &codes, band);
}

/* The part of a share that is left after its whole people. */
typedef struct Remainder
{
	int			share;
	Numeric		rest;
} Remainder;

/* The larger remainder first, the earlier share first where they are equal. */
static int
compare_remainders(const void *a, const void *b)
{
	const Remainder *x = a;
	const Remainder *y = b;
	int			order = kpi_numeric_cmp(y->rest, x->rest);

	return order != 0 ? order : x->share - y->share;
}

/* The sum of shares that are each 0 to 1 and make 1. */
static Numeric
check_shares(const KpiList *shares)
{
	Numeric		sum = int64_to_numeric(0);
	Numeric		one = int64_to_numeric(1);

	for (int i = 0; i < shares->count; i++)
	{
		Numeric		share = kpi_list_numeric(shares, i, shares_name);

		if (kpi_numeric_sign(share) < 0 || kpi_numeric_cmp(share, one) > 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("share %d, %s, is not between 0 and 1", i + 1, kpi_numeric_text(share)),
					 errhint("Write 0.2 for 20 percent.")));
		sum = kpi_numeric_add(sum, share);
	}
	if (kpi_numeric_sign(sum) == 0 ||
		!(fabs(kpi_numeric_to_double(kpi_numeric_sub(sum, one))) <= SHARES_TOLERANCE))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("shares sum to %s, not to 1", kpi_numeric_text(sum)),
				 errhint("The shares of all grades make 1 together, such as 0.2, 0.7, 0.1.")));
	return sum;
}

/* How many of n people each share gets. */
static int32 *
distribute(int32 n, const KpiList *shares)
{
	Numeric		sum = check_shares(shares);
	Numeric		people = int64_to_numeric(n);
	int32	   *place = palloc(shares->count * sizeof(int32));
	Remainder  *remainder = palloc(shares->count * sizeof(Remainder));
	int32		left = n;

	if (n < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n %d is below 0", n),
				 errhint("Give the number of people to be graded.")));
	for (int i = 0; i < shares->count; i++)
	{
		Numeric		quota = kpi_numeric_mul(people, kpi_list_numeric(shares, i, shares_name));
		Numeric		whole = kpi_numeric_call2(numeric_div_trunc, quota, sum);

		place[i] = DatumGetInt32(DirectFunctionCall1(numeric_int4, NumericGetDatum(whole)));
		left -= place[i];
		remainder[i].share = i;
		remainder[i].rest = kpi_numeric_sub(quota, kpi_numeric_mul(whole, sum));
	}
	/* fewer are left than there are shares with a remainder */
	qsort(remainder, shares->count, sizeof(Remainder), compare_remainders);
	for (int i = 0; i < left; i++)
		place[remainder[i].share]++;
	return place;
}

/* forced_distribution(n, shares): adds up to n, whatever the shares. */
PG_FUNCTION_INFO_V1(kpi_forced_distribution);
Datum
kpi_forced_distribution(PG_FUNCTION_ARGS)
{
	KpiList		shares = kpi_number_list(PG_GETARG_ARRAYTYPE_P(1), shares_name);
	int32	   *place = distribute(kpi_check_whole(PG_GETARG_FLOAT8(0), "n"), &shares);
	Datum	   *element = palloc(shares.count * sizeof(Datum));

	for (int i = 0; i < shares.count; i++)
		element[i] = Int32GetDatum(place[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(element, shares.count, INT4OID,
										  sizeof(int32), true, TYPALIGN_INT));
}

/* grade(position, n, shares, codes): position 1 is the best. */
PG_FUNCTION_INFO_V1(kpi_grade_by_rank);
Datum
kpi_grade_by_rank(PG_FUNCTION_ARGS)
{
	int32		position = kpi_check_whole(PG_GETARG_FLOAT8(0), "position");
	int32		n = kpi_check_whole(PG_GETARG_FLOAT8(1), "n");
	KpiList		shares = kpi_number_list(PG_GETARG_ARRAYTYPE_P(2), shares_name);
	KpiList		codes = kpi_list(PG_GETARG_ARRAYTYPE_P(3), codes_name);
	int32	   *place;
	int			grade = 0;

	kpi_check_same_length(&shares, shares_name, &codes, codes_name);
	kpi_check_no_nulls(&codes, codes_name);
	place = distribute(n, &shares);
	if (position < 1 || position > n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("position %d is not between 1 and %d", position, n),
				 errhint("Number the people from the best one, with row_number() over the score and then a stable key.")));
	while (position > place[grade])
		position -= place[grade++];
	PG_RETURN_DATUM(codes.element[grade]);
}
