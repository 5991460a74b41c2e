/*-------------------------------------------------------------------------
 *
 * attribution.c
 *	  Paths of channels that led to conversions, counted: kpi.attribution_state.
 *
 * A row is a path: channels in order of time, with the conversions that it led
 * to, their value, and how many such paths led to none.  What each rule gives
 * is summed up while rows are read:
 *
 *	first, last		all to one touch
 *	linear			1 / n to each of n touches, repeated ones as well
 *	position		0.4 to the first and the last, 0.2 to those between; with two
 *					touches a half each
 *	shapley			1 / d to each of the d different channels: the Shapley value
 *					where a coalition is worth the conversions of the paths that
 *					need nothing else
 *
 * and for Markov chains how often one channel follows another, see
 * attribution_table.c.
 *
 * NULL rule: rows without a path, channels or conversions are left out, NULL
 * channels as well; a NULL value is 0, and NULL nulls are none.  Where nulls are
 * not given, a path without conversions is one.  What is negative, NaN or above
 * 10^100 is an error.
 *
 * Source: the Shapley value in closed form: K. Zhao, S. H. Mahboobi and S. R.
 * Bagheri, "Shapley value methods for attribution modeling in online
 * advertising", 2018.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/attribution.h"

#include <ctype.h>
#include <math.h>

#include "base/check.h"
#include "base/form.h"
#include "base/state.h"
#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"

#define MAX_NAMES 65536

/* What is known from row to row. */
#define KNOWN_NAMES 1024
#define KNOWN_ELEMENTS 64

/* Of a row, so that no sum of rows, nor of stored sums, overflows. */
#define LARGEST_NUMBER 1e100
#define LARGEST_SUM 1e200

/* Doubles in a credit. */
#define NUMBERS_OF_CREDIT ((int) (sizeof(KpiCredit) / sizeof(double)))

/* Bytes of a state with so many channels and bytes of names. */
static Size
state_size(int channels, int names)
{
	return MAXALIGN(offsetof(KpiAttribution, name) + names) +
		sizeof(KpiCredit) * KPI_CREDIT_RULES * channels +
		sizeof(double) * (channels + 1) * KPI_AFTER(channels);
}

/* Where the numbers of a state are; names are to be found. */
static KpiChannels
numbers_of(KpiAttribution *state)
{
	KpiChannels channels = {state->channels, NULL, NULL, NULL};

	channels.credit = (KpiCredit *) ((char *) state + MAXALIGN(offsetof(KpiAttribution, name) + state->names));
	channels.follows = (double *) (channels.credit + (Size) KPI_CREDIT_RULES * state->channels);
	return channels;
}

/* The numbers of a state, and the names of its channels. */
KpiChannels
kpi_channels(KpiAttribution *state)
{
	KpiChannels channels = numbers_of(state);
	const char *name = state->name;

	channels.name = palloc(sizeof(char *) * Max(state->channels, 1));
	for (int i = 0; i < state->channels; i++, name += strlen(name) + 1)
		channels.name[i] = name;
	return channels;
}

/* A state without channels and counts. */
static KpiAttribution *
make_state(void)
{
	Size		size = state_size(0, 0);
	KpiAttribution *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->version = KPI_STATE_VERSION;
	return state;
}

/* The state with one more channel. */
static KpiAttribution *
add_channel(KpiAttribution *state, const char *name)
{
	int			length = (int) strlen(name) + 1;
	int			count = state->channels;
	KpiChannels from = numbers_of(state);
	KpiChannels to;
	KpiAttribution *larger;

	if (count == KPI_MAX_CHANNELS || state->names + length > MAX_NAMES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d channels, or %d bytes of their names", KPI_MAX_CHANNELS, MAX_NAMES),
				 errhint("Group channels that are alike.")));
	larger = palloc0(state_size(count + 1, state->names + length));
	memcpy(larger, state, offsetof(KpiAttribution, name) + state->names);
	memcpy(larger->name + state->names, name, length);
	SET_VARSIZE(larger, state_size(count + 1, state->names + length));
	larger->channels = count + 1;
	larger->names = state->names + length;
	to = numbers_of(larger);
	memcpy(to.credit, from.credit, sizeof(KpiCredit) * KPI_CREDIT_RULES * count);
	/* the row of the start and the columns of what ends a path stay last */
	for (int i = 0; i <= count; i++)
	{
		double	   *row = to.follows + (Size) (i < count ? i : count + 1) * KPI_AFTER(count + 1);
		const double *old = from.follows + (Size) i * KPI_AFTER(count);

		memcpy(row, old, sizeof(double) * count);
		row[KPI_CONVERTED(count + 1)] = old[KPI_CONVERTED(count)];
		row[KPI_LOST(count + 1)] = old[KPI_LOST(count)];
	}
	return larger;
}

