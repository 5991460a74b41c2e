-- Random rows of a random tree: measured indicators by every rule that gives the same as the rows do, in every grain,
-- window and dimension, against plain SQL over the rows that uses nothing of kpi.
-- share: 9
BEGIN;
SELECT no_plan();
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'Asia/Tokyo';

CREATE SCHEMA rnd;
-- thirty units in three levels below u0; a fifth of the lowest ones moves at the beginning of a month
CREATE TEMP TABLE edge AS
WITH placed AS (
	SELECT n, CASE WHEN n <= 4 THEN 0 WHEN n <= 10 THEN 1 + (uniform(n, 1) * 3)::integer ELSE 5 + (uniform(n,
	2) * 5)::integer END AS above,
		CASE WHEN n > 10 AND uniform(n, 3) < 0.2
			 THEN (date '2010-02-01' + make_interval(months => (uniform(n, 4) * 20)::integer))::date END AS moves,
		5 + (uniform(n, 5) * 5)::integer AS next_above
	FROM generate_series(1, 30) AS n
)
SELECT 'u' || n AS unit, 'u' || above AS parent, date '1900-01-01' AS first_day, coalesce(moves,
	'2100-01-01') AS end_day FROM placed
UNION ALL SELECT 'u' || n, 'u' || next_above, moves, '2100-01-01' FROM placed WHERE moves IS NOT NULL;
INSERT INTO kpi.unit (unit, name) SELECT 'u' || n, 'u' || n FROM generate_series(0, 30) AS n;
INSERT INTO kpi.unit_parent (unit, parent, valid)
SELECT unit, parent, daterange(nullif(first_day, '1900-01-01'), nullif(end_day, '2100-01-01')) FROM edge;
SELECT kpi.define_dimension('channel');
SELECT kpi.define_unit('channels', dimension => 'channel'), kpi.define_unit('web', 'channels'),
	kpi.define_unit('shop', 'channels');
SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end');

-- rows of units at every level, some of none; a third of them in the last hours of a day in Greenwich
CREATE TABLE rnd.sale AS
SELECT n AS id, at, (at AT TIME ZONE 'Asia/Tokyo')::date AS day,
	CASE WHEN uniform(n, 11) < 0.05 THEN NULL ELSE 'u' || (uniform(n, 12) * 34)::integer END AS unit,
	(ARRAY['web', 'shop', 'mail', NULL])[1 + floor(uniform(n, 13) * 4)::integer] AS channel,
	round((uniform(n, 14) * 900 - 100)::numeric, 2) AS a, 1 + floor(uniform(n, 15) * 9)::integer AS b,
	floor(uniform(n, 16) * 60)::integer AS customer
FROM generate_series(1, 2500) AS n,
	LATERAL (SELECT timestamptz '2010-01-01 00:00+09' + make_interval(hours => floor(uniform(n,
	17) * 730 * 24)::integer) AS at) AS t;

-- whose rows they are, by hand
CREATE TEMP TABLE counted AS
WITH RECURSIVE up (id, unit) AS (
	SELECT s.id, CASE WHEN s.unit IN (SELECT e.unit FROM edge AS e) THEN s.unit ELSE 'u0' END FROM rnd.sale AS s
	UNION
	SELECT up.id, e.parent
	FROM up JOIN rnd.sale AS s ON s.id = up.id JOIN edge AS e ON e.unit = up.unit
	AND e.first_day <= s.day AND e.end_day > s.day
)
SELECT * FROM up
UNION ALL SELECT id, 'channels' FROM rnd.sale
UNION ALL SELECT id, channel FROM rnd.sale WHERE channel IN ('web', 'shop');
CREATE TEMP TABLE span AS
WITH month AS (SELECT m::date AS start FROM generate_series(date '2010-01-01', '2011-12-01', '1 month') AS m)
SELECT 'month' AS grain, start, start AS first_day, (start + interval '1 month')::date AS end_day FROM month
UNION ALL
SELECT g.grain, s.start, s.start, (s.start + g.length)::date
FROM (VALUES ('quarter', interval '3 months', 0), ('half', '6 months', 0), ('year', '1 year', 0), ('fy_quarter',
	'3 months', 3),
			 ('fy_half', '6 months', 3), ('fy_year', '1 year', 3)) AS g (grain, length, shift),
	LATERAL (SELECT (d + make_interval(months => g.shift))::date AS start
			 FROM generate_series(date '2009-01-01', '2012-01-01', g.length) AS d) AS s
WHERE s.start < '2012-01-01' AND (s.start + g.length)::date > '2010-01-01'
UNION ALL SELECT 'month_ytd', start, date_trunc('year', start)::date, (start + interval '1 month')::date FROM month
UNION ALL SELECT 'month_r3', start, (start - interval '2 months')::date, (start + interval '1 month')::date
	FROM month
UNION ALL SELECT 'month_r3', start, (start - interval '2 months')::date, (start + interval '1 month')::date
FROM (VALUES (date '2012-01-01'), ('2012-02-01')) AS later (start);

-- each measure by the rules that say the same as its rows
CREATE TEMP TABLE measure (key text PRIMARY KEY, numerator text, denominator text, filter text, over_time text[],
	over_units text[]);
