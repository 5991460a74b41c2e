/*-------------------------------------------------------------------------
 *
 * formula_rewrite.c
 *	  What a formula may be made of.
 *
 * The raw tree is walked from the top: what is not listed here is refused.  On
 * the way back names, constants, casts and calls become expressions, each once,
 * for which a parameter stands in the raw tree, so that the server's analysis
 * of the rest finds them done.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/formula.h"

#include "base/number.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_expr.h"
#include "parser/parse_type.h"
#include "parser/scansup.h"
#include "utils/builtins.h"

/* How deep a formula may be nested: stored, it has to be computed from anywhere. */
#define MAX_DEPTH 500

/* A parameter of the raw tree that stands for a node. */
Node *
kpi_formula_stand(KpiFormula *formula, Node *node, int location)
{
	ParamRef   *parameter = makeNode(ParamRef);

	formula->stands = lappend(formula->stands, node);
	parameter->number = list_length(formula->stands);
	parameter->location = location;
	return (Node *) parameter;
}

/* The length of the name that begins the text, in bytes, quotes and all. */
static int
name_length(const char *text)
{
	int			length = 0;

	if (text[0] == '"')
	{
		length = 1;
		while (text[length] != '"' || text[length + 1] == '"')
			length += text[length] == '"' ? 2 : 1;

		return length + 1;
	}
	while (IS_HIGHBIT_SET(text[length]) || isalnum((unsigned char) text[length]) ||
		   text[length] == '_' || text[length] == '$')
		length++;
	return length;
}

/* The name that begins the text: whole, where the server's parser cuts it off at 63 bytes. */
static char *
whole_name(const char *text, int length)
{
	char	   *name;
	int			written = 0;

	if (text[0] != '"')
		return downcase_identifier(text, length, false, false);
	name = palloc(length);
	for (int i = 1; i < length - 1; i++)
	{
		name[written++] = text[i];

		if (text[i] == '"')
			i++;
	}
	name[written] = '\0';
	return name;
}

/* The key that a name of a formula is, which is noted with its place. */
static char *
note_name(KpiFormula *formula, const ColumnRef *name)
{
	KpiNamePlace *place = palloc(sizeof(KpiNamePlace));
	const char *text = formula->text +name->location;

	if (list_length(name->fields) != 1 || !IsA(linitial(name->fields), String))
		kpi_refuse_formula(formula, name->location, "has a name with a dot or a star",
						   "A name in a formula is the key of an indicator.",
						   "Write the key alone, in double quotes where it is no plain word: \"on-time\".");
	if ((text[0] == 'U' || text[0] == 'u') &&text[1] == '&')
		kpi_refuse_formula(formula, name->location, "has a name with Unicode escapes", NULL,
						   "Write the characters of the key themselves, in double quotes.");
	place->start = name->location;
	place->length = name_length(text);
	place->indicator = whole_name(text, place->length);
	formula->places = lappend(formula->places, place);
	return place->indicator;
}

/* The number, from 1, of something that is read. */
static int
input_number(KpiFormula *formula, char *indicator, KpiInputFunction function, int periods)
{
	KpiInput   *input;
	ListCell   *cell;

	foreach(cell, formula->inputs)
	{
		input = lfirst(cell);
		if (input->function == function && input->periods == periods &&
			strcmp(input->indicator, indicator) == 0)
			return foreach_current_index(cell) + 1;
	}
	input = palloc(sizeof(KpiInput));
	input->indicator = indicator;
	input->function = function;
	input->periods = periods;
	formula->inputs = lappend(formula->inputs, input);
	return list_length(formula->inputs);
}

/* An indicator that is read, which has to be a name. */
Node *
kpi_formula_input(KpiFormula *formula, Node *node, KpiInputFunction function, int periods)
{
	Param	   *parameter = makeNode(Param);
	const char *name = kpi_formula_functions[function];

	if (!IsA(node, ColumnRef))
		kpi_refuse_formula(formula, exprLocation(node), psprintf("has more than a name in %s()", name),
						   "What other periods and units have is read of an indicator.",
						   psprintf("Define what is in %s() as a derived indicator of its own, and read that: %s(its_key%s).",
									name, name, function == KPI_INPUT_ROLLING ? ", 3" : ""));
	parameter->paramkind = PARAM_EXTERN;
	parameter->paramid = input_number(formula, note_name(formula, (ColumnRef *) node), function, periods);
	parameter->paramtype = NUMERICOID;
	parameter->paramtypmod = -1;
	parameter->location = exprLocation(node);
	return kpi_formula_stand(formula, (Node *) parameter, parameter->location);
}