/* The number of a channel; a new one for a name that is not known yet. */
static int
find_channel(KpiAttribution **state, const char *name)
{
	const char *known = (*state)->name;

	for (int i = 0; i < (*state)->channels; i++)
	{
		Size		length = strlen(known);

		if (strcmp(known, name) == 0)
			return i;
		known += length + 1;
	}
	*state = add_channel(*state, name);
	return (*state)->channels - 1;
}

/* A path of a row: the numbers of its channels. */
typedef struct Path
{
	int			touches;
	int		   *channel;
} Path;

/*
 * What a call site knows from its last row: the type of elements and, of those
 * passed by value, some with their channel, as numbered in a state of such names.
 */
typedef struct Known
{
	Oid			type;
	int16		length;
	bool		by_value;
	char		align;
	FmgrInfo	out;
	int			names;			/* bytes of them; -1 for none */
	char		name[KNOWN_NAMES];
	Datum		element[KNOWN_ELEMENTS];
	int			channel[KNOWN_ELEMENTS];	/* -1 for none */
} Known;

/* What is known of elements of a type. */
static Known *
known_call(FunctionCallInfo fcinfo, Oid type)
{
	Known	   *known = fcinfo->flinfo->fn_extra;

	if (known == NULL)
		known = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Known));
	if (known->type != type)
	{
		Oid			function;
		bool		varlena;

		known->type = InvalidOid;
		known->names = -1;
		get_typlenbyvalalign(type, &known->length, &known->by_value, &known->align);
		getTypeOutputInfo(type, &function, &varlena);
		fmgr_info_cxt(function, &known->out, fcinfo->flinfo->fn_mcxt);
		known->type = type;
	}
	return known;
}

/*
 * Forget all channels, unless the state numbers them by the same names, of so
 * many bytes.  Until they are kept again nothing is known, should a row fail.
 */
static int
take_names(Known *known, const KpiAttribution *state)
{
	int			names = known->names;

	known->names = -1;
	if (names == state->names && memcmp(known->name, state->name, names) == 0)
		return names;
	for (int i = 0; i < KNOWN_ELEMENTS; i++)
		known->channel[i] = -1;
	return -1;
}

/* Keep the names by which channels are numbered: those taken, to which the state has only added. */
static void
keep_names(Known *known, const KpiAttribution *state, int taken)
{
	if (state->names > KNOWN_NAMES)
		return;
	if (taken != state->names)
		memcpy(known->name, state->name, state->names);
	known->names = state->names;
}

/* The name of an element of a path. */
static char *
element_name(Known *known, Datum element)
{
	if (known->type == TEXTOID || known->type == VARCHAROID)
		return TextDatumGetCString(element);
	return OutputFunctionCall(&known->out, element);
}

/* The channel of an element. */
static inline int
element_channel(Known *known, KpiAttribution **state, Datum element)
{
	int			place = (int) (element % KNOWN_ELEMENTS);

	if (!known->by_value)
		return find_channel(state, element_name(known, element));
	if (known->channel[place] < 0 || known->element[place] != element)
	{
		known->channel[place] = find_channel(state, element_name(known, element));
		known->element[place] = element;
	}
	return known->channel[place];
}

/* Read the path of a row into the state's channels. */
static Path
read_path(FunctionCallInfo fcinfo, ArrayType *array, KpiAttribution **state)
{
	Path		path = {0, NULL};
	Known	   *known = known_call(fcinfo, ARR_ELEMTYPE(array));
	Datum	   *element;
	bool	   *is_null;
	int			count;
	int			taken;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("a path has %d dimensions", ARR_NDIM(array)),
				 errhint("Pass an array of channels in order of time.")));
	deconstruct_array(array, known->type, known->length, known->by_value, known->align, &element, &is_null, &count);
	path.channel = palloc(sizeof(int) * Max(count, 1));
	taken = take_names(known, *state);
	for (int i = 0; i < count; i++)
	{
		if (!is_null[i])
			path.channel[path.touches++] = element_channel(known, state, element[i]);
	}
	keep_names(known, *state, taken);
	return path;
}

