/*-------------------------------------------------------------------------
 *
 * access.c
 *	  The rows of kpi.access, as the policies of row-level security ask them.
 *
 * A row of kpi.access gives a role, and who has its privileges, a unit with
 * all below it, or every unit.  Rows of others go by the tree of a day: a
 * value by that of the last day of its period, a target by any of its days.
 * Superusers, roles that bypass row-level security and the owner of the tables
 * may do everything, as the server has it.
 *
 * Asked for each row of a scan, the answer is one look into a table of the
 * units that the role may see.  A session makes that table once for each role
 * it acts as, and forgets it when kpi.access or the tree changes (a trigger on
 * both, fired even while a dump is restored, sends the server's own message
 * that a relation has changed) and when roles change.  The rows are read by a
 * catalogue's snapshot: rights are those of now, however old the transaction.
 *
 * NULL rule: false for NULL.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/access.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "base/grain_table.h"
#include "catalog/namespace.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "registry/owner.h"
#include "registry/writer.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* Columns of kpi.access and of kpi.unit_parent, from 1. */
enum
{
	ACCESS_ROLE = 1,
	ACCESS_UNIT,
	ACCESS_MAY
};
enum
{
	PARENT_UNIT = 1,
	PARENT_PARENT,
	PARENT_VALID
};

/* A key of a unit, wherever it stands. */
typedef struct UnitName
{
	const char *data;
	int			length;
} UnitName;

/* Days from one to before another. */
typedef struct Span
{
	DateADT		from;
	DateADT		to;
	struct Span *next;
} Span;

/* A unit that a role may see or enter values for, on some days or always. */
typedef struct Allowed
{
	UnitName	unit;
	uint32		status;
	bool		always[KPI_RIGHTS];
	Span	   *spans[KPI_RIGHTS];
} Allowed;

/* A place of a unit in the tree. */
typedef struct Child
{
	UnitName	unit;
	Span		span;
	struct Child *next;
} Child;

/* A unit with those directly below it on any day. */
typedef struct Above
{
	UnitName	unit;
	uint32		status;
	Child	   *children;
} Above;

#define HASH_UNIT(table, key) hash_bytes((const unsigned char *) (key).data, (key).length)
#define SAME_UNIT(table, a, b) ((a).length == (b).length && memcmp((a).data, (b).data, (a).length) == 0)

#define SH_PREFIX allowed
#define SH_ELEMENT_TYPE Allowed
#define SH_KEY_TYPE UnitName
#define SH_KEY unit
#define SH_HASH_KEY HASH_UNIT
#define SH_EQUAL SAME_UNIT
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define SH_PREFIX above
#define SH_ELEMENT_TYPE Above
#define SH_KEY_TYPE UnitName
#define SH_KEY unit
#define SH_HASH_KEY HASH_UNIT
#define SH_EQUAL SAME_UNIT
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* What a role may do. */
typedef struct RoleAccess
{
	Oid			role;
	MemoryContext context;
	bool		for_all[KPI_RIGHTS];
	allowed_hash *units;
	struct RoleAccess *next;
} RoleAccess;

static RoleAccess *known = NULL;
static bool known_is_valid = false;
static Oid	access_table = InvalidOid;
static Oid	tree_table = InvalidOid;

/* Another relation than ours may have changed; 0 is all of them. */
static void
forget_relation(Datum arg, Oid relation_id)
{
	if (relation_id == access_table || relation_id == tree_table || relation_id == InvalidOid)
		known_is_valid = false;
}

/* A role, or who is a member of it, has changed. */
static void
forget_roles(Datum arg, int cache, uint32 hash)
{
	known_is_valid = false;
}

/* Begins anew with nothing known. */
static void
begin_anew(void)
{
	static bool registered = false;
	Oid			schema = get_namespace_oid("kpi", false);

	if (!registered)
	{
		CacheRegisterRelcacheCallback(forget_relation, (Datum) 0);
		CacheRegisterSyscacheCallback(AUTHOID, forget_roles, (Datum) 0);
		CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, forget_roles, (Datum) 0);
		registered = true;
	}
	while (known != NULL)
	{
		RoleAccess *next = known->next;

		MemoryContextDelete(known->context);
		known = next;
	}
	access_table = get_relname_relid("access", schema);
	tree_table = get_relname_relid("unit_parent", schema);
	known_is_valid = true;
}

