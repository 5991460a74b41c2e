/*-------------------------------------------------------------------------
 *
 * input.c
 *	  What the scores of nodes are made of: values, targets, attainments, points.
 *
 * The value of a node is the measurement of its indicator for its own unit, else
 * the one evaluated for, in just this period.  Where it carries a longer own
 * grain that periods of the scorecard do not make, it is the latest whose period
 * has ended, while the card's ends before the next is due.  Where the policy
 * above is carry, a leaf without points has its last ones, of a period that is
 * at most max_age back, by the scale and limits in force now.  Where the period
 * they are of is final, both are what the final row has.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/input.h"

#include "engine/carry.h"
#include "engine/final.h"
#include "engine/suppose.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* A value of a period to be judged. */
typedef struct Judged
{
	const KpiCardNode *node;
	KpiLineKey	line;
	DateADT		start;
	DateADT		end;			/* the day after */
	const KpiValue *value;		/* or NULL */
	const KpiFinalNode *final;	/* of a period before, goes before the value */
} Judged;

/* The unit that a node of a cell measures. */
static const KpiName *
measured_unit(const KpiCell *cell, const KpiCardNode *node)
{
	return node->unit ? node->unit : cell->key.unit;
}

/* What the values of a node's indicator are of. */
KpiLineKey
kpi_node_line(const KpiCell *cell, const KpiCardNode *node, const KpiGrainRow *grain)
{
	KpiLineKey	key = {node->indicator, measured_unit(cell, node), grain};

	return key;
}

/* Want the values of some periods, and those of the siblings where they are ranked. */
static void
want_values(KpiEvaluation *evaluation, const KpiPlacedNode *placed, const KpiLineKey *key, DateADT first, DateADT last)
{
	const KpiGrainRule *rule = key->grain->rule;

	kpi_want_values(evaluation->values, key, first, last);
	if (!kpi_is_ranked(placed))
		return;
	for (DateADT start = first; start <= last; start = kpi_grain_step(rule, start, 1))
	{
		const KpiGroup *group = kpi_group_of(evaluation->siblings, key->unit, kpi_grain_step(rule, start, 1) - 1);

		if (!kpi_first_meeting(evaluation->places, group, key, start))
			continue;
		for (int i = 0; i < group->count; i++)
		{
			KpiLineKey	sibling = {key->indicator, group->unit[i], key->grain};

			kpi_want_values(evaluation->values, &sibling, start, start);
		}
	}
}

/* Want what the inputs of a cell need, and the values of a year ago. */
void
kpi_want_inputs(KpiEvaluation *evaluation, const KpiCell *cell)
{
	const KpiGrainRule *rule = cell->key.grain->rule;
	DateADT		year_ago = kpi_grain_last_year(rule, cell->key.start);

	for (int i = 0; i < cell->tree->count; i++)
	{
		const KpiPlacedNode *placed = &cell->tree->node[i];
		const KpiCardNode *node = placed->node;
		KpiLineKey	key;

		if (node == NULL || node->indicator == NULL)
			continue;
		key = kpi_node_line(cell, node, cell->key.grain);
		want_values(evaluation, placed, &key,
					placed->carried_above ? kpi_grain_step(rule, cell->key.start, -node->max_age) : cell->key.start, cell->key.start);
		if (cell->asked)
			kpi_want_values(evaluation->values, &key, year_ago, year_ago);
		if (kpi_carries_value(cell, node))
		{
			key.grain = node->own_grain;
			want_values(evaluation, placed, &key, kpi_carried_since(cell, node),
						kpi_grain_start(node->own_grain->rule, cell->end - 1));
		}
	}
}

/* A target without zeros at its end. */
static Numeric
trimmed(Numeric amount)
{
	return amount == NULL ? NULL :
		DatumGetNumeric(DirectFunctionCall1(numeric_trim_scale, NumericGetDatum(amount)));
}