/* Give a part of the conversions of a row to a channel by a rule. */
static inline void
give(KpiChannels *channels, int channel, KpiCreditRule rule, double part, const double *worth)
{
	KpiCredit  *credit = &channels->credit[channel * KPI_CREDIT_RULES + rule];

	kpi_sum_add(&credit->conversions, part * worth[0]);
	kpi_sum_add(&credit->value, part * worth[1]);
}

/* Share out conversions and value of a row. */
static void
credit_path(KpiChannels *channels, const Path *path, const double *worth)
{
	int			n = path->touches;
	int			different = 0;
	bool		seen[KPI_MAX_CHANNELS];

	memset(seen, 0, channels->count);
	for (int i = 0; i < n; i++)
	{
		different += !seen[path->channel[i]];
		seen[path->channel[i]] = true;
	}
	give(channels, path->channel[0], KPI_CREDIT_FIRST, 1, worth);
	give(channels, path->channel[n - 1], KPI_CREDIT_LAST, 1, worth);
	for (int i = 0; i < n; i++)
	{
		give(channels, path->channel[i], KPI_CREDIT_LINEAR, 1.0 / n, worth);
		give(channels, path->channel[i], KPI_CREDIT_POSITION, kpi_position_part(i, n), worth);
		if (seen[path->channel[i]])
			give(channels, path->channel[i], KPI_CREDIT_SHAPLEY, 1.0 / different, worth);
		seen[path->channel[i]] = false;
	}
}

/* Count what follows what on a path. */
static void
count_path(KpiChannels *channels, const Path *path, double conversions, double nulls)
{
	int			width = KPI_AFTER(channels->count);
	double	   *row = channels->follows + (Size) channels->count * width;

	for (int i = 0; i < path->touches; i++)
	{
		row[path->channel[i]] += conversions + nulls;
		row = channels->follows + (Size) path->channel[i] * width;
	}
	row[KPI_CONVERTED(channels->count)] += conversions;
	row[KPI_LOST(channels->count)] += nulls;
}

/* A number of an argument, of at least 0 and no larger than can be summed; 0 where it is NULL or not given. */
static double
number_argument(FunctionCallInfo fcinfo, int n, const char *name)
{
	double		number = PG_NARGS() > n && !PG_ARGISNULL(n) ? PG_GETARG_FLOAT8(n) : 0;

	if (!(number >= 0 && number <= LARGEST_NUMBER))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not a number from 0 to %g", name, float8out_internal(number), LARGEST_NUMBER),
				 errhint("A path that led to nothing has 0 conversions, and 1 in nulls.")));
	return number;
}

/* Transition of attribution_paths(path, conversions, value, nulls). */
PG_FUNCTION_INFO_V1(kpi_attribution_accum);
Datum
kpi_attribution_accum(PG_FUNCTION_ARGS)
{
	KpiAttribution *state = kpi_writable_varlena(fcinfo);
	double		worth[2];
	double		nulls;
	Path		path;
	KpiChannels channels;

	if (state == NULL)
		state = make_state();
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	worth[0] = number_argument(fcinfo, 2, "conversions");
	worth[1] = number_argument(fcinfo, 3, "value");
	nulls = PG_NARGS() > 4 ? number_argument(fcinfo, 4, "nulls") : worth[0] == 0;
	path = read_path(fcinfo, PG_GETARG_ARRAYTYPE_P(1), &state);
	if (path.touches == 0)
		PG_RETURN_POINTER(state);
	channels = numbers_of(state);
	kpi_sum_add(&state->total.conversions, worth[0]);
	kpi_sum_add(&state->total.value, worth[1]);
	if (worth[0] > 0 || worth[1] > 0)
		credit_path(&channels, &path, worth);
	count_path(&channels, &path, worth[0], nulls);
	PG_RETURN_POINTER(state);
}

/* Take a channel's numbers from another state; map has its channels in this one. */
static void
take_channel(KpiChannels *to, const KpiChannels *from, const int *map, int channel)
{
	for (int i = 0; i < KPI_CREDIT_RULES; i++)
	{
		KpiCredit  *credit = &to->credit[map[channel] * KPI_CREDIT_RULES + i];
		const KpiCredit *other = &from->credit[channel * KPI_CREDIT_RULES + i];

		kpi_sum_add_sum(&credit->conversions, &other->conversions);
		kpi_sum_add_sum(&credit->value, &other->value);
	}
}

