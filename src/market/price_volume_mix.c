/*-------------------------------------------------------------------------
 *
 * price_volume_mix.c
 *	  Why revenue changed: price, volume, mix, new and lost items.
 *
 * With quantity q0 and price p0 of an item before and q1, p1 after, and the
 * sums Q0, Q1 of the quantities over the items sold in both:
 *
 *	price		sum((p1 - p0) q1)
 *	volume		(Q1 - Q0) sum(p0 q0) / Q0, all items growing alike
 *	mix			sum(p0 q1) - Q1 sum(p0 q0) / Q0, towards dear or cheap items
 *	new			sum(p1 q1) over items that were not sold before
 *	lost		-sum(p0 q0) over items that are no longer sold
 *
 * They add up to sum(p1 q1) - sum(p0 q0): mix is taken as what is left of
 * sum(p0 q1) - sum(p0 q0) after volume.
 *
 * NULL rule: a NULL quantity is 0, an item of quantity 0 both times is nothing;
 * an item with a quantity and no price is left out and counted.  All are NULL
 * where a number that matters is NaN or infinite; volume and mix where Q0 is 0
 * though items were sold in both, as returns can make it.
 *
 * State: seven sums of numbers and products; compensated for float8, exact for
 * numeric, two in each of four KpiExactState.
 *
 * P. W. Farris et al., Marketing Metrics, 3rd edition (2016), chapter 3; the
 * split is that of the sales variance of cost accounting: C. T. Horngren,
 * S. M. Datar and M. V. Rajan, Cost Accounting, 14th edition (2012), chapter 14.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/htup_details.h"
#include "base/check.h"
#include "base/exactsum.h"
#include "base/form.h"
#include "base/layout.h"
#include "base/scalar.h"
#include "base/state.h"
#include "base/twosum.h"
#include "common/int.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/float.h"

#define HAS_INVALID 0x01

/* The sums of a state; the first five are of items sold before and after. */
enum
{
	AFTER,						/* p1 q1 */
	AT_OLD_PRICE,				/* p0 q1 */
	BEFORE,						/* p0 q0 */
	QUANTITY_AFTER,				/* q1 */
	QUANTITY_BEFORE,			/* q0 */
	NEW_ITEMS,					/* p1 q1 of items that were not sold before */
	LOST_ITEMS,					/* p0 q0 of items that are no longer sold */
	SUMS
};

/* Arguments after the state. */
enum
{
	ARG_Q0 = 1, ARG_P0, ARG_Q1, ARG_P1
};

/* Columns of kpi.price_volume_mix_parts. */
enum
{
	COLUMN_PRICE, COLUMN_VOLUME, COLUMN_MIX, COLUMN_NEW, COLUMN_LOST, COLUMN_TOTAL, COLUMN_LEFT_OUT,
	COLUMNS
};

typedef struct KpiMixState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		flags;
	uint8		unused[6];
	int64		left_out;		/* items without a price */
	KpiSum		sum[SUMS];
} KpiMixState;

StaticAssertDecl(sizeof(KpiMixState) == 128, "price_volume_mix_state is declared with 128 bytes");

#define PARTS ((SUMS + KPI_EXACT_SUMS - 1) / KPI_EXACT_SUMS)

/* The same for numeric: the sums are in KpiExactStates, one after the other. */
typedef struct KpiMixStateNumeric
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		flags;
	uint16		unused;
	int64		left_out;
	char		part[FLEXIBLE_ARRAY_MEMBER];
} KpiMixStateNumeric;

/* What a row is: sold before, sold after. */
#define SOLD_BEFORE 1
#define SOLD_AFTER 2

/* Count items that are left out. */
static void
add_left_out(int64 *left_out, int64 more)
{
	if (pg_add_s64_overflow(*left_out, more, left_out))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of items out of range")));
}

/* Whether a price is missing that the item needs. */
static bool
lacks_price(FunctionCallInfo fcinfo, int sold)
{
	return ((sold & SOLD_BEFORE) && PG_ARGISNULL(ARG_P0)) ||
		((sold & SOLD_AFTER) && PG_ARGISNULL(ARG_P1));
}

