/*-------------------------------------------------------------------------
 *
 * kpi.c
 *	  The module's magic block.
 *
 * The one setting, kpi.language, is read by SQL and needs no declaration here:
 * declared, it would be unknown until the library is loaded, and a parallel
 * worker could not take it over.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

KPI_MODULE_MAGIC;
