-- Deriving: the values of formulas.

CREATE FUNCTION kpi_internal.derived_periods(indicator text, days daterange, inputs text[])
	RETURNS TABLE (ordinal integer, grain text, period_start date, last_day date)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH definition AS MATERIALIZED (
		SELECT i.grain, i.combine, i.indicator FROM kpi.indicator AS i WHERE i.indicator = derived_periods.indicator
	), span AS MATERIALIZED (
		-- what is open ends where the inputs have values
		SELECT daterange(coalesce(lower(days), m.first_day), coalesce(upper(days), greatest(m.end_day, current_date + 1))) AS days
		FROM (SELECT min(x.period_start) AS first_day, max(kpi.period_end(x.grain, x.period_start)) AS end_day
			  FROM kpi.measurement AS x
			  WHERE (lower_inf(derived_periods.days) OR upper_inf(derived_periods.days)) AND x.indicator = ANY (inputs)) AS m
	), wanted AS MATERIALIZED (
		SELECT g.grain, g.position
		FROM definition AS d JOIN kpi.grain AS g
			ON g.grain = d.grain
			OR d.combine = 'formula' AND g.window_of IS NULL AND kpi_internal.tiles(d.grain, g.grain)
			OR d.combine = 'formula' AND g.window_of IS NOT NULL
				AND g.grain IN (SELECT w."window" FROM kpi_internal.windows_asked() AS w WHERE w.indicator = d.indicator)
	)
	SELECT CAST(row_number() OVER (ORDER BY w.position, w.grain, p.period_start) AS integer), CAST(w.grain AS text), p.period_start,
		   kpi.period_end(w.grain, p.period_start) - 1
	FROM wanted AS w
		CROSS JOIN span AS s
		-- a window ends up to its own length later
		CROSS JOIN LATERAL kpi_internal.periods_in(w.grain,
			daterange(kpi.period_start(w.grain, lower(s.days)), upper(s.days) + w.position + w.position / 10 + 40)) AS p (period_start)
	WHERE NOT isempty(s.days) AND kpi.period_days(w.grain, p.period_start) && s.days;
END;
COMMENT ON FUNCTION kpi_internal.derived_periods(text, daterange, text[]) IS
'The periods that touch the days in which a derived indicator may have a value by its formula: of its own grain, of those that it makes and of its windows, where the formula is also the rule over time.';

