-- Scorecard rollup: shapes, methods, policies, errors and the stored state.
\set VERBOSITY default

-- a scorecard of two levels, one leaf without a score
CREATE TEMP TABLE card (node text, parent text, weight numeric, score numeric,
						method text, missing text, min_coverage numeric);
INSERT INTO card VALUES
	('total', NULL, NULL, NULL, NULL, NULL, NULL),
	('financial', 'total', 50, NULL, NULL, NULL, NULL),
	('revenue', 'financial', 60, 110, NULL, NULL, NULL),
	('margin', 'financial', 40, 90, NULL, NULL, NULL),
	('customer', 'total', 30, NULL, NULL, NULL, NULL),
	('churn', 'customer', 1, 75, NULL, NULL, NULL),
	('satisfaction', 'customer', 3, NULL, NULL, NULL, NULL),
	('people', 'total', 20, NULL, NULL, NULL, NULL),
	('training', 'people', 1, 80, NULL, NULL, NULL),
	('headcount', 'people', NULL, 42, NULL, NULL, NULL);

SELECT n.*
FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score) AS nodes FROM card) AS r,
	unnest(r.nodes) AS n;
SELECT n.*
FROM (SELECT kpi.scorecard_rollup(node, parent, weight::float8, score::float8) AS nodes FROM card) AS r,
	unnest(r.nodes) AS n;

-- the order of the rows does not matter
SELECT (SELECT kpi.scorecard_rollup(node, parent, weight, score ORDER BY node) FROM card) =
	(SELECT kpi.scorecard_rollup(node, parent, weight, score ORDER BY node DESC) FROM card) AS same;

-- types of the overloads
SELECT pg_typeof(kpi.scorecard_rollup('a', NULL, NULL, 1)) AS integers,
	pg_typeof(kpi.scorecard_rollup('a', NULL, NULL, 1.5)) AS decimals,
	pg_typeof(kpi.scorecard_rollup('a', NULL, 1::numeric, 1.5, 'worst')) AS five,
	pg_typeof(kpi.scorecard_rollup('a', NULL, 1::numeric, 1.5, 'worst', 'zero')) AS six,
	pg_typeof(kpi.scorecard_rollup('a', NULL, 1::float8, 1, 'worst', 'zero', 0.5)) AS seven;

-- methods by policies, over 50, 80 and one missing
SELECT method, policy, n.score, n.coverage, n.children, n.present, n.missing, n.missing_nodes, n.reason
FROM unnest(ARRAY['weighted', 'average', 'worst', NULL]) WITH ORDINALITY AS m(method, i),
	unnest(ARRAY['renormalize', 'zero', 'null', NULL]) WITH ORDINALITY AS p(policy, j),
	LATERAL (SELECT kpi.scorecard_rollup(node, parent, weight, score, m.method, p.policy) AS nodes
			 FROM (VALUES ('all', NULL, NULL, NULL), ('a', 'all', 2, 50), ('b', 'all', 1, 80),
						  ('c', 'all', 1, NULL)) AS v(node, parent, weight, score)) AS r,
	LATERAL unnest(r.nodes) AS n
WHERE n.parent IS NULL
ORDER BY i, j;

-- min_coverage: below, at, above; and the effect one level up
SELECT n.node, n.score, n.coverage, n.missing_nodes, n.reason
FROM unnest(ARRAY[0.74, 0.75, 0.76]) AS limits(least),
	LATERAL (SELECT kpi.scorecard_rollup(node, parent, weight, score, NULL, NULL,
										 CASE WHEN node = 'part' THEN least END) AS nodes
			 FROM (VALUES ('all', NULL, NULL, NULL::numeric), ('part', 'all', 1.0, NULL), ('other', 'all', 1, 60),
						  ('a', 'part', 3, 50), ('b', 'part', 1, NULL)) AS v(node, parent, weight, score)) AS r,
	LATERAL unnest(r.nodes) AS n
WHERE n.node IN ('all', 'part')
ORDER BY least, n.depth;

