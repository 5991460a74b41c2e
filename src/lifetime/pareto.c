/*-------------------------------------------------------------------------
 *
 * pareto.c
 *	  The Pareto/NBD model: likelihood and predictions.
 *
 * While a customer stays it buys at a rate that is gamma distributed with
 * shape r and scale alpha over the customers; it leaves at a rate that is
 * gamma distributed with shape s and scale beta.  With x purchases up to the
 * age t, the last at recency, the likelihood is
 *
 *	G alpha^r beta^s [ (alpha + t)^-(r+x) (beta + t)^-s
 *		+ s integral over y from recency to t of (alpha + y)^-(r+x) (beta + y)^-(s+1) ]
 *
 * where G is gamma(r + x) / gamma(r).  The first term is the customer that
 * stayed, the second the one that left at y; their quotient is the odds of
 * having left, and everything else is taken from these odds.
 *
 * Numeric method: with c the lesser of alpha and beta, the integrand over
 * w = log((c + y) / (c + recency)) is log-concave and has features of unit
 * size only.  It is taken relative to its peak, cut where it falls below
 * rounding, and integrated by twenty Gauss-Legendre nodes a panel.  The
 * derivatives are means of logarithms and reciprocals under the same
 * integrand.  No hypergeometric function, no difference of large numbers.
 *
 * Sources: D. C. Schmittlein, D. G. Morrison, R. Colombo, "Counting your
 * customers", Management Science 33(1), 1987; P. S. Fader, B. G. S. Hardie,
 * "A note on deriving the Pareto/NBD model and related expressions", 2005.
 *
 *-------------------------------------------------------------------------
 */
#include "lifetime/pareto.h"

#include <float.h>

#include "math/special.h"
#include "miscadmin.h"

/* A panel of the quadrature is no wider, */
#define PANEL_WIDTH 3.0
/* and the logarithm of the integrand falls no more over it. */
#define PANEL_FALL 45.0
#define MAX_PANELS 10000
/* Within these limits one panel of fewer nodes will do. */
#define FEW_NODES 10
#define FEW_WIDTH 3.0
#define FEW_FALL 8.0
/* From here on the continued fraction of the exponential integral is the shorter way. */
#define MIN_FRACTION 2.0
/* The logarithm of z e^v where the integrand is negligible for any order. */
#define LOG_FARTHEST_Z 7.6
/* exp() of more than this may be beyond float8. */
#define MAX_EXPONENT 700.0
/* Where the logarithm lies so far below the peak, nothing is left. */
#define NEGLIGIBLE_FALL 42.0

static const double few_place[FEW_NODES] = {
	-0.97390652851717172008, -0.86506336668898451073, -0.67940956829902440623,
	-0.43339539412924719080, -0.14887433898163121088, 0.14887433898163121088,
	0.43339539412924719080, 0.67940956829902440623, 0.86506336668898451073,
	0.97390652851717172008
};

static const double few_weight[FEW_NODES] = {
	0.066671344308688137594, 0.14945134915058059315, 0.21908636251598204400,
	0.26926671930999635509, 0.29552422471475287017, 0.29552422471475287017,
	0.26926671930999635509, 0.21908636251598204400, 0.14945134915058059315,
	0.066671344308688137594
};

/* The customer that left: how likely, and means over the time y it may have left. */
typedef struct Leave
{
	double		log_odds;		/* of having left against staying */
	double		log_alpha;		/* log((alpha + t) / (alpha + y)) */
	double		log_beta;		/* log((beta + t) / (beta + y)) */
	double		over_alpha;		/* 1 / (alpha + y) */
	double		over_beta;		/* 1 / (beta + y) */
} Leave;

/* The integrand exp(-(p w + q log(1 + rho (e^w - 1)))), for w from 0 to end. */
typedef struct Decline
{
	double		p;
	double		q;
	double		rho;
	double		end;
	double		bottom;			/* the logarithm at the end */
	double		top;			/* and at the peak */
} Decline;