/* Take a row of doubles into the sums. */
static void
add_item(KpiMixState *state, int sold, double q0, double p0, double q1, double p1)
{
	if (sold == SOLD_BEFORE)
		kpi_sum_add_product(&state->sum[LOST_ITEMS], p0, q0);
	else if (sold == SOLD_AFTER)
		kpi_sum_add_product(&state->sum[NEW_ITEMS], p1, q1);
	else
	{
		kpi_sum_add_product(&state->sum[AFTER], p1, q1);
		kpi_sum_add_product(&state->sum[AT_OLD_PRICE], p0, q1);
		kpi_sum_add_product(&state->sum[BEFORE], p0, q0);
		kpi_sum_add(&state->sum[QUANTITY_AFTER], q1);
		kpi_sum_add(&state->sum[QUANTITY_BEFORE], q0);
	}
	for (int i = 0; i < SUMS; i++)
	{
		if (!kpi_is_number(state->sum[i].hi))
			float_overflow_error();
	}
}

/* An argument as a double, 0 for NULL. */
static double
argument(FunctionCallInfo fcinfo, int i)
{
	return PG_ARGISNULL(i) ? 0 : PG_GETARG_FLOAT8(i);
}

/* Transition for float8. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_accum);
Datum
kpi_price_volume_mix_state_accum(PG_FUNCTION_ARGS)
{
	KpiMixState *state = kpi_writable_fixed(fcinfo, sizeof(KpiMixState));
	double		q0 = argument(fcinfo, ARG_Q0);
	double		p0 = argument(fcinfo, ARG_P0);
	double		q1 = argument(fcinfo, ARG_Q1);
	double		p1 = argument(fcinfo, ARG_P1);
	int			sold = (q0 != 0 ? SOLD_BEFORE : 0) | (q1 != 0 ? SOLD_AFTER : 0);

	if (sold == 0)
		PG_RETURN_POINTER(state);
	if (lacks_price(fcinfo, sold))
		add_left_out(&state->left_out, 1);
	else if (!kpi_is_number(q0) || !kpi_is_number(q1) || ((sold & SOLD_BEFORE) && !kpi_is_number(p0)) ||
			 ((sold & SOLD_AFTER) && !kpi_is_number(p1)))
		state->flags |= HAS_INVALID;
	else
		add_item(state, sold, q0, p0, q1, p1);
	PG_RETURN_POINTER(state);
}

/* Combine two float8 states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_combine);
Datum
kpi_price_volume_mix_state_combine(PG_FUNCTION_ARGS)
{
	KpiMixState *state;
	const KpiMixState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(KpiMixState));
	other = (const KpiMixState *) PG_GETARG_POINTER(1);
	state->flags |= other->flags;
	add_left_out(&state->left_out, other->left_out);
	for (int i = 0; i < SUMS; i++)
	{
		kpi_sum_add_sum(&state->sum[i], &other->sum[i]);
		if (!kpi_is_number(kpi_sum_value(state->sum[i])))
			float_overflow_error();
	}
	PG_RETURN_POINTER(state);
}

/* The parts as a row; NULL where there is none. */
static Datum
make_row(FunctionCallInfo fcinfo, Datum *value, const bool *is_null, int64 left_out)
{
	TupleDesc	desc;
	bool		nulls[COLUMNS];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	memcpy(nulls, is_null, COLUMN_LEFT_OUT * sizeof(bool));
	value[COLUMN_LEFT_OUT] = Int64GetDatum(left_out);
	nulls[COLUMN_LEFT_OUT] = false;
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), value, nulls)));
}

/* Whether any of the sums of items sold before and after is not 0. */
static bool
any_kept(const KpiSum *sum)
{
	for (int i = AFTER; i <= QUANTITY_BEFORE; i++)
	{
		if (kpi_sum_value(sum[i]) != 0)
			return true;
	}
	return false;
}

