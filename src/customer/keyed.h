/*-------------------------------------------------------------------------
 *
 * keyed.h
 *	  A table of keys in one value, with what is known of each of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_CUSTOMER_KEYED_H
#define KPI_CUSTOMER_KEYED_H

#include "kpi.h"

#include "datatype/timestamp.h"

/* What keys are. */
enum
{
	KPI_KEY_INTEGER = 1, KPI_KEY_UUID, KPI_KEY_TEXT
};

/* What a state knows of a key, behind its words. */
enum
{
	KPI_KNOWS_ROWS = 1,			/* how many */
	KPI_KNOWS_SUM,				/* how many, and the two words of their sum */
	KPI_KNOWS_TIME,				/* the first, of timestamp */
	KPI_KNOWS_INSTANT,			/* the first, of timestamptz */
	KPI_KNOWS_PERIODS			/* 64 of them, a bit each */
};

#define KPI_MAX_KEY_WORDS 3
#define KPI_MAX_SLOT_WORDS (KPI_MAX_KEY_WORDS + 3)

/* 64 periods are 2^6. */
#define KPI_PERIOD_BITS 6

/* A hash table: a slot has the words of a key, then what is known of it. */
typedef struct KpiKeyTable
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		keys;			/* KPI_KEY_... */
	uint8		knows;			/* KPI_KNOWS_... */
	uint8		dense;			/* whether no slot is empty; keys are in order */
	int32		count;			/* keys */
	int32		slots;
	int64		word[FLEXIBLE_ARRAY_MEMBER];
} KpiKeyTable;

/* A row as it is taken in: words as in a slot. */
typedef struct KpiKeyRow
{
	uint8		keys;
	uint8		knows;
	int64		word[KPI_MAX_SLOT_WORDS];
} KpiKeyRow;

/* Words of a key, of periods with the number of their 64. */
static inline int
kpi_key_words(const KpiKeyTable *state)
{
	return (state->keys == KPI_KEY_INTEGER ? 1 : 2) + (state->knows == KPI_KNOWS_PERIODS);
}

/* Whether a state knows times. */
static inline bool
kpi_knows_time(const KpiKeyTable *state)
{
	return state->knows == KPI_KNOWS_TIME || state->knows == KPI_KNOWS_INSTANT;
}

/* Whether the words of two keys are the same. */
static inline bool
kpi_is_same_key(const int64 *a, const int64 *b, int words)
{
	return a[0] == b[0] && (words < 2 || a[1] == b[1]) && (words < 3 || a[2] == b[2]);
}

/* Words of a slot. */
static inline int
kpi_key_slot_words(const KpiKeyTable *state)
{
	return kpi_key_words(state) + (state->knows == KPI_KNOWS_SUM ? 3 : 1);
}

/* Whether a slot has no key: no rows or periods, or a first one that never comes. */
static inline bool
kpi_is_empty_slot(const KpiKeyTable *state, const int64 *known)
{
	return *known == (kpi_knows_time(state) ? DT_NOEND : 0);
}

extern Datum kpi_take_key_row(FunctionCallInfo fcinfo, const KpiKeyRow *row);
extern const KpiKeyTable *kpi_dense_keys(const KpiKeyTable *state);
extern Oid	kpi_key_type(FunctionCallInfo fcinfo, int n);
extern uint8 kpi_read_key(Datum key, Oid type, int64 *word);

#endif							/* KPI_CUSTOMER_KEYED_H */
