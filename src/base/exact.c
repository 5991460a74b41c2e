/*-------------------------------------------------------------------------
 *
 * exact.c
 *	  Decoding numeric into a 128-bit integer and back; doubles as decimals.
 *
 * The layout of a stored numeric is described in exact.h.
 *
 *-------------------------------------------------------------------------
 */
#include "base/exact.h"

#include <math.h>

#include "common/shortest_dec.h"

/* Digits of base 10000 that a decoded value may have; 10000^9 < 2^127. */
#define MAX_DIGITS 9

const uint64 kpi_power_of_10000[] = {
	UINT64CONST(1), UINT64CONST(10000), UINT64CONST(100000000),
	UINT64CONST(1000000000000), UINT64CONST(10000000000000000)
};

const uint64 kpi_power_of_10[] = {
	UINT64CONST(1), UINT64CONST(10), UINT64CONST(100), UINT64CONST(1000),
	UINT64CONST(10000), UINT64CONST(100000), UINT64CONST(1000000),
	UINT64CONST(10000000), UINT64CONST(100000000), UINT64CONST(1000000000),
	UINT64CONST(10000000000), UINT64CONST(100000000000),
	UINT64CONST(1000000000000), UINT64CONST(10000000000000),
	UINT64CONST(100000000000000), UINT64CONST(1000000000000000),
	UINT64CONST(10000000000000000), UINT64CONST(100000000000000000),
	UINT64CONST(1000000000000000000), UINT64CONST(10000000000000000000)
};

/* Decimals of a piece of a quotient, and how many pieces there may be. */
#define PIECE 8
#define MAX_PIECES 3

/* Decimals of the greatest power of ten below 2^128. */
#define MAX_QUOTIENT_SCALE 38

/* The value without its sign; the lowest one has one too. */
static inline uint128
magnitude(int128 value)
{
	return value < 0 ? -(uint128) value : (uint128) value;
}

/* Multiply by 10000^power, where the product is known to fit. */
static inline int128
scale_up(int128 value, int power)
{
	for (; power > 4; power -= 4)
		value *= (int64) kpi_power_of_10000[4];
	return value * (int64) kpi_power_of_10000[power];
}

/* The digits as one integer; at most MAX_DIGITS of them, not aligned. */
static inline int128
read_digits(const char *data, int count)
{
	int64		head = 0;
	int128		value;
	int			first = Min(count, 4);
	int16		digit;

	for (int i = 0; i < first; i++)
	{
		memcpy(&digit, data + i * sizeof(int16), sizeof(int16));
		head = head * 10000 + digit;
	}
	value = head;
	for (int i = first; i < count; i++)
	{
		memcpy(&digit, data + i * sizeof(int16), sizeof(int16));
		value = value * 10000 + digit;
	}
	return value;
}

/* kpi_decode_numeric for values of any form. */
KpiDecoded
kpi_decode_any_numeric(Datum datum, int groups, KpiDecimal *decimal)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(datum);
	const char *data = VARDATA_ANY(packed);
	int			size = VARSIZE_ANY_EXHDR(packed);
	uint16		header;
	int16		weight;
	bool		negative;
	int			count;
	int			power;

	memcpy(&header, data, sizeof(header));
	if (KPI_NUMERIC_HEADER_KIND(header) == KPI_NUMERIC_KIND_SHORT)
	{
		negative = (header & KPI_NUMERIC_SHORT_NEGATIVE) != 0;
		decimal->dscale = KPI_NUMERIC_SHORT_DSCALE(header);
		weight = KPI_NUMERIC_SHORT_WEIGHT(header);
		data += sizeof(uint16);
		count = (size - (int) sizeof(uint16)) / (int) sizeof(int16);
	}
	else if (KPI_NUMERIC_HEADER_KIND(header) == KPI_NUMERIC_KIND_SPECIAL)
		return KPI_NOT_A_NUMBER;
	else
	{
		negative = KPI_NUMERIC_HEADER_KIND(header) == KPI_NUMERIC_KIND_NEGATIVE;
		decimal->dscale = header & KPI_NUMERIC_LONG_DSCALE_MASK;
		memcpy(&weight, data + sizeof(uint16), sizeof(weight));
		data += 2 * sizeof(uint16);
		count = (size - 2 * (int) sizeof(uint16)) / (int) sizeof(int16);
	}

	/* the last digit must not lie below the unit, the first not too high */
	power = weight - count + 1 + groups;
	if (count == 0)
		decimal->value = 0;
	else if (power < 0 || weight + 1 + groups > MAX_DIGITS)
		return KPI_WIDE;
	else
	{
		decimal->value = scale_up(read_digits(data, count), power);
		if (negative)
			decimal->value = -decimal->value;
	}
	return KPI_DECODED;
}

