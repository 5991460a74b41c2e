/*-------------------------------------------------------------------------
 *
 * bag.h
 *	  A template for states that collect entries: growing sorted multisets.
 *
 * The state is a flat varlena: a header of the type's own with two counts, then
 * entries and room for more.
 *
 *		int32		vl_len_;
 *		...
 *		int32		count;		entries
 *		int32		sorted;		so many are in order, equal ones merged
 *		...
 *		KpiPair		pair[FLEXIBLE_ARRAY_MEMBER];
 *
 * A new entry goes to the end, or among few where it belongs.  When the room is
 * used up the entries behind the sorted ones are sorted, merged with these, and
 * equal ones made one; only what is then still too full grows, to twice its
 * bytes, from BAG_LARGE entries on by a quarter.  What grows is a new value in
 * the current context, which the executor takes over for its aggregate.
 *
 * Equal entries of a set are one; of a list each stays.  Entries with a weight add it up where the sum
 * is exact, as it is for counts; else the entry stands once for each part of the
 * exact sum (base/parts.h).  So what is read does not depend on the order of the
 * rows or on the plan.  An entry of several values of one type, whose number
 * is in the header, is a row.
 *
 * Define before including, as for the server's lib/sort_template.h; the file
 * undefines all of it:
 *
 *		BAG_PREFIX			of the functions, which are static
 *		BAG_STATE			type of the state
 *		BAG_ENTRY			type of an entry, or of a value of a row
 *		BAG_ENTRIES			name of the array in the state
 *		BAG_WIDTH(state)	values of a row; 1 unless defined
 *		BAG_COMPARE(a, b, width)	order of two entries without their weights; of rows that of their
 *							values but the last unless defined
 *		BAG_WEIGHT(a, width)	the weight, a double; none unless defined
 *		BAG_MERGE(a, b)		takes b into a, its equal; nothing unless defined
 *		BAG_MAX(state)		entries at most
 *		BAG_FULL(state)		raises the error for more
 *		BAG_REPEATS			each entry stays, equal ones too
 *		BAG_INSERT			keeps up to this many in order; 0 unless defined
 *		BAG_LARGE			see above; never unless defined
 *
 * It makes, with the prefix: room, copy, tidy, wanted_room, reserve, append,
 * put, absorb, packed, ordered and, of weights, round_weights.
 *
 *-------------------------------------------------------------------------
 */
#include "base/parts.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#define BAG_JOIN(a, b) CppConcat(a, b)
#define BAG_NAME(name) BAG_JOIN(BAG_PREFIX, BAG_JOIN(_, name))

#ifdef BAG_WIDTH
#define BAG_ROWS
#else
#define BAG_WIDTH(state) 1
#endif
#ifndef BAG_INSERT
#define BAG_INSERT 0
#endif
#ifndef BAG_LARGE
#define BAG_LARGE PG_INT32_MAX
#endif

/* Among more than these a new entry is not looked for. */
#define BAG_SEARCH 256

#define BAG_HEADER offsetof(BAG_STATE, BAG_ENTRIES)
#define BAG_SIZE(width) (sizeof(BAG_ENTRY) * (width))
#define BAG_AT(entry, i) ((entry) + (Size) (i) * width)
#define BAG_MOVE(to, from, entries) memmove(to, from, (Size) (entries) * BAG_SIZE(width))

#define bag_room BAG_NAME(room)
#define bag_copy BAG_NAME(copy)
#define bag_tidy BAG_NAME(tidy)
#define bag_wanted_room BAG_NAME(wanted_room)
#define bag_reserve BAG_NAME(reserve)
#define bag_append BAG_NAME(append)
#define bag_put BAG_NAME(put)
#define bag_absorb BAG_NAME(absorb)
#define bag_packed BAG_NAME(packed)
#define bag_ordered BAG_NAME(ordered)
#define bag_round_weights BAG_NAME(round_weights)
#define bag_compare BAG_NAME(compare_entries)
#define bag_compare_values BAG_NAME(compare_values)
#define bag_sort BAG_NAME(sort)
#define bag_sort_entries BAG_NAME(sort_entries)
#define bag_compare_rows BAG_NAME(compare_row)
#define bag_compress BAG_NAME(compress_weights)
#define bag_merge_equals BAG_NAME(merge_equals)
#define bag_merge_runs BAG_NAME(merge_runs)
#define bag_compact BAG_NAME(compact)
#define bag_find BAG_NAME(find)
#define bag_is_at BAG_NAME(is_at)
#define bag_joins BAG_NAME(joins)

