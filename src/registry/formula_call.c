/*-------------------------------------------------------------------------
 *
 * formula_call.c
 *	  Functions in a formula.
 *
 * Those that read other periods and units are ours alone and take the name of
 * an indicator.  Any other one is looked up in pg_catalog, else in kpi, with
 * its constants as numeric; where that finds none, with those that are whole
 * numbers as integers.  It has to be immutable and scalar, and to take and give
 * numbers; a text can only be a constant, such as a word that a function of kpi
 * takes.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/formula.h"

#include "base/number.h"
#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_expr.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* The most periods that rolling() may have, as windows. */
#define MAX_PERIODS 999

/* The arguments of a call, in both readings of constants that are whole numbers. */
typedef struct Arguments
{
	List	   *numbers;		/* numeric */
	List	   *whole;			/* integer */
	List	   *names;			/* of those that have one */
} Arguments;

/* A function as it was found. */
typedef struct Found
{
	FuncDetailCode code;
	Oid			function;
	Oid			type;			/* of its result */
	bool		is_set;
} Found;

/* Which function of ours is called; KPI_INPUT_VALUE for none. */
static KpiInputFunction
own_function(const FuncCall * call)
{
	const char *name = strVal(llast(call->funcname));

	for (int i = KPI_INPUT_PREVIOUS; i <= KPI_INPUT_ROLLING && list_length(call->funcname) == 1; i++)
	{
		if (strcmp(name, kpi_formula_functions[i]) == 0)
			return (KpiInputFunction) i;
	}
	return KPI_INPUT_VALUE;
}

/* The periods of rolling(x, n). */
static int
periods_of(KpiFormula *formula, const FuncCall * call)
{
	A_Const    *count = lsecond(call->args);

	if (!IsA(count, A_Const) || count->isnull || !IsA(&count->val, Integer) ||
		intVal(&count->val) < 2 || intVal(&count->val) > MAX_PERIODS)
		kpi_refuse_formula(formula, exprLocation((Node *) count), "has no whole number of periods in rolling()", NULL,
						   psprintf("Write how many, from 2 to %d: rolling(revenue, 3).", MAX_PERIODS));
	return intVal(&count->val);
}

/* A call of a function of ours: what it reads. */
static Node *
own_call(KpiFormula *formula, FuncCall * call, KpiInputFunction function)
{
	int			wanted = function == KPI_INPUT_ROLLING ? 2 : 1;

	if (list_length(call->args) != wanted)
		kpi_refuse_formula(formula, call->location,
						   psprintf("has %d argument%s in %s()", list_length(call->args),
									list_length(call->args) == 1 ? "" : "s", kpi_formula_functions[function]),
						   NULL, psprintf("Write %s(%s).", kpi_formula_functions[function],
										  wanted == 1 ? "revenue" : "revenue, 3"));
	return kpi_formula_input(formula, linitial(call->args), function,
							 wanted == 2 ? periods_of(formula, call) : 0);
}

/* Is a raw node a constant of that kind? */
static bool
is_constant(const Node *node, NodeTag kind)
{
	const		A_Const *constant = (const A_Const *) node;

	return IsA(node, A_Const) && !constant->isnull && nodeTag(&constant->val) == kind;
}

/* An argument with the name that it was given by, if any. */
static Node *
named(Node *node, const NamedArgExpr * name)
{
	NamedArgExpr *argument;

	if (name == NULL)
		return node;
	argument = makeNode(NamedArgExpr);
	argument->name = name->name;
	argument->argnumber = -1;
	argument->location = name->location;
	argument->arg = (Expr *) node;
	return (Node *) argument;
}

