/*-------------------------------------------------------------------------
 *
 * bgnbd_fit.c
 *	  Fits of the BG/NBD and MBG/NBD models.
 *
 * The log-likelihood of a customer with x repeat purchases, the last at age
 * tx, seen until age T, is
 *
 *	log gamma(r+x) - log gamma(r) + r log(alpha) - (r+x) log(alpha+T)
 *	+ log B(a, b+x+m) - log B(a, b) + log(1 + exp(z))
 *	z = log(a / (b+x+m-1)) + (r+x) (log(alpha+T) - log(alpha+tx))
 *
 * with m = 0 for BG/NBD, where the last term is missing for x = 0, and m = 1
 * for MBG/NBD.
 *
 * Numeric method: what depends on x alone is summed over the different
 * frequencies, what depends on T alone over the different ages, the logarithms
 * of 1 + tx/alpha are tabulated over the different recencies.  What is left for
 * each triple is one exponential.  log(1 + exp(-|z|)) is the logarithm of a
 * product, taken once for many customers, as no factor is above 2.  Where times
 * hardly repeat they have no tables, and each triple takes a logarithm of its own.
 *
 * P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting your customers the easy
 * way: an alternative to the Pareto/NBD model", Marketing Science 24(2), 2005;
 * E. P. Batislam, M. Denizel, A. Filiztekin, "Empirical validation and
 * comparison of models for customer base analysis", International Journal of
 * Research in Marketing 24(3), 2007.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "common/hashfn.h"
#include "math/special.h"
#include "lifetime/bgnbd.h"
#include "lifetime/fit.h"
#include "math/log_sum.h"
#include "lifetime/triples.h"
#include "miscadmin.h"

/* More different times than this are not tabulated. */
#define MAX_TIMES 65536

/* alpha, to start with, as a share of the greatest age */
#define START_ALPHA 0.1

/* Customers whose frequency is the same, and what is computed of it. */
typedef struct Frequency
{
	double		x;
	double		weight;
	double		shape;			/* r + x */
	double		odds;			/* log(a / (b + x + m - 1)) */
	double		inverse;		/* 1 / (b + x + m - 1) */
	KpiLogSum	ages;			/* sum of log(1 + t / alpha) */
} Frequency;

/* A recency, and what is computed of it. */
typedef struct Recency
{
	double		recency;
	double		log;			/* log(1 + recency / alpha) */
	double		inverse;		/* 1 / (alpha + recency) */
} Recency;

/* A triple, without its age. */
typedef struct History
{
	int32		frequency;		/* index into the table */
	int32		recency;
	double		weight;
} History;

/* The triples of one age. */
typedef struct Age
{
	double		t;
	double		weight;			/* sums, over all customers of the age */
	double		purchases;
	int			first;			/* histories: customers with the last term */
	int			count;
} Age;

typedef struct BgnbdData
{
	double		m;				/* 0 for BG/NBD, 1 for MBG/NBD */
	const KpiCustomers *customers;
	int			frequencies;
	Frequency  *frequency;
	int32	   *place;			/* of a customer's frequency; negative where
								 * the last term is missing */
	bool		tabulated;		/* the times, as follows */
	int			recencies;
	Recency    *recency;
	int			ages;
	Age		   *age;
	int			histories;
	History    *history;
} BgnbdData;

/* Sums over the histories of an age. */
typedef struct HistorySums
{
	double		value;
	double		r;
	double		alpha;
	double		chance;
	double		b;
} HistorySums;

typedef struct PlaceEntry
{
	uint64		key;			/* bits of a double */
	int32		place;
	char		status;
} PlaceEntry;

/* A hash of the bits of a double. */
static inline uint32
hash_bits(uint64 bits)
{
	return murmurhash32((uint32) bits ^ (uint32) (bits >> 32));
}

#define SH_PREFIX place
#define SH_ELEMENT_TYPE PlaceEntry
#define SH_KEY_TYPE uint64
#define SH_KEY key
#define SH_HASH_KEY(tb, key) hash_bits(key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* The place of a value among the different ones so far. */
static inline int32
find_place(struct place_hash *places, double value)
{
	uint64		bits;
	bool		found;
	PlaceEntry *entry;

	memcpy(&bits, &value, sizeof(bits));
	entry = place_insert(places, bits, &found);
	if (!found)
		entry->place = (int32) places->members - 1;
	return entry->place;
}

