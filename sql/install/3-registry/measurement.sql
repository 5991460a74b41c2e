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
	PRIMARY KEY (indicator, unit, grain, period_start)
);
CREATE INDEX measurement_unit_idx ON kpi.measurement (unit);
CREATE INDEX measurement_period_idx ON kpi.measurement (grain, period_start);

COMMENT ON TABLE kpi.measurement IS
'An actual: the value of an indicator for a unit in a period. No row means not measured.';
COMMENT ON COLUMN kpi.measurement.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.measurement.unit IS 'The unit.';
COMMENT ON COLUMN kpi.measurement.grain IS 'Length of the period: a key of kpi.grain.';
COMMENT ON COLUMN kpi.measurement.period_start IS 'First day of the period; of a window that of the period it ends with.';
COMMENT ON COLUMN kpi.measurement.numerator IS 'Value of the numerator.';
COMMENT ON COLUMN kpi.measurement.denominator IS 'Value of the denominator; NULL where there is none.';
COMMENT ON COLUMN kpi.measurement.value IS 'The actual; NULL where it is undefined.';
COMMENT ON COLUMN kpi.measurement.row_count IS 'Rows of the source that counted.';
COMMENT ON COLUMN kpi.measurement.provisional IS 'The period was not over when it was collected.';
COMMENT ON COLUMN kpi.measurement.note IS 'invalid where the source gave NaN or infinity, or anything worth remembering.';
COMMENT ON COLUMN kpi.measurement.collected_at IS 'When it was collected or last changed by collecting; NULL for a row entered by hand, which collecting never overwrites.';

CREATE TRIGGER guard_period
	BEFORE INSERT OR UPDATE OF grain, period_start ON kpi.measurement
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_period();
COMMENT ON TRIGGER guard_period ON kpi.measurement IS
'The grain exists, and the day is the first one of a period of it.';

SELECT pg_catalog.pg_extension_config_dump('kpi.measurement', '');
