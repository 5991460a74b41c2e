-- Scorecards as people and reporting tools see them: with names and words in the
-- reader's language.

CREATE TYPE kpi.evaluated AS (
	scorecard text,
	unit text,
	period_grain text,
	period_start date,
	node text,
	score_key varchar(255),
	period_end date,
	period_label text,
	scorecard_name text,
	unit_name text,
	node_name text,
	parent_node text,
	path text,
	depth integer,
	place integer,
	perspective text,
	perspective_name text,
	indicator text,
	indicator_name text,
	responsible text,
	unit_of_measure text,
	measured_unit text,
	weight numeric,
	absolute_weight numeric,
	role text,
	actual numeric,
	target numeric,
	target_low numeric,
	target_high numeric,
	attainment numeric,
	score numeric,
	coverage numeric,
	missing_count integer,
	missing_nodes text[],
	carried boolean,
	vetoes text[],
	rag varchar(8),
	rag_order integer,
	rag_label text,
	grade text,
	coefficient numeric,
	grades_down integer,
	coefficient_zero boolean,
	score_reason text,
	score_reason_label text,
	previous_actual numeric,
	previous_score numeric,
	score_change numeric,
	change_rate numeric,
	trend integer,
	trend_label text,
	last_year_actual numeric,
	is_provisional integer,
	is_final integer,
	evaluated_at timestamptz
);
COMMENT ON TYPE kpi.evaluated IS 'One node of an evaluated scorecard, in the columns of kpi.v_scorecard.';

