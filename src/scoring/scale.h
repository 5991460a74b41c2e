/*-------------------------------------------------------------------------
 *
 * scale.h
 *	  Scoring scales: what is stored, and how one is made.
 *
 * The numbers of a scale, in the order in which its text has them:
 *
 *	linear, step, efficacy	x, y, x, y, ...
 *	deduct, add				base, from, rate, unit
 *	range					low, high, outer_low, outer_high
 *	binary					points
 *	rank					points of the first place, of the second, ...
 *	given					none
 *
 * then min and max, if there are such.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SCALE_H
#define KPI_SCALE_H

#include "kpi.h"

#include "base/form.h"
#include "base/words.h"
#include "utils/numeric.h"

#define KPI_SCALE_TYPE "kpi.scale"
#define KPI_MAX_SCALE_POINTS 1000

/* Decimals that x may be rounded to; negative ones round to tens, hundreds, ... */
#define KPI_MAX_SCALE_ROUND 100

/* Which of round, min and max a scale has. */
#define KPI_SCALE_ROUND 1
#define KPI_SCALE_MIN 2
#define KPI_SCALE_MAX 4

/*
 * A stored scale: every number as float8, then for each where its numeric
 * begins, then the numerics.
 */
typedef struct KpiScale
{
	int32		vl_len_;
	uint8		version;
	uint8		form;
	uint8		of;
	uint8		counting;		/* deduct, add; else 0 */
	uint8		upward;			/* deduct, add: units above the limit count */
	uint8		options;
	int16		decimals;		/* of round; else 0 */
	int32		count;			/* numbers without min and max */
	double		number[FLEXIBLE_ARRAY_MEMBER];
} KpiScale;

/* A scale while it is read. */
typedef struct KpiScaleDraft
{
	KpiScaleForm form;
	KpiScaleOf	of;
	KpiCounting counting;
	bool		upward;
	bool		rounds;
	int			decimals;		/* of round; else 0 */
	int			count;
	Numeric		number[2 * KPI_MAX_SCALE_POINTS];
	Numeric		min;			/* NULL for none */
	Numeric		max;
} KpiScaleDraft;

extern void kpi_scale_start(KpiScaleDraft *draft, KpiScaleForm form);
extern void kpi_scale_add(KpiScaleDraft *draft, Numeric number);
extern KpiScale *kpi_scale_build(const KpiScaleDraft *draft);
extern const KpiScale *kpi_scale_value(Datum datum);
extern Numeric kpi_scale_points(const KpiScale *scale, Numeric x);
extern Numeric kpi_scale_round(const KpiScale *scale, Numeric x);
extern Numeric kpi_rank_points_of(const KpiScale *scale, int64 place);

/* Whether the numbers of a form are points x:y. */
static inline bool
kpi_scale_has_points(KpiScaleForm form)
{
	return form == KPI_SCALE_LINEAR || form == KPI_SCALE_STEP || form == KPI_SCALE_EFFICACY;
}

/* Whether a form counts units. */
static inline bool
kpi_scale_has_units(KpiScaleForm form)
{
	return form == KPI_SCALE_DEDUCT || form == KPI_SCALE_ADD;
}

/* What a scale of the form is of unless it says so. */
static inline KpiScaleOf
kpi_scale_default_of(KpiScaleForm form)
{
	return form == KPI_SCALE_LINEAR || form == KPI_SCALE_STEP || form == KPI_SCALE_BINARY ?
		KPI_OF_ATTAINMENT : KPI_OF_ACTUAL;
}

/* How many numbers are stored: those of the form, min and max. */
static inline int
kpi_scale_numbers(const KpiScale *scale)
{
	return scale->count + ((scale->options & KPI_SCALE_MIN) != 0) +
		((scale->options & KPI_SCALE_MAX) != 0);
}

/* Where the numerics begin. */
static inline int32 *
kpi_scale_offsets(const KpiScale *scale)
{
	return (int32 *) (scale->number + kpi_scale_numbers(scale));
}

/* A number as it was written. */
static inline Numeric
kpi_scale_number(const KpiScale *scale, int place)
{
	return (Numeric) ((char *) scale + kpi_scale_offsets(scale)[place]);
}

/* The place of min, in a scale that has it. */
static inline int
kpi_scale_min_place(const KpiScale *scale)
{
	return scale->count;
}

/* The place of max, in a scale that has it. */
static inline int
kpi_scale_max_place(const KpiScale *scale)
{
	return kpi_scale_numbers(scale) - 1;
}

#endif							/* KPI_SCALE_H */
