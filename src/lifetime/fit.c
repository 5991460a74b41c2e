/*-------------------------------------------------------------------------
 *
 * fit.c
 *	  From a likelihood to a model, and from a model to its parameters.
 *
 * A fit looks for the maximum of the likelihood over the logarithms of the
 * parameters.  Where the search from the given start does not end well, or the
 * customers are few, it is repeated from fixed other ones, and the best end
 * counts.  Where the customers are many a part of them is fitted first; its end
 * is the start for all of them, and its hessian is good for most of the way.
 * A fit that fails is reported by its status, never by an error:
 *
 *	converged			a maximum inside the range of every parameter
 *	boundary			the likelihood grows, or stays, toward the edge of a
 *						range (RANGE_LOW to RANGE_HIGH units), or the maximum
 *						is none in some direction
 *	not_converged		the search ended on a slope
 *	insufficient_data	the data cannot tell the parameters: they are NULL
 *	dropout_not_identified	a maximum, but the data do not tell that customers
 *						leave at all: what the model says of leaving is no more
 *						than DROPOUT_BOUND of its standard errors above none
 *
 * The covariance is the inverse hessian in the logarithms, rows and columns
 * multiplied by the parameters (delta method); only a converged fit has one.
 *
 * A penalty c of a parameter adds c * (parameter / unit)^2 to the mean negative
 * log-likelihood of a customer.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/fit.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "base/check.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/typcache.h"

/* Gradient, per customer, that counts as none. */
#define TOLERANCE 1e-9
/* The same beyond the range of a parameter, where there is little left to gain. */
#define OUTSIDE_TOLERANCE 2e-8
/* Points nearer than this are those of one difference. */
#define BESIDE 1e-4

#define RANGE_LOW 1e-6
#define RANGE_HIGH 1e4
/* so far the search goes in search of a maximum, as a logarithm of units */
#define SEARCH_RANGE 25.0

/* up to so many customers all starts are tried */
#define SMALL_SAMPLE 500

/* relative distance of function values that means nothing */
#define SAME_VALUE 1e-11

/* From so many different customers on about this many of them are fitted first. */
#define SAMPLE_FROM 50000
#define SAMPLE_SIZE 16384
/* How often the likelihood of the part, and of all of them, is then evaluated at most. */
#define SAMPLE_PATIENCE 400
#define FULL_PATIENCE 120
/* Steps with the hessian of a part of the customers: how many, and how long. */
#define MAX_APPROACH 20
#define LONGEST_APPROACH 1.0

/* What a standard normal number exceeds in 5 of 100 cases. */
#define DROPOUT_BOUND 1.6448536269514722

/* Columns of a model after its parameters. */
#define MODEL_COLUMNS 7

const char *const kpi_fit_status_words[] = {
	"converged", "boundary", "not_converged", "insufficient_data", "dropout_not_identified"
};

/* Where further searches begin: signs of the distance from the given start. */
#define FURTHER_STARTS 5
#define START_DISTANCE 2.0

static const signed char start_signs[FURTHER_STARTS][4] = {
	{-1, -1, -1, -1}, {1, 1, -1, -1}, {-1, 1, 1, 1}, {1, -1, 1, 1}, {-1, 0, 1, 2}
};

/* A search for the minimum, and what it has seen so far. */
typedef struct Search
{
	const KpiFitProblem *problem;
	int			evaluations;
	double		x[KPI_MAX_PARAMETERS];	/* where it is, about */
	bool		is_over;		/* because nothing is left to gain there */
} Search;

/* The penalty at x, and its gradient added. */
static double
penalize(const KpiFitProblem *problem, const double *x, double *gradient)
{
	double		sum = 0;

	for (int i = 0; i < problem->n; i++)
	{
		double		factor = problem->penalty[i] * problem->weight;
		double		parameter;

		if (factor == 0)
			continue;
		parameter = (problem->is_free[i] ? x[i] : exp(x[i])) / problem->unit[i];
		sum += factor * (parameter * parameter);
		if (problem->is_free[i])
			gradient[i] += 2 * factor * parameter / problem->unit[i];
		else
			gradient[i] += 2 * factor * parameter * parameter;
	}
	return sum;
}

/* Whether all parameters are in their ranges. */
static bool
in_range(const KpiFitProblem *problem, const double *x)
{
	for (int i = 0; i < problem->n; i++)
	{
		double		units = exp(x[i]) / problem->unit[i];

		if (!problem->is_free[i] && !(units >= RANGE_LOW && units <= RANGE_HIGH))
			return false;
	}
	return true;
}

