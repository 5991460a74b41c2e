/*-------------------------------------------------------------------------
 *
 * owner_type.c
 *	  Type kpi.owner: the role with whose rights a source is read.
 *
 * A name is a poor way to keep a role: after a rename it means nobody, or
 * somebody else who has got it since.  An oid alone is no better in a dump,
 * where it means whoever has it in the cluster that is restored to.  So the
 * value is the role's oid and its text form, which a dump writes, its name of
 * that moment, as of the server's regrole.
 *
 * Where regrole refuses a name that no role has, and writes the number of a
 * role that is gone, this keeps the name, as one of nobody: a restore brings
 * all rows back, and none of them gets an owner whom nobody has named.  It
 * stays nobody's also when a role of that name is made later.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/owner.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

/* The value for a name, or that error for an empty one; unused bytes are 0, so that equal ones are alike. */
static KpiOwnerId *
make_owner(const char *name, int malformed)
{
	KpiOwnerId *owner = palloc0(sizeof(KpiOwnerId));

	if (*name == '\0')
		ereport(ERROR,
				(errcode(malformed),
				 errmsg("the name of an owner is empty"),
				 errhint("Write the name of a role.")));
	if (strlen(name) >= NAMEDATALEN)
		ereport(ERROR,
				(errcode(ERRCODE_NAME_TOO_LONG),
				 errmsg("name of owner \"%s\" is too long", name),
				 errdetail("The name of a role has at most %d bytes.", NAMEDATALEN - 1)));
	owner->role = get_role_oid(name, true);
	if (!OidIsValid(owner->role))
		strlcpy(NameStr(owner->name), name, NAMEDATALEN);
	return owner;
}

/* The name of the role; of one that is gone, words that no role is likely to be called. */
char *
kpi_owner_name(const KpiOwnerId *owner)
{
	char	   *name;

	if (!OidIsValid(owner->role))
		return pstrdup(NameStr(owner->name));
	name = GetUserNameFromId(owner->role, true);
	return name != NULL ? name : psprintf("dropped role %u", owner->role);
}

/* The role, InvalidOid where there is none. */
Oid
kpi_owner_role(const KpiOwnerId *owner)
{
	bool		is_there = OidIsValid(owner->role) && GetUserNameFromId(owner->role, true) != NULL;

	return is_there ? owner->role : InvalidOid;
}

/* Input function. */
PG_FUNCTION_INFO_V1(kpi_owner_in);
Datum
kpi_owner_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(make_owner(PG_GETARG_CSTRING(0), ERRCODE_INVALID_TEXT_REPRESENTATION));
}

/* Output function: the name of this moment. */
PG_FUNCTION_INFO_V1(kpi_owner_out);
Datum
kpi_owner_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(kpi_owner_name(KPI_GETARG_OWNER(0)));
}

/* Binary input function: the name, too. */
PG_FUNCTION_INFO_V1(kpi_owner_recv);
Datum
kpi_owner_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	int			length;
	char	   *name = pq_getmsgtext(buffer, buffer->len - buffer->cursor, &length);

	PG_RETURN_POINTER(make_owner(name, ERRCODE_INVALID_BINARY_REPRESENTATION));
}

/* Binary output function. */
PG_FUNCTION_INFO_V1(kpi_owner_send);
Datum
kpi_owner_send(PG_FUNCTION_ARGS)
{
	char	   *name = kpi_owner_name(KPI_GETARG_OWNER(0));
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendtext(&buffer, name, (int) strlen(name));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/* Is it the same role, or the same name of nobody? */
static bool
same_owner(FunctionCallInfo fcinfo)
{
	return memcmp(KPI_GETARG_OWNER(0), KPI_GETARG_OWNER(1), sizeof(KpiOwnerId)) == 0;
}

/* owner = owner */
PG_FUNCTION_INFO_V1(kpi_owner_eq);
Datum
kpi_owner_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(same_owner(fcinfo));
}

/* owner <> owner */
PG_FUNCTION_INFO_V1(kpi_owner_ne);
Datum
kpi_owner_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!same_owner(fcinfo));
}

/* Hash of an owner that agrees with its equality. */
PG_FUNCTION_INFO_V1(kpi_owner_hash);
Datum
kpi_owner_hash(PG_FUNCTION_ARGS)
{
	return hash_any((const unsigned char *) KPI_GETARG_OWNER(0), sizeof(KpiOwnerId));
}

/* The same in 64 bits, with a seed. */
PG_FUNCTION_INFO_V1(kpi_owner_hash_extended);
Datum
kpi_owner_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended((const unsigned char *) KPI_GETARG_OWNER(0), sizeof(KpiOwnerId),
							 PG_GETARG_INT64(1));
}

/* name(owner): the name of this moment, for comparisons. */
PG_FUNCTION_INFO_V1(kpi_owner_as_name);
Datum
kpi_owner_as_name(PG_FUNCTION_ARGS)
{
	Name		name = palloc0(NAMEDATALEN);

	strlcpy(NameStr(*name), kpi_owner_name(KPI_GETARG_OWNER(0)), NAMEDATALEN);
	PG_RETURN_NAME(name);
}

/* owner_exists(owner): is there such a role? */
PG_FUNCTION_INFO_V1(kpi_owner_exists);
Datum
kpi_owner_exists(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(OidIsValid(kpi_owner_role(KPI_GETARG_OWNER(0))));
}

/*
 * may_act_as(owner): is the current role the owner, a member of it or a
 * superuser?  Superusers may act as anybody, also as a role that is gone.
 */
PG_FUNCTION_INFO_V1(kpi_may_act_as_owner);
Datum
kpi_may_act_as_owner(PG_FUNCTION_ARGS)
{
	Oid			role = kpi_owner_role(KPI_GETARG_OWNER(0));

	PG_RETURN_BOOL(superuser() || (OidIsValid(role) && kpi_may_act_as(GetUserId(), role)));
}
