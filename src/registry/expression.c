/*-------------------------------------------------------------------------
 *
 * expression.c
 *	  adds_up(expression): is an aggregate expression a sum over its rows?
 *
 * The number of a year is then the sum of those of its months, so a target of
 * the year is shared out over them.  It is one that is a sum or count of rows,
 * alone or scaled by a constant, added, subtracted, coalesced with 0 or
 * rounded.  Read off the parse tree of the server's own parser: names alone,
 * no catalogue, so that the answer for a text is always the same.
 *
 * NULL rule: NULL for NULL.  A text that does not parse is no sum: whoever
 * plans it tells what is wrong with it.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "utils/builtins.h"

static bool adds_up(Node *node);

/* The name of a function or operator of the server; NULL for one of another schema. */
static const char *
server_name(List *names)
{
	if (list_length(names) == 1)
		return strVal(linitial(names));
	if (list_length(names) == 2 && strcmp(strVal(linitial(names)), "pg_catalog") == 0)
		return strVal(lsecond(names));
	return NULL;
}

/* Whether a name is one of a list that ends with NULL. */
static bool
is_one_of(const char *name, const char *const *names)
{
	for (; name != NULL && *names != NULL; names++)
	{
		if (strcmp(name, *names) == 0)
			return true;
	}
	return false;
}

/* The operator of an expression with operands, as one character; 0 for any other. */
static char
operator_of(Node *node)
{
	const char *name = IsA(node, A_Expr) && ((A_Expr *) node)->kind == AEXPR_OP ?
	server_name(((A_Expr *) node)->name) : NULL;

	if (name == NULL || strlen(name) != 1)
		return 0;
	return name[0];
}

/* A number, or what operators make of numbers. */
static bool
is_constant(Node *node)
{
	if (node == NULL)
		return true;
	check_stack_depth();
	if (IsA(node, TypeCast))
		return is_constant(((TypeCast *) node)->arg);
	if (operator_of(node) != 0)
		return is_constant(((A_Expr *) node)->lexpr) && is_constant(((A_Expr *) node)->rexpr);
	return IsA(node, A_Const);
}

/* The number 0. */
static bool
is_zero(Node *node)
{
	A_Const    *number = (A_Const *) node;

	if (!IsA(node, A_Const) || number->isnull)
		return false;
	if (IsA(&number->val, Integer))
		return intVal(&number->val) == 0;
	return IsA(&number->val, Float) && floatVal(&number->val) == 0;
}

/* sum(x) or count(x) of all rows, or a rounded sum. */
static bool
call_adds_up(const FuncCall * call)
{
	static const char *const sums[] = {"sum", "count", NULL};
	static const char *const rounds[] = {"round", "trunc", "ceil", "ceiling", "floor", NULL};
	const char *name = server_name(call->funcname);

	if (call->over != NULL || call->agg_distinct || call->agg_within_group)
		return false;
	if (is_one_of(name, sums))
		return true;
	return is_one_of(name, rounds) && call->args != NIL && adds_up(linitial(call->args));
}

/* a + b, a - b, -a, a * constant, constant * a, a / constant. */
static bool
operator_adds_up(const A_Expr * expression)
{
	Node	   *left = expression->lexpr;
	Node	   *right = expression->rexpr;

	switch (operator_of((Node *) expression))
	{
		case '+':
		case '-':
			if (left == NULL)
				return adds_up(right);
			return adds_up(left) ? adds_up(right) || is_zero(right) : is_zero(left) && adds_up(right);
		case '*':
			return left != NULL &&
				(is_constant(left) ? adds_up(right) : is_constant(right) && adds_up(left));
		case '/':
			return left != NULL && adds_up(left) && is_constant(right);
		default:
			return false;
	}
}

/* coalesce(a, 0), or of several sums. */
static bool
coalesce_adds_up(List *arguments)
{
	ListCell   *cell;

	foreach(cell, arguments)
	{
		Node	   *argument = lfirst(cell);

		if (!adds_up(argument) && (cell == list_head(arguments) || !is_zero(argument)))
			return false;
	}
	return true;
}

/* Whether a raw expression is a sum over rows. */
static bool
adds_up(Node *node)
{
	check_stack_depth();
	switch (nodeTag(node))
	{
		case T_FuncCall:
			return call_adds_up((FuncCall *) node);
		case T_A_Expr:
			return operator_adds_up((A_Expr *) node);
		case T_CoalesceExpr:
			return coalesce_adds_up(((CoalesceExpr *) node)->args);
		case T_TypeCast:
			return adds_up(((TypeCast *) node)->arg);
		default:
			return false;
	}
}

/* The only expression that a text selects; NULL where it is no such text. */
static Node *
parse_expression(const char *text)
{
	List	   *statements = raw_parser(psprintf("SELECT %s\n", text), RAW_PARSE_DEFAULT);
	SelectStmt *select;

	if (list_length(statements) != 1)
		return NULL;
	select = (SelectStmt *) linitial_node(RawStmt, statements)->stmt;
	if (!IsA(select, SelectStmt) || list_length(select->targetList) != 1)
		return NULL;
	return linitial_node(ResTarget, select->targetList)->val;
}

/* adds_up(expression) */
PG_FUNCTION_INFO_V1(kpi_adds_up);
Datum
kpi_adds_up(PG_FUNCTION_ARGS)
{
	char	   *expression = text_to_cstring(PG_GETARG_TEXT_PP(0));
	MemoryContext context = CurrentMemoryContext;
	volatile bool result = false;

	PG_TRY();
	{
		Node	   *node = parse_expression(expression);

		result = node != NULL && adds_up(node);
	}
	PG_CATCH();
	{
		int			category = ERRCODE_TO_CATEGORY(geterrcode());

		/* the parser holds nothing that has to be given back */
		MemoryContextSwitchTo(context);
		if (category != ERRCODE_TO_CATEGORY(ERRCODE_SYNTAX_ERROR) &&
			category != ERRCODE_TO_CATEGORY(ERRCODE_DATA_EXCEPTION))
			PG_RE_THROW();
		FlushErrorState();
	}
	PG_END_TRY();
	PG_RETURN_BOOL(result);
}
