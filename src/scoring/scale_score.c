/*-------------------------------------------------------------------------
 *
 * scale_score.c
 *	  The points of x on a scoring scale.
 *
 *	linear		straight lines between the points, level beyond them
 *	step		y holds from its x up to the next; exactly on a limit the
 *				greater of the two steps that meet there counts, so a limit
 *				earns the better step whichever way is better
 *	efficacy	linear, but 0 beyond the worst standard
 *	deduct		base - points n, n = units below the limit (up: above it)
 *	add			base + points n, n = units above the limit (down: below it)
 *	range		100 inside the inner limits, straight to 0 at the outer ones
 *	binary		points if met: attainment or actual at least 1, gap at least
 *				0; else 0
 *	rank		points of the place among siblings, 0 beyond the list
 *	given		x
 *
 * x is rounded first where the scale says so, half away from zero; then the
 * points are held between min and max.
 *
 * NULL rule: NULL where an argument is NULL, where x is NaN or infinite, and
 * where a float8 result is out of range.  A rank needs the siblings: an error.
 *
 * Numeric method: exact, with one division at the end.  A float8 x is its
 * shortest decimal, so that 0.94 is one unit of 0.01 below 0.95, and only the
 * result is rounded; units are counted as units.c says.  On a limit that the
 * same double stands for x counts as being on it.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/scale.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/line.h"
#include "base/scalar.h"
#include "scoring/points.h"
#include "scoring/units.h"
#include "utils/builtins.h"

/* x and y of a point. */
static inline Numeric
point_x(const KpiScale *scale, int i)
{
	return kpi_scale_number(scale, 2 * i);
}

/* The points of a point of the scale. */
static inline Numeric
point_y(const KpiScale *scale, int i)
{
	return kpi_scale_number(scale, 2 * i + 1);
}