/* Sums over the nodes. */
typedef struct DeclineSums
{
	double		weight;
	double		near;			/* of w, the logarithm of the nearer scale */
	double		far;			/* of the logarithm of the farther scale */
	double		over_near;
	double		over_far;
} DeclineSums;

/* The logarithm of the integrand. */
static double
log_decline(const Decline *decline, double w)
{
	return -(decline->p * w + decline->q * log1p(decline->rho * expm1(w)));
}

/* The derivative of the logarithm. */
static double
decline_slope(const Decline *decline, double w)
{
	return -(decline->p + decline->q / (1 + (1 / decline->rho - 1) * exp(-w)));
}

/* The peak: at one of the ends, or between where p is negative. */
static double
decline_peak(const Decline *decline)
{
	double		share = -decline->p / decline->q;
	double		w;

	if (decline_slope(decline, 0) <= 0)
		return 0;
	if (decline_slope(decline, decline->end) >= 0)
		return decline->end;
	w = log(share / (1 - share)) + log1p(-decline->rho) - log(decline->rho);
	return Min(Max(w, 0), decline->end);
}

/*
 * Cut the far end where the integrand is negligible, within a panel.  Newton's
 * method for a concave function stays beyond the root; where a bend lies
 * between them its steps are short until it has passed the bend.
 */
static void
cut_decline(Decline *decline)
{
	double		floor = decline->top - NEGLIGIBLE_FALL;

	while (decline->bottom < floor)
	{
		double		before = decline->end;

		decline->end -= (decline->bottom - floor) / decline_slope(decline, before);
		decline->bottom = log_decline(decline, decline->end);
		if (!(decline->end < before) ||
			(decline->end > 0.9 * before && decline->bottom > floor - PANEL_FALL))
			break;
	}
}

/* Panels of quadrature, for a width and a fall of the logarithm. */
static int
count_panels(double width, double fall)
{
	return (int) Min(Max(Max(ceil(width / PANEL_WIDTH), ceil(fall / PANEL_FALL)), 1), MAX_PANELS);
}

/* Add the integrand at w, and on request what the means need. */
static void
add_node(const Decline *decline, double w, double weight, bool means, DeclineSums *sums)
{
	double		near = exp(w);
	double		far = (1 - decline->rho) + decline->rho * near;
	double		log_far = log(far);

	weight *= exp(-(decline->p * w + decline->q * log_far) - decline->top);
	sums->weight += weight;
	if (!means)
		return;
	sums->near += weight * w;
	sums->far += weight * log_far;
	sums->over_near += weight / near;
	sums->over_far += weight / far;
}

/* The integral, as sums over the nodes relative to the peak. */
static void
integrate_decline(Decline *decline, bool means, DeclineSums *sums)
{
	double		fall;
	double		half;
	int			panels;

	memset(sums, 0, sizeof(DeclineSums));
	decline->top = decline->p >= 0 ? 0 : log_decline(decline, decline_peak(decline));
	cut_decline(decline);
	half = decline->end / 2;
	fall = decline->top - Min(decline->bottom, 0);
	if (decline->end <= FEW_WIDTH && fall <= FEW_FALL)
	{
		for (int i = 0; i < FEW_NODES; i++)
			add_node(decline, half * (1 + few_place[i]), half * few_weight[i], means, sums);
		return;
	}
	panels = count_panels(decline->end, fall);
	half /= panels;
	for (int panel = 0; panel < panels; panel++)
	{
		for (int i = 0; i < KPI_LEGENDRE_POINTS; i++)
			add_node(decline, half * (2 * panel + 1 + kpi_legendre_node[i]),
					 half * kpi_legendre_weight[i], means, sums);
	}
}

