-- Watched sources: one new day of rows among ten million, each time the next
-- one, late in the year; and what writing costs whose days are told.

CREATE SCHEMA watched;
SET search_path = bench;
SELECT setseed(0.5) \g /dev/null
CREATE TABLE watched.sale AS
SELECT date '2024-01-01' + (i * 697 / 10000000)::integer AS day, 'region' || floor(random() * 12)::integer AS region,
	   (random() * 10000)::numeric(12,2) AS actual, (random() * 10000 + 1)::numeric(12,2) AS target
FROM generate_series(0, 9999999::bigint) AS i;
CREATE INDEX ON watched.sale (day);
VACUUM (FREEZE, ANALYZE) watched.sale;
-- the same rows, which nobody watches
CREATE VIEW watched.unwatched AS SELECT * FROM watched.sale;
CREATE MATERIALIZED VIEW watched.summary AS
SELECT date_trunc('month', day) AS month, region, sum(actual) / nullif(sum(target), 0) AS value, count(*) AS row_count
FROM watched.sale GROUP BY 1, 2;
SELECT kpi.define_unit(u, p) FROM (SELECT 'company', NULL UNION ALL SELECT 'region' || i, 'company'
	FROM generate_series(0, 11) AS i) AS v (u, p)
WHERE NOT EXISTS (SELECT FROM kpi.unit AS k WHERE k.unit = v.u) \g /dev/null
SELECT kpi.define_indicator(i, source => s, time_column => 'day', unit_column => 'region',
							numerator => 'sum(actual)', denominator => 'sum(target)')
FROM (VALUES ('watched', 'watched.sale'), ('unwatched', 'watched.unwatched')) AS v (i, s) \g /dev/null
SELECT kpi.watch('watched.sale') \g /dev/null
SET client_min_messages = warning;
CALL kpi.collect(indicators => '{watched}');
CALL kpi.collect('2024', '2025', '{unwatched}');

CALL compare('collect one new day of ten million rows / all of them',
	$$CALL kpi.collect(indicators => '{watched}', commit_each => false)$$,
	$$CALL kpi.collect('2024', '2025', '{unwatched}', commit_each => false)$$, 0.02, 0.01,
	before => $$INSERT INTO watched.sale SELECT (SELECT max(day) + 1 FROM watched.sale), region, actual, target
		FROM watched.sale WHERE day = '2024-02-01'$$);
CALL compare('collect one new day of ten million rows / refresh a materialized view of month by region',
	$$CALL kpi.collect(indicators => '{watched}', commit_each => false)$$,
	$$REFRESH MATERIALIZED VIEW watched.summary$$, 0.03, 0.015,
	before => $$INSERT INTO watched.sale SELECT (SELECT max(day) + 1 FROM watched.sale), region, actual, target
		FROM watched.sale WHERE day = '2024-02-01'$$);

-- each statement a transaction of its own would be; here each has a day of its own, so that nothing is told only once
CREATE TABLE watched.plain (day date, region text, actual numeric, target numeric);
CREATE INDEX ON watched.plain (day);
CREATE TABLE watched.told (LIKE watched.plain INCLUDING INDEXES);
SELECT kpi.watch('watched.told') \g /dev/null
CREATE PROCEDURE watched.insert_rows(name text, batch integer, batches integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR n IN 1 .. batches LOOP
		EXECUTE format('INSERT INTO watched.%I SELECT date ''2025-01-01'' + %s, ''north'', i, i FROM generate_series(1, %s) '
			'AS i', name, n % 500, batch);
	END LOOP;
END $$;
CALL compare('insert rows one by one, watched / not',
	$$CALL watched.insert_rows('told', 1, 5000)$$, $$CALL watched.insert_rows('plain', 1, 5000)$$, 1.4, 1.2);
CALL compare('insert 100 rows at once, watched / not',
	$$CALL watched.insert_rows('told', 100, 500)$$, $$CALL watched.insert_rows('plain', 100, 500)$$, 1.5, 1.2);
CALL compare('insert 10,000 rows at once, watched / not',
	$$CALL watched.insert_rows('told', 10000, 10)$$, $$CALL watched.insert_rows('plain', 10000, 10)$$, 1.3, 1.1);
SELECT kpi.unwatch('watched.sale'), kpi.unwatch('watched.told') \g /dev/null
DROP SCHEMA watched CASCADE;
