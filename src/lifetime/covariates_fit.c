/*-------------------------------------------------------------------------
 *
 * covariates_fit.c
 *	  Pareto/NBD and BG/NBD with static covariates.
 *
 * A customer with the covariates z of its purchases and y of leaving has the
 * parameters of the model with
 *
 *	alpha exp(-transaction . z)					both models
 *	beta exp(-lifetime . y)						Pareto/NBD
 *	a exp(lifetime . y), b exp(lifetime . y)	BG/NBD
 *
 * so that a positive coefficient of transaction means more purchases; of
 * lifetime, in the Pareto/NBD, a shorter stay, and in the BG/NBD the same mean
 * chance of leaving with less spread between customers.
 *
 * Penalties add transaction_penalty times the sum of the squared coefficients of
 * transaction, and lifetime_penalty times those of lifetime, to the mean negative
 * log-likelihood of a customer, as CLVTools' reg.lambdas do.
 *
 * Numeric method: the likelihood of each customer with its own parameters, by
 * analytic derivatives.  The fit runs over covariates of mean 0 and deviation
 * 1, so that their units do not matter, and is carried back; the covariance by
 * the derivatives of that.
 *
 * Sources: P. S. Fader, B. G. S. Hardie, "Incorporating time-invariant
 * covariates into the Pareto/NBD and BG/NBD models", 2007.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lifetime/bgnbd.h"
#include "lifetime/covariates.h"
#include "lifetime/pareto.h"
#include "lifetime/triples.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/typcache.h"

/* Parameters of both models without covariates. */
#define BASE_PARAMETERS 4

/* Columns of a model after the parameters: the coefficients, and the rest. */
#define COVARIATE_COLUMNS 9

/* Columns of the model without covariates. */
#define PLAIN_COLUMNS 11

/* How covariates move a parameter: the sign of the exponent, by process. */
typedef struct Effect
{
	int			transaction;
	int			lifetime;
} Effect;

/* A model that takes covariates. */
typedef struct CovariateModel
{
	/* log-likelihood of a row, its derivatives by the logarithms */
	double		(*log_likelihood) (const double *parameter, const double *row, double *gradient);
	Effect		effect[BASE_PARAMETERS];
	bool		is_time[BASE_PARAMETERS];
	/* of a customer whose covariates are the mean ones */
	void		(*judge_dropout) (KpiFit *fit, double max_t);
} CovariateModel;

typedef struct CovariateData
{
	const CovariateModel *model;
	double	   *row;			/* of covariates with mean 0 and deviation 1 */
	int			count;
	int			width;
	int			transaction;
	int			lifetime;
	double		mean[KPI_MAX_COVARIATES];
	double		deviation[KPI_MAX_COVARIATES];
	double		weight;
	double		max_t;
	double		max_frequency;
	double		transaction_penalty;
	double		lifetime_penalty;
} CovariateData;

/* CovariateModel.log_likelihood of Pareto/NBD */
static double
pareto_log_likelihood(const double *parameter, const double *row, double *gradient)
{
	KpiPareto	model = kpi_pareto_model(parameter);
	double		value = kpi_pareto_log_likelihood(&model, row[KPI_COVARIATE_FREQUENCY],
												  row[KPI_COVARIATE_RECENCY],
												  row[KPI_COVARIATE_T], gradient);

	for (int i = 0; i < BASE_PARAMETERS; i++)
		gradient[i] *= parameter[i];
	return value;
}

/* The same of BG/NBD */
static double
bgnbd_log_likelihood(const double *parameter, const double *row, double *gradient)
{
	return kpi_bgnbd_log_likelihood(parameter, false, row[KPI_COVARIATE_FREQUENCY],
									row[KPI_COVARIATE_RECENCY], row[KPI_COVARIATE_T], gradient);
}

/* CovariateModel.judge_dropout of Pareto/NBD */
static void
judge_pareto(KpiFit *fit, double max_t)
{
	kpi_fit_judge_rate(fit, KPI_PARETO_S, KPI_PARETO_BETA, max_t);
}

/* The same of BG/NBD */
static void
judge_bgnbd(KpiFit *fit, double max_t)
{
	kpi_fit_judge_chance(fit, KPI_BGNBD_A, KPI_BGNBD_B);
}

