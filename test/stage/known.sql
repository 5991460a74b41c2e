-- What the types of arguments do not tell. A topic that adds an aggregate whose
-- rows must fit together, or a type that no aggregate makes, adds lines here.

-- columns of aggregates, by a pattern of their names and the name of the
-- argument: i counts the rows of group g from 1
INSERT INTO harness.column_rule VALUES
	('^(scorecard_rollup|rollup_rows)$', 'node', 'text', $$('n' || i)$$),
	('^(scorecard_rollup|rollup_rows)$', 'parent', 'text', $$(CASE WHEN i > 1 THEN 'n' || 1 + (i - 2) % 7 END)$$),
	('^(scorecard_rollup|rollup_rows)$', 'score', 'numeric', $$(CASE WHEN i > 7 AND i % 9 > 0 THEN harness.h(i, g, 4) % 12000 / 100.0 END)$$),
	('^(scorecard_rollup|rollup_rows)$', 'score', 'float8', $$(CASE WHEN i > 7 AND i % 9 > 0 THEN harness.h(i, g, 4) % 12000 / 100.0 END)::float8$$),
	-- customers, some of them alike and some not known; fits have the
	-- same states, but would take minutes
	('^clv_(covariate_)?customers$', 'frequency', 'float8', $$(CASE WHEN harness.h(g, i, 9) % 17 > 0 THEN harness.h(i, g, 1) % 5 END)::float8$$),
	('^clv_(covariate_)?customers$', 'recency', 'float8', $$(CASE WHEN harness.h(i, g, 1) % 5 = 0 THEN 0 ELSE (10 + harness.h(i, g, 3) % 40) * (1 + harness.h(i, g, 2) % 16) / 16.0 END)::float8$$),
	('^clv_(covariate_)?customers$', 't', 'float8', $$(10 + harness.h(i, g, 3) % 40)::float8$$);

-- text forms of types
INSERT INTO harness.form
SELECT 'kpi.scale'::regtype, 'scale', row_number() OVER (), form
FROM unnest('{"linear(0:0, 0.8:60, 1:100)","step(0:0, 0.6:60, 1:100)","linear(-1e10:-5.5, 0:0, 0.125:1e3, 1e15:120)","step(1:1)",
	"efficacy(1:4, 5:8, 8:12, 11:16, 15:20) of actual","efficacy(10:10, 15:8, 20:6) of gap","deduct(100 from 0.95, 2 per 0.01 started) of attainment min 0",
	"deduct(10 from 2 up, 1.5 per 1)","add(0 from 100000, 5 per 10000 full) max 20","add(-1e300 from -1e308 down, 1e300 per 1e-300)",
	"range(90..110 full, 70..130 zero) round -1","range(0..0 full, 0..0 zero)","binary(100)","binary(-5) of gap round 20","rank(100, 80, 60) of actual max 90",
	"given","given of gap round 2 min -5 max 5.50"}'::text[]) AS form
UNION ALL
SELECT 'kpi.scale'::regtype, 'scale', 99, 'linear(' || string_agg(x || ':' || x * 2, ', ' ORDER BY x) || ')' FROM generate_series(1, 1000) AS x
UNION ALL
SELECT 'kpi.scale'::regtype, 'scale', 98, 'rank(' || string_agg((1000 - x)::text, ', ' ORDER BY x) || ')' FROM generate_series(1, 1000) AS x;

-- states that sum doubles with compensation: the last bit may depend on the
-- order; every other state gives the same bits
CREATE TABLE harness.rounding (state regtype PRIMARY KEY);
INSERT INTO harness.rounding VALUES ('kpi.ratio_state'), ('kpi.weighted_state'), ('kpi.rfm_state');

-- what a check would complain of and is meant so
CREATE TABLE harness.on_purpose (fact text, name text, reason text);
INSERT INTO harness.on_purpose VALUES
	('search path', 'define_indicator', 'the source is looked up on the path of the caller'),
	('search path', 'resolve_source', 'so it is here, where it is looked up');

-- calls that go through much and take arguments which cannot be guessed, over what the demo has
CREATE TABLE harness.known_call (call text PRIMARY KEY);
INSERT INTO harness.known_call VALUES
	($$SELECT kpi.set_target('revenue', 'north', '2025-05', 1000, replace => true)$$),
	($$SELECT * FROM kpi.evaluate('marketing', 'north', '2025-07')$$),
	($$SELECT * FROM kpi_internal.report_rows('marketing', 'north', '2025-07')$$),
	($$SELECT * FROM kpi.scorecard_text('marketing', 'north', '2025-07')$$);
