-- Definitions of indicators: what each kind may say, states, versions and approval.
BEGIN;
\ir lib.sql
SET LOCAL client_min_messages = warning;
-- messages show intervals as the session has them
SET LOCAL intervalstyle = postgres;
SELECT no_plan();

CREATE SCHEMA shop;
CREATE TABLE shop.sale (day date, region text, channel text, amount numeric, pieces integer);
SELECT kpi.define_unit('company'), kpi.define_unit('north', parent => 'company'), kpi.define_dimension('channel'),
	kpi.define_unit('all_channels', dimension => 'channel'), kpi.define_unit('web', parent => 'all_channels');
SELECT kpi.define_indicator('m', source => 'shop.sale', time_column => 'day', unit_column => 'region',
	numerator => 'sum(amount)');
SELECT kpi.define_indicator('q', source => 'shop.sale', time_column => 'day', numerator => 'sum(amount)',
	denominator => 'sum(pieces)');

-- A document has the defaults of a call, also those that hang on what else it says
SELECT kpi.define_target_profile('even', array_fill(1, ARRAY[12]));
SELECT kpi.define_indicator('told', kind => 'measured', source => 'shop.sale', time_column => 'day',
	numerator => ' COUNT(*)', attainment_method => 'range', target_profile => 'even');
SELECT kpi.apply('{"indicators": [{"indicator": "written", "kind": "measured", "source": "shop.sale",
	"time_column": "day", "numerator": " COUNT(*)", "attainment_method": "range", "target_profile": "even"}]}');
SELECT results_eq($$
	SELECT direction::text, spread_by::text, decimals FROM kpi.indicator WHERE indicator IN ('told', 'written')
$$, $$VALUES ('target', 'profile', 0), ('target', 'profile', 0)$$,
	'direction, sharing out and decimals are the same by a call and by a document');
DELETE FROM kpi.indicator WHERE indicator IN ('told', 'written');

-- The kind is that of what is given, and each kind has its rules
SELECT kpi.define_indicator('e');
SELECT kpi.define_indicator('d', formula => 'm / e');
SELECT kpi.define_indicator('r', rating_scale => 'good:80, bad:20');
SELECT results_eq($$
	SELECT indicator::text, kind::text, combine::text, combine_units::text, rating_method::text, rating_missing::text
	FROM kpi.indicator WHERE indicator IN ('m', 'd', 'r', 'e') ORDER BY 1
$$, $$VALUES ('d', 'derived', 'formula', 'formula', NULL, NULL), ('e', 'entered', 'none', 'none', NULL, NULL),
	('m', 'measured', 'rows', 'rows', NULL, NULL), ('r', 'rated', 'average', 'average', 'mean', 'renormalize')$$,
	'what is given says the kind, the kind how values combine');
SELECT results_eq($$SELECT c.word, kpi_internal.default_combine_units(c.word)
	FROM unnest(kpi_internal.word_list('combine')) WITH ORDINALITY AS c (word, place) ORDER BY c.place$$,
	$$VALUES ('rows', 'rows'), ('formula', 'formula'), ('sum', 'sum'), ('min', 'min'), ('max', 'max'), ('last', 'sum'),
		('first', 'sum'), ('average', 'average'), ('ratio', 'ratio'), ('compound_loss', 'ratio'),
		('compound_growth', 'ratio'), ('product', 'ratio'), ('none', 'none')$$,
		'the rule over time says that over units');

-- Every pair of a kind and two rules, against the table of the reference
CREATE TEMP TABLE pair AS
SELECT k AS kind, t AS combine, u AS combine_units,
	t <> ALL (CASE k WHEN 'measured' THEN '{formula}'::text[] WHEN 'derived' THEN '{rows}' WHEN 'rated'
		THEN '{rows,formula,ratio}' ELSE '{rows,formula}' END)
	AND u <> ALL (CASE k WHEN 'measured' THEN '{formula,last,first}'::text[] WHEN 'derived' THEN '{rows,last,first}'
		WHEN 'rated' THEN '{rows,formula,ratio,last,first}' ELSE '{rows,formula,last,first}' END) AS wanted
FROM unnest(kpi_internal.word_list('kind')) AS k, unnest(kpi_internal.word_list('combine')) AS t,
	unnest(kpi_internal.word_list('combine')) AS u
