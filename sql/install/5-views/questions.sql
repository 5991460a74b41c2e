-- Questions of a month's end that kpi.result and the series answer, each by one call.

CREATE FUNCTION kpi_internal.require_result_reader(scorecard text, unit text, grain text, period_start date)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF unit IS NULL THEN
		PERFORM kpi_internal.require_scorecard(scorecard);
	ELSE
		PERFORM kpi_internal.read_card(scorecard, unit, grain, kpi.period_label(grain, period_start)),
			kpi_internal.require_reader(unit, grain, period_start);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_result_reader(text, text, text, date) IS
'Raises an error unless a scorecard is there. So it does for a unit that does not go with it, or that the reader may '
'not see.';

CREATE TYPE kpi.status_run AS (
	unit_name text,
	node text,
	node_name text,
	score numeric,
	rag text,
	rag_label text,
	periods integer,
	since_label text
);
COMMENT ON TYPE kpi.status_run IS 'A row of kpi.status_runs(): a node and how long it has had its status.';
COMMENT ON COLUMN kpi.status_run.unit_name IS 'Name of the unit, in the reader''s language.';
COMMENT ON COLUMN kpi.status_run.node IS 'Key of the node.';
COMMENT ON COLUMN kpi.status_run.node_name IS 'Name of the node, in the reader''s language.';
COMMENT ON COLUMN kpi.status_run.score IS 'Its score, in hundredths of a point.';
COMMENT ON COLUMN kpi.status_run.rag IS 'Its status: red, amber, green or none.';
COMMENT ON COLUMN kpi.status_run.rag_label IS 'The status, in the reader''s language.';
COMMENT ON COLUMN kpi.status_run.periods IS 'Periods in a row with that status, this one among them.';
COMMENT ON COLUMN kpi.status_run.since_label IS 'The first of them.';

-- the fourth argument is a text in both, so that parameters without a type find their function
CREATE FUNCTION kpi.status_runs(scorecard text, unit text, period text, "grain" text DEFAULT NULL,
		status text DEFAULT NULL, at_least float8 DEFAULT 1)
	RETURNS SETOF kpi.status_run
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
	least_periods CONSTANT integer := kpi_internal.whole('at_least', at_least);
BEGIN
	SELECT r.* INTO p
	FROM kpi_internal.read_period(period) AS l
		CROSS JOIN LATERAL kpi_internal.read_period(l.period_start, coalesce(status_runs.grain, l.grain)) AS r;
	PERFORM kpi_internal.require_word('status', status, 'red', 'amber', 'green', 'none'),
		kpi_internal.require_value('at_least', CAST(at_least AS text)),
		kpi_internal.require_result_reader(scorecard, unit, p.grain, p.period_start);
	RETURN QUERY
	WITH now AS (
		SELECT r.* FROM kpi.v_scorecard AS r
		WHERE r.scorecard = status_runs.scorecard AND (status_runs.unit IS NULL OR r.unit = status_runs.unit)
			AND r.period_grain = p.grain AND r.period_start = p.period_start
			AND (status_runs.status IS NULL OR r.rag = status_runs.status)
	), earlier AS (
		SELECT n.unit, n.node, r.period_start, r.rag = n.rag
			   AND r.period_start = kpi_internal.period_step(p.grain, p.period_start,
					CAST(1 - row_number() OVER (PARTITION BY n.unit, n.node ORDER BY r.period_start DESC) AS integer)) AS goes_on
		FROM now AS n
			JOIN kpi.result AS r ON r.scorecard = n.scorecard AND r.unit = n.unit AND r.period_grain = p.grain
				AND r.node = n.node
				AND r.period_start <= p.period_start
	), run AS (
		SELECT e.unit, e.node, e.period_start,
			   bool_and(e.goes_on) OVER (PARTITION BY e.unit, e.node ORDER BY e.period_start DESC) AS is_run
		FROM earlier AS e
	), counted AS (
		SELECT r.unit, r.node, CAST(count(*) AS integer) AS periods, min(r.period_start) AS since FROM run AS r
			WHERE r.is_run GROUP BY r.unit, r.node
	)
	SELECT CAST(n.unit_name AS text), CAST(n.node AS text), CAST(n.node_name AS text), CAST(n.score AS numeric),
		CAST(n.rag AS text),
		   CAST(n.rag_label AS text), c.periods, kpi.period_label(p.grain, c.since)
	FROM now AS n JOIN counted AS c ON c.unit = n.unit AND c.node = n.node
	WHERE c.periods >= least_periods
	ORDER BY c.periods DESC, n.rag_order, n.unit COLLATE "C", n.place;
