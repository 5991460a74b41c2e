/*-------------------------------------------------------------------------
 *
 * time_zone.c
 *	  Names of time zones.
 *
 * A name is one of pg_timezone_names, which reads every file of the time zone
 * database and takes tens of milliseconds for it.  The server looks up one
 * name at once, but takes any POSIX specification for one as well, of which a
 * typing mistake is soon one (in 'GMT-2' the sign is the other way round).
 * Those begin with letters followed by an offset; of names without a slash
 * only a few old ones have digits.
 *
 *-------------------------------------------------------------------------
 */
#include "kpi.h"

#include "pgtime.h"
#include "utils/builtins.h"

/* The names without a slash that have digits. */
static const char *const digit_names[] = {
	"CST6CDT", "EST5EDT", "GMT+0", "GMT-0", "GMT0", "MST7MDT", "PST8PDT"
};

/* Is it the rule of a zone rather than its name? */
static bool
is_specification(const char *name)
{
	if (strpbrk(name, ",<:") != NULL)
		return true;
	if (strchr(name, '/') != NULL || strpbrk(name, "0123456789") == NULL)
		return false;
	for (size_t i = 0; i < lengthof(digit_names); i++)
	{
		if (strcmp(name, digit_names[i]) == 0)
			return false;
	}
	return true;
}

/* time_zone_name(name): the name as the server writes it, NULL where it knows none. */
PG_FUNCTION_INFO_V1(kpi_time_zone_name);
Datum
kpi_time_zone_name(PG_FUNCTION_ARGS)
{
	char	   *given = text_to_cstring(PG_GETARG_TEXT_PP(0));
	pg_tz	   *zone = strlen(given) > TZ_STRLEN_MAX ? NULL : pg_tzset(given);
	const char *name = zone != NULL && pg_tz_acceptable(zone) ? pg_get_timezone_name(zone) : NULL;

	if (name == NULL || is_specification(name))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* session_time_zone(): what TimeZone was when the session began. */
PG_FUNCTION_INFO_V1(kpi_session_time_zone);
Datum
kpi_session_time_zone(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(GetConfigOptionResetString("TimeZone")));
}
