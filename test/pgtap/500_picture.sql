-- Pictures: values read back from their SVG, names that are hard to write, sizes that
-- are hard to draw, parts that add up.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
\ir lib.sql

-- the shapes of a picture that stand for values
CREATE FUNCTION pg_temp.shapes(svg text) RETURNS TABLE (kind text, class text, x numeric, y numeric, width numeric,
	height numeric, v numeric) LANGUAGE sql AS $$
	SELECT s.m[1], substring(s.m[2] FROM 'class="([^"]*)"'), substring(s.m[2] FROM ' c?x="([^"]*)"')::numeric,
		substring(s.m[2] FROM ' c?y="([^"]*)"')::numeric, substring(s.m[2] FROM ' width="([^"]*)"')::numeric,
		substring(s.m[2] FROM ' height="([^"]*)"')::numeric, substring(s.m[2] FROM 'data-v="([^"]*)"')::numeric
	FROM regexp_matches(svg, '<(rect|circle)([^>]*)/>', 'g') AS s (m)
	WHERE s.m[2] LIKE '%data-v=%'
$$;

-- whether places are a linear map of values, to a tenth of a pixel
CREATE FUNCTION pg_temp.is_linear(v numeric[], p numeric[]) RETURNS boolean LANGUAGE sql AS $$
	SELECT count(*) > 1 AND bool_and(abs(u.p - (l.intercept + l.slope * u.v)) <= 0.1)
	FROM unnest(v, p) AS u (v, p), (SELECT regr_slope(q.p, q.v) AS slope, regr_intercept(q.p, q.v) AS intercept
		FROM unnest(v, p) AS q (v, p)) AS l
$$;

-- what stands in a picture, as a reader sees it
CREATE FUNCTION pg_temp.texts(svg text) RETURNS text[] LANGUAGE sql AS $$
	SELECT array_agg(regexp_replace(s.m[1], '<title>.*</title>', '') ORDER BY s.n)
	FROM regexp_matches(svg, '<text[^>]*?>(.*?)</text>', 'g') WITH ORDINALITY AS s (m, n)
$$;

-- bullets: 120 % are the whole width
SELECT is((SELECT s.width FROM pg_temp.shapes(kpi.bullet(v, width => 240)) AS s WHERE s.class = 'bar'), v * 200,
	format('a bullet of %s', v)) FROM unnest('{0.25,0.5,1,1.2}'::numeric[]) AS v;
SELECT is((SELECT s.x + s.width / 2 FROM pg_temp.shapes(kpi.bullet(0.5, width => 240)) AS s WHERE s.class = 'ink'),
	200.0,
	'the mark is at 100 %');
SELECT is((SELECT array_agg(substring(m[1] FROM ' width="([^"]*)"')::numeric) FROM regexp_matches(
	kpi.bullet(0.5, '{0.6,0.9}', 240), '<rect([^>]*class="b[123]"[^>]*)>', 'g') AS m), '{120,60,60}',
		'bands end at the limits');
SELECT matches(kpi.bullet(9), '<polygon', 'what is beyond the end has an arrow');
SELECT is((SELECT count(*) FROM pg_temp.shapes(kpi.bullet(NULL)) AS s WHERE s.class = 'bar'), 0::bigint,
	'NULL has no bar');
SELECT matches(kpi.bullet(NULL), 'stroke-dasharray', 'but a dashed box');
SELECT throws_ok($$SELECT kpi.bullet(1, '{0.9,0.7}')$$, '22023', 'limits are not numbers that rise', 'limits rise');
SELECT throws_ok($$SELECT kpi.bullet(1, '{0.1,0.2,0.3}')$$, '2202E', 'limits has 3 elements', 'two limits at most');
SELECT throws_ok('SELECT kpi.bullet(1, width => 5)', '22023', 'width 5 is not between 30 and 2000',
	'a width that is none');

-- sparklines: a gap breaks the line, and the last value is a dot
SELECT is((SELECT regexp_count(substring(kpi.sparkline('{1,2,NULL,3,4}') FROM 'd="([^"]*)"'), 'M')), 2,
	'a gap breaks the line');
SELECT is((SELECT s.v FROM pg_temp.shapes(kpi.sparkline('{1,2,3,5}')) AS s), 5::numeric, 'the last value is a dot');
SELECT is((SELECT count(*) FROM pg_temp.shapes(kpi.sparkline('{1,2,NULL}'))), 0::bigint,
	'which a missing one has not');
SELECT matches(kpi.sparkline('{5,5,5}'), 'd="M3 12L55 12L107 12"', 'a flat line is in the middle');