CREATE FUNCTION kpi_internal.formula_values(indicator text, days daterange, inputs text[], functions text[], counts integer[])
	RETURNS TABLE (unit text, grain text, period_start date, ordinal integer, place integer, value numeric, provisional boolean,
				   parts integer, parts_expected integer, running boolean, begun boolean)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH RECURSIVE definition AS MATERIALIZED (
		SELECT i.combine_units, i.time_zone FROM kpi.indicator AS i WHERE i.indicator = formula_values.indicator
	), read AS MATERIALIZED (
		SELECT CAST(r.place AS integer) AS place, r.input, r.function, r.n
		FROM unnest(inputs, functions, counts) WITH ORDINALITY AS r (input, function, n, place)
	), period AS MATERIALIZED (
		SELECT p.*,
			   statement_timestamp() < kpi_internal.settled_at(p.grain, p.period_start, d.time_zone) AS running,
			   statement_timestamp() >= CAST(p.period_start AS timestamp) AT TIME ZONE d.time_zone AS begun
		FROM kpi_internal.derived_periods(formula_values.indicator, formula_values.days, inputs) AS p CROSS JOIN definition AS d
	), windowed AS MATERIALIZED (
		-- where other days are read, the window that has just these
		SELECT r.place, p.ordinal, CAST(w.grain AS text) AS grain, kpi.period_start(w.grain, p.last_day) AS period_start
		FROM read AS r
			CROSS JOIN period AS p
			JOIN kpi.grain AS g ON g.grain = p.grain AND g.window_of IS NULL
			CROSS JOIN LATERAL (
				SELECT daterange(CASE r.function WHEN 'ytd' THEN kpi.period_start(coalesce(g.calendar || '_', '') || 'year', p.last_day)
								 ELSE kpi_internal.period_step(p.grain, p.period_start, 1 - r.n) END, p.last_day + 1) AS days) AS wanted
			CROSS JOIN LATERAL (
				SELECT x.grain FROM kpi.grain AS x
				WHERE (x.window_of IS NOT NULL OR r.function = 'ytd' AND x.grain = p.grain)
					AND kpi.period_days(x.grain, p.last_day) = wanted.days
				ORDER BY x.window_of IS NOT DISTINCT FROM p.grain DESC, x.grain LIMIT 1) AS w
		WHERE r.function IN ('ytd', 'rolling')
	), place_read AS MATERIALIZED (
		SELECT r.place, r.input, r.function, p.ordinal, p.last_day, p.grain,
			   CASE r.function WHEN 'previous' THEN kpi.period_before(p.grain, p.period_start)
				   WHEN 'last_year' THEN kpi.period_last_year(p.grain, p.period_start)
				   ELSE p.period_start END AS period_start
		FROM read AS r CROSS JOIN period AS p
		WHERE r.function NOT IN ('ytd', 'rolling')
		UNION ALL
		SELECT r.place, r.input, r.function, p.ordinal, p.last_day, w.grain, w.period_start
		FROM windowed AS w JOIN read AS r ON r.place = w.place JOIN period AS p ON p.ordinal = w.ordinal
	), found AS MATERIALIZED (
		SELECT r.place, r.function, r.ordinal, r.last_day, CAST(m.unit AS text) AS unit, kpi_internal.usable(m.value) AS value, m.provisional,
			   m.parts, m.parts_expected
		FROM (SELECT array_agg(DISTINCT x.grain) AS grains, min(x.period_start) AS first_day, max(x.period_start) AS final_day
			  FROM place_read AS x) AS a
			JOIN kpi.measurement AS m ON m.indicator = ANY (inputs) AND m.grain = ANY (a.grains)
				AND m.period_start >= a.first_day AND m.period_start <= a.final_day
			JOIN place_read AS r ON r.input = CAST(m.indicator AS text) AND r.grain = CAST(m.grain AS text) AND r.period_start = m.period_start
	), below_root (day, root, unit) AS (
		SELECT DISTINCT f.last_day, f.unit, f.unit
		FROM found AS f
		WHERE f.function = 'root' AND NOT EXISTS (SELECT FROM kpi.unit_parent AS p WHERE p.unit = f.unit AND p.valid @> f.last_day)
		UNION ALL
		SELECT b.day, b.root, CAST(p.unit AS text)
		FROM below_root AS b JOIN kpi.unit_parent AS p ON p.parent = b.unit AND p.valid @> b.day
	), told AS (
		SELECT f.unit, f.ordinal, f.place, f.value, f.provisional, f.parts, f.parts_expected FROM found AS f WHERE f.function NOT IN ('parent', 'root')
		UNION ALL
		SELECT CAST(p.unit AS text), f.ordinal, f.place, f.value, f.provisional, f.parts, f.parts_expected
		FROM found AS f JOIN kpi.unit_parent AS p ON p.parent = f.unit AND p.valid @> f.last_day
		WHERE f.function = 'parent'
		UNION ALL
		SELECT b.unit, f.ordinal, f.place, f.value, f.provisional, f.parts, f.parts_expected
		FROM found AS f JOIN below_root AS b ON b.root = f.unit AND b.day = f.last_day
		WHERE f.function = 'root'
	)
	SELECT t.unit, p.grain, p.period_start, p.ordinal, t.place, t.value, t.provisional, t.parts, t.parts_expected, p.running, p.begun
	FROM told AS t
		JOIN period AS p ON p.ordinal = t.ordinal
		CROSS JOIN definition AS d
	-- where units are combined, the formula is that of the lowest ones
	WHERE d.combine_units = 'formula'
		OR NOT EXISTS (SELECT FROM kpi.unit_parent AS b WHERE b.parent = t.unit AND b.valid @> p.last_day);
END;
COMMENT ON FUNCTION kpi_internal.formula_values(text, daterange, text[], text[], integer[]) IS
'What a derived indicator reads, for every unit and period that touches the days: its inputs, each with its function and number of periods, by their place.';

CREATE FUNCTION kpi_internal.derive(indicator text, days daterange)
	RETURNS TABLE (unit text, grain text, period_start date, value numeric, numerator numeric, denominator numeric,
				   parts integer, parts_expected integer, provisional boolean, note text)
	AS 'MODULE_PATHNAME', 'kpi_derive'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 100000 ROWS 1000
	SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION kpi_internal.derive(text, daterange) IS
'The values of a derived indicator from the measurements of its inputs, for every unit and every period that touches the days; of the own grain or the lowest units alone where others are combined by another rule than formula. NULL, with a note, where something is missing or arithmetic has no answer. numerator and denominator are the sides of a formula that is one quotient; parts are those of its inputs. No rows for NULL; an indicator that is unknown or not derived is an error.';