/* The same of what follows a channel, or the start. */
static void
take_follows(KpiChannels *to, const KpiChannels *from, const int *map, int channel)
{
	int			place = channel < from->count ? map[channel] : to->count;
	double	   *row = to->follows + (Size) place * KPI_AFTER(to->count);
	const double *other = from->follows + (Size) channel * KPI_AFTER(from->count);

	for (int i = 0; i < from->count; i++)
		row[map[i]] += other[i];
	row[KPI_CONVERTED(to->count)] += other[KPI_CONVERTED(from->count)];
	row[KPI_LOST(to->count)] += other[KPI_LOST(from->count)];
}

/* The state with the paths of another one. */
static KpiAttribution *
merge(KpiAttribution *state, KpiAttribution *other)
{
	KpiChannels from = kpi_channels(other);
	KpiChannels to;
	int		   *map = palloc(sizeof(int) * Max(from.count, 1));

	for (int i = 0; i < from.count; i++)
		map[i] = find_channel(&state, from.name[i]);
	to = numbers_of(state);
	kpi_sum_add_sum(&state->total.conversions, &other->total.conversions);
	kpi_sum_add_sum(&state->total.value, &other->total.value);
	for (int i = 0; i < from.count; i++)
		take_channel(&to, &from, map, i);
	for (int i = 0; i <= from.count; i++)
		take_follows(&to, &from, map, i);
	return state;
}

/* Combine two states; NULL only if both are NULL. */
PG_FUNCTION_INFO_V1(kpi_attribution_combine);
Datum
kpi_attribution_combine(PG_FUNCTION_ARGS)
{
	if (kpi_combines_null(fcinfo))
		return kpi_combine_nulls(fcinfo);
	PG_RETURN_POINTER(merge(kpi_writable_varlena(fcinfo), (KpiAttribution *) PG_GETARG_VARLENA_P(1)));
}

/* The order of names, by their bytes. */
static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The state of a value with its channels in the order of their names. */
KpiAttribution *
kpi_attribution_ordered(Datum datum)
{
	KpiAttribution *state = (KpiAttribution *) PG_DETOAST_DATUM(datum);
	KpiAttribution *ordered = make_state();
	KpiChannels channels = kpi_channels(state);

	qsort(channels.name, channels.count, sizeof(char *), compare_names);
	for (int i = 0; i < channels.count; i++)
		ordered = add_channel(ordered, channels.name[i]);
	return merge(ordered, state);
}

/* Round sums once: what order their rows came in stands below the last digit. */
static void
round_credit(KpiCredit *credit)
{
	credit->conversions = (KpiSum)
	{
		kpi_sum_value(credit->conversions), 0
	};
	credit->value = (KpiSum)
	{
		kpi_sum_value(credit->value), 0
	};
}

/* Final function of attribution_paths: channels in the order of their names, sums rounded. */
PG_FUNCTION_INFO_V1(kpi_attribution_done);
Datum
kpi_attribution_done(PG_FUNCTION_ARGS)
{
	KpiAttribution *state = kpi_attribution_ordered(PG_GETARG_DATUM(0));
	KpiChannels channels = numbers_of(state);

	round_credit(&state->total);
	for (int i = 0; i < KPI_CREDIT_RULES * channels.count; i++)
		round_credit(&channels.credit[i]);
	PG_RETURN_POINTER(state);
}

/* Whether a byte of a name stands for itself in the text form. */
static bool
is_plain(char c)
{
	return c > ' ' && c != '%' && c != 0x7F ? true : (c & 0x80) != 0;
}

/* Write a name as a word: "%" and two digits for what would end it; "%" alone is empty. */
static void
write_name(StringInfo out, const char *name)
{
	if (*name == '\0')
		appendStringInfoChar(out, '%');
	for (; *name != '\0'; name++)
	{
		if (is_plain(*name))
			appendStringInfoChar(out, *name);
		else
			appendStringInfo(out, "%%%02X", (unsigned char) *name);
	}
}

/* The byte that two hexadecimal digits write; 0 stands in no name. */
static char
read_code(KpiForm *form, const char *from)
{
	char		digits[3] = {0};
	char		code = '\0';

	strlcpy(digits, from, sizeof(digits));
	if (isxdigit((unsigned char) digits[0]) && isxdigit((unsigned char) digits[1]))
		code = (char) strtoul(digits, NULL, 16);
	if (code == '\0')
		kpi_form_fail(form);
	return code;
}

/* The reverse of write_name, in place. */
static void
read_name(KpiForm *form, char *word)
{
	char	   *to = word;

	if (strcmp(word, "%") == 0)
		*word = '\0';
	for (const char *from = word; *from != '\0'; from++)
	{
		if (*from != '%')
		{
			*to++ = *from;
			continue;
		}
		*to++ = read_code(form, from + 1);
		from += 2;
	}
	*to = '\0';
}

