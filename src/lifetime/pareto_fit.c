/*-------------------------------------------------------------------------
 *
 * pareto_fit.c
 *	  The maximum likelihood fit of the Pareto/NBD model.
 *
 * The integral of the likelihood depends on the frequency in its integrand and
 * on recency and t in its limits only.  So the customers of one frequency, if
 * there are many, share a table: the integrals from every time that occurs to
 * the last one, from which each customer takes a difference.  Between two
 * times six Gauss-Legendre nodes are exact to rounding; the nodes are shared
 * by all frequencies.  The table is scaled so that its last entry is of unit
 * size: what cancels in a difference is small beside 1, the share of the
 * customer that stayed.  Customers of rare frequencies, or at times that
 * hardly repeat, are integrated one by one.
 *
 * The result does not depend on the order of the rows: customers come sorted,
 * equal ones merged, and every sum runs in that order.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "math/special.h"
#include "lifetime/fit.h"
#include "lifetime/pareto.h"
#include "lifetime/pareto_grid.h"
#include "lifetime/triples.h"
#include "miscadmin.h"

/* Nodes between two times, and the widest panel in units of decline. */
#define NODES 6
#define PANEL_DECLINE 1.5
#define PANEL_WIDTH 0.75

/* Customers of one frequency that may be worth a table, */
#define MIN_TABLE_COUNT 16
/* and how many nodes of a table cost as much as one customer by itself. */
#define NODES_PER_CUSTOMER 160
/* Frequencies from this on, and more times than that, have no table. */
#define MAX_BLOCKS 4096
#define MAX_TIMES 16384
#define HASH_SLOTS 32768
/* Beyond this exponent the entries of a table might overflow. */
#define MAX_EXPONENT 600.0

/* Integrals over the time y of leaving, of the density and with these factors. */
enum
{
	DENSITY,
	LOG_ALPHA,
	LOG_BETA,
	OVER_ALPHA,
	OVER_BETA,
	INTEGRALS
};

static const double node_place[NODES] = {
	-0.93246951420315202781, -0.66120938646626451366, -0.23861918608319690863,
	0.23861918608319690863, 0.66120938646626451366, 0.93246951420315202781
};

static const double node_weight[NODES] = {
	0.17132449237917034504, 0.36076157304813860757, 0.46791393457269104739,
	0.46791393457269104739, 0.36076157304813860757, 0.17132449237917034504
};

/* The customers of one frequency, which is the place of the block. */
typedef struct Block
{
	int			first;
	int			count;
	double		weight;
	bool		worth_table;
} Block;

/* Where the times of a customer are. */
typedef struct Place
{
	int32		recency;
	int32		t;
} Place;

/* What is the same for all frequencies at one of the times. */
typedef struct TimeEntry
{
	double		time;
	double		log_alpha;		/* log(1 + time / alpha) */
	double		log_beta;
	double		over_alpha;		/* 1 / (alpha + time) */
	double		over_beta;
	double		odds;			/* factor from integral to odds, but for the
								 * frequency */
	int			nodes;			/* where the nodes up to the next time end */
} TimeEntry;

typedef struct GridNode
{
	double		integrand[INTEGRALS];	/* for frequency 0 */
	double		step;			/* factor from a frequency to the next */
	double		log_step;
	double		power;			/* step ^ frequency */
} GridNode;

typedef struct ParetoData
{
	const KpiCustomers *customers;
	int32	   *order;			/* places of the customers, by frequency */
	Block	   *block;
	int			blocks;
	int			most;			/* the highest frequency with a table */
	TimeEntry  *time;
	int			times;			/* 0 without tables */
	Place	   *place;
	int			placed;			/* customers with a table */
	GridNode   *node;
	int			nodes;
	int			room;
	int			frequency;		/* of the powers in node */
	double		(*table)[INTEGRALS];	/* integrals from a time to the last */
	double	   *odds;			/* factor from integral to odds, at a time */
	KpiParetoGrid *grid;		/* for customers without a table */
} ParetoData;

/* The customer at a place of the order in which they are gone through. */
static inline const KpiTriple *
customer_at(const ParetoData *data, int place)
{
	return &data->customers->triple[data->order[place]];
}

/* The order of doubles, for qsort. */
static int
compare_double(const void *a, const void *b)
{
	double		left = *(const double *) a;
	double		right = *(const double *) b;

	return left < right ? -1 : left > right;
}

