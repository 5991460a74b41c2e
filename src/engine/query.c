/*-------------------------------------------------------------------------
 *
 * query.c
 *	  What an evaluation reads.
 *
 * Between kpi_query_start and SPI_finish the rows are there; what is taken out
 * of a row is copied to the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#include "engine/query.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"

/* Run a query over what was known at a time; its rows are there until SPI_finish, and the memory context stays. */
void
kpi_query_start(KpiQuery *query, const Datum *argument, TimestampTz known_at)
{
	MemoryContext caller = CurrentMemoryContext;

	SPI_connect();
	kpi_run_known(query, argument, known_at);
	MemoryContextSwitchTo(caller);
}

/* A column as it stands in the row. */
Datum
kpi_query_datum(uint64 row, int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, isnull);
}

/* A text, or NULL. */
text *
kpi_query_text(uint64 row, int column)
{
	bool		isnull;
	Datum		value = kpi_query_datum(row, column, &isnull);

	return isnull ? NULL : DatumGetTextPCopy(value);
}

/* A number, or NULL. */
Numeric
kpi_query_numeric(uint64 row, int column)
{
	bool		isnull;
	Datum		value = kpi_query_datum(row, column, &isnull);

	return isnull ? NULL : DatumGetNumericCopy(value);
}

/* A day; what stands for none is given. */
DateADT
kpi_query_date(uint64 row, int column, DateADT open)
{
	bool		isnull;
	Datum		value = kpi_query_datum(row, column, &isnull);

	return isnull ? open : DatumGetDateADT(value);
}

/* A boolean; false for NULL. */
bool
kpi_query_boolean(uint64 row, int column)
{
	bool		isnull;
	Datum		value = kpi_query_datum(row, column, &isnull);

	return !isnull && DatumGetBool(value);
}

/* Texts as an argument. */
Datum
kpi_text_array(Datum *written, int count)
{
	return PointerGetDatum(construct_array(written, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Days as an argument. */
Datum
kpi_date_array(const DateADT *day, int count)
{
	Datum	   *date = palloc(sizeof(Datum) * Max(count, 1));

	for (int i = 0; i < count; i++)
		date[i] = DateADTGetDatum(day[i]);
	return PointerGetDatum(construct_array(date, count, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
}
