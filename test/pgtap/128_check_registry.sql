-- What does not fit in a registry is told, each kind of it; what fits is not.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

SELECT kpi.define_unit('company'), kpi.define_unit('north', 'company'), kpi.define_unit('south', 'company'),
	kpi.define_unit('web', dimension => kpi.define_dimension('channel'));
SELECT kpi.define_indicator('sales', combine => 'sum'), kpi.define_indicator('cost', combine => 'sum');
SELECT kpi.define_indicator('margin', kind => 'derived', formula => 'sales - cost'),
	kpi.define_indicator('share', kind => 'derived', formula => 'margin / sales');
CREATE TABLE public.sold (day date, unit text, amount numeric);
SELECT kpi.define_indicator('sold', source => 'public.sold', time_column => 'day', unit_column => 'unit',
	numerator => 'sum(amount)');
SELECT kpi.define_scorecard('card', weight_sum => 100), kpi.define_scorecard('outer');
SELECT kpi.set_weight('card', 'sales', weight => 100), kpi.define_node('outer', 'inner', shows => 'card', weight => 1);
SELECT kpi.set_target('sales', 'north', '2011', 1200, reason => 'plan'), kpi.set_benchmark('sales', 'rival',
	'2011', 5);
SELECT kpi.enter('sales', u, '2011-03', 90) FROM unnest('{north,south}'::text[]) AS u;
SELECT kpi.refresh_results();
SELECT kpi.finalize('card', 'north', '2011-03');
SELECT is_empty('SELECT * FROM kpi.check_registry()', 'all fits');