/* The key in a column of a row, copied; of no data for NULL. */
static UnitName
unit_column(HeapTuple tuple, TupleDesc tupdesc, int column)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, column, tupdesc, &isnull);
	UnitName	unit = {NULL, 0};

	if (!isnull)
	{
		char	   *key = TextDatumGetCString(value);

		unit.data = key;
		unit.length = (int) strlen(key);
	}
	return unit;
}

/* The days of a range; none for an empty one. */
static Span
span_of(RangeType *range)
{
	RangeBound	lower,
				upper;
	bool		empty;
	Span		span = {DATEVAL_NOBEGIN, DATEVAL_NOEND, NULL};

	range_deserialize(lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO), range, &lower, &upper, &empty);
	if (empty)
		span.to = span.from;
	else
	{
		if (!lower.infinite)
			span.from = DatumGetDateADT(lower.val);
		if (!upper.infinite)
			span.to = DatumGetDateADT(upper.val);
	}
	return span;
}

typedef void (*ReadRow) (void *result, HeapTuple tuple, TupleDesc tupdesc);

/* Gives all rows of a table, as they are now, to a function. */
static void
read_rows(Oid table_id, ReadRow read, void *result)
{
	Relation	table = table_open(table_id, AccessShareLock);
	SysScanDesc scan = systable_beginscan(table, InvalidOid, false, NULL, 0, NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		read(result, tuple, RelationGetDescr(table));
	systable_endscan(scan);
	table_close(table, AccessShareLock);
}

/* A row of kpi.unit_parent. */
static void
read_parent(void *tree, HeapTuple tuple, TupleDesc tupdesc)
{
	Child	   *child = palloc(sizeof(Child));
	bool		found;
	Above	   *above = above_insert(tree, unit_column(tuple, tupdesc, PARENT_PARENT), &found);

	if (!found)
		above->children = NULL;
	child->unit = unit_column(tuple, tupdesc, PARENT_UNIT);
	child->span = span_of(DatumGetRangeTypeP(heap_getattr(tuple, PARENT_VALID, tupdesc, &found)));
	child->next = above->children;
	above->children = child;
}

/* Adds the right for a unit on some days, and for those that are below it on them. */
static void
allow(allowed_hash * units, above_hash * tree, UnitName unit, Span span, KpiRight right)
{
	bool		found;
	Allowed    *allowed = allowed_insert(units, unit, &found);
	Above	   *above;

	check_stack_depth();
	if (!found)
	{
		memset(allowed->always, 0, sizeof(allowed->always));
		memset(allowed->spans, 0, sizeof(allowed->spans));
	}
	if (allowed->always[right])
		return;
	if (span.from == DATEVAL_NOBEGIN && span.to == DATEVAL_NOEND)
		allowed->always[right] = true;
	else
	{
		Span	   *added = palloc(sizeof(Span));

		*added = span;
		added->next = allowed->spans[right];
		allowed->spans[right] = added;
	}
	above = above_lookup(tree, unit);
	for (Child *child = above ? above->children : NULL; child != NULL; child = child->next)
	{
		Span		common = {Max(span.from, child->span.from), Min(span.to, child->span.to), NULL};

		if (common.from < common.to)
			allow(units, tree, child->unit, common, right);
	}
}

/* What is read of kpi.access: for whom, with which tree. */
typedef struct AccessReading
{
	RoleAccess *access;
	above_hash *tree;
} AccessReading;

/* A row of kpi.access. */
static void
read_access(void *result, HeapTuple tuple, TupleDesc tupdesc)
{
	AccessReading *reading = result;
	bool		isnull;
	Oid			role = kpi_owner_role((KpiOwnerId *) DatumGetPointer(heap_getattr(tuple, ACCESS_ROLE, tupdesc, &isnull)));
	UnitName	unit = unit_column(tuple, tupdesc, ACCESS_UNIT);
	char	   *may = TextDatumGetCString(heap_getattr(tuple, ACCESS_MAY, tupdesc, &isnull));
	Span		ever = {DATEVAL_NOBEGIN, DATEVAL_NOEND, NULL};
	bool		rights[KPI_RIGHTS] = {true, strcmp(may, "enter") == 0 || strcmp(may, "edit") == 0};

	if (!OidIsValid(role) || !has_privs_of_role(reading->access->role, role))
		return;
	for (KpiRight right = 0; right < KPI_RIGHTS; right++)
	{
		if (rights[right] && unit.data == NULL)
			reading->access->for_all[right] = true;
		else if (rights[right])
			allow(reading->access->units, reading->tree, unit, ever, right);
	}
}

/* Whether the server's row-level security of our tables does not hold for a role. */
static bool
is_above_policies(Oid role)
{
	return superuser_arg(role) || has_bypassrls_privilege(role) || has_privs_of_role(role, kpi_owner_of_table(access_table));
}

/* Reads what a role may do. */
static RoleAccess *
read_role(Oid role)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "kpi access", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	RoleAccess *access = palloc0(sizeof(RoleAccess));

	access->role = role;
	access->context = context;
	access->units = allowed_create(context, 64, NULL);
	if (is_above_policies(role))
		memset(access->for_all, true, sizeof(access->for_all));
	else
	{
		AccessReading reading = {access, above_create(context, 64, NULL)};

		read_rows(tree_table, read_parent, reading.tree);
		read_rows(access_table, read_access, &reading);
	}
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, TopMemoryContext);
	return access;
}

