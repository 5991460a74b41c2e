-- Whether indicators and strategy fit: orphans, SMART findings, the degree of match.

CREATE FUNCTION kpi.orphans()
	RETURNS TABLE (orphan text, key text, name text, finding_text text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH lonely (orphan, key, name, place) AS (
		SELECT 'objective', CAST(o.objective AS text), kpi.term('objective', o.objective, o.name), 1
		FROM kpi.objective AS o
		WHERE o.valid @> current_date AND NOT EXISTS (SELECT FROM kpi.objective_indicator AS l WHERE l.objective = o.objective)
		UNION ALL
		SELECT 'success_factor', CAST(f.success_factor AS text), kpi.term('success_factor', f.success_factor, f.name), 2
		FROM kpi.success_factor AS f JOIN kpi.objective AS o ON o.objective = f.objective AND o.valid @> current_date
		WHERE NOT EXISTS (SELECT FROM kpi.objective_indicator AS l WHERE l.success_factor = f.success_factor)
		UNION ALL
		SELECT 'indicator', CAST(i.indicator AS text), kpi.term('indicator', i.indicator, i.name), 3
		FROM kpi.indicator AS i
		WHERE i.state <> 'retired'
			AND EXISTS (SELECT FROM kpi.scorecard_node AS n
						WHERE n.indicator = i.indicator AND n.valid @> current_date AND (n.weight > 0 OR n.role IS NOT NULL))
			AND NOT EXISTS (SELECT FROM kpi.objective_indicator AS l JOIN kpi.objective AS o ON o.objective = l.objective AND o.valid @> current_date
							WHERE l.indicator = i.indicator)
	)
	SELECT l.orphan, l.key, l.name,
		   kpi_internal.fill_text(kpi.term('finding', 'orphan_' || l.orphan, l.orphan), jsonb_build_object('name', l.name))
	FROM lonely AS l
	ORDER BY l.place, l.key COLLATE "C";
END;
COMMENT ON FUNCTION kpi.orphans() IS
'Objectives and success factors without an indicator, and indicators without an objective. '
'Of indicators those that count in a scorecard. orphan is objective, success_factor or indicator; of objectives those of today. The text is in the reader''s '
'language.';

-- SMART: the five questions to an indicator, for a unit and period

CREATE FUNCTION kpi_internal.natural_limits(indicator text, unit text, "grain" text, before date)
	RETURNS kpi.process_limits
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT kpi.xmr((SELECT kpi.series(m.period_start, CAST(m.value AS float8)) FROM kpi.measurement AS m
					WHERE m.indicator = natural_limits.indicator AND m.unit = natural_limits.unit AND m.grain = natural_limits.grain
						AND m.period_start < natural_limits.before AND NOT m.provisional));
END;
COMMENT ON FUNCTION kpi_internal.natural_limits(text, text, text, date) IS
'What an indicator does by itself for a unit in the periods before one. NULL without values; its limits are NULL of less than 6.';

CREATE FUNCTION kpi_internal.within_reach(direction text, found kpi_internal.found_target, limits kpi.process_limits)
	RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- of limits in place of a target any value between them is one
	RETURN CASE direction WHEN 'higher' THEN CAST(coalesce((found).target, (found).high) AS float8) <= (limits).upper
						  WHEN 'lower' THEN CAST(coalesce((found).target, (found).low) AS float8) >= (limits).lower
						  ELSE CAST(coalesce((found).target, (found).low) AS float8) <= (limits).upper
							   AND CAST(coalesce((found).target, (found).high) AS float8) >= (limits).lower END;
COMMENT ON FUNCTION kpi_internal.within_reach(text, kpi_internal.found_target, kpi.process_limits) IS
'Whether a target is not beyond what the process does by itself. NULL where that is not known.';

CREATE FUNCTION kpi_internal.smart_findings(definition kpi.indicator, unit text, "grain" text, period_start date)
	RETURNS TABLE (place integer, criterion text, is_met boolean, code text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT c.place, c.criterion, c.is_met, 'smart_' || c.criterion || CASE c.is_met WHEN true THEN '_met' WHEN false THEN '_unmet' ELSE '_unknown' END
	FROM (SELECT kpi_internal.target_for((definition).indicator, smart_findings.unit, smart_findings.grain, smart_findings.period_start) AS found,
				 kpi_internal.natural_limits((definition).indicator, smart_findings.unit, smart_findings.grain, smart_findings.period_start) AS limits
		  OFFSET 0) AS k
		CROSS JOIN LATERAL (VALUES
			(1, 'specific', coalesce((definition).rule, (definition).description) IS NOT NULL AND (definition).responsible IS NOT NULL),
			(2, 'measurable', EXISTS (SELECT FROM kpi.measurement AS m
				WHERE m.indicator = (definition).indicator AND m.unit = smart_findings.unit AND m.grain = smart_findings.grain AND m.value IS NOT NULL
					AND m.period_start <= smart_findings.period_start)),
			(3, 'achievable', kpi_internal.within_reach((definition).direction, k.found, k.limits)),
			(4, 'relevant', EXISTS (SELECT FROM kpi.objective_indicator AS l JOIN kpi.objective AS o ON o.objective = l.objective
				WHERE l.indicator = (definition).indicator AND o.valid && kpi_internal.period_days(smart_findings.grain, smart_findings.period_start))),
			(5, 'time_bound', coalesce((k.found).target, (k.found).low) IS NOT NULL AND EXISTS (SELECT FROM kpi.target AS t
				WHERE t.indicator = (definition).indicator AND NOT upper_inf(t.period)
					AND t.period && kpi_internal.period_days(smart_findings.grain, smart_findings.period_start)
					-- one of a unit above holds below it, too
					AND t.unit IN (SELECT a.unit FROM kpi_internal.ancestors(smart_findings.unit,
						kpi_internal.period_end(smart_findings.grain, smart_findings.period_start) - 1) AS a)))
		) AS c (place, criterion, is_met);
END;
COMMENT ON FUNCTION kpi_internal.smart_findings(kpi.indicator, text, text, date) IS
'The five SMART criteria of an indicator for a unit and period, and the code of the finding on each.';

CREATE TYPE kpi.smart_finding AS (
	criterion text,
	criterion_label text,
	is_met boolean,
	finding_text text
);
COMMENT ON TYPE kpi.smart_finding IS 'A row of kpi.smart(): a criterion and whether an indicator meets it.';
COMMENT ON COLUMN kpi.smart_finding.criterion IS 'One of specific, measurable, achievable, relevant and time_bound.';
COMMENT ON COLUMN kpi.smart_finding.criterion_label IS 'The criterion, in the reader''s language.';
COMMENT ON COLUMN kpi.smart_finding.is_met IS 'Whether it is met; NULL where that is not known.';
COMMENT ON COLUMN kpi.smart_finding.finding_text IS 'What was found, as a sentence.';

CREATE FUNCTION kpi.smart(indicator text, unit text, period text)
	RETURNS SETOF kpi.smart_finding
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 5
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	asked record;
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	SELECT * INTO asked FROM kpi_internal.read_period(period);
	PERFORM kpi_internal.require_reader(unit, asked.grain, asked.period_start);
	RETURN QUERY
	SELECT s.criterion, kpi.term('heading', s.criterion, s.criterion), s.is_met,
		   kpi_internal.fill_text(kpi.term('finding', s.code, s.code), jsonb_build_object(
			   'indicator', kpi.term('indicator', i.indicator, i.name), 'unit', kpi.term('unit', u.unit, u.name), 'period', period))
	FROM kpi.indicator AS i
		JOIN kpi.unit AS u ON u.unit = smart.unit
		CROSS JOIN LATERAL kpi_internal.smart_findings(i, u.unit, asked.grain, asked.period_start) AS s
	WHERE i.indicator = smart.indicator
	ORDER BY s.place;
END
$$;
COMMENT ON FUNCTION kpi.smart(text, text, text) IS
'Whether an indicator is SMART for a unit in a period: five rows, in the reader''s language. '
'specific: a rule or description and who is responsible; measurable: a value by then; achievable: a target within the '
'natural limits of the values before, which need 6; relevant: an objective; time_bound: a target with an end. is_met is '
'NULL where it is not known. Errors: unknown names, a unit that is not yours to read.';
--@ dated | smart | indicator text, unit text | indicator, unit | | | text, text, date, text | SETOF kpi.smart_finding | STABLE PARALLEL SAFE ROWS 5 | Whether an indicator is SMART for a unit in a period.

-- The match of a scorecard's indicators and the strategy

CREATE FUNCTION kpi_internal.strategy_leaves(scorecard text, unit text, period text)
	RETURNS TABLE (objective text, indicator text, weight numeric, score numeric)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CAST(l.objective AS text), e.indicator, e.absolute_weight / count(*) OVER (PARTITION BY e.node), e.score
	FROM kpi.evaluate(scorecard, unit, period) AS e
		CROSS JOIN LATERAL kpi_internal.read_period(period) AS p
		LEFT JOIN (kpi.objective_indicator AS l JOIN kpi.objective AS o ON o.objective = l.objective)
			ON l.indicator = e.indicator AND o.valid && kpi_internal.period_days(p.grain, p.period_start)
	WHERE e.indicator IS NOT NULL AND e.absolute_weight > 0
$$;
COMMENT ON FUNCTION kpi_internal.strategy_leaves(text, text, text) IS
'The indicators that weigh in a scorecard, by the objectives that they measure. '
'One that measures several has its weight shared out among them alike; one that measures none has a NULL objective.';

CREATE FUNCTION kpi_internal.strategy_links(scorecard text, unit text, period text)
	RETURNS TABLE (objective text, name text, strategy_weight numeric, indicator_weight numeric, attainment numeric)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH leaf AS MATERIALIZED (
		SELECT * FROM kpi_internal.strategy_leaves(scorecard, unit, period)
	), wanted AS (
		SELECT CAST(o.objective AS text) AS objective, kpi.term('objective', o.objective, o.name) AS name, o.priority
		FROM kpi.objective AS o CROSS JOIN LATERAL kpi_internal.read_period(period) AS p
		WHERE o.priority > 0 AND o.valid && kpi_internal.period_days(p.grain, p.period_start)
	)
	SELECT w.objective, w.name, w.priority / sum(w.priority) OVER (),
		   coalesce(sum(l.weight), 0) / nullif((SELECT sum(a.weight) FROM leaf AS a), 0),
		   sum(l.weight * least(greatest(l.score, 0), 100)) FILTER (WHERE l.score IS NOT NULL)
			   / nullif(100 * sum(l.weight) FILTER (WHERE l.score IS NOT NULL), 0)
	FROM wanted AS w LEFT JOIN leaf AS l ON l.objective = w.objective
	GROUP BY w.objective, w.name, w.priority
$$;
COMMENT ON FUNCTION kpi_internal.strategy_links(text, text, text) IS
'The objectives of a period with their shares of the priorities and of the weights of a scorecard. '
'attainment is the weighted mean score of their indicators, as a share from 0 to 1; NULL without a score.';

CREATE FUNCTION kpi_internal.outcome_correlation(scorecard text, unit text, period text, objective text)
	RETURNS float8
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN count(*) >= 6 THEN corr(CAST(r.score AS float8), CAST(m.value AS float8)) * CASE i.direction WHEN 'lower' THEN -1 ELSE 1 END END
	FROM kpi_internal.read_period(period) AS p
		JOIN kpi.objective AS o ON o.objective = outcome_correlation.objective
		JOIN kpi.indicator AS i ON i.indicator = o.outcome
		CROSS JOIN LATERAL (
			SELECT k.period_start, sum(k.score * k.absolute_weight) / nullif(sum(k.absolute_weight), 0) AS score
			FROM kpi.result AS k JOIN kpi.objective_indicator AS l ON l.indicator = k.indicator AND l.objective = o.objective
			WHERE k.scorecard = outcome_correlation.scorecard AND k.unit = outcome_correlation.unit AND k.period_grain = p.grain
				AND k.period_start <= p.period_start AND k.score IS NOT NULL AND k.absolute_weight > 0 AND k.indicator <> o.outcome
			GROUP BY k.period_start) AS r
		JOIN kpi.measurement AS m ON m.indicator = o.outcome AND m.unit = outcome_correlation.unit AND m.grain = p.grain AND m.period_start = r.period_start
	WHERE r.score IS NOT NULL AND m.value IS NOT NULL AND m.value NOT IN ('NaN', 'Infinity', '-Infinity')
	GROUP BY i.direction
$$;
COMMENT ON FUNCTION kpi_internal.outcome_correlation(text, text, text, text) IS
'How scores of the indicators of an objective and its outcome went together up to a period. '
'Positive where better scores go with a better outcome, which is not among those indicators itself. NULL of less than 6 periods.';

CREATE TYPE kpi.strategy_match AS (
	objective text,
	objective_name text,
	strategy_weight numeric,
	indicator_weight numeric,
	coverage numeric,
	alignment numeric,
	direction float8,
	attainment numeric,
	coordination float8,
	match_degree float8,
	weakness text
);
COMMENT ON TYPE kpi.strategy_match IS 'A row of kpi.match_degree(): the whole strategy, or a link of it.';
COMMENT ON COLUMN kpi.strategy_match.objective IS 'Key of the objective; NULL for the strategy as a whole.';
COMMENT ON COLUMN kpi.strategy_match.objective_name IS 'Its name in the reader''s language.';
COMMENT ON COLUMN kpi.strategy_match.strategy_weight IS 'Its share of the priorities.';
COMMENT ON COLUMN kpi.strategy_match.indicator_weight IS 'The share of the weights that its indicators have.';
COMMENT ON COLUMN kpi.strategy_match.coverage IS 'Share of the objectives with an indicator that weighs; of one 0 or 1.';
COMMENT ON COLUMN kpi.strategy_match.alignment IS
'1 less half the sum of the differences of the two weights. Of one objective 1 less its own difference.';
COMMENT ON COLUMN kpi.strategy_match.direction IS
'Correlation of the scores of its indicators and its outcome; NULL of less than 6 periods. Of the whole the mean by priority.';
COMMENT ON COLUMN kpi.strategy_match.attainment IS 'Weighted mean score of its indicators, as a share from 0 to 1.';
COMMENT ON COLUMN kpi.strategy_match.coordination IS
'How well the attainments go together: sqrt(coupling x development); NULL of an objective.';
COMMENT ON COLUMN kpi.strategy_match.match_degree IS
'Geometric mean of coverage, alignment and coordination; NULL of an objective.';
COMMENT ON COLUMN kpi.strategy_match.weakness IS
'What is weak about a link. One of no_indicator, underweighted, overweighted, low_attainment, against_outcome or no_score.';

CREATE FUNCTION kpi_internal.weakness_of(strategy_weight numeric, indicator_weight numeric, attainment numeric, direction float8)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN indicator_weight IS NULL OR indicator_weight = 0 THEN 'no_indicator'
				WHEN direction < 0 THEN 'against_outcome'
				WHEN strategy_weight - indicator_weight > 0.05 AND strategy_weight - indicator_weight >= 1 - coalesce(attainment, 1) THEN 'underweighted'
				WHEN indicator_weight - strategy_weight > 0.05 AND indicator_weight - strategy_weight >= 1 - coalesce(attainment, 1) THEN 'overweighted'
				WHEN attainment IS NULL THEN 'no_score'
				WHEN attainment < 0.8 THEN 'low_attainment' END;
COMMENT ON FUNCTION kpi_internal.weakness_of(numeric, numeric, numeric, float8) IS
'What is weak about the link of an objective and its indicators. NULL for nothing: weights that differ by 5 points at '
'most, and 80 percent attained.';

CREATE FUNCTION kpi.match_degree(scorecard text, unit text, period text)
	RETURNS SETOF kpi.strategy_match
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH link AS MATERIALIZED (
		SELECT s.*, kpi_internal.outcome_correlation(scorecard, unit, period, s.objective) AS direction
		FROM kpi_internal.strategy_links(scorecard, unit, period) AS s
	), whole AS (
		SELECT avg(CASE WHEN k.indicator_weight > 0 THEN 1 ELSE 0 END) AS coverage,
			   -- the weight of indicators without an objective is a difference, too
			   1 - (sum(abs(k.strategy_weight - coalesce(k.indicator_weight, 0))) + 1 - sum(coalesce(k.indicator_weight, 0))) / 2 AS alignment,
			   sum(k.direction * k.strategy_weight) / nullif(sum(k.strategy_weight) FILTER (WHERE k.direction IS NOT NULL), 0) AS direction,
			   sum(k.attainment * k.strategy_weight) / nullif(sum(k.strategy_weight) FILTER (WHERE k.attainment IS NOT NULL), 0) AS attainment,
			   (kpi.coupling_coordination(array_agg(CAST(k.attainment AS float8)) FILTER (WHERE k.attainment IS NOT NULL),
					array_agg(CAST(k.strategy_weight AS float8)) FILTER (WHERE k.attainment IS NOT NULL))).coordination AS coordination
		FROM link AS k
		HAVING count(*) > 0
	)
	SELECT r.match
	FROM (SELECT CAST(ROW (NULL, NULL, 1, sum(k.indicator_weight), w.coverage, w.alignment, w.direction, w.attainment, w.coordination,
						   power(CAST(w.coverage * w.alignment AS float8) * w.coordination, 1.0 / 3), NULL) AS kpi.strategy_match) AS match,
				 2.0 AS loss
		  FROM whole AS w CROSS JOIN link AS k GROUP BY w.coverage, w.alignment, w.direction, w.attainment, w.coordination
		  UNION ALL
		  SELECT CAST(ROW (k.objective, k.name, k.strategy_weight, k.indicator_weight, CASE WHEN k.indicator_weight > 0 THEN 1 ELSE 0 END,
						   1 - abs(k.strategy_weight - coalesce(k.indicator_weight, 0)), k.direction, k.attainment, NULL, NULL,
						   kpi_internal.weakness_of(k.strategy_weight, k.indicator_weight, k.attainment, k.direction)) AS kpi.strategy_match),
				 CASE WHEN k.indicator_weight > 0
					  THEN abs(k.strategy_weight - k.indicator_weight) + k.strategy_weight * (1 - coalesce(k.attainment, 0)) ELSE 1 + k.strategy_weight END
		  FROM link AS k) AS r
	ORDER BY r.loss DESC, (r.match).objective COLLATE "C"
$$;
COMMENT ON FUNCTION kpi.match_degree(text, text, text) IS
'How well the indicators of a scorecard match the strategy, for a unit in a period. '
'The first row is the whole: the geometric mean of coverage, alignment and coordination. Then a row an objective, the weakest link first. '
'Indicators without an objective are in kpi.orphans(). No rows without an objective in the period; NULL where nothing '
'is attained. Errors as in kpi.evaluate().';
--@ dated | match_degree | scorecard text, unit text | scorecard, unit | | | text, text, date, text | SETOF kpi.strategy_match | STABLE PARALLEL SAFE ROWS 10 | How well the indicators of a scorecard match the strategy.
