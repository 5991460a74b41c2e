/*-------------------------------------------------------------------------
 *
 * inside.c
 *	  What a score is made of whose node shows another unit.
 *
 * kpi.result has of such a node what everybody may see who sees the unit
 * evaluated for, kpi.result_inside the rest.  A view that joined the two would
 * open both for every query; this looks into the second only for such a node,
 * by its key and with the rights of the reader: privilege and policy.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "registry/access.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* The value of a column that is never NULL. */
static Datum
column_of(HeapTuple row, Relation table, const char *name)
{
	bool		isnull;

	return heap_getattr(row, get_attnum(RelationGetRelid(table), name), RelationGetDescr(table), &isnull);
}

/* May the current role see the row?  As the policy of the table has it. */
static bool
may_see(HeapTuple row, Relation table)
{
	return kpi_may_in_period(KPI_MAY_READ, DatumGetTextPP(column_of(row, table, "unit")),
							 DatumGetTextPP(column_of(row, table, "grain")),
							 DatumGetDateADT(column_of(row, table, "period_start")));
}

/* The row of a key as a composite, if the current role may see it; else 0. */
static Datum
find_inside(Relation table, Datum score_key)
{
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	row;
	Datum		found = 0;

	ScanKeyEntryInitialize(&key, 0, get_attnum(RelationGetRelid(table), "score_key"), BTEqualStrategyNumber, InvalidOid, DEFAULT_COLLATION_OID, F_TEXTEQ, score_key);
	scan = systable_beginscan(table, kpi_primary_key(table), true, GetActiveSnapshot(), 1, &key);
	row = systable_getnext(scan);
	if (HeapTupleIsValid(row) && may_see(row, table))
		found = heap_copy_tuple_as_datum(row, RelationGetDescr(table));
	systable_endscan(scan);
	return found;
}

/* What everybody sees: no figures, and the reason of the result. */
static Datum
hidden_inside(Relation table, HeapTupleHeader result)
{
	static const char *const shown[] = {"score_reason", "score_reason_label"};
	TupleDesc	columns = RelationGetDescr(table);
	Datum	   *value = palloc0(sizeof(Datum) * columns->natts);
	bool	   *isnull = palloc(sizeof(bool) * columns->natts);

	memset(isnull, true, sizeof(bool) * columns->natts);
	for (int i = 0; i < (int) lengthof(shown); i++)
	{
		int			place = get_attnum(RelationGetRelid(table), shown[i]) - 1;

		value[place] = GetAttributeByName(result, shown[i], &isnull[place]);
	}
	return heap_copy_tuple_as_datum(heap_form_tuple(columns, value, isnull), columns);
}

/* inside(result): what kpi.result_inside has of it, if the current role may see that. */
PG_FUNCTION_INFO_V1(kpi_inside);
Datum
kpi_inside(PG_FUNCTION_ARGS)
{
	HeapTupleHeader result = PG_GETARG_HEAPTUPLEHEADER(0);
	Oid			table_id = get_relname_relid("result_inside", get_namespace_oid("kpi", false));
	Relation	table = table_open(table_id, AccessShareLock);
	Datum		inside = 0;
	bool		isnull;
	Datum		score_key = GetAttributeByName(result, "score_key", &isnull);

	if (!isnull && pg_class_aclcheck(table_id, GetUserId(), ACL_SELECT) == ACLCHECK_OK)
		inside = find_inside(table, score_key);
	if (inside == 0)
		inside = hidden_inside(table, result);
	table_close(table, AccessShareLock);
	PG_RETURN_DATUM(inside);
}
