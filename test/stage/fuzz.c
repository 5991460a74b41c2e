/*
 * fuzz.c
 *	  Feeds the input and receive functions of a type with mutated forms.
 *	  For tests alone; no part of the extension.
 *
 * Valid forms are changed by a seeded generator: bytes, numbers, words, lengths,
 * pieces of other forms.  What is accepted must come back unchanged through the
 * type's text and binary form; what is refused must be refused with an error of
 * class 22 or 54 (or, for bytes that end too early, the one core raises).
 * Nothing may take memory out of all proportion to the input.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/mman.h>
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
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

PG_MODULE_MAGIC;

#define LIMIT 40000
#define MAX_FAULTS 10
#define FREE_MEMORY (4 * 1024 * 1024)
#define MEMORY_PER_BYTE (16 * 1024)

typedef struct Type
{
	FmgrInfo	input;
	FmgrInfo	output;
	FmgrInfo	receive;
	FmgrInfo	send;
	Oid			parameter;
} Type;

typedef struct Fuzz
{
	Type		type;
	bool		binary;
	int			forms;
	bytea	  **form;
	uint64		random;
	int			length;
	char		input[LIMIT + 1];
	/* outcome of one input, kept over an error */
	const char *stage;
	bool		accepted;
	const char *fault;
	int			sqlstate;
	char		message[400];
} Fuzz;

static const char *const numbers[] = {
	"0", "-0", "1", "-1", "2", "127", "128", "255", "256", "999", "1000", "1001", "32767", "32768", "65535", "65536",
	"2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807",
	"9223372036854775808", "-9223372036854775808", "18446744073709551616", "170141183460469231731687303715884105727",
	"-170141183460469231731687303715884105728", "170141183460469231731687303715884105728", "1e308", "1e309", "-1e308",
	"5e-324", "1e-400", "2.2250738585072014e-308", "1e131071", "1e131072", "1e-16383", "1e-16384", "NaN", "-NaN", "nan",
	"Infinity", "-Infinity", "inf", "0x10", "0b1", "1_000", "1.5.5", ".", ".5", "5.", "1e", "1e+", "--1", "+1", "1e999999999",
	"0.1", "0.30000000000000004", "9007199254740993", "00", "001", "1e-17", "99999999999999999999999999999999999999999"
};

static const char *const pieces[] = {
	" ", "  ", "\t", "\n", ",", ", ", ":", "(", ")", "()", "{", "}", "\"", "\\", "\\\\", "'", "/", "-", "=", ";", "NULL",
	"null", "1", "0", "x", "linear", "step", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "%", "%s", "%n", "\x01", "\x7f"
};

