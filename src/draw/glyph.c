/*-------------------------------------------------------------------------
 *
 * glyph.c
 *	  Texts of pictures: in UTF-8, measured without a font.
 *
 * The width of a text is estimated from above: the sum of its characters in
 * parts of the size of the letters, as the widest of the usual fonts has them.
 * So what is cut and placed by it collides in none of them.
 *
 *-------------------------------------------------------------------------
 */
#include "draw/glyph.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

/* What the common fonts add to the estimate, plain and bold. */
#define PLAIN_MARGIN 1.1
#define BOLD_MARGIN 1.25

/* What sums of widths may differ by. */
#define ROUNDING 0.01

/* Stands for bytes that are no character. */
#define NO_CHARACTER 0xFFFD

/* A string of the server in UTF-8; in a database without an encoding it stays as it is. */
char *
kpi_utf8_string(const char *string)
{
	if (GetDatabaseEncoding() == PG_SQL_ASCII)
		return pstrdup(string);
	return pg_server_to_any(string, (int) strlen(string), PG_UTF8);
}

/* The same of a text. */
char *
kpi_utf8(const text *string)
{
	return kpi_utf8_string(text_to_cstring(string));
}

/* Steps over a character and gives its code point; bytes that are none count one by one. */
uint32
kpi_next_character(const char **string)
{
	const unsigned char *s = (const unsigned char *) *string;
	int			length = pg_utf_mblen(s);

	if (*s == '\0')
		return 0;
	if (strnlen((const char *) s, length) < (size_t) length || !pg_utf8_islegal(s, length))
	{
		*string += 1;
		return NO_CHARACTER;
	}
	*string += length;
	return utf8_to_unicode(s);
}

/* Is it written as wide as it is high, as Chinese is? */
bool
kpi_is_wide(uint32 character)
{
	return (character >= 0x2E80 && (character < 0xFB1D || character > 0xFE0F) && (character < 0xFE70 || character > 0xFEFF)) ||
		(character >= 0x1100 && character <= 0x115F);
}

/* Has a text letters that are written from right to left, as those of Arabic and Hebrew? */
bool
kpi_runs_left(const char *string)
{
	while (*string != '\0')
	{
		uint32		character = kpi_next_character(&string);

		if ((character >= 0x0590 && character <= 0x08FF) || (character >= 0xFB1D && character <= 0xFEFC) ||
			(character >= 0x202A && character <= 0x202E))
			return true;
	}
	return false;
}

/* Is it drawn over its neighbour, or not at all? */
static bool
is_invisible(uint32 character)
{
	return (character >= 0x0300 && character <= 0x036F) || (character >= 0x200B && character <= 0x200F) ||
		(character >= 0xFE00 && character <= 0xFE0F) || character < ' ';
}

/* The width of a character as part of the size of letters. */
static double
width_of(uint32 character)
{
	if (is_invisible(character))
		return 0;
	if (kpi_is_wide(character))
		return 1;
	if (character > 127)
		return character == 0x202F ? 0.3 : character == 0x2026 ? 0.9 : 0.62;
	if (strchr("ijl.,:;'|!", (int) character))
		return 0.28;
	if (strchr("ft()[]r-/ ", (int) character))
		return 0.34;
	if (strchr("mwMW%", (int) character))
		return 0.88;
	if (character >= 'A' && character <= 'Z')
		return 0.68;
	return character >= '0' && character <= '9' ? 0.58 : 0.56;
}

/* How much wider a text may be than the sum of its characters. */
static double
margin_of(double size, bool bold)
{
	return size * (bold ? BOLD_MARGIN : PLAIN_MARGIN);
}

/* How wide a text is at most, in the units of its size. */
double
kpi_text_size(const char *string, double size, bool bold)
{
	double		width = 0;

	while (*string != '\0')
		width += width_of(kpi_next_character(&string));
	return width * margin_of(size, bold);
}

/* The bytes of the longest beginning of a text that fits. */
static size_t
fitting_bytes(const char *string, double size, bool bold, double width)
{
	const char *s = string;
	const char *end = string;
	double		used = 0;
	double		room = width / margin_of(size, bold);

	while (*s != '\0')
	{
		used += width_of(kpi_next_character(&s));
		if (used > room)
			break;
		end = s;
	}
	return end - string;
}

/* A text that fits: itself, or its beginning with an ellipsis. */
char *
kpi_cut_text(const char *string, double size, bool bold, double width)
{
	size_t		bytes;

	if (kpi_text_size(string, size, bold) <= width + ROUNDING)
		return pstrdup(string);
	bytes = fitting_bytes(string, size, bold, width - kpi_text_size(KPI_ELLIPSIS, size, bold));
	while (bytes > 0 && string[bytes - 1] == ' ')
		bytes--;
	return psprintf("%s" KPI_ELLIPSIS, pnstrdup(string, bytes));
}

/* Where a first line of so many bytes ends: at a space, or behind a wide character. */
static size_t
line_end(const char *string, size_t bytes)
{
	const char *s = string;
	size_t		end = 0;

	while (s < string + bytes && *s != '\0')
	{
		uint32		character = kpi_next_character(&s);

		if (*s == ' ' || character == ' ' || kpi_is_wide(character))
			end = s - string;
	}
	return end > 0 ? end : bytes;
}

/* A text in one or two lines, of which the first has a width; the number of lines. */
int
kpi_break_text(const char *string, double size, bool bold, double width, char *line[2])
{
	size_t		bytes;

	if (kpi_text_size(string, size, bold) <= width + ROUNDING)
	{
		line[0] = pstrdup(string);
		return 1;
	}
	bytes = line_end(string, fitting_bytes(string, size, bold, width));
	line[0] = pnstrdup(string, bytes);
	while (string[bytes] == ' ')
		bytes++;
	line[1] = pstrdup(string + bytes);
	return 2;
}

/* Can whoever reads it read characters beyond ASCII as they are? */
static bool
writes_utf8(void)
{
	int			client = pg_get_client_encoding();

	return GetDatabaseEncoding() == PG_UTF8 && (client == PG_UTF8 || client == PG_SQL_ASCII);
}

/* What stands for a character that would be markup, or NULL. */
static const char *
entity_of(uint32 character)
{
	switch (character)
	{
		case '&':
			return "&amp;";
		case '<':
			return "&lt;";
		case '>':
			return "&gt;";
		case '"':
			return "&quot;";
		case '\'':
			return "&#39;";
		default:
			return NULL;
	}
}

/* Is it a character that XML does not have? */
static bool
is_forbidden(uint32 character)
{
	return (character < ' ' && character != '\n' && character != '\t') || (character >= 0x7F && character <= 0x9F) ||
		(character & 0xFFFE) == 0xFFFE;
}

/* Adds a text so that it is neither markup nor dependent on an encoding; control characters are dropped. */
void
kpi_put_text(StringInfo out, const char *string)
{
	bool		raw = writes_utf8();

	while (*string != '\0')
	{
		const char *start = string;
		uint32		character = kpi_next_character(&string);
		const char *entity = entity_of(character);

		if (entity)
			appendStringInfoString(out, entity);
		else if (is_forbidden(character))
			continue;
		else if (character < 0x80 || (raw && character != NO_CHARACTER))
			appendBinaryStringInfo(out, start, (int) (string - start));
		else
			appendStringInfo(out, "&#%u;", character);
	}
}
