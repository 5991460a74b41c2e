-- Sources of a hostile owner, collected by somebody with more rights. Each runs
-- what would give the owner those rights, or would last longer than the query,
-- and tells what of it went through as a NOTICE "attacked: n m ...".
CREATE SCHEMA harness_trap AUTHORIZATION harness_owner;
GRANT CREATE ON DATABASE harness TO harness_owner;

-- What has to fail, and what may go through if nothing of it is left.
CREATE TABLE harness_trap.attack (n integer GENERATED ALWAYS AS IDENTITY, statement text,
	may_run boolean DEFAULT false);
INSERT INTO harness_trap.attack (statement) VALUES
	('SET ROLE postgres'),
	('RESET ROLE'),
	('SET SESSION AUTHORIZATION postgres'),
	('RESET SESSION AUTHORIZATION'),
	('SELECT set_config(''role'', ''postgres'', false)'),
	('ALTER ROLE harness_owner SUPERUSER'),
	('GRANT postgres TO harness_owner'),
	('CREATE FUNCTION harness_trap.definer() RETURNS void LANGUAGE sql SECURITY DEFINER AS '''''),
	('CREATE TABLE harness_trap.made (x integer)'),
	('CREATE TEMP TABLE made (x integer)'),
	('CREATE TEMP TABLE pg_class (x integer)'),
	('CREATE TEMP VIEW pg_type AS SELECT 1 AS x'),
	('CREATE TEMP SEQUENCE made'),
	('CREATE TYPE pg_temp.made AS (x integer)'),
	('CREATE FUNCTION pg_temp.made() RETURNS integer LANGUAGE sql AS ''SELECT 1'''),
	('SELECT 1 AS x INTO TEMP made'),
	('INSERT INTO harness_trap.log VALUES (1)'),
	('UPDATE harness_trap.log SET x = 2'),
	('DELETE FROM harness_trap.log'),
	('TRUNCATE harness_trap.log'),
	('SELECT FROM harness_trap.log FOR UPDATE'),
	('SELECT nextval(''harness_trap.counter'')'),
	('SELECT setval(''harness_trap.counter'', 99)'),
	('REFRESH MATERIALIZED VIEW harness_trap.stored'),
	('CREATE INDEX ON harness_trap.log (x)'),
	('CREATE TRIGGER t AFTER INSERT ON harness_trap.log EXECUTE FUNCTION harness_trap.fire()'),
	('SET CONSTRAINTS ALL DEFERRED; INSERT INTO harness_trap.deferred VALUES (1)'),
	('DECLARE held CURSOR WITH HOLD FOR SELECT harness_trap.note()'),
	('PREPARE prepared AS SELECT 1'),
	('DEALLOCATE ALL'),
	('DISCARD ALL'),
	('LISTEN harness'),
	('UNLISTEN *'),
	('LOAD ''kpi'''),
	('COMMIT'),
	('ROLLBACK'),
	('CALL harness_trap.commits()'),
	('SET TRANSACTION READ WRITE'),
	('SET transaction_read_only = off'),
	('SET session_replication_role = replica'),
	('SET log_statement = ''none'''),
	('COPY harness_trap.log TO PROGRAM ''true'''),
	('COPY harness_trap.log FROM PROGRAM ''true'''),
	('SELECT pg_read_file(''PG_VERSION'')'),
	('SELECT pg_terminate_backend(pg_backend_pid())'),
	('SELECT pg_reload_conf()'),
	('GRANT ALL ON ALL TABLES IN SCHEMA kpi TO harness_owner'),
	('SELECT FROM kpi.measurement'),
	('UPDATE kpi.indicator SET owner = ''postgres'''),
	('SELECT kpi.define_unit(''harness trap'')'),
	('CALL kpi.collect(''2025'', commit_each => false)'),
	('SELECT kpi.measure(''sales'', ''2025-01-01'', ''2025-02-01'')'),
	('ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC'),
	('DO ''BEGIN PERFORM set_config(''''role'''', ''''postgres'''', true); END''');
