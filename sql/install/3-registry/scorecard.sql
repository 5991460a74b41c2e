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
COMMENT ON COLUMN kpi.scorecard.grain IS 'Shortest period it is evaluated for: month, quarter or year.';
COMMENT ON COLUMN kpi.scorecard.method IS 'How the root, and groups without a rule of their own, get their score: weighted, average, worst, best, sum, majority, priority, geometric or points.';
COMMENT ON COLUMN kpi.scorecard.missing IS 'What a missing score does: renormalize, zero, null, carry or target. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.min_coverage IS 'Share of the weight that must have a score, 0 to 1; NULL for any. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.band_set IS 'Band set that gives the status.';

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

CREATE FUNCTION kpi.define_scorecard(scorecard text, name text DEFAULT NULL, grain text DEFAULT 'month',
									 method text DEFAULT 'weighted', missing text DEFAULT 'renormalize',
									 min_coverage numeric DEFAULT NULL, band_set text DEFAULT 'standard')
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_key('scorecard', scorecard);
	grain := coalesce(grain, 'month');
	method := coalesce(method, 'weighted');
	missing := coalesce(missing, 'renormalize');
	band_set := coalesce(band_set, 'standard');
	PERFORM kpi_internal.require_word('grain', grain, 'month', 'quarter', 'year');
	PERFORM kpi_internal.require_word('method', method, 'weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric',
							 'points');
	PERFORM kpi_internal.check_rollup(method, missing, min_coverage);
	PERFORM kpi_internal.require_band_set(band_set);
	PERFORM kpi_internal.lock_tree('kpi.scorecard_node');
	INSERT INTO kpi.scorecard AS s (scorecard, name, grain, method, missing, min_coverage, band_set)
	VALUES (define_scorecard.scorecard,
			coalesce(define_scorecard.name, kpi_internal.default_name(define_scorecard.scorecard)),
			define_scorecard.grain, define_scorecard.method, define_scorecard.missing,
			define_scorecard.min_coverage, define_scorecard.band_set)
	ON CONFLICT ON CONSTRAINT scorecard_pkey DO UPDATE
	SET name = excluded.name, grain = excluded.grain, method = excluded.method, missing = excluded.missing,
		min_coverage = excluded.min_coverage, band_set = excluded.band_set
	WHERE (s.name, s.grain, s.method, s.missing, s.min_coverage, s.band_set)
		IS DISTINCT FROM (excluded.name, excluded.grain, excluded.method, excluded.missing, excluded.min_coverage, excluded.band_set);
	PERFORM kpi_internal.check_roles(scorecard);
	RETURN scorecard;
END
$$;
COMMENT ON FUNCTION kpi.define_scorecard(text, text, text, text, text, numeric, text) IS
'Adds or changes a scorecard and returns its key. grain: month, quarter, year. method: weighted, average, worst, best, sum, majority, priority, geometric, points. missing: renormalize, zero, null, carry, target. min_coverage: share of the weight, 0 to 1, NULL for any. bands: key of a scale. What is left out takes its default; wrong words and unknown bands are errors.';