/* Adds an argument; of one that is not a whole number both readings are the same. */
static void
add_argument(KpiFormula *formula, Arguments *arguments, Node *raw)
{
	NamedArgExpr *name = IsA(raw, NamedArgExpr) ? (NamedArgExpr *) raw : NULL;
	Node	   *whole;
	Node	   *number;

	if (name != NULL)
	{
		raw = (Node *) name->arg;
		arguments->names = lappend(arguments->names, name->name);
	}
	if (is_constant(raw, T_Integer) || is_constant(raw, T_String))
		whole = (Node *) copyObject(raw);
	else
		whole = kpi_rewrite_formula(formula, raw);
	number = is_constant(raw, T_Integer) ? kpi_rewrite_formula(formula, raw) : whole;
	if (!formula->computed)
		return;
	number = transformExpr(formula->pstate, number, EXPR_KIND_OTHER);
	whole = is_constant(raw, T_Integer) ? transformExpr(formula->pstate, whole, EXPR_KIND_OTHER) : number;
	arguments->numbers = lappend(arguments->numbers, named(number, name));
	arguments->whole = lappend(arguments->whole, named(whole, name));
}

/* Looks a function up by its name and arguments. */
static Found
look_up(List *name, List *arguments, List *names)
{
	Oid			types[FUNC_MAX_ARGS];
	Oid		   *declared;
	Oid			variadic;
	int			count = 0;
	Found		found = {.code = FUNCDETAIL_NOTFOUND};
	ListCell   *cell;

	foreach(cell, arguments)
		types[count++] = exprType(lfirst(cell));
	found.code = func_get_detail(name, arguments, names, count, types, true, true, false,
								 &found.function, &found.type, &found.is_set, &count, &variadic,
								 &declared, NULL);
	return found;
}

/* The name of a function with its schema: pg_catalog, else kpi. */
static List *
qualified_name(KpiFormula *formula, const FuncCall * call)
{
	const char *name = strVal(llast(call->funcname));
	const char *schema = list_length(call->funcname) == 1 ? NULL : strVal(linitial(call->funcname));
	List	   *result;

	if (list_length(call->funcname) > 2 ||
		(schema && strcmp(schema, "pg_catalog") != 0 && strcmp(schema, "kpi") != 0))
		kpi_refuse_formula(formula, call->location,
						   psprintf("has a function of another schema, %s()", NameListToString(call->funcname)), NULL,
						   "Only immutable functions of pg_catalog and kpi are called.");
	result = list_make2(makeString("pg_catalog"), makeString(pstrdup(name)));
	if ((schema && strcmp(schema, "kpi") == 0) ||
		(!schema && FuncnameGetCandidates(result, -1, NIL, false, false, false, true) == NULL))
		linitial(result) = makeString("kpi");
	return result;
}

/* Refuses a call for which no function was found. */
pg_noreturn static void
refuse_unknown(KpiFormula *formula, const FuncCall * call, const Arguments *arguments)
{
	StringInfoData types;
	ListCell   *cell;

	initStringInfo(&types);
	foreach(cell, arguments->whole)
		appendStringInfo(&types, "%s%s", types.len ? ", " : "", format_type_be(exprType(lfirst(cell))));
	kpi_refuse_formula(formula, call->location,
					   psprintf("has a function that is not known, %s(%s)", NameListToString(call->funcname), types.data),
					   NULL, "Functions are previous, last_year, parent, root, ytd and rolling, and immutable ones of pg_catalog and kpi over numbers, such as round(x, 2).");
}

/* Refuses a function that is no immutable scalar one. */
static void
check_function(KpiFormula *formula, const FuncCall * call, const Arguments *arguments, const Found *found)
{
	const char *name = NameListToString(call->funcname);

	if (found->code == FUNCDETAIL_AGGREGATE || found->code == FUNCDETAIL_WINDOWFUNC)
		kpi_refuse_formula(formula, call->location,
						   psprintf("has %s function, %s()", found->code == FUNCDETAIL_AGGREGATE ? "an aggregate" : "a window", name),
						   "A formula is computed for one unit and one period.",
						   "Other periods are previous(x), last_year(x), ytd(x) and rolling(x, 3); units combine by the rule of the indicator; the largest of several is greatest(a, b).");
	if (found->code != FUNCDETAIL_NORMAL)
		refuse_unknown(formula, call, arguments);
	if (found->is_set)
		kpi_refuse_formula(formula, call->location, psprintf("has a function that gives several rows, %s()", name), NULL,
						   "Use functions that give one number.");
	if (func_volatile(found->function) != PROVOLATILE_IMMUTABLE)
		kpi_refuse_formula(formula, call->location, psprintf("has a function that is not immutable, %s()", name),
						   "The same inputs give the same value, whoever computes it and when.",
						   "Use functions of numbers alone, such as round(x, 2) and ln(x).");
}

