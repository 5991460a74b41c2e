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

#if PG_VERSION_NUM >= 180000
PG_MODULE_MAGIC_EXT(.name = "kpi");
#else
PG_MODULE_MAGIC;
#endif
