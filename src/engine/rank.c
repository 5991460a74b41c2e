/*-------------------------------------------------------------------------
 *
 * rank.c
 *	  Units that are ranked with each other, and their places.
 *
 * A unit is ranked with those that have the same parent on the last day of the
 * period and are in force then; it is itself, whether it is in force or not.
 * The greatest merit comes first, equals share the better place and the next is
 * skipped, who has none has no place.  A group is ranked once for all its units.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/rank.h"

#include "base/exact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "engine/query.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* A unit on a day. */
typedef struct UnitDay
{
	const KpiName *unit;
	int64		day;
} UnitDay;

typedef struct KnownGroup
{
	UnitDay		key;
	uint32		status;
	const KpiGroup *group;
} KnownGroup;

#define SH_PREFIX groups
#define SH_ELEMENT_TYPE KnownGroup
#define SH_KEY_TYPE UnitDay
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) &(key), sizeof(UnitDay))
#define SH_EQUAL(table, a, b) (memcmp(&(a), &(b), sizeof(UnitDay)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct KpiSiblings
{
	MemoryContext context;
	KpiNames   *names;
	TimestampTz known_at;
	groups_hash *known;
};

/* What a place is of: fields of one size, so that all of it can be hashed. */
typedef struct PlaceKey
{
	KpiLineKey	line;			/* for all of a group its unit is NULL */
	const void *by;				/* that of the ranking, or the group */
	int64		start;
} PlaceKey;

typedef struct KnownPlace
{
	PlaceKey	key;
	uint32		status;
	int64		place;			/* 0 for none */
} KnownPlace;

#define SH_PREFIX places
#define SH_ELEMENT_TYPE KnownPlace
#define SH_KEY_TYPE PlaceKey
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) &(key), sizeof(PlaceKey))
#define SH_EQUAL(table, a, b) (memcmp(&(a), &(b), sizeof(PlaceKey)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct KpiPlaces
{
	places_hash *known;
};

static KpiQuery sibling_query = {
	.arguments = 2,
	.type = {TEXTOID, DATEOID},
	.text = "WITH above AS MATERIALIZED ("
	" SELECT p.unit, p.parent FROM @kpi.unit_parent AS p WHERE p.valid OPERATOR(pg_catalog.@>) $2)"
	" SELECT s.unit, u.valid OPERATOR(pg_catalog.@>) $2"
	" FROM @kpi.unit AS u LEFT JOIN above AS a ON a.unit OPERATOR(pg_catalog.=) u.unit"
	" JOIN @kpi.unit AS s ON s.dimension OPERATOR(pg_catalog.=) u.dimension"
	" AND (s.unit OPERATOR(pg_catalog.=) u.unit OR s.valid OPERATOR(pg_catalog.@>) $2)"
	" LEFT JOIN above AS b ON b.unit OPERATOR(pg_catalog.=) s.unit"
	" WHERE u.unit OPERATOR(pg_catalog.=) $1 AND b.parent IS NOT DISTINCT FROM a.parent"
};

/* No group is known yet; they are kept as long as the memory context. */
KpiSiblings *
kpi_siblings(MemoryContext context, KpiNames *names, TimestampTz known_at)
{
	KpiSiblings *siblings = MemoryContextAlloc(context, sizeof(KpiSiblings));

	siblings->context = context;
	siblings->names = names;
	siblings->known_at = known_at;
	siblings->known = groups_create(context, 64, NULL);
	return siblings;
}

/* Read the group of a unit. */
static KpiGroup *
read_group(KpiSiblings *siblings, const KpiName *unit, DateADT day)
{
	KpiGroup   *group = palloc0(sizeof(KpiGroup));
	Datum		argument[] = {PointerGetDatum(unit->text), DateADTGetDatum(day)};
	bool		isnull;

	kpi_query_start(&sibling_query, argument, siblings->known_at);
	group->unit = palloc(sizeof(KpiName *) * (SPI_processed + 1));
	for (uint64 row = 0; row < SPI_processed; row++)
		group->unit[group->count++] = kpi_name_of(siblings->names, kpi_query_datum(row, 1, &isnull));
	if (group->count > 0 && !kpi_query_boolean(0, 2))
		group->alone = unit;
	SPI_finish();
	return group;
}

