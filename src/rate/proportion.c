/*-------------------------------------------------------------------------
 *
 * proportion.c
 *	  Shares of counts, and how sure they are.
 *
 *	wilson_ci	score interval of x of n: the p for which
 *				(x / n - p)^2 <= z^2 p (1 - p) / n
 *	newcombe_ci	hybrid score interval of x1 / n1 - x2 / n2, from the Wilson
 *				intervals of both: below it by the root of
 *				(p1 - l1)^2 + (u2 - p2)^2, above it by that of
 *				(u1 - p1)^2 + (p2 - l2)^2
 *	ab_test		the difference with that interval, p1 / p2 - 1, and whether it
 *				may be chance: the z of pooled variance or, where fewer than 5
 *				are expected in one of the four cells, Fisher's exact test
 *	shrunk_rate	(x + m w) / (n + w) for the prior mean m that counts like w
 *				trials: what small groups are known to be less than large ones
 *	rate_prior	m and w of many groups by moments: with S the sum of
 *				n (x / n - m)^2 and k groups, S is expected to be
 *				m (1 - m) ((1 - r) (k - 1) + r (N - sum(n^2) / N)), w = 1 / r - 1
 *
 * NULL rule: NULL where an argument is NULL, NaN or infinite, and where there
 * are no trials (a shrunk rate is the prior mean then).  Negative counts and
 * more successes than trials are errors.  A group without trials, or with a
 * NULL, is left out of rate_prior.
 *
 * Numeric method: of the two ends of an interval the one that lies nearer to
 * its limit is taken from the product of both, without a difference.
 *
 * Sources: E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference", JASA 22, 1927; R. G. Newcombe, "Two-sided confidence
 * intervals for the single proportion" and "Interval estimation for the
 * difference between independent proportions", Statistics in Medicine 17, 1998,
 * methods 3 and 10; W. G. Cochran, "Some methods for strengthening the common
 * chi-squared tests", Biometrics 10, 1954; J. C. Kleinman, "Proportions with
 * extraneous variance", JASA 68, 1973.
 *
 *-------------------------------------------------------------------------
 */
#include "math/wilson.h"

#include <math.h>

#include "access/htup_details.h"
#include "base/check.h"
#include "base/layout.h"
#include "base/scalar.h"
#include "base/state.h"
#include "base/twosum.h"
#include "funcapi.h"
#include "math/quantile.h"
#include "miscadmin.h"
#include "utils/float.h"

/* Cells with fewer than that are not nearly normal. */
#define FEW_EXPECTED 5

/* Tables as probable as the one seen, but for rounding, count as such. */
#define AS_PROBABLE (1 + 1e-7)

typedef struct Sample
{
	double		successes;
	double		trials;
} Sample;

/* Successes and trials from argument n on; false where they tell nothing. */
static bool
read_sample(FunctionCallInfo fcinfo, int n, Sample *sample)
{
	sample->successes = PG_GETARG_FLOAT8(n);
	sample->trials = PG_GETARG_FLOAT8(n + 1);
	if (!kpi_is_number(sample->successes) || !kpi_is_number(sample->trials))
		return false;
	if (sample->successes < 0 || sample->successes > sample->trials)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s successes of %s trials are not possible",
						float8out_internal(sample->successes), float8out_internal(sample->trials)),
				 errhint("Successes are counted among the trials, from 0 to all of them.")));
	return sample->trials > 0;
}

/* wilson_ci(successes, trials, confidence) */
PG_FUNCTION_INFO_V1(kpi_wilson_ci);
Datum
kpi_wilson_ci(PG_FUNCTION_ARGS)
{
	double		confidence = kpi_check_confidence(PG_GETARG_FLOAT8(2));
	Sample		sample;
	KpiEstimate result;

	if (!read_sample(fcinfo, 0, &sample))
		PG_RETURN_NULL();
	result = kpi_wilson(sample.successes, sample.trials, kpi_normal_bound(confidence));
	return kpi_estimate_datum(fcinfo, &result);
}

