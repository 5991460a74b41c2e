/*-------------------------------------------------------------------------
 *
 * triples_form.c
 *	  Text and binary form of kpi.customer_state.
 *
 * Text form: version, penalty or -, number of triples, then for every triple
 * frequency, recency, t and weight, in the order of t, recency and frequency.
 * Binary form: the same fields.  Both take whatever an aggregate makes, and
 * refuse the rest.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/triples.h"

#include "base/form.h"
#include "libpq/pqformat.h"

#define TYPE_NAME "kpi.customer_state"

/* Text form. */
PG_FUNCTION_INFO_V1(kpi_customer_state_out);
Datum
kpi_customer_state_out(PG_FUNCTION_ARGS)
{
	const KpiCustomerState *state = kpi_state_argument(fcinfo, 0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%d ", state->version);
	if (state->has_penalty)
		kpi_append_double(&out, state->penalty);
	else
		appendStringInfoChar(&out, '-');
	appendStringInfo(&out, " %d", state->count);
	for (int i = 0; i < state->count; i++)
	{
		const KpiTriple *triple = &state->triple[i];
		double		value[] = {triple->frequency, triple->recency, triple->t, triple->weight};

		for (int j = 0; j < 4; j++)
		{
			appendStringInfoChar(&out, ' ');
			kpi_append_double(&out, value[j]);
		}
	}
	PG_RETURN_CSTRING(out.data);
}

/* Room for the triples of an outward form, all of them. */
static KpiCustomerState *
new_state(int version, int64 count)
{
	KpiCustomerState *state;

	kpi_check_version(TYPE_NAME, version);
	state = kpi_copy_customers(NULL, (int) count);
	state->count = (int32) count;
	return state;
}

/* The triples read from an outward form: checked, sorted, merged. */
static KpiCustomerState *
check_state(KpiCustomerState *state)
{
	for (int i = 0; i < state->count; i++)
	{
		const KpiTriple *triple = &state->triple[i];

		kpi_check_customer(triple->frequency, triple->recency, triple->t);
		kpi_check_customers_weight(triple->weight);
	}
	kpi_sort_customers(state);
	return state;
}

/* Reads the text form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_customer_state_in);
Datum
kpi_customer_state_in(PG_FUNCTION_ARGS)
{
	KpiCustomerState *state;
	KpiForm		form;
	char	   *penalty;
	int			version;
	Size		length = strlen(PG_GETARG_CSTRING(0));

	kpi_form_start(&form, TYPE_NAME, PG_GETARG_CSTRING(0));
	version = (int) kpi_form_int64(&form, 0, PG_UINT8_MAX);
	penalty = kpi_form_word(&form);
	/* a triple takes eight bytes at least */
	state = new_state(version, kpi_form_int64(&form, 0, Min(length / 8, KPI_MAX_TRIPLES)));
	if (strcmp(penalty, "-") != 0)
	{
		KpiForm		number = form;

		number.next = penalty;
		kpi_set_customers_penalty(state, kpi_check_penalty(kpi_form_double(&number)));
	}
	for (int i = 0; i < state->count; i++)
	{
		state->triple[i].frequency = kpi_form_double(&form) + 0.0;
		state->triple[i].recency = kpi_form_double(&form) + 0.0;
		state->triple[i].t = kpi_form_double(&form) + 0.0;
		state->triple[i].weight = kpi_form_double(&form);
	}
	kpi_form_end(&form);
	PG_RETURN_POINTER(check_state(state));
}

/* Binary form: the same fields. */
PG_FUNCTION_INFO_V1(kpi_customer_state_send);
Datum
kpi_customer_state_send(PG_FUNCTION_ARGS)
{
	const KpiCustomerState *state = kpi_state_argument(fcinfo, 0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbyte(&out, state->version);
	pq_sendbyte(&out, state->has_penalty);
	pq_sendfloat8(&out, state->penalty);
	pq_sendint32(&out, state->count);
	for (int i = 0; i < state->count; i++)
	{
		pq_sendfloat8(&out, state->triple[i].frequency);
		pq_sendfloat8(&out, state->triple[i].recency);
		pq_sendfloat8(&out, state->triple[i].t);
		pq_sendfloat8(&out, state->triple[i].weight);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* Reads the binary form; whatever no aggregate makes is refused. */
PG_FUNCTION_INFO_V1(kpi_customer_state_recv);
Datum
kpi_customer_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(in);
	int			has_penalty = pq_getmsgbyte(in);
	double		penalty = pq_getmsgfloat8(in);
	int64		count = pq_getmsgint(in, 4);
	KpiCustomerState *state;

	if (has_penalty > 1 || (!has_penalty && penalty != 0) ||
		count > (in->len - in->cursor) / (int64) sizeof(KpiTriple))
		kpi_bad_binary(TYPE_NAME);
	state = new_state(version, count);
	if (has_penalty)
		kpi_set_customers_penalty(state, kpi_check_penalty(penalty));
	for (int i = 0; i < state->count; i++)
	{
		state->triple[i].frequency = pq_getmsgfloat8(in) + 0.0;
		state->triple[i].recency = pq_getmsgfloat8(in) + 0.0;
		state->triple[i].t = pq_getmsgfloat8(in) + 0.0;
		state->triple[i].weight = pq_getmsgfloat8(in);
	}
	pq_getmsgend(in);
	PG_RETURN_POINTER(check_state(state));
}
