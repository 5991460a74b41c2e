-- Making results final, and reopening them.

CREATE FUNCTION kpi_internal.may_finalize()
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN has_table_privilege('kpi.finalization', 'INSERT') AND kpi_internal.may_refresh() AND kpi_internal.reads_all();
COMMENT ON FUNCTION kpi_internal.may_finalize() IS
'Whether the current user may make results final: kpi.grant_editor() grants that.';

CREATE FUNCTION kpi_internal.require_finalizer()
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT kpi_internal.may_finalize() THEN
		PERFORM kpi_internal.fail('42501', 'permission denied to make results final or reopen them', 'kpi.grant_editor() grants it.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_finalizer() IS
'Raises an error unless the current user may make results final.';

CREATE FUNCTION kpi_internal.any_unit(scorecard text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT min(u.unit) FROM kpi.scorecard AS k JOIN kpi.unit AS u ON u.dimension = k.dimension WHERE k.scorecard = any_unit.scorecard;
END;
COMMENT ON FUNCTION kpi_internal.any_unit(text) IS
'A unit that a scorecard can be evaluated for. NULL for an unknown scorecard, and where there is none.';

CREATE FUNCTION kpi_internal.freeze_cells(cells kpi_internal.cell[], note text)
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	frozen bigint;
BEGIN
	-- one statement, so that rows and what they are made of are of one time
	WITH result AS MATERIALIZED (
		SELECT r.* FROM kpi_internal.evaluated(cells) AS r
	), input AS MATERIALIZED (
		SELECT i AS of FROM kpi_internal.node_inputs(cells) AS i WHERE i.asked
	), card AS MATERIALIZED (
		INSERT INTO kpi.finalization (scorecard, unit, period_grain, period_start, provisional, definition_hash, note)
		SELECT r.scorecard, r.unit, r.grain, r.period_start, r.provisional,
			   kpi_internal.definition_hash(ARRAY(SELECT i.of FROM input AS i
												  WHERE ((i.of).scorecard, (i.of).unit, (i.of).grain, (i.of).period_start)
													  = (r.scorecard, r.unit, r.grain, r.period_start)), CAST(k.band_set AS text)), freeze_cells.note
		FROM result AS r JOIN kpi.scorecard AS k ON k.scorecard = r.scorecard
		WHERE r.depth = 0
		RETURNING finalization, scorecard, unit, period_grain, period_start
	), kept AS (
		INSERT INTO kpi_internal.final_node (finalization, place, result, input)
		SELECT c.finalization, r.place,
			   CAST(ROW (r.scorecard, r.unit, r.grain, r.period_start, r.node, r.place, r.path, r.depth, r.parent, r.name, r.perspective,
						 r.indicator, r.measured_unit, r.weight, r.role, r.absolute_weight, r.actual, r.target, r.target_low,
						 r.target_high, r.attainment, r.score, r.coverage, r.missing_nodes, r.carried, r.vetoes, r.grades_down, r.coefficient_zero, r.status, r.band, r.grade,
						 r.coefficient, r.reason, r.previous_actual, r.previous_score, r.trend, r.last_year_actual, r.provisional, true,
						 r.evaluated_at) AS kpi_internal.result), i.of
		FROM card AS c
			JOIN result AS r ON r.scorecard = c.scorecard AND r.unit = c.unit AND r.grain = c.period_grain AND r.period_start = c.period_start
			JOIN input AS i ON (i.of).scorecard = c.scorecard AND (i.of).unit = c.unit AND (i.of).grain = c.period_grain
				AND (i.of).period_start = c.period_start AND (i.of).place = r.place
	)
	SELECT count(*) INTO STRICT frozen FROM card;
	PERFORM kpi_internal.store_results(cells);
	-- a score that is carried is by the rules in force now, until the period that it is of is final
	INSERT INTO kpi_internal.mark (scorecard, unit, grain, days)
	SELECT c.scorecard, c.unit, c.grain, daterange(c.period_start, c.period_start + 1)
	FROM unnest(cells) AS c
	WHERE EXISTS (SELECT FROM kpi_internal.card_reads() AS r
				  WHERE r.scorecard = c.scorecard AND (r.steps > 1 OR r.carried_grain = c.grain));
	IF FOUND THEN
		PERFORM kpi.refresh_results();
	END IF;
	RETURN frozen;
END
$$;
COMMENT ON FUNCTION kpi_internal.freeze_cells(kpi_internal.cell[], text) IS
'Makes scorecards, units and periods final as they are evaluated now, and says how many.';

CREATE FUNCTION kpi_internal.final_cells(scorecard text, unit text, grain text, period_start date)
	RETURNS SETOF kpi_internal.cell
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CAST(ROW (r.scorecard, r.unit, r.period_grain, r.period_start, NULL) AS kpi_internal.cell)
	FROM kpi.result AS r
	WHERE r.depth = 0 AND r.scorecard = final_cells.scorecard AND (final_cells.unit IS NULL OR r.unit = final_cells.unit)
		AND r.period_grain = final_cells.grain AND r.period_start = final_cells.period_start AND r.is_final = 0
	ORDER BY r.unit COLLATE "C"
$$;
COMMENT ON FUNCTION kpi_internal.final_cells(text, text, text, date) IS
'The results of a scorecard in a period that are not final yet; of one unit, or of all for NULL.';

CREATE FUNCTION kpi.finalize(scorecard text, unit text, day date, grain text, provisional boolean DEFAULT false, note text DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
	cells kpi_internal.cell[];
	label text;
	unfinished text;
BEGIN
	PERFORM kpi_internal.require_value('provisional', CAST(provisional AS text));
	SELECT * INTO p FROM kpi_internal.read_period(day, grain);
	label := kpi.period_label(p.grain, p.period_start);
	PERFORM kpi_internal.read_card(scorecard, coalesce(unit, kpi_internal.any_unit(scorecard)), p.grain, label);
	PERFORM kpi_internal.require_finalizer();
	PERFORM kpi.refresh_results();
	cells := ARRAY(SELECT c FROM kpi_internal.final_cells(scorecard, unit, p.grain, p.period_start) AS c);
	SELECT min(r.unit) INTO unfinished
	FROM unnest(cells) AS c JOIN kpi.result AS r ON r.scorecard = c.scorecard AND r.unit = c.unit AND r.period_grain = c.grain
		AND r.period_start = c.period_start AND r.depth = 0 AND r.is_provisional = 1;
	IF unfinished IS NOT NULL AND NOT provisional THEN
		PERFORM kpi_internal.fail('55000',
			format('scorecard "%s" of unit "%s" is provisional in %s', scorecard, unfinished, label),
			'Collect again when the period is over, or make it final as it is with provisional => true.');
	ELSIF cardinality(cells) = 0 AND NOT EXISTS (
		SELECT FROM kpi.finalization AS f
		WHERE f.scorecard = finalize.scorecard AND (finalize.unit IS NULL OR f.unit = finalize.unit) AND f.period_grain = p.grain
			AND f.period_start = p.period_start AND f.reopened_at IS NULL)
	THEN
		PERFORM kpi_internal.fail('55000',
			format('scorecard "%s" has no result%s in %s', scorecard, coalesce(format(' for unit "%s"', unit), ''), label),
			'Results are there where an indicator of the scorecard has a value.');
	END IF;
	-- an empty note is none
	RETURN kpi_internal.freeze_cells(cells, nullif(note, ''));
END
$$;
COMMENT ON FUNCTION kpi.finalize(text, text, date, text, boolean, text) IS
'Makes the results of a scorecard final for a unit and the period of a grain that contains a day. As the other finalize.';

-- two of a label, so that parameters without a type find their function: a text after the period is a grain
CREATE FUNCTION kpi.finalize(scorecard text, unit text, period text, grain text DEFAULT NULL, note text DEFAULT NULL)
	RETURNS bigint
	LANGUAGE sql
	RETURN (SELECT kpi.finalize(scorecard, unit, p.period_start, coalesce(finalize.grain, p.grain), note => note)
			FROM kpi_internal.read_period(period) AS p);
COMMENT ON FUNCTION kpi.finalize(text, text, text, text, text) IS
'Makes the results of a scorecard final for a unit and a period, and returns how many units. '
'For all units with a result where the unit is NULL. period: a label; with a grain, the period of it in which that one '
'begins. Results are refreshed first; what is provisional is refused (55000) unless provisional => true. Rows, what '
'they are made of, a hash of the rules, who and when are kept, and all that reads goes by them; kpi.v_restatement '
'tells what would be otherwise now. What is final already stays, 0 where that is all. Errors: as of kpi.evaluate(); '
'no result (55000); needs what kpi.grant_editor() grants (42501).';

CREATE FUNCTION kpi.finalize(scorecard text, unit text, period text, provisional boolean, note text DEFAULT NULL)
	RETURNS bigint
	LANGUAGE sql
	RETURN (SELECT kpi.finalize(scorecard, unit, p.period_start, p.grain, provisional, note)
			FROM kpi_internal.read_period(period) AS p);
COMMENT ON FUNCTION kpi.finalize(text, text, text, boolean, text) IS
'The same, also of a period that is provisional where that is true.';

CREATE FUNCTION kpi.reopen(scorecard text, unit text, day date, grain text, reason text)
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
	label text;
	opened bigint[];
BEGIN
	PERFORM kpi_internal.require_value('reason', nullif(btrim(reason), ''));
	SELECT * INTO p FROM kpi_internal.read_period(day, grain);
	label := kpi.period_label(p.grain, p.period_start);
	PERFORM kpi_internal.read_card(scorecard, coalesce(unit, kpi_internal.any_unit(scorecard)), p.grain, label);
	PERFORM kpi_internal.require_finalizer();
	PERFORM kpi_internal.lock_key('kpi.result', '');
	WITH reopened AS (
		UPDATE kpi.finalization AS f
		SET reopened_by = current_user, reopened_at = greatest(now(), f.finalized_at), reopen_reason = reason
		WHERE f.scorecard = reopen.scorecard AND (reopen.unit IS NULL OR f.unit = reopen.unit) AND f.period_grain = p.grain
			AND f.period_start = p.period_start AND f.reopened_at IS NULL
		RETURNING f.finalization, f.unit
	), marked AS (
		-- what goes by it: the result, those of the periods after it and of a year later, and of scorecards that show it
		INSERT INTO kpi_internal.mark (scorecard, unit, grain, days)
		SELECT reopen.scorecard, r.unit, p.grain, daterange(p.period_start, p.period_start + 1) FROM reopened AS r
	)
	SELECT array_agg(r.finalization) INTO opened FROM reopened AS r;
	IF opened IS NULL THEN
		PERFORM kpi_internal.fail('55000',
			format('scorecard "%s" is not final%s in %s', scorecard, coalesce(format(' for unit "%s"', unit), ''), label),
			'kpi.finalization says what is final.');
	END IF;
	DELETE FROM kpi.restated AS r WHERE r.finalization = ANY (opened);
	PERFORM kpi.refresh_results();
	RETURN cardinality(opened);
END
$$;
COMMENT ON FUNCTION kpi.reopen(text, text, date, text, text) IS
'Opens final results of a scorecard for a unit and the period of a grain that contains a day. As the other reopen.';

CREATE FUNCTION kpi.reopen(scorecard text, unit text, period text, grain text, reason text)
	RETURNS bigint
	LANGUAGE sql
	RETURN (SELECT kpi.reopen(scorecard, unit, p.period_start, coalesce(reopen.grain, p.grain), reason)
			FROM kpi_internal.read_period(period) AS p);
COMMENT ON FUNCTION kpi.reopen(text, text, text, text, text) IS
'The same for the period of a grain in which that of a label begins.';

CREATE FUNCTION kpi.reopen(scorecard text, unit text, period text, reason text)
	RETURNS bigint
	LANGUAGE sql
	RETURN kpi.reopen(scorecard, unit, period, NULL, reason);
COMMENT ON FUNCTION kpi.reopen(text, text, text, text) IS
'Opens final results of a scorecard, unit and period again, and returns how many units. '
'For all units where the unit is NULL. Results are evaluated anew; that they were final, and the reason why they are '
'no more, stays in kpi.finalization. Errors: as of kpi.evaluate(); no reason (22004); not final (55000); needs what '
'kpi.grant_editor() grants (42501).';