END
$$;
COMMENT ON FUNCTION kpi.status_runs(text, text, text, text, text, float8) IS
'For how many periods in a row each node has had the status that it has now. '
'Of one unit, or of all for NULL; with a grain of the period of it in which that one begins; status: of red, amber, '
'green or none alone; at_least: only from so many periods on. '
'A period without a result ends a run. Read from kpi.result, the longest first. Errors: unknown names, a word that is '
'no status, a unit that the reader may not see.';
--@ dated | status_runs | scorecard text, unit text | scorecard, unit | , status text DEFAULT NULL, at_least float8 DEFAULT 1 | , NULL, status, at_least | text, text, date, text, text, float8 | SETOF kpi.status_run | STABLE PARALLEL SAFE COST 1000 ROWS 20 | For how many periods in a row each node has had the status that it has now.

CREATE TYPE kpi.status_change AS (
	unit_name text,
	node text,
	node_name text,
	rag_before text,
	rag_after text,
	rag_change integer,
	score_before numeric,
	score_after numeric,
	score_change numeric
);
COMMENT ON TYPE kpi.status_change IS 'A row of kpi.status_changes(): a node and its status before and now.';
COMMENT ON COLUMN kpi.status_change.unit_name IS 'Name of the unit, in the reader''s language.';
COMMENT ON COLUMN kpi.status_change.node IS 'Key of the node.';
COMMENT ON COLUMN kpi.status_change.node_name IS 'Name of the node, in the reader''s language.';
COMMENT ON COLUMN kpi.status_change.rag_before IS 'Status in the period before: red, amber, green or none.';
COMMENT ON COLUMN kpi.status_change.rag_after IS 'Status in this period.';
COMMENT ON COLUMN kpi.status_change.rag_change IS 'By how many steps, where none is below red; below 0 for what has become worse.';
COMMENT ON COLUMN kpi.status_change.score_before IS 'Score in the period before.';
COMMENT ON COLUMN kpi.status_change.score_after IS 'Score in this period.';
COMMENT ON COLUMN kpi.status_change.score_change IS 'The difference of the two.';

CREATE FUNCTION kpi.status_changes(scorecard text, unit text, period text)
	RETURNS SETOF kpi.status_change
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(period);
	PERFORM kpi_internal.require_result_reader(scorecard, unit, p.grain, p.period_start);
	RETURN QUERY
	SELECT CAST(z.unit_name AS text), CAST(z.node AS text), CAST(z.node_name AS text), CAST(a.rag AS text),
		CAST(z.rag AS text),
		   z.rag_order - a.rag_order, CAST(b.score AS numeric), CAST(z.score AS numeric), CAST(z.score - b.score AS numeric)
	FROM kpi.v_scorecard AS z
		JOIN kpi.result AS a ON a.scorecard = z.scorecard AND a.unit = z.unit AND a.period_grain = z.period_grain
			AND a.node = z.node
			AND a.period_start = kpi.period_before(p.grain, p.period_start)
		-- as views show it
		CROSS JOIN LATERAL (SELECT CAST(a.score AS numeric(9,2)) AS score) AS b
	WHERE z.scorecard = status_changes.scorecard AND (status_changes.unit IS NULL OR z.unit = status_changes.unit)
		AND z.period_grain = p.grain AND z.period_start = p.period_start AND z.rag <> a.rag
	ORDER BY z.rag_order - a.rag_order, z.unit COLLATE "C", z.place;
