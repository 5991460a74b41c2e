-- One reading of a source for indicators of every grain, calendar, window, rule and dimension at once, over three
-- years with one of 53 weeks, and what formulas make of them: against plain SQL over the rows, which uses nothing
-- of kpi.
-- share: 6
BEGIN;
SELECT no_plan();
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

CREATE SCHEMA mix;
SELECT kpi.define_unit('company');
SELECT kpi.define_unit('r' || r, 'company') FROM generate_series(1, 3) AS r;
SELECT kpi.define_unit('t' || t, 'r' || 1 + t % 3) FROM generate_series(1, 7) AS t;
SELECT kpi.define_dimension('channel'), kpi.define_unit('channels', dimension => 'channel'),
	kpi.define_unit('web', 'channels'), kpi.define_unit('shop', 'channels');
SELECT kpi.define_dimension('rival'), kpi.define_unit('rivals', dimension => 'rival');
SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end');
SELECT kpi.define_calendar('retail', pattern => '4-4-5', first_day => '2011-01-31', week_53 => 'last');

CREATE TABLE mix.sale AS
SELECT n AS id, date '2010-12-01' + floor(uniform(n, 1) * 1600)::integer AS day,
	't' || 1 + floor(uniform(n, 2) * 7)::integer AS team, (ARRAY['Web', 'shop', NULL])[1 + floor(uniform(n,
	3) * 3)::integer] AS channel, round((uniform(n, 4) * 900 - 100)::numeric, 2) AS amount,
	1 + floor(uniform(n, 5) * 9)::integer AS quantity, floor(uniform(n, 6) * 50)::integer AS customer
FROM generate_series(1, 2500) AS n;

-- The periods, by hand. A year of weeks begins on the Monday nearest to 31 January.
CREATE TEMP TABLE span (grain text, start date, first_day date, end_day date);
INSERT INTO span
SELECT g.grain, s::date, s::date, (s + g.length)::date
FROM (VALUES ('day', interval '1 day', timestamp '2009-01-01'), ('week', '7 days', '2009-01-05'),
			 ('month', '1 month', '2009-01-01'), ('quarter', '3 months', '2009-01-01'), ('half', '6 months', '2009-01-01'),
			 ('year', '1 year', '2009-01-01'), ('fy_quarter', '3 months', '2009-01-01'),
			 ('fy_half', '6 months', '2008-10-01'), ('fy_year', '1 year', '2008-04-01')) AS g (grain, length, first),
	generate_series(g.first, timestamp '2016-12-01', g.length) AS s;
INSERT INTO span
SELECT 'month_' || w.kind, m.start, CASE w.kind WHEN 'ytd' THEN date_trunc('year', m.start)
									ELSE m.start - interval '11 months' END, m.end_day
FROM span AS m, (VALUES ('ytd'), ('r12')) AS w (kind) WHERE m.grain = 'month';
CREATE TEMP TABLE retail_year AS
SELECT y AS year, jan + CASE WHEN isodow <= 4 THEN 1 - isodow ELSE 8 - isodow END AS first_day
FROM generate_series(2009, 2017) AS y, LATERAL (SELECT make_date(y, 1, 31) AS jan) AS j,
	LATERAL (SELECT extract(isodow FROM jan)::integer AS isodow) AS d;
CREATE TEMP TABLE retail_week AS
SELECT y.year, w AS week, y.first_day + 7 * (w - 1) AS first_day
FROM (SELECT year, first_day, (lead(first_day) OVER (ORDER BY year) - first_day) / 7 AS weeks FROM retail_year) AS y,
	generate_series(1, y.weeks) AS w;
INSERT INTO span
SELECT g.grain, min(w.first_day), min(w.first_day), max(w.first_day) + 7
FROM retail_week AS w, LATERAL (VALUES
	('retail_week', w.week),
	('retail_period', CASE WHEN w.week > 51 THEN 12 ELSE width_bucket(w.week, '{1,5,9,14,18,22,27,31,35,40,44,48}') END),
	('retail_quarter', least(1 + (w.week - 1) / 13, 4)), ('retail_half', least(1 + (w.week - 1) / 26, 2)),
	('retail_year', 1)) AS g (grain, number)
