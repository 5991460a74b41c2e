/*-------------------------------------------------------------------------
 *
 * words.h
 *	  The words that parameters and columns take: each list once.
 *
 * To add a list, write it in words.c, name it in its table of lists, and, where
 * C reads it, add its enum here in the same order.  SQL asks for the words of a
 * list and whether a word is one of them by the name of the list.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_WORDS_H
#define KPI_WORDS_H

#include "kpi.h"

/* Which way is better. */
typedef enum KpiDirection
{
	KPI_HIGHER,
	KPI_LOWER,
	KPI_TARGET
} KpiDirection;

/* What the ratio method gives for a target of zero. */
typedef enum KpiZeroTarget
{
	KPI_ZERO_NULL,
	KPI_ZERO_MET,
	KPI_ZERO_ERROR
} KpiZeroTarget;

/* How an interval of a survival curve is computed. */
typedef enum KpiConfType
{
	KPI_CONF_LOG_LOG,
	KPI_CONF_LOG,
	KPI_CONF_PLAIN
} KpiConfType;

/* What the steps of a funnel must be. */
typedef enum KpiFunnelMode
{
	KPI_FUNNEL_DEFAULT,
	KPI_FUNNEL_STRICT_INCREASE,
	KPI_FUNNEL_STRICT_ONCE
} KpiFunnelMode;

/* Which later periods keep a customer of a cohort. */
typedef enum KpiRetentionMode
{
	KPI_RETENTION_ON,
	KPI_RETENTION_ON_OR_AFTER
} KpiRetentionMode;

/* How a conversion is shared out over the touches before it. */
typedef enum KpiAttributionModel
{
	KPI_ATTRIBUTION_FIRST,
	KPI_ATTRIBUTION_LAST,
	KPI_ATTRIBUTION_LAST_NON_DIRECT,
	KPI_ATTRIBUTION_LINEAR,
	KPI_ATTRIBUTION_POSITION,
	KPI_ATTRIBUTION_TIME_DECAY
} KpiAttributionModel;

/* What is left out of a path. */
typedef enum KpiPathTransform
{
	KPI_PATH_UNIQUE,
	KPI_PATH_EXPOSURE,
	KPI_PATH_FIRST,
	KPI_PATH_REMOVE_IF_LAST,
	KPI_PATH_REMOVE
} KpiPathTransform;

/* How actual and target are compared. */
typedef enum KpiAttainmentMethod
{
	KPI_ATTAINMENT_RATIO,
	KPI_ATTAINMENT_INVERSE,
	KPI_ATTAINMENT_PROGRESS,
	KPI_ATTAINMENT_SPAN,
	KPI_ATTAINMENT_RANGE,
	KPI_ATTAINMENT_BINARY
} KpiAttainmentMethod;

/* What a row without a score does in a weighted score. */
typedef enum KpiMissing
{
	KPI_RENORMALIZE,
	KPI_MISSING_ZERO,
	KPI_MISSING_NULL,
	KPI_MISSING_TARGET
} KpiMissing;

/* What a child without a score does in a scorecard; begins as KpiMissing does. */
typedef enum KpiRollupMissing
{
	KPI_ROLLUP_RENORMALIZE,
	KPI_ROLLUP_ZERO,
	KPI_ROLLUP_NULL,
	KPI_ROLLUP_CARRY,
	KPI_ROLLUP_TARGET
} KpiRollupMissing;

/* How the scores of the children make the score of their parent. */
typedef enum KpiRollupMethod
{
	KPI_ROLLUP_WEIGHTED,
	KPI_ROLLUP_AVERAGE,
	KPI_ROLLUP_WORST,
	KPI_ROLLUP_BEST,
	KPI_ROLLUP_SUM,
	KPI_ROLLUP_MAJORITY,
	KPI_ROLLUP_PRIORITY,
	KPI_ROLLUP_GEOMETRIC,
	KPI_ROLLUP_POINTS,
	KPI_ROLLUP_SELF
} KpiRollupMethod;

