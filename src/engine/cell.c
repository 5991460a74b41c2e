/*-------------------------------------------------------------------------
 *
 * cell.c
 *	  What is evaluated: scorecards for units and periods.
 *
 * With what is asked for come the periods before, which it is compared with, and
 * the scorecards that nodes show; each once, however often it is needed.  Many
 * cells are evaluated in batches, so that memory does not grow with them.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/cell.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

/* Cells of a batch, unless one scorecard and unit has more. */
#define BATCH_CELLS 1000

/* The columns of kpi_internal.cell. */
#define CELL_COLUMNS 5

typedef struct KnownCell
{
	KpiCellKey	key;
	uint32		status;
	KpiCell    *cell;
} KnownCell;

#define SH_PREFIX cells
#define SH_ELEMENT_TYPE KnownCell
#define SH_KEY_TYPE KpiCellKey
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) &(key), sizeof(KpiCellKey))
#define SH_EQUAL(table, a, b) (memcmp(&(a), &(b), sizeof(KpiCellKey)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct KpiCellTable
{
	cells_hash *known;
} KpiCellTable;

/* An evaluation of what was known at a time, of which nothing is known yet. */
KpiEvaluation *
kpi_evaluation(MemoryContext context, TimestampTz known_at, bool anew)
{
	KpiEvaluation *evaluation = MemoryContextAllocZero(context, sizeof(KpiEvaluation));

	evaluation->context = context;
	evaluation->known_at = known_at;
	evaluation->anew = anew;
	evaluation->grains = kpi_pin_grains(context);
	evaluation->names = kpi_names(context);
	evaluation->cards = kpi_cards(context, evaluation->names, evaluation->grains, known_at);
	evaluation->siblings = kpi_siblings(context, evaluation->names, known_at);
	evaluation->batch = AllocSetContextCreate(context, "kpi evaluation", ALLOCSET_DEFAULT_SIZES);
	return evaluation;
}

/* The columns of an element of the array; false where one that is needed is NULL. */
static bool
cell_columns(Datum element, Datum *column, bool *nulls)
{
	HeapTupleHeader row = DatumGetHeapTupleHeader(element);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple;

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, desc, column, nulls);
	ReleaseTupleDesc(desc);
	for (int i = 0; i < CELL_COLUMNS - 1; i++)
	{
		if (nulls[i])
			return false;
	}
	return true;
}

/* By scorecard, unit and grain, whose periods are compared, and then by period. */
static int
compare_keys(const void *a, const void *b)
{
	const KpiCellKey *left = a;
	const KpiCellKey *right = b;
	int			order = memcmp(left, right, offsetof(KpiCellKey, start));

	if (order == 0)
		order = (left->start > right->start) - (left->start < right->start);
	if (order == 0)
		order = (left->rules > right->rules) - (left->rules < right->rules);
	return order != 0 ? order : (left->anew > right->anew) - (left->anew < right->anew);
}

/* The last day of the period of a grain that begins on a day. */
static DateADT
last_day(const KpiGrainRow *grain, DateADT start)
{
	return kpi_grain_step(grain->rule, start, 1) - 1;
}

/* A cell of the array without its scorecard; false for one that has no rows. */
static bool
read_cell(KpiEvaluation *evaluation, Datum element, const KpiName **scorecard, KpiCellKey *key)
{
	Datum		column[CELL_COLUMNS];
	bool		nulls[CELL_COLUMNS];
	DateADT		day;

	if (!cell_columns(element, column, nulls))
		return false;
	memset(key, 0, sizeof(KpiCellKey));
	*scorecard = kpi_name_of(evaluation->names, column[0]);
	key->unit = kpi_name_of(evaluation->names, column[1]);
	key->grain = kpi_search_grain(evaluation->grains, VARDATA_ANY(DatumGetPointer(column[2])),
								  VARSIZE_ANY_EXHDR(DatumGetPointer(column[2])));
	day = DatumGetDateADT(column[3]);
	if (key->grain == NULL || !kpi_grain_has(key->grain->rule, day))
		return false;
	key->start = kpi_grain_start(key->grain->rule, day);
	key->rules = nulls[4] ? last_day(key->grain, key->start) : DatumGetDateADT(column[4]);
	key->anew = !nulls[4] ? KPI_ANEW_ALL : evaluation->anew ? KPI_ANEW_ITSELF : KPI_ANEW_NOT;
	return true;
}

/* The cells of an array of kpi_internal.cell in order; those of no scorecard, unit or period are left out. */
int
kpi_read_cells(KpiEvaluation *evaluation, Datum cells, KpiCellKey **key)
{
	ArrayType  *array = DatumGetArrayTypeP(cells);
	Datum	   *element;
	bool	   *nulls;
	int			elements;
	int			count = 0;
	int			kept = 0;
	const KpiName **scorecard;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &element, &nulls, &elements);
	*key = palloc(sizeof(KpiCellKey) * Max(elements, 1));
	scorecard = palloc(sizeof(KpiName *) * Max(elements, 1));
	for (int i = 0; i < elements; i++)
	{
		if (!nulls[i] && read_cell(evaluation, element[i], &scorecard[count], &(*key)[count]))
			count++;
	}
	kpi_cards_read(evaluation->cards, scorecard, count);
	for (int i = 0; i < count; i++)
	{
		(*key)[i].card = kpi_card(evaluation->cards, scorecard[i]);
		if ((*key)[i].card != NULL)
			(*key)[kept++] = (*key)[i];
	}
	qsort(*key, kept, sizeof(KpiCellKey), compare_keys);
	return kept;
}

