/*-------------------------------------------------------------------------
 *
 * attainment.h
 *	  The attainment formula, shared by one row and by sums over rows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ATTAINMENT_H
#define KPI_ATTAINMENT_H

#include "kpi.h"

#include "base/line.h"
#include "base/twosum.h"
#include "base/words.h"
#include "utils/numeric.h"

/* What an actual is compared with; NULL for what is missing. */
typedef struct KpiAim
{
	Numeric		target;
	Numeric		baseline;
	KpiLimits	limits;
} KpiAim;

extern int	kpi_zero_target_attainment(KpiZeroTarget policy, KpiDirection direction,
									   int actual_sign);
extern void kpi_attainment_quotient(KpiDirection direction, KpiSum *actual, KpiSum *target);
extern Numeric kpi_attainment_exact(Datum actual, Datum target,
									KpiDirection direction, KpiZeroTarget policy);
extern const char *kpi_attainment_reason(KpiAttainmentMethod method, KpiZeroTarget policy,
										 Numeric actual, const KpiAim *aim);
extern Datum kpi_attainment_inverse_numeric(PG_FUNCTION_ARGS);
extern Datum kpi_progress_numeric(PG_FUNCTION_ARGS);
extern bool kpi_compare_numbers(Datum a, Datum b, int *order);

/* Whether a target is met, from the sign of actual - target; equality counts. */
static inline bool
kpi_is_met(KpiDirection direction, int order)
{
	if (direction == KPI_TARGET)
		return order == 0;
	return direction == KPI_HIGHER ? order >= 0 : order <= 0;
}

#endif							/* KPI_ATTAINMENT_H */
