/*-------------------------------------------------------------------------
 *
 * source_state.c
 *	  Aggregate expressions as states of rows, merged, and what is made of them.
 *
 * An expression such as coalesce(sum(a), 0) - min(b) is taken apart, once it is
 * analysed: the rows are asked for states, one for each different aggregate;
 * states of parts of the rows are merged by other aggregates; and the rest of
 * the expression is computed last, over the merged ones.  Types are those of
 * plain SQL, so that a division of integers cuts off where it does there.
 *
 *	aggregate						state of rows	merged by		made of it
 *	count, sum(smallint, integer)	itself			bigint_total	itself
 *	sum(bigint)						itself			sum(numeric)	itself
 *	sum(numeric), avg(numeric)		numeric_sums	numeric_sums	total, mean
 *	avg of integers, of floats		sum and count	their own		sum / count
 *	count(DISTINCT) of integers
 *	and uuids						distinct_sets	distinct_sets	how many
 *	those that combine as they
 *	take rows: min, max, bool_and,
 *	sum of floats ...				itself			itself			itself
 *	those whose state is a type:
 *	all of kpi, others likewise		the aggregate without final function, of
 *									the same owner; merged by the one whose
 *									transition is its combine function; then
 *									the final function
 *
 * What is in none of these lines has no state that merges: other DISTINCT, ORDER BY,
 * ordered sets, states of type internal, and all of an expression that has a
 * subselect.
 *
 * Sums of numeric, of integers and of money are those of plain SQL to the last
 * digit.  Sums of floats are rounded after other additions, as in any parallel
 * plan.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source_state.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteManip.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* Bytes that states of sums do not need. */
#define MUCH_SPACE 512

/* A state, and the aggregate that merges several of it. */
typedef struct KpiState
{
	Aggref	   *of_rows;
	Oid			merge;
} KpiState;

/* An expression on its way. */
typedef struct Splitting
{
	KpiStates  *states;
	bool		fails;			/* something in it does not merge */
} Splitting;

/* A function of kpi_internal over one argument. */
static Oid
internal_function(const char *name, Oid type)
{
	Oid			schema = get_namespace_oid("kpi_internal", false);
	Oid			function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
										   PointerGetDatum(buildoidvector(&type, 1)),
										   ObjectIdGetDatum(schema));

	if (!OidIsValid(function))
		elog(ERROR, "function kpi_internal.%s does not exist", name);
	return function;
}

/* The type of states of sums of numeric. */
static Oid
numeric_sum_type(void)
{
	return get_func_rettype(internal_function("numeric_sums", NUMERICOID));
}

/* Another aggregate over the same rows. */
static Aggref *
other_aggregate(Aggref *aggregate, Oid function, Oid type)
{
	Aggref	   *other = copyObject(aggregate);

	other->aggfnoid = function;
	other->aggtype = type;
	other->aggcollid = get_typcollation(type);
	return other;
}

/* The place of a state in a list, behind its end if it is not there. */
static int
place_of_state(const List *states, const Aggref *of_rows)
{
	ListCell   *cell;

	foreach(cell, states)
	{
		if (equal(((KpiState *) lfirst(cell))->of_rows, of_rows))
			return foreach_current_index(cell);
	}
	return list_length(states);
}

/* Takes a state into the list unless it is there; the place where its merged one goes. */
static Expr *
add_state(KpiStates *states, Aggref *of_rows, Oid merge)
{
	int			place = place_of_state(states->states, of_rows);

	if (place == list_length(states->states))
	{
		KpiState   *state = palloc(sizeof(KpiState));

		state->of_rows = of_rows;
		state->merge = merge;
		states->states = lappend(states->states, state);
	}
	return (Expr *) makeVar(1, (AttrNumber) (place + 1), of_rows->aggtype, -1, of_rows->aggcollid, 0);
}

/* A call of a function of the server over one or two values. */
static Expr *
call(Oid function, Oid type, Expr *a, Expr *b)
{
	List	   *arguments = b == NULL ? list_make1(a) : list_make2(a, b);

	return (Expr *) makeFuncExpr(function, type, arguments, InvalidOid, InvalidOid,
								 COERCE_EXPLICIT_CALL);
}

