-- Whether a target will be reached by the end of its period: kpi.outlook().
--
-- What an indicator is worth in a period is made of those of its own grain. In most
-- ways to combine them it is a + b x, where x is the sum of what the remaining ones
-- bring, or the last of them: so the forecast of a series tells the whole, and what
-- has to come of the rest is (target - a) / b.
--
--	sum		amounts: a what there is, b = 1
--	mean	each period alike or by its denominator: a = sum w v / W, b = w' / W, where
--			W is all weights and w' that of a period to come, the mean of those there are
--	last	stocks: b = 1, x is the last of them
--	loss, growth, product	rates that compound: the terms ln(1 - v), ln(1 + v) or ln(v) are a
--			sum, and make the whole

CREATE TYPE kpi.prospect AS (
	indicator text,
	indicator_name text,
	unit text,
	unit_of_measure text,
	period_label text,
	through_label text,
	periods_done integer,
	periods_left integer,
	periods_missing integer,
	actual numeric,
	target_to_date numeric,
	pace numeric,
	forecast numeric,
	expected numeric,
	expected_low numeric,
	expected_high numeric,
	target numeric,
	expected_attainment numeric,
	chance numeric,
	needed_per_period numeric,
	target_status text,
	target_status_label text,
	model text,
	mase numeric,
	outlook_note text
);
COMMENT ON TYPE kpi.prospect IS 'What an indicator will be worth when a period is over, as kpi.outlook() gives it.';

CREATE FUNCTION kpi_internal.outlook_rule(indicator kpi.indicator)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE indicator.combine
		WHEN 'sum' THEN 'sum'
		WHEN 'last' THEN 'last'
		WHEN 'average' THEN 'mean'
		WHEN 'ratio' THEN 'mean'
		WHEN 'compound_loss' THEN 'loss'
		WHEN 'compound_growth' THEN 'growth'
		WHEN 'product' THEN 'product'
		WHEN 'rows' THEN CASE WHEN NOT kpi_internal.adds_up(indicator.numerator) THEN NULL
							  WHEN indicator.denominator IS NULL THEN 'sum'
							  WHEN kpi_internal.adds_up(indicator.denominator) THEN 'mean' END
		WHEN 'formula' THEN CASE WHEN kpi_internal.is_quotient(indicator.formula) THEN 'mean' END
		END;
COMMENT ON FUNCTION kpi_internal.outlook_rule(kpi.indicator) IS
'How values of periods make that of a longer one, as an outlook can take it. '
'One of sum, mean, last, loss, growth and product; NULL for other ways.';

CREATE FUNCTION kpi_internal.as_term(rule text, value float8)
	RETURNS float8
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN rule NOT IN ('loss', 'growth', 'product') THEN value
				ELSE (SELECT CASE WHEN f.factor > 0 THEN ln(f.factor) END
					  FROM (SELECT CASE rule WHEN 'loss' THEN 1 - value WHEN 'growth' THEN 1 + value ELSE value END AS factor)
						AS f) END;
COMMENT ON FUNCTION kpi_internal.as_term(text, float8) IS
'A value as a term of what adds up: of rates that compound a logarithm. NULL for a rate that leaves nothing.';

CREATE FUNCTION kpi_internal.of_terms(rule text, terms float8)
	RETURNS float8
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE rule WHEN 'loss' THEN 1 - exp(terms) WHEN 'growth' THEN exp(terms) - 1 WHEN 'product' THEN exp(terms)
				ELSE terms END;
COMMENT ON FUNCTION kpi_internal.of_terms(text, float8) IS
'The value that terms of kpi_internal.as_term() make together.';

CREATE FUNCTION kpi_internal.together(rule text, amounts numeric[])
	RETURNS numeric
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	factor numeric := 1;
	amount numeric;
BEGIN
	IF rule NOT IN ('loss', 'growth', 'product') THEN
		RETURN (SELECT sum(a.amount) FROM unnest(amounts) AS a (amount));
	END IF;
	FOREACH amount IN ARRAY amounts LOOP
		factor := factor * CASE rule WHEN 'loss' THEN 1 - amount WHEN 'growth' THEN 1 + amount ELSE amount END;
	END LOOP;
	RETURN trim_scale(CASE rule WHEN 'loss' THEN 1 - factor WHEN 'growth' THEN factor - 1 ELSE factor END);
