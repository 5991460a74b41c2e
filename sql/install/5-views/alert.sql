-- Watching: which rules raise an alert, and which alerts are cleared, whenever results are refreshed.
--
-- A rule looks at the last period of its grain that is over and has a value. It raises
-- one alert an event: while it is open nothing is raised again. It is cleared where
-- the limit clear_at is reached again, or after good_periods periods in a row without
-- cause; so what swings about a limit is one event.

CREATE TYPE kpi_internal.alert_state AS (
	value numeric,
	is_bad boolean,
	has_recovered boolean,
	limit_value numeric,
	detail text
);
COMMENT ON TYPE kpi_internal.alert_state IS 'What a watch rule sees of a unit in a period.';
--@ for column | says
--@ | value | The value, score or chance; NULL for none.
--@ | is_bad | Whether it is a cause to raise an alert.
--@ | has_recovered | Whether an alert is cleared by it.
--@ | limit_value | What it is compared with.
--@ | detail | What happened.
COMMENT ON COLUMN kpi_internal.alert_state.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.watched_value(rule kpi.alert_rule, unit text, period_start date)
	RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT CASE WHEN rule.indicator IS NOT NULL
				THEN (SELECT kpi_internal.usable(m.value) FROM kpi.measurement AS m
					  WHERE m.indicator = rule.indicator AND m.unit = watched_value.unit AND m.grain = rule.grain
						  AND m.period_start = watched_value.period_start)
				ELSE (SELECT r.score FROM kpi.result AS r
					  WHERE r.scorecard = rule.scorecard AND r.unit = watched_value.unit AND r.period_grain = rule.grain
						  AND r.period_start = watched_value.period_start AND r.node = coalesce(rule.node, rule.scorecard)) END;
END;
COMMENT ON FUNCTION kpi_internal.watched_value(kpi.alert_rule, text, date) IS
'The value or score that a rule watches, of a unit in a period.';

CREATE FUNCTION kpi_internal.threshold_state(rule kpi.alert_rule, unit text, period_start date)
	RETURNS kpi_internal.alert_state
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT v.value, CASE rule.side WHEN 'above' THEN v.value > rule.raise_at ELSE v.value < rule.raise_at END,
		   CASE rule.side WHEN 'above' THEN v.value <= coalesce(rule.clear_at, rule.raise_at)
			   ELSE v.value >= coalesce(rule.clear_at, rule.raise_at) END,
		   rule.raise_at, rule.side
	FROM (SELECT kpi_internal.watched_value(rule, threshold_state.unit, threshold_state.period_start) AS value) AS v;
END;
COMMENT ON FUNCTION kpi_internal.threshold_state(kpi.alert_rule, text, date) IS
'Whether a value or score is beyond the limit of a rule.';

CREATE FUNCTION kpi_internal.band_state(rule kpi.alert_rule, unit text, period_start date, was numeric)
	RETURNS kpi_internal.alert_state
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT CAST(z.score AS numeric), z.rag_order > 0 AND z.rag_order < a.rag_order, z.rag_order >= was,
		CAST(a.rag_order AS numeric),
		   a.rag || ' > ' || z.rag
	FROM kpi.result AS z
		LEFT JOIN kpi.result AS a ON a.scorecard = z.scorecard AND a.unit = z.unit AND a.period_grain = z.period_grain
			AND a.node = z.node
			AND a.period_start = kpi.period_before(rule.grain, band_state.period_start)
	WHERE z.scorecard = rule.scorecard AND z.unit = band_state.unit AND z.period_grain = rule.grain
		AND z.period_start = band_state.period_start AND z.node = coalesce(rule.node, rule.scorecard);
END;
COMMENT ON FUNCTION kpi_internal.band_state(kpi.alert_rule, text, date, numeric) IS
'Whether a status is worse than in the period before, and again as it was. was: the order of the status before an '
'alert.';

