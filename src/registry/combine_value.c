/*-------------------------------------------------------------------------
 *
 * combine_value.c
 *	  The values of one indicator for all units and periods.
 *
 * First over the units in each period of the own grain, by the tree of its
 * last day, then over time; a stock the other way round: the last (first)
 * period with a value of each unit, then over the units in force on the last
 * (first) day.  What comes from rows or a formula for every period needs no
 * combining over time.
 *
 * What was entered or rated for the very unit and period stands before what
 * its parts give, and is what the unit above gets of it.  What the rows of an
 * inner unit give is one more part beside its children.
 *
 * A rolling window has a value where each of its periods has, or as many as
 * the indicator wants; one that has not begun has none.
 *
 * NULL rule: a part without a value is left out (combine_rule.c).  Where no
 * part has one there is none, and no row.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/combine.h"

#include "miscadmin.h"

/* Is there a value, and not only a row? */
static inline bool
has_value(const KpiValue *value)
{
	return value != NULL && value->value != NULL;
}

/* The same value of another origin. */
static KpiValue *
copy_value(const KpiValue *value, KpiOrigin origin)
{
	KpiValue   *copy = palloc(sizeof(KpiValue));

	*copy = *value;
	copy->origin = origin;
	copy->has_rows = copy->has_parts = false;
	return copy;
}

/* Begins a mix for each unit. */
static void
start_mixes(KpiCombining *combining)
{
	for (int i = 0; i < combining->units.count; i++)
		kpi_mix_start(&combining->mix[i], combining->over_units);
}

/* Hands the value of a unit to the one above, if the unit counts on these days. */
static KpiMix *
hand_up(KpiCombining *combining, int unit, const KpiValue *value, DateADT from, DateADT to)
{
	int			parent = combining->units.parent[unit];

	if (parent < 0 || !kpi_makes(combining->over_units) || !kpi_in_force(&combining->units, unit, from, to))
		return NULL;
	kpi_mix_add(&combining->mix[parent], value, 1);
	return &combining->mix[parent];
}

/* What a unit has of its children, and of its own rows. */
static KpiValue *
mix_with_own(KpiMix *mix, KpiValue *own)
{
	KpiValue   *result;

	if (mix->expected == 0)
		return own;
	if (kpi_mix_has(mix->rule, own))
		kpi_mix_add(mix, own, 1);
	result = kpi_mix_finish(mix);
	return result ? result : own;
}

/* The values of a period over the units, by the tree of its last day. */
static void
combine_units(KpiCombining *combining, KpiCombinePeriod *period)
{
	start_mixes(combining);
	kpi_tree_build(&combining->units, period->to - 1);
	for (int i = 0; i < combining->units.count; i++)
	{
		int			unit = combining->units.order[i];

		period->value[unit] = period->given[unit];
		if (period->value[unit] == NULL)
			period->value[unit] = mix_with_own(&combining->mix[unit], period->base[unit]);
		(void) hand_up(combining, unit, period->value[unit], period->from, period->to);
	}
}