/* What a child is to its parent. */
typedef enum KpiRole
{
	KPI_ROLE_PART,
	KPI_ROLE_PRIORITY,
	KPI_ROLE_BONUS,
	KPI_ROLE_DEDUCTION,
	KPI_ROLE_VETO_ZERO,
	KPI_ROLE_VETO_CAP,
	KPI_ROLE_VETO_GRADE,
	KPI_ROLE_VETO_COEFFICIENT
} KpiRole;

/* How units between actual and target are counted. */
typedef enum KpiCounting
{
	KPI_COUNT_LINEAR,
	KPI_COUNT_FULL,
	KPI_COUNT_STARTED
} KpiCounting;

/* What a scale does with its argument. */
typedef enum KpiScaleForm
{
	KPI_SCALE_LINEAR,
	KPI_SCALE_STEP,
	KPI_SCALE_EFFICACY,
	KPI_SCALE_DEDUCT,
	KPI_SCALE_ADD,
	KPI_SCALE_RANGE,
	KPI_SCALE_BINARY,
	KPI_SCALE_RANK,
	KPI_SCALE_GIVEN
} KpiScaleForm;

/* What the argument of a scale is. */
typedef enum KpiScaleOf
{
	KPI_OF_ATTAINMENT,
	KPI_OF_ACTUAL,
	KPI_OF_GAP
} KpiScaleOf;

/* How a target of a period and those of its parts hang together. */
typedef enum KpiTargetRule
{
	KPI_TARGET_SPREAD,
	KPI_TARGET_HOLD,
	KPI_TARGET_END,
	KPI_TARGET_COMPOUND
} KpiTargetRule;

/* How a target is shared out over its days. */
typedef enum KpiSpreadBy
{
	KPI_SPREAD_EQUAL,
	KPI_SPREAD_DAYS,
	KPI_SPREAD_PROFILE
} KpiSpreadBy;

/* How values are combined over time and over units. */
typedef enum KpiCombine
{
	KPI_COMBINE_ROWS,
	KPI_COMBINE_FORMULA,
	KPI_COMBINE_SUM,
	KPI_COMBINE_MIN,
	KPI_COMBINE_MAX,
	KPI_COMBINE_LAST,
	KPI_COMBINE_FIRST,
	KPI_COMBINE_AVERAGE,
	KPI_COMBINE_RATIO,
	KPI_COMBINE_COMPOUND_LOSS,
	KPI_COMBINE_COMPOUND_GROWTH,
	KPI_COMBINE_PRODUCT,
	KPI_COMBINE_NONE
} KpiCombine;

/* How judgements make a value. */
typedef enum KpiRatingMethod
{
	KPI_RATING_MEAN,
	KPI_RATING_MEDIAN,
	KPI_RATING_TRIMMED
} KpiRatingMethod;

/* Where a measurement is from. */
typedef enum KpiOrigin
{
	KPI_ORIGIN_ROWS,
	KPI_ORIGIN_COMBINED,
	KPI_ORIGIN_FORMULA,
	KPI_ORIGIN_ENTERED,
	KPI_ORIGIN_RATED,
	KPI_ORIGIN_INHERITED,
	KPI_ORIGIN_EMPTY
} KpiOrigin;

/* What several values of one period make. */
typedef enum KpiDuplicates
{
	KPI_DUPLICATES_ERROR,
	KPI_DUPLICATES_SUM,
	KPI_DUPLICATES_AVERAGE,
	KPI_DUPLICATES_MIN,
	KPI_DUPLICATES_MAX
} KpiDuplicates;

/* How the gaps of a series are filled. */
typedef enum KpiFill
{
	KPI_FILL_LINEAR,
	KPI_FILL_PREVIOUS,
	KPI_FILL_NEXT,
	KPI_FILL_ZERO,
	KPI_FILL_SEASONAL
} KpiFill;

/* When a customer pays first. */
typedef enum KpiTiming
{
	KPI_TIMING_NOW,
	KPI_TIMING_RENEWAL
} KpiTiming;

/* How pairwise judgements make weights. */
typedef enum KpiAhpMethod
{
	KPI_AHP_EIGENVECTOR,
	KPI_AHP_GEOMETRIC
} KpiAhpMethod;

/* How entropy weights make values of different units alike. */
typedef enum KpiEntropyMethod
{
	KPI_ENTROPY_MINMAX,
	KPI_ENTROPY_SHARES
} KpiEntropyMethod;