INSERT INTO harness_trap.attack (statement, may_run) VALUES
	('ANALYZE harness_trap.log', true),
	('SET search_path = harness_trap', true),
	('SELECT set_config(''search_path'', ''harness_trap'', false)', true),
	('SET statement_timeout = 1', true),
	('SET work_mem = ''64MB''', true),
	('SET client_min_messages = notice', true),
	('SET kpi.language = ''xx''', true),
	('SET "harness.trap" = 1', true),
	('SET enable_hashagg = off', true),
	('RESET ALL', true),
	('SELECT pg_advisory_xact_lock(4711)', true),
	('SELECT pg_advisory_lock(4712)', true),
	('SELECT pg_advisory_lock_shared(47, 13)', true),
	('SELECT pg_try_advisory_lock(1)', true),
	('SELECT pg_advisory_unlock(2)', true),
	('SELECT pg_advisory_unlock_all()', true),
	('SELECT pg_advisory_lock(4714)', true),
	('SELECT lo_create(4711)', true),
	('CLOSE ALL', true),
	('NOTIFY harness', true),
	('DECLARE kept CURSOR FOR SELECT 1', true),
	('SELECT setseed(0.5)', true);
ALTER TABLE harness_trap.attack OWNER TO harness_owner;

SET ROLE harness_owner;
CREATE TABLE harness_trap.log (x integer);
INSERT INTO harness_trap.log VALUES (1);
CREATE SEQUENCE harness_trap.counter;
CREATE FUNCTION harness_trap.note() RETURNS integer
	LANGUAGE plpgsql AS 'BEGIN INSERT INTO harness_trap.log VALUES (7); RETURN 7; END';
CREATE FUNCTION harness_trap.fire() RETURNS trigger
	LANGUAGE plpgsql AS 'BEGIN IF (SELECT count(*) FROM harness_trap.deferred) < 3 THEN PERFORM '
	'harness_trap.attack(); END IF; RETURN NULL; END';
CREATE PROCEDURE harness_trap.commits() LANGUAGE plpgsql AS 'BEGIN COMMIT; END';
CREATE TABLE harness_trap.deferred (x integer);
CREATE CONSTRAINT TRIGGER t AFTER INSERT ON harness_trap.deferred DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE
	FUNCTION harness_trap.fire();
CREATE FUNCTION harness_trap.attack() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	a record;
	through text := '';
BEGIN
	FOR a IN SELECT * FROM harness_trap.attack ORDER BY n LOOP
		BEGIN
			EXECUTE a.statement;
			through := concat(through, ' ', a.n);
		EXCEPTION WHEN OTHERS OR query_canceled THEN NULL;
		END;
	END LOOP;
	RAISE NOTICE 'attacked:% as %', through, current_user;
	RETURN 1;
END $$;
-- what each language can leave behind by itself, and everything above from within it
CREATE FUNCTION harness_trap.leave_plpgsql() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	open_cursor refcursor;
	halfway refcursor;
BEGIN
	PERFORM harness_trap.attack();
	OPEN open_cursor FOR SELECT harness_trap.attack() FROM generate_series(1, 2);
	OPEN halfway SCROLL FOR EXECUTE 'SELECT harness_trap.attack() FROM generate_series(1, 2)';
	MOVE halfway;
	EXECUTE 'DECLARE named CURSOR FOR SELECT harness_trap.attack()';
	RETURN 1;
EXCEPTION WHEN duplicate_cursor THEN
	RETURN 1;
END $$;
CREATE FUNCTION harness_trap.leave_sql() RETURNS integer LANGUAGE sql AS $$
	SELECT harness_trap.attack();
	SELECT set_config('search_path', 'harness_trap', false), set_config('harness.trap', '1', false);
	SELECT pg_advisory_lock(4715), pg_advisory_xact_lock(4716), pg_advisory_unlock(2);
	SELECT pg_notify('harness', 'x'), setseed(0.5);
	SELECT 1;
$$;
DO $outer$
BEGIN
	IF EXISTS (SELECT FROM pg_language WHERE lanname = 'plperl') THEN
		EXECUTE $create$
			CREATE FUNCTION harness_trap.leave_plperl() RETURNS integer LANGUAGE plperl AS $$
				my $through = '';
				foreach my $a (@{spi_exec_query('SELECT n, statement FROM harness_trap.attack ORDER BY n')->{rows}}) {
					# a statement that may not run here is a status, not an error
					eval { $through .= " $a->{n}" if spi_exec_query($a->{statement})->{status} =~ /^SPI_OK/; };
				}
				elog(NOTICE, "attacked:$through as " . spi_exec_query('SELECT current_user AS u')->{rows}[0]{u});
				# pinned: not read at all, and read in part
				spi_query('SELECT harness_trap.attack() FROM generate_series(1, 2)');
				spi_fetchrow(spi_query('SELECT harness_trap.attack() FROM generate_series(1, 2)'));
				my $plan = spi_prepare('SELECT harness_trap.attack() + $1', 'integer');
				spi_query_prepared($plan, 1);
				$_SHARED{plan} = $plan;
				return 1;
			$$ $create$;
	END IF;
	IF EXISTS (SELECT FROM pg_language WHERE lanname = 'pltcl') THEN
		EXECUTE $create$
			CREATE FUNCTION harness_trap.leave_pltcl() RETURNS integer LANGUAGE pltcl AS $$
				set through ""
				set attacks {}
				spi_exec -array a {SELECT n, statement FROM harness_trap.attack
					ORDER BY n} { lappend attacks $a(n) $a(statement) }
				foreach {n statement} $attacks {
					if {![catch { spi_exec $statement }]} { append through " $n" }
				}
				spi_exec {SELECT current_user AS u}
				elog NOTICE "attacked:$through as $u"
				catch {
					spi_exec {DECLARE named CURSOR FOR SELECT harness_trap.attack() FROM generate_series(1, 2)}
					spi_exec {MOVE named}
				}
				set GD(plan) [spi_prepare {SELECT harness_trap.attack()} {}]
				return 1
			$$ $create$;
	END IF;
