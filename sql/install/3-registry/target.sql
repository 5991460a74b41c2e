-- Targets: what is to be reached by a unit over a period.

CREATE FUNCTION kpi_internal.is_amount(x numeric)
	RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN abs(x) < 1e100;
COMMENT ON FUNCTION kpi_internal.is_amount(numeric) IS
'Whether a number is finite and so small that what is made of it stays a number: below 1e100. NULL for NULL.';

CREATE TABLE kpi.target (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE,
	grain kpi.key REFERENCES kpi.grain,
	period daterange NOT NULL CONSTRAINT target_period CHECK (NOT pg_catalog.isempty(period)),
	target numeric CHECK (kpi_internal.is_amount(target)),
	baseline numeric CHECK (kpi_internal.is_amount(baseline)),
	stretch numeric CHECK (kpi_internal.is_amount(stretch)),
	low numeric CHECK (kpi_internal.is_amount(low)),
	high numeric CHECK (kpi_internal.is_amount(high)),
	outer_low numeric CHECK (kpi_internal.is_amount(outer_low)),
	outer_high numeric CHECK (kpi_internal.is_amount(outer_high)),
	basis kpi_internal.basis NOT NULL DEFAULT 'agreed',
	note text,
	reason text,
	set_by name NOT NULL DEFAULT CURRENT_USER,
	set_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	CONSTRAINT target_amounts CHECK (target IS NOT NULL OR pg_catalog.num_nonnulls(low, high) OPERATOR(pg_catalog.=) 2),
	CONSTRAINT target_key UNIQUE NULLS NOT DISTINCT (indicator, unit, grain, period),
	CONSTRAINT target_overlap EXCLUDE USING gist
		-- one text, for which no query over the columns takes this slower index
		((indicator OPERATOR(pg_catalog.||) '/' OPERATOR(pg_catalog.||) unit OPERATOR(pg_catalog.||) '/' OPERATOR(pg_catalog.||) COALESCE(CAST(grain AS text), ''))
			WITH OPERATOR(pg_catalog.=), period WITH OPERATOR(pg_catalog.&&))
);
--@ repeated_days | target | period
CREATE INDEX target_unit_idx ON kpi.target (unit, indicator);
CREATE INDEX target_grain_idx ON kpi.target (grain);

COMMENT ON TABLE kpi.target IS
'What is to be reached by a unit over a period. No two periods of one indicator, unit and grain overlap.';
COMMENT ON COLUMN kpi.target.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.target.unit IS 'The unit.';
COMMENT ON COLUMN kpi.target.grain IS
'The grain whose number it is: that of each of its periods in the days. '
'NULL: of the days as a whole under spread and compound, of every period in them under hold and end.';
COMMENT ON COLUMN kpi.target.period IS 'The days it holds for, half-open: whole periods of the grain.';
COMMENT ON COLUMN kpi.target.target IS 'Value to be reached, in the unit of the indicator.';
COMMENT ON COLUMN kpi.target.baseline IS 'Where the way to the target begins, for the attainment method progress.';
COMMENT ON COLUMN kpi.target.stretch IS 'A higher aim; shown, not scored.';
COMMENT ON COLUMN kpi.target.low IS 'Lower limit: of what is as good as can be, for the attainment method range; the lower end, for span.';
COMMENT ON COLUMN kpi.target.high IS 'Upper limit: of what is as good as can be, for the attainment method range; the upper end, for span.';
COMMENT ON COLUMN kpi.target.outer_low IS 'Value below low from which on nothing is attained, for the attainment method range.';
COMMENT ON COLUMN kpi.target.outer_high IS 'Value above high from which on nothing is attained, for the attainment method range.';
COMMENT ON COLUMN kpi.target.basis IS 'What it was derived from: history, industry, capability or agreed.';
COMMENT ON COLUMN kpi.target.note IS 'Anything worth remembering about it.';
COMMENT ON COLUMN kpi.target.reason IS 'Why it was changed last; needed once the period has begun.';
COMMENT ON COLUMN kpi.target.set_by IS 'Who set it last.';
COMMENT ON COLUMN kpi.target.set_at IS 'When it was set last.';
COMMENT ON CONSTRAINT target_period ON kpi.target IS 'It holds for some days.';
COMMENT ON CONSTRAINT target_amounts ON kpi.target IS 'A target is a number, or limits, or both.';
COMMENT ON CONSTRAINT target_key ON kpi.target IS 'One target for an indicator, unit, grain and period.';
COMMENT ON CONSTRAINT target_overlap ON kpi.target IS 'Periods of one indicator, unit and grain do not overlap.';
--@ checked | target
--@ lasting | target | DELETE keeps what was agreed in the history.

