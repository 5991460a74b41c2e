-- Random scorecards: every method of attainment with its limits, targets of every rule and way (own, of parts,
-- brought down, without a grain, inherited, cascaded), values carried from longer grains, cards within scorecards,
-- against a reckoning in plain SQL that uses nothing of kpi.
-- share: 3
BEGIN;
SELECT no_plan();
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
-- of a thing, a number between 0 and 1 by the seed
CREATE TEMP TABLE seed AS SELECT :seed::bigint AS seed;
CREATE FUNCTION pg_temp.draw(VARIADIC thing text[]) RETURNS float8 LANGUAGE sql STABLE
	RETURN uniform(hashtextextended(array_to_string(thing, '/'), (SELECT seed FROM seed)), 7);
CREATE FUNCTION pg_temp.pick(given text[], VARIADIC thing text[]) RETURNS text LANGUAGE sql STABLE
	RETURN given[1 + floor(pg_temp.draw(VARIADIC thing) * cardinality(given))::integer];

-- The tree: four regions, eleven teams, of whom two move in the middle of 2011

CREATE TEMP TABLE edge (unit text, parent text, first_day date, end_day date);
INSERT INTO edge SELECT 'r' || r, 'all', '-infinity', 'infinity' FROM generate_series(1, 4) AS r;
INSERT INTO edge
SELECT 't' || t, 'r' || 1 + t % 4, date '-infinity', CASE WHEN t > 9 THEN date '2011-07-01' ELSE 'infinity' END
FROM generate_series(1, 11) AS t
UNION ALL SELECT 't' || t, 'r' || 1 + (t + 1) % 4, '2011-07-01', 'infinity' FROM generate_series(10, 11) AS t;
CREATE TEMP TABLE u AS
SELECT unit, row_number() OVER (ORDER BY hashtextextended(unit, :seed)) AS n
FROM (SELECT 'all' UNION SELECT unit FROM edge) AS e (unit);
SELECT count(kpi.define_unit(unit, "position" => n)) FROM u;
INSERT INTO kpi.unit_parent (unit, parent, valid)
SELECT unit, parent, daterange(nullif(first_day, '-infinity'), nullif(end_day, 'infinity')) FROM edge;

-- Indicators: of each method and target rule one that is of months, and surveys of years

CREATE TEMP TABLE ind AS
SELECT format('%s_%s', method, rule) AS indicator, method, rule,
	CASE method WHEN 'inverse' THEN 'lower' WHEN 'range' THEN 'target' WHEN 'span' THEN
			pg_temp.pick('{higher,lower}'::text[], method, rule, 'direction')
		ELSE pg_temp.pick('{higher,lower,target}'::text[], method, rule, 'direction') END AS direction,
	CASE method WHEN 'ratio' THEN pg_temp.pick('{null,met}'::text[], rule, 'zero') ELSE 'null' END AS zero_target,
	rule = 'hold' AND pg_temp.draw(method, 'inherit') < 0.5 AS inherit,
	floor(pg_temp.draw(method, rule, 'decimals') * 3)::integer AS decimals, false AS survey, NULL::interval AS due_after
FROM unnest('{ratio,inverse,progress,span,range,binary}'::text[]) AS method,
	unnest('{spread,hold,end,compound}'::text[]) AS rule;
-- six of them, where not all are tried
DELETE FROM ind WHERE NOT :all_cases
	AND indicator NOT IN (SELECT i.indicator FROM ind AS i ORDER BY hashtextextended(i.indicator, :seed) LIMIT 6);
INSERT INTO ind
SELECT 'survey_' || n, pg_temp.pick('{ratio,span,range,binary}'::text[], n::text, 'survey'), 'hold', NULL, 'null',
	false, 1, true, (ARRAY[NULL, '75 days', '10 days']::interval[])[n]
FROM generate_series(1, 3) AS n;
UPDATE ind SET direction = CASE method WHEN 'range' THEN 'target' ELSE 'higher' END WHERE survey;
SELECT count(kpi.define_indicator(indicator, direction => direction, combine => 'none', attainment_method => method,
	zero_target => zero_target, target_rule => rule, inherit_target => inherit, decimals => decimals,
	grain => CASE WHEN survey THEN 'year' ELSE 'month' END, due_after => due_after)) FROM ind;

