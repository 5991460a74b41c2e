/*-------------------------------------------------------------------------
 *
 * bag.h
 *	  Sorted multisets as states of aggregates: a template, like the server's
 *	  lib/sort_template.h.
 *
 * A bag is one flat varlena: a header and entries, of which those with equal
 * keys are merged into one, with room for more.  Entries are appended; when the
 * room is full they are sorted and merged, and only if that leaves it more than
 * half full it doubles.  So it never holds more than twice what its different
 * keys need, and readers get them in order, whatever the order of the rows.
 *
 * Before it is included:
 *
 *	BAG_PREFIX			of the names of the functions
 *	BAG_STATE			type of the state, a varlena with the fields version,
 *						int32 count, int32 sorted (that many are in order and
 *						different), and entry[FLEXIBLE_ARRAY_MEMBER]
 *	BAG_ENTRY			type of the entries
 *	BAG_COMPARE(a, b)	order of two entries by their keys
 *	BAG_MERGE(a, b)		merge an entry b of the same key into a
 *	BAG_NOUN			what messages call the entries
 *
 * Then, PREFIX being BAG_PREFIX:
 *
 *	PREFIX_writable(fcinfo)			the state in argument 0; a new one for NULL
 *	PREFIX_add(state, &entry)		the state with an entry more
 *	PREFIX_merge(state, other)		the state with the entries of another
 *	PREFIX_ordered(datum)			a state that is in order, to be read
 *	PREFIX_is_ordered(state)		whether it is, and set so: what was read
 *
 * A grown copy is made in the current context: the executor takes it over.
 *
 *-------------------------------------------------------------------------
 */
#include "base/state.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#define BAG_CONCAT_(a, b) a##_##b
#define BAG_CONCAT(a, b) BAG_CONCAT_(a, b)
#define BAG_NAME(name) BAG_CONCAT(BAG_PREFIX, name)

#define BAG_HEADER offsetof(BAG_STATE, entry)
#define BAG_SIZE(entries) (BAG_HEADER + (Size) (entries) * sizeof(BAG_ENTRY))
#define BAG_MAX_ENTRIES ((int32) ((MaxAllocSize - BAG_HEADER) / sizeof(BAG_ENTRY)))
#define BAG_INITIAL_ENTRIES 8

#define ST_SORT BAG_NAME(sort_entries)
#define ST_ELEMENT_TYPE BAG_ENTRY
#define ST_COMPARE(a, b) BAG_COMPARE(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* An empty bag with room for so many entries. */
static BAG_STATE *
BAG_NAME(make) (int32 entries)
{
	BAG_STATE  *state = palloc0(BAG_SIZE(entries));

	SET_VARSIZE(state, BAG_SIZE(entries));
	state->version = KPI_STATE_VERSION;
	return state;
}

/* How many entries there is room for. */
static inline int32
BAG_NAME(room) (const BAG_STATE *state)
{
	return (int32) ((VARSIZE(state) - BAG_HEADER) / sizeof(BAG_ENTRY));
}

/* A copy with the same entries and room for so many. */
static BAG_STATE *
BAG_NAME(resize) (const BAG_STATE *state, int32 entries)
{
	BAG_STATE  *copy = palloc0(BAG_SIZE(entries));

	memcpy(copy, state, BAG_SIZE(state->count));
	SET_VARSIZE(copy, BAG_SIZE(entries));
	return copy;
}

/* Merge the sorted entries of two runs, equal ones into one; how many are left. */
static int32
BAG_NAME(merge_runs) (BAG_ENTRY *to, const BAG_ENTRY *a, int32 a_count, const BAG_ENTRY *b, int32 b_count)
{
	int32		count = 0;
	int32		i = 0;
	int32		j = 0;

	while (i < a_count || j < b_count)
	{
		const BAG_ENTRY *next;

		if (j == b_count || (i < a_count && BAG_COMPARE(&a[i], &b[j]) <= 0))
			next = &a[i++];
		else
			next = &b[j++];
		if (count > 0 && BAG_COMPARE(&to[count - 1], next) == 0)
			BAG_MERGE(&to[count - 1], next);
		else
			to[count++] = *next;
	}
	return count;
}

