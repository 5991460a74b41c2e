-- Stored results: what was evaluated is kept, and read at the speed of a table.
--
-- A change marks what rests on it as stale, by a row of kpi_internal.mark that says what
-- has changed; which results that touches is found out when they are read or refreshed.
-- A refresh reads marks, then what they touch, and removes only the marks it has read.

CREATE TABLE kpi.result (
	scorecard varchar(63) NOT NULL,
	unit varchar(63) NOT NULL,
	period_grain varchar(63) NOT NULL,
	period_start date NOT NULL,
	node varchar(63) NOT NULL,
	score_key varchar(255) NOT NULL,
	period_end date NOT NULL,
	period_label varchar(63) NOT NULL,
	scorecard_name varchar(200) NOT NULL,
	unit_name varchar(200) NOT NULL,
	node_name varchar(200) NOT NULL,
	parent_node varchar(63),
	path text NOT NULL,
	depth integer NOT NULL,
	place integer NOT NULL,
	perspective varchar(63),
	perspective_name varchar(200),
	indicator varchar(63),
	indicator_name varchar(200),
	responsible varchar(200),
	unit_of_measure varchar(63),
	measured_unit varchar(63),
	weight numeric(18,6),
	absolute_weight numeric(18,6),
	role varchar(63),
	actual numeric(24,6),
	target numeric(24,6),
	target_low numeric(24,6),
	target_high numeric(24,6),
	attainment numeric(18,6),
	score numeric(13,6),
	coverage numeric(18,6),
	missing_count integer NOT NULL,
	missing_nodes text,
	carried boolean NOT NULL,
	vetoes text,
	rag varchar(8) NOT NULL,
	rag_order integer NOT NULL,
	rag_label varchar(63),
	grade varchar(63),
	coefficient numeric(18,6),
	grades_down integer NOT NULL,
	coefficient_zero boolean NOT NULL,
	score_reason varchar(63),
	score_reason_label varchar(63),
	previous_actual numeric(24,6),
	previous_score numeric(13,6),
	score_change numeric(13,6),
	change_rate numeric(18,6),
	trend integer,
	trend_label varchar(63),
	last_year_actual numeric(24,6),
	is_provisional integer NOT NULL,
	is_final integer NOT NULL DEFAULT 0,
	band varchar(63),
	evaluated_at timestamptz NOT NULL,
	PRIMARY KEY (scorecard, unit, period_grain, period_start, node)
);
CREATE INDEX result_key_idx ON kpi.result (score_key);
CREATE INDEX result_period_idx ON kpi.result (period_start, period_grain);
-- one row for each scorecard, unit and period
CREATE INDEX result_top_idx ON kpi.result (scorecard, unit, period_grain, period_start) WHERE depth = 0;
COMMENT ON TABLE kpi.result IS
'What was evaluated: one row per scorecard, unit, period and node. '
'kpi.v_scorecard shows it in the reader''s language.';
SELECT pg_catalog.pg_extension_config_dump('kpi.result', '');

CREATE TABLE kpi.result_inside (
	score_key varchar(255) PRIMARY KEY,
	unit varchar(63) NOT NULL,
	grain varchar(63) NOT NULL,
	period_start date NOT NULL,
	actual numeric(24,6),
	target numeric(24,6),
	target_low numeric(24,6),
	target_high numeric(24,6),
	attainment numeric(18,6),
	previous_actual numeric(24,6),
	last_year_actual numeric(24,6),
	change_rate numeric(18,6),
	score_reason varchar(63),
	score_reason_label varchar(63)
);
COMMENT ON TABLE kpi.result_inside IS
'What scores of nodes are made of that show another unit than the one evaluated for. '
'It is for those who may see that unit; kpi.result has for them what everybody may see.';
COMMENT ON COLUMN kpi.result_inside.score_key IS 'The key of the result.';
COMMENT ON COLUMN kpi.result_inside.unit IS 'The unit that is measured.';
COMMENT ON COLUMN kpi.result_inside.grain IS 'Length of the period.';
COMMENT ON COLUMN kpi.result_inside.period_start IS 'Its first day.';
COMMENT ON COLUMN kpi.result_inside.actual IS 'Its value.';
COMMENT ON COLUMN kpi.result_inside.target IS 'Its target.';
COMMENT ON COLUMN kpi.result_inside.target_low IS 'Lower limit of its target.';
COMMENT ON COLUMN kpi.result_inside.target_high IS 'Upper limit of its target.';
COMMENT ON COLUMN kpi.result_inside.attainment IS 'How far the one reaches the other.';
COMMENT ON COLUMN kpi.result_inside.previous_actual IS 'The value of the period before.';
COMMENT ON COLUMN kpi.result_inside.last_year_actual IS 'The value of a year ago.';
COMMENT ON COLUMN kpi.result_inside.change_rate IS 'Relative change of the value.';
COMMENT ON COLUMN kpi.result_inside.score_reason IS 'What is to be known of the score.';
COMMENT ON COLUMN kpi.result_inside.score_reason_label IS 'The same in words.';
SELECT pg_catalog.pg_extension_config_dump('kpi.result_inside', '');

--@ for table | period | says
--@ | kpi.result | period_grain, period_start | results
--@ | kpi.result_inside | grain, period_start | values
ALTER TABLE @table@ ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_by_unit ON @table@ FOR SELECT USING (kpi_internal.may_read(unit, @period@));
COMMENT ON POLICY read_by_unit ON @table@ IS
'A role sees the @says@ of its units: see kpi_internal.may_read().';
CREATE POLICY write_by_unit ON @table@ USING (kpi_internal.may_read(unit, @period@));
COMMENT ON POLICY write_by_unit ON @table@ IS
'Who may write the table does so for the units that it sees.';
--@ end

CREATE FUNCTION kpi_internal.inside(result kpi.result)
	RETURNS kpi.result_inside
	AS 'MODULE_PATHNAME', 'kpi_inside'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi_internal.inside(kpi.result) IS
'What kpi.result_inside has of a result whose node shows another unit, as far as one may see it. '
'Without a row that the current role may see no figures, and the reason as kpi.result has it. NULL for NULL.';