-- The amounts of a target: target, baseline, low, high, outer_low, outer_high, as the method reads them

CREATE FUNCTION pg_temp.amounts(asked text, VARIADIC thing text[]) RETURNS numeric[] LANGUAGE sql STABLE AS $$
	SELECT CASE i.method WHEN 'range' THEN ARRAY[nullif(t, t), NULL, l, l + a, l - b, l + a + b]
			WHEN 'span' THEN ARRAY[t, NULL, l, l + a, NULL, NULL]
			WHEN 'progress' THEN ARRAY[t,
				t - a * CASE WHEN pg_temp.draw(VARIADIC thing || 'way'::text) < 0.5 THEN 1 ELSE -1 END, NULL, NULL, NULL, NULL]
			ELSE ARRAY[CASE WHEN pg_temp.draw(VARIADIC thing || 'none'::text) < 0.05 THEN 0 ELSE t END, NULL, NULL, NULL, NULL,
				NULL] END
	FROM ind AS i,
		LATERAL (SELECT CASE i.rule WHEN 'compound' THEN 0.0002 ELSE 1 END AS size) AS s,
		LATERAL (SELECT size * round((pg_temp.draw(VARIADIC thing || 't'::text) * 2400 - 200)::numeric, 1) AS t,
			size * round((pg_temp.draw(VARIADIC thing || 'l'::text) * 900 - 100)::numeric, 1) AS l,
			size * (600 + round((pg_temp.draw(VARIADIC thing || 'a'::text) * 300)::numeric)) AS a,
			size * (600 + round((pg_temp.draw(VARIADIC thing || 'b'::text) * 300)::numeric)) AS b) AS x
	WHERE i.indicator = asked
$$;
CREATE TEMP TABLE aim (indicator text, unit text, grain text, first_day date, end_day date, amount numeric[],
	cascaded boolean DEFAULT false);
-- 2010 by months, at some not all of them; 2011 of the year at the top, a month here and there; 2012 without a grain
INSERT INTO aim
SELECT i.indicator, u.unit, 'month', m, (m + interval '1 month')::date,
	pg_temp.amounts(i.indicator, i.indicator, u.unit, m::text)
FROM ind AS i, u, (SELECT generate_series(date '2010-01-01', '2011-12-01', interval '1 month')::date AS m) AS m
WHERE NOT i.survey AND pg_temp.draw(i.indicator, u.unit, m::text, 'month')
	< CASE WHEN m >= '2011-01-01' THEN 0.08 WHEN pg_temp.draw(i.indicator, u.unit, 'full') < 0.5 THEN 1 ELSE 0.8 END;
INSERT INTO aim
SELECT i.indicator, u.unit, 'year', make_date(y, 1, 1), make_date(y + 1, 1, 1),
	pg_temp.amounts(i.indicator, i.indicator, u.unit, y::text)
FROM ind AS i, u, generate_series(2009, 2011) AS y
WHERE CASE WHEN i.survey THEN true ELSE y = 2011 AND u.unit = 'all' END;
INSERT INTO aim
SELECT i.indicator, u.unit, NULL, '2012-01-01', '2012-12-20', pg_temp.amounts(i.indicator, i.indicator, u.unit, '2012')
FROM ind AS i, u WHERE NOT i.survey AND pg_temp.draw(i.indicator, u.unit, 'long') < 0.5;
SELECT count(kpi.set_target(indicator, unit, daterange(first_day, end_day)::text, amount[1], amount[2], grain => grain,
	low => amount[3], high => amount[4], outer_low => amount[5], outer_high => amount[6])) FROM aim;

-- Cascades: down from the top, then from the regions. What adds up is shared out, the rest by largest remainder.

CREATE FUNCTION pg_temp.shared(total numeric, weights numeric[], decimals integer) RETURNS numeric[] LANGUAGE sql AS $$
	WITH part AS (
		SELECT n, total * w / sum(w) OVER () AS exact, trunc(total * w / sum(w) OVER (), decimals) AS cut
		FROM unnest(weights) WITH ORDINALITY AS x (w, n)
	), unit AS (
		SELECT sign(total) * 10::numeric ^ -decimals AS size, total - sum(cut) AS rest FROM part
	)
	SELECT array_agg(p.cut + CASE WHEN abs(u.rest) >= p.place * abs(u.size) THEN u.size
								  WHEN abs(u.rest) > (p.place - 1) * abs(u.size) THEN u.rest - (p.place - 1) * u.size ELSE 0 END
					 ORDER BY p.n)
	FROM (SELECT n, cut, row_number() OVER (ORDER BY round(abs(exact - cut), 12) DESC, n) AS place FROM part) AS p,
		unit AS u
