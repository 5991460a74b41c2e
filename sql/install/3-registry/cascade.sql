-- What targets take from elsewhere: from the unit above, and profiles from history.

CREATE FUNCTION kpi_internal.share_out(total numeric, weights numeric[], decimals integer)
	RETURNS numeric[]
	AS 'MODULE_PATHNAME', 'kpi_share_out_array'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.share_out(numeric, numeric[], integer) IS
'The parts of a total by weights of at least 0, not all of them 0. '
'Rounded towards zero to so many decimals, the rest by largest remainder, so that they add up to the total exactly. '
'NULL for NULL and for a total that is NaN or infinite.';

CREATE FUNCTION kpi_internal.target_from_parts(indicator text, unit text, grain text, period_start date)
	RETURNS kpi_internal.found_target
	AS 'MODULE_PATHNAME', 'kpi_target_from_parts'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.target_from_parts(text, text, text, date) IS
'The target that shorter rows make of a period, whatever the row of its own grain (step 2). '
'NULL where they do not make it, and for NULL.';

CREATE FUNCTION kpi_internal.children_of(unit text, day date)
	RETURNS TABLE (child text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT CAST(u.unit AS text)
	FROM kpi.unit_parent AS p JOIN kpi.unit AS u ON u.unit = p.unit
	WHERE p.parent = children_of.unit AND p.valid @> children_of.day AND u.valid @> children_of.day
	ORDER BY u.position, CAST(u.unit AS text) COLLATE "C";
END;
COMMENT ON FUNCTION kpi_internal.children_of(text, date) IS
'The units directly below a unit that are in force on a day, in their order.';

CREATE FUNCTION kpi_internal.cascade_weights(indicator text, children text[], grain text, period_start date, by text, shares jsonb)
	RETURNS numeric[]
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	before CONSTANT date := kpi.period_last_year(grain, period_start);
	weights numeric[] := CASE by
		WHEN 'equal' THEN array_fill(1::numeric, ARRAY[cardinality(children)])
		WHEN 'share' THEN ARRAY(SELECT kpi_internal.number(shares ->> c.child) FROM unnest(children) WITH ORDINALITY AS c (child, place) ORDER BY c.place)
		WHEN 'history' THEN ARRAY(
			SELECT m.value
			FROM unnest(children) WITH ORDINALITY AS c (child, place)
				LEFT JOIN kpi.measurement AS m ON m.indicator = cascade_weights.indicator AND m.unit = c.child
					AND m.grain = cascade_weights.grain AND m.period_start = before
			ORDER BY c.place)
		END;
	wrong text;
BEGIN
	IF jsonb_typeof(shares) <> 'object' THEN
		PERFORM kpi_internal.fail('22023', format('shares %s are not an object', shares),
			'Give each unit directly below its share: ''{"north": 0.5, "south": 0.5}''.');
	END IF;
	SELECT key INTO wrong FROM jsonb_object_keys(shares) AS key WHERE key <> ALL (children) LIMIT 1;
	IF wrong IS NOT NULL THEN
		PERFORM kpi_internal.fail_unknown('unit', wrong, children, 'units', NULL, ' among those directly below');
	END IF;
	SELECT c.child INTO wrong
	FROM unnest(children, weights) AS c (child, weight)
	WHERE c.weight IS NULL OR NOT (c.weight >= 0 AND c.weight < 'Infinity') LIMIT 1;
	IF wrong IS NOT NULL OR (SELECT sum(w) FROM unnest(weights) AS w) = 0 THEN
		PERFORM kpi_internal.fail('22023',
			CASE WHEN wrong IS NULL THEN format('all shares of indicator "%s" are 0', indicator)
				 WHEN by = 'history' THEN format('unit "%s" has no value of at least 0 of indicator "%s" in %s', wrong, indicator, kpi.period_label(grain, before))
				 ELSE format('unit "%s" has no share of at least 0', wrong) END,
			'Give the shares: by => ''share'', shares => ''{"north": 0.5, "south": 0.5}''; or share alike with by => ''equal''.');
	END IF;
	RETURN weights;
END
$$;
COMMENT ON FUNCTION kpi_internal.cascade_weights(text, text[], text, date, text, jsonb) IS
'What each of the children weighs. That is alike (equal), by the shares given (share), or by its value a year before '
'(history). A child without a weight is an error.';

CREATE FUNCTION kpi_internal.input_target(indicator text, function text, n integer, unit text, grain text, period_start date)
	RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH place AS (
		SELECT coalesce(kpi_internal.input_window(input_target.function, n, input_target.grain), input_target.grain) AS grain,
			   CASE function WHEN 'previous' THEN kpi.period_before(input_target.grain, input_target.period_start)
				   WHEN 'last_year' THEN kpi.period_last_year(input_target.grain, input_target.period_start)
				   ELSE input_target.period_start END AS period_start,
			   CASE WHEN function IN ('parent', 'root')
					THEN (SELECT a.unit
						  FROM kpi_internal.ancestors(input_target.unit, kpi_internal.period_end(input_target.grain, input_target.period_start) - 1) AS a
						  WHERE a.depth > 0 OR input_target.function = 'root'
						  ORDER BY CASE input_target.function WHEN 'root' THEN - a.depth ELSE a.depth END LIMIT 1)
					ELSE input_target.unit END AS unit
	)
	-- what is over is known
	SELECT coalesce(CASE WHEN input_target.function IN ('previous', 'last_year')
						 THEN (SELECT m.value FROM kpi.measurement AS m
							   WHERE m.indicator = input_target.indicator AND m.unit = p.unit AND m.grain = p.grain AND m.period_start = p.period_start) END,
					t.target)
	FROM place AS p CROSS JOIN LATERAL kpi_internal.target_for(input_target.indicator, p.unit, p.grain, p.period_start) AS t;
END;
COMMENT ON FUNCTION kpi_internal.input_target(text, text, integer, text, text, date) IS
'What a formula over targets reads of an indicator for a unit and a period. '
'That is the target; of previous and last_year the value, if there is one. function and n as in '
'kpi_internal.formula_inputs(). NULL where there is none.';

CREATE FUNCTION kpi_internal.formula_target(indicator text, unit text, grain text, period_start date, OUT target numeric, OUT missing text)
	LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT kpi_internal.formula_value(d.formula, array_agg(i.target ORDER BY f.place)),
		   min(f.indicator COLLATE "C") FILTER (WHERE i.target IS NULL)
	FROM kpi.indicator AS d
		CROSS JOIN LATERAL kpi_internal.formula_inputs(d.formula) WITH ORDINALITY AS f (indicator, function, n, place)
		CROSS JOIN LATERAL (
			SELECT kpi_internal.input_target(f.indicator, f.function, f.n, formula_target.unit, formula_target.grain,
											 formula_target.period_start) AS target) AS i
	WHERE d.indicator = formula_target.indicator AND d.kind = 'derived'
	GROUP BY d.indicator, d.formula;
END;
COMMENT ON FUNCTION kpi_internal.formula_target(text, text, text, date) IS
'What the formula of a derived indicator makes of the targets of its inputs, for a unit and a period. '
'missing: an input without a target; the formula may do without. No answer is NULL, and so is an indicator without a '
'formula.';

CREATE FUNCTION kpi_internal.cascade_formula(definition kpi.indicator, children text[], grain text, period_start date)
	RETURNS numeric[]
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	made record;
	targets numeric[];
BEGIN
	IF definition.attainment_method IN ('range', 'span') THEN
		PERFORM kpi_internal.fail('22023', format('indicator "%s" needs limits (attainment_method "%s")', definition.indicator, definition.attainment_method),
			'A formula over targets gives no limits; share them out with by => ''equal'', or ''share'' and ''history'' of what adds up.');
	END IF;
	IF definition.kind <> 'derived' THEN
		PERFORM kpi_internal.fail('22023', format('indicator "%s" has no formula', definition.indicator),
			'by => ''formula'' is for derived indicators; targets of others are shared out with by => ''share'', ''history'' or ''equal''.');
	END IF;
	FOR made IN
		SELECT c.child, t.target, t.missing
		FROM unnest(children) WITH ORDINALITY AS c (child, place)
			CROSS JOIN LATERAL kpi_internal.formula_target(definition.indicator, c.child, cascade_formula.grain, cascade_formula.period_start) AS t
		ORDER BY c.place
	LOOP
		IF made.target IS NULL THEN
			PERFORM kpi_internal.fail('22023',
				CASE WHEN made.missing IS NULL THEN format('formula "%s" of indicator "%s" has no answer for the targets of unit "%s" in %s',
														   definition.formula, definition.indicator, made.child, kpi.period_label(grain, period_start))
					 ELSE format('indicator "%s" has no target for unit "%s" in %s, which "%s" is made of',
								 made.missing, made.child, kpi.period_label(grain, period_start), definition.indicator) END,
				'Set the targets of all its inputs first, or have them shared out with kpi.cascade_target().');
		END IF;
		targets := targets || trim_scale(made.target);
	END LOOP;
	RETURN targets;
END
$$;
COMMENT ON FUNCTION kpi_internal.cascade_formula(kpi.indicator, text[], text, date) IS
'The targets of children by the formula of a derived indicator over their targets of its inputs. '
'An indicator without a formula, and a child for which it has no answer, are errors.';

CREATE FUNCTION kpi.cascade_target(indicator text, unit text, period text, by text DEFAULT NULL, shares jsonb DEFAULT NULL,
								   replace boolean DEFAULT false, reason text DEFAULT NULL)
	RETURNS TABLE (child text, target numeric)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	way text;
	asked record;
	definition kpi.indicator;
	whole kpi_internal.found_target;
	children text[];
	weights numeric[];
	shared boolean;
	parts jsonb;
BEGIN
	SELECT * INTO asked FROM kpi_internal.read_untyped(period, by);
	period := kpi.period_label(asked.grain, asked.period_start);
	way := coalesce(asked.rest, CASE WHEN shares IS NULL THEN 'equal' ELSE 'share' END);
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	PERFORM kpi_internal.require_word('by', way, 'share', 'history', 'equal', 'formula');
	IF shares IS NOT NULL AND way <> 'share' THEN
		PERFORM kpi_internal.fail('22023', format('shares do not go with by => ''%s''', way), 'Leave shares out, or write by => ''share''.');
	END IF;
	SELECT * INTO definition FROM kpi.indicator AS i WHERE i.indicator = cascade_target.indicator;
	whole := kpi_internal.target_for(indicator, unit, asked.grain, asked.period_start);
	children := ARRAY(SELECT c.child FROM kpi_internal.children_of(unit, upper(asked.days) - 1) AS c);
	shared := kpi_internal.target_rule(definition) IN ('spread', 'end');
	IF whole.step IS NULL AND way <> 'formula' THEN
		PERFORM kpi_internal.fail('22023', format('indicator "%s" has no target for unit "%s" in %s', indicator, unit, period),
			'Set the target to be shared out with kpi.set_target().');
	ELSIF cardinality(children) = 0 THEN
		PERFORM kpi_internal.fail('22023', format('no unit is directly below unit "%s" at the end of %s', unit, period),
			'Define units below it with kpi.define_unit().');
	ELSIF shared IS NOT TRUE AND way NOT IN ('equal', 'formula') THEN
		PERFORM kpi_internal.fail('22023', format('targets of indicator "%s" are not sums (%s)', indicator,
			coalesce(kpi_internal.target_rule(definition), 'no target_rule')),
			'by => ''equal'' gives each unit below the same target; inherit_target of the indicator does it without rows.');
	END IF;
	IF way = 'formula' THEN
		parts := jsonb_build_object('target', kpi_internal.cascade_formula(definition, children, asked.grain, asked.period_start));
	ELSE
		weights := kpi_internal.cascade_weights(indicator, children, asked.grain, asked.period_start, way, shares);
		-- every amount of the row alike
		SELECT jsonb_object_agg(a.key, CASE WHEN shared THEN to_jsonb(kpi_internal.share_out(CAST(a.value AS numeric), weights, definition.decimals))
									   ELSE to_jsonb(array_fill(CAST(a.value AS numeric), ARRAY[cardinality(children)])) END)
		INTO parts
		FROM jsonb_each_text(to_jsonb(whole) - '{step,reason}'::text[]) AS a
		WHERE a.value IS NOT NULL;
	END IF;
	FOR i IN 1 .. cardinality(children) LOOP
		PERFORM kpi.set_target(indicator, children[i], period,
			CAST(parts -> 'target' ->> i - 1 AS numeric), CAST(parts -> 'baseline' ->> i - 1 AS numeric), CAST(parts -> 'stretch' ->> i - 1 AS numeric),
			note => format('from unit "%s" by %s', unit, way), replace => replace, reason => reason,
			low => CAST(parts -> 'low' ->> i - 1 AS numeric), high => CAST(parts -> 'high' ->> i - 1 AS numeric),
			outer_low => CAST(parts -> 'outer_low' ->> i - 1 AS numeric), outer_high => CAST(parts -> 'outer_high' ->> i - 1 AS numeric));
	END LOOP;
	RETURN QUERY SELECT c, CAST(parts -> 'target' ->> (n - 1)::integer AS numeric) FROM unnest(children) WITH ORDINALITY AS u (c, n);
END
$$;
COMMENT ON FUNCTION kpi.cascade_target(text, text, text, text, jsonb, boolean, text) IS
'Writes the targets of the units directly below a unit for a period, from its own, and returns them. '
'by: equal, share (shares gives each unit''s, on any scale), history (its value a year before) or formula (of a '
'derived indicator the formula over each unit''s targets of its inputs). What adds up (spread, end) is shared out in '
'the decimals of the indicator and adds up exactly; of anything else each unit gets the same. replace and reason as '
'for kpi.set_target(). No target, no unit below and a unit without a share are errors.';

-- by comes last, so that a call whose types are all unknown is one of the function above
CREATE FUNCTION kpi.cascade_target(indicator text, unit text, day date, grain text, shares jsonb DEFAULT NULL,
								   replace boolean DEFAULT false, reason text DEFAULT NULL, by text DEFAULT NULL)
	RETURNS TABLE (child text, target numeric)
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.child, c.target
	FROM kpi_internal.read_period(day, grain) AS p,
		 kpi.cascade_target(indicator, unit, kpi.period_label(p.grain, p.period_start), by, shares, replace, reason) AS c
$$;
COMMENT ON FUNCTION kpi.cascade_target(text, text, date, text, jsonb, boolean, text, text) IS
'The same for the period of a grain that contains the day.';

CREATE FUNCTION kpi.define_target_profile(target_profile text, indicator text, unit text, from_period text, to_period text DEFAULT NULL,
										  in_decimals boolean DEFAULT NULL, name text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days daterange;
	shares numeric[];
	wrong text;
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	SELECT range_merge(f.days, t.days) INTO days
	FROM kpi_internal.read_period(from_period) AS f, kpi_internal.read_period(coalesce(to_period, from_period)) AS t;
	SELECT array_agg(h.share ORDER BY h.month),
		   min(kpi.period_label('month', h.lacking))
	INTO shares, wrong
	FROM (
		SELECT extract(month FROM p.period_start) AS month, avg(m.value) AS share,
			   min(p.period_start) FILTER (WHERE m.value IS NULL OR NOT (m.value >= 0 AND m.value < 'Infinity')) AS lacking
		FROM kpi_internal.periods_in('month', days) AS p (period_start)
			LEFT JOIN kpi.measurement AS m ON m.indicator = define_target_profile.indicator AND m.unit = define_target_profile.unit
				AND m.grain = 'month' AND m.period_start = p.period_start
		GROUP BY 1
	) AS h;
	IF wrong IS NOT NULL OR coalesce(cardinality(shares), 0) < 12 THEN
		PERFORM kpi_internal.fail('22023',
			CASE WHEN wrong IS NULL THEN format('%s has not all months of a year', days)
				 ELSE format('indicator "%s" has no value of at least 0 for unit "%s" in %s', indicator, unit, wrong) END,
			'Name years of which each month is measured, or give the shares.');
	END IF;
	RETURN kpi.define_target_profile(target_profile, shares, in_decimals, name);
END
$$;
COMMENT ON FUNCTION kpi.define_target_profile(text, text, text, text, text, boolean, text) IS
'Adds or changes a profile with shares from history. '
'Of each calendar month the mean value of an indicator and unit in the months of the periods. A month that lacks a '
'value of at least 0 is an error.';
