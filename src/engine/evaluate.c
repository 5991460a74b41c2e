/*-------------------------------------------------------------------------
 *
 * evaluate.c
 *	  Evaluation: any number of scorecards, units and periods, one row a node.
 *
 * In steps, each of them in a file of its own: the nodes in force (card.c), what
 * their scores are made of (value.c, rank.c, judge.c, input.c), the scores
 * (score.c).  Here they follow each other, and a period is compared with the
 * one before.
 *
 *	trend		of a leaf that of its indicator, of other nodes that of the score
 *	band		the one with the highest lower bound that the score reaches
 *	grade		the band after vetoes took grades, not below the lowest
 *
 * NULL rule: what is undefined is NULL, with a reason.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/evaluate.h"

#include "access/xact.h"
#include "base/exact.h"
#include "engine/final.h"
#include "engine/input.h"
#include "engine/row.h"
#include "engine/score.h"
#include "engine/suppose.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "registry/known.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* A row that is being made. */
typedef struct Row
{
	Datum		value[KPI_MAX_ROW_COLUMNS];
	bool		isnull[KPI_MAX_ROW_COLUMNS];
} Row;

/* What a node was in the period before; NULL where it was not. */
typedef struct Earlier
{
	const KpiNodeInput *input;
	const KpiNodeScore *score;
	bool		comparable;		/* it showed the same indicator and unit */
} Earlier;

/* A column that is a pointer, NULL or not. */
static void
set_pointer(Row *row, int column, const void *value)
{
	row->value[column] = PointerGetDatum(value);
	row->isnull[column] = value == NULL;
}

/* A column that is a name, or NULL. */
static void
set_name(Row *row, int column, const KpiName *name)
{
	set_pointer(row, column, name ? name->text : NULL);
}

/* A column that is a word of C, or NULL. */
static void
set_word(Row *row, int column, const char *word)
{
	set_pointer(row, column, word ? cstring_to_text(word) : NULL);
}

/* A column that is never NULL. */
static void
set_value(Row *row, int column, Datum value)
{
	row->value[column] = value;
	row->isnull[column] = false;
}

/* The word of a list, or NULL. */
static const char *
word_of(const KpiWords *words, int8 place)
{
	return place < 0 ? NULL : words->word[place];
}

/* Score a cell that has been made ready, and first what its nodes show. */
void
kpi_evaluate_cell(KpiEvaluation *evaluation, KpiCell *cell)
{
	check_stack_depth();
	if (cell->score != NULL)
		return;
	for (int i = 0; i < cell->tree->count; i++)
	{
		const KpiCardNode *node = cell->tree->node[i].node;
		KpiCell    *shown = node != NULL && node->shows != NULL ? kpi_shown_cell(evaluation, cell, node) : NULL;

		if (shown != NULL)
			kpi_evaluate_cell(evaluation, shown);
	}
	kpi_make_inputs(evaluation, cell);
	kpi_score_cell(cell);
}

/* Suppose what is to be otherwise of the cells that are asked for. */
static void
suppose(KpiEvaluation *evaluation, KpiCell **cell, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (!cell[i]->asked)
			continue;
		kpi_suppose_weights(evaluation->supposed, cell[i]);
		kpi_suppose_inputs(evaluation, cell[i]);
	}
}

/* Evaluate the cells of a batch. */
KpiCell   **
kpi_evaluate_batch(KpiEvaluation *evaluation, const KpiCellKey *key, int size, int *count)
{
	KpiCell   **cell = kpi_start_batch(evaluation, key, size, count);
	const char **indicator;
	const char **unit;
	int			lines;

	kpi_read_finals(evaluation, cell, *count);
	for (int i = 0; i < *count; i++)
	{
		if (cell[i]->final == NULL)
			kpi_want_inputs(evaluation, cell[i]);
	}
	kpi_read_values(evaluation->values);
	lines = kpi_wanted_lines(evaluation->values, &indicator, &unit);
	kpi_read_targets(evaluation->targets, indicator, unit, lines);
	if (evaluation->supposed != NULL)
		suppose(evaluation, cell, *count);
	for (int i = 0; i < *count; i++)
		kpi_evaluate_cell(evaluation, cell[i]);
	return cell;
}

