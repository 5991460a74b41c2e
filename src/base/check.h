/*-------------------------------------------------------------------------
 *
 * check.h
 *	  Argument checks: after these an SQL function is a few lines.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_CHECK_H
#define KPI_CHECK_H

#include "kpi.h"

#include "utils/numeric.h"

pg_noreturn extern void kpi_bad_weight(double weight);
extern void kpi_check_numeric_weight(Numeric weight);
extern double kpi_check_coverage(double coverage);
extern double kpi_check_confidence(double confidence);
extern int32 kpi_check_whole(double value, const char *name);
extern int32 kpi_check_between(double value, const char *name, int32 low, int32 high, const char *hint);
extern double kpi_check_above_zero(double value, const char *name, const char *hint);
extern struct TriggerData *kpi_check_trigger(FunctionCallInfo fcinfo);
extern bool kpi_wrote_nothing(const struct TriggerData *trigger);
extern int64 kpi_check_count(double value, const char *name);

/* Not NaN and not infinite: those count as missing, and the result is NULL. */
static inline bool
kpi_is_number(double value)
{
	return value - value == 0;
}

/* Whether a whole number has 32 bits. */
static inline bool
kpi_fits_int32(int64 value)
{
	return value >= PG_INT32_MIN && value <= PG_INT32_MAX;
}

/* A weight is a finite number, not negative; the scale is free. */
static inline double
kpi_check_weight(double weight)
{
	if (unlikely(!kpi_is_number(weight) || weight < 0))
		kpi_bad_weight(weight);
	return weight;
}

/* The same of a numeric. */
static inline bool
kpi_is_numeric_number(Numeric value)
{
	return !numeric_is_nan(value) && !numeric_is_inf(value);
}

#endif							/* KPI_CHECK_H */
