-- Definitions as one document: what is exported makes the same registry elsewhere,
-- what is applied is told first, and nothing of it is half done.
-- share: 5
BEGIN;
\ir lib.sql
SET LOCAL client_min_messages = warning;
SELECT no_plan();

-- The demo, with something of every section beside it
SELECT kpi.load_demo();
SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end'), kpi.define_window('quarter', 'r4',
	last => 4),
	kpi.define_dimension('channel'), kpi.define_unit('all_channels', dimension => 'channel'),
	kpi.define_unit('web', parent => 'all_channels'), kpi.define_perspective('planet'),
	kpi.define_unit('mill'), kpi.define_unit('mill', parent => 'westland', "from" => '2025-07-01'),
	kpi.define_target_profile('winter', '{3,2,1,1,1,1,1,1,1,1,2,3}');
INSERT INTO kpi.band_set (band_set, name) VALUES ('school', 'School');
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour)
	VALUES ('school', 'low', NULL, 'Low', -1, 'red'), ('school', 'high', 50, 'High', 1, 'green');
SELECT kpi.define_indicator('mood', rating_scale => 'good:80, bad:20', perspective => 'planet',
	windows => '{quarter_r4}',
		settle_after => '1 mon 2 days 03:00', scale => 'linear(0:0, 1:100)'),
	kpi.define_indicator('mood_twice', formula => 'mood * 2', state => 'draft'),
	kpi.define_indicator('sold', combine => 'sum', spread_by => 'profile', target_profile => 'winter',
		target_peer => 'rival'),
	kpi.set_target('sold', 'mill', '2025', 1200), kpi.set_target('sold', 'mill', '[2026-01-01,2026-02-01)', 7),
	kpi.set_benchmark('sold', 'rival', '2025', 1.50, source => 'press'), kpi.set_rater('mood', 'ann', weight => 2);
SELECT kpi.define_scorecard('inner', band_set => 'school'), kpi.set_weight('inner', 'sold', weight => 1),
	kpi.set_weight('inner', 'sold', weight => 2, "from" => '2026-01-01'), kpi.define_scorecard('outer'),
	kpi.define_node('outer', 'in', shows => 'inner', weight => 1);
SELECT kpi.define_objective('grow', outcome => 'sold', priority => 2), kpi.define_objective('learn'),
	kpi.define_success_factor('stock', 'grow'), kpi.link_objectives('learn', 'grow'),
	kpi.link_indicator('sold', 'grow', 'stock');
INSERT INTO kpi.translation (language, topic, code, name) VALUES ('de', 'indicator', 'sold', 'Verkauft');

CREATE TEMP TABLE exported AS SELECT kpi.export() AS document;
SELECT is((SELECT count(*) FROM exported, jsonb_each(document) AS e WHERE e.value <> '[]'), 20::bigint,
	'there is something in each of the sections');
SELECT is((SELECT kpi.export()), document, 'the same registry gives the same document') FROM exported;
SET LOCAL datestyle = 'German'; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL timezone = 'Asia/Tokyo';
SELECT is((SELECT kpi.export()), document, 'whatever the session''s way to write days') FROM exported;
SELECT is_empty('SELECT * FROM kpi.apply((SELECT document FROM exported))', 'nor does applying it change anything');
RESET datestyle; RESET intervalstyle; RESET timezone;
SELECT is((SELECT document -> 'indicators' @> '[{"indicator": "mood", "settle_after": "1 mon 2 days 03:00:00",
	"windows": ["quarter_r4"]}]' FROM exported), true, 'a row has its columns');
SELECT is((SELECT document::text ~ '"(version|set_by|set_at|approved_by|shipped)":|: null' FROM exported), false,
	'and neither versions nor what is shipped');
SELECT is((SELECT max(version) FROM kpi.indicator WHERE indicator IN ('mood', 'acme_revenue')), 1,
	'no version is made');

-- Into an empty database: the scores are the same
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value, origin)
SELECT i.indicator, u.unit, p.grain, p.period_start, 10 + length(i.indicator) * length(u.unit), 'entered'
FROM kpi.indicator AS i, kpi.unit AS u, unnest('{2025-03,2025-Q3,2024}'::text[]) AS l,
	LATERAL kpi_internal.read_period(l) AS p
