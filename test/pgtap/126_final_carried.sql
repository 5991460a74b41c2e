-- What is read of a final period by later ones: carried scores and values, the period
-- before, trend, last year and the year to date all go by the final row, whatever has
-- become of the measurements since.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL TimeZone = 'UTC';
SELECT no_plan();

\o /dev/null
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company');
SELECT kpi.define_indicator('sales', combine => 'sum', grain => 'month', windows => '{month_ytd}'),
	kpi.define_indicator('mood', kind => 'entered', grain => 'year', combine => 'none', scale => 'given',
		due_after => '1 month'),
	kpi.define_indicator('more', combine => 'sum', grain => 'month');
SELECT kpi.define_scorecard('card', missing => 'carry'), kpi.define_scorecard('outer');
SELECT kpi.define_node('card', 'sales', weight => 50, max_age => 2),
	kpi.define_node('card', 'mood', weight => 50, carry => true);
SELECT kpi.define_node('outer', 'inner', shows => 'card', weight => 1);
SELECT kpi.set_target(i, 'north', y, 1200, reason => 'plan')
	FROM unnest('{sales,more}'::text[]) AS i, unnest('{2010,2011,2012}'::text[]) AS y;
SELECT kpi.enter('sales', 'north', p, v) FROM (VALUES ('2011-01', 90), ('2011-02', 80), ('2011-03', 70)) AS v (p, v);
SELECT kpi.enter('mood', 'north', y, v) FROM (VALUES ('2009', 40), ('2010', 60)) AS v (y, v);
-- a value in each of the months, so that there are results
SELECT kpi.define_node('card', 'more');
SELECT kpi.enter('more', 'north', p, 1) FROM unnest('{2011-04,2011-05,2011-06,2012-03}'::text[]) AS p;
SELECT kpi.refresh_results();
\o

CREATE FUNCTION pg_temp.of(period text, node text, card text DEFAULT 'card') RETURNS kpi.evaluated LANGUAGE sql AS $$
	SELECT e FROM kpi.evaluate(card, 'north', period) AS e WHERE e.node = of.node $$;
-- whether what is stored and not marked is what an evaluation of all gives
CREATE FUNCTION pg_temp.silent() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT coalesce(n.score_key, s.score_key)
	FROM (SELECT m.* FROM kpi_internal.new_results(ARRAY(
			SELECT CAST(ROW(r.scorecard, r.unit, r.period_grain, r.period_start, NULL) AS kpi_internal.cell)
			FROM kpi.result AS r WHERE r.depth = 0)) AS x CROSS JOIN kpi_internal.masked(x, 'hidden') AS m) AS n
		FULL JOIN kpi.result AS s USING (score_key)
	WHERE to_jsonb(n) - 'evaluated_at' IS DISTINCT FROM to_jsonb(s) - 'evaluated_at'
		AND coalesce(kpi_internal.is_stale(s.scorecard, s.unit, s.period_grain, s.period_start), 0) = 0 $$;

-- Scores that are carried: half of the card is the survey of 2010, 60
SELECT is((SELECT (score, carried) FROM pg_temp.of('2011-04', 'card')), (65::numeric, true), 'April carries March');
SELECT is(kpi.finalize('card', 'north', '2011-03'), 1::bigint, 'March is made final');
SELECT is_empty('SELECT pg_temp.silent()', 'no result changes without saying so');
SELECT kpi.enter('sales', 'north', '2011-03', 30, reason => 'counted anew'),
	kpi.set_target('sales', 'north', '2011-03', 50, reason => 'agreed late', replace => true);
SELECT is((SELECT score FROM pg_temp.of('2011-04', 'card')), 65::numeric, 'a score that is carried is the final one');
SELECT kpi.define_indicator('sales', scale => 'linear(0:0, 1:90)');
SELECT is((SELECT score FROM pg_temp.of('2011-05', 'card')), 65::numeric, 'by the rules it was made final with, too');
SELECT is((SELECT previous_score FROM pg_temp.of('2011-06', 'card')), 65::numeric, 'as the period after shows it');
SELECT is((SELECT score FROM pg_temp.of('2011-04', 'inner', 'outer')), 65::numeric,
	'and a scorecard that shows the scorecard');
