/*-------------------------------------------------------------------------
 *
 * peers.c
 *	  Where a value stands among those of its peers, the rows of a partition.
 *
 *	rank				1 + those that are better
 *	percent_rank		those that are worse / (n - 1)
 *	cume_dist			those that are not better / n
 *	mid_rank			(those that are worse + half of the equal ones) / n
 *	quartile			1 from the best quarter's limit on, down to 4; quantiles
 *						between two values by their distance, as percentile_cont
 *	z					(value - mean) / sample standard deviation
 *	robust_z			0.6745 (value - median) / median absolute deviation; where
 *						that is 0, (value - median) / (1.2533 mean absolute
 *						deviation)
 *	gap_to_median, gap_to_best	value - median, value - best
 *	index				100 value / mean
 *
 * z and gaps have the sign of better where the value is better.
 *
 * NULL rule: NULL, all but n, where there are fewer peers than min_peers or the
 * value is NULL, NaN or infinite, which is no peer either; z where all are equal;
 * index where the mean is 0.
 *
 * Sources: R. J. Hyndman and Y. Fan, American Statistician 50, 1996 (quantiles of
 * type 7); B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, 1993
 * (robust z).
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/answer.h"
#include "base/check.h"
#include "base/partition.h"
#include "base/words.h"
#include "weighting/direction.h"

/* Arguments, then what is kept: the peers and their figures before them. */
enum
{
	ARG_VALUE, ARG_DIRECTION, ARG_MIN_PEERS
};

enum
{
	PEERS, MEAN, DEVIATION, MEDIAN, SPREAD, LOWER, ENOUGH, FIGURES
};

#define LEAST_PEERS 3
#define ANSWER_COLUMNS 15

#define ST_SORT sort_values
#define ST_ELEMENT_TYPE double
#define ST_COMPARE(a, b) ((*(a) > *(b)) - (*(a) < *(b)))
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/* The quantile of sorted values, between two of them by its distance. */
static double
quantile(const double *value, int count, double share)
{
	double		place = share * (count - 1);
	int			below = Min((int) place, count - 2);

	return value[below] + (place - below) * (value[below + 1] - value[below]);
}

/* The value as what is the greater the better. */
static inline double
oriented(const double *figure, double value)
{
	return figure[LOWER] != 0 ? -value : value;
}

/* What the robust z divides by; 0 where all values are equal. */
static double
robust_spread(const double *value, int count, double median)
{
	double	   *distance = palloc(count * sizeof(double));
	double		sum = 0;
	double		spread;

	for (int i = 0; i < count; i++)
	{
		distance[i] = fabs(value[i] - median);
		sum += distance[i] / count;
	}
	sort_values(distance, count);
	spread = quantile(distance, count, 0.5) / 0.6745;
	pfree(distance);
	return spread != 0 ? spread : 1.2533 * sum;
}

/* The figures of peers, at least three. */
static void
measure_peers(double *figure, const double *value, int count)
{
	double		mean = 0;
	double		squares = 0;

	for (int i = 0; i < count; i++)
		mean += (value[i] - mean) / (i + 1);
	for (int i = 0; i < count; i++)
		squares += (value[i] - mean) * (value[i] - mean);
	figure[MEAN] = mean;
	figure[DEVIATION] = sqrt(squares / (count - 1));
	figure[MEDIAN] = quantile(value, count, 0.5);
	figure[SPREAD] = robust_spread(value, count, figure[MEDIAN]);
}

/* How many peers a value needs. */
static int
read_min_peers(FunctionCallInfo fcinfo, int rows)
{
	NullableDatum given = kpi_partition_parameter(fcinfo, ARG_MIN_PEERS, "min_peers", rows);
	int			peers = given.isnull ? LEAST_PEERS : kpi_check_whole(DatumGetFloat8(given.value), "min_peers");

	if (peers < LEAST_PEERS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("min_peers %d is below %d", peers, LEAST_PEERS),
				 errhint("Among fewer a place says little, and gives the values of the others away.")));
	return peers;
}

