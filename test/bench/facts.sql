-- One table of facts.
--
-- psql variables: shape (wide or narrow), rows

SELECT format('%s_%s', :'shape', :rows) AS facts \gset

CREATE SCHEMA :facts;
SET search_path = :facts;
SELECT setseed(0.5) \g /dev/null

SELECT :'shape' = 'wide' AS wide \gset
\if :wide
-- a text of varying length in front of the measures
CREATE TABLE facts AS
SELECT i / 1000 % 200 AS day, i % 1000 AS unit, 'region ' || i % 17 AS region,
	   random() * 100 AS score, random() * 10 AS weight,
	   (random() * 100000)::numeric(12,2) AS actual, (random() * 100000 + 1)::numeric(12,2) AS target
FROM generate_series(1, :rows) AS i;
\else
CREATE TABLE facts AS
SELECT i / 1000 % 200 AS day, i % 1000 AS unit, random() * 100 AS score, random() * 10 AS weight,
	   (random() * 100000)::numeric(12,2) AS actual, (random() * 100000 + 1)::numeric(12,2) AS target
FROM generate_series(1, :rows) AS i;
\endif
-- twice: the first time does not always reach the rows just written
VACUUM (FREEZE, ANALYZE) facts;
VACUUM (FREEZE) facts;
SELECT count(*) FROM facts \g /dev/null
