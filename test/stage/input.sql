-- Every base type's forms, mutated; and what it takes to try a call.

CREATE FUNCTION harness.fuzz(type regtype, "binary" boolean, forms bytea[], inputs bigint, seed bigint, file text,
							 OUT accepted bigint, OUT refused bigint, OUT refusals text, OUT faults text[])
	AS :'module', 'harness_fuzz' LANGUAGE C STRICT;

CREATE FUNCTION harness.note(what text, file text) RETURNS void AS :'module', 'harness_note' LANGUAGE C STRICT;

-- Seconds of the processor that this backend has taken.
CREATE FUNCTION harness.spent() RETURNS float8 AS :'module', 'harness_spent' LANGUAGE C;

-- The base types and domains of the schema; arrays and rows have the server's own functions.
CREATE VIEW harness.base_type AS
SELECT t.oid, t.oid::regtype AS type, t.typsend <> 0 AND t.typreceive <> 0 AS has_binary
FROM pg_type AS t WHERE harness.ours(t.typnamespace) AND t.typtype IN ('b', 'd') AND t.typelem = 0;

-- what domains over text take, unless known/ tells
INSERT INTO harness.form
SELECT t.oid::regtype, 'words', row_number() OVER (PARTITION BY t.oid), form
FROM pg_type AS t, unnest('{2025,2025-Q1,k,sales_margin,net promoter score,Erlöse €,x-1:y}'::text[]) AS form
WHERE harness.ours(t.typnamespace) AND t.typtype = 'd' AND t.typbasetype = 'text'::regtype
	AND NOT EXISTS (SELECT FROM harness.form AS f WHERE f.type = t.oid);

CREATE FUNCTION harness.forms(which regtype, as_binary boolean) RETURNS bytea[] LANGUAGE plpgsql AS $$
DECLARE
	forms bytea[];
	send regproc;
BEGIN
	SELECT typsend INTO send FROM pg_type WHERE oid = which;
	EXECUTE format('SELECT array_agg(%s ORDER BY length(form), form) FROM (
		SELECT DISTINCT ON (round(ln(length(form)) * 6), hashtext(form) %% 12) form FROM harness.form
		WHERE type = %L::regtype AND length(form) < 12000) AS f',
		CASE WHEN as_binary THEN format('%s(form::%s)', send, which)
			ELSE 'convert_to(form, getdatabaseencoding())' END, which::text) INTO forms;
	RETURN forms;
END $$;

CREATE PROCEDURE harness.fuzz_type(which regtype, as_binary boolean, inputs bigint, file text) LANGUAGE plpgsql AS $$
DECLARE
	what text := format('%s %s', which, CASE WHEN as_binary THEN 'binary receive' ELSE 'text input' END);
	seed bigint := hashtext(what);
	f record;
	forms bytea[] := harness.forms(which, as_binary);
	-- domains have the server's own functions too, but for the check, and a list may have two words
	is_domain boolean := (SELECT typtype FROM pg_type WHERE oid = which) = 'd';
	many bigint := CASE WHEN is_domain THEN inputs / 10 ELSE inputs END;
BEGIN
	IF coalesce(cardinality(forms), 0) < (CASE WHEN is_domain THEN 2 ELSE 3 END) THEN
		INSERT INTO harness.verdict VALUES (CASE WHEN harness.generated() THEN 'not ok' ELSE 'skip' END, what,
			'hardly any aggregate makes it: give valid forms in known/');
		RETURN;
	END IF;
	SELECT * INTO f FROM harness.fuzz(which, as_binary, forms, many, seed, file);
	INSERT INTO harness.verdict SELECT 'not ok', what, format('seed %s, %s', seed, fault)
	FROM unnest(f.faults) AS fault;
	INSERT INTO harness.verdict SELECT 'ok', what WHERE f.faults = '{}';
	-- a generator that never meets what is accepted tests nothing, nor does one that is never refused
	INSERT INTO harness.verdict SELECT 'not ok', what, format('of %s inputs %s were accepted and %s refused', many,
		f.accepted, f.refused)
		WHERE f.faults = '{}' AND (f.accepted < many / 50 OR f.refused < many / 50);
	INSERT INTO harness.fed VALUES (what, f.accepted, f.refused, f.refusals);
END $$;
CREATE TABLE harness.fed (what text, accepted bigint, refused bigint, refusals text);

-- An answer is a number or NULL.
CREATE FUNCTION harness.number(answer float8) RETURNS float8 LANGUAGE plpgsql AS $$
BEGIN
	IF answer = ANY ('{NaN,Infinity,-Infinity}') THEN
		RAISE SQLSTATE 'HRNUM' USING MESSAGE = format('the answer is %s', answer);
	END IF;
	RETURN answer;
END $$;
CREATE FUNCTION harness.number(answer numeric) RETURNS numeric LANGUAGE plpgsql AS $$
BEGIN
	IF answer = ANY ('{NaN,Infinity,-Infinity}') THEN
		RAISE SQLSTATE 'HRNUM' USING MESSAGE = format('the answer is %s', answer);
	END IF;
	RETURN answer;
END $$;

-- Runs a statement for its error, and undoes what it did.
CREATE FUNCTION harness.try_undone(query text) RETURNS harness.failure LANGUAGE plpgsql AS $$
DECLARE f harness.failure;
BEGIN
	PERFORM harness.note(query, current_setting('data_directory') || '/last_call');
	EXECUTE query;
	RAISE SQLSTATE 'HR000';
EXCEPTION WHEN OTHERS OR assert_failure THEN
	GET STACKED DIAGNOSTICS f.state = RETURNED_SQLSTATE, f.message = MESSAGE_TEXT, f.hint = PG_EXCEPTION_HINT;
	RETURN CASE WHEN f.state <> 'HR000' THEN f END;
END $$;

-- some of the calls, to be made once more elsewhere
CREATE TABLE harness.again (name text, query text);
CREATE PROCEDURE harness.call_again(which text) LANGUAGE sql AS $$
	INSERT INTO harness.verdict
	SELECT CASE count(*) FILTER (WHERE (f).state ~ '^(XX|58|57)') WHEN 0 THEN 'ok' ELSE 'not ok' END, which,
		   min(format('error %s: %s: %s', (f).state, (f).message, left(query, 500)))
			FILTER (WHERE (f).state ~ '^(XX|58|57)')
	FROM (SELECT query, harness.try_undone(query) AS f FROM harness.again WHERE name = which) AS x
$$;
