/*-------------------------------------------------------------------------
 *
 * scale.c
 *	  Scoring scales: from an attainment or an actual to points; and clamp.
 *
 * A scale is a list of points x:y, x rising, read in one of two ways:
 *
 *	linear		straight lines between the points.
 *	step		y holds from its x up to the next; exactly on a limit the
 *				greater of the two steps that meet there counts, so a limit
 *				earns the better step whichever way is better.
 *
 * Outside the points the first or the last y holds.
 *
 * A stored scale keeps every number twice: as numeric, as it was written, for
 * exact scores and for output, and as float8.  A number that float8 cannot
 * hold is therefore refused.  Equality is by kind and value: 1.0 equals 1.
 *
 * NULL rule: NULL where an argument is NULL and where x is NaN or infinite.
 * clamp takes a NULL bound as no bound.
 *
 * Numeric method: binary search, then y0 + (y1 - y0) (x - x0) / (x1 - x0) with
 * one division for numeric; for float8 the same, held between y0 and y1, and
 * in halves where a difference leaves the range of float8.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/form.h"
#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "parser/scansup.h"
#include "utils/builtins.h"
#include "utils/float.h"

#define SCALE_TYPE "kpi.scale"
#define KPI_MAX_SCALE_POINTS 1000

typedef enum ScaleKind
{
	SCALE_LINEAR,
	SCALE_STEP
} ScaleKind;

static const char *const kind_word[] = {"linear", "step"};

/*
 * A stored scale: the points as float8, then for each of the 2 * count
 * numbers where its numeric begins, then the numerics.
 */
typedef struct Scale
{
	int32		vl_len_;
	uint8		version;
	uint8		kind;
	uint16		unused;
	int32		count;
	int32		unused2;
	double		point[FLEXIBLE_ARRAY_MEMBER];	/* x, y, x, y, ... */
} Scale;

#define SCALE_OFFSETS(scale) ((int32 *) ((scale)->point + 2 * (Size) (scale)->count))

/* The points of a scale while it is read. */
typedef struct ScalePoints
{
	ScaleKind	kind;
	int			count;
	Numeric		value[2 * KPI_MAX_SCALE_POINTS];
} ScalePoints;

static const Scale *
scale_value(Datum datum)
{
	const Scale *scale = (const Scale *) PG_DETOAST_DATUM(datum);

	kpi_check_version(SCALE_TYPE, scale->version);
	return scale;
}

static inline Numeric
scale_number(const Scale *scale, int place)
{
	return (Numeric) ((char *) scale + SCALE_OFFSETS(scale)[place]);
}

static inline Numeric
numeric_x(const Scale *scale, int i)
{
	return scale_number(scale, 2 * i);
}

static inline Numeric
numeric_y(const Scale *scale, int i)
{
	return scale_number(scale, 2 * i + 1);
}

/* Text of a numeric, for output and messages. */
static char *
numeric_text(Numeric value)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value)));
}

/* The number as float8; what float8 cannot hold is an error. */
static double
point_double(Numeric value)
{
	double		result = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
															NumericGetDatum(value)));

	if (!kpi_is_number(result))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scale point %s is not a finite number in the range of double precision",
						numeric_out_sci(value, 6)),
				 errhint("Outside its points a scale is level, so no far point is needed.")));
	return result;
}

/* Add a point; x must lie above the x before it. */
static void
add_point(ScalePoints *points, Numeric x, Numeric y)
{
	int			place = 2 * points->count;

	if (points->count == KPI_MAX_SCALE_POINTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("scale has more than %d points", KPI_MAX_SCALE_POINTS)));
	if (points->count > 0)
	{
		Numeric		before = points->value[place - 2];

		if (kpi_numeric_cmp(before, x) >= 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("scale point %s does not lie above the point before it, %s",
							numeric_text(x), numeric_text(before)),
					 errhint("List the points by rising x, each x once.")));
	}
	points->value[place] = x;
	points->value[place + 1] = y;
	points->count++;
}

