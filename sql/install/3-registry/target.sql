-- Targets: what is to be reached by a unit over a period.

CREATE TABLE kpi.target (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE ON DELETE CASCADE,
	period daterange NOT NULL
		CHECK (NOT pg_catalog.isempty(period) AND NOT pg_catalog.lower_inf(period) AND NOT pg_catalog.upper_inf(period)
			AND pg_catalog.isfinite(pg_catalog.lower(period)) AND pg_catalog.isfinite(pg_catalog.upper(period))),
	target numeric NOT NULL CHECK (pg_catalog.abs(target) OPERATOR(pg_catalog.<) 1e100),
	baseline numeric CHECK (pg_catalog.abs(baseline) OPERATOR(pg_catalog.<) 1e100),
	stretch numeric CHECK (pg_catalog.abs(stretch) OPERATOR(pg_catalog.<) 1e100),
	basis text NOT NULL DEFAULT 'agreed'
		CHECK (basis OPERATOR(pg_catalog.=) ANY (ARRAY['history', 'industry', 'capability', 'agreed'])),
	note text,
	PRIMARY KEY (indicator, unit, period),
	CONSTRAINT target_overlap EXCLUDE USING gist
		(CAST(indicator AS text) WITH OPERATOR(pg_catalog.=), CAST(unit AS text) WITH OPERATOR(pg_catalog.=),
		 period WITH OPERATOR(pg_catalog.&&))
);
CREATE INDEX target_unit_idx ON kpi.target (unit);

COMMENT ON TABLE kpi.target IS
'What is to be reached by a unit over a period. No two periods of one indicator and unit overlap.';
COMMENT ON COLUMN kpi.target.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.target.unit IS 'The unit.';
COMMENT ON COLUMN kpi.target.period IS 'The days it holds for, half-open and bounded.';
COMMENT ON COLUMN kpi.target.target IS 'Value to be reached over the whole period, in the unit of the indicator.';
COMMENT ON COLUMN kpi.target.baseline IS 'Where the way to the target begins, for the attainment method progress.';
COMMENT ON COLUMN kpi.target.stretch IS 'A higher aim; shown, not scored.';
COMMENT ON COLUMN kpi.target.basis IS 'What it was derived from: history, industry, capability or agreed.';
COMMENT ON COLUMN kpi.target.note IS 'Anything worth remembering about it.';
COMMENT ON CONSTRAINT target_overlap ON kpi.target IS 'A day has one target: periods of one indicator and unit do not overlap.';

SELECT pg_catalog.pg_extension_config_dump('kpi.target', '');

CREATE FUNCTION kpi_internal.share_by_days(value numeric, period daterange, days daterange, time_rollup text)
	RETURNS numeric
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	length CONSTANT integer := upper(period) - lower(period);
	before CONSTANT integer := lower(days) - lower(period);
	until CONSTANT integer := upper(days) - lower(period);
BEGIN
	IF time_rollup <> 'sum' THEN
		RETURN value;
	END IF;
	-- the quotients of kpi.target_for(), so that its shares and these add up
	RETURN trim_scale(CASE WHEN until = length THEN value ELSE round(value * until / length, 20) END
					  - round(value * before / length, 20));
END
$$;
COMMENT ON FUNCTION kpi_internal.share_by_days(numeric, daterange, daterange, text) IS
'What days within a period get of its target: the value itself, or with time_rollup sum its part by days, so that the parts of a partition add up exactly. NULL for a NULL value.';

CREATE FUNCTION kpi_internal.split_target(old kpi.target, days daterange)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rollup CONSTANT text := (SELECT i.time_rollup FROM kpi.indicator AS i WHERE i.indicator = old.indicator);
	rest daterange;
BEGIN
	DELETE FROM kpi.target AS t
	WHERE t.indicator = old.indicator AND t.unit = old.unit AND t.period = old.period;
	FOREACH rest IN ARRAY ARRAY[daterange(lower(old.period), greatest(lower(days), lower(old.period))),
								daterange(least(upper(days), upper(old.period)), upper(old.period))]
	LOOP
		IF NOT isempty(rest) THEN
			INSERT INTO kpi.target (indicator, unit, period, target, baseline, stretch, basis, note)
			VALUES (old.indicator, old.unit, rest,
					kpi_internal.share_by_days(old.target, old.period, rest, rollup),
					kpi_internal.share_by_days(old.baseline, old.period, rest, rollup),
					kpi_internal.share_by_days(old.stretch, old.period, rest, rollup), old.basis, old.note);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.split_target(kpi.target, daterange) IS
