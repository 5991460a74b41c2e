/*-------------------------------------------------------------------------
 *
 * judge.h
 *	  Judging a value: attainment, points, reason and trend of an indicator.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_JUDGE_H
#define KPI_ENGINE_JUDGE_H

#include "kpi.h"

#include "base/words.h"
#include "rate/attainment.h"
#include "scoring/scale.h"
#include "utils/numeric.h"

/* What an indicator says of what is good. */
typedef struct KpiTerms
{
	KpiDirection direction;
	KpiAttainmentMethod method;
	KpiZeroTarget zero_target;
} KpiTerms;

/* A value and what it is compared with; NULL for what is missing. */
typedef struct KpiCase
{
	Numeric		value;			/* as stored */
	bool		invalid;		/* the source gave no number */
	Numeric		actual;			/* the value, where it is usable */
	KpiAim		aim;			/* of the target in force */
	const char *target_reason;	/* or NULL */
	Numeric		attainment;
} KpiCase;

/* Whether a method compares with limits, and not with the target alone. */
static inline bool
kpi_takes_limits(KpiAttainmentMethod method)
{
	return method == KPI_ATTAINMENT_SPAN || method == KPI_ATTAINMENT_RANGE;
}

/* Limits of points; NULL for none. */
typedef struct KpiPointLimits
{
	Numeric		zero_below;
	Numeric		floor;
	Numeric		cap;
} KpiPointLimits;

/* What a measurement says in its note where the source gave no number. */
#define KPI_INVALID_NOTE "invalid"

/* No trend. */
#define KPI_NO_TREND 2

extern bool kpi_is_usable(Numeric value);
extern Numeric kpi_judge_attainment(const KpiTerms *terms, Numeric actual, const KpiAim *aim);
extern Numeric kpi_judge_argument(const KpiTerms *terms, const KpiScale *scale, const KpiCase *of);
extern Numeric kpi_judge_merit(const KpiTerms *terms, const KpiScale *scale, const KpiCase *of);
extern Numeric kpi_judge_points(Numeric argument, int64 place, const KpiScale *scale);
extern Numeric kpi_judge_limits(Numeric points, const KpiPointLimits *limits);
extern const char *kpi_judge_reason(const KpiTerms *terms, const KpiScale *scale, const KpiCase *of);
extern int	kpi_judge_trend(KpiDirection direction, Numeric actual, Numeric previous_actual,
							Numeric attainment, Numeric previous_attainment);

#endif							/* KPI_ENGINE_JUDGE_H */