/* What is made of the state of a sum of numeric. */
static Expr *
split_numeric(KpiStates *states, Aggref *aggregate, const char *final)
{
	Oid			type = numeric_sum_type();
	Aggref	   *sums = other_aggregate(aggregate, internal_function("numeric_sums", NUMERICOID), type);

	return call(internal_function(final, type), NUMERICOID,
				add_state(states, sums, internal_function("numeric_sums", type)), NULL);
}

/* How many values a mean is of. */
static Expr *
split_count(KpiStates *states, Aggref *aggregate)
{
	return add_state(states, other_aggregate(aggregate, F_COUNT_ANY, INT8OID),
					 internal_function("bigint_total", INT8OID));
}

/* A mean of integers, which is numeric. */
static Expr *
split_integer_mean(KpiStates *states, Aggref *aggregate, Oid sum)
{
	Expr	   *total;

	if (sum == F_SUM_INT8)
		total = add_state(states, other_aggregate(aggregate, sum, NUMERICOID), F_SUM_NUMERIC);
	else
		total = call(F_NUMERIC_INT8, NUMERICOID,
					 add_state(states, other_aggregate(aggregate, sum, INT8OID),
							   internal_function("bigint_total", INT8OID)), NULL);
	return call(F_NUMERIC_DIV, NUMERICOID, total,
				call(F_NUMERIC_INT8, NUMERICOID, split_count(states, aggregate), NULL));
}

/* A mean of doubles, into which those of half the size are turned first. */
static Expr *
split_float_mean(KpiStates *states, Aggref *aggregate)
{
	Aggref	   *sum = other_aggregate(aggregate, F_SUM_FLOAT8, FLOAT8OID);
	TargetEntry *argument = linitial_node(TargetEntry, sum->args);

	if (linitial_oid(sum->aggargtypes) == FLOAT4OID)
	{
		argument->expr = call(F_FLOAT8_FLOAT4, FLOAT8OID, argument->expr, NULL);
		sum->aggargtypes = list_make1_oid(FLOAT8OID);
	}
	return call(F_FLOAT8DIV, FLOAT8OID, add_state(states, sum, F_SUM_FLOAT8),
				call(F_FLOAT8_INT8, FLOAT8OID, split_count(states, aggregate), NULL));
}

/* The integer that an integer of another length is. */
static void
widen_argument(Aggref *aggregate, Oid function)
{
	TargetEntry *argument = linitial_node(TargetEntry, aggregate->args);

	argument->expr = call(function, INT8OID, argument->expr, NULL);
	aggregate->aggargtypes = list_make1_oid(INT8OID);
}

/* A count of distinct integers or uuids, by sets of them; NULL for those of other types. */
static Expr *
split_distinct(KpiStates *states, Aggref *aggregate)
{
	Oid			type = getBaseType(linitial_oid(aggregate->aggargtypes));
	Oid			set = get_func_rettype(internal_function("distinct_sets", INT8OID));
	Aggref	   *sets = other_aggregate(aggregate, internal_function("distinct_sets", type == UUIDOID ? UUIDOID : INT8OID), set);
	TargetEntry *argument = linitial_node(TargetEntry, sets->args);

	sets->aggdistinct = NIL;
	argument->ressortgroupref = 0;
	argument->expr = (Expr *) applyRelabelType((Node *) argument->expr, type, -1, InvalidOid,
											   COERCE_IMPLICIT_CAST, -1, false);
	sets->aggargtypes = list_make1_oid(type);
	if (type == INT2OID)
		widen_argument(sets, F_INT8_INT2);
	else if (type == INT4OID)
		widen_argument(sets, F_INT8_INT4);
	else if (type != INT8OID && type != UUIDOID)
		return NULL;
	return call(internal_function("distinct_set_count", set), INT8OID,
				add_state(states, sets, internal_function("distinct_sets", set)), NULL);
}

/* Whether a function is over that one type. */
static bool
is_over(Oid function, Oid type)
{
	Oid		   *arguments;
	int			count;
	Oid			result = get_func_signature(function, &arguments, &count);

	(void) result;
	return count == 1 && arguments[0] == type;
}

/* Whether two functions belong to the same role. */
static bool
same_owner(Oid function, Oid other)
{
	HeapTuple	a = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	HeapTuple	b = SearchSysCache1(PROCOID, ObjectIdGetDatum(other));
	bool		like = HeapTupleIsValid(a) && HeapTupleIsValid(b) &&
	((Form_pg_proc) GETSTRUCT(a))->proowner == ((Form_pg_proc) GETSTRUCT(b))->proowner;

	if (HeapTupleIsValid(a))
		ReleaseSysCache(a);
	if (HeapTupleIsValid(b))
		ReleaseSysCache(b);
	return like;
}

