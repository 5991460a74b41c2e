/*-------------------------------------------------------------------------
 *
 * query.h
 *	  The definition of a measured indicator and the query made of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_QUERY_H
#define KPI_QUERY_H

#include "registry/owner.h"

#include "access/tupdesc.h"
#include "utils/date.h"

/* The expressions of a definition, in the order they are checked. */
typedef enum KpiExpression
{
	KPI_FILTER,
	KPI_NUMERATOR,
	KPI_DENOMINATOR
} KpiExpression;

#define KPI_EXPRESSIONS 3

/* One measured indicator; strings are as the registry has them. */
typedef struct KpiSource
{
	char	   *indicator;
	char	   *source;
	char	   *time_column;
	char	   *unit_column;	/* or NULL */
	char	   *expression[KPI_EXPRESSIONS];	/* NULL where not given */
	char	   *grain;			/* its own */
	KpiOwner	owner;

	/* found by kpi_resolve_source, quoted for use in a query */
	Oid			relation_id;
	char	   *relation;
	char	   *time_reference;
	char	   *unit_reference; /* or NULL */
	Oid			time_type;		/* date, timestamp or timestamptz */
} KpiSource;

/* Columns of the query, from 1: after these the first day of the period, a column a grain. */
typedef enum KpiSourceColumn
{
	KPI_COLUMN_UNIT = 1,
	KPI_COLUMN_NUMERATOR,
	KPI_COLUMN_DENOMINATOR,
	KPI_COLUMN_ROWS,
	KPI_COLUMN_UNASSIGNED,
	KPI_COLUMN_PERIOD
} KpiSourceColumn;

/* Parameters of the query, from 1: after these the periods of the segments, one a grain. */
typedef enum KpiSourceParameter
{
	KPI_PARAMETER_FROM = 1,
	KPI_PARAMETER_TO,
	KPI_PARAMETER_SEGMENTS,
	KPI_PARAMETER_VALUES,		/* of a unit in the source, once for every
								 * ancestor */
	KPI_PARAMETER_ANCESTORS,
	KPI_PARAMETER_ROOT,
	KPI_PARAMETER_PARTS,		/* of the days, in which the tree is one */
	KPI_PARAMETER_VALUE_PARTS,
	KPI_PARAMETER_PERIODS
} KpiSourceParameter;

typedef struct KpiSourceQuery
{
	char	   *text;
	int			nargs;
	Oid		   *types;
	Datum	   *values;
	char	   *nulls;
} KpiSourceQuery;

/* The dimension whose units indicators are measured for. */
#define KPI_ORGANISATION "organisation"

/* The periods that rows may count for. */
typedef struct KpiPeriods
{
	int			grains;
	Datum	   *grain;			/* text */
	Datum	   *first;			/* date: the first period of each grain that
								 * was asked for */
	int			segments;
	Datum	   *start;			/* date: the first days of the segments */
	Datum	   *period;			/* date: for each grain that of the period of
								 * each segment */
	DateADT		end;			/* the day after the last segment */
} KpiPeriods;

/* The units that rows may count for: units by number, from 1. */
typedef struct KpiUnits
{
	Datum	   *names;			/* text */
	int			nroots;
	Datum	   *roots;			/* int4: the units without a parent */
	int			parts;
	Datum	   *part_start;		/* date: the days from which the tree is
								 * another */
	Datum		values;			/* text[]: what sources call a unit, once for
								 * every ancestor */
	Datum		value_part;		/* int4[]: the part of the days in which it is
								 * so */
	Datum		ancestors;		/* int4[]: the number of that ancestor */
} KpiUnits;

#endif							/* KPI_QUERY_H */
