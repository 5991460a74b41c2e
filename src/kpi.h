/*-------------------------------------------------------------------------
 *
 * kpi.h
 *	  What every file of kpi shares: limits, the words of the SQL surface,
 *	  and the differences between server versions, which live here alone.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_H
#define KPI_H

#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* 18 writes it before the declaration, and took the older form away. */
#if PG_VERSION_NUM < 180000 && !defined(pg_noreturn)
#define pg_noreturn pg_attribute_noreturn()
#endif

#ifndef HAVE_INT128
#error "kpi needs a compiler with 128-bit integers"
#endif

#if PG_VERSION_NUM < 170000
/* Only pg_catalog is searched until the current level of settings ends. */
static inline void
RestrictSearchPath(void)
{
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}
#endif

/* Version byte that opens every stored value of ours. */
#define KPI_STATE_VERSION 1

/* Which way is better; the order of the words in kpi_direction_words. */
typedef enum KpiDirection
{
	KPI_HIGHER,
	KPI_LOWER,
	KPI_TARGET
} KpiDirection;

/* What the ratio method gives for a target of zero. */
typedef enum KpiZeroTarget
{
	KPI_ZERO_NULL,
	KPI_ZERO_MET,
	KPI_ZERO_ERROR
} KpiZeroTarget;

/* What a missing score does to the score above it. */
typedef enum KpiMissing
{
	KPI_RENORMALIZE,
	KPI_MISSING_ZERO,
	KPI_MISSING_NULL
} KpiMissing;

#endif							/* KPI_H */
