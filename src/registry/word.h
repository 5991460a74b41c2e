/*-------------------------------------------------------------------------
 *
 * word.h
 *	  The words of the reader's language.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_REGISTRY_WORD_H
#define KPI_REGISTRY_WORD_H

#include "kpi.h"

extern char *kpi_word(const char *topic, const char *code);

#endif							/* KPI_REGISTRY_WORD_H */