WHERE t = 'max' OR u = 'max';
CREATE FUNCTION pg_temp.answer(kind text, combine text, combine_units text) RETURNS text LANGUAGE sql AS $$
	SELECT told(format('SELECT kpi.define_indicator(%L, combine => %L, combine_units => %L)',
		CASE kind WHEN 'measured' THEN 'q' ELSE left(kind, 1) END, combine, combine_units))
$$;
SELECT is_empty($$
	SELECT kind, combine, combine_units, wanted, answer
	FROM (SELECT *, pg_temp.answer(kind, combine, combine_units) AS answer FROM pair) AS p
	WHERE CASE WHEN wanted THEN answer <> 'no error'
		ELSE answer !~ '^22023 \| combine(_units)? "[a-z_]+" does not go with kind "[a-z]+".* \| Use ' END
$$, 'each rule over time and over units is taken or refused');
SELECT is(count(*) FILTER (WHERE wanted), 78::bigint, 'most of them are taken') FROM pair;

-- What cannot be obeyed is refused, by a call and by plain SQL alike
SELECT kpi.define_indicator('d', combine => 'formula', combine_units => 'formula'),
	kpi.define_indicator('e', combine => 'sum', combine_units => 'sum'),
	kpi.define_indicator('r', combine => 'average', combine_units => 'average'),
	kpi.define_indicator('q', combine => 'rows', combine_units => 'rows');
CREATE TEMP TABLE wrong (n serial, indicator text, said text, told text);
INSERT INTO wrong (indicator, said, told) VALUES
	('m', 'combine => ''ratio''', 'indicator "m" is combined by ratio (combine) but has no denominator'),
	('m', 'combine_units => ''ratio''', 'indicator "m" is combined by ratio (combine_units) but has no denominator'),
	('m', 'combine => ''compound_loss''', 'indicator "m" is combined by ratio (combine_units) but has no denominator'),
	('m', 'formula => ''e / 2''', 'indicator "m" is measured and cannot have a formula'),
	('m', 'rating_method => ''mean''', 'indicator "m" is measured and cannot have a rating_method'),
	('d', 'source => ''shop.sale''', 'indicator "d" is derived and cannot have a source'),
	('d', 'settle_after => ''1 day''', 'settle_after does not go with kind "derived"'),
	('d', 'empty => ''zero''', 'empty "zero" does not go with kind "derived"'),
	('r', 'empty => ''zero''', 'empty "zero" does not go with kind "rated"'),
	('r', 'formula => ''e''', 'indicator "r" is rated and cannot have a formula'),
	('r', 'rating_trim => 0.2', 'rating_trim 0.2 does not go with rating_method "mean"'),
	('r', 'rating_method => ''trimmed''', 'indicator "r" is trimmed by no share'),
	('r', 'rating_method => ''trimmed'', rating_trim => 0.5', 'rating_trim 0.5 is not from 0 to below 0.5'),
	('r', 'rating_method => ''trimmed'', rating_trim => -0.1', 'rating_trim -0.1 is not from 0 to below 0.5'),
	('r', 'rating_method => ''trimmed'', rating_trim => ''NaN''', 'rating_trim NaN is not from 0 to below 0.5'),
	('r', 'rating_scale => ''good''', '"good" in rating_scale is not a word with points'),
	('r', 'rating_scale => ''good:80, :1''', '":1" in rating_scale is not a word with points'),
	('r', 'rating_scale => ''good:80,''', '"" in rating_scale is not a word with points'),
	('r', 'rating_scale => ''''', '"" in rating_scale is not a word with points'),
	('r', 'rating_scale => ''good:80, bad:20, good:1''', 'word "good" stands twice in rating_scale'),
	('e', 'kind => ''entered'', last_by => ''day''', 'indicator "e" is entered and cannot have a last_by'),
	('m', 'last_by => ''instant''', 'last_by "instant" does not go with combine "rows"'),
	('q', 'empty => ''zero''', 'empty "zero" does not go with a denominator'),
	('m', 'empty => ''zero'', inherit => true', 'inherit does not go with empty "zero"'),
	('m', 'windows => ''{month}''', 'grain "month" in windows is not a window'),
	('m', 'windows => ''{month_yt}''', 'grain "month_yt" does not exist'),
	('e', 'windows => ''{month_ytd}'', grain => ''quarter''',
		'window "month_ytd" ends with a month, which is not made of whole periods of grain "quarter"'),
	('e', 'windows => ''{month_ytd}'', grain => ''week''',
		'window "month_ytd" ends with a month, which is not made of whole periods of grain "week"'),
	('e', 'windows => ''{month_ytd}'', combine => ''none''', 'window "month_ytd" does not go with combine "none"'),
	('m', 'window_min => 2', 'window_min 2 has no rolling window to go with'),
	('m', 'windows => ''{month_ytd}'', window_min => 2', 'window_min 2 has no rolling window to go with'),
	('m', 'windows => ''{month_r3}'', window_min => 4', 'window_min 4 is not between 1 and 3'),
	('m', 'windows => ''{month_r3}'', window_min => 0', 'window_min 0 is not between 1 and 3'),
	('m', 'unit_columns => ''{"chanel": "channel"}''', 'dimension "chanel" does not exist'),
	('m', 'unit_columns => ''{"organisation": "region"}''', 'unit_columns names the dimension "organisation"'),
	('m', 'unit_columns => ''{"channel": 5}''', 'unit_columns has 5 for dimension "channel"'),
	('m', 'unit_columns => ''["channel"]''', 'unit_columns ["channel"] is not an object'),
	('m', 'all_rows_to => ''{nobody}''', 'unit "nobody" does not exist'),
	('m', 'all_rows_to => ''{north}''',
	'unit "north" in all_rows_to is of dimension "organisation", for which rows name their unit'),
	('m', 'unit_columns => ''{"channel": "channel"}'', all_rows_to => ''{web}''',
		'unit "web" in all_rows_to is of dimension "channel", for which rows name their unit'),
	('m', 'settle_after => ''-1 day''', 'settle_after -1 days is negative'),
	('m', 'due_after => ''-1 hour''', 'due_after -01:00:00 is negative'),
	('e', 'combine => ''mean''', 'unrecognized combine "mean"'),
	('e', 'combine_units => ''mean''', 'unrecognized combine_units "mean"'),
	('m', 'last_by => ''hour''', 'unrecognized last_by "hour"'),
	('m', 'empty => ''null''', 'unrecognized empty "null"'),
	('new', 'kind => ''derived''', 'indicator "new" has no formula'),
	('new', 'kind => ''measured'', numerator => ''count(*)''', 'indicator "new" has no source');