/* How spread is measured. */
typedef enum KpiSpread
{
	KPI_SPREAD_CV,
	KPI_SPREAD_SD
} KpiSpread;

/* How an order of importance makes weights. */
typedef enum KpiRankMethod
{
	KPI_RANK_CENTROID,
	KPI_RANK_SUM,
	KPI_RANK_RECIPROCAL
} KpiRankMethod;

/* How two sets of weights become one. */
typedef enum KpiCombineWeights
{
	KPI_WEIGHTS_ADDITIVE,
	KPI_WEIGHTS_MULTIPLICATIVE,
	KPI_WEIGHTS_GEOMETRIC
} KpiCombineWeights;

/* How TOPSIS makes values of different units alike. */
typedef enum KpiTopsisMethod
{
	KPI_TOPSIS_VECTOR,
	KPI_TOPSIS_MINMAX
} KpiTopsisMethod;

/* How grey grades make series of different units alike. */
typedef enum KpiGreyScaling
{
	KPI_GREY_NONE,
	KPI_GREY_INITIAL,
	KPI_GREY_MEAN
} KpiGreyScaling;

/* How two lists of numbers are correlated. */
typedef enum KpiCorrelationMethod
{
	KPI_PEARSON,
	KPI_SPEARMAN,
	KPI_KENDALL
} KpiCorrelationMethod;

/* How trend and season are taken from series before they are compared over time. */
typedef enum KpiPrewhiten
{
	KPI_PREWHITEN_DIFF,
	KPI_PREWHITEN_AR,
	KPI_PREWHITEN_NONE
} KpiPrewhiten;

/* How changes of level are looked for. */
typedef enum KpiChangeMethod
{
	KPI_CHANGE_PELT,
	KPI_CHANGE_ONE_BREAK,
	KPI_CHANGE_CUSUM,
	KPI_CHANGE_PETTITT
} KpiChangeMethod;

/* How trend and season are found. */
typedef enum KpiDecomposeMethod
{
	KPI_DECOMPOSE_STL,
	KPI_DECOMPOSE_CLASSICAL
} KpiDecomposeMethod;

/* What an anomaly is unlike to. */
typedef enum KpiAnomalyMethod
{
	KPI_ANOMALY_REMAINDER,
	KPI_ANOMALY_ROBUST_Z,
	KPI_ANOMALY_HAMPEL,
	KPI_ANOMALY_TUKEY
} KpiAnomalyMethod;

/* Where a series turns. */
typedef enum KpiTurning
{
	KPI_PEAK,
	KPI_TROUGH
} KpiTurning;

/* What is in the middle of limits. */
typedef enum KpiLimitMethod
{
	KPI_LIMIT_MEAN,
	KPI_LIMIT_MEDIAN
} KpiLimitMethod;

/* What a control chart is of: single values, counts, counts by their sizes, sums. */
typedef enum KpiChartType
{
	KPI_CHART_XMR,
	KPI_CHART_RUN,
	KPI_CHART_COUNTS,
	KPI_CHART_PARTS,
	KPI_CHART_SHARES,
	KPI_CHART_RATES,
	KPI_CHART_LANEY_SHARES,
	KPI_CHART_LANEY_RATES,
	KPI_CHART_EWMA,
	KPI_CHART_CUSUM
} KpiChartType;

/* Where the shares of a season are from. */
typedef enum KpiShareMethod
{
	KPI_SHARES_MEAN,
	KPI_SHARES_STL,
	KPI_SHARES_FORECAST,
	KPI_SHARES_EQUAL
} KpiShareMethod;

/* What the periods of a target make. */
typedef enum KpiTotal
{
	KPI_TOTAL_SUM,
	KPI_TOTAL_LAST
} KpiTotal;

/* What target the past suggests. */
typedef enum KpiHistory
{
	KPI_HISTORY_QUANTILE,
	KPI_HISTORY_GROWTH,
	KPI_HISTORY_SPREAD,
	KPI_HISTORY_BEST
} KpiHistory;

/* Whether a target will be reached, best first. */
typedef enum KpiTargetStatus
{
	KPI_ON_TRACK,
	KPI_AT_RISK,
	KPI_OFF_TRACK
} KpiTargetStatus;

