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
		FROM (SELECT min(x.period_start) AS first_day, max(kpi_internal.period_end(x.grain, x.period_start)) AS end_day
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
		   kpi_internal.period_end(w.grain, p.period_start) - 1
	FROM wanted AS w
		CROSS JOIN span AS s
		CROSS JOIN LATERAL kpi_internal.periods_touching(w.grain, s.days) AS p (period_start);
END;
COMMENT ON FUNCTION kpi_internal.derived_periods(text, daterange, text[]) IS
'The periods that touch the days in which a derived indicator may have a value by its formula. '
'Of its own grain, of those that it makes and of its windows, where the formula is also the rule over time.';

-- Arrays, so that the join with measurements is planned by how many there are.
CREATE FUNCTION kpi_internal.formula_places(indicator text, days daterange, inputs text[], functions text[], counts integer[],
											OUT grains text[], OUT starts date[], OUT running boolean[], OUT begun boolean[],
											OUT ordinals integer[], OUT places integer[], OUT read_inputs text[], OUT read_functions text[],
											OUT read_grains text[], OUT read_starts date[], OUT last_days date[])
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH definition AS MATERIALIZED (
		SELECT i.time_zone FROM kpi.indicator AS i WHERE i.indicator = formula_places.indicator
	), period AS MATERIALIZED (
		SELECT p.*,
			   statement_timestamp() < kpi_internal.settled_at(p.grain, p.period_start, d.time_zone) AS running,
			   statement_timestamp() >= CAST(p.period_start AS timestamp) AT TIME ZONE d.time_zone AS begun
		FROM kpi_internal.derived_periods(formula_places.indicator, formula_places.days, inputs) AS p CROSS JOIN definition AS d
	), read AS MATERIALIZED (
		SELECT CAST(r.place AS integer) AS place, r.input, r.function, r.n, p.ordinal, p.grain, p.period_start, p.last_day
		FROM unnest(inputs, functions, counts) WITH ORDINALITY AS r (input, function, n, place) CROSS JOIN period AS p
	), asked AS MATERIALIZED (
		SELECT w.indicator, w."window" FROM kpi_internal.windows_asked() AS w
		WHERE functions && CAST('{ytd,rolling}' AS text[])
	), placed AS (
		SELECT r.ordinal, r.place, r.input, r.function, r.grain, r.last_day,
			   CASE r.function WHEN 'previous' THEN kpi.period_before(r.grain, r.period_start)
				   WHEN 'last_year' THEN kpi.period_last_year(r.grain, r.period_start)
				   ELSE r.period_start END AS period_start
		FROM read AS r
		WHERE r.function NOT IN ('ytd', 'rolling')
		UNION ALL
		-- of the windows that the input has the one with just the days that are read
		SELECT r.ordinal, r.place, r.input, r.function, CAST(w.grain AS text), r.last_day, kpi.period_start(w.grain, r.last_day)
		FROM read AS r
			JOIN kpi.grain AS g ON g.grain = r.grain AND g.window_of IS NULL
			CROSS JOIN LATERAL (
				SELECT daterange(CASE r.function WHEN 'ytd' THEN kpi.period_start(coalesce(g.calendar || '_', '') || 'year', r.last_day)
								 ELSE kpi_internal.period_step(r.grain, r.period_start, 1 - r.n) END, r.last_day + 1) AS days) AS wanted
			CROSS JOIN LATERAL (
				SELECT x.grain FROM kpi.grain AS x
				WHERE (r.function = 'ytd' AND x.grain = r.grain
						-- in December both kinds have the same days, but a rolling one needs each of its periods
						OR x.rule LIKE CASE r.function WHEN 'ytd' THEN 'to date %' ELSE 'last %' END
							AND x.grain IN (SELECT a."window" FROM asked AS a WHERE a.indicator = r.input))
					AND kpi_internal.period_days(x.grain, r.last_day) = wanted.days
				ORDER BY x.window_of IS NULL DESC, x.grain LIMIT 1) AS w
		WHERE r.function IN ('ytd', 'rolling')
		UNION ALL
		-- of what is read elsewhere alone, there may be a value where it has one itself
		SELECT DISTINCT r.ordinal, 0, r.input, 'value', r.grain, r.last_day, r.period_start
		FROM read AS r
		WHERE r.input NOT IN (SELECT v.input FROM unnest(inputs, functions) AS v (input, function) WHERE v.function = 'value')
	)
	SELECT p.*, m.*
	FROM (SELECT array_agg(x.grain ORDER BY x.ordinal), array_agg(x.period_start ORDER BY x.ordinal), array_agg(x.running ORDER BY x.ordinal),
				 array_agg(x.begun ORDER BY x.ordinal)
		  FROM period AS x) AS p,
		 (SELECT array_agg(x.ordinal), array_agg(x.place), array_agg(x.input), array_agg(x.function), array_agg(x.grain),
				 array_agg(x.period_start), array_agg(x.last_day)
		  FROM placed AS x WHERE x.period_start IS NOT NULL) AS m;
END;
COMMENT ON FUNCTION kpi_internal.formula_places(text, daterange, text[], text[], integer[]) IS
'Where a derived indicator reads its inputs, each with its function and number of periods. '
'The periods that touch the days, by ordinal, and the period that each input is read of for each of them; place 0 is that '
'of an input which is not read of the period itself. NULL where there are none.';

CREATE FUNCTION kpi_internal.formula_values(indicator text, ordinals integer[], places integer[], read_inputs text[], read_functions text[],
											read_grains text[], read_starts date[], last_days date[])
	RETURNS TABLE (unit text, ordinal integer, place integer, value numeric, provisional boolean, parts integer, parts_expected integer)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH RECURSIVE found AS MATERIALIZED (
		SELECT r.place, r.function, r.ordinal, r.last_day, CAST(m.unit AS text) AS unit, kpi_internal.usable(m.value) AS value,
			   m.provisional, m.parts, m.parts_expected
		FROM unnest(ordinals, places, read_inputs, read_functions, read_grains, read_starts, last_days)
				AS r (ordinal, place, input, function, grain, period_start, last_day)
			JOIN kpi.measurement AS m ON m.indicator = r.input AND m.grain = r.grain AND m.period_start = r.period_start
		-- follows from that, for the index
		WHERE m.indicator = ANY (read_inputs) AND m.grain = ANY (read_grains) AND m.period_start = ANY (read_starts)
	), tree AS MATERIALIZED (
		SELECT d.last_day, CAST(p.unit AS text) AS unit, CAST(p.parent AS text) AS parent
		FROM (SELECT DISTINCT f.last_day FROM found AS f WHERE f.function IN ('parent', 'root')) AS d
			JOIN kpi.unit_parent AS p ON p.valid @> d.last_day
	), below_root (last_day, root, unit) AS (
		SELECT DISTINCT f.last_day, f.unit, f.unit
		FROM found AS f
		WHERE f.function = 'root' AND NOT EXISTS (SELECT FROM tree AS t WHERE t.unit = f.unit AND t.last_day = f.last_day)
		UNION ALL
		SELECT b.last_day, b.root, t.unit
		FROM below_root AS b JOIN tree AS t ON t.parent = b.unit AND t.last_day = b.last_day
	), told AS (
		SELECT f.unit, f.ordinal, f.place, f.value, f.provisional, f.parts, f.parts_expected, f.last_day
		FROM found AS f WHERE f.function NOT IN ('parent', 'root')
		UNION ALL
		SELECT t.unit, f.ordinal, f.place, f.value, f.provisional, f.parts, f.parts_expected, f.last_day
		FROM found AS f JOIN tree AS t ON t.parent = f.unit AND t.last_day = f.last_day
		WHERE f.function = 'parent'
		UNION ALL
		SELECT b.unit, f.ordinal, f.place, f.value, f.provisional, f.parts, f.parts_expected, f.last_day
		FROM found AS f JOIN below_root AS b ON b.root = f.unit AND b.last_day = f.last_day
		WHERE f.function = 'root'
	)
	SELECT t.unit, t.ordinal, t.place, t.value, t.provisional, t.parts, t.parts_expected
	FROM told AS t
	-- where units are combined, the formula is that of the lowest ones
	WHERE (SELECT i.combine_units = 'formula' FROM kpi.indicator AS i WHERE i.indicator = formula_values.indicator)
		OR NOT EXISTS (SELECT FROM kpi.unit_parent AS b WHERE b.parent = t.unit AND b.valid @> t.last_day);
END;
COMMENT ON FUNCTION kpi_internal.formula_values(text, integer[], integer[], text[], text[], text[], date[], date[]) IS
'The measurements that a derived indicator reads at kpi_internal.formula_places(). '
'With them the unit and the ordinal of the period for which they are read.';

-- Three columns are taken to select far fewer rows than they do: without enable_nestloop what is found is joined by hashing.
CREATE FUNCTION kpi_internal.derive(indicator text, days daterange)
	RETURNS TABLE (unit text, grain text, period_start date, value numeric, numerator numeric, denominator numeric,
				   parts integer, parts_expected integer, provisional boolean, note text)
	AS 'MODULE_PATHNAME', 'kpi_derive'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 100000 ROWS 1000
	SET search_path = pg_catalog, pg_temp
	SET enable_nestloop = off;
COMMENT ON FUNCTION kpi_internal.derive(text, daterange) IS
'The values of a derived indicator from the measurements of its inputs. '
'For every unit and every period that touches the days; of the own grain or the lowest units alone where others are '
'combined by another rule than formula. NULL, with a note, where something is missing or arithmetic has no answer. '
'numerator and denominator are the sides of a formula that is one quotient; parts are those of its inputs. No rows '
'for NULL; an indicator that is unknown or not derived is an error.';
