/*-------------------------------------------------------------------------
 *
 * nearest.h
 *	  The word that somebody probably meant.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_NEAREST_H
#define KPI_NEAREST_H

#include "kpi.h"

#include "utils/array.h"

extern char *kpi_nearest_word(const char *word, ArrayType *words);

#endif							/* KPI_NEAREST_H */
