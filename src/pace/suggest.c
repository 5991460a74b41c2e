/*-------------------------------------------------------------------------
 *
 * suggest.c
 *	  What the target of the next periods might be: by history, by peers, by one's own
 *	  forecast, and by all three.
 *
 *	history		of what periods made of the next ones' number, the last 12: a quantile,
 *				the last one with growth, the median and some robust deviations beyond
 *				it, or the best one; of fewer than 6 the last one
 *	industry	the last one, and so much of the way to a quantile of the peers
 *	capability	the forecast
 *	blend		the three by their weights, without those that are missing
 *	stretch		the better bound of the forecast's 80 % interval
 *
 * Beyond, growth and quantiles go where better is.  Each target comes with the
 * probability that the forecast gives it (outlook.c).
 *
 * NULL rule: no rows for NULL; a target that cannot be had is NULL, and so is its
 * probability.
 *
 * Sources: R. J. Hyndman and Y. Fan, American Statistician 50, 1996 (quantiles of type
 * 7).
 *
 *-------------------------------------------------------------------------
 */
#include "pace/outlook.h"

#include <math.h>

#include "base/answer.h"
#include "base/check.h"
#include "base/list.h"
#include "base/number.h"
#include "funcapi.h"
#include "math/order.h"
#include "miscadmin.h"
#include "utils/float.h"

#define WINDOW 12
#define FEW 6
#define LEAST_PEERS 3
#define SOURCES 3
#define STRETCH 0.8

enum
{
	ARG_SERIES, ARG_PEERS, ARG_DIRECTION, ARG_PERIODS, ARG_COMBINE, ARG_HISTORY, ARG_MODEL, ARG_QUANTILE, ARG_GROWTH,
	ARG_SPREAD, ARG_SPEED, ARG_WEIGHTS, ARG_SEASONALITY
};

/* Rows of the answer; the first ones are the sources. */
enum
{
	HISTORY, INDUSTRY, CAPABILITY, BLEND, STRETCH_GOAL, SUGGESTIONS
};

/* What is asked. */
typedef struct Question
{
	bool		lower;
	int			periods;
	KpiTotal	total;
	KpiHistory	history;
	double		quantile;		/* from the worst value on */
	double		growth;
	double		spread;
	double		speed;
	double		weight[SOURCES];
} Question;

/* A target. */
typedef struct Suggestion
{
	double		target;			/* NaN for none */
	double		weight;			/* NaN for none */
	int			n;				/* numbers that it is made of */
	const char *note;
} Suggestion;

/* An argument that is a share. */
static double
share_argument(FunctionCallInfo fcinfo, int argument, const char *name, const char *hint)
{
	double		share = PG_GETARG_FLOAT8(argument);

	if (!(share >= 0 && share <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not between 0 and 1", name, float8out_internal(share)),
				 errhint("%s", hint)));
	return share;
}

/* An argument that is a finite number. */
static double
finite_argument(FunctionCallInfo fcinfo, int argument, const char *name, const char *hint)
{
	double		number = PG_GETARG_FLOAT8(argument);

	if (!kpi_is_number(number))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not a finite number", name, float8out_internal(number)),
				 errhint("%s", hint)));
	return number;
}

/* The weights of the sources. */
static void
weights_argument(FunctionCallInfo fcinfo, double *weight)
{
	KpiList		list = kpi_number_list(PG_GETARG_ARRAYTYPE_P(ARG_WEIGHTS), "weights");

	kpi_check_no_nulls(&list, "weights");
	if (list.count != SOURCES)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("weights has %d elements", list.count),
				 errhint("Write those of history, industry and capability, such as {0.4,0.3,0.3}.")));
	for (int i = 0; i < SOURCES; i++)
		weight[i] = kpi_check_weight(kpi_list_float8(&list, i, "weights"));
}

