/*-------------------------------------------------------------------------
 *
 * interval.c
 *	  How sure the models are of what they expect of customers together.
 *
 * The estimate is the sum of an expected value over customers, the purchases
 * of a time or their discounted money.  Its variance is g' C g, where g is the
 * sum of the customers' gradients by the parameters and C the covariance of
 * the parameters (delta method); the parameters of the purchases and those of
 * the money are taken as independent, as the models are.  An expected value is
 * positive, so the interval is symmetric in logarithms:
 * estimate * exp(+-z se / estimate).
 *
 * It says how well the parameters are known.  What single customers will do
 * scatters besides, which matters for few customers and hardly for many.
 *
 * State: float8[] with the places below; sums are compensated.
 *
 * NULL rule: a customer whose own value is NULL is left out; NULL where none is
 * left.  se, lower and upper are NULL where a model has no covariance.
 *
 * Numeric method: gradients of the purchases by central differences of fourth
 * order in the logarithms of the parameters, those of the money by formula.
 *
 * Source: G. W. Oehlert, "A note on the delta method", The American
 * Statistician 46(1), 1992.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "base/check.h"
#include "base/estimate.h"
#include "base/state.h"
#include "base/twosum.h"
#include "executor/executor.h"
#include "lifetime/bgnbd.h"
#include "lifetime/discounted.h"
#include "lifetime/fit.h"
#include "lifetime/pareto.h"
#include "lifetime/triples.h"
#include "math/quantile.h"
#include "utils/array.h"

/* Parameters of the purchases, then those of the money. */
#define PURCHASES 4
#define MONEY 3
#define PARAMETERS (PURCHASES + MONEY)

/* of the log-likelihood to se, in a model row */
#define COLUMNS_BEFORE_COVARIANCE 6

/* Difference of the logarithms of parameters: its fourth power and rounding over it are small. */
#define STEP 1e-3

typedef struct IntervalState
{
	double		confidence;
	double		has_covariance; /* 0 or 1 */
	double		parameter[PARAMETERS];	/* of money 0 without it */
	double		covariance_purchases[PURCHASES][PURCHASES];
	double		covariance_money[MONEY][MONEY];
	KpiSum		value;
	KpiSum		slope[PARAMETERS];
} IntervalState;

#define STATE_LENGTH ((int) (sizeof(IntervalState) / sizeof(double)))

/* A customer of an interval: what is expected of it, by which parameters. */
typedef struct Expected
{
	KpiTriple	triple;
	double		parameter[PARAMETERS];
	double		purchases;
	double		money;			/* of a purchase, or 1 */
	double		money_slope[MONEY];
} Expected;

typedef enum Model
{
	BGNBD,
	MBGNBD,
	PARETO_NBD
} Model;

/* What is asked of the customers. */
typedef struct Question
{
	Model		model;
	double		periods;
	double		period_length;
	double		discount_rate;
} Question;

/* Discounted purchases of a customer under the parameters. */
static double
expect(const Question *question, const double *parameter, const KpiTriple *triple)
{
	KpiBgnbdCustomer bgnbd;
	KpiParetoCustomer pareto;
	KpiPurchases purchases = kpi_bgnbd_purchases_between;
	const void *customer = &bgnbd;

	if (question->model == PARETO_NBD)
	{
		KpiPareto	model = {parameter[0], parameter[1], parameter[2], parameter[3]};

		kpi_pareto_customer(&model, triple->frequency, triple->recency, triple->t, &pareto);
		purchases = kpi_pareto_purchases_between;
		customer = &pareto;
	}
	else
		kpi_bgnbd_customer(parameter, question->model == MBGNBD, triple, &bgnbd);
	return kpi_discounted_purchases(purchases, customer, question->periods,
									question->period_length, question->discount_rate);
}

/* The numbers of an array without NULL. */
static double *
numbers(ArrayType *array)
{
	return (double *) ((char *) array + ARR_OVERHEAD_NONULLS(ARR_NDIM(array)));
}