-- bridges: from total to total, each step where the one before ended, and what is shown adds up
CREATE TEMP TABLE bridge AS
SELECT n, (SELECT array_agg('effect ' || i ORDER BY i) FROM generate_series(1, n) AS i) AS names,
	(SELECT array_agg(round((uniform(i, n) * 8 - 4)::numeric, 3)::float8 ORDER BY i) FROM generate_series(1, n) AS i) AS
		effects
FROM generate_series(1, 40) AS n;
SELECT ok(bool_and(pg_temp.is_linear(s.v, s.p)), 'totals of bridges lie where their values are')
FROM bridge AS b, LATERAL (SELECT array_agg(s.v) AS v, array_agg(s.x + s.width / 2) AS p
	FROM pg_temp.shapes(kpi.bridge(b.names, b.effects, 80, 'a', 'b')) AS s WHERE s.class = 'ink') AS s
WHERE b.n > 1;
SELECT ok(bool_and(abs(s.width - greatest(abs(s.v) * t.unit, 1)) <= 0.1 + 0.2 * abs(s.v) / t.range),
	'steps are as long as their effects')
FROM bridge AS b, LATERAL (SELECT kpi.bridge(b.names, b.effects, 80, 'a', 'b') AS svg) AS d,
	LATERAL (SELECT (max(s.x) - min(s.x)) / nullif(max(s.v) - min(s.v), 0) AS unit,
		max(s.v) - min(s.v) AS range FROM pg_temp.shapes(d.svg) AS s WHERE s.class = 'ink') AS t,
	LATERAL (SELECT * FROM pg_temp.shapes(d.svg) AS s WHERE s.class IN ('pos', 'neg')) AS s
WHERE b.n > 1 AND t.unit > 0 AND abs((SELECT sum(e) FROM unnest(b.effects) AS e)) > 1;
SELECT ok(bool_and(r.first + r.steps = r.last), 'the figures shown add up'), max(r.rows) AS "most rows"
FROM bridge AS b, LATERAL (
	SELECT count(*) AS rows, (array_agg(r.shown))[1] AS first, sum(r.shown) FILTER (WHERE r.kind > 0) AS steps,
		(array_agg(r.shown ORDER BY r.n DESC))[1] AS last
	FROM (SELECT r.*, row_number() OVER () AS n FROM kpi_internal.bridge_rows(b.names, b.effects, 80, 'a', 'b', 1.27) AS
		r) AS r) AS r;
SELECT is(max(r.rows), 11::bigint, 'at most seven effects, the others, what is missing and two totals')
FROM bridge AS b, LATERAL (SELECT count(*) AS rows FROM kpi_internal.bridge_rows(b.names, b.effects, 80, 'a', 'b', 1))
	AS r;
SELECT throws_ok($$SELECT kpi.bridge('{a}', '{1,2}', 3)$$, '2202E', 'names has 1 elements but effects has 2',
	'rows have all columns');
SELECT lives_ok($$SELECT kpi.bridge(NULL, NULL, NULL), kpi.bridge('{a}', '{NaN}', 1), kpi.bridge('{a,b}',
	'{1e300,-1e300}', 'NaN')$$,
	'no rows, and figures that are none');

-- funnels: bars from 0, at least a pixel
SELECT ok(bool_and(abs(s.width - greatest(s.v / 1000 * m.full, 1)) <= 0.1), 'bars of a funnel')
FROM (SELECT kpi.funnel_chart('{a,b,c,d}', '{1000,400,1,0}') AS svg) AS d, pg_temp.shapes(d.svg) AS s,
	(SELECT width AS full FROM pg_temp.shapes(kpi.funnel_chart('{a,b,c,d}', '{1000,400,1,0}')) ORDER BY v DESC LIMIT 1) AS
		m;
SELECT throws_ok($$SELECT kpi.funnel_chart('{a}', '{-1}')$$, '22023', 'element 1 of counts is -1', 'fewer than none');

-- heat maps: a cell a number, and no rounding across a band
SELECT is(pg_temp.texts(kpi.heat_map('{r,r,r,r}', '{a,b,c,d}', '{89.6,89.4,90.4,69.96}', '{0,0,1,0}', '{70,90}')),
	'{a,b,c,d,r,89.6,89,90,70.0}', 'no number is rounded across a limit');
SELECT is((SELECT array_agg(s.v ORDER BY s.y, s.x) FROM pg_temp.shapes(kpi.heat_map('{r,r,q}', '{a,b,b}', '{1,2,3}'))
	AS s), '{1,2,3}',
	'rows and columns as they come');

-- fishbones: what has no room is a list
SELECT is((SELECT count(*) FROM regexp_matches(f.svg, '<line', 'g')), f.lines::bigint,
	format('a fishbone of %s bones, %s wide', f.bones, f.width))
