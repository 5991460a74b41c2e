/*-------------------------------------------------------------------------
 *
 * html.c
 *	  Texts and numbers as they stand in a page.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "catalog/pg_type.h"
#include "draw/canvas.h"
#include "draw/figure.h"
#include "draw/given.h"
#include "draw/glyph.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* A string in UTF-8 as markup. */
static text *
as_markup(const char *string)
{
	StringInfoData out;

	initStringInfo(&out);
	kpi_put_text(&out, string);
	return cstring_to_text_with_len(out.data, out.len);
}

/* html_text(string): a text that is no markup, whatever is in it. */
PG_FUNCTION_INFO_V1(kpi_html_text);
Datum
kpi_html_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(as_markup(kpi_given_text(fcinfo, 0)));
}

/* html_figure(value, unit, decimals, signed): a number in the way of the reader's language; a dash for NULL. */
PG_FUNCTION_INFO_V1(kpi_html_figure);
Datum
kpi_html_figure(PG_FUNCTION_ARGS)
{
	KpiFigure	figure = {kpi_given_text(fcinfo, 1), PG_ARGISNULL(2) ? 0 : PG_GETARG_INT32(2), PG_GETARG_BOOL(3)};

	if (PG_ARGISNULL(0))
		PG_RETURN_TEXT_P(as_markup(KPI_DASH));
	PG_RETURN_TEXT_P(as_markup(kpi_figure(PG_GETARG_NUMERIC(0), &figure)));
}

/* Adds the part of a name, which is markup already; false where it is NULL. */
static bool
put_part(StringInfo out, char **part, const bool *is_null, int count, const char *name, size_t length)
{
	for (int i = 0; i + 1 < count; i += 2)
	{
		if (is_null[i] || strlen(part[i]) != length || strncmp(part[i], name, length) != 0)
			continue;
		if (is_null[i + 1])
			return false;
		appendStringInfoString(out, part[i + 1]);
	}
	return true;
}

/* Adds a sentence whose {name} gives way to the part of that name, or to nothing; false where one is NULL. */
static bool
put_sentence(StringInfo out, const char *sentence, char **part, const bool *is_null, int count)
{
	while (*sentence != '\0')
	{
		const char *open = strchr(sentence, '{');
		const char *end = open ? strchr(open, '}') : NULL;

		if (end == NULL)
		{
			kpi_put_text(out, sentence);
			return true;
		}
		kpi_put_text(out, pnstrdup(sentence, open - sentence));
		if (!put_part(out, part, is_null, count, open + 1, end - open - 1))
			return false;
		sentence = end + 1;
	}
	return true;
}

/* html_say(code, parts): a sentence of the reader's language, filled with markup by names; NULL for a part that is NULL. */
PG_FUNCTION_INFO_V1(kpi_html_say);
Datum
kpi_html_say(PG_FUNCTION_ARGS)
{
	Datum	   *element;
	bool	   *is_null;
	int			count = 0;
	char	  **part;
	StringInfoData out;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &element, &is_null, &count);
	part = palloc(sizeof(char *) * Max(count, 1));
	for (int i = 0; i < count; i++)
		part[i] = is_null[i] ? NULL : TextDatumGetCString(element[i]);
	initStringInfo(&out);
	if (!put_sentence(&out, kpi_drawn_word("report", kpi_given_text(fcinfo, 0)), part, is_null, count))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/* html_mark(status, word, shown): the sign of a status and its word, or for those who do not see the sign. */
PG_FUNCTION_INFO_V1(kpi_html_mark);
Datum
kpi_html_mark(PG_FUNCTION_ARGS)
{
	static const char *const classes[] = {"red", "amber", "green", "mut"};
	static const char *const signs[] = {"mb", "m0", "m1", "mn"};
	int			status = PG_ARGISNULL(0) ? KPI_STATUS_NONE : kpi_status_of(PG_GETARG_INT32(0));
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "<span class=\"st %s\"><svg class=\"mk\" width=\"12\" height=\"12\" aria-hidden=\"true\"><use href=\"#%s\"/></svg>",
					 classes[status + 1], signs[status + 1]);
	appendStringInfoString(&out, PG_GETARG_BOOL(2) ? " " : "<span class=\"vh\">");
	kpi_put_text(&out, kpi_given_text(fcinfo, 1));
	appendStringInfoString(&out, PG_GETARG_BOOL(2) ? "</span>" : "</span></span>");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
