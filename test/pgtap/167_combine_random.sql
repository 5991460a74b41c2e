-- Random trees with moves, units that open and close, entries and own rows at every level: all rules over time and
-- over units against a reckoning in plain SQL that uses nothing of kpi.
-- share: 16
BEGIN;
SELECT no_plan();
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

-- The registry: 40 units in three levels, a fifth of which move once; a tenth open or close in between

CREATE TEMP TABLE u (unit text PRIMARY KEY, first_day date, end_day date);
CREATE TEMP TABLE edge (unit text, parent text, first_day date, end_day date);
INSERT INTO u
SELECT 'u' || n, CASE WHEN n > 5 AND uniform(n, 1) < 0.1 THEN date '2010-04-11' + (uniform(n, 2) * 300)::integer
					  ELSE '-infinity' END,
	CASE WHEN n > 5 AND uniform(n, 3) < 0.1 THEN date '2011-03-05' + (uniform(n, 4) * 250)::integer ELSE 'infinity' END
FROM generate_series(0, 39) AS n;
INSERT INTO edge
WITH parent AS (
	SELECT n, 'u' || CASE WHEN n <= 5 THEN 0 ELSE 1 + (uniform(n, 5) * 4)::integer END AS parent,
		CASE WHEN n > 5 AND uniform(n, 6) < 0.2 THEN date '2010-06-01' + (uniform(n, 7) * 500)::integer END AS moves,
		'u' || 1 + (uniform(n, 8) * 4)::integer AS next_parent
	FROM generate_series(1, 39) AS n
)
SELECT 'u' || n, parent, '-infinity', coalesce(moves, 'infinity') FROM parent
UNION ALL
SELECT 'u' || n, next_parent, moves, 'infinity' FROM parent WHERE moves IS NOT NULL;
-- three units deeper
UPDATE edge SET parent = 'u20' WHERE unit IN ('u37', 'u38', 'u39');
DELETE FROM edge WHERE unit IN ('u37', 'u38', 'u39') AND first_day > '-infinity';
UPDATE edge SET end_day = 'infinity' WHERE unit IN ('u37', 'u38', 'u39');
INSERT INTO kpi.unit (unit, name, valid)
SELECT unit, unit, daterange(nullif(first_day, '-infinity'), nullif(end_day, 'infinity')) FROM u;
INSERT INTO kpi.unit_parent (unit, parent, valid)
SELECT unit, parent, daterange(nullif(first_day, '-infinity'), nullif(end_day, 'infinity')) FROM edge;

-- The rules

CREATE TEMP TABLE rule (indicator text PRIMARY KEY, over_time text, over_units text, has_rows boolean);
INSERT INTO rule
SELECT t || '_' || o || CASE WHEN r THEN '_rows' ELSE '' END, t, o, r
FROM (VALUES ('sum', 'sum'), ('min', 'max'), ('max', 'sum'), ('max', 'min'), ('average', 'average'),
			 ('average', 'sum'),
			 ('ratio', 'ratio'), ('compound_loss', 'ratio'), ('compound_growth', 'average'), ('product', 'max'),
			 ('last', 'sum'), ('last', 'ratio'), ('first', 'sum'), ('last', 'none'), ('none', 'sum'), ('sum', 'none'))
	AS v (t, o), unnest('{false,true}'::boolean[]) AS r
WHERE NOT (r AND 'none' IN (t, o));
-- six of them, where not all are tried
DELETE FROM rule WHERE NOT :all_cases
	AND indicator NOT IN (SELECT r.indicator FROM rule AS r ORDER BY hashtextextended(r.indicator, :seed) LIMIT 6);
CREATE SCHEMA rnd;
CREATE TABLE rnd.source (day date, unit text, a numeric, b numeric);
SELECT kpi.define_indicator(indicator, combine => over_time, combine_units => over_units,
							windows => CASE over_time WHEN 'none' THEN NULL ELSE '{month_ytd,month_r3}'::text[] END)
FROM rule WHERE NOT has_rows;
SELECT kpi.define_indicator(indicator, source => 'rnd.source', time_column => 'day', unit_column => 'unit',
							numerator => 'sum(a)', denominator => 'sum(b)', combine => over_time, combine_units => over_units,
							windows => '{month_ytd,month_r3}')
