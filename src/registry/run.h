/*-------------------------------------------------------------------------
 *
 * run.h
 *	  What a collection is at.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_RUN_H
#define KPI_RUN_H

extern void kpi_report_progress(const char *stage);

#endif							/* KPI_RUN_H */