/* Entries that can be stored, without a copy for what cannot grow. */
static inline int
bag_room(const BAG_STATE *state)
{
	return (int) ((VARSIZE(state) - BAG_HEADER) / BAG_SIZE(BAG_WIDTH(state)));
}

/* A copy of the state, of a header at least, with room for so many entries. */
static inline BAG_STATE *
bag_copy(const BAG_STATE *state, int entries)
{
	Size		entry_size = BAG_SIZE(BAG_WIDTH(state));
	Size		size = BAG_HEADER + entry_size * entries;
	BAG_STATE  *copy = palloc0(size);

	memcpy(copy, state, BAG_HEADER + entry_size * state->count);
	SET_VARSIZE(copy, size);
	return copy;
}

#ifndef BAG_COMPARE
/* The order of rows, whatever their weight. */
static inline int
bag_compare_values(const BAG_ENTRY *a, const BAG_ENTRY *b, int width)
{
	for (int i = 0; i < width - 1; i++)
	{
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

#define BAG_COMPARE(a, b, width) bag_compare_values(a, b, width)
#endif

/* The order of entries, those with the lesser weight first. */
static inline int
bag_compare(const BAG_ENTRY *a, const BAG_ENTRY *b, int width)
{
	int			order = BAG_COMPARE(a, b, width);

#ifdef BAG_WEIGHT
	if (order == 0)
		order = (BAG_WEIGHT(a, width) > BAG_WEIGHT(b, width)) -
			(BAG_WEIGHT(a, width) < BAG_WEIGHT(b, width));
#endif
	return order;
}

#ifdef BAG_ROWS

/* bag_compare as qsort_arg wants it. */
static int
bag_compare_rows(const void *a, const void *b, void *width)
{
	CHECK_FOR_INTERRUPTS();
	return bag_compare(a, b, *(const int *) width);
}

/* Sort rows of so many values. */
static inline void
bag_sort(BAG_ENTRY *entry, int count, int width)
{
	qsort_arg(entry, count, BAG_SIZE(width), bag_compare_rows, &width);
}

#else

#define ST_SORT bag_sort_entries
#define ST_ELEMENT_TYPE BAG_ENTRY
#define ST_COMPARE(a, b) bag_compare(a, b, 1)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Sort entries, inlined. */
static inline void
bag_sort(BAG_ENTRY *entry, int count, int width)
{
	bag_sort_entries(entry, count);
}

#endif

#ifdef BAG_WEIGHT

/* Write the weights of equal entries as the fewest parts; how many are left. */
static int
bag_compress(BAG_ENTRY *entry, int count, int width)
{
	double	   *part = palloc(count * sizeof(double));
	int			parts = 0;

	for (int i = 0; i < count; i++)
		parts = kpi_parts_add(part, parts, BAG_WEIGHT(BAG_AT(entry, i), width));
	parts = kpi_parts_compress(part, parts);
	for (int i = 0; i < parts; i++)
		BAG_WEIGHT(BAG_AT(entry, i), width) = part[i];
	pfree(part);
	return parts;
}

/* Make one entry of the parts of its weight, in compact entries; how many are left. */
static inline int
bag_round_weights(BAG_ENTRY *entry, int count, int width)
{
	int			kept = 0;
	int			next;

	for (int i = 0; i < count; i = next)
	{
		double		part[3];
		int			parts = 0;

		for (next = i + 1; next < count && BAG_COMPARE(BAG_AT(entry, i), BAG_AT(entry, next), width) == 0; next++)
			;
		for (int j = Max(i, next - 3); j < next; j++)
			part[parts++] = BAG_WEIGHT(BAG_AT(entry, j), width);
		BAG_MOVE(BAG_AT(entry, kept), BAG_AT(entry, i), 1);
		BAG_WEIGHT(BAG_AT(entry, kept), width) = kpi_parts_round(part, parts);
		kept++;
	}
	return kept;
}

#endif

/* Merge equal neighbours of sorted entries; how many are left. */
static int
bag_merge_equals(BAG_ENTRY *entry, int count, int width)
{
#ifdef BAG_REPEATS
	return count;
#else
	int			kept = 0;
	int			next = 0;

	while (next < count)
	{
		int			first = kept;

		CHECK_FOR_INTERRUPTS();
		BAG_MOVE(BAG_AT(entry, kept), BAG_AT(entry, next), 1);
		kept++;
		next++;
		for (; next < count && BAG_COMPARE(BAG_AT(entry, first), BAG_AT(entry, next), width) == 0; next++)
		{
#ifdef BAG_WEIGHT
			if (!kpi_add_exactly(&BAG_WEIGHT(BAG_AT(entry, kept - 1), width),
								 BAG_WEIGHT(BAG_AT(entry, next), width)))
			{
				BAG_MOVE(BAG_AT(entry, kept), BAG_AT(entry, next), 1);
				kept++;
			}
#elif defined(BAG_MERGE)
			BAG_MERGE(BAG_AT(entry, first), BAG_AT(entry, next));
#endif
		}
#ifdef BAG_WEIGHT
		if (kept > first + 1)
			kept = first + bag_compress(BAG_AT(entry, first), kept - first, width);
#endif
	}
	return kept;
#endif
}

/* Put the sorted tail, from first on, in its places among the sorted head. */
static void
bag_merge_runs(BAG_ENTRY *entry, int first, int count, int width)
{
	BAG_ENTRY  *tail = palloc((Size) (count - first) * BAG_SIZE(width));
	int			head = first - 1;
	int			rest = count - first - 1;

	BAG_MOVE(tail, BAG_AT(entry, first), count - first);
	for (int to = count - 1; rest >= 0; to--)
	{
		if (head >= 0 && bag_compare(BAG_AT(entry, head), BAG_AT(tail, rest), width) > 0)
			BAG_MOVE(BAG_AT(entry, to), BAG_AT(entry, head--), 1);
		else
			BAG_MOVE(BAG_AT(entry, to), BAG_AT(tail, rest--), 1);
	}
	pfree(tail);
}

/* Sort entries, of which the first are so already, and merge equal ones; how many are left. */
static int
bag_compact(BAG_ENTRY *entry, int sorted, int count, int width)
{
	CHECK_FOR_INTERRUPTS();
	if (sorted == count)
		return count;
	bag_sort(BAG_AT(entry, sorted), count - sorted, width);
	if (sorted > 0)
	{
		count = sorted + bag_merge_equals(BAG_AT(entry, sorted), count - sorted, width);
		bag_merge_runs(entry, sorted, count, width);
	}
	return bag_merge_equals(entry, count, width);
}

/* Put the entries of a state in order and merge equal ones. */
static inline void
bag_tidy(BAG_STATE *state)
{
	state->sorted = state->count =
		bag_compact(state->BAG_ENTRIES, state->sorted, state->count, BAG_WIDTH(state));
}

/* The room for so many more entries: what there is, once it is tidy, or more. */
static inline int
bag_wanted_room(BAG_STATE *state, int more)
{
	int			have = bag_room(state);
	int64		needed;
	int64		larger;

	bag_tidy(state);
	needed = (int64) state->count + more;
	/* some of it must be free, or it would be tidied again soon */
	if (needed <= have - have / 8)
		return have;
	if (needed > BAG_MAX(state))
		BAG_FULL(state);
	larger = have < BAG_LARGE
		? (int64) ((2 * (Size) VARSIZE(state) - BAG_HEADER) / BAG_SIZE(BAG_WIDTH(state)))
		: have + (int64) have / 4;
	return (int) Min(Max(needed, larger), BAG_MAX(state));
}

/* The state with room for more entries: itself, or a larger copy. */
static inline BAG_STATE *
bag_reserve(BAG_STATE *state, int more)
{
	int			room = bag_room(state);

	if (unlikely((int64) state->count + more > room))
	{
		int			wanted = bag_wanted_room(state, more);

		if (wanted > room)
			return bag_copy(state, wanted);
	}
	return state;
}

/* Add an entry at the end of a state that has room for it. */
static inline void
bag_append(BAG_STATE *state, const BAG_ENTRY *entry)
{
	int			width = BAG_WIDTH(state);
	BAG_ENTRY  *end = BAG_AT(state->BAG_ENTRIES, state->count);

	if (state->sorted == state->count &&
		(state->count == 0 || BAG_COMPARE(end - width, entry, width) < 0))
		state->sorted++;
	memcpy(end, entry, BAG_SIZE(width));
	state->count++;
}

/* The place of an entry among those in order: of the first that is not less. */
static inline int
bag_find(const BAG_STATE *state, const BAG_ENTRY *entry)
{
	int			width = BAG_WIDTH(state);
	int			low = 0;
	int			high = state->sorted;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (BAG_COMPARE(BAG_AT(state->BAG_ENTRIES, middle), entry, width) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether an entry equals the one at a place. */
static inline bool
bag_is_at(const BAG_STATE *state, int place, const BAG_ENTRY *entry)
{
	int			width = BAG_WIDTH(state);

	return place >= 0 && place < state->count &&
		BAG_COMPARE(BAG_AT(state->BAG_ENTRIES, place), entry, width) == 0;
}

/* Let the one at a place stand for an entry that equals it, if it does alone and exactly. */
static inline bool
bag_joins(BAG_STATE *state, int place, const BAG_ENTRY *entry)
{
#if defined(BAG_WEIGHT) || defined(BAG_MERGE)
	int			width = BAG_WIDTH(state);
#endif

#ifdef BAG_WEIGHT
	return !bag_is_at(state, place - 1, entry) && !bag_is_at(state, place + 1, entry) &&
		kpi_add_exactly(&BAG_WEIGHT(BAG_AT(state->BAG_ENTRIES, place), width),
						BAG_WEIGHT(entry, width));
#else
#ifdef BAG_MERGE
	BAG_MERGE(BAG_AT(state->BAG_ENTRIES, place), entry);
#endif
	return true;
#endif
}

/* Take in an entry, with an equal one where that is soon found; the state may move. */
static inline BAG_STATE *
bag_put(BAG_STATE *state, const BAG_ENTRY *entry)
{
	int			width = BAG_WIDTH(state);
	int			place = state->count - 1;
	bool		fits = false;

	/* what comes in order goes to the end */
	if (state->sorted == state->count && state->count > 0 &&
		BAG_COMPARE(BAG_AT(state->BAG_ENTRIES, place), entry, width) < 0)
	{
		state = bag_reserve(state, 1);
		bag_append(state, entry);
		return state;
	}
	if (bag_is_at(state, place, entry))
	{
		if (bag_joins(state, place, entry))
			return state;
	}
	else if (state->sorted <= BAG_SEARCH)
	{
		place = bag_find(state, entry);
		fits = place >= state->sorted || !bag_is_at(state, place, entry);
		if (!fits && bag_joins(state, place, entry))
			return state;
	}
	/* making room may put entries in order, and then the place is not known */
	fits = fits && state->sorted == state->count && state->count < BAG_INSERT;
	state = bag_reserve(state, 1);
	if (fits)
	{
		BAG_ENTRY  *at = BAG_AT(state->BAG_ENTRIES, place);

		BAG_MOVE(at + width, at, state->count - place);
		memcpy(at, entry, BAG_SIZE(width));
		state->count++;
		state->sorted++;
	}
	else
		bag_append(state, entry);
	return state;
}

/* Take in the entries of another state; the state may move. */
static inline BAG_STATE *
bag_absorb(BAG_STATE *state, const BAG_STATE *other)
{
	int			width = BAG_WIDTH(state);

	state = bag_reserve(state, other->count);
	memcpy(BAG_AT(state->BAG_ENTRIES, state->count), other->BAG_ENTRIES,
		   (Size) other->count * BAG_SIZE(width));
	state->count += other->count;
	return state;
}

/* A copy of the state in order, equal entries merged, without spare room. */
static inline BAG_STATE *
bag_packed(const BAG_STATE *state)
{
	BAG_STATE  *copy = bag_copy(state, state->count);

	bag_tidy(copy);
	SET_VARSIZE(copy, BAG_HEADER + BAG_SIZE(BAG_WIDTH(copy)) * copy->count);
	return copy;
}

/* The state in order, equal entries merged: itself, or a copy. */
static inline const BAG_STATE *
bag_ordered(const BAG_STATE *state)
{
	return state->sorted == state->count ? state : bag_packed(state);
}

#undef bag_room
#undef bag_copy
#undef bag_tidy
#undef bag_wanted_room
#undef bag_reserve
#undef bag_append
#undef bag_put
#undef bag_absorb
#undef bag_packed
#undef bag_ordered
#undef bag_round_weights
#undef bag_compare
#undef bag_sort
#undef bag_compare_values
#undef bag_sort_entries
#undef bag_compare_rows
#undef bag_compress
#undef bag_merge_equals
#undef bag_merge_runs
#undef bag_compact
#undef bag_find
#undef bag_is_at
#undef bag_joins
#undef BAG_JOIN
#undef BAG_NAME
#undef BAG_SEARCH
#undef BAG_HEADER
#undef BAG_SIZE
#undef BAG_AT
#undef BAG_MOVE
#undef BAG_PREFIX
#undef BAG_STATE
#undef BAG_ENTRY
#undef BAG_ENTRIES
#undef BAG_WIDTH
#undef BAG_ROWS
#undef BAG_COMPARE
#undef BAG_WEIGHT
#undef BAG_MERGE
#undef BAG_MAX
#undef BAG_FULL
#undef BAG_REPEATS
#undef BAG_INSERT
#undef BAG_LARGE
