/*-------------------------------------------------------------------------
 *
 * revenue.c
 *	  Churn, retention and renewal by identity: one row a customer or contract.
 *
 * Of the revenue of a customer before (p) and now (c), each 0 where it is NULL
 * or below 0, over the customers with p > 0, who are the opening base:
 *
 *	nrr			sum(c) / sum(p), net revenue retention
 *	grr			sum(min(c, p)) / sum(p), gross revenue retention
 *	revenue_churn	sum(p - min(c, p)) / sum(p) = 1 - grr
 *
 * and over all of them
 *
 *	revenue_quick_ratio	sum(max(c - p, 0)) / sum(max(p - c, 0)), what was won for
 *				each unit lost
 *
 * Of whether a customer was active before and is now, NULL being not active:
 *
 *	customer_churn		lost / opening, new customers on neither side
 *	customer_retention	kept / opening
 *
 * Of contracts due, whether each was renewed: renewal_rate, renewed / due, by
 * count or by value; a contract of which that is not known is left out.
 *
 * A row counts as so many customers as its weight says; one without a weight is
 * left out.  State and what is undefined: those of every rate, see ratio.c.
 *
 * Sources: D. Skok, "SaaS Metrics 2.0", for Entrepreneurs, 2013; Farris et al.,
 * Marketing Metrics, 3rd edition, 2016, chapter 5; the quick ratio: M. Zaman,
 * "The SaaS Quick Ratio", 2015.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/exact.h"
#include "base/state.h"
#include "rate/ratio.h"

/* What is taken of a row. */
typedef enum Measure
{
	NRR,
	GRR,
	REVENUE_CHURN,
	QUICK_RATIO
} Measure;

/* Take part and whole of a row into a state of the float8 ones. */
static void
add_float8(KpiRatioState *state, double part, double whole)
{
	kpi_ratio_add_float8(state, KPI_RATIO_PART, part);
	kpi_ratio_add_float8(state, KPI_RATIO_WHOLE, whole);
}

/* The same of the numeric ones. */
static KpiExactState *
add_numeric(KpiExactState *state, Numeric part, Numeric whole)
{
	state = kpi_ratio_add_numeric(state, KPI_RATIO_PART, NumericGetDatum(part));
	return kpi_ratio_add_numeric(state, KPI_RATIO_WHOLE, NumericGetDatum(whole));
}

/* The revenue in an argument: 0 for NULL and what is below. */
static double
float8_revenue(FunctionCallInfo fcinfo, int n)
{
	double		revenue = PG_ARGISNULL(n) ? 0 : PG_GETARG_FLOAT8(n);

	return revenue < 0 && kpi_is_number(revenue) ? 0 : revenue;
}

/* The same, numeric. */
static Numeric
numeric_revenue(FunctionCallInfo fcinfo, int n)
{
	Numeric		zero = int64_to_numeric(0);
	Numeric		revenue = PG_ARGISNULL(n) ? zero : PG_GETARG_NUMERIC(n);

	return kpi_is_numeric_number(revenue) && kpi_numeric_sign(revenue) < 0 ? zero : revenue;
}

/* Whether a row has a weight, in argument 3, and that is NULL: it is left out. */
static bool
without_weight(FunctionCallInfo fcinfo)
{
	return PG_NARGS() > 3 && PG_ARGISNULL(3);
}

/* How many customers a row is. */
static double
float8_weight(FunctionCallInfo fcinfo)
{
	return PG_NARGS() > 3 ? kpi_check_weight(PG_GETARG_FLOAT8(3)) : 1;
}

