/*-------------------------------------------------------------------------
 *
 * reader.c
 *	  Evaluations, what would be, and explanations as their reader may see them.
 *
 * A number never depends on who asks: the scores are made by
 * kpi_internal.evaluated with the rights of the owner of the tables, so of all
 * that there is.  The reader gets the rows of the units that it may see
 * (access.c).  Where a node shows a unit that it may not see, the row keeps its
 * score and loses what the score is made of, and says so.
 *
 * Where something may be supposed, the score could tell what is hidden: of a
 * unit that the reader may not see, nothing may be supposed or is solved for;
 * nor where units are ranked, unless it may see them all.
 *
 * NULL rule: no rows for NULL.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/access.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "registry/writer.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static const char *const hidden_columns[] = {"actual", "target", "target_low", "target_high", "attainment", "previous_actual", "last_year_actual"};

/* The places of columns of a result, from 1. */
typedef struct ResultColumns
{
	int			grain;
	int			period_start;
	int			measured_unit;
	int			score;
	int			reason;
	int			hidden[lengthof(hidden_columns)];
} ResultColumns;

/* Finds the columns by their names. */
static ResultColumns
find_columns(TupleDesc tupdesc)
{
	ResultColumns columns;

	columns.grain = SPI_fnumber(tupdesc, "grain");
	columns.period_start = SPI_fnumber(tupdesc, "period_start");
	columns.measured_unit = SPI_fnumber(tupdesc, "measured_unit");
	columns.score = SPI_fnumber(tupdesc, "score");
	columns.reason = SPI_fnumber(tupdesc, "reason");
	for (size_t i = 0; i < lengthof(hidden_columns); i++)
		columns.hidden[i] = SPI_fnumber(tupdesc, hidden_columns[i]);
	return columns;
}

/* The owner of the tables, if the caller may read them; else an error. */
static Oid
require_reader(void)
{
	static const char *const tables[] = {"measurement", "target", "scorecard_node"};
	Oid			schema = get_namespace_oid("kpi", false);
	Oid			owner = InvalidOid;

	for (size_t i = 0; i < lengthof(tables); i++)
	{
		Oid			table = get_relname_relid(tables[i], schema);
		AclResult	result = pg_class_aclcheck(table, GetUserId(), ACL_SELECT);

		if (result != ACLCHECK_OK)
			aclcheck_error(result, OBJECT_TABLE, tables[i]);
		owner = kpi_owner_of_table(table);
	}
	return owner;
}

