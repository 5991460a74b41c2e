/*-------------------------------------------------------------------------
 *
 * pareto_grid.c
 *	  The likelihood of many customers with any times: Pareto/NBD.
 *
 * The integral of the likelihood depends on the frequency in its integrand and
 * on recency and t in its limits only.  With c the lesser of alpha and beta,
 * the axis of w = log(1 + y / c) is cut into equal panels so narrow that the
 * integrand over a panel is a polynomial to rounding: that through its values
 * at six Gauss-Legendre nodes.  For one frequency the integrals from each panel
 * to the last time are summed once; a customer takes the differences of two of
 * them, and of the integrals of two polynomials over the rest of their panels.
 *
 * The sums are scaled so that the last of them is of unit size: what cancels in
 * a difference is small beside 1, the share of the customer that stayed.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/pareto_grid.h"

#include "miscadmin.h"

#define NODES 6
/* Width of a panel: of w, and of the logarithm of the integrand. */
#define PANEL_WIDTH 0.2
/* Frequencies up to FEW are served by the coarsest grid, then up to MORE times that. */
#define FEW 4
#define MORE 3
/* More panels are not made. */
#define MAX_PANELS 20000
/* So many nodes of a grid cost as much as one customer by itself. */
#define NODES_PER_CUSTOMER 100
/* Beyond this exponent the sums might overflow. */
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
	0.085662246189585172520, 0.18038078652406930378, 0.23395696728634552369,
	0.23395696728634552369, 0.18038078652406930378, 0.085662246189585172520
};

/*
 * Half of the integral from u to 1 of the polynomial that is 1 at one node and 0
 * at the others: its value at u = 0, and coefficients of the odd powers, which
 * it shares with that of the node opposite, and of the even powers, which are
 * of the other sign there.
 */
#define HALF (NODES / 2)

static const double from_middle[NODES] = {
	0.00041063049643470592720, -0.0022451387005215670638, 0.015038053381940073326,
	0.21891891390440545037, 0.18262592522459087085, 0.085251615693150466593
};
static const double odd_powers[HALF][HALF] = {
	{-0.017716844591640000952, 0.11722594092402428878, -0.14234021942717687409},
	{0.075292900348342601583, -0.46964463749398195467, 0.30416134388360470120},
	{-0.30757605575670260063, 0.35241869656995766589, -0.16182112445642782711}
};
static const double even_powers[HALF][HALF] = {
	{0.0094999591524340864513, -0.094286681069836762652, 0.12720721451576055653},
	{-0.056935746746378132214, 0.53271094653230203178, -0.38333966782336768061},
	{0.64449146107107918437, -1.1076813510515981111, 0.56513032024175161523}
};

/* The nodes of a panel. */
typedef struct Panel
{
	double		integrand[INTEGRALS][NODES];	/* for frequency 0 */
	double		log_step[NODES];	/* of the factor from a frequency to the
									 * next */
	double		power[NODES];	/* that factor to the power of the frequency */
	double		after[INTEGRALS];	/* integrals from the end of the panel on */
} Panel;

struct KpiParetoGrid
{
	double		last;			/* time at which the grid ends */
	KpiPareto	model;
	bool		alpha_near;		/* alpha is less than beta */
	double		near;			/* the lesser one */
	double		log_last;		/* log(1 + last / alpha) */
	double		room;			/* for the exponent of the highest sum */
	double		max_frequency;	/* for which the panels are narrow enough */
	double		width;
	int			panels;
	int			panel_room;
	Panel	   *panel;
	double		begin[INTEGRALS];	/* integrals from 0 on */
	double		odds;			/* s / beta */
};

/* A grid for customers up to that age. */
KpiParetoGrid *
kpi_pareto_grid(double max_t)
{
	KpiParetoGrid *grid = palloc0(sizeof(KpiParetoGrid));

	grid->last = max_t;
	return grid;
}

/* Serve another model. */
void
kpi_pareto_grid_model(KpiParetoGrid *grid, const KpiPareto *model)
{
	grid->model = *model;
	grid->alpha_near = model->alpha < model->beta;
	grid->near = Min(model->alpha, model->beta);
	grid->log_last = log1p(grid->last / model->alpha);
	grid->room = MAX_EXPONENT - model->r * grid->log_last -
		(model->s + 1) * log1p(grid->last / model->beta);
	grid->odds = model->s / model->beta;
	grid->max_frequency = -1;
}

/* Compute a node of the grid. */
static void
fill_node(const KpiParetoGrid *grid, double w, double weight, Panel *panel, int place)
{
	const KpiPareto *model = &grid->model;
	double		y = grid->near * expm1(w);
	double		log_alpha = log1p(y / model->alpha);
	double		log_beta = log1p(y / model->beta);
	double		fall = model->r * log_alpha + (model->s + 1) * log_beta;
	double		density = weight * (grid->near + y) * exp(-fall);

	panel->integrand[DENSITY][place] = density;
	panel->integrand[LOG_ALPHA][place] = density * log_alpha;
	panel->integrand[LOG_BETA][place] = density * log_beta;
	panel->integrand[OVER_ALPHA][place] = density / (model->alpha + y);
	panel->integrand[OVER_BETA][place] = density / (model->beta + y);
	panel->log_step[place] = grid->log_last - log_alpha;
}

/* How many panels customers up to that frequency need. */
static double
count_panels(const KpiParetoGrid *grid, double frequency)
{
	double		fall = kpi_pareto_fall(&grid->model, frequency, grid->last);

	return ceil(log1p(grid->last / grid->near) * Max(fall, 1) / PANEL_WIDTH);
}

