/*-------------------------------------------------------------------------
 *
 * distinct.c
 *	  Sets of distinct integers or uuids as states that merge and store.
 *
 * count(DISTINCT x) of the server sorts all rows of a group and keeps nothing
 * that could be merged.  This one has the values themselves, exactly, each
 * once: kpi.collect counts with it customers of a month and of the year, of a
 * region and of the company, from one reading of the rows.
 *
 * State: a bag of rows of integers (base/bag.h), of one for each value of a set
 * of integers, of two for each uuid, whose bytes they are.  Values that were
 * added last may not be in order yet; what aggregates give is.
 *
 * NULL rule: NULL values are left out; NULL where there is no other.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/layout.h"
#include "base/state.h"
#include "port/pg_bswap.h"
#include "utils/uuid.h"

/* Integers of an entry at most. */
#define MAX_WIDTH 2

typedef struct KpiDistinctSet
{
	int32		vl_len_;		/* varlena header */
	uint8		version;
	uint8		width;			/* integers of a value */
	int32		count;
	int32		sorted;			/* so many values are in order and distinct */
	int64		value[FLEXIBLE_ARRAY_MEMBER];
} KpiDistinctSet;

StaticAssertDecl(offsetof(KpiDistinctSet, value) == 16, "no holes in distinct_set");

/* Room of a new set, in values. */
#define INITIAL_VALUES 6

pg_noreturn static void too_many_values(const KpiDistinctSet *set);

/* The order of values. */
static inline int
compare_values(const int64 *a, const int64 *b, int width)
{
	for (int i = 0; i < width; i++)
	{
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

#define BAG_PREFIX values
#define BAG_STATE KpiDistinctSet
#define BAG_ENTRY int64
#define BAG_ENTRIES value
#define BAG_WIDTH(state) ((state)->width)
#define BAG_COMPARE(a, b, width) compare_values(a, b, width)
#define BAG_MAX(state) \
	((int) ((MaxAllocSize - offsetof(KpiDistinctSet, value)) / (sizeof(int64) * (state)->width)))
#define BAG_FULL(state) too_many_values(state)
#define BAG_INSERT 64
#include "base/bag.h"

/* The error of a set that cannot grow any more. */
static void
too_many_values(const KpiDistinctSet *set)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("more than %d distinct values",
					(int) ((MaxAllocSize - offsetof(KpiDistinctSet, value)) / (sizeof(int64) * set->width))),
			 errhint("Count texts instead, which are counted from the rows of each period: count(DISTINCT customer::text).")));
}

/* A set without values. */
static KpiDistinctSet *
make_set(int width)
{
	KpiDistinctSet header = {.version = KPI_STATE_VERSION,.width = width};

	return values_copy(&header, INITIAL_VALUES);
}

/* Both sets are of integers or both are of uuids. */
static void
check_same(const KpiDistinctSet *set, int width)
{
	if (set->width != width)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a set of integers and a set of uuids have no values in common"),
				 errhint("Merge sets of the same type.")));
}

/* Takes a value into the set in argument 0, which it may begin. */
static Datum
add_value(FunctionCallInfo fcinfo, const int64 *value, int width)
{
	KpiDistinctSet *set = kpi_writable_varlena(fcinfo);

	if (set == NULL)
		set = make_set(width);
	check_same(set, width);
	PG_RETURN_POINTER(values_put(set, value));
}

/* Transition of distinct_sets(bigint). */
PG_FUNCTION_INFO_V1(kpi_distinct_set_accum);
Datum
kpi_distinct_set_accum(PG_FUNCTION_ARGS)
{
	int64		value;

	if (PG_ARGISNULL(1))
		return kpi_leave_state(fcinfo);
	value = PG_GETARG_INT64(1);
	return add_value(fcinfo, &value, 1);
}

/* Transition of distinct_sets(uuid): its bytes as integers, in the order of uuids for those alike in sign. */
PG_FUNCTION_INFO_V1(kpi_distinct_set_accum_uuid);
Datum
kpi_distinct_set_accum_uuid(PG_FUNCTION_ARGS)
{
	uint64		bytes[MAX_WIDTH];
	int64		value[MAX_WIDTH];

	if (PG_ARGISNULL(1))
		return kpi_leave_state(fcinfo);
	memcpy(bytes, PG_GETARG_UUID_P(1)->data, sizeof(bytes));
	for (int i = 0; i < MAX_WIDTH; i++)
		value[i] = (int64) pg_ntoh64(bytes[i]);
	return add_value(fcinfo, value, MAX_WIDTH);
}

/* Combine two sets; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_distinct_set_combine);
Datum
kpi_distinct_set_combine(PG_FUNCTION_ARGS)
{
	KpiDistinctSet *set;
	const KpiDistinctSet *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	set = kpi_writable_varlena(fcinfo);
	other = (const KpiDistinctSet *) PG_GETARG_VARLENA_P(1);
	check_same(set, other->width);
	PG_RETURN_POINTER(values_absorb(set, other));
}

/* distinct_set_done(set): what an aggregate gives. */
PG_FUNCTION_INFO_V1(kpi_distinct_set_done);
Datum
kpi_distinct_set_done(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(values_packed((const KpiDistinctSet *) PG_GETARG_VARLENA_P(0)));
}

/* distinct_set_count(set): how many values there are; 0 for NULL, as count() says of no rows. */
PG_FUNCTION_INFO_V1(kpi_distinct_set_count);
Datum
kpi_distinct_set_count(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_INT64(0);
	PG_RETURN_INT64(values_ordered((const KpiDistinctSet *) PG_GETARG_VARLENA_P(0))->count);
}

/* Whether an aggregate could produce the set: values are distinct and in order. */
static bool
accept_set(void *state)
{
	KpiDistinctSet *set = state;

	if (set->width < 1 || set->width > MAX_WIDTH || set->count < 1)
		return false;
	for (int i = 1; i < set->count; i++)
	{
		const int64 *value = set->value + (Size) i * set->width;

		if (compare_values(value - set->width, value, set->width) >= 0)
			return false;
	}
	set->sorted = set->count;
	return true;
}

/* Integers of a value, as the header says. */
static int
width_of_set(const void *state)
{
	int			width = ((const KpiDistinctSet *) state)->width;

	return width < 1 || width > MAX_WIDTH ? 1 : width;
}

/* The set as it is written. */
static const void *
ordered_set(Datum datum)
{
	return values_packed((const KpiDistinctSet *) PG_DETOAST_DATUM(datum));
}

static const KpiLayout layout = {
	.type = "kpi_internal.distinct_set",
	.size = offsetof(KpiDistinctSet, value),
	.varlena = true,
	.field = {
		KPI_FIELD(VERSION, KpiDistinctSet, version),
		KPI_FIELD(BYTE, KpiDistinctSet, width)
	},
	.accept = accept_set,
	.count = offsetof(KpiDistinctSet, count),
	.entry_size = sizeof(int64),
	.entry = {{KPI_FIELD_INT64, 0, sizeof(int64), 0}},
	.width = width_of_set,
	.ordered = ordered_set
};

KPI_STATE_FORMS(kpi_distinct_set, layout)
