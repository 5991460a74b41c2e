-- Methods, missing policies and roles of the scorecard rollup against worked
-- cases and a recomputation in plain SQL; the window function and stored rows.
BEGIN;
SELECT no_plan();

-- one node over its children: (role, weight, score, role_limit, carried)
CREATE TYPE pg_temp.child AS (role text, weight numeric, score numeric, role_limit numeric, carried numeric);
CREATE FUNCTION pg_temp.over(children pg_temp.child[], method text, missing text DEFAULT NULL,
	min_coverage numeric DEFAULT NULL)
RETURNS kpi.node_score LANGUAGE sql AS $$
	SELECT (kpi.scorecard_rollup(v.node, v.parent, v.weight, v.score, v.method, v.missing, v.min_coverage, v.role,
		v.role_limit, v.carried))[1]
	FROM (SELECT ' ', NULL, NULL::numeric, NULL::numeric, over.method, over.missing, over.min_coverage, NULL,
		NULL::numeric, NULL::numeric
		  UNION ALL
		  SELECT 'c' || c.i, ' ', c.weight, c.score, NULL, NULL, NULL, c.role, c.role_limit, c.carried
		  FROM unnest(over.children) WITH ORDINALITY AS c(role, weight, score, role_limit, carried, i))
		AS v(node, parent, weight, score, method, missing, min_coverage, role, role_limit, carried)
$$;
CREATE FUNCTION pg_temp.parts(scores numeric[], weights numeric[] DEFAULT NULL) RETURNS pg_temp.child[]
	LANGUAGE sql AS $$
	SELECT array_agg(ROW(NULL, coalesce(weights[i], 1), scores[i], NULL, NULL)::pg_temp.child ORDER BY i)
	FROM generate_subscripts(scores, 1) AS i
$$;

-- published and worked cases
SELECT is((pg_temp.over(pg_temp.parts(scores, weights), method)).score, score, method || ' of ' || scores::text)
FROM (VALUES ('worst', '{82,91,NULL,40}'::numeric[], NULL::numeric[], 40.0), ('best', '{82,91,NULL,40}', NULL, 91),
	('best', '{-5,-3}', NULL, -3),
			 ('sum', '{82,91,NULL,40}', '{1,2,3,4}', 213), ('sum', '{0.1,0.2,-0.3}', NULL, 0),
			 ('majority', '{1,1,-1,-1}', NULL, -1), ('majority', '{1,0,1,-1}', NULL, 1),
			 ('majority', '{1.0,1,0,0.00,NULL}', NULL, 0),
			 ('majority', '{7}', NULL, 7), ('majority', '{3,2,1}', NULL, 1),
			 ('geometric', '{4,9}', NULL, 6), ('geometric', '{2,8,NULL}', '{2,1,5}', 3.1748021039363989495),
			 ('geometric', '{4,0,9}', NULL, 0),
			 ('geometric', '{4,-1,9}', NULL, 0), ('geometric', '{71.3,71.30,71.3}', '{1,2,3}', 71.3),
			 ('geometric', '{1e-30,1e-30}', NULL, 1e-30),
			 ('points', '{1.05,0.9,1.2}', '{40,35,25}', 103.5), ('points', '{100,NULL,50}', '{0.5,0.3,0.2}', 60))
				AS v(method, scores, weights, score);
SELECT is((pg_temp.over(ARRAY[ROW('priority', 1, p, NULL, NULL)]::pg_temp.child[] || pg_temp.parts(others),
	'priority')).score, score,
		  format('priority %s over %s', p, others))
FROM (VALUES (0, '{1,1,-1}'::numeric[], 0::numeric), (1, '{1,1,-1}', 1), (1, '{1,-1,-1}', -1), (1, '{1,-1}', -1),
	(-1, '{1,1,1}', -1), (1, '{}', 1),
			 (1, '{80,90}', 1), (70, '{80,80,90}', 70), (1, '{NULL,NULL}', 1), (NULL, '{1,0,0}', 0),
			 (NULL, '{1,0}', 0)) AS v(p, others, score);
SELECT is((pg_temp.over('{"(priority,1,1,,)","(priority,1,0,,)","(,1,1,,)"}', 'priority')).score, 0::numeric,
	'the worst of several priority children');
SELECT is((pg_temp.over('{"(priority,1,1,,)","(priority,1,,,)","(,1,-1,,)"}', 'priority', 'zero')).score, 0::numeric,
	'a missing one counts by the policy');
SELECT is((pg_temp.over('{"(,1,3,,)","(,1,5,,)","(,1,5,,)"}', 'priority')).score, 5::numeric,
	'without one the majority of all');
SELECT is((pg_temp.over('{"(,40,1.05,,)","(,35,0.9,,)","(,25,1.2,,)","(bonus,,3,5,)","(deduction,,2,,)"}',
	'points')).score, 104.5,
		  'points with bonus and deduction');
SELECT is((pg_temp.over(children, 'points')).score, score, 'points: ' || children::text)
FROM (VALUES ('{"(,1,90,,)","(bonus,,8,5,)","(bonus,,1,5,)","(deduction,,30,10,)"}'::pg_temp.child[], 86::numeric),
	('{"(,1,90,,)","(bonus,,-4,,)","(deduction,,-4,,)"}', 90),
			 ('{"(,1,90,,)","(bonus,,,,)","(deduction,,,,)"}', 90), ('{"(,1,90,,)","(bonus,7,2,,)"}', 92),
			 ('{"(,1,,,)","(bonus,,2,,)"}', NULL),
			 ('{"(,1,5,,)","(deduction,,30,,)"}', -25)) AS v(children, score);
