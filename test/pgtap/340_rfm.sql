-- rfm against plain SQL for every type of time and unit, any split, order and
-- plan, and the published summary of a known data set.
\set file cdnow/CDNOW_sample.txt
\ir data.sql

BEGIN;
\ir lib.sql
SELECT no_plan();

-- customers with one to two thousand purchases, around the two changes of the
-- clock and before 2000, in no order
CREATE TABLE purchase AS
SELECT n % 97 AS customer,
	timestamptz '1998-06-01 00:00+00' + (abs(hashint4(n)) % 94608000) * interval '1 second' * CASE WHEN n % 97 < 20
		THEN 0.02 ELSE 1 END AS at,
	(hashint4(n + 7) % 100000) / 100.0 AS amount
FROM generate_series(1, 12000) n
WHERE n % 97 < 5 OR hashint4(n % 97 * 1000 + n / 97) % 3 = 0 OR n < 98;
INSERT INTO purchase SELECT 97, timestamptz '1999-01-01' + k * interval '1 day', 1 FROM generate_series(2000, 1, -1) k;
ANALYZE purchase;

-- one transaction a slot, in plain SQL; ages in slots divided by the length of a unit in slots
CREATE FUNCTION plain(slots text, last text, per_unit float8)
	RETURNS TABLE (customer integer, frequency integer, recency float8, t float8, monetary_value float8)
		LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('
		SELECT customer, count(*)::integer - 1, (max(slot) - min(slot)) / $1, (%2$s - min(slot)) / $1,
		(avg(money) FILTER (WHERE place > 1))::float8
		FROM (SELECT customer, slot, sum(amount) AS money, row_number() OVER (PARTITION BY customer
		ORDER BY slot) AS place
			FROM (SELECT customer, amount, (%1$s)::float8 AS slot FROM purchase) p WHERE slot <= %2$s
			GROUP BY customer, slot) d
		GROUP BY customer', slots, last) USING per_unit;
END $$;
CREATE FUNCTION differing(query text, slots text, last text, per_unit float8) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	answer bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM (%s) r FULL JOIN plain($1, $2, $3) p USING (customer)
		WHERE r.frequency IS DISTINCT FROM p.frequency OR NOT alike(r.recency, p.recency, 1e-14) OR NOT alike(r.t,
		p.t, 1e-14)
			OR NOT alike(r.monetary_value, p.monetary_value, 1e-12)', query) INTO answer USING slots, last, per_unit;
	RETURN answer;
END $$;

SET LOCAL TimeZone = 'UTC';
SELECT is(differing($$SELECT customer, (kpi.rfm(at::date, amount, '2000-12-31', '1 day')).* FROM purchase
	GROUP BY customer$$,
	$$at::date - date '2000-01-01'$$, $$(date '2000-12-31' - date '2000-01-01')::float8$$, 1), 0::bigint,
	'dates by day');
SELECT is(differing($$SELECT customer, (kpi.rfm(at::timestamp, amount, '2000-12-31 05:00', '7 days')).* FROM purchase
	GROUP BY customer$$,
	$$at::date - date '2000-01-01'$$, $$(date '2000-12-31' - date '2000-01-01')::float8$$, 7), 0::bigint,
	'timestamps, days counted in weeks');
SELECT is(differing($$SELECT customer, (kpi.rfm(at, amount::float8, '2000-12-31 05:00', '30.5 days')).* FROM purchase
	GROUP BY customer$$,
	$$at::date - date '2000-01-01'$$, $$(date '2000-12-31' - date '2000-01-01')::float8$$, 30.5), 0::bigint,
	'timestamps with zone and float8 money, in units of 30.5 days');
SELECT is(differing($$SELECT customer, (kpi.rfm(at, amount, '2000-12-31 05:59:59', '6 hours')).* FROM purchase
	GROUP BY customer$$,
	$$floor(extract(epoch FROM at) / 21600)$$,
	$$floor(extract(epoch FROM timestamptz '2000-12-31 05:59:59') / 21600)$$, 1), 0::bigint, 'by six hours');
SELECT is(differing($$SELECT customer, (kpi.rfm(at::date, amount, '2000-12-31', '12 hours')).* FROM purchase
	GROUP BY customer$$,
	$$2 * (at::date - date '2000-01-01')$$, $$2 * (date '2000-12-31' - date '2000-01-01')::float8$$, 1), 0::bigint,
	'dates by half a day');
SELECT is(differing($$SELECT customer, (kpi.rfm(at, amount, '2000-12-01', '3 months')).* FROM purchase
	GROUP BY customer$$,
	$$extract(year FROM at) * 4 + extract(quarter FROM at)$$, $$2000 * 4 + 4.0$$, 1), 0::bigint, 'by quarter');
SELECT is(differing($$SELECT customer, (kpi.rfm(at::date, amount, '2000-12-01', '1 year')).* FROM purchase
	GROUP BY customer$$,
	$$extract(year FROM at)$$, $$2000.0$$, 1), 0::bigint, 'dates by year');
SET LOCAL TimeZone = 'America/New_York';
SELECT is(differing($$SELECT customer, (kpi.rfm(at, amount, '2000-12-31 12:00', '1 day')).* FROM purchase
	GROUP BY customer$$,
	$$at::date - date '2000-01-01'$$, $$(date '2000-12-31' - date '2000-01-01')::float8$$, 1), 0::bigint,
	'days of New York');
SELECT is(differing($$SELECT customer, (kpi.rfm(at, amount, '2000-12-31 12:00', '1 month')).* FROM purchase
	GROUP BY customer$$,
	$$extract(year FROM at) * 12 + extract(month FROM at)$$, $$2000 * 12 + 12.0$$, 1), 0::bigint,
	'months of New York');
SET LOCAL TimeZone = 'Australia/Lord_Howe';
SELECT is(differing($$SELECT customer, (kpi.rfm(at, amount, '2000-12-31 12:00', '1 day')).* FROM purchase
	GROUP BY customer$$,
	$$at::date - date '2000-01-01'$$, $$(date '2000-12-31' - date '2000-01-01')::float8$$, 1), 0::bigint,
	'days where the clock moves by half an hour');
SET LOCAL TimeZone = 'UTC';

-- any order, any split, through text and binary, from workers
CREATE TEMP TABLE whole AS SELECT customer, kpi.rfm(at, amount, '2000-12-31', '7 days') AS r FROM purchase
GROUP BY customer;
SELECT is_empty(format($$SELECT customer, kpi.rfm(at, amount, '2000-12-31', '7 days' ORDER BY %s) FROM purchase
	GROUP BY customer
	EXCEPT SELECT * FROM whole$$, sorting), 'ordered by ' || sorting)
FROM unnest('{at, at DESC, hashint4(extract(epoch FROM at)::integer), amount}'::text[]) sorting;
CREATE TEMP TABLE part AS
	SELECT customer, kpi.rfm_history(at, amount, '2000-12-31', '7 days') AS h FROM purchase GROUP BY customer,
		hashint4(extract(epoch FROM at)::integer) % 7;
SELECT is_empty($$SELECT customer, kpi.rfm(kpi.rollup(h)) FROM part GROUP BY customer EXCEPT SELECT * FROM whole$$,
	'split in seven');
SELECT is_empty($$SELECT customer, kpi.rfm(kpi.rollup(h::text::kpi.rfm_state)) FROM part GROUP BY customer
	EXCEPT SELECT * FROM whole$$, 'through text');
SELECT is(kpi_internal.rfm_state_send(h), kpi_internal.rfm_state_send(h::text::kpi.rfm_state),
	'binary and text hold the same')
FROM part WHERE customer = 97 LIMIT 1;
SELECT is_empty($$SELECT customer, kpi.rfm(kpi_internal.rfm_state_combine(max, NULL))
	FROM (SELECT customer, kpi.rollup(h) AS max FROM part GROUP BY customer) s EXCEPT SELECT * FROM whole$$,
	'combined with nothing');
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL enable_sort = off;
SELECT matches(plan_of($$SELECT customer, kpi.rfm(at, amount, '2000-12-31', '7 days') FROM purchase
	GROUP BY customer$$), 'Partial HashAggregate', 'a parallel plan');
SELECT is_empty($$SELECT customer, kpi.rfm(at, amount, '2000-12-31', '7 days') FROM purchase GROUP BY customer
	EXCEPT SELECT * FROM whole$$, 'by parallel workers');
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SET LOCAL enable_sort = on;

-- as a window: the final function leaves the state as it is
SELECT is_empty($$
	SELECT frequency, days FROM (
		SELECT (kpi.rfm(at, amount, '2000-12-31', '1 day') OVER w).frequency, at FROM purchase WHERE customer = 97
			WINDOW w AS (ORDER BY hashint4(extract(epoch FROM at)::integer), at)) r
	JOIN (SELECT count(*) FILTER (WHERE at < '2001-01-01') OVER w - 1 AS days, at FROM purchase WHERE customer = 97
		WINDOW w AS (ORDER BY hashint4(extract(epoch FROM at)::integer), at)) c USING (at)
	WHERE days >= 0 AND frequency IS DISTINCT FROM days $$, 'as a window');

-- weights are rows
SELECT is((kpi.rfm(at, amount, '2000-12-31', '1 day', 3)).monetary_value::numeric(20, 6),
	(3 * (kpi.rfm(at, amount, '2000-12-31', '1 day')).monetary_value)::numeric(20, 6), 'three times the money')
FROM purchase WHERE customer = 5;

-- states from elsewhere
SELECT throws_ok(format('SELECT %L::kpi.rfm_state', s), code, NULL, s)
FROM (VALUES ('', '22P02'), ('1', '22P02'), ('9 0 1 1 0 0 0 0 1 1', '22P03'), ('1 4 100 1 0 0 0 0 1 1', '22P02'),
	('1 0 100 1 0 0 0 0 0', '22P02'),
	('1 0 100 1 0 0 0 0 1', '22P02'), ('1 0 100 1 0 0 0 0 1 7 8', '22P02'), ('1 0 100 1 0 0 0 0 2 8 7', '22P02'),
	('1 0 100 1 0 0 0 0 2000000000 7', '22P02'),
	('1 0 100 1 0 0 5 0 1 7', '22P02'), ('1 2 100 1 0 0 0 0 1 7', '22P02'),
	('1 0 100 -99999999999 0 0 0 0 1 7', '22P02')) v (s, code);
SELECT is('1 0 100 1 0 0 5 0 2 7 8'::kpi.rfm_state::text, '1 0 100 1 0 0 5 0 2 7 8',
	'a state from elsewhere that is one');
SELECT is((kpi.rfm('1 0 9223372036854775807 1 0 0 5 0 2 -9223372036854775808 8'::kpi.rfm_state)).frequency, 1,
	'ends of the range');

-- the text form of a history is one, whatever the order and the parts, though no
-- float8 holds these sums
CREATE TEMP TABLE spent AS
SELECT k, date '2024-01-01' + k::integer / 2 AS at, a AS amount
FROM unnest('{0.1, 0.2, 0.3, 1000000.7, 3.3, 1e-3, -0.7, 12345678.9, 1e10, -1e10}'::float8[]) WITH ORDINALITY u (a, k);
SELECT is(count(DISTINCT history), 1::bigint, 'the text form in any order') FROM (
	SELECT kpi.rfm_history(at, amount, '2024-12-31', '1 day' ORDER BY hashint8extended(k, sorting))::text AS history
	FROM spent, generate_series(1, 200) sorting GROUP BY sorting) h;
SELECT is(count(DISTINCT history), 1::bigint, 'the text form of merged parts') FROM (
	SELECT parts, kpi.rollup(part ORDER BY hashint8extended(p, parts))::text AS history
	FROM (SELECT parts, hashint8extended(k, parts) % 3 AS p,
			kpi.rfm_history(at, amount, '2024-12-31', '1 day' ORDER BY hashint8extended(k, parts + 1)) AS part
		FROM spent, generate_series(1, 100) parts GROUP BY 1, 2) q GROUP BY parts) h;

\if :present
CREATE TEMP TABLE line (master integer, id integer, bought date, discs integer, amount numeric);
\copy line FROM PROGRAM 'sed -E "s/ +/ /g; s/^ //; s/ ?\r?$//" "$KPI_DATA/cdnow/CDNOW_sample.txt"' WITH (DELIMITER ' ')
CREATE TEMP TABLE cdnow AS SELECT id, bought, amount FROM line;
CREATE TEMP TABLE published (id integer, x integer, t_x numeric, t numeric, zbar numeric);
\copy published FROM PROGRAM 'cat "$KPI_DATA"/lifetime/cdnow_customers_*_transactions.csv' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE summary AS SELECT id, (kpi.rfm(bought, amount, '1997-09-30', '7 days')).* FROM cdnow GROUP BY id;
SELECT results_eq('SELECT id, frequency, recency::numeric(8, 2), t::numeric(8, 2), coalesce(monetary_value,
	0)::numeric(8, 2) FROM summary ORDER BY id',
	'SELECT id, x, t_x::numeric(8, 2), t::numeric(8, 2), zbar::numeric(8, 2) FROM published ORDER BY id',
	'CDNOW: the published summary, row for row');
