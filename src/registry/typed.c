/*-------------------------------------------------------------------------
 *
 * typed.c
 *	  What follows when what values are made of changes.
 *
 * Who enters values may write kpi.entry and no measurement; so what an entry
 * was goes to kpi.entry_log, and kpi.measurement is made anew, with the rights
 * of the owner of the tables.  Rows that were only renamed, as those of a unit
 * that got another key, are measured already.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/writer.h"

#include "access/htup_details.h"
#include "base/check.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"

/* Rows of a statement, of which each one names a period. */
#define PERIODS_CHANGED \
	"SELECT c.indicator, c.grain, c.period_start FROM changed AS c"
#define PERIODS_UPDATED \
	PERIODS_CHANGED " JOIN former AS f USING (indicator, unit, grain, period_start)"

/* All judgements of the indicators whose raters a statement changed. */
#define RATINGS_OF \
	"SELECT r.indicator, r.grain, r.period_start FROM kpi.rating AS r" \
	" WHERE r.indicator IN (SELECT c.indicator FROM changed AS c"
#define RATINGS_CHANGED \
	RATINGS_OF ")"
#define RATINGS_UPDATED \
	RATINGS_OF " JOIN former AS f ON f.indicator = c.indicator AND f.rater = c.rater" \
	" AND f.unit IS NOT DISTINCT FROM c.unit)"

#define COMBINE(periods) \
	"SELECT kpi_internal.combine_values(t.indicators, t.days)" \
	" FROM (SELECT array_agg(DISTINCT CAST(p.indicator AS text)) AS indicators," \
	" daterange(min(lower(d.days)), max(upper(d.days))) AS days" \
	" FROM (" periods ") AS p" \
	" CROSS JOIN LATERAL kpi_internal.period_days(p.grain, p.period_start) AS d (days)) AS t" \
	" WHERE t.indicators IS NOT NULL"

/* The periods of indicators whose values are others by a new definition, or that are read in new windows. */
#define KNOWN_PERIODS(indicators) \
	"SELECT i.indicator, k.grain, k.period_start" \
	" FROM kpi_internal.with_new_windows(ARRAY(" indicators ")) AS i (indicator)" \
	" CROSS JOIN LATERAL kpi_internal.known_periods(i.indicator) AS k"
#define COMBINED_BY(row) \
	"(" row ".kind, " row ".formula, " row ".grain, " row ".windows, " row ".window_min, " row ".combine," \
	" " row ".combine_units, " row ".empty, " row ".inherit, " row ".settle_after, " row ".time_zone, " row ".rating_method," \
	" " row ".rating_trim, " row ".rating_missing, " row ".rating_scale, " row ".four_eyes, " row ".state = 'retired')"
#define DEFINED_NEW \
	KNOWN_PERIODS("SELECT CAST(c.indicator AS text) FROM changed AS c WHERE c.kind = 'derived'")
#define DEFINED_ANEW \
	KNOWN_PERIODS("SELECT CAST(c.indicator AS text) FROM changed AS c JOIN former AS f USING (indicator)" \
				  " WHERE CASE WHEN c.kind = 'measured' THEN (c.inherit, c.four_eyes) <> (f.inherit, f.four_eyes)" \
				  " ELSE " COMBINED_BY("c") " IS DISTINCT FROM " COMBINED_BY("f") " END")

/*
 * What units that have moved have of indicators that are combined, in the days
 * in which the unit above them is another one.  A unit that got another key has
 * not moved, nor have those below it.
 */
#define VALUES_OF(moved) \
	"SELECT m.indicator, m.grain, m.period_start FROM (" moved ") AS x" \
	" CROSS JOIN LATERAL (SELECT DISTINCT v.indicator FROM kpi.measurement AS v WHERE v.unit = x.unit) AS i" \
	" JOIN kpi.measurement AS m ON m.indicator = i.indicator AND m.unit = x.unit" \
	" WHERE kpi_internal.period_days(m.grain, m.period_start) && x.valid AND kpi_internal.is_combined(i.indicator, x.valid)"
#define PLACED_NEW \
	VALUES_OF("SELECT c.unit, c.valid FROM changed AS c")
#define PLACED_ANEW \
	VALUES_OF("SELECT d.unit, d.valid" \
			  " FROM ((SELECT c.* FROM changed AS c EXCEPT SELECT f.* FROM former AS f)" \
			  " UNION ALL (SELECT f.* FROM former AS f EXCEPT SELECT c.* FROM changed AS c)) AS d" \
			  " WHERE NOT EXISTS (SELECT FROM former AS f WHERE f.valid = d.valid AND (f.unit = d.unit OR f.parent = d.parent)" \
			  " AND (SELECT count(*) FROM kpi.unit AS u WHERE u.unit IN (f.unit, f.parent)) < 2)")

/* What is quickly found out first: values follow rows that came or went only where it has a row. */
#define ANY_DERIVED "SELECT FROM changed AS c WHERE c.kind = 'derived' LIMIT 1"
#define ANY_MEASURED \
	"SELECT FROM changed AS c WHERE EXISTS (SELECT FROM kpi.measurement AS m WHERE m.unit = c.unit) LIMIT 1"