SELECT is_empty($$
	SELECT indicator, said, told, answer
	FROM (SELECT *, told(format('SELECT kpi.define_indicator(%L, %s)', indicator,
	said)) AS answer FROM wrong) AS w
	WHERE answer NOT LIKE '22023 | ' || replace(told, '_', '\_') || ' | %'
$$, 'a call that cannot be obeyed is refused, with what to write');
SELECT is_empty($$
	SELECT indicator, said, told, answer
	FROM (SELECT *, told(format('UPDATE kpi.indicator SET %s WHERE indicator = %L',
			replace(replace(said, '=>', '='), 'unit_columns = ', 'unit_columns = jsonb '), indicator)) AS answer
		  FROM wrong WHERE indicator <> 'new' AND told !~ '^unrecognized (combine|combine_units|last_by|empty) '
			AND said NOT IN ('combine => ''compound_loss''')) AS w
	WHERE answer NOT LIKE '22023 | ' || replace(told, '_', '\_') || ' | %'
$$, 'and so is an UPDATE');
SELECT is((SELECT count(*) FROM kpi.indicator WHERE version > 1 AND indicator = 'm'), 0::bigint,
	'nothing of it is stored');

-- What can be obeyed stays, and goes back
SELECT kpi.define_indicator('m', combine => 'last', windows => '{month_r3,quarter_ytd}', window_min => 2,
	unit_columns => '{"channel": "lower(channel)"}', settle_after => '5 days', inherit => true);
SELECT results_eq($$SELECT combine::text, combine_units::text, last_by::text, windows, window_min, unit_columns,
	inherit
	FROM kpi.indicator WHERE indicator = 'm'$$,
	$$VALUES ('last', 'sum', 'day', '{month_r3,quarter_ytd}'::text[], 2, '{"channel": "lower(channel)"}'::jsonb,
	true)$$,
	'a stock over three channels');
SELECT kpi.define_indicator('m', name => 'Measured', combine => 'sum');
SELECT results_eq($$SELECT combine::text, combine_units::text, last_by::text, window_min FROM kpi.indicator
	WHERE indicator = 'm'$$, $$VALUES ('sum', 'sum', NULL, 2)$$, 'what was said of a stock alone goes with it');
