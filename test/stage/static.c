/*
 * static.c: one finding for each checker that stage static runs. This is never
 * linked into anything.
 */
#include "kpi.h"

extern int	kpi_planted(int way, const int *place);

static int
beyond(void)
{
	int			number[4] = {0};

	return number[4];
}

static int
unset(int way)
{
	int			value;

	if (way > 1)
		value = 1;
	return value;
}

static int
nowhere(const int *place)
{
	return place == NULL ? *place : 0;
}

static void *
narrow(int count, size_t size)
{
	int			total = size;
	int			unused;

	return count < size ? palloc0(4 * total) : NULL;
}

int
kpi_planted(int way, const int *place)
{
	return beyond() + unset(way) + nowhere(place) + (narrow(way, way) != NULL);
}
