/*-------------------------------------------------------------------------
 *
 * monitor.c
 *	  Window functions that follow values row by row.
 *
 *	ewma	s = alpha x + (1 - alpha) s from the first value on
 *	cusum	up = max(0, up + x - target - slack), down = max(0, down + target - x - slack)
 *
 * The rows of a partition are taken in its order, each once.  NULL rule: a value
 * that is NULL, NaN or infinite changes nothing, and the row has what stood
 * before; NULL before the first value.  Parameters are those of the row.
 *
 * Sources: S. W. Roberts, "Control chart tests based on geometric moving
 * averages", Technometrics 1, 1959; E. S. Page, "Continuous inspection schemes",
 * Biometrika 41, 1954.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "windowapi.h"

/* What is kept from row to row; zeros at first. */
typedef struct Followed
{
	bool		any;
	double		mean;
	double		up;
	double		down;
} Followed;

/* An argument of the row; false where it is NULL, NaN or infinite. */
static bool
read_number(WindowObject window, int argument, double *number)
{
	bool		isnull;
	Datum		value = WinGetFuncArgCurrent(window, argument, &isnull);

	if (isnull)
		return false;
	*number = DatumGetFloat8(value);
	return kpi_is_number(*number);
}

/* ewma(value, alpha) OVER (...): the weighted mean of the values so far. */
PG_FUNCTION_INFO_V1(kpi_ewma);
Datum
kpi_ewma(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Followed   *followed = WinGetPartitionLocalMemory(window, sizeof(Followed));
	double		value;
	double		alpha;

	if (!read_number(window, 1, &alpha))
		PG_RETURN_NULL();
	if (!(alpha > 0 && alpha <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha %g is not above 0 and at most 1", alpha),
				 errhint("It is the weight of the newest value; for a span of n values it is 2 / (n + 1).")));
	if (read_number(window, 0, &value))
	{
		followed->mean = followed->any ? alpha * value + (1 - alpha) * followed->mean : value;
		followed->any = true;
	}
	if (!followed->any)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(followed->mean);
}

/* cusum(value, target, slack) OVER (...): the sums of what is above and below the target. */
PG_FUNCTION_INFO_V1(kpi_cusum);
Datum
kpi_cusum(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Followed   *followed = WinGetPartitionLocalMemory(window, sizeof(Followed));
	KpiAnswer	answer = {0};
	double		value;
	double		target;
	double		slack;

	if (!read_number(window, 1, &target) || !read_number(window, 2, &slack))
		PG_RETURN_NULL();
	if (slack < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("slack %g is below 0", slack),
				 errhint("It is how far from the target a value is at ease: usually half a standard deviation.")));
	if (read_number(window, 0, &value))
	{
		followed->up = Max(0, followed->up + value - target - slack);
		followed->down = Max(0, followed->down + target - value - slack);
		followed->any = true;
	}
	if (!followed->any)
		PG_RETURN_NULL();
	kpi_answer_number(&answer, followed->up);
	kpi_answer_number(&answer, followed->down);
	return kpi_answer_row(fcinfo, &answer);
}
