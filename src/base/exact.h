/*-------------------------------------------------------------------------
 *
 * exact.h
 *	  Exact decimal arithmetic for numeric input.
 *
 * Nearly every value of a business table has at most sixteen decimals and
 * fits a 128-bit integer counted in units of 10^-16.  Such a value is decoded
 * straight from the digits of the stored numeric, whatever its header or
 * alignment; everything else goes through the server's own numeric functions.
 * Both ways are exact, so the sum does not depend on which one a row took.
 *
 * The stored form of numeric is private to the server's numeric.c, but it is
 * what lies on disk and has been the same since 9.1 (infinities since 14): a
 * 16-bit header, for long values a 16-bit weight, then base-10000 digits.
 *
 *	sign bits 00, 01	long form: sign and dscale, then the weight
 *	sign bits 10		short form: sign, dscale (6 bits), weight (7 bits)
 *	sign bits 11		NaN and the infinities
 *
 * The value is sum(digit[i] * 10000^(weight - i)).
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_EXACT_H
#define KPI_EXACT_H

#include "kpi.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#define KPI_NUMERIC_HEADER_KIND(header)	((header) & 0xC000)
#define KPI_NUMERIC_KIND_NEGATIVE		0x4000
#define KPI_NUMERIC_KIND_SHORT			0x8000
#define KPI_NUMERIC_KIND_SPECIAL		0xC000
#define KPI_NUMERIC_LONG_DSCALE_MASK	0x3FFF
#define KPI_NUMERIC_SHORT_NEGATIVE		0x2000
#define KPI_NUMERIC_SHORT_DSCALE(header) (((header) & 0x1F80) >> 7)
#define KPI_NUMERIC_SHORT_WEIGHT(header) ((((header) & 0x007F) ^ 0x0040) - 0x0040)
#define KPI_NUMERIC_SHORT_DSCALE_MAX	63
#define KPI_NUMERIC_SHORT_WEIGHT_MIN	(-64)
#define KPI_NUMERIC_SHORT_WEIGHT_MAX	63

/* Fractional base-10000 digits of the window, and what one unit is. */
#define KPI_EXACT_GROUPS 4
#define KPI_EXACT_SCALE (KPI_EXACT_GROUPS * 4)

/* The narrower window of quotients, which leaves room for their decimals. */
#define KPI_QUOTIENT_GROUPS 2

typedef enum KpiDecoded
{
	KPI_DECODED,				/* value and dscale are set */
	KPI_WIDE,					/* a number outside the window */
	KPI_NOT_A_NUMBER			/* NaN or an infinity */
} KpiDecoded;

/* A numeric inside the window: value * 10^-(4 * groups). */
typedef struct KpiDecimal
{
	int128		value;
	int			dscale;			/* decimals it is displayed with */
} KpiDecimal;

/* A double as its shortest decimal: digits * 10^-scale, at most 17 digits. */
typedef struct KpiDigits
{
	int64		digits;
	int			scale;
} KpiDigits;

/* The greatest power of ten in 64 bits. */
#define KPI_MAX_POWER_OF_10 19

extern const uint64 kpi_power_of_10000[];
extern const uint64 kpi_power_of_10[];

extern KpiDecoded kpi_decode_any_numeric(Datum datum, int groups, KpiDecimal *decimal);
extern Numeric kpi_encode_numeric(int128 value, int groups, int dscale);
extern bool kpi_decimal_div(const KpiDecimal *a, const KpiDecimal *b, int groups,
							Numeric *result);
extern KpiDigits kpi_shortest_digits(double value);
extern Numeric kpi_float8_numeric(double value);

/*
 * What tables hold: a one-byte length, the short form, and up to four digits
 * that need to be scaled up by at most four more.  The value is digits * unit;
 * false leaves it to kpi_decode_any_numeric.
 */
