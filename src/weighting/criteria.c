/*-------------------------------------------------------------------------
 *
 * criteria.c
 *	  Weights of criteria by what their values tell, collected over rows.
 *
 *	criteria			rows of values, one of each criterion, as a value to store
 *	entropy_weights		p = x / sum x, e = -sum p ln p / ln n, w = (1 - e) / sum
 *						(1 - e), with x from the worst value, 0, to the best one,
 *						1 (minmax), or as it is, 1 / x where lower is better
 *						(shares)
 *	critic_weights		c = s sum over k of (1 - r[k]), w = c / sum c, with the
 *						sample standard deviation s of x and its correlations r,
 *						x as above
 *	variation_weights	w = v / sum v, v the standard deviation over the absolute
 *						mean (cv), or the standard deviation of x as above (sd)
 *
 * A criterion whose values are all the same tells nothing: weight 0.  Where all
 * are so, and of one row, weights are equal, and the note says so.
 *
 * NULL rule: a row with a NULL, NaN or infinity is left out and counted; NULL
 * weights where a mean is 0.
 *
 * Numeric method: moments around the mean, rows in order, so that the answer
 * does not depend on the order in which they came.
 *
 * Sources: C. E. Shannon, Bell System Technical J. 27, 1948; C.-L. Hwang and
 * K. Yoon, Multiple Attribute Decision Making, 1981 (entropy); D. Diakoulaki,
 * G. Mavrotas and L. Papayannakis, Computers & Operations Research 22, 1995
 * (CRITIC).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "base/check.h"
#include "base/matrix.h"
#include "base/words.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "weighting/direction.h"
#include "weighting/rows.h"

/* What rounding may leave of 1 less the correlation of two columns that go with each other. */
#define ROUNDING 1e-12

/* Rows that are made alike, and what each column tells. */
typedef struct Criteria
{
	KpiReadRows rows;
	bool	   *lower;
	bool	   *constant;		/* all values of a column are the same */
	double	   *information;	/* weights before they sum to 1 */
	const char *note;
} Criteria;

/* The criteria in argument 0, with the directions in argument 1. */
static Criteria
read_criteria(FunctionCallInfo fcinfo)
{
	Criteria	criteria = {.rows = kpi_rows_read((const KpiRows *) PG_GETARG_VARLENA_P(0))};
	const KpiMatrix *matrix = &criteria.rows.matrix;

	if (matrix->rows == 0)
		return criteria;
	criteria.lower = kpi_directions(fcinfo->args[1], matrix->columns);
	criteria.constant = palloc(matrix->columns * sizeof(bool));
	criteria.information = palloc0(matrix->columns * sizeof(double));
	for (int j = 0; j < matrix->columns; j++)
	{
		KpiExtent	extent = kpi_extent(matrix, j);

		criteria.constant[j] = extent.least == extent.greatest;
	}
	return criteria;
}

/* Values from the worst one, 0, to the best one, 1; those that are all the same are 0. */
static void
make_alike(Criteria *criteria)
{
	KpiMatrix  *matrix = &criteria->rows.matrix;

	for (int j = 0; j < matrix->columns; j++)
	{
		KpiExtent	extent = kpi_extent(matrix, j);

		for (int i = 0; i < matrix->rows; i++)
		{
			double	   *value = &kpi_matrix_row(matrix, i)[j];

			*value = criteria->constant[j] ? 0 : kpi_from_worst(&extent, criteria->lower[j], *value);
		}
	}
}

/* Values above 0 as they are, or what is the greater the better of them. */
static void
make_positive(Criteria *criteria)
{
	KpiMatrix  *matrix = &criteria->rows.matrix;

	for (int i = 0; i < matrix->rows; i++)
	{
		double	   *row = kpi_matrix_row(matrix, i);

		for (int j = 0; j < matrix->columns; j++)
		{
			if (row[j] <= 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("value %s of column %d is not above 0", float8out_internal(row[j]), j + 1),
						 errhint("Method \"shares\" takes shares of a sum; method \"minmax\" takes values of any sign.")));
			if (criteria->lower[j])
				row[j] = 1 / row[j];
		}
	}
}

/* 1 less the entropy of a column, in units of the greatest one. */
static double
lack_of_entropy(const KpiReadRows *rows, int column)
{
	double		sum = 0;
	double		entropy = 0;

	for (int i = 0; i < rows->matrix.rows; i++)
		sum += rows->weight[i] * kpi_matrix_row(&rows->matrix, i)[column];
	for (int i = 0; i < rows->matrix.rows; i++)
	{
		double		share = kpi_matrix_row(&rows->matrix, i)[column] / sum;

		if (share > 0)
			entropy -= rows->weight[i] * share * log(share);
	}
	return Max(0, 1 - entropy / log(rows->n));
}