/* A stand for an expression; whole numbers become numeric. */
Node *
kpi_formula_done(KpiFormula *formula, Node *node, int location)
{
	Oid			type = exprType(node);

	if (type == INT2OID || type == INT4OID || type == INT8OID)
		node = coerce_to_target_type(formula->pstate, node, type, NUMERICOID, -1,
									 COERCION_IMPLICIT, COERCE_IMPLICIT_CAST, -1);
	return kpi_formula_stand(formula, node, location);
}

/* The same for a raw node that has been done but for its analysis. */
static Node *
finish(KpiFormula *formula, Node *raw)
{
	if (!formula->computed)
		return raw;
	return kpi_formula_done(formula, transformExpr(formula->pstate, raw, EXPR_KIND_OTHER), exprLocation(raw));
}

/* A constant: a number, true, false or NULL. */
static Node *
rewrite_constant(KpiFormula *formula, A_Const * constant)
{
	if (constant->isnull || IsA(&constant->val, Boolean))
		return (Node *) constant;
	if (!IsA(&constant->val, Integer) && !IsA(&constant->val, Float))
		kpi_refuse_formula(formula, constant->location, "has a text", NULL,
						   "Write numbers without quotes, and keys of indicators in double quotes.");
	return finish(formula, (Node *) constant);
}

/* An operator that computes or compares, as that of pg_catalog. */
static List *
rewrite_operator(KpiFormula *formula, const A_Expr * expression)
{
	static const char *const known[] = {"+", "-", "*", "/", "%", "^", "=", "<>", "<", "<=", ">", ">="};
	const char *name = strVal(llast(expression->name));
	bool		found = false;

	/* the first two stand before a number, too */
	for (int i = 0; i < (expression->lexpr ? (int) lengthof(known) : 2); i++)
		found = found || strcmp(name, known[i]) == 0;
	if (list_length(expression->name) > 1 && strcmp(strVal(linitial(expression->name)), "pg_catalog") != 0)
		found = false;
	if (!found)
		kpi_refuse_formula(formula, expression->location, psprintf("has an operator \"%s\"", name), NULL,
						   "Use + - * / % ^, comparisons, AND, OR, NOT, and functions such as sqrt() and abs().");
	return list_make2(makeString("pg_catalog"), makeString(pstrdup(name)));
}

/* A list of parts. */
static List *
rewrite_list(KpiFormula *formula, List *list)
{
	ListCell   *cell;

	foreach(cell, list)
		lfirst(cell) = kpi_rewrite_formula(formula, lfirst(cell));
	return list;
}

/* What is on one side of an operator: of BETWEEN and IN a list. */
static Node *
rewrite_side(KpiFormula *formula, Node *side)
{
	if (side != NULL && IsA(side, List))
		return (Node *) rewrite_list(formula, (List *) side);
	return side ? kpi_rewrite_formula(formula, side) : NULL;
}

/* An operator with its sides. */
static Node *
rewrite_expression(KpiFormula *formula, A_Expr * expression)
{
	switch (expression->kind)
	{
		case AEXPR_OP:
		case AEXPR_DISTINCT:
		case AEXPR_NOT_DISTINCT:
		case AEXPR_NULLIF:
			expression->name = rewrite_operator(formula, expression);
			break;
		case AEXPR_IN:
		case AEXPR_BETWEEN:
		case AEXPR_NOT_BETWEEN:
		case AEXPR_BETWEEN_SYM:
		case AEXPR_NOT_BETWEEN_SYM:
			/* the operators behind these are looked up in pg_catalog alone */
			break;
		default:
			kpi_refuse_formula(formula, expression->location, "has a comparison of texts or lists", NULL,
							   "Compare numbers, with =, <, BETWEEN and their kin.");
	}
	expression->lexpr = rewrite_side(formula, expression->lexpr);
	expression->rexpr = rewrite_side(formula, expression->rexpr);
	return (Node *) expression;
}