/* Whether the histories point to tables: not where the times are any numbers. */
static bool
times_repeat(const KpiCustomers *customers, BgnbdData *data)
{
	place_hash *recencies = place_create(CurrentMemoryContext, 256, NULL);

	for (int i = 0; i < customers->count; i++)
	{
		const KpiTriple *triple = &customers->triple[i];

		CHECK_FOR_INTERRUPTS();
		if (triple->frequency + data->m > 0)
		{
			data->histories++;
			(void) find_place(recencies, triple->recency);
		}
		data->ages += i == 0 || triple->t != triple[-1].t;
		if (recencies->members > MAX_TIMES || data->ages > MAX_TIMES)
			break;
	}
	data->recencies = (int) recencies->members;
	place_destroy(recencies);
	return data->recencies <= MAX_TIMES && data->ages <= MAX_TIMES;
}

/* Make the table of the frequencies, and note the place of each customer in it. */
static void
fill_frequencies(const KpiCustomers *customers, BgnbdData *data)
{
	place_hash *frequencies = place_create(CurrentMemoryContext, 256, NULL);

	data->place = palloc(customers->count * sizeof(int32));
	for (int i = 0; i < customers->count; i++)
	{
		double		x = customers->triple[i].frequency;

		CHECK_FOR_INTERRUPTS();
		data->place[i] = x + data->m > 0 ? find_place(frequencies, x) : -1;
	}
	data->frequencies = (int) frequencies->members;
	place_destroy(frequencies);
	data->frequency = palloc0(Max(data->frequencies, 1) * sizeof(Frequency));
	for (int i = 0; i < customers->count; i++)
	{
		if (data->place[i] < 0)
			continue;
		data->frequency[data->place[i]].x = customers->triple[i].frequency;
		data->frequency[data->place[i]].weight += customers->triple[i].weight;
	}
}

/* Fill the tables of times and the histories, which come in the order of the triples. */
static void
fill_histories(const KpiCustomers *customers, BgnbdData *data)
{
	place_hash *recencies = place_create(CurrentMemoryContext, 256, NULL);
	Age		   *age = palloc0(data->ages * sizeof(Age));
	History    *history = palloc(Max(data->histories, 1) * sizeof(History));

	data->age = age;
	data->history = history;
	data->recency = palloc0(Max(data->recencies, 1) * sizeof(Recency));
	for (int i = 0; i < customers->count; i++)
	{
		const KpiTriple *triple = &customers->triple[i];

		if (i > 0 && triple->t != triple[-1].t)
			age++;
		if (age->weight == 0)
			age->first = (int) (history - data->history);
		age->t = triple->t;
		age->weight += triple->weight;
		age->purchases += triple->weight * triple->frequency;
		if (data->place[i] < 0)
			continue;
		age->count++;
		history->frequency = data->place[i];
		history->recency = find_place(recencies, triple->recency);
		history->weight = triple->weight;
		data->recency[history->recency].recency = triple->recency;
		history++;
	}
	place_destroy(recencies);
}

/* Arrange the customers for the likelihood. */
static void
arrange(const KpiCustomers *customers, BgnbdData *data)
{
	data->customers = customers;
	data->tabulated = times_repeat(customers, data);
	fill_frequencies(customers, data);
	if (!data->tabulated)
		return;
	fill_histories(customers, data);
	pfree(data->place);
	data->place = NULL;
}

/* Terms of the frequencies alone; what histories need of them is tabulated. */
static double
add_frequencies(BgnbdData *data, const double *p, double *gradient)
{
	double		r = p[KPI_BGNBD_R];
	double		a = p[KPI_BGNBD_A];
	double		b = p[KPI_BGNBD_B];
	double		sum = 0;

	for (int i = 0; i < data->frequencies; i++)
	{
		Frequency  *frequency = &data->frequency[i];
		double		weight = frequency->weight;
		double		n = frequency->x + data->m;
		double		both = kpi_digamma_difference(a + b, n);

		sum += weight * (kpi_log_gamma_ratio(r, frequency->x) +
						 kpi_log_gamma_ratio(b, n) - kpi_log_gamma_ratio(a + b, n));
		gradient[KPI_BGNBD_R] += weight * kpi_digamma_difference(r, frequency->x);
		gradient[KPI_BGNBD_A] -= weight * both;
		gradient[KPI_BGNBD_B] += weight * (kpi_digamma_difference(b, n) - both);
		frequency->shape = r + frequency->x;
		frequency->inverse = 1 / (b + (n - 1));
		frequency->odds = log(a * frequency->inverse);
	}
	return sum;
}

