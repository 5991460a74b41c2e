-- Why a score has changed: effects that add up to the change, to the last digit.
-- share: 5
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();
\ir lib.sql

\o /dev/null
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');
SELECT kpi.define_indicator(i, kind => 'entered', combine => 'sum', scale => 'given') FROM unnest('{a,b,s}'::text[]) i;
SELECT kpi.define_scorecard('two'), kpi.set_weight('two', 'a', 60), kpi.set_weight('two', 'b', 40);
SELECT kpi.define_scorecard('survey'), kpi.set_weight('survey', 'a', 60), kpi.set_weight('survey', 's', 40);
SELECT kpi.enter(i, 'company', p, v) FROM (VALUES
	('a', '2011-01', 80), ('b', '2011-01', 60), ('a', '2011-02', 90), ('b', '2011-02', 50),
	('a', '2011-03', 80), ('b', '2011-03', 60), ('a', '2011-04', 90), ('b', '2011-04', 60),
	('a', '2011-05', 80), ('s', '2011-05', 90), ('a', '2011-06', 70)) v (i, p, v);
SELECT kpi.set_weight('two', n, w, "from" => f)
FROM (VALUES ('a', 50, date '2011-03-01'), ('b', 50, '2011-03-01'), ('a', 60, '2011-04-01'),
	('b', 40, '2011-04-01')) v (n, w, f);
\o

PREPARE why(text, text, text) AS SELECT cause, node, effect FROM kpi.explain($1, 'company', $2, $3);
SELECT results_eq($$EXECUTE why('two', '2011-02', NULL)$$,
	$$VALUES ('value', 'a', 6::numeric), ('value', 'b', -4)$$, 'E265: values alone');
SELECT results_eq($$EXECUTE why('two', '2011-04', NULL)$$,
	$$VALUES ('value', 'a', 5.5), ('weight', 'two', 2.5)$$,
		'E266: the mean of both orders, weights told at their parent');
SELECT results_eq($$EXECUTE why('survey', '2011-06', NULL)$$,
	$$VALUES ('value', 'a', -8::numeric), ('missing', 's', -6)$$, 'E268: a missing survey has an effect of its own');
SELECT results_eq($$EXECUTE why('survey', '2011-05', '2011-06')$$,
	$$VALUES ('value', 'a', 8::numeric), ('missing', 's', 6)$$, 'and the other way round the opposite one');
SELECT results_eq($$SELECT node, value_before, value_after
	FROM kpi.explain('survey', 'company', date '2011-06-20', 'month')$$,
	$$VALUES ('a', 80::numeric, 70::numeric), ('s', 90, NULL)$$, 'by a day, with what was replaced');
SELECT is_empty($$EXECUTE why('survey', '2011-06', '2011-06')$$, 'against itself nothing has changed');
SELECT is((SELECT count(effect) FROM kpi.explain('two', 'company', '2011-05')), 2::bigint,
	'from a score to a score with less in it');
SELECT is((SELECT count(effect) FROM kpi.explain('two', 'company', '2011-01')), 0::bigint,
	'no effects without a score before');
SELECT throws_matching($$EXECUTE why('two', '2011-02', '2011-Q1')$$, 'grain "quarter"', 'periods of one grain');
SELECT throws_ok($$SELECT kpi.explain('tow', 'company', '2011-02')$$, '22023', 'scorecard "tow" does not exist');
SELECT throws_ok($$SELECT kpi.explain('two', 'company', '2011-02', by => 'region')$$, '22023',
	'unrecognized by "region"');

-- by the units directly below
\o /dev/null
SELECT kpi.enter(i, u, p, v) FROM (VALUES ('a', 'north', '2013-01', 80), ('a', 'south', '2013-01', 90),
	('a', 'north', '2013-02', 70), ('a', 'south', '2013-02', 95), ('s', 'north', '2013-01', 4),
		('s', 'north', '2013-02', 3))
	v (i, u, p, v);
\o
SELECT results_eq($$SELECT node, child_unit, value_before, value_after, effect
	FROM kpi.explain('survey', 'company', '2013-02', by => 'unit')$$,
	$$VALUES ('a', 'north', 80::numeric, 70::numeric, -6::numeric), ('a', 'south', 90, 95, 3),
		('s', 'north', 4, 3, -0.4)$$,
	'a value by the units it is the sum of');

-- scorecards of every method, policy and role, edited at random: the effects add up
\o /dev/null
SELECT kpi.define_indicator('i' || i, kind => 'entered', combine => 'sum', direction => CASE i % 3 WHEN 0 THEN 'lower'
	ELSE 'higher' END,
	target_rule => 'hold') FROM generate_series(0, 7) i;
CREATE TABLE month AS SELECT m, CAST(date '2010-01-01' + m * interval '1 month' AS date) AS day
	FROM generate_series(0, 11) m;