/* The mean of a column. */
static double
mean_of(const KpiReadRows *rows, int column)
{
	double		mean = 0;
	double		n = 0;

	for (int i = 0; i < rows->matrix.rows; i++)
	{
		n += rows->weight[i];
		mean += (kpi_matrix_row(&rows->matrix, i)[column] - mean) * (rows->weight[i] / n);
	}
	return mean;
}

/* Take the mean from every value of a column; their standard deviation. */
static double
center(KpiReadRows *rows, int column)
{
	double		mean = mean_of(rows, column);
	double		sum = 0;

	for (int i = 0; i < rows->matrix.rows; i++)
	{
		double	   *value = &kpi_matrix_row(&rows->matrix, i)[column];

		*value -= mean;
		sum += rows->weight[i] * *value * *value;
	}
	return sqrt(sum / (rows->n - 1));
}

/* The correlation of two columns with mean 0, by their standard deviations. */
static double
correlation(const KpiReadRows *rows, const double *deviation, int a, int b)
{
	double		sum = 0;

	for (int i = 0; i < rows->matrix.rows; i++)
	{
		const double *row = kpi_matrix_row(&rows->matrix, i);

		sum += rows->weight[i] * (row[a] / deviation[a]) * (row[b] / deviation[b]);
	}
	return sum / (rows->n - 1);
}

/* By how much the other columns do not go with a column; 1 where there is no other. */
static double
conflict(const Criteria *criteria, const double *deviation, int column)
{
	double		sum = 0;
	double		apart;
	int			others = 0;

	for (int k = 0; k < criteria->rows.matrix.columns; k++)
	{
		if (k == column || criteria->constant[k])
			continue;
		others++;
		apart = 1 - correlation(&criteria->rows, deviation, column, k);
		if (apart > ROUNDING)
			sum += apart;
	}
	return others == 0 ? 1 : sum;
}

/* What the columns tell by CRITIC. */
static void
tell_critic(Criteria *criteria)
{
	int			columns = criteria->rows.matrix.columns;
	double	   *deviation = palloc(columns * sizeof(double));

	make_alike(criteria);
	for (int j = 0; j < columns; j++)
		deviation[j] = center(&criteria->rows, j);
	for (int j = 0; j < columns; j++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!criteria->constant[j])
			criteria->information[j] = deviation[j] * conflict(criteria, deviation, j);
	}
}

/* What a column tells by its coefficient of variation; infinity where its mean is 0. */
static double
variation(KpiReadRows *rows, int column)
{
	double		mean = mean_of(rows, column);

	return center(rows, column) / fabs(mean);
}

/* Equal weights of the columns that differ, or of all where none does. */
static void
weigh_equally(Criteria *criteria, double *weight)
{
	int			columns = criteria->rows.matrix.columns;
	int			differ = 0;

	for (int j = 0; j < columns; j++)
		differ += !criteria->constant[j];
	for (int j = 0; j < columns; j++)
		weight[j] = differ == 0 ? 1.0 / columns : !criteria->constant[j] / (double) differ;
	criteria->note = criteria->rows.n == 1 ? "one row tells nothing: equal weights" :
		"no column tells more than others: equal weights";
}

/* Weights of sum 1 of what the columns tell, as a row. */
static Datum
answer_weights(FunctionCallInfo fcinfo, Criteria *criteria)
{
	int			columns = criteria->rows.matrix.columns;
	double	   *weight = palloc(columns * sizeof(double));
	double		sum = 0;
	KpiAnswer	answer = {0};

	for (int j = 0; j < columns; j++)
		sum += criteria->information[j];
	for (int j = 0; j < columns; j++)
		weight[j] = criteria->note != NULL ? NAN : criteria->information[j] / sum;
	if (sum == 0)
		weigh_equally(criteria, weight);
	kpi_answer_numbers(&answer, weight, columns);
	kpi_answer_numbers(&answer, criteria->information, columns);
	kpi_answer_number(&answer, criteria->rows.n);
	kpi_answer_number(&answer, (double) criteria->rows.missing);
	kpi_answer_text(&answer, criteria->note);
	return kpi_answer_row(fcinfo, &answer);
}

