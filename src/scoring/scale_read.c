/*-------------------------------------------------------------------------
 *
 * scale_read.c
 *	  Scoring scales from text.
 *
 *	linear(x:y, ...)  step(x:y, ...)  efficacy(x:y, ...)
 *	deduct(base from limit [up | down], points per unit [linear | full | started])
 *	add(the same)
 *	range(low..high full, outer_low..outer_high zero)
 *	binary(points)  rank(points, ...)  given
 *
 * followed by any of: of attainment | actual | gap, round N, min X, max X.
 * White space between the parts is free, words are in lower case.  An error
 * tells the place and what was expected there.
 *
 *-------------------------------------------------------------------------
 */
#include "scoring/scale.h"

#include "base/exact.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "parser/scansup.h"
#include "utils/builtins.h"

/* How each form is written, in the order of kpi_scale_form_words. */
static const char *const example[] = {
	"linear(0:0, 0.8:60, 1:100)",
	"step(0:0, 0.6:60, 1:100)",
	"efficacy(1:4, 5:8, 8:12) of actual",
	"deduct(100 from 0.95, 2 per 0.01 started) of actual",
	"add(0 from 1000, 5 per 100 full) of actual max 20",
	"range(90..110 full, 70..130 zero) of actual",
	"binary(100)",
	"rank(100, 80, 60) of actual",
	"given round 0 min 0 max 100"
};

static const KpiWords option_words = {"option of scale", 4, {"of", "round", "min", "max"}};

enum
{
	OPTION_OF, OPTION_ROUND, OPTION_MIN, OPTION_MAX
};

/* Reading position, and the form as soon as it is known. */
typedef struct Reader
{
	KpiForm		input;
	int			form;			/* -1 at the beginning */
} Reader;

/* Step over white space. */
static void
skip_space(Reader *reader)
{
	while (scanner_isspace(*reader->input.next))
		reader->input.next++;
}

/* What the input has at the place is none of what may stand there. */
pg_noreturn static void
expected(Reader *reader, const char *what)
{
	const KpiForm *input = &reader->input;

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"", input->type, input->whole),
			 errdetail("Expected %s at character %d.", what,
					   pg_mbstrlen_with_len(input->whole, input->next - input->whole) + 1),
			 reader->form < 0 ?
			 errhint("A scale is written like \"%s\" or \"%s\".",
					 example[KPI_SCALE_LINEAR], example[KPI_SCALE_DEDUCT]) :
			 errhint("A scale of this form is written like \"%s\".", example[reader->form])));
}

/* Step over the character if it comes next. */
static bool
take(Reader *reader, char c)
{
	skip_space(reader);
	if (*reader->input.next != c)
		return false;
	reader->input.next++;
	return true;
}

/* Step over the character, which must come next. */
static void
take_mark(Reader *reader, char c)
{
	char		what[] = {'"', c, '"', '\0'};

	if (!take(reader, c))
		expected(reader, what);
}

/* Step over the word if it comes next. */
static bool
take_word(Reader *reader, const char *word)
{
	size_t		length = strlen(word);
	const char *next;

	skip_space(reader);
	next = reader->input.next;
	if (strncmp(next, word, length) != 0 || (next[length] >= 'a' && next[length] <= 'z'))
		return false;
	reader->input.next += length;
	return true;
}

/* Which of the words comes next; -1 for none. */
static int
take_word_of(Reader *reader, const KpiWords *words)
{
	for (int i = 0; i < words->count; i++)
	{
		if (take_word(reader, words->word[i]))
			return i;
	}
	return -1;
}

/* Step over digits; how many there were. */
static size_t
take_digits(Reader *reader)
{
	size_t		digits = strspn(reader->input.next, "0123456789");

	reader->input.next += digits;
	return digits;
}

/* Step over a sign if there is one. */
static void
take_sign(Reader *reader)
{
	if (*reader->input.next == '+' || *reader->input.next == '-')
		reader->input.next++;
}

