/*-------------------------------------------------------------------------
 *
 * judgement.c
 *	  Pairwise judgements as a matrix or as rows, of one person or of many.
 *
 *	judgements		rows of row, column and judgement, how many times as important
 *					row is as column, as a value to store
 *	ahp, group_ahp	weights and consistency of a matrix and of stored rows, see
 *					ahp.c
 *
 * Several judgements of a pair make their geometric mean, by their weights,
 * whichever way round the pair was judged.  J. Aczel and T. L. Saaty, "Procedures
 * for synthesizing ratio judgements", J. of Mathematical Psychology 27, 1983.
 *
 * NULL rule: a NULL judgement is a missing one.  One half of a matrix is enough.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "base/check.h"
#include "base/matrix.h"
#include "base/twosum.h"
#include "base/words.h"
#include "catalog/pg_type.h"
#include "utils/float.h"
#include "weighting/ahp.h"
#include "weighting/rows.h"

/* By how much a judgement and its reciprocal may miss 1 together. */
#define RECIPROCAL 1e-6

/* Places in a row of the state. */
enum
{
	ROW, COLUMN, JUDGEMENT, JUDGEMENT_COLUMNS
};

static const char *const judgements_name = "judgements";

/* How many elements there are, at most so many. */
static int
check_elements(int64 n)
{
	if (n > KPI_MAX_ELEMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d elements are compared", KPI_MAX_ELEMENTS),
				 errhint("Compare groups of them, and the elements of each group.")));
	return (int) n;
}

/* A judgement is a finite number above 0. */
static double
check_judgement(double judgement)
{
	if (!(kpi_is_number(judgement) && judgement > 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("judgement %s is not a finite number above 0", float8out_internal(judgement)),
				 errhint("Write how many times as important the row is as the column: 1 for equal, 3 for moderately more, 9 for extremely more, 1.0 / 3 the other way round.")));
	return judgement;
}

/* A judgement of an element over itself is 1. */
static void
check_diagonal(int element, double judgement)
{
	if (judgement != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("judgement of element %d over itself is %s", element, float8out_internal(judgement)),
				 errhint("An element is as important as itself: write 1, or NULL.")));
}

/* The logarithm of a pair of a matrix, of which one half may be NaN. */
static double
pair_of_matrix(const KpiMatrix *matrix, int i, int j)
{
	double		upper = kpi_matrix_row(matrix, i)[j];
	double		lower = kpi_matrix_row(matrix, j)[i];

	if (!isnan(upper) && !isnan(lower) &&
		fabs(check_judgement(upper) * check_judgement(lower) - 1) > RECIPROCAL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("judgements %s of element %d over %d and %s of %d over %d are not reciprocal",
						float8out_internal(upper), i + 1, j + 1, float8out_internal(lower), j + 1, i + 1),
				 errhint("Their product is 1 within 1e-6: write 1.0 / 3, or leave one of the two NULL.")));
	if (!isnan(upper))
		return log(check_judgement(upper));
	return isnan(lower) ? NAN : -log(check_judgement(lower));
}

/* The judgements of a square matrix. */
static KpiJudgements
read_matrix(ArrayType *array)
{
	KpiMatrix	matrix = kpi_matrix(array, judgements_name, true);
	KpiJudgements judgements;

	if (matrix.rows != matrix.columns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("judgements has %d rows and %d columns", matrix.rows, matrix.columns),
				 errhint("Pass a square array, with a row and a column for each element.")));
	judgements = kpi_new_judgements(check_elements(matrix.rows));
	for (int i = 0; i < matrix.rows; i++)
	{
		double		itself = kpi_matrix_row(&matrix, i)[i];

		check_diagonal(i + 1, isnan(itself) ? 1 : itself);
		for (int j = i + 1; j < matrix.rows; j++)
			kpi_set_judgement(&judgements, i, j, pair_of_matrix(&matrix, i, j));
	}
	return judgements;
}

/* The judgements of rows: geometric means. */
static KpiJudgements
read_rows(const KpiRows *state)
{
	KpiReadRows rows = kpi_rows_read(state);
	double		n = 1;
	KpiJudgements judgements;
	KpiSum	   *sum;
	double	   *weight;

	for (int i = 0; i < rows.matrix.rows; i++)
		n = Max(n, Max(kpi_matrix_row(&rows.matrix, i)[ROW], kpi_matrix_row(&rows.matrix, i)[COLUMN]));
	judgements = kpi_new_judgements(check_elements((int64) n));
	sum = palloc0(sizeof(KpiSum) * judgements.n * judgements.n);
	weight = palloc0(sizeof(double) * judgements.n * judgements.n);
	for (int i = 0; i < rows.matrix.rows; i++)
	{
		const double *row = kpi_matrix_row(&rows.matrix, i);
		int			a = (int) row[ROW] - 1;
		int			b = (int) row[COLUMN] - 1;
		int			place = Min(a, b) * judgements.n + Max(a, b);

		kpi_sum_add(&sum[place], (a < b ? 1 : -1) * log(row[JUDGEMENT]) * rows.weight[i]);
		weight[place] += rows.weight[i];
	}
	for (int i = 0; i < judgements.n; i++)
	{
		for (int j = i + 1; j < judgements.n; j++)
		{
			int			place = i * judgements.n + j;

			if (weight[place] > 0)
				kpi_set_judgement(&judgements, i, j, kpi_sum_value(sum[place]) / weight[place]);
		}
	}
	return judgements;
}