-- why there is no score
SELECT n.node, n.score, n.coverage, n.children, n.present, n.missing, n.missing_nodes, n.reason
FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score, NULL, missing) AS nodes
	  FROM (VALUES ('1 informational', NULL, NULL, NULL, NULL), ('1a', '1 informational', NULL, 5.0, NULL),
				   ('2 weights of 0', NULL, NULL, NULL, NULL), ('2a', '2 weights of 0', 0, 5, NULL),
				   ('3 all missing', NULL, NULL, NULL, 'zero'), ('3a', '3 all missing', 1, NULL, NULL),
				   ('3b', '3 all missing', 1, 'NaN', NULL), ('3c', '3 all missing', 1, 'Infinity', NULL),
				   ('4 null', NULL, NULL, NULL, 'null'), ('4a', '4 null', 1, NULL, NULL),
				   ('4b', '4 null', 1, 5, NULL), ('4c', '4 null', 0, NULL, NULL),
				   ('5 empty', NULL, 1, NULL, NULL),
				   ('6 above', NULL, 1, NULL, NULL), ('6a', '6 above', 1, NULL, NULL),
				   ('6b', '6a', 0, NULL, NULL), ('6c', '6 above', 1, 7, NULL))
		   AS v(node, parent, weight, score, missing)) AS r,
	unnest(r.nodes) AS n;

-- the same reasons in float8, for numbers that are none
SELECT n.node, n.score, n.coverage, n.reason
FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score) AS nodes
	  FROM (VALUES ('r', NULL, NULL, NULL), ('a', 'r', 1, 'NaN'::float8), ('b', 'r', 1, '-Infinity'),
				   ('c', 'r', 2, -7)) AS v(node, parent, weight, score)) AS r,
	unnest(r.nodes) AS n;

-- a forest in byte order; a leaf as a root
SELECT n.node, n.parent, n.depth, n.absolute_weight, n.score
FROM (SELECT kpi.scorecard_rollup(node, parent, 1, 10.0) AS nodes
	  FROM (VALUES ('b', NULL), ('a', NULL), ('B', NULL), ('aa', NULL), ('', NULL)) AS v(node, parent)) AS r,
	unnest(r.nodes) AS n;

-- several parents: shared is counted under both, shown once, 0.5 * 0.25 + 0.5
SELECT n.node, n.parent, n.depth, n.weight, n.absolute_weight, n.score, n.missing_nodes
FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score) AS nodes
	  FROM (VALUES ('top', NULL, NULL, NULL::numeric), ('left', 'top', 1.0, NULL), ('right', 'top', 1, NULL),
				   ('shared', 'left', 1, NULL), ('shared', 'right', 5, NULL), ('own', 'left', 3, 40),
				   ('x', 'shared', 1, 80), ('y', 'shared', 1, NULL), ('y', 'top', 0, NULL))
		   AS v(node, parent, weight, score)) AS r,
	unnest(r.nodes) AS n;

-- below an informational node there is no absolute weight
SELECT n.node, n.weight, n.absolute_weight, n.score, n.missing_nodes
FROM (SELECT kpi.scorecard_rollup(node, parent, weight, score) AS nodes
	  FROM (VALUES ('top', NULL, 7.50, NULL::numeric), ('a', 'top', 1, 10), ('info', 'top', NULL, NULL),
				   ('b', 'info', 2, 20), ('c', 'info', 2, NULL))
		   AS v(node, parent, weight, score)) AS r,
	unnest(r.nodes) AS n;

-- rounding is half away from zero at 20 decimals, or more where a score has more
SELECT n.score
FROM (VALUES (1, 0.00000000000000000001), (2, -0.00000000000000000001), (3, 0.0000000000000000000000001))
	AS s(i, tiny),
	LATERAL (SELECT kpi.scorecard_rollup(node, parent, 1, score) AS nodes
			 FROM (VALUES ('r', NULL, NULL::numeric), ('a', 'r', 0), ('b', 'r', tiny)) AS v(node, parent, score)) AS r,
	LATERAL unnest(r.nodes) AS n
WHERE n.parent IS NULL
ORDER BY i;

-- nothing, and one row
SELECT kpi.scorecard_rollup('a', NULL, 1, 1) IS NULL AS none FROM card WHERE false;
SELECT kpi.scorecard_rollup('a', NULL, 1, 1.50) AS one;
SELECT kpi.scorecard_rollup('a', NULL, NULL, NULL::float8) AS one;

