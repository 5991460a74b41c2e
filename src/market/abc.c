/*-------------------------------------------------------------------------
 *
 * abc.c
 *	  Shares of a whole partition, and classes by cumulated shares.
 *
 *	share_of_total(value) OVER (...)	value / sum(value)
 *	abc_class(value, cuts) OVER (...)	A for the largest values that together
 *										make the first cut of the sum, B up to
 *										the second, and so on
 *
 * A value belongs to the class in which the cumulated share before it lies, the
 * largest first: so it is the first one to reach a cut, not the first one
 * beyond it, that ends a class, and A is never empty.  Equal values share a
 * class.  Only what is above 0 makes the sum; the rest is in the last class.  A
 * row with a weight is so many members of its value; without one it is none.
 *
 * The first row of a partition reads all its rows, whatever the frame, and
 * keeps what the others look up.
 *
 * NULL rule: NULL for a NULL value, and for all of a partition whose sum is 0.
 * share_of_total is NULL for all where a value is NaN or infinite; abc_class
 * only for that one.
 *
 * Numeric method: classes are found in exact decimals, for which a double is
 * its shortest one; a share has one division, of compensated sums for float8.
 *
 * V. Pareto, Cours d'economie politique, 1896; H. F. Dickie, ABC Inventory
 * Analysis Shoots for Dollars, not Pennies, Factory Management and Maintenance
 * (1951).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/check.h"
#include "base/exact.h"
#include "base/list.h"
#include "base/scalar.h"
#include "base/twosum.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "windowapi.h"

static const char *const cuts_name = "cuts";

/* Arguments of abc_class. */
enum
{
	ARG_CUTS = 1, ARG_WEIGHT
};

/* Classes are letters. */
#define MAX_CUTS 25
#define NO_CLASS 0

/* What share_of_total keeps for a partition. */
typedef struct Total
{
	bool		ready;
	bool		defined;
	KpiSum		real;
	Numeric		exact;
} Total;

/* An argument of a row of the partition; false for NULL. */
static bool
fetch_argument(WindowObject window, int n, int64 row, Datum *value)
{
	bool		is_null;
	bool		outside;

	*value = WinGetFuncArgInPartition(window, n, (int) row, WINDOW_SEEK_HEAD, false,
									  &is_null, &outside);
	return !is_null;
}

/* The value of a row of the partition; false for NULL. */
static bool
fetch_value(WindowObject window, int64 row, Datum *value)
{
	return fetch_argument(window, 0, row, value);
}

/* Sum the doubles of a partition. */
static void
sum_float8(WindowObject window, Total *total)
{
	int64		rows = WinGetPartitionRowCount(window);
	Datum		value;

	for (int64 i = 0; i < rows; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (fetch_value(window, i, &value))
			kpi_sum_add(&total->real, DatumGetFloat8(value));
	}
	total->defined = kpi_is_number(total->real.hi) && kpi_sum_value(total->real) != 0;
}

/* Sum the numerics of a partition. */
static void
sum_numeric(WindowObject window, Total *total)
{
	MemoryContext kept = GetMemoryChunkContext(total);
	int64		rows = WinGetPartitionRowCount(window);
	Numeric		sum = int64_to_numeric(0);
	Datum		value;

	for (int64 i = 0; i < rows; i++)
	{
		Numeric		before = sum;

		CHECK_FOR_INTERRUPTS();
		if (!fetch_value(window, i, &value))
			continue;
		sum = kpi_numeric_add(sum, DatumGetNumeric(value));
		pfree(before);
	}
	total->defined = kpi_is_numeric_number(sum) && kpi_numeric_sign(sum) != 0;
	total->exact = MemoryContextAlloc(kept, VARSIZE(sum));
	memcpy(total->exact, sum, VARSIZE(sum));
}

/* share_of_total(value) OVER (...): float8. */
PG_FUNCTION_INFO_V1(kpi_share_of_total_float8);
Datum
kpi_share_of_total_float8(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Total	   *total = WinGetPartitionLocalMemory(window, sizeof(Total));
	bool		is_null;
	KpiSum		value = {0, 0};

	if (!total->ready)
		sum_float8(window, total);
	total->ready = true;
	value.hi = DatumGetFloat8(WinGetFuncArgCurrent(window, 0, &is_null));
	if (is_null || !total->defined)
		PG_RETURN_NULL();
	return kpi_float8_or_null(fcinfo, kpi_sum_quotient(value, total->real));
}