CREATE TABLE kpi_internal.mark (
	mark bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	scorecard text,
	indicator text,
	unit text,
	grain text,
	days daterange
);
COMMENT ON TABLE kpi_internal.mark IS
'What has changed since results were refreshed. NULL stands for any.';
COMMENT ON COLUMN kpi_internal.mark.mark IS 'Number.';
COMMENT ON COLUMN kpi_internal.mark.scorecard IS 'The scorecard whose definition has changed, or that was final.';
COMMENT ON COLUMN kpi_internal.mark.indicator IS 'The indicator whose values, targets or definition have changed.';
COMMENT ON COLUMN kpi_internal.mark.unit IS 'The unit they are of.';
COMMENT ON COLUMN kpi_internal.mark.grain IS
'The grain whose values have changed. NULL for what is of days, such as targets.';
COMMENT ON COLUMN kpi_internal.mark.days IS 'The days, or first days of periods, for which it has changed.';
COMMENT ON SEQUENCE kpi_internal.mark_mark_seq IS 'Numbers of marks.';
SELECT pg_catalog.pg_extension_config_dump('kpi_internal.mark', '');
SELECT pg_catalog.pg_extension_config_dump('kpi_internal.mark_mark_seq', '');

--@@ The columns of a result after its key and before the time of its evaluation.
--@ template shown_columns | of
	@of@score_key, @of@period_end, @of@period_label, @of@scorecard_name, @of@unit_name, @of@node_name,
	@of@parent_node, @of@path, @of@depth, @of@place, @of@perspective, @of@perspective_name, @of@indicator,
	@of@indicator_name, @of@responsible, @of@unit_of_measure, @of@measured_unit, @of@weight, @of@absolute_weight,
	@of@role, @of@actual, @of@target, @of@target_low, @of@target_high, @of@attainment, @of@score, @of@coverage,
	@of@missing_count, @of@missing_nodes,
	@of@carried, @of@vetoes, @of@rag, @of@rag_order, @of@rag_label, @of@grade, @of@coefficient, @of@grades_down,
	@of@coefficient_zero, @of@score_reason, @of@score_reason_label, @of@previous_actual, @of@previous_score,
	@of@score_change, @of@change_rate, @of@trend, @of@trend_label, @of@last_year_actual, @of@is_provisional,
	@of@is_final,
--@ end

CREATE FUNCTION kpi_internal.trend_code(trend integer)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE trend WHEN 1 THEN 'improving' WHEN 0 THEN 'unchanged' WHEN -1 THEN 'worsening' END;
COMMENT ON FUNCTION kpi_internal.trend_code(integer) IS
'The code of a trend in kpi.translation: improving, unchanged or worsening. NULL for NULL.';

CREATE FUNCTION kpi_internal.rag(status integer)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE status WHEN -1 THEN 'red' WHEN 0 THEN 'amber' WHEN 1 THEN 'green' ELSE 'none' END;
COMMENT ON FUNCTION kpi_internal.rag(integer) IS
'The code of a status: red, amber or green. none for NULL.';

-- What an evaluation gives, as it is kept or, without casts, as it is

--@ template result_columns | source | from_ | _at | code_ | _code | name_ | _name | value_ | _value | share_ | _share | points_ | _points | list_ | _list
SELECT @code_@r.scorecard @_code@ AS scorecard,
	   @code_@r.unit @_code@ AS unit,
	   @code_@r.grain @_code@ AS period_grain,
	   r.period_start,
	   @code_@r.node @_code@ AS node,
	   CAST(r.scorecard || '/' || r.unit || '/' || kpi.period_label(r.grain, r.period_start) || '/' || r.node AS varchar(255)) AS score_key,
	   kpi_internal.period_end(r.grain, r.period_start) - 1 AS period_end,
	   @code_@kpi.period_label(r.grain, r.period_start) @_code@ AS period_label,
	   @name_@kpi.term('scorecard', r.scorecard, c.name) @_name@ AS scorecard_name,
	   @name_@kpi.term('unit', r.unit, u.name) @_name@ AS unit_name,
	   @name_@kpi_internal.node_name(r.scorecard, r.node, r.name, r.indicator, i.name, r.perspective, v.name) @_name@ AS node_name,
	   @code_@r.parent @_code@ AS parent_node,
	   r.path,
	   r.depth,
	   r.place,
	   @code_@r.perspective @_code@ AS perspective,
	   @name_@kpi.term('perspective', r.perspective, v.name) @_name@ AS perspective_name,
	   @code_@r.indicator @_code@ AS indicator,
	   @name_@kpi.term('indicator', r.indicator, i.name) @_name@ AS indicator_name,
	   @name_@i.responsible @_name@ AS responsible,
	   @code_@kpi.term('unit_of_measure', i.unit_of_measure, i.unit_of_measure) @_code@ AS unit_of_measure,
	   @code_@r.measured_unit @_code@ AS measured_unit,
	   @share_@r.weight @_share@ AS weight,
	   @share_@r.absolute_weight @_share@ AS absolute_weight,
	   @code_@r.role @_code@ AS role,
	   @value_@r.actual @_value@ AS actual,
	   @value_@r.target @_value@ AS target,
	   @value_@r.target_low @_value@ AS target_low,
	   @value_@r.target_high @_value@ AS target_high,
	   @share_@r.attainment @_share@ AS attainment,
	   @points_@r.score @_points@ AS score,
	   @share_@r.coverage @_share@ AS coverage,
	   coalesce(cardinality(r.missing_nodes), 0) AS missing_count,
	   @list_@r.missing_nodes @_list@ AS missing_nodes,
	   r.carried,
	   @list_@r.vetoes @_list@ AS vetoes,
	   CAST(kpi_internal.rag(r.status) AS varchar(8)) AS rag,
	   coalesce(r.status + 2, 0) AS rag_order,
	   @code_@kpi.term('status', coalesce(r.band, 'none'), b.name) @_code@ AS rag_label,
	   @code_@r.grade @_code@ AS grade,
	   @share_@r.coefficient @_share@ AS coefficient,
	   r.grades_down,
	   r.coefficient_zero,
	   @code_@q.reason @_code@ AS score_reason,
	   @code_@kpi.term('reason', q.reason, kpi_internal.default_name(q.reason)) @_code@ AS score_reason_label,
	   @value_@r.previous_actual @_value@ AS previous_actual,
	   @points_@r.previous_score @_points@ AS previous_score,
	   @points_@kpi.change(r.score, r.previous_score) @_points@ AS score_change,
	   @share_@kpi.change_rate(r.actual, r.previous_actual) @_share@ AS change_rate,
	   r.trend,
	   @code_@kpi.term('trend', t.code, kpi_internal.default_name(t.code)) @_code@ AS trend_label,
	   @value_@r.last_year_actual @_value@ AS last_year_actual,
	   CAST(r.provisional AS integer) AS is_provisional,
	   CAST(r.final AS integer) AS is_final,
	   @code_@r.band @_code@ AS band,
	   r.evaluated_at
