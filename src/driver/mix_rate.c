/*-------------------------------------------------------------------------
 *
 * mix_rate.c
 *	  Why a ratio of sums changed: by the rates of its segments, or by their mix.
 *
 * With the rates r = part / whole of a segment and its shares w of all wholes,
 * before (0) and after (1), and R the mean of the ratios of all before and after:
 *
 *	rate	(r1 - r0) (w0 + w1) / 2
 *	mix		(w1 - w0) ((r0 + r1) / 2 - R)
 *	total	rate + mix; the sum over all segments is the change of the ratio
 *
 * Less R, a segment that grows adds where its rate is better than all, and takes
 * away where it is worse.  A segment that is new or gone has no rate effect.
 *
 * NULL rule: a part and a whole that are NULL, or 0, are no segment.  NULL for a
 * segment whose whole is below 0, or 0 with a part, or where a value is NaN or
 * infinite: such rows do not count; and where all have no segment before, or none
 * after.
 *
 * The parts have 20 decimals and add up to the change of the ratio, rounded to as
 * many: the largest part takes what rounding leaves.
 *
 * Source: E. M. Kitagawa, "Components of a difference between two rates", J. of
 * the American Statistical Association 50, 1955.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "base/check.h"
#include "base/exact.h"
#include "base/partition.h"
#include "driver/parts.h"

/* Arguments. */
enum
{
	PART0, WHOLE0, PART1, WHOLE1, ARGUMENTS
};

/* What is kept for a row. */
enum
{
	RATE, MIX, REST, KEPT		/* rest: of the larger of the two */
};

#define DECIMALS 20

/* Of all segments: their wholes, their ratios, and the change of these. */
typedef struct Sums
{
	double		whole0;
	double		whole1;
	double		ratio0;
	double		ratio1;
	Numeric		change;			/* NULL where there is a side without segments */
} Sums;

/* A decimal, rounded as the parts are, without zeros at its end. */
static Numeric
rounded(Numeric value)
{
	Datum		kept = DirectFunctionCall2(numeric_round, NumericGetDatum(value), Int32GetDatum(DECIMALS));

	return DatumGetNumeric(DirectFunctionCall1(numeric_trim_scale, kept));
}

/* A part and a whole; both 0 where there is none. False where they make no sense. */
static bool
read_side(double *part, double *whole)
{
	if (isnan(*part) && isnan(*whole))
		*part = *whole = 0;
	return kpi_is_number(*part) && kpi_is_number(*whole) && *whole >= 0 && (*whole > 0 || *part == 0);
}

/* Take rows that make no sense for none: their wholes become NaN. */
static void
check_rows(const KpiMatrix *matrix)
{
	for (int i = 0; i < matrix->rows; i++)
	{
		double	   *row = kpi_matrix_row(matrix, i);
		bool		good = read_side(&row[PART0], &row[WHOLE0]);

		good = read_side(&row[PART1], &row[WHOLE1]) && good;
		if (!good)
			row[WHOLE0] = NAN;
	}
}

/* The exact sum of a column over the rows that count. */
static Numeric
sum_column(const KpiMatrix *matrix, int column)
{
	Numeric		sum = int64_to_numeric(0);

	for (int i = 0; i < matrix->rows; i++)
	{
		const double *row = kpi_matrix_row(matrix, i);

		if (!isnan(row[WHOLE0]) && row[column] != 0)
			sum = kpi_numeric_add(sum, kpi_float8_numeric(row[column]));
	}
	return sum;
}

/* The sums of all segments. */
static Sums
sum_rows(const KpiMatrix *matrix)
{
	Numeric		whole0 = sum_column(matrix, WHOLE0);
	Numeric		whole1 = sum_column(matrix, WHOLE1);
	Numeric		ratio0;
	Numeric		ratio1;
	Sums		sums = {0};

	if (kpi_numeric_sign(whole0) == 0 || kpi_numeric_sign(whole1) == 0)
		return sums;
	ratio0 = kpi_numeric_div(sum_column(matrix, PART0), whole0);
	ratio1 = kpi_numeric_div(sum_column(matrix, PART1), whole1);
	sums.whole0 = kpi_numeric_to_double(whole0);
	sums.whole1 = kpi_numeric_to_double(whole1);
	sums.ratio0 = kpi_numeric_to_double(ratio0);
	sums.ratio1 = kpi_numeric_to_double(ratio1);
	sums.change = rounded(kpi_numeric_sub(ratio1, ratio0));
	return sums;
}

