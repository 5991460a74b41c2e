-- Periods: worked cases of calendars, windows and provisional values, and all
-- grains against calendar arithmetic written apart.
BEGIN;
SELECT no_plan();

SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end');
SELECT kpi.define_calendar('retail', pattern => '4-4-5', first_day => '2011-01-31', week_53 => 'last');

-- Worked cases: a question about a label, and its answer.

CREATE TEMP TABLE asked (id text, what text, label text, answer text);
INSERT INTO asked VALUES
	('E061', 'key', '2011-02 r12', '2011-02-01'),
	('E061', 'days', '2011-02 r12', '[2010-03-01,2011-03-01)'),
	('E062', 'previous', '2011-03 ytd', '2011-02 ytd'),
	('E067', 'days', 'fy2012-Q3', '[2011-10-01,2012-01-01)'),
	('E068', 'days', 'fy2012', '[2011-04-01,2012-04-01)'),
	('E070', 'days', 'retail2011', '[2011-01-31,2012-01-30)'),
	('E071', 'days', 'retail2013', '[2013-01-28,2014-02-03)'),
	('E073', 'days', 'retail2011-P09', '[2011-09-26,2011-10-31)'),
	('E074', 'days', 'retail2013-P12', '[2013-12-23,2014-02-03)'),
	('E076', 'days', 'retail2013-W53', '[2014-01-27,2014-02-03)'),
	('E077', 'days', '2009-W53', '[2009-12-28,2010-01-04)'),
	('E079', 'last_year', '2012-02-29', '2011-02-28'),
	('E080', 'last_year', '2012-02', '2011-02'),
	('E082', 'last_year', 'retail2013-W53', 'retail2012-W52'),
	('E083', 'last_year', '2012-02 ytd', '2011-02 ytd'),
	('E085', 'previous', '2010-W01', '2009-W53'),
	('E086', 'previous', '2011-Q1', '2010-Q4');
SELECT is(CASE what
		WHEN 'key' THEN kpi.period_start(label)::text
		WHEN 'days' THEN kpi.period(label)::text
		WHEN 'previous' THEN kpi.period_before(label)
		WHEN 'last_year' THEN kpi.period_last_year(label) END,
	answer, format('%s: %s of %s', id, what, label))
FROM asked;
-- a label and a date with a grain are the same question
SELECT is_empty($$
	SELECT label FROM asked, LATERAL (SELECT kpi.period_grain(label) AS grain, kpi.period_start(label) AS day) AS p
	WHERE (kpi.period(day, grain), kpi.period_label(grain, day), kpi_internal.period_days(grain, day),
		kpi.period_start(grain, day),
			kpi.period_label(grain, kpi.period_before(grain, day)),
			kpi.period_label(grain, kpi.period_last_year(grain, day)))
		IS DISTINCT FROM (kpi.period(label), label, kpi.period(label), day, kpi.period_before(label),
			kpi.period_last_year(label))
	OR (SELECT r FROM kpi_internal.read_period(label) AS r) IS DISTINCT FROM
		(SELECT r FROM kpi_internal.read_period(day, grain) AS r)
$$, 'a label, and a date with a grain, mean the same');
SELECT ok(kpi_internal.tiles('month', 'fy_quarter'), 'E088: months make fiscal quarters exactly');
SELECT ok(NOT kpi_internal.tiles('week', 'month'), 'E089: weeks make no month');

SELECT is(collected_at::timestamptz < kpi_internal.settled_at(kpi.period_grain(label), kpi.period_start(label), zone,
	settle_after),
	provisional, format('%s: %s collected at %s', id, label, collected_at))
FROM (VALUES
	('E150', '2011-11', '2011-11-30 12:00+00', 'UTC', NULL::interval, true),
	('E151', '2011-11', '2011-12-01 00:00+00', 'UTC', NULL, false),
	('E153', '2011-11', '2011-12-06 00:00+00', 'UTC', '5 days', false),
	('unsettled', '2011-11', '2011-12-05 23:59+00', 'UTC', '5 days', true),
	('E154', '2011', '2012-06-01 00:00+00', 'UTC', NULL, false),
	('E159', '2011-11', '2011-11-28 00:00+00', 'UTC', NULL, true),
	('summer', '2011-06', '2011-06-30 22:59:59+00', 'Europe/London', NULL, true),
	('summer', '2011-06', '2011-06-30 23:00+00', 'Europe/London', NULL, false),
	('window', '2011-11 ytd', '2011-12-01 00:00+00', 'UTC', NULL, false)) AS v
	(id, label, collected_at, zone, settle_after, provisional);

