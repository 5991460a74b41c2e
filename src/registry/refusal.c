/*-------------------------------------------------------------------------
 *
 * refusal.c
 *	  kpi_internal.guard_checks: what the constraints of a table refuse, in words.
 *
 * The server names the constraint that a row violates and shows the whole row.
 * Before that this trigger says the values that were wrong, and the comment on
 * the constraint: its first sentence is the rule, the others are what to write.
 * Of a value that is missing it says what the column holds, by the comment on it,
 * of a foreign key which key is not there (reference.c), and of a unique one which
 * is (duplicate.c).
 * A restore, which fires no trigger, is held to the same constraints.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "base/check.h"
#include "catalog/pg_constraint.h"
#include "commands/comment.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "lib/stringinfo.h"
#include "nodes/nodes.h"
#include "registry/duplicate.h"
#include "registry/reference.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* The constraints of a table, prepared for a statement. */
typedef struct Checks
{
	EState	   *estate;
	ExprState **state;
	KpiReferences *references;
	bool		is_plain_insert;
} Checks;

/* Prepares the constraints once a statement. */
static Checks *
prepare_checks(FmgrInfo *flinfo, Relation relation)
{
	const TupleConstr *constraints = RelationGetDescr(relation)->constr;
	Checks	   *checks = flinfo->fn_extra;
	MemoryContext before;

	if (checks != NULL)
		return checks;
	before = MemoryContextSwitchTo(flinfo->fn_mcxt);
	checks = palloc(sizeof(Checks));
	checks->estate = CreateExecutorState();
	checks->state = palloc(sizeof(ExprState *) * constraints->num_check);
	for (int i = 0; i < constraints->num_check; i++)
		checks->state[i] = ExecPrepareExpr(stringToNode(constraints->check[i].ccbin), checks->estate);
	checks->references = kpi_text_references(relation);
	checks->is_plain_insert = kpi_is_plain_insert(relation);
	MemoryContextSwitchTo(before);
	return flinfo->fn_extra = checks;
}

/* Appends the columns of a constraint with what the row has in them; returns how many. */
static int
append_values(StringInfo values, HeapTuple constraint, TupleTableSlot *slot)
{
	bool		none;
	Datum		columns = SysCacheGetAttr(CONSTROID, constraint, Anum_pg_constraint_conkey, &none);
	Datum	   *column;
	int			count;

	if (none)
		elog(ERROR, "a constraint has no columns");
	deconstruct_array(DatumGetArrayTypeP(columns), INT2OID, sizeof(int16), true, TYPALIGN_SHORT, &column, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(slot->tts_tupleDescriptor, DatumGetInt16(column[i]) - 1);
		bool		isnull;
		Datum		value = slot_getattr(slot, DatumGetInt16(column[i]), &isnull);
		Oid			output;
		bool		varlena;

		getTypeOutputInfo(attribute->atttypid, &output, &varlena);
		appendStringInfo(values, "%s%s ", i == 0 ? "" : i == count - 1 ? " and " : ", ", NameStr(attribute->attname));
		if (isnull)
			appendStringInfoString(values, "NULL");
		else
			appendStringInfo(values, "\"%s\"", OidOutputFunctionCall(output, value));
	}
	return count;
}

/* Ends the first sentence of a comment; returns the others, or NULL. */
static char *
cut_sentence(char *comment)
{
	char	   *end = comment == NULL ? NULL : strstr(comment, ". ");

	if (end == NULL)
		return NULL;
	end[1] = '\0';
	return end + 2;
}

/* The error of a row that violates a constraint. */
pg_noreturn static void
refuse(Relation relation, const char *name, TupleTableSlot *slot)
{
	Oid			oid = get_relation_constraint_oid(RelationGetRelid(relation), name, false);
	HeapTuple	constraint = SearchSysCache1(CONSTROID, ObjectIdGetDatum(oid));
	char	   *rule = GetComment(oid, ConstraintRelationId, 0);
	char	   *hint = cut_sentence(rule);
	StringInfoData values;
	int			count;

	if (!HeapTupleIsValid(constraint))
		elog(ERROR, "cache lookup failed for constraint %u", oid);
	initStringInfo(&values);
	count = append_values(&values, constraint, slot);
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("%s %s not valid for %s.%s", values.data, count == 1 ? "is" : "are",
					get_namespace_name(RelationGetNamespace(relation)), RelationGetRelationName(relation)),
			 rule == NULL ? 0 : errdetail_internal("%s", rule),
			 hint == NULL ? 0 : errhint("%s", hint),
			 errtableconstraint(relation, name)));
}

/* The error of a row without a value in a column that has to have one. */
static void
check_nulls(Relation relation, TupleTableSlot *slot)
{
	TupleDesc	columns = RelationGetDescr(relation);

	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);
		char	   *holds;

		if (!column->attnotnull || !slot_attisnull(slot, column->attnum))
			continue;
		holds = GetComment(RelationGetRelid(relation), RelationRelationId, column->attnum);
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("%s of %s.%s must not be null", NameStr(column->attname),
						get_namespace_name(RelationGetNamespace(relation)), RelationGetRelationName(relation)),
				 holds == NULL ? 0 : errdetail_internal("%s", holds),
				 errhint(column->atthasdef ? "Give it a value, or leave it out for its default." : "Give it a value."),
				 errtablecol(relation, column->attnum)));
	}
}

/* The error of a row whose key is in the table already. */
static void
check_duplicate(Relation relation, TupleTableSlot *slot)
{
	Oid			oid = kpi_find_duplicate(relation, slot);
	HeapTuple	constraint = SearchSysCache1(CONSTROID, ObjectIdGetDatum(oid));
	StringInfoData values;

	if (!HeapTupleIsValid(constraint))
		return;
	initStringInfo(&values);
	(void) append_values(&values, constraint, slot);
	ereport(ERROR,
			(errcode(ERRCODE_UNIQUE_VIOLATION),
			 errmsg("%s.%s has a row with %s already", get_namespace_name(RelationGetNamespace(relation)),
					RelationGetRelationName(relation), values.data),
			 errhint("Change that row with UPDATE, or write ON CONFLICT DO UPDATE."),
			 errtableconstraint(relation, get_constraint_name(oid))));
}

/* guard_checks(): trigger; the error, in words, of a row that a constraint of its table refuses. */
PG_FUNCTION_INFO_V1(kpi_guard_checks);
Datum
kpi_guard_checks(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = kpi_check_trigger(fcinfo);
	const TupleConstr *constraints = RelationGetDescr(trigger->tg_relation)->constr;
	bool		update = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	TupleTableSlot *slot = update ? trigger->tg_newslot : trigger->tg_trigslot;
	Checks	   *checks = prepare_checks(fcinfo->flinfo, trigger->tg_relation);
	ExprContext *context = GetPerTupleExprContext(checks->estate);

	check_nulls(trigger->tg_relation, slot);
	context->ecxt_scantuple = slot;
	for (int i = 0; i < constraints->num_check; i++)
	{
		if (!ExecCheck(checks->state[i], context))
			refuse(trigger->tg_relation, constraints->check[i].ccname, slot);
	}
	ResetExprContext(context);
	kpi_check_references(trigger->tg_relation, checks->references, slot, update ? trigger->tg_trigslot : NULL);
	if (checks->is_plain_insert && !update)
		check_duplicate(trigger->tg_relation, slot);
	PG_RETURN_POINTER(update ? trigger->tg_newtuple : trigger->tg_trigtuple);
}
