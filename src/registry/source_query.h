/*-------------------------------------------------------------------------
 *
 * source_query.h
 *	  A query that is made piece by piece, changed once it is analysed, and run
 *	  into a table of its own.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SOURCE_QUERY_H
#define KPI_SOURCE_QUERY_H

#include "registry/query.h"

#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "nodes/plannodes.h"
#include "utils/queryenvironment.h"
#include "utils/tuplestore.h"

/* Stretches of days and lists of names that one query may have, and parameters with those of the rest of it. */
#define KPI_MAX_STRETCHES 32
#define KPI_MAX_NAMES 16
#define KPI_MAX_PARAMETERS (16 + 2 * KPI_MAX_STRETCHES + KPI_MAX_NAMES)

typedef struct KpiQuery
{
	StringInfoData text;
	int			parameters;
	Oid			type[KPI_MAX_PARAMETERS];
	Datum		value[KPI_MAX_PARAMETERS];
	QueryEnvironment *tables;	/* that it may name beside those of the
								 * database */
	bool		sorted;			/* rows are sorted to be grouped, so that one
								 * group at a time is in memory */
	Query	   *query;
	PlannedStmt *plan;
} KpiQuery;

/* What a query gave. */
typedef struct KpiTable
{
	TupleDesc	tupdesc;
	Tuplestorestate *rows;
} KpiTable;

extern void kpi_begin_query(KpiQuery *query);
extern void kpi_use_table(KpiQuery *query, const char *name, const KpiTable *table);
extern char *kpi_parameter(KpiQuery *query, Oid type, Datum value);
extern char *kpi_array_parameter(KpiQuery *query, Oid element, const Datum *values, int count);
extern void kpi_analyse_query(KpiQuery *query);
extern void kpi_append_column(KpiQuery *query, Expr *expression);
extern void kpi_plan_query(KpiQuery *query);
extern void kpi_plan_without_condition(KpiQuery *query);
extern double kpi_rows_grouped(const KpiQuery *query);
extern TupleDesc kpi_start_query(KpiQuery *query);
extern KpiTable *kpi_run_query(KpiQuery *query);
extern Datum kpi_make_array(Oid element, const Datum *values, int count);

#endif							/* KPI_SOURCE_QUERY_H */
