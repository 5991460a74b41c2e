/*-------------------------------------------------------------------------
 *
 * series.h
 *	  Values over time: kpi.series, its points, and the functions that answer
 *	  with a series.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SERIES_H
#define KPI_SERIES_H

#include "kpi.h"

#include "utils/memutils.h"

/* What the periods of a series are. */
typedef enum KpiPeriodKind
{
	KPI_PERIOD_DATE,			/* days since 2000-01-01 */
	KPI_PERIOD_TIMESTAMP,		/* microseconds since then */
	KPI_PERIOD_TIMESTAMPTZ,
	KPI_PERIOD_INTEGER
} KpiPeriodKind;

/* A value of a period; NaN is none. */
typedef struct KpiPoint
{
	int64		period;
	double		value;
} KpiPoint;

typedef struct KpiSeries
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		kind;			/* KpiPeriodKind */
	uint8		duplicates;		/* KpiDuplicates */
	uint8		unused;
	int32		count;
	int32		sorted;			/* that many are in order */
	/* and, while an aggregate fills it, room for more */
	KpiPoint	point[FLEXIBLE_ARRAY_MEMBER];
} KpiSeries;

/* A value has no more bytes than this. */
#define KPI_MAX_POINTS \
	((int) ((MaxAllocSize - offsetof(KpiSeries, point)) / sizeof(KpiPoint)))

/* The points of a series in order, one a period: duplicates are combined. */
typedef struct KpiPoints
{
	KpiPeriodKind kind;
	int			count;
	int			missing;		/* of them, those whose value is NaN */
	const KpiPoint *point;
} KpiPoints;

extern KpiPoints kpi_series_points(const KpiSeries *series);
extern KpiPoints kpi_points_argument(FunctionCallInfo fcinfo, int argument);
extern KpiSeries *kpi_new_series(KpiPeriodKind kind, int count);
extern const char *kpi_period_kind_name(KpiPeriodKind kind);
extern char *kpi_show_period(KpiPeriodKind kind, int64 period);

#endif							/* KPI_SERIES_H */
