/*-------------------------------------------------------------------------
 *
 * source_error.c
 *	  Errors of others' code: what everybody may read of them, and what only
 *	  the owner may.
 *
 * The text of such an error may be of the owner's rows, and the owner chooses
 * it.  So the message is ours and has nothing but the SQLSTATE of it; the text
 * is the detail, for members of the owner alone, cut and with its control
 * characters escaped.  The code is kept, but for that of a cancel, which is
 * not theirs to pretend.
 *
 * kpi.collect stores both: the message in kpi.run_step, the text by
 * keep_source_error in kpi.run_error, whose rows members of the owner see.  It
 * goes there from here, with the rights of the owner of that table, as it is
 * not for whoever collects either.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/mistake.h"
#include "registry/owner.h"
#include "registry/writer.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/* Longest text that is kept, in bytes. */
#define MAX_SOURCE_TEXT 4096

/* Parts of an error that are kept. */
#define PARTS 4

/* The error of the last run of others' code, until it is stored or the next one runs. */
static struct
{
	MemoryContext memory;
	char	   *indicator;		/* NULL where there is none */
	char	   *owner;
	char	   *part[PARTS];	/* message, detail, hint, context; or NULL */
} last_error;

/* Codes and classes of codes that sources meet, in the words of the server's manual. */
typedef struct ErrorClass
{
	const char *code;
	const char *words;
} ErrorClass;

static const ErrorClass error_classes[] = {
	{"22003", "numeric value out of range"},
	{"22012", "division by zero"},
	{"42501", "insufficient privilege"},
	{"42703", "undefined column"},
	{"42883", "undefined function"},
	{"42P01", "undefined table"},
	{"53200", "out of memory"},
	{"55P03", "lock not available"},
	{"P0001", "raise exception"},
	{"P0004", "assert failure"},
	{"08", "connection exception"},
	{"0A", "feature not supported"},
	{"21", "cardinality violation"},
	{"22", "data exception"},
	{"23", "integrity constraint violation"},
	{"25", "invalid transaction state"},
	{"38", "external routine exception"},
	{"39", "external routine invocation exception"},
	{"40", "transaction rollback"},
	{"42", "syntax error or access rule violation"},
	{"53", "insufficient resources"},
	{"54", "program limit exceeded"},
	{"55", "object not in prerequisite state"},
	{"57", "operator intervention"},
	{"58", "system error"},
	{"HV", "foreign data wrapper error"},
	{"P0", "PL/pgSQL error"},
	{"XX", "internal error"}
};

/* The words for a SQLSTATE. */
static const char *
class_words(const char *state)
{
	for (size_t i = 0; i < lengthof(error_classes); i++)
	{
		if (strncmp(state, error_classes[i].code, strlen(error_classes[i].code)) == 0)
			return error_classes[i].words;
	}
	return "a code of its own";
}

/* Is the character one that a terminal may obey? */
static bool
is_control(const unsigned char *character, int length)
{
	/* the second block of control characters, as UTF8 has it */
	if (length == 2 && GetDatabaseEncoding() == PG_UTF8)
		return character[0] == 0xC2 && character[1] < 0xA0;
	return length == 1 && (*character < 0x20 || *character == 0x7F);
}

/* A text that is safe to show and not too long. */
static char *
readable(const char *text)
{
	StringInfoData result;
	int			length;

	initStringInfo(&result);
	for (; *text !='\0'; text +=length)
	{
		length = pg_mblen(text);
		if (result.len > MAX_SOURCE_TEXT - 16)
		{
			appendStringInfoString(&result, " ...");
			break;
		}
		if (!is_control((const unsigned char *) text, length))
			appendBinaryStringInfo(&result, text, length);
		else if (*text == '\n')
			appendStringInfoString(&result, "\\n");
		else if (*text == '\t')
			appendStringInfoString(&result, "\\t");
		else
		{
			for (int i = 0; i < length; i++)
				appendStringInfo(&result, "\\x%02X", (unsigned char) text[i]);
		}
	}
	return result.data;
}

/* The same of a part of an error; NULL for one that it does not have. */
static char *
readable_part(const char *text)
{
	return text == NULL || *text == '\0' ? NULL : readable(text);
}

/* Nothing is kept. */
void
kpi_forget_source_error(void)
{
	last_error. indicator = NULL;

	if (last_error.memory != NULL)
		MemoryContextReset(last_error.memory);
}