FROM rule WHERE has_rows;

-- What is given: at the lowest level often, above it seldom; a quarter now and then

CREATE TEMP TABLE given AS
SELECT r.indicator, x.unit, g.grain, x.start, CASE WHEN x.kind < 0.6 THEN x.a END AS numerator,
	CASE WHEN x.kind < 0.8 THEN x.b END AS denominator,
	CASE WHEN x.kind >= 0.6 THEN x.a / 100 WHEN x.b <> 0 THEN x.a / x.b END AS value
FROM rule AS r,
	(VALUES ('month', 1), ('quarter', 3), ('month_ytd', 1)) AS g (grain, months),
	LATERAL (SELECT u.unit, m.start, round((uniform(h.h, 1) * 200 - 40)::numeric, 2) AS a,
				floor((uniform(h.h, 2) * 20)::numeric) AS b, uniform(h.h, 3) AS kind
			 FROM u, generate_series(0, 23) AS n,
				LATERAL (SELECT (date '2010-01-01' + make_interval(months => n * g.months))::date AS start,
							(date '2010-01-01' + make_interval(months => (n + 1) * g.months))::date AS next) AS m,
				LATERAL (SELECT hashtext(concat(r.indicator, u.unit, g.grain, m.start))::bigint AS h) AS h
			 WHERE m.start < '2012-01-01' AND u.first_day < m.next AND u.end_day > m.start
				AND uniform(h.h, 4) < CASE WHEN g.grain <> 'month' THEN 0.02
										   WHEN u.unit IN ('u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u20') THEN 0.05
										   WHEN r.has_rows THEN 0.1 ELSE 0.7 END) AS x
WHERE (r.over_time <> 'none' OR g.grain = 'month');
CREATE TEMP TABLE own AS
SELECT r.indicator, u.unit, m.start, round((uniform(h.h, 5) * 90)::numeric, 1) AS numerator,
	floor((uniform(h.h, 6) * 9)::numeric) AS denominator
FROM rule AS r, u, generate_series(0, 23) AS n,
	LATERAL (SELECT (date '2010-01-01' + make_interval(months => n))::date AS start) AS m,
	LATERAL (SELECT hashtext(concat(r.indicator, u.unit, m.start))::bigint AS h) AS h
WHERE r.has_rows AND uniform(h.h, 7) < 0.5 AND u.first_day <= m.start AND u.end_day > m.start;
INSERT INTO kpi_internal.own_value (indicator, unit, grain, period_start, numerator, denominator, value, row_count,
									collected_at)
SELECT indicator, unit, 'month', start, numerator, denominator, numerator / nullif(denominator, 0), 1, now() FROM own;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, numerator, denominator, value, reason)
SELECT indicator, unit, grain, start, numerator, denominator, value, 'random' FROM given;
SELECT cmp_ok(measurements, '>', count(*) * 500, format('%s values', measurements))
FROM rule, kpi_internal.combine_values(NULL, '[2010-01-01,2012-01-01)') GROUP BY measurements;

-- The reckoning. A part is of a rule where it has what the rule takes.

-- NULL over nothing
CREATE AGGREGATE pg_temp.prod(numeric) (SFUNC = numeric_mul, STYPE = numeric);
CREATE FUNCTION pg_temp.has(rule text, value numeric, numerator numeric, denominator numeric) RETURNS boolean
	LANGUAGE sql
	RETURN value IS NOT NULL OR rule = 'ratio' AND numerator IS NOT NULL AND denominator IS NOT NULL;