/* Amounts of a target that are supposed take the place of those found. */
static void
suppose_amounts(const KpiSupposed *supposed, KpiFoundTarget *found)
{
	for (int i = 0; i < KPI_AMOUNTS; i++)
	{
		if (!supposed->has[i])
			continue;
		if (found->step == 0)
			memset(&found->amounts, 0, sizeof(KpiAmounts));
		found->step = Max(found->step, 1);
		found->amounts.amount[i] = supposed->amounts.amount[i];
		found->reason = NULL;
	}
}

/* The target of a value. */
static void
find_target(KpiEvaluation *evaluation, const Judged *judged, KpiFoundTarget *found)
{
	const KpiSupposed *supposed = kpi_supposed(evaluation->supposed, &judged->line, judged->start);

	kpi_find_target(evaluation->targets, judged->line.indicator->string, judged->line.unit->string,
					judged->line.grain, judged->start, found);
	if (supposed != NULL)
		suppose_amounts(supposed, found);
}

/* A value with its target and attainment. */
static KpiCase
make_case(KpiEvaluation *evaluation, const Judged *judged)
{
	KpiCase		of = {0};
	KpiFoundTarget found;

	find_target(evaluation, judged, &found);
	if (found.step != 0)
	{
		of.aim.target = trimmed(found.amounts.amount[KPI_AMOUNT_TARGET]);
		of.aim.baseline = trimmed(found.amounts.amount[KPI_AMOUNT_BASELINE]);
		of.aim.limits.low = trimmed(found.amounts.amount[KPI_AMOUNT_LOW]);
		of.aim.limits.high = trimmed(found.amounts.amount[KPI_AMOUNT_HIGH]);
		of.aim.limits.outer_low = trimmed(found.amounts.amount[KPI_AMOUNT_OUTER_LOW]);
		of.aim.limits.outer_high = trimmed(found.amounts.amount[KPI_AMOUNT_OUTER_HIGH]);
	}
	of.target_reason = found.reason;
	if (judged->value != NULL)
	{
		of.value = judged->value->value;
		of.invalid = judged->value->invalid;
		of.actual = judged->value->actual;
	}
	of.attainment = kpi_judge_attainment(&judged->node->terms, of.actual, &of.aim);
	return of;
}

/* What is final of a node for a unit in a period; NULL where nothing is, or it showed another indicator or unit then. */
static const KpiFinalNode *
final_of(KpiEvaluation *evaluation, const KpiCell *cell, const KpiName *unit, const Judged *judged)
{
	const KpiFinalNode *final = kpi_final_node(evaluation, cell, unit, judged->line.grain, judged->start, judged->node->node);

	return final != NULL && final->indicator == judged->line.indicator && final->input.unit == judged->line.unit ? final : NULL;
}

/* The same for the unit of a cell in an earlier period. */
static const KpiFinalNode *
final_before(KpiEvaluation *evaluation, const KpiCell *cell, const Judged *judged)
{
	return cell->key.anew == KPI_ANEW_ALL ? NULL : final_of(evaluation, cell, cell->key.unit, judged);
}

/* What is supposed takes the place of a value. */
static void
suppose_value(KpiEvaluation *evaluation, Judged *judged)
{
	const KpiSupposed *supposed = kpi_supposed(evaluation->supposed, &judged->line, judged->start);

	if (supposed == NULL)
		return;
	judged->final = NULL;
	if (supposed->has[KPI_SUPPOSE_ACTUAL])
		judged->value = &supposed->value;
}

/* What merit_of needs to know. */
typedef struct Contest
{
	KpiEvaluation *evaluation;
	const KpiCell *cell;
	Judged		judged;
} Contest;

/* What a sibling is ranked by: what is final of it goes before its value. */
static Numeric
merit_of(void *argument, const KpiName *unit)
{
	Contest    *contest = argument;
	Judged		judged = contest->judged;
	KpiCase		of;

	judged.line.unit = unit;
	judged.value = kpi_value_of(kpi_line_of(contest->evaluation->values, &judged.line), judged.start);
	judged.final = kpi_ranks_finals(contest->cell) ? final_of(contest->evaluation, contest->cell, unit, &judged) : NULL;
	suppose_value(contest->evaluation, &judged);
	of = judged.final ? judged.final->input.of : make_case(contest->evaluation, &judged);
	return kpi_judge_merit(&judged.node->terms, judged.node->scale, &of);
}

