/*-------------------------------------------------------------------------
 *
 * survival.h
 *	  Durations with censoring: the state, and its steps in order of time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SURVIVAL_H
#define KPI_SURVIVAL_H

#include "kpi.h"

#include "base/twosum.h"

/* What happens at a time; at equal times in this order. */
typedef enum KpiHappening
{
	KPI_EVENT,
	KPI_CENSORED,
	KPI_ENTERED
} KpiHappening;

typedef struct KpiDuration
{
	double		time;
	int64		what;			/* KpiHappening */
	double		weight;
} KpiDuration;

typedef struct KpiSurvival
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[3];
	int32		count;
	int32		sorted;
	KpiDuration duration[FLEXIBLE_ARRAY_MEMBER];
} KpiSurvival;

/* What happens at one time, and what has up to it. */
typedef struct KpiStep
{
	double		time;
	double		at_risk;		/* before it */
	double		events;
	double		censored;
	double		survival;		/* after it */
	double		hazard;			/* cumulative, Nelson-Aalen */
	double		variance;		/* Greenwood's sum */
} KpiStep;

/* A walk over the steps of a state. */
typedef struct KpiWalk
{
	const KpiSurvival *state;
	int			next;
	KpiSum		at_risk;
	KpiStep		step;
} KpiWalk;

extern const KpiSurvival *kpi_survival_argument(Datum datum);
extern void kpi_walk_start(KpiWalk *walk, const KpiSurvival *state);
extern bool kpi_walk_next(KpiWalk *walk);

#endif							/* KPI_SURVIVAL_H */