/* Those of the cells whose unit the caller may see; false where there are none. */
static bool
readable_cells(Oid type, Datum *cells)
{
	bool		isnull;

	if (SPI_execute_with_args("SELECT array_agg(c) FROM unnest($1) AS c"
							  " WHERE kpi_internal.may_read(c.unit, c.grain, c.period_start)",
							  1, &type, cells, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "cells could not be read");
	*cells = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	return !isnull;
}

/* Does the row show a unit that the caller may not see? */
static bool
is_hidden(const ResultColumns *columns, const Datum *values)
{
	return !kpi_may_in_period(KPI_MAY_READ, DatumGetTextPP(values[columns->measured_unit - 1]),
							  DatumGetTextPP(values[columns->grain - 1]),
							  DatumGetDateADT(values[columns->period_start - 1]));
}

/* Takes from a row what its score is made of. */
static void
hide(const ResultColumns *columns, Datum *values, bool *nulls)
{
	for (size_t i = 0; i < lengthof(hidden_columns); i++)
		nulls[columns->hidden[i] - 1] = true;
	if (!nulls[columns->score - 1])
	{
		values[columns->reason - 1] = CStringGetTextDatum("hidden");
		nulls[columns->reason - 1] = false;
	}
}

/* Puts the rows of the evaluation into the result. */
static void
give_rows(ReturnSetInfo *result)
{
	TupleDesc	tupdesc = SPI_tuptable->tupdesc;
	ResultColumns columns = find_columns(tupdesc);
	bool		all = kpi_may_for_all(KPI_MAY_READ);
	Datum	   *values = palloc(sizeof(Datum) * tupdesc->natts);
	bool	   *nulls = palloc(sizeof(bool) * tupdesc->natts);

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		heap_deform_tuple(SPI_tuptable->vals[i], tupdesc, values, nulls);
		if (!all && is_hidden(&columns, values))
			hide(&columns, values, nulls);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

/* Runs a query with the rights of the owner. */
static void
query_as_owner(Oid owner, const char *query, int count, Oid *types, Datum *arguments)
{
	KpiCaller	caller = kpi_become_writer(owner);
	int			status = SPI_execute_with_args(query, count, types, arguments, NULL, true, 0);

	kpi_end_writer(&caller);
	if (status != SPI_OK_SELECT)
		elog(ERROR, "query of what a reader may see failed");
}

/* evaluated_for_reader(cells, known_at): rows of kpi_internal.evaluated(cells, known_at) that the caller may see, as it may see them. */
PG_FUNCTION_INFO_V1(kpi_evaluated_for_reader);
Datum
kpi_evaluated_for_reader(PG_FUNCTION_ARGS)
{
	Oid			types[2] = {get_fn_expr_argtype(fcinfo->flinfo, 0), TIMESTAMPTZOID};
	Datum		arguments[2] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	Oid			owner = require_reader();

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	if (kpi_may_for_all(KPI_MAY_READ) || readable_cells(types[0], &arguments[0]))
	{
		query_as_owner(owner, "SELECT * FROM kpi_internal.evaluated($1, $2)", 2, types, arguments);
		give_rows((ReturnSetInfo *) fcinfo->resultinfo);
	}
	SPI_finish();
	return (Datum) 0;
}

/* A column of a composite argument. */
static Datum
argument_column(Datum row, const char *name)
{
	bool		isnull;

	return GetAttributeByName(DatumGetHeapTupleHeader(row), name, &isnull);
}

/* Whether the caller may see the unit of a cell in its period; not where one of them is NULL. */
static bool
may_read_cell(Datum cell)
{
	static const char *const names[] = {"unit", "grain", "period_start"};
	Datum		column[lengthof(names)];

	for (size_t i = 0; i < lengthof(names); i++)
	{
		bool		isnull;

		column[i] = GetAttributeByName(DatumGetHeapTupleHeader(cell), names[i], &isnull);
		if (isnull)
			return false;
	}
	return kpi_may_in_period(KPI_MAY_READ, DatumGetTextPP(column[0]), DatumGetTextPP(column[1]),
							 DatumGetDateADT(column[2]));
}

/* Whether the caller may see a unit in the period of a cell; NULL is none. */
static bool
may_read_unit(Datum cell, Datum unit, bool isnull)
{
	return isnull || kpi_may_for_all(KPI_MAY_READ) ||
		kpi_may_in_period(KPI_MAY_READ, DatumGetTextPP(unit), DatumGetTextPP(argument_column(cell, "grain")),
						  DatumGetDateADT(argument_column(cell, "period_start")));
}

/* Columns that are for those who may see a unit, and where the row says that they are hidden. */
typedef struct Masked
{
	const char *const *column;
	int			count;
	const char *ranked;			/* whether units are ranked; NULL where no
								 * column says so */
	const char *reason;			/* NULL where the row does not say so */
} Masked;

/* Whether columns of a row are hidden. */
static bool
is_masked(const Masked *masked, TupleDesc tupdesc, Datum cell, const Datum *values, const bool *nulls)
{
	int			unit = SPI_fnumber(tupdesc, "measured_unit") - 1;

	return !may_read_unit(cell, values[unit], nulls[unit]) ||
		(masked->ranked != NULL && DatumGetBool(values[SPI_fnumber(tupdesc, masked->ranked) - 1]) && !kpi_may_for_all(KPI_MAY_READ));
}

/* Puts the rows into the result; columns of units that the caller may not see are hidden. */
static void
give_masked(ReturnSetInfo *result, Datum cell, const Masked *masked)
{
	TupleDesc	tupdesc = SPI_tuptable->tupdesc;
	Datum	   *values = palloc(sizeof(Datum) * tupdesc->natts);
	bool	   *nulls = palloc(sizeof(bool) * tupdesc->natts);

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		heap_deform_tuple(SPI_tuptable->vals[i], tupdesc, values, nulls);
		if (is_masked(masked, tupdesc, cell, values, nulls))
		{
			for (int k = 0; k < masked->count; k++)
				nulls[SPI_fnumber(tupdesc, masked->column[k]) - 1] = true;
			if (masked->reason != NULL)
			{
				values[SPI_fnumber(tupdesc, masked->reason) - 1] = CStringGetTextDatum("hidden");
				nulls[SPI_fnumber(tupdesc, masked->reason) - 1] = false;
			}
		}
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

/* explained_for_reader(before, after, ...): rows of kpi_internal.explained_rows() as the caller may see them. */
PG_FUNCTION_INFO_V1(kpi_explained_for_reader);
Datum
kpi_explained_for_reader(PG_FUNCTION_ARGS)
{
	Oid			cell = get_fn_expr_argtype(fcinfo->flinfo, 0);
	Oid			types[5] = {cell, cell, TIMESTAMPTZOID, TIMESTAMPTZOID, BOOLOID};
	Datum		arguments[5];
	static const char *const hidden[] = {"value_before", "value_after"};
	const Masked masked = {hidden, lengthof(hidden), NULL, NULL};
	Oid			owner = require_reader();

	for (int i = 0; i < 5; i++)
		arguments[i] = PG_GETARG_DATUM(i);
	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	if (kpi_may_for_all(KPI_MAY_READ) || (may_read_cell(arguments[0]) && may_read_cell(arguments[1])))
	{
		query_as_owner(owner, "SELECT * FROM kpi_internal.explained_rows($1, $2, $3, $4, $5)", 5, types, arguments);
		give_masked((ReturnSetInfo *) fcinfo->resultinfo, arguments[1], &masked);
	}
	SPI_finish();
	return (Datum) 0;
}

/* An error where something is supposed that would tell the caller what it may not see; the rows are of probed_nodes(). */
static void
refuse_probes(Datum cell)
{
	TupleDesc	tupdesc = SPI_tuptable->tupdesc;
	const Masked probed = {NULL, 0, "ranked", NULL};
	Datum		values[3];
	bool		nulls[3];

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		heap_deform_tuple(SPI_tuptable->vals[i], tupdesc, values, nulls);
		if (is_masked(&probed, tupdesc, cell, values, nulls))
			ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
							errmsg("permission denied to suppose values of node \"%s\"", TextDatumGetCString(values[0])),
							errdetail("It shows a unit that you may not see, or ranks units that you may not see."),
							errhint("kpi.grant_viewer() grants it.")));
	}
}