#define KPI_MAX_WORDS 15

/* A list of words, in the order of its enum. */
typedef struct KpiWords
{
	const char *parameter;		/* as the reference calls it */
	int			count;
	const char *word[KPI_MAX_WORDS];
} KpiWords;

extern const KpiWords kpi_direction_words;
extern const KpiWords kpi_zero_target_words;
extern const KpiWords kpi_attainment_method_words;
extern const KpiWords kpi_missing_words;
extern const KpiWords kpi_rollup_missing_words;
extern const KpiWords kpi_rollup_method_words;
extern const KpiWords kpi_role_words;
extern const KpiWords kpi_counting_words;
extern const KpiWords kpi_kind_words;
extern const KpiWords kpi_combine_words;
extern const KpiWords kpi_last_by_words;
extern const KpiWords kpi_empty_words;
extern const KpiWords kpi_rating_method_words;
extern const KpiWords kpi_rating_missing_words;
extern const KpiWords kpi_origin_words;
extern const KpiWords kpi_state_words;
extern const KpiWords kpi_may_words;
extern const KpiWords kpi_action_state_words;
extern const KpiWords kpi_basis_words;
extern const KpiWords kpi_scale_form_words;
extern const KpiWords kpi_scale_of_words;
extern const KpiWords kpi_duplicates_words;
extern const KpiWords kpi_fill_words;
extern const KpiWords kpi_within_words;
extern const KpiWords kpi_model_words;
extern const KpiWords kpi_seasonal_words;
extern const KpiWords kpi_alert_kind_words;
extern const KpiWords kpi_alert_side_words;
extern const KpiWords kpi_supposable_words;
extern const KpiWords kpi_timing_words;
extern const KpiWords kpi_target_rule_words;
extern const KpiWords kpi_spread_by_words;
extern const KpiWords kpi_conf_type_words;
extern const KpiWords kpi_funnel_mode_words;
extern const KpiWords kpi_retention_mode_words;
extern const KpiWords kpi_attribution_model_words;
extern const KpiWords kpi_path_transform_words;
extern const KpiWords kpi_credit_words;
extern const KpiWords kpi_change_method_words;
extern const KpiWords kpi_decompose_method_words;
extern const KpiWords kpi_anomaly_method_words;
extern const KpiWords kpi_limit_method_words;
extern const KpiWords kpi_chart_type_words;
extern const KpiWords kpi_turning_words;
extern const KpiWords kpi_ahp_method_words;
extern const KpiWords kpi_entropy_method_words;
extern const KpiWords kpi_spread_words;
extern const KpiWords kpi_rank_method_words;
extern const KpiWords kpi_combine_weights_words;
extern const KpiWords kpi_topsis_method_words;
extern const KpiWords kpi_grey_scaling_words;
extern const KpiWords kpi_correlation_method_words;
extern const KpiWords kpi_prewhiten_words;
extern const KpiWords kpi_share_method_words;
extern const KpiWords kpi_total_words;
extern const KpiWords kpi_history_words;
extern const KpiWords kpi_target_status_words;

/* Words that are constants of the query, read once for all its rows; else -1. */
#define KPI_WORD_ARGUMENTS 8

typedef struct KpiKnownWords
{
	int8		place[KPI_WORD_ARGUMENTS];
} KpiKnownWords;

extern char *kpi_enumerate(const KpiWords *words);
extern int	kpi_find_word(const KpiWords *words, const text *given);
extern int	kpi_check_word(const KpiWords *words, const text *given);
extern bool kpi_is_lower(const text *direction);
extern int	kpi_bad_side_argument(FunctionCallInfo fcinfo, int argument);
extern int	kpi_first_word_argument(FunctionCallInfo fcinfo, int argument, const KpiWords *words);

/* kpi_check_word of an argument.  Takes fn_extra of the function for its own. */
static inline int
kpi_word_argument(FunctionCallInfo fcinfo, int argument, const KpiWords *words)
{
	const KpiKnownWords *known = fcinfo->flinfo->fn_extra;

	if (likely(known != NULL && known->place[argument] >= 0))
		return known->place[argument];
	return kpi_first_word_argument(fcinfo, argument, words);
}

#endif							/* KPI_WORDS_H */
