/*
 * fuzz.c
 *	  Feeds the input and receive functions of a type with mutated forms.
 *	  For tests alone; no part of the extension.
 *
 * Valid forms are changed by a seeded generator: bytes, numbers, words, lengths,
 * pieces of other forms; some of what is accepted is changed further.  What is
 * accepted must come back unchanged through the type's text and binary form;
 * what is refused must be refused with one of the errors that input may raise.
 * Nothing may take memory out of proportion to the input, not even for a while.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

PG_MODULE_MAGIC;

#define LIMIT 40000
#define MAX_FAULTS 3
#define NAMES_KEPT 50000
#define MAX_STATES 16
#define MAX_FOUND 256
/* what may be left allocated by an input, and what may be had at a time */
#define FREE_MEMORY (1024 * 1024)
#define MEMORY_PER_BYTE (4 * 1024)
#define MOST_MEMORY (64 * 1024 * 1024)

typedef struct Type
{
	FmgrInfo	input;
	FmgrInfo	output;
	FmgrInfo	receive;
	FmgrInfo	send;
	Oid			parameter;
	bool		is_domain;
} Type;

typedef struct Refusal
{
	int			sqlstate;
	int64		count;
} Refusal;

typedef struct Fuzz
{
	Type		type;
	bool		binary;
	int			forms;
	bytea	  **form;
	int			found;
	bytea	   *find[MAX_FOUND];
	uint64		random;
	int			length;
	char		input[LIMIT + 1];
	/* outcome of one input, kept over an error */
	const char *stage;
	bool		accepted;
	const char *fault;
	int			sqlstate;
	char		message[400];
	/* how often which error has refused one */
	int			states;
	Refusal		refusal[MAX_STATES];
} Fuzz;

static const char *const numbers[] = {
	"0", "-0", "1", "-1", "2", "127", "128", "255", "256", "999", "1000", "1001", "32767", "32768", "65535", "65536",
	"2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807",
	"9223372036854775808", "-9223372036854775808", "18446744073709551616", "170141183460469231731687303715884105727",
	"-170141183460469231731687303715884105728", "170141183460469231731687303715884105728", "1e308", "1e309", "-1e308",
	"5e-324", "1e-400", "2.2250738585072014e-308", "1e131071", "1e131072", "1e-16383", "1e-16384", "NaN", "-NaN", "nan",
	"Infinity", "-Infinity", "inf", "0x10", "0b1", "1_000", "1.5.5", ".", ".5", "5.", "1e", "1e+", "--1", "+1",
	"1e999999999",
	"0.1", "0.30000000000000004", "9007199254740993", "00", "001", "1e-17", "99999999999999999999999999999999999999999"
};

static const char *const pieces[] = {
	" ", "  ", "\t", "\n", ",", ", ", ":", "(", ")", "()", "{", "}", "\"", "\\", "\\\\", "'", "/", "-", "=", ";", "NULL",
	"null", "1", "0", "x", "linear", "step", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "%", "%s", "%n",
	"\x01", "\x7f"
};

static const uint64 integers[] = {
	0, 1, 2, 3, 7, 8, 9, 16, 127, 128, 255, 256, 999, 1000, 1001, 32767, 32768, 65535, 65536, 0x7FFFFFFF, 0x80000000,
	0xFFFFFFFF, 0x100000000, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF,
	0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000, 0x7FEFFFFFFFFFFFFF, 0x0000000000000001,
	0x000FFFFFFFFFFFFF,
	0xFFFFFFF, 0x10000000, 0xC000, 0xD000, 0xF000
};

static uint64
next(Fuzz *fuzz, uint64 bound)
{
	fuzz->random ^= fuzz->random >> 12;
	fuzz->random ^= fuzz->random << 25;
	fuzz->random ^= fuzz->random >> 27;
	return ((fuzz->random * UINT64CONST(0x2545F4914F6CDD1D)) >> 20) % bound;
}

/* Replaces a range of the input by other bytes. */
static void
put(Fuzz *fuzz, int at, int removed, const char *bytes, int added)
{
	int			rest = fuzz->length - at - removed;

	if (at + added + rest > LIMIT)
		return;
	memmove(fuzz->input + at + added, fuzz->input + at + removed, rest);
	memmove(fuzz->input + at, bytes, added);
	fuzz->length = at + added + rest;
}

