-- Bands: from a score to a status or a grade.

CREATE TABLE kpi.band_set (
	band_set kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	shipped boolean NOT NULL DEFAULT false
);

CREATE TABLE kpi.band (
	band_set kpi.key NOT NULL REFERENCES kpi.band_set ON UPDATE CASCADE ON DELETE CASCADE,
	code kpi.key NOT NULL,
	lower_bound numeric CHECK (lower_bound OPERATOR(pg_catalog.>) '-Infinity' AND lower_bound OPERATOR(pg_catalog.<) 'Infinity'),
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	status integer NOT NULL CHECK (status OPERATOR(pg_catalog.>=) -1 AND status OPERATOR(pg_catalog.<=) 1),
	colour text NOT NULL CHECK (colour OPERATOR(pg_catalog.<>) ''),
	coefficient numeric CHECK (coefficient OPERATOR(pg_catalog.>=) 0 AND coefficient OPERATOR(pg_catalog.<) 'Infinity'),
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (band_set, code),
	CONSTRAINT band_lower_bound UNIQUE NULLS NOT DISTINCT (band_set, lower_bound)
);

COMMENT ON TABLE kpi.band_set IS
'A named, ordered set of bands that scores fall in.';
COMMENT ON COLUMN kpi.band_set.band_set IS 'Key.';
COMMENT ON COLUMN kpi.band_set.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.band_set.shipped IS 'Row of the extension itself: not edited, not dumped.';
COMMENT ON TABLE kpi.band IS
'One band of a set. A score falls in the band with the highest lower bound that it reaches.';
COMMENT ON COLUMN kpi.band.band_set IS 'The band set.';
COMMENT ON COLUMN kpi.band.code IS 'Key within the set, such as red.';
COMMENT ON COLUMN kpi.band.lower_bound IS
'Lowest score of the band, in points; NULL for the bottom one, which every set has.';
COMMENT ON COLUMN kpi.band.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.band.status IS '-1 bad, 0 in between, 1 good.';
COMMENT ON COLUMN kpi.band.colour IS 'Colour as CSS writes it.';
COMMENT ON COLUMN kpi.band.coefficient IS 'Factor for pay; NULL where none is agreed.';
COMMENT ON COLUMN kpi.band.shipped IS 'Row of the extension itself: not edited, not dumped.';
--@ rule | band | lower_bound | No two bands of a set begin at the same score.
--@ | band | lower_bound_check | It is a finite number. Leave it out for the bottom band, which has no lower bound.
--@ | band | status_check | It is 1 for good, 0 for in between, or -1 for bad. Write one of these.
--@ | band | colour_check | It is what clients paint. Write a name or a code, such as green or #2e7d32.
--@ | band | coefficient_check | It is a finite number of at least 0. Leave it out where the grade says nothing of pay.
--@ named | band_set
--@ | band
--@ checked | band_set
--@ | band
--@ referenced | band_set

INSERT INTO kpi.band_set (band_set, name, shipped) VALUES ('standard', 'Red, amber, green', true);

INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour, shipped) VALUES
	('standard', 'red', NULL, 'Red', -1, '#c0392b', true),
	('standard', 'amber', 70, 'Amber', 0, '#d68910', true),
	('standard', 'green', 90, 'Green', 1, '#1e8449', true);

--@ shipped | band_set

--@ shipped | band

CREATE FUNCTION kpi_internal.guard_scale()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM kpi.band_set AS b WHERE b.band_set = NEW.band_set AND b.shipped) THEN
		PERFORM kpi_internal.fail('23001',
			format('band set "%s" belongs to the extension', NEW.band_set),
			'Add a band set of your own and name it in kpi.define_scorecard().');
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_scale() IS
'Trigger: a shipped band set keeps the bands it came with.';

CREATE TRIGGER guard_scale
	BEFORE INSERT OR UPDATE ON kpi.band
	FOR EACH ROW WHEN (NOT NEW.shipped) EXECUTE FUNCTION kpi_internal.guard_scale();
COMMENT ON TRIGGER guard_scale ON kpi.band IS
'A shipped band set keeps the bands it came with.';

CREATE FUNCTION kpi_internal.require_bottom(band_set text)
	RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM kpi.band AS b WHERE b.band_set = require_bottom.band_set AND b.lower_bound IS NULL) THEN
		PERFORM kpi_internal.fail('23514',
			format('band set "%s" has no bottom band', band_set),
			'Give its lowest band a lower_bound of NULL, so that every score is in a band.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_bottom(text) IS
'Raises an error unless the lowest band of a set is open below.';

CREATE FUNCTION kpi_internal.guard_bottom()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_bottom(s.band_set)
	FROM kpi.band_set AS s
	WHERE s.band_set IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.band_set END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.band_set END)
		AND (EXISTS (SELECT FROM kpi.band AS b WHERE b.band_set = s.band_set)
			 OR EXISTS (SELECT FROM kpi.scorecard AS c WHERE c.band_set = s.band_set));
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_bottom() IS
'Trigger: a band set has a bottom band when the transaction ends. '
'One without bands that no scorecard uses may have none.';

CREATE CONSTRAINT TRIGGER guard_bottom
	AFTER INSERT OR UPDATE OF band_set, lower_bound OR DELETE ON kpi.band
	DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_bottom();
COMMENT ON TRIGGER guard_bottom ON kpi.band IS
'Every score is in a band, at the latest when the transaction ends.';

SELECT pg_catalog.pg_extension_config_dump('kpi.band_set', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('kpi.band', 'WHERE NOT shipped');

--@ known | band_set | band set | add it to kpi.band_set and kpi.band
