/*-------------------------------------------------------------------------
 *
 * final.c
 *	  What was made final, and goes before what would be evaluated now.
 *
 * kpi.finalize() keeps the rows that an evaluation gave, and what they were made
 * of.  A cell of a batch that is final takes its inputs and scores from there,
 * so that a period after it is compared with it, and a scorecard that shows it
 * shows it; its own rows are given as they were kept.  Actuals of a year ago,
 * and values and scores that are carried, are final ones, too; so are the values
 * of siblings that are ranked.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/final.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "engine/carry.h"
#include "engine/query.h"
#include "engine/row.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* What has final periods: a scorecard and unit in those of a grain. */
typedef struct FinalLineKey
{
	const KpiName *scorecard;
	const KpiName *unit;
	const KpiGrainRow *grain;
} FinalLineKey;

/* Its final periods, by their days. */
typedef struct FinalLine
{
	FinalLineKey key;
	KpiStretches wanted;
	int			count;
	int			room;
	KpiFinal  **final;
} FinalLine;

typedef struct KnownFinalLine
{
	FinalLineKey key;
	uint32		status;
	FinalLine  *line;
} KnownFinalLine;

#define SH_PREFIX finals
#define SH_ELEMENT_TYPE KnownFinalLine
#define SH_KEY_TYPE FinalLineKey
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) &(key), sizeof(FinalLineKey))
#define SH_EQUAL(table, a, b) (memcmp(&(a), &(b), sizeof(FinalLineKey)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct KpiFinals
{
	finals_hash *known;
	int			count;
	int			room;
	FinalLine **line;
} KpiFinals;

static KpiQuery final_query = {
	.arguments = KPI_SEARCH_ARGUMENTS,
	.type = {KPI_SEARCH_TYPES},
	.text = "SELECT l.number, f.period_start, n.place, n.result, n.input"
	" FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),"
	" pg_catalog.unnest($5), pg_catalog.unnest($6)) AS l (number, scorecard, unit, grain, first, last)"
	" JOIN @kpi.finalization AS f ON f.scorecard OPERATOR(pg_catalog.=) l.scorecard"
	" AND f.unit OPERATOR(pg_catalog.=) l.unit AND f.period_grain OPERATOR(pg_catalog.=) l.grain"
	" AND f.period_start OPERATOR(pg_catalog.>=) l.first AND f.period_start OPERATOR(pg_catalog.<=) l.last"
	" AND f.reopened_at IS NULL"
	" JOIN kpi_internal.final_node AS n ON n.finalization OPERATOR(pg_catalog.=) f.finalization"
	" ORDER BY l.number, f.period_start, n.place"
};

/* What the periods of a cell's scorecard are of, in a grain. */
static FinalLineKey
line_key(const KpiCellKey *of, const KpiGrainRow *grain)
{
	FinalLineKey key = {of->card->scorecard, of->unit, grain};

	return key;
}

/* Look for what is final of the periods that begin from one day to another. */
static void
look_for(KpiFinals *finals, FinalLineKey key, DateADT first, DateADT last)
{
	bool		found;
	KnownFinalLine *known = finals_insert(finals->known, key, &found);

	if (!found)
	{
		known->line = palloc0(sizeof(FinalLine));
		known->line->key = key;
		if (finals->count == finals->room)
		{
			finals->room *= 2;
			finals->line = repalloc(finals->line, sizeof(FinalLine *) * finals->room);
		}
		finals->line[finals->count++] = known->line;
	}
	kpi_add_stretch(&known->line->wanted, CurrentMemoryContext, first, last, key.grain->position);
}

/* Begin reading the rows of all that is looked for. */
static void
start_query(const KpiFinals *finals, TimestampTz known_at)
{
	KpiSearch  *search = palloc(sizeof(KpiSearch) * Max(finals->count, 1));
	Datum		argument[KPI_SEARCH_ARGUMENTS];

	for (int i = 0; i < finals->count; i++)
	{
		const FinalLine *line = finals->line[i];

		search[i] = (KpiSearch)
		{
			{
				line->key.scorecard->text, line->key.unit->text, cstring_to_text(line->key.grain->grain)
			},
				&line->wanted
		};
	}
	kpi_search_arguments(search, finals->count, argument);
	kpi_query_start(&final_query, argument, known_at);
}