/* The stored form of checked points. */
static Scale *
build_scale(const ScalePoints *points)
{
	int			numbers = 2 * points->count;
	Size		size = offsetof(Scale, point) + numbers * (sizeof(double) + sizeof(int32));
	Size		next = INTALIGN(size);
	Scale	   *scale;

	size = next;
	for (int i = 0; i < numbers; i++)
		size += INTALIGN(VARSIZE(points->value[i]));
	scale = palloc0(size);
	SET_VARSIZE(scale, size);
	scale->version = KPI_STATE_VERSION;
	scale->kind = points->kind;
	scale->count = points->count;
	for (int i = 0; i < numbers; i++)
	{
		scale->point[i] = point_double(points->value[i]);
		SCALE_OFFSETS(scale)[i] = (int32) next;
		memcpy((char *) scale + next, points->value[i], VARSIZE(points->value[i]));
		next += INTALIGN(VARSIZE(points->value[i]));
	}
	return scale;
}

static void
skip_space(KpiForm *form)
{
	while (scanner_isspace(*form->next))
		form->next++;
}

static void
expected(KpiForm *form, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"", form->type, form->whole),
			 errdetail("Expected %s at character %d.", what,
					   pg_mbstrlen_with_len(form->whole, form->next - form->whole) + 1),
			 errhint("A scale is written like \"linear(0:0, 0.8:60, 1:100)\" or \"step(0:0, 0.6:60, 1:100)\".")));
}

/* Step over the character if it comes next. */
static bool
take(KpiForm *form, char c)
{
	skip_space(form);
	if (*form->next != c)
		return false;
	form->next++;
	return true;
}

static ScaleKind
parse_kind(KpiForm *form)
{
	skip_space(form);
	for (int i = 0; i < (int) lengthof(kind_word); i++)
	{
		if (strncmp(form->next, kind_word[i], strlen(kind_word[i])) == 0)
		{
			form->next += strlen(kind_word[i]);
			return i;
		}
	}
	expected(form, "\"linear\" or \"step\"");
	pg_unreachable();
}

/* Step over digits; how many there were. */
static size_t
take_digits(KpiForm *form)
{
	size_t		digits = strspn(form->next, "0123456789");

	form->next += digits;
	return digits;
}

static void
take_sign(KpiForm *form)
{
	if (*form->next == '+' || *form->next == '-')
		form->next++;
}

