/*-------------------------------------------------------------------------
 *
 * lock.c
 *	  Locks that only those who may write can take.
 *
 * An advisory lock can be taken by every role from SQL, and so whoever can
 * guess its number blocks those who have work to do.  These are locks of the
 * kind that the server takes on objects which are no tables: pg_locks shows
 * them as "object", their class the table that is worked on.  No statement
 * takes such a lock on one of our tables, and the functions here ask for the
 * right to write it first.
 *
 * Different keys may meet in one lock, of 48 bits; then one waits without need.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/lock.h"

#include "catalog/pg_class.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* Only those who may write something of the table go on. */
static void
check_may_write(Oid table_id)
{
	AclMode		writing = ACL_INSERT | ACL_UPDATE | ACL_DELETE;
	AclResult	result = pg_class_aclcheck(table_id, GetUserId(), writing);

	if (result != ACLCHECK_OK)
		result = pg_attribute_aclcheck_all(table_id, GetUserId(), writing, ACLMASK_ANY);
	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_TABLE, get_rel_name(table_id));
	if (get_rel_relkind(table_id) != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a table", get_rel_name(table_id))));
}

/*
 * Locks a key of a table until the transaction ends, or the table as such for
 * a NULL key; false if we had it.
 */
bool
kpi_take_lock(Oid table_id, const text *key)
{
	uint64		hash = 0;
	LOCKTAG		tag;

	check_may_write(table_id);
	if (key != NULL)
		hash = hash_bytes_extended((const unsigned char *) VARDATA_ANY(key),
								   VARSIZE_ANY_EXHDR(key), 0);
	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, table_id, (uint32) hash, (uint16) (hash >> 32));
	return LockAcquire(&tag, ExclusiveLock, false, false) != LOCKACQUIRE_ALREADY_HELD;
}

/* lock_key(table, key): until the transaction ends nobody else works on that key. */
PG_FUNCTION_INFO_V1(kpi_lock_key);
Datum
kpi_lock_key(PG_FUNCTION_ARGS)
{
	(void) kpi_take_lock(PG_GETARG_OID(0), PG_GETARG_TEXT_PP(1));
	PG_RETURN_VOID();
}