FROM @source@
	JOIN @from_@scorecard@_at@ c ON c.scorecard = r.scorecard
	JOIN @from_@unit@_at@ u ON u.unit = r.unit
	LEFT JOIN @from_@indicator@_at@ i ON i.indicator = r.indicator
	LEFT JOIN @from_@perspective@_at@ v ON v.perspective = r.perspective
	LEFT JOIN @from_@band@_at@ b ON b.band_set = c.band_set AND b.code = r.band
	CROSS JOIN LATERAL (
		SELECT coalesce(r.reason, CASE WHEN kpi_internal.too_large(r.actual, r.target, r.attainment, r.score) THEN 'invalid' END) AS reason
	) q
	CROSS JOIN LATERAL (SELECT kpi_internal.trend_code(r.trend) AS code) t
--@ end

--@@ Points are kept with more digits than views show, so that what is shown with fewer is rounded once.
--@ template kept_columns | source | points
--@ result_columns | @source@ | kpi. | | CAST( | AS varchar(63)) | CAST( | AS varchar(200)) | CAST(kpi_internal.shown_value( | ) AS numeric(24,6)) | CAST(kpi_internal.shown_share( | ) AS numeric(18,6)) | CAST(kpi_internal.shown_points( | ) AS @points@) | array_to_string( | , ', ')
--@ end

CREATE FUNCTION kpi_internal.new_results(cells kpi_internal.cell[])
	RETURNS SETOF kpi.result
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
	SET search_path = pg_catalog, pg_temp
	-- names as they are defined
	SET kpi.language = 'none'
BEGIN ATOMIC
--@ kept_columns | kpi_internal.evaluated(new_results.cells) r | numeric(13,6)
;
END;
COMMENT ON FUNCTION kpi_internal.new_results(kpi_internal.cell[]) IS
'What kpi.result is to have of scorecards, units and periods.';

CREATE FUNCTION kpi_internal.word_of_hidden()
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	-- as names and words of results are
	SET kpi.language = 'none'
	RETURN kpi.term('reason', 'hidden', kpi_internal.default_name('hidden'));
COMMENT ON FUNCTION kpi_internal.word_of_hidden() IS
'What kpi.result says of a node whose values are hidden.';

CREATE FUNCTION kpi_internal.masked(result kpi.result, hidden text)
	RETURNS kpi.result
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN result.measured_unit <> result.unit
				THEN jsonb_populate_record(result, '{"actual": null, "target": null, "target_low": null, "target_high": null,
					"attainment": null, "previous_actual": null,
					"last_year_actual": null, "change_rate": null}' || CASE WHEN result.score IS NULL THEN '{}'
						ELSE jsonb_build_object('score_reason', 'hidden', 'score_reason_label', hidden) END)
				ELSE result END;
COMMENT ON FUNCTION kpi_internal.masked(kpi.result, text) IS
'A result as those may see it who may see the unit evaluated for and no other. hidden: the word for that.';

-- What rests on what

CREATE FUNCTION kpi_internal.card_reads()
	RETURNS TABLE (scorecard text, indicator text, unit text, valid daterange, wide boolean, steps integer,
				   carried_grain text, carried_days integer)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH RECURSIVE shown (scorecard, inner_card, unit) AS (
		SELECT CAST(k.scorecard AS text), CAST(k.scorecard AS text), CAST(NULL AS text) FROM kpi.scorecard AS k
		UNION
		SELECT s.scorecard, CAST(n.shows AS text), coalesce(CAST(n.unit AS text), s.unit)
		FROM shown AS s JOIN kpi.scorecard_node AS n ON n.scorecard = s.inner_card AND n.shows IS NOT NULL
	), aged (scorecard, steps) AS (
		SELECT k.scorecard, 1 + CASE WHEN k.missing = 'carry' OR bool_or(n.missing = 'carry') THEN max(n.max_age) ELSE 0 END
		FROM kpi.scorecard AS k JOIN kpi.scorecard_node AS n ON n.scorecard = k.scorecard
		GROUP BY k.scorecard
	)
	SELECT s.scorecard, CAST(n.indicator AS text), coalesce(CAST(n.unit AS text), s.unit), n.valid,
		   i.inherit_target OR coalesce(kpi_internal.scale_form(coalesce(n.scale, i.scale)) = 'rank', false), a.steps,
		   CASE WHEN n.carry THEN CAST(i.grain AS text) END,
		   CASE WHEN n.carry THEN g.position * 11 / 5 + 40 + CAST(least(coalesce(extract(epoch FROM i.due_after) / 80000, 0), 1000000) AS integer) ELSE 0 END
	FROM shown AS s
		JOIN kpi.scorecard_node AS n ON n.scorecard = s.inner_card AND n.indicator IS NOT NULL
		JOIN kpi.indicator AS i ON i.indicator = n.indicator
		JOIN kpi.grain AS g ON g.grain = i.grain
		JOIN aged AS a ON a.scorecard = n.scorecard;
END;
COMMENT ON FUNCTION kpi_internal.card_reads() IS
'What scorecards read, those that they show included. '
'An indicator of the unit evaluated for (NULL) or of one of its own. wide: what changes for a unit touches others, '
'too. steps: so many periods back; carried_days: and days of a longer grain that is carried.';

CREATE FUNCTION kpi_internal.cards_showing(inner_card text)
	RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
	WITH RECURSIVE above (scorecard) AS (
		SELECT inner_card
		UNION
		SELECT CAST(n.scorecard AS text) FROM above AS a JOIN kpi.scorecard_node AS n ON n.shows = a.scorecard
	)
	SELECT a.scorecard FROM above AS a;
END;
COMMENT ON FUNCTION kpi_internal.cards_showing(text) IS
'A scorecard, and those that show it, be it through others. For NULL that alone.';

CREATE FUNCTION kpi_internal.touches(mark_grain text, days daterange, grain text, period_start date, steps integer, carried_grain text,
									 carried_days integer)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN days IS NULL THEN mark_grain IS NULL OR mark_grain = grain OR mark_grain = carried_grain
				WHEN mark_grain = grain
				THEN days && daterange(coalesce(kpi_internal.period_step(grain, period_start, - steps), period_start), period_start + 1)
					OR days @> kpi.period_last_year(grain, period_start)
				WHEN mark_grain IS NULL OR mark_grain = carried_grain
				THEN days && daterange(lower(kpi_internal.period_days(grain, coalesce(kpi_internal.period_step(grain, period_start, - steps), period_start)))
									   - carried_days, kpi_internal.period_end(grain, period_start))
				ELSE false END;