/* x1 n2 - x2 n1, by which two shares differ times both trials, without rounding. */
static double
cross(const Sample *a, const Sample *b)
{
	KpiSum		sum = {0, 0};

	kpi_sum_add_product(&sum, a->successes, b->trials);
	kpi_sum_add_product(&sum, -b->successes, a->trials);
	return kpi_sum_value(sum);
}

/* The difference of two shares, and its hybrid score interval. */
static KpiEstimate
difference(const Sample *a, const Sample *b, double confidence)
{
	double		z = kpi_normal_bound(confidence);
	KpiEstimate p = kpi_wilson(a->successes, a->trials, z);
	KpiEstimate q = kpi_wilson(b->successes, b->trials, z);
	KpiEstimate result;

	result.estimate = cross(a, b) / a->trials / b->trials;
	result.se = hypot(p.se, q.se);
	result.lower = result.estimate - hypot(p.estimate - p.lower, q.upper - q.estimate);
	result.upper = result.estimate + hypot(p.upper - p.estimate, q.estimate - q.lower);
	return result;
}

/* newcombe_ci(successes_1, trials_1, successes_2, trials_2, confidence) */
PG_FUNCTION_INFO_V1(kpi_newcombe_ci);
Datum
kpi_newcombe_ci(PG_FUNCTION_ARGS)
{
	double		confidence = kpi_check_confidence(PG_GETARG_FLOAT8(4));
	Sample		a;
	Sample		b;
	bool		told = read_sample(fcinfo, 0, &a);
	KpiEstimate result;

	if (!read_sample(fcinfo, 2, &b) || !told)
		PG_RETURN_NULL();
	result = difference(&a, &b, confidence);
	return kpi_estimate_datum(fcinfo, &result);
}

/*
 * The weights of the tables with these margins from the most probable one, of
 * weight 1, in one direction: those as probable as limit, and all.
 */
static void
add_tables(const Sample *a, const Sample *b, double from, int step, double limit,
		   double *extreme, double *all)
{
	double		total = a->successes + b->successes;
	double		weight = 1;
	double		x = from;

	for (;;)
	{
		double		y = total - x;

		CHECK_FOR_INTERRUPTS();
		if (step > 0)
			weight *= (a->trials - x) / (x + 1) * (y / (b->trials - y + 1));
		else
			weight *= x / (a->trials - x + 1) * ((b->trials - y) / (y + 1));
		/* impossible, or beyond what can be told from it */
		if (!(weight > 0))
			break;
		x += step;
		*all += weight;
		if (weight <= limit)
			*extreme += weight;
	}
}

/* The weight of the table with x successes in a, against the most probable one. */
static double
table_weight(const Sample *a, const Sample *b, double mode)
{
	double		total = a->successes + b->successes;
	double		weight = 1;

	for (double x = mode; x < a->successes; x++)
		weight *= (a->trials - x) / (x + 1) * ((total - x) / (b->trials - total + x + 1));
	for (double x = mode; x > a->successes; x--)
		weight *= x / (a->trials - x + 1) * ((b->trials - total + x) / (total - x + 1));
	return weight;
}

/* The two-sided p of Fisher's exact test: tables no more probable than this one. */
static double
fisher(const Sample *a, const Sample *b)
{
	double		total = a->successes + b->successes;
	double		mode = floor((a->trials + 1) * ((total + 1) / (a->trials + b->trials + 2)));
	double		limit;
	double		extreme = 0;
	double		all = 1;

	mode = Min(Max(mode, Max(0, total - b->trials)), Min(a->trials, total));
	limit = table_weight(a, b, mode) * AS_PROBABLE;
	if (1 <= limit)
		extreme = 1;
	add_tables(a, b, mode, 1, limit, &extreme, &all);
	add_tables(a, b, mode, -1, limit, &extreme, &all);
	return Min(extreme / all, 1);
}

