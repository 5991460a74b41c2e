-- Every base type's forms, mutated.

CREATE FUNCTION harness.fuzz(type regtype, "binary" boolean, forms bytea[], inputs bigint, seed bigint, file text,
							 OUT accepted bigint, OUT refused bigint, OUT faults text[])
	AS :'module', 'harness_fuzz' LANGUAGE C STRICT;

-- The base types of the schema; arrays and rows have the server's own functions.
CREATE VIEW harness.base_type AS
SELECT t.oid, t.oid::regtype AS type, t.typsend <> 0 AND t.typreceive <> 0 AS has_binary
FROM pg_type AS t WHERE t.typnamespace = 'kpi'::regnamespace AND t.typtype = 'b' AND t.typelem = 0;

CREATE FUNCTION harness.forms(which regtype, as_binary boolean) RETURNS bytea[] LANGUAGE plpgsql AS $$
DECLARE
	forms bytea[];
	send regproc;
BEGIN
	SELECT typsend INTO send FROM pg_type WHERE oid = which;
	EXECUTE format('SELECT array_agg(%s ORDER BY length(form), form) FROM (
		SELECT DISTINCT ON (round(ln(length(form)) * 6), hashtext(form) %% 12) form FROM harness.form WHERE type = %L::regtype AND length(form) < 12000) AS f',
		CASE WHEN as_binary THEN format('%s(form::%s)', send, which) ELSE 'convert_to(form, getdatabaseencoding())' END, which::text) INTO forms;
	RETURN forms;
END $$;

CREATE PROCEDURE harness.fuzz_type(which regtype, as_binary boolean, inputs bigint, file text) LANGUAGE plpgsql AS $$
DECLARE
	what text := format('%s %s', which, CASE WHEN as_binary THEN 'binary receive' ELSE 'text input' END);
	seed bigint := hashtext(what);
	f record;
	forms bytea[] := harness.forms(which, as_binary);
BEGIN
	IF forms IS NULL THEN
		INSERT INTO harness.verdict VALUES ('not ok', what, 'no aggregate makes it: give a valid form in known.sql');
		RETURN;
	END IF;
	SELECT * INTO f FROM harness.fuzz(which, as_binary, forms, inputs, seed, file);
	INSERT INTO harness.verdict SELECT 'not ok', what, format('seed %s, %s', seed, fault) FROM unnest(f.faults) AS fault;
	INSERT INTO harness.verdict SELECT 'ok', what WHERE f.faults = '{}';
	-- a generator that never meets what is accepted tests nothing, nor does one that is never refused
	INSERT INTO harness.verdict SELECT 'not ok', what, format('of %s inputs %s were accepted and %s refused', inputs, f.accepted, f.refused)
		WHERE f.faults = '{}' AND (f.accepted < inputs / 50 OR f.refused < inputs / 50);
	INSERT INTO harness.fed VALUES (what, f.accepted, f.refused);
END $$;
CREATE TABLE harness.fed (what text, accepted bigint, refused bigint);
