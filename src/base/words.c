/*-------------------------------------------------------------------------
 *
 * words.c
 *	  The words that parameters and columns take: each list once.
 *
 * What C reads by a list, the domains of SQL check by the same list, under its
 * name: is_word(list, word), no_word(list, word) and word_list(list).
 *
 *-------------------------------------------------------------------------
 */
#include "base/words.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"

const KpiWords kpi_direction_words = {"direction", 3, {"higher", "lower", "target"}};
const KpiWords kpi_zero_target_words = {"zero_target policy", 3, {"null", "met", "error"}};
const KpiWords kpi_attainment_method_words = {"attainment method", 6, {"ratio", "inverse", "progress", "span", "range", "binary"}};
const KpiWords kpi_missing_words = {"missing policy", 4, {"renormalize", "zero", "null", "target"}};
const KpiWords kpi_rollup_missing_words = {"missing policy", 5, {"renormalize", "zero", "null", "carry", "target"}};
const KpiWords kpi_rollup_method_words = {"rollup method", 10, {"weighted", "average", "worst", "best", "sum", "majority", "priority", "geometric", "points", "self"}};
const KpiWords kpi_role_words = {"role", 8, {"part", "priority", "bonus", "deduction", "veto_zero", "veto_cap", "veto_grade", "veto_coefficient"}};
const KpiWords kpi_counting_words = {"counting", 3, {"linear", "full", "started"}};
const KpiWords kpi_kind_words = {"kind", 4, {"measured", "derived", "rated", "entered"}};
const KpiWords kpi_combine_words = {"combine rule", 13, {"rows", "formula", "sum", "min", "max", "last", "first", "average", "ratio", "compound_loss", "compound_growth", "product", "none"}};
const KpiWords kpi_last_by_words = {"last_by", 2, {"day", "instant"}};
const KpiWords kpi_empty_words = {"empty", 2, {"none", "zero"}};
const KpiWords kpi_rating_method_words = {"rating method", 3, {"mean", "median", "trimmed"}};
const KpiWords kpi_rating_missing_words = {"missing policy", 3, {"renormalize", "zero", "null"}};
const KpiWords kpi_origin_words = {"origin", 7, {"rows", "combined", "formula", "entered", "rated", "inherited", "empty"}};
const KpiWords kpi_state_words = {"state", 3, {"draft", "approved", "retired"}};
const KpiWords kpi_may_words = {"right", 4, {"view", "enter", "edit", "collect"}};
const KpiWords kpi_action_state_words = {"state of an action", 6, {"plan", "do", "check", "act", "done", "dropped"}};
const KpiWords kpi_basis_words = {"basis", 4, {"history", "industry", "capability", "agreed"}};
const KpiWords kpi_scale_form_words = {"form of scale", 9, {"linear", "step", "efficacy", "deduct", "add", "range", "binary", "rank", "given"}};
const KpiWords kpi_scale_of_words = {"argument of scale", 3, {"attainment", "actual", "gap"}};
const KpiWords kpi_target_rule_words = {"target rule", 4, {"spread", "hold", "end", "compound"}};
const KpiWords kpi_spread_by_words = {"way to spread", 3, {"equal", "days", "profile"}};
const KpiWords kpi_duplicates_words = {"rule for duplicates", 5, {"error", "sum", "average", "min", "max"}};
const KpiWords kpi_fill_words = {"way to fill", 5, {"linear", "previous", "next", "zero", "seasonal"}};
const KpiWords kpi_within_words = {"span of a running total", 5, {"series", "year", "half", "quarter", "month"}};
const KpiWords kpi_model_words = {"forecast model", 15, {"auto", "naive", "seasonal_naive", "drift", "mean", "simple", "holt", "damped", "seasonal_additive", "seasonal_multiplicative", "damped_additive", "damped_multiplicative", "holt_winters_additive", "holt_winters_multiplicative", "theta"}};
const KpiWords kpi_seasonal_words = {"kind of season", 2, {"additive", "multiplicative"}};
const KpiWords kpi_alert_kind_words = {"kind of alert", 4, {"threshold", "band", "chart", "forecast"}};
const KpiWords kpi_alert_side_words = {"side", 2, {"above", "below"}};
const KpiWords kpi_supposable_words = {"change", 9, {"target", "baseline", "stretch", "low", "high", "outer_low", "outer_high", "actual", "weight"}};
const KpiWords kpi_timing_words = {"timing", 2, {"now", "renewal"}};
const KpiWords kpi_conf_type_words = {"conf_type", 3, {"log-log", "log", "plain"}};
const KpiWords kpi_funnel_mode_words = {"funnel mode", 3, {"default", "strict_increase", "strict_once"}};
const KpiWords kpi_retention_mode_words = {"retention mode", 2, {"on", "on_or_after"}};
const KpiWords kpi_attribution_model_words = {"attribution model", 6, {"first", "last", "last_non_direct", "linear", "position", "time_decay"}};
const KpiWords kpi_path_transform_words = {"path transform", 5, {"unique", "exposure", "first", "remove_if_last_and_not_all", "remove_if_not_all"}};
const KpiWords kpi_credit_words = {"model of credit", 6, {"first", "last", "linear", "position", "shapley", "markov"}};
const KpiWords kpi_change_method_words = {"method", 4, {"pelt", "one_break", "cusum", "pettitt"}};
const KpiWords kpi_decompose_method_words = {"method", 2, {"stl", "classical"}};
const KpiWords kpi_anomaly_method_words = {"method", 4, {"remainder", "robust_z", "hampel", "tukey"}};
const KpiWords kpi_limit_method_words = {"method", 2, {"mean", "median"}};
const KpiWords kpi_turning_words = {"kind", 2, {"peak", "trough"}};
const KpiWords kpi_chart_type_words = {"type of chart", 10, {"xmr", "run", "c", "np", "p", "u", "laney_p", "laney_u", "ewma", "cusum"}};
const KpiWords kpi_ahp_method_words = {"method", 2, {"eigenvector", "geometric"}};
const KpiWords kpi_entropy_method_words = {"method", 2, {"minmax", "shares"}};
const KpiWords kpi_spread_words = {"method", 2, {"cv", "sd"}};
const KpiWords kpi_rank_method_words = {"method", 3, {"centroid", "sum", "reciprocal"}};
const KpiWords kpi_combine_weights_words = {"method", 3, {"additive", "multiplicative", "geometric"}};
const KpiWords kpi_topsis_method_words = {"method", 2, {"vector", "minmax"}};
const KpiWords kpi_grey_scaling_words = {"scaling", 3, {"none", "initial", "mean"}};
const KpiWords kpi_correlation_method_words = {"method", 3, {"pearson", "spearman", "kendall"}};
const KpiWords kpi_prewhiten_words = {"prewhiten", 3, {"diff", "ar", "none"}};
const KpiWords kpi_share_method_words = {"method", 4, {"mean", "stl", "forecast", "equal"}};
const KpiWords kpi_total_words = {"combine rule", 2, {"sum", "last"}};
const KpiWords kpi_history_words = {"way to read history", 4, {"quantile", "growth", "spread", "best"}};
const KpiWords kpi_target_status_words = {"target status", 3, {"on_track", "at_risk", "off_track"}};

