/*-------------------------------------------------------------------------
 *
 * ratio.c
 *	  Rates of a part in a whole, for one row and for the sums over rows.
 *
 *	quotient	part / whole: ratio, roas, churn_rate, retention_rate, cac,
 *				conversion_rate, market_share, budget_attainment
 *	return		(part - whole) / whole: roi
 *
 * Over rows both are taken of the sums, sum(part) and sum(whole), never as the
 * mean of the rows' ratios.  Part and whole are summed apart, so a NULL in one
 * of them leaves only that one out, as in sum(part) / nullif(sum(whole), 0).
 *
 * NULL rule: NULL where the part or the whole is missing altogether, where the
 * whole is 0, where any value is NaN or infinite, and for a quotient beyond
 * float8.  A float8 sum that overflows is an error, as in sum(float8).
 *
 * State: float8 sums are compensated, in 40 bytes; numeric sums are exact; see
 * ratio.h.  States with the parameters of an attainment keep them, and only
 * states with the same ones make one.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/exact.h"
#include "libpq/pqformat.h"
#include "rate/ratio.h"

#define PART KPI_RATIO_PART
#define WHOLE KPI_RATIO_WHOLE

StaticAssertDecl(sizeof(KpiRatioState) == 40, "ratio_state is declared with 40 bytes");

static const char *const float8_type = "kpi.ratio_state";
static const char *const numeric_type = "kpi.ratio_state_numeric";

/* (part - whole) / whole or part / whole of two doubles, NULL by rule. */
static Datum
float8_rate(FunctionCallInfo fcinfo, double part, double whole, bool less_one)
{
	double		rate;

	if (!kpi_is_number(part) || !kpi_is_number(whole) || whole == 0)
		PG_RETURN_NULL();
	rate = less_one ? (part - whole) / whole : part / whole;
	if (!kpi_is_number(rate))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(rate);
}

/* The same of two numerics. */
static Datum
numeric_rate(FunctionCallInfo fcinfo, Numeric part, Numeric whole, bool less_one)
{
	if (!kpi_is_numeric_number(part) || !kpi_is_numeric_number(whole) ||
		kpi_numeric_sign(whole) == 0)
		PG_RETURN_NULL();
	if (less_one)
		part = kpi_numeric_sub(part, whole);
	PG_RETURN_NUMERIC(kpi_numeric_div(part, whole));
}

/* ratio(part, whole) and its named twins: NULL where the whole is 0. */
PG_FUNCTION_INFO_V1(kpi_ratio_float8);
Datum
kpi_ratio_float8(PG_FUNCTION_ARGS)
{
	return float8_rate(fcinfo, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), false);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_ratio_numeric);
Datum
kpi_ratio_numeric(PG_FUNCTION_ARGS)
{
	return numeric_rate(fcinfo, PG_GETARG_NUMERIC(0), PG_GETARG_NUMERIC(1), false);
}

/* roi(gain, cost): (gain - cost) / cost, NULL where the cost is 0. */
PG_FUNCTION_INFO_V1(kpi_roi_float8);
Datum
kpi_roi_float8(PG_FUNCTION_ARGS)
{
	return float8_rate(fcinfo, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), true);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_roi_numeric);
Datum
kpi_roi_numeric(PG_FUNCTION_ARGS)
{
	return numeric_rate(fcinfo, PG_GETARG_NUMERIC(0), PG_GETARG_NUMERIC(1), true);
}

/* The float8 state of an argument, to be written. */
KpiRatioState *
kpi_ratio_writable(FunctionCallInfo fcinfo)
{
	KpiRatioState *state;

	if (!PG_ARGISNULL(0) && kpi_is_aggregate(fcinfo))
		return (KpiRatioState *) PG_GETARG_POINTER(0);
	state = palloc0(sizeof(KpiRatioState));
	if (PG_ARGISNULL(0))
		state->version = KPI_STATE_VERSION;
	else
		memcpy(state, PG_GETARG_POINTER(0), sizeof(KpiRatioState));
	return state;
}

/* Parameters belong to the group, not to its rows. */
void
kpi_ratio_check_policy(bool same)
{
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("direction and zero_target differ between the rows of one group"),
				 errhint("Pass the same direction and zero_target for all rows that are summed together.")));
}

