/*-------------------------------------------------------------------------
 *
 * deadline.c
 *	  Tells a cancel that the server was asked for from one that others' code
 *	  pretends, and ends code that takes longer than it may.
 *
 * Anybody can raise an error with the code of a cancel, and anybody can catch
 * a real one and go on; PL/Perl and PL/Tcl give it another code, too.  What
 * cannot be pretended is the signal: a request to cancel and the timeouts of
 * the session all come as SIGINT.  While others' code runs, its handler notes
 * that before it does what it does.  A lock_timeout is no cancel: it ends the
 * wait, with a code of its own.
 *
 * The deadline sets the server's own flag, and sets it again every second, for
 * code that catches the error; it needs no signal and so is not taken for one.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/owner.h"

#include <signal.h>

#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

/* Milliseconds from one reminder to the next. */
#define REMINDER 1000

static volatile sig_atomic_t cancelled = false;
static volatile sig_atomic_t too_long = false;

/* Runs within runs, and what the outermost one found. */
static int	depth = 0;
static struct sigaction server_action;
static TimeoutId deadline = MAX_TIMEOUTS;

/* Notes a cancel; the rest is the server's. */
static void
note_cancel(int signal_number)
{
	if (!get_timeout_indicator(LOCK_TIMEOUT, false) ||
		get_timeout_indicator(STATEMENT_TIMEOUT, false))
		cancelled = true;
	if (server_action.sa_handler != SIG_IGN && server_action.sa_handler != SIG_DFL)
		server_action.sa_handler(signal_number);
}

/* The time is over: the next look for interrupts ends the query. */
static void
note_deadline(void)
{
	too_long = true;
	QueryCancelPending = true;
	InterruptPending = true;
	SetLatch(MyLatch);
}

/* From here on cancels are noted. */
void
kpi_watch_begin(void)
{
	struct sigaction action;

	if (depth++ > 0)
		return;
	cancelled = false;
	too_long = false;
	(void) sigaction(SIGINT, NULL, &server_action);
	action = server_action;
	action.sa_handler = note_cancel;
	(void) sigaction(SIGINT, &action, NULL);
}

/* The run may take that many milliseconds from now on; within another one its deadline holds. */
void
kpi_watch_deadline(int64 timeout)
{
	if (timeout <= 0 || depth > 1)
		return;
	if (deadline == MAX_TIMEOUTS)
		deadline = RegisterTimeout(USER_TIMEOUT, note_deadline);
	enable_timeout_every(deadline,
						 TimestampTzPlusMilliseconds(GetCurrentTimestamp(), timeout), REMINDER);
}

/* Ends the watch and says what it saw; nothing of it is left pending but a real cancel. */
KpiEnd
kpi_watch_end(void)
{
	if (--depth == 0)
	{
		if (deadline != MAX_TIMEOUTS)
			disable_timeout(deadline, false);
		(void) sigaction(SIGINT, &server_action, NULL);
		if (too_long)
			QueryCancelPending = false;
		/* in this order, as one may come at any moment */
		if (too_long && cancelled)
			QueryCancelPending = true;
	}
	if (cancelled)
		return KPI_CANCELLED;
	return too_long ? KPI_TOOK_TOO_LONG : KPI_NOT_STOPPED;
}