/* supposed_for_reader(cell, suppositions): rows of kpi_internal.supposed_rows() as the caller may see them. */
PG_FUNCTION_INFO_V1(kpi_supposed_for_reader);
Datum
kpi_supposed_for_reader(PG_FUNCTION_ARGS)
{
	Oid			types[2] = {get_fn_expr_argtype(fcinfo->flinfo, 0), get_fn_expr_argtype(fcinfo->flinfo, 1)};
	Datum		arguments[2] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	Oid			owner = require_reader();

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	if (kpi_may_for_all(KPI_MAY_READ) || may_read_cell(arguments[0]))
	{
		query_as_owner(owner, "SELECT * FROM kpi_internal.probed_nodes($1, $2)", 2, types, arguments);
		refuse_probes(arguments[0]);
		query_as_owner(owner, "SELECT * FROM kpi_internal.supposed_rows($1, $2)", 2, types, arguments);
		give_rows((ReturnSetInfo *) fcinfo->resultinfo);
	}
	SPI_finish();
	return (Datum) 0;
}

/* needed_for_reader(cell, goal): rows of kpi_internal.needed_rows() as the caller may see them. */
PG_FUNCTION_INFO_V1(kpi_needed_for_reader);
Datum
kpi_needed_for_reader(PG_FUNCTION_ARGS)
{
	static const char *const hidden[] = {"actual", "target", "needed_actual", "needed_points", "reached_score"};
	const Masked masked = {hidden, lengthof(hidden), "ranked", "reason"};
	Oid			types[2] = {get_fn_expr_argtype(fcinfo->flinfo, 0), NUMERICOID};
	Datum		arguments[2] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	Oid			owner = require_reader();

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	if (kpi_may_for_all(KPI_MAY_READ) || may_read_cell(arguments[0]))
	{
		query_as_owner(owner, "SELECT * FROM kpi_internal.needed_rows($1, $2)", 2, types, arguments);
		give_masked((ReturnSetInfo *) fcinfo->resultinfo, arguments[0], &masked);
	}
	SPI_finish();
	return (Datum) 0;
}
