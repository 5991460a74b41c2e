/*-------------------------------------------------------------------------
 *
 * target_rows.c
 *	  The target of a period from the rows of one indicator and unit.
 *
 * The first of these that there is:
 *
 *	1. the row of that very grain;
 *	2. shorter rows whose periods make it exactly, the longest such grain
 *	   first, each part by its own row or again by shorter ones, none lacking;
 *	   of an end only the last part counts, or the first;
 *	3. the rows of the next longer grain that cover it, brought down;
 *	4. the rows without a grain that cover it.
 *
 * The periods of a row with a grain each have its amounts.  The days of a row
 * without a grain are one period, of no calendar.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/target.h"

#include "miscadmin.h"

/* By grain, from short to long and none last, then by days. */
static int
compare_rows(const void *a, const void *b)
{
	const KpiTargetRow *left = a;
	const KpiTargetRow *right = b;

	if (left->grain != right->grain)
	{
		/* grains stand in the order of one array */
		if (left->grain == NULL || right->grain == NULL)
			return left->grain == NULL ? 1 : -1;
		return left->grain < right->grain ? -1 : 1;
	}
	return left->from < right->from ? -1 : left->from > right->from;
}

/* Sorts the rows of an indicator and unit into groups of one grain. */
void
kpi_group_rows(KpiTargetRow *row, int count, KpiTargetRows *rows)
{
	qsort(row, count, sizeof(KpiTargetRow), compare_rows);
	rows->count = 0;
	rows->group = palloc(sizeof(KpiTargetGroup) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		if (i == 0 || row[i].grain != row[i - 1].grain)
		{
			KpiTargetGroup *group = &rows->group[rows->count++];

			group->grain = row[i].grain;
			group->row = &row[i];
			group->count = 0;
		}
		rows->group[rows->count - 1].count++;
	}
}

