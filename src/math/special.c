/*-------------------------------------------------------------------------
 *
 * special.c
 *	  Special functions and quadrature that the statistics need.
 *
 * The gamma family moves its argument up to SHIFTED by recurrence and takes
 * the asymptotic series there; ratios and differences are formed inside the
 * series, so that neither large nor tiny arguments cancel.
 *
 * NIST Digital Library of Mathematical Functions, 5.11 (asymptotic series),
 * 8.17 (incomplete beta function), 15.4 (its series).
 *
 *-------------------------------------------------------------------------
 */
#include "math/special.h"

#include <float.h>

#include "miscadmin.h"

/* From here on the series have all digits. */
#define SHIFTED 10.0

#define FRACTION_MAX 100000
/* beyond this relative size a term adds nothing */
#define NEGLIGIBLE 1e-19
/* step of the trapezoidal rule over log(p / q) */
#define LOGIT_STEP 0.25

const double kpi_legendre_node[KPI_LEGENDRE_POINTS] = {
	-0.99312859918509492479, -0.96397192727791379127, -0.91223442825132590587,
	-0.83911697182221882339, -0.74633190646015079261, -0.63605368072651502545,
	-0.51086700195082709800, -0.37370608871541956067, -0.22778585114164507808,
	-0.076526521133497333755, 0.076526521133497333755, 0.22778585114164507808,
	0.37370608871541956067, 0.51086700195082709800, 0.63605368072651502545,
	0.74633190646015079261, 0.83911697182221882339, 0.91223442825132590587,
	0.96397192727791379127, 0.99312859918509492479
};

const double kpi_legendre_weight[KPI_LEGENDRE_POINTS] = {
	0.017614007139152118312, 0.040601429800386941331, 0.062672048334109063570,
	0.083276741576704748725, 0.10193011981724043504, 0.11819453196151841731,
	0.13168863844917662690, 0.14209610931838205133, 0.14917298647260374679,
	0.15275338713072585070, 0.15275338713072585070, 0.14917298647260374679,
	0.14209610931838205133, 0.13168863844917662690, 0.11819453196151841731,
	0.10193011981724043504, 0.083276741576704748725, 0.062672048334109063570,
	0.040601429800386941331, 0.017614007139152118312
};

/* Coefficients of the asymptotic series, by powers of 1 / x^2. */
#define SERIES_TERMS 7

static const double log_gamma_series[SERIES_TERMS] = {
	1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
};

static const double digamma_series[SERIES_TERMS] = {
	1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12
};

/* A series in 1 / x^2 with those coefficients. */
static double
series(const double *coefficient, double x)
{
	double		y = 1 / (x * x);
	double		sum = 0;

	for (int i = SERIES_TERMS - 1; i >= 0; i--)
		sum = sum * y + coefficient[i];
	return sum;
}

/* log gamma(x) - (x - 1/2) log(x) + x - log(2 pi) / 2, for x from SHIFTED on */
static double
stirling(double x)
{
	return series(log_gamma_series, x) / x;
}

/*
 * log(x) - 1 / (2 x) - digamma(x), for x from SHIFTED on; digamma is the
 * derivative of log gamma.
 */
static double
digamma_rest(double x)
{
	return series(digamma_series, x) / (x * x);
}

/* The logarithm of the gamma function, without the sign libm keeps in a global. */
double
kpi_log_gamma(double x)
{
	int			sign;

	return lgamma_r(x, &sign);
}

/* log gamma(x + n) - log gamma(x), for n of at least 0 */
double
kpi_log_gamma_ratio(double x, double n)
{
	double		sum = 0;

	if (n == 0)
		return 0;
	for (; x < SHIFTED; x++)
		sum -= log1p(n / x);
	return sum + (x - 0.5) * log1p(n / x) + n * (log(x + n) - 1) +
		(stirling(x + n) - stirling(x));
}

/* digamma(x + n) - digamma(x), for n of at least 0 */
double
kpi_digamma_difference(double x, double n)
{
	double		sum = 0;

	for (; x < SHIFTED; x++)
		sum += n / (x * (x + n));
	return sum + log1p(n / x) + 0.5 * n / (x * (x + n)) +
		(digamma_rest(x) - digamma_rest(x + n));
}

/* log B(a, b + n) - log B(a, b), where B is the beta function, for n of at least 0 */
double
kpi_log_beta_ratio(double a, double b, double n)
{
	/* the shorter way, for less is lost in the difference */
	if (n <= a)
		return kpi_log_gamma_ratio(b, n) - kpi_log_gamma_ratio(a + b, n);
	return kpi_log_gamma_ratio(b, a) - kpi_log_gamma_ratio(b + n, a);
}

/* The continued fraction of the incomplete beta function, by Lentz's method. */
static double
beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double		c = 1;
	double		d = 1 - (a + b) * x / (a + 1);
	double		fraction;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	fraction = d;
	for (int m = 1; m <= FRACTION_MAX; m++)
	{
		double		factor = 1;

		CHECK_FOR_INTERRUPTS();
		for (int odd = 0; odd <= 1; odd++)
		{
			double		term = odd
			? -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1))
			: m * (b - m) * x / ((a + 2.0 * m - 1) * (a + 2.0 * m));

			d = 1 + term * d;
			c = 1 + term / c;
			d = 1 / (fabs(d) < tiny ? tiny : d);
			c = fabs(c) < tiny ? tiny : c;
			factor = c * d;
			fraction *= factor;
		}
		if (fabs(factor - 1) <= DBL_EPSILON)
			break;
	}
	return fraction;
}