/* The first of the own periods that lie in a longer one. */
static int
first_within(const KpiCombining *combining, const KpiCombinePeriod *period)
{
	int			low = 0;
	int			high = combining->own;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (combining->period[middle].from < period->from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is the own period one of those in the longer one? */
static inline bool
is_within(const KpiCombining *combining, int own, const KpiCombinePeriod *period)
{
	return own < combining->own && combining->period[own].to <= period->to;
}

/* Has the unit a value in any own period of these days? */
static bool
has_value_in(const KpiCombining *combining, const KpiCombinePeriod *days, int unit)
{
	for (int i = first_within(combining, days); is_within(combining, i, days); i++)
	{
		if (kpi_mix_has(combining->over_time, combining->period[i].value[unit]))
			return true;
	}
	return false;
}

/* Has a window what it needs: of a rolling one enough periods, of any a beginning? */
static bool
window_is_full(const KpiCombining *combining, const KpiCombinePeriod *window, int unit)
{
	const KpiGrainRule *base = window->grain->rule->base;
	KpiCombinePeriod part = {0};
	int			count = 0;
	int			with_value = 0;
	bool		last = false;

	for (part.from = window->from; part.from < window->to; part.from = part.to)
	{
		part.to = kpi_grain_step(base, part.from, 1);
		last = has_value_in(combining, &part, unit);
		with_value += last;
		count++;
	}
	if (!window->is_begun && !last)
		return false;
	return window->grain->rule->kind != KPI_GRAIN_LAST ||
		with_value >= (combining->window_min > 0 ? combining->window_min : count);
}

/* Can the period have a value of the unit, as far as windows are concerned? */
static bool
is_full(const KpiCombining *combining, const KpiCombinePeriod *period, int unit)
{
	return !kpi_is_window(period->grain->rule) || window_is_full(combining, period, unit);
}

/* Is a value of the unit expected in an own period? */
static bool
is_expected(const KpiCombining *combining, const KpiCombinePeriod *own, int unit)
{
	return own->value[unit] != NULL || kpi_in_force(&combining->units, unit, own->from, own->to);
}

/* The value of a longer period over time. */
static KpiValue *
combine_unit_time(const KpiCombining *combining, const KpiCombinePeriod *period, int unit)
{
	KpiMix		mix;
	KpiValue   *result;

	kpi_mix_start(&mix, combining->over_time);
	for (int i = first_within(combining, period); is_within(combining, i, period); i++)
	{
		const KpiCombinePeriod *own = &combining->period[i];

		if (is_expected(combining, own, unit))
			kpi_mix_add(&mix, own->value[unit], own->to - own->from);
	}
	result = kpi_mix_finish(&mix);
	if (result == NULL || !is_full(combining, period, unit))
		return NULL;
	return result;
}

/* The values of a longer period over time, where they are made of its parts. */
static void
combine_time(KpiCombining *combining, KpiCombinePeriod *period)
{
	for (int unit = 0; unit < combining->units.count; unit++)
	{
		period->value[unit] = period->given[unit];
		if (period->value[unit] == NULL && kpi_makes(combining->over_time))
			period->value[unit] = combine_unit_time(combining, period, unit);
	}
}

/* Is one own period nearer to the end that a stock is taken at?  -1 is nearest to none. */
static inline bool
is_nearer(const KpiCombining *combining, int a, int b)
{
	if (a < 0 || b < 0)
		return b < 0;
	return combining->over_time == KPI_COMBINE_LAST ? a >= b : a <= b;
}

/* The stock of a unit before it is combined. */
typedef struct Stock
{
	const KpiValue *given;		/* entered or rated last (first) */
	int			given_at;		/* for that own period, or -1 */
	const KpiValue *own;		/* from its rows, or a formula */
	int			own_at;
	int			parts;			/* own periods with a value of the unit */
	int			expected;
} Stock;

/* Finds the last (first) own periods with values of a unit. */
static Stock
find_stock(const KpiCombining *combining, const KpiCombinePeriod *period, int unit)
{
	Stock		stock = {.given_at = -1,.own_at = -1};

	for (int i = first_within(combining, period); is_within(combining, i, period); i++)
	{
		const KpiCombinePeriod *own = &combining->period[i];

		stock.expected += is_expected(combining, own, unit);
		stock.parts += has_value(own->value[unit]);
		if (has_value(own->given[unit]))
		{
			if (is_nearer(combining, i, stock.given_at))
			{
				stock.given = own->given[unit];
				stock.given_at = i;
			}
		}
		else if (own->given[unit] == NULL && has_value(own->base[unit]) && is_nearer(combining, i, stock.own_at))
		{
			stock.own = own->base[unit];
			stock.own_at = i;
		}
	}
	return stock;
}

/* A stock chosen among own periods, as the value of the longer one. */
static KpiValue *
chosen(const Stock *stock, const KpiCombinePeriod *period, const KpiValue *value, int at)
{
	KpiValue   *result;

	if (value == NULL)
		return NULL;
	result = copy_value(value, period->is_own ? value->origin : KPI_ORIGIN_COMBINED);
	result->at = at;
	if (period->is_own)
	{
		result->has_rows = value->has_rows;
		return result;
	}
	result->has_parts = true;
	result->parts = stock->parts;
	result->parts_expected = stock->expected;
	return result;
}

/* The stock of a unit: what was given for it last, else that of its children and its own rows. */
static KpiValue *
combine_stock(KpiCombining *combining, const KpiCombinePeriod *period, int unit)
{
	Stock		stock = find_stock(combining, period, unit);
	KpiMix	   *mix = &combining->mix[unit];

	if (stock.given != NULL && is_nearer(combining, stock.given_at, mix->at) &&
		is_nearer(combining, stock.given_at, stock.own_at))
		return chosen(&stock, period, stock.given, stock.given_at);
	if (mix->expected == 0 || (mix->parts == 0 && stock.own == NULL))
		return chosen(&stock, period, stock.own, stock.own_at);
	if (stock.own != NULL)
		kpi_mix_add(mix, stock.own, 1);
	if (is_nearer(combining, stock.own_at, mix->at))
		mix->at = stock.own_at;
	return kpi_mix_finish(mix);
}

/* The own period that stands at the end of a longer one at which stocks are taken. */
static int
end_of(const KpiCombining *combining, const KpiCombinePeriod *period)
{
	int			end = first_within(combining, period);

	while (combining->over_time == KPI_COMBINE_LAST && is_within(combining, end + 1, period))
		end++;
	return end;
}

/* The stocks of a period: over time in each unit, then over the units of one day. */
static void
combine_stocks(KpiCombining *combining, KpiCombinePeriod *period)
{
	DateADT		day = combining->over_time == KPI_COMBINE_LAST ? period->to - 1 : period->from;
	int			end = end_of(combining, period);

	start_mixes(combining);
	kpi_tree_build(&combining->units, day);
	for (int i = 0; i < combining->units.count; i++)
	{
		int			unit = combining->units.order[i];
		KpiValue   *value = period->given[unit];
		KpiMix	   *above;

		if (value != NULL)
			value->at = end;
		else
			value = combine_stock(combining, period, unit);
		above = hand_up(combining, unit, value, day, day + 1);
		if (above != NULL && has_value(value) && is_nearer(combining, value->at, above->at))
			above->at = value->at;
		period->value[unit] = value;
	}
}

/* Takes away the stocks of windows that have not enough periods. */
static void
drop_unfilled(KpiCombining *combining, KpiCombinePeriod *period)
{
	for (int unit = 0; unit < combining->units.count; unit++)
	{
		if (period->value[unit] != NULL && period->value[unit] != period->given[unit] &&
			!is_full(combining, period, unit))
			period->value[unit] = NULL;
	}
}

/* What is combined is provisional while its period is open. */
static void
mark_open(KpiCombining *combining, KpiCombinePeriod *period)
{
	for (int unit = 0; period->is_open && unit < combining->units.count; unit++)
	{
		KpiValue   *value = period->value[unit];

		if (value != NULL && value->origin == KPI_ORIGIN_COMBINED)
			value->provisional = true;
	}
}

/* Hands the value of the nearest unit above to those that have none, from the root down. */
static void
hand_down(KpiCombining *combining, KpiCombinePeriod *period)
{
	KpiUnitTree *units = &combining->units;
	KpiValue  **nearest = palloc0(sizeof(KpiValue *) * Max(units->count, 1));

	kpi_tree_build(units, period->to - 1);
	for (int i = units->count - 1; i >= 0; i--)
	{
		int			unit = units->order[i];
		KpiValue   *above = units->parent[unit] < 0 ? NULL : nearest[units->parent[unit]];

		nearest[unit] = has_value(period->value[unit]) ? period->value[unit] : above;
		if (nearest[unit] != NULL && nearest[unit] == above &&
			kpi_in_force(units, unit, period->from, period->to))
			period->value[unit] = copy_value(above, KPI_ORIGIN_INHERITED);
	}
	pfree(nearest);
}

/* The values of one period. */
static void
combine_period(KpiCombining *combining, KpiCombinePeriod *period)
{
	if (kpi_is_stock(combining->over_time))
	{
		combine_stocks(combining, period);
		drop_unfilled(combining, period);
	}
	else if (period->is_own || combining->over_time == KPI_COMBINE_ROWS ||
			 combining->over_time == KPI_COMBINE_FORMULA)
		combine_units(combining, period);
	else
		combine_time(combining, period);
	mark_open(combining, period);
}

/* The values of all periods; those of the own grain first, which the others are made of. */
void
kpi_combine_all(KpiCombining *combining)
{
	for (int i = 0; i < combining->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		combine_period(combining, &combining->period[i]);
	}
	for (int i = 0; combining->inherit && i < combining->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		hand_down(combining, &combining->period[i]);
	}
}
