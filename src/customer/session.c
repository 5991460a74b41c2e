/*-------------------------------------------------------------------------
 *
 * session.c
 *	  Sessions: rows of an entity that follow each other within a time.
 *
 *	session_number(ts, gap) OVER (PARTITION BY entity)
 *
 * The rows of the partition in order of time, whatever the order of the window
 * and its frame; a session begins with the first row and with each one that
 * comes more than the gap after the one before.  So rows of one time have one
 * number.
 *
 * A date is its midnight in no time zone, so that all days are as long.
 *
 * NULL rule: a row without a time, or at infinity, is in no session and parts
 * none.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "customer/funnel.h"
#include "miscadmin.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "windowapi.h"

typedef struct Partition
{
	bool		ready;
	int64		gap;
	int64		sessions;
	int64	   *start;			/* of a session */
} Partition;

#define ST_SORT sort_times
#define ST_ELEMENT_TYPE int64
#define ST_COMPARE(a, b) ((*(a) > *(b)) - (*(a) < *(b)))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* What the times of the rows are. */
typedef enum Times
{
	TIMESTAMPS,
	DATES,
	NUMBERS
} Times;

/* A time as a number of microseconds, or in a unit of its own. */
static int64
read_time(Datum ts, Times times)
{
	return times == DATES ? date2timestamp_opt_overflow(DatumGetDateADT(ts), NULL) : DatumGetInt64(ts);
}

/* The gap that the current row asks for. */
static int64
read_gap(WindowObject window, Times times)
{
	bool		isnull;
	Datum		gap = WinGetFuncArgCurrent(window, 1, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("gap is null"),
				 errhint("Pass the time without a row that ends a session, such as 30 minutes.")));
	return kpi_funnel_length_of(gap, "gap", times == NUMBERS);
}

/* Find the sessions of the partition, once. */
static void
find_sessions(WindowObject window, Partition *partition, int64 gap, Times times)
{
	int64		rows = WinGetPartitionRowCount(window);
	int64		count = 0;
	int64	   *time;

	if (rows > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg(INT64_FORMAT " rows are too many for the sessions of one entity", rows),
				 errhint("Take the rows of each entity apart, with PARTITION BY.")));
	time = MemoryContextAllocHuge(GetMemoryChunkContext(partition), rows * sizeof(int64));
	for (int64 i = 0; i < rows; i++)
	{
		bool		isnull;
		bool		isout;
		Datum		ts = WinGetFuncArgInPartition(window, 0, (int) i, WINDOW_SEEK_HEAD, false, &isnull, &isout);

		CHECK_FOR_INTERRUPTS();
		if (isnull)
			continue;
		time[count] = read_time(ts, times);
		count += TIMESTAMP_NOT_FINITE(time[count]) ? 0 : 1;
	}
	sort_times(time, count);
	partition->start = time;
	for (int64 i = 0, before = 0; i < count; i++)
	{
		int64		now = time[i];

		/* in place, for there are no more sessions than rows up to here */
		if (i == 0 || kpi_elapsed(before, now) > gap)
			partition->start[partition->sessions++] = now;
		before = now;
	}
	partition->gap = gap;
	partition->ready = true;
}

/* How many sessions have begun by a time. */
static int64
count_begun(const Partition *partition, int64 time)
{
	int64		low = 0;
	int64		high = partition->sessions;

	while (low < high)
	{
		int64		middle = (low + high) / 2;

		if (partition->start[middle] <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The number of the session of the current row. */
static Datum
session_of(FunctionCallInfo fcinfo, Times times)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Partition  *partition = WinGetPartitionLocalMemory(window, sizeof(Partition));
	int64		gap = read_gap(window, times);
	int64		time;
	bool		isnull;
	Datum		ts;

	if (!partition->ready)
		find_sessions(window, partition, gap, times);
	if (partition->gap != gap)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("gap differs between the rows of one partition"),
				 errhint("Pass the same one for all rows of a partition.")));
	ts = WinGetFuncArgCurrent(window, 0, &isnull);
	if (isnull)
		PG_RETURN_NULL();
	time = read_time(ts, times);
	if (TIMESTAMP_NOT_FINITE(time))
		PG_RETURN_NULL();
	PG_RETURN_INT64(count_begun(partition, time));
}

/* session_number(ts, gap) OVER (...) over times */
PG_FUNCTION_INFO_V1(kpi_session_number);
Datum
kpi_session_number(PG_FUNCTION_ARGS)
{
	return session_of(fcinfo, TIMESTAMPS);
}

/* The same over dates. */
PG_FUNCTION_INFO_V1(kpi_session_number_date);
Datum
kpi_session_number_date(PG_FUNCTION_ARGS)
{
	return session_of(fcinfo, DATES);
}

/* The same over whole numbers. */
PG_FUNCTION_INFO_V1(kpi_session_number_number);
Datum
kpi_session_number_number(PG_FUNCTION_ARGS)
{
	return session_of(fcinfo, NUMBERS);
}
