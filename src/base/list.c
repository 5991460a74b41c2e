/*-------------------------------------------------------------------------
 *
 * list.c
 *	  Lists of parameters: arrays that were checked; numbers of any type for SQL.
 *
 *-------------------------------------------------------------------------
 */
#include "base/list.h"

#include "base/check.h"
#include "base/number.h"
#include "base/scalar.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"

/* The elements of an array of any shape. */
static KpiList
elements(ArrayType *array)
{
	KpiList		list;
	int16		length;
	bool		by_value;
	char		align;

	list.type = getBaseType(ARR_ELEMTYPE(array));
	get_typlenbyvalalign(list.type, &length, &by_value, &align);
	deconstruct_array(array, list.type, length, by_value, align,
					  &list.element, &list.is_null, &list.count);
	return list;
}

/* The elements of an array that must have one dimension and not be empty. */
KpiList
kpi_list(ArrayType *array, const char *name)
{
	if (ARR_NDIM(array) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 ARR_NDIM(array) == 0 ? errmsg("%s is an empty array", name) :
				 errmsg("%s has %d dimensions", name, ARR_NDIM(array)),
				 errhint("Pass an array of one dimension with at least one element.")));
	return elements(array);
}

/* The error for an array of anything but numbers. */
static void
require_numbers(Oid type, const char *name)
{
	if (!kpi_is_number_type(type))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s is an array of %s", name, format_type_be(type)),
				 errhint("Pass an array of numbers.")));
}

/* The elements of an array of numbers, of any type and shape. */
KpiList
kpi_number_elements(ArrayType *array, const char *name)
{
	KpiList		list = elements(array);

	require_numbers(list.type, name);
	return list;
}

/* The same of numbers, of any type. */
KpiList
kpi_number_list(ArrayType *array, const char *name)
{
	KpiList		list = kpi_list(array, name);

	require_numbers(list.type, name);
	return list;
}

/* number(value): a number of any type as numeric. */
PG_FUNCTION_INFO_V1(kpi_number);
Datum
kpi_number(PG_FUNCTION_ARGS)
{
	Oid			type = getBaseType(get_fn_expr_argtype(fcinfo->flinfo, 0));

	if (!kpi_is_number_type(type))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("a value of type %s is not a number", format_type_be(type)),
				 errhint("Pass a number.")));
	PG_RETURN_NUMERIC(kpi_number_to_numeric(PG_GETARG_DATUM(0), type));
}

/* numbers(list): an array of numbers of any type as numeric; NULLs stay. */
PG_FUNCTION_INFO_V1(kpi_numbers);
Datum
kpi_numbers(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	KpiList		list = elements(array);

	require_numbers(list.type, "list");
	for (int i = 0; i < list.count; i++)
	{
		if (!list.is_null[i])
			list.element[i] = NumericGetDatum(kpi_number_to_numeric(list.element[i], list.type));
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(list.element, list.is_null, ARR_NDIM(array),
											 ARR_DIMS(array), ARR_LBOUND(array),
											 NUMERICOID, -1, false, TYPALIGN_INT));
}

/* The error for an element that must not be NULL. */
static void
null_element(const char *name, int i)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("element %d of %s is null", i + 1, name),
			 errhint("Give a value for each element.")));
}

/* A list that allows no NULL. */
void
kpi_check_no_nulls(const KpiList *list, const char *name)
{
	for (int i = 0; i < list->count; i++)
	{
		if (list->is_null[i])
			null_element(name, i);
	}
}

/* Two lists that belong together, element by element. */
void
kpi_check_same_length(const KpiList *a, const char *a_name,
					  const KpiList *b, const char *b_name)
{
	if (a->count != b->count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements but %s has %d", a_name, a->count, b_name, b->count),
				 errhint("Pass one element of %s for each of %s.", b_name, a_name)));
}

/* The error for an element that is NaN or infinite. */
static void
bad_element(const char *name, int i, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("element %d of %s is %s, not a finite number", i + 1, name, value),
			 errhint("Give finite numbers only.")));
}

/* An element that must be a finite number. */
double
kpi_list_float8(const KpiList *list, int i, const char *name)
{
	double		value;

	if (list->is_null[i])
		null_element(name, i);
	value = kpi_number_to_float8(list->element[i], list->type);
	if (!kpi_is_number(value))
		bad_element(name, i, float8out_internal(value));
	return value;
}

/* The same for numeric. */
Numeric
kpi_list_numeric(const KpiList *list, int i, const char *name)
{
	Numeric		value;

	if (list->is_null[i])
		null_element(name, i);
	value = kpi_number_to_numeric(list->element[i], list->type);
	if (!kpi_is_numeric_number(value))
		bad_element(name, i, kpi_numeric_text(value));
	return value;
}