/* The same, exact. */
PG_FUNCTION_INFO_V1(kpi_share_of_total_numeric);
Datum
kpi_share_of_total_numeric(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Total	   *total = WinGetPartitionLocalMemory(window, sizeof(Total));
	bool		is_null;
	Datum		value;

	if (!total->ready)
		sum_numeric(window, total);
	total->ready = true;
	value = WinGetFuncArgCurrent(window, 0, &is_null);
	if (is_null || !total->defined)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(kpi_numeric_div(DatumGetNumeric(value), total->exact));
}

/* A value to be classed; most comparisons need only its double. */
typedef struct Member
{
	double		rounded;
	Numeric		value;
	Numeric		total;			/* of all members that the row is */
	int64		row;
} Member;

/* The largest first. */
static inline int
compare_members(const Member *a, const Member *b)
{
	if (a->rounded != b->rounded)
		return a->rounded > b->rounded ? -1 : 1;
	return kpi_numeric_cmp(b->value, a->value);
}

#define ST_SORT sort_members
#define ST_ELEMENT_TYPE Member
#define ST_COMPARE(a, b) compare_members(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* What abc_class keeps for a partition: a letter a row. */
typedef struct Classes
{
	bool		ready;
	ArrayType  *cuts;			/* of the first row; NULL for NULL */
	char		letter[FLEXIBLE_ARRAY_MEMBER];	/* NO_CLASS for NULL */
} Classes;

/* The error of read_cuts. */
pg_noreturn static void
bad_cut(int i, Numeric cut)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cut %d, %s, does not lie between the one before it and 1", i + 1, kpi_numeric_text(cut)),
			 errhint("Give rising shares between 0 and 1, such as 0.8 and 0.95 for classes A, B and C.")));
}

/* The cuts as parts of the sum. */
static Numeric *
read_cuts(ArrayType *array, Numeric sum, int *count)
{
	KpiList		list = kpi_number_list(array, cuts_name);
	Numeric    *cut = palloc(list.count * sizeof(Numeric));
	Numeric		before = int64_to_numeric(0);

	if (list.count > MAX_CUTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d cuts make more classes than there are letters", list.count),
				 errhint("Give at most %d cuts.", MAX_CUTS)));
	for (int i = 0; i < list.count; i++)
	{
		Numeric		share = kpi_list_numeric(&list, i, cuts_name);

		if (kpi_numeric_cmp(share, before) <= 0 || kpi_numeric_cmp(share, int64_to_numeric(1)) >= 0)
			bad_cut(i, share);
		cut[i] = kpi_numeric_mul(share, sum);
		before = share;
	}
	*count = list.count;
	return cut;
}

/* A number of a row, exact. */
static Numeric
exact_number(Datum number, bool is_float8)
{
	return is_float8 ? kpi_float8_numeric(DatumGetFloat8(number)) : DatumGetNumericCopy(number);
}

/* What the members of a row make together; NULL where it has no weight though it should. */
static Numeric
weigh_member(WindowObject window, int64 row, bool is_float8, bool weighted, Numeric value)
{
	Datum		weight;
	Numeric		number;

	if (!weighted)
		return value;
	if (!fetch_argument(window, ARG_WEIGHT, row, &weight))
		return NULL;
	number = exact_number(weight, is_float8);
	kpi_check_numeric_weight(number);
	return kpi_numeric_mul(value, number);
}

/* The values of a partition that are numbers, and the sum of those above 0. */
static int64
collect_members(WindowObject window, bool is_float8, bool weighted, Member *member, Numeric *sum)
{
	int64		rows = WinGetPartitionRowCount(window);
	int64		count = 0;
	Datum		value;

	*sum = int64_to_numeric(0);
	for (int64 i = 0; i < rows; i++)
	{
		Numeric		number;

		CHECK_FOR_INTERRUPTS();
		if (!fetch_value(window, i, &value))
			continue;
		number = exact_number(value, is_float8);
		if (!kpi_is_numeric_number(number))
			continue;
		member[count].total = weigh_member(window, i, is_float8, weighted, number);
		if (member[count].total == NULL)
			continue;
		member[count].rounded = kpi_numeric_nearest_double(number);
		member[count].value = number;
		member[count].row = i;
		if (kpi_numeric_sign(number) > 0)
		{
			Numeric		before = *sum;

			*sum = kpi_numeric_add(before, member[count].total);
			pfree(before);
		}
		count++;
	}
	return count;
}