/* Whether the search may end at x, beyond the range; the same for points beside it. */
static bool
is_over(Search *search, const double *x, const double *gradient)
{
	const KpiFitProblem *problem = search->problem;
	double		step[KPI_MAX_PARAMETERS];

	for (int i = 0; i < problem->n; i++)
		step[i] = x[i] - search->x[i];
	if (search->evaluations++ == 0 || kpi_largest(problem->n, step) > BESIDE)
	{
		memcpy(search->x, x, problem->n * sizeof(double));
		search->is_over = !in_range(problem, x) &&
			kpi_largest(problem->n, gradient) <= OUTSIDE_TOLERANCE * problem->weight;
	}
	return search->is_over;
}

/* The likelihood with penalty, within the range of the search and its patience. */
static double
penalized_objective(const double *x, double *gradient, void *data)
{
	Search	   *search = data;
	const KpiFitProblem *problem = search->problem;
	bool		known = problem->patience == 0 || search->evaluations < problem->patience;
	double		value;

	for (int i = 0; i < problem->n; i++)
		known = known &&
		/* NOLINTNEXTLINE(clang-analyzer-core.*): x has n numbers */
			(problem->is_free[i] || fabs(x[i] - log(problem->unit[i])) <= SEARCH_RANGE);
	if (!known)
	{
		memset(gradient, 0, problem->n * sizeof(double));
		return INFINITY;
	}
	value = problem->objective(x, gradient, problem->data);
	value += penalize(problem, x, gradient);
	if (is_over(search, x, gradient))
		memset(gradient, 0, problem->n * sizeof(double));
	return value;
}

/* The status of a fit whose search ended there. */
static KpiFitStatus
judge(const KpiFitProblem *problem, const KpiMinimum *minimum)
{
	if (!in_range(problem, minimum->x))
		return KPI_BOUNDARY;
	if (!minimum->stationary)
		return KPI_NOT_CONVERGED;
	return minimum->positive_definite ? KPI_CONVERGED : KPI_BOUNDARY;
}

/* Whether another minimum is lower, or about as low and a better end. */
static bool
is_better(const KpiFitProblem *problem, const KpiMinimum *other, const KpiMinimum *best)
{
	double		noise = SAME_VALUE * fabs(best->value);
	double		slack = 10 * OUTSIDE_TOLERANCE * problem->weight;
	KpiFitStatus status = judge(problem, other);
	double		below = best->value;

	if (isfinite(other->value) && !isfinite(best->value))
		return true;
	below -= status == KPI_NOT_CONVERGED ? slack : 0;
	below += judge(problem, best) == KPI_NOT_CONVERGED ? slack : 0;
	return other->value < below - noise ||
		(other->value < below + noise && status == KPI_CONVERGED);
}

/* product = matrix * vector */
static void
multiply(int n, double matrix[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS],
		 const double *vector, double *product)
{
	for (int i = 0; i < n; i++)
	{
		product[i] = 0;
		for (int j = 0; j < n; j++)
			product[i] += matrix[i][j] * vector[j];
	}
}

/* The hessian after a step that changed the gradient so (Broyden, Fletcher, Goldfarb, Shanno). */
static void
update_hessian(int n, double hessian[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS],
			   const double *step, const double *change)
{
	double		expected[KPI_MAX_PARAMETERS];
	double		curve = 0;
	double		expected_curve = 0;

	multiply(n, hessian, step, expected);
	for (int i = 0; i < n; i++)
	{
		curve += step[i] * change[i];
		expected_curve += step[i] * expected[i];
	}
	if (!(curve > 0 && expected_curve > 0))
		return;
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
			hessian[i][j] += change[i] * change[j] / curve -
				expected[i] * expected[j] / expected_curve;
	}
}

/*
 * Go to the minimum from that of a part of the customers, by steps that cost
 * one evaluation each; x is the start and the end.
 */
