-- Scorecard rollup: methods, roles, vetoes, carried scores, window, stored rows.
\set VERBOSITY default

-- methods by policies, over 40, 90, 90 and one missing with a carried 20
SELECT method, n.score, r.under_zero, r.under_null, r.under_carry, r.under_target
FROM unnest(ARRAY['weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric', 'points'])
	WITH ORDINALITY AS m(method, i),
	LATERAL (SELECT kpi.scorecard_rollup(node, parent, weight, score, m.method) AS nodes,
					(kpi.scorecard_rollup(node, parent, weight, score, m.method, 'zero'))[1].score AS under_zero,
					(kpi.scorecard_rollup(node, parent, weight, score, m.method, 'null'))[1].score AS under_null,
					(kpi.scorecard_rollup(node, parent, weight, score, m.method, 'carry', NULL, role, NULL,
						carried))[1].score AS under_carry,
					(kpi.scorecard_rollup(node, parent, weight, score, m.method, 'target'))[1].score AS under_target
			 FROM (VALUES (' all', NULL, NULL, NULL, NULL, NULL), ('a', ' all', 2.0, 40, NULL, NULL),
				('b', ' all', 1, 90, NULL, NULL),
						  ('c', ' all', 1, 90.0, NULL, NULL), ('d', ' all', 1, NULL, 'priority', 20))
							AS v(node, parent, weight, score, role, carried)) AS r,
	LATERAL unnest(r.nodes[1:1]) AS n
ORDER BY i;

-- the same in float8
SELECT method, (kpi.scorecard_rollup(node, parent, weight, score, method, 'carry', NULL, role, NULL, carried))[1].score
FROM unnest(ARRAY['weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric', 'points'])
	WITH ORDINALITY AS m(method, i),
	(VALUES (' all', NULL, NULL, NULL, NULL, NULL), ('a', ' all', 2::float8, 40, NULL, NULL),
		('b', ' all', 1, 90, NULL, NULL),
			('c', ' all', 1, 90, NULL, NULL), ('d', ' all', 1, NULL, 'priority', 20))
				AS v(node, parent, weight, score, role, carried)
GROUP BY method, i
ORDER BY i;

-- every role at once
SELECT n.node, n.role, n.weight, n.absolute_weight, n.score, n.coverage, n.carried, n.missing_nodes, n.vetoes,
	n.grades_down, n.coefficient_zero
FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score, method, NULL, NULL, role, role_limit) AS nodes
	  FROM (VALUES ('total', NULL, NULL, NULL, 'points', NULL, NULL),
				   ('sales', 'total', 60, 1.1, NULL, 'part', NULL), ('service', 'total', 40, 0.9, NULL, NULL, NULL),
				   ('praise', 'total', NULL, 8, NULL, 'bonus', 5),
				   ('delay', 'total', NULL, 3, NULL, 'deduction', NULL),
				   ('idea', 'total', NULL, NULL, NULL, 'bonus', 5),
				   ('fraud', 'total', NULL, NULL, NULL, 'veto_zero', NULL),
				   ('accident', 'total', NULL, 0, NULL, 'veto_cap', 99.0),
				   ('leak', 'total', 5, 0, NULL, 'veto_grade', 2),
				   ('strike', 'total', NULL, 0, NULL, 'veto_coefficient', NULL))
		   AS v(node, parent, weight, score, method, role, role_limit)) AS r,
	unnest(r.nodes) AS n;

-- a carried score makes its node and all above it carried, and coverage stays what it is
SELECT n.node, n.score, n.coverage, n.carried, n.present, n.missing, n.missing_nodes, n.reason
FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score, NULL, missing, least, NULL, NULL, carried) AS nodes
	  FROM (VALUES ('total', NULL, NULL, NULL, NULL, NULL, NULL), ('fresh', 'total', 1, NULL, 'carry', NULL, NULL),
		('tired', 'total', 1, NULL, 'carry', NULL, NULL),
				   ('strict', 'total', 1, NULL, 'carry', 0.5, 33), ('a', 'fresh', 1, 60, NULL, NULL, 10),
				   ('b', 'tired', 1, NULL, NULL, NULL, 80.0),
				   ('c', 'strict', 1, NULL, NULL, NULL, 70), ('d', 'strict', 1, NULL, NULL, NULL, NULL))
		   AS v(node, parent, weight, score, missing, least, carried)) AS r,
	unnest(r.nodes) AS n;

-- the window function: each row its node's score, whatever the frame; integers take float8
SELECT card, node, kpi.rollup_score(node, parent, weight, score) OVER (PARTITION BY card) AS score,
	kpi.rollup_score(node, parent, weight, score, method)
		OVER (PARTITION BY card ORDER BY node ROWS CURRENT ROW) AS by_method,
	kpi.rollup_score(node, parent, weight, score, method, 'null') OVER (PARTITION BY card) AS strict,
	kpi.rollup_score(node, parent, weight::float8, score::float8, method, 'zero', 0.5)
		OVER (PARTITION BY card) AS covered
