/*-------------------------------------------------------------------------
 *
 * target.h
 *	  Targets: their rows, what an indicator says about them, and how the
 *	  target of a period is made of both.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_TARGET_H
#define KPI_TARGET_H

#include "kpi.h"

#include "base/grain_table.h"
#include "base/words.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

/* The amounts of a row. */
enum
{
	KPI_AMOUNT_TARGET,
	KPI_AMOUNT_BASELINE,
	KPI_AMOUNT_STRETCH,
	KPI_AMOUNT_LOW,
	KPI_AMOUNT_HIGH,
	KPI_AMOUNT_OUTER_LOW,
	KPI_AMOUNT_OUTER_HIGH,
	KPI_AMOUNTS
};

/* Decimals of what is due by a day, and of a mean. */
#define KPI_TARGET_DECIMALS 20

/* NULL where a row has none. */
typedef struct KpiAmounts
{
	Numeric		amount[KPI_AMOUNTS];
} KpiAmounts;

/* What an indicator says about its targets. */
typedef struct KpiTargetTerms
{
	bool		has_rule;
	KpiTargetRule rule;
	bool		first;			/* of an end: it stands at the beginning */
	bool		growth;			/* of what compounds: not a loss */
	KpiSpreadBy spread_by;
	Numeric		share[MONTHS_PER_YEAR]; /* of the profile */
	bool		in_decimals;	/* months of the profile come in decimals */
	int			decimals;
	bool		inherit;
	char	   *peer;			/* or NULL */
} KpiTargetTerms;

/* A row: the days whose periods of the grain have these amounts. */
typedef struct KpiTargetRow
{
	const KpiGrainRow *grain;	/* or NULL */
	DateADT		from;
	DateADT		to;				/* the day after */
	KpiAmounts	amounts;
} KpiTargetRow;

/* Rows of one grain, by their days. */
typedef struct KpiTargetGroup
{
	const KpiGrainRow *grain;	/* or NULL */
	int			count;
	KpiTargetRow *row;
} KpiTargetGroup;

/* The rows of an indicator and unit, from short grains to long; without a grain last. */
typedef struct KpiTargetRows
{
	int			count;
	KpiTargetGroup *group;
} KpiTargetRows;

/* Parts that are made one, so far. */
typedef struct KpiParts
{
	const KpiTargetTerms *terms;
	int			count;
	int64		days;
	bool		alike[KPI_AMOUNTS];
	KpiAmounts	first;
	KpiAmounts	sum;			/* by the rule: of amounts, of amounts by
								 * days, the product, the last */
} KpiParts;

/* Days whose target is asked for; of a period with its grain. */
typedef struct KpiTargetDays
{
	const KpiGrainRule *grain;	/* or NULL */
	DateADT		from;
	DateADT		to;
	int			position;		/* of the grain */
} KpiTargetDays;

/* The target of a period. */
typedef struct KpiFoundTarget
{
	KpiAmounts	amounts;
	int			step;			/* which way it was found; 0 for none */
	const char *reason;			/* why there is none, or NULL */
} KpiFoundTarget;

typedef struct KpiTargetFinder KpiTargetFinder;

/* target_finder.c */
extern KpiTargetFinder *kpi_target_finder(MemoryContext context, TimestampTz known_at);
extern void kpi_read_targets(KpiTargetFinder *finder, const char *const *indicator, const char *const *unit, int count);

/* target_find.c */
extern void kpi_find_target(KpiTargetFinder *finder, const char *indicator, const char *unit,
							const KpiGrainRow *grain, DateADT day, KpiFoundTarget *found);

/* target_curve.c */
extern void kpi_bring_down(const KpiTargetTerms *terms, const KpiTargetRow *row,
						   DateADT start, DateADT end, DateADT from, DateADT to,
						   KpiAmounts *part);

/* target_parts.c */
extern Numeric kpi_target_divide(Numeric dividend, Numeric divisor);
extern Numeric kpi_target_share(Numeric amount, int64 part, int64 whole);
extern void kpi_parts_start(KpiParts *parts, const KpiTargetTerms *terms);
extern void kpi_parts_add(KpiParts *parts, const KpiAmounts *amounts, int days);
extern void kpi_parts_finish(const KpiParts *parts, KpiAmounts *amounts);

/* target_rows.c */
extern void kpi_group_rows(KpiTargetRow *row, int count, KpiTargetRows *rows);
extern int	kpi_rows_find(const KpiTargetRows *rows, const KpiTargetTerms *terms,
						  const KpiTargetDays *days, KpiAmounts *amounts);
extern bool kpi_rows_parts(const KpiTargetRows *rows, const KpiTargetTerms *terms,
						   const KpiTargetDays *days, KpiAmounts *amounts);
extern bool kpi_rows_touch(const KpiTargetRows *rows, DateADT from, DateADT to);

#endif							/* KPI_TARGET_H */
