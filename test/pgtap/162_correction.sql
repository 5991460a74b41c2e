-- Entries that correct what is measured: worked cases, collected before and after.
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.measured(asked_indicator text, asked_unit text, label text) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' ', trim_scale(value), origin, parts || '/' || parts_expected) FROM kpi.measurement
	WHERE indicator = asked_indicator AND unit = asked_unit AND grain = kpi.period_grain(label)
		AND period_start = kpi.period_start(label)
$$;
CREATE SCHEMA t;
SELECT kpi.define_unit('company');
CREATE TABLE t.invoice (d date, u text, a numeric);
INSERT INTO t.invoice VALUES ('2025-10-05', 'south', 556109), ('2025-11-05', 'south', 1), ('2025-12-05', 'south', 2);
SELECT kpi.define_unit('south', parent => 'company');
SELECT kpi.define_indicator(v.indicator, source => 't.invoice', time_column => 'd', unit_column => 'u',
	numerator => 'sum(a)',
	combine => v.combine)
FROM (VALUES ('E188', 'sum'), ('E189', 'rows')) AS v (indicator, combine);
CALL kpi.collect('2025-10', '2025-12', '{E188,E189}', commit_each => false);
SELECT kpi.enter(i, 'south', '2025-10', 200000, reason => 'credit note') FROM unnest('{E188,E189}'::text[]) AS i;
SELECT is(pg_temp.measured('E188', 'south', '2025-Q4'), '200003 combined 3/3',
	'E188: a quarter that is a sum of months follows a corrected month');
SELECT is(pg_temp.measured('E189', 'south', '2025-10'), '200000 entered', 'E189: the month has what was entered');
SELECT is(pg_temp.measured('E189', 'south', '2025-Q4'), '556112 rows', 'E189: a quarter from rows does not follow');
SELECT results_eq($$ SELECT indicator::text, period_label::text FROM kpi.v_data_quality
	WHERE finding = 'corrected_part' $$,
	$$ VALUES ('E189', '2025-10') $$, 'and one finding says so, of E189 and not of E188');
SELECT is(finding_text, 'E189 for South in 2025-10 was corrected by an entry, '
	'which values of units above or longer periods do not follow, as they come from rows: '
	|| (SELECT count(*) FROM kpi.measurement WHERE indicator = 'E189' AND origin = 'rows'
		AND kpi_internal.period_days(grain, period_start) @> date '2025-10-31') || '.', 'in words')
FROM kpi.v_data_quality WHERE finding = 'corrected_part';
SET LOCAL kpi.language = 'zh';
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('zh', 'unit', 'south', '南区');
SELECT matches(finding_text, '南区在 2025-10 的', 'in the reader''s words')
FROM kpi.v_data_quality WHERE finding = 'corrected_part';
RESET kpi.language;
CALL kpi.collect('2025-10', '2025-12', '{E188,E189}', commit_each => false);
SELECT is(pg_temp.measured(i, 'south', '2025-10'), '200000 entered', i || ': collecting overwrites no entry')
FROM unnest('{E188,E189}'::text[]) AS i;
SELECT kpi.withdraw(i, 'south', '2025-10') FROM unnest('{E188,E189}'::text[]) AS i;
CALL kpi.collect('2025-10', '2025-12', '{E188,E189}', commit_each => false);
SELECT is(pg_temp.measured(i, 'south', '2025-10'), '556109 rows', i || ': what is withdrawn is measured again')
FROM unnest('{E188,E189}'::text[]) AS i;
SELECT is_empty($$ SELECT FROM kpi.v_data_quality WHERE finding = 'corrected_part' $$, 'and no finding is left');

SELECT * FROM finish();
ROLLBACK;