/* The odds of having left between recency and t, and the means on request. */
static void
find_leave(const KpiPareto *model, double frequency, double recency, double t,
		   bool means, Leave *leave)
{
	bool		alpha_near = model->alpha < model->beta;
	double		shape = model->r + frequency;
	double		log_alpha = log1p((t - recency) / (model->alpha + recency));
	double		log_beta = log1p((t - recency) / (model->beta + recency));
	double		near = (alpha_near ? model->alpha : model->beta) + recency;
	double		far = (alpha_near ? model->beta : model->alpha) + recency;
	double		log_near = alpha_near ? log_alpha : log_beta;
	double		log_far = alpha_near ? log_beta : log_alpha;
	DeclineSums sums;
	Decline		decline;

	if (recency == t)
	{
		memset(leave, 0, sizeof(Leave));
		leave->log_odds = -INFINITY;
		return;
	}
	decline.p = alpha_near ? shape - 1 : model->s;
	decline.q = alpha_near ? model->s + 1 : shape;
	decline.rho = near / far;
	decline.end = log_near;
	decline.bottom = -(decline.p * log_near + decline.q * log_far);
	integrate_decline(&decline, means, &sums);

	leave->log_odds = shape * log_alpha + model->s * log_beta + decline.top +
		log(model->s * sums.weight * (alpha_near ? decline.rho : 1));
	if (!means)
		return;
	log_near -= sums.near / sums.weight;
	log_far -= sums.far / sums.weight;
	sums.over_near /= sums.weight * near;
	sums.over_far /= sums.weight * far;
	leave->log_alpha = alpha_near ? log_near : log_far;
	leave->log_beta = alpha_near ? log_far : log_near;
	leave->over_alpha = alpha_near ? sums.over_near : sums.over_far;
	leave->over_beta = alpha_near ? sums.over_far : sums.over_near;
}

/*
 * The logarithm of the likelihood of one customer without gamma(r + x) /
 * gamma(r); gradient, unless NULL, takes its derivatives by the parameters.
 */
double
kpi_pareto_log_kernel(const KpiPareto *model, double frequency,
					  double recency, double t, double *gradient)
{
	double		log_alpha = log1p(t / model->alpha);
	double		log_beta = log1p(t / model->beta);
	Leave		leave;

	find_leave(model, frequency, recency, t, gradient != NULL, &leave);
	if (gradient != NULL)
	{
		double		left = kpi_logistic(leave.log_odds);
		double		stayed = kpi_logistic(-leave.log_odds);

		gradient[KPI_PARETO_R] = left * leave.log_alpha - log_alpha;
		gradient[KPI_PARETO_ALPHA] = model->r / model->alpha - (model->r + frequency) *
			(stayed / (model->alpha + t) + left * leave.over_alpha);
		gradient[KPI_PARETO_S] = left / model->s + left * leave.log_beta - log_beta;
		gradient[KPI_PARETO_BETA] = model->s / model->beta - model->s * stayed / (model->beta + t) -
			(model->s + 1) * left * leave.over_beta;
	}
	return kpi_softplus(leave.log_odds) - model->r * log_alpha - model->s * log_beta -
		(frequency == 0 ? 0 : frequency * log(model->alpha + t));
}

/* The logarithm of the likelihood of one customer, and its derivatives. */
double
kpi_pareto_log_likelihood(const KpiPareto *model, double frequency,
						  double recency, double t, double *gradient)
{
	double		kernel = kpi_pareto_log_kernel(model, frequency, recency, t, gradient);

	if (gradient != NULL)
		gradient[KPI_PARETO_R] += kpi_digamma_difference(model->r, frequency);
	return kernel + kpi_log_gamma_ratio(model->r, frequency);
}

/* The probability that a customer with this history is still there. */
double
kpi_pareto_p_alive(const KpiPareto *model, double frequency, double recency, double t)
{
	Leave		leave;

	find_leave(model, frequency, recency, t, false, &leave);
	return kpi_logistic(-leave.log_odds);
}

/* log(1 + time / scale), where the quotient may be beyond float8 */
static double
log_growth(double time, double scale)
{
	double		ratio = time / scale;

	return ratio <= DBL_MAX ? log1p(ratio) : log(time) - log(scale);
}

/* The integral of factor exp(-k v) over v from 0 to end. */
static double
exponential_integral(double factor, double k, double end)
{
	if (fabs(k * end) < 1e-8)
		return factor * end * (1 - k * end / 2);
	/* the integral alone may be beyond float8 */
	if (k * end < -MAX_EXPONENT)
		return exp(log(factor / -k) - k * end);
	return factor * -expm1(-k * end) / k;
}