END
$$;
COMMENT ON FUNCTION kpi_internal.together(text, numeric[]) IS
'What values of periods make of a longer one, exactly: their sum, or rates compounded. NULL for no values.';

CREATE TYPE kpi_internal.progress_parts AS (
	last_start date,
	done integer,
	missing integer,
	remaining integer,
	skipped integer,
	amount float8,
	weight float8,
	weight_ahead float8,
	last_value float8,
	compounded float8
);
COMMENT ON TYPE kpi_internal.progress_parts IS
'What there is of a period, in periods of the own grain of an indicator.';
--@ for column | says
--@ | last_start | First day of the last one that counts.
--@ | done | How many have a value.
--@ | missing | How many before the last one have none.
--@ | remaining | How many come after the last one.
--@ | skipped | How many lie between the last value and the period, where it has none itself.
--@ | amount | The sum of the values, each times its weight.
--@ | weight | The sum of the weights.
--@ | weight_ahead | The weight of a period to come: the mean.
--@ | last_value | The last value.
--@ | compounded | The values together, where they compound.
COMMENT ON COLUMN kpi_internal.progress_parts.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.progress_of(indicator text, unit text, grain text, days daterange, last_start date,
		rule text)
	RETURNS kpi_internal.progress_parts
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH own AS MATERIALIZED (
		SELECT p.period_start, m.value, m.denominator
		FROM kpi_internal.periods_touching(progress_of.grain, progress_of.days) AS p (period_start)
			LEFT JOIN kpi.measurement AS m ON m.indicator = progress_of.indicator AND m.unit = progress_of.unit
				AND m.grain = progress_of.grain AND m.period_start = p.period_start AND kpi_internal.usable(m.value) IS NOT NULL
	), latest AS MATERIALIZED (
		SELECT max(m.period_start) AS period_start FROM kpi.measurement AS m
		WHERE m.indicator = progress_of.indicator AND m.unit = progress_of.unit AND m.grain = progress_of.grain
			AND m.period_start <= progress_of.last_start AND kpi_internal.usable(m.value) IS NOT NULL
	), done AS MATERIALIZED (
		SELECT o.value, o.period_start,
			   -- by denominators where all have one
			   CASE WHEN progress_of.rule = 'mean' AND count(*) OVER () = count(o.denominator) OVER ()
				   AND min(o.denominator) OVER () > 0
					THEN o.denominator ELSE 1 END AS weight
		FROM own AS o CROSS JOIN latest AS l
		WHERE o.period_start <= l.period_start AND o.value IS NOT NULL
	)
	SELECT l.period_start, CAST((SELECT count(*) FROM done) AS integer),
		   CAST(count(*) FILTER (WHERE o.period_start <= l.period_start AND o.value IS NULL) AS integer),
		   CAST(count(*) FILTER (WHERE o.period_start > l.period_start) AS integer),
		   CAST((SELECT count(*) FROM kpi_internal.periods_touching(progress_of.grain,
					daterange(kpi_internal.period_end(progress_of.grain, l.period_start),
						lower(progress_of.days))) AS b (period_start)
				 WHERE kpi_internal.period_end(progress_of.grain, l.period_start) < lower(progress_of.days)) AS integer),
		   (SELECT CAST(sum(d.value * d.weight) AS float8) FROM done AS d),
			   (SELECT CAST(sum(d.weight) AS float8) FROM done AS d),
		   coalesce((SELECT CAST(avg(d.weight) AS float8) FROM done AS d), 1),
		   (SELECT CAST(d.value AS float8) FROM done AS d ORDER BY d.period_start DESC LIMIT 1),
		   CASE WHEN progress_of.rule IN ('loss', 'growth', 'product')
				THEN (SELECT CAST(kpi_internal.together(progress_of.rule, array_agg(d.value)) AS float8) FROM done AS d) END
	FROM latest AS l CROSS JOIN own AS o
	WHERE l.period_start IS NOT NULL
	GROUP BY l.period_start;
END;
COMMENT ON FUNCTION kpi_internal.progress_of(text, text, text, daterange, date, text) IS
'What there is of an indicator and unit in some days, by periods of a grain up to one. NULL where nothing is.';

CREATE FUNCTION kpi_internal.decimal(x float8)
	RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN x > '-Infinity' AND x < 'Infinity' THEN CAST(x AS numeric) END;
COMMENT ON FUNCTION kpi_internal.decimal(float8) IS 'A float8 in 15 digits; NULL for NULL, NaN and infinity.';

