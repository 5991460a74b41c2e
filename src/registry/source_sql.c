/*-------------------------------------------------------------------------
 *
 * source_sql.c
 *	  The query that measures an indicator, and the checks of its parts.
 *
 * One scan gives every grain: the grouping sets (unit, year, quarter, month),
 * (unit, year, quarter) and (unit, year) are a chain, so that one sort or one
 * pass of hashing serves all, and each is computed from the rows, not from the
 * set below it.  Periods and units are numbers in it: the period is found by
 * its place among the first instants of the months, which needs no calendar
 * arithmetic for a row and makes the months of a timestamptz those of the
 * session's time zone.  The time filter compares the bare column, so that an
 * index on it can be used.
 *
 * Names are resolved and quoted here and nothing else of the registry gets
 * into the query but three expressions, each of which must parse alone, and
 * within parentheses, to exactly one expression.  A newline after each ends a
 * trailing comment.
 *
 * The caller has switched to the owner of the indicator before: schemas the
 * owner may not use are not found.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/source_place.h"
#include "registry/source_sql.h"

#include "access/relation.h"
#include "base/nearest.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "registry/mistake.h"
#include "registry/only_expression.h"
#include "registry/trust.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/portal.h"
#include "utils/rel.h"
#include "utils/varlena.h"

static const char *const expression_names[KPI_EXPRESSIONS] = {"filter", "numerator", "denominator"};

/* The hint of a misspelt column: what there is, and what was meant. */
static char *
column_hint(Oid relation_id, const char *column)
{
	Relation	relation = relation_open(relation_id, AccessShareLock);
	TupleDesc	tupdesc = RelationGetDescr(relation);
	ArrayBuildState *names = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	StringInfoData hint;
	char	   *meant;

	initStringInfo(&hint);
	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(tupdesc, i);

		if (attribute->attisdropped)
			continue;
		appendStringInfo(&hint, "%s%s", hint.len == 0 ? "It has columns " : ", ",
						 NameStr(attribute->attname));
		accumArrayResult(names, CStringGetTextDatum(NameStr(attribute->attname)),
						 false, TEXTOID, CurrentMemoryContext);
	}
	relation_close(relation, NoLock);
	if (hint.len == 0)
		return pstrdup("It has no columns.");
	appendStringInfoChar(&hint, '.');
	meant = kpi_nearest_word(column, DatumGetArrayTypeP(makeArrayResult(names, CurrentMemoryContext)));
	if (meant != NULL)
		appendStringInfo(&hint, " Perhaps you mean \"%s\".", meant);
	return hint.data;
}

/* A column of the source: its number, after it has been found. */
static AttrNumber
find_column(const KpiSource *source, const char *column)
{
	AttrNumber	number = get_attnum(source->relation_id, column);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("source \"%s\" has no column \"%s\"", source->source, column),
				 errhint("%s", column_hint(source->relation_id, column))));
	return number;
}

/* A column as relation.column, for a query that names the relation. */
static char *
column_reference(const KpiSource *source, AttrNumber number)
{
	return psprintf("%s.%s", quote_identifier(get_rel_name(source->relation_id)),
					quote_identifier(get_attname(source->relation_id, number, false)));
}

/* The relation of a stored source text such as shop."Order". */
static void
find_relation(KpiSource *source)
{
	List	   *names = textToQualifiedNameList(cstring_to_text(source->source));
	char	   *schema;

	/* locked, so that what is found here is there when the query is planned */
	if (list_length(names) == 2)
		source->relation_id = RangeVarGetRelid(makeRangeVarFromNameList(names), AccessShareLock, true);
	else
		source->relation_id = InvalidOid;
	if (!OidIsValid(source->relation_id))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("source \"%s\" of indicator \"%s\" does not exist",
						source->source, source->indicator),
				 errhint("The source of an indicator is a table or view written as schema.name.")));
	schema = get_namespace_name(get_rel_namespace(source->relation_id));
	source->relation = quote_qualified_identifier(schema, get_rel_name(source->relation_id));
}

/* Finds the relation and the columns of the source, and quotes their names. */
void
kpi_resolve_source(KpiSource *source)
{
	AttrNumber	number;
	Oid			type;

	find_relation(source);
	number = find_column(source, source->time_column);
	source->time_reference = column_reference(source, number);
	type = getBaseType(get_atttype(source->relation_id, number));
	if (type != DATEOID && type != TIMESTAMPOID && type != TIMESTAMPTZOID)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time column \"%s\" of source \"%s\" is of type %s",
						source->time_column, source->source, format_type_be(type)),
				 errhint("Use a column of type date, timestamp or timestamp with time zone.")));
	source->time_type = type;
	if (source->unit_column != NULL)
		source->unit_reference = column_reference(source, find_column(source, source->unit_column));
}