/* The arguments but for the series, the peers and the model. */
static Question
read_question(FunctionCallInfo fcinfo)
{
	Question	asked;

	asked.lower = kpi_is_lower(PG_GETARG_TEXT_PP(ARG_DIRECTION));
	asked.periods = kpi_check_between(PG_GETARG_FLOAT8(ARG_PERIODS), "periods", 1, KPI_MAX_HORIZON,
									  "It is the number of periods that the target is for, such as 12 months.");
	asked.total = (KpiTotal) kpi_word_argument(fcinfo, ARG_COMBINE, &kpi_total_words);
	asked.history = (KpiHistory) kpi_word_argument(fcinfo, ARG_HISTORY, &kpi_history_words);
	asked.quantile = share_argument(fcinfo, ARG_QUANTILE, "quantile",
									"It is the share of values that are worse, such as 0.75.");
	asked.growth = finite_argument(fcinfo, ARG_GROWTH, "growth", "Write 0.05 for 5 percent better.");
	asked.spread = finite_argument(fcinfo, ARG_SPREAD, "spread", "It is a number of robust standard deviations.");
	asked.speed = finite_argument(fcinfo, ARG_SPEED, "speed",
								  "It is the share of the way to the peers that the target goes, such as 0.5.");
	weights_argument(fcinfo, asked.weight);
	return asked;
}

/* A quantile of numbers, from the worst on; they are moved. */
static double
better_quantile(const Question *asked, double *value, int count)
{
	return kpi_quantile(value, count, asked->lower ? 1 - asked->quantile : asked->quantile);
}

/* How many periods make what is compared: of stocks one. */
static int
width_of(const Question *asked)
{
	return asked->total == KPI_TOTAL_SUM ? asked->periods : 1;
}

/* What so many periods made, the last 12 times, the newest last. */
static int
past_totals(const Question *asked, const KpiKnown *known, double *past)
{
	int			width = width_of(asked);
	int			count = Max(Min(known->count - width + 1, WINDOW), 0);

	for (int i = 0; i < count; i++)
	{
		int			end = known->count - count + i + 1;

		CHECK_FOR_INTERRUPTS();
		past[i] = 0;
		for (int j = end - width; j < end; j++)
			past[i] += known->value[j];
	}
	return count;
}

/* The target by history: what the method makes of the past. */
static double
by_history(const Question *asked, double *past, int count)
{
	double		sign = asked->lower ? -1 : 1;
	double		last = past[count - 1];
	double		median;

	switch (asked->history)
	{
		case KPI_HISTORY_QUANTILE:
			return better_quantile(asked, past, count);
		case KPI_HISTORY_GROWTH:
			return last + sign * asked->growth * fabs(last);
		case KPI_HISTORY_SPREAD:
			median = kpi_median(past, count);
			return median + sign * asked->spread * kpi_robust_deviation(past, count, median, 0);
		case KPI_HISTORY_BEST:
			break;
	}
	return kpi_select(past, count, asked->lower ? 0 : count - 1);
}

/* The target by history. */
static Suggestion
suggest_history(const Question *asked, double *past, int count)
{
	Suggestion	history = {get_float8_nan(), asked->weight[HISTORY], count, NULL};

	if (count == 0)
		history.note = width_of(asked) == 1 ? "there is no value" :
			psprintf("there are fewer than %d values", width_of(asked));
	else if (count < FEW && asked->history != KPI_HISTORY_GROWTH)
	{
		history.target = past[count - 1];
		history.note = psprintf("fewer than %d to compare: the last one", FEW);
	}
	else
		history.target = by_history(asked, past, count);
	return history;
}

/* The peers that have a value; none where the argument is NULL. */
static int
read_peers(FunctionCallInfo fcinfo, double **peer)
{
	KpiList		list;
	int			count = 0;

	if (PG_ARGISNULL(ARG_PEERS))
		return 0;
	list = kpi_number_elements(PG_GETARG_ARRAYTYPE_P(ARG_PEERS), "peers");
	*peer = palloc(sizeof(double) * (list.count + 1));
	for (int i = 0; i < list.count; i++)
	{
		double		value = list.is_null[i] ? get_float8_nan() : kpi_number_to_float8(list.element[i], list.type);

		if (kpi_is_number(value))
			(*peer)[count++] = value;
	}
	return count;
}