CREATE FUNCTION kpi_internal.check_card(card kpi.scorecard, unit text, dimension text, grain text, period text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF dimension <> card.dimension THEN
		PERFORM kpi_internal.fail('22023',
			format('unit "%s" is of dimension "%s", scorecard "%s" of dimension "%s"', unit, dimension, card.scorecard, card.dimension),
			format('Ask for a unit of dimension "%s".', card.dimension));
	ELSIF NOT kpi_internal.tiles(card.grain, grain) THEN
		PERFORM kpi_internal.fail('22023', format('scorecard "%s" cannot be evaluated for "%s", a period of grain "%s"', card.scorecard, period, grain),
						 format('Its grain is "%s": write a period that such periods make exactly.', card.grain));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_card(kpi.scorecard, text, text, text, text) IS
'Raises an error unless a scorecard, and a unit of a dimension, go together in a period.';

--@ template named_rows | given | from | at
		RETURN QUERY
		SELECT r.scorecard, r.unit, r.period_grain, r.period_start, r.node,
--@ shown_columns | r.
		r.evaluated_at
		FROM (
--@ result_columns | kpi_internal.evaluated_for_reader(cells@given@) r | @from@ | @at@ | | | | | | | | | | | |
		) AS r
		ORDER BY r.scorecard COLLATE "C", r.unit COLLATE "C", r.period_grain COLLATE "C", r.period_start, r.place;
--@ end

CREATE FUNCTION kpi_internal.read_card(scorecard text, unit text, grain text, period text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	card kpi.scorecard;
	dimension text;
BEGIN
	SELECT * INTO card FROM kpi.scorecard AS s WHERE s.scorecard = read_card.scorecard;
	IF NOT FOUND THEN
		PERFORM kpi_internal.require_scorecard(scorecard);
	END IF;
	SELECT u.dimension INTO dimension FROM kpi.unit AS u WHERE u.unit = read_card.unit;
	IF NOT FOUND THEN
		PERFORM kpi_internal.require_unit(unit);
	END IF;
	PERFORM kpi_internal.check_card(card, unit, dimension, grain, period);
END
$$;
COMMENT ON FUNCTION kpi_internal.read_card(text, text, text, text) IS
'Raises an error unless the scorecard and the unit exist and go together. '
'Periods of the scorecard''s grain make the period, of that grain and label, exactly.';

CREATE FUNCTION kpi_internal.read_card_at(scorecard text, unit text, grain text, period text, known_at timestamptz)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	card kpi.scorecard;
	dimension text;
BEGIN
	IF known_at IS NULL OR known_at = 'infinity' THEN
		PERFORM kpi_internal.read_card(scorecard, unit, grain, period);
		RETURN;
	END IF;
	PERFORM kpi_internal.require_value('scorecard', scorecard), kpi_internal.require_value('unit', unit);
	SELECT * INTO card FROM kpi_internal.scorecard_at(known_at) AS s WHERE s.scorecard = read_card_at.scorecard;
	IF NOT FOUND THEN
		PERFORM kpi_internal.fail('22023', format('scorecard "%s" did not exist at %s', scorecard, known_at), 'kpi.scorecard_at() tells what did.');
	END IF;
	SELECT u.dimension INTO dimension FROM kpi_internal.unit_at(known_at) AS u WHERE u.unit = read_card_at.unit;
	IF NOT FOUND THEN
		PERFORM kpi_internal.fail('22023', format('unit "%s" did not exist at %s', unit, known_at), 'kpi.unit_at() tells what did.');
	END IF;
	PERFORM kpi_internal.check_card(card, unit, dimension, grain, period);
END
$$;
COMMENT ON FUNCTION kpi_internal.read_card_at(text, text, text, text, timestamptz) IS
'The same of what was known at a time; NULL and infinity are now.';

-- two queries of one text, so that what is asked every day is planned without a history
CREATE FUNCTION kpi_internal.named(cells kpi_internal.cell[], known_at timestamptz DEFAULT NULL)
	RETURNS SETOF kpi.evaluated
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
	-- a name for each of few rows is looked up, whatever is known of the size of tables
	SET enable_hashjoin = off
	SET enable_mergejoin = off
AS $$
BEGIN
	IF known_at IS NULL OR known_at = 'infinity' THEN
--@ named_rows | | kpi. |
	ELSE
--@ named_rows | , known_at | kpi_internal. | _at(known_at)
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.named(kpi_internal.cell[], timestamptz) IS
'An evaluation in the columns of kpi.evaluated. '
'With names and words in the reader''s language, in tree order; known_at: by what was known at that time, NULL is now.';

CREATE FUNCTION kpi.evaluate(scorecard text, unit text, day date, grain text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL)
	RETURNS SETOF kpi.evaluated
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(day, grain);
	PERFORM kpi_internal.read_card_at(scorecard, unit, p.grain, kpi.period_label(p.grain, p.period_start), known_at);
	RETURN QUERY
	SELECT * FROM kpi_internal.named(ARRAY[CAST(ROW(scorecard, unit, p.grain, p.period_start, as_of) AS kpi_internal.cell)], known_at);
END
$$;
COMMENT ON FUNCTION kpi.evaluate(text, text, date, text, date, timestamptz) IS
'Evaluates a scorecard for a unit and the period of a grain that contains a day. As the other evaluate.';

-- the fourth argument is a text in both, so that parameters without a type find their function
CREATE FUNCTION kpi.evaluate(scorecard text, unit text, period text, grain text DEFAULT NULL, as_of date DEFAULT NULL,
							 known_at timestamptz DEFAULT NULL)
	RETURNS SETOF kpi.evaluated
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(period);
	RETURN QUERY SELECT * FROM kpi.evaluate(scorecard, unit, p.period_start, coalesce(evaluate.grain, p.grain), as_of, known_at);
END
$$;
COMMENT ON FUNCTION kpi.evaluate(text, text, text, text, date, timestamptz) IS
'Evaluates a scorecard for a unit and a period: one row per node in tree order. '
'The first row is the scorecard itself; the columns are those of kpi.v_scorecard, unrounded. period: a label '
'(2011-11, 2011-Q4, 2011) of the scorecard''s grain, or of one that such periods make; with a grain, the period of '
'it in which that one begins. as_of chooses the nodes in force, by default those of the last day of the period; '
'known_at what was known at that time, of values, targets, weights, trees and definitions. What was made final is '
'given as it was, unless as_of asks for other rules. What is undefined is NULL with a reason. Errors: NULL or '
'unknown scorecard or unit, a unit of another dimension, another period.';

CREATE FUNCTION kpi_internal.live_results()
	RETURNS SETOF kpi_internal.result
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
	-- a unit that row-level security hides is not evaluated
	SELECT d.scorecard, d.unit, d.grain, d.period_start, e.node, e.place, e.path, e.depth, e.parent, e.name, 
		   e.perspective, e.indicator, e.measured_unit, e.weight, e.role, e.absolute_weight, e.actual, e.target,
		   e.target_low, e.target_high, e.attainment, e.score, e.coverage, e.missing_nodes, e.carried, e.vetoes, e.grades_down, e.coefficient_zero, e.status, e.band, e.grade, e.coefficient, 
		   e.reason, e.previous_actual, e.previous_score, e.trend, e.last_year_actual, e.provisional, e.final, e.evaluated_at
	FROM (SELECT p.scorecard, CAST(u.unit AS text) AS unit, p.grain, p.period_start
		  FROM kpi_internal.card_periods() p
			JOIN kpi.scorecard k ON k.scorecard = p.scorecard
			JOIN kpi.unit u ON u.dimension = k.dimension AND u.valid && kpi_internal.period_days(p.grain, p.period_start)
		) d
		CROSS JOIN LATERAL kpi_internal.evaluated_for_reader(ARRAY[CAST(ROW(d.scorecard, d.unit, d.grain, d.period_start, NULL) AS kpi_internal.cell)]) e;
END;
COMMENT ON FUNCTION kpi_internal.live_results() IS
'Every scorecard, evaluated for every unit of its dimension and every period with a value. '
'The period is of its grain or one that such periods make, in which one of its indicators was measured. A condition '
'on scorecard, unit, grain or period limits what is evaluated.';

-- one table and no subqueries, for what a view needs to be opened every query of it pays
CREATE VIEW kpi.v_scorecard WITH (security_invoker = true) AS
SELECT r.scorecard,
	   r.unit,
	   r.period_grain,
	   r.period_start,
	   r.node,
	   r.score_key,
	   r.period_end,
	   r.period_label,
	   CAST(kpi_internal.shown_word('scorecard', r.scorecard, r.scorecard_name) AS varchar(200)) AS scorecard_name,
	   CAST(kpi_internal.shown_word('unit', r.unit, r.unit_name) AS varchar(200)) AS unit_name,
	   CAST(kpi_internal.node_name(r.scorecard, r.node, r.node_name, r.indicator, r.indicator_name, r.perspective, r.perspective_name) AS varchar(200)) AS node_name,
	   r.parent_node,
	   r.path,
	   r.depth,
	   r.place,
	   r.perspective,
	   CAST(kpi_internal.shown_word('perspective', r.perspective, r.perspective_name) AS varchar(200)) AS perspective_name,
	   r.indicator,
	   CAST(kpi_internal.shown_word('indicator', r.indicator, r.indicator_name) AS varchar(200)) AS indicator_name,
	   r.responsible,
	   CAST(kpi_internal.shown_word('unit_of_measure', r.unit_of_measure, r.unit_of_measure) AS varchar(63)) AS unit_of_measure,
	   r.measured_unit,
	   r.weight,
	   r.absolute_weight,
	   r.role,
	   CASE WHEN r.measured_unit <> r.unit THEN (kpi_internal.inside(r)).actual ELSE r.actual END AS actual,
	   CASE WHEN r.measured_unit <> r.unit THEN (kpi_internal.inside(r)).target ELSE r.target END AS target,
	   CASE WHEN r.measured_unit <> r.unit THEN (kpi_internal.inside(r)).target_low ELSE r.target_low END AS target_low,
	   CASE WHEN r.measured_unit <> r.unit THEN (kpi_internal.inside(r)).target_high ELSE r.target_high END AS target_high,
	   CASE WHEN r.measured_unit <> r.unit THEN (kpi_internal.inside(r)).attainment ELSE r.attainment END AS attainment,
	   CAST(r.score AS numeric(9,2)) AS score,
	   r.coverage,
	   r.missing_count,
	   r.missing_nodes,
	   r.carried,
	   r.vetoes,
	   r.rag,
	   r.rag_order,
	   CAST(kpi_internal.shown_word('status', coalesce(r.band, 'none'), r.rag_label) AS varchar(63)) AS rag_label,
	   r.grade,
	   r.coefficient,
	   r.grades_down,
	   r.coefficient_zero,
	   CASE WHEN r.measured_unit <> r.unit THEN (kpi_internal.inside(r)).score_reason ELSE r.score_reason END AS score_reason,
	   CAST(CASE WHEN r.measured_unit <> r.unit
				 THEN kpi_internal.shown_word('reason', (kpi_internal.inside(r)).score_reason, (kpi_internal.inside(r)).score_reason_label)
				 ELSE kpi_internal.shown_word('reason', r.score_reason, r.score_reason_label) END AS varchar(63)) AS score_reason_label,
	   CASE WHEN r.measured_unit <> r.unit THEN (kpi_internal.inside(r)).previous_actual ELSE r.previous_actual END AS previous_actual,
	   CAST(r.previous_score AS numeric(9,2)) AS previous_score,
	   CAST(r.score_change AS numeric(9,2)) AS score_change,
	   CASE WHEN r.measured_unit <> r.unit THEN (kpi_internal.inside(r)).change_rate ELSE r.change_rate END AS change_rate,
	   r.trend,
	   CAST(kpi_internal.shown_word('trend', kpi_internal.trend_code(r.trend), r.trend_label) AS varchar(63)) AS trend_label,
	   CASE WHEN r.measured_unit <> r.unit THEN (kpi_internal.inside(r)).last_year_actual ELSE r.last_year_actual END AS last_year_actual,
	   r.is_provisional,
	   r.is_final,
	   r.evaluated_at,
	   kpi_internal.is_stale(r.scorecard, r.unit, r.period_grain, r.period_start) AS is_stale
FROM kpi.result AS r;
COMMENT ON VIEW kpi.v_scorecard IS
'One row per scorecard, unit, period and node of the tree, as it was evaluated last. '
'Key: scorecard, unit, period_grain, period_start, node. Every month, quarter or year, from the grain of the '
'scorecard upward, in which one of its indicators was measured, for every unit in force. Read from kpi.result; is_stale says '
'where something has changed since.';

CREATE VIEW kpi.v_scorecard_live WITH (security_invoker = true) AS
SELECT r.scorecard, r.unit, r.period_grain, r.period_start, r.node,
--@ shown_columns | r.
	r.evaluated_at, 0 AS is_stale
FROM (
--@ kept_columns | kpi_internal.live_results() r | numeric(9,2)
	) AS r;
COMMENT ON VIEW kpi.v_scorecard_live IS
'One row per scorecard, unit, period and node, evaluated when it is read. '
'Key: scorecard, unit, period_grain, period_start, node. The rows that kpi.v_scorecard would have after a refresh. A '
'filter on scorecard, unit, period_grain, period_start or period_label limits what is evaluated.';
