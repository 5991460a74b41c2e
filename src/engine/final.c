/*-------------------------------------------------------------------------
 *
 * final.c
 *	  What was made final, and goes before what would be evaluated now.
 *
 * kpi.finalize() keeps the rows that an evaluation gave, and what they were made
 * of.  A cell of a batch that is final takes its inputs and scores from there,
 * so that a period after it is compared with it, and a scorecard that shows it
 * shows it; its own rows are given as they were kept.  Actuals of a year ago are
 * final ones, too.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/final.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "engine/query.h"
#include "engine/row.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* What was made final: fields of one size, so that all of it can be hashed. */
typedef struct FinalKey
{
	const KpiName *scorecard;
	const KpiName *unit;
	const KpiGrainRow *grain;
	int64		start;
} FinalKey;

/* The actual of a node that was made final. */
typedef struct FinalActual
{
	const KpiName *node;
	const KpiName *indicator;
	const KpiName *unit;
	Numeric		actual;
} FinalActual;

typedef struct KnownFinal
{
	FinalKey	key;
	uint32		status;
	KpiFinal   *final;
} KnownFinal;

#define SH_PREFIX finals
#define SH_ELEMENT_TYPE KnownFinal
#define SH_KEY_TYPE FinalKey
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) &(key), sizeof(FinalKey))
#define SH_EQUAL(table, a, b) (memcmp(&(a), &(b), sizeof(FinalKey)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct KpiFinals
{
	finals_hash *known;
	int			count;
	int			room;
	FinalKey   *key;			/* those that are looked for */
} KpiFinals;

static KpiQuery final_query = {
	.arguments = 4,
	.type = {TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID},
	.text = "SELECT k.number, n.result, n.input"
	" FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4))"
	" WITH ORDINALITY AS k (scorecard, unit, grain, period_start, number)"
	" JOIN @kpi.finalization AS f ON f.scorecard OPERATOR(pg_catalog.=) k.scorecard"
	" AND f.unit OPERATOR(pg_catalog.=) k.unit AND f.period_grain OPERATOR(pg_catalog.=) k.grain"
	" AND f.period_start OPERATOR(pg_catalog.=) k.period_start AND f.reopened_at IS NULL"
	" JOIN kpi_internal.final_node AS n ON n.finalization OPERATOR(pg_catalog.=) f.finalization"
	" ORDER BY k.number, n.place"
};

/* The key of a scorecard, unit and grain in a period. */
static FinalKey
final_key(const KpiCellKey *of, DateADT start)
{
	FinalKey	key = {of->card->scorecard, of->unit, of->grain, start};

	return key;
}

/* Look for what may be final, once. */
static void
look_for(KpiFinals *finals, FinalKey key)
{
	bool		found;

	finals_insert(finals->known, key, &found)->final = NULL;
	if (found)
		return;
	if (finals->count == finals->room)
	{
		finals->room *= 2;
		finals->key = repalloc(finals->key, sizeof(FinalKey) * finals->room);
	}
	finals->key[finals->count++] = key;
}

/* Read the rows of all that is looked for. */
static void
read_rows(KpiFinals *finals, TimestampTz known_at)
{
	Datum	   *name[3];
	DateADT    *start = palloc(sizeof(DateADT) * Max(finals->count, 1));
	Datum		argument[4];

	for (int k = 0; k < 3; k++)
		name[k] = palloc(sizeof(Datum) * Max(finals->count, 1));
	for (int i = 0; i < finals->count; i++)
	{
		name[0][i] = PointerGetDatum(finals->key[i].scorecard->text);
		name[1][i] = PointerGetDatum(finals->key[i].unit->text);
		name[2][i] = CStringGetTextDatum(finals->key[i].grain->grain);
		start[i] = (DateADT) finals->key[i].start;
	}
	for (int k = 0; k < 3; k++)
		argument[k] = kpi_text_array(name[k], finals->count);
	argument[3] = kpi_date_array(start, finals->count);
	kpi_query_start(&final_query, argument, known_at);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool		isnull;
		int64		number = DatumGetInt64(kpi_query_datum(row, 1, &isnull));
		KnownFinal *known = finals_lookup(finals->known, finals->key[number - 1]);

		if (known->final == NULL)
		{
			known->final = palloc0(sizeof(KpiFinal));
			known->final->result = palloc(sizeof(Datum) * (SPI_processed - row));
			known->final->input = palloc(sizeof(Datum) * (SPI_processed - row));
		}
		known->final->result[known->final->count] = datumCopy(kpi_query_datum(row, 2, &isnull), false, -1);
		known->final->input[known->final->count++] = datumCopy(kpi_query_datum(row, 3, &isnull), false, -1);
	}
	SPI_finish();
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