/* Whether two functions take the same arguments. */
static bool
takes_the_same(Oid function, Oid other)
{
	Oid		   *a;
	Oid		   *b;
	int			a_count;
	int			b_count;

	(void) get_func_signature(function, &a, &a_count);
	(void) get_func_signature(other, &b, &b_count);
	return a_count == b_count && memcmp(a, b, sizeof(Oid) * a_count) == 0;
}

/* Whether two aggregates begin with the same state; none where initial is NULL. */
static bool
begins_with(HeapTuple tuple, const char *initial)
{
	bool		isnull;
	Datum		value = SysCacheGetAttr(AGGFNOID, tuple, Anum_pg_aggregate_agginitval, &isnull);

	if (isnull || initial == NULL)
		return isnull && initial == NULL;
	return strcmp(TextDatumGetCString(value), initial) == 0;
}

/* What an aggregate has to be that shows the state of another one, or merges it. */
typedef struct Wanted
{
	Oid			transition;
	Oid			type;			/* of the state */
	Oid			like;			/* the aggregate it is for */
	bool		of_rows;		/* over the same arguments, else over the
								 * state */
	const char *initial;
} Wanted;

/* Whether it is so. */
static bool
is_wanted(HeapTuple tuple, const Wanted *wanted)
{
	Form_pg_aggregate form = (Form_pg_aggregate) GETSTRUCT(tuple);

	return form->aggtransfn == wanted->transition && form->aggtranstype == wanted->type &&
		!OidIsValid(form->aggfinalfn) && form->aggkind == AGGKIND_NORMAL &&
		begins_with(tuple, wanted->initial) && same_owner(form->aggfnoid, wanted->like) &&
		(wanted->of_rows ? takes_the_same(form->aggfnoid, wanted->like) :
		 is_over(form->aggfnoid, wanted->type));
}

/* The first aggregate that is so; InvalidOid where there is none. */
static Oid
find_aggregate(const Wanted *wanted)
{
	Relation	aggregates = table_open(AggregateRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(aggregates, InvalidOid, false, NULL, 0, NULL);
	HeapTuple	tuple;
	Oid			found = InvalidOid;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Oid			function = ((Form_pg_aggregate) GETSTRUCT(tuple))->aggfnoid;

		if (is_wanted(tuple, wanted) && (!OidIsValid(found) || function < found))
			found = function;
	}
	systable_endscan(scan);
	table_close(aggregates, AccessShareLock);
	return found;
}

/* The initial state of an aggregate as text; NULL where it has none. */
static char *
initial_state(HeapTuple tuple)
{
	bool		isnull;
	Datum		value = SysCacheGetAttr(AGGFNOID, tuple, Anum_pg_aggregate_agginitval, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* One that combines states as it takes rows in, and shows them. */
static bool
merges_itself(HeapTuple tuple)
{
	Form_pg_aggregate form = (Form_pg_aggregate) GETSTRUCT(tuple);

	return form->aggtransfn == form->aggcombinefn && !OidIsValid(form->aggfinalfn) &&
		initial_state(tuple) == NULL;
}

/* An aggregate whose state is a type, by others that show and merge it; NULL where there are none. */
static Expr *
split_typed(KpiStates *states, Aggref *aggregate, HeapTuple tuple)
{
	Form_pg_aggregate form = (Form_pg_aggregate) GETSTRUCT(tuple);
	Wanted		wanted = {.transition = form->aggtransfn,.type = form->aggtranstype,
		.like = form->aggfnoid,.of_rows = true,.initial = initial_state(tuple)
	};
	Oid			shown = OidIsValid(form->aggfinalfn) ? find_aggregate(&wanted) : form->aggfnoid;
	Oid			merge;
	Expr	   *state;

	wanted.transition = form->aggcombinefn;
	wanted.of_rows = false;
	wanted.initial = NULL;
	merge = find_aggregate(&wanted);
	if (!OidIsValid(shown) || !OidIsValid(merge))
		return NULL;
	state = add_state(states, other_aggregate(aggregate, shown, form->aggtranstype), merge);
	if (!OidIsValid(form->aggfinalfn))
		return state;
	return (Expr *) makeFuncExpr(form->aggfinalfn, aggregate->aggtype, list_make1(state),
								 aggregate->aggcollid, aggregate->inputcollid, COERCE_EXPLICIT_CALL);
}

/* Any other aggregate, by what the catalogue says of it; NULL where it does not merge. */
static Expr *
split_other(KpiStates *states, Aggref *aggregate)
{
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate->aggfnoid));
	Form_pg_aggregate form;
	Expr	   *split = NULL;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for aggregate %u", aggregate->aggfnoid);
	form = (Form_pg_aggregate) GETSTRUCT(tuple);
	if (list_length(aggregate->aggargtypes) == 1 && merges_itself(tuple))
		split = add_state(states, aggregate, aggregate->aggfnoid);
	else if (OidIsValid(form->aggcombinefn) && get_typtype(form->aggtranstype) != TYPTYPE_PSEUDO &&
			 !form->aggfinalextra)
		split = split_typed(states, aggregate, tuple);
	ReleaseSysCache(tuple);
	return split;
}