CREATE FUNCTION kpi_internal.last_period(definition kpi.indicator, unit text, days daterange, through text)
	RETURNS date
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	IF through IS NULL THEN
		RETURN (SELECT max(m.period_start) FROM kpi.measurement AS m
				WHERE m.indicator = definition.indicator AND m.unit = last_period.unit AND m.grain = definition.grain
					AND m.period_start < upper(days) AND NOT m.provisional);
	END IF;
	SELECT * INTO p FROM kpi_internal.read_period(through);
	IF p.grain <> definition.grain THEN
		PERFORM kpi_internal.fail('22023', format('through "%s" is of grain "%s", indicator "%s" of grain "%s"',
			through, p.grain, definition.indicator, definition.grain), 'Name the last of its own periods that counts.');
	END IF;
	RETURN least(p.period_start, upper(days) - 1);
END
$$;
COMMENT ON FUNCTION kpi_internal.last_period(kpi.indicator, text, daterange, text) IS
'The first day of the last period of the own grain that counts. That of the label through, or the last final one.';

CREATE FUNCTION kpi_internal.target_of_parts(definition kpi.indicator, unit text, grain text, period_start date,
		last_start date, rule text)
	RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT CASE WHEN count(*) = count(t.target) THEN trim_scale(kpi_internal.together(target_of_parts.rule, array_agg(t.target))) END
	FROM kpi_internal.periods_touching(definition.grain,
		kpi_internal.period_days(target_of_parts.grain, target_of_parts.period_start)) AS p (day)
		CROSS JOIN LATERAL kpi_internal.target_for(definition.indicator, target_of_parts.unit, definition.grain, p.day) AS t
	WHERE p.day <= target_of_parts.last_start;
END;
COMMENT ON FUNCTION kpi_internal.target_of_parts(kpi.indicator, text, text, date, date, text) IS
'The targets of the periods of the own grain of an indicator in another period, up to one, together.';

CREATE FUNCTION kpi_internal.outlook_note(rule text, parts kpi_internal.progress_parts)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN (parts).last_start IS NULL THEN 'there is no value'
				WHEN rule IS NULL THEN 'values of its periods do not make that of a longer one'
				WHEN (parts).compounded IS NOT NULL AND kpi_internal.as_term(rule, (parts).compounded) IS NULL
				THEN 'a value leaves nothing that could compound'
				WHEN (parts).skipped > 0 THEN 'the last value is of before the period'
				WHEN (parts).missing > 0 THEN 'periods without a value count for nothing' END;
COMMENT ON FUNCTION kpi_internal.outlook_note(text, kpi_internal.progress_parts) IS
'Why there is no outlook, or what is missing in it; NULL for neither.';

CREATE FUNCTION kpi_internal.prospect_of(definition kpi.indicator, unit text, grain text, period_start date,
		through text, model text)
	RETURNS kpi.prospect
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days CONSTANT daterange := kpi_internal.period_days(grain, period_start);
	rule CONSTANT text := kpi_internal.outlook_rule(definition);
	last_start CONSTANT date := kpi_internal.last_period(definition, unit, days, through);
	is_aimed CONSTANT boolean := definition.direction <> 'target';
	compounds CONSTANT boolean := rule IN ('loss', 'growth', 'product');
	-- a smaller loss is a greater term
	wants_more CONSTANT boolean := (definition.direction = 'lower') = (rule = 'loss');
	parts kpi_internal.progress_parts;
	ahead kpi.attainment_forecast;
	result kpi.prospect;
	a float8;
	b float8;
	rest float8;
