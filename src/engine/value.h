/*-------------------------------------------------------------------------
 *
 * value.h
 *	  Measurements that an evaluation needs, read at once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_VALUE_H
#define KPI_ENGINE_VALUE_H

#include "kpi.h"

#include "base/grain_table.h"
#include "engine/name.h"
#include "engine/stretch.h"
#include "utils/date.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

/* A measurement of a period. */
typedef struct KpiValue
{
	DateADT		start;
	Numeric		value;			/* as stored, or NULL */
	Numeric		actual;			/* the same where it is usable, else NULL */
	bool		invalid;		/* the source gave no number */
	bool		provisional;
} KpiValue;

/* What has values: an indicator and a unit in periods of a grain. */
typedef struct KpiLineKey
{
	const KpiName *indicator;
	const KpiName *unit;
	const KpiGrainRow *grain;
} KpiLineKey;

/* Its values, by their days. */
typedef struct KpiLine
{
	KpiLineKey	key;
	KpiStretches wanted;
	int			count;
	KpiValue   *value;
} KpiLine;

typedef struct KpiValues KpiValues;

extern KpiValues *kpi_values(MemoryContext context, TimestampTz known_at);
extern void kpi_want_values(KpiValues *values, const KpiLineKey *key, DateADT first, DateADT last);
extern void kpi_read_values(KpiValues *values);
extern int	kpi_wanted_lines(const KpiValues *values, const char ***indicator, const char ***unit);
extern const KpiLine *kpi_line_of(KpiValues *values, const KpiLineKey *key);
extern const KpiValue *kpi_value_of(const KpiLine *line, DateADT start);

#endif							/* KPI_ENGINE_VALUE_H */