/* The last terms of the customers of one age. */
static HistorySums
add_histories(const BgnbdData *data, const Age *age, double log_age, double inverse_age,
			  KpiLogSum *logs)
{
	HistorySums sums = {0};

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < age->count; i++)
	{
		const History *history = &data->history[age->first + i];
		const Frequency *frequency = &data->frequency[history->frequency];
		const Recency *recency = &data->recency[history->recency];
		double		gap = log_age - recency->log;
		double		z = frequency->odds + frequency->shape * gap;
		double		e = exp(-fabs(z));
		double		chance = history->weight * (z >= 0 ? 1 : e) / (1 + e);

		kpi_add_log(logs, history->weight, 1 + e);
		sums.value += history->weight * Max(z, 0);
		sums.r += chance * gap;
		sums.alpha -= chance * frequency->shape * (age->t - recency->recency) *
			recency->inverse * inverse_age;
		sums.chance += chance;
		sums.b += chance * frequency->inverse;
	}
	return sums;
}

/*
 * Terms of the ages and of the histories.  Times count in relation to alpha,
 * so that nothing cancels where it is great.
 */
static double
add_ages(BgnbdData *data, const double *p, double *gradient)
{
	double		r = p[KPI_BGNBD_R];
	double		alpha = p[KPI_BGNBD_ALPHA];
	double		log_alpha = log(alpha);
	double		sum = 0;
	KpiLogSum	logs = {.product = 1};

	for (int i = 0; i < data->recencies; i++)
	{
		data->recency[i].log = kpi_log_one_plus(data->recency[i].recency / alpha);
		data->recency[i].inverse = 1 / (alpha + data->recency[i].recency);
	}
	for (int i = 0; i < data->ages; i++)
	{
		const Age  *age = &data->age[i];
		double		log_age = kpi_log_one_plus(age->t / alpha);
		double		inverse = 1 / (alpha + age->t);
		HistorySums last = add_histories(data, age, log_age, inverse, &logs);

		sum += last.value - r * age->weight * log_age - age->purchases * (log_alpha + log_age);
		gradient[KPI_BGNBD_R] += last.r - age->weight * log_age;
		gradient[KPI_BGNBD_ALPHA] += last.alpha +
			(r * age->weight * age->t / alpha - age->purchases) * inverse;
		gradient[KPI_BGNBD_A] += last.chance / p[KPI_BGNBD_A];
		gradient[KPI_BGNBD_B] -= last.b;
	}
	return sum + kpi_log_sum(&logs);
}

/* What the last term of one customer gives, whose age is t. */
static inline void
add_last(const KpiTriple *triple, const Frequency *frequency, double alpha, double inverse_age,
		 KpiLogSum *logs, HistorySums *sums)
{
	double		inverse = 1 / (alpha + triple->recency);
	double		ratio = (triple->t - triple->recency) * inverse;
	double		gap = kpi_log_one_plus(ratio);
	double		z = frequency->odds + frequency->shape * gap;
	double		e = exp(-fabs(z));
	double		chance = triple->weight * (z >= 0 ? 1 : e) / (1 + e);

	kpi_add_log(logs, triple->weight, 1 + e);
	sums->value += triple->weight * Max(z, 0);
	sums->r += chance * gap;
	sums->alpha -= chance * frequency->shape * ratio * inverse_age;
	sums->chance += chance;
	sums->b += chance * frequency->inverse;
}

/* The same where times hardly repeat, one customer after the other. */
static double
add_customers(BgnbdData *data, const double *p, double *gradient)
{
	const KpiCustomers *customers = data->customers;
	double		r = p[KPI_BGNBD_R];
	double		alpha = p[KPI_BGNBD_ALPHA];
	HistorySums last = {0};
	KpiLogSum	logs = {.product = 1};
	KpiLogSum	first = {.product = 1};
	double		ages;
	double		sum = 0;

	for (int i = 0; i < data->frequencies; i++)
		data->frequency[i].ages = first;
	for (int i = 0; i < customers->count; i++)
	{
		const KpiTriple *triple = &customers->triple[i];
		Frequency  *frequency = data->place[i] < 0 ? NULL : &data->frequency[data->place[i]];
		double		inverse = 1 / (alpha + triple->t);
		double		growth = triple->t / alpha;

		CHECK_FOR_INTERRUPTS();
		kpi_add_log(frequency == NULL ? &first : &frequency->ages, triple->weight, 1 + growth);
		gradient[KPI_BGNBD_ALPHA] += triple->weight * (r * growth - triple->frequency) * inverse;
		if (frequency != NULL)
			add_last(triple, frequency, alpha, inverse, &logs, &last);
	}
	ages = kpi_log_sum(&first);
	for (int i = 0; i < data->frequencies; i++)
	{
		const Frequency *frequency = &data->frequency[i];
		double		log_ages = kpi_log_sum(&frequency->ages);

		ages += log_ages;
		sum -= frequency->x * (log_ages + frequency->weight * log(alpha));
	}
	gradient[KPI_BGNBD_R] += last.r - ages;
	gradient[KPI_BGNBD_ALPHA] += last.alpha;
	gradient[KPI_BGNBD_A] += last.chance / p[KPI_BGNBD_A];
	gradient[KPI_BGNBD_B] -= last.b;
	return sum - r * ages + last.value + kpi_log_sum(&logs);
}

