-- Rights: who was granted what sees the rows of its units, in every table, view
-- and function; and no number depends on who asks.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;

-- A company of two regions with shops; shop 4 goes to the other region in July 2011.
SELECT kpi.define_unit('company'), kpi.define_unit('north', parent => 'company'),
	kpi.define_unit('south', parent => 'company');
SELECT kpi.define_unit('shop ' || n, parent => CASE WHEN n % 2 = 0 THEN 'north' ELSE 'south' END)
FROM generate_series(1, 4) AS n;
SELECT kpi.define_unit('shop 4', parent => 'south', "from" => '2011-07-01');
SELECT kpi.define_indicator('sales', combine => 'sum'), kpi.define_indicator('mood', kind => 'rated');
SELECT kpi.define_indicator('share', formula => 'sales / parent(sales)');
SELECT kpi.define_indicator('rank', formula => 'sales', scale => 'rank(100, 80, 60, 40) of actual');
SELECT kpi.define_indicator('goal', formula => 'sales * 1', inherit_target => true, target_rule => 'hold');
SELECT kpi.set_rater('mood', 'ann');
SELECT kpi.enter('sales', unit, label, 100 * n + month), kpi.rate('mood', unit, label, 50 + n, rater => 'ann')
FROM generate_series(1, 4) AS n, generate_series(5, 8) AS month,
	LATERAL (SELECT 'shop ' || n AS unit, '2011-0' || month AS label) AS k;
SELECT kpi.set_target('sales', 'shop ' || n, '2011-' || lpad(month::text, 2, '0'), 110 * n)
FROM generate_series(1, 4) AS n, generate_series(1, 12) AS month;
SELECT kpi.set_target('goal', 'company', '2011', 300);
SELECT kpi.define_scorecard('card');
SELECT kpi.set_weight('card', 'sales', weight => 1);
SELECT kpi.set_weight('card', 'rank', weight => 1);
SELECT kpi.set_weight('card', 'goal', weight => 1);
SELECT kpi.set_weight('card', 'mood', weight => NULL);
SELECT kpi.define_node('card', 'beside', indicator => 'sales', unit => 'shop 1', weight => 1);

CREATE ROLE rights_north;
CREATE ROLE rights_all;
CREATE ROLE rights_two;
CREATE ROLE rights_member IN ROLE rights_north;
CREATE ROLE rights_heir NOINHERIT IN ROLE rights_north;
CREATE ROLE rights_clerk;
CREATE ROLE rights_editor;
CREATE ROLE rights_plain;
SELECT kpi.grant_viewer('rights_north', '{north}'), kpi.grant_viewer('rights_all'),
	kpi.grant_viewer('rights_two', '{shop 1,shop 2}'), kpi.grant_entry('rights_clerk', '{shop 2}'),
	kpi.grant_editor('rights_editor');
GRANT SELECT ON ALL TABLES IN SCHEMA kpi TO rights_plain;

SELECT kpi.refresh_results();