/* Give each of the sorted members its letter. */
static void
give_letters(Classes *classes, const Member *member, int64 count, const Numeric *cut, int cuts)
{
	Numeric		before = int64_to_numeric(0);	/* sum of the larger ones */
	Numeric		with = before;	/* and of those already met that are equal */
	int			place = 0;

	for (int64 i = 0; i < count; i++)
	{
		Numeric		old = with;

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && compare_members(&member[i - 1], &member[i]) != 0)
			before = with;
		while (place < cuts && kpi_numeric_cmp(before, cut[place]) >= 0)
			place++;
		if (kpi_numeric_sign(member[i].value) <= 0)
			place = cuts;
		classes->letter[member[i].row] = (char) ('A' + place);
		with = kpi_numeric_add(old, member[i].total);
		if (old != before)
			pfree(old);
	}
}

/* Class the rows of a partition, once. */
static void
class_rows(WindowObject window, Classes *classes, bool is_float8, bool weighted)
{
	int64		rows = WinGetPartitionRowCount(window);
	MemoryContext working = AllocSetContextCreate(CurrentMemoryContext, "kpi abc_class",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(working);
	Member	   *member = MemoryContextAllocHuge(working, rows * sizeof(Member));
	Numeric		sum;
	int64		count = collect_members(window, is_float8, weighted, member, &sum);
	int			cuts;
	Numeric    *cut = read_cuts(classes->cuts, sum, &cuts);

	if (kpi_numeric_sign(sum) > 0)
	{
		sort_members(member, count);
		give_letters(classes, member, count, cut, cuts);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(working);
}

/* The cuts of the current row must be those of the first one. */
static void
check_same_cuts(const Classes *classes, Datum cuts, bool is_null)
{
	ArrayType  *array = is_null ? NULL : DatumGetArrayTypeP(cuts);

	if ((array == NULL) != (classes->cuts == NULL) ||
		(array != NULL && (VARSIZE(array) != VARSIZE(classes->cuts) ||
						   memcmp(array, classes->cuts, VARSIZE(array)) != 0)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cuts differ between the rows of one partition"),
				 errhint("Pass the same cuts for all rows that are classed together.")));
}

/* The class of the current row. */
static Datum
row_class(FunctionCallInfo fcinfo, bool is_float8)
{
	WindowObject window = PG_WINDOW_OBJECT();
	int64		rows = WinGetPartitionRowCount(window);
	Size		size = offsetof(Classes, letter) + rows;
	Classes    *classes;
	bool		is_null;
	Datum		cuts = WinGetFuncArgCurrent(window, ARG_CUTS, &is_null);
	char		letter;

	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("partition of " INT64_FORMAT " rows is too large to be classed", rows),
				 errhint("Sum the rows of each member first, or class parts with PARTITION BY.")));
	classes = WinGetPartitionLocalMemory(window, size);
	if (!classes->ready && !is_null)
	{
		ArrayType  *array = DatumGetArrayTypeP(cuts);

		classes->cuts = MemoryContextAlloc(GetMemoryChunkContext(classes), VARSIZE(array));
		memcpy(classes->cuts, array, VARSIZE(array));
		class_rows(window, classes, is_float8, PG_NARGS() > ARG_WEIGHT);
	}
	classes->ready = true;
	check_same_cuts(classes, cuts, is_null);
	letter = classes->letter[WinGetCurrentPosition(window)];
	if (letter == NO_CLASS)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(&letter, 1));
}

/* abc_class(value, cuts, weight) OVER (...): numeric. */
PG_FUNCTION_INFO_V1(kpi_abc_class_numeric);
Datum
kpi_abc_class_numeric(PG_FUNCTION_ARGS)
{
	return row_class(fcinfo, false);
}

/* The same for float8. */
PG_FUNCTION_INFO_V1(kpi_abc_class_float8);
Datum
kpi_abc_class_float8(PG_FUNCTION_ARGS)
{
	return row_class(fcinfo, true);
}