static int
approach(Search *search, KpiMinimum *part, double *x)
{
	const KpiFitProblem *problem = search->problem;
	int			n = problem->n;
	double		inverse[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS];
	double		gradient[KPI_MAX_PARAMETERS];
	double		value = penalized_objective(x, gradient, search);
	int			steps = 0;

	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
			part->hessian[i][j] *= problem->weight / problem->sample->weight;
	}
	while (steps < MAX_APPROACH && kpi_largest(n, gradient) > TOLERANCE * problem->weight &&
		   kpi_invert_symmetric(n, part->hessian, inverse))
	{
		double		step[KPI_MAX_PARAMETERS];
		double		next[KPI_MAX_PARAMETERS];
		double		change[KPI_MAX_PARAMETERS];
		double		next_value;

		multiply(n, inverse, gradient, step);
		if (!(kpi_largest(n, step) <= LONGEST_APPROACH))
			break;
		for (int i = 0; i < n; i++)
		{
			step[i] = -step[i];
			next[i] = x[i] + step[i];
		}
		next_value = penalized_objective(next, change, search);
		if (!(next_value <= value + SAME_VALUE * fabs(value)))
			break;
		value = next_value;
		for (int i = 0; i < n; i++)
		{
			double		before = gradient[i];

			gradient[i] = change[i];
			change[i] -= before;
			x[i] = next[i];
		}
		update_hessian(n, part->hessian, step, change);
		steps++;
	}
	return steps;
}

/*
 * Search from the given start; and from others where that does not end as
 * expected, until one ends alike and not better, or all of them where customers
 * are so few that the likelihood may have several maxima.
 */
static int
search_from(const double *start, Search *search, KpiFitStatus expected, KpiMinimum *best)
{
	const KpiFitProblem *problem = search->problem;
	double		tolerance = TOLERANCE * problem->weight;
	int			iterations;

	kpi_minimize(penalized_objective, search, problem->n, start, tolerance, best);
	iterations = best->iterations;
	for (int i = 0; i < FURTHER_STARTS; i++)
	{
		KpiFitStatus status = judge(problem, best);
		KpiMinimum	other;
		double		further[KPI_MAX_PARAMETERS];

		if ((status == KPI_CONVERGED || status == expected) && problem->weight > SMALL_SAMPLE)
			break;
		for (int j = 0; j < problem->n; j++)
			further[j] = problem->start[j] +
				(problem->is_free[j] ? 0 : START_DISTANCE * start_signs[i][j % 4]);
		kpi_minimize(penalized_objective, search, problem->n, further, tolerance, &other);
		iterations += other.iterations;
		if (is_better(problem, &other, best))
			*best = other;
		else if (problem->weight > SMALL_SAMPLE && judge(problem, &other) == status)
			break;
	}
	return iterations;
}

/* The minimum, for which a part of the customers is fitted first if there is one. */
static int
search_minimum(const KpiFitProblem *problem, KpiMinimum *best)
{
	Search		search = {.problem = problem};
	KpiFitStatus expected = KPI_CONVERGED;
	double		start[KPI_MAX_PARAMETERS];
	int			iterations = 0;

	memcpy(start, problem->start, sizeof(start));
	if (problem->sample != NULL)
	{
		KpiMinimum	part;

		iterations = search_minimum(problem->sample, &part);
		expected = judge(problem->sample, &part);
		if (isfinite(part.value))
			memcpy(start, part.x, sizeof(start));
		if (expected == KPI_CONVERGED)
			iterations += approach(&search, &part, start);
	}
	return iterations + search_from(start, &search, expected, best);
}

/* Parameters, covariance and status of the minimum that was found. */
static void
read_minimum(const KpiFitProblem *problem, KpiMinimum *minimum, KpiFit *fit)
{
	int			n = problem->n;
	double		factor[KPI_MAX_PARAMETERS];
	double		unused[KPI_MAX_PARAMETERS];

	for (int i = 0; i < n; i++)
	{
		fit->parameter[i] = problem->is_free[i] ? minimum->x[i] : exp(minimum->x[i]);
		factor[i] = problem->is_free[i] ? 1 : fit->parameter[i];
	}
	fit->has_covariance = fit->status == KPI_CONVERGED &&
		kpi_invert_symmetric(n, minimum->hessian, fit->covariance);
	for (int i = 0; i < n && fit->has_covariance; i++)
	{
		for (int j = 0; j < n; j++)
			fit->covariance[i][j] *= factor[i] * factor[j];
	}
	fit->log_likelihood = penalize(problem, minimum->x, memset(unused, 0, sizeof(unused))) -
		minimum->value;
}

/* Where customers are so many that a part is fitted first: one of how many; else 0. */
int
kpi_sample_step(int customers)
{
	return customers < SAMPLE_FROM ? 0 : customers / SAMPLE_SIZE;
}

