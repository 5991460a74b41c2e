/*-------------------------------------------------------------------------
 *
 * factors.c
 *	  What each factor of a product, or of a sum of products, did to its change.
 *
 *	lmdi		logarithmic mean Divisia index: for a product v = f[1] ... f[n],
 *				part[k] = L(v1, v0) ln(f1[k] / f0[k]), L(a, b) = (a - b) / ln(a / b);
 *				for a sum, the sum of the parts of its products
 *	shapley		the mean, over all orders in which the factors could change, of
 *				what a factor changes when it does
 *	multiplier	of a part: exp(part / L(after, before)); the product of them is
 *				after / before
 *
 * Both add up to the change and do not depend on the order of the factors.
 * Factors that are 0 are taken as 1e-20 of the greater of their two values in
 * lmdi; negative ones have no logarithm.
 *
 * The parts add up exactly: before and after are taken as decimals, what their
 * products differ by is exact, and the largest part takes what rounding leaves.
 *
 * Numeric method: L by expm1, which is right where before and after are near.
 * Shapley's mean is a sum over the numbers of factors that have changed before,
 * whose terms are the coefficients of the polynomial prod (f0 + f1 t): n^2 steps
 * a factor and not 2^n.
 *
 * Sources: B. W. Ang, Energy Policy 33, 2005 (LMDI-I), and Energy Policy 35, 2007
 * (zeros); L. S. Shapley, "A value for n-person games", 1953; J. W. Sun, Energy
 * Economics 20, 1998 (the same of products).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/exact.h"
#include "base/list.h"
#include "base/matrix.h"
#include "driver/parts.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "base/check.h"
#include "utils/float.h"

#define MAX_FACTORS 100

/* What stands for a factor of 0, as a share of its other value. */
#define NEARLY_ZERO 1e-20

/* The factors of products, a row a product, and the exact sum of the products. */
typedef struct Products
{
	KpiMatrix	factor;
	Numeric		total;
} Products;

/* Adds what each factor did in one product. */
typedef void (*Explain) (const double *before, const double *after, int n, double *part);

/* The exact sum of the products of the rows. */
static Numeric
sum_products(const KpiList *list, int columns, const char *name)
{
	Numeric		sum = int64_to_numeric(0);

	for (int i = 0; i < list->count; i += columns)
	{
		Numeric		product = kpi_list_numeric(list, i, name);

		CHECK_FOR_INTERRUPTS();
		for (int k = 1; k < columns; k++)
			product = kpi_numeric_mul(product, kpi_list_numeric(list, i + k, name));
		sum = kpi_numeric_add(sum, product);
	}
	return sum;
}

/* An argument as products. */
static Products
read_products(ArrayType *array, const char *name)
{
	Products	products = {.factor = kpi_matrix(array, name, false)};
	KpiList		list = kpi_number_elements(array, name);

	products.total = sum_products(&list, products.factor.columns, name);
	return products;
}

/* Two tables of factors have the same shape. */
static void
check_shapes(const KpiMatrix *before, const KpiMatrix *after)
{
	if (before->rows != after->rows || before->columns != after->columns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("before has %d rows of %d factors but after has %d of %d", before->rows, before->columns,
						after->rows, after->columns),
				 errhint("Pass the same factors in the same order, in a row for each product.")));
	if (before->columns > MAX_FACTORS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d factors are more than %d", before->columns, MAX_FACTORS)));
}

/* The logarithmic mean of before and of before exp(log_ratio). */
static double
logarithmic_mean(double before, double log_ratio)
{
	return log_ratio == 0 ? before : before * expm1(log_ratio) / log_ratio;
}

/* The factors of a product without a zero; false where both products are 0. */
static bool
replace_zeros(const double *before, const double *after, int n, double *first, double *second)
{
	bool		begins_at_zero = false;
	bool		ends_at_zero = false;

	for (int k = 0; k < n; k++)
	{
		double		nearly = NEARLY_ZERO * Max(before[k], after[k]);

		begins_at_zero = begins_at_zero || before[k] == 0;
		ends_at_zero = ends_at_zero || after[k] == 0;
		first[k] = before[k] == 0 ? nearly : before[k];
		second[k] = after[k] == 0 ? nearly : after[k];
	}
	return !(begins_at_zero && ends_at_zero);
}

/* A factor that has a logarithm, or is 0. */
static void
check_factors(const double *factor, int n)
{
	for (int k = 0; k < n; k++)
	{
		if (factor[k] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("factor %d, %s, is below 0", k + 1, float8out_internal(factor[k])),
					 errhint("It has no logarithm: kpi.shapley() takes factors of any sign.")));
	}
}