/* What a node was in the period before. */
static Earlier
earlier_of(KpiEvaluation *evaluation, const KpiCell *cell, int place)
{
	Earlier		earlier = {NULL, NULL, false};
	const KpiCardNode *node = cell->tree->node[place].node;
	int			there = cell->before ? kpi_match_place(evaluation->cards, cell->tree, place, cell->before->tree) : -1;

	if (there < 0)
		return earlier;
	earlier.input = &cell->before->input[there];
	earlier.score = &cell->before->score[there];
	earlier.comparable = node != NULL && node->indicator != NULL &&
		cell->before->tree->node[there].node->indicator == node->indicator &&
		earlier.input->unit == cell->input[place].unit;
	return earlier;
}

/* The actual of a year ago; NULL where the node showed another indicator or unit then. */
static Numeric
last_year_actual(KpiEvaluation *evaluation, const KpiCell *cell, const KpiCardNode *node)
{
	const KpiGrainRule *rule = cell->key.grain->rule;
	DateADT		start = kpi_grain_last_year(rule, cell->key.start);
	KpiLineKey	key = kpi_node_line(cell, node, cell->key.grain);
	const KpiValue *value = kpi_value_of(kpi_line_of(evaluation->values, &key), start);
	const KpiFinalNode *final = kpi_final_node(evaluation, cell, cell->key.unit, cell->key.grain, start, node->node);
	const KpiCardNode *then;

	if (final != NULL)
		return final->indicator == node->indicator && final->input.unit == key.unit ? final->input.of.actual : NULL;
	if (value == NULL || value->actual == NULL)
		return NULL;
	then = kpi_card_node(cell->key.card, node->node, kpi_grain_step(rule, start, 1) - 1);
	if (then != NULL && (then->indicator != node->indicator || (then->unit ? then->unit : cell->key.unit) != key.unit))
		return NULL;
	return value->actual;
}

/* What a node is, in its place. */
static void
set_place(const KpiCell *cell, int place, Row *row)
{
	const KpiPlacedNode *placed = &cell->tree->node[place];
	const KpiCardNode *node = placed->node;

	set_name(row, RESULT_NODE, placed->key);
	set_value(row, RESULT_PLACE, Int32GetDatum(place + 1));
	set_pointer(row, RESULT_PATH, placed->path);
	set_value(row, RESULT_DEPTH, Int32GetDatum(placed->depth));
	set_name(row, RESULT_PARENT, placed->above < 0 ? NULL : cell->tree->node[placed->above].key);
	set_pointer(row, RESULT_NAME, placed->name);
	set_name(row, RESULT_PERSPECTIVE, placed->perspective);
	set_name(row, RESULT_INDICATOR, node ? node->indicator : NULL);
	set_name(row, RESULT_MEASURED_UNIT, cell->input[place].unit);
	set_pointer(row, RESULT_WEIGHT, node ? node->weight : NULL);
	set_word(row, RESULT_ROLE, node ? word_of(&kpi_role_words, node->role) : NULL);
}

/* The limits that a node's actual is compared with, or NULL. */
static const KpiLimits *
limits_of(const KpiCardNode *node, const KpiNodeInput *input)
{
	return node != NULL && node->indicator != NULL && kpi_takes_limits(node->terms.method) ? &input->of.aim.limits : NULL;
}

