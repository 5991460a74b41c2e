-- The star: facts join the dimensions, periods have no gaps, filters are what there is.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

SELECT kpi.define_unit('all'), kpi.define_unit('north', parent => 'all', valid => '[2010-01-01,2012-01-01)'),
	kpi.define_unit('leeds', parent => 'north', valid => '[2010-01-01,2012-01-01)');
SELECT kpi.define_indicator('sales', perspective => 'financial', combine => 'sum'),
	kpi.define_indicator('wait', direction => 'lower', combine => 'average');
SELECT kpi.set_target('sales', unit, '2011', 1200) FROM kpi.unit;
SELECT kpi.define_scorecard('card');
SELECT kpi.set_weight('card', 'sales', 1), kpi.set_weight('card', 'wait', 1);
SELECT kpi.enter('sales', 'leeds', '2010-12', 80), kpi.enter('sales', 'leeds', '2011-01', 100),
	kpi.enter('sales', 'leeds', '2011-03', 90), kpi.enter('wait', 'leeds', '2011-12', 3),
	kpi.enter('sales', 'leeds', '2011-12', 120);
SELECT kpi.define_calendar('fy', starts => '04-01');
SELECT kpi.refresh_results() > 0 AS refreshed;

SELECT is((SELECT count(*) FROM kpi.fact_score AS f JOIN kpi.dim_unit AS u USING (unit)
			JOIN kpi.dim_period AS d USING (period_label) LEFT JOIN kpi.dim_indicator AS i USING (indicator)
			WHERE (i.indicator IS NULL) = (f.indicator IS NULL)),
	(SELECT count(*) FROM kpi.v_scorecard), 'every score joins its dimensions once');
SELECT is((SELECT count(*) FROM kpi.fact_measurement AS f JOIN kpi.dim_unit AS u USING (unit)
			JOIN kpi.dim_period AS d USING (period_grain, period_start) JOIN kpi.dim_indicator AS i USING (indicator)),
	(SELECT count(*) FROM kpi.measurement), 'every measurement, too');
SELECT is_empty($$SELECT score_key FROM kpi.fact_score AS f FULL JOIN kpi.v_scorecard AS v USING (score_key)
	WHERE (f.score, f.actual, f.target, f.rag, f.score_reason, f.is_stale, f.trend)
		IS DISTINCT FROM (v.score, v.actual, v.target, v.rag, v.score_reason, v.is_stale, v.trend)$$,
	'facts are the numbers of the scorecard');

-- Periods

SELECT is_empty($$SELECT period_label FROM (SELECT d.*, lead(period_start) OVER (PARTITION BY period_grain
		ORDER BY period_start) AS next_start FROM kpi.dim_period AS d) AS s
	WHERE next_start <> period_end + 1$$, 'no period is left out');
SELECT results_eq($$SELECT count(*), min(period_start), max(period_end), count(DISTINCT period_label)
	FROM kpi.dim_period WHERE period_grain = 'day'$$,
	$$VALUES (730::bigint, date '2010-01-01', date '2011-12-31', 730::bigint)$$, 'the days are those of whole years');
SELECT is((SELECT count(*) - count(DISTINCT period_label) FROM kpi.dim_period), 0::bigint, 'the label alone is a key');
SELECT results_eq($$SELECT period_label::text, period_end, period_year, period_quarter, period_month,
		previous_label::text, last_year_label::text
	FROM kpi.dim_period WHERE period_label IN ('2011-Q4', 'fy2011-Q3') ORDER BY 1$$,
	$$VALUES ('2011-Q4', date '2011-12-31', 2011, 4, 12, '2011-Q3', '2010-Q4'),
		('fy2011-Q3', '2011-12-31', 2011, 4, 12, 'fy2011-Q2', 'fy2010-Q3')$$,
	'a period with its year, the one before and that of a year ago');
SELECT bag_eq('SELECT DISTINCT period_grain::text FROM kpi.dim_period', 'SELECT grain::text FROM kpi.grain',
	'periods of every grain');
SELECT bag_eq('SELECT period_grain, period_start, period_label, period_end FROM kpi.v_period',
	'SELECT DISTINCT period_grain, period_start, period_label, period_end FROM kpi.v_scorecard',
	'filters show the periods that were evaluated');
SELECT bag_eq('SELECT period_label::text FROM kpi.v_period WHERE is_newest = 1',
	$$VALUES ('2011-12'), ('2011-Q4'), ('2011-H2'), ('2011')$$,
	'with the newest of each grain');

-- Units

SELECT results_eq($$SELECT unit::text, parent_unit::text, unit_path, unit_depth, valid_from, valid_to
	FROM kpi.dim_unit ORDER BY unit_path$$,
	$$VALUES ('all', NULL, 'all', 0, NULL::date, NULL::date),
		('north', 'all', 'all/north', 1, '2010-01-01', '2011-12-31'),
		('leeds', 'north', 'all/north/leeds', 2, '2010-01-01', '2011-12-31')$$,
	'a unit whose days are over is shown where it was last');
SELECT kpi.define_unit('york', parent => 'all');
SELECT bag_eq('SELECT unit::text FROM kpi.v_unit', $$VALUES ('all'), ('north'), ('leeds')$$,
	'filters show the units that were evaluated');
CREATE ROLE kpi_star_leeds;
SELECT kpi.grant_viewer('kpi_star_leeds', '{leeds}');
SET LOCAL ROLE kpi_star_leeds;
SELECT bag_eq('SELECT unit::text FROM kpi.v_unit', $$VALUES ('leeds')$$, 'of those that the reader may see');
SELECT bag_eq('SELECT DISTINCT unit::text FROM kpi.fact_score', $$VALUES ('leeds')$$, 'as the facts do');
SELECT bag_eq('SELECT DISTINCT unit::text FROM kpi.fact_measurement', $$VALUES ('leeds')$$, 'those of values, too');
SELECT bag_eq('SELECT DISTINCT unit::text FROM kpi.v_trend', $$VALUES ('leeds')$$, 'and the trend');
SELECT is((SELECT count(*) FROM kpi.dim_unit), 4::bigint, 'definitions are no secret');
RESET ROLE;

-- Trend

SELECT results_eq($$SELECT period_label::text, actual, previous_actual, last_year_actual, score, last_year_score,
		score_mean_3, score_lowest_12, score_highest_12
	FROM kpi.v_trend WHERE unit = 'leeds' AND node = 'sales' AND period_grain = 'month' ORDER BY period_start$$,
	$$VALUES ('2010-12', 80.000000, NULL::numeric, NULL::numeric, NULL::numeric, NULL::numeric, NULL::numeric,
			NULL::numeric, NULL::numeric),
		('2011-01', 100, 80, NULL, 100, NULL, 100, 100, 100),
		('2011-03', 90, NULL, NULL, 90, NULL, 95, 90, 100),
		('2011-12', 120, NULL, 80, 120, NULL, 103.33, 90, 120)$$,
	'values and scores beside those of before; the mean is of what was evaluated');
SELECT is((SELECT count(*) FROM kpi.v_trend), (SELECT count(*) FROM kpi.v_scorecard),
	'a row for each of the scorecard');

SELECT * FROM finish();
ROLLBACK;