FROM (VALUES (1, 'r', NULL, NULL, NULL, 'worst'), (1, 'p', 'r', 1, NULL, NULL), (1, 'q', 'r', 3, NULL, NULL),
	(1, 'x', 'p', 1, 50.5, NULL), (1, 'x', 'q', 1, NULL, NULL),
			 (1, 'y', 'q', 1, 70, NULL), (2, 'r', NULL, 5, 7, NULL), (3, 'r', NULL, NULL, NULL, NULL),
			 (3, 'x', 'r', 1, NULL, NULL), (3, 'y', 'r', 2, 9, NULL))
	AS v(card, node, parent, weight, score, method)
ORDER BY card, node;
SELECT pg_typeof(kpi.rollup_score('a', NULL, 1, 1) OVER ()) AS integers,
	pg_typeof(kpi.rollup_score('a', NULL, 1, 1.0) OVER ()) AS decimals;
SELECT kpi.rollup_score(node, parent, 1, NULL) OVER () FROM (VALUES ('a', 'b'), ('b', 'a')) AS v(node, parent);
SELECT kpi.rollup_score(node, parent, 1, score) OVER ()
FROM (VALUES ('r', NULL, NULL), ('p', 'r', NULL), ('x', 'r', 5.0), ('x', 'p', 6)) AS v(node, parent, score);
SELECT kpi.rollup_score(NULL, NULL, 1, 1) OVER ();
SELECT kpi.rollup_score('a', NULL, -1, 1) OVER ();
SELECT kpi.rollup_score('a', NULL, 1, 1);

-- rows stored by part, merged and rolled up
CREATE TEMP TABLE daily (day integer, rows kpi.rollup_state);
INSERT INTO daily
SELECT day, kpi.rollup_rows(node, parent, weight, score, NULL, NULL, NULL, role, role_limit, carried)
FROM (VALUES (1, 'r', NULL, NULL, NULL, NULL, NULL, NULL), (1, 'a', 'r', 1.0, 80, NULL, NULL, 70),
	(2, 'b', 'r', 3, 60, 'priority', NULL, NULL),
			 (2, 'v', 'r', NULL, 0, 'veto_cap', 50.5, NULL)) AS v(day, node, parent, weight, score, role,
			 role_limit, carried)
GROUP BY day;
SELECT * FROM daily ORDER BY day;
SELECT n.node, n.score, n.vetoes FROM (SELECT kpi.rollup(rows) AS rows FROM daily) AS d,
	unnest(kpi.scorecard_rollup(d.rows)) AS n;
SELECT n.node, n.score, n.weight
FROM (SELECT kpi.rollup_rows(node, parent, weight, score) AS rows
	  FROM (VALUES ('r', NULL, NULL, NULL), ('a', 'r', 0.1::float8, 0.1::float8),
		('b', 'r', 0.2, 0.7)) AS v(node, parent, weight, score)) AS d,
	unnest(kpi.scorecard_rollup(d.rows)) AS n;
SELECT kpi.scorecard_rollup(rows) FROM daily WHERE day = 2;
SELECT kpi.scorecard_rollup(NULL);

-- errors of roles and limits
SELECT kpi.scorecard_rollup('a', NULL, 1.0, 1, NULL, NULL, NULL, 'veto');
SELECT kpi.scorecard_rollup('a', NULL, 1.0, 1, NULL, NULL, NULL, 'veto_cap');
SELECT kpi.scorecard_rollup('a', NULL, 1.0, 1, NULL, NULL, NULL, 'bonus', -1::numeric);
SELECT kpi.scorecard_rollup('a', NULL, 1.0, 1, NULL, NULL, NULL, 'veto_grade', 1.5);
SELECT kpi.scorecard_rollup('a', NULL, 1, 1, NULL, NULL, NULL, 'veto_cap', 'Infinity');
SELECT kpi.scorecard_rollup('a', NULL, 1, 1, NULL, NULL, NULL, NULL, 5);
SELECT kpi.scorecard_rollup('a', NULL, 1, 1, NULL, NULL, NULL, 'priority');
SELECT kpi.scorecard_rollup(node, parent, 1, NULL, method, NULL, NULL, role)
FROM (VALUES ('r', NULL, 'weighted', NULL), ('a', 'r', NULL, 'bonus')) AS v(node, parent, method, role);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL, method, NULL, NULL, role)
FROM (VALUES ('r', NULL, 'self', NULL), ('a', 'r', NULL, 'veto_zero')) AS v(node, parent, method, role);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL, NULL, NULL, NULL, NULL, NULL, carried)
FROM (VALUES ('r', NULL, NULL), ('p', 'r', NULL), ('x', 'r', 5.0), ('x', 'p', 6)) AS v(node, parent, carried);

-- counts of statuses
SELECT (kpi.status_counts(status)).* FROM (VALUES (1), (1), (-1), (NULL), (0)) AS v(status);
SELECT kpi.status_counts(status) FROM (VALUES (1)) AS v(status) WHERE false;
SELECT kpi.status_counts(status) FROM (VALUES (1), (2)) AS v(status);
SELECT '1 1 2 3 x'::kpi_internal.status_state;
