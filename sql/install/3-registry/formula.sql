-- Formulas of derived indicators: what they read, and whether they can be computed.

CREATE FUNCTION kpi_internal.formula_inputs(formula text)
	RETURNS TABLE (indicator text, function text, n integer)
	AS 'MODULE_PATHNAME', 'kpi_formula_inputs'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 2;
COMMENT ON FUNCTION kpi_internal.formula_inputs(text) IS
'What a formula reads: each indicator, and how. '
'That is value, previous, last_year, parent, root, ytd, or rolling over n periods. No rows for NULL; a text that is '
'not a formula is an error. Whether the indicators exist and its functions can be called is not looked at.';

CREATE FUNCTION kpi_internal.plan_formula(indicator text, formula text)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_plan_formula'
	LANGUAGE C STABLE STRICT PARALLEL UNSAFE COST 10000
	SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION kpi_internal.plan_formula(text, text) IS
'Raises an error unless the formula of the indicator can be computed. '
'Its functions exist and are immutable scalar ones of pg_catalog or kpi over numbers. Nothing happens for NULL.';

CREATE FUNCTION kpi_internal.formula_value(formula text, inputs numeric[])
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_formula_value'
	LANGUAGE C STABLE STRICT PARALLEL UNSAFE COST 10000
	SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION kpi_internal.formula_value(text, numeric[]) IS
'What a formula gives for inputs in the order of kpi_internal.formula_inputs(). '
'What the array lacks is NULL. NULL where it has no answer, and for NULL; a text that is not a formula is an error.';