/* The final period of a line that begins on a day, which is the last so far or comes after it. */
static KpiFinal *
add_final(FinalLine *line, DateADT start, uint64 rows)
{
	KpiFinal   *final = line->count > 0 ? line->final[line->count - 1] : NULL;

	if (final != NULL && final->start == start)
		return final;
	if (line->count == line->room)
	{
		line->room = Max(2 * line->room, 4);
		line->final = line->final ? repalloc(line->final, sizeof(KpiFinal *) * line->room) :
			palloc(sizeof(KpiFinal *) * line->room);
	}
	final = palloc0(sizeof(KpiFinal));
	final->start = start;
	final->result = palloc(sizeof(Datum) * rows);
	final->input = palloc(sizeof(Datum) * rows);
	return line->final[line->count++] = final;
}

/* How many rows of the query from one on are of its scorecard, unit and period, each as often as stretches have it. */
static uint64
rows_alike(uint64 row)
{
	bool		isnull;
	int32		number = DatumGetInt32(kpi_query_datum(row, 1, &isnull));
	DateADT		start = kpi_query_date(row, 2, 0);
	uint64		end = row + 1;

	while (end < SPI_processed && DatumGetInt32(kpi_query_datum(end, 1, &isnull)) == number &&
		   kpi_query_date(end, 2, 0) == start)
		end++;
	return end - row;
}

/* Read the rows of all that is looked for. */
static void
read_rows(KpiFinals *finals, TimestampTz known_at)
{
	start_query(finals, known_at);
	for (uint64 row = 0, rows; row < SPI_processed; row += rows)
	{
		bool		isnull;
		FinalLine  *line = finals->line[DatumGetInt32(kpi_query_datum(row, 1, &isnull))];
		KpiFinal   *final;
		int32		last_place = 0;

		rows = rows_alike(row);
		final = add_final(line, kpi_query_date(row, 2, 0), rows);
		for (uint64 i = row; i < row + rows; i++)
		{
			int32		place = DatumGetInt32(kpi_query_datum(i, 3, &isnull));

			if (place == last_place)
				continue;
			last_place = place;
			final->result[final->count] = datumCopy(kpi_query_datum(i, 4, &isnull), false, -1);
			final->input[final->count++] = datumCopy(kpi_query_datum(i, 5, &isnull), false, -1);
		}
	}
	SPI_finish();
}

/* What is final of a period that was looked for, or NULL. */
static KpiFinal *
find_final(const KpiFinals *finals, FinalLineKey key, DateADT start)
{
	KnownFinalLine *known = finals_lookup(finals->known, key);
	int			low = 0;
	int			high = known ? known->line->count : 0;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (known->line->final[middle]->start < start)
			low = middle + 1;
		else
			high = middle;
	}
	return known != NULL && low < known->line->count && known->line->final[low]->start == start ? known->line->final[low] : NULL;
}

/* The columns of a row; those that a later version has added are NULL. */
void
kpi_row_columns(Datum row, int columns, Datum *value, bool *isnull)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(row);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	HeapTupleData tuple;

	if (desc->natts != columns)
		elog(ERROR, "row of an evaluation has %d columns, not %d", desc->natts, columns);
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, value, isnull);
	ReleaseTupleDesc(desc);
}

/* A number, or NULL. */
static Numeric
number_of(Datum value, bool isnull)
{
	return isnull ? NULL : DatumGetNumeric(value);
}

/* A name, or NULL. */
static const KpiName *
name_of(KpiEvaluation *evaluation, Datum value, bool isnull)
{
	return isnull ? NULL : kpi_name_of(evaluation->names, value);
}

/* A word, or NULL. */
static const char *
word_of(Datum value, bool isnull)
{
	return isnull ? NULL : TextDatumGetCString(value);
}

/* What a node was: what it showed, and its inputs. */
static void
read_node(KpiEvaluation *evaluation, Datum row, KpiFinalNode *node)
{
	Datum		value[INPUT_COLUMNS];
	bool		isnull[INPUT_COLUMNS];
	KpiNodeInput *input = &node->input;

	kpi_row_columns(row, INPUT_COLUMNS, value, isnull);
	node->node = name_of(evaluation, value[INPUT_NODE], false);
	node->indicator = name_of(evaluation, value[INPUT_INDICATOR], isnull[INPUT_INDICATOR]);
	node->leaf = DatumGetBool(value[INPUT_LEAF]);
	input->unit = name_of(evaluation, value[INPUT_MEASURED_UNIT], isnull[INPUT_MEASURED_UNIT]);
	input->of.actual = number_of(value[INPUT_ACTUAL], isnull[INPUT_ACTUAL]);
	input->of.aim.target = number_of(value[INPUT_TARGET], isnull[INPUT_TARGET]);
	input->of.aim.baseline = number_of(value[INPUT_BASELINE], isnull[INPUT_BASELINE]);
	input->of.aim.limits.low = number_of(value[INPUT_LOW], isnull[INPUT_LOW]);
	input->of.aim.limits.high = number_of(value[INPUT_HIGH], isnull[INPUT_HIGH]);
	input->of.aim.limits.outer_low = number_of(value[INPUT_OUTER_LOW], isnull[INPUT_OUTER_LOW]);
	input->of.aim.limits.outer_high = number_of(value[INPUT_OUTER_HIGH], isnull[INPUT_OUTER_HIGH]);
	input->of.attainment = number_of(value[INPUT_ATTAINMENT], isnull[INPUT_ATTAINMENT]);
	input->points = number_of(value[INPUT_POINTS], isnull[INPUT_POINTS]);
	input->marks = DatumGetInt32(value[INPUT_MARKS]);
	input->reason = word_of(value[INPUT_REASON], isnull[INPUT_REASON]);
}