static pg_attribute_always_inline bool
kpi_read_short_numeric(Datum datum, int groups, int64 *digits, int64 *unit, int *dscale)
{
	const char *stored = DatumGetPointer(datum);
	uint16		header;
	uint16		digit;
	int			count;
	int			power;
	int64		value = 0;

	if (unlikely(!VARATT_IS_SHORT(stored)))
		return false;
	/* a toast pointer is short too, with a length of 0 */
	memcpy(&header, VARDATA_SHORT(stored), sizeof(header));
	count = ((int) VARSIZE_SHORT(stored) - (int) (VARHDRSZ_SHORT + sizeof(header))) >> 1;
	power = count == 0 ? 0 : KPI_NUMERIC_SHORT_WEIGHT(header) - count + 1 + groups;
	if (unlikely(KPI_NUMERIC_HEADER_KIND(header) != KPI_NUMERIC_KIND_SHORT ||
				 count < 0 || count > 4 || power < 0 || power > 4))
		return false;
	for (int i = 0; i < count; i++)
	{
		memcpy(&digit, VARDATA_SHORT(stored) + sizeof(header) + i * sizeof(digit), sizeof(digit));
		value = value * 10000 + digit;
	}
	*digits = header & KPI_NUMERIC_SHORT_NEGATIVE ? -value : value;
	*unit = (int64) kpi_power_of_10000[power];
	*dscale = KPI_NUMERIC_SHORT_DSCALE(header);
	return true;
}

/*
 * Decode a numeric, as stored, into an integer counted in 10000^-groups.
 * KPI_WIDE leaves the caller to the server's own arithmetic.
 */
static inline KpiDecoded
kpi_decode_numeric(Datum datum, int groups, KpiDecimal *decimal)
{
	int64		digits;
	int64		unit;

	if (unlikely(!kpi_read_short_numeric(datum, groups, &digits, &unit, &decimal->dscale)))
		return kpi_decode_any_numeric(datum, groups, decimal);
	decimal->value = (int128) digits * unit;
	return KPI_DECODED;
}

/* Whether a numeric, as stored, is inside the window of quotients. */
static inline bool
kpi_decode_operand(Datum datum, KpiDecimal *decimal)
{
	return kpi_decode_numeric(datum, KPI_QUOTIENT_GROUPS, decimal) == KPI_DECODED;
}

/* a - b, with the display scale of numeric_sub. */
static inline KpiDecimal
kpi_decimal_sub(KpiDecimal a, KpiDecimal b)
{
	a.value -= b.value;
	a.dscale = Max(a.dscale, b.dscale);
	return a;
}

/* The server's numeric arithmetic, by value of its arguments. */
static inline Numeric
kpi_numeric_call2(PGFunction function, Numeric a, Numeric b)
{
	return DatumGetNumeric(DirectFunctionCall2(function,
											   NumericGetDatum(a),
											   NumericGetDatum(b)));
}

/* a + b, exact. */
static inline Numeric
kpi_numeric_add(Numeric a, Numeric b)
{
	return kpi_numeric_call2(numeric_add, a, b);
}

/* a - b, exact. */
static inline Numeric
kpi_numeric_sub(Numeric a, Numeric b)
{
	return kpi_numeric_call2(numeric_sub, a, b);
}

/* a * b, exact. */
static inline Numeric
kpi_numeric_mul(Numeric a, Numeric b)
{
	return kpi_numeric_call2(numeric_mul, a, b);
}

/* The divisor must not be zero. */
static inline Numeric
kpi_numeric_div(Numeric a, Numeric b)
{
	return kpi_numeric_call2(numeric_div, a, b);
}

/* a without its sign. */
static inline Numeric
kpi_numeric_abs(Numeric a)
{
	return DatumGetNumeric(DirectFunctionCall1(numeric_abs, NumericGetDatum(a)));
}

/* Below 0, 0 or above 0, as in ORDER BY. */
static inline int
kpi_numeric_cmp(Numeric a, Numeric b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp,
											 NumericGetDatum(a),
											 NumericGetDatum(b)));
}

/* -1, 0 or 1; NaN counts as positive, as in ORDER BY. */
static inline int
kpi_numeric_sign(Numeric a)
{
	return kpi_numeric_cmp(a, int64_to_numeric(0));
}

/* As float8, rounded once; beyond its range is an error. */
static inline double
kpi_numeric_to_double(Numeric a)
{
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8,
											  NumericGetDatum(a)));
}

/* The nearest double; infinite beyond its range. */
static inline double
kpi_numeric_nearest_double(Numeric a)
{
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
											  NumericGetDatum(a)));
}

#endif							/* KPI_EXACT_H */
