/*-------------------------------------------------------------------------
 *
 * adtributor.c
 *	  Which elements of which dimension explain why a total is not as forecast.
 *
 * Of an element with forecast f and actual a in a dimension that sums to F and A:
 *
 *	power		(a - f) / (A - F): its share of what is missing
 *	surprise	(p ln(2 p / (p + q)) + q ln(2 q / (p + q))) / 2, p = f / F, q = a / A
 *
 * In every dimension, elements of at least min_element_power are chosen, the most
 * surprising first, until they explain more than min_power.  Dimensions that get
 * so far are ranked by the surprise of what was chosen.
 *
 * NULL rule: a row whose forecast or actual is NULL has 0 there, as an element that
 * is new or gone; powers are NULL where the total is as forecast, and nothing is
 * chosen then.
 *
 * Source: R. Bhagwan et al., "Adtributor: revenue debugging in advertising
 * systems", USENIX NSDI 2014.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/list.h"
#include "base/matrix.h"
#include "funcapi.h"
#include "utils/float.h"

/* Sums of dimensions, which are of the same rows, differ by no more. */
#define SAME_TOTAL 1e-6

typedef struct Element
{
	char	   *dimension;
	char	   *name;
	double		forecast;
	double		actual;
	double		power;
	double		surprise;
	bool		chosen;
	int			in;				/* which dimension */
} Element;

/* The elements of one dimension, which stand together. */
typedef struct Dimension
{
	int			first;
	int			count;
	double		forecast;
	double		actual;
	double		power;			/* of those that are chosen */
	double		surprise;
	int			rank;			/* 0 where they do not explain enough */
} Dimension;

/* All of them, and how much they have to explain. */
typedef struct Causes
{
	int			count;
	Element    *element;
	int			dimensions;
	Dimension  *dimension;
	double		min_power;
	double		min_element_power;
} Causes;

/* By dimension, the most surprising first, then by name. */
static int
compare_elements(const void *a, const void *b)
{
	const Element *x = a;
	const Element *y = b;

	if (x->in != y->in)
		return x->in - y->in;
	if (x->surprise != y->surprise)
		return x->surprise > y->surprise ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* By dimension and name. */
static int
compare_names(const void *a, const void *b)
{
	const Element *x = a;
	const Element *y = b;
	int			order = strcmp(x->dimension, y->dimension);

	return order != 0 ? order : strcmp(x->name, y->name);
}

/* A value of an element; 0 where there is none. */
static double
read_value(double value, const Element *element)
{
	if (value < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("element \"%s\" of dimension \"%s\" has the value %s", element->name, element->dimension,
						float8out_internal(value)),
				 errhint("Shares are of values of at least 0.")));
	return isnan(value) ? 0 : value;
}

/* The elements of the arguments, by dimension. */
static void
read_elements(FunctionCallInfo fcinfo, Causes *causes)
{
	KpiList		dimensions = kpi_list(PG_GETARG_ARRAYTYPE_P(0), "dimensions");
	KpiList		elements = kpi_list(PG_GETARG_ARRAYTYPE_P(1), "elements");
	KpiMatrix	forecast = kpi_matrix(PG_GETARG_ARRAYTYPE_P(2), "forecast", true);
	KpiMatrix	actual = kpi_matrix(PG_GETARG_ARRAYTYPE_P(3), "actual", true);

	kpi_check_no_nulls(&dimensions, "dimensions");
	kpi_check_no_nulls(&elements, "elements");
	kpi_check_same_length(&dimensions, "dimensions", &elements, "elements");
	kpi_check_values(&forecast, "forecast", elements.count, "element");
	kpi_check_values(&actual, "actual", elements.count, "element");
	causes->count = elements.count;
	causes->element = palloc0(causes->count * sizeof(Element));
	for (int i = 0; i < causes->count; i++)
	{
		Element    *element = &causes->element[i];

		element->dimension = TextDatumGetCString(dimensions.element[i]);
		element->name = TextDatumGetCString(elements.element[i]);
		element->forecast = read_value(forecast.value[i], element);
		element->actual = read_value(actual.value[i], element);
	}
	qsort(causes->element, causes->count, sizeof(Element), compare_names);
}

/* The error of an element that stands twice. */
static void
check_once(const Element *a, const Element *b)
{
	if (compare_names(a, b) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("element \"%s\" of dimension \"%s\" stands twice", a->name, a->dimension),
				 errhint("Add up its values before, with GROUP BY.")));
}

/* Find where dimensions begin, and what they sum to. */
static void
find_dimensions(Causes *causes)
{
	causes->dimension = palloc0(causes->count * sizeof(Dimension));
	for (int i = 0; i < causes->count; i++)
	{
		Dimension  *dimension;

		if (i > 0)
			check_once(&causes->element[i - 1], &causes->element[i]);
		if (i == 0 || strcmp(causes->element[i - 1].dimension, causes->element[i].dimension) != 0)
			causes->dimension[causes->dimensions++].first = i;
		dimension = &causes->dimension[causes->dimensions - 1];
		causes->element[i].in = causes->dimensions - 1;
		dimension->count++;
		dimension->forecast += causes->element[i].forecast;
		dimension->actual += causes->element[i].actual;
	}
}

