-- A shop whose results are made final, what holds an operation at a place, and what has
-- to be true whenever anybody looks.

CREATE SCHEMA shop;
CREATE TABLE shop.sale AS SELECT date '2025-01-01' + n % 120 AS day,
	(ARRAY['north', 'south', NULL])[1 + n % 3] AS region, n AS amount
FROM generate_series(1, 300) AS n;
SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');
SELECT kpi.define_indicator('sales', combine => 'sum', grain => 'month'),
	kpi.define_indicator('cost', source => 'shop.sale', time_column => 'day', unit_column => 'region',
		numerator => 'sum(amount)', direction => 'lower');
SELECT kpi.define_scorecard('card', missing => 'carry'), kpi.define_scorecard('outer');
SELECT kpi.set_weight('card', 'sales', 60, max_age => 2), kpi.set_weight('card', 'cost', 40,
	scale => 'rank(100, 80, 60) of actual');
SELECT kpi.define_node('outer', 'inner', shows => 'card', weight => 1),
	kpi.define_node('outer', 'of south', shows => 'card', unit => 'south', weight => 1),
	kpi.define_node('outer', 'best', indicator => 'sales', unit => 'north', weight => 1);
SELECT kpi.set_target('sales', u, '2025', 1200), kpi.set_target('cost', u, '2025', 9000)
	FROM unnest('{company,north,south}'::text[]) AS u;
SELECT kpi.enter('sales', u, '2025-0' || m, 60 + m * length(u)) FROM unnest('{north,south}'::text[]) AS u,
	generate_series(1, 4) AS m WHERE (u, m) <> ('north', 4);
CALL kpi.collect('2025');

-- What was made final, as it was then
CREATE TABLE harness.kept (finalization bigint, place integer, result jsonb, input jsonb);
CREATE FUNCTION harness.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO harness.kept VALUES (new.finalization, new.place, to_jsonb(new.result), to_jsonb(new.input));
	RETURN NULL;
END $$;
CREATE TRIGGER keep AFTER INSERT ON kpi_internal.final_node FOR EACH ROW EXECUTE FUNCTION harness.keep();
SELECT kpi.finalize('card', NULL, '2025-01'), kpi.finalize('outer', 'north', '2025-01');

SELECT harness.hold_at('{kpi.finalization,kpi_internal.final_node,kpi.result,kpi.restated,kpi.restated_inside,
	kpi.result_inside,kpi_internal.mark}');

-- Readers
CREATE ROLE harness_all;
CREATE ROLE harness_north;
CREATE ROLE harness_clerk;
CREATE ROLE harness_editor;
SELECT kpi.grant_viewer('harness_all'), kpi.grant_viewer('harness_north', '{north}'),
	kpi.grant_entry('harness_clerk', '{south}'), kpi.grant_editor('harness_editor');
-- the units that they see; NULL for all
CREATE TABLE harness.reader AS SELECT * FROM (VALUES ('harness_all', NULL), ('harness_north', 'north'),
	('harness_clerk', 'south'), ('harness_editor', NULL)) AS v (role, unit);
CREATE FUNCTION harness.shown() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(t.key, t.line)
	FROM (SELECT 'stored ' || v.score_key AS key, to_jsonb(v) AS line FROM kpi.v_scorecard AS v
		UNION ALL
		SELECT 'fact ' || f.score_key, to_jsonb(f) FROM kpi.fact_score AS f
		UNION ALL
		SELECT concat_ws('/', 'live', v.score_key), to_jsonb(v) - 'evaluated_at' FROM kpi.v_scorecard_live AS v
		UNION ALL
		SELECT concat_ws('/', 'restated', r.scorecard, r.unit, r.period_start, r.node), to_jsonb(r)
		FROM kpi.v_restatement AS r) AS t