SELECT kpi.define_indicator('m', combine_units => 'max');
SELECT kpi.define_indicator('m', combine => 'min');
SELECT is((SELECT combine_units::text FROM kpi.indicator WHERE indicator = 'm'), 'max', 'what was said stays');
SELECT kpi.define_indicator('m',
	reset => '{combine,combine_units,windows,window_min,unit_columns,settle_after,inherit}');
SELECT results_eq($$SELECT combine::text, combine_units::text, windows, window_min, unit_columns,
	inherit FROM kpi.indicator
	WHERE indicator = 'm'$$, $$VALUES ('rows', 'rows', '{}'::text[], NULL::integer, NULL::jsonb, false)$$,
	'and is reset');
SELECT kpi.define_indicator('e', rating_method => 'trimmed', rating_trim => 0.2::float8);
SELECT results_eq($$SELECT kind::text, combine::text, rating_trim FROM kpi.indicator WHERE indicator = 'e'$$,
	$$VALUES ('rated', 'average', 0.2)$$, 'what was entered becomes rated');
SELECT kpi.define_indicator('turned', settle_after => '5 days', due_after => '9 days');
SELECT kpi.define_indicator('turned', formula => 'e + 1');
SELECT results_eq($$SELECT kind::text, settle_after, due_after FROM kpi.indicator WHERE indicator = 'turned'$$,
	$$VALUES ('derived', NULL::interval, interval '9 days')$$, 'what becomes derived settles with what it is made of');
SELECT kpi.define_indicator('e', rating_method => 'median');
SELECT is((SELECT rating_trim FROM kpi.indicator WHERE indicator = 'e'), NULL, 'a median trims nothing');
SELECT kpi.define_indicator('e', kind => 'entered', combine => 'sum');
SELECT throws_ok($$DELETE FROM kpi.grain WHERE grain = 'month_r3'$$, NULL, NULL, 'what is shipped stays');
SELECT kpi.define_window('quarter', 'r4', last => 4), kpi.define_indicator('e', windows => '{quarter_r4}');
SELECT is(told($$DELETE FROM kpi.grain WHERE grain = 'quarter_r4'$$),
	'23503 | grain "quarter_r4" has periods in kpi.indicator | Its periods stay as they are while anything has them; '
	'define a calendar or window of another name.', 'a window that an indicator asks for stays');

