-- Why a score has changed: kpi.explain(), over what 4-engine/compare.sql finds.

CREATE TYPE kpi.explained AS (
	node text,
	node_name text,
	path text,
	cause text,
	cause_label text,
	child_unit text,
	value_before numeric,
	value_after numeric,
	effect numeric
);
COMMENT ON TYPE kpi.explained IS 'A part of the change of a score, as kpi.explain() gives it.';

CREATE TYPE kpi_internal.explained_row AS (
	step bigint,
	node text,
	measured_unit text,
	cause text,
	child text,
	value_before numeric,
	value_after numeric,
	effect numeric,
	name text,
	path text,
	indicator text,
	perspective text
);
COMMENT ON TYPE kpi_internal.explained_row IS 'A part of the change of a score, with what its node is.';
--@ for column | says
--@ | step | Its place in the order in which things are replaced.
--@ | node | Key of the node.
--@ | measured_unit | Unit measured.
--@ | cause | What differs.
--@ | child | The unit directly below that has its part of a value.
--@ | value_before | The actual, target or points before.
--@ | value_after | The same after.
--@ | effect | Points of the change.
--@ | name | Name of the node as defined.
--@ | path | Keys from the scorecard down to the node.
--@ | indicator | Indicator it shows.
--@ | perspective | Perspective it is shown under.
COMMENT ON COLUMN kpi_internal.explained_row.@column@ IS '@says@';
--@ end

