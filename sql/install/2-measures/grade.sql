-- Grades: bands over a value, and grades shared out by rank.

--@ for num
--@ | numeric
--@ | float8
CREATE FUNCTION kpi.grade(value @num@, lower_bounds anycompatiblearray, codes text[]) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_grade_by_bands_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.grade(@num@, anycompatiblearray, text[]) IS
'Code of the last band whose lower bound the value reaches; the last band has no end. '
'lower_bounds: rising, the first may be NULL for none; codes: as many. NULL for NULL, NaN, infinity or a value below '
'the first bound; lists out of order, of other lengths or with NULLs are errors.';
--@ end

CREATE FUNCTION kpi.forced_distribution(n float8, shares anycompatiblearray) RETURNS integer[]
	AS 'MODULE_PATHNAME', 'kpi_forced_distribution' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION kpi.grade("position" float8, n float8, shares anycompatiblearray, codes text[]) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_grade_by_rank' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- not STRICT: NULL total means 1 or 100
CREATE FUNCTION kpi.check_weights(weights anycompatiblearray, total float8 DEFAULT NULL, strict boolean DEFAULT false)
	RETURNS TABLE (weight_sum numeric, expected numeric, gap numeric, ok boolean)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	weight CONSTANT numeric[] := weights::numeric[];
	bad CONSTANT numeric := (SELECT w FROM unnest(weight) AS w WHERE NOT (w >= 0 AND w < 'Infinity') LIMIT 1);
BEGIN
	IF bad IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('weight %s is not a finite number of at least 0', bad),
			'Weights may be on any scale; a NULL weight shows a row without counting it.');
	END IF;
	IF NOT (total > 0 AND total < 'Infinity') THEN
		PERFORM kpi_internal.fail('22023',
			format('total %s is not a finite number above 0', total),
			'Give what the weights should sum to; NULL means 1 or 100, whichever is nearer.');
	END IF;
	IF weight IS NOT NULL THEN
		weight_sum := (SELECT coalesce(sum(w), 0) FROM unnest(weight) AS w);
		expected := coalesce(total::numeric, CASE WHEN abs(weight_sum - 1) <= abs(weight_sum - 100) THEN 1 ELSE 100 END);
		gap := weight_sum - expected;
		ok := abs(gap) <= 1e-9;
	END IF;
	IF strict AND NOT ok THEN
		PERFORM kpi_internal.fail('22023',
			format('weights sum to %s, not to %s', weight_sum, expected),
			format('%s %s to make the sum %s.', CASE WHEN gap < 0 THEN 'Add' ELSE 'Take off' END, abs(gap), expected));
	END IF;
	RETURN NEXT;
END
$$;

COMMENT ON FUNCTION kpi.forced_distribution(float8, anycompatiblearray) IS
'How many of n people each grade gets by its share, by largest remainders; adds up to n. '
'The earlier grade comes first where remainders are equal. shares: 0 to 1 each, 1 together within 1e-9. NULL for '
'NULL; a negative n and other shares are errors.';
COMMENT ON FUNCTION kpi.grade(float8, float8, anycompatiblearray, text[]) IS
'Grade of a position among n people by forced distribution. '
'Position 1 is the best and gets the first grade that has a place. NULL for NULL; a position outside 1 to n, lists '
'of other lengths and wrong shares are errors.';
COMMENT ON FUNCTION kpi.check_weights(anycompatiblearray, float8, boolean) IS
'Whether weights sum to total, within 1e-9: the sum, what was expected, the gap and the answer. '
'A NULL total is the nearer of 1 and 100. NULL weights are not counted; NULL for no array. Errors: a negative, NaN '
'or infinite weight, a total that is not above 0 and, if strict, a sum that is not as expected.';
