-- Measurements: the actuals.

CREATE TABLE kpi.measurement (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE ON DELETE CASCADE,
	grain text NOT NULL
		CHECK (grain OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year'])),
	period_start date NOT NULL,
	numerator numeric,
	denominator numeric,
	value numeric,
	row_count bigint CHECK (row_count OPERATOR(pg_catalog.>=) 0),
	provisional boolean NOT NULL DEFAULT false,
	note text,
	collected_at timestamptz,
	PRIMARY KEY (indicator, unit, grain, period_start),
	CONSTRAINT measurement_period_start CHECK (pg_catalog.isfinite(period_start) AND
		period_start OPERATOR(pg_catalog.=) CAST(pg_catalog.date_trunc(grain, CAST(period_start AS timestamp)) AS date))
);
CREATE INDEX measurement_unit_idx ON kpi.measurement (unit);
CREATE INDEX measurement_period_idx ON kpi.measurement (grain, period_start);

COMMENT ON TABLE kpi.measurement IS
'An actual: the value of an indicator for a unit in a period. No row means not measured.';
COMMENT ON COLUMN kpi.measurement.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.measurement.unit IS 'The unit.';
COMMENT ON COLUMN kpi.measurement.grain IS 'Length of the period: month, quarter or year.';
COMMENT ON COLUMN kpi.measurement.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.measurement.numerator IS 'Value of the numerator.';
COMMENT ON COLUMN kpi.measurement.denominator IS 'Value of the denominator; NULL where there is none.';
COMMENT ON COLUMN kpi.measurement.value IS 'The actual; NULL where it is undefined.';
COMMENT ON COLUMN kpi.measurement.row_count IS 'Rows of the source that counted.';
COMMENT ON COLUMN kpi.measurement.provisional IS 'The period was not over when it was collected.';
COMMENT ON COLUMN kpi.measurement.note IS 'invalid where the source gave NaN or infinity, or anything worth remembering.';
COMMENT ON COLUMN kpi.measurement.collected_at IS 'When it was collected or last changed by collecting; NULL for a row entered by hand, which collecting never overwrites.';
COMMENT ON CONSTRAINT measurement_period_start ON kpi.measurement IS 'The day is the first one of its month, quarter or year.';

SELECT pg_catalog.pg_extension_config_dump('kpi.measurement', '');