-- What a role finds, as "units of table": all tables and views with units
CREATE FUNCTION pg_temp.seen(role name, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	EXECUTE format('SELECT string_agg(DISTINCT s::text, '' '' ORDER BY s::text) FROM (%s) AS q (s)', query) INTO found;
	RESET ROLE;
	RETURN found;
END $$;

SELECT is(pg_temp.seen(role, format('SELECT unit || %L || month FROM (SELECT unit, extract(month
	FROM period_start)::text
	AS month FROM %s WHERE unit LIKE %L AND %s) AS r', '/', relation, 'shop%', condition)), seen,
	format('%s in %s', role, relation))
FROM (VALUES ('kpi.measurement', 'indicator = ''sales'' AND grain = ''month'''), ('kpi.entry', 'true'),
		('kpi.rating', 'true'), ('kpi.result', 'period_grain = ''month'' AND node = ''card'''),
		('kpi.v_scorecard', 'period_grain = ''month'' AND node = ''card'''),
		('kpi.v_indicator', 'indicator = ''sales'' AND period_grain = ''month''')) AS t (relation, condition),
	(VALUES ('rights_north', 'shop 2/5 shop 2/6 shop 2/7 shop 2/8 shop 4/5 shop 4/6'),
		('rights_member', 'shop 2/5 shop 2/6 shop 2/7 shop 2/8 shop 4/5 shop 4/6'),
		('rights_two', 'shop 1/5 shop 1/6 shop 1/7 shop 1/8 shop 2/5 shop 2/6 shop 2/7 shop 2/8'),
		('rights_clerk', 'shop 2/5 shop 2/6 shop 2/7 shop 2/8'),
		('rights_plain', NULL)) AS r (role, seen);
SELECT is(pg_temp.seen('rights_all', 'SELECT to_jsonb(m) FROM kpi.measurement AS m'),
	(SELECT string_agg(DISTINCT to_jsonb(m)::text, ' ' ORDER BY to_jsonb(m)::text) FROM kpi.measurement AS m),
	'who may see every unit sees every row');
SELECT is(pg_temp.seen('rights_editor', 'SELECT to_jsonb(m) FROM kpi.entry AS m'),
	(SELECT string_agg(DISTINCT to_jsonb(m)::text, ' ' ORDER BY to_jsonb(m)::text) FROM kpi.entry AS m),
	'and so does an editor');
SELECT throws_ok($$ SELECT pg_temp.seen('rights_heir', 'SELECT unit FROM kpi.measurement') $$, '42501', NULL,
	'a member that does not inherit sees nothing until it sets the role');
SELECT is(pg_temp.seen('rights_north', 'SELECT unit FROM kpi.target WHERE indicator = ''sales'''), 'shop 2 shop 4',
	'targets of a unit that was below on one of their days');
SELECT is(pg_temp.seen('rights_north', 'SELECT lower(period) FROM kpi.target WHERE indicator = ''sales''
	AND unit = ''shop 4'' AND lower(period) >= ''2011-05-01'''), '2011-05-01 2011-06-01', 'not of other days');
UPDATE kpi.entry SET value = value + 1 WHERE unit IN ('shop 1', 'shop 2');
SELECT is(pg_temp.seen('rights_clerk', 'SELECT unit FROM kpi.entry_log'), 'shop 2',
	'the history of entries goes by unit, too');
UPDATE kpi.entry SET value = value - 1 WHERE unit IN ('shop 1', 'shop 2');

-- No number depends on who asks

CREATE TEMP TABLE known AS
	SELECT u.unit, p.label, e.node, e.score, e.coverage, e.absolute_weight, e.rag, e.trend, e.previous_score,
		e.missing_nodes, e.actual, e.target
	FROM unnest('{shop 2,shop 4,north,company}'::text[]) AS u (unit),
		unnest('{2011-05,2011-06,2011-07}'::text[]) AS p (label),
		LATERAL kpi.evaluate('card', u.unit, p.label) AS e;
GRANT SELECT ON known TO PUBLIC;
SELECT cmp_ok(count(*), '=', 72::bigint, 'there is something to compare') FROM known;
CREATE FUNCTION pg_temp.compared(role name) RETURNS TABLE (unit text, label text, node text, alike boolean,
	hidden boolean)
	LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	RETURN QUERY
	SELECT k.unit, k.label, k.node,
		(k.score, k.coverage, k.absolute_weight, k.rag, k.trend, k.previous_score, k.missing_nodes)
			IS NOT DISTINCT FROM (e.score, e.coverage, e.absolute_weight, e.rag, e.trend, e.previous_score, e.missing_nodes)
		AND (e.score_reason = 'hidden' OR (k.actual, k.target) IS NOT DISTINCT FROM (e.actual, e.target)),
		e.score_reason = 'hidden'
			AND num_nonnulls(e.actual, e.target, e.attainment, e.previous_actual, e.last_year_actual) = 0
	FROM known AS k LEFT JOIN LATERAL kpi.evaluate('card', k.unit, k.label) AS e ON e.node = k.node
	WHERE e.node IS NOT NULL;
	RESET ROLE;
END $$;
SELECT is((SELECT count(*) FROM pg_temp.compared('rights_all') WHERE alike
	AND NOT coalesce(hidden, false)), 72::bigint,
	'who sees all gets what a superuser gets');
SELECT results_eq($$ SELECT unit, label, count(*), bool_and(alike) FROM pg_temp.compared('rights_north')
	GROUP BY unit, label ORDER BY unit, label $$,
	$$ VALUES ('north', '2011-05', 6::bigint, true), ('north', '2011-06', 6, true), ('north', '2011-07', 6, true),
		('shop 2', '2011-05', 6, true), ('shop 2', '2011-06', 6, true), ('shop 2', '2011-07', 6, true),
		('shop 4', '2011-05', 6, true), ('shop 4', '2011-06', 6, true) $$,
	'others get the cards of their units, with the same numbers: ranks, targets from above, trends');
SELECT is((SELECT string_agg(DISTINCT node, ' ') FROM pg_temp.compared('rights_north') WHERE hidden), 'beside',
	'a node of another unit keeps its score and hides what it is made of');
SELECT isnt((SELECT score FROM known WHERE unit = 'shop 2' AND label = '2011-06' AND node = 'beside'), NULL,
	'which is a number');

-- The same through the stored rows, the live view and explanations
CREATE FUNCTION pg_temp.viewed(role name, view text) RETURNS TABLE (score_key text, line jsonb) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	RETURN QUERY EXECUTE format('SELECT v.score_key::text, to_jsonb(v) - ''evaluated_at'' - ''is_stale''
		FROM %s AS v WHERE v.scorecard = ''card'' AND v.period_label = ''2011-06'' ORDER BY 1', view);
	RESET ROLE;
END $$;
SELECT results_eq(format('SELECT * FROM pg_temp.viewed(%L, %L)', role, 'kpi.v_scorecard'),
	format('SELECT * FROM pg_temp.viewed(%L, %L)', role, 'kpi.v_scorecard_live'),
		role || ' sees in results what an evaluation gives')
FROM unnest('{rights_north,rights_all,rights_two}'::text[]) AS r (role);
CREATE FUNCTION pg_temp.insides() RETURNS text[] LANGUAGE sql RETURN string_to_array('actual target attainment '
	'previous_actual last_year_actual change_rate score_reason score_reason_label', ' ');
SELECT is_empty($$ SELECT n.score_key FROM pg_temp.viewed('rights_north', 'kpi.v_scorecard') AS n
		JOIN pg_temp.viewed('rights_all', 'kpi.v_scorecard') AS a USING (score_key)
	WHERE n.line - pg_temp.insides()
		IS DISTINCT
			FROM a.line - pg_temp.insides() $$,
	'the numbers of all readers are the same');
SELECT results_eq(format($$ SELECT line ->> 'score_reason', line -> 'actual', (line ->> 'score') IS NOT NULL
	FROM pg_temp.viewed('rights_north', %L) WHERE score_key = 'card/shop 2/2011-06/beside' $$, view),
	$$ VALUES ('hidden', 'null'::jsonb, true) $$, 'what is hidden is hidden in ' || view)
FROM unnest('{kpi.v_scorecard,kpi.v_scorecard_live,kpi.result}'::text[]) AS v (view);
SELECT is((SELECT line ->> 'score_reason' FROM pg_temp.viewed('rights_two', 'kpi.v_scorecard')
	WHERE score_key = 'card/shop 2/2011-06/beside'), NULL, 'to those who may see both it is not');
-- what a node that shows another unit is made of, as its reader may see it
CREATE FUNCTION pg_temp.inside(role name) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	inside jsonb;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	SELECT to_jsonb(kpi_internal.inside(r)) INTO STRICT inside
	FROM kpi.result AS r WHERE r.score_key = 'card/shop 2/2011-06/beside';
	RESET ROLE;
	RETURN jsonb_strip_nulls(inside);
END $$;
SELECT is(pg_temp.inside('rights_north'),
	'{"score_reason": "hidden", "score_reason_label": "Not yours to see"}'::jsonb,
	'without the right to the unit it has the reason alone');
SELECT is(pg_temp.inside(role), '{"score_key": "card/shop 2/2011-06/beside", "unit": "shop 1", "grain": "month",
	"period_start": "2011-06-01", "actual": 106.000000, "target": 110.000000, "attainment": 0.963636,
	"previous_actual": 105.000000, "change_rate": 0.009524}'::jsonb, 'with it, what the score is made of: ' || role)
FROM unnest('{rights_two,rights_all}'::text[]) AS r (role);
REVOKE SELECT ON kpi.result_inside FROM rights_two;
SELECT is(pg_temp.inside('rights_two'), pg_temp.inside('rights_north'), 'without the privilege, neither');
SELECT kpi.grant_viewer('rights_two', '{shop 1}');
SELECT is(to_jsonb(kpi_internal.inside(NULL)), NULL, 'NULL for NULL');
SELECT is(jsonb_strip_nulls(to_jsonb(kpi_internal.inside(r))), '{}'::jsonb,
	'nothing of a row that shows no other unit')
FROM kpi.result AS r WHERE r.score_key = 'card/shop 2/2011-06/sales';
SELECT is(jsonb_strip_nulls(to_jsonb(kpi_internal.inside(jsonb_populate_record(NULL::kpi.result, '{}')))), '{}'::jsonb,
	'nor of one without a key');

CREATE FUNCTION pg_temp.explained(role name) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	RETURN QUERY SELECT concat_ws(' ', e.node, e.cause, e.effect, e.value_after IS NULL)
		FROM kpi.explain('card', 'shop 2', '2011-06') AS e;
	RESET ROLE;
END $$;
SELECT results_eq($$ SELECT regexp_replace(e, ' [tf]$', '') FROM pg_temp.explained('rights_north') AS e $$,
	$$ SELECT regexp_replace(e, ' [tf]$', '') FROM pg_temp.explained('rights_all') AS e $$,
		'effects are the same for all');
SELECT set_eq($$ SELECT split_part(e, ' ', 1) FROM pg_temp.explained('rights_north') AS e WHERE e ~ 'value .* t$' $$,
	'{beside}'::text[], 'values of another unit are hidden');

SET LOCAL ROLE rights_north;
SELECT is(kpi.target_for('goal', 'shop 2', '2011-06'), 300.0, 'a target comes from a unit that is not to be seen');
SELECT is(kpi.target_for('sales', 'shop 1', '2011-06'), NULL, 'that of a unit which is not stays hidden');
SELECT is((kpi_internal.target_for('sales', 'shop 1', 'month', '2011-06-01')).reason, 'hidden', 'and says so');
SELECT is((kpi_internal.target_for('sales', 'shop 1', daterange('2011-06-01', '2011-06-11'))).reason, 'hidden',
	'for any days');
SELECT is(kpi_internal.target_from_parts('sales', 'shop 1', 'quarter', '2011-04-01'), NULL, 'and in parts');
SELECT is((SELECT string_agg(concat_ws(' ', n, trim_scale(target), reason), ', ' ORDER BY n)
	FROM kpi_internal.targets_for('{sales,sales}', '{shop 1,shop 2}', '{month,month}', '{2011-06-01,2011-06-01}')),
	'1 hidden, 2 220', 'and in sets');
SELECT is_empty($$ SELECT FROM kpi.evaluate('card', 'south', '2011-06') $$, 'a card of another unit has no rows');
SELECT throws_ok(query, '42501', 'permission denied to read unit "south" in 2011-06',
	'where none would mean something else it is an error') FROM unnest(ARRAY[
	$$ SELECT kpi.explain('card', 'south', '2011-06') $$,
	$$ SELECT kpi.scorecard_text('card', 'south', '2011-06') $$]) AS query;
SELECT is_empty($$ SELECT FROM (VALUES (NULL, 'month', date '2011-06-01'), ('shop 2', NULL, '2011-06-01'),
		('shop 2', 'month', NULL)) AS v (u, g, d), LATERAL CAST(ROW ('card', u, g, d, NULL) AS kpi_internal.cell) AS c,
	kpi_internal.explained_for_reader(c, c, 'infinity', 'infinity', false) $$, 'nor has one of NULL');
SELECT matches((SELECT string_agg(t, E'\n') FROM kpi.scorecard_text('card', 'shop 2', '2011-06') AS t), 'Shop 2',
	'of its own units it reads the text');
SELECT results_eq($$ SELECT round(value, 4) FROM kpi.measurement WHERE indicator = 'share' AND unit = 'shop 2'
	AND grain = 'month' AND period_start = '2011-06-01' $$,
	$$ VALUES (round(206 / (206 + 406.0), 4)) $$, 'a share of the parent is of all its children');
RESET ROLE;
SET LOCAL ROLE rights_two;
SELECT is((SELECT score_reason FROM kpi.evaluate('card', 'shop 2', '2011-06') WHERE node = 'beside'), NULL,
	'where both units are to be seen, nothing is hidden');
RESET ROLE;

-- Who enters, enters for its units

SET LOCAL ROLE rights_clerk;
SELECT lives_ok($$ SELECT kpi.enter('sales', 'shop 2', '2011-09', 209) $$, 'a clerk enters for its unit');
SELECT throws_ok($$ SELECT kpi.enter('sales', 'shop 1', '2011-09', 109) $$, '42501',
	'permission denied to enter or judge values of unit "shop 1" in 2011-09', 'not for another');
SELECT throws_ok($$ SELECT kpi.rate('mood', 'shop 1', '2011-09', 50, rater => 'ann') $$, '42501',
	'permission denied to enter or judge values of unit "shop 1" in 2011-09', 'nor judges');
SELECT throws_ok($$ INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
		VALUES ('sales', 'shop 1', 'month', '2011-09-01', 109) $$, '42501',
	'permission denied to enter or judge values of unit "shop 1" in 2011-09', 'by plain SQL neither');
SELECT lives_ok($$ SELECT kpi.withdraw('sales', 'shop 2', '2011-09') $$, 'it takes back what it entered');
SELECT throws_ok($$ SELECT kpi.withdraw('sales', 'shop 1', '2011-05') $$, 'P0002', NULL, 'and nothing else');
SELECT throws_ok($$ UPDATE kpi.entry SET approved_by = current_user $$, '42501', NULL, 'it approves nothing');
RESET ROLE;
GRANT UPDATE ON kpi.entry TO rights_north;
SET LOCAL ROLE rights_north;
UPDATE kpi.entry SET value = 0;
RESET ROLE;
SELECT is_empty($$ SELECT FROM kpi.entry WHERE value = 0 $$,
	'who sees rows changes none, whatever the table lets it do');

-- The tree, grants and roles that change are obeyed at once

SELECT kpi.define_unit('shop 3', parent => 'north');
SELECT is(pg_temp.seen('rights_north', 'SELECT unit FROM kpi.entry'), 'shop 2 shop 3 shop 4',
	'a unit that moves below');
UPDATE kpi.unit SET unit = 'store 3' WHERE unit = 'shop 3';
UPDATE kpi.unit SET unit = 'the north' WHERE unit = 'north';
SELECT is(pg_temp.seen('rights_north', 'SELECT unit FROM kpi.entry'), 'shop 2 shop 4 store 3',
	'keys that are renamed');
SAVEPOINT moved;
SELECT kpi.define_unit('store 3', parent => 'south');
SELECT is(pg_temp.seen('rights_north', 'SELECT unit FROM kpi.entry'), 'shop 2 shop 4', 'a unit that leaves');
ROLLBACK TO moved;
SELECT is(pg_temp.seen('rights_north', 'SELECT unit FROM kpi.entry'), 'shop 2 shop 4 store 3', 'and comes back');
SELECT kpi.grant_viewer('rights_north', '{shop 1,the north}');
SELECT is(pg_temp.seen('rights_north', 'SELECT unit FROM kpi.entry'), 'shop 1 shop 2 shop 4 store 3',
	'a second grant adds units');
SELECT is(count(*), 2::bigint, 'and nothing twice') FROM kpi.access WHERE role = 'rights_north';
ALTER ROLE rights_north RENAME TO rights_northern;
SELECT is(pg_temp.seen('rights_northern', 'SELECT unit FROM kpi.entry'), 'shop 1 shop 2 shop 4 store 3',
	'a role that is renamed');
GRANT rights_northern TO rights_clerk;
SELECT is(pg_temp.seen('rights_clerk', 'SELECT unit FROM kpi.entry'), 'shop 1 shop 2 shop 4 store 3', 'a new member');
SET LOCAL ROLE rights_clerk;
SELECT throws_ok($$ SELECT kpi.enter('sales', 'shop 4', '2011-05', 1) $$, '42501', NULL,
	'who sees more and enters no more');
RESET ROLE;
REVOKE rights_northern FROM rights_clerk;
SELECT is(pg_temp.seen('rights_clerk', 'SELECT unit FROM kpi.entry'), 'shop 2', 'one that is none any more');
SELECT kpi.revoke_access('rights_northern');
SELECT throws_ok($$ SELECT pg_temp.seen('rights_northern', 'SELECT unit FROM kpi.entry') $$, '42501', NULL,
	'what is taken back');
SELECT is_empty($$ SELECT FROM kpi.access WHERE role = 'rights_northern' $$, 'leaves no row');
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class AS c, aclexplode(c.relacl) AS a
	WHERE a.grantee = 'rights_northern'::regrole AND c.relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
	UNION ALL SELECT t.attrelid::regclass FROM pg_attribute AS t, aclexplode(t.attacl) AS a
	WHERE a.grantee = 'rights_northern'::regrole
	UNION ALL SELECT p.oid FROM pg_proc AS p, aclexplode(p.proacl) AS a
	WHERE a.grantee = 'rights_northern'::regrole $$, 'and no privilege');

-- What reads for the views with the rights of the owner is for those who may read them

SELECT set_eq($$ SELECT f, r.role, has_function_privilege(r.role, f, 'EXECUTE')
	FROM kpi_internal.reads_of_owner() AS f,
		(VALUES ('public'), ('rights_northern'), ('rights_all'), ('rights_two'), ('rights_clerk')) AS r (role) $$,
	$$ SELECT p.oid::regprocedure::text, r.role, r.may
	FROM unnest('{card_periods,data_years,missing_values,newest_periods,outdated_values,result_periods}'::text[]) AS f
		JOIN pg_proc AS p ON p.proname = f AND p.pronamespace = 'kpi_internal'::regnamespace,
		(VALUES ('public', false), ('rights_northern', false), ('rights_all', true), ('rights_two', true),
			('rights_clerk', true)) AS r (role, may) $$,
	'granted with the views, and to nobody else');

-- Collecting needs all rows, and says so

SET LOCAL ROLE rights_all;
SELECT throws_ok($$ CALL kpi.collect('2011-05', commit_each => false) $$, '42501', NULL, 'who views collects nothing');
RESET ROLE;
CREATE ROLE rights_partial;
SELECT kpi.grant_viewer('rights_partial', '{south}');
GRANT ALL ON ALL TABLES IN SCHEMA kpi, kpi_internal TO rights_partial;
SET LOCAL ROLE rights_partial;
SELECT throws_ok($$ CALL kpi.collect('2011-05', commit_each => false) $$, '42501',
	'permission denied to collect measurements', 'nor who sees some units, whatever its privileges');
RESET ROLE;

-- What is final, what it would be now, and what was before go by unit, too

SELECT kpi.finalize('card', NULL, '2011-06'), kpi.enter('sales', u, '2011-06', 1, reason => 'counted anew')
FROM unnest('{shop 1,shop 2,shop 4}'::text[]) AS u;
SELECT kpi.refresh_results();
SELECT is(pg_temp.seen(role, format('SELECT %s FROM %s',
	CASE WHEN relation ~ 'history' THEN '(version).unit' ELSE 'unit' END, relation)), seen,
	format('%s in %s', role, relation))
FROM (VALUES ('rights_clerk', 'shop 2'), ('rights_two', 'shop 1 shop 2'), ('rights_plain', NULL)) AS r (role, seen),
	unnest('{kpi.finalization,kpi.restated,kpi.v_restatement,kpi.fact_score,kpi.v_trend,kpi_internal.entry_history,
		kpi_internal.measurement_history,kpi_internal.rating_history}'::text[]) AS t (relation)
WHERE role <> 'rights_plain' OR relation !~ 'history';

-- A row of a node that shows another unit is there for all who see the card; what is of that unit is not
CREATE FUNCTION pg_temp.restated(role name) RETURNS TABLE (node text, line jsonb) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('role', role, true);
	RETURN QUERY SELECT v.node::text, to_jsonb(v) FROM kpi.v_restatement AS v WHERE v.unit = 'shop 2';
	PERFORM set_config('role', 'none', true);
END $$;
SELECT set_eq($$ SELECT node FROM pg_temp.restated('rights_two') $$, '{card,sales,beside,goal,rank}'::text[],
	'what would be different is told of all nodes');
SELECT results_eq($$ SELECT node, line FROM pg_temp.restated('rights_two') ORDER BY node $$,
	$$ SELECT node, line FROM pg_temp.restated('none') ORDER BY node $$, 'who sees both units sees all of it');
SELECT results_eq($$ SELECT node, line FROM pg_temp.restated('rights_clerk') ORDER BY node $$,
	$$ SELECT node, CASE node WHEN 'beside' THEN line || '{"final_actual": null, "restated_actual": null,
			"final_target": null, "restated_target": null}' ELSE line END
	FROM pg_temp.restated('none') ORDER BY node $$, 'who sees one of them sees all but the values of the other');
SELECT isnt_empty($$ SELECT FROM pg_temp.restated('none') WHERE node = 'beside' AND line ->> 'restated_actual' <> ''
	AND line ->> 'restated_score' <> '' $$, 'which are there');
SELECT is(pg_temp.seen('rights_clerk', 'SELECT unit FROM kpi.restated_inside'), NULL, 'nor are they in the table');
SELECT is_empty($$ SELECT FROM kpi.restated WHERE measured_unit <> unit AND num_nonnulls(actual, target) > 0 $$,
	'that all may read');

-- What is refused

SELECT throws_ok($$ SELECT kpi.grant_viewer('nobody at all') $$, '42704', 'role "nobody at all" does not exist',
	'an unknown role');
SELECT throws_ok($$ SELECT kpi.grant_viewer('rights_two', '{shop 9}') $$, '22023', NULL, 'an unknown unit');
SELECT throws_ok($$ SELECT kpi.grant_viewer('rights_two', '{}') $$, '22023', 'units is empty', 'no unit');
SELECT throws_ok($$ SELECT kpi.grant_editor(NULL) $$, '22004', 'role must not be null', 'no role');
SET LOCAL ROLE rights_editor;
SELECT throws_ok($$ SELECT kpi.grant_viewer('rights_two') $$, '42501', 'permission denied to grant access',
	'an editor grants nothing');
SELECT throws_ok($$ INSERT INTO kpi.access (role, may) VALUES ('rights_editor', 'collect') $$, '42501', NULL,
	'nor by plain SQL');
RESET ROLE;

-- Every table that has a unit and values goes by unit, so that a new one is not forgotten
SELECT is_empty($$
	SELECT c.oid::regclass FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'unit'
	WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'r'
		AND c.oid <> ALL ('{kpi.unit,kpi.unit_parent,kpi.rater,kpi.scorecard_node,kpi.access,kpi.alert_rule}'::regclass[])
		AND NOT c.relrowsecurity
$$, 'every table of what units have is read by unit');

SELECT * FROM finish();
ROLLBACK;