GROUP BY g.grain, w.year, g.number;
SELECT is((SELECT count(*) FROM retail_week WHERE week = 53), 1::bigint, 'one year has 53 weeks');
-- those that lie in what is collected
DELETE FROM span WHERE first_day < '2012-01-01' OR end_day > '2015-01-01';

CREATE TEMP TABLE measure (key text PRIMARY KEY, grain text, numerator text, denominator text, filter text,
	combine text, windows text[], dimension text, grains text[]);
INSERT INTO measure VALUES
	('m_sum', 'month', 'sum(amount)', NULL, NULL, 'rows', '{month_ytd,month_r12}', 'team',
	 '{month,quarter,half,year,fy_quarter,fy_half,fy_year,month_ytd,month_r12}'),
	('m_cust', 'month', 'count(DISTINCT customer)', NULL, NULL, 'rows', '{month_ytd}', 'team',
	 '{month,quarter,half,year,fy_quarter,fy_half,fy_year,month_ytd}'),
	('m_price', 'month', 'sum(amount)', 'sum(quantity)', 'channel = ''shop''', 'rows', NULL, 'team',
	 '{month,quarter,half,year,fy_quarter,fy_half,fy_year}'),
	('d_sum', 'day', 'sum(quantity)', NULL, NULL, 'rows', NULL, 'team',
	 '{day,week,month,quarter,half,year,fy_quarter,fy_half,fy_year,retail_week,retail_period,retail_quarter,
	   retail_half,retail_year}'),
	('w_sum', 'week', 'sum(amount)', 'count(*)', NULL, 'rows', NULL, 'team',
	 '{week,retail_week,retail_period,retail_quarter,retail_half,retail_year}'),
	('rw_cust', 'retail_week', 'count(DISTINCT customer)', NULL, NULL, 'rows', NULL, 'team',
	 '{week,retail_week,retail_period,retail_quarter,retail_half,retail_year}'),
	('q_middle', 'quarter', 'percentile_disc(0.5) WITHIN GROUP (ORDER BY amount)', NULL, NULL, 'rows', NULL, 'team',
	 '{quarter,half,year,fy_quarter,fy_half,fy_year}'),
	('f_count', 'fy_quarter', 'count(*)', NULL, 'quantity > 3', 'rows', NULL, 'team',
	 '{quarter,half,year,fy_quarter,fy_half,fy_year}'),
	('m_none', 'month', 'sum(amount)', NULL, NULL, 'none', NULL, 'team', '{month}'),
	('m_most', 'month', 'max(amount)', NULL, NULL, 'max', NULL, 'channel',
	 '{month,quarter,half,year,fy_quarter,fy_half,fy_year}'),
	('c_sum', 'retail_period', 'sum(quantity) - min(quantity)', NULL, NULL, 'rows', NULL, 'channel',
	 '{retail_period,retail_quarter,retail_half,retail_year}'),
	('m_all', 'month', 'sum(quantity)', NULL, 'customer < 25', 'rows', NULL, 'rival',
	 '{month,quarter,half,year,fy_quarter,fy_half,fy_year}');
SELECT kpi.define_indicator(key, source => 'mix.sale', time_column => 'day', grain => grain, numerator => numerator,
	denominator => denominator, filter => filter, combine => combine, windows => windows,
	unit_column => CASE WHEN dimension = 'team' THEN 'team' END,
	unit_columns => CASE WHEN dimension = 'channel' THEN '{"channel": "lower(channel)"}'::jsonb END,
	all_rows_to => CASE dimension WHEN 'rival' THEN '{rivals}' WHEN 'channel' THEN '{}' END::text[])