$$;
CREATE FUNCTION harness.shown_to(reader text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	shown jsonb;
BEGIN
	PERFORM set_config('role', reader, true);
	EXECUTE 'SELECT harness.shown()' INTO shown;
	PERFORM set_config('role', 'none', true);
	RETURN shown;
END $$;
GRANT USAGE ON SCHEMA harness TO PUBLIC;
-- a node of another unit hides what its score is made of
CREATE FUNCTION harness.without_inside(line jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT CASE WHEN line ->> 'measured_unit' <> line ->> 'unit' OR line ->> 'node' = 'best'
		THEN line - '{actual,target,attainment,previous_actual,last_year_actual,change_rate,score_reason,score_reason_label,'
			'final_actual,final_target,restated_actual,restated_target}'::text[] ELSE line END
$$;

-- What is not as it has to be
CREATE FUNCTION harness.wrong() RETURNS TABLE (sentence text, what text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	silent CONSTANT text := 'no stale row that does not say so';
	changed CONSTANT text := 'no final row that has changed';
	differs CONSTANT text := 'no number that differs by reader';
	touched CONSTANT kpi_internal.cell[] := kpi_internal.refresh_together(
		ARRAY(SELECT m.mark FROM kpi_internal.mark AS m));
	everything CONSTANT kpi_internal.cell[] := ARRAY(
		SELECT CAST(ROW(p.scorecard, u.unit, p.grain, p.period_start, NULL) AS kpi_internal.cell)
		FROM kpi_internal.card_periods() AS p JOIN kpi.scorecard AS k ON k.scorecard = p.scorecard
			JOIN kpi.unit AS u ON u.dimension = k.dimension AND u.valid && kpi_internal.period_days(p.grain, p.period_start));
	whole CONSTANT jsonb := harness.shown();
BEGIN
	-- what is not marked is what an evaluation gives, and is all there
	RETURN QUERY
	WITH quiet AS (
		SELECT c.scorecard, c.unit, c.grain, c.period_start FROM unnest(everything) AS c
		EXCEPT SELECT t.scorecard, t.unit, t.grain, t.period_start FROM unnest(touched) AS t
	), anew AS (
		SELECT m.* FROM kpi_internal.new_results(ARRAY(
				SELECT CAST(ROW(q.scorecard, q.unit, q.grain, q.period_start, NULL) AS kpi_internal.cell) FROM quiet AS q)) AS n
			CROSS JOIN LATERAL kpi_internal.masked(n, kpi_internal.word_of_hidden()) AS m
	), stored AS (
		SELECT r.* FROM kpi.result AS r WHERE (r.scorecard, r.unit, r.period_grain, r.period_start)
			NOT IN (SELECT t.scorecard, t.unit, t.grain, t.period_start FROM unnest(touched) AS t)
	)
	SELECT silent, coalesce(a.score_key, s.score_key)::text FROM anew AS a FULL JOIN stored AS s USING (score_key)
	WHERE to_jsonb(a) - 'evaluated_at' IS DISTINCT FROM to_jsonb(s) - 'evaluated_at';
	RETURN QUERY SELECT silent, 'is_stale of ' || v.score_key FROM kpi.v_scorecard AS v
	WHERE v.is_stale <> ((v.scorecard, v.unit, v.period_grain, v.period_start)
		IN (SELECT t.scorecard, t.unit, t.grain, t.period_start FROM unnest(touched) AS t))::integer AND v.is_final = 0;
	-- nor are restatements
	RETURN QUERY
	WITH quiet AS (
		SELECT f.* FROM kpi.finalization AS f WHERE f.reopened_at IS NULL
			AND (f.scorecard, f.unit, f.period_grain, f.period_start) NOT IN (
				SELECT t.scorecard, t.unit, t.grain, t.period_start FROM unnest(touched) AS t)
	)
	SELECT silent, 'restated ' || coalesce(a.finalization || ' ' || a.node, s.finalization || ' ' || s.node)
	FROM kpi_internal.restatements(ARRAY(
			SELECT CAST(ROW(q.scorecard, q.unit, q.period_grain, q.period_start, NULL) AS kpi_internal.cell)
			FROM quiet AS q)) AS a
		FULL JOIN (SELECT r.* FROM kpi.restated AS r WHERE r.finalization IN (SELECT q.finalization FROM quiet AS q)) AS s
			USING (finalization, node)
	WHERE to_jsonb(a) - 'restated_at' IS DISTINCT FROM to_jsonb(s) - 'restated_at';
	-- what is final is what it was: as it is kept, as it is evaluated, as it is stored
	RETURN QUERY
	WITH kept AS (
		SELECT f.*, k.place, k.result, k.input FROM kpi.finalization AS f LEFT JOIN harness.kept AS k USING (finalization)
		WHERE f.reopened_at IS NULL
	)
	SELECT changed, concat_ws(' ', k.scorecard, k.unit, k.period_start, k.result ->> 'node', what)
	FROM kept AS k
		LEFT JOIN kpi_internal.final_node AS n USING (finalization, place)
		LEFT JOIN kpi_internal.evaluated(ARRAY(
			SELECT DISTINCT CAST(ROW(o.scorecard, o.unit, o.period_grain, o.period_start, NULL) AS kpi_internal.cell)
			FROM kept AS o)) AS e ON e.scorecard = k.scorecard AND e.unit = k.unit
				AND e.grain = k.period_grain AND e.period_start = k.period_start AND e.node = k.result ->> 'node'
		LEFT JOIN kpi.result AS r ON r.scorecard = k.scorecard AND r.unit = k.unit AND r.period_grain = k.period_grain
			AND r.period_start = k.period_start AND r.node = k.result ->> 'node'
		CROSS JOIN LATERAL (VALUES
			('is kept otherwise', (to_jsonb(n.result), to_jsonb(n.input)) IS DISTINCT FROM (k.result, k.input)),
			('is evaluated otherwise', to_jsonb(e) IS DISTINCT FROM k.result),
			('is stored otherwise', (r.is_final, r.score, r.previous_score, r.coverage) IS DISTINCT FROM (1,
				CAST(kpi_internal.shown_points((k.result ->> 'score')::numeric) AS numeric(13,6)),
				CAST(kpi_internal.shown_points((k.result ->> 'previous_score')::numeric) AS numeric(13,6)),
				CAST(kpi_internal.shown_share((k.result ->> 'coverage')::numeric) AS numeric(18,6))))) AS w (what, is_so)
	WHERE w.is_so;
	RETURN QUERY SELECT changed, 'more is stored as final: ' || r.score_key FROM kpi.result AS r
	WHERE r.is_final = 1 AND NOT EXISTS (SELECT FROM kpi.finalization AS f JOIN harness.kept AS k USING (finalization)
		WHERE f.reopened_at IS NULL AND (f.scorecard, f.unit, f.period_grain, f.period_start, k.result ->> 'node')
			= (r.scorecard, r.unit, r.period_grain, r.period_start, r.node));
	-- each reader sees of the units that they may see all that there is, and nothing else
	RETURN QUERY
	SELECT differs, d.role || ' ' || w.key
	FROM (SELECT x.role, x.unit, harness.shown_to(x.role) AS shown FROM harness.reader AS x) AS d
		CROSS JOIN LATERAL (
			SELECT key, a.value AS of_all, s.value AS of_reader
			FROM (SELECT j.* FROM jsonb_each(whole) AS j
				WHERE d.unit IS NULL OR j.value ->> 'unit' = d.unit
					AND (d.unit = 'north' OR j.key !~ '^restated.*/best$')) AS a
				FULL JOIN jsonb_each(coalesce(d.shown, '{}')) AS s USING (key)) AS w
	WHERE CASE WHEN d.unit IS NULL THEN w.of_all IS DISTINCT FROM w.of_reader
		ELSE harness.without_inside(w.of_all) IS DISTINCT FROM harness.without_inside(w.of_reader) END;
END $$;