/* The place among the siblings of a value that is ranked; 0 where it has none. */
static int64
place_of(KpiEvaluation *evaluation, const KpiCell *cell, const Judged *judged)
{
	Contest		contest = {evaluation, cell, *judged};
	KpiRanking	ranking = {judged->line, judged->start, judged->node->scale};

	if (kpi_ranks_finals(cell))
		ranking.by = judged->node;
	return kpi_place_of(evaluation->places, &ranking,
						kpi_group_of(evaluation->siblings, judged->line.unit, judged->end - 1), merit_of, &contest);
}

/* The points of a value, held within the limits of its node. */
static Numeric
points_of(KpiEvaluation *evaluation, const KpiCell *cell, const KpiPlacedNode *placed, const Judged *judged,
		  const KpiCase *of)
{
	const KpiCardNode *node = placed->node;
	int64		place = kpi_is_ranked(placed) ? place_of(evaluation, cell, judged) : 0;

	return kpi_judge_limits(kpi_judge_points(kpi_judge_argument(&node->terms, node->scale, of), place, node->scale),
							&placed->limits);
}

/* The last points of a leaf before its period; NULL where there are none. */
static Numeric
last_points(KpiEvaluation *evaluation, const KpiCell *cell, const KpiPlacedNode *placed)
{
	const KpiGrainRule *rule = cell->key.grain->rule;
	Judged		judged = {.node = placed->node,.line = kpi_node_line(cell, placed->node, cell->key.grain)};
	const KpiLine *line = kpi_line_of(evaluation->values, &judged.line);
	Numeric		points = NULL;

	judged.start = cell->key.start;
	for (int age = 1; points == NULL && age <= placed->node->max_age; age++)
	{
		const KpiFinalNode *final;

		judged.end = judged.start;
		judged.start = kpi_grain_step(rule, judged.start, -1);
		judged.value = kpi_value_of(line, judged.start);
		final = final_before(evaluation, cell, &judged);
		if (final != NULL)
			points = final->input.points;
		else if (judged.value != NULL)
		{
			KpiCase		of = make_case(evaluation, &judged);

			points = points_of(evaluation, cell, placed, &judged, &of);
		}
	}
	return points;
}

/* Take the latest value of a longer own grain, where there is one and the next is not due. */
static bool
carry_value(KpiEvaluation *evaluation, const KpiCell *cell, const KpiCardNode *node, Judged *judged)
{
	const KpiGrainRule *rule = node->own_grain->rule;
	KpiLineKey	key = kpi_node_line(cell, node, node->own_grain);
	const KpiLine *line = kpi_line_of(evaluation->values, &key);
	DateADT		since = kpi_carried_since(cell, node);
	DateADT		start = kpi_grain_start(rule, cell->end - 1);

	if (kpi_grain_step(rule, start, 1) > cell->end)
		start = kpi_grain_step(rule, start, -1);
	for (; start >= since; start = kpi_grain_step(rule, start, -1))
	{
		Judged		earlier = {node, key, start, kpi_grain_step(rule, start, 1), kpi_value_of(line, start), NULL};

		earlier.final = final_before(evaluation, cell, &earlier);
		if (earlier.final != NULL ? earlier.final->input.of.actual == NULL :
			earlier.value == NULL || earlier.value->actual == NULL)
			continue;
		*judged = earlier;
		return true;
	}
	return false;
}

/* The value of a node: that of the period, or a carried one. */
static Judged
judged_value(KpiEvaluation *evaluation, const KpiCell *cell, const KpiCardNode *node)
{
	Judged		judged = {node, kpi_node_line(cell, node, cell->key.grain), cell->key.start, cell->end, NULL, NULL};

	if (!kpi_carries_value(cell, node) || !carry_value(evaluation, cell, node, &judged))
		judged.value = kpi_value_of(kpi_line_of(evaluation->values, &judged.line), judged.start);
	suppose_value(evaluation, &judged);
	return judged;
}

