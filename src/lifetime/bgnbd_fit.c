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
 * product, taken once for many customers, as no factor is above 2.
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
#include "common/special.h"
#include "lifetime/bgnbd.h"
#include "lifetime/fit.h"
#include "lifetime/triples.h"
#include "miscadmin.h"

/* Factors of a product between 1 and 2 that cannot overflow. */
#define MAX_FACTORS 1000

/* More different ones than this are not tabulated. */
#define MAX_RECENCIES 65536

/* From so many different customers on a part of them is fitted first. */
#define SAMPLE_FROM 50000
#define SAMPLE_STEP 16

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
	int			frequencies;
	Frequency  *frequency;
	int			recencies;
	Recency    *recency;
	int			ages;
	Age		   *age;
	int			histories;
	History    *history;
} BgnbdData;

/* The sum of the logarithms of numbers from 1 to 2. */
typedef struct LogSum
{
	double		sum;
	double		product;		/* of those not in the sum yet */
	int			factors;
} LogSum;

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

/* Count the ages and the histories, and make room for them. */
static void
count_histories(const KpiCustomers *customers, BgnbdData *data)
{
	for (int i = 0; i < customers->count; i++)
	{
		const KpiTriple *triple = &customers->triple[i];

		data->histories += triple->frequency + data->m > 0;
		data->ages += i == 0 || triple->t != triple[-1].t;
	}
	data->age = palloc0(data->ages * sizeof(Age));
	data->history = palloc(Max(data->histories, 1) * sizeof(History));
}

/* Fill the ages and the histories, which come in the order of the triples. */
static void
fill_histories(const KpiCustomers *customers, BgnbdData *data)
{
	place_hash *frequencies = place_create(CurrentMemoryContext, 256, NULL);
	place_hash *recencies = place_create(CurrentMemoryContext, 256, NULL);
	Age		   *age = data->age;
	History    *history = data->history;

	for (int i = 0; i < customers->count; i++)
	{
		const KpiTriple *triple = &customers->triple[i];

		if (i > 0 && triple->t != triple[-1].t)
			age++;
		if (age->weight == 0)
			age->first = history - data->history;
		age->t = triple->t;
		age->weight += triple->weight;
		age->purchases += triple->weight * triple->frequency;
		if (triple->frequency + data->m == 0)
			continue;
		age->count++;
		history->frequency = find_place(frequencies, triple->frequency);
		history->recency = recencies->members <= MAX_RECENCIES
			? find_place(recencies, triple->recency) : 0;
		history->weight = triple->weight;
		history++;
	}
	data->frequencies = frequencies->members;
	data->recencies = recencies->members;
	place_destroy(frequencies);
	place_destroy(recencies);
}

/* Make the tables the histories point to. */
static void
fill_tables(const KpiCustomers *customers, BgnbdData *data)
{
	History    *history = data->history;

	/* recencies of any number: a table would save nothing */
	if (data->recencies > MAX_RECENCIES)
	{
		data->recencies = data->histories;
		for (int i = 0; i < data->histories; i++)
			history[i].recency = i;
	}
	data->frequency = palloc0(Max(data->frequencies, 1) * sizeof(Frequency));
	data->recency = palloc0(Max(data->recencies, 1) * sizeof(Recency));
	for (int i = 0; i < customers->count; i++)
	{
		const KpiTriple *triple = &customers->triple[i];

		if (triple->frequency + data->m == 0)
			continue;
		data->frequency[history->frequency].x = triple->frequency;
		data->frequency[history->frequency].weight += triple->weight;
		data->recency[history->recency].recency = triple->recency;
		history++;
	}
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

/* log(1 + y); log is faster than log1p, and as good where y is not small */
static inline double
log_one_plus(double y)
{
	return y > 0.5 ? log(1 + y) : log1p(y);
}

static inline void
multiply(LogSum *logs, double factor)
{
	logs->product *= factor;
	if (++logs->factors == MAX_FACTORS)
	{
		logs->sum += log(logs->product);
		logs->product = 1;
		logs->factors = 0;
	}
}

/* The last terms of the customers of one age. */
static HistorySums
add_histories(const BgnbdData *data, const Age *age, double log_age, double inverse_age,
			  LogSum *logs)
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

		if (history->weight == 1)
			multiply(logs, 1 + e);
		else
			sums.value += history->weight * log1p(e);
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
	LogSum		logs = {.product = 1};

	for (int i = 0; i < data->recencies; i++)
	{
		data->recency[i].log = log_one_plus(data->recency[i].recency / alpha);
		data->recency[i].inverse = 1 / (alpha + data->recency[i].recency);
	}
	for (int i = 0; i < data->ages; i++)
	{
		const Age  *age = &data->age[i];
		double		log_age = log_one_plus(age->t / alpha);
		double		inverse = 1 / (alpha + age->t);
		HistorySums last = add_histories(data, age, log_age, inverse, &logs);

		sum += last.value - r * age->weight * log_age - age->purchases * (log_alpha + log_age);
		gradient[KPI_BGNBD_R] += last.r - age->weight * log_age;
		gradient[KPI_BGNBD_ALPHA] += last.alpha +
			(r * age->weight * age->t / alpha - age->purchases) * inverse;
		gradient[KPI_BGNBD_A] += last.chance / p[KPI_BGNBD_A];
		gradient[KPI_BGNBD_B] -= last.b;
	}
	return sum + logs.sum + log(logs.product);
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
	sum += add_ages(data, p, gradient);
	for (int i = 0; i < KPI_BGNBD_PARAMETERS; i++)
		gradient[i] *= -p[i];
	return -sum;
}

