/*-------------------------------------------------------------------------
 *
 * given.h
 *	  Arguments of pictures: rows as arrays of one length, and words.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DRAW_GIVEN_H
#define KPI_DRAW_GIVEN_H

#include "kpi.h"

#include "draw/figure.h"

extern double kpi_given_number(FunctionCallInfo fcinfo, int argument);
extern double *kpi_given_numbers(FunctionCallInfo fcinfo, int argument, int *count);

/* Texts, one for each row. */
typedef char **KpiTexts;

extern KpiTexts kpi_given_texts(FunctionCallInfo fcinfo, int argument, int *count);
extern char *kpi_given_text(FunctionCallInfo fcinfo, int argument);
extern double kpi_given_size(FunctionCallInfo fcinfo, int argument, const char *name, int low, int high);
extern void kpi_require_same_count(int count, const char *name, int other_count, const char *other_name);
extern int	kpi_status_of(double given);
extern char *kpi_drawn_word(const char *topic, const char *code);
extern KpiFigure kpi_given_figure(FunctionCallInfo fcinfo, int unit, int decimals);
extern int *kpi_number_keys(char **key, int count, int *distinct);

#endif							/* KPI_DRAW_GIVEN_H */
