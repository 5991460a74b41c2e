/*-------------------------------------------------------------------------
 *
 * formula.c
 *	  The formula of a derived indicator.
 *
 * A formula is an expression over other indicators, which it reads as numbers:
 * that of the same unit and period, or through previous(x), last_year(x),
 * parent(x), root(x), ytd(x) and rolling(x, n).  The server's own parser reads
 * it.  The tree that it gives is walked with a list of what is allowed, and
 * each function is looked up and judged; so nothing of a formula gets into the
 * text of a query, and nothing runs but immutable functions of pg_catalog and
 * kpi.
 *
 * Numbers are numeric throughout: constants, and what functions give that is a
 * whole number, so 1 / 2 is 0.5.  Where a function takes whole numbers only, a
 * constant may stand for one: round(x, 2).
 *
 * NULL rule: as SQL computes; a missing input is NULL.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/formula.h"

#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parser.h"
#include "registry/only_expression.h"

const char *const kpi_formula_functions[] = {
	"value", "previous", "last_year", "parent", "root", "ytd", "rolling"
};

/* A formula that has not been read. */
static KpiFormula *
new_formula(const char *indicator, const char *text)
{
	KpiFormula *formula = palloc0(sizeof(KpiFormula));

	formula->text = text;

	formula->indicator = indicator;
	return formula;
}

/* Whether a raw tree is one quotient. */
static bool
is_quotient(Node *root)
{
	A_Expr	   *expression = (A_Expr *) root;

	return IsA(root, A_Expr) && expression->kind == AEXPR_OP &&
		strcmp(strVal(llast(expression->name)), "/") == 0;
}

/* The tree of a formula as the server reads it, with its names in inputs. */
static Node *
read_tree(KpiFormula *formula)
{
	Node	   *root = kpi_only_expression(raw_parser(formula->text, RAW_PARSE_PLPGSQL_EXPR));

	if (root == NULL)
		kpi_refuse_formula(formula, -1, "is not one expression", NULL,
						   "Write one expression over indicators, such as cost / new_customers, without an AS name or further clauses.");
	root = kpi_rewrite_formula(formula, root);
	formula->is_quotient = is_quotient(root);
	if (formula->inputs == NIL)
		kpi_refuse_formula(formula, -1, "has no indicator",
						   "A derived indicator is made of others.",
						   "Name the indicators that it reads, such as cost / new_customers.");
	return root;
}

/* What a formula reads; functions are not looked up. */
KpiFormula *
kpi_read_formula(const char *indicator, const char *text)
{
	KpiFormula *formula = new_formula(indicator, text);
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		(void) read_tree(formula);
	}
	PG_CATCH();
	{
		kpi_raise_formula_error(formula, context);
	}
	PG_END_TRY();
	return formula;
}

/* What a parameter of the raw tree stands for. */
static Node *
find_stand(ParseState *pstate, ParamRef *parameter)
{
	KpiFormula *formula = pstate->p_ref_hook_state;

	return list_nth(formula->stands, parameter->number - 1);
}

/* A raw tree as an expression of type numeric. */
static Node *
as_number(KpiFormula *formula, Node *raw)
{
	Node	   *node = transformExpr(formula->pstate, raw, EXPR_KIND_OTHER);

	if (exprType(node) == BOOLOID)
		kpi_refuse_formula(formula, exprLocation(node), "has a condition where a number is needed", NULL,
						   "Say what it is worth: CASE WHEN sales > 100 THEN 1 ELSE 0 END.");
	return coerce_to_target_type(formula->pstate, node, exprType(node), NUMERICOID, -1,
								 COERCION_ASSIGNMENT, COERCE_IMPLICIT_CAST, -1);
}

/* An expression that can be computed. */
static Expr *
planned(KpiFormula *formula, Node *node)
{
	assign_expr_collations(formula->pstate, node);
	return expression_planner((Expr *) node);
}

/* Makes the expressions of a formula: its value, and the two sides of a quotient. */
static void
make_expressions(KpiFormula *formula)
{
	Node	   *root;

	formula->pstate = make_parsestate(NULL);
	formula->pstate->p_sourcetext = formula->text;
	formula->pstate->p_paramref_hook = find_stand;
	formula->pstate->p_ref_hook_state = formula;
	root = read_tree(formula);
	if (formula->is_quotient)
	{
		A_Expr	   *quotient = (A_Expr *) root;
		Node	   *numerator = as_number(formula, quotient->lexpr);
		Node	   *denominator = as_number(formula, quotient->rexpr);

		quotient->lexpr = kpi_formula_stand(formula, numerator, exprLocation(quotient->lexpr));
		quotient->rexpr = kpi_formula_stand(formula, denominator, exprLocation(quotient->rexpr));
		formula->numerator = planned(formula, numerator);
		formula->denominator = planned(formula, denominator);
	}
	formula->value = planned(formula, as_number(formula, root));
	free_parsestate(formula->pstate);
	formula->pstate = NULL;
}

/* The same, as expressions over the inputs, which are parameters in their order. */
KpiFormula *
kpi_compile_formula(const char *indicator, const char *text)
{
	KpiFormula *formula = new_formula(indicator, text);
	MemoryContext context = CurrentMemoryContext;

	formula->computed = true;
	PG_TRY();
	{
		make_expressions(formula);
	}
	PG_CATCH();
	{
		kpi_raise_formula_error(formula, context);
	}
	PG_END_TRY();
	return formula;
}