/* Sort the customers by frequency; those beyond the last block of its own are one. */
static void
find_blocks(ParetoData *data)
{
	const KpiCustomers *customers = data->customers;
	int			last = (int) Min(customers->max_frequency, MAX_BLOCKS);
	int			first = 0;

	data->blocks = last + 1;
	data->block = palloc0(data->blocks * sizeof(Block));
	data->order = palloc(customers->count * sizeof(int32));
	for (int i = 0; i < customers->count; i++)
		data->block[(int) Min(customers->triple[i].frequency, last)].count++;
	for (int i = 0; i <= last; i++)
	{
		data->block[i].first = first;
		first += data->block[i].count;
		data->block[i].count = 0;
	}
	for (int i = 0; i < customers->count; i++)
	{
		const KpiTriple *triple = &customers->triple[i];
		Block	   *block = &data->block[(int) Min(triple->frequency, last)];

		CHECK_FOR_INTERRUPTS();
		data->order[block->first + block->count++] = i;
		block->weight += triple->weight;
	}
}

/* The slot of a time in a hash table that is less than full; free slots are negative. */
static double *
hash_slot(double *slots, double time)
{
	uint64		bits;
	uint32		place;

	memcpy(&bits, &time, sizeof(bits));
	place = (uint32) ((bits * UINT64CONST(0x9E3779B97F4A7C15)) >> 49);
	while (slots[place] >= 0 && slots[place] != time)
		place = (place + 1) % HASH_SLOTS;
	return &slots[place];
}

/*
 * The different times of the customers whose frequency is not rare, in order,
 * or NULL if they are too many for tables.
 */
static double *
distinct_times(const ParetoData *data, int *count)
{
	double	   *slots = palloc(HASH_SLOTS * sizeof(double));
	int			distinct = 0;

	for (int i = 0; i < HASH_SLOTS; i++)
		slots[i] = -1;
	for (int i = 0; i < data->blocks; i++)
	{
		const Block *block = &data->block[i];

		if (block->count < MIN_TABLE_COUNT)
			continue;
		for (int j = 0; j < 2 * block->count; j++)
		{
			const KpiTriple *triple = customer_at(data, block->first + j / 2);

			/* 0 has two signs, and one hash */
			double		time = (j % 2 == 0 ? triple->recency : triple->t) + 0.0;
			double	   *slot = hash_slot(slots, time);

			if (*slot == time)
				continue;
			*slot = time;
			if (++distinct > MAX_TIMES)
				return NULL;
		}
	}
	*count = 0;
	for (int i = 0; i < HASH_SLOTS; i++)
	{
		if (slots[i] >= 0)
			slots[(*count)++] = slots[i];
	}
	qsort(slots, *count, sizeof(double), compare_double);
	return slots;
}

