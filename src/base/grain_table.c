/*-------------------------------------------------------------------------
 *
 * grain_table.c
 *	  The rows of kpi.grain as every function here sees them.
 *
 * A session reads the table once and keeps its rows, with their rules read.
 * A trigger on the table, fired even while a dump is restored, tells all
 * sessions to forget them, by the server's own message that a relation has
 * changed: sent when the transaction commits, and at once to its own session.
 * The rows are read by a catalogue's snapshot, which sees what has been
 * committed and what the own transaction has done, so that a transaction with
 * an old snapshot leaves no old rows behind.
 *
 * Everybody may know the grains, so no right on the table is asked for.
 *
 *-------------------------------------------------------------------------
 */
#include "base/grain_table.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "base/check.h"
#include "base/nearest.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

/* The grains named in a hint. */
#define MAX_NAMED 12

/* The rows with the memory they are in. */
typedef struct HeldGrains
{
	KpiGrains	grains;
	MemoryContext context;
	int			pins;			/* those who need them still */
	bool		replaced;		/* by newer ones */
} HeldGrains;

static HeldGrains *known = NULL;
static Oid	known_table = InvalidOid;
static bool known_is_valid = false;

/* Another relation than ours may have changed; 0 is all of them. */
static void
forget(Datum arg, Oid relation_id)
{
	if (relation_id == known_table || relation_id == InvalidOid)
		known_is_valid = false;
}

/* Frees rows that nobody needs any more. */
static void
release(HeldGrains *held)
{
	if (held->replaced && held->pins == 0)
		MemoryContextDelete(held->context);
}

/* Called when the memory of one who has pinned the rows goes. */
static void
unpin(void *held)
{
	((HeldGrains *) held)->pins--;
	release(held);
}

/* A text column of a row, or NULL. */
static char *
column_text(HeapTuple tuple, TupleDesc tupdesc, int column)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, column, tupdesc, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* A row of kpi.grain, its rule read. */
static void
read_row(KpiGrainRow *row, HeapTuple tuple, TupleDesc tupdesc)
{
	bool		isnull;
	char	   *rule = column_text(tuple, tupdesc, KPI_GRAIN_RULE);

	memset(row, 0, sizeof(KpiGrainRow));
	row->grain = column_text(tuple, tupdesc, KPI_GRAIN_NAME);
	row->calendar = column_text(tuple, tupdesc, KPI_GRAIN_CALENDAR);
	row->window_of = column_text(tuple, tupdesc, KPI_GRAIN_WINDOW_OF);
	row->position = DatumGetInt32(heap_getattr(tuple, KPI_GRAIN_POSITION, tupdesc, &isnull));
	row->rule = kpi_read_grain(rule);
}

/* From short to long; of one length by name. */
static int
compare_rows(const void *a, const void *b)
{
	const KpiGrainRow *left = a;
	const KpiGrainRow *right = b;

	if (left->position != right->position)
		return left->position < right->position ? -1 : 1;
	return strcmp(left->grain, right->grain);
}

/* The grain of that name, or NULL. */
const KpiGrainRow *
kpi_search_grain(const KpiGrains *grains, const char *name, size_t length)
{
	for (int i = 0; i < grains->count; i++)
	{
		const KpiGrainRow *row = &grains->row[i];

		if (strncmp(row->grain, name, length) == 0 && row->grain[length] == '\0')
			return row;
	}
	return NULL;
}

/* Gives each window the row of its base; drops one whose base is not there, as while a dump is restored. */
static void
link_windows(KpiGrains *grains)
{
	int			kept = 0;

	for (int i = 0; i < grains->count; i++)
	{
		const KpiGrainRow *row = &grains->row[i];

		if (row->window_of == NULL || kpi_search_grain(grains, row->window_of, strlen(row->window_of)) != NULL)
			grains->row[kept++] = *row;
	}
	grains->count = kept;
	for (int i = 0; i < kept; i++)
	{
		KpiGrainRow *row = &grains->row[i];

		if (row->window_of == NULL)
			continue;
		row->base = kpi_search_grain(grains, row->window_of, strlen(row->window_of));
		row->suffix = row->grain + strlen(row->window_of) + 1;
	}
}

