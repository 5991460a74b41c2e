-- Measurements: the actuals.

CREATE TABLE kpi.measurement (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE ON DELETE CASCADE,
	grain kpi.key NOT NULL,
	period_start date NOT NULL,
	numerator numeric,
	denominator numeric,
	value numeric,
	row_count bigint CHECK (row_count OPERATOR(pg_catalog.>=) 0),
	provisional boolean NOT NULL DEFAULT false,
	note text,
	collected_at timestamptz,
	parts integer CHECK (parts OPERATOR(pg_catalog.>=) 0),
	parts_expected integer CHECK (parts_expected OPERATOR(pg_catalog.>=) parts),
	origin kpi_internal.origin NOT NULL DEFAULT 'entered',
	PRIMARY KEY (indicator, unit, grain, period_start)
);
CREATE INDEX measurement_unit_idx ON kpi.measurement (unit);
CREATE INDEX measurement_period_idx ON kpi.measurement (grain, period_start);
CREATE INDEX measurement_provisional_idx ON kpi.measurement (indicator) WHERE provisional;

COMMENT ON TABLE kpi.measurement IS
'An actual: the value of an indicator for a unit in a period. No row means not measured.';
COMMENT ON COLUMN kpi.measurement.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.measurement.unit IS 'The unit.';
COMMENT ON COLUMN kpi.measurement.grain IS 'Length of the period: a key of kpi.grain.';
COMMENT ON COLUMN kpi.measurement.period_start IS
'First day of the period; of a window that of the period it ends with.';
COMMENT ON COLUMN kpi.measurement.numerator IS 'Value of the numerator.';
COMMENT ON COLUMN kpi.measurement.denominator IS 'Value of the denominator; NULL where there is none.';
COMMENT ON COLUMN kpi.measurement.value IS 'The actual; NULL where it is undefined.';
COMMENT ON COLUMN kpi.measurement.row_count IS 'Rows of the source that counted.';
COMMENT ON COLUMN kpi.measurement.provisional IS 'The period was not over when it was collected.';
COMMENT ON COLUMN kpi.measurement.note IS
'invalid where the source gave NaN or infinity, or anything worth remembering.';
COMMENT ON COLUMN kpi.measurement.collected_at IS
'When it was collected or last changed by collecting. '
'NULL for a row entered by hand, which collecting never overwrites.';
COMMENT ON COLUMN kpi.measurement.parts IS
'How many parts of a combined value had one: units below, or periods; NULL where it is not combined.';
COMMENT ON COLUMN kpi.measurement.parts_expected IS
'How many parts it would have with all of them; NULL where it is not combined.';
COMMENT ON COLUMN kpi.measurement.origin IS
'Where the value is from. That is rows of the source, combined of others, a formula, entered, rated, inherited from '
'a unit above, or empty: no rows where that means 0.';

--@ period_key | kpi.measurement

--@ rule | measurement | row_count_check | It is how many rows of the source counted, at least 0. Leave it out where there are none.
--@ | measurement | parts_check | It is how many parts of the value had one, at least 0. Leave it out where it has no parts.
--@ | measurement | check | There are no more parts than expected. Write how many parts the value would have with all of them.
CREATE TRIGGER refuse_in_words
	BEFORE INSERT OR UPDATE OF row_count, parts, parts_expected ON kpi.measurement
	FOR EACH ROW
	WHEN (NEW.row_count OPERATOR(pg_catalog.<) 0 OR NEW.parts OPERATOR(pg_catalog.<) 0 OR NEW.parts_expected OPERATOR(pg_catalog.<) NEW.parts)
	EXECUTE FUNCTION kpi_internal.guard_checks();
COMMENT ON TRIGGER refuse_in_words ON kpi.measurement IS
'What a CHECK refuses is said in words; asked for such rows alone, as many are written.';

SELECT pg_catalog.pg_extension_config_dump('kpi.measurement', '');

-- What the rows of a unit give where other values are added to it

CREATE TABLE kpi_internal.own_value (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE ON DELETE CASCADE,
	grain kpi.key NOT NULL,
	period_start date NOT NULL,
	numerator numeric,
	denominator numeric,
	value numeric,
	row_count bigint CHECK (row_count OPERATOR(pg_catalog.>=) 0),
	provisional boolean NOT NULL DEFAULT false,
	note text,
	collected_at timestamptz NOT NULL,
	corrected boolean NOT NULL DEFAULT false,
	PRIMARY KEY (indicator, unit, grain, period_start)
);
CREATE INDEX own_value_unit_idx ON kpi_internal.own_value (unit);
CREATE INDEX own_value_provisional_idx ON kpi_internal.own_value (indicator) WHERE provisional;

COMMENT ON TABLE kpi_internal.own_value IS
'What was measured for a unit and is not its value. '
'Rows of indicators that combine over time or units by another rule than rows, and what an entry stands before.';
COMMENT ON COLUMN kpi_internal.own_value.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi_internal.own_value.unit IS
'The unit: with all below it where combine_units is rows, else alone.';
COMMENT ON COLUMN kpi_internal.own_value.grain IS 'Length of the period: the own grain, where combine is rows any.';
COMMENT ON COLUMN kpi_internal.own_value.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi_internal.own_value.numerator IS 'Value of the numerator.';
COMMENT ON COLUMN kpi_internal.own_value.denominator IS 'Value of the denominator; NULL where there is none.';
COMMENT ON COLUMN kpi_internal.own_value.value IS 'What the rows give; NULL where it is undefined.';
COMMENT ON COLUMN kpi_internal.own_value.row_count IS 'Rows of the source that counted.';
COMMENT ON COLUMN kpi_internal.own_value.provisional IS 'The period was not over when it was collected.';
COMMENT ON COLUMN kpi_internal.own_value.note IS 'invalid where the source gave NaN or infinity.';
COMMENT ON COLUMN kpi_internal.own_value.collected_at IS 'When it was collected or last changed by collecting.';
COMMENT ON COLUMN kpi_internal.own_value.corrected IS
'An entry stands before it. When that is withdrawn it is again the value, which comes from rows.';

--@ period_key | kpi_internal.own_value

SELECT pg_catalog.pg_extension_config_dump('kpi_internal.own_value', '');