/* Its score, and what was found out with it. */
static void
take_score(Datum row, KpiNodeScore *score)
{
	Datum		value[RESULT_COLUMNS];
	bool		isnull[RESULT_COLUMNS];

	kpi_row_columns(row, RESULT_COLUMNS, value, isnull);
	score->score = number_of(value[RESULT_SCORE], isnull[RESULT_SCORE]);
	score->coverage = number_of(value[RESULT_COVERAGE], isnull[RESULT_COVERAGE]);
	score->carried = DatumGetBool(value[RESULT_CARRIED]);
	score->provisional = DatumGetBool(value[RESULT_PROVISIONAL]);
	if (score->score == NULL)
		score->reason = word_of(value[RESULT_REASON], isnull[RESULT_REASON]);
}

/* By their names, in an order, whichever. */
static int
compare_nodes(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(KpiName *));
}

/* The nodes of what is final: each row is taken apart once, not for each node that is compared with it. */
static void
read_nodes(KpiEvaluation *evaluation, KpiFinal *final)
{
	MemoryContext outer;

	if (final->node != NULL)
		return;
	outer = MemoryContextSwitchTo(evaluation->batch);
	final->node = palloc0(sizeof(KpiFinalNode) * final->count);
	final->by_name = palloc(sizeof(KpiFinalNode) * final->count);
	for (int i = 0; i < final->count; i++)
		read_node(evaluation, final->input[i], &final->node[i]);
	memcpy(final->by_name, final->node, sizeof(KpiFinalNode) * final->count);
	qsort(final->by_name, final->count, sizeof(KpiFinalNode), compare_nodes);
	MemoryContextSwitchTo(outer);
}

/* A cell is what was made final. */
static void
take_final(KpiEvaluation *evaluation, KpiCell *cell, KpiFinal *final)
{
	KpiCardTree *tree = palloc0(sizeof(KpiCardTree));
	KpiCardNode *node = palloc0(sizeof(KpiCardNode) * final->count);

	read_nodes(evaluation, final);
	tree->card = cell->key.card;
	tree->number = kpi_tree_number();
	tree->count = final->count;
	tree->node = palloc0(sizeof(KpiPlacedNode) * final->count);
	cell->final = final;
	cell->tree = tree;
	cell->input = palloc(sizeof(KpiNodeInput) * final->count);
	cell->score = palloc0(sizeof(KpiNodeScore) * final->count);
	for (int i = 0; i < final->count; i++)
	{
		node[i].node = tree->node[i].key = final->node[i].node;
		node[i].indicator = final->node[i].indicator;
		tree->node[i].node = &node[i];
		tree->node[i].leaf = final->node[i].leaf;
		cell->input[i] = final->node[i].input;
		take_score(final->result[i], &cell->score[i]);
	}
}

/*
 * Whether final values of siblings count where a cell ranks them.  What would be
 * now, or by other rules, ranks what is there now.
 */
bool
kpi_ranks_finals(const KpiCell *cell)
{
	return cell->key.anew == KPI_ANEW_NOT;
}

/* Look for what is final of the siblings that a cell ranks in some periods, once for all of them. */
static void
look_for_siblings(KpiEvaluation *evaluation, KpiPlaces *met, const KpiCell *cell, const KpiGrainRow *grain,
				  DateADT first, DateADT last)
{
	KpiLineKey	card = {cell->key.card->scorecard, NULL, grain};

	for (DateADT start = first; start <= last; start = kpi_grain_step(grain->rule, start, 1))
	{
		const KpiGroup *group = kpi_group_of(evaluation->siblings, cell->key.unit, kpi_grain_step(grain->rule, start, 1) - 1);

		if (!kpi_first_meeting(met, group, &card, start))
			continue;
		for (int i = 0; i < group->count; i++)
		{
			FinalLineKey key = {card.indicator, group->unit[i], grain};

			look_for(evaluation->finals, key, start, start);
		}
	}
}