-- Every grain against the calendar of SQL: the starts of its periods, counted
-- out over forty years, make all the rest.

SELECT kpi.define_calendar('tax', starts => '04-06');
SELECT kpi.define_calendar('apple', pattern => '5-4-4', first_day => '2011-09-25', week_53 => '3', label_by => 'end');
SELECT kpi.define_calendar('iso', pattern => '4-5-4', first_day => '2001-01-01');
SELECT kpi.define_calendar('leap', pattern => '4-4-5', first_day => '2012-02-29');
CREATE TEMP TABLE counted (grain text, start date, year integer, number integer, PRIMARY KEY (grain, start));
INSERT INTO counted
SELECT 'day', d::date, extract(year FROM d), extract(doy FROM d)
FROM generate_series(timestamp '1999-01-01', '2042-12-31', '1 day') AS d;
INSERT INTO counted
SELECT c.prefix || p.part,
	(make_date(y, 1, 1) + make_interval(months => c.month - 1 + n * p.months, days => c.day - 1))::date,
	y + c.ahead, n + 1
FROM (VALUES ('', 1, 1, 0), ('fy_', 4, 1, 1), ('tax_', 4, 6, 0)) AS c (prefix, month, day, ahead),
	(VALUES ('month', 1), ('quarter', 3), ('half', 6), ('year', 12)) AS p (part, months),
	generate_series(1999, 2042) AS y, generate_series(0, 12 / p.months - 1) AS n
WHERE (c.prefix || p.part) IN (SELECT grain FROM kpi.grain);
-- the years of weeks begin on the weekday nearest to a day
CREATE TEMP VIEW week_year AS
SELECT c.*, y AS year, (
		SELECT near::date FROM generate_series(a.anchor - 3, a.anchor + 3, '1 day') AS near
		WHERE extract(isodow FROM near) = extract(isodow FROM c.first_day)) AS start
FROM (VALUES ('retail_', date '2011-01-31', '{4,4,5}'::integer[], 12, 0), ('apple_', '2011-09-25', '{5,4,4}', 3, 1),
		('iso_', '2001-01-01', '{4,5,4}', 12, 0), ('leap_', '2012-02-29', '{4,4,5}', 12, 0)) AS c
		(prefix, first_day, pattern, long_period, ahead),
	generate_series(1998, 2044) AS y,
	LATERAL (SELECT (make_date(y, extract(month FROM c.first_day)::integer, 1)
		+ least(extract(day FROM c.first_day)::integer,
		extract(day FROM make_date(y, extract(month FROM c.first_day)::integer, 1) + interval
			'1 month - 1 day')::integer) - 1)
		AS anchor) AS a;
CREATE TEMP VIEW week_of AS
SELECT w.*, n, w.start + 7 * n AS week_start
FROM (SELECT *, lead(start) OVER (PARTITION BY prefix ORDER BY year) - start AS days FROM week_year) AS w,
	generate_series(0, days / 7 - 1) AS n;