/* What follows rows that came or went, and rows that were updated. */
typedef struct Follower
{
	const char *touched;
	const char *added;
	const char *updated;
} Follower;

static const Follower follow_rows = {NULL, COMBINE(PERIODS_CHANGED), COMBINE(PERIODS_UPDATED)};
static const Follower follow_raters = {NULL, COMBINE(RATINGS_CHANGED), COMBINE(RATINGS_UPDATED)};
static const Follower follow_definitions = {ANY_DERIVED, COMBINE(DEFINED_NEW), COMBINE(DEFINED_ANEW)};
static const Follower follow_units = {ANY_MEASURED, COMBINE(PLACED_NEW), COMBINE(PLACED_ANEW)};

/* Whether a query has rows. */
static bool
has_rows(const char *query)
{
	if (SPI_execute(query, false, 1) != SPI_OK_SELECT)
		elog(ERROR, "rows of a statement cannot be read");
	return SPI_processed > 0;
}

/* Has values combined, by plans for many rows, whatever whoever changes a row by its key has set. */
static void
combine(const char *query)
{
	(void) set_config_option("enable_seqscan", GetConfigOptionResetString("enable_seqscan"), PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	if (SPI_execute(query, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "values could not be combined");
}

/* Lets values follow the rows of a statement, as the owner of their table. */
static Datum
follow(FunctionCallInfo fcinfo, const Follower *follower)
{
	TriggerData *trigger = kpi_check_trigger(fcinfo);
	bool		updated = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	KpiCaller	caller;

	if (kpi_wrote_nothing(trigger))
		return PointerGetDatum(NULL);
	caller = kpi_become_writer(trigger->tg_relation->rd_rel->relowner);
	SPI_connect();
	if (SPI_register_trigger_data(trigger) < 0)
		elog(ERROR, "rows of a statement are not to be had");
	if (updated || follower->touched == NULL || has_rows(follower->touched))
		combine(updated ? follower->updated : follower->added);
	SPI_finish();
	kpi_end_writer(&caller);
	return PointerGetDatum(NULL);
}

/* follow_typed(): trigger; measurements follow entries or judgements. */
PG_FUNCTION_INFO_V1(kpi_follow_typed);
Datum
kpi_follow_typed(PG_FUNCTION_ARGS)
{
	return follow(fcinfo, &follow_rows);
}

/* follow_raters(): trigger; measurements follow who judges with which weight. */
PG_FUNCTION_INFO_V1(kpi_follow_raters);
Datum
kpi_follow_raters(PG_FUNCTION_ARGS)
{
	return follow(fcinfo, &follow_raters);
}

/* follow_definition(): trigger; measurements that are made of others follow the definition of their indicator. */
PG_FUNCTION_INFO_V1(kpi_follow_definition);
Datum
kpi_follow_definition(PG_FUNCTION_ARGS)
{
	return follow(fcinfo, &follow_definitions);
}

/* follow_tree(): trigger; measurements that are made of those of units below follow the tree of units. */
PG_FUNCTION_INFO_V1(kpi_follow_tree);
Datum
kpi_follow_tree(PG_FUNCTION_ARGS)
{
	return follow(fcinfo, &follow_units);
}

/* log_entry(): trigger; keeps what an entry was before it was changed or deleted, and who did that. */
PG_FUNCTION_INFO_V1(kpi_log_entry);
Datum
kpi_log_entry(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = kpi_check_trigger(fcinfo);
	Oid			types[2];
	Datum		values[2];
	NameData	user;
	KpiCaller	caller;

	namestrcpy(&user, GetUserNameFromId(GetUserId(), false));
	types[0] = trigger->tg_relation->rd_rel->reltype;
	values[0] = heap_copy_tuple_as_datum(trigger->tg_trigtuple, RelationGetDescr(trigger->tg_relation));
	types[1] = NAMEOID;
	values[1] = NameGetDatum(&user);
	caller = kpi_become_writer(trigger->tg_relation->rd_rel->relowner);
	SPI_connect();
	if (SPI_execute_with_args("INSERT INTO kpi.entry_log (indicator, unit, grain, period_start, version, value, numerator,"
							  " denominator, reason, entered_by, entered_at, approved_by, approved_at, ended_by, ended_at)"
							  " SELECT e.indicator, e.unit, e.grain, e.period_start, 1 + coalesce((SELECT max(l.version)"
							  " FROM kpi.entry_log AS l WHERE l.indicator = e.indicator AND l.unit = e.unit"
							  " AND l.grain = e.grain AND l.period_start = e.period_start), 0), e.value, e.numerator,"
							  " e.denominator, e.reason, e.entered_by, e.entered_at, e.approved_by, e.approved_at, $2, now()"
							  " FROM (SELECT ($1).*) AS e",
							  2, types, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "entry could not be kept");
	SPI_finish();
	kpi_end_writer(&caller);
	return PointerGetDatum(NULL);
}