/* Its numbers. */
static void
set_numbers(const KpiCell *cell, int place, Row *row)
{
	const KpiNodeInput *input = &cell->input[place];
	const KpiNodeScore *score = &cell->score[place];
	const KpiLimits *limits = limits_of(cell->tree->node[place].node, input);

	set_pointer(row, RESULT_ACTUAL, input->of.actual);
	set_pointer(row, RESULT_TARGET, input->of.aim.target);
	set_pointer(row, RESULT_TARGET_LOW, limits ? limits->low : NULL);
	set_pointer(row, RESULT_TARGET_HIGH, limits ? limits->high : NULL);
	set_pointer(row, RESULT_ATTAINMENT, input->of.attainment);
	set_pointer(row, RESULT_ABSOLUTE_WEIGHT, score->absolute_weight);
	set_pointer(row, RESULT_SCORE, score->score);
	set_pointer(row, RESULT_COVERAGE, score->coverage);
	set_pointer(row, RESULT_MISSING_NODES, DatumGetPointer(score->missing_nodes));
	set_value(row, RESULT_CARRIED, BoolGetDatum(score->carried));
	set_pointer(row, RESULT_VETOES, DatumGetPointer(score->vetoes));
	set_value(row, RESULT_GRADES_DOWN, Int32GetDatum(score->grades_down));
	set_value(row, RESULT_COEFFICIENT_ZERO, BoolGetDatum(score->coefficient_zero));
	set_value(row, RESULT_PROVISIONAL, BoolGetDatum(score->provisional));
}

/* Which band a score is in, from 0. */
static int
band_of(const KpiCardBands *bands, Numeric score)
{
	int			band = 0;

	while (band + 1 < bands->count && kpi_numeric_cmp(score, bands->bound[band]) >= 0)
		band++;
	return band;
}

/* Its status, grade and pay, and what is to be known of the score. */
static void
set_grade(const KpiCell *cell, int place, Row *row)
{
	const KpiCardBands *bands = &cell->key.card->bands;
	const KpiNodeScore *score = &cell->score[place];
	int			band;
	int			grade;

	if (score->score == NULL)
	{
		row->isnull[RESULT_STATUS] = row->isnull[RESULT_BAND] = row->isnull[RESULT_GRADE] = row->isnull[RESULT_COEFFICIENT] = true;
		set_word(row, RESULT_REASON, score->reason);
		return;
	}
	band = band_of(bands, score->score);
	grade = Max(band - score->grades_down, 0);
	set_value(row, RESULT_STATUS, Int32GetDatum(bands->status[band]));
	set_pointer(row, RESULT_BAND, bands->code[band]);
	set_pointer(row, RESULT_GRADE, bands->code[grade]);
	set_pointer(row, RESULT_COEFFICIENT, score->coefficient_zero ? int64_to_numeric(0) : bands->coefficient[grade]);
	set_word(row, RESULT_REASON, score->vetoes != 0 ? "veto" : score->carried ? "carried" : NULL);
}

/* How it compares with the period before, and the one a year ago. */
static void
set_comparison(KpiEvaluation *evaluation, const KpiCell *cell, int place, Row *row)
{
	const KpiPlacedNode *placed = &cell->tree->node[place];
	const KpiNodeInput *input = &cell->input[place];
	Earlier		earlier = earlier_of(evaluation, cell, place);
	Numeric		score = earlier.score ? earlier.score->score : NULL;
	Numeric		actual = earlier.comparable ? earlier.input->of.actual : NULL;
	bool		by_indicator = placed->leaf && placed->node != NULL && placed->node->indicator != NULL;
	int			trend;

	if (by_indicator)
		trend = kpi_judge_trend(placed->node->terms.direction, input->of.actual, actual, input->of.attainment,
								earlier.comparable ? earlier.input->of.attainment : NULL);
	else
		trend = kpi_judge_trend(KPI_HIGHER, cell->score[place].score, score, NULL, NULL);
	set_pointer(row, RESULT_PREVIOUS_ACTUAL, actual);
	set_pointer(row, RESULT_PREVIOUS_SCORE, score);
	set_value(row, RESULT_TREND, Int32GetDatum(trend));
	row->isnull[RESULT_TREND] = trend == KPI_NO_TREND;
	set_pointer(row, RESULT_LAST_YEAR_ACTUAL, placed->node != NULL && placed->node->indicator != NULL ?
				last_year_actual(evaluation, cell, placed->node) : NULL);
}