FROM (SELECT b.bones, b.width, b.lines, (SELECT kpi.fishbone('e', 1, array_agg(format('b%s', i)),
	array_agg(format('c%s', i)),
		array_agg(i::float8), width => b.width) FROM generate_series(1, b.bones) AS i) AS svg
	FROM (VALUES (4, 720, 9), (4, 340, 0), (1, 720, 0), (40, 720, 0), (0, 720, 0)) AS b (bones, width, lines)) AS f;
SELECT is(pg_temp.texts(kpi.fishbone('e', 1, '{b,b}', '{x,y}', '{1.25,2.5}', width => 340)), '{b,3.8,y,2.5,x,1.3}',
	'a bone is the sum of its causes, the greatest first');

-- maps
SELECT is((SELECT count(*) FROM regexp_matches(kpi.strategy_map('{a,b,c}', '{l,m,n}', '{A,B,C}', '{1,2,3}', '{1,0,-1}',
	'{c,b,c}',
	'{b,a,a}'), '<path', 'g')), 3::bigint, 'a path a link');
SELECT throws_ok($$SELECT kpi.strategy_map('{a}', '{l}', '{A}', '{1}', '{1}', '{a}', '{z}')$$, '22023',
	'a link names "z", which is not among nodes', 'a link to nothing');
SELECT throws_ok($$SELECT kpi.strategy_map('{a,a}', '{l,l}', '{A,B}', '{1,1}', '{1,1}')$$, '22023',
	'nodes has the same key twice',
	'a key twice');
SELECT throws_ok($$SELECT kpi.strategy_map_text('{a,a}', '{l,l}', '{A,B}', '{1,1}', '{1,1}')$$, '22023',
	'nodes has the same key twice', 'in a text, too');
SELECT lives_ok($$SELECT kpi.strategy_map(array_agg(i::text), array_agg((i % 7)::text), array_agg('node ' || i),
	array_agg(i::float8),
	array_agg(NULL::float8)) FROM generate_series(1, 40) AS i$$, '40 nodes');

-- over time: limits are those of the series, places those of the values
CREATE TEMP TABLE past AS
SELECT (date '2024-01-01' + (i - 1) * interval '1 month')::date AS month, round((uniform(i, 7) * 10 + i / 4)::numeric,
	2)::float8 AS value
FROM generate_series(1, 22) AS i;
SELECT ok(pg_temp.is_linear(array_agg(s.v), array_agg(s.y)), 'values of a control chart')
FROM (SELECT kpi.xmr_chart(kpi.series(month, value), 12, 5) AS svg FROM past) AS c, pg_temp.shapes(c.svg) AS s
WHERE s.v IN (SELECT value FROM past) AND s.y < 176;
SELECT ok((SELECT pg_temp.texts(kpi.xmr_chart(kpi.series(month, value), 12, 5)) FROM past)
	@> ARRAY['Mean ' || round(l.center::numeric, 1), 'Upper ' || round(l.upper::numeric, 1), 'Target 5.0'],
		'limits by their names')
FROM (SELECT (kpi.xmr(kpi.series(month, value), 12)).* FROM past) AS l;
SELECT is((SELECT count(*) FROM regexp_matches(kpi.xmr_chart(kpi.series(month, value)), 'Upper', 'g')), 0::bigint,
	'no limits of less than six values') FROM past WHERE month < '2024-06-01' HAVING count(*) = 5;
SELECT ok(pg_temp.is_linear(array_agg(s.v), array_agg(s.y)), 'values and forecasts of an outlook'), count(*)
FROM (SELECT kpi.forecast_chart(kpi.series(month, value), 3, 'mean', '{5}') AS svg FROM past) AS c,
	pg_temp.shapes(c.svg) AS s;
SELECT ok(pg_temp.is_linear(array_agg(s.v), array_agg(s.y)), 'scores over their bands')
FROM (SELECT kpi.score_chart(array_agg(month ORDER BY month), array_agg(value * 8 ORDER BY month), '{Red,Green}',
	'{NULL,70}', '{-1,1}') AS svg
	FROM past) AS c, pg_temp.shapes(c.svg) AS s;
SELECT lives_ok('SELECT kpi.xmr_chart(NULL), kpi.forecast_chart(NULL), kpi.score_chart(NULL, NULL)', 'no series');
SELECT is((SELECT count(*) FROM regexp_matches(kpi.forecast_chart(kpi.series(d, v)), 'data-v="5"', 'g')), 1::bigint,
	'of one value nobody knows when the next one is due') FROM (VALUES (date '2024-01-01', 5.0::float8)) AS one (d, v);
SELECT is((SELECT count(*) FROM kpi.forecast_chart_text((SELECT kpi.series(d, v)
	FROM (VALUES (date '2024-01-01', 5.0::float8)) AS one (d, v)))), 2::bigint, 'so the text ends with it');
SELECT throws_ok($$SELECT kpi.score_chart('{NULL}', '{1}')$$, '22004', 'period 1 is not a day',
	'a period that is none');

