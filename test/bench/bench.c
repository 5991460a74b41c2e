/*
 * bench.c: what the benchmarks need of C. They compile it in a folder of their
 * own; it is no part of the extension.
 */
#include "postgres.h"

#include <time.h>

#include "fmgr.h"

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
