-- Collecting what others have written: their errors, cancels, time and settings
-- are not those of whoever collects.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

CREATE SCHEMA kpi_test;
CREATE ROLE regress_kpi_owner;
CREATE ROLE regress_kpi_member IN ROLE regress_kpi_owner;
CREATE ROLE regress_kpi_viewer;
CREATE ROLE regress_kpi_collector;
GRANT USAGE ON SCHEMA kpi_test TO regress_kpi_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA kpi TO regress_kpi_viewer, regress_kpi_member;
SELECT kpi.grant_collector('regress_kpi_collector');
GRANT SELECT ON kpi.run_error TO regress_kpi_collector;
SELECT kpi.define_unit('company');

CREATE TABLE kpi_test.sale (day date, who text, amount numeric);
INSERT INTO kpi_test.sale VALUES ('2025-01-05', 'Ms. Secret', 10), ('2025-02-05', 'Mr. Secret', 20);
ALTER TABLE kpi_test.sale OWNER TO regress_kpi_owner;

-- An indicator with a body of PL/pgSQL in its numerator
CREATE FUNCTION pg_temp.define(key text, body text, timeout interval DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE FUNCTION kpi_test.%I(who text) RETURNS numeric LANGUAGE plpgsql AS %L', key, body);
	EXECUTE format('ALTER FUNCTION kpi_test.%I(text) OWNER TO regress_kpi_owner', key);
	PERFORM kpi.define_indicator(key, source => 'kpi_test.sale', time_column => 'day', owner => 'regress_kpi_owner',
		numerator => format('sum(kpi_test.%I(who))', key), timeout => timeout);
END $$;
CREATE FUNCTION pg_temp.collect(VARIADIC keys text[]) RETURNS SETOF kpi.run_step LANGUAGE plpgsql AS $$
BEGIN
	CALL kpi.collect('2025', indicators => keys, commit_each => false);
	RETURN QUERY SELECT s.* FROM kpi.run_step AS s WHERE s.run = (SELECT max(r.run) FROM kpi.run AS r)
		ORDER BY s.indicator;
END $$;
SELECT pg_temp.define('good', 'BEGIN RETURN 1; END');

-- a cancel that nobody asked for is a failure like others
SELECT pg_temp.define('cancels', $$ BEGIN RAISE EXCEPTION 'no more' USING ERRCODE = 'query_canceled'; END $$);
SELECT results_eq($$ SELECT indicator::text, state::text, sqlstate, error FROM pg_temp.collect('cancels', 'good') $$,
	$$ VALUES ('cancels', 'failed', '38000',
			'source of indicator "cancels" failed with SQLSTATE 57014 (operator intervention)'),
		('good', 'collected', NULL, NULL) $$, 'a source that raises the code of a cancel fails alone');

-- the time that one may take
SELECT pg_temp.define('slow', 'BEGIN PERFORM pg_sleep(1000); RETURN 1; END', '50 ms');
SELECT pg_temp.define('stubborn', $$
	BEGIN
		FOR i IN 1 .. 2 LOOP
			BEGIN
				PERFORM pg_sleep(1000);
			EXCEPTION WHEN query_canceled THEN NULL;
			END;
		END LOOP;
		RETURN 1;
	END $$, '50 ms');
SELECT pg_temp.define('quick', 'BEGIN RETURN 1; END', '1 day');
SELECT results_eq($$ SELECT indicator::text, state::text, sqlstate, error
	FROM pg_temp.collect('quick', 'slow', 'stubborn') $$,
	$$ VALUES ('quick', 'collected', NULL, NULL),
		('slow', 'failed', '53400', 'measuring indicator "slow" took longer than its timeout of 0.05 s'),
		('stubborn', 'failed', '53400', 'measuring indicator "stubborn" took longer than its timeout of 0.05 s') $$,
	'one that takes too long fails alone, also where its source goes on regardless');
SELECT lives_ok('SELECT pg_sleep(0.01)', 'and no cancel is left over');
SELECT throws_ok($$ SELECT * FROM kpi.measure('slow', '2025-01-01', '2026-01-01') $$, '53400', NULL,
	'the time holds for kpi.measure too');
SELECT pg_temp.define('folded', 'BEGIN RETURN 1; END', '50 ms');
CREATE OR REPLACE FUNCTION kpi_test.folded(who text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS
	'BEGIN PERFORM pg_sleep(1000); RETURN 1; END';
SELECT throws_ok($$ SELECT kpi.define_indicator('folded', numerator => $n$ sum(kpi_test.folded('x')) $n$) $$, '53400',
	NULL, 'and for planning');
SELECT throws_ok(format($$ SELECT kpi.define_indicator('slow', timeout => %L) $$, t), '22023', NULL,
	format('a timeout of %s is refused', t)) FROM unnest('{0,-1 s,31 days,1 us}'::text[]) AS t;
SELECT kpi.define_indicator('slow', reset => '{timeout}');
SELECT is((SELECT timeout FROM kpi.indicator WHERE indicator = 'slow'), NULL, 'it can be taken back');

-- what an error says of rows is for members of the owner
SELECT pg_temp.define('talks', $$
	BEGIN
		RAISE EXCEPTION USING MESSAGE = concat(who, E'\x1b[2J\n', repeat('x', 50000)), DETAIL = who || ' detail',
			HINT = who || ' hint', COLUMN = who, ERRCODE = 'data_exception';
	END $$);
CREATE TEMP TABLE met AS SELECT * FROM pg_temp.collect('talks');
SELECT results_eq('SELECT error, sqlstate FROM met',
	$$ VALUES ('source of indicator "talks" failed with SQLSTATE 22000 (data exception)', '22000') $$,
	'everybody reads the code of an error');
SELECT is_empty($$ SELECT FROM met WHERE met::text ~* 'secret' $$, 'and nothing of its words');
SELECT is_empty($$ SELECT FROM kpi.v_data_quality AS v WHERE v::text ~* 'secret' $$, 'nor do the findings have them');
SET LOCAL ROLE regress_kpi_viewer;
SELECT is_empty('SELECT FROM kpi.run_error', 'who is no member of the owner sees no error');
SET LOCAL ROLE regress_kpi_collector;
SELECT is_empty('SELECT FROM kpi.run_error', 'neither does who collects');
SET LOCAL ROLE regress_kpi_member;
SELECT results_eq($$ SELECT owner::text COLLATE "default", left(message, 21), detail, hint
	FROM kpi.run_error WHERE indicator = 'talks' $$,
	$$ VALUES ('regress_kpi_owner'::text, 'Ms. Secret\x1B[2J\nxx', 'Ms. Secret detail', 'Ms. Secret hint') $$,
	'a member sees it, without what a terminal would obey');
SELECT cmp_ok((SELECT octet_length(message) FROM kpi.run_error WHERE indicator = 'talks'), '<=', 4096,
	'and not without end');
RESET ROLE;

CREATE FUNCTION pg_temp.whole_error(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	a text; b text; c text; d text; e text;
BEGIN
	EXECUTE query;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS a = MESSAGE_TEXT, b = PG_EXCEPTION_DETAIL, c = PG_EXCEPTION_HINT,
		d = PG_EXCEPTION_CONTEXT, e = COLUMN_NAME;
	RETURN concat_ws('|', a, b, c, d, e);
END $$;
SELECT matches(pg_temp.whole_error($$ SELECT kpi.measure('talks', '2025-01-01', '2026-01-01') $$),
	'^source of .*\|The server says: Ms\. Secret.*Hint: Ms\. Secret hint', 'a superuser is told when measuring');
SET LOCAL ROLE regress_kpi_collector;
SELECT alike(pg_temp.whole_error($$ SELECT kpi.measure('talks', '2025-01-01', '2026-01-01') $$),
	'source of indicator "talks" failed with SQLSTATE 22000 (data exception)||Members of role "regress\_kpi\_owner" '
		'see%',
	'who only collects is told who knows');
SELECT unalike(pg_temp.whole_error($$ SELECT kpi.measure('talks', '2025-01-01', '2026-01-01') $$), '%Secret%',
	'and nothing of the rows');
RESET ROLE;
CREATE FUNCTION kpi_test.tells_early() RETURNS text LANGUAGE plpgsql IMMUTABLE AS
	'BEGIN RAISE EXCEPTION ''Ms. Secret'' USING ERRCODE = ''data_exception''; END';
INSERT INTO kpi.indicator (indicator, name, source, time_column, numerator, filter, owner) VALUES
	('early', 'x', 'kpi_test.sale', 'day', 'count(*)', 'who = kpi_test.tells_early()', 'regress_kpi_owner');
SELECT alike(pg_temp.whole_error($$ SELECT kpi_internal.check_source('early') $$),
	'%cannot be planned|The server says: Ms. Secret%',
	'an error of planning too is told to members');
CREATE FUNCTION kpi_test.ends_early() RETURNS text LANGUAGE plpgsql IMMUTABLE AS
	'BEGIN RAISE EXCEPTION ''It is late.'' USING ERRCODE = ''data_exception''; END';
INSERT INTO kpi.indicator (indicator, name, source, time_column, numerator, filter, owner) VALUES
	('sentence', 'x', 'kpi_test.sale', 'day', 'count(*)', 'who = kpi_test.ends_early()', 'regress_kpi_owner');
SELECT matches(pg_temp.whole_error($$ SELECT kpi_internal.check_source('sentence') $$),
	'The server says: It is late\.([^.]|$)',
	'what ends with a full stop gets no other');
DELETE FROM kpi.indicator WHERE indicator = 'sentence';
SET LOCAL ROLE regress_kpi_collector;
SELECT unalike(pg_temp.whole_error($$ SELECT kpi_internal.check_source('early') $$), '%Secret%', 'and not to others');
RESET ROLE;
SELECT throws_ok($$ SET LOCAL ROLE regress_kpi_viewer; SELECT kpi_internal.keep_source_error(1, 'talks') $$, '42501',
	NULL, 'who does not write steps writes no error either');

-- settings that change the meaning of text, numbers or time are the same for all
SET LOCAL kpi.language = '';
SET LOCAL escape_string_warning = off;
CREATE TABLE kpi_test.meaning (day date);
INSERT INTO kpi_test.meaning VALUES ('2025-01-05');
CREATE FUNCTION kpi_test.meaning() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	meaning text;
BEGIN
	EXECUTE $q$ SELECT concat_ws('|', date '2025-02-01', '02/01/2025'::date - date '2025-01-01',
		interval '1 day -1 hour',
		'-1 2:03'::interval, timestamptz '2025-02-01', 0.1::float8 + 0.2::float8, 'a\b', '\x41'::bytea, NULL = NULL,
		'{NULL}'::text[], to_char(1234.5, 'L9G999D9'), 1234.5::money, to_char(date '2025-02-01', 'TMMonth'),
		quote_ident('day'), to_tsvector('the cats'), current_setting('xmlbinary'), '03:00 EST'::timetz,
		current_setting('kpi.language', true),
		(SELECT count(*) FROM kpi_test.meaning WHERE day = NULL)) $q$ INTO meaning;
	RETURN meaning;
END $$;
CREATE FUNCTION kpi_test.hash() RETURNS bigint LANGUAGE sql AS 'SELECT hashtextextended(kpi_test.meaning(), 0)';
GRANT SELECT ON kpi_test.meaning TO regress_kpi_owner;
SELECT kpi.define_indicator('meaning', source => 'kpi_test.meaning', time_column => 'day',
	numerator => 'max(kpi_test.hash())', owner => 'regress_kpi_owner', time_zone => 'Asia/Kathmandu');
CREATE FUNCTION pg_temp.meant() RETURNS SETOF numeric LANGUAGE sql AS
	$$ SELECT numerator FROM kpi.measure('meaning', '2025-01-01', '2025-02-01') WHERE grain = 'month' $$;
CREATE TEMP TABLE meant AS SELECT * FROM pg_temp.meant();
SELECT is((SELECT count(*) FROM meant), 1::bigint, 'there is something to be meant');
CREATE FUNCTION pg_temp.meant_under(setting text, value text) RETURNS SETOF numeric LANGUAGE plpgsql AS $$
DECLARE
	before text := current_setting(setting);
BEGIN
	PERFORM set_config(setting, value, true);
	RETURN QUERY SELECT * FROM pg_temp.meant();
	PERFORM set_config(setting, before, true);
END $$;
CREATE FUNCTION pg_temp.differs(setting text, value text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	before text := current_setting(setting);
	meant text := kpi_test.meaning();
	otherwise text;
BEGIN
	PERFORM set_config(setting, value, true);
	otherwise := kpi_test.meaning();
	PERFORM set_config(setting, before, true);
	RETURN otherwise IS DISTINCT FROM meant;
EXCEPTION WHEN OTHERS THEN
	RETURN true;
END $$;
SELECT t FROM (VALUES ('TimeZone', 'America/New_York'), ('DateStyle', 'German, DMY'),
	('IntervalStyle', 'sql_standard'), ('extra_float_digits', '-5'), ('transform_null_equals', 'on'),
	('array_nulls', 'off'),
	('bytea_output', 'escape'), ('standard_conforming_strings', 'off'),
	('quote_all_identifiers', 'on'), ('default_text_search_config', 'pg_catalog.french'),
	('xmlbinary', 'hex'), ('kpi.language', 'zh')) AS v(setting, value),
	LATERAL (VALUES
		-- the server may have it already
		(ok(current_setting(setting) = value OR pg_temp.differs(setting, value),
			format('%s = %s changes what a source means', setting, value))),
		(set_eq(format('SELECT pg_temp.meant_under(%L, %L)', setting, value), 'TABLE meant',
			'but not when it is measured'))) AS w(t);
SELECT set_eq(format('SELECT pg_temp.meant_under(%L, %L)', name, value), 'TABLE meant',
	format('%s = %s changes nothing', name, value))
FROM pg_settings JOIN (VALUES ('lc_monetary', 'C.UTF-8'), ('lc_numeric', 'C.UTF-8'), ('lc_time', 'C.UTF-8'),
	('backslash_quote', 'on'), ('gin_fuzzy_search_limit', '1'), ('synchronize_seqscans', 'on'),
	('xmloption', 'document'), ('row_security', 'off')) AS v(wanted, value) ON name = wanted;
SELECT results_eq($$ SELECT indicator::text, time_zone FROM pg_temp.collect('meaning', 'talks') $$,
	$$ SELECT indicator::text, time_zone FROM kpi.indicator WHERE indicator IN ('meaning', 'talks') ORDER BY 1 $$,
	'a step keeps the zone it was measured in');

SET LOCAL quote_all_identifiers = on;
SELECT is((SELECT source FROM kpi.indicator WHERE indicator = kpi.define_indicator('meaning',
	source => 'kpi_test.meaning')), 'kpi_test.meaning', 'a source has the same name whoever defines it');
RESET quote_all_identifiers;

-- the zone of a database
SELECT is((SELECT time_zone FROM kpi.indicator WHERE indicator = 'good'), kpi_internal.session_time_zone(),
	'an indicator has the zone that the session began with');
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Europe/London''', current_database()); END $$;
SET LOCAL timezone = 'Asia/Tokyo';
SELECT kpi.define_indicator('zoned', source => 'kpi_test.sale', time_column => 'day', numerator => 'count(*)',
	owner => 'regress_kpi_owner');
SELECT is((SELECT time_zone FROM kpi.indicator WHERE indicator = 'zoned'), 'Europe/London',
	'or that of the database, whatever the session has set');
SELECT kpi.define_indicator('zoned', name => 'Zoned', time_zone => 'Europe/Paris'),
	kpi.define_indicator('zoned', name => 'In a zone');
SELECT is((SELECT time_zone FROM kpi.indicator WHERE indicator = 'zoned'), 'Europe/Paris',
	'and keeps what it was given');

-- whoever owns what a superuser's source is made of would run anything with a superuser's rights
CREATE TABLE kpi_test.plain (day date, n numeric);
INSERT INTO kpi_test.plain VALUES ('2025-01-05', 1);
CREATE FUNCTION kpi_test.theirs(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1';
ALTER FUNCTION kpi_test.theirs OWNER TO regress_kpi_owner;
CREATE FUNCTION kpi_test.ours(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE SCHEMA kpi_theirs AUTHORIZATION regress_kpi_owner;
CREATE TABLE kpi_theirs.plain AS TABLE kpi_test.plain;
CREATE TYPE kpi_test.place AS ENUM ('north');
ALTER TYPE kpi_test.place OWNER TO regress_kpi_owner;
CREATE TABLE kpi_test.typed AS SELECT *, 'north'::kpi_test.place AS place FROM kpi_test.plain;
CREATE DOMAIN kpi_test.checked AS numeric CHECK (kpi_test.theirs(VALUE) > 0);
CREATE VIEW kpi_test.over_domain AS SELECT day, n::kpi_test.checked AS n FROM kpi_test.plain;
CREATE VIEW kpi_test.over_theirs AS SELECT day, kpi_test.theirs(n) AS n FROM kpi_test.plain;
CREATE VIEW kpi_test.over_view AS TABLE kpi_test.over_theirs;
CREATE VIEW kpi_test.over_ours AS SELECT day, kpi_test.ours(n) AS n FROM kpi_test.plain;
CREATE MATERIALIZED VIEW kpi_test.stored AS TABLE kpi_test.over_theirs;
CREATE TABLE kpi_test.indexed AS TABLE kpi_test.plain;
CREATE INDEX ON kpi_test.indexed (kpi_test.theirs(n));
CREATE TABLE kpi_test.parent (LIKE kpi_test.plain);
CREATE TABLE kpi_test.child () INHERITS (kpi_test.parent);
ALTER TABLE kpi_test.child OWNER TO regress_kpi_owner;
CREATE OPERATOR kpi_test.### (FUNCTION = kpi_test.theirs, RIGHTARG = numeric);
CREATE FUNCTION pg_temp.attempt(source text, numerator text, filter text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM kpi.define_indicator('super', source => source, time_column => 'day', numerator => numerator,
		filter => filter, reset => '{filter}');
	RETURN 'taken';
EXCEPTION WHEN insufficient_privilege THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN substring(concat_ws(' ', SQLERRM, detail), 'belongs to the superuser "[^"]*", but (.* belongs to "\w*")');
END $$;
SELECT is(pg_temp.attempt(source, numerator, filter), said,
	format('a superuser''s indicator over %s: %s', source, why))
FROM (VALUES
	('kpi_test.sale', 'count(*)', NULL, 'table kpi_test.sale belongs to "regress_kpi_owner"', 'their table'),
	('kpi_theirs.plain', 'count(*)', NULL, 'schema kpi_theirs belongs to "regress_kpi_owner"', 'their schema'),
	('kpi_test.typed', 'count(*)', NULL, 'type kpi_test.place belongs to "regress_kpi_owner"', 'their type'),
	('kpi_test.over_theirs', 'count(*)', NULL, 'function kpi_test.theirs(numeric) belongs to "regress_kpi_owner"',
		'their function in a view'),
	('kpi_test.over_view', 'count(*)', NULL, 'function kpi_test.theirs(numeric) belongs to "regress_kpi_owner"',
		'in a view beneath'),
	('kpi_test.over_domain', 'count(*)', NULL, 'function kpi_test.theirs(numeric) belongs to "regress_kpi_owner"',
		'in a domain'),
	('kpi_test.indexed', 'count(*)', NULL, 'function kpi_test.theirs(numeric) belongs to "regress_kpi_owner"',
		'in an index'),
	('kpi_test.parent', 'count(*)', NULL, 'table kpi_test.child belongs to "regress_kpi_owner"', 'their child'),
	('kpi_test.plain', 'sum(kpi_test.theirs(n))', NULL,
		'function kpi_test.theirs(numeric) belongs to "regress_kpi_owner"', 'in the numerator'),
	('kpi_test.plain', 'sum(OPERATOR(kpi_test.###) n)', NULL,
		'function kpi_test.theirs(numeric) belongs to "regress_kpi_owner"', 'behind an operator'),
	('kpi_test.plain', 'sum((SELECT max(amount) FROM kpi_test.sale))', NULL,
		'table kpi_test.sale belongs to "regress_kpi_owner"', 'a table beside the source'),
	('kpi_test.plain', 'count(*)', 'kpi_test.theirs(1) = n',
		'function kpi_test.theirs(numeric) belongs to "regress_kpi_owner"', 'in the filter'),
	('kpi_test.plain', 'sum(n::kpi_test.checked)', NULL,
		'function kpi_test.theirs(numeric) belongs to "regress_kpi_owner"', 'a cast to a domain'),
	('kpi_test.stored', 'count(*)', NULL, 'taken', 'rows that were stored'),
	('kpi_test.over_ours', 'sum(kpi_test.ours(n))', 'kpi_test.ours(1) = n', 'taken', 'all of it a superuser''s'))
	AS v(source, numerator, filter, said, why);
SELECT throws_like($$ SELECT kpi.define_indicator('mine', source => 'kpi_test.sale', time_column => 'day',
	numerator => 'count(*)') $$, '%belongs to the superuser%', 'the words say why');
-- what changes hands after it was defined
ALTER FUNCTION kpi_test.ours OWNER TO regress_kpi_owner;
SELECT is((SELECT sqlstate FROM pg_temp.collect('super')), '42501', 'it is looked at again when it is collected');
SELECT is((SELECT array_agg(finding::text) FROM kpi.v_data_quality
	WHERE indicator = 'super' AND finding LIKE 'owner%'), '{owner_superuser}', 'and is a finding before that');
SELECT is((SELECT count(*) FROM kpi.v_data_quality WHERE finding LIKE 'owner%'), 1::bigint,
	'the only one of the kind');

-- an owner is a role and not a name
CREATE ROLE regress_kpi_carol;
GRANT USAGE ON SCHEMA kpi_test TO regress_kpi_carol;
GRANT SELECT ON kpi_test.plain TO regress_kpi_carol;
SELECT kpi.define_indicator('carols', source => 'kpi_test.plain', time_column => 'day', numerator => 'count(*)',
	owner => 'regress_kpi_carol');
CREATE TEMP TABLE versions AS SELECT version FROM kpi.indicator WHERE indicator = 'carols';
ALTER ROLE regress_kpi_carol RENAME TO regress_kpi_caroline;
CREATE ROLE regress_kpi_carol;
SELECT is((SELECT owner::text FROM kpi.indicator WHERE indicator = 'carols'), 'regress_kpi_caroline',
	'it belongs to the one that has another name now');
SELECT is((SELECT array_agg(sqlstate) FROM pg_temp.collect('carols')), ARRAY[NULL]::text[],
	'and is read with her rights');
SELECT kpi.define_indicator('carols', numerator => 'count(*)');
SELECT results_eq('SELECT version FROM kpi.indicator WHERE indicator = ''carols''', 'TABLE versions',
	'her name alone is no new version');
SELECT throws_ok($$ SET LOCAL ROLE regress_kpi_carol; DELETE FROM kpi.indicator WHERE indicator = 'carols' $$, '42501',
	NULL, 'who has her name since has nothing of it');
SELECT is((SELECT count(*) FROM kpi.indicator WHERE owner = 'regress_kpi_caroline'), 1::bigint, 'it is found by name');
SELECT is((SELECT count(*) FROM (SELECT DISTINCT owner FROM kpi.indicator) AS o),
	(SELECT count(DISTINCT owner::text) FROM kpi.indicator), 'owners can be told apart');
DROP OWNED BY regress_kpi_caroline;
DROP ROLE regress_kpi_caroline;
SELECT matches((SELECT owner::text FROM kpi.indicator WHERE indicator = 'carols'), '^dropped role \d+$',
	'one that is gone is nobody');
SELECT is((SELECT array_agg(finding::text) FROM kpi.v_data_quality
	WHERE indicator = 'carols' AND finding LIKE 'owner%'), '{owner_missing}',
	'which is a finding before it is a failed run');
SELECT is((SELECT array_agg(sqlstate) FROM pg_temp.collect('carols')), '{22023}', 'and then fails');
SELECT is(o::kpi.owner::text || kpi_internal.owner_exists(o::kpi.owner), o || 'false',
	format('the name %s of nobody is kept, and is not a role', o))
FROM unnest('{regress_kpi_nobody,dropped role 16384,"a b",Ünïcode}'::text[]) AS o;
SELECT throws_ok($$ SELECT ''::kpi.owner $$, '22P02', NULL, 'there is no owner without a name');
SELECT throws_ok($$ SELECT repeat('x', 64)::kpi.owner $$, '42622', NULL, 'nor one with too long a name');

-- how a run ended
SELECT is((SELECT array_agg(DISTINCT kpi_internal.run_state(r)) FROM kpi.run AS r), '{done}', 'all runs are done');
INSERT INTO kpi.run (from_date, to_date, started, indicators, backend, backend_start)
SELECT '2025-01-01', '2026-01-01', statement_timestamp() + since, 1, pg_backend_pid() + other,
	kpi_internal.backend_start() + start
FROM (VALUES (interval '0', 0, interval '0'), ('-1 s', 0, '0'), ('0', 1000000, '0'), ('0', 0, '-1 s'))
	AS v(since, other, start);
SELECT results_eq('SELECT kpi_internal.run_state(r) FROM kpi.run AS r WHERE finished IS NULL ORDER BY run',
	$$ VALUES ('died'), ('died'), ('died'), ('died') $$, 'nobody runs what another statement began');
-- a transaction sees the server's activity as it was when it first looked
SELECT pg_stat_clear_snapshot();
WITH begun AS (
	INSERT INTO kpi.run (from_date, to_date, started, indicators, backend, backend_start)
	VALUES ('2025-01-01', '2026-01-01', statement_timestamp(), 1, pg_backend_pid(), kpi_internal.backend_start())
	RETURNING *)
SELECT is(kpi_internal.run_state(CAST(begun AS kpi.run)), 'running', 'what this one began is running') FROM begun;
SELECT is(kpi_internal.run_state(NULL), NULL, 'NULL for no run');

-- what it is at, for every session that may read kpi.run; a statement tells it of itself, and has to look anew
CREATE FUNCTION pg_temp.progress(tell text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'SELECT ' || tell;
	PERFORM pg_stat_clear_snapshot();
	RETURN kpi_internal.progress_of(pg_backend_pid(), kpi_internal.backend_start(), statement_timestamp());
END $$;
SELECT is(pg_temp.progress($$kpi_internal.report_stage('combining')$$), NULL,
	'whatever is no collection tells nothing, nor is the text of its statement shown');
SELECT is(pg_temp.progress($$kpi_internal.report_step('run 7: 1 to 3 of 9 indicators')$$),
	'run 7: 1 to 3 of 9 indicators', 'the step of a collection');
SELECT is(pg_temp.progress($$kpi_internal.report_stage('combining')$$), NULL, 'which ends with its statement');
SELECT is(pg_temp.progress($$kpi_internal.report_step('run 7'), kpi_internal.report_stage('combining churn')$$),
	'run 7: combining churn', 'and the stage of the step');
SELECT is(pg_temp.progress($$kpi_internal.report_step('run 7'), kpi_internal.report_step(NULL)$$), NULL,
	'until it ends');
SELECT is(kpi_internal.run_progress(NULL), NULL, 'NULL for no run');

SELECT * FROM finish();
ROLLBACK;
