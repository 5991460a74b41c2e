-- Reports in HTML: figures are those of the views, parts add up, names are no markup,
-- and what there is nothing to say of is left out.
-- share: 8
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
\ir lib.sql
-- tests that stand in one row are in a line each
\pset fieldsep '\n'

-- a page without what is only drawn: tags away, what stands for a character as that character
CREATE FUNCTION pg_temp.plain(html text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace(replace(replace(replace(replace(regexp_replace(regexp_replace(html,
		'<style>.*?</style>|<svg.*?</svg>', '', 'g'), '<[^>]+>', ' ', 'g'),
		'&#8211;', U&'\2013'), '&lt;', '<'), '&gt;', '>'), '&amp;', '&'), '\s+', ' ', 'g')
$$;
CREATE FUNCTION pg_temp.section(html text, id text) RETURNS text LANGUAGE sql AS $$
	SELECT substring(html FROM '<section[^>]*?aria-labelledby="' || id || '">.*?</section>')
$$;
CREATE FUNCTION pg_temp.headings(html text) RETURNS text[] LANGUAGE sql AS $$
	SELECT array_agg(regexp_replace(m[1], '<[^>]+>', '', 'g') ORDER BY n) FROM regexp_matches(html,
		'<h2[^>]*?>(.*?)</h2>', 'g') WITH ORDINALITY AS s (m, n)
$$;

SELECT kpi.load_demo() \g /dev/null
CALL kpi.collect('2024-01', '2025-12', commit_each => false);
CREATE TEMP TABLE page AS SELECT kpi.report_html('acme_marketing', 'acme', '2025-10') AS html;
SELECT is(pg_temp.headings(html), ARRAY['Result', 'Scorecard', 'What changed, and why', 'Worst and best',
	'What is missing', 'Units',
	'Signal: Customer churn', 'Outlook: New customers', 'Where the points are lost',
	'Actions, and what is due', 'Data quality'],
		'sections in order') FROM page;
SELECT is((SELECT count(*) FROM regexp_matches(html, '<tr class="d', 'g')), (SELECT count(*) FROM kpi.v_scorecard WHERE
	scorecard = 'acme_marketing'
	AND unit = 'acme' AND period_label = '2025-10' AND depth > 0), 'a row a node') FROM page;
SELECT ok(html LIKE '%<bdi>' || v.node_name || '</bdi></th>%', 'a row of ' || v.node) FROM page, kpi.v_scorecard AS v
WHERE v.scorecard = 'acme_marketing' AND v.unit = 'acme' AND v.period_label = '2025-10' AND v.depth > 0;
-- attainments and scores of the card, read from its cells
SELECT is(c.m[1], coalesce(replace(to_char(round(v.score, 1), 'FM990.0'), '-', U&'\2212'), U&'\2013'), 'score of ' ||
	v.node)
FROM page AS p CROSS JOIN LATERAL regexp_matches(p.html, '<tr class="d.*?<td class="r sc">([^<]*)</td>', 'g') WITH
	ORDINALITY AS c (m, n)
	JOIN (SELECT s.*, row_number() OVER (ORDER BY s.place) AS n
		FROM kpi.evaluate('acme_marketing', 'acme', '2025-10') AS s WHERE s.depth > 0) AS v ON v.n = c.n;
-- rounded once: 58.149 is 58.1, though the view shows 58.15
SELECT is(kpi_internal.html_figure(n.score), replace(to_char(round(e.score, 1), 'FM990.0'), '-', U&'\2212'),
	'once rounded: ' || e.node)
FROM kpi.evaluate('acme_marketing', 'eastland', '2025-Q4') AS e
	JOIN kpi_internal.page_nodes('acme_marketing', 'eastland', 'quarter', '2025-10-01') AS n ON n.node = e.node
WHERE e.score IS NOT NULL;
SELECT isnt(round(v.score, 1), round(e.score, 1), 'a score that two roundings would change')
FROM kpi.evaluate('acme_marketing', 'eastland', '2025-Q4') AS e
	JOIN kpi.v_scorecard AS v ON v.score_key = e.score_key WHERE e.depth = 0;
SELECT is(array_agg(b.m[1]::numeric ORDER BY b.n), (SELECT array_agg(v.attainment ORDER BY v.place) FROM
	kpi.v_scorecard AS v
	WHERE v.scorecard = 'acme_marketing' AND v.unit = 'acme' AND v.period_label = '2025-10' AND v.attainment >= 0),
		'bars are the attainments')
FROM page AS p CROSS JOIN LATERAL regexp_matches(pg_temp.section(p.html, 'u1-card'),
	'class="bar" color="#28486e" data-v="([^"]*)"/>(?=<rect [^>]*class="ink")', 'g')
	WITH ORDINALITY AS b (m, n);
-- lost points: together what the score is short of 100
SELECT ok(near((SELECT sum(lost) FROM kpi_internal.page_nodes('acme_marketing', 'acme', 'month', '2025-10-01')),
	(SELECT 100 - score FROM kpi.v_scorecard WHERE score_key = 'acme_marketing/acme/2025-10/acme_marketing'), 0.001),
		'lost points add up');
-- shades of a bullet: an attainment at a limit earns just that status
SELECT ok(near(kpi.score(kpi_internal.attainment_of_score(i.scale, s)::numeric, i.scale), s, 0.000001),
	format('%s earns %s', i.indicator, s))
FROM kpi.indicator AS i, unnest('{70,90}'::numeric[]) AS s WHERE i.scale IS NOT NULL AND kpi_internal.scale_of(i.scale)
	= 'attainment';
SELECT is(kpi_internal.attainment_of_score('step(0.5:20, 0.8:70, 1:100)', s), w, 'a step that gives ' || s)
FROM (VALUES (70.0, 0.8::float8), (71, 1), (10, 0.5), (101, NULL)) AS t (s, w);
SELECT is(kpi_internal.attainment_of_score('range(90..110 full, 70..130 zero) of actual', 70), NULL,
	'no inverse of a range');
-- shown parts
SELECT is((SELECT sum(p) FROM unnest(kpi_internal.shown_parts('{0.33,0.33,0.34,-0.06}', 0.94, 1)) AS p), 0.9,
	'parts as they are shown');
-- bridge of the page: what kpi.explain says
SELECT is((SELECT round(sum(effect), 1) FROM kpi.explain('acme_marketing', 'acme', '2025-10')), (SELECT sum(r.shown)
	FROM (SELECT array_agg(name) AS names,
	array_agg(effect::float8) AS effects FROM kpi_internal.page_effects('acme_marketing', 'acme', 'month', '2025-10-01'))
		AS e,
	kpi_internal.bridge_rows(e.names, e.effects, 87.47, 'a', 'b', NULL) AS r WHERE r.kind = 1), 'steps of the bridge');
-- valid as XML but for the head and what HTML has no end of: every element ends, every text is escaped
SELECT ok(xml_is_well_formed_document('<body>' || regexp_replace(substring(html FROM '<body>\n(.*)</body>'),
	'<(br|col)( [^<>]*)?>', '<\1\2/>', 'g') || '</body>'), 'elements end') FROM page;
SELECT is((SELECT count(*) FROM regexp_matches(html, ' id="', 'g')), (SELECT count(DISTINCT m[1]) FROM
	regexp_matches(html, ' id="([^"]*)"', 'g') AS m),
	'ids come once') FROM page;
SELECT ok(length(html) < 200000, 'below 200 kB a unit'), length(html) FROM page;
SELECT ok(html !~ '<script|javascript:|https?://(?!www\.w3\.org/2000/svg)', 'nothing to run or to load') FROM page;

-- several units: an article each, and contents by unit
SELECT is((SELECT count(*) FROM regexp_matches(html, '<article id="u\d+"', 'g')), 2::bigint, 'an article a unit'),
	ok(html LIKE '%<a href="#u2"><bdi>Eastland</bdi></a>%', 'contents by unit')
FROM (SELECT kpi.report_html('acme_marketing', '{acme,eastland}'::text[], '2025-10') AS html) AS p;

-- names
UPDATE kpi.scorecard SET name = '<b>A</b> & "B"' WHERE scorecard = 'acme_marketing';
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('en', 'indicator', 'acme_churn',
	'<script>x</script>'),
	('en', 'report', 'nothing_missing', '<i>nothing</i>'), ('en', 'heading', 'score', '<u>'), ('en', 'unit', 'eastland',
		U&'\0645\0628');
SELECT kpi.refresh_results() \g /dev/null
SELECT ok(html !~ '<script|<i>|<u>|<b>A', 'no markup of names and words'), ok(html LIKE
	'%<h1><bdi>&lt;b&gt;A&lt;/b&gt; &amp; &quot;B&quot;</bdi></h1>%', 'but they are there'),
	ok(html LIKE '%<title>&lt;b&gt;A%', 'in the title, too')
FROM (SELECT kpi.report_html('acme_marketing', 'acme', '2025-09') AS html) AS p;

-- in Chinese
SET LOCAL kpi.language = 'zh';
SELECT ok(html LIKE '%<html lang="zh-Hans">%', 'the language of the page'), ok(html LIKE U&'%2025\5E7410\6708%',
	'the month'), ok(html LIKE U&'%166,568\6B27\5143%', 'a figure'),
	is((SELECT array_agg(DISTINCT m[1]) FROM regexp_matches(pg_temp.plain(html), '\{\w+\}', 'g') AS m), NULL,
		'no part of a sentence is left open')
FROM (SELECT kpi.report_html('acme_marketing', 'acme', '2025-10') AS html) AS p;
SELECT is(array_agg(e.code ORDER BY e.code), NULL, 'every word of reports is there in Chinese')
FROM kpi.translation AS e WHERE e.topic = 'report' AND e.language = 'en' AND e.shipped
	AND NOT EXISTS (SELECT FROM kpi.translation AS z WHERE z.topic = 'report' AND z.language = 'zh' AND z.code = e.code);
SELECT is(array_agg(e.code ORDER BY e.code), NULL, 'with the same parts')
FROM kpi.translation AS e JOIN kpi.translation AS z ON z.topic = 'report' AND z.language = 'zh' AND z.code = e.code
WHERE e.topic = 'report' AND e.language = 'en' AND e.shipped
	AND (SELECT array_agg(m[1] ORDER BY m[1]) FROM regexp_matches(e.name, '\{(\w+)\}', 'g') AS m)
		IS DISTINCT FROM (SELECT array_agg(m[1] ORDER BY m[1]) FROM regexp_matches(z.name, '\{(\w+)\}', 'g') AS m);
SET LOCAL kpi.language = 'tlh';
SELECT ok(kpi.report_html('acme_marketing', 'acme', '2025-10') LIKE '%<html lang="en">%',
	'a language without words is English, and says so');
RESET kpi.language;

-- nothing at all, and one node
SELECT kpi.define_scorecard('bare'), kpi.define_unit('alone'), kpi.define_indicator('solo', kind => 'entered', combine
	=> 'sum') \g /dev/null
SELECT is(pg_temp.headings(html), '{No results yet}', 'a page that says what to do') FROM (SELECT
	kpi.report_html('bare', 'alone', '2025-03') AS html) AS p;
SELECT kpi.set_weight('bare', 'solo', weight => 1), kpi.set_target('solo', 'alone', '2025-03', 10), kpi.enter('solo',
	'alone', '2025-03', 9),
	kpi.refresh_results() \g /dev/null
SELECT is(pg_temp.headings(html), '{Result,Scorecard,Worst and best,What is missing,Data quality}',
	'of one node no bridge and no fishbone')
FROM (SELECT kpi.report_html('bare', 'alone', '2025-03') AS html) AS p;

-- strategy
SELECT kpi.define_objective('grow', perspective => 'financial'), kpi.define_objective('keep', perspective =>
	'customer'),
	kpi.link_indicator('acme_revenue', 'grow'), kpi.link_indicator('acme_churn', 'keep') \g /dev/null
INSERT INTO kpi.objective_link (cause, effect) VALUES ('keep', 'grow');
SELECT ok(pg_temp.section(kpi.report_html('acme_marketing', 'acme', '2025-10'), 'u1-strategy') LIKE
	'%Objectives on course: 1 of 2.%<path%',
	'objectives that are measured are a map');
SELECT kpi.define_objective('gone', valid => '(,2025-10-01)'), kpi.link_indicator('acme_nps', 'gone') \g /dev/null
SELECT ok(pg_temp.section(kpi.report_html('acme_marketing', 'acme', '2025-10'), 'u1-strategy') LIKE
	'%Objectives on course: 1 of 2.%', 'those of other days are none of it');

-- actions, risks, remarks: as they are registered, with the figures of the indicator; what is over is left out
SELECT kpi.define_action('call', 'acme', name => 'Call <back>', indicator => 'acme_churn', due => '2025-11-30',
		begins => '2025-10-01', responsible => 'Service', expected => -0.005, state => 'do'),
	kpi.define_action('later', 'eastland', name => 'Later', objective => 'grow', due => '9999-11-30',
		begins => '2025-10-01'),
	kpi.define_action('over', 'acme', name => 'Over', indicator => 'acme_churn', due => '2025-11-30',
		begins => '2025-10-01', state => 'dropped'),
	kpi.define_action('elsewhere', 'acme', name => 'Elsewhere', indicator => 'solo', due => '2025-11-30',
		begins => '2025-10-01'),
	kpi.define_risk('flight', 'acme', 'acme_churn', 0.025, name => 'They leave', action => 'call'),
	kpi.define_risk('calm', 'acme', 'acme_churn', 0.9, name => 'Nothing happens'),
	kpi.add_remark('acme', '2025-10', 'Two <big> ones left.', scorecard => 'acme_marketing', indicator => 'acme_churn'),
	kpi.add_remark('acme', '2025-09', 'Not of October.', scorecard => 'acme_marketing'),
	kpi.add_remark('acme', '2025-10', 'On the whole', addressed_to => 'Sales', answer_by => '2025-11-20'),
	kpi.add_remark('acme', '2025-10', 'About a call', action => 'call'),
	kpi.add_remark('acme', '2025-10', 'Of no concern here', indicator => 'solo') \g /dev/null
SELECT kpi.add_remark(r.unit, '2025-11', 'An answer of later', answers => r.remark),
	kpi.add_remark(r.unit, '2025-10', 'One for solo', answers => r.remark + 4)
FROM kpi.remark AS r WHERE says LIKE 'Two%' \g /dev/null
CREATE TEMP TABLE followed AS SELECT kpi.report_html('acme_marketing', 'acme', '2025-10') AS html;
SELECT is(pg_temp.plain(substring(pg_temp.section(html, 'u1-due') FROM '<table class="mid acts">.*?</table>')),
	' Improvement actions Action Who By Expected Status Call <back> Service 2025-11-30 Customer churn '
	|| U&'\22120.5\00A0pp Do overdue Later \2013 9999-11-30 Grow Plan ', 'actions that are open')
FROM (SELECT replace(replace(html, '&lt;script&gt;x&lt;/script&gt;', 'Customer churn'), U&'\202F', ' ') AS html
	FROM followed) AS f;
SELECT ok(pg_temp.plain(pg_temp.section(html, 'u1-due')) LIKE '%Open actions: 2, of these overdue: 1. Values due: 2,%',
	'and how many') FROM followed;
SELECT ok(s LIKE '%They leave%3.1%2.5%Action: Call <back> .%' AND s NOT LIKE '%Nothing happens%', 'risks come true')
FROM (SELECT pg_temp.plain(pg_temp.section(html, 'u1-risks')) AS s FROM followed) AS f;
SELECT ok(s LIKE '%Two <big> ones left.%' AND s NOT LIKE '%Not of October%', 'remarks of the period')
FROM (SELECT pg_temp.plain(pg_temp.section(html, 'u1-remarks')) AS s FROM followed) AS f;
SELECT ok(s LIKE '%period: 4.%Two <big> ones left.%Answer: An answer of later%On the whole%, for Sales , answer by'
	' 2025-11-20%Call <back> About a call%' AND s NOT LIKE '%solo%' AND s NOT LIKE '%no concern%',
	'with their answers, of whatever period these are; those about the whole and about actions, too')
FROM (SELECT pg_temp.plain(pg_temp.section(html, 'u1-remarks')) AS s FROM followed) AS f;

-- what did most is told by its own figures, whatever else has its name
SELECT kpi.define_scorecard('twins'),
	kpi.define_indicator('twin_' || k, name => 'Twin', combine => 'sum', decimals => 0),
	kpi.set_weight('twins', 'twin_' || k, weight => 1), kpi.set_target('twin_' || k, 'alone', '2025', 1200),
	kpi.enter('twin_' || k, 'alone', '2025-03', 100), kpi.enter('twin_' || k, 'alone', '2025-04', v)
FROM (VALUES ('a', 99), ('b', 85)) AS t (k, v) \g /dev/null
SELECT kpi.refresh_results() \g /dev/null
SELECT ok(html LIKE '%<b><bdi>Twin</bdi></b> took 7.5 points: 85 against 100.%', 'what took most, by its own figures')
FROM kpi.report_html('twins', 'alone', '2025-04') AS p (html);
-- of many that are missing three names and how many more
SELECT kpi.set_weight('twins', 'gone_' || n, weight => 1) FROM (SELECT n, kpi.define_indicator('gone_' || n,
	combine => 'sum') FROM generate_series(1, 5) AS n) AS i \g /dev/null
SELECT kpi.refresh_results() \g /dev/null
SELECT is((regexp_match(pg_temp.plain(pg_temp.section(kpi.report_html('twins', 'alone', '2025-04'), 'u1-result')),
	'Missing: .*'))[1], 'Missing: Gone 1 , Gone 2 , Gone 3 and 2 more. ', 'what is missing, in brief');
-- of what there are fewer periods than are shown
SELECT kpi.enter('solo', 'alone', '2025-05', 9), kpi.refresh_results() \g /dev/null
SELECT ok(pg_temp.plain(pg_temp.section(kpi.report_html('bare', 'alone', '2025-05'), 'u1-quality')) LIKE
	'%periods without a value: 1 of the last 3.%', 'gaps, of as many periods as there are');

-- a year before, whatever the periods are
SELECT ok(kpi.report_html('acme_marketing', 'acme', v.period_label) LIKE
	'%<dt>Last year</dt><dd>' || to_char(round(b.score, 1), 'FM990.0') || '</dd>%', 'the year before ' || v.period_label)
FROM kpi.v_scorecard AS v JOIN kpi.v_scorecard AS b ON b.scorecard = v.scorecard AND b.unit = v.unit AND b.depth = 0
	AND b.period_label = kpi.period_last_year(v.period_label)
WHERE v.scorecard = 'acme_marketing' AND v.unit = 'acme' AND v.depth = 0
	AND v.period_label IN ('2025-10', '2025-Q3', '2025-H1', '2025');

-- two raters of one unit are one unit
SELECT kpi.define_scorecard('judged'), kpi.define_indicator('fair', kind => 'rated', combine => 'average'),
	kpi.set_rater('fair', 'Ann'), kpi.set_rater('fair', 'Bo'), kpi.set_target('fair', 'alone', '2025', 1),
	kpi.set_weight('judged', k, weight => 1)
FROM unnest('{solo,fair}'::text[]) AS k \g /dev/null
SELECT kpi.refresh_results() \g /dev/null
SELECT ok(pg_temp.plain(pg_temp.section(kpi.report_html('judged', 'alone', '2025-03'), 'u1-due')) LIKE
	'% Rate: Fair Alone 2025-03-31 %', 'what raters of one unit have to do');

-- by day and grain: the period that contains the day
SELECT ok(kpi.report_html('acme_marketing', 'acme', date '2025-10-17', 'month') = html, 'by day and grain')
FROM followed;
SELECT ok(kpi.report_html('acme_marketing', '{acme}'::text[], date '2025-10-17', 'month') = html,
	'of several units, too')
FROM followed;

-- what the last collection could not place
UPDATE kpi.run_step SET unassigned_rows = 7 WHERE indicator = 'acme_churn'
	AND run = (SELECT max(run) FROM kpi.run_step WHERE indicator = 'acme_churn');
SELECT ok(pg_temp.plain(pg_temp.section(kpi.report_html('acme_marketing', 'acme', '2025-10'), 'u1-quality')) LIKE
	'%Rows of the source of % that name no known unit: 7.%', 'rows of no unit are told');

-- of a year: what is fitted, or why nobody knows; the whole is what is done and the forecast
SELECT ok(s LIKE '%stands in for it (naive).%', 'a forecast that gives way says so')
FROM (SELECT pg_temp.plain(pg_temp.section(html, 'u1-outlook')) AS s FROM followed) AS f;
SELECT is(pg_temp.plain(pg_temp.section(kpi.report_html('acme_marketing', 'acme', '2024-10'), 'u1-outlook')) LIKE
	'%No forecast: 10 values are too few, 12 are needed.%', true, 'of ten values there is none');

-- colours of one's own bands where they stand out, one a status
SELECT ok(near(kpi_internal.luminance('#ffffff'), 1, 1e-9) AND near(kpi_internal.luminance('#000000'), 0, 1e-9)
	AND near(kpi_internal.luminance('#ff0000'), 0.2126, 1e-9) AND kpi_internal.luminance('red') IS NULL, 'luminance');
INSERT INTO kpi.band_set (band_set, name) VALUES ('own', 'Own');
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour) VALUES
	('own', 'low', NULL, 'Low', -1, '#7a0019'),
	('own', 'mid', 50, 'Mid', 0, '#eeeeaa'), ('own', 'good', 80, 'Good', 1, 'green'),
	('own', 'best', 95, 'Best', 1, '#005500');