/* Look for what is final of the siblings that a cell ranks, be it in earlier periods that it carries. */
static void
look_for_ranked(KpiEvaluation *evaluation, KpiPlaces *met, const KpiCell *cell)
{
	for (int i = 0; i < cell->tree->count; i++)
	{
		const KpiPlacedNode *placed = &cell->tree->node[i];
		const KpiCardNode *node = placed->node;

		/*
		 * what is final of a unit of its own is of the scorecard for another
		 * one
		 */
		if (node == NULL || node->indicator == NULL || node->unit != NULL || !kpi_is_ranked(placed))
			continue;
		look_for_siblings(evaluation, met, cell, cell->key.grain,
						  placed->carried_above ? kpi_grain_step(cell->key.grain->rule, cell->key.start, -node->max_age) :
						  cell->key.start, cell->key.start);
		if (kpi_carries_value(cell, node))
			look_for_siblings(evaluation, met, cell, node->own_grain, kpi_carried_since(cell, node),
							  kpi_grain_start(node->own_grain->rule, cell->end - 1));
	}
}

/* Look for what a cell carries: scores of periods before, values of longer ones. */
static void
look_for_carried(KpiFinals *finals, const KpiCell *cell)
{
	const KpiGrainRule *rule = cell->key.grain->rule;
	int			max_age = 0;

	for (int i = 0; i < cell->tree->count; i++)
	{
		const KpiCardNode *node = cell->tree->node[i].node;

		if (node == NULL || node->indicator == NULL)
			continue;
		if (cell->tree->node[i].carried_above)
			max_age = Max(max_age, node->max_age);
		if (kpi_carries_value(cell, node))
			look_for(finals, line_key(&cell->key, node->own_grain), kpi_carried_since(cell, node),
					 kpi_grain_start(node->own_grain->rule, cell->end - 1));
	}
	if (max_age > 0)
		look_for(finals, line_key(&cell->key, cell->key.grain), kpi_grain_step(rule, cell->key.start, -max_age),
				 kpi_grain_step(rule, cell->key.start, -1));
}

/* Read what is final of the cells of a batch, of the same periods a year earlier, and of what they carry and rank. */
void
kpi_read_finals(KpiEvaluation *evaluation, KpiCell **cell, int count)
{
	KpiFinals  *finals = palloc0(sizeof(KpiFinals));
	KpiPlaces  *met = kpi_places(evaluation->batch);

	finals->known = finals_create(evaluation->batch, 256, NULL);
	finals->room = 64;
	finals->line = palloc(sizeof(FinalLine *) * finals->room);
	evaluation->finals = finals;
	for (int i = 0; i < count; i++)
	{
		FinalLineKey key = line_key(&cell[i]->key, cell[i]->key.grain);
		DateADT		year_ago = kpi_grain_last_year(key.grain->rule, cell[i]->key.start);

		look_for(finals, key, cell[i]->key.start, cell[i]->key.start);
		if (cell[i]->asked)
			look_for(finals, key, year_ago, year_ago);
		if (cell[i]->key.anew != KPI_ANEW_ALL)
			look_for_carried(finals, cell[i]);
		if (kpi_ranks_finals(cell[i]))
			look_for_ranked(evaluation, met, cell[i]);
	}
	read_rows(finals, evaluation->known_at);
	for (int i = 0; i < count; i++)
	{
		KpiFinal   *final = find_final(finals, line_key(&cell[i]->key, cell[i]->key.grain), cell[i]->key.start);

		if (final != NULL && cell[i]->key.anew == KPI_ANEW_NOT)
			take_final(evaluation, cell[i], final);
	}
}

/* The node of that name of a cell's scorecard for a unit in a period that is final; NULL where there is none. */
const KpiFinalNode *
kpi_final_node(KpiEvaluation *evaluation, const KpiCell *cell, const KpiName *unit, const KpiGrainRow *grain,
			   DateADT start, const KpiName *node)
{
	FinalLineKey key = {cell->key.card->scorecard, unit, grain};
	KpiFinal   *final = find_final(evaluation->finals, key, start);

	if (final == NULL)
		return NULL;
	read_nodes(evaluation, final);
	return bsearch(&node, final->by_name, final->count, sizeof(KpiFinalNode), compare_nodes);
}
