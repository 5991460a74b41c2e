/*-------------------------------------------------------------------------
 *
 * watch.c
 *	  Notes which days the rows of a watched table are of that were written.
 *
 * note_change() is a trigger for each statement, with the rows as they were and
 * as they are in transition tables.  Of every column that can say when (date,
 * timestamp, timestamp with time zone) it appends one row to
 * kpi_internal.change_log: the days that the rows have there; those of a
 * timestamp with time zone are days of UTC, for whoever reads the log knows the
 * zone.  TRUNCATE, which has no rows, makes everything dirty: a row without
 * days.
 *
 * The log has no index, no constraint and no trigger, and is written as the
 * server writes its catalogues: those who write the watched table need no right
 * on it, and do not wait for each other.  A row commits with what it tells of.
 * What this transaction, or this very subtransaction, has already noted is not
 * noted again.
 *
 * NULL rule: rows without a time, or with one that is infinite, are of no day.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "base/check.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

/* Columns of kpi_internal.change_log. */
#define LOG_COLUMNS 3

/* A statement with more separate stretches of days than that is noted as one from the first to the last. */
#define MAX_STRETCHES 1000

/* Columns of a table whose days are remembered within a transaction. */
#define MAX_NOTED 8

/* The days of one column. */
typedef struct TimeColumn
{
	AttrNumber	number;
	Oid			type;
	int			count;
	int			room;
	DateADT    *day;
} TimeColumn;

/* What was last noted of a column. */
typedef struct Noted
{
	TransactionId transaction;	/* or subtransaction */
	Oid			relation;
	AttrNumber	column;
	DateADT		first;
	DateADT		last;
} Noted;

static Noted noted[MAX_NOTED];

/* The type of a column that can say when; InvalidOid for others. */
static Oid
time_type(Oid type)
{
	if (type >= FirstNormalObjectId)
		type = getBaseType(type);
	return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID ? type : InvalidOid;
}

/* The columns of a table that can say when; how many. */
static int
find_time_columns(TupleDesc tupdesc, TimeColumn *columns)
{
	int			count = 0;

	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(tupdesc, i);
		Oid			type = attribute->attisdropped ? InvalidOid : time_type(attribute->atttypid);

		if (!OidIsValid(type))
			continue;
		memset(&columns[count], 0, sizeof(TimeColumn));
		columns[count].number = (AttrNumber) (i + 1);
		columns[count++].type = type;
	}
	return count;
}

/* The day of a time; not finite where it is of none. */
static DateADT
day_of(Oid type, Datum value)
{
	Timestamp	instant;
	int64		day;

	if (type == DATEOID)
		return DatumGetDateADT(value);
	instant = DatumGetTimestamp(value);
	if (TIMESTAMP_NOT_FINITE(instant))
		return DATEVAL_NOEND;
	day = instant / USECS_PER_DAY;
	return (DateADT) (instant < 0 && instant % USECS_PER_DAY != 0 ? day - 1 : day);
}

/* Order of days. */
static int
compare_days(const void *a, const void *b)
{
	DateADT		x = *(const DateADT *) a;
	DateADT		y = *(const DateADT *) b;

	return (x > y) - (x < y);
}

/* Puts the days of a column in order, each once. */
static void
tidy_days(TimeColumn *column)
{
	int			kept = 0;

	qsort(column->day, column->count, sizeof(DateADT), compare_days);
	for (int i = 0; i < column->count; i++)
	{
		if (kept == 0 || column->day[kept - 1] != column->day[i])
			column->day[kept++] = column->day[i];
	}
	column->count = kept;
}

/* Takes a day in; one after the other is most often the same. */
static void
add_day(TimeColumn *column, DateADT day)
{
	if (DATE_NOT_FINITE(day) || (column->count > 0 && column->day[column->count - 1] == day))
		return;
	if (column->count == column->room)
	{
		if (column->room > 0)
			tidy_days(column);
		/* half of it is to be free, or it would be tidied again soon */
		if (column->count * 2 >= column->room)
		{
			column->room = Max(16, column->room * 2);
			column->day = column->day == NULL ? palloc(sizeof(DateADT) * column->room) :
				repalloc_huge(column->day, sizeof(DateADT) * column->room);
		}
	}
	column->day[column->count++] = day;
}

/* Takes in the days of all rows of a transition table. */
static void
add_rows(Tuplestorestate *rows, TupleDesc tupdesc, TimeColumn *columns, int count)
{
	TupleTableSlot *slot;

	if (rows == NULL)
		return;
	slot = MakeSingleTupleTableSlot(tupdesc, &TTSOpsMinimalTuple);
	tuplestore_select_read_pointer(rows, 0);
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < count; i++)
		{
			bool		isnull;
			Datum		value = slot_getattr(slot, columns[i].number, &isnull);

			if (!isnull)
				add_day(&columns[i], day_of(columns[i].type, value));
		}
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* The stretch of days from one to another. */
static RangeType *
make_stretch(TypeCacheEntry *type, DateADT first, DateADT last)
{
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	lower.val = DateADTGetDatum(first);
	lower.inclusive = true;
	lower.lower = true;
	upper.val = DateADTGetDatum(last + 1);
	return kpi_make_range(type, &lower, &upper);
}

