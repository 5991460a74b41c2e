/*-------------------------------------------------------------------------
 *
 * grey.c
 *	  Grey relational grade: how close rows come to a reference.
 *
 *	delta[i][k]			abs(reference[k] - x[i][k])
 *	coefficient[i][k]	(least + rho greatest) / (delta[i][k] + rho greatest), with
 *						the least and the greatest of all delta
 *	grade[i]			sum over k of w[k] coefficient[i][k], weights of sum 1
 *
 *	grey_relational		grades of the rows of a partition: x from the worst value of
 *						a column, 0, to the best one, 1, and the reference 1
 *	grey_grades			grades of series against a given one: as they are (none),
 *						over their first value (initial) or over their mean (mean)
 *
 * NULL rule: NULL where a value is NULL, NaN or infinite; such rows are not
 * compared.  Where all rows are the reference itself the grade is 1.
 *
 * Source: Deng Julong, "Control problems of grey systems", Systems & Control
 * Letters 1, 1982.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "base/check.h"
#include "base/words.h"
#include "utils/float.h"
#include "weighting/alternatives.h"
#include "weighting/direction.h"

#define ARG_RHO KPI_ALTERNATIVE_ARGUMENTS

/* The distinguishing coefficient, above 0 and at most 1. */
static double
check_rho(double rho)
{
	if (!(rho > 0 && rho <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rho %g is not above 0 and at most 1", rho),
				 errhint("The distinguishing coefficient is 0.5 by convention; a smaller one tells rows further apart.")));
	return rho;
}

/* The grade of each row of distances. */
static void
grade_rows(const KpiMatrix *distance, const double *weight, double rho, double *grade)
{
	KpiExtent	all = {distance->value[0], distance->value[0]};

	for (int j = 0; j < distance->columns; j++)
	{
		KpiExtent	extent = kpi_extent(distance, j);

		all.least = Min(all.least, extent.least);
		all.greatest = Max(all.greatest, extent.greatest);
	}
	for (int i = 0; i < distance->rows; i++)
	{
		grade[i] = 0;
		for (int j = 0; j < distance->columns; j++)
			grade[i] += weight[j] * (all.greatest == 0 ? 1 :
									 (all.least + rho * all.greatest) / (kpi_matrix_row(distance, i)[j] + rho * all.greatest));
	}
}

/* Compare the rows of a partition, once. */
static void
compare(FunctionCallInfo fcinfo, KpiPartition *partition)
{
	KpiAlternatives alternatives = kpi_alternatives(fcinfo, partition);
	NullableDatum rho = kpi_partition_parameter(fcinfo, ARG_RHO, "rho", partition->rows);
	double	   *grade;

	partition->ready = true;
	if (alternatives.matrix.rows == 0 || rho.isnull)
		return;
	kpi_scale_columns(&alternatives);
	for (int64 i = 0; i < (int64) alternatives.matrix.rows * alternatives.matrix.columns; i++)
		alternatives.matrix.value[i] = 1 - alternatives.matrix.value[i];
	grade = MemoryContextAllocHuge(CurrentMemoryContext, alternatives.matrix.rows * sizeof(double));
	grade_rows(&alternatives.matrix, alternatives.weight, check_rho(DatumGetFloat8(rho.value)), grade);
	for (int i = 0; i < alternatives.matrix.rows; i++)
		partition->kept[alternatives.place[i]] = grade[i];
}

/* grey_relational(values, directions, weights, rho) OVER (...) */
PG_FUNCTION_INFO_V1(kpi_grey_relational);
Datum
kpi_grey_relational(PG_FUNCTION_ARGS)
{
	KpiPartition *partition = kpi_partition(PG_WINDOW_OBJECT(), 1);

	if (!partition->ready)
		compare(fcinfo, partition);
	return kpi_alternative_answer(fcinfo, partition);
}

/* What a series is divided by to have no unit. */
static double
unit_of(KpiGreyScaling scaling, const double *value, int count)
{
	double		sum = 0;

	if (scaling == KPI_GREY_NONE)
		return 1;
	if (scaling == KPI_GREY_INITIAL)
		return value[0];
	for (int i = 0; i < count; i++)
		sum += value[i] / count;
	return sum;
}

/* Divide a series by its unit. */
static void
scale_series(KpiGreyScaling scaling, double *value, int count)
{
	double		unit = unit_of(scaling, value, count);

	if (unit == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a series has the %s 0", scaling == KPI_GREY_INITIAL ? "first value" : "mean"),
				 errhint("Nothing can be divided by it: use scaling \"none\", with values that have no unit.")));
	for (int i = 0; i < count; i++)
		value[i] /= unit;
}

/* grey_grades(reference, compared, rho, scaling): one grade for each row of compared. */
PG_FUNCTION_INFO_V1(kpi_grey_grades);
Datum
kpi_grey_grades(PG_FUNCTION_ARGS)
{
	KpiMatrix	compared = kpi_matrix(PG_GETARG_ARRAYTYPE_P(1), "compared", false);
	double	   *reference = kpi_vector(PG_GETARG_ARRAYTYPE_P(0), "reference", compared.columns);
	double		rho = check_rho(PG_GETARG_FLOAT8(2));
	KpiGreyScaling scaling = kpi_check_word(&kpi_grey_scaling_words, PG_GETARG_TEXT_PP(3));
	double	   *weight = palloc(compared.columns * sizeof(double));
	double	   *grade = palloc(compared.rows * sizeof(double));

	scale_series(scaling, reference, compared.columns);
	for (int j = 0; j < compared.columns; j++)
		weight[j] = 1.0 / compared.columns;
	for (int i = 0; i < compared.rows; i++)
	{
		double	   *row = kpi_matrix_row(&compared, i);

		scale_series(scaling, row, compared.columns);
		for (int j = 0; j < compared.columns; j++)
			row[j] = fabs(row[j] - reference[j]);
	}
	grade_rows(&compared, weight, rho, grade);
	PG_RETURN_DATUM(kpi_number_array(grade, compared.rows));
}
