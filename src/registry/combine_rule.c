/*-------------------------------------------------------------------------
 *
 * combine_rule.c
 *	  The rules by which parts make one value.
 *
 *	sum, min, max		of the values
 *	average				sum(x w) / sum(w), w the denominators; where one part
 *						lacks it, the shares that the caller gives: days over
 *						time, 1 over units
 *	ratio				sum(numerators) / sum(denominators); none where a part
 *						has a value alone
 *	compound_loss		1 - prod(1 - x)
 *	compound_growth		prod(1 + x) - 1
 *	product				prod(x)
 *
 * The parts of a stock (last, first) are chosen, not mixed: combine_value.c.
 *
 * NULL rule: a part without a value is left out, and is counted among those
 * expected; of a ratio one with both numbers counts, though 0 / 0 is no value.
 * A result that numeric cannot hold is NULL, with the note "invalid".
 *
 * Numeric method: exact but for one division at the end; a product is kept
 * with 50 decimals at most.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/combine.h"

#include "base/exact.h"

/* The server's arithmetic that says whether a result is too great. */
typedef Numeric (*Operation) (Numeric a, Numeric b, bool *overflow);

/* total op value, or the value where there is no total yet. */
static Numeric
accumulate(KpiMix *mix, Operation operation, Numeric total, Numeric value)
{
	Numeric		result;

	if (total == NULL || mix->overflow)
		return value;
	result = operation(total, value, &mix->overflow);
	return mix->overflow ? total : result;
}

/* a op b, or a where numeric cannot hold it. */
static Numeric
operate(KpiMix *mix, Operation operation, Numeric a, Numeric b)
{
	return accumulate(mix, operation, a, b);
}

/* Begins with no part. */
void
kpi_mix_start(KpiMix *mix, KpiCombine rule)
{
	memset(mix, 0, sizeof(KpiMix));
	mix->rule = rule;
	mix->at = -1;
}

/* Has the part what the rule takes? */
bool
kpi_mix_has(KpiCombine rule, const KpiValue *part)
{
	if (part == NULL)
		return false;
	return part->value != NULL ||
		(rule == KPI_COMBINE_RATIO && part->numerator != NULL && part->denominator != NULL);
}

/* The sums that an average needs, both ways. */
static void
add_to_average(KpiMix *mix, const KpiValue *part, int share)
{
	Numeric		weighted = operate(mix, numeric_mul_opt_error, part->value, int64_to_numeric(share));

	mix->by_share = accumulate(mix, numeric_add_opt_error, mix->by_share, weighted);
	mix->share += share;
	if (part->denominator == NULL)
		mix->no_denominator = true;
	if (mix->no_denominator)
		return;
	weighted = operate(mix, numeric_mul_opt_error, part->value, part->denominator);
	mix->by_denominator = accumulate(mix, numeric_add_opt_error, mix->by_denominator, weighted);
	mix->denominator = accumulate(mix, numeric_add_opt_error, mix->denominator, part->denominator);
}

/* The sums of a ratio. */
static void
add_to_ratio(KpiMix *mix, const KpiValue *part)
{
	if (part->numerator == NULL || part->denominator == NULL)
		mix->no_numerator = true;
	if (mix->no_numerator)
		return;
	mix->numerator = accumulate(mix, numeric_add_opt_error, mix->numerator, part->numerator);
	mix->denominator = accumulate(mix, numeric_add_opt_error, mix->denominator, part->denominator);
}

/* The factor that a part is of the product. */
static Numeric
factor_of(KpiMix *mix, Numeric value)
{
	Numeric		one = int64_to_numeric(1);

	switch (mix->rule)
	{
		case KPI_COMBINE_COMPOUND_LOSS:
			return operate(mix, numeric_sub_opt_error, one, value);
		case KPI_COMBINE_COMPOUND_GROWTH:
			return operate(mix, numeric_add_opt_error, one, value);
		default:
			return value;
	}
}

/* The less or the greater of two, of which the first may be none. */
static Numeric
extreme(Numeric total, Numeric value, int sign)
{
	return total == NULL || kpi_numeric_cmp(value, total) * sign > 0 ? value : total;
}

/* Adds a part that is expected; share is its days, or 1. */
void
kpi_mix_add(KpiMix *mix, const KpiValue *part, int share)
{
	mix->expected++;
	if (!kpi_mix_has(mix->rule, part))
		return;
	mix->parts++;
	mix->provisional |= part->provisional;
	switch (mix->rule)
	{
		case KPI_COMBINE_SUM:
			mix->total = accumulate(mix, numeric_add_opt_error, mix->total, part->value);
			break;
		case KPI_COMBINE_MIN:
			mix->total = extreme(mix->total, part->value, -1);
			break;
		case KPI_COMBINE_MAX:
			mix->total = extreme(mix->total, part->value, 1);
			break;
		case KPI_COMBINE_AVERAGE:
			add_to_average(mix, part, share);
			break;
		case KPI_COMBINE_RATIO:
			add_to_ratio(mix, part);
			break;
		default:
			mix->total = accumulate(mix, numeric_mul_opt_error, mix->total, factor_of(mix, part->value));
	}
}

/* A quotient, or NULL where it is undefined or too great. */
static Numeric
divide(Numeric a, Numeric b)
{
	bool		failed = false;
	Numeric		result = numeric_div_opt_error(a, b, &failed);

	return failed ? NULL : result;
}

/* A product with no more decimals than are kept. */
static Numeric
kept(Numeric product)
{
	int			scale = DatumGetInt32(DirectFunctionCall1(numeric_scale, NumericGetDatum(product)));

	if (scale <= KPI_PRODUCT_DECIMALS)
		return product;
	return DatumGetNumeric(DirectFunctionCall2(numeric_round, NumericGetDatum(product),
											   Int32GetDatum(KPI_PRODUCT_DECIMALS)));
}

/* The numbers of the result, of parts that there are. */
static void
finish_numbers(const KpiMix *mix, KpiValue *result)
{
	Numeric		one = int64_to_numeric(1);

	switch (mix->rule)
	{
		case KPI_COMBINE_AVERAGE:
			if (!mix->no_denominator)
			{
				result->denominator = mix->denominator;
				result->value = divide(mix->by_denominator, mix->denominator);
			}
			else
				result->value = divide(mix->by_share, int64_to_numeric(mix->share));
			break;
		case KPI_COMBINE_RATIO:
			if (mix->no_numerator)
				break;
			result->numerator = mix->numerator;
			result->denominator = mix->denominator;
			result->value = divide(mix->numerator, mix->denominator);
			break;
		case KPI_COMBINE_COMPOUND_LOSS:
			result->value = kept(kpi_numeric_sub(one, mix->total));
			break;
		case KPI_COMBINE_COMPOUND_GROWTH:
			result->value = kept(kpi_numeric_sub(mix->total, one));
			break;
		case KPI_COMBINE_PRODUCT:
			result->value = kept(mix->total);
			break;
		default:
			result->value = mix->total;
	}
}

/* What the parts make; NULL where there are none. */
KpiValue *
kpi_mix_finish(const KpiMix *mix)
{
	KpiValue   *result;

	if (mix->parts == 0)
		return NULL;
	result = palloc0(sizeof(KpiValue));
	result->origin = KPI_ORIGIN_COMBINED;
	result->provisional = mix->provisional;
	result->has_parts = true;
	result->parts = mix->parts;
	result->parts_expected = mix->expected;
	result->at = mix->at;
	if (mix->overflow)
		result->note = "invalid";
	else
		finish_numbers(mix, result);
	return result;
}