/* A decimal number, with sign and exponent if it likes. */
static Numeric
parse_number(KpiForm *form)
{
	const char *start;
	size_t		digits;

	skip_space(form);
	start = form->next;
	take_sign(form);
	digits = take_digits(form);
	if (*form->next == '.')
	{
		form->next++;
		digits += take_digits(form);
	}
	if (digits == 0)
	{
		form->next = start;
		expected(form, "a decimal number");
	}
	if (*form->next == 'e' || *form->next == 'E')
	{
		form->next++;
		take_sign(form);
		if (take_digits(form) == 0)
			expected(form, "an exponent");
	}
	return DatumGetNumeric(DirectFunctionCall3(numeric_in,
											   CStringGetDatum(pnstrdup(start, form->next - start)),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

/* A scale from text such as linear(0:0, 0.8:60, 1:100). */
PG_FUNCTION_INFO_V1(kpi_scale_in);
Datum
kpi_scale_in(PG_FUNCTION_ARGS)
{
	ScalePoints *points = palloc(sizeof(ScalePoints));
	KpiForm		form;

	kpi_form_start(&form, SCALE_TYPE, PG_GETARG_CSTRING(0));
	points->kind = parse_kind(&form);
	points->count = 0;
	if (!take(&form, '('))
		expected(&form, "\"(\"");
	do
	{
		Numeric		x = parse_number(&form);

		if (!take(&form, ':'))
			expected(&form, "\":\"");
		add_point(points, x, parse_number(&form));
	} while (take(&form, ','));
	if (!take(&form, ')'))
		expected(&form, "\",\" or \")\"");
	skip_space(&form);
	if (*form.next != '\0')
		expected(&form, "the end");
	PG_RETURN_POINTER(build_scale(points));
}

/* The scale as text, its numbers as they were written. */
PG_FUNCTION_INFO_V1(kpi_scale_out);
Datum
kpi_scale_out(PG_FUNCTION_ARGS)
{
	const Scale *scale = scale_value(PG_GETARG_DATUM(0));
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%s(", kind_word[scale->kind]);
	for (int i = 0; i < scale->count; i++)
	{
		if (i > 0)
			appendStringInfoString(&out, ", ");
		kpi_append_numeric(&out, numeric_x(scale, i));
		appendStringInfoChar(&out, ':');
		kpi_append_numeric(&out, numeric_y(scale, i));
	}
	appendStringInfoChar(&out, ')');
	PG_RETURN_CSTRING(out.data);
}

static Numeric
receive_number(StringInfo message)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_recv,
											   PointerGetDatum(message),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

/* A scale from its binary form, checked like its text form. */
PG_FUNCTION_INFO_V1(kpi_scale_recv);
Datum
kpi_scale_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	ScalePoints *points = palloc(sizeof(ScalePoints));
	int			kind;
	int			count;

	kpi_check_version(SCALE_TYPE, pq_getmsgbyte(message));
	kind = pq_getmsgbyte(message);
	count = (int) pq_getmsgint(message, 4);
	if (kind >= (int) lengthof(kind_word) || count < 1)
		kpi_bad_binary(SCALE_TYPE);
	points->kind = kind;
	points->count = 0;
	for (int i = 0; i < count; i++)
	{
		Numeric		x = receive_number(message);

		add_point(points, x, receive_number(message));
	}
	PG_RETURN_POINTER(build_scale(points));
}

/* The binary form: version, kind, number of points, then the numerics. */
PG_FUNCTION_INFO_V1(kpi_scale_send);
Datum
kpi_scale_send(PG_FUNCTION_ARGS)
{
	const Scale *scale = scale_value(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, scale->version);
	pq_sendbyte(&message, scale->kind);
	pq_sendint32(&message, scale->count);
	for (int i = 0; i < 2 * scale->count; i++)
	{
		bytea	   *number = DatumGetByteaPP(DirectFunctionCall1(numeric_send,
																 NumericGetDatum(scale_number(scale, i))));

		pq_sendbytes(&message, VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

static bool
scales_equal(const Scale *a, const Scale *b)
{
	if (a->kind != b->kind || a->count != b->count)
		return false;
	for (int i = 0; i < 2 * a->count; i++)
	{
		if (a->point[i] != b->point[i] ||
			kpi_numeric_cmp(scale_number(a, i), scale_number(b, i)) != 0)
			return false;
	}
	return true;
}

/* The same kind and the same values; 1.0 equals 1. */
PG_FUNCTION_INFO_V1(kpi_scale_eq);
Datum
kpi_scale_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(scales_equal(scale_value(PG_GETARG_DATUM(0)),
								scale_value(PG_GETARG_DATUM(1))));
}

PG_FUNCTION_INFO_V1(kpi_scale_ne);
Datum
kpi_scale_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!scales_equal(scale_value(PG_GETARG_DATUM(0)),
								 scale_value(PG_GETARG_DATUM(1))));
}

/* Hash that agrees with equality. */
PG_FUNCTION_INFO_V1(kpi_scale_hash);
Datum
kpi_scale_hash(PG_FUNCTION_ARGS)
{
	const Scale *scale = scale_value(PG_GETARG_DATUM(0));
	uint32		hash = scale->kind;

	for (int i = 0; i < 2 * scale->count; i++)
		hash = hash_combine(hash,
							DatumGetUInt32(DirectFunctionCall1(hash_numeric,
															   NumericGetDatum(scale_number(scale, i)))));
	PG_RETURN_UINT32(hash);
}

/* The same in 64 bits, with a seed. */
PG_FUNCTION_INFO_V1(kpi_scale_hash_extended);
Datum
kpi_scale_hash_extended(PG_FUNCTION_ARGS)
{
	const Scale *scale = scale_value(PG_GETARG_DATUM(0));
	Datum		seed = PG_GETARG_DATUM(1);
	uint64		hash = scale->kind;

	for (int i = 0; i < 2 * scale->count; i++)
		hash = hash_combine64(hash,
							  DatumGetUInt64(DirectFunctionCall2(hash_numeric_extended,
																 NumericGetDatum(scale_number(scale, i)),
																 seed)));
	PG_RETURN_UINT64(hash);
}

/* The last point at or below x; -1 where x lies below the first. */
static int
find_point_float8(const Scale *scale, double x)
{
	int			low = 0;
	int			high = scale->count;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (scale->point[2 * (Size) middle] <= x)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

/* The same, exact. */
static int
find_point_numeric(const Scale *scale, Numeric x)
{
	int			low = 0;
	int			high = scale->count;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (kpi_numeric_cmp(numeric_x(scale, middle), x) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

/*
 * The line from one point (x, y) to the next.  No finite input leaves the
 * range of float8, and no rounding leads beyond the two points.
 */
static double
interpolate_float8(const double *from, const double *to, double x)
{
	double		run = to[0] - from[0];
	double		rise = to[1] - from[1];
	double		share;
	double		y;

	if (kpi_is_number(run))
		share = (x - from[0]) / run;
	else
		share = (x / 2 - from[0] / 2) / (to[0] / 2 - from[0] / 2);
	if (kpi_is_number(rise))
		y = from[1] + rise * share;
	else
		y = 2 * (from[1] / 2 + (to[1] / 2 - from[1] / 2) * share);
	return rise > 0 ? Min(Max(y, from[1]), to[1]) : Max(Min(y, from[1]), to[1]);
}

/* score(x, scale): NULL for NaN and infinity. */
PG_FUNCTION_INFO_V1(kpi_score_float8);
Datum
kpi_score_float8(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(0);
	const Scale *scale = scale_value(PG_GETARG_DATUM(1));
	const double *point;
	int			i;

	if (!kpi_is_number(x))
		PG_RETURN_NULL();
	i = find_point_float8(scale, x);
	if (i < 0)
		PG_RETURN_FLOAT8(scale->point[1]);
	point = scale->point + 2 * (Size) i;
	if (scale->kind == SCALE_STEP)
		PG_RETURN_FLOAT8(x == point[0] && i > 0 ? Max(point[-1], point[1]) : point[1]);
	if (x == point[0] || i == scale->count - 1)
		PG_RETURN_FLOAT8(point[1]);
	PG_RETURN_FLOAT8(interpolate_float8(point, point + 2, x));
}

/* One unit of decoded x times one of y, against one of x. */
#define LINE_UNIT 100000000
#define LINE_GROUPS (2 * KPI_QUOTIENT_GROUPS)

/* The line in 128 bits; false leaves it to the server's numeric. */
static bool
quick_line(const Scale *scale, int i, Datum x, Numeric *result)
{
	KpiDecimal	place;
	KpiDecimal	number[4];
	KpiDecimal	run;
	KpiDecimal	rise;
	KpiDecimal	sum;
	int128		product;

	if (!kpi_decode_operand(x, &place))
		return false;
	for (int n = 0; n < 4; n++)
	{
		if (!kpi_decode_operand(NumericGetDatum(scale_number(scale, 2 * i + n)), &number[n]))
			return false;
	}
	place = kpi_decimal_sub(place, number[0]);
	run = kpi_decimal_sub(number[2], number[0]);
	rise = kpi_decimal_sub(number[3], number[1]);
	if (__builtin_mul_overflow(number[1].value, run.value, &sum.value) ||
		__builtin_mul_overflow(rise.value, place.value, &product) ||
		__builtin_add_overflow(sum.value, product, &sum.value) ||
		__builtin_mul_overflow(run.value, (int128) LINE_UNIT, &run.value))
		return false;
	sum.dscale = Max(number[1].dscale + run.dscale, rise.dscale + place.dscale);
	return kpi_decimal_div(&sum, &run, LINE_GROUPS, result);
}

/* The line from point i to the next, with one division. */
static Numeric
interpolate_numeric(const Scale *scale, int i, Numeric x)
{
	Numeric		x0 = numeric_x(scale, i);
	Numeric		y0 = numeric_y(scale, i);
	Numeric		run = kpi_numeric_sub(numeric_x(scale, i + 1), x0);
	Numeric		rise = kpi_numeric_sub(numeric_y(scale, i + 1), y0);

	return kpi_numeric_div(kpi_numeric_add(kpi_numeric_mul(y0, run),
										   kpi_numeric_mul(rise, kpi_numeric_sub(x, x0))),
						   run);
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_score_numeric);
Datum
kpi_score_numeric(PG_FUNCTION_ARGS)
{
	Numeric		x = PG_GETARG_NUMERIC(0);
	const Scale *scale = scale_value(PG_GETARG_DATUM(1));
	bool		at_point;
	int			i;
	Numeric		result;

	if (!kpi_is_numeric_number(x))
		PG_RETURN_NULL();
	i = find_point_numeric(scale, x);
	if (i < 0)
		PG_RETURN_NUMERIC(numeric_y(scale, 0));
	at_point = kpi_numeric_cmp(x, numeric_x(scale, i)) == 0;
	if (scale->kind == SCALE_STEP)
	{
		if (at_point && i > 0 &&
			kpi_numeric_cmp(numeric_y(scale, i - 1), numeric_y(scale, i)) > 0)
			i--;
		PG_RETURN_NUMERIC(numeric_y(scale, i));
	}
	if (at_point || i == scale->count - 1)
		PG_RETURN_NUMERIC(numeric_y(scale, i));
	if (!quick_line(scale, i, NumericGetDatum(x), &result))
		result = interpolate_numeric(scale, i, x);
	PG_RETURN_NUMERIC(result);
}

static void
bad_bounds(const char *low, const char *high)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("clamp bounds %s and %s leave no value between them", low, high),
			 errhint("The lower bound comes first; a NULL bound is no bound.")));
}

/* clamp(x, low, high): NULL for NaN and infinity; a NULL bound is no bound. */
PG_FUNCTION_INFO_V1(kpi_clamp_float8);
Datum
kpi_clamp_float8(PG_FUNCTION_ARGS)
{
	double		x;
	double		low = PG_ARGISNULL(1) ? -get_float8_infinity() : PG_GETARG_FLOAT8(1);
	double		high = PG_ARGISNULL(2) ? get_float8_infinity() : PG_GETARG_FLOAT8(2);

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	x = PG_GETARG_FLOAT8(0);
	if (!(low <= high) || low == get_float8_infinity() || high == -get_float8_infinity())
		bad_bounds(PG_ARGISNULL(1) ? "NULL" : float8out_internal(low),
				   PG_ARGISNULL(2) ? "NULL" : float8out_internal(high));
	if (!kpi_is_number(x))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(x < low ? low : x > high ? high : x);
}

/* Whether a bound, if there is one, is NaN or infinite on the wrong side. */
static bool
bad_numeric_bound(Numeric bound, int wrong_sign)
{
	return bound != NULL &&
		(numeric_is_nan(bound) ||
		 (numeric_is_inf(bound) && kpi_numeric_sign(bound) == wrong_sign));
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_clamp_numeric);
Datum
kpi_clamp_numeric(PG_FUNCTION_ARGS)
{
	Numeric		x;
	Numeric		low = PG_ARGISNULL(1) ? NULL : PG_GETARG_NUMERIC(1);
	Numeric		high = PG_ARGISNULL(2) ? NULL : PG_GETARG_NUMERIC(2);

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	x = PG_GETARG_NUMERIC(0);
	if (bad_numeric_bound(low, 1) || bad_numeric_bound(high, -1) ||
		(low != NULL && high != NULL && kpi_numeric_cmp(low, high) > 0))
		bad_bounds(low == NULL ? "NULL" : numeric_text(low),
				   high == NULL ? "NULL" : numeric_text(high));
	if (!kpi_is_numeric_number(x))
		PG_RETURN_NULL();
	if (low != NULL && kpi_numeric_cmp(x, low) < 0)
		PG_RETURN_NUMERIC(low);
	if (high != NULL && kpi_numeric_cmp(x, high) > 0)
		PG_RETURN_NUMERIC(high);
	PG_RETURN_NUMERIC(x);
}
