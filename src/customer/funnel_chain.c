/*-------------------------------------------------------------------------
 *
 * funnel_chain.c
 *	  How far an entity comes in a funnel.
 *
 * The level is the largest k for which there are rows r[1] .. r[k], r[i] of step
 * i, with
 *
 *	t[1] <= t[2] <= ... <= t[k]		default; one row may be several steps
 *	t[1] < t[2] < ... < t[k]		strict_increase
 *	as default, the rows all different	strict_once
 *	t[k] - t[1] <= window
 *	gap[i] <= t[i] - t[i - 1] <= limit[i]
 *	no row of an excluded condition at a time within (t[i - 1], t[i])
 *
 * Of the chains with k steps the times are those of the one that ends first;
 * of these the one that starts last; of these the one whose step k - 1 is first,
 * and so on down to step 2.  Nothing of this depends on the order of rows.
 *
 * Method: rows of one time are a moment.  best[i] of a moment is the latest
 * start of a chain whose step i is there, first[i] the same where step i - 1 was
 * in an earlier moment; a chain passes through a moment with a run of steps i ..
 * j, which one row may be (default), which is one step (strict_increase), or
 * for which there are as many rows (strict_once, a bipartite matching).  As a
 * later start leaves more of the window and nothing else depends on the start,
 * it is enough to keep the latest one.  The maximum over the earlier moments
 * that limit, gap and exclusions allow is that of a sliding span, kept in a
 * queue of falling starts: linear in moments times steps.
 *
 * Without limits, gaps and exclusions the latest start for each step so far is
 * all that is needed, and no memory.
 *
 *-------------------------------------------------------------------------
 */
#include "customer/funnel.h"

#include "miscadmin.h"

#define NONE PG_INT64_MIN

/* Rows of one time: first and end in the state. */
typedef struct Moment
{
	int64		ts;
	uint32		steps;			/* of all its rows */
	int			first;
	int			end;
} Moment;

/* The steps of a rule that a condition word has, as bits from 0 on. */
static inline uint32
steps_of(const KpiFunnelRule *rule, uint32 conditions)
{
	uint32		steps = 0;

	if (rule->plain)
		return conditions;
	for (int i = 0; i < rule->steps; i++)
		steps |= ((conditions >> rule->place[i]) & 1) << i;
	return steps;
}

/* The moment that begins with a row. */
static inline Moment
moment_at(const KpiFunnelEvents *events, const KpiFunnelRule *rule, int first)
{
	Moment		moment = {events->rows[first].ts, 0, first, first};

	for (; moment.end < events->count && events->rows[moment.end].ts == moment.ts; moment.end++)
		moment.steps |= steps_of(rule, KPI_FUNNEL_STEPS(&events->rows[moment.end]));
	return moment;
}

/* A matching of steps and rows of a moment, for strict_once. */
typedef struct Matching
{
	int			rows;
	uint32		steps[KPI_MAX_STEPS * KPI_MAX_STEPS];	/* of a row */
	int			step_of[KPI_MAX_STEPS * KPI_MAX_STEPS]; /* of a row, or -1 */
} Matching;

/* The rows of a moment; of those alike no more than there are steps. */
static void
start_matching(Matching *matching, const KpiFunnelEvents *events, const KpiFunnelRule *rule,
			   const Moment *moment)
{
	int			count[KPI_MAX_STEPS] = {0};

	matching->rows = 0;
	for (int i = moment->first; i < moment->end; i++)
	{
		uint32		steps = steps_of(rule, KPI_FUNNEL_STEPS(&events->rows[i]));
		bool		needed = false;

		/* as many rows for a step as there are steps can be used, no more */
		for (int s = 0; s < rule->steps; s++)
			needed = needed || ((steps >> s & 1) && count[s] < rule->steps);
		for (int64 k = 0; needed && k < Min(KPI_FUNNEL_REPEATS(&events->rows[i]), rule->steps) &&
			 matching->rows < KPI_MAX_STEPS * KPI_MAX_STEPS; k++)
		{
			matching->steps[matching->rows++] = steps;
			for (int s = 0; s < rule->steps; s++)
				count[s] += (int) (steps >> s & 1);
		}
	}
}

