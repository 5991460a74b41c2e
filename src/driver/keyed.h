/*-------------------------------------------------------------------------
 *
 * keyed.h
 *	  Values over time of many series, collected by the keys of these.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_KEYED_H
#define KPI_KEYED_H

#include "kpi.h"

#include "driver/align.h"

/* A value of a period; NaN is none. */
typedef struct KpiKeyedPoint
{
	int64		period;
	double		value;
	int32		key;			/* number of its series */
	int32		unused;
} KpiKeyedPoint;

typedef struct KpiKeyed
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		kind;			/* KpiPeriodKind */
	int32		keys;
	int32		slots;			/* of the table of keys: a power of two */
	int32		name_room;		/* bytes that names may have */
	int32		name_bytes;		/* and that they have */
	int32		count;			/* points */
	/* slots, names, points and, while an aggregate fills it, room for more */
	int32		slot[FLEXIBLE_ARRAY_MEMBER];
} KpiKeyed;

/* A key as it is stored: its number and its characters. */
typedef struct KpiKeyName
{
	int32		number;
	int32		length;
	char text[	FLEXIBLE_ARRAY_MEMBER];
} KpiKeyName;

extern KpiKeyed *kpi_new_keyed(uint8 kind);
extern KpiKeyed *kpi_keyed_add_key(KpiKeyed *state, const char *text, int length, int *number);
extern KpiKeyed *kpi_keyed_add(KpiKeyed *state, int key, int64 period, double value);
extern const KpiKeyName *kpi_keyed_name(const KpiKeyed *state, const KpiKeyName *before);
extern const KpiKeyed *kpi_keyed_ordered(const KpiKeyed *state);
extern KpiAligned kpi_align_keyed(const KpiKeyed *state);

/* Where the names begin. */
static inline char *
kpi_keyed_names(const KpiKeyed *state)
{
	return (char *) (state->slot + state->slots);
}

/* The points. */
static inline KpiKeyedPoint *
kpi_keyed_points(const KpiKeyed *state)
{
	return (KpiKeyedPoint *) ((char *) state +
							  MAXALIGN(offsetof(KpiKeyed, slot) + state->slots * sizeof(int32) + state->name_room));
}

#endif							/* KPI_KEYED_H */
