/*-------------------------------------------------------------------------
 *
 * reference.c
 *	  A key that a row names and that is not there, in words.
 *
 * A foreign key says its own name.  Before it does, the trigger that says what
 * other constraints refuse (refusal.c) says which key does not exist, and the
 * one that may be meant, to whoever may read those that there are.  Keys are
 * looked up by a snapshot of now and with no rights of the caller, as the
 * server does it; the foreign key is what holds.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/reference.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "base/nearest.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

/* Room for the number of a foreign key and a value of it. */
#define KNOWN_BYTES 300

/* The foreign keys of a table that are of one text each, for a statement. */
KpiReferences *
kpi_text_references(Relation relation)
{
	KpiReferences *references = palloc0(sizeof(KpiReferences));
	HASHCTL		control = {.keysize = KNOWN_BYTES,.entrysize = KNOWN_BYTES,.hcxt = CurrentMemoryContext};
	ListCell   *cell;

	references->known = hash_create("known keys", 64, &control, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	foreach(cell, RelationGetFKeyList(relation))
	{
		ForeignKeyCacheInfo *key = lfirst(cell);

		if (key->nkeys == 1 &&
			getBaseType(TupleDescAttr(RelationGetDescr(relation), key->conkey[0] - 1)->atttypid) == TEXTOID)
			references->keys = lappend(references->keys, copyObject(key));
	}
	return references;
}

/* Is a key in the table that is referred to? */
static bool
is_there(const ForeignKeyCacheInfo *key, Datum value)
{
	Relation	table = table_open(key->confrelid, AccessShareLock);
	Snapshot	now = RegisterSnapshot(GetLatestSnapshot());
	ScanKeyData wanted;
	SysScanDesc scan;
	bool		known;

	ScanKeyEntryInitialize(&wanted, 0, key->confkey[0], BTEqualStrategyNumber, InvalidOid,
						   TupleDescAttr(RelationGetDescr(table), key->confkey[0] - 1)->attcollation,
						   get_opcode(key->conpfeqop[0]), value);
	scan = systable_beginscan(table, get_constraint_index(key->conoid), true, now, 1, &wanted);
	known = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	UnregisterSnapshot(now);
	table_close(table, AccessShareLock);
	return known;
}

/* The keys of the table that is referred to; none for a caller who may not read them all. */
static ArrayType *
known_keys(const ForeignKeyCacheInfo *key)
{
	Relation	table = table_open(key->confrelid, AccessShareLock);
	ArrayBuildState *keys = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	SysScanDesc scan;
	HeapTuple	tuple;

	if (pg_class_aclcheck(key->confrelid, GetUserId(), ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(key->confrelid, InvalidOid, true) != RLS_ENABLED)
	{
		scan = systable_beginscan(table, InvalidOid, false, NULL, 0, NULL);
		while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		{
			bool		none;
			Datum		name = heap_getattr(tuple, key->confkey[0], RelationGetDescr(table), &none);

			keys = accumArrayResult(keys, name, none, TEXTOID, CurrentMemoryContext);
		}
		systable_endscan(scan);
	}
	table_close(table, AccessShareLock);
	return DatumGetArrayTypeP(makeArrayResult(keys, CurrentMemoryContext));
}

/* What a table has rows of, in words. */
static char *
table_in_words(Oid table_id)
{
	char	   *words = get_rel_name(table_id);

	for (char *letter = words; *letter != '\0'; letter++)
	{
		if (*letter == '_')
			*letter = ' ';
	}
	return words;
}

/* The error of a row that names a key that is not there. */
pg_noreturn static void
refuse(Relation relation, const ForeignKeyCacheInfo *key, Datum value)
{
	const char *word = TextDatumGetCString(value);
	const char *what = table_in_words(key->confrelid);
	const char *near = kpi_nearest_word(word, known_keys(key));

	ereport(ERROR,
			(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
			 errmsg("%s \"%s\" does not exist", what, word),
			 errdetail("The column %s of %s.%s names it.",
					   NameStr(TupleDescAttr(RelationGetDescr(relation), key->conkey[0] - 1)->attname),
					   get_namespace_name(RelationGetNamespace(relation)), RelationGetRelationName(relation)),
			 near == NULL ? errhint("Define the %s first.", what) : errhint("Perhaps you mean \"%s\".", near),
			 errtableconstraint(relation, get_constraint_name(key->conoid))));
}

/* The same, looked up once a statement: should it go meanwhile, the foreign key tells. */
static bool
is_known(KpiReferences *references, const ForeignKeyCacheInfo *key, Datum value)
{
	char		name[KNOWN_BYTES];

	snprintf(name, KNOWN_BYTES, "%u %s", key->conoid, TextDatumGetCString(value));
	if (hash_search(references->known, name, HASH_FIND, NULL) != NULL)
		return true;
	if (!is_there(key, value))
		return false;
	(void) hash_search(references->known, name, HASH_ENTER, NULL);
	return true;
}

/* Raise an error for a key of a row that is not there; one that the row had before (NULL: none) is not looked up. */
void
kpi_check_references(Relation relation, KpiReferences *references, TupleTableSlot *slot, TupleTableSlot *before)
{
	ListCell   *cell;

	foreach(cell, references->keys)
	{
		const ForeignKeyCacheInfo *key = lfirst(cell);
		bool		none;
		bool		had_none = true;
		Datum		value = slot_getattr(slot, key->conkey[0], &none);
		Datum		had = before == NULL ? (Datum) 0 : slot_getattr(before, key->conkey[0], &had_none);

		if (none || (!had_none && datum_image_eq(value, had, false, -1)))
			continue;
		if (!is_known(references, key, value))
			refuse(relation, key, value);
	}
}