END
$$;
COMMENT ON FUNCTION kpi.status_changes(text, text, text) IS
'Which nodes have another status than in the period before: what has become worse first. '
'Of one unit, or of all for NULL. rag_change: by how many steps, where none is below red. Read from kpi.result. '
'Errors: unknown names, a unit that the reader may not see.';
--@ dated | status_changes | scorecard text, unit text | scorecard, unit | | | text, text, date, text | SETOF kpi.status_change | STABLE PARALLEL SAFE COST 1000 ROWS 10 | Which nodes have another status than in the period before.

CREATE FUNCTION kpi_internal.on_target(cell kpi_internal.cell, child text)
	RETURNS kpi_internal.supposition[]
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT coalesce(array_agg(DISTINCT CAST(ROW (i.indicator, 'actual',
				CASE WHEN w.denominator IS NULL THEN w.value - c.value + t.target
					 ELSE (w.numerator - c.numerator + t.target * c.denominator) / nullif(w.denominator, 0) END, on_target.cell.unit)
			AS kpi_internal.supposition)), '{}')
	FROM kpi_internal.nodes_in_force(on_target.cell.scorecard,
		kpi_internal.period_end(on_target.cell.grain, on_target.cell.period_start) - 1) AS n
		JOIN kpi.indicator AS i ON i.indicator = n.indicator AND kpi_internal.has_rest(i)
		JOIN kpi.measurement AS w ON w.indicator = i.indicator AND w.unit = on_target.cell.unit
			AND w.grain = on_target.cell.grain
			AND w.period_start = on_target.cell.period_start
		JOIN kpi.measurement AS c ON c.indicator = i.indicator AND c.unit = on_target.child AND c.grain = w.grain
			AND c.period_start = w.period_start AND (c.denominator IS NULL) = (w.denominator IS NULL)
		CROSS JOIN LATERAL (
			SELECT coalesce(own.target, CASE WHEN w.denominator IS NOT NULL THEN whole.target END) AS target
			FROM kpi_internal.target_for(i.indicator, on_target.child, w.grain, w.period_start) AS own,
				 kpi_internal.target_for(i.indicator, on_target.cell.unit, w.grain, w.period_start) AS whole) AS t
	WHERE n.unit IS NULL AND t.target IS NOT NULL AND kpi_internal.usable(w.value) IS NOT NULL
		AND kpi_internal.usable(c.value) IS NOT NULL;
END;
COMMENT ON FUNCTION kpi_internal.on_target(kpi_internal.cell, text) IS
'What the values of a unit would be if one directly below it had just met its targets. '
'Only of what adds up over units; of a quotient without a target of its own by that of the unit above.';

CREATE TYPE kpi.unit_pull AS (
	child_unit text,
	child_name text,
	child_score numeric,
	score numeric,
	score_on_target numeric,
	pull numeric
);
COMMENT ON TYPE kpi.unit_pull IS 'A row of kpi.unit_pulls(): a unit and what it does to the score above.';
COMMENT ON COLUMN kpi.unit_pull.child_unit IS 'Key of the unit below.';
COMMENT ON COLUMN kpi.unit_pull.child_name IS 'Its name, in the reader''s language.';
COMMENT ON COLUMN kpi.unit_pull.child_score IS 'Its own score.';
COMMENT ON COLUMN kpi.unit_pull.score IS 'Score of the unit above.';
COMMENT ON COLUMN kpi.unit_pull.score_on_target IS 'What that would be if the unit below had just met its targets.';
COMMENT ON COLUMN kpi.unit_pull.pull IS 'The difference of the two, below 0 for what pulls down.';