/* What the current role may do; good until the next call. */
static const RoleAccess *
current_access(void)
{
	Oid			role = GetUserId();
	RoleAccess *access;

	if (unlikely(!known_is_valid))
		begin_anew();
	for (access = known; access != NULL; access = access->next)
		if (access->role == role)
			return access;
	access = read_role(role);
	access->next = known;
	known = access;
	return access;
}

/* Has it the right on one of the days? */
static bool
on_days(const Allowed *allowed, KpiRight right, DateADT from, DateADT to)
{
	for (const Span *span = allowed->spans[right]; span != NULL; span = span->next)
		if (span->from < to && from < span->to)
			return true;
	return false;
}

/* Has the current role the right for every unit, whatever the tree? */
bool
kpi_may_for_all(KpiRight right)
{
	return current_access()->for_all[right];
}

/* Has the current role the right for a unit on one of the days? */
bool
kpi_may_on_days(KpiRight right, const char *unit, DateADT from, DateADT to)
{
	const RoleAccess *access = current_access();
	UnitName	name = {unit, (int) strlen(unit)};
	const Allowed *allowed;

	if (access->for_all[right])
		return true;
	allowed = allowed_lookup(access->units, name);
	return allowed != NULL && from < to && (allowed->always[right] || on_days(allowed, right, from, to));
}

/* Has the current role the right for a unit on the last day of a period? */
bool
kpi_may_in_period(KpiRight right, const text *unit, const text *grain, DateADT period_start)
{
	const RoleAccess *access = current_access();
	UnitName	name = {VARDATA_ANY(unit), VARSIZE_ANY_EXHDR(unit)};
	const Allowed *allowed;
	const KpiGrainRule *rule;
	DateADT		end;

	if (access->for_all[right])
		return true;
	allowed = allowed_lookup(access->units, name);
	if (allowed == NULL || allowed->always[right] || allowed->spans[right] == NULL)
		return allowed != NULL && allowed->always[right];
	rule = kpi_grain_argument(grain)->rule;
	if (!kpi_grain_has(rule, period_start))
		return false;
	end = kpi_grain_step(rule, period_start, 1);
	return on_days(allowed, right, end - 1, end);
}

/* may_read(unit, grain, period_start): may the current role see what a unit has in a period? */
PG_FUNCTION_INFO_V1(kpi_may_read);
Datum
kpi_may_read(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(kpi_may_in_period(KPI_MAY_READ, PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1), PG_GETARG_DATEADT(2)));
}

/* may_read(unit, days): may the current role see what a unit has on some days? */
PG_FUNCTION_INFO_V1(kpi_may_read_days);
Datum
kpi_may_read_days(PG_FUNCTION_ARGS)
{
	Span		span = span_of(PG_GETARG_RANGE_P(1));

	PG_RETURN_BOOL(kpi_may_on_days(KPI_MAY_READ, text_to_cstring(PG_GETARG_TEXT_PP(0)), span.from, span.to));
}

/* may_enter(unit, grain, period_start): may the current role enter and judge values of a unit in a period? */
PG_FUNCTION_INFO_V1(kpi_may_enter);
Datum
kpi_may_enter(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(kpi_may_in_period(KPI_MAY_ENTER, PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1), PG_GETARG_DATEADT(2)));
}

/* reads_all(): may the current role see what every unit has? */
PG_FUNCTION_INFO_V1(kpi_reads_all);
Datum
kpi_reads_all(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(kpi_may_for_all(KPI_MAY_READ));
}