/* The negative log-likelihood of all customers, by the logarithms. */
static double
objective(const double *x, double *gradient, void *closure)
{
	BgnbdData  *data = closure;
	double		p[KPI_BGNBD_PARAMETERS];
	double		sum;

	for (int i = 0; i < KPI_BGNBD_PARAMETERS; i++)
	{
		p[i] = exp(x[i]);
		gradient[i] = 0;
	}
	sum = add_frequencies(data, p, gradient);
	sum += data->tabulated ? add_ages(data, p, gradient) : add_customers(data, p, gradient);
	for (int i = 0; i < KPI_BGNBD_PARAMETERS; i++)
		gradient[i] *= -p[i];
	return -sum;
}

/* What there is to fit, of customers some of whom bought again. */
static void
prepare(const KpiCustomers *customers, bool modified, BgnbdData *data, KpiFitProblem *problem)
{
	memset(data, 0, sizeof(BgnbdData));
	memset(problem, 0, sizeof(KpiFitProblem));
	data->m = modified;
	arrange(customers, data);
	problem->objective = objective;
	problem->data = data;
	problem->n = KPI_BGNBD_PARAMETERS;
	for (int i = 0; i < problem->n; i++)
		problem->unit[i] = i == KPI_BGNBD_ALPHA ? customers->max_t : 1;
	problem->start[KPI_BGNBD_ALPHA] = log(START_ALPHA * customers->max_t);
	problem->weight = customers->weight;
	problem->patterns = customers->count;
	kpi_fit_penalize(problem, customers->penalty);
}

/* Fit the customers of a state; a penalty below 0 is none of its own. */
static Datum
fit_state(FunctionCallInfo fcinfo, bool modified, double penalty)
{
	KpiCustomers customers;
	KpiCustomers part;
	BgnbdData	data;
	BgnbdData	part_data;
	KpiFitProblem problem;
	KpiFitProblem sample;
	KpiFit		fit;

	kpi_customers_argument(fcinfo, 0, &customers);
	if (customers.max_frequency == 0 || customers.max_t == 0)
	{
		kpi_fit_insufficient(KPI_BGNBD_PARAMETERS, customers.weight, customers.count, &fit);
		return kpi_fit_datum(fcinfo, &fit);
	}
	if (penalty >= 0)
		customers.penalty = penalty;
	prepare(&customers, modified, &data, &problem);
	if (kpi_sample_customers(&customers, &part))
	{
		prepare(&part, modified, &part_data, &sample);
		kpi_fit_sample_first(&problem, &sample);
	}
	kpi_fit(&problem, &fit);
	kpi_fit_judge_chance(&fit, KPI_BGNBD_A, KPI_BGNBD_B);
	return kpi_fit_datum(fcinfo, &fit);
}

/* clv_bgnbd_fit(customers): the BG/NBD model; a failed fit is a status. */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_fit);
Datum
kpi_clv_bgnbd_fit(PG_FUNCTION_ARGS)
{
	return fit_state(fcinfo, false, -1);
}

/* The same with a penalty, in place of one that the state has. */
PG_FUNCTION_INFO_V1(kpi_clv_bgnbd_fit_penalty);
Datum
kpi_clv_bgnbd_fit_penalty(PG_FUNCTION_ARGS)
{
	return fit_state(fcinfo, false, kpi_check_penalty(PG_GETARG_FLOAT8(1)));
}

/* clv_mbgnbd_fit(customers): the MBG/NBD model; a failed fit is a status. */
PG_FUNCTION_INFO_V1(kpi_clv_mbgnbd_fit);
Datum
kpi_clv_mbgnbd_fit(PG_FUNCTION_ARGS)
{
	return fit_state(fcinfo, true, -1);
}

/* The same with a penalty, in place of one that the state has. */
PG_FUNCTION_INFO_V1(kpi_clv_mbgnbd_fit_penalty);
Datum
kpi_clv_mbgnbd_fit_penalty(PG_FUNCTION_ARGS)
{
	return fit_state(fcinfo, true, kpi_check_penalty(PG_GETARG_FLOAT8(1)));
}
