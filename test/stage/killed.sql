-- What the sessions of the stage killed do, turn by turn, and what there is to be afterwards.

CREATE SCHEMA harness_kill;
CREATE TABLE harness_kill.drawn AS SELECT CAST(:seed AS bigint) AS seed;
-- a number from 0 to below size for each seat, turn and purpose
CREATE FUNCTION harness_kill.draw(seat text, turn integer, purpose text, size integer) RETURNS integer
	LANGUAGE sql STABLE
	RETURN abs(hashtextextended(concat_ws('/', seat, turn, purpose), (SELECT d.seed FROM harness_kill.drawn AS d))
		% size)::integer;

CREATE TABLE harness_kill.seat (seat text PRIMARY KEY, turn integer NOT NULL DEFAULT 0);
INSERT INTO harness_kill.seat SELECT unnest('{collector_1,collector_2,writer_1,writer_2,editor}'::text[]);
CREATE TABLE harness_kill.sale (id bigint PRIMARY KEY, day date, region text, amount numeric);
-- enough rows for a collection of a whole month to last
CREATE VIEW harness_kill.first_sale AS
	SELECT CAST(n AS bigint) AS id, date '2024-01-01' + n % 731 AS day,
		(ARRAY['north', 'south', NULL])[1 + n % 3] AS region, CAST(n % 997 AS numeric) AS amount
	FROM generate_series(1, 60000) AS n;
INSERT INTO harness_kill.sale TABLE harness_kill.first_sale;

-- The rows that a writer inserts in a turn, of which a later one moves some and deletes others
CREATE FUNCTION harness_kill.batch(seat text, turn integer)
	RETURNS TABLE (id bigint, day date, region text, amount numeric)
	LANGUAGE sql STABLE AS $$
	SELECT (1 + right(seat, 1)::integer) * 1000000 + turn * 100 + k,
		date '2024-01-01' + harness_kill.draw(seat, turn, 'day', 731),
		(ARRAY['north', 'south'])[1 + harness_kill.draw(seat, turn, 'region' || k, 2)],
		CAST(1 + harness_kill.draw(seat, turn, 'amount' || k, 5000) AS numeric)
	FROM generate_series(0, 9) AS k
