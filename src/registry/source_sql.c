/*-------------------------------------------------------------------------
 *
 * source_sql.c
 *	  The names and expressions of a definition, resolved and checked.
 *
 * Names are resolved and quoted here, and nothing else of the registry gets
 * into a query but expressions, each of which must parse alone, and within
 * parentheses, to exactly one expression.  A newline after each ends a trailing
 * comment.  Numerator and denominator are analysed over all rows at once, so
 * that they cannot name a column that the query over the rows happens to group
 * by, and must give a number.
 *
 * The caller has switched to the owner of the indicator before: what the owner
 * may not use or read is refused in words.
 *
 *-------------------------------------------------------------------------
 */
#include <ctype.h>

#include "registry/source_place.h"
#include "registry/source_scan.h"
#include "registry/source_sql.h"

#include "access/relation.h"
#include "base/nearest.h"
#include "base/number.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "optimizer/clauses.h"
#include "parser/parser.h"
#include "registry/mistake.h"
#include "registry/only_expression.h"
#include "registry/trust.h"
#include "utils/acl.h"
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

/* Says what the owner lacks to read the source, and how it is granted. */
static void
refuse_reading(const KpiSource *source, const char *privilege, const char *object)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("permission denied to read source \"%s\" of indicator \"%s\"", source->source, source->indicator),
			 errdetail("Role \"%s\" lacks %s on %s.", source->owner.name, privilege, object),
			 errhint("Let it be granted: GRANT %s ON %s TO %s;", privilege, object, quote_identifier(source->owner.name))));
}

/* The owner may use the schema of the source, if that is there. */
static void
require_usage(const KpiSource *source, const char *name)
{
	Oid			schema = get_namespace_oid(name, true);

	if (OidIsValid(schema) && !kpi_may_use_schema(schema, GetUserId()))
		refuse_reading(source, "USAGE", psprintf("SCHEMA %s", quote_identifier(name)));
}

/* The owner may read the source, or some of its columns. */
static void
require_select(const KpiSource *source)
{
	if (pg_class_aclcheck(source->relation_id, GetUserId(), ACL_SELECT) != ACLCHECK_OK &&
		pg_attribute_aclcheck_all(source->relation_id, GetUserId(), ACL_SELECT, ACLMASK_ANY) != ACLCHECK_OK)
		refuse_reading(source, "SELECT", source->relation);
}

/* The relation of a stored source text such as shop."Order". */
static void
find_relation(KpiSource *source)
{
	List	   *names = textToQualifiedNameList(cstring_to_text(source->source));
	char	   *schema;

	/* locked, so that what is found here is there when the query is planned */
	if (list_length(names) == 2)
	{
		require_usage(source, strVal(linitial(names)));
		source->relation_id = RangeVarGetRelid(makeRangeVarFromNameList(names), AccessShareLock, true);
	}
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
	require_select(source);
}

