/*-------------------------------------------------------------------------
 *
 * coupling.c
 *	  How well systems develop together: coupling and coordination.
 *
 *	coupling		c = n (u[1] ... u[n])^(1/n) / (u[1] + ... + u[n])
 *	development		t = w[1] u[1] + ... + w[n] u[n], weights of sum 1
 *	coordination	d = sqrt(c t)
 *	level			1 + floor(10 d), at most 10, and its name
 *
 * NULL rule: NULL where an argument or a level is NULL; one system that is not
 * developed at all, u = 0, gives c = d = 0.
 *
 * Sources: Liao Chongbin, Tropical Geography 19, 1999 (degree of coordination in
 * ten classes of 0.1); the degree of coupling is that of physics, geometric mean
 * over mean.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include <math.h>

#include "base/answer.h"
#include "base/check.h"
#include "base/matrix.h"
#include "utils/float.h"

#define LEVELS 10

/* What rounding may take off ten times a coordination: two systems at 0.16 are at 0.4, where a class begins. */
#define ROUNDING 1e-12

static const char *const level_name[LEVELS] = {
	"extreme imbalance", "severe imbalance", "moderate imbalance", "mild imbalance", "near imbalance",
	"bare coordination", "primary coordination", "intermediate coordination", "good coordination", "quality coordination"
};

/* How developed systems are, each from 0 to 1. */
static KpiMatrix
read_systems(ArrayType *array)
{
	KpiMatrix	systems = kpi_matrix(array, "systems", false);

	if (systems.rows != 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("systems has two dimensions"),
				 errhint("Pass one array with an element for each system.")));
	for (int i = 0; i < systems.columns; i++)
	{
		if (systems.value[i] < 0 || systems.value[i] > 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("system %d, %s, is not between 0 and 1", i + 1, float8out_internal(systems.value[i])),
					 errhint("Say how developed each system is as a share, such as its score divided by 100.")));
	}
	return systems;
}

/* The weighted mean; all systems weigh the same where there are no weights. */
static double
development(const KpiMatrix *systems, const double *weight)
{
	double		sum = 0;
	double		all = 0;

	for (int i = 0; i < systems->columns; i++)
	{
		double		part = weight == NULL ? 1 : kpi_check_weight(weight[i]);

		sum += part * systems->value[i];
		all += part;
	}
	return sum / all;
}

/* The geometric mean over the mean. */
static double
coupling(const KpiMatrix *systems)
{
	double		log_sum = 0;
	double		sum = 0;

	for (int i = 0; i < systems->columns; i++)
	{
		if (systems->value[i] == 0)
			return 0;
		log_sum += log(systems->value[i]);
		sum += systems->value[i];
	}
	return Min(1, exp(log_sum / systems->columns) * systems->columns / sum);
}

/* coupling_coordination(systems, weights) */
PG_FUNCTION_INFO_V1(kpi_coupling_coordination);
Datum
kpi_coupling_coordination(PG_FUNCTION_ARGS)
{
	KpiMatrix	systems;
	double	   *weight = NULL;
	double		c;
	double		t;
	int			level;
	KpiAnswer	answer = {0};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	systems = read_systems(PG_GETARG_ARRAYTYPE_P(0));
	if (!PG_ARGISNULL(1))
		weight = kpi_vector(PG_GETARG_ARRAYTYPE_P(1), "weights", systems.columns);
	t = development(&systems, weight);
	if (!kpi_is_number(t))
		PG_RETURN_NULL();
	c = coupling(&systems);
	level = Min((int) (LEVELS * sqrt(c * t) + ROUNDING), LEVELS - 1);
	kpi_answer_number(&answer, c);
	kpi_answer_number(&answer, t);
	kpi_answer_number(&answer, sqrt(c * t));
	kpi_answer_integer(&answer, level + 1);
	kpi_answer_text(&answer, level_name[level]);
	return kpi_answer_row(fcinfo, &answer);
}