-- what was known at one time is read once for both
CREATE FUNCTION kpi_internal.explained_inputs(first kpi_internal.cell, last kpi_internal.cell, first_known timestamptz,
											  last_known timestamptz)
	RETURNS TABLE (before kpi_internal.node_input[], after kpi_internal.node_input[], score_before numeric, score_after numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF first_known = last_known THEN
		RETURN QUERY
		SELECT ARRAY(SELECT i FROM unnest(g.inputs) AS i WHERE i.period_start = first.period_start),
			   ARRAY(SELECT i FROM unnest(g.inputs) AS i WHERE i.period_start = last.period_start),
			   (SELECT r.score FROM unnest(g.results) AS r WHERE r.period_start = first.period_start),
			   (SELECT r.score FROM unnest(g.results) AS r WHERE r.period_start = last.period_start)
		FROM (SELECT ARRAY(SELECT i FROM kpi_internal.node_inputs(ARRAY[first, last], last_known) AS i WHERE i.asked) AS inputs,
					 ARRAY(SELECT e FROM kpi_internal.evaluated(ARRAY[first, last], last_known) AS e WHERE e.depth = 0) AS results
			  OFFSET 0) AS g;
	ELSE
		RETURN QUERY
		SELECT ARRAY(SELECT i FROM kpi_internal.node_inputs(ARRAY[first], first_known) AS i WHERE i.asked),
			   ARRAY(SELECT i FROM kpi_internal.node_inputs(ARRAY[last], last_known) AS i WHERE i.asked),
			   (SELECT e.score FROM kpi_internal.evaluated(ARRAY[first], first_known) AS e WHERE e.depth = 0),
			   (SELECT e.score FROM kpi_internal.evaluated(ARRAY[last], last_known) AS e WHERE e.depth = 0);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.explained_inputs(kpi_internal.cell, kpi_internal.cell, timestamptz, timestamptz) IS
'The nodes of both periods that are compared, each as known at a time, and their scores.';

CREATE FUNCTION kpi_internal.explained_rows(before kpi_internal.cell, after kpi_internal.cell, before_known timestamptz, after_known timestamptz,
											by_unit boolean)
	RETURNS SETOF kpi_internal.explained_row
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	pairs kpi_internal.explained_pair[];
	parts kpi_internal.explained_part[] := CAST('{}' AS kpi_internal.explained_part[]);
	given record;
BEGIN
	SELECT * INTO given FROM kpi_internal.explained_inputs(before, after, before_known, after_known);
	pairs := ARRAY(SELECT p FROM kpi_internal.explained_pairs(given.before, given.after) AS p);
	IF by_unit THEN
		parts := ARRAY(SELECT p FROM kpi_internal.explained_parts(pairs, after.unit, after.grain, before.period_start, after.period_start,
																  kpi_internal.known_for_parts(before, before_known),
																  kpi_internal.known_for_parts(after, after_known)) AS p);
	END IF;
	RETURN QUERY
	SELECT e.step, e.node, n.measured_unit, e.cause, e.child,
		   CASE WHEN e.child IS NOT NULL THEN CASE WHEN c.before_denominator IS NULL THEN c.before_numerator
												   ELSE c.before_numerator / nullif(c.before_denominator, 0) END
				ELSE CASE e.cause WHEN 'value' THEN (p.before).actual WHEN 'target' THEN (p.before).target WHEN 'missing' THEN (p.before).points END END,
		   CASE WHEN e.child IS NOT NULL THEN CASE WHEN c.after_denominator IS NULL THEN c.after_numerator
												   ELSE c.after_numerator / nullif(c.after_denominator, 0) END
				ELSE CASE e.cause WHEN 'value' THEN (p.after).actual WHEN 'target' THEN (p.after).target WHEN 'missing' THEN (p.after).points END END,
		   e.effect, n.name, n.path, n.indicator, n.perspective
	FROM kpi_internal.explained(pairs, parts, given.score_before, given.score_after) AS e
		JOIN unnest(pairs) AS p ON p.node = e.node
		CROSS JOIN LATERAL (SELECT (CASE WHEN p.kind = 'removed' THEN p.before ELSE p.after END).*) AS n
		LEFT JOIN unnest(parts) AS c ON c.node = e.node AND c.child = e.child
	ORDER BY e.step;
END
$$;
COMMENT ON FUNCTION kpi_internal.explained_rows(kpi_internal.cell, kpi_internal.cell, timestamptz, timestamptz, boolean) IS
'Why the score of a scorecard and unit differs between two periods, each as known at a time. '
'In the order in which things are replaced.';

CREATE FUNCTION kpi_internal.explained_for_reader(before kpi_internal.cell, after kpi_internal.cell, before_known timestamptz,
												  after_known timestamptz, by_unit boolean)
	RETURNS SETOF kpi_internal.explained_row
	AS 'MODULE_PATHNAME', 'kpi_explained_for_reader'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 ROWS 30;
COMMENT ON FUNCTION kpi_internal.explained_for_reader(kpi_internal.cell, kpi_internal.cell, timestamptz, timestamptz, boolean) IS
'The same as the current role may see it. Effects of all that there is, and the values of the units that it may see.';

-- in this order no position tells the two apart, so that parameters without a type find their function
CREATE FUNCTION kpi.explain(scorecard text, unit text, day date, grain text, against date DEFAULT NULL, known_at timestamptz DEFAULT NULL,
							against_known_at timestamptz DEFAULT NULL, by text DEFAULT 'node')
	RETURNS SETOF kpi.explained
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
	earlier record;
BEGIN
	PERFORM kpi_internal.require_value('by', by);
	PERFORM kpi_internal.require_word('by', by, 'node', 'unit');
	SELECT * INTO p FROM kpi_internal.read_period(day, grain);
	PERFORM kpi_internal.read_card_at(scorecard, unit, p.grain, kpi.period_label(p.grain, p.period_start), known_at),
		kpi_internal.read_card_at(scorecard, unit, p.grain, kpi.period_label(p.grain, p.period_start), coalesce(against_known_at, known_at));
	PERFORM kpi_internal.require_reader(unit, p.grain, p.period_start);
	SELECT * INTO earlier
	FROM kpi_internal.read_period(coalesce(against, CASE WHEN against_known_at IS NULL THEN kpi.period_before(p.grain, p.period_start)
														 ELSE p.period_start END), p.grain);
	RETURN QUERY
	SELECT e.node, kpi_internal.node_name(scorecard, e.node, e.name, e.indicator, i.name, e.perspective, v.name), e.path, e.cause,
		   kpi.term('cause', e.cause, kpi_internal.default_name(e.cause)), e.child,
		   e.value_before, e.value_after, e.effect
	FROM kpi_internal.explained_for_reader(
			CAST(ROW(scorecard, unit, p.grain, earlier.period_start, NULL) AS kpi_internal.cell),
			CAST(ROW(scorecard, unit, p.grain, p.period_start, NULL) AS kpi_internal.cell),
			coalesce(against_known_at, known_at, 'infinity'), coalesce(known_at, 'infinity'), by = 'unit') AS e
		LEFT JOIN kpi.indicator AS i ON i.indicator = e.indicator
		LEFT JOIN kpi.perspective AS v ON v.perspective = e.perspective
	ORDER BY e.step;
END
$$;
COMMENT ON FUNCTION kpi.explain(text, text, date, text, date, timestamptz, timestamptz, text) IS
'Why the score of a scorecard has changed, against the period before or that of an earlier day. '
'The same for the period of a grain that contains the day.';

CREATE FUNCTION kpi.explain(scorecard text, unit text, period text, against text DEFAULT NULL, by text DEFAULT 'node',
							known_at timestamptz DEFAULT NULL, against_known_at timestamptz DEFAULT NULL)
	RETURNS SETOF kpi.explained
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
	earlier record;
	against_day date;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_untyped(period, against);
	IF p.rest IS NOT NULL THEN
		SELECT * INTO earlier FROM kpi_internal.read_period(against);
		against_day := earlier.period_start;
		IF earlier.grain <> p.grain THEN
			PERFORM kpi_internal.fail('22023', format('period "%s" is of grain "%s", "%s" of grain "%s"', against, earlier.grain, period, p.grain),
									 'Only periods of one grain are compared.');
		END IF;
	END IF;
	RETURN QUERY SELECT * FROM kpi.explain(scorecard, unit, p.period_start, p.grain, against_day, known_at, against_known_at, by);
END
$$;
COMMENT ON FUNCTION kpi.explain(text, text, text, text, text, timestamptz, timestamptz) IS
'Why the score of a scorecard has changed: effects of nodes and causes in points. '
'They add up to the change. against: an earlier period of the same grain, the one before unless given. Causes are '
'value, target, definition, weight, structure and missing data; each is replaced in this order and in the reverse '
'one, and its effect is the mean of both. by: node, or unit, which tells values apart by the units directly below. '
'known_at: by what was known at that time, of both; against_known_at: of what it is compared with, then the same '
'period unless given. No rows where nothing differs; an unknown word, a period of another grain and a unit that the reader may not see are '
'errors.';