/* lmdi of one product. */
static void
explain_by_logarithms(const double *before, const double *after, int n, double *part)
{
	double		first[MAX_FACTORS];
	double		second[MAX_FACTORS];
	double		log_ratio = 0;
	double		product = 1;
	double		mean;

	check_factors(before, n);
	check_factors(after, n);
	if (!replace_zeros(before, after, n, first, second))
		return;
	for (int k = 0; k < n; k++)
	{
		log_ratio += log(second[k] / first[k]);
		product *= first[k];
	}
	mean = logarithmic_mean(product, log_ratio);
	for (int k = 0; k < n; k++)
		part[k] += mean * log(second[k] / first[k]);
}

/* The coefficients of the product of before + after t over all factors but one. */
static void
multiply_out(const double *before, const double *after, int n, int without, double *coefficient)
{
	int			degree = 0;

	coefficient[0] = 1;
	for (int k = 0; k < n; k++)
	{
		if (k == without)
			continue;
		coefficient[degree + 1] = coefficient[degree] * after[k];
		for (int s = degree; s > 0; s--)
			coefficient[s] = coefficient[s] * before[k] + coefficient[s - 1] * after[k];
		coefficient[0] *= before[k];
		degree++;
	}
}

/* shapley of one product. */
static void
explain_by_orders(const double *before, const double *after, int n, double *part)
{
	for (int k = 0; k < n; k++)
	{
		double		coefficient[MAX_FACTORS];
		double		orders = 1.0 / n;
		double		mean = 0;

		CHECK_FOR_INTERRUPTS();
		multiply_out(before, after, n, k, coefficient);
		for (int s = 0; s < n; s++)
		{
			/*
			 * 1 / (n C(n - 1, s)): the share of orders with just s factors
			 * before
			 */
			mean += orders * coefficient[s];
			orders *= (s + 1.0) / (n - 1 - s);
		}
		part[k] += (after[k] - before[k]) * mean;
	}
}

/* The logarithm of after / before, also where these are near each other. */
static double
log_of_ratio(double before, double after, double change)
{
	return fabs(change) < before / 2 ? log1p(change / before) : log(after / before);
}

/* The rows of the parts, which add up to the change. */
static void
put_parts(FunctionCallInfo fcinfo, const double *part, int n, double before, double after, Numeric change)
{
	double		whole = kpi_numeric_to_double(change);
	double		mean = logarithmic_mean(before, log_of_ratio(before, after, whole));
	Numeric    *exact = kpi_settle(part, n, change);

	for (int k = 0; k < n; k++)
	{
		KpiAnswer	answer = {0};

		kpi_answer_integer(&answer, k + 1);
		kpi_answer_add(&answer, NumericGetDatum(exact[k]), false);
		kpi_answer_number(&answer, whole == 0 ? NAN : part[k] / whole);
		kpi_answer_number(&answer, before > 0 && after > 0 ? exp(part[k] / mean) : NAN);
		kpi_answer_put(fcinfo, &answer);
	}
}

/* One row for each factor. */
static Datum
answer_parts(FunctionCallInfo fcinfo, Explain explain)
{
	Products	before = read_products(PG_GETARG_ARRAYTYPE_P(0), "before");
	Products	after = read_products(PG_GETARG_ARRAYTYPE_P(1), "after");
	int			n = before.factor.columns;
	double		part[MAX_FACTORS] = {0};

	check_shapes(&before.factor, &after.factor);
	for (int i = 0; i < before.factor.rows; i++)
		explain(kpi_matrix_row(&before.factor, i), kpi_matrix_row(&after.factor, i), n, part);
	for (int k = 0; k < n; k++)
	{
		if (!kpi_is_number(part[k]))
			float_overflow_error();
	}
	InitMaterializedSRF(fcinfo, 0);
	put_parts(fcinfo, part, n, kpi_numeric_to_double(before.total), kpi_numeric_to_double(after.total),
			  kpi_numeric_sub(after.total, before.total));
	PG_RETURN_NULL();
}

/* lmdi(before, after) */
PG_FUNCTION_INFO_V1(kpi_lmdi);
Datum
kpi_lmdi(PG_FUNCTION_ARGS)
{
	return answer_parts(fcinfo, explain_by_logarithms);
}

/* shapley(before, after) */
PG_FUNCTION_INFO_V1(kpi_shapley);
Datum
kpi_shapley(PG_FUNCTION_ARGS)
{
	return answer_parts(fcinfo, explain_by_orders);
}