SELECT is((pg_temp.over(children, method)).score, score, 'veto: ' || children::text)
FROM (VALUES ('weighted', '{"(,1,92,,)","(veto_zero,,0,,)"}'::pg_temp.child[], 0::numeric),
	('weighted', '{"(,1,92,,)","(veto_zero,,100,,)"}', 92),
			 ('weighted', '{"(,1,92,,)","(veto_zero,9,-1,,)"}', 0),
			 ('weighted', '{"(,1,92,,)","(veto_zero,,,,)"}', 92),
			 ('weighted', '{"(,1,92,,)","(veto_cap,,0,60.0,)"}', 60),
			 ('weighted', '{"(,1,55,,)","(veto_cap,,0,60,)"}', 55),
			 ('weighted', '{"(,1,92,,)","(veto_cap,,0,60,)","(veto_cap,,0,40,)","(veto_cap,,1,20,)"}', 40),
			 ('points', '{"(,1,92,,)","(bonus,,5,,)","(veto_cap,,0,60,)"}', 60),
			 ('points', '{"(,1,92,,)","(bonus,,5,,)","(veto_zero,,0,,)"}', 0),
			 ('worst', '{"(,1,92,,)","(veto_zero,,0,,)","(veto_cap,,0,-5,)"}', -5),
			 ('weighted', '{"(,1,,,)","(veto_zero,,0,,)"}', NULL)) AS v(method, children, score);
SELECT is(to_jsonb(v) - '{node,parent,depth,role,weight,absolute_weight,carried,children,present,missing}'::text[],
		  '{"score": 92, "coverage": 1, "missing_nodes": ["c2"], "vetoes": ["c3", "c4"], "grades_down": 3,
			"coefficient_zero": true, "reason": null}',
		  'vetoes that leave the score, and one without data')
FROM pg_temp.over('{"(,1,92,,)","(veto_zero,,,,)","(veto_grade,,0,3,)","(veto_coefficient,,-2,,)",
	"(veto_grade,,5,7,)"}', 'weighted') AS v;
SELECT is((pg_temp.over('{"(,1,92,,)","(veto_grade,,0,,)"}', 'weighted')).grades_down, 1, 'one grade by default');
SELECT is((pg_temp.over(children, 'weighted', missing, least)).score, score,
	format('%s %s: %s', missing, least, children))
FROM (VALUES ('{"(,1,80,,)","(,3,,,)"}'::pg_temp.child[], 'target', NULL::numeric, 95::numeric),
	('{"(,1,,,)","(,3,,,)"}', 'target', NULL, NULL),
			 ('{"(,1,80,,)","(,3,,,60)"}', 'carry', NULL, 65), ('{"(,1,80,,)","(,3,,,)"}', 'carry', NULL, 80),
			 ('{"(,1,,,)","(,3,,,60)"}', 'carry', NULL, 60),
			 ('{"(,1,,,)","(,3,,,)"}', 'carry', NULL, NULL), ('{"(,1,80,,)","(,3,,,60)"}', 'carry', 0.25, 65),
			 ('{"(,1,80,,)","(,3,,,60)"}', 'carry', 0.26, NULL),
			 ('{"(,1,80,,)","(,3,,,60)"}', NULL, NULL, 80), ('{"(,1,80,,)","(,3,,,NaN)"}', 'carry', NULL, 80))
				AS v(children, missing, least, score);
SELECT is(v.coverage || ' ' || v.carried || ' ' || v.present || ' ' || v.missing_nodes::text, c.wanted,
	format('%s of %s', c.missing, c.children))
FROM (VALUES ('{"(,1,80,,)","(,3,,,60)"}'::pg_temp.child[], 'carry', '0.25 true 1 {c2}'),
	('{"(,1,,,50)","(,3,,,60)"}', 'carry', '0 true 0 {c1,c2}'),
			 ('{"(,1,80,,)","(,3,,,)"}', 'carry', '0.25 false 1 {c2}'),
			 ('{"(,1,80,,)","(,3,,,60)"}', 'target', '0.25 false 1 {c2}'),
			 ('{"(,1,,,50)","(,3,,,60)"}', 'target', '0 false 0 {c1,c2}')) AS c(children, missing, wanted),
	LATERAL pg_temp.over(c.children, missing => c.missing, method => 'weighted') AS v;
SELECT is((pg_temp.over('{"(,1,90,,)","(bonus,,,5,9)"}', 'points', missing)).score, score,
	format('a missing bonus under %s', missing))
FROM (VALUES ('carry', 95::numeric), ('target', 90), ('null', 90), ('zero', 90)) AS v(missing, score);

