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
	const char *word[8];
} KpiWords;

extern const KpiWords kpi_direction_words;
extern const KpiWords kpi_zero_target_words;
extern const KpiWords kpi_missing_words;

extern int	kpi_check_word(const KpiWords *words, const text *given);
extern char *kpi_word_list(const KpiWords *words);
extern double kpi_check_weight(double weight);
extern void kpi_check_numeric_weight(Numeric weight);
extern double kpi_check_coverage(double coverage);

/* NaN and infinity are no values: they give NULL, by rule. */
static inline bool
kpi_is_number(double value)
{
	return value - value == 0;
}

static inline bool
kpi_is_numeric_number(Numeric value)
{
	return !numeric_is_nan(value) && !numeric_is_inf(value);
}

#endif							/* KPI_CHECK_H */