'Takes days out of an existing target: what is left before and after them keeps its part by days (time_rollup sum) or the same target.';

CREATE FUNCTION kpi_internal.read_days(period text)
	RETURNS daterange
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days daterange;
	why text;
BEGIN
	PERFORM kpi_internal.require_value('period', period);
	IF period !~ E'^\\s*([[(]|empty)' THEN
		RETURN (SELECT p.days FROM kpi_internal.read_period(period) AS p);
	END IF;
	BEGIN
		days := CAST(period AS daterange);
		why := CASE
			WHEN isempty(days) THEN 'It is empty.'
			WHEN lower_inf(days) OR NOT isfinite(lower(days)) THEN 'It has no first day.'
			WHEN upper_inf(days) OR NOT isfinite(upper(days)) THEN 'It has no last day.' END;
	EXCEPTION
		WHEN data_exception THEN
			why := format('It is no date range: %s.', SQLERRM);
	END;
	IF why IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('period "%s" is not understood', period),
			'Write a label such as 2011, 2011-Q4 or 2011-11, or a range of days such as [2011-11-05,2011-12-01).',
			why);
	END IF;
	RETURN days;
END
$$;
COMMENT ON FUNCTION kpi_internal.read_days(text) IS
'The days of a period label or of a date range as text. NULL, an empty or an open range, and any other text are errors.';

CREATE FUNCTION kpi.set_target(indicator text, unit text, period text, target numeric, baseline numeric DEFAULT NULL,
							   stretch numeric DEFAULT NULL, basis text DEFAULT 'agreed', note text DEFAULT NULL,
							   replace boolean DEFAULT false)
	RETURNS daterange
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days CONSTANT daterange := kpi_internal.read_days(period);
	old kpi.target;
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	PERFORM kpi_internal.require_value('target', CAST(target AS text));
	PERFORM kpi_internal.require_number('target', target);
	PERFORM kpi_internal.require_number('baseline', baseline);
	PERFORM kpi_internal.require_number('stretch', stretch);
	PERFORM kpi_internal.require_value('basis', basis);
	PERFORM kpi_internal.require_word('basis', basis, 'history', 'industry', 'capability', 'agreed');

	-- the statements after it see what another session has set
	PERFORM kpi_internal.lock_key('kpi.target', indicator || '/' || unit);
	FOR old IN
		SELECT * FROM kpi.target AS t
		WHERE t.indicator = set_target.indicator AND t.unit = set_target.unit AND t.period && days AND t.period <> days
		ORDER BY t.period
	LOOP
		IF replace IS NOT TRUE THEN
			PERFORM kpi_internal.fail('23P01',
				format('target of indicator "%s" for unit "%s" overlaps an existing one', indicator, unit),
				'End the existing target first, or pass replace => true to split it.',
				format('%s overlaps %s with target %s.', days, old.period, old.target));
		END IF;
		PERFORM kpi_internal.split_target(old, days);
	END LOOP;

	INSERT INTO kpi.target AS t (indicator, unit, period, target, baseline, stretch, basis, note)
	VALUES (set_target.indicator, set_target.unit, days, set_target.target, set_target.baseline, set_target.stretch,
			set_target.basis, set_target.note)
	ON CONFLICT ON CONSTRAINT target_pkey DO UPDATE
	SET target = excluded.target, baseline = excluded.baseline, stretch = excluded.stretch,
		basis = excluded.basis, note = excluded.note
	WHERE (t.target, t.baseline, t.stretch, t.basis, t.note)
		IS DISTINCT FROM (excluded.target, excluded.baseline, excluded.stretch, excluded.basis, excluded.note);
	RETURN days;
END
$$;
COMMENT ON FUNCTION kpi.set_target(text, text, text, numeric, numeric, numeric, text, text, boolean) IS
'Sets what an indicator is to reach for a unit over a period (a label or a date range as text) and returns the days. The same period again changes its row. Overlapping another period is an error, unless replace splits the existing targets around the new one: a target of time_rollup sum by days, adding up exactly. basis: history, industry, capability, agreed. Unknown names, NaN and infinity are errors.';