-- what passes up: carried scores, grades and coefficients; each once where nodes are shared
CREATE TEMP TABLE up AS
SELECT n.* FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score, method, missing, NULL, role, role_limit,
	carried) AS nodes
	  FROM (VALUES ('top', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
		('left', 'top', 1, NULL, NULL, NULL, NULL, NULL, NULL),
				   ('right', 'top', 1, NULL, NULL, NULL, NULL, NULL, NULL),
				   ('shared', 'left', 1, NULL, NULL, 'carry', NULL, NULL, NULL),
				   ('shared', 'right', 2, NULL, NULL, NULL, NULL, NULL, NULL),
				   ('x', 'shared', 1, NULL, NULL, NULL, NULL, NULL, 40),
				   ('v', 'shared', NULL, 0, NULL, NULL, 'veto_grade', 2, NULL),
				   ('v', 'right', 1, NULL, NULL, NULL, 'veto_grade', NULL, NULL),
				   ('w', 'right', NULL, 0, NULL, NULL, 'veto_coefficient', NULL, NULL),
				   ('info', 'top', NULL, NULL, NULL, 'carry', NULL, NULL, NULL),
				   ('y', 'info', 1, NULL, NULL, NULL, NULL, NULL, 10),
				   ('z', 'info', 1, -1, NULL, NULL, 'veto_grade', 9, NULL),
				   ('q', 'left', 1, 60.0, NULL, NULL, NULL, NULL, NULL))
		   AS v(node, parent, weight, score, method, missing, role, role_limit, carried)) AS r,
		   LATERAL unnest(r.nodes) AS n;
SELECT results_eq($$SELECT node, score, coverage, carried, grades_down, coefficient_zero FROM up
	WHERE node NOT IN ('v', 'w', 'z') ORDER BY node COLLATE "C"$$,
	$$VALUES ('info', 10::numeric, 0::numeric, true, 9, false), ('left', 50, 0.5, true, 2, false),
		('q', 60, 1, false, 0, false), ('right', 40, 0, true, 3, true),
		('shared', 40, 0, true, 2, false), ('top', 45, 0.25, true, 3, true), ('x', NULL, 0, true, 0, false),
		('y', NULL, 0, true, 0, false)$$,
	'carried, grades and coefficient pass up through what counts');
SELECT results_eq($$SELECT node, vetoes FROM up WHERE vetoes IS NOT NULL ORDER BY node$$,
	$$VALUES ('info', '{z}'::text[]), ('right', '{v,w}'), ('shared', '{v}')$$, 'vetoes stay where they arose');

-- a node that stands by itself
SELECT results_eq($$SELECT n.node, n.score, n.coverage, n.children, n.absolute_weight, n.missing_nodes, n.reason
	FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score, method) AS nodes
		  FROM (VALUES ('r', NULL, NULL, NULL, NULL), ('a', 'r', 1, 70, 'self'), ('b', 'a', 1, 20, NULL),
			('c', 'a', 1, NULL, NULL), ('d', 'r', 1, NULL, 'self'),
					   ('e', 'd', 1, 5.0, NULL)) AS v(node, parent, weight, score, method)) AS r,
					   LATERAL unnest(r.nodes) AS n$$,
	$$VALUES ('r', 70::numeric, 0.5, 2, 1::numeric, '{d}'::text[], NULL), ('a', 70, 1, 0, 0.5, NULL, NULL),
		('b', 20, 1, 0, NULL, NULL, NULL),
		('c', NULL, 0, 0, NULL, '{c}', 'no_score'), ('d', NULL, 0, 0, 0.5, '{d}', 'no_score'),
		('e', 5, 1, 0, NULL, NULL, NULL)$$,
	'self: its own score, its children shown');

-- float8: exact where the numbers are, errors where they leave the range
SELECT is((kpi.scorecard_rollup(node, parent, weight, score, method))[1].score, wanted, method || ' in float8')
FROM (VALUES ('geometric', 4::float8, 9::float8, 6::float8), ('geometric', 1e300, 1e-300, 1),
	('geometric', 0.1, 0.1, 0.1), ('geometric', 1.7976931348623157e308, 1.7976931348623157e308,
	1.7976931348623157e308),
			 ('sum', 0.1, 0.2, 0.30000000000000004), ('points', 0.1, 0.2, 0.30000000000000004), ('best', 1, 2, 2),
			 ('majority', 1, 0, 0), ('majority', -0.0, 0.0, 0)) AS m(method, a, b, wanted),
	LATERAL (VALUES ('r', NULL, NULL, NULL), ('a', 'r', 1, a), ('b', 'r', 1, b)) AS v(node, parent, weight, score)
GROUP BY method, a, b, wanted;
SELECT throws_ok(format($$SELECT kpi.scorecard_rollup(node, parent, %s, score, %L)
	FROM (VALUES ('r', NULL, NULL), ('a', 'r', 1e308::float8), ('b', 'r', 1e308)) AS v(node, parent, score)$$, weight,
	method), '22003', NULL, method || ' out of range')
FROM (VALUES ('sum', 1), ('points', 10)) AS v(method, weight);
SELECT is((kpi.scorecard_rollup(node, parent, 3.7e200, score, 'geometric'))[1].score,
	round(exp((ln(a::numeric(80, 50)) + ln(b::numeric(80, 50)) + ln(c::numeric(80, 50))) / 3), 20),
		  format('geometric mean of %s, %s and %s to 20 decimals', a, b, c))
FROM (VALUES (2.5, 3.75, 1e10), (123456789.123, 0.000001, 7), (1.000000000001, 1.000000000002, 1.000000000003))
	AS m(a, b, c),
	LATERAL (VALUES ('r', NULL, NULL), ('a', 'r', a), ('b', 'r', b), ('c', 'r', c)) AS v(node, parent, score)
