/*-------------------------------------------------------------------------
 *
 * name.h
 *	  Names of the registry, each there once, so that equal ones are the same.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_ENGINE_NAME_H
#define KPI_ENGINE_NAME_H

#include "kpi.h"

/* A name, for functions of C and for columns. */
typedef struct KpiName
{
	const char *string;
	text	   *text;
} KpiName;

typedef struct KpiNames KpiNames;

extern KpiNames *kpi_names(MemoryContext context);
extern const KpiName *kpi_name(KpiNames *names, const char *string);
extern const KpiName *kpi_name_of(KpiNames *names, Datum written);

#endif							/* KPI_ENGINE_NAME_H */