/* The state in an array, which must have its length and no NULL. */
static IntervalState *
array_state(ArrayType *array)
{
	if (ARR_NDIM(array) != 1 || ARR_DIMS(array)[0] != STATE_LENGTH || ARR_HASNULL(array) ||
		ARR_ELEMTYPE(array) != FLOAT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the array is not a state of an interval"),
				 errhint("States are made by the aggregates of intervals.")));
	return (IntervalState *) numbers(array);
}

/* A state of zeros. */
static ArrayType *
new_state(void)
{
	Datum		zero[sizeof(IntervalState) / sizeof(double)];

	for (int i = 0; i < STATE_LENGTH; i++)
		zero[i] = Float8GetDatum(0);
	return construct_array(zero, STATE_LENGTH, FLOAT8OID, sizeof(float8),
						   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

/* The covariance of a model row; false where it has none. */
static bool
read_covariance(HeapTupleHeader row, int n, double *covariance)
{
	bool		isnull;
	Datum		datum = GetAttributeByNum(row, (AttrNumber) (n + COLUMNS_BEFORE_COVARIANCE + 1), &isnull);
	ArrayType  *array;

	if (isnull)
		return false;
	array = DatumGetArrayTypeP(datum);
	if (ARR_NDIM(array) != 2 || ARR_DIMS(array)[0] != n || ARR_DIMS(array)[1] != n ||
		ARR_HASNULL(array) || ARR_ELEMTYPE(array) != FLOAT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cov of the model is not an array of %d by %d numbers", n, n),
				 errhint("Use a model as its fit gives it.")));
	memcpy(covariance, numbers(array), sizeof(double) * n * n);
	return true;
}

/* Take what all rows share into a new state. */
static void
start_state(FunctionCallInfo fcinfo, IntervalState *state, const double *parameter,
			bool money, double confidence)
{
	state->confidence = kpi_check_confidence(confidence);
	memcpy(state->parameter, parameter, sizeof(state->parameter));
	state->has_covariance =
		read_covariance(PG_GETARG_HEAPTUPLEHEADER(1), PURCHASES,
						&state->covariance_purchases[0][0]) &&
		(!money || read_covariance(PG_GETARG_HEAPTUPLEHEADER(2), MONEY,
								   &state->covariance_money[0][0]));
}

/* All rows of a group have one model and confidence. */
static void
check_same(const IntervalState *state, const double *parameter, double confidence)
{
	/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): NaN is NaN */
	if (memcmp(state->parameter, parameter, sizeof(state->parameter)) != 0 ||
		state->confidence != confidence)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model or confidence differs between the rows of one group"),
				 errhint("Pass the same models and confidence for all customers of an interval.")));
}

/* By how much more is expected where the logarithm of a parameter is greater than where it is less. */
static double
difference(const IntervalState *state, const Question *question, const KpiTriple *triple,
		   int place, double distance)
{
	double		moved[PURCHASES];
	double		above;

	memcpy(moved, state->parameter, sizeof(moved));
	moved[place] = state->parameter[place] * exp(distance);
	above = expect(question, moved, triple);
	moved[place] = state->parameter[place] * exp(-distance);
	return above - expect(question, moved, triple);
}

/* Add a customer's value and its derivatives by the parameters. */
static void
add_customer(IntervalState *state, const Question *question, const Expected *row)
{
	kpi_sum_add(&state->value, row->purchases * row->money);
	for (int i = 0; i < PURCHASES; i++)
	{
		double		near = difference(state, question, &row->triple, i, STEP);
		double		far = difference(state, question, &row->triple, i, 2 * STEP);

		kpi_sum_add(&state->slope[i],
					row->money * (8 * near - far) / (12 * STEP * state->parameter[i]));
	}
	for (int i = 0; i < MONEY; i++)
		kpi_sum_add(&state->slope[PURCHASES + i], row->purchases * row->money_slope[i]);
}

