/*-------------------------------------------------------------------------
 *
 * query.h
 *	  What is measured over a source, and where its rows count.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_QUERY_H
#define KPI_QUERY_H

#include "registry/owner.h"

#include "access/tupdesc.h"
#include "nodes/pg_list.h"
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
typedef struct KpiMeasure
{
	char	   *indicator;
	char	   *expression[KPI_EXPRESSIONS];	/* NULL where not given */

	/* found by kpi_check_measure */
	bool		merges;			/* made of aggregates whose states merge */
	Node	   *result[KPI_EXPRESSIONS];	/* over merged states, or NULL */
	Oid			type[KPI_EXPRESSIONS];	/* base type, of those given */
	bool		looks_at_rows;	/* by an aggregate or a subselect */
	int			count;			/* number of the count of its rows, from 0 */
} KpiMeasure;

/* The states that are read or merged together, each once. */
typedef struct KpiStates
{
	List	   *states;			/* of KpiState */
	int		   *column;			/* which of all states of a source each is,
								 * from 0 */
} KpiStates;

/* Which rows of a period make the value of a stock. */
typedef enum KpiStock
{
	KPI_NO_STOCK,
	KPI_LAST,
	KPI_FIRST
} KpiStock;

/* The units of a dimension that rows may count for: by number, from 1. */
typedef struct KpiUnits
{
	int			count;
	Datum	   *names;			/* text */
	int			parts;
	Datum	   *part_start;		/* date: the days from which the tree is
								 * another */
	Datum		roots;			/* int4[]: the only root of each part, or NULL */
	Datum		values;			/* text[]: what sources call a unit, once for
								 * every ancestor */
	Datum		value_part;		/* int4[]: the part of the days in which it is
								 * so */
	Datum		ancestors;		/* int4[]: the number of that ancestor */
} KpiUnits;

/* A tree of units, and the expression of the source that names them. */
typedef struct KpiDimension
{
	char	   *name;			/* NULL for units that get all rows */
	char	   *expression;		/* as the registry has it, or NULL */
	char	   *value;			/* SQL over the source, or NULL */
	int			key;			/* number among the different values, from 1 */
	KpiUnits	units;
	Datum		cell_part;		/* int4[]: the part of each cell */
} KpiDimension;

/* What names units in the rows of a source, for one dimension or several. */
typedef struct KpiValue
{
	char	   *sql;			/* over the source */
	bool		is_text;		/* else of a type of few bytes */
	bool		is_column;		/* else an expression */

	/* found by kpi_begin_scan */
	bool		of_stock;		/* a stock has its last rows by it */
	int			count;
	Datum	   *names;			/* text: those of units that are known, each
								 * once */
	int			below;			/* what its place in the number of a group is
								 * multiplied by; 0 where it is a column of
								 * its own */
} KpiValue;

/* The periods that rows may count for. */
typedef struct KpiPeriods
{
	int			grains;
	Datum	   *grain;			/* text */
	int			segments;
	Datum	   *start;			/* date: the first days of the periods of the
								 * own grain */
	DateADT		end;			/* the day after the last one */
	int			counted;		/* how many the next three have */
	Datum	   *counted_grain;	/* int4: number of a grain, from 1 */
	Datum	   *counted_period; /* date: a period of that grain */
	Datum	   *counted_segment;	/* int4: number of a segment in it, from 1 */
} KpiPeriods;

/* Where the rows of a source count, and the indicators that are measured there. */
typedef struct KpiPlace
{
	char	   *alike;			/* what tells it from others */
	char	   *grain;			/* own grain of the indicators */
	Datum		windows;		/* text[] */
	Datum		all_rows_to;	/* text[]; 0 for the only root of the
								 * organisation */
	List	   *all_rows_units; /* the same, of char * */
	bool		over_time;		/* all grains are measured, not the own one
								 * alone */
	bool		own_alone;		/* there are no values of longer grains */
	bool		up_tree;		/* a unit has the rows of those below it */
	KpiStock	stock;
	List	   *dimensions;		/* of KpiDimension */
	List	   *measures;		/* of KpiMeasure */
	KpiPeriods	periods;

	/* found by kpi_begin_scan and kpi_split_scan */
	Datum		segment;		/* int4[]: that of each cell, 0 of those
								 * outside */
	KpiStates	states;
} KpiPlace;

/* A source, and the indicators that are measured over it together. */
typedef struct KpiSource
{
	char	   *indicator;		/* the first one */
	char	   *source;
	char	   *time_column;	/* NULL for a snapshot */
	bool		by_instant;		/* stocks: not by day */
	TimestampTz now;			/* when a snapshot is taken */
	KpiOwner	owner;
	List	   *places;			/* of KpiPlace */
	List	   *measures;		/* of KpiMeasure: of all places */

	/* found by kpi_resolve_source, quoted for use in a query */
	Oid			relation_id;
	char	   *relation;
	char	   *time_reference; /* or NULL */
	Oid			time_type;		/* date, timestamp or timestamptz */

	/* found by kpi_resolve_units and kpi_begin_scan */
	List	   *values;			/* of KpiValue: each different SQL once */
	bool		own_filter;		/* of each measure, not of all rows read */
	int			counts;			/* of rows: one for each filter */
} KpiSource;

/* The dimension that has no other name. */
#define KPI_ORGANISATION "organisation"

/* Stretches of days that lie in one segment and one part of each tree of every place. */
typedef struct KpiCells
{
	int			count;
	Datum	   *start;			/* date */
	DateADT		end;			/* the day after the last one */
} KpiCells;

#endif							/* KPI_QUERY_H */
