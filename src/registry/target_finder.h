/*-------------------------------------------------------------------------
 *
 * target_finder.h
 *	  What the search for targets has read of the registry, and how it reads more.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_TARGET_FINDER_H
#define KPI_TARGET_FINDER_H

#include "registry/target.h"

#include "access/tupdesc.h"
#include "fmgr.h"

/* What may be seen: it changes with each command of ours and each end of another's transaction. */
typedef struct Sight
{
	TransactionId xmin;
	TransactionId xmax;
	uint32		xcnt;
	int32		subxcnt;
	CommandId	curcid;
} Sight;

/* What a call site has read so far. */
struct KpiTargetFinder
{
	MemoryContext context;
	MemoryContext scratch;
	TimestampTz known_at;
	Sight		sight;
	const KpiGrains *grains;
	struct kept_hash *kept;
	TupleDesc	row;			/* what the function returns, once known */
};

/* target_finder.c */
extern KpiTargetFinder *kpi_call_finder(FmgrInfo *flinfo);
extern const KpiTargetTerms *kpi_target_terms(KpiTargetFinder *finder, const char *indicator);
extern const KpiTargetRows *kpi_target_rows(KpiTargetFinder *finder, const char *indicator, const char *unit);
extern const KpiTargetRows *kpi_target_benchmarks(KpiTargetFinder *finder, const char *indicator, const char *peer);
extern const char *kpi_unit_above(KpiTargetFinder *finder, const char *unit, DateADT day);

/* target_find.c */
extern void kpi_find_days(KpiTargetFinder *finder, const KpiTargetTerms *terms, const char *indicator,
						  const char *unit, const KpiTargetDays *days, KpiFoundTarget *found);

#endif							/* KPI_TARGET_FINDER_H */