/* How many doubles follow the names of the text form. */
static int
count_numbers(int channels)
{
	return NUMBERS_OF_CREDIT * KPI_CREDIT_RULES * channels + (channels + 1) * KPI_AFTER(channels);
}

/* Text output: version, channels, their names, totals, credits and what follows what. */
PG_FUNCTION_INFO_V1(kpi_attribution_state_out);
Datum
kpi_attribution_state_out(PG_FUNCTION_ARGS)
{
	KpiAttribution *state = kpi_attribution_ordered(PG_GETARG_DATUM(0));
	KpiChannels channels = kpi_channels(state);
	const double *total = (const double *) &state->total;
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%d %d", state->version, channels.count);
	for (int i = 0; i < channels.count; i++)
	{
		appendStringInfoChar(&out, ' ');
		write_name(&out, channels.name[i]);
	}
	for (int i = 0; i < NUMBERS_OF_CREDIT; i++)
	{
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, total[i]);
	}
	for (int i = 0; i < count_numbers(channels.count); i++)
	{
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, ((const double *) channels.credit)[i]);
	}
	PG_RETURN_CSTRING(out.data);
}

/* Whether what enters a channel leaves it, and nothing is negative. */
static bool
accept_state(const KpiChannels *channels)
{
	int			width = KPI_AFTER(channels->count);

	for (int i = 0; i < channels->count; i++)
	{
		double		in = 0;
		double		out = 0;

		for (int j = 0; j <= channels->count; j++)
			in += channels->follows[(Size) j * width + i];
		for (int j = 0; j < width; j++)
		{
			if (channels->follows[(Size) i * width + j] < 0)
				return false;
			out += channels->follows[(Size) i * width + j];
		}
		if (!(fabs(in - out) <= 1e-9 * in) || in < 0 ||
			(i > 0 && strcmp(channels->name[i - 1], channels->name[i]) >= 0))
			return false;
	}
	return true;
}

/* Read a number of a state, which is no larger than sums of rows can be. */
static double
read_number(KpiForm *form)
{
	double		number = kpi_form_double(form);

	if (!(fabs(number) <= LARGEST_SUM))
		kpi_form_fail(form);
	return number;
}

/* Read the text form, which is the binary one, too; rejects states that no aggregate could produce. */
static KpiAttribution *
read_form(const char *input, bool binary)
{
	KpiForm		form;
	KpiAttribution *state = make_state();
	KpiChannels channels;
	double	   *total;
	int			count;

	kpi_form_start(&form, "kpi.attribution_state", input);
	form.binary = binary;
	kpi_check_version(form.type, (int) kpi_form_int64(&form, 0, PG_UINT8_MAX));
	count = (int) kpi_form_int64(&form, 0, KPI_MAX_CHANNELS);
	/* no room for more than can follow: a space and a character for each word */
	if (strlen(form.next) / 2 < (Size) count + NUMBERS_OF_CREDIT + count_numbers(count))
		kpi_form_fail(&form);
	for (int i = 0; i < count; i++)
	{
		char	   *name = kpi_form_word(&form);

		read_name(&form, name);
		pg_verifymbstr(name, (int) strlen(name), false);
		state = add_channel(state, name);
	}
	total = (double *) &state->total;
	for (int i = 0; i < NUMBERS_OF_CREDIT; i++)
		total[i] = read_number(&form);
	channels = kpi_channels(state);
	for (int i = 0; i < count_numbers(count); i++)
		((double *) channels.credit)[i] = read_number(&form);
	if (!accept_state(&channels))
		kpi_form_fail(&form);
	kpi_form_end(&form);
	return state;
}

/* Text input; rejects states that no aggregate could produce. */
PG_FUNCTION_INFO_V1(kpi_attribution_state_in);
Datum
kpi_attribution_state_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(read_form(PG_GETARG_CSTRING(0), false));
}

/* Binary input: the text form. */
PG_FUNCTION_INFO_V1(kpi_attribution_state_recv);
Datum
kpi_attribution_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	int			length;

	PG_RETURN_POINTER(read_form(pq_getmsgtext(in, in->len - in->cursor, &length), true));
}

/* Binary output: the text form. */
PG_FUNCTION_INFO_V1(kpi_attribution_state_send);
Datum
kpi_attribution_state_send(PG_FUNCTION_ARGS)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(kpi_attribution_state_out, PG_GETARG_DATUM(0)));
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendtext(&out, text, (int) strlen(text));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}