/* How many of the cells to evaluate at once: a scorecard and unit is not cut. */
int
kpi_batch_size(const KpiCellKey *key, int count)
{
	int			size = Min(count, BATCH_CELLS);

	while (size < count && memcmp(&key[size - 1], &key[size], offsetof(KpiCellKey, start)) == 0)
		size++;
	return size;
}

/* The cell of a key, which is made where it is not there. */
static KpiCell *
find_cell(KpiEvaluation *evaluation, const KpiCellKey *key)
{
	bool		found;
	KnownCell  *known = cells_insert(evaluation->cells->known, *key, &found);

	if (!found)
	{
		known->cell = palloc0(sizeof(KpiCell));
		known->cell->key = *key;
		known->cell->end = last_day(key->grain, key->start) + 1;
		known->cell->tree = kpi_card_tree(evaluation->cards, key->card, key->rules);
	}
	return known->cell;
}

/* The cell of the period before; NULL where no label can name it. */
static KpiCell *
cell_before(KpiEvaluation *evaluation, const KpiCellKey *key)
{
	KpiCellKey	before = *key;

	before.start = kpi_grain_step(key->grain->rule, key->start, -1);
	if (!kpi_grain_has(key->grain->rule, before.start))
		return NULL;
	before.rules = last_day(key->grain, before.start);
	before.anew = KPI_ANEW_NOT;
	return find_cell(evaluation, &before);
}

/* The cell of the scorecard that a node of a cell shows; NULL where there is none of that key. */
KpiCell *
kpi_shown_cell(KpiEvaluation *evaluation, const KpiCell *cell, const KpiCardNode *node)
{
	KpiCellKey	key = cell->key;

	kpi_cards_read(evaluation->cards, &node->shows, 1);
	key.card = kpi_card(evaluation->cards, node->shows);
	if (node->unit != NULL)
		key.unit = node->unit;
	if (key.anew == KPI_ANEW_ITSELF)
		key.anew = KPI_ANEW_NOT;
	return key.card ? find_cell(evaluation, &key) : NULL;
}

/* Whether siblings are ranked by a node's values. */
bool
kpi_is_ranked(const KpiPlacedNode *placed)
{
	return placed->leaf && placed->node->scale != NULL && placed->node->scale->form == KPI_SCALE_RANK;
}

/* What nodes of a cell show, and what these show, is there, too. */
static int
add_shown(KpiEvaluation *evaluation, KpiCell *cell, KpiCell ***list, int *room, int count)
{
	for (int i = 0; i < cell->tree->count; i++)
	{
		const KpiCardNode *node = cell->tree->node[i].node;
		KpiCell    *shown;

		if (node == NULL || node->shows == NULL)
			continue;
		shown = kpi_shown_cell(evaluation, cell, node);
		if (shown == NULL || shown->input != NULL)
			continue;
		shown->input = palloc0(sizeof(KpiNodeInput) * shown->tree->count);
		if (count == *room)
		{
			*room *= 2;
			*list = repalloc(*list, sizeof(KpiCell *) * *room);
		}
		(*list)[count++] = shown;
	}
	return count;
}

/*
 * The cells of a batch: those asked for, each followed by the one before where
 * that is new, then those that are shown.  Inputs are there, and empty.
 */
KpiCell   **
kpi_start_batch(KpiEvaluation *evaluation, const KpiCellKey *key, int count, int *cells)
{
	int			room = 2 * count + 16;
	KpiCell   **list = palloc(sizeof(KpiCell *) * room);
	int			added = 0;

	evaluation->cells = palloc(sizeof(KpiCellTable));
	evaluation->cells->known = cells_create(evaluation->batch, 2 * count, NULL);
	evaluation->values = kpi_values(evaluation->batch, evaluation->known_at);
	evaluation->targets = kpi_target_finder(evaluation->batch, evaluation->known_at);
	evaluation->places = kpi_places(evaluation->batch);
	for (int i = 0; i < count; i++)
	{
		KpiCell    *cell = find_cell(evaluation, &key[i]);

		cell->asked = true;
		cell->before = cell_before(evaluation, &key[i]);
		for (int k = 0; k < 2; k++)
		{
			KpiCell    *one = k == 0 ? cell->before : cell;

			if (one == NULL || one->input != NULL)
				continue;
			one->input = palloc0(sizeof(KpiNodeInput) * one->tree->count);
			list[added++] = one;
		}
	}
	for (int i = 0; i < added; i++)
	{
		CHECK_FOR_INTERRUPTS();
		added = add_shown(evaluation, list[i], &list, &room, added);
	}
	*cells = added;
	return list;
}