GROUP BY a, b, c;

-- random scorecards, every method, policy and role; from 13 on with several parents a node,
-- every third one of statuses
CREATE FUNCTION pg_temp.dice(kind text, VARIADIC seed integer[]) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$SELECT ('x' || substr(md5(kind || array_to_string(seed, ':')), 1, 8))::bit(32)::bigint / 4294967296.0$$;
CREATE FUNCTION pg_temp.pick(words text[], kind text, VARIADIC seed integer[]) RETURNS text LANGUAGE sql IMMUTABLE AS
$$SELECT words[1 + floor(cardinality(words) * pg_temp.dice(kind, VARIADIC seed))]$$;
CREATE TEMP TABLE nodes AS
SELECT t, i, 'n' || md5(t || ':' || i) AS node,
	CASE WHEN (leaf OR method = 'self') AND pg_temp.dice('m', t, i) > 0.15
		THEN CASE WHEN t % 3 = 0 THEN floor(pg_temp.dice('s', t, i) * 3) - 1
			ELSE round(pg_temp.dice('s', t, i) * 160 - 20, i % 5) END END AS score,
	CASE WHEN pg_temp.dice('l', t, i) < 0.6 THEN round(pg_temp.dice('k', t, i) * 100, 2) END AS carried,
	CASE WHEN NOT leaf THEN method END AS method,
	pg_temp.pick('{renormalize,zero,null,carry,target,carry,target,NULL,NULL,NULL}', 'b', t, i) AS missing,
	CASE WHEN pg_temp.dice('c', t, i) < 0.15 THEN round(pg_temp.dice('d', t, i), 2) END AS min_coverage
FROM generate_series(1, 24) AS t, generate_series(0, 79) AS i,
	LATERAL (SELECT i > 20 AS leaf,
		pg_temp.pick('{weighted,average,worst,best,sum,majority,priority,geometric,points,self,points,priority,NULL}',
		'a', t, i) AS method) AS l;
UPDATE nodes SET method = NULL, score = NULL WHERE i = 0;
CREATE TEMP TABLE links AS
SELECT DISTINCT ON (l.t, l.child, l.parent) l.t, l.child, l.parent, l.weight,
	CASE WHEN p.method = 'self' THEN NULL WHEN l.dice < 0.08 THEN 'veto_zero' WHEN l.dice < 0.2 THEN 'veto_cap'
		WHEN l.dice < 0.25 THEN 'veto_grade'
		WHEN l.dice < 0.3 THEN 'veto_coefficient' WHEN l.dice < 0.5 AND p.method = 'points' THEN 'bonus'
			WHEN l.dice < 0.7 AND p.method = 'points' THEN 'deduction'
		WHEN l.dice < 0.55 THEN 'priority' WHEN l.dice < 0.6 THEN 'part' END AS role
FROM (SELECT t, i AS child, floor(least(i, 21) * pg_temp.dice('p', t, i, k))::integer AS parent,
			CASE WHEN pg_temp.dice('w', t, i, k) < 0.1 THEN NULL WHEN pg_temp.dice('w', t, i, k) < 0.2 THEN 0
				ELSE round(5 * pg_temp.dice('v', t, i, k) + 0.01, 2) END AS weight, pg_temp.dice('r', t, i, k) AS dice
	  FROM nodes, LATERAL generate_series(1, CASE WHEN t > 12 THEN 1 + i % 3 ELSE 1 END) AS k WHERE i > 0) AS l
JOIN nodes AS p ON (p.t, p.i) = (l.t, l.parent)
ORDER BY l.t, l.child, l.parent, l.dice;
CREATE INDEX ON links (t, parent);
ALTER TABLE links ADD role_limit numeric;
UPDATE links SET role_limit = CASE role WHEN 'veto_grade' THEN 1 + child % 4
	ELSE round(pg_temp.dice('x', t, child, parent) * 60 - CASE role WHEN 'veto_cap' THEN 20 ELSE 0 END, 1) END
WHERE role = 'veto_cap' OR role IN ('bonus', 'deduction', 'veto_grade') AND (child + parent) % 2 = 0;
-- a node meant to be inner may have got no child; then its score is its own
CREATE TEMP TABLE input AS
SELECT n.t, n.node, p.node AS parent, l.weight, n.score, n.method, n.missing, n.min_coverage, l.role,
	l.role_limit, n.carried
FROM nodes AS n LEFT JOIN links AS l ON (l.t, l.child) = (n.t, n.i)
LEFT JOIN nodes AS p ON (p.t, p.i) = (l.t, l.parent);

CREATE TEMP TABLE wanted AS
SELECT t, i, node, score, CASE WHEN score IS NULL THEN 0.0 ELSE 1 END AS coverage, false AS stale, carried,
	0 AS children, 0 AS present,
	CASE WHEN score IS NULL THEN ARRAY[node] END AS missing_nodes, NULL::text[] AS vetoes, 0 AS own_grades,
		false AS coefficient_zero,
	CASE WHEN score IS NULL THEN 'no_score' END AS reason
