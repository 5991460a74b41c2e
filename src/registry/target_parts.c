/*-------------------------------------------------------------------------
 *
 * target_parts.c
 *	  Several targets made one, by the rule of the indicator.
 *
 *	spread		the sum
 *	hold		the mean, weighted by days
 *	end			the last, or the first for what stands at the beginning
 *	compound	1 - prod(1 - x) of losses, prod(1 + x) - 1 of growth
 *
 * All amounts of a row alike; one that a part lacks the whole lacks too.  Sums
 * and products are exact, a mean is rounded to 20 decimals.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/target.h"

#include "base/exact.h"

/* A whole number as numeric. */
static Numeric
integer(int64 value)
{
	return int64_to_numeric(value);
}

/*
 * A quotient rounded to 20 decimals, half away from zero; the divisor is
 * positive.  Not by numeric_div, whose digits would be rounded twice.
 */
Numeric
kpi_target_divide(Numeric dividend, Numeric divisor)
{
	Numeric		unit = int64_div_fast_to_numeric(1, KPI_TARGET_DECIMALS);
	Numeric		twice = kpi_numeric_mul(kpi_numeric_abs(dividend), integer(2));
	Numeric		quotient;

	/* (2 n / unit + d) / 2 d, cut off, is n / d in units, rounded */
	twice = kpi_numeric_mul(twice, int64_div_fast_to_numeric(INT64CONST(10000000000), 0));
	twice = kpi_numeric_mul(twice, int64_div_fast_to_numeric(INT64CONST(10000000000), 0));
	quotient = kpi_numeric_call2(numeric_div_trunc, kpi_numeric_add(twice, divisor),
								 kpi_numeric_mul(divisor, integer(2)));
	quotient = kpi_numeric_mul(quotient, unit);
	return kpi_numeric_sign(dividend) < 0 ? kpi_numeric_sub(integer(0), quotient) : quotient;
}

/* The same of amount x part / whole, of integers; nearly always in 128 bits. */
Numeric
kpi_target_share(Numeric amount, int64 part, int64 whole)
{
	KpiDecimal	decimal;
	int128		twice;
	int128		quotient;

	StaticAssertStmt(KPI_TARGET_DECIMALS == KPI_EXACT_SCALE + 4, "a share has one more group of digits");
	if (kpi_decode_numeric(NumericGetDatum(amount), KPI_EXACT_GROUPS, &decimal) != KPI_DECODED ||
		__builtin_mul_overflow(decimal.value, (int128) part * 2 * 10000, &twice) ||
		twice > (int128) 1 << 126 || twice < -((int128) 1 << 126))
		return kpi_target_divide(kpi_numeric_mul(amount, integer(part)), integer(whole));
	quotient = (twice < 0 ? twice - whole : twice + whole) / (2 * (int128) whole);
	return kpi_encode_numeric(quotient, KPI_EXACT_GROUPS + 1, KPI_TARGET_DECIMALS);
}

/* Begin to combine the parts of a target. */
void
kpi_parts_start(KpiParts *parts, const KpiTargetTerms *terms)
{
	memset(parts, 0, sizeof(KpiParts));
	parts->terms = terms;
}

/* What an amount contributes to the sum. */
static Numeric
contribution(const KpiTargetTerms *terms, Numeric amount, int days)
{
	switch (terms->rule)
	{
		case KPI_TARGET_HOLD:
			return kpi_numeric_mul(amount, integer(days));
		case KPI_TARGET_COMPOUND:
			return terms->growth ? kpi_numeric_add(integer(1), amount) :
				kpi_numeric_sub(integer(1), amount);
		case KPI_TARGET_SPREAD:
		case KPI_TARGET_END:
			break;
	}
	return amount;
}

/* The sum with one more contribution. */
static Numeric
accumulate(const KpiTargetTerms *terms, Numeric sum, Numeric contribution)
{
	switch (terms->rule)
	{
		case KPI_TARGET_END:
			return terms->first ? sum : contribution;
		case KPI_TARGET_COMPOUND:
			return kpi_numeric_mul(sum, contribution);
		case KPI_TARGET_SPREAD:
		case KPI_TARGET_HOLD:
			break;
	}
	return kpi_numeric_add(sum, contribution);
}

/* Adds the amounts of the next part, which has so many days. */
void
kpi_parts_add(KpiParts *parts, const KpiAmounts *amounts, int days)
{
	for (int i = 0; i < KPI_AMOUNTS; i++)
	{
		Numeric		amount = amounts->amount[i];
		Numeric		add = amount ? contribution(parts->terms, amount, days) : NULL;
		Numeric		sum = parts->sum.amount[i];

		if (parts->count == 0)
		{
			parts->first.amount[i] = amount;
			parts->alike[i] = true;
			parts->sum.amount[i] = add;
			continue;
		}
		if (sum == NULL || add == NULL)
		{
			parts->sum.amount[i] = NULL;
			continue;
		}
		parts->alike[i] = parts->alike[i] && kpi_numeric_cmp(parts->first.amount[i], amount) == 0;
		parts->sum.amount[i] = accumulate(parts->terms, sum, add);
	}
	parts->count++;
	parts->days += days;
}

/* One amount of the whole. */
static Numeric
whole_amount(const KpiParts *parts, int i)
{
	Numeric		sum = parts->sum.amount[i];

	switch (parts->terms->rule)
	{
		case KPI_TARGET_HOLD:
			return parts->alike[i] ? parts->first.amount[i] :
				kpi_target_share(sum, 1, parts->days);
		case KPI_TARGET_COMPOUND:
			return parts->terms->growth ? kpi_numeric_sub(sum, integer(1)) :
				kpi_numeric_sub(integer(1), sum);
		case KPI_TARGET_SPREAD:
		case KPI_TARGET_END:
			break;
	}
	return sum;
}

/* The amounts of the whole. */
void
kpi_parts_finish(const KpiParts *parts, KpiAmounts *amounts)
{
	for (int i = 0; i < KPI_AMOUNTS; i++)
		amounts->amount[i] = parts->sum.amount[i] ? whole_amount(parts, i) : NULL;
}