/* Is there a parameter such as $1 anywhere in a parse tree? */
static bool
has_parameter(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, ParamRef))
		return true;
	return raw_expression_tree_walker(node, has_parameter, context);
}

/* Is the text one SELECT of one unnamed expression and nothing else? */
static bool
selects_one_expression(const char *query)
{
	Node	   *expression = kpi_only_expression(raw_parser(query, RAW_PARSE_DEFAULT));

	return expression != NULL && !has_parameter(expression, NULL);
}

/* Whether a raw expression has a window function, but for those of a subselect of its own. */
static bool
has_window(Node *node, void *context)
{
	if (node == NULL || IsA(node, SelectStmt))
		return false;
	if (IsA(node, FuncCall) && ((FuncCall *) node)->over != NULL)
		return true;
	return raw_expression_tree_walker(node, has_window, context);
}

/*
 * A window looks over the periods and units that the query happens to have,
 * so its value would depend on what is collected together.
 */
static void
refuse_window(const KpiSource *source, const char *part, const char *text)
{
	RawStmt    *raw = linitial_node(RawStmt, raw_parser(psprintf("SELECT %s", text), RAW_PARSE_DEFAULT));
	SelectStmt *select = castNode(SelectStmt, raw->stmt);

	if (has_window((Node *) linitial_node(ResTarget, select->targetList)->val, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s \"%s\" of indicator \"%s\" has a window function",
						part, text, source->indicator),
				 errdetail("It is computed over the rows of one period and one unit, and sees no others."),
				 errhint("Compare with other periods in a derived indicator, such as revenue / previous(revenue) - 1.")));
}

/*
 * Inside PG_CATCH: raises the server's error again as an error of a part of
 * the definition, with the server's words for those who may see what the
 * owner's code says.  Errors that are no mistake of the definition, a cancel
 * above all, pass unchanged.
 */
static void
raise_mistake(const KpiSource *source, const char *part, const char *text, MemoryContext context)
{
	ErrorData  *error;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	if (!kpi_is_mistake(error->sqlerrcode))
		PG_RE_THROW();
	FlushErrorState();
	kpi_leave_source();
	if (error->sqlerrcode == ERRCODE_UNDEFINED_FUNCTION ||
		error->sqlerrcode == ERRCODE_UNDEFINED_OBJECT ||
		error->sqlerrcode == ERRCODE_UNDEFINED_TABLE)
		error->hint = "Only pg_catalog is searched: write functions, types and tables of other schemas with their schema.";
	ereport(ERROR,
			(errcode(error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE ?
					 ERRCODE_INSUFFICIENT_PRIVILEGE : ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s \"%s\" of indicator \"%s\" cannot be planned",
					part, text, source->indicator),
			 kpi_may_see_source() ? errdetail("The server says: %s.", error->message) : 0,
			 !kpi_may_see_source() ? errhint("Members of role \"%s\" are told what the server says.",
											 source->owner.name) :
			 error->hint ? errhint("%s", error->hint) : 0));
}

/*
 * An expression must stay one, whatever surrounds it: it parses alone, which
 * refuses a stray parenthesis, and in parentheses, which refuses all that is
 * no expression.
 */
void
kpi_check_expression(const KpiSource *source, KpiExpression which)
{
	MemoryContext context = CurrentMemoryContext;
	const char *part = expression_names[which];
	char	   *text = source->expression[which];
	volatile bool one = false;

	if (text == NULL)
		return;
	PG_TRY();
	{
		one = selects_one_expression(psprintf("SELECT %s\n", text)) &&
			selects_one_expression(psprintf("SELECT (%s\n)", text));
	}
	PG_CATCH();
	{
		raise_mistake(source, part, text, context);
	}
	PG_END_TRY();
	if (!one)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s \"%s\" of indicator \"%s\" is not one expression",
						part, text, source->indicator),
				 errhint("Write one SQL expression over the columns of the source, without parameters, an AS name or further clauses.")));
	refuse_window(source, part, text);
}

/* Appends an aggregate expression as a column of the query. */
static void
append_measure(StringInfo query, const char *expression)
{
	/* COALESCE keeps the type and refuses functions that return sets */
	if (expression != NULL)
		appendStringInfo(query, ",\n\tCOALESCE((%s\n))", expression);
	else
		appendStringInfoString(query, ",\n\tNULL::numeric");
}

/* The first day of the period of a grain in which a row lies. */
static char *
period_of(const KpiSource *source, int grain)
{
	return psprintf("($%d)[width_bucket(CAST(%s AS %s), $%d)]", KPI_PARAMETER_PERIODS + grain,
					source->time_reference, format_type_be(source->time_type),
					KPI_PARAMETER_SEGMENTS);
}

