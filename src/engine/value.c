/*-------------------------------------------------------------------------
 *
 * value.c
 *	  Measurements that an evaluation needs, read at once.
 *
 * What is wanted is named first: for an indicator, a unit and a grain the days
 * from the first period to the last.  One query then reads all of them, each
 * stretch of periods by one search of the index.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/value.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "engine/judge.h"
#include "engine/query.h"
#include "lib/qunique.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

typedef struct KnownLine
{
	KpiLineKey	key;
	uint32		status;
	KpiLine    *line;
} KnownLine;

#define SH_PREFIX lines
#define SH_ELEMENT_TYPE KnownLine
#define SH_KEY_TYPE KpiLineKey
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) &(key), sizeof(KpiLineKey))
#define SH_EQUAL(table, a, b) (memcmp(&(a), &(b), sizeof(KpiLineKey)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct KpiValues
{
	MemoryContext context;
	TimestampTz known_at;
	lines_hash *known;
	int			count;
	int			room;
	KpiLine   **line;
};

static KpiQuery value_query = {
	.arguments = KPI_SEARCH_ARGUMENTS,
	.type = {KPI_SEARCH_TYPES},
	.text = "SELECT l.number, m.period_start, m.value, m.note OPERATOR(pg_catalog.=) '" KPI_INVALID_NOTE "', m.provisional"
	" FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),"
	" pg_catalog.unnest($5), pg_catalog.unnest($6)) AS l (number, indicator, unit, grain, first, last)"
	" JOIN @kpi.measurement AS m ON m.indicator OPERATOR(pg_catalog.=) l.indicator AND m.unit OPERATOR(pg_catalog.=) l.unit"
	" AND m.grain OPERATOR(pg_catalog.=) l.grain AND m.period_start OPERATOR(pg_catalog.>=) l.first"
	" AND m.period_start OPERATOR(pg_catalog.<=) l.last"
};

/* Nothing is wanted yet of what was known at a time; all lives as long as the memory context. */
KpiValues *
kpi_values(MemoryContext context, TimestampTz known_at)
{
	KpiValues  *values = MemoryContextAllocZero(context, sizeof(KpiValues));

	values->context = context;
	values->known_at = known_at;
	values->known = lines_create(context, 256, NULL);
	return values;
}

/* A line of which nothing is wanted yet. */
static KpiLine *
add_line(KpiValues *values, const KpiLineKey *key)
{
	KpiLine    *line = MemoryContextAllocZero(values->context, sizeof(KpiLine));

	if (values->count == values->room)
	{
		values->room = Max(2 * values->room, 64);
		values->line = values->line ? repalloc(values->line, sizeof(KpiLine *) * values->room) :
			MemoryContextAlloc(values->context, sizeof(KpiLine *) * values->room);
	}
	line->key = *key;
	values->line[values->count++] = line;
	return line;
}

/* Want the values of the periods that begin from one day to another. */
void
kpi_want_values(KpiValues *values, const KpiLineKey *key, DateADT first, DateADT last)
{
	bool		found;
	KnownLine  *known = lines_insert(values->known, *key, &found);

	if (!found)
		known->line = add_line(values, key);
	kpi_add_stretch(&known->line->wanted, values->context, first, last, 2 * key->grain->position);
}

/* By their days. */
static int
compare_values(const void *a, const void *b)
{
	const KpiValue *left = a;
	const KpiValue *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

/* The line of a row of value_query. */
static KpiLine *
row_line(KpiValues *values, uint64 row)
{
	bool		isnull;

	return values->line[DatumGetInt32(kpi_query_datum(row, 1, &isnull))];
}

/* A row of value_query. */
static void
read_value(uint64 row, KpiValue *value)
{
	value->start = kpi_query_date(row, 2, 0);
	value->value = kpi_query_numeric(row, 3);
	value->actual = value->value != NULL && kpi_is_usable(value->value) ? value->value : NULL;
	value->invalid = kpi_query_boolean(row, 4);
	value->provisional = kpi_query_boolean(row, 5);
}

/* The rows of value_query. */
static void
take_values(KpiValues *values)
{
	for (uint64 row = 0; row < SPI_processed; row++)
		row_line(values, row)->count++;
	for (int i = 0; i < values->count; i++)
	{
		values->line[i]->value = palloc(sizeof(KpiValue) * Max(values->line[i]->count, 1));
		values->line[i]->count = 0;
	}
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		KpiLine    *line = row_line(values, row);

		read_value(row, &line->value[line->count++]);
	}
	for (int i = 0; i < values->count; i++)
	{
		KpiLine    *line = values->line[i];

		qsort(line->value, line->count, sizeof(KpiValue), compare_values);
		/* stretches may overlap */
		line->count = (int) qunique(line->value, line->count, sizeof(KpiValue), compare_values);
	}
}

/* Read all that is wanted. */
void
kpi_read_values(KpiValues *values)
{
	MemoryContext old = MemoryContextSwitchTo(values->context);
	KpiSearch  *search = palloc(sizeof(KpiSearch) * Max(values->count, 1));
	Datum		argument[KPI_SEARCH_ARGUMENTS];

	for (int i = 0; i < values->count; i++)
	{
		const KpiLine *line = values->line[i];

		search[i] = (KpiSearch)
		{
			{
				line->key.indicator->text, line->key.unit->text, cstring_to_text(line->key.grain->grain)
			},
				&line->wanted
		};
	}
	kpi_search_arguments(search, values->count, argument);
	kpi_query_start(&value_query, argument, values->known_at);
	take_values(values);
	SPI_finish();
	MemoryContextSwitchTo(old);
}

/* What the lines that are wanted are of: indicators and units; how many there are. */
int
kpi_wanted_lines(const KpiValues *values, const char ***indicator, const char ***unit)
{
	*indicator = palloc(sizeof(char *) * Max(values->count, 1));
	*unit = palloc(sizeof(char *) * Max(values->count, 1));
	for (int i = 0; i < values->count; i++)
	{
		(*indicator)[i] = values->line[i]->key.indicator->string;
		(*unit)[i] = values->line[i]->key.unit->string;
	}
	return values->count;
}

/* The line of an indicator, a unit and a grain; NULL where it was not wanted. */
const KpiLine *
kpi_line_of(KpiValues *values, const KpiLineKey *key)
{
	KnownLine  *known = lines_lookup(values->known, *key);

	return known ? known->line : NULL;
}

/* How many values there are before a day. */
static int
values_before(const KpiLine *line, DateADT day)
{
	int			low = 0;
	int			high = line->count;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (line->value[middle].start < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The value of the period that begins on a day, or NULL. */
const KpiValue *
kpi_value_of(const KpiLine *line, DateADT start)
{
	int			place = line ? values_before(line, start) : 0;

	return line != NULL && place < line->count && line->value[place].start == start ? &line->value[place] : NULL;
}