/* Transition of the float8 aggregates. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_accum);
Datum
kpi_ratio_state_accum(PG_FUNCTION_ARGS)
{
	KpiRatioState *state = kpi_ratio_writable(fcinfo);

	kpi_ratio_add_row(fcinfo, state);
	PG_RETURN_POINTER(state);
}

/* Two float8 states as one; NULL where both are. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_combine);
Datum
kpi_ratio_state_combine(PG_FUNCTION_ARGS)
{
	KpiRatioState *state;
	const KpiRatioState *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	state = kpi_ratio_writable(fcinfo);
	other = (const KpiRatioState *) PG_GETARG_POINTER(1);
	if (PG_ARGISNULL(0))
		state->policy = other->policy;
	kpi_ratio_check_policy(state->policy == other->policy);
	state->flags |= other->flags;
	for (int i = PART; i <= WHOLE; i++)
	{
		kpi_sum_add_sum(&state->sum[i], &other->sum[i]);
		if (!kpi_is_number(state->sum[i].hi))
			float_overflow_error();
	}
	PG_RETURN_POINTER(state);
}

/* The rate of a float8 state. */
static Datum
float8_state_rate(FunctionCallInfo fcinfo, bool less_one)
{
	const KpiRatioState *state = (const KpiRatioState *) PG_GETARG_POINTER(0);
	KpiSum		part = state->sum[PART];
	KpiSum		whole = state->sum[WHOLE];
	double		rate;

	if (state->flags != KPI_RATIO_HAS_BOTH || kpi_sum_value(whole) == 0)
		PG_RETURN_NULL();
	if (less_one)
	{
		kpi_sum_add(&part, -whole.hi);
		part.lo -= whole.lo;
	}
	rate = kpi_sum_quotient(part, whole);
	if (!kpi_is_number(rate))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(rate);
}

/* ratio(ratio_state): sum(part) / sum(whole). */
PG_FUNCTION_INFO_V1(kpi_ratio_state_ratio);
Datum
kpi_ratio_state_ratio(PG_FUNCTION_ARGS)
{
	return float8_state_rate(fcinfo, false);
}

/* roi(ratio_state): (sum(gain) - sum(cost)) / sum(cost). */
PG_FUNCTION_INFO_V1(kpi_ratio_state_roi);
Datum
kpi_ratio_state_roi(PG_FUNCTION_ARGS)
{
	return float8_state_rate(fcinfo, true);
}

/* Refuse flags and sums that no aggregate makes. */
static bool
is_sound(const KpiRatioState *state)
{
	for (int i = PART; i <= WHOLE; i++)
	{
		if (!kpi_is_number(state->sum[i].hi) || !kpi_is_number(state->sum[i].lo))
			return false;
		if (!(state->flags & (1 << i)) && (state->sum[i].hi != 0 || state->sum[i].lo != 0))
			return false;
	}
	return (state->flags & ~KPI_RATIO_ALL_FLAGS) == 0 && state->policy < KPI_RATIO_POLICIES;
}

/* Text form: version, policy, flags, then the two parts of each sum. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_out);
Datum
kpi_ratio_state_out(PG_FUNCTION_ARGS)
{
	const KpiRatioState *state = (const KpiRatioState *) PG_GETARG_POINTER(0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%d %d %d", state->version, state->policy, state->flags);
	for (int i = PART; i <= WHOLE; i++)
	{
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, state->sum[i].hi);
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, state->sum[i].lo);
	}
	PG_RETURN_CSTRING(out.data);
}

/* Reads the text form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_in);
Datum
kpi_ratio_state_in(PG_FUNCTION_ARGS)
{
	KpiRatioState *state = palloc0(sizeof(KpiRatioState));
	KpiForm		form;

	kpi_form_start(&form, float8_type, PG_GETARG_CSTRING(0));
	kpi_check_version(float8_type, (int) kpi_form_int64(&form, 0, PG_UINT8_MAX));
	state->version = KPI_STATE_VERSION;
	state->policy = (uint8) kpi_form_int64(&form, 0, PG_UINT8_MAX);
	state->flags = (uint8) kpi_form_int64(&form, 0, KPI_RATIO_ALL_FLAGS);
	for (int i = PART; i <= WHOLE; i++)
	{
		state->sum[i].hi = kpi_form_double(&form);
		state->sum[i].lo = kpi_form_double(&form);
	}
	kpi_form_end(&form);
	if (!is_sound(state))
		kpi_form_fail(&form);
	PG_RETURN_POINTER(state);
}

/* Binary form: the same fields. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_send);
Datum
kpi_ratio_state_send(PG_FUNCTION_ARGS)
{
	const KpiRatioState *state = (const KpiRatioState *) PG_GETARG_POINTER(0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbyte(&out, state->version);
	pq_sendbyte(&out, state->policy);
	pq_sendbyte(&out, state->flags);
	for (int i = PART; i <= WHOLE; i++)
	{
		pq_sendfloat8(&out, state->sum[i].hi);
		pq_sendfloat8(&out, state->sum[i].lo);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* Reads the binary form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_recv);
Datum
kpi_ratio_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	KpiRatioState *state = palloc0(sizeof(KpiRatioState));

	kpi_check_version(float8_type, pq_getmsgbyte(in));
	state->version = KPI_STATE_VERSION;
	state->policy = (uint8) pq_getmsgbyte(in);
	state->flags = (uint8) pq_getmsgbyte(in);
	for (int i = PART; i <= WHOLE; i++)
	{
		state->sum[i].hi = pq_getmsgfloat8(in);
		state->sum[i].lo = pq_getmsgfloat8(in);
	}
	pq_getmsgend(in);
	if (!is_sound(state))
		kpi_bad_binary(float8_type);
	PG_RETURN_POINTER(state);
}

/* Transition of the numeric aggregates. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_accum);
Datum
kpi_ratio_state_numeric_accum(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(kpi_ratio_add_numeric_row(fcinfo, kpi_exact_writable(fcinfo, 0)));
}

/* Two numeric states as one; NULL where both are. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_combine);
Datum
kpi_ratio_state_numeric_combine(PG_FUNCTION_ARGS)
{
	KpiExactState *state;
	KpiExactState room;
	const KpiExactState *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	state = kpi_exact_writable(fcinfo, 0);
	other = kpi_exact_given(PG_GETARG_DATUM(1), &room);
	if (PG_ARGISNULL(0))
		state->policy = other->policy;
	kpi_ratio_check_policy(state->policy == other->policy);
	state->flags |= other->flags;
	for (int i = PART; i <= WHOLE; i++)
		state->number[i] += other->number[i];
	PG_RETURN_POINTER(kpi_exact_add_state(state, other));
}

/* The rate of a numeric state. */
static Datum
numeric_state_rate(FunctionCallInfo fcinfo, bool less_one)
{
	const KpiExactState *state = (const KpiExactState *) PG_GETARG_VARLENA_P(0);

	if (state->flags != KPI_RATIO_HAS_BOTH)
		PG_RETURN_NULL();
	return numeric_rate(fcinfo, kpi_exact_value(state, PART),
						kpi_exact_value(state, WHOLE), less_one);
}