/* Put the entries in order and merge equal ones. */
static void
BAG_NAME(compact) (BAG_STATE *state)
{
	int32		tail = state->count - state->sorted;
	BAG_ENTRY  *merged;

	if (tail == 0)
		return;
	BAG_NAME(sort_entries) (state->entry + state->sorted, tail);
	merged = palloc_extended(state->count * sizeof(BAG_ENTRY), MCXT_ALLOC_HUGE);
	state->count = BAG_NAME(merge_runs) (merged, state->entry, state->sorted,
										 state->entry + state->sorted, tail);
	memcpy(state->entry, merged, state->count * sizeof(BAG_ENTRY));
	state->sorted = state->count;
	pfree(merged);
}

/* A bag that is full, with room again. */
static BAG_STATE *
BAG_NAME(make_room) (BAG_STATE *state)
{
	int32		room = BAG_NAME(room) (state);

	BAG_NAME(compact) (state);
	if (state->count < room && state->count <= room / 2)
		return state;
	if (state->count == BAG_MAX_ENTRIES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d different %s in one group", BAG_MAX_ENTRIES, BAG_NOUN),
				 errhint("Make the groups smaller, or round what is finer than the answer needs.")));
	return BAG_NAME(resize) (state, room > BAG_MAX_ENTRIES / 2 ? BAG_MAX_ENTRIES : Max(2 * room, BAG_INITIAL_ENTRIES));
}

/* The state with an entry more. */
static BAG_STATE *
BAG_NAME(add) (BAG_STATE *state, const BAG_ENTRY *entry)
{
	if (state->count > 0)
	{
		int			order = BAG_COMPARE(&state->entry[state->count - 1], entry);

		if (order == 0)
		{
			BAG_MERGE(&state->entry[state->count - 1], entry);
			return state;
		}
		if (state->count == BAG_NAME(room) (state))
			state = BAG_NAME(make_room) (state);
		/* what comes in order stays so */
		if (state->sorted == state->count && BAG_COMPARE(&state->entry[state->count - 1], entry) < 0)
			state->sorted++;
	}
	else
	{
		if (BAG_NAME(room) (state) == 0)
			state = BAG_NAME(make_room) (state);
		state->sorted = 1;
	}
	state->entry[state->count++] = *entry;
	return state;
}

/* The state in argument 0, to be written; a new one for NULL. */
static inline BAG_STATE *
BAG_NAME(writable) (FunctionCallInfo fcinfo)
{
	BAG_STATE  *state = kpi_writable_varlena(fcinfo);

	return state != NULL ? state : BAG_NAME(make) (BAG_INITIAL_ENTRIES);
}

/* The state with the entries of another one. */
static BAG_STATE *
BAG_NAME(merge) (BAG_STATE *state, const BAG_STATE *other)
{
	for (int32 i = 0; i < other->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		state = BAG_NAME(add) (state, &other->entry[i]);
	}
	return state;
}

/* The state in order and without spare room, to be read: it itself or a copy. */
static const BAG_STATE *
BAG_NAME(ordered) (Datum datum)
{
	const BAG_STATE *state = (const BAG_STATE *) PG_DETOAST_DATUM(datum);
	BAG_STATE  *copy;

	if (state->sorted == state->count && BAG_NAME(room) (state) == state->count)
		return state;
	copy = BAG_NAME(resize) (state, state->count);
	BAG_NAME(compact) (copy);
	SET_VARSIZE(copy, BAG_SIZE(copy->count));
	return copy;
}

/* Whether entries that were read are in order and different; notes it. */
static bool
BAG_NAME(is_ordered) (BAG_STATE *state)
{
	for (int32 i = 1; i < state->count; i++)
	{
		if (BAG_COMPARE(&state->entry[i - 1], &state->entry[i]) >= 0)
			return false;
	}
	state->sorted = state->count;
	return true;
}

#undef BAG_CONCAT_
#undef BAG_CONCAT
#undef BAG_NAME
#undef BAG_HEADER
#undef BAG_SIZE
#undef BAG_MAX_ENTRIES
#undef BAG_INITIAL_ENTRIES
#undef BAG_PREFIX
#undef BAG_STATE
#undef BAG_ENTRY
#undef BAG_COMPARE
#undef BAG_MERGE
#undef BAG_NOUN
