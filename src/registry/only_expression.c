/*-------------------------------------------------------------------------
 *
 * only_expression.c
 *	  Texts of definitions that have to be one expression.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/only_expression.h"

/* The one unnamed expression that the only statement selects, and nothing else; NULL where it is not so. */
Node *
kpi_only_expression(List *statements)
{
	SelectStmt *select;
	ResTarget  *target;

	if (list_length(statements) != 1)
		return NULL;
	select = (SelectStmt *) linitial_node(RawStmt, statements)->stmt;
	if (!IsA(select, SelectStmt) || select->op != SETOP_NONE ||
		list_length(select->targetList) != 1)
		return NULL;
	if (select->distinctClause || select->intoClause || select->fromClause ||
		select->whereClause || select->groupClause || select->havingClause ||
		select->windowClause || select->valuesLists || select->sortClause ||
		select->limitOffset || select->limitCount || select->lockingClause ||
		select->withClause)
		return NULL;
	target = linitial_node(ResTarget, select->targetList);
	return target->name == NULL && target->indirection == NIL ? target->val : NULL;
}