WHERE i.kind <> 'derived' AND u.dimension = 'organisation'
ON CONFLICT DO NOTHING;
CREATE TEMP TABLE score_before AS
SELECT k.scorecard::text, u.unit::text, e.period_label::text, e.node::text, e.actual, e.target, e.score, e.rag::text
FROM kpi.scorecard AS k, kpi.unit AS u, unnest('{2025-03,2025-Q3,2024}'::text[]) AS p (label),
	LATERAL kpi.evaluate(k.scorecard, u.unit, p.label) AS e
WHERE k.scorecard IN ('acme_marketing', 'outer') AND u.unit IN ('acme', 'northland');
SELECT cmp_ok(count(score), '>', 60::bigint, 'the demo has scores') FROM score_before;
CREATE TEMP TABLE measured AS
SELECT indicator::text, unit::text, grain::text, period_start, numerator, denominator, value, row_count,
	provisional, note,
	collected_at, parts, parts_expected, origin::text FROM kpi.measurement;
DROP EXTENSION kpi;
CREATE EXTENSION kpi;
SELECT is((SELECT count(*) FROM kpi.indicator), 0::bigint, 'an empty registry');
CREATE TEMP TABLE dry AS SELECT * FROM kpi.apply((SELECT document FROM exported), dry_run => true);
SELECT is((SELECT count(*) FROM kpi.indicator) + (SELECT count(*) FROM kpi.unit), 0::bigint,
	'a dry run leaves nothing');
CREATE TEMP TABLE done AS SELECT * FROM kpi.apply((SELECT document FROM exported));
SELECT set_eq('SELECT * FROM dry', 'SELECT * FROM done', 'and tells what is done');
SELECT is((SELECT count(*) FROM done WHERE change <> 'added' OR before IS NOT NULL OR after IS NULL), 0::bigint,
	'all of it is added');
SELECT is(kpi.export(), document, 'what was exported is there') FROM exported;
SELECT is_empty('SELECT * FROM kpi.apply((SELECT document FROM exported))', 'the second time changes nothing');
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, numerator, denominator, value, row_count,
	provisional,
	note, collected_at, parts, parts_expected, origin) SELECT * FROM measured;
SELECT set_eq($$
	SELECT k.scorecard::text, u.unit::text, e.period_label::text, e.node::text, e.actual, e.target, e.score,
	e.rag::text
	FROM kpi.scorecard AS k, kpi.unit AS u, unnest('{2025-03,2025-Q3,2024}'::text[]) AS p (label),
		LATERAL kpi.evaluate(k.scorecard, u.unit, p.label) AS e
	WHERE k.scorecard IN ('acme_marketing', 'outer') AND u.unit IN ('acme', 'northland')
$$, 'SELECT * FROM score_before', 'and evaluates the same');

-- What differs is told column by column, and trees are those of the document
SELECT results_eq($$SELECT section, key, change, before, after FROM kpi.apply('{"indicators": [{"indicator": "sold",
		"kind": "entered", "combine": "sum", "decimals": 1}]}')$$,
	$$VALUES ('indicators', 'sold', 'changed', '{"decimals": 2, "spread_by": "profile", "target_peer": "rival",
		"target_profile": "winter"}'::jsonb, '{"decimals": 1, "spread_by": "equal"}'::jsonb)$$,
	'what a row leaves out has its default');
SELECT results_eq($$SELECT version, state::text FROM kpi.indicator WHERE indicator = 'sold'$$, $$VALUES (2,
	'approved')$$,
	'by a new version');