/* The four digits of a number below 10000^4, by halves that need not wait for each other. */
static inline void
split_digits(uint64 value, int16 *digit)
{
	uint32		high = (uint32) (value / 100000000);
	uint32		low = (uint32) (value % 100000000);

	digit[0] = (int16) (high / 10000);
	digit[1] = (int16) (high % 10000);
	digit[2] = (int16) (low / 10000);
	digit[3] = (int16) (low % 10000);
}

/*
 * The numeric of count base-10000 digits, of which the first counts
 * 10000^weight; zeros on both sides are left out.
 */
static Numeric
make_numeric(const int16 *digit, int count, int weight, bool negative, int dscale)
{
	int			header_size;
	char	   *result;
	char	   *data;

	for (; count > 0 && *digit == 0; digit++, count--)
		weight--;
	while (count > 0 && digit[count - 1] == 0)
		count--;
	if (count == 0)
	{
		weight = 0;
		negative = false;
	}

	header_size = dscale <= KPI_NUMERIC_SHORT_DSCALE_MAX && weight >= KPI_NUMERIC_SHORT_WEIGHT_MIN &&
		weight <= KPI_NUMERIC_SHORT_WEIGHT_MAX ? sizeof(uint16) : 2 * sizeof(uint16);
	result = palloc(VARHDRSZ + header_size + count * sizeof(int16));
	SET_VARSIZE(result, VARHDRSZ + header_size + count * sizeof(int16));
	data = VARDATA(result);
	if (header_size == sizeof(uint16))
		*(uint16 *) data = KPI_NUMERIC_KIND_SHORT | (negative ? KPI_NUMERIC_SHORT_NEGATIVE : 0) |
			(dscale << 7) | (weight & 0x007F);
	else
	{
		((uint16 *) data)[0] = (negative ? KPI_NUMERIC_KIND_NEGATIVE : 0) | dscale;
		((int16 *) data)[1] = (int16) weight;
	}
	memcpy(data + header_size, digit, count * sizeof(int16));
	return (Numeric) result;
}

/* The numeric of value * 10000^-groups, displayed with dscale decimals. */
Numeric
kpi_encode_numeric(int128 value, int groups, int dscale)
{
	int16		digit[12];
	int			first = lengthof(digit);
	uint128		rest = magnitude(value);

	/* four digits at a time, so that nearly all is 64-bit arithmetic */
	while (rest > PG_UINT64_MAX)
	{
		uint128		above = rest / kpi_power_of_10000[4];

		first -= 4;
		split_digits((uint64) (rest - above * kpi_power_of_10000[4]), &digit[first]);
		rest = above;
	}
	for (uint64 low = (uint64) rest; low != 0; low /= kpi_power_of_10000[4])
	{
		first -= 4;
		split_digits(low % kpi_power_of_10000[4], &digit[first]);
	}
	return make_numeric(&digit[first], lengthof(digit) - first,
						lengthof(digit) - first - 1 - groups, value < 0, dscale);
}

