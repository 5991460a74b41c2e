/*-------------------------------------------------------------------------
 *
 * keyed.c
 *	  Values over time of many series, collected by the keys of these.
 *
 * State: a table that finds the number of a key by its characters, the keys, and
 * points in the order of the rows.  Keys and points are put in order when they
 * are read or stored, so that neither depends on the order of the rows.
 *
 *-------------------------------------------------------------------------
 */
#include "driver/keyed.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "series/series.h"
#include "utils/memutils.h"

#define FIRST_SLOTS 16
#define FIRST_NAME_ROOM 256
#define FIRST_ROOM 32

/* Bytes of a state with so much room. */
static Size
size_with(int slots, int name_room, int64 points)
{
	Size		size = MAXALIGN(offsetof(KpiKeyed, slot) + slots * sizeof(int32) + name_room) + points * sizeof(KpiKeyedPoint);

	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d points are correlated at once", (int) (MaxAllocSize / sizeof(KpiKeyedPoint))),
				 errhint("Take fewer keys, or longer periods.")));
	return size;
}

/* A state with so much room. */
static KpiKeyed *
make_state(uint8 kind, int slots, int name_room, int64 points)
{
	Size		size = size_with(slots, name_room, points);
	KpiKeyed   *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->version = KPI_STATE_VERSION;
	state->kind = kind;
	state->slots = slots;
	state->name_room = name_room;
	return state;
}

/* A state without rows. */
KpiKeyed *
kpi_new_keyed(uint8 kind)
{
	return make_state(kind, FIRST_SLOTS, FIRST_NAME_ROOM, FIRST_ROOM);
}

/* Points that a state has room for. */
static int64
room_of(const KpiKeyed *state)
{
	return (int64) (VARSIZE(state) - ((char *) kpi_keyed_points(state) - (char *) state)) / (int64) sizeof(KpiKeyedPoint);
}

/* Bytes of a stored key. */
static int
name_size(int length)
{
	return INTALIGN(offsetof(KpiKeyName, text) + length);
}

/* The key after another one, the first one after NULL; NULL after the last. */
const KpiKeyName *
kpi_keyed_name(const KpiKeyed *state, const KpiKeyName *before)
{
	const char *at = before == NULL ? kpi_keyed_names(state) : (const char *) before + name_size(before->length);

	return at < kpi_keyed_names(state) + state->name_bytes ? (const KpiKeyName *) at : NULL;
}

/* The slot of a key: where it is, or where it belongs. */
static int32 *
find_slot(KpiKeyed *state, const char *text, int length)
{
	uint32		at = hash_bytes((const unsigned char *) text, length);

	for (;; at++)
	{
		int32	   *slot = &state->slot[at & (state->slots - 1)];
		const KpiKeyName *name = (const KpiKeyName *) (kpi_keyed_names(state) + *slot - 1);

		if (*slot == 0 || (name->length == length && memcmp(name->text, text, length) == 0))
			return slot;
	}
}

/* Add a key for which there is room. */
static void
append_key(KpiKeyed *state, const char *text, int length)
{
	KpiKeyName *name = (KpiKeyName *) (kpi_keyed_names(state) + state->name_bytes);

	*find_slot(state, text, length) = state->name_bytes + 1;
	name->number = state->keys++;
	name->length = length;
	memcpy(name->text, text, length);
	state->name_bytes += name_size(length);
}

/* A copy of a state with other room. */
static KpiKeyed *
copy_state(const KpiKeyed *state, int slots, int name_room, int64 points)
{
	KpiKeyed   *copy = make_state(state->kind, slots, name_room, points);

	for (const KpiKeyName *name = kpi_keyed_name(state, NULL); name != NULL; name = kpi_keyed_name(state, name))
		append_key(copy, name->text, name->length);
	copy->count = state->count;
	memcpy(kpi_keyed_points(copy), kpi_keyed_points(state), state->count * sizeof(KpiKeyedPoint));
	return copy;
}

/* The number of a key, which is added if it is new; the state may move. */
KpiKeyed *
kpi_keyed_add_key(KpiKeyed *state, const char *text, int length, int *number)
{
	int32		at = *find_slot(state, text, length);

	if (at == 0)
	{
		if (2 * state->keys >= state->slots || state->name_bytes + name_size(length) > state->name_room)
			state = copy_state(state, 2 * state->slots, 2 * state->name_room + name_size(length), room_of(state));
		at = state->name_bytes + 1;
		append_key(state, text, length);
	}
	*number = ((const KpiKeyName *) (kpi_keyed_names(state) + at - 1))->number;
	return state;
}

