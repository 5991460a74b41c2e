/*-------------------------------------------------------------------------
 *
 * granger.c
 *	  Whether the past of one series tells more of another than its own past does.
 *
 *	restricted		b[t] = c + sum of d[k] b[t - k], k from 1 to order
 *	full			that + sum of e[k] a[t - k]
 *	f				((rss restricted - rss full) / order) / (rss full / (n - 2 order - 1))
 *	p				of F with order and n - 2 order - 1 degrees of freedom
 *
 * It is asked both ways.  The order is the one, up to four, whose full model has
 * the least value of Akaike's criterion over the periods that all of them have.
 * Where the past of a precedes b, a need not be the cause of b.
 *
 * NULL rule: NULL for fewer than 3 order + 2 periods, and where the past of a
 * series is all the same.
 *
 * Numeric method: residuals by the factors of the matrix of products of all
 * columns, around their means and in units of their deviations.
 *
 * Source: C. W. J. Granger, Econometrica 37, 1969.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "driver/correlation.h"
#include "driver/whiten.h"
#include "funcapi.h"
#include "math/linear.h"

#define MAX_ORDER 24
#define USUAL_MAX_ORDER 4

/* What is left of a variance may not be less. */
#define SINGULAR 1e-12

/* A series and its past: columns b, then b and a of the periods before. */
typedef struct Past
{
	int			n;
	int			columns;
	double	   *value;			/* column after column */
} Past;

/* Two series, from a period on that they both have for so many before. */
static Past
look_back(const double *a, const double *b, int periods, int order, int from)
{
	Past		past = {0, 2 * order + 1, palloc((Size) Max(periods, 1) * (2 * order + 1) * sizeof(double))};

	for (int t = from; t < periods; t++)
	{
		bool		known = !isnan(b[t]);

		for (int k = 1; k <= from && known; k++)
			known = !isnan(a[t - k]) && !isnan(b[t - k]);
		if (!known)
			continue;
		past.value[past.n] = b[t];
		for (int k = 1; k <= order; k++)
		{
			past.value[(Size) k * periods + past.n] = b[t - k];
			past.value[(Size) (order + k) * periods + past.n] = a[t - k];
		}
		past.n++;
	}
	for (int k = 1; k < past.columns; k++)
		memmove(past.value + (Size) k * past.n, past.value + (Size) k * periods, past.n * sizeof(double));
	return past;
}

/* What the first so many columns after b leave of its sum of squares, of 1; NaN where they cannot be told apart. */
static double
unexplained(const Past *past, int columns)
{
	double	   *matrix = palloc(sizeof(double) * (columns + 1) * (columns + 1));
	int			last = columns;
	double		left;

	/* b comes last, so that what is left of it ends the factor */
	for (int i = 0; i <= columns; i++)
	{
		for (int j = 0; j <= i; j++)
		{
			int			x = i == last ? 0 : i + 1;
			int			y = j == last ? 0 : j + 1;
			double		r = i == j ? 1 : kpi_pearson(past->value + (Size) x * past->n, past->value + (Size) y * past->n, past->n);

			matrix[i * (columns + 1) + j] = r;
		}
	}
	left = kpi_factor(matrix, columns + 1, SINGULAR) ? matrix[(columns + 1) * (columns + 1) - 1] : NAN;
	pfree(matrix);
	return left * left;
}

/* The order whose full model is best, of those that the periods are enough for; 0 for none. */
static int
choose_order(const double *a, const double *b, int periods, int most)
{
	double		least = 0;
	int			best = 0;

	for (int order = 1; order <= most; order++)
	{
		Past		past = look_back(a, b, periods, order, most);
		double		criterion = past.n * log(unexplained(&past, 2 * order)) + 2 * (2 * order + 1);

		if (past.n >= 3 * order + 2 && !isnan(criterion) && (best == 0 || criterion < least))
		{
			best = order;
			least = criterion;
		}
		pfree(past.value);
	}
	return best;
}

/* Whether a precedes b: a row. */
static void
put_test(FunctionCallInfo fcinfo, const char *direction, const double *a, const double *b, int periods, int order)
{
	Past		past = look_back(a, b, periods, order, order);
	double		freedom = past.n - 2.0 * order - 1;
	double		f = NAN;
	KpiAnswer	answer = {0};

	if (order > 0 && past.n >= 3 * order + 2)
	{
		double		full = unexplained(&past, 2 * order);

		f = (unexplained(&past, order) - full) / order / (full / freedom);
	}
	kpi_answer_text(&answer, direction);
	kpi_answer_add(&answer, Int32GetDatum(order), order == 0);
	kpi_answer_integer(&answer, past.n);
	kpi_answer_number(&answer, f);
	kpi_answer_number(&answer, isnan(f) ? NAN : freedom);
	kpi_answer_number(&answer, kpi_f_tail(f, order, freedom));
	kpi_answer_put(fcinfo, &answer);
}

/* The order that is asked for, or 0 where the series choose one. */
static int
read_order(FunctionCallInfo fcinfo, int argument)
{
	int			order;

	if (PG_ARGISNULL(argument))
		return 0;
	order = kpi_check_whole(PG_GETARG_FLOAT8(argument), "order");
	if (order < 1 || order > MAX_ORDER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("order %d is not between 1 and %d", order, MAX_ORDER),
				 errhint("It is how many periods back the past goes; NULL lets the series choose.")));
	return order;
}

/* granger(a, b, order, differenced): both ways. */
PG_FUNCTION_INFO_V1(kpi_granger);
Datum
kpi_granger(PG_FUNCTION_ARGS)
{
	KpiAligned	aligned;
	const double *a;
	const double *b;
	int			order;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	order = read_order(fcinfo, 2);
	aligned = kpi_align_two(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
	if (PG_GETARG_BOOL(3))
		kpi_difference(&aligned);
	a = kpi_aligned_values(&aligned, 0);
	b = kpi_aligned_values(&aligned, 1);
	put_test(fcinfo, "a precedes b", a, b, aligned.periods,
			 order > 0 ? order : choose_order(a, b, aligned.periods, USUAL_MAX_ORDER));
	put_test(fcinfo, "b precedes a", b, a, aligned.periods,
			 order > 0 ? order : choose_order(b, a, aligned.periods, USUAL_MAX_ORDER));
	PG_RETURN_NULL();
}