/* The transition of a measure of revenue, float8. */
static Datum
take_float8(FunctionCallInfo fcinfo, Measure measure)
{
	KpiRatioState *state = kpi_writable_fixed(fcinfo, sizeof(KpiRatioState));
	double		before = float8_revenue(fcinfo, 1);
	double		now = float8_revenue(fcinfo, 2);
	double		kept = Min(now, before);
	double		weight;

	if (without_weight(fcinfo) || (weight = float8_weight(fcinfo)) == 0)
		PG_RETURN_POINTER(state);
	if (!kpi_is_number(before) || !kpi_is_number(now))
		add_float8(state, NAN, NAN);
	else if (measure == QUICK_RATIO)
		add_float8(state, (now - kept) * weight, (before - kept) * weight);
	else if (before > 0)
		add_float8(state, (measure == NRR ? now : measure == GRR ? kept : before - kept) * weight, before * weight);
	PG_RETURN_POINTER(state);
}

/* Take part and whole of a row, times its weight if it has one. */
static KpiExactState *
add_weighted(FunctionCallInfo fcinfo, KpiExactState *state, Numeric part, Numeric whole)
{
	Numeric		weight;

	if (PG_NARGS() <= 3)
		return add_numeric(state, part, whole);
	weight = PG_GETARG_NUMERIC(3);
	return add_numeric(state, kpi_numeric_mul(part, weight), kpi_numeric_mul(whole, weight));
}

/* Whether a row is none or no customer, by its weight. */
static bool
is_nobody(FunctionCallInfo fcinfo)
{
	if (PG_NARGS() <= 3 || PG_ARGISNULL(3))
		return without_weight(fcinfo);
	kpi_check_numeric_weight(PG_GETARG_NUMERIC(3));
	return kpi_numeric_sign(PG_GETARG_NUMERIC(3)) == 0;
}

/* The same, numeric. */
static Datum
take_numeric(FunctionCallInfo fcinfo, Measure measure)
{
	KpiExactState *state = kpi_exact_writable(fcinfo);
	Numeric		before = numeric_revenue(fcinfo, 1);
	Numeric		now = numeric_revenue(fcinfo, 2);
	Numeric		kept = kpi_numeric_cmp(now, before) < 0 ? now : before;

	if (is_nobody(fcinfo))
		PG_RETURN_POINTER(state);
	if (!kpi_is_numeric_number(before) || !kpi_is_numeric_number(now))
		state->flags |= KPI_RATIO_HAS_INVALID;
	else if (measure == QUICK_RATIO)
		state = add_weighted(fcinfo, state, kpi_numeric_sub(now, kept), kpi_numeric_sub(before, kept));
	else if (kpi_numeric_sign(before) > 0)
		state = add_weighted(fcinfo, state, measure == NRR ? now : measure == GRR ? kept :
							 kpi_numeric_sub(before, kept), before);
	PG_RETURN_POINTER(state);
}

/* Transition of nrr over float8. */
PG_FUNCTION_INFO_V1(kpi_nrr_accum_float8);
Datum
kpi_nrr_accum_float8(PG_FUNCTION_ARGS)
{
	return take_float8(fcinfo, NRR);
}

/* Transition of nrr over numeric. */
PG_FUNCTION_INFO_V1(kpi_nrr_accum_numeric);
Datum
kpi_nrr_accum_numeric(PG_FUNCTION_ARGS)
{
	return take_numeric(fcinfo, NRR);
}

/* Transition of grr over float8. */
PG_FUNCTION_INFO_V1(kpi_grr_accum_float8);
Datum
kpi_grr_accum_float8(PG_FUNCTION_ARGS)
{
	return take_float8(fcinfo, GRR);
}

/* Transition of grr over numeric. */
PG_FUNCTION_INFO_V1(kpi_grr_accum_numeric);
Datum
kpi_grr_accum_numeric(PG_FUNCTION_ARGS)
{
	return take_numeric(fcinfo, GRR);
}

/* Transition of revenue_churn over float8. */
PG_FUNCTION_INFO_V1(kpi_revenue_churn_accum_float8);
Datum
kpi_revenue_churn_accum_float8(PG_FUNCTION_ARGS)
{
	return take_float8(fcinfo, REVENUE_CHURN);
}

/* Transition of revenue_churn over numeric. */
PG_FUNCTION_INFO_V1(kpi_revenue_churn_accum_numeric);
Datum
kpi_revenue_churn_accum_numeric(PG_FUNCTION_ARGS)
{
	return take_numeric(fcinfo, REVENUE_CHURN);
}