/* An aggregate as what is made of merged states; NULL where it does not merge. */
static Expr *
split_aggregate(KpiStates *states, Aggref *aggregate)
{
	if (aggregate->aggfnoid == F_COUNT_ANY && aggregate->aggdistinct != NIL && aggregate->aggorder == NIL)
		return split_distinct(states, aggregate);
	if (aggregate->aggkind != AGGKIND_NORMAL || aggregate->aggdistinct != NIL ||
		aggregate->aggorder != NIL)
		return NULL;
	switch (aggregate->aggfnoid)
	{
		case F_COUNT_:
		case F_COUNT_ANY:
		case F_SUM_INT2:
		case F_SUM_INT4:
			return add_state(states, aggregate, internal_function("bigint_total", INT8OID));
		case F_SUM_INT8:
			return add_state(states, aggregate, F_SUM_NUMERIC);
		case F_SUM_NUMERIC:
			return split_numeric(states, aggregate, "numeric_sum_total");
		case F_AVG_NUMERIC:
			return split_numeric(states, aggregate, "numeric_sum_mean");
		case F_AVG_INT2:
			return split_integer_mean(states, aggregate, F_SUM_INT2);
		case F_AVG_INT4:
			return split_integer_mean(states, aggregate, F_SUM_INT4);
		case F_AVG_INT8:
			return split_integer_mean(states, aggregate, F_SUM_INT8);
		case F_AVG_FLOAT4:
		case F_AVG_FLOAT8:
			return split_float_mean(states, aggregate);
	}
	return split_other(states, aggregate);
}

/* Exchanges the aggregates of an expression. */
static Node *
split_node(Node *node, void *context)
{
	Splitting  *splitting = (Splitting *) context;
	Expr	   *split;

	if (node == NULL || splitting->fails)
		return node;
	if (!IsA(node, Aggref))
		return expression_tree_mutator(node, split_node, context);
	split = split_aggregate(splitting->states, (Aggref *) node);
	splitting->fails = split == NULL;
	return (Node *) split;
}

/*
 * The expression over merged states, which are added to the list; NULL, and
 * nothing added, where it has something that does not merge.
 */
Node *
kpi_split_expression(KpiStates *states, Node *expression)
{
	KpiStates	grown = {.states = list_copy(states->states)};
	Splitting	splitting = {.states = &grown,.fails = checkExprHasSubLink(expression)};
	Node	   *split = split_node(copyObject(expression), &splitting);

	if (splitting.fails)
		return NULL;
	*states = grown;
	return split;
}

/* Asks a query over rows for the states. */
void
kpi_append_row_states(KpiQuery *query, const KpiStates *states)
{
	ListCell   *cell;

	foreach(cell, states->states)
		kpi_append_column(query, copyObject(&((KpiState *) lfirst(cell))->of_rows->xpr));
}

