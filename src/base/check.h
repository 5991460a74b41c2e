/*-------------------------------------------------------------------------
 *
 * check.h
 *	  Argument checks: after these an SQL function is a few lines.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_CHECK_H
#define KPI_CHECK_H

#include "kpi.h"

#include "utils/numeric.h"

/* A parameter that takes one of a few words, in the order of its enum. */
typedef struct KpiWords
{
	const char *parameter;		/* as the reference calls it */
	int			count;
	const char *word[10];
} KpiWords;

/* Words that are constants of the query, read once for all its rows; else -1. */
#define KPI_WORD_ARGUMENTS 8

typedef struct KpiKnownWords
{
	int8		place[KPI_WORD_ARGUMENTS];
} KpiKnownWords;

extern const KpiWords kpi_direction_words;
extern const KpiWords kpi_zero_target_words;
extern const KpiWords kpi_missing_words;

extern int	kpi_check_word(const KpiWords *words, const text *given);
extern int	kpi_first_word_argument(FunctionCallInfo fcinfo, int argument, const KpiWords *words);
extern char *kpi_word_list(const KpiWords *words);
pg_noreturn extern void kpi_bad_weight(double weight);
extern void kpi_check_numeric_weight(Numeric weight);
extern double kpi_check_coverage(double coverage);

/* NaN and infinity are no values: they give NULL, by rule. */
static inline bool
kpi_is_number(double value)
{
	return value - value == 0;
}

/* A weight is a finite number, not negative; the scale is free. */
static inline double
kpi_check_weight(double weight)
{
	if (unlikely(!kpi_is_number(weight) || weight < 0))
		kpi_bad_weight(weight);
	return weight;
}

static inline bool
kpi_is_numeric_number(Numeric value)
{
	return !numeric_is_nan(value) && !numeric_is_inf(value);
}

/*
 * kpi_check_word of an argument.  Takes fn_extra of the function for its own.
 */
static inline int
kpi_word_argument(FunctionCallInfo fcinfo, int argument, const KpiWords *words)
{
	const KpiKnownWords *known = fcinfo->flinfo->fn_extra;

	if (likely(known != NULL && known->place[argument] >= 0))
		return known->place[argument];
	return kpi_first_word_argument(fcinfo, argument, words);
}

#endif							/* KPI_CHECK_H */