SELECT is((SELECT score FROM pg_temp.of('2011-06', 'card')), 60::numeric, 'no longer than it may be carried');
SELECT kpi.refresh_results();
SELECT is((SELECT score FROM kpi.v_scorecard WHERE scorecard = 'card' AND unit = 'north' AND period_label = '2011-04'
	AND depth = 0), 65.00, 'stored, too');
SELECT is((SELECT score FROM kpi.evaluate('card', 'north', '2011-04', as_of => '2011-04-30') WHERE depth = 0),
	57::numeric, 'unless other rules are asked for');
SELECT kpi.withdraw('sales', 'north', '2011-03');
SELECT is((SELECT score FROM pg_temp.of('2011-04', 'card')), 65::numeric,
	'nor does it matter that the value is there no more');
SELECT is(kpi.reopen('card', 'north', '2011-03', 'withdrawn'), 1::bigint, 'reopened');
SELECT is((SELECT score FROM kpi.v_scorecard WHERE scorecard = 'card' AND unit = 'north' AND period_label = '2011-04'
	AND depth = 0), 66.00, 'it is what there is now: February by the rules of today');
SELECT is_empty('SELECT pg_temp.silent()', 'and all that rests on it was refreshed');

-- Values of a longer grain that are carried
SELECT is((SELECT (actual, score, carried) FROM pg_temp.of('2011-04', 'mood')), (60::numeric, 60::numeric, true),
	'the survey of 2010');
SELECT kpi.enter('sales', 'north', '2010-12', 100);
SELECT kpi.refresh_results();
SELECT is(kpi.finalize('card', 'north', '2010'), 1::bigint, 'the year is made final');
SELECT is_empty('SELECT pg_temp.silent()', 'no month changes without saying so');
SELECT kpi.enter('mood', 'north', '2010', 10, reason => 'a mistake');
SELECT is((SELECT (actual, score, carried) FROM pg_temp.of('2011-04', 'mood')), (60::numeric, 60::numeric, true),
	'the value of the final year is carried');
SELECT is((SELECT actual FROM pg_temp.of('2012-01', 'mood')), NULL, 'until the next is due');
SELECT kpi.define_indicator('mood', due_after => '14 months');
SELECT is((SELECT actual FROM pg_temp.of('2012-01', 'mood')), 60::numeric, 'however late that is');
SELECT kpi.reopen('card', 'north', '2010', 'a mistake');
SELECT is((SELECT actual FROM pg_temp.of('2011-04', 'mood')), 10::numeric, 'reopened it is what there is');
SELECT is_empty('SELECT pg_temp.silent()', 'and was refreshed');

-- Trend, last year and the year to date
SELECT kpi.enter('sales', 'north', p, v) FROM (VALUES ('2011-05', 50), ('2012-05', 60)) AS v (p, v);
SELECT kpi.refresh_results();
SELECT kpi.finalize('card', 'north', p) FROM unnest('{2011-05,2011-05 ytd,2011-04}'::text[]) AS p;
SELECT kpi.define_node('card', 'late', indicator => 'sales', weight => 1);
SELECT kpi.refresh_results();
SELECT is_empty('SELECT pg_temp.silent()', 'a node that was not yet there is compared as before');
SELECT is((SELECT last_year_actual FROM pg_temp.of('2012-05', 'late')), 50::numeric,
	'with what was measured, since the final row says nothing of it');
SELECT kpi.enter('sales', 'north', '2011-05', 65, reason => 'late rows'), kpi.enter('sales', 'north', '2011-06', 55);
SELECT is((SELECT (previous_actual, trend) FROM pg_temp.of('2011-06', 'sales')), (50::numeric, 1),
	'a trend is that against the final row');
SELECT is((SELECT last_year_actual FROM pg_temp.of('2012-05', 'sales')), 50::numeric, 'so is last year''s comparison');
SELECT results_eq($$ SELECT actual, previous_actual FROM pg_temp.of('2011-06 ytd', 'sales') $$,
	$$ SELECT m.value, e.actual FROM kpi.measurement AS m, kpi.evaluate('card', 'north', '2011-05 ytd') AS e
		WHERE m.indicator = 'sales' AND m.unit = 'north' AND m.grain = 'month_ytd' AND m.period_start = '2011-06-01'
			AND e.node = 'sales' $$, 'and the year to date');