/* Anywhere, but often near the beginning, where counts and flags are. */
static int
place(Fuzz *fuzz)
{
	return (int) next(fuzz, (next(fuzz, 3) == 0 ? Min(fuzz->length, 24) : fuzz->length) + 1);
}

/* A length that fits behind the place, mostly a short one. */
static int
stretch(Fuzz *fuzz, int at)
{
	int			longest = next(fuzz, 8) == 0 ? fuzz->length - at : Min(16, fuzz->length - at);

	return (int) next(fuzz, longest + 1);
}

static bytea *
any_form(Fuzz *fuzz)
{
	if (fuzz->found > 0 && next(fuzz, 3) == 0)
		return fuzz->find[next(fuzz, fuzz->found)];
	return fuzz->form[next(fuzz, fuzz->forms)];
}

/* A piece of the input or of another form goes to another place. */
static void
copy_piece(Fuzz *fuzz, bool other)
{
	bytea	   *from = any_form(fuzz);
	char		piece[1024];
	int			length = other ? (int) VARSIZE_ANY_EXHDR(from) : fuzz->length;
	const char *source = other ? VARDATA_ANY(from) : fuzz->input;
	int			start = (int) next(fuzz, length + 1);
	int			size = (int) next(fuzz, Min((int) sizeof(piece), length - start) + 1);
	int			at = place(fuzz);

	memcpy(piece, source + start, size);
	put(fuzz, at, next(fuzz, 2) ? stretch(fuzz, at) : 0, piece, size);
}

static void
cut(Fuzz *fuzz)
{
	int			at = place(fuzz);

	put(fuzz, at, next(fuzz, 4) == 0 ? fuzz->length - at : stretch(fuzz, at), "", 0);
}

/* The first number from a place on, and its end; nothing where there is none. */
static int
find_number(Fuzz *fuzz, int *end)
{
	int			at = place(fuzz);

	while (at < fuzz->length && (fuzz->input[at] == '\0' || !strchr("0123456789.", fuzz->input[at])))
		at++;
	while (at > 0 && fuzz->input[at - 1] != '\0' && strchr("0123456789.-+e", fuzz->input[at - 1]))
		at--;
	for (*end = at; *end < fuzz->length && fuzz->input[*end] != '\0' &&
		 strchr("0123456789.-+e", fuzz->input[*end]); (*end)++)
		;
	return at;
}

static void
change_number(Fuzz *fuzz)
{
	const char *number = numbers[next(fuzz, lengthof(numbers))];
	int			end;
	int			at = find_number(fuzz, &end);

	put(fuzz, at, end - at, number, (int) strlen(number));
}

/* A number becomes a neighbour: what counts the rest is off by little. */
static void
nudge_number(Fuzz *fuzz)
{
	char		number[32];
	int			end;
	int			at = find_number(fuzz, &end);
	int64		value;

	if (at == end || end - at > 18)
		return;
	memcpy(number, fuzz->input + at, end - at);
	number[end - at] = '\0';
	value = strtol(number, NULL, 10) + (int64) next(fuzz, 5) - 2;
	put(fuzz, at, end - at, number, snprintf(number, sizeof(number), INT64_FORMAT, value));
}

/* The next word from a place on, with what separates it from the one after. */
static int
find_word(Fuzz *fuzz, int *end)
{
	int			at = place(fuzz);

	while (at > 0 && fuzz->input[at - 1] != ' ' && fuzz->input[at - 1] != ',')
		at--;
	for (*end = at; *end < fuzz->length && fuzz->input[*end] != ' ' && fuzz->input[*end] != ','; (*end)++)
		;
	*end = Min(*end + 1, fuzz->length);
	return at;
}

/* A word goes, or some of them come twice. */
static void
change_words(Fuzz *fuzz)
{
	int			end;
	int			at = find_word(fuzz, &end);
	char		words[1024];

	for (int more = (int) next(fuzz, 5); more > 0 && end < fuzz->length; more--)
	{
		while (end < fuzz->length && fuzz->input[end] != ' ' && fuzz->input[end] != ',')
			end++;
		end = Min(end + 1, fuzz->length);
	}
	if (next(fuzz, 2) == 0)
		put(fuzz, at, end - at, "", 0);
	else if (end - at <= (int) sizeof(words))
	{
		memcpy(words, fuzz->input + at, end - at);
		put(fuzz, at, 0, words, end - at);
	}
}

