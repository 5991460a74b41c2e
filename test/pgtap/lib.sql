-- What the tests share: \ir lib.sql after BEGIN.

-- Whether all the cases are tried that a test draws by chance, as make test-all does; else it
-- tries a part of them, drawn by the seed where it depends on one.
\set effort ''
\getenv effort EFFORT
\set seed 1
\getenv seed KPI_SEED
SELECT CASE :'effort' WHEN '' THEN 'false' ELSE 'true' END AS all_cases \gset

-- Whether x is y but for a share of y, or of bottom where y is smaller; NULL, NaN
-- and infinity are near to nothing else.
CREATE FUNCTION near(x numeric, y numeric, tolerance numeric, bottom numeric DEFAULT 0) RETURNS boolean
	LANGUAGE sql IMMUTABLE
	RETURN coalesce(x = y OR y > '-Infinity' AND y < 'Infinity' AND abs(x - y) <= tolerance * greatest(abs(y), bottom),
		false);
CREATE FUNCTION near(x float8, y float8, tolerance float8, bottom float8 DEFAULT 0) RETURNS boolean
	LANGUAGE sql IMMUTABLE
	RETURN coalesce(x = y OR y > '-Infinity' AND y < 'Infinity' AND abs(x - y) <= tolerance * greatest(abs(y), bottom),
		false);
CREATE FUNCTION near(x float8[], y float8[], tolerance float8) RETURNS boolean LANGUAGE sql IMMUTABLE
	RETURN cardinality(x) = cardinality(y) AND (SELECT bool_and(near(a, b, tolerance)) FROM unnest(x, y) AS u (a, b));

-- The same, and NULL is near to NULL.
CREATE FUNCTION alike(x numeric, y numeric, tolerance numeric, bottom numeric DEFAULT 0) RETURNS boolean
	LANGUAGE sql IMMUTABLE RETURN x IS NULL AND y IS NULL OR near(x, y, tolerance, bottom);
CREATE FUNCTION alike(x float8, y float8, tolerance float8, bottom float8 DEFAULT 0) RETURNS boolean
	LANGUAGE sql IMMUTABLE RETURN x IS NULL AND y IS NULL OR near(x, y, tolerance, bottom);

-- A number between 0 and 1, evenly spread over n, the same on every machine.
CREATE FUNCTION uniform(n bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN ((hashint8extended(n, k) & ((1::bigint << 53) - 1)) + 0.5) / (1::bigint << 53)::float8;

-- What a user is told who runs a query: SQLSTATE, message, detail and hint.
CREATE FUNCTION told(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE query;
	RETURN 'no error';
EXCEPTION WHEN others THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
END
$$;

CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	lines text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
		lines := lines || line || E'\n';
	END LOOP;
	RETURN lines;
END $$;

-- In place of the tests of a file of real data that is not there, see data.sql.
CREATE FUNCTION skip_without(file text, tests integer) RETURNS text LANGUAGE sql
	RETURN skip(format('without %s, see "Real data" in test/README.md', file), tests);