SELECT results_eq($$SELECT section, key, change, before, after FROM kpi.apply('{"units": [{"unit": "mill"}],
		"unit_parents": [{"unit": "mill", "parent": "northland", "valid": "(,2025-10-01)"},
						 {"unit": "mill", "parent": "westland", "valid": "[2025-10-01,)"}]}')$$,
	$$VALUES ('units', 'mill', 'changed', '{"position": 20}'::jsonb, '{"position": 100}'::jsonb),
		('unit_parents', 'mill/(,2025-10-01)', 'added', NULL,
			'{"unit": "mill", "valid": "(,2025-10-01)", "parent": "northland"}'::jsonb),
		('unit_parents', 'mill/[2025-07-01,)', 'removed', '{"unit": "mill", "valid": "[2025-07-01,)",
			"parent": "westland"}'::jsonb, NULL),
		('unit_parents', 'mill/[2025-10-01,)', 'added', NULL,
			'{"unit": "mill", "valid": "[2025-10-01,)", "parent": "westland"}'::jsonb)$$, 'a unit moves');
SELECT results_eq($$SELECT key,
	change FROM kpi.apply('{"scorecards": [{"scorecard": "inner", "band_set": "school"}],
		"nodes": [{"scorecard": "inner", "node": "group", "weight": 1},
				  {"scorecard": "inner", "node": "sold", "parent": "group", "indicator": "sold", "weight": 5}]}')$$,
	$$VALUES ('inner/group', 'added'), ('inner/sold', 'added'), ('inner/sold/(,2026-01-01)', 'removed'),
		('inner/sold/[2026-01-01,)', 'removed')$$, 'a scorecard gets another tree');
SELECT results_eq($$SELECT key, change, before, after FROM kpi.apply('{"bands": [
		{"band_set": "school", "code": "low", "name": "Low", "status": -1, "colour": "red"},
		{"band_set": "school", "code": "top", "name": "Top", "status": 1, "colour": "green", "lower_bound": 50}]}')$$,
	$$VALUES ('school/high', 'removed', '{"code": "high", "name": "High", "colour": "green", "status": 1,
			"band_set": "school", "lower_bound": 50}'::jsonb, NULL),
		('school/top', 'added', NULL, '{"code": "top", "name": "Top", "colour": "green", "status": 1,
			"band_set": "school", "lower_bound": 50}'::jsonb)$$, 'a band set gets other bands');
SELECT is_empty($$SELECT * FROM kpi.apply('{"units": [], "indicators": [], "targets": []}')$$,
	'what a document does not name stays');
SELECT results_eq($$SELECT change, count(*) > 10 FROM kpi.apply('{"translations": []}', prune => true) GROUP BY 1$$,
	$$VALUES ('removed', true)$$, 'unless it is to be pruned');

-- Targets that change late need a reason
SELECT is(told($$SELECT kpi.apply('{"targets": [{"indicator": "sold", "unit": "mill", "grain": "year",
		"period": "[2025-01-01,2026-01-01)", "target": 1300}]}')$$),
	'23514 | target of indicator "sold" for unit "mill" changes after its period [2025-01-01,2026-01-01) has begun | '
	'In section "targets" of the definitions. | Say why: reason => ''...'' in kpi.set_target(), or the column reason.',
	'none is changed in silence');
SELECT results_eq($$SELECT key, change, after FROM kpi.apply('{"targets": [{"indicator": "sold", "unit": "mill",
		"grain": "year", "period": "[2025-01-01,2026-01-01)", "target": 1300}]}', reason => 'review')$$,
	$$VALUES ('sold/mill/[2026-01-01,2026-02-01)', 'removed', NULL),
		('sold/mill/year/[2025-01-01,2026-01-01)', 'changed', '{"target": 1300}'::jsonb)$$, 'with a reason it is');
SELECT is((SELECT reason FROM kpi.target WHERE indicator = 'sold'), 'review', 'and the reason is kept');

-- Drafts stay drafts, and four eyes are four eyes
SELECT kpi.approve('sold');
SELECT kpi.apply('{"indicators": [{"indicator": "sold", "kind": "entered", "combine": "sum", "decimals": 3,
	"state": "approved"}, {"indicator": "seen", "kind": "entered", "four_eyes": true}]}');
SELECT is((SELECT string_agg(concat_ws(' ', indicator, state, approved_by),
	', ' ORDER BY indicator) FROM kpi.indicator
	WHERE indicator IN ('seen', 'sold', 'mood_twice')), 'mood_twice draft, seen draft, sold draft',
	'a document approves nothing');
