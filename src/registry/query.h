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

/* Grains from the shortest on; the order of kpi_grains. */
typedef enum KpiGrain
{
	KPI_MONTH,
	KPI_QUARTER,
	KPI_YEAR
} KpiGrain;

#define KPI_GRAINS 3

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
	KpiGrain	grain;
	KpiOwner	owner;

	/* found by kpi_resolve_source, quoted for use in a query */
	Oid			relation_id;
	char	   *relation;
	char	   *time_reference;
	char	   *unit_reference; /* or NULL */
	Oid			time_type;		/* date, timestamp or timestamptz */
} KpiSource;

/* Columns of the query, from 1. */
typedef enum KpiSourceColumn
{
	KPI_COLUMN_GRAINS = 1,		/* number of the period, shortest first */
	KPI_COLUMN_UNIT = KPI_COLUMN_GRAINS + KPI_GRAINS,
	KPI_COLUMN_NUMERATOR,
	KPI_COLUMN_DENOMINATOR,
	KPI_COLUMN_ROWS,
	KPI_COLUMN_UNASSIGNED
} KpiSourceColumn;

/* Parameters of the query: the range, its months and, with a unit column, the units. */
#define KPI_SOURCE_PARAMETERS 6

typedef struct KpiSourceQuery
{
	char	   *text;
	int			nargs;
	Oid			types[KPI_SOURCE_PARAMETERS];
	Datum		values[KPI_SOURCE_PARAMETERS];
	char		nulls[KPI_SOURCE_PARAMETERS + 1];
} KpiSourceQuery;

/* The tree of units as the query needs it: units by number, from 1. */
typedef struct KpiUnits
{
	Datum	   *names;			/* text */
	int			nroots;
	Datum	   *roots;			/* int4: the units without a parent */
	Datum		units;			/* text[]: each unit once for every ancestor */
	Datum		ancestors;		/* int4[]: the number of that ancestor */
} KpiUnits;

#endif							/* KPI_QUERY_H */
