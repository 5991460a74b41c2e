SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
-- purchases of five customers
CREATE TEMP TABLE purchase (customer text, bought timestamp, amount numeric(10,2));
INSERT INTO purchase VALUES
	('often', '2024-01-03 09:00', 10), ('often', '2024-01-03 18:00', 5),
	('often', '2024-01-10 12:00', 20), ('often', '2024-01-10 12:30', 2.5),
	('often', '2024-02-29 23:59:59.999999', 30), ('often', '2024-03-31 10:00', 7.5),
	('once', '2024-02-01 10:00', 12), ('once', '2024-02-01 11:00', 13),
	('last day', '2024-01-01 00:00', 1), ('last day', '2024-03-31 23:59', 2),
	('too late', '2024-04-01 00:00', 99),
	('unknown', '2024-01-05 10:00', NULL), ('unknown', '2024-01-12 10:00', 4), ('unknown', '2024-01-26 10:00', 6);

SELECT customer, (kpi.rfm(bought, amount, '2024-03-31', '1 day')).*
FROM purchase GROUP BY customer ORDER BY customer;
SELECT customer, (kpi.rfm(bought::date, amount::float8, '2024-03-31', '7 days')).*
FROM purchase GROUP BY customer ORDER BY customer;
-- calendar months, quarters, hours; a unit that is not a whole number of days
SELECT customer, unit, (kpi.rfm(bought, amount, '2024-03-31 23:59', unit::interval)).*
FROM purchase, unnest('{1 month, 3 months, 1 hour, 36 hours, 30 minutes}'::text[]) WITH ORDINALITY u (unit, place)
WHERE customer = 'often' GROUP BY customer, place, unit ORDER BY place;

-- the day of as_of counts as a whole, what comes after it does not
SELECT (kpi.rfm(bought, amount, as_of, '1 day')).* FROM purchase,
	unnest('{2024-01-09, 2024-01-10, 2024-01-10 12:00}'::timestamp[]) as_of
WHERE customer = 'often' GROUP BY as_of ORDER BY as_of;
SELECT kpi.rfm(bought, amount, '2023-12-31', '1 day') FROM purchase;

-- money that is not known: in the first purchase it does not matter, later it does
SELECT (kpi.rfm(ts, amount, '2024-01-31', '1 day')).*
FROM (VALUES (date '2024-01-01', 1::float8), ('2024-01-02', 'NaN'), ('2024-01-03', 3)) v (ts, amount);
SELECT (kpi.rfm(ts, amount, '2024-01-31', '1 day')).*
FROM (VALUES (date '2024-01-03', 3::float8), ('2024-01-02', 2), ('2024-01-01', '-Infinity')) v (ts, amount);
SELECT (kpi.rfm(ts, amount, '2024-01-31', '1 day')).*
FROM (VALUES (date '2024-01-03', 3), ('2024-01-02', NULL), ('2024-01-01', 2)) v (ts, amount);
SELECT (kpi.rfm(ts, NULL, '2024-01-31', '1 day')).*
FROM (VALUES (date '2024-01-03'), ('2024-01-01')) v (ts);
-- returns are money too; the wide numerics
SELECT (kpi.rfm(ts, amount, '2024-01-31', '1 day')).*
FROM (VALUES (date '2024-01-01', 5.0), ('2024-01-02', 1e20), ('2024-01-02', -1e20), ('2024-01-03', 1e-20))
	v (ts, amount);
-- rows without a time are left out
SELECT (kpi.rfm(ts, 1, '2024-01-31', '1 day')).*
FROM (VALUES (date '2024-01-03'), (NULL), ('-infinity'), ('infinity'), ('2024-01-10')) v (ts);
SELECT kpi.rfm(ts, 1, '2024-01-31', '1 day') FROM (VALUES (date '-infinity'), (NULL)) v (ts);
SELECT kpi.rfm(bought, amount, '2024-01-31', '1 day') FROM purchase WHERE false;

-- weights: a row for many
SELECT (kpi.rfm(ts, price, '2024-01-31', '1 day', quantity)).*
FROM (VALUES (date '2024-01-01', 5.0, 1), ('2024-01-05', 2.5, 4), ('2024-01-05', 1.0, 2), ('2024-01-09', 3.0, 0),
	('2024-01-11', 6.0, NULL)) v (ts, price, quantity);

-- the time zone of the session makes the days
CREATE TEMP TABLE event (at timestamptz);
INSERT INTO event VALUES ('2024-03-30 22:30+00'), ('2024-03-30 23:30+00'), ('2024-03-31 21:30+00'),
	('2024-03-31 22:30+00'), ('2024-10-27 22:30+00'), ('2024-10-27 23:30+00');
SET TimeZone = 'UTC';
SELECT (kpi.rfm(at, 1, '2024-12-31', '1 day')).* FROM event;
SET TimeZone = 'Europe/Berlin';
SELECT (kpi.rfm(at, 1, '2024-12-31', '1 day')).* FROM event;
SET TimeZone = 'America/St_Johns';
SELECT (kpi.rfm(at, 1, '2024-12-31', '1 day')).* FROM event;
RESET TimeZone;

-- a history to keep
CREATE TEMP TABLE kept AS
SELECT customer, date_trunc('month', bought) AS month,
	kpi.rfm_history(bought, amount, '2024-03-31', '7 days') AS history
FROM purchase GROUP BY 1, 2;
SELECT customer, (kpi.rfm(kpi.rollup(history))).* FROM kept GROUP BY customer ORDER BY customer;
SELECT customer, kpi.rollup(history) FROM kept WHERE customer IN ('often', 'once', 'unknown') GROUP BY customer
ORDER BY customer;
SELECT kpi.rfm('1 0 100 604800000000 15 0 60 0 4 0 7 20 100');
SELECT '1 0 100 604800000000 15 0 60 0 2 7 7'::kpi.rfm_state;
SELECT '1 0 5 86400000000 15 0 60 0 2 0 7'::kpi.rfm_state;
SELECT '1 0 100 0 15 0 60 0 1 7'::kpi.rfm_state;
SELECT '1 0 100 1 15 0 NaN 0 2 7 8'::kpi.rfm_state;
SELECT '2 0 100 1 15 0 1 0 1 7'::kpi.rfm_state;

-- wrong parameters
SELECT kpi.rfm(bought, amount, NULL, '1 day') FROM purchase;
SELECT kpi.rfm(bought, amount, 'infinity', '1 day') FROM purchase;
SELECT kpi.rfm(bought, amount, '2024-03-31', NULL) FROM purchase;
SELECT kpi.rfm(bought, amount, '2024-03-31', '0 days') FROM purchase;
SELECT kpi.rfm(bought, amount, '2024-03-31', '-1 month') FROM purchase;
SELECT kpi.rfm(bought, amount, '2024-03-31', '1 month 1 day') FROM purchase;
SELECT kpi.rfm(bought, amount, '2024-03-31', '7 days', -1) FROM purchase;
SELECT kpi.rfm(bought, amount, bought, '1 day') FROM purchase;
SELECT kpi.rollup(h) FROM (SELECT kpi.rfm_history(bought, amount, '2024-03-31', unit::interval) h FROM purchase,
	unnest('{1 day, 7 days}'::text[]) unit GROUP BY unit) v;

-- money beyond float8
SELECT kpi.rfm(bought, 1e308::float8, '2024-03-31', '1 day', 100)
FROM (VALUES (DATE '2024-01-01'), ('2024-01-02')) v(bought);