FROM nodes;
CREATE UNIQUE INDEX ON wanted (t, i);
ANALYZE nodes, links, wanted;
CREATE FUNCTION pg_temp.most(numeric[]) RETURNS numeric LANGUAGE sql AS $$SELECT s FROM unnest($1) AS s GROUP BY s
	ORDER BY count(*) DESC, s LIMIT 1$$;
CREATE FUNCTION pg_temp.by_method(method text, v numeric[], w numeric[], p boolean[], points numeric) RETURNS numeric
	LANGUAGE sql AS $$
	SELECT CASE method
		WHEN 'average' THEN sum(s) / sum(1.0::numeric(60, 50)) WHEN 'worst' THEN min(s) WHEN 'best' THEN max(s)
			WHEN 'sum' THEN sum(s)
		WHEN 'majority' THEN pg_temp.most(v)
		WHEN 'priority' THEN CASE WHEN NOT bool_or(first) THEN pg_temp.most(v)
			WHEN min(s) FILTER (WHERE first) = 1 AND bool_or(NOT first) AND bool_and(s IN (-1, 0, 1))
				THEN pg_temp.most(array_agg(s) FILTER (WHERE NOT first))
			ELSE min(s) FILTER (WHERE first) END
		WHEN 'geometric' THEN CASE WHEN min(s) <= 0 THEN 0
			ELSE exp(sum(x * ln(nullif(greatest(s, 0), 0)::numeric(80, 50))) / sum(x)) END
		WHEN 'points' THEN sum(x * s) + points
		ELSE sum(x * s) / sum(x + 0.0::numeric(60, 50)) END
	FROM unnest(v, w, p) AS c(s, x, first)
$$;
DO $$
DECLARE
	this nodes;
	c record;
	own numeric;
BEGIN
	FOR this IN SELECT * FROM nodes AS n WHERE EXISTS (SELECT FROM links AS l WHERE (l.t, l.parent) = (n.t, n.i))
		AND method IS DISTINCT FROM 'self' ORDER BY t, i DESC LOOP
		SELECT count(*) FILTER (WHERE part) AS children, count(score) FILTER (WHERE part) AS present,
			coalesce(round(sum(weight * CASE WHEN score IS NULL THEN 0 ELSE coverage END)
				FILTER (WHERE part) / sum(weight + 0.0::numeric(60, 50)) FILTER (WHERE part), 20), 0) AS coverage,
			array_agg(value ORDER BY child) FILTER (WHERE part AND value IS NOT NULL) AS v,
			array_agg(weight ORDER BY child) FILTER (WHERE part AND value IS NOT NULL) AS w,
			array_agg(role IS NOT DISTINCT FROM 'priority' ORDER BY child)
				FILTER (WHERE part AND value IS NOT NULL) AS p,
			coalesce(sum(CASE role WHEN 'bonus' THEN least(greatest(value, 0), role_limit) WHEN 'deduction'
				THEN -least(greatest(value, 0), role_limit) END), 0) AS points,
			bool_or(carry) FILTER (WHERE part) AS carry, bool_or(carry OR score IS NOT NULL AND stale)
				FILTER (WHERE counts) AS stale,
			array_agg(node ORDER BY node COLLATE "C") FILTER (WHERE triggered) AS vetoes,
			bool_or(triggered AND role = 'veto_zero') AS zero,
			min(role_limit) FILTER (WHERE triggered AND role = 'veto_cap') AS cap,
			coalesce(sum(coalesce(role_limit, 1)) FILTER (WHERE triggered AND role = 'veto_grade'), 0) AS grades,
			coalesce(bool_or(triggered AND role = 'veto_coefficient') OR bool_or(coefficient_zero)
				FILTER (WHERE counts AND coalesce(role, 'part') NOT LIKE 'veto%'), false) AS coefficient
		INTO c
		FROM (SELECT w.*, l.weight, l.role, l.role_limit, l.child, part, part OR special AS counts,
				CASE WHEN w.score IS NOT NULL THEN w.score WHEN part AND this.missing = 'zero' THEN 0
					WHEN part AND this.missing = 'target' THEN 100
					WHEN this.missing = 'carry' THEN w.carried END AS value,
				coalesce(w.score IS NULL AND this.missing = 'carry' AND w.carried IS NOT NULL
					AND (part OR l.role IN ('bonus', 'deduction')), false) AS carry,
				coalesce(l.role LIKE 'veto%' AND w.score <= 0, false) AS triggered
			  FROM links AS l JOIN wanted AS w ON (w.t, w.i) = (l.t, l.child),
				LATERAL (SELECT coalesce(l.role, 'part') NOT IN ('part', 'priority') AS special,
					coalesce(l.weight > 0 AND coalesce(l.role, 'part') IN ('part', 'priority'), false) AS part) AS k
			  WHERE l.t = this.t AND l.parent = this.i) AS k;
		UPDATE wanted AS w SET stale = true FROM links AS l
		WHERE this.missing = 'carry' AND (l.t, l.parent) = (this.t, this.i) AND (w.t, w.i) = (l.t, l.child)
			AND w.score IS NULL AND w.carried IS NOT NULL
			AND CASE WHEN l.role IN ('bonus', 'deduction') THEN true
				ELSE coalesce(l.role, 'part') IN ('part', 'priority') AND l.weight > 0 END;
		UPDATE wanted AS w SET children = c.children, present = c.present, coverage = c.coverage, vetoes = c.vetoes,
			own_grades = c.grades, coefficient_zero = c.coefficient,
			reason = CASE WHEN c.children = 0 THEN 'no_weight' WHEN c.present = 0 AND c.carry IS NOT TRUE
				THEN 'no_data'
				WHEN this.missing = 'null' AND c.present < c.children THEN 'missing_child'
					WHEN c.coverage < this.min_coverage THEN 'low_coverage' END,
			missing_nodes = (SELECT array_agg(DISTINCT name COLLATE "C" ORDER BY name COLLATE "C")
				FROM (SELECT unnest(x.missing_nodes) FROM links AS l JOIN wanted AS x ON (x.t, x.i) = (l.t, l.child)
					  WHERE l.t = this.t AND l.parent = this.i AND (l.weight > 0 OR l.role NOT IN ('part', 'priority'))
					  UNION ALL SELECT this.node WHERE c.children = 0) AS m(name))
		WHERE t = this.t AND i = this.i;
		UPDATE wanted SET stale = stale OR c.stale,
			score = round(least(CASE WHEN c.zero THEN 0 ELSE pg_temp.by_method(this.method, c.v, c.w, c.p, c.points)
			END, c.cap), 20)
		WHERE t = this.t AND i = this.i AND reason IS NULL;
	END LOOP;
