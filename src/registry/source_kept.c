/*-------------------------------------------------------------------------
 *
 * source_kept.c
 *	  The states of days, packed to be kept from one collection to the next.
 *
 * What the reading of some days gives, the cells of source_scan.c with the day
 * as their time, is packed: the cells of one day behind each other, each column
 * as a length (-1 for NULL) and its binary form, or its text where the type has
 * none.  kpi_internal.kept has these packages; unpacked they are the table of
 * cells again, which is merged as if it had just been read.
 *
 * Packing and unpacking call functions of types, so they are done as the owner
 * of the source, as the reading is.  The table of kept states is read with the
 * caller's rights.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source_place.h"
#include "registry/source_scan.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/* How the values of a column are packed. */
struct KpiPacking
{
	bool		binary;
	FmgrInfo	out;
	FmgrInfo	in;
	Oid			parameter;		/* of the input function */
	int32		modifier;
};

/* Whether a type and its elements have a binary form. */
static bool
has_binary_form(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Form_pg_type form;
	Oid			element;
	bool		has;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	form = (Form_pg_type) GETSTRUCT(tuple);
	has = OidIsValid(form->typsend) && OidIsValid(form->typreceive);
	element = form->typelem;
	ReleaseSysCache(tuple);
	return has && (!OidIsValid(element) || has_binary_form(element));
}

/* Finds how the columns of a table are packed. */
KpiPacking *
kpi_find_packings(TupleDesc tupdesc)
{
	KpiPacking *packings = palloc(sizeof(KpiPacking) * tupdesc->natts);

	for (int i = 0; i < tupdesc->natts; i++)
	{
		Oid			type = TupleDescAttr(tupdesc, i)->atttypid;
		KpiPacking *packing = &packings[i];
		bool		varlena;
		Oid			out;
		Oid			in;

		packing->binary = has_binary_form(type);
		packing->modifier = TupleDescAttr(tupdesc, i)->atttypmod;
		if (packing->binary)
		{
			getTypeBinaryOutputInfo(type, &out, &varlena);
			getTypeBinaryInputInfo(type, &in, &packing->parameter);
		}
		else
		{
			getTypeOutputInfo(type, &out, &varlena);
			getTypeInputInfo(type, &in, &packing->parameter);
		}
		fmgr_info(out, &packing->out);
		fmgr_info(in, &packing->in);
	}
	return packings;
}

/* Appends a value to a package. */
static void
pack_value(StringInfo package, KpiPacking *packing, Datum value)
{
	if (packing->binary)
	{
		bytea	   *bytes = SendFunctionCall(&packing->out, value);

		pq_sendint32(package, VARSIZE(bytes) - VARHDRSZ);
		appendBinaryStringInfo(package, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ);
	}
	else
	{
		char	   *text = OutputFunctionCall(&packing->out, value);

		pq_sendint32(package, strlen(text));
		appendStringInfoString(package, text);
	}
}

/* Appends a cell to a package. */
void
kpi_pack_cell(StringInfo package, KpiPacking *packings, const TupleTableSlot *slot)
{
	for (int i = 0; i < slot->tts_tupleDescriptor->natts; i++)
	{
		if (slot->tts_isnull[i])
			pq_sendint32(package, -1);
		else
			pack_value(package, &packings[i], slot->tts_values[i]);
	}
}

/* Takes the next value of a package; its bytes are followed by a zero while they are read. */
static Datum
unpack_value(StringInfo package, KpiPacking *packing, bool *isnull)
{
	int			length = (int) pq_getmsgint(package, 4);
	StringInfoData bytes;
	char		behind;
	Datum		value;

	*isnull = length == -1;
	if (*isnull)
		return (Datum) 0;
	if (length < 0 || length > package->len - package->cursor)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("kept states of a day are damaged"),
				 errhint("Let them be read anew: unwatch the source and watch it again.")));
	bytes = *package;
	bytes.data = package->data + package->cursor;
	bytes.len = bytes.maxlen = length;
	bytes.cursor = 0;
	package->cursor += length;
	behind = bytes.data[length];
	bytes.data[length] = '\0';
	value = packing->binary ?
		ReceiveFunctionCall(&packing->in, &bytes, packing->parameter, packing->modifier) :
		InputFunctionCall(&packing->in, bytes.data, packing->parameter, packing->modifier);
	bytes.data[length] = behind;
	return value;
}