CREATE FUNCTION kpi_internal.chart_state(rule kpi.alert_rule, unit text, period_start date)
	RETURNS kpi_internal.alert_state
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT kpi_internal.decimal(c.value), c.alarm, NOT c.alarm, kpi_internal.decimal(c.center_line),
		array_to_string(c.signals, ', ')
	FROM kpi.indicator AS i
		CROSS JOIN LATERAL (
			SELECT kpi.series(m.period_start, CAST(m.value AS float8)) AS series FROM kpi.measurement AS m
			WHERE m.indicator = rule.indicator AND m.unit = chart_state.unit AND m.grain = rule.grain
				AND m.period_start <= chart_state.period_start
		) AS s
		CROSS JOIN LATERAL kpi.control_chart(s.series, rules => rule.rules,
			direction => CASE WHEN i.direction <> 'target' THEN CAST(i.direction AS text) END,
			clear_after => CAST(coalesce(rule.good_periods, 2) AS float8)) AS c
	WHERE i.indicator = rule.indicator AND c.period = chart_state.period_start;
END;
COMMENT ON FUNCTION kpi_internal.chart_state(kpi.alert_rule, text, date) IS
'Whether the control chart of an indicator sounds an alarm in a period, by what was there until then.';

CREATE FUNCTION kpi_internal.forecast_state(rule kpi.alert_rule, unit text, period_start date)
	RETURNS kpi_internal.alert_state
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT o.chance, o.chance < rule.raise_at, o.chance >= coalesce(rule.clear_at, rule.raise_at), rule.raise_at,
		o.target_status
	FROM kpi.indicator AS i
		CROSS JOIN LATERAL kpi_internal.prospect_of(i, forecast_state.unit, rule.target_grain,
			kpi.period_start(rule.target_grain, forecast_state.period_start),
				kpi.period_label(rule.grain, forecast_state.period_start), 'auto') AS o
	WHERE i.indicator = rule.indicator;
END;
COMMENT ON FUNCTION kpi_internal.forecast_state(kpi.alert_rule, text, date) IS
'How probably a target will be reached, as it looked at the end of a period.';

CREATE FUNCTION kpi_internal.alert_state_of(rule kpi.alert_rule, unit text, period_start date, was numeric)
	RETURNS kpi_internal.alert_state
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CASE WHEN rule.kind = 'threshold' THEN kpi_internal.threshold_state(rule, unit, period_start)
				WHEN rule.kind = 'band' THEN kpi_internal.band_state(rule, unit, period_start, was)
				WHEN rule.kind = 'chart' THEN kpi_internal.chart_state(rule, unit, period_start)
				ELSE kpi_internal.forecast_state(rule, unit, period_start) END;
END
$$;
COMMENT ON FUNCTION kpi_internal.alert_state_of(kpi.alert_rule, text, date, numeric) IS
'What a rule sees of a unit in a period, by its kind.';

CREATE FUNCTION kpi_internal.watched_periods(rule kpi.alert_rule)
	RETURNS TABLE (unit text, period_start date)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT CAST(m.unit AS text), max(m.period_start)
	FROM kpi.measurement AS m
	WHERE rule.indicator IS NOT NULL AND m.indicator = rule.indicator AND m.grain = rule.grain
		AND (rule.unit IS NULL OR m.unit = rule.unit)
		AND NOT m.provisional AND kpi_internal.usable(m.value) IS NOT NULL
	GROUP BY m.unit
	UNION ALL
	SELECT CAST(r.unit AS text), max(r.period_start)
	FROM kpi.result AS r
	WHERE rule.scorecard IS NOT NULL AND r.scorecard = rule.scorecard AND r.node = coalesce(rule.node, rule.scorecard)
		AND r.period_grain = rule.grain AND (rule.unit IS NULL OR r.unit = rule.unit) AND r.is_provisional = 0
		AND r.score IS NOT NULL
	GROUP BY r.unit;
END;
COMMENT ON FUNCTION kpi_internal.watched_periods(kpi.alert_rule) IS
'The units that a rule watches, each with the last period that is over and has a value.';

CREATE FUNCTION kpi_internal.was_good(rule kpi.alert_rule, unit text, period_start date, since date)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT rule.good_periods IS NOT NULL AND rule.kind <> 'chart'
		AND kpi_internal.period_step(rule.grain, was_good.period_start, 1 - rule.good_periods) > since
		AND (SELECT bool_and(s.is_bad IS FALSE)
			 FROM generate_series(0, rule.good_periods - 1) AS n
				CROSS JOIN LATERAL kpi_internal.alert_state_of(rule, was_good.unit,
					kpi_internal.period_step(rule.grain, was_good.period_start, - n), NULL) AS s);
