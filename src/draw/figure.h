/*-------------------------------------------------------------------------
 *
 * figure.h
 *	  Numbers as people read them, in the way of their language.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DRAW_FIGURE_H
#define KPI_DRAW_FIGURE_H

#include "kpi.h"

#include "utils/numeric.h"

/* What a number is of, and how it is shown. */
typedef struct KpiFigure
{
	const char *unit;			/* of measure, as it is read; empty for none */
	int			decimals;
	bool		is_signed;		/* a change: with its sign */
} KpiFigure;

extern bool kpi_reads_chinese(void);
extern char *kpi_figure(Numeric value, const KpiFigure *figure);
extern char *kpi_figure_float8(double value, const KpiFigure *figure);

#endif							/* KPI_DRAW_FIGURE_H */