SELECT is_empty($$SELECT * FROM
	kpi.apply('{"indicators": [{"indicator": "sold", "kind": "entered", "combine": "sum",
	"decimals": 3, "state": "approved"}]}')$$, 'however often');

-- What is wrong is refused, and leaves everything as it was
CREATE TEMP TABLE before_all AS SELECT kpi.export() AS document;
SELECT is_empty($$
	SELECT w.document, w.wanted, w.got
	FROM (SELECT *, told(format('SELECT kpi.apply(%L)', v.document)) AS got FROM (VALUES
		('[]', '22023 | definitions are not an object | %'), (NULL, '22023 | definitions are not an object | %'),
		('{"indicator": []}',
		'22023 | section "indicator" does not exist in definitions | Perhaps you mean "indicators".'),
		('{"units": {}}', '22023 | section "units" is not an array of objects | %'),
		('{"units": [5]}', '22023 | section "units" is not an array of objects | %'),
		('{"units": [{"unit": "new", "paren": "acme"}]}', '22023 | column "paren" does not exist in section "units" | %'),
		('{"indicators": [{"indicator": "new", "version": 3}]}',
			'22023 | column "version" does not exist in section "indicators" | %'),
		('{"units": [{"name": "New"}]}', '22004 | a row of section "units" has no unit | It is {"name": "New"}. | %'),
		('{"units": [{"unit": "new"}, {"unit": "new", "position": 5}]}',
		'22023 | "new" stands twice in section "units" | %'),
		('{"units": [{"unit": "new"}], "indicators": [{"indicator": "x", "direction": "up"}]}',
			'22023 | unrecognized direction "up" | In section "indicators" of the definitions. | %'),
		('{"units": [{"unit": "new"}], "indicators": [{"indicator": "x", "kind": "derived", "formula": "new_thing / 2"}]}',
			'22023 | indicator "new_thing" does not exist in formula%In section "indicators" of the definitions.%'),
		('{"units": [{"unit": "new"}], "indicators": [{"indicator": "x", "kind": "entered", "combine": "rows"}]}',
			'22023 | combine "rows" does not go with kind "entered" | In section "indicators" of the definitions. | Use %'),
		('{"units": [{"unit": "new"}], "indicators": [{"indicator": "x", "source": "kpi_demo.sale",
			"time_column": "ordered_on",
			"numerator": "sum(nothing)"}]}', '22023 | numerator "sum(nothing)" of indicator "x" cannot be planned | %'),
		('{"units": [{"unit": "new"}], "band_sets": [{"band_set": "b"}], "bands": [{"band_set": "b", "code": "c",
			"name": "C",
			"status": 1, "colour": "red", "lower_bound": 5}]}',
			'23514 | band set "b" has no bottom band | In section "bands" of the definitions. | %'),
		('{"units": [{"unit": "new"}], "unit_parents": [{"unit": "new", "parent": "new"}]}',
			'%cycle%In section "unit\_parents" of the definitions.%'),
		('{"units": [{"unit": "new"}], "nodes": [{"scorecard": "inner", "node": "new", "parent": "ghost"}]}',
			'%In section "nodes" of the definitions.%')
	) AS v (document, wanted)) AS w
	WHERE w.got NOT LIKE w.wanted
$$, 'each error says what and where');
SELECT is(kpi.export(), document, 'and nothing is half done') FROM before_all;

-- A document of its own: what it prunes goes, down to the same text
SELECT kpi.apply(document, prune => true) FROM exported WHERE false;
SELECT isnt_empty('SELECT * FROM kpi.apply((SELECT document FROM exported), prune => true, reason => ''back'')',
	'back to what was exported');
SELECT is(kpi.export() - 'indicators', document - 'indicators', 'to the letter') FROM exported;
SELECT is((SELECT jsonb_agg(d - 'state') FROM jsonb_array_elements(kpi.export() -> 'indicators') AS d),
	(SELECT jsonb_agg(d - 'state') FROM jsonb_array_elements(document -> 'indicators') AS d),
	'but for the approval that it does not give') FROM exported;

SELECT * FROM finish();
ROLLBACK;
