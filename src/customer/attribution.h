/*-------------------------------------------------------------------------
 *
 * attribution.h
 *	  Paths of channels, counted.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ATTRIBUTION_H
#define KPI_ATTRIBUTION_H

#include "kpi.h"

#include "base/twosum.h"

#define KPI_MAX_CHANNELS 500

/* What is shared out: by each rule conversions and their value. */
typedef enum KpiCreditRule
{
	KPI_CREDIT_FIRST,
	KPI_CREDIT_LAST,
	KPI_CREDIT_LINEAR,
	KPI_CREDIT_POSITION,
	KPI_CREDIT_SHAPLEY,
	KPI_CREDIT_RULES
} KpiCreditRule;

typedef struct KpiCredit
{
	KpiSum		conversions;
	KpiSum		value;
} KpiCredit;

/*
 * A state: the header, then the names of the channels, each with a byte of 0,
 * then, aligned, the numbers of KpiChannels.
 */
typedef struct KpiAttribution
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[3];
	int32		channels;
	int32		names;			/* bytes of the names */
	KpiCredit	total;
	char		name[FLEXIBLE_ARRAY_MEMBER];
} KpiAttribution;

/* How often one channel, or the start, is followed by another, a conversion or nothing. */
#define KPI_CONVERTED(channels) (channels)
#define KPI_LOST(channels) ((channels) + 1)
#define KPI_AFTER(channels) ((channels) + 2)

/* Where the numbers of a state are. */
typedef struct KpiChannels
{
	int			count;
	const char **name;
	KpiCredit  *credit;			/* of each channel by each rule */
	double	   *follows;		/* rows of channels and start */
} KpiChannels;

/* The part of touch i by its position among n. */
static inline double
kpi_position_part(int i, int n)
{
	if (n <= 2)
		return 1.0 / n;
	return i == 0 || i == n - 1 ? 0.4 : 0.2 / (n - 2);
}

extern KpiChannels kpi_channels(KpiAttribution *state);
extern KpiAttribution *kpi_attribution_ordered(Datum datum);

#endif							/* KPI_ATTRIBUTION_H */