/* price_volume_mix(state): float8. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_parts);
Datum
kpi_price_volume_mix_state_parts(PG_FUNCTION_ARGS)
{
	const KpiMixState *state = (const KpiMixState *) PG_GETARG_POINTER(0);
	const KpiSum *sum = state->sum;
	double		part[COLUMN_LEFT_OUT] = {0};
	KpiSum		quantity = kpi_sum_difference(sum[QUANTITY_AFTER], sum[QUANTITY_BEFORE]);
	KpiSum		shift = kpi_sum_difference(sum[AT_OLD_PRICE], sum[BEFORE]);
	KpiSum		total = kpi_sum_difference(sum[AFTER], sum[BEFORE]);
	bool		has_base = kpi_sum_value(sum[QUANTITY_BEFORE]) != 0;
	Datum		value[COLUMNS];
	bool		is_null[COLUMN_LEFT_OUT];

	part[COLUMN_PRICE] = kpi_sum_value(kpi_sum_difference(sum[AFTER], sum[AT_OLD_PRICE]));
	if (has_base)
	{
		part[COLUMN_VOLUME] = kpi_sum_quotient(kpi_sum_product(quantity, sum[BEFORE]), sum[QUANTITY_BEFORE]);
		kpi_sum_add(&shift, -part[COLUMN_VOLUME]);
		part[COLUMN_MIX] = kpi_sum_value(shift);
	}
	part[COLUMN_NEW] = kpi_sum_value(sum[NEW_ITEMS]);
	part[COLUMN_LOST] = 0 - kpi_sum_value(sum[LOST_ITEMS]);
	kpi_sum_add_sum(&total, &sum[NEW_ITEMS]);
	part[COLUMN_TOTAL] = kpi_sum_value(kpi_sum_difference(total, sum[LOST_ITEMS]));
	for (int i = 0; i < COLUMN_LEFT_OUT; i++)
	{
		value[i] = Float8GetDatum(part[i]);
		is_null[i] = (state->flags & HAS_INVALID) || !kpi_is_number(part[i]);
	}
	if (!has_base && any_kept(sum))
		is_null[COLUMN_VOLUME] = is_null[COLUMN_MIX] = true;
	return make_row(fcinfo, value, is_null, state->left_out);
}

/* Whether an aggregate could have this state. */
static bool
accept_float8(void *value)
{
	return (((const KpiMixState *) value)->flags & ~HAS_INVALID) == 0;
}

static const KpiLayout layout = {
	.type = "kpi.price_volume_mix_state",
	.size = sizeof(KpiMixState),
	.field = {
		KPI_FIELD(VERSION, KpiMixState, version),
		KPI_FIELD(BYTE, KpiMixState, flags),
		KPI_FIELD(COUNT, KpiMixState, left_out),
		KPI_FIELD(DOUBLE, KpiMixState, sum)
	},
	.accept = accept_float8
};

KPI_STATE_FORMS(kpi_price_volume_mix_state, layout)

/* Where the parts of a numeric state begin. */
static void
find_parts(const KpiMixStateNumeric *state, KpiExactState **part)
{
	const char *next = state->part;

	for (int i = 0; i < PARTS; i++)
	{
		part[i] = (KpiExactState *) next;
		next += MAXALIGN(VARSIZE(next));
	}
}

/* A numeric state of these parts, in the current context. */
static KpiMixStateNumeric *
make_numeric_state(KpiExactState **part, int flags, int64 left_out)
{
	Size		size = offsetof(KpiMixStateNumeric, part);
	KpiMixStateNumeric *state;
	char	   *next;

	for (int i = 0; i < PARTS; i++)
		size += MAXALIGN(VARSIZE(part[i]));
	state = palloc0(size);
	SET_VARSIZE(state, size);
	state->version = KPI_STATE_VERSION;
	state->flags = (uint8) flags;
	state->left_out = left_out;
	next = state->part;
	for (int i = 0; i < PARTS; i++)
	{
		memcpy(next, part[i], VARSIZE(part[i]));
		next += MAXALIGN(VARSIZE(part[i]));
	}
	return state;
}