$$;
CREATE FUNCTION harness_kill.write(seat text, turn integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO harness_kill.sale SELECT * FROM harness_kill.batch(seat, turn);
	UPDATE harness_kill.sale AS s SET day = s.day - 40, amount = s.amount + 1
	FROM harness_kill.batch(seat, turn - 1) AS b WHERE s.id = b.id AND b.id % 3 = 0;
	DELETE FROM harness_kill.sale AS s
	USING harness_kill.batch(seat, turn - 2) AS b WHERE s.id = b.id AND b.id % 4 = 1;
$$;
-- of targets, weights and entries one a turn
CREATE VIEW harness_kill.edit AS
	SELECT n AS turn, (ARRAY['target', 'weight', 'entry'])[1 + harness_kill.draw('editor', n, 'what', 3)] AS what,
		(ARRAY['a', 'b', 'c'])[1 + harness_kill.draw('editor', n, 'indicator', 3)] AS indicator,
		format('2024-%s', to_char(1 + harness_kill.draw('editor', n, 'month', 12), 'FM00')) AS month,
		1 + harness_kill.draw('editor', n, 'value', 900) AS value
	FROM generate_series(1, (SELECT max(s.turn) + 1 FROM harness_kill.seat AS s)) AS n;
CREATE FUNCTION harness_kill.edit(turn integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	e harness_kill.edit := (SELECT e FROM harness_kill.edit AS e WHERE e.turn = edit.turn);
BEGIN
	CASE e.what
		WHEN 'target' THEN PERFORM kpi.set_target(e.indicator, 'company', e.month, e.value, reason => 'turn ' || turn);
		WHEN 'weight' THEN PERFORM kpi.set_weight('card', e.indicator, e.value);
		ELSE PERFORM kpi.enter('judged', 'company', e.month, e.value);
	END CASE;
END $$;
-- A turn counts last, so a session that is killed before takes it again.
CREATE FUNCTION harness_kill.take_turn(seat text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	number integer := (SELECT s.turn + 1 FROM harness_kill.seat AS s WHERE s.seat = take_turn.seat);
BEGIN
	IF seat LIKE 'writer%' THEN
		PERFORM harness_kill.write(seat, number);
	ELSIF seat = 'editor' THEN
		PERFORM harness_kill.edit(number);
	END IF;
	UPDATE harness_kill.seat AS s SET turn = number WHERE s.seat = take_turn.seat;
END $$;

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company');
SELECT kpi.define_indicator(i, source => 'harness_kill.sale', time_column => 'day', unit_column => 'region',
	numerator => n, denominator => d)
FROM (VALUES ('a', 'sum(amount)', NULL), ('b', 'sum(amount)', 'count(*)'), ('c', 'count(DISTINCT amount)', NULL))
	AS v (i, n, d);
SELECT kpi.define_indicator('judged', combine => 'average');
SELECT kpi.define_scorecard('card');
SELECT kpi.set_weight('card', i, 1) FROM unnest('{a,b,c,judged}'::text[]) AS i;
SELECT kpi.watch('harness_kill.sale');
CALL kpi.collect('2024', '2025');
-- where a session is killed: what it writes, and in any case its turn
SELECT harness.hold_at('{harness_kill.seat,harness_kill.sale,kpi_internal.change_log,kpi.run,kpi.run_step,
	kpi.measurement,kpi.result,kpi_internal.mark,kpi.target,kpi.scorecard_node,kpi.entry}');

-- What there is to be, by plain SQL

CREATE VIEW harness_kill.sale_expected AS
	SELECT * FROM harness_kill.first_sale
	UNION ALL
	SELECT b.id, CASE WHEN moved THEN b.day - 40 ELSE b.day END, b.region,
		CASE WHEN moved THEN b.amount + 1 ELSE b.amount END
	FROM harness_kill.seat AS s CROSS JOIN LATERAL generate_series(1, s.turn) AS n
		CROSS JOIN LATERAL harness_kill.batch(s.seat, n) AS b
		CROSS JOIN LATERAL (SELECT b.id % 3 = 0 AND n < s.turn AS moved) AS m
	WHERE s.seat LIKE 'writer%' AND NOT (b.id % 4 = 1 AND n < s.turn - 1);
CREATE VIEW harness_kill.measured AS
	SELECT m.indicator::text, m.unit::text, m.grain::text, m.period_start, m.value FROM kpi.measurement AS m
	WHERE m.indicator <> 'judged' AND m.grain IN ('month', 'quarter', 'year') AND m.value IS NOT NULL;
CREATE VIEW harness_kill.measured_expected AS
	SELECT i.indicator, u.unit, g.grain, date_trunc(g.grain, s.day)::date AS period_start,
		CASE i.indicator WHEN 'a' THEN sum(s.amount) WHEN 'b' THEN sum(s.amount) / count(*)
			ELSE count(DISTINCT s.amount) END AS value
	FROM harness_kill.sale_expected AS s CROSS JOIN LATERAL (VALUES ('company'), (s.region)) AS u (unit)
		CROSS JOIN unnest('{month,quarter,year}'::text[]) AS g (grain)
		CROSS JOIN unnest('{a,b,c}'::text[]) AS i (indicator)
	WHERE u.unit IS NOT NULL
	GROUP BY 1, 2, 3, 4;
CREATE VIEW harness_kill.edited AS
	SELECT 'target' AS what, t.indicator || '/' || to_char(lower(t.period), 'YYYY-MM') AS key, t.target AS value
	FROM kpi.target AS t
	UNION ALL SELECT 'weight', n.indicator, n.weight FROM kpi.scorecard_node AS n WHERE n.indicator <> 'judged'
	UNION ALL SELECT 'entry', to_char(e.period_start, 'YYYY-MM'), e.value FROM kpi.entry AS e;
CREATE VIEW harness_kill.edited_expected AS
	SELECT DISTINCT ON (e.what, e.key) e.what, e.key, e.value
	FROM (SELECT 0 AS turn, 'weight' AS what, i AS key, CAST(1 AS numeric) AS value FROM unnest('{a,b,c}'::text[]) AS i
		  UNION ALL
		  SELECT x.turn, x.what, CASE x.what WHEN 'target' THEN x.indicator || '/' || x.month WHEN 'weight' THEN x.indicator
											 ELSE x.month END, x.value
		  FROM harness_kill.edit AS x JOIN harness_kill.seat AS s ON s.seat = 'editor' AND x.turn <= s.turn) AS e
	ORDER BY e.what, e.key, e.turn DESC;
