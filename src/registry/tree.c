/*-------------------------------------------------------------------------
 *
 * tree.c
 *	  One editor at a time of a table whose rows make a tree.
 *
 * Two transactions may each do what is legal alone and close a cycle, or
 * leave a row without its parent, together.  So whoever writes such a table
 * takes a lock until the transaction ends, and looks at the other rows with
 * it in hand.  Read committed sees with every statement what others have
 * committed; repeatable read and serializable do not: there, the first time
 * the lock is taken, the table must be the one that the transaction sees, else
 * its edits cannot be judged.
 *
 * The table is the same if an old and a new snapshot see the same versions of
 * rows, of which place and inserting transaction are the name.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "registry/lock.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* A number made of the versions of rows that a snapshot sees. */
static uint64
versions_seen(Relation table, Snapshot snapshot)
{
	TupleTableSlot *slot = table_slot_create(table, NULL);
	TableScanDesc scan = table_beginscan(table, snapshot, 0, NULL);
	uint64		seen = 0;

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		bool		isnull;
		Datum		xmin = slot_getsysattr(slot, MinTransactionIdAttributeNumber, &isnull);
		uint64		place = ItemPointerGetBlockNumber(&slot->tts_tid);

		CHECK_FOR_INTERRUPTS();
		place = place << 16 | ItemPointerGetOffsetNumber(&slot->tts_tid);
		seen += hash_bytes_uint32_extended(DatumGetTransactionId(xmin), place);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	return seen;
}

/* Has no other transaction changed the table since ours took its snapshot? */
static bool
is_current(Relation table)
{
	Snapshot	ours = RegisterSnapshot(GetTransactionSnapshot());
	Snapshot	latest = RegisterSnapshot(GetLatestSnapshot());
	bool		same = versions_seen(table, ours) == versions_seen(table, latest);

	UnregisterSnapshot(latest);
	UnregisterSnapshot(ours);
	return same;
}

/*
 * lock_tree(table): until the transaction ends nobody else edits the table.
 * An error where others have since the transaction began, unless it sees that.
 */
PG_FUNCTION_INFO_V1(kpi_lock_tree);
Datum
kpi_lock_tree(PG_FUNCTION_ARGS)
{
	Oid			table_id = PG_GETARG_OID(0);
	Relation	table;

	if (!kpi_take_lock(table_id, NULL) || !IsolationUsesXactSnapshot())
		PG_RETURN_VOID();
	table = table_open(table_id, AccessShareLock);
	if (!is_current(table))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent changes of \"%s\"",
						RelationGetRelationName(table)),
				 errhint("The transaction might succeed if retried.")));
	table_close(table, NoLock);
	PG_RETURN_VOID();
}
