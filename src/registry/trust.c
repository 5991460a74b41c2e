/*-------------------------------------------------------------------------
 *
 * trust.c
 *	  What a superuser may let run with their rights.
 *
 * A source is read with the rights of the indicator's owner, and whoever owns
 * the source, or something that reading it runs, decides what that is: a table
 * becomes a view over a function, a type gets a cast.  A superuser is held by
 * nothing, not by a restricted operation nor by a read-only transaction.  So
 * where the owner is one, everything that the source is made of has to belong
 * to superusers.
 *
 * What it is made of is what the catalogue says it depends on, step by step:
 * relations with their rules, indexes and children, functions, operators,
 * types, foreign servers, and the schema of each, whose owner may drop what is
 * in it and put something else in its place.  What a function looks up by name
 * when it runs is not among them; its owner, a superuser, has written that.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/trust.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_database.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "parser/parser.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

/* An object of the catalogue, as pg_depend names it. */
typedef struct Part
{
	Oid			class_id;
	Oid			object_id;
} Part;

/* What has been found so far, and what of it has yet to be looked at. */
typedef struct Parts
{
	HTAB	   *known;
	List	   *waiting;
} Parts;

/* A collection of parts that has none yet. */
static Parts *
no_parts(void)
{
	Parts	   *parts = palloc(sizeof(Parts));
	HASHCTL		control = {.keysize = sizeof(Part),.entrysize = sizeof(Part),.hcxt = CurrentMemoryContext};

	parts->known = hash_create("parts of a source", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	parts->waiting = NIL;
	return parts;
}

/*
 * Adds a part unless it is known.  What came with the server belongs to a
 * superuser, but for schema public; an extension only has its members, which
 * have owners of their own.
 */
static void
add_part(Parts *parts, Oid class_id, Oid object_id)
{
	Part		part = {class_id, object_id};
	Part	   *entry;
	bool		known;

	if (class_id == ExtensionRelationId ||
		(object_id < FirstNormalObjectId && class_id != NamespaceRelationId))
		return;
	entry = hash_search(parts->known, &part, HASH_ENTER, &known);
	if (!known)
		parts->waiting = lappend(parts->waiting, entry);
}

/* Adds what an object depends on. */
static void
add_needed(Parts *parts, const Part *part)
{
	Relation	depend = table_open(DependRelationId, AccessShareLock);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key[0], Anum_pg_depend_classid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(part->class_id));
	ScanKeyInit(&key[1], Anum_pg_depend_objid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(part->object_id));
	scan = systable_beginscan(depend, DependDependerIndexId, true, NULL, 2, key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend needed = (Form_pg_depend) GETSTRUCT(tuple);

		add_part(parts, needed->refclassid, needed->refobjid);
	}
	systable_endscan(scan);
	table_close(depend, AccessShareLock);
}

/* Does reading a relation, or writing a domain's value, run the part that belongs to it? */
static bool
is_run(const Part *whole, Oid class_id)
{
	if (whole->class_id == TypeRelationId)
		return class_id == ConstraintRelationId;
	if (get_rel_relkind(whole->object_id) == RELKIND_MATVIEW && class_id == RewriteRelationId)
		return false;
	/* indexes are planned with, children are read */
	return class_id == RewriteRelationId || class_id == RelationRelationId ||
		class_id == StatisticExtRelationId;
}

/* Adds the parts that belong to a relation or type. */
static void
add_belongings(Parts *parts, const Part *part)
{
	Relation	depend = table_open(DependRelationId, AccessShareLock);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(part->class_id));
	ScanKeyInit(&key[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(part->object_id));
	scan = systable_beginscan(depend, DependReferenceIndexId, true, NULL, 2, key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend owned = (Form_pg_depend) GETSTRUCT(tuple);

		if (owned->deptype != DEPENDENCY_NORMAL && owned->deptype != DEPENDENCY_EXTENSION &&
			is_run(part, owned->classid))
			add_part(parts, owned->classid, owned->objid);
	}
	systable_endscan(scan);
	table_close(depend, AccessShareLock);
}

/* Adds the tables that inherit from a relation. */
static void
add_children(Parts *parts, const Part *part)
{
	ListCell   *cell;

	foreach(cell, find_inheritance_children(part->object_id, NoLock))
		add_part(parts, RelationRelationId, lfirst_oid(cell));
}

/* The owner of an object; InvalidOid where its kind has none. */
static Oid
owner_of(const Part *part)
{
	AttrNumber	attribute = get_object_attnum_owner(part->class_id);
	int			cache = get_object_catcache_oid(part->class_id);
	HeapTuple	tuple;
	Oid			owner = InvalidOid;
	bool		isnull;

	if (attribute == InvalidAttrNumber || cache < 0)
		return InvalidOid;
	tuple = SearchSysCache1(cache, ObjectIdGetDatum(part->object_id));
	if (HeapTupleIsValid(tuple))
	{
		owner = DatumGetObjectId(SysCacheGetAttr(cache, tuple, attribute, &isnull));
		ReleaseSysCache(tuple);
	}
	return owner;
}

/* The role that pg_database_owner, which owns schema public, stands for. */
static Oid
database_owner(void)
{
	HeapTuple	tuple = SearchSysCache1(DATABASEOID, ObjectIdGetDatum(MyDatabaseId));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for database %u", MyDatabaseId);
	owner = ((Form_pg_database) GETSTRUCT(tuple))->datdba;
	ReleaseSysCache(tuple);
	return owner;
}