static void
mutate_text(Fuzz *fuzz)
{
	int			at = place(fuzz);
	const char *piece = pieces[next(fuzz, lengthof(pieces))];
	char		byte = (char) (32 + next(fuzz, 95));

	switch (next(fuzz, 12))
	{
		case 0:
			put(fuzz, at, at < fuzz->length ? 1 : 0, &byte, 1);
			break;
		case 1:
			cut(fuzz);
			break;
		case 2:
			put(fuzz, at, 0, piece, (int) strlen(piece));
			break;
		case 3:
			put(fuzz, at, stretch(fuzz, at), piece, (int) strlen(piece));
			break;
		case 4:
			copy_piece(fuzz, false);
			break;
		case 5:
			copy_piece(fuzz, true);
			break;
		case 6:
		case 7:
			nudge_number(fuzz);
			break;
		case 8:
			change_words(fuzz);
			break;
		default:
			change_number(fuzz);
	}
}

/* A number of so many bytes becomes a neighbour. */
static void
nudge_bytes(Fuzz *fuzz, int at, int width)
{
	uint64		value = 0;

	if (at + width > fuzz->length)
		return;
	for (int i = 0; i < width; i++)
		value = value << 8 | (unsigned char) fuzz->input[at + i];
	value += next(fuzz, 5) - 2;
	for (int i = 0; i < width; i++)
		fuzz->input[at + i] = (char) (value >> (8 * (width - 1 - i)));
}

/* Some bytes come twice. */
static void
repeat_bytes(Fuzz *fuzz, int at)
{
	char		bytes[256];
	int			size = Min((int) (8 * (1 + next(fuzz, 8))), fuzz->length - at);

	memcpy(bytes, fuzz->input + at, size);
	put(fuzz, at, 0, bytes, size);
}

static void
mutate_bytes(Fuzz *fuzz)
{
	int			at = place(fuzz);
	int			width = 1 << next(fuzz, 4);
	uint64		integer = integers[next(fuzz, lengthof(integers))];
	char		bytes[8];

	if (next(fuzz, 8) == 0)
		integer = next(fuzz, PG_UINT64_MAX);
	for (int i = 0; i < width; i++)
		bytes[i] = (char) (integer >> (8 * (width - 1 - i)));
	switch (next(fuzz, 11))
	{
		case 0:
			if (at < fuzz->length)
				fuzz->input[at] ^= (char) (1 << next(fuzz, 8));
			break;
		case 1:
			cut(fuzz);
			break;
		case 2:
			put(fuzz, at, 0, bytes, width);
			break;
		case 3:
			copy_piece(fuzz, false);
			break;
		case 4:
			copy_piece(fuzz, true);
			break;
		case 5:
		case 6:
			nudge_bytes(fuzz, at, width);
			break;
		case 7:
			repeat_bytes(fuzz, at);
			break;
		default:
			put(fuzz, at, Min(width, fuzz->length - at), bytes, width);
	}
}

/* Text reaches an input function in the encoding of the database and without zeros. */
static void
keep_text(Fuzz *fuzz)
{
	for (int i = 0; i < fuzz->length; i++)
		if (fuzz->input[i] == '\0')
			fuzz->input[i] = '0';
	if (!pg_verifymbstr(fuzz->input, fuzz->length, true))
		for (int i = 0; i < fuzz->length; i++)
			if (IS_HIGHBIT_SET(fuzz->input[i]))
				fuzz->input[i] = '?';
}

static void
make_input(Fuzz *fuzz)
{
	bytea	   *form = any_form(fuzz);
	int			changes = (int) next(fuzz, 5);

	/* long forms now and then */
	for (int tries = 0; tries < 4 && VARSIZE_ANY_EXHDR(form) > 250 && next(fuzz, 16) != 0; tries++)
		form = any_form(fuzz);
	fuzz->length = Min((int) VARSIZE_ANY_EXHDR(form), LIMIT);
	memcpy(fuzz->input, VARDATA_ANY(form), fuzz->length);
	for (int i = 0; i < changes; i++)
	{
		if (fuzz->binary)
			mutate_bytes(fuzz);
		else
			mutate_text(fuzz);
	}
	if (!fuzz->binary)
		keep_text(fuzz);
	fuzz->input[fuzz->length] = '\0';
}

