/*-------------------------------------------------------------------------
 *
 * kpi.h
 *	  What every file of kpi shares: limits, and the differences between server
 *	  versions, which live here alone.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_H
#define KPI_H

#include "postgres.h"

#include "fmgr.h"
#include "nodes/nodes.h"
#include "utils/guc.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* PostgreSQL 18 writes it before the declaration and removed the older form. */
#if PG_VERSION_NUM < 180000 && !defined(pg_noreturn)
#define pg_noreturn pg_attribute_noreturn()
#endif

/* PostgreSQL 17 removed the last argument. */
#if PG_VERSION_NUM >= 170000
#define kpi_send_text(buffer, text, length) pq_sendcountedtext(buffer, text, length)
#else
#define kpi_send_text(buffer, text, length) pq_sendcountedtext(buffer, text, length, false)
#endif

/* PostgreSQL 16 can report an error softly. */
#if PG_VERSION_NUM >= 160000
#define kpi_make_range(type, lower, upper) make_range(type, lower, upper, false, NULL)
#else
#define kpi_make_range(type, lower, upper) make_range(type, lower, upper, false)
#endif

/* From PostgreSQL 18 on a module gives its name. */
#if PG_VERSION_NUM >= 180000
#define KPI_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "kpi")
#else
#define KPI_MODULE_MAGIC PG_MODULE_MAGIC
#endif

#ifndef HAVE_INT128
#error "kpi needs a compiler with 128-bit integers"
#endif

/* Only pg_catalog is searched until the current level of settings ends. */
#if PG_VERSION_NUM >= 170000
#define kpi_restrict_search_path() RestrictSearchPath()
#else
#define kpi_restrict_search_path() \
	((void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, \
							  PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false))
#endif

/* 18 added an argument: whether to log a lock that is not to be had. */
#if PG_VERSION_NUM >= 180000
#define kpi_lock_acquire(tag, mode, local) LockAcquireExtended(tag, mode, false, false, true, local, false)
#else
#define kpi_lock_acquire(tag, mode, local) LockAcquireExtended(tag, mode, false, false, true, local)
#endif

/* 18 removed the last argument: whether the query is run just once. */
#if PG_VERSION_NUM >= 180000
#define kpi_executor_run(description) ExecutorRun(description, ForwardScanDirection, 0)
#else
#define kpi_executor_run(description) ExecutorRun(description, ForwardScanDirection, 0, true)
#endif

/* 18 added an argument: whether a deferrable one will do. */
#if PG_VERSION_NUM >= 180000
#define kpi_primary_key(relation) RelationGetPrimaryKeyIndex(relation, false)
#else
#define kpi_primary_key(relation) RelationGetPrimaryKeyIndex(relation)
#endif

/* 16 renamed it: the entry of a backend in the snapshot of pg_stat_activity, counted from 1. */
#if PG_VERSION_NUM >= 160000
#define kpi_local_backend(number) pgstat_get_local_beentry_by_index(number)
#else
#define kpi_local_backend(number) pgstat_fetch_stat_local_beentry(number)
#endif

/* 16 tells members who may become a role from those who only inherit or administer. */
#if PG_VERSION_NUM >= 160000
#define kpi_may_act_as(user, role) member_can_set_role(user, role)
#else
#define kpi_may_act_as(user, role) is_member_of_role(user, role)
#endif

/* 16 has one function for the privileges on all kinds of objects. */
#if PG_VERSION_NUM >= 160000
#define kpi_may_use_schema(schema, role) (object_aclcheck(NamespaceRelationId, schema, role, ACL_USAGE) == ACLCHECK_OK)
#else
#define kpi_may_use_schema(schema, role) (pg_namespace_aclcheck(schema, role, ACL_USAGE) == ACLCHECK_OK)
#endif

/* Whether a function is called for an aggregate: AggCheckCallContext, inlined. */
static inline bool
kpi_is_aggregate(FunctionCallInfo fcinfo)
{
	return fcinfo->context != NULL &&
		(IsA(fcinfo->context, AggState) || IsA(fcinfo->context, WindowAggState));
}

/* Version byte that opens every stored value of ours. */
#define KPI_STATE_VERSION 1

#endif							/* KPI_H */