COMMENT ON FUNCTION kpi_internal.touches(text, daterange, text, date, integer, text, integer) IS
'Whether what has changed in some days touches the result of a period. '
'Values touch results of their grain: of their period, of the next ones up to steps, and of a year later; those of a '
'longer grain that is carried the ones that may carry it.';

CREATE FUNCTION kpi_internal.stale_results(marks bigint[])
	RETURNS TABLE (scorecard text, unit text, period_grain text, period_start date)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH mark AS MATERIALIZED (
		SELECT m.* FROM kpi_internal.mark AS m WHERE m.mark = ANY (marks)
	), reads AS MATERIALIZED (
		SELECT r.* FROM kpi_internal.card_reads() AS r
	), touched AS MATERIALIZED (
		SELECT DISTINCT r.scorecard, CASE WHEN r.unit IS NULL AND NOT r.wide THEN m.unit END AS unit, m.grain, m.days, r.steps,
			   r.carried_grain, r.carried_days
		FROM mark AS m
			JOIN reads AS r ON (m.indicator IS NULL OR r.indicator = m.indicator)
				AND (r.unit IS NULL OR m.unit IS NULL OR r.unit = m.unit OR r.wide)
		WHERE m.scorecard IS NULL
		UNION
		SELECT s.scorecard,
			   -- what is final of a unit is what others are ranked with
			   CASE WHEN s.scorecard = m.scorecard AND NOT EXISTS (SELECT FROM reads AS w WHERE w.scorecard = s.scorecard AND w.wide)
					THEN m.unit END, m.grain, m.days, c.steps, c.carried_grain, c.carried_days
		FROM mark AS m
			CROSS JOIN LATERAL kpi_internal.cards_showing(m.scorecard) AS s (scorecard)
			CROSS JOIN LATERAL (
				SELECT 1, NULL, 0
				UNION ALL
				-- what is final, or is so no more, is carried into later periods
				SELECT r.steps, r.carried_grain, r.carried_days FROM reads AS r
				WHERE m.grain IS NOT NULL AND r.scorecard = s.scorecard) AS c (steps, carried_grain, carried_days)
		WHERE m.scorecard IS NOT NULL
	)
	SELECT DISTINCT CAST(c.scorecard AS text), CAST(c.unit AS text), CAST(c.period_grain AS text), c.period_start
	FROM touched AS t
		CROSS JOIN LATERAL (
			-- by index for each unit: where one target has changed, the planner would read all results for it
			SELECT r.scorecard, r.unit, r.period_grain, r.period_start FROM kpi.result AS r
			WHERE r.depth = 0 AND r.scorecard = t.scorecard AND r.unit = t.unit
			OFFSET 0) AS c
	WHERE kpi_internal.touches(t.grain, t.days, c.period_grain, c.period_start, t.steps, t.carried_grain, t.carried_days)
	UNION
	SELECT CAST(c.scorecard AS text), CAST(c.unit AS text), CAST(c.period_grain AS text), c.period_start
	FROM touched AS t
		JOIN kpi.result AS c ON c.depth = 0 AND c.scorecard = t.scorecard
	WHERE t.unit IS NULL
		AND kpi_internal.touches(t.grain, t.days, c.period_grain, c.period_start, t.steps, t.carried_grain, t.carried_days);
END;
COMMENT ON FUNCTION kpi_internal.stale_results(bigint[]) IS
'The scorecards, units and periods of kpi.result that rest on what marks say has changed. '
'Too many rather than too few.';

-- with the rights of the owner: what there are results of depends on no reader
CREATE FUNCTION kpi_internal.card_periods(cards text[] DEFAULT NULL)
	RETURNS TABLE (scorecard text, "grain" text, period_start date)
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 1000
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT DISTINCT r.scorecard, CAST(m.grain AS text), m.period_start
	FROM kpi_internal.card_reads() AS r
		JOIN kpi.scorecard AS k ON k.scorecard = r.scorecard
		JOIN kpi.measurement AS m ON m.indicator = r.indicator AND (r.unit IS NULL OR m.unit = r.unit)
			AND r.valid @> kpi_internal.period_end(m.grain, m.period_start) - 1
		JOIN kpi.unit AS u ON u.unit = m.unit AND (r.unit IS NOT NULL OR u.dimension = k.dimension)
	WHERE (cards IS NULL OR r.scorecard = ANY (cards)) AND kpi_internal.tiles(k.grain, m.grain)
$$;
COMMENT ON FUNCTION kpi_internal.card_periods(text[]) IS
'The periods of which scorecards, or all of them, have results: an indicator has a value there. '
'Of a unit of the dimension of the scorecard, or the one that a node names. The period is of the grain of the '
'scorecard or one that such periods make.';

CREATE FUNCTION kpi_internal.added_results(marks bigint[])
	RETURNS TABLE (scorecard text, unit text, period_grain text, period_start date)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH mark AS MATERIALIZED (
		SELECT m.* FROM kpi_internal.mark AS m WHERE m.mark = ANY (marks)
	), reads AS MATERIALIZED (
		SELECT r.scorecard, r.indicator, r.unit, r.valid, CAST(k.dimension AS text) AS dimension, CAST(k.grain AS text) AS grain
		FROM kpi_internal.card_reads() AS r JOIN kpi.scorecard AS k ON k.scorecard = r.scorecard
	), valued AS (
		-- periods that have got a value and no result yet
		SELECT DISTINCT r.scorecard, CAST(m.grain AS text) AS grain, m.period_start
		FROM (SELECT DISTINCT x.indicator, x.unit, x.grain, x.days FROM mark AS x
			  WHERE x.scorecard IS NULL AND x.indicator IS NOT NULL AND x.unit IS NOT NULL AND x.grain IS NOT NULL) AS x
			JOIN reads AS r ON r.indicator = x.indicator AND (r.unit IS NULL OR r.unit = x.unit)
			JOIN kpi.measurement AS m ON m.indicator = x.indicator AND m.unit = x.unit AND m.grain = x.grain AND m.period_start <@ x.days
				AND r.valid @> kpi_internal.period_end(m.grain, m.period_start) - 1
			JOIN kpi.unit AS u ON u.unit = m.unit AND (r.unit IS NOT NULL OR u.dimension = r.dimension)
		WHERE kpi_internal.tiles(r.grain, m.grain)
	), asked AS MATERIALIZED (
		-- scorecards of what has changed as a whole, NULL for all; and the unit, where it is one
		SELECT DISTINCT x.unit, CASE WHEN x.scorecard IS NOT NULL THEN ARRAY(SELECT s FROM kpi_internal.cards_showing(x.scorecard) AS s)
									 WHEN x.indicator IS NOT NULL
									 THEN ARRAY(SELECT DISTINCT r.scorecard FROM reads AS r WHERE r.indicator = x.indicator ORDER BY 1) END AS cards
		FROM mark AS x
		WHERE x.scorecard IS NOT NULL AND x.unit IS NULL OR x.scorecard IS NULL AND (x.indicator IS NULL OR x.unit IS NULL)
	), period AS MATERIALIZED (
		-- not called where nothing is asked: it reads all values
		SELECT a.cards, p.* FROM (SELECT DISTINCT a.cards FROM asked AS a) AS a CROSS JOIN LATERAL kpi_internal.card_periods(a.cards) AS p
	), whole AS (
		SELECT p.scorecard, p.grain, p.period_start, a.unit FROM asked AS a JOIN period AS p ON p.cards IS NOT DISTINCT FROM a.cards
	), wanted (scorecard, grain, period_start, unit) AS (
		SELECT v.scorecard, v.grain, v.period_start, NULL FROM valued AS v
		WHERE NOT EXISTS (SELECT FROM kpi.result AS c WHERE c.scorecard = v.scorecard AND c.period_grain = v.grain
						  AND c.period_start = v.period_start)
		UNION
		SELECT w.scorecard, w.grain, w.period_start, w.unit FROM whole AS w
	)
	SELECT CAST(w.scorecard AS text), CAST(u.unit AS text), w.grain, w.period_start
	FROM wanted AS w
		JOIN kpi.scorecard AS k ON k.scorecard = w.scorecard
		JOIN kpi.unit AS u ON u.dimension = k.dimension AND (w.unit IS NULL OR u.unit = w.unit)
			AND u.valid && kpi_internal.period_days(w.grain, w.period_start)
	EXCEPT
	SELECT CAST(c.scorecard AS text), CAST(c.unit AS text), CAST(c.period_grain AS text), c.period_start
	FROM kpi.result AS c
	WHERE c.depth = 0 AND (c.scorecard, c.period_grain, c.period_start) IN (SELECT w.scorecard, w.grain, w.period_start FROM wanted AS w);
