/*
 * bench.c: what the benchmarks need of C. They compile it in a folder of their
 * own; it is no part of the extension.
 */
#include "postgres.h"

#include <math.h>
#include <sys/resource.h>
#include <time.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_MODULE_MAGIC;

/* CPU seconds that this backend has used. */
PG_FUNCTION_INFO_V1(bench_cpu);
Datum
bench_cpu(PG_FUNCTION_ARGS)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	PG_RETURN_FLOAT8(now.tv_sec + now.tv_nsec / 1e9);
}

/* Called between two queries, so that their instructions are counted apart. */
PG_FUNCTION_INFO_V1(bench_mark);
Datum
bench_mark(PG_FUNCTION_ARGS)
{
	PG_RETURN_VOID();
}

/* The most memory that this backend has had, in bytes. */
PG_FUNCTION_INFO_V1(bench_peak);
Datum
bench_peak(PG_FUNCTION_ARGS)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	PG_RETURN_FLOAT8(usage.ru_maxrss * 1024.0);
}

/* The next number of splitmix64, strictly between 0 and 1. */
static double
uniform(uint64 *state)
{
	uint64		bits = (*state += UINT64CONST(0x9E3779B97F4A7C15));

	bits = (bits ^ (bits >> 30)) * UINT64CONST(0xBF58476D1CE4E5B9);
	bits = (bits ^ (bits >> 27)) * UINT64CONST(0x94D049BB133111EB);
	bits ^= bits >> 31;
	return ((bits >> 11) + 0.5) / (UINT64CONST(1) << 53);
}

/* A gamma distributed number of unit scale, by Marsaglia and Tsang. */
static double
gamma_number(uint64 *state, double shape)
{
	double		d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;

	for (;;)
	{
		double		normal = sqrt(-2 * log(uniform(state))) * cos(2 * M_PI * uniform(state));
		double		v = pow(1 + normal / sqrt(9 * d), 3);

		if (v > 0 && log(uniform(state)) < normal * normal / 2 + d - d * v + d * log(v))
			return d * v * (shape < 1 ? pow(uniform(state), 1 / shape) : 1);
	}
}

/*
 * bench_customer(seed, model, days): frequency, recency and t of a customer that
 * was simulated by the BG/NBD or else the Pareto/NBD model over at most three
 * years.  Times are any number of days, or whole ones with one purchase a day.
 */
PG_FUNCTION_INFO_V1(bench_customer);
Datum
bench_customer(PG_FUNCTION_ARGS)
{
	uint64		state = (uint64) PG_GETARG_INT64(0) * UINT64CONST(0xD1342543DE82EF95);
	bool		bgnbd = strcmp(text_to_cstring(PG_GETARG_TEXT_PP(1)), "bgnbd") == 0;
	bool		days = PG_GETARG_BOOL(2);
	double		t = uniform(&state) * 1095;
	double		rate = gamma_number(&state, bgnbd ? 0.243 : 0.553) / (bgnbd ? 31 : 74);
	double		chance = 0;
	double		end = t;
	Datum		result[3];
	int			frequency = 0;
	double		recency = 0;

	if (days)
		t = end = ceil(t);
	if (bgnbd)
	{
		chance = gamma_number(&state, 0.793);
		chance /= chance + gamma_number(&state, 2.426);
	}
	else
	{
		double		lifetime = -log(uniform(&state)) / gamma_number(&state, 0.606) * 82;

		end = Min(t, lifetime);
	}
	for (double at = 0; (at -= log(uniform(&state)) / rate) < end;)
	{
		double		bought = days ? ceil(at) : at;

		frequency += bought > recency;
		recency = bought;
		if (bgnbd && uniform(&state) < chance)
			break;
	}
	result[0] = Float8GetDatum(frequency);
	result[1] = Float8GetDatum(recency);
	result[2] = Float8GetDatum(t);
	PG_RETURN_ARRAYTYPE_P(construct_array(result, 3, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
										  TYPALIGN_DOUBLE));
}
