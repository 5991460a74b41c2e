/*
 * valgrind.h
 *	  No Valgrind runs the server of memcheck.h.
 */
#ifndef KPI_VALGRIND_H
#define KPI_VALGRIND_H

#define RUNNING_ON_VALGRIND 0
#define VALGRIND_COUNT_ERRORS 0
#define VALGRIND_PRINTF(...) ((void) 0)

#endif