END $outer$;

CREATE FUNCTION harness_trap.attack_early(integer) RETURNS integer
	LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN harness_trap.attack(); END';
CREATE FUNCTION harness_trap.attack_twice(numeric, numeric) RETURNS numeric
	LANGUAGE plpgsql AS 'BEGIN RETURN harness_trap.attack(); END';
CREATE OPERATOR harness_trap.+ (FUNCTION = harness_trap.attack_twice, LEFTARG = numeric, RIGHTARG = numeric);
CREATE MATERIALIZED VIEW harness_trap.stored AS SELECT 1 AS x;

CREATE TYPE harness_trap.region AS ENUM ('harness north');
CREATE FUNCTION harness_trap.as_text(harness_trap.region) RETURNS text
	LANGUAGE plpgsql AS 'BEGIN PERFORM harness_trap.attack(); RETURN ''harness north''; END';
CREATE CAST (harness_trap.region AS text) WITH FUNCTION harness_trap.as_text AS IMPLICIT;

CREATE TABLE harness_trap.plain (day date, region text, amount numeric);
INSERT INTO harness_trap.plain VALUES ('2025-01-05', 'harness north', 10);
CREATE VIEW harness_trap.view_function AS SELECT day, region, amount + harness_trap.attack() AS amount
FROM harness_trap.plain;
DO $$
DECLARE
	language name;