/* Transition of revenue_quick_ratio over float8. */
PG_FUNCTION_INFO_V1(kpi_revenue_quick_ratio_accum_float8);
Datum
kpi_revenue_quick_ratio_accum_float8(PG_FUNCTION_ARGS)
{
	return take_float8(fcinfo, QUICK_RATIO);
}

/* Transition of revenue_quick_ratio over numeric. */
PG_FUNCTION_INFO_V1(kpi_revenue_quick_ratio_accum_numeric);
Datum
kpi_revenue_quick_ratio_accum_numeric(PG_FUNCTION_ARGS)
{
	return take_numeric(fcinfo, QUICK_RATIO);
}

/* Customers of the opening base; counted where they are active now or where not. */
static Datum
count_customers(FunctionCallInfo fcinfo, bool active)
{
	KpiRatioState *state = kpi_writable_fixed(fcinfo, sizeof(KpiRatioState));
	bool		was = !PG_ARGISNULL(1) && PG_GETARG_BOOL(1);
	bool		is = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	double		weight;

	if (without_weight(fcinfo))
		PG_RETURN_POINTER(state);
	weight = float8_weight(fcinfo);
	if (was)
		add_float8(state, is == active ? weight : 0, weight);
	PG_RETURN_POINTER(state);
}

/* Transition of customer_churn. */
PG_FUNCTION_INFO_V1(kpi_customer_churn_accum);
Datum
kpi_customer_churn_accum(PG_FUNCTION_ARGS)
{
	return count_customers(fcinfo, false);
}

/* Transition of customer_retention. */
PG_FUNCTION_INFO_V1(kpi_customer_retention_accum);
Datum
kpi_customer_retention_accum(PG_FUNCTION_ARGS)
{
	return count_customers(fcinfo, true);
}

/* Transition of renewal_rate by count, and by value of float8. */
PG_FUNCTION_INFO_V1(kpi_renewal_rate_accum_float8);
Datum
kpi_renewal_rate_accum_float8(PG_FUNCTION_ARGS)
{
	KpiRatioState *state = kpi_writable_fixed(fcinfo, sizeof(KpiRatioState));
	bool		known = !PG_ARGISNULL(1) && (PG_NARGS() == 2 || !PG_ARGISNULL(2));
	double		value = known && PG_NARGS() > 2 ? PG_GETARG_FLOAT8(2) : 1;

	if (known)
		add_float8(state, PG_GETARG_BOOL(1) ? value : 0, value);
	PG_RETURN_POINTER(state);
}

/* Transition of renewal_rate by value of numeric. */
PG_FUNCTION_INFO_V1(kpi_renewal_rate_accum_numeric);
Datum
kpi_renewal_rate_accum_numeric(PG_FUNCTION_ARGS)
{
	KpiExactState *state = kpi_exact_writable(fcinfo);
	Numeric		value;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	value = PG_GETARG_NUMERIC(2);
	PG_RETURN_POINTER(add_numeric(state, PG_GETARG_BOOL(1) ? value : int64_to_numeric(0), value));
}

/* revenue_movement(previous, current, seen_before): its name; NULL where there is no revenue at all. */
PG_FUNCTION_INFO_V1(kpi_revenue_movement);
Datum
kpi_revenue_movement(PG_FUNCTION_ARGS)
{
	double		before = float8_revenue(fcinfo, 0);
	double		now = float8_revenue(fcinfo, 1);
	bool		seen = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	const char *name;

	if (!kpi_is_number(before) || !kpi_is_number(now) || (before == 0 && now == 0))
		PG_RETURN_NULL();
	if (before == 0)
		name = seen ? "resurrected" : "new";
	else if (now == 0)
		name = "churned";
	else
		name = now > before ? "expansion" : now < before ? "contraction" : "retained";
	PG_RETURN_TEXT_P(cstring_to_text(name));
}