FROM measure;
-- stocks: what each team has on the last (first) day of a month with rows that pass the filter
SELECT kpi.define_indicator(key, source => 'mix.sale', time_column => 'day', unit_column => 'team',
	numerator => 'sum(quantity)', filter => filter, combine => rule)
FROM (VALUES ('s_last', 'last', NULL), ('s_web', 'last', 'channel = ''Web'''), ('s_first', 'first', NULL))
	AS s (key, rule, filter);
SELECT is((SELECT sizes FROM kpi_internal.collect_groups(ARRAY(SELECT i.indicator::text FROM kpi.indicator AS i
		WHERE i.source = 'mix.sale'))), '{15}', 'all of them are read together');
CALL kpi.collect('2012', '2014', commit_each => false);
SELECT is((SELECT array_agg(DISTINCT state::text) FROM kpi.run_step), '{collected}', 'nothing fails');

-- Whose rows they are, by hand
CREATE TEMP TABLE counted AS
SELECT id, 'team' AS dimension, u AS unit FROM mix.sale,
	LATERAL (VALUES (team), ('r' || 1 + substr(team, 2)::integer % 3), ('company')) AS v (u)
UNION ALL SELECT id, 'channel', lower(channel) FROM mix.sale WHERE channel IS NOT NULL
UNION ALL SELECT id, 'channel', 'channels' FROM mix.sale
UNION ALL SELECT id, 'rival', 'rivals' FROM mix.sale;
CREATE TEMP TABLE expected (key text, grain text, start date, unit text, value numeric);
DO $$
DECLARE
	m record;
BEGIN
	FOR m IN SELECT * FROM measure LOOP
		EXECUTE format($q$
			INSERT INTO expected
			SELECT %L, p.grain, p.start, c.unit, (%s)::numeric / %s
			FROM mix.sale AS s JOIN counted AS c ON c.id = s.id AND c.dimension = %L
				JOIN span AS p ON s.day >= p.first_day AND s.day < p.end_day AND p.grain = ANY (%L)
			WHERE %s GROUP BY 2, 3, 4$q$,
			m.key, m.numerator, coalesce('nullif(' || m.denominator || ', 0)', '1'), m.dimension, m.grains,
			coalesce(m.filter, 'true'));
	END LOOP;
END $$;
-- of what combines by none a unit has its own rows alone
DELETE FROM expected AS e WHERE e.key = 'm_none' AND e.unit NOT LIKE 't%';
-- a rolling window has a value where each of its twelve months has
DELETE FROM expected AS e WHERE e.grain = 'month_r12' AND 12 > (SELECT count(*) FROM expected AS m WHERE m.key = e.key
	AND m.unit = e.unit AND m.grain = 'month' AND m.start <= e.start AND m.start > e.start - interval '12 months');
WITH rule (key, sign, filter) AS (
	VALUES ('s_last', 1, NULL), ('s_web', 1, 'Web'), ('s_first', -1, NULL)
), own AS (
	-- of each month and team, then of each period the last (first) of its months that has one
	SELECT r.key, r.sign, s.team, m.start, s.day, sum(s.quantity) AS value,
		rank() OVER (PARTITION BY r.key, s.team, m.start ORDER BY (s.day - date '2000-01-01') * r.sign DESC) AS place
	FROM rule AS r JOIN mix.sale AS s ON r.filter IS NULL OR s.channel = r.filter
		JOIN span AS m ON m.grain = 'month' AND s.day >= m.first_day AND s.day < m.end_day
	GROUP BY r.key, r.sign, s.team, m.start, s.day
), of_team AS (
	SELECT DISTINCT ON (o.key, o.team, p.grain, p.start) o.key, o.team, p.grain, p.start, o.value
	FROM own AS o JOIN span AS p ON o.start >= p.first_day AND o.start < p.end_day
		AND p.grain = ANY ('{month,quarter,half,year,fy_quarter,fy_half,fy_year}')
	WHERE o.place = 1
	ORDER BY o.key, o.team, p.grain, p.start, (o.start - date '2000-01-01') * o.sign DESC
)
INSERT INTO expected
SELECT t.key, t.grain, t.start, u.unit, sum(t.value)
FROM of_team AS t, LATERAL (VALUES (t.team), ('r' || 1 + substr(t.team, 2)::integer % 3), ('company')) AS u (unit)
GROUP BY 1, 2, 3, 4;
CREATE INDEX ON expected (key, unit, grain, start);
ANALYZE expected;
CREATE FUNCTION pg_temp.wrong(key text) RETURNS TABLE (unit text, grain text, start date, have numeric, want numeric)
	LANGUAGE sql AS $$
	SELECT coalesce(e.unit, m.unit), coalesce(e.grain, m.grain), coalesce(e.start, m.period_start), m.value, e.value
	FROM (SELECT * FROM expected AS x WHERE x.key = wrong.key AND x.value IS NOT NULL) AS e
		FULL JOIN (SELECT m.* FROM kpi.measurement AS m JOIN span AS p ON p.grain = m.grain AND p.start = m.period_start
				   WHERE m.indicator = wrong.key AND m.value IS NOT NULL) AS m
			ON m.unit = e.unit AND m.grain = e.grain AND m.period_start = e.start
	WHERE NOT alike(m.value, e.value, 1e-12)