BEGIN
	parts := kpi_internal.progress_of(definition.indicator, unit, definition.grain, days, last_start, rule);
	result.indicator := definition.indicator;
	result.indicator_name := kpi.term('indicator', definition.indicator, definition.name);
	result.unit := unit;
	result.unit_of_measure := kpi.term('unit_of_measure', definition.unit_of_measure, definition.unit_of_measure);
	result.period_label := kpi.period_label(grain, period_start);
	result.through_label := kpi.period_label(definition.grain, (parts).last_start);
	result.periods_done := coalesce(parts.done, 0);
	result.periods_left := parts.remaining;
	result.periods_missing := parts.missing;
	result.target := (SELECT t.target FROM kpi_internal.target_for(definition.indicator, unit, grain, period_start) AS t);
	result.outlook_note := kpi_internal.outlook_note(rule, parts);
	IF rule IS NULL OR parts.last_start IS NULL OR parts.skipped > 0
		OR compounds AND parts.done > 0 AND kpi_internal.as_term(rule, parts.compounded) IS NULL THEN
		RETURN result;
	END IF;
	a := CASE WHEN compounds THEN coalesce(kpi_internal.as_term(rule, parts.compounded), 0)
			  WHEN rule = 'sum' THEN coalesce(parts.amount, 0) WHEN rule = 'last' THEN 0
				   ELSE coalesce(parts.amount, 0) / (coalesce(parts.weight, 0) + parts.remaining * parts.weight_ahead) END;
	b := CASE rule WHEN 'mean' THEN parts.weight_ahead
				   / (coalesce(parts.weight, 0) + parts.remaining * parts.weight_ahead) ELSE 1 END;
	result.actual := kpi_internal.decimal(CASE WHEN compounds THEN parts.compounded
													WHEN rule = 'sum' THEN parts.amount WHEN rule = 'last' THEN parts.last_value
													ELSE parts.amount / nullif(parts.weight, 0) END);
	result.target_to_date := CASE WHEN compounds OR rule = 'sum'
		THEN kpi_internal.target_of_parts(definition, unit, grain, period_start, parts.last_start, rule)
								  ELSE result.target END;
	-- what the rest would have to be for the target
	rest := CASE WHEN parts.remaining > 0 THEN (kpi_internal.as_term(rule, CAST(result.target AS float8)) - a) / b END;
	ahead := kpi.attainment_forecast(
		(SELECT kpi.series(m.period_start, kpi_internal.as_term(rule, CAST(m.value AS float8))) FROM kpi.measurement AS m
		 WHERE m.indicator = definition.indicator AND m.unit = prospect_of.unit AND m.grain = definition.grain
			AND m.period_start <= parts.last_start),
		coalesce(rest, 0), 0, parts.remaining, CASE WHEN wants_more THEN 'higher' ELSE 'lower' END,
		CASE rule WHEN 'last' THEN 'last' ELSE 'sum' END, model);
	result.expected := CASE WHEN parts.remaining = 0 THEN result.actual
		ELSE kpi_internal.decimal(kpi_internal.of_terms(rule, a + b * ahead.expected)) END;
	result.expected_low := CASE WHEN parts.remaining = 0 THEN result.actual
		ELSE kpi_internal.decimal(kpi_internal.of_terms(rule, a + b * CASE rule WHEN 'loss' THEN ahead.high ELSE ahead.low END)) END;
	result.expected_high := CASE WHEN parts.remaining = 0 THEN result.actual
		ELSE kpi_internal.decimal(kpi_internal.of_terms(rule, a + b * CASE rule WHEN 'loss' THEN ahead.low ELSE ahead.high END)) END;
	IF parts.remaining > 0 THEN
		result.forecast := kpi_internal.decimal(kpi_internal.of_terms(rule,
			ahead.expected / CASE rule WHEN 'mean' THEN parts.remaining ELSE 1 END));
		result.needed_per_period := kpi_internal.decimal(kpi_internal.of_terms(rule,
			rest / CASE rule WHEN 'last' THEN 1 ELSE parts.remaining END));
		result.model := ahead.model;
		result.mase := kpi_internal.decimal(ahead.mase);
		result.outlook_note := concat_ws('; ', result.outlook_note, ahead.note);
	END IF;
	result.outlook_note := nullif(result.outlook_note, '');
	result.expected_attainment := kpi_internal.attainment_by(definition.attainment_method, result.expected, result.target,
		NULL,
															 definition.direction, definition.zero_target, NULL, NULL, NULL, NULL);
	IF is_aimed AND result.target IS NOT NULL THEN
		result.pace := kpi.pace(result.actual, result.target_to_date, 1, CAST(definition.direction AS text));
		result.chance := CASE WHEN parts.remaining > 0 AND rest IS NULL THEN NULL
							  WHEN parts.remaining > 0 THEN kpi_internal.decimal(ahead.probability)
							  WHEN CASE definition.direction WHEN 'lower' THEN result.actual <= result.target
															 ELSE result.actual >= result.target END THEN 1 ELSE 0 END;
		result.target_status := kpi.target_status(CAST(result.chance AS float8), CAST(result.pace AS float8));
		result.target_status_label := kpi.term('target_status', result.target_status,
			kpi_internal.default_name(result.target_status));
	END IF;
	RETURN result;