SELECT is((SELECT (is_final, actual) FROM kpi.v_scorecard WHERE scorecard = 'card' AND unit = 'north'
	AND period_label = '2011-05 ytd' AND node = 'sales'), (1, 220::numeric(24,6)), 'which is final as any period');

-- Ranks: what is final of a sibling counts, whatever its value has become
\o /dev/null
SELECT kpi.define_unit('u' || n, 'company') FROM generate_series(1, 3) AS n;
SELECT kpi.define_indicator('answers', kind => 'entered', grain => 'month', combine => 'none',
	scale => 'rank(100, 80, 60) of actual');
SELECT kpi.define_scorecard('ranks'), kpi.define_node('ranks', 'answers', weight => 1),
	kpi.define_node('ranks', 'more');
SELECT kpi.enter('answers', 'u' || n, '2011-03', 10 * n) FROM generate_series(1, 3) AS n;
SELECT kpi.finalize('ranks', 'u3', '2011-03');
SELECT kpi.enter('answers', 'u3', '2011-03', 5, reason => 'counted anew');
CREATE FUNCTION pg_temp.ranks() RETURNS numeric[] LANGUAGE sql AS $$
	SELECT array_agg(e.score ORDER BY n)
	FROM generate_series(1, 3) AS n, LATERAL kpi.evaluate('ranks', 'u' || n, '2011-03') AS e WHERE e.depth = 0 $$;
CREATE FUNCTION pg_temp.stored_ranks() RETURNS numeric[] LANGUAGE sql AS $$
	SELECT array_agg(score ORDER BY unit) FROM kpi.v_scorecard
	WHERE scorecard = 'ranks' AND period_label = '2011-03' AND depth = 0 AND unit LIKE 'u_' $$;
\o
SELECT is(pg_temp.ranks(), '{60,80,100}'::numeric[], 'units are ranked with what is final of the third');
SELECT is_empty('SELECT pg_temp.silent()', 'as results say, or are stale');
SELECT is(kpi.refresh_results() >= 0, true, 'a refresh');
SELECT is(pg_temp.stored_ranks(), '{60.00,80.00,100.00}'::numeric[], 'leaves them as they are');
SELECT results_eq($$ SELECT node, restated_score FROM kpi.v_restatement WHERE scorecard = 'ranks' ORDER BY place $$,
	$$ VALUES ('ranks'::varchar(63), 60.00::numeric(9,2)), ('answers', 60.00) $$,
	'what would be now ranks what is there now');
SELECT is((SELECT score FROM kpi.evaluate('ranks', 'u2', '2011-03', as_of => '2011-03-31') WHERE depth = 0),
	100::numeric, 'so do other rules');
SELECT kpi.finalize('ranks', 'u2', '2011-03');
SELECT is(pg_temp.ranks(), '{60,80,100}'::numeric[], 'one after the other is made final');
SELECT kpi.reopen('ranks', 'u3', '2011-03', reason => 'counted anew');
SELECT is(pg_temp.ranks(), '{80,80,60}'::numeric[], 'what is open again counts as it is now');
SELECT is(pg_temp.stored_ranks(), '{80.00,80.00,60.00}'::numeric[], 'so do the results of its siblings');

-- why a value that is carried, or a place, would be another now
\o /dev/null
SELECT kpi.define_indicator('mood', reset => '{scale}', target_rule => 'hold'),
	kpi.set_target('mood', 'u1', '2010', 100), kpi.enter('mood', 'u1', '2010', 80);
SELECT kpi.define_scorecard('causes'), kpi.define_node('causes', 'mood', weight => 1, carry => true),
	kpi.define_node('causes', 'answers', weight => 1), kpi.finalize('causes', 'u1', '2011-03');
SELECT kpi.set_target('mood', 'u1', '2010', 160, replace => true, reason => 'agreed late'),
	kpi.enter('answers', 'u1', '2011-03', 11, reason => 'counted anew'), kpi.refresh_results();
\o
SELECT results_eq($$ SELECT node, restated_score, cause FROM kpi.v_restatement
	WHERE scorecard = 'causes' ORDER BY place $$,
	$$ VALUES ('causes'::varchar(63), 65.00::numeric(9,2), 'value, target'::varchar(200)), ('mood', 50.00, 'target'),
		('answers', 80.00, 'value') $$,
	'the target of a value that is carried is a target, and what a place has lost nothing by is a value');

SELECT * FROM finish();
ROLLBACK;