/* The place of a time in the table. */
static int32
find_time(const ParetoData *data, double time)
{
	int			low = 0;
	int			high = data->times - 1;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (data->time[middle].time < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Note where the times of the customers of a frequency are. */
static void
place_customers(ParetoData *data, const Block *block)
{
	for (int i = block->first; i < block->first + block->count; i++)
	{
		const KpiTriple *triple = customer_at(data, i);

		CHECK_FOR_INTERRUPTS();
		data->place[i].recency = find_time(data, triple->recency);
		if (i > block->first && triple->t == customer_at(data, i - 1)->t)
			data->place[i].t = data->place[i - 1].t;
		else
			data->place[i].t = find_time(data, triple->t);
	}
}

/* Decide which frequencies have a table, and make room for it. */
static void
prepare_tables(ParetoData *data)
{
	int			times;
	double	   *time = distinct_times(data, &times);

	if (time == NULL || times < 2)
		return;
	data->times = times;
	data->time = palloc0(times * sizeof(TimeEntry));
	for (int i = 0; i < times; i++)
		data->time[i].time = time[i];
	data->table = palloc(times * sizeof(*data->table));
	data->odds = palloc(times * sizeof(double));
	data->place = palloc_extended(data->customers->count * sizeof(Place), MCXT_ALLOC_HUGE);
	for (int i = 0; i < Min(data->blocks, MAX_BLOCKS); i++)
	{
		Block	   *block = &data->block[i];

		block->worth_table = block->count >= MIN_TABLE_COUNT &&
			(double) block->count * NODES_PER_CUSTOMER > (double) times * NODES;
		if (block->worth_table)
		{
			place_customers(data, block);
			data->most = i;
			data->placed += block->count;
		}
	}
}

/* The widest panel, as a logarithm, for frequencies up to most. */
static double
widest_panel(const KpiPareto *model, int most, double last)
{
	return Min(PANEL_WIDTH, PANEL_DECLINE / kpi_pareto_fall(model, most, last));
}

/*
 * The highest frequency with a table: one that does not overflow, and only if
 * the nodes that are needed pay; negative for none.
 */
static int
last_table(const ParetoData *data, const KpiPareto *model)
{
	double		last = data->customers->max_t;
	double		log_alpha = log1p(last / model->alpha);
	double		log_beta = log1p(last / model->beta);
	double		room = MAX_EXPONENT - model->r * log_alpha - (model->s + 1) * log_beta;
	double		panels;
	int			most;

	if (data->times == 0 || !(room >= 0))
		return -1;
	most = (int) Min(room / log_alpha, data->most);
	panels = data->times + Max(log_alpha, log_beta) / widest_panel(model, most, last);
	if (!(panels * NODES < (double) data->placed * NODES_PER_CUSTOMER))
		return -1;
	return most;
}

/* Compute what the parameters make of each time. */
static void
fill_times(ParetoData *data, const KpiPareto *model)
{
	for (int i = 0; i < data->times; i++)
	{
		TimeEntry  *entry = &data->time[i];

		entry->log_alpha = log1p(entry->time / model->alpha);
		entry->log_beta = log1p(entry->time / model->beta);
		entry->over_alpha = 1 / (model->alpha + entry->time);
		entry->over_beta = 1 / (model->beta + entry->time);
		entry->odds = model->s / model->beta *
			exp(model->r * entry->log_alpha + model->s * entry->log_beta);
	}
}

/* Compute what the parameters make of a node at y. */
static void
fill_node(GridNode *node, const KpiPareto *model, double y, double weight, double log_last)
{
	double		log_alpha = log1p(y / model->alpha);
	double		log_beta = log1p(y / model->beta);
	double		density = weight * exp(-model->r * log_alpha - (model->s + 1) * log_beta);

	node->integrand[DENSITY] = density;
	node->integrand[LOG_ALPHA] = density * log_alpha;
	node->integrand[LOG_BETA] = density * log_beta;
	node->integrand[OVER_ALPHA] = density / (model->alpha + y);
	node->integrand[OVER_BETA] = density / (model->beta + y);
	node->log_step = log_last - log_alpha;
	node->step = exp(node->log_step);
	node->power = 1;
}

/* Make room for more nodes. */
static void
make_node_room(ParetoData *data, int more)
{
	if (data->nodes + more <= data->room)
		return;
	data->room = 2 * (data->nodes + more);
	data->node = data->node == NULL
		? palloc_extended(data->room * sizeof(GridNode), MCXT_ALLOC_HUGE)
		: repalloc_huge(data->node, data->room * sizeof(GridNode));
}

/* The nodes between the times, for tables of frequencies up to most. */
static void
fill_nodes(ParetoData *data, const KpiPareto *model, int most)
{
	double		near = Min(model->alpha, model->beta);
	double		log_last = data->time[data->times - 1].log_alpha;
	double		widest = widest_panel(model, most, data->customers->max_t);

	data->nodes = 0;
	data->frequency = 0;
	for (int i = 0; i < data->times - 1; i++)
	{
		double		time = data->time[i].time;
		double		width = log1p((data->time[i + 1].time - time) / (near + time));
		int			panels = (int) Max(ceil(width / widest), 1);
		double		half = width / panels / 2;

		CHECK_FOR_INTERRUPTS();
		make_node_room(data, panels * NODES);
		for (int j = 0; j < panels * NODES; j++)
		{
			int			panel = j / NODES;
			double		w = half * (2 * panel + 1 + node_place[j % NODES]);
			double		grown = (near + time) * expm1(w);

			fill_node(&data->node[data->nodes++], model, time + grown,
					  half * node_weight[j % NODES] * (near + time + grown), log_last);
		}
		data->time[i].nodes = data->nodes;
	}
}

/* Add the nodes from a place down to another, their powers taken to the frequency. */
static void
add_nodes(ParetoData *data, int from, int down_to, int frequency, double *sum)
{
	bool		next = frequency == data->frequency + 1;

	for (GridNode *at = data->node + from; at-- > data->node + down_to;)
	{
		if (next)
			at->power *= at->step;
		else
			at->power = exp(frequency * at->log_step);
		for (int i = 0; i < INTEGRALS; i++)
			sum[i] += at->power * at->integrand[i];
	}
}

/* The table of a frequency: the integrals from every time to the last. */
static void
fill_table(ParetoData *data, int frequency)
{
	double		sum[INTEGRALS] = {0};
	double		log_last = data->time[data->times - 1].log_alpha;
	int			nodes = data->nodes;

	for (int i = data->times - 1;; i--)
	{
		int			before = i < 2 ? 0 : data->time[i - 2].nodes;

		memcpy(data->table[i], sum, sizeof(sum));
		data->odds[i] = data->time[i].odds *
			exp(-frequency * (log_last - data->time[i].log_alpha));
		if (i == 0)
			break;
		add_nodes(data, nodes, before, frequency, sum);
		nodes = before;
	}
	data->frequency = frequency;
}

/* What the frequency alone gives to the log-likelihood. */
static double
add_gammas(const KpiPareto *model, double frequency, double weight, double *gradient)
{
	if (weight == 0)
		return 0;
	gradient[KPI_PARETO_R] += weight * kpi_digamma_difference(model->r, frequency);
	return weight * kpi_log_gamma_ratio(model->r, frequency);
}

/* Add the customers of a frequency, by its table, and their gradient. */
static double
add_block(ParetoData *data, const KpiPareto *model, int frequency, double *gradient)
{
	const Block *block = &data->block[frequency];
	double		shape = model->r + frequency;
	double		value = 0;
	double		sum[KPI_PARETO_PARAMETERS] = {0};

	fill_table(data, frequency);
	for (int i = block->first; i < block->first + block->count; i++)
	{
		const TimeEntry *end = &data->time[data->place[i].t];
		const double *from = data->table[data->place[i].recency];
		const double *to = data->table[data->place[i].t];
		double		weight = customer_at(data, i)->weight;
		double		factor = data->odds[data->place[i].t];
		double		odds = factor * (from[DENSITY] - to[DENSITY]);
		double		stayed = weight / (1 + odds);
		double		left = stayed * factor;

		value += weight * (log1p(odds) - shape * end->log_alpha - model->s * end->log_beta);
		sum[KPI_PARETO_R] += stayed * end->log_alpha + left * (from[LOG_ALPHA] - to[LOG_ALPHA]);
		sum[KPI_PARETO_ALPHA] += stayed * end->over_alpha + left * (from[OVER_ALPHA] - to[OVER_ALPHA]);
		sum[KPI_PARETO_S] += stayed * (odds / model->s - end->log_beta) -
			left * (from[LOG_BETA] - to[LOG_BETA]);
		sum[KPI_PARETO_BETA] += stayed * end->over_beta * model->s +
			left * (from[OVER_BETA] - to[OVER_BETA]) * (model->s + 1);
	}
	gradient[KPI_PARETO_R] -= sum[KPI_PARETO_R];
	gradient[KPI_PARETO_ALPHA] += block->weight * model->r / model->alpha -
		shape * sum[KPI_PARETO_ALPHA];
	gradient[KPI_PARETO_S] += sum[KPI_PARETO_S];
	gradient[KPI_PARETO_BETA] += block->weight * model->s / model->beta - sum[KPI_PARETO_BETA];
	return value - block->weight * frequency * log(model->alpha) +
		add_gammas(model, frequency, block->weight, gradient);
}

/* The same for customers without a table, one by one. */
static double
add_customers(const ParetoData *data, const KpiPareto *model, int place, double *gradient)
{
	const Block *block = &data->block[place];
	double		value = 0;

	for (int i = block->first; i < block->first + block->count; i++)
	{
		const KpiTriple *triple = customer_at(data, i);
		double		part[KPI_PARETO_PARAMETERS];

		CHECK_FOR_INTERRUPTS();
		value += triple->weight *
			kpi_pareto_log_kernel(model, triple->frequency, triple->recency, triple->t, part);
		for (int j = 0; j < KPI_PARETO_PARAMETERS; j++)
			gradient[j] += triple->weight * part[j];
		/* the last block may hold several frequencies */
		if (place == MAX_BLOCKS)
			value += add_gammas(model, triple->frequency, triple->weight, gradient);
	}
	if (place < MAX_BLOCKS)
		value += add_gammas(model, place, block->weight, gradient);
	return value;
}

/* The same for customers of one frequency that the grid serves. */
static double
add_grid(const ParetoData *data, const KpiPareto *model, int frequency, double *gradient)
{
	const Block *block = &data->block[frequency];
	KpiParetoSums sums = {.odds = {.product = 1}};

	for (int i = block->first; i < block->first + block->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		kpi_pareto_grid_customer(data->grid, customer_at(data, i), &sums);
	}
	for (int i = 0; i < KPI_PARETO_PARAMETERS; i++)
		gradient[i] += sums.derivative[i];
	gradient[KPI_PARETO_ALPHA] += block->weight * model->r / model->alpha;
	gradient[KPI_PARETO_BETA] += block->weight * model->s / model->beta;
	return sums.value + kpi_log_sum(&sums.odds) - block->weight * frequency * log(model->alpha) +
		add_gammas(model, frequency, block->weight, gradient);
}

/* The negative log-likelihood over the logarithms of the parameters. */
static double
pareto_objective(const double *x, double *gradient, void *argument)
{
	ParetoData *data = argument;
	KpiPareto	model = {exp(x[0]), exp(x[1]), exp(x[2]), exp(x[3])};
	int			last = last_table(data, &model);
	double		value = 0;

	memset(gradient, 0, KPI_PARETO_PARAMETERS * sizeof(double));
	kpi_pareto_grid_model(data->grid, &model);
	if (last >= 0)
	{
		fill_times(data, &model);
		fill_nodes(data, &model, last);
	}
	for (int i = 0; i < data->blocks; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i <= last && data->block[i].worth_table)
			value += add_block(data, &model, i, gradient);
		else if (i < MAX_BLOCKS &&
				 kpi_pareto_grid_frequency(data->grid, i, data->block[i].count))
			value += add_grid(data, &model, i, gradient);
		else
			value += add_customers(data, &model, i, gradient);
	}
	for (int i = 0; i < KPI_PARETO_PARAMETERS; i++)
		gradient[i] *= -exp(x[i]);
	return -value;
}

/* Whether anyone bought again, and time went by. */
static bool
can_be_fitted(const KpiCustomers *customers)
{
	return customers->max_frequency > 0 && customers->max_t > 0;
}

/* What there is to fit. */
static void
prepare(const KpiCustomers *customers, ParetoData *data, KpiFitProblem *problem)
{
	memset(data, 0, sizeof(ParetoData));
	memset(problem, 0, sizeof(KpiFitProblem));
	data->customers = customers;
	data->grid = kpi_pareto_grid(customers->max_t);
	find_blocks(data);
	prepare_tables(data);
	problem->objective = pareto_objective;
	problem->data = data;
	problem->n = KPI_PARETO_PARAMETERS;
	for (int i = 0; i < KPI_PARETO_PARAMETERS; i++)
	{
		bool		is_time = i == KPI_PARETO_ALPHA || i == KPI_PARETO_BETA;

		problem->unit[i] = is_time ? customers->max_t : 1;
		problem->start[i] = is_time ? log(0.1 * customers->max_t) : 0;
	}
	problem->weight = customers->weight;
	problem->patterns = customers->count;
	kpi_fit_penalize(problem, customers->penalty);
}

/* The model of the customers of a state; a penalty below 0 is the state's own. */
static Datum
fit_state(FunctionCallInfo fcinfo, double penalty)
{
	KpiCustomers customers;
	KpiCustomers part;
	ParetoData	data;
	ParetoData	part_data;
	KpiFitProblem problem;
	KpiFitProblem sample;
	KpiFit		fit;

	kpi_customers_argument(fcinfo, 0, &customers);
	if (!can_be_fitted(&customers))
	{
		kpi_fit_insufficient(KPI_PARETO_PARAMETERS, customers.weight, customers.count, &fit);
		return kpi_fit_datum(fcinfo, &fit);
	}
	if (penalty >= 0)
		customers.penalty = penalty;
	prepare(&customers, &data, &problem);
	if (kpi_sample_customers(&customers, &part))
	{
		prepare(&part, &part_data, &sample);
		kpi_fit_sample_first(&problem, &sample);
	}
	kpi_fit(&problem, &fit);
	kpi_fit_judge_rate(&fit, KPI_PARETO_S, KPI_PARETO_BETA, customers.max_t);
	return kpi_fit_datum(fcinfo, &fit);
}

/* clv_pareto_nbd_fit(customers): a failed fit is a status. */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_fit);
Datum
kpi_clv_pareto_nbd_fit(PG_FUNCTION_ARGS)
{
	return fit_state(fcinfo, -1);
}

/* The same with a penalty, in place of one that the state has. */
PG_FUNCTION_INFO_V1(kpi_clv_pareto_nbd_fit_penalty);
Datum
kpi_clv_pareto_nbd_fit_penalty(PG_FUNCTION_ARGS)
{
	return fit_state(fcinfo, kpi_check_penalty(PG_GETARG_FLOAT8(1)));
}