/* The fewest that chance lets expect in a cell of the table. */
static double
fewest_expected(const Sample *a, const Sample *b)
{
	double		successes = a->successes + b->successes;
	double		trials = a->trials + b->trials;

	return Min(a->trials, b->trials) * (Min(successes, trials - successes) / trials);
}

/* The z of a difference under pooled variance; NaN where nothing varies. */
static double
pooled_z(const Sample *a, const Sample *b)
{
	double		trials = a->trials + b->trials;
	double		p = (a->successes + b->successes) / trials;

	return cross(a, b) / a->trials / b->trials /
		sqrt(p * (1 - p) * (1 / a->trials + 1 / b->trials));
}

/* ab_test(successes_1, trials_1, successes_2, trials_2, confidence) */
PG_FUNCTION_INFO_V1(kpi_ab_test);
Datum
kpi_ab_test(PG_FUNCTION_ARGS)
{
	double		confidence = kpi_check_confidence(PG_GETARG_FLOAT8(4));
	Sample		a;
	Sample		b;
	bool		told = read_sample(fcinfo, 0, &a);
	KpiEstimate d;
	double		number[8];

	if (!read_sample(fcinfo, 2, &b) || !told)
		PG_RETURN_NULL();
	for (int i = 0; i < 4; i++)
		kpi_check_count(PG_GETARG_FLOAT8(i), i % 2 == 0 ? "successes" : "trials");
	d = difference(&a, &b, confidence);
	number[0] = a.successes / a.trials;
	number[1] = b.successes / b.trials;
	number[2] = d.estimate;
	number[3] = d.lower;
	number[4] = d.upper;
	number[5] = cross(&a, &b) / a.trials / b.successes;
	number[6] = fewest_expected(&a, &b) < FEW_EXPECTED ? NAN : pooled_z(&a, &b);
	number[7] = isnan(number[6]) ? fisher(&a, &b) : kpi_normal_tails(number[6]);
	return kpi_number_row(fcinfo, number, lengthof(number));
}

/* shrunk_rate(successes, trials, prior_mean, prior_weight) */
PG_FUNCTION_INFO_V1(kpi_shrunk_rate);
Datum
kpi_shrunk_rate(PG_FUNCTION_ARGS)
{
	double		mean = PG_GETARG_FLOAT8(2);
	double		weight = PG_GETARG_FLOAT8(3);
	Sample		sample;

	if (!(mean >= 0 && mean <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("prior_mean %g is not between 0 and 1", mean),
				 errhint("Give the rate of all groups together, such as kpi.rate_prior() tells.")));
	if (!(weight >= 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("prior_weight %g is not a number of at least 0", weight),
				 errhint("It is the number of trials that the prior mean counts like.")));
	if (!read_sample(fcinfo, 0, &sample) && !(sample.trials == 0 && kpi_is_number(sample.successes) && weight > 0))
		PG_RETURN_NULL();
	if (isinf(weight))
		return kpi_float8_or_null(fcinfo, mean);
	return kpi_float8_or_null(fcinfo, (sample.successes + mean * weight) / (sample.trials + weight));
}

/* The sums over groups that tell a prior by moments. */
typedef struct PriorState
{
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		unused[7];
	int64		groups;
	KpiSum		successes;
	KpiSum		trials;
	KpiSum		squares;		/* of the trials of each group */
	KpiSum		shares;			/* successes * successes / trials */
} PriorState;

StaticAssertDecl(sizeof(PriorState) == 80, "rate_prior_state is declared with 80 bytes");

