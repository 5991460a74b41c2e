/*-------------------------------------------------------------------------
 *
 * answer.h
 *	  Rows of answers, column by column.
 *
 * A function that answers with a row fills one and returns kpi_answer_row(); one
 * that answers with rows calls InitMaterializedSRF() and kpi_answer_put() for
 * each.  The columns are added in the order of the declared type.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ANSWER_H
#define KPI_ANSWER_H

#include "kpi.h"

#include "base/check.h"
#include "utils/builtins.h"

#define KPI_ANSWER_COLUMNS 24

/* Begin with zeros. */
typedef struct KpiAnswer
{
	int			count;
	Datum		value[KPI_ANSWER_COLUMNS];
	bool		isnull[KPI_ANSWER_COLUMNS];
} KpiAnswer;

extern Datum kpi_answer_row(FunctionCallInfo fcinfo, const KpiAnswer *answer);
extern Datum kpi_number_array(const double *number, int count);
extern void kpi_answer_put(FunctionCallInfo fcinfo, const KpiAnswer *answer);

/* A column of any type. */
static inline void
kpi_answer_add(KpiAnswer *answer, Datum value, bool isnull)
{
	Assert(answer->count < KPI_ANSWER_COLUMNS);
	answer->value[answer->count] = value;
	answer->isnull[answer->count] = isnull;
	answer->count++;
}

/* A float8; NULL where it is no finite number.  Zero has no sign. */
static inline void
kpi_answer_number(KpiAnswer *answer, double number)
{
	kpi_answer_add(answer, Float8GetDatum(number + 0.0), !kpi_is_number(number));
}

/* An integer. */
static inline void
kpi_answer_integer(KpiAnswer *answer, int32 number)
{
	kpi_answer_add(answer, Int32GetDatum(number), false);
}

/* A text; NULL for NULL. */
static inline void
kpi_answer_text(KpiAnswer *answer, const char *words)
{
	kpi_answer_add(answer, words ? CStringGetTextDatum(words) : (Datum) 0, words == NULL);
}

/* An array of float8. */
static inline void
kpi_answer_numbers(KpiAnswer *answer, const double *number, int count)
{
	kpi_answer_add(answer, kpi_number_array(number, count), false);
}

#endif							/* KPI_ANSWER_H */