/* CASE. */
static Node *
rewrite_case(KpiFormula *formula, CaseExpr * expression)
{
	ListCell   *cell;

	expression->arg = (Expr *) rewrite_side(formula, (Node *) expression->arg);
	expression->defresult = (Expr *) rewrite_side(formula, (Node *) expression->defresult);
	foreach(cell, expression->args)
	{
		CaseWhen   *when = lfirst_node(CaseWhen, cell);

		when->expr = (Expr *) kpi_rewrite_formula(formula, (Node *) when->expr);
		when->result = (Expr *) kpi_rewrite_formula(formula, (Node *) when->result);
	}
	return (Node *) expression;
}

/* A cast, to a type of numbers. */
static Node *
rewrite_cast(KpiFormula *formula, TypeCast * cast)
{
	/* so the server reads true and false */
	if (IsA(cast->arg, A_Const) && IsA(&((A_Const *) cast->arg)->val, Boolean))
		return (Node *) cast;
	if (formula->computed)
	{
		Oid			type;
		int32		typmod;

		typenameTypeIdAndMod(formula->pstate, cast->typeName, &type, &typmod);
		if (!kpi_is_number_type(type) || type == TEXTOID)
			kpi_refuse_formula(formula, cast->location,
							   psprintf("has a cast to %s", format_type_be(type)),
							   "All that a formula computes with are numbers.",
							   "Leave the cast out, or cast to a type of numbers: CAST(x AS numeric(10, 2)).");
	}
	cast->arg = kpi_rewrite_formula(formula, cast->arg);
	return finish(formula, (Node *) cast);
}

/* Refuses a node, by its name where there is one that people know. */
pg_noreturn static void
refuse_node(KpiFormula *formula, Node *node)
{
	const char *what = "has something other than arithmetic";

	switch (nodeTag(node))
	{
		case T_SubLink:
			what = "has a subselect";
			break;
		case T_ParamRef:
			what = "has a parameter";
			break;
		case T_NamedArgExpr:
			what = "has a named argument";
			break;
		case T_A_ArrayExpr:
		case T_A_Indirection:
			what = "has an array";
			break;
		case T_RowExpr:
			what = "has a list of values";
			break;
		case T_SQLValueFunction:
			what = "has a value of the session, such as the date or the user";
			break;
		case T_CollateClause:
			what = "has a collation";
			break;
		default:
			break;
	}
	kpi_refuse_formula(formula, exprLocation(node), what,
					   "The same inputs give the same value, whoever computes it and when.",
					   "A formula has indicators, numbers, + - * / % ^, comparisons, CASE, coalesce, nullif, greatest, least and immutable functions of numbers.");
}

/* One node with what is below it. */
static Node *
rewrite_node(KpiFormula *formula, Node *node)
{
	switch (nodeTag(node))
	{
		case T_ColumnRef:
			return kpi_formula_input(formula, node, KPI_INPUT_VALUE, 0);
		case T_A_Const:
			return rewrite_constant(formula, (A_Const *) node);
		case T_A_Expr:
			return rewrite_expression(formula, (A_Expr *) node);
		case T_BoolExpr:
			((BoolExpr *) node)->args = rewrite_list(formula, ((BoolExpr *) node)->args);
			return node;
		case T_NullTest:
			((NullTest *) node)->arg = (Expr *) kpi_rewrite_formula(formula, (Node *) ((NullTest *) node)->arg);
			return node;
		case T_BooleanTest:
			((BooleanTest *) node)->arg = (Expr *) kpi_rewrite_formula(formula, (Node *) ((BooleanTest *) node)->arg);
			return node;
		case T_CaseExpr:
			return rewrite_case(formula, (CaseExpr *) node);
		case T_CoalesceExpr:
			((CoalesceExpr *) node)->args = rewrite_list(formula, ((CoalesceExpr *) node)->args);
			return node;
		case T_MinMaxExpr:
			((MinMaxExpr *) node)->args = rewrite_list(formula, ((MinMaxExpr *) node)->args);
			return node;
		case T_TypeCast:
			return rewrite_cast(formula, (TypeCast *) node);
		case T_FuncCall:
			return kpi_formula_call(formula, (FuncCall *) node);
		default:
			refuse_node(formula, node);
	}
}

/* A part of the raw tree, with parameters for what has been done. */
Node *
kpi_rewrite_formula(KpiFormula *formula, Node *node)
{
	check_stack_depth();
	if (++formula->depth > MAX_DEPTH)
		kpi_refuse_formula(formula, exprLocation(node), psprintf("has more than %d levels", MAX_DEPTH), NULL,
						   "Define parts of it as derived indicators of their own.");
	node = rewrite_node(formula, node);
	formula->depth--;
	return node;
}
