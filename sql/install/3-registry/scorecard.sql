-- Scorecards: named trees of weighted indicators.

CREATE TABLE kpi.scorecard (
	scorecard kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	dimension kpi.key NOT NULL DEFAULT 'organisation' REFERENCES kpi.dimension ON UPDATE CASCADE,
	grain kpi.key NOT NULL DEFAULT 'month' REFERENCES kpi.grain ON UPDATE CASCADE,
	method kpi_internal.method NOT NULL DEFAULT 'weighted' CHECK (CAST(method AS text) OPERATOR(pg_catalog.<>) 'self'),
	missing kpi_internal.missing NOT NULL DEFAULT 'renormalize',
	min_coverage numeric CHECK (min_coverage OPERATOR(pg_catalog.>=) 0 AND min_coverage OPERATOR(pg_catalog.<=) 1),
	band_set kpi.key NOT NULL DEFAULT 'standard' REFERENCES kpi.band_set ON UPDATE CASCADE,
	zero_below numeric CHECK (zero_below OPERATOR(pg_catalog.>) '-Infinity' AND zero_below OPERATOR(pg_catalog.<) 'Infinity'),
	floor numeric CHECK (floor OPERATOR(pg_catalog.>) '-Infinity' AND floor OPERATOR(pg_catalog.<) 'Infinity'),
	cap numeric CHECK (cap OPERATOR(pg_catalog.>) '-Infinity' AND cap OPERATOR(pg_catalog.<) 'Infinity'),
	weight_sum numeric CHECK (weight_sum OPERATOR(pg_catalog.>) 0 AND weight_sum OPERATOR(pg_catalog.<) 'Infinity'),
	weight_tolerance numeric NOT NULL DEFAULT 0
		CHECK (weight_tolerance OPERATOR(pg_catalog.>=) 0 AND weight_tolerance OPERATOR(pg_catalog.<) 'Infinity'),
	CONSTRAINT scorecard_limits CHECK (floor OPERATOR(pg_catalog.<=) cap)
);

COMMENT ON TABLE kpi.scorecard IS
'A named tree of weighted indicators.';
COMMENT ON COLUMN kpi.scorecard.scorecard IS 'Key; also the key of the root node.';
COMMENT ON COLUMN kpi.scorecard.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.scorecard.dimension IS 'The dimension whose units it is for.';
COMMENT ON COLUMN kpi.scorecard.grain IS 'Shortest period it is evaluated for; no window.';
COMMENT ON COLUMN kpi.scorecard.method IS
'How the root, and groups without a rule of their own, get their score. '
'One of weighted, average, worst, best, sum, majority, priority, geometric or points.';
COMMENT ON COLUMN kpi.scorecard.missing IS
'What a missing score does: renormalize, zero, null, carry or target. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.min_coverage IS
'Share of the weight that must have a score, 0 to 1; NULL for any. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.band_set IS 'Band set that gives the status.';
COMMENT ON COLUMN kpi.scorecard.zero_below IS
'Points below which an indicator counts 0, unless its node says otherwise; NULL for none.';
COMMENT ON COLUMN kpi.scorecard.floor IS
'Lowest score of an indicator in points, unless its node says otherwise; NULL for no limit.';
COMMENT ON COLUMN kpi.scorecard.cap IS
'Highest score of an indicator in points, unless its node says otherwise; NULL for no limit.';
COMMENT ON COLUMN kpi.scorecard.weight_sum IS 'What the weights of siblings are to sum to; NULL for 1 or 100.';
COMMENT ON COLUMN kpi.scorecard.weight_tolerance IS 'How far the sum of weights may be from that without being found.';
--@ rule | scorecard | limits | The floor is not above the cap. Write the lower of the two as floor.
--@ | scorecard | method_check | It makes one score of many, and self is of a node alone. Write another method.
--@ | scorecard | min_coverage_check | It is a share of the weight, from 0 to 1. Write 0.8 for 80 percent.
--@ | scorecard | weight_sum_check | It is what weights sum to, a finite number above 0. Write 1 or 100, or leave it out.
--@ | scorecard | weight_tolerance_check | It is a finite number of at least 0. Write 0 for none.
--@ finite | scorecard | zero_below
--@ | scorecard | floor
--@ | scorecard | cap
--@ named | scorecard
--@ checked | scorecard
--@ referenced | scorecard