/* The last point at or below x; -1 where x lies below the first. */
static int
find_point_float8(const KpiScale *scale, double x)
{
	int			low = 0;
	int			high = scale->count / 2;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (scale->number[2 * (Size) middle] <= x)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

/* The same, exact. */
static int
find_point_numeric(const KpiScale *scale, Numeric x)
{
	int			low = 0;
	int			high = scale->count / 2;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (kpi_numeric_cmp(point_x(scale, middle), x) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

/* Whether x beyond its first or its last point is beyond the worst standard. */
static bool
is_beyond_worst(const KpiScale *scale, bool beyond_first)
{
	bool		rises;

	if (scale->form != KPI_SCALE_EFFICACY)
		return false;
	rises = kpi_numeric_cmp(point_y(scale, scale->count / 2 - 1), point_y(scale, 0)) > 0;
	return rises == beyond_first;
}

/* Where no y of a point holds: between two points, beyond the worst standard. */
#define ON_LINE (-1)
#define BEYOND_WORST (-2)

/*
 * The point whose y holds at x, or one of the two above.  i is the last point
 * at or below x, on_point tells whether x is at it.
 */
static int
place_among_points(const KpiScale *scale, int i, bool on_point)
{
	if (i < 0)
		return is_beyond_worst(scale, true) ? BEYOND_WORST : 0;
	if (scale->form == KPI_SCALE_STEP)
		return on_point && i > 0 &&
			kpi_numeric_cmp(point_y(scale, i - 1), point_y(scale, i)) > 0 ? i - 1 : i;
	if (on_point)
		return i;
	if (i == scale->count / 2 - 1)
		return is_beyond_worst(scale, false) ? BEYOND_WORST : i;
	return ON_LINE;
}

/* Points of linear, step and efficacy. */
static Numeric
score_points(const KpiScale *scale, Numeric x)
{
	int			i = find_point_numeric(scale, x);
	bool		on_point = i >= 0 && kpi_numeric_cmp(x, point_x(scale, i)) == 0;
	int			place = place_among_points(scale, i, on_point);

	if (place == BEYOND_WORST)
		return int64_to_numeric(0);
	if (place == ON_LINE)
		return kpi_line(x, point_x(scale, i), point_y(scale, i),
						point_x(scale, i + 1), point_y(scale, i + 1));
	return point_y(scale, place);
}

/* The same for a double, without min and max. */
static double
score_points_float8(const KpiScale *scale, double x)
{
	int			i = find_point_float8(scale, x);
	bool		on_point = i >= 0 && x == scale->number[(int64) 2 * i];
	int			place = place_among_points(scale, i, on_point);
	const double *point = scale->number + (int64) 2 * i;
	double		y;

	if (place == BEYOND_WORST)
		return 0;
	if (place != ON_LINE)
		return scale->number[2 * place + 1];
	y = kpi_line_float8(x, point_x(scale, i), point_y(scale, i),
						point_x(scale, i + 1), point_y(scale, i + 1));
	/* no rounding leads beyond the two points */
	return point[1] < point[3] ? Min(Max(y, point[1]), point[3]) : Max(Min(y, point[1]), point[3]);
}

/* Points of deduct and add; slack is NULL for exact decimals. */
static Numeric
score_units(const KpiScale *scale, Numeric x, Numeric slack)
{
	Numeric		base = kpi_scale_number(scale, 0);
	Numeric		limit = kpi_scale_number(scale, 1);
	Numeric		rate = kpi_scale_number(scale, 2);
	KpiUnits	units = {base, rate, kpi_scale_number(scale, 3), scale->counting};
	Numeric		distance = scale->upward ? kpi_numeric_sub(x, limit) : kpi_numeric_sub(limit, x);

	if (kpi_numeric_sign(distance) <= 0)
		return base;
	if (scale->form == KPI_SCALE_DEDUCT)
		units.rate = kpi_numeric_sub(int64_to_numeric(0), rate);
	return kpi_unit_points(&units, distance, slack);
}

/* Points of range. */
static Numeric
score_range(const KpiScale *scale, Numeric x)
{
	KpiLimits	limits = {
		kpi_scale_number(scale, 0), kpi_scale_number(scale, 1),
		kpi_scale_number(scale, 2), kpi_scale_number(scale, 3)
	};

	return kpi_within_limits(x, &limits, int64_to_numeric(100));
}

/* Points of binary; equality counts as met. */
static Numeric
score_binary(const KpiScale *scale, Numeric x)
{
	Numeric		met = int64_to_numeric(scale->of == KPI_OF_GAP ? 0 : 1);

	return kpi_numeric_cmp(x, met) >= 0 ? kpi_scale_number(scale, 0) : int64_to_numeric(0);
}

/* Points of a finite x that is rounded already, before min and max. */
static Numeric
score_form(const KpiScale *scale, Numeric x, Numeric slack)
{
	switch ((KpiScaleForm) scale->form)
	{
		case KPI_SCALE_LINEAR:
		case KPI_SCALE_STEP:
		case KPI_SCALE_EFFICACY:
			return score_points(scale, x);
		case KPI_SCALE_DEDUCT:
		case KPI_SCALE_ADD:
			return score_units(scale, x, slack);
		case KPI_SCALE_RANGE:
			return score_range(scale, x);
		case KPI_SCALE_BINARY:
			return score_binary(scale, x);
		case KPI_SCALE_GIVEN:
			return x;
		case KPI_SCALE_RANK:
			break;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a rank scale gives no points to a value alone"),
			 errhint("Use kpi.rank_points(place, points) with rank() over the siblings; kpi.evaluate ranks the units itself.")));
}

/* x as the scale rounds it, half away from zero. */
Numeric
kpi_scale_round(const KpiScale *scale, Numeric x)
{
	if (!(scale->options & KPI_SCALE_ROUND))
		return x;
	return DatumGetNumeric(DirectFunctionCall2(numeric_round, NumericGetDatum(x),
											   Int32GetDatum(scale->decimals)));
}

/* Points held between min and max. */
static Numeric
held(const KpiScale *scale, Numeric points)
{
	if (scale->options & KPI_SCALE_MIN)
	{
		Numeric		min = kpi_scale_number(scale, kpi_scale_min_place(scale));

		if (kpi_numeric_cmp(points, min) < 0)
			return min;
	}
	if (scale->options & KPI_SCALE_MAX)
	{
		Numeric		max = kpi_scale_number(scale, kpi_scale_max_place(scale));

		if (kpi_numeric_cmp(points, max) > 0)
			return max;
	}
	return points;
}

/* The points of x, a finite number. */
Numeric
kpi_scale_points(const KpiScale *scale, Numeric x)
{
	return held(scale, score_form(scale, kpi_scale_round(scale, x), NULL));
}

/* score(x, scale): NULL for NaN and infinity. */
PG_FUNCTION_INFO_V1(kpi_score_numeric);
Datum
kpi_score_numeric(PG_FUNCTION_ARGS)
{
	Numeric		x = PG_GETARG_NUMERIC(0);
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(1));

	if (!kpi_is_numeric_number(x))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_scale_points(scale, x));
}