static const CovariateModel pareto_model = {
	pareto_log_likelihood,
	{{0, 0}, {-1, 0}, {0, 0}, {0, -1}},
	{false, true, false, true},
	judge_pareto
};

static const CovariateModel bgnbd_model = {
	bgnbd_log_likelihood,
	{{0, 0}, {-1, 0}, {0, 1}, {0, 1}},
	{false, true, false, false},
	judge_bgnbd
};

/* The sign with which a coefficient enters the logarithm of a parameter. */
static int
effect_sign(const CovariateModel *model, int parameter, bool of_transaction)
{
	const Effect *effect = &model->effect[parameter];

	return of_transaction ? effect->transaction : effect->lifetime;
}

/* A customer's own parameters, from those of a customer whose covariates are 0. */
static void
customer_parameters(const CovariateModel *model, const double *base, const double *coefficient,
					const double *covariate, int transaction, int lifetime, double *parameter)
{
	double		purchases = 0;
	double		leaving = 0;

	for (int i = 0; i < transaction; i++)
		purchases += coefficient[i] * covariate[i];
	for (int i = transaction; i < transaction + lifetime; i++)
		leaving += coefficient[i] * covariate[i];
	for (int i = 0; i < BASE_PARAMETERS; i++)
		parameter[i] = base[i] * exp(model->effect[i].transaction * purchases +
									 model->effect[i].lifetime * leaving);
}

/* The negative log-likelihood over the logarithms of the parameters and the coefficients. */
static double
covariate_objective(const double *x, double *gradient, void *argument)
{
	const CovariateData *data = argument;
	const CovariateModel *model = data->model;
	int			covariates = data->transaction + data->lifetime;
	double		base[BASE_PARAMETERS];
	double		value = 0;

	for (int i = 0; i < BASE_PARAMETERS; i++)
		base[i] = exp(x[i]);
	memset(gradient, 0, (BASE_PARAMETERS + covariates) * sizeof(double));
	for (int i = 0; i < data->count; i++)
	{
		const double *row = data->row + (Size) data->width * i;
		const double *covariate = row + KPI_COVARIATE_FIRST;
		double		weight = row[data->width - 1];
		double		parameter[BASE_PARAMETERS];
		double		part[BASE_PARAMETERS];

		CHECK_FOR_INTERRUPTS();
		customer_parameters(model, base, x + BASE_PARAMETERS, covariate,
							data->transaction, data->lifetime, parameter);
		value -= weight * model->log_likelihood(parameter, row, part);
		for (int j = 0; j < BASE_PARAMETERS; j++)
		{
			gradient[j] -= weight * part[j];
			for (int k = 0; k < covariates; k++)
				gradient[BASE_PARAMETERS + k] -= weight * part[j] * covariate[k] *
					effect_sign(model, j, k < data->transaction);
		}
	}
	return isnan(value) ? INFINITY : value;
}

/* Bring one covariate to mean 0 and deviation 1; a constant one is 0. */
static void
scale_covariate(CovariateData *data, int covariate)
{
	double	   *first = data->row + KPI_COVARIATE_FIRST + covariate;
	double		mean = 0;
	double		square = 0;
	double		deviation;

	for (int i = 0; i < data->count; i++)
		mean += data->row[(Size) data->width * (i + 1) - 1] / data->weight *
			first[(Size) data->width * i];
	for (int i = 0; i < data->count; i++)
	{
		double		distance = first[(Size) data->width * i] - mean;

		square += data->row[(Size) data->width * (i + 1) - 1] / data->weight * distance * distance;
	}
	deviation = square > 0 ? sqrt(square) : 1;
	for (int i = 0; i < data->count; i++)
		first[(Size) data->width * i] = (first[(Size) data->width * i] - mean) / deviation;
	data->mean[covariate] = mean;
	data->deviation[covariate] = deviation;
}