SELECT kpi.enter('i' || i, u, day, 'month', CAST(round(uniform(i * 100 + m, ascii(u)) * 100) AS numeric))
FROM generate_series(0, 7) i, unnest('{north,south}'::text[]) u, month WHERE uniform(i * 100 + m, 1) > 0.2;
SELECT kpi.set_target('i' || i, 'company', day, 'month',
	target => CAST(1 + round(uniform(i * 100 + m / 3, 2) * 200) AS numeric))
FROM generate_series(0, 7) i, month WHERE uniform(i * 100 + m, 3) > 0.1;
DO $$
DECLARE
	methods CONSTANT text[] := '{weighted,average,worst,best,sum,majority,priority,geometric,points}';
	roles CONSTANT text[] := '{part,priority,bonus,deduction,veto_zero,veto_cap,veto_grade,veto_coefficient}';
	scales CONSTANT text[] := ARRAY[NULL, 'linear(0.5:0, 1:100, 1.2:120)', 'step(0:0, 0.8:60, 1:100)',
		'rank(100, 80, 60) of actual'];
	t record;
BEGIN
	FOR c IN 1 .. 18 LOOP
		PERFORM kpi.define_scorecard('c' || c, method => methods[1 + c % 9],
			missing => ('{renormalize,zero,null,carry,target}'::text[])[1 + c % 5], min_coverage => CASE WHEN c % 4 = 0
				THEN 0.3 END);
		FOR t IN SELECT day, m, g, CASE WHEN m > 0 THEN day END AS since, c * 1000 + m * 13 + g AS n FROM month,
			generate_series(0, 9) g
			WHERE m = 0 AND (g < 2 OR uniform(c * 1000 + g, 4) < 0.7)
				OR uniform(c * 1000 + m * 13 + g, 5) < 0.08 ORDER BY m,
				g LOOP
			BEGIN
			IF t.g < 2 THEN
				PERFORM kpi.define_node('c' || c, 'g' || t.g, weight => round(10 * uniform(t.n, 6)), "from" => t.since,
					method => CASE WHEN uniform(t.n, 7) < 0.3
						THEN methods[1 + CAST(floor(uniform(t.n, 8) * 9) AS integer)] END);
			ELSE
				PERFORM kpi.define_node('c' || c, 'i' || t.g - 2,
					parent => 'g' || CAST(floor(uniform(t.n, 9) * 2) AS integer),
					indicator => 'i' || t.g - 2, weight => round(10 * uniform(t.n, 10)), "from" => t.since,
					role => CASE WHEN uniform(t.n, 11) < 0.25
						THEN roles[1 + CAST(floor(uniform(t.n, 12) * 8) AS integer)] END,
					scale => CAST(scales[1 + CAST(floor(uniform(t.n, 13) * 4) AS integer)] AS kpi.scale));
			END IF;
			EXCEPTION WHEN invalid_parameter_value THEN -- a role that the method above does not know
			END;
		END LOOP;
	END LOOP;
END $$;
CREATE TABLE pair AS SELECT s.scorecard, n.day, b.day AS against,
	uniform(n.m * 100 + b.m, ascii(s.scorecard)) < 0.5 AS by_unit
FROM kpi.scorecard s, month n, month b
WHERE s.scorecard ~ '^c' AND n.m > b.m AND uniform(hashtext(s.scorecard) + n.m * 100 + b.m, 14) < 0.06;
CREATE TABLE explained AS SELECT p.*, n.score - b.score AS change, e.cause, e.effect
FROM pair p
	CROSS JOIN LATERAL kpi.evaluate(p.scorecard, 'company', p.day, 'month') n
	CROSS JOIN LATERAL kpi.evaluate(p.scorecard, 'company', p.against, 'month') b
	CROSS JOIN LATERAL kpi.explain(p.scorecard, 'company', p.day, 'month', p.against,
		by => CASE WHEN p.by_unit THEN 'unit' ELSE 'node' END) e
WHERE n.depth = 0 AND b.depth = 0;
\o
SELECT is_empty($$SELECT scorecard, day, against, by_unit, change, sum(effect) FROM explained GROUP BY 1, 2, 3, 4, 5
	HAVING change IS DISTINCT FROM sum(effect)$$, 'effects add up to the change');
SELECT cmp_ok((SELECT count(DISTINCT (scorecard, day, against)) FROM explained WHERE change <> 0), '>', 30::bigint,
	'of many scores');
SELECT bag_has($$SELECT cause FROM explained WHERE effect <> 0$$,
	$$VALUES ('value'), ('target'), ('definition'), ('weight'), ('structure'), ('missing')$$,
	'every cause has effects');

SELECT * FROM finish();
ROLLBACK;