/* The owner of a part where that is not a superuser, else InvalidOid. */
static Oid
untrusted_owner(const Part *part)
{
	Oid			owner = owner_of(part);

	if (owner == ROLE_PG_DATABASE_OWNER)
		owner = database_owner();
	return !OidIsValid(owner) || superuser_arg(owner) ? InvalidOid : owner;
}

/*
 * The first of the parts, and of what they are made of, that belongs to no
 * superuser; false where all do.
 */
static bool
find_untrusted(Parts *parts, Part *found, Oid *owner)
{
	while (parts->waiting != NIL)
	{
		Part	   *part = linitial(parts->waiting);

		CHECK_FOR_INTERRUPTS();
		parts->waiting = list_delete_first(parts->waiting);
		*owner = untrusted_owner(part);
		if (OidIsValid(*owner))
		{
			*found = *part;
			return true;
		}
		add_needed(parts, part);
		if (part->class_id == RelationRelationId || part->class_id == TypeRelationId)
			add_belongings(parts, part);
		if (part->class_id == RelationRelationId)
			add_children(parts, part);
	}
	return false;
}

/* What an error or a finding calls a part. */
static char *
describe(const Part *part)
{
	ObjectAddress address;

	ObjectAddressSet(address, part->class_id, part->object_id);
	return getObjectDescription(&address, true);
}

/* Raises an error unless all the parts belong to superusers. */
static void
check_parts(const KpiSource *source, Parts *parts)
{
	Part		part;
	Oid			owner;

	if (!find_untrusted(parts, &part, &owner))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("indicator \"%s\" belongs to the superuser \"%s\", but %s belongs to \"%s\"",
					source->indicator, source->owner.name, describe(&part),
					GetUserNameFromId(owner, false)),
			 errdetail("Whoever owns what a source is made of can run anything with the rights of the indicator's owner."),
			 errhint("Make \"%s\" the owner of the indicator: kpi.define_indicator(%s, owner => %s).",
					 GetUserNameFromId(owner, false), quote_literal_cstr(source->indicator),
					 quote_literal_cstr(GetUserNameFromId(owner, false)))));
}

/* The source of a superuser's indicator, as a relation, belongs to superusers. */
void
kpi_check_trust_in_relation(const KpiSource *source)
{
	Parts	   *parts;

	if (!superuser_arg(source->owner.role))
		return;
	parts = no_parts();
	add_part(parts, RelationRelationId, source->relation_id);
	check_parts(source, parts);
}

/* Adds a function of an expression. */
static bool
add_function(Oid function, void *parts)
{
	add_part((Parts *) parts, ProcedureRelationId, function);
	return false;
}

/* Adds what a node of a query names. */
static bool
add_named(Node *node, void *parts)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, add_named, parts, QTW_EXAMINE_RTES_BEFORE);
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *entry = (RangeTblEntry *) node;

		if (entry->rtekind == RTE_RELATION)
			add_part((Parts *) parts, RelationRelationId, entry->relid);
		return false;
	}
	(void) check_functions_in_node(node, add_function, parts);
	if (IsA(node, OpExpr))
		add_part((Parts *) parts, OperatorRelationId, ((OpExpr *) node)->opno);
	if (IsA(node, Const) || IsA(node, CoerceToDomain) || IsA(node, RelabelType) ||
		IsA(node, CoerceViaIO) || IsA(node, ArrayCoerceExpr) || IsA(node, RowExpr))
		add_part((Parts *) parts, TypeRelationId, exprType(node));
	return expression_tree_walker(node, add_named, parts);
}

/*
 * The same of all that the query over the source names, before it is planned,
 * which runs functions already.
 */
void
kpi_check_trust_in_query(const KpiSource *source, const Query *query)
{
	Parts	   *parts;

	if (!superuser_arg(source->owner.role))
		return;
	parts = no_parts();
	(void) add_named((Node *) query, parts);
	check_parts(source, parts);
}

/* The relation of a stored source text, whoever may see its schema; InvalidOid if there is none. */
static Oid
find_relation_of(text *source)
{
	List	   *names = textToQualifiedNameList(source);
	Oid			schema;

	if (list_length(names) != 2)
		return InvalidOid;
	schema = get_namespace_oid(strVal(linitial(names)), true);
	return OidIsValid(schema) ? get_relname_relid(strVal(lsecond(names)), schema) : InvalidOid;
}

/*
 * untrusted_part(owner, source): what of a source belongs to no superuser
 * where the owner is one, and to whom; NULL where there is nothing.
 */
PG_FUNCTION_INFO_V1(kpi_untrusted_part);
Datum
kpi_untrusted_part(PG_FUNCTION_ARGS)
{
	Oid			role = kpi_owner_role(KPI_GETARG_OWNER(0));
	Oid			relation_id = find_relation_of(PG_GETARG_TEXT_PP(1));
	Parts	   *parts;
	Part		part;
	Oid			owner;

	if (!OidIsValid(role) || !OidIsValid(relation_id) || !superuser_arg(role))
		PG_RETURN_NULL();
	parts = no_parts();
	add_part(parts, RelationRelationId, relation_id);
	if (!find_untrusted(parts, &part, &owner))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%s (%s)", describe(&part),
											  GetUserNameFromId(owner, false))));
}
