/*
 * cppcheck.h: what cppcheck is told of the server's headers. Read whole they
 * cost it a minute and tell it nothing more; what it has to know is which
 * macros end a function and which stand for arithmetic. Only cppcheck reads
 * this file.
 */
#define HAVE_INT128 1
#define FLEXIBLE_ARRAY_MEMBER
#define PG_USED_FOR_ASSERTS_ONLY
#define INT64_FORMAT "%ld"
#define UINT64_FORMAT "%lu"
#define INT64CONST(x) (x##L)
#define UINT64CONST(x) (x##UL)
#define Max(x, y) ((x) > (y) ? (x) : (y))
#define Min(x, y) ((x) < (y) ? (x) : (y))
#define lengthof(array) (sizeof(array) / sizeof((array)[0]))
#define foreach(cell, list) for (cell = list_head(list); cell != NULL; cell = lnext(list, cell))
#define likely(x) (x)
#define unlikely(x) (x)

#define pg_noinline
#define pg_attribute_always_inline inline
#define pg_attribute_noreturn()
#define pg_attribute_printf(f, a)
#define StaticAssertDecl(condition, message)
#define PG_FUNCTION_INFO_V1(name)
#define PG_MODULE_MAGIC

#define Assert(condition) do { if (!(condition)) exit(1); } while (0)
#define ereport(level, rest) exit(1)
#define elog(level, ...) exit(1)
#define PG_TRY() if (1) {
#define PG_CATCH() } else {
#define PG_FINALLY() } {
#define PG_END_TRY() }

#define PG_RETURN_NULL() return 0
#define PG_RETURN_VOID() return 0
#define PG_RETURN_BOOL(x) return (x)
#define PG_RETURN_INT32(x) return (x)
#define PG_RETURN_INT64(x) return (x)
#define PG_RETURN_FLOAT8(x) return (x)
#define PG_RETURN_DATUM(x) return (x)
#define PG_RETURN_CSTRING(x) return (Datum) (x)
#define PG_RETURN_POINTER(x) return (Datum) (x)
#define PG_RETURN_NUMERIC(x) return (Datum) (x)
#define PG_RETURN_TEXT_P(x) return (Datum) (x)
#define PG_RETURN_BYTEA_P(x) return (Datum) (x)
#define PG_RETURN_ARRAYTYPE_P(x) return (Datum) (x)
#define PG_RETURN_HEAPTUPLEHEADER(x) return (Datum) (x)