/* Derivatives of the expected average value, money, by p, q and v. */
static void
differentiate_money(const double *parameter, double frequency, double money, double *slope)
{
	double		p = parameter[0];
	double		excess = p * frequency + parameter[1] - 1;

	slope[0] = money * (1 / p - frequency / excess);
	slope[1] = -money / excess;
	slope[2] = p / excess;
}

/*
 * Read a row, whose customer's three arguments begin at customer, with its money
 * after them if there is any; false where its own value is NULL.
 */
static bool
read_row(FunctionCallInfo fcinfo, const Question *question, int customer, bool with_money,
		 Expected *row)
{
	const double *purchases = kpi_model_argument(fcinfo, 1, 0, PURCHASES);

	memset(row, 0, sizeof(Expected));
	row->money = 1;
	if (purchases == NULL || !kpi_customer_arguments(fcinfo, customer, &row->triple))
		return false;
	memcpy(row->parameter, purchases, sizeof(double) * PURCHASES);
	if (with_money)
	{
		if (!kpi_average_value(fcinfo, 2, 1, customer + 3, row->triple.frequency, &row->money))
			return false;
		memcpy(row->parameter + PURCHASES, kpi_model_argument(fcinfo, 2, 1, MONEY),
			   sizeof(double) * MONEY);
		differentiate_money(row->parameter + PURCHASES, row->triple.frequency, row->money,
							row->money_slope);
	}
	row->purchases = expect(question, row->parameter, &row->triple);
	return kpi_is_number(row->purchases * row->money);
}

/* A row of either aggregate; the confidence is its last argument. */
static Datum
accumulate(FunctionCallInfo fcinfo, const Question *question, int customer, bool with_money)
{
	double		confidence = PG_GETARG_FLOAT8(customer + 3 + with_money);
	ArrayType  *array;
	IntervalState *state;
	Expected	row;

	if (!read_row(fcinfo, question, customer, with_money, &row))
		return kpi_leave_state(fcinfo);
	if (PG_ARGISNULL(0))
	{
		array = new_state();
		start_state(fcinfo, array_state(array), row.parameter, with_money, confidence);
	}
	else
		array = AggCheckCallContext(fcinfo, NULL) ? PG_GETARG_ARRAYTYPE_P(0)
			: PG_GETARG_ARRAYTYPE_P_COPY(0);
	state = array_state(array);
	check_same(state, row.parameter, confidence);
	add_customer(state, question, &row);
	PG_RETURN_POINTER(array);
}

/* Whether an argument from first to last is NULL. */
static bool
lacks_argument(FunctionCallInfo fcinfo, int first, int last)
{
	for (int i = first; i <= last; i++)
	{
		if (PG_ARGISNULL(i))
			return true;
	}
	return false;
}

/* Arguments: state, model, future_t, frequency, recency, t, confidence. */
static Datum
accumulate_purchases(FunctionCallInfo fcinfo, Model model)
{
	Question	question = {model, 1, 1, 0};

	if (lacks_argument(fcinfo, 1, 6))
		return kpi_leave_state(fcinfo);
	if (kpi_check_future(PG_GETARG_FLOAT8(2)) > 0)
		question.period_length = PG_GETARG_FLOAT8(2);
	else
		question.periods = 0;
	return accumulate(fcinfo, &question, 3, false);
}

/*
 * Arguments: state, model, gg_model, periods, period_length, discount_rate,
 * frequency, recency, t, monetary_value, confidence.
 */
static Datum
accumulate_money(FunctionCallInfo fcinfo, Model model)
{
	Question	question = {model, 0, 1, 0};

	if (lacks_argument(fcinfo, 1, 8) || PG_ARGISNULL(10))
		return kpi_leave_state(fcinfo);
	question.periods = PG_GETARG_FLOAT8(3);
	question.period_length = PG_GETARG_FLOAT8(4);
	question.discount_rate = PG_GETARG_FLOAT8(5);
	return accumulate(fcinfo, &question, 6, true);
}

