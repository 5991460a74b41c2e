-- The driver of the benchmark: runs the queries of a case in turn, A B A B, and
-- keeps CPU times of this backend.  The first round is dropped.
--
-- psql variables: library, rounds, only

CREATE SCHEMA bench;
SET search_path = bench;

CREATE FUNCTION cpu() RETURNS float8 AS :'library', 'bench_cpu' LANGUAGE C VOLATILE STRICT;
CREATE FUNCTION seconds(by_clock boolean) RETURNS float8 LANGUAGE sql VOLATILE
AS $$ SELECT CASE WHEN by_clock THEN extract(epoch FROM clock_timestamp())::float8 ELSE bench.cpu() END $$;

CREATE FUNCTION peak_memory() RETURNS float8 AS :'library', 'bench_peak' LANGUAGE C VOLATILE STRICT;
CREATE FUNCTION customer(seed bigint, model text, days boolean) RETURNS float8[] AS :'library', 'bench_customer'
	LANGUAGE C IMMUTABLE STRICT;

CREATE TABLE setting AS SELECT :rounds AS rounds, :'only' AS only_like;

CREATE TABLE result (
	position serial PRIMARY KEY,
	name text NOT NULL,
	facts text,						-- the table of facts, where there are several
	unit text NOT NULL,				-- of ours and theirs: ms, us or bytes
	at_most numeric,
	aim numeric,
	ours float8,
	theirs float8,
	measured float8,				-- ratio of the minima, or what is limited itself
	paired float8					-- median of the ratios of the rounds
);

CREATE TABLE round (position integer, round integer, query text, cpu float8);

CREATE FUNCTION wanted(name text) RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT name ~ only_like FROM bench.setting $$;

-- The table of facts that is measured, from the search_path.
CREATE FUNCTION facts_now() RETURNS text LANGUAGE sql STABLE
AS $$ SELECT nullif((current_schemas(false))[1], 'bench') $$;

CREATE PROCEDURE show_result(shown integer) LANGUAGE plpgsql
AS $$
DECLARE
	r bench.result;
BEGIN
	SELECT * INTO r FROM bench.result WHERE position = shown;
	RAISE INFO '%', concat_ws('  ', rpad(concat_ws(', ', r.name, r.facts), 66),
							  to_char(r.measured, 'FM9999999990.000'), 'at most ' || r.at_most);
END $$;

-- What the rounds of a case have measured.
CREATE PROCEDURE conclude(this integer) LANGUAGE sql
AS $$
	WITH round AS (
		SELECT r.round, min(cpu) FILTER (WHERE query = 'ours') AS ours, min(cpu) FILTER (WHERE query = 'theirs') AS theirs,
			   coalesce(min(cpu) FILTER (WHERE query = 'empty'), 0) AS empty
		FROM bench.round AS r WHERE r.position = this AND r.round > 0 GROUP BY r.round
	), best AS (
		SELECT min(r.ours) - min(r.empty) AS ours, min(r.theirs) - min(r.empty) AS theirs,
			   percentile_cont(0.5) WITHIN GROUP (ORDER BY (r.ours - r.empty) / nullif(r.theirs - r.empty, 0)) AS paired
		FROM round AS r
	)
	UPDATE bench.result AS r
	SET ours = b.ours * 1000, theirs = b.theirs * 1000, measured = b.ours / b.theirs, paired = b.paired
	FROM best AS b WHERE r.position = this;
$$;

-- Ours against theirs.  An empty query, where there is one, is subtracted from both;
-- before is run in front of each query and not measured.
CREATE PROCEDURE compare(name text, ours text, theirs text, at_most numeric DEFAULT NULL, aim numeric DEFAULT NULL,
						 empty text DEFAULT NULL, before text DEFAULT NULL, limited boolean DEFAULT true,
						 clock boolean DEFAULT false)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	queries text[] := ARRAY[ours, theirs] || array_remove(ARRAY[empty], NULL);
	labels text[] := ARRAY['ours', 'theirs', 'empty'];
	started float8;
	this integer;
BEGIN
	IF NOT bench.wanted(name) THEN
		RETURN;
	END IF;
	INSERT INTO bench.result (name, facts, unit, at_most, aim)
	VALUES (name, bench.facts_now(), 'ms', CASE WHEN limited THEN at_most END, CASE WHEN limited THEN aim END)
	RETURNING position INTO this;
	FOR round IN 0 .. (SELECT rounds FROM bench.setting) LOOP
		FOR i IN 1 .. cardinality(queries) LOOP
			IF before IS NOT NULL THEN
				EXECUTE before;
			END IF;
			started := bench.seconds(clock);
			EXECUTE queries[i];
			INSERT INTO bench.round VALUES (this, round, labels[i], bench.seconds(clock) - started);
		END LOOP;
	END LOOP;

	CALL bench.conclude(this);
	CALL bench.show_result(this);
END $$;

-- The same as a client asks, each time a statement of its own: what psql is to run by \gexec.
CREATE PROCEDURE note(this integer, round integer, query text) LANGUAGE plpgsql
AS $$
BEGIN
	IF query IS NOT NULL THEN
		INSERT INTO bench.round VALUES (this, round, query, bench.cpu() - current_setting('bench.started')::float8);
	END IF;
	PERFORM set_config('bench.started', bench.cpu()::text, false);