$$;
SELECT is_empty(format('SELECT * FROM pg_temp.wrong(%L) LIMIT 5', x.key), format('%s: %s values', x.key, count(*)))
FROM expected AS x GROUP BY x.key ORDER BY x.key;

-- What formulas make of them, in every grain
SELECT kpi.define_indicator(key, formula => formula)
FROM (VALUES ('per_customer', 'm_sum / m_cust'), ('growth', 'm_sum / previous(m_sum) - 1'),
	('on_year', 'm_sum - last_year(m_sum)'), ('share', 'm_sum / parent(m_sum)'), ('of_all', 'm_sum / root(m_sum)'),
	('to_date', 'coalesce(ytd(m_sum), 0) - m_sum'), ('rolled', 'rolling(m_sum, 3)'),
	('week_on_year', 'rw_cust - last_year(rw_cust)'), ('stock_turn', 'm_sum / s_last')) AS f (key, formula);
CALL kpi.collect('2012', '2014', commit_each => false);
CREATE TEMP TABLE numbered AS
SELECT p.*, row_number() OVER (PARTITION BY p.grain ORDER BY p.start) AS number FROM span AS p;
CREATE TEMP TABLE part AS
SELECT e.*, n.number, p.value AS before, r.value AS above, a.value AS whole
FROM expected AS e JOIN numbered AS n ON n.grain = e.grain AND n.start = e.start
	LEFT JOIN numbered AS b ON b.grain = n.grain AND b.number = n.number - 1
	LEFT JOIN expected AS p ON p.key = e.key AND p.unit = e.unit AND p.grain = e.grain AND p.start = b.start
	LEFT JOIN expected AS r ON r.key = e.key AND r.grain = e.grain AND r.start = e.start
		AND r.unit = CASE WHEN e.unit LIKE 't%' THEN 'r' || 1 + substr(e.unit, 2)::integer % 3
					 WHEN e.unit LIKE 'r%' THEN 'company' END
	LEFT JOIN expected AS a ON a.key = e.key AND a.grain = e.grain AND a.start = e.start AND a.unit = 'company'
WHERE e.key = 'm_sum' AND e.grain NOT LIKE 'month_%';
INSERT INTO expected
SELECT 'per_customer', s.grain, s.start, s.unit, s.value / nullif(c.value, 0)
FROM part AS s JOIN expected AS c ON c.key = 'm_cust' AND c.unit = s.unit AND c.grain = s.grain AND c.start = s.start
UNION ALL SELECT 'growth', grain, start, unit, value / nullif(before, 0) - 1 FROM part
UNION ALL SELECT 'share', grain, start, unit, value / nullif(above, 0) FROM part
UNION ALL SELECT 'of_all', grain, start, unit, value / nullif(whole, 0) FROM part
UNION ALL
SELECT 'on_year', s.grain, s.start, s.unit, s.value - y.value
FROM part AS s JOIN expected AS y ON y.key = 'm_sum' AND y.unit = s.unit AND y.grain = s.grain
	AND y.start = (s.start - interval '1 year')::date
