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
	int32		count;			/* words; the first and the last are not 0 */
	int32		first;			/* number of the first word */
	uint64		word[FLEXIBLE_ARRAY_MEMBER];
} KpiBitmap;

/* The number of the word that has a period. */
static inline int64
kpi_word_of(int64 period)
{
	return period >> 6;
}

/* The first period with activity. */
static inline int64
kpi_first_period(const KpiBitmap *bitmap)
{
	return (int64) bitmap->first * KPI_WORD_BITS + pg_rightmost_one_pos64(bitmap->word[0]);
}

/* The last period with activity from one on and up to another; below from where there is none. */
static inline int64
kpi_last_period(const KpiBitmap *bitmap, int64 from, int64 to)
{
	int64		low = Max(kpi_word_of(from) - bitmap->first, 0);
	int64		high = Min(kpi_word_of(to) - bitmap->first, bitmap->count - 1);

	for (int64 i = high; i >= low; i--)
	{
		uint64		word = bitmap->word[i];
		int64		base = (bitmap->first + i) * KPI_WORD_BITS;

		if (to - base < KPI_WORD_BITS - 1)
			word &= (UINT64CONST(2) << (to - base)) - 1;
		if (word != 0)
			return Max(base + pg_leftmost_one_pos64(word), from - 1);
	}
	return from - 1;
}

/* Whether a period has activity. */
static inline bool
kpi_is_active(const KpiBitmap *bitmap, int64 period)
{
	int64		i = kpi_word_of(period) - bitmap->first;

	return i >= 0 && i < bitmap->count && (bitmap->word[i] >> (period & (KPI_WORD_BITS - 1)) & 1);
}

#endif							/* KPI_BITMAP_H */
