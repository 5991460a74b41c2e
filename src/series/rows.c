/*-------------------------------------------------------------------------
 *
 * rows.c
 *	  Rows of a result whose first column is a period.
 *
 * A series says its type of period only when it is read, but the columns of a
 * function are known before.  So each function that gives rows stands twice: with
 * dates, and with the type of an argument after the series, whose value does not
 * matter: points(s, NULL::timestamptz).  Dates are given as timestamps too, and
 * integers as any type of integer.
 *
 *-------------------------------------------------------------------------
 */
#include "series/rows.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

/* Whether periods of that kind can be given in that type. */
static bool
gives_type(KpiPeriodKind kind, Oid type)
{
	switch (kind)
	{
		case KPI_PERIOD_DATE:
			return type == DATEOID || type == TIMESTAMPOID;
		case KPI_PERIOD_TIMESTAMP:
			return type == TIMESTAMPOID;
		case KPI_PERIOD_TIMESTAMPTZ:
			return type == TIMESTAMPTZOID;
		case KPI_PERIOD_INTEGER:
			break;
	}
	return type == INT8OID || type == INT4OID || type == INT2OID;
}

/* The result of a function that gives no rows. */
Datum
kpi_no_rows(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, 0);
	PG_RETURN_NULL();
}

/* Begin rows whose first column is a period; the wrong type of it is an error. */
KpiRows
kpi_start_rows(FunctionCallInfo fcinfo, KpiPeriodKind kind)
{
	KpiRows		rows = {.kind = kind};

	InitMaterializedSRF(fcinfo, 0);
	rows.type = TupleDescAttr(((ReturnSetInfo *) fcinfo->resultinfo)->setDesc, 0)->atttypid;
	if (!gives_type(kind, rows.type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the periods of the series are of type %s, not %s", kpi_period_kind_name(kind),
						format_type_be(rows.type)),
				 errhint("Name their type after the series: NULL::%s.", kpi_period_kind_name(kind))));
	return rows;
}

/* A period in the type that was asked for. */
static Datum
give_period(const KpiRows *rows, int64 period)
{
	switch (rows->type)
	{
		case DATEOID:
			return DateADTGetDatum((DateADT) period);
		case INT2OID:
			return DirectFunctionCall1(int82, Int64GetDatum(period));
		case INT4OID:
			return DirectFunctionCall1(int84, Int64GetDatum(period));
		default:
			if (rows->kind == KPI_PERIOD_DATE)
				return DirectFunctionCall1(date_timestamp, DateADTGetDatum((DateADT) period));
			return Int64GetDatum(period);
	}
}

/* A column with a period. */
void
kpi_answer_period(KpiAnswer *answer, const KpiRows *rows, int64 period)
{
	kpi_answer_add(answer, give_period(rows, period), false);
}

/* A column with the period of a slot; NULL where that is not known. */
void
kpi_answer_slot(KpiAnswer *answer, const KpiRows *rows, const KpiStep *step, int64 slot)
{
	int64		period;

	if (kpi_step_period(step, slot, &period))
		kpi_answer_period(answer, rows, period);
	else
		kpi_answer_add(answer, (Datum) 0, true);
}