/* A customer with this history as predictions need it. */
void
kpi_pareto_customer(const KpiPareto *model, double frequency, double recency, double t,
					KpiParetoCustomer *customer)
{
	customer->scale = kpi_pareto_p_alive(model, frequency, recency, t) *
		(model->r + frequency) * ((model->beta + t) / (model->alpha + t));
	customer->shape = model->s;
	customer->rate = model->beta + t;
}

/* The purchases to be expected in the time future_t after t. */
double
kpi_pareto_purchases(const KpiParetoCustomer *customer, double future_t)
{
	return exponential_integral(customer->scale, customer->shape - 1,
								log_growth(future_t, customer->rate));
}

/* The same between two times to come. */
double
kpi_pareto_purchases_between(const void *customer, double from, double to)
{
	const KpiParetoCustomer *pareto = customer;
	double		k = pareto->shape - 1;

	return exponential_integral(pareto->scale * exp(-k * log_growth(from, pareto->rate)), k,
								log_growth(to - from, pareto->rate + from));
}

/* log of the integrand exp(-(order - 1) v - z (e^v - 1)) of the exponential integral */
static double
log_lasting(double order, double log_z, double v)
{
	return (1 - order) * v - (exp(v + log_z) - exp(log_z));
}

/* The continued fraction of the same, from its far end; the farther the smaller z. */
static double
lasting_fraction(double order, double z)
{
	int			terms = 10 + (int) ceil(90 / z);
	double		tail = z + order + 2 * terms;

	for (int i = terms; i >= 1; i--)
		tail = z + order + 2 * (i - 1) - i * (order + i - 1) / tail;
	return 1 / tail;
}

/* Where the integrand is negligible from on, or somewhat beyond. */
static double
lasting_end(double order, double log_z, double peak, double floor)
{
	double		farthest = LOG_FARTHEST_Z - log_z;
	double		end = peak + 1;
	double		before = INFINITY;

	while (end < farthest && log_lasting(order, log_z, end) > floor)
		end = peak + 2 * (end - peak);
	end = Min(end, farthest);
	/* Newton's method from beyond the root of a concave function stays there */
	while (end < 0.9 * before)
	{
		before = end;
		end -= (log_lasting(order, log_z, end) - floor) / (1 - order - exp(end + log_z));
	}
	return end;
}

/*
 * exp(z) E_order(z), for order above 0 and any z, given by its logarithm: the
 * integral of (1 + u)^-order exp(-z u) over u from 0 on, here over
 * v = log(1 + u).
 */
double
kpi_lasting(double order, double log_z)
{
	double		z = exp(log_z);
	double		peak;
	double		top;
	double		end;
	double		half;
	double		sum = 0;
	int			panels;

	if (z >= MIN_FRACTION)
		return lasting_fraction(order, z);
	peak = 1 - order > z ? log(1 - order) - log_z : 0;
	top = log_lasting(order, log_z, peak);
	end = lasting_end(order, log_z, peak, top - NEGLIGIBLE_FALL);
	panels = count_panels(end, NEGLIGIBLE_FALL);
	half = end / panels / 2;
	for (int panel = 0; panel < panels; panel++)
	{
		for (int i = 0; i < KPI_LEGENDRE_POINTS; i++)
			sum += kpi_legendre_weight[i] *
				exp(log_lasting(order, log_z, half * (2 * panel + 1 + kpi_legendre_node[i])) - top);
	}
	return sum * half * exp(top);
}

/*
 * The new customer that makes n purchases and then leaves at an age up to
 * future_t, as a log-concave integrand over v = log(1 + age / c), where c is
 * the lesser of alpha and beta.
 */
typedef struct Career
{
	const KpiPareto *model;
	double		n;
	double		scale;			/* c */
} Career;

/* The age c (e^v - 1), also where e^v is beyond float8. */
static double
career_age(const Career *career, double v)
{
	return v < MAX_EXPONENT ? career->scale * expm1(v) : Min(exp(v + log(career->scale)), DBL_MAX);
}

