-- Every function of kpi, called with what breaks things: values of each type
-- in each position, words, NULLs, arrays of every shape.

-- what is too large or too odd for rows of data; the last of a type is put into long arrays
INSERT INTO harness.pool (type, value) VALUES
	('text', 'repeat(''x'', 300000)'), ('text', 'repeat(''/'', 70000)'), ('text', 'repeat(''1'', 70000)'),
	('text', '''z''::text'),
	('numeric', 'repeat(''9'', 5000)::numeric'), ('numeric', '(''-0.'' || repeat(''3'', 5000))::numeric'),
	('numeric', '1.000::numeric'),
	('interval', '''-178000000 years -2147483648 days''::interval'), ('interval', '''1 mon -1 day''::interval'),
	('date', '''0001-01-01 BC''::date'), ('date', '''294276-12-31''::date'),
	('timestamptz', '''0001-01-01 BC''::timestamptz');

-- All that can be called from SQL, and what each argument is given to try.
CREATE TABLE harness.callable AS
SELECT p.oid, p.oid::regprocedure::text AS name, p.proname::text, p.prokind, p.provolatile, l.lanname,
	   CASE p.prokind WHEN 'p' THEN format('CALL %s', n.call)
		WHEN 'w' THEN format('SELECT %s OVER () FROM generate_series(1, 3)', n.call)
			ELSE format('SELECT %s%s', CASE WHEN p.prorettype = ANY ('{float8,numeric}'::regtype[])
				AND NOT p.proretset THEN format('harness.number(%s)', n.call) ELSE n.call END,
						CASE p.prokind WHEN 'a' THEN ' FROM generate_series(1, 2)' ELSE '' END) END AS call,
	   p.provariadic <> 0 AS is_variadic, NULL::text[] AS base, false AS accepted
FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang,
	format('%s.%I(%%s)', p.pronamespace::regnamespace, p.proname) AS n(call)
WHERE harness.ours(p.pronamespace)
  AND NOT p.proargtypes::oid[] && '{internal}'::regtype[]::oid[]
  AND p.prorettype <> ALL ('{trigger,event_trigger}'::regtype[]);
-- The type that is given for one; and what a hint for a number, or for an array of them, may be given to.
CREATE FUNCTION harness.plain_type(of regtype) RETURNS regtype LANGUAGE sql IMMUTABLE
	RETURN CASE of WHEN 'anyelement'::regtype THEN 'int4'::regtype WHEN 'anyarray'::regtype THEN 'int4[]'::regtype
		WHEN 'anycompatible'::regtype THEN 'numeric'::regtype WHEN 'anycompatiblearray'::regtype
			THEN 'numeric[]'::regtype
		WHEN 'cstring'::regtype THEN 'text'::regtype ELSE of END;
CREATE FUNCTION harness.family(of regtype) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN of = ANY ('{int2,int4,int8,float4,float8,numeric}'::regtype[]) THEN 'number'
		WHEN of = ANY ('{int2[],int4[],int8[],float4[],float8[],numeric[]}'::regtype[]) THEN 'numbers' ELSE of::text END;
CREATE TABLE harness.parameter AS
SELECT c.oid, u.k, p.proargnames[u.k] AS name, u.t::regtype AS type, t.plain, (SELECT array_agg(x)
		FROM harness.candidates(t.plain) AS x) AS candidates, false AS hinted,
	format('(%s)::%s', pg_get_function_arg_default(c.oid, u.k::integer), t.plain) AS by_default
FROM harness.callable AS c JOIN pg_proc AS p ON p.oid = c.oid, unnest(p.proargtypes) WITH ORDINALITY AS u(t, k),
	harness.plain_type(u.t) AS t(plain);
UPDATE harness.parameter SET by_default = NULL WHERE pg_get_function_arg_default(oid, k::integer) IS NULL;
ALTER TABLE harness.callable ADD PRIMARY KEY (oid);
ALTER TABLE harness.parameter ADD PRIMARY KEY (oid, k);
-- a text named as a column of a table of ours is a key of it: what the demo has; some of it is measured
DO $$
DECLARE
	p record;
	keys text[];
BEGIN
	IF to_regprocedure('kpi.load_demo()') IS NULL THEN
		RETURN;
	END IF;
	PERFORM kpi.load_demo();
	CALL kpi.collect('2025', indicators => '{acme_revenue}', commit_each => false);
	CALL kpi.collect('2025-06', '2025-07', units => '{acme}', commit_each => false);
	FOR p IN SELECT * FROM harness.beside_demo ORDER BY topic LOOP
		EXECUTE p.statements;
	END LOOP;
	FOR p IN SELECT a.oid, a.k, a.name, min(c.attrelid::regclass::text) AS of FROM harness.parameter AS a
			JOIN pg_attribute AS c ON c.attname = a.name AND c.attnum > 0
			JOIN pg_class AS r ON r.oid = c.attrelid AND r.relkind = 'r' AND harness.ours(r.relnamespace)
			WHERE a.type IN ('text'::regtype, 'kpi.key'::regtype)
				AND format_type(c.atttypid, NULL) IN ('text', 'kpi.key') GROUP BY 1, 2, 3 LOOP
		EXECUTE format('SELECT array_agg(format(''%%L::text'', v)) FROM (SELECT DISTINCT %I::text AS v FROM %s
			WHERE %1$I IS NOT NULL ORDER BY v LIMIT 4) AS x', p.name, p.of) INTO keys;
		UPDATE harness.parameter SET candidates = keys || candidates
		WHERE oid = p.oid AND k = p.k AND keys IS NOT NULL;
	END LOOP;
END $$;
-- what input functions read are forms of their type
UPDATE harness.parameter AS a SET candidates = ARRAY(SELECT quote_literal(f.form) FROM harness.form AS f
	WHERE f.type = t.oid AND length(f.form) < 12000 ORDER BY hashtext(f.form) LIMIT 20) || candidates
FROM pg_type AS t WHERE t.typinput = a.oid AND a.k = 1;
UPDATE harness.parameter SET candidates = ARRAY(SELECT format('(%s)::cstring', c) FROM unnest(candidates) AS c)
	WHERE type = 'cstring'::regtype;

-- what multiplies what it is given gets neither long arrays and texts nor all days, where it never does
UPDATE harness.parameter AS a SET candidates = ARRAY(SELECT x FROM unnest(a.candidates) AS x
	WHERE x !~ '000\]\)$|repeat\(|\(,|,\)|infinity|5874897')
FROM harness.callable AS c JOIN harness.on_purpose AS o ON o.name = c.proname AND o.fact = 'long' WHERE c.oid = a.oid;

-- what known/ tells goes before, that of the very type and the closest pattern first
CREATE VIEW harness.hint AS
SELECT a.oid, a.k, h.expression FROM harness.parameter AS a JOIN harness.callable AS c ON c.oid = a.oid
CROSS JOIN LATERAL (SELECT CASE r.type WHEN a.plain THEN r.expression
		ELSE format('(%s)::%s', r.expression, a.plain) END
	FROM harness.argument_rule AS r
	WHERE r.argument = a.name AND harness.family(r.type) = harness.family(a.plain) AND c.proname ~ r.function
	ORDER BY r.type <> a.plain, length(r.function) DESC LIMIT 1) AS h(expression);
UPDATE harness.parameter AS a SET hinted = true, candidates = ARRAY[h.expression] || a.candidates
FROM harness.hint AS h WHERE (h.oid, h.k) = (a.oid, a.k);

CREATE FUNCTION harness.call_text(which oid, arguments text[]) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format(c.call, concat_ws(', ', nullif(array_to_string(arguments[:cardinality(arguments) - 1], ', '), ''),
		CASE WHEN c.is_variadic THEN 'VARIADIC ' ELSE '' END || arguments[cardinality(arguments)]))
	FROM harness.callable AS c WHERE c.oid = which
$$;

-- Finds arguments that are accepted, words included, as far as that is easy.
CREATE PROCEDURE harness.find_base(which oid) LANGUAGE plpgsql AS $$
DECLARE
	base text[] := ARRAY(SELECT candidates[1] FROM harness.parameter WHERE oid = which ORDER BY k);
	draw text[];
	words text[];
	p harness.parameter;
	-- the same draws whatever else is installed
	drawn integer := (SELECT hashtext(name) & 65535 FROM harness.callable AS c WHERE c.oid = which);
	f harness.failure;
BEGIN
	FOR round IN 1..2 LOOP
		FOR p IN SELECT * FROM harness.parameter WHERE oid = which AND type = 'text'::regtype ORDER BY k LOOP
			draw := base;
			draw[p.k] := '''no such word''::text';
			words := harness.words(harness.try_undone(harness.call_text(which, draw)));
			IF words IS NOT NULL THEN
				base[p.k] := CASE WHEN p.hinted THEN base[p.k] ELSE format('%L::text', words[1]) END;
				UPDATE harness.parameter SET candidates = ARRAY(SELECT format('%L::text', w) FROM unnest(words) AS w)
					|| ARRAY(SELECT c FROM unnest(candidates) AS c WHERE c <> ALL (words))
					WHERE oid = which AND k = p.k;
			END IF;
		END LOOP;
	END LOOP;
	f := harness.try_undone(harness.call_text(which, base));
	-- a state may not go with the other arguments, no state does
	IF f.state IS NOT NULL AND EXISTS (SELECT FROM pg_aggregate WHERE which IN (aggtransfn, aggmtransfn)) THEN
		draw := base;
		draw[1] := (SELECT format('NULL::%s', type) FROM harness.parameter WHERE oid = which AND k = 1);
		f := harness.try_undone(harness.call_text(which, draw));
		base := CASE WHEN f.state IS NULL THEN draw ELSE base END;
	END IF;
	-- what leaves a state has entered it
	IF f.state IS NOT NULL AND EXISTS (SELECT FROM pg_aggregate WHERE which = aggminvtransfn) THEN
		draw := base;
		draw[1] := format('%s(NULL, %s)', (SELECT aggmtransfn FROM pg_aggregate WHERE which = aggminvtransfn LIMIT 1),
			array_to_string(base[2:], ', '));
		f := harness.try_undone(harness.call_text(which, draw));
		base := CASE WHEN f.state IS NULL THEN draw ELSE base END;
	END IF;
	-- what need not be said is left as it is
	IF f.state IS NOT NULL AND EXISTS (SELECT FROM harness.parameter WHERE oid = which AND by_default IS NOT NULL) THEN
		draw := ARRAY(SELECT CASE WHEN hinted THEN base[k] ELSE coalesce(by_default, base[k]) END
			FROM harness.parameter WHERE oid = which ORDER BY k);
		f := harness.try_undone(harness.call_text(which, draw));
		base := CASE WHEN f.state IS NULL THEN draw ELSE base END;
	END IF;
	FOR attempt IN 1..100 LOOP
		EXIT WHEN f.state IS NULL OR cardinality(base) = 0;
		draw := ARRAY(SELECT candidates[1 + harness.h(attempt, k::integer, drawn) %
			least(cardinality(candidates), 3 + attempt / 5)]
					  FROM harness.parameter WHERE oid = which ORDER BY k);
		f := harness.try_undone(harness.call_text(which, draw));
		IF f.state IS NULL THEN
			base := draw;
		END IF;
	END LOOP;
	draw := base;
	UPDATE harness.callable AS c SET base = draw, accepted = f.state IS NULL WHERE c.oid = which;
END $$;

-- One call, unless it has been tried.
CREATE TABLE harness.error (oid oid, query text, failure harness.failure);
CREATE PROCEDURE harness.call_once(which oid, arguments text[], INOUT tried text[]) LANGUAGE plpgsql AS $$
DECLARE
	query text := harness.call_text(which, arguments);
	began float8 := harness.spent();
	f harness.failure;
BEGIN
	IF md5(query) = ANY (tried) THEN
		RETURN;
	END IF;
	tried := tried || md5(query);
	f := harness.try_undone(query);
	IF harness.spent() > began + 10 THEN
		f := ('XXTIME', format('it took %s seconds of the processor', round((harness.spent() - began)::numeric)), NULL);
	END IF;
	IF f.state IS NOT NULL THEN
		INSERT INTO harness.error VALUES (which, left(query, 500), f);
	END IF;
	IF hashtext(query) % 8 = 0 THEN
		INSERT INTO harness.again VALUES (which::regprocedure, query);
	END IF;
END $$;

-- One function: each argument through all its candidates, then any with any.
CREATE PROCEDURE harness.try_function(which oid, draws integer) LANGUAGE plpgsql AS $$
DECLARE
	p harness.parameter;
	given text[];
	tried text[] := '{}';
	value text;
	drawn integer := (SELECT hashtext(name) & 65535 FROM harness.callable AS c WHERE c.oid = which);
BEGIN
	CALL harness.find_base(which);
	SELECT base INTO given FROM harness.callable WHERE oid = which;
	IF cardinality(given) = 0 THEN
		CALL harness.call_once(which, given, tried);
		RETURN;
	END IF;
	FOR p IN SELECT * FROM harness.parameter WHERE oid = which ORDER BY k LOOP
		FOREACH value IN ARRAY p.candidates LOOP
			SELECT base INTO given FROM harness.callable WHERE oid = which;
			given[p.k] := value;
			CALL harness.call_once(which, given, tried);
		END LOOP;
	END LOOP;
	FOR draw IN 1..draws LOOP
		given := ARRAY(SELECT candidates[1 + harness.h(draw, k::integer, 5 + drawn) %
			cardinality(candidates)] FROM harness.parameter WHERE oid = which ORDER BY k);
		CALL harness.call_once(which, given, tried);
	END LOOP;
END $$;

-- An internal error is a fault anywhere, and so is an answer that is not a number; a function that depends on nothing
-- else has only values to complain about; no body may fail to parse; and what a user calls names the value that is
-- wrong, where the server would name a constraint and show the row.
CREATE PROCEDURE harness.judge_calls() LANGUAGE sql AS $$
	INSERT INTO harness.verdict
	SELECT CASE count(e.query) WHEN 0 THEN 'ok' ELSE 'not ok' END, c.name,
		   format('error %s: %s: %s', (array_agg((e.failure).state ORDER BY e.failure, length(e.query)))[1],
				  (array_agg((e.failure).message ORDER BY e.failure, length(e.query)))[1],
				  (array_agg(e.query ORDER BY e.failure, length(e.query)))[1])
	FROM harness.callable AS c LEFT JOIN harness.error AS e ON e.oid = c.oid
		AND ((e.failure).state ~ '^(XX|HR|58|57|42883|42703|42601|42804|42725|42702|21000|2F005)'
			 OR c.provolatile = 'i' AND c.lanname = 'c' AND (e.failure).state !~ '^(22|54)'
			 OR c.name LIKE 'kpi.%' AND (e.failure).state ~ '^23' AND (e.failure).message ~
				'^(new row for|insert or update on|update or delete on|duplicate key|null value in|conflicting key)')
		AND NOT EXISTS (SELECT FROM harness.on_purpose AS o WHERE (o.fact, o.name) = ((e.failure).state, c.proname))
	WHERE c.base IS NOT NULL
	GROUP BY c.name
$$;