/* entropy_weights(criteria, directions, method) */
PG_FUNCTION_INFO_V1(kpi_entropy_weights);
Datum
kpi_entropy_weights(PG_FUNCTION_ARGS)
{
	KpiEntropyMethod method;
	Criteria	criteria;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	method = kpi_check_word(&kpi_entropy_method_words, PG_GETARG_TEXT_PP(2));
	criteria = read_criteria(fcinfo);
	if (criteria.rows.n == 0)
		PG_RETURN_NULL();
	if (method == KPI_ENTROPY_SHARES)
		make_positive(&criteria);
	else
		make_alike(&criteria);
	for (int j = 0; j < criteria.rows.matrix.columns; j++)
	{
		if (!criteria.constant[j])
			criteria.information[j] = lack_of_entropy(&criteria.rows, j);
	}
	return answer_weights(fcinfo, &criteria);
}

/* critic_weights(criteria, directions) */
PG_FUNCTION_INFO_V1(kpi_critic_weights);
Datum
kpi_critic_weights(PG_FUNCTION_ARGS)
{
	Criteria	criteria;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	criteria = read_criteria(fcinfo);
	if (criteria.rows.n == 0)
		PG_RETURN_NULL();
	if (criteria.rows.n > 1)
		tell_critic(&criteria);
	return answer_weights(fcinfo, &criteria);
}

/* variation_weights(criteria, directions, method) */
PG_FUNCTION_INFO_V1(kpi_variation_weights);
Datum
kpi_variation_weights(PG_FUNCTION_ARGS)
{
	KpiSpread	method;
	Criteria	criteria;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	method = kpi_check_word(&kpi_spread_words, PG_GETARG_TEXT_PP(2));
	criteria = read_criteria(fcinfo);
	if (criteria.rows.n == 0)
		PG_RETURN_NULL();
	Assert(criteria.constant != NULL);
	if (method == KPI_SPREAD_SD)
		make_alike(&criteria);
	for (int j = 0; j < criteria.rows.matrix.columns; j++)
	{
		if (criteria.constant[j])
			continue;
		criteria.information[j] = method == KPI_SPREAD_SD ? center(&criteria.rows, j) : variation(&criteria.rows, j);
		if (!kpi_is_number(criteria.information[j]))
			criteria.note = "a mean of 0 has no coefficient of variation";
	}
	return answer_weights(fcinfo, &criteria);
}

/* Whether all values of a row are finite numbers. */
static bool
is_complete(const KpiMatrix *row)
{
	for (int i = 0; i < row->columns; i++)
	{
		if (!kpi_is_number(row->value[i]))
			return false;
	}
	return true;
}

/* The values of a row of a table; NaN where they are NULL. */
static KpiMatrix
read_row(ArrayType *array)
{
	Datum	   *element;
	bool	   *isnull;
	KpiMatrix	row = {.rows = 1};

	if (ARR_NDIM(array) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("values has %d dimensions, not one", ARR_NDIM(array)),
				 errhint("Pass the values of a row as one array, with an element for each column.")));
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &element, &isnull, &row.columns);
	row.value = palloc(row.columns * sizeof(double));
	for (int i = 0; i < row.columns; i++)
		row.value[i] = isnull[i] ? NAN : DatumGetFloat8(element[i]);
	return row;
}

/* Transition: criteria_accum(state, values); a row that is not complete is counted. */
PG_FUNCTION_INFO_V1(kpi_criteria_accum);
Datum
kpi_criteria_accum(PG_FUNCTION_ARGS)
{
	KpiMatrix	row = {.rows = 1};
	KpiRows    *state;

	if (!PG_ARGISNULL(1))
		row = read_row(PG_GETARG_ARRAYTYPE_P(1));
	state = kpi_rows_begin(fcinfo, row.columns);
	if (row.columns > 0 && is_complete(&row))
		state = kpi_rows_add(state, row.value, 1);
	else
		state->missing++;
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_criteria_combine);
Datum
kpi_criteria_combine(PG_FUNCTION_ARGS)
{
	return kpi_rows_merge(fcinfo);
}

/* Whether an aggregate could produce the rows: each stands for whole ones. */
static bool
accept_criteria(void *value)
{
	KpiRows    *state = value;
	int			width = (int) state->columns + 1;

	if (!kpi_rows_accept(state))
		return false;
	for (int i = 0; i < state->count; i++)
	{
		double		weight = state->value[(Size) i * width + width - 1];

		if (weight != rint(weight))
			return false;
	}
	return true;
}

static const KpiLayout layout = {
	.type = "kpi.criteria_state",
	KPI_ROWS_LAYOUT,
	.accept = accept_criteria
};

KPI_STATE_FORMS(kpi_criteria_state, layout)