/* Appends the join that says which units have a row; the tree is that of the row's day. */
static void
append_units(StringInfo query, const KpiSource *source, const KpiUnits *units)
{
	appendStringInfo(query,
					 "\n\tLEFT JOIN unnest($%d, $%d, $%d) AS \"kpi$units\"(\"kpi$value\", \"kpi$ancestor\", \"kpi$part\")"
					 "\n\tON \"kpi$value\" = CAST(%s AS text) COLLATE \"C\"",
					 KPI_PARAMETER_VALUES, KPI_PARAMETER_ANCESTORS, KPI_PARAMETER_VALUE_PARTS,
					 source->unit_reference);
	if (units->parts > 1)
		appendStringInfo(query, " AND \"kpi$part\" = width_bucket(CAST(%s AS %s), $%d)",
						 source->time_reference, format_type_be(source->time_type),
						 KPI_PARAMETER_PARTS);
}

/* The text of the query; a part that is NULL is left out. */
static char *
query_text(const KpiSource *source, const KpiPeriods *periods, const KpiUnits *units)
{
	const char *unit = NULL;
	StringInfoData query;

	/* a row of no known unit belongs to the only root, or to nobody */
	if (source->unit_reference != NULL)
		unit = psprintf("COALESCE(\"kpi$ancestor\", $%d)", KPI_PARAMETER_ROOT);

	initStringInfo(&query);
	appendStringInfo(&query, "SELECT %s", unit ? unit : "NULL::integer");
	append_measure(&query, source->expression[KPI_NUMERATOR]);
	append_measure(&query, source->expression[KPI_DENOMINATOR]);
	appendStringInfo(&query, ",\n\tcount(*),\n\t%s",
					 unit ? "count(*) FILTER (WHERE \"kpi$ancestor\" IS NULL)" : "0::bigint");
	for (int i = 0; i < periods->grains; i++)
		appendStringInfo(&query, ",\n\t%s", period_of(source, i));
	appendStringInfo(&query, "\nFROM %s", source->relation);
	if (unit != NULL)
		append_units(&query, source, units);
	appendStringInfo(&query, "\nWHERE %s >= $%d AND %s < $%d", source->time_reference,
					 KPI_PARAMETER_FROM, source->time_reference, KPI_PARAMETER_TO);
	if (source->expression[KPI_FILTER] != NULL)
		appendStringInfo(&query, " AND (%s\n)", source->expression[KPI_FILTER]);
	appendStringInfoString(&query, "\nGROUP BY GROUPING SETS (");
	for (int i = 0; i < periods->grains; i++)
		appendStringInfo(&query, "%s\n\t(%s%s%s)", i == 0 ? "" : ",", unit ? unit : "",
						 unit ? ", " : "", period_of(source, i));
	appendStringInfoChar(&query, ')');
	return query.data;
}

/* A day as a value of the type of the time column. */
static Datum
day_as(Oid type, DateADT day)
{
	if (type == TIMESTAMPOID)
		return DirectFunctionCall1(date_timestamp, DateADTGetDatum(day));
	if (type == TIMESTAMPTZOID)
		return DirectFunctionCall1(date_timestamptz, DateADTGetDatum(day));
	return DateADTGetDatum(day);
}

/* An array of values of a type. */
static Datum
array_of(Oid type, Datum *values, int count)
{
	int16		length;
	bool		by_value;
	char		align;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	return PointerGetDatum(construct_array(values, count, type, length, by_value, align));
}

/* Days as an array of the type of the time column. */
static Datum
days_as(Oid type, const Datum *days, int count)
{
	Datum	   *values = palloc(sizeof(Datum) * Max(count, 1));

	for (int i = 0; i < count; i++)
		values[i] = day_as(type, DatumGetDateADT(days[i]));
	return array_of(type, values, count);
}

/* Sets a parameter, counted from 1; a Datum of 0 is NULL where the type is no number. */
static void
set_parameter(KpiSourceQuery *query, int place, Oid type, Datum value, bool isnull)
{
	query->types[place - 1] = type;
	query->values[place - 1] = value;
	query->nulls[place - 1] = isnull ? 'n' : ' ';
}