CREATE FUNCTION kpi.unit_pulls(scorecard text, unit text, period text)
	RETURNS SETOF kpi.unit_pull
	LANGUAGE plpgsql STABLE COST 100000 ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
	cell kpi_internal.cell;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(period);
	PERFORM kpi_internal.read_card(scorecard, unit, p.grain, period),
		kpi_internal.require_reader(unit, p.grain, p.period_start);
	cell := ROW (scorecard, unit, p.grain, p.period_start, NULL);
	RETURN QUERY
	SELECT CAST(c.unit AS text), kpi.term('unit', c.unit, u.name), own.score, now.score, met.score, now.score - met.score
	FROM kpi.unit_parent AS c
		JOIN kpi.unit AS u ON u.unit = c.unit
		CROSS JOIN LATERAL (SELECT e.score
			FROM kpi_internal.supposed_for_reader(cell, CAST('{}' AS kpi_internal.supposition[])) AS e
							WHERE e.depth = 0) AS now
		CROSS JOIN LATERAL (SELECT e.score
			FROM kpi_internal.supposed_for_reader(cell, kpi_internal.on_target(cell, c.unit)) AS e
							WHERE e.depth = 0) AS met
		LEFT JOIN LATERAL (
			SELECT e.score
			FROM kpi_internal.evaluated_for_reader(
				ARRAY[CAST(ROW (unit_pulls.scorecard, c.unit, p.grain, p.period_start, NULL) AS kpi_internal.cell)]) AS e
			WHERE e.depth = 0) AS own ON true
	WHERE c.parent = unit_pulls.unit AND c.valid @> upper(p.days) - 1
	ORDER BY now.score - met.score NULLS LAST, c.unit COLLATE "C";
END
$$;
COMMENT ON FUNCTION kpi.unit_pulls(text, text, text) IS
'Which units pull a score down, and by how much. Against what it would be if each had just met its targets. '
'One row for each unit directly below, the one that pulls most first; pull is in points, below 0 for what pulls down. '
'Only values count that add up over units: sums, and quotients of sums, which without a target of their own go by '
'that of the unit above; formulas follow. Errors as in kpi.evaluate(), and a unit that the reader may not see.';
--@ dated | unit_pulls | scorecard text, unit text | scorecard, unit | | | text, text, date, text | SETOF kpi.unit_pull | STABLE COST 100000 ROWS 10 | Which units pull a score down, and by how much.

CREATE TYPE kpi.unit_rank AS (
	rank integer,
	tied integer,
	of_units integer,
	unit text,
	unit_name text,
	score numeric,
	rag text,
	previous_rank integer
);
COMMENT ON TYPE kpi.unit_rank IS 'A row of kpi.unit_ranks(): a unit and its place among others.';
COMMENT ON COLUMN kpi.unit_rank.rank IS 'Its place; equals share the better one.';
COMMENT ON COLUMN kpi.unit_rank.tied IS 'How many share the place.';
COMMENT ON COLUMN kpi.unit_rank.of_units IS 'How many are ranked.';
COMMENT ON COLUMN kpi.unit_rank.unit IS 'Key of the unit.';
COMMENT ON COLUMN kpi.unit_rank.unit_name IS 'Its name, in the reader''s language.';
COMMENT ON COLUMN kpi.unit_rank.score IS 'Score by which it is ranked.';
COMMENT ON COLUMN kpi.unit_rank.rag IS 'Its status: red, amber, green or none.';
COMMENT ON COLUMN kpi.unit_rank.previous_rank IS 'Its place by the scores of the period before; NULL without one.';