BEGIN
	FOREACH language IN ARRAY '{plpgsql,sql,plperl,pltcl}'::name[] LOOP
		IF EXISTS (SELECT FROM pg_language WHERE lanname = language) THEN
			EXECUTE format('CREATE VIEW harness_trap.%I AS SELECT * FROM harness_trap.plain
				WHERE harness_trap.%I() = 1',
				'left_by_' || language, 'leave_' || language);
			EXECUTE format('CREATE FUNCTION harness_trap.%I() RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
				''BEGIN RETURN harness_trap.%I(); END''', 'early_' || language, 'leave_' || language);
			EXECUTE format('CREATE VIEW harness_trap.%I AS SELECT * FROM harness_trap.plain
				WHERE harness_trap.%I() = 1',
				'left_early_by_' || language, 'early_' || language);
		END IF;
	END LOOP;
END $$;
CREATE VIEW harness_trap.view_planned AS SELECT * FROM harness_trap.plain WHERE harness_trap.attack_early(1) = 1;
CREATE VIEW harness_trap.view_operator AS SELECT day, region, amount OPERATOR(harness_trap.+) amount AS amount
FROM harness_trap.plain;
CREATE VIEW harness_trap.view_cast AS SELECT day, region::harness_trap.region::text AS region, amount
FROM harness_trap.plain;
CREATE TABLE harness_trap.policy AS SELECT * FROM harness_trap.plain;
ALTER TABLE harness_trap.policy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON harness_trap.policy USING (harness_trap.attack() = 1);
CREATE TABLE harness_trap.triggered AS SELECT * FROM harness_trap.plain;
CREATE TRIGGER t AFTER INSERT OR UPDATE OR DELETE ON harness_trap.triggered EXECUTE FUNCTION harness_trap.fire();
CREATE TABLE harness_trap."x""; DROP TABLE kpi.run; --" AS SELECT day AS "d'); --", region, amount, 1 AS "$$"
FROM harness_trap.plain;
RESET ROLE;

SELECT kpi.define_indicator('trap ' || relname, source => c.oid::regclass::text, time_column => 'day',
	unit_column => 'region', numerator => 'sum(amount)', owner => 'harness_owner')
FROM pg_class AS c WHERE relnamespace = 'harness_trap'::regnamespace
	AND (relkind = 'v' OR relname IN ('policy', 'triggered'));
SELECT kpi.define_indicator('trap in expression', source => 'harness_trap.plain', time_column => 'day',
	unit_column => 'region', numerator => 'max(harness_trap.attack())', owner => 'harness_owner');
SELECT kpi.define_indicator('trap in filter', source => 'harness_trap.plain', time_column => 'day',
	unit_column => 'region', numerator => 'sum(amount)', filter => 'harness_trap.attack_early(1) = 1',
	owner => 'harness_owner');
SELECT kpi.define_indicator(E'%s''"\\; DROP TABLE kpi.run; --',
	source => 'harness_trap."x""; DROP TABLE kpi.run; --"', time_column => 'd''); --', unit_column => 'region',
	numerator => 'sum("$$")', owner => 'harness_owner');

-- A superuser's indicator whose source changes hands
CREATE SCHEMA harness_lent;
CREATE TABLE harness_lent.sale AS SELECT * FROM harness_trap.plain;
SELECT kpi.define_indicator('trap lent', source => 'harness_lent.sale', time_column => 'day', unit_column => 'region',
	numerator => 'sum(amount)');
GRANT CREATE, USAGE ON SCHEMA harness_lent TO harness_owner;
ALTER TABLE harness_lent.sale OWNER TO harness_owner;
SET ROLE harness_owner;
DROP TABLE harness_lent.sale;
CREATE VIEW harness_lent.sale AS TABLE harness_trap.view_function;
RESET ROLE;

-- What a session and a database look like, apart from what collecting writes.
CREATE FUNCTION harness.state() RETURNS TABLE (what text) LANGUAGE sql AS $$
	SELECT concat_ws(' ', 'user', current_user, session_user)
	UNION ALL SELECT concat_ws(' ', 'setting', name, setting) FROM pg_settings
	UNION ALL SELECT concat_ws(' ', 'setting', nullif(current_setting('harness.trap', true), ''),
		nullif(current_setting('kpi.language', true), ''))
	UNION ALL SELECT concat_ws(' ', 'role', r) FROM pg_roles AS r
	UNION ALL SELECT concat_ws(' ', 'member', m) FROM pg_auth_members AS m
	UNION ALL SELECT concat_ws(' ', 'default privileges', d) FROM pg_default_acl AS d
	UNION ALL SELECT concat_ws(' ', 'function', oid::regprocedure, proowner, prosecdef, proacl) FROM pg_proc
	WHERE pronamespace <> 'pg_catalog'::regnamespace
	UNION ALL SELECT concat_ws(' ', 'relation', oid::regclass, relowner, relacl, relrowsecurity) FROM pg_class
	WHERE relnamespace <> 'pg_catalog'::regnamespace
	UNION ALL SELECT concat_ws(' ', 'trigger', oid, tgrelid) FROM pg_trigger
	UNION ALL SELECT concat_ws(' ', 'cursor', name) FROM pg_cursors
	UNION ALL SELECT concat_ws(' ', 'prepared', name) FROM pg_prepared_statements
	UNION ALL SELECT concat_ws(' ', 'listening', c) FROM pg_listening_channels() AS c
	UNION ALL SELECT concat_ws(' ', 'advisory lock', classid, objid, objsubid, mode) FROM pg_locks
		WHERE locktype = 'advisory'
	UNION ALL SELECT concat_ws(' ', 'large object', oid) FROM pg_largeobject_metadata
	UNION ALL SELECT concat_ws(' ', 'row', x) FROM harness_trap.log AS x
	UNION ALL SELECT concat_ws(' ', 'deferred', x) FROM harness_trap.deferred AS x
	UNION ALL SELECT concat_ws(' ', 'counter', last_value, is_called) FROM harness_trap.counter
	UNION ALL SELECT concat_ws(' ', 'indicator', i) FROM kpi.indicator AS i
	UNION ALL SELECT concat_ws(' ', 'unit', u) FROM kpi.unit AS u
$$;
CREATE TABLE harness.before (what text);
CREATE PROCEDURE harness.judge_state(way text) LANGUAGE sql AS $$
	INSERT INTO harness.verdict
	SELECT CASE count(d.what) WHEN 0 THEN 'ok' ELSE 'not ok' END, way, 'it leaves behind: ' || string_agg(d.what, '; ')
	FROM (SELECT 'new ' || what AS what FROM (SELECT what FROM harness.state() EXCEPT ALL SELECT what
		FROM harness.before) AS n
		  UNION ALL SELECT 'gone ' || what FROM (SELECT what FROM harness.before EXCEPT ALL SELECT what
			FROM harness.state()) AS o) AS d
$$;