/* Dimensions share out the same actual total; their forecasts may be of their own. */
static void
check_totals(const Causes *causes)
{
	const Dimension *first = &causes->dimension[0];

	for (int i = 1; i < causes->dimensions; i++)
	{
		const Dimension *other = &causes->dimension[i];

		if (fabs(other->actual - first->actual) > SAME_TOTAL * first->actual)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("dimension \"%s\" has an actual total of %s, but \"%s\" has %s",
							causes->element[first->first].dimension, float8out_internal(first->actual),
							causes->element[other->first].dimension, float8out_internal(other->actual)),
					 errhint("Every dimension shares out the same total: take all of its elements.")));
	}
}

/* p ln(2 p / (p + q)), 0 where p is. */
static double
divergence(double p, double q)
{
	return p == 0 ? 0 : p * log(2 * p / (p + q));
}

/* What an element explains of its dimension, and how surprising it is. */
static void
judge_element(Element *element, const Dimension *dimension)
{
	double		p = dimension->forecast == 0 ? 0 : element->forecast / dimension->forecast;
	double		q = dimension->actual == 0 ? 0 : element->actual / dimension->actual;
	double		missing = dimension->actual - dimension->forecast;

	element->power = missing == 0 ? NAN : (element->actual - element->forecast) / missing;
	element->surprise = (divergence(p, q) + divergence(q, p)) / 2;
}

/* Choose the elements of a dimension, which are in the order of their surprise. */
static void
choose(const Causes *causes, Dimension *dimension)
{
	for (int i = dimension->first; i < dimension->first + dimension->count; i++)
	{
		Element    *element = &causes->element[i];

		if (dimension->power > causes->min_power)
			break;
		element->chosen = element->power >= causes->min_element_power;
		if (element->chosen)
		{
			dimension->power += element->power;
			dimension->surprise += element->surprise;
		}
	}
	dimension->rank = dimension->power > causes->min_power;
}

/* Rank the dimensions that explain enough by their surprise; equal ones by name. */
static void
rank_dimensions(Causes *causes)
{
	for (int i = 0; i < causes->dimensions; i++)
	{
		Dimension  *dimension = &causes->dimension[i];

		if (dimension->rank == 0)
			continue;
		for (int k = 0; k < causes->dimensions; k++)
		{
			const Dimension *other = &causes->dimension[k];

			dimension->rank += other->rank > 0 &&
				(other->surprise > dimension->surprise || (other->surprise == dimension->surprise && k < i));
		}
	}
}

/* A share from 0 to 1. */
static double
check_share(double share, const char *name)
{
	if (!(share >= 0 && share <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %g is not between 0 and 1", name, share),
				 errhint("It is a share of the difference: write 0.67 for 67 percent.")));
	return share;
}

/* Find and rank the causes. */
static Causes
find_causes(FunctionCallInfo fcinfo)
{
	Causes		causes = {
		.min_power = check_share(PG_GETARG_FLOAT8(4), "min_power"),
		.min_element_power = check_share(PG_GETARG_FLOAT8(5), "min_element_power")
	};

	read_elements(fcinfo, &causes);
	find_dimensions(&causes);
	check_totals(&causes);
	for (int i = 0; i < causes.count; i++)
		judge_element(&causes.element[i], &causes.dimension[causes.element[i].in]);
	qsort(causes.element, causes.count, sizeof(Element), compare_elements);
	for (int i = 0; i < causes.dimensions; i++)
		choose(&causes, &causes.dimension[i]);
	rank_dimensions(&causes);
	return causes;
}

/* adtributor(dimensions, elements, forecast, actual, min_power, min_element_power) */
PG_FUNCTION_INFO_V1(kpi_adtributor);
Datum
kpi_adtributor(PG_FUNCTION_ARGS)
{
	Causes		causes = find_causes(fcinfo);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < causes.count; i++)
	{
		const Element *element = &causes.element[i];
		const Dimension *dimension = &causes.dimension[element->in];
		KpiAnswer	answer = {0};

		kpi_answer_text(&answer, element->dimension);
		kpi_answer_text(&answer, element->name);
		kpi_answer_number(&answer, element->forecast);
		kpi_answer_number(&answer, element->actual);
		kpi_answer_number(&answer, element->power);
		kpi_answer_number(&answer, element->surprise);
		kpi_answer_add(&answer, BoolGetDatum(element->chosen && dimension->rank > 0), false);
		kpi_answer_add(&answer, Int32GetDatum(dimension->rank), dimension->rank == 0);
		kpi_answer_put(fcinfo, &answer);
	}
	PG_RETURN_NULL();
}