/* Transitions of clv_expected_purchases_interval, by the model. */
PG_FUNCTION_INFO_V1(kpi_interval_purchases_bgnbd);
Datum
kpi_interval_purchases_bgnbd(PG_FUNCTION_ARGS)
{
	return accumulate_purchases(fcinfo, BGNBD);
}

/* The same of MBG/NBD. */
PG_FUNCTION_INFO_V1(kpi_interval_purchases_mbgnbd);
Datum
kpi_interval_purchases_mbgnbd(PG_FUNCTION_ARGS)
{
	return accumulate_purchases(fcinfo, MBGNBD);
}

/* The same of Pareto/NBD. */
PG_FUNCTION_INFO_V1(kpi_interval_purchases_pareto_nbd);
Datum
kpi_interval_purchases_pareto_nbd(PG_FUNCTION_ARGS)
{
	return accumulate_purchases(fcinfo, PARETO_NBD);
}

/* Transitions of clv_discounted_interval, by the model. */
PG_FUNCTION_INFO_V1(kpi_interval_discounted_bgnbd);
Datum
kpi_interval_discounted_bgnbd(PG_FUNCTION_ARGS)
{
	return accumulate_money(fcinfo, BGNBD);
}

/* The same of MBG/NBD. */
PG_FUNCTION_INFO_V1(kpi_interval_discounted_mbgnbd);
Datum
kpi_interval_discounted_mbgnbd(PG_FUNCTION_ARGS)
{
	return accumulate_money(fcinfo, MBGNBD);
}

/* The same of Pareto/NBD. */
PG_FUNCTION_INFO_V1(kpi_interval_discounted_pareto_nbd);
Datum
kpi_interval_discounted_pareto_nbd(PG_FUNCTION_ARGS)
{
	return accumulate_money(fcinfo, PARETO_NBD);
}

/* Two states as one; NULL where both are. */
PG_FUNCTION_INFO_V1(kpi_interval_combine);
Datum
kpi_interval_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	IntervalState *state;
	const IntervalState *other;

	if (PG_ARGISNULL(1))
		return kpi_leave_state(fcinfo);
	other = array_state(PG_GETARG_ARRAYTYPE_P(1));
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(PG_GETARG_ARRAYTYPE_P_COPY(1));
	array = AggCheckCallContext(fcinfo, NULL) ? PG_GETARG_ARRAYTYPE_P(0)
		: PG_GETARG_ARRAYTYPE_P_COPY(0);
	state = array_state(array);
	check_same(state, other->parameter, other->confidence);
	kpi_sum_add_sum(&state->value, &other->value);
	for (int i = 0; i < PARAMETERS; i++)
		kpi_sum_add_sum(&state->slope[i], &other->slope[i]);
	PG_RETURN_POINTER(array);
}

/* slope' covariance slope */
static double
variance(int n, const double *covariance, const KpiSum *slope)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
			sum += kpi_sum_value(slope[i]) * covariance[i * n + j] * kpi_sum_value(slope[j]);
	}
	return sum;
}

/* The final function: estimate, se, lower and upper. */
PG_FUNCTION_INFO_V1(kpi_interval_final);
Datum
kpi_interval_final(PG_FUNCTION_ARGS)
{
	const IntervalState *state = array_state(PG_GETARG_ARRAYTYPE_P(0));
	double		estimate = kpi_sum_value(state->value);
	double		bought = variance(PURCHASES, &state->covariance_purchases[0][0], state->slope);
	double		spent = variance(MONEY, &state->covariance_money[0][0], state->slope + PURCHASES);
	double		se = sqrt(Max(bought + spent, 0));
	double		factor = estimate > 0 ? exp(kpi_normal_bound(state->confidence) * se / estimate) : 1;
	bool		known = state->has_covariance == 1 && kpi_is_number(se) && kpi_is_number(factor);
	KpiEstimate result = {estimate, known ? se : NAN, known ? estimate / factor : NAN,
	known ? estimate * factor : NAN};

	return kpi_estimate_datum(fcinfo, &result);
}