/* ratio(ratio_state_numeric): sum(part) / sum(whole), exact. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_ratio);
Datum
kpi_ratio_state_numeric_ratio(PG_FUNCTION_ARGS)
{
	return numeric_state_rate(fcinfo, false);
}

/* roi(ratio_state_numeric): (sum(gain) - sum(cost)) / sum(cost), exact. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_roi);
Datum
kpi_ratio_state_numeric_roi(PG_FUNCTION_ARGS)
{
	return numeric_state_rate(fcinfo, true);
}

/* Refuse flags and counts that no aggregate makes. */
static bool
is_sound_numeric(const KpiExactState *state)
{
	for (int i = PART; i <= WHOLE; i++)
	{
		if (((state->flags >> i) & 1) != (state->number[i] > 0))
			return false;
		if (state->number[i] == 0 && kpi_numeric_sign(kpi_exact_value(state, i)) != 0)
			return false;
	}
	return (state->flags & ~KPI_RATIO_ALL_FLAGS) == 0 && state->policy < KPI_RATIO_POLICIES;
}

/* Text form: see exactsum.c. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_out);
Datum
kpi_ratio_state_numeric_out(PG_FUNCTION_ARGS)
{
	const KpiExactState *state = (const KpiExactState *) PG_GETARG_VARLENA_P(0);
	StringInfoData out;

	initStringInfo(&out);
	kpi_exact_append(&out, state, 2);
	PG_RETURN_CSTRING(out.data);
}

/* Reads the text form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_in);
Datum
kpi_ratio_state_numeric_in(PG_FUNCTION_ARGS)
{
	KpiExactState *state;
	KpiForm		form;

	kpi_form_start(&form, numeric_type, PG_GETARG_CSTRING(0));
	state = kpi_exact_read(&form, 2);
	kpi_form_end(&form);
	if (!is_sound_numeric(state))
		kpi_form_fail(&form);
	PG_RETURN_POINTER(state);
}

/* Binary form: see exactsum.c. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_send);
Datum
kpi_ratio_state_numeric_send(PG_FUNCTION_ARGS)
{
	const KpiExactState *state = (const KpiExactState *) PG_GETARG_VARLENA_P(0);
	StringInfoData out;

	pq_begintypsend(&out);
	kpi_exact_send(&out, state, 2);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* Reads the binary form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_ratio_state_numeric_recv);
Datum
kpi_ratio_state_numeric_recv(PG_FUNCTION_ARGS)
{
	KpiExactState *state = kpi_exact_receive((StringInfo) PG_GETARG_POINTER(0), numeric_type, 2);

	if (!is_sound_numeric(state))
		kpi_bad_binary(numeric_type);
	PG_RETURN_POINTER(state);
}