END
$$;
COMMENT ON FUNCTION kpi_internal.prospect_of(kpi.indicator, text, text, date, text, text) IS
'What kpi.outlook() says of an indicator, unit and period that are there.';

CREATE FUNCTION kpi_internal.require_outlook(definition kpi.indicator, grain text, period text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT kpi_internal.tiles(definition.grain, grain) THEN
		PERFORM kpi_internal.fail('22023',
			format('indicator "%s" has no outlook for "%s", a period of grain "%s"', definition.indicator, period, grain),
			format('Its grain is "%s": write a period that such periods make exactly.', definition.grain));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_outlook(kpi.indicator, text, text) IS
'Raises an error unless periods of the own grain of an indicator make a period exactly.';

CREATE FUNCTION kpi.outlook(indicator text, unit text, period text, through text DEFAULT NULL,
		model text DEFAULT 'auto')
	RETURNS SETOF kpi.prospect
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
	definition kpi.indicator;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_untyped(period, through);
	through := p.rest;
	PERFORM kpi_internal.require_indicator(indicator), kpi_internal.require_unit(unit),
		kpi_internal.require_value('model', model);
	SELECT * INTO definition FROM kpi.indicator AS i WHERE i.indicator = outlook.indicator;
	PERFORM kpi_internal.require_outlook(definition, p.grain, kpi.period_label(p.grain, p.period_start));
	PERFORM kpi_internal.require_reader(unit, p.grain, p.period_start);
	RETURN NEXT kpi_internal.prospect_of(definition, unit, p.grain, p.period_start, through, model);
END
$$;
COMMENT ON FUNCTION kpi.outlook(text, text, text, text, text) IS
'Whether an indicator will reach its target by the end of a period. '
'What there is, the forecast of the rest, what is needed of it, and the chance. through: the last period of its own '
'grain that counts, the last final one unless given; model as for kpi.forecast(). One row; what is not known is NULL, '
'and outlook_note says why. Errors: unknown names, a period that those of the own grain do not make exactly, a unit '
'that the reader may not see.';
--@ dated | outlook | indicator text, unit text | indicator, unit | , through text DEFAULT NULL, model text DEFAULT 'auto' | , through, model | text, text, date, text, text, text | SETOF kpi.prospect | STABLE PARALLEL SAFE COST 10000 ROWS 1 | Whether an indicator will reach its target.

CREATE FUNCTION kpi.outlooks(scorecard text, unit text, period text, through text DEFAULT NULL,
		model text DEFAULT 'auto')
	RETURNS SETOF kpi.prospect
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000 ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_untyped(period, through);
	through := p.rest;
	PERFORM kpi_internal.read_card(scorecard, unit, p.grain, kpi.period_label(p.grain, p.period_start));
	PERFORM kpi_internal.require_value('model', model), kpi_internal.require_reader(unit, p.grain, p.period_start);
	RETURN QUERY
	SELECT o.*
	FROM (SELECT DISTINCT n.indicator, coalesce(n.unit, outlooks.unit) AS unit
		  FROM kpi_internal.nodes_in_force(outlooks.scorecard, upper(p.days) - 1) AS n WHERE n.indicator IS NOT NULL) AS n
		JOIN kpi.indicator AS i ON i.indicator = n.indicator AND kpi_internal.tiles(i.grain, p.grain)
			AND kpi_internal.may_read(n.unit, p.grain, p.period_start)
		CROSS JOIN LATERAL kpi_internal.prospect_of(i, n.unit, p.grain, p.period_start,
			CASE WHEN through IS NULL OR i.grain = (SELECT t.grain FROM kpi_internal.read_period(through) AS t)
				THEN through END, model) AS o
	ORDER BY o.chance NULLS LAST, o.indicator COLLATE "C";
END
$$;
COMMENT ON FUNCTION kpi.outlooks(text, text, text, text, text) IS
'Which targets of a scorecard are unrealistic. kpi.outlook() of all its indicators, the smallest chance first. '
'through counts for the indicators of its grain. Those of units that the reader may not see are left out, and so are '
'those whose own periods do not make the period. Errors as in kpi.outlook().';
--@ dated | outlooks | scorecard text, unit text | scorecard, unit | , through text DEFAULT NULL, model text DEFAULT 'auto' | , through, model | text, text, date, text, text, text | SETOF kpi.prospect | STABLE PARALLEL SAFE COST 100000 ROWS 20 | Which targets of a scorecard are unrealistic.