SELECT is(count(*) || ' ' || sum(frequency) || ' ' || max(frequency) || ' ' || count(*) FILTER (WHERE frequency = 0),
	'2357 2457 29 1411', 'CDNOW: the published counts') FROM summary;
SELECT is_empty($$
	SELECT * FROM summary s FULL JOIN (
		SELECT id, count(*) - 1 AS frequency, (max(bought) - min(bought)) / 7.0 AS recency,
			(date '1997-09-30' - min(bought)) / 7.0 AS t, avg(money) FILTER (WHERE place > 1) AS monetary_value
		FROM (SELECT id, bought, sum(amount) AS money, row_number() OVER (PARTITION BY id ORDER BY bought) AS place
			FROM cdnow WHERE bought <= '1997-09-30' GROUP BY id, bought) d GROUP BY id) p USING (id)
	WHERE s.frequency IS DISTINCT FROM p.frequency OR NOT alike(s.recency, p.recency::float8, 0)
		OR NOT alike(s.t, p.t::float8, 1e-15) OR NOT alike(s.monetary_value, p.monetary_value::float8, 1e-12) $$,
	'CDNOW: plain SQL, row for row');
SELECT ok(near(log_likelihood, -9582.42921, 1e-9), 'CDNOW: and what it says to BG/NBD')
FROM (SELECT (kpi.clv_bgnbd_fit(frequency, recency, t)).* FROM summary) f;
\else
SELECT skip_without(:'file', 4);
\endif

SELECT * FROM finish();
ROLLBACK;
