/*-------------------------------------------------------------------------
 *
 * fit.c
 *	  From a likelihood to a model, and from a model to its parameters.
 *
 * A fit looks for the maximum of the likelihood over the logarithms of the
 * parameters.  Where the search from the given start does not end well, or the
 * customers are few, it is repeated from fixed other ones, and the best end
 * counts.  A fit that fails
 * is told by its status, never by an error:
 *
 *	converged			a maximum inside the range of every parameter
 *	boundary			the likelihood grows, or stays, toward the edge of a
 *						range (RANGE_LOW to RANGE_HIGH units), or the maximum
 *						is none in some direction
 *	not_converged		the search ended on a slope
 *	insufficient_data	the data cannot tell the parameters: they are NULL
 *
 * The covariance is the inverse hessian in the logarithms, rows and columns
 * multiplied by the parameters (delta method); only a converged fit has one.
 *
 * A penalty c adds c * sum((parameter / unit)^2) to the mean negative
 * log-likelihood of a customer.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/fit.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/check.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/typcache.h"

/* Gradient, per customer, that counts as none. */
#define TOLERANCE 1e-9

#define RANGE_LOW 1e-6
#define RANGE_HIGH 1e4
/* so far the search goes in search of a maximum, as a logarithm of units */
#define SEARCH_RANGE 25.0

/* up to so many customers all starts are tried */
#define SMALL_SAMPLE 500

/* relative distance of function values that tells nothing */
#define SAME_VALUE 1e-11

/* Columns of a model after its parameters. */
#define MODEL_COLUMNS 7

const char *const kpi_fit_status_words[] = {
	"converged", "boundary", "not_converged", "insufficient_data"
};

/* Where further searches begin: signs of the distance from the given start. */
#define FURTHER_STARTS 4
#define START_DISTANCE 2.0

static const signed char start_signs[FURTHER_STARTS][4] = {
	{-1, -1, -1, -1}, {1, 1, -1, -1}, {-1, 1, 1, 1}, {1, -1, 1, 1}
};

/* The penalty at x, and its gradient added. */
static double
penalize(const KpiFitProblem *problem, const double *x, double *gradient)
{
	double		factor = problem->penalty * problem->weight;
	double		sum = 0;

	for (int i = 0; i < problem->n; i++)
	{
		double		parameter = (problem->is_free[i] ? x[i] : exp(x[i])) / problem->unit[i];

		sum += parameter * parameter;
		if (problem->is_free[i])
			gradient[i] += 2 * factor * parameter / problem->unit[i];
		else
			gradient[i] += 2 * factor * parameter * parameter;
	}
	return factor * sum;
}

/* The likelihood with penalty, within the range of the search. */
static double
penalized_objective(const double *x, double *gradient, void *data)
{
	const KpiFitProblem *problem = data;
	double		value;

	for (int i = 0; i < problem->n; i++)
	{
		if (!problem->is_free[i] && fabs(x[i] - log(problem->unit[i])) > SEARCH_RANGE)
		{
			memset(gradient, 0, problem->n * sizeof(double));
			return INFINITY;
		}
	}
	value = problem->objective(x, gradient, problem->data);
	if (problem->penalty != 0)
		value += penalize(problem, x, gradient);
	return value;
}

static bool
in_range(const KpiFitProblem *problem, const KpiMinimum *minimum)
{
	for (int i = 0; i < problem->n; i++)
	{
		double		units = exp(minimum->x[i]) / problem->unit[i];

		if (!problem->is_free[i] && !(units >= RANGE_LOW && units <= RANGE_HIGH))
			return false;
	}
	return true;
}

static KpiFitStatus
judge(const KpiFitProblem *problem, const KpiMinimum *minimum)
{
	if (!in_range(problem, minimum))
		return KPI_BOUNDARY;
	if (!minimum->stationary)
		return KPI_NOT_CONVERGED;
	return minimum->positive_definite ? KPI_CONVERGED : KPI_BOUNDARY;
}

/* Whether another minimum is lower, or as low and a better end. */
static bool
is_better(const KpiFitProblem *problem, const KpiMinimum *other, const KpiMinimum *best)
{
	double		noise = SAME_VALUE * fabs(best->value);

	return other->value < best->value - noise ||
		(other->value < best->value + noise && judge(problem, other) == KPI_CONVERGED) ||
		(isfinite(other->value) && !isfinite(best->value));
}

/*
 * Search from the given start; and from others where that ends badly, or where
 * customers are so few that the likelihood may have several maxima.
 */
static int
search(KpiFitProblem *problem, KpiMinimum *best)
{
	double		tolerance = TOLERANCE * problem->weight;
	int			iterations;

	kpi_minimize(penalized_objective, problem, problem->n, problem->start, tolerance, best);
	iterations = best->iterations;
	for (int i = 0; i < FURTHER_STARTS; i++)
	{
		KpiMinimum	other;
		double		start[KPI_MAX_PARAMETERS];

		if (judge(problem, best) == KPI_CONVERGED && problem->weight > SMALL_SAMPLE)
			break;
		for (int j = 0; j < problem->n; j++)
			start[j] = problem->start[j] +
				(problem->is_free[j] ? 0 : START_DISTANCE * start_signs[i][j % 4]);
		kpi_minimize(penalized_objective, problem, problem->n, start, tolerance, &other);
		iterations += other.iterations;
		if (is_better(problem, &other, best))
			*best = other;
	}
	return iterations;
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
	fit->log_likelihood = -minimum->value;
	if (problem->penalty != 0)
		fit->log_likelihood += penalize(problem, minimum->x, memset(unused, 0, sizeof(unused)));
}

/* Fit a model; whatever happens, the fit has a status. */
void
kpi_fit(const KpiFitProblem *problem, KpiFit *fit)
{
	KpiFitProblem copy = *problem;
	KpiMinimum	minimum;

	kpi_fit_insufficient(problem->n, problem->weight, problem->patterns, fit);
	fit->iterations = search(&copy, &minimum);
	if (!isfinite(minimum.value))
		return;
	fit->status = judge(problem, &minimum);
	read_minimum(problem, &minimum, fit);
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