END;
COMMENT ON FUNCTION kpi_internal.was_good(kpi.alert_rule, text, date, date) IS
'Whether there was no cause in as many periods as a rule asks for, all after the one of an alert.';

CREATE FUNCTION kpi_internal.tell_alert(alert bigint, alert_rule text, event text)
	RETURNS void
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT pg_notify('kpi_alert',
		CAST(jsonb_build_object('alert', alert, 'alert_rule', alert_rule, 'event', event) AS text))
$$;
COMMENT ON FUNCTION kpi_internal.tell_alert(bigint, text, text) IS
'Tells whoever listens to kpi_alert. Only of which alert it is, for the row itself is for those who may see its unit.';

CREATE FUNCTION kpi_internal.watch_unit(rule kpi.alert_rule, watched_unit text, day date)
	RETURNS integer
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	open_alert kpi.alert;
	state kpi_internal.alert_state;
	raised record;
BEGIN
	SELECT * INTO open_alert FROM kpi.alert AS a WHERE a.alert_rule = rule.alert_rule AND a.unit = watched_unit
		AND a.cleared_at IS NULL;
	state := kpi_internal.alert_state_of(rule, watched_unit, day, (open_alert).limit_value);
	IF open_alert.alert IS NULL AND (state).is_bad THEN
		-- the same period once more is the same event
		INSERT INTO kpi.alert AS a (alert_rule, unit, grain, period_start, value, limit_value, detail)
		VALUES (rule.alert_rule, watched_unit, rule.grain, day, (state).value, (state).limit_value, (state).detail)
		ON CONFLICT ON CONSTRAINT alert_event DO UPDATE
		SET (value, limit_value, detail, cleared_period, cleared_at) =
			ROW (excluded.value, excluded.limit_value, excluded.detail, NULL, NULL)
		RETURNING a.alert, a.xmax = 0 AS is_new INTO raised;
		IF raised.is_new THEN
			PERFORM kpi_internal.tell_alert(raised.alert, rule.alert_rule, 'raised');
			RETURN 1;
		END IF;
	ELSIF open_alert.alert IS NOT NULL AND (state).is_bad IS NOT TRUE
		AND ((state).has_recovered OR kpi_internal.was_good(rule, watched_unit, day, (open_alert).period_start))
	THEN
		UPDATE kpi.alert AS a SET cleared_period = day, cleared_at = now() WHERE a.alert = (open_alert).alert;
		PERFORM kpi_internal.tell_alert(open_alert.alert, rule.alert_rule, 'cleared');
		RETURN 1;
	END IF;
	RETURN 0;
END
$$;
COMMENT ON FUNCTION kpi_internal.watch_unit(kpi.alert_rule, text, date) IS
'Raises or clears the alert of a rule and a unit by a period, and tells of it. How many events that is.';

CREATE FUNCTION kpi.check_alerts()
	RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	watched record;
	events bigint := 0;
BEGIN
	IF NOT EXISTS (SELECT FROM kpi.alert_rule AS r WHERE r.active) THEN
		RETURN 0;
	END IF;
	-- one at a time; the statements after it see what another session has raised
	PERFORM kpi_internal.lock_key('kpi.alert', '');
	FOR watched IN
		SELECT r AS rule, p.unit, p.period_start
		FROM kpi.alert_rule AS r CROSS JOIN LATERAL kpi_internal.watched_periods(r) AS p
		WHERE r.active ORDER BY r.alert_rule COLLATE "C", p.unit COLLATE "C"
	LOOP
		BEGIN
			events := events + kpi_internal.watch_unit(watched.rule, watched.unit, watched.period_start);
		EXCEPTION WHEN data_exception OR feature_not_supported OR program_limit_exceeded THEN
			-- a rule that cannot be looked at keeps no result from being refreshed
			RAISE WARNING USING message = format('alert rule "%s" was not checked for unit "%s": %s',
				(watched.rule).alert_rule, watched.unit, SQLERRM);
		END;
	END LOOP;
	RETURN events;
