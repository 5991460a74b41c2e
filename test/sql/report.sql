-- report: what a scorecard in text is made of
SET client_encoding = 'UTF8';
\set SHOW_CONTEXT never

-- values: thousands apart, half away from zero, percent in hundredths, the unit behind
SELECT kpi.format_value(v, unit, decimals)
FROM (VALUES (1, 118420.5, 'EUR', 0), (2, 0.0591, '%', 1), (3, -1234567.891, '', 2), (4, 999.995, 'EUR', 2),
	(5, 999, 'h', 0),
			 (6, 0.125, '%', 0), (7, -0.125, '', 2), (8, -0.004, '', 2), (9, 2.345, NULL, 2), (10, 1234, '', 3))
				t(n, v, unit, decimals)
ORDER BY n;
SELECT kpi.format_value(12345678901234567890.5), kpi.format_value(NULL) IS NULL, kpi.format_value('NaN') IS NULL,
	kpi.format_value('-Infinity', '%') IS NULL, kpi.format_value(1, '', NULL) IS NULL;
SELECT kpi.format_value(1, '', -1);

-- bars: full at the target, never full below it, nothing below zero, spaces for what is undefined
SELECT '>' || kpi.bullet_text(v, 13) || '<' AS bar, v
FROM (VALUES (1, 0), (2, 0.0125), (3, 0.5), (4, 0.987), (5, 0.9999), (6, 1), (7, 1.1), (8, 1.2), (9, 7), (10, -3),
	(11, NULL), (12, 'NaN')) t(n, v)
ORDER BY n;
SELECT '>' || kpi.bullet_text(87.4, 7, 100) || '<' AS bar, '>' || kpi.bullet_text(1, 3) || '<' AS least,
	length(kpi.bullet_text(0.3)) AS usual;
SELECT kpi.bullet_text(1, 2);
SELECT kpi.bullet_text(1, 20, 0);
SELECT kpi.bullet_text(1, 20, 'NaN');

-- sparks
SELECT kpi.sparkline_text('{1,2,3,4,5,6,7,8}'), kpi.sparkline_text('{8,1}'),
	kpi.sparkline_text('{5,5,5}'),
	kpi.sparkline_text('{1,NULL,3,NaN,-Infinity}'),
	kpi.sparkline_text('{}') = '' AS empty, kpi.sparkline_text('{NULL}'), kpi.sparkline_text(NULL)
		IS NULL AS none;

-- signs
SELECT kpi_internal.status_text(1, 'Green'), kpi_internal.status_text(0, 'Amber'),
	kpi_internal.status_text(-1, 'Red'), kpi_internal.status_text(NULL, 'No data');
SELECT kpi_internal.arrow_text(0.1), kpi_internal.arrow_text(-0.1), kpi_internal.arrow_text(0),
	'>' || kpi_internal.arrow_text(NULL) || '<' AS none;

-- width in a terminal: wide characters, combining and invisible ones, a picture
SELECT kpi_internal.text_width(w), '>' || kpi_internal.pad_text(w, 8) || '<' AS at_left,
	'>' || kpi_internal.pad_text(w, 8, 'right') || '<' AS at_right
FROM (VALUES (1, 'churn'), (2, U&'\5BA2\6237\6D41\5931\7387'), (3, U&'\5BA2\6237'), (4, U&'e\0301tude'),
	(5, U&'\FF2B\FF30\FF29'),
			 (6, U&'\AC00\AC01'), (7, U&'ok\+01F600'), (8, ''), (9, 'a long name')) t(n, w)
ORDER BY n;
SELECT kpi_internal.text_width(NULL) IS NULL AS none, '>' || kpi_internal.pad_text(NULL, 3) || '<' AS empty,
	kpi_internal.lower_first('No actual');
SELECT kpi_internal.pad_text('a', 3, 'middle');
SELECT n, kpi_internal.signed_text(x, 1)
FROM (VALUES (1, 3.14), (2, -0.04), (3, 0.04), (4, -0.05), (5, 0), (6, NULL), (7, 'NaN')) t(n, x) ORDER BY n;
SELECT '>' || w || '<' AS lines FROM kpi_internal.wrap_text('one two three four twelvecharacters five', 10) w;
SELECT '>' || w || '<' AS lines FROM kpi_internal.wrap_text(repeat(U&'\5BA2\6237', 6), 10) w;