/* The target by peers; last is one's own value, NaN for none. */
static Suggestion
suggest_industry(const Question *asked, double *peer, int count, double last)
{
	Suggestion	industry = {get_float8_nan(), asked->weight[INDUSTRY], count, NULL};
	double		goal;

	if (count < LEAST_PEERS)
	{
		industry.note = psprintf("there are fewer than %d peers", LEAST_PEERS);
		return industry;
	}
	goal = better_quantile(asked, peer, count);
	industry.target = asked->speed == 1 ? goal : last + asked->speed * (goal - last);
	if (asked->lower ? last < goal : last > goal)
		industry.note = "the last value is better than that of the peers";
	return industry;
}

/* The targets by the forecast: what is expected, and its better bound. */
static void
suggest_capability(const Question *asked, const KpiKnown *known, const KpiOutlook *outlook, Suggestion *suggestion)
{
	Suggestion	capability = {outlook->expected, asked->weight[CAPABILITY], known->count - known->filled, outlook->note};
	double		bound = kpi_outlook_bound(outlook, STRETCH);

	suggestion[CAPABILITY] = capability;
	capability.target += asked->lower ? -bound : bound;
	capability.weight = get_float8_nan();
	capability.note = NULL;
	suggestion[STRETCH_GOAL] = capability;
}

/* The targets of the sources by their weights, which then are shares; of a source without a target none. */
static Suggestion
blend(Suggestion *source)
{
	Suggestion	both = {0, get_float8_nan(), 0, NULL};
	double		all = 0;

	for (int i = 0; i < SOURCES; i++)
	{
		if (isnan(source[i].target))
			source[i].weight = get_float8_nan();
		else
			all += source[i].weight;
	}
	for (int i = 0; i < SOURCES; i++)
	{
		source[i].weight /= all;
		if (kpi_is_number(source[i].weight) && source[i].weight > 0)
		{
			both.target += source[i].weight * source[i].target;
			both.n++;
		}
	}
	if (both.n == 0)
		both.target = get_float8_nan();
	return both;
}

/* The rows of the answer. */
static void
put_suggestions(FunctionCallInfo fcinfo, const Question *asked, const KpiOutlook *outlook, const Suggestion *suggestion)
{
	static const char *const basis[SUGGESTIONS] = {"history", "industry", "capability", "blend", "stretch"};

	for (int i = 0; i < SUGGESTIONS; i++)
	{
		KpiAnswer	answer = {0};

		kpi_answer_text(&answer, basis[i]);
		kpi_answer_number(&answer, suggestion[i].target);
		kpi_answer_number(&answer, suggestion[i].weight);
		kpi_answer_number(&answer, kpi_reach_probability(outlook, suggestion[i].target, asked->lower));
		kpi_answer_integer(&answer, suggestion[i].n);
		kpi_answer_text(&answer, suggestion[i].note);
		kpi_answer_put(fcinfo, &answer);
	}
}

/* suggest_target(series, peers, ...): a row for each basis, the blend and the stretch goal. */
PG_FUNCTION_INFO_V1(kpi_suggest_target);
Datum
kpi_suggest_target(PG_FUNCTION_ARGS)
{
	Suggestion	suggestion[SUGGESTIONS];
	Question	asked;
	KpiKnown	known;
	KpiOutlook	outlook;
	double		past[WINDOW];
	double	   *peer = NULL;
	double		last = get_float8_nan();
	int			count;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < ARG_SEASONALITY; i++)
	{
		if (PG_ARGISNULL(i) && i != ARG_PEERS)
			PG_RETURN_NULL();
	}
	asked = read_question(fcinfo);
	known = kpi_known_argument(fcinfo, ARG_SERIES, ARG_SEASONALITY);
	outlook = kpi_look_ahead(&known, kpi_model_word_argument(fcinfo, ARG_MODEL), asked.total, 0, asked.periods);
	count = past_totals(&asked, &known, past);
	if (count > 0)
		last = past[count - 1];
	suggestion[HISTORY] = suggest_history(&asked, past, count);
	count = read_peers(fcinfo, &peer);
	suggestion[INDUSTRY] = suggest_industry(&asked, peer, count, last);
	suggest_capability(&asked, &known, &outlook, suggestion);
	suggestion[BLEND] = blend(suggestion);
	put_suggestions(fcinfo, &asked, &outlook, suggestion);
	PG_RETURN_NULL();
}