/* What was accepted takes the place of an earlier one, now and then. */
static void
keep_find(Fuzz *fuzz)
{
	int			place = (int) next(fuzz, MAX_FOUND);
	bytea	   *find;

	if (fuzz->length == 0 || fuzz->length > 4096 || next(fuzz, 8) != 0)
		return;
	if (fuzz->found < MAX_FOUND)
		place = fuzz->found++;
	else
		pfree(fuzz->find[place]);
	find = palloc(VARHDRSZ + fuzz->length);
	SET_VARSIZE(find, VARHDRSZ + fuzz->length);
	memcpy(VARDATA(find), fuzz->input, fuzz->length);
	fuzz->find[place] = find;
}

static bool
takes_much(const Fuzz *fuzz, MemoryContext context)
{
	return MemoryContextMemAllocated(context, true) > FREE_MEMORY + (Size) fuzz->length * MEMORY_PER_BYTE;
}

static Datum
receive(Fuzz *fuzz, const char *bytes, int length)
{
	StringInfoData buffer;
	Datum		value;

	initStringInfo(&buffer);
	appendBinaryStringInfo(&buffer, bytes, length);
	value = ReceiveFunctionCall(&fuzz->type.receive, &buffer, fuzz->type.parameter, -1);
	if (buffer.cursor != buffer.len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("bytes are left")));
	return value;
}

/* The value once more from its text form, which must tell all of it. */
static Datum
reread_text(Fuzz *fuzz, Datum value, const char **text)
{
	Datum		again;

	fuzz->stage = "the output of what was accepted";
	*text = OutputFunctionCall(&fuzz->type.output, value);
	fuzz->stage = "the input of the output";
	again = InputFunctionCall(&fuzz->type.input, (char *) *text, fuzz->type.parameter, -1);
	if (strcmp(OutputFunctionCall(&fuzz->type.output, again), *text) != 0)
		fuzz->fault = "has a text form that is not read back as it was";
	return again;
}

/* One input; errors go to the caller. */
static void
feed(Fuzz *fuzz)
{
	Datum		value;
	Datum		again;
	const char *text;
	bytea	   *bytes;
	bytea	   *bytes_again;

	fuzz->stage = "the input";
	value = fuzz->binary ? receive(fuzz, fuzz->input, fuzz->length) :
		InputFunctionCall(&fuzz->type.input, fuzz->input, fuzz->type.parameter, -1);
	fuzz->accepted = true;
	if (takes_much(fuzz, CurrentMemoryContext))
		fuzz->fault = "takes too much memory";

	again = reread_text(fuzz, value, &text);
	if (OidIsValid(fuzz->type.send.fn_oid))
	{
		fuzz->stage = "the receiving of what was sent";
		bytes = SendFunctionCall(&fuzz->type.send, value);
		bytes_again = SendFunctionCall(&fuzz->type.send, again);
		if (VARSIZE(bytes) != VARSIZE(bytes_again) || memcmp(bytes, bytes_again, VARSIZE(bytes)) != 0)
			fuzz->fault = "has a text form that does not tell all of it";
		value = receive(fuzz, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ);
		if (strcmp(OutputFunctionCall(&fuzz->type.output, value), text) != 0)
			fuzz->fault = "has a binary form that is not read back as it was";
	}
}

/* What input may raise: that this is no form of the type, or too much of it. */
static bool
is_clean(const Fuzz *fuzz)
{
	if (fuzz->accepted)
		return false;
	switch (fuzz->sqlstate)
	{
		case ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE:
		case ERRCODE_INVALID_PARAMETER_VALUE:
		case ERRCODE_PROGRAM_LIMIT_EXCEEDED:
		case ERRCODE_NAME_TOO_LONG:
			return true;
		case ERRCODE_CHECK_VIOLATION:
			return fuzz->type.is_domain;
		case ERRCODE_INVALID_TEXT_REPRESENTATION:
			return !fuzz->binary;
			/* bytes of no encoding, and too few of them, are found by the server */
		case ERRCODE_INVALID_BINARY_REPRESENTATION:
		case ERRCODE_CHARACTER_NOT_IN_REPERTOIRE:
		case ERRCODE_PROTOCOL_VIOLATION:
			return true;
		default:
			return false;
	}
}