/* Whether lower is better. */
static bool
read_direction(FunctionCallInfo fcinfo, int rows)
{
	NullableDatum given = kpi_partition_parameter(fcinfo, ARG_DIRECTION, "direction", rows);

	return !given.isnull && kpi_is_lower(DatumGetTextPP(given.value));
}

/* Sort the peers of a partition and measure them, once. */
static void
gather(FunctionCallInfo fcinfo, KpiPartition *partition)
{
	double	   *figure = partition->kept;
	double	   *value = figure + FIGURES;
	KpiMatrix	column = {partition->rows, 1, value};
	int			count = 0;
	int			min_peers = read_min_peers(fcinfo, partition->rows);

	figure[LOWER] = read_direction(fcinfo, partition->rows);
	kpi_partition_column(PG_WINDOW_OBJECT(), ARG_VALUE, &column, 0);
	for (int i = 0; i < partition->rows; i++)
	{
		if (kpi_is_number(value[i]))
			value[count++] = oriented(figure, value[i]);
	}
	sort_values(value, count);
	figure[PEERS] = count;
	figure[ENOUGH] = count >= min_peers;
	if (count >= LEAST_PEERS)
		measure_peers(figure, value, count);
	partition->ready = true;
}

/* How many of the sorted peers are below a value, or not above it. */
static int
count_below(const double *value, int count, double limit, bool or_equal)
{
	int			low = 0;
	int			high = count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (value[middle] < limit || (or_equal && value[middle] == limit))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The quarter that a value is in, 1 for the best. */
static int
quartile(const double *peer, int count, double value)
{
	int			quarter = 1;

	while (quarter < 4 && value < quantile(peer, count, 1 - quarter / 4.0))
		quarter++;
	return quarter;
}

/* The place of a value among enough peers. */
static void
answer_place(KpiAnswer *answer, const double *figure, double value)
{
	const double *peer = figure + FIGURES;
	int			n = (int) figure[PEERS];
	int			worse = count_below(peer, n, value, false);
	int			not_better = count_below(peer, n, value, true);

	kpi_answer_integer(answer, 1 + n - not_better);
	kpi_answer_number(answer, worse / (n - 1.0));
	kpi_answer_number(answer, not_better / (double) n);
	kpi_answer_number(answer, (worse + not_better) / 2.0 / n);
	kpi_answer_integer(answer, quartile(peer, n, value));
	kpi_answer_number(answer, oriented(figure, figure[MEAN]));
	kpi_answer_number(answer, figure[DEVIATION]);
	kpi_answer_number(answer, oriented(figure, figure[MEDIAN]));
	kpi_answer_number(answer, oriented(figure, peer[n - 1]));
	kpi_answer_number(answer, (value - figure[MEAN]) / figure[DEVIATION]);
	kpi_answer_number(answer, (value - figure[MEDIAN]) / figure[SPREAD]);
	kpi_answer_number(answer, value - figure[MEDIAN]);
	kpi_answer_number(answer, value - peer[n - 1]);
	kpi_answer_number(answer, 100 * value / figure[MEAN]);
}

/* peer_position(value, direction, min_peers) OVER (...) */
PG_FUNCTION_INFO_V1(kpi_peer_position);
Datum
kpi_peer_position(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	KpiPartition *partition = kpi_partition(window, FIGURES + 1);
	KpiAnswer	answer = {0};
	bool		isnull;
	Datum		value;

	if (!partition->ready)
		gather(fcinfo, partition);
	value = WinGetFuncArgCurrent(window, ARG_VALUE, &isnull);
	kpi_answer_integer(&answer, (int32) partition->kept[PEERS]);
	if (!isnull && partition->kept[ENOUGH] != 0 && kpi_is_number(DatumGetFloat8(value)))
		answer_place(&answer, partition->kept, oriented(partition->kept, DatumGetFloat8(value)));
	while (answer.count < ANSWER_COLUMNS)
		kpi_answer_add(&answer, (Datum) 0, true);
	return kpi_answer_row(fcinfo, &answer);
}