/* The units to rank with a unit on a day, itself among them; none for an unknown one. */
const KpiGroup *
kpi_group_of(KpiSiblings *siblings, const KpiName *unit, DateADT day)
{
	UnitDay		key = {unit, day};
	KnownGroup *known = groups_lookup(siblings->known, key);
	MemoryContext old;
	KpiGroup   *group;
	bool		found;

	if (known != NULL)
		return known->group;
	old = MemoryContextSwitchTo(siblings->context);
	group = read_group(siblings, unit, day);
	MemoryContextSwitchTo(old);
	groups_insert(siblings->known, key, &found)->group = group;
	for (int i = 0; i < group->count && group->alone == NULL; i++)
	{
		key.unit = group->unit[i];
		groups_insert(siblings->known, key, &found)->group = group;
	}
	return group;
}

/* No place is known yet. */
KpiPlaces *
kpi_places(MemoryContext context)
{
	KpiPlaces  *places = MemoryContextAlloc(context, sizeof(KpiPlaces));

	places->known = places_create(context, 64, NULL);
	return places;
}

/* Whether a group is met for the first time with an indicator in a period. */
bool
kpi_first_meeting(KpiPlaces *places, const KpiGroup *group, const KpiLineKey *line, DateADT start)
{
	PlaceKey	key = {*line, group, start};
	bool		found;

	key.line.unit = NULL;
	places_insert(places->known, key, &found);
	return !found;
}

/* A unit with what it is ranked by. */
typedef struct Ranked
{
	const KpiName *unit;
	Numeric		merit;			/* or NULL */
} Ranked;

/* The greatest first; at last those without a merit. */
static int
compare_ranked(const void *a, const void *b)
{
	const Ranked *left = a;
	const Ranked *right = b;

	if (left->merit == NULL || right->merit == NULL)
		return (left->merit == NULL) - (right->merit == NULL);
	return kpi_numeric_cmp(right->merit, left->merit);
}

/* The key of the place of a unit. */
static PlaceKey
place_key(const KpiRanking *ranking, const KpiName *unit)
{
	PlaceKey	key = {ranking->line, ranking->by, ranking->start};

	key.line.unit = unit;
	return key;
}

/* Keep the places of a group; of the unit alone where the group is its own. */
static void
rank_group(KpiPlaces *places, const KpiRanking *ranking, const KpiGroup *group, KpiMeritOf merit_of, void *argument)
{
	Ranked	   *ranked = palloc(sizeof(Ranked) * Max(group->count, 1));
	int64		place = 0;
	bool		found;

	for (int i = 0; i < group->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ranked[i].unit = group->unit[i];
		ranked[i].merit = merit_of(argument, group->unit[i]);
	}
	qsort(ranked, group->count, sizeof(Ranked), compare_ranked);
	for (int i = 0; i < group->count; i++)
	{
		if (i == 0 || compare_ranked(&ranked[i - 1], &ranked[i]) != 0)
			place = i + 1;
		if (group->alone == NULL || group->alone == ranked[i].unit)
			places_insert(places->known, place_key(ranking, ranked[i].unit), &found)->place =
				ranked[i].merit ? place : 0;
	}
	pfree(ranked);
}

/* The place of a unit among its siblings; 0 where it has none. */
int64
kpi_place_of(KpiPlaces *places, const KpiRanking *ranking, const KpiGroup *group,
			 KpiMeritOf merit_of, void *argument)
{
	PlaceKey	key = place_key(ranking, ranking->line.unit);
	KnownPlace *known = places_lookup(places->known, key);

	if (known == NULL)
	{
		rank_group(places, ranking, group, merit_of, argument);
		known = places_lookup(places->known, key);
	}
	return known ? known->place : 0;
}
