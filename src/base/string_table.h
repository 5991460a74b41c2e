/*-------------------------------------------------------------------------
 *
 * string_table.h
 *	  A hash table by strings, written out by lib/simplehash.h.
 *
 * SH_PREFIX and SH_ELEMENT_TYPE are given before it is included, as often as
 * there are tables; an element has const char *key and uint32 status, and the
 * string lives as long as it does.
 *
 *-------------------------------------------------------------------------
 */
#include "common/hashfn.h"

#define SH_KEY_TYPE const char *
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) (key), strlen(key))
#define SH_EQUAL(table, a, b) (strcmp(a, b) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"