/* The customers of a state, their covariates scaled. */
static void
read_data(const KpiCovariateState *state, CovariateData *data)
{
	data->row = kpi_read_covariates(state, &data->count);
	data->width = kpi_covariate_width(state);
	data->transaction = state->transaction;
	data->lifetime = state->lifetime;
	for (int i = 0; i < data->count; i++)
	{
		const double *row = data->row + (Size) data->width * i;

		data->weight += row[data->width - 1];
		data->max_t = Max(data->max_t, row[KPI_COVARIATE_T]);
		data->max_frequency = Max(data->max_frequency, row[KPI_COVARIATE_FREQUENCY]);
	}
	for (int i = 0; i < data->transaction + data->lifetime; i++)
		scale_covariate(data, i);
}

typedef double Matrix[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS];

/* Parameters for the covariates as they were given, and their derivatives by those fitted. */
static void
scale_parameters(const CovariateData *data, KpiFit *fit, Matrix jacobian)
{
	int			covariates = fit->n - BASE_PARAMETERS;

	for (int i = 0; i < BASE_PARAMETERS; i++)
	{
		double		shift = 0;

		for (int k = 0; k < covariates; k++)
			shift -= effect_sign(data->model, i, k < data->transaction) *
				fit->parameter[BASE_PARAMETERS + k] * data->mean[k] / data->deviation[k];
		jacobian[i][i] = exp(shift);
		fit->parameter[i] *= exp(shift);
		for (int k = 0; k < covariates; k++)
			jacobian[i][BASE_PARAMETERS + k] = -fit->parameter[i] *
				effect_sign(data->model, i, k < data->transaction) *
				data->mean[k] / data->deviation[k];
	}
	for (int k = 0; k < covariates; k++)
	{
		jacobian[BASE_PARAMETERS + k][BASE_PARAMETERS + k] = 1 / data->deviation[k];
		fit->parameter[BASE_PARAMETERS + k] /= data->deviation[k];
	}
}

/* The fit for the covariates as they were given. */
static void
scale_back(const CovariateData *data, KpiFit *fit)
{
	int			n = fit->n;
	Matrix		jacobian = {{0}};
	Matrix		half = {{0}};

	scale_parameters(data, fit, jacobian);
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
		{
			for (int k = 0; k < n; k++)
				half[i][j] += jacobian[i][k] * fit->covariance[k][j];
		}
	}
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j <= i; j++)
		{
			double		sum = 0;

			for (int k = 0; k < n; k++)
				sum += half[i][k] * jacobian[j][k];
			fit->covariance[i][j] = fit->covariance[j][i] = sum;
		}
	}
}

/* An array of one dimension, or of two where there are several rows. */
static Datum
number_array(const double *number, int rows, int columns)
{
	Datum		value[KPI_MAX_PARAMETERS * KPI_MAX_PARAMETERS];
	int			sizes[2] = {rows, columns};
	int			bounds[2] = {1, 1};

	for (int i = 0; i < rows * columns; i++)
		value[i] = Float8GetDatum(number[i]);
	if (rows * columns == 0)
		return PointerGetDatum(construct_empty_array(FLOAT8OID));
	return PointerGetDatum(construct_md_array(value, NULL, rows == 1 ? 1 : 2,
											  rows == 1 ? sizes + 1 : sizes, bounds,
											  FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
											  TYPALIGN_DOUBLE));
}