/* A numeric state without items. */
static KpiMixStateNumeric *
empty_numeric_state(void)
{
	KpiExactState *part[PARTS];

	for (int i = 0; i < PARTS; i++)
		part[i] = kpi_exact_make();
	return make_numeric_state(part, 0, 0);
}

/* The numeric state in argument 0, to be written; an empty one for NULL. */
static KpiMixStateNumeric *
writable_numeric_state(FunctionCallInfo fcinfo)
{
	KpiMixStateNumeric *state = kpi_writable_varlena(fcinfo);

	return state != NULL ? state : empty_numeric_state();
}

/* The state with its parts after a change: the same one, unless a part has moved. */
static KpiMixStateNumeric *
gather_parts(KpiMixStateNumeric *state, KpiExactState **part)
{
	KpiExactState *before[PARTS];

	find_parts(state, before);
	for (int i = 0; i < PARTS; i++)
	{
		if (part[i] != before[i])
			return make_numeric_state(part, state->flags, state->left_out);
	}
	return state;
}

/* Add a product to a sum of the parts. */
static void
add_product(KpiExactState **part, int sum, const KpiFactor *a, const KpiFactor *b)
{
	KpiExactState **of = &part[sum / KPI_EXACT_SUMS];

	*of = kpi_exact_add_product(*of, sum % KPI_EXACT_SUMS, a, b);
}

/* Add a quantity to a sum of the parts. */
static void
add_quantity(KpiExactState **part, int sum, const KpiFactor *a)
{
	KpiExactState **of = &part[sum / KPI_EXACT_SUMS];

	*of = kpi_exact_add_factor(*of, sum % KPI_EXACT_SUMS, a);
}

/* Read an argument; false for NULL, which reads as 0. */
static bool
read_argument(FunctionCallInfo fcinfo, int i, KpiFactor *factor)
{
	memset(factor, 0, sizeof(KpiFactor));
	if (PG_ARGISNULL(i))
		return false;
	kpi_read_factor(PG_GETARG_DATUM(i), factor);
	return true;
}

/* Read the quantities; when the item was sold. */
static int
read_quantities(FunctionCallInfo fcinfo, KpiFactor *q0, KpiFactor *q1)
{
	int			sold = 0;

	if (read_argument(fcinfo, ARG_Q0, q0) && (q0->decoded != KPI_DECODED || q0->value != 0))
		sold |= SOLD_BEFORE;
	if (read_argument(fcinfo, ARG_Q1, q1) && (q1->decoded != KPI_DECODED || q1->value != 0))
		sold |= SOLD_AFTER;
	return sold;
}

/* Take a row of numerics into the sums. */
static void
add_numeric_item(KpiExactState **part, int sold, const KpiFactor *q0, const KpiFactor *p0,
				 const KpiFactor *q1, const KpiFactor *p1)
{
	if (sold == SOLD_BEFORE)
		add_product(part, LOST_ITEMS, p0, q0);
	else if (sold == SOLD_AFTER)
		add_product(part, NEW_ITEMS, p1, q1);
	else
	{
		add_product(part, AFTER, p1, q1);
		add_product(part, AT_OLD_PRICE, p0, q1);
		add_product(part, BEFORE, p0, q0);
		add_quantity(part, QUANTITY_AFTER, q1);
		add_quantity(part, QUANTITY_BEFORE, q0);
	}
}