-- errors of a row
SELECT kpi.scorecard_rollup(NULL, NULL, 1, 1);
SELECT kpi.scorecard_rollup('a', NULL, -1, 1);
SELECT kpi.scorecard_rollup('a', NULL, 'NaN'::numeric, 1);
SELECT kpi.scorecard_rollup('a', NULL, 'Infinity'::float8, 1);
SELECT kpi.scorecard_rollup('a', NULL, 1, 1, 'mean');
SELECT kpi.scorecard_rollup('a', NULL, 1, 1, 'worst', 'skip');
SELECT kpi.scorecard_rollup('a', NULL, 1, 1, NULL, NULL, 80);
SELECT kpi.scorecard_rollup('a', NULL, 1.0, 1, NULL, NULL, -0.1::numeric);

-- errors of the tree
SELECT kpi.scorecard_rollup(node, parent, 1, NULL)
FROM (VALUES ('a', 'b'), ('b', 'c'), ('c', 'b'), ('root', NULL)) AS v(node, parent);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL) FROM (VALUES ('self', 'self')) AS v(node, parent);
SELECT kpi.scorecard_rollup('n' || i, 'n' || (i + 1) % 100, 1, NULL) FROM generate_series(0, 99) AS i;
SELECT kpi.scorecard_rollup(node, parent, 1, NULL) FROM (VALUES ('total', NULL), ('a', 'totel')) AS v(node, parent);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL) FROM (VALUES ('total', NULL), ('a', 'company')) AS v(node, parent);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL)
FROM (VALUES ('r', NULL), ('a', 'r'), ('a', 'r')) AS v(node, parent);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL) FROM (VALUES ('r', NULL), ('r', NULL)) AS v(node, parent);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL)
FROM (VALUES ('r', NULL), ('a', 'r'), ('a', NULL)) AS v(node, parent);
SELECT kpi.scorecard_rollup(node, parent, 1, 5) FROM (VALUES ('r', NULL), ('a', 'r')) AS v(node, parent);

-- several rows of a node: attributes agree, or are NULL in all but one
SELECT n.node, n.score
FROM (SELECT kpi.scorecard_rollup(node, parent, 1, score, method) AS nodes
	  FROM (VALUES ('r', NULL, NULL, NULL), ('p', 'r', NULL, 'worst'), ('q', 'r', NULL, NULL), ('x', 'p', 5.0, NULL),
				   ('x', 'q', 5.00, NULL), ('y', 'p', NULL, NULL), ('y', 'q', 3, NULL))
		   AS v(node, parent, score, method)) AS r,
	unnest(r.nodes) AS n;
SELECT kpi.scorecard_rollup(node, parent, 1, score)
FROM (VALUES ('r', NULL, NULL), ('p', 'r', NULL), ('x', 'r', 5.0), ('x', 'p', 6)) AS v(node, parent, score);
SELECT kpi.scorecard_rollup(node, parent, 1, score)
FROM (VALUES ('r', NULL, NULL), ('p', 'r', NULL), ('x', 'r', 5.0), ('x', 'p', 'NaN')) AS v(node, parent, score);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL, method)
FROM (VALUES ('r', NULL, NULL), ('p', 'r', NULL), ('x', 'r', 'worst'),
	('x', 'p', 'average')) AS v(node, parent, method);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL, NULL, missing)
FROM (VALUES ('r', NULL, NULL), ('p', 'r', NULL), ('x', 'r', 'zero'), ('x', 'p', 'null')) AS v(node, parent, missing);
SELECT kpi.scorecard_rollup(node, parent, 1, NULL, NULL, NULL, least)
FROM (VALUES ('r', NULL, NULL), ('p', 'r', NULL), ('x', 'r', 0.5), ('x', 'p', 0.6)) AS v(node, parent, least);

-- the state is a value: rows are added to a copy, its forms are sorted
CREATE TEMP TABLE stored (id integer, state kpi.rollup_state);
INSERT INTO stored VALUES
	(1, kpi_internal.rollup_accum(NULL, 'b "quoted"', 'a', 1.50, 90::numeric, 'worst', 'zero', 0.8)),
	(2, kpi_internal.rollup_accum(NULL, 'a', NULL, NULL, NULL::numeric)),
	(3, kpi_internal.rollup_accum(NULL, 'a', NULL, 0.1, 1e-300::float8)),
	(4, kpi_internal.rollup_accum(NULL, '', '-', 0, 'NaN'::float8));