/* Find a row for a step, by moving others if need be. */
static bool
augment(Matching *matching, int step, uint64 *tried)
{
	for (int row = 0; row < matching->rows; row++)
	{
		if (!(matching->steps[row] >> step & 1) || (tried[row / 64] >> (row % 64) & 1))
			continue;
		tried[row / 64] |= UINT64CONST(1) << (row % 64);
		if (matching->step_of[row] < 0 || augment(matching, matching->step_of[row], tried))
		{
			matching->step_of[row] = step;
			return true;
		}
	}
	return false;
}

/* The last step of a run from a step on for which a moment has rows of their own. */
static int
matched_run(Matching *matching, const KpiFunnelRule *rule, int from)
{
	int			to;

	for (int row = 0; row < matching->rows; row++)
		matching->step_of[row] = -1;
	for (to = from; to < rule->steps && (to == from || rule->gap[to] == 0); to++)
	{
		uint64		tried[(KPI_MAX_STEPS * KPI_MAX_STEPS + 63) / 64] = {0};

		if (!augment(matching, to, tried))
			break;
	}
	return to - 1;
}

/* For each first step, the last step of the longest run that a moment allows. */
static void
find_runs(const KpiFunnelEvents *events, const KpiFunnelRule *rule, const Moment *moment, int *last)
{
	Matching	matching;
	bool		once = rule->mode == KPI_FUNNEL_STRICT_ONCE;
	bool		single;

	single = moment->end - moment->first == 1 && KPI_FUNNEL_REPEATS(&events->rows[moment->first]) == 1;
	if (once && !single)
		start_matching(&matching, events, rule, moment);
	for (int i = rule->steps - 1; i >= 0; i--)
	{
		last[i] = i;
		if (!(moment->steps >> i & 1) || rule->mode == KPI_FUNNEL_STRICT_INCREASE || (once && single))
			continue;
		if (once)
			last[i] = matched_run(&matching, rule, i);
		else if (i + 1 < rule->steps && (moment->steps >> (i + 1) & 1) && rule->gap[i + 1] == 0)
			last[i] = last[i + 1];
	}
}

/* From the starts of chains that come to each step of a moment, those of all there. */
static inline void
pass_moment(const KpiFunnelRule *rule, uint32 steps, const int *last, const int64 *first, int64 *best)
{
	for (int i = 0; i < rule->steps; i++)
		best[i] = NONE;
	for (int i = 0; i < rule->steps; i++)
	{
		if (first[i] == NONE || !(steps >> i & 1))
			continue;
		for (int j = i; j <= last[i]; j++)
			best[j] = Max(best[j], first[i]);
	}
}

/* The level of the default mode: one row after the other. */
static int
plain_level(const KpiFunnelEvents *events, const KpiFunnelRule *rule)
{
	int64		start[KPI_MAX_STEPS];
	int			level = 0;
	Moment		moment;

	for (int first = 0; first < events->count && level < rule->steps; first = moment.end)
	{
		moment = moment_at(events, rule, first);
		for (int i = 0; i <= level && i < rule->steps; i++)
		{
			if (!(moment.steps >> i & 1))
				continue;
			if (i == 0)
				start[0] = moment.ts;
			else if (kpi_elapsed(start[i - 1], moment.ts) <= rule->window)
				start[i] = i < level ? Max(start[i], start[i - 1]) : start[i - 1];
			else
				continue;
			level = Max(level, i + 1);
		}
	}
	return level;
}