/* The logarithm of the integrand. */
static double
log_career(const Career *career, double v)
{
	const KpiPareto *model = career->model;
	double		age = career_age(career, v);

	return v - (career->n == 0 ? 0 : career->n * log1p(model->alpha / age)) -
		model->r * log_growth(age, model->alpha) - (model->s + 1) * log_growth(age, model->beta);
}

/* The derivative of the logarithm. */
static double
career_slope(const Career *career, double v)
{
	const KpiPareto *model = career->model;
	double		rest = exp(-v);
	double		gone = -career->scale * expm1(-v);
	double		first = career->n == 0 ? 0 : career->n * model->alpha / career_age(career, v);

	return 1 + career->scale * ((first - model->r) / (model->alpha * rest + gone) -
								(model->s + 1) / (model->beta * rest + gone));
}

/* Tests for bisect_career: whether the logarithm falls at v, */
static bool
career_falls(const Career *career, double v, double floor)
{
	return career_slope(career, v) < 0;
}

/* is above the floor, */
static bool
career_above(const Career *career, double v, double floor)
{
	return log_career(career, v) > floor;
}

/* or below it. */
static bool
career_below(const Career *career, double v, double floor)
{
	return log_career(career, v) < floor;
}

/* Where a test that fails at from and not at to turns; an end if it does not. */
static double
bisect_career(const Career *career, double from, double to,
			  bool (*test) (const Career *career, double v, double floor), double floor)
{
	for (int i = 0; i < 60; i++)
	{
		double		middle = (from + to) / 2;

		if (middle <= from || middle >= to)
			break;
		if (test(career, middle, floor))
			to = middle;
		else
			from = middle;
	}
	return (from + to) / 2;
}

/* The integral of exp(log_career - top) over v. */
static double
integrate_career(const Career *career, double from, double to, double top)
{
	double		fall = top - Min(log_career(career, from), log_career(career, to));
	double		sum = 0;
	double		half;
	int			panels;

	/* near a round peak the logarithm is no straight line: more panels */
	panels = count_panels(to - from, 3 * Min(fall, NEGLIGIBLE_FALL));
	half = (to - from) / panels / 2;
	for (int panel = 0; panel < panels; panel++)
	{
		for (int i = 0; i < KPI_LEGENDRE_POINTS; i++)
			sum += kpi_legendre_weight[i] *
				exp(log_career(career, from + half * (2 * panel + 1 + kpi_legendre_node[i])) - top);
	}
	return sum * half;
}

/* The logarithm of gamma(r + n) / (gamma(r) n!). */
static double
log_choices(double r, double n)
{
	return (r >= 1 ? kpi_log_gamma_ratio(n + 1, r - 1) : -kpi_log_gamma_ratio(n + r, 1 - r)) -
		kpi_log_gamma(r);
}

/* The probability that a new customer makes n purchases up to future_t. */
double
kpi_pareto_probability(const KpiPareto *model, double n, double future_t)
{
	Career		career = {model, n, Min(model->alpha, model->beta)};
	double		end = log_growth(future_t, career.scale);
	double		choices;
	double		stayed;
	double		left;
	double		peak;
	double		from;
	double		to;
	double		top;

	if (future_t == 0)
		return n == 0;
	stayed = -(n == 0 ? 0 : n * log1p(model->alpha / future_t)) -
		model->r * log_growth(future_t, model->alpha) - model->s * log_growth(future_t, model->beta);
	peak = bisect_career(&career, 0, end, career_falls, 0);
	top = log_career(&career, peak);
	from = bisect_career(&career, 0, peak, career_above, top - NEGLIGIBLE_FALL);
	to = bisect_career(&career, peak, end, career_below, top - NEGLIGIBLE_FALL);
	if (n == 0 || log_career(&career, peak) - log_career(&career, from) < NEGLIGIBLE_FALL / 2)
		from = 0;
	left = integrate_career(&career, from, peak, top) + integrate_career(&career, peak, to, top);
	choices = log_choices(model->r, n);
	return exp(choices + stayed) +
		exp(choices + top) * left * model->s * (career.scale / model->beta);
}