SELECT * FROM stored ORDER BY id;
SELECT kpi_internal.rollup_combine(x.state, y.state) AS xy,
	kpi_internal.rollup_combine(y.state, x.state)::text = kpi_internal.rollup_combine(x.state, y.state)::text AS same
FROM stored AS x, stored AS y WHERE x.id = 1 AND y.id = 2;
SELECT kpi_internal.rollup_nodes_numeric(kpi_internal.rollup_combine(x.state, y.state))
FROM stored AS x, stored AS y WHERE x.id = 1 AND y.id = 2;
SELECT id, kpi_internal.rollup_state_in(kpi_internal.rollup_state_out(state))::text = state::text AS text_form
	FROM stored ORDER BY id;
SELECT kpi_internal.rollup_accum(state, 'c', 'a', 1, 2::numeric) FROM stored WHERE id = 2;
SELECT state FROM stored WHERE id = 2;
SELECT kpi_internal.rollup_combine(NULL, state), kpi_internal.rollup_combine(state, NULL),
	kpi_internal.rollup_combine(NULL, NULL)
FROM stored WHERE id = 3;
SELECT kpi_internal.rollup_combine(x.state, y.state) FROM stored AS x, stored AS y WHERE x.id = 1 AND y.id = 3;
SELECT kpi_internal.rollup_accum(state, 'c', 'a', 1, 2::float8) FROM stored WHERE id = 1;
SELECT kpi_internal.rollup_nodes_numeric(state) FROM stored WHERE id = 3;
SELECT kpi_internal.rollup_nodes_float8(state) FROM stored WHERE id = 1;
-- a stored state may be compressed
INSERT INTO stored VALUES (5, kpi_internal.rollup_accum(NULL, repeat('long ', 2000), NULL, 1, 5::float8));
SELECT pg_column_size(state) < 1000 AS compressed, length(state::text) AS characters,
	length(kpi_internal.rollup_accum(state, 'a', NULL, 1, 5::float8)::text) AS with_another,
	cardinality(kpi_internal.rollup_nodes_float8(state)) AS nodes
FROM stored WHERE id = 5;

-- text forms that are none
SELECT 'x'::kpi.rollup_state;
SELECT '2 float8 1 "a" - - - - - - - - -'::kpi.rollup_state;
SELECT '1 float4 1 "a" - - - - - - - - -'::kpi.rollup_state;
SELECT '1 float8 0'::kpi.rollup_state;
SELECT '1 float8 2 "a" - - - - - - - - -'::kpi.rollup_state;
SELECT '1 float8 1 "a" - - - - - - - - - -'::kpi.rollup_state;
SELECT '1 float8 1 a - - - - - - - - -'::kpi.rollup_state;
SELECT '1 float8 1 "a - - - - - - - - -'::kpi.rollup_state;
SELECT '1 float8 1 "a""'::kpi.rollup_state;
SELECT '1 float8 1 "a"b - - - - - - - - -'::kpi.rollup_state;
SELECT '1 float8 1 "a" - -1 - - - - - - -'::kpi.rollup_state;
SELECT '1 float8 1 "a" - 1 Infinity - - - - - -'::kpi.rollup_state;
SELECT '1 numeric 1 "a" - 1 NaN - - - - - -'::kpi.rollup_state;
SELECT '1 numeric 1 "a" - 1 5 mean - - - - -'::kpi.rollup_state;
SELECT '1 numeric 1 "a" - 1 5 - - 1.5 - - -'::kpi.rollup_state;
SELECT '1 numeric 1 "a" - 1 5 - - - veto - -'::kpi.rollup_state;
SELECT '1 numeric 1 "a" - 1 5 - - - veto_cap - -'::kpi.rollup_state;
SELECT '1 numeric 1 "a" - 1 5 - - - part 1 -'::kpi.rollup_state;
SELECT '1 numeric 1 "a" - 1 5 - - - - - NaN'::kpi.rollup_state;