/* How many base-10000 digits lie below the first one of the value. */
static inline int
leading_digit(uint128 value, int *digit)
{
	int			below = 0;
	int			place;
	uint64		rest;

	for (; unlikely(value > PG_UINT64_MAX); below += 4)
		value /= kpi_power_of_10000[4];
	rest = (uint64) value;
	for (place = 4; place > 0 && rest < kpi_power_of_10000[place]; place--)
		;
	*digit = (int) (rest / kpi_power_of_10000[place]);
	return below + place;
}

/*
 * The display scale numeric_div chooses: the scales of the operands, and 16
 * significant digits by a quotient estimated from the first digits.
 */
static int
quotient_scale(const KpiDecimal *a, const KpiDecimal *b, int groups)
{
	int			digit_a = 0;
	int			digit_b;
	int			weight = 0;
	int			scale;

	if (a->value != 0)
		weight = leading_digit(magnitude(a->value), &digit_a) - groups;
	weight -= leading_digit(magnitude(b->value), &digit_b) - groups;
	if (digit_a <= digit_b)
		weight--;
	scale = NUMERIC_MIN_SIG_DIGITS - weight * 4;
	scale = Max(scale, a->dscale);
	scale = Max(scale, b->dscale);
	return Max(scale, NUMERIC_MIN_DISPLAY_SCALE);
}

/*
 * a * 10^scale / b, rounded half up, by long division of nine decimals at a
 * time; false where 128 bits are not enough.
 */
static bool
divide_to_scale(uint128 a, uint128 b, int scale, uint128 *quotient)
{
	uint128		rest = a % b;
	uint128		scaled;

	*quotient = a / b;
	for (int step; scale > 0; scale -= step)
	{
		step = Min(scale, 9);
		if (__builtin_mul_overflow(rest, (uint128) kpi_power_of_10[step], &scaled) ||
			__builtin_mul_overflow(*quotient, (uint128) kpi_power_of_10[step], quotient))
			return false;
		*quotient += scaled / b;
		rest = scaled % b;
	}
	if (rest >= b - rest)
		*quotient += 1;
	return true;
}

/*
 * a / b rounded half up to scale decimals, eight at a time in 64 bits; NULL
 * where that is not enough.  What most quotients of money take.
 */
static Numeric
divide_in_64_bits(uint64 a, uint64 b, int scale, bool negative)
{
	int16		digit[4 + 2 * MAX_PIECES];
	uint64		piece[1 + MAX_PIECES];	/* whole, then eight decimals each */
	uint64		rest;
	int			last = (scale + PIECE - 1) / PIECE;
	int			step = PIECE;

	if (last > MAX_PIECES || b > PG_UINT64_MAX / kpi_power_of_10[PIECE])
		return NULL;
	piece[0] = a / b;
	rest = a % b;
	if (piece[0] >= kpi_power_of_10[15])
		return NULL;
	for (int i = 1; i <= last; i++)
	{
		step = i < last ? PIECE : scale - (last - 1) * PIECE;
		rest *= kpi_power_of_10[step];
		piece[i] = rest / b * kpi_power_of_10[PIECE - step];
		rest %= b;
	}
	if (rest >= b - rest)
		piece[last] += last == 0 ? 1 : kpi_power_of_10[PIECE - step];
	for (int i = last; i > 0; i--)
	{
		if (unlikely(piece[i] == kpi_power_of_10[PIECE]))
		{
			piece[i] = 0;
			piece[i - 1]++;
		}
		digit[2 + 2 * i] = (int16) ((uint32) piece[i] / 10000);
		digit[3 + 2 * i] = (int16) ((uint32) piece[i] % 10000);
	}
	split_digits(piece[0], digit);
	return make_numeric(digit, 4 + 2 * last, 3, negative, scale);
}

/*
 * a / b to the last digit as numeric_div gives it, both counted in
 * 10000^-groups and b not zero; false leaves the division to numeric_div.
 */