CREATE TYPE pg_temp.part AS (value numeric, numerator numeric, denominator numeric, share integer);
CREATE FUNCTION pg_temp.mix(rule text, parts pg_temp.part[]) RETURNS pg_temp.part LANGUAGE sql AS $$
	SELECT ROW (CASE rule WHEN 'sum' THEN sum(value) WHEN 'min' THEN min(value) WHEN 'max' THEN max(value)
			WHEN 'average' THEN CASE WHEN bool_and(denominator IS NOT NULL)
				THEN sum(value * denominator) / nullif(sum(denominator), 0) ELSE sum(value * share) / sum(share) END
			WHEN 'ratio' THEN CASE WHEN bool_and(numerator IS NOT NULL AND denominator IS NOT NULL)
				THEN sum(numerator) / nullif(sum(denominator), 0) END
			WHEN 'compound_loss' THEN 1 - pg_temp.prod(1 - value)
			WHEN 'compound_growth' THEN pg_temp.prod(1 + value) - 1
			WHEN 'product' THEN pg_temp.prod(value) END,
		CASE WHEN rule = 'ratio' AND bool_and(numerator IS NOT NULL AND denominator IS NOT NULL) THEN sum(numerator) END,
		CASE WHEN rule = 'ratio' AND bool_and(numerator IS NOT NULL AND denominator IS NOT NULL)
			OR rule = 'average' AND bool_and(denominator IS NOT NULL) THEN sum(denominator) END,
		NULL)::pg_temp.part
	FROM unnest(parts) AS p WHERE pg_temp.has(rule, value, numerator, denominator)
$$;
CREATE TEMP TABLE month AS
SELECT m::date AS start, (m + interval '1 month')::date AS next
FROM generate_series(date '2010-01-01', '2011-12-01', '1 month') AS m;
CREATE TEMP TABLE span AS
SELECT g.grain, q::date AS start, q::date AS first_day, (q + g.length)::date AS next
FROM (VALUES ('quarter', interval '3 months'), ('half', '6 months'), ('year', '1 year')) AS g (grain, length),
	generate_series(date '2010-01-01', '2011-12-01', g.length) AS q
UNION ALL SELECT 'month_ytd', start, date_trunc('year', start)::date, next FROM month
UNION ALL SELECT 'month_r3', start, (start - interval '2 months')::date, next FROM month;

-- each day that a tree is taken of: the depth of the units, and who is above
CREATE TEMP TABLE tree AS
WITH RECURSIVE day AS (
	SELECT next - 1 AS day FROM month UNION SELECT start FROM month
	UNION SELECT next - 1 FROM span UNION SELECT first_day FROM span
), down (day, unit, parent, depth) AS (
	SELECT d.day, 'u0', NULL::text, 0 FROM day AS d
	UNION ALL
	SELECT w.day, e.unit, e.parent, w.depth + 1
	FROM down AS w JOIN edge AS e ON e.parent = w.unit AND e.first_day <= w.day AND e.end_day > w.day
)
SELECT * FROM down;
CREATE INDEX ON tree (day, depth);
CREATE TEMP TABLE result (indicator text, unit text, grain text, start date, value numeric, numerator numeric,
						  denominator numeric, at date, PRIMARY KEY (indicator, unit, grain, start));