-- What triggers would refuse, as a restore writes it
SET LOCAL session_replication_role = replica;
CREATE FUNCTION pg_temp.found(change text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	found text[];
BEGIN
	SET LOCAL session_replication_role = replica;
	EXECUTE change;
	found := ARRAY(SELECT concat_ws(': ', c.relation, c.key, c.finding) FROM kpi.check_registry() AS c
		WHERE c.finding !~ 'its history' AND NOT (c.relation = 'kpi.result' AND c.key !~ '2011-03'));
	RAISE EXCEPTION USING errcode = 'UNDO1', message = to_json(found)::text;
EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
	RETURN QUERY SELECT * FROM json_array_elements_text(SQLERRM::json);
END $$;
SELECT results_eq(format('SELECT * FROM pg_temp.found(%L)', change), format('SELECT unnest(%L::text[])', told), what)
FROM (VALUES
	('DELETE FROM kpi.indicator WHERE indicator = ''cost''', ARRAY[
		'kpi.indicator: margin: indicator "cost" does not exist in formula "sales - cost" of indicator "margin"',
		'kpi.indicator_version: cost: there is no such row in kpi.indicator'], 'an input that is gone'),
	('DELETE FROM kpi.unit WHERE unit = ''south''', ARRAY['kpi.entry: south: there is no such row in kpi.unit',
		'kpi.measurement: south: there is no such row in kpi.unit',
			'kpi.result: card/south/2011-03/card: there is no such scorecard or unit',
		'kpi.result: outer/south/2011-03/outer: there is no such scorecard or unit',
		'kpi.unit_parent: south/company: there is no such row in kpi.unit'], 'a unit that is gone'),
	('UPDATE kpi.unit_parent SET parent = ''south'' WHERE unit = ''north'';
		UPDATE kpi.unit_parent SET parent = ''north'' WHERE unit = ''south''',
		ARRAY['kpi.unit_parent: north: units are above each other: north, south'], 'a circle of units'),
	('UPDATE kpi.unit_parent SET parent = ''web'' WHERE unit = ''north''',
		ARRAY['kpi.unit_parent: north/web: a unit of dimension "organisation" is below one of "channel"'],
			'another dimension'),
	('UPDATE kpi.scorecard_node SET parent = ''nothing'' WHERE node = ''sales''', ARRAY[
		'kpi.scorecard_node: card: node "nothing" does not exist in scorecard "card"'], 'a node without a parent'),
	('INSERT INTO kpi.scorecard_node (scorecard, node, shows, name) 
		VALUES (''card'', ''back'', ''outer'', ''Back'')', ARRAY[
		'kpi.scorecard_node: card: scorecards show each other in a cycle: card -> outer -> card',
		'kpi.scorecard_node: outer: scorecards show each other in a cycle: outer -> card -> outer'],
		'scorecards that show each other'),
	('UPDATE kpi.scorecard_node SET weight = 90 WHERE node = ''sales''',
		ARRAY['kpi.scorecard_node: card/card: weights sum to 90, not 100'],
		'weights'),
	('UPDATE kpi.indicator SET formula = ''share + cost'' WHERE indicator = ''margin''', ARRAY[
		'kpi.indicator: margin: formulas have a cycle: margin -> share -> margin',
		'kpi.indicator: share: formulas have a cycle: share -> margin -> share'], 'a circle of formulas'),
	('ALTER TABLE public.sold RENAME amount TO price', ARRAY[
		'kpi.indicator: sold: numerator "sum(amount)" of indicator "sold" cannot be planned. '
		'The server says: column "amount" does not exist.'],
		'a source that has changed'),
	('UPDATE kpi.measurement SET period_start = ''2011-03-02''
		WHERE unit = ''south'' AND grain = ''month'' AND indicator = ''sales''',
		ARRAY['kpi.measurement: sales/south/month/2011-03-02: the period of a month does not begin on that day'],
			'a day within a period'),
	('INSERT INTO kpi.band_set (band_set, name) VALUES (''odd'', ''Odd'')',
		ARRAY['kpi.band_set: odd: no band is open below'], 'bands'),
	('DELETE FROM kpi_internal.final_node', ARRAY['kpi.finalization: 1: its rows are not there'],
		'final rows that are gone'),
	('DELETE FROM kpi.finalization', ARRAY['kpi_internal.final_node: 1: nothing says that it is final'],
		'and those that nothing is said of')) AS v (change, told, what);
SELECT is_empty('SELECT * FROM kpi.check_registry()', 'each is undone');
UPDATE kpi.target SET target = 5;
DELETE FROM kpi.benchmark;
SELECT results_eq('SELECT relation, finding FROM kpi.check_registry()', $$ VALUES ('kpi.benchmark',
	'its history says that it is there'),
	('kpi.target', 'its history says that it is there'), ('kpi.target',
		'its history does not say that it is so') $$, 'rows without history');
SET LOCAL session_replication_role = origin;

-- What is said and nothing reads, since another row says otherwise
SELECT kpi.define_indicator('census', combine => 'sum', grain => 'year', inherit_target => true),
	kpi.define_indicator('lost', combine => 'compound_loss', target_profile => kpi.define_target_profile('season',
		shares => '{1,2,3,4,5,6,7,8,9,10,11,12}', in_decimals => true)),
	kpi.define_indicator('led', combine => 'sum', target_profile => 'season', target_peer => 'best');
SELECT kpi.define_scorecard('unread', method => 'points'),
	kpi.define_node('unread', 'held', missing => 'carry', weight => 1);
SELECT kpi.define_node('unread', 'sales', 'held', weight => 1, max_age => 3, carry => true),
	kpi.define_node('unread', 'census', weight => 1, max_age => 3, carry => true),
	kpi.define_node('unread', 'cost', weight => 1, role => 'bonus', role_limit => 5),
	kpi.define_node('unread', 'lost', weight => 2, role => 'veto_zero', scale => 'step(0:100, 0.5:0) of actual');
SELECT results_eq($$ SELECT key, finding FROM kpi.check_registry() WHERE finding !~ 'history' $$, $$ VALUES
	('census', 'inherit_target is not read: targets of the rule spread reach units below by cascade'),
	('led', 'target_peer "best" has no benchmark'),
	('lost', 'in_decimals of target profile "season" is not read: rates are compounded, not shared out in decimals'),
	('unread/census', 'max_age 3 is not read: missing is "renormalize" above it, not "carry"'),
	('unread/cost', 'weight 1 is not read: a bonus has none'),
	('unread/lost', 'weight 2 is not read: a veto_zero has none'),
	('unread/sales',
		'carry is not read: the own grain "month" of indicator "sales" is no longer than "month" of the scorecard')
$$, 'is told');
SELECT kpi.set_benchmark('led', 'best', '2011', 5), kpi.define_indicator('census', reset => '{inherit_target}');
SELECT kpi.define_node('unread', 'sales', reset => '{carry}'),
	kpi.define_node('unread', 'census', reset => '{max_age}'),
	kpi.define_node('unread', node, reset => '{weight}') FROM unnest('{cost,lost}'::text[]) AS node;
SELECT kpi.define_target_profile('season', in_decimals => false);
SELECT is_empty($$ SELECT * FROM kpi.check_registry() WHERE finding !~ 'history' $$, 'until it is read, or not said');

SELECT is_empty($$ SELECT * FROM kpi.check_registry('sold') $$, 'one indicator');
SELECT throws_ok($$ SELECT * FROM kpi.check_registry('sales ') $$, '22023', NULL, 'that has to be there');
CREATE ROLE check_viewer;
SELECT kpi.grant_viewer('check_viewer', '{north}');
SET LOCAL ROLE check_viewer;
SELECT throws_ok($$ SELECT * FROM kpi.check_registry() $$, '42501', NULL, 'not everybody may');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
