/*-------------------------------------------------------------------------
 *
 * glyph.h
 *	  Texts of pictures: in UTF-8, measured without a font.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DRAW_GLYPH_H
#define KPI_DRAW_GLYPH_H

#include "kpi.h"

#include "lib/stringinfo.h"

#define KPI_ELLIPSIS "\xe2\x80\xa6"
#define KPI_MINUS "\xe2\x88\x92"
#define KPI_DASH "\xe2\x80\x93"
#define KPI_NARROW_SPACE "\xe2\x80\xaf"
#define KPI_FIXED_SPACE "\xc2\xa0"

extern char *kpi_utf8(const text *string);
extern char *kpi_utf8_string(const char *string);
extern uint32 kpi_next_character(const char **string);
extern bool kpi_is_wide(uint32 character);
extern bool kpi_runs_left(const char *string);
extern double kpi_text_size(const char *string, double size, bool bold);
extern char *kpi_cut_text(const char *string, double size, bool bold, double width);
extern int	kpi_break_text(const char *string, double size, bool bold, double width, char *line[2]);
extern void kpi_put_text(StringInfo out, const char *string);

#endif							/* KPI_DRAW_GLYPH_H */