/* The aggregate that merges a state, which is in a column of the first table of a query. */
static Aggref *
merge_of(const KpiState *state, int column)
{
	Oid			type = state->of_rows->aggtype;
	Var		   *value = makeVar(1, (AttrNumber) column, type, -1, state->of_rows->aggcollid, 0);
	Aggref	   *merge = makeNode(Aggref);

	merge->aggfnoid = state->merge;
	merge->aggtype = type;
	merge->aggcollid = state->of_rows->aggcollid;
	merge->inputcollid = state->of_rows->aggcollid;
	merge->aggargtypes = list_make1_oid(type);
	merge->args = list_make1(makeTargetEntry((Expr *) value, 1, NULL, false));
	merge->aggkind = AGGKIND_NORMAL;
	merge->aggsplit = AGGSPLIT_SIMPLE;
	merge->aggno = -1;
	merge->aggtransno = -1;
	merge->location = -1;
	return merge;
}

/* Whether the states of an aggregate grow with the rows: it declares more space than a few numbers take. */
static bool
grows(Oid aggregate)
{
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate));
	bool		much;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for aggregate %u", aggregate);
	much = ((Form_pg_aggregate) GETSTRUCT(tuple))->aggtransspace >= MUCH_SPACE;
	ReleaseSysCache(tuple);
	return much;
}

/* Whether an aggregate is of a column, or of nothing, and takes any value that this may have. */
static bool
takes_any_row(const Aggref *aggregate)
{
	ListCell   *cell;

	if (aggregate->aggfilter != NULL)
		return false;
	foreach(cell, aggregate->args)
	{
		if (!IsA(lfirst_node(TargetEntry, cell)->expr, Var))
			return false;
	}
	switch (aggregate->aggfnoid)
	{
		case F_COUNT_:
		case F_COUNT_ANY:
		case F_SUM_INT2:
		case F_SUM_INT4:
		case F_SUM_INT8:
			return true;
	}
	return aggregate->aggfnoid == internal_function("numeric_sums", NUMERICOID);
}

/* Whether no row can fail, so that more may be taken than are asked for. */
bool
kpi_take_any_row(const KpiStates *states)
{
	ListCell   *cell;

	foreach(cell, states->states)
	{
		if (!takes_any_row(((KpiState *) lfirst(cell))->of_rows))
			return false;
	}
	return true;
}

/* How many of the states grow with the rows. */
int
kpi_growing_states(const KpiStates *states)
{
	int			count = 0;
	ListCell   *cell;

	foreach(cell, states->states)
		count += grows(((KpiState *) lfirst(cell))->of_rows->aggfnoid);
	return count;
}

/* Takes states into those of all, and notes which of them they are. */
void
kpi_unite_states(KpiStates *all, KpiStates *states)
{
	ListCell   *cell;

	states->column = palloc(sizeof(int) * Max(list_length(states->states), 1));
	foreach(cell, states->states)
	{
		KpiState   *state = lfirst(cell);
		int			column = place_of_state(all->states, state->of_rows);

		states->column[foreach_current_index(cell)] = column;
		if (column == list_length(all->states))
			all->states = lappend(all->states, state);
	}
}

/* Asks a query over all states, the first of them in that column, for some of them, merged. */
void
kpi_append_states_of_cells(KpiQuery *query, const KpiStates *states, int first)
{
	ListCell   *cell;

	foreach(cell, states->states)
		kpi_append_column(query, (Expr *) merge_of(lfirst(cell), first + states->column[foreach_current_index(cell)]));
}

/* Asks a query over states, the first of them in that column, for merged ones. */
void
kpi_append_merged_states(KpiQuery *query, const KpiStates *states, int first)
{
	ListCell   *cell;

	foreach(cell, states->states)
		kpi_append_column(query, (Expr *) merge_of(lfirst(cell), first + foreach_current_index(cell)));
}

/* Which states stand for the places of an expression. */
typedef struct Placing
{
	const KpiStates *states;
	int			first;
} Placing;

/* Puts merged states into their places. */
static Node *
place_states(Node *node, void *context)
{
	Placing    *placing = (Placing *) context;
	int			number;

	if (node == NULL)
		return NULL;
	if (!IsA(node, Var))
		return expression_tree_mutator(node, place_states, context);
	number = ((Var *) node)->varattno - 1;
	return (Node *) merge_of(list_nth(placing->states->states, number), placing->first + number);
}

/* What a query over states makes of them, by an expression that was split. */
Expr *
kpi_result_of_states(const KpiStates *states, Node *result, int first)
{
	Placing		placing = {.states = states,.first = first};

	return (Expr *) place_states(copyObject(result), &placing);
}
