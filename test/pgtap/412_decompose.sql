-- Trend and season: the figures of R, moving averages in plain SQL, and properties.
BEGIN;
\ir lib.sql
\ir published_series.sql
SELECT no_plan();

CREATE TEMP TABLE s AS SELECT kpi.series(month, passengers) AS s FROM air;
CREATE FUNCTION pg_temp.series_of(v float8[]) RETURNS kpi.series LANGUAGE sql
	RETURN (SELECT kpi.series(i, x) FROM unnest(v) WITH ORDINALITY AS u (x, i));

-- stl() of R 4.2 with every point smoothed (s.jump, t.jump and l.jump of 1); what is robust by the definition,
-- written in R anew, for stl() does not take the median of all distances
SELECT ok(near(have, want, 1e-10), 'stl: ' || what) FROM (
	SELECT 'season that stays' AS what, array_agg(seasonal ORDER BY period) AS have,
		'{-25.50649057793,-35.30427653181,-3.03625237013,-8.56228621967,-5.74605949910,32.32424648845}'::float8[] AS want
	FROM s, kpi.decompose(s, robust => false, multiplicative => false) WHERE period < '1949-07-01'
	UNION ALL
	SELECT 'trend', array_agg(trend ORDER BY period),
		'{127.256596654,126.542347512,126.158805884,126.097177355,126.313929108,126.723381515}'
	FROM s, kpi.decompose(s, robust => false, multiplicative => false) WHERE period < '1949-07-01'
	UNION ALL
	SELECT 'robust season over 7 years', array_agg(seasonal ORDER BY period),
		'{-13.32214513979,-7.84937562266,9.03411529644,-1.35270190948,-4.62728687919,12.91374656010}'
	FROM s, kpi.decompose(s, season_window => 7, multiplicative => false) WHERE period < '1949-07-01'
	UNION ALL
	SELECT 'its weights', array_agg(weight ORDER BY period),
		'{0.975730735301,0.979036108746,0.992923750601,0.884336071960,0.999967105981,0.920010909844}'
	FROM s, kpi.decompose(s, season_window => 7, multiplicative => false) WHERE period < '1949-07-01'
	UNION ALL
	SELECT 'robust season that stays', array_agg(seasonal ORDER BY period),
		'{-17.903675796993,-28.148135157895,6.851892672317,-0.597018788076,1.753033711826,22.414968684079}'
	FROM s, kpi.decompose(s, multiplicative => false) WHERE period < '1949-07-01'
	UNION ALL
	SELECT 'its trend', array_agg(trend ORDER BY period),
		'{124.630338065,124.744000985,125.014629479,125.428375927,125.956212354,126.551129961}'
	FROM s, kpi.decompose(s, multiplicative => false) WHERE period < '1949-07-01') AS r;

-- classical, in plain SQL
CREATE TEMP TABLE moved AS
SELECT month, i, passengers, CASE WHEN i BETWEEN 7
	AND 138 THEN (sum(passengers) OVER w - a / 2 - b / 2) / 12 END AS trend
FROM (SELECT *, lag(passengers, 6) OVER (ORDER BY i) AS a, lead(passengers, 6) OVER (ORDER BY i) AS b FROM air) AS n
WINDOW w AS (ORDER BY i ROWS BETWEEN 6 PRECEDING AND 6 FOLLOWING);
CREATE TEMP TABLE seasoned AS
SELECT place, of_place.difference - avg(difference) OVER () AS difference,
	of_place.quotient / avg(quotient) OVER () AS quotient
FROM (SELECT (i - 1) % 12 AS place, avg(passengers - trend) AS difference, avg(passengers / trend) AS quotient
	FROM moved GROUP BY 1) AS of_place;
SELECT is_empty($$
	SELECT d, m FROM s, kpi.decompose(s, 'classical', multiplicative => false) AS d JOIN moved AS m ON m.month = d.period
		JOIN seasoned ON place = (i - 1) % 12
	WHERE NOT alike(d.trend, m.trend, 1e-12) OR NOT near(d.seasonal, difference, 1e-12, 1)
		OR NOT alike(d.remainder, passengers - m.trend - difference, 1e-9, 1)
$$, 'classical summands are those of moving averages');
SELECT is_empty($$
	SELECT d, m FROM s, kpi.decompose(s, 'classical', multiplicative => true) AS d JOIN moved AS m ON m.month = d.period
		JOIN seasoned ON place = (i - 1) % 12
	WHERE NOT alike(d.trend, m.trend, 1e-12) OR NOT near(d.seasonal, quotient, 1e-12)
		OR NOT alike(d.remainder, passengers / m.trend / quotient, 1e-12)
$$, 'and classical factors');

