/*
 * watch.c: how long a backend computes without looking for a cancel.
 *
 * While a query is watched, a timer raises InterruptPending every millisecond,
 * which the next CHECK_FOR_INTERRUPTS() lowers; the longest time it stays up is
 * the longest that a cancel could have to wait, whenever it came.  On demand the
 * timer also asks for a cancel, as the signal of pg_cancel_backend does.  All
 * times are of the processor, so that a loaded machine makes no difference.
 */
#include "postgres.h"

#include <math.h>
#include <signal.h>
#include <time.h>

#include "fmgr.h"
#include "funcapi.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"

PG_MODULE_MAGIC;

static timer_t timer;
static bool have_timer = false;
static volatile double began;
static volatile double raised;	/* when the flag that is up now was raised */
static volatile double longest;
static volatile double cancel_at;	/* NaN for never */
static volatile double cancelled;	/* when it was asked for; 0 if not yet */

/* Time of the processor spent by this backend, in milliseconds. */
static double
spent(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void
tick(SIGNAL_ARGS)
{
	int			saved = errno;
	double		now = spent();

	if (!InterruptPending)
		raised = now;
	longest = Max(longest, now - raised);
	if (now >= cancel_at && cancelled == 0)
	{
		cancelled = now;
		QueryCancelPending = true;
	}
	InterruptPending = true;
	errno = saved;
}

static void
set_timer(long nanoseconds)
{
	struct itimerspec every = {{0, nanoseconds}, {0, nanoseconds}};

	if (timer_settime(timer, 0, &every, NULL) != 0)
		elog(ERROR, "no timer: %m");
}

/* watch_start(cancel_after float8): NULL for no cancel. */
PG_FUNCTION_INFO_V1(watch_start);
Datum
watch_start(PG_FUNCTION_ARGS)
{
	if (!have_timer)
	{
		struct sigevent by_signal = {0};

		by_signal.sigev_notify = SIGEV_SIGNAL;
		by_signal.sigev_signo = SIGPROF;
		pqsignal(SIGPROF, tick);
		if (timer_create(CLOCK_MONOTONIC, &by_signal, &timer) != 0)
			elog(ERROR, "no timer: %m");
		have_timer = true;
	}
	CHECK_FOR_INTERRUPTS();
	began = raised = spent();
	longest = cancelled = 0;
	cancel_at = PG_ARGISNULL(0) ? NAN : began + PG_GETARG_FLOAT8(0);
	set_timer(1000000);
	PG_RETURN_VOID();
}

/* watch_stop(OUT took, OUT longest, OUT answered float8): milliseconds; the last one from a cancel to here. */
PG_FUNCTION_INFO_V1(watch_stop);
Datum
watch_stop(PG_FUNCTION_ARGS)
{
	TupleDesc	tupdesc;
	Datum		values[3];
	bool		nulls[3] = {false, false, cancelled == 0};
	double		now;

	set_timer(0);
	now = spent();
	if (InterruptPending)
		longest = Max(longest, now - raised);
	QueryCancelPending = false;
	values[0] = Float8GetDatum(now - began);
	values[1] = Float8GetDatum(longest);
	values[2] = Float8GetDatum(now - cancelled);
	get_call_result_type(fcinfo, NULL, &tupdesc);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls));
}

/* watch_deaf(milliseconds float8): computes for so long and looks for nothing, as no function of ours may. */
PG_FUNCTION_INFO_V1(watch_deaf);
Datum
watch_deaf(PG_FUNCTION_ARGS)
{
	double		until = spent() + PG_GETARG_FLOAT8(0);

	while (spent() < until)
		;
	PG_RETURN_VOID();
}