/* A part of the customers, from all of their range, where they are many. */
bool
kpi_sample_customers(const KpiCustomers *customers, KpiCustomers *sample)
{
	int			step = kpi_sample_step(customers->count);

	if (step == 0)
		return false;
	*sample = *customers;
	sample->triple = palloc((customers->count / step + 1) * sizeof(KpiTriple));
	sample->count = 0;
	sample->weight = 0;
	for (int i = step / 2; i < customers->count; i += step)
	{
		sample->triple[sample->count++] = customers->triple[i];
		sample->weight += customers->triple[i].weight;
	}
	return true;
}

/* Let the fit begin with that of a part of the customers. */
void
kpi_fit_sample_first(KpiFitProblem *problem, KpiFitProblem *sample)
{
	sample->patience = SAMPLE_PATIENCE;
	problem->patience = FULL_PATIENCE;
	problem->sample = sample;
}

/* One penalty for all parameters. */
void
kpi_fit_penalize(KpiFitProblem *problem, double penalty)
{
	for (int i = 0; i < problem->n; i++)
		problem->penalty[i] = penalty;
}

/* Fit a model; whatever happens, the fit has a status. */
void
kpi_fit(const KpiFitProblem *problem, KpiFit *fit)
{
	KpiMinimum	minimum;

	kpi_fit_insufficient(problem->n, problem->weight, problem->patterns, fit);
	fit->iterations = search_minimum(problem, &minimum);
	if (!isfinite(minimum.value))
		return;
	fit->status = judge(problem, &minimum);
	read_minimum(problem, &minimum, fit);
}

/*
 * Say so where the data do not tell that customers leave: dropout is a measure
 * of it, 0 where nobody does, with its derivatives by the parameters.
 */
static void
judge_dropout(KpiFit *fit, double dropout, const double *slope)
{
	double		variance = 0;

	if (fit->status != KPI_CONVERGED || !fit->has_covariance)
		return;
	for (int i = 0; i < fit->n; i++)
	{
		for (int j = 0; j < fit->n; j++)
			variance += slope[i] * fit->covariance[i][j] * slope[j];
	}
	if (!(dropout > DROPOUT_BOUND * sqrt(Max(variance, 0))))
		fit->status = KPI_DROPOUT_NOT_IDENTIFIED;
}

/* The same where the chance to leave has a beta distribution: its mean a / (a + b). */
void
kpi_fit_judge_chance(KpiFit *fit, int a, int b)
{
	double		sum = fit->parameter[a] + fit->parameter[b];
	double		slope[KPI_MAX_PARAMETERS] = {0};

	slope[a] = fit->parameter[b] / sum / sum;
	slope[b] = -fit->parameter[a] / sum / sum;
	judge_dropout(fit, fit->parameter[a] / sum, slope);
}

/*
 * The same where the rate to leave has a gamma distribution: the logarithm of
 * the share that is gone at the greatest age, shape * log(1 + max_t / scale).
 */
void
kpi_fit_judge_rate(KpiFit *fit, int shape, int scale, double max_t)
{
	double		growth = log1p(max_t / fit->parameter[scale]);
	double		slope[KPI_MAX_PARAMETERS] = {0};

	slope[shape] = growth;
	slope[scale] = -fit->parameter[shape] / fit->parameter[scale] *
		(max_t / (fit->parameter[scale] + max_t));
	judge_dropout(fit, fit->parameter[shape] * growth, slope);
}

/* The answer to data that cannot tell the parameters. */
void
kpi_fit_insufficient(int n, double weight, int patterns, KpiFit *fit)
{
	memset(fit, 0, sizeof(KpiFit));
	fit->n = n;
	fit->weight = weight;
	fit->patterns = patterns;
	fit->status = KPI_INSUFFICIENT_DATA;
}