StaticAssertDecl((int) KPI_ROLLUP_RENORMALIZE == (int) KPI_RENORMALIZE &&
				 (int) KPI_ROLLUP_ZERO == (int) KPI_MISSING_ZERO &&
				 (int) KPI_ROLLUP_NULL == (int) KPI_MISSING_NULL,
				 "policies of the rollup begin as those of the weighted score");

/* The lists by the names that SQL gives them: those of a scorecard's columns. */
static const struct
{
	const char *name;
	const KpiWords *words;
}			list[] = {
	{"direction", &kpi_direction_words},
	{"zero_target", &kpi_zero_target_words},
	{"attainment_method", &kpi_attainment_method_words},
	{"missing", &kpi_rollup_missing_words},
	{"method", &kpi_rollup_method_words},
	{"role", &kpi_role_words},
	{"counting", &kpi_counting_words},
	{"kind", &kpi_kind_words},
	{"combine", &kpi_combine_words},
	{"last_by", &kpi_last_by_words},
	{"empty", &kpi_empty_words},
	{"rating_method", &kpi_rating_method_words},
	{"rating_missing", &kpi_rating_missing_words},
	{"origin", &kpi_origin_words},
	{"state", &kpi_state_words},
	{"may", &kpi_may_words},
	{"action_state", &kpi_action_state_words},
	{"basis", &kpi_basis_words},
	{"scale_form", &kpi_scale_form_words},
	{"scale_of", &kpi_scale_of_words},
	{"target_rule", &kpi_target_rule_words},
	{"spread_by", &kpi_spread_by_words},
	{"duplicates", &kpi_duplicates_words},
	{"fill", &kpi_fill_words},
	{"within", &kpi_within_words},
	{"model", &kpi_model_words},
	{"seasonal", &kpi_seasonal_words},
	{"alert_kind", &kpi_alert_kind_words},
	{"alert_side", &kpi_alert_side_words},
	{"supposable", &kpi_supposable_words},
	{"timing", &kpi_timing_words}
};