SELECT pg_catalog.pg_extension_config_dump('kpi.target', '');

CREATE FUNCTION kpi_internal.adds_up(expression text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_adds_up'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION kpi_internal.adds_up(text) IS
'Whether an aggregate expression is a sum over rows. '
'Sum or count of rows, alone or scaled by a constant, added, subtracted, coalesced with 0 or rounded. NULL for NULL; '
'false for a text that is no expression.';

CREATE FUNCTION kpi_internal.target_rule(indicator kpi.indicator)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(CAST(indicator.target_rule AS text),
					CASE indicator.combine
						WHEN 'sum' THEN 'spread'
						WHEN 'rows' THEN CASE WHEN indicator.denominator IS NULL AND kpi_internal.adds_up(indicator.numerator) THEN 'spread' ELSE 'hold' END
						WHEN 'last' THEN 'end'
						WHEN 'first' THEN 'end'
						WHEN 'compound_loss' THEN 'compound'
						WHEN 'compound_growth' THEN 'compound'
						WHEN 'formula' THEN NULL
						WHEN 'none' THEN NULL
						ELSE 'hold' END);
COMMENT ON FUNCTION kpi_internal.target_rule(kpi.indicator) IS
'How the targets of an indicator hang together. '
'Its target_rule, else by combine spread for sum, and for rows where the numerator is a sum over them, end for last '
'and first, compound for the compound rules, hold for all else. NULL where combine is formula or none: it has to be '
'given.';

CREATE FUNCTION kpi_internal.target_grows(indicator kpi.indicator)
	RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE indicator.combine WHEN 'compound_loss' THEN false WHEN 'compound_growth' THEN true ELSE indicator.direction <> 'lower' END;
COMMENT ON FUNCTION kpi_internal.target_grows(kpi.indicator) IS
'Whether what compounds is a growth, and not a loss. '
'By combine, else by direction, where lower is better it is a loss.';

CREATE TYPE kpi_internal.found_target AS (
	target numeric,
	baseline numeric,
	stretch numeric,
	low numeric,
	high numeric,
	outer_low numeric,
	outer_high numeric,
	step integer,
	reason text
);
COMMENT ON TYPE kpi_internal.found_target IS
'The target of a period: its amounts, and which way it was found (step 1 to 6). Or the reason where there is none.';

CREATE FUNCTION kpi_internal.target_for(indicator text, unit text, grain text, period_start date)
	RETURNS kpi_internal.found_target
	AS 'MODULE_PATHNAME', 'kpi_target_for'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kpi_internal.target_for(text, text, text, date) IS
'The target of the period of a grain that contains the day. '
'Steps: 1 the row of that grain; 2 shorter rows that make it; 3 rows of the next longer grain, brought down; 4 rows '
'without a grain; 5 the nearest unit above; 6 the benchmark of target_peer. Without one the amounts and the step are '
'NULL, and reason is no_target, partial_target or no_target_rule. NULL for NULL; an unknown grain is an error. What '
'one query asks of an indicator and unit it reads once.';

CREATE FUNCTION kpi_internal.target_for(indicator text, unit text, days daterange)
	RETURNS kpi_internal.found_target
	AS 'MODULE_PATHNAME', 'kpi_target_for_days'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION kpi_internal.target_for(text, text, daterange) IS
'The same of any days: shorter rows that make them, else the difference of what is due at their ends. '
'No target for days that are empty or have no end.';

CREATE FUNCTION kpi_internal.targets_for(indicators text[], units text[], grains text[], period_starts date[])
	RETURNS TABLE (n integer, target numeric, baseline numeric, stretch numeric, low numeric, high numeric,
				   outer_low numeric, outer_high numeric, step integer, reason text)
	AS 'MODULE_PATHNAME', 'kpi_targets_for'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000;
COMMENT ON FUNCTION kpi_internal.targets_for(text[], text[], text[], date[]) IS
'The targets of many periods as kpi_internal.target_for() finds them. '
'A row for each place of the arrays, in order, n from 1. Fast where an indicator and unit come together. Arrays of '
'different length and an unknown grain are errors.';

CREATE FUNCTION kpi_internal.require_amount(parameter text, value numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_number(parameter, value);
	IF NOT kpi_internal.is_amount(value) THEN
		PERFORM kpi_internal.fail('22003',
			format('%s %s is not between -1e100 and 1e100', parameter, value),
			'Measure the indicator in a larger unit.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_amount(text, numeric) IS
'Raises an error for a number that is not finite or too large for what is made of it; NULL passes.';

CREATE FUNCTION kpi_internal.check_target_days(definition kpi.indicator, grain text, days daterange)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	first CONSTANT date := lower(days);
	next CONSTANT date := upper(days);
	rule CONSTANT text := kpi_internal.target_rule(definition);
	problem text;
	help text;
BEGIN
	IF grain IS NOT NULL THEN
		PERFORM kpi_internal.require_grain(grain);
	END IF;
	IF isempty(days) THEN
		problem := format('period %s has no days', days);
		help := 'Write a label such as 2011-11, or a range of days such as [2011-11-05,2011-12-01).';
	ELSIF first < '0001-01-01' OR next > '10000-01-01' THEN
		problem := format('period %s is not in the years 1 to 9999', days);
		help := 'Leave a side of the range empty where it has no end: [2011-01-01,).';
	ELSIF grain IS NOT NULL AND (SELECT g.window_of IS NOT NULL FROM kpi.grain AS g WHERE g.grain = check_target_days.grain) THEN
		problem := format('grain "%s" is a window', grain);
		help := 'The target of a window is made of those of its periods: set these.';
	ELSIF grain IS NOT NULL AND (kpi.period_start(grain, first) <> first OR kpi.period_start(grain, next) <> next) THEN
		problem := format('period %s does not consist of whole periods of grain "%s"', days, grain);
		help := format('Write %s, or another grain.', daterange(kpi.period_start(grain, first), kpi_internal.period_end(grain, next - 1)));
	ELSIF grain <> definition.grain AND NOT kpi_internal.tiles(grain, definition.grain)
		AND (SELECT g.position < o.position FROM kpi.grain AS g, kpi.grain AS o
			 WHERE g.grain = check_target_days.grain AND o.grain = definition.grain)
	THEN
		problem := format('grain "%s" does not make whole periods of grain "%s", the own one of indicator "%s"', grain, definition.grain, definition.indicator);
		help := format('Write a period of grain "%s", or of a longer one.', definition.grain);
	ELSIF rule IS NULL AND grain IS DISTINCT FROM definition.grain THEN
		problem := format('nothing says how a target %s and those of grain "%s" of indicator "%s" hang together',
						  CASE WHEN grain IS NULL THEN 'without a grain' ELSE format('of grain "%s"', grain) END, definition.grain, definition.indicator);
		help := format('Say it once, kpi.define_indicator(%L, target_rule => ''spread'') or hold, end, compound; or set targets of grain "%s".',
					   definition.indicator, definition.grain);
	ELSIF grain IS NULL AND (first IS NULL OR next IS NULL) AND rule IN ('spread', 'compound') THEN
		problem := format('period %s has no end, and targets of indicator "%s" are for the days as a whole (%s)', days, definition.indicator, rule);
		help := 'Write a last day, or the grain whose number it is: grain => ''month''.';
	END IF;
	IF problem IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', problem, help);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_target_days(kpi.indicator, text, daterange) IS
'Raises an error for days that a target of the grain cannot have. '
'They are empty, outside of the years, no whole periods, of a grain that makes none of the own one, without an end '
'where they have one total, a window, or where nothing says how to bring the target to periods.';

CREATE FUNCTION kpi_internal.check_amounts(names text[], amounts numeric[])
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_amount(a.name, a.amount) FROM unnest(names, amounts) AS a (name, amount);
	PERFORM kpi_internal.fail('22023', format('%s %s is above %s %s', a.name_before, a.amount_before, a.name, a.amount),
							  'Limits are outer_low <= low <= high <= outer_high, values and not distances.')
	FROM (SELECT l.name, l.amount, lag(l.name) OVER in_order AS name_before, lag(l.amount) OVER in_order AS amount_before
		  FROM unnest(names, amounts) WITH ORDINALITY AS l (name, amount, place)
		  WHERE l.place > 3 AND l.amount IS NOT NULL
		  WINDOW in_order AS (ORDER BY l.place)) AS a
	WHERE a.amount_before > a.amount;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_amounts(text[], numeric[]) IS
'Raises an error for an amount that is not finite or too large. '
'So it does for limits, which come after the first three, that are not in order.';

CREATE FUNCTION kpi_internal.target_misfit(wanted kpi.target, method text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN method <> 'progress' AND wanted.baseline IS NOT NULL
		THEN format('has baseline %s, which attainment_method "%s" does not read', wanted.baseline, method)
		WHEN method IN ('range', 'span') THEN
			CASE WHEN num_nulls(wanted.low, wanted.high) > 0 OR method = 'range' AND num_nulls(wanted.outer_low, wanted.outer_high) > 0
				 THEN format('has no %s, which attainment_method "%s" reads',
							 CASE WHEN wanted.low IS NULL THEN 'low' WHEN wanted.high IS NULL THEN 'high'
								  WHEN wanted.outer_low IS NULL THEN 'outer_low' ELSE 'outer_high' END, method)
				 WHEN method = 'span' AND num_nonnulls(wanted.outer_low, wanted.outer_high) > 0
				 THEN format('has outer limit %s, which attainment_method "span" does not read', coalesce(wanted.outer_low, wanted.outer_high))
				 WHEN method = 'span' AND wanted.low >= wanted.high
				 THEN format('has low %s and high %s, between which there is no span', wanted.low, wanted.high) END
		WHEN num_nonnulls(wanted.low, wanted.high, wanted.outer_low, wanted.outer_high) > 0
		THEN format('has limit %s, which attainment_method "%s" does not read',
					coalesce(wanted.low, wanted.high, wanted.outer_low, wanted.outer_high), method)
		WHEN wanted.target IS NULL THEN format('has no target, which attainment_method "%s" reads', method) END;
COMMENT ON FUNCTION kpi_internal.target_misfit(kpi.target, text) IS
'What of a target a method lacks or does not read. Limits, the number or a baseline; NULL where they go together.';

CREATE FUNCTION kpi_internal.misfit_targets()
	RETURNS TABLE (indicator text, key text, finding text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT t.indicator, concat_ws('/', t.indicator, t.unit, t.grain, t.period), format('it %s', x.problem)
	FROM kpi.target AS t
		JOIN kpi.indicator AS i ON i.indicator = t.indicator
		CROSS JOIN LATERAL (SELECT kpi_internal.target_misfit(t, i.attainment_method) AS problem) AS x
	WHERE x.problem IS NOT NULL;
END;
COMMENT ON FUNCTION kpi_internal.misfit_targets() IS
'Targets that do not go with the attainment method of their indicator.';

CREATE FUNCTION kpi_internal.check_target_fit(wanted kpi.target, method text)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	problem CONSTANT text := kpi_internal.target_misfit(wanted, method);
BEGIN
	IF problem IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', format('target of indicator "%s" for unit "%s" %s', wanted.indicator, wanted.unit, problem),
			CASE
				WHEN method <> 'progress' AND wanted.baseline IS NOT NULL
				THEN format('Leave it out, or reset => ''{baseline}''. Only progress reads it: kpi.define_indicator(%L, attainment_method => ''progress'').',
							wanted.indicator)
				WHEN method = 'range' THEN 'Give outer_low <= low <= high <= outer_high; an outer limit that equals the inner one is a sharp edge.'
				WHEN method = 'span' THEN 'Give low < high, the ends of the span, and no outer limits.'
				ELSE CASE WHEN wanted.target IS NULL THEN 'Give the number that is to be reached.'
					 ELSE format('Only range and span read limits: kpi.define_indicator(%L, attainment_method => ''range'', direction => ''target'').',
								 wanted.indicator) END
			END);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_target_fit(kpi.target, text) IS
'Raises an error for a target that does not go with an attainment method.';

CREATE FUNCTION kpi_internal.check_target(wanted kpi.target)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	definition kpi.indicator;
	beyond numeric;
BEGIN
	IF num_nonnulls(wanted.target, wanted.low, wanted.high) = 0 THEN
		PERFORM kpi_internal.fail('22004', 'target must not be null',
			'Give the number that is to be reached; limits stand in its place where attainment_method is range or span.');
	END IF;
	-- what is as it should be costs one comparison
	IF greatest(abs(wanted.target), abs(wanted.baseline), abs(wanted.stretch), abs(wanted.low), abs(wanted.high),
				abs(wanted.outer_low), abs(wanted.outer_high)) >= 1e100
		OR wanted.low > wanted.high OR wanted.outer_low > least(wanted.low, wanted.high, wanted.outer_high)
		OR wanted.outer_high < greatest(wanted.low, wanted.high)
	THEN
		PERFORM kpi_internal.check_amounts('{target,baseline,stretch,outer_low,low,high,outer_high}',
			ARRAY[wanted.target, wanted.baseline, wanted.stretch, wanted.outer_low, wanted.low, wanted.high, wanted.outer_high]);
	END IF;
	SELECT * INTO definition FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator;
	IF NOT FOUND THEN
		-- the foreign key tells
		RETURN;
	END IF;
	IF kpi_internal.target_misfit(wanted, definition.attainment_method) IS NOT NULL THEN
		PERFORM kpi_internal.check_target_fit(wanted, definition.attainment_method);
	END IF;
	IF kpi_internal.target_rule(definition) = 'compound' THEN
		beyond := CASE WHEN kpi_internal.target_grows(definition)
			THEN least(wanted.target, wanted.baseline, wanted.stretch, wanted.low, wanted.high, wanted.outer_low, wanted.outer_high)
			ELSE - greatest(wanted.target, wanted.baseline, wanted.stretch, wanted.low, wanted.high, wanted.outer_low, wanted.outer_high) END;
		IF beyond < -1 THEN
			PERFORM kpi_internal.fail('22023', format('target %s of indicator "%s" loses more than there is', CASE WHEN kpi_internal.target_grows(definition) THEN beyond ELSE - beyond END, wanted.indicator),
				CASE WHEN kpi_internal.target_grows(definition) THEN 'A growth is a fraction, -1 at the least.' ELSE 'A loss is a fraction, 1 at the most.' END);
		END IF;
	END IF;
	PERFORM kpi_internal.check_target_days(definition, wanted.grain, wanted.period);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_target(kpi.target) IS
'Raises an error for a row of kpi.target that cannot be obeyed.';

CREATE FUNCTION kpi_internal.require_reason(target kpi.target, reason text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF reason IS NULL AND coalesce(lower(target.period), '-infinity') <= current_date THEN
		PERFORM kpi_internal.fail('23514',
			format('target of indicator "%s" for unit "%s" changes after its period %s has begun', target.indicator, target.unit, target.period),
			'Say why: reason => ''...'' in kpi.set_target(), or the column reason.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_reason(kpi.target, text) IS
'Raises an error where a target whose period has begun is changed without a reason.';

-- a new reason is another text, or the same one with set_at left to the trigger
CREATE FUNCTION kpi_internal.guard_target()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.check_target(NEW);
	IF TG_OP = 'UPDATE' AND (NEW.grain, NEW.period, NEW.target, NEW.baseline, NEW.stretch, NEW.low, NEW.high, NEW.outer_low, NEW.outer_high)
		IS DISTINCT FROM (OLD.grain, OLD.period, OLD.target, OLD.baseline, OLD.stretch, OLD.low, OLD.high, OLD.outer_low, OLD.outer_high)
	THEN
		IF NEW.reason = OLD.reason AND NEW.set_at = OLD.set_at THEN
			NEW.reason := NULL;
		END IF;
		PERFORM kpi_internal.require_reason(OLD, NEW.reason);
	END IF;
	NEW.set_by := current_user;
	NEW.set_at := now();
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_target() IS
'Trigger: a target can be obeyed and says who set it when. '
'It is not changed without a reason once its period has begun.';

CREATE TRIGGER guard_target
	BEFORE INSERT OR UPDATE ON kpi.target
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_target();
COMMENT ON TRIGGER guard_target ON kpi.target IS
'A target can be obeyed and says who set it when. It is not changed without a reason once its period has begun.';

--@ apart | target | period | o.indicator = NEW.indicator AND o.unit = NEW.unit AND o.grain IS NOT DISTINCT FROM NEW.grain | format('target of indicator "%s" for unit "%s" and %s overlaps an existing one', NEW.indicator, NEW.unit, NEW.period) | Give it another grain, end the existing one first, or call kpi.set_target() with replace => true to split it. | Targets of one indicator, unit and grain do not overlap.

CREATE FUNCTION kpi_internal.read_target_period(period text, asked_grain text, OUT grain text, OUT days daterange)
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value('period', period);
	IF period !~ E'^\\s*([[(]|empty)' THEN
		SELECT coalesce(asked_grain, p.grain), p.days INTO grain, days FROM kpi_internal.read_period(period) AS p;
		RETURN;
	END IF;
	grain := asked_grain;
	BEGIN
		days := CAST(period AS daterange);
	EXCEPTION
		WHEN data_exception THEN
			PERFORM kpi_internal.fail('22023',
				format('period "%s" is not understood', period),
				'Write a label such as 2011, 2011-Q4 or 2011-11, or a range of days such as [2011-11-05,2011-12-01).',
				format('It is not a date range: %s.', SQLERRM));
	END;
END
$$;
COMMENT ON FUNCTION kpi_internal.read_target_period(text, text) IS
'The grain and the days of a target. Of a label with its own grain unless another is given, or of a date range as '
'text. NULL and any other text are errors.';

CREATE FUNCTION kpi_internal.target_within(indicator text, amount numeric, whole daterange, days daterange)
	RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_target_within'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.target_within(text, numeric, daterange, daterange) IS
'What some days get of an amount that a row without a grain has for days that contain them. '
'By the rule of the indicator. NULL for NULL, NaN or infinity, for days that the row does not have, and for those '
'without an end where the rule goes by days.';

CREATE FUNCTION kpi_internal.split_target(old kpi.target, days daterange)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rest kpi.target := old;
BEGIN
	DELETE FROM kpi.target AS t
	WHERE t.indicator = old.indicator AND t.unit = old.unit AND t.grain IS NOT DISTINCT FROM old.grain AND t.period = old.period;
	FOREACH rest.period IN ARRAY ARRAY[old.period * daterange(NULL, lower(days)), old.period * daterange(upper(days), NULL)] LOOP
		CONTINUE WHEN isempty(rest.period) OR rest.period && days;
		IF old.grain IS NULL THEN
			rest.target := kpi_internal.target_within(old.indicator, old.target, old.period, rest.period);
			rest.baseline := kpi_internal.target_within(old.indicator, old.baseline, old.period, rest.period);
			rest.stretch := kpi_internal.target_within(old.indicator, old.stretch, old.period, rest.period);
			rest.low := kpi_internal.target_within(old.indicator, old.low, old.period, rest.period);
			rest.high := kpi_internal.target_within(old.indicator, old.high, old.period, rest.period);
			rest.outer_low := kpi_internal.target_within(old.indicator, old.outer_low, old.period, rest.period);
			rest.outer_high := kpi_internal.target_within(old.indicator, old.outer_high, old.period, rest.period);
		END IF;
		INSERT INTO kpi.target VALUES (rest.*);
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.split_target(kpi.target, daterange) IS
'Takes days out of an existing target. What is left before and after them keeps the number of its periods, or its '
'part where the row is of no grain.';

CREATE FUNCTION kpi_internal.make_room(wanted kpi.target, replace boolean)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.target;
BEGIN
	FOR old IN
		SELECT * FROM kpi.target AS t
		WHERE t.indicator = wanted.indicator AND t.unit = wanted.unit AND t.grain IS NOT DISTINCT FROM wanted.grain
			AND NOT isempty(t.period * wanted.period) AND t.period <> wanted.period
		ORDER BY t.period
	LOOP
		IF replace IS NOT TRUE THEN
			PERFORM kpi_internal.fail('23P01',
				format('target of indicator "%s" for unit "%s" overlaps an existing one', wanted.indicator, wanted.unit),
				'Give it another grain, end the existing target first, or pass replace => true to split it.',
				format('%s overlaps %s with target %s, %s.', wanted.period, old.period, old.target,
					   CASE WHEN old.grain IS NULL THEN 'of no grain' ELSE format('of grain "%s"', old.grain) END));
		END IF;
		PERFORM kpi_internal.require_reason(old, wanted.reason);
		PERFORM kpi_internal.split_target(old, wanted.period);
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.make_room(kpi.target, boolean) IS
'Splits the targets of the same grain that overlap a new one, or raises an error.';

CREATE FUNCTION kpi_internal.tell_target_rule(target kpi.target)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	definition kpi.indicator;
	rule text;
BEGIN
	SELECT * INTO definition FROM kpi.indicator AS i WHERE i.indicator = target.indicator;
	rule := kpi_internal.target_rule(definition);
	IF target.grain = definition.grain OR EXISTS
		(SELECT FROM kpi.target AS t
		 WHERE t.indicator = target.indicator AND t.grain IS DISTINCT FROM definition.grain
			 AND (t.unit, coalesce(t.grain, ''), t.period) <> (target.unit, coalesce(target.grain, ''), target.period))
	THEN
		RETURN;
	END IF;
	RAISE NOTICE USING
		MESSAGE = format('targets of indicator "%s" follow the rule %s: %s', target.indicator, rule,
			CASE rule
				WHEN 'spread' THEN format('a longer period is shared out (%s), parts are summed',
					CASE definition.spread_by WHEN 'equal' THEN 'each month the same' WHEN 'days' THEN 'by days'
						ELSE format('by profile %s', definition.target_profile) END)
				WHEN 'hold' THEN 'each part of a longer period has the same target, parts are averaged by days'
				WHEN 'end' THEN 'each part of a longer period has the same target, of parts the last one counts'
				ELSE 'a rate of a longer period is that of its parts compounded'
			END),
		HINT = format('To have it otherwise: kpi.define_indicator(%L, target_rule => ...), with spread, hold, end or compound.', target.indicator);
END
$$;
COMMENT ON FUNCTION kpi_internal.tell_target_rule(kpi.target) IS
'Sends a NOTICE with the rule that brings targets of an indicator to other periods. Only the first time it matters.';

CREATE FUNCTION kpi_internal.put_target(old kpi.target, wanted kpi.target)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF old.indicator IS NULL THEN
		wanted.set_by := current_user;
		wanted.set_at := now();
		INSERT INTO kpi.target VALUES (wanted.*);
		PERFORM kpi_internal.tell_target_rule(wanted);
	ELSIF (wanted.target, wanted.baseline, wanted.stretch, wanted.low, wanted.high, wanted.outer_low, wanted.outer_high, wanted.basis, wanted.note)
		IS DISTINCT FROM (old.target, old.baseline, old.stretch, old.low, old.high, old.outer_low, old.outer_high, old.basis, old.note)
	THEN
		UPDATE kpi.target AS t
		SET target = wanted.target, baseline = wanted.baseline, stretch = wanted.stretch, low = wanted.low, high = wanted.high,
			outer_low = wanted.outer_low, outer_high = wanted.outer_high, basis = wanted.basis, note = wanted.note,
			reason = coalesce(wanted.reason, t.reason), set_at = CASE WHEN wanted.reason IS NULL THEN t.set_at END
		WHERE t.indicator = old.indicator AND t.unit = old.unit AND t.grain IS NOT DISTINCT FROM old.grain AND t.period = old.period;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.put_target(kpi.target, kpi.target) IS
'Stores a target in place of the old one, where it differs.';

CREATE FUNCTION kpi.set_target(indicator text, unit text, period text,
							   target anycompatible DEFAULT CAST(NULL AS numeric),
							   baseline anycompatible DEFAULT CAST(NULL AS numeric),
							   stretch anycompatible DEFAULT CAST(NULL AS numeric), basis text DEFAULT NULL,
							   note text DEFAULT NULL, replace boolean DEFAULT false, grain text DEFAULT NULL,
							   low anycompatible DEFAULT CAST(NULL AS numeric),
							   high anycompatible DEFAULT CAST(NULL AS numeric),
							   outer_low anycompatible DEFAULT CAST(NULL AS numeric),
							   outer_high anycompatible DEFAULT CAST(NULL AS numeric), reason text DEFAULT NULL,
							   reset text[] DEFAULT NULL)
	RETURNS daterange
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	asked record;
	old kpi.target;
	wanted kpi.target;
BEGIN
	SELECT * INTO asked FROM kpi_internal.read_target_period(period, grain);
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	PERFORM kpi_internal.require_word('basis', basis, VARIADIC kpi_internal.word_list('basis'));
	PERFORM kpi_internal.require_word('reset', r, 'target', 'baseline', 'stretch', 'basis', 'note', 'low', 'high', 'outer_low', 'outer_high')
	FROM unnest(reset) AS r;

	-- the statements after it see what another session has set
	PERFORM kpi_internal.lock_key('kpi.target', indicator || '/' || unit);
	-- found by key: an index of overlaps would be walked over all rows of these days
	SELECT * INTO old FROM kpi.target AS t
	WHERE t.indicator = set_target.indicator AND t.unit = set_target.unit AND t.grain IS NOT DISTINCT FROM asked.grain
		AND t.period IS NOT DISTINCT FROM asked.days;
	wanted := jsonb_populate_record(NULL::kpi.target,
		CASE WHEN old.indicator IS NULL THEN '{}' ELSE to_jsonb(old) - coalesce(reset, '{}') END
		|| jsonb_strip_nulls(jsonb_build_object('target', kpi_internal.number(target), 'baseline', kpi_internal.number(baseline),
			'stretch', kpi_internal.number(stretch), 'low', kpi_internal.number(low), 'high', kpi_internal.number(high),
			'outer_low', kpi_internal.number(outer_low), 'outer_high', kpi_internal.number(outer_high),
			'basis', basis, 'note', note)));
	wanted.indicator := indicator;
	wanted.unit := unit;
	wanted.grain := asked.grain;
	wanted.period := asked.days;
	wanted.basis := coalesce(wanted.basis, 'agreed');
	wanted.reason := reason;
	PERFORM kpi_internal.check_target(wanted);
	PERFORM kpi_internal.make_room(wanted, replace);
	PERFORM kpi_internal.put_target(old, wanted);
	RETURN asked.days;
END
$$;
COMMENT ON FUNCTION kpi.set_target(text, text, text, anycompatible, anycompatible, anycompatible, text, text, boolean, text, anycompatible, anycompatible, anycompatible, anycompatible, text, text[]) IS
'Sets what an indicator is to reach for a unit over a period, and returns its days. '
'The period is a label or a date range as text. grain is whose number it is, that of the label unless given: grain '
'month with period 2011 is that of each month. What is left out stays, reset names what goes back. Rows of one grain '
'do not overlap, unless replace splits those that are there. Once its period has begun a target is changed with a '
'reason only. Unknown names, numbers that are not finite, and targets that cannot be brought to periods are errors.';

-- A driver that gives no types sends a target as text. For it to find one function,
-- none may have a text where another has something that no text can be taken for.
CREATE FUNCTION kpi.set_target(indicator text, unit text, period text, target text,
							   baseline anycompatible DEFAULT CAST(NULL AS numeric),
							   stretch anycompatible DEFAULT CAST(NULL AS numeric), basis text DEFAULT NULL,
							   note text DEFAULT NULL, replace boolean DEFAULT false, grain text DEFAULT NULL,
							   low anycompatible DEFAULT CAST(NULL AS numeric),
							   high anycompatible DEFAULT CAST(NULL AS numeric),
							   outer_low anycompatible DEFAULT CAST(NULL AS numeric),
							   outer_high anycompatible DEFAULT CAST(NULL AS numeric), reason text DEFAULT NULL,
							   reset text[] DEFAULT NULL)
	RETURNS daterange
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT kpi.set_target(indicator, unit, period, kpi_internal.number(target), kpi_internal.number(baseline),
		kpi_internal.number(stretch), basis, note, replace, grain, kpi_internal.number(low), kpi_internal.number(high), kpi_internal.number(outer_low),
		kpi_internal.number(outer_high), reason, reset)
$$;
COMMENT ON FUNCTION kpi.set_target(text, text, text, text, anycompatible, anycompatible, text, text, boolean, text, anycompatible, anycompatible, anycompatible, anycompatible, text, text[]) IS
'The same with a target that comes as text.';

CREATE FUNCTION kpi.set_target(indicator text, unit text, day date, grain text,
							   target anycompatible DEFAULT CAST(NULL AS numeric),
							   baseline anycompatible DEFAULT CAST(NULL AS numeric),
							   stretch anycompatible DEFAULT CAST(NULL AS numeric), basis text DEFAULT NULL,
							   replace boolean DEFAULT false, note text DEFAULT NULL,
							   low anycompatible DEFAULT CAST(NULL AS numeric),
							   high anycompatible DEFAULT CAST(NULL AS numeric),
							   outer_low anycompatible DEFAULT CAST(NULL AS numeric),
							   outer_high anycompatible DEFAULT CAST(NULL AS numeric), reason text DEFAULT NULL,
							   reset text[] DEFAULT NULL)
	RETURNS daterange
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT kpi.set_target(indicator, unit, CAST(kpi_internal.days_of(day, grain) AS text), target, baseline, stretch, basis, note, replace,
		grain, low, high, outer_low, outer_high, reason, reset)
$$;
COMMENT ON FUNCTION kpi.set_target(text, text, date, text, anycompatible, anycompatible, anycompatible, text, boolean, text, anycompatible, anycompatible, anycompatible, anycompatible, text, text[]) IS
'The same for the period of a grain that contains the day.';

CREATE FUNCTION kpi.target_for(indicator text, unit text, period daterange)
	RETURNS numeric
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 200
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	RETURN (SELECT t.target FROM kpi_internal.target_for(indicator, unit, period) AS t);
END
$$;
COMMENT ON FUNCTION kpi.target_for(text, text, daterange) IS
'Target of an indicator and unit for any days, such as those that have passed of a running period. '
'Shorter targets that make them, else the difference of what is due at their ends, so that the parts of a partition '
'add up exactly. NULL for NULL, for days that are empty or have no end, and where targets do not cover them. Errors: '
'unknown indicator or unit.';

CREATE FUNCTION kpi.target_for(indicator text, unit text, day date, grain text)
	RETURNS numeric
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 200
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	asked record;
BEGIN
	SELECT * INTO asked FROM kpi_internal.read_period(day, grain);
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	RETURN (SELECT t.target FROM kpi_internal.target_for(indicator, unit, asked.grain, asked.period_start) AS t);
END
$$;
COMMENT ON FUNCTION kpi.target_for(text, text, date, text) IS
'Target of an indicator and unit for the period of a grain that contains the day. '
'NULL for NULL and where there is none. Errors: unknown indicator, unit or grain, a day beyond the years of labels.';

CREATE FUNCTION kpi.target_for(indicator text, unit text, period text)
	RETURNS numeric
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 200
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	asked record;
BEGIN
	SELECT * INTO asked FROM kpi_internal.read_target_period(period, NULL);
	IF asked.grain IS NULL THEN
		RETURN kpi.target_for(indicator, unit, asked.days);
	END IF;
	SELECT * INTO asked FROM kpi_internal.read_period(period);
	RETURN kpi.target_for(indicator, unit, asked.period_start, asked.grain);
END
$$;
COMMENT ON FUNCTION kpi.target_for(text, text, text) IS
'Target of an indicator and unit for a period: a label, or a date range as text. '
'NULL for NULL and where there is none. Errors: unknown indicator or unit, a period that is not understood.';
