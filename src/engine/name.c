/*-------------------------------------------------------------------------
 *
 * name.c
 *	  Names of the registry, each there once, so that equal ones are the same.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/name.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

typedef struct KnownName
{
	const char *key;
	uint32		status;
	KpiName    *name;
} KnownName;

#define SH_PREFIX known
#define SH_ELEMENT_TYPE KnownName
#include "base/string_table.h"

struct KpiNames
{
	MemoryContext context;
	known_hash *known;
};

/* An empty set of names, which live as long as the memory context. */
KpiNames *
kpi_names(MemoryContext context)
{
	KpiNames   *names = MemoryContextAlloc(context, sizeof(KpiNames));

	names->context = context;
	names->known = known_create(context, 256, NULL);
	return names;
}

/* The name that is written so. */
const KpiName *
kpi_name(KpiNames *names, const char *string)
{
	KnownName  *known = known_lookup(names->known, string);
	MemoryContext old;
	bool		found;
	KpiName    *name;

	if (known != NULL)
		return known->name;
	old = MemoryContextSwitchTo(names->context);
	name = palloc(sizeof(KpiName));
	name->string = pstrdup(string);
	name->text = cstring_to_text(string);
	known_insert(names->known, name->string, &found)->name = name;
	MemoryContextSwitchTo(old);
	return name;
}

/* The name that a text is. */
const KpiName *
kpi_name_of(KpiNames *names, Datum written)
{
	char	   *string = TextDatumGetCString(written);
	const KpiName *name = kpi_name(names, string);

	pfree(string);
	return name;
}
