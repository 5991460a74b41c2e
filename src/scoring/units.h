/*-------------------------------------------------------------------------
 *
 * units.h
 *	  Points for each unit of a distance: deduct and add.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_UNITS_H
#define KPI_UNITS_H

#include "kpi.h"

#include "base/words.h"
#include "utils/numeric.h"

/* What a unit is worth: rate points, counted from the base points on. */
typedef struct KpiUnits
{
	Numeric		base;
	Numeric		rate;
	Numeric		unit;			/* above 0 */
	KpiCounting counting;
} KpiUnits;

extern Numeric kpi_float8_slack(double a, double b);
extern Numeric kpi_unit_points(const KpiUnits *units, Numeric distance, Numeric slack);

#endif							/* KPI_UNITS_H */
