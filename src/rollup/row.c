/*-------------------------------------------------------------------------
 *
 * row.c
 *	  A row of a scorecard: read from arguments, checked, packed, unpacked.
 *
 * The arguments, in their order: node, parent, weight, score, method, missing,
 * min_coverage, role, role_limit, carried.
 *
 * NULL rule: a NULL node is an error, every other argument may be NULL.  A
 * score or carried score that is NaN or infinite is a missing one.
 *
 *-------------------------------------------------------------------------
 */
#include "rollup/row.h"

#include <math.h>

#include "base/exact.h"
#include "utils/builtins.h"

/* Grades that one veto may take. */
#define MAX_GRADES 1000

/* A weight is a finite number of at least 0. */
static void
check_weight(bool exact, KpiAmount weight)
{
	if (exact)
		kpi_check_numeric_weight(weight.exact);
	else
		kpi_check_weight(weight.real);
}

/* An amount as float8. */
static double
to_double(bool exact, KpiAmount amount)
{
	return exact ? kpi_numeric_to_double(amount.exact) : amount.real;
}

/* An amount as text, for messages. */
static char *
amount_text(bool exact, KpiAmount amount)
{
	if (exact)
		return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(amount.exact)));
	return psprintf("%g", amount.real);
}

/* What a role takes as its limit; what it says where the limit is wrong. */
static const char *
limit_hint(int role)
{
	switch (role)
	{
		case KPI_ROLE_BONUS:
		case KPI_ROLE_DEDUCTION:
			return "Give the most points that count, at least 0, or NULL for no limit.";
		case KPI_ROLE_VETO_CAP:
			return "Give the score that the veto leaves at most.";
		case KPI_ROLE_VETO_GRADE:
			return "Give the number of grades, a whole number from 1 to 1000, or NULL for 1.";
		default:
			return "Only bonus, deduction, veto_cap and veto_grade have a limit; leave it NULL.";
	}
}

/* Whether a role can have that limit. */
static bool
is_limit(int role, double limit)
{
	switch (role)
	{
		case KPI_ROLE_BONUS:
		case KPI_ROLE_DEDUCTION:
			return limit >= 0;
		case KPI_ROLE_VETO_CAP:
			return true;
		case KPI_ROLE_VETO_GRADE:
			return limit >= 1 && limit <= MAX_GRADES && limit == floor(limit);
		default:
			return false;
	}
}

/* A limit has a role to go with, and a cap has a limit. */
static void
check_limit(bool exact, const KpiRollupRow *row)
{
	const char *role = row->role < 0 ? "part" : kpi_role_words.word[row->role];

	if ((row->has & KPI_HAS_ROLE_LIMIT) == 0)
	{
		if (row->role == KPI_ROLE_VETO_CAP)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("role_limit of a veto_cap is null"),
					 errhint("%s", limit_hint(row->role))));
	}
	else if (!kpi_amount_is_finite(exact, row->role_limit) ||
			 !is_limit(row->role, to_double(exact, row->role_limit)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("role_limit %s is not valid for role \"%s\"",
						amount_text(exact, row->role_limit), role),
				 errhint("%s", limit_hint(row->role))));
}

/* Refuse parameters of a row that make no sense. */
void
kpi_rollup_check(bool exact, const KpiRollupRow *row)
{
	if (row->has & KPI_HAS_WEIGHT)
		check_weight(exact, row->weight);
	if (row->has & KPI_HAS_MIN_COVERAGE)
		kpi_check_coverage(to_double(exact, row->min_coverage));
	if (row->has & KPI_HAS_ROLE_LIMIT || row->role == KPI_ROLE_VETO_CAP)
		check_limit(exact, row);
}

/* An argument that is not NULL as an amount. */
static inline KpiAmount
to_amount(Datum datum, bool exact)
{
	KpiAmount	amount;

	if (exact)
		amount.exact = DatumGetNumeric(datum);
	else
		amount.real = DatumGetFloat8(datum);
	return amount;
}

/* The amount of an argument, where there is one. */
static inline void
read_amount(const NullableDatum *argument, bool exact, uint8 bit, KpiAmount *amount, uint8 *has)
{
	if (argument->isnull)
		return;
	*amount = to_amount(argument->value, exact);
	*has |= bit;
}

/* The place of a word, or KPI_ROLLUP_DEFAULT for NULL. */
static int8
read_word(const NullableDatum *argument, const KpiWords *words)
{
	if (argument->isnull)
		return KPI_ROLLUP_DEFAULT;
	return (int8) kpi_check_word(words, DatumGetTextPP(argument->value));
}

/* The arguments from method on, as many as there are. */
static void
read_options(const NullableDatum *argument, int count, bool exact, KpiRollupRow *row)
{
	if (count > 4)
		row->method = read_word(&argument[4], &kpi_rollup_method_words);
	if (count > 5)
		row->missing = read_word(&argument[5], &kpi_rollup_missing_words);
	if (count > 6)
		read_amount(&argument[6], exact, KPI_HAS_MIN_COVERAGE, &row->min_coverage, &row->has);
	if (count > 7)
		row->role = read_word(&argument[7], &kpi_role_words);
	if (count > 8)
		read_amount(&argument[8], exact, KPI_HAS_ROLE_LIMIT, &row->role_limit, &row->has);
	if (count > 9 && !argument[9].isnull)
	{
		row->carried = to_amount(argument[9].value, exact);
		if (kpi_amount_is_finite(exact, row->carried))
			row->has |= KPI_HAS_CARRIED;
	}
}

