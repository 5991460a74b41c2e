/*-------------------------------------------------------------------------
 *
 * triples.h
 *	  Customers as (frequency, recency, t), collected: kpi.customer_state.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_TRIPLES_H
#define KPI_TRIPLES_H

#include "kpi.h"

#include "lifetime/model.h"
#include "utils/memutils.h"

typedef struct KpiCustomerState
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		version;		/* KPI_STATE_VERSION */
	uint8		has_penalty;
	uint16		unused;
	int32		count;
	int32		sorted;			/* that many are in order, equal ones merged */
	double		penalty;
	/* and, while an aggregate fills it, room for more */
	KpiTriple	triple[FLEXIBLE_ARRAY_MEMBER];
} KpiCustomerState;

/* A value has no more bytes than this. */
#define KPI_MAX_TRIPLES \
	((int) ((MaxAllocSize - offsetof(KpiCustomerState, triple)) / sizeof(KpiTriple)))

extern void kpi_check_customer(double frequency, double recency, double t);
extern double kpi_check_customers(double weight);
extern double kpi_check_penalty(double penalty);
extern bool kpi_customer_arguments(FunctionCallInfo fcinfo, int first, KpiTriple *customer);
extern void kpi_read_customers(const KpiCustomerState *state, KpiCustomers *customers);
extern void kpi_customers_argument(FunctionCallInfo fcinfo, int argument, KpiCustomers *customers);

#endif							/* KPI_TRIPLES_H */
