/*-------------------------------------------------------------------------
 *
 * discounted.h
 *	  Future purchases of a customer, discounted period by period.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_DISCOUNTED_H
#define KPI_DISCOUNTED_H

#include "kpi.h"

/* Purchases expected between two times to come, of what the model made of a customer. */
typedef double (*KpiPurchases) (const void *customer, double from, double to);

extern double kpi_check_future(double future_t);
extern double kpi_discounted_purchases(KpiPurchases purchases, const void *customer,
									   double periods, double period_length, double discount_rate);
extern bool kpi_average_value(FunctionCallInfo fcinfo, int model, int slot, int argument,
							  double frequency, double *value);

#endif							/* KPI_DISCOUNTED_H */
