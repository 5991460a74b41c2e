/*-------------------------------------------------------------------------
 *
 * state.h
 *	  The rows of a scorecard, collected: kpi.rollup_state.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ROLLUP_STATE_H
#define KPI_ROLLUP_STATE_H

#include "kpi.h"

#include "rollup/row.h"

/*
 * The transition state: this header, then the packed rows, then spare
 * capacity up to the size of the varlena.
 */
typedef struct KpiRollup
{
	int32		vl_len_;
	uint8		version;
	uint8		exact;			/* amounts are numeric, else float8 */
	uint16		unused;
	uint32		count;			/* rows */
	uint32		used;			/* bytes of the rows */
} KpiRollup;

#define KPI_ROLLUP_FIRST(state) \
	((KpiRollupEntry *) ((char *) (state) + sizeof(KpiRollup)))
#define KPI_ROLLUP_NEXT(entry) \
	((KpiRollupEntry *) ((char *) (entry) + (entry)->size))

extern KpiRollup *kpi_rollup_new(bool exact);
extern KpiRollup *kpi_rollup_append(KpiRollup *state, const KpiRollupRow *row, bool writable);
extern KpiRollup *kpi_rollup_compact(KpiRollup *state);

#endif							/* KPI_ROLLUP_STATE_H */