/* Reads the table into the current memory context. */
static void
load_rows(KpiGrains *grains, Oid table_id)
{
	Relation	table = table_open(table_id, AccessShareLock);
	SysScanDesc scan = systable_beginscan(table, InvalidOid, false, NULL, 0, NULL);
	HeapTuple	tuple;
	int			room = 32;

	grains->count = 0;
	grains->row = palloc(sizeof(KpiGrainRow) * room);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		if (grains->count == room)
			grains->row = repalloc(grains->row, sizeof(KpiGrainRow) * (room *= 2));
		read_row(&grains->row[grains->count++], tuple, RelationGetDescr(table));
	}
	systable_endscan(scan);
	table_close(table, AccessShareLock);
	qsort(grains->row, grains->count, sizeof(KpiGrainRow), compare_rows);
	link_windows(grains);
}

/* The rows as they are now, in a context of their own. */
static HeldGrains *
read_table(void)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "kpi grains",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	HeldGrains *held = palloc0(sizeof(HeldGrains));

	held->context = context;
	load_rows(&held->grains, known_table);
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, TopMemoryContext);
	return held;
}

/* Reads the table again; what is forgotten meanwhile stays forgotten. */
static void
refresh(void)
{
	static bool registered = false;
	HeldGrains *former = known;

	if (!registered)
	{
		CacheRegisterRelcacheCallback(forget, (Datum) 0);
		registered = true;
	}
	known_table = get_relname_relid("grain", get_namespace_oid("kpi", false));
	known_is_valid = true;
	PG_TRY();
	{
		known = read_table();
	}
	PG_CATCH();
	{
		known_is_valid = false;
		PG_RE_THROW();
	}
	PG_END_TRY();
	if (former == NULL)
		return;
	former->replaced = true;
	release(former);
}

/* The grains; good until the next call. */
const KpiGrains *
kpi_grain_rows(void)
{
	if (unlikely(!known_is_valid))
		refresh();
	return &known->grains;
}

/* The same, good as long as a memory context lives. */
const KpiGrains *
kpi_pin_grains(MemoryContext context)
{
	MemoryContextCallback *callback = MemoryContextAlloc(context, sizeof(MemoryContextCallback));

	(void) kpi_grain_rows();
	callback->func = unpin;
	callback->arg = known;
	known->pins++;
	MemoryContextRegisterResetCallback(context, callback);
	return &known->grains;
}

/* The keys of the grains, in their order. */
static ArrayType *
grain_names(const KpiGrains *grains)
{
	Datum	   *names = palloc(sizeof(Datum) * Max(grains->count, 1));

	for (int i = 0; i < grains->count; i++)
		names[i] = CStringGetTextDatum(grains->row[i].grain);
	return construct_array(names, grains->count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* The error of a grain that is none. */
pg_noreturn static void
unknown_grain(const KpiGrains *grains, const char *name)
{
	char	   *meant = kpi_nearest_word(name, grain_names(grains));
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < grains->count && i < MAX_NAMED; i++)
		appendStringInfo(&list, "%s%s", i == 0 ? "" : ", ", grains->row[i].grain);
	if (grains->count > MAX_NAMED)
		appendStringInfo(&list, " and %d more", grains->count - MAX_NAMED);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("grain \"%s\" does not exist", name),
			 meant ? errhint("Perhaps you mean \"%s\".", meant) :
			 errhint("Known grains: %s.", list.data)));
}

/* The grain of that name; the row is good until the next call. */
const KpiGrainRow *
kpi_find_grain(const char *name, size_t length)
{
	const KpiGrains *grains = kpi_grain_rows();
	const KpiGrainRow *row = kpi_search_grain(grains, name, length);

	if (row == NULL)
		unknown_grain(grains, pnstrdup(name, length));
	return row;
}

/* The same as kpi_find_grain, of a text. */
const KpiGrainRow *
kpi_grain_argument(const text *name)
{
	return kpi_find_grain(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

/* forget_rows(): trigger; what sessions keep of the rows of a table they read again. */
PG_FUNCTION_INFO_V1(kpi_forget_rows);
Datum
kpi_forget_rows(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = kpi_check_trigger(fcinfo);

	CacheInvalidateRelcacheByRelid(RelationGetRelid(trigger->tg_relation));
	return PointerGetDatum(NULL);
}
