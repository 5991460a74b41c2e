/*-------------------------------------------------------------------------
 *
 * source_query.c
 *	  A query that is made piece by piece, changed once it is analysed, and run
 *	  into a table of its own.
 *
 * The text is ours, with names and expressions of a definition in it; values
 * are parameters.  Between analysis and planning columns may be exchanged for
 * others, which is how states are asked for that no SQL of the owner could
 * name.  The rows go to a tuplestore, which keeps no more than work_mem in
 * memory, and which the next query can name as a table.
 *
 * The server keeps states of groups in a hash table as long as they are small;
 * of those that grow it cannot know.  Whoever asks for such states says when
 * rows are to be sorted instead.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source_query.h"

#include "executor/executor.h"
#include "executor/tstoreReceiver.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "parser/analyze.h"
#include "parser/parser.h"
#include "tcop/tcopprot.h"
#include "utils/array.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

/* The share of rows from which on all are. */
#define NEARLY_ALL 0.95

/* A query without text, parameters or tables. */
void
kpi_begin_query(KpiQuery *query)
{
	memset(query, 0, sizeof(KpiQuery));
	initStringInfo(&query->text);
	query->tables = create_queryEnv();
}

/* Lets the query name what another one gave. */
void
kpi_use_table(KpiQuery *query, const char *name, const KpiTable *table)
{
	EphemeralNamedRelation relation = palloc0(sizeof(EphemeralNamedRelationData));

	relation->md.name = pstrdup(name);
	relation->md.tupdesc = table->tupdesc;
	relation->md.enrtype = ENR_NAMED_TUPLESTORE;
	relation->md.enrtuples = (double) tuplestore_tuple_count(table->rows);
	relation->reldata = table->rows;
	register_ENR(query->tables, relation);
}

/* Adds a parameter that is not NULL; what the text calls it. */
char *
kpi_parameter(KpiQuery *query, Oid type, Datum value)
{
	Assert(query->parameters < KPI_MAX_PARAMETERS);
	query->type[query->parameters] = type;
	query->value[query->parameters] = value;
	return psprintf("$%d", ++query->parameters);
}

/* An array of values of a type. */
Datum
kpi_make_array(Oid element, const Datum *values, int count)
{
	int16		length;
	bool		by_value;
	char		align;

	get_typlenbyvalalign(element, &length, &by_value, &align);
	return PointerGetDatum(construct_array((Datum *) values, count, element, length, by_value, align));
}

/* Adds an array of values as a parameter. */
char *
kpi_array_parameter(KpiQuery *query, Oid element, const Datum *values, int count)
{
	return kpi_parameter(query, get_array_type(element), kpi_make_array(element, values, count));
}

/* Analyses the text, which locks what it names. */
void
kpi_analyse_query(KpiQuery *query)
{
	RawStmt    *statement = linitial_node(RawStmt, raw_parser(query->text.data, RAW_PARSE_DEFAULT));

	query->query = parse_analyze_fixedparams(statement, query->text.data, query->type,
											 query->parameters, query->tables);
}

/* Adds a column, which may be an aggregate, behind those of the text. */
void
kpi_append_column(KpiQuery *query, Expr *expression)
{
	List	  **columns = &query->query->targetList;

	*columns = lappend(*columns, makeTargetEntry(expression, (AttrNumber) (list_length(*columns) + 1),
												 psprintf("kpi$%d", list_length(*columns) + 1), false));
	query->query->hasAggs = true;
}

/* The parameters as the planner and the executor take them. */
static ParamListInfo
parameter_list(const KpiQuery *query)
{
	ParamListInfo list = makeParamList(query->parameters);

	for (int i = 0; i < query->parameters; i++)
	{
		list->params[i].value = query->value[i];
		list->params[i].isnull = false;
		list->params[i].pflags = PARAM_FLAG_CONST;
		list->params[i].ptype = query->type[i];
	}
	return list;
}