/* Finds the relation and the time column of the source, and quotes their names. */
void
kpi_resolve_source(KpiSource *source)
{
	AttrNumber	number;
	Oid			type;

	find_relation(source);
	if (source->time_column == NULL)
		return;
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

/* What to write instead, where the server's own hint does not say it. */
static const char *
better_hint(const ErrorData *error, const char *part)
{
	bool		aggregate = strcmp(part, "numerator") == 0 || strcmp(part, "denominator") == 0;

	switch (error->sqlerrcode)
	{
		case ERRCODE_UNDEFINED_FUNCTION:
		case ERRCODE_UNDEFINED_OBJECT:
		case ERRCODE_UNDEFINED_TABLE:
			return "Only pg_catalog is searched: write functions, types and tables of other schemas with their schema.";
		case ERRCODE_GROUPING_ERROR:
			return aggregate ? "Write an aggregate over the rows, such as sum(amount) or count(*)." : error->hint;
		case ERRCODE_FEATURE_NOT_SUPPORTED:
			return aggregate ? "Write what gives one number for all rows, such as sum(amount); functions that return rows do not." :
				error->hint;
		default:
			return error->hint;
	}
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
	const char *hint;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	if (!kpi_is_mistake(error->sqlerrcode))
		PG_RE_THROW();
	FlushErrorState();
	kpi_leave_source();
	hint = better_hint(error, part);
	ereport(ERROR,
			(errcode(error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE ?
					 ERRCODE_INSUFFICIENT_PRIVILEGE : ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s \"%s\" of indicator \"%s\" cannot be planned",
					part, text, source->indicator),
			 kpi_may_see_source() ? errdetail("The server says: %s%s", error->message, kpi_full_stop(error->message)) : 0,
			 !kpi_may_see_source() ? errhint("Members of role \"%s\" see what the server says.",
											 source->owner.name) :
			 hint ? errhint("%s", hint) : 0));
}

/*
 * An expression must stay one, whatever surrounds it: it parses alone, which
 * refuses a stray parenthesis, and in parentheses, which refuses all that is
 * no expression.
 */
static void
check_expression(const KpiSource *source, const char *part, const char *text)
{
	MemoryContext context = CurrentMemoryContext;
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

/* What a definition calls the expression of a dimension. */
static const char *
unit_part(const KpiDimension *dimension)
{
	return strcmp(dimension->name, KPI_ORGANISATION) == 0 ? "unit_column" :
		psprintf("unit_columns of %s", dimension->name);
}

/* Whether a text is the name of a column and nothing else, so that a wrong one is a misspelt column. */
static bool
is_one_name(const char *text)
{
	for (; *text !='\0'; text ++)
	{
		if (!isalnum((unsigned char) *text) && *text !='_' && !IS_HIGHBIT_SET(*text))
			return false;
	}
	return true;
}

/* Whether what names the unit is a column; a name that is none is a misspelt one. */
static bool
is_column(const KpiSource *source, const char *text)
{
	if (get_attnum(source->relation_id, text) > 0)
		return true;
	if (is_one_name(text))
		(void) find_column(source, text);
	return false;
}

/* The same of what names units. */
static void
check_units(const KpiSource *source, const KpiPlace *place)
{
	ListCell   *cell;

	foreach(cell, place->dimensions)
	{
		KpiDimension *dimension = lfirst(cell);

		if (dimension->expression != NULL && !is_column(source, dimension->expression))
			check_expression(source, unit_part(dimension), dimension->expression);
	}
}

/* The same of all expressions of a definition. */
void
kpi_check_expressions(KpiSource *source)
{
	ListCell   *cell;

	foreach(cell, source->places)
		check_units(source, lfirst(cell));
	foreach(cell, source->measures)
	{
		KpiMeasure *measure = lfirst(cell);

		for (int i = 0; i < KPI_EXPRESSIONS; i++)
			check_expression(source, expression_names[i], measure->expression[i]);
	}
}

/* The type of an expression that is of a row, not of many, and no set. */
static Oid
type_of_row(const KpiSource *source, const char *expression)
{
	KpiQuery	query;

	kpi_begin_query(&query);
	appendStringInfo(&query.text, "SELECT COALESCE((%s\n)) FROM %s GROUP BY 1", expression, source->relation);
	kpi_enter_source();
	kpi_analyse_query(&query);
	kpi_leave_source();
	return exprType((Node *) linitial_node(TargetEntry, query.query->targetList)->expr);
}

/* What names the unit, as a reference or an expression over the rows. */
static char *
unit_reference(const KpiSource *source, const KpiDimension *dimension, Oid *type)
{
	const char *text = dimension->expression;
	AttrNumber	number;

	if (!is_column(source, text))
	{
		*type = type_of_row(source, text);
		return psprintf("COALESCE((%s\n))", text);
	}
	number = find_column(source, text);
	*type = get_atttype(source->relation_id, number);
	return column_reference(source, number);
}

/* Whether values of a type are equal only where their texts are. */
static bool
is_like_its_text(Oid type)
{
	switch (type)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case OIDOID:
		case UUIDOID:
			return true;
	}
	return type_is_enum(type);
}

/* The number of a value that names units, from 1; it is added unless it is there. */
static int
number_value(KpiSource *source, char *sql, bool is_text, bool is_column)
{
	KpiValue   *value;
	ListCell   *cell;

	foreach(cell, source->values)
	{
		if (strcmp(((KpiValue *) lfirst(cell))->sql, sql) == 0)
			return foreach_current_index(cell) + 1;
	}
	value = palloc0(sizeof(KpiValue));
	value->sql = sql;
	value->is_text = is_text;
	value->is_column = is_column;
	source->values = lappend(source->values, value);
	return list_length(source->values);
}

/* Finds what names the units of a dimension; the text of a value is made for groups of rows where it can be. */
static void
resolve_dimension(KpiSource *source, KpiDimension *dimension)
{
	Oid			type;
	char	   *reference = unit_reference(source, dimension, &type);
	bool		is_text = !is_like_its_text(getBaseType(type));

	dimension->value = is_text ? psprintf("CAST(%s AS text) COLLATE \"C\"", reference) : reference;
	dimension->key = number_value(source, dimension->value, is_text, is_column(source, dimension->expression));
}

/* Finds what names the units. */
void
kpi_resolve_units(KpiSource *source)
{
	ListCell   *place;
	ListCell   *cell;

	source->values = NIL;
	foreach(place, source->places)
	{
		foreach(cell, ((KpiPlace *) lfirst(place))->dimensions)
		{
			KpiDimension *dimension = lfirst(cell);

			if (dimension->expression != NULL)
				resolve_dimension(source, dimension);
		}
	}
}

/* An expression gives a number, where there is one. */
static void
check_number(const KpiMeasure *measure, KpiExpression which)
{
	if (!kpi_is_number_type(measure->type[which]) || measure->type[which] == TEXTOID)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s \"%s\" of indicator \"%s\" is of type %s",
						expression_names[which], measure->expression[which],
						measure->indicator, format_type_be(measure->type[which])),
				 errhint("Write an aggregate that gives a number, such as sum(quantity) or count(*).")));
}