UNION ALL
SELECT 'rolled', s.grain, s.start, s.unit, s.value + s.before + p.before
FROM part AS s JOIN part AS p ON p.unit = s.unit AND p.grain = s.grain AND p.number = s.number - 1
WHERE s.grain = 'month'
UNION ALL
SELECT 'to_date', s.grain, s.start, s.unit, y.value - s.value
FROM part AS s
	JOIN expected AS y ON y.key = 'm_sum' AND y.grain = 'month_ytd' AND y.unit = s.unit AND y.start = s.start
WHERE s.grain = 'month'
UNION ALL
SELECT 'stock_turn', s.grain, s.start, s.unit, s.value / nullif(l.value, 0)
FROM part AS s JOIN expected AS l ON l.key = 's_last' AND l.unit = s.unit AND l.grain = s.grain AND l.start = s.start
UNION ALL
-- week 53 goes with week 52 of the year before
SELECT 'week_on_year', e.grain, e.start, e.unit, e.value - y.value
FROM expected AS e JOIN retail_week AS w ON w.first_day = e.start
	JOIN retail_week AS v ON v.year = w.year - 1 AND v.week = least(w.week, 52)
	JOIN expected AS y ON y.key = e.key AND y.unit = e.unit AND y.grain = e.grain AND y.start = v.first_day
WHERE e.key = 'rw_cust' AND e.grain = 'retail_week';
ANALYZE expected;
-- left out is what lies before all that was reckoned by hand, and the longer grains of what is rolled, which need a
-- window of their own
CREATE FUNCTION pg_temp.wrong_formula(key text) RETURNS TABLE (unit text, grain text, start date, have numeric,
	want numeric) LANGUAGE sql AS $$
	SELECT w.* FROM pg_temp.wrong(key) AS w
		LEFT JOIN numbered AS n ON n.grain = w.grain AND n.start = w.start
	WHERE CASE key WHEN 'growth' THEN n.number > 1 WHEN 'rolled' THEN n.number > 2 AND w.grain = 'month'
		WHEN 'on_year' THEN w.start >= '2013-04-01' WHEN 'to_date' THEN w.grain = 'month'
		WHEN 'week_on_year' THEN w.grain = 'retail_week' AND w.start >= '2013-01-28'
		ELSE w.grain NOT LIKE 'month_%' END
$$;
SELECT is_empty(format('SELECT * FROM pg_temp.wrong_formula(%L) LIMIT 5', x.key),
	format('%s: %s values', x.key, count(*)))
FROM expected AS x JOIN kpi.indicator AS i ON i.indicator = x.key AND i.kind = 'derived'
GROUP BY x.key ORDER BY x.key;
SELECT cmp_ok((SELECT count(*) FROM expected), '>', 20000::bigint, 'tens of thousands of values');

-- each by itself gives the same as all in one reading
CREATE TEMP TABLE together AS SELECT to_jsonb(m) - 'collected_at' AS row FROM kpi.measurement AS m;
DELETE FROM kpi.measurement;
DELETE FROM kpi_internal.own_value;
DO $$
DECLARE
	key text;
BEGIN
	FOR key IN SELECT i.indicator FROM kpi.indicator AS i WHERE i.kind = 'measured' ORDER BY 1 LOOP
		CALL kpi.collect('2012', '2014', ARRAY[key], commit_each => false);
	END LOOP;
END $$;
SELECT bag_eq($$ SELECT to_jsonb(m) - 'collected_at' FROM kpi.measurement AS m $$, 'TABLE together',
	'collected one by one they are the same');

SELECT * FROM finish();
ROLLBACK;