-- Targets follow the rule, which has to be told where nothing says it
CREATE FUNCTION pg_temp.rule(indicator text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT kpi_internal.target_rule(i) FROM kpi.indicator AS i WHERE i.indicator = rule.indicator
$$;
SELECT is_empty($$
	SELECT c.word, pg_temp.rule('e'), c.rule
	FROM (VALUES ('sum', 'spread'), ('min', 'hold'), ('max', 'hold'), ('last', 'end'), ('first', 'end'),
	('average', 'hold'),
			('ratio', 'hold'), ('compound_loss', 'compound'), ('compound_growth', 'compound'), ('product', 'hold'),
			('none', NULL)) AS c (word, rule),
		LATERAL (SELECT kpi_internal.target_rule(jsonb_populate_record(i, jsonb_build_object('combine', c.word))) AS got
			FROM kpi.indicator AS i WHERE i.indicator = 'e') AS g
	WHERE g.got IS DISTINCT FROM c.rule
$$, 'the rule of targets follows combine');
SELECT is(pg_temp.rule('m'), 'spread', 'a sum over rows is shared out');
SELECT is(pg_temp.rule('q'), 'hold', 'a quotient holds');
SELECT is(pg_temp.rule('d'), NULL, 'a formula says nothing');
SELECT is(told($$SELECT kpi.set_target('d', 'north', '2011', 5)$$),
	'22023 | nothing says how a target of grain "year" and those of grain "month" of indicator "d" hang together | '
	'Say it once, kpi.define_indicator(''d'', target_rule => ''spread'') or hold, end, compound; '
	'or set targets of grain "month".',
	'so a target of another grain is asked about');
SELECT kpi.set_target('d', 'north', '2030-01', 5);
SELECT is(kpi.target_for('d', 'north', '2030-01'), 5::numeric, 'one of the own grain needs no rule');
SELECT is((SELECT reason FROM kpi_internal.target_for('d', 'north', 'quarter', '2030-01-01')), 'no_target_rule',
	'and until then longer periods have none');
SELECT is(told($$SELECT kpi.set_target('d', 'north', '[2031-01-01,2032-01-01)', 5)$$),
	'22023 | nothing says how a target without a grain and those of grain "month" of indicator "d" hang together | '
	'Say it once, kpi.define_indicator(''d'', target_rule => ''spread'') or hold, end, compound; '
	'or set targets of grain "month".',
	'nor is one without a grain taken');
SELECT kpi.define_indicator('e', combine => 'first', reset => '{windows}');
SELECT kpi.set_target('e', 'north', '2030-01', 100), kpi.set_target('e', 'north', '2030-03', 120);
SELECT is(kpi.target_for('e', 'north', '2030-Q1'), 100::numeric, 'of an opening stock the first part counts');
SELECT kpi.define_indicator('e', combine => 'last');
SELECT is(kpi.target_for('e', 'north', '2030-Q1'), 120::numeric, 'and of a closing one the last');

-- Versions and approval
CREATE ROLE kpi_test_ann;
CREATE ROLE kpi_test_bob;
CREATE ROLE kpi_test_desk;
GRANT kpi_test_desk TO kpi_test_ann, kpi_test_bob;
GRANT USAGE ON SCHEMA kpi, shop TO kpi_test_desk;
GRANT ALL ON ALL TABLES IN SCHEMA kpi TO kpi_test_desk;
CREATE FUNCTION pg_temp.standing(indicator text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' ', i.version, i.state, i.set_by, 'by', i.approved_by) FROM kpi.indicator AS i
	WHERE i.indicator = standing.indicator
$$;
SET LOCAL ROLE kpi_test_ann;
SELECT kpi.define_indicator('n', owner => 'kpi_test_desk', combine => 'sum');
SELECT is(pg_temp.standing('n'), '1 approved kpi_test_ann by', 'nobody is asked at first');
SELECT kpi.define_indicator('n', description => 'anew');
SELECT is(pg_temp.standing('n'), '2 approved kpi_test_ann by', 'a change of what nobody approved');
SELECT is(kpi.approve('n'), 2, 'approving says the version');
SELECT is(pg_temp.standing('n'), '2 approved kpi_test_ann by kpi_test_ann', 'and in whose name');
SET LOCAL ROLE kpi_test_bob;
SELECT kpi.approve('n');
SELECT is(pg_temp.standing('n'), '2 approved kpi_test_ann by kpi_test_ann', 'what is approved stays so');
SELECT kpi.define_indicator('n', combine => 'last');
SELECT is(pg_temp.standing('n'), '3 draft kpi_test_bob by', 'a change takes the approval back');
UPDATE kpi.indicator SET approved_by = 'kpi_test_ann', approved_at = '2001-01-01', set_by = 'kpi_test_ann'
WHERE indicator = 'n';
SELECT is(pg_temp.standing('n'), '3 draft kpi_test_bob by', 'nobody approves, or changes, in the name of another');
UPDATE kpi.indicator SET state = 'approved', approved_by = 'kpi_test_ann' WHERE indicator = 'n';
SELECT is(pg_temp.standing('n'), '3 approved kpi_test_bob by kpi_test_bob', 'nor by plain SQL');
SAVEPOINT three;
SELECT kpi.define_indicator('n', combine => 'first', state => 'approved') FROM generate_series(1, 2);
SELECT is(pg_temp.standing('n'), '4 approved kpi_test_bob by kpi_test_bob',
	'what is said to be approved with a change is');
SELECT kpi.define_indicator('n', combine => 'sum', state => 'draft');
SELECT is(pg_temp.standing('n'), '5 draft kpi_test_bob by', 'or a draft');
ROLLBACK TO three;
SELECT kpi.define_indicator('n', state => 'retired');
SELECT is(pg_temp.standing('n'), '3 retired kpi_test_bob by kpi_test_bob',
	'retiring is no change of the definition');
SELECT is(told($$SELECT kpi.approve('n')$$),
	'22023 | indicator "n" is retired | Bring it back first: kpi.define_indicator(''n'', state => ''draft'').',
	'what is retired is not approved');
SELECT is(told($$SELECT kpi.approve('nn')$$),
	'22023 | indicator "nn" does not exist | Perhaps you mean "n".',
	'nor what is not there');

SELECT kpi.define_indicator('f', owner => 'kpi_test_desk', combine => 'sum', four_eyes => true);
SELECT is(pg_temp.standing('f'), '1 draft kpi_test_bob by', 'under four eyes a new one is a draft');
SELECT is(told($$SELECT kpi.approve('f')$$),
	'42501 | indicator "f" was changed last by "kpi_test_bob", who cannot approve it | '
	'Under four_eyes somebody else approves, with kpi.approve().', 'that its author does not approve');
SELECT is(told($$UPDATE kpi.indicator SET state = 'approved' WHERE indicator = 'f'$$),
	'42501 | indicator "f" was changed last by "kpi_test_bob", who cannot approve it | '
	'Under four_eyes somebody else approves, with kpi.approve().', 'by no way');
SELECT is(told($$SELECT kpi.define_indicator('g', four_eyes => true, state => 'approved')$$),
	'42501 | new indicator "g" cannot be approved by "kpi_test_bob", who makes it | Under four_eyes it begins with state '
	'"draft", and somebody else approves it with kpi.approve().', 'nor at birth');
SET LOCAL ROLE kpi_test_ann;
SELECT kpi.approve('f');
SELECT is(pg_temp.standing('f'), '1 approved kpi_test_bob by kpi_test_ann', 'somebody else does');
SELECT is(told($$UPDATE kpi.indicator SET state = 'approved', combine = 'last' WHERE indicator = 'f'$$),
	'no error',
	'a change is always possible');
SELECT is(pg_temp.standing('f'), '2 draft kpi_test_ann by', 'and needs the other one again');
SET LOCAL ROLE kpi_test_bob;
SELECT kpi.approve('f');
SELECT is(told($$SELECT kpi.define_indicator('f', combine => 'first', state => 'approved')$$),
	'42501 | indicator "f" was changed last by "kpi_test_bob", who cannot approve it | '
	'Under four_eyes somebody else approves, with kpi.approve().', 'nor is one approved with the change');
RESET ROLE;
SELECT is((SELECT array_agg(concat_ws(' ', version, definition ->> 'combine', state, set_by, 'by',
	approved_by) COLLATE "C"
		ORDER BY version) FROM kpi.indicator_version WHERE indicator = 'n'),
	ARRAY['1 sum approved kpi_test_ann by', '2 sum approved kpi_test_ann by kpi_test_ann',
		'3 last retired kpi_test_bob by kpi_test_bob'], 'each version can be read as it was');
SELECT is((SELECT definition ->> 'description' FROM kpi.indicator_version WHERE indicator = 'n' AND version =
	1), NULL,
	'with what it said and no more');
UPDATE kpi.indicator SET indicator = 'nn' WHERE indicator = 'n';
SELECT is((SELECT array_agg(version ORDER BY version) FROM kpi.indicator_version WHERE indicator = 'nn'),
	'{1,2,3,4}',
	'under its new name');

-- Drafts and what is retired
SELECT results_eq($$SELECT kpi_internal.collect_list(NULL)$$, $$VALUES ('{m,q}'::text[])$$,
	'what is approved is collected');
SELECT kpi.define_indicator('m', state => 'draft');
SELECT results_eq($$SELECT kpi_internal.collect_list(NULL)$$, $$VALUES ('{q}'::text[])$$, 'a draft is not');
SELECT results_eq($$SELECT kpi_internal.collect_list('{m}')$$, $$VALUES ('{m}'::text[])$$, 'unless it is named');
SELECT kpi.define_scorecard('card'), kpi.set_weight('card', 'm', weight => 1);
SELECT is((SELECT finding_text FROM kpi.v_data_quality WHERE finding = 'draft' AND indicator = 'm'),
	format('Card shows Measured, which was changed by %s and not approved since.', current_user), 'a finding tells');
SELECT is(told($$DELETE FROM kpi.indicator WHERE indicator = 'd'$$),
	'23503 | indicator "d" has targets | Retire it instead: kpi.define_indicator(''d'', state => ''retired'').',
	'what has targets is not deleted');
DELETE FROM kpi.indicator WHERE indicator = 'q';
SELECT is((SELECT count(*) FROM kpi.indicator_version WHERE indicator = 'q'), 0::bigint,
	'anything else goes with its versions');

SELECT * FROM finish();
ROLLBACK;