/* The level without limits, gaps and exclusions, in any mode. */
static int
simple_level(const KpiFunnelEvents *events, const KpiFunnelRule *rule)
{
	int64		start[KPI_MAX_STEPS];
	int			level = 0;
	Moment		moment;

	for (int i = 0; i < rule->steps; i++)
		start[i] = NONE;
	for (int at = 0; at < events->count && level < rule->steps; at = moment.end)
	{
		int			last[KPI_MAX_STEPS];
		int64		first[KPI_MAX_STEPS];
		int64		best[KPI_MAX_STEPS];

		CHECK_FOR_INTERRUPTS();
		moment = moment_at(events, rule, at);
		find_runs(events, rule, &moment, last);
		for (int i = 0; i < rule->steps; i++)
			first[i] = i == 0 ? moment.ts :
				start[i - 1] != NONE && kpi_elapsed(start[i - 1], moment.ts) <= rule->window ? start[i - 1] : NONE;
		pass_moment(rule, moment.steps, last, first, best);
		for (int i = 0; i < rule->steps; i++)
		{
			start[i] = Max(start[i], best[i]);
			if (best[i] != NONE)
				level = Max(level, i + 1);
		}
	}
	return level;
}

/* The search with all rules: what is known of each moment and step. */
typedef struct Search
{
	const KpiFunnelEvents *events;
	const KpiFunnelRule *rule;
	int			moments;
	Moment	   *moment;
	int64	   *excluded;		/* the last time before each moment */
	int64	   *first;			/* of a moment and step */
	int64	   *best;
	int		   *queue;			/* of a step: moments with falling starts */
	int			head[KPI_MAX_STEPS];
	int			tail[KPI_MAX_STEPS];
	int			next[KPI_MAX_STEPS];	/* the next moment to queue */
} Search;

/* Lay out the moments that have steps, and the exclusions between them. */
static void
start_search(Search *search, const KpiFunnelEvents *events, const KpiFunnelRule *rule)
{
	int64		excluded = NONE;
	Moment		moment;

	memset(search, 0, sizeof(Search));
	search->events = events;
	search->rule = rule;
	search->moment = palloc(sizeof(Moment) * Max(events->count, 1));
	search->excluded = palloc(sizeof(int64) * Max(events->count, 1));
	for (int at = 0; at < events->count; at = moment.end)
	{
		uint32		conditions = 0;

		moment = moment_at(events, rule, at);
		for (int i = moment.first; i < moment.end; i++)
			conditions |= KPI_FUNNEL_STEPS(&events->rows[i]);
		if (moment.steps != 0)
		{
			search->excluded[search->moments] = excluded;
			search->moment[search->moments++] = moment;
		}
		if (conditions & rule->excluded)
			excluded = moment.ts;
	}
	search->first = palloc_extended(sizeof(int64) * Max(search->moments, 1) * rule->steps, MCXT_ALLOC_HUGE);
	search->best = palloc_extended(sizeof(int64) * Max(search->moments, 1) * rule->steps, MCXT_ALLOC_HUGE);
	search->queue = palloc_extended(sizeof(int) * Max(search->moments, 1) * rule->steps, MCXT_ALLOC_HUGE);
}

/* The earliest time of step i - 1 for step i in a moment. */
static inline int64
earliest(const Search *search, int moment, int i)
{
	int64		limit = search->rule->limit[i];
	int64		from = limit == PG_INT64_MAX ? NONE : kpi_moment_before(search->moment[moment].ts, limit);

	return Max(from, search->excluded[moment]);
}

