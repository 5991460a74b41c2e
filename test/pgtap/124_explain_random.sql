-- Why a score has changed, over scorecards drawn at random: of every method, missing
-- policy, role and form of scale, with rounding, limits, groups, scorecards in scorecards,
-- surveys that are missing or carried, units that move and rows of no unit. Whatever
-- differs between two periods, or between what was known of one at two times, the
-- effects add up to the change to the last digit, by node and by unit. Each change of
-- the registry is a transaction, as times are those of their begin; so nothing is undone.
-- share: 10
\set QUIET on
SELECT no_plan();
SET client_min_messages = warning;
SET TimeZone = 'UTC';
\ir lib.sql

-- How many cards, and pairs of periods of each
SELECT CASE WHEN :all_cases THEN 45 ELSE 9 END AS cards, CASE WHEN :all_cases THEN 35 ELSE 20 END AS pairs \gset

CREATE FUNCTION pick(given text[], n bigint, k bigint) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN given[1 + CAST(floor(uniform(n + 1000003::bigint * :seed, k) * cardinality(given)) AS integer)];
CREATE FUNCTION chance(n bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN uniform(n + 1000003::bigint * :seed, k);

-- Two units below the company, a third that moves; indicators whose parts add up, and others
\o /dev/null
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company'),
	kpi.define_unit('team', 'north', "from" => '2010-01-01'), kpi.define_unit('team', 'company', "from" => '2011-02-01');
CREATE TABLE sale AS SELECT day, (ARRAY['north', 'south', 'team', 'company', 'nobody', NULL])
	[1 + CAST(floor(chance(n, 1) * 6) AS integer)] AS unit, i, CAST(round(chance(n, 2) * 60) AS numeric) AS amount,
	CAST(1 + round(chance(n, 3) * 40) AS numeric) AS base
FROM generate_series(1, 600) AS n CROSS JOIN LATERAL (
	SELECT date '2010-07-01' + CAST(floor(chance(n, 4) * 365) AS integer) AS day, n % 5 AS i) AS d
WHERE chance(date_trunc('month', day)::date - date '2010-01-01' + i * 7, 5) > 0.06;
SELECT kpi.define_indicator('i' || i, source => 'sale', time_column => 'day', unit_column => 'unit', numerator => e,
	denominator => d, filter => 'i = ' || i, direction => (ARRAY['higher', 'lower', 'target'])[1 + i % 3],
	zero_target => CASE WHEN i = 3 THEN 'met' END, target_rule => 'hold')
FROM (VALUES (0, 'sum(amount)', NULL), (1, '100 * sum(amount)', 'sum(base)'), (2, 'max(amount)', NULL),
	(3, 'sum(amount)', NULL), (4, 'percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)', NULL)) AS v (i, e, d);
SELECT kpi.define_indicator('i5', kind => 'entered', combine => 'sum', grain => 'month', target_rule => 'hold',
		attainment_method => 'progress'),
	kpi.define_indicator('i6', kind => 'entered', combine => 'average', grain => 'month', attainment_method => 'inverse',
		direction => 'lower', target_rule => 'hold'),
	kpi.define_indicator('i7', kind => 'derived', formula => '100 * i0 / i5', target_rule => 'hold'),
	kpi.define_indicator('survey', kind => 'entered', combine => 'none', grain => 'year', due_after => '1 month',
		target_rule => 'hold', scale => 'given');
CREATE TABLE month AS SELECT m, CAST(date '2010-07-01' + m * interval '1 month' AS date) AS day
	FROM generate_series(0, 11) AS m;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT i, u, 'month', day, CAST(round(chance(m * 10 + ascii(u), 6) * 100) AS numeric)
FROM month, unnest('{i5,i6}'::text[]) AS i, unnest('{north,south,team,company}'::text[]) AS u
WHERE chance(m * 10 + ascii(u) + length(i || u), 7) > CASE u WHEN 'company' THEN 0.8 ELSE 0.1 END;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
VALUES ('survey', 'company', 'year', '2009-01-01', 70), ('survey', 'north', 'year', '2010-01-01', 55);
SELECT kpi.set_target('i' || i, 'company', day, 'month', replace => true,
	target => CAST(round(chance(i * 100 + m / 3, 8) * 120) AS numeric),
	baseline => CASE i WHEN 5 THEN CAST(10 AS numeric) END)
FROM generate_series(0, 7) AS i, month WHERE chance(i * 100 + m, 9) > 0.04;
CALL kpi.collect('2010');
CALL kpi.collect('2011');

-- Scorecards of each method and policy, whose nodes change every few months
CREATE TABLE drawn AS SELECT 'c' || n AS card, 1 + n % 9 AS method,
	1 + CASE WHEN :all_cases THEN n / 9 ELSE (n + :seed) % 5 END AS missing, n FROM generate_series(0, :cards - 1) AS n;
SELECT kpi.define_scorecard('inner', missing => 'null'), kpi.define_node('inner', 'i0', weight => 2),
	kpi.define_node('inner', 'i6', weight => 1, role => 'veto_cap', role_limit => 60);
SELECT kpi.define_scorecard(card, method => (kpi_internal.word_list('method'))[method],
	missing => (kpi_internal.word_list('missing'))[missing], min_coverage => CASE WHEN n % 4 = 0 THEN 0.3 END,
	cap => CASE WHEN n % 3 = 0 THEN 150 END)
FROM drawn;
CREATE PROCEDURE draw(card text, n bigint, method text, since date) LANGUAGE plpgsql AS $$
DECLARE
	scales CONSTANT text[] := ARRAY['linear(0.5:0, 1:100, 1.2:120)', 'linear(0:0, 1:100) round 1',
		'step(0:0, 0.8:60, 1:100)', 'efficacy(10:20, 50:60, 100:100) of actual',
		'deduct(100 from 60, 7 per 10 started) of actual',
		'deduct(100 from 20 up, 1.5 per 1 full) of actual', 'add(0 from 20, 5 per 10) of actual max 80',
		'range(20..60 full, 5..90 zero) of actual', 'binary(100)', 'rank(100, 80, 60) of actual',
		'given round 0 min 5 max 95', 'linear(-50:0, 50:100) of gap round 2', NULL];
	vetoes CONSTANT text[] := '{veto_zero,veto_cap,veto_grade,veto_coefficient}';
	methods CONSTANT text[] := ARRAY(SELECT w FROM unnest(kpi_internal.word_list('method')) AS w WHERE w <> 'self');
	above text;
	role text;
BEGIN
	FOR k IN 0 .. 10 LOOP
		CONTINUE WHEN since IS NOT NULL AND chance(n + k, 20) > 0.2 OR k = 3 AND chance(n, 35) < 0.4;
		above := CASE WHEN k > 1 AND chance(n + k, 21) < 0.7 THEN 'g' || CAST(chance(n + k, 22) < 0.5 AS integer) END;
		role := CASE WHEN chance(n + k, 23) < 0.15 THEN pick(vetoes, n + k, 24)
					 WHEN chance(n + k, 25) < 0.5 THEN CASE coalesce((SELECT g.method FROM kpi.scorecard_node AS g
							WHERE g.scorecard = card AND g.node = above AND upper_inf(g.valid)), method)
						WHEN 'points' THEN pick('{bonus,deduction}', n + k, 26) WHEN 'priority' THEN 'priority' ELSE 'part' END END;
		BEGIN
			IF k < 2 THEN
				PERFORM kpi.define_node(card, 'g' || k, weight => round(10 * chance(n + k, 27)), "from" => since,
					method => CASE WHEN chance(n + k, 28) < 0.5 THEN pick(methods, n + k, 29) END,
					missing => CASE WHEN chance(n + k, 30) < 0.3 THEN pick(kpi_internal.word_list('missing'), n + k, 31) END);
			ELSIF k = 2 THEN
				PERFORM kpi.define_node(card, 'shown', above, shows => 'inner', weight => round(10 * chance(n + k, 27)),
					unit => CASE WHEN chance(n + k, 32) < 0.3 THEN 'north' END, "from" => since, role => nullif(role, 'priority'));
			ELSIF k = 3 THEN
				PERFORM kpi.define_node(card, 'survey', above, weight => round(10 * chance(n + k, 27)), "from" => since,
					carry => chance(n + k, 33) < 0.8, role => role);
			ELSIF k = 4 THEN
				PERFORM kpi.define_node(card, 'own', above, indicator => 'i0', method => 'self', "from" => since,
					weight => round(10 * chance(n + k, 27)), role => role);
			ELSE
				PERFORM kpi.define_node(card, 'i' || k - 3, CASE WHEN k = 5 THEN 'own' ELSE above END,
					weight => round(10 * chance(n + k, 27)), "from" => since, role => CASE WHEN k <> 5 THEN role END,
					role_limit => CASE WHEN role IN ('veto_cap', 'bonus', 'deduction') THEN 40 WHEN role = 'veto_grade' THEN 1 END,
					scale => CAST(pick(scales, n + k, 34) AS kpi.scale), max_age => 3,
					reset => CASE WHEN since IS NOT NULL THEN '{role_limit}'::text[] END);
			END IF;
		EXCEPTION WHEN invalid_parameter_value THEN -- what does not fit below the node above
		END;
	END LOOP;
END $$;
SELECT format('CALL draw(%L, %s, %L, %L)', d.card, 1000 * d.n + 20 * m, k.method, since)
FROM drawn AS d JOIN kpi.scorecard AS k ON k.scorecard = d.card CROSS JOIN LATERAL (
	SELECT m, CASE WHEN m > 0 THEN day END AS since FROM month WHERE m IN (0, 3, 5, 8)) AS t ORDER BY d.n, m \gexec
-- and one whose weights change and nothing else, whatever is drawn for the others
INSERT INTO drawn VALUES ('plain', 1, 1, -1);
SELECT kpi.define_scorecard('plain');
SELECT kpi.set_weight('plain', i, weight => 1), kpi.set_weight('plain', i, weight => w, "from" => '2011-01-01')
FROM (VALUES ('i0', 3), ('i2', 1)) AS v (i, w);
CREATE TABLE moment AS SELECT clock_timestamp() AS early, CAST(NULL AS timestamptz) AS late;
-- and all of it once more, in what is known later
UPDATE sale SET amount = amount + 7 WHERE chance(CAST(amount AS bigint), 40) < 0.4;
CALL kpi.collect('2010');
CALL kpi.collect('2011');
SELECT kpi.set_target('i' || i, 'company', day, 'month', replace => true, reason => 'drawn',
	target => CAST(round(chance(i * 100 + m, 41) * 120) AS numeric))
FROM generate_series(0, 7) AS i, month WHERE chance(i * 100 + m, 42) < 0.2;
SELECT kpi.define_indicator('i0', direction => 'lower'), kpi.define_indicator('i6', attainment_method => 'ratio'),
	kpi.define_indicator('i7', formula => 'i0 - i5');
SELECT kpi.define_scorecard('c' || n, floor => 10) FROM generate_series(0, :cards - 1, 2) AS n;
SELECT kpi.define_node('c' || n, 'shown', shows => 'inner', unit => 'south', weight => 3)
FROM generate_series(0, :cards - 1, 3) AS n;
UPDATE moment SET late = clock_timestamp();
\o

-- Pairs of periods, by what is known now, and of one period at two times
CREATE TABLE pair AS
SELECT d.card, n.day, b.day AS against, CAST('infinity' AS timestamptz) AS known,
	CAST('infinity' AS timestamptz) AS before,
	row_number() OVER (PARTITION BY d.card ORDER BY chance(n.m * 100 + b.m + d.n, 50)) AS turn
FROM drawn AS d CROSS JOIN month AS n JOIN month AS b ON b.m < n.m;
DELETE FROM pair WHERE turn > :pairs;
INSERT INTO pair SELECT d.card, n.day, n.day, m.late, m.early, n.m FROM drawn AS d, month AS n, moment AS m
WHERE n.m % 3 = d.n % 3 OR :all_cases;
CREATE FUNCTION cell_of(card text, day date) RETURNS kpi_internal.cell LANGUAGE sql
	RETURN CAST(ROW (card, 'company', 'month', day, NULL) AS kpi_internal.cell);
CREATE TABLE scored AS SELECT q.known, e.scorecard, e.period_start, e.score
FROM (SELECT DISTINCT known FROM pair UNION SELECT before FROM pair) AS q
	CROSS JOIN LATERAL kpi_internal.evaluated(
		ARRAY(SELECT cell_of(d.card, n.day) FROM drawn AS d, month AS n), q.known) AS e
WHERE e.depth = 0;
CREATE TABLE explained AS
SELECT p.card, p.day, p.against, p.known, p.before, b.by_unit, z.score - a.score AS change, e.*
FROM pair AS p CROSS JOIN (VALUES (false), (true)) AS b (by_unit)
	JOIN scored AS z ON z.scorecard = p.card AND z.period_start = p.day AND z.known = p.known
	JOIN scored AS a ON a.scorecard = p.card AND a.period_start = p.against AND a.known = p.before
	LEFT JOIN LATERAL kpi_internal.explained_rows(cell_of(p.card, p.against), cell_of(p.card, p.day), p.before, p.known,
		b.by_unit) AS e ON true;

SELECT is_empty($$SELECT card, day, against, known, by_unit, change, sum(effect) FROM explained
	GROUP BY 1, 2, 3, 4, before, 5, 6 HAVING change IS DISTINCT FROM coalesce(sum(effect), CASE WHEN count(node) = 0
		AND change = 0 THEN 0 END)$$, 'effects add up to the change, to the last digit');
SELECT is_empty($$SELECT card, day, node, cause FROM explained
	WHERE child IS NOT NULL AND (cause <> 'value' OR NOT by_unit)$$,
	'only values have parts, and only where they are asked for');
SELECT cmp_ok((SELECT count(DISTINCT (card, day, against, before, by_unit)) FROM explained WHERE change <> 0), '>',
	CASE WHEN :all_cases THEN 2000 ELSE 150 END::bigint, 'of many scores');
SELECT bag_has($$SELECT cause FROM explained WHERE effect <> 0$$,
	$$VALUES ('value'), ('target'), ('definition'), ('weight'), ('structure'), ('missing')$$, 'every cause has effects');
SELECT bag_has($$SELECT child FROM explained WHERE effect <> 0$$,
	$$VALUES ('north'), ('south'), ('team'), ('unassigned')$$, 'so has every unit below, and what none of them has');
-- the trees that were explained have all there is, where all are tried
CREATE TABLE placed AS SELECT DISTINCT n.scorecard, n.method, n.role, kpi_internal.scale_form(n.scale) AS form,
	n.shows, n.carry, CAST(n.scale AS text) ~ 'round' AS rounds
FROM kpi.scorecard_node AS n WHERE n.scorecard IN (SELECT card FROM explained WHERE change <> 0);
CREATE FUNCTION every(list text) RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC
	SELECT w FROM unnest(kpi_internal.word_list(list)) AS w WHERE :all_cases;
END;
SELECT bag_has('SELECT k.method FROM kpi.scorecard AS k JOIN placed AS p ON p.scorecard = k.scorecard UNION ALL
	SELECT method FROM placed', $$SELECT every('method')$$, 'every method');
SELECT bag_has('SELECT k.missing FROM kpi.scorecard AS k JOIN placed AS p ON p.scorecard = k.scorecard',
	$$SELECT every('missing')$$, 'every missing policy');
SELECT bag_has($$SELECT coalesce(role, 'part') FROM placed$$, $$SELECT every('role')$$, 'every role');
SELECT bag_has('SELECT form FROM placed', $$SELECT every('scale_form')$$, 'every form of scale');
SELECT ok(bool_or(rounds) AND bool_or(carry) AND bool_or(shows IS NOT NULL),
	'scores that are rounded, carried, and of other scorecards') FROM placed;

SELECT * FROM finish();