END;
COMMENT ON FUNCTION kpi_internal.added_results(bigint[]) IS
'The scorecards, units and periods that may be new, as marks say. '
'Of a period in which one of the indicators has a value, every unit in force.';

-- the first value that is found is enough; what scorecards read is found out once for all periods
CREATE FUNCTION kpi_internal.valued_periods(cells kpi_internal.cell[])
	RETURNS TABLE (scorecard text, "grain" text, period_start date)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH period AS MATERIALIZED (
		SELECT DISTINCT c.scorecard, c.grain, c.period_start FROM unnest(cells) AS c
	), reads AS MATERIALIZED (
		SELECT r.scorecard, r.indicator, r.unit, r.valid, k.dimension
		FROM kpi_internal.card_reads() AS r JOIN kpi.scorecard AS k ON k.scorecard = r.scorecard
		WHERE r.scorecard IN (SELECT p.scorecard FROM period AS p)
	)
	SELECT p.scorecard, p.grain, p.period_start
	FROM period AS p
	WHERE EXISTS (
		SELECT FROM reads AS r
			CROSS JOIN LATERAL (
				SELECT FROM kpi.measurement AS m
				WHERE m.indicator = r.indicator AND m.grain = p.grain AND m.period_start = p.period_start
					AND CASE WHEN r.unit IS NULL
							 THEN EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = m.unit AND u.dimension = r.dimension)
							 ELSE m.unit = r.unit END
				LIMIT 1) AS v
		WHERE r.scorecard = p.scorecard AND r.valid @> kpi_internal.period_end(p.grain, p.period_start) - 1);
END;
COMMENT ON FUNCTION kpi_internal.valued_periods(kpi_internal.cell[]) IS
'Scorecards and periods in which an indicator of the scorecard has a value: they have results. '
'Of a unit of its dimension, or the one that a node names. The units of the cells do not count.';

CREATE FUNCTION kpi_internal.emptied_results(marks bigint[])
	RETURNS TABLE (scorecard text, unit text, period_grain text, period_start date)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH mark AS MATERIALIZED (
		SELECT DISTINCT x.indicator, x.grain, x.days FROM kpi_internal.mark AS x
		WHERE x.mark = ANY (marks) AND x.indicator IS NOT NULL AND x.grain IS NOT NULL
	), reads AS MATERIALIZED (
		-- not found out where no value has changed
		SELECT r.scorecard, r.indicator FROM kpi_internal.card_reads() AS r WHERE EXISTS (SELECT FROM mark)
	), kept AS MATERIALIZED (
		SELECT DISTINCT r.scorecard, CAST(c.period_grain AS text) AS period_grain, c.period_start
		FROM mark AS x
			JOIN reads AS r ON r.indicator = x.indicator
			JOIN kpi.result AS c ON c.scorecard = r.scorecard AND c.period_grain = x.grain AND c.period_start <@ x.days AND c.depth = 0
	), emptied AS MATERIALIZED (
		SELECT k.* FROM kept AS k
		EXCEPT
		SELECT v.* FROM kpi_internal.valued_periods(ARRAY(
			SELECT CAST(ROW (k.scorecard, NULL, k.period_grain, k.period_start, NULL) AS kpi_internal.cell) FROM kept AS k)) AS v
	)
	SELECT CAST(c.scorecard AS text), CAST(c.unit AS text), CAST(c.period_grain AS text), c.period_start
	FROM emptied AS e
		JOIN kpi.result AS c ON c.scorecard = e.scorecard AND c.period_grain = e.period_grain AND c.period_start = e.period_start AND c.depth = 0;
END;
COMMENT ON FUNCTION kpi_internal.emptied_results(bigint[]) IS
'The results of periods in which no indicator has a value any more, as marks say.';

CREATE FUNCTION kpi_internal.with_values(cells kpi_internal.cell[])
	RETURNS kpi_internal.cell[]
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(array_agg(c), '{}')
	FROM unnest(cells) AS c
		JOIN kpi_internal.valued_periods(cells) AS p ON p.scorecard = c.scorecard AND p.grain = c.grain
			AND p.period_start = c.period_start
		JOIN kpi.scorecard AS k ON k.scorecard = c.scorecard
		JOIN kpi.unit AS u ON u.unit = c.unit AND u.dimension = k.dimension AND u.valid && kpi_internal.period_days(c.grain, c.period_start)
	WHERE kpi_internal.tiles(k.grain, c.grain);
END;
COMMENT ON FUNCTION kpi_internal.with_values(kpi_internal.cell[]) IS
'Those of scorecards, units and periods of which there is a result. '
'The unit is in force, an indicator of the scorecard has a value in the period, and that is of the grain of the '
'scorecard or one that such periods make.';