-- the parts make the whole, in every way
SELECT is_empty(format($$
	SELECT period FROM s, kpi.decompose(s, %L, multiplicative => %L, season_window => %L) AS d
	WHERE NOT alike(observed, CASE WHEN is_multiplicative THEN trend * seasonal * remainder
			ELSE trend + seasonal + remainder END, 1e-12) AND trend IS NOT NULL
		OR is_multiplicative IS DISTINCT FROM %L
$$, method, multiplicative, season_window, multiplicative), 'the parts make the whole')
FROM (VALUES ('stl', true, 7), ('stl', true, NULL), ('stl', false, NULL), ('classical', true, NULL),
	('classical', false, NULL)) AS v (method, multiplicative, season_window);
SELECT is((SELECT bool_and(is_multiplicative) FROM s, kpi.decompose(s)), true, 'a season that grows is a factor');
SELECT is((SELECT bool_or(is_multiplicative) FROM kpi.decompose(pg_temp.series_of(
	ARRAY(SELECT 100 + i + 20 * sin(i * pi() / 6) + uniform(i, 1) FROM generate_series(1, 60) AS i)), NULL::bigint,
	seasonality => 12)), false, 'one that does not is a summand');

-- a season and a line that are there are found
SELECT is_empty($$
	SELECT d FROM kpi.decompose(pg_temp.series_of(
		ARRAY(SELECT 10 + 0.5 * i + (ARRAY[3, -1, 4, -6])[1 + i % 4] FROM generate_series(0, 39) AS i)), NULL::bigint,
		seasonality => 4, multiplicative => false) AS d
	WHERE NOT near(seasonal, (ARRAY[3, -1, 4, -6])[1 + (period - 1) % 4]::float8, 1e-9, 1)
		OR NOT near(trend, 9.5 + 0.5 * period, 1e-9)
$$, 'a perfect season and line');

-- gaps
CREATE TEMP TABLE gappy AS SELECT kpi.series(month, CASE WHEN i % 17 <> 5 THEN passengers END) AS s FROM air;
SELECT is((SELECT count(*) FROM gappy, kpi.decompose(s) WHERE observed IS NULL AND remainder IS NULL
	AND trend IS NOT NULL AND seasonal IS NOT NULL), 9::bigint, 'a gap has a trend and a season, and no remainder');
SELECT cmp_ok((SELECT max(abs(trend * seasonal / passengers - 1)) FROM gappy, kpi.decompose(s)
	JOIN air ON month = period WHERE observed IS NULL), '<', 0.1::float8, 'which are near what was there');

-- without its season
SELECT is_empty($$
	SELECT p, d FROM s, kpi.points(kpi.seasonal_adjust(s)) AS p JOIN kpi.decompose(s) AS d USING (period)
	WHERE p.value <> d.observed / d.seasonal
$$, 'what is adjusted is the value by its season') FROM s LIMIT 1;
SELECT is(kpi.seasonal_adjust(kpi.series(i, i::float8))::text, kpi.series(i, i::float8)::text,
	'what has no season stays')
FROM generate_series(1, 9) AS i;

-- edges
SELECT is_empty('SELECT kpi.decompose(NULL)', 'NULL has no parts');
SELECT is_empty('SELECT kpi.decompose(kpi.series(1, NULL), NULL::integer)', 'nor have gaps alone');
SELECT is_empty($$SELECT d FROM kpi.decompose(pg_temp.series_of(ARRAY(SELECT 5.0 FROM generate_series(1, 24))),
	NULL::bigint, seasonality => 4) AS d 
	WHERE NOT (near(trend, 5, 1e-12) AND near(seasonal, 0, 1e-12, 1) AND near(remainder, 0, 1e-12, 1))$$,
	'equal values are their trend');
SELECT throws_ok(format('SELECT kpi.decompose(kpi.series(i, i - 1.0), NULL::integer, %s)
	FROM generate_series(1, 10) AS i',
	arguments), '22023', message)
FROM (VALUES ('seasonality => 6', '10 periods are less than two seasons of 6'),
	('seasonality => 0', 'seasonality 0 is not between 1 and 1000000'),
	('multiplicative => true', 'values that are not positive have no factors'),
	('season_window => 8, seasonality => 4', 'season_window 8 is not an odd number from 7 on'),
	('season_window => 7', 'a season_window needs a season'),
	('''classical''', 'method "classical" needs a season'),
	('''classical'', 4, season_window => 7', 'method "classical" has no season_window'),
	('''x11''', 'unrecognized method "x11"')) AS v (arguments, message);

SELECT * FROM finish();
ROLLBACK;