/* Whether a text is a word. */
static inline bool
is_word(const text *given, const char *word)
{
	size_t		length = strlen(word);

	return VARSIZE_ANY_EXHDR(given) == length && memcmp(VARDATA_ANY(given), word, length) == 0;
}

/* The place of the given word in its list, or -1. */
int
kpi_find_word(const KpiWords *words, const text *given)
{
	for (int i = 0; i < words->count; i++)
	{
		if (is_word(given, words->word[i]))
			return i;
	}
	return -1;
}

/* The words of a list as a person lists them: a, b or c. */
char *
kpi_enumerate(const KpiWords *words)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < words->count; i++)
		appendStringInfo(&text, "%s\"%s\"",
						 i == 0 ? "" : i == words->count - 1 ? " or " : ", ",
						 words->word[i]);
	return text.data;
}

/* The same as kpi_find_word; a word that is not in the list is an error. */
int
kpi_check_word(const KpiWords *words, const text *given)
{
	int			place = kpi_find_word(words, given);

	if (place < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized %s \"%s\"", words->parameter, text_to_cstring(given)),
				 errhint("Use %s.", kpi_enumerate(words))));
	return place;
}

/* Whether a direction is lower; a target is no order of values. */
bool
kpi_is_lower(const text *direction)
{
	KpiDirection read = kpi_check_word(&kpi_direction_words, direction);

	if (read == KPI_TARGET)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("direction \"target\" does not order values"),
				 errhint("Take the distance from the target as the value, with direction \"lower\".")));
	return read == KPI_LOWER;
}

/* Whether an argument of a plain function call is a constant of the query. */
static bool
is_constant(const FmgrInfo *flinfo, int argument)
{
	const FuncExpr *call = (const FuncExpr *) flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) && argument < list_length(call->args) &&
		IsA(list_nth(call->args, argument), Const);
}

/* kpi_word_argument where it has not been read yet, or may change. */
int
kpi_first_word_argument(FunctionCallInfo fcinfo, int argument, const KpiWords *words)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	int			place = kpi_check_word(words, PG_GETARG_TEXT_PP(argument));

	if (is_constant(flinfo, argument))
	{
		if (flinfo->fn_extra == NULL)
		{
			flinfo->fn_extra = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(KpiKnownWords));
			memset(flinfo->fn_extra, -1, sizeof(KpiKnownWords));
		}
		((KpiKnownWords *) flinfo->fn_extra)->place[argument] = (int8) place;
	}
	return place;
}

/* Which side is bad by the direction in an argument: -1 low, 1 high; 0 for a target and for none. */
int
kpi_bad_side_argument(FunctionCallInfo fcinfo, int argument)
{
	KpiDirection direction;

	if (PG_ARGISNULL(argument))
		return 0;
	direction = kpi_check_word(&kpi_direction_words, PG_GETARG_TEXT_PP(argument));
	return direction == KPI_HIGHER ? -1 : direction == KPI_LOWER ? 1 : 0;
}

/* The list of that name. */
static const KpiWords *
find_list(const text *name)
{
	for (int i = 0; i < (int) lengthof(list); i++)
	{
		if (is_word(name, list[i].name))
			return list[i].words;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("no list of words is called \"%s\"", text_to_cstring(name))));
}

/* is_word(list, word): whether the word is in the list of that name. */
PG_FUNCTION_INFO_V1(kpi_is_word);
Datum
kpi_is_word(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(kpi_find_word(find_list(PG_GETARG_TEXT_PP(0)), PG_GETARG_TEXT_PP(1)) >= 0);
}

/* no_word(list, word): the error of a word that is not in the list. */
PG_FUNCTION_INFO_V1(kpi_no_word);
Datum
kpi_no_word(PG_FUNCTION_ARGS)
{
	kpi_check_word(find_list(PG_GETARG_TEXT_PP(0)), PG_GETARG_TEXT_PP(1));
	PG_RETURN_BOOL(true);
}

/* word_list(list): the words of the list of that name, in their order. */
PG_FUNCTION_INFO_V1(kpi_word_list);
Datum
kpi_word_list(PG_FUNCTION_ARGS)
{
	const KpiWords *words = find_list(PG_GETARG_TEXT_PP(0));
	Datum		word[KPI_MAX_WORDS];

	for (int i = 0; i < words->count; i++)
		word[i] = CStringGetTextDatum(words->word[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(word, words->count, TEXTOID, -1, false, TYPALIGN_INT));
}