/* The row type of the function's result. */
static TupleDesc
result_type(FunctionCallInfo fcinfo)
{
	TupleDesc	type;

	if (get_call_result_type(fcinfo, NULL, &type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "function %u does not return a model", fcinfo->flinfo->fn_oid);
	return BlessTupleDesc(type);
}

/* The fit as a row of a model with covariates. */
static Datum
fit_datum(FunctionCallInfo fcinfo, const CovariateData *data, const KpiFit *fit)
{
	int			n = fit->n;
	Datum		values[BASE_PARAMETERS + COVARIATE_COLUMNS];
	bool		nulls[BASE_PARAMETERS + COVARIATE_COLUMNS] = {false};
	Datum	   *rest = values + BASE_PARAMETERS;
	double		errors[KPI_MAX_PARAMETERS];
	double		covariance[KPI_MAX_PARAMETERS * KPI_MAX_PARAMETERS];

	for (int i = 0; i < BASE_PARAMETERS; i++)
		values[i] = Float8GetDatum(fit->parameter[i]);
	for (int i = 0; i < n * n; i++)
		covariance[i] = fit->covariance[i / n][i % n];
	for (int i = 0; i < n; i++)
		errors[i] = sqrt(fit->covariance[i][i]);
	rest[0] = number_array(fit->parameter + BASE_PARAMETERS, 1, data->transaction);
	rest[1] = number_array(fit->parameter + BASE_PARAMETERS + data->transaction, 1, data->lifetime);
	rest[2] = Float8GetDatum(fit->log_likelihood);
	rest[3] = Float8GetDatum(fit->weight);
	rest[4] = Int32GetDatum(fit->patterns);
	rest[5] = Int32GetDatum(fit->iterations);
	rest[6] = CStringGetTextDatum(kpi_fit_status_words[fit->status]);
	rest[7] = number_array(errors, 1, n);
	rest[8] = number_array(covariance, n, n);
	if (fit->status == KPI_INSUFFICIENT_DATA)
		memset(nulls, true, (BASE_PARAMETERS + 3) * sizeof(bool));
	nulls[BASE_PARAMETERS + 7] = nulls[BASE_PARAMETERS + 8] = !fit->has_covariance;
	return HeapTupleGetDatum(heap_form_tuple(result_type(fcinfo), values, nulls));
}

/* A part of the customers, one of so many. */
static void
sample_data(const CovariateData *data, int step, CovariateData *sample)
{
	Size		size = data->width * sizeof(double);

	*sample = *data;
	sample->row = palloc((data->count / step + 1) * size);
	sample->count = 0;
	sample->weight = 0;
	for (int i = step / 2; i < data->count; i += step)
	{
		double	   *row = sample->row + (Size) data->width * sample->count++;

		memcpy(row, data->row + (Size) data->width * i, size);
		sample->weight += row[data->width - 1];
	}
}

/* What there is to fit. */
static void
prepare(CovariateData *data, KpiFitProblem *problem)
{
	int			first_lifetime = BASE_PARAMETERS + data->transaction;

	memset(problem, 0, sizeof(KpiFitProblem));
	problem->objective = covariate_objective;
	problem->data = data;
	problem->n = BASE_PARAMETERS + data->transaction + data->lifetime;
	problem->weight = data->weight;
	problem->patterns = data->count;
	for (int i = 0; i < problem->n; i++)
	{
		bool		is_time = i < BASE_PARAMETERS && data->model->is_time[i];

		problem->is_free[i] = i >= BASE_PARAMETERS;
		problem->unit[i] = is_time ? data->max_t : 1;
		problem->start[i] = is_time ? log(0.1 * data->max_t) : 0;
	}
	/* penalties are on the coefficients of the covariates as they were given */
	for (int i = BASE_PARAMETERS; i < problem->n; i++)
	{
		problem->unit[i] = data->deviation[i - BASE_PARAMETERS];
		problem->penalty[i] = i < first_lifetime ? data->transaction_penalty : data->lifetime_penalty;
	}
}

/* Fit the customers of a state, with the penalties that follow it if any do. */
static Datum
fit_model(FunctionCallInfo fcinfo, const CovariateModel *model)
{
	CovariateData data = {.model = model};
	CovariateData part;
	KpiFitProblem problem;
	KpiFitProblem sample;
	KpiFit		fit;
	int			step;

	if (PG_NARGS() > 1)
	{
		data.transaction_penalty = kpi_check_penalty(PG_GETARG_FLOAT8(1));
		data.lifetime_penalty = kpi_check_penalty(PG_GETARG_FLOAT8(2));
	}
	read_data((const KpiCovariateState *) PG_GETARG_VARLENA_P(0), &data);
	prepare(&data, &problem);
	step = kpi_sample_step(data.count);
	if (step > 0)
	{
		sample_data(&data, step, &part);
		prepare(&part, &sample);
		kpi_fit_sample_first(&problem, &sample);
	}
	if (data.max_frequency > 0 && data.max_t > 0)
		kpi_fit(&problem, &fit);
	else
		kpi_fit_insufficient(problem.n, data.weight, data.count, &fit);
	model->judge_dropout(&fit, data.max_t);
	if (fit.status != KPI_INSUFFICIENT_DATA)
		scale_back(&data, &fit);
	return fit_datum(fcinfo, &data, &fit);
}

/* clv_pareto_nbd_covariate_fit(customers [, penalties]): a failed fit is a status. */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_covariate_fit);
Datum
kpi_clv_pareto_nbd_covariate_fit(PG_FUNCTION_ARGS)
{
	return fit_model(fcinfo, &pareto_model);
}