INSERT INTO measure VALUES
	('total', 'sum(a)', NULL, NULL, '{rows,sum}', '{rows,sum}'),
	('orders', 'count(*)', NULL, 'b > 2', '{rows,sum}', '{rows,sum}'),
	('least', 'min(a)', NULL, NULL, '{rows,min}', '{rows,min}'),
	('most', 'max(a)', NULL, 'channel IS NOT NULL', '{rows,max}', '{rows,max}'),
	('price', 'sum(a)', 'sum(b)', NULL, '{rows,ratio}', '{rows,ratio}'),
	('weighted', 'sum(a)', 'count(*)', NULL, '{rows,ratio,average}', '{rows,ratio,average}'),
	('customers', 'count(DISTINCT customer)', NULL, NULL, '{rows}', '{rows}'),
	('middle', 'percentile_disc(0.5) WITHIN GROUP (ORDER BY a)', NULL, NULL, '{rows}', '{rows}'),
	('mixed', 'coalesce(sum(a), 0) - min(b) + avg(b)', NULL, NULL, '{rows}', '{rows}'),
	('loss', 'sum(b)', 'sum(b) + count(*)', NULL, '{rows}', '{rows,ratio}');
CREATE TEMP TABLE rule AS
SELECT format('%s_%s_%s', key, t, u) AS indicator, m.*, t AS combine, u AS combine_units
FROM measure AS m, unnest(over_time) AS t, unnest(over_units) AS u
-- an average has no numerators
WHERE NOT (t = 'ratio' AND u = 'average');
-- six of them, where not all are tried
DELETE FROM rule WHERE NOT :all_cases
	AND indicator NOT IN (SELECT r.indicator FROM rule AS r ORDER BY hashtextextended(r.indicator, :seed) LIMIT 6);
CREATE TEMP TABLE expected (key text, grain text, start date, unit text, value numeric, row_count bigint);
DO $$
DECLARE
	m record;
BEGIN
	FOR m IN SELECT * FROM measure WHERE key IN (SELECT key FROM rule) LOOP
		EXECUTE format($q$
			INSERT INTO expected
			SELECT %L, p.grain, p.start, c.unit, (%s)::numeric / %s, count(*)
			FROM rnd.sale AS s JOIN counted AS c ON c.id = s.id JOIN span AS p ON s.day >= p.first_day
			AND s.day < p.end_day
			WHERE %s GROUP BY 2, 3, 4$q$,
			m.key, m.numerator, coalesce('nullif(' || m.denominator || ', 0)', '1'), coalesce(m.filter, 'true'));
	END LOOP;
END $$;
CREATE INDEX ON expected (key, unit, grain);
ANALYZE expected;
-- a rolling window has a value where each of its months has
DELETE FROM expected AS e
WHERE e.grain = 'month_r3'
	AND 3 > (SELECT count(*) FROM expected AS m
			 WHERE m.key = e.key AND m.unit = e.unit AND m.grain = 'month' AND m.value IS NOT NULL
			AND m.start <= e.start
				AND m.start > e.start - 70);

SELECT kpi.define_indicator(indicator, source => 'rnd.sale',
	time_column => CASE WHEN numerator LIKE '%(a)%' THEN 'at' ELSE 'day' END,
							unit_column => 'unit', unit_columns => '{"channel": "lower(channel)"}',
							numerator => numerator,
							denominator => denominator, filter => filter, combine => combine,
							combine_units => combine_units,
							windows => '{month_ytd,month_r3}', time_zone => 'Asia/Tokyo')
FROM rule;
CALL kpi.collect('2010', '2011', commit_each => false);
SELECT is((SELECT count(*) FROM kpi.run_step WHERE state = 'failed'), 0::bigint, 'nothing fails');
SELECT cmp_ok(count(*), '>', (SELECT count(*) * 300 FROM rule), format('%s values', count(*))) FROM kpi.measurement;

SELECT is((SELECT count(*)
		   FROM (SELECT * FROM expected AS x WHERE x.key = r.key AND x.value IS NOT NULL
					-- of a longer period what is made of units goes by the tree of its last day
					AND (r.combine <> 'rows' OR r.combine_units = 'rows' OR x.grain = 'month')) AS e
			   FULL JOIN (SELECT * FROM kpi.measurement AS m WHERE m.indicator = r.indicator AND m.value IS NOT NULL
						 AND (r.combine <> 'rows' OR r.combine_units = 'rows' OR m.grain = 'month')) AS m
				   ON m.unit = e.unit AND m.grain = e.grain AND m.period_start = e.start
		   WHERE NOT alike(m.value, e.value, 1e-12)
			   OR r.combine = 'rows' AND r.combine_units = 'rows' AND m.row_count <> e.row_count),
		  0::bigint, format('%s: %s values', r.indicator, (SELECT count(*) FROM expected AS x WHERE x.key = r.key)))
FROM rule AS r ORDER BY r.indicator;

-- Late rows, moves of rows and rows that go: one month alone is collected again, and then all is as if all had been
UPDATE rnd.sale SET a = a + 1000, unit = 'u12' WHERE day >= '2011-02-01' AND day < '2011-03-01' AND id % 3 = 0;
DELETE FROM rnd.sale WHERE day >= '2011-02-01' AND day < '2011-03-01' AND id % 7 = 0;
CALL kpi.collect('2011-02', commit_each => false);
CREATE TEMP TABLE after_month AS SELECT to_jsonb(m) - 'collected_at' AS row FROM kpi.measurement AS m;
DELETE FROM kpi.measurement;
DELETE FROM kpi_internal.own_value;
CALL kpi.collect('2010', '2011', commit_each => false);
SELECT set_eq($$ SELECT to_jsonb(m) - 'collected_at' FROM kpi.measurement AS m $$, 'TABLE after_month',
	'the same as all collected from scratch');

SELECT * FROM finish();
ROLLBACK;