END $$;
CREATE FUNCTION asked(name text, ours text, theirs text, times integer, at_most numeric DEFAULT NULL,
					  aim numeric DEFAULT NULL)
	RETURNS SETOF text LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	this integer;
BEGIN
	IF NOT bench.wanted(name) THEN
		RETURN;
	END IF;
	INSERT INTO bench.result (name, unit, at_most, aim) VALUES (name, 'ms', at_most, aim) RETURNING position INTO this;
	FOR round IN 0 .. (SELECT rounds FROM bench.setting) LOOP
		RETURN NEXT format('CALL bench.note(%s, %s, NULL)', this, round);
		RETURN QUERY SELECT ours FROM generate_series(1, times);
		RETURN NEXT format('CALL bench.note(%s, %s, %L)', this, round, 'ours');
		RETURN QUERY SELECT theirs FROM generate_series(1, times);
		RETURN NEXT format('CALL bench.note(%s, %s, %L)', this, round, 'theirs');
	END LOOP;
	RETURN NEXT format('CALL bench.conclude(%s)', this);
	RETURN NEXT format('CALL bench.show_result(%s)', this);
END $$;

-- Milliseconds of one query.
CREATE PROCEDURE within(name text, query text, before text, at_most numeric, aim numeric DEFAULT NULL)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	started float8;
	best float8;
	this integer;
BEGIN
	IF NOT bench.wanted(name) THEN
		RETURN;
	END IF;
	FOR round IN 0 .. (SELECT rounds FROM bench.setting) LOOP
		EXECUTE before;
		started := bench.cpu();
		EXECUTE query;
		best := least(best, bench.cpu() - started);
	END LOOP;
	INSERT INTO bench.result (name, unit, at_most, aim, ours, measured)
	VALUES (name, 'ms', at_most, aim, best * 1000, best * 1000) RETURNING position INTO this;
	CALL bench.show_result(this);
END $$;

-- Microseconds of a query for each of what it makes so many of, beside another one.
CREATE PROCEDURE each(name text, query text, theirs text, count float8, at_most numeric, aim numeric, rounds integer)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	started float8;
	best float8[] := '{Infinity,Infinity}';
	this integer;
BEGIN
	IF NOT bench.wanted(name) THEN
		RETURN;
	END IF;
	FOR round IN 0 .. rounds LOOP
		FOR i IN 1 .. 2 LOOP
			started := bench.cpu();
			EXECUTE (ARRAY[query, theirs])[i];
			best[i] := least(best[i], (bench.cpu() - started) * 1000000 / count);
		END LOOP;
	END LOOP;
	INSERT INTO bench.result (name, unit, at_most, aim, ours, theirs, measured)
	VALUES (name, 'us', at_most, aim, best[1], best[2], best[1]) RETURNING position INTO this;
	CALL bench.show_result(this);
END $$;

-- Bytes a group of a hash aggregate, as EXPLAIN tells.
CREATE PROCEDURE memory(name text, query text, theirs text, at_most numeric, aim numeric)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	plans json[];
	plan json;
	this integer;
BEGIN
	IF NOT bench.wanted(name) THEN
		RETURN;
	END IF;
	FOREACH query IN ARRAY ARRAY[query, theirs] LOOP
		EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) ' || query INTO plan;
		plan := plan -> 0 -> 'Plan';
		ASSERT plan ->> 'Strategy' = 'Hashed' AND (plan ->> 'HashAgg Batches')::integer = 1,
			'not one hash table in memory: ' || query;
		plans := plans || plan;
	END LOOP;
	INSERT INTO bench.result (name, facts, unit, at_most, aim, ours, theirs, measured)
	SELECT name, bench.facts_now(), 'bytes', at_most, aim, ours, theirs, ours
	FROM (SELECT (plans[1] ->> 'Peak Memory Usage')::float8 * 1024 / (plans[1] ->> 'Actual Rows')::float8 AS ours,
				 (plans[2] ->> 'Peak Memory Usage')::float8 * 1024 / (plans[2] ->> 'Actual Rows')::float8 AS theirs) AS s
	RETURNING position INTO this;
	CALL bench.show_result(this);
END $$;

-- Bytes that a query takes more than another one over the same rows.  A connection
-- can measure it once, as memory that was used before counts as its own.
CREATE PROCEDURE peak(name text, query text, theirs text, at_most numeric, aim numeric DEFAULT NULL)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	before float8;
	this integer;
BEGIN
	IF NOT bench.wanted(name) THEN
		RETURN;
	END IF;
	EXECUTE theirs;
	before := bench.peak_memory();
	EXECUTE query;
	INSERT INTO bench.result (name, facts, unit, at_most, aim, ours, measured)
	VALUES (name, bench.facts_now(), 'bytes', at_most, aim, bench.peak_memory() - before, bench.peak_memory() - before)
	RETURNING position INTO this;
	CALL bench.show_result(this);
END $$;