/* Make the panels for customers up to that frequency. */
static void
fill_panels(KpiParetoGrid *grid, double frequency)
{
	grid->max_frequency = frequency;
	grid->panels = (int) count_panels(grid, frequency);
	grid->width = log1p(grid->last / grid->near) / grid->panels;
	if (grid->panels > grid->panel_room)
	{
		if (grid->panel != NULL)
			pfree(grid->panel);
		grid->panel_room = grid->panels + grid->panels / 4;
		grid->panel = palloc(grid->panel_room * sizeof(Panel));
	}
	for (int i = 0; i < grid->panels; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < NODES; j++)
			fill_node(grid, grid->width * (i + (1 + node_place[j]) / 2), grid->width,
					  &grid->panel[i], j);
	}
}

/* The powers of the frequency, and the integrals from the panels on. */
static void
sum_panels(KpiParetoGrid *grid, int frequency)
{
	double		sum[INTEGRALS] = {0};

	for (int i = grid->panels - 1; i >= 0; i--)
	{
		Panel	   *panel = &grid->panel[i];

		memcpy(panel->after, sum, sizeof(sum));
		for (int j = 0; j < NODES; j++)
		{
			double		weight;

			panel->power[j] = exp(frequency * panel->log_step[j]);
			weight = node_weight[j] * panel->power[j];
			for (int k = 0; k < INTEGRALS; k++)
				sum[k] += weight * panel->integrand[k][j];
		}
	}
	memcpy(grid->begin, sum, sizeof(sum));
}

/*
 * Serve customers of another frequency, so many of them; false if the grid
 * cannot, or is not worth it.
 */
bool
kpi_pareto_grid_frequency(KpiParetoGrid *grid, int frequency, int customers)
{
	double		most = FEW;
	double		panels;

	if (!(grid->room >= 0 && frequency * grid->log_last <= grid->room))
		return false;
	while (most < frequency)
		most *= MORE;
	panels = count_panels(grid, most);
	if (!(panels <= MAX_PANELS && panels * NODES < (double) customers * NODES_PER_CUSTOMER))
		return false;
	if (most != grid->max_frequency)
		fill_panels(grid, most);
	sum_panels(grid, frequency);
	return true;
}

/* The integrals from a time on, which is given as w. */
static inline void
integrate_from(const KpiParetoGrid *grid, double w, double *integral)
{
	double		at = w / grid->width;
	int			place = Min((int) at, grid->panels - 1);
	const Panel *panel = &grid->panel[place];
	double		u = 2 * (at - place) - 1;
	double		square = u * u;
	double		weight[NODES];

	for (int i = 0; i < HALF; i++)
	{
		const double *odd = odd_powers[i];
		const double *even = even_powers[i];
		double		same = u * (odd[0] + square * (odd[1] + square * odd[2]));
		double		other = square * (even[0] + square * (even[1] + square * even[2]));
		int			opposite = NODES - 1 - i;

		weight[i] = (from_middle[i] + same + other) * panel->power[i];
		weight[opposite] = (from_middle[opposite] + same - other) * panel->power[opposite];
	}
	for (int k = 0; k < INTEGRALS; k++)
	{
		const double *integrand = panel->integrand[k];

		integral[k] = panel->after[k] + ((weight[0] * integrand[0] + weight[1] * integrand[1]) +
										 (weight[2] * integrand[2] + weight[3] * integrand[3]) +
										 (weight[4] * integrand[4] + weight[5] * integrand[5]));
	}
}

/* Add a customer of the frequency that is served. */
void
kpi_pareto_grid_customer(const KpiParetoGrid *grid, const KpiTriple *triple, KpiParetoSums *sums)
{
	const KpiPareto *model = &grid->model;
	double		shape = model->r + triple->frequency;
	double		log_alpha = kpi_log_one_plus(triple->t / model->alpha);
	double		log_beta = kpi_log_one_plus(triple->t / model->beta);
	double		factor = grid->odds * exp(shape * log_alpha + model->s * log_beta -
										  triple->frequency * grid->log_last);
	double		start[INTEGRALS];
	double		to[INTEGRALS];
	const double *from = grid->begin;
	double		odds;
	double		stayed;
	double		left;

	integrate_from(grid, grid->alpha_near ? log_alpha : log_beta, to);
	if (triple->recency > 0)
	{
		integrate_from(grid, kpi_log_one_plus(triple->recency / grid->near), start);
		from = start;
	}
	odds = Max(factor * (from[DENSITY] - to[DENSITY]), 0);
	stayed = triple->weight / (1 + odds);
	left = stayed * factor;
	kpi_add_log(&sums->odds, triple->weight, 1 + odds);
	sums->value -= triple->weight * (shape * log_alpha + model->s * log_beta);
	sums->derivative[KPI_PARETO_R] -= stayed * log_alpha + left * (from[LOG_ALPHA] - to[LOG_ALPHA]);
	sums->derivative[KPI_PARETO_ALPHA] -= shape *
		(stayed / (model->alpha + triple->t) + left * (from[OVER_ALPHA] - to[OVER_ALPHA]));
	sums->derivative[KPI_PARETO_S] += stayed * (odds / model->s - log_beta) -
		left * (from[LOG_BETA] - to[LOG_BETA]);
	sums->derivative[KPI_PARETO_BETA] -= stayed * model->s / (model->beta + triple->t) +
		(model->s + 1) * left * (from[OVER_BETA] - to[OVER_BETA]);
}
