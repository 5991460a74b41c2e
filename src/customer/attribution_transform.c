/*-------------------------------------------------------------------------
 *
 * attribution_transform.c
 *	  Paths without the touches that an analyst does not count.
 *
 *	unique		as it is
 *	exposure	touches of the same channel that follow each other are one
 *	first		of each channel only its first touch
 *	remove_if_last_and_not_all	without a channel at the end, unless it is all
 *	remove_if_not_all			without a channel anywhere, unless it is all
 *
 * With the last but one and direct visits as the channel, what the model last
 * gives is last non-direct.
 *
 * NULL rule: touches that are NULL are left out.
 *
 * Source: the names are those of path transforms in Snowplow's attribution
 * package.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "base/list.h"
#include "base/words.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* Whether two channels have the same name. */
static bool
is_same(Datum a, Datum b)
{
	const text *x = DatumGetTextPP(a);
	const text *y = DatumGetTextPP(b);

	return VARSIZE_ANY_EXHDR(x) == VARSIZE_ANY_EXHDR(y) &&
		memcmp(VARDATA_ANY(x), VARDATA_ANY(y), VARSIZE_ANY_EXHDR(x)) == 0;
}

/* Whether a touch is of the channel of one of those before it, among the last so many. */
static bool
is_repeated(const Datum *path, int touch, int last)
{
	for (int i = touch - 1; i >= 0 && i >= touch - last; i--)
	{
		if (is_same(path[i], path[touch]))
			return true;
	}
	return false;
}

/* Leave touches of the channel of one of the last so many out; how many are left. */
static int
drop_repeated(Datum *path, int touches, int last)
{
	int			kept = 0;

	for (int i = 0; i < touches; i++)
	{
		CHECK_FOR_INTERRUPTS();
		path[kept] = path[i];
		if (!is_repeated(path, kept, last))
			kept++;
	}
	return kept;
}

/* Leave out a channel, at the end alone or anywhere, unless nothing would be left; how many are. */
static int
drop_channel(Datum *path, int touches, Datum channel, bool at_end)
{
	int			last = touches;
	int			kept = 0;

	while (last > 0 && is_same(path[last - 1], channel))
		last--;
	if (last == 0)
		return touches;
	for (int i = 0; i < last; i++)
	{
		if (at_end || !is_same(path[i], channel))
			path[kept++] = path[i];
	}
	return kept;
}

/* The channel in argument 2, which some transforms need. */
static Datum
channel_argument(FunctionCallInfo fcinfo, KpiPathTransform transform)
{
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("transform \"%s\" needs a channel", kpi_path_transform_words.word[transform]),
				 errhint("Pass the channel that is to be left out, such as direct.")));
	return PG_GETARG_DATUM(2);
}

/* The touches of a transformed path; how many are left of them. */
static int
transform_path(FunctionCallInfo fcinfo, KpiPathTransform transform, Datum *path, int touches)
{
	switch (transform)
	{
		case KPI_PATH_UNIQUE:
			break;
		case KPI_PATH_EXPOSURE:
			return drop_repeated(path, touches, 1);
		case KPI_PATH_FIRST:
			return drop_repeated(path, touches, touches);
		case KPI_PATH_REMOVE_IF_LAST:
			return drop_channel(path, touches, channel_argument(fcinfo, transform), true);
		case KPI_PATH_REMOVE:
			return drop_channel(path, touches, channel_argument(fcinfo, transform), false);
	}
	return touches;
}

/* attribution_transform(path, transform, channel) */
PG_FUNCTION_INFO_V1(kpi_attribution_transform);
Datum
kpi_attribution_transform(PG_FUNCTION_ARGS)
{
	KpiPathTransform transform;
	KpiList		path;
	int			touches = 0;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	transform = kpi_word_argument(fcinfo, 1, &kpi_path_transform_words);
	if (ARR_NDIM(PG_GETARG_ARRAYTYPE_P(0)) == 0)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	path = kpi_list(PG_GETARG_ARRAYTYPE_P(0), "path");
	for (int i = 0; i < path.count; i++)
	{
		if (!path.is_null[i])
			path.element[touches++] = path.element[i];
	}
	touches = transform_path(fcinfo, transform, path.element, touches);
	if (touches == 0)
		PG_RETURN_POINTER(construct_empty_array(TEXTOID));
	PG_RETURN_POINTER(construct_array(path.element, touches, TEXTOID, -1, false, TYPALIGN_INT));
}