/* Keeps an error until it is stored. */
static void
keep_error(const ErrorData *error, const char *indicator, const KpiOwner *owner)
{
	MemoryContext before;

	if (last_error.memory == NULL)
		last_error. memory = AllocSetContextCreate(TopMemoryContext, "kpi source error",
												   ALLOCSET_SMALL_SIZES);

	kpi_forget_source_error();
	before = MemoryContextSwitchTo(last_error.memory);
	last_error. part[0] = readable_part(error->message);
	last_error. part[1] = readable_part(error->detail);
	last_error. part[2] = readable_part(error->hint);
	last_error. part[3] = readable_part(error->context);
	last_error. owner = pstrdup(owner->name);
	last_error. indicator = pstrdup(indicator);

	MemoryContextSwitchTo(before);
}

/* What the server said, as a detail. */
static char *
said(void)
{
	const char *message = last_error.part[0] ? last_error.part[0] : "nothing";
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "The server says: %s%s", message, kpi_full_stop(message));
	if (last_error.part[1] != NULL)
		appendStringInfo(&text, " %s", last_error.part[1]);
	if (last_error.part[2] != NULL)
		appendStringInfo(&text, " Hint: %s", last_error.part[2]);
	return text.data;
}

/* Raises an error of others' code: in our words, with theirs for those who may see them. */
void
kpi_raise_source_error(ErrorData *error, const char *indicator,
					   const KpiOwner *owner, bool may_see)
{
	const char *state = unpack_sql_state(error->sqlerrcode);

	keep_error(error, indicator, owner);
	error->message = psprintf("source of indicator \"%s\" failed with SQLSTATE %s (%s)",
							  indicator, state, class_words(state));
	error->detail = may_see ? said() : NULL;
	error->hint = may_see ? NULL :
		psprintf("Members of role \"%s\" see what the server says.", owner->name);
	error->context = may_see && last_error.part[3] != NULL ? pstrdup(last_error.part[3]) : NULL;

	error->detail_log = NULL;
	error->internalquery = NULL;
	error->internalpos = 0;
	error->cursorpos = 0;
	error->schema_name = error->table_name = error->column_name = NULL;
	error->datatype_name = error->constraint_name = NULL;
	if (error->sqlerrcode == ERRCODE_QUERY_CANCELED)
		error->sqlerrcode = ERRCODE_EXTERNAL_ROUTINE_EXCEPTION;
	ReThrowError(error);
}

/* The owner of kpi.run_error; whoever does not write kpi.run_step stays out. */
static Oid
writer_of_errors(void)
{
	Oid			schema = get_namespace_oid("kpi", false);
	AclResult	result = pg_class_aclcheck(get_relname_relid("run_step", schema), GetUserId(), ACL_INSERT);
	HeapTuple	table;
	Oid			owner;

	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_TABLE, "run_step");
	table = SearchSysCache1(RELOID, ObjectIdGetDatum(get_relname_relid("run_error", schema)));
	if (!HeapTupleIsValid(table))
		elog(ERROR, "table kpi.run_error does not exist");
	owner = ((Form_pg_class) GETSTRUCT(table))->relowner;
	ReleaseSysCache(table);
	return owner;
}

/* Stores the kept error in kpi.run_error. */
static void
store_error(int64 run)
{
	Oid			types[3 + PARTS] = {INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3 + PARTS] = {0};
	char		nulls[3 + PARTS + 1] = "       ";

	values[0] = Int64GetDatum(run);
	values[1] = CStringGetTextDatum(last_error.indicator);
	values[2] = CStringGetTextDatum(last_error.owner);
	for (int i = 0; i < PARTS; i++)
	{
		if (last_error.part[i] != NULL)
			values[3 + i] = CStringGetTextDatum(last_error.part[i]);
		else
			nulls[3 + i] = 'n';
	}
	SPI_connect();
	if (SPI_execute_with_args("INSERT INTO kpi.run_error (run, indicator, owner, message, detail, hint, context)"
							  " VALUES ($1, $2, CAST($3 AS kpi.owner), $4, $5, $6, $7)",
							  3 + PARTS, types, values, nulls, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "error of a source could not be stored");
	SPI_finish();
}

/*
 * keep_source_error(run, indicator): stores what the server said when the
 * source of the indicator failed just now, where that is for members of the
 * owner; false where the last failure was none of it.
 */
PG_FUNCTION_INFO_V1(kpi_keep_source_error);
Datum
kpi_keep_source_error(PG_FUNCTION_ARGS)
{
	char	   *indicator = text_to_cstring(PG_GETARG_TEXT_PP(1));
	Oid			writer = writer_of_errors();
	KpiCaller	caller;

	if (last_error.indicator == NULL || strcmp(last_error.indicator, indicator) != 0)
		PG_RETURN_BOOL(false);
	caller = kpi_become_writer(writer);
	store_error(PG_GETARG_INT64(0));
	kpi_end_writer(&caller);
	kpi_forget_source_error();
	PG_RETURN_BOOL(true);
}
