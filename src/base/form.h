/*-------------------------------------------------------------------------
 *
 * form.h
 *	  Exact text forms of stored values: writing and checked reading.
 *
 * A form is words separated by single spaces.  Doubles are written with the
 * fewest digits that read back to the same bits, whatever extra_float_digits
 * says, and numbers are checked when read.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_FORM_H
#define KPI_FORM_H

#include "kpi.h"

#include "lib/stringinfo.h"
#include "utils/numeric.h"

/* Reading position in a text form, and the type for error messages. */
typedef struct KpiForm
{
	const char *type;
	const char *whole;
	const char *next;
	bool		binary;			/* the form came as a binary one */
} KpiForm;

extern void kpi_append_double(StringInfo out, double value);
extern void kpi_append_numeric(StringInfo out, Numeric value);

extern void kpi_form_start(KpiForm *form, const char *type, const char *input);
extern char *kpi_form_word(KpiForm *form);
extern bool kpi_form_skip(KpiForm *form, const char *word);
extern double kpi_form_double(KpiForm *form);
extern int64 kpi_form_int64(KpiForm *form, int64 low, int64 high);
extern Numeric kpi_form_numeric(KpiForm *form);
extern void kpi_form_end(KpiForm *form);
pg_noreturn extern void kpi_form_fail(KpiForm *form);
extern void kpi_check_version(const char *type, int version);
pg_noreturn extern void kpi_bad_binary(const char *type);

#endif							/* KPI_FORM_H */
