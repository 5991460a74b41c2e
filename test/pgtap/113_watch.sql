-- Watched sources: what is collected by changes is what all the rows give, by
-- whatever way they came, moved and went.
-- share: 13
BEGIN;
SELECT no_plan();

SET LOCAL client_min_messages = warning;

CREATE SCHEMA kpi_test;
CREATE TABLE kpi_test.sale (day date, at timestamptz, region text, customer integer, amount numeric);
CREATE TABLE kpi_test.part_sale (day date, at timestamptz, region text, customer integer,
	amount numeric) PARTITION BY RANGE (day);
CREATE TABLE kpi_test.p2010 PARTITION OF kpi_test.part_sale FOR VALUES FROM ('2010-01-01') TO ('2011-01-01');
CREATE TABLE kpi_test.p2011 PARTITION OF kpi_test.part_sale FOR VALUES FROM ('2011-01-01') TO ('2012-01-01');
INSERT INTO kpi_test.sale
SELECT d, d + time '20:00' AT TIME ZONE 'UTC', 'r' || i % 4, i % 7, i % 10
FROM generate_series(1, 600) AS i CROSS JOIN LATERAL (SELECT date '2010-03-01' + i) AS x (d);
INSERT INTO kpi_test.part_sale SELECT * FROM kpi_test.sale WHERE day < '2012-01-01';

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('r0', 'north'),
	kpi.define_unit('r1', 'north'), kpi.define_unit('r2', 'company');
SELECT kpi.define_indicator(i || suffix, source => s, time_column => t, unit_column => 'region', numerator => n,
	denominator => d, combine => c, time_zone => 'Asia/Shanghai', windows => w, filter => f)
FROM (VALUES ('', 'kpi_test.sale'), ('_p', 'kpi_test.part_sale')) AS v (suffix, s)
	CROSS JOIN (VALUES ('amount', 'day', 'sum(amount)', 'count(*)', 'rows', '{month_ytd,month_r3}'::text[], NULL),
		('median', 'day', 'percentile_disc(0.5) WITHIN GROUP (ORDER BY amount)', NULL, 'rows', NULL, NULL),
		('customers', 'day', 'count(DISTINCT customer)', NULL, 'rows', NULL, 'amount > 2'),
		('stock', 'at', 'sum(amount)', NULL, 'last', NULL, NULL),
		('zoned', 'at', 'sum(amount)', NULL, 'rows', NULL, NULL)) AS i (i, t, n, d, c, w, f);

SELECT is(kpi.watch('kpi_test.sale'), 'kpi_test.sale', 'a table is watched');
SELECT is(kpi.watch('kpi_test.sale'), 'kpi_test.sale', 'and stays so');
SELECT kpi.watch('kpi_test.part_sale');
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'kpi_watch_%' AND tgenabled = 'A'), 16::bigint,
	'each partition has triggers of its own, which fire for replicas too');

-- what the rows give now, measured without what is kept
CREATE FUNCTION pg_temp.by_rows() RETURNS TABLE (indicator text, grain text, period_start date, unit text,
	value numeric, row_count bigint)
LANGUAGE sql AS $$
	SELECT i.indicator::text, m.grain, m.period_start, m.unit,
		CASE WHEN i.denominator IS NULL THEN m.numerator ELSE m.numerator / nullif(m.denominator, 0) END, m.row_count
	FROM kpi.indicator AS i
		CROSS JOIN LATERAL kpi_internal.measured(ARRAY[i.indicator], '2007-01-01', '2013-01-01') AS m
	WHERE m.unit IS NOT NULL AND m.grain IS NOT NULL AND i.indicator <> 'clock'
$$;
CREATE FUNCTION pg_temp.stored() RETURNS TABLE (indicator text, grain text, period_start date, unit text,
	value numeric, row_count bigint)
