-- Watch rules: an alert an event, however often it is looked; cleared by another limit, or by periods without cause.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();
\ir lib.sql
\o /dev/null
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');
SELECT kpi.define_indicator('level', kind => 'entered', combine => 'none', grain => 'month'),
	kpi.define_indicator('cost', kind => 'entered', combine => 'sum', direction => 'lower'),
	kpi.define_indicator('sales', kind => 'entered', combine => 'sum'),
	kpi.define_indicator('points', kind => 'entered', combine => 'none', grain => 'month', scale => 'given');
SELECT kpi.define_scorecard('card'), kpi.set_weight('card', 'points', 1);
\o
CREATE TABLE told (n serial, alert bigint, unit text, raised text, cleared text);
-- enter the values of months one after the other, refresh twice after each, and say what has become of alerts
CREATE FUNCTION live(i text, u text, v numeric[], first date DEFAULT '2024-01-01') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	FOR m IN 1 .. cardinality(v) LOOP
		IF v[m] IS NOT NULL THEN
			PERFORM kpi.enter(i, u, CAST(first + (m - 1) * interval '1 month' AS date), 'month', v[m]);
		END IF;
		PERFORM kpi.refresh_results(), kpi.refresh_results();
	END LOOP;
	RETURN (SELECT string_agg(to_char(a.period_start, 'MM') || coalesce('-' || to_char(a.cleared_period, 'MM'), ''), ' '
		ORDER BY a.period_start)
		FROM kpi.alert AS a JOIN kpi.alert_rule AS r USING (alert_rule) WHERE a.unit = u AND (r.indicator = i AND (r.active
			OR i = 'level') OR r.active AND r.scorecard IS NOT NULL));
END $$;

-- A threshold with two limits: what swings about the upper one is one event
SELECT is(kpi.define_alert_rule('high', 'threshold', 'level', side => 'above', raise_at => 100, clear_at => 80),
	'high', 'a rule');
SELECT is(live('level', 'company', '{90,101,99,105,100,81,80,100,101}'), '02-07 09',
	'raised at 101, cleared at 80, raised again');
SELECT is(live('level', 'north', '{150,NULL,150,79,79,150}'), '01-04 06',
	'each unit has its own; a month without a value changes nothing');
SELECT is((SELECT string_agg(value || '/' || limit_value || '/' || detail, ' ' ORDER BY period_start) FROM kpi.alert
	WHERE unit = 'company'),
	'101/100/above 101/100/above', 'with the value and the limit');
SELECT is(kpi.check_alerts(), 0::bigint, 'nothing new is nothing');
-- without a second limit the first one clears; with periods without cause these
\o /dev/null
UPDATE kpi.alert_rule SET active = false;
SELECT kpi.define_alert_rule('low', 'threshold', 'level', unit => 'south', side => 'below', raise_at => 50, clear_at
	=> 70, good_periods => 3);
\o
SELECT is(live('level', 'south', '{60,49,51,49,51,52,53,54,60,49,70}'), '02-07 10-11',
	'cleared after three months above 50, or at 70');
SELECT is(live('level', 'company', '{10,10}', '2025-01-01'), '02-07 09',
	'another unit, and a rule that is not active, are not looked at');
-- the same month once more is the same event
\o /dev/null
SELECT kpi.define_alert_rule('again', 'threshold', 'level', unit => 'south', side => 'above', raise_at => 100);
SELECT live('level', 'south', '{120}', '2025-01-01');
\o
SELECT is((SELECT count(*) FROM kpi.alert WHERE alert_rule = 'again' AND cleared_at IS NULL), 1::bigint, 'raised');
\o /dev/null
SELECT kpi.enter('level', 'south', '2025-01', 90, reason => 'typo'), kpi.refresh_results();
\o
SELECT is((SELECT count(*) FROM kpi.alert WHERE alert_rule = 'again' AND cleared_at IS NOT NULL), 1::bigint,
	'a correction clears it');
\o /dev/null
SELECT kpi.enter('level', 'south', '2025-01', 130, reason => 'typo'), kpi.refresh_results();
\o
SELECT results_eq($$SELECT count(*), max(value), max(cleared_at) FROM kpi.alert WHERE alert_rule = 'again'$$,
	$$VALUES (1::bigint, 130::numeric, NULL::timestamptz)$$,
	'and another one opens the same event again');

-- A band: a status that is worse than in the month before, until it is again what it was
\o /dev/null
UPDATE kpi.alert_rule SET active = false;
SELECT kpi.define_alert_rule('fall', 'band', scorecard => 'card', unit => 'company');
\o
SELECT is(live('points', 'company', '{95,80,60,85,95,95,60,80,60,95}'), '02-05 07-10',
	'green, amber, red, amber: one event until it is green again; a second fall inside an event is none');
SELECT is((SELECT string_agg(detail, ', ' ORDER BY period_start) FROM kpi.alert WHERE alert_rule = 'fall'),
	'green > amber, green > red', 'from what to what');
-- a score below a limit
\o /dev/null
UPDATE kpi.alert_rule SET active = false;
SELECT kpi.define_alert_rule('poor', 'threshold', scorecard => 'card', node => 'points', unit => 'north', side =>
	'below', raise_at => 60);
\o
SELECT is(live('points', 'north', '{61,59.5,59,60}'), '02-04', 'a score below a limit');

-- A chart: a signal in the bad direction alone
\o /dev/null
UPDATE kpi.alert_rule SET active = false;
SELECT kpi.define_alert_rule('spike', 'chart', 'cost', rules => '{western_electric_1}', good_periods => 2);
\o
SELECT is(live('cost', 'company', '{10,11,10,9,10,11,10,9,10,11,30,10,10,10}'), '11-01',
	'a spike of costs, cleared after two quiet months');