-- whatever a name is, the picture is XML, and says the whole of it
CREATE TEMP TABLE name AS
SELECT n, string FROM unnest(ARRAY['<script>alert("x")</script>', '''quoted'' & "quoted"', E'tab\tand\x01control\x1f',
	repeat('m', 63),
	repeat('W', 500), '', ' ', U&'\0645\0628\064A\0639\0627\062A', repeat(U&'\5BA2\6237', 40), U&'\+01F600 emoji', ']]>',
		'&amp;', '--']) WITH ORDINALITY AS u (string, n);
CREATE TEMP TABLE drawn AS
SELECT n, string, kind, svg
FROM name, LATERAL (VALUES ('sparkline', kpi.sparkline('{1,2}', title => string)), ('bullet', kpi.bullet(1, title =>
	string)),
	('bridge', kpi.bridge(ARRAY[string, 'b'], '{1,-2}', 3, string, string, 1, title => string, finding => string)),
	('narrow', kpi.bridge(ARRAY[string, 'b'], '{1,-2}', 3, string, string, 1, 200)),
	('heat_map', kpi.heat_map(ARRAY[string], ARRAY[string], '{1}', '{1}', unit_of_measure => string)),
	('funnel', kpi.funnel_chart(ARRAY[string, string], '{2,1}')),
	('fishbone', kpi.fishbone(string, 1, ARRAY[string, 'b'], ARRAY[string, 'c'], '{1,2}', '{0,1}', string, string)),
	('list', kpi.fishbone(string, 1, ARRAY[string], ARRAY[string], '{1}', '{0}', string, string, width => 200)),
	('map', kpi.strategy_map(ARRAY[string, 'b'], ARRAY[string, 'l'], ARRAY[string, 'B'], '{1,2}', '{1,0}', '{b}',
		ARRAY[string])),
	('score', kpi.score_chart('{2024-01-01,2024-02-01}', '{1,2}', ARRAY[string], '{NULL}', '{0}')),
	('xmr', (SELECT kpi.xmr_chart(kpi.series(month, value), unit_of_measure => string, title => string) FROM past)),
	('forecast', (SELECT kpi.forecast_chart(kpi.series(month, value), 2, 'mean', unit_of_measure => string) FROM past)))
		AS v (kind, svg);
SELECT ok(bool_and(xml_is_well_formed_document(svg)), kind || ' is XML whatever the name') FROM drawn GROUP BY kind
	ORDER BY kind;
SELECT ok(bool_and(svg !~ '<script|[\x01-\x08\x1f]'), 'and never markup of the name') FROM drawn;
SELECT ok(svg LIKE '%<title>' || repeat('W', 500) || '</title>%', 'what is cut is there in whole: ' || kind)
FROM drawn WHERE n = 5 AND kind IN ('bridge', 'funnel', 'map');

-- in the reader's language
SET LOCAL kpi.language = 'zh';
SELECT is(pg_temp.texts(kpi.heat_map('{r}', '{c}', '{1234567}', unit_of_measure => 'EUR', width => 400)), ARRAY['c',
	'r',
	'1,234,567' || U&'\202F' || 'EUR'], 'thousands by commas');
SELECT is(pg_temp.texts(kpi.heat_map('{r}', '{c}', '{-0.456}', unit_of_measure => '%', decimals => 1, width => 400)),
	ARRAY['c', 'r',
	U&'\2212' || '45.6%'], 'percent joined, a real minus');
SET LOCAL kpi.language = 'en';
SELECT is(pg_temp.texts(kpi.heat_map('{r}', '{c}', '{1234567.5}', unit_of_measure => 'EUR', width => 400)), ARRAY['c',
	'r',
	U&'1\202F234\202F568\00A0EUR'], 'thousands by narrow spaces');
SELECT is(kpi_internal.html_figure(v, 'EUR', 0, true), w, 'figure ' || v)
FROM (VALUES (0.4::numeric, U&'0\00A0EUR'), (1, U&'+1\00A0EUR'), (-0.5, U&'\2212' || U&'1\00A0EUR'),
	(1234567890123, U&'+1\202F234.57\00A0bn\00A0EUR'), ('NaN', U&'\2013')) AS t (v, w);

-- time grows with the rows
SELECT ok(length(kpi.heat_map(array_agg('r' || i % 100), array_agg('c' || i / 100), array_agg(i::float8), width =>
	2000)) > 100000,
	'5000 cells') FROM generate_series(0, 4999) AS i;
SELECT ok(length(kpi.score_chart(array_agg(date '1900-01-01' + i), array_agg((i % 100)::float8))) > 100000,
	'20000 periods')
FROM generate_series(1, 20000) AS i;
SELECT * FROM finish();
ROLLBACK;