/* The row that has a day, or NULL. */
static const KpiTargetRow *
row_with(const KpiTargetGroup *group, DateADT day)
{
	int			low = 0;
	int			high = group->count;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (group->row[middle].to <= day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < group->count && group->row[low].from <= day ? &group->row[low] : NULL;
}

/* Can days of the row be given a part of it?  Of a total of days without an end they cannot. */
static bool
has_parts(const KpiTargetRow *row, const KpiTargetTerms *terms)
{
	return row->grain != NULL || terms->rule == KPI_TARGET_HOLD || terms->rule == KPI_TARGET_END ||
		!(DATE_NOT_FINITE(row->from) || DATE_NOT_FINITE(row->to));
}

/* Do rows of the group have all of the days? */
static bool
covers(const KpiTargetGroup *group, const KpiTargetTerms *terms, DateADT from, DateADT to)
{
	const KpiTargetRow *row = row_with(group, from);
	const KpiTargetRow *end = group->row + group->count;

	if (row == NULL)
		return false;
	while (row->to < to)
	{
		if (!has_parts(row, terms) || row + 1 == end || row[1].from != row->to)
			return false;
		row++;
	}
	return has_parts(row, terms);
}

/* Has any row some of the days? */
bool
kpi_rows_touch(const KpiTargetRows *rows, DateADT from, DateADT to)
{
	for (int i = 0; i < rows->count; i++)
	{
		for (int k = 0; k < rows->group[i].count; k++)
		{
			if (rows->group[i].row[k].from < to && rows->group[i].row[k].to > from)
				return true;
		}
	}
	return false;
}

/* Do periods of the grain make the days exactly? */
static bool
makes(const KpiGrainRule *finer, const KpiTargetDays *days)
{
	if (finer == days->grain)
		return false;
	if (days->grain != NULL)
		return kpi_grain_tiles(finer, days->grain);
	return kpi_grain_start(finer, days->from) == days->from && kpi_grain_start(finer, days->to) == days->to;
}

static int	find_made(const KpiTargetRows *rows, const KpiTargetTerms *terms,
					  const KpiTargetDays *days, KpiAmounts *amounts);

/* The period of a grain that has a day. */
static KpiTargetDays
period_with(const KpiGrainRow *grain, DateADT day)
{
	KpiTargetDays period = {grain->rule, kpi_grain_start(grain->rule, day),
	kpi_grain_step(grain->rule, day, 1), grain->position};

	return period;
}

/* Step 1: the row of the very grain. */
static bool
find_own(const KpiTargetRows *rows, const KpiTargetDays *days, KpiAmounts *amounts)
{
	for (int i = 0; i < rows->count; i++)
	{
		const KpiTargetGroup *group = &rows->group[i];
		const KpiTargetRow *row;

		if (group->grain == NULL || group->grain->rule != days->grain ||
			(row = row_with(group, days->from)) == NULL)
			continue;
		*amounts = row->amounts;
		return true;
	}
	return false;
}

/*
 * A part of some days by its own row or by shorter ones.  Where the part is
 * all of them, as the quarters of two calendars are, only by its own: or each
 * would ask for the other.
 */
static bool
find_part(const KpiTargetRows *rows, const KpiTargetTerms *terms, const KpiTargetDays *days,
		  const KpiTargetDays *part, KpiAmounts *amounts)
{
	if (part->from == days->from && part->to == days->to)
		return find_own(rows, part, amounts);
	return find_made(rows, terms, part, amounts) != 0;
}

/* The days from the periods of a shorter grain; false where one lacks. */
static bool
from_periods(const KpiTargetRows *rows, const KpiTargetTerms *terms,
			 const KpiGrainRow *grain, const KpiTargetDays *days, KpiAmounts *amounts)
{
	KpiParts	parts;
	KpiTargetDays part;

	if (terms->rule == KPI_TARGET_END)
	{
		part = period_with(grain, terms->first ? days->from : days->to - 1);
		return find_part(rows, terms, days, &part, amounts);
	}
	kpi_parts_start(&parts, terms);
	for (DateADT day = days->from; day < days->to; day = part.to)
	{
		KpiAmounts	own;

		CHECK_FOR_INTERRUPTS();
		part = period_with(grain, day);
		if (!find_part(rows, terms, days, &part, &own))
			return false;
		kpi_parts_add(&parts, &own, part.to - part.from);
	}
	kpi_parts_finish(&parts, amounts);
	return true;
}

/* Step 2: shorter rows that make the days. */
bool
kpi_rows_parts(const KpiTargetRows *rows, const KpiTargetTerms *terms,
			   const KpiTargetDays *days, KpiAmounts *amounts)
{
	for (int i = rows->count - 1; terms->has_rule && i >= 0; i--)
	{
		const KpiTargetGroup *group = &rows->group[i];

		if (group->grain != NULL && makes(group->grain->rule, days) &&
			from_periods(rows, terms, group->grain, days, amounts))
			return true;
	}
	return false;
}

/* The step of these two that has the days, or 0. */
static int
find_made(const KpiTargetRows *rows, const KpiTargetTerms *terms,
		  const KpiTargetDays *days, KpiAmounts *amounts)
{
	if (find_own(rows, days, amounts))
		return 1;
	return kpi_rows_parts(rows, terms, days, amounts) ? 2 : 0;
}

/* The amounts of some days from rows of the group, which cover them. */
static void
bring_down(const KpiTargetGroup *group, const KpiTargetTerms *terms,
		   const KpiTargetDays *days, KpiAmounts *amounts)
{
	KpiParts	parts;
	DateADT		end;

	kpi_parts_start(&parts, terms);
	for (DateADT day = days->from; day < days->to; day = end)
	{
		const KpiTargetRow *row = row_with(group, day);
		const KpiGrainRule *grain = group->grain ? group->grain->rule : NULL;
		DateADT		start = grain ? kpi_grain_start(grain, day) : row->from;
		DateADT		until = grain ? kpi_grain_step(grain, day, 1) : row->to;
		KpiAmounts	part;

		CHECK_FOR_INTERRUPTS();
		end = Min(until, days->to);
		kpi_bring_down(terms, row, start, until, day, end, &part);
		kpi_parts_add(&parts, &part, end - day);
	}
	kpi_parts_finish(&parts, amounts);
}

/* Is the grain of a group one that days are brought down from? */
static bool
is_longer(const KpiGrainRow *grain, const KpiTargetDays *days)
{
	return grain != NULL && grain->rule != days->grain && grain->position >= days->position &&
		!makes(grain->rule, days);
}

/* The step that has the target of some days, from 1 to 4, or 0. */
int
kpi_rows_find(const KpiTargetRows *rows, const KpiTargetTerms *terms,
			  const KpiTargetDays *days, KpiAmounts *amounts)
{
	int			step = find_made(rows, terms, days, amounts);

	if (step != 0 || !terms->has_rule)
		return step;
	for (int i = 0; i < rows->count; i++)
	{
		const KpiTargetGroup *group = &rows->group[i];

		if ((group->grain == NULL || is_longer(group->grain, days)) &&
			covers(group, terms, days->from, days->to))
		{
			bring_down(group, terms, days, amounts);
			return group->grain == NULL ? 4 : 3;
		}
	}
	return 0;
}
