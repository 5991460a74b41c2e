/*
 * memcheck.h
 *	  What a server built with USE_VALGRIND tells Valgrind about its memory
 *	  contexts, told to AddressSanitizer instead: freed chunks, the rest of a
 *	  block and the headers of chunks are poisoned. Which bytes are initialised
 *	  is beyond it.
 */
#ifndef KPI_MEMCHECK_H
#define KPI_MEMCHECK_H

#include <sanitizer/asan_interface.h>

#include "valgrind.h"

#define VALGRIND_MAKE_MEM_NOACCESS(addr, size) __asan_poison_memory_region((addr), (size))
#define VALGRIND_MAKE_MEM_UNDEFINED(addr, size) __asan_unpoison_memory_region((addr), (size))
#define VALGRIND_MAKE_MEM_DEFINED(addr, size) __asan_unpoison_memory_region((addr), (size))
#define VALGRIND_CHECK_MEM_IS_DEFINED(addr, size) ((void) (addr), (void) (size))

/* A chunk that is freed has been poisoned by the context it was in. */
#define VALGRIND_CREATE_MEMPOOL(pool, redzone, zeroed) ((void) (pool))
#define VALGRIND_DESTROY_MEMPOOL(pool) ((void) (pool))
#define VALGRIND_MEMPOOL_ALLOC(pool, addr, size) __asan_unpoison_memory_region((addr), (size))
#define VALGRIND_MEMPOOL_FREE(pool, addr) ((void) (pool), (void) (addr))
#define VALGRIND_MEMPOOL_CHANGE(pool, old, new, size) ((void) (pool), (void) (old), (void) (new))
#define VALGRIND_MEMPOOL_TRIM(pool, addr, size) ((void) (pool), (void) (addr))

#endif