/* Analyses the expressions of a measure over all rows at once, and notes their types. */
static void
analyse_measure(const KpiSource *source, KpiMeasure *measure)
{
	KpiQuery	query;
	int			next = 1;

	kpi_begin_query(&query);
	appendStringInfoString(&query.text, "SELECT count(*)");
	kpi_append_expressions(&query, measure);
	appendStringInfo(&query.text, "\nFROM %s", source->relation);
	if (measure->expression[KPI_FILTER] != NULL)
		appendStringInfo(&query.text, "\nWHERE (%s\n)", measure->expression[KPI_FILTER]);
	kpi_enter_source();
	kpi_analyse_query(&query);
	kpi_leave_source();
	measure->looks_at_rows = false;
	for (int i = KPI_NUMERATOR; i < KPI_EXPRESSIONS; i++)
	{
		Node	   *expression;

		if (measure->expression[i] == NULL)
			continue;
		expression = (Node *) list_nth_node(TargetEntry, query.query->targetList, next++)->expr;
		measure->type[i] = getBaseType(exprType(expression));
		measure->looks_at_rows = measure->looks_at_rows || contain_agg_clause(expression) || contain_subplans(expression);
	}
}

/* The expressions of a measure give numbers. */
static void
check_numbers(const KpiMeasure *measure)
{
	for (int i = KPI_NUMERATOR; i < KPI_EXPRESSIONS; i++)
	{
		if (measure->expression[i] != NULL)
			check_number(measure, i);
	}
}

/* A value is one of the rows: a constant has none, divided by one or not. */
static void
check_looks_at_rows(const KpiMeasure *measure)
{
	if (!measure->looks_at_rows)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("numerator \"%s\" of indicator \"%s\" is the same for any rows",
						measure->expression[KPI_NUMERATOR], measure->indicator),
				 errhint("Write an aggregate over the rows: count(*) or sum(1) counts them.")));
}

/* Analyses the expressions of a measure over all rows at once; they give numbers. */
void
kpi_check_measure(const KpiSource *source, KpiMeasure *measure)
{
	analyse_measure(source, measure);
	check_numbers(measure);
}

/* Plans and starts the query over the rows, which checks the rights too, but reads nothing. */
static void
start_scan(KpiSource *source)
{
	KpiScan		scan;
	KpiQuery	query;
	ListCell   *cell;

	kpi_resolve_units(source);
	foreach(cell, source->measures)
		analyse_measure(source, lfirst(cell));
	kpi_load_no_place(source);
	kpi_begin_scan(&scan, source);
	kpi_write_scan(&scan, &query);
	kpi_enter_source();
	kpi_analyse_query(&query);
	kpi_leave_source();
	kpi_check_trust_in_query(source, query.query);
	kpi_enter_source();
	kpi_plan_query(&query);
	kpi_start_query(&query);
	kpi_leave_source();
}

/* The same; an error is raised as one of the part last added. */
static void
start_part(KpiSource *source, const char *part, const char *text)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		start_scan(source);
	}
	PG_CATCH();
	{
		raise_mistake(source, part, text, context);
	}
	PG_END_TRY();
}

/*
 * Plans the query without running it, first bare and then with one expression
 * more each time, so that the error names the part that is wrong.
 */
void
kpi_check_source_plan(KpiSource *source)
{
	KpiSource	part = *source;
	const KpiPlace *whole = linitial(source->places);
	KpiPlace	place = *whole;
	KpiMeasure	measure = *(KpiMeasure *) linitial(source->measures);
	ListCell   *cell;

	for (int i = 0; i < KPI_EXPRESSIONS; i++)
		measure.expression[i] = NULL;
	part.measures = place.measures = list_make1(&measure);
	part.places = list_make1(&place);
	place.dimensions = NIL;
	start_part(&part, "source", source->source);
	foreach(cell, whole->dimensions)
	{
		KpiDimension *dimension = lfirst(cell);

		place.dimensions = lappend(place.dimensions, dimension);
		if (dimension->expression != NULL)
			start_part(&part, unit_part(dimension), dimension->expression);
	}
	for (int i = 0; i < KPI_EXPRESSIONS; i++)
	{
		measure.expression[i] = ((KpiMeasure *) linitial(source->measures))->expression[i];
		if (measure.expression[i] != NULL)
			start_part(&part, expression_names[i], measure.expression[i]);
		check_numbers(&measure);
	}
	check_looks_at_rows(&measure);
}