CREATE FUNCTION kpi_internal.guard_scorecard()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
BEGIN
	PERFORM kpi_internal.require_own_grain(NEW.grain);
	PERFORM kpi_internal.require_bottom(NEW.band_set);
	PERFORM kpi_internal.check_places(array_agg(NEW.scorecard), array_agg(n.node))
	FROM kpi.scorecard_node AS n
	WHERE n.scorecard = NEW.scorecard;
	PERFORM kpi_internal.check_shown(ARRAY[CAST(NEW.scorecard AS text)]);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_scorecard() IS
'Trigger: the grain of a scorecard is no window, its band set has a bottom band. '
'Its method and limits go with those of its nodes, its grain and dimension with scorecards that show it.';

CREATE TRIGGER guard_scorecard
	AFTER INSERT OR UPDATE OF dimension, grain, band_set, method, floor, cap ON kpi.scorecard
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_scorecard();
COMMENT ON TRIGGER guard_scorecard ON kpi.scorecard IS
'Periods do not overlap, every score has a band, and what is said of all nodes goes with each.';

SELECT pg_catalog.pg_extension_config_dump('kpi.scorecard', '');

--@ known | scorecard | scorecard | use kpi.define_scorecard()

CREATE FUNCTION kpi_internal.check_rollup(method text, missing text, min_coverage numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_word('method', method, VARIADIC kpi_internal.word_list('method'));
	PERFORM kpi_internal.require_word('missing', missing, VARIADIC kpi_internal.word_list('missing'));
	PERFORM kpi_internal.require_coverage(min_coverage);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_rollup(text, text, numeric) IS
'Raises an error for a wrong rule by which a group gets its score; NULLs pass.';

CREATE FUNCTION kpi_internal.check_limits(zero_below numeric, floor numeric, cap numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_number('zero_below', zero_below);
	PERFORM kpi_internal.require_number('floor', floor);
	PERFORM kpi_internal.require_number('cap', cap);
	IF floor > cap THEN
		PERFORM kpi_internal.fail('22023',
			format('floor %s is above cap %s', floor, cap),
			'Scores are kept from floor to cap.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_limits(numeric, numeric, numeric) IS
'Raises an error for limits of a score that are not numbers. Also for a floor above the cap; NULLs pass.';

CREATE FUNCTION kpi.define_scorecard(scorecard text, name text DEFAULT NULL, grain text DEFAULT NULL,
									 method text DEFAULT NULL, missing text DEFAULT NULL,
									 min_coverage anycompatible DEFAULT CAST(NULL AS numeric),
									 band_set text DEFAULT NULL, dimension text DEFAULT NULL,
									 zero_below anycompatible DEFAULT CAST(NULL AS numeric),
									 floor anycompatible DEFAULT CAST(NULL AS numeric),
									 cap anycompatible DEFAULT CAST(NULL AS numeric),
									 weight_sum anycompatible DEFAULT CAST(NULL AS numeric),
									 weight_tolerance anycompatible DEFAULT CAST(NULL AS numeric),
									 reset text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	given CONSTANT jsonb := jsonb_strip_nulls(jsonb_build_object('name', name, 'dimension', dimension, 'grain', grain, 'method', method,
		'missing', missing, 'min_coverage', kpi_internal.number(min_coverage), 'band_set', band_set,
		'zero_below', kpi_internal.number(zero_below), 'floor', kpi_internal.number(floor), 'cap', kpi_internal.number(cap),
		'weight_sum', kpi_internal.number(weight_sum), 'weight_tolerance', kpi_internal.number(weight_tolerance)));
	old kpi.scorecard;
	wanted kpi.scorecard;
BEGIN
	PERFORM kpi_internal.require_key('scorecard', scorecard);
	PERFORM kpi_internal.require_word('reset', r, 'name', 'dimension', 'grain', 'method', 'missing', 'min_coverage', 'band_set',
		'zero_below', 'floor', 'cap', 'weight_sum', 'weight_tolerance') FROM unnest(reset) AS r;
	PERFORM kpi_internal.require_own_grain(grain) WHERE grain IS NOT NULL;
	PERFORM kpi_internal.require_dimension(dimension) WHERE dimension IS NOT NULL;
	PERFORM kpi_internal.require_band_set(band_set) WHERE band_set IS NOT NULL;
	PERFORM kpi_internal.require_word('method', method, VARIADIC array_remove(kpi_internal.word_list('method'), 'self'));
	PERFORM kpi_internal.check_rollup(method, missing, kpi_internal.number(min_coverage));
	PERFORM kpi_internal.require_text('name', name);
	-- what is left out is kept as the last editor left it
	PERFORM kpi_internal.lock_tree('kpi.scorecard_node');
	SELECT * INTO old FROM kpi.scorecard AS s WHERE s.scorecard = define_scorecard.scorecard;
	wanted := jsonb_populate_record(old, (SELECT coalesce(jsonb_object_agg(r, NULL), '{}') FROM unnest(reset) AS r) || given);
	wanted.scorecard := scorecard;
	wanted.name := coalesce(wanted.name, kpi_internal.default_name(scorecard));
	wanted.dimension := coalesce(wanted.dimension, 'organisation');
	wanted.grain := coalesce(wanted.grain, 'month');
	wanted.method := coalesce(wanted.method, 'weighted');
	wanted.missing := coalesce(wanted.missing, 'renormalize');
	wanted.band_set := coalesce(wanted.band_set, 'standard');
	wanted.weight_tolerance := coalesce(wanted.weight_tolerance, 0);
	PERFORM kpi_internal.require_number('weight_sum', wanted.weight_sum);
	PERFORM kpi_internal.require_number('weight_tolerance', wanted.weight_tolerance);
	IF wanted.weight_sum <= 0 OR wanted.weight_tolerance < 0 THEN
		PERFORM kpi_internal.fail('22023',
			format('weights cannot sum to %s with a tolerance of %s', coalesce(CAST(wanted.weight_sum AS text), 'NULL'), wanted.weight_tolerance),
			'Give a positive sum, such as 1 or 100, and a tolerance of at least 0.');
	END IF;
	PERFORM kpi_internal.check_limits(wanted.zero_below, wanted.floor, wanted.cap);
	IF old.scorecard IS NULL THEN
		INSERT INTO kpi.scorecard VALUES (wanted.*);
	ELSIF wanted *<> old THEN
		UPDATE kpi.scorecard AS s
		SET (name, dimension, grain, method, missing, min_coverage, band_set, zero_below, floor, cap, weight_sum, weight_tolerance) =
			ROW (wanted.name, wanted.dimension, wanted.grain, wanted.method, wanted.missing, wanted.min_coverage, wanted.band_set,
				 wanted.zero_below, wanted.floor, wanted.cap, wanted.weight_sum, wanted.weight_tolerance)
		WHERE s.scorecard = old.scorecard;
	END IF;
	RETURN scorecard;
END
$$;
COMMENT ON FUNCTION kpi.define_scorecard(text, text, text, text, text, anycompatible, text, text, anycompatible, anycompatible, anycompatible, anycompatible, anycompatible, text[]) IS
'Adds or changes a scorecard and returns its key. '
'What is left out is kept; reset names arguments that go back to their defaults. Name made of the key, dimension '
'organisation, grain month, method weighted, missing renormalize, band_set standard, no limits. method: weighted, '
'average, worst, best, sum, majority, priority, geometric, points. missing: renormalize, zero, null, carry, target. '
'min_coverage: share of the weight, 0 to 1. zero_below, floor, cap: of its indicators, unless their nodes say '
'otherwise. weight_sum, weight_tolerance: what weights of siblings are to sum to. Wrong words, unknown names and '
'limits that no score can keep are errors.';
