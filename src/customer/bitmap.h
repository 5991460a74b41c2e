/*-------------------------------------------------------------------------
 *
 * bitmap.h
 *	  The periods in which an entity was active, a bit each.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_BITMAP_H
#define KPI_BITMAP_H

#include "kpi.h"

#include "port/pg_bitutils.h"

#define KPI_WORD_BITS 64

/* Periods are those of 32 bits, so all that is reckoned with them fits 64. */
typedef struct KpiBitmap
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[3];
	int32		count;			/* words; the last is not 0 */
	int32		first;			/* the first period with activity, lowest bit
								 * of the first word */
	uint64		word[FLEXIBLE_ARRAY_MEMBER];
} KpiBitmap;

/* Periods from the first one on for which there are bits. */
static inline int64
kpi_bitmap_bits(const KpiBitmap *bitmap)
{
	return (int64) bitmap->count * KPI_WORD_BITS;
}

/* The last period with activity. */
static inline int64
kpi_last_active(const KpiBitmap *bitmap)
{
	return bitmap->first + kpi_bitmap_bits(bitmap) - KPI_WORD_BITS +
		pg_leftmost_one_pos64(bitmap->word[bitmap->count - 1]);
}

/* The last period with activity from one on and up to another; below from where there is none. */
static inline int64
kpi_last_period(const KpiBitmap *bitmap, int64 from, int64 to)
{
	int64		low = Max(from - bitmap->first, 0);
	int64		high = Min(to - bitmap->first, kpi_bitmap_bits(bitmap) - 1);

	while (high >= low)
	{
		int64		base = high - high % KPI_WORD_BITS;
		uint64		word = bitmap->word[high / KPI_WORD_BITS] & (PG_UINT64_MAX >> (base + KPI_WORD_BITS - 1 - high));

		if (word != 0)
			return Max(bitmap->first + base + pg_leftmost_one_pos64(word), from - 1);
		high = base - 1;
	}
	return from - 1;
}

/* Whether a period has activity. */
static inline bool
kpi_is_active(const KpiBitmap *bitmap, int64 period)
{
	int64		bit = period - bitmap->first;

	return bit >= 0 && bit < kpi_bitmap_bits(bitmap) &&
		(bitmap->word[bit / KPI_WORD_BITS] >> (bit % KPI_WORD_BITS) & 1);
}

extern KpiBitmap *kpi_make_bitmap(int64 first, int64 last);
extern void kpi_add_bits(KpiBitmap *to, const KpiBitmap *from);

#endif							/* KPI_BITMAP_H */