/* What the distance of a double to the limit may be off; NULL where nobody counts. */
static Numeric
slack_of(const KpiScale *scale, double x)
{
	if (!kpi_scale_has_units(scale->form) || scale->counting == KPI_COUNT_LINEAR ||
		(scale->options & KPI_SCALE_ROUND))
		return NULL;
	return kpi_float8_slack(x, scale->number[1]);
}

/* The same for a double. */
PG_FUNCTION_INFO_V1(kpi_score_float8);
Datum
kpi_score_float8(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(0);
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(1));
	double		points;

	if (!kpi_is_number(x))
		PG_RETURN_NULL();
	if (kpi_scale_has_points(scale->form) && !(scale->options & KPI_SCALE_ROUND))
		points = score_points_float8(scale, x);
	else
		points = kpi_numeric_nearest_double(score_form(scale, kpi_scale_round(scale, kpi_float8_numeric(x)),
													   slack_of(scale, x)));
	if ((scale->options & KPI_SCALE_MIN) && points < scale->number[kpi_scale_min_place(scale)])
		points = scale->number[kpi_scale_min_place(scale)];
	if ((scale->options & KPI_SCALE_MAX) && points > scale->number[kpi_scale_max_place(scale)])
		points = scale->number[kpi_scale_max_place(scale)];
	return kpi_float8_or_null(fcinfo, points);
}

/* The points of a place on a rank scale. */
Numeric
kpi_rank_points_of(const KpiScale *scale, int64 place)
{
	return held(scale, place > scale->count ? int64_to_numeric(0) : kpi_scale_number(scale, (int) place - 1));
}

/* rank_score(place, scale): points of the place on a rank scale. */
PG_FUNCTION_INFO_V1(kpi_rank_score);
Datum
kpi_rank_score(PG_FUNCTION_ARGS)
{
	int64		place = PG_GETARG_INT64(0);
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(1));

	if (scale->form != KPI_SCALE_RANK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a %s scale gives no points to a place", kpi_scale_form_words.word[scale->form]),
				 errhint("Use kpi.score(x, scale) for all scales but rank.")));
	kpi_check_rank(place);
	PG_RETURN_NUMERIC(kpi_rank_points_of(scale, place));
}

/* scale_form(scale): the word it begins with. */
PG_FUNCTION_INFO_V1(kpi_scale_form);
Datum
kpi_scale_form(PG_FUNCTION_ARGS)
{
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(0));

	PG_RETURN_TEXT_P(cstring_to_text(kpi_scale_form_words.word[scale->form]));
}

/* scale_of(scale): attainment, actual or gap. */
PG_FUNCTION_INFO_V1(kpi_scale_of);
Datum
kpi_scale_of(PG_FUNCTION_ARGS)
{
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(0));

	PG_RETURN_TEXT_P(cstring_to_text(kpi_scale_of_words.word[scale->of]));
}

/* Does the form give any x more than 0 points, before these are held? */
static bool
form_gives_points(const KpiScale *scale)
{
	int			step = kpi_scale_has_points(scale->form) ? 2 : 1;

	switch ((KpiScaleForm) scale->form)
	{
		case KPI_SCALE_ADD:
		case KPI_SCALE_RANGE:
		case KPI_SCALE_GIVEN:
			return true;
		case KPI_SCALE_DEDUCT:
			return scale->number[0] > 0;
		default:
			break;
	}
	for (int i = step - 1; i < scale->count; i += step)
	{
		if (scale->number[i] > 0)
			return true;
	}
	return false;
}

/* scale_gives_points(scale): whether any x gets more than 0. */
PG_FUNCTION_INFO_V1(kpi_scale_gives_points);
Datum
kpi_scale_gives_points(PG_FUNCTION_ARGS)
{
	const KpiScale *scale = kpi_scale_value(PG_GETARG_DATUM(0));

	if ((scale->options & KPI_SCALE_MAX) && scale->number[kpi_scale_max_place(scale)] <= 0)
		PG_RETURN_BOOL(false);
	if ((scale->options & KPI_SCALE_MIN) && scale->number[kpi_scale_min_place(scale)] > 0)
		PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(form_gives_points(scale));
}

/* scale_rounded(x, scale): x as the scale rounds it, for ranks. */
PG_FUNCTION_INFO_V1(kpi_scale_rounded);
Datum
kpi_scale_rounded(PG_FUNCTION_ARGS)
{
	Numeric		x = PG_GETARG_NUMERIC(0);

	if (!kpi_is_numeric_number(x))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_scale_round(kpi_scale_value(PG_GETARG_DATUM(1)), x));
}