static void
count_refusal(Fuzz *fuzz)
{
	int			i = 0;

	while (i < fuzz->states && fuzz->refusal[i].sqlstate != fuzz->sqlstate)
		i++;
	if (i == fuzz->states)
	{
		if (i == MAX_STATES)
			return;
		fuzz->states++;
		fuzz->refusal[i] = (Refusal) {fuzz->sqlstate, 0};
	}
	fuzz->refusal[i].count++;
}

/* Judges the error in hand, in the context of the input. */
static void
judge_error(Fuzz *fuzz, MemoryContext once)
{
	MemoryContextSwitchTo(once);
	fuzz->sqlstate = geterrcode();
	if (fuzz->sqlstate == ERRCODE_QUERY_CANCELED)
		PG_RE_THROW();
	/* a short form of many zeros has a long text, which is no concern here */
	if (fuzz->accepted && fuzz->sqlstate == ERRCODE_OUT_OF_MEMORY)
		;
	else if (!is_clean(fuzz))
	{
		snprintf(fuzz->message, sizeof(fuzz->message), "%s raises %s: %s", fuzz->stage,
				 unpack_sql_state(fuzz->sqlstate), CopyErrorData()->message);
		fuzz->fault = fuzz->message;
	}
	else
	{
		count_refusal(fuzz);
		if (takes_much(fuzz, once))
			fuzz->fault = "takes too much memory before it is refused";
	}
	FlushErrorState();
}

static void
try_one(Fuzz *fuzz, MemoryContext once)
{
	MemoryContext caller = MemoryContextSwitchTo(once);

	fuzz->accepted = false;
	fuzz->fault = NULL;
	PG_TRY();
	{
		feed(fuzz);
	}
	PG_CATCH();
	{
		judge_error(fuzz, once);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	MemoryContextReset(once);
	if (fuzz->accepted)
		keep_find(fuzz);
}

static void
look_up(Type *type, Oid oid)
{
	HeapTuple	tuple;
	bool		varlena;
	Oid			function;

	memset(type, 0, sizeof(*type));
	getTypeInputInfo(oid, &function, &type->parameter);
	fmgr_info(function, &type->input);
	getTypeOutputInfo(oid, &function, &varlena);
	fmgr_info(function, &type->output);
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(oid));
	function = ((Form_pg_type) GETSTRUCT(tuple))->typreceive;
	if (OidIsValid(function))
		fmgr_info(function, &type->receive);
	function = ((Form_pg_type) GETSTRUCT(tuple))->typsend;
	if (OidIsValid(function))
		fmgr_info(function, &type->send);
	type->is_domain = ((Form_pg_type) GETSTRUCT(tuple))->typtype == TYPTYPE_DOMAIN;
	ReleaseSysCache(tuple);
}

/* The input in hand survives a crash in this file: its length, then its bytes. */
static char *
map_file(const char *name)
{
	int			file = open(name, O_RDWR | O_CREAT, 0644);
	char	   *map;

	if (file < 0 || ftruncate(file, LIMIT + sizeof(int)) != 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not open \"%s\": %m", name)));
	map = mmap(NULL, LIMIT + sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (map == MAP_FAILED)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not map \"%s\": %m", name)));
	close(file);
	return map;
}

/*
 * Lets the process have so much more memory than now, so that what is asked for
 * and given back at once is noticed too; gives the limit before.
 */
static struct rlimit
limit_memory(void)
{
	struct rlimit before = {RLIM_INFINITY, RLIM_INFINITY};
#ifndef __SANITIZE_ADDRESS__
	FILE	   *statistics = fopen("/proc/self/statm", "r");
	unsigned long pages;
	struct rlimit limit;

	if (statistics == NULL || getrlimit(RLIMIT_AS, &before) != 0)
		return before;
	if (fscanf(statistics, "%lu", &pages) == 1)
	{
		limit = before;
		limit.rlim_cur = pages * (rlim_t) sysconf(_SC_PAGESIZE) + MOST_MEMORY;
		setrlimit(RLIMIT_AS, &limit);
	}
	fclose(statistics);
#endif
	return before;
}

static Datum
describe_fault(const Fuzz *fuzz, int64 n)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "input %lld %s: ", (long long) n, fuzz->fault);
	for (int i = 0; i < fuzz->length && i < 400; i++)
	{
		unsigned char byte = (unsigned char) fuzz->input[i];

		if (fuzz->binary || byte < 32 || byte > 126)
			appendStringInfo(&text, "\\x%02x", byte);
		else
			appendStringInfoChar(&text, (char) byte);
	}
	return CStringGetTextDatum(text.data);
}