/* The rows of a cell. */
static void
put_results(KpiEvaluation *evaluation, const KpiCell *cell, ReturnSetInfo *result)
{
	Row			row;

	for (int i = 0; cell->final != NULL && i < cell->final->count; i++)
	{
		kpi_row_columns(cell->final->result[i], RESULT_COLUMNS, row.value, row.isnull);
		tuplestore_putvalues(result->setResult, result->setDesc, row.value, row.isnull);
	}
	if (cell->final != NULL)
		return;
	set_name(&row, RESULT_SCORECARD, cell->key.card->scorecard);
	set_name(&row, RESULT_UNIT, cell->key.unit);
	set_word(&row, RESULT_GRAIN, cell->key.grain->grain);
	set_value(&row, RESULT_PERIOD_START, DateADTGetDatum(cell->key.start));
	set_value(&row, RESULT_FINAL, BoolGetDatum(false));
	set_value(&row, RESULT_EVALUATED_AT, TimestampTzGetDatum(GetCurrentStatementStartTimestamp()));
	for (int i = 0; i < cell->tree->count; i++)
	{
		set_place(cell, i, &row);
		set_numbers(cell, i, &row);
		set_grade(cell, i, &row);
		set_comparison(evaluation, cell, i, &row);
		tuplestore_putvalues(result->setResult, result->setDesc, row.value, row.isnull);
	}
}

/* The rules of a node, as far as a comparison tells them apart. */
static void
set_rules(const KpiPlacedNode *placed, Row *row)
{
	const KpiCardNode *node = placed->node;
	bool		judged = node != NULL && node->indicator != NULL;

	set_name(row, INPUT_SHOWS, node ? node->shows : NULL);
	set_pointer(row, INPUT_WEIGHT, node ? node->weight : NULL);
	set_word(row, INPUT_ROLE, node ? word_of(&kpi_role_words, node->role) : NULL);
	set_pointer(row, INPUT_ROLE_LIMIT, node ? node->role_limit : NULL);
	set_word(row, INPUT_METHOD, word_of(&kpi_rollup_method_words, placed->method));
	set_word(row, INPUT_MISSING, word_of(&kpi_rollup_missing_words, placed->missing));
	set_pointer(row, INPUT_MIN_COVERAGE, placed->min_coverage);
	set_word(row, INPUT_DIRECTION, judged ? kpi_direction_words.word[node->terms.direction] : NULL);
	set_word(row, INPUT_ATTAINMENT_METHOD, judged ? kpi_attainment_method_words.word[node->terms.method] : NULL);
	set_word(row, INPUT_ZERO_TARGET, judged ? kpi_zero_target_words.word[node->terms.zero_target] : NULL);
	set_pointer(row, INPUT_SCALE, judged ? node->scale : NULL);
	set_pointer(row, INPUT_ZERO_BELOW, placed->limits.zero_below);
	set_pointer(row, INPUT_FLOOR, placed->limits.floor);
	set_pointer(row, INPUT_CAP, placed->limits.cap);
}