$$;
CREATE FUNCTION pg_temp.cascade(asked text, above text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	i CONSTANT ind := (SELECT i FROM ind AS i WHERE i.indicator = asked);
	children CONSTANT text[] := ARRAY(SELECT e.unit FROM edge AS e
		JOIN u ON u.unit = e.unit WHERE e.parent = above AND e.end_day > '2011-12-31' ORDER BY u.n);
	adds_up CONSTANT boolean := i.rule IN ('spread', 'end');
	weights CONSTANT numeric[] := CASE WHEN adds_up AND pg_temp.draw(asked, above, 'share') < 0.7
		THEN ARRAY(SELECT 1 + floor(pg_temp.draw(asked, c, 'weight') * 4)::numeric FROM unnest(children)
			WITH ORDINALITY AS c (c, n) ORDER BY n)
		ELSE array_fill(1::numeric, ARRAY[cardinality(children)]) END;
	whole CONSTANT numeric[] := (SELECT a.amount FROM aim AS a
		WHERE a.indicator = asked AND a.unit = above AND a.grain = 'year' AND a.first_day = '2011-01-01');
BEGIN
	PERFORM kpi.cascade_target(asked, above, '2011', by => 'share', shares => jsonb_object_agg(c, w))
		FROM unnest(children, weights) AS x (c, w) HAVING adds_up AND 1 < ANY (weights);
	IF NOT FOUND OR NOT adds_up OR NOT 1 < ANY (weights) THEN
		PERFORM kpi.cascade_target(asked, above, '2011', by => 'equal');
	END IF;
	INSERT INTO aim
	SELECT asked, c, 'year', '2011-01-01', '2012-01-01',
		(SELECT array_agg(CASE WHEN adds_up THEN (pg_temp.shared(x, weights, i.decimals))[n] ELSE x END ORDER BY k)
		 FROM unnest(whole) WITH ORDINALITY AS w (x, k)), true
	FROM unnest(children) WITH ORDINALITY AS c (c, n);
END $$;
-- what is inherited needs no rows
SELECT count(pg_temp.cascade(i.indicator, 'all')) FROM ind AS i WHERE NOT i.survey AND NOT i.inherit;
SELECT count(pg_temp.cascade(i.indicator, 'r' || r)) FROM ind AS i, generate_series(1, 3) AS r
WHERE NOT i.survey AND NOT i.inherit;
SELECT is_empty($$
	SELECT * FROM kpi.target AS t FULL JOIN aim AS a ON t.indicator = a.indicator AND t.unit = a.unit
		AND coalesce(t.grain, '') = coalesce(a.grain, '') AND lower(t.period) = a.first_day AND upper(t.period) = a.end_day
	WHERE a.amount IS DISTINCT FROM ARRAY[t.target, t.baseline, t.low, t.high, t.outer_low, t.outer_high]
$$, 'every amount is cascaded to the last digit');
SELECT cmp_ok(count(*), '>=', 10 * (SELECT count(*) FROM ind WHERE NOT survey AND NOT inherit),
	format('%s targets are cascaded', count(*)))
FROM aim WHERE cascaded;

-- Values, of the card's grains and of years

CREATE TEMP TABLE period AS
SELECT grain, s::date AS start, (s + length)::date AS end_day,
	to_char(s, CASE grain WHEN 'month' THEN 'YYYY-MM' WHEN 'quarter' THEN 'YYYY-"Q"Q' ELSE 'YYYY' END) AS label
FROM (VALUES ('month', interval '1 month'), ('quarter', '3 months'), ('year', '1 year')) AS g (grain, length),
	generate_series(timestamp '2010-01-01', '2012-12-01', length) AS s;
INSERT INTO period SELECT 'year', '2009-01-01', '2010-01-01', '2009';
CREATE TEMP TABLE val AS
SELECT i.indicator, u.unit, p.grain, p.start, p.end_day, CASE WHEN i.rule = 'compound' THEN 0.0002 ELSE 1 END
	* round((pg_temp.draw(i.indicator, u.unit, p.grain, p.start::text, 'value') * 2600 - 200)::numeric
		/ CASE WHEN i.rule <> 'spread' THEN 1 ELSE CASE p.grain WHEN 'month' THEN 12 WHEN 'quarter' THEN 4 ELSE 1 END END, 1)
	AS actual
FROM ind AS i, u, period AS p
WHERE (p.grain = 'year' OR NOT i.survey) AND (p.start > '2009-12-31' OR i.survey)
	AND pg_temp.draw(i.indicator, u.unit, p.grain, p.start::text, 'there') < 0.85;
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
SELECT indicator, unit, grain, start, actual FROM val;

-- Scorecards: groups with leaves; what shows it, also of one region; what shows that

CREATE TEMP TABLE node (card text, node text, parent text, indicator text, shows text, unit text, weight numeric,
	missing text, scale text, cap numeric, carry boolean DEFAULT false);
INSERT INTO node (card, node, weight, missing) VALUES ('inner', 'g1', 2, NULL), ('inner', 'g2', 1, 'zero');
INSERT INTO node (card, node, parent, indicator, weight, scale, cap)
SELECT 'inner', indicator, pg_temp.pick('{g1,g2}'::text[], indicator, 'parent'), indicator,
	1 + floor(pg_temp.draw(indicator, 'weight') * 4)::numeric,
	pg_temp.pick('{"linear(0:0, 1:100)","linear(0.5:0, 1:100, 1.5:120)"}'::text[] || NULL::text, indicator, 'scale'),
	CASE WHEN pg_temp.draw(indicator, 'cap') < 0.5 THEN 110 END
FROM ind WHERE NOT survey;
INSERT INTO node (card, node, indicator, weight, carry)
SELECT 'middle', indicator, indicator, 1, true FROM ind WHERE survey;
INSERT INTO node (card, node, shows, unit, weight, cap) VALUES ('middle', 'own', 'inner', NULL, 3, NULL),
	('middle', 'region', 'inner', 'r2', 1, 90), ('outer', 'card', 'middle', NULL, 2, NULL);
INSERT INTO node (card, node, indicator, weight, unit)
SELECT 'outer', 'one', indicator, 1, 't1' FROM ind WHERE NOT survey ORDER BY indicator LIMIT 1;
SELECT count(kpi.define_scorecard(c)) FROM unnest('{inner,middle,outer}'::text[]) AS c;
CREATE FUNCTION pg_temp.define(n node) RETURNS void LANGUAGE sql AS $$
	SELECT kpi.define_node(n.card, n.node, n.parent, indicator => n.indicator, shows => n.shows, unit => n.unit,
		weight => n.weight, missing => n.missing, scale => n.scale::kpi.scale, cap => n.cap, carry => n.carry)
$$;
SELECT count(pg_temp.define(n)) FROM node AS n WHERE parent IS NULL;
SELECT count(pg_temp.define(n)) FROM node AS n WHERE parent IS NOT NULL;

-- The target of every period, an amount (k) at a time

CREATE TEMP TABLE part AS
SELECT a.indicator, a.unit, a.grain, a.first_day, a.end_day, k, x
FROM aim AS a, unnest(a.amount) WITH ORDINALITY AS w (x, k) WHERE x IS NOT NULL;
CREATE INDEX ON part (indicator, unit, k, first_day);
CREATE AGGREGATE pg_temp.prod(numeric) (SFUNC = numeric_mul, STYPE = numeric);
-- parts that make a period, by the rule
CREATE FUNCTION pg_temp.made(rule text, loss boolean, x numeric[], days integer[]) RETURNS numeric LANGUAGE sql AS $$
	SELECT CASE rule WHEN 'spread' THEN sum(v) WHEN 'hold' THEN sum(v * d) / sum(d) WHEN 'end' THEN x[cardinality(x)]
		ELSE CASE WHEN loss THEN 1 - pg_temp.prod(1 - v) ELSE pg_temp.prod(1 + v) - 1 END END
	FROM unnest(x, days) AS w (v, d)
$$;
-- days that are a share of a longer period
CREATE FUNCTION pg_temp.down(rule text, loss boolean, x numeric, share numeric) RETURNS numeric LANGUAGE sql
	RETURN CASE rule WHEN 'spread' THEN x * share WHEN 'compound'
		THEN CASE WHEN loss THEN 1 - power(1 - x, share) ELSE power(1 + x, share) - 1 END ELSE x END;
CREATE FUNCTION pg_temp.wanted(i ind, of_unit text, p period, of_k bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
	SELECT coalesce(
		(SELECT x FROM part AS o WHERE o.indicator = i.indicator AND o.unit = of_unit AND o.k = of_k AND o.grain = p.grain
			AND o.first_day = p.start),
		(SELECT pg_temp.made(i.rule, i.direction = 'lower', array_agg(o.x ORDER BY o.first_day),
				array_agg(o.end_day - o.first_day ORDER BY o.first_day))
		 FROM part AS o WHERE o.indicator = i.indicator AND o.unit = of_unit AND o.k = of_k AND o.grain = 'month'
			 AND o.first_day >= p.start AND o.end_day <= p.end_day AND p.grain <> 'month'
		 HAVING count(*) = extract(month FROM age(p.end_day, p.start)) + 12 * extract(year FROM age(p.end_day, p.start))
			 OR i.rule = 'end' AND max(o.end_day) = p.end_day),
		(SELECT pg_temp.down(i.rule, i.direction = 'lower', o.x, CASE p.grain WHEN 'month' THEN 1 ELSE 3 END / 12.0)
		 FROM part AS o WHERE o.indicator = i.indicator AND o.unit = of_unit AND o.k = of_k AND o.grain = 'year'
			 AND o.first_day <= p.start AND o.end_day >= p.end_day),
		(SELECT pg_temp.down(i.rule, i.direction = 'lower', o.x, (p.end_day - p.start)::numeric / (o.end_day - o.first_day))
		 FROM part AS o WHERE o.indicator = i.indicator AND o.unit = of_unit AND o.k = of_k AND o.grain IS NULL
			 AND o.first_day <= p.start AND o.end_day >= p.end_day))
$$;
CREATE TEMP TABLE want AS
WITH RECURSIVE above AS (
	SELECT i, u.unit, p, u.unit AS at FROM ind AS i, u, period AS p
	UNION ALL
	SELECT a.i, a.unit, a.p, e.parent
	FROM above AS a JOIN edge AS e ON e.unit = a.at AND e.first_day < (a.p).end_day AND e.end_day >= (a.p).end_day
	-- the nearest unit above that has any amount has them all
	WHERE (a.i).inherit AND num_nonnulls(pg_temp.wanted(a.i, a.at, a.p, 1), pg_temp.wanted(a.i, a.at, a.p, 3)) = 0
)
SELECT (i).indicator, unit, (p).grain, (p).start, array_agg(x ORDER BY k) AS amount
FROM above, generate_series(1, 6) AS k, LATERAL (SELECT pg_temp.wanted(i, at, p, k) AS x) AS w
WHERE num_nonnulls(pg_temp.wanted(i, at, p, 1), pg_temp.wanted(i, at, p, 3)) > 0
GROUP BY (i).indicator, unit, (p).grain, (p).start;
CREATE INDEX ON want (indicator, unit, grain, start);

-- Attainments and scores

CREATE FUNCTION pg_temp.attained(method text, direction text, zero text, a numeric, x numeric[]) RETURNS numeric
	LANGUAGE sql IMMUTABLE
	RETURN CASE method
		WHEN 'binary' THEN CASE direction WHEN 'higher' THEN a >= x[1] WHEN 'lower' THEN a <= x[1]
								ELSE a = x[1] END::integer
		WHEN 'inverse' THEN CASE WHEN a > 0 AND x[1] >= 0 THEN x[1] / a END
		WHEN 'progress' THEN (a - x[2]) / nullif(x[1] - x[2], 0)
		WHEN 'span' THEN CASE direction WHEN 'higher' THEN a - x[3] ELSE x[4] - a END / nullif(x[4] - x[3], 0)
		WHEN 'range' THEN CASE WHEN a BETWEEN x[3] AND x[4] THEN 1 WHEN a <= x[5] OR a >= x[6] THEN 0
							   WHEN a < x[3] THEN (a - x[5]) / (x[3] - x[5]) ELSE (x[6] - a) / (x[6] - x[4]) END
		ELSE CASE WHEN x[1] = 0 THEN CASE WHEN zero = 'met' THEN (CASE direction WHEN 'higher' THEN a >= 0
									  WHEN 'lower' THEN a <= 0 ELSE a = 0 END)::integer END
				  WHEN direction = 'target' THEN 1 - abs(a - x[1]) / abs(x[1])
				  ELSE 1 + CASE direction WHEN 'lower' THEN -1 ELSE 1 END * (a - x[1]) / abs(x[1]) END END;
CREATE TEMP TABLE judged AS
SELECT v.*, w.amount, a.attainment
FROM val AS v JOIN ind AS i USING (indicator) LEFT JOIN want AS w USING (indicator, unit, grain, start)
	CROSS JOIN LATERAL (
		SELECT pg_temp.attained(i.method, i.direction, i.zero_target, v.actual, w.amount) AS attainment) AS a;
CREATE INDEX ON judged (indicator, unit, grain, start);
CREATE TEMP TABLE cell AS
SELECT c.card, u.unit, p.grain, p.start, p.end_day, p.label
FROM unnest('{inner,middle,outer}'::text[]) AS c (card), u, period AS p
WHERE p.start >= '2010-01-01';
CREATE TEMP TABLE x (card text, unit text, grain text, start date, node text, parent text, weight numeric,
	actual numeric, amount numeric[], attainment numeric, score numeric, coverage numeric, carried boolean);
-- the leaves: the value of the period, or of years the latest that has ended, before the next is due
INSERT INTO x
SELECT c.card, c.unit, c.grain, c.start, n.node, n.parent, n.weight, j.actual,
	coalesce(j.amount, w.amount), j.attainment, CASE WHEN j.attainment IS NOT NULL THEN least(CASE
		WHEN n.scale LIKE 'linear(0:%' THEN least(greatest(j.attainment, 0), 1) * 100
		WHEN n.scale IS NOT NULL THEN CASE WHEN j.attainment < 1 THEN greatest(j.attainment - 0.5, 0) * 200
										   ELSE 100 + least(j.attainment - 1, 0.5) * 40 END
		ELSE 100 * j.attainment END, n.cap) END,
	(j.attainment IS NOT NULL)::integer, j.carried
FROM cell AS c JOIN node AS n ON n.card = c.card AND n.indicator IS NOT NULL JOIN ind AS i ON i.indicator = n.indicator
	LEFT JOIN LATERAL (
		SELECT j.*, j.end_day < c.end_day AS carried FROM judged AS j
		WHERE j.indicator = n.indicator AND j.unit = coalesce(n.unit, c.unit)
			AND CASE WHEN n.carry AND c.grain <> 'year' THEN j.grain = 'year' AND j.end_day <= c.end_day
				ELSE j.grain = c.grain AND j.start = c.start END
		ORDER BY j.start DESC LIMIT 1) AS k ON true
	LEFT JOIN LATERAL (SELECT (k).* WHERE NOT (n.carry AND c.grain <> 'year')
			OR c.end_day < k.end_day + interval '1 year' + coalesce(i.due_after, '0')) AS j ON true
	LEFT JOIN want AS w ON j.actual IS NULL AND w.indicator = n.indicator AND w.unit = coalesce(n.unit, c.unit)
		AND w.grain = c.grain AND w.start = c.start;
-- a node over those below it; NULL is the scorecard itself
CREATE FUNCTION pg_temp.roll(of_card text, of_node text, policy text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO x (card, unit, grain, start, node, parent, weight, score, coverage, carried)
	SELECT c.card, c.unit, c.grain, c.start, coalesce(of_node, of_card), NULL, max(n.weight),
		sum(b.weight * b.score) / CASE policy WHEN 'zero' THEN sum(b.weight)
			ELSE sum(b.weight) FILTER (WHERE b.score IS NOT NULL) END,
		coalesce(sum(b.weight * b.coverage) FILTER (WHERE b.score IS NOT NULL), 0) / sum(b.weight),
		coalesce(bool_or(b.carried) FILTER (WHERE b.score IS NOT NULL), false)
	FROM cell AS c JOIN x AS b ON b.card = c.card AND b.unit = c.unit AND b.grain = c.grain AND b.start = c.start
		LEFT JOIN node AS n ON n.card = of_card AND n.node = of_node
	WHERE c.card = of_card AND b.parent IS NOT DISTINCT FROM of_node
	GROUP BY c.card, c.unit, c.grain, c.start
$$;
CREATE FUNCTION pg_temp.show(of_card text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO x (card, unit, grain, start, node, weight, score, coverage, carried)
	SELECT c.card, c.unit, c.grain, c.start, n.node, n.weight,
		CASE WHEN s.score IS NOT NULL THEN least(s.score, n.cap) END, s.coverage, s.carried
	FROM cell AS c JOIN node AS n ON n.card = c.card AND n.shows IS NOT NULL
		JOIN x AS s ON s.card = n.shows AND s.node = n.shows AND s.unit = coalesce(n.unit, c.unit) AND s.grain = c.grain
			AND s.start = c.start
	WHERE c.card = of_card
$$;
SELECT pg_temp.roll('inner', 'g1', 'renormalize'), pg_temp.roll('inner', 'g2', 'zero');
SELECT pg_temp.roll('inner', NULL, 'renormalize');
SELECT pg_temp.show('middle');
SELECT pg_temp.roll('middle', NULL, 'renormalize');
SELECT pg_temp.show('outer');
SELECT pg_temp.roll('outer', NULL, 'renormalize');

-- The same by kpi

CREATE TEMP TABLE got AS
SELECT e.* FROM cell AS c CROSS JOIN LATERAL kpi.evaluate(c.card, c.unit, c.label) AS e;
CREATE TEMP TABLE compared AS
SELECT coalesce(g.scorecard, x.card) AS card, coalesce(g.unit, x.unit) AS unit,
	coalesce(g.period_grain, x.grain) AS grain, coalesce(g.period_start, x.start) AS start,
	coalesce(g.node, x.node) AS node, i.method, i.rule, g.actual, x.actual AS x_actual,
	g.target, x.amount[1] AS x_target, g.target_low, x.amount[3] AS x_low, g.target_high,
	x.amount[4] AS x_high, g.attainment, x.attainment AS x_attainment, g.score, x.score AS x_score, g.coverage,
	x.coverage AS x_coverage, g.carried, x.carried AS x_carried, g.score_reason
FROM got AS g FULL JOIN x ON x.card = g.scorecard AND x.unit = g.unit AND x.grain = g.period_grain
		AND x.start = g.period_start AND x.node = g.node
	LEFT JOIN ind AS i ON i.indicator = g.indicator;
SELECT cmp_ok(count(*), '>', 10000::bigint, format('%s nodes are compared', count(*))) FROM compared;
SELECT is_empty(format($$SELECT card, unit, grain, start, node, method, rule, %1$s, x_%2$s FROM compared
		WHERE NOT alike(%1$s, x_%2$s, 1e-12, %3$s)$$, given, wanted, bottom), format('every %s', given))
-- a score near 0 may be what parts of many points leave of each other
FROM (VALUES ('actual', 'actual', 1e-6), ('target', 'target', 1e-6), ('target_low', 'low', 1e-6),
	('target_high', 'high', 1e-6), ('attainment', 'attainment', 1e-6), ('score', 'score', 1),
	('coverage', 'coverage', 1e-6)) AS w (given, wanted, bottom);
SELECT is_empty($$SELECT card, unit, grain, start, node FROM compared
	WHERE score IS NOT NULL AND carried IS DISTINCT FROM coalesce(x_carried, false)$$, 'what is carried says so');
SELECT cmp_ok(count(*), '>', 100::bigint, format('%s values are carried', count(*)))
FROM x JOIN ind AS i ON i.indicator = x.node WHERE x.carried AND i.survey;
SELECT is_empty($$SELECT card, unit, start, node, score_reason FROM compared
	WHERE score IS NULL AND score_reason IS NULL OR score IS NOT NULL AND score_reason <> 'carried'$$,
	'whatever has no score says why');
SELECT cmp_ok(count(*), '>', 50::bigint, format('%s: %s attainments', method, count(*)))
FROM compared WHERE attainment IS NOT NULL GROUP BY method ORDER BY method;

SELECT * FROM finish();
ROLLBACK;