/* Add a point; the state may move. */
KpiKeyed *
kpi_keyed_add(KpiKeyed *state, int key, int64 period, double value)
{
	KpiKeyedPoint *point;

	if (state->count >= room_of(state))
		state = copy_state(state, state->slots, state->name_room, 2 * (int64) state->count);
	point = &kpi_keyed_points(state)[state->count++];
	point->period = period;
	/* + 0 makes minus zero plain zero */
	point->value = value + 0.0;
	point->key = key;
	return state;
}

/* The order of keys by their bytes. */
static int
compare_names(const void *a, const void *b)
{
	const KpiKeyName *x = *(const KpiKeyName *const *) a;
	const KpiKeyName *y = *(const KpiKeyName *const *) b;
	int			order = memcmp(x->text, y->text, Min(x->length, y->length));

	return order != 0 ? order : x->length - y->length;
}

/* The order of points by key, period and value, a gap first. */
static inline int
compare_points(const KpiKeyedPoint *a, const KpiKeyedPoint *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->period != b->period)
		return a->period < b->period ? -1 : 1;
	if (isnan(a->value) || isnan(b->value))
		return isnan(b->value) - isnan(a->value);
	return (a->value > b->value) - (a->value < b->value);
}

#define ST_SORT sort_points
#define ST_ELEMENT_TYPE KpiKeyedPoint
#define ST_COMPARE(a, b) compare_points(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* A copy with keys and points in order, and no room to spare. */
const KpiKeyed *
kpi_keyed_ordered(const KpiKeyed *state)
{
	const KpiKeyName **name = palloc(Max(state->keys, 1) * sizeof(KpiKeyName *));
	int		   *number = palloc(Max(state->keys, 1) * sizeof(int));
	KpiKeyed   *copy = make_state(state->kind, state->slots, state->name_bytes, state->count);
	KpiKeyedPoint *point = kpi_keyed_points(copy);
	int			keys = 0;

	for (const KpiKeyName *at = kpi_keyed_name(state, NULL); at != NULL; at = kpi_keyed_name(state, at))
		name[keys++] = at;
	qsort(name, keys, sizeof(KpiKeyName *), compare_names);
	for (int i = 0; i < keys; i++)
	{
		number[name[i]->number] = i;
		append_key(copy, name[i]->text, name[i]->length);
	}
	copy->count = state->count;
	memcpy(point, kpi_keyed_points(state), state->count * sizeof(KpiKeyedPoint));
	for (int i = 0; i < copy->count; i++)
		point[i].key = number[point[i].key];
	sort_points(point, copy->count);
	pfree(name);
	pfree(number);
	return copy;
}

/* The points of a series, which stand together, as a series. */
static KpiSeries *
make_series(uint8 kind, const KpiKeyedPoint *point, int count)
{
	KpiSeries  *series = kpi_new_series(kind, count);

	for (int i = 0; i < count; i++)
		series->point[i] = (KpiPoint)
	{
		point[i].period, point[i].value
	};
	series->count = count;
	return series;
}

/* The series by their keys, in order, on common periods. */
KpiAligned
kpi_align_keyed(const KpiKeyed *state)
{
	const KpiKeyed *ordered = kpi_keyed_ordered(state);
	const KpiKeyedPoint *point = kpi_keyed_points(ordered);
	Datum	   *series = palloc(Max(ordered->keys, 1) * sizeof(Datum));
	KpiKey	   *key = palloc(Max(ordered->keys, 1) * sizeof(KpiKey));
	const KpiKeyName *name = NULL;
	int			first = 0;
	KpiAligned	aligned;

	for (int i = 0; i < ordered->keys; i++)
	{
		int			next = first;

		name = kpi_keyed_name(ordered, name);
		key[i] = pnstrdup(name->text, name->length);
		while (next < ordered->count && point[next].key == i)
			next++;
		series[i] = PointerGetDatum(make_series(ordered->kind, point + first, next - first));
		first = next;
	}
	aligned = kpi_align(series, ordered->keys, false);
	aligned.key = key;
	return aligned;
}