/* Add elements, counted from 1; NULL where there is none. */
static void
answer_elements(KpiAnswer *answer, const int *element, int count)
{
	Datum		place[3];

	if (element[0] < 0)
	{
		kpi_answer_add(answer, (Datum) 0, true);
		return;
	}
	for (int i = 0; i < count; i++)
		place[i] = Int32GetDatum(element[i] + 1);
	kpi_answer_add(answer, PointerGetDatum(construct_array(place, count, INT4OID, sizeof(int32), true, TYPALIGN_INT)), false);
}

/* The greatest consistency ratio that is accepted. */
static double
accepted_ratio(int n, bool strict)
{
	if (strict && n == 3)
		return 0.05;
	if (strict && n == 4)
		return 0.08;
	return 0.1;
}

/* The answer of ahp() and group_ahp(). */
static Datum
answer_ahp(FunctionCallInfo fcinfo, const KpiJudgements *judgements)
{
	bool		geometric = kpi_check_word(&kpi_ahp_method_words, PG_GETARG_TEXT_PP(1)) == KPI_AHP_GEOMETRIC;
	KpiAhp		ahp = kpi_ahp(judgements, geometric);
	bool		fits = ahp.pair[0] < 0;
	KpiAnswer	answer = {0};

	kpi_answer_numbers(&answer, ahp.weight, judgements->n);
	kpi_answer_number(&answer, ahp.lambda_max);
	kpi_answer_number(&answer, ahp.ci);
	kpi_answer_number(&answer, ahp.cr);
	kpi_answer_number(&answer, ahp.gci);
	kpi_answer_add(&answer, BoolGetDatum(ahp.cr < accepted_ratio(judgements->n, PG_GETARG_BOOL(2))), false);
	answer_elements(&answer, ahp.pair, 2);
	kpi_answer_number(&answer, fits ? NAN : exp(kpi_judgement(judgements, ahp.pair[0], ahp.pair[1])));
	kpi_answer_number(&answer, fits ? NAN : ahp.weight[ahp.pair[0]] / ahp.weight[ahp.pair[1]]);
	answer_elements(&answer, ahp.triple, 3);
	kpi_answer_integer(&answer, judgements->n);
	kpi_answer_integer(&answer, ahp.missing);
	kpi_answer_integer(&answer, ahp.outside_scale);
	return kpi_answer_row(fcinfo, &answer);
}

/* ahp(judgements, method, strict): of a matrix. */
PG_FUNCTION_INFO_V1(kpi_ahp_matrix);
Datum
kpi_ahp_matrix(PG_FUNCTION_ARGS)
{
	KpiJudgements judgements = read_matrix(PG_GETARG_ARRAYTYPE_P(0));

	return answer_ahp(fcinfo, &judgements);
}

/* group_ahp(judgements, method, strict): of stored rows. */
PG_FUNCTION_INFO_V1(kpi_ahp_rows);
Datum
kpi_ahp_rows(PG_FUNCTION_ARGS)
{
	KpiJudgements judgements = read_rows((const KpiRows *) PG_GETARG_VARLENA_P(0));

	return answer_ahp(fcinfo, &judgements);
}

/* The number of an element, from 1. */
static double
check_element(double element, const char *name)
{
	int32		number = kpi_check_whole(element, name);

	if (number < 1 || number > KPI_MAX_ELEMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %d is not between 1 and %d", name, number, KPI_MAX_ELEMENTS),
				 errhint("Number the elements that are compared from 1.")));
	return number;
}

/*
 * Transition: judgements_accum(state, row, column, judgement [, weight]); a row
 * with a NULL or of weight 0 is left out.
 */
PG_FUNCTION_INFO_V1(kpi_judgements_accum);
Datum
kpi_judgements_accum(PG_FUNCTION_ARGS)
{
	KpiRows    *state = kpi_rows_begin(fcinfo, JUDGEMENT_COLUMNS);
	double		weight = 1;
	double		row[JUDGEMENT_COLUMNS];

	for (int i = 1; i < PG_NARGS(); i++)
	{
		if (PG_ARGISNULL(i))
		{
			state->missing++;
			PG_RETURN_POINTER(state);
		}
	}
	if (PG_NARGS() > 4)
		weight = kpi_check_weight(PG_GETARG_FLOAT8(4));
	row[ROW] = check_element(PG_GETARG_FLOAT8(1), "row");
	row[COLUMN] = check_element(PG_GETARG_FLOAT8(2), "column");
	row[JUDGEMENT] = check_judgement(PG_GETARG_FLOAT8(3));
	if (row[ROW] == row[COLUMN])
		check_diagonal((int) row[ROW], row[JUDGEMENT]);
	if (weight > 0)
		state = kpi_rows_add(state, row, weight);
	else
		state->missing++;
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_judgements_combine);
Datum
kpi_judgements_combine(PG_FUNCTION_ARGS)
{
	return kpi_rows_merge(fcinfo);
}

/* Whether an aggregate could produce the judgements. */
static bool
accept_judgements(void *value)
{
	KpiRows    *state = value;

	if (state->columns != JUDGEMENT_COLUMNS || !kpi_rows_accept(state))
		return false;
	for (int i = 0; i < state->count; i++)
	{
		const double *row = state->value + (Size) i * (JUDGEMENT_COLUMNS + 1);

		if (row[ROW] < 1 || row[ROW] > KPI_MAX_ELEMENTS || row[ROW] != rint(row[ROW]) ||
			row[COLUMN] < 1 || row[COLUMN] > KPI_MAX_ELEMENTS || row[COLUMN] != rint(row[COLUMN]) ||
			row[JUDGEMENT] <= 0 || (row[ROW] == row[COLUMN] && row[JUDGEMENT] != 1))
			return false;
	}
	return true;
}

static const KpiLayout layout = {
	.type = "kpi.judgement_state",
	KPI_ROWS_LAYOUT,
	.accept = accept_judgements
};

KPI_STATE_FORMS(kpi_judgement_state, layout)
