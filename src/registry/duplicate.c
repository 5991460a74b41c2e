/*-------------------------------------------------------------------------
 *
 * duplicate.c
 *	  A key that a table has already, in words.
 *
 * What a unique index refuses may be what ON CONFLICT waits for, and a trigger
 * is not told of that.  So this is said of an INSERT that a client sends as it
 * stands, whose plan shows that it has no ON CONFLICT; to any other one the
 * index tells.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/duplicate.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "catalog/pg_constraint.h"
#include "nodes/plannodes.h"
#include "parser/parsetree.h"
#include "tcop/pquery.h"
#include "utils/lsyscache.h"
#include "utils/portal.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* Is the statement that the client sent an INSERT into the table that waits for no conflict? */
bool
kpi_is_plain_insert(Relation relation)
{
	PlannedStmt *statement;
	ModifyTable *insert;

	if (ActivePortal == NULL || list_length(ActivePortal->stmts) != 1)
		return false;
	statement = linitial_node(PlannedStmt, ActivePortal->stmts);
	if (statement->commandType != CMD_INSERT || statement->planTree == NULL || !IsA(statement->planTree, ModifyTable))
		return false;
	insert = (ModifyTable *) statement->planTree;
	return insert->onConflictAction == ONCONFLICT_NONE &&
		rt_fetch(linitial_int(insert->resultRelations), statement->rtable)->relid == RelationGetRelid(relation);
}

/* Whether an index is one that holds columns of every row apart. */
static bool
holds_columns_apart(Relation index)
{
	return index->rd_index->indisunique && index->rd_index->indimmediate && index->rd_index->indisvalid &&
		RelationGetIndexExpressions(index) == NIL && RelationGetIndexPredicate(index) == NIL;
}

/* What is looked for in a column of an index; false where its NULL is like no other. */
static bool
search_column(Relation index, int column, TupleTableSlot *slot, ScanKey key)
{
	AttrNumber	attribute = index->rd_index->indkey.values[column];
	bool		none;
	Datum		value = slot_getattr(slot, attribute, &none);
	Oid			type = index->rd_opcintype[column];
	Oid			equal = get_opfamily_member(index->rd_opfamily[column], type, type, BTEqualStrategyNumber);

	if (none && !index->rd_index->indnullsnotdistinct)
		return false;
	ScanKeyEntryInitialize(key, none ? SK_ISNULL | SK_SEARCHNULL : 0, attribute, none ? InvalidStrategy : BTEqualStrategyNumber,
						   InvalidOid, index->rd_indcollation[column], none ? InvalidOid : get_opcode(equal), value);
	return true;
}

/* Whether a table has a row with the key of an index that the new row has. */
static bool
has_row(Relation relation, Relation index, TupleTableSlot *slot)
{
	ScanKeyData key[INDEX_MAX_KEYS];
	SysScanDesc scan;
	bool		found;
	int			columns = IndexRelationGetNumberOfKeyAttributes(index);

	for (int i = 0; i < columns; i++)
	{
		if (!search_column(index, i, slot, &key[i]))
			return false;
	}
	scan = systable_beginscan(relation, RelationGetRelid(index), true, SnapshotSelf, columns, key);
	found = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	return found;
}

/* The constraint whose key a new row has like one that is there; InvalidOid for none. */
Oid
kpi_find_duplicate(Relation relation, TupleTableSlot *slot)
{
	ListCell   *cell;

	foreach(cell, RelationGetIndexList(relation))
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);
		bool		found = holds_columns_apart(index) && has_row(relation, index, slot);

		index_close(index, AccessShareLock);
		if (found)
			return get_index_constraint(lfirst_oid(cell));
	}
	return InvalidOid;
}
