-- Cases closed in time, recomputed in plain SQL.
BEGIN;
\ir lib.sql
SELECT no_plan();

-- what a case is as of 2024-02-01
SELECT is(kpi.case_counts(kpi.timeliness(opened, closed, due, '2024-02-01'))::text, wanted, what)
	FROM (VALUES (date '2024-01-01', date '2024-01-05', date '2024-01-05', '(1,0,0,0)',
	'closed on the day it was due'), ('2024-01-01', '2024-01-06', '2024-01-05', '(0,1,0,0)', 'closed a day late'),
	('2024-01-01', NULL, '2024-01-31', '(0,0,1,0)', 'open and due before'),
	('2024-01-01', NULL, '2024-02-01', '(0,0,0,1)', 'open and due today: not known yet'),
	('2024-01-01', '2024-02-05', '2024-01-31', '(0,0,1,0)', 'closed afterwards: it was open then'),
	('2024-01-01', '2024-02-05', '2024-02-03', '(0,0,0,1)', 'closed afterwards, and not due then'),
	('2024-02-02', NULL, '2024-02-03', '(0,0,0,0)', 'opened afterwards: not there yet'),
	('2024-01-01', '2024-01-03', NULL, '(0,0,0,0)', 'nothing promised'),
	(NULL, '2024-01-03', '2024-01-04', '(1,0,0,0)', 'opened nobody knows when'),
	('2024-01-05', '2024-01-03', '2024-01-04', '(1,0,0,0)', 'closed before it was opened'),
	('2024-01-01', NULL, 'infinity', '(0,0,0,1)', 'never due'),
	('-infinity', 'infinity', '2024-01-31', '(0,0,1,0)', 'never closed')) AS v (opened, closed, due, wanted, what)
GROUP BY opened, closed, due, wanted, what;

-- 2,000 cases of 10 desks, as of three days
CREATE TEMP TABLE desk_case AS
SELECT i, i % 10 AS desk, opened, CASE WHEN i % 7 > 0
	THEN opened + interval '1 hour' * (i * 7919 % 300) END AS closed, CASE WHEN i % 41 > 0
	THEN opened + interval '5 days' END AS due
FROM generate_series(1, 2000) AS i,
	LATERAL (SELECT timestamptz '2024-01-01 00:00+00' + interval '1 minute' * (i * 104729 % 90000) AS opened) AS o;
CREATE TEMP VIEW counted AS
SELECT desk, as_of, count(*) FILTER (WHERE closed <= due AND closed <= as_of) AS on_time,
	count(*) FILTER (WHERE closed > due AND closed <= as_of) AS late,
	count(*) FILTER (WHERE (closed IS NULL OR closed > as_of) AND due < as_of) AS overdue,
		count(*) FILTER (WHERE (closed IS NULL OR closed > as_of) AND due >= as_of) AS pending
FROM desk_case, unnest('{2024-01-10 00:00+00,2024-02-01 00:00+00,2024-06-01 00:00+00}'::timestamptz[]) AS as_of
	WHERE opened <= as_of AND due IS NOT NULL GROUP BY desk, as_of;
SELECT is_empty($$
	SELECT desk, as_of FROM pg_temp.counted AS w JOIN (
		SELECT desk, as_of, kpi.timely_rate(opened, closed, due, as_of) AS rate,
			kpi.timeliness(opened, closed, due, as_of) AS t
		FROM desk_case, (SELECT DISTINCT as_of FROM pg_temp.counted) AS d GROUP BY desk, as_of) AS g USING (desk, as_of)
	WHERE rate IS DISTINCT FROM w.on_time / nullif(w.on_time + w.late + w.overdue, 0)::float8
		OR kpi.timely_rate(t) IS DISTINCT FROM rate
		OR kpi.case_counts(t)::text <> ROW(on_time, late, overdue, pending)::text
			OR kpi.timely_ci(t, 0.9) IS DISTINCT FROM kpi.wilson_ci(on_time, nullif(on_time + late + overdue, 0), 0.9)
$$, 'rates, counts and intervals of every desk and day');
SELECT cmp_ok(sum(least(on_time, late, overdue, pending)), '>', 0::numeric, 'all four kinds are among them')
	FROM pg_temp.counted;
SELECT is_empty($$
	SELECT desk FROM desk_case GROUP BY desk
	HAVING kpi.timely_rate(opened, closed, due,
		'2024-02-01 00:00+00') IS DISTINCT FROM kpi.timely_rate(opened::timestamp, closed::timestamp, due::timestamp,
		'2024-02-01 00:00')
$$, 'timestamps without time zone are judged alike');
SELECT is((SELECT kpi.rollup(t) FROM (SELECT kpi.timeliness(opened, closed, due, '2024-02-01 00:00+00') AS t
	FROM desk_case GROUP BY desk) AS p)::text,
	(SELECT kpi.timeliness(opened, closed, due, '2024-02-01 00:00+00') FROM desk_case)::text,
	'stored parts merged are the whole');
SELECT is((SELECT kpi.timeliness(opened, closed, due, '2024-02-01 00:00+00', 3) FROM desk_case)::text,
	(SELECT kpi.timeliness(opened, closed, due, '2024-02-01 00:00+00') FROM desk_case, generate_series(1, 3))::text,
	'weights are repetitions');
SELECT is(t::text::kpi.timeliness::text, t::text, 'the text form reads back')
	FROM (SELECT kpi.timeliness(opened, closed, due, '2024-02-01 00:00+00') AS t FROM desk_case) AS s;

SELECT is(kpi.timely_rate(o, c, d, '2024-01-02'), NULL, 'none was due')
	FROM (VALUES (date '2024-01-01', NULL::date, date '2024-01-05'), ('2024-01-01', '2024-01-01', NULL)) AS v (o, c, d);
SELECT is(kpi.timely_rate(o, o, o, o), NULL, 'no rows') FROM (VALUES (date '2024-01-01')) AS v (o) WHERE false;
SELECT throws_ok($$SELECT kpi.timely_rate(o, o, o, NULL::date) FROM (VALUES (date '2024-01-01')) AS v (o)$$, '22004',
	'as_of is null', 'no as_of');
SELECT throws_ok($$SELECT kpi.timely_rate(o, o, o, o, -1) FROM (VALUES (date '2024-01-01')) AS v (o)$$, '22023',
	'weight -1 is not a count', 'a weight below 0');

SELECT * FROM finish();
ROLLBACK;