/* A decimal number, with sign and exponent if it likes; two points end it. */
static Numeric
take_number(Reader *reader)
{
	const char *start;
	size_t		digits;

	skip_space(reader);
	start = reader->input.next;
	take_sign(reader);
	digits = take_digits(reader);
	if (reader->input.next[0] == '.' && reader->input.next[1] != '.')
	{
		reader->input.next++;
		digits += take_digits(reader);
	}
	if (digits == 0)
	{
		reader->input.next = start;
		expected(reader, "a decimal number");
	}
	if (*reader->input.next == 'e' || *reader->input.next == 'E')
	{
		reader->input.next++;
		take_sign(reader);
		if (take_digits(reader) == 0)
			expected(reader, "an exponent");
	}
	return DatumGetNumeric(DirectFunctionCall3(numeric_in,
											   CStringGetDatum(pnstrdup(start, reader->input.next - start)),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

/* x:y, x:y, ... */
static void
read_points(Reader *reader, KpiScaleDraft *draft)
{
	do
	{
		kpi_scale_add(draft, take_number(reader));
		take_mark(reader, ':');
		kpi_scale_add(draft, take_number(reader));
	} while (take(reader, ','));
	if (!take(reader, ')'))
		expected(reader, "\",\" or \")\"");
}

/* base from limit up, points per unit started */
static void
read_units(Reader *reader, KpiScaleDraft *draft)
{
	int			counting;

	kpi_scale_add(draft, take_number(reader));
	if (!take_word(reader, "from"))
		expected(reader, "\"from\"");
	kpi_scale_add(draft, take_number(reader));
	if (take_word(reader, "up"))
		draft->upward = true;
	else if (take_word(reader, "down"))
		draft->upward = false;
	if (!take(reader, ','))
		expected(reader, "\"up\", \"down\" or \",\"");
	kpi_scale_add(draft, take_number(reader));
	if (!take_word(reader, "per"))
		expected(reader, "\"per\"");
	kpi_scale_add(draft, take_number(reader));
	counting = take_word_of(reader, &kpi_counting_words);
	if (counting >= 0)
		draft->counting = counting;
	if (!take(reader, ')'))
		expected(reader, "\"linear\", \"full\", \"started\" or \")\"");
}

/* low..high and a word */
static void
read_limits(Reader *reader, KpiScaleDraft *draft, const char *word)
{
	kpi_scale_add(draft, take_number(reader));
	if (!take(reader, '.') || *reader->input.next != '.')
		expected(reader, "\"..\"");
	reader->input.next++;
	kpi_scale_add(draft, take_number(reader));
	if (!take_word(reader, word))
		expected(reader, psprintf("\"%s\"", word));
}

/* What stands between the brackets of the form. */
static void
read_numbers(Reader *reader, KpiScaleDraft *draft)
{
	take_mark(reader, '(');
	if (kpi_scale_has_points(draft->form))
		read_points(reader, draft);
	else if (kpi_scale_has_units(draft->form))
		read_units(reader, draft);
	else if (draft->form == KPI_SCALE_RANGE)
	{
		read_limits(reader, draft, "full");
		take_mark(reader, ',');
		read_limits(reader, draft, "zero");
		take_mark(reader, ')');
	}
	else
	{
		do
			kpi_scale_add(draft, take_number(reader));
		while (draft->form == KPI_SCALE_RANK && take(reader, ','));
		if (!take(reader, ')'))
			expected(reader, draft->form == KPI_SCALE_RANK ? "\",\" or \")\"" : "\")\"");
	}
}

/* A whole number of decimals. */
static int
take_decimals(Reader *reader)
{
	Numeric		decimals;
	const char *start;

	skip_space(reader);
	start = reader->input.next;
	decimals = take_number(reader);
	if (kpi_numeric_cmp(kpi_numeric_abs(decimals), int64_to_numeric(KPI_MAX_SCALE_ROUND)) > 0 ||
		kpi_numeric_cmp(kpi_numeric_call2(numeric_mod, decimals, int64_to_numeric(1)), int64_to_numeric(0)) != 0)
	{
		reader->input.next = start;
		expected(reader, psprintf("a whole number of decimals from %d to %d",
								  -KPI_MAX_SCALE_ROUND, KPI_MAX_SCALE_ROUND));
	}
	return DatumGetInt32(DirectFunctionCall1(numeric_int4, NumericGetDatum(decimals)));
}

/* What the words after an option say. */
static void
read_option(Reader *reader, KpiScaleDraft *draft, int option)
{
	int			of;

	switch (option)
	{
		case OPTION_OF:
			of = take_word_of(reader, &kpi_scale_of_words);
			if (of < 0)
				expected(reader, kpi_enumerate(&kpi_scale_of_words));
			draft->of = of;
			break;
		case OPTION_ROUND:
			draft->decimals = take_decimals(reader);
			draft->rounds = true;
			break;
		case OPTION_MIN:
			draft->min = take_number(reader);
			break;
		case OPTION_MAX:
			draft->max = take_number(reader);
			break;
	}
}

/* The options that have not been given, as a person lists them. */
static char *
options_left(const bool *given)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < option_words.count; i++)
	{
		if (!given[i])
			appendStringInfo(&list, "\"%s\", ", option_words.word[i]);
	}
	if (list.len > 0)
	{
		list.len -= 2;
		list.data[list.len] = '\0';
		appendStringInfoString(&list, " or ");
	}
	appendStringInfoString(&list, "the end");
	return list.data;
}

/* Options to the end, in any order, each once. */
static void
read_options(Reader *reader, KpiScaleDraft *draft)
{
	bool		given[] = {false, false, false, false};

	for (skip_space(reader); *reader->input.next != '\0'; skip_space(reader))
	{
		const char *start = reader->input.next;
		int			option = take_word_of(reader, &option_words);

		if (option < 0 || given[option])
		{
			reader->input.next = start;
			expected(reader, options_left(given));
		}
		read_option(reader, draft, option);
		given[option] = true;
	}
}

/* A scale from text such as linear(0:0, 0.8:60, 1:100). */
PG_FUNCTION_INFO_V1(kpi_scale_in);
Datum
kpi_scale_in(PG_FUNCTION_ARGS)
{
	KpiScaleDraft *draft = palloc(sizeof(KpiScaleDraft));
	Reader		reader;

	kpi_form_start(&reader.input, KPI_SCALE_TYPE, PG_GETARG_CSTRING(0));
	reader.form = -1;
	reader.form = take_word_of(&reader, &kpi_scale_form_words);
	if (reader.form < 0)
		expected(&reader, kpi_enumerate(&kpi_scale_form_words));
	kpi_scale_start(draft, reader.form);
	if (draft->form != KPI_SCALE_GIVEN)
		read_numbers(&reader, draft);
	read_options(&reader, draft);
	PG_RETURN_POINTER(kpi_scale_build(draft));
}