/* The parameters that say which units have a row. */
static void
set_units(KpiSourceQuery *query, const KpiSource *source, const KpiUnits *units)
{
	bool		none = DatumGetPointer(units->values) == NULL;

	set_parameter(query, KPI_PARAMETER_VALUES, TEXTARRAYOID, units->values, none);
	set_parameter(query, KPI_PARAMETER_ANCESTORS, INT4ARRAYOID, units->ancestors, none);
	set_parameter(query, KPI_PARAMETER_VALUE_PARTS, INT4ARRAYOID, units->value_part, none);
	set_parameter(query, KPI_PARAMETER_ROOT, INT4OID,
				  units->nroots == 1 ? units->roots[0] : (Datum) 0, units->nroots != 1);
	set_parameter(query, KPI_PARAMETER_PARTS, get_array_type(source->time_type),
				  days_as(source->time_type, units->part_start, units->parts), false);
}

/*
 * The query over the whole of every period that the range touches.  A row has
 * the first day of its period in the column of its grain, and NULL in those of
 * the others.
 */
void
kpi_build_source_query(const KpiSource *source, const KpiPeriods *periods,
					   const KpiUnits *units, KpiSourceQuery *query)
{
	Oid			type = source->time_type;

	query->text = query_text(source, periods, units);
	query->nargs = KPI_PARAMETER_PERIODS - 1 + periods->grains;
	query->types = palloc(sizeof(Oid) * query->nargs);
	query->values = palloc(sizeof(Datum) * query->nargs);
	query->nulls = palloc0(query->nargs + 1);
	set_parameter(query, KPI_PARAMETER_FROM, type,
				  day_as(type, DatumGetDateADT(periods->start[0])), false);
	set_parameter(query, KPI_PARAMETER_TO, type, day_as(type, periods->end), false);
	set_parameter(query, KPI_PARAMETER_SEGMENTS, get_array_type(type),
				  days_as(type, periods->start, periods->segments), false);
	set_units(query, source, units);
	for (int i = 0; i < periods->grains; i++)
		set_parameter(query, KPI_PARAMETER_PERIODS + i, DATEARRAYOID,
					  array_of(DATEOID, periods->period + (Size) i * periods->segments, periods->segments),
					  false);
}

/* Types a numerator or denominator may have. */
static bool
is_number_type(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			return true;
	}
	return false;
}

/* An expression gives a number, where there is one. */
static void
check_number(const KpiSource *source, KpiExpression which, TupleDesc tupdesc, int column)
{
	Oid			type = getBaseType(SPI_gettypeid(tupdesc, column));

	if (source->expression[which] != NULL && !is_number_type(type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s \"%s\" of indicator \"%s\" is of type %s",
						expression_names[which], source->expression[which],
						source->indicator, format_type_be(type)),
				 errhint("Write an aggregate that gives a number, such as sum(quantity) or count(*).")));
}

/* The columns of a planned or executed query are numbers where they must be. */
void
kpi_check_number_columns(const KpiSource *source, TupleDesc tupdesc)
{
	check_number(source, KPI_NUMERATOR, tupdesc, KPI_COLUMN_NUMERATOR);
	check_number(source, KPI_DENOMINATOR, tupdesc, KPI_COLUMN_DENOMINATOR);
}

/* Plans and starts the query, which checks the rights too, but reads nothing. */
static TupleDesc
start_query(const KpiSource *source)
{
	KpiPeriods	periods;
	KpiUnits	units;
	KpiSourceQuery query;
	Portal		portal;
	TupleDesc	tupdesc;

	kpi_no_place(&periods, &units);
	kpi_build_source_query(source, &periods, &units, &query);
	kpi_check_trust_in_query(source, &query);
	kpi_enter_source();
	portal = SPI_cursor_open_with_args(NULL, query.text, query.nargs, query.types,
									   query.values, query.nulls, true, 0);
	tupdesc = CreateTupleDescCopy(portal->tupDesc);
	SPI_cursor_close(portal);
	kpi_leave_source();
	return tupdesc;
}

/* The same; an error is raised as one of the part last added. */
static TupleDesc
start_part(const KpiSource *source, const char *part, const char *text)
{
	MemoryContext context = CurrentMemoryContext;
	TupleDesc	tupdesc = NULL;

	PG_TRY();
	{
		tupdesc = start_query(source);
	}
	PG_CATCH();
	{
		raise_mistake(source, part, text, context);
	}
	PG_END_TRY();
	return tupdesc;
}

/*
 * Plans the query without running it, first bare and then with one expression
 * more each time, so that the error names the part that is wrong.
 */
void
kpi_check_source_plan(const KpiSource *source)
{
	KpiSource	part = *source;

	for (int i = 0; i < KPI_EXPRESSIONS; i++)
		part.expression[i] = NULL;
	start_part(&part, "source", source->source);
	for (int i = 0; i < KPI_EXPRESSIONS; i++)
	{
		if (source->expression[i] == NULL)
			continue;
		part.expression[i] = source->expression[i];
		kpi_check_number_columns(&part, start_part(&part, expression_names[i],
												   source->expression[i]));
	}
}