LANGUAGE sql AS $$
	SELECT m.indicator::text, m.grain::text, m.period_start, m.unit::text, m.value, m.row_count
	FROM kpi.measurement AS m WHERE m.origin = 'rows' AND m.indicator NOT LIKE 'stock%' AND m.indicator <> 'clock'
	UNION ALL SELECT m.indicator, m.grain, m.period_start, m.unit, m.value, m.row_count
	FROM kpi_internal.own_value AS m
$$;
CREATE FUNCTION pg_temp.collected(what text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	CALL kpi.collect(commit_each => false);
	IF EXISTS (SELECT FROM kpi.run_step AS s WHERE s.state = 'failed') THEN
		RETURN fail(what || ': ' || (SELECT string_agg(DISTINCT s.error, '; ') FROM kpi.run_step AS s
			WHERE s.state = 'failed'));
	END IF;
	RETURN set_eq('SELECT * FROM pg_temp.stored()', 'SELECT * FROM pg_temp.by_rows()', what);
END $$;
-- days read again by the last collection
CREATE FUNCTION pg_temp.dirty(suffix text, time_column text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kpi_internal.take_changes();
	RETURN (SELECT range_agg(r.dirty) FROM kpi_internal.reading AS r
			WHERE r.source LIKE '%.' || suffix AND r.time_column = dirty.time_column);
END $$;

SELECT pg_temp.collected('everything at first');
SELECT pg_temp.collected('and nothing once more');
SELECT is((SELECT sum(s.measurements) FROM kpi.run_step AS s WHERE s.run = (SELECT max(run) FROM kpi.run)), 0::bigint,
	'where nothing has changed nothing is computed');
SELECT is((SELECT (from_date, to_date)::text FROM kpi.run WHERE run = (SELECT max(run) FROM kpi.run)), '(,)',
	'a collection by changes has no days of its own');

-- each way to write
INSERT INTO kpi_test.sale VALUES ('2010-05-05', '2010-05-05 20:00Z', 'r1', 3, 5);
SELECT is(pg_temp.dirty('sale', 'day'), '{[2010-05-05,2010-05-06)}', 'a late row makes its day dirty');
SELECT is(pg_temp.dirty('sale', 'at'), '{[2010-05-05,2010-05-07)}', 'in a zone those that its day of UTC has there');
SELECT pg_temp.collected('a late row');
UPDATE kpi_test.sale SET day = '2011-04-04', at = '2011-04-04 16:00Z' WHERE day = '2010-05-05';
SELECT is(pg_temp.dirty('sale', 'day'), '{[2010-05-05,2010-05-06),[2011-04-04,2011-04-05)}',
	'a row that moves: both days');
SELECT pg_temp.collected('rows that move in time');
UPDATE kpi_test.sale SET region = 'r2' WHERE day = '2011-04-04';
SELECT pg_temp.collected('rows that change their unit');
UPDATE kpi_test.sale SET region = NULL, amount = NULL WHERE day = '2011-04-04';
SELECT pg_temp.collected('that lose it');
UPDATE kpi_test.sale SET day = NULL WHERE day = '2011-04-04';
SELECT pg_temp.collected('that lose their time');
DELETE FROM kpi_test.sale WHERE day BETWEEN '2010-06-01' AND '2010-06-30';
SELECT pg_temp.collected('a month that is gone');
SELECT is((SELECT count(*) FROM kpi.measurement WHERE indicator = 'amount' AND grain = 'month'
	AND period_start = '2010-06-01'),
	0::bigint, 'has no value');
INSERT INTO kpi_test.sale SELECT '2012-01-05', '2012-01-05 20:00Z', 'r0', 1, i FROM generate_series(1, 5) AS i;
SELECT pg_temp.collected('a new year');
WITH gone AS (DELETE FROM kpi_test.sale WHERE day = '2012-01-05' RETURNING *)
INSERT INTO kpi_test.sale SELECT '2009-12-31', '2009-12-31 20:00Z', region, customer, amount FROM gone;
SELECT pg_temp.collected('a statement that deletes and inserts');
SAVEPOINT before;
INSERT INTO kpi_test.sale VALUES ('2010-07-07', '2010-07-07 20:00Z', 'r1', 3, 5);
ROLLBACK TO before;
INSERT INTO kpi_test.sale VALUES ('2010-07-07', '2010-07-07 20:00Z', 'r1', 3, 7);
SELECT pg_temp.collected('what was told in a subtransaction that is undone is told again');
INSERT INTO kpi_test.sale VALUES ('2010-07-07', '2010-07-07 20:00Z', 'r1', 3, 7);
SELECT pg_temp.collected('and so is what was taken in meanwhile');
INSERT INTO kpi_test.sale VALUES ('infinity', '-infinity', 'r1', 3, 7);
SELECT pg_temp.collected('times without an end are of no day');
DELETE FROM kpi_test.sale WHERE false;
SELECT is((SELECT count(*) FROM kpi_internal.change_log), 0::bigint, 'no rows, nothing told');
INSERT INTO kpi_test.sale SELECT date '2007-01-02' + 2 * i, NULL, 'r1', 1, 1 FROM generate_series(1, 1010) AS i;
SELECT is((SELECT count(*) FROM kpi_internal.change_log AS c CROSS JOIN unnest(c.days)), 1::bigint,
	'too many stretches are one');
SELECT pg_temp.collected('many days at once');
DELETE FROM kpi_test.sale WHERE at IS NULL;
SELECT pg_temp.collected('and without them');

-- partitions
INSERT INTO kpi_test.p2010 VALUES ('2010-05-05', '2010-05-05 20:00Z', 'r1', 3, 50);
SELECT is(pg_temp.dirty('part_sale', 'day'), '{[2010-05-05,2010-05-06)}', 'a row written into a partition');
SELECT pg_temp.collected('is collected');
UPDATE kpi_test.part_sale SET day = '2011-05-05' WHERE day = '2010-05-05';
SELECT pg_temp.collected('rows that change their partition');
CREATE TABLE kpi_test.p2012 (LIKE kpi_test.part_sale);
INSERT INTO kpi_test.p2012 VALUES ('2012-02-02', '2012-02-02 20:00Z', 'r1', 3, 50);
ALTER TABLE kpi_test.part_sale ATTACH PARTITION kpi_test.p2012 FOR VALUES FROM ('2012-01-01') TO ('2013-01-01');
SELECT is(pg_temp.dirty('part_sale', 'day'), '{[2012-01-01,2013-01-01)}', 'a partition that was attached is dirty as '
	'a whole');
SELECT pg_temp.collected('and collected');
INSERT INTO kpi_test.p2012 VALUES ('2012-02-03', '2012-02-03 20:00Z', 'r1', 3, 50);
SELECT is(pg_temp.dirty('part_sale', 'day'), '{[2012-02-03,2012-02-04)}', 'from then on it has triggers');
SELECT pg_temp.collected('of its own');
ALTER TABLE kpi_test.part_sale DETACH PARTITION kpi_test.p2012;
SELECT is(pg_temp.dirty('part_sale', 'day'), '{[2012-01-01,2013-01-01)}', 'so is one that was detached');
SELECT pg_temp.collected('which is gone');
TRUNCATE kpi_test.p2011;
SELECT is(pg_temp.dirty('part_sale', 'day'), '{(,)}', 'of one that was emptied all is read');
SELECT pg_temp.collected('an emptied partition');

-- without a trigger
ALTER TABLE kpi_test.sale DISABLE TRIGGER USER;
INSERT INTO kpi_test.sale VALUES ('2010-09-09', '2010-09-09 20:00Z', 'r1', 3, 500);
ALTER TABLE kpi_test.sale ENABLE TRIGGER USER;
SELECT pg_temp.collected('rows written while the triggers were off');
ALTER TABLE kpi_test.sale DISABLE TRIGGER USER;
INSERT INTO kpi_test.sale VALUES ('2010-09-10', '2010-09-10 20:00Z', 'r1', 3, 500);
SELECT pg_temp.collected('and while they still are');
INSERT INTO kpi_test.sale VALUES ('2010-09-11', '2010-09-11 20:00Z', 'r1', 3, 500);
SELECT is(pg_temp.dirty('sale', 'day'), '{[2010-09-11,2010-09-12)}', 'which mends them');
SET LOCAL session_replication_role = replica;
INSERT INTO kpi_test.sale VALUES ('2010-09-12', '2010-09-12 20:00Z', 'r1', 3, 500);
SET LOCAL session_replication_role = origin;
SELECT is(pg_temp.dirty('sale', 'day'), '{[2010-09-11,2010-09-13)}', 'a replica tells');
ALTER TABLE kpi_test.sale ALTER COLUMN amount TYPE numeric USING amount * 2;
SELECT pg_temp.collected('rows that were rewritten');
DROP TRIGGER kpi_watch_update ON kpi_test.sale;
UPDATE kpi_test.sale SET amount = amount + 1;
SELECT pg_temp.collected('a trigger that was dropped');
ALTER TABLE kpi_test.sale RENAME amount TO price;
ALTER TABLE kpi_test.sale RENAME customer TO amount;
ALTER TABLE kpi_test.sale RENAME price TO customer;
SELECT pg_temp.collected('columns that changed their names');
TRUNCATE kpi_test.sale;
SELECT pg_temp.collected('an empty table');

-- what is not of rows
INSERT INTO kpi_test.sale
SELECT d, d + time '20:00' AT TIME ZONE 'UTC', 'r' || i % 4, i % 7, i % 10
FROM generate_series(1, 60) AS i CROSS JOIN LATERAL (SELECT date '2011-01-01' + 7 * i) AS x (d);
SELECT pg_temp.collected('new rows');
SELECT kpi.define_unit('r2', 'north', "from" => '2011-06-01');
SELECT pg_temp.collected('a unit that moves');
SELECT is((SELECT (dirty = '{}')::text FROM kpi_internal.reading AS r WHERE r.source = 'kpi_test.sale'
	AND time_column = 'day' LIMIT 1),
	'true', 'for which no row is read');
SELECT kpi.define_indicator('amount', numerator => 'sum(amount) + 1');
SELECT pg_temp.collected('another definition');
SELECT kpi.define_indicator('more', source => 'kpi_test.sale', time_column => 'day', unit_column => 'region',
	numerator => 'max(amount)',
	time_zone => 'Asia/Shanghai');
SELECT pg_temp.collected('one more indicator');
INSERT INTO kpi_test.sale VALUES ('2011-03-03', '2011-03-03 20:00Z', 'r1', 3, 500);
CALL kpi.collect(indicators => '{more}', commit_each => false);
INSERT INTO kpi_test.sale VALUES ('2011-05-03', '2011-05-03 20:00Z', 'r1', 3, 500);
CALL kpi.collect('2011-05', indicators => '{amount}', commit_each => false);
CALL kpi.collect(units => '{r1}', commit_each => false);
SELECT pg_temp.collected('what is collected in parts');
UPDATE kpi.measurement SET provisional = true WHERE indicator = 'more' AND grain = 'month';
CALL kpi.collect(commit_each => false);
SELECT is((SELECT count(*) FROM kpi.measurement WHERE indicator = 'more' AND provisional), 0::bigint,
	'what was provisional is no longer once its period is over');

-- at random
SELECT setseed(0.7) \g /dev/null
CREATE PROCEDURE pg_temp.write_at_random() LANGUAGE plpgsql AS $$
DECLARE
	day CONSTANT date := date '2010-01-01' + floor(random() * 730)::integer;
	name CONSTANT text := CASE WHEN random() < 0.5 THEN 'sale' ELSE 'part_sale' END;
BEGIN
	CASE floor(random() * 4)
		WHEN 0 THEN
			EXECUTE format('INSERT INTO kpi_test.%I SELECT $1 + i, $1 + i + time ''17:00'' AT TIME ZONE ''UTC'', ''r'' || i %% '
				'5, i, i
				FROM generate_series(1, 1 + floor(random() * 20)::integer) AS i WHERE $1 + i < ''2012-01-01''', name) USING day;
		WHEN 1 THEN
			EXECUTE format('UPDATE kpi_test.%I SET day = $1, at = at + interval ''40 days'', amount = amount + 1 WHERE day < '
				'$1 AND random() < 0.1', name)
			USING day;
		WHEN 2 THEN
			EXECUTE format('UPDATE kpi_test.%I SET region = ''r'' || floor(random() * 4) WHERE day > $1 AND random() < 0.1',
				name) USING day;
		ELSE
			EXECUTE format('DELETE FROM kpi_test.%I WHERE day > $1 AND random() < 0.1', name) USING day;
	END CASE;
END $$;
DO $$
BEGIN
	FOR n IN 1 .. 5 LOOP
		CALL pg_temp.write_at_random();
	END LOOP;
END $$;
SELECT pg_temp.collected('rows written at random');
DO $$
BEGIN
	FOR n IN 1 .. 20 LOOP
		CALL pg_temp.write_at_random();
	END LOOP;
END $$;
SELECT pg_temp.collected('and once more');

-- what cannot be watched, and what is not told
CREATE VIEW kpi_test.v AS SELECT * FROM kpi_test.sale;
CREATE MATERIALIZED VIEW kpi_test.m AS SELECT * FROM kpi_test.sale;
CREATE UNLOGGED TABLE kpi_test.u (day date);
CREATE TABLE kpi_test.timeless (a integer);
CREATE FOREIGN DATA WRAPPER kpi_test_wrapper;
CREATE SERVER kpi_test_server FOREIGN DATA WRAPPER kpi_test_wrapper;
CREATE FOREIGN TABLE kpi_test.f (day date) SERVER kpi_test_server;
SELECT throws_like(format('SELECT kpi.watch(%L)', s), '%cannot be watched: ' || s || ' ' || why || '%',
	s || ' ' || why)
FROM (VALUES ('kpi_test.v', 'is a view'), ('kpi_test.m', 'is a materialized view'),
	('kpi_test.f', 'is a foreign table'),
	('kpi_test.u', 'is unlogged')) AS v (s, why);
SELECT throws_ok($$ SELECT kpi.watch('kpi_test.timeless') $$, '22023', NULL, 'a table without a time');
SELECT throws_ok($$ SELECT kpi.watch('kpi_test.sail') $$, '22023', NULL, 'no such table');
SELECT throws_ok($$ SELECT kpi.watch(NULL) $$, '22004', NULL, 'no name');
SELECT throws_ok($$ SELECT kpi.unwatch(NULL) $$, '22004', NULL, 'no name');
CREATE FOREIGN TABLE kpi_test.p2013 PARTITION OF kpi_test.part_sale FOR VALUES FROM ('2013-01-01') TO ('2014-01-01')
	SERVER kpi_test_server;
SELECT throws_like($$ SELECT kpi.watch('kpi_test.part_sale') $$,
	'%cannot be watched: kpi_test.p2013 is a foreign table%',
	'a partition that no trigger sees');
DROP FOREIGN TABLE kpi_test.p2013;
SELECT throws_ok($$ CREATE TRIGGER t AFTER INSERT ON kpi_test.timeless
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.note_change();
	INSERT INTO kpi_test.timeless VALUES (1) $$, '39P01', NULL, 'a trigger of another kind');
SELECT kpi.define_indicator('clock', source => 'kpi_test.sale', time_column => 'day', numerator => 'count(*)',
	filter => 'day < current_date');
SELECT throws_like(format('SELECT kpi.define_indicator(''clock'', numerator => %L, filter => %L);
	CALL kpi.collect(indicators => ''{clock}'', commit_each => false)', e, f), '%nothing tells which periods%', w)
FROM (VALUES ('count(*)', 'day < current_date', 'a filter by the clock'), ('sum((SELECT 1))', 'true', 'a subselect'),
	('sum(amount * random())', 'true', 'chance'),
		('count(*)', 'age(at) > interval ''1 day''', 'the age of a row')) AS v (e, f, w);
SELECT lives_ok($$ CALL kpi.collect(commit_each => false) $$, 'which is passed over with the others');
SELECT lives_ok($$ CALL kpi.collect('2011', indicators => '{clock}', commit_each => false) $$,
	'and measured from the rows where asked for');
SELECT kpi.define_indicator('clock', numerator => 'count(*)', filter => 'at::date > ''2010-01-01'' AND '
	'date_trunc(''month'', at) IS NOT NULL');
SELECT lives_ok($$ CALL kpi.collect(indicators => '{clock}', commit_each => false) $$,
	'what goes by the zone alone is kept');

-- rights
CREATE ROLE regress_kpi_shop;
GRANT CREATE, USAGE ON SCHEMA kpi_test TO regress_kpi_shop;
CREATE ROLE regress_kpi_clerk;
GRANT USAGE ON SCHEMA kpi_test TO regress_kpi_clerk;
CREATE TABLE kpi_test.own (day date, amount integer);
ALTER TABLE kpi_test.own OWNER TO regress_kpi_shop;
GRANT INSERT ON kpi_test.own TO regress_kpi_clerk;
SET ROLE regress_kpi_clerk;
SELECT throws_ok($$ SELECT kpi.watch('kpi_test.own') $$, '42501', NULL, 'only the owner watches');
SET ROLE regress_kpi_shop;
SELECT is(kpi.watch('kpi_test.own'), 'kpi_test.own', 'who needs no right on our tables');
SET ROLE regress_kpi_clerk;
SELECT lives_ok($$ INSERT INTO kpi_test.own VALUES ('2011-01-01', 1) $$, 'nor does whoever writes');
SELECT throws_ok($$ SELECT kpi.unwatch('kpi_test.own') $$, '42501', NULL, 'only the owner ends it');
RESET ROLE;
SELECT is((SELECT count(*) FROM kpi_internal.change_log WHERE relation = 'kpi_test.own'::regclass), 1::bigint,
	'and is told of');
SELECT throws_ok($$ SELECT kpi_internal.drop_watched('kpi_test.own') $$, '55000', NULL,
	'what is watched stays so with its triggers');
SELECT throws_ok($$ SELECT kpi_internal.keep_watched('kpi_test.timeless') $$, '55000', NULL,
	'and is not without them');
SET ROLE regress_kpi_shop;
SELECT is(kpi.unwatch('kpi_test.own'), true, 'the owner ends it');
SELECT is(kpi.unwatch('kpi_test.own'), false, 'once');
RESET ROLE;

-- a schedule, without pg_cron
SELECT throws_ok($$ SELECT kpi.schedule(NULL) $$, '22004', NULL, 'no time');
SELECT throws_ok(format('SELECT kpi.schedule(%L)', t), '22023', NULL, 'no time of cron: ' || t)
FROM unnest('{"",daily,1 2 3 4,1 2 3 4 5 6}'::text[]) AS t;
SELECT throws_ok($$ SELECT kpi.schedule('5 2 * * *', '{nothing}') $$, '22023', NULL, 'no such indicator');
SELECT throws_ok($$ SELECT kpi.schedule('5 2 * * *') $$, '0A000', NULL, 'no pg_cron');
SELECT is(kpi_internal.shell_word('it''s 5 %'), E'\'it\'\\\'\'s 5 \\%\'', 'a word of a line of cron');

-- the end
SELECT is(kpi.unwatch('kpi_test.part_sale'), true, 'a partitioned table is watched no longer');
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'kpi_watch_%' AND tgrelid <> 'kpi_test.sale'::regclass
	AND tgrelid <> 'kpi_test.p2012'::regclass), 0::bigint, 'nor are its partitions');
DROP TABLE kpi_test.sale CASCADE;
SELECT is(kpi.unwatch('kpi_test.sale'), true, 'nor is a table that is gone');
SELECT is((SELECT count(*) FROM kpi_internal.kept), 0::bigint, 'nothing is kept');

SELECT * FROM finish();
ROLLBACK;
