-- What would be if something were otherwise is what is evaluated after it has really been changed, and what a score
-- needs is just enough: over scorecards drawn at random of every method, missing policy, role and form of scale, with
-- limits, groups, formulas and scorecards in scorecards.
-- share: 10
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();
\ir lib.sql
SELECT CASE WHEN :all_cases THEN 45 ELSE 9 END AS cards \gset
CREATE FUNCTION pick(given text[], n bigint, k bigint) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN given[1 + CAST(floor(uniform(n + 1000003::bigint * :seed, k) * cardinality(given)) AS integer)];
CREATE FUNCTION chance(n bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN uniform(n + 1000003::bigint * :seed, k);

-- Units to rank, indicators of each method, formulas of formulas, targets of every kind
\o /dev/null
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company'),
	kpi.define_unit('west', 'company');
SELECT kpi.define_indicator('i' || i, kind => 'entered', combine => 'none', grain => 'month', decimals => i % 3,
	direction => d, attainment_method => m, target_rule => 'hold', unit_of_measure => CASE i WHEN 2 THEN '%' ELSE '' END,
	zero_target => CASE WHEN i = 1 THEN 'met' END)
FROM (VALUES (0, 'higher', 'ratio'), (1, 'lower', 'ratio'), (2, 'target', 'ratio'), (3, 'lower', 'inverse'),
	(4, 'higher', 'progress'), (5, 'lower', 'span'), (6, 'target', 'range'), (7, 'higher', 'binary')) AS v (i, d, m);
SELECT kpi.define_indicator('quotient', kind => 'derived', formula => '10 * i0 / i1', target_rule => 'hold'),
	kpi.define_indicator('growth', kind => 'derived', formula => 'quotient - previous(quotient) + i2', target_rule =>
		'hold'),
	kpi.define_indicator('survey', kind => 'entered', combine => 'none', grain => 'year', target_rule => 'hold', scale
		=> 'given',
		due_after => '1 month');
CREATE TABLE month AS SELECT m, CAST(date '2010-10-01' + m * interval '1 month' AS date) AS day FROM
	generate_series(0, 5) AS m;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT 'i' || i, u, 'month', day, round(CAST(chance(i * 100 + m * 10 + ascii(u), 1) * 100 AS numeric), i % 3)
FROM generate_series(0, 7) AS i, month, unnest('{company,north,south,west}'::text[]) AS u
WHERE chance(i * 100 + m * 10 + ascii(u), 2) > 0.1;
SELECT kpi.enter('survey', 'north', '2010', 70);
SELECT kpi.set_target(i, 'company', '2010', t, grain => 'month'), kpi.set_target(i, 'company', '2011', t + 5, grain
	=> 'month')
FROM (VALUES ('i0', 50), ('i1', 40), ('i2', 60), ('i3', 30), ('i7', 55), ('quotient', 12), ('growth', 50)) AS v (i, t);
SELECT kpi.set_target(i, u, '2010', t, grain => 'month'), kpi.set_target(i, u, '2011', t + 5, grain => 'month')
FROM (VALUES ('i0', 50), ('i1', 40), ('i2', 60), ('i3', 30), ('i7', 55), ('quotient', 12), ('growth', 50)) AS v (i, t),
	unnest('{north,south}'::text[]) AS u;
SELECT kpi.set_target('i4', u, y, 80, 20, grain => 'month'),
	kpi.set_target('i5', u, y, NULL, grain => 'month', low => 10, high => 70),
	kpi.set_target('i6', u, y, NULL, grain => 'month', low => 40, high => 60, outer_low => 20, outer_high => 90)
FROM unnest('{company,north,south}'::text[]) AS u, unnest('{2010,2011}'::text[]) AS y;

CREATE TABLE drawn AS SELECT 'c' || n AS card, 1 + n % 9 AS method,
	1 + CASE WHEN :all_cases THEN n / 9 ELSE (n + :seed) % 5 END AS missing, n FROM generate_series(0, :cards - 1) AS n;
SELECT kpi.define_scorecard('inner'), kpi.define_node('inner', 'i0', weight => 2), kpi.define_node('inner', 'i3',
	weight => 1);
SELECT kpi.define_scorecard(card, method => (kpi_internal.word_list('method'))[method],
	missing => (kpi_internal.word_list('missing'))[missing], min_coverage => CASE WHEN n % 4 = 0 THEN 0.3 END,
	cap => CASE WHEN n % 3 = 0 THEN 150 END, floor => CASE WHEN n % 5 = 0 THEN 10 END)
FROM drawn;
CREATE FUNCTION draw(card text, n bigint, method text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	scales CONSTANT text[] := ARRAY['linear(0.5:0, 1:100, 1.2:120)', 'linear(0:0, 1:100) round 1',
		'linear(0:0, 1:100, 1.5:20)',
		'step(0:0, 0.8:60, 1:100)', 'efficacy(10:20, 50:60, 100:100) of actual',
			'deduct(100 from 60, 7 per 10 started) of actual',
		'deduct(100 from 20 up, 1.5 per 1 full) of actual', 'add(0 from 20, 5 per 10) of actual max 80',
		'range(20..60 full, 5..90 zero) of actual', 'binary(100)', 'rank(100, 80, 60) of actual',
		'given round 0 min 5 max 95', 'linear(-50:0, 50:100) of gap round 2', NULL, NULL];
	nodes CONSTANT text[] := '{i0,i1,i2,i3,i4,i5,i6,i7,quotient,growth,survey,shown}';
	vetoes CONSTANT text[] := '{veto_zero,veto_cap,veto_grade,veto_coefficient}';
	above text;
	role text;
BEGIN
	PERFORM kpi.define_node(card, g, weight => round(10 * chance(n, 10 + ascii(g))), missing => CASE WHEN chance(n, 11)
		< 0.3
		THEN pick(kpi_internal.word_list('missing'), n, 12) END) FROM unnest('{g0,g1}'::text[]) AS g;
	FOR k IN 1 .. cardinality(nodes) LOOP
		CONTINUE WHEN chance(n + k, 13) < 0.25;
		above := CASE WHEN chance(n + k, 14) < 0.7 THEN 'g' || CAST(chance(n + k, 15) < 0.5 AS integer) END;
		role := CASE WHEN chance(n + k, 16) < 0.15 THEN pick(vetoes, n + k, 17)
					 WHEN method = 'points' AND above IS NULL AND chance(n + k, 18) < 0.5 THEN pick('{bonus,deduction}', n + k, 19)
					END;
		BEGIN
			PERFORM kpi.define_node(card, nodes[k], above, weight => round(10 * chance(n + k, 20)), role => role,
				shows => CASE nodes[k] WHEN 'shown' THEN 'inner' END, carry => CASE nodes[k] WHEN 'survey' THEN true END,
				unit => CASE WHEN chance(n + k, 21) < 0.15 THEN 'north' END, max_age => CASE WHEN nodes[k] <> 'shown' THEN 2 END,
				role_limit => CASE WHEN role IN ('veto_cap', 'bonus', 'deduction') THEN 40 WHEN role = 'veto_grade' THEN 1 END,
				cap => CASE WHEN chance(n + k, 22) < 0.3 AND nodes[k] <> 'shown' THEN 110 END,
				scale => CASE WHEN nodes[k] <> ALL ('{shown,survey}') THEN CAST(pick(scales, n + k, 23) AS kpi.scale) END);
		EXCEPTION WHEN invalid_parameter_value THEN -- what does not fit below the node above
		END;
	END LOOP;
END $$;
SELECT draw(d.card, 1000 * d.n, k.method) FROM drawn AS d JOIN kpi.scorecard AS k ON k.scorecard = d.card ORDER BY d.n;
\o

-- Every card for two units and a month: one node after the other has another value, target or weight, and once several
CREATE TABLE asked AS
SELECT d.card, u.unit, p.day, d.n FROM drawn AS d, unnest('{company,north}'::text[]) AS u (unit), (VALUES (date
	'2011-02-01')) AS p (day);
CREATE TABLE supposed AS
SELECT a.card, a.unit, a.day, e.node, e.indicator, coalesce(e.measured_unit, a.unit) AS of_unit, w.what, e.depth,
	CASE w.what WHEN 'weight' THEN CAST(round(chance(a.n * 100 + e.place, 30) * 12) AS numeric)
		ELSE CAST(round(CAST(chance(a.n * 100 + e.place, 31) * 100 AS numeric), 2) AS numeric) END AS value
FROM asked AS a, LATERAL kpi.evaluate(a.card, a.unit, a.day, 'month') AS e, (VALUES ('actual'), ('target'),
	('weight')) AS w (what)
WHERE e.depth > 0 AND (w.what = 'weight' AND e.role IS DISTINCT FROM 'deduction' OR e.indicator IS NOT NULL
	AND (w.what = 'actual' AND e.indicator NOT IN ('quotient', 'growth', 'survey')
		OR w.what = 'target' AND e.indicator IN ('i0', 'i1', 'i2', 'i3', 'i7', 'quotient', 'growth')))
	AND chance(a.n * 100 + e.place * 3 + length(w.what), 32) < CASE WHEN :all_cases THEN 1 ELSE 0.35 END;

-- what is evaluated after really changing it, which is undone
CREATE FUNCTION really(card text, unit text, day date, changes supposed[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	c supposed;
	was numeric;
	found text[];
BEGIN
	BEGIN
		FOREACH c IN ARRAY changes LOOP
			IF c.what = 'actual' THEN
				PERFORM kpi.enter(c.indicator, c.of_unit, c.day, 'month', c.value, reason => 'test');
			ELSIF c.what = 'target' THEN
				-- of this month alone
				SELECT t.target INTO was FROM kpi.target AS t WHERE t.indicator = c.indicator AND t.unit = c.of_unit AND t.period
				@> c.day;
				DELETE FROM kpi.target AS t WHERE t.indicator = c.indicator AND t.unit = c.of_unit AND t.period @> c.day;
				PERFORM kpi.set_target(c.indicator, c.of_unit, m, 'month', CASE m WHEN c.day THEN c.value ELSE was END, reason =>
				'test')
				FROM unnest(ARRAY[c.day - 31, c.day]) AS m WHERE m = c.day OR was IS NOT NULL;
			ELSE
				UPDATE kpi.scorecard_node AS n SET weight = c.value WHERE n.scorecard = card AND n.node = c.node;
			END IF;
		END LOOP;
		found := ARRAY(SELECT concat_ws('|', e.node, trim_scale(e.actual), trim_scale(e.target), trim_scale(e.weight),
				coalesce(CAST(round(e.score, 10) AS text), '-'), e.rag, e.score_reason)
			FROM kpi.evaluate(card, really.unit, really.day, 'month') AS e ORDER BY e.place);
		RAISE SQLSTATE 'UNDO1';
	EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
		RETURN found;
	END;
END $$;
CREATE FUNCTION changed(changes supposed[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(c.node, c.of_node) FROM (
		SELECT c.node, jsonb_object_agg(c.what, c.value) AS of_node FROM unnest(changes) AS c GROUP BY c.node) AS c
$$;
CREATE FUNCTION supposing(card text, unit text, day date, changes supposed[]) RETURNS text[] LANGUAGE sql AS $$
	SELECT array_agg(concat_ws('|', e.node, trim_scale(e.actual_after), trim_scale(e.target_after),
		trim_scale(e.weight_after),
		coalesce(CAST(round(e.score_after, 10) AS text), '-'), e.rag_after, e.score_reason))
	FROM kpi.what_if(card, unit, day, 'month', changed(changes)) AS e
$$;
CREATE TABLE many AS
SELECT card, unit, day, ARRAY[s] AS changes FROM supposed AS s
UNION ALL
SELECT card, unit, day, array_agg(s ORDER BY node, what) FROM supposed AS s
-- a node of another unit may show the same indicator and unit as another: one value of each
WHERE what = 'weight' OR node = (SELECT min(o.node) FROM supposed AS o
	WHERE (o.card, o.unit, o.day, o.indicator, o.of_unit, o.what) = (s.card, s.unit, s.day, s.indicator, s.of_unit,
		s.what))
GROUP BY card, unit, day;
SELECT is_empty($$SELECT r.card, r.unit, changed(r.changes), d.*
	FROM many AS r, LATERAL (SELECT * FROM unnest(really(r.card, r.unit, r.day, r.changes), supposing(r.card, r.unit,
		r.day, r.changes))
		AS x (really, supposing) WHERE really IS DISTINCT FROM supposing) AS d$$,
	'what is supposed is what is evaluated after it has really been changed');
SELECT cmp_ok(count(*), '>', CASE WHEN :all_cases THEN 300::bigint ELSE 50::bigint END, count(*) ||
	' suppositions were tried') FROM many;
SELECT is_empty($$SELECT a.card, b.node FROM asked AS a, LATERAL kpi.what_if(a.card, a.unit, a.day, 'month', '{}') AS b
	JOIN LATERAL kpi.evaluate(a.card, a.unit, a.day, 'month') AS e ON e.node = b.node
	WHERE (b.score_before, b.score_after, b.actual_after, b.target_after, b.weight_after, b.rag_before)
		IS DISTINCT FROM (e.score, e.score, e.actual, e.target, e.weight, e.rag)$$, 'supposing nothing changes nothing');

-- What a score needs: with it the score is reached, with one step less, on one side of it, it is not
CREATE FUNCTION reaches(card text, unit text, day date, node text, value numeric, goal numeric) RETURNS boolean
	LANGUAGE sql AS $$
	SELECT coalesce((SELECT score >= goal FROM kpi_internal.evaluated_if(
		ARRAY[CAST(ROW (card, unit, 'month', day, NULL) AS kpi_internal.cell)],
		ARRAY[CAST(ROW (node, 'actual', value, NULL) AS kpi_internal.supposition)]) WHERE depth = 0), false)
$$;
CREATE TABLE needed AS
SELECT a.card, a.unit, a.day, g.goal, n.*, CAST(10 AS numeric) ^ -(i.decimals + CASE i.unit_of_measure WHEN '%' THEN
	2 ELSE 0 END) AS step
FROM asked AS a CROSS JOIN (VALUES (55.5), (80), (101)) AS g (goal)
	CROSS JOIN LATERAL kpi.needed_for(a.card, a.unit, a.day, 'month', g.goal) AS n
	JOIN kpi.indicator AS i ON i.indicator = n.indicator
WHERE chance(a.n * 10 + CAST(g.goal AS bigint), 40) < CASE WHEN :all_cases THEN 1 ELSE 0.5 END;
SELECT is_empty($$SELECT card, unit, goal, node, actual, needed_actual FROM needed
	WHERE needed_actual IS NOT NULL AND NOT (reaches(card, unit, day, node, needed_actual, goal) AND reached_score >= goal
		AND needed_actual = round(needed_actual / step) * step
		AND NOT (reaches(card, unit, day, node, needed_actual - step, goal) AND reaches(card, unit, day, node,
			needed_actual + step, goal)))$$,
	'with the value that is needed the score is reached, one step less is too little');
SELECT is_empty($$SELECT n.card, n.unit, n.goal, n.node, n.actual, n.target, v.value FROM needed AS n,
	LATERAL (SELECT CAST(v AS numeric) AS value FROM
		unnest('{-1000,-40,-1,0,5,10,20,35,40,45,50,55,60,70,80,90,100,130,1000,100000}'::integer[]) AS v) AS v
	WHERE n.needed_actual IS NULL AND reaches(n.card, n.unit, n.day, n.node, v.value, n.goal) <> (n.needed_reason =
		'reached')
	-- where the score that most weight has counts, a single value may be what another node has
	AND n.card NOT IN (SELECT k.scorecard FROM kpi.scorecard AS k WHERE k.method = 'majority')$$,
	'where nothing is needed any value reaches it, or none');
SELECT cmp_ok(count(*), '>', CASE WHEN :all_cases THEN 300::bigint ELSE 5::bigint END, count(*) ||
	' values were found') FROM needed WHERE needed_actual IS NOT NULL;
SELECT is_empty($$SELECT card, goal, node, n.node FROM needed AS n WHERE needed_reason IS NULL AND needed_actual IS
	NULL
	OR needed_reason IS NOT NULL AND num_nonnulls(needed_actual, needed_change, needed_score, reached_score) > 0$$,
		'a value or a reason');
-- by really entering it
SELECT is_empty($$SELECT n.card, n.goal, n.node FROM (SELECT DISTINCT ON (card, unit) * FROM needed WHERE
	needed_actual IS NOT NULL
		AND indicator NOT IN ('quotient', 'growth', 'survey') ORDER BY card, unit, node, goal) AS n,
	LATERAL really(n.card, n.unit, n.day, ARRAY[CAST(ROW (n.card, n.unit, n.day, n.node, n.indicator, n.measured_unit,
		'actual', 1, n.needed_actual)
		AS supposed)]) AS e WHERE CAST(split_part(e[1], '|', 4) AS text) = '-'$$,
			'a needed value that is entered gives a score');

-- Plain ones, by hand: 60 points of a and 40 of b
\o /dev/null
SELECT kpi.define_indicator(i, kind => 'entered', combine => 'none', grain => 'month', decimals => 1, target_rule =>
	'hold') FROM unnest('{a,b}'::text[]) AS i;
SELECT kpi.set_target(i, 'company', '2012', 50, grain => 'month') FROM unnest('{a,b}'::text[]) AS i;
SELECT kpi.define_scorecard('two', cap => 120), kpi.set_weight('two', 'a', 60), kpi.set_weight('two', 'b', 40);
SELECT kpi.enter('a', 'company', '2012-01', 40), kpi.enter('b', 'company', '2012-01', 45);
\o
PREPARE needs(text) AS SELECT node, needed_actual, trim_scale(reached_score), needed_reason FROM
	kpi.needed_for('two', 'company', '2012-01', $1);
SELECT results_eq($$EXECUTE needs('90')$$, $$VALUES ('a', 45::numeric, 90::numeric, NULL::text), ('b', 52.5, 90,
	NULL)$$, '60 a + 40 b is 84, and is to be 90');
SELECT results_eq($$EXECUTE needs('80')$$, $$VALUES ('a', 36.7::numeric, 80.04, NULL::text), ('b', 40, 80, NULL)$$,
	'how far each may fall');
SELECT results_eq($$EXECUTE needs('99')$$, $$VALUES ('a', 52.5::numeric, 99::numeric, NULL::text), ('b', NULL, NULL,
	'out_of_reach')$$,
	'b would need 127.5, which the cap forbids');
SELECT results_eq($$EXECUTE needs('green')$$, $$SELECT node, needed_actual, trim_scale(reached_score), needed_reason
	FROM kpi.needed_for('two', 'company', date '2012-01-09', 'month', 90::numeric)$$, 'a band is its lower bound');
SELECT results_eq($$EXECUTE needs('red')$$, $$VALUES ('a', NULL::numeric, NULL::numeric, 'reached'), ('b', NULL,
	NULL, 'reached')$$, 'the lowest band is always reached');
SELECT results_eq($$SELECT node, score_before, score_after, score_change, rag_after FROM kpi.what_if('two',
	'company', '2012-01',
	'{"a": {"actual": 50, "weight": 40}, "b": {"target": 90}}')$$,
	$$VALUES ('two', 84::numeric, 75::numeric, -9::numeric, 'amber'::varchar), ('a', 80, 100, 20, 'green'), ('b', 90,
		50, -40, 'red')$$, 'several at once');
SELECT results_eq($$SELECT node, actual_after, score_after, score_reason FROM kpi.what_if('two', 'company',
	'2012-01', '{"b": {"actual": null}}')$$,
	$$VALUES ('two', NULL::numeric, 80::numeric, NULL), ('a', 40, 80, NULL), ('b', NULL, NULL, 'no_actual')$$,
		'null is a value that is missing');
SELECT is((SELECT count(*) FROM kpi.entry WHERE indicator = 'a'), 1::bigint, 'nothing is stored');
SELECT throws_ok(format('SELECT * FROM kpi.what_if(%L, %L, %L, %L)', 'two', 'company', '2012-01', c), code, message)
	FROM (VALUES
	('{"c": {"actual": 1}}', '22023', 'node "c" does not exist in scorecard "two" on 2012-01-31'),
	('{"a": {"score": 1}}', '22023', 'unrecognized change "score"'), ('{"a": 1}', '22023',
		'the changes of "a" are no object'),
	('{"a": {"actual": "x"}}', '22023', 'actual of "a" is "x", which is no number'), ('[1]', '22023',
		'changes is no object'),
	('{"a": {"weight": -1}}', '22023', 'weight -1 of "a" is not a finite number of at least 0'),
	('{"i0": {"weight": 1}}', '22023', '"i0" has no weight in scorecard "two" on 2012-01-31'),
	('{"two": {"actual": 1}}', '22023', 'node "two" shows no indicator')) AS v (c, code, message);
SELECT throws_ok($$SELECT * FROM kpi.what_if('two', 'company', '2012-01', NULL)$$, '22004',
	'changes must not be null');
SELECT throws_ok($$SELECT * FROM kpi.needed_for('two', 'company', '2012-01', 'gold')$$, '22023',
	'band "gold" does not exist in band set "standard" of scorecard "two"');
SELECT throws_ok($$SELECT * FROM kpi.needed_for('two', 'company', '2012-01', NULL::text)$$, '22004',
	'score must not be null');
SELECT throws_ok($$SELECT * FROM kpi.needed_for('tow', 'company', '2012-01', 80)$$, '22023',
	'scorecard "tow" does not exist');

-- of what is final both are what would be now
\o /dev/null
SELECT kpi.finalize('two', 'company', '2012-01', provisional => true), kpi.enter('a', 'company', '2012-01', 45,
	reason => 'late');
\o
SELECT results_eq($$SELECT e.score, w.score_before, w.score_after FROM kpi.evaluate('two', 'company', '2012-01') AS e,
	kpi.what_if('two', 'company', '2012-01', '{"b": {"actual": 50}}') AS w WHERE e.depth = 0 AND w.depth = 0$$,
	$$VALUES (84::numeric, 90::numeric, 94::numeric)$$, 'of what is final both are what would be now');

-- Who sees a region may suppose and solve for what is its own
\o /dev/null
SELECT kpi.define_indicator('r', kind => 'entered', combine => 'none', grain => 'month', target_rule => 'hold');
SELECT kpi.set_target(i, u, '2012', 50, grain => 'month') FROM unnest('{a,b,r}'::text[]) AS i,
	unnest('{north,south}'::text[]) AS u;
SELECT kpi.define_scorecard('card'), kpi.define_node('card', 'a', weight => 1), kpi.define_node('card', 'b', weight
	=> 1, unit => 'south'),
	kpi.define_node('card', 'r', weight => 1, scale => 'rank(100, 50)');
SELECT kpi.enter(i, u, '2012-01', 40 + length(u)) FROM unnest('{a,b,r}'::text[]) AS i,
	unnest('{north,south}'::text[]) AS u;
CREATE ROLE kpi_test_north;
SELECT kpi.grant_viewer('kpi_test_north', '{north}');
\o
SET LOCAL ROLE kpi_test_north;
SELECT results_eq($$SELECT node, round(score_after), target_after FROM kpi.what_if('card', 'north', '2012-01',
	'{"a": {"actual": 50}}') WHERE depth = 1$$,
	$$VALUES ('a', 100::numeric, 50::numeric), ('b', 90, NULL), ('r', 100, 50)$$,
		'its own value may be supposed; what another has stays hidden');
SELECT throws_ok(format('SELECT * FROM kpi.what_if(%L, %L, %L, %L)', 'card', 'north', '2012-01', c), '42501',
	message) FROM (VALUES
	('{"b": {"actual": 1}}', 'permission denied to suppose values of node "b"'),
	('{"r": {"actual": 1}}', 'permission denied to suppose values of node "r"')) AS v (c, message);
SELECT throws_ok($$SELECT * FROM kpi.what_if('card', 'south', '2012-01', '{}')$$, '42501');
SELECT results_eq($$SELECT node, needed_actual IS NOT NULL, actual, needed_reason FROM kpi.needed_for('card',
	'north', '2012-01', 94)$$,
	$$VALUES ('a', true, 45::numeric, NULL), ('b', false, NULL, 'hidden'), ('r', false, NULL, 'hidden')$$,
		'nor is anything solved for that would tell');
SELECT is_empty($$SELECT 1 FROM (VALUES (NULL, 'month', date '2012-01-01'), ('north', NULL, '2012-01-01'),
		('north', 'month', NULL)) AS v (u, g, d),
	kpi_internal.supposed_for_reader(CAST(ROW ('card', u, g, d, NULL) AS kpi_internal.cell), '{}')
	UNION ALL SELECT 1 FROM kpi_internal.needed_for_reader(CAST(ROW ('card', 'north', 'month', NULL, NULL) AS
		kpi_internal.cell), 80)$$,
	'nothing of a unit or period that is NULL');
RESET ROLE;
SET LOCAL TRANSACTION READ ONLY;
SELECT lives_ok($$SELECT * FROM kpi.what_if('two', 'company', '2012-01', '{"b": {"actual": 1}}')$$,
	'nor is anything written');
SELECT finish();
ROLLBACK;
