/*-------------------------------------------------------------------------
 *
 * funnel.h
 *	  The rows of an entity that are steps of a funnel, and the search for the
 *	  chain that goes furthest.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_FUNNEL_H
#define KPI_FUNNEL_H

#include "kpi.h"

#include "base/words.h"
#include "common/int.h"
#include "datatype/timestamp.h"

#define KPI_MAX_STEPS 32

/* Rows of the same time and the same steps. */
typedef struct KpiFunnelRows
{
	int64		ts;
	int64		bits;			/* how many, above 32 bits of the steps */
} KpiFunnelRows;

#define KPI_FUNNEL_ONE_ROW (INT64CONST(1) << 32)
#define KPI_FUNNEL_STEPS(rows) ((uint32) (rows)->bits)
#define KPI_FUNNEL_REPEATS(rows) ((rows)->bits >> 32)

typedef struct KpiFunnelEvents
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		mode;			/* KpiFunnelMode, of window_funnel */
	uint8		steps;			/* how many conditions; 0 for numbers of steps */
	uint8		unused;
	int32		count;
	int32		sorted;
	int64		window;			/* of window_funnel; -1 where there is none */
	KpiFunnelRows rows[FLEXIBLE_ARRAY_MEMBER];
} KpiFunnelEvents;

/* What a chain must keep to. */
typedef struct KpiFunnelRule
{
	KpiFunnelMode mode;
	int			steps;
	int64		window;			/* from the first step to the last, at most */
	int64		limit[KPI_MAX_STEPS];	/* from the step before, at most */
	int64		gap[KPI_MAX_STEPS]; /* from the step before, at least */
	uint32		excluded;		/* must not lie between steps */
	int			place[KPI_MAX_STEPS];	/* the condition of a step */
	bool		plain;			/* no limit, gap or exclusion */
} KpiFunnelRule;

/* The time from one moment to a later one; what is longer than an int64 is as good as the longest. */
static inline int64
kpi_elapsed(int64 earlier, int64 later)
{
	return (int64) Min((uint64) later - (uint64) earlier, (uint64) PG_INT64_MAX);
}

/* The moment a time before another one, or the first of all. */
static inline int64
kpi_moment_before(int64 moment, int64 length)
{
	int64		result;

	return pg_sub_s64_overflow(moment, length, &result) ? PG_INT64_MIN : result;
}

extern const KpiFunnelEvents *kpi_funnel_events_argument(FunctionCallInfo fcinfo);
extern int64 kpi_funnel_window_argument(FunctionCallInfo fcinfo, bool numbers);
extern KpiFunnelMode kpi_funnel_mode_argument(FunctionCallInfo fcinfo);
extern int64 kpi_funnel_length(const Interval *interval, const char *name);
extern int64 kpi_funnel_length_of(Datum length, const char *name, bool numbers);
extern int	kpi_funnel_level(const KpiFunnelEvents *events, const KpiFunnelRule *rule);
extern int	kpi_funnel_times(const KpiFunnelEvents *events, const KpiFunnelRule *rule, int64 *time);

#endif							/* KPI_FUNNEL_H */