/* The latest start of a chain that can go on to step i in a moment. */
static int64
start_before(Search *search, int moment, int i)
{
	int			steps = search->rule->steps;
	int			before = i - 1;
	int		   *queue = search->queue + (Size) before * search->moments;
	int64		ts = search->moment[moment].ts;
	int64		from = earliest(search, moment, i);
	int64		to = kpi_moment_before(ts, search->rule->gap[i]);
	int64		start;

	for (; search->next[before] < moment && search->moment[search->next[before]].ts <= to; search->next[before]++)
	{
		start = search->best[(Size) search->next[before] * steps + before];
		if (start == NONE)
			continue;
		while (search->tail[before] > search->head[before] &&
			   search->best[(Size) queue[search->tail[before] - 1] * steps + before] <= start)
			search->tail[before]--;
		queue[search->tail[before]++] = search->next[before];
	}
	while (search->head[before] < search->tail[before] &&
		   search->moment[queue[search->head[before]]].ts < from)
		search->head[before]++;
	if (search->head[before] == search->tail[before])
		return NONE;
	start = search->best[(Size) queue[search->head[before]] * steps + before];
	return kpi_elapsed(start, ts) <= search->rule->window ? start : NONE;
}

/* Fill in all moments; the level. */
static int
run_search(Search *search)
{
	const KpiFunnelRule *rule = search->rule;
	int			level = 0;

	for (int m = 0; m < search->moments; m++)
	{
		const Moment *moment = &search->moment[m];
		int64	   *first = search->first + (Size) m * rule->steps;
		int64	   *best = search->best + (Size) m * rule->steps;
		int			last[KPI_MAX_STEPS];

		CHECK_FOR_INTERRUPTS();
		find_runs(search->events, rule, moment, last);
		for (int i = 0; i < rule->steps; i++)
			first[i] = !(moment->steps >> i & 1) ? NONE : i == 0 ? moment->ts : start_before(search, m, i);
		pass_moment(rule, moment->steps, last, first, best);
		for (int i = level; i < rule->steps; i++)
		{
			if (best[i] != NONE)
				level = i + 1;
		}
	}
	return level;
}

/* The level by all rules. */
static int
full_level(const KpiFunnelEvents *events, const KpiFunnelRule *rule)
{
	Search		search;

	start_search(&search, events, rule);
	return run_search(&search);
}

/* How many steps an entity reaches; its rows in order. */
int
kpi_funnel_level(const KpiFunnelEvents *events, const KpiFunnelRule *rule)
{
	if (!rule->plain)
		return full_level(events, rule);
	return rule->mode == KPI_FUNNEL_DEFAULT ? plain_level(events, rule) : simple_level(events, rule);
}

/* The first step of the shortest run by which a chain with a start comes to step i of a moment. */
static int
run_to(const Search *search, int m, int i, int64 start)
{
	const KpiFunnelRule *rule = search->rule;
	int			last[KPI_MAX_STEPS];

	find_runs(search->events, rule, &search->moment[m], last);
	for (int from = i; from >= 0; from--)
	{
		if (search->first[(Size) m * rule->steps + from] == start && last[from] >= i)
			return from;
	}
	return i;
}

/* The first moment in which step i - 1 of a chain with a start can be, for step i in a moment. */
static int
moment_before(const Search *search, int m, int i, int64 start)
{
	int64		from = earliest(search, m, i);
	int			low = 0;
	int			high = m;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (search->moment[middle].ts < from)
			low = middle + 1;
		else
			high = middle;
	}
	while (search->best[(Size) low * search->rule->steps + i - 1] != start)
	{
		CHECK_FOR_INTERRUPTS();
		low++;
	}
	return low;
}

/* The times of the steps that an entity reaches, as many as its level. */
int
kpi_funnel_times(const KpiFunnelEvents *events, const KpiFunnelRule *rule, int64 *time)
{
	Search		search;
	int			level;
	int			m = 0;
	int64		start;

	start_search(&search, events, rule);
	level = run_search(&search);
	if (level == 0)
		return 0;
	while (search.best[(Size) m * rule->steps + level - 1] == NONE)
		m++;
	start = search.best[(Size) m * rule->steps + level - 1];
	for (int i = level - 1; i >= 0;)
	{
		int			from = run_to(&search, m, i, start);

		for (; i >= from; i--)
			time[i] = search.moment[m].ts;
		if (i >= 0)
			m = moment_before(&search, m, from, start);
	}
	return level;
}