/* Feeds so many inputs; gives the faults that were found. */
static ArrayType *
feed_all(Fuzz *fuzz, int64 inputs, char *file, int64 *accepted)
{
	MemoryContext once = AllocSetContextCreate(CurrentMemoryContext, "one input", ALLOCSET_DEFAULT_SIZES);
	Datum		faults[MAX_FAULTS];
	int			nfaults = 0;

	for (int64 n = 0; n < inputs && nfaults < MAX_FAULTS; n++)
	{
		CHECK_FOR_INTERRUPTS();
		/* the server keeps an entry for each name that is looked up and not there */
		if (n % NAMES_KEPT == 0)
			InvalidateSystemCaches();
		make_input(fuzz);
		memcpy(file, &fuzz->length, sizeof(int));
		memcpy(file + sizeof(int), fuzz->input, fuzz->length);
		try_one(fuzz, once);
		if (fuzz->fault != NULL)
			faults[nfaults++] = describe_fault(fuzz, n);
		*accepted += fuzz->accepted;
	}
	return construct_array(faults, nfaults, TEXTOID, -1, false, TYPALIGN_INT);
}

static Datum
describe_refusals(const Fuzz *fuzz, int64 *refused)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < fuzz->states; i++)
	{
		appendStringInfo(&text, "%s" INT64_FORMAT " %s", i > 0 ? ", " : "", fuzz->refusal[i].count,
						 unpack_sql_state(fuzz->refusal[i].sqlstate));
		*refused += fuzz->refusal[i].count;
	}
	return CStringGetTextDatum(text.data);
}

/* fuzz(type, binary, forms, inputs, seed, file) -> accepted, refused, refusals, faults */
PG_FUNCTION_INFO_V1(harness_fuzz);
Datum
harness_fuzz(PG_FUNCTION_ARGS)
{
	Fuzz	   *fuzz = palloc0(sizeof(Fuzz));
	char	   *file = map_file(text_to_cstring(PG_GETARG_TEXT_PP(5)));
	int64		accepted = 0;
	int64		refused = 0;
	Datum	   *forms;
	struct rlimit before;
	TupleDesc	shape;
	Datum		values[4];
	bool		nulls[4] = {false};

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), BYTEAOID, -1, false, TYPALIGN_INT, &forms, NULL, &fuzz->forms);
	fuzz->form = palloc(sizeof(bytea *) * Max(fuzz->forms, 1));
	for (int i = 0; i < fuzz->forms; i++)
		fuzz->form[i] = DatumGetByteaPP(forms[i]);
	look_up(&fuzz->type, PG_GETARG_OID(0));
	fuzz->binary = PG_GETARG_BOOL(1);
	fuzz->random = (uint64) PG_GETARG_INT64(4) * 2 + 1;
	if (fuzz->forms == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("no form to begin with")));

	before = limit_memory();
	PG_TRY();
	{
		values[3] = PointerGetDatum(feed_all(fuzz, PG_GETARG_INT64(3), file, &accepted));
	}
	PG_FINALLY();
	{
		setrlimit(RLIMIT_AS, &before);
		munmap(file, LIMIT + sizeof(int));
	}
	PG_END_TRY();

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "a row is to be returned");
	values[2] = describe_refusals(fuzz, &refused);
	values[0] = Int64GetDatum(accepted);
	values[1] = Int64GetDatum(refused);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), values, nulls)));
}

/* note(text, file): what is done next, to be found after a crash. */
PG_FUNCTION_INFO_V1(harness_note);
Datum
harness_note(PG_FUNCTION_ARGS)
{
	static char *map = NULL;
	text	   *what = PG_GETARG_TEXT_PP(0);
	int			length = Min((int) VARSIZE_ANY_EXHDR(what), LIMIT);

	if (map == NULL)
		map = map_file(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	memcpy(map, &length, sizeof(int));
	memcpy(map + sizeof(int), VARDATA_ANY(what), length);
	PG_RETURN_VOID();
}

/* spent(): seconds of the processor, so that a loaded machine makes no difference. */
PG_FUNCTION_INFO_V1(harness_spent);
Datum
harness_spent(PG_FUNCTION_ARGS)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	PG_RETURN_FLOAT8(t.tv_sec + t.tv_nsec / 1e9);
}