-- Refreshing

CREATE FUNCTION kpi_internal.is_final(scorecard text, unit text, period_grain text, period_start date)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT EXISTS (SELECT FROM kpi.finalization AS f
				   WHERE f.scorecard = is_final.scorecard AND f.unit = is_final.unit AND f.period_grain = is_final.period_grain
					   AND f.period_start = is_final.period_start AND f.reopened_at IS NULL);
END;
COMMENT ON FUNCTION kpi_internal.is_final(text, text, text, date) IS
'Whether the result of a scorecard, unit and period is final. False for NULL.';

-- What is final against what would be now
CREATE FUNCTION kpi_internal.restatements(cells kpi_internal.cell[])
	RETURNS SETOF kpi.restated
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH final AS MATERIALIZED (
		SELECT f.* FROM kpi.finalization AS f
		WHERE f.reopened_at IS NULL AND (f.scorecard, f.unit, f.period_grain, f.period_start)
			IN (SELECT c.scorecard, c.unit, c.grain, c.period_start FROM unnest(cells) AS c)
	), cell AS MATERIALIZED (
		SELECT coalesce(array_agg(CAST(ROW (f.scorecard, f.unit, f.period_grain, f.period_start, NULL) AS kpi_internal.cell)), '{}') AS all_of
		FROM final AS f
	), latest AS MATERIALIZED (
		SELECT f.finalization, r.* FROM cell AS c CROSS JOIN LATERAL kpi_internal.evaluated(c.all_of, 'infinity', true) AS r
			JOIN final AS f ON f.scorecard = r.scorecard AND f.unit = r.unit AND f.period_grain = r.grain AND f.period_start = r.period_start
	), input AS MATERIALIZED (
		SELECT f.finalization, i AS of FROM cell AS c CROSS JOIN LATERAL kpi_internal.node_inputs(c.all_of, 'infinity', true) AS i
			JOIN final AS f ON f.scorecard = i.scorecard AND f.unit = i.unit AND f.period_grain = i.grain AND f.period_start = i.period_start
		WHERE i.asked
	), step AS MATERIALIZED (
		SELECT f.finalization, s.step, s.cause, p.path
		FROM final AS f
			CROSS JOIN LATERAL (SELECT ARRAY(SELECT p FROM kpi_internal.explained_pairs(
					ARRAY(SELECT n.input FROM kpi_internal.final_node AS n WHERE n.finalization = f.finalization),
					ARRAY(SELECT i.of FROM input AS i WHERE i.finalization = f.finalization)) AS p) AS pairs) AS x
			CROSS JOIN LATERAL kpi_internal.explained_steps(x.pairs, '{}') AS s
			CROSS JOIN LATERAL (SELECT coalesce((q.after).path, (q.before).path) AS path FROM unnest(x.pairs) AS q WHERE q.node = s.node) AS p
	), other AS (
		SELECT coalesce(a.finalization, z.finalization) AS finalization, coalesce(z.node, (a.result).node) AS node,
			   coalesce(z.place, a.place) AS place, coalesce(z.path, (a.result).path) AS path,
			   CASE WHEN z.node IS NULL THEN (a.result).measured_unit ELSE z.measured_unit END AS measured_unit, z.actual, z.target, z.score
		FROM (SELECT n.* FROM kpi_internal.final_node AS n JOIN final AS f ON f.finalization = n.finalization) AS a
			FULL JOIN latest AS z ON z.finalization = a.finalization AND z.node = (a.result).node
		WHERE ((a.result).actual, (a.result).target, (a.result).score) IS DISTINCT FROM (z.actual, z.target, z.score)
			OR z.node IS NULL OR a.finalization IS NULL
	)
	SELECT o.finalization, o.node, o.place, f.unit, o.measured_unit, f.period_grain, f.period_start, o.actual, o.target, o.score,
		   coalesce((SELECT string_agg(c.cause, ', ' ORDER BY c.step)
					 FROM (SELECT s.cause, min(s.step) AS step FROM step AS s
						   WHERE s.finalization = o.finalization AND starts_with(s.path || '/', o.path || '/')
						   GROUP BY s.cause) AS c), 'structure'),
		   statement_timestamp()
	FROM other AS o JOIN final AS f ON f.finalization = o.finalization;
END;
COMMENT ON FUNCTION kpi_internal.restatements(kpi_internal.cell[]) IS
'What would be now of what is final, where that is something else, and why.';

CREATE FUNCTION kpi_internal.restate(cells kpi_internal.cell[])
	RETURNS void
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH latest AS MATERIALIZED (
		SELECT r.* FROM kpi_internal.restatements(cells) AS r
	), gone AS (
		DELETE FROM kpi.restated AS t
		USING kpi.finalization AS f
		WHERE t.finalization = f.finalization AND (t.finalization, t.node) NOT IN (SELECT l.finalization, l.node FROM latest AS l)
			AND (f.scorecard, f.unit, f.period_grain, f.period_start)
				IN (SELECT c.scorecard, c.unit, c.grain, c.period_start FROM unnest(cells) AS c)
	), closed AS (
		DELETE FROM kpi.restated_inside AS t
		USING latest AS l
		WHERE t.finalization = l.finalization AND t.node = l.node AND coalesce(l.measured_unit, l.unit) = l.unit
	), opened AS (
		INSERT INTO kpi.restated_inside AS t
		SELECT l.finalization, l.node, l.measured_unit, l.grain, l.period_start, l.actual, l.target
		FROM latest AS l WHERE l.measured_unit <> l.unit
		ON CONFLICT ON CONSTRAINT restated_inside_pkey DO UPDATE
		SET (unit, actual, target) = ROW (excluded.unit, excluded.actual, excluded.target)
		WHERE (t.unit, t.actual, t.target) IS DISTINCT FROM (excluded.unit, excluded.actual, excluded.target)
		RETURNING t.finalization, t.node
	)
	INSERT INTO kpi.restated AS t
	SELECT l.finalization, l.node, l.place, l.unit, l.measured_unit, l.grain, l.period_start,
		   CASE WHEN l.measured_unit <> l.unit THEN NULL ELSE l.actual END, CASE WHEN l.measured_unit <> l.unit THEN NULL ELSE l.target END,
		   l.score, l.cause, l.restated_at
	FROM latest AS l
	ON CONFLICT ON CONSTRAINT restated_pkey DO UPDATE
	SET (place, measured_unit, actual, target, score, cause, restated_at) =
		ROW (excluded.place, excluded.measured_unit, excluded.actual, excluded.target, excluded.score, excluded.cause, excluded.restated_at)
	WHERE (t.actual, t.target, t.score, t.cause) IS DISTINCT FROM (excluded.actual, excluded.target, excluded.score, excluded.cause)
		OR (t.finalization, t.node) IN (SELECT o.finalization, o.node FROM opened AS o)
