/*
 * planted.c
 *	  Bugs on purpose, one a function. For the tests of the tests alone; no part
 *	  of the extension.
 */
#include "postgres.h"

#include "fmgr.h"

PG_MODULE_MAGIC;

/* Reads and writes an array of 16 at the given place. */
PG_FUNCTION_INFO_V1(planted_bounds);
Datum
planted_bounds(PG_FUNCTION_ARGS)
{
	int32		at = PG_GETARG_INT32(0);
	volatile int32 array[16] = {0};

	array[at] = 1;
	PG_RETURN_INT32(array[at]);
}

/* Shifts 1 by the given number of bits. */
PG_FUNCTION_INFO_V1(planted_shift);
Datum
planted_shift(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(1 << PG_GETARG_INT32(0));
}

/* Casts a power of ten to an integer. */
PG_FUNCTION_INFO_V1(planted_cast);
Datum
planted_cast(PG_FUNCTION_ARGS)
{
	volatile double power = 1;

	for (int32 i = PG_GETARG_INT32(0); i > 0; i--)
		power *= 10;
	PG_RETURN_INT32((int32) power);
}

/* Stores an integer at the given distance from an aligned place. */
PG_FUNCTION_INFO_V1(planted_alignment);
Datum
planted_alignment(PG_FUNCTION_ARGS)
{
	char	   *chunk = palloc0(32);

	*(volatile int64 *) (chunk + PG_GETARG_INT32(0)) = 1;
	PG_RETURN_INT32(chunk[0]);
}

/* Writes at the given place of a chunk of 32 bytes. */
PG_FUNCTION_INFO_V1(planted_overrun);
Datum
planted_overrun(PG_FUNCTION_ARGS)
{
	volatile char *chunk = palloc0(32);
	int32		at = PG_GETARG_INT32(0);

	chunk[at] = 1;
	PG_RETURN_INT32(at);
}

/* Reads a chunk that, for an argument above 0, has been freed. */
PG_FUNCTION_INFO_V1(planted_freed);
Datum
planted_freed(PG_FUNCTION_ARGS)
{
	int32	   *volatile chunk = palloc0(32);

	if (PG_GETARG_INT32(0) > 0)
		pfree(chunk);
	PG_RETURN_INT32(chunk[4]);
}

/* Branches on a value that, for an argument above 0, nobody has set. */
PG_FUNCTION_INFO_V1(planted_unset);
Datum
planted_unset(PG_FUNCTION_ARGS)
{
	int32	   *volatile chunk = palloc(32);

	if (PG_GETARG_INT32(0) <= 0)
		chunk[4] = 0;
	if (chunk[4] > 7)
		PG_RETURN_INT32(1);
	PG_RETURN_INT32(0);
}

/* Shows that a fault would not be seen: more memory with every call. */
PG_FUNCTION_INFO_V1(planted_leak);
Datum
planted_leak(PG_FUNCTION_ARGS)
{
	(void) MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, PG_GETARG_INT32(0));
	PG_RETURN_INT32(0);
}
