/*-------------------------------------------------------------------------
 *
 * target_find.c
 *	  The target of a period: the ways to it, one after the other.
 *
 * A target comes from the rows of the unit (steps 1 to 4, target_rows.c);
 * under hold and where the indicator inherits targets, from those of the
 * nearest unit above that has one (5); from the benchmark of the peer that the
 * indicator names (6).  The target of a window is combined from those of the
 * periods it consists of.
 *
 * NULL rule: NULL for NULL.  No target is NULL with a reason: no_target where
 * no row has any of the days, no_target_rule where rows have and nothing says
 * how to bring them to the period, else partial_target.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/target_finder.h"

#include "miscadmin.h"
#include "registry/access.h"

#define STEP_INHERITED 5
#define STEP_BENCHMARK 6

/* Step 5: the target of the nearest unit above that has one, on the last of the days. */
static bool
find_above(KpiTargetFinder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
		   const KpiTargetDays *days, KpiAmounts *amounts)
{
	const char *above = unit;

	if (!terms->inherit || !terms->has_rule || terms->rule != KPI_TARGET_HOLD)
		return false;
	while ((above = kpi_unit_above(finder, above, days->to - 1)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		if (kpi_rows_find(kpi_target_rows(finder, indicator, above), terms, days, amounts) != 0)
			return true;
	}
	return false;
}

/* The step that has the target of some days, or 0. */
static int
find_step(KpiTargetFinder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
		  const KpiTargetDays *days, KpiAmounts *amounts)
{
	int			step = kpi_rows_find(kpi_target_rows(finder, indicator, unit), terms, days, amounts);

	if (step != 0)
		return step;
	if (find_above(finder, terms, indicator, unit, days, amounts))
		return STEP_INHERITED;
	if (terms->peer != NULL &&
		kpi_rows_find(kpi_target_benchmarks(finder, indicator, terms->peer), terms, days, amounts) != 0)
		return STEP_BENCHMARK;
	return 0;
}

/* Why some days have no target. */
static const char *
reason_of(KpiTargetFinder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
		  DateADT from, DateADT to)
{
	if (!kpi_rows_touch(kpi_target_rows(finder, indicator, unit), from, to))
		return "no_target";
	return terms->has_rule ? "partial_target" : "no_target_rule";
}

/* The target of days that are no window. */
void
kpi_find_days(KpiTargetFinder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
			  const KpiTargetDays *days, KpiFoundTarget *found)
{
	found->step = find_step(finder, terms, indicator, unit, days, &found->amounts);
	found->reason = found->step != 0 ? NULL :
		reason_of(finder, terms, indicator, unit, days->from, days->to);
}

/* The target of a window: of the periods that it consists of, all needed; of an end the last, or the first. */
static void
find_window(KpiTargetFinder *finder, const KpiTargetTerms *terms, const char *indicator, const char *unit,
			const KpiGrainRow *window, DateADT start, KpiFoundTarget *found)
{
	const KpiGrainRow *base = window->base;
	KpiTargetDays days = {base->rule, 0, 0, base->position};
	DateADT		first = kpi_grain_first_day(window->rule, start);
	DateADT		end = kpi_grain_step(base->rule, start, 1);
	int			step = 0;
	KpiParts	parts;

	if (terms->has_rule && terms->rule == KPI_TARGET_END)
	{
		if (terms->first)
			end = kpi_grain_step(base->rule, first, 1);
		else
			first = start;
	}
	kpi_parts_start(&parts, terms);
	for (days.from = first; days.from < end; days.from = days.to)
	{
		CHECK_FOR_INTERRUPTS();
		days.to = kpi_grain_step(base->rule, days.from, 1);
		found->step = terms->has_rule ? find_step(finder, terms, indicator, unit, &days, &found->amounts) : 0;
		if (found->step == 0)
		{
			found->reason = reason_of(finder, terms, indicator, unit, first, end);
			return;
		}
		step = Max(step, found->step);
		kpi_parts_add(&parts, &found->amounts, days.to - days.from);
	}
	kpi_parts_finish(&parts, &found->amounts);
	found->step = step;
}

/*
 * The target of the period of a grain that has a day, partly in the current
 * memory context; that of a unit which the current role may not see on its
 * last day is hidden.
 */
void
kpi_find_target(KpiTargetFinder *finder, const char *indicator, const char *unit,
				const KpiGrainRow *grain, DateADT day, KpiFoundTarget *found)
{
	const KpiTargetTerms *terms = kpi_target_terms(finder, indicator);
	KpiTargetDays days;

	memset(found, 0, sizeof(KpiFoundTarget));
	found->reason = "no_target";
	if (terms == NULL || !kpi_grain_has(grain->rule, day))
		return;
	found->reason = NULL;
	days.grain = grain->rule;
	days.from = kpi_grain_start(grain->rule, day);
	days.to = kpi_grain_step(grain->rule, day, 1);
	days.position = grain->position;
	if (!kpi_may_on_days(KPI_MAY_READ, unit, days.to - 1, days.to))
		found->reason = "hidden";
	else if (grain->base != NULL)
		find_window(finder, terms, indicator, unit, grain, days.from, found);
	else
		kpi_find_days(finder, terms, indicator, unit, &days, found);
}