/* Puts the cells of a package into a table. */
static void
unpack(KpiTable *cells, KpiPacking *packings, bytea *packed)
{
	int			columns = cells->tupdesc->natts;
	Datum	   *values = palloc(sizeof(Datum) * columns);
	bool	   *nulls = palloc(sizeof(bool) * columns);
	StringInfoData package;

	initStringInfo(&package);
	appendBinaryStringInfo(&package, VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));
	while (package.cursor < package.len)
	{
		for (int i = 0; i < columns; i++)
			values[i] = unpack_value(&package, &packings[i], &nulls[i]);
		tuplestore_putvalues(cells->rows, cells->tupdesc, values, nulls);
	}
}

/* The kept packages of the days that are merged, and that of the rows without a time, with the caller's rights. */
KpiTable *
kpi_read_kept(int64 reading, const KpiSource *source)
{
	KpiTable   *kept = palloc(sizeof(KpiTable));
	DestReceiver *receiver = CreateTuplestoreDestReceiver();
	Oid			types[] = {INT8OID, DATEOID, DATEOID};
	Datum		values[] = {Int64GetDatum(reading), DateADTGetDatum(kpi_first_day(source)),
	DateADTGetDatum(kpi_end_day(source))};
	SPIExecuteOptions options = {.read_only = true,.dest = receiver};

	kept->rows = tuplestore_begin_heap(true, false, work_mem);
	kept->tupdesc = CreateTemplateTupleDesc(1);
	TupleDescInitEntry(kept->tupdesc, 1, "cells", BYTEAOID, -1, 0);
	SetTuplestoreDestReceiverParams(receiver, kept->rows, CurrentMemoryContext, true, NULL, NULL);
	options.params = makeParamList(3);
	for (int i = 0; i < 3; i++)
		options.params->params[i] = (ParamExternData)
	{
		.value = values[i],.pflags = PARAM_FLAG_CONST,.ptype = types[i]
	};
	if (SPI_execute_extended("SELECT k.cells FROM kpi_internal.kept AS k WHERE k.reading = $1"
							 " AND (k.day >= $2 AND k.day < $3 OR k.day = 'infinity')", &options) != SPI_OK_SELECT)
		elog(ERROR, "kept states could not be read");
	return kept;
}

/* The table of cells that a query over the rows, which is planned, would give, from kept packages. */
KpiTable *
kpi_unpack_cells(KpiQuery *query, const KpiTable *kept)
{
	KpiTable   *cells = palloc(sizeof(KpiTable));
	TupleTableSlot *slot = MakeSingleTupleTableSlot(kept->tupdesc, &TTSOpsMinimalTuple);
	MemoryContext package = AllocSetContextCreate(CurrentMemoryContext, "kpi kept states", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = CurrentMemoryContext;
	KpiPacking *packings;

	cells->tupdesc = kpi_start_query(query);
	cells->rows = tuplestore_begin_heap(true, false, work_mem);
	packings = kpi_find_packings(cells->tupdesc);
	while (tuplestore_gettupleslot(kept->rows, true, false, slot))
	{
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(package);
		MemoryContextSwitchTo(package);
		unpack(cells, packings, DatumGetByteaPP(slot_getattr(slot, 1, &isnull)));
		MemoryContextSwitchTo(before);
	}
	ExecDropSingleTupleTableSlot(slot);
	MemoryContextDelete(package);
	return cells;
}