/* Arrays of the standard errors and the covariance. */
static void
error_arrays(const KpiFit *fit, Datum *se, Datum *covariance)
{
	int			n = fit->n;
	Datum		values[KPI_MAX_PARAMETERS * KPI_MAX_PARAMETERS];
	int			sizes[2] = {n, n};
	int			bounds[2] = {1, 1};

	for (int i = 0; i < n; i++)
		values[i] = Float8GetDatum(sqrt(fit->covariance[i][i]));
	*se = PointerGetDatum(construct_array(values, n, FLOAT8OID, sizeof(float8),
										  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	for (int i = 0; i < n * n; i++)
		values[i] = Float8GetDatum(fit->covariance[i / n][i % n]);
	*covariance = PointerGetDatum(construct_md_array(values, NULL, 2, sizes, bounds,
													 FLOAT8OID, sizeof(float8),
													 FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* The row type of the function's result; the caller uses fn_extra for nothing else. */
static TupleDesc
result_type(FunctionCallInfo fcinfo)
{
	TupleDesc	type = fcinfo->flinfo->fn_extra;

	if (type == NULL)
	{
		MemoryContext before = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (get_call_result_type(fcinfo, NULL, &type) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "function %u does not return a model", fcinfo->flinfo->fn_oid);
		type = BlessTupleDesc(type);
		fcinfo->flinfo->fn_extra = type;
		MemoryContextSwitchTo(before);
	}
	return type;
}

/*
 * The fit as a row: the parameters in their order, log_likelihood,
 * n_customers, n_patterns, iterations, status, se and cov.
 */
Datum
kpi_fit_datum(FunctionCallInfo fcinfo, const KpiFit *fit)
{
	TupleDesc	type = result_type(fcinfo);
	int			n = fit->n;
	Datum		values[KPI_MAX_PARAMETERS + MODEL_COLUMNS];
	bool		nulls[KPI_MAX_PARAMETERS + MODEL_COLUMNS] = {false};

	if (type->natts != n + MODEL_COLUMNS)
		elog(ERROR, "model of %d parameters has %d columns", n, type->natts);
	for (int i = 0; i < n; i++)
		values[i] = Float8GetDatum(fit->parameter[i]);
	values[n] = Float8GetDatum(fit->log_likelihood);
	if (fit->status == KPI_INSUFFICIENT_DATA)
		memset(nulls, true, (n + 1) * sizeof(bool));
	values[n + 1] = Float8GetDatum(fit->weight);
	values[n + 2] = Int32GetDatum(fit->patterns);
	values[n + 3] = Int32GetDatum(fit->iterations);
	values[n + 4] = CStringGetTextDatum(kpi_fit_status_words[fit->status]);
	if (fit->has_covariance)
		error_arrays(fit, &values[n + 5], &values[n + 6]);
	else
		nulls[n + 5] = nulls[n + 6] = true;
	return HeapTupleGetDatum(heap_form_tuple(type, values, nulls));
}

/* Parameters are positive numbers, or all of them are NULL. */
static void
check_parameters(TupleDesc type, const Datum *values, const bool *nulls, int n)
{
	for (int i = 0; i < n; i++)
	{
		double		parameter = nulls[i] ? 0 : DatumGetFloat8(values[i]);

		if (nulls[i] != nulls[0])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("parameter %s of the model is null",
							NameStr(TupleDescAttr(type, nulls[i] ? i : 0)->attname)),
					 errhint("A model has all of its parameters, or none where the data were insufficient.")));
		if (!nulls[i] && !(kpi_is_number(parameter) && parameter > 0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("parameter %s of the model, %g, is not a finite number above 0",
							NameStr(TupleDescAttr(type, i)->attname), parameter),
					 errhint("Use a model as its fit gives it.")));
	}
}

/* Read the parameters of a model row, whose bytes are new. */
static void
read_model(HeapTupleHeader row, int n, KpiModel *model)
{
	TupleDesc	type = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
											  HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row),.t_data = row};
	Datum		values[KPI_MAX_PARAMETERS];
	bool		nulls[KPI_MAX_PARAMETERS];

	for (int i = 0; i < n; i++)
		values[i] = heap_getattr(&tuple, i + 1, type, &nulls[i]);
	check_parameters(type, values, nulls, n);
	ReleaseTupleDesc(type);
	model->fitted = !nulls[0];
	for (int i = 0; i < n && model->fitted; i++)
		model->parameter[i] = DatumGetFloat8(values[i]);
}

/*
 * The n parameters that lead a model argument, which takes one slot of the
 * function's own; NULL where the model has none.  A model with the same bytes
 * as in the last call is not read again.
 */
const double *
kpi_model_argument(FunctionCallInfo fcinfo, int argument, int slot, int n)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(argument);
	Size		size = HeapTupleHeaderGetDatumLength(row);
	KpiModel   *model = fcinfo->flinfo->fn_extra;

	if (model == NULL)
	{
		model = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
									   KPI_MODEL_SLOTS * sizeof(KpiModel));
		fcinfo->flinfo->fn_extra = model;
	}
	model += slot;
	if (model->size != size || memcmp(model->bytes, row, size) != 0)
	{
		model->size = 0;
		read_model(row, n, model);
		if (model->room < size)
		{
			model->room = 0;
			if (model->bytes)
				pfree(model->bytes);
			model->bytes = NULL;
			model->bytes = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, size);
			model->room = size;
		}
		memcpy(model->bytes, row, size);
		model->size = size;
	}
	return model->fitted ? model->parameter : NULL;
}