/* Rewrites and plans what was analysed, which may be planned again. */
void
kpi_plan_query(KpiQuery *query)
{
	List	   *rewritten = pg_rewrite_query(copyObject(query->query));
	int			level = NewGUCNestLevel();

	if (list_length(rewritten) != 1)
		elog(ERROR, "query over a source became %d queries", list_length(rewritten));
	if (query->sorted)
		(void) set_config_option("enable_hashagg", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	query->plan = pg_plan_query(linitial_node(Query, rewritten), query->text.data,
								CURSOR_OPT_PARALLEL_OK, parameter_list(query));
	AtEOXact_GUC(true, level);
}

/* The plan below all that groups, and whether that is done in a hash table. */
static const Plan *
plan_of_rows(const KpiQuery *query, bool *hashed)
{
	const		Plan *plan = query->plan->planTree;

	*hashed = false;
	while (IsA(plan, Agg) || IsA(plan, Gather) || IsA(plan, GatherMerge) || IsA(plan, Sort))
	{
		*hashed = *hashed || (IsA(plan, Agg) && ((const Agg *) plan)->aggstrategy == AGG_HASHED);
		plan = outerPlan(plan);
	}
	return plan;
}

/* How many rows the planned query groups in a hash table, as far as the planner knows; 0 where there is none. */
double
kpi_rows_grouped(const KpiQuery *query)
{
	bool		hashed;
	const		Plan *rows = plan_of_rows(query, &hashed);

	return hashed ? rows->plan_rows : 0;
}

/* How many rows of a table that is read from end to end it groups; 0 where it is not. */
static double
rows_of_table(const KpiQuery *query)
{
	bool		hashed;
	const		Plan *rows = plan_of_rows(query, &hashed);

	return IsA(rows, SeqScan) ? rows->plan_rows : 0;
}

/* Plans the query without its condition if that is put to every row of a table and nearly all pass it. */
void
kpi_plan_without_condition(KpiQuery *query)
{
	KpiQuery	whole = *query;

	if (rows_of_table(query) == 0)
		return;
	whole.query = copyObject(query->query);
	whole.query->jointree->quals = NULL;
	kpi_plan_query(&whole);
	if (rows_of_table(query) >= NEARLY_ALL * rows_of_table(&whole))
		*query = whole;
}

/* The planned query as the executor takes it. */
static QueryDesc *
describe_query(KpiQuery *query, DestReceiver *receiver)
{
	return CreateQueryDesc(query->plan, query->text.data, GetActiveSnapshot(), InvalidSnapshot,
						   receiver, parameter_list(query), query->tables, 0);
}

/* Starts the planned query, which checks the rights too, but reads nothing; its columns. */
TupleDesc
kpi_start_query(KpiQuery *query)
{
	QueryDesc  *description = describe_query(query, None_Receiver);
	TupleDesc	tupdesc;

	ExecutorStart(description, EXEC_FLAG_EXPLAIN_ONLY);
	tupdesc = CreateTupleDescCopy(description->tupDesc);
	ExecutorEnd(description);
	FreeQueryDesc(description);
	return tupdesc;
}

/* Runs the planned query under the active snapshot. */
KpiTable *
kpi_run_query(KpiQuery *query)
{
	KpiTable   *table = palloc(sizeof(KpiTable));
	DestReceiver *receiver = CreateTuplestoreDestReceiver();
	QueryDesc  *description = describe_query(query, receiver);

	table->rows = tuplestore_begin_heap(true, false, work_mem);
	SetTuplestoreDestReceiverParams(receiver, table->rows, CurrentMemoryContext, true, NULL, NULL);
	ExecutorStart(description, 0);
	table->tupdesc = CreateTupleDescCopy(description->tupDesc);
	kpi_executor_run(description);
	ExecutorFinish(description);
	ExecutorEnd(description);
	FreeQueryDesc(description);
	receiver->rDestroy(receiver);
	return table;
}