-- a level of the tree: what is given, else children and own rows
CREATE FUNCTION pg_temp.level(asked text, level integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO result
	SELECT r.indicator, t.unit, 'month', m.start, x.value, x.numerator, x.denominator, m.start
	FROM rule AS r CROSS JOIN month AS m
		JOIN tree AS t ON t.day = m.next - 1 AND t.depth = level
		LEFT JOIN given AS g ON g.indicator = r.indicator AND g.unit = t.unit AND g.grain = 'month' AND g.start = m.start
		LEFT JOIN own AS o ON o.indicator = r.indicator AND o.unit = t.unit AND o.start = m.start
		CROSS JOIN LATERAL (
			SELECT array_agg(ROW (c.value, c.numerator, c.denominator, 1)::pg_temp.part) AS parts, count(*) AS children
			FROM tree AS b JOIN u ON u.unit = b.unit AND u.first_day < m.next AND u.end_day > m.start
				LEFT JOIN result AS c ON c.indicator = r.indicator AND c.unit = b.unit AND c.grain = 'month' AND c.start = m.start
			WHERE b.day = m.next - 1 AND b.parent = t.unit AND r.over_units <> 'none') AS below
		CROSS JOIN LATERAL (SELECT ROW (o.numerator / nullif(o.denominator, 0), o.numerator, o.denominator,
										1)::pg_temp.part AS own) AS o1
		CROSS JOIN LATERAL (
			SELECT g.value, g.numerator, g.denominator, 1 WHERE g.indicator IS NOT NULL
			UNION ALL
			SELECT (o1.own).* WHERE g.indicator IS NULL AND below.children = 0 AND o.indicator IS NOT NULL
			UNION ALL
			SELECT (pg_temp.mix(r.over_units, below.parts || o1.own)).* WHERE g.indicator IS NULL AND below.children > 0) AS x
	WHERE r.indicator = asked
$$;
-- the last (first) own period of a unit that was given or measured, and then the same over units
CREATE FUNCTION pg_temp.stock_level(asked text, level integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO result
	SELECT r.indicator, t.unit, s.grain, s.start, x.value, x.numerator, x.denominator, x.at
	FROM rule AS r CROSS JOIN (SELECT * FROM span UNION ALL SELECT 'month', start, start, next FROM month) AS s
		JOIN tree AS t ON t.depth = level AND t.day = CASE r.over_time WHEN 'last' THEN s.next - 1 ELSE s.first_day END
		LEFT JOIN given AS g ON g.indicator = r.indicator AND g.unit = t.unit AND g.grain = s.grain AND g.start = s.start
		LEFT JOIN LATERAL (
			SELECT l.* FROM given AS l
			WHERE l.indicator = r.indicator AND l.unit = t.unit AND l.grain = 'month' AND l.start >= s.first_day
				AND l.start < s.next AND l.value IS NOT NULL
			ORDER BY CASE r.over_time WHEN 'last' THEN s.next - l.start ELSE l.start - s.next END LIMIT 1) AS e ON true
		LEFT JOIN LATERAL (
			SELECT l.*, l.numerator / l.denominator AS value FROM own AS l
			WHERE l.indicator = r.indicator AND l.unit = t.unit AND l.start >= s.first_day AND l.start < s.next
				AND l.denominator <> 0
				AND NOT EXISTS (SELECT FROM given AS n WHERE n.indicator = r.indicator AND n.unit = t.unit
									AND n.grain = 'month' AND n.start = l.start)
			ORDER BY CASE r.over_time WHEN 'last' THEN s.next - l.start ELSE l.start - s.next END LIMIT 1) AS o ON true
		CROSS JOIN LATERAL (
			SELECT array_agg(ROW (c.value, c.numerator, c.denominator, 1)::pg_temp.part) AS parts, count(*) AS children,
				count(*) FILTER (WHERE pg_temp.has(r.over_units, c.value, c.numerator, c.denominator)) AS with_value,
				CASE r.over_time WHEN 'last' THEN max(c.at) FILTER (WHERE c.value IS NOT NULL)
					ELSE min(c.at) FILTER (WHERE c.value IS NOT NULL) END AS at
			FROM tree AS b JOIN u ON u.unit = b.unit AND u.first_day <= t.day AND u.end_day > t.day
				LEFT JOIN result AS c ON c.indicator = r.indicator AND c.unit = b.unit AND c.grain = s.grain AND c.start = s.start
			WHERE b.day = t.day AND b.parent = t.unit AND r.over_units <> 'none') AS below
		CROSS JOIN LATERAL (SELECT CASE r.over_time WHEN 'last' THEN greatest(below.at, o.start)
									   ELSE least(below.at, o.start) END AS at) AS latest
		CROSS JOIN LATERAL (
			SELECT e.start IS NOT NULL AND CASE r.over_time WHEN 'last' THEN e.start >= coalesce(latest.at, e.start)
					   ELSE e.start <= coalesce(latest.at, e.start) END AS stands) AS e1
		CROSS JOIN LATERAL (
			SELECT g.value, g.numerator, g.denominator,
				CASE r.over_time WHEN 'last' THEN (s.next - interval '1 month')::date ELSE s.first_day END AS at
			WHERE g.indicator IS NOT NULL
			UNION ALL
			SELECT e.value, e.numerator, e.denominator, e.start WHERE g.indicator IS NULL AND e1.stands
			UNION ALL
			SELECT o.value, o.numerator, o.denominator, o.start
			WHERE g.indicator IS NULL AND NOT e1.stands AND o.start IS NOT NULL AND below.children = 0
			UNION ALL
			SELECT m.value, m.numerator, m.denominator, latest.at
			FROM pg_temp.mix(r.over_units, below.parts || ROW (o.value, o.numerator, o.denominator, 1)::pg_temp.part) AS m
			WHERE g.indicator IS NULL AND NOT e1.stands AND below.children > 0
				AND (below.with_value > 0 OR o.start IS NOT NULL)) AS x
	WHERE r.indicator = asked
$$;
DO $$
DECLARE
	todo record;
BEGIN
	FOR todo IN SELECT * FROM rule, generate_series((SELECT max(depth) FROM tree), 0, -1) AS level LOOP
		IF todo.over_time IN ('last', 'first') THEN
			PERFORM pg_temp.stock_level(todo.indicator, todo.level);
		ELSE
			PERFORM pg_temp.level(todo.indicator, todo.level);
		END IF;
	END LOOP;
END
$$;
INSERT INTO result
SELECT r.indicator, u.unit, s.grain, s.start, x.value, x.numerator, x.denominator
FROM rule AS r CROSS JOIN span AS s CROSS JOIN u
	LEFT JOIN given AS g ON g.indicator = r.indicator AND g.unit = u.unit AND g.grain = s.grain AND g.start = s.start
	CROSS JOIN LATERAL (
		SELECT array_agg(ROW (c.value, c.numerator, c.denominator,
							  (c.start + interval '1 month')::date - c.start)::pg_temp.part) AS parts
		FROM result AS c
		WHERE c.indicator = r.indicator AND c.unit = u.unit AND c.grain = 'month' AND c.start >= s.first_day
			AND c.start < s.next) AS p
	CROSS JOIN LATERAL (
		SELECT g.value, g.numerator, g.denominator WHERE g.indicator IS NOT NULL
		UNION ALL
		SELECT m.value, m.numerator, m.denominator
		FROM pg_temp.mix(r.over_time, p.parts) AS m
		WHERE g.indicator IS NULL AND r.over_time <> 'none') AS x
WHERE r.over_time NOT IN ('last', 'first');
-- rolling windows need each month
DELETE FROM result AS t USING rule AS r
WHERE t.grain = 'month_r3' AND r.indicator = t.indicator
	AND (SELECT count(*) FROM result AS m
		 WHERE m.indicator = t.indicator AND m.unit = t.unit AND m.grain = 'month' AND m.start > t.start - 70
			AND m.start <= t.start
			AND pg_temp.has(r.over_time, m.value, m.numerator, m.denominator)) < 3;

SELECT is(count(*) FILTER (WHERE NOT alike(m.value, e.value, 1e-12)), 0::bigint,
		  format('%s: %s values, %s of them none', r.indicator, count(*), count(*) FILTER (WHERE e.value IS NULL)))
FROM rule AS r
	CROSS JOIN LATERAL (
		SELECT coalesce(m.unit, x.unit) AS unit, m.value AS a, x.value AS b
		FROM (SELECT * FROM result WHERE indicator = r.indicator) AS x
			FULL JOIN (SELECT * FROM kpi.measurement WHERE indicator = r.indicator AND period_start >= '2010-01-01'
							AND period_start < '2012-01-01') AS m
				ON m.unit = x.unit AND m.grain = x.grain AND m.period_start = x.start
	) AS c (unit, a, b)
	CROSS JOIN LATERAL (SELECT c.a AS value) AS m
	CROSS JOIN LATERAL (SELECT c.b AS value) AS e
GROUP BY r.indicator ORDER BY r.indicator;

-- Properties

SELECT is((kpi_internal.combine_values(NULL, '[2010-01-01,2012-01-01)')).changed, 0::bigint, 'again changes nothing');
CREATE TEMP TABLE before AS SELECT * FROM kpi.measurement;
DELETE FROM kpi.measurement;
SELECT count(kpi_internal.combine_values(NULL, daterange(start, next))) FROM month;
SELECT is(count(*), 0::bigint, 'month by month the same comes out')
FROM (SELECT to_jsonb(b) - 'collected_at' FROM before AS b
	  EXCEPT ALL SELECT to_jsonb(m) - 'collected_at' FROM kpi.measurement AS m) AS d;
SELECT is((SELECT count(*) FROM kpi.measurement), (SELECT count(*) FROM before), 'and nothing else');

SELECT * FROM finish();
ROLLBACK;