/* The transition of rate_prior: takes in a group. */
PG_FUNCTION_INFO_V1(kpi_rate_prior_state_accum);
Datum
kpi_rate_prior_state_accum(PG_FUNCTION_ARGS)
{
	PriorState *state = kpi_writable_fixed(fcinfo, sizeof(PriorState));
	Sample		sample;

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && read_sample(fcinfo, 1, &sample))
	{
		state->groups++;
		kpi_sum_add(&state->successes, sample.successes);
		kpi_sum_add(&state->trials, sample.trials);
		kpi_sum_add_product(&state->squares, sample.trials, sample.trials);
		kpi_sum_add_product(&state->shares, sample.successes, sample.successes / sample.trials);
		if (!kpi_is_number(state->squares.hi))
			float_overflow_error();
	}
	PG_RETURN_POINTER(state);
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_rate_prior_state_combine);
Datum
kpi_rate_prior_state_combine(PG_FUNCTION_ARGS)
{
	PriorState *state;
	const PriorState *other;

	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	state = kpi_writable_fixed(fcinfo, sizeof(PriorState));
	other = (const PriorState *) PG_GETARG_POINTER(1);
	state->groups += other->groups;
	kpi_sum_add_sum(&state->successes, &other->successes);
	kpi_sum_add_sum(&state->trials, &other->trials);
	kpi_sum_add_sum(&state->squares, &other->squares);
	kpi_sum_add_sum(&state->shares, &other->shares);
	if (!kpi_is_number(state->squares.hi))
		float_overflow_error();
	PG_RETURN_POINTER(state);
}

/*
 * How many trials the mean counts like: NaN where the groups do not tell, and
 * infinity where they differ no more than chance lets them.
 */
static double
prior_weight(const PriorState *state, double mean)
{
	double		trials = kpi_sum_value(state->trials);
	double		apart = kpi_sum_value(state->shares) - mean * kpi_sum_value(state->successes);
	double		chance = mean * (1 - mean) * (double) (state->groups - 1);
	double		room = trials - kpi_sum_value(state->squares) / trials - (double) (state->groups - 1);
	double		alike;

	if (state->groups < 2 || !(room > 0))
		return NAN;
	alike = (apart - chance) / (mean * (1 - mean) * room);
	if (!(alike > 0))
		return INFINITY;
	return Max(1 / alike - 1, 0);
}

/* rate_prior(successes, trials): the mean and its weight. */
PG_FUNCTION_INFO_V1(kpi_rate_prior_state_final);
Datum
kpi_rate_prior_state_final(PG_FUNCTION_ARGS)
{
	const PriorState *state = (const PriorState *) PG_GETARG_POINTER(0);
	double		mean = kpi_sum_value(state->successes) / kpi_sum_value(state->trials);
	double		weight;
	TupleDesc	desc;
	Datum		value[2];
	bool		isnull[2] = {false, false};

	if (state->groups == 0)
		PG_RETURN_NULL();
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	weight = prior_weight(state, mean);
	value[0] = Float8GetDatum(mean);
	value[1] = Float8GetDatum(weight);
	isnull[1] = isnan(weight);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), value, isnull)));
}

/* Whether an aggregate could have these sums. */
static bool
accept_prior(void *value)
{
	const PriorState *state = value;
	double		trials = kpi_sum_value(state->trials);
	double		successes = kpi_sum_value(state->successes);

	return (state->groups > 0) == (trials > 0) && successes >= 0 && successes <= trials &&
		kpi_sum_value(state->squares) >= 0 && kpi_sum_value(state->shares) >= 0;
}

static const KpiLayout prior_layout = {
	.type = "kpi_internal.rate_prior_state",
	.size = sizeof(PriorState),
	.field = {
		KPI_FIELD(VERSION, PriorState, version),
		KPI_FIELD(COUNT, PriorState, groups),
		KPI_FIELD(DOUBLE, PriorState, successes),
		KPI_FIELD(DOUBLE, PriorState, trials),
		KPI_FIELD(DOUBLE, PriorState, squares),
		KPI_FIELD(DOUBLE, PriorState, shares)
	},
	.accept = accept_prior
};

KPI_STATE_FORMS(kpi_rate_prior_state, prior_layout)