END
$$;
COMMENT ON FUNCTION kpi.check_alerts() IS
'Looks at all active watch rules, raises and clears alerts, and returns how many events that were. '
'kpi.refresh_results(), and so kpi.collect(), does it at its end. Each event is told once, by NOTIFY on channel '
'kpi_alert with the number of the alert. One at a time; needs SELECT, INSERT and UPDATE on kpi.alert. What cannot be '
'looked at is a WARNING.';

CREATE FUNCTION kpi_internal.watch_results()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.check_alerts();
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.watch_results() IS
'Trigger: watch rules are looked at when results have been refreshed, which is when marks go.';

CREATE TRIGGER watch_results
	AFTER DELETE ON kpi_internal.mark
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.watch_results();
COMMENT ON TRIGGER watch_results ON kpi_internal.mark IS
'Watch rules are looked at when results have been refreshed.';

CREATE VIEW kpi.v_alert WITH (security_invoker = true) AS
SELECT a.alert,
	   CAST(a.alert_rule AS varchar(63)) AS alert_rule,
	   CAST(r.name AS varchar(200)) AS alert_name,
	   CAST(r.kind AS varchar(63)) AS alert_kind,
	   CAST(r.scorecard AS varchar(63)) AS scorecard,
	   CAST(coalesce(r.node, r.scorecard) AS varchar(63)) AS node,
	   CAST(r.indicator AS varchar(63)) AS indicator,
	   CAST(kpi.term('indicator', r.indicator, i.name) AS varchar(200)) AS indicator_name,
	   CAST(a.unit AS varchar(63)) AS unit,
	   CAST(kpi.term('unit', a.unit, u.name) AS varchar(200)) AS unit_name,
	   CAST(a.grain AS varchar(63)) AS period_grain,
	   a.period_start,
	   CAST(kpi.period_label(a.grain, a.period_start) AS varchar(63)) AS period_label,
	   CAST(kpi_internal.shown_value(a.value) AS numeric(24,6)) AS alert_value,
	   CAST(kpi_internal.shown_value(a.limit_value) AS numeric(24,6)) AS alert_limit,
	   CAST(a.detail AS varchar(200)) AS alert_detail,
	   CAST(a.cleared_at IS NULL AS integer) AS is_open,
	   CAST(kpi.period_label(a.grain, a.cleared_period) AS varchar(63)) AS cleared_label,
	   a.raised_at,
	   a.cleared_at
FROM kpi.alert AS a
	JOIN kpi.alert_rule AS r ON r.alert_rule = a.alert_rule
	LEFT JOIN kpi.indicator AS i ON i.indicator = r.indicator
	LEFT JOIN kpi.unit AS u ON u.unit = a.unit;
COMMENT ON VIEW kpi.v_alert IS
'One row per alert: what watch rules have raised. Key: alert. Open ones have is_open 1.';
--@ for column | says
--@ | alert | Number of the alert.
--@ | alert_rule | Key of the rule that raised it.
--@ | alert_name | Name of the rule.
--@ | alert_kind | What the rule watches: threshold, band, chart or forecast.
--@ | scorecard | The scorecard whose scores are watched; NULL where values are.
--@ | node | Its node; of the scorecard itself its key.
--@ | indicator | The indicator whose values are watched; NULL where scores are.
--@ | indicator_name | Its name.
--@ | unit | The unit that it is about.
--@ | unit_name | Its name.
--@ | period_grain | Length of the period: a key of kpi.grain.
--@ | period_start | First day of the period in which it was raised.
--@ | period_label | Label of the period.
--@ | alert_value | The value, score or chance in that period.
--@ | alert_limit | What it is beyond.
--@ | alert_detail | What happened: side, statuses, signals or status of the target.
--@ | is_open | 1 while it is open, else 0.
--@ | cleared_label | Label of the period in which it was cleared.
--@ | raised_at | When it was raised.
--@ | cleared_at | When it was cleared.
COMMENT ON COLUMN kpi.v_alert.@column@ IS '@says@';
--@ end