/* Suppose something of what the nodes of that key show; false where there is none. */
static bool
suppose_of_nodes(KpiEvaluation *evaluation, const KpiCell *cell, const KpiSupposition *item)
{
	bool		found = false;

	for (int i = 0; i < cell->tree->count; i++)
	{
		const KpiPlacedNode *placed = &cell->tree->node[i];
		Judged		judged;

		if (placed->key != item->node || placed->node == NULL || placed->node->indicator == NULL)
			continue;
		judged = judged_value(evaluation, cell, placed->node);
		kpi_suppose_line(evaluation->supposed, item, &judged.line, judged.start);
		found = true;
	}
	return found;
}

/* Find out of which indicators, units and periods actuals and targets are that are supposed for a cell. */
void
kpi_suppose_inputs(KpiEvaluation *evaluation, const KpiCell *cell)
{
	for (int i = 0; i < evaluation->supposed->count; i++)
	{
		const KpiSupposition *item = &evaluation->supposed->item[i];
		KpiLineKey	line = {item->node, item->unit ? item->unit : cell->key.unit, cell->key.grain};

		if (item->what != KPI_SUPPOSE_WEIGHT && (item->unit != NULL || !suppose_of_nodes(evaluation, cell, item)))
			kpi_suppose_line(evaluation->supposed, item, &line, cell->key.start);
	}
}

/* A node that shows an indicator. */
static void
make_indicator(KpiEvaluation *evaluation, const KpiCell *cell, const KpiPlacedNode *placed, KpiNodeInput *input)
{
	Judged		judged = judged_value(evaluation, cell, placed->node);
	const KpiNodeInput *final = judged.final ? &judged.final->input : NULL;

	input->of = final ? final->of : make_case(evaluation, &judged);
	if (final ? final->marks & KPI_MARK_PROVISIONAL : judged.value != NULL && judged.value->provisional)
		input->marks |= KPI_MARK_PROVISIONAL;
	if (judged.end < cell->end)
		input->marks |= KPI_MARK_CARRIED;
	if (!placed->leaf)
		return;
	input->points = final && judged.final->leaf ? final->points : points_of(evaluation, cell, placed, &judged, &input->of);
	if (input->points != NULL)
		return;
	input->reason = final && final->reason ? final->reason :
		kpi_judge_reason(&placed->node->terms, placed->node->scale, &input->of);
	if (placed->carried_above)
		input->carried = last_points(evaluation, cell, placed);
}

/* A node that shows another scorecard, which has been scored. */
static void
make_shown(KpiEvaluation *evaluation, const KpiCell *cell, const KpiPlacedNode *placed, KpiNodeInput *input)
{
	const KpiCell *shown = kpi_shown_cell(evaluation, cell, placed->node);
	const KpiNodeScore *score = shown ? &shown->score[0] : NULL;

	if (score != NULL)
	{
		input->points = kpi_judge_limits(score->score, &placed->limits);
		input->coverage = score->coverage;
		input->marks = (score->provisional ? KPI_MARK_PROVISIONAL : 0) | (score->carried ? KPI_MARK_CARRIED : 0);
	}
	if (input->points == NULL)
		input->reason = score != NULL && score->reason != NULL ? score->reason : "no_data";
}

/* The inputs of all nodes of a cell; what they show has been scored. */
void
kpi_make_inputs(KpiEvaluation *evaluation, KpiCell *cell)
{
	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < cell->tree->count; i++)
	{
		const KpiPlacedNode *placed = &cell->tree->node[i];
		KpiNodeInput *input = &cell->input[i];

		input->unit = placed->node ? measured_unit(cell, placed->node) : cell->key.unit;
		if (placed->node != NULL && placed->node->indicator != NULL)
			make_indicator(evaluation, cell, placed, input);
		else if (placed->node != NULL && placed->node->shows != NULL)
			make_shown(evaluation, cell, placed, input);
		else if (placed->leaf)
			input->reason = "no_data";
	}
}