/* Is it a type that a formula computes with? */
static bool
is_plain_type(Oid type)
{
	type = getBaseType(type);
	return type == BOOLOID || (kpi_is_number_type(type) && type != TEXTOID);
}

/* Whether an argument is one that may be: a number or condition, or a constant. */
static bool
is_plain_argument(Node *argument)
{
	if (is_plain_type(exprType(argument)) || IsA(argument, ArrayExpr))
		return true;
	if (IsA(argument, NamedArgExpr))
		argument = (Node *) ((NamedArgExpr *) argument)->arg;
	if (IsA(argument, CoerceToDomain))
		argument = (Node *) ((CoerceToDomain *) argument)->arg;
	return IsA(argument, Const);
}

/* Refuses a call that computes with something other than numbers. */
static void
check_types(KpiFormula *formula, const FuncCall * call, FuncExpr *result)
{
	ListCell   *cell;
	bool		plain = IsA(result, FuncExpr) && is_plain_type(result->funcresulttype);

	if (plain)
	{
		foreach(cell, result->args)
			plain = plain && is_plain_argument(lfirst(cell));
	}
	if (!plain)
		kpi_refuse_formula(formula, call->location,
						   psprintf("has a function of something other than numbers, %s()", NameListToString(call->funcname)),
						   "All that a formula computes with are numbers.",
						   "Use functions that take and give numbers, such as round(x, 2) and ln(x).");
}

/* Refuses what only aggregates and their kin have. */
static void
check_form(KpiFormula *formula, const FuncCall * call)
{
	const char *what = call->over ? "a window function" :
	call->agg_star || call->agg_distinct || call->agg_order || call->agg_filter || call->agg_within_group ?
	"an aggregate function" : call->func_variadic ? "VARIADIC" : NULL;

	if (what != NULL)
		kpi_refuse_formula(formula, call->location, psprintf("has %s, %s()", what, NameListToString(call->funcname)),
						   "A formula is computed for one unit and one period.",
						   "Compare with other periods by previous(x), last_year(x), ytd(x) or rolling(x, 3): revenue / previous(revenue) - 1.");
	if (list_length(call->args) > FUNC_MAX_ARGS)
		kpi_refuse_formula(formula, call->location,
						   psprintf("has more than %d arguments in %s()", FUNC_MAX_ARGS, NameListToString(call->funcname)),
						   NULL, "Define parts of it as derived indicators of their own.");
}

/* A call with its arguments: what stands for it. */
Node *
kpi_formula_call(KpiFormula *formula, FuncCall * call)
{
	KpiInputFunction function = own_function(call);
	Arguments	arguments = {0};
	List	   *name;
	List	   *used;
	Found		found;
	FuncExpr   *result;
	ListCell   *cell;

	check_form(formula, call);
	if (function != KPI_INPUT_VALUE)
		return own_call(formula, call, function);
	foreach(cell, call->args)
		add_argument(formula, &arguments, lfirst(cell));
	if (!formula->computed)
		return (Node *) call;
	name = qualified_name(formula, call);
	used = arguments.numbers;
	found = look_up(name, used, arguments.names);
	if (found.code == FUNCDETAIL_NOTFOUND || found.code == FUNCDETAIL_MULTIPLE)
	{
		used = arguments.whole;
		found = look_up(name, used, arguments.names);
	}
	check_function(formula, call, &arguments, &found);
	result = (FuncExpr *) ParseFuncOrColumn(formula->pstate, name, used, NULL, call, false, call->location);
	check_types(formula, call, result);
	return kpi_formula_done(formula, (Node *) result, call->location);
}