INSERT INTO counted SELECT prefix || 'week', week_start, year + ahead, n + 1 FROM week_of;
INSERT INTO counted SELECT 'week', week_start, year, n + 1 FROM week_of WHERE prefix = 'iso_';
-- each period has the weeks of the pattern, and one of them a week more in long years
CREATE TEMP TABLE week_period AS
SELECT w.prefix, w.year + w.ahead AS year, p AS number, (w.start + 7 * coalesce(sum(w.pattern[(p - 1) % 3 + 1]
		+ CASE WHEN w.long AND p = w.long_period THEN 1 ELSE 0 END)
		OVER (PARTITION BY w.prefix, w.year ORDER BY p ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
			0)::integer) AS start
FROM (SELECT DISTINCT prefix, start, year, ahead, pattern, long_period, days > 364 AS long FROM week_of
	WHERE days > 0) AS w,
	generate_series(1, 12) AS p;
INSERT INTO counted
SELECT w.prefix || p.part, w.start, w.year, (w.number - 1) / p.periods + 1
FROM week_period AS w, (VALUES ('period', 1), ('quarter', 3), ('half', 6), ('year', 12)) AS p (part, periods)
WHERE (w.number - 1) % p.periods = 0;

CREATE INDEX ON counted (grain, year, number);
ANALYZE counted;
SELECT set_eq('SELECT DISTINCT grain FROM counted', 'SELECT grain::text FROM kpi.grain WHERE window_of IS NULL',
	'every grain is counted out');
CREATE TEMP TABLE wanted AS
SELECT c.*, lead(start) OVER g AS next, lag(start) OVER g AS before,
	(SELECT l.start FROM counted AS l WHERE l.grain = c.grain AND l.year = c.year - 1
		AND l.number <= c.number ORDER BY l.number DESC LIMIT 1) AS last_year
FROM counted AS c WHERE c.year BETWEEN 2000 AND 2041
WINDOW g AS (PARTITION BY grain ORDER BY start);
UPDATE wanted SET last_year = (start - interval '1 year')::date WHERE grain = 'day';
DELETE FROM wanted WHERE next IS NULL OR before IS NULL;
CREATE INDEX ON wanted (grain);
ANALYZE wanted;
SELECT cmp_ok((SELECT count(*) FROM wanted), '>', 30000::bigint, 'thirty thousand periods');
SELECT is_empty($$SELECT * FROM wanted WHERE kpi.period_start(grain, start) IS DISTINCT FROM start
	OR kpi.period_start(grain, next - 1) IS DISTINCT FROM start$$, 'first and last day are in the period');
SELECT is_empty($$SELECT * FROM wanted WHERE kpi_internal.period_end(grain, start) IS DISTINCT FROM next$$, 'ends');
SELECT is_empty($$SELECT * FROM wanted WHERE kpi.period_before(grain, start) IS DISTINCT FROM before$$,
	'periods before');
SELECT is_empty($$SELECT * FROM wanted WHERE kpi_internal.period_step(grain, before, 2) IS DISTINCT FROM next$$,
	'steps');
SELECT is_empty($$SELECT *, kpi.period_last_year(grain, start) FROM wanted WHERE year > 2000
	AND kpi.period_last_year(grain, start) IS DISTINCT FROM last_year$$, 'periods of last year');
SELECT is_empty($$SELECT * FROM wanted
	WHERE kpi.period(kpi.period_label(grain, start)) IS DISTINCT FROM daterange(start, next)
	OR kpi.period_grain(kpi.period_label(grain, start)) IS DISTINCT FROM grain$$, 'labels read back');
SELECT is_empty($$
	SELECT * FROM (SELECT w.*, kpi.period_label(grain, start) AS label FROM wanted AS w WHERE grain <> 'day') AS w
	WHERE year <> substring(label, '([0-9]{4})(-|$)')::integer
		OR number <> coalesce(substring(label, '-[A-Z]?([0-9]+)$'), '1')::integer
$$, 'labels have the year and the number');
SELECT is_empty($$SELECT w.grain FROM wanted AS w JOIN kpi.grain AS g USING (grain)
	WHERE kpi_internal.rule_start(g.rule, next - 1) IS DISTINCT FROM start
		OR kpi_internal.rule_end(g.rule, start) IS DISTINCT FROM next$$,
	'the rule alone says the same');
SELECT is_empty($$
	SELECT g.grain FROM kpi.grain AS g WHERE window_of IS NULL AND
		(SELECT array_agg(p ORDER BY p) FROM kpi_internal.periods_in(g.grain, '[2010-02-03,2031-07-09)') AS p)
		IS DISTINCT FROM (SELECT array_agg(start ORDER BY start) FROM wanted AS w WHERE w.grain = g.grain
			AND start >= '2010-02-03' AND next <= '2031-07-09')
$$, 'periods within days');

-- a grain makes another where each period of it begins with one of its own
SELECT is_empty($$
	SELECT f.grain, c.grain FROM kpi.grain AS f, kpi.grain AS c
	WHERE f.window_of IS NULL AND c.window_of IS NULL AND kpi_internal.tiles(f.grain, c.grain) IS DISTINCT FROM
		NOT EXISTS (SELECT FROM wanted AS w WHERE w.grain = c.grain
			AND NOT EXISTS (SELECT FROM counted AS s WHERE s.grain = f.grain AND s.start = w.start))
$$, 'what tiles what, of all pairs');
SELECT is_empty($$
	SELECT f.grain, c.grain FROM kpi.grain AS f, kpi.grain AS c
	WHERE c.window_of IS NOT NULL AND kpi_internal.tiles(f.grain, c.grain) IS DISTINCT FROM
		(f.grain = c.grain OR f.window_of IS NULL AND kpi_internal.tiles(f.grain, c.window_of))
	OR f.window_of IS NOT NULL AND c.window_of IS NULL AND kpi_internal.tiles(f.grain, c.grain)
$$, 'a window is made by what makes the period it ends with, and makes itself alone');

-- windows: the period they end with, and those before
SELECT kpi.define_window('month', 'fytd', within => 'fy_year'), kpi.define_window('retail_week', 'r13', last => 13),
	kpi.define_window('retail_period', 'rytd', within => 'retail_year');
SELECT is_empty($$
	SELECT g.grain, w.start FROM kpi.grain AS g JOIN wanted AS w ON w.grain = g.window_of,
		LATERAL (SELECT CASE
				WHEN g.grain ~ '_r[0-9]+$' THEN kpi_internal.period_step(w.grain, w.start,
					1 - substring(g.grain, '_r([0-9]+)$')::integer)
				ELSE kpi.period_start(CASE g.grain WHEN 'month_fytd' THEN 'fy_year' WHEN 'retail_period_rytd'
					THEN 'retail_year'
					ELSE 'year' END, w.start) END AS first) AS x
	WHERE kpi.period_start(g.grain, w.next - 1) IS DISTINCT FROM w.start
		OR kpi_internal.period_end(g.grain, w.start) IS DISTINCT FROM w.next
		OR kpi_internal.period_days(g.grain, w.start) IS DISTINCT FROM daterange(x.first, w.next)
		OR kpi.period(kpi.period_label(g.grain, w.start)) IS DISTINCT FROM daterange(x.first, w.next)
		OR kpi.period_label(g.grain, w.start) IS DISTINCT FROM kpi.period_label(w.grain, w.start)
			|| substr(g.grain, length(w.grain) + 1)
			AND kpi.period_label(g.grain, w.start) IS DISTINCT FROM
				kpi.period_label(w.grain, w.start) || ' ' || substr(g.grain, length(w.grain) + 2)
		OR kpi.period_before(g.grain, w.start) IS DISTINCT FROM w.before
$$, 'windows');

-- the first and the last period of the years
SELECT is_empty($$
	SELECT g.grain, e.day FROM kpi.grain AS g, (VALUES (date '0001-01-01'), ('9999-12-31')) AS e (day)
	WHERE kpi.period_label(g.grain, e.day) IS NOT NULL
		AND kpi_internal.period_days(g.grain, e.day) IS DISTINCT FROM kpi.period(kpi.period_label(g.grain, e.day))
	OR (kpi.period_label(g.grain, e.day) IS NULL) <> (kpi.period_start(g.grain, e.day) IS NULL)
$$, 'a day is in a period that has a label, or in none');
SELECT is(kpi.period_before('0001'), NULL, 'nothing before the year 1');
SELECT is(kpi.period_last_year('month', '0001-05-01'), NULL, 'nor a year before it');
SELECT is(kpi_internal.period_step('day', '2011-01-01', 2147483647), NULL, 'nor after all years');
SELECT is((SELECT count(*) FROM kpi_internal.periods_in('year', '(,)')), 9999::bigint, 'all years');
SELECT is((SELECT count(*) FROM kpi_internal.periods_in('year', 'empty')), 0::bigint, 'no years');

SELECT throws_ok($$SELECT kpi_internal.read_period(NULL)$$, '22004', 'period must not be null', 'no period');
SELECT throws_ok($$SELECT kpi_internal.read_period(NULL, 'month')$$, '22004', 'day must not be null', 'no day');
SELECT throws_ok($$SELECT kpi_internal.read_period('2011-01-01', NULL)$$, '22004',
	'grain must not be null', 'no grain');
SELECT throws_ok($$SELECT kpi_internal.read_period('infinity', 'month')$$, '22023',
	'day infinity is in no period of grain "month"', 'no day of a calendar');
SELECT throws_ok($$SELECT kpi_internal.read_period('10000-01-01', 'month')$$, '22023',
	'day 10000-01-01 is in no period of grain "month"', 'a day that no label names');

SELECT * FROM finish();
ROLLBACK;