/* Transition for numeric. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_numeric_accum);
Datum
kpi_price_volume_mix_state_numeric_accum(PG_FUNCTION_ARGS)
{
	KpiMixStateNumeric *state = writable_numeric_state(fcinfo);
	KpiExactState *part[PARTS];
	KpiFactor	q0;
	KpiFactor	p0;
	KpiFactor	q1;
	KpiFactor	p1;
	int			sold = read_quantities(fcinfo, &q0, &q1);

	if (sold == 0)
		PG_RETURN_POINTER(state);
	if (lacks_price(fcinfo, sold))
	{
		add_left_out(&state->left_out, 1);
		PG_RETURN_POINTER(state);
	}
	read_argument(fcinfo, ARG_P0, &p0);
	read_argument(fcinfo, ARG_P1, &p1);
	if (q0.decoded == KPI_NOT_A_NUMBER || q1.decoded == KPI_NOT_A_NUMBER ||
		((sold & SOLD_BEFORE) && p0.decoded == KPI_NOT_A_NUMBER) ||
		((sold & SOLD_AFTER) && p1.decoded == KPI_NOT_A_NUMBER))
	{
		state->flags |= HAS_INVALID;
		PG_RETURN_POINTER(state);
	}
	find_parts(state, part);
	add_numeric_item(part, sold, &q0, &p0, &q1, &p1);
	PG_RETURN_POINTER(gather_parts(state, part));
}

/* Combine two numeric states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_numeric_combine);
Datum
kpi_price_volume_mix_state_numeric_combine(PG_FUNCTION_ARGS)
{
	KpiMixStateNumeric *state;
	const KpiMixStateNumeric *other;
	KpiExactState *part[PARTS];
	KpiExactState *more[PARTS];

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = writable_numeric_state(fcinfo);
	other = (const KpiMixStateNumeric *) PG_GETARG_VARLENA_P(1);
	state->flags |= other->flags;
	add_left_out(&state->left_out, other->left_out);
	find_parts(state, part);
	find_parts(other, more);
	for (int i = 0; i < PARTS; i++)
		part[i] = kpi_exact_add_state(part[i], more[i]);
	PG_RETURN_POINTER(gather_parts(state, part));
}

/* The sums of a numeric state. */
static void
read_sums(const KpiMixStateNumeric *state, Numeric *sum)
{
	KpiExactState *part[PARTS];

	find_parts(state, part);
	for (int i = 0; i < SUMS; i++)
		sum[i] = kpi_exact_value(part[i / KPI_EXACT_SUMS], i % KPI_EXACT_SUMS);
}

/* The same of numerics. */
static bool
any_kept_numeric(const Numeric *sum)
{
	for (int i = AFTER; i <= QUANTITY_BEFORE; i++)
	{
		if (kpi_numeric_sign(sum[i]) != 0)
			return true;
	}
	return false;
}

/* price_volume_mix(state): numeric. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_numeric_parts);
Datum
kpi_price_volume_mix_state_numeric_parts(PG_FUNCTION_ARGS)
{
	const KpiMixStateNumeric *state = (const KpiMixStateNumeric *) PG_GETARG_VARLENA_P(0);
	Numeric		zero = int64_to_numeric(0);
	Numeric		sum[SUMS];
	Numeric		part[COLUMN_LEFT_OUT];
	Numeric		shift;
	Datum		value[COLUMNS];
	bool		is_null[COLUMN_LEFT_OUT];

	read_sums(state, sum);
	shift = kpi_numeric_sub(sum[AT_OLD_PRICE], sum[BEFORE]);
	part[COLUMN_PRICE] = kpi_numeric_sub(sum[AFTER], sum[AT_OLD_PRICE]);
	part[COLUMN_VOLUME] = zero;
	if (kpi_numeric_sign(sum[QUANTITY_BEFORE]) != 0)
		part[COLUMN_VOLUME] = kpi_numeric_div(kpi_numeric_mul(kpi_numeric_sub(sum[QUANTITY_AFTER], sum[QUANTITY_BEFORE]),
															  sum[BEFORE]), sum[QUANTITY_BEFORE]);
	part[COLUMN_MIX] = kpi_numeric_sub(shift, part[COLUMN_VOLUME]);
	part[COLUMN_NEW] = sum[NEW_ITEMS];
	part[COLUMN_LOST] = kpi_numeric_sub(zero, sum[LOST_ITEMS]);
	part[COLUMN_TOTAL] = kpi_numeric_add(kpi_numeric_sub(sum[AFTER], sum[BEFORE]),
										 kpi_numeric_sub(sum[NEW_ITEMS], sum[LOST_ITEMS]));
	for (int i = 0; i < COLUMN_LEFT_OUT; i++)
	{
		value[i] = NumericGetDatum(part[i]);
		is_null[i] = (state->flags & HAS_INVALID) != 0;
	}
	if (kpi_numeric_sign(sum[QUANTITY_BEFORE]) == 0 && any_kept_numeric(sum))
		is_null[COLUMN_VOLUME] = is_null[COLUMN_MIX] = true;
	return make_row(fcinfo, value, is_null, state->left_out);
}

static const char *const numeric_type = "kpi.price_volume_mix_state_numeric";

/* A numeric state that was read. */
static KpiMixStateNumeric *
restore_state(int flags, int64 left_out, Numeric *sum)
{
	KpiExactState *part[PARTS];

	for (int i = 0; i < PARTS; i++)
		part[i] = kpi_exact_make();
	for (int i = 0; i < SUMS; i++)
		part[i / KPI_EXACT_SUMS] = kpi_exact_restore(part[i / KPI_EXACT_SUMS], i % KPI_EXACT_SUMS, sum[i]);
	return make_numeric_state(part, flags, left_out);
}

