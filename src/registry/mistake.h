/*-------------------------------------------------------------------------
 *
 * mistake.h
 *	  Which errors of the server are mistakes in a definition.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_MISTAKE_H
#define KPI_MISTAKE_H

#include "kpi.h"

/* Class of errors that are mistakes in a definition, not of the moment. */
static inline bool
kpi_is_mistake(int sqlerrcode)
{
	int			category = ERRCODE_TO_CATEGORY(sqlerrcode);

	return category == ERRCODE_TO_CATEGORY(ERRCODE_SYNTAX_ERROR) ||
		category == ERRCODE_TO_CATEGORY(ERRCODE_DATA_EXCEPTION) ||
		category == ERRCODE_TO_CATEGORY(ERRCODE_FEATURE_NOT_SUPPORTED);
}

/* The full stop that the text of an error lacks, to make a sentence of it. */
static inline const char *
kpi_full_stop(const char *text)
{
	size_t		length = strlen(text);

	return length > 0 && strchr(".!?", text[length - 1]) != NULL ? "" : ".";
}

#endif							/* KPI_MISTAKE_H */
