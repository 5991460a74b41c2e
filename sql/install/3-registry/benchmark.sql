-- Benchmarks: what a peer reaches, beside a target or in its place.

CREATE TABLE kpi.benchmark (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE,
	peer kpi.key NOT NULL,
	grain kpi.key REFERENCES kpi.grain,
	period daterange NOT NULL CONSTRAINT benchmark_period CHECK (NOT pg_catalog.isempty(period)),
	value numeric NOT NULL CONSTRAINT benchmark_value CHECK (kpi_internal.is_amount(value)),
	source text,
	set_by name NOT NULL DEFAULT CURRENT_USER,
	set_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	CONSTRAINT benchmark_key UNIQUE NULLS NOT DISTINCT (indicator, peer, grain, period),
	CONSTRAINT benchmark_overlap EXCLUDE USING gist
		-- one text, for which no query over the columns takes this slower index
		((indicator OPERATOR(pg_catalog.||) '/' OPERATOR(pg_catalog.||) peer OPERATOR(pg_catalog.||) '/' OPERATOR(pg_catalog.||) COALESCE(CAST(grain AS text), ''))
			WITH OPERATOR(pg_catalog.=), period WITH OPERATOR(pg_catalog.&&))
);
--@ repeated_days | benchmark | period
CREATE INDEX benchmark_grain_idx ON kpi.benchmark (grain);
COMMENT ON TABLE kpi.benchmark IS
'What a peer reaches: an industry, the best of a group, a competitor.';
COMMENT ON COLUMN kpi.benchmark.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.benchmark.peer IS 'Key of the peer, as kpi.indicator.target_peer names it.';
COMMENT ON COLUMN kpi.benchmark.grain IS
'The grain whose value it is: that of each of its periods in the days; NULL as for targets.';
COMMENT ON COLUMN kpi.benchmark.period IS 'The days it holds for, half-open.';
COMMENT ON COLUMN kpi.benchmark.value IS 'Value of the peer, in the unit of the indicator.';
COMMENT ON COLUMN kpi.benchmark.source IS 'Where it is published, in words.';
COMMENT ON COLUMN kpi.benchmark.set_by IS 'Who set it last.';
COMMENT ON COLUMN kpi.benchmark.set_at IS 'When it was set last.';
COMMENT ON CONSTRAINT benchmark_period ON kpi.benchmark IS 'It holds for some days. Write a range such as [2024-01-01,2025-01-01).';
COMMENT ON CONSTRAINT benchmark_value ON kpi.benchmark IS 'A number below 1e100, so that what is made of it is one. Measure the indicator in a larger unit.';
COMMENT ON CONSTRAINT benchmark_key ON kpi.benchmark IS 'One value for a peer, grain and period.';
COMMENT ON CONSTRAINT benchmark_overlap ON kpi.benchmark IS 'Periods of one indicator, peer and grain do not overlap.';

SELECT pg_catalog.pg_extension_config_dump('kpi.benchmark', '');

CREATE FUNCTION kpi_internal.guard_benchmark()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	definition kpi.indicator;
BEGIN
	SELECT * INTO definition FROM kpi.indicator AS i WHERE i.indicator = NEW.indicator;
	PERFORM kpi_internal.require_amount('value', NEW.value);
	IF definition.indicator IS NOT NULL THEN
		PERFORM kpi_internal.check_target_days(definition, NEW.grain, NEW.period);
	END IF;
	NEW.set_by := current_user;
	NEW.set_at := now();
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_benchmark() IS
'Trigger: a benchmark is a number for periods that its indicator can bring it to. It says who set it when.';

CREATE TRIGGER guard_benchmark
	BEFORE INSERT OR UPDATE ON kpi.benchmark
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_benchmark();
COMMENT ON TRIGGER guard_benchmark ON kpi.benchmark IS
'A benchmark is a number for periods that its indicator can bring it to. It says who set it when.';

--@ apart | benchmark | period | o.indicator = NEW.indicator AND o.peer = NEW.peer AND o.grain IS NOT DISTINCT FROM NEW.grain | format('benchmark of indicator "%s" for peer "%s" and %s overlaps an existing one', NEW.indicator, NEW.peer, NEW.period) | Change or delete the existing one in kpi.benchmark. | Benchmarks of one indicator, peer and grain do not overlap.
--@ checked | benchmark

CREATE FUNCTION kpi.set_benchmark(indicator text, peer text, period text, value numeric, source text DEFAULT NULL, grain text DEFAULT NULL)
	RETURNS daterange
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	asked record;
BEGIN
	SELECT * INTO asked FROM kpi_internal.read_target_period(period, grain);
	PERFORM kpi_internal.require_key('peer', peer);
	PERFORM kpi_internal.require_value('value', CAST(value AS text));
	PERFORM kpi_internal.require_indicator(indicator);
	INSERT INTO kpi.benchmark AS b (indicator, peer, grain, period, value, source)
	VALUES (set_benchmark.indicator, set_benchmark.peer, asked.grain, asked.days, set_benchmark.value, set_benchmark.source)
	ON CONFLICT ON CONSTRAINT benchmark_key DO UPDATE
	SET value = excluded.value, source = coalesce(excluded.source, b.source)
	WHERE (b.value, b.source) IS DISTINCT FROM (excluded.value, coalesce(excluded.source, b.source));
	RETURN asked.days;
END
$$;
COMMENT ON FUNCTION kpi.set_benchmark(text, text, text, numeric, text, text) IS
'Sets what a peer reaches in a period (a label or a date range as text) and returns the days. '
'The same period again changes its row, a source that is left out stays. grain as in kpi.set_target(). The peer that '
'an indicator names as target_peer gives its target where there is no other.';

-- a driver that tells no types sends a value as text
--@ for type | as_numeric
--@ | text | kpi_internal.number(value)
--@ | float8 | kpi_internal.shortest(value)

CREATE FUNCTION kpi.set_benchmark(indicator text, peer text, period text, value @type@, source text DEFAULT NULL, grain text DEFAULT NULL)
	RETURNS daterange
	LANGUAGE sql
	RETURN kpi.set_benchmark(indicator, peer, period, @as_numeric@, source, grain);
COMMENT ON FUNCTION kpi.set_benchmark(text, text, text, @type@, text, text) IS
'The same with a value of type @type@.';
--@ end
--@ for type
--@ | numeric
--@ | float8

CREATE FUNCTION kpi.set_benchmark(indicator text, peer text, day date, grain text, value @type@, source text DEFAULT NULL)
	RETURNS daterange
	LANGUAGE sql
	RETURN kpi.set_benchmark(indicator, peer, CAST(kpi_internal.days_of(day, grain) AS text), value, source, grain);
COMMENT ON FUNCTION kpi.set_benchmark(text, text, date, text, @type@, text) IS
'The same for the period of a grain that contains the day, with a value of type @type@.';
--@ end