SELECT is(live('cost', 'north', '{10,11,10,9,10,11,10,9,10,11,-10,10}'), NULL, 'a low that is good is none');
SELECT is((SELECT c.alarm FROM kpi.control_chart(kpi.series_of('cost', 'company'), rules => '{western_electric_1}',
	direction => 'lower', clear_after => 2) AS c WHERE c.period = '2024-11-01'), true,
	'as the chart says');

-- A forecast: the chance is below a half
\o /dev/null
UPDATE kpi.alert_rule SET active = false;
SELECT kpi.set_target('sales', 'company', '2024', 1200);
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT 'sales', 'company', 'month', date '2022-01-01' + m * interval '1 month', 100 + m % 3 FROM generate_series(0,
	23) AS m;
SELECT kpi.define_alert_rule('miss', 'forecast', 'sales', clear_at => 0.6);
\o
SELECT is(live('sales', 'company', '{101,60,60,250,100}'), '02-04', 'two poor months and a good one');
SELECT is_empty($$SELECT a.value, o.chance FROM kpi.alert AS a, LATERAL kpi.outlook('sales', 'company', '2024',
	'2024-02') AS o
	WHERE a.alert_rule = 'miss' AND (a.value IS DISTINCT FROM o.chance OR a.detail IS DISTINCT FROM o.target_status OR
		a.value >= 0.5)$$, 'by the outlook of that month');

-- Rules: what is left out stays, what makes no sense is refused, in SQL, too
SELECT results_eq($$SELECT kind::text, side::text, raise_at, clear_at, grain::text, active FROM kpi.alert_rule WHERE
	alert_rule =
	kpi.define_alert_rule('high', raise_at => 120, active => true)$$,
	$$VALUES ('threshold', 'above', 100::numeric, 80::numeric, 'month', false)$$, 'a rule as the statement found it');
SELECT results_eq($$SELECT kind::text, side::text, raise_at, clear_at, grain::text, active FROM kpi.alert_rule WHERE
	alert_rule =
	'high'$$,
	$$VALUES ('threshold', 'above', 120::numeric, 80::numeric, 'month', true)$$, 'what is left out stays');
SELECT throws_ok(call, code, message) FROM (VALUES
	($$SELECT kpi.define_alert_rule('x', 'threshold', 'level')$$, '22023', 'alert rule "x" has no limit'),
	($$SELECT kpi.define_alert_rule('x')$$, '22004', 'kind must not be null'),
	($$SELECT kpi.define_alert_rule('x', 'shape', 'level')$$, '22023', 'unrecognized kind "shape"'),
	($$SELECT kpi.define_alert_rule('x', 'band', 'level')$$, '22023',
		'alert rule "x" of kind band does not say what it watches'),
	($$SELECT kpi.define_alert_rule('x', 'threshold', 'level', side => 'above', raise_at => 1, clear_at => 2)$$,
		'22023', 'clear_at 2 of alert rule "x" is beyond raise_at 1'),
	($$SELECT kpi.define_alert_rule('x', 'forecast', 'level', raise_at => 50)$$, '22023',
		'raise_at 50 of alert rule "x" is not between 0 and 1'),
	($$SELECT kpi.define_alert_rule('x', 'band', scorecard => 'card', node => 'pints')$$, '22023',
		'node "pints" does not exist in scorecard "card"'),
	($$SELECT kpi.define_alert_rule('x', 'chart', 'levle')$$, '22023', 'indicator "levle" does not exist'),
	($$INSERT INTO kpi.alert_rule (alert_rule, name, kind, indicator) VALUES ('x', 'X', 'threshold', 'level')$$,
		'22023', 'alert rule "x" has no limit')) AS v (call, code, message);
SELECT throws_ok($$DELETE FROM kpi.alert_rule WHERE alert_rule = 'high'$$, '23503', 'alert rule "high" is in use');
SELECT is((SELECT count(*) FROM kpi_internal.alert_rule_history WHERE (version).alert_rule = 'high'), (SELECT
	count(*) FROM kpi_internal.alert_rule_history
	WHERE (version).alert_rule = 'high' AND until > since),
		'what a rule was is kept, but for what one transaction overwrote');
-- a rule that cannot be looked at keeps nothing from being refreshed
\o /dev/null
SELECT kpi.define_alert_rule('bad', 'chart', 'level', rules => '{nonsense}');
\o
SELECT lives_ok($$SELECT kpi.enter('level', 'company', '2026-01', 1), kpi.refresh_results()$$,
	'a wrong rule is a warning');
\o /dev/null
UPDATE kpi.alert_rule SET active = false WHERE alert_rule = 'bad';
\o

-- Who sees what
\o /dev/null
CREATE ROLE kpi_test_north;
CREATE ROLE kpi_test_collector;
SELECT kpi.grant_viewer('kpi_test_north', '{north}'), kpi.grant_collector('kpi_test_collector');
\o
SET LOCAL ROLE kpi_test_north;
SELECT results_eq('SELECT DISTINCT unit::text FROM kpi.v_alert', $$VALUES ('north')$$, 'alerts of its own units');
SELECT throws_ok($$INSERT INTO kpi.alert (alert_rule, unit, grain, period_start) VALUES ('high', 'north', 'month',
	'2024-01-01')$$, '42501');
SET LOCAL ROLE kpi_test_collector;
SELECT lives_ok('SELECT kpi.refresh_results()', 'who collects raises and clears them');
RESET ROLE;
SELECT finish();
ROLLBACK;
