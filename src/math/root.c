/*-------------------------------------------------------------------------
 *
 * root.c
 *	  All real roots of a sum of exponentials.
 *
 * f(y) = v[0] exp(t[0] y) + ... + v[n - 1] exp(t[n - 1] y), of rising t, has at
 * most as many real roots as its values have changes of sign (Descartes' rule,
 * which Laguerre showed for real exponents).
 *
 * Let f[k] have the terms from k on, each with its value times (t[i] - t[0]) ...
 * (t[i] - t[k - 1]), which leaves all signs as they are.  Then f[k] is, but for
 * a factor that is never 0, the derivative of exp(-t[k - 1] y) f[k - 1]; between
 * the roots of f[k] that function rises or falls all the time and has at most
 * one root.  The terms behind the last but one change of sign have at most one
 * root, too.  From there on down to f[0] each step finds the roots of a function
 * between those of the one before: none is missed, and there is nothing to guess.
 *
 * A root is found by steps of Newton's where these stay inside and are faster than
 * bisection.  What is 0 but for rounding, between two roots, is one: there f touches 0.
 *
 * Values are scaled by logarithms, so that neither products nor exponentials
 * overflow; those of f itself, in which the roots are read, stand as they are.
 *
 * Sources: E. Laguerre, "Sur la theorie des equations numeriques", 1883; G. Polya
 * and G. Szego, Problems and Theorems in Analysis II, part V, 77.
 *
 *-------------------------------------------------------------------------
 */
#include "math/root.h"

#include <float.h>
#include <math.h>

#include "base/twosum.h"
#include "miscadmin.h"

#define MAX_STEPS 200

/* One of the functions: terms from first on, by the logarithms of their values. */
typedef struct Function
{
	const KpiExponentials *sum;
	int			first;
	double	   *size;			/* log |value| */
} Function;

/* What a function is at a place, but for a positive factor. */
typedef struct Place
{
	double		value;
	double		slope;
	double		error;			/* of the value */
} Place;

/* The logarithm of a term at y; where values stand as they are, without its value's. */
static inline double
power_of(const Function *f, int i, double y)
{
	double		power = (f->sum->time[i] - f->sum->time[f->first]) * y;

	return f->first > 0 ? power + f->size[i] : power;
}

/* The largest logarithm of a term at y; where values stand as they are, that of the first or the last. */
static double
largest_power(const Function *f, double y)
{
	double		largest = Max(power_of(f, f->first, y), power_of(f, f->sum->count - 1, y));

	for (int i = f->first; f->first > 0 && i < f->sum->count; i++)
		largest = Max(largest, power_of(f, i, y));
	return largest;
}

/* Value and slope of a function at y. */
static Place
look(const Function *f, double y)
{
	const KpiExponentials *sum = f->sum;
	double		from = sum->time[f->first];
	double		largest = largest_power(f, y);
	double		all = 0;
	double		slope = 0;
	KpiSum		value = {0, 0};
	Place		place;

	for (int i = f->first; i < sum->count; i++)
	{
		double		power = power_of(f, i, y);
		double		term = exp(power - largest);

		if (f->first == 0)
			term *= sum->value[i];
		else if (sum->value[i] < 0)
			term = -term;
		/* the exponent is rounded, and with it the term */
		all += fabs(term) * (4 + fabs(power) + fabs(largest));
		kpi_sum_add(&value, term);
		slope += term * (sum->time[i] - from);
	}
	place.value = kpi_sum_value(value);
	place.slope = slope;
	place.error = all * DBL_EPSILON;
	return place;
}

/* The sign of a value; 0 where it could be either. */
static inline int
sign_of(const Place *place)
{
	if (fabs(place->value) <= place->error)
		return 0;
	return place->value > 0 ? 1 : -1;
}

/* The root between two places with different signs. */
static double
find_root(const Function *f, double low, double high, int sign_low)
{
	/* what is sought mostly lies near 0 */
	double		y = low < 0 && high > 0 ? 0 : low + (high - low) / 2;
	double		step = high - low;
	double		step_before = step;

	for (int i = 0; i < MAX_STEPS; i++)
	{
		Place		place = look(f, y);
		double		next = y - place.value / place.slope;

		if (place.value == 0)
			return y;
		if ((place.value > 0) == (sign_low > 0))
			low = y;
		else
			high = y;
		/* halve where Newton leaves the range, or is no faster than that */
		if (!(next > low && next < high) || fabs(next - y) > step_before / 2)
			next = low + (high - low) / 2;
		else if (fabs(next - y) <= 4 * DBL_EPSILON * (fabs(y) + DBL_EPSILON))
			return next;
		if (next <= low || next >= high)
			return y;
		step_before = step;
		step = fabs(next - y);
		y = next;
	}
	return y;
}

/* Put a root at the end, unless it is the last one again. */
static int
put_root(double *root, int roots, double y)
{
	if (roots > 0 && y - root[roots - 1] <= 1e-13 * Max(fabs(y), 1))
		return roots;
	root[roots] = y;
	return roots + 1;
}

/* The roots of a function between places among which it is monotonic; how many. */
static int
roots_between(const Function *f, const double *place, int places, double *root)
{
	int			roots = 0;
	Place		at = look(f, place[0]);
	int			sign = sign_of(&at);

	if (sign == 0)
		roots = put_root(root, roots, place[0]);
	for (int i = 1; i < places; i++)
	{
		int			before = sign;

		at = look(f, place[i]);
		sign = sign_of(&at);
		if (sign == 0)
			roots = put_root(root, roots, place[i]);
		else if (before * sign < 0)
			roots = put_root(root, roots, find_root(f, place[i - 1], place[i], before));
	}
	return roots;
}

/* The first term of those at the end with at most one change of sign. */
static int
last_with_one_change(const KpiExponentials *sum)
{
	int			changes = 0;
	int			first = sum->count - 1;

	while (first > 0)
	{
		changes += (sum->value[first - 1] > 0) != (sum->value[first] > 0);
		if (changes > 1)
			break;
		first--;
	}
	return first;
}

/* Multiply the values of the terms from one on by their distance from the one before. */
static void
weigh_terms(const KpiExponentials *sum, double *size, int first, double direction)
{
	for (int i = first; i < sum->count; i++)
		size[i] += direction * log(sum->time[i] - sum->time[first - 1]);
}

/* The roots in [low, high], rising; how many, at most one fewer than there are terms. */
int
kpi_exponential_roots(const KpiExponentials *sum, double low, double high, double *root)
{
	Function	f = {sum, last_with_one_change(sum), palloc(sizeof(double) * sum->count)};
	double	   *place = palloc(sizeof(double) * (sum->count + 1));
	int			places = 2;
	int			roots;

	for (int i = 0; i < sum->count; i++)
		f.size[i] = log(fabs(sum->value[i]));
	for (int k = 1; k <= f.first; k++)
		weigh_terms(sum, f.size, k, 1);
	place[0] = low;
	place[1] = high;
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		roots = roots_between(&f, place, places, root);
		if (f.first == 0)
			break;
		place[0] = low;
		memcpy(place + 1, root, sizeof(double) * roots);
		places = roots + 1;
		place[places++] = high;
		weigh_terms(sum, f.size, f.first, -1);
		f.first--;
	}
	pfree(f.size);
	pfree(place);
	return roots;
}
