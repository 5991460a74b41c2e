/*-------------------------------------------------------------------------
 *
 * target_curve.c
 *	  The target of some days of a longer period that has one.
 *
 * Under spread a target T of a period is a curve of what is due by a day,
 * and days get the difference of the curve at their ends:
 *
 *	due(day) = round(T x w(day) / w, 20)
 *
 * so that the parts of a partition add up to T exactly.  w(day) is the weight
 * of the days of the period before that one, and w that of all of them:
 *
 *	equal		each month the same, its days alike; each week in calendars of
 *				weeks, and each day of what has neither
 *	days		each day the same
 *	profile		each calendar month its share, its days alike
 *
 * A profile may want months in the decimals of the indicator: then they are
 * what share_out.c makes of the total.
 *
 * Under compound the same weights are exponents: of a loss x, days with the
 * share s have 1 - (1 - x)^s, of a growth (1 + x)^s - 1, to 20 decimals.
 * Under hold and end days have the number of the period.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/target.h"

#include "base/exact.h"
#include "base/share_out.h"
#include "datatype/timestamp.h"
#include "utils/datetime.h"

/* Decimals of exponents; more do not change the first twenty of a power. */
#define EXPONENT_DECIMALS 40

/* A longer period with a target, and how it is shared out. */
typedef struct Whole
{
	const KpiTargetTerms *terms;
	const KpiGrainRule *grain;	/* or NULL */
	DateADT		start;
	DateADT		end;
} Whole;

/* A weight, as a fraction of that of the whole; of integers but by a profile. */
typedef struct Weight
{
	bool		by_profile;
	int64		days;
	int64		all_days;
	Numeric		part;
	Numeric		whole;
} Weight;

/* A day in its month: the month of a calendar, or of a grain of months. */
typedef struct MonthDay
{
	int			month;			/* counted through the years */
	int			before;			/* days of the month before the day */
	int			length;
} MonthDay;

/* A whole number as numeric. */
static Numeric
integer(int64 value)
{
	return int64_to_numeric(value);
}

/* Where a day is in the months that begin with a day of the month. */
static MonthDay
month_day(DateADT date, int first_day)
{
	MonthDay	place;
	int			year,
				month,
				day;
	int			start;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	place.month = year * MONTHS_PER_YEAR + month - 1 - (day < first_day ? 1 : 0);
	start = date2j(place.month / MONTHS_PER_YEAR, place.month % MONTHS_PER_YEAR + 1, first_day);
	place.before = date + POSTGRES_EPOCH_JDATE - start;
	place.length = date2j((place.month + 1) / MONTHS_PER_YEAR,
						  (place.month + 1) % MONTHS_PER_YEAR + 1, first_day) - start;
	return place;
}

/* The days of a period before one of them. */
static Weight
weight_by_days(const Whole *whole, DateADT day)
{
	Weight		weight = {.days = day - whole->start,.all_days = whole->end - whole->start};

	return weight;
}

/* Months of the grain, which begin where the period does. */
static Weight
weight_by_months(const Whole *whole, DateADT day)
{
	MonthDay	start = month_day(whole->start, whole->grain->day);
	MonthDay	at = month_day(day, whole->grain->day);
	Weight		weight = {.by_profile = false};

	weight.days = (int64) (at.month - start.month) * at.length + at.before;
	weight.all_days = (int64) whole->grain->months * at.length;
	return weight;
}

/* What the profile gives to all time before a day, as a multiple of length. */
static Numeric
profile_before(const KpiTargetTerms *terms, MonthDay at)
{
	Numeric		weight = integer(0);
	Numeric		year = integer(0);
	Numeric		day = kpi_numeric_mul(terms->share[at.month % MONTHS_PER_YEAR], integer(at.before));

	for (int i = 0; i < MONTHS_PER_YEAR; i++)
	{
		if (i < at.month % MONTHS_PER_YEAR)
			weight = kpi_numeric_add(weight, terms->share[i]);
		year = kpi_numeric_add(year, terms->share[i]);
	}
	weight = kpi_numeric_add(weight, kpi_numeric_mul(year, integer(at.month / MONTHS_PER_YEAR)));
	return kpi_numeric_add(kpi_numeric_mul(weight, integer(at.length)), day);
}

/* The weight of the days from one to another, by the profile, times the third length. */
static Numeric
profile_between(const KpiTargetTerms *terms, MonthDay from, MonthDay to, int length)
{
	Numeric		before = kpi_numeric_mul(profile_before(terms, from), integer((int64) to.length * length));
	Numeric		until = kpi_numeric_mul(profile_before(terms, to), integer((int64) from.length * length));

	return kpi_numeric_sub(until, before);
}

/* What the shares of the months before a day add up to, and those of all months. */
static Weight
weight_by_profile(const Whole *whole, DateADT day)
{
	MonthDay	start = month_day(whole->start, 1);
	MonthDay	end = month_day(whole->end, 1);
	MonthDay	at = month_day(day, 1);
	Weight		weight = {.by_profile = true};

	weight.part = profile_between(whole->terms, start, at, end.length);
	weight.whole = profile_between(whole->terms, start, end, at.length);
	/* shares of none of these months: as if there were no profile */
	return kpi_numeric_sign(weight.whole) == 0 ? weight_by_days(whole, day) : weight;
}