/* What a node was: its place, what it showed, its inputs. */
static void
take_input(KpiEvaluation *evaluation, Datum row, KpiPlacedNode *placed, KpiCardNode *node, KpiNodeInput *input)
{
	Datum		value[INPUT_COLUMNS];
	bool		isnull[INPUT_COLUMNS];

	kpi_row_columns(row, INPUT_COLUMNS, value, isnull);
	node->node = name_of(evaluation, value[INPUT_NODE], false);
	node->indicator = name_of(evaluation, value[INPUT_INDICATOR], isnull[INPUT_INDICATOR]);
	placed->node = node;
	placed->key = node->node;
	placed->leaf = DatumGetBool(value[INPUT_LEAF]);
	input->unit = name_of(evaluation, value[INPUT_MEASURED_UNIT], isnull[INPUT_MEASURED_UNIT]);
	input->of.actual = number_of(value[INPUT_ACTUAL], isnull[INPUT_ACTUAL]);
	input->of.target = number_of(value[INPUT_TARGET], isnull[INPUT_TARGET]);
	input->of.attainment = number_of(value[INPUT_ATTAINMENT], isnull[INPUT_ATTAINMENT]);
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
	if (score->score == NULL && !isnull[RESULT_REASON])
		score->reason = TextDatumGetCString(value[RESULT_REASON]);
}

/* A cell is what was made final. */
static void
take_final(KpiEvaluation *evaluation, KpiCell *cell, const KpiFinal *final)
{
	KpiCardTree *tree = palloc0(sizeof(KpiCardTree));
	KpiCardNode *node = palloc0(sizeof(KpiCardNode) * final->count);

	tree->card = cell->key.card;
	tree->number = kpi_tree_number();
	tree->count = final->count;
	tree->node = palloc0(sizeof(KpiPlacedNode) * final->count);
	cell->final = final;
	cell->tree = tree;
	cell->input = palloc0(sizeof(KpiNodeInput) * final->count);
	cell->score = palloc0(sizeof(KpiNodeScore) * final->count);
	for (int i = 0; i < final->count; i++)
	{
		take_input(evaluation, final->input[i], &tree->node[i], &node[i], &cell->input[i]);
		take_score(final->result[i], &cell->score[i]);
	}
}

/* The last year's period of a cell. */
static DateADT
year_ago(const KpiCell *cell)
{
	return kpi_grain_last_year(cell->key.grain->rule, cell->key.start);
}

/* Read what is final of the cells of a batch, and of the same periods a year earlier. */
void
kpi_read_finals(KpiEvaluation *evaluation, KpiCell **cell, int count)
{
	KpiFinals  *finals = palloc0(sizeof(KpiFinals));

	finals->known = finals_create(evaluation->batch, 2 * count + 1, NULL);
	finals->room = 2 * count + 1;
	finals->key = palloc(sizeof(FinalKey) * finals->room);
	evaluation->finals = finals;
	for (int i = 0; i < count; i++)
	{
		look_for(finals, final_key(&cell[i]->key, cell[i]->key.start));
		if (cell[i]->asked)
			look_for(finals, final_key(&cell[i]->key, year_ago(cell[i])));
	}
	read_rows(finals, evaluation->known_at);
	for (int i = 0; i < count; i++)
	{
		const KpiFinal *final = finals_lookup(finals->known, final_key(&cell[i]->key, cell[i]->key.start))->final;

		if (final != NULL && cell[i]->key.anew == KPI_ANEW_NOT)
			take_final(evaluation, cell[i], final);
	}
}

/* Actuals in an order, whichever, of what they are of. */
static int
compare_actuals(const void *left, const void *right)
{
	return memcmp(left, right, offsetof(FinalActual, actual));
}

/* The actuals of what was made final: each row is taken apart once, not for each node that is compared with it. */
static const FinalActual *
final_actuals(KpiEvaluation *evaluation, KpiFinal *final)
{
	MemoryContext outer;

	if (final->actual != NULL)
		return final->actual;
	outer = MemoryContextSwitchTo(evaluation->batch);
	final->actual = palloc(sizeof(FinalActual) * final->count);
	for (int i = 0; i < final->count; i++)
	{
		FinalActual *actual = &final->actual[i];
		Datum		value[INPUT_COLUMNS];
		bool		isnull[INPUT_COLUMNS];

		kpi_row_columns(final->input[i], INPUT_COLUMNS, value, isnull);
		actual->node = name_of(evaluation, value[INPUT_NODE], false);
		actual->indicator = name_of(evaluation, value[INPUT_INDICATOR], isnull[INPUT_INDICATOR]);
		actual->unit = name_of(evaluation, value[INPUT_MEASURED_UNIT], isnull[INPUT_MEASURED_UNIT]);
		actual->actual = number_of(value[INPUT_ACTUAL], isnull[INPUT_ACTUAL]);
	}
	qsort(final->actual, final->count, sizeof(FinalActual), compare_actuals);
	MemoryContextSwitchTo(outer);
	return final->actual;
}

/* Whether a period of a cell's scorecard is final; then the actual that its node had of an indicator and unit, or NULL. */
bool
kpi_final_actual(KpiEvaluation *evaluation, const KpiCell *cell, DateADT start,
				 const KpiName *node, const KpiName *indicator, const KpiName *unit, Numeric *actual)
{
	KnownFinal *known = finals_lookup(evaluation->finals->known, final_key(&cell->key, start));
	FinalActual wanted = {node, indicator, unit, NULL};
	const FinalActual *found;

	*actual = NULL;
	if (known == NULL || known->final == NULL)
		return false;
	found = bsearch(&wanted, final_actuals(evaluation, known->final), known->final->count, sizeof(FinalActual), compare_actuals);
	if (found != NULL)
		*actual = found->actual;
	return true;
}
