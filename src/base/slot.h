/*-------------------------------------------------------------------------
 *
 * slot.h
 *	  Time in slots: days, shorter units, or calendar units of months.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SLOT_H
#define KPI_SLOT_H

#include "kpi.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

/* The unit and the end of time as a call site knows them from its last row. */
typedef struct KpiSlots
{
	bool		known;
	Interval	interval;
	int64		unit;
	int64		as_of;			/* as given */
	int64		as_of_slot;
	pg_tz	   *zone;			/* NULL while no offset is known */
	int64		zone_from;		/* its offset holds in [from, to) */
	int64		zone_to;
	int64		zone_offset;
	int64		day;			/* the last one whose months were asked for */
	int64		day_unit;		/* and of which unit; 0 for none yet */
	int64		day_slot;
} KpiSlots;

/* The slot of a moment, in units of the type of ts. */
typedef int64 (*KpiSlotOf) (KpiSlots *slots, int64 moment);

extern int64 kpi_slot_of_date(KpiSlots *slots, int64 date);
extern int64 kpi_slot_of_timestamp(KpiSlots *slots, int64 timestamp);
extern int64 kpi_slot_of_timestamptz(KpiSlots *slots, int64 moment);
extern int64 kpi_check_unit(const Interval *interval);

#endif							/* KPI_SLOT_H */