/* The days of a column, which are in order, as a datemultirange. */
static Datum
stretches_of(const TimeColumn *column)
{
	TypeCacheEntry *type = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	RangeType **stretches = palloc(sizeof(RangeType *) * Min(column->count, MAX_STRETCHES));
	int			count = 0;
	int			first = 0;

	for (int i = 1; i <= column->count; i++)
	{
		if (i < column->count && column->day[i] == column->day[i - 1] + 1)
			continue;
		if (count == MAX_STRETCHES)
		{
			stretches[0] = make_stretch(type, column->day[0], column->day[column->count - 1]);
			count = 1;
			break;
		}
		stretches[count++] = make_stretch(type, column->day[first], column->day[i - 1]);
		first = i;
	}
	return PointerGetDatum(make_multirange(DATEMULTIRANGEOID, type, count, stretches));
}

/* Appends a row to the log; without a column everything is dirty. */
static void
append_log(Oid relation, const char *column, Datum days)
{
	Oid			log_id = get_relname_relid("change_log", get_namespace_oid("kpi_internal", false));
	Relation	log;
	Datum		values[LOG_COLUMNS] = {ObjectIdGetDatum(relation)};
	bool		nulls[LOG_COLUMNS] = {false, column == NULL, column == NULL};
	HeapTuple	tuple;

	if (!OidIsValid(log_id))
		elog(ERROR, "table kpi_internal.change_log does not exist");
	if (column != NULL)
	{
		values[1] = CStringGetTextDatum(column);
		values[2] = days;
	}
	log = table_open(log_id, RowExclusiveLock);
	tuple = heap_form_tuple(RelationGetDescr(log), values, nulls);
	simple_heap_insert(log, tuple);
	heap_freetuple(tuple);
	table_close(log, RowExclusiveLock);
}

/* Whether these days have been noted in this transaction; remembers them if not. */
static bool
was_noted(Oid relation, int place, const TimeColumn *column)
{
	Noted		now = {.transaction = GetCurrentTransactionId(),.relation = relation,
		.column = column->number,.first = column->day[0],.last = column->day[column->count - 1]
	};
	Noted	   *before = &noted[place];

	if (place >= MAX_NOTED || now.last - now.first + 1 != column->count)
		return false;
	if (before->transaction == now.transaction && before->relation == relation &&
		before->column == now.column && before->first <= now.first && before->last >= now.last)
		return true;
	*before = now;
	return false;
}

/* Tells of the days of the rows that a statement wrote. */
static void
note_rows(const TriggerData *trigger)
{
	Relation	relation = trigger->tg_relation;
	TupleDesc	tupdesc = RelationGetDescr(relation);
	TimeColumn *columns = palloc(sizeof(TimeColumn) * Max(tupdesc->natts, 1));
	int			count = find_time_columns(tupdesc, columns);

	add_rows(trigger->tg_oldtable, tupdesc, columns, count);
	add_rows(trigger->tg_newtable, tupdesc, columns, count);
	for (int i = 0; i < count; i++)
	{
		if (columns[i].count == 0)
			continue;
		tidy_days(&columns[i]);
		if (!was_noted(RelationGetRelid(relation), i, &columns[i]))
			append_log(RelationGetRelid(relation),
					   NameStr(TupleDescAttr(tupdesc, columns[i].number - 1)->attname),
					   stretches_of(&columns[i]));
	}
}

/* Whether a trigger is one that kpi.watch makes: after a statement, with the rows that it wrote. */
static bool
is_ours(const TriggerData *trigger)
{
	TriggerEvent event = trigger->tg_event;
	bool		with_old = TRIGGER_FIRED_BY_UPDATE(event) || TRIGGER_FIRED_BY_DELETE(event);
	bool		with_new = TRIGGER_FIRED_BY_UPDATE(event) || TRIGGER_FIRED_BY_INSERT(event);

	return TRIGGER_FIRED_FOR_STATEMENT(event) && TRIGGER_FIRED_AFTER(event) &&
		(!with_old || trigger->tg_oldtable != NULL) && (!with_new || trigger->tg_newtable != NULL);
}

/* note_change(): the trigger of a watched table. */
PG_FUNCTION_INFO_V1(kpi_note_change);
Datum
kpi_note_change(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = kpi_check_trigger(fcinfo);

	if (!is_ours(trigger))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" does not see all rows that a statement writes", trigger->tg_trigger->tgname),
				 errhint("Let kpi.watch() make the triggers of a table.")));
	if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
		append_log(RelationGetRelid(trigger->tg_relation), NULL, (Datum) 0);
	else
		note_rows(trigger);
	return PointerGetDatum(NULL);
}

/* forget_noted(): what was noted before may be removed from the log now, and is to be noted again. */
PG_FUNCTION_INFO_V1(kpi_forget_noted);
Datum
kpi_forget_noted(PG_FUNCTION_ARGS)
{
	memset(noted, 0, sizeof(noted));
	PG_RETURN_VOID();
}