END
$$;
-- grades: of all nodes below, each once
CREATE TEMP TABLE grades AS
WITH RECURSIVE below (t, top, i) AS (
	SELECT t, i, i FROM nodes
	UNION
	SELECT b.t, b.top, l.child FROM below AS b JOIN nodes AS n ON (n.t, n.i) = (b.t, b.i)
	JOIN links AS l ON (l.t, l.parent) = (b.t, b.i)
	WHERE n.method IS DISTINCT FROM 'self' AND CASE WHEN l.role IN ('bonus', 'deduction') THEN true
		ELSE coalesce(l.role, 'part') IN ('part', 'priority') AND l.weight > 0 END)
SELECT b.t, n.node, sum(w.own_grades) AS grades FROM below AS b JOIN wanted AS w USING (t, i)
JOIN nodes AS n ON (n.t, n.i) = (b.t, b.top) GROUP BY 1, 2;

CREATE TEMP TABLE numeric_out AS
SELECT r.t, n.* FROM (SELECT t, kpi.scorecard_rollup(node, parent, weight, score, method, missing, min_coverage, role,
	role_limit, carried) AS nodes FROM input GROUP BY t) AS r, LATERAL unnest(r.nodes) AS n;
CREATE TEMP TABLE float_out AS
SELECT r.t, n.* FROM (SELECT t, kpi.scorecard_rollup(node, parent, weight::float8, score::float8, method, missing,
	min_coverage::float8, role, role_limit::float8, carried::float8) AS nodes FROM input GROUP BY t) AS r,
	LATERAL unnest(r.nodes) AS n;
SELECT is((SELECT count(*) FROM numeric_out), 1920::bigint, 'every random node once');
SELECT cmp_ok(count(*) FILTER (WHERE w.score IS NOT NULL AND w.children > 0), '>=', 12::bigint,
	'enough scores by ' || coalesce(n.method, 'default'))
FROM wanted AS w JOIN nodes AS n USING (t, i) WHERE n.i <= 20 AND n.method IS DISTINCT FROM 'self' GROUP BY n.method;
SELECT cmp_ok(count(*) FILTER (WHERE stale), '>', 50::bigint, 'enough stale nodes') FROM wanted;
SELECT cmp_ok(count(*) FILTER (WHERE cardinality(vetoes) > 0 AND score IS NOT NULL), '>', 50::bigint, 'enough vetoes')
FROM wanted;
SELECT is_empty($$SELECT t, node, children, present, missing_nodes, vetoes, reason FROM wanted EXCEPT SELECT t, node,
	children, present, missing_nodes, vetoes, reason FROM numeric_out$$,
	'counts, missing nodes, vetoes and reasons as recomputed');
SELECT is_empty($$SELECT t, node, stale, coefficient_zero FROM wanted EXCEPT SELECT t, node, carried, coefficient_zero
	FROM numeric_out$$, 'stale and coefficient as recomputed');
SELECT is_empty($$SELECT t, node, grades FROM grades EXCEPT SELECT t, node, grades_down FROM numeric_out$$,
	'grades as recomputed');
SELECT is_empty($$SELECT t, node, score FROM wanted EXCEPT SELECT t, node, score FROM numeric_out$$,
	'scores exactly as recomputed');
SELECT is_empty($$SELECT t, node, coverage FROM wanted EXCEPT SELECT t, node, coverage FROM numeric_out$$,
	'coverage exactly as recomputed');
SELECT is_empty($$SELECT * FROM numeric_out AS n JOIN float_out AS f USING (t, node)
	WHERE (n.score IS NULL) <> (f.score IS NULL) OR abs(n.score::float8 - f.score) > 1e-10 * greatest(1, abs(f.score))
		OR abs(n.coverage::float8 - f.coverage) > 1e-12
		OR (n.carried, n.vetoes, n.grades_down, n.coefficient_zero, n.missing_nodes, n.reason)
			IS DISTINCT FROM (f.carried, f.vetoes, f.grades_down, f.coefficient_zero, f.missing_nodes, f.reason)$$,
	'float8 agrees');