/* The same for BG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_covariate_fit);
Datum
kpi_clv_bgnbd_covariate_fit(PG_FUNCTION_ARGS)
{
	return fit_model(fcinfo, &bgnbd_model);
}

/* The columns of a model argument up to the coefficients; false where it has no parameters. */
static bool
read_model(HeapTupleHeader row, double *base, ArrayType **coefficients)
{
	TupleDesc	type = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
											  HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row),.t_data = row};
	bool		known = true;

	for (int i = 0; i < BASE_PARAMETERS + 2; i++)
	{
		bool		isnull;
		Datum		value = heap_getattr(&tuple, i + 1, type, &isnull);

		known = known && !isnull;
		if (!isnull && i < BASE_PARAMETERS)
			base[i] = DatumGetFloat8(value);
		else if (!isnull)
			coefficients[i - BASE_PARAMETERS] = DatumGetArrayTypeP(value);
	}
	ReleaseTupleDesc(type);
	return known;
}

/* The coefficients of a process in their place, checked against the customer's covariates. */
static int
read_process(ArrayType *coefficients, ArrayType *covariates, const char *argument,
			 double *coefficient, double *covariate)
{
	int			expected = kpi_covariate_array(coefficients, argument, coefficient);
	int			given = kpi_covariate_array(covariates, argument, covariate);

	if (given >= 0 && expected >= 0 && given != expected)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d covariates, the model %d", argument, given, expected),
				 errhint("Give the covariates of the fit, in the same order.")));
	return Min(given, expected);
}

/*
 * The plain model of customers with these covariates; its columns on a fit are
 * NULL, as it is not fitted by itself.
 */
static Datum
customer_model(FunctionCallInfo fcinfo, const CovariateModel *model)
{
	double		base[BASE_PARAMETERS];
	double		coefficient[2 * KPI_MAX_COVARIATES];
	double		covariate[2 * KPI_MAX_COVARIATES];
	double		parameter[BASE_PARAMETERS];
	ArrayType  *coefficients[2];
	TupleDesc	type = result_type(fcinfo);
	Datum		values[PLAIN_COLUMNS];
	bool		nulls[PLAIN_COLUMNS];
	int			transaction;
	int			lifetime;

	if (!read_model(PG_GETARG_HEAPTUPLEHEADER(0), base, coefficients))
		PG_RETURN_NULL();
	transaction = read_process(coefficients[0], PG_GETARG_ARRAYTYPE_P(1), "transaction",
							   coefficient, covariate);
	if (transaction < 0)
		PG_RETURN_NULL();
	lifetime = read_process(coefficients[1], PG_GETARG_ARRAYTYPE_P(2), "lifetime",
							coefficient + transaction, covariate + transaction);
	if (lifetime < 0)
		PG_RETURN_NULL();
	customer_parameters(model, base, coefficient, covariate, transaction, lifetime, parameter);
	memset(nulls, true, sizeof(nulls));
	for (int i = 0; i < BASE_PARAMETERS; i++)
	{
		values[i] = Float8GetDatum(parameter[i]);
		nulls[i] = false;
	}
	return HeapTupleGetDatum(heap_form_tuple(type, values, nulls));
}

/* clv_customer_model(model, transaction, lifetime) */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_customer_model);
Datum
kpi_clv_pareto_nbd_customer_model(PG_FUNCTION_ARGS)
{
	return customer_model(fcinfo, &pareto_model);
}

/* The same for BG/NBD. */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_customer_model);
Datum
kpi_clv_bgnbd_customer_model(PG_FUNCTION_ARGS)
{
	return customer_model(fcinfo, &bgnbd_model);
}