$$;
COMMENT ON FUNCTION kpi_internal.restate(kpi_internal.cell[]) IS
'Writes beside final results what would be now. What is of another unit goes to a table of its own.';

CREATE FUNCTION kpi_internal.store_results(cells kpi_internal.cell[])
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	changed bigint;
BEGIN
	WITH cell AS MATERIALIZED (
		-- what is final stays as it was written
		SELECT c.scorecard, c.unit, c.grain, c.period_start FROM unnest(cells) AS c
		WHERE NOT EXISTS (SELECT FROM kpi.result AS f
						  WHERE f.scorecard = c.scorecard AND f.unit = c.unit AND f.period_grain = c.grain
							  AND f.period_start = c.period_start AND f.depth = 0 AND f.is_final = 1
							  AND kpi_internal.is_final(f.scorecard, f.unit, f.period_grain, f.period_start))
	), open AS MATERIALIZED (
		SELECT n AS row FROM kpi_internal.new_results(kpi_internal.with_values(ARRAY(
			SELECT CAST(ROW (c.scorecard, c.unit, c.grain, c.period_start, NULL) AS kpi_internal.cell) FROM cell AS c))) AS n
	), wanted AS MATERIALIZED (
		SELECT (m.row).*
		FROM (SELECT kpi_internal.masked(o.row, w.hidden) AS row
			  FROM open AS o CROSS JOIN (SELECT kpi_internal.word_of_hidden() AS hidden OFFSET 0) AS w
			  OFFSET 0) AS m
	), stored AS MATERIALIZED (
		-- by the primary key, all periods of a unit at once: unanalyzed, the planner would sort the whole table, or
		-- read all of a period for each of its units, were the index by period of use
		SELECT s.* FROM (SELECT DISTINCT c.scorecard, c.unit, c.grain FROM cell AS c) AS l
			CROSS JOIN LATERAL (
				SELECT r.*, r.ctid AS old_row FROM kpi.result AS r
				WHERE r.scorecard = l.scorecard AND r.unit = l.unit AND r.period_grain = l.grain
				OFFSET 0) AS s
		WHERE (s.scorecard, s.unit, s.period_grain, s.period_start)
			IN (SELECT c.scorecard, c.unit, c.grain, c.period_start FROM cell AS c)
	), compared AS MATERIALIZED (
		-- a full join, which is never a nested loop, however little is known of both sides
		SELECT w.*, w.node IS NOT NULL AS is_wanted, s.old_row,
			   ROW (
--@ shown_columns | w.
	w.band) IS DISTINCT FROM ROW (
--@ shown_columns | s.
	s.band) AS is_other
		FROM wanted AS w
			FULL JOIN stored AS s ON s.scorecard = w.scorecard AND s.unit = w.unit AND s.period_grain = w.period_grain
				AND s.period_start = w.period_start AND s.node = w.node
	), gone AS (
		DELETE FROM kpi.result AS t WHERE t.ctid = ANY (ARRAY(SELECT c.old_row FROM compared AS c WHERE NOT c.is_wanted))
		RETURNING 1
	), written AS (
		INSERT INTO kpi.result
		SELECT c.scorecard, c.unit, c.period_grain, c.period_start, c.node,
--@ shown_columns | c.
	c.band, c.evaluated_at
		FROM compared AS c WHERE c.is_wanted AND c.is_other
		ON CONFLICT ON CONSTRAINT result_pkey DO UPDATE
		SET (
--@ shown_columns |
	band, evaluated_at) = ROW (
--@ shown_columns | excluded.
	excluded.band, excluded.evaluated_at)
		RETURNING 1
	), closed AS (
		DELETE FROM kpi.result_inside AS t
		WHERE t.score_key IN (SELECT s.score_key FROM stored AS s WHERE s.measured_unit <> s.unit
							  EXCEPT SELECT w.score_key FROM wanted AS w WHERE w.measured_unit <> w.unit)
	), opened AS (
		INSERT INTO kpi.result_inside AS t
		SELECT (o.row).score_key, (o.row).measured_unit, (o.row).period_grain, (o.row).period_start, (o.row).actual, (o.row).target,
			   (o.row).target_low, (o.row).target_high, (o.row).attainment, (o.row).previous_actual, (o.row).last_year_actual, (o.row).change_rate, (o.row).score_reason,
			   (o.row).score_reason_label
		FROM open AS o WHERE (o.row).measured_unit <> (o.row).unit
		ON CONFLICT ON CONSTRAINT result_inside_pkey DO UPDATE
		SET (unit, actual, target, target_low, target_high, attainment, previous_actual, last_year_actual, change_rate, score_reason,
			 score_reason_label) =
			ROW (excluded.unit, excluded.actual, excluded.target, excluded.target_low, excluded.target_high, excluded.attainment, excluded.previous_actual,
				 excluded.last_year_actual, excluded.change_rate, excluded.score_reason, excluded.score_reason_label)
		WHERE t IS DISTINCT FROM excluded
	)
	SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written) INTO STRICT changed;
	RETURN changed;
END
$$;
COMMENT ON FUNCTION kpi_internal.store_results(kpi_internal.cell[]) IS
'Makes rows of kpi.result what an evaluation gives now, and says how many have changed. '
'What differs is written, what has no value any more is deleted.';

CREATE FUNCTION kpi_internal.refresh_together(marks bigint[])
	RETURNS kpi_internal.cell[]
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- without scorecards it is not worth a plan
	IF NOT EXISTS (SELECT FROM kpi.scorecard) AND NOT EXISTS (SELECT FROM kpi.result) THEN
		RETURN CAST('{}' AS kpi_internal.cell[]);
	END IF;
	RETURN (
		SELECT coalesce(array_agg(CAST(ROW (c.scorecard, c.unit, c.period_grain, c.period_start, NULL) AS kpi_internal.cell)
								  ORDER BY c.scorecard COLLATE "C", c.unit COLLATE "C", c.period_grain COLLATE "C", c.period_start),
						'{}')
		FROM (SELECT * FROM kpi_internal.stale_results(marks) UNION SELECT * FROM kpi_internal.added_results(marks)
			  UNION SELECT * FROM kpi_internal.emptied_results(marks)) AS c);
END
$$;
COMMENT ON FUNCTION kpi_internal.refresh_together(bigint[]) IS
'What is to be evaluated anew for marks, in order.';