CREATE FUNCTION kpi_internal.rename_in_formula(formula text, old_key text, new_key text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_rename_in_formula'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi_internal.rename_in_formula(text, text, text) IS
'The formula with another key of an indicator that it reads, quoted where it has to be. '
'All else stays as it was written. NULL for NULL.';

CREATE FUNCTION kpi_internal.is_quotient(formula text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_is_quotient'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi_internal.is_quotient(text) IS
'Whether a formula is one quotient, so that its values have numerators and denominators. '
'NULL for NULL; a text that is no formula is an error.';

CREATE FUNCTION kpi_internal.input_window(function text, n integer, grain text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CAST(min(w.grain) AS text)
	FROM kpi.grain AS g
		LEFT JOIN kpi.grain AS y ON y.grain = coalesce(g.calendar || '_', '') || 'year'
		JOIN kpi.grain AS w ON w.window_of = g.grain
			AND w.rule = CASE input_window.function WHEN 'ytd' THEN format('to date of %s in %s', g.rule, y.rule)
							  WHEN 'rolling' THEN format('last %s of %s', input_window.n, g.rule) END
	WHERE g.grain = input_window.grain;
END;
COMMENT ON FUNCTION kpi_internal.input_window(text, integer, text) IS
'The window that ytd or rolling of n periods reads at a grain. '
'NULL for any other function, and where there is no such window.';

CREATE FUNCTION kpi_internal.formula_reads()
	RETURNS TABLE (reader text, input text, function text, n integer, input_window text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT CAST(d.indicator AS text), f.indicator, f.function, f.n,
		   CASE WHEN f.function IN ('ytd', 'rolling') THEN kpi_internal.input_window(f.function, f.n, d.grain) END
	FROM kpi.indicator AS d CROSS JOIN LATERAL kpi_internal.formula_inputs(d.formula) AS f
	WHERE d.kind = 'derived';
END;
COMMENT ON FUNCTION kpi_internal.formula_reads() IS
'What each derived indicator reads, how, and in which window where it is ytd or rolling.';

CREATE FUNCTION kpi_internal.reach(indicator text, function text, n integer, days daterange)
	RETURNS daterange
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT daterange(lower(days), greatest(upper(days), max(CASE reach.function
			WHEN 'previous' THEN kpi_internal.period_end(g.grain, kpi_internal.period_step(g.grain, upper(days) - 1, 1))
			WHEN 'rolling' THEN kpi_internal.period_end(g.grain, kpi_internal.period_step(g.grain, upper(days) - 1, n))
			-- a year of weeks has at most 371 days
			WHEN 'last_year' THEN kpi_internal.period_end(g.grain, kpi_internal.period_end(g.grain, upper(days) - 1) + 371)
			WHEN 'ytd' THEN kpi_internal.period_end(g.grain, upper(days) - 1)
		END)))
	FROM kpi.indicator AS i JOIN kpi.grain AS g ON kpi_internal.tiles(i.grain, g.grain)
	WHERE i.indicator = reach.indicator
$$;
COMMENT ON FUNCTION kpi_internal.reach(text, text, integer, daterange) IS
'The days in whose periods an indicator may change where an input has changed in some days. '
'The input is read by a function; rather too many than too few.';

CREATE FUNCTION kpi_internal.windows_asked()
	RETURNS TABLE (indicator text, "window" text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH RECURSIVE reads AS MATERIALIZED (
		SELECT r.reader, r.input, r.input_window, d.combine = 'formula' AS by_formula
		FROM kpi_internal.formula_reads() AS r JOIN kpi.indicator AS d ON d.indicator = r.reader
		WHERE d.state <> 'retired'
	), asked (indicator, "window") AS (
		SELECT CAST(i.indicator AS text), w FROM kpi.indicator AS i CROSS JOIN LATERAL unnest(i.windows) AS w
		UNION
		SELECT r.input, r.input_window FROM reads AS r WHERE r.input_window IS NOT NULL
		UNION
		-- the formula over its inputs of that very window
		SELECT r.input, a."window" FROM asked AS a JOIN reads AS r ON r.reader = a.indicator AND r.by_formula
		WHERE r.input_window IS NULL
	)
	SELECT a.indicator, a."window" FROM asked AS a;
END;
COMMENT ON FUNCTION kpi_internal.windows_asked() IS
'The windows in which indicators have values. Those that they name, and those in which formulas read them.';

-- Checking

CREATE FUNCTION kpi_internal.formula_grain(indicator text, formula text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	longest record;
	other record;
BEGIN
	SELECT i.indicator, CAST(i.grain AS text) AS grain INTO longest
	FROM kpi_internal.formula_inputs(formula) AS f
		JOIN kpi.indicator AS i ON i.indicator = f.indicator
		JOIN kpi.grain AS g ON g.grain = i.grain
	ORDER BY g.position DESC, g.grain, f.indicator LIMIT 1;
	SELECT i.indicator, i.grain INTO other
	FROM kpi_internal.formula_inputs(formula) AS f JOIN kpi.indicator AS i ON i.indicator = f.indicator
	WHERE NOT kpi_internal.tiles(i.grain, longest.grain)
	ORDER BY i.indicator LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023',
			format('formula of indicator "%s" reads "%s" by %s and "%s" by %s', indicator, longest.indicator, longest.grain,
				   other.indicator, other.grain),
			'Give one of them the grain of the other, or one whose periods make both, such as day.',
			format('Periods of grain "%s" do not make those of "%s" exactly.', other.grain, longest.grain));
	END IF;
	RETURN longest.grain;
END
$$;
COMMENT ON FUNCTION kpi_internal.formula_grain(text, text) IS
'The own grain of a derived indicator: the longest of those of its inputs that are known. '
'An error where the others do not make it exactly. NULL for NULL, and where no input is known.';

CREATE FUNCTION kpi_internal.check_inputs(definition kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	own_grain CONSTANT text := kpi_internal.formula_grain(definition.indicator, definition.formula);
	wrong record;
BEGIN
	SELECT f.indicator INTO wrong
	FROM kpi_internal.formula_inputs(definition.formula) AS f
	WHERE f.indicator NOT IN (SELECT i.indicator FROM kpi.indicator AS i) LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail_unknown('indicator', wrong.indicator,
			(SELECT array_agg(CAST(i.indicator AS text) ORDER BY i.indicator COLLATE "C") FROM kpi.indicator AS i
			 WHERE i.indicator <> definition.indicator),
			'indicators', 'Define what the formula reads first.', format(' in formula "%s" of indicator "%s"', definition.formula, definition.indicator));
	END IF;
	IF definition.grain <> own_grain THEN
		PERFORM kpi_internal.fail('22023',
			format('grain "%s" does not go with the formula of indicator "%s"', definition.grain, definition.indicator),
			format('Its own grain is the longest of its inputs'': write "%s", or leave it out.', own_grain));
	END IF;
	SELECT f.*, i.grain INTO wrong
	FROM kpi_internal.formula_inputs(definition.formula) AS f JOIN kpi.indicator AS i ON i.indicator = f.indicator
	WHERE i.combine = 'none' AND (i.grain <> own_grain OR f.function IN ('ytd', 'rolling')) LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023',
			format('formula of indicator "%s" reads "%s" %s, and that has values by %s only', definition.indicator, wrong.indicator,
				   CASE WHEN wrong.function IN ('ytd', 'rolling') THEN 'through ' || wrong.function ELSE 'by ' || own_grain END, wrong.grain),
			format('Say how its values combine over time, such as kpi.define_indicator(%L, combine => ''sum'').', wrong.indicator));
	END IF;
	IF 'ratio' IN (definition.combine, definition.combine_units) AND NOT kpi_internal.is_quotient(definition.formula) THEN
		PERFORM kpi_internal.fail('22023',
			format('indicator "%s" is combined by ratio (%s) but its formula "%s" is no quotient', definition.indicator,
				   CASE definition.combine WHEN 'ratio' THEN 'combine' ELSE 'combine_units' END, definition.formula),
			'Write it as one quotient, such as lost / customers, or give another rule, such as combine_units => ''formula''.');
	END IF;
	IF definition.windows <> '{}' AND EXISTS (SELECT FROM kpi_internal.formula_inputs(definition.formula) AS f WHERE f.function IN ('ytd', 'rolling'))
		AND definition.combine = 'formula'
	THEN
		PERFORM kpi_internal.fail('22023',
			format('window "%s" does not go with the formula of indicator "%s"', definition.windows[1], definition.indicator),
			'ytd() and rolling() are windows already: leave windows out.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_inputs(kpi.indicator) IS
'Raises an error for a derived indicator whose inputs do not exist or do not go together. '
'So it does where they have no values where the formula reads them.';

CREATE FUNCTION kpi_internal.check_cycle(indicator text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	path text[];
BEGIN
	WITH RECURSIVE reads AS MATERIALIZED (
		SELECT DISTINCT r.reader, r.input FROM kpi_internal.formula_reads() AS r
	), way (input, path, closed) AS (
		SELECT r.input, ARRAY[r.reader, r.input], r.input = r.reader FROM reads AS r WHERE r.reader = check_cycle.indicator
		UNION ALL
		SELECT r.input, w.path || r.input, r.input = check_cycle.indicator
		FROM way AS w JOIN reads AS r ON r.reader = w.input
		WHERE NOT w.closed
	) CYCLE input SET again USING seen
	SELECT w.path INTO path FROM way AS w WHERE w.closed ORDER BY cardinality(w.path), w.path LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023', format('formulas have a cycle: %s', array_to_string(path, ' -> ')),
			'No indicator is made of itself; previous() of it is a cycle, too, as its first period has none before it.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_cycle(text) IS
'Raises an error, with the path, where an indicator is made of itself.';

-- a window that nobody has defined yet
CREATE FUNCTION kpi_internal.define_input_windows(definition kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM CASE f.function
			WHEN 'rolling' THEN kpi.define_window(definition.grain, 'r' || f.n, last => f.n)
			ELSE kpi.define_window(definition.grain, 'ytd', within => coalesce(g.calendar || '_', '') || 'year') END
	FROM kpi_internal.formula_inputs(definition.formula) AS f
		JOIN kpi.grain AS g ON g.grain = definition.grain
	WHERE f.function IN ('ytd', 'rolling') AND kpi_internal.input_window(f.function, f.n, definition.grain) IS NULL
		AND NOT (f.function = 'ytd' AND g.grain = coalesce(g.calendar || '_', '') || 'year');
END
$$;
COMMENT ON FUNCTION kpi_internal.define_input_windows(kpi.indicator) IS
'Defines the windows of the own grain that ytd and rolling of a formula read, where there are none.';

CREATE FUNCTION kpi_internal.guard_formulas()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	definition kpi.indicator;
BEGIN
	-- a statement that changes no row ends what follows from another
	IF NOT EXISTS (SELECT FROM changed) OR NOT EXISTS (SELECT FROM kpi.indicator AS i WHERE i.kind = 'derived') THEN
		RETURN NULL;
	END IF;
	-- the statements after it see what another session has defined
	PERFORM kpi_internal.lock_tree('kpi.indicator');
	-- a derived one follows the grains of its inputs
	WITH reader AS MATERIALIZED (
		SELECT r.indicator, r.formula FROM kpi.indicator AS r
		WHERE r.kind = 'derived' AND r.indicator NOT IN (SELECT c.indicator FROM changed AS c)
			AND EXISTS (SELECT FROM kpi_internal.formula_inputs(r.formula) AS f JOIN changed AS c ON c.indicator = f.indicator)
	)
	UPDATE kpi.indicator AS d
	SET grain = g.grain
	FROM (SELECT r.indicator, kpi_internal.formula_grain(r.indicator, r.formula) AS grain FROM reader AS r OFFSET 0) AS g
	WHERE d.indicator = g.indicator AND d.grain <> g.grain;
	FOR definition IN
		SELECT d.* FROM kpi.indicator AS d
		WHERE d.kind = 'derived' AND (d.indicator IN (SELECT c.indicator FROM changed AS c)
			OR EXISTS (SELECT FROM kpi_internal.formula_inputs(d.formula) AS f JOIN changed AS c ON c.indicator = f.indicator))
		ORDER BY d.indicator COLLATE "C"
	LOOP
		IF EXISTS (SELECT FROM changed AS c WHERE c.indicator = definition.indicator) THEN
			PERFORM kpi_internal.plan_formula(definition.indicator, definition.formula);
		END IF;
		PERFORM kpi_internal.check_cycle(definition.indicator);
		PERFORM kpi_internal.check_inputs(definition);
		PERFORM kpi_internal.define_input_windows(definition);
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_formulas() IS
'Trigger: formulas can be computed, read what exists and goes together, and nothing is made of itself.';

-- named to come before those that compute by the formula
CREATE TRIGGER check_formulas_added
	AFTER INSERT ON kpi.indicator REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_formulas();
COMMENT ON TRIGGER check_formulas_added ON kpi.indicator IS
'Formulas can be computed, read what exists and goes together, and nothing is made of itself.';

CREATE TRIGGER check_formulas_changed
	AFTER UPDATE ON kpi.indicator REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_formulas();
COMMENT ON TRIGGER check_formulas_changed ON kpi.indicator IS
'Formulas can be computed, read what exists and goes together, and nothing is made of itself.';

CREATE FUNCTION kpi_internal.keep_inputs()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	left_over record;
BEGIN
	-- the statement after it sees what another session has defined
	PERFORM kpi_internal.lock_tree('kpi.indicator');
	SELECT g.indicator, string_agg(DISTINCT r.reader, ', ' ORDER BY r.reader) AS readers INTO left_over
	FROM gone AS g JOIN kpi_internal.formula_reads() AS r ON r.input = g.indicator
	GROUP BY g.indicator ORDER BY g.indicator LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('23503',
			format('indicator "%s" is read by formulas', left_over.indicator),
			'Delete them with it, give them another formula, or retire it: state => ''retired''.',
			format('Read by: %s.', left_over.readers));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.keep_inputs() IS
'Trigger: an indicator that a formula reads is not deleted.';

CREATE TRIGGER keep_inputs
	AFTER DELETE ON kpi.indicator REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.keep_inputs();
COMMENT ON TRIGGER keep_inputs ON kpi.indicator IS
'An indicator that a formula reads is not deleted.';

CREATE FUNCTION kpi_internal.follow_input()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE kpi.indicator AS d
	SET formula = kpi_internal.rename_in_formula(d.formula, OLD.indicator, NEW.indicator)
	WHERE d.kind = 'derived' AND EXISTS (SELECT FROM kpi_internal.formula_inputs(d.formula) AS f WHERE f.indicator = OLD.indicator);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.follow_input() IS
'Trigger: formulas name an indicator by its new key.';

CREATE TRIGGER follow_input
	AFTER UPDATE OF indicator ON kpi.indicator
	FOR EACH ROW WHEN (NEW.indicator OPERATOR(pg_catalog.<>) OLD.indicator) EXECUTE FUNCTION kpi_internal.follow_input();
COMMENT ON TRIGGER follow_input ON kpi.indicator IS
'Formulas name an indicator by its new key.';
