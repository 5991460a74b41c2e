/*-------------------------------------------------------------------------
 *
 * sbg.h
 *	  What the models of whole periods share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_SBG_H
#define KPI_SBG_H

#include "kpi.h"

extern bool kpi_discounted_sum(double a, double b, double discount_rate, double *sum);
extern double kpi_check_discount(double discount_rate);

#endif							/* KPI_SBG_H */