SELECT is(kpi_internal.page_band_style('acme_marketing'), '', 'shipped bands have the colours of the page');
SELECT kpi.define_scorecard('acme_marketing', band_set => 'own') \g /dev/null
SELECT is(kpi_internal.page_band_style('acme_marketing'),
	'@media print,screen and (prefers-color-scheme:light){.st.red .mk,svg :not(text).red{color:#7a0019}}'
	'@media screen and (prefers-color-scheme:dark){.st.amber .mk,svg :not(text).amber{color:#eeeeaa}}',
	'dark ones on white, light ones on black');

UPDATE kpi.band SET lower_bound = 94.25 WHERE band_set = 'own' AND code = 'best';
SELECT ok(pg_temp.section(kpi.report_html('acme_marketing', 'acme', '2025-10'), 'u1-card')
	LIKE '%from 94.25<%below 50<%', 'limits of bands as they are');

-- errors
SELECT throws_ok($$SELECT kpi.report_html('nothing', 'acme', '2025-10')$$, '22023', NULL, 'no such scorecard');
SELECT throws_ok($$SELECT kpi.report_html('acme_marketing', 'nobody', '2025-10')$$, '22023', NULL, 'no such unit');
SELECT is(told($$SELECT kpi.report_html('acme_marketing', '{acme,eastland}', '2025-10')$$),
	'22023 | unit "{acme,eastland}" is a list | Pass several units as an array: ARRAY[''north'', ''south''].', 'a list');
SELECT throws_ok($$SELECT kpi.report_html('acme_marketing', '{}'::text[], '2025-10')$$, '22023',
	'units has no element', 'no unit');
SELECT throws_ok($$SELECT kpi.report_html('acme_marketing', 'acme', 'soon')$$, '22023', NULL, 'no period');
SELECT * FROM finish();
ROLLBACK;