CREATE FUNCTION kpi.unit_ranks(scorecard text, period text, parent text DEFAULT NULL, node text DEFAULT NULL)
	RETURNS SETOF kpi.unit_rank
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_untyped(period, parent);
	parent := p.rest;
	PERFORM kpi_internal.require_scorecard(scorecard), kpi_internal.require_watched_node(scorecard, node);
	IF parent IS NOT NULL THEN
		PERFORM kpi_internal.require_unit(parent);
	END IF;
	RETURN QUERY
	SELECT CAST(rank() OVER w AS integer), CAST(count(*) OVER (PARTITION BY r.score) AS integer),
		CAST(count(*) OVER () AS integer),
		   CAST(r.unit AS text), CAST(r.unit_name AS text), CAST(r.score AS numeric), CAST(r.rag AS text),
		   CASE WHEN r.previous_score IS NOT NULL
			   THEN CAST(rank() OVER (ORDER BY r.previous_score DESC NULLS LAST) AS integer) END
	FROM kpi.v_scorecard AS r
	WHERE r.scorecard = unit_ranks.scorecard AND r.period_grain = p.grain AND r.period_start = p.period_start
		AND r.node = coalesce(unit_ranks.node, unit_ranks.scorecard) AND r.score IS NOT NULL
		AND (unit_ranks.parent IS NULL OR r.unit IN (
			SELECT c.unit FROM kpi.unit_parent AS c WHERE c.parent = unit_ranks.parent AND c.valid @> upper(p.days) - 1))
	WINDOW w AS (ORDER BY r.score DESC)
	ORDER BY 1, r.unit COLLATE "C";
END
$$;
COMMENT ON FUNCTION kpi.unit_ranks(text, text, text, text) IS
'The rank of units by their score, the best first. Equals share the better place, and the next is skipped. '
'Of all units of the scorecard, or those directly below a parent; by a node''s score where one is named. tied: how '
'many share the place; previous_rank: by the scores of the period before. Ranked as shown, in hundredths of a point, '
'of the units that the reader may see. Read from kpi.result. Errors: unknown names.';
--@ dated | unit_ranks | scorecard text | scorecard | , parent text DEFAULT NULL, node text DEFAULT NULL | , parent, node | text, date, text, text, text | SETOF kpi.unit_rank | STABLE PARALLEL SAFE COST 1000 ROWS 20 | The rank of units by their score, the best first.

CREATE FUNCTION kpi.leads(unit text, "grain" text DEFAULT 'month', indicators text[] DEFAULT NULL,
		max_lag float8 DEFAULT NULL)
	RETURNS TABLE (leader text, follower text, lag integer, n integer, r float8, p float8, q float8)
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000 ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_unit(unit), kpi_internal.require_grain("grain");
	PERFORM kpi_internal.require_indicator(i) FROM unnest(indicators) AS i;
	RETURN QUERY
	WITH line AS (
		SELECT CAST(m.indicator AS text) AS indicator, kpi.series(m.period_start, CAST(m.value AS float8)) AS series
		FROM kpi.measurement AS m
		WHERE m.unit = leads.unit AND m.grain = leads.grain AND NOT m.provisional
			AND (leads.indicators IS NULL OR m.indicator = ANY (leads.indicators))
		GROUP BY m.indicator
	), lists AS (
		SELECT array_agg(l.indicator ORDER BY l.indicator COLLATE "C") AS keys,
			array_agg(l.series ORDER BY l.indicator COLLATE "C") AS series FROM line AS l
	)
	SELECT CASE WHEN f.lag > 0 THEN f.a ELSE f.b END, CASE WHEN f.lag > 0 THEN f.b ELSE f.a END, abs(f.lag), f.n, f.r,
		f.p, f.q
	FROM lists AS x CROSS JOIN LATERAL kpi.lead_lags(x.keys, x.series, leads.max_lag) AS f
	WHERE f.lag <> 0
	ORDER BY f.p NULLS LAST, f.a COLLATE "C", f.b COLLATE "C";
END
$$;
COMMENT ON FUNCTION kpi.leads(text, text, text[], float8) IS
'What leads what among the indicators of a unit. They move together with others some periods later, the surest first. '
'By kpi.lead_lags() over the final values of a grain, of all indicators or those that are named; p is over all lags, '
'q the share of false findings among all pairs. What precedes need not cause. Values that the reader may see count. '
'Errors: unknown names.';