/* The weight of the days of a period before one of them. */
static Weight
weight_before(const Whole *whole, DateADT day)
{
	if (whole->grain == NULL)
		return weight_by_days(whole, day);
	if (whole->terms->spread_by == KPI_SPREAD_PROFILE)
		return weight_by_profile(whole, day);
	if (whole->terms->spread_by == KPI_SPREAD_EQUAL && whole->grain->kind == KPI_GRAIN_MONTHS)
		return weight_by_months(whole, day);
	return weight_by_days(whole, day);
}

/* The share of one of the months of a period that begins with the first of them. */
static Numeric
month_share(const Whole *whole, int i)
{
	return whole->terms->share[(month_day(whole->start, 1).month + i) % MONTHS_PER_YEAR];
}

/* Do the months of the period come in the decimals of the indicator? */
static bool
has_rounded_months(const Whole *whole)
{
	if (whole->terms->spread_by != KPI_SPREAD_PROFILE || !whole->terms->in_decimals ||
		whole->grain == NULL || whole->grain->kind != KPI_GRAIN_MONTHS || whole->grain->day != 1)
		return false;
	for (int i = 0; i < whole->grain->months; i++)
	{
		if (kpi_numeric_sign(month_share(whole, i)) > 0)
			return true;
	}
	return false;
}

/* What is due by a day within the period, where its months are rounded. */
static Numeric
due_by_rounded_months(const Whole *whole, Numeric total, DateADT day)
{
	Numeric		share[MONTHS_PER_YEAR];
	Numeric		month[MONTHS_PER_YEAR];
	MonthDay	at = month_day(day, 1);
	int			full = at.month - month_day(whole->start, 1).month;
	Numeric		due = integer(0);

	for (int i = 0; i < whole->grain->months; i++)
		share[i] = month_share(whole, i);
	kpi_share_out(total, share, whole->grain->months, whole->terms->decimals, month);
	for (int i = 0; i < full; i++)
		due = kpi_numeric_add(due, month[i]);
	if (at.before == 0)
		return due;
	return kpi_numeric_add(due, kpi_target_share(month[full], at.before, at.length));
}

/* What is due by a day of a total. */
static Numeric
due_by(const Whole *whole, Numeric total, DateADT day)
{
	Weight		weight;

	if (day == whole->start)
		return integer(0);
	if (day == whole->end)
		return total;
	if (has_rounded_months(whole))
		return due_by_rounded_months(whole, total, day);
	weight = weight_before(whole, day);
	if (!weight.by_profile)
		return kpi_target_share(total, weight.days, weight.all_days);
	return kpi_target_divide(kpi_numeric_mul(total, weight.part), weight.whole);
}

/* A weight of integers as one of numbers. */
static Weight
weight_of_numbers(Weight weight)
{
	if (!weight.by_profile)
	{
		weight.part = integer(weight.days);
		weight.whole = integer(weight.all_days);
	}
	return weight;
}

/* The share of some days, to more decimals than a power of it shows. */
static Numeric
share_of_days(const Whole *whole, DateADT from, DateADT to)
{
	Weight		before = weight_of_numbers(weight_before(whole, from));
	Weight		until = weight_of_numbers(weight_before(whole, to));
	Numeric		part = kpi_numeric_sub(kpi_numeric_mul(until.part, before.whole),
									   kpi_numeric_mul(before.part, until.whole));

	/* a quotient has the decimals of its dividend at least */
	part = DatumGetNumeric(DirectFunctionCall2(numeric_round, NumericGetDatum(part),
											   Int32GetDatum(EXPONENT_DECIMALS)));
	return kpi_numeric_div(part, kpi_numeric_mul(before.whole, until.whole));
}

/* The rate of days with that share of a period that has the rate; NULL beyond all that is lost. */
static Numeric
compound_rate(const KpiTargetTerms *terms, Numeric rate, Numeric share)
{
	Numeric		one = integer(1);
	Numeric		kept = terms->growth ? kpi_numeric_add(one, rate) : kpi_numeric_sub(one, rate);
	Numeric		result;

	if (kpi_numeric_cmp(share, one) == 0)
		return rate;
	if (kpi_numeric_sign(kept) < 0)
		return NULL;
	kept = kpi_numeric_call2(numeric_power, kept, share);
	result = terms->growth ? kpi_numeric_sub(kept, one) : kpi_numeric_sub(one, kept);
	return DatumGetNumeric(DirectFunctionCall2(numeric_round, NumericGetDatum(result),
											   Int32GetDatum(KPI_TARGET_DECIMALS)));
}

/* One amount of days within the period that has it. */
static Numeric
amount_of_days(const Whole *whole, Numeric amount, DateADT from, DateADT to)
{
	switch (whole->terms->rule)
	{
		case KPI_TARGET_SPREAD:
			return kpi_numeric_sub(due_by(whole, amount, to), due_by(whole, amount, from));
		case KPI_TARGET_COMPOUND:
			return compound_rate(whole->terms, amount, share_of_days(whole, from, to));
		case KPI_TARGET_HOLD:
		case KPI_TARGET_END:
			break;
	}
	return amount;
}

/* The amounts of days [from, to) within a period [start, end) of the row. */
void
kpi_bring_down(const KpiTargetTerms *terms, const KpiTargetRow *row,
			   DateADT start, DateADT end, DateADT from, DateADT to, KpiAmounts *part)
{
	Whole		whole = {terms, row->grain ? row->grain->rule : NULL, start, end};

	for (int i = 0; i < KPI_AMOUNTS; i++)
		part->amount[i] = row->amounts.amount[i] == NULL ? NULL :
			amount_of_days(&whole, row->amounts.amount[i], from, to);
}