-- a scorecard of odd shape: three levels, a node without weight, one without an indicator, one without a target
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT kpi.define_unit('u', name => U&'\4E1C\533A shop');
SELECT kpi.define_indicator(i, name => n, kind => 'entered', combine => 'average', unit_of_measure => m,
	direction => d, decimals => 1)
FROM (VALUES ('a', 'Alpha', 'EUR', 'higher'), ('b', U&'\6295\8BC9', '', 'lower'), ('c', 'Gamma', '%', 'higher'),
	('d', 'Delta', '%', 'target')) t(i, n, m, d);
SELECT kpi.define_scorecard('s', name => 'Odd one');
SELECT kpi.define_node('s', 'group', weight => 50);
SELECT kpi.define_node('s', 'inner', parent => 'group', weight => 12.5, name => 'Inner group');
SELECT kpi.set_weight('s', 'a', parent => 'inner', weight => 1);
SELECT kpi.set_weight('s', 'b', parent => 'inner', weight => 1);
SELECT kpi.set_weight('s', 'c', parent => 'group', weight => 87.5);
SELECT kpi.set_weight('s', 'd');
SELECT kpi.define_node('s', 'later', weight => 50, name => 'Not yet filled');
SELECT count(kpi.set_target(i, 'u', '2025', t)) FROM (VALUES ('a', 100), ('b', 100), ('d', 1)) v(i, t);
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value) VALUES
	('a', 'u', 'month', '2025-02-01', 70), ('b', 'u', 'month', '2025-02-01', 120),
	('a', 'u', 'month', '2025-03-01', 95), ('b', 'u', 'month', '2025-03-01', 160),
	('c', 'u', 'month', '2025-03-01', 0.5),
	('d', 'u', 'month', '2025-03-01', 1.1);
\pset tuples_only on
\pset format unaligned
SELECT * FROM kpi.scorecard_text('s', 'u', '2025-03');
SELECT * FROM kpi.scorecard_text('s', 'u', '2025-02', 60);
SELECT * FROM kpi.scorecard_text('s', 'u', '2025');
-- never wider than told, whatever the names, in any language
UPDATE kpi.indicator SET name = repeat('Very long name ', 5) || indicator,
	unit_of_measure = 'pieces of a very long unit'
WHERE indicator IN ('a', 'c');
UPDATE kpi.scorecard_node SET name = repeat('Very long name ', 5) WHERE node = 'a';
UPDATE kpi.unit SET name = repeat(U&'\4E1C\533A', 50);
SELECT width, max(kpi_internal.text_width(line)) AS widest
FROM generate_series(60, 200) width, kpi.scorecard_text('s', 'u', '2025-03', width) line
GROUP BY width HAVING max(kpi_internal.text_width(line)) > width;
SELECT * FROM kpi.scorecard_text('s', 'u', '2025-03', 60);
-- a client that cannot show blocks gets plain characters
UPDATE kpi.unit SET name = 'Shop';
UPDATE kpi.indicator SET name = indicator, unit_of_measure = '';
UPDATE kpi.scorecard_node SET name = node;
SET LOCAL client_encoding = 'LATIN1';
SELECT * FROM kpi.scorecard_text('s', 'u', '2025-03', 80);
SET LOCAL client_encoding = 'UTF8';
-- what rounds to nothing has no sign and is not among the worst
UPDATE kpi.measurement m SET value = v.value
FROM (VALUES ('a', '2025-02-01'::date, 99.99), ('b', '2025-02-01', 100.01), ('a', '2025-03-01', 99.96),
	('b', '2025-03-01', 100.04))
	v (indicator, period_start, value)
WHERE m.indicator = v.indicator AND m.period_start = v.period_start;
SELECT * FROM kpi.scorecard_text('s', 'u', '2025-03', 80);
ROLLBACK;
\pset tuples_only off
\pset format aligned

-- what is refused
SELECT kpi.scorecard_text('s', 'u', '2025-03', 20);
SELECT kpi.scorecard_text('s', 'u', '2025-03', NULL::integer);