/* The place of a node, and what its score is made of. */
static void
set_input(const KpiCell *cell, int place, Row *row)
{
	const KpiPlacedNode *placed = &cell->tree->node[place];
	const KpiCardNode *node = placed->node;
	const KpiNodeInput *input = &cell->input[place];
	bool		from_baseline = node != NULL && node->indicator != NULL && node->terms.method == KPI_ATTAINMENT_PROGRESS;
	const KpiLimits *limits = limits_of(node, input);

	set_name(row, INPUT_NODE, placed->key);
	set_value(row, INPUT_PLACE, Int32GetDatum(place + 1));
	set_name(row, INPUT_PARENT, placed->above < 0 ? NULL : cell->tree->node[placed->above].key);
	set_pointer(row, INPUT_NAME, placed->name);
	set_pointer(row, INPUT_PATH, placed->path);
	set_value(row, INPUT_LEAF, BoolGetDatum(placed->leaf));
	set_name(row, INPUT_PERSPECTIVE, placed->perspective);
	set_name(row, INPUT_INDICATOR, node ? node->indicator : NULL);
	set_name(row, INPUT_MEASURED_UNIT, input->unit);
	set_pointer(row, INPUT_ACTUAL, input->of.actual);
	set_pointer(row, INPUT_TARGET, input->of.aim.target);
	set_pointer(row, INPUT_BASELINE, from_baseline ? input->of.aim.baseline : NULL);
	set_pointer(row, INPUT_LOW, limits ? limits->low : NULL);
	set_pointer(row, INPUT_HIGH, limits ? limits->high : NULL);
	set_pointer(row, INPUT_OUTER_LOW, limits ? limits->outer_low : NULL);
	set_pointer(row, INPUT_OUTER_HIGH, limits ? limits->outer_high : NULL);
	set_pointer(row, INPUT_ATTAINMENT, input->of.attainment);
	set_pointer(row, INPUT_POINTS, input->points);
	set_pointer(row, INPUT_CARRIED_POINTS, input->carried);
	set_pointer(row, INPUT_COVERAGE, input->coverage);
	set_value(row, INPUT_MARKS, Int32GetDatum(input->marks));
	set_word(row, INPUT_REASON, input->reason);
}

/* The rows of the inputs of a cell. */
static void
put_inputs(const KpiCell *cell, ReturnSetInfo *result)
{
	Row			row;

	for (int i = 0; cell->final != NULL && i < cell->final->count; i++)
	{
		kpi_row_columns(cell->final->input[i], INPUT_COLUMNS, row.value, row.isnull);
		set_value(&row, INPUT_ASKED, BoolGetDatum(cell->asked));
		tuplestore_putvalues(result->setResult, result->setDesc, row.value, row.isnull);
	}
	if (cell->final != NULL)
		return;
	set_name(&row, INPUT_SCORECARD, cell->key.card->scorecard);
	set_name(&row, INPUT_UNIT, cell->key.unit);
	set_word(&row, INPUT_GRAIN, cell->key.grain->grain);
	set_value(&row, INPUT_PERIOD_START, DateADTGetDatum(cell->key.start));
	set_value(&row, INPUT_ASKED, BoolGetDatum(cell->asked));
	for (int i = 0; i < cell->tree->count; i++)
	{
		set_input(cell, i, &row);
		set_rules(&cell->tree->node[i], &row);
		tuplestore_putvalues(result->setResult, result->setDesc, row.value, row.isnull);
	}
}

/* Evaluate the cells of an array, and give the rows of the results or of the inputs. */
static void
evaluate(KpiEvaluation *evaluation, Datum cells, bool inputs, ReturnSetInfo *result)
{
	KpiCellKey *key;
	int			count = kpi_read_cells(evaluation, cells, &key);
	int			size;

	for (int done = 0; done < count; done += size)
	{
		KpiCell   **cell;
		int			cells_of_batch;

		MemoryContextSwitchTo(evaluation->batch);
		size = kpi_batch_size(&key[done], count - done);
		cell = kpi_evaluate_batch(evaluation, &key[done], size, &cells_of_batch);
		for (int i = 0; i < cells_of_batch; i++)
		{
			if (inputs)
				put_inputs(cell[i], result);
			else if (cell[i]->asked)
				put_results(evaluation, cell[i], result);
		}
		MemoryContextReset(evaluation->batch);
	}
}

/* The same of what was known at a time, in a memory context of its own; what is supposed, or 0. */
static Datum
evaluate_call(FunctionCallInfo fcinfo, TimestampTz known_at, bool anew, Datum supposed, bool inputs)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "kpi evaluate", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;
	KpiEvaluation *evaluation;

	InitMaterializedSRF(fcinfo, 0);
	old = MemoryContextSwitchTo(context);
	evaluation = kpi_evaluation(context, known_at, anew);
	if (supposed != 0)
		evaluation->supposed = kpi_read_suppositions(evaluation, supposed);
	evaluate(evaluation, PG_GETARG_DATUM(0), inputs, (ReturnSetInfo *) fcinfo->resultinfo);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	PG_RETURN_NULL();
}