/* Read a row from the first count arguments and check it. */
void
kpi_rollup_read(const NullableDatum *argument, int count, bool exact, KpiRollupRow *row)
{
	row->has = 0;
	row->method = row->missing = row->role = KPI_ROLLUP_DEFAULT;
	if (argument[0].isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("node of a scorecard is null"),
				 errhint("Every row names its node; a root has NULL as its parent.")));
	row->node = DatumGetTextPP(argument[0].value);
	if (!argument[1].isnull)
	{
		row->has |= KPI_HAS_PARENT;
		row->parent = DatumGetTextPP(argument[1].value);
	}
	read_amount(&argument[2], exact, KPI_HAS_WEIGHT, &row->weight, &row->has);
	if (!argument[3].isnull)
	{
		row->score = to_amount(argument[3].value, exact);
		row->has |= kpi_amount_is_finite(exact, row->score) ? KPI_HAS_SCORE :
			KPI_HAS_INVALID_SCORE;
	}
	if (count > 4)
		read_options(argument, count, exact, row);
	kpi_rollup_check(exact, row);
}

/* Bytes of an amount in a packed row. */
static inline Size
amount_size(bool exact, KpiAmount amount)
{
	return exact ? INTALIGN(VARSIZE_ANY(amount.exact)) : sizeof(double);
}

/* Write an amount to a packed row; where the next one goes. */
static inline char *
put_amount(char *at, bool exact, KpiAmount amount)
{
	if (exact)
		memcpy(at, amount.exact, VARSIZE_ANY(amount.exact));
	else
		memcpy(at, &amount.real, sizeof(double));
	return at + amount_size(exact, amount);
}

/* Read an amount of a packed row; where the next one stands. */
static inline const char *
get_amount(const char *at, bool exact, KpiAmount *amount)
{
	if (exact)
		amount->exact = (Numeric) at;
	else
		memcpy(&amount->real, at, sizeof(double));
	return at + amount_size(exact, *amount);
}

/* Bytes of a name in a packed row, with the shortest header. */
static inline Size
name_size(const text *name)
{
	Size		length = VARSIZE_ANY_EXHDR(name);

	return INTALIGN(length + (length + VARHDRSZ_SHORT <= VARATT_SHORT_MAX ? VARHDRSZ_SHORT : VARHDRSZ));
}

/* Write a name to a packed row; where the next one goes. */
static inline char *
put_name(char *at, const text *name)
{
	Size		length = VARSIZE_ANY_EXHDR(name);

	if (length + VARHDRSZ_SHORT <= VARATT_SHORT_MAX)
		SET_VARSIZE_SHORT(at, length + VARHDRSZ_SHORT);
	else
		SET_VARSIZE(at, length + VARHDRSZ);
	memcpy(VARDATA_ANY(at), VARDATA_ANY(name), length);
	return at + name_size(name);
}

/* Bytes of a packed row. */
Size
kpi_rollup_size(bool exact, const KpiRollupRow *row)
{
	Size		size = sizeof(KpiRollupEntry) + name_size(row->node);

	if (row->has & KPI_HAS_WEIGHT)
		size += amount_size(exact, row->weight);
	if (row->has & KPI_HAS_SCORE)
		size += amount_size(exact, row->score);
	if (row->has & KPI_HAS_MIN_COVERAGE)
		size += amount_size(exact, row->min_coverage);
	if (row->has & KPI_HAS_ROLE_LIMIT)
		size += amount_size(exact, row->role_limit);
	if (row->has & KPI_HAS_CARRIED)
		size += amount_size(exact, row->carried);
	if (row->has & KPI_HAS_PARENT)
		size += name_size(row->parent);
	return TYPEALIGN(8, size);
}

/* Write a row where the caller made room of its size. */
void
kpi_rollup_pack(KpiRollupEntry *entry, bool exact, const KpiRollupRow *row)
{
	Size		size = kpi_rollup_size(exact, row);
	char	   *at = (char *) entry + sizeof(KpiRollupEntry);

	memset(entry, 0, size);
	entry->size = size;
	entry->has = row->has;
	entry->method = row->method;
	entry->missing = row->missing;
	entry->role = row->role;
	if (row->has & KPI_HAS_WEIGHT)
		at = put_amount(at, exact, row->weight);
	if (row->has & KPI_HAS_SCORE)
		at = put_amount(at, exact, row->score);
	if (row->has & KPI_HAS_MIN_COVERAGE)
		at = put_amount(at, exact, row->min_coverage);
	if (row->has & KPI_HAS_ROLE_LIMIT)
		at = put_amount(at, exact, row->role_limit);
	if (row->has & KPI_HAS_CARRIED)
		at = put_amount(at, exact, row->carried);
	at = put_name(at, row->node);
	if (row->has & KPI_HAS_PARENT)
		put_name(at, row->parent);
}

/* Read a packed row; names and numerics are not copied. */
void
kpi_rollup_unpack(bool exact, const KpiRollupEntry *entry, KpiRollupRow *row)
{
	const char *at = (const char *) entry + sizeof(KpiRollupEntry);

	row->has = entry->has;
	row->method = entry->method;
	row->missing = entry->missing;
	row->role = entry->role;
	if (entry->has & KPI_HAS_WEIGHT)
		at = get_amount(at, exact, &row->weight);
	if (entry->has & KPI_HAS_SCORE)
		at = get_amount(at, exact, &row->score);
	if (entry->has & KPI_HAS_MIN_COVERAGE)
		at = get_amount(at, exact, &row->min_coverage);
	if (entry->has & KPI_HAS_ROLE_LIMIT)
		at = get_amount(at, exact, &row->role_limit);
	if (entry->has & KPI_HAS_CARRIED)
		at = get_amount(at, exact, &row->carried);
	row->node = (const text *) at;
	row->parent = NULL;
	if (entry->has & KPI_HAS_PARENT)
		row->parent = (const text *) (at + name_size(row->node));
}