/* Fit customers, from logarithms of parameters; their triples are freed. */
static void
fit_from(const double *start, KpiCustomers *customers, bool modified, KpiFit *fit)
{
	BgnbdData	data = {.m = modified};
	KpiFitProblem problem = {.objective = objective,.data = &data,.n = KPI_BGNBD_PARAMETERS};

	count_histories(customers, &data);
	fill_histories(customers, &data);
	fill_tables(customers, &data);
	pfree(customers->triple);
	for (int i = 0; i < problem.n; i++)
	{
		problem.start[i] = start[i];
		problem.unit[i] = i == KPI_BGNBD_ALPHA ? customers->max_t : 1;
	}
	problem.weight = customers->weight;
	problem.patterns = customers->count;
	problem.penalty = customers->penalty;
	kpi_fit(&problem, fit);
	pfree(data.age);
	pfree(data.history);
	pfree(data.frequency);
	pfree(data.recency);
}

/* A better start for many customers: the fit of one in SAMPLE_STEP of them. */
static void
fit_sample(double *start, const KpiCustomers *customers, bool modified)
{
	KpiCustomers sample = *customers;
	KpiFit		fit;

	sample.triple = palloc((customers->count / SAMPLE_STEP + 1) * sizeof(KpiTriple));
	sample.count = 0;
	sample.weight = 0;
	for (int i = 0; i < customers->count; i += SAMPLE_STEP)
	{
		sample.triple[sample.count++] = customers->triple[i];
		sample.weight += customers->triple[i].weight;
	}
	fit_from(start, &sample, modified, &fit);
	for (int i = 0; i < fit.n && fit.status == KPI_CONVERGED; i++)
		start[i] = log(fit.parameter[i]);
}

/* Fit the customers of a state; a penalty below 0 is none of its own. */
static Datum
fit_state(FunctionCallInfo fcinfo, bool modified, double penalty)
{
	const KpiCustomerState *state = (const KpiCustomerState *) PG_GETARG_VARLENA_P(0);
	KpiCustomers customers;
	double		start[KPI_BGNBD_PARAMETERS] = {0};
	KpiFit		fit;

	kpi_read_customers(state, &customers);
	if (customers.max_frequency == 0 || customers.max_t == 0)
	{
		kpi_fit_insufficient(KPI_BGNBD_PARAMETERS, customers.weight, customers.count, &fit);
		return kpi_fit_datum(fcinfo, &fit);
	}
	if (penalty >= 0)
		customers.penalty = penalty;
	start[KPI_BGNBD_ALPHA] = log(START_ALPHA * customers.max_t);
	if (customers.count >= SAMPLE_FROM)
		fit_sample(start, &customers, modified);
	fit_from(start, &customers, modified, &fit);
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