/* evaluated(cells, known_at, anew): a row for each node of each cell. */
PG_FUNCTION_INFO_V1(kpi_evaluated);
Datum
kpi_evaluated(PG_FUNCTION_ARGS)
{
	return evaluate_call(fcinfo, PG_GETARG_TIMESTAMPTZ(1), PG_GETARG_BOOL(2), 0, false);
}

/* node_inputs(cells, known_at, anew): the same, with what the scores are made of. */
PG_FUNCTION_INFO_V1(kpi_node_inputs);
Datum
kpi_node_inputs(PG_FUNCTION_ARGS)
{
	return evaluate_call(fcinfo, PG_GETARG_TIMESTAMPTZ(1), PG_GETARG_BOOL(2), 0, true);
}

/* evaluated_if(cells, suppositions): what evaluated() would give now if things were otherwise. */
PG_FUNCTION_INFO_V1(kpi_evaluated_if);
Datum
kpi_evaluated_if(PG_FUNCTION_ARGS)
{
	return evaluate_call(fcinfo, KPI_KNOWN_NOW, true, PG_GETARG_DATUM(1), false);
}

/* The rows of the tree of a card on a day. */
static void
put_nodes(const KpiCardTree *tree, DateADT day, ReturnSetInfo *result)
{
	Row			row;

	set_name(&row, PLACED_SCORECARD, tree->card->scorecard);
	set_value(&row, PLACED_RULES, DateADTGetDatum(day));
	for (int i = 0; i < tree->count; i++)
	{
		const KpiPlacedNode *placed = &tree->node[i];
		const KpiCardNode *node = placed->node;

		set_name(&row, PLACED_NODE, placed->key);
		set_name(&row, PLACED_PARENT, placed->above < 0 ? NULL : tree->node[placed->above].key);
		set_value(&row, PLACED_PLACE, Int32GetDatum(i + 1));
		set_pointer(&row, PLACED_PATH, placed->path);
		set_value(&row, PLACED_DEPTH, Int32GetDatum(placed->depth));
		set_value(&row, PLACED_LEAF, BoolGetDatum(placed->leaf));
		set_name(&row, PLACED_PERSPECTIVE, placed->perspective);
		set_name(&row, PLACED_INDICATOR, node ? node->indicator : NULL);
		set_name(&row, PLACED_SHOWS, node ? node->shows : NULL);
		set_name(&row, PLACED_UNIT, node ? node->unit : NULL);
		set_pointer(&row, PLACED_WEIGHT, node ? node->weight : NULL);
		set_word(&row, PLACED_METHOD, word_of(&kpi_rollup_method_words, placed->method));
		set_word(&row, PLACED_MISSING, word_of(&kpi_rollup_missing_words, placed->missing));
		tuplestore_putvalues(result->setResult, result->setDesc, row.value, row.isnull);
	}
}

/* nodes_in_force(scorecard, day): its tree; no rows where there is none of that key. */
PG_FUNCTION_INFO_V1(kpi_nodes_in_force);
Datum
kpi_nodes_in_force(PG_FUNCTION_ARGS)
{
	KpiEvaluation *evaluation = kpi_evaluation(CurrentMemoryContext, KPI_KNOWN_NOW, false);
	const KpiName *scorecard = kpi_name_of(evaluation->names, PG_GETARG_DATUM(0));
	KpiCard    *card;

	InitMaterializedSRF(fcinfo, 0);
	kpi_cards_read(evaluation->cards, &scorecard, 1);
	card = kpi_card(evaluation->cards, scorecard);
	if (card != NULL)
		put_nodes(kpi_card_tree(evaluation->cards, card, PG_GETARG_DATEADT(1)), PG_GETARG_DATEADT(1),
				  (ReturnSetInfo *) fcinfo->resultinfo);
	PG_RETURN_NULL();
}