/* Text form: version, flags, items left out, sums. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_numeric_in);
Datum
kpi_price_volume_mix_state_numeric_in(PG_FUNCTION_ARGS)
{
	KpiForm		form;
	int			flags;
	int64		left_out;
	Numeric		sum[SUMS];

	kpi_form_start(&form, numeric_type, PG_GETARG_CSTRING(0));
	kpi_check_version(numeric_type, (int) kpi_form_int64(&form, 0, PG_UINT8_MAX));
	flags = (int) kpi_form_int64(&form, 0, HAS_INVALID);
	left_out = kpi_form_int64(&form, 0, PG_INT64_MAX);
	for (int i = 0; i < SUMS; i++)
		sum[i] = kpi_form_numeric(&form);
	kpi_form_end(&form);
	PG_RETURN_POINTER(restore_state(flags, left_out, sum));
}

/* The same, written. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_numeric_out);
Datum
kpi_price_volume_mix_state_numeric_out(PG_FUNCTION_ARGS)
{
	const KpiMixStateNumeric *state = (const KpiMixStateNumeric *) PG_GETARG_VARLENA_P(0);
	Numeric		sum[SUMS];
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%d %d " INT64_FORMAT, state->version, state->flags, state->left_out);
	read_sums(state, sum);
	for (int i = 0; i < SUMS; i++)
	{
		appendStringInfoChar(&out, ' ');
		kpi_append_numeric(&out, sum[i]);
	}
	PG_RETURN_CSTRING(out.data);
}

/* Binary form: the same fields. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_numeric_recv);
Datum
kpi_price_volume_mix_state_numeric_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			flags;
	int64		left_out;
	Numeric		sum[SUMS];

	kpi_check_version(numeric_type, pq_getmsgbyte(message));
	flags = pq_getmsgbyte(message);
	left_out = pq_getmsgint64(message);
	if (flags & ~HAS_INVALID || left_out < 0)
		kpi_bad_binary(numeric_type);
	for (int i = 0; i < SUMS; i++)
	{
		sum[i] = DatumGetNumeric(DirectFunctionCall3(numeric_recv, PointerGetDatum(message),
													 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
		if (!kpi_is_numeric_number(sum[i]))
			kpi_bad_binary(numeric_type);
	}
	PG_RETURN_POINTER(restore_state(flags, left_out, sum));
}

/* The same, written. */
PG_FUNCTION_INFO_V1(kpi_price_volume_mix_state_numeric_send);
Datum
kpi_price_volume_mix_state_numeric_send(PG_FUNCTION_ARGS)
{
	const KpiMixStateNumeric *state = (const KpiMixStateNumeric *) PG_GETARG_VARLENA_P(0);
	Numeric		sum[SUMS];
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, state->version);
	pq_sendbyte(&message, state->flags);
	pq_sendint64(&message, state->left_out);
	read_sums(state, sum);
	for (int i = 0; i < SUMS; i++)
	{
		bytea	   *number = DatumGetByteaPP(DirectFunctionCall1(numeric_send, NumericGetDatum(sum[i])));

		pq_sendbytes(&message, VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