CREATE FUNCTION kpi_internal.has_marks()
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_has_marks'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.has_marks() IS
'Whether anything has changed since results were refreshed, whoever asks.';

CREATE FUNCTION kpi_internal.is_stale(scorecard text, unit text, period_grain text, period_start date)
	RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_is_stale'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.is_stale(text, text, text, date) IS
'1 where the results of a scorecard, unit and period are stale, else 0, whoever asks. '
'A query finds out once which are; where nothing has changed since the last refresh, none. NULL for NULL.';

CREATE FUNCTION kpi_internal.pending_results()
	RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_pending_results'
	LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION kpi_internal.pending_results() IS
'How many scorecards, units and periods a refresh would evaluate, whoever asks. '
'Those that are stale, and those that have no result yet.';

CREATE FUNCTION kpi.refresh_results()
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	at_once CONSTANT integer := 2000;
	marks bigint[];
	cells kpi_internal.cell[];
	changed bigint := 0;
BEGIN
	-- the statements after it see what another session has refreshed
	PERFORM kpi_internal.lock_key('kpi.result', '');
	marks := ARRAY(SELECT m.mark FROM kpi_internal.mark AS m);
	-- a statement later: what a mark tells of is there
	cells := kpi_internal.refresh_together(marks);
	FOR place IN 1 .. cardinality(cells) BY at_once LOOP
		changed := changed + kpi_internal.store_results(cells[place : place + at_once - 1]);
		PERFORM kpi_internal.restate(cells[place : place + at_once - 1]);
	END LOOP;
	DELETE FROM kpi_internal.mark AS m WHERE m.mark = ANY (marks);
	RETURN changed;
END
$$;
COMMENT ON FUNCTION kpi.refresh_results() IS
'Evaluates anew all results that are stale, and returns how many rows of kpi.result have changed. '
'Those that rest on what has changed since the last refresh: values, targets, weights, definitions, units. Rows '
'that come out the same are not written. '
'kpi.collect() does it at its end. What other sessions commit meanwhile stays stale. One refresh at a time; needs '
'SELECT, INSERT, UPDATE and DELETE on kpi.result and kpi_internal.mark.';

CREATE FUNCTION kpi_internal.may_refresh()
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN has_table_privilege('kpi.result', 'SELECT') AND has_table_privilege('kpi.result', 'INSERT')
		AND has_table_privilege('kpi.result', 'UPDATE') AND has_table_privilege('kpi.result', 'DELETE')
		AND has_table_privilege('kpi_internal.mark', 'SELECT') AND has_table_privilege('kpi_internal.mark', 'DELETE');
COMMENT ON FUNCTION kpi_internal.may_refresh() IS
'Whether the current user has the privileges on tables that refreshing results needs.';

-- Marks

CREATE FUNCTION kpi_internal.mark_results()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_mark_results'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.mark_results() IS
'Trigger: marks what rests on the rows that have changed, with the rights of the owner of the table. '
'Its argument is a query that gives the columns of kpi_internal.mark after the first.';

--@ template marked | table | says | query | joined
--@ for event | rows | kept
--@ | insert | NEW TABLE AS changed | SELECT c.* FROM changed AS c
--@ | update | OLD TABLE AS former NEW TABLE AS changed | SELECT c.* FROM changed AS c UNION ALL SELECT f.* FROM former AS f
--@ | delete | OLD TABLE AS former | SELECT f.* FROM former AS f
CREATE TRIGGER mark_@event@
	AFTER @event@ ON kpi.@table@ REFERENCING @rows@
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.mark_results('@query@ FROM (@kept@) AS c @joined@');
COMMENT ON TRIGGER mark_@event@ ON kpi.@table@ IS
'@says@';
--@ end
CREATE TRIGGER mark_truncate
	AFTER TRUNCATE ON kpi.@table@
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.mark_results('SELECT NULL, NULL, NULL, NULL, NULL');
COMMENT ON TRIGGER mark_truncate ON kpi.@table@ IS
'@says@';
--@ end

--@@ Groups keep a load of many rows from leaving as many marks.
--@ marked | target | Results that rest on a target are stale. | SELECT DISTINCT NULL, c.indicator, c.unit, NULL, c.period |
--@ marked | benchmark | Results that rest on a benchmark are stale. | SELECT DISTINCT NULL, c.indicator, NULL, NULL, CAST(NULL AS daterange) |
--@ marked | scorecard_node | Results of a scorecard whose nodes change are stale. | SELECT DISTINCT c.scorecard, NULL, NULL, NULL, c.valid |
--@ marked | scorecard | Results of a scorecard that changes are stale. | SELECT DISTINCT c.scorecard, NULL, NULL, NULL, CAST(NULL AS daterange) |
--@ marked | unit | Results of a unit that changes, or is ranked with it, are stale. | SELECT DISTINCT NULL, NULL, c.unit, NULL, CAST(NULL AS daterange) |
--@ marked | unit_parent | Results of units that move, or are ranked with these, are stale. | SELECT DISTINCT NULL, NULL, c.unit, NULL, c.valid |
--@ marked | indicator | Results that show an indicator are stale when its definition changes. | SELECT DISTINCT NULL, c.indicator, NULL, NULL, CAST(NULL AS daterange) |
--@ marked | measurement | Results that show a value, or one of the period before or a year ago, are stale. | SELECT NULL, c.indicator, c.unit, c.grain, daterange(min(c.period_start), max(c.period_start) + 1) | GROUP BY c.indicator, c.unit, c.grain
--@ marked | band | Results graded by a band set are stale when it changes. | SELECT DISTINCT s.scorecard, NULL, NULL, NULL, CAST(NULL AS daterange) | JOIN kpi.scorecard AS s ON s.band_set = c.band_set
--@ marked | target_profile | Results that rest on a profile of targets are stale. | SELECT DISTINCT NULL, i.indicator, NULL, NULL, CAST(NULL AS daterange) | JOIN kpi.indicator AS i ON i.target_profile = c.target_profile

CREATE TRIGGER mark_update
	AFTER UPDATE ON kpi.perspective REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.mark_results('SELECT DISTINCT NULL, NULL, NULL, NULL, CAST(NULL AS daterange) FROM changed');
COMMENT ON TRIGGER mark_update ON kpi.perspective IS
'Results show the names of perspectives.';

CREATE TRIGGER mark_update
	AFTER UPDATE ON kpi.grain REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.mark_results('SELECT DISTINCT NULL, NULL, NULL, NULL, CAST(NULL AS daterange) FROM changed');
COMMENT ON TRIGGER mark_update ON kpi.grain IS
'Results are of periods.';
