-- Scorecards: named trees of weighted indicators.

CREATE TABLE kpi.scorecard (
	scorecard kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	grain text NOT NULL DEFAULT 'month'
		CHECK (grain OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year'])),
	method text NOT NULL DEFAULT 'weighted'
		CHECK (method OPERATOR(pg_catalog.=) ANY (ARRAY['weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric', 'points'])),
	missing text NOT NULL DEFAULT 'renormalize'
		CHECK (missing OPERATOR(pg_catalog.=) ANY (ARRAY['renormalize', 'zero', 'null', 'carry', 'target'])),
	min_coverage numeric CHECK (min_coverage OPERATOR(pg_catalog.>=) 0 AND min_coverage OPERATOR(pg_catalog.<=) 1),
	band_set kpi.key NOT NULL DEFAULT 'standard' REFERENCES kpi.band_set ON UPDATE CASCADE
);

COMMENT ON TABLE kpi.scorecard IS
'A named tree of weighted indicators.';
COMMENT ON COLUMN kpi.scorecard.scorecard IS 'Key; also the key of the root node.';
COMMENT ON COLUMN kpi.scorecard.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.scorecard.grain IS 'Shortest period it is evaluated for.';
COMMENT ON COLUMN kpi.scorecard.method IS 'How the root, and groups without a rule of their own, get their score: weighted, average, worst, best, sum, majority, priority, geometric or points.';
COMMENT ON COLUMN kpi.scorecard.missing IS 'What a missing score does: renormalize, zero, null, carry or target. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.min_coverage IS 'Share of the weight that must have a score, 0 to 1; NULL for any. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.band_set IS 'Band set that gives the status.';

CREATE FUNCTION kpi_internal.guard_scorecard()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_bottom(NEW.band_set);
	PERFORM kpi_internal.check_places(array_agg(NEW.scorecard), array_agg(n.node))
	FROM kpi.scorecard_node AS n
	WHERE n.scorecard = NEW.scorecard AND (n.parent IS NULL OR n.method IS NULL);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_scorecard() IS
'Trigger: the band set of a scorecard has a bottom band, and its method goes with the roles of its nodes.';

CREATE TRIGGER guard_scorecard
	AFTER INSERT OR UPDATE OF band_set, method ON kpi.scorecard
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_scorecard();
COMMENT ON TRIGGER guard_scorecard ON kpi.scorecard IS
'Every score has a band, and the method goes with the roles of the nodes.';

SELECT pg_catalog.pg_extension_config_dump('kpi.scorecard', '');

CREATE FUNCTION kpi_internal.require_scorecard(scorecard text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value('scorecard', scorecard);
	IF NOT EXISTS (SELECT FROM kpi.scorecard AS s WHERE s.scorecard = require_scorecard.scorecard) THEN
		PERFORM kpi_internal.fail_unknown('scorecard', scorecard,
								 (SELECT array_agg(CAST(s.scorecard AS text) ORDER BY s.scorecard COLLATE "C") FROM kpi.scorecard AS s),
								 'scorecards', 'No scorecard is defined yet; use kpi.define_scorecard().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_scorecard(text) IS
'Raises an error unless the scorecard exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi_internal.check_rollup(method text, missing text, min_coverage numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_word('method', method, 'weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric',
							 'points', 'self');
	PERFORM kpi_internal.require_word('missing', missing, 'renormalize', 'zero', 'null', 'carry', 'target');
	PERFORM kpi_internal.require_coverage(min_coverage);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_rollup(text, text, numeric) IS
'Raises an error for a wrong rule by which a group gets its score; NULLs pass.';

CREATE FUNCTION kpi.define_scorecard(scorecard text, name text DEFAULT NULL, grain text DEFAULT NULL,
									 method text DEFAULT NULL, missing text DEFAULT NULL,
									 min_coverage numeric DEFAULT NULL, band_set text DEFAULT NULL, reset text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.scorecard;
	wanted kpi.scorecard;
BEGIN
	PERFORM kpi_internal.require_key('scorecard', scorecard);
	PERFORM kpi_internal.require_word('reset', r, 'name', 'grain', 'method', 'missing', 'min_coverage', 'band_set') FROM unnest(reset) AS r;
	-- what is left out is kept as the last editor left it
	PERFORM kpi_internal.lock_tree('kpi.scorecard_node');
	SELECT * INTO old FROM kpi.scorecard AS s WHERE s.scorecard = define_scorecard.scorecard;
	wanted := jsonb_populate_record(old, (SELECT coalesce(jsonb_object_agg(r, NULL), '{}') FROM unnest(reset) AS r));
	wanted.scorecard := scorecard;
	wanted.name := coalesce(define_scorecard.name, wanted.name, kpi_internal.default_name(scorecard));
	wanted.grain := coalesce(grain, wanted.grain, 'month');
	wanted.method := coalesce(method, wanted.method, 'weighted');
	wanted.missing := coalesce(missing, wanted.missing, 'renormalize');
	wanted.min_coverage := coalesce(min_coverage, wanted.min_coverage);
	wanted.band_set := coalesce(band_set, wanted.band_set, 'standard');
	PERFORM kpi_internal.require_word('grain', wanted.grain, 'month', 'quarter', 'year');
	PERFORM kpi_internal.require_word('method', wanted.method, 'weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric',
							 'points');
	PERFORM kpi_internal.check_rollup(wanted.method, wanted.missing, wanted.min_coverage);
	PERFORM kpi_internal.require_band_set(wanted.band_set);
	PERFORM kpi_internal.require_text('name', wanted.name);
	IF old.scorecard IS NULL THEN
		INSERT INTO kpi.scorecard VALUES (wanted.*);
	ELSIF wanted *<> old THEN
		UPDATE kpi.scorecard AS s
		SET (name, grain, method, missing, min_coverage, band_set) =
			ROW (wanted.name, wanted.grain, wanted.method, wanted.missing, wanted.min_coverage, wanted.band_set)
		WHERE s.scorecard = old.scorecard;
	END IF;
	RETURN scorecard;
END
$$;
COMMENT ON FUNCTION kpi.define_scorecard(text, text, text, text, text, numeric, text, text[]) IS
'Adds or changes a scorecard and returns its key. What is left out is kept; reset names arguments that go back to their defaults: name made of the key, grain month, method weighted, missing renormalize, min_coverage NULL for any, band_set standard. grain: month, quarter, year. method: weighted, average, worst, best, sum, majority, priority, geometric, points. missing: renormalize, zero, null, carry, target. min_coverage: share of the weight, 0 to 1. band_set: key of a band set. Wrong words and unknown band sets are errors.';