/* The effects of a segment. */
static void
explain_row(const double *row, const Sums *sums, double *kept)
{
	double		share0 = row[WHOLE0] / sums->whole0;
	double		share1 = row[WHOLE1] / sums->whole1;
	double		rate0 = row[WHOLE0] > 0 ? row[PART0] / row[WHOLE0] : row[PART1] / row[WHOLE1];
	double		rate1 = row[WHOLE1] > 0 ? row[PART1] / row[WHOLE1] : rate0;

	kept[RATE] = kept[MIX] = kept[REST] = 0;
	if (row[WHOLE0] == 0 && row[WHOLE1] == 0)
		return;
	kept[RATE] = (rate1 - rate0) * ((share0 + share1) / 2);
	kept[MIX] = (share1 - share0) * ((rate0 + rate1) / 2 - (sums->ratio0 + sums->ratio1) / 2);
}

/* The place of the larger effect of a row. */
static int
larger(const double *kept)
{
	return kpi_largest_part(kept, REST);
}

/* An effect as a decimal, before it takes what rounding leaves. */
static Numeric
effect(const double *kept, int place)
{
	return rounded(kpi_float8_numeric(kept[place]));
}

/* Leave to the largest effect what rounding has taken from the change. */
static void
settle_rows(double *kept, int rows, Numeric change)
{
	double	   *largest = NULL;

	for (int i = 0; i < rows; i++)
	{
		double	   *row = kept + (Size) i * KEPT;

		if (isnan(row[RATE]))
			continue;
		change = kpi_numeric_sub(change, kpi_numeric_add(effect(row, RATE), effect(row, MIX)));
		if (largest == NULL || fabs(row[larger(row)]) > fabs(largest[larger(largest)]))
			largest = row;
	}
	if (largest != NULL)
		largest[REST] = kpi_numeric_to_double(change);
}

/* Explain all rows of a partition, once. */
static void
explain(FunctionCallInfo fcinfo, KpiPartition *partition)
{
	KpiMatrix	matrix = kpi_new_matrix(partition->rows, ARGUMENTS);
	Sums		sums;

	for (int k = 0; k < ARGUMENTS; k++)
		kpi_partition_column(PG_WINDOW_OBJECT(), k, &matrix, k);
	check_rows(&matrix);
	sums = sum_rows(&matrix);
	for (int i = 0; i < matrix.rows; i++)
	{
		double	   *kept = partition->kept + (Size) i * KEPT;

		kept[RATE] = kept[MIX] = NAN;
		if (!isnan(kpi_matrix_row(&matrix, i)[WHOLE0]) && sums.change != NULL)
			explain_row(kpi_matrix_row(&matrix, i), &sums, kept);
	}
	settle_rows(partition->kept, matrix.rows, sums.change);
	partition->ready = true;
}

/* mix_rate(part_before, whole_before, part_after, whole_after) OVER (...) */
PG_FUNCTION_INFO_V1(kpi_mix_rate);
Datum
kpi_mix_rate(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	KpiPartition *partition = kpi_partition(window, KEPT);
	const double *kept;
	Numeric		part[REST];
	KpiAnswer	answer = {0};

	if (!partition->ready)
		explain(fcinfo, partition);
	kept = partition->kept + (Size) WinGetCurrentPosition(window) * KEPT;
	if (isnan(kept[RATE]))
		PG_RETURN_NULL();
	part[RATE] = effect(kept, RATE);
	part[MIX] = effect(kept, MIX);
	part[larger(kept)] = kpi_numeric_add(part[larger(kept)], kpi_float8_numeric(kept[REST]));
	kpi_answer_add(&answer, NumericGetDatum(part[RATE]), false);
	kpi_answer_add(&answer, NumericGetDatum(part[MIX]), false);
	kpi_answer_add(&answer, NumericGetDatum(kpi_numeric_add(part[RATE], part[MIX])), false);
	return kpi_answer_row(fcinfo, &answer);
}
