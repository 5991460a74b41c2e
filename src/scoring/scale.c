/*-------------------------------------------------------------------------
 *
 * scale.c
 *	  Scoring scales: their rules, and how one is stored.
 *
 * A scale turns an attainment, an actual or a gap into points (scale_score.c
 * has the formulas).  It is written as text (scale_read.c), so that a scheme
 * is data:
 *
 *	form [of attainment | actual | gap] [round N] [min X] [max X]
 *
 * A stored scale keeps every number twice: as numeric, as it was written, for
 * exact scores and for output, and as float8.  A number that float8 cannot
 * hold is therefore refused.  What a scale says must make sense, however it
 * came about: text, binary form and stored value go through the same checks.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/scale.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/line.h"
#include "base/scalar.h"

/* An empty scale of the form, with what it is of unless it says so. */
void
kpi_scale_start(KpiScaleDraft *draft, KpiScaleForm form)
{
	memset(draft, 0, offsetof(KpiScaleDraft, number));
	draft->form = form;
	draft->of = kpi_scale_default_of(form);
	draft->upward = form == KPI_SCALE_ADD;
	draft->min = NULL;
	draft->max = NULL;
}

/* The next number of the form. */
void
kpi_scale_add(KpiScaleDraft *draft, Numeric number)
{
	int			most = draft->form == KPI_SCALE_RANK ? KPI_MAX_SCALE_POINTS : 2 * KPI_MAX_SCALE_POINTS;

	if (draft->count == most)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("scale has more than %d points", KPI_MAX_SCALE_POINTS)));
	draft->number[draft->count++] = number;
}

/* The error of check_points. */
pg_noreturn static void
bad_order(Numeric x, Numeric before)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("scale point %s does not lie above the point before it, %s",
					kpi_numeric_text(x), kpi_numeric_text(before)),
			 errhint("List the points by rising x, each x once.")));
}

/* x must rise from point to point. */
static void
check_points(const KpiScaleDraft *draft)
{
	for (int i = 2; i < draft->count; i += 2)
	{
		if (kpi_numeric_cmp(draft->number[i - 2], draft->number[i]) >= 0)
			bad_order(draft->number[i], draft->number[i - 2]);
	}
}

/* The errors of check_standards. */
pg_noreturn static void
bad_standard(Numeric x, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("efficacy standard %s %s", kpi_numeric_text(x), what),
			 errhint("Points of standards are at least 0 and go one way, from the worst standard to the best: "
					 "they rise where higher is better and fall where lower is.")));
}

/* The points of standards must rise or fall, so that the worst one is known. */
static void
check_standards(const KpiScaleDraft *draft)
{
	const Numeric *number = draft->number;
	int			way = kpi_numeric_cmp(number[draft->count - 1], number[1]);

	for (int i = 0; i < draft->count; i += 2)
	{
		if (kpi_numeric_sign(number[i + 1]) < 0)
			bad_standard(number[i], "has points below 0");
		if (i > 0 && kpi_numeric_cmp(number[i + 1], number[i - 1]) * way < 0)
			bad_standard(number[i], "turns the points round");
	}
	if (way == 0)
		bad_standard(number[0], "is as good as all others");
}

/* What is deducted or added for a unit. */
static void
check_units(const KpiScaleDraft *draft)
{
	if (kpi_numeric_sign(draft->number[2]) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s points per unit are below 0", kpi_numeric_text(draft->number[2])),
				 errhint("Use \"add\" to give points for each unit and \"deduct\" to take them.")));
	if (kpi_numeric_sign(draft->number[3]) <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unit %s is not above 0", kpi_numeric_text(draft->number[3])),
				 errhint("The unit is the step that earns or costs the points, such as 0.01 or 1000.")));
}

/* The inner limits must lie between the outer ones. */
static void
check_range(const KpiScaleDraft *draft)
{
	const Numeric *number = draft->number;
	KpiLimits	limits = {number[0], number[1], number[2], number[3]};

	if (!kpi_limits_in_order(&limits))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("limits %s..%s do not lie between %s..%s",
						kpi_numeric_text(number[0]), kpi_numeric_text(number[1]),
						kpi_numeric_text(number[2]), kpi_numeric_text(number[3])),
				 errhint("Inside the first two limits there are full points, at the other two there are none.")));
}

/* Points held between bounds need room there. */
static void
check_bounds(const KpiScaleDraft *draft)
{
	if (draft->min != NULL && draft->max != NULL && kpi_numeric_cmp(draft->min, draft->max) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("min %s is above max %s", kpi_numeric_text(draft->min), kpi_numeric_text(draft->max)),
				 errhint("Points are held between min and max.")));
}

/* All rules but those of single numbers. */
static void
check_draft(const KpiScaleDraft *draft)
{
	if (kpi_scale_has_points(draft->form))
		check_points(draft);
	if (draft->form == KPI_SCALE_EFFICACY)
		check_standards(draft);
	else if (kpi_scale_has_units(draft->form))
		check_units(draft);
	else if (draft->form == KPI_SCALE_RANGE)
		check_range(draft);
	check_bounds(draft);
}

/* A number as float8; what float8 cannot hold is an error. */
static double
checked_double(Numeric value)
{
	double		result = kpi_numeric_nearest_double(value);

	if (!kpi_is_number(result))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number %s of a scale is not finite in the range of double precision",
						numeric_out_sci(value, 6)),
				 errhint("Outside its points a scale is level, and without min or max it has no bound.")));
	return result;
}

/* The numbers in the order in which they are stored. */
static int
all_numbers(const KpiScaleDraft *draft, Numeric *number)
{
	int			numbers = draft->count;

	memcpy(number, draft->number, draft->count * sizeof(Numeric));
	if (draft->min != NULL)
		number[numbers++] = draft->min;
	if (draft->max != NULL)
		number[numbers++] = draft->max;
	return numbers;
}

/* The stored form of a scale that is checked here. */
KpiScale *
kpi_scale_build(const KpiScaleDraft *draft)
{
	Numeric    *number = palloc((draft->count + 2) * sizeof(Numeric));
	int			numbers = all_numbers(draft, number);
	Size		next = INTALIGN(offsetof(KpiScale, number) + numbers * (sizeof(double) + sizeof(int32)));
	Size		size = next;
	KpiScale   *scale;

	check_draft(draft);
	for (int i = 0; i < numbers; i++)
		size += INTALIGN(VARSIZE(number[i]));
	scale = palloc0(size);
	SET_VARSIZE(scale, size);
	scale->version = KPI_STATE_VERSION;
	scale->form = draft->form;
	scale->of = draft->of;
	scale->counting = draft->counting;
	scale->upward = kpi_scale_has_units(draft->form) && draft->upward;
	scale->options = (draft->rounds ? KPI_SCALE_ROUND : 0) |
		(draft->min != NULL ? KPI_SCALE_MIN : 0) | (draft->max != NULL ? KPI_SCALE_MAX : 0);
	scale->decimals = (int16) draft->decimals;
	scale->count = draft->count;
	for (int i = 0; i < numbers; i++)
	{
		scale->number[i] = checked_double(number[i]);
		kpi_scale_offsets(scale)[i] = (int32) next;
		memcpy((char *) scale + next, number[i], VARSIZE(number[i]));
		next += INTALIGN(VARSIZE(number[i]));
	}
	return scale;
}

/* A scale as it is passed to a function. */
const KpiScale *
kpi_scale_value(Datum datum)
{
	const KpiScale *scale = (const KpiScale *) PG_DETOAST_DATUM(datum);

	kpi_check_version(KPI_SCALE_TYPE, scale->version);
	return scale;
}
