/*-------------------------------------------------------------------------
 *
 * kpi.c
 *	  The module: its magic block and its settings.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "utils/guc.h"

#if PG_VERSION_NUM >= 180000
PG_MODULE_MAGIC_EXT(.name = "kpi");
#else
PG_MODULE_MAGIC;
#endif

/* Read by SQL through current_setting(); kept here so that SET is checked. */
static char *kpi_language = NULL;

void		_PG_init(void);

void
_PG_init(void)
{
	DefineCustomStringVariable("kpi.language",
							   "Language of names, status words and units in the views of kpi.",
							   "A language of the table kpi.translation, such as en or zh.",
							   &kpi_language,
							   "en",
							   PGC_USERSET,
							   0,
							   NULL, NULL, NULL);
	MarkGUCPrefixReserved("kpi");
}