bool
kpi_decimal_div(const KpiDecimal *a, const KpiDecimal *b, int groups, Numeric *result)
{
	int			scale = quotient_scale(a, b, groups);
	bool		negative = (a->value < 0) != (b->value < 0);
	uint128		dividend = magnitude(a->value);
	uint128		divisor = magnitude(b->value);
	uint128		quotient;

	if (likely((dividend | divisor) <= PG_UINT64_MAX))
	{
		/* up to four decimals the last group of both is 0 */
		if ((uint64) dividend % 10000 == 0 && (uint64) divisor % 10000 == 0)
		{
			dividend = (uint64) dividend / 10000;
			divisor = (uint64) divisor / 10000;
		}
		*result = divide_in_64_bits((uint64) dividend, (uint64) divisor, scale, negative);
		if (likely(*result != NULL))
			return true;
	}
	if (scale > MAX_QUOTIENT_SCALE ||
		!divide_to_scale(dividend, divisor, scale, &quotient))
		return false;
	/* fill the last base-10000 digit */
	if (scale % 4 != 0 &&
		__builtin_mul_overflow(quotient, (uint128) kpi_power_of_10[4 - scale % 4], &quotient))
		return false;
	if (quotient >> 127 != 0)
		return false;
	*result = kpi_encode_numeric(negative ? -(int128) quotient : (int128) quotient,
								 (scale + 3) / 4, scale);
	return true;
}

/* Decimals of what people type, and below which no two numbers share a double. */
#define TYPED_SCALE 8
#define TYPED_DIGITS 1e15

/*
 * The decimal of fewest digits that reads back as the double, which must be
 * finite: what somebody who sees the number means by it.
 */
KpiDigits
kpi_shortest_digits(double value)
{
	KpiDigits	result = {0, TYPED_SCALE};
	double		typed = rint(value * (double) kpi_power_of_10[TYPED_SCALE]);
	char		buffer[DOUBLE_SHORTEST_DECIMAL_LEN];
	bool		in_fraction = false;

	if (fabs(typed) < TYPED_DIGITS && typed / (double) kpi_power_of_10[TYPED_SCALE] == value)
	{
		result.digits = (int64) typed;
		return result;
	}
	result.scale = 0;
	double_to_shortest_decimal_buf(fabs(value), buffer);
	for (const char *p = buffer; *p != '\0'; p++)
	{
		if (*p == '.')
			in_fraction = true;
		else if (*p == 'e')
		{
			result.scale -= (int) strtol(p + 1, NULL, 10);
			break;
		}
		else
		{
			result.digits = result.digits * 10 + (*p - '0');
			result.scale += in_fraction;
		}
	}
	if (value < 0)
		result.digits = -result.digits;
	return result;
}

/* That decimal as numeric; NaN and infinities are themselves. */
Numeric
kpi_float8_numeric(double value)
{
	KpiDigits	decimal;
	char		buffer[64];

	if (value - value != 0)
		return DatumGetNumeric(DirectFunctionCall1(float8_numeric, Float8GetDatum(value)));
	decimal = kpi_shortest_digits(value);
	for (; decimal.scale > 0 && decimal.digits % 10 == 0; decimal.scale--)
		decimal.digits /= 10;
	if (decimal.scale >= 0 && decimal.scale <= KPI_EXACT_SCALE)
		return kpi_encode_numeric((int128) decimal.digits *
								  (int64) kpi_power_of_10[KPI_EXACT_SCALE - decimal.scale],
								  KPI_EXACT_GROUPS, decimal.scale);
	snprintf(buffer, sizeof(buffer), INT64_FORMAT "e%d", decimal.digits, -decimal.scale);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(buffer),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/* shortest(float8): the shortest decimal number that reads back as it. */
PG_FUNCTION_INFO_V1(kpi_shortest);
Datum
kpi_shortest(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(kpi_float8_numeric(PG_GETARG_FLOAT8(0)));
}
