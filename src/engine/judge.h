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
	Numeric		target;
	Numeric		baseline;
	const char *target_reason;	/* or NULL */
	Numeric		attainment;
} KpiCase;

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
extern Numeric kpi_judge_attainment(const KpiTerms *terms, Numeric actual, Numeric target, Numeric baseline);
extern Numeric kpi_judge_argument(const KpiTerms *terms, const KpiScale *scale, const KpiCase *of);
extern Numeric kpi_judge_merit(const KpiTerms *terms, const KpiScale *scale, const KpiCase *of);
extern Numeric kpi_judge_points(Numeric argument, int64 place, const KpiScale *scale);
extern Numeric kpi_judge_limits(Numeric points, const KpiPointLimits *limits);
extern const char *kpi_judge_reason(const KpiTerms *terms, const KpiCase *of);
extern int	kpi_judge_trend(KpiDirection direction, Numeric actual, Numeric previous_actual,
							Numeric attainment, Numeric previous_attainment);

#endif							/* KPI_ENGINE_JUDGE_H */