SELECT is_empty($$SELECT * FROM numeric_out WHERE coverage NOT BETWEEN 0 AND 1
	OR (score IS NULL) <> (reason IS NOT NULL) OR coverage = 0 AND score IS NOT NULL AND NOT carried
	OR coverage < 1 AND missing_nodes IS NULL$$, 'coverage 0 has a score only where one was carried');
SELECT ok(bool_and(a.nodes::text = b.nodes::text), 'the order of rows does not matter')
FROM (SELECT t, kpi.scorecard_rollup(node, parent, weight, score, method, missing, min_coverage, role, role_limit,
	carried ORDER BY md5(node || parent)) AS nodes FROM input GROUP BY t) AS a
JOIN (SELECT t, kpi.scorecard_rollup(node, parent, weight, score, method, missing, min_coverage, role, role_limit,
	carried ORDER BY weight, node, parent DESC) AS nodes FROM input GROUP BY t) AS b USING (t);

-- the window function: every row its node's score, whatever the frame
CREATE TEMP TABLE window_out AS
SELECT t, x.node, x.score, x.float_score
FROM (SELECT t, kpi.scorecard_rollup(node, parent, weight, score, method, missing, min_coverage) AS nodes,
			kpi.scorecard_rollup(node, parent, weight::float8, score::float8, method, missing,
				min_coverage::float8) AS floats FROM input GROUP BY t) AS r,
	LATERAL (SELECT n.node, n.score, f.score AS float_score FROM unnest(r.nodes) AS n
		JOIN unnest(r.floats) AS f USING (node)) AS x;
SELECT is_empty($$SELECT p.t, p.node, kpi.rollup_score(node, parent, weight, score, method, missing, min_coverage)
	OVER (PARTITION BY t ORDER BY node ROWS 2 PRECEDING),
		kpi.rollup_score(node, parent, weight::float8, score::float8, method, missing, min_coverage::float8)
			OVER (PARTITION BY t)
	FROM input AS p EXCEPT SELECT t, node, score, float_score FROM window_out$$,
		'window scores are those of the aggregate');
SELECT throws_ok(format($$SELECT kpi.rollup_score(node, parent, 1, score) OVER ()
	FROM (VALUES %s) AS v(node, parent, score)$$, rows), '22023', NULL, 'window: ' || rows)
FROM unnest(ARRAY[$$('a', 'b', 1), ('b', 'a', NULL)$$, $$('a', 'b', 1)$$,
	$$('r', NULL, NULL), ('a', 'r', 1), ('a', 'r', 1)$$,
				  $$('r', NULL, NULL), ('p', 'r', NULL), ('a', 'r', 1), ('a', 'p', 2)$$]) AS rows;
SET LOCAL work_mem = '64kB';
SELECT is(sum(s), 2 * (524 + 1049 * 524)::numeric, 'window over partitions that spill')
FROM (SELECT kpi.rollup_score(CASE WHEN i % 1050 = 0 THEN 'root' ELSE repeat('long name ', 20) || i END,
	CASE WHEN i % 1050 > 0 THEN 'root' END, 1.0,
		CASE WHEN i % 1050 > 0 THEN i % 1050 - 1 END::numeric) OVER (PARTITION BY i / 1050) AS s
			FROM generate_series(0, 2099) AS i) AS x;
RESET work_mem;

-- rows stored by part, merged, and rolled up later
CREATE TEMP TABLE parts AS
SELECT t, part, kpi.rollup_rows(node, parent, weight, score, method, missing, min_coverage, role, role_limit,
	carried) AS state,
	kpi.rollup_rows(node, parent, weight::float8, score::float8, method, missing, min_coverage::float8, role,
		role_limit::float8, carried::float8) AS floats
FROM (SELECT *, hashtext(node || coalesce(parent, '')) % 5 AS part FROM input) AS i GROUP BY t, part;
SELECT is_empty($$SELECT s.t, n.* FROM (SELECT t, kpi.rollup(state) AS state FROM parts GROUP BY t) AS s,
	LATERAL unnest(kpi.scorecard_rollup(state)) AS n
	EXCEPT SELECT * FROM numeric_out$$, 'stored rows give what the rows give');
SELECT is_empty($$SELECT s.t, n.node, n.score::float8, n.coverage::float8, n.weight::float8
	FROM (SELECT t, kpi.rollup(floats) AS state FROM parts GROUP BY t) AS s,
	LATERAL unnest(kpi.scorecard_rollup(state)) AS n
	EXCEPT SELECT t, node, score, coverage, weight FROM float_out$$, 'and so in float8, digit by digit');
SELECT is(kpi.rollup(state)::text, (SELECT kpi.rollup(state::text::kpi.rollup_state) FROM parts WHERE t = 1)::text,
	'text form of all that a row can say') FROM parts WHERE t = 1;
SELECT cmp_ok(pg_column_size(kpi.rollup_rows('n' || i, NULL, 1, 1)), '<', 48 * 1000 + 16,
	'stored rows have no spare room') FROM generate_series(1, 1000) AS i;
SELECT ok(kpi.rollup(NULL::kpi.rollup_state) IS NULL, 'nothing merged is nothing');

