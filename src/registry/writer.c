/*-------------------------------------------------------------------------
 *
 * writer.c
 *	  Reading and writing for a caller who may not.
 *
 * Some rows follow from what a role may do and are not for it to write: what a
 * source said when it failed, what an entry was before it changed, the value
 * that is made of an entry.  And a score is made of rows that its reader need
 * not see.  That is done with the rights of the owner of the table, under a
 * search path that nobody else can put anything into, and by statements that
 * are all ours.  An error ends it as well.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/writer.h"

#include "access/table.h"
#include "miscadmin.h"
#include "utils/rel.h"

/* The owner of a table. */
Oid
kpi_owner_of_table(Oid table_id)
{
	Relation	table = table_open(table_id, AccessShareLock);
	Oid			owner = table->rd_rel->relowner;

	table_close(table, AccessShareLock);
	return owner;
}

/* From here to kpi_end_writer the user is the owner of a table; returns who it was. */
KpiCaller
kpi_become_writer(Oid owner)
{
	KpiCaller	caller;

	GetUserIdAndSecContext(&caller.user_id, &caller.security);
	caller.nest_level = NewGUCNestLevel();
	kpi_restrict_search_path();
	SetUserIdAndSecContext(owner, caller.security | SECURITY_LOCAL_USERID_CHANGE);
	return caller;
}

/* The user is the caller again. */
void
kpi_end_writer(const KpiCaller *caller)
{
	SetUserIdAndSecContext(caller->user_id, caller->security);
	AtEOXact_GUC(false, caller->nest_level);
}