/* log gamma(x) - (x - 1/2) log(x) + x - log(2 pi) / 2 */
static double
stirling_error(double x)
{
	if (x >= SHIFTED)
		return stirling(x);
	return kpi_log_gamma(x) - (x - 0.5) * log(x) + x - log(2 * M_PI) / 2;
}

/* x log(x / mean) + mean - x, where excess = x - mean */
static double
deviance(double x, double log_mean, double excess)
{
	double		share = excess / x;
	double		term = share;
	double		sum = 0;

	if (fabs(share) >= 0.1)
		return x * (log(x) - log_mean) - excess;
	for (int k = 2; fabs(term) > NEGLIGIBLE; k++)
	{
		term *= share;
		sum += term / k;
	}
	return x * sum;
}

/*
 * The probability of n events at a rate that has a gamma distribution with
 * shape r, where log_ratio is the logarithm of the time against the scale of
 * that distribution: gamma(r + n) / (gamma(r) n!) p^r q^n with p + q = 1 and
 * q / p the ratio.  The logarithms are taken as distances from the mean (C.
 * Loader, "Fast and accurate computation of binomial probabilities", 2000).
 */
double
kpi_negative_binomial(double r, double n, double log_ratio)
{
	double		all = r + n;
	double		ratio = exp(-fabs(log_ratio));
	double		excess = (log_ratio > 0 ? r - n * ratio : r * ratio - n) / (1 + ratio);
	double		log_p = -kpi_softplus(log_ratio);
	double		log_q = -kpi_softplus(-log_ratio);

	if (n == 0)
		return exp(r * log_p);
	return exp(stirling_error(all) - stirling_error(r) - stirling_error(n) -
			   deviance(r, log(all) + log_p, excess) - deviance(n, log(all) + log_q, -excess)) *
		sqrt(r / (2 * M_PI * n * all));
}

/* The same of n events and more, for r below 1 and no more n than about r / p. */
static double
tail_of_small_shape(double r, double n, double log_p)
{
	double		p = exp(log_p);
	double		term = 1;
	double		sum = 0;

	/* it ends by itself where n is whole */
	for (double k = 1; fabs(term) > NEGLIGIBLE; k++)
	{
		term *= (k - n) / k * p;
		sum += term / (r + k);
	}
	return -expm1(r * log_p - kpi_log_gamma_ratio(1, r) + kpi_log_gamma_ratio(n, r) + log1p(r * sum));
}

/* The probability of n events and more, an incomplete beta function. */
double
kpi_negative_binomial_tail(double r, double n, double log_ratio)
{
	double		p = kpi_logistic(-log_ratio);
	double		q = kpi_logistic(log_ratio);

	if (n == 0)
		return 1;
	if (q < (n + 1) / (n + r + 2))
		return kpi_negative_binomial(r, n, log_ratio) * beta_fraction(n, r, q);
	if (r < 1)
		return tail_of_small_shape(r, n, -kpi_softplus(log_ratio));
	return 1 - kpi_negative_binomial(r, n, log_ratio) * (n / r) * beta_fraction(r, n, p);
}

typedef struct BetaSums
{
	double		weight;
	double		value;
} BetaSums;

/*
 * Add the nodes to one side of the mode of p^a q^b: to the left, where p falls
 * to 0, as called; to the right with the roles of p and q, a and b exchanged.
 */
static void
add_side(double a, double b, double p_mode, double q_mode, double step, double log_scale,
		 bool right, KpiBetaFunction function, void *data, BetaSums *sums)
{
	double		log_p_mode = log(p_mode);
	double		log_q_mode = log(q_mode);
	double		log_flat = -56 * M_LN2 - Max(log_scale, log(Max(b, 1)));

	for (int i = 1;; i++)
	{
		double		t = i * step;
		double		fall = t < 1 ? log1p(q_mode * expm1(t)) : t + log(q_mode + p_mode * exp(-t));
		double		log_p = log_p_mode - fall;
		double		rise = -log1p(p_mode * expm1(-t));
		double		log_q = log_q_mode + rise;
		double		weight = exp(b * rise - a * fall);
		double		value = right ? function(exp(log_q), log_q, data) : function(exp(log_p), log_p, data);

		CHECK_FOR_INTERRUPTS();
		/* from here on all is constant but for p^a, a geometric series */
		if (log_p <= log_flat)
			weight /= -expm1(-a * step);
		sums->weight += weight;
		sums->value += weight * value;
		/* a value beyond the numbers must not go on for ever */
		if (log_p <= log_flat ||
			(weight < NEGLIGIBLE * sums->weight &&
			 !(fabs(weight * value) >= NEGLIGIBLE * fabs(sums->value))))
			break;
	}
}

/*
 * The mean of a smooth positive function of p, where p has the beta
 * distribution with a and b: the trapezoidal rule over log(p / q), whose error
 * falls exponentially with the step.  The function must be constant to
 * rounding where log p is below log(2^-56) - log_scale, and where q is below
 * 2^-56.
 */
double
kpi_beta_mean(double a, double b, double log_scale, KpiBetaFunction function, void *data)
{
	double		p = a / (a + b);
	double		q = b / (a + b);
	double		width = sqrt(1 / a + 1 / b);
	double		step = Min(LOGIT_STEP, 0.7 * width);
	BetaSums	sums = {1, function(p, log(p), data)};

	add_side(a, b, p, q, step, log_scale, false, function, data, &sums);
	add_side(b, a, q, p, step, 0, true, function, data, &sums);
	return sums.value / sums.weight;
}