-- codes of the errors
SELECT throws_ok(format($$SELECT kpi.scorecard_rollup('a', NULL, 1.0, 1, NULL, NULL, NULL, %s)$$, arguments), '22023',
	NULL, 'refused: ' || arguments)
FROM unnest(ARRAY[$$'veto'$$, $$'bonus'$$, $$'bonus', -1$$, $$'bonus', 'NaN'::numeric$$, $$'veto_cap'$$,
	$$'veto_cap', NULL$$, $$'veto_cap', 'Infinity'::numeric$$, $$'veto_grade', 0$$,
				  $$'veto_grade', 1.5$$, $$'veto_grade', 1001$$, $$'part', 5$$, $$NULL, 5$$, $$'veto_zero', 5$$,
				  $$'priority', 1$$, $$'priority'$$]) AS arguments;
SELECT throws_ok(format($$SELECT kpi.scorecard_rollup(node, parent, 1.0, score, method, NULL, NULL, role)
	FROM (VALUES ('r', NULL, NULL, %L, NULL), ('a', 'r', 1, NULL, %L)) AS v(node, parent, score, method, role)$$,
		method, role), '22023', NULL, format('%s under %s', role, method))
FROM (VALUES ('bonus', NULL), ('deduction', 'weighted'), ('bonus', 'sum'), ('veto_zero', 'self'),
	('veto_grade', 'self'), ('bonus', 'self')) AS v(role, method);
SELECT throws_ok($$SELECT kpi.scorecard_rollup(node, parent, 1, NULL, NULL, NULL, NULL, NULL, NULL, carried)
	FROM (VALUES ('r', NULL, NULL), ('p', 'r', NULL), ('x', 'r', 5), ('x', 'p', 6)) AS v(node, parent, carried)$$,
	'22023', NULL, 'rows disagree on a carried score');

-- facts of the catalogue
SELECT is(count(*), 15::bigint, 'state builders and merge have a combine function and a stored state')
FROM pg_aggregate AS a JOIN pg_proc AS p ON p.oid = a.aggfnoid
WHERE p.proname IN ('rollup_rows', 'rollup') AND p.pronamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
	AND a.aggcombinefn <> 0 AND a.aggtranstype = 'kpi.rollup_state'::regtype AND p.proparallel = 's';
SELECT is(count(*), 8::bigint, 'window functions') FROM pg_proc WHERE proname = 'rollup_score'
	AND pronamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND prokind = 'w' AND proparallel = 's';

-- counts of statuses
SELECT is(kpi.status_counts(s)::text, wanted, 'counts of ' || name)
FROM (VALUES ('the published case', '{1,1,-1,NULL}'::integer[], '(1,0,2,1)'), ('one middle', '{0}', '(0,1,0,0)'),
	('none with data', '{NULL,NULL}', '(0,0,0,2)')) AS v(name, statuses, wanted),
	LATERAL unnest(statuses) AS s GROUP BY name, wanted;
SELECT is(kpi.status_counts(1)::text, '(0,0,0,0)', 'no rows') FROM nodes WHERE false;
SELECT throws_ok(format('SELECT kpi.status_counts(%s)', s), '22023', format('status %s is not -1, 0 or 1', s),
	'status ' || s) FROM unnest(ARRAY[2, -2, 100]) AS s;
CREATE TABLE statuses AS SELECT nullif(i % 7, 3) % 2 * (1 - i % 3) AS status FROM generate_series(1, 30000) AS i;
ANALYZE statuses;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT is((c.counts).bad || ' ' || (c.counts).middle || ' ' || (c.counts).good || ' ' || (c.counts).no_data,
	c.bad || ' ' || c.middle || ' ' || c.good || ' ' || c.none, 'counts in a parallel plan')
FROM (SELECT kpi.status_counts(status) AS counts, count(*) FILTER (WHERE status = -1) AS bad,
	count(*) FILTER (WHERE status = 0) AS middle, count(*) FILTER (WHERE status = 1) AS good,
		count(*) FILTER (WHERE status IS NULL) AS none FROM statuses) AS c;
SELECT is(kpi_internal.status_state_combine(kpi_internal.status_state_accum(a, 1),
	kpi_internal.status_state_accum(a, NULL))::text || a::text,
	'1 2 4 7 91 1 2 3 4', 'states are values')
FROM (SELECT '1 1 2 3 4'::kpi_internal.status_state AS a OFFSET 0) AS s;
SELECT throws_ok(format('SELECT %L::kpi_internal.status_state', form), '22P02', NULL, 'refused: ' || form)
FROM unnest(ARRAY['', '1 1 2 3', '1 1 2 3 4 5', '1 -1 2 3 4', 'x']) AS form;
SELECT throws_ok($$SELECT '2 1 2 3 4'::kpi_internal.status_state$$, NULL, NULL, 'refused: another version');
SELECT throws_ok($$SELECT kpi_internal.status_state_counts('1 0 0 3000000000 0')$$, '22003', NULL,
	'more than an integer holds');
CREATE TEMP TABLE kept AS SELECT '1 1 2 3 4'::kpi_internal.status_state AS state;
SELECT is(encode(kpi_internal.status_state_send(state), 'hex'),
	'010000000000000001000000000000000200000000000000030000000000000004', 'binary form') FROM kept;

SELECT * FROM finish();
ROLLBACK;