static const uint64 integers[] = {
	0, 1, 2, 3, 7, 8, 9, 16, 127, 128, 255, 256, 999, 1000, 1001, 32767, 32768, 65535, 65536, 0x7FFFFFFF, 0x80000000,
	0xFFFFFFFF, 0x100000000, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF,
	0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000, 0x7FEFFFFFFFFFFFFF, 0x0000000000000001, 0x000FFFFFFFFFFFFF,
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

static int
place(Fuzz *fuzz)
{
	return (int) next(fuzz, fuzz->length + 1);
}

/* A length that fits behind the place, mostly a short one. */
static int
stretch(Fuzz *fuzz, int at)
{
	int			longest = next(fuzz, 8) == 0 ? fuzz->length - at : Min(16, fuzz->length - at);

	return (int) next(fuzz, longest + 1);
}

/* A piece of the input or of another form goes to another place. */
static void
copy_piece(Fuzz *fuzz, bool other)
{
	bytea	   *from = fuzz->form[next(fuzz, fuzz->forms)];
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

/* A whole number in the text becomes another. */
static void
change_number(Fuzz *fuzz)
{
	const char *number = numbers[next(fuzz, lengthof(numbers))];
	int			at = place(fuzz);
	int			end;

	while (at < fuzz->length && !strchr("0123456789.", fuzz->input[at]))
		at++;
	while (at > 0 && fuzz->input[at - 1] != '\0' && strchr("0123456789.-+e", fuzz->input[at - 1]))
		at--;
	for (end = at; end < fuzz->length && fuzz->input[end] != '\0' && strchr("0123456789.-+e", fuzz->input[end]); end++)
		;
	put(fuzz, at, end - at, number, (int) strlen(number));
}

static void
mutate_text(Fuzz *fuzz)
{
	int			at = place(fuzz);
	const char *piece = pieces[next(fuzz, lengthof(pieces))];
	char		byte = (char) (32 + next(fuzz, 95));

	switch (next(fuzz, 9))
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
		default:
			change_number(fuzz);
	}
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
	switch (next(fuzz, 8))
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
	bytea	   *form = fuzz->form[next(fuzz, fuzz->forms)];
	int			changes = (int) next(fuzz, 5);

	/* long forms now and then */
	if (VARSIZE_ANY_EXHDR(form) > 1000 && next(fuzz, 16) != 0)
		form = fuzz->form[next(fuzz, (fuzz->forms + 1) / 2)];
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

/* One input; errors go to the caller. */
static void
feed(Fuzz *fuzz)
{
	Datum		value;
	Size		memory;
	char	   *text;
	bytea	   *bytes;

	fuzz->stage = "the input";
	value = fuzz->binary ? receive(fuzz, fuzz->input, fuzz->length) :
		InputFunctionCall(&fuzz->type.input, fuzz->input, fuzz->type.parameter, -1);
	fuzz->accepted = true;
	memory = MemoryContextMemAllocated(CurrentMemoryContext, true);
	if (memory > FREE_MEMORY + (Size) fuzz->length * MEMORY_PER_BYTE)
		fuzz->fault = "takes too much memory";

	fuzz->stage = "the output of what was accepted";
	text = OutputFunctionCall(&fuzz->type.output, value);
	fuzz->stage = "the input of the output";
	value = InputFunctionCall(&fuzz->type.input, text, fuzz->type.parameter, -1);
	if (strcmp(OutputFunctionCall(&fuzz->type.output, value), text) != 0)
		fuzz->fault = "has a text form that is not read back as it was";
	if (OidIsValid(fuzz->type.send.fn_oid))
	{
		fuzz->stage = "the receiving of what was sent";
		bytes = SendFunctionCall(&fuzz->type.send, value);
		value = receive(fuzz, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ);
		if (strcmp(OutputFunctionCall(&fuzz->type.output, value), text) != 0)
			fuzz->fault = "has a binary form that is not read back as it was";
	}
}

static bool
is_clean(const Fuzz *fuzz)
{
	int			class = ERRCODE_TO_CATEGORY(fuzz->sqlstate);

	return !fuzz->accepted &&
		(class == MAKE_SQLSTATE('2', '2', '0', '0', '0') || class == MAKE_SQLSTATE('5', '4', '0', '0', '0') ||
		 (fuzz->binary && fuzz->sqlstate == ERRCODE_PROTOCOL_VIOLATION));
}

static void
try_one(Fuzz *fuzz, MemoryContext once)
{
	MemoryContext caller = MemoryContextSwitchTo(once);

	fuzz->accepted = false;
	fuzz->fault = NULL;
	fuzz->sqlstate = 0;
	fuzz->message[0] = '\0';
	PG_TRY();
	{
		feed(fuzz);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(once);
		error = CopyErrorData();
		FlushErrorState();
		fuzz->sqlstate = error->sqlerrcode;
		if (error->sqlerrcode == ERRCODE_QUERY_CANCELED)
			PG_RE_THROW();
		snprintf(fuzz->message, sizeof(fuzz->message), "%s raises %s: %s", fuzz->stage,
				 unpack_sql_state(error->sqlerrcode), error->message);
		if (!is_clean(fuzz))
			fuzz->fault = fuzz->message;
		else if (MemoryContextMemAllocated(once, true) > FREE_MEMORY + (Size) fuzz->length * MEMORY_PER_BYTE)
			fuzz->fault = "takes too much memory before it is refused";
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	MemoryContextReset(once);
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

/* fuzz(type, binary, forms, inputs, seed, file) -> accepted, refused, faults */
PG_FUNCTION_INFO_V1(harness_fuzz);
Datum
harness_fuzz(PG_FUNCTION_ARGS)
{
	Fuzz	   *fuzz = palloc0(sizeof(Fuzz));
	int64		inputs = PG_GETARG_INT64(3);
	char	   *file = map_file(text_to_cstring(PG_GETARG_TEXT_PP(5)));
	MemoryContext once = AllocSetContextCreate(CurrentMemoryContext, "one input", ALLOCSET_DEFAULT_SIZES);
	int64		accepted = 0;
	int64		refused = 0;
	Datum		faults[MAX_FAULTS];
	int			nfaults = 0;
	Datum	   *forms;
	TupleDesc	shape;
	Datum		values[3];
	bool		nulls[3] = {false};

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), BYTEAOID, -1, false, TYPALIGN_INT, &forms, NULL, &fuzz->forms);
	fuzz->form = palloc(sizeof(bytea *) * Max(fuzz->forms, 1));
	for (int i = 0; i < fuzz->forms; i++)
		fuzz->form[i] = DatumGetByteaPP(forms[i]);
	look_up(&fuzz->type, PG_GETARG_OID(0));
	fuzz->binary = PG_GETARG_BOOL(1);
	fuzz->random = (uint64) PG_GETARG_INT64(4) * 2 + 1;
	if (fuzz->forms == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("no form to begin with")));

	for (int64 n = 0; n < inputs && nfaults < MAX_FAULTS; n++)
	{
		CHECK_FOR_INTERRUPTS();
		make_input(fuzz);
		memcpy(file, &fuzz->length, sizeof(int));
		memcpy(file + sizeof(int), fuzz->input, fuzz->length);
		try_one(fuzz, once);
		if (fuzz->fault != NULL)
			faults[nfaults++] = describe_fault(fuzz, n);
		if (fuzz->accepted)
			accepted++;
		else
			refused++;
	}
	munmap(file, LIMIT + sizeof(int));

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "a row is to be returned");
	values[0] = Int64GetDatum(accepted);
	values[1] = Int64GetDatum(refused);
	values[2] = PointerGetDatum(construct_array(faults, nfaults, TEXTOID, -1, false, TYPALIGN_INT));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), values, nulls)));
}
